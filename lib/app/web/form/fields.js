/* From what the server says of a kind to fields on the page. */
import {h} from '../dom.js';
import {t, tn} from '../words.js';
import {among, choice, code, date, fixed, json, numeric, reference, text, texts, yesNo} from './inputs.js';
import {list, map, set} from './lists.js';
import {Field, grouped} from './node.js';

/** @typedef {import('./node.js').Shared} Shared */

const FEW = 6; /* fields of a part that are shown at once */

/** Has the document anything there? @param {any} value */
function isThere(value) {
	return value !== undefined && !(typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

/** "To be confirmed" belongs beside the dates that it is about. @param {any[]} fields */
function inOrder(fields) {
	const rest = fields.filter(f => !isStatusOfDate(f)), moved = fields.filter(isStatusOfDate);
	for (const f of moved) {
		const stem = f.name.replace(/Status$/, ''), named = rest.findLastIndex(r => r.name.startsWith(stem) && (r.widget === 'date' || r.widget === 'object'));
		const last = named >= 0 ? named : rest.findLastIndex(r => r.widget === 'date' && r.level !== 'more');
		const beside = rest[last]?.level === 'required' ? 'proposed' : rest[last]?.level;
		rest.splice(last < 0 ? rest.length : last + 1, 0, f.level === 'more' && beside ? {...f, level: beside} : f);
	}
	return rest;
}

/** @param {any} f */
function isStatusOfDate(f) {
	return f.widget === 'choice' && /Status$/.test(f.name) && f.options.some((/** @type {any} */ o) => o.value === 'tbc');
}

/** Part of a form: the fields of these names, and what makes their element. @typedef {{names: string[], make: () => any}} Part */

/** Fields, each a part; those that belong together share a row. @param {Field} node @param {any} spec @param {any[]} fields @returns {Part[]} */
function parts(node, spec, fields) {
	const groups = (spec.groups ?? []).filter((/** @type {string[]} */ g) => g.every(n => fields.some(f => f.name === n)));
	return fields.flatMap(f => {
		const group = groups.find((/** @type {string[]} */ g) => g.includes(f.name));
		const together = group ? fields.filter(o => group.includes(o.name)) : [f];
		const make = () => {
			const elements = together.map(o => build(node.shared, node, o.name, o).element);
			const element = group ? h('div', {class: 'row together'}, elements) : elements[0];
			return spec.point && together.some(o => o.name === 'lon') ? h('div', null, element, mapOf(node)) : element;
		};
		return together[0] === f ? [{names: together.map(o => o.name), make}] : [];
	});
}

/** The map on which the point of an object can be chosen, behind a fold; its code comes when it opens. @param {Field} node */
function mapOf(node) {
	const fold = h('details', {class: 'more', ontoggle: async () => {
		if (fold.open && fold.childElementCount === 1) {
			const place = h('p', {class: 'soft small', role: 'status'}, '…');
			fold.append(place);
			try {
				place.replaceWith(await (await import('./point.js')).pointMap(node));
			} catch (e) {
				place.textContent = /** @type {any} */ (e).message;
			}
		}
	}}, h('summary', null, t('Choose on a map')));
	return fold;
}

/** Fields behind a fold: made when it opens, or when something is to be said of one of them. @param {Field} node @param {any} spec @param {any[]} fields */
function folded(node, spec, fields) {
	const unfold = () => {
		for (const f of fields)
			node.later.delete(f.name);
		fold.append(...parts(node, spec, fields).map(p => p.make()));
	};
	const fold = h('details', {class: 'more', ontoggle: () => node.later.get(fields[0].name)?.()}, h('summary', null, tn('{n} more field', '{n} more fields', fields.length)));
	for (const f of fields)
		node.later.set(f.name, unfold);
	node.fold = fold;
	return fold;
}

/** The parts of an object: the fields that are needed, then the others behind a fold. @param {Field} node @param {any} spec @returns {Part[]} */
export function members(node, spec) {
	const value = node.value;
	const all = inOrder(spec.fields.filter((/** @type {any} */ f) => !(spec.key === f.name && f.name === 'id')));
	const isFirst = (/** @type {any} */ f) => f.level !== 'more' || isThere(value?.[f.name]);
	const few = all.length <= FEW && node.parent !== null;
	const first = all.filter(f => few || isFirst(f)), more = few ? [] : all.filter(f => !isFirst(f));
	return [...parts(node, spec, first), ...more.length ? [{names: [], make: () => folded(node, spec, more)}] : []];
}

/** @param {Shared} shared @param {Field | null} parent @param {string | number} token @param {any} spec @returns {Field} */
export function build(shared, parent, token, spec) {
	const proposed = spec.reserved && spec.level === 'required' && !shared.saved; /* else nobody could begin */
	const node = new Field(shared, parent, token, proposed ? {...spec, help: [spec.help, t('You propose it; the secretariat decides.')].filter(Boolean).join(' ')} : spec), {widget} = spec;
	if (spec.readOnly && !proposed) {
		if (node.value === undefined) {
			node.element = h('div', {hidden: true}, node.problem);
			return node;
		}
		fixed(node);
		return node;
	}
	const simple = {text, texts, number: numeric, boolean: yesNo, choice, among, code, reference, date, json};
	if (widget === 'list' && spec.set && ['choice', 'code', 'reference', 'among'].includes(spec.item.widget))
		set(node);
	else if (widget === 'list')
		list(node, build);
	else if (widget === 'map')
		map(node, build);
	else if (widget === 'object')
		grouped(node, members(node, parent?.spec.widget === 'list' ? {...spec, key: parent.spec.key} : spec).map(p => p.make()));
	else
		simple[/** @type {keyof typeof simple} */ (widget)]?.(node) ?? json(node);
	return node;
}

/* ---- problems ---- */

/** The field that a finding is about: the deepest that is shown; of something missing, that which is missing. @param {Field} root @param {any} finding */
export function fieldOf(root, finding) {
	const names = finding.pointer.split('/').slice(1).map((/** @type {string} */ n) => n.replace(/~1/g, '/').replace(/~0/g, '~'));
	let node = root, i = 0;
	for (; i < names.length; i++) {
		const next = node.child(names[i]);
		if (!next)
			break;
		node = next;
	}
	const below = names.slice(i).map((/** @type {string} */ n) => `/${n}`).join('');
	if (finding.keyword === 'required' && !below) {
		const names = [...node.children.map(c => String(c.token)), ...node.later.keys()];
		const missing = names.find(n => new RegExp(`["«]\\s?${n.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s?["»]`).test(finding.message));
		node = (missing !== undefined && node.child(missing)) || node;
	}
	return {node, below};
}

/** Something that was not filled in yet, rather than something wrong. @param {any} finding */
export function isMissing(finding) {
	return ['required', 'minItems', 'minProperties', 'minLength', 'anyOf'].includes(finding.keyword);
}

/**
 * Show problems beside their fields. What is only missing is said where the person has been, or where the entry was there
 * before; all of it stands in the summary.
 * @param {Field} root @param {any[]} findings @param {boolean} all
 * @returns {{node: Field, below: string, finding: any}[]}
 */
export function showProblems(root, findings, all) {
	/** @type {Map<Field, any[]>} */
	const by = new Map();
	const placed = findings.map(finding => ({...fieldOf(root, finding), finding}));
	for (const {node, finding} of placed)
		if (node !== root && (all || !isMissing(finding) || node.touched))
			by.set(node, [...(by.get(node) ?? []), finding]);
	for (const node of root.shared.nodes)
		node.say([...node.own, ...by.get(node) ?? []]);
	return placed;
}

/** Its name with those of the parts that it is in. @param {Field} node */
export function fullTitle(node) {
	/** @type {string[]} */
	const titles = [];
	for (let n = /** @type {Field | null} */ (node); n && n.parent; n = n.parent)
		titles.unshift(n.title);
	return titles.filter((title, i) => i === titles.length - 1 || !titles[i + 1].startsWith(title)).join(' › ') || t('The entry as a whole');
}
