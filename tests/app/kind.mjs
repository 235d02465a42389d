// The form of a kind that cib never saw, from its schema alone: each sort of field is used as a person uses it, and stands in the
// file; what fits none is edited as JSON, which is checked. kind.mjs FOLDER, as app_browser_kind.sh made it.
import {existsSync, readFileSync} from 'node:fs';
import {Browser, end, ok, serve, settled} from './harness.mjs';
import {shots} from './shots.mjs';

const [folder] = process.argv.slice(2);
const app = await serve(`${folder}/andal-1`, 'andal-1');
const browser = await Browser.open();
const page = await browser.window();
await browser.enter(page, app.page);
page.setDefaultTimeout(40000);
const field = name => page.locator(`[data-pointer="/${name}"]`);
const input = name => field(name).locator('input, textarea, select').first();
const kept = () => page.waitForSelector('.state.kept');
let id = '';
const file = () => JSON.parse(readFileSync(`${folder}/andal-1/members/m-andal/fountains/${id}.json`, 'utf8'));
const narrow = async sentence => {
	await page.setViewportSize({width: 320, height: 720});
	const wide = await page.evaluate(() => document.documentElement.scrollWidth);
	ok(`nothing is wider than a telephone: ${sentence}`, wide <= 320, wide);
	await page.setViewportSize({width: 1280, height: 800});
};
/** What was done is in the file. */
const stands = async (sentence, name, value) => {
	await kept();
	const there = name.split('/').reduce((v, n) => v?.[n], file());
	ok(sentence, JSON.stringify(there) === JSON.stringify(value), there);
};

// ---- it is there, by its schema
await page.goto(`${browser.origin}/new`);
await settled(page);
await page.getByRole('link', {name: /^Fountain/}).click();
await page.waitForSelector('.form[aria-busy=false]');
ok('a new kind is among the kinds, and has its form', (await page.textContent('h1')) === 'New: Fountain');
await page.locator('details.more > summary', {hasText: 'more field'}).click();
await field('shape').waitFor();
await browser.sound(page, 'the form of a new kind');
await narrow('the form of a new kind');
await shots(page, 'kind');
await input('title').fill('The well of Sel');
await page.waitForURL(/edit$/);
id = /entries\/(f-[0-9a-z]+)\/edit/.exec(page.url())?.[1] ?? '';
ok('its entry has an id with its prefix', id !== '');
await stands('a text in languages', 'title', {en: 'The well of Sel'});

