/* Filters above a list or a report: a choice, a tick, and the bar of them, folded where there is little room. */
import {h, newId} from './dom.js';
import {t} from './words.js';

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

/**
 * Filters that are open where there is room, or when one of them is set.
 * @param {Element} content @param {AbortSignal} signal @param {() => boolean} chosen is one set? @param {string} [room] from which width on there is room
 */
export function folded(content, signal, chosen, room = '56rem') {
	const wide = window.matchMedia(`(min-width: ${room})`);
	const details = h('details', {class: 'filters no-print'}, h('summary', null, t('Filters')), content);
	const unfold = () => {
		details.open = wide.matches || chosen();
	};
	unfold();
	wide.addEventListener('change', unfold, {signal});
	return details;
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
