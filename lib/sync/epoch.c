/* A purge at the server: its history was made anew without some versions (guard/purge.h), so it does not go on from what was seen
 * here. This copy comes over to it, with what was not sent yet, and forgets the old history:
 *
 *     seen      ---o---x---o---s           own   ---o---x---o---s---u    u: not sent yet
 *     the new   ---o---x'--o'--s'--e       then  ---o---x'--o'--s'--N    N: the own folder, s to u joined with s to s'
 *
 * s: the newest commit here whose like is there, also when the server was set back meanwhile (cib_store_bases_without).
 *
 * It is believed when the newest commit of main is signed by a key that the secretariat had, or when a person says so. Nothing
 * that is in the working folder is touched but what the purge changed. */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

#define INCOMING_MAIN "refs/cib/incoming/main"
#define INCOMING_OWN  "refs/cib/incoming/own"

typedef struct {
	cib_workspace *ws;
	const cib_sync_options *options;
	cib_sync_report *report;
	cib_network *before, *after; /* main's rules, as seen and now */
	cib_oid seen, now;           /* main */
	cib_oid seen_own, now_own;   /* the own branch; zero: the server has none */
	cib_error *err;
} epoch;

static void get(cib_oid *out, cib_workspace *ws, const char *ref)
{
	if (cib_store_ref_get(out, ws->store, ref, NULL) != CIB_OK)
		*out = (cib_oid){{0}};
}

static bool goes_on(const epoch *e, const cib_oid *seen, const cib_oid *now)
{
	return cib_oid_is_zero(seen) || (!cib_oid_is_zero(now) && cib_store_is_ancestor(e->ws->store, seen, now));
}

bool cib_is_purged(cib_store *store, const cib_network *rules, const cib_oid *commit)
{
	size_t count = 0;
	const cib_oid *first = cib_network_purged_commits(rules, &count);
	cib_obj_type type;
	for (size_t i = 0; i < count; i++)
		if (cib_store_object(&type, NULL, store, &first[i], NULL) == CIB_OK && cib_store_is_ancestor(store, &first[i], commit))
			return true;
	return false;
}

static bool is_old(const epoch *e, const cib_oid *commit)
{
	return cib_is_purged(e->ws->store, e->after, commit);
}

static bool is_believed(const epoch *e)
{
	cib_signed state = CIB_SIGNED_NOT;
	return e->options->accept_purge || (cib_network_signatures(e->before) == CIB_SIGNATURES_REQUIRED &&
	                                    cib_network_verify(&state, e->ws->store, cib_network_access_json(e->before), &e->now, NULL) == CIB_OK && state == CIB_SIGNED_GOOD);
}

static int say_so(const cib_network *after, cib_error *err)
{
	const cJSON *list = cib_json_get(cib_network_json(after), "purged"), *last = cJSON_GetArrayItem(list, cJSON_GetArraySize(list) - 1);
	const char *date = cib_json_string(last, "date"), *reason = cib_json_string(last, "reason");
	int status = cib_error_set(err, CIB_REFUSED, "sync.purged", "personal data was taken out of the network's history on %s: %s", date ? date : "?", reason ? reason : "");
	cib_error_hint(err, "cib sync --accept-purge brings this copy over; what you have not sent is kept. If nobody told you, ask the secretariat first");
	return status;
}

/* The tree of the own side after it: the new side's, with what was done here and is not there. What the server had when last seen is no
 * base for that: it may have lost some of it since, and some of it may not be merged here yet. */
