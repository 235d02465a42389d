/* Fields of one value: text, text in languages, numbers, dates, choices, codes, references, yes or no, and JSON as it is. */
import {get, post} from '../api.js';
import {fill, h, later} from '../dom.js';
import {colon, lang, number, t} from '../words.js';
import {combobox} from './combobox.js';
import {at, isExact, jsonText} from './draft.js';
import {described, framed, grouped, help, isRtl, languageName, mark} from './node.js';

/** @typedef {import('./node.js').Field} Field */

/* ---- text ---- */

/** As the library counts them. @param {string} text */
const countWords = text => text.split(/[ \n\t\r]+/).filter(Boolean).length;

/** A textarea that is as high as its text; where the browser cannot do that itself. @param {any} area */
function fit(area) {
	if (CSS.supports('field-sizing', 'content'))
		return;
	area.style.setProperty('block-size', 'auto');
	area.style.setProperty('block-size', `${Math.min(area.scrollHeight + 4, 640)}px`);
}

/** The words that a text has, against its limit. @param {Field} node @param {any} line @param {string} text */
function showWords(node, line, text) {
	const {words} = node.spec;
	if (!words)
		return;
	const n = countWords(text);
	line.textContent = t('{n} of {max} words', {n: number(n), max: number(words.max)});
	line.classList.toggle('over', n > words.max);
}

/** @param {Field} node @param {string} text @param {(text: string) => void} put */
function textControl(node, text, put) {
	const {spec} = node, count = spec.words && h('p', {class: 'count soft small'});
	const control = spec.long ? h('textarea', {id: node.id, rows: 4, value: text}) :
		h('input', {id: node.id, type: spec.format === 'email' ? 'email' : spec.format === 'uri' ? 'url' : 'text', value: text, inputmode: spec.decimal && 'decimal', class: spec.decimal && 'short'});
	control.addEventListener('input', () => {
		put(spec.decimal ? control.value.trim().replace(',', '.') : control.value);
		showWords(node, count, control.value);
		if (spec.long)
			fit(control);
	});
	if (spec.long)
		requestAnimationFrame(() => text && fit(control));
	if (count)
		showWords(node, count, text);
	return {control, count};
}

/** @param {Field} node */
export function text(node) {
	const {control, count} = textControl(node, typeof node.value === 'string' ? node.value : node.value === undefined ? '' : JSON.stringify(node.value), v => {
		node.value = v;
	});
	return framed(node, control, count);
}

/** A text in languages: the one that is written now; beside it the source. @param {Field} node */
export function texts(node) {
	const {shared} = node, box = h('div');
	/** @type {any} */
	const own = node;
	own.draw = () => {
		const {text: code} = shared, source = shared.draft.doc.sourceLanguage;
		const there = node.value && typeof node.value === 'object' ? node.value : {};
		const {control, count} = textControl(node, typeof there[code] === 'string' ? there[code] : '', v => {
			node.touched = true;
			shared.draft.set([...node.path, code], v === '' ? undefined : v);
		});
		control.setAttribute('lang', code);
		control.setAttribute('dir', isRtl(code) ? 'rtl' : 'ltr');
		control.setAttribute('aria-describedby', described(node, `${node.id}-s`));
		node.control = control;
		const from = code !== source && there[source] ? source : Object.keys(there).find(l => l !== code && typeof there[l] === 'string');
		const original = code !== source && from && h('blockquote', {class: 'source', id: `${node.id}-s`},
			h('span', {class: 'small soft'}, `${languageName(from)}${colon()}`), h('span', {lang: from, dir: isRtl(from) ? 'rtl' : 'ltr'}, there[from]));
		const needed = (code === source || !from) && mark(node); /* no translation is required */
		if (needed)
			control.setAttribute('aria-required', 'true');
		fill(box, h('label', {for: node.id}, node.title, h('span', {class: 'soft language'}, ` ${languageName(code)}`), needed), help(node), original, control, count);
	};
	const lead = node.focus.bind(node);
	node.focus = below => {
		const code = below?.slice(1);
		if (code && code !== shared.text)
			shared.choose(code);
		lead();
	};
	node.element = h('div', {class: 'field', 'data-pointer': node.pointer}, box, node.problem);
	own.draw();
	return node.element;
}

