/* The home page: what `cib status` says, and what is new in the network, as JSON. */
#include "app/private.h"

#include "app/review.h"
#include "review/situation.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SHOWN = 50, /* rows of each list; all are counted */
       NEWS_DAYS = 30,
       NEWS_SHOWN = 15 };

/* {"id", "path", "kind", "member", "title"} of an entry as it is here by now. */
cJSON *cib_app_entry_json(cib_app_request *req, const char *path)
{
	cib_buf text = CIB_BUF_INIT;
	cib_place place;
	cJSON *row = cJSON_CreateObject(), *doc = NULL;
	cib_network_place(&place, req->ws->net, path);
	if (cib_workspace_read(&text, req->ws, path, NULL) == CIB_OK)
		cib_json_read(&doc, text.data, text.len, NULL, NULL);
	cJSON_AddStringToObject(row, "id", place.id);
	cJSON_AddStringToObject(row, "path", path);
	cJSON_AddStringToObject(row, "kind", place.kind ? cib_kind_title(place.kind, req->lang) : "");
	cJSON_AddStringToObject(row, "member", place.member);
	cJSON_AddStringToObject(row, "title", doc ? cib_entry_title(doc, req->lang) : "");
	cJSON_Delete(doc);
	cib_buf_free(&text);
	return row;
}

/* {"count": all of them, "rows": the first} under `name`. */
typedef struct {
	cJSON *list, *rows;
	size_t count;
} group;

static group begin(cJSON *doc, const char *name)
{
	group g = {.list = cJSON_AddObjectToObject(doc, name)};
	g.rows = cJSON_AddArrayToObject(g.list, "rows");
	return g;
}

/* Count one; NULL when it is beyond those that are shown. */
static cJSON *next(group *g, cib_app_request *req, const char *path)
{
	if (g->count++ >= SHOWN)
		return NULL;
	cJSON *row = cib_app_entry_json(req, path);
	cJSON_AddItemToArray(g->rows, row);
	return row;
}

static void end(const group *g)
{
	cJSON_AddNumberToObject(g->list, "count", (double)g->count);
}

static size_t errors_at(const cib_work_changes *changes, const char *path)
{
	for (size_t i = 0; i < changes->count; i++)
		if (strcmp(changes->items[i].path, path) == 0)
			return changes->items[i].findings.errors;
	return 0;
}

static void add_unsent(cJSON *doc, cib_app_request *req, const cib_situation *s)
{
	group g = begin(doc, "unsent");
	for (size_t i = 0; i < s->standings.count; i++) {
		const cib_standing *st = &s->standings.items[i];
		if (st->stands != CIB_STANDS_HERE && st->stands != CIB_STANDS_REFUSED)
			continue;
		cJSON *row = next(&g, req, st->path);
		if (!row)
			continue;
		cJSON_AddStringToObject(row, "state", st->draft ? "draft" : st->removed ? "removed"
		                                                                        : cib_stands_word(st->stands));
		cJSON_AddNumberToObject(row, "errors", (double)errors_at(&s->changes, st->path));
		cJSON *reasons = cJSON_AddArrayToObject(row, "reasons");
		for (size_t k = 0; k < s->refusals.count && st->stands == CIB_STANDS_REFUSED; k++)
			if (s->refusals.items[k].path && strcmp(s->refusals.items[k].path, st->path) == 0)
				cJSON_AddItemToArray(reasons, cJSON_CreateString(s->refusals.items[k].message));
	}
	end(&g);
}

static void add_remarks(cJSON *row, cib_app_request *req, const cib_review_item *item)
{
	cib_dialogue d = {0};
	cJSON *list = cJSON_AddArrayToObject(row, "remarks");
	if (cib_dialogue_load(&d, req->ws, item->member, item->id, NULL) == CIB_OK)
		for (size_t i = 0; i < d.count; i++) {
			cJSON *remark = cJSON_CreateObject();
			cJSON_AddStringToObject(remark, "text", d.items[i].text);
			cJSON_AddStringToObject(remark, "date", d.items[i].date ? d.items[i].date : "");
			cJSON_AddBoolToObject(remark, "bySecretariat", d.items[i].by_secretariat);
			cJSON_AddItemToArray(list, remark);
		}
	cib_dialogue_clear(&d);
}

static void add_back(cJSON *doc, cib_app_request *req, const cib_situation *s)
{
	group g = begin(doc, "back");
	for (size_t i = 0; i < s->queue.count && req->ws->member; i++) {
		const cib_review_item *item = &s->queue.items[i];
		bool commented = cib_review_unanswered(req->ws, item);
		if (item->state == CIB_REVIEW_PENDING && !commented)
			continue;
		cJSON *row = next(&g, req, item->path);
		if (!row)
			continue;
		cJSON_AddStringToObject(row, "state", commented ? "commented" : item->state == CIB_REVIEW_RETURNED ? "returned"
		                                                                                                   : "declined");
		add_remarks(row, req, item);
	}
	end(&g);
}

