/* Reports: which there are, one of them as a part of a page, and saved as a file.
 *
 * The report that was made last is kept: its page, its pictures and what is saved of it are printed from it. It is made while the
 * request waits, or, where there is much to read, as a job. */
#include "app/private.h"

#include "network/codelist.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATIENCE_MS = 300 }; /* of a request; then it becomes a job */

struct cib_app_reporter {
	pthread_mutex_t lock; /* of both below: the worker makes reports, too */
	cib_report *report;   /* needs no workspace any more; NULL: none was made yet */
	char *key;            /* what it is of, and as of when */
};

/* Made with the app, before a second thread can ask. */
void cib_app_reporter_new(cib_app *app)
{
	app->reporter = cib_alloc(sizeof *app->reporter);
	pthread_mutex_init(&app->reporter->lock, NULL);
}

void cib_app_reporter_free(cib_app *app)
{
	if (!app->reporter)
		return;
	cib_report_free(app->reporter->report);
	free(app->reporter->key);
	pthread_mutex_destroy(&app->reporter->lock);
	free(app->reporter);
	app->reporter = NULL;
}

/* ---- what is asked for ---- */

typedef struct {
	const char *name, *lang, *member, *country, *sdg, *theme; /* NULL: all */
	int year;
	bool here, only_public;
} wish;

static const char *filled(const char *text)
{
	return text && *text ? text : NULL;
}

static wish wish_of(const cib_app_request *req)
{
	return (wish){.name = req->params[0],
	              .lang = req->lang,
	              .member = filled(cib_app_query(req, "member")),
	              .country = filled(cib_app_query(req, "country")),
	              .sdg = filled(cib_app_query(req, "sdg")),
	              .theme = filled(cib_app_query(req, "theme")),
	              .year = (int)cib_app_query_number(req, "year", 0, 9999),
	              .here = cib_app_query(req, "here") != NULL,
	              .only_public = cib_app_query(req, "public") != NULL};
}

/* What is not saved has no name: a report with it is made anew whenever its page is opened. */
static char *key_of(const wish *w, const cib_oid *main, const char *today)
{
	const char *parts[] = {w->name, w->lang, w->member, w->country, w->sdg, w->theme, today};
	char hex[CIB_OID_HEX];
	cib_buf key = CIB_BUF_INIT;
	cib_oid_hex(hex, main);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		cib_buf_addf(&key, "%s|", parts[i] ? parts[i] : "");
	cib_buf_addf(&key, "%d|%d|%d|%s", w->year, w->here, w->only_public, hex);
	return cib_buf_take(&key);
}

/* ---- making it ---- */

typedef struct {
	struct timespec until; /* of a request; zero: there is time */
	cib_app_job *job;      /* NULL: no job */
} patience;

static int go_on(size_t entries, void *payload)
{
	patience *p = payload;
	struct timespec now;
	if (p->job)
		return cib_app_job_progress(&(cib_progress){.phase = "counting", .objects = (unsigned)entries}, p->job);
	clock_gettime(CLOCK_MONOTONIC, &now);
	return p->until.tv_sec && (now.tv_sec > p->until.tv_sec || (now.tv_sec == p->until.tv_sec && now.tv_nsec > p->until.tv_nsec));
}

/* Make it, and keep it in place of the last one; nothing to do when it is the last one. After CIB_OK the lock is held: what is kept is what
 * was asked for until the caller lets it go. */
static int make(cib_app *app, cib_workspace *ws, const wish *w, bool anew, patience *p, cib_error *err)
{
	char today[11];
	cib_oid main;
	cib_report *report = NULL;
	cib_app_reporter *kept = app->reporter;
	cib_day_of(today, time(NULL));
	int status = cib_workspace_main(&main, ws, err);
	if (status != CIB_OK)
		return status;
	char *key = key_of(w, &main, today);
	pthread_mutex_lock(&kept->lock);
	if (!anew && kept->key && strcmp(kept->key, key) == 0) {
		free(key);
		return CIB_OK;
	}
	pthread_mutex_unlock(&kept->lock);
	cib_report_options options = {.net = ws->net,
	                              .commit = &main,
	                              .ws = w->here ? ws : NULL,
	                              .lang = w->lang,
	                              .year = w->year,
	                              .today = today,
	                              .reader = ws->member ? ws->member : "",
	                              .only_public = w->only_public,
	                              .only = {w->member, w->country, w->sdg, w->theme},
	                              .progress = go_on,
	                              .payload = p};
	status = cib_report_make(&report, w->name, &options, err);
	if (status != CIB_OK) {
		free(key);
		return status;
	}
	pthread_mutex_lock(&kept->lock);
	cib_report_free(kept->report);
	free(kept->key);
	kept->report = report;
	kept->key = key;
	return CIB_OK;
}

