/* The queue of the review as JSON, and what happened in it. An item is in review_item.c, what is decided in review_act.c. */
#include "app/private.h"

#include "app/review.h"
#include "review/happened.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ACTIVITY_SHOWN = 500 };

int cib_app_review_here(cib_app_request *req)
{
	if (!req->ws->member)
		return 0;
	return cib_app_refuse(req, 403, "app.secretariat", "review is the secretariat's") + 1;
}

static void add_number(cJSON *row, const char *name, double value)
{
	cJSON_AddNumberToObject(row, name, value);
}

/* ---- what waits ---- */

static void release_queue(void *queue)
{
	cib_review_queue_free(queue);
	free(queue);
}

static void release_overview(void *overview)
{
	cib_review_overview_clear(overview);
	free(overview);
}

const cib_review_overview *cib_app_overview(cib_app_request *req, cib_error *err)
{
	cib_review_overview *o = cib_app_kept(req, "overview");
	if (o)
		return o;
	cib_review_filter all = {0};
	o = cib_alloc(sizeof *o);
	if (cib_review_overview_load(o, req->ws, &all, req->lang, err) != CIB_OK) {
		release_overview(o);
		return NULL;
	}
	cib_app_keep(req, o->passing ? "passing" : "overview", o, release_overview);
	return o;
}

const cib_review_queue *cib_app_queue(cib_app_request *req, cib_error *err)
{
	const cib_review_overview *o = cib_app_kept(req, "overview");
	cib_review_queue *q = o ? NULL : cib_app_kept(req, "queue");
	if (o || q)
		return o ? &o->queue : q;
	q = cib_alloc(sizeof *q);
	if (cib_review_list(q, req->ws, NULL, err) != CIB_OK) {
		release_queue(q);
		return NULL;
	}
	cib_app_keep(req, "queue", q, release_queue);
	return q;
}

/* ---- the sitting, as far as it concerns a page ---- */

static const char *const sitting_words[] = {"none", "accept", "return", "decline"};

const char *cib_app_sitting_word(cib_sitting what)
{
	return sitting_words[what];
}

bool cib_app_sitting_of(cib_sitting *out, const char *word)
{
	for (int i = 0; word && i < 4; i++)
		if (strcmp(word, sitting_words[i]) == 0) {
			*out = (cib_sitting)i;
			return true;
		}
	return false;
}

/* NULL, and why under "busy", when it is open elsewhere: the queue is shown all the same. */
cib_review_session *cib_app_sitting_open(cJSON *doc, cib_workspace *ws)
{
	cib_review_session *s = NULL;
	cib_error err = CIB_ERROR_INIT;
	if (cib_review_session_open(&s, ws, &err) != CIB_OK)
		cJSON_AddItemToObject(doc, "busy", cib_app_error_json(&err));
	return s;
}

void cib_app_sitting_counts(cJSON *doc, const cib_review_session *s)
{
	cJSON *row = cJSON_AddObjectToObject(doc, "sitting");
	for (int i = CIB_SITTING_ACCEPT; s && i <= CIB_SITTING_DECLINE; i++)
		add_number(row, sitting_words[i], (double)cib_review_session_count(s, (cib_sitting)i));
}

/* ---- the queue ---- */

static const char *kind_title(cib_app_request *req, const char *name)
{
	const cib_kind *kind = cib_network_kind(req->ws->net, name);
	const char *title = kind ? cib_kind_title(kind, req->lang) : NULL;
	return title ? title : name;
}

void cib_app_review_add(cJSON *row, cib_app_request *req, const cib_review_item *item)
{
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, &item->proposed);
	cJSON_AddStringToObject(row, "member", item->member);
	cJSON_AddStringToObject(row, "id", item->id);
	cJSON_AddStringToObject(row, "version", hex);
	cJSON_AddStringToObject(row, "kind", item->kind);
	cJSON_AddStringToObject(row, "kindTitle", kind_title(req, item->kind));
	cJSON_AddStringToObject(row, "change", cib_review_change_word(item));
	cJSON_AddStringToObject(row, "state", cib_review_state_word(item->state));
}

