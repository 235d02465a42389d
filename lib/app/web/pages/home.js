/* Home: the Sync button, what asks for the person, how the own work stands, what is new in the network. */
import {follow, get, memberName, nameOf, post} from '../api.js';
import {fill, h} from '../dom.js';
import {day, number, size, t, tn} from '../words.js';

/** The sentence at the end of a sync. @param {any} job */
export function outcome(job) {
	const r = job.result;
	if (job.state === 'stopped')
		return t('Stopped. What you wrote is saved on this computer.');
	if (job.error?.status === 4)
		return t('There is no connection. Your work is saved on this computer and goes with the next sync.');
	if (job.state === 'failed')
		return job.error.message;
	const parts = [
		r.sent && tn('Sent {n} entry.', 'Sent {n} entries.', r.sent),
		!r.sent && r.sentMore && t('Sent decisions, rules or conflicts, and no entry.'),
		r.received && tn('Received {n} entry.', 'Received {n} entries.', r.received),
		r.accepted && tn('Accepted {n} entry by the policy of the network.', 'Accepted {n} entries by the policy of the network.', r.accepted),
		r.back && tn('{n} came back with a comment.', '{n} came back with comments.', r.back),
		r.conflicts && tn('{n} new conflict: both values are kept.', '{n} new conflicts: both values are kept.', r.conflicts),
	].filter(Boolean);
	if (!parts.length)
		parts.push(t('Nothing new on either side.'));
	if (r.drafts)
		parts.push(tn('{n} draft stays here until it is mended.', '{n} drafts stay here until they are mended.', r.drafts));
	return parts.join(' ');
}

/** @param {any} job */
function progress(job) {
	const phases = {connecting: t('Connecting'), counting: t('Counting'), receiving: t('Receiving'), sending: t('Sending')};
	const phase = phases[/** @type {keyof typeof phases} */ (job.phase)] ?? t('Working');
	return `${phase}… ${size(job.bytesIn + job.bytesOut)}`;
}

/* The sync that runs, and the words of the last one: they stay while the person looks at other pages. */
/** @type {{running: boolean, job: any}} */
const sync = {running: false, job: null};

/** @param {import('../main.js').Context} context @param {any} next what to do @param {any} home of which `job` is a sync that another window began */
function syncPanel({say, refresh, signal}, next, home) {
	const line = h('p', {class: 'progress'});
	const bar = h('progress', {'aria-label': t('Progress'), hidden: true});
	const button = h('button', {class: 'primary large', onclick: () => run(post('/api/sync'))}, t('Sync'));
	const stop = h('button', {hidden: true, onclick: () => sync.job && post(`/api/jobs/${sync.job.id}/stop`)}, t('Stop'));
	const panel = h('div', {class: 'sync card'}, button, stop, next, bar, line);

	function draw() {
		const {job, running} = sync;
		button.disabled = running;
		stop.hidden = bar.hidden = !running;
		if (job && running && job.bytesTotal) {
			bar.max = job.bytesTotal;
			bar.value = job.bytesOut;
		} else {
			bar.removeAttribute('value');
		}
		if (!job)
			return;
		const offline = job.error?.status === 4;
		line.className = running ? 'progress' : `progress sentence note ${job.state === 'done' || job.state === 'stopped' || offline ? offline || job.state === 'stopped' ? 'warn' : 'good' : 'bad'}`;
		fill(line, running ? progress(job) : outcome(job),
			!running && job.state === 'done' && h('span', {class: 'soft small'}, ' ', t('{in} in, {out} out', {in: size(job.result.bytesIn), out: size(job.result.bytesOut)})),
			!running && job.state === 'failed' && !offline && job.error.hint && !/\bcib [a-z]/.test(job.error.hint) && h('span', {class: 'soft'}, ' ', job.error.hint));
	}

	/** @param {Promise<any>} begun */
	async function run(begun) {
		sync.running = true;
		say(t('Syncing'));
		try {
			await follow(await begun, job => {
				sync.job = job;
				draw();
			});
		} catch (e) {
			sync.job = {state: 'failed', error: {message: e instanceof Error ? e.message : String(e)}};
		}
		sync.running = false;
		draw();
		say(outcome(sync.job));
		if (!signal.aborted)
			refresh();
	}

	if (!sync.running && home.job)
		run(Promise.resolve(home));
	else if (sync.running) /* it was begun before the person went elsewhere */
		(async () => {
			while (sync.running && !signal.aborted) {
				draw();
				await new Promise(done => setTimeout(done, 300));
			}
			draw();
			if (!signal.aborted)
				refresh();
		})();
	draw();
	return panel;
}

/** @param {any} row */
const link = row => h('a', {href: `/entries/${row.id}`, dir: 'auto'}, nameOf(row));

/** A row of a list: the name, and below it what is to be known of it. @param {any} name @param {any[]} about */
const line = (name, ...about) => [h('p', {class: 'name'}, name), h('p', {class: 'about'}, about)];


/**
 * A list with its heading; nothing when it is empty.
 * @param {string} heading
 * @param {any} group {count, rows}
 * @param {(row: any) => any} draw
 */
function section(heading, group, draw) {
	if (!group.count)
		return null;
	const more = group.count - group.rows.length;
	return h('section', null, h('h2', null, heading, ' ', h('span', {class: 'tag'}, number(group.count))),
		h('ul', {class: 'rows'}, group.rows.map((/** @type {any} */ row) => h('li', null, draw(row)))),
		more > 0 && h('p', {class: 'soft'}, tn('and {n} more', 'and {n} more', more)));
}

