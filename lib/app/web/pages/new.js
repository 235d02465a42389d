/* A new entry: of which kind? */
import {h} from '../dom.js';
import {sheet} from '../form/sheet.js';
import {t} from '../words.js';

/** @param {import('../main.js').Context} context @returns {Promise<import('../main.js').Page>} */
export async function page({me}) {
	await sheet;
	const kinds = me.kinds.filter((/** @type {any} */ k) => k.writable && k.name !== 'member');
	return {title: t('New entry'), content: [
		h('p', {class: 'soft'}, t('Nothing leaves this computer before you sync.')),
		h('ul', {class: 'kinds'}, kinds.map((/** @type {any} */ k) => h('li', null, h('a', {class: 'card', href: `/new/${k.name}`}, h('strong', null, k.title), k.description && h('span', {class: 'soft small'}, k.description))))),
		me.member && h('p', null, h('a', {href: '/new/member'}, t('The profile of your organisation')))].filter(Boolean)};
}
