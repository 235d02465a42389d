/* A pack for the other side, as small as we can make it.
 *
 * What travels: the new commits, and of their trees what differs, at the same place, from all their parents. The version
 * in the first parent is the base of the delta: for an edited entry that leaves the edit. What has no earlier version is
 * compared with its neighbour in the folder and with the last few objects of the pack. A base may be an object that
 * only the other side has (a thin pack; the server completes it when it takes it in).
 *
 *   "PACK" version 2, number of objects; per object: type and size, [base], zlib stream; at the end SHA-1 of all before
 */
#include "store/pack_write.h"
#include "store/delta.h"
#include "store/oid_map.h"
#include "store/sha1.h"

#include <stdlib.h>

enum { WINDOW = 10,              /* objects of the pack that a new one is compared with */
       WINDOW_BYTES = 128 << 10, /* larger ones are only compared with their own earlier version */
       DELTA_BYTES = 16 << 20,   /* and these with nothing */
       DEPTH = 50,               /* deltas on deltas */
       PARENTS = 8 };

enum { PACK_OFS_DELTA = 6,
       PACK_REF_DELTA = 7 };

typedef struct {
	cib_oid oid, base, neighbour; /* zero: none */
	git_object_t type;
	size_t offset; /* in the pack */
	unsigned depth;
} object;

typedef struct {
	cib_store *store;
	const pack_wish *wish;
	cib_buf *out;
	cib_error *err;
	object *items;
	size_t count, cap;
	oid_map known; /* id: index in items */
	struct recent {
		size_t index; /* in items */
		git_odb_object *data;
		delta_index *places;
	} recent[WINDOW];
	size_t recent_count;
} writer;

/* ---- what travels ---- */

static bool add(writer *w, const cib_oid *oid, git_object_t type, const cib_oid *base, const cib_oid *neighbour)
{
	if (!oid_map_put(&w->known, oid, w->count))
		return false;
	w->items = cib_grow(w->items, &w->cap, w->count + 1, sizeof *w->items);
	object *o = &w->items[w->count++];
	*o = (object){.oid = *oid, .type = type};
	if (base)
		o->base = *base;
	if (neighbour)
		o->neighbour = *neighbour;
	return true;
}

/* One parent's version of a folder, read in step with ours. */
typedef struct {
	raw_tree tree;
	raw_entry entry; /* the first that is not before ours; else the last */
	bool has, any;
} earlier;

/* The entry of the same name and sort, or NULL. */
static const raw_entry *catch_up(earlier *e, const raw_entry *ours, cib_oid *before)
{
	for (;;) {
		if (!e->any || (e->has && raw_name_cmp(e->entry.name, e->entry.name_len, is_tree(e->entry.mode), ours->name, ours->name_len, is_tree(ours->mode)) < 0)) {
			if (before && e->any && !is_tree(e->entry.mode))
				*before = e->entry.oid;
			e->any = true;
			e->has = raw_tree_next(&e->tree, &e->entry, NULL) == CIB_OK;
			if (e->has)
				continue;
		}
		bool same = e->has && e->entry.name_len == ours->name_len && memcmp(e->entry.name, ours->name, ours->name_len) == 0 &&
		            is_tree(e->entry.mode) == is_tree(ours->mode);
		return same ? &e->entry : NULL;
	}
}

static int add_tree(writer *w, const cib_oid *oid, const cib_oid *bases, size_t count, int depth)
{
	earlier sides[PARENTS];
	raw_tree tree;
	raw_entry e;
	cib_oid neighbour = {{0}};
	if (!add(w, oid, GIT_OBJECT_TREE, count ? &bases[0] : NULL, NULL))
		return CIB_OK;
	if (depth > CIB_TREE_DEPTH)
		return cib_error_set(w->err, CIB_FINDINGS, "store.bad-tree", "folders are nested more than %d deep", CIB_TREE_DEPTH);
	int status = raw_tree_open(&tree, w->store, oid, w->err);
	size_t opened = 0;
	for (; status == CIB_OK && opened < count; opened++) {
		sides[opened] = (earlier){0};
		status = raw_tree_open(&sides[opened].tree, w->store, &bases[opened], w->err);
	}
	while (status == CIB_OK && (status = raw_tree_next(&tree, &e, w->err)) == CIB_OK) {
		cib_oid under[PARENTS];
		size_t found = 0;
		bool same = (e.mode & 0170000) == 0160000; /* a commit of elsewhere: nothing to send */
		for (size_t i = 0; i < count; i++) {
			const raw_entry *there = catch_up(&sides[i], &e, i == 0 ? &neighbour : NULL);
			same = same || (there && cib_oid_equal(&there->oid, &e.oid));
			if (there)
				under[found++] = there->oid;
		}
		if (same)
			continue;
		if (is_tree(e.mode))
			status = add_tree(w, &e.oid, under, found, depth + 1);
		else
			add(w, &e.oid, GIT_OBJECT_BLOB, found ? &under[0] : NULL, &neighbour);
	}
	status = status == CIB_NOTFOUND ? CIB_OK : status;
	while (opened)
		raw_tree_close(&sides[--opened].tree);
	raw_tree_close(&tree);
	return status;
}