static int join(cib_oid *tree, epoch *e, const cib_oid *theirs)
{
	cib_workspace *ws = e->ws;
	cib_oid *bases = NULL, *there = NULL, mine = {{0}}, merged = {{0}};
	size_t count = 0, purged_count = 0;
	unsigned mode;
	const cib_oid *purged = cib_network_purged_blobs(e->after, &purged_count);
	int status = cib_store_bases_without(&bases, &there, &count, ws->store, &ws->tip, theirs, purged, purged_count, e->err);
	if (status == CIB_OK)
		status = cib_merge_commits(&merged, ws->store, &(cib_commit_merge){.net = e->after, .bases = bases, .base_count = count, .ours = &ws->tip, .theirs = theirs, .lang = e->options->lang, .their_bases = there, .home = cib_home(ws, e->after)}, e->report, e->err);
	free(bases);
	free(there);
	if (status != CIB_OK || !ws->member) {
		*tree = merged;
		return status;
	}
	char *folder = cib_format("members/%s", ws->member);
	cib_store_tree_get(&mine, &mode, ws->store, &merged, folder, NULL);
	cib_tree_entry edit = {folder, cib_oid_is_zero(&mine) ? 0 : 0040000, mine};
	status = cib_store_tree_edit(tree, ws->store, theirs, &edit, 1, e->err);
	free(folder);
	return status;
}

/* What came in before and is not merged yet, of a sync that was interrupted, is to come along, too: forget() takes what is left. */
static int take_in(epoch *e)
{
	int status = cib_oid_is_zero(&e->seen_own) ? CIB_OK : cib_merge_in(e->ws, &e->seen_own, e->options, e->report, e->err);
	return status == CIB_OK ? cib_merge_given(e->ws, e->options, e->report, e->err) : status;
}

static int bring_over(epoch *e)
{
	cib_workspace *ws = e->ws;
	const cib_oid *theirs = cib_oid_is_zero(&e->now_own) ? &e->now : &e->now_own;
	cib_oid tree, there = {{0}}, tip = *theirs;
	cib_commit c = {0};
	if (!is_old(e, &ws->tip))
		return CIB_OK;
	int status = take_in(e);
	cib_oid before = ws->tip;
	if (status == CIB_OK)
		status = join(&tree, e, theirs);
	if (status == CIB_OK)
		status = cib_store_commit_read(&c, ws->store, theirs, e->err);
	there = c.tree;
	cib_commit_clear(&c);
	if (status == CIB_OK && !cib_oid_equal(&tree, &there))
		status = cib_commit_own(&tip, ws, &tree, theirs, 1, "Bring along what was not sent yet\n", e->err);
	if (status == CIB_OK)
		status = cib_journal_checkout(ws, &before, &tip, e->err);
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, ws->branch, &tip, &before, e->err);
	if (status == CIB_OK)
		status = cib_workspace_reload(ws, e->err);
	if (status == CIB_OK)
		status = cib_checkout(ws, &before, e->report, e->err);
	return status == CIB_OK ? cib_journal_done(ws, e->err) : status;
}

/* ---- forgetting ---- */

typedef struct {
	epoch *e;
	char **refs;
	size_t count, cap;
} old_refs;

static int note_old(const char *ref, const cib_oid *oid, void *payload)
{
	old_refs *o = payload;
	if (is_old(o->e, oid)) {
		o->refs = cib_grow(o->refs, &o->cap, o->count + 1, sizeof *o->refs);
		o->refs[o->count++] = cib_strdup(ref);
	}
	return 0;
}

/* A stick of before, whose entries the server never had: they are not in the new history, and this copy may not keep the old one. */
static void tell_of_sticks(const old_refs *o)
{
	static const char prefix[] = "refs/cib/given/members/";
	for (size_t i = 0; i < o->count; i++) {
		const char *member = o->refs[i] + sizeof prefix - 1;
		bool stick = strncmp(o->refs[i], prefix, sizeof prefix - 1) == 0;
		size_t len = stick ? strcspn(member, "/") : 0;
		if (stick && !(i && strncmp(o->refs[i - 1], o->refs[i], sizeof prefix + len) == 0))
			cib_note(o->e->report, N_("%.*s: what came of this member by hand, and the server does not have, went with the old history; its next sync brings it, or a new stick"), (int)len, member);
	}
}

