/* Making elements. Text is always text: nothing here, and nothing in the app, writes HTML from a string
 * (the Content-Security-Policy's trusted types would refuse it). */

/** @typedef {Node | string | number | false | null | undefined} Child */

/**
 * h('a', {href: '/entries', class: 'quiet', onclick: f}, 'Entries', otherNode)
 *
 * Properties: `class`; `onNAME` listens; `true` sets an empty attribute; false, null and undefined set none; `value`,
 * `checked`, `selected`, `disabled`, `indeterminate` are set as properties; all else is an attribute. Children that are
 * false, null or undefined are left out, lists of children are taken apart.
 * @param {string} tag
 * @param {Record<string, any> | null} [properties]
 * @param {...(Child | Child[])} children
 * @returns {any}
 */
export function h(tag, properties, ...children) {
	const element = document.createElement(tag);
	set(element, properties ?? {});
	add(element, children);
	return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/**
 * The same for SVG.
 * @param {string} tag
 * @param {Record<string, any> | null} [properties]
 * @param {...(Child | Child[])} children
 * @returns {any}
 */
export function svg(tag, properties, ...children) {
	const element = document.createElementNS(SVG, tag);
	set(element, properties ?? {});
	add(element, children);
	return element;
}

const PROPERTIES = new Set(['value', 'checked', 'selected', 'disabled', 'indeterminate']);

/** @param {any} element @param {Record<string, any>} properties */
function set(element, properties) {
	for (const [name, value] of Object.entries(properties)) {
		if (name.startsWith('on')) {
			if (value)
				element.addEventListener(name.slice(2), value);
		} else if (PROPERTIES.has(name)) {
			element[name] = value ?? '';
		} else if (value !== false && value !== null && value !== undefined) {
			element.setAttribute(name, value === true ? '' : String(value));
		}
	}
}

/** @param {Element} element @param {any[]} children */
function add(element, children) {
	for (const child of children)
		if (Array.isArray(child))
			add(element, child);
		else if (child !== false && child !== null && child !== undefined)
			element.append(child instanceof Node ? child : String(child));
}

/**
 * Put new children into an element.
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
	element.replaceChildren();
	add(element, children);
}

let ids = 0;
/** An id that no other element has: for labels, descriptions. */
export function newId(prefix = 'e') {
	return `${prefix}-${++ids}`;
}

/**
 * Call f when nothing was asked for `ms` milliseconds.
 * @template {any[]} A
 * @param {number} ms
 * @param {(...args: A) => void} f
 * @returns {(...args: A) => void}
 */
export function later(ms, f) {
	/** @type {number | undefined} */
	let timer;
	return (...args) => {
		clearTimeout(timer);
		timer = window.setTimeout(() => f(...args), ms);
	};
}
