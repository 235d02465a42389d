// The page's half of keeping (form/draft.js) against the real program, without a browser: 1,000 random changes of an entry, while
// the program is killed and others edit the same entry. What was called kept is in the file. draft.mjs FOLDER ENTRY ACTIONS
import {spawn, spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';

const [folder, id, count] = process.argv.slice(2), CIB = process.env.CIB ?? 'cib', env = {...process.env, CIB_USER: 'andal-1', CIB_LANG: 'en'};
const path = `${folder}/members/m-andal/projects/${id}.json`, web = new URL('../../lib/app/web/', import.meta.url);
let app, origin = '', cookie = '';
const plain = globalThis.fetch;
globalThis.window = globalThis;
globalThis.fetch = (address, options = {}) => plain(origin + address, {...options, keepalive: false, headers: {...options.headers, Origin: origin, Cookie: cookie, Connection: 'close'}});
const {get, post, whoAmI} = await import(new URL('api.js', web));
const {Draft, at, changes, put, same} = await import(new URL('form/draft.js', web));

let failed = 0;
const ok = (sentence, holds, why) => {
	console.log(`${holds ? 'ok' : 'not ok'} - ${sentence}${holds ? '' : ` (${JSON.stringify(why)})`}`);
	failed += holds ? 0 : 1;
};

async function start() {
	app = spawn(CIB, ['app', '--no-open'], {cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore']});
	const page = readFileSync(String(await new Promise(done => app.stdout.once('data', done))).trim(), 'utf8');
	const [, where, token] = /url=(http:\/\/127\.0\.0\.1:\d+)\/#start=([0-9a-f]{64})/.exec(page);
	origin = where;
	const answer = await fetch('/api/start', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({token})});
	cookie = answer.headers.get('set-cookie').split(';')[0];
	await whoAmI();
}
const stop = signal => new Promise(done => {
	app.once('exit', done);
	app.kill(signal);
});

// ---- what differs, without a server ----
const form = {fields: [{name: 'title', widget: 'texts'}, {name: 'partners', widget: 'list', key: 'id', item: {widget: 'object', fields: [{name: 'role', widget: 'text'}]}}, {name: 'themes', widget: 'list', set: true, item: {widget: 'code'}}]};
const was = {title: {en: 'a', fr: 'b'}, partners: [{id: 'o-1', role: '1'}, {id: 'o-2', role: '2'}], themes: ['x'], 'x-note': {deep: [1, 2]}};
const now = structuredClone(was);
put(now, ['title', 'en'], 'c');
put(now, ['partners', 1, 'role'], '4');
ok('a change is of the field alone, items by what identifies them', same(changes(was, now, form), [{path: '/title/en', value: 'c', was: 'a'}, {path: '/partners/o-2/role', value: '4', was: '2'}]), changes(was, now, form));
put(now, ['title', 'en'], undefined);
put(now, ['title', 'fr'], undefined);
ok('what becomes empty goes', !('title' in now) && same(changes(was, now, form)[0], {path: '/title', was: was.title}), changes(was, now, form));
now.partners.reverse();
ok('a list in another order goes as a whole', changes(was, now, form)[1].path === '/partners', changes(was, now, form));
ok('equality is by value, in any order of names', same({a: 1, b: [1, {c: null}]}, {b: [1, {c: null}], a: 1}) && !same({a: 1}, {a: 1, b: undefined}) && !same([1], {0: 1}));

// ---- with the program, killed now and then ----
let state = 42;
const roll = n => {
	state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
	return Math.floor(state / 4294967296 * n);
};
const texts = [['title', 'en'], ['title', 'fr'], ['description', 'general', 'en'], ['description', 'objectives', 'fr'], ['dates', 'plannedEnd'], ['reviewedThrough'], ['modality']];
let draft, kept = false, outside = 0;
async function open() {
	await start();
	draft = new Draft(await get(`/api/drafts/${id}`), {state: s => {
		kept = s === 'kept';
	}, answer: () => {}, outside: () => outside++, changed: () => {}});
	kept = true;
}
function act(i) {
	const list = structuredClone(draft.get(['partners']) ?? []);
	switch (roll(8)) {
	case 0:
		return draft.set(['partners'], [...list, {id: `o-${i + 10}`, role: '4', name: {en: `City ${i}`}}]);
	case 1:
		return list.length > 1 && draft.set(['partners'], list.filter((_, k) => k !== roll(list.length)));
	case 2:
		return list.length > 1 && draft.set(['partners'], [...list.slice(1), list[0]]);
	case 3:
		return list.length > 0 && draft.set(['partners', roll(list.length), 'role'], String(1 + roll(4)));
	case 4:
		return draft.set(['themes'], ['waste', 'youth', 'culture'].slice(roll(3)));
	case 5:
		return draft.set(texts[roll(texts.length)], undefined);
	default:
		return draft.set(texts[roll(texts.length)], `${i} ${'ä ش\t"\\字'.slice(0, roll(8))}`);
	}
}
await open();
let kills = 0, looks = 0, others = 0;
const lost = [], actions = Number(count);
const strip = doc => {
	const copy = structuredClone(doc);
	delete copy['x-cib-translated'];
	put(copy, ['description', 'other'], undefined); /* the others' field: the page learns of it with its next change */
	return copy;
};
const nfc = doc => JSON.parse(JSON.stringify(doc).normalize('NFC'));
const look = (where, doc) => {
	looks++;
	const file = JSON.parse(readFileSync(path, 'utf8'));
	if (!same(nfc(strip(doc)), strip(file)))
		lost.push([where, changes(strip(doc), strip(file), draft.form).slice(0, 2)]);
};
for (let i = 0; i < actions; i++) {
	act(i);
	const next = roll(20);
	if (next < 6) {
		await draft.flush();
		if (kept)
			look(i, draft.doc);
	} else if (next === 6) {
		await draft.flush();
		spawnSync(CIB, ['set', id, `/description/other/en=${i}`], {cwd: folder, env, stdio: 'ignore'});
		others++;
	} else if (next === 7) {
		const promised = kept && same(draft.doc, draft.kept) ? structuredClone(draft.doc) : null;
		if (roll(2))
			draft.flush();
		await new Promise(done => setTimeout(done, roll(8)));
		const after = kept && same(draft.doc, draft.kept) ? structuredClone(draft.doc) : promised;
		await stop('SIGKILL');
		kills++;
		clearTimeout(draft.timer);
		if (after)
			look(`${i}, killed`, after);
		await open();
		look(`${i}, opened`, draft.doc);
	}
}
await draft.flush();
look('end', draft.doc);
ok(`${actions} changes, ${kills} kills, ${others} edits of others (${outside} seen): what was called kept is in the file, ${looks} times`, lost.length === 0 && kept, lost.slice(0, 3));
const left = (await get(`/api/drafts/${id}`)).clashes;
ok('nobody changed the same: nothing clashed', left.length === 0, left);
await stop('SIGTERM');
process.exit(failed ? 1 : 0);
