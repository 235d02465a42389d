/* The commits of a range. libgit2 hides what the excluded tips hold only as far as the dates of the commits lead it: where several were made in one
 * second, or a clock was wrong, some come out all the same (it stops when nothing in its queue is shown any more, and an excluded commit in
 * there may hold one that was shown before). So what comes out is looked for once more, down from the excluded tips. */
#include "store/oid_map.h"
#include "store/private.h"

#include <stdlib.h>

enum { OLDER = 32 }; /* how many commits in a line that are older than all of the range are looked through: their clock may have been wrong */

typedef struct {
	cib_oid oid;
	int older; /* how many more */
} place;

typedef struct {
	cib_store *store;
	cib_oid *items; /* the range */
	size_t count, cap;
	bool *held; /* by an excluded tip */
	size_t held_count;
	oid_map index; /* of items */
	int64_t oldest;
	place *places;
	size_t place_count, place_cap;
	oid_map seen; /* their places */
} range;

static git_commit *look(const range *r, const cib_oid *oid)
{
	git_oid id;
	git_commit *c = NULL;
	to_git(&id, oid);
	return git_commit_lookup(&c, r->store->repo, &id) == 0 ? c : NULL;
}

static void add_place(range *r, const cib_oid *oid, int older)
{
	size_t at = oid_map_get(&r->seen, oid);
	if (at != OID_MAP_NONE && r->places[at].older >= older)
		return;
	oid_map_put(&r->seen, oid, r->place_count); /* one that was seen stays where it was: it is only gone through once more */
	r->places = cib_grow(r->places, &r->place_cap, r->place_count + 1, sizeof *r->places);
	if (at != OID_MAP_NONE)
		r->places[at].older = older;
	r->places[r->place_count++] = (place){*oid, older};
}

static void go_down(range *r, const place *from)
{
	size_t at = oid_map_get(&r->index, &from->oid);
	if (at != OID_MAP_NONE && !r->held[at]) {
		r->held[at] = true;
		r->held_count++;
	}
	git_commit *c = look(r, &from->oid);
	if (!c)
		return;
	int older = git_commit_time(c) < r->oldest ? from->older - 1 : OLDER;
	for (unsigned i = 0; older > 0 && i < git_commit_parentcount(c); i++) {
		cib_oid parent;
		from_git(&parent, git_commit_parent_id(c, i));
		add_place(r, &parent, older);
	}
	git_commit_free(c);
}

static void find_held(range *r, const cib_oid *exclude, size_t count)
{
	r->held = cib_alloc((r->count + 1) * sizeof *r->held);
	for (size_t i = 0; i < r->count; i++) {
		git_commit *c = look(r, &r->items[i]);
		oid_map_put(&r->index, &r->items[i], i);
		if (c && (i == 0 || git_commit_time(c) < r->oldest))
			r->oldest = git_commit_time(c);
		git_commit_free(c);
	}
	for (size_t i = 0; i < count; i++)
		if (!cib_oid_is_zero(&exclude[i]))
			add_place(r, &exclude[i], OLDER);
	for (size_t i = 0; i < r->place_count && r->held_count < r->count; i++) {
		place from = r->places[i];
		go_down(r, &from);
	}
}

static int gather(range *r, const cib_oid *include, size_t include_count, const cib_oid *exclude, size_t exclude_count, bool oldest_first)
{
	git_revwalk *revs = NULL;
	git_oid id;
	int rc = git_revwalk_new(&revs, r->store->repo);
	if (rc == 0)
		rc = git_revwalk_sorting(revs, GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME | (oldest_first ? GIT_SORT_REVERSE : 0));
	for (size_t i = 0; rc == 0 && i < include_count; i++) {
		to_git(&id, &include[i]);
		rc = git_revwalk_push(revs, &id);
	}
	for (size_t i = 0; rc == 0 && i < exclude_count; i++) {
		to_git(&id, &exclude[i]);
		if (!cib_oid_is_zero(&exclude[i]))
			rc = git_revwalk_hide(revs, &id);
	}
	while (rc == 0 && (rc = git_revwalk_next(&id, revs)) == 0) {
		r->items = cib_grow(r->items, &r->cap, r->count + 1, sizeof *r->items);
		from_git(&r->items[r->count++], &id);
	}
	git_revwalk_free(revs);
	return rc == GIT_ITEROVER ? 0 : rc;
}

int cib_store_commits(cib_store *store, const cib_oid *include, size_t include_count, const cib_oid *exclude, size_t exclude_count,
                      bool oldest_first, cib_commit_cb cb, void *payload, cib_error *err)
{
	range r = {.store = store};
	int status = CIB_OK, rc = gather(&r, include, include_count, exclude, exclude_count, oldest_first);
	if (rc)
		status = cib_store_git_error(err, rc, "store.history", N_("cannot walk the history"));
	else if (r.count && exclude_count)
		find_held(&r, exclude, exclude_count);
	for (size_t i = 0; status == CIB_OK && i < r.count; i++)
		if (!r.held || !r.held[i])
			status = cb(&r.items[i], payload);
	free(r.items);
	free(r.held);
	free(r.places);
	oid_map_free(&r.index);
	oid_map_free(&r.seen);
	return status;
}
