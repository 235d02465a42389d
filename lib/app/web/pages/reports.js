/* The reports: what the network knows, put together. */
import {get} from '../api.js';
import {h} from '../dom.js';
import {style} from '../style.js';
import {t} from '../words.js';

/** @param {import('../main.js').Context} context @returns {Promise<import('../main.js').Page>} */
export async function page({signal}) {
	const [answer] = await Promise.all([get('/api/reports', {}, signal), style('report.css')]);
	return {title: t('Reports'), wide: true, content: [
		h('ul', {class: 'reports'}, answer.reports.map((/** @type {any} */ r) => h('li', {class: 'card'},
			h('h2', null, h('a', {href: `/reports/${r.name}`}, r.title)), h('p', {class: 'soft'}, r.summary))))]};
}
