/* Sync: save, fetch, merge with the own branch and with main, write the folder, push; again when a colleague was faster. */
#include "guard/guard.h"
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

enum { TRIES = 6 };

#define INCOMING_MAIN "refs/cib/incoming/main"
#define INCOMING_OWN  "refs/cib/incoming/own"
#define PART          "refs/cib/part"

/* Take what was fetched for what the central repository has, if it goes on from what was seen before. */
static int accept_incoming(cib_workspace *ws, const char *incoming, const char *central, const char *what, cib_error *err)
{
	cib_oid now, seen;
	if (cib_store_ref_get(&now, ws->store, incoming, NULL) != CIB_OK)
		return CIB_OK;
	if (cib_store_ref_get(&seen, ws->store, central, NULL) == CIB_OK && !cib_store_is_ancestor(ws->store, &seen, &now)) {
		int status = cib_error_set(err, CIB_REFUSED, "sync.rewound", "the server's %s does not go on from what was seen before: its history was rewritten", cib_gettext(what));
		cib_error_hint(err, "nothing was changed here and your work is saved; ask the secretariat what happened to the server");
		return status;
	}
	return cib_store_ref_set(ws->store, central, &now, NULL, err);
}

/* A server that lost its power, or was restored, may come back without what it had acknowledged: then the own branch is as it was before, or goes on
 * from there with what a colleague sent meanwhile, or is not there. All that is missing is here, so it is unsent again: it is merged
 * with what there is, as a colleague's work is, and this sync sends it. */
static int accept_own(cib_workspace *ws, cib_error *err)
{
	cib_oid now = {{0}}, seen, shared;
	bool there = cib_store_ref_get(&now, ws->store, INCOMING_OWN, NULL) == CIB_OK;
	if (cib_store_ref_get(&seen, ws->store, CENTRAL_OWN, NULL) != CIB_OK || (there && !cib_share_history(&shared, ws->store, &seen, &now)))
		return accept_incoming(ws, INCOMING_OWN, CENTRAL_OWN, N_("branch of your organisation"), err);
	if (!cib_store_is_ancestor(ws->store, &seen, &ws->tip) && !(there && cib_store_is_ancestor(ws->store, &seen, &now)))
		return CIB_OK; /* it is merged first; the next fetch comes here again */
	return there ? cib_store_ref_set(ws->store, CENTRAL_OWN, &now, NULL, err) : cib_store_ref_delete(ws->store, CENTRAL_OWN, err);
}

/* Before anything is made of what was fetched: does it hold only what a network may? */
static int judge_incoming(cib_workspace *ws, const char *incoming, const char *central, const char *what, cib_error *err)
{
	cib_oid now, seen = {{0}};
	if (cib_store_ref_get(&now, ws->store, incoming, NULL) != CIB_OK)
		return CIB_OK;
	if (cib_store_ref_get(&seen, ws->store, central, NULL) == CIB_OK && cib_oid_equal(&seen, &now))
		return CIB_OK;
	int status = cib_watch_names(ws, &seen, &now, what, err);
	if (status != CIB_OK)
		cib_store_ref_delete(ws->store, incoming, NULL); /* nobody is to come upon it */
	return status;
}

/* What was fetched is judged as a push is, by the rules of main as seen before: a server without its hook, or one that
 * somebody got into, brings nothing in. A history that does not go on is accept_incoming's to refuse; the own branch may (accept_own), and what is
 * new in it is judged. */