/** @param {Field} node */
export function numeric(node) {
	const control = h('input', {type: 'text', inputmode: node.spec.integer ? 'numeric' : 'decimal', class: 'short', value: node.value === undefined ? '' : isExact(node.value) ? jsonText(node.value) : node.value});
	control.addEventListener('input', () => {
		const typed = control.value.trim().replace(',', '.');
		node.value = /^-?\d{1,15}(\.\d{1,6})?$/.test(typed) && typed.length < 17 ? Number(typed) : /^-?(0|[1-9]\d*)(\.\d+)?$/.test(typed) ? {'x-cib-number': typed} : typed;
	});
	return framed(node, control);
}

/** @param {Field} node */
export function yesNo(node) {
	const box = h('input', {type: 'checkbox', id: node.id, checked: node.value === true, 'aria-describedby': described(node), onchange: () => {
		node.value = box.checked ? true : node.spec.level === 'required' || node.value !== undefined ? false : undefined;
	}});
	node.control = box;
	node.element = h('div', {class: 'field check', 'data-pointer': node.pointer}, h('div', {class: 'line'}, box, h('label', {for: node.id}, node.title, mark(node))), help(node), node.problem);
	return node.element;
}

/* ---- choices ---- */

/** @type {WeakMap<any[], any>} a choice from a list of options: made once, then copied */
const made = new WeakMap();

/** @param {{name: string, key?: string}[]} options whose values are their keys, else their numbers in the list */
function choiceFrom(options) {
	if (!made.has(options))
		made.set(options, h('select', null, h('option', {value: ''}, '–'), options.map((o, i) => h('option', {value: o.key ?? String(i)}, o.name))));
	return made.get(options).cloneNode(true);
}

/** @param {Field} node @param {{value: any, name: string, reserved?: boolean}[]} options */
function selectOf(node, options) {
	const there = node.value, at = options.findIndex(o => o.value === there);
	const control = choiceFrom(options);
	options.forEach((o, i) => o.reserved && i !== at && control.querySelector(`[value="${i}"]`).remove());
	if (there !== undefined && at < 0)
		control.append(h('option', {value: 'x'}, String(there)));
	control.value = there === undefined ? '' : at < 0 ? 'x' : String(at);
	control.addEventListener('change', () => {
		node.value = control.value === '' ? undefined : control.value === 'x' ? there : options[Number(control.value)].value;
	});
	return control;
}

/** @param {Field} node */
export function choice(node) {
	return framed(node, selectOf(node, node.spec.options));
}

/** Values that another entry, or another part of this one, has. @param {Field} node */
export function among(node) {
	const options = node.shared.among[node.spec.pattern] ?? [];
	if (!options.length)
		return node.spec.integer ? numeric(node) : text(node);
	return framed(node, selectOf(node, options));
}

/* ---- codes and references ---- */

/** The lists of a field; where another member says which, by that one. @param {Field} node @returns {string[]} */
function listsOf(node) {
	const {by, lists} = node.spec;
	if (!by)
		return lists ?? [];
	const says = at(node.shared.draft.doc, [...node.path.slice(0, -1), by.by]) ?? by.default;
	return by.lists[says] ? [by.lists[says]] : [];
}

/** @param {string[]} lists */
export function searchCodes(lists) {
	return async (/** @type {string} */ q) => {
		const answers = await Promise.all(lists.map(l => get(`/api/codes/${encodeURIComponent(l)}`, {q, limit: 40})));
		return {options: answers.flatMap(a => a.codes.map((/** @type {any} */ c) => ({value: c.code, name: nameOf(c.code, c.name)}))), found: answers.reduce((n, a) => n + a.found, 0)};
	};
}

