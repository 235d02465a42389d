/* One entry as a person reads it: printable, in the reader's language, with what was said about it. */
import {get, memberName, nameOf} from '../api.js';
import {h} from '../dom.js';
import {dialogue} from '../remarks.js';
import {lang, t} from '../words.js';

/* What only machines need. */
const MACHINERY = /^\/(id|kind|schema|owner|sourceLanguage|x-[^/]*|visibility)(\/|$)|\/\d+\/id$/;
const RTL = /^(ar|fa|he|ur|ps|sd|ug|yi|dv|ckb)(-|$)/;

/** The name of a language in the reader's. @param {string} code */
function langName(code) {
	try {
		return new Intl.DisplayNames([lang()], {type: 'language'}).of(code) ?? code;
	} catch {
		return code;
	}
}

/** @typedef {{pointer: string, depth: number, title?: string, text?: string, name?: string, written?: string, reference?: boolean, stale?: boolean, lang?: string, below: Field[]}} Field */

/** The flat list as a tree. @param {any[]} fields @returns {Field[]} */
function tree(fields) {
	/** @type {Field[]} */
	const top = [];
	/** @type {Field[]} */
	const stack = [];
	for (const f of fields) {
		if (MACHINERY.test(f.pointer))
			continue;
		const field = {...f, below: []};
		stack.length = f.depth;
		(stack[f.depth - 1]?.below ?? top).push(field);
		stack.push(field);
	}
	return top;
}

/** What one reads alike: "Waste" and "waste". @param {string} text */
const plain = text => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** @param {Field} f */
function text(f) {
	const value = f.text ?? '';
	if (f.name && f.reference)
		return h('a', {href: `/entries/${encodeURIComponent(value)}`}, f.name);
	if (f.name)
		return plain(f.name) === plain(value) ? f.name : [f.name, ' ', h('span', {class: 'soft small'}, value)];
	if (f.written)
		return f.written;
	if (/^https?:\/\/[^\s<>"]+$/.test(value)) /* leads out only when a person says so */
		return h('a', {href: value, target: '_blank', rel: 'noopener noreferrer external'}, value);
	return value.split(/\n{2,}/).length > 1 ? value.split(/\n{2,}/).map(p => h('p', null, p)) : value;
}

/** @param {Field} f */
function value(f) {
	return h('span', {dir: f.lang && RTL.test(f.lang) ? 'rtl' : 'auto', lang: f.lang, class: 'value'}, text(f),
		f.stale && h('span', {class: 'tag warn'}, t('older than its source')));
}

/* The language that the entry that is shown was written in. */
let source = '';

/** A text in languages: the reader's, else the one it was written in, and the others to open. @param {Field[]} texts */
function texts(texts) {
	const mine = texts.find(f => f.lang === lang()) ?? texts.find(f => f.lang === source) ?? texts[0];
	const others = texts.filter(f => f !== mine);
	return [h('div', {class: 'prose'}, value(mine), mine.lang !== lang() && h('span', {class: 'soft small'}, ' ', langName(mine.lang ?? ''))),
		others.length ? h('details', null, h('summary', null, t('Other languages: {list}', {list: others.map(f => langName(f.lang ?? '')).join(', ')})),
			others.map(f => h('div', {class: 'prose'}, h('h4', null, langName(f.lang ?? '')), value(f)))) : null];
}

/** @param {Field} f @returns {any} */
function inside(f) {
	if (!f.below.length)
		return value(f);
	if (f.below.every(b => b.lang))
		return texts(f.below);
	if (f.below.every(b => b.title === undefined))
		return h('ul', {class: f.below.some(b => b.below.length) ? 'items' : 'plain'}, f.below.map(b => h('li', null, inside(b))));
	return h('dl', {class: 'inner'}, f.below.map(b => h('div', null, h('dt', null, b.title ?? ''), h('dd', null, inside(b)))));
}

/** What the person has still to do for it to be where it should. @param {any} entry */
function whatNext(entry) {
	const words = {
		draft: t('This is a draft. It stays on this computer until what is missing or wrong is mended: Edit says what.'),
		'only-here': t('This is ready. It goes with the next sync, which Home begins.'),
		returned: t('The secretariat asks for a change. Edit it, then sync.'),
		removed: t('This is taken away with the next sync.'),
	};
	const text = words[/** @type {keyof typeof words} */ (entry.state)];
	return text && h('p', {class: entry.state === 'only-here' ? 'note no-print' : 'note warn no-print'}, text, ' ', entry.state === 'only-here' && h('a', {href: '/'}, t('Home')));
}

/** @param {import('../main.js').Context} context @returns {Promise<import('../main.js').Page>} */
export async function page({params, signal, say, refresh}) {
	const entry = await get(`/api/entries/${encodeURIComponent(params.id)}`, {}, signal);
	source = entry.sourceLanguage;
	const place = (/** @type {Field} */ f) => (entry.order.indexOf(f.pointer.slice(1)) + 1) || Infinity;
	const fields = tree(entry.fields).filter(f => !['/title', '/name'].includes(f.pointer) || f.below.length > 1).sort((a, b) => place(a) - place(b));
	const states = {draft: t('Draft'), 'only-here': t('Ready to send'), refused: t('Refused'), sent: t('Sent'), seen: t('Seen by the secretariat'), returned: t('Sent back'), declined: t('Declined'), accepted: t('Accepted'), removed: t('Removed')};
	const saysWhy = ['returned', 'declined', 'refused'].includes(entry.state);
	const said = dialogue({...entry, say, refresh});
	return {title: nameOf(entry), content: [
		h('p', {class: 'soft'}, [entry.kind, entry.id !== entry.member && memberName(entry.member), entry.id].filter(Boolean).join(' · '), ' ', entry.state && h('span', {class: 'tag'}, states[/** @type {keyof typeof states} */ (entry.state)] ?? entry.state)),
		h('p', {class: 'actions no-print'},
			entry.own && h('a', {href: `/entries/${entry.id}/edit`, class: 'button primary'}, t('Edit')),
			h('a', {href: `/entries/${entry.id}/history`, class: 'button'}, t('History')),
			h('button', {type: 'button', onclick: () => window.print()}, t('Print'))),
		whatNext(entry),
		saysWhy && said,
		h('dl', {class: 'fields'}, fields.map(f => h('div', null, h('dt', null, f.title ?? ''), h('dd', null, inside(f))))),
		!saysWhy && said,
	].filter(Boolean)};
}
