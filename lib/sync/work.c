/* The working folder: reading and writing entries. What differs from the tip: scan.c. */
#include "network/translation.h"
#include "sync/private.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

const char *cib_home(const cib_workspace *ws, const cib_network *net)
{
	cib_access a = cib_network_access(net, ws->user, (int64_t)time(NULL));
	return ws->member && a.role == CIB_ROLE_STAFF ? a.member : ws->member;
}

bool cib_is_in_folder(const char *path, const char *member)
{
	size_t n = strlen(member);
	return strncmp(path, "members/", 8) == 0 && strncmp(path + 8, member, n) == 0 && path[8 + n] == '/';
}

bool cib_work_is_own(const cib_workspace *ws, const char *path)
{
	if (!ws->member)
		return strncmp(path, "network/", 8) == 0 || cib_is_rule_path(path);
	return cib_is_in_folder(path, ws->member);
}

bool cib_work_is_shown(const cib_workspace *ws, const char *path)
{
	return cib_work_is_own(ws, path) || cib_is_rule_path(path);
}

char *cib_work_file(const cib_workspace *ws, const char *path)
{
	return cib_format("%s/%s", ws->root, path);
}

int cib_read_entry(cJSON **out, cib_store *store, const cib_oid *blob, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	*out = NULL;
	if (cib_oid_is_zero(blob))
		return CIB_OK;
	int status = cib_store_blob_read(&text, store, blob, 0, err);
	if (status == CIB_OK)
		status = cib_json_read(out, text.data, text.len, NULL, err);
	cib_buf_free(&text);
	return status;
}

void cib_note(cib_sync_report *report, const char *fmt, ...)
{
	cib_buf line = CIB_BUF_INIT;
	va_list ap;
	if (!report)
		return;
	va_start(ap, fmt);
	cib_buf_vaddf(&line, cib_gettext(fmt), ap);
	va_end(ap);
	cib_buf_add_clean(&report->notes, line.data, line.len);
	cib_buf_addc(&report->notes, '\n');
	cib_buf_free(&line);
}

void cib_sync_report_clear(cib_sync_report *report)
{
	cib_work_changes_free(&report->left);
	cib_buf_free(&report->notes);
	*report = (cib_sync_report){0};
}

/* ---- reading ---- */

int cib_workspace_read(cib_buf *text, cib_workspace *ws, const char *path, cib_error *err)
{
	cib_oid blob;
	unsigned mode;
	char *file = cib_work_file(ws, path);
	int status = cib_work_is_shown(ws, path) ? cib_file_read(text, file, 0, err) : CIB_NOTFOUND;
	free(file);
	if (status != CIB_NOTFOUND)
		return status;
	if (cib_work_is_own(ws, path)) /* removed here */
		return cib_error_set(err, CIB_NOTFOUND, "entry.unknown", "there is no file %s", path);
	status = cib_store_tree_get(&blob, &mode, ws->store, &ws->tip, path, err);
	return status == CIB_OK ? cib_store_blob_read(text, ws->store, &blob, 0, err) : status;
}

typedef struct {
	const char *id;
	char *path;
	size_t count;
} id_search;

static int match_id(const char *path, const cib_place *place, const char *text, size_t len, void *payload)
{
	id_search *s = payload;
	(void)text;
	(void)len;
	if (strncmp(place->id, s->id, strlen(s->id)) != 0)
		return 0;
	free(s->path);
	s->path = cib_strdup(path);
	s->count++;
	return strlen(place->id) == strlen(s->id);
}

