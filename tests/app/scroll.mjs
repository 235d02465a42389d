// The list of a large network in a real browser: the first page, then the wheel, the bar pulled from one end to the other, a jump, and the
// same in a search. scroll.mjs COPY USER prints figures: the longest frame and task, and how long it took until all that was seen was there.
import {Browser, end, serve} from './harness.mjs';

const [copy, user] = process.argv.slice(2);
const browser = await Browser.open();
const app = await serve(copy, user);
const page = await browser.window();
await browser.enter(page, app.page);
await page.goto(`${browser.origin}/entries`);
await page.waitForSelector('.entry a', {timeout: 300000}); // the index is made
let requests = 0;
page.on('requestfinished', r => {
	requests += r.url().includes('/api/entries?') ? 1 : 0;
});
const begin = Date.now();
await page.goto(`${browser.origin}/entries`);
await page.waitForSelector('.entry a');
const total = /[\d, ]+/.exec(await page.textContent('main p.soft'))[0].replace(/\D/g, '');
const figure = (name, value, unit, target) => console.log(`figure app_list_${name}_of_${total} ${value} ${unit} target ${target}`);
figure('first_page', Date.now() - begin, 'ms', 500);

/** @param {string} name @param {() => Promise<any>} scroll */
async function measure(name, scroll) {
	requests = 0;
	await page.evaluate(() => {
		const w = /** @type {any} */ (window);
		w.tasks = [0];
		w.frames = [];
		w.going = true;
		new PerformanceObserver(l => l.getEntries().forEach(e => w.tasks.push(e.duration))).observe({type: 'longtask'});
		let last = performance.now();
		requestAnimationFrame(function tick(now) {
			w.frames.push(now - last);
			last = now;
			if (w.going)
				requestAnimationFrame(tick);
		});
	});
	await scroll();
	const stopped = Date.now();
	await page.waitForFunction(() => {
		const list = document.querySelector('.list').getBoundingClientRect();
		const seen = [...document.querySelectorAll('.entry')].filter(e => e.getBoundingClientRect().bottom > list.top && e.getBoundingClientRect().top < list.bottom);
		return seen.length > 3 && seen.every(e => e.querySelector('a'));
	}, null, {timeout: 120000});
	const filled = Date.now() - stopped;
	const {task, frame} = await page.evaluate(() => {
		const w = /** @type {any} */ (window), frames = w.frames.sort((a, b) => a - b);
		w.going = false;
		return {task: Math.round(Math.max(...w.tasks)), frame: Math.round(frames[Math.floor(frames.length * 0.95)])};
	});
	figure(`${name}_longest_task`, task, 'ms', 50);
	figure(`${name}_frame_p95`, frame, 'ms', 34);
	figure(`${name}_all_there_after`, filled, 'ms', 200);
	figure(`${name}_requests`, requests, 'requests', 100);
}

/** From the top to the end in two seconds of frames. */
const pull = () => page.evaluate(async () => {
	const list = document.querySelector('.list');
	for (let i = 0, way = list.scrollHeight; i <= 120; i++) {
		list.scrollTop = way * i / 120;
		await new Promise(done => requestAnimationFrame(done));
	}
});
const box = await page.locator('.list').boundingBox();
await page.mouse.move(box.x + 50, box.y + 100);
await measure('wheel', async () => {
	for (let i = 0; i < 60; i++) {
		await page.mouse.wheel(0, 300);
		await page.waitForTimeout(16);
	}
});
await measure('pull', pull);
await measure('jump', () => page.evaluate(() => {
	const list = document.querySelector('.list');
	list.scrollTop = list.scrollHeight / 2;
}));
await page.fill('#q', 'municipality');
await page.waitForFunction(() => document.querySelector('.entry .snippet'));
await measure('search_pull', pull);
await browser.close();
await app.close();
end();
