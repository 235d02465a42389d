/* What came by hand, in bundles, and is not known to be on the server. Each branch of a bundle is a reference below one of
 *
 *   refs/cib/given/main/<12 hex>            the secretariat's main
 *   refs/cib/given/own/<12 hex>             the own branch, from a colleague's computer
 *   refs/cib/given/members/<m>/<12 hex>     (secretariat) the branch of a member; what the server had of it and lost, too
 *
 * one for each tip that no other holds, so that nothing depends on the order in which sticks arrive. A tip that the server
 * is known to have, too, needs none. Where a member's tips went apart (two laptops, one stick) the secretariat looks at
 * their join, which stands in refs/cib/joined/<m> and never leaves this copy. */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_AT_BOTH "Look at both\n"

typedef struct {
	cib_store *store;
	cib_oid *tips;
	char **refs; /* NULL for a tip that has none below the prefix */
	size_t count, cap, ref_cap;
} heads;

static int add_head(const char *ref, const cib_oid *oid, void *payload)
{
	heads *h = payload;
	h->tips = cib_grow(h->tips, &h->cap, h->count + 1, sizeof *h->tips);
	h->refs = cib_grow(h->refs, &h->ref_cap, h->count + 1, sizeof *h->refs);
	h->tips[h->count] = *oid;
	h->refs[h->count++] = cib_strdup(ref);
	return 0;
}

static void heads_free(heads *h)
{
	for (size_t i = 0; i < h->count; i++)
		free(h->refs[i]);
	free(h->refs);
	free(h->tips);
}

char *cib_given_members(const char *member)
{
	return cib_format("refs/cib/given/members/%s/", member);
}

static char *central_member(const char *member)
{
	return cib_format("refs/cib/central/members/%s", member);
}

int cib_given_list(cib_oid **out, size_t *count, cib_workspace *ws, const char *prefix, cib_error *err)
{
	heads h = {.store = ws->store};
	int status = cib_store_ref_each(ws->store, prefix, add_head, &h, err);
	*out = h.tips;
	*count = h.count;
	h.tips = NULL;
	heads_free(&h);
	return status;
}

/* Delete the references whose commits `tip` holds. */
int cib_given_drop(cib_workspace *ws, const char *prefix, const cib_oid *tip, cib_error *err)
{
	heads h = {.store = ws->store};
	int status = cib_store_ref_each(ws->store, prefix, add_head, &h, err);
	for (size_t i = 0; status == CIB_OK && i < h.count; i++)
		if (cib_store_is_ancestor(ws->store, &h.tips[i], tip))
			status = cib_store_ref_delete(ws->store, h.refs[i], err);
	heads_free(&h);
	return status;
}

int cib_given_add(cib_workspace *ws, const char *prefix, const cib_oid *tip, cib_error *err)
{
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, tip);
	char *ref = cib_format("%s%.12s", prefix, hex);
	heads h = {.store = ws->store};
	int status = cib_store_ref_set(ws->store, ref, tip, NULL, err);
	if (status == CIB_OK)
		status = cib_store_ref_each(ws->store, prefix, add_head, &h, err);
	for (size_t i = 0; status == CIB_OK && i < h.count; i++)
		if (strcmp(h.refs[i], ref) != 0 && cib_store_is_ancestor(ws->store, &h.tips[i], tip))
			status = cib_store_ref_delete(ws->store, h.refs[i], err);
	heads_free(&h);
	free(ref);
	return status;
}

int cib_known_mains(cib_oid **out, size_t *count, cib_workspace *ws, cib_error *err)
{
	heads h = {.store = ws->store};
	cib_oid tip;
	int status = cib_store_ref_each(ws->store, GIVEN_MAIN, add_head, &h, err);
	if (status == CIB_OK && cib_store_ref_get(&tip, ws->store, CENTRAL_MAIN, NULL) == CIB_OK)
		status = add_head(CENTRAL_MAIN, &tip, &h);
	*out = h.tips;
	*count = h.count;
	h.tips = NULL;
	heads_free(&h);
	return status;
}

