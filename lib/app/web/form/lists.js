/* Fields of several values: lists of objects or of texts, sets of codes, maps. */
import {fill, h} from '../dom.js';
import {number, t} from '../words.js';
import {combobox} from './combobox.js';
import {at} from './draft.js';
import {nameFor, remember, searchCodes, searchEntries} from './inputs.js';
import {Field, described, grouped} from './node.js';

const FIRST = 3; /* items of a list that are made at once */

/** @typedef {(shared: import('./node.js').Shared, parent: Field, token: string | number, spec: any) => Field} Build */

/** What an item is called: its title, name or member, its code. @param {Field} node of the item */
export function labelOf(node) {
	const value = node.value, {fields} = node.spec;
	if (typeof value !== 'object' || value === null)
		return value === undefined ? '' : nameFor(node, value);
	for (const f of fields ?? []) {
		const inner = value[f.name];
		if (f.widget === 'texts' && inner && typeof inner === 'object') {
			const text = inner[node.shared.text] ?? Object.values(inner)[0];
			if (typeof text === 'string' && text)
				return text.length > 60 ? `${text.slice(0, 60)}…` : text;
		}
	}
	for (const f of fields ?? []) {
		const inner = value[f.name];
		if ((f.widget === 'reference' || f.widget === 'code') && typeof inner === 'string' && inner)
			return nameFor(/** @type {any} */ ({spec: f, shared: node.shared}), inner);
	}
	return typeof value.id === 'string' && !/^[a-z]{1,2}-?\d+$/.test(value.id) ? value.id : '';
}

/** An id that no item has: the letter of the others, or of the example, and the next number. @param {any[]} items @param {any} spec */
function newKey(items, spec) {
	const key = spec.fields?.find((/** @type {any} */ f) => f.name === 'id'), model = items.find(i => typeof i?.id === 'string')?.id ?? key?.example ?? 'i-1';
	const start = /^[a-z][a-z.-]*?-?(?=\d|$)/.exec(model)?.[0] ?? 'i-';
	for (let n = items.length + 1; ; n++)
		if (!items.some(i => i?.id === `${start}${n}`))
			return `${start}${n}`;
}

/** The running sum of shares, where a rule wants one of this list. @param {Field} node */
function sumsOf(node) {
	return (node.shared.draft.form.sums ?? []).filter((/** @type {any} */ s) => s.of.includes(node.pointer));
}

/** @param {Field} node @param {any} line */
function showSums(node, line) {
	/** @type {string[]} */
	const parts = [];
	for (const rule of sumsOf(node)) {
		/** @type {Map<string, number>} */
		const groups = new Map();
		for (const pointer of rule.of)
			for (const item of at(node.shared.draft.doc, pointer.slice(1).split('/')) ?? []) {
				const share = parseFloat(item?.[rule.field]);
				const group = rule.by ? item?.[rule.by] ?? rule.byDefault ?? '' : rule.byLength ? String(item?.[rule.byLength]?.length ?? '') : '';
				if (!isNaN(share))
					groups.set(group, (groups.get(group) ?? 0) + share);
			}
		for (const sum of groups.values())
			parts.push(t('{sum} of {whole} shared out', {sum: number(Math.round(sum * 1e6) / 1e6), whole: number(Number(rule.equals))}));
	}
	line.textContent = parts.join(' · ');
}

/** Move the focus to where a person goes on. @param {Field | undefined} node @param {any} otherwise */
function lead(node, otherwise) {
	if (node)
		node.focus();
	else
		otherwise.focus();
}

/** What is typed in the fields below one and is no value yet. @param {Field} node @returns {{path: (string | number)[], text: string}[]} */
function typedBelow(node) {
	const depth = node.path.length;
	const isBelow = (/** @type {Field} */ f) => {
		let above = f.parent;
		while (above && above !== node)
			above = above.parent;
		return above === node;
	};
	return [...node.shared.draft.unread].filter(f => f.control && isBelow(f)).map(f => ({path: f.path.slice(depth), text: f.control.value}));
}

/** Type it again in the fields that were made anew, and leave them. @param {Field} node @param {{path: (string | number)[], text: string}[]} typed */
function typeAgain(node, typed) {
	for (const {path, text} of typed) {
		const control = path.reduce((/** @type {any} */ n, token) => n?.child(token), node)?.control;
		if (control) {
			control.value = text;
			control.dispatchEvent(new Event('input'));
			control.dispatchEvent(new Event('blur'));
		}
	}
}

