/* More files than one push may change (limits.paths in network.json): an import of years of work, saved at once. What is not sent yet is made anew
 * as commits that each keep to the limit, and these are pushed one after the other:
 *
 *     what the server has  o---P1---P2---P3    P3 has the tree of the tip
 *
 * A sync that breaks off in between goes on from what was sent. The commits of before stay below refs/cib/rescue/. */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	const char *folder;
	cib_tree_entry *items; /* what the tip has in the own folder and the server has not */
	size_t count, cap;
	bool records; /* those are taken now, or all others: a record goes after its entry */
} edits;

static int note_edit(const char *path, const cib_tree_entry *there, const cib_tree_entry *here, void *payload)
{
	edits *e = payload;
	(void)there;
	bool record = strncmp(path, "conflicts/", 10) == 0 || strncmp(path, "comments/", 9) == 0;
	if (record != e->records)
		return 0;
	e->items = cib_grow(e->items, &e->cap, e->count + 1, sizeof *e->items);
	e->items[e->count++] = (cib_tree_entry){.path = cib_format("%s/%s", e->folder, path), .mode = here->mode, .oid = here->oid};
	return 0;
}

static void edits_free(edits *e)
{
	for (size_t i = 0; i < e->count; i++)
		free((char *)(uintptr_t)e->items[i].path);
	free(e->items);
}

static int gather(edits *e, cib_workspace *ws, const cib_oid *had, cib_error *err)
{
	cib_oid mine = {{0}};
	unsigned mode;
	cib_store_tree_get(&mine, &mode, ws->store, &ws->tip, e->folder, NULL);
	int status = cib_store_diff2(ws->store, had, &mine, note_edit, e, err);
	e->records = true;
	return status == CIB_OK ? cib_store_diff2(ws->store, had, &mine, note_edit, e, err) : status;
}

/* What the server has of what the tip builds on: the own branch, and the newest main of both. */
static int find_parents(cib_oid parents[2], size_t *count, cib_workspace *ws, const cib_oid *main_there, const cib_oid *own_there, cib_error *err)
{
	cib_oid *bases = NULL;
	size_t n = 0;
	int status = cib_store_merge_bases(&bases, &n, ws->store, &ws->tip, main_there, err);
	*count = 0;
	if (own_there)
		parents[(*count)++] = *own_there;
	if (status == CIB_OK && n && !(own_there && cib_store_is_ancestor(ws->store, &bases[0], own_there)))
		parents[(*count)++] = bases[0];
	free(bases);
	return status;
}

/* One commit for each `most` of the edits. tree: what they go on from; then what they come to. */
static int make_parts(cib_oid **parts, size_t *count, cib_workspace *ws, const edits *e, size_t most, cib_oid *tree, const cib_oid *parents, size_t parent_count, cib_error *err)
{
	size_t all = (e->count + most - 1) / most;
	int status = CIB_OK;
	*parts = cib_alloc(all * sizeof **parts);
	for (*count = 0; status == CIB_OK && *count < all; ++*count) {
		size_t from = *count * most, n = e->count - from < most ? e->count - from : most;
		char *message = cib_format("Send what was not sent yet, part %zu of %zu\n", *count + 1, all);
		cib_oid next;
		status = cib_store_tree_edit(&next, ws->store, tree, &e->items[from], n, err);
		if (status == CIB_OK)
			status = cib_commit_own(&(*parts)[*count], ws, &next, *count ? &(*parts)[*count - 1] : parents, *count ? 1 : parent_count, message, err);
		*tree = next;
		free(message);
	}
	return status;
}

static int go_on_from(cib_workspace *ws, const cib_oid *last, cib_error *err)
{
	cib_oid old = ws->tip;
	int status = cib_keep_rescue(ws, &old, err);
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, ws->branch, last, &old, err);
	return status == CIB_OK ? cib_workspace_reload(ws, err) : status;
}

/* Not so where a main that came by hand is in it, which only the secretariat may send. */
static bool is_all(const cib_workspace *ws, const cib_oid *tree)
{
	cib_commit tip;
	if (cib_store_commit_read(&tip, ws->store, &ws->tip, NULL) != CIB_OK)
		return false;
	bool all = cib_oid_equal(&tip.tree, tree);
	cib_commit_clear(&tip);
	return all;
}

int cib_parts_make(cib_oid **parts, size_t *count, cib_workspace *ws, const cib_oid *main_there, const cib_oid *own_there, cib_error *err)
{
	cib_oid had = {{0}}, tree, parents[2];
	size_t parent_count = 0, most = cib_network_limits(ws->net)->paths;
	unsigned mode;
	*parts = NULL;
	*count = 0;
	if (!ws->member)
		return CIB_OK;
	char *folder = cib_format("members/%s", ws->member);
	edits e = {.folder = folder};
	int status = find_parents(parents, &parent_count, ws, main_there, own_there, err);
	if (status == CIB_OK && parent_count) {
		cib_store_tree_get(&had, &mode, ws->store, &parents[0], folder, NULL);
		status = gather(&e, ws, &had, err);
	}
	if (status == CIB_OK && e.count > most) {
		cib_tree_entry back = {folder, cib_oid_is_zero(&had) ? 0 : 0040000, had};
		status = cib_store_tree_edit(&tree, ws->store, &parents[parent_count - 1], &back, 1, err);
		if (status == CIB_OK)
			status = make_parts(parts, count, ws, &e, most, &tree, parents, parent_count, err);
		if (status == CIB_OK && is_all(ws, &tree))
			status = go_on_from(ws, &(*parts)[*count - 1], err);
		else
			*count = 0;
	}
	edits_free(&e);
	free(folder);
	return status;
}
