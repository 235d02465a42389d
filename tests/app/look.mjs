// A state of a page looked at: by axe at the narrowest in the dark and at the widest in the light, in a long run at three widths in
// both; nothing beyond the edge at five, of which one is letters of twice the size. SHOTS=FOLDER keeps a picture of each.
import {ok} from './harness.mjs';

const VIEWS = [{name: 320, width: 320}, {name: 390, width: 390}, {name: 768, width: 768}, {name: 1280, width: 1280}, {name: 'letters', width: 1280, letters: '200%'}];

const LONG = !!process.env.CIB_TEST_LONG, PAIRS = ['320 dark', '1280 light'];

/** @param {any} page */
const frame = page => page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0)))));

/** What stands beyond the edge without a place of its own to scroll. @param {any} page @returns {Promise<string[]>} */
const beyond = page => page.evaluate(() => {
	if (document.documentElement.scrollWidth <= window.innerWidth)
		return [];
	const scrolls = e => e && e !== document.body && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
	return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1 && !scrolls(e.parentElement)).map(e => `${e.tagName}.${e.className}`.slice(0, 60)).slice(0, 4);
});

/**
 * @param {import('./harness.mjs').Browser} browser @param {any} page @param {string} name
 * @param {{widths?: number[], axe?: boolean}} [options] which of the views by their width
 */
export async function look(browser, page, name, {widths = [320, 390, 768, 1280], axe = true} = {}) {
	const over = [];
	for (const view of VIEWS.filter(v => widths.includes(v.width))) {
		await page.setViewportSize({width: view.width, height: 800});
		await page.evaluate(size => document.documentElement.style.setProperty('font-size', size), view.letters ?? '');
		for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
			await page.emulateMedia({colorScheme});
			await frame(page);
			if (colorScheme === 'light')
				over.push(...(await beyond(page)).map(what => `${view.name}: ${what}`));
			if (axe && (LONG ? view.width !== 390 && !view.letters : PAIRS.includes(`${view.name} ${colorScheme}`)))
				await browser.scan(page, `${name}, ${view.name}, ${colorScheme}`);
			if (process.env.SHOTS && (colorScheme === 'light' || !view.letters && view.width !== 390))
				await page.screenshot({path: `${process.env.SHOTS}/${name.replace(/\W+/g, '-')}-${view.name}-${colorScheme}.png`, fullPage: true});
		}
	}
	await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
	await page.emulateMedia({colorScheme: 'light'});
	await page.setViewportSize({width: 1280, height: 800});
	ok(`nothing is beyond the edge: ${name}`, over.length === 0, over);
	browser.quiet(name);
}
