/* A new tree from an old one and a list of edits.
 *
 * The edits are sorted by path and given out level by level: each folder on the way to an edit is
 * read, merged with its share and written once; all others are taken over by id. */
#include "store/private.h"

#include <stdlib.h>
#include <strings.h>

typedef struct {
	const cib_tree_entry *edit;
	size_t order; /* of two edits of one path the later one counts */
} item;

/* What becomes of one name: both its forms, file and folder, leave; `mode` is what comes, 0: nothing. */
typedef struct {
	const char *name;
	size_t len;
	bool tree; /* the form of the key, for the order */
	unsigned mode;
	cib_oid oid;
} change;

static int by_path(const void *a, const void *b)
{
	const item *x = a, *y = b;
	int c = strcmp(x->edit->path, y->edit->path);
	return c ? c : x->order < y->order ? -1
	                                   : 1;
}

/* Paths sort as strings, but "a", "a.json", "a/b" must stand together by first component: compare
 * with '/' below every other byte. */
static int by_components(const void *a, const void *b)
{
	const unsigned char *x = (const unsigned char *)((const item *)a)->edit->path;
	const unsigned char *y = (const unsigned char *)((const item *)b)->edit->path;
	while (*x && *x == *y) {
		x++;
		y++;
	}
	if (*x == *y)
		return by_path(a, b);
	int cx = *x == '/' ? 1 : *x ? *x + 1
	                            : 0,
	    cy = *y == '/' ? 1 : *y ? *y + 1
	                            : 0;
	return cx - cy;
}

static int by_key(const void *a, const void *b)
{
	const change *x = a, *y = b;
	return raw_name_cmp(x->name, x->len, x->tree, y->name, y->len, y->tree);
}

static int check_path(const char *path, cib_error *err)
{
	int depth = 0;
	for (const char *p = path;; depth++) {
		size_t n = strcspn(p, "/");
		if (n == 0 || depth >= CIB_TREE_DEPTH || (p[0] == '.' && (n == 1 || (n == 2 && p[1] == '.'))) ||
		    (n == 4 && strncasecmp(p, ".git", 4) == 0))
			return cib_error_set(err, CIB_USAGE, "store.path", "\"%s\" cannot be a path in a repository", path);
		p += n;
		if (!*p)
			return CIB_OK;
		p++;
	}
}

static int edit_level(cib_oid *out, cib_store *store, const cib_oid *tree, const item *items, size_t count, size_t skip, cib_error *err);

/* One name's edits: items[0..count), the name being what stands at `skip`, `len` long. */
static int edit_name(change *out, cib_store *store, const raw_entry *old, const item *items, size_t count, size_t skip, size_t len,
                     cib_error *err)
{
	const cib_tree_entry *exact = NULL;
	size_t first = 0;
	for (; first < count && !items[first].edit->path[skip + len]; first++)
		exact = items[first].edit;
	*out = (change){.name = items[0].edit->path + skip, .len = len};
	bool below = first < count;
	cib_oid base = {0};
	if (exact && exact->mode && !below) {
		if (exact->mode == MODE_TREE) {
			int status = cib_store_peel(&out->oid, store, &exact->oid, err);
			out->mode = cib_oid_is_zero(&out->oid) ? 0 : MODE_TREE;
			return status;
		}
		out->mode = exact->mode;
		out->oid = exact->oid;
		return CIB_OK;
	}
	if (!below)
		return CIB_OK; /* removed */
	if (exact && exact->mode == MODE_TREE)
		base = exact->oid;
	else if (old && is_tree(old->mode) && !(exact && exact->mode))
		base = old->oid;
	int status = edit_level(&out->oid, store, &base, items + first, count - first, skip + len + 1, err);
	if (status != CIB_OK)
		return status;
	out->mode = cib_oid_is_zero(&out->oid) ? 0 : MODE_TREE;
	if (exact && exact->mode && exact->mode != MODE_TREE) { /* the folder makes place for a file of its name */
		if (out->mode)
			return cib_error_set(err, CIB_USAGE, "store.path", "%s cannot be a file and a folder", exact->path);
		out->mode = exact->mode;
		out->oid = exact->oid;
	} else if (!out->mode && !exact && old && !is_tree(old->mode)) { /* removals below a file change nothing */
		out->mode = old->mode;
		out->oid = old->oid;
	}
	return CIB_OK;
}

static void add_entry(cib_buf *text, const change *c)
{
	cib_buf_addf(text, "%o ", c->mode);
	cib_buf_add(text, c->name, c->len);
	cib_buf_addc(text, '\0');
	cib_buf_add(text, c->oid.id, 20);
}