static int judge_fetched(cib_workspace *ws, const cib_sync_options *options, cib_error *err)
{
	static const struct {
		const char *incoming, *central;
	} rows[] = {{INCOMING_MAIN, CENTRAL_MAIN}, {INCOMING_OWN, CENTRAL_OWN}};
	cib_ref_update updates[2];
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_oid main_tip, now, seen, *mains = NULL;
	size_t count = 0, main_count = 0;
	int status = CIB_OK;
	if (cib_store_ref_get(&main_tip, ws->store, CENTRAL_MAIN, NULL) != CIB_OK)
		return CIB_OK;
	for (size_t i = 0; i < (cib_on_main(ws) ? 1u : 2u); i++) {
		bool known = cib_store_ref_get(&seen, ws->store, rows[i].central, NULL) == CIB_OK;
		if (cib_store_ref_get(&now, ws->store, rows[i].incoming, NULL) != CIB_OK)
			continue;
		if (known && i == 1 && !cib_share_history(&seen, ws->store, &seen, &now))
			continue;
		if (known && (cib_oid_equal(&seen, &now) || !cib_store_is_ancestor(ws->store, &seen, &now)))
			continue;
		updates[count++] = (cib_ref_update){i == 0 ? "refs/heads/main" : ws->branch, known ? seen : (cib_oid){{0}}, now};
	}
	if (count)
		status = cib_known_mains(&mains, &main_count, ws, err);
	if (count && status == CIB_OK)
		status = cib_guard_judge_incoming(ws->store, updates, count, &(cib_guard_incoming){.main = &main_tip, .lang = options->lang, .mains = mains, .main_count = main_count}, &findings, err);
	free(mains);
	const cib_finding *first = NULL;
	for (size_t i = 0; i < findings.count && !first; i++)
		first = findings.items[i].severity == CIB_ERROR ? &findings.items[i] : NULL;
	if (status == CIB_REFUSED && first) {
		cib_error_set(err, CIB_REFUSED, strcmp(first->code, CIB_UNKNOWN_MAIN) == 0 ? CIB_UNKNOWN_MAIN : "sync.fetched", "the server has something that this network does not allow, and nothing of it was taken: %s: %s", first->file ? first->file : "",
		              first->message ? first->message : "");
		cib_error_hint(err, "your work is saved here; tell the secretariat that the server's guard does not work (cib init DIR --hook)");
	}
	cib_findings_free(&findings);
	return status;
}

/* `mine`: the own branch alone. */
static int fetch_branches(cib_workspace *ws, bool mine, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	cib_refspec specs[] = {{ws->branch, INCOMING_OWN}, {"refs/heads/main", INCOMING_MAIN}};
	cib_listener listener;
	cib_listen(&listener, &options->remote);
	int status = cib_store_fetch(ws->store, ws->url, cib_on_main(ws) ? specs + 1 : specs, cib_on_main(ws) || mine ? 1 : 2, &listener.options, err);
	cib_listen_end(&listener, ws, report);
	if (status == CIB_OK && !mine)
		status = judge_incoming(ws, INCOMING_MAIN, CENTRAL_MAIN, N_("main branch"), err);
	if (status == CIB_OK && !cib_on_main(ws))
		status = judge_incoming(ws, INCOMING_OWN, CENTRAL_OWN, N_("branch of your organisation"), err);
	if (status == CIB_OK && !mine)
		status = cib_epoch_enter(ws, options, report, err);
	if (status == CIB_OK)
		status = judge_fetched(ws, options, err);
	if (status == CIB_OK && !mine)
		status = accept_incoming(ws, INCOMING_MAIN, CENTRAL_MAIN, N_("main branch"), err);
	if (status == CIB_OK && !cib_on_main(ws))
		status = accept_own(ws, err);
	return status;
}

/* A colleague may have joined the own branch with a main that was not asked for here: nobody can judge that without main. What
 * of it the branch holds is here by then and does not travel again. */
static int fetch(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	bool mine = options->only_mine && !cib_on_main(ws);
	int status = fetch_branches(ws, mine, options, report, err);
	if (mine && status == CIB_REFUSED && strcmp(err->code, CIB_UNKNOWN_MAIN) == 0) {
		cib_error_clear(err);
		status = fetch_branches(ws, false, options, report, err);
	}
	return status;
}

typedef struct {
	size_t entries, more; /* more: what is none, but receipts */
} counter;

