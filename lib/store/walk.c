/* Walking one, two or three trees at once, skipping what is equal.
 *
 * The trees are read in step: at each level the smallest name of all sides is taken, and the sides
 * that have it (as a file, or as a folder: the two are different names, as Git's order has it) are
 * compared by id and mode. Equal on all sides: skipped, whatever lies below. Folders that differ
 * are walked in turn. So the cost follows the folders on the way to what changed. Files are called
 * back one by one, nothing is collected: a caller that counts can stop. */
#include "store/private.h"

#include <stdlib.h>

#define SIDES 3

typedef struct walk walk;
struct walk {
	cib_store *store;
	cib_error *err;
	int sides;
	bool deep; /* go into folders; else call back for them */
	cib_buf path;
	int (*emit)(walk *w, const raw_entry *const *found); /* NULL on a side: absent */
	cib_diff2_cb diff2;
	cib_diff3_cb diff3;
	cib_tree_cb each;
	void *payload;
};

/* One side of one level. `open` holds the names of files that could still clash with a folder of
 * the same name: each is a beginning of the next, because names come in order. */
typedef struct {
	raw_tree tree;
	raw_entry entry;
	bool has, any;
	struct {
		const char *name;
		size_t len;
	} * open;
	size_t open_count, open_cap;
} side;

static int bad_order(side *s, cib_error *err)
{
	char name[101];
	size_t n = s->entry.name_len < 100 ? s->entry.name_len : 100;
	memcpy(name, s->entry.name, n);
	name[n] = '\0';
	cib_buf clean = CIB_BUF_INIT;
	cib_buf_add_clean(&clean, name, n);
	cib_error_set(err, CIB_FINDINGS, "store.bad-tree", "a folder is malformed: \"%s\" is there twice or out of order", cib_buf_str(&clean));
	cib_buf_free(&clean);
	return CIB_FINDINGS;
}

static int advance(side *s, cib_error *err)
{
	raw_entry last = s->entry;
	int status = raw_tree_next(&s->tree, &s->entry, err);
	s->has = status == CIB_OK;
	if (status == CIB_NOTFOUND)
		return CIB_OK;
	if (status != CIB_OK)
		return status;
	const raw_entry *e = &s->entry;
	if (s->any && raw_name_cmp(last.name, last.name_len, is_tree(last.mode), e->name, e->name_len, is_tree(e->mode)) >= 0)
		return bad_order(s, err);
	s->any = true;
	while (s->open_count) {
		size_t len = s->open[s->open_count - 1].len;
		if (len <= e->name_len && memcmp(s->open[s->open_count - 1].name, e->name, len) == 0)
			break;
		s->open_count--;
	}
	if (s->open_count && s->open[s->open_count - 1].len == e->name_len)
		return bad_order(s, err);
	if (!is_tree(e->mode)) {
		s->open = cib_grow(s->open, &s->open_cap, s->open_count + 1, sizeof *s->open);
		s->open[s->open_count].name = e->name;
		s->open[s->open_count++].len = e->name_len;
	}
	return CIB_OK;
}

static int compare(const raw_entry *a, const raw_entry *b)
{
	return raw_name_cmp(a->name, a->name_len, is_tree(a->mode), b->name, b->name_len, is_tree(b->mode));
}

/* The smallest entry of all sides; found[i] is NULL where a side lacks it. */
static const raw_entry *smallest(side *sides, int n, const raw_entry **found)
{
	const raw_entry *min = NULL;
	for (int i = 0; i < n; i++)
		if (sides[i].has && (!min || compare(&sides[i].entry, min) < 0))
			min = &sides[i].entry;
	for (int i = 0; min && i < n; i++)
		found[i] = sides[i].has && compare(&sides[i].entry, min) == 0 ? &sides[i].entry : NULL;
	return min;
}

static bool all_equal(const raw_entry *const *found, int n)
{
	if (n == 1)
		return false;
	for (int i = 1; i < n; i++)
		if (!found[0] || !found[i] || found[0]->mode != found[i]->mode || !cib_oid_equal(&found[0]->oid, &found[i]->oid))
			return false;
	return true;
}

