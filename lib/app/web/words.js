/* The words of the pages. English texts are the keys, as in gettext; the other languages are made from po/*.po (cmake/app.cmake). */

/** @type {Record<string, string | string[]>} */
let words = {};
let current = 'en';
export const LANGS = /** @type {const} */ ({en: 'English', fr: 'Français', es: 'Español'});

/** The reader's language: en, fr or es. */
export function lang() {
	return current;
}

/** @param {string} text @param {Record<string, any>} [values] */
function put(text, values) {
	return values ? text.replace(/\{(\w+)\}/g, (all, name) => name in values ? String(values[name]) : all) : text;
}

/**
 * t('Hello {name}', {name: 'x'}). The text must stand here literally: the test of the words looks for it.
 * @param {string} text
 * @param {Record<string, any>} [values]
 * @returns {string}
 */
export function t(text, values) {
	const word = words[text];
	return put(typeof word === 'string' && word ? word : text, values);
}

/**
 * tn('{n} entry', '{n} entries', 3): what depends on a number; {n} is written as the language writes numbers.
 * @param {string} one
 * @param {string} many
 * @param {number} n
 * @param {Record<string, any>} [values]
 */
export function tn(one, many, n, values) {
	const forms = words[one];
	const single = current === 'fr' ? n < 2 : n === 1;
	const text = Array.isArray(forms) && forms.length === 2 ? forms[single ? 0 : 1] : single ? one : many;
	return put(text, {...values, n: number(n)});
}

/** How the language writes numbers and days: English as most of the world does. */
const locale = () => current === 'en' ? 'en-GB' : current;

/** @param {number} n @param {Intl.NumberFormatOptions} [options] */
export function number(n, options) {
	return new Intl.NumberFormat(locale(), options).format(n);
}

/** @param {number} bytes */
export function size(bytes) {
	if (bytes < 1000)
		return tn('{n} byte', '{n} bytes', bytes);
	return bytes < 999500 ? t('{n} kB', {n: number(Math.round(bytes / 1000))}) : t('{n} MB', {n: number(bytes / 1e6, {maximumFractionDigits: 1})});
}

/**
 * A day, or a day and time; takes what an entry has (2024, 2024-05, 2024-05-17), ISO time, or seconds since 1970.
 * @param {string | number} when
 * @param {boolean} [time]
 */
export function day(when, time = false) {
	const text = typeof when === 'number' ? new Date(when * 1000).toISOString() : when;
	if (/^\d{4}$/.test(text))
		return text;
	const date = new Date(/^\d{4}-\d\d$/.test(text) ? `${text}-01T00:00:00Z` : text.length === 10 ? `${text}T00:00:00Z` : text);
	if (isNaN(date.getTime()))
		return text;
	/** @type {Intl.DateTimeFormatOptions} */
	const style = text.length === 7 ? {year: 'numeric', month: 'long', timeZone: 'UTC'} :
		time ? {year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit'} :
			{year: 'numeric', month: 'long', day: 'numeric', timeZone: text.length === 10 ? 'UTC' : undefined};
	return new Intl.DateTimeFormat(locale(), style).format(date);
}

/** French parts these signs from their word by a space at which no line breaks. @param {string} text */
const bound = text => text.replace(/ ([:;?!»])/g, '\u00a0$1').replace(/« /g, '«\u00a0');

/** Between what is named and what is said of it. */
export const colon = () => current === 'fr' ? '\u00a0: ' : ': ';

/** Take the words of a language, of English none; keeps the choice for the next time. @param {string} chosen */
export async function setLang(chosen) {
	const known = chosen === 'fr' || chosen === 'es';
	const answer = known ? await fetch(`/web/words.${chosen}.json`) : null;
	words = answer?.ok ? await answer.json() : {};
	current = answer?.ok ? chosen : 'en';
	if (current === 'fr')
		for (const [text, word] of Object.entries(words))
			words[text] = Array.isArray(word) ? word.map(bound) : bound(word);
	document.documentElement.lang = current;
	try {
		localStorage.setItem('cib.lang', current);
	} catch {
		/* a browser that keeps nothing: for this time only */
	}
}

/** The language that was chosen before, else ''. */
export function chosenLang() {
	try {
		return localStorage.getItem('cib.lang') ?? '';
	} catch {
		return '';
	}
}
