// The secretariat's day on the pages of the review, then a member reads what came back. Runs in the folder that app_browser_review.sh made.
import {Browser, end, ok, serve, settled} from './harness.mjs';
import {shots} from './shots.mjs';

const {CHANGED, FRESH} = process.env;
const as = user => {
	process.env.CIB_HTTP_USER = user;
	process.env.CIB_HTTP_PASSWORD = `pw-${user}`;
	return serve(user, user);
};
const browser = await Browser.open();
let app = await as('sec-1');
let page = await browser.window();
await browser.enter(page, app.page);
page.setDefaultTimeout(40000);
const text = selector => page.locator(selector).first().innerText();
const at = path => page.evaluate(() => location.pathname) .then(now => now === path);
const focused = () => page.evaluate(() => document.activeElement?.textContent?.slice(0, 80) ?? '');

await page.click('nav a[href="/review"]');
await page.waitForSelector('.queue');
ok('one click from home leads to the queue', await page.locator('.queue > li').count() === 6, await text('main'));
ok('it says how many wait', (await text('.lead')).startsWith('6 entries wait.'), await text('.lead'));
await browser.sound(page, 'the queue');
await shots(page, 'review-queue');
await page.focus('.choices select >> nth=0');
await page.selectOption('.choices select >> nth=0', 'm-voorbeeld');
await page.waitForFunction(() => document.querySelectorAll('.queue > li').length === 2);
ok('a filter keeps the focus in its place', await page.evaluate(() => document.activeElement?.tagName === 'SELECT'));
await page.selectOption('.choices select >> nth=0', '');
await page.selectOption('.choices select >> nth=3', 'duplicates');
await page.waitForFunction(() => document.querySelectorAll('.queue > li').length === 2);
ok('what may be the same is found by a filter', page.url().includes('with=duplicates'), page.url());
await page.goto(`${browser.origin}/review`);
await settled(page);

// ---- an entry that was changed ----
await page.click(`.queue a[href$="${CHANGED}"]`);
await page.waitForSelector('.item-field');
ok('a link to an entry puts the focus on its heading', (await focused()) === 'Clean water for seven towns', await focused());
ok('words that went and came are marked', (await page.locator('del').allInnerTexts()).join() === 'Water,six,لست' || (await page.locator('del').count()) > 2, await page.locator('del').allInnerTexts());
ok('before and after stand side by side', await page.evaluate(() => {
	const [was, is] = [...document.querySelector('.item-sides.two').children].map(side => side.getBoundingClientRect());
	return was.top === is.top && was.right <= is.left;
}));
ok('codes have their names', (await text('.item-fields')).includes('Tanzania') && (await text('.item-fields')).includes('Kenya'), await text('.item-fields'));
ok('Arabic text says so', await page.locator('.value[lang=ar]').count() === 2);
await browser.sound(page, 'an entry of the review');
await shots(page, 'review-entry');
await page.keyboard.press('?');
ok('the keys are shown', await page.locator('dialog[open]').count() === 1);
await browser.sound(page, 'the keys');
await shots(page, 'review-keys');
await page.keyboard.press('Escape');
await page.keyboard.press('a');
await page.waitForFunction(id => !location.pathname.endsWith(id), CHANGED);
await settled(page);
ok('a key accepts and goes on', (await text('.sitting')).includes('1 accepted'), await text('.sitting'));
await page.keyboard.press('u');
await page.waitForFunction(id => location.pathname.endsWith(id), CHANGED);
await settled(page);
ok('undo leads back, and nothing is decided', await page.locator('.sitting').count() === 0);
await page.click('.decide button.primary');
await page.waitForFunction(id => !location.pathname.endsWith(id), CHANGED);
await settled(page);

// ---- one that goes back, with the keyboard alone ----
await page.goto(`${browser.origin}/review/m-andal/${FRESH}`);
await page.waitForSelector('.item-field');
await page.keyboard.press('j');
const field = await page.evaluate(() => document.activeElement?.querySelector('h2')?.textContent);
await page.keyboard.press('c');
await page.keyboard.type('Which schools?');
await shots(page, 'review-comment', 1);
await page.keyboard.press('Control+Enter');
await page.waitForSelector('.note.own');
ok('a comment on a field sends it back', (await text('.sitting')).includes('1 sent back') && (await text('.note.own')).includes('Which schools?'), await text('main'));
ok('and the focus is on that field again', await page.evaluate(() => document.activeElement?.querySelector('h2')?.textContent) === field, await focused());
await page.keyboard.press('r');
await page.keyboard.type('Nearly done. <b>Say</b> more.');
await page.keyboard.press('Escape');
ok('who thinks better of it is where they were', (await focused()) === 'Ask for a change', await focused());
await page.keyboard.press('r');
ok('and what was typed is still there', await page.inputValue('.decide textarea') === 'Nearly done. <b>Say</b> more.');
await browser.sound(page, 'a comment');
await page.keyboard.press('Control+Enter');
await page.waitForFunction(id => !location.pathname.endsWith(id), FRESH);
await settled(page);
ok('text of people stays text', await page.locator('main b').count() === 0);