int cib_workspace_find(cib_buf *path, cib_place *place, cib_workspace *ws, const char *id, cib_error *err)
{
	cib_oid blob;
	for (size_t i = 0; i < cib_network_kind_count(ws->net); i++) { /* one's own files first: they may be new */
		const cib_kind *k = cib_network_kind_at(ws->net, i);
		struct stat st;
		if (!k->folder || !cib_kind_written_by(k, ws->member != NULL) || !cib_name_ok(id, strlen(id)))
			continue;
		cib_network_path(path, k, ws->member, id);
		char *file = cib_work_file(ws, path->data);
		bool here = stat(file, &st) == 0;
		free(file);
		if (here) {
			cib_network_place(place, ws->net, path->data);
			return CIB_OK;
		}
	}
	int status = cib_network_find(path, place, &blob, ws->net, &ws->tip, id, err);
	if (status == CIB_OK && cib_work_is_own(ws, path->data))
		return cib_error_set(err, CIB_NOTFOUND, "entry.removed", "%s was removed here", id);
	if (status != CIB_NOTFOUND || strlen(id) < 4)
		return status;
	id_search s = {.id = id};
	cib_workspace_each(ws, NULL, NULL, match_id, &s, NULL);
	if (s.count == 1) {
		cib_buf_clear(path);
		cib_buf_adds(path, s.path);
		cib_network_place(place, ws->net, s.path);
		cib_error_clear(err);
		status = CIB_OK;
	}
	free(s.path);
	return status;
}

typedef struct {
	cib_workspace *ws;
	const cib_kind *kind;
	cib_work_known_cb known;
	cib_work_entry_cb cb;
	void *payload;
	cib_buf text;
	cib_error *err;
} each_run;

static int each_blob(const char *path, const cib_place *place, const cib_oid *blob, void *payload)
{
	each_run *e = payload;
	if (cib_work_is_own(e->ws, path)) /* shown from the folder */
		return 0;
	int status = cib_store_blob_read(&e->text, e->ws->store, blob, 0, e->err);
	return status == CIB_OK ? e->cb(path, place, e->text.data, e->text.len, e->payload) : status;
}

static int each_folder(each_run *e, const char *path)
{
	struct dirent **names = NULL;
	char *folder = cib_work_file(e->ws, path);
	int n = scandir(folder, &names, NULL, cib_work_by_name), status = 0;
	for (int i = 0; i < n; i++) {
		struct stat st;
		cib_place place;
		char *inner = cib_format("%s/%s", path, names[i]->d_name), *file = cib_work_file(e->ws, inner);
		cib_network_place(&place, e->ws->net, inner);
		if (status == 0 && !cib_work_is_leftover(names[i]->d_name) && lstat(file, &st) == 0) {
			if (S_ISDIR(st.st_mode))
				status = each_folder(e, inner);
			else if (S_ISREG(st.st_mode) && place.kind && (place.area == CIB_AREA_MEMBER || place.area == CIB_AREA_NETWORK) && (!e->kind || place.kind == e->kind) &&
			         !(e->known && e->known(inner, &st, e->payload)) && (status = cib_file_read(&e->text, file, 0, e->err)) == CIB_OK)
				status = e->cb(inner, &place, e->text.data, e->text.len, e->payload);
		}
		free(inner);
		free(file);
		free(names[i]);
	}
	free(names);
	free(folder);
	return status;
}

int cib_workspace_each(cib_workspace *ws, const char *member, const cib_kind *kind, cib_work_entry_cb cb, void *payload, cib_error *err)
{
	return cib_work_each(ws, member, kind, NULL, cb, payload, err);
}

int cib_work_each(cib_workspace *ws, const char *member, const cib_kind *kind, cib_work_known_cb known, cib_work_entry_cb cb, void *payload, cib_error *err)
{
	each_run e = {ws, kind, known, cb, payload, CIB_BUF_INIT, err};
	int status = 0;
	if (ws->member && (!member || strcmp(member, ws->member) == 0)) {
		char *own = cib_format("members/%s", ws->member);
		status = each_folder(&e, own);
		free(own);
	} else if (!ws->member && !member) {
		status = each_folder(&e, "network");
	}
	if (status == 0 && !(ws->member && member && strcmp(member, ws->member) == 0))
		status = cib_network_each(ws->net, &ws->tip, member, kind, each_blob, &e, err);
	cib_buf_free(&e.text);
	return status;
}

