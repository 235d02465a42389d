/* One item of the queue, opened: what changed, what is new since the last look, what the check says, who wrote it and when. */
#include "base/gettext.h"
#include "review/owners.h"
#include "review/policy.h"
#include "review/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The version that was looked at last, when it is another one than this. */
static cJSON *read_seen(cib_workspace *ws, const cib_review_item *item, const cJSON *record)
{
	const char *hex = cib_json_string(cib_json_get(record, "target"), "blob");
	cib_oid blob;
	if (!hex || !cib_oid_parse(&blob, hex) || cib_oid_equal(&blob, &item->proposed) || cib_oid_equal(&blob, &item->on_main))
		return NULL;
	return cib_review_doc(ws, &blob);
}

static size_t count_conflicts(cib_workspace *ws, const cib_review_item *item, const cib_oid *tip)
{
	cib_oid blob;
	unsigned mode;
	char *path = cib_format("members/%s/conflicts/%s.json", item->member, item->id);
	cJSON *doc = cib_store_tree_get(&blob, &mode, ws->store, tip, path, NULL) == CIB_OK ? cib_review_doc(ws, &blob) : NULL;
	const cJSON *items = cib_json_get(doc, "items");
	size_t n = cJSON_IsArray(items) ? (size_t)cJSON_GetArraySize(items) : 0;
	cJSON_Delete(doc);
	free(path);
	return n;
}

/* ---- who wrote it ---- */

typedef struct {
	cib_workspace *ws;
	const cib_review_item *item;
	const char *user; /* looked for, or NULL */
	bool found;
	int64_t newest;
	char author[101];
} writers;

/* Down the history of the path until main's version. */
static int note_writer(const cib_oid *commit, const cib_oid *blob, void *payload)
{
	writers *w = payload;
	cib_commit c;
	if (cib_oid_equal(blob, &w->item->on_main) || cib_store_commit_read(&c, w->ws->store, commit, NULL) != CIB_OK)
		return 1;
	size_t n = strcspn(c.author_email, "@");
	if (cib_is_look(&c)) { /* the members' versions that it joins stand before it */
		cib_commit_clear(&c);
		return 0;
	}
	if (!w->newest) {
		w->newest = c.author_time;
		snprintf(w->author, sizeof w->author, "%.*s", (int)n, c.author_email);
	}
	if (w->user && strlen(w->user) == n && strncmp(c.author_email, w->user, n) == 0)
		w->found = true;
	cib_commit_clear(&c);
	return w->found || !w->user;
}

int64_t cib_review_written(char author[101], cib_workspace *ws, const cib_review_item *item, const cib_oid *tip)
{
	writers w = {.ws = ws, .item = item};
	cib_store_path_history(ws->store, tip, item->path, note_writer, &w, NULL);
	memcpy(author, w.author, sizeof w.author);
	return w.newest;
}

bool cib_review_wrote(cib_workspace *ws, const cib_review_item *item, const cib_oid *tip, const char *user)
{
	writers w = {.ws = ws, .item = item, .user = user};
	cib_store_path_history(ws->store, tip, item->path, note_writer, &w, NULL);
	return w.found;
}

/* What acceptance would make of it; where that needs a person, the proposed version as it is. */
static void open_taken(cib_review_detail *out, cib_workspace *ws, const cib_review_item *item, const cib_oid *tip)
{
	cib_oid taken = item->proposed;
	cib_meeting met;
	if (cib_meeting_find(&met, ws->store, ws->net, &ws->tip, tip, item->member, false, NULL) == CIB_OK && cib_review_take(&taken, ws, item, &ws->tip, tip, &met, NULL) != CIB_OK) {
		taken = item->proposed;
		out->clashes = true;
	}
	out->joined = !cib_oid_equal(&taken, &item->proposed);
	out->taken = taken;
	out->after = cib_review_doc(ws, &taken);
	cib_meeting_clear(&met);
}