// ---- each sort of field; rules across fields hold as soon as what must be there is there
await input('state').selectOption('running');
await stands('a choice', 'state', 'running');
await input('motto').fill('Drink, and think');
await stands('a text', 'motto', 'Drink, and think');
ok('a long text has lines', await field('report').locator('textarea').count() === 1);
await input('story').fill('one two three four five six seven eight nine ten eleven twelve thirteen');
await page.waitForFunction(() => document.querySelector('[data-pointer="/story"] .problem p'));
ok('a limit of words is counted', (await field('story').locator('.count.over').textContent()) === '13 of 12 words', await field('story').textContent());
await input('story').fill('one two three');
await input('mailbox').fill('water@andal.invalid');
ok('a mailbox has its keyboard', await input('mailbox').getAttribute('type') === 'email');
await input('site').fill('https://andal.invalid/well');
ok('an address, too', await input('site').getAttribute('type') === 'url');
await input('spouts').fill('3');
await stands('a whole number is a number', 'spouts', 3);
await input('spouts').fill('41');
await page.waitForFunction(() => document.querySelector('[data-pointer="/spouts"] .problem p'));
ok('above its maximum it is told', /40/.test(await field('spouts').locator('.problem').textContent()), await field('spouts').locator('.problem').textContent());
await input('spouts').fill('4');
await input('height').fill('2,5');
await stands('a number with a comma', 'height', 2.5);
await input('flow').fill('0.75');
await stands('a decimal number', 'flow', '0.75');
await input('drinkable').check();
await stands('yes or no', 'drinkable', true);
await input('theme').selectOption({label: 'Culture'});
await stands('a code of a short list', 'theme', 'culture');
await input('country').fill('tuni');
await page.getByRole('option', {name: /Tunisia/}).click();
await stands('a code of a long list', 'country', 'TN');
for (const code of ['6.1', '11.7']) {
	await input('goals').fill(code);
	await field('goals').locator('[role=option]', {hasText: code}).first().click();
}
await stands('several codes', 'goals', ['6.1', '11.7']);
await input('project').fill('water');
await page.getByRole('option', {name: /Water for six towns/}).click();
await kept();
ok('a reference to another entry, found by its words', /^p-/.test(file().project), file().project);
await input('built').fill('1932');
await field('built').locator('select').first().selectOption('05');
await stands('a date as exact as it is known', 'built', '1932-05');
await input('checked').fill('2024');
await field('checked').locator('select').first().selectOption('02');
await field('checked').locator('select').last().selectOption('29');
await stands('a day', 'checked', '2024-02-29');
const [month, day] = [0, 1].map(i => field('opened').locator('select').nth(i)), time = field('opened').locator('input[type=time]');
const parts = async () => (await field('opened').locator('input, select').evaluateAll(all => all.map(e => e.value + (e.disabled ? 'x' : '')))).join('|');
await input('opened').fill('1932');
ok('a day needs its month, a time its day', await parts() === '1932||x|x', await parts());
await month.selectOption('05');
await day.selectOption('17');
await time.fill('09:30');
await stands('a minute', 'opened', '1932-05-17T09:30');
await day.selectOption('');
await stands('without its day it is a month', 'opened', '1932-05');
ok('and shows no time, since none is kept', await parts() === '1932|05||x', await parts());
await day.selectOption('17');
await time.fill('09:30');
await month.selectOption('');
await stands('without its month it is a year', 'opened', '1932');
ok('and shows neither day nor time', await parts() === '1932||x|x', await parts());
await month.selectOption('05');
await stands('a month that is chosen again has no day yet', 'opened', '1932-05');

await input('project').fill('nothing like it');
await page.waitForSelector('.state.open');
ok('what is typed and not chosen is not called kept', (await page.textContent('.foot .state')) === 'Not kept yet: Project', await page.textContent('.foot .state'));
await page.keyboard.press('Tab');
await field('project').locator('.combobox .problem:not([hidden])').waitFor();
await input('project').fill('water');
await page.getByRole('option', {name: /Water for six towns/}).click();
await kept();

// ---- lists, an object in them, values of one part in another
for (const [name, share] of [['Upper', '60'], ['Lower', '30']]) {
	await page.getByRole('button', {name: 'Add: Basins'}).click();
	const n = await field('basins').locator('> ol > li').count() - 1;
	await input(`basins/${n}/name`).fill(name);
	await input(`basins/${n}/share`).fill(share);
}
await input('basins/1/stone/sort').fill('Marble');
await input('basins/1/stone/age').fill('90');
await kept();
ok('a list of objects', file().basins.length === 2 && file().basins[1].stone.age === 90 && file().basins[0].id !== file().basins[1].id, file().basins);
ok('its shares have a sum', (await field('basins').locator('> .count').textContent()).includes('90 of 100'));
ok('which must be whole', /100/.test(await field('basins').locator('> .problem').textContent()), await field('basins').locator('> .problem').textContent());
await input('basins/1/share').fill('40');
await page.waitForFunction(() => document.querySelectorAll('[data-pointer="/main"] option').length === 3);
await input('main').selectOption({label: 'Lower'});
await stands('a value among those of another part, by its name', 'main', file().basins[1].id);
await page.getByRole('button', {name: 'Add: Steps'}).click();
await page.keyboard.type('Worn');
await stands('a list of texts', 'steps', ['Worn']);
await page.getByRole('button', {name: 'Add: Levels'}).click();
await input('levels/0').fill('1.5');
await stands('a list of numbers', 'levels', [1.5]);
await page.getByRole('combobox', {name: 'Add: Marks'}).fill('keny');
await page.getByRole('option', {name: /Kenya/}).click();
await input('marks/KE').fill('4');
await stands('values by codes', 'marks', {KE: 4});
await field('names').getByLabel('Name').fill('official');
await page.getByRole('button', {name: 'Add: Other names'}).click();
await input('names/official/name').fill('Well no. 3');
await input('names/official/since').fill('1932');
await stands('values by names of one\'s own', 'names', {official: {name: 'Well no. 3', since: 1932}});

