/* Sync from a page: a job, whose result says in numbers what `cib sync` says in words. */
#include "app/private.h"

#include "review/policy.h"
#include "review/review.h"

#include <stdlib.h>
#include <string.h>

static void add_report(cJSON *result, const cib_sync_report *r)
{
	const struct {
		const char *name;
		uint64_t value;
	} counts[] = {{"saved", r->saved}, {"sent", r->sent}, {"sentMore", r->sent_more}, {"received", r->received}, {"merged", r->merged}, {"conflicts", r->conflicts}, {"drafts", r->drafts}, {"bytesIn", r->bytes_in}, {"bytesOut", r->bytes_out}};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		cJSON_AddNumberToObject(result, counts[i].name, (double)counts[i].value);
	cJSON_AddStringToObject(result, "notes", cib_buf_str(&r->notes));
}

/* How many came back with this sync: entries that stand returned or declined by now and did not before. */
static size_t count_back(cib_workspace *ws, const char *lang)
{
	cib_work_changes changes = {0};
	cib_standings standings = {0};
	size_t n = 0;
	if (ws->member && cib_workspace_changes(&changes, ws, lang, NULL) == CIB_OK && cib_standings_load(&standings, ws, &changes, NULL) == CIB_OK)
		n = cib_standings_count(&standings, CIB_STANDS_RETURNED) + cib_standings_count(&standings, CIB_STANDS_DECLINED);
	cib_standings_free(&standings);
	cib_work_changes_free(&changes);
	return n;
}

static int sync_now(cib_app_job *job, cib_workspace *ws, const cJSON *arguments, cJSON *result, cib_error *err)
{
	cib_sync_options options = {.remote = cib_app_job_options(job)->remote, .lang = cib_app_job_lang(job)};
	cib_sync_report report = {0};
	size_t accepted = 0, back = count_back(ws, options.lang);
	(void)arguments;
	options.remote.progress = cib_app_job_progress;
	options.remote.payload = job;
	int status = cib_sync(ws, &options, &report, err);
	if (status == CIB_OK && !ws->member)
		status = cib_review_by_policy(&accepted, ws, err);
	if (status == CIB_OK && accepted)
		status = cib_sync(ws, &options, &report, err);
	add_report(result, &report);
	cJSON_AddNumberToObject(result, "accepted", (double)accepted);
	size_t by_now = count_back(ws, options.lang);
	cJSON_AddNumberToObject(result, "back", by_now > back ? (double)(by_now - back) : 0);
	cib_sync_report_clear(&report);
	return status;
}

static int post_sync(cib_app_request *req)
{
	return cib_app_job_start(req, "sync", sync_now, NULL);
}

const cib_app_route cib_app_sync_routes[] = {
	{"POST", "/api/sync", post_sync, false},
	{0},
};
