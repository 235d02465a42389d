/* An opened item for programs: one JSON object. */
#include "review/review.h"

#include <stdlib.h>

static void add_changes(cJSON *row, const char *name, cib_workspace *ws, const cib_kind *kind, const cib_json_changes *changes, const char *lang)
{
	static const char *const ops[] = {"add", "remove", "replace"};
	cJSON *list = cJSON_AddArrayToObject(row, name);
	for (size_t i = 0; i < changes->count; i++) {
		const cib_json_change *c = &changes->items[i];
		char *title = cib_field_title(ws->net, kind, c->pointer, lang);
		cJSON *o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "op", ops[c->op]);
		cJSON_AddStringToObject(o, "path", c->pointer);
		cJSON_AddStringToObject(o, "title", title);
		if (c->before)
			cJSON_AddItemToObject(o, "before", cJSON_Duplicate(c->before, true));
		if (c->after)
			cJSON_AddItemToObject(o, "value", cJSON_Duplicate(c->after, true));
		cJSON_AddItemToArray(list, o);
		free(title);
	}
}

static void add_duplicates(cJSON *row, const cib_duplicate_list *duplicates)
{
	cJSON *list = cJSON_AddArrayToObject(row, "duplicates");
	for (size_t i = 0; i < duplicates->count; i++) {
		const cib_duplicate *x = &duplicates->items[i];
		cJSON *o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "id", x->id);
		cJSON_AddStringToObject(o, "member", x->member);
		cJSON_AddStringToObject(o, "title", x->title);
		cJSON_AddNumberToObject(o, "score", x->score);
		cJSON_AddStringToObject(o, "by", x->same_identifier ? "identifier" : "title");
		cJSON_AddBoolToObject(o, "linked", x->linked);
		cJSON_AddItemToArray(list, o);
	}
}

static void add_findings(cJSON *row, const cib_findings *findings)
{
	cJSON *list = cJSON_AddArrayToObject(row, "findings");
	for (size_t i = 0; i < findings->count; i++) {
		const cib_finding *f = &findings->items[i];
		cJSON *o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "severity", cib_note_word((cib_note_kind)f->severity));
		cJSON_AddStringToObject(o, "pointer", f->pointer ? f->pointer : "");
		cJSON_AddStringToObject(o, "message", f->message ? f->message : "");
		cJSON_AddItemToArray(list, o);
	}
}

static void add_comments(cJSON *row, const cib_dialogue *dialogue)
{
	cJSON *list = cJSON_AddArrayToObject(row, "comments");
	for (size_t i = 0; i < dialogue->count; i++) {
		const cib_remark *r = &dialogue->items[i];
		cJSON *o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "id", r->id);
		cJSON_AddStringToObject(o, "by", r->by_secretariat ? "secretariat" : "member");
		cJSON_AddStringToObject(o, "author", r->author);
		cJSON_AddStringToObject(o, "date", r->date);
		cJSON_AddStringToObject(o, "path", r->path);
		cJSON_AddStringToObject(o, "text", r->text);
		if (r->reply_to)
			cJSON_AddStringToObject(o, "replyTo", r->reply_to);
		cJSON_AddItemToArray(list, o);
	}
}

cJSON *cib_review_item_json(cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d, const char *lang)
{
	const cib_kind *kind = cib_network_kind(ws->net, item->kind);
	char hex[CIB_OID_HEX];
	cJSON *row = cJSON_CreateObject();
	cib_oid_hex(hex, &item->proposed);
	cJSON_AddNumberToObject(row, "v", 1);
	cJSON_AddStringToObject(row, "member", item->member);
	cJSON_AddStringToObject(row, "id", item->id);
	cJSON_AddStringToObject(row, "kind", item->kind);
	cJSON_AddStringToObject(row, "change", cib_review_change_word(item));
	cJSON_AddStringToObject(row, "state", cib_review_state_word(item->state));
	cJSON_AddStringToObject(row, "blob", hex);
	cJSON_AddStringToObject(row, "title", cib_review_title(d, lang));
	cJSON_AddStringToObject(row, "author", d->author);
	cJSON_AddNumberToObject(row, "submitted", (double)d->submitted);
	cJSON_AddNumberToObject(row, "conflicts", (double)d->conflicts);
	cJSON_AddBoolToObject(row, "clean", cib_review_is_clean(d));
	if (d->awaited)
		cJSON_AddStringToObject(row, "awaits", d->awaited);
	cJSON_AddBoolToObject(row, "joined", d->joined);
	cJSON_AddBoolToObject(row, "clashes", d->clashes);
	add_changes(row, "changes", ws, kind, &d->changes, lang);
	if (d->seen)
		add_changes(row, "news", ws, kind, &d->news, lang);
	add_findings(row, &d->findings);
	add_duplicates(row, &d->duplicates);
	add_comments(row, &d->dialogue);
	return row;
}
