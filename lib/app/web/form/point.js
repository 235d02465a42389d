/* A point on the map of the world: a press puts it there, the arrow keys move it; the numbers beside it say the same. The land is
 * the reports' (/api/world), in Equal Earth projection (Šavrič, Patterson and Jenny 2018), 1000 units wide. */
import {get} from '../api.js';
import {h, svg} from '../dom.js';
import {number, t} from '../words.js';

/** @typedef {import('./node.js').Field} Field */

const A = [1.340264, -0.081106, 0.000893, 0.003796], DEGREE = Math.PI / 180, EDGE = 2 * Math.sqrt(3) * Math.PI / (3 * A[0]);
const ZOOMS = [1, 2, 4, 8, 16, 32];
const NAMES = 4; /* the zoom from which countries have their names */
/** decimals that a place of this precision has (lib/network/privacy.c) @type {Record<string, number>} */
const DECIMALS = {exact: 4, city: 2, municipality: 2, region: 1, country: 0};

/** @param {number} p the parametric latitude */
const rise = p => p * (A[0] + A[1] * p ** 2 + p ** 6 * (A[2] + A[3] * p ** 2));
const slope = (/** @type {number} */ p) => A[0] + 3 * A[1] * p ** 2 + p ** 6 * (7 * A[2] + 9 * A[3] * p ** 2);
const TOP = rise(Math.asin(Math.sqrt(3) / 2)), UNIT = 500 / EDGE;

/** Where a place is on the picture. @param {number} lat @param {number} lon in degrees */
export function project(lat, lon) {
	const p = Math.asin(Math.sqrt(3) / 2 * Math.sin(lat * DEGREE));
	return {x: 500 + UNIT * 2 * Math.sqrt(3) * lon * DEGREE * Math.cos(p) / (3 * slope(p)), y: (TOP - rise(p)) * UNIT};
}

/** What place is there; null: beyond the edge of the world. @param {number} x @param {number} y */
export function unproject(x, y) {
	const height = TOP - y / UNIT;
	let p = height / A[0];
	for (let i = 0; i < 12; i++)
		p -= (rise(p) - height) / slope(p);
	const sine = 2 / Math.sqrt(3) * Math.sin(p), lon = (x - 500) / UNIT * 3 * slope(p) / (2 * Math.sqrt(3) * Math.cos(p)) / DEGREE;
	return Math.abs(sine) <= 1 && Math.abs(lon) <= 180 ? {lat: Math.asin(sine) / DEGREE, lon} : null;
}

/** @type {Map<string, Promise<any>>} by language */
const worlds = new Map();

/** @param {string} language */
function world(language) {
	if (!worlds.has(language))
		worlds.set(language, get('/api/world').catch(e => {
			worlds.delete(language);
			throw e;
		}));
	return /** @type {Promise<any>} */ (worlds.get(language));
}

/** The number that a field has, else null. @param {Field | undefined} field */
function degrees(field) {
	const value = field?.value, n = typeof value === 'string' ? Number(value) : value;
	return typeof n === 'number' && value !== '' && Number.isFinite(n) ? n : null;
}

