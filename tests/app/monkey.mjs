// Somebody who presses anything: random editing in a real browser, windows closed and loaded again in mid-edit, the program killed
// with -9, others at the same entry. What the page called kept comes back, in the file and on the page; what it did not call kept
// yet is there as a whole or not at all. monkey.mjs FOLDER USER ENTRY SEED ACTIONS KILLS
import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {Browser, end, ok, serve, settled} from './harness.mjs';

const [folder, user, entry] = process.argv.slice(2), [seed, actions, kills] = process.argv.slice(5).map(Number);
const copy = `${folder}/${user}`, CIB = process.env.CIB ?? 'cib', OTHERS = '/description/other';
let state = seed >>> 0;
const roll = n => {
	state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
	return Math.floor(state / 4294967296 * n);
};
const pick = list => list[roll(list.length)];
const pause = ms => new Promise(done => setTimeout(done, ms));

const browser = await Browser.open();
browser.expected = /ERR_|Failed to load resource|net::/; // while the program is away
let app = await serve(copy, user), page, id = entry;
/** By entry: what it must be like when it is opened again. */
const promised = new Map();
const lost = [], counts = {};
let looks = 0;

// ---- what a person sees ----

/** In the page: the values that it shows, by field, with the language that texts are in; and whether it calls them kept. */
function shown(others) {
	const values = {}, files = {}, asking = [];
	for (const field of document.querySelectorAll('.form .field[data-pointer]')) {
		const own = [...field.querySelectorAll('input, select, textarea, .chips > li')].filter(e => e.closest('.field') === field);
		own.forEach((e, i) => {
			const box = e.closest('.combobox'), place = `${field.dataset.pointer} ${i}`;
			const open = box && (box.parentElement.querySelector('.chips') || box.classList.contains('unsettled'));
			const value = e.localName === 'li' ? e.firstChild.textContent : e.type === 'checkbox' ? e.checked && 'yes' : e.localName === 'select' ? e.selectedOptions[0]?.textContent.replace('–', '') : e.value;
			if (open)
				asking.push(place); // typed, and nothing chosen yet
			if (!value || open || field.dataset.pointer === others)
				return;
			values[place] = value.normalize('NFC');
			if (e.localName !== 'select' && e.localName !== 'li' && e.type !== 'checkbox' && !box && own.length === 1 && !e.classList.contains('json'))
				files[field.dataset.pointer + (e.lang ? `/${e.lang}` : '')] = value.normalize('NFC');
		});
	}
	return {values, files, asking, language: document.querySelector('.languages input:checked')?.value, kept: /^state (kept|open)$/.test(document.querySelector('.foot .state')?.className), // open: but for what it names
		there: document.querySelector('.form')?.getAttribute('aria-busy') === 'false', id: /entries\/([^/]+)\/edit/.exec(location.pathname)?.[1]};
}
const look = () => page.evaluate(shown, OTHERS);
/** As it stands when the page calls it kept: a code that was looked up meanwhile may have changed it since the wait. */
async function whenKept() {
	for (;;) {
		await page.waitForSelector('.state.kept, .state.open');
		const now = await look();
		if (now.kept)
			return now;
	}
}
const at = (doc, pointer) => pointer.split('/').slice(1).reduce((v, name) => v?.[name], doc);
const differing = (a, b) => [...new Set([...Object.keys(a.values), ...Object.keys(b.values)])].filter(k => a.values[k] !== b.values[k] && !a.asking.includes(k)).map(k => [k, a.values[k], b.values[k]]);

/** Is in the file what the page showed? */
function inFile(snapshot, where) {
	const doc = JSON.parse(readFileSync(`${copy}/members/m-andal/projects/${snapshot.id}.json`, 'utf8'));
	for (const [pointer, value] of Object.entries(snapshot.files))
		if (String(at(doc, pointer) ?? '') !== value)
			lost.push([where, 'file', pointer, value, at(doc, pointer)]);
	looks++;
}

/** Open the entry again: it is as one of these. */
async function again(those, where) {
	await page.goto(`${browser.origin}/entries/${id}/edit`);
	await page.waitForSelector('.form[aria-busy=false]');
	const snapshot = those[0];
	if (snapshot?.language)
		await page.locator(`.languages input[value="${snapshot.language}"]`).check();
	const now = await look();
	looks++;
	if (those.length && !those.some(s => differing(s, now).length === 0))
		lost.push([where, 'page', ...those.map(s => differing(s, now).slice(0, 3))]);
	promised.set(id, now);
}

async function window() {
	page = await browser.window();
	page.setDefaultTimeout(40000);
	page.on('dialog', d => d.accept());
}

// ---- what a person does ----

const TEXTS = ['Trees', 'ä ß œ', 'مياه نظيفة', '漢字', '"quoted" \\ /', '<b>bold</b>', 'e\u0301', 'two\twords', '😀 smile', '12.5', '0'];
const words = i => `${i} ${pick(TEXTS)} ${pick(TEXTS)}`.trim();