/** What the search index says; the first time it is made, which takes a moment. @param {any} query @returns {Promise<any>} */
async function askIndex(query) {
	for (;;) {
		const answer = await get('/api/entries', query);
		if (answer.rows)
			return answer;
		await new Promise(done => setTimeout(done, 400));
	}
}

/** @param {string} kind @param {string[]} [except] */
export function searchEntries(kind, except = []) {
	return async (/** @type {string} */ q) => {
		const answer = await askIndex({q, kind, count: 40});
		const own = except.filter(e => e.includes(q.toLowerCase())).map(e => ({value: e, name: e}));
		return {options: [...own, ...answer.rows.map((/** @type {any} */ e) => ({value: e.id, name: e.title.replace(/[\u0002\u0003]/g, '') || e.id, more: e.member === e.id ? '' : e.member}))],
			found: answer.total + own.length};
	};
}

/** A code that is a word needs not stand beside its name. @param {string} code @param {string | undefined} name */
export function nameOf(code, name) {
	return !name || name === code ? code : /^[a-z][a-z-]{3,}$/.test(code) ? name : `${code} ${name}`;
}

/** What a value of the field is called. @param {Field} node @param {any} value */
export function nameFor(node, value) {
	const {spec, shared} = node;
	if (spec.widget === 'reference')
		return shared.names.entries[value] || String(value);
	if (spec.widget === 'choice' || spec.widget === 'among')
		return (spec.options ?? shared.among[spec.pattern] ?? []).find((/** @type {any} */ o) => o.value === value)?.name ?? String(value);
	const lists = spec.by ? Object.values(spec.by.lists) : spec.lists ?? [];
	return nameOf(String(value), lists.map((/** @type {any} */ l) => shared.names.codes[l]?.[value]).find(Boolean));
}

/** @param {Field} node @param {any} option */
export function remember(node, option) {
	const {spec, shared} = node;
	if (spec.widget === 'reference')
		shared.names.entries[option.value] = option.name;
	else
		for (const l of spec.by ? /** @type {string[]} */ (Object.values(spec.by.lists)) : spec.lists ?? [])
			(shared.names.codes[l] ??= {})[option.value] ??= option.name.startsWith(`${option.value} `) ? option.name.slice(option.value.length + 1) : option.name;
}

/** @param {Field} node @param {(q: string) => Promise<any>} search */
function pick(node, search) {
	const box = combobox({id: node.id, search, text: node.value === undefined ? '' : nameFor(node, node.value), say: node.shared.say, free: node.spec.widget === 'code', open: is => node.shared.draft.reading(node, is), take: o => {
		if (o)
			remember(node, o);
		node.value = o?.value;
	}});
	node.control = box.input;
	box.input.setAttribute('placeholder', node.spec.widget === 'reference' ? t('Search by its title') : t('Search by name or code'));
	box.input.setAttribute('aria-describedby', described(node));
	if (node.spec.level === 'required')
		box.input.setAttribute('aria-required', 'true');
	node.element = h('div', {class: 'field', 'data-pointer': node.pointer}, h('label', {for: node.id}, node.title, mark(node)), help(node), box.element, node.problem);
	return node.element;
}

/** @param {Field} node */
export function code(node) {
	return pick(node, q => searchCodes(listsOf(node))(q));
}

/** @param {Field} node */
export function reference(node) {
	return pick(node, searchEntries(node.spec.kind, node.spec.except));
}

/* ---- dates: as exact as they are known ---- */

/** @param {string} value */
function partsOf(value) {
	const found = /^([^-T]*)(?:-([^-T]*))?(?:-([^T]*))?(?:T(.*))?$/.exec(value ?? '');
	return {year: found?.[1] ?? '', month: found?.[2] ?? '', day: found?.[3] ?? '', time: found?.[4] ?? ''};
}

const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
const days = Array.from({length: 31}, (_, i) => ({key: two(i + 1), name: String(i + 1)}));
/** @type {Map<string, {key: string, name: string}[]>} */
const months = new Map();