static void add_conflicts(cJSON *doc, cib_app_request *req, const cib_situation *s)
{
	group g = begin(doc, "conflicts");
	for (size_t i = 0; i < s->conflicts.count; i++) {
		const cib_open_conflict *c = &s->conflicts.items[i];
		cJSON *row = next(&g, req, c->entry_path);
		if (!row)
			continue;
		cib_place place;
		cib_network_place(&place, req->ws->net, c->entry_path);
		char *title = place.kind ? cib_field_title(req->ws->net, place.kind, c->pointer, req->lang) : cib_strdup(c->path);
		cJSON_AddStringToObject(row, "field", title);
		free(title);
	}
	end(&g);
}

static void add_news(cJSON *doc, cib_app_request *req)
{
	group g = begin(doc, "news");
	cib_happenings *news = cib_app_happenings(req, NEWS_DAYS, NULL, false, NULL);
	for (size_t i = 0; news && i < news->count; i++) {
		cib_happening *h = &news->items[i];
		if ((h->kind != CIB_HAPPENED_ACCEPTED && h->kind != CIB_HAPPENED_CORRECTED) || g.count++ >= NEWS_SHOWN)
			continue;
		cib_place place;
		cib_network_place(&place, req->ws->net, h->path);
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "id", h->id);
		cJSON_AddStringToObject(row, "kind", place.kind ? cib_kind_title(place.kind, req->lang) : "");
		cJSON_AddStringToObject(row, "member", h->member);
		cJSON_AddStringToObject(row, "title", cib_happening_title(h, req->ws, req->lang));
		cJSON_AddStringToObject(row, "state", cib_oid_is_zero(&h->blob) ? "removed" : cib_oid_is_zero(&h->before) ? "new"
		                                                                                                          : "changed");
		cJSON_AddNumberToObject(row, "when", (double)h->when);
		cJSON_AddItemToArray(g.rows, row);
	}
	end(&g);
}

static void add_counts(cJSON *doc, const cib_situation *s)
{
	cJSON *counts = cJSON_AddObjectToObject(doc, "mine");
	for (int k = CIB_STANDS_HERE; k <= CIB_STANDS_ACCEPTED; k++)
		cJSON_AddNumberToObject(counts, cib_stands_word((cib_stands)k), (double)cib_standings_count(&s->standings, (cib_stands)k));
	cJSON_AddNumberToObject(counts, "all", (double)s->standings.count);
}

static int home(cib_app_request *req)
{
	static const char *const steps[] = {"refused-entry", "refused", "mend", "resolve", "share", "returned", "review", "nothing"};
	cib_situation s = {0};
	cib_error err = CIB_ERROR_INIT;
	cJSON *doc = cJSON_CreateObject();
	if (cib_situation_load(&s, req->ws, req->lang, 0, &err) != CIB_OK) {
		cib_situation_clear(&s);
		cJSON_Delete(doc);
		return cib_app_fail(req, &err);
	}
	cJSON_AddStringToObject(doc, "next", steps[cib_situation_next(&s, req->ws)]);
	add_counts(doc, &s);
	add_unsent(doc, req, &s);
	add_back(doc, req, &s);
	add_conflicts(doc, req, &s);
	cJSON *refused = cJSON_AddArrayToObject(doc, "refused"); /* the push as a whole */
	for (size_t i = 0; i < s.refusals.count; i++)
		if (!s.refusals.items[i].path)
			cJSON_AddItemToArray(refused, cJSON_CreateString(s.refusals.items[i].message));
	cJSON_AddNumberToObject(doc, "saved", (double)s.unsent);
	cJSON_AddNumberToObject(doc, "waiting", req->ws->member ? 0 : (double)cib_situation_count(&s, CIB_REVIEW_PENDING));
	size_t untouched = 0, ended = 0;
	for (size_t i = 0; i < s.nudges.count; i++) {
		untouched += s.nudges.items[i].untouched;
		ended += s.nudges.items[i].ended != NULL;
	}
	cJSON_AddNumberToObject(doc, "untouched", (double)untouched);
	cJSON_AddNumberToObject(doc, "ended", (double)ended);
	cib_app_job_add(doc, req->app, "sync"); /* another window began it */
	add_news(doc, req);
	cib_situation_clear(&s);
	return cib_app_json(req, doc);
}

const cib_app_route cib_app_home_routes[] = {
	{"GET", "/api/home", home, false},
	{0},
};
