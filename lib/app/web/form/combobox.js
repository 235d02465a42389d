/* A text field with a list of what fits (ARIA's combobox with a listbox): for codes, and for references to other entries.
 * Down and Up go through the list, Enter takes one, Escape closes it; what is typed searches. */
import {h, later, newId} from '../dom.js';
import {t, tn} from '../words.js';

/** @typedef {{value: string, name: string, more?: string}} Option */

/**
 * @param {{id: string, search: (q: string) => Promise<{options: Option[], found: number}>, take: (o: Option | null) => void,
 *          text: string, free?: boolean, say: (text: string) => void, label?: string, open?: (is: boolean) => void}} how
 *   `open`: is something typed that is no value (yet)? `take(null)`: it was emptied; `free`: what is in no list may stand, too
 */
export function combobox({id, search, take, text, free, say, label, open: tell}) {
	/** @type {Option[]} */
	let options = [];
	let active = -1, shown = text, asked = 0;
	const listId = newId('list');
	const list = h('ul', {role: 'listbox', id: listId, class: 'options', hidden: true, 'aria-label': label ?? t('Choices')});
	const input = h('input', {id, type: 'text', role: 'combobox', autocomplete: 'off', spellcheck: 'false', value: text, 'aria-expanded': 'false',
		'aria-controls': listId, 'aria-autocomplete': 'list', ...(label && {'aria-label': label})});
	const note = h('p', {class: 'problem', hidden: true});
	const element = h('div', {class: 'combobox'}, input, list, note);

	/** @param {boolean} is */
	function unsettled(is) {
		element.classList.toggle('unsettled', is);
		tell?.(is);
	}

	function close() {
		list.hidden = true;
		active = -1;
		input.setAttribute('aria-expanded', 'false');
		input.removeAttribute('aria-activedescendant');
	}

	/** @param {number} i */
	function go(i) {
		active = i;
		[...list.children].forEach((/** @type {any} */ li, k) => li.setAttribute('aria-selected', String(k === i)));
		const li = /** @type {any} */ (list.children[i]);
		if (li) {
			input.setAttribute('aria-activedescendant', li.id);
			li.scrollIntoView({block: 'nearest'});
		}
	}

	/** @param {Option} o */
	function choose(o) {
		shown = o.name;
		input.value = o.name;
		note.hidden = true;
		close();
		take(o);
		unsettled(false);
	}

	/** @param {string} q */
	async function open(q) {
		const turn = ++asked;
		const answer = await search(q).catch(() => ({options: [], found: 0}));
		if (turn !== asked || document.activeElement !== input)
			return;
		options = answer.options;
		list.replaceChildren(...options.map((o, i) => h('li', {role: 'option', id: `${listId}-${i}`, 'aria-selected': 'false',
			onmousedown: (/** @type {any} */ e) => e.preventDefault(), onclick: () => choose(o)},
		h('span', null, o.name), o.more && h('span', {class: 'soft small'}, ` ${o.more}`))));
		if (answer.found > options.length)
			list.append(h('li', {class: 'soft small', role: 'presentation'}, tn('{n} more: type to find it.', '{n} more: type to find them.', answer.found - options.length)));
		if (!options.length)
			list.append(h('li', {class: 'soft small', role: 'presentation'}, t('Nothing fits.')));
		list.hidden = false;
		active = -1;
		input.setAttribute('aria-expanded', 'true');
		if (q)
			say(options.length ? tn('{n} choice', '{n} choices', answer.found) : t('Nothing fits.'));
	}
	const soon = later(120, open);

	input.addEventListener('input', () => {
		note.hidden = true;
		if (!input.value.trim()) {
			shown = '';
			take(null);
		}
		unsettled(input.value.trim() !== shown);
		soon(input.value.trim());
	});
	input.addEventListener('click', () => list.hidden && open(''));
	input.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => {
		const n = options.length;
		if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
			e.preventDefault();
			if (list.hidden)
				open(input.value === shown ? '' : input.value.trim());
			else if (n)
				go(e.key === 'ArrowDown' ? (active + 1) % n : (active - 1 + n) % n);
		} else if (e.key === 'Enter') {
			if (!list.hidden && (active >= 0 || n === 1)) {
				e.preventDefault();
				choose(options[Math.max(active, 0)]);
			}
		} else if (e.key === 'Escape' && !list.hidden) {
			e.preventDefault();
			e.stopPropagation();
			close();
		}
	});
	input.addEventListener('blur', async () => {
		const typed = input.value.trim();
		asked++;
		close();
		if (typed === shown || !typed)
			return;
		const answer = await search(typed).catch(() => ({options: [], found: 0}));
		const exact = answer.options.find(o => [o.value, o.name].some(v => v.toLowerCase() === typed.toLowerCase()));
		if (exact) {
			choose(exact);
		} else if (free) {
			choose({value: typed, name: typed});
		} else {
			note.textContent = t('“{text}” is not in the list: choose one of it.', {text: typed});
			note.hidden = false;
			say(note.textContent);
		}
	});
	return {element, input, clear: () => {
		shown = '';
		input.value = '';
		unsettled(false);
	}};
}