/* A job's language goes with the job, the report's stays. */
static const char *lasting(const char *lang)
{
	return strcmp(lang, "fr") == 0 ? "fr" : strcmp(lang, "es") == 0 ? "es"
	                                                                : "en";
}

static int make_as_job(cib_app_job *job, cib_workspace *ws, const cJSON *a, cJSON *result, cib_error *err)
{
	wish w = {.name = cib_json_string(a, "name"), .lang = lasting(cib_app_job_lang(job)), .member = cib_json_string(a, "member"), .country = cib_json_string(a, "country"), .sdg = cib_json_string(a, "sdg"), .theme = cib_json_string(a, "theme"), .year = (int)cib_json_get(a, "year")->valuedouble, .here = cJSON_IsTrue(cib_json_get(a, "here")), .only_public = cJSON_IsTrue(cib_json_get(a, "public"))};
	patience p = {.job = job};
	cib_app *app = cib_app_job_app(job);
	(void)result;
	int status = make(app, ws, &w, w.here, &p, err);
	if (status == CIB_OK)
		pthread_mutex_unlock(&app->reporter->lock);
	return status;
}

static int begin_job(cib_app_request *req, const wish *w)
{
	const struct {
		const char *name, *text;
	} texts[] = {{"name", w->name}, {"member", w->member}, {"country", w->country}, {"sdg", w->sdg}, {"theme", w->theme}};
	cJSON *a = cJSON_CreateObject();
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i].text)
			cJSON_AddStringToObject(a, texts[i].name, texts[i].text);
	cJSON_AddNumberToObject(a, "year", w->year);
	cJSON_AddBoolToObject(a, "here", w->here);
	cJSON_AddBoolToObject(a, "public", w->only_public);
	cib_app_job_start(req, "report", make_as_job, a);
	cJSON_Delete(a);
	return 0;
}

/* ---- what filters can be set to ---- */

static void add_codes(cJSON *choices, const char *name, cib_app_request *req, const char *list)
{
	const cib_codelist *l = cib_network_codelist(req->ws->net, list);
	cJSON *map = cJSON_AddObjectToObject(choices, name);
	for (size_t i = 0; l && i < cib_codelist_count(l); i++) {
		const cib_code *c = cib_codelist_at(l, i);
		if (!c->withdrawn)
			cJSON_AddStringToObject(map, c->code, cib_code_name(c, req->lang, true));
	}
}

static void add_choices(cJSON *doc, cib_app_request *req)
{
	cJSON *choices = cJSON_AddObjectToObject(doc, "choices");
	cJSON_AddItemToObject(choices, "members", cib_app_member_names(req));
	add_codes(choices, "countries", req, "Country");
	add_codes(choices, "goals", req, "UNSDG-Goals");
	add_codes(choices, "themes", req, "themes");
}

/* ---- routes ---- */

static int list(cib_app_request *req)
{
	cJSON *doc = cJSON_CreateObject(), *rows = cJSON_AddArrayToObject(doc, "reports");
	for (size_t i = 0; i < cib_report_count(); i++) {
		cJSON *row = cJSON_CreateObject();
		char *summary = cib_report_summary(i, req->lang);
		cJSON_AddStringToObject(row, "name", cib_report_name(i));
		cJSON_AddStringToObject(row, "title", cib_report_title(i, req->lang));
		cJSON_AddStringToObject(row, "summary", summary);
		cJSON_AddItemToArray(rows, row);
		free(summary);
	}
	return cib_app_json(req, doc);
}

static bool has_filters(const char *name)
{
	for (size_t i = 0; i < cib_report_count(); i++)
		if (strcmp(cib_report_name(i), name) == 0)
			return cib_report_filters(i);
	return false;
}

