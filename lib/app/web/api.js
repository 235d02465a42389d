/* Asking the server. Answers are JSON with "v": 1; what went wrong comes as a Failure with the server's own words. */
import {lang, t} from './words.js';

/** What the server said went wrong: `code` is stable (cib explain CODE), `message` and `hint` are for people. */
export class Failure extends Error {
	/** @param {number} http @param {any} error @param {any} [body] */
	constructor(http, error, body) {
		super(error?.message ?? t('There was no answer.'));
		this.http = http;
		this.code = error?.code ?? 'app.no-answer';
		this.hint = /\bcib [a-z]/.test(error?.hint ?? '') ? '' : error?.hint ?? ''; /* what to type at a terminal helps nobody here */
		this.error = error;
		this.body = body;
	}
}

let token = '';
/** @type {Record<string, string>} */
let members = {};
/** @type {Record<string, any>} */
let settings = {};

/** @param {string} path @param {RequestInit} options */
async function ask(path, options) {
	let answer;
	try {
		answer = await fetch(path, {...options, cache: 'no-store', credentials: 'same-origin', redirect: 'error'});
	} catch (e) {
		if (e instanceof DOMException && e.name === 'AbortError')
			throw e;
		throw new Failure(0, {code: 'app.gone', message: t('The app does not run any more.')});
	}
	const body = await answer.json().catch(() => null);
	if (!answer.ok || !body)
		throw new Failure(answer.status, body?.error, body);
	return body;
}

/**
 * get('/api/entries', {q: 'water', from: 0}); values that are empty, null or undefined are left out.
 * @param {string} path
 * @param {Record<string, any>} [query]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export function get(path, query = {}, signal) {
	const words = new URLSearchParams();
	for (const [name, value] of Object.entries(query))
		if (value !== '' && value !== null && value !== undefined && value !== false)
			words.set(name, String(value));
	const text = words.toString();
	return ask(text ? `${path}?${text}` : path, {headers: {'X-Cib-Lang': lang()}, signal});
}

/**
 * @param {string} path
 * @param {any} [body] an object
 * @param {AbortSignal} [signal]
 * @param {boolean} [keepalive] it goes on when the window closes
 * @returns {Promise<any>}
 */
export function post(path, body = {}, signal, keepalive = false) {
	return ask(path, {
		method: 'POST',
		headers: {'Content-Type': 'application/json', 'X-Cib-Lang': lang(), 'X-Cib-Token': token},
		body: JSON.stringify(body),
		signal,
		keepalive,
	});
}

/** Who one is here; keeps the token that writes need, and what members are called. */
export async function whoAmI() {
	const me = await get('/api/me');
	token = me.token;
	members = me.members;
	settings = me.settings;
	return me;
}

/** What the person set before; undefined: nothing. @param {'lang' | 'keys'} name */
export function setting(name) {
	return settings[name];
}

/** Keep what the person set: with the copy, since a browser would forget it with the app's port. @param {Record<string, any>} values */
export async function set(values) {
	settings = {...settings, ...values};
	await post('/api/settings', values);
}

/** What a member is called; the secretariat has no id. @param {string | undefined} id */
export function memberName(id) {
	return id ? members[id] ?? id : t('secretariat');
}

/** What an entry is called that may have no title. @param {{title?: string, id: string, kind?: string}} row @param {string} [kind] its title */
export const nameOf = (row, kind) => row.title || [kind ?? row.kind, row.id].filter(Boolean).join(' ');

/**
 * Follow a job to its end. `tell` is called with each state on the way.
 * @param {any} answer of a POST that starts a job
 * @param {(job: any) => void} tell
 * @param {AbortSignal} [signal] nobody waits for it any more
 * @returns {Promise<any>} the job, when it has ended
 */
export async function follow(answer, tell, signal) {
	let job = answer.job;
	for (let wait = 60; ; wait = Math.min(wait * 1.5, 500)) {
		tell(job);
		if (job.state !== 'running')
			return job;
		await new Promise(done => setTimeout(done, wait));
		if (signal?.aborted)
			return job;
		job = (await get(`/api/jobs/${job.id}`)).job;
	}
}
