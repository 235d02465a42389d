/* An item of the review as JSON: its fields with the words that differ, what is said beside each, and the ways from it. */
#include "app/review.h"

#include <stdlib.h>
#include <string.h>

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

/* `waits`: the other entry is in the queue, too, and is to be looked at there. */
static cJSON *note_json(const cib_view_note *n, const cib_review_queue *q)
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
		cJSON_AddBoolToObject(row, "waits", cib_review_find(q, n->duplicate->member, n->duplicate->id, NULL) != NULL);
	}
	if (n->remark) {
		cJSON_AddStringToObject(row, "id", n->remark->id);
		cJSON_AddStringToObject(row, "by", n->remark->by_secretariat ? "secretariat" : "member");
		cJSON_AddStringToObject(row, "author", n->remark->author);
		cJSON_AddStringToObject(row, "date", n->remark->date);
		cJSON_AddNumberToObject(row, "depth", (double)n->remark->depth);
	}
	return row;
}

/* How the entry stands is in members of the item; the page has words of its own for it. */
static void add_notes(cJSON *doc, const cib_review_view *view, size_t at, const cib_review_queue *q)
{
	cJSON *list = cJSON_AddArrayToObject(doc, "notes");
	const cib_view_note *n;
	for (size_t i = 0; (n = cib_review_view_note(view, at, &i));)
		if (n->kind != CIB_NOTE_STATE)
			cJSON_AddItemToArray(list, note_json(n, q));
}

static void add_fields(cJSON *doc, const cib_review_view *view, const cib_review_queue *q)
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
		add_notes(row, view, i, q);
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
	cJSON_AddNumberToObject(doc, "at", (double)at + 1);
	cJSON_AddNumberToObject(doc, "of", (double)q->count);
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
	cJSON_AddNumberToObject(doc, "submitted", (double)d->submitted);
	cJSON_AddNumberToObject(doc, "conflicts", (double)d->conflicts);
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

static int open_item(cJSON *doc, cib_app_request *req, const cib_review_queue *q, const cib_review_item *item, cib_error *err)
{
	cib_duplicates *index = NULL;
	cib_review_detail d;
	cib_review_view view;
	cib_duplicates_open(&index, req->ws, NULL); /* without it, the rest is worth showing */
	int status = cib_review_detail_load(&d, req->ws, item, index, req->lang, err);
	if (status == CIB_OK) {
		bool only_new = d.seen && !cib_app_query(req, "all");
		cib_review_view_make(&view, req->ws, item, &d, only_new, req->lang);
		cib_app_review_add(doc, req, item);
		add_detail(doc, req, &d, only_new);
		add_fields(doc, &view, q);
		add_notes(doc, &view, SIZE_MAX, q);
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
	cib_error err = CIB_ERROR_INIT;
	if (cib_app_review_here(req))
		return 0;
	const cib_review_queue *q = cib_app_queue(req, &err);
	const cib_review_item *found = q ? cib_review_find(q, req->params[0], req->params[1], NULL) : NULL;
	int status = q ? CIB_OK : err.status;
	cJSON *doc = cJSON_CreateObject();
	if (status == CIB_OK && !found)
		status = cib_error_set(&err, CIB_NOTFOUND, "review.gone", "%s does not wait for review any more", req->params[1]);
	if (status == CIB_OK)
		status = open_item(doc, req, q, found, &err);
	if (status == CIB_OK) {
		cib_review_session *s = cib_app_sitting_open(doc, req->ws);
		cJSON_AddStringToObject(doc, "decision", cib_app_sitting_word(s ? cib_review_session_state(s, found) : CIB_SITTING_NONE));
		if (s)
			add_own_comments(doc, req, s, found);
		cib_app_sitting_counts(doc, s);
		add_ways(doc, q, found, s);
		cib_review_session_free(s);
	}
	if (status == CIB_OK)
		return cib_app_json(req, doc);
	cJSON_Delete(doc);
	return cib_app_fail(req, &err);
}

const cib_app_route cib_app_review_item_routes[] = {
	{"GET", "/api/review/items/{member}/{id}", item, false},
	{0},
};