static int count_entry(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	static const char receipt[] = "/seen.json";
	counter *c = payload;
	size_t len = strlen(path), tail = sizeof receipt - 1;
	(void)a;
	(void)b;
	bool entry = (strncmp(path, "members/", 8) == 0 || strncmp(path, "network/", 8) == 0) && !strstr(path, "/conflicts/");
	c->entries += entry;
	c->more += !entry && !(strncmp(path, "reviews/", 8) == 0 && len > tail && strcmp(path + len - tail, receipt) == 0);
	return 0;
}

static counter count_between(cib_workspace *ws, const cib_oid *a, const cib_oid *b)
{
	counter c = {0};
	cib_store_diff2(ws->store, a, b, count_entry, &c, NULL);
	return c;
}

static int count_file(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	counter *c = payload;
	(void)a;
	(void)b;
	bool record = strncmp(path, "conflicts/", 10) == 0;
	c->entries += !record;
	c->more += record;
	return 0;
}

/* The files of the own folder that a commit of the server does not have. */
static counter own_against(cib_workspace *ws, const char *folder, const cib_oid *server)
{
	cib_oid mine = {{0}}, theirs = {{0}};
	unsigned mode;
	counter c = {0};
	cib_store_tree_get(&mine, &mode, ws->store, &ws->tip, folder, NULL);
	cib_store_tree_get(&theirs, &mode, ws->store, server, folder, NULL);
	cib_store_diff2(ws->store, &theirs, &mine, count_file, &c, NULL);
	return c;
}

/* What was new for the server, which had its own branch and main. */
static void count_sent(cib_sync_report *report, cib_workspace *ws, const cib_oid *branch, const cib_oid *main_tip)
{
	if (!ws->member) {
		counter c = count_between(ws, branch, &ws->tip);
		report->sent += c.entries;
		report->sent_more += c.more;
		return;
	}
	char *folder = cib_format("members/%s", ws->member);
	counter a = own_against(ws, folder, branch), b = own_against(ws, folder, main_tip);
	free(folder);
	report->sent += a.entries < b.entries ? a.entries : b.entries;
	report->sent_more += a.more < b.more ? a.more : b.more;
}

static int merge_trees(cib_oid *tree, cib_workspace *ws, cib_commit_merge *how, cib_sync_report *report, cib_error *err)
{
	int status = ws->member ? cib_given_around(how, ws, err) : CIB_OK;
	how->mains = !ws->member;
	return status == CIB_OK ? cib_merge_commits(tree, ws->store, how, report, err) : status;
}

int cib_merge_in(cib_workspace *ws, const cib_oid *theirs, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	cib_oid tree, merged, before = ws->tip;
	size_t joined = report->merged, conflicts = report->conflicts;
	if (cib_store_is_ancestor(ws->store, theirs, &ws->tip))
		return CIB_OK;
	int status = CIB_OK;
	if (cib_store_is_ancestor(ws->store, &ws->tip, theirs)) {
		merged = *theirs;
	} else {
		cib_oid parents[2] = {ws->tip, *theirs};
		cib_network *net = NULL; /* the rules of the other side: a newer schema judges the merge */
		cib_meeting met = {0};
		status = cib_network_load(&net, ws->store, theirs, err);
		if (status == CIB_OK)
			status = cib_meeting_find(&met, ws->store, net, &ws->tip, theirs, ws->member, true, err);
		if (status == CIB_OK)
			status = merge_trees(&tree, ws, &(cib_commit_merge){.net = net, .bases = met.bases, .base_count = met.count, .ours = &ws->tip, .theirs = theirs, .lang = options->lang, .had = &met.had, .home = cib_home(ws, net)}, report, err);
		if (status == CIB_OK)
			status = cib_commit_own(&merged, ws, &tree, parents, 2, "Join with what others did\n", err);
		cib_network_free(net);
		cib_meeting_clear(&met);
	}
	if (status == CIB_OK)
		status = cib_journal_checkout(ws, &before, &merged, err);
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, ws->branch, &merged, &before, err);
	if (status == CIB_OK)
		status = cib_workspace_reload(ws, err);
	if (status == CIB_OK) {
		size_t changed = count_between(ws, &before, &ws->tip).entries;
		size_t own = report->merged - joined + report->conflicts - conflicts;
		report->received += changed > own ? changed - own : 0;
		status = cib_checkout(ws, &before, report, err);
	}
	return status == CIB_OK ? cib_journal_done(ws, err) : status;
}

