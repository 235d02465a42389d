/* Bringing the working folder to a new tip. A file that was edited meanwhile is merged by field, never overwritten. */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

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

/* The working file is neither the old version nor the new: a draft or a fresh edit. Join the two where both can be read. */
static int keep_edit(checkout *c, const char *path, const cib_buf *text, const cib_tree_entry *before, const cib_tree_entry *after)
{
	cJSON *base = NULL, *ours = NULL, *theirs = NULL, *merged = NULL;
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_place place;
	int status = CIB_OK;
	cib_network_place(&place, c->ws->net, path);
	bool readable = cib_json_read(&ours, text->data, text->len, NULL, NULL) == CIB_OK &&
	                (!before->mode || cib_read_entry(&base, c->ws->store, &before->oid, NULL) == CIB_OK) && after->mode &&
	                cib_read_entry(&theirs, c->ws->store, &after->oid, NULL) == CIB_OK;
	if (readable) {
		cib_merge_options options = {place.kind ? cib_network_rules(c->ws->net, place.kind) : NULL, CIB_KEEP_OURS};
		cib_merge(&merged, base, ours, theirs, &options, &conflicts);
		if (merged)
			status = cib_workspace_write(c->ws, path, merged, c->err);
		cib_note(c->report, "%s: your unsaved edit was kept and joined with what came in", place.id);
	} else {
		cib_note(c->report, "%s: your unsaved edit was kept; the version that came in is in the repository", path);
	}
	cib_conflicts_free(&conflicts);
	cJSON_Delete(base);
	cJSON_Delete(ours);
	cJSON_Delete(theirs);
	cJSON_Delete(merged);
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
	bool exists = cib_file_read(&text, file, 0, NULL) == CIB_OK;
	int status = CIB_OK;
	if (exists)
		cib_store_blob_hash(&here, text.data, text.len);
	bool own = cib_work_is_own(c->ws, path);
	if (exists && after->mode && cib_oid_equal(&here, &after->oid))
		status = CIB_OK;
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
	return cib_store_diff2(ws->store, before, &ws->tip, update, &c, err);
}