static cJSON *row_json(cib_app_request *req, const cib_review_row *r, const cib_review_session *s)
{
	static const char *const looks[] = {"", "new", "new-version"};
	cJSON *row = cJSON_CreateObject();
	const struct {
		const char *name;
		size_t value;
	} counts[] = {{"size", r->size}, {"errors", r->errors}, {"warnings", r->warnings}, {"conflicts", r->conflicts}, {"duplicates", r->duplicates}};
	const struct {
		const char *name;
		bool value;
	} marks[] = {{"clashes", r->clashes}, {"awaited", r->awaited}, {"answered", r->answered}, {"clean", r->clean}};
	cib_app_review_add(row, req, r->item);
	cJSON_AddStringToObject(row, "title", r->title);
	cJSON_AddStringToObject(row, "author", r->author);
	cJSON_AddStringToObject(row, "look", looks[r->look]);
	add_number(row, "submitted", (double)r->submitted);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		add_number(row, counts[i].name, (double)counts[i].value);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		cJSON_AddBoolToObject(row, marks[i].name, marks[i].value);
	cJSON_AddStringToObject(row, "decision", sitting_words[s ? cib_review_session_state(s, r->item) : CIB_SITTING_NONE]);
	return row;
}

static cJSON *tally_json(const cib_review_tally *t)
{
	cJSON *row = cJSON_CreateObject();
	const struct {
		const char *name;
		double value;
	} counts[] = {{"pending", (double)t->pending}, {"back", (double)t->back}, {"clean", (double)t->clean}, {"fresh", (double)t->fresh}, {"oldest", (double)t->oldest}};
	if (t->member)
		cJSON_AddStringToObject(row, "member", t->member);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		add_number(row, counts[i].name, counts[i].value);
	return row;
}

static void add_tallies(cJSON *doc, const cib_review_overview *o)
{
	cib_review_tally *list, all;
	size_t n = cib_review_tallies(&list, &all, o);
	cJSON *rows = cJSON_AddArrayToObject(doc, "members");
	for (size_t i = 0; i < n; i++)
		cJSON_AddItemToArray(rows, tally_json(&list[i]));
	cJSON_AddItemToObject(doc, "all", tally_json(&all));
	free(list);
}

/* What the filters can be set to: members and kinds of the whole queue. */
static void add_choices(cJSON *doc, cib_app_request *req, const cib_review_queue *q)
{
	cJSON *choices = cJSON_AddObjectToObject(doc, "choices"), *members = cJSON_AddObjectToObject(choices, "members"), *kinds = cJSON_AddObjectToObject(choices, "kinds");
	for (size_t i = 0; i < q->count; i++) {
		if (!cib_json_get(members, q->items[i].member))
			cJSON_AddStringToObject(members, q->items[i].member, q->items[i].member);
		if (!cib_json_get(kinds, q->items[i].kind))
			cJSON_AddStringToObject(kinds, q->items[i].kind, kind_title(req, q->items[i].kind));
	}
	add_number(choices, "count", (double)q->count);
}

static const char *filled(const char *text)
{
	return text && *text ? text : NULL;
}

static cib_review_filter filter_of(const cib_app_request *req)
{
	return (cib_review_filter){.member = filled(cib_app_query(req, "member")),
	                           .kind = filled(cib_app_query(req, "kind")),
	                           .state = filled(cib_app_query(req, "state")),
	                           .with = filled(cib_app_query(req, "with")),
	                           .sort = filled(cib_app_query(req, "sort")),
	                           .only_new = cib_app_query(req, "new") != NULL,
	                           .clean = cib_app_query(req, "clean") != NULL,
	                           .older_days = (int)cib_app_query_number(req, "older", 0, 10000)};
}

static int queue(cib_app_request *req)
{
	cib_review_filter filter = filter_of(req);
	const cib_review_overview *whole;
	cib_review_overview o;
	cib_error err = CIB_ERROR_INIT;
	const char *odd = cib_review_filter_unknown(&filter);
	if (cib_app_review_here(req))
		return 0;
	if (odd) {
		cib_error_set(&err, CIB_USAGE, "review.filter", "'%s' is not known", odd);
		return cib_app_fail(req, &err);
	}
	if (!(whole = cib_app_overview(req, &err)))
		return cib_app_fail(req, &err);
	cib_review_overview_choose(&o, whole, req->ws, &filter);
	cJSON *doc = cJSON_CreateObject(), *rows = cJSON_AddArrayToObject(doc, "rows");
	cib_review_session *s = cib_app_sitting_open(doc, req->ws);
	for (size_t i = 0; i < o.count; i++)
		cJSON_AddItemToArray(rows, row_json(req, &o.rows[i], s));
	add_tallies(doc, &o);
	add_choices(doc, req, &o.queue);
	cib_app_sitting_counts(doc, s);
	add_number(doc, "fresh", (double)o.fresh);
	add_number(doc, "newer", (double)o.newer);
	add_number(doc, "gone", (double)o.gone);
	cib_review_session_free(s);
	cib_review_overview_clear(&o);
	return cib_app_json(req, doc);
}

