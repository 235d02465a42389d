// The pages that everybody sees: home, list and search, an entry, its history. The real program, a real browser.
// pages.mjs SCENE_FOLDER IDS_JSON
import {rename} from 'node:fs/promises';
import {Browser, end, ok, serve, settled} from './harness.mjs';

const [folder, given] = process.argv.slice(2);
const ids = JSON.parse(given);
const app = await serve(`${folder}/andal-1`, 'andal-1');
const browser = await Browser.open();
const page = await browser.window();
const text = () => page.textContent('main');
/** @param {string} path */
const open = async path => {
	await page.goto(browser.origin + path);
	await settled(page);
};

// ---- coming in
await browser.enter(page, app.page);
ok('the address holds no secret after coming in', !page.url().includes('start') && new URL(page.url()).hash === '', page.url());
ok('no script can read the cookie', await page.evaluate(() => document.cookie) === '');
const stranger = await browser.window();
browser.expected = /401/;
await stranger.goto(browser.origin + '/');
await settled(stranger);
ok('another browser is told how to come in, and nothing else', /cib app/.test(await stranger.textContent('main')) && !/andal/.test(await stranger.textContent('body')));
await browser.sound(stranger, 'the page for who has not come in');
await stranger.context().close();
browser.expected = undefined;

// ---- every page, at every width, light and dark
const addresses = {home: '/', list: '/entries', search: '/entries?q=water', 'nothing found': '/entries?q=zzzzzz', entry: `/entries/${ids.accepted}`, 'a draft': `/entries/${ids.draft}`, history: `/entries/${ids.accepted}/history`};
for (const [scheme, width] of [['light', 320], ['dark', 768], ['light', 1280]]) {
	await page.emulateMedia({colorScheme: scheme});
	await page.setViewportSize({width, height: 800});
	for (const [name, path] of Object.entries(addresses)) {
		await open(path);
		const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
		ok(`${name}, ${width} wide: nothing is beyond the edge`, over <= 0, over);
		await browser.sound(page, `${name}, ${width} wide, ${scheme}`);
	}
}
await page.emulateMedia({colorScheme: 'light'});
browser.expected = /404/;
await open('/nowhere');
ok('an unknown address says so', /no page under this address/.test(await text()));
await open('/entries/p-0000000000');
ok('an unknown entry, too', (await page.textContent('h1')) === 'There is nothing here', await page.textContent('h1'));
await browser.sound(page, 'an unknown entry');
browser.expected = undefined;

// ---- home
await open('/');
for (const words of ['In conflict', 'Which school? <b>Say</b> it in the title.', 'Only a title so far', 'Street lights that last', 'Trees along the river'])
	ok(`home shows: ${words}`, (await text()).includes(words));
await rename(`${folder}/central.git`, `${folder}/away.git`);
await page.click('button.primary');
await page.waitForSelector('.progress.note');
const offline = await page.textContent('.progress');
await rename(`${folder}/away.git`, `${folder}/central.git`);
ok('without the server the work is safe, and the page says so', offline.length > 10, offline);
await browser.sound(page, 'home after a sync that failed');
await page.click('button.primary');
await page.waitForSelector('.progress.note.good');
ok('the sync ends in a sentence with numbers', /^Sent 2 entries\..*1 draft stays here/.test(await page.textContent('.progress')), await page.textContent('.progress'));
ok('and tells the bytes', /kB|bytes/.test(await page.textContent('.progress')));
await page.waitForFunction(() => document.querySelector('[role=status]').textContent.startsWith('Sent 2 entries.'));
ok('and reads it out', true);
ok('what was sent is sent', !/Ready to send/.test(await text()));
await browser.sound(page, 'home after a sync');
await page.click('button.primary');
await page.waitForFunction(() => document.querySelector('.progress')?.textContent?.startsWith('Nothing new'));
ok('a second sync has nothing to do', true);

// ---- search as one types
await open('/entries');
ok('the list has all entries', /^7 entries/.test(await page.textContent('main p.soft')), await page.textContent('main p.soft'));
await page.type('#q', 'wat');
await page.waitForFunction(() => document.querySelectorAll('.entry').length === 1);
ok('what is typed is looked for, by beginnings', (await page.textContent('.entry')).includes('Water for seven towns'));
ok('the words are marked', (await page.textContent('.entry mark')) === 'Water', await page.innerHTML('.entry'));
ok('the address holds the search', new URL(page.url()).search === '?q=wat');
await page.waitForFunction(() => document.querySelector('[role=status]').textContent.startsWith('1 entry'));
ok('the number is read out', true);
await page.fill('#q', 'المياه');
await page.waitForFunction(() => document.querySelectorAll('.entry').length === 1);
ok('in any language', true);
await page.fill('#q', '');
await page.waitForFunction(() => document.querySelectorAll('.entry').length === 7);
await page.focus('#filter-member');
await page.selectOption('#filter-member', 'm-voorbeeld');
await page.waitForFunction(() => document.querySelectorAll('.entry').length === 2);
ok('a filter narrows, and keeps the focus', await page.evaluate(() => document.activeElement?.id) === 'filter-member');
ok('other values of the filter keep their numbers', (await page.textContent('#filter-member')).includes('m-andal (5)'), await page.textContent('#filter-member'));
await browser.sound(page, 'a filtered list');
await page.click('#filters-off');
await page.waitForFunction(() => document.querySelectorAll('.entry').length === 7);

