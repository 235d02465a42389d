/* What one side moved: a member's folder that was renamed is removals here and additions there. The other side's edits go along. */
#include "sync/merge_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What stays the same when a member's folder is renamed: folder and id; a member's own profile has its name for one. */
static const char *moving_name(const cib_merge_row *r)
{
	const char *rest = strncmp(r->path, "members/", 8) == 0 ? strchr(r->path + 8, '/') : NULL;
	if (!rest)
		return NULL;
	return r->place.kind && !r->place.kind->prefix && r->place.area == CIB_AREA_MEMBER ? "/" : rest;
}

static int by_moving_name(const void *a, const void *b)
{
	return strcmp(moving_name(*(cib_merge_row *const *)a), moving_name(*(cib_merge_row *const *)b));
}

/* Does what ours did in a folder go along to where theirs has it now? What is handed over to another member is not one's own any more. */
static bool goes_along(const cib_merger *m, const cib_merge_row *to)
{
	return !m->how->home || strcmp(to->place.member, m->how->home) == 0;
}

/* One side removed a path and has the same entry at another: its other side's edit goes along. */
static void pair_move(const cib_merger *m, cib_merge_row *from, cib_merge_row *to)
{
	bool by_theirs = from->base.mode && !from->theirs.mode && !to->base.mode && !to->ours.mode && to->theirs.mode && goes_along(m, to);
	bool by_ours = from->base.mode && !from->ours.mode && !to->base.mode && !to->theirs.mode && to->ours.mode;
	bool by_both = from->base.mode && !from->ours.mode && !from->theirs.mode && !to->base.mode && to->ours.mode && to->theirs.mode;
	if (from->done || to->done || !(by_theirs || by_ours || by_both))
		return;
	to->base = from->base;
	if (by_theirs)
		to->ours = from->ours;
	else if (by_ours)
		to->theirs = from->theirs;
	from->done = true;
	from->moved_to = to;
}

/* What ours added in a folder that theirs renamed goes along: `moved` shows one entry that theirs took from `old`. */
static void take_additions_along(cib_merger *m, const char *old, const cib_merge_row *moved)
{
	cib_oid oid;
	unsigned mode;
	char *folder = cib_format("members/%s", old);
	size_t n = strlen(folder);
	if (cib_store_tree_get(&oid, &mode, m->store, m->how->theirs, folder, NULL) == CIB_NOTFOUND)
		for (size_t i = 0; i < m->row_count; i++) {
			cib_merge_row *r = &m->rows[i];
			if (r->done || r->base.mode || r->theirs.mode || strncmp(r->path, folder, n) != 0 || r->path[n] != '/')
				continue;
			char *there = cib_format("members/%s%s", moved->place.member, r->path + n);
			snprintf(r->from_member, sizeof r->from_member, "%s", old);
			r->old_path = r->path; /* ours.path goes on pointing to it */
			r->path = there;
			cib_network_place(&r->place, m->how->net, there);
		}
	free(folder);
}

/* Once for each renamed folder. */
static void follow_folders(cib_merger *m)
{
	const char *handled = "";
	for (size_t i = 0; i < m->row_count; i++) {
		cib_merge_row *from = &m->rows[i];
		if (!from->moved_to || from->theirs.mode || strcmp(from->place.member, from->moved_to->place.member) == 0 || strcmp(from->place.member, handled) == 0)
			continue;
		handled = from->place.member; /* rows stand in the order of their paths */
		take_additions_along(m, handled, from->moved_to);
	}
}

void cib_merge_find_moves(cib_merger *m)
{
	cib_merge_row **list = cib_alloc((m->row_count + 1) * sizeof *list);
	size_t n = 0;
	for (size_t i = 0; i < m->row_count; i++)
		if (moving_name(&m->rows[i]))
			list[n++] = &m->rows[i];
	qsort(list, n, sizeof *list, by_moving_name);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && by_moving_name(&list[i], &list[end]) == 0; end++)
			;
		for (size_t a = i; a < end && end - i <= 16; a++)
			for (size_t b = i; b < end; b++)
				pair_move(m, list[a], list[b]);
	}
	free(list);
	follow_folders(m);
}
