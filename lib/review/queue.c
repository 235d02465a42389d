/* The queue: what differs between main and the members' branches, and in which state it is. */
#include "review/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BRANCHES "refs/cib/central/members/"

void cib_review_queue_free(cib_review_queue *queue)
{
	for (size_t i = 0; i < queue->count; i++) {
		free(queue->items[i].member);
		free(queue->items[i].id);
		free(queue->items[i].path);
		free(queue->items[i].kind);
	}
	free(queue->items);
	*queue = (cib_review_queue)CIB_REVIEW_QUEUE_INIT;
}

/* ---- fetching the branches ---- */

typedef struct {
	cib_refspec *items;
	size_t count, cap;
} specs;

static int add_spec(const char *ref, const cib_oid *oid, void *payload)
{
	static const char prefix[] = "refs/heads/members/";
	specs *s = payload;
	(void)oid;
	if (strncmp(ref, prefix, sizeof prefix - 1) != 0 || !cib_name_ok(ref + sizeof prefix - 1, strlen(ref) - (sizeof prefix - 1)))
		return 0;
	s->items = cib_grow(s->items, &s->cap, s->count + 1, sizeof *s->items);
	s->items[s->count++] = (cib_refspec){cib_strdup(ref), cib_format(BRANCHES "%s", ref + sizeof prefix - 1)};
	return 0;
}

int cib_review_fetch(cib_workspace *ws, const cib_sync_options *options, cib_error *err)
{
	specs s = {0};
	int status = cib_store_remote_refs(ws->url, &options->remote, add_spec, &s, err);
	if (status == CIB_OK && s.count)
		status = cib_store_fetch(ws->store, ws->url, s.items, s.count, &options->remote, err);
	for (size_t i = 0; i < s.count; i++) {
		free((char *)(uintptr_t)s.items[i].from);
		free((char *)(uintptr_t)s.items[i].to);
	}
	free(s.items);
	return status;
}

/* ---- comparing ---- */

int cib_review_record(cJSON **out, cib_store *store, const cib_oid *commit, const char *member, const char *id, cib_error *err)
{
	*out = NULL;
	cib_oid blob;
	unsigned mode;
	cib_buf text = CIB_BUF_INIT;
	char *path = cib_format("reviews/%s/%s.json", member, id);
	int status = cib_store_tree_get(&blob, &mode, store, commit, path, err);
	free(path);
	if (status == CIB_NOTFOUND)
		return CIB_OK;
	if (status == CIB_OK)
		status = cib_store_blob_read(&text, store, &blob, 1u << 20, err);
	if (status == CIB_OK)
		status = cib_json_read(out, text.data, text.len, NULL, err);
	cib_buf_free(&text);
	return status;
}

typedef struct {
	cib_workspace *ws;
	cib_review_queue *queue;
	const char *member;
	const cib_oid *main_tip, *base;
	cib_error *err;
} comparer;

static cib_review_state state_of(comparer *c, const char *id, const cib_oid *proposed)
{
	cJSON *record = NULL;
	cib_review_state state = CIB_REVIEW_PENDING;
	if (cib_review_record(&record, c->ws->store, c->main_tip, c->member, id, NULL) == CIB_OK && record) {
		const char *blob = cib_json_string(cib_json_get(record, "target"), "blob");
		const char *decision = cib_json_string(record, "decision");
		char hex[CIB_OID_HEX];
		cib_oid_hex(hex, proposed);
		if (blob && decision && strcmp(blob, hex) == 0)
			state = strcmp(decision, "changes-requested") == 0 ? CIB_REVIEW_RETURNED
			        : strcmp(decision, "declined") == 0        ? CIB_REVIEW_DECLINED
			                                                   : CIB_REVIEW_PENDING;
	}
	cJSON_Delete(record);
	return state;
}

static int compare_path(const char *path, const cib_tree_entry *base, const cib_tree_entry *on_main, const cib_tree_entry *proposed, void *payload)
{
	comparer *c = payload;
	cib_place place;
	cib_network_place(&place, c->ws->net, path);
	if (place.area != CIB_AREA_MEMBER || !place.kind || strcmp(place.member, c->member) != 0)
		return 0;
	if (cib_oid_equal(&on_main->oid, &proposed->oid) || (cib_oid_equal(&base->oid, &proposed->oid) && base->mode == proposed->mode))
		return 0;
	bool had = false; /* main went through this version already: the member has nothing new */
	if (proposed->mode &&
	    cib_store_path_had(&had, c->ws->store, c->main_tip, c->base, path, &proposed->oid, NULL) == CIB_OK && had)
		return 0;
	c->queue->items = cib_grow(c->queue->items, &c->queue->cap, c->queue->count + 1, sizeof *c->queue->items);
	c->queue->items[c->queue->count++] = (cib_review_item){
		.state = state_of(c, place.id, &proposed->oid),
		.member = cib_strdup(c->member),
		.id = cib_strdup(place.id),
		.path = cib_strdup(path),
		.kind = cib_strdup(place.kind->name),
		.on_main = on_main->oid,
		.proposed = proposed->oid,
	};
	return 0;
}

int cib_review_compare(cib_review_queue *out, cib_workspace *ws, const char *member, const cib_oid *main_tip, const cib_oid *tip, cib_error *err)
{
	cib_oid *bases = NULL, none = {{0}};
	size_t count = 0;
	int status = cib_store_merge_bases(&bases, &count, ws->store, main_tip, tip, err);
	if (status != CIB_OK)
		return status;
	comparer c = {ws, out, member, main_tip, count ? &bases[0] : &none, err};
	char *prefix = cib_format("members/%s", member);
	status = cib_store_diff3(ws->store, c.base, main_tip, tip, prefix, compare_path, &c, err);
	free(prefix);
	free(bases);
	return status;
}

typedef struct {
	cib_workspace *ws;
	cib_review_queue *queue;
	const char *member;
	cib_oid main_tip;
	cib_error *err;
} list_run;

static int list_branch(const char *ref, const cib_oid *oid, void *payload)
{
	list_run *l = payload;
	const char *member = ref + strlen(BRANCHES);
	if (l->member && strcmp(l->member, member) != 0)
		return 0;
	return cib_review_compare(l->queue, l->ws, member, &l->main_tip, oid, l->err);
}

int cib_review_list(cib_review_queue *out, cib_workspace *ws, const char *member, cib_error *err)
{
	list_run l = {.ws = ws, .queue = out, .member = member, .err = err};
	int status = cib_store_ref_get(&l.main_tip, ws->store, "refs/heads/main", err);
	return status == CIB_OK ? cib_store_ref_each(ws->store, BRANCHES, list_branch, &l, err) : status;
}