static int add_commit(const cib_oid *oid, void *payload)
{
	writer *w = payload;
	cib_commit c;
	int status = cib_store_commit_read(&c, w->store, oid, w->err);
	cib_oid bases[PARENTS];
	size_t count = 0;
	for (size_t i = 0; status == CIB_OK && i < c.parent_count && i < PARENTS; i++) {
		cib_oid tree;
		status = cib_store_peel(&tree, w->store, &c.parents[i], w->err);
		if (!cib_oid_is_zero(&tree))
			bases[count++] = tree;
	}
	if (status == CIB_OK) {
		add(w, oid, GIT_OBJECT_COMMIT, c.parent_count ? &c.parents[0] : NULL, NULL);
		bool same = false;
		for (size_t i = 0; i < count; i++)
			same = same || cib_oid_equal(&bases[i], &c.tree);
		if (!same)
			status = add_tree(w, &c.tree, bases, count, 0);
	}
	cib_commit_clear(&c);
	return status;
}

/* ---- how it travels ---- */

static void add_number(cib_buf *out, size_t n)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		cib_buf_addc(out, (char)(n >> shift));
}

void pack_begin(cib_buf *out, size_t objects)
{
	cib_buf_adds(out, "PACK");
	add_number(out, 2);
	add_number(out, objects);
}

void pack_end(cib_buf *out)
{
	unsigned char sum[20];
	sha1_state s;
	sha1_begin(&s);
	sha1_add(&s, out->data, out->len);
	sha1_end(sum, &s);
	cib_buf_add(out, sum, sizeof sum);
}

void pack_add_head(cib_buf *out, unsigned type, size_t size)
{
	unsigned char c = (unsigned char)(type << 4 | (size & 15));
	for (size >>= 4; size; size >>= 7) {
		cib_buf_addc(out, (char)(c | 0x80));
		c = size & 0x7f;
	}
	cib_buf_addc(out, (char)c);
}

static void add_distance(cib_buf *out, size_t n)
{
	unsigned char bytes[10];
	size_t at = sizeof bytes;
	bytes[--at] = n & 0x7f;
	while (n >>= 7)
		bytes[--at] = (unsigned char)(0x80 | (--n & 0x7f));
	cib_buf_add(out, bytes + at, sizeof bytes - at);
}

/* The smallest delta found so far for one object. */
typedef struct {
	cib_buf delta, trial;
	cib_oid base;
	size_t index; /* of the base in the pack; OID_MAP_NONE: only the other side has it */
} candidate;

static void try_base(candidate *best, git_odb_object *data, const delta_index *places, const cib_oid *base, size_t index)
{
	size_t len = git_odb_object_size(data), most = best->delta.len ? best->delta.len - 1 : len - len / 8;
	cib_buf_clear(&best->trial);
	if (!delta_make(&best->trial, places, git_odb_object_data(data), len, most))
		return;
	cib_buf swap = best->delta;
	best->delta = best->trial;
	best->trial = swap;
	best->base = *base;
	best->index = index;
}

static bool usable(const writer *w, const cib_oid *base, size_t self, size_t *index)
{
	*index = oid_map_get(&w->known, base);
	if (cib_oid_is_zero(base))
		return false;
	if (*index == OID_MAP_NONE)
		return w->wish->thin;
	return *index < self && w->items[*index].depth < DEPTH;
}

/* Compare with one object that is read for it. */
static void try_object(writer *w, candidate *best, git_odb_object *data, const cib_oid *base, size_t self)
{
	size_t index;
	git_odb_object *other = NULL;
	git_oid id;
	to_git(&id, base);
	if (!usable(w, base, self, &index) || git_odb_read(&other, w->store->odb, &id))
		return;
	if (git_odb_object_type(other) == git_odb_object_type(data) && git_odb_object_size(other) <= DELTA_BYTES) {
		delta_index *places = delta_index_new(git_odb_object_data(other), git_odb_object_size(other));
		try_base(best, data, places, base, index);
		delta_index_free(places);
	}
	git_odb_object_free(other);
}