/** The map of an object that has lat and lon. @param {Field} node */
export async function pointMap(node) {
	const {land, countries, height} = await world(document.documentElement.lang);
	const {shared} = node, help = `${node.id}-map`, lat = node.child('lat'), lon = node.child('lon');
	let zoom = 1;
	const mark = svg('g', {class: 'here'}, svg('path', {d: 'M0-14V14M-14 0H14'}), svg('circle', {r: 6}));
	const names = svg('g', {class: 'names'}), picture = svg('svg', {'aria-hidden': 'true', focusable: 'false'}, svg('path', {class: 'land', d: land.join('')}), names, mark);
	const text = h('p', {class: 'small', 'aria-hidden': 'true'});
	const frame = h('div', {class: 'map-frame', tabindex: 0, role: 'application', 'aria-roledescription': t('map'), 'aria-label': t('Map: {what}', {what: node.title}), 'aria-describedby': help}, picture);
	const closer = h('button', {type: 'button', class: 'small-button', 'aria-label': t('Closer'), onclick: () => scale(1)}, '+');
	const farther = h('button', {type: 'button', class: 'small-button', 'aria-label': t('Farther'), onclick: () => scale(-1)}, '−');
	const away = h('button', {type: 'button', onclick: () => move(null)}, t('Take the point away'));

	/** Where the point is; without one where one begins: in the country that stands beside it. */
	function here() {
		const [a, b] = [degrees(lat), degrees(lon)];
		if (a !== null && b !== null && Math.abs(a) <= 90 && Math.abs(b) <= 180)
			return {lat: a, lon: b, set: true};
		const country = countries.find((/** @type {any} */ c) => c.code === node.value?.country);
		return {lat: country?.lat ?? 10, lon: country?.lon ?? 0, set: false};
	}

	/** @param {number} a @param {number} b */
	const nearest = (a, b) => countries.map((/** @type {any} */ c) => ({c, far: (c.lat - a) ** 2 + ((c.lon - b) * Math.cos(a * DEGREE)) ** 2})).sort((/** @type {any} */ m, /** @type {any} */ n) => m.far - n.far)[0]?.c.name;

	function show() {
		const at = here(), {x, y} = project(at.lat, at.lon), width = 1000 / zoom, tall = height / zoom;
		const left = Math.min(Math.max(x - width / 2, 0), 1000 - width), top = Math.min(Math.max(y - tall / 2, 0), height - tall);
		picture.setAttribute('viewBox', `${left} ${top} ${width} ${tall}`);
		mark.setAttribute('transform', `translate(${x} ${y}) scale(${1 / zoom})`);
		mark.classList.toggle('none', !at.set);
		names.replaceChildren(...zoom < NAMES ? [] : countries.flatMap((/** @type {any} */ c) => {
			const p = project(c.lat, c.lon);
			return p.x < left || p.x > left + width || p.y < top || p.y > top + tall ? [] : [svg('text', {x: p.x, y: p.y, 'font-size': 15 / zoom, 'text-anchor': 'middle'}, c.name)];
		}));
		text.textContent = tell();
	}

	function tell() {
		const at = here();
		return at.set ? t('Latitude {lat}, longitude {lon}. The middle of {country} is closest.', {lat: number(at.lat, {maximumFractionDigits: 4}), lon: number(at.lon, {maximumFractionDigits: 4}), country: nearest(at.lat, at.lon) ?? '–'}) : t('No point yet.');
	}

	/** @param {Field | undefined} field @param {number | null} n @param {number} decimals */
	function put(field, n, decimals) {
		if (!field?.control)
			return;
		const written = n === null ? '' : n.toFixed(decimals).replace(/^-(0(\.0*)?)$/, '$1');
		field.control.value = written;
		field.value = field.spec.widget === 'number' && n !== null ? Number(written) : written;
	}

	/** @param {{lat: number, lon: number} | null} to */
	function move(to) {
		const decimals = DECIMALS[node.value?.precision] ?? (zoom >= 16 ? 3 : zoom >= 4 ? 2 : 1);
		put(lat, to && Math.min(Math.max(to.lat, -90), 90), decimals);
		put(lon, to && (to.lon + 540) % 360 - 180, decimals);
		show();
		shared.say(tell());
	}

	/** @param {number} by */
	function scale(by) {
		zoom = ZOOMS[Math.min(Math.max(ZOOMS.indexOf(zoom) + by, 0), ZOOMS.length - 1)];
		show();
		shared.say(t('{n} times as close', {n: number(zoom)}));
	}

	frame.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => {
		const moves = /** @type {Record<string, [number, number]>} */ ({ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1]});
		const by = moves[e.key];
		if (e.ctrlKey || e.altKey || e.metaKey || !(by || '+-='.includes(e.key)))
			return;
		e.preventDefault();
		if (!by) {
			scale(e.key === '-' ? -1 : 1);
			return;
		}
		const at = here(), least = 10 ** -(DECIMALS[node.value?.precision] ?? 4), step = Math.max((e.shiftKey ? 10 : 2) / zoom, least);
		move(at.set ? {lat: at.lat + by[0] * step, lon: at.lon + by[1] * step} : at); /* the first press shows where it begins */
	});
	picture.addEventListener('click', (/** @type {MouseEvent} */ e) => {
		const where = new DOMPoint(e.clientX, e.clientY).matrixTransform(picture.getScreenCTM().inverse());
		const to = unproject(where.x, where.y);
		if (to)
			move(to);
	});
	if (lat)
		/** @type {any} */ (lat).changed = show;
	show();
	return h('div', {class: 'map'}, h('p', {class: 'help', id: help}, t('Press on the map, or move the point with the arrow keys (with Shift: farther); + and − come closer and go back.')), frame, h('div', {class: 'row'}, closer, farther, away), text);
}
