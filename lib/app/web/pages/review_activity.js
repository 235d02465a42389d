/* What the secretariat decided and said, what members sent and answered: the newest first. */
import {get, memberName, nameOf} from '../api.js';
import {h, newId} from '../dom.js';
import {itemAddress} from '../review.js';
import {style} from '../style.js';
import {colon, day, t, tn} from '../words.js';

/** @param {any} row */
function inWords(row) {
	const name = h('a', {href: row.waits ? itemAddress(row) : `/entries/${encodeURIComponent(row.id)}`, dir: 'auto'}, nameOf(row, row.kindTitle));
	const words = {
		accepted: t('accepted'), corrected: t('written by the secretariat'), returned: t('sent back'), declined: t('declined'),
		commented: row.byMember ? t('answered by the member') : t('commented'), arrived: t('arrived and waits'),
	};
	const signs = {accepted: '✓', corrected: '✎', returned: '↩', declined: '✕', commented: '❝', arrived: '→'};
	const what = /** @type {keyof typeof words} */ (row.what);
	return h('li', null,
		h('p', {class: 'name'}, h('span', {'aria-hidden': 'true', class: 'sign'}, signs[what] ?? '·'), ' ', name, ' ', h('span', {class: 'tag'}, words[what] ?? row.what)),
		h('p', {class: 'soft small'}, [day(row.when, true), row.kindTitle, memberName(row.member), row.user && t('by {user}', {user: row.user})].filter(Boolean).join(' · ')),
		row.text && h('blockquote', {dir: 'auto'}, row.field && h('strong', null, `${row.field}${colon()}`), row.text));
}

/** @param {import('../main.js').Context} context @returns {Promise<import('../main.js').Page>} */
export async function page({query, signal, go}) {
	const member = query.get('member') ?? '', id = query.get('id') ?? '', days = query.get('days') ?? '90';
	const [answer] = await Promise.all([get('/api/review/activity', {member, id, days}, signal), style('filters.css'), style('review.css')]);
	const label = newId('days');
	const span = h('select', {id: label, onchange: (/** @type {any} */ e) => {
		query.set('days', e.target.value);
		go(`/review/activity?${query}`);
	}}, [['14', t('14 days')], ['90', t('90 days')], ['366', t('A year')], ['36500', t('All')]].map(([v, text]) => h('option', {value: v, selected: v === days}, text)));
	const title = id ? t('Activity of {name}', {name: answer.rows[0]?.title || id}) : member ? t('Activity of {name}', {name: memberName(member)}) : t('Activity');
	return {title, content: [
		h('p', {class: 'choices no-print'}, h('span', {class: 'choice'}, h('label', {for: label}, t('Time')), span), (member || id) && h('a', {class: 'button', href: '/review/activity'}, t('Of all members'))),
		h('p', {class: 'soft'}, answer.rows.length ? tn('{n} event', '{n} events', answer.count) : t('Nothing happened in this time.')),
		h('ol', {class: 'feed'}, answer.rows.map(inWords)),
		h('p', null, h('a', {href: '/review'}, t('To the queue')))]};
}
