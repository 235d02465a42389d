/* The queue: what waits for the secretariat, by filters; whole clean submissions are accepted at once. */
import {get, memberName, nameOf, post} from '../api.js';
import {fill, h} from '../dom.js';
import {choice, folded, setWord, tick} from '../filters.js';
import {ago, changeTag, decisionTag, itemAddress, setWay, sittingBar, stateTag, takeOutcome} from '../review.js';
import {style} from '../style.js';
import {number, t, tn} from '../words.js';

const SHOWN = 200; /* rows at once; more on demand */

/** @param {any} row */
function marks(row) {
	return [
		row.errors && h('span', {class: 'tag bad'}, tn('{n} error', '{n} errors', row.errors)),
		row.warnings && h('span', {class: 'tag warn'}, tn('{n} warning', '{n} warnings', row.warnings)),
		row.conflicts && h('span', {class: 'tag warn'}, tn('{n} open conflict', '{n} open conflicts', row.conflicts)),
		row.clashes && h('span', {class: 'tag warn'}, t('Does not fit what was accepted')),
		row.duplicates && h('span', {class: 'tag warn'}, tn('like {n} other entry', 'like {n} other entries', row.duplicates)),
		row.awaited && h('span', {class: 'tag warn'}, t('Another owner has not agreed')),
		row.answered && h('span', {class: 'tag'}, t('Answered')),
		row.clean && row.state === 'pending' && h('span', {class: 'tag good'}, t('Clean')),
	].filter(Boolean);
}

/** @param {any} row */
function rowOf(row) {
	const about = [row.kindTitle, memberName(row.member), tn('{n} field', '{n} fields', row.size), row.author && t('by {user}', {user: row.author}), ago(row.submitted)].filter(Boolean);
	return h('li', null,
		h('p', {class: 'name'}, h('a', {href: itemAddress(row), dir: 'auto'}, nameOf(row, row.kindTitle)), ' ',
			row.look && h('span', {class: 'tag'}, row.look === 'new' ? t('Not seen yet') : t('Newer version'))),
		h('p', {class: 'tags'}, decisionTag(row.decision), stateTag(row.state), changeTag(row.change), marks(row)),
		h('p', {class: 'soft small'}, about.join(' · ')));
}

/** @param {any} answer @param {(name: string, value: string) => void} set @param {URLSearchParams} query */
function filters(answer, query, set) {
	const {members, kinds} = answer.choices;
	const value = (/** @type {string} */ name) => query.get(name) ?? '';
	/** @type {(all: string, map: Record<string, string>) => [string, string][]} */
	const options = (all, map) => [['', all], ...Object.entries(map)];
	return h('div', {class: 'choices no-print', role: 'search', 'aria-label': t('Filters')},
		choice(t('Member'), value('member'), options(t('All members'), Object.fromEntries(Object.keys(members).map(id => [id, memberName(id)]))), v => set('member', v)),
		choice(t('Kind'), value('kind'), options(t('All kinds'), kinds), v => set('kind', v)),
		choice(t('State'), value('state'), [['', t('All states')], ['pending', t('Waiting')], ['returned', t('Back with the member')], ['declined', t('Declined')]], v => set('state', v)),
		choice(t('Found'), value('with'), [['', t('With and without findings')], ['errors', t('With errors')], ['warnings', t('With warnings')], ['conflicts', t('With conflicts')], ['duplicates', t('With likely duplicates')]], v => set('with', v)),
		choice(t('Age'), value('older'), [['', t('Any age')], ['7', t('7 days and more')], ['30', t('30 days and more')]], v => set('older', v)),
		choice(t('Order'), value('sort'), [['', t('By member')], ['kind', t('By kind')], ['age', t('Oldest first')], ['size', t('Smallest first')]], v => set('sort', v)),
		tick(t('Clean ones only'), query.has('clean'), v => set('clean', v)),
		tick(t('Not seen yet only'), query.has('new'), v => set('new', v)));
}

/** Counts by member, each with its button. @param {any} answer @param {(member: string) => void} accept @param {Set<string>} open members with clean entries that have no decision yet */
function byMember(answer, accept, open) {
	if (!answer.members.length)
		return null;
	return h('div', {class: 'members-scroll', role: 'region', tabindex: '0', 'aria-label': t('By member')}, h('table', {class: 'members'},
		h('thead', null, h('tr', null, [t('Member'), t('Waiting'), t('Clean'), t('Back with the member'), t('Oldest')].map(text => h('th', {scope: 'col'}, text)),
			h('th', {scope: 'col'}, h('span', {class: 'hidden'}, t('Accept'))))),
		h('tbody', null, answer.members.map((/** @type {any} */ m) => h('tr', null, h('th', {scope: 'row'}, h('a', {href: `/review/activity?member=${encodeURIComponent(m.member)}`}, memberName(m.member))),
			[m.pending, m.clean, m.back].map(n => h('td', {class: 'number'}, number(n))), h('td', null, ago(m.oldest)),
			h('td', null, open.has(m.member) && h('button', {onclick: () => accept(m.member), 'aria-label': t('Accept the clean ones of {member}', {member: memberName(m.member)})}, t('Accept the clean ones'))))))));
}