static int merge_ref(cib_workspace *ws, const char *ref, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	cib_oid theirs, before = ws->tip;
	if (cib_store_ref_get(&theirs, ws->store, ref, NULL) != CIB_OK)
		return CIB_OK;
	int status = cib_merge_in(ws, &theirs, options, report, err);
	if (status == CIB_OK)
		cib_watch_folder(ws, &before, &theirs, strcmp(ref, CENTRAL_MAIN) == 0 ? "main" : N_("your branch"), report);
	return status;
}

int cib_merge_given(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	static const char *const prefixes[] = {GIVEN_OWN, GIVEN_MAIN};
	int status = CIB_OK;
	for (size_t i = 0; status == CIB_OK && i < 2; i++) {
		cib_oid *tips = NULL;
		size_t count = 0;
		status = cib_given_list(&tips, &count, ws, prefixes[i], err);
		for (size_t k = 0; status == CIB_OK && k < count; k++)
			status = cib_merge_in(ws, &tips[k], options, report, err);
		free(tips);
	}
	return status;
}

/* judged: where it is refused, it is for what was sent, and not for a guard that broke off. */
static int send(bool *judged, cib_workspace *ws, const cib_refspec *spec, const cib_oid *sent, const cib_remote_options *remote, cib_sync_report *report, cib_error *err)
{
	cib_listener listener;
	cib_listen(&listener, remote);
	int status = cib_store_push(ws->store, ws->url, spec, 1, &listener.options, err);
	if (status == CIB_REFUSED && strcmp(err->code, "push.behind") != 0)
		cib_refusals_keep(ws, &listener.heard, sent, err, NULL); /* best effort: the error says it now, too */
	*judged = !cib_refusals_of_failure(&listener.heard);
	cib_listen_end(&listener, ws, report);
	return status;
}

/* Each part is with the server before the next one goes. */
static int push_parts(cib_workspace *ws, const char *central, const cib_oid *parts, size_t count, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	cib_refspec spec = {PART, ws->branch};
	int status = CIB_OK;
	for (size_t i = 0; i < count && status == CIB_OK; i++) {
		bool judged;
		status = cib_store_ref_set(ws->store, PART, &parts[i], NULL, err);
		if (status == CIB_OK)
			status = send(&judged, ws, &spec, &parts[i], &options->remote, report, err);
		if (status == CIB_OK)
			status = cib_store_ref_set(ws->store, central, &parts[i], NULL, err);
	}
	cib_store_ref_delete(ws->store, PART, NULL); /* the branch holds them all */
	return status == CIB_OK ? cib_refusals_settle(ws, err) : status;
}

/* What one push cannot hold goes before the tip. What is refused of it is made anew with the rest. known: what the server has, the
 * own branch first, main last; it has more of the branch then. */
static int push_line(cib_workspace *ws, const char *central, cib_oid known[2], const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	cib_oid *cuts = NULL;
	size_t count = 0;
	int status = cib_line_cuts(&cuts, &count, ws, known, 2, err);
	if (status == CIB_OK && count) {
		status = push_parts(ws, central, cuts, count, options, report, err);
		cib_oid there;
		if (cib_store_ref_get(&there, ws->store, central, NULL) == CIB_OK)
			known[0] = there;
		if (cib_on_main(ws))
			known[1] = known[0];
	}
	free(cuts);
	if (status != CIB_REFUSED || strcmp(err->code, "push.behind") == 0)
		return status;
	cib_error_clear(err);
	return CIB_OK;
}

