/* Decisions of the reviewer: each is a step of the sitting (lib/review/decide.h), kept on disk before the answer goes out. To finish is
 * a job, and only the sync after it sends. */
#include "app/private.h"

#include "app/review.h"

#include <stdlib.h>
#include <string.h>

/* Ends each route of this file: takes doc, adds the counts. */
static int answer(cib_app_request *req, cJSON *doc, const cib_review_session *s, int status, const cib_error *err)
{
	if (status == CIB_OK) {
		cib_app_sitting_counts(doc, s);
		return cib_app_json(req, doc);
	}
	cJSON_Delete(doc);
	return cib_app_fail(req, err);
}

/* ---- one item ---- */

static bool has_field(cib_app_request *req, const cib_review_item *item, const char *pointer)
{
	cib_review_detail d;
	bool there = cib_review_detail_load(&d, req->ws, item, NULL, req->lang, NULL) == CIB_OK && cib_review_has_field(&d, pointer);
	cib_review_detail_clear(&d);
	return there;
}

static bool has_comment(const cib_review_session *s, const cib_review_item *item)
{
	cib_review_comment *list;
	size_t n = cib_review_session_comments(&list, s, item);
	free(list);
	return n > 0;
}

static int take_step(cib_app_request *req, cib_review_session *s, const cib_review_item *item, cib_error *err)
{
	const char *comment = cib_json_string(req->body, "comment"), *pointer = cib_json_string(req->body, "pointer");
	cib_sitting what = CIB_SITTING_NONE;
	int status = CIB_OK;
	bool said = comment && comment[strspn(comment, " \t\r\n")];
	if (!cib_app_sitting_of(&what, cib_json_string(req->body, "what")))
		return cib_error_set(err, CIB_USAGE, "app.body", "\"what\" is accept, return, decline or none");
	if (pointer && *pointer && !has_field(req, item, pointer))
		return cib_error_set(err, CIB_USAGE, "review.field", "%s has no field %s", item->id, pointer);
	if ((what == CIB_SITTING_RETURN || what == CIB_SITTING_DECLINE) && !said && !has_comment(s, item))
		return cib_error_set(err, CIB_USAGE, "review.no-comment", "%s goes back to the member: say why", item->id);
	if (said)
		status = cib_review_session_comment(s, item, pointer ? pointer : "", comment, err);
	return status == CIB_OK ? cib_review_session_decide(s, item, what, err) : status;
}

/* {"version": that was shown, "what", "comment", "pointer": of the field that the comment is about} -> {"sitting", "open": the next} */
static int decide(cib_app_request *req)
{
	const char *version = cib_json_string(req->body, "version");
	cib_review_session *s = NULL;
	cib_error err = CIB_ERROR_INIT;
	cib_oid shown;
	if (cib_app_review_here(req))
		return 0;
	if (!version || !cib_oid_parse(&shown, version))
		return cib_app_refuse(req, 400, "app.body", "\"version\" is missing: the one that was shown");
	const cib_review_queue *q = cib_app_queue(req, &err);
	const cib_review_item *item = q ? cib_review_find(q, req->params[0], req->params[1], &shown) : NULL;
	int status = q ? CIB_OK : err.status;
	if (status == CIB_OK && !item)
		status = cib_error_set(&err, CIB_BUSY, "review.newer", "another version of %s came meanwhile; look at that one", req->params[1]);
	if (status == CIB_OK)
		status = cib_review_session_open(&s, req->ws, &err);
	if (status == CIB_OK)
		status = take_step(req, s, item, &err);
	cJSON *doc = cJSON_CreateObject();
	size_t open = status == CIB_OK ? cib_review_session_next(s, q, (size_t)(item - q->items)) : SIZE_MAX;
	if (open != SIZE_MAX) {
		cJSON *next = cJSON_AddObjectToObject(doc, "open");
		cJSON_AddStringToObject(next, "member", q->items[open].member);
		cJSON_AddStringToObject(next, "id", q->items[open].id);
	}
	answer(req, doc, s, status, &err);
	cib_review_session_free(s);
	return 0;
}

