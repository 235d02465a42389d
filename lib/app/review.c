/* The review as JSON to look at: the queue, and an item opened, field by field. What is decided is in review_act.c. */
#include "app/private.h"

#include "app/review.h"
#include "review/happened.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/* ---- the sitting, as far as it concerns a page ---- */

static const char *const sitting_words[] = {"none", "accept", "return", "decline"};

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
static cib_review_session *open_sitting(cJSON *doc, cib_workspace *ws)
{
	cib_review_session *s = NULL;
	cib_error err = CIB_ERROR_INIT;
	if (cib_review_session_open(&s, ws, &err) != CIB_OK)
		cJSON_AddItemToObject(doc, "busy", cib_app_error_json(&err));
	return s;
}

static void add_sitting_counts(cJSON *doc, const cib_review_session *s)
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

static void add_item(cJSON *row, cib_app_request *req, const cib_review_item *item)
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
	add_item(row, req, r->item);
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
	cib_review_overview o;
	cib_error err = CIB_ERROR_INIT;
	const char *odd = cib_review_filter_unknown(&filter);
	if (cib_app_review_here(req))
		return 0;
	if (odd) {
		cib_error_set(&err, CIB_USAGE, "review.filter", "'%s' is not known", odd);
		return cib_app_fail(req, &err);
	}
	int status = cib_review_overview_load(&o, req->ws, &filter, req->lang, &err);
	cJSON *doc = cJSON_CreateObject(), *rows = cJSON_AddArrayToObject(doc, "rows");
	cib_review_session *s = open_sitting(doc, req->ws);
	for (size_t i = 0; i < o.count && status == CIB_OK; i++)
		cJSON_AddItemToArray(rows, row_json(req, &o.rows[i], s));
	add_tallies(doc, &o);
	add_choices(doc, req, &o.queue);
	add_sitting_counts(doc, s);
	add_number(doc, "fresh", (double)o.fresh);
	add_number(doc, "newer", (double)o.newer);
	add_number(doc, "gone", (double)o.gone);
	cib_review_session_free(s);
	cib_review_overview_clear(&o);
	if (status == CIB_OK)
		return cib_app_json(req, doc);
	cJSON_Delete(doc);
	return cib_app_fail(req, &err);
}

/* ---- an item ---- */

typedef struct {
	cJSON *pieces;
	cib_buf run;
	bool differs;
} piecing;

static void end_run(piecing *p)
{
	if (!p->run.len)
		return;
	cJSON *piece = cJSON_CreateArray();
	cJSON_AddItemToArray(piece, cJSON_CreateString(cib_buf_str(&p->run)));
	if (p->differs)
		cJSON_AddItemToArray(piece, cJSON_CreateTrue());
	cJSON_AddItemToArray(p->pieces, piece);
	cib_buf_clear(&p->run);
}

static void add_piece(const char *text, size_t len, bool differs, void *payload)
{
	piecing *p = payload;
	if (differs != p->differs)
		end_run(p);
	p->differs = differs;
	cib_buf_add(&p->run, text, len);
}

/* A side of a field as [["what stands on both sides"], ["what differs", true], ...]; null: there is none. A side that has no other
 * differs as a whole. */
static void add_side(cJSON *row, const char *name, const char *text, const char *against)
{
	piecing p = {.run = CIB_BUF_INIT};
	if (!text) {
		cJSON_AddNullToObject(row, name);
		return;
	}
	p.pieces = cJSON_AddArrayToObject(row, name);
	if (against) {
		cib_each_piece(text, against, add_piece, &p);
	} else {
		cib_buf clean = CIB_BUF_INIT;
		cib_buf_add_clean(&clean, text, strlen(text));
		add_piece(cib_buf_str(&clean), clean.len, true, &p);
		cib_buf_free(&clean);
	}
	end_run(&p);
	cib_buf_free(&p.run);
}

static cJSON *note_json(const cib_view_note *n)
{
	cJSON *row = cJSON_CreateObject();
	cJSON_AddStringToObject(row, "kind", cib_note_word(n->kind));
	cJSON_AddStringToObject(row, "title", n->title);
	cJSON_AddStringToObject(row, "text", n->text);
	if (n->duplicate) {
		cJSON_AddStringToObject(row, "id", n->duplicate->id);
		cJSON_AddStringToObject(row, "member", n->duplicate->member);
		cJSON_AddStringToObject(row, "by", n->duplicate->same_identifier ? "identifier" : "title");
		cJSON_AddBoolToObject(row, "linked", n->duplicate->linked);
	}
	if (n->remark) {
		cJSON_AddStringToObject(row, "by", n->remark->by_secretariat ? "secretariat" : "member");
		cJSON_AddStringToObject(row, "author", n->remark->author);
		cJSON_AddStringToObject(row, "date", n->remark->date);
		add_number(row, "depth", (double)n->remark->depth);
	}
	return row;
}

