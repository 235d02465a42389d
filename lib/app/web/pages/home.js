/* Home: the Sync button, and how one's own work stands. */
import {follow, post} from '../api.js';
import {fill, h} from '../dom.js';
import {size, t, tn} from '../words.js';

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
		r.received && tn('Received {n} entry.', 'Received {n} entries.', r.received),
		r.back && tn('{n} came back with a comment.', '{n} came back with comments.', r.back),
		r.conflicts && tn('{n} new conflict: both values are kept.', '{n} new conflicts: both values are kept.', r.conflicts),
		r.drafts && tn('{n} draft stays here until it is mended.', '{n} drafts stay here until they are mended.', r.drafts),
	].filter(Boolean);
	return parts.length ? parts.join(' ') : t('Nothing new on either side.');
}

/** @param {any} job */
function progress(job) {
	const phases = {connecting: t('Connecting'), counting: t('Counting'), receiving: t('Receiving'), sending: t('Sending')};
	const phase = phases[/** @type {keyof typeof phases} */ (job.phase)] ?? t('Working');
	return `${phase}… ${size(job.bytesIn + job.bytesOut)}`;
}

/** @param {import('../main.js').Context} context @returns {Promise<import('../main.js').Page>} */
export async function page({me, say, refresh}) {
	const button = h('button', {class: 'primary large', onclick: run}, t('Sync'));
	const line = h('p', {class: 'progress'});
	async function run() {
		button.disabled = true;
		const job = await follow(await post('/api/sync'), j => fill(line, progress(j)));
		button.disabled = false;
		fill(line, outcome(job));
		say(outcome(job));
		if (job.state === 'done')
			refresh();
	}
	return {title: t('Home'), content: [h('p', null, t('{user}, {member}', {user: me.user, member: me.member || t('Secretariat')})), h('div', {class: 'sync'}, button, line)]};
}
