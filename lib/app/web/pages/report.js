/* A report: made by the library and shown as it prints it, each picture with its table; filters, and what can be saved of it. */
import {Failure, follow, get, post} from '../api.js';
import {fill, h} from '../dom.js';
import {choice, folded, setWord, tick} from '../filters.js';
import {style} from '../style.js';
import {day, lang, number, t, tn} from '../words.js';

const ROWS = 500; /* of a table that are shown at once */
const FILTERS = ['year', 'member', 'country', 'sdg', 'theme', 'here', 'public'];

/** What is asked for, from the address. @param {URLSearchParams} query @returns {Record<string, string>} */
const wishOf = query => Object.fromEntries(FILTERS.map(name => [name, query.get(name) ?? '']).filter(([, value]) => value));

/**
 * The library's HTML as a document: parsed by the browser from the answer, never from a string of the page, and without running anything.
 * @param {string} address @param {AbortSignal} signal @returns {Promise<HTMLElement>}
 */
function fetchPart(address, signal) {
	return new Promise((done, fail) => {
		const request = new XMLHttpRequest();
		request.open('GET', address);
		request.responseType = 'document';
		request.onload = () => {
			const part = request.status === 200 && request.responseXML?.querySelector('article.cib-report');
			if (part)
				done(/** @type {HTMLElement} */ (document.importNode(part, true)));
			else
				fail(new Failure(request.status, null));
		};
		request.onerror = () => fail(new Failure(0, {code: 'app.gone', message: t('The app was closed')}));
		signal.addEventListener('abort', () => request.abort());
		request.send();
	});
}

/**
 * A table of thousands of rows would keep the page from being seen: the first of them, and the others when they are asked for.
 * @param {HTMLElement} part @param {(table: string) => Promise<HTMLElement>} fetchTable @param {(part: HTMLElement) => void} finish @param {(text: string) => void} say
 */
function offerRest(part, fetchTable, finish, say) {
	for (const note of /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll('.cut'))) {
		const {table = '', rows} = note.dataset;
		const button = h('button', {class: 'no-print', onclick: async () => {
			button.disabled = true;
			say(t('Reading all rows…'));
			try {
				const whole = (await fetchTable(table)).querySelector('section'), here = note.closest('section');
				if (!whole || !here)
					return;
				finish(whole);
				here.querySelector('.wrap')?.replaceWith(/** @type {Node} */ (whole.querySelector('.wrap')));
				note.remove();
				/** @type {HTMLElement | null} */ (here.querySelector('.wrap'))?.focus({preventScroll: true});
				say(tn('{n} row', '{n} rows', Number(rows)));
			} catch (e) {
				button.disabled = false;
				say(/** @type {any} */ (e).message);
			}
		}}, t('Show all rows'));
		note.append(' ', button);
	}
}

/* What a job has just made: the address with its filters. */
let made = '', leadOn = false; /* and the focus was on its button */

/**
 * The page while a job makes the report, where there is much to read: how far it is, and a way to stop it. Who goes elsewhere stops it, too.
 * @param {any} answer @param {string} key @param {import('../main.js').Context} context @returns {import('../main.js').Page}
 */
function underWay(answer, key, {signal, refresh, say}) {
	const line = h('p'), end = () => post(`/api/jobs/${answer.job.id}/stop`).catch(() => {});
	const stop = h('button', {onclick: end}, t('Stop')), bar = h('progress', {'aria-label': t('Progress')});
	const box = h('div', {class: 'card', 'aria-busy': 'true'}, bar, line, h('p', {class: 'actions'}, stop));
	signal.addEventListener('abort', () => box.getAttribute('aria-busy') && end());
	say(t('The report is being made'));
	follow(answer, job => fill(line, t('Entries read: {n}', {n: number(job.objects)})), signal).then(job => {
		box.removeAttribute('aria-busy');
		if (signal.aborted)
			return;
		if (job.state === 'done') {
			made = key;
			leadOn = box.contains(document.activeElement);
			say(t('The report is made'));
			refresh();
			return;
		}
		const what = job.state === 'stopped' ? t('Stopped. The report was not made.') : job.error.message, again = h('button', {class: 'primary', onclick: refresh}, t('Make it'));
		fill(box, h('p', {class: 'sentence'}, what), h('p', {class: 'actions'}, again));
		again.focus();
		say(what);
	}, e => {
		box.removeAttribute('aria-busy');
		fill(box, h('p', {class: 'sentence'}, e.message));
		say(e.message);
	});
	return {title: t('The report is being made'), content: [h('p', null, h('a', {href: '/reports'}, t('All reports'))), box]};
}

