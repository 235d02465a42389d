// Two people who have never seen it, with the keyboard alone: a programme officer, in French, at the width of a telephone, writes a project,
// gets it wrong, mends it, syncs, reads the answer and answers; the secretariat needs three steps from home to a merged submission.
// Runs in the folder that app_browser_newcomer.sh made: newcomer.mjs FOLDER
import {execFileSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import {Browser, end, ok, serve, settled} from './harness.mjs';

const [folder] = process.argv.slice(2), CIB = process.env.CIB ?? 'cib';
const browser = await Browser.open();
const cib = (user, ...words) => execFileSync(CIB, words, {cwd: `${folder}/${user}`, env: {...process.env, CIB_USER: user, CIB_LANG: 'en'}, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});
let app, page, stops = 0;
const unseen = new Set(), small = new Set();

/** What has the focus, where it is seen, and how large it is. */
const here = () => page.evaluate(() => {
	const target = e => [e, ...(e.labels ?? [])].some(t => t.getBoundingClientRect().width >= 24 && t.getBoundingClientRect().height >= 24);
	const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect(), inline = style.display === 'inline';
	return {name: `${e.tagName} ${e.getAttribute('aria-label') ?? e.textContent.slice(0, 40)}`, ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, small: !inline && !target(e),
		covered: !e.contains(document.elementFromPoint(Math.max(box.left, 0) + Math.min(box.width, innerWidth) / 2, Math.min(Math.max(box.top, 0) + Math.min(box.height, innerHeight) / 2, innerHeight - 1)))};
});
/** Tab until the focus is at what the selector means; each stop on the way is looked at. @param {string} selector @param {string} [key] */
async function reach(selector, key = 'Tab') {
	for (let i = 0; i < 250; i++) {
		if (await page.evaluate(s => document.activeElement?.matches(s), selector))
			return true;
		await page.keyboard.press(key);
		stops++;
		const stop = await here();
		if (stop.name.startsWith('BODY')) /* round the end of the page */
			continue;
		if (!stop.ring || stop.covered)
			unseen.add(`${stop.name}${stop.covered ? ' (covered)' : ''}`);
		if (stop.small)
			small.add(stop.name);
	}
	ok(`the keyboard reaches ${selector}`, false, await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200)));
	return false;
}
const press = async (selector, key = 'Enter') => {
	await reach(selector);
	await page.keyboard.press(key);
};
const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
const arrives = async title => {
	await page.waitForFunction(t => document.querySelector('h1')?.textContent === t && !document.querySelector('main[aria-busy]'), title);
	ok(`"${title}" has the focus when it opens`, await focused() === title, await focused());
};
const said = text => page.waitForFunction(t => document.querySelector('[role=status]')?.textContent.includes(t), text);
const come = async (user, options) => {
	app = await serve(`${folder}/${user}`, user);
	page = await browser.window(options);
	page.setDefaultTimeout(40000);
	await browser.enter(page, app.page);
};
const leave = async () => {
	await page.context().close();
	await app.close();
};
const telephone = {viewport: {width: 390, height: 740}, locale: 'fr-FR', hasTouch: true, reducedMotion: 'reduce'};
const projects = () => readdirSync(`${folder}/andal-1/members/m-andal/projects`);

