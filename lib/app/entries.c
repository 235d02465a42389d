/* The list of entries and the search: /api/entries, from the search index, which is brought up to date on the way. When that
 * takes long (the first time), a job does it, and the page waits for that. */
#include "app/private.h"

#include "search/browse.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PAGE_MAX = 200,
       PATIENCE_MS = 200, /* of a request; then it becomes a job */
       FACET_VALUES = 80, /* of each filter */
       SNIPPET_WIDTH = 180 };

struct cib_app_finder {
	cib_search *search;
	char *laid; /* what the overlay holds: paths and hashes of the files that are not saved */
};

void cib_app_finder_free(cib_app *app)
{
	if (!app->finder)
		return;
	cib_search_free(app->finder->search);
	free(app->finder->laid);
	free(app->finder);
	app->finder = NULL;
}

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int impatient(size_t done, void *payload)
{
	(void)done;
	return now_ms() > *(int64_t *)payload;
}

static int open_index(cib_search **out, cib_workspace *ws, cib_error *err)
{
	char *file = cib_format("%s/cib/search.sqlite", cib_store_git_dir(ws->store));
	int status = cib_search_open(out, ws->net, file, err);
	free(file);
	return status;
}

/* ---- what is not saved lies over the index */

/* "path hash" a line: what differs from the tip, so that the overlay is laid anew only when that changed. */
static char *describe_changes(cib_workspace *ws, const cib_work_changes *changes)
{
	cib_buf all = CIB_BUF_INIT, text = CIB_BUF_INIT;
	for (size_t i = 0; i < changes->count; i++) {
		char hex[CIB_OID_HEX] = "";
		cib_oid hash;
		if (changes->items[i].kind != CIB_CHANGE_REMOVED && cib_workspace_read(&text, ws, changes->items[i].path, NULL) == CIB_OK) {
			cib_store_blob_hash(&hash, text.data, text.len);
			cib_oid_hex(hex, &hash);
		}
		cib_buf_addf(&all, "%s %s\n", changes->items[i].path, hex);
	}
	cib_buf_free(&text);
	cib_buf_addc(&all, '.');
	return cib_buf_take(&all);
}

static int lay_over(cib_app_finder *f, cib_workspace *ws, const char *lang, bool anew, cib_error *err)
{
	cib_work_changes changes = {0};
	cib_buf text = CIB_BUF_INIT;
	int status = cib_workspace_changes(&changes, ws, lang, err);
	char *laid = status == CIB_OK ? describe_changes(ws, &changes) : NULL;
	if (laid && (anew || !f->laid || strcmp(laid, f->laid) != 0)) {
		cib_search_overlay_clear(f->search);
		for (size_t i = 0; i < changes.count && status == CIB_OK; i++) {
			bool there = changes.items[i].kind != CIB_CHANGE_REMOVED && cib_workspace_read(&text, ws, changes.items[i].path, NULL) == CIB_OK;
			status = cib_search_overlay(f->search, changes.items[i].path, there ? cib_buf_str(&text) : NULL, text.len, err);
		}
		free(f->laid);
		f->laid = laid;
		laid = NULL;
	}
	free(laid);
	cib_work_changes_free(&changes);
	cib_buf_free(&text);
	return status;
}

static int bring_up(cib_app_request *req, cib_search **out, cib_error *err)
{
	cib_app *app = req->app;
	cib_search_report report = {0};
	int64_t until = now_ms() + PATIENCE_MS;
	int status = CIB_OK;
	if (!app->finder) {
		app->finder = cib_alloc(sizeof *app->finder);
		status = open_index(&app->finder->search, req->ws, err);
		if (status != CIB_OK) {
			cib_app_finder_free(app);
			return status;
		}
	}
	cib_search_set_network(app->finder->search, req->ws->net);
	status = cib_search_update(app->finder->search, &req->ws->tip, impatient, &until, &report, err);
	if (status == CIB_OK)
		status = lay_over(app->finder, req->ws, req->lang, report.rebuilt, err);
	*out = app->finder->search;
	return status;
}

/* The job: the index from wherever it is to the tip. */
static int tell(size_t done, void *job)
{
	return cib_app_job_progress(&(cib_progress){.phase = "reading", .objects = done}, job);
}

static int make_index(cib_app_job *job, cib_workspace *ws, const cJSON *arguments, cJSON *result, cib_error *err)
{
	cib_search *search = NULL;
	(void)arguments;
	(void)result;
	int status = open_index(&search, ws, err);
	if (status == CIB_OK)
		status = cib_search_update(search, &ws->tip, tell, job, NULL, err);
	cib_search_free(search);
	return status;
}

/* ---- the answer */

static const char letters[CIB_SEARCH_FACETS + 1] = "kmcsty"; /* as browse.h calls the facets of search.h */