static void try_recent(writer *w, candidate *best, git_odb_object *data)
{
	for (size_t i = 0; i < w->recent_count; i++) {
		struct recent *r = &w->recent[i];
		const object *o = &w->items[r->index];
		if (o->type != git_odb_object_type(data) || o->depth >= DEPTH)
			continue;
		if (!r->places)
			r->places = delta_index_new(git_odb_object_data(r->data), git_odb_object_size(r->data));
		try_base(best, data, r->places, &o->oid, r->index);
	}
}

static void forget(struct recent *r)
{
	delta_index_free(r->places);
	git_odb_object_free(r->data);
}

static void remember(writer *w, size_t index, git_odb_object *data)
{
	if (w->recent_count == WINDOW) {
		forget(&w->recent[0]);
		memmove(w->recent, w->recent + 1, (WINDOW - 1) * sizeof *w->recent);
		w->recent_count--;
	}
	w->recent[w->recent_count++] = (struct recent){index, data, NULL};
}

static void find_base(writer *w, candidate *best, size_t self, git_odb_object *data)
{
	const object *o = &w->items[self];
	size_t len = git_odb_object_size(data);
	cib_buf_clear(&best->delta);
	if (len < 50 || len > DELTA_BYTES)
		return;
	try_object(w, best, data, &o->base, self);
	if ((best->delta.len && best->delta.len < len / 8) || len > WINDOW_BYTES)
		return;
	try_object(w, best, data, &o->neighbour, self);
	try_recent(w, best, data);
}

static int write_object(writer *w, size_t self, candidate *best, cib_buf *whole, cib_buf *small)
{
	object *o = &w->items[self];
	git_odb_object *data = NULL;
	git_oid id;
	to_git(&id, &o->oid);
	int rc = git_odb_read(&data, w->store->odb, &id);
	if (rc)
		return cib_store_git_error(w->err, rc, "store.object", N_("cannot read an object that is to be sent"));
	find_base(w, best, self, data);
	cib_store_deflate(whole, git_odb_object_data(data), git_odb_object_size(data));
	bool inside = best->index != OID_MAP_NONE && w->wish->offsets;
	if (best->delta.len)
		cib_store_deflate(small, best->delta.data, best->delta.len);
	o->offset = w->out->len;
	if (best->delta.len && small->len + (inside ? 2 : 20) < whole->len) {
		pack_add_head(w->out, inside ? PACK_OFS_DELTA : PACK_REF_DELTA, best->delta.len);
		if (inside)
			add_distance(w->out, o->offset - w->items[best->index].offset);
		else
			cib_buf_add(w->out, best->base.id, 20);
		cib_buf_add(w->out, small->data, small->len);
		o->depth = best->index == OID_MAP_NONE ? 1 : w->items[best->index].depth + 1;
	} else {
		pack_add_head(w->out, (unsigned)o->type, git_odb_object_size(data));
		cib_buf_add(w->out, whole->data, whole->len);
	}
	if (git_odb_object_size(data) <= WINDOW_BYTES)
		remember(w, self, data);
	else
		git_odb_object_free(data);
	return CIB_OK;
}

static int write_all(writer *w)
{
	candidate best = {0};
	cib_buf whole = CIB_BUF_INIT, small = CIB_BUF_INIT;
	int status = CIB_OK;
	pack_begin(w->out, w->count);
	for (size_t i = 0; status == CIB_OK && i < w->count; i++) {
		if (w->wish->tell && w->wish->tell(i, w->count, w->wish->payload))
			status = cib_error_set(w->err, CIB_CANCELLED, "remote.cancelled", "stopped on request");
		else
			status = write_object(w, i, &best, &whole, &small);
	}
	pack_end(w->out);
	cib_buf_free(&best.delta);
	cib_buf_free(&best.trial);
	cib_buf_free(&whole);
	cib_buf_free(&small);
	return status;
}

int pack_write(cib_buf *out, size_t *objects, cib_store *store, const pack_wish *wish, cib_error *err)
{
	cib_error own = CIB_ERROR_INIT;
	writer w = {.store = store, .wish = wish, .out = out, .err = err ? err : &own};
	cib_buf_clear(out);
	int status = cib_store_commits(store, wish->tips, wish->tip_count, wish->have, wish->have_count, true, add_commit, &w, w.err);
	if (status == CIB_OK)
		status = write_all(&w);
	*objects = w.count;
	while (w.recent_count)
		forget(&w.recent[--w.recent_count]);
	oid_map_free(&w.known);
	free(w.items);
	return status;
}