int cib_workspace_main(cib_oid *out, cib_workspace *ws, cib_error *err)
{
	cib_oid *tips = NULL;
	size_t count = 0;
	if (!ws->member) {
		*out = ws->tip;
		return CIB_OK;
	}
	int status = cib_store_ref_get(out, ws->store, CENTRAL_MAIN, err);
	if (status == CIB_OK)
		status = cib_given_list(&tips, &count, ws, GIVEN_MAIN, err);
	for (size_t i = 0; status == CIB_OK && i < count; i++)
		if (cib_store_is_ancestor(ws->store, out, &tips[i]))
			*out = tips[i];
	free(tips);
	return status;
}

/* ---- what a member has of others ---- */

/* Does one side hold of a main all that the other side holds of it? */
static int holds_as_much(bool *holds, cib_workspace *ws, const cib_oid *side, const cib_oid *other, const cib_oid *main_tip, cib_error *err)
{
	cib_oid *bases = NULL;
	size_t count = 0;
	int status = cib_store_merge_bases(&bases, &count, ws->store, other, main_tip, err);
	*holds = true;
	for (size_t i = 0; *holds && i < count; i++)
		*holds = cib_store_is_ancestor(ws->store, &bases[i], side);
	free(bases);
	return status;
}

int cib_given_around(cib_commit_merge *how, cib_workspace *ws, cib_error *err)
{
	cib_oid newest;
	bool holds = true;
	int status = cib_workspace_main(&newest, ws, err);
	if (status == CIB_OK)
		status = holds_as_much(&holds, ws, how->theirs, how->ours, &newest, err);
	how->own = ws->member;
	how->as_ours = !holds;
	return status;
}

/* ---- the members' branches, as the secretariat sees them ---- */

int cib_member_tips(cib_oid **out, size_t *count, cib_workspace *ws, const char *member, cib_error *err)
{
	cib_oid central;
	char *prefix = cib_given_members(member), *ref = central_member(member);
	int status = cib_given_list(out, count, ws, prefix, err);
	if (status == CIB_OK && cib_store_ref_get(&central, ws->store, ref, NULL) == CIB_OK) {
		size_t kept = 0;
		bool held = false; /* a stick brought more than the server has */
		for (size_t i = 0; i < *count; i++) {
			held = held || cib_store_is_ancestor(ws->store, &central, &(*out)[i]);
			if (!cib_store_is_ancestor(ws->store, &(*out)[i], &central))
				(*out)[kept++] = (*out)[i];
		}
		*count = kept;
		if (!held) {
			*out = cib_realloc(*out, (kept + 1) * sizeof **out);
			(*out)[(*count)++] = central;
		}
	}
	free(prefix);
	free(ref);
	return status;
}

bool cib_member_at_central(cib_workspace *ws, const char *member, const cib_oid *tip)
{
	cib_oid central;
	char *ref = central_member(member);
	bool there = cib_store_ref_get(&central, ws->store, ref, NULL) == CIB_OK && cib_store_is_ancestor(ws->store, tip, &central);
	free(ref);
	return there;
}

bool cib_is_look(const cib_commit *commit)
{
	return strcmp(commit->message, LOOK_AT_BOTH) == 0 && strstr(commit->author_email, "@secretariat.cib.invalid");
}

static bool holds_all(cib_workspace *ws, const cib_oid *tip, const cib_oid *tips, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!cib_store_is_ancestor(ws->store, &tips[i], tip))
			return false;
	return true;
}

int cib_member_tip(cib_oid *out, cib_workspace *ws, const char *member, cib_error *err)
{
	cib_oid *tips = NULL, joined;
	size_t count = 0;
	char *ref = cib_format("refs/cib/joined/%s", member);
	int status = cib_member_tips(&tips, &count, ws, member, err);
	if (status == CIB_OK && !count)
		status = cib_error_set(err, CIB_NOTFOUND, "sync.no-branch", "nothing of %s has come in yet", member);
	if (status == CIB_OK) {
		*out = tips[count - 1]; /* the server's, if it has one of its own */
		if (count > 1 && cib_store_ref_get(&joined, ws->store, ref, NULL) == CIB_OK && holds_all(ws, &joined, tips, count))
			*out = joined;
	}
	free(tips);
	free(ref);
	return status;
}

