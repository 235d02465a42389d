/* Bringing the working folder to a new tip. A file that was edited meanwhile is merged by field, never overwritten. */
#include "sync/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
	cib_workspace *ws;
	cib_sync_report *report;
	cib_error *err;
} checkout;

static int write_blob(checkout *c, const char *path, const cib_oid *blob)
{
	cib_buf text = CIB_BUF_INIT;
	char *file = cib_work_file(c->ws, path), *slash = strrchr(file, '/');
	int status = cib_store_blob_read(&text, c->ws->store, blob, 0, c->err);
	*slash = '\0';
	if (status == CIB_OK)
		status = cib_mkdirs(file, c->err);
	*slash = '/';
	if (status == CIB_OK)
		status = cib_file_write(file, text.data, text.len, c->err);
	cib_buf_free(&text);
	free(file);
	return status;
}

int cib_record_edit(cib_workspace *ws, const char *path, const cib_place *place, const cib_conflicts *conflicts, const cib_oid *theirs_tip, cib_error *err)
{
	cib_edit_by mine = {.when = (int64_t)time(NULL)}, theirs;
	char *where = place->area == CIB_AREA_RECORD ? NULL : cib_record_path(place, path); /* records have none */
	if (!where)
		return CIB_OK;
	snprintf(mine.member, sizeof mine.member, "%s", ws->member ? ws->member : "");
	int status = cib_edit_by_history(&theirs, ws->store, theirs_tip, path, err);
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	const char *name = strrchr(where, '/') + 1;
	char *id = cib_format("%.*s", (int)(strlen(name) - 5), name);
	if (status == CIB_OK)
		status = cib_workspace_read(&text, ws, where, err);
	if (status == CIB_OK)
		cib_json_read(&doc, text.data, text.len, NULL, NULL);
	if (status == CIB_OK || status == CIB_NOTFOUND) {
		cib_error_clear(err);
		cib_record_add(&doc, id, path, conflicts, &mine, &theirs);
		status = cib_workspace_write(ws, where, doc, err);
	}
	cJSON_Delete(doc);
	cib_buf_free(&text);
	free(where);
	free(id);
	return status;
}

int cib_join_edit(cib_workspace *ws, const char *path, const cJSON *base, const cJSON *ours, const cJSON *theirs, cib_sync_report *report, cib_error *err)
{
	cJSON *merged = NULL;
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_place place;
	int status = CIB_OK;
	cib_network_place(&place, ws->net, path);
	cib_merge_options options = {place.kind ? cib_network_rules(ws->net, place.kind) : NULL, CIB_KEEP_THEIRS};
	cib_merge(&merged, base, ours, theirs, &options, &conflicts);
	if (conflicts.count) { /* first the record: killed in between, both values are still there */
		status = cib_record_edit(ws, path, &place, &conflicts, &ws->tip, err);
		if (report)
			report->conflicts += conflicts.count;
	}
	if (status == CIB_OK && merged)
		status = cib_workspace_write(ws, path, merged, err);
	else if (status == CIB_OK)
		status = cib_workspace_remove(ws, path, err);
	cib_note(report, conflicts.count ? N_("%s: your unsaved edit was joined with what came in; what did not fit is kept: cib resolve") : N_("%s: your unsaved edit was joined with what came in"), place.id);
	cib_conflicts_free(&conflicts);
	cJSON_Delete(merged);
	return status;
}

/* The working file is neither the old version nor the new: a draft or a fresh edit. Join the two where both can be
 * read; what cannot be read yet is joined once it is mended. */
static int keep_edit(checkout *c, const char *path, const cib_buf *text, const cib_tree_entry *before, const cib_tree_entry *after)
{
	cJSON *base = NULL, *ours = NULL, *theirs = NULL;
	cib_oid began = before->oid; /* it may be older */
	bool has_base;
	int status = cib_draft_base_get(&has_base, &began, c->ws, path, c->err);
	if (status != CIB_OK)
		return status;
	has_base = has_base || before->mode;
	bool readable = cib_json_read(&ours, text->data, text->len, NULL, NULL) == CIB_OK &&
	                (!has_base || cib_read_entry(&base, c->ws->store, &began, NULL) == CIB_OK) && after->mode &&
	                cib_read_entry(&theirs, c->ws->store, &after->oid, NULL) == CIB_OK;
	if (readable) {
		status = cib_join_edit(c->ws, path, base, ours, theirs, c->report, c->err);
	} else {
		if (has_base)
			status = cib_draft_base_keep(c->ws, path, &began, c->err);
		cib_note(c->report, after->mode ? N_("%s: your unsaved edit was kept as it is; what came in is joined with it once it can be read") : N_("%s: it was removed meanwhile; your unsaved edit was kept as it is"), path);
	}
	cJSON_Delete(base);
	cJSON_Delete(ours);
	cJSON_Delete(theirs);
	return status;
}

static int update(const char *path, const cib_tree_entry *before, const cib_tree_entry *after, void *payload)
{
	checkout *c = payload;
	cib_buf text = CIB_BUF_INIT;
	cib_oid here = {{0}};
	if (!cib_work_is_shown(c->ws, path))
		return CIB_OK;
	char *file = cib_work_file(c->ws, path);
	int status = cib_file_read(&text, file, 0, c->err);
	bool exists = status == CIB_OK, own = cib_work_is_own(c->ws, path);
	if (status == CIB_NOTFOUND) {
		cib_error_clear(c->err);
		status = CIB_OK;
	}
	if (exists)
		cib_store_blob_hash(&here, text.data, text.len);
	if (status != CIB_OK || (exists && after->mode && cib_oid_equal(&here, &after->oid)))
		; /* what cannot be read now may be an edit: it is not written over, and the next command goes on from here */
	else if (exists && own && !(before->mode && cib_oid_equal(&here, &before->oid)))
		status = keep_edit(c, path, &text, before, after);
	else if (!exists && before->mode && after->mode && own && !cib_oid_equal(&before->oid, &after->oid))
		status = write_blob(c, path, &after->oid); /* removed here, changed there: the edit comes back */
	else if (after->mode)
		status = write_blob(c, path, &after->oid);
	else if (exists)
		status = cib_file_remove(file, c->err);
	free(file);
	cib_buf_free(&text);
	return status;
}

int cib_checkout(cib_workspace *ws, const cib_oid *before, cib_sync_report *report, cib_error *err)
{
	checkout c = {ws, report, err};
	int status = cib_workspace_hold(ws, err);
	if (status != CIB_OK)
		return status;
	status = cib_store_diff2(ws->store, before, &ws->tip, update, &c, err);
	cib_workspace_release(ws);
	return status;
}
