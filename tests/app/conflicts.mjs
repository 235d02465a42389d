// Conflicts, settled by the keyboard alone; then the member's profile. conflicts.mjs FOLDER, with ID and OTHER, entries in conflict.
import {readFileSync} from 'node:fs';
import {Browser, end, ok, serve, settled} from './harness.mjs';
import {shots} from './shots.mjs';
import {strings} from './xss.mjs';

const [folder] = process.argv.slice(2), {ID: id, OTHER: other} = process.env;
const app = await serve(`${folder}/andal-1`, 'andal-1');
const browser = await Browser.open();
const page = await browser.window();
await browser.enter(page, app.page);
page.setDefaultTimeout(40000);
const read = path => JSON.parse(readFileSync(`${folder}/andal-1/members/m-andal/${path}`, 'utf8'));
const cards = page.locator('main section.card');
const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
const narrow = async sentence => {
	await page.setViewportSize({width: 320, height: 720});
	const wide = await page.evaluate(() => document.documentElement.scrollWidth);
	ok(`nothing is wider than a telephone: ${sentence}`, wide <= 320, wide);
	await page.setViewportSize({width: 1280, height: 800});
};
/** Go by Tab to what has this name, from where the focus is. */
async function tabTo(name, within = null) {
	for (let i = 0; i < 200; i++) {
		await page.keyboard.press('Tab');
		const at = await page.evaluate(box => [document.activeElement?.textContent?.trim() || document.activeElement?.labels?.[0]?.textContent || '', !box || !!document.activeElement?.closest(box)], within);
		if (at[0].startsWith(name) && at[1])
			return true;
	}
	ok(`Tab leads to ${name}`, false);
	return false;
}

// ---- from home, and what the page says
await page.goto(`${browser.origin}/`);
await settled(page);
await tabTo('Two people wrote different things', 'main');
await page.keyboard.press('Enter');
await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Conflicts');
ok('a link leads there from home, and the heading has the focus', (await focused()) === 'Conflicts', await focused());
const count = await cards.count();
ok('each place that both changed is there', count === 6, count);
await browser.sound(page, 'conflicts');
await narrow('conflicts');
await shots(page, 'conflicts');
const text = await page.textContent('main');
ok('hostile texts are texts', text.includes('<img src=x onerror="window.__broken=1">') && text.includes('<script>window.__broken=1</script>') && !(await page.evaluate(() => window.__broken)) && await page.locator('main img, main script').count() === 0);
ok('codes have their names', /Finalisation/.test(text) && /Closed/.test(text), text.slice(0, 800));
ok('an item is told field by field, not as JSON', /Role: 1 Funding/.test(text) && !/"role"/.test(text), text.slice(0, 2000));
ok('Arabic runs from right to left', await page.evaluate(() => [...document.querySelectorAll('.sides blockquote')].some(e => /المياه/.test(e.textContent) && getComputedStyle(e).direction === 'rtl')));
ok('it is told what stands', await page.locator('.sides .tag', {hasText: 'stands now'}).count() === count, await page.locator('.sides p').allTextContents());
ok('words that differ are marked', await page.locator('.sides mark').count() > 2);

/** The card about a field. */
const card = name => cards.filter({has: page.locator('strong', {hasText: name})});
/** Go by Tab into the card, to the button. */
async function press(name, button) {
	const mine = card(name).first();
	await mine.evaluate(e => {
		e.setAttribute('data-here', '');
		document.querySelector('h1').focus();
	});
	const there = await tabTo(button, '[data-here]');
	await mine.evaluate(e => e.removeAttribute('data-here'));
	await page.keyboard.press('Enter');
	return there;
}
const left = async n => {
	await page.waitForFunction(k => document.querySelectorAll('main section.card').length === k, n);
};

// ---- either, by the keyboard alone
await press('Status', 'Take this instead');
await left(5);
ok('one press takes what does not stand', read(`projects/${id}.json`).status === '4');
ok('the focus goes to the next one', await page.evaluate(() => document.activeElement?.localName === 'h2'));
await page.waitForFunction(() => document.querySelector('[role=status]').textContent.startsWith('Settled. 5 are left.'));
ok('how many are left is read out', true);
await browser.sound(page, 'after one is settled');
await press('Objectives', 'Keep what stands');
await left(4);
ok('or leaves what stands', read(`projects/${id}.json`).description.objectives.en === 'Read "them" & tell.</blockquote><script>window.__broken=1</script>');
await press('Title (Arabic)', 'Take this instead');
await left(3);
ok('in Arabic, too', read(`projects/${id}.json`).title.ar === 'المياه النظيفة', read(`projects/${id}.json`).title);

