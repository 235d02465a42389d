/* The frame of the app: coming in, the address, the page that belongs to it. docs/app.md says how to add a page. */
import {Failure, post, set, whoAmI} from './api.js';
import {fill, h} from './dom.js';
import {chosenLang, lang, LANGS, setLang, t} from './words.js';

/**
 * What a page gets. `signal` is aborted when the person goes elsewhere; `refresh` draws the page again; `go` leads to another.
 * @typedef {{me: any, params: Record<string, string>, query: URLSearchParams, signal: AbortSignal,
 *            refresh: () => void, go: (address: string) => void, say: (text: string) => void}} Context
 * A page: its h1 and title, and its content.
 * @typedef {{title: string, wide?: boolean, content: (Node | string)[]}} Page
 */

/** @type {{path: string, load: () => Promise<{page: (context: Context) => Promise<Page>}>}[]} */
const PAGES = [
	{path: '/', load: () => import('./pages/home.js')},
	{path: '/entries', load: () => import('./pages/entries.js')},
	{path: '/entries/{id}', load: () => import('./pages/entry.js')},
	{path: '/entries/{id}/history', load: () => import('./pages/history.js')},
	{path: '/reports', load: () => import('./pages/reports.js')},
	{path: '/reports/{name}', load: () => import('./pages/report.js')},
	{path: '/review', load: () => import('./pages/review.js')},
	{path: '/review/activity', load: () => import('./pages/review_activity.js')},
	{path: '/review/{member}/{id}', load: () => import('./pages/review_item.js')},
	{path: '/new', load: () => import('./pages/new.js')},
	{path: '/new/{kind}', load: () => import('./pages/edit.js')},
	{path: '/entries/{id}/edit', load: () => import('./pages/edit.js')},
	{path: '/conflicts', load: () => import('./pages/conflicts.js')},
];

/* What the head leads to; role: for whom. */
const MENU = [
	{path: '/', text: () => t('Home')},
	{path: '/entries', text: () => t('Entries')},
	{path: '/reports', text: () => t('Reports')},
	{path: '/review', text: () => t('Review'), role: 'secretariat'},
	{path: '/new', text: () => t('New entry')},
];

const AHEAD = 500; /* ms after the first page: then what a form needs is brought, which is most of the app's code */

/** @type {any} */
let me = null;
let leaving = new AbortController();

