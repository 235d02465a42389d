// Every report as a page, in three languages; its pictures, tables, filters and what is saved. Runs in the folder that app_browser_reports.sh made.
import {readFileSync} from 'node:fs';
import {Browser, end, ok, serve, settled} from './harness.mjs';
import {shots} from './shots.mjs';

const browser = await Browser.open();
const app = await serve('sec-1', 'sec-1');
const page = await browser.window({acceptDownloads: true});
await browser.enter(page, app.page);
page.setDefaultTimeout(40000);
const count = selector => page.locator(selector).count();

await page.click('nav a[href="/reports"]');
await page.waitForSelector('.reports');
const names = await page.locator('.reports h2 a').evaluateAll(links => links.map(a => a.getAttribute('href').split('/').pop()));
ok('all eleven reports are offered', names.length === 11, names);
await browser.sound(page, 'the list of reports');
await shots(page, 'reports');
for (const name of names) {
	await page.goto(`${browser.origin}/reports/${name}`);
	await page.waitForSelector('.cib-report');
	await settled(page);
	const h1 = await page.locator('h1').allInnerTexts();
	ok(`${name} is a page with one heading`, h1.length === 1 && h1[0].length > 3, h1);
	const bare = await page.evaluate(() => [...document.querySelectorAll('.cib-report figure')].filter(f => !f.closest('section')?.querySelector('table')).length);
	ok('each picture has its table', bare === 0, bare);
	await browser.sound(page, name);
	await shots(page, `report-${name}`, name === 'spread' || name === 'sdg' || name === 'plan' ? 3 : 1);
}

for (const lang of ['fr', 'es', 'en']) {
	await page.selectOption('#lang', lang);
	await page.waitForFunction(l => document.documentElement.lang === l && !document.querySelector('main[aria-busy]'), lang);
	for (const name of names) {
		await page.goto(`${browser.origin}/reports/${name}`);
		await page.waitForSelector('.cib-report');
		if (await page.getAttribute('.cib-report', 'lang') !== lang)
			ok(`${name} speaks ${lang}`, false, await page.getAttribute('.cib-report', 'lang'));
	}
	ok(`all reports open in ${lang}`, true);
	if (lang !== 'en') {
		await browser.sound(page, `a report in ${lang}`);
		await shots(page, `report-${lang}`, 1);
	}
}

// ---- filters, order, what is saved ----
await page.goto(`${browser.origin}/reports/compendium`);
await page.waitForSelector('.cib-report');
const rows = await count('.cib-report tbody tr');
await page.focus('.choices select >> nth=2');
await page.selectOption('.choices select >> nth=2', 'TN');
await page.waitForFunction(() => location.search.includes('country=TN') && document.querySelector('.cib-report .alert')?.textContent.includes('Tunisia'));
ok('a filter makes the report of a part', await count('.cib-report tbody tr') < rows, rows);
await page.waitForFunction(() => document.activeElement?.tagName === 'SELECT');
ok('and keeps the focus', await page.evaluate(() => document.activeElement?.value) === 'TN');
const cutting = /\/part\?rows=500&/;
await page.route(cutting, route => route.continue({url: route.request().url().replace('rows=500', 'rows=2')}));
await page.goto(`${browser.origin}/reports/compendium`);
await page.waitForSelector('.cib-report .cut button');
const few = await count('.cib-report section:has(.cut) >> nth=0 >> tbody tr');
await browser.sound(page, 'a report of which not all rows are shown');
await page.focus('.cib-report .cut button >> nth=0');
const which = await page.getAttribute('.cib-report .cut >> nth=0', 'data-table'), whole = Number(await page.getAttribute('.cib-report .cut >> nth=0', 'data-rows'));
await page.keyboard.press('Enter');
await page.waitForFunction(table => !document.querySelector(`.cut[data-table="${table}"]`), which);
const many = await page.locator(`.cib-report section:has(#${which}) tbody tr`).count();
ok('of a long table the first rows are shown, and all when one asks', few === 2 && whole > 2 && many === whole, {few, many, whole});
ok('the focus stays at the table, which is now sorted by its columns', await page.evaluate(table => document.activeElement?.classList.contains('wrap') && document.activeElement.querySelector('button.sort') && document.activeElement.closest('section')?.querySelector(`#${table}`) !== null, which));
await page.unroute(cutting);
await page.goto(`${browser.origin}/reports/sdg`);
await page.waitForSelector('.cib-report');
const sorted = await page.evaluate(() => {
	const table = [...document.querySelectorAll('.cib-report table')].find(t => t.querySelector('th.n button.sort') && t.tBodies[0].rows.length > 4);
	const head = table.querySelector('th.n:has(button.sort)'), at = [...head.parentElement.cells].indexOf(head);
	const values = () => [...table.tBodies[0].rows].filter(r => !r.classList.contains('total')).map(r => parseFloat(r.cells[at].textContent.replace(/[^\d.]/g, '')) || 0);
	const before = values();
	head.querySelector('button').click();
	const down = values();
	head.querySelector('button').click();
	const up = values();
	head.querySelector('button').click();
	return {before, down, up, after: values()};
});
const falls = list => list.every((v, i) => i === 0 || list[i - 1] >= v);
ok('a table is sorted by a column', falls(sorted.down) && falls([...sorted.up].reverse()), sorted);
ok('and comes back to its order', JSON.stringify(sorted.after) === JSON.stringify(sorted.before), sorted);
for (const [text, name, begin] of [['Page (HTML)', 'sdg.html', '<!doctype html>'], ['Tables (CSV)', 'sdg.csv', ''], ['Picture (SVG)', /^sdg-.*\.svg$/, '<']]) {
	const [download] = await Promise.all([page.waitForEvent('download'), page.locator(`main a:has-text("${text}")`).first().click()]);
	const saved = download.suggestedFilename(), content = readFileSync(await download.path(), 'utf8');
	ok(`${text} is saved under its name`, (typeof name === 'string' ? saved === name : name.test(saved)) && content.startsWith(begin) && content.length > 300, saved);
}
await page.goto(`${browser.origin}/reports/quality`);
await page.waitForSelector('.cib-report nav a');
await page.click('.cib-report nav a >> nth=1');
ok('a link within the report leads there and stays on the page', await page.evaluate(() => /^H[23]$/.test(document.activeElement?.tagName) && location.pathname === '/reports/quality' && document.querySelector('.cib-report') !== null));
await page.emulateMedia({media: 'print'});
ok('on paper there is the report alone', !await page.isVisible('.choices') && !await page.isVisible('.saves') && await page.isVisible('.cib-report table'));
await page.emulateMedia({media: 'screen'});
for (const width of [320, 768]) {
	await page.setViewportSize({width, height: 800});
	for (const name of ['spread', 'sdg', 'compendium', 'plan']) {
		await page.goto(`${browser.origin}/reports/${name}`);
		await page.waitForSelector('.cib-report');
		const wide = await page.evaluate(() => document.documentElement.scrollWidth);
		ok(`${name} fits ${width} pixels`, wide <= width, wide);
	}
}
await browser.sound(page, 'at the end');
await app.close();
await browser.close();
console.log(`# axe: ${browser.axe.pages} pages and states, ${browser.axe.findings} findings`);
end();
