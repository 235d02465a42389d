/* Sync: save, fetch, merge with the own branch and with main, write the folder, push; again when a colleague was faster. */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

enum { TRIES = 6 };

#define INCOMING_MAIN "refs/cib/incoming/main"
#define INCOMING_OWN  "refs/cib/incoming/own"

static bool on_main(const cib_workspace *ws)
{
	return strcmp(ws->branch, "refs/heads/main") == 0;
}

/* Take what was fetched for what the central repository has, if it goes on from what was seen before. */
static int accept_incoming(cib_workspace *ws, const char *incoming, const char *central, const char *what, cib_error *err)
{
	cib_oid now, seen;
	if (cib_store_ref_get(&now, ws->store, incoming, NULL) != CIB_OK)
		return CIB_OK;
	if (cib_store_ref_get(&seen, ws->store, central, NULL) == CIB_OK && !cib_store_is_ancestor(ws->store, &seen, &now)) {
		int status = cib_error_set(err, CIB_REFUSED, "sync.rewound", "the server's %s does not go on from what was seen before: its history was rewritten", what);
		cib_error_hint(err, "nothing was changed here and your work is saved; ask the secretariat what happened to the server");
		return status;
	}
	return cib_store_ref_set(ws->store, central, &now, NULL, err);
}

static int fetch(cib_workspace *ws, const cib_sync_options *options, cib_error *err)
{
	cib_refspec specs[] = {{"refs/heads/main", INCOMING_MAIN}, {ws->branch, INCOMING_OWN}};
	int status = cib_store_fetch(ws->store, ws->url, specs, on_main(ws) ? 1 : 2, &options->remote, err);
	if (status == CIB_OK)
		status = accept_incoming(ws, INCOMING_MAIN, CENTRAL_MAIN, "main branch", err);
	if (status == CIB_OK && !on_main(ws))
		status = accept_incoming(ws, INCOMING_OWN, CENTRAL_OWN, "branch of your organisation", err);
	return status;
}

typedef struct {
	size_t count;
} counter;

static int count_entry(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	counter *c = payload;
	(void)a;
	(void)b;
	bool entry = strncmp(path, "members/", 8) == 0 || strncmp(path, "network/", 8) == 0;
	c->count += entry && !strstr(path, "/conflicts/");
	return 0;
}

static size_t count_between(cib_workspace *ws, const cib_oid *a, const cib_oid *b)
{
	counter c = {0};
	cib_store_diff2(ws->store, a, b, count_entry, &c, NULL);
	return c.count;
}

static int count_file(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	(void)a;
	(void)b;
	*(size_t *)payload += strncmp(path, "conflicts/", 10) != 0;
	return 0;
}

/* The entries of the own folder that a commit of the server does not have. */
static size_t own_against(cib_workspace *ws, const char *folder, const cib_oid *server)
{
	cib_oid mine = {{0}}, theirs = {{0}};
	unsigned mode;
	size_t count = 0;
	cib_store_tree_get(&mine, &mode, ws->store, &ws->tip, folder, NULL);
	cib_store_tree_get(&theirs, &mode, ws->store, server, folder, NULL);
	cib_store_diff2(ws->store, &theirs, &mine, count_file, &count, NULL);
	return count;
}

/* What is new for the server, which had its own branch and main. */
static size_t count_own(cib_workspace *ws, const cib_oid *branch, const cib_oid *main_tip)
{
	char *folder = cib_format("members/%s", ws->member);
	size_t a = own_against(ws, folder, branch), b = own_against(ws, folder, main_tip);
	free(folder);
	return a < b ? a : b;
}

