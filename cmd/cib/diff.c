/* cib diff: what changed, field by field: between two JSON files, or here since the last save. */
#include "explain.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] = "diff [A B | ID...] [--json]";

static void add_value(cJSON *row, const char *name, const cJSON *value)
{
	if (value)
		cJSON_AddItemToObject(row, name, cJSON_Duplicate(value, true));
}

/* One JSON line for each field, in the terms of RFC 6902. `file`: NULL when the caller named the two. */
static void print_json(const char *file, const cJSON *before, const cJSON *after)
{
	static const char *const ops[] = {"add", "remove", "replace"};
	static const cJSON nothing = {.type = cJSON_Object};
	cib_json_changes changes = {0};
	cib_json_diff(&changes, before ? before : &nothing, after ? after : &nothing, NULL);
	for (size_t i = 0; i < changes.count; i++) {
		cJSON *row = cJSON_CreateObject();
		cJSON_AddNumberToObject(row, "v", 1);
		if (file)
			cJSON_AddStringToObject(row, "file", file);
		cJSON_AddStringToObject(row, "op", ops[changes.items[i].op]);
		cJSON_AddStringToObject(row, "pointer", changes.items[i].pointer);
		add_value(row, "before", changes.items[i].before);
		add_value(row, "after", changes.items[i].after);
		cib_print_json(stdout, row);
		cJSON_Delete(row);
	}
	cib_json_changes_free(&changes);
}

static int diff_files(const char *a, const char *b, bool json)
{
	cib_error err = CIB_ERROR_INIT;
	cJSON *before = NULL, *after = NULL;
	int status = cib_json_read_file(&before, a, &err), code = 0;
	if (status == CIB_OK)
		status = cib_json_read_file(&after, b, &err);
	if (status != CIB_OK) {
		code = cib_fail(&err);
	} else if (!cib_json_identical(before, after)) {
		code = CIB_FINDINGS;
		if (json)
			print_json(NULL, before, after);
		else
			cib_explain_changes(stdout, "", "", before, after);
	}
	cJSON_Delete(before);
	cJSON_Delete(after);
	return code;
}

/* ---- the working folder ---- */

static cJSON *saved_version(cib_workspace *ws, const char *path)
{
	cib_oid blob;
	unsigned mode;
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	if (cib_store_tree_get(&blob, &mode, ws->store, &ws->tip, path, NULL) == CIB_OK && cib_store_blob_read(&text, ws->store, &blob, 0, NULL) == CIB_OK)
		cib_json_read(&doc, text.data, text.len, NULL, NULL);
	cib_buf_free(&text);
	return doc;
}

static void print_change(cib_workspace *ws, const cib_work_change *c, bool json)
{
	cJSON *before = saved_version(ws, c->path), *after = NULL;
	cib_buf text = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	if (c->kind != CIB_CHANGE_REMOVED && cib_workspace_read(&text, ws, c->path, NULL) == CIB_OK && cib_json_read(&after, text.data, text.len, NULL, &err) != CIB_OK) {
		fprintf(stderr, "%s:%zu:%zu: %s\n", c->path, err.line, err.column, err.message); /* a draft that cannot be read yet */
	} else if (json) {
		print_json(c->path, before, after);
	} else {
		printf("%s%s\n", c->path, c->kind == CIB_CHANGE_ADDED ? _(" (new)") : c->kind == CIB_CHANGE_REMOVED ? _(" (removed)")
		                                                                                                    : "");
		if (before && after)
			cib_explain_changes(stdout, "  ", "", before, after);
	}
	cib_buf_free(&text);
	cJSON_Delete(before);
	cJSON_Delete(after);
}

static bool is_meant(const cib_workspace *ws, const cib_words *ids, const char *path)
{
	cib_place place;
	cib_network_place(&place, ws->net, path);
	for (size_t i = 0; i < ids->count; i++)
		if (strcmp(ids->items[i], place.id) == 0)
			return true;
	return ids->count == 0;
}

static int diff_folder(const cib_words *ids, bool json)
{
	cib_workspace *ws = NULL;
	cib_work_changes changes = {0};
	cib_error err = CIB_ERROR_INIT;
	int code = cib_open(&ws);
	if (code)
		return code - 1;
	if (cib_workspace_changes(&changes, ws, cib_term_lang(), &err) != CIB_OK)
		code = cib_fail(&err);
	for (size_t i = 0; i < changes.count; i++)
		if (is_meant(ws, ids, changes.items[i].path))
			print_change(ws, &changes.items[i], json);
	cib_work_changes_free(&changes);
	cib_workspace_free(ws);
	return code;
}

int cib_cmd_diff(int argc, char **argv)
{
	bool json = false;
	cib_words rest = {0};
	const cib_opt opts[] = {{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("one JSON object for each field that changed")}, {0}};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	bool files = rest.count == 2 && (strpbrk(rest.items[0], "./") || access(rest.items[0], F_OK) == 0);
	code = files ? diff_files(rest.items[0], rest.items[1], json) : diff_folder(&rest, json);
	free((void *)(uintptr_t)rest.items);
	return code;
}
