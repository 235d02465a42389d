/* What was worked out of the repository for one request, kept for the next ones. It stands as long as every reference stands where
 * it stood before the work began, whoever moves them: a job, the command line in a terminal, another colleague at a shared disk. All
 * that is kept here must come from objects and references alone, the language and the day. */
#include "app/private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SLOTS = 8 };

typedef struct {
	char *name; /* NULL: free */
	void *value;
	void (*release)(void *value);
} slot;

struct cib_app_kept {
	char *refs; /* as of which references; NULL: nothing is kept */
	size_t unknown;
	slot slots[SLOTS];
	size_t next;
};

static void drop(slot *s)
{
	if (s->name)
		s->release(s->value);
	free(s->name);
	*s = (slot){0};
}

static void drop_all(struct cib_app_kept *kept)
{
	for (size_t i = 0; i < SLOTS; i++)
		drop(&kept->slots[i]);
	free(kept->refs);
	kept->refs = NULL;
}

void cib_app_kept_free(cib_app *app)
{
	if (app->kept)
		drop_all(app->kept);
	free(app->kept);
	app->kept = NULL;
}

static int add_ref(const char *ref, const cib_oid *oid, void *payload)
{
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, oid);
	cib_buf_addf(payload, "%s %s\n", hex, ref);
	return 0;
}

/* Every reference, and the commit whose kinds and rules the workspace holds. */
static char *refs_now(struct cib_app_kept *kept, const cib_workspace *ws)
{
	cib_buf text = CIB_BUF_INIT;
	add_ref("", &ws->tip, &text);
	if (cib_store_ref_each(ws->store, "refs/", add_ref, &text, NULL) != CIB_OK)
		cib_buf_addf(&text, "not known %zu", kept->unknown++); /* good for this request alone */
	return cib_buf_take(&text);
}

static char *full_name(const cib_app_request *req, const char *name)
{
	return cib_format("%s|%s|%lld", name, req->lang, (long long)time(NULL) / 86400); /* what a check says may depend on the day */
}

void *cib_app_kept(cib_app_request *req, const char *name)
{
	cib_app *app = req->app;
	if (!app->kept)
		app->kept = cib_alloc(sizeof *app->kept);
	if (!req->refs)
		req->refs = refs_now(app->kept, req->ws);
	if (!app->kept->refs || strcmp(req->refs, app->kept->refs) != 0)
		drop_all(app->kept);
	void *found = NULL;
	char *full = full_name(req, name);
	for (size_t i = 0; i < SLOTS && !found; i++)
		if (app->kept->slots[i].name && strcmp(app->kept->slots[i].name, full) == 0)
			found = app->kept->slots[i].value;
	free(full);
	return found;
}

void cib_app_keep(cib_app_request *req, const char *name, void *value, void (*release)(void *value))
{
	struct cib_app_kept *kept = req->app->kept;
	if (!kept->refs)
		kept->refs = cib_strdup(req->refs);
	slot *s = &kept->slots[kept->next++ % SLOTS];
	drop(s);
	*s = (slot){full_name(req, name), value, release};
}
