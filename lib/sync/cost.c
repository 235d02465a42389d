/* What a sync would cost. */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

enum { USUAL_OBJECT = 300, /* bytes of an object of a pack of news: entries, folders, commits */
       COMMIT_BYTES = 450, /* a commit and the trees above its entries */
       SMALLER = 3 };      /* JSON in a pack, against its text */

typedef struct {
	cib_workspace *ws;
	cib_sync_cost *cost;
} asker;

static bool is_news(cib_workspace *ws, const cib_oid *oid, const char *seen)
{
	cib_oid known;
	return cib_store_ref_get(&known, ws->store, seen, NULL) != CIB_OK || !cib_oid_equal(&known, oid);
}

static int see_ref(const char *ref, const cib_oid *oid, void *payload)
{
	static const char members[] = "refs/heads/members/";
	asker *a = payload;
	if (strcmp(ref, "refs/heads/main") == 0)
		a->cost->news_main = is_news(a->ws, oid, CENTRAL_MAIN);
	else if (a->ws->member && strcmp(ref, a->ws->branch) == 0)
		a->cost->news_own = is_news(a->ws, oid, CENTRAL_OWN);
	else if (!a->ws->member && strncmp(ref, members, sizeof members - 1) == 0) {
		char *seen = cib_format("refs/cib/central/members/%s", ref + sizeof members - 1);
		a->cost->branches += is_news(a->ws, oid, seen);
		free(seen);
	}
	return 0;
}

/* How many objects would come: the answer of the server begins with it. */
static int count_incoming(asker *a, const cib_sync_options *options, cib_error *err)
{
	cib_workspace *ws = a->ws;
	cib_refspec specs[2];
	size_t count = 0;
	if (a->cost->news_main)
		specs[count++] = (cib_refspec){"refs/heads/main", "refs/cib/incoming/main"};
	if (a->cost->news_own && !cib_on_main(ws))
		specs[count++] = (cib_refspec){ws->branch, "refs/cib/incoming/own"};
	if (!count)
		return CIB_OK;
	cib_listener listener;
	cib_listen(&listener, &options->remote);
	listener.stop_at_count = true;
	int status = cib_store_fetch(ws->store, ws->url, specs, count, &listener.options, err);
	cib_listen_end(&listener, ws, NULL);
	if (status == CIB_CANCELLED) {
		cib_error_clear(err);
		status = CIB_OK;
	}
	a->cost->objects_in = listener.most.objects_total;
	a->cost->bytes_in = a->cost->objects_in * (uint64_t)USUAL_OBJECT;
	return status;
}

static int count_entry(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	(void)a, (void)b;
	*(size_t *)payload += !strstr(path, "/conflicts/") && !strstr(path, "/comments/");
	return 0;
}

static int count_outgoing(asker *a, const cib_sync_options *options, cib_error *err)
{
	cib_workspace *ws = a->ws;
	cib_oid have[2], none = {{0}}, mine = none, theirs = none;
	size_t count = 0;
	unsigned mode;
	cib_work_changes changes = {0};
	char *folder = ws->member ? cib_format("members/%s", ws->member) : cib_strdup("network");
	if (cib_store_ref_get(&have[count], ws->store, CENTRAL_MAIN, NULL) == CIB_OK)
		count++;
	if (ws->member && cib_store_ref_get(&have[count], ws->store, CENTRAL_OWN, NULL) == CIB_OK)
		count++;
	int status = cib_store_push_size(&a->cost->bytes_out, ws->store, &ws->tip, have, count, err);
	if (status == CIB_OK && count) {
		cib_store_tree_get(&mine, &mode, ws->store, &ws->tip, folder, NULL);
		cib_store_tree_get(&theirs, &mode, ws->store, &have[count - 1], folder, NULL);
		cib_store_diff2(ws->store, &theirs, &mine, count_entry, &a->cost->entries, NULL);
	}
	if (status == CIB_OK)
		status = cib_workspace_changes(&changes, ws, options->lang, err);
	bool any = false;
	for (size_t i = 0; status == CIB_OK && i < changes.count; i++) {
		const cib_work_change *c = &changes.items[i];
		cib_buf text = CIB_BUF_INIT;
		a->cost->drafts += c->draft;
		if (!c->draft && c->kind != CIB_CHANGE_REMOVED && cib_workspace_read(&text, ws, c->path, NULL) == CIB_OK)
			a->cost->bytes_out += text.len / SMALLER;
		a->cost->entries += !c->draft;
		any = any || !c->draft;
		cib_buf_free(&text);
	}
	a->cost->bytes_out += any ? COMMIT_BYTES : 0;
	cib_work_changes_free(&changes);
	free(folder);
	return status;
}

int cib_sync_estimate(cib_sync_cost *out, cib_workspace *ws, const cib_sync_options *options, cib_error *err)
{
	asker a = {ws, out};
	cib_rate rate;
	cib_lock *lock = NULL;
	cib_sync_options known = cib_known_to(ws, options);
	options = &known;
	*out = (cib_sync_cost){.seconds = -1};
	int status = cib_store_lock(&lock, ws->store, options->lock_wait_ms ? options->lock_wait_ms : 3000, err);
	if (status == CIB_OK)
		status = count_outgoing(&a, options, err);
	if (status == CIB_OK)
		status = cib_store_remote_refs(ws->url, &options->remote, see_ref, &a, err);
	if (options->only_mine) {
		out->news_main = out->news_main && cib_on_main(ws);
		out->branches = 0;
	}
	if (status == CIB_OK)
		status = count_incoming(&a, options, err);
	cib_lock_release(lock);
	cib_rate_load(&rate, ws);
	out->rate_in = rate.in;
	out->rate_out = rate.out > 0 ? rate.out : rate.in; /* a link is rarely faster upward, but better than nothing */
	if (rate.in > 0)
		out->seconds = (double)out->bytes_in / rate.in + (double)out->bytes_out / out->rate_out;
	return status;
}
