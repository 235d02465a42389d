// What the tests of the pages stand on: the real program, a real browser, and what must never happen on any page:
// a console error, a violation of the policy, a request off loopback, a finding of axe.
import {spawn} from 'node:child_process';
import {createRequire} from 'node:module';
import {chromium} from 'playwright-core';

const require = createRequire(import.meta.url);
const AXE = require.resolve('axe-core/axe.min.js');
const RULES = {runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}, rules: {'target-size': {enabled: true}}};

let failed = 0;
/** @param {string} sentence @param {boolean} holds @param {unknown} [why] */
export function ok(sentence, holds, why) {
	console.log(`${holds ? 'ok' : 'not ok'} - ${sentence}${holds ? '' : ` (${typeof why === 'string' ? why : JSON.stringify(why)})`}`);
	if (!holds)
		failed++;
}

/** cib app in a copy. @param {string} copy @param {string} user */
export async function serve(copy, user) {
	const child = spawn(process.env.CIB ?? 'cib', ['app', '--no-open'], {cwd: copy, env: {...process.env, CIB_USER: user, CIB_LANG: 'en'}, stdio: ['ignore', 'pipe', 'pipe']});
	const page = await new Promise((resolve, reject) => {
		child.stdout.once('data', data => resolve(String(data).trim()));
		child.once('exit', () => reject(new Error('the app did not start')));
	});
	return {page, child, close: () => new Promise(done => {
		child.once('exit', done);
		child.kill('SIGTERM');
	})};
}

export class Browser {
	static async open() {
		const self = new Browser();
		self.browser = await chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking']});
		self.faults = [];
		self.axe = {pages: 0, findings: 0};
		return self;
	}

	/** A window that watches. @param {any} options of a browser context */
	async window(options = {}) {
		const context = await this.browser.newContext({viewport: {width: 1280, height: 800}, locale: 'en-GB', bypassCSP: false, ...options});
		const page = await context.newPage();
		page.on('console', m => {
			if (m.type() === 'error' || m.type() === 'warning')
				this.expected?.test(m.text()) || this.faults.push(`console: ${m.text()} (${page.url()})`);
		});
		page.on('pageerror', e => this.faults.push(`script: ${e.message} (${page.url()})`));
		page.on('request', r => {
			if (!/^(http:\/\/127\.0\.0\.1:\d+\/|file:|data:|blob:)/.test(r.url()))
				this.faults.push(`request off loopback: ${r.url()}`);
		});
		await page.addInitScript(() => document.addEventListener('securitypolicyviolation', e => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`)));
		return page;
	}

	/** Come in by the start page. @param {any} page @param {string} start */
	async enter(page, start) {
		await page.goto(`file://${start}`);
		await page.waitForURL(/^http:\/\/127/);
		await settled(page);
		this.origin = new URL(page.url()).origin;
	}

	/** Nothing went wrong since the last time, and axe finds nothing. @param {any} page @param {string} sentence */
	async sound(page, sentence) {
		ok(`axe finds nothing: ${sentence}`, await this.scan(page, sentence));
		this.quiet(sentence);
	}

	/** Does axe find nothing? What it finds is a failure. @param {any} page @param {string} sentence @returns {Promise<boolean>} */
	async scan(page, sentence) {
		// axe is brought in by the debugger's protocol, which no policy of the page concerns
		await page.evaluate(`window.axe || (() => { ${await axeText()} })(); undefined`);
		const {violations} = await page.evaluate(rules => window.axe.run(document, rules), RULES);
		this.axe.pages++;
		this.axe.findings += violations.length;
		for (const v of violations)
			ok(`axe, ${sentence}: ${v.id}`, false, v.nodes.map(n => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`).slice(0, 3).join(' | '));
		return violations.length === 0;
	}

	/** No error, no violation of the policy, no request elsewhere since the last time. @param {string} sentence */
	quiet(sentence) {
		ok(`no error, no violation of the policy, no request elsewhere: ${sentence}`, this.faults.length === 0, this.faults);
		this.faults = [];
	}

	async close() {
		await this.browser.close();
	}
}

let axe = '';
async function axeText() {
	if (!axe)
		axe = (await import('node:fs')).readFileSync(AXE, 'utf8');
	return axe;
}

/** The page of the address is there. @param {any} page */
export async function settled(page) {
	await page.waitForSelector('main:not([aria-busy]) h1');
}

export function end() {
	process.exit(failed ? 1 : 0);
}