static int push(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	const char *central = cib_on_main(ws) ? CENTRAL_MAIN : CENTRAL_OWN;
	cib_oid there, main_there;
	bool known = cib_store_ref_get(&there, ws->store, central, NULL) == CIB_OK;
	if (known && cib_oid_equal(&there, &ws->tip))
		return cib_refusals_settle(ws, err);
	int status = cib_store_ref_get(&main_there, ws->store, CENTRAL_MAIN, err);
	if (status != CIB_OK)
		return status;
	if (!known && cib_oid_equal(&main_there, &ws->tip)) /* nothing of one's own yet */
		return CIB_OK;
	if (known && !cib_store_is_ancestor(ws->store, &there, &ws->tip)) /* what is made below would undo what is not merged */
		return cib_error_set(err, CIB_REFUSED, "push.behind", "the server has something that is not merged here yet");
	cib_refspec spec = {NULL, ws->branch};
	cib_oid sent;
	cib_oid known_there[] = {known ? there : main_there, main_there};
	status = cib_sign_unsent(ws, known_there, 2, report, err);
	cib_oid *parts = NULL;
	size_t part_count = 0;
	if (status == CIB_OK)
		status = cib_parts_make(&parts, &part_count, ws, &main_there, known ? &there : NULL, err);
	if (status == CIB_OK && part_count) {
		status = push_parts(ws, CENTRAL_OWN, parts, part_count, options, report, err);
		if (status == CIB_OK)
			count_sent(report, ws, known_there, &main_there);
	}
	free(parts);
	if (status != CIB_OK || part_count)
		return status;
	status = cib_bridge(&spec.from, ws, &main_there, known ? &there : NULL, err);
	if (status != CIB_OK || !spec.from)
		return status;
	if (spec.from == ws->branch)
		status = push_line(ws, central, known_there, options, report, err);
	if (status != CIB_OK)
		return status;
	status = cib_store_ref_get(&sent, ws->store, spec.from, err);
	bool judged = false;
	size_t kept_back = 0;
	const char *note = NULL; /* what an earlier version held is refused, and the newest one does not hold it any more */
	if (status == CIB_OK)
		status = send(&judged, ws, &spec, &sent, &options->remote, report, err);
	if (status == CIB_REFUSED && judged && strcmp(err->code, "push.behind") != 0 && spec.from == ws->branch && cib_resend_as_one(&note, &kept_back, ws, known_there, 2, NULL) == CIB_OK && note) {
		cib_error_clear(err);
		sent = ws->tip;
		status = send(&judged, ws, &spec, &sent, &options->remote, report, err);
		if (status == CIB_OK)
			cib_note(report, note);
	}
	if (status == CIB_OK)
		status = cib_refusals_settle(ws, err);
	if (status != CIB_OK)
		return status;
	count_sent(report, ws, known ? &there : &main_there, &main_there);
	status = cib_bridge_join(ws, &sent, err);
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, central, &sent, NULL, err);
	return status == CIB_OK && kept_back ? cib_save_locked(ws, NULL, options, report, err) : status; /* which says what is wrong with it */
}

/* Where the branch that is pushed stood at the server when last seen. */
static cib_oid seen_there(const cib_workspace *ws)
{
	cib_oid oid;
	return cib_store_ref_get(&oid, ws->store, cib_on_main(ws) ? CENTRAL_MAIN : CENTRAL_OWN, NULL) == CIB_OK ? oid : (cib_oid){{0}};
}

