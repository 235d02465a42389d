/* History without some blobs: every commit that holds one, and every later one, made anew without it.
 *
 * Trees and commits are looked at once each, however often they are shared; what does not change keeps its id, so the
 * history up to the first of these blobs stays as it is. Signatures of rewritten commits go, as they are of the old ones. */
#include "store/oid_map.h"
#include "store/private.h"

#include <stdlib.h>

typedef struct {
	cib_store *store;
	oid_map unwanted;       /* blobs */
	oid_map trees, commits; /* old to the place in `made` */
	cib_oid *made;
	size_t made_count, made_cap;
	cib_oid *first; /* rewritten commits that no rewritten one stands before */
	size_t first_count, first_cap;
	size_t rewritten;
	cib_error *err;
} rewriting;

static void remember(rewriting *r, oid_map *map, const cib_oid *old, const cib_oid *made)
{
	r->made = cib_grow(r->made, &r->made_cap, r->made_count + 1, sizeof *r->made);
	r->made[r->made_count] = *made;
	oid_map_put(map, old, r->made_count++);
}

/* *out is zero when nothing is left of the folder. */
static int rewrite_tree(cib_oid *out, rewriting *r, const cib_oid *tree, int depth)
{
	size_t known = oid_map_get(&r->trees, tree);
	raw_tree raw;
	raw_entry e;
	cib_buf text = CIB_BUF_INIT;
	bool changed = false;
	if (known != OID_MAP_NONE) {
		*out = r->made[known];
		return CIB_OK;
	}
	if (depth > CIB_TREE_DEPTH)
		return cib_error_set(r->err, CIB_FINDINGS, "store.bad-tree", "folders lie too deep in each other");
	int status = raw_tree_open(&raw, r->store, tree, r->err);
	if (status != CIB_OK)
		return status;
	while ((status = raw_tree_next(&raw, &e, r->err)) == CIB_OK) {
		cib_oid below = e.oid;
		if (is_tree(e.mode) && (status = rewrite_tree(&below, r, &e.oid, depth + 1)) != CIB_OK)
			break;
		bool gone = is_tree(e.mode) ? cib_oid_is_zero(&below) : oid_map_get(&r->unwanted, &e.oid) != OID_MAP_NONE;
		changed = changed || gone || !cib_oid_equal(&below, &e.oid);
		if (gone)
			continue;
		cib_buf_add(&text, e.start, (size_t)(e.end - e.start) - 20);
		cib_buf_add(&text, below.id, 20);
	}
	raw_tree_close(&raw);
	*out = *tree;
	if (status == CIB_NOTFOUND)
		status = CIB_OK;
	if (status == CIB_OK && changed && text.len)
		status = cib_store_object_write(out, r->store, GIT_OBJECT_TREE, text.data, text.len, r->err);
	else if (changed)
		*out = (cib_oid){{0}};
	if (status == CIB_OK)
		remember(r, &r->trees, tree, out);
	cib_buf_free(&text);
	return status;
}

/* The header of a commit with other ids and no signature; the rest byte for byte. */
static void write_commit(cib_buf *out, const char *text, size_t len, const cib_oid *tree, const cib_oid *parents)
{
	const char *end = text + len;
	char hex[CIB_OID_HEX];
	bool leave_out = false;
	for (const char *line = text, *next; line < end; line = next) {
		const char *eol = memchr(line, '\n', (size_t)(end - line));
		next = eol ? eol + 1 : end;
		if (next == line + 1) { /* the message follows */
			cib_buf_add(out, line, (size_t)(end - line));
			return;
		}
		leave_out = *line == ' ' ? leave_out : strncmp(line, "gpgsig", 6) == 0;
		if (strncmp(line, "tree ", 5) == 0) {
			cib_oid_hex(hex, tree);
			cib_buf_addf(out, "tree %s\n", hex);
		} else if (strncmp(line, "parent ", 7) == 0) {
			cib_oid_hex(hex, parents++);
			cib_buf_addf(out, "parent %s\n", hex);
		} else if (!leave_out) {
			cib_buf_add(out, line, (size_t)(next - line));
		}
	}
}

