/* An entry while it is edited: the document as it is here (`doc`), and as it is kept (`kept`). What differs is sent, a moment
 * after it was typed, field by field with the value that it was made from; so whoever else edits meanwhile loses nothing. */
import {Failure, post} from '../api.js';

const WAIT = 350; /* ms after the last key */
const RETRY = 3000;

/** @typedef {(string | number)[]} Path */
/** @typedef {{path: string, value?: any, was?: any}} Change */

/** @param {any} v */
const isObject = v => typeof v === 'object' && v !== null && !Array.isArray(v);

/** A number of more digits than a script keeps: {"x-cib-number": "9007199254740993"} (lib/app/exact.c). @param {any} v */
export const isExact = v => isObject(v) && Object.hasOwn(v, 'x-cib-number');

/** A value as JSON text, with the numbers as they are. @param {any} value @param {number} [indent] @returns {string} */
export const jsonText = (value, indent) => JSON.stringify(value, null, indent).replace(/\{\s*"x-cib-number":\s*"([-+.\deE]+)"\s*\}/g, '$1');

/** Equality by value. @param {any} a @param {any} b @returns {boolean} */
export function same(a, b) {
	if (a === b)
		return true;
	if (Array.isArray(a) && Array.isArray(b))
		return a.length === b.length && a.every((v, i) => same(v, b[i]));
	if (!isObject(a) || !isObject(b))
		return false;
	const names = Object.keys(a);
	return names.length === Object.keys(b).length && names.every(n => Object.hasOwn(b, n) && same(a[n], b[n]));
}

