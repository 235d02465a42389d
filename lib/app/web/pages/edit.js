/* The form of an entry: new or there already. Everything is kept as one types. */
import {get, post} from '../api.js';
import {fill, h, later} from '../dom.js';
import {combobox} from '../form/combobox.js';
import {Draft, jsonText} from '../form/draft.js';
import {build as buildField, fullTitle, isMissing, members, showProblems} from '../form/fields.js';
import {searchCodes} from '../form/inputs.js';
import {Field, languageName} from '../form/node.js';
import {sheet} from '../form/sheet.js';
import {colon, number, t, tn} from '../words.js';

const SHORT = 10; /* parts of a form that is made at once */
const FIRST = 4; /* parts of a longer one that are made before the page is shown: they fill the window */
const SLICE = 20; /* ms of making fields between which the page answers */

/** @param {any} value of a clash */
const plain = value => value === undefined ? t('nothing') : typeof value === 'string' ? value : jsonText(value, 1);

/** A file that is no JSON: its text, until it is. @param {any} answer @param {import('../main.js').Context} context @returns {import('../main.js').Page} */
function textPage(answer, {refresh}) {
	const wrong = h('p', {class: 'note bad', role: 'alert'}, answer.error.message, answer.error.line ? ` (${t('line {line}', {line: answer.error.line})})` : '');
	const area = h('textarea', {class: 'json', rows: 24, spellcheck: 'false', value: answer.text, 'aria-label': t('The text of the entry')});
	return {title: t('This entry cannot be read'), content: [wrong, area, h('button', {class: 'primary', onclick: async () => {
		try {
			await post(`/api/drafts/${encodeURIComponent(answer.id)}/text`, {text: area.value});
			refresh();
		} catch (e) {
			const error = /** @type {any} */ (e).error;
			fill(wrong, error?.message ?? String(e), error?.line ? ` (${t('line {line}', {line: error.line})})` : '');
		}
	}}, t('Keep this text'))]};
}

/** Call for each text in languages that a value has. @param {any} spec @param {any} value @param {(text: any) => void} tell */
function eachText(spec, value, tell) {
	if (typeof value !== 'object' || value === null)
		return;
	if (spec.widget === 'texts')
		tell(value);
	for (const f of spec.fields ?? [])
		eachText(f, value[f.name], tell);
	if (spec.item)
		for (const [name, inner] of Object.entries(value))
			eachText(spec.special?.[name] ?? spec.item, inner, tell);
}

/** How much of the texts each language has. @param {Draft} draft */
function shares(draft) {
	/** @type {Map<string, number>} */
	const counts = new Map();
	let all = 0;
	eachText({fields: draft.form.fields}, draft.doc, text => {
		const there = Object.keys(text).filter(l => text[l]);
		all += there.length > 0 ? 1 : 0;
		for (const l of there)
			counts.set(l, (counts.get(l) ?? 0) + 1);
	});
	return {counts, all, source: draft.doc.sourceLanguage};
}

/** Are there texts in languages anywhere in it? @param {any} spec @returns {boolean} */
function hasTexts(spec) {
	return spec.widget === 'texts' || [...spec.fields ?? [], spec.item, ...Object.values(spec.special ?? {})].some(inner => inner && hasTexts(inner));
}

/** @param {import('../main.js').Context} context @returns {Promise<import('../main.js').Page>} */
export async function page(context) {
	const {me, params, signal, go, say} = context;
	const [answer] = await Promise.all([get(params.id ? `/api/drafts/${encodeURIComponent(params.id)}` : `/api/new/${encodeURIComponent(params.kind)}`, {}, signal), sheet]);
	return answer.text === undefined ? formPage(answer, {me, signal, go, say, refresh: context.refresh}) : textPage(answer, context);
}

