/* The list of entries and the search: as one types, filters as facets, a list of any length of which only what is seen is drawn. */
import {follow, get, memberName, nameOf} from '../api.js';
import {fill, h, later, newId} from '../dom.js';
import {folded} from '../filters.js';
import {number, t, tn} from '../words.js';

const CHUNK = 100; /* rows of one request */
const FILTERS = ['kind', 'member', 'country', 'sdg', 'theme', 'year'];

/** A text in which the server marked the words between U+0002 and U+0003. @param {string} text */
export function marked(text) {
	return text.split('\u0002').flatMap((part, i) => {
		if (i === 0)
			return [part];
		const [word, rest = ''] = part.split('\u0003');
		return [h('mark', null, word), rest];
	});
}

/** @param {import('../main.js').Context} context @returns {Promise<import('../main.js').Page>} */
export async function page({me, query, signal, say}) {
	/** @type {Record<string, string>} */
	const wanted = {q: query.get('q') ?? ''};
	for (const name of FILTERS)
		wanted[name] = query.get(name) ?? '';
	const titles = new Map(me.kinds.map((/** @type {any} */ k) => [k.name, k.title]));
	const filterTitles = {kind: t('Kind'), member: t('Member'), country: t('Country'), sdg: t('Goal'), theme: t('Theme'), year: t('Year')};

	const count = h('p', {class: 'soft', id: newId('count')});
	const facets = h('div', {class: 'facets'});
	const space = h('div', {class: 'space'});
	const list = h('div', {class: 'list', tabindex: '0', role: 'group', 'aria-label': t('Entries')}, space);
	const rows = h('ul', {class: 'window'});
	space.append(rows);

	/** @type {Map<number, any[]>} */
	let chunks = new Map();
	/** @type {Set<number>} */
	let asked = new Set();
	let total = 0, round = 0, height = 0;

	const narrow = window.matchMedia('(max-width: 40rem)'); /* a title may take two lines: as in app.css */
	/** The height of a row follows the size of the letters. */
	function measure() {
		height = Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * ((wanted.q ? 6 : 4.2) + (narrow.matches ? 1.5 : 0)));
		space.style.setProperty('height', `${Math.min(total * height, 15e6)}px`);
	}

	/** @param {any} row @param {number} i */
	function draw(row, i) {
		const item = h('li', {'aria-setsize': total, 'aria-posinset': i + 1, class: 'entry'});
		item.style.setProperty('top', `${i * height}px`);
		item.style.setProperty('height', `${height}px`);
		if (row)
			fill(item, h('a', {href: `/entries/${row.id}`, dir: 'auto'}, row.title ? marked(row.title) : nameOf(row, titles.get(row.kind))),
				h('span', {class: 'soft small'}, [titles.get(row.kind) ?? row.kind, memberName(row.member)].join(' · ')),
				row.snippet && h('span', {class: 'snippet small', dir: 'auto'}, marked(row.snippet)));
		return item;
	}

	/** @type {Map<number, {item: any, row: any}>} what is drawn, by its place in the list */
	const drawn = new Map();

	/** The places that are seen, and a little above and below. */
	function seen() {
		return [Math.max(0, Math.floor(list.scrollTop / height) - 10), Math.min(total, Math.ceil((list.scrollTop + list.clientHeight) / height) + 10)];
	}

	/** Draw what came into sight, take away what left it; the rest stays as it is. */
	function window_() {
		const [first, last] = seen();
		for (const [i, {item}] of drawn)
			if ((i < first || i >= last) && !item.contains(document.activeElement)) {
				item.remove();
				drawn.delete(i);
			}
		let at = [...drawn].filter(([i]) => i >= first).sort(([a], [b]) => a - b)[0]?.[1].item ?? null;
		for (let i = first; i < last; i++) {
			const row = chunks.get(Math.floor(i / CHUNK))?.[i % CHUNK], old = drawn.get(i);
			if (old && old.row === row) {
				at = old.item.nextElementSibling;
				continue;
			}
			const item = draw(row, i);
			if (old) {
				at = old.item.nextElementSibling;
				old.item.replaceWith(item);
			} else {
				rows.insertBefore(item, at);
			}
			drawn.set(i, {item, row});
		}
		bring();
	}

	/** Draw all of it anew: other rows, or other heights. */
	function redraw() {
		const focused = document.activeElement instanceof HTMLAnchorElement && rows.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
		drawn.clear();
		rows.replaceChildren();
		window_();
		if (focused)
			for (const link of rows.querySelectorAll('a'))
				if (link.getAttribute('href') === focused)
					link.focus({preventScroll: true});
	}

	let bringing = false;
	/** Ask for what is seen and not there yet, one piece at a time: what passed by while a person pulled at the bar is not asked for. */
	async function bring() {
		if (bringing)
			return;
		const [first, last] = seen(), mine = round;
		let chunk = Math.floor(first / CHUNK);
		while (chunk * CHUNK < last && asked.has(chunk))
			chunk++;
		if (chunk * CHUNK >= last)
			return;
		bringing = true;
		asked.add(chunk);
		const answer = await get('/api/entries', {...wanted, from: chunk * CHUNK, count: CHUNK}, signal).catch(() => null);
		bringing = false;
		if (answer?.rows && mine === round)
			chunks.set(chunk, answer.rows);
		if (!signal.aborted)
			window_();
	}

	/** @param {any} answer */
	function drawFacets(answer) {
		const focus = document.activeElement?.id;
		fill(facets, FILTERS.map(name => {
			const values = answer.facets[name];
			if (!values.length && !wanted[name])
				return null;
			const chosen = values.find((/** @type {any} */ v) => v.value.toLowerCase() === wanted[name].toLowerCase());
			const select = h('select', {id: `filter-${name}`, onchange: (/** @type {any} */ e) => {
				wanted[name] = e.target.value;
				load(true);
			}}, h('option', {value: ''}, t('All')), values.map((/** @type {any} */ v) => h('option', {value: v.value, selected: v === chosen}, `${name === 'member' ? memberName(v.value === 'secretariat' ? '' : v.value) : v.title} (${number(v.count)})`)));
			return h('div', {class: wanted[name] ? 'facet chosen' : 'facet'}, h('label', {for: `filter-${name}`}, filterTitles[/** @type {keyof typeof filterTitles} */ (name)]), select);
		}), FILTERS.some(name => wanted[name]) && h('button', {type: 'button', id: 'filters-off', onclick: () => {
			for (const name of FILTERS)
				wanted[name] = '';
			load(true);
		}}, t('Take the filters away')));
		if (focus)
			document.getElementById(focus)?.focus();
	}

	/** Ask anew from the beginning. @param {boolean} keep write the wish into the address */
	async function load(keep) {
		const mine = ++round;
		if (keep) {
			const words = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
			history.replaceState(null, '', words.size ? `/entries?${words}` : '/entries');
		}
		let answer = await get('/api/entries', {...wanted, from: 0, count: CHUNK}, signal);
		while (answer.job && mine === round) { /* the index is made: once, after a long time, or after the rules changed */
			fill(count, t('Reading the entries for the first time…'));
			await follow(answer, job => fill(count, t('Reading the entries for the first time: {n}', {n: number(job.objects)})));
			answer = await get('/api/entries', {...wanted, from: 0, count: CHUNK}, signal);
		}
		if (mine !== round)
			return;
		total = answer.total;
		chunks = new Map([[0, answer.rows]]);
		asked = new Set([0]);
		measure();
		list.scrollTop = 0;
		const found = tn('{n} entry', '{n} entries', total);
		const narrowed = Object.values(wanted).some(Boolean);
		const text = total ? answer.widened ? t('{found} with words that begin so', {found}) : found : narrowed ? t('Nothing was found. Fewer words or filters find more.') : t('There is no entry yet.');
		fill(count, text);
		if (keep)
			say(text);
		list.classList.toggle('empty', total === 0);
		drawFacets(answer);
		redraw();
	}

	const field = h('input', {type: 'search', id: 'q', value: wanted.q, autocomplete: 'off', spellcheck: 'false', dir: 'auto', 'aria-describedby': count.id, oninput: later(120, () => {
		wanted.q = field.value;
		load(true).catch(failed);
	})});
	/** @param {unknown} e */
	function failed(e) {
		if (!signal.aborted)
			fill(count, e instanceof Error ? e.message : String(e));
	}

	let waiting = 0;
	list.addEventListener('scroll', () => {
		waiting ||= requestAnimationFrame(() => {
			waiting = 0;
			window_();
		});
	}, {passive: true});
	const resized = new ResizeObserver(() => {
		if (!total)
			return;
		measure();
		redraw();
	});
	resized.observe(list);
	signal.addEventListener('abort', () => resized.disconnect());
	await load(false);
	requestAnimationFrame(window_);
	return {title: t('Entries'), wide: true, content: [
		h('form', {role: 'search', class: 'finder', onsubmit: (/** @type {Event} */ e) => e.preventDefault()}, h('label', {for: 'q'}, t('Search')), field),
		h('div', {class: 'columns'}, folded(facets, signal, () => FILTERS.some(name => wanted[name])), h('div', null, count, list)),
	]};
}
