/* In which folders a side changed something at all: most merges bring the work of many others, about whose folders this side's
 * past says nothing, and one walk answers that for all of them. */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	cib_touched *out;
	cib_store *store;
	cib_error *err;
} gathering;

static size_t folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? (size_t)(slash - path) : 0;
}

static int note_path(const char *path, const cib_tree_entry *before, const cib_tree_entry *after, void *payload)
{
	cib_touched *t = payload;
	size_t n = folder_len(path);
	(void)before;
	(void)after;
	if (t->count && strlen(t->folders[t->count - 1]) == n && strncmp(t->folders[t->count - 1], path, n) == 0)
		return 0;
	t->folders = cib_grow(t->folders, &t->cap, t->count + 1, sizeof *t->folders);
	t->folders[t->count++] = cib_strndup(path, n);
	return 0;
}

static bool differ(const cib_tree_entry *a, const cib_tree_entry *b)
{
	return a->mode != b->mode || !cib_oid_equal(&a->oid, &b->oid);
}

/* What a merge joined, its sides changed. What none of them has is its own: it stands for commits that were not sent (resend.c, bridge.c). */
static int note_merged(const char *path, const cib_tree_entry *first, const cib_tree_entry *second, const cib_tree_entry *merged, void *payload)
{
	return differ(merged, first) && differ(merged, second) ? note_path(path, first, merged, payload) : 0;
}

static int note_commit(const cib_oid *oid, void *payload)
{
	gathering *g = payload;
	const cib_oid none = {{0}};
	cib_commit c;
	int status = cib_store_commit_read(&c, g->store, oid, g->err);
	if (status == CIB_OK && c.parent_count < 2)
		status = cib_store_diff2(g->store, c.parent_count ? &c.parents[0] : &none, oid, note_path, g->out, g->err);
	else if (status == CIB_OK)
		status = cib_store_diff3(g->store, &c.parents[0], &c.parents[1], oid, "", note_merged, g->out, g->err);
	cib_commit_clear(&c);
	return status;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int cib_touched_gather(cib_touched *out, cib_store *store, const cib_oid *tip, const cib_oid *bases, size_t base_count, cib_error *err)
{
	gathering g = {out, store, err};
	int status = cib_store_commits(store, tip, 1, bases, base_count, false, note_commit, &g, err);
	if (out->count)
		qsort(out->folders, out->count, sizeof *out->folders, by_name);
	out->known = status == CIB_OK;
	return status;
}

bool cib_touched_has(const cib_touched *touched, const char *path)
{
	char *folder = cib_strndup(path, folder_len(path));
	bool has = touched->count && bsearch(&folder, touched->folders, touched->count, sizeof folder, by_name);
	free(folder);
	return has;
}

void cib_touched_clear(cib_touched *touched)
{
	for (size_t i = 0; i < touched->count; i++)
		free(touched->folders[i]);
	free(touched->folders);
	*touched = (cib_touched){0};
}
