/* Filters above a list or a report: a choice, a tick. */
import {h, newId} from './dom.js';

/**
 * @param {string} label @param {string} value the one that is chosen @param {[string, string][]} options value and text
 * @param {(value: string) => void} change
 */
export function choice(label, value, options, change) {
	const id = newId('filter');
	return h('div', {class: 'choice'}, h('label', {for: id}, label),
		h('select', {id, onchange: (/** @type {any} */ e) => change(e.target.value)}, options.map(([v, text]) => h('option', {value: v, selected: v === value}, text))));
}

/** @param {string} label @param {boolean} checked @param {(value: string) => void} change to '1' or '' */
export function tick(label, checked, change) {
	const id = newId('filter');
	return h('div', {class: 'tick'}, h('input', {type: 'checkbox', id, checked, onchange: (/** @type {any} */ e) => change(e.target.checked ? '1' : '')}), h('label', {for: id}, label));
}

/** Change one word of the address that is shown, without leaving the page. @param {URLSearchParams} query @param {string} name @param {string} value */
export function setWord(query, name, value) {
	if (value)
		query.set(name, value);
	else
		query.delete(name);
	const text = query.toString();
	history.replaceState(null, '', text ? `${location.pathname}?${text}` : location.pathname);
}