/** What can be used, in the order of the page: its kind, its place among those of the kind. */
const USES = {text: '.form input[type=text]:not([role=combobox]):not(.year):not(.short), .form textarea:not(.json)', decimal: '.form input.short', year: '.form input.year', choice: '.form select:not(:disabled)', box: '.form input[type=checkbox]',
	code: '.form .combobox input', add: '.form button:enabled', fold: '.form details:not([open]) > summary', language: '.languages input[type=radio]:not(:checked)'};

async function act(i) {
	const what = pick(['text', 'text', 'text', 'text', 'decimal', 'year', 'choice', 'choice', 'box', 'code', 'code', 'add', 'add', 'add', 'fold', 'language']);
	const all = page.locator(USES[what]).locator('visible=true'), n = await all.count();
	if (!n)
		return 'nothing';
	const one = all.nth(roll(n));
	counts[what] = (counts[what] ?? 0) + 1;
	if (what === 'text')
		await (roll(3) ? one.fill(roll(8) ? words(i) : '') : one.pressSequentially(words(i).replace('\t', ' '), {delay: roll(20)}));
	else if (what === 'decimal')
		await one.fill(String(roll(1000) / 8));
	else if (what === 'year')
		await one.fill(pick(['2020', '2031', '20x', '']));
	else if (what === 'choice')
		await one.selectOption({index: roll(await one.locator('option').count())});
	else if (what === 'code') {
		await one.fill(pick(['a', 'wa', '15', 'en', 'zzzz']));
		await pause(roll(2) * 400);
		await page.keyboard.press(pick(['ArrowDown', 'ArrowUp', 'Escape']));
		await page.keyboard.press(pick(['Enter', 'Tab']));
	} else {
		await one.click();
	}
	return what;
}

/** The window goes in mid-edit, or is loaded again: what was typed is kept for all that. */
async function leave(close) {
	const before = await look();
	if (close) {
		await page.close();
		await pause(300);
		await window();
		await page.context().addCookies(cookies);
	} else {
		await page.reload();
		await page.waitForSelector('.form[aria-busy=false], h1');
		await pause(100);
	}
	id = before.id ?? id;
	if (before.id && before.there) {
		await again([before], `${close ? 'closed' : 'loaded again'}, action ${step}`);
		inFile(before, `${close ? 'closed' : 'loaded again'}, action ${step}`);
	} else {
		await again(promised.has(id) ? [promised.get(id)] : [], `action ${step}`);
	}
}

/** The program is killed while a text is on its way: then there is the entry before it, or with it. @param {number} i */
async function kill(i) {
	const first = await whenKept();
	const one = page.locator(USES.text).locator('visible=true').first();
	await one.fill(words(i));
	await pause(roll(500));
	const last = await look();
	app.child.kill('SIGKILL');
	await new Promise(done => app.child.exitCode !== null || app.child.signalCode ? done() : app.child.once('exit', done));
	await pause(roll(100));
	app = await serve(copy, user);
	await browser.enter(page, app.page);
	cookies = await page.context().cookies();
	if (last.kept)
		inFile(last, `killed, action ${i}`);
	await again(last.kept ? [last] : [first, last], `killed, action ${i}`);
}

let cookies = [], step = 0, killed = 0;
await window();
await browser.enter(page, app.page);
cookies = await page.context().cookies();
await again([], 'begin');
const every = Math.floor(actions / (kills + 1));
for (step = 1; step <= actions; step++) {
	try {
		const chance = roll(100);
		if (step % every === 0 && killed < kills) {
			await kill(step);
			killed++;
		} else if (chance < 3) {
			await leave(false);
		} else if (chance < 6) {
			await leave(true);
		} else if (chance < 8) {
			await new Promise(done => execFile(CIB, pick([['set', id, `${OTHERS}/en=${step}`], ['save'], ['sync']]), {cwd: copy, env: {...process.env, CIB_USER: user}}, () => done()));
		} else if (chance < 9) {
			promised.set(id, await whenKept());
			await page.goto(`${browser.origin}/new/project`);
			await page.waitForSelector('.form[aria-busy=false]');
			await page.getByLabel(/^Title/).fill(words(step));
			await page.waitForURL(/entries\/.*edit/);
			id = (await look()).id;
		} else {
			await act(step);
		}
		if (roll(100) < 30) {
			const now = await whenKept();
			if (now.id) {
				inFile(now, `action ${step}`);
				promised.set(now.id, now);
			}
		}
	} catch (e) {
		lost.push([`action ${step}`, String(e).slice(0, 600)]);
		break;
	}
}
await page.waitForSelector('.state.kept, .state.open').catch(() => {});
const last = await look().catch(() => null);
if (last?.kept && last.id)
	promised.set(last.id, last);
for (const [entryId, snapshot] of promised) {
	id = entryId;
	await again([snapshot], `the end, ${entryId}`);
}
const did = Object.entries(counts).map(([k, n]) => `${n} ${k}`).join(', ');
ok(`${step - 1} actions (${did}), ${killed} kills: what was called kept came back, ${looks} times, in ${promised.size} entries`, lost.length === 0 && step > actions, lost.slice(0, 4));
ok('no error in the page, no request elsewhere', browser.faults.length === 0, browser.faults.slice(0, 3));
if (lost.length)
	console.log(`# again: SEED=${seed} ACTIONS=${actions} KILLS=${kills} bash tests/pages/monkey.sh`);
await app.close();
await browser.close();
end();
