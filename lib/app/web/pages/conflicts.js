/* What two people changed at once: both values beside each other, to take either or write a third. */
import {get, memberName, post} from '../api.js';
import {fill, h} from '../dom.js';
import {jsonText} from '../form/draft.js';
import {sheet} from '../form/sheet.js';
import {day, t, tn} from '../words.js';

/** Why neither is taken by itself. @param {any} c */
function story(c) {
	if (c.conflict === 'entry')
		return t('Each edit is right by itself; the two together break a rule.');
	if (c.conflict === 'order')
		return t('Both put the items into another order.');
	if (!('value' in c.ours))
		return t('The other side changed what was removed here.');
	if (!('value' in c.theirs))
		return t('The other side removed what was changed here.');
	return c.nature === 'parallel' ? t('Both filled in the field, differently: both may be right.') : t('Both changed the same value: only one can stand.');
}

/** @param {any} side */
function who(side) {
	return side.by ? t('staff of {member}, {day}', {member: memberName(side.by), day: day(side.on)}) : t('the secretariat, {day}', {day: day(side.on)});
}

/** The text of a side; what the other has not is marked. @param {any} side */
function words(side) {
	if (!('value' in side))
		return h('p', {class: 'soft'}, t('(nothing)'));
	return h('blockquote', {dir: 'auto'}, side.pieces ? side.pieces.map((/** @type {any} */ p) => p[1] ? h('mark', null, p[0]) : p[0]) : side.text);
}

/** A value of one's own, which begins with what stands. @param {any} c @param {(body: any) => Promise<void>} settle */
function third(c, settle) {
	const begin = 'value' in c[c.stands] ? c[c.stands] : c.stands === 'ours' ? c.theirs : c.ours, isText = typeof begin.value === 'string';
	const id = `third-${c.id}-${c.item}`, wrong = h('p', {class: 'problem', id: `${id}-p`, role: 'alert', hidden: true});
	const area = h('textarea', {id, rows: isText ? 4 : 10, dir: 'auto', class: isText ? '' : 'json', spellcheck: isText ? null : 'false', value: isText ? begin.value : jsonText(begin.value, 2), 'aria-describedby': `${id}-p`});
	const take = async () => {
		const answer = isText ? {value: area.value} : await post('/api/check', {text: area.value}).catch(e => ({wrong: e}));
		wrong.hidden = !answer.wrong;
		if (answer.wrong)
			fill(wrong, answer.wrong.line ? `${t('line {line}', {line: answer.wrong.line})}: ` : '', answer.wrong.message);
		else
			await settle({take: 'value', value: answer.value});
	};
	return h('details', {class: 'more'}, h('summary', null, t('Write a third')), h('div', {class: 'field'}, h('label', {for: id}, isText ? t('What it should say') : t('What it should say, as JSON')), area, wrong),
		h('button', {onclick: take}, t('Take this')));
}

/** @param {import('../main.js').Context} context @returns {Promise<import('../main.js').Page>} */
export async function page({signal, say}) {
	const [answer] = await Promise.all([get('/api/conflicts', {}, signal), sheet]);
	const box = h('div'), wrong = h('p', {class: 'note bad', role: 'alert', hidden: true});

	/** @param {any[]} list */
	function draw(list) {
		if (!list.length) {
			fill(box, h('p', {class: 'note good'}, t('No conflict is open.')), h('p', null, h('a', {href: '/'}, t('Home'))));
			return;
		}
		fill(box, h('p', null, tn('{n} place was changed by two people at once.', '{n} places were changed by two people at once.', list.length), ' ', t('Both values are kept until you choose.')), list.map(c => {
			const settle = async (/** @type {any} */ body) => {
				try {
					const after = (await post('/api/conflicts', {id: c.id, item: c.item, ...body})).conflicts;
					wrong.hidden = true;
					draw(after);
					say(after.length ? tn('Settled. {n} is left.', 'Settled. {n} are left.', after.length) : t('Settled. No conflict is left.'));
					/** @type {any} */ (box.querySelector('h2') ?? box.querySelector('a'))?.focus();
				} catch (e) {
					fill(wrong, /** @type {any} */ (e).message);
					wrong.hidden = false;
				}
			};
			const side = (/** @type {'ours' | 'theirs'} */ name) => h('div', null,
				h('p', {class: 'small soft'}, who(c[name]), ' ', c.stands === name && h('span', {class: 'tag'}, t('stands now'))), words(c[name]),
				h('button', {class: c.stands === name ? '' : 'primary', onclick: () => settle({take: name})}, c.stands === name ? t('Keep what stands') : t('Take this instead')));
			return h('section', {class: 'card', 'aria-labelledby': `c-${c.id}-${c.item} f-${c.id}-${c.item}`}, h('h2', {id: `c-${c.id}-${c.item}`, tabindex: '-1'}, h('span', {dir: 'auto'}, c.title || c.id)),
				h('p', null, h('strong', {id: `f-${c.id}-${c.item}`}, c.field || t('The whole entry')), ' ', h('span', {class: 'soft'}, story(c))),
				c.now && h('p', {class: 'note'}, t('Edited since then; what stands now is:'), ' ', h('span', {dir: 'auto'}, c.now.text)),
				h('div', {class: 'sides'}, side(c.stands), side(c.stands === 'ours' ? 'theirs' : 'ours')),
				'value' in c.before && h('details', {class: 'more'}, h('summary', null, t('Before both')), h('blockquote', {dir: 'auto'}, c.before.text)),
				third(c, settle), h('p', null, h('a', {href: `/entries/${encodeURIComponent(c.id)}/edit`}, t('Edit the entry'))));
		}));
	}
	draw(answer.conflicts);
	return {title: t('Conflicts'), content: [wrong, box]};
}
