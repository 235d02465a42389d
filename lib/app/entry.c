/* One entry: as a person reads it, its story, and bringing an old version back. */
#include "app/private.h"

#include "network/form.h"
#include "network/reading.h"
#include "review/review.h"
#include "review/story.h"

#include <stdlib.h>
#include <string.h>

/* Find what stands for {id}; for the secretariat also what only a member's branch has. */
int cib_app_find(cib_app_request *req, cib_buf *path, cib_place *place, cib_error *err)
{
	return cib_review_find_entry(path, place, req->ws, req->params[0], err);
}

static cJSON *reading_json(const cib_reading *reading)
{
	cJSON *list = cJSON_CreateArray();
	for (size_t i = 0; i < reading->count; i++) {
		const cib_reading_item *item = &reading->items[i];
		cJSON *row = cJSON_CreateObject();
		const struct {
			const char *name, *text;
		} texts[] = {{"pointer", item->pointer}, {"title", item->title}, {"text", item->text}, {"name", item->name}, {"written", item->written}};
		cJSON_AddNumberToObject(row, "depth", (double)item->depth);
		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
			if (texts[k].text)
				cJSON_AddStringToObject(row, texts[k].name, texts[k].text);
		if (item->stale)
			cJSON_AddTrueToObject(row, "stale");
		if (item->in_lang)
			cJSON_AddStringToObject(row, "lang", strrchr(item->pointer, '/') + 1);
		if (item->reference)
			cJSON_AddTrueToObject(row, "reference");
		cJSON_AddItemToArray(list, row);
	}
	return list;
}

/* May this person change it here? */
static bool is_own(const cib_workspace *ws, const cib_place *place)
{
	return ws->member ? place->area == CIB_AREA_MEMBER && strcmp(place->member, ws->member) == 0 : place->area == CIB_AREA_NETWORK;
}

/* How it stands, of an own entry; NULL else. */
static const char *standing_of(cib_workspace *ws, const char *path, const char *lang)
{
	cib_work_changes changes = {0};
	cib_standings standings = {0};
	const char *word = NULL;
	if (cib_workspace_changes(&changes, ws, lang, NULL) == CIB_OK && cib_standings_load(&standings, ws, &changes, NULL) == CIB_OK)
		for (size_t i = 0; i < standings.count && !word; i++)
			if (strcmp(standings.items[i].path, path) == 0)
				word = standings.items[i].draft ? "draft" : standings.items[i].removed ? "removed"
				                                                                       : cib_stands_word(standings.items[i].stands);
	cib_standings_free(&standings);
	cib_work_changes_free(&changes);
	return word;
}

static cJSON *dialogue_json(cib_app_request *req, const cib_place *place, const cJSON *doc)
{
	cib_dialogue d = {0};
	cJSON *list = cJSON_CreateArray();
	const cib_merge_rules *rules = cib_network_rules(req->ws->net, place->kind);
	if (*place->member && cib_dialogue_load(&d, req->ws, place->member, place->id, NULL) == CIB_OK)
		for (size_t i = 0; i < d.count; i++) {
			const cib_remark *r = &d.items[i];
			cib_buf pointer = CIB_BUF_INIT;
			cJSON *row = cJSON_CreateObject();
			bool there = *r->path && cib_merge_path_to_pointer(&pointer, doc, rules, r->path);
			char *field = *r->path ? cib_field_title(req->ws->net, place->kind, there ? cib_buf_str(&pointer) : r->path, req->lang) : NULL;
			if (field)
				cJSON_AddStringToObject(row, "field", field);
			cJSON_AddStringToObject(row, "id", r->id);
			cJSON_AddStringToObject(row, "text", r->text);
			cJSON_AddStringToObject(row, "author", r->author ? r->author : "");
			cJSON_AddStringToObject(row, "date", r->date ? r->date : "");
			cJSON_AddBoolToObject(row, "bySecretariat", r->by_secretariat);
			cJSON_AddNumberToObject(row, "depth", (double)r->depth);
			cJSON_AddItemToArray(list, row);
			cib_buf_free(&pointer);
			free(field);
		}
	cib_dialogue_clear(&d);
	return list;
}

static int show(cib_app_request *req)
{
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	cib_reading reading = {0};
	cib_place place = {0};
	cJSON *doc = NULL, *out = NULL;
	int status = cib_app_find(req, &path, &place, &err);
	if (status == CIB_OK)
		status = cib_review_text(&text, req->ws, path.data, &err);
	if (status == CIB_OK)
		status = cib_json_read(&doc, text.data, text.len, NULL, &err);
	if (status == CIB_OK) {
		const char *source = cib_json_string(doc, "sourceLanguage"), *stands = is_own(req->ws, &place) ? standing_of(req->ws, path.data, req->lang) : NULL;
		out = cib_app_entry_json(req, path.data);
		cJSON_ReplaceItemInObjectCaseSensitive(out, "title", cJSON_CreateString(cib_entry_title(doc, req->lang)));
		cJSON_AddStringToObject(out, "kindName", place.kind->name);
		cJSON_AddBoolToObject(out, "own", is_own(req->ws, &place));
		cJSON_AddBoolToObject(out, "talk", *place.member && (!req->ws->member || strcmp(req->ws->member, place.member) == 0));
		cJSON_AddStringToObject(out, "state", stands ? stands : "");
		cJSON_AddStringToObject(out, "sourceLanguage", source ? source : "");
		cib_reading_make(&reading, req->ws->net, place.kind, doc, req->lang);
		cJSON *form = cib_form_make(&(cib_form_for){.net = req->ws->net, .kind = place.kind, .lang = req->lang}), *order = cJSON_AddArrayToObject(out, "order");
		for (const cJSON *f = cib_json_get(form, "fields")->child; f; f = f->next)
			cJSON_AddItemToArray(order, cJSON_CreateString(cib_json_string(f, "name")));
		cJSON_AddItemToObject(out, "fields", reading_json(&reading));
		cJSON_Delete(form);
		cJSON_AddItemToObject(out, "remarks", dialogue_json(req, &place, doc));
		cib_reading_clear(&reading);
	}
	cJSON_Delete(doc);
	cib_buf_free(&path);
	cib_buf_free(&text);
	return status == CIB_OK ? cib_app_json(req, out) : cib_app_fail(req, &err);
}