/** A list of objects, or of texts. @param {Field} node @param {Build} build */
export function list(node, build) {
	const {spec, shared} = node, item = spec.item;
	const items = h('ol', {class: 'items'}), sum = h('p', {class: 'count soft small'}), undo = h('p', {class: 'undo', hidden: true});
	const add = h('button', {type: 'button', onclick: insert}, t('Add: {what}', {what: node.title}));
	const values = () => Array.isArray(node.value) ? node.value : [];

	function insert() {
		const there = values();
		const fresh = item.widget === 'object' ? {} : item.widget === 'number' ? 0 : '';
		if (item.widget === 'object' && spec.key === 'id')
			/** @type {any} */ (fresh).id = newKey(there, item);
		node.value = [...there, fresh];
		draw();
		lead(node.child(there.length), add);
		shared.say(t('Added: number {n}', {n: there.length + 1}));
	}

	/** @param {number} i */
	function remove(i) {
		const there = values(), gone = there[i], name = nameOf(i);
		node.value = there.length > 1 ? there.filter((_, k) => k !== i) : undefined;
		draw(k => k === i ? -1 : k > i ? k - 1 : k);
		fill(undo, t('{what}: removed.', {what: name}), ' ', h('button', {type: 'button', onclick: () => {
			node.value = values().toSpliced(i, 0, gone);
			draw(k => k >= i ? k + 1 : k);
			lead(node.child(i), add);
		}}, t('Put it back')));
		undo.hidden = false;
		shared.say(t('{what}: removed.', {what: name}));
		lead(node.child(Math.min(i, values().length - 1)), undo.querySelector('button') ?? add);
	}

	/** @param {number} i @param {number} by */
	function move(i, by) {
		const there = [...values()];
		const [moved] = there.splice(i, 1);
		there.splice(i + by, 0, moved);
		node.value = there;
		draw(k => k === i ? i + by : k === i + by ? i : k);
		shared.say(t('Number {n} of {of}', {n: i + by + 1, of: there.length}));
		const buttons = items.children[i + by]?.querySelectorAll('.tools-of-item button');
		const same = [...(buttons ?? [])].find((/** @type {any} */ b) => b.dataset.by === String(by) && !b.disabled);
		/** @type {any} */ (same ?? [...(buttons ?? [])].find((/** @type {any} */ b) => !b.disabled))?.focus();
	}

	/** @param {number} i */
	const nameOf = i => {
		const child = node.child(i);
		return (child && labelOf(child)) || `${node.title} ${i + 1}`;
	};

	/** @param {number} i @param {number} n */
	function tools(i, n) {
		const button = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {() => void} */ act, /** @type {any} */ more) =>
			h('button', {type: 'button', class: 'small-button', 'aria-label': label, title: label, onclick: act, ...more}, sign);
		const what = nameOf(i);
		return h('div', {class: 'tools-of-item'},
			n > 1 && !spec.set && button('↑', t('Move up: {what}', {what}), () => move(i, -1), {disabled: i === 0, 'data-by': '-1'}),
			n > 1 && !spec.set && button('↓', t('Move down: {what}', {what}), () => move(i, 1), {disabled: i === n - 1, 'data-by': '1'}),
			button('✕', t('Remove: {what}', {what}), () => remove(i), {}));
	}

	/** @param {number} i @param {number} n */
	function itemOf(i, n) {
		const child = build(shared, node, i, {...item, title: item.title || `${node.title} ${i + 1}`});
		if (item.widget !== 'object')
			return h('li', {class: 'plain'}, child.element, tools(i, n));
		const name = h('span', {class: 'label'}, labelOf(child));
		/** @type {any} */ (child).relabel = () => fill(name, labelOf(child));
		const head = h('div', {class: 'head-of-item'}, h('p', null, h('span', {class: 'soft'}, `${i + 1}. `), name), tools(i, n));
		child.element.querySelector('legend')?.classList.add('hidden');
		return h('li', {class: 'item'}, head, child.element);
	}

	/** @param {(i: number) => number} [where] an item stands by now, of where it stood; -1: it is gone */
	function draw(where = i => i) {
		const typed = typedBelow(node).map(({path: [i, ...rest], text}) => ({path: [where(Number(i)), ...rest], text}));
		for (const c of [...node.children])
			c.drop();
		node.later.clear();
		const there = values();
		undo.hidden = true;
		fill(items, there.map((_, i) => i < FIRST ? itemOf(i, there.length) : shared.soon(node, [String(i)], () => itemOf(i, there.length))));
		add.hidden = spec.maxItems !== undefined && there.length >= spec.maxItems;
		showSums(node, sum);
		node.control = null;
		typeAgain(node, typed);
	}
	/** @type {any} */ (node).changed = () => {
		showSums(node, sum);
		for (const c of node.children)
			/** @type {any} */ (c).relabel?.();
	};
	draw();
	return grouped(node, items, sum, undo, add);
}

/** Several of a few: boxes to tick. @param {Field} node @param {any[]} options */
function boxes(node, options) {
	const there = () => Array.isArray(node.value) ? node.value : [];
	const unknown = there().filter(v => !options.some(o => o.value === v)).map(v => ({value: v, name: String(v)}));
	return grouped(node, h('div', {class: 'boxes'}, [...options, ...unknown].map((o, i) => {
		const box = h('input', {type: 'checkbox', id: `${node.id}-${i}`, checked: there().includes(o.value), onchange: () => {
			const rest = there().filter(v => v !== o.value);
			const next = box.checked ? [...rest, o.value] : rest;
			node.value = next.length ? next : undefined;
		}});
		return h('div', {class: 'line'}, box, h('label', {for: box.id}, o.name));
	})));
}

