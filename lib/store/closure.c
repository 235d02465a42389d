/* Walks from tips down to what is known to be whole. Cost follows what is new: a folder that a parent has too is passed
 * over, and no object is looked at twice. */
#include "store/closure.h"
#include "store/oid_map.h"

#include <stdlib.h>

enum { PARENTS = 8 };

void oid_list_add(oid_list *list, const cib_oid *oid)
{
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count++] = *oid;
}

void oid_list_free(oid_list *list)
{
	free(list->items);
	*list = (oid_list){0};
}

static int add_tip(const char *ref, const cib_oid *oid, void *payload)
{
	(void)ref;
	oid_list_add(payload, oid);
	return 0;
}

int cib_store_ref_tips(oid_list *out, cib_store *store, const char *prefix, cib_error *err)
{
	return cib_store_ref_each(store, prefix, add_tip, out, err);
}

static bool is_here(cib_store *store, const cib_oid *oid)
{
	git_oid id;
	to_git(&id, oid);
	return git_odb_exists_ext(store->odb, &id, GIT_ODB_LOOKUP_NO_REFRESH);
}

bool cib_store_complete(cib_store *store, const cib_oid *commit)
{
	oid_list tips = {0};
	bool complete = false;
	if (is_here(store, commit) && cib_store_ref_tips(&tips, store, "refs/", NULL) == CIB_OK) {
		for (size_t i = 0; !complete && i < tips.count; i++)
			complete = cib_oid_equal(&tips.items[i], commit);
		for (size_t i = 0; !complete && i < tips.count; i++)
			complete = cib_store_is_ancestor(store, commit, &tips.items[i]);
	}
	oid_list_free(&tips);
	return complete;
}

typedef struct {
	cib_store *store;
	oid_list *missing;
	bool unknown; /* of a missing folder or commit nobody knows what it holds */
	oid_map seen;
	cib_error *err;
} walker;

enum { NEARLY = 40 };

/* Is everything in a folder missing, but for less than one in NEARLY? Then the folder's own id says it all: to name each
 * of the others costs more than to receive these few again. */
static bool all_missing(const walker *w, const cib_oid *tree)
{
	raw_tree raw;
	raw_entry e;
	size_t missing = 0, here = 0;
	bool sound = raw_tree_open(&raw, w->store, tree, NULL) == CIB_OK;
	while (sound && raw_tree_next(&raw, &e, NULL) == CIB_OK)
		++*(is_here(w->store, &e.oid) ? &here : &missing);
	raw_tree_close(&raw);
	return sound && missing > 1 && here * NEARLY < missing;
}

static int look_at_tree(walker *w, const cib_oid *oid, int depth)
{
	raw_tree raw;
	raw_entry e;
	if (!oid_map_put(&w->seen, oid, 0))
		return CIB_OK;
	if (depth > CIB_TREE_DEPTH)
		return cib_error_set(w->err, CIB_FINDINGS, "store.bad-tree", "folders are nested more than %d deep", CIB_TREE_DEPTH);
	bool here = is_here(w->store, oid);
	if (!here || all_missing(w, oid)) {
		w->unknown = w->unknown || !here;
		oid_list_add(w->missing, oid);
		return CIB_OK;
	}
	int status = raw_tree_open(&raw, w->store, oid, w->err);
	while (status == CIB_OK && (status = raw_tree_next(&raw, &e, w->err)) == CIB_OK) {
		if (is_tree(e.mode))
			status = look_at_tree(w, &e.oid, depth + 1);
		else if ((e.mode & 0170000) != 0160000 && oid_map_put(&w->seen, &e.oid, 0) && !is_here(w->store, &e.oid))
			oid_list_add(w->missing, &e.oid);
	}
	raw_tree_close(&raw);
	return status == CIB_NOTFOUND ? CIB_OK : status;
}

