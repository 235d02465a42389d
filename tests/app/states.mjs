// States of the pages that are met seldom. states.mjs COPY USER ID: a copy of a large network, and an entry of two versions in it.
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {Browser, end, ok, serve, settled} from './harness.mjs';

const [copy, user, id] = process.argv.slice(2);
const app = await serve(copy, user);
const browser = await Browser.open();
const page = await browser.window();
page.setDefaultTimeout(20000);
await browser.enter(page, app.page);
const go = async path => {
	await page.goto(browser.origin + path);
	await settled(page);
};
const said = (text, on = page) => on.waitForFunction(words => document.querySelector('[role=status]')?.textContent?.includes(words), text);
const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
/** By Tab alone. @param {RegExp} text */
const reach = async text => {
	for (let i = 0; i < 60 && !text.test(await page.evaluate(() => document.activeElement === document.body ? '' : `${document.activeElement?.getAttribute('aria-label') ?? ''} ${document.activeElement?.closest('.choice, .tick')?.textContent ?? document.activeElement?.textContent ?? ''}`)); i++)
		await page.keyboard.press('Tab');
};

// ---- a report that a job makes
await go('/reports/quality');
await page.locator('.card[aria-busy=true]').waitFor();
app.child.kill('SIGSTOP'); /* it stays so while it is looked at */
ok('a report that takes its time says so, and how far it is', /being made/.test(await page.textContent('h1')));
await said('The report is being made');
ok('and reads it out', true);
await browser.scan(page, 'a report is being made');
await reach(/^ Stop$/);
ok('the keyboard reaches its end', await focused() === 'Stop', await focused());
await page.keyboard.press('Enter');
app.child.kill('SIGCONT');
await said('Stopped.');
ok('it can be stopped', /was not made/.test(await page.textContent('main')));
ok('and the focus is on the way on', await focused() === 'Make it', await focused());
await browser.sound(page, 'a report that was stopped');
await page.keyboard.press('Enter');
await page.locator('.cib-report').waitFor();
await said('The report is made');
ok('and made after all', await page.locator('.card[aria-busy]').count() === 0);
await browser.quiet('a report that a job made');
await go('/reports/quality?year=2024');
await page.locator('.card[aria-busy=true]').waitFor();
await page.click('nav a[href="/entries"]');
await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Entries');
await go('/');
await page.click('button.primary');
await page.locator('.progress.note').waitFor();
ok('who leaves it stops it: nothing stands in the way of a sync', await page.locator('.progress.note.good').count() === 1, await page.textContent('.progress'));

// ---- a sync that another window began
const hook = readFileSync(`${copy}/../central.git/hooks/pre-receive`, 'utf8');
writeFileSync(`${copy}/../central.git/hooks/pre-receive`, hook.replace('\n', '\nsleep 4\n'));
const other = await page.context().newPage();
await other.goto(browser.origin + '/');
await settled(other);
execFileSync(process.env.CIB ?? 'cib', ['set', id, '/status=3'], {cwd: copy, env: {...process.env, CIB_USER: user}});
await page.click('button.primary');
await page.getByRole('button', {name: 'Stop'}).waitFor();
await other.reload();
await other.getByRole('button', {name: 'Stop'}).waitFor();
ok('another window shows that it is under way', await other.locator('button.primary').isDisabled() && await other.locator('progress').isVisible());
await said('Syncing', other);
ok('and reads it out', true);
await browser.scan(other, 'a sync under way in another window');
await other.locator('.progress.note.good').waitFor();
ok('and how it ended', /^Sent 1 entry/.test(await other.textContent('.progress')), await other.textContent('.progress'));
await page.locator('.progress.note.good').waitFor();
ok('as the first does', /^Sent 1 entry/.test(await page.textContent('.progress')), await page.textContent('.progress'));
writeFileSync(`${copy}/../central.git/hooks/pre-receive`, hook);
await other.close();