/* A member changed what the secretariat writes: the reviewer is to see that first. */
static void note_field(cib_review_detail *out, cib_workspace *ws, const cib_review_item *item)
{
	const char *field = cib_review_secretariat_field(ws, item->kind, &out->changes);
	if (field)
		cib_findings_add(&out->findings, &(cib_finding){.severity = CIB_WARNING,
		                                                .pointer = (char *)(uintptr_t)field,
		                                                .keyword = (char *)(uintptr_t) "x-cib-writer",
		                                                .code = (char *)(uintptr_t) "review.secretariat-field",
		                                                .message = (char *)(uintptr_t)_("this field is the secretariat's to write")});
}

int cib_review_detail_load(cib_review_detail *out, cib_workspace *ws, const cib_review_item *item, cib_duplicates *index, const char *lang, cib_error *err)
{
	*out = (cib_review_detail){0};
	cib_oid tip;
	int status = ws->member ? CIB_OK : cib_member_tip(&tip, ws, item->member, err);
	if (status == CIB_OK)
		status = cib_review_record(&out->record, ws->store, &ws->tip, item->member, item->id, err);
	if (status != CIB_OK)
		return status;
	if (ws->member)
		tip = ws->tip;
	out->before = cib_review_doc(ws, &item->on_main);
	open_taken(out, ws, item, &tip);
	out->seen = read_seen(ws, item, out->record);
	static const cJSON nothing = {.type = cJSON_Object};
	const cJSON *empty = &nothing;
	cib_json_diff(&out->changes, out->before ? out->before : empty, out->after ? out->after : empty, NULL);
	if (out->seen)
		cib_json_diff(&out->news, out->seen, out->after ? out->after : empty, NULL);
	cib_buf text = CIB_BUF_INIT;
	if (out->after && cib_store_blob_read(&text, ws->store, &out->taken, 0, NULL) == CIB_OK) {
		cib_check_options options = {.lang = lang, .tree = &tip, .canonical = true, .before = &ws->tip};
		cib_network_check(ws->net, item->path, text.data, text.len, &options, NULL, &out->findings);
	}
	cib_buf_free(&text);
	if (!ws->member)
		note_field(out, ws, item);
	out->awaited = ws->member ? NULL : cib_owner_awaited(ws, item);
	out->conflicts = count_conflicts(ws, item, &tip);
	cib_dialogue_load(&out->dialogue, ws, item->member, item->id, NULL);
	out->submitted = cib_review_written(out->author, ws, item, &tip);
	if (index && out->after)
		cib_duplicates_find(&out->duplicates, index, item->path, out->after, lang, NULL);
	return CIB_OK;
}

int cib_review_text(cib_buf *text, cib_workspace *ws, const char *path, cib_error *err)
{
	cib_place place;
	cib_oid tip, blob;
	unsigned mode;
	cib_network_place(&place, ws->net, path);
	if (!ws->member && *place.member && cib_member_tip(&tip, ws, place.member, NULL) == CIB_OK &&
	    cib_store_tree_get(&blob, &mode, ws->store, &tip, path, NULL) == CIB_OK)
		return cib_store_blob_read(text, ws->store, &blob, 0, err);
	return cib_workspace_read(text, ws, path, err);
}

const char *cib_review_title(const cib_review_detail *detail, const char *lang)
{
	return cib_entry_title(detail->after ? detail->after : detail->before, lang);
}

bool cib_review_has_field(const cib_review_detail *detail, const char *pointer)
{
	return cib_json_at(detail->after, pointer) || cib_json_at(detail->before, pointer);
}

void cib_review_detail_clear(cib_review_detail *detail)
{
	cib_json_changes_free(&detail->changes);
	cib_json_changes_free(&detail->news);
	cib_findings_free(&detail->findings);
	cib_duplicate_list_clear(&detail->duplicates);
	cib_dialogue_clear(&detail->dialogue);
	cJSON_Delete(detail->before);
	cJSON_Delete(detail->after);
	cJSON_Delete(detail->seen);
	cJSON_Delete(detail->record);
	free(detail->awaited);
	*detail = (cib_review_detail){0};
}

bool cib_review_is_clean(const cib_review_detail *detail)
{
	for (size_t i = 0; i < detail->findings.count; i++)
		if (detail->findings.items[i].severity != CIB_ADVICE)
			return false;
	return detail->conflicts == 0 && !detail->clashes && detail->duplicates.open == 0 && !detail->awaited;
}