/* What a whole commit has is no news: mark its folders, as deep as `other` (a child's) differs. */
static void mark_known(walker *w, const cib_oid *known, const cib_oid *other, int depth)
{
	raw_tree a, b;
	raw_entry x, y;
	if (cib_oid_equal(known, other)) {
		oid_map_put(&w->seen, known, 0);
		return;
	}
	if (depth > CIB_TREE_DEPTH || !is_here(w->store, other) || raw_tree_open(&a, w->store, known, NULL) != CIB_OK)
		return;
	if (raw_tree_open(&b, w->store, other, NULL) == CIB_OK) {
		int here = raw_tree_next(&a, &x, NULL);
		while (here == CIB_OK && raw_tree_next(&b, &y, NULL) == CIB_OK) {
			int c;
			while ((c = raw_name_cmp(x.name, x.name_len, is_tree(x.mode), y.name, y.name_len, is_tree(y.mode))) < 0 &&
			       (here = raw_tree_next(&a, &x, NULL)) == CIB_OK)
				;
			if (here != CIB_OK || c != 0)
				continue;
			if (is_tree(x.mode) && is_tree(y.mode))
				mark_known(w, &x.oid, &y.oid, depth + 1);
			else if (cib_oid_equal(&x.oid, &y.oid))
				oid_map_put(&w->seen, &x.oid, 0);
		}
		raw_tree_close(&b);
	}
	raw_tree_close(&a);
}

/* ---- the new commits ---- */

static int add_fresh(const cib_oid *oid, void *payload)
{
	oid_list_add(payload, oid);
	return 0;
}

static int mark_whole(const cib_oid *oid, void *payload)
{
	oid_map_put(payload, oid, 0);
	return 0;
}

/* With gaps in the history: what the references reach is marked first, and then every way down is gone to its end. */
static int list_with_gaps(oid_list *fresh, walker *w, const oid_list *refs, const cib_oid *tips, size_t count)
{
	oid_list queue = {0};
	oid_map met = {0};
	int status = refs->count ? cib_store_commits(w->store, refs->items, refs->count, NULL, 0, false, mark_whole, &met, w->err) : CIB_OK;
	for (size_t i = 0; i < count; i++)
		oid_list_add(&queue, &tips[i]);
	while (status == CIB_OK && queue.count) {
		cib_oid oid = queue.items[--queue.count];
		cib_commit c = {0};
		if (!oid_map_put(&met, &oid, 0))
			continue;
		if (!is_here(w->store, &oid)) {
			w->unknown = true;
			oid_list_add(w->missing, &oid);
			continue;
		}
		oid_list_add(fresh, &oid);
		status = cib_store_commit_read(&c, w->store, &oid, w->err);
		for (size_t i = 0; status == CIB_OK && i < c.parent_count; i++)
			oid_list_add(&queue, &c.parents[i]);
		cib_commit_clear(&c);
	}
	oid_map_free(&met);
	oid_list_free(&queue);
	return status;
}

static int look_at_commit(walker *w, const oid_map *fresh, const cib_oid *oid)
{
	cib_commit c;
	cib_oid tree;
	int status = cib_store_commit_read(&c, w->store, oid, w->err);
	for (size_t i = 0; status == CIB_OK && i < c.parent_count && i < PARENTS; i++)
		if (oid_map_get(fresh, &c.parents[i]) == OID_MAP_NONE && cib_store_peel(&tree, w->store, &c.parents[i], NULL) == CIB_OK &&
		    !cib_oid_is_zero(&tree))
			mark_known(w, &tree, &c.tree, 0);
	if (status == CIB_OK && !(cib_store_peel(&tree, w->store, &c.tree, NULL) == CIB_OK && cib_oid_is_zero(&tree)))
		status = look_at_tree(w, &c.tree, 0);
	cib_commit_clear(&c);
	return status;
}

int closure_missing(oid_list *out, bool *unknown, cib_store *store, const cib_oid *tips, size_t count, cib_error *err)
{
	walker w = {.store = store, .missing = out, .err = err};
	oid_list refs = {0}, fresh = {0};
	oid_map known = {0};
	git_odb_refresh(store->odb);
	int status = cib_store_ref_tips(&refs, store, "refs/", err);
	if (status == CIB_OK && cib_store_commits(store, tips, count, refs.items, refs.count, true, add_fresh, &fresh, NULL) != CIB_OK) {
		fresh.count = 0;
		status = list_with_gaps(&fresh, &w, &refs, tips, count);
	}
	for (size_t i = 0; i < fresh.count; i++)
		oid_map_put(&known, &fresh.items[i], 0);
	for (size_t i = 0; i < out->count; i++) /* a parent that is missing has no folder to compare with */
		oid_map_put(&known, &out->items[i], 0);
	for (size_t i = 0; status == CIB_OK && i < fresh.count; i++)
		status = look_at_commit(&w, &known, &fresh.items[i]);
	*unknown = w.unknown;
	oid_map_free(&known);
	oid_map_free(&w.seen);
	oid_list_free(&refs);
	oid_list_free(&fresh);
	return status;
}