/* Both keys of each changed name, in the order of trees; the new entry hangs on the key of its form. */
static change *make_keys(const change *changes, size_t count)
{
	change *keys = cib_alloc(2 * count * sizeof *keys);
	for (size_t i = 0; i < count; i++) {
		for (size_t form = 0; form < 2; form++) {
			change *k = &keys[2 * i + form];
			*k = changes[i];
			k->tree = form == 1;
			if (is_tree(k->mode) != k->tree)
				k->mode = 0;
		}
	}
	qsort(keys, 2 * count, sizeof *keys, by_key);
	return keys;
}

static int rebuild(cib_buf *text, raw_tree *raw, const change *keys, size_t count, cib_error *err)
{
	raw_entry e;
	size_t k = 0;
	int status;
	while ((status = raw_tree_next(raw, &e, err)) == CIB_OK) {
		int c = 1;
		for (; k < count; k++) {
			c = raw_name_cmp(keys[k].name, keys[k].len, keys[k].tree, e.name, e.name_len, is_tree(e.mode));
			if (c > 0)
				break;
			if (keys[k].mode)
				add_entry(text, &keys[k]);
			if (c == 0) {
				k++;
				break;
			}
		}
		if (c != 0)
			cib_buf_add(text, e.start, (size_t)(e.end - e.start));
	}
	for (; k < count; k++)
		if (keys[k].mode)
			add_entry(text, &keys[k]);
	return status == CIB_NOTFOUND ? CIB_OK : status;
}

/* Apply items[0..count), whose paths agree up to `skip`, to one folder. *out is zero when nothing is left. */
static int edit_level(cib_oid *out, cib_store *store, const cib_oid *tree, const item *items, size_t count, size_t skip, cib_error *err)
{
	raw_tree raw;
	memset(out, 0, sizeof *out);
	int status = raw_tree_open(&raw, store, tree, err);
	if (status != CIB_OK)
		return status;
	change *changes = NULL;
	size_t n = 0, cap = 0;
	const char *start = raw.at;
	for (size_t i = 0, next; status == CIB_OK && i < count; i = next) {
		const char *name = items[i].edit->path + skip;
		size_t len = strcspn(name, "/");
		for (next = i + 1; next < count; next++) {
			const char *other = items[next].edit->path + skip;
			if (strcspn(other, "/") != len || memcmp(other, name, len) != 0)
				break;
		}
		raw_entry old;
		bool exists = false;
		if (items[next - 1].edit->path[skip + len]) { /* something below the name is edited */
			raw_tree from = {.at = start, .end = raw.end};
			status = raw_tree_find(&from, name, len, &old, err);
			exists = status == CIB_OK;
			if (status == CIB_NOTFOUND)
				status = CIB_OK;
		}
		changes = cib_grow(changes, &cap, n + 1, sizeof *changes);
		if (status == CIB_OK)
			status = edit_name(&changes[n++], store, exists ? &old : NULL, items + i, next - i, skip, len, err);
	}
	cib_buf text = CIB_BUF_INIT;
	if (status == CIB_OK) {
		change *keys = make_keys(changes, n);
		cib_buf_reserve(&text, (size_t)(raw.end - start) + 64 * n);
		status = rebuild(&text, &raw, keys, 2 * n, err);
		free(keys);
	}
	if (status == CIB_OK && text.len)
		status = cib_store_object_write(out, store, GIT_OBJECT_TREE, text.data, text.len, err);
	cib_buf_free(&text);
	free(changes);
	raw_tree_close(&raw);
	return status;
}

int cib_store_tree_edit(cib_oid *out, cib_store *store, const cib_oid *tree, const cib_tree_entry *edits, size_t count, cib_error *err)
{
	cib_oid root;
	int status = cib_store_peel(&root, store, tree, err);
	for (size_t i = 0; status == CIB_OK && i < count; i++)
		status = check_path(edits[i].path, err);
	if (status != CIB_OK)
		return status;
	item *items = cib_alloc((count + 1) * sizeof *items);
	for (size_t i = 0; i < count; i++)
		items[i] = (item){&edits[i], i};
	qsort(items, count, sizeof *items, by_components);
	*out = root;
	if (count)
		status = edit_level(out, store, &root, items, count, 0, err);
	free(items);
	if (status == CIB_OK && cib_oid_is_zero(out)) /* the empty tree, as an object that a commit can name */
		status = cib_store_object_write(out, store, GIT_OBJECT_TREE, "", 0, err);
	return status;
}