// ---- a programme officer ----
await come('andal-1', telephone);
ok('it speaks the browser’s language from the first page on', await page.textContent('h1') === 'Accueil', await page.textContent('h1'));
const before = new Set(projects());
await press('nav a[href="/new"]');
await arrives('Nouvelle fiche');
await press('a[href="/new/project"]');
await page.waitForSelector('.form [data-pointer="/title"]');
await reach('[data-pointer="/title"] input, [data-pointer="/title"] textarea');
await page.keyboard.type('Des arbres dans la ville');
await page.waitForSelector('.state.kept');
await reach('[data-pointer="/description/general"] textarea');
await page.keyboard.type('Planter des arbres avec les écoles.');
await press('[data-pointer="/sectors"] button');
await page.keyboard.type('15128');
await page.waitForSelector('[role=option]');
await page.keyboard.press('ArrowDown');
await page.keyboard.press('Enter');
await page.waitForSelector('.state.kept');
await reach('[data-pointer="/dates/plannedStart"] input');
await page.keyboard.type('20x7');
await page.waitForSelector('[data-pointer="/dates/plannedStart"] .problem:not([hidden])');
const problem = await page.textContent('[data-pointer="/dates/plannedStart"] .problem');
ok('what is wrong is said beside the field, in French and without a pattern', /n’est pas écrit comme/.test(problem) && !problem.includes('^['), problem);
ok('and belongs to it for who listens', await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid') === 'true' && document.getElementById(document.activeElement.getAttribute('aria-describedby')?.split(' ').pop() ?? '')?.textContent !== ''));
await page.waitForSelector('.state.kept');
await browser.sound(page, 'a form with a mistake, in French');
await press('.foot a.primary');
await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Des arbres dans la ville' && document.querySelector('.note.warn'));
ok('the entry says that it is a draft, and what to do', /brouillon/.test(await page.textContent('.note.warn')), await page.textContent('main'));
await press('.actions a.primary');
await page.waitForSelector('.summary summary');
await press('.summary summary');
await press('.summary button.link');
ok('the summary leads to the field', await page.evaluate(() => document.activeElement?.closest('[data-pointer="/dates/plannedStart"]') !== null), await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200)));
await page.keyboard.press('Control+A');
await page.keyboard.type('2027');
await page.waitForFunction(() => !document.querySelector('[data-pointer="/dates/plannedStart"] [aria-invalid=true]'));
await page.waitForSelector('.state.kept');
await press('.foot a.primary');
await page.waitForFunction(() => /C’est prêt/.test(document.querySelector('main .note')?.textContent ?? ''));
ok('when nothing is wrong any more, the entry says how it goes out', true);
await press('main .note a');
await arrives('Accueil');
await press('.sync button.primary');
await page.waitForSelector('.progress.note.good');
ok('the sync ends in a sentence', /^1 fiche envoyée/.test(await page.textContent('.progress')), await page.textContent('.progress'));
await said('1 fiche envoyée');
ok('which is read out, and the focus stays with the button', /Synchroniser/.test(await focused()), await focused());
await browser.sound(page, 'home after the first sync, in French');
await leave();
const file = projects().find(name => !before.has(name)) ?? '', id = file.replace('.json', '');
ok('the entry has what was typed', JSON.parse(readFileSync(`${folder}/andal-1/members/m-andal/projects/${file}`, 'utf8')).dates.plannedStart === '2027');

// ---- the secretariat sends it back ----
cib('sec-1', 'sync');
await come('sec-1');
await press('nav a[href="/review"]');
await arrives('Review');
await press(`.queue a[href$="${id}"]`);
await page.waitForSelector('.item-field');
await press('.decide .actions button:nth-of-type(2)');
await page.keyboard.type('Which schools?');
await press('.item-comment button.primary');
await page.waitForFunction(() => location.pathname === '/review');
await settled(page);
await press('#finish');
await page.waitForSelector('main > .note.good');
await said('Sent back 1 entry.');
ok('sent back, and read out', true);
await leave();

// ---- the officer reads the answer, and answers ----
await come('andal-1', telephone);
await press('.sync button.primary');
await page.waitForFunction(() => document.body.textContent.includes('Which schools?'));
ok('the answer is on the first page', /1 est revenue|revenue/.test(await page.textContent('.progress')), await page.textContent('.progress'));
await press(`main .rows a[href="/entries/${id}"]`);
await arrives('Des arbres dans la ville');
ok('the remark stands above the fields', await page.evaluate(() => {
	const remark = document.querySelector('.remarks'), fields = document.querySelector('.fields');
	return !!remark && !!fields && (remark.compareDocumentPosition(fields) & Node.DOCUMENT_POSITION_FOLLOWING) > 0;
}));
await press('.actions a.primary');
await page.waitForSelector('.form [data-pointer="/description/general"]');
await reach('[data-pointer="/description/general"] textarea');
await page.keyboard.press('Control+End');
await page.keyboard.type(' Six écoles primaires.');
await page.waitForSelector('.state.kept');
await press('.foot a.primary');
await page.waitForFunction(() => /C’est prêt/.test(document.querySelector('main .note')?.textContent ?? ''));
await press('nav a[href="/"]');
await arrives('Accueil');
await press('.sync button.primary');
await page.waitForSelector('.progress.note.good');
await said('1 fiche envoyée');
ok('the new version is sent', true);
await leave();

// ---- three steps from home to a merged submission ----
cib('sec-1', 'sync');
await come('sec-1');
await page.click('nav a[href="/review"]');
await page.waitForSelector('.queue');
await page.click('main .actions button:has-text("clean")');
await page.waitForFunction(() => document.activeElement?.id === 'finish');
await page.click('#finish');
await page.waitForSelector('main > .note.good');
ok('three clicks from home merge what is clean', /^Accepted 1 entry/.test(await page.textContent('main > .note')), await page.textContent('main > .note'));
await leave();
cib('andal-1', 'sync');
ok('and the officer has it accepted', /accepted/.test(cib('andal-1', 'list', '--mine', '--json').split('\n').find(line => line.includes(id)) ?? '') || /1 accepted|accepted/.test(cib('andal-1', 'status')), cib('andal-1', 'status'));

ok(`of ${stops} stops of the keyboard each shows where it is`, unseen.size === 0, [...unseen]);
ok('and none is smaller than 24 pixels', small.size === 0, [...small]);
console.log(`# axe: ${browser.axe.pages} looks, ${browser.axe.findings} findings`);
await browser.close();
end();
