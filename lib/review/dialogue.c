/* The dialogue about an entry: reading both sides' remarks as one list of threads, and adding one. */
#include "review/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void cib_dialogue_clear(cib_dialogue *dialogue)
{
	for (size_t i = 0; i < dialogue->count; i++) {
		cib_remark *r = &dialogue->items[i];
		free(r->id);
		free(r->path);
		free(r->text);
		free(r->author);
		free(r->date);
		free(r->reply_to);
	}
	free(dialogue->items);
	*dialogue = (cib_dialogue){0};
}

static char *comments_path(const char *member, const char *id)
{
	return cib_format("members/%s/comments/%s.json", member, id);
}

/* ---- reading ---- */

static void add_remarks(cib_dialogue *out, const cJSON *list, bool by_secretariat)
{
	for (const cJSON *c = list ? list->child : NULL; c; c = c->next) {
		const char *id = cib_json_string(c, "id"), *path = cib_json_string(c, "path"), *text = cib_json_string(c, "text"), *author = cib_json_string(c, "author");
		const char *date = cib_json_string(c, "date"), *reply_to = cib_json_string(c, "replyTo");
		bool known = false;
		for (size_t i = 0; i < out->count && id && !known; i++)
			known = strcmp(out->items[i].id, id) == 0;
		if (!id || !text || known)
			continue;
		out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
		out->items[out->count++] = (cib_remark){.id = cib_strdup(id), .path = cib_strdup(path ? path : ""), .text = cib_strdup(text), .author = cib_strdup(author ? author : ""), .date = cib_strdup(date ? date : ""), .reply_to = cib_strdup(reply_to), .by_secretariat = by_secretariat};
	}
}

static void add_blob(cib_dialogue *out, cib_workspace *ws, const cib_oid *tip, const char *path)
{
	cib_oid blob;
	unsigned mode;
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	if (cib_store_tree_get(&blob, &mode, ws->store, tip, path, NULL) == CIB_OK && cib_store_blob_read(&text, ws->store, &blob, 0, NULL) == CIB_OK &&
	    cib_json_read(&doc, text.data, text.len, NULL, NULL) == CIB_OK)
		add_remarks(out, cib_json_get(doc, "items"), false);
	cJSON_Delete(doc);
	cib_buf_free(&text);
}

/* Threads by date, each with its answers below it, in the order in which they were made. */
static void arrange(cib_dialogue *d)
{
	cib_remark *sorted = cib_alloc((d->count + 1) * sizeof *sorted);
	bool *taken = cib_alloc((d->count + 1) * sizeof *taken);
	size_t n = 0;
	for (size_t pass = 0; pass < 2; pass++) /* second: answers to what is not there begin threads, too */
		for (;;) {
			size_t first = d->count;
			for (size_t i = 0; i < d->count; i++)
				if (!taken[i] && (pass || !d->items[i].reply_to) && (first == d->count || strcmp(d->items[i].date, d->items[first].date) < 0))
					first = i;
			if (first == d->count)
				break;
			size_t at = n;
			taken[first] = true;
			sorted[n++] = d->items[first];
			for (; at < n; at++) { /* answers to each, directly below it */
				size_t below = at + 1;
				for (size_t i = 0; i < d->count; i++)
					if (!taken[i] && d->items[i].reply_to && strcmp(d->items[i].reply_to, sorted[at].id) == 0) {
						taken[i] = true;
						memmove(&sorted[below + 1], &sorted[below], (n - below) * sizeof *sorted);
						sorted[below] = d->items[i];
						sorted[below++].depth = sorted[at].depth + 1;
						n++;
					}
			}
		}
	if (d->count)
		memcpy(d->items, sorted, n * sizeof *sorted);
	free(sorted);
	free(taken);
}