/* ---- writing ---- */

static int write_file(cib_workspace *ws, const char *path, const char *data, size_t len, cib_error *err)
{
	char *file = cib_work_file(ws, path), *slash = strrchr(file, '/');
	*slash = '\0';
	int status = cib_mkdirs(file, err);
	*slash = '/';
	if (status == CIB_OK)
		status = cib_file_write(file, data, len, err);
	free(file);
	return status;
}

/* The secretariat's change of any path: committed at once. */
static int commit_path(cib_workspace *ws, const char *path, const cib_buf *text, cib_error *err)
{
	cib_tree_entry edit = {.path = path, .mode = text ? 0100644 : 0};
	cib_oid tree, commit;
	char *message = cib_format("%s %s\n", text ? "Change" : "Remove", path);
	int status = text ? cib_store_blob_write(&edit.oid, ws->store, text->data, text->len, err) : CIB_OK;
	if (status == CIB_OK)
		status = cib_store_tree_edit(&tree, ws->store, &ws->tip, &edit, 1, err);
	if (status == CIB_OK)
		status = cib_commit_own(&commit, ws, &tree, &ws->tip, 1, message, err);
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, ws->branch, &commit, &ws->tip, err);
	if (status == CIB_OK)
		status = cib_workspace_reload(ws, err);
	free(message);
	return status;
}

int cib_workspace_write(cib_workspace *ws, const char *path, const cJSON *doc, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON *copy = cJSON_Duplicate(doc, true);
	int status;
	cib_json_to_nfc(copy);
	cib_json_write(&text, copy, NULL);
	if (cib_work_is_own(ws, path)) {
		status = cib_draft_leave(ws, path, err);
		if (status == CIB_OK)
			status = write_file(ws, path, text.data, text.len, err);
	} else if (ws->member) {
		status = cib_error_set(err, CIB_REFUSED, "entry.not-yours", "%s is not in your organisation's folder", path);
		cib_error_hint(err, "ask its owner to change it");
	} else {
		status = commit_path(ws, path, &text, err);
	}
	cJSON_Delete(copy);
	cib_buf_free(&text);
	return status;
}

int cib_workspace_remove(cib_workspace *ws, const char *path, cib_error *err)
{
	if (!cib_work_is_own(ws, path))
		return ws->member ? cib_error_set(err, CIB_REFUSED, "entry.not-yours", "%s is not in your organisation's folder", path) : commit_path(ws, path, NULL, err);
	char *file = cib_work_file(ws, path);
	int status = cib_file_remove(file, err);
	free(file);
	return status;
}

/* Twice: against the file as it stands, where an earlier edit may have left its notes, and against the tip, for edits by hand. */
void cib_workspace_note_translations(cib_workspace *ws, const char *path, cJSON *doc)
{
	cib_place place;
	cib_oid blob;
	unsigned mode;
	cib_buf text = CIB_BUF_INIT;
	cJSON *file = NULL, *tip = NULL;
	cib_network_place(&place, ws->net, path);
	if (!place.kind || (place.area != CIB_AREA_MEMBER && place.area != CIB_AREA_NETWORK))
		return;
	if (cib_workspace_read(&text, ws, path, NULL) == CIB_OK && cib_json_read(&file, text.data, text.len, NULL, NULL) == CIB_OK)
		cib_translations_note(ws->net, place.kind, file, doc);
	if (cib_store_tree_get(&blob, &mode, ws->store, &ws->tip, path, NULL) == CIB_OK)
		cib_read_entry(&tip, ws->store, &blob, NULL);
	cib_translations_note(ws->net, place.kind, tip, doc);
	cib_buf_free(&text);
	cJSON_Delete(file);
	cJSON_Delete(tip);
}
