/* An item of the review, field by field, and the decision about it. The keys are those of `cib review --interactive`. */
import {Failure, get, memberName, nameOf, post} from '../api.js';
import {h} from '../dom.js';
import {commentForm, talkButton} from '../remarks.js';
import {ago, changeTag, decisionTag, itemAddress, onWay, sittingBar, stateTag, wayOf} from '../review.js';
import {keyHelp, onKeys} from '../review_keys.js';
import {style} from '../style.js';
import {colon, day, t, tn} from '../words.js';

/* What takes the focus when the page is drawn again. */
let focusNext = '';

/* ---- a field ---- */

/** @param {string} pointer @param {string[]} languages: of a text in languages, its own */
function langOf(pointer, languages) {
	const last = pointer.slice(pointer.lastIndexOf('/') + 1);
	return languages.includes(last) ? last : null;
}

/** @param {any[]} pieces @param {'del' | 'ins' | ''} mark '': nothing is marked */
function text(pieces, mark) {
	return pieces.map(([words, differs]) => differs && mark ? h(mark, null, words) : words);
}

/** @param {any} field @param {boolean} plain the entry is new or withdrawn as a whole @param {string[]} languages */
function sides(field, plain, languages) {
	const lang = langOf(field.pointer, languages);
	/** @param {any[]} pieces @param {'del' | 'ins'} mark @param {string} name */
	const side = (pieces, mark, name) => h('div', {class: `item-side ${plain ? '' : mark === 'del' ? 'was' : 'is'}`},
		!plain && h('p', {class: 'soft small label'}, name),
		h('p', {class: 'value', dir: 'auto', lang}, text(pieces, plain ? '' : mark)));
	const {before, after} = field;
	return h('div', {class: before && after ? 'item-sides two' : 'item-sides'},
		before && side(before, 'del', field.parts && after ? t('Taken out') : after ? t('Before') : t('Removed')),
		after && side(after, 'ins', field.parts && before ? t('Put in') : before ? t('After') : t('Added')));
}

/** @param {any} note @param {{id: string, say: (text: string) => void, refresh: () => void}} item: whose remarks can be answered */
function noteOf(note, item) {
	const about = note.title ? [h('strong', null, note.title), colon()] : [];
	if (note.kind === 'duplicate')
		return h('div', {class: 'note warn'}, h('p', null, note.linked ? t('Linked with') : note.by === 'identifier' ? t('Has the same identifier as') : t('May be the same as'), ' ',
			h('a', {href: note.waits ? itemAddress(note) : `/entries/${encodeURIComponent(note.id)}`, dir: 'auto'}, note.text || note.id), ` (${memberName(note.member)})`));
	if (note.kind === 'remark')
		return h('div', {class: `note said depth-${Math.min(note.depth, 3)}`}, h('p', {class: 'soft small'}, note.by === 'secretariat' ? t('Secretariat') : t('Member'), `, ${note.author}, ${day(note.date)}`),
			h('p', {dir: 'auto'}, about, note.text), talkButton({...item, remark: note}));
	const words = {error: [t('Error'), 'bad'], warning: [t('Warning'), 'warn'], advice: [t('Advice'), '']};
	const [word, colour] = words[/** @type {keyof typeof words} */ (note.kind)] ?? [note.kind, ''];
	return h('div', {class: `note ${colour}`}, h('p', null, h('strong', null, word), ' · ', h('bdi', null, about, note.text)));
}

/** Advice holds nothing up: all of it together, so that it does not stand in the way. @param {any[]} notes */
const adviceOf = notes => notes.length > 0 && h('div', {class: 'note'}, h('p', null, h('strong', null, t('Advice'))), h('ul', {class: 'plain'}, notes.map(n => h('li', null, h('bdi', null, n.title && [n.title, colon()], n.text)))));

/** How the entry stands. @param {any} item */
function standing(item) {
	return [
		item.conflicts && tn('{n} open conflict: the member has still to decide.', '{n} open conflicts: the member has still to decide.', item.conflicts),
		item.awaits && t('It belongs to {member}, too, who has not agreed to this version.', {member: memberName(item.awaits)}),
		item.joined && t('What was accepted changed meanwhile. Accepting joins both; what you see is the result.'),
		item.clashes && t('What was accepted changed meanwhile, and both do not fit together. Ask for a change: the member settles it after its next sync.'),
	].filter(Boolean).map(words => h('div', {class: 'note warn'}, h('p', null, words)));
}

/* ---- the page ---- */

