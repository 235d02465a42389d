/* What a draft was written on. A working file that cannot be read when a newer version of its entry comes in stays as
 * it is; once it is mended, it must be joined with that version, not overwrite it. And a file that was edited while its entry was
 * removed is, once it is valid, no new entry but an edit of what somebody removed. So the version that it began with
 * is remembered in <git dir>/cib/drafts.json: {"<path>": "<blob>"}. */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

static char *file_name(const cib_workspace *ws)
{
	return cib_format("%s/cib/drafts.json", cib_store_git_dir(ws->store));
}

/* What cannot be read now is not taken for nothing: it would be written over. */
static int load(cJSON **map, const cib_workspace *ws, cib_error *err)
{
	char *file = file_name(ws);
	int status = cib_json_read_file(map, file, err);
	if (status == CIB_NOTFOUND || status == CIB_FINDINGS) {
		cib_error_clear(err);
		status = CIB_OK;
	}
	if (status == CIB_OK && !cJSON_IsObject(*map)) {
		cJSON_Delete(*map);
		*map = cJSON_CreateObject();
	}
	free(file);
	return status;
}

static int store(const cib_workspace *ws, const cJSON *map, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	char *file = file_name(ws);
	int status;
	cib_json_write(&text, map, NULL);
	status = map->child ? cib_file_write(file, text.data, text.len, err) : cib_file_remove(file, err);
	cib_buf_free(&text);
	free(file);
	return status;
}

int cib_draft_base_keep(const cib_workspace *ws, const char *path, const cib_oid *base, cib_error *err)
{
	char hex[CIB_OID_HEX];
	cJSON *map = NULL;
	int status = load(&map, ws, err);
	if (status == CIB_OK && !cib_json_get(map, path)) { /* the first one is what it was written on */
		cib_oid_hex(hex, base);
		cJSON_AddStringToObject(map, path, hex);
		status = store(ws, map, err);
	}
	cJSON_Delete(map);
	return status;
}

int cib_draft_base_get(bool *found, cib_oid *base, const cib_workspace *ws, const char *path, cib_error *err)
{
	cJSON *map = NULL;
	int status = load(&map, ws, err);
	const char *hex = status == CIB_OK ? cib_json_string(map, path) : NULL;
	*found = hex && cib_oid_parse(base, hex);
	cJSON_Delete(map);
	return status;
}

int cib_draft_leave(const cib_workspace *ws, const char *path, cib_error *err)
{
	cib_oid base, here = {{0}}, now;
	unsigned mode;
	cib_buf text = CIB_BUF_INIT;
	bool found;
	int status = cib_draft_base_get(&found, &base, ws, path, err);
	if (status != CIB_OK || !found)
		return status;
	char *file = cib_work_file(ws, path);
	if (cib_file_read(&text, file, 0, NULL) == CIB_OK)
		cib_store_blob_hash(&here, text.data, text.len);
	if (cib_store_tree_get(&now, &mode, ws->store, &ws->tip, path, NULL) == CIB_OK && cib_oid_equal(&here, &now)) {
		cJSON *map = NULL;
		status = load(&map, ws, err);
		if (status == CIB_OK) {
			cJSON_DeleteItemFromObjectCaseSensitive(map, path);
			status = store(ws, map, err);
		}
		cJSON_Delete(map);
	}
	cib_buf_free(&text);
	free(file);
	return status;
}

static bool is_valid(cib_workspace *ws, const char *path, const cJSON *doc)
{
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_buf text = CIB_BUF_INIT;
	cib_oid accepted;
	cib_workspace_accepted(&accepted, ws);
	cib_check_options options = {.tree = &ws->tip, .before = &accepted};
	cib_json_write(&text, doc, NULL);
	bool valid = cib_network_check(ws->net, path, text.data, text.len, &options, NULL, &findings) == CIB_OK;
	cib_findings_free(&findings);
	cib_buf_free(&text);
	return valid;
}

/* true: joined, or nothing is left to join. A version that is not on this disk any more (it was purged) is nobody's base: then
 * each difference is for a person to decide. */
static bool join_one(cib_workspace *ws, const char *path, const cib_oid *base_blob, cib_sync_report *report, int *status, cib_error *err)
{
	cJSON *base = NULL, *ours = NULL, *theirs = NULL;
	cib_oid now;
	unsigned mode;
	bool done = false;
	char *file = cib_work_file(ws, path);
	int read = cib_json_read_file(&ours, file, err), there = cib_store_tree_get(&now, &mode, ws->store, &ws->tip, path, NULL);
	bool ready = read == CIB_OK && (there == CIB_OK ? cib_read_entry(&theirs, ws->store, &now, NULL) == CIB_OK : there == CIB_NOTFOUND && is_valid(ws, path, ours));
	if (read == CIB_NOTFOUND) {
		done = true; /* taken back */
	} else if (read != CIB_OK && read != CIB_FINDINGS) {
		*status = read; /* a disk that fails: saved as it is, it would undo what came in */
	} else if (ready) {
		cib_read_entry(&base, ws->store, base_blob, NULL);
		*status = cib_join_edit(ws, path, base, ours, theirs, report, err);
		done = *status == CIB_OK;
	}
	if (*status == CIB_OK)
		cib_error_clear(err);
	cJSON_Delete(base);
	cJSON_Delete(ours);
	cJSON_Delete(theirs);
	free(file);
	return done;
}

int cib_drafts_join(cib_workspace *ws, cib_sync_report *report, cib_error *err)
{
	cJSON *map = NULL, *next;
	bool changed = false;
	int status = load(&map, ws, err);
	for (cJSON *c = map ? map->child : NULL; c && status == CIB_OK; c = next) {
		cib_oid base;
		next = c->next;
		if (!cJSON_IsString(c) || !cib_oid_parse(&base, c->valuestring) || join_one(ws, c->string, &base, report, &status, err)) {
			cJSON_Delete(cJSON_DetachItemViaPointer(map, c));
			changed = true;
		}
	}
	if (status == CIB_OK && changed)
		status = store(ws, map, err);
	cJSON_Delete(map);
	return status;
}