int cib_dialogue_load(cib_dialogue *out, cib_workspace *ws, const char *member, const char *id, cib_error *err)
{
	cJSON *record = NULL, *doc = NULL;
	cib_buf text = CIB_BUF_INIT;
	cib_oid tip;
	char *path = comments_path(member, id);
	int status = cib_review_record(&record, ws->store, &ws->tip, member, id, err);
	if (status == CIB_OK) {
		add_remarks(out, cib_json_get(record, "comments"), true);
		if (cib_workspace_read(&text, ws, path, NULL) == CIB_OK && cib_json_read(&doc, text.data, text.len, NULL, NULL) == CIB_OK)
			add_remarks(out, cib_json_get(doc, "items"), false);
		if (!ws->member && cib_member_tip(&tip, ws, member, NULL) == CIB_OK) /* what main does not have yet */
			add_blob(out, ws, &tip, path);
		arrange(out);
	}
	cJSON_Delete(record);
	cJSON_Delete(doc);
	cib_buf_free(&text);
	free(path);
	return status;
}

/* ---- adding ---- */

cJSON *cib_remark_new(const cib_workspace *ws, const char *path, const char *reply_to, const char *text)
{
	char id[32], today[16] = "";
	time_t now = time(NULL);
	struct tm tm;
	cJSON *c = cJSON_CreateObject();
	if (gmtime_r(&now, &tm))
		strftime(today, sizeof today, "%Y-%m-%d", &tm);
	cib_network_new_id(id, &(cib_kind){.prefix = "k"});
	cJSON_AddStringToObject(c, "id", id);
	cJSON_AddStringToObject(c, "path", path);
	cJSON_AddStringToObject(c, "text", text);
	cJSON_AddStringToObject(c, "author", ws->user);
	cJSON_AddStringToObject(c, "date", today);
	if (reply_to)
		cJSON_AddStringToObject(c, "replyTo", reply_to);
	return c;
}

void cib_remark_append(cJSON **doc, const char *id, const char *entry, cJSON *remark)
{
	if (!cJSON_IsArray(cib_json_get(*doc, "items"))) {
		cJSON_Delete(*doc);
		*doc = cJSON_CreateObject();
		cJSON_AddStringToObject(*doc, "kind", "comment");
		cJSON_AddStringToObject(*doc, "schema", "comment/1");
		cJSON_AddStringToObject(*doc, "id", id);
		cJSON_AddStringToObject(*doc, "entry", entry);
		cJSON_AddItemToObject(*doc, "items", cJSON_CreateArray());
	}
	cJSON_AddItemToArray(cib_json_get(*doc, "items"), remark);
}

static int add_as_staff(cib_workspace *ws, const cib_place *place, const char *entry, cJSON *remark, cib_error *err)
{
	char *path = comments_path(place->member, place->id);
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	int status = CIB_OK;
	if (!cib_network_kind(ws->net, "comment")) {
		status = cib_error_set(err, CIB_USAGE, "comment.no-kind", "this network has no place for comments of members");
		cib_error_hint(err, "ask the secretariat to add schema/comment.schema.json");
	} else if ((status = cib_workspace_read(&text, ws, path, err)) == CIB_OK) {
		status = cib_json_read(&doc, text.data, text.len, NULL, err);
	} else if (status == CIB_NOTFOUND) {
		cib_error_clear(err);
		status = CIB_OK;
	}
	if (status == CIB_OK) {
		cib_remark_append(&doc, place->id, entry, remark);
		status = cib_workspace_write(ws, path, doc, err);
	} else {
		cJSON_Delete(remark);
	}
	cJSON_Delete(doc);
	cib_buf_free(&text);
	free(path);
	return status;
}

/* The version that is talked about: the branch's, else main's. */
static bool version_of(cib_oid *blob, cib_workspace *ws, const cib_place *place, const char *entry)
{
	cib_oid tip;
	unsigned mode;
	return (cib_member_tip(&tip, ws, place->member, NULL) == CIB_OK && cib_store_tree_get(blob, &mode, ws->store, &tip, entry, NULL) == CIB_OK) ||
	       cib_store_tree_get(blob, &mode, ws->store, &ws->tip, entry, NULL) == CIB_OK;
}

