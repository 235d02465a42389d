/* What was said about an entry, and to say something: a comment, an answer. */
import {post} from './api.js';
import {h, newId} from './dom.js';
import {day, t} from './words.js';

/* What was typed and not kept yet: it stays while the person looks elsewhere. */
/** @type {Map<string, string>} */
const drafts = new Map();

/**
 * A form for some words. `key` names what they are about; `keep` throws when they could not be kept.
 * @param {{label: string, action: string, key: string, keep: (text: string) => Promise<void>, close: () => void}} o
 */
export function commentForm({label, action, key, keep, close}) {
	const id = newId('comment');
	const area = h('textarea', {id, rows: 3, dir: 'auto', required: true, value: drafts.get(key) ?? '', oninput: () => drafts.set(key, area.value)});
	const fault = h('p', {class: 'note bad', role: 'alert', hidden: true});
	async function submit(/** @type {Event} */ e) {
		e.preventDefault();
		try {
			await keep(area.value);
			drafts.delete(key);
		} catch (failure) {
			fault.textContent = failure instanceof Error ? failure.message : String(failure);
			fault.hidden = false;
		}
	}
	const form = h('form', {class: 'item-comment', onsubmit: submit, onkeydown: (/** @type {KeyboardEvent} */ e) => {
		if (e.key === 'Escape') {
			e.stopPropagation();
			close();
		} else if (e.key === 'Enter' && e.ctrlKey) {
			form.requestSubmit();
		}
	}}, h('label', {for: id}, label), area, fault, h('p', {class: 'actions'}, h('button', {class: 'primary', type: 'submit'}, action), h('button', {type: 'button', onclick: close}, t('Cancel'))));
	return {form, area};
}

/**
 * A button that opens a form behind itself. `remark`: what is answered; without it the words are about the entry.
 * @param {{id: string, remark?: any, say: (text: string) => void, refresh: () => void}} o
 */
export function talkButton({id, remark, say, refresh}) {
	const button = h('button', {type: 'button', class: 'quiet no-print', onclick: open, 'aria-label': remark && t('Answer to: {text}', {text: remark.text.slice(0, 60)})}, remark ? t('Answer') : t('Say something'));
	const place = h('div', null, button);
	function open() {
		const close = () => {
			form.replaceWith(button);
			button.focus();
		};
		const {form, area} = commentForm({label: remark ? t('Your answer') : t('What do you want to say about this entry?'), action: t('Keep it for the next sync'), key: `${id} ${remark?.id ?? ''}`, close, keep: async text => {
			await post(`/api/entries/${encodeURIComponent(id)}/remarks`, {text, replyTo: remark?.id});
			say(t('It is kept, and goes with the next sync.'));
			refresh();
		}});
		button.replaceWith(form);
		area.focus();
	}
	return place;
}

/**
 * Both sides' remarks, answers below what they answer. `talk`: the reader may say something, too.
 * @param {{id: string, remarks: any[], talk: boolean, say: (text: string) => void, refresh: () => void}} o
 */
export function dialogue({id, remarks, talk, say, refresh}) {
	if (!remarks.length && !talk)
		return null;
	return h('section', {class: remarks.length ? '' : 'no-print'}, remarks.length > 0 && [h('h2', null, t('What was said')),
		h('ol', {class: 'remarks'}, remarks.map(r => {
			const item = h('li', null, h('p', {class: 'soft small'}, [r.bySecretariat ? t('secretariat') : t('member'), r.author, r.date && day(r.date), r.field].filter(Boolean).join(' · ')),
				h('p', {class: 'words', dir: 'auto'}, r.text), talk && talkButton({id, remark: r, say, refresh}));
			item.style.setProperty('margin-inline-start', `${Math.min(r.depth, 4) * 1.5}rem`);
			return item;
		}))], talk && talkButton({id, say, refresh}));
}
