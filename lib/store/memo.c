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

/* *out is zero where nothing is below the folder: it is not there, or a file is. */
static int folder_in(cib_oid *out, const gathering *g, const cib_oid *commit)
{
	unsigned mode = 0; /* of nothing */
	int status = cib_store_tree_get(out, &mode, g->store, commit, g->past->folder, g->err);
	if (status == CIB_NOTFOUND) {
		cib_error_clear(g->err);
		status = CIB_OK;
	}
	if (status == CIB_OK && !is_tree(mode))
		*out = (cib_oid){{0}};
	return status;
}

static int note_step(gathering *g, const cib_oid *commit, const cib_oid *tree)
{
	cib_past *p = g->past;
	cib_commit c;
	size_t first = p->before_count;
	bool moved = false;
	int status = cib_store_commit_read(&c, g->store, commit, g->err);
	if (status != CIB_OK)
		return status;
	for (size_t i = 0; i < c.parent_count && status == CIB_OK; i++) {
		p->before = cib_grow(p->before, &p->before_cap, p->before_count + 1, sizeof *p->before);
		cib_oid *before = &p->before[p->before_count++];
		status = folder_in(before, g, &c.parents[i]);
		moved = moved || (i == 0 && !cib_oid_equal(before, tree));
	}
	if (moved || c.parent_count == 0) {
		p->steps = cib_grow(p->steps, &p->step_cap, p->step_count + 1, sizeof *p->steps);
		p->steps[p->step_count++] = (cib_step){*commit, *tree, first, p->before_count - first};
	} else {
		p->before_count = first;
	}
	cib_commit_clear(&c);
	return status;
}

static int note_version(const cib_oid *commit, void *payload)
{
	gathering *g = payload;
	cib_oid tree;
	int status = folder_in(&tree, g, commit);
	if (status == CIB_OK && g->past->has_steps)
		status = note_step(g, commit, &tree);
	if (status != CIB_OK || !oid_map_put(&g->known, &tree, 0))
		return status;
	g->past->trees = cib_grow(g->past->trees, &g->cap, g->past->count + 1, sizeof tree);
	g->past->trees[g->past->count++] = tree;
	return CIB_OK;
}

static uint64_t hash_name(const char *name)
{
	uint64_t h = 0xcbf29ce484222325u; /* FNV-1a */
	for (; *name && *name != '/'; name++)
		h = (h ^ (unsigned char)*name) * 0x100000001b3u;
	return h;
}

static int note_change(const char *path, const cib_tree_entry *before, const cib_tree_entry *after, void *payload)
{
	cib_past *p = payload;
	(void)before;
	(void)after;
	p->changes = cib_grow(p->changes, &p->change_cap, p->change_count + 1, sizeof *p->changes);
	p->changes[p->change_count++] = (cib_step_change){hash_name(path), p->change_step};
	return CIB_OK;
}

static int by_name(const void *a, const void *b)
{
	const cib_step_change *x = a, *y = b;
	return x->name != y->name ? (x->name < y->name ? -1 : 1) : (x->step > y->step) - (x->step < y->step);
}

/* So that a question about one of a thousand names looks at the steps that changed it alone. */
static int note_changes(cib_past *p, cib_store *store, cib_error *err)
{
	static const cib_oid none;
	int status = CIB_OK;
	for (p->change_step = 0; status == CIB_OK && p->change_step < p->step_count; p->change_step++) {
		const cib_step *step = &p->steps[p->change_step];
		status = cib_store_diff2(store, step->count ? &p->before[step->first] : &none, &step->tree, note_change, p, err);
	}
	if (p->change_count)
		qsort(p->changes, p->change_count, sizeof *p->changes, by_name);
	return status;
}

const cib_step_change *cib_past_changes(size_t *count, const cib_past *past, const char *name)
{
	uint64_t wanted = hash_name(name);
	size_t from = 0, to = past->change_count;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (past->changes[middle].name < wanted)
			from = middle + 1;
		else
			to = middle;
	}
	for (*count = 0; from + *count < past->change_count && past->changes[from + *count].name == wanted; ++*count)
		;
	return *count ? past->changes + from : NULL;
}

static void clear_past(cib_past *past)
{
	free(past->changes);
	free(past->folder);
	free(past->trees);
	free(past->steps);
	free(past->before);
	*past = (cib_past){0};
}

int cib_memo_past(const cib_past **out, cib_store *store, const cib_oid *tip, const cib_oid *until, const char *path, bool steps, cib_error *err)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;
	for (size_t i = 0; i < CIB_MEMO_PASTS; i++) {
		*out = &store->memo.pasts[i];
		if ((*out)->folder && strncmp((*out)->folder, path, len) == 0 && !(*out)->folder[len] && cib_oid_equal(&(*out)->tip, tip) && cib_oid_equal(&(*out)->until, until) &&
		    (!steps || (*out)->has_steps))
			return CIB_OK;
	}
	cib_past *past = &store->memo.pasts[store->memo.next_past++ % CIB_MEMO_PASTS];
	clear_past(past);
	*past = (cib_past){.tip = *tip, .until = *until, .folder = cib_strndup(path, len), .has_steps = steps};
	gathering g = {.store = store, .past = past, .err = err};
	int status = cib_store_commits(store, tip, 1, until, 1, false, note_version, &g, err);
	oid_map_free(&g.known);
	if (status == CIB_OK && steps)
		status = note_changes(past, store, err);
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
