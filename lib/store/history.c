/* The history of one path.
 *
 * path_had, path_wrote, path_made and path_passed look at each version that the path's folder had in a range (memo.c). path_history is simplified as `git log PATH` is: where
 * a merge agrees with one parent, only that parent is followed; path_versions goes to all parents where they do not agree among
 * themselves, so that what was taken over by other ways than a merge is still found at who wrote it. Commits come by time, newest
 * first. */
#include "store/private.h"

#include <stdlib.h>

/* What stands at the path in a commit. Root trees that repeat are looked up once. */
typedef struct {
	cib_store *store;
	const char *path;
	cib_oid tree, found; /* the last look-up */
	bool known;
} looker;

static int look(looker *l, const cib_oid *tree, cib_oid *out, cib_error *err)
{
	unsigned mode;
	if (!l->known || !cib_oid_equal(tree, &l->tree)) {
		int status = cib_store_tree_get(&l->found, &mode, l->store, tree, l->path, err);
		if (status == CIB_NOTFOUND)
			cib_error_clear(err);
		else if (status != CIB_OK)
			return status;
		l->tree = *tree;
		l->known = true;
	}
	*out = l->found;
	return CIB_OK;
}

/* What stands under a name in a version of its folder; zero: nothing. */
static int in_folder(cib_oid *out, cib_store *store, const cib_oid *folder, const char *name, cib_error *err)
{
	unsigned mode;
	*out = (cib_oid){{0}};
	if (cib_oid_is_zero(folder))
		return CIB_OK;
	int status = cib_store_tree_get(out, &mode, store, folder, name, err);
	if (status != CIB_NOTFOUND)
		return status;
	cib_error_clear(err);
	*out = (cib_oid){{0}};
	return CIB_OK;
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

int cib_store_path_had(bool *out, cib_store *store, const cib_oid *tip, const cib_oid *until, const char *path, const cib_oid *blob,
                       cib_error *err)
{
	const cib_past *past;
	*out = false;
	int status = cib_memo_past(&past, store, tip, until, path, false, err);
	for (size_t i = 0; status == CIB_OK && !*out && i < past->count; i++) {
		cib_oid found;
		status = in_folder(&found, store, &past->trees[i], name_of(path), err);
		*out = status == CIB_OK && cib_oid_equal(&found, blob);
	}
	return status;
}

static bool is_held(cib_store *store, const cib_oid *commit, const cib_oid *tips, size_t count)
{
	bool held = false;
	for (size_t i = 0; !held && i < count; i++)
		held = cib_store_is_ancestor(store, commit, &tips[i]);
	return held;
}

/* only: NULL: every version. taken_over: those, too, that another than the first parent has. */
static int each_made(cib_store *store, const cib_oid *tip, const cib_oid *bases, size_t count, const char *path, const cib_oid *only, bool taken_over,
                     cib_made_cb cb, void *payload, cib_error *err)
{
	const cib_oid none = {{0}};
	const cib_past *past;
	int status = cib_memo_past(&past, store, tip, count ? &bases[0] : &none, path, true, err);
	size_t changed = 0;
	const cib_step_change *change = status == CIB_OK ? cib_past_changes(&changed, past, name_of(path)) : NULL;
	for (size_t i = 0; status == CIB_OK && i < changed; i++) {
		const cib_step *step = &past->steps[change[i].step];
		cib_oid after, before = {{0}};
		status = in_folder(&after, store, &step->tree, name_of(path), err);
		bool new = status == CIB_OK && (only ? cib_oid_equal(&after, only) : step->count || !cib_oid_is_zero(&after));
		for (size_t k = taken_over && step->count ? 1 : step->count; new &&status == CIB_OK &&k-- > 0;) {
			status = in_folder(&before, store, &past->before[step->first + k], name_of(path), err);
			new = !cib_oid_equal(&before, &after);
		}
		if (status == CIB_OK && new && !(count > 1 && is_held(store, &step->commit, bases + 1, count - 1)))
			status = cb(&step->commit, &before, &after, payload);
	}
	return status;
}

int cib_store_path_made(cib_store *store, const cib_oid *tip, const cib_oid *bases, size_t count, const char *path, cib_made_cb cb, void *payload,
                        cib_error *err)
{
	return each_made(store, tip, bases, count, path, NULL, false, cb, payload, err);
}

int cib_store_path_passed(cib_store *store, const cib_oid *tip, const cib_oid *bases, size_t count, const char *path, cib_made_cb cb, void *payload,
                          cib_error *err)
{
	return each_made(store, tip, bases, count, path, NULL, true, cb, payload, err);
}

static int note_made(const cib_oid *commit, const cib_oid *before, const cib_oid *after, void *payload)
{
	(void)commit;
	(void)before;
	(void)after;
	*(bool *)payload = true;
	return 1;
}

int cib_store_path_wrote(bool *out, cib_store *store, const cib_oid *tip, const cib_oid *bases, size_t count, const char *path, const cib_oid *blob,
                         cib_error *err)
{
	*out = false;
	int status = each_made(store, tip, bases, count, path, blob, false, note_made, out, err);
	return *out ? CIB_OK : status;
}

/* ---- the walk of path_history: a heap of commits by time, and a set of the ids seen ---- */

typedef struct {
	git_commit *commit;
	int64_t time;
} pending;

typedef struct {
	pending *heap;
	size_t count, cap;
	cib_oid *seen; /* open addressing; zero: free */
	size_t seen_count, seen_size;
	bool all_sides; /* of a merge whose parents do not agree */
} frontier;

static bool insert(cib_oid *table, size_t size, const cib_oid *oid)
{
	size_t at;
	memcpy(&at, oid->id, sizeof at);
	for (at &= size - 1; !cib_oid_is_zero(&table[at]); at = (at + 1) & (size - 1))
		if (cib_oid_equal(&table[at], oid))
			return false;
	table[at] = *oid;
	return true;
}

static bool see(frontier *f, const cib_oid *oid)
{
	if (f->seen_count * 2 >= f->seen_size) {
		size_t size = f->seen_size ? f->seen_size * 2 : 256;
		cib_oid *table = cib_alloc(size * sizeof *table);
		for (size_t i = 0; i < f->seen_size; i++)
			if (!cib_oid_is_zero(&f->seen[i]))
				insert(table, size, &f->seen[i]);
		free(f->seen);
		f->seen = table;
		f->seen_size = size;
	}
	bool new = insert(f->seen, f->seen_size, oid);
	f->seen_count += new;
	return new;
}

/* Takes the commit. */
static void push(frontier *f, git_commit *commit)
{
	f->heap = cib_grow(f->heap, &f->cap, f->count + 1, sizeof *f->heap);
	pending p = {commit, git_commit_time(commit)};
	size_t i = f->count++;
	for (; i && f->heap[(i - 1) / 2].time < p.time; i = (i - 1) / 2)
		f->heap[i] = f->heap[(i - 1) / 2];
	f->heap[i] = p;
}

static git_commit *pop(frontier *f)
{
	git_commit *top = f->heap[0].commit;
	pending last = f->heap[--f->count];
	size_t i = 0;
	for (size_t child; (child = 2 * i + 1) < f->count; i = child) {
		if (child + 1 < f->count && f->heap[child + 1].time > f->heap[child].time)
			child++;
		if (f->heap[child].time <= last.time)
			break;
		f->heap[i] = f->heap[child];
	}
	if (f->count)
		f->heap[i] = last;
	return top;
}

/* Report the commit when it differs from all its parents, and go on to those that matter. */
static int visit(frontier *f, looker *l, git_commit *commit, cib_history_cb cb, void *payload, cib_error *err)
{
	cib_oid tree, here, there;
	from_git(&tree, git_commit_tree_id(commit));
	int status = look(l, &tree, &here, err);
	unsigned n = git_commit_parentcount(commit), same = n;
	bool agree = true;
	git_commit **parents = cib_alloc((n + 1) * sizeof(git_commit *));
	for (unsigned i = 0; status == CIB_OK && i < n && (same == n || f->all_sides); i++) {
		int rc = git_commit_parent(&parents[i], commit, i);
		if (rc) {
			status = cib_store_git_error(err, rc, "store.history", N_("cannot read a commit of the history"));
			break;
		}
		from_git(&tree, git_commit_tree_id(parents[i]));
		status = look(l, &tree, &there, err);
		if (status == CIB_OK && !cib_oid_equal(&here, &there))
			agree = false;
		else if (status == CIB_OK && same == n)
			same = i;
	}
	if (status == CIB_OK && same == n && !(n == 0 && cib_oid_is_zero(&here))) {
		cib_oid oid;
		from_git(&oid, git_commit_id(commit));
		status = cb(&oid, &here, payload);
	}
	for (unsigned i = 0; i < n; i++) {
		cib_oid oid;
		from_git(&oid, git_commit_parent_id(commit, i));
		if (status == CIB_OK && parents[i] && (same == n || same == i || (f->all_sides && !agree)) && see(f, &oid))
			push(f, parents[i]);
		else
			git_commit_free(parents[i]);
	}
	free(parents);
	return status;
}

static int walk_history(cib_store *store, const cib_oid *tip, const char *path, bool all_sides, cib_history_cb cb, void *payload, cib_error *err)
{
	looker l = {.store = store, .path = path};
	frontier f = {.all_sides = all_sides};
	git_commit *commit = NULL;
	git_oid id;
	int status = CIB_OK;
	to_git(&id, tip);
	int rc = git_commit_lookup(&commit, store->repo, &id);
	if (rc)
		return cib_store_git_error(err, rc, "store.history", N_("cannot read the newest commit"));
	see(&f, tip);
	push(&f, commit);
	while (status == CIB_OK && f.count) {
		commit = pop(&f);
		status = visit(&f, &l, commit, cb, payload, err);
		git_commit_free(commit);
	}
	while (f.count)
		git_commit_free(pop(&f));
	free(f.heap);
	free(f.seen);
	return status;
}

int cib_store_path_history(cib_store *store, const cib_oid *tip, const char *path, cib_history_cb cb, void *payload, cib_error *err)
{
	return walk_history(store, tip, path, false, cb, payload, err);
}

int cib_store_path_versions(cib_store *store, const cib_oid *tip, const char *path, cib_history_cb cb, void *payload, cib_error *err)
{
	return walk_history(store, tip, path, true, cb, payload, err);
}
