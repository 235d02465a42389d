/* One key a step, as on the command line's screen. Who speaks to the computer, or types by accident, can turn them off. */
import {set, setting} from './api.js';
import {h, newId} from './dom.js';
import {t} from './words.js';

const off = () => setting('keys') === false;

/** Is the person writing, or choosing from something that takes keys itself? @param {EventTarget | null} target */
function writes(target) {
	return target instanceof Element && target.closest('input, textarea, select, dialog, [contenteditable]') !== null;
}

/** @param {AbortSignal} signal @param {Record<string, () => void>} keys */
export function onKeys(signal, keys) {
	document.addEventListener('keydown', e => {
		const act = keys[e.key];
		if (!act || e.ctrlKey || e.altKey || e.metaKey || e.defaultPrevented || writes(e.target) || document.querySelector('dialog[open]') || (off() && e.key !== '?'))
			return;
		e.preventDefault();
		act();
	}, {signal});
}

/** What the keys do, as a dialog. */
export function keyHelp() {
	const id = newId('keys'), box = newId('keys');
	const keys = [
		['a', t('Accept this version and go on')], ['A', t('Accept all of this member that nothing speaks against')], ['r', t('Ask for a change, with a comment on the entry')],
		['c', t('Comment on the marked field; it is sent back with it')], ['d', t('Decline with a reason')], ['s', t('Skip: decide nothing, go on')], ['u', t('Undo the last step')],
		['n p', t('Next, previous')], ['j k', t('Mark the next field, the previous one')], ['o', t('The whole entry, and back')], ['l', t('Only what is new since the last look, and back')],
		['f', t('Finish: carry out all decisions and send them')], ['q', t('Back to the queue; the decisions are kept')], ['?', t('This help')],
	];
	const dialog = h('dialog', {class: 'keys', 'aria-labelledby': id},
		h('h2', {id}, t('Keys')),
		h('dl', null, keys.map(([key, text]) => h('div', null, h('dt', null, key.split(' ').flatMap((k, i) => [i > 0 && ' ', h('kbd', null, k)])), h('dd', null, text)))),
		h('p', {class: 'tick'}, h('input', {type: 'checkbox', id: box, checked: !off(), onchange: (/** @type {any} */ e) => set({keys: e.target.checked}).catch(() => {})}), h('label', {for: box}, t('Use single keys'))),
		h('p', null, h('button', {onclick: () => dialog.close()}, t('Close'))));
	return {dialog, open: () => dialog.showModal()};
}