// ---- a third
const trees = cards.filter({hasText: 'both rivers'});
await trees.evaluate(e => e.querySelector('details.more:last-of-type summary').focus());
await page.keyboard.press('Enter');
await page.keyboard.press('Tab');
ok('a third value begins with what stands', /river/.test(await page.evaluate(() => document.activeElement.value)));
await page.keyboard.press('Control+A');
await page.keyboard.type('Hedges and trees along the river');
await browser.sound(page, 'writing a third value');
await page.keyboard.press('Tab');
await page.keyboard.press('Enter');
await left(2);
ok('a third value is taken', read(`projects/${other}.json`).title.en === 'Hedges and trees along the river');
await press('Title (English)', 'Take this instead');
await left(1);
const last = cards.first();
ok('an item that one changed and the other removed is told as that', /removed/.test(await last.textContent()), await last.textContent());
await page.evaluate(() => document.querySelector('h1').focus());
await tabTo('Take this instead');
await page.keyboard.press('Enter');
await page.waitForFunction(() => document.querySelector('main')?.textContent.includes('No conflict is open.'));
ok('the last one settled, nothing is left', read(`projects/${id}.json`).partners.map(p => p.id).join() === 'o-2', read(`projects/${id}.json`).partners);
await browser.sound(page, 'no conflict');

// ---- the member's profile, by the keyboard alone
await page.goto(`${browser.origin}/new`);
await settled(page);
await tabTo('The profile of your organisation', 'main');
await page.keyboard.press('Enter');
await page.waitForSelector('.form[aria-busy=false]');
await browser.sound(page, 'a member\'s profile');
await narrow('a member\'s profile');
await shots(page, 'profile');
const control = name => page.locator(`[data-pointer="/${name}"]`).locator('input, textarea, select').first();
await page.evaluate(() => document.querySelector('h1').focus());
await tabTo('Name');
await page.keyboard.type(strings[0]);
await page.waitForSelector('.state.kept');
ok('the keyboard reaches the name, and it is kept', read('profile/m-andal.json').name.en === strings[0], read('profile/m-andal.json').name);
ok('its address is the member\'s', new URL(page.url()).pathname === '/entries/m-andal/edit', page.url());
const texts = page.locator('.form input[type=text]:not([role=combobox]):not(.short):not(.year), .form textarea:not(.json)').locator('visible=true');
const n = await texts.count();
for (let i = 0; i < n; i++)
	await texts.nth(i).fill(strings[i + 1]);
await page.waitForSelector('.state.kept');
const before = await texts.evaluateAll(all => all.map(e => e.value));
await page.reload();
await page.waitForSelector('.form[aria-busy=false]');
const after = await texts.evaluateAll(all => all.map(e => e.value));
ok(`${n} hostile texts come back as they are, and do nothing`, before.join() === after.join() && !(await page.evaluate(() => window.__broken)), [before, after]);
ok('nobody but the secretariat changes a member\'s type, but without one no profile can begin: it is proposed', /secretariat decides/.test(await page.locator('[data-pointer="/memberType"] .help').textContent()));
await control('memberType').selectOption({index: 1});
await control('status').selectOption({index: 1});
await control('country').fill('tunis');
await page.locator('[data-pointer="/country"] [role=option]').first().click();
await page.waitForFunction(() => !document.querySelector('.summary summary')?.textContent.includes('to fill in'));
ok('then nothing is missing', true);
await page.locator('.form > details.more > summary').click();
await browser.sound(page, 'a profile of hostile texts');
await control('hq/lat').evaluate(e => e.focus());
await tabTo('Choose on a map');
await page.keyboard.press('Enter');
await page.getByRole('application').waitFor();
await page.keyboard.press('Tab');
ok('Tab leads onto the map', await page.evaluate(() => document.activeElement?.getAttribute('role') === 'application'));
await page.keyboard.press('ArrowUp');
await page.keyboard.press('ArrowUp');
await page.waitForSelector('.state.kept');
ok('where the arrow keys choose the seat', read('profile/m-andal.json').hq?.lat === '12.0' && read('profile/m-andal.json').hq?.lon === '0.0', read('profile/m-andal.json').hq);
await page.keyboard.press('Tab');
ok('and Tab leads out of it', (await focused()) === '+', await focused());
await browser.sound(page, 'the map of the seat');
await page.evaluate(() => document.querySelector('h1').focus());
await tabTo('Done');
await page.keyboard.press('Enter');
await page.waitForURL(u => u.pathname === '/entries/m-andal');
await settled(page);
ok('Done leads to the profile as all see it', !(await page.evaluate(() => window.__broken)) && (await page.textContent('h1')) === before[0], await page.textContent('h1'));
await browser.sound(page, 'the profile as all see it');

await app.close();
console.log(`# axe: ${browser.axe.pages} states, ${browser.axe.findings} findings`);
await browser.close();
end();