/** @param {any} report @param {Record<string, string>} wish @param {(name: string, value: string) => void} set */
function filters(report, wish, set) {
	const year = new Date().getFullYear();
	const years = Array.from({length: 16}, (_, i) => String(year + 2 - i));
	if (wish.year && !years.includes(wish.year))
		years.push(wish.year);
	const {choices} = report;
	/** @type {(all: string, map: Record<string, string>, code?: boolean) => [string, string][]} */
	const options = (all, map, code) => [['', all], ...Object.entries(map).map(([k, v]) => /** @type {[string, string]} */ ([k, code ? `${k} ${v}` : v]))];
	/** @type {(map: Record<string, string>) => Record<string, string>} */
	const byName = map => Object.fromEntries(Object.entries(map).sort((a, b) => a[1].localeCompare(b[1], lang())));
	return h('div', {class: 'choices no-print', role: 'search', 'aria-label': t('Filters')},
		choice(t('Year'), wish.year ?? '', [['', t('As usual for the report')], .../** @type {[string, string][]} */ (years.map(y => [y, y]))], v => set('year', v)),
		choices && [
			choice(t('Member'), wish.member ?? '', options(t('All members'), byName(choices.members)), v => set('member', v)),
			choice(t('Country'), wish.country ?? '', options(t('All countries'), byName(choices.countries)), v => set('country', v)),
			/* numbers as keys come in their order */
			choice(t('Goal'), wish.sdg ?? '', options(t('All goals'), choices.goals, true), v => set('sdg', v)),
			choice(t('Theme'), wish.theme ?? '', options(t('All themes'), byName(choices.themes)), v => set('theme', v))],
		tick(t('With what is not sent yet'), !!wish.here, v => set('here', v)),
		tick(t('Public entries only'), !!wish.public, v => set('public', v)));
}

/** @param {string} address @param {Record<string, string>} wish @param {string} format @param {string} text @param {string} [table] @param {string} [about] */
function saveLink(address, wish, format, text, table, about) {
	const words = new URLSearchParams({...wish, format, lang: lang(), ...(table ? {table} : {})});
	return h('a', {href: `${address}/save?${words}`, download: true, class: table ? '' : 'button', 'aria-label': about && `${text}: ${about}`}, text);
}

