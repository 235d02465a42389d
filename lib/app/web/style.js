/* The style of some pages alone: brought when the first of them opens, so that the first page does not wait for it. */

/** @type {Map<string, Promise<void>>} */
const loading = new Map();

/** @param {string} name a file below /web/, or an address @returns {Promise<void>} */
export function style(name) {
	const known = loading.get(name);
	if (known)
		return known;
	const link = document.createElement('link');
	link.rel = 'stylesheet';
	link.href = name.startsWith('/') ? name : `/web/${name}`;
	/** @type {Promise<void>} */
	const loaded = new Promise(done => {
		link.onload = link.onerror = () => done();
	});
	document.head.append(link);
	loading.set(name, loaded);
	return loaded;
}