// ---- the keyboard alone
await open('/');
await page.keyboard.press('Tab');
ok('the first stop leads past the head', (await page.evaluate(() => document.activeElement?.className)) === 'skip');
ok('and is seen', (await page.evaluate(() => document.activeElement.getBoundingClientRect().top)) >= 0);
for (let i = 0; i < 10 && await page.evaluate(() => document.activeElement?.getAttribute('href')) !== '/entries'; i++)
	await page.keyboard.press('Tab');
await page.keyboard.press('Enter');
await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Entries');
ok('a link moves the focus to the heading', (await page.evaluate(() => document.activeElement?.tagName)) === 'H1');
for (let i = 0; i < 20 && !(await page.evaluate(() => document.activeElement?.closest('.entry'))); i++)
	await page.keyboard.press('Tab');
ok('the list is reached', await page.evaluate(() => document.activeElement?.closest('.entry') !== null));
const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
ok('the focus is seen', outline === 'solid', outline);
await page.keyboard.press('Enter');
await page.waitForURL(/entries\/[a-z]+-/);
await settled(page);
await page.goBack();
await settled(page);
ok('back leads back', (await page.textContent('h1')) === 'Entries');

// ---- an entry, in three languages and from right to left
await open(`/entries/${ids.accepted}`);
ok('codes have their names', /Local government finance/.test(await text()));
ok('what only machines need is not shown', !/sourceLanguage|x-cib|project\/1/.test(await text()));
const arabic = await page.evaluate(() => [...document.querySelectorAll('[lang=ar]')].every(e => getComputedStyle(e).direction === 'rtl'));
ok('Arabic runs from right to left', arabic && await page.locator('[lang=ar]').count() > 0);
const english = await text();
for (const [lang, title, field] of [['fr', 'De l’eau pour six villes', 'Finances locales|Administration|Secteur'], ['es', 'Water for seven towns', 'Sector']]) {
	await page.selectOption('#lang', lang);
	await page.waitForFunction(l => document.documentElement.lang === l, lang);
	await settled(page);
	await page.waitForFunction(before => document.querySelector('main').textContent !== before, english);
	ok(`${lang}: the title`, (await page.textContent('h1')) === title, await page.textContent('h1'));
	ok(`${lang}: the fields`, new RegExp(field).test(await text()), (await text()).slice(0, 300));
	for (const [name, path] of Object.entries(addresses)) {
		await open(path);
		const left = await page.evaluate(() => [...document.querySelectorAll('main button, main label, main dt, main h2, nav a, .tag')].map(e => e.firstChild?.textContent?.trim()).filter(w => ['Search', 'History', 'Edit', 'Print', 'Kind', 'Member', 'Entries', 'Home', 'Not sent yet', 'In conflict', 'Draft', 'Changed', 'Accepted', 'Sync', 'Partners'].includes(w)));
		ok(`${lang}: ${name} is translated`, left.length === 0, left);
		if (name === 'home' || name === 'entry')
			await browser.sound(page, `${name}, ${lang}`);
	}
	await open(`/entries/${ids.accepted}`);
}
await page.selectOption('#lang', 'en');
await page.waitForFunction(() => document.documentElement.lang === 'en');
await page.emulateMedia({media: 'print'});
ok('on paper there is the entry alone', await page.isHidden('.head') && await page.isHidden('.actions') && await page.isVisible('.fields'));
await page.emulateMedia({media: 'screen'});

// ---- history, and an old version again
await open(`/entries/${ids.accepted}/history`);
ok('the story tells who changed what', /andal-1, m-andal/.test(await text()) && /Water for six towns/.test(await page.textContent('del')) && /Water for seven towns/.test(await page.textContent('ins')));
ok('and that it was accepted', /Accepted/.test(await text()));
await page.click('text=Bring this version back');
await browser.sound(page, 'the question before an old version comes back');
await page.click('text=Leave it');
ok('it can be left', (await page.evaluate(() => document.activeElement?.textContent)) === 'Bring this version back');
await page.click('text=Bring this version back');
await page.click('text=Bring it back');
await page.waitForURL(u => u.pathname === `/entries/${ids.accepted}`);
await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Water for six towns');
ok('the old version is back, to be sent', /Ready to send/.test(await text()));

// ---- it was closed
browser.expected = /ERR_CONNECTION|Failed to load resource/;
await app.close();
await page.click('nav a[href="/"]');
await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'The app was closed');
ok('when the program has ended, the page says that nothing is lost', true);

console.log(`# axe: ${browser.axe.pages} pages and states, ${browser.axe.findings} findings`);
await browser.close();
end();