// ---- a point on the map
await page.getByText('Choose on a map').click();
const map = page.getByRole('application');
await map.waitFor();
await browser.sound(page, 'the map of a point');
await narrow('the map of a point');
await shots(page, 'map');
const size = await map.boundingBox();
await map.click({position: {x: size.width / 2, y: size.height / 3}});
await kept();
ok('a press puts the point there', Math.abs(Number(file().place.lon)) <= 1 && Number(file().place.lat) > 20, file().place);
ok('and says so', /^Latitude .* is closest\.$/.test(await page.locator('.map p').last().textContent()), await page.locator('.map p').last().textContent());
await input('place/lat').fill('36.8');
await input('place/lon').fill('10.2');
await kept();
ok('the numbers move the point', /Tunisia is closest/.test(await page.locator('.map p').last().textContent()), await page.locator('.map p').last().textContent());
await map.focus();
await page.keyboard.press('ArrowUp');
await page.keyboard.press('Shift+ArrowRight');
await kept();
ok('the arrow keys move it', file().place.lat === '38.8' && file().place.lon === '20.2', file().place);
for (let i = 0; i < 6; i++)
	await page.keyboard.press('+');
await page.keyboard.press('ArrowLeft');
await kept();
ok('coming closer makes the steps small', file().place.lon === '20.138' || file().place.lon === '20.137', file().place);
await browser.sound(page, 'the map from near');
await shots(page, 'map-near');
ok('the point is seen in the middle', await page.evaluate(() => {
	const frame = document.querySelector('.map-frame').getBoundingClientRect(), mark = document.querySelector('.map-frame .here circle').getBoundingClientRect();
	return Math.hypot(mark.x + mark.width / 2 - frame.x - frame.width / 2, mark.y + mark.height / 2 - frame.y - frame.height / 2) < 3;
}));
await page.getByRole('button', {name: 'Take the point away'}).click();
await kept();
ok('the point goes as a whole', file().place === undefined, file().place);
await map.focus();
await page.keyboard.press('ArrowDown');
await page.keyboard.press('-');
await kept();
ok('without a point the first key shows where one begins', file().place.lat !== undefined && file().place.lon !== undefined, file().place);

