/* What two people changed at once: both values of each place, with the words that differ, and settling it. */
#include "app/private.h"

#include "network/wording.h"
#include "review/review.h"

#include <stdlib.h>
#include <string.h>

static void add_piece(const char *piece, size_t len, bool differs, void *payload)
{
	cJSON *row = cJSON_CreateArray();
	char *text = cib_strndup(piece, len);
	cJSON_AddItemToArray(row, cJSON_CreateString(text));
	cJSON_AddItemToArray(row, cJSON_CreateBool(differs));
	cJSON_AddItemToArray(payload, row);
	free(text);
}

/* A value as people read it. The caller's. */
static char *text_of(const cib_app_request *req, const cib_kind *kind, const cib_open_conflict *c, const cJSON *value)
{
	cib_wording w = cib_wording_for(req->ws->net, kind, NULL, req->lang);
	return cib_wording_value(&w, c->pointer, value);
}

static void add_side(cJSON *row, const char *name, const cib_app_request *req, const cib_kind *kind, const cib_open_conflict *c, const cJSON *value)
{
	const cJSON *other = value == c->ours ? c->theirs : value == c->theirs ? c->ours
	                                                                       : NULL;
	cJSON *side = cJSON_AddObjectToObject(row, name);
	if (value)
		cJSON_AddItemToObject(side, "value", cJSON_Duplicate(value, true));
	char *text = text_of(req, kind, c, value), *against = text_of(req, kind, c, other);
	cJSON_AddStringToObject(side, "text", text);
	if (value && other)
		cib_each_piece(text, against, add_piece, cJSON_AddArrayToObject(side, "pieces"));
	free(text);
	free(against);
}

static void add_conflict(cJSON *list, const cib_app_request *req, const cib_open_conflict *c)
{
	cJSON *row = cJSON_CreateObject(), *doc = NULL;
	cib_buf text = CIB_BUF_INIT;
	cib_place place;
	cib_network_place(&place, req->ws->net, c->entry_path);
	if (cib_workspace_read(&text, req->ws, c->entry_path, NULL) == CIB_OK)
		cib_json_read(&doc, text.data, text.len, NULL, NULL);
	char *title = *c->path && place.kind ? cib_field_title(req->ws->net, place.kind, c->pointer, req->lang) : cib_strdup("");
	const struct {
		const char *name, *text;
	} texts[] = {{"id", c->id}, {"item", c->item}, {"title", cib_entry_title(doc, req->lang)}, {"field", title}, {"path", c->path}, {"pointer", c->pointer}, {"conflict", c->kind}, {"nature", c->nature}};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cJSON_AddStringToObject(row, texts[i].name, texts[i].text ? texts[i].text : "");
	cJSON_AddStringToObject(row, "kind", place.kind ? cib_kind_title(place.kind, req->lang) : "");
	add_side(row, "ours", req, place.kind, c, c->ours);
	add_side(row, "theirs", req, place.kind, c, c->theirs);
	add_side(row, "before", req, place.kind, c, c->base);
	cJSON *ours = cib_json_get(row, "ours"), *theirs = cib_json_get(row, "theirs");
	cJSON_AddStringToObject(ours, "by", c->ours_by);
	cJSON_AddStringToObject(ours, "on", c->ours_on);
	cJSON_AddStringToObject(theirs, "by", c->theirs_by);
	cJSON_AddStringToObject(theirs, "on", c->theirs_on);
	cJSON_AddStringToObject(row, "stands", cib_conflict_ours_stands(c) ? "ours" : "theirs");
	cJSON *now = cib_conflict_current(req->ws, c);
	const cJSON *stood = cib_conflict_ours_stands(c) ? c->ours : c->theirs;
	if (now && *c->path && !(stood && cib_json_equal(now, stood)))
		add_side(row, "now", req, place.kind, c, now); /* edited since */
	cJSON_AddItemToArray(list, row);
	cJSON_Delete(now);
	cJSON_Delete(doc);
	cib_buf_free(&text);
	free(title);
}

static int list(cib_app_request *req)
{
	cib_error err = CIB_ERROR_INIT;
	cib_open_conflicts open = {0};
	if (cib_conflicts_list(&open, req->ws, &err) != CIB_OK)
		return cib_app_fail(req, &err);
	cJSON *answer = cJSON_CreateObject(), *rows = cJSON_AddArrayToObject(answer, "conflicts");
	for (size_t i = 0; i < open.count; i++)
		add_conflict(rows, req, &open.items[i]);
	cib_open_conflicts_free(&open);
	cib_app_to_script(answer);
	return cib_app_json(req, answer);
}

/* {"id", "item", "take": "ours" | "theirs" | "value", "value"} */
static int settle(cib_app_request *req)
{
	cib_error err = CIB_ERROR_INIT;
	cib_open_conflicts open = {0};
	const char *id = cib_json_string(req->body, "id"), *item = cib_json_string(req->body, "item"), *take = cib_json_string(req->body, "take");
	const cJSON *value = cib_json_get(req->body, "value");
	int status = id && item && take ? cib_conflicts_list(&open, req->ws, &err) : cib_error_set(&err, CIB_USAGE, "conflict.form", "id, item and take are needed");
	const cib_open_conflict *found = NULL;
	for (size_t i = 0; status == CIB_OK && i < open.count; i++)
		if (strcmp(open.items[i].id, id) == 0 && strcmp(open.items[i].item, item) == 0)
			found = &open.items[i];
	if (status == CIB_OK && !found)
		status = cib_error_set(&err, CIB_NOTFOUND, "conflict.unknown", "this is settled already");
	take = take ? take : "";
	bool third = strcmp(take, "value") == 0;
	if (status == CIB_OK && ((third && !value) || (!third && strcmp(take, "ours") != 0 && strcmp(take, "theirs") != 0)))
		status = cib_error_set(&err, CIB_USAGE, "conflict.form", "take is ours, theirs, or value with a value");
	if (status == CIB_OK)
		status = cib_conflict_resolve(req->ws, found, third ? CIB_RESOLVE_VALUE : strcmp(take, "ours") == 0 ? CIB_RESOLVE_OURS
		                                                                                                    : CIB_RESOLVE_THEIRS,
		                              third ? value : NULL, &err);
	cib_open_conflicts_free(&open);
	return status == CIB_OK ? list(req) : cib_app_fail(req, &err);
}

const cib_app_route cib_app_conflict_routes[] = {
	{"GET", "/api/conflicts", list, false},
	{"POST", "/api/conflicts", settle, false},
	{0},
};