/* ---- what happened ---- */

static cJSON *happening_json(cib_app_request *req, cib_happening *h, const cib_review_queue *q)
{
	cJSON *row = cJSON_CreateObject();
	const cib_kind *kind = cib_network_kind(req->ws->net, h->entry_kind);
	const struct {
		const char *name, *text;
	} texts[] = {{"what", cib_happened_word(h->kind)}, {"member", h->member}, {"id", h->id}, {"kindTitle", kind_title(req, h->entry_kind)}, {"user", h->user}, {"title", cib_happening_title(h, req->ws, req->lang)}, {"text", h->text}};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cJSON_AddStringToObject(row, texts[i].name, texts[i].text ? texts[i].text : "");
	if (h->field && *h->field) {
		char *title = cib_field_title(req->ws->net, kind, h->field, req->lang);
		cJSON_AddStringToObject(row, "field", title);
		free(title);
	}
	add_number(row, "when", (double)h->when);
	cJSON_AddBoolToObject(row, "byMember", h->by_member);
	cJSON_AddBoolToObject(row, "waits", cib_review_find(q, h->member, h->id, NULL) != NULL);
	return row;
}

static void release_happenings(void *list)
{
	cib_happenings_clear(list);
	free(list);
}

static int newest_first(const void *a, const void *b)
{
	const cib_happening *x = *(cib_happening *const *)a, *y = *(cib_happening *const *)b;
	return x->when != y->when ? (x->when < y->when ? 1 : -1) : (x > y) - (x < y); /* what a decision says stays behind it */
}

/* The last days, kept; since the beginning of a day, so that they are the same days for the next request. NULL: err says why. */
cib_happenings *cib_app_happenings(cib_app_request *req, size_t days, const char *member, bool arrivals, cib_error *err)
{
	cib_happened_span span = {.since = ((int64_t)time(NULL) / 86400 - (int64_t)days) * 86400, .member = member, .lang = req->lang, .untitled = true, .arrivals = arrivals};
	char *name = cib_format("happened %zu %d %s", days, arrivals, member ? member : "");
	cib_happenings *list = cib_app_kept(req, name);
	if (!list) {
		list = cib_alloc(sizeof *list);
		if (cib_happenings_load(list, req->ws, &span, err) == CIB_OK) {
			cib_app_keep(req, name, list, release_happenings);
		} else {
			release_happenings(list);
			list = NULL;
		}
	}
	free(name);
	return list;
}

/* The newest first; ?member=, ?id= of an entry, ?days= (90). */
static int activity(cib_app_request *req)
{
	const char *member = filled(cib_app_query(req, "member")), *id = filled(cib_app_query(req, "id"));
	cib_error err = CIB_ERROR_INIT;
	size_t count = 0;
	if (cib_app_review_here(req))
		return 0;
	const cib_review_queue *q = cib_app_queue(req, &err);
	cib_happenings *list = q ? cib_app_happenings(req, cib_app_query_number(req, "days", 90, 36500), member, true, &err) : NULL;
	if (!list)
		return cib_app_fail(req, &err);
	cib_happening **order = cib_alloc((list->count + 1) * sizeof(cib_happening *));
	for (size_t i = 0; i < list->count; i++)
		if (!id || strcmp(id, list->items[i].id) == 0)
			order[count++] = &list->items[i];
	if (count)
		qsort(order, count, sizeof(cib_happening *), newest_first);
	cJSON *doc = cJSON_CreateObject(), *rows = cJSON_AddArrayToObject(doc, "rows");
	for (size_t i = 0; i < count && i < ACTIVITY_SHOWN; i++)
		cJSON_AddItemToArray(rows, happening_json(req, order[i], q));
	add_number(doc, "count", (double)count);
	free(order);
	return cib_app_json(req, doc);
}

const cib_app_route cib_app_review_routes[] = {
	{"GET", "/api/review", queue, false},
	{"GET", "/api/review/activity", activity, false},
	{0},
};