// ---- the process is killed: the decisions are there again ----
const gone = new Promise(done => app.child.once('exit', done));
app.child.kill('SIGKILL');
await gone;
browser.expected = /ERR_CONNECTION_REFUSED|Failed to load resource/;
await page.close();
app = await as('sec-1');
page = await browser.window();
await browser.enter(page, app.page);
page.setDefaultTimeout(40000);
browser.expected = undefined;
await page.click('nav a[href="/review"]');
await page.waitForSelector('.sitting');
ok('after a kill the decisions stand', (await text('.sitting')).includes('1 accepted') && (await text('.sitting')).includes('1 sent back'), await text('.sitting'));

// ---- whole clean submissions, and the end ----
await page.click('main >> text=clean entries');
await page.waitForFunction(() => document.querySelector('.sitting')?.textContent.includes('3 accepted'));
ok('the clean ones are accepted at once; likely duplicates are left', await page.locator('.queue .tag:has-text("like 1 other")').count() === 2);
ok('the focus is on what comes next', (await focused()) === 'Finish and send', await focused());
await page.keyboard.press('Enter');
await page.waitForSelector('main > .note');
await settled(page);
ok('finish says what was done, and that it is sent', /Accepted 3 entries. Sent back 1 entry. The members get it/.test(await text('main > .note')), await text('main > .note'));
await browser.sound(page, 'the queue after the end');
await shots(page, 'review-finished');
await page.goto(`${browser.origin}/review/activity`);
await page.waitForSelector('.feed li');
ok('the activity has it', (await text('.feed')).includes('Which schools?') && await page.locator('.feed li').count() >= 5, await text('.feed'));
await browser.sound(page, 'the activity');
await shots(page, 'review-activity');

// ---- in other languages ----
for (const [lang, word] of [['fr', 'Exam'], ['es', 'Revis']]) {
	await page.selectOption('#lang', lang);
	await page.waitForFunction(l => document.documentElement.lang === l && !document.querySelector('main[aria-busy]'), lang);
	await page.click('nav a[href="/review"]');
	await page.waitForSelector('.queue');
	ok(`the review speaks ${lang}`, (await text('h1')).startsWith(word), await text('h1'));
	await page.click('.queue a');
	await page.waitForSelector('.item-field');
	await browser.sound(page, `an entry in ${lang}`);
	await shots(page, `review-entry-${lang}`, 1);
}
await page.close();
await app.close();

// ---- the member ----
app = await as('andal-1');
page = await browser.window();
await browser.enter(page, app.page);
page.setDefaultTimeout(40000);
await page.selectOption('#lang', 'en');
ok('a member is not led to the review', await page.locator('nav a[href="/review"]').count() === 0);
await page.click('text=Sync');
await page.waitForFunction(() => document.body.textContent.includes('Which schools?'), null, {timeout: 60000});
ok('after a sync the member reads the comments', (await text('main')).includes('Nearly done. <b>Say</b> more.'), await text('main'));
browser.faults = [];

// ---- a question is answered, and nobody decides anything ----
/** @param {RegExp} name @param {string} words */
async function talk(name, words) {
	await page.getByRole('button', {name}).first().click();
	ok('the words are asked for where the button was', (await page.evaluate(() => document.activeElement?.tagName)) === 'TEXTAREA');
	await page.keyboard.type(words);
	await browser.sound(page, `writing: ${words}`);
	await page.keyboard.press('Control+Enter');
	await page.waitForFunction(w => document.querySelector('main:not([aria-busy])')?.textContent?.includes(w) && !document.querySelector('main textarea'), words);
}
await page.goto(`${browser.origin}/entries/${FRESH}`);
await settled(page);
await talk(/^Answer to: Which schools/, 'The two <b>in the north</b>.');
ok('the member answers below the question', (await text('.remarks li:nth-child(2)')).includes('The two <b>in the north</b>.'), await text('.remarks'));
await page.waitForFunction(() => document.querySelector('[role=status]')?.textContent?.includes('next sync'));
ok('and is told when it goes', true);
await talk(/^Say something$/, 'By the way, it has begun.');
await browser.sound(page, 'an entry that was talked about');
await shots(page, 'talk');
await page.click('nav a[href="/"]');
await page.click('button.primary');
await page.waitForSelector('.progress.note.good', {timeout: 60000});
await page.close();
await app.close();
app = await as('sec-1');
page = await browser.window();
await browser.enter(page, app.page);
page.setDefaultTimeout(40000);
ok('the language that was chosen last comes back with the app', await page.evaluate(() => document.documentElement.lang) === 'es');
await page.selectOption('#lang', 'en');
await page.waitForFunction(() => document.documentElement.lang === 'en' && !document.querySelector('main[aria-busy]'));
await page.click('button.primary');
await page.waitForSelector('.progress.note', {timeout: 60000});
await page.goto(`${browser.origin}/review/m-andal/${FRESH}`);
await page.waitForSelector('.item-field');
await talk(/^Answer to: The two/, 'Then say so in the title.');
ok('the secretariat answers beside the field', (await text('main')).includes('Then say so in the title.'));
ok('and decided nothing by it', await page.locator('.sitting').count() === 0 || !/1 accepted|1 sent back/.test(await text('.sitting')));
await browser.sound(page, 'an entry of the review that was talked about');
await app.close();
await browser.close();
console.log(`# axe: ${browser.axe.pages} pages and states, ${browser.axe.findings} findings`);
end();