/* Merge one central branch into the own tip and bring the folder along. */
static int merge_in(cib_workspace *ws, const char *ref, const char *who_theirs, cib_sync_report *report, cib_error *err)
{
	cib_oid theirs, tree, merged, before = ws->tip, *bases = NULL, none = {{0}};
	size_t count = 0, joined = report->merged, conflicts = report->conflicts;
	if (cib_store_ref_get(&theirs, ws->store, ref, NULL) != CIB_OK || cib_store_is_ancestor(ws->store, &theirs, &ws->tip))
		return CIB_OK;
	int status = CIB_OK;
	if (cib_store_is_ancestor(ws->store, &ws->tip, &theirs)) {
		merged = theirs;
	} else {
		cib_oid parents[2] = {ws->tip, theirs};
		cib_network *net = NULL; /* the rules of the other side: a newer schema judges the merge */
		status = cib_store_merge_bases(&bases, &count, ws->store, &ws->tip, &theirs, err);
		if (status == CIB_OK)
			status = cib_network_load(&net, ws->store, &theirs, err);
		if (status == CIB_OK)
			status = cib_merge_commits(&tree, net, ws->store, count ? &bases[0] : &none, &ws->tip, &theirs, ws->member ? "your organisation" : "the secretariat", who_theirs,
			                           report, err);
		if (status == CIB_OK)
			status = cib_commit_own(&merged, ws, &tree, parents, 2, "Join with what others did\n", err);
		cib_network_free(net);
		free(bases);
	}
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, ws->branch, &merged, &before, err);
	if (status == CIB_OK)
		status = cib_workspace_reload(ws, err);
	if (status == CIB_OK) {
		size_t changed = count_between(ws, &before, &ws->tip);
		size_t own = report->merged - joined + report->conflicts - conflicts;
		report->received += changed > own ? changed - own : 0;
		status = cib_checkout(ws, &before, report, err);
	}
	return status;
}

static int push(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	const char *central = on_main(ws) ? CENTRAL_MAIN : CENTRAL_OWN;
	cib_oid there, main_there;
	bool known = cib_store_ref_get(&there, ws->store, central, NULL) == CIB_OK;
	if (known && cib_oid_equal(&there, &ws->tip))
		return CIB_OK;
	int status = cib_store_ref_get(&main_there, ws->store, CENTRAL_MAIN, err);
	if (status != CIB_OK)
		return status;
	if (!known && cib_oid_equal(&main_there, &ws->tip)) /* nothing of one's own yet */
		return CIB_OK;
	cib_refspec spec = {ws->branch, ws->branch};
	status = cib_store_push(ws->store, ws->url, &spec, 1, &options->remote, err);
	if (status != CIB_OK)
		return status;
	report->sent += ws->member ? count_own(ws, known ? &there : &main_there, &main_there) : count_between(ws, &there, &ws->tip);
	return cib_store_ref_set(ws->store, central, &ws->tip, NULL, err);
}

static int sync_once(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	int status = cib_save_locked(ws, NULL, options, report, err);
	if (status == CIB_OK)
		status = fetch(ws, options, err);
	if (status == CIB_OK && !on_main(ws))
		status = merge_in(ws, CENTRAL_OWN, "a colleague", report, err);
	if (status == CIB_OK)
		status = merge_in(ws, CENTRAL_MAIN, ws->member ? "the network" : "another secretariat user", report, err);
	if (status == CIB_OK)
		status = push(ws, options, report, err);
	return status;
}

int cib_sync(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	cib_lock *lock = NULL;
	cib_error own = CIB_ERROR_INIT;
	err = err ? err : &own;
	int status = cib_store_lock(&lock, ws->store, options->lock_wait_ms ? options->lock_wait_ms : 3000, err);
	if (status == CIB_OK)
		status = cib_workspace_reload(ws, err);
	for (int i = 0; status == CIB_OK && i < TRIES; i++) {
		status = sync_once(ws, options, report, err);
		if (status != CIB_REFUSED || strcmp(err->code, "push.behind") != 0)
			break;
		if (i + 1 < TRIES) { /* somebody was faster */
			status = CIB_OK;
			report->retries++;
			cib_error_clear(err);
		}
	}
	cib_lock_release(lock);
	if (status == CIB_OFFLINE)
		cib_error_hint(err, "all your work is saved here and waits; run cib sync again when there is a link");
	return status;
}
