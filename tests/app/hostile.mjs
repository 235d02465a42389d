// Every page of both sides, full of hostile strings. Runs in the folder that pages/hostile.sh made: hostile.mjs FOLDER [LONG]
import {readFileSync} from 'node:fs';
import {Browser, end, ok, serve, settled} from './harness.mjs';
import {strings} from './xss.mjs';

const [folder, long] = process.argv.slice(2);
const read = name => JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'));
const LANGS = ['en', 'fr', 'es'];
const shown = new Set();
let dialogs = 0, pages = 0;

const browser = await Browser.open();
/** A page that a script or an element of a string would give away. @param {any} page @param {string} path */
async function look(page, path) {
	await page.goto(browser.origin + path);
	await settled(page).catch(e => {
		throw new Error(`${path}: ${e.message}`);
	});
	pages++;
	const found = await page.evaluate(() => {
		for (const d of document.querySelectorAll('main details'))
			d.setAttribute('open', '');
		const bad = [...document.querySelectorAll('*')].filter(e => ['EMBED', 'IFRAME', 'OBJECT', 'BASE', 'VIDEO', 'AUDIO', 'IMG', 'FORM'].includes(e.tagName) && !e.matches('form.finder, form[role=search], main form:not([action])')
			|| e.tagName === 'SCRIPT' && !/^\/web\//.test(e.getAttribute('src') ?? '') || [...e.attributes].some(a => a.name.startsWith('on'))
			|| ['href', 'src', 'action', 'formaction', 'xlink:href', 'srcdoc'].some(name => /^\s*(javascript|data|vbscript):|evil\.example/i.test(e.getAttribute(name) ?? '')));
		return {
			text: [document.body.textContent, document.title, ...[...document.querySelectorAll('input, textarea')].map(e => e.value), ...[...document.querySelectorAll('option, [aria-label]')].map(e => e.getAttribute('aria-label') ?? e.textContent)].join('\n').replace(/[\u0002\u0003]/g, ''),
			bad: bad.map(e => e.outerHTML.slice(0, 200)), broken: window.__broken,
		};
	});
	for (const s of strings)
		if (found.text.includes(s) || found.text.includes(s.trim()))
			shown.add(s);
	if (found.broken || found.bad.length)
		ok(`${path} makes nothing of it`, false, {bad: found.bad.slice(0, 8), broken: found.broken});
	if (browser.faults.length) {
		ok(`${path} asks for nothing and breaks no rule`, false, browser.faults.slice(0, 8));
		browser.faults = [];
	}
	return found.text;
}

async function open(user) {
	const app = await serve(`${folder}/${user}`, user);
	const page = await browser.window();
	page.on('dialog', d => {
		dialogs++;
		d.dismiss();
	});
	await browser.enter(page, app.page);
	return {app, page};
}

/** @param {any} page @param {string} path @param {Set<string>} used */
const names = async (page, path) => page.evaluate(async p => (await (await fetch(p)).json()), path);

for (const user of ['voorbeeld-1', 'sec-1']) {
	const {app, page} = await open(user);
	shown.clear();
	const drafts = read(user).ids, changed = read('changed').ids, entries = [...changed, ...drafts];
	const reports = (await names(page, '/api/reports')).reports.map(r => r.name);
	const kinds = (await names(page, '/api/me')).kinds.filter(k => k.writable).map(k => k.name);
	const paths = ['/', '/entries', '/entries?q=script', '/entries?q=alert&kind=project', '/conflicts', '/new', ...kinds.map(k => `/new/${k}`), '/reports', ...reports.map(r => `/reports/${r}?here=1`),
		...entries.flatMap(id => [`/entries/${id}`, `/entries/${id}/edit`]), ...changed.map(id => `/entries/${id}/history`)];
	if (user === 'sec-1') {
		const rows = (await names(page, '/api/review')).rows;
		ok('the queue has hostile changes of hostile entries', rows.length >= 6 && rows.some(r => r.change === 'changed'), rows.length);
		paths.push('/review', '/review?sort=age&with=warnings', '/review/activity', '/review/activity?member=m-voorbeeld', ...rows.map(r => `/review/${r.member}/${r.id}`));
	}
	const before = pages;
	for (const path of paths)
		await look(page, path);
	for (const lang of LANGS.slice(1)) {
		await page.selectOption('#lang', lang);
		await page.waitForFunction(l => document.documentElement.lang === l && !document.querySelector('main[aria-busy]'), lang);
		for (const path of ['/', '/entries', `/entries/${changed[1]}`, '/conflicts', ...(user === 'sec-1' ? ['/review'] : [])])
			await look(page, path);
	}
	await page.emulateMedia({media: 'print'});
	for (const id of changed)
		await look(page, `/entries/${id}`);
	await page.emulateMedia({media: 'screen'});
	ok(`${user}: all ${strings.length} strings were shown as they are, on ${pages - before} pages`, shown.size === strings.length, strings.filter(s => !shown.has(s)).slice(0, 5));

	// ---- in an address that somebody sends
	browser.expected = /40[0-9]/;
	const from = pages;
	for (let i = 0; i < strings.length; i += long ? 1 : 17) {
		const s = encodeURIComponent(strings[i]);
		const all = [`/entries?q=${s}`, `/entries?kind=${s}&member=${s}`, `/entries/${s}`, `/entries/${s}/edit`, `/new/${s}`, `/reports/${s}`, `/reports/compendium?member=${s}&theme=${s}`, `/${s}`, `/#start=${s}`,
			...(user === 'sec-1' ? [`/review?member=${s}&with=${s}`, `/review/${s}/${s}`, `/review/activity?member=${s}&id=${s}`] : [])];
		for (const path of long ? all : all.filter((_, k) => (k + i) % 2))
			await look(page, path);
	}
	for (const path of ['/%', '/entries/%E0%A4%A', '/..%2f..%2fetc/passwd', '/entries/%2e%2e%2f'])
		await look(page, path);
	ok(`${user}: an address says nothing to the page but text, ${pages - from} of them`, true);
	browser.expected = undefined;

	// ---- in what one types
	await look(page, '/entries');
	for (const s of strings.filter((_, i) => long || i % 25 === 0)) {
		await page.fill('#q', s);
		await page.waitForTimeout(200);
	}
	ok(`${user}: a search for a script finds text`, await page.evaluate(() => window.__broken) === undefined);
	await browser.sound(page, `${user}, after all of it`);
	await page.close();
	await app.close();
}
ok('no dialog came up', dialogs === 0, dialogs);
console.log(`# ${pages} pages`);
await browser.close();
end();