/** @param {string} language */
function monthsIn(language) {
	const {format} = new Intl.DateTimeFormat(language, {month: 'long', timeZone: 'UTC'});
	return Array.from({length: 12}, (_, i) => ({key: two(i + 1), name: format(new Date(Date.UTC(2024, i, 1)))}));
}

/** @param {Field} node */
export function date(node) {
	const {precision} = node.spec, there = partsOf(typeof node.value === 'string' ? node.value : '');
	const year = h('input', {type: 'text', inputmode: 'numeric', maxlength: 4, class: 'year', id: node.id, value: there.year, 'aria-describedby': described(node)});
	if (!months.has(lang()))
		months.set(lang(), monthsIn(lang()));
	const month = choiceFrom(/** @type {any} */ (months.get(lang()))), day = choiceFrom(days);
	for (const [control, name, value] of [[month, 'm', there.month], [day, 'd', there.day]]) {
		control.id = `${node.id}-${name}`;
		if (![...control.options].some(o => o.value === value))
			control.append(h('option', {value}, value)); /* no month or day, but it stands there */
		control.value = value;
	}
	const time = precision.includes('minute') && h('input', {type: 'time', id: `${node.id}-t`, value: there.time});
	/** What has nothing to be part of cannot be chosen. */
	const close = () => {
		day.disabled = !month.value;
		if (time)
			time.disabled = !day.value;
	};
	const put = () => {
		if (!month.value)
			day.value = ''; /* what is no part of the date is not shown as if it were kept */
		if (time && !day.value)
			time.value = '';
		const filled = [year.value.trim(), month.value, day.value].slice(0, day.value ? 3 : month.value ? 2 : 1).join('-'); /* without its year it is no date, and no other one */
		node.value = time && time.value ? `${filled}T${time.value}` : filled;
		close();
	};
	for (const c of [year, month, day, time])
		c && c.addEventListener('input', put);
	close();
	node.control = year;
	const part = (/** @type {string} */ name, /** @type {any} */ control) => h('div', {class: 'part'}, h('label', {for: control.id, class: 'small'}, name), control);
	return grouped(node, h('div', {class: 'row'}, part(t('Year'), year), part(precision.includes('year') ? t('Month, if known') : t('Month'), month),
		part(precision.includes('month') ? t('Day, if known') : t('Day'), day), time && part(t('Time, if known'), time)));
}

/* ---- whatever has no other field ---- */

/** @param {Field} node */
export function json(node) {
	const area = h('textarea', {class: 'json', rows: 5, spellcheck: 'false', value: node.value === undefined ? '' : jsonText(node.value, 2)});
	const {draft} = node.shared;
	/** @param {any} value */
	const take = value => {
		node.own = [];
		node.say([]);
		node.value = value;
		draft.reading(node, false);
	};
	const check = later(300, async () => {
		const written = area.value;
		if (!written.trim()) {
			take(undefined);
			return;
		}
		const answer = await post('/api/check', {text: written}).catch(e => ({wrong: {message: e.message}}));
		if (written !== area.value)
			return;
		if (!answer.wrong) {
			take(answer.value);
			return;
		}
		node.own = [{severity: 'error', message: answer.wrong.line ? t('Line {line}: {message}. This is not kept yet.', {line: answer.wrong.line, message: answer.wrong.message}) : answer.wrong.message}];
		node.say(node.own);
	});
	area.addEventListener('input', () => {
		draft.reading(node, true);
		check();
	});
	area.setAttribute('placeholder', t('As JSON, for example: {"from": 2024, "names": ["Andal", "Sel"]}'));
	return framed(node, area);
}

/** What this person does not change. @param {Field} node */
export function fixed(node) {
	const v = node.value;
	node.element = h('div', {class: 'field', 'data-pointer': node.pointer}, h('p', {class: 'name'}, node.title),
		h('p', {class: 'soft'}, typeof v === 'string' ? nameFor(node, v) : jsonText(v), ' ', h('span', {class: 'tag'}, t('by the secretariat'))), node.problem);
	return node.element;
}
