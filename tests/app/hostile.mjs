// What others wrote cannot do anything: 200 hostile strings in every text of entries, on every page.
// hostile.mjs SCENE_FOLDER IDS_JSON, in which each entry of `hostile` holds some of them.
import {Browser, end, ok, serve, settled} from './harness.mjs';
import {strings} from './xss.mjs';

const [folder, given] = process.argv.slice(2);
const {hostile} = JSON.parse(given);
const app = await serve(`${folder}/andal-2`, 'andal-2');
const browser = await Browser.open();
const page = await browser.window();
let dialogs = 0;
page.on('dialog', d => {
	dialogs++;
	d.dismiss();
});
await browser.enter(page, app.page);
const shown = new Set();
for (const path of ['/', '/entries', '/entries?q=script', ...hostile.flatMap(id => [`/entries/${id}`, `/entries/${id}/history`])]) {
	await page.goto(browser.origin + path);
	await settled(page);
	await page.evaluate(() => document.querySelectorAll('main details').forEach(d => d.setAttribute('open', '')));
	const all = await page.evaluate(() => document.body.textContent.replace(/[\u0002\u0003]/g, '') + '\n' + document.title);
	for (const s of strings)
		if (all.includes(s))
			shown.add(s);
	const broken = await page.evaluate(() => [window.__broken, document.querySelectorAll('main script, main iframe, main object, main embed, main [onerror], main [onload], main [style*=url], a[href^="javascript" i], a[href^="data:" i]').length]);
	if (broken[0] || broken[1])
		ok(`${path} makes nothing of it`, false, broken);
}
ok(`all ${strings.length} strings were shown as they are`, shown.size === strings.length, strings.filter(s => !shown.has(s)).slice(0, 5));
ok('no dialog came up', dialogs === 0, dialogs);
await browser.sound(page, 'a page of hostile texts');
await browser.close();
await app.close();
end();
