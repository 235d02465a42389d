// Numbers, shares, sizes, days and plurals as each language writes them: written.mjs WORDS.mjs FOLDER, the page's words.js and the folder of words.<language>.json.
// Without a browser.
import {readFileSync} from 'node:fs';

const [module, folder] = process.argv.slice(2);
globalThis.document = {documentElement: {}};
globalThis.fetch = async path => ({ok: true, json: async () => JSON.parse(readFileSync(path.replace('/web', folder), 'utf8'))});
const w = await import(module);
const wanted = {
	en: ['0 entries', '1 entry', '12,345 entries', '1,234,567.5', '34%', '1.2 MB', '2024', 'May 2024', '17 May 2024', 'a: b'],
	fr: ['0 fiche', '1 fiche', '12 345 fiches', '1 234 567,5', '34 %', '1,2 Mo', '2024', 'mai 2024', '17 mai 2024', 'a : b'],
	es: ['0 fichas', '1 ficha', '12.345 fichas', '1.234.567,5', '34 %', '1,2 MB', '2024', 'mayo de 2024', '17 de mayo de 2024', 'a: b'],
};
let failed = 0;
for (const [lang, texts] of Object.entries(wanted)) {
	await w.setLang(lang);
	const entries = n => w.tn('{n} entry', '{n} entries', n);
	const got = [entries(0), entries(1), entries(12345), w.number(1234567.5), w.number(0.335, {style: 'percent'}), w.size(1234567), w.day('2024'), w.day('2024-05'), w.day('2024-05-17'), `a${w.colon()}b`]
		.map(text => text.replace(/[\u00a0\u202f]/g, ' '));
	texts.forEach((text, i) => {
		console.log(`${got[i] === text ? 'ok' : 'not ok'} - ${lang}: ${text}${got[i] === text ? '' : ` (${got[i]})`}`);
		failed += got[i] === text ? 0 : 1;
	});
	if (lang !== 'en') {
		const bare = lang === 'fr' ? w.t('Add: {what}', {what: 'x'}).includes('\u00a0:') : !w.t('Add: {what}', {what: 'x'}).startsWith('Add');
		console.log(`${bare ? 'ok' : 'not ok'} - ${lang}: its signs stand as they do in it`);
		failed += bare ? 0 : 1;
	}
}
process.exit(failed ? 1 : 0);
