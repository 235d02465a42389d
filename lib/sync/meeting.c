/* Where two histories meet: their merge bases, and what these had together. */
#include "sync/merge_private.h"

#include <stdlib.h>

enum { BASE_DEPTH = 8 };

/* One tree for several merge bases (branches that were merged crosswise): they are merged themselves, and where they
 * disagree the tree has nothing, so that neither side's value passes for unchanged. */
static int virtual_base(cib_oid *tree, cib_store *store, cib_network *net, const cib_oid *bases, size_t count, int depth, cib_error *err)
{
	*tree = count ? bases[0] : (cib_oid){{0}};
	int status = CIB_OK;
	for (size_t i = 1; i < count && depth < BASE_DEPTH && status == CIB_OK; i++) {
		cib_oid *inner = NULL, base = {{0}}, joined;
		size_t inner_count = 0;
		status = cib_store_merge_bases(&inner, &inner_count, store, &bases[0], &bases[i], err);
		if (status == CIB_OK)
			status = virtual_base(&base, store, net, inner, inner_count, depth + 1, err);
		if (status == CIB_OK)
			status = cib_merge_before(&joined, store, net, tree, &bases[i], &base, i == 1 ? inner : NULL, inner_count, err);
		if (status == CIB_OK)
			*tree = joined;
		free(inner);
	}
	return status;
}

int cib_meeting_had(cib_oid *tree, cib_store *store, cib_network *net, const cib_oid *bases, size_t count, cib_error *err)
{
	return virtual_base(tree, store, net, bases, count, 0, err);
}

/* In the member's folder what the bases have that a bridge tells of. */
static int look_past(cib_meeting *met, cib_store *store, cib_network *net, cib_oid *bases, size_t count, const char *member, cib_error *err)
{
	cib_oid had, oid = {{0}};
	unsigned mode;
	char *folder = cib_format("members/%s", member);
	int status = virtual_base(&had, store, net, bases, count, 0, err);
	if (status == CIB_OK && cib_store_tree_get(&oid, &mode, store, &had, folder, NULL) != CIB_OK)
		oid = (cib_oid){{0}};
	cib_tree_entry edit = {folder, cib_oid_is_zero(&oid) ? 0 : 0040000, oid};
	if (status == CIB_OK)
		status = cib_store_tree_edit(&met->had, store, &met->had, &edit, 1, err);
	free(folder);
	free(met->bases);
	met->bases = bases;
	met->count = count;
	return status;
}

int cib_meeting_find(cib_meeting *out, cib_store *store, cib_network *net, const cib_oid *a, const cib_oid *b, const char *member, bool both, cib_error *err)
{
	cib_oid *past = NULL;
	size_t count = 0;
	*out = (cib_meeting){0};
	int status = cib_store_merge_bases(&out->bases, &out->count, store, a, b, err);
	if (status == CIB_OK)
		status = virtual_base(&out->had, store, net, out->bases, out->count, 0, err);
	if (status == CIB_OK && out->count && member)
		status = cib_bridge_bases(&past, &count, store, a, b, out->bases, out->count, both, err);
	if (status == CIB_OK && count)
		return look_past(out, store, net, past, count, member, err);
	free(past);
	return status;
}

void cib_meeting_clear(cib_meeting *meeting)
{
	free(meeting->bases);
	*meeting = (cib_meeting){0};
}
