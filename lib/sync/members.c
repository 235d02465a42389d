/* The members' branches come to the secretariat: refs/cib/central/members/<member>. */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

#define BRANCHES "refs/cib/central/members/"

typedef struct {
	cib_refspec *items;
	size_t count, cap;
} specs;

static void want_branch(specs *s, const char *member)
{
	char *to = cib_format(BRANCHES "%s", member);
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->items[i].to, to) == 0) {
			free(to);
			return;
		}
	s->items = cib_grow(s->items, &s->cap, s->count + 1, sizeof *s->items);
	s->items[s->count++] = (cib_refspec){cib_format("refs/heads/members/%s", member), to};
}

static int add_spec(const char *ref, const cib_oid *oid, void *payload)
{
	static const char prefix[] = "refs/heads/members/";
	specs *s = payload;
	(void)oid;
	if (strncmp(ref, prefix, sizeof prefix - 1) != 0 || !cib_name_ok(ref + sizeof prefix - 1, strlen(ref) - (sizeof prefix - 1)))
		return 0;
	want_branch(s, ref + sizeof prefix - 1);
	return 0;
}

/* A branch that is known here and was removed at the server: fetching it again forgets it. */
static int add_known(const char *ref, const cib_oid *oid, void *payload)
{
	(void)oid;
	want_branch(payload, ref + strlen(BRANCHES));
	return 0;
}

int cib_members_fetch(cib_workspace *ws, const cib_sync_options *options, cib_error *err)
{
	specs s = {0};
	int status = cib_store_remote_refs(ws->url, &options->remote, add_spec, &s, err);
	if (status == CIB_OK)
		status = cib_store_ref_each(ws->store, BRANCHES, add_known, &s, err);
	if (status == CIB_OK && s.count)
		status = cib_store_fetch(ws->store, ws->url, s.items, s.count, &options->remote, err);
	for (size_t i = 0; i < s.count; i++) {
		free((char *)(uintptr_t)s.items[i].from);
		free((char *)(uintptr_t)s.items[i].to);
	}
	free(s.items);
	return status;
}
