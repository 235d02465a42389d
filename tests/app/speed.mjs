// How long a form of 200 fields takes, and the first page, in a real browser. Prints figures. speed.mjs COPY USER ENTRY ROUNDS
//
//   app.first-page     bytes on the wire of the first page, all that it loads, with an empty cache; and with what is brought
//                      ahead half a second later, the form's code: app.first-page-ahead
//   app.first-paint    from the address to the first paint of something to read (the browser's first-contentful-paint)
//   app.first-heading  from the address to the heading of the page, painted
//   app.form-200       from the press on Edit to the form, painted; what of it is the program's answer: app.form-200-answer;
//                      and until the fields below the window are made, too: app.form-200-whole
// Each is the middle of its rounds; the quickest, which says most on a busy machine, stands in a comment.
import {Browser, serve, settled} from './harness.mjs';

const [copy, user, id, rounds] = process.argv.slice(2);
const app = await serve(copy, user);
const browser = await Browser.open();
const page = await browser.window();
await browser.enter(page, app.page);
const figure = (name, values, unit, target) => {
	values.sort((a, b) => a - b);
	console.log(`figure app.${name} ${Math.round(values[Math.floor(values.length / 2)])} ${unit} target ${target}`);
	console.log(`# ${name}: ${Math.round(values[0])} to ${Math.round(values[values.length - 1])} ${unit}`);
};

// ---- the first page, as who opens the app has it
const wire = await page.context().newCDPSession(page);
await wire.send('Network.enable');
const paints = [], headings = [], weights = [], ahead = [];
let bytes = 0;
wire.on('Network.loadingFinished', e => {
	bytes += e.encodedDataLength;
});
await page.addInitScript(() => {
	new MutationObserver((_, self) => {
		if (document.querySelector('main:not([aria-busy]) h1')) {
			self.disconnect();
			requestAnimationFrame(() => setTimeout(() => {
				window.headingAt = performance.now();
			}));
		}
	}).observe(document, {subtree: true, childList: true, attributes: true});
});
for (let i = 0; i < Number(rounds); i++) {
	await wire.send('Network.clearBrowserCache');
	bytes = 0;
	await page.goto(`${browser.origin}/`);
	await page.waitForFunction(() => window.headingAt && performance.getEntriesByName('first-contentful-paint').length);
	const [paint, heading] = await page.evaluate(() => [performance.getEntriesByName('first-contentful-paint')[0].startTime, window.headingAt]);
	paints.push(paint);
	headings.push(heading);
	weights.push(bytes);
	await page.waitForTimeout(1200);
	ahead.push(bytes);
}
figure('first-page', weights, 'bytes', 61440);
figure('first-page-ahead', ahead, 'bytes', '-');
figure('first-paint', paints, 'ms', 300);
figure('first-heading', headings, 'ms', 300);

// ---- a form
const times = [], wholes = [], answers = [];
for (let i = 0; i < Number(rounds); i++) {
	await page.goto(`${browser.origin}/entries/${id}`);
	await settled(page);
	await page.waitForTimeout(1000); // the form's modules are there
	const [all, whole, answer] = await page.evaluate(address => new Promise(done => {
		performance.clearResourceTimings();
		const begin = performance.now(), painted = () => new Promise(now => requestAnimationFrame(() => setTimeout(() => now(performance.now() - begin))));
		/* when the browser itself says that it drew the first label */
		const drawn = new Promise(now => new PerformanceObserver(list => now(list.getEntries()[0].renderTime - begin)).observe({type: 'element'}));
		const seen = selector => new Promise(now => {
			const look = self => document.querySelector(selector) && (self?.disconnect(), now(true));
			look() || new MutationObserver((_, self) => look(self)).observe(document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ['aria-busy']});
		});
		seen('.form label').then(() => document.querySelector('.form label').setAttribute('elementtiming', 'form'));
		drawn.then(first => seen('.form[aria-busy=false]').then(painted).then(last => {
			const asked = performance.getEntriesByType('resource').find(e => e.name.includes('/api/drafts/'));
			done([first, last, asked ? asked.responseEnd - asked.startTime : 0]);
		}));
		document.querySelector(`a[href="${address}"]`).click();
	}), `/entries/${id}/edit`);
	times.push(all);
	wholes.push(whole);
	answers.push(answer);
}
const fields = await page.locator('.form .field').count();
figure('form-200', times, 'ms', 100);
figure('form-200-whole', wholes, 'ms', '-');
figure('form-200-answer', answers, 'ms', '-');
console.log(`# the form has ${fields} fields`);
await browser.close();
await app.close();
