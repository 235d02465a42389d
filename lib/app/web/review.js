/* What the pages of the review share: words, the way through the queue, the bar with what was decided. */
import {follow, post} from './api.js';
import {fill, h} from './dom.js';
import {number, t, tn} from './words.js';

/** @param {string} change */
export function changeTag(change) {
	const words = {new: [t('New'), 'good'], changed: [t('Changed'), ''], withdrawn: [t('Withdrawn'), 'warn']};
	const [text, colour] = words[/** @type {keyof typeof words} */ (change)] ?? [change, ''];
	return h('span', {class: `tag ${colour}`}, text);
}

/** @param {string} decision of the sitting; nothing for none */
export function decisionTag(decision) {
	const words = {accept: [`✓ ${t('Accepted')}`, 'good'], return: [`↩ ${t('Sent back')}`, 'warn'], decline: [`✕ ${t('Declined')}`, 'bad']};
	const found = words[/** @type {keyof typeof words} */ (decision)];
	return found ? h('span', {class: `tag ${found[1]}`}, found[0]) : null;
}

/** @param {string} state of the item: pending says nothing */
export function stateTag(state) {
	return state === 'returned' ? h('span', {class: 'tag warn'}, t('Back with the member')) :
		state === 'declined' ? h('span', {class: 'tag bad'}, t('Declined')) : null;
}

/** How long ago. @param {number} when seconds since 1970; 0: unknown */
export function ago(when) {
	if (!when)
		return '';
	const hours = Math.max(0, Date.now() / 3600000 - when / 3600);
	return hours < 1 ? t('within the last hour') : hours < 48 ? tn('{n} hour ago', '{n} hours ago', Math.floor(hours)) : tn('{n} day ago', '{n} days ago', Math.floor(hours / 24));
}

/** @param {{member: string, id: string}} item */
export const itemAddress = item => `/review/${encodeURIComponent(item.member)}/${encodeURIComponent(item.id)}`;

/* ---- the way: the rows of the queue as they were shown last, so that a filter holds while one goes from entry to entry ---- */

/** @type {{member: string, id: string, decision: string, state: string}[]} */
let rows = [];
/** @param {any[]} shown */
export function setWay(shown) {
	rows = shown.map(({member, id, decision, state}) => ({member, id, decision, state}));
}

/** @param {{member: string, id: string}} item */
const place = item => rows.findIndex(r => r.member === item.member && r.id === item.id);

/** @param {{member: string, id: string}} item @param {string} decision */
export function onWay(item, decision) {
	const at = place(item);
	if (at >= 0)
		rows[at].decision = decision;
}

/** Where an item stands on the way: as the server says of the whole queue, when it is not on it. @param {any} item */
export function wayOf(item) {
	const at = place(item);
	if (at < 0)
		return {at: item.at, of: item.of, previous: item.previous, next: item.next, open: item.open};
	const n = rows.length;
	const behind = [...rows.slice(at + 1), ...rows.slice(0, at)];
	return {at: at + 1, of: n, previous: n > 1 ? rows[(at + n - 1) % n] : null, next: n > 1 ? rows[(at + 1) % n] : null,
		open: behind.find(r => r.decision === 'none' && r.state === 'pending')};
}

/* ---- to finish ---- */

/** What came of the last finish, until it was shown. */
let outcome = /** @type {{text: string, notes: string[], good: boolean} | null} */ (null);
export function takeOutcome() {
	const taken = outcome;
	outcome = null;
	return taken;
}

/** @param {any} job of the review @param {any} sync */
function inWords(job, sync) {
	const r = job.result ?? {};
	const parts = [
		r.accepted && tn('Accepted {n} entry.', 'Accepted {n} entries.', r.accepted),
		r.returned && tn('Sent back {n} entry.', 'Sent back {n} entries.', r.returned),
		r.declined && tn('Declined {n} entry.', 'Declined {n} entries.', r.declined),
		r.stale && tn('{n} changed meanwhile and waits again.', '{n} changed meanwhile and wait again.', r.stale),
		job.state === 'failed' && job.error.message,
		sync?.state === 'done' && t('The members get it with their next sync.'),
		sync?.error?.status === 4 && t('There is no connection. The decisions are carried out on this computer and go with the next sync.'),
		sync?.state === 'failed' && sync.error.status !== 4 && sync.error.message,
		sync?.state === 'stopped' && t('Stopped before all was sent. The rest goes with the next sync.'),
	].filter(Boolean);
	return parts.join(' ') || t('There was nothing to carry out.');
}

/** Carry all decisions out, then send them. @param {(text: string) => void} tell */
async function finish(tell) {
	tell(t('Carrying out the decisions…'));
	const job = await follow(await post('/api/review/finish'), () => {});
	let sync = null;
	if (job.state === 'done') {
		tell(t('Sending…'));
		sync = await follow(await post('/api/sync'), () => {});
	}
	const notes = job.result?.notes ?? [];
	outcome = {text: inWords(job, sync), notes, good: job.state === 'done' && !notes.length && sync?.state === 'done'};
}

/**
 * What was decided and not carried out yet, with the button that does.
 * @param {any} sitting {accept, return, decline} @param {import('./main.js').Context} context
 */
export function sittingBar(sitting, {go, say, refresh}) {
	const counts = [
		sitting.accept && `✓ ${tn('{n} accepted', '{n} accepted', sitting.accept)}`,
		sitting.return && `↩ ${tn('{n} sent back', '{n} sent back', sitting.return)}`,
		sitting.decline && `✕ ${tn('{n} declined', '{n} declined', sitting.decline)}`,
	].filter(Boolean);
	if (!counts.length)
		return null;
	const line = h('p', {role: 'status'}, h('strong', null, t('Decided:')), ' ', counts.join(', '), ' ', h('span', {class: 'soft'}, t('Kept on this computer until you finish.')));
	const button = h('button', {class: 'primary', id: 'finish', onclick: async () => {
		button.disabled = true;
		try {
			await finish(text => fill(line, text));
		} catch (e) {
			outcome = {text: e instanceof Error ? e.message : String(e), notes: [], good: false};
		}
		say(outcome?.text ?? '');
		if (location.pathname === '/review')
			refresh();
		else
			go('/review');
	}}, t('Finish and send'));
	return h('div', {class: 'sitting card no-print'}, line, button);
}