/** Several of many: what was chosen, each to be taken out, and a field that finds more. @param {Field} node */
export function set(node) {
	const {spec, shared} = node, item = spec.item;
	const options = item.widget === 'choice' ? item.options : item.widget === 'among' ? shared.among[item.pattern] : null;
	if (options?.length)
		return boxes(node, options);
	const chips = h('ul', {class: 'chips'}), values = () => Array.isArray(node.value) ? node.value : [];
	const inner = /** @type {any} */ ({spec: item, shared});
	const lists = item.by ? Object.values(item.by.lists) : item.lists ?? [];
	const box = combobox({id: node.id, text: '', say: shared.say, label: t('Add: {what}', {what: node.title}), free: item.widget === 'code', open: is => shared.draft.reading(node, is),
		search: item.widget === 'reference' ? searchEntries(item.kind, item.except) : searchCodes(lists), take: o => {
			if (!o)
				return;
			remember(inner, o);
			if (!values().includes(o.value))
				node.value = [...values(), o.value];
			box.clear();
			draw();
			shared.say(t('Added: {what}', {what: o.name}));
		}});
	box.input.setAttribute('aria-describedby', described(node));
	box.input.setAttribute('placeholder', t('Add: {what}', {what: node.title}));
	function draw() {
		fill(chips, values().map((v, i) => h('li', {class: 'tag'}, nameFor(inner, v), ' ', h('button', {type: 'button', class: 'plain-button',
			'aria-label': t('Remove: {what}', {what: nameFor(inner, v)}), onclick: () => {
				const rest = values().filter((_, k) => k !== i);
				node.value = rest.length ? rest : undefined;
				draw();
				shared.say(t('{what}: removed.', {what: nameFor(inner, v)}));
				(chips.querySelectorAll('button')[Math.min(i, rest.length - 1)] ?? box.input).focus();
			}}, '✕'))));
	}
	draw();
	const element = grouped(node, chips, box.element);
	node.control = box.input;
	return element;
}

/** Values by name: of a list of codes, of the questions of another entry, or by names of one's own. @param {Field} node @param {Build} build */
export function map(node, build) {
	const {spec, shared} = node, {keys} = spec, rows = h('div', {class: 'items'});
	const known = keys.widget === 'choice' ? keys.options : keys.widget === 'among' ? shared.among[keys.pattern] ?? [] : [];
	const inner = /** @type {any} */ ({spec: keys, shared});
	const there = () => node.value && typeof node.value === 'object' ? Object.keys(node.value) : [];
	/** @type {string[]} rows without a value yet */
	let extra = [];
	function names() {
		return [...new Set([...known.map((/** @type {any} */ o) => String(o.value)), ...there(), ...extra])];
	}
	function draw() {
		const typed = typedBelow(node);
		for (const c of [...node.children])
			c.drop();
		fill(rows, names().map(name => {
			const title = keys.widget === 'text' ? name : nameFor(inner, name);
			const child = build(shared, node, name, {...(spec.special?.[name] ?? spec.item), title, help: undefined});
			const own = !known.some((/** @type {any} */ o) => String(o.value) === name);
			return h('div', {class: spec.item.widget === 'object' ? 'item' : 'plain'}, child.element, own && h('div', {class: 'tools-of-item'}, h('button', {type: 'button', class: 'small-button',
				'aria-label': t('Remove: {what}', {what: title}), onclick: () => {
					extra = extra.filter(e => e !== name);
					child.value = undefined;
					draw();
				}}, '✕')));
		}));
		typeAgain(node, typed);
	}
	/** @param {string} name @param {any} clear */
	function insert(name, clear) {
		if (name && !names().includes(name))
			extra.push(name);
		clear();
		draw();
		node.children.find(c => c.token === name)?.focus();
	}
	let adder = null;
	if (keys.widget === 'code') {
		const box = combobox({id: node.id, text: '', say: shared.say, label: t('Add: {what}', {what: node.title}), search: searchCodes(keys.lists ?? []), open: is => shared.draft.reading(node, is), take: o => {
			if (o) {
				remember(inner, o);
				insert(o.value, box.clear);
			}
		}});
		box.input.setAttribute('placeholder', t('Add: {what}', {what: node.title}));
		adder = box.element;
	} else if (!known.length) {
		const name = h('input', {type: 'text', id: node.id});
		adder = h('div', {class: 'row'}, h('div', {class: 'part'}, h('label', {for: node.id, class: 'small'}, t('Name')), name),
			h('button', {type: 'button', onclick: () => insert(name.value.trim(), () => {
				name.value = '';
			})}, t('Add: {what}', {what: node.title})));
	}
	draw();
	grouped(node, rows, adder).classList.add('map');
	return node.element;
}