static int sync_once(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	bool moved = false;
	int status = cib_save_locked(ws, NULL, options, report, err);
	cib_oid before = ws->tip, seen = seen_there(ws), there;
	size_t epoch = cib_network_epoch(ws->net);
	if (status == CIB_OK)
		status = fetch(ws, options, report, err);
	there = seen_there(ws);
	bool set_back = cib_network_epoch(ws->net) == epoch && !cib_oid_is_zero(&seen) && (cib_oid_is_zero(&there) || !cib_store_is_ancestor(ws->store, &seen, &there));
	if (status == CIB_OK && !cib_on_main(ws))
		status = merge_ref(ws, CENTRAL_OWN, options, report, err);
	if (status == CIB_OK)
		status = merge_ref(ws, CENTRAL_MAIN, options, report, err);
	if (status == CIB_OK && !ws->member && !options->only_mine)
		status = cib_members_fetch(ws, options, report, err);
	if (status == CIB_OK)
		status = cib_given_tidy(ws, options, err);
	if (status == CIB_OK)
		status = cib_merge_given(ws, options, report, err);
	if (status == CIB_OK)
		status = cib_follow_member(&moved, ws, &before, report, err);
	if (status == CIB_OK && moved) /* what came along in the working folder goes out with the rest */
		status = cib_save_locked(ws, NULL, options, report, err);
	if (status == CIB_OK && moved && !cib_on_main(ws)) { /* a colleague may have sent to the new branch already */
		status = fetch(ws, options, report, err);
		if (status == CIB_OK)
			status = merge_ref(ws, CENTRAL_OWN, options, report, err);
	}
	if (status == CIB_OK && !ws->member)
		status = cib_receipts_write(ws, err);
	if (status == CIB_OK && !moved && !cib_on_main(ws)) { /* what was seen and not merged yet is by now */
		status = accept_own(ws, err);
		if (status == CIB_OK)
			status = merge_ref(ws, CENTRAL_OWN, options, report, err);
	}
	if (status == CIB_OK)
		status = push(ws, options, report, err);
	there = seen_there(ws);
	if (status == CIB_OK && set_back && !moved && !cib_oid_is_zero(&there) && cib_store_is_ancestor(ws->store, &seen, &there))
		cib_note(report, N_("The server no longer had all that it had acknowledged; it was sent again."));
	return status;
}

/* The server says each time that the branch has changed, and it has not: a process that died there left it locked. */
static void tell_of_lock(cib_error *err)
{
	cib_error_set(err, CIB_REFUSED, "push.locked", "the server does not let the branch be changed, though nobody else changed it: a process that broke off may have left it locked");
	cib_error_hint(err, "all your work is saved here; show the server's words above to those who run it (docs/operations.md, \"A lock that was left\")");
}

int cib_sync(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	cib_lock *lock = NULL;
	cib_error own = CIB_ERROR_INIT;
	cib_sync_options known = cib_known_to(ws, options);
	options = &known;
	err = err ? err : &own;
	int status = cib_store_lock(&lock, ws->store, options->lock_wait_ms ? options->lock_wait_ms : 3000, err);
	if (status == CIB_OK)
		status = cib_workspace_reload(ws, err);
	if (status == CIB_OK)
		status = cib_journal_finish(ws, report, err);
	cib_oid first = {{0}}, last = {{0}};
	for (int i = 0; status == CIB_OK && i < TRIES; i++) {
		status = sync_once(ws, options, report, err);
		if (status != CIB_REFUSED || strcmp(err->code, "push.behind") != 0)
			break;
		last = seen_there(ws);
		if (i == 0)
			first = last;
		else if (i + 1 == TRIES && cib_oid_equal(&first, &last))
			tell_of_lock(err);
		if (i + 1 < TRIES) { /* somebody was faster */
			status = CIB_OK;
			report->retries++;
			cib_error_clear(err);
		}
	}
	if (status == CIB_OK)
		cib_watch_frozen(ws, report);
	cib_lock_release(lock);
	if (status == CIB_CANCELLED)
		cib_error_hint(err, "all your work is saved here; run cib sync again to go on");
	if (status == CIB_OFFLINE)
		cib_error_hint(err, "all your work is saved here and waits; run cib sync again when there is a link");
	return status;
}