/** @param {string} state */
function tag(state) {
	const words = {
		draft: [t('Draft'), 'warn'], removed: [t('Removed'), ''], 'only-here': [t('Ready to send'), ''], refused: [t('Refused'), 'bad'],
		returned: [t('Sent back'), 'warn'], declined: [t('Declined'), 'bad'], commented: [t('Commented'), 'warn'], new: [t('New'), 'good'], changed: [t('Changed'), ''],
	};
	const [text, colour] = words[/** @type {keyof typeof words} */ (state)] ?? [state, ''];
	return h('span', {class: `tag ${colour}`}, text);
}

/** @param {any} home @param {any} me */
function nextStep(home, me) {
	const steps = {
		mend: t('Mend the drafts below: the rest goes with the next sync.'),
		resolve: t('Two people wrote different things: choose what holds.'),
		'refused-entry': t('Change what the server refused, then sync.'),
		refused: t('The server refused what was sent; it says why below.'),
		share: t('You have work that nobody else has yet: press Sync.'),
		returned: t('Change what came back, then sync.'),
		review: t('Members wait for your answer.'),
		nothing: t('Nothing to do. Sync shows what is new.'),
	};
	const text = steps[/** @type {keyof typeof steps} */ (home.next)] ?? '';
	const paths = {resolve: '/conflicts', review: '/review'};
	const to = home.next === 'review' && me.member ? null : paths[/** @type {keyof typeof paths} */ (home.next)];
	return h('p', {class: 'lead'}, to ? h('a', {href: to}, text) : text);
}

/** @param {any} mine @param {any} me */
function standing(mine, me) {
	const counts = [
		mine.accepted && tn('{n} accepted', '{n} accepted', mine.accepted), mine.seen && tn('{n} seen by the secretariat', '{n} seen by the secretariat', mine.seen),
		mine.sent && tn('{n} sent', '{n} sent', mine.sent), mine.returned && tn('{n} sent back', '{n} sent back', mine.returned),
		mine.declined && tn('{n} declined', '{n} declined', mine.declined), mine.refused && tn('{n} refused by the server', '{n} refused by the server', mine.refused),
		mine['only-here'] && tn('{n} only on this computer', '{n} only on this computer', mine['only-here'])].filter(Boolean);
	if (!mine.all)
		return h('section', null, h('h2', null, me.member ? t('Entries of your organisation') : t('Entries of the secretariat')),
			h('p', {class: 'soft'}, t('There is none yet. What you write stays on this computer until you sync.')), h('p', null, h('a', {href: '/new', class: 'button'}, t('New entry'))));
	return h('section', null,
		h('h2', null, me.member ? t('Entries of your organisation') : t('Entries of the secretariat'), ' ', h('span', {class: 'tag'}, number(mine.all))),
		h('ul', {class: 'counts'}, counts.map(text => h('li', null, text))),
		h('p', null, h('a', {href: `/entries?member=${encodeURIComponent(me.member || 'secretariat')}`}, t('Show them'))));
}

/** @param {import('../main.js').Context} context @returns {Promise<import('../main.js').Page>} */
export async function page(context) {
	const {me, signal} = context;
	const home = await get('/api/home', {}, signal);
	return {title: t('Home'), content: [
		h('p', {class: 'soft'}, me.member ? t('{user}, {member}', {user: me.user, member: memberName(me.member)}) : t('{user}, secretariat', {user: me.user})),
		syncPanel(context, nextStep(home, me), home),
		home.refused.map((/** @type {string} */ why) => h('p', {class: 'note bad'}, why)),
		section(t('In conflict'), home.conflicts, row => line(h('a', {href: '/conflicts', dir: 'auto'}, nameOf(row)), h('span', null, row.field))),
		section(t('Came back with comments'), home.back, row => [...line(link(row), tag(row.state), h('span', null, row.kind)),
			row.remarks.map((/** @type {any} */ r) => h('blockquote', {dir: 'auto'}, r.text, ' ', h('span', {class: 'soft small'}, r.bySecretariat ? t('secretariat') : t('your organisation'), r.date && `, ${day(r.date)}`)))]),
		home.waiting ? h('section', null, h('h2', null, t('Waiting for review'), ' ', h('span', {class: 'tag'}, number(home.waiting))), h('p', null, h('a', {href: '/review', class: 'button'}, t('Review')))) : null,
		section(t('Not sent yet'), home.unsent, row => [...line(link(row), tag(row.state), h('span', null, row.kind), row.errors ? h('span', null, tn('{n} thing to mend', '{n} things to mend', row.errors)) : null),
			row.reasons.map((/** @type {string} */ why) => h('p', {class: 'note bad'}, why))]),
		standing(home.mine, me),
		home.ended || home.untouched ? h('p', {class: 'soft'},
			home.ended ? tn('{n} entry is over and does not say what came of it.', '{n} entries are over and do not say what came of them.', home.ended) : null, ' ',
			home.untouched ? tn('{n} entry was not touched for long: does it still hold?', '{n} entries were not touched for long: do they still hold?', home.untouched) : null) : null,
		section(t('New in the network'), home.news, row => line(link(row), tag(row.state), h('span', null, [row.kind, memberName(row.member), day(row.when)].join(' · ')))),
	]};
}