/* ---- its story ---- */

static const char *const events[] = {"created", "changed", "removed", "accepted", "returned", "declined", "commented"};

static cJSON *changes_json(cib_app_request *req, const cib_kind *kind, const cib_story_event *e)
{
	cib_review_view view;
	cJSON *list = cJSON_CreateArray();
	cib_view_versions(&view, req->ws->net, kind, e->before, e->after, req->lang);
	for (size_t i = 0; i < view.count; i++) {
		const cib_view_field *f = &view.items[i];
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "title", f->title);
		if (f->before)
			cJSON_AddStringToObject(row, "before", f->before);
		if (f->after)
			cJSON_AddStringToObject(row, "after", f->after);
		cJSON_AddItemToArray(list, row);
	}
	cib_review_view_clear(&view);
	return list;
}

static cJSON *event_json(cib_app_request *req, const cib_place *place, const cib_story_event *e, const cJSON *newest)
{
	cJSON *row = cJSON_CreateObject();
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, &e->commit);
	cJSON_AddStringToObject(row, "event", events[e->kind]);
	cJSON_AddNumberToObject(row, "when", (double)e->when);
	cJSON_AddStringToObject(row, "member", e->member);
	cJSON_AddStringToObject(row, "user", e->user);
	cJSON_AddStringToObject(row, "commit", hex);
	cJSON_AddBoolToObject(row, "version", e->after != NULL); /* it can be brought back */
	if (e->before && e->after)
		cJSON_AddItemToObject(row, "changes", changes_json(req, place->kind, e));
	if (e->text) {
		cib_buf pointer = CIB_BUF_INIT;
		bool there = *e->field && newest && cib_merge_path_to_pointer(&pointer, newest, cib_network_rules(req->ws->net, place->kind), e->field);
		char *field = *e->field ? cib_field_title(req->ws->net, place->kind, there ? cib_buf_str(&pointer) : e->field, req->lang) : NULL;
		if (field)
			cJSON_AddStringToObject(row, "field", field);
		cJSON_AddStringToObject(row, "text", e->text);
		free(field);
		cib_buf_free(&pointer);
	}
	return row;
}

static int history(cib_app_request *req)
{
	cib_buf path = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	cib_story story = {0};
	cib_place place = {0};
	int status = cib_app_find(req, &path, &place, &err);
	if (status == CIB_OK)
		status = cib_story_load(&story, req->ws, path.data, &err);
	cJSON *doc = NULL;
	if (status == CIB_OK) {
		const cJSON *newest = NULL;
		for (size_t i = 0; i < story.count; i++)
			newest = story.items[i].after ? story.items[i].after : newest;
		doc = cib_app_entry_json(req, path.data);
		cJSON_AddBoolToObject(doc, "own", is_own(req->ws, &place));
		cJSON *list = cJSON_AddArrayToObject(doc, "events");
		for (size_t i = story.count; i-- > 0;)
			cJSON_AddItemToArray(list, event_json(req, &place, &story.items[i], newest));
	}
	cib_story_clear(&story);
	cib_buf_free(&path);
	return status == CIB_OK ? cib_app_json(req, doc) : cib_app_fail(req, &err);
}

/* ---- an old version again ---- */

/* {"commit"}: the entry as it stood there becomes the working file, as an edit that was not saved yet. */
static int restore(cib_app_request *req)
{
	const char *hex = cib_json_string(req->body, "commit");
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	cib_place place = {0};
	cib_oid commit, blob;
	unsigned mode;
	cJSON *doc = NULL;
	int status = hex && cib_oid_parse(&commit, hex) ? cib_app_find(req, &path, &place, &err) : cib_error_set(&err, CIB_USAGE, "app.commit", "which version?");
	if (status == CIB_OK && !is_own(req->ws, &place))
		status = cib_error_set(&err, CIB_REFUSED, "app.not-own", "only who owns an entry can change it");
	if (status == CIB_OK)
		status = cib_store_tree_get(&blob, &mode, req->ws->store, &commit, path.data, &err);
	if (status == CIB_OK)
		status = cib_store_blob_read(&text, req->ws->store, &blob, cib_network_limits(req->ws->net)->json_bytes, &err);
	if (status == CIB_OK)
		status = cib_json_read(&doc, text.data, text.len, NULL, &err);
	if (status == CIB_OK)
		status = cib_workspace_write(req->ws, path.data, doc, &err);
	cJSON_Delete(doc);
	cib_buf_free(&path);
	cib_buf_free(&text);
	return status == CIB_OK ? cib_app_json(req, cJSON_CreateObject()) : cib_app_fail(req, &err);
}

const cib_app_route cib_app_entry_routes[] = {
	{"GET", "/api/entries/{id}", show, false},
	{"GET", "/api/entries/{id}/history", history, false},
	{"POST", "/api/entries/{id}/restore", restore, false},
	{0},
};