/* Indexes of texts, and what was found in them: made again when they are needed. */
static void forget_caches(const cib_workspace *ws)
{
	static const char *const names[] = {"search.sqlite", "search.sqlite-wal", "search.sqlite-shm", "duplicates-small", "duplicates-large", "duplicates.json", "findings", "checked"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *path = cib_format("%s/cib/%s", cib_store_git_dir(ws->store), names[i]);
		cib_file_remove(path, NULL);
		free(path);
	}
}

static int forget(epoch *e)
{
	old_refs o = {.e = e};
	cib_error why = CIB_ERROR_INIT;
	int status = cib_store_ref_each(e->ws->store, "refs/cib/", note_old, &o, e->err);
	tell_of_sticks(&o);
	for (size_t i = 0; i < o.count; i++) {
		if (status == CIB_OK)
			status = cib_store_ref_delete(e->ws->store, o.refs[i], e->err);
		free(o.refs[i]);
	}
	free(o.refs);
	forget_caches(e->ws);
	if (status == CIB_OK && cib_store_expire(e->ws->store, &why) != CIB_OK) /* nothing is wrong: it is only not gone from this disk */
		cib_note(e->report, N_("The old history is still on this disk: %s. %s"), why.message, why.hint);
	return status;
}

static int enter(epoch *e)
{
	cib_workspace *ws = e->ws;
	int status = bring_over(e);
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, CENTRAL_MAIN, &e->now, NULL, e->err);
	if (status == CIB_OK && !cib_oid_is_zero(&e->now_own))
		status = cib_store_ref_set(ws->store, CENTRAL_OWN, &e->now_own, NULL, e->err);
	else if (status == CIB_OK && !cib_oid_is_zero(&e->seen_own))
		status = cib_store_ref_delete(ws->store, CENTRAL_OWN, e->err);
	if (status == CIB_OK)
		status = forget(e);
	if (status == CIB_OK)
		cib_note(e->report, N_("Personal data was purged from the network's history; this copy has come over to epoch %zu."), cib_network_epoch(e->after));
	return status;
}

int cib_epoch_enter(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	epoch e = {.ws = ws, .options = options, .report = report, .err = err};
	get(&e.seen, ws, CENTRAL_MAIN);
	get(&e.now, ws, INCOMING_MAIN);
	get(&e.seen_own, ws, CENTRAL_OWN);
	get(&e.now_own, ws, INCOMING_OWN);
	if (cib_on_main(ws))
		e.seen_own = e.now_own = (cib_oid){{0}};
	bool went_on = goes_on(&e, &e.seen, &e.now) && goes_on(&e, &e.seen_own, &e.now_own);
	if (cib_oid_is_zero(&e.seen) || cib_oid_is_zero(&e.now) || (went_on && !cib_is_purged(ws->store, ws->net, &ws->tip)))
		return CIB_OK;
	int status = cib_network_load(&e.before, ws->store, &e.seen, err);
	if (status == CIB_OK)
		status = cib_network_load(&e.after, ws->store, &e.now, err);
	if (status == CIB_OK && went_on) /* a stick of after the purge was merged with what was before */
		status = is_old(&e, &e.seen) || is_old(&e, &e.now) || (!cib_oid_is_zero(&e.now_own) && is_old(&e, &e.now_own)) ? CIB_OK : enter(&e);
	else if (status == CIB_OK && cib_network_epoch(e.after) > cib_network_epoch(e.before) && cib_network_keeps_purged(cib_network_json(e.before), cib_network_json(e.after)) &&
	         (is_old(&e, &e.seen) || (!cib_oid_is_zero(&e.seen_own) && is_old(&e, &e.seen_own))))
		status = is_believed(&e) ? enter(&e) : say_so(e.after, err);
	cib_network_free(e.before);
	cib_network_free(e.after);
	return status;
}

int cib_epoch_expect(cib_workspace *ws, const cib_oid *commit, cib_error *err)
{
	cib_network *after = NULL;
	int status = cib_network_load(&after, ws->store, commit, err);
	if (status == CIB_OK && cib_network_epoch(after) > cib_network_epoch(ws->net) && cib_is_purged(ws->store, after, &ws->tip))
		status = say_so(after, err);
	cib_network_free(after);
	return status;
}
