/* How each own entry stands: only here, sent, seen, returned, accepted. Nothing is believed that was not read back: "sent" is
 * what the server answered to have, "seen" what the secretariat wrote to have, "accepted" what main has. */
#include "review/review.h"

#include <stdlib.h>
#include <string.h>

const char *cib_stands_word(cib_stands stands)
{
	static const char *const words[] = {"only-here", "refused", "sent", "seen", "returned", "declined", "accepted"};
	return words[stands];
}

void cib_standings_free(cib_standings *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].path);
		free(list->items[i].id);
	}
	free(list->items);
	*list = (cib_standings){0};
}

typedef struct {
	cib_workspace *ws;
	cib_standings *out;
	cib_refusals refusals;
	cib_oid own; /* the own branch at the server; zero: none */
	cib_oid *seen;
	size_t seen_count;
} viewer;

static cib_standing *add(viewer *v, const char *path, const char *id, cib_stands stands)
{
	cib_standings *list = v->out;
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	cib_standing *s = &list->items[list->count++];
	*s = (cib_standing){.stands = stands, .path = cib_strdup(path), .id = cib_strdup(id)};
	return s;
}

/* Has the commit this very version (zero: is the entry absent there)? */
static bool has(viewer *v, const cib_oid *commit, const char *path, const cib_oid *blob)
{
	cib_oid there = {{0}};
	unsigned mode;
	if (cib_oid_is_zero(commit))
		return false;
	cib_store_tree_get(&there, &mode, v->ws->store, commit, path, NULL);
	return cib_oid_equal(&there, blob);
}

static cib_stands stands_pending(viewer *v, const cib_review_item *item)
{
	for (size_t i = 0; i < v->seen_count; i++)
		if (has(v, &v->seen[i], item->path, &item->proposed))
			return CIB_STANDS_SEEN;
	if (has(v, &v->own, item->path, &item->proposed))
		return CIB_STANDS_SENT;
	for (size_t i = 0; i < v->refusals.count; i++)
		if (v->refusals.items[i].path && strcmp(v->refusals.items[i].path, item->path) == 0)
			return CIB_STANDS_REFUSED;
	return CIB_STANDS_HERE;
}

static void add_waiting(viewer *v, const cib_review_queue *queue)
{
	static const cib_stands decided[] = {CIB_STANDS_HERE, CIB_STANDS_RETURNED, CIB_STANDS_DECLINED};
	for (size_t i = 0; i < queue->count; i++) {
		const cib_review_item *item = &queue->items[i];
		cib_stands stands = item->state == CIB_REVIEW_PENDING ? stands_pending(v, item) : decided[item->state];
		add(v, item->path, item->id, stands)->removed = cib_oid_is_zero(&item->proposed);
	}
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const cib_standing *)a)->path, ((const cib_standing *)b)->path);
}

static cib_standing *find(cib_standings *list, size_t sorted, const char *path)
{
	cib_standing key = {.path = (char *)(uintptr_t)path};
	return sorted ? bsearch(&key, list->items, sorted, sizeof key, by_path) : NULL;
}

/* Whatever is changed in the folder is here only, however its last version stands. */
static void add_changes(viewer *v, const cib_work_changes *changes)
{
	size_t sorted = v->out->count;
	for (size_t i = 0; i < changes->count; i++) {
		const cib_work_change *c = &changes->items[i];
		cib_place place;
		cib_network_place(&place, v->ws->net, c->path);
		if (place.area != CIB_AREA_MEMBER && place.area != CIB_AREA_NETWORK)
			continue;
		cib_standing *s = find(v->out, sorted, c->path);
		if (!s)
			s = add(v, c->path, place.id, CIB_STANDS_HERE);
		s->stands = CIB_STANDS_HERE;
		s->changed = true;
		s->draft = c->draft;
		s->removed = c->kind == CIB_CHANGE_REMOVED;
	}
}

typedef struct {
	viewer *v;
	size_t sorted;
} rest;

static int add_accepted(const cib_tree_entry *e, void *payload)
{
	rest *r = payload;
	cib_place place;
	cib_network_place(&place, r->v->ws->net, e->path);
	if ((place.area == CIB_AREA_MEMBER || place.area == CIB_AREA_NETWORK) && place.kind && !find(r->v->out, r->sorted, e->path))
		add(r->v, e->path, place.id, CIB_STANDS_ACCEPTED);
	return 0;
}

static void sort(cib_standings *list)
{
	if (list->count)
		qsort(list->items, list->count, sizeof *list->items, by_path);
}

int cib_standings_load(cib_standings *out, cib_workspace *ws, const cib_work_changes *changes, cib_error *err)
{
	viewer v = {.ws = ws, .out = out};
	cib_review_queue queue = CIB_REVIEW_QUEUE_INIT;
	cib_oid main_tip;
	*out = (cib_standings){0};
	char *folder = ws->member ? cib_format("members/%s", ws->member) : cib_strdup("network");
	int status = cib_workspace_main(&main_tip, ws, err);
	if (status == CIB_OK && ws->member)
		status = cib_seen_tips(&v.seen, &v.seen_count, ws, err);
	if (status == CIB_OK)
		status = cib_refusals_load(&v.refusals, ws, err);
	cib_store_ref_get(&v.own, ws->store, "refs/cib/central/own", NULL);
	if (status == CIB_OK && ws->member)
		status = cib_review_compare(&queue, ws, ws->member, &main_tip, &ws->tip, err);
	if (status == CIB_OK) {
		add_waiting(&v, &queue);
		sort(out);
		add_changes(&v, changes);
		sort(out);
		status = cib_store_tree_each(ws->store, &ws->tip, folder, true, add_accepted, &(rest){&v, out->count}, err);
		sort(out);
	}
	cib_review_queue_free(&queue);
	cib_refusals_free(&v.refusals);
	free(v.seen);
	free(folder);
	return status;
}

size_t cib_standings_count(const cib_standings *list, cib_stands stands)
{
	size_t n = 0;
	for (size_t i = 0; i < list->count; i++)
		n += list->items[i].stands == stands;
	return n;
}

int cib_review_find_entry(cib_buf *path, cib_place *place, cib_workspace *ws, const char *id, cib_error *err)
{
	int status = cib_workspace_find(path, place, ws, id, err);
	cib_review_queue q = CIB_REVIEW_QUEUE_INIT;
	cib_oid main_tip; /* staff: what was withdrawn here stands on main still */
	if (status != CIB_NOTFOUND)
		return status;
	if (ws->member && cib_store_ref_get(&main_tip, ws->store, "refs/cib/central/main", NULL) == CIB_OK)
		cib_review_compare(&q, ws, ws->member, &main_tip, &ws->tip, NULL);
	else if (!ws->member)
		cib_review_list(&q, ws, NULL, NULL);
	for (size_t i = 0; i < q.count && status != CIB_OK; i++)
		if (strcmp(q.items[i].id, id) == 0) {
			cib_buf_clear(path);
			cib_buf_adds(path, q.items[i].path);
			cib_network_place(place, ws->net, q.items[i].path);
			cib_error_clear(err);
			status = CIB_OK;
		}
	cib_review_queue_free(&q);
	return status;
}
