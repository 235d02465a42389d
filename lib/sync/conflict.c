/* Conflict records: listing and settling. */
#include "sync/private.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

void cib_open_conflicts_free(cib_open_conflicts *list)
{
	for (size_t i = 0; i < list->count; i++) {
		cib_open_conflict *c = &list->items[i];
		free(c->entry_path);
		free(c->id);
		free(c->item);
		free(c->path);
		free(c->pointer);
		free(c->kind);
		free(c->nature);
		free(c->ours_by);
		free(c->ours_on);
		free(c->theirs_by);
		free(c->theirs_on);
		cJSON_Delete(c->base);
		cJSON_Delete(c->ours);
		cJSON_Delete(c->theirs);
	}
	free(list->items);
	*list = (cib_open_conflicts){0};
}

static cJSON *copy_of(const cJSON *item, const char *name)
{
	const cJSON *v = cib_json_get(item, name);
	return v ? cJSON_Duplicate(v, true) : NULL;
}

static char *text_of(const cJSON *item, const char *name)
{
	const char *s = cib_json_string(item, name);
	return cib_strdup(s ? s : "");
}

static void add_record(cib_open_conflicts *out, const cJSON *doc)
{
	const cJSON *items = cib_json_get(doc, "items");
	const char *id = cib_json_string(doc, "id"), *entry = cib_json_string(doc, "entry");
	for (const cJSON *i = items && id && entry ? items->child : NULL; i; i = i->next) {
		out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
		out->items[out->count++] = (cib_open_conflict){
			.entry_path = cib_strdup(entry),
			.id = cib_strdup(id),
			.item = text_of(i, "id"),
			.path = text_of(i, "path"),
			.pointer = text_of(i, "pointer"),
			.kind = text_of(i, "conflict"),
			.nature = text_of(i, "nature"),
			.ours_by = text_of(cib_json_get(i, "oursBy"), "member"),
			.ours_on = text_of(cib_json_get(i, "oursBy"), "date"),
			.theirs_by = text_of(cib_json_get(i, "theirsBy"), "member"),
			.theirs_on = text_of(cib_json_get(i, "theirsBy"), "date"),
			.base = copy_of(i, "base"),
			.ours = copy_of(i, "ours"),
			.theirs = copy_of(i, "theirs"),
		};
	}
}

int cib_conflicts_list(cib_open_conflicts *out, cib_workspace *ws, cib_error *err)
{
	struct dirent **names = NULL;
	(void)err;
	char *folder = ws->member ? cib_format("%s/members/%s/conflicts", ws->root, ws->member) : cib_format("%s/network/conflicts", ws->root);
	int n = scandir(folder, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		size_t len = strlen(names[i]->d_name);
		cJSON *doc = NULL;
		char *file = cib_format("%s/%s", folder, names[i]->d_name);
		if (len > 5 && strcmp(names[i]->d_name + len - 5, ".json") == 0 && cib_json_read_file(&doc, file, NULL) == CIB_OK)
			add_record(out, doc);
		cJSON_Delete(doc);
		free(file);
		free(names[i]);
	}
	free(names);
	free(folder);
	return CIB_OK;
}

/* The entry, and where the field stands in it: by its identity path, else where it stood. */
static int find_field(cJSON **doc, cib_buf *pointer, cib_workspace *ws, const cib_open_conflict *c, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cib_place place;
	cib_network_place(&place, ws->net, c->entry_path);
	int status = cib_workspace_read(&text, ws, c->entry_path, err);
	if (status == CIB_OK)
		status = cib_json_read(doc, text.data, text.len, NULL, err);
	if (status == CIB_OK && !cib_merge_path_to_pointer(pointer, *doc, place.kind ? cib_network_rules(ws->net, place.kind) : NULL, c->path)) {
		cib_buf_clear(pointer);
		cib_buf_adds(pointer, c->pointer);
	}
	cib_buf_free(&text);
	return status;
}

cJSON *cib_conflict_current(cib_workspace *ws, const cib_open_conflict *c)
{
	cib_buf pointer = CIB_BUF_INIT;
	cJSON *doc = NULL, *value = NULL;
	if (find_field(&doc, &pointer, ws, c, NULL) == CIB_OK) {
		const cJSON *at = cib_json_at(doc, cib_buf_str(&pointer));
		value = at ? cJSON_Duplicate(at, true) : NULL;
	}
	cJSON_Delete(doc);
	cib_buf_free(&pointer);
	return value;
}

