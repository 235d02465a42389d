/* What all fields of a form share: where a field stands, its frame (label, help, problem), and how it is reached. */
import {h, newId} from '../dom.js';
import {t} from '../words.js';
import {pointer} from './draft.js';

/**
 * What the fields of one form know together. `among`: values by pattern; `names`: of codes and entries; `text`: the language that
 * texts are written in now, `source` the one of the entry.
 * @typedef {{draft: import('./draft.js').Draft, among: Record<string, any[]>, names: {codes: any, entries: any}, text: string,
 *            me: any, say: (text: string) => void, nodes: Set<Field>, choose: (language: string) => void,
 *            saved: boolean, soon: (node: Field, names: string[], make: () => any) => any}} Shared
 */

/** A field: `token` is its name in the parent, or its place in a list; lists change it when items move. */
export class Field {
	/** @param {Shared} shared @param {Field | null} parent @param {string | number} token @param {any} spec of the form */
	constructor(shared, parent, token, spec) {
		this.shared = shared;
		this.parent = parent;
		this.token = token;
		this.spec = spec;
		/** @type {Field[]} */
		this.children = [];
		this.id = newId('f');
		this.problem = h('div', {class: 'problem', id: `${this.id}-p`, hidden: true});
		/** @type {any} what takes the focus, and is described by help and problem */
		this.control = null;
		/** @type {any} */
		this.element = null;
		this.touched = false;
		/** @type {any[]} problems that the field itself found, before there is a value to be checked */
		this.own = [];
		/** @type {Map<string, () => void>} what makes fields that are not made yet, by their names */
		this.later = new Map();
		/** @type {any} the element that folds some of them */
		this.fold = null;
		shared.nodes.add(this);
		if (parent)
			parent.children.push(this);
	}

	/** @returns {(string | number)[]} */
	get path() {
		return this.parent ? [...this.parent.path, this.token] : [];
	}

	get pointer() {
		return pointer(this.path);
	}

	get value() {
		return this.shared.draft.get(this.path);
	}

	set value(v) {
		if (!this.shared.nodes.has(this))
			return; /* not shown any more, when a code was looked up: at its place may stand another item */
		this.touched = true;
		this.shared.draft.set(this.path, v === '' ? undefined : v);
	}

	/** @returns {string} */
	get title() {
		return this.spec.title || (typeof this.token === 'number' ? this.parent?.title ?? '' : String(this.token));
	}

	/** The field of that name in it, which is made for that where it is not yet. @param {string | number} name @returns {Field | undefined} */
	child(name) {
		this.later.get(String(name))?.();
		return this.children.find(c => String(c.token) === String(name));
	}

	/** It is not shown any more. */
	drop() {
		for (const c of [...this.children])
			c.drop();
		this.shared.nodes.delete(this);
		this.shared.draft.reading(this, false);
		if (this.parent)
			this.parent.children = this.parent.children.filter(c => c !== this);
	}

	/** Problems in words; none: []. @param {{severity: string, message: string, hint?: string}[]} list */
	say(list) {
		const text = list.map(p => p.message).join('\n');
		if (this.problem.dataset.text === text)
			return;
		this.problem.dataset.text = text;
		this.problem.replaceChildren(...list.map(p => h('p', {class: p.severity === 'error' ? 'bad' : 'warn'},
			h('span', {class: 'mark', 'aria-hidden': 'true'}, p.severity === 'error' ? '✕ ' : '! '), p.message, p.hint ? `. ${p.hint[0].toUpperCase()}${p.hint.slice(1)}` : '')));
		this.problem.hidden = !list.length;
		this.element?.classList.toggle('wrong', list.some(p => p.severity === 'error'));
		if (this.control) {
			if (list.some(p => p.severity === 'error'))
				this.control.setAttribute('aria-invalid', 'true');
			else
				this.control.removeAttribute('aria-invalid');
			if (list.length && this.element.contains(document.activeElement) && document.activeElement !== document.body)
				this.shared.say(`${this.title}: ${text}`);
		}
	}

	/** Lead the person here. @param {string} [below] the rest of the pointer */
	focus(below) {
		void below;
		for (let d = this.element?.closest('details'); d; d = d.parentElement?.closest('details'))
			d.open = true;
		const target = this.control ?? this.element?.querySelector('input, select, textarea, button') ?? this.element;
		target?.scrollIntoView({block: 'center'});
		target?.focus({preventScroll: true});
	}
}

/** Help and example of a field, or nothing. @param {Field} node */
export function help(node) {
	const {help: text, example, exampleName} = node.spec;
	const named = node.spec.widget === 'choice' && /^\d+ [^,;]+[,;] \d+ /.test(text ?? ''); /* "1 planned, 2 running" is for who writes codes: here they have their names */
	const parts = [!named && text, example !== undefined && !['choice', 'among', 'boolean', 'reference', 'code'].includes(node.spec.widget) &&
		String(example).length < 80 && t('For example: {text}', {text: exampleName ?? String(example)})].filter(Boolean);
	return parts.length ? h('p', {class: 'help', id: `${node.id}-h`}, parts.join(' ')) : null;
}

/** The words beside a title. @param {Field} node */
export function mark(node) {
	return node.spec.level === 'required' && h('span', {class: 'required'}, ` (${t('required')})`);
}

/** What describes the control: its help, its problem, and whatever else. @param {Field} node @param {...string} more ids */
export function described(node, ...more) {
	return [node.spec.help || node.spec.example !== undefined ? `${node.id}-h` : '', `${node.id}-p`, ...more].filter(Boolean).join(' ');
}

/** A field with one control under its label. @param {Field} node @param {any} control @param {...any} more behind the control */
export function framed(node, control, ...more) {
	node.control ??= control;
	if (!control.id)
		control.id = node.id;
	node.control.setAttribute('aria-describedby', described(node));
	if (node.spec.level === 'required')
		node.control.setAttribute('aria-required', 'true');
	node.element = h('div', {class: 'field', 'data-pointer': node.pointer},
		h('label', {for: control.id}, node.title, mark(node)), help(node), control, more, node.problem);
	return node.element;
}

/** A field of several controls: a group with its title. @param {Field} node @param {...any} content */
export function grouped(node, ...content) {
	node.element = h('fieldset', {class: 'field group', 'data-pointer': node.pointer, 'aria-describedby': described(node)},
		h('legend', null, node.title, mark(node)), help(node), content, node.problem);
	return node.element;
}

/** @param {string} code of a language */
export function isRtl(code) {
	return /^(ar|fa|he|ur|ps|dv|yi|sd|ug|ckb)\b/.test(code);
}

/** @type {Map<string, Intl.DisplayNames>} by the reader's language */
const languages = new Map();

/** The name of a language in the reader's. @param {string} code */
export function languageName(code) {
	const reader = document.documentElement.lang || 'en';
	if (!languages.has(reader))
		languages.set(reader, new Intl.DisplayNames([reader], {type: 'language'}));
	try {
		return languages.get(reader)?.of(code) ?? code;
	} catch {
		return code;
	}
}
