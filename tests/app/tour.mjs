// Every page in every state that a person meets: of a programme officer, of the secretariat, and in a network that is empty.
// Runs in the folder that pages/tour.sh made: tour.mjs FOLDER IDS_JSON. SHOTS=FOLDER keeps pictures, TOUR=NAME walks one part alone.
import {execFileSync} from 'node:child_process';
import {rename} from 'node:fs/promises';
import {Browser, end, serve, settled} from './harness.mjs';
import {look} from './look.mjs';

const [folder, given] = process.argv.slice(2), ids = JSON.parse(given), CIB = process.env.CIB ?? 'cib';
const browser = await Browser.open();
let app, page;
const cib = (user, ...words) => execFileSync(CIB, words, {cwd: `${folder}/${user}`, env: {...process.env, CIB_USER: user}, stdio: 'ignore'});
const see = (name, options) => look(browser, page, name, options);
const go = async path => {
	await page.goto(browser.origin + path);
	await settled(page);
};
const come = async user => {
	app = await serve(`${folder}/${user}`, user);
	page = await browser.window();
	page.setDefaultTimeout(40000);
	await browser.enter(page, app.page);
};
const leave = async () => {
	await page.context().close();
	await app.close();
};
const speak = async lang => {
	await page.selectOption('#lang', lang);
	await page.waitForFunction(l => document.documentElement.lang === l && !document.querySelector('main[aria-busy]'), lang);
};
const ENDS = {widths: [320, 1280]};