/* {"name", "title", "commit", "date", "entries", "tables": [{"id", "title", "figure"}], "choices": when it has filters} */
static void describe(cJSON *doc, cib_app_request *req, const cib_report *r)
{
	cJSON_AddStringToObject(doc, "name", r->name);
	cJSON_AddStringToObject(doc, "title", r->title);
	cJSON_AddStringToObject(doc, "commit", r->commit);
	cJSON_AddStringToObject(doc, "date", r->date);
	cJSON_AddNumberToObject(doc, "entries", (double)r->entries);
	cJSON *tables = cJSON_AddArrayToObject(doc, "tables");
	const cib_report_table *t;
	for (size_t i = 0; (t = cib_report_table_at(r, i)); i++) {
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "id", t->id);
		cJSON_AddStringToObject(row, "title", t->title);
		cJSON_AddBoolToObject(row, "figure", cib_report_has_figure(r, t));
		cJSON_AddBoolToObject(row, "empty", t->row_count == 0);
		cJSON_AddItemToArray(tables, row);
	}
	if (has_filters(r->name))
		add_choices(doc, req);
}

/* Makes it; where that takes long the answer is the job that does, and the page asks again when it is done. */
static int open_report(cib_app_request *req)
{
	wish w = wish_of(req);
	patience p = {0};
	cib_error err = CIB_ERROR_INIT;
	clock_gettime(CLOCK_MONOTONIC, &p.until);
	p.until.tv_nsec += PATIENCE_MS * 1000000L;
	p.until.tv_sec += p.until.tv_nsec / 1000000000L;
	p.until.tv_nsec %= 1000000000L;
	int status = make(req->app, req->ws, &w, w.here && !cib_app_query(req, "made"), &p, &err);
	if (status == CIB_CANCELLED)
		return begin_job(req, &w);
	if (status != CIB_OK)
		return cib_app_fail(req, &err);
	cJSON *doc = cJSON_CreateObject();
	describe(doc, req, req->app->reporter->report);
	pthread_mutex_unlock(&req->app->reporter->lock);
	return cib_app_json(req, doc);
}

/* Print it, or one table of it, as it was made for its page. */
static int print(cib_app_request *req, cib_report_format format, const char *type, bool save, size_t rows)
{
	wish w = wish_of(req);
	patience p = {0};
	cib_error err = CIB_ERROR_INIT;
	const char *table = filled(cib_app_query(req, "table"));
	const cib_report_table *t = NULL;
	cib_buf text = CIB_BUF_INIT;
	char *name = NULL;
	int status = make(req->app, req->ws, &w, false, &p, &err);
	if (status != CIB_OK)
		return cib_app_fail(req, &err);
	const cib_report *r = req->app->reporter->report;
	if (table)
		status = cib_report_table_named(&t, r, table, &err);
	if (status == CIB_OK) {
		cib_report_print(&text, r, format, &(cib_report_style){.table = table, .rows = rows});
		name = save ? cib_report_file_name(r, t, format) : NULL;
	}
	pthread_mutex_unlock(&req->app->reporter->lock);
	if (status != CIB_OK)
		cib_app_fail(req, &err);
	else
		cib_app_text(req, type, &text, name);
	cib_buf_free(&text);
	free(name);
	return 0;
}

static int fragment(cib_app_request *req)
{
	return print(req, CIB_REPORT_FRAGMENT, "text/html; charset=utf-8", false, cib_app_query_number(req, "rows", 0, 1000000));
}

static int save(cib_app_request *req)
{
	static const struct {
		const char *name, *type;
	} types[] = {{"csv", "text/csv; charset=utf-8"}, {"html", "text/html; charset=utf-8"}, {"json", "application/json"}, {"md", "text/markdown; charset=utf-8"}, {"svg", "image/svg+xml"}};
	const char *name = cib_app_query(req, "format");
	cib_report_format format;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (name && strcmp(name, types[i].name) == 0 && cib_report_format_of(&format, name))
			return print(req, format, types[i].type, true, 0);
	return cib_app_refuse(req, 400, "app.format", "the format is csv, html, json, md or svg");
}

static int css(cib_app_request *req)
{
	cib_buf text = CIB_BUF_INIT;
	cib_buf_adds(&text, cib_report_css());
	return cib_app_text(req, "text/css; charset=utf-8", &text, NULL);
}

const cib_app_route cib_app_report_routes[] = {
	{"GET", "/api/reports", list, false},
	{"GET", "/api/reports/{name}", open_report, false},
	{"GET", "/api/reports/{name}/part", fragment, false},
	{"GET", "/api/reports/{name}/save", save, false},
	{"GET", "/api/report.css", css, true},
	{0},
};