/** @param {any} answer @param {any} context @returns {import('../main.js').Page} */
function formPage(answer, {me, signal, go, say, refresh}) {
	const {form} = answer;
	const state = h('p', {class: 'state'}), summary = h('div', {class: 'summary'}), clashes = h('div'), bar = h('div', {class: 'languages'}), body = h('div', {class: 'form'});
	let findings = answer.findings, showAll = !answer.fresh, keptOnce = !answer.fresh;
	/** @type {string[]} */
	const added = [];
	/** @type {Field} */
	let root;
	/** @type {(() => void)[]} */
	let pending = [];
	let until = Infinity;

	const giveUp = h('button', {onclick: () => sure.showModal()}, answer.saved ? t('Give up my changes') : t('Throw away')); /* where there is something to give up */

	const draft = new Draft(answer, {
		state(name, error) {
			giveUp.hidden = !keptOnce || draft.version === answer.saved && !answer.held;
			state.className = `state ${keptOnce || name !== 'kept' ? name : ''}`;
			if (name === 'kept')
				fill(state, keptOnce ? [h('span', {'aria-hidden': 'true'}, '✓ '), t('Kept on this computer')] : t('Nothing is written yet.'));
			else if (name === 'open')
				fill(state, t('Not kept yet: {what}', {what: [...draft.unread].map(fullTitle).join(', ')}));
			else if (name === 'failed')
				fill(state, h('span', {'aria-hidden': 'true'}, '✕ '), t('Not kept: {why}', {why: error?.message ?? ''}));
			else
				fill(state, t('Keeping…'));
			if (name === 'failed')
				say(state.textContent);
		},
		answer(a) {
			if (!keptOnce && location.pathname.startsWith('/new/'))
				history.replaceState(null, '', `/entries/${encodeURIComponent(answer.id)}/edit`);
			keptOnce = true;
			findings = a.findings;
			const before = JSON.stringify(shared.among);
			shared.among = a.among;
			if (a.names)
				for (const part of /** @type {const} */ (['codes', 'entries']))
					Object.assign(shared.names[part], a.names[part]);
			drawClashes(a.clashes);
			if (!a.doc && JSON.stringify(a.among) !== before)
				offerAnew();
			drawProblems();
		},
		outside() {
			redraw();
			say(t('This entry was changed elsewhere meanwhile. Here it is as it stands now.'));
		},
		changed() {
			for (const n of shared.nodes)
				/** @type {any} */ (n).changed?.();
			drawLanguagesSoon();
		},
	});

	/** @type {import('../form/node.js').Shared} */
	const shared = {draft, among: answer.among, names: answer.names, text: draft.doc.sourceLanguage ?? me.network.languages[0] ?? 'en', me, say, nodes: new Set(), choose, saved: answer.saved !== '', soon};

	/** @param {any[]} list */
	function drawClashes(list) {
		const settle = async (/** @type {string} */ path, /** @type {boolean} */ yours) => {
			await draft.flush();
			const a = await post(`/api/drafts/${encodeURIComponent(draft.id)}/settle`, {path, yours});
			draft.take(a, structuredClone(draft.doc));
		};
		fill(clashes, list.map(c => h('section', {class: 'note warn', 'aria-label': t('Changed in two places')},
			h('p', null, t('{path} was changed elsewhere while you wrote. Both are kept; choose one:', {path: c.path})),
			h('div', {class: 'sides'}, h('div', null, h('p', {class: 'small soft'}, t('What you wrote')), h('blockquote', {dir: 'auto'}, plain(c.yours)), h('button', {onclick: () => settle(c.path, true)}, t('Take mine'))),
				h('div', null, h('p', {class: 'small soft'}, t('What stands now')), h('blockquote', {dir: 'auto'}, plain(valueAt(c.path))), h('button', {onclick: () => settle(c.path, false)}, t('Leave it')))))));
	}

	/** @param {string} path with identities @returns {any} */
	function valueAt(path) {
		return path.split('/').slice(1).map(n => n.replace(/~1/g, '/').replace(/~0/g, '~')).reduce((/** @type {any} */ v, n) =>
			Array.isArray(v) ? v.find(i => i && Object.values(i).includes(n)) ?? v[Number(n)] : v?.[n], draft.kept);
	}

	function drawProblems() {
		const placed = showProblems(root, findings, showAll);
		const errors = placed.filter(p => p.finding.severity === 'error');
		const row = (/** @type {any} */ p) => h('li', null, h('button', {type: 'button', class: 'link', onclick: () => p.node === root ? body.querySelector('input, textarea, select')?.focus() : p.node.focus(p.below)}, fullTitle(p.node)),
			h('span', {class: 'soft'}, ` ${isMissing(p.finding) ? t('is to be filled in') : p.finding.message}`), p.finding.severity !== 'error' && h('span', {class: 'tag warn'}, p.finding.severity === 'advice' ? t('advice') : t('warning')));
		const wrong = errors.filter(p => !isMissing(p.finding)).length, missing = errors.length - wrong, rest = placed.length - errors.length;
		const open = summary.querySelector('details')?.open ?? false;
		const line = [wrong && tn('{n} problem', '{n} problems', wrong), missing && tn('{n} thing to fill in', '{n} things to fill in', missing), rest && tn('{n} remark', '{n} remarks', rest)].filter(Boolean).join(', ');
		const now = document.activeElement;
		const held = now && summary.contains(now) ? [...summary.querySelectorAll('summary, button')].indexOf(/** @type {any} */ (now)) : -1;
		fill(summary, placed.length ? h('details', {open}, h('summary', null, errors.length ? `${t('Before this can be sent')}${colon()}${line}` : line), h('ul', null, placed.map(row))) :
			h('p', {class: 'good'}, h('span', {'aria-hidden': 'true'}, '✓ '), t('Nothing is wrong.')));
		if (held >= 0)
			/** @type {any} */ (summary.querySelectorAll('summary, button')[held] ?? summary.querySelector('summary'))?.focus();
	}

	/** @param {boolean} [chosen] the person chose one: also while the bar has the focus */
	function drawLanguages(chosen = false) {
		const {counts, all, source} = shares(draft);
		const codes = [...new Set([source, ...me.network.languages, ...counts.keys(), ...added, shared.text].filter(Boolean))];
		const focused = bar.contains(document.activeElement) && /** @type {any} */ (document.activeElement).type === 'radio';
		if (bar.contains(document.activeElement) && !focused && !chosen)
			return;
		const adder = combobox({id: 'add-language', text: '', say, label: t('Add a language'), search: searchCodes(['languages']), take: o => {
			if (o) {
				added.push(o.value);
				choose(o.value);
				bar.querySelector('input:checked')?.focus();
			}
		}});
		adder.input.setAttribute('placeholder', t('Add a language'));
		fill(bar, h('fieldset', null, h('legend', {class: 'small soft'}, t('The texts below in')), h('div', {class: 'row'}, codes.map(c => {
			const share = all ? Math.round(100 * (counts.get(c) ?? 0) / all) : 0;
			return h('label', {class: 'tab'}, h('input', {type: 'radio', name: 'text-language', value: c, checked: c === shared.text, onchange: () => choose(c)}),
				h('span', null, languageName(c)), h('span', {class: 'soft small'}, c === source ? ` ${t('original')}` : ` ${number(share / 100, {style: 'percent'})}`));
		}), adder.element)));
		if (focused)
			/** @type {any} */ (bar.querySelector('input:checked'))?.focus();
	}
	const drawLanguagesSoon = later(400, () => drawLanguages());

	/** @param {string} code */
	function choose(code) {
		shared.text = code;
		for (const n of shared.nodes)
			/** @type {any} */ (n).draw?.();
		drawLanguages(true);
		say(t('Texts in {language}', {language: languageName(code)}));
	}

	/** Make all fields, or (not whole) what a first screen has: `soon` then leaves the others for later. @param {boolean} whole */
	function build(whole) {
		root = new Field(shared, null, '', {widget: 'object', fields: form.fields});
		root.element = body;
		pending = [];
		const all = members(root, form);
		until = whole || all.length <= SHORT ? Infinity : 0;
		fill(body, all.map((p, i) => i < FIRST || !p.names.length ? p.make() : soon(root, p.names, p.make)));
		until = Infinity;
		body.setAttribute('aria-busy', String(pending.length > 0));
	}

	/** The element of these fields of a node; while the first screen is made, or a slice that took its time, a place for it. @param {Field} node @param {string[]} names @param {() => any} make */
	function soon(node, names, make) {
		if (performance.now() < until)
			return make();
		const element = h(node.spec.widget === 'list' ? 'li' : 'div', {class: 'later'});
		const now = () => {
			for (const n of names)
				node.later.delete(n);
			if (element.parentNode)
				element.replaceWith(make());
		};
		for (const n of names)
			node.later.set(n, now);
		pending.push(now);
		return element;
	}

	/** Make what was left for later, a little at a time, so that the page answers meanwhile. */
	function goOn() {
		const some = pending.length > 0;
		until = performance.now() + SLICE;
		while (pending.length && performance.now() < until)
			pending.shift()?.();
		until = Infinity;
		if (pending.length)
			setTimeout(goOn);
		else if (some)
			drawProblems();
		body.setAttribute('aria-busy', String(pending.length > 0));
	}

	/** Other values may be chosen by now: the fields that offer them, but for the one that is in use. */
	function offerAnew() {
		for (const n of [...shared.nodes])
			if ((n.spec.widget === 'among' || n.spec.keys?.widget === 'among' || n.spec.item?.widget === 'among') && n.parent && !n.element.contains(document.activeElement)) {
				const fresh = buildField(shared, n.parent, n.token, n.spec);
				fresh.touched = n.touched;
				n.element.replaceWith(fresh.element);
				n.drop();
			}
	}

	/** Draw all fields again, with the focus where it was. */
	function redraw() {
		const here = [...shared.nodes].filter(n => n.element?.contains(document.activeElement) && n !== root).sort((a, b) => b.path.length - a.path.length)[0];
		const pointer = here?.pointer, caret = /** @type {any} */ (document.activeElement)?.selectionStart;
		const open = new Set([...shared.nodes].filter(n => n.fold?.open).map(n => n.pointer));
		const touched = new Set([...shared.nodes].filter(n => n.touched).map(n => n.pointer));
		const unread = [...draft.unread].filter(n => n.control).map(n => [n.pointer, n.control.value]);
		shared.nodes.clear();
		draft.unread.clear();
		build(true);
		for (const n of shared.nodes) { /* also of those that come with a fold that opens */
			n.touched = touched.has(n.pointer);
			if (n.fold && open.has(n.pointer)) {
				n.later.forEach(make => make());
				n.fold.open = true;
			}
		}
		for (const [there, text] of unread) {
			const field = [...shared.nodes].find(n => n.pointer === there);
			if (field?.control) {
				field.control.value = text;
				field.control.dispatchEvent(new Event('input'));
			}
		}
		const back = [...shared.nodes].find(n => pointer !== undefined && n.pointer === pointer);
		if (back?.control) {
			back.control.focus({preventScroll: true});
			if (typeof caret === 'number' && back.control.setSelectionRange && /^(text|textarea)$/.test(back.control.type))
				back.control.setSelectionRange(caret, caret);
		}
		drawLanguages();
		drawProblems();
	}

	async function publish() {
		await draft.flush();
		try {
			await post(`/api/drafts/${encodeURIComponent(draft.id)}/publish`);
			go(`/entries/${encodeURIComponent(draft.id)}`);
		} catch (e) {
			showAll = true;
			drawProblems();
			const failure = /** @type {any} */ (e);
			fill(state, [failure.message, failure.hint].filter(Boolean).join(' '));
			say(failure.message);
		}
	}

	const sure = h('dialog', {'aria-labelledby': 'sure'}, h('p', {id: 'sure'}, answer.saved ? t('Give up what you changed since it was last saved?') : t('Throw this draft away?')),
		h('div', {class: 'row'}, h('button', {class: 'primary', onclick: async () => {
			sure.close();
			draft.doc = structuredClone(draft.kept);
			if (keptOnce)
				await post(`/api/drafts/${encodeURIComponent(draft.id)}/discard`);
			if (answer.saved)
				refresh();
			else
				go('/');
		}}, answer.saved ? t('Give up my changes') : t('Throw away')), h('button', {onclick: () => sure.close()}, t('Go on writing'))));

	if (!answer.fresh && location.pathname.startsWith('/new/')) /* a profile that is there */
		history.replaceState(null, '', `/entries/${encodeURIComponent(answer.id)}/edit`);
	build(false);
	requestAnimationFrame(() => setTimeout(goOn)); /* when the first of it is seen */
	drawLanguages();
	drawClashes(answer.clashes);
	drawProblems();
	draft.listener.state('kept');
	const leave = () => draft.leave();
	window.addEventListener('pagehide', leave, {signal});
	document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && draft.flush(), {signal});
	signal.addEventListener('abort', () => draft.flush());
	return {title: answer.fresh ? t('New: {kind}', {kind: form.title}) : answer.title || form.title, content: [
		form.description && h('p', {class: 'soft'}, answer.fresh ? form.description : form.title),
		clashes, summary, hasTexts({fields: form.fields}) ? bar : '', body,
		h('div', {class: 'foot'}, state, h('div', {class: 'row'},
			answer.held ? h('button', {class: 'primary', onclick: publish}, t('Put it into the network')) :
				h('a', {class: 'button primary', href: `/entries/${encodeURIComponent(draft.id)}`, onclick: (/** @type {any} */ e) => {
					if (!keptOnce) {
						e.preventDefault();
						go('/');
					}
				}}, t('Done')),
			giveUp)), sure].filter(Boolean)};
}
