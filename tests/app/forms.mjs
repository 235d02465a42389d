// A form as people use it: a new entry by the keyboard, closed in mid-edit and back, wrong input, languages, lists, somebody else
// at work on the same entry. Runs in the folder that app_browser_forms.sh made: forms.mjs FOLDER
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {Browser, end, ok, serve, settled} from './harness.mjs';

const [folder] = process.argv.slice(2);
const CIB = process.env.CIB ?? 'cib';
const browser = await Browser.open();
let app = await serve(`${folder}/andal-1`, 'andal-1');
let page = await browser.window();
await browser.enter(page, app.page);
page.setDefaultTimeout(40000);

const file = (user, path) => `${folder}/${user}/${path}`;
const read = path => JSON.parse(readFileSync(path, 'utf8'));
const kept = () => page.waitForSelector('.state.kept');
const go = async path => {
	await page.goto(browser.origin + path);
	await settled(page);
};
const cib = (user, ...words) => {
	try {
		return {code: 0, out: execFileSync(CIB, words, {cwd: `${folder}/${user}`, env: {...process.env, CIB_USER: user, CIB_LANG: 'en'}, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']})};
	} catch (e) {
		return {code: e.status, out: `${e.stdout}${e.stderr}`};
	}
};
const narrow = async sentence => {
	await page.setViewportSize({width: 320, height: 720});
	const wide = await page.evaluate(() => document.documentElement.scrollWidth);
	ok(`nothing is wider than a telephone: ${sentence}`, wide <= 320, wide);
	await page.setViewportSize({width: 1280, height: 800});
};

// ---- a new entry, by the keyboard ----
await go('/new');
await browser.sound(page, 'choosing a kind');
await page.getByRole('link', {name: /^Project/}).click();
await page.waitForSelector('.form');
ok('of what is not begun nothing can be thrown away', !await page.getByRole('button', {name: 'Throw away'}).isVisible());
await browser.sound(page, 'a new project');
await narrow('a new project');
await page.getByLabel(/^Title/).fill('Trees in towns');
await kept();
const id = /entries\/(p-[0-9a-z]+)\/edit/.exec(page.url())?.[1] ?? '';
const path = `members/m-andal/projects/${id}.json`;
ok('the first letters make the entry, and the address is its own', id !== '' && read(file('andal-1', path)).title.en === 'Trees in towns', page.url());
await page.getByRole('button', {name: 'Add: Sectors'}).focus();
await page.keyboard.press('Enter');
ok('a new item takes the focus', await page.evaluate(() => document.activeElement?.getAttribute('role') === 'combobox'));
await page.keyboard.type('local government fin');
await page.waitForSelector('[role=option]');
ok('the list of a combobox is announced as one', await page.evaluate(() => document.activeElement?.getAttribute('aria-expanded') === 'true' && !!document.getElementById(document.activeElement.getAttribute('aria-controls') ?? '')));
await browser.sound(page, 'an open list of codes');
await page.keyboard.press('ArrowDown');
await page.keyboard.press('Enter');
await kept();
ok('Enter takes a code', read(file('andal-1', path)).sectors[0].code === '15128', read(file('andal-1', path)).sectors);
await page.getByLabel(/^Share/).fill('60');
ok('shares have a running sum', (await page.locator('fieldset[data-pointer="/sectors"] > .count').innerText()).includes('60 of 100'));

// ---- behind a fold ----
const fold = page.locator('.form > details.more'), website = page.locator('[data-pointer="/collaborationType"]');
ok('fields behind a fold are not made before it opens', await website.count() === 0);
await fold.locator('> summary').focus();
await page.keyboard.press('Enter');
await website.waitFor();
ok('and are when it is opened by the keyboard', await website.isVisible());
cib('andal-1', 'set', id, '/description/other/en=Written elsewhere.');
await page.getByLabel(/^Title/).fill('Trees in our towns');
await page.waitForFunction(() => [...document.querySelectorAll('[data-pointer="/description/other"] textarea')].some(e => e.value === 'Written elsewhere.'));
ok('what was open stays open when the form is drawn anew', await website.isVisible());
await fold.locator('> summary').click();
ok('and closes', !await website.isVisible());
await page.getByLabel(/^Title/).fill('Trees in towns');
await kept();

// ---- closed in mid-edit ----
await page.getByLabel(/^General/).fill('Planted by those who live there.');
await page.close();
page = await browser.window();
page.setDefaultTimeout(40000);
await new Promise(done => setTimeout(done, 600));
ok('what was typed when the window was closed is kept', read(file('andal-1', path)).description?.general?.en === 'Planted by those who live there.', read(file('andal-1', path)).description);
await app.close();
app = await serve(`${folder}/andal-1`, 'andal-1');
await browser.enter(page, app.page);
await go(`/entries/${id}/edit`);
ok('and is there for who comes back', await page.getByLabel(/^General/).inputValue() === 'Planted by those who live there.');

// ---- wrong input ----
const year = page.locator('fieldset[data-pointer="/dates/plannedStart"] input').first();
await year.fill('20x4');
await page.waitForSelector('fieldset[data-pointer="/dates/plannedStart"] .problem:not([hidden])');
ok('what is wrong stands beside its field, which says so', await year.getAttribute('aria-invalid') === 'true' && (await year.getAttribute('aria-describedby'))?.includes('-p'));
ok('it is kept all the same, as a draft', read(file('andal-1', path)).dates.plannedStart === '20x4');
await page.locator('.summary summary').click();
await browser.sound(page, 'a form with problems');
await narrow('a form with problems');
await page.locator('.summary button.link', {hasText: 'Planned start'}).click();
ok('the summary leads to the field', await year.evaluate(e => e === document.activeElement));
await year.fill('2024');
await kept();
ok('a year alone is a date', read(file('andal-1', path)).dates.plannedStart === '2024');
await page.selectOption('fieldset[data-pointer="/dates/plannedStart"] select >> nth=0', '05');
await kept();
ok('so is a month of it', read(file('andal-1', path)).dates.plannedStart === '2024-05');

// ---- languages ----
await page.getByRole('combobox', {name: 'Add a language'}).click();
await page.keyboard.type('arabic');
await page.locator('.languages [role=option]', {hasText: /^ar /}).click();
ok('a language is added where the others are', await page.locator('label.tab', {hasText: 'Arabic'}).locator('input').isChecked());
const arabic = page.getByLabel(/^Title/);
ok('Arabic is written from the right', await arabic.getAttribute('dir') === 'rtl' && await arabic.getAttribute('lang') === 'ar');
ok('no translation is required', await arabic.getAttribute('aria-required') === null && await page.locator('.field[data-pointer="/title"] .required').count() === 0);
ok('beside it stands the original', (await page.locator('.field[data-pointer="/title"] .source').innerText()).includes('Trees in towns'));
await arabic.fill('أشجار في المدن');
await kept();
ok('a translation is kept beside the original', read(file('andal-1', path)).title.ar === 'أشجار في المدن' && read(file('andal-1', path)).title.en === 'Trees in towns');
await browser.sound(page, 'texts in Arabic');
await page.locator('label.tab', {hasText: 'English'}).click();

// ---- lists: move, remove, put back ----
const partners = page.locator('fieldset[data-pointer="/partners"]');
await page.getByRole('button', {name: 'Add: Partners'}).click();
await kept();
await partners.getByRole('button', {name: /^Move up/}).last().click();
await kept();
ok('an item moves', read(file('andal-1', path)).partners.map(p => p.id).join() === 'o-2,o-1', read(file('andal-1', path)).partners);
await partners.getByRole('button', {name: /^Remove/}).first().click();
await kept();
ok('an item goes', read(file('andal-1', path)).partners.length === 1);
await page.getByRole('button', {name: 'Put it back'}).click();
await kept();
ok('and comes back where it was', read(file('andal-1', path)).partners.map(p => p.id).join() === 'o-2,o-1');

// ---- typed, and the list changes before it was looked up ----
const sectors = page.locator('fieldset[data-pointer="/sectors"]'), code = i => page.locator(`[data-pointer="/sectors/${i}/code"] input`);
const codes = () => (read(file('andal-1', path)).sectors ?? []).map(s => s.code ?? '').join();
await page.route('**/api/codes/**', async route => {
	await new Promise(done => setTimeout(done, 500));
	await route.continue();
});
const add = page.getByRole('button', {name: 'Add: Sectors'});
await add.click();
await code(1).fill('zzzz');
await add.click();
await page.waitForTimeout(1500);
await kept();
ok('a code stays where it was typed when an item is added', codes() === '15128,zzzz,' && await code(1).inputValue() === 'zzzz', codes());
await code(1).fill('yyyy');
await sectors.getByRole('button', {name: /^Remove/}).nth(1).click();
await page.waitForTimeout(1500);
await kept();
ok('with an item that goes goes what was typed in it, and the next one has nothing of it', codes() === '15128,' && await code(1).inputValue() === '', codes());
await code(1).fill('xxxx');
await sectors.getByRole('button', {name: /^Remove/}).first().click();
await page.waitForTimeout(1500);
await kept();
ok('what was typed moves with its item', codes() === 'xxxx' && await code(0).inputValue() === 'xxxx', codes());
await page.unroute('**/api/codes/**');

// ---- somebody else at the same entry ----
cib('andal-1', 'set', id, '/status=3');
await page.getByLabel(/^Title/).fill('Trees in all towns');
await page.waitForFunction(() => document.querySelector('[data-pointer="/status"] select')?.selectedOptions[0].textContent === 'Finalisation');
ok('an edit elsewhere is there with the next key, and nothing is lost', read(file('andal-1', path)).status === '3' && read(file('andal-1', path)).title.en === 'Trees in all towns');
ok('the caret is where it was', await page.evaluate(() => document.activeElement?.value === 'Trees in all towns'));
cib('andal-1', 'set', id, '/title/en=Hedges');
await page.getByLabel(/^Title/).fill('Trees along the river');
await page.waitForSelector('.note.warn');
ok('of two changes of one text both are kept', (await page.locator('.sides').innerText()).includes('Trees along the river') && (await page.locator('.sides').innerText()).includes('Hedges'));
await browser.sound(page, 'two versions of a text');
await narrow('two versions of a text');
await page.getByRole('button', {name: 'Take mine'}).click();
await page.waitForSelector('.note.warn', {state: 'detached'});
await kept();
ok('and one is chosen', read(file('andal-1', path)).title.en === 'Trees along the river', read(file('andal-1', path)).title);

// ---- thrown away ----
await page.getByRole('button', {name: 'Throw away'}).click();
await browser.sound(page, 'asking before a draft is thrown away');
await page.locator('dialog button.primary').click();
await page.waitForURL(u => u.pathname === '/');
ok('a draft that is thrown away is gone', !existsSync(file('andal-1', path)));
const saved = readdirSync(file('andal-1', 'members/m-andal/projects'))[0].replace('.json', '');
await go(`/entries/${saved}/edit`);
await page.waitForSelector('.form[aria-busy=false]');
const giveUp = page.getByRole('button', {name: 'Give up my changes'}), title = page.locator('[data-pointer="/title"]').locator('input, textarea').first(), before = await title.inputValue();
ok('where nothing was changed there is nothing to give up', !await giveUp.isVisible());
await title.fill('Another title');
await giveUp.waitFor();
await kept();
await giveUp.click();
await page.locator('dialog button.primary').click();
await page.waitForFunction(text => [...document.querySelectorAll('input, textarea')].some(e => e.value === text), before);
ok('and then there is nothing to give up again', !await giveUp.isVisible());
ok('what is given up is as it was saved', Object.values(read(file('andal-1', `members/m-andal/projects/${saved}.json`)).title).includes(before));

await app.close();
console.log(`# axe: ${browser.axe.pages} states, ${browser.axe.findings} findings`);
await browser.close();
end();
