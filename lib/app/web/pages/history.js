/* The history of an entry as a story, the newest first, with an old version to bring back. */
import {get, memberName, nameOf, post} from '../api.js';
import {h} from '../dom.js';
import {colon, day, t, tn} from '../words.js';

/** @param {any} e */
function who(e) {
	return e.member ? t('{user}, {member}', {user: e.user, member: memberName(e.member)}) : t('{user}, secretariat', {user: e.user});
}

/** @param {any} c */
function change(c) {
	return h('div', null, h('dt', null, c.title), h('dd', null,
		c.before !== undefined && h('del', {dir: 'auto'}, h('span', {class: 'hidden'}, t('before:'), ' '), c.before), ' ',
		c.after !== undefined && h('ins', {dir: 'auto'}, h('span', {class: 'hidden'}, t('after:'), ' '), c.after)));
}

/** @param {import('../main.js').Context} context @returns {Promise<import('../main.js').Page>} */
export async function page({params, signal, go, say}) {
	const story = await get(`/api/entries/${encodeURIComponent(params.id)}/history`, {}, signal);
	const words = {created: t('Written'), changed: t('Changed'), removed: t('Taken away'), accepted: t('Accepted'), returned: t('Sent back'), declined: t('Declined'), commented: t('Commented')};
	const colours = {accepted: 'good', returned: 'warn', declined: 'bad', removed: 'bad'};
	const newest = story.events.find((/** @type {any} */ e) => e.version);

	/** @param {any} e */
	function restore(e) {
		const question = h('div', {class: 'note warn', role: 'group', tabindex: '-1', 'aria-label': t('Bring this version back?')},
			h('p', null, t('The entry becomes again what it was on {day}. What it is now stays in the history.', {day: day(e.when, true)})),
			h('p', {class: 'actions'},
				h('button', {class: 'primary', onclick: async () => {
					await post(`/api/entries/${encodeURIComponent(params.id)}/restore`, {commit: e.commit});
					say(t('Brought back. It goes with the next sync.'));
					go(`/entries/${params.id}`);
				}}, t('Bring it back')),
				h('button', {onclick: () => {
					question.replaceWith(button);
					button.focus();
				}}, t('Leave it'))));
		const button = h('button', {class: 'no-print', 'aria-label': `${t('Bring this version back')}${colon()}${day(e.when, true)}`, onclick: () => {
			button.replaceWith(question);
			question.focus();
		}}, t('Bring this version back'));
		return button;
	}

	return {title: t('History of {title}', {title: nameOf(story)}), content: [
		h('p', {class: 'actions no-print'}, h('a', {href: `/entries/${story.id}`, class: 'button'}, t('Back to the entry'))),
		story.events.length ? null : h('p', {class: 'note'}, t('This entry was not saved yet: it has no history.')),
		h('ol', {class: 'story'}, story.events.map((/** @type {any} */ e) => h('li', null,
			h('p', null, h('span', {class: `tag ${colours[/** @type {keyof typeof colours} */ (e.event)] ?? ''}`}, words[/** @type {keyof typeof words} */ (e.event)] ?? e.event), ' ',
				h('strong', null, who(e)), ' ', h('time', {class: 'soft', datetime: new Date(e.when * 1000).toISOString()}, day(e.when, true))),
			e.text && h('blockquote', {dir: 'auto'}, e.field && h('span', {class: 'soft'}, e.field, colon()), e.text),
			e.changes?.length > 12 ? h('details', null, h('summary', null, tn('{n} field', '{n} fields', e.changes.length)), h('dl', {class: 'changes'}, e.changes.map(change))) :
				e.changes?.length ? h('dl', {class: 'changes'}, e.changes.map(change)) : null,
			story.own && e.version && e !== newest && (e.event === 'created' || e.event === 'changed') ? restore(e) : null))),
	]};
}