/** @param {any} answer */
function summary(answer) {
	const {all} = answer;
	return [
		all.pending ? tn('{n} entry waits.', '{n} entries wait.', all.pending) : t('Nothing waits.'),
		all.clean && tn('{n} of them is clean.', '{n} of them are clean.', all.clean),
		all.back && tn('{n} is back with its member.', '{n} are back with their members.', all.back),
		answer.gone && tn('{n} has gone since the last look.', '{n} have gone since the last look.', answer.gone),
	].filter(Boolean).join(' ');
}

/** @param {import('../main.js').Context} context @returns {Promise<import('../main.js').Page>} */
export async function page(context) {
	const {query, signal, say, refresh} = context;
	const results = h('div', {class: 'results'}), head = h('div', null);
	const load = () => get('/api/review', Object.fromEntries(query), signal);
	const [first] = await Promise.all([load(), style('filters.css'), style('review.css')]);
	const done = takeOutcome();

	/** @param {string} [member] all without */
	async function accept(member) {
		const r = await post('/api/review/accept-clean', {member: member ?? ''});
		say([tn('{n} entry is accepted.', '{n} entries are accepted.', r.taken), r.left ? tn('{n} is to be looked at.', '{n} are to be looked at.', r.left) : ''].join(' '));
		await show(await load());
		(document.getElementById('finish') ?? document.querySelector('h1'))?.focus();
	}

	/** @param {any} answer */
	async function show(answer) {
		setWay(answer.rows);
		const open = answer.rows.filter((/** @type {any} */ r) => r.clean && r.state === 'pending' && r.decision === 'none');
		const next = answer.rows.find((/** @type {any} */ r) => r.state === 'pending' && r.decision === 'none');
		fill(head,
			answer.busy && h('p', {class: 'note warn'}, answer.busy.message, ' ', answer.busy.hint),
			sittingBar(answer.sitting, context),
			h('p', {class: 'lead'}, summary(answer)),
			h('p', {class: 'actions no-print'},
				next && h('a', {class: 'button primary', href: itemAddress(next)}, t('Look at the next')),
				open.length > 0 && !answer.busy && h('button', {onclick: () => accept()}, tn('Accept {n} clean entry', 'Accept all {n} clean entries', open.length)),
				(answer.fresh || answer.newer) > 0 && h('button', {onclick: async () => {
					await post('/api/review/looked');
					refresh();
				}}, t('Mark all as seen')),
				h('a', {class: 'button', href: '/review/activity'}, t('Activity'))));
		const list = h('ol', {class: 'queue'}, answer.rows.slice(0, SHOWN).map(rowOf));
		const left = answer.rows.length - SHOWN;
		const more = left > 0 && h('button', {onclick: () => {
			const from = list.children.length;
			list.append(...answer.rows.slice(from, from + SHOWN).map(rowOf));
			list.children[from].querySelector('a')?.focus();
			more.hidden = list.children.length === answer.rows.length;
		}}, t('Show more'));
		fill(results, answer.members.length > 1 && [h('h2', null, t('By member')), byMember(answer, accept, new Set(answer.busy ? [] : open.map((/** @type {any} */ r) => r.member)))],
			answer.rows.length > 0 && h('h2', null, t('Entries')),
			answer.rows.length ? list : answer.choices.count > 0 && h('p', {class: 'soft'}, t('No entry fits these filters.')), more);
	}

	/** @param {string} name @param {string} value */
	async function set(name, value) {
		setWord(query, name, value);
		const answer = await load();
		await show(answer);
		say(tn('{n} entry', '{n} entries', answer.rows.length));
	}

	await show(first);
	return {title: t('Review'), wide: true, content: [
		done && h('div', {class: `note ${done.good ? 'good' : 'warn'}`}, h('p', null, done.text), done.notes.length > 0 && h('ul', null, done.notes.map(n => h('li', null, n)))),
		head, first.choices.count > 0 && folded(filters(first, query, set), signal, () => query.size > 0), results].filter(Boolean)};
}
