/* What a store remembers of questions that come again and again. Objects never change, so that neither do these answers: the
 * tree of a commit, the common ancestors of two, and what a folder looked like in a range of the history. */
#include "store/private.h"

#include <stdlib.h>

/* ---- the tree of a commit. libgit2 has a cache of raw objects, but not of a commit that a walk of the history began at: that
 * one it would inflate from its file each time. */

static struct peeled *slot_of(cib_store *store, const cib_oid *commit)
{
	return &store->memo.peeled[commit->id[19] % CIB_MEMO_PEELED];
}

bool cib_memo_tree(cib_oid *out, cib_store *store, const cib_oid *commit)
{
	const struct peeled *p = slot_of(store, commit);
	if (!cib_oid_equal(&p->commit, commit)) /* a free one has the zero id, which is no commit's */
		return false;
	*out = p->tree;
	return true;
}

void cib_memo_keep_tree(cib_store *store, const cib_oid *commit, const cib_oid *tree)
{
	*slot_of(store, commit) = (struct peeled){*commit, *tree};
}

/* ---- common ancestors: the last question */

bool cib_memo_bases(cib_oid **out, size_t *count, const cib_store *store, const cib_oid *a, const cib_oid *b)
{
	const struct bases *m = &store->memo.bases;
	if (!m->list || !cib_oid_equal(&m->a, a) || !cib_oid_equal(&m->b, b))
		return false;
	*out = cib_alloc((m->count + 1) * sizeof **out);
	memcpy(*out, m->list, m->count * sizeof **out);
	*count = m->count;
	return true;
}

void cib_memo_keep_bases(cib_store *store, const cib_oid *a, const cib_oid *b, const cib_oid *list, size_t count)
{
	struct bases *m = &store->memo.bases;
	free(m->list);
	*m = (struct bases){.a = *a, .b = *b, .list = cib_alloc((count + 1) * sizeof *list), .count = count};
	memcpy(m->list, list, count * sizeof *list);
}

/* ---- the versions of a folder in a range: most commits do not touch it, so that a range of thousands has a few */

typedef struct {
	cib_store *store;
	cib_past *past;
	oid_map known;
	size_t cap;
	cib_error *err;
} gathering;

static int note_version(const cib_oid *commit, void *payload)
{
	gathering *g = payload;
	cib_oid tree;
	unsigned mode = 0; /* of nothing */
	int status = cib_store_tree_get(&tree, &mode, g->store, commit, g->past->folder, g->err);
	if (status == CIB_NOTFOUND) { /* or a file stands there: in either case nothing below */
		cib_error_clear(g->err);
		tree = (cib_oid){{0}};
	} else if (status != CIB_OK) {
		return status;
	}
	if (!is_tree(mode))
		tree = (cib_oid){{0}};
	if (!oid_map_put(&g->known, &tree, 0))
		return CIB_OK;
	g->past->trees = cib_grow(g->past->trees, &g->cap, g->past->count + 1, sizeof tree);
	g->past->trees[g->past->count++] = tree;
	return CIB_OK;
}

static void clear_past(cib_past *past)
{
	free(past->folder);
	free(past->trees);
	*past = (cib_past){0};
}

int cib_memo_past(const cib_past **out, cib_store *store, const cib_oid *tip, const cib_oid *until, const char *path, cib_error *err)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;
	for (size_t i = 0; i < CIB_MEMO_PASTS; i++) {
		*out = &store->memo.pasts[i];
		if ((*out)->folder && strncmp((*out)->folder, path, len) == 0 && !(*out)->folder[len] && cib_oid_equal(&(*out)->tip, tip) && cib_oid_equal(&(*out)->until, until))
			return CIB_OK;
	}
	cib_past *past = &store->memo.pasts[store->memo.next_past++ % CIB_MEMO_PASTS];
	clear_past(past);
	*past = (cib_past){.tip = *tip, .until = *until, .folder = cib_strndup(path, len)};
	gathering g = {.store = store, .past = past, .err = err};
	int status = cib_store_commits(store, tip, 1, until, 1, false, note_version, &g, err);
	oid_map_free(&g.known);
	if (status != CIB_OK)
		clear_past(past);
	*out = past;
	return status;
}

void cib_memo_clear(cib_store *store)
{
	for (size_t i = 0; i < CIB_MEMO_PASTS; i++)
		clear_past(&store->memo.pasts[i]);
	free(store->memo.bases.list);
	store->memo.bases = (struct bases){0};
}