// ---- what fits no field
const shape = input('shape');
ok('what fits no field is JSON', await shape.evaluate(e => e.matches('textarea.json')) && await input('pair').evaluate(e => e.matches('textarea.json')) && await input('either').evaluate(e => e.matches('textarea.json')));
await shape.fill('{"sides": 6,\n}');
await page.waitForFunction(() => document.querySelector('[data-pointer="/shape"] .problem p'));
ok('what is no JSON has its line', /Line 2/.test(await field('shape').locator('.problem').textContent()), await field('shape').locator('.problem').textContent());
ok('and is not called kept', (await page.textContent('.foot .state')) === 'Not kept yet: Shape' && file().shape === undefined, await page.textContent('.foot .state'));
await input('motto').fill('Drink');
await page.waitForSelector('.state.open');
ok('it stays so while another field is kept', file().motto === 'Drink' && /Line 2/.test(await field('shape').locator('.problem').textContent()));
await browser.sound(page, 'JSON that is none');
await shape.fill('{"sides": 6, "dup": [null, true]}');
await kept();
ok('what is JSON is kept', file().shape.sides === 6 && file().shape.dup[1] === true, file().shape);
const digits = ['9007199254740993', '0.1000000000000000055511151231257827'], exact = JSON.stringify({sides: 6}).replace('6', digits[0]).replace('}', `,"deep":[${digits[1]}]}`);
const text_of_file = () => readFileSync(`${folder}/andal-1/members/m-andal/fountains/${id}.json`, 'utf8');
await shape.fill(exact);
await kept();
ok('numbers of many digits stand in the file as they were typed', digits.every(d => text_of_file().includes(d)), text_of_file());
await month.selectOption('');
await input('opened').fill('32-5');
await stands('what is no date is kept', 'opened', '32-5');
await page.reload();
await page.waitForSelector('.form[aria-busy=false]');
await page.locator('details.more > summary', {hasText: 'more field'}).click();
ok('and shown as it is, part by part', await parts() === '32|5||x', await parts());
await input('opened').fill('1932');
await stands('a part that is none is not lost by another', 'opened', '1932-5');
await month.selectOption('05');
await stands('until it is mended', 'opened', '1932-05');
ok('and in the form again', (await shape.inputValue().then(text => digits.every(d => text.includes(d)))), await shape.inputValue());
await shape.fill((await shape.inputValue()).replace('"sides"', '"edges"'));
await kept();
ok('also when another part of it is changed', /"edges": 9007199254740993/.test(text_of_file()) && text_of_file().includes(digits[1]), text_of_file());
await input('spouts').fill('12345678901234567890');
await kept();
ok('a number field loses no digit either', text_of_file().includes('"spouts": 12345678901234567890'), text_of_file());
await input('spouts').fill('4');
await kept();
await shape.fill('{"a": 1, "a": 2}');
await page.waitForFunction(() => document.querySelector('[data-pointer="/shape"] .problem p'));
ok('a name twice is no JSON that cib takes', /a/.test(await field('shape').locator('.problem').textContent()) && /"edges"/.test(text_of_file()));
await shape.fill('{"sides": 6}');
await kept();
await input('pair').fill('["x", 1]');
await page.waitForFunction(() => document.querySelector('[data-pointer="/pair"] .problem p'));
ok('JSON is checked by the schema, too', await input('pair').getAttribute('aria-invalid') === 'true' && JSON.stringify(file().pair) === '["x",1]', file().pair);
await input('pair').fill('[3, "x"]');
await input('either').fill('{"from": 1}');
await kept();
await page.waitForFunction(() => !document.querySelector('.summary details'));
ok('nothing is wrong with the whole', (await page.textContent('.summary')).includes('Nothing is wrong.'), await page.textContent('.summary'));
await browser.sound(page, 'a form of a new kind that is filled in');

// ---- in another language, and as an entry
await page.selectOption('#lang', 'fr');
await page.waitForFunction(() => document.querySelector('.form[aria-busy=false] [data-pointer="/built"] legend')?.textContent === 'Construite');
ok('its titles are in the reader\'s language', true);
await page.selectOption('#lang', 'en');
await page.waitForFunction(() => document.documentElement.lang === 'en');
await page.goto(`${browser.origin}/entries/${id}`);
await settled(page);
const text = await page.textContent('main');
for (const words of ['Drink', 'Tunisia', 'Upper', 'Marble', 'Well no. 3', 'Culture'])
	ok(`its page shows: ${words}`, text.includes(words));
ok('another entry is called by its title, and leads there', await page.getByRole('link', {name: 'Water for six towns', exact: true}).getAttribute('href') === `/entries/${file().project}` && !text.includes(file().project), text);
ok('days are written as the language does', text.includes('29 February 2024') && text.includes('May 1932'), text);
await browser.sound(page, 'an entry of a new kind');
ok('it is in the file as a whole', existsSync(`${folder}/andal-1/members/m-andal/fountains/${id}.json`));
await app.close();
console.log(`# axe: ${browser.axe.pages} states, ${browser.axe.findings} findings`);
await browser.close();
end();