/* The field's new value; NULL: it goes. Of an order only the order is taken: the items may have changed since. */
static cJSON *wanted_value(const cib_open_conflict *c, const cJSON *now, const cJSON *value)
{
	cJSON *reordered = value && strcmp(c->kind, "order") == 0 ? cib_merge_in_order_of(now, value) : NULL;
	return reordered || !value ? reordered : cJSON_Duplicate(value, true);
}

/* The version that was set aside, with what was done since to the one that stands. */
static int take_version(cib_workspace *ws, const cib_open_conflict *c, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON *now = NULL, *joined = NULL;
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_place place;
	cib_network_place(&place, ws->net, c->entry_path);
	cib_merge_options options = {place.kind ? cib_network_rules(ws->net, place.kind) : NULL, CIB_KEEP_OURS};
	int status = cib_workspace_read(&text, ws, c->entry_path, err);
	if (status == CIB_OK)
		status = cib_json_read(&now, text.data, text.len, NULL, err);
	if (status == CIB_NOTFOUND) {
		cib_error_clear(err);
		status = CIB_OK;
	}
	if (now && c->theirs)
		cib_merge(&joined, c->theirs, c->ours, now, &options, &conflicts);
	if (status == CIB_OK)
		status = cib_workspace_write(ws, c->entry_path, joined ? joined : c->ours, err);
	cib_conflicts_free(&conflicts);
	cJSON_Delete(now);
	cJSON_Delete(joined);
	cib_buf_free(&text);
	return status;
}

static int settle_entry(cib_workspace *ws, const cib_open_conflict *c, const cJSON *value, cib_error *err)
{
	cib_buf pointer = CIB_BUF_INIT;
	cJSON *doc = NULL;
	if (!*c->path && value && value == c->ours)
		return take_version(ws, c, err);
	if (!*c->path) /* the whole entry */
		return value ? cib_workspace_write(ws, c->entry_path, value, err) : cib_workspace_remove(ws, c->entry_path, err);
	int status = find_field(&doc, &pointer, ws, c, err);
	if (status == CIB_NOTFOUND) {
		status = cib_error_set(err, CIB_NOTFOUND, "conflict.no-entry", "%s was removed; there is nothing to write the value into", c->id);
		cib_error_hint(err, "leave it removed: cib resolve %s --all --theirs", c->id);
	}
	const cJSON *now = status == CIB_OK ? cib_json_at(doc, cib_buf_str(&pointer)) : NULL;
	if (status == CIB_OK && (value || now))
		status = cib_json_set_at(&doc, cib_buf_str(&pointer), wanted_value(c, now, value), err);
	if (status == CIB_OK)
		status = cib_workspace_write(ws, c->entry_path, doc, err);
	cJSON_Delete(doc);
	cib_buf_free(&pointer);
	return status;
}

static int drop_item(cib_workspace *ws, const cib_open_conflict *c, cib_error *err)
{
	cJSON *doc = NULL;
	char *path = ws->member ? cib_format("members/%s/conflicts/%s.json", ws->member, c->id) : cib_format("network/conflicts/%s.json", c->id);
	char *file = cib_work_file(ws, path);
	int status = cib_json_read_file(&doc, file, err);
	cJSON *items = cib_json_get(doc, "items");
	for (cJSON *i = items ? items->child : NULL; i; i = i->next) {
		const char *id = cib_json_string(i, "id");
		if (id && strcmp(id, c->item) == 0) {
			cJSON_Delete(cJSON_DetachItemViaPointer(items, i));
			break;
		}
	}
	if (status == CIB_OK)
		status = items && items->child ? cib_workspace_write(ws, path, doc, err) : cib_workspace_remove(ws, path, err);
	cJSON_Delete(doc);
	free(path);
	free(file);
	return status;
}

bool cib_conflict_ours_stands(const cib_open_conflict *c)
{
	return !c->theirs && strcmp(c->kind, "delete") == 0;
}

int cib_conflict_resolve(cib_workspace *ws, const cib_open_conflict *c, cib_resolution how, const cJSON *value, cib_error *err)
{
	bool as_it_is = how == (cib_conflict_ours_stands(c) ? CIB_RESOLVE_OURS : CIB_RESOLVE_THEIRS);
	const cJSON *wanted = how == CIB_RESOLVE_VALUE ? value : how == CIB_RESOLVE_OURS ? c->ours
	                                                                                 : c->theirs;
	int status = cib_workspace_hold(ws, err);
	if (status != CIB_OK)
		return status;
	/* First the entry, then the record: killed in between, the conflict is only asked once more. */
	if (!as_it_is)
		status = settle_entry(ws, c, wanted, err);
	if (status == CIB_OK)
		status = drop_item(ws, c, err);
	cib_workspace_release(ws);
	return status;
}