static int join_two(cib_oid *joined, cib_workspace *ws, const char *member, const cib_oid *other, const cib_sync_options *options, cib_error *err)
{
	cib_oid tree, parents[2] = {*joined, *other};
	cib_meeting met;
	if (cib_store_is_ancestor(ws->store, other, joined))
		return CIB_OK;
	cib_sync_report own = {0}; /* nobody here has to know of it: the member's staff join the same two themselves */
	int status = cib_meeting_find(&met, ws->store, ws->net, joined, other, member, true, err);
	if (status == CIB_OK)
		status = cib_merge_commits(&tree, ws->store, &(cib_commit_merge){.net = ws->net, .bases = met.bases, .base_count = met.count, .ours = joined, .theirs = other, .lang = options->lang, .had = &met.had}, &own, err);
	if (status == CIB_OK)
		status = cib_commit_own(joined, ws, &tree, parents, 2, LOOK_AT_BOTH, err);
	cib_sync_report_clear(&own);
	cib_meeting_clear(&met);
	return status;
}

static int tidy_member(cib_workspace *ws, const char *member, const cib_sync_options *options, cib_error *err)
{
	cib_oid *tips = NULL, central, joined;
	size_t count = 0;
	char *prefix = cib_given_members(member), *at_server = central_member(member), *ref = cib_format("refs/cib/joined/%s", member);
	int status = CIB_OK;
	if (cib_store_ref_get(&central, ws->store, at_server, NULL) == CIB_OK)
		status = cib_given_drop(ws, prefix, &central, err);
	if (status == CIB_OK)
		status = cib_member_tips(&tips, &count, ws, member, err);
	bool there = cib_store_ref_get(&joined, ws->store, ref, NULL) == CIB_OK;
	if (status == CIB_OK && count < 2 && there)
		status = cib_store_ref_delete(ws->store, ref, err);
	if (status == CIB_OK && count > 1 && !(there && holds_all(ws, &joined, tips, count))) {
		joined = tips[0];
		for (size_t i = 1; status == CIB_OK && i < count; i++)
			status = join_two(&joined, ws, member, &tips[i], options, err);
		if (status == CIB_OK)
			status = cib_store_ref_set(ws->store, ref, &joined, NULL, err);
	}
	free(tips);
	free(prefix);
	free(at_server);
	free(ref);
	return status;
}

/* ---- every member of which something came in ---- */

typedef struct {
	char **names;
	size_t count, cap;
} names;

static int add_name(const char *ref, const cib_oid *oid, void *payload)
{
	names *n = payload;
	const char *name = strstr(ref, "/members/") + 9;
	size_t len = strcspn(name, "/");
	(void)oid;
	for (size_t i = 0; i < n->count; i++)
		if (strlen(n->names[i]) == len && strncmp(n->names[i], name, len) == 0)
			return 0;
	n->names = cib_grow(n->names, &n->cap, n->count + 1, sizeof *n->names);
	n->names[n->count++] = cib_strndup(name, len);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int cib_members_seen(char ***out, size_t *count, cib_workspace *ws, cib_error *err)
{
	names n = {0};
	int status = cib_store_ref_each(ws->store, "refs/cib/central/members/", add_name, &n, err);
	if (status == CIB_OK)
		status = cib_store_ref_each(ws->store, "refs/cib/given/members/", add_name, &n, err);
	if (n.count)
		qsort(n.names, n.count, sizeof *n.names, by_text);
	*out = n.names;
	*count = n.count;
	return status;
}

int cib_given_tidy(cib_workspace *ws, const cib_sync_options *options, cib_error *err)
{
	cib_oid central;
	char **members = NULL;
	size_t count = 0;
	int status = cib_given_drop(ws, ws->member ? GIVEN_OWN : GIVEN_MAIN, &ws->tip, err);
	if (status == CIB_OK && cib_store_ref_get(&central, ws->store, CENTRAL_MAIN, NULL) == CIB_OK)
		status = cib_given_drop(ws, GIVEN_MAIN, &central, err);
	if (status == CIB_OK && !ws->member)
		status = cib_members_seen(&members, &count, ws, err);
	for (size_t i = 0; i < count; i++) {
		if (status == CIB_OK)
			status = tidy_member(ws, members[i], options, err);
		free(members[i]);
	}
	free(members);
	return status;
}