static int rewrite_commit(const cib_oid *oid, void *payload)
{
	rewriting *r = payload;
	cib_commit c;
	cib_oid tree, made = *oid;
	cib_buf raw = CIB_BUF_INIT, text = CIB_BUF_INIT;
	int status = cib_store_commit_read(&c, r->store, oid, r->err);
	if (status != CIB_OK)
		return status;
	bool parents = false;
	for (size_t i = 0; i < c.parent_count; i++) {
		size_t known = oid_map_get(&r->commits, &c.parents[i]);
		if (known == OID_MAP_NONE || cib_oid_equal(&r->made[known], &c.parents[i]))
			continue;
		c.parents[i] = r->made[known];
		parents = true;
	}
	status = rewrite_tree(&tree, r, &c.tree, 0);
	bool trees = status == CIB_OK && !cib_oid_equal(&tree, &c.tree);
	if (trees && cib_oid_is_zero(&tree))
		status = cib_store_object_write(&tree, r->store, GIT_OBJECT_TREE, "", 0, r->err);
	if (status == CIB_OK && (parents || trees)) {
		status = cib_store_commit_raw(&raw, r->store, oid, 16u << 20, r->err);
		if (status == CIB_OK) {
			write_commit(&text, raw.data, raw.len, &tree, c.parents);
			status = cib_store_object_write(&made, r->store, GIT_OBJECT_COMMIT, text.data, text.len, r->err);
		}
		r->rewritten++;
		if (!parents) {
			r->first = cib_grow(r->first, &r->first_cap, r->first_count + 1, sizeof *r->first);
			r->first[r->first_count++] = *oid;
		}
	}
	if (status == CIB_OK)
		remember(r, &r->commits, oid, &made);
	cib_commit_clear(&c);
	cib_buf_free(&raw);
	cib_buf_free(&text);
	return status;
}

static int add_ref(const char *ref, const cib_oid *oid, void *payload)
{
	cib_rewritten *out = payload;
	out->refs = cib_grow(out->refs, &out->ref_cap, out->ref_count + 1, sizeof *out->refs);
	out->refs[out->ref_count++] = (cib_rewritten_ref){cib_strdup(ref), *oid, *oid};
	return 0;
}

int cib_store_without(cib_rewritten *out, cib_store *store, const cib_oid *blobs, size_t count, cib_error *err)
{
	rewriting r = {.store = store, .err = err};
	*out = (cib_rewritten){0};
	for (size_t i = 0; i < count; i++)
		oid_map_put(&r.unwanted, &blobs[i], i);
	int status = cib_store_ref_each(store, "refs/", add_ref, out, err);
	cib_oid *tips = cib_alloc((out->ref_count + 1) * sizeof *tips);
	for (size_t i = 0; i < out->ref_count; i++)
		tips[i] = out->refs[i].before;
	if (status == CIB_OK)
		status = cib_store_commits(store, tips, out->ref_count, NULL, 0, true, rewrite_commit, &r, err);
	for (size_t i = 0; status == CIB_OK && i < out->ref_count; i++) {
		size_t known = oid_map_get(&r.commits, &out->refs[i].before);
		out->refs[i].after = known == OID_MAP_NONE ? out->refs[i].before : r.made[known];
	}
	out->first = r.first;
	out->first_count = r.first_count;
	out->commits = r.rewritten;
	oid_map_free(&r.unwanted);
	oid_map_free(&r.trees);
	oid_map_free(&r.commits);
	free(r.made);
	free(tips);
	return status;
}

/* ---- what two histories share across that ---- */

typedef struct {
	rewriting *r;
	oid_map now; /* the commits of the other history */
	cib_oid *old, *made;
	size_t count, old_cap, made_cap;
} sharing;

static int note_now(const cib_oid *oid, void *payload)
{
	sharing *s = payload;
	oid_map_put(&s->now, oid, 0);
	return CIB_OK;
}

/* Parents come before children, and what is shared has its parents shared: each takes the place of its parents. */
static int note_shared(const cib_oid *oid, void *payload)
{
	sharing *s = payload;
	const cib_oid made = s->r->made[oid_map_get(&s->r->commits, oid)];
	cib_commit c;
	if (oid_map_get(&s->now, &made) == OID_MAP_NONE)
		return CIB_OK;
	int status = cib_store_commit_read(&c, s->r->store, oid, s->r->err);
	if (status != CIB_OK)
		return status;
	size_t kept = 0;
	for (size_t i = 0; i < s->count; i++) {
		bool parent = false;
		for (size_t k = 0; k < c.parent_count; k++)
			parent = parent || cib_oid_equal(&c.parents[k], &s->old[i]);
		if (!parent) {
			s->old[kept] = s->old[i];
			s->made[kept++] = s->made[i];
		}
	}
	cib_commit_clear(&c);
	s->old = cib_grow(s->old, &s->old_cap, kept + 1, sizeof *s->old);
	s->made = cib_grow(s->made, &s->made_cap, kept + 1, sizeof *s->made);
	s->old[kept] = *oid;
	s->made[kept] = made;
	s->count = kept + 1;
	return CIB_OK;
}

