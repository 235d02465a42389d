/* The look of forms, of choosing a kind and of conflicts: a sheet of its own, which the first page does not wait for. */
import {h} from '../dom.js';

export const sheet = new Promise(done => {
	document.head.append(h('link', {rel: 'stylesheet', href: '/web/form/form.css', onload: done, onerror: done}));
});