/* {} -> {"sitting", "id", "member": "" when it is not in the queue any more} */
static int undo(cib_app_request *req)
{
	const cib_review_queue *q = NULL;
	cib_review_session *s = NULL;
	cib_error err = CIB_ERROR_INIT;
	char id[101] = "";
	const char *member = "";
	if (cib_app_review_here(req))
		return 0;
	int status = cib_review_session_open(&s, req->ws, &err);
	if (status == CIB_OK)
		status = cib_review_session_undo(s, id, &err);
	if (status == CIB_OK && !(q = cib_app_queue(req, &err)))
		status = err.status;
	for (size_t i = 0; q && i < q->count; i++)
		if (strcmp(q->items[i].id, id) == 0)
			member = q->items[i].member;
	cJSON *doc = cJSON_CreateObject();
	cJSON_AddStringToObject(doc, "id", id);
	cJSON_AddStringToObject(doc, "member", member);
	answer(req, doc, s, status, &err);
	cib_review_session_free(s);
	return 0;
}

/* ---- many ---- */

/* Of one member, or with member NULL of each that is in the queue. */
static int take_clean(size_t *taken, size_t *left, cib_app_request *req, cib_review_session *s, const cib_review_queue *q, const char *member, cib_error *err)
{
	cib_duplicates *index = NULL;
	int status = CIB_OK;
	cib_duplicates_open(&index, req->ws, NULL);
	for (size_t i = 0; i < q->count && status == CIB_OK; i++) {
		size_t some = 0, rest = 0;
		const char *m = q->items[i].member;
		if ((i && strcmp(m, q->items[i - 1].member) == 0) || (member && strcmp(m, member) != 0))
			continue;
		status = cib_review_session_accept_clean(&some, &rest, s, q, m, index, req->lang, err);
		*taken += some;
		*left += rest;
	}
	cib_duplicates_free(index);
	return status;
}

/* {"member": NULL for all} -> {"sitting", "taken", "left": to be looked at one by one} */
static int accept_clean(cib_app_request *req)
{
	const char *member = cib_json_string(req->body, "member");
	cib_review_session *s = NULL;
	cib_error err = CIB_ERROR_INIT;
	size_t taken = 0, left = 0;
	if (cib_app_review_here(req))
		return 0;
	const cib_review_queue *q = cib_app_queue(req, &err);
	int status = q ? CIB_OK : err.status;
	if (status == CIB_OK)
		status = cib_review_session_open(&s, req->ws, &err);
	if (status == CIB_OK)
		status = take_clean(&taken, &left, req, s, q, member && *member ? member : NULL, &err);
	cJSON *doc = cJSON_CreateObject();
	cJSON_AddNumberToObject(doc, "taken", (double)taken);
	cJSON_AddNumberToObject(doc, "left", (double)left);
	answer(req, doc, s, status, &err);
	cib_review_session_free(s);
	return 0;
}

static int looked(cib_app_request *req)
{
	cib_error err = CIB_ERROR_INIT;
	if (cib_app_review_here(req))
		return 0;
	const cib_review_overview *o = cib_app_overview(req, &err);
	if (!o)
		return cib_app_fail(req, &err);
	cib_review_overview_looked(o, req->ws);
	return cib_app_json(req, cJSON_CreateObject());
}

/* ---- to finish ---- */

static void add_notes(cJSON *result, const char *text)
{
	cJSON *list = cJSON_AddArrayToObject(result, "notes");
	while (*text) {
		size_t n = strcspn(text, "\n");
		char *line = cib_strndup(text, n);
		cJSON_AddItemToArray(list, cJSON_CreateString(line));
		free(line);
		text += n + (text[n] == '\n');
	}
}

static int carry_out(cib_app_job *job, cib_workspace *ws, const cJSON *arguments, cJSON *result, cib_error *err)
{
	cib_review_session *s = NULL;
	cib_review_outcome out = {0};
	(void)job;
	(void)arguments;
	int status = cib_review_session_open(&s, ws, err);
	if (status == CIB_OK)
		status = cib_review_session_finish(&out, s, err);
	const struct {
		const char *name;
		size_t value;
	} counts[] = {{"accepted", out.accepted}, {"returned", out.returned}, {"declined", out.declined}, {"before", out.before}, {"stale", out.stale}};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		cJSON_AddNumberToObject(result, counts[i].name, (double)counts[i].value);
	add_notes(result, cib_buf_str(&out.notes));
	cib_buf_free(&out.notes);
	cib_review_session_free(s);
	return status;
}

static int finish(cib_app_request *req)
{
	return cib_app_review_here(req) ? 0 : cib_app_job_start(req, "review", carry_out, NULL);
}

const cib_app_route cib_app_review_act_routes[] = {
	{"POST", "/api/review/items/{member}/{id}/decide", decide, false},
	{"POST", "/api/review/undo", undo, false},
	{"POST", "/api/review/accept-clean", accept_clean, false},
	{"POST", "/api/review/looked", looked, false},
	{"POST", "/api/review/finish", finish, false},
	{0},
};