static void add_facets(cJSON *doc, cib_app_request *req, const cib_browse *page)
{
	cJSON *all = cJSON_AddObjectToObject(doc, "facets");
	for (size_t i = 0; i < CIB_SEARCH_FACETS; i++) {
		cJSON *list = cJSON_AddArrayToObject(all, cib_search_facet_names[i]);
		const char *chosen = cib_app_query(req, cib_search_facet_names[i]);
		size_t n = 0;
		for (size_t k = 0; k < page->facet_count; k++) {
			const cib_browse_facet *f = &page->facets[k];
			bool target = f->what == 's' && strchr(f->value, '.');
			if (f->what != letters[i] || ((target || n >= FACET_VALUES) && (!chosen || strcasecmp(chosen, f->value) != 0)))
				continue;
			cJSON *row = cJSON_CreateObject();
			cJSON_AddStringToObject(row, "value", f->value);
			char *name = cib_search_value_name(req->ws->net, (cib_search_facet_of)i, f->value, req->lang);
			cJSON_AddStringToObject(row, "title", name);
			free(name);
			cJSON_AddNumberToObject(row, "count", (double)f->count);
			cJSON_AddItemToArray(list, row);
			n++;
		}
	}
}

/* The place that shows why it was found; marked words stand between U+0002 and U+0003, which no entry's text holds. */
static void add_snippet(cJSON *row, cib_app_request *req, cib_search *search, const char *path, const cib_search_marks *marks)
{
	cib_buf text = CIB_BUF_INIT, snippet = CIB_BUF_INIT;
	cJSON *doc = NULL;
	if (cib_workspace_read(&text, req->ws, path, NULL) == CIB_OK && cib_json_read(&doc, text.data, text.len, NULL, NULL) == CIB_OK)
		cib_search_snippet(&snippet, search, path, doc, req->lang, SNIPPET_WIDTH, marks);
	if (snippet.len)
		cJSON_AddStringToObject(row, "snippet", cib_buf_str(&snippet));
	cJSON_Delete(doc);
	cib_buf_free(&text);
	cib_buf_free(&snippet);
}

static cJSON *row_json(cib_app_request *req, cib_search *search, const cib_browse_row *found, const cib_search_marks *marks)
{
	cJSON *row = cJSON_CreateObject();
	cib_place place;
	cib_buf title = CIB_BUF_INIT;
	cib_network_place(&place, req->ws->net, found->path);
	if (marks->words)
		cib_search_mark(&title, found->title, marks);
	else
		cib_buf_adds(&title, found->title);
	cJSON_AddStringToObject(row, "id", place.id);
	cJSON_AddStringToObject(row, "kind", place.kind ? place.kind->name : "");
	cJSON_AddStringToObject(row, "member", place.member);
	cJSON_AddStringToObject(row, "title", cib_buf_str(&title));
	cib_buf_free(&title);
	if (marks->words)
		add_snippet(row, req, search, found->path, marks);
	return row;
}

static int list(cib_app_request *req)
{
	const char *words = cib_app_query(req, "q"), *sort = cib_app_query(req, "order");
	cib_search_query query = {.words = words, .kind = cib_app_query(req, "kind"), .member = cib_app_query(req, "member"), .country = cib_app_query(req, "country"), .sdg = cib_app_query(req, "sdg"), .theme = cib_app_query(req, "theme"), .year = cib_app_query(req, "year")};
	size_t from = cib_app_query_number(req, "from", 0, 100000000), count = cib_app_query_number(req, "count", 50, PAGE_MAX);
	cib_search *search = NULL;
	cib_browse page = {0};
	cib_error err = CIB_ERROR_INIT;
	if (cib_app_job_runs(req->app, "index"))
		return cib_app_job_start(req, "index", make_index, NULL); /* says how far it is */
	int status = bring_up(req, &search, &err);
	if (status == CIB_CANCELLED)
		return cib_app_job_start(req, "index", make_index, NULL);
	if (status == CIB_OK)
		status = cib_search_browse(&page, search, &query, sort && strcmp(sort, "title") == 0 ? CIB_BROWSE_TITLE : CIB_BROWSE_BEST, req->lang, from, count, &err);
	if (status == CIB_DAMAGED) { /* it is only a cache: the next request makes it again */
		cib_search_reset(search, NULL);
		err.status = CIB_BUSY;
	}
	if (status != CIB_OK)
		return cib_app_fail(req, &err);
	cib_search_marks marks = {.words = words && *words ? words : NULL, .open = "\002", .close = "\003", .widened = page.widened};
	cJSON *doc = cJSON_CreateObject(), *rows = cJSON_AddArrayToObject(doc, "rows");
	cJSON_AddNumberToObject(doc, "total", (double)page.total);
	cJSON_AddNumberToObject(doc, "from", (double)from);
	cJSON_AddBoolToObject(doc, "widened", page.widened);
	for (size_t i = 0; i < page.count; i++)
		cJSON_AddItemToArray(rows, row_json(req, search, &page.rows[i], &marks));
	if (from == 0)
		add_facets(doc, req, &page);
	cib_browse_clear(&page);
	return cib_app_json(req, doc);
}

const cib_app_route cib_app_entries_routes[] = {
	{"GET", "/api/entries", list, false},
	{0},
};