static int walk_level(walk *w, const cib_oid *trees, int depth)
{
	side sides[SIDES] = {0};
	int status = depth < CIB_TREE_DEPTH ? CIB_OK
	                                    : cib_error_set(w->err, CIB_FINDINGS, "store.tree-depth",
	                                                    "folders lie more than %d deep", CIB_TREE_DEPTH);
	for (int i = 0; status == CIB_OK && i < w->sides; i++) {
		status = raw_tree_open(&sides[i].tree, w->store, &trees[i], w->err);
		if (status == CIB_OK)
			status = advance(&sides[i], w->err);
		if (status == CIB_OK && depth > 0 && !sides[i].has && !cib_oid_is_zero(&trees[i]))
			status = cib_error_set(w->err, CIB_FINDINGS, "store.bad-tree", "a folder is malformed: %s is empty", cib_buf_str(&w->path));
	}
	size_t base = w->path.len;
	const raw_entry *found[SIDES] = {NULL}, *min;
	while (status == CIB_OK && (min = smallest(sides, w->sides, found))) {
		if (!all_equal(found, w->sides)) {
			if (base)
				cib_buf_addc(&w->path, '/');
			cib_buf_add(&w->path, min->name, min->name_len);
			if (w->deep && is_tree(min->mode)) {
				cib_oid below[SIDES] = {0};
				for (int i = 0; i < w->sides; i++)
					if (found[i])
						below[i] = found[i]->oid;
				status = walk_level(w, below, depth + 1);
			} else {
				status = w->emit(w, found);
			}
			w->path.len = base;
			w->path.data[base] = '\0';
		}
		for (int i = 0; status == CIB_OK && i < w->sides; i++)
			if (found[i])
				status = advance(&sides[i], w->err);
	}
	for (int i = 0; i < w->sides; i++) {
		raw_tree_close(&sides[i].tree);
		free(sides[i].open);
	}
	return status;
}

static cib_tree_entry to_entry(const char *path, const raw_entry *raw)
{
	cib_tree_entry e = {.path = path};
	if (raw) {
		e.mode = raw->mode;
		e.oid = raw->oid;
	}
	return e;
}

static int emit_each(walk *w, const raw_entry *const *found)
{
	cib_tree_entry e = to_entry(w->path.data, found[0]);
	return w->each(&e, w->payload);
}

static int emit_diff2(walk *w, const raw_entry *const *found)
{
	cib_tree_entry a = to_entry(w->path.data, found[0]), b = to_entry(w->path.data, found[1]);
	return w->diff2(w->path.data, &a, &b, w->payload);
}

static int emit_diff3(walk *w, const raw_entry *const *found)
{
	cib_tree_entry e[3];
	for (int i = 0; i < 3; i++)
		e[i] = to_entry(w->path.data, found[i]);
	return w->diff3(w->path.data, &e[0], &e[1], &e[2], w->payload);
}

static int run(walk *w, const cib_oid *const *ids, const char *prefix)
{
	cib_oid trees[SIDES] = {0};
	raw_entry files[SIDES];
	const raw_entry *found[SIDES] = {0};
	int status = CIB_OK, depth = 0;
	bool file = false, folder = false;
	for (int i = 0; status == CIB_OK && i < w->sides; i++) {
		unsigned mode;
		status = cib_store_peel(&trees[i], w->store, ids[i], w->err);
		if (status != CIB_OK || !*prefix)
			continue;
		status = cib_store_tree_get(&files[i].oid, &mode, w->store, &trees[i], prefix, w->err);
		trees[i] = is_tree(mode) ? files[i].oid : (cib_oid){0};
		folder = folder || is_tree(mode);
		if (mode && !is_tree(mode)) {
			files[i].mode = mode;
			found[i] = &files[i];
			file = true;
		}
		if (status == CIB_NOTFOUND) {
			cib_error_clear(w->err);
			status = CIB_OK;
		}
	}
	for (const char *p = prefix; *p; p++)
		depth += p == prefix || *p == '/';
	cib_buf_adds(&w->path, prefix);
	bool same = true;
	for (int i = 1; i < w->sides; i++)
		same = same && cib_oid_equal(&trees[0], &trees[i]);
	if (status == CIB_OK && file && w->sides > 1 && !all_equal(found, w->sides))
		status = w->emit(w, found);
	if (status == CIB_OK && (folder || !*prefix) && (w->sides == 1 || !same))
		status = walk_level(w, trees, depth);
	cib_buf_free(&w->path);
	return status;
}

int cib_store_tree_each(cib_store *store, const cib_oid *tree, const char *path, bool deep, cib_tree_cb cb, void *payload,
                        cib_error *err)
{
	walk w = {.store = store, .err = err, .sides = 1, .deep = deep, .emit = emit_each, .each = cb, .payload = payload};
	return run(&w, (const cib_oid *[]){tree}, path);
}

int cib_store_diff2(cib_store *store, const cib_oid *a, const cib_oid *b, cib_diff2_cb cb, void *payload, cib_error *err)
{
	walk w = {.store = store, .err = err, .sides = 2, .deep = true, .emit = emit_diff2, .diff2 = cb, .payload = payload};
	return run(&w, (const cib_oid *[]){a, b}, "");
}

int cib_store_diff3(cib_store *store, const cib_oid *base, const cib_oid *ours, const cib_oid *theirs, const char *prefix,
                    cib_diff3_cb cb, void *payload, cib_error *err)
{
	walk w = {.store = store, .err = err, .sides = 3, .deep = true, .emit = emit_diff3, .diff3 = cb, .payload = payload};
	return run(&w, (const cib_oid *[]){base, ours, theirs}, prefix);
}