/** Rows by a column, and back to the report's own order. @param {HTMLTableElement} table @param {(text: string) => void} say */
function sortable(table, say) {
	const body = table.tBodies[0], heads = [...(table.tHead?.rows[0]?.cells ?? [])];
	const rows = [...body.rows].filter(row => !row.classList.contains('total')), totals = [...body.rows].filter(row => row.classList.contains('total'));
	if (rows.length < 3)
		return;
	const value = (/** @type {HTMLTableRowElement} */ row, /** @type {number} */ c) => (row.cells[c]?.dataset.day ?? row.cells[c]?.textContent)?.replace(/^▲ /, '').trim() ?? '';
	/* numbers as the language writes them: its own signs for thousands and decimals are found by writing one */
	const sign = new Intl.NumberFormat(lang()).formatToParts(1234567.8).find(p => p.type === 'decimal')?.value ?? '.';
	const number = (/** @type {string} */ text) => parseFloat(text.replace(sign, '#').replace(/[^\d#-]/g, '').replace('#', '.'));
	heads.forEach((head, c) => {
		const button = h('button', {class: 'sort', title: t('Sort')}, head.textContent, h('span', {'aria-hidden': 'true', class: 'arrow'}));
		const numeric = head.classList.contains('n');
		button.addEventListener('click', () => {
			const now = head.getAttribute('aria-sort'), next = now === null ? (numeric ? 'descending' : 'ascending') : (now === 'ascending') === numeric ? null : numeric ? 'ascending' : 'descending';
			for (const other of heads)
				other.removeAttribute('aria-sort');
			const order = [...rows];
			if (next) {
				head.setAttribute('aria-sort', next);
				const by = next === 'ascending' ? 1 : -1;
				order.sort((a, b) => {
					const x = value(a, c), y = value(b, c);
					if (x === '–' || y === '–')
						return Number(x === '–') - Number(y === '–');
					return by * (numeric ? (number(x) || 0) - (number(y) || 0) : x.localeCompare(y, lang(), {numeric: true}));
				});
			}
			body.append(...order, ...totals);
			say(next === 'ascending' ? t('Sorted, the smallest first') : next ? t('Sorted, the largest first') : t('In the order of the report'));
		});
		head.replaceChildren(button);
	});
}

/** Days as the language writes them; a cell keeps its own for the order. @param {HTMLElement} part */
function writeDays(part) {
	for (const cell of part.querySelectorAll('td'))
		if (/^\d{4}-\d\d(-\d\d)?$/.test(cell.textContent ?? '')) {
			cell.dataset.day = cell.textContent ?? '';
			cell.textContent = day(cell.dataset.day);
		}
	const said = part.querySelector('.asof')?.firstChild;
	if (said instanceof Text)
		said.data = said.data.replace(/\d{4}-\d\d-\d\d/, date => day(date));
}

/** Days, and order by a column where all rows are there. @param {HTMLElement} part @param {(text: string) => void} say */
function finish(part, say) {
	writeDays(part);
	for (const table of part.querySelectorAll('table'))
		if (!table.closest('section')?.querySelector('.cut'))
			sortable(table, say);
}

/** What the page says itself goes, what it adds comes. @param {HTMLElement} part @param {any} report @param {string} address @param {any} wish @param {(text: string) => void} say */
function dress(part, report, address, wish, say) {
	part.querySelector('header h1')?.remove();
	part.querySelector('header .over')?.remove();
	part.querySelector('header nav')?.classList.add('no-print');
	for (const table of report.tables) {
		const heading = part.querySelector(`#${CSS.escape(table.id)}`);
		heading?.setAttribute('tabindex', '-1');
		if (!table.empty)
			heading?.after(h('p', {class: 'save small no-print'}, t('Save:'), ' ', table.figure && [saveLink(address, wish, 'svg', t('Picture (SVG)'), table.id, table.title), ' '],
				saveLink(address, wish, 'csv', t('Table (CSV)'), table.id, table.title)));
	}
	finish(part, say);
	/* the address of a part is not another page of the app */
	part.addEventListener('click', e => {
		const link = e.target instanceof Element ? e.target.closest('a[href^="#"]') : null;
		const target = link && part.querySelector(`#${CSS.escape(link.getAttribute('href')?.slice(1) ?? '')}`);
		if (target instanceof HTMLElement) {
			e.preventDefault();
			target.focus({preventScroll: true});
			target.scrollIntoView();
		}
	});
}

let focusNext = '';

/** @param {import('../main.js').Context} context @returns {Promise<import('../main.js').Page>} */
export async function page(context) {
	const {params, query, signal, say, refresh} = context;
	const address = `/api/reports/${encodeURIComponent(params.name)}`, wish = wishOf(query);
	const words = new URLSearchParams({...wish, lang: lang()});
	await Promise.all([style('filters.css'), style('report.css'), style('/api/report.css')]);
	const key = `${address}?${words}`, report = await get(address, {...wish, made: made === key && 1}, signal);
	made = '';
	if (leadOn)
		setTimeout(() => document.querySelector('h1')?.focus({preventScroll: true}), 0);
	leadOn = false;
	if (report.job)
		return underWay(report, key, context);
	const part = await fetchPart(`${address}/part?rows=${ROWS}&${words}`, signal);
	dress(part, report, address, wish, say);
	offerRest(part, table => fetchPart(`${address}/part?table=${encodeURIComponent(table)}&${words}`, signal), whole => finish(whole, say), say);

	/** @param {string} name @param {string} value */
	function set(name, value) {
		setWord(query, name, value);
		focusNext = name;
		say(t('The report is made anew.'));
		refresh();
	}
	const bar = filters(report, wish, set);
	if (focusNext) {
		const at = (report.choices ? FILTERS : ['year', 'here', 'public']).indexOf(focusNext);
		focusNext = '';
		setTimeout(() => bar.querySelectorAll('select, input')[at]?.focus(), 0);
	}
	return {title: report.title, wide: true, content: [
		h('p', {class: 'no-print'}, h('a', {href: '/reports'}, t('All reports'))),
		folded(bar, signal, () => Object.keys(wish).length > 0),
		h('div', {class: 'saves no-print', role: 'group', 'aria-label': t('Save')}, h('span', null, t('Save the report:')), saveLink(address, wish, 'html', t('Page (HTML)')), saveLink(address, wish, 'csv', t('Tables (CSV)')),
			saveLink(address, wish, 'md', t('Text (Markdown)')), saveLink(address, wish, 'json', t('Data (JSON)')), h('button', {onclick: () => window.print()}, t('Print'))),
		part]};
}