int cib_store_bases_without(cib_oid **old, cib_oid **made, size_t *count, cib_store *store, const cib_oid *tip, const cib_oid *now,
                            const cib_oid *blobs, size_t blob_count, cib_error *err)
{
	rewriting r = {.store = store, .err = err};
	sharing s = {.r = &r};
	for (size_t i = 0; i < blob_count; i++)
		oid_map_put(&r.unwanted, &blobs[i], i);
	cib_store_gather_begin(store); /* only the ids are of use */
	int status = cib_store_commits(store, tip, 1, NULL, 0, true, rewrite_commit, &r, err);
	cib_store_gather_drop(store);
	if (status == CIB_OK)
		status = cib_store_commits(store, now, 1, NULL, 0, false, note_now, &s, err);
	if (status == CIB_OK)
		status = cib_store_commits(store, tip, 1, NULL, 0, true, note_shared, &s, err);
	*old = s.old;
	*made = s.made;
	*count = status == CIB_OK ? s.count : 0;
	oid_map_free(&r.unwanted);
	oid_map_free(&r.trees);
	oid_map_free(&r.commits);
	oid_map_free(&s.now);
	free(r.made);
	free(r.first);
	return status;
}

void cib_rewritten_clear(cib_rewritten *rewritten)
{
	for (size_t i = 0; i < rewritten->ref_count; i++)
		free(rewritten->refs[i].ref);
	free(rewritten->refs);
	free(rewritten->first);
	*rewritten = (cib_rewritten){0};
}

/* ---- every version of every file, once ---- */

typedef struct {
	cib_store *store;
	oid_map seen;
	cib_tree_cb cb;
	void *payload;
	cib_error *err;
} looking;

static int look_at_tree(looking *l, const cib_oid *tree, cib_buf *path, int depth)
{
	raw_tree raw;
	raw_entry e;
	if (depth > CIB_TREE_DEPTH || !oid_map_put(&l->seen, tree, 0))
		return CIB_OK;
	int status = raw_tree_open(&raw, l->store, tree, l->err), stop = CIB_OK;
	if (status != CIB_OK)
		return status;
	size_t len = path->len;
	while (stop == CIB_OK && (status = raw_tree_next(&raw, &e, l->err)) == CIB_OK) {
		cib_buf_addf(path, "%s%.*s", len ? "/" : "", (int)e.name_len, e.name);
		if (is_tree(e.mode))
			stop = look_at_tree(l, &e.oid, path, depth + 1);
		else if (e.mode != 0160000 && oid_map_put(&l->seen, &e.oid, 0))
			stop = l->cb(&(cib_tree_entry){path->data, e.mode, e.oid}, l->payload);
		path->len = len;
		path->data[len] = '\0';
	}
	raw_tree_close(&raw);
	return stop ? stop : status == CIB_NOTFOUND ? CIB_OK
	                                            : status;
}

static int look_at_commit(const cib_oid *oid, void *payload)
{
	looking *l = payload;
	cib_buf path = CIB_BUF_INIT;
	cib_oid tree;
	int status = cib_store_peel(&tree, l->store, oid, l->err);
	if (status == CIB_OK && !cib_oid_is_zero(&tree))
		status = look_at_tree(l, &tree, &path, 0);
	cib_buf_free(&path);
	return status;
}

int cib_store_each_version(cib_store *store, cib_tree_cb cb, void *payload, cib_error *err)
{
	cib_rewritten refs = {0};
	looking l = {.store = store, .cb = cb, .payload = payload, .err = err};
	int status = cib_store_ref_each(store, "refs/", add_ref, &refs, err);
	cib_oid *tips = cib_alloc((refs.ref_count + 1) * sizeof *tips);
	for (size_t i = 0; i < refs.ref_count; i++)
		tips[i] = refs.refs[i].before;
	if (status == CIB_OK)
		status = cib_store_commits(store, tips, refs.ref_count, NULL, 0, true, look_at_commit, &l, err);
	free(tips);
	oid_map_free(&l.seen);
	cib_rewritten_clear(&refs);
	return status;
}

/* ---- taking objects away that nothing refers to ---- */

int cib_store_expire(cib_store *store, cib_error *err)
{
	const char *dir = cib_store_git_dir(store);
	const char *forget[] = {"git", "--git-dir", dir, "reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all", NULL};
	const char *prune[] = {"git", "--git-dir", dir, "-c", "gc.auto=0", "gc", "--quiet", "--prune=now", NULL};
	const char *const *steps[] = {forget, prune};
	cib_buf errs = CIB_BUF_INIT;
	int status = CIB_OK, code = 0;
	for (size_t i = 0; status == CIB_OK && i < 2; i++) {
		status = cib_execute(&code, NULL, &errs, steps[i], &(cib_execute_options){.alone = true}, err);
		if (status == CIB_OK && code != 0)
			status = cib_error_set(err, CIB_IO, "store.expire", "old objects could not be taken away: %.*s", (int)strcspn(cib_buf_str(&errs), "\n"), cib_buf_str(&errs));
	}
	if (status != CIB_OK)
		cib_error_hint(err, "run it by hand: git --git-dir %s reflog expire --expire=now --all; git --git-dir %s gc --prune=now", dir, dir);
	cib_buf_free(&errs);
	git_odb_refresh(store->odb);
	return status;
}