/* How the entry stands is in members of the item; the page has words of its own for it. */
static void add_notes(cJSON *doc, const cib_review_view *view, size_t at)
{
	cJSON *list = cJSON_AddArrayToObject(doc, "notes");
	const cib_view_note *n;
	for (size_t i = 0; (n = cib_review_view_note(view, at, &i));)
		if (n->kind != CIB_NOTE_STATE)
			cJSON_AddItemToArray(list, note_json(n));
}

static void add_fields(cJSON *doc, const cib_review_view *view)
{
	cJSON *list = cJSON_AddArrayToObject(doc, "fields");
	for (size_t i = 0; i < view->count; i++) {
		const cib_view_field *f = &view->items[i];
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "pointer", f->pointer);
		cJSON_AddStringToObject(row, "title", f->title);
		cJSON_AddBoolToObject(row, "parts", f->parts);
		add_side(row, "before", f->before, f->parts ? NULL : f->after);
		add_side(row, "after", f->after, f->parts ? NULL : f->before);
		add_notes(row, view, i);
		cJSON_AddItemToArray(list, row);
	}
}

static void add_own_comments(cJSON *doc, cib_app_request *req, const cib_review_session *s, const cib_review_item *item)
{
	const cib_kind *kind = cib_network_kind(req->ws->net, item->kind);
	cib_review_comment *list;
	size_t n = cib_review_session_comments(&list, s, item);
	cJSON *rows = cJSON_AddArrayToObject(doc, "said");
	for (size_t i = 0; i < n; i++) {
		cJSON *row = cJSON_CreateObject();
		char *title = *list[i].pointer ? cib_field_title(req->ws->net, kind, list[i].pointer, req->lang) : cib_strdup("");
		cJSON_AddStringToObject(row, "pointer", list[i].pointer);
		cJSON_AddStringToObject(row, "title", title);
		cJSON_AddStringToObject(row, "text", list[i].text);
		cJSON_AddItemToArray(rows, row);
		free(title);
	}
	free(list);
}

static void add_neighbour(cJSON *doc, const char *name, const cib_review_queue *q, size_t at)
{
	if (at >= q->count)
		return;
	cJSON *row = cJSON_AddObjectToObject(doc, name);
	cJSON_AddStringToObject(row, "member", q->items[at].member);
	cJSON_AddStringToObject(row, "id", q->items[at].id);
}

/* Where to go on: the items beside it, and the next that has no decision. */
static void add_ways(cJSON *doc, const cib_review_queue *q, const cib_review_item *item, const cib_review_session *s)
{
	size_t at = (size_t)(item - q->items), open = s ? cib_review_session_next(s, q, at) : SIZE_MAX;
	add_number(doc, "at", (double)at + 1);
	add_number(doc, "of", (double)q->count);
	if (q->count > 1) {
		add_neighbour(doc, "previous", q, (at + q->count - 1) % q->count);
		add_neighbour(doc, "next", q, (at + 1) % q->count);
	}
	if (open != at)
		add_neighbour(doc, "open", q, open);
}

static void add_detail(cJSON *doc, cib_app_request *req, const cib_review_detail *d, bool only_new)
{
	cJSON_AddStringToObject(doc, "title", cib_review_title(d, req->lang));
	cJSON_AddStringToObject(doc, "author", d->author);
	add_number(doc, "submitted", (double)d->submitted);
	add_number(doc, "conflicts", (double)d->conflicts);
	cJSON_AddStringToObject(doc, "awaits", d->awaited ? d->awaited : "");
	cJSON_AddBoolToObject(doc, "joined", d->joined);
	cJSON_AddBoolToObject(doc, "clashes", d->clashes);
	cJSON_AddBoolToObject(doc, "clean", cib_review_is_clean(d));
	cJSON_AddBoolToObject(doc, "seen", d->seen != NULL);
	cJSON_AddBoolToObject(doc, "onlyNew", only_new);
}

static void add_whole(cJSON *doc, const cib_review_detail *d)
{
	cib_buf text = CIB_BUF_INIT;
	cib_json_write(&text, d->after ? d->after : d->before, NULL);
	cJSON_AddStringToObject(doc, "whole", cib_buf_str(&text));
	cib_buf_free(&text);
}