const parts = {
	async staff() {
		await come('andal-1');
		await see('home with work');
		await rename(`${folder}/central.git`, `${folder}/away.git`);
		await page.click('button.primary');
		await page.waitForSelector('.progress.note');
		await settled(page);
		await see('home offline', ENDS);
		await rename(`${folder}/away.git`, `${folder}/central.git`);
		await go('/entries');
		await see('list');
		await go('/entries?q=water');
		await see('search');
		await go('/entries?kind=project&member=m-andal');
		await see('list with filters', ENDS);
		await go('/entries?q=zzzzzz');
		await see('nothing found', ENDS);
		await go(`/entries/${ids.accepted}`);
		await see('entry');
		await page.emulateMedia({media: 'print'});
		if (process.env.SHOTS)
			await page.screenshot({path: `${process.env.SHOTS}/entry-print.png`, fullPage: true});
		await page.emulateMedia({media: 'screen'});
		await go(`/entries/${ids.returned}`);
		await see('entry with a remark', ENDS);
		await go(`/entries/${ids.draft}`);
		await see('draft', ENDS);
		await go('/entries/m-andal');
		await see('member');
		await go('/entries/g-vd71290mqt');
		await see('practice', ENDS);
		await go(`/entries/${ids.accepted}/history`);
		await see('history');
		await page.click('main ol button');
		await see('history asks', ENDS);
		await go(`/entries/${ids.draft}/history`);
		await see('history of a draft', ENDS);
		await go('/conflicts');
		await see('conflicts');
	},
	async forms() {
		await come('andal-1');
		await go('/new');
		await see('kinds');
		await go('/new/project');
		await see('form new');
		await page.locator('[data-pointer="/title"] textarea, [data-pointer="/title"] input').first().fill('Trees');
		await page.waitForSelector('.state.kept');
		await page.locator('fieldset[data-pointer="/dates/plannedStart"] input').first().fill('20x4');
		await page.waitForSelector('fieldset[data-pointer="/dates/plannedStart"] .problem:not([hidden])');
		await page.locator('.summary summary').click();
		await see('form with problems');
		await go(`/entries/${ids.accepted}/edit`);
		await see('form filled');
		await page.locator('label.tab input[value=ar]').check();
		await see('form in Arabic');
		const country = page.locator('.languages [role=combobox]');
		await country.click();
		await page.keyboard.type('po');
		await page.waitForSelector('.languages [role=option]');
		await see('form with an open list', {widths: [320, 1280]});
		await page.keyboard.press('Escape');
		await go('/entries/m-andal/edit');
		await see('member form', ENDS);
		for (const kind of ['practice', 'event', 'resource']) {
			await go(`/new/${kind}`);
			await see(`form new ${kind}`, ENDS);
		}
	},
	async sync() {
		await come('andal-1');
		await page.click('button.primary');
		await page.waitForSelector('.progress.note.good');
		await settled(page);
		await see('home after a sync', ENDS);
	},
	async reports() {
		await come('andal-1');
		await go('/reports');
		await see('reports');
		const names = await page.locator('.reports h2 a').evaluateAll(links => links.map(a => a.getAttribute('href').split('/').pop()));
		for (const name of names) {
			await go(`/reports/${name}`);
			await see(`report ${name}`, name === 'spread' ? {} : ENDS);
		}
	},
	async secretariat() {
		cib('sec-1', 'sync');
		await come('sec-1');
		await see('secretariat home');
		await page.click('nav a[href="/review"]');
		await page.waitForSelector('.queue');
		await see('queue');
		await page.click(`.queue a[href$="${ids.accepted}"]`);
		await page.waitForSelector('.item-field');
		await see('item changed');
		await page.keyboard.press('?');
		await see('item keys', ENDS);
		await page.keyboard.press('Escape');
		await page.click('.decide button >> nth=1');
		await see('item ask', ENDS);
		await page.keyboard.press('Escape');
		await go(`/review/m-andal/${ids.fresh}`);
		await see('item new', ENDS);
		await page.locator('button.say').first().click();
		await page.keyboard.type('Which streets?');
		await page.keyboard.press('Control+Enter');
		await page.waitForSelector('.note.own');
		await see('item with a comment', ENDS);
		await go('/review');
		await see('queue with decisions', ENDS);
		await page.locator('main .actions button').first().click();
		await page.waitForFunction(() => document.activeElement?.id === 'finish');
		await page.click('#finish');
		await page.waitForSelector('main > .note');
		await settled(page);
		await see('queue sent');
		await go('/review?with=conflicts');
		await see('queue nothing fits', ENDS);
		await go('/review/activity');
		await see('activity');
		await go('/new');
		await see('secretariat kinds', ENDS);
	},
	async errors() {
		await come('andal-1');
		browser.expected = /40[134]|ERR_CONNECTION|Failed to load/;
		await go('/nowhere');
		await see('no page', ENDS);
		await go('/entries/p-0000000000');
		await see('no entry', ENDS);
		await go('/review');
		await see('not for staff', ENDS);
		const stranger = await browser.window(), own = page;
		await stranger.goto(browser.origin);
		page = stranger;
		await settled(page);
		await see('not let in', ENDS);
		await stranger.context().close();
		page = own;
		await go('/entries');
		await app.close();
		await page.click('nav a[href="/"]');
		await page.waitForFunction(() => document.querySelector('pre'));
		await see('closed', ENDS);
		browser.expected = undefined;
		app = {close: () => {}};
	},
	async empty() {
		await come('new-1');
		await see('empty home');
		await go('/entries');
		await see('empty list', ENDS);
		await go('/conflicts');
		await see('no conflicts', ENDS);
		await leave();
		await come('new-sec');
		await see('empty secretariat home', ENDS);
		await go('/review');
		await see('empty queue', ENDS);
		await go('/review/activity');
		await see('empty activity', ENDS);
		await go('/reports/sdg');
		await see('empty report', ENDS);
	},
	async languages() {
		for (const lang of ['fr', 'es']) {
			await come('andal-1');
			await speak(lang);
			for (const [name, path] of Object.entries({home: '/', list: '/entries', entry: `/entries/${ids.accepted}`, history: `/entries/${ids.accepted}/history`, kinds: '/new', form: `/entries/${ids.draft}/edit`,
				conflicts: '/conflicts', reports: '/reports', sdg: '/reports/sdg', progress: '/reports/plan'})) {
				await go(path);
				await see(`${lang} ${name}`, ENDS);
			}
			await leave();
			await come('sec-1');
			await speak(lang);
			await page.click('nav a[href="/review"]');
			await page.waitForSelector('.lead');
			await see(`${lang} queue`, ENDS);
			await page.click('.queue a');
			await page.waitForSelector('.item-field');
			await see(`${lang} item`, ENDS);
			await leave();
		}
		page = null;
	},
};

for (const [name, walk] of Object.entries(parts))
	if (!process.env.TOUR || process.env.TOUR.split(',').includes(name)) {
		console.log(`# ${name}`);
		await walk();
		if (page)
			await leave();
	}
console.log(`# axe: ${browser.axe.pages} looks, ${browser.axe.findings} findings`);
await browser.close();
end();
