/* More commits than one push may hold (limits.commits in network.json): a secretariat that gave sticks for months, a member who saved as long without
 * a link. They go as they are, the older ones first:
 *
 *     what the server has  o---o---C---o---o---C---o---tip    each C is pushed, then the tip
 *
 * so that nothing of main's history is lost, and sticks that gave these very commits hold what the server has. */
#include "sync/private.h"

#include <stdlib.h>

typedef struct {
	cib_oid *items;
	size_t count, cap;
} line;

static int add(const cib_oid *oid, void *payload)
{
	line *l = payload;
	l->items = cib_grow(l->items, &l->cap, l->count + 1, sizeof *l->items);
	l->items[l->count++] = *oid;
	return 0;
}

/* Which commits the branch itself was at: first parents, from the tip back. Parents stand before children. */
static int mark(bool *on_branch, const line *l, cib_store *store, cib_error *err)
{
	cib_oid next = l->items[l->count - 1];
	int status = CIB_OK;
	for (size_t i = l->count; status == CIB_OK && i-- > 0;) {
		cib_commit c;
		on_branch[i] = cib_oid_equal(&l->items[i], &next);
		if (!on_branch[i])
			continue;
		status = cib_store_commit_read(&c, store, &next, err);
		if (status == CIB_OK && c.parent_count)
			next = c.parents[0];
		cib_commit_clear(&c);
	}
	return status;
}

/* As few of these as there can be with at most `most` commits from one to the next. Where the branch was at none of so many there are none. */
static void cut(line *cuts, const line *all, const bool *on_branch, size_t most)
{
	size_t from = 0, last = SIZE_MAX;
	for (size_t i = 0; i < all->count; i++) {
		if (i - from >= most) {
			if (last == SIZE_MAX || last < from) {
				cuts->count = 0;
				return;
			}
			add(&all->items[last], cuts);
			from = last + 1;
		}
		if (on_branch[i])
			last = i;
	}
}

int cib_line_cuts(cib_oid **cuts, size_t *count, cib_workspace *ws, const cib_oid *known, size_t known_count, cib_error *err)
{
	line all = {0}, found = {0};
	size_t most = cib_network_limits(ws->net)->commits;
	int status = cib_store_commits(ws->store, &ws->tip, 1, known, known_count, true, add, &all, err);
	if (status == CIB_OK && all.count > most) {
		bool *on_branch = cib_alloc(all.count * sizeof *on_branch);
		status = mark(on_branch, &all, ws->store, err);
		if (status == CIB_OK)
			cut(&found, &all, on_branch, most);
		free(on_branch);
	}
	free(all.items);
	*cuts = found.items;
	*count = found.count;
	return status;
}