// ---- the keyboard alone: an old version, a report's filters
await go(`/entries/${id}/history`);
await reach(/Bring this version back/);
await page.keyboard.press('Enter');
ok('the question takes the focus', await page.evaluate(() => document.activeElement?.getAttribute('role') === 'group'));
await browser.sound(page, 'asked whether to bring a version back');
await reach(/^ Leave it$/);
await page.keyboard.press('Enter');
ok('who leaves it is where he was', /Bring this version back/.test(await focused()), await focused());
await page.keyboard.press('Enter');
await reach(/^ Bring it back$/);
await page.keyboard.press('Enter');
await page.waitForURL(new RegExp(`/entries/${id}$`));
await settled(page);
ok('the old version is there again', JSON.parse(readFileSync(`${copy}/members/m-0/projects/${id}.json`, 'utf8')).status === '2');
ok('and the heading has the focus', await page.evaluate(() => document.activeElement?.tagName === 'H1'));
await go('/reports/compendium?year=2024');
await page.locator('.cib-report').waitFor();
await reach(/Public entries only/);
await page.keyboard.press('Space');
await page.waitForFunction(() => location.search.includes('public=1') && document.querySelector('.cib-report') && !document.querySelector('main[aria-busy]'));
await page.waitForFunction(() => document.activeElement?.type === 'checkbox');
ok('a filter by the keyboard keeps the focus', await page.evaluate(() => document.activeElement?.checked === true && document.activeElement?.closest('.tick')?.textContent === 'Public entries only'));
await browser.sound(page, 'a report with a filter');

// ---- the colours of the system
const colours = await browser.window({forcedColors: 'active'});
await colours.context().addCookies(await page.context().cookies());
for (const [name, path] of Object.entries({home: '/', form: `/entries/${id}/edit`, history: `/entries/${id}/history`, report: '/reports/spread'})) {
	await colours.goto(browser.origin + path);
	await settled(colours);
	await colours.locator({form: '.form[aria-busy=false]', report: '.cib-report'}[name] ?? 'h1').waitFor();
	const unseen = await colours.evaluate(() => {
		const bad = [], drawn = e => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden';
		for (const e of document.querySelectorAll('button, a.button, input, select, textarea, progress, .tag, .note:not(.cib-report *), .card')) {
			const s = getComputedStyle(e);
			if (drawn(e) && !e.matches('.link, .quiet, .sort, .hidden, input[type=radio]') && parseFloat(s.borderTopWidth) === 0 && s.appearance === 'none' && s.outlineStyle === 'none')
				bad.push(`no edge: ${e.outerHTML.slice(0, 80)}`);
		}
		for (const e of document.querySelectorAll('figure svg rect, figure svg circle, figure svg path')) {
			const s = getComputedStyle(e);
			if (drawn(e) && s.fill !== 'none' && s.fill === getComputedStyle(document.body).backgroundColor && s.stroke === 'none')
				bad.push(`a mark in the colour of the page: ${e.outerHTML.slice(0, 80)}`);
		}
		return bad.slice(0, 5);
	});
	ok(`in the system's colours everything has an edge: ${name}`, unseen.length === 0, unseen);
	let blind = '';
	for (let i = 0; i < 12 && !blind; i++) {
		await colours.keyboard.press('Tab');
		blind = await colours.evaluate(() => {
			const e = document.activeElement, s = getComputedStyle(e);
			return e === document.body || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || e.closest('label') ? '' : e.outerHTML.slice(0, 100);
		});
	}
	ok(`and the focus is seen: ${name}`, blind === '', blind);
	await browser.sound(colours, `${name}, in the system's colours`);
	if (process.env.SHOTS)
		await colours.screenshot({path: `${process.env.SHOTS}/forced-${name}.png`});
}

await app.close();
console.log(`# axe: ${browser.axe.pages} states, ${browser.axe.findings} findings`);
await browser.close();
end();