static int add_as_secretariat(cib_workspace *ws, const cib_place *place, const char *entry, cJSON *remark, cib_error *err)
{
	char *path = cib_format("reviews/%s/%s.json", place->member, place->id), hex[CIB_OID_HEX];
	cJSON *record = NULL;
	cib_oid blob = {{0}};
	int status = cib_review_record(&record, ws->store, &ws->tip, place->member, place->id, err);
	if (status == CIB_OK && !record) {
		version_of(&blob, ws, place, entry);
		cib_oid_hex(hex, &blob);
		record = cJSON_CreateObject();
		cJSON_AddStringToObject(record, "kind", "review");
		cJSON_AddStringToObject(record, "schema", "review/1");
		cJSON_AddStringToObject(record, "id", place->id);
		cJSON_AddStringToObject(record, "decision", "commented");
		cJSON_AddStringToObject(record, "reviewer", ws->user);
		cJSON_AddStringToObject(record, "date", cib_json_string(remark, "date"));
		cJSON *target = cJSON_AddObjectToObject(record, "target");
		cJSON_AddStringToObject(target, "member", place->member);
		cJSON_AddStringToObject(target, "kind", place->kind ? place->kind->name : "");
		cJSON_AddStringToObject(target, "id", place->id);
		cJSON_AddStringToObject(target, "blob", hex);
	}
	if (status == CIB_OK && !cJSON_IsArray(cib_json_get(record, "comments")))
		cib_json_set(record, "comments", cJSON_CreateArray());
	if (status == CIB_OK) {
		cJSON_AddItemToArray(cib_json_get(record, "comments"), remark);
		status = cib_workspace_write(ws, path, record, err);
	} else {
		cJSON_Delete(remark);
	}
	cJSON_Delete(record);
	free(path);
	return status;
}

int cib_dialogue_add(char **made, cib_workspace *ws, const char *entry_path, const char *pointer, const char *reply_to, const char *text, cib_error *err)
{
	cib_place place;
	cib_buf entry = CIB_BUF_INIT, path = CIB_BUF_INIT;
	cib_dialogue dialogue = {0};
	cJSON *doc = NULL;
	cib_network_place(&place, ws->net, entry_path);
	*made = NULL;
	if (place.area != CIB_AREA_MEMBER)
		return cib_error_set(err, CIB_USAGE, "comment.not-entry", "only entries of members have a dialogue");
	if (!text[strspn(text, " \t\r\n")] || strlen(text) > CIB_REMARK_MAX)
		return cib_error_set(err, CIB_USAGE, "comment.text", "say something, in at most %d bytes", CIB_REMARK_MAX);
	int status = cib_dialogue_load(&dialogue, ws, place.member, place.id, err);
	if (status == CIB_OK && *pointer) {
		cib_oid blob;
		if (ws->member ? cib_workspace_read(&entry, ws, entry_path, NULL) == CIB_OK
		               : version_of(&blob, ws, &place, entry_path) && cib_store_blob_read(&entry, ws->store, &blob, 0, NULL) == CIB_OK)
			cib_json_read(&doc, entry.data, entry.len, NULL, NULL);
		if (!doc || !cib_merge_pointer_to_path(&path, doc, place.kind ? cib_network_rules(ws->net, place.kind) : NULL, pointer))
			status = cib_error_set(err, CIB_USAGE, "comment.no-field", "%s has no field %s", place.id, pointer);
	}
	for (size_t i = 0; reply_to && status == CIB_OK; i++) {
		if (i == dialogue.count)
			status = cib_error_set(err, CIB_USAGE, "comment.no-comment", "%s has no comment %s", place.id, reply_to);
		else if (strcmp(dialogue.items[i].id, reply_to) == 0) {
			cib_buf_clear(&path);
			cib_buf_adds(&path, dialogue.items[i].path);
			break;
		}
	}
	if (status == CIB_OK) {
		cJSON *remark = cib_remark_new(ws, cib_buf_str(&path), reply_to, text);
		char *id = cib_strdup(cib_json_string(remark, "id"));
		status = cib_workspace_hold(ws, err);
		if (status == CIB_OK) {
			status = ws->member ? add_as_staff(ws, &place, entry_path, remark, err) : add_as_secretariat(ws, &place, entry_path, remark, err);
			cib_workspace_release(ws);
		} else {
			cJSON_Delete(remark);
		}
		if (status == CIB_OK)
			*made = id;
		else
			free(id);
	}
	cib_dialogue_clear(&dialogue);
	cJSON_Delete(doc);
	cib_buf_free(&entry);
	cib_buf_free(&path);
	return status;
}