static int open_item(cJSON *doc, cib_app_request *req, const cib_review_item *item, cib_error *err)
{
	cib_duplicates *index = NULL;
	cib_review_detail d;
	cib_review_view view;
	cib_duplicates_open(&index, req->ws, NULL); /* without it, the rest is worth showing */
	int status = cib_review_detail_load(&d, req->ws, item, index, req->lang, err);
	if (status == CIB_OK) {
		bool only_new = d.seen && !cib_app_query(req, "all");
		cib_review_view_make(&view, req->ws, item, &d, only_new, req->lang);
		add_item(doc, req, item);
		add_detail(doc, req, &d, only_new);
		add_fields(doc, &view);
		add_notes(doc, &view, SIZE_MAX);
		if (cib_app_query(req, "whole"))
			add_whole(doc, &d);
		cib_review_view_clear(&view);
	}
	cib_review_detail_clear(&d);
	cib_duplicates_free(index);
	return status;
}

static int item(cib_app_request *req)
{
	cib_review_queue q = CIB_REVIEW_QUEUE_INIT;
	cib_error err = CIB_ERROR_INIT;
	if (cib_app_review_here(req))
		return 0;
	int status = cib_review_list(&q, req->ws, NULL, &err);
	const cib_review_item *found = status == CIB_OK ? cib_review_find(&q, req->params[0], req->params[1], NULL) : NULL;
	cJSON *doc = cJSON_CreateObject();
	if (status == CIB_OK && !found)
		status = cib_error_set(&err, CIB_NOTFOUND, "review.gone", "%s does not wait for review any more", req->params[1]);
	if (status == CIB_OK)
		status = open_item(doc, req, found, &err);
	if (status == CIB_OK) {
		cib_review_session *s = open_sitting(doc, req->ws);
		cJSON_AddStringToObject(doc, "decision", sitting_words[s ? cib_review_session_state(s, found) : CIB_SITTING_NONE]);
		if (s)
			add_own_comments(doc, req, s, found);
		add_sitting_counts(doc, s);
		add_ways(doc, &q, found, s);
		cib_review_session_free(s);
	}
	cib_review_queue_free(&q);
	if (status == CIB_OK)
		return cib_app_json(req, doc);
	cJSON_Delete(doc);
	return cib_app_fail(req, &err);
}

/* ---- what happened ---- */

static cJSON *happening_json(cib_app_request *req, const cib_happening *h)
{
	cJSON *row = cJSON_CreateObject();
	const cib_kind *kind = cib_network_kind(req->ws->net, h->entry_kind);
	const struct {
		const char *name, *text;
	} texts[] = {{"what", cib_happened_word(h->kind)}, {"member", h->member}, {"id", h->id}, {"kindTitle", kind_title(req, h->entry_kind)}, {"user", h->user}, {"title", h->title}, {"text", h->text}};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cJSON_AddStringToObject(row, texts[i].name, texts[i].text ? texts[i].text : "");
	if (h->field && *h->field) {
		char *title = cib_field_title(req->ws->net, kind, h->field, req->lang);
		cJSON_AddStringToObject(row, "field", title);
		free(title);
	}
	add_number(row, "when", (double)h->when);
	cJSON_AddBoolToObject(row, "byMember", h->by_member);
	return row;
}

/* The newest first; ?member=, ?id= of an entry, ?days= (90). */
static int activity(cib_app_request *req)
{
	const char *member = filled(cib_app_query(req, "member")), *id = filled(cib_app_query(req, "id"));
	size_t days = cib_app_query_number(req, "days", 90, 36500), shown = 0;
	cib_happened_span span = {.since = (int64_t)time(NULL) - (int64_t)days * 86400, .member = member, .lang = req->lang, .arrivals = true};
	cib_happenings list = {0};
	cib_error err = CIB_ERROR_INIT;
	if (cib_app_review_here(req))
		return 0;
	int status = cib_happenings_load(&list, req->ws, &span, &err);
	cJSON *doc = cJSON_CreateObject(), *rows = cJSON_AddArrayToObject(doc, "rows");
	for (size_t i = 0; i < list.count && status == CIB_OK; i++)
		if ((!id || strcmp(id, list.items[i].id) == 0) && shown++ < 500)
			cJSON_AddItemToArray(rows, happening_json(req, &list.items[i]));
	add_number(doc, "count", (double)shown);
	cib_happenings_clear(&list);
	if (status == CIB_OK)
		return cib_app_json(req, doc);
	cJSON_Delete(doc);
	return cib_app_fail(req, &err);
}

const cib_app_route cib_app_review_routes[] = {
	{"GET", "/api/review", queue, false},
	{"GET", "/api/review/activity", activity, false},
	{"GET", "/api/review/items/{member}/{id}", item, false},
	{0},
};