/** A JSON pointer (RFC 6901). @param {Path} path */
export function pointer(path) {
	return path.map(p => '/' + String(p).replace(/~/g, '~0').replace(/\//g, '~1')).join('');
}

/** @param {any} doc @param {Path} path */
export function at(doc, path) {
	return path.reduce((v, p) => v !== null && typeof v === 'object' && Object.hasOwn(v, p) ? v[p] : undefined, doc);
}

/** Put a value, undefined to remove it; objects that become empty go too, items of lists stay. @param {any} doc @param {Path} path @param {any} value */
export function put(doc, path, value) {
	const parents = [doc];
	for (const p of path.slice(0, -1)) {
		const inner = parents[parents.length - 1];
		if (typeof inner[p] !== 'object' || inner[p] === null) {
			if (value === undefined)
				return;
			inner[p] = {};
		}
		parents.push(inner[p]);
	}
	const last = path[path.length - 1];
	if (value !== undefined) {
		parents[parents.length - 1][last] = value;
		return;
	}
	delete parents[parents.length - 1][last];
	for (let i = parents.length - 1; i > 0 && isObject(parents[i]) && !Object.keys(parents[i]).length && typeof path[i - 1] === 'string'; i--)
		delete parents[i - 1][path[i - 1]];
}

/** What tells the items of a list apart, when each has it and it differs. @param {any[]} list @param {string | undefined} key */
function keysOf(list, key) {
	const keys = key ? list.map(i => isObject(i) && typeof i[key] === 'string' ? i[key] : '') : [];
	return keys.length && keys.every(Boolean) && new Set(keys).size === keys.length ? keys : null;
}

/** What turns `a` into `b`, field by field. @param {any} a @param {any} b @param {any} field of the form @param {Path} path @param {Change[]} out */
function compare(a, b, field, path, out) {
	if (same(a, b))
		return;
	const keys = Array.isArray(a) && Array.isArray(b) ? keysOf(a, field?.key) : null;
	if (isObject(a) && isObject(b) && !isExact(a) && !isExact(b) && (path.length === 0 || Object.keys(b).length)) {
		for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
			const inner = field?.fields?.find((/** @type {any} */ f) => f.name === name) ?? field?.special?.[name] ?? field?.item;
			compare(a[name], b[name], inner, [...path, name], out);
		}
	} else if (keys && same(keys, keysOf(b, field.key))) {
		keys.forEach((key, i) => compare(a[i], b[i], field.item, [...path, key], out));
	} else {
		out.push({path: pointer(path), ...(b !== undefined && {value: b}), ...(a !== undefined && {was: a})});
	}
}

/** @param {any} a @param {any} b @param {any} form @returns {Change[]} */
export function changes(a, b, form) {
	/** @type {Change[]} */
	const out = [];
	compare(a, b, {fields: form.fields}, [], out);
	return out;
}

/**
 * What the page is told: `state` (kept, waiting, keeping, failed; open: kept but for what stands in `unread`), and each answer of the server; `outside`: the document is
 * another than the one here by now.
 * @typedef {{state: (state: string, error?: Failure) => void, answer: (answer: any) => void, outside: () => void, changed: (path: Path) => void}} Listener
 */
export class Draft {
	/** @param {any} answer of /api/drafts/{id} or /api/new/{kind} @param {Listener} listener */
	constructor(answer, listener) {
		this.id = answer.id;
		this.kind = answer.kind;
		this.form = answer.form;
		this.fresh = answer.fresh;
		this.version = answer.version;
		this.doc = answer.doc;
		this.kept = structuredClone(answer.doc);
		/** @type {any} what is on its way */
		this.sent = null;
		this.listener = listener;
		/** @type {number | undefined} */
		this.timer = undefined;
		/** @type {Promise<void> | null} */
		this.running = null;
		/** @type {Set<any>} the fields in which stands what is no value yet: half a piece of JSON */
		this.unread = new Set();
	}

	/** What stands in the field is no part of the document (yet), or is. @param {any} field @param {boolean} is */
	reading(field, is) {
		if (is === this.unread.has(field))
			return;
		if (is)
			this.unread.add(field);
		else
			this.unread.delete(field);
		if (!this.running && same(this.doc, this.kept))
			this.rest();
	}

	/** All of the document is kept. */
	rest() {
		this.listener.state(this.unread.size ? 'open' : 'kept');
	}

	/** @param {Path} path */
	get(path) {
		return at(this.doc, path);
	}

	/** @param {Path} path @param {any} value */
	set(path, value) {
		if (same(this.get(path), value))
			return;
		put(this.doc, path, value);
		this.listener.changed(path);
		this.soon(WAIT);
		if (!this.running)
			this.listener.state('waiting');
	}

	/** @param {number} ms */
	soon(ms) {
		clearTimeout(this.timer);
		this.timer = window.setTimeout(() => this.flush(), ms);
	}

	/** @param {any} from */
	request(from) {
		return {kind: this.kind, version: this.version, changes: changes(from, this.doc, this.form)};
	}

	/** Send what is not kept; resolves when it is, or when it could not be. @returns {Promise<void>} */
	flush() {
		clearTimeout(this.timer);
		if (this.running)
			return this.running.then(() => this.flush());
		const request = this.request(this.kept);
		if (!request.changes.length) {
			this.rest();
			return Promise.resolve();
		}
		this.running = this.send(request).finally(() => {
			this.running = null;
			this.sent = null;
		});
		return this.running;
	}

	/** @param {any} request */
	async send(request) {
		this.sent = structuredClone(this.doc);
		this.listener.state('keeping');
		try {
			const answer = await post(`/api/drafts/${encodeURIComponent(this.id)}`, request);
			this.fresh = false;
			this.take(answer, this.sent);
		} catch (e) {
			const failure = e instanceof Failure ? e : new Failure(0, {message: String(e)});
			this.listener.state('failed', failure);
			this.soon(RETRY);
		}
	}

	/** @param {any} answer @param {any} sent the document that it is about */
	take(answer, sent) {
		const later = changes(sent, this.doc, this.form);
		this.version = answer.version;
		this.kept = answer.doc ?? sent;
		if (answer.doc) { /* somebody else was at it, too */
			this.doc = structuredClone(answer.doc);
			for (const c of later)
				this.reapply(c);
		}
		this.listener.answer(answer);
		if (answer.doc)
			this.listener.outside();
		if (later.length)
			this.soon(WAIT);
		else
			this.rest();
	}

	/** A change that was made here meanwhile, on another document. @param {Change} c */
	reapply(c) {
		const names = c.path.split('/').slice(1).map(n => n.replace(/~1/g, '/').replace(/~0/g, '~'));
		/** @type {Path} */
		const path = [];
		let field = /** @type {any} */ ({fields: this.form.fields}), here = this.doc;
		for (const name of names) {
			const key = field?.key, index = Array.isArray(here) ? here.findIndex(i => i?.[key] === name) : -1;
			if (Array.isArray(here) && index < 0)
				return;
			path.push(Array.isArray(here) ? index : name);
			here = here?.[path[path.length - 1]];
			field = field?.fields?.find((/** @type {any} */ f) => f.name === name) ?? field?.special?.[name] ?? field?.item;
		}
		put(this.doc, path, c.value);
	}

	/** The window closes: what is not kept goes by a request that outlives it. */
	leave() {
		clearTimeout(this.timer);
		const request = this.request(this.sent ?? this.kept);
		if (request.changes.length)
			post(`/api/drafts/${encodeURIComponent(this.id)}`, request, undefined, true).catch(() => {});
	}
}