/** @param {string} part of an address; what is no code for a letter stays as it is */
function decoded(part) {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

/** @param {string} path */
function find(path) {
	const parts = path.split('/').map(decoded);
	for (const p of PAGES) {
		const pattern = p.path.split('/');
		/** @type {Record<string, string>} */
		const params = {};
		const fits = pattern.length === parts.length && pattern.every((part, i) => {
			if (!part.startsWith('{'))
				return part === parts[i];
			params[part.slice(1, -1)] = parts[i];
			return parts[i] !== '';
		});
		if (fits)
			return {...p, params};
	}
	return null;
}

const main = h('main', {id: 'main', tabindex: '-1'});
const status = h('p', {class: 'hidden', role: 'status', 'aria-live': 'polite'});
const header = h('header', {class: 'head'});

/** Say something that a screen reader reads out. @param {string} text */
function say(text) {
	status.textContent = '';
	window.setTimeout(() => {
		status.textContent = text;
	}, 50);
}

function drawHead() {
	const here = location.pathname;
	const entries = MENU.filter(m => !('role' in m) || m.role === me?.role).map(m => h('li', null, h('a', {href: m.path, 'aria-current': here === m.path ? 'page' : m.path !== '/' && here.startsWith(`${m.path}/`) && 'true'}, m.text())));
	const choice = h('select', {id: 'lang', onchange: async (/** @type {any} */ e) => {
		main.setAttribute('aria-busy', 'true'); /* it is another page from now on, though it still stands there */
		await setLang(e.target.value).catch(() => {}); /* nobody serves it: the page says so */
		set({lang: e.target.value}).catch(() => {}); /* then for this time only */
		me = await whoAmI().catch(() => me);
		await draw(false);
		document.getElementById('lang')?.focus();
	}}, Object.entries(LANGS).map(([code, name]) => h('option', {value: code, lang: code, selected: code === lang()}, name)));
	fill(header,
		h('p', {class: 'brand'}, h('a', {href: '/'}, me ? me.network.title : 'cib')),
		me && h('nav', {'aria-label': t('Main')}, h('ul', null, entries)),
		h('div', {class: 'tools'}, h('label', {for: 'lang', class: 'hidden'}, t('Language')), choice));
}

/** What went wrong, as a page. @param {unknown} e @returns {Page} */
function failed(e) {
	if (e instanceof Failure && e.code === 'app.session')
		return {title: t('Open the app from the command line'), content: [
			h('p', null, t('This page shows the network to the person at this computer only. Open it with this command:')),
			h('pre', null, 'cib app')]};
	if (e instanceof Failure && e.code === 'app.gone')
		return {title: t('The app was closed'), content: [
			h('p', null, t('Nothing is lost: what was saved is on this computer. Open the app again with this command:')),
			h('pre', null, 'cib app')]};
	const f = e instanceof Failure ? e : null, none = f?.http === 404;
	return {title: none ? t('There is nothing here') : f?.http === 403 ? t('This is for others to do') : t('That did not work'), content: [
		h('p', {class: none ? 'note sentence' : 'note bad sentence'}, e instanceof Error ? e.message : String(e)),
		f?.hint ? h('p', {class: 'sentence'}, f.hint) : '',
		h('p', {class: 'actions'}, h('a', {href: '/', class: 'button'}, t('Home')), me && h('a', {href: '/entries', class: 'button'}, t('Entries')))]};
}

/** Draw the page of the address. @param {boolean} moved the person came here by a link: the heading takes the focus */
async function draw(moved) {
	leaving.abort();
	leaving = new AbortController();
	const {signal} = leaving;
	const found = find(location.pathname);
	main.setAttribute('aria-busy', 'true');
	/** @type {Page} */
	let page;
	try {
		if (!found)
			throw new Failure(404, {code: 'app.unknown', message: t('There is no page under this address.')});
		const module = await found.load().catch(() => {
			throw new Failure(0, {code: 'app.gone', message: ''}); /* the page's own module does not come: nobody serves it */
		});
		page = await module.page({me, params: found.params, query: new URLSearchParams(location.search), signal, refresh: () => draw(false), go, say});
	} catch (e) {
		if (signal.aborted)
			return;
		page = failed(e);
	}
	if (signal.aborted)
		return;
	drawHead();
	const heading = h('h1', {tabindex: '-1'}, page.title);
	main.className = page.wide ? 'wide' : '';
	fill(main, heading, page.content);
	main.removeAttribute('aria-busy');
	document.title = me ? `${page.title} · ${me.network.title}` : page.title;
	if (moved) {
		window.scrollTo(0, 0);
		heading.focus({preventScroll: true});
	}
}

/** Lead to another page of the app. @param {string} address */
function go(address) {
	history.pushState(null, '', address);
	draw(true);
}

/** A link within the app is followed without loading the frame again. @param {MouseEvent} e */
function follow(e) {
	const link = e.target instanceof Element ? e.target.closest('a') : null;
	if (!link || e.defaultPrevented || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || link.target || link.hasAttribute('download'))
		return;
	const url = new URL(link.href);
	if (url.origin !== location.origin || url.pathname.startsWith('/api/') || (url.hash && url.pathname === location.pathname && url.search === location.search))
		return;
	e.preventDefault();
	go(url.pathname + url.search + url.hash);
}

async function begin() {
	const start = /^#start=([0-9a-f]{64})(?:&lang=([a-z]+))?$/.exec(location.hash);
	if (start)
		history.replaceState(null, '', location.pathname);
	find(location.pathname)?.load().catch(() => {}); /* on its way while the words come */
	await setLang(start?.[2] || chosenLang() || navigator.language.slice(0, 2));
	fill(/** @type {HTMLElement} */ (document.getElementById('app')), h('a', {href: '#main', class: 'skip'}, t('Skip to the content')), header, main, status);
	try {
		if (start)
			await post('/api/start', {token: start[1]});
		me = await whoAmI();
		await draw(false);
	} catch (e) {
		const page = failed(e);
		drawHead();
		fill(main, h('h1', null, page.title), page.content);
		document.title = page.title;
	}
	document.addEventListener('click', follow);
	window.addEventListener('popstate', () => draw(true));
	if (me)
		setTimeout(() => import('./pages/edit.js').catch(() => {}), AHEAD);
}

begin();