/** @param {import('../main.js').Context} context @returns {Promise<import('../main.js').Page>} */
export async function page(context) {
	const {params, query, signal, go, say, refresh, me} = context;
	const address = `/api/review/items/${encodeURIComponent(params.member)}/${encodeURIComponent(params.id)}`;
	const [item] = await Promise.all([get(address, {all: query.get('all'), whole: query.get('whole')}, signal), style('review.css')]);
	const way = wayOf(item), name = nameOf(item, item.kindTitle), plain = item.change !== 'changed' && !item.onlyNew;
	/** @param {any} note */
	const noted = note => noteOf(note, {id: item.id, say, refresh});
	let marked = -1;

	/** @param {string} what @param {{comment?: string, pointer?: string}} [more] */
	async function step(what, more = {}) {
		try {
			const answer = await post(`${address}/decide`, {version: item.version, what, ...more});
			onWay(item, what);
			return answer;
		} catch (e) {
			if (e instanceof Failure && e.code === 'review.newer') {
				say(e.message);
				refresh();
				return null;
			}
			throw e;
		}
	}

	const said = {accept: t('Accepted'), return: t('Sent back'), decline: t('Declined')};
	/** Decide, and go on. @param {'accept' | 'return' | 'decline'} what @param {string} [comment] */
	async function decide(what, comment) {
		const answer = await step(what, comment ? {comment} : {});
		if (!answer)
			return;
		const next = wayOf({...item, open: answer.open}).open;
		go(next ? itemAddress(next) : '/review');
		say(next ? `${name}: ${said[what]}.` : `${name}: ${said[what]}. ${t('Everything has a decision.')}`);
	}

	const place = h('div', {class: 'place'});
	/** Write, then decide. @param {'return' | 'decline'} what @param {any} button */
	function ask(what, button) {
		const close = () => {
			place.replaceChildren();
			button.focus();
		};
		const {form, area} = commentForm({label: what === 'decline' ? t('Why is it declined?') : t('What is to be changed?'), action: what === 'decline' ? t('Decline') : t('Send back'),
			key: `${item.version} ${what}`, keep: words => decide(what, words), close});
		place.replaceChildren(form);
		area.focus();
	}

	/** A comment on a field; there may be more to say about others: the page stays. @param {any} field @param {number} i */
	function comment(field, i) {
		const row = document.getElementById(`field-${i}`), button = row?.querySelector('.say');
		if (!row || row.querySelector('form'))
			return;
		const close = () => {
			form.remove();
			/** @type {any} */ (button)?.focus();
		};
		const {form, area} = commentForm({label: t('Comment on {field}', {field: field.title}), action: t('Send back with this comment'), key: `${item.version} ${field.pointer}`, close, keep: async words => {
			if (await step('return', {comment: words, pointer: field.pointer})) {
				say(t('Sent back with your comment.'));
				focusNext = `field-${i}`;
				refresh();
			}
		}});
		row.append(form);
		area.focus();
	}

	async function undo() {
		try {
			const back = await post('/api/review/undo');
			say(t('The last step is taken back.'));
			onWay(back, 'none');
			if (back.member && (back.id !== item.id || back.member !== item.member)) {
				go(itemAddress(back));
			} else {
				focusNext = 'undo';
				refresh();
			}
		} catch (e) {
			say(e instanceof Error ? e.message : String(e));
		}
	}

	async function acceptClean() {
		const r = await post('/api/review/accept-clean', {member: item.member});
		say([tn('{n} entry is accepted.', '{n} entries are accepted.', r.taken), r.left ? tn('{n} is to be looked at.', '{n} are to be looked at.', r.left) : ''].join(' '));
		go(r.open ? itemAddress(r.open) : '/review');
	}

	/** @param {any} field @param {number} i */
	const fieldOf = (field, i) => h('section', {class: 'item-field', id: `field-${i}`, tabindex: '-1', 'aria-labelledby': `title-${i}`, onfocusin: () => {
		marked = i;
	}},
	h('div', {class: 'item-head'}, h('h2', {id: `title-${i}`, dir: 'auto'}, field.title),
		h('button', {class: 'say quiet no-print', disabled: !!item.busy, onclick: () => comment(field, i), 'aria-label': t('Comment on {field}', {field: field.title})}, t('Comment'))),
	sides(field, plain, me.network.languages), field.notes.map(noted), own(field.pointer));

	/** The comments of this sitting. @param {string} pointer */
	const own = pointer => (item.said ?? []).filter((/** @type {any} */ c) => c.pointer === pointer).map((/** @type {any} */ c) =>
		h('div', {class: 'note said own'}, h('p', {class: 'soft small'}, t('Your comment, not sent yet')), h('p', {dir: 'auto'}, c.text)));
	const shown = new Set(['', ...item.fields.map((/** @type {any} */ f) => f.pointer)]);
	const elsewhere = (item.said ?? []).filter((/** @type {any} */ c) => !shown.has(c.pointer)).map((/** @type {any} */ c) =>
		h('div', {class: 'note said own'}, h('p', {class: 'soft small'}, t('Your comment, not sent yet')), h('p', {dir: 'auto'}, h('strong', null, `${c.title}${colon()}`), c.text)));

	/** The same page with other words behind its address. @param {string} key */
	function toggled(key) {
		const words = new URLSearchParams(query);
		if (words.has(key))
			words.delete(key);
		else
			words.set(key, '1');
		return words.size ? `${itemAddress(item)}?${words}` : itemAddress(item);
	}

	const help = keyHelp();
	const buttons = {
		accept: h('button', {class: 'primary', disabled: !!item.busy, onclick: () => decide('accept')}, t('Accept')),
		return: h('button', {disabled: !!item.busy, onclick: () => ask('return', buttons.return)}, t('Ask for a change')),
		decline: h('button', {disabled: !!item.busy, onclick: () => ask('decline', buttons.decline)}, t('Decline')),
	};
	const skip = () => go(way.next ? itemAddress(way.next) : '/review');
	/** @param {number} by */
	const mark = by => document.getElementById(`field-${Math.max(0, Math.min(item.fields.length - 1, marked + by))}`)?.focus();
	onKeys(signal, {
		a: () => buttons.accept.click(), A: acceptClean, r: () => buttons.return.click(), d: () => buttons.decline.click(), s: skip, n: skip, ArrowRight: skip,
		c: () => item.fields[Math.max(0, marked)] && comment(item.fields[Math.max(0, marked)], Math.max(0, marked)),
		p: () => way.previous && go(itemAddress(way.previous)), ArrowLeft: () => way.previous && go(itemAddress(way.previous)),
		j: () => mark(1), k: () => mark(-1), ArrowDown: () => mark(1), ArrowUp: () => mark(-1), u: undo, o: () => go(toggled('whole')), l: () => item.seen && go(toggled('all')),
		f: () => document.getElementById('finish')?.click(), q: () => go('/review'), '?': help.open, h: help.open,
	});
	if (focusNext) {
		const id = focusNext;
		focusNext = '';
		setTimeout(() => document.getElementById(id)?.focus(), 0);
	}

	return {title: name, content: [
		h('nav', {class: 'way no-print', 'aria-label': t('Queue')}, h('a', {href: '/review'}, t('Queue')), h('span', {class: 'soft'}, t('{at} of {of}', {at: way.at, of: way.of})),
			way.previous && h('a', {href: itemAddress(way.previous), rel: 'prev'}, t('Previous')), way.next && h('a', {href: itemAddress(way.next), rel: 'next'}, t('Next'))),
		h('p', {class: 'tags'}, decisionTag(item.decision), stateTag(item.state), changeTag(item.change), item.clean && h('span', {class: 'tag good'}, t('Clean'))),
		h('p', {class: 'soft'}, [item.kindTitle, memberName(item.member), item.author && t('by {user}', {user: item.author}), ago(item.submitted)].filter(Boolean).join(' · '), ' · ',
			h('a', {href: `/review/activity?member=${encodeURIComponent(item.member)}&id=${encodeURIComponent(item.id)}`}, t('Activity'))),
		item.busy && h('p', {class: 'note warn'}, item.busy.message, ' ', item.busy.hint),
		...standing(item), ...item.notes.filter((/** @type {any} */ n) => n.kind !== 'advice').map(noted), adviceOf(item.notes.filter((/** @type {any} */ n) => n.kind === 'advice')), ...own(''), ...elsewhere,
		item.seen && h('p', {class: 'no-print'}, item.onlyNew ? t('You see what changed since it was looked at last.') : t('You see all changes.'), ' ',
			h('a', {href: toggled('all')}, item.onlyNew ? t('Show all changes') : t('Show what is new only'))),
		h('div', {class: 'item-fields'}, item.fields.map(fieldOf), !item.fields.length && h('p', {class: 'soft'}, t('No field differs.'))),
		item.whole !== undefined && h('section', null, h('h2', null, t('The whole entry')), h('pre', {tabindex: '0', 'aria-label': t('The whole entry')}, item.whole)),
		h('p', {class: 'no-print'}, h('a', {href: toggled('whole')}, item.whole === undefined ? t('Show the whole entry') : t('Hide the whole entry'))),
		h('div', {class: 'decide no-print', role: 'group', 'aria-label': t('Decision')}, place,
			h('div', {class: 'actions'}, buttons.accept, buttons.return, buttons.decline, h('button', {onclick: skip}, t('Skip')),
				h('span', {class: 'apart'}, h('button', {id: 'undo', class: 'quiet', disabled: !!item.busy, onclick: undo}, t('Undo')), h('button', {class: 'quiet', onclick: help.open}, t('Keys (?)'))))),
		sittingBar(item.sitting, context), help.dialog].filter(Boolean)};
}
