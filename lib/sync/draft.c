/* An entry while it is edited. See draft.h. */
#include "sync/draft.h"
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

static char *edits_file(const cib_draft *d)
{
	return cib_format("%s/cib/edits/%s.json", cib_store_git_dir(d->ws->store), d->place.id);
}

/* ---- opening ---- */

/* A member of a document, taken out of it. */
static cJSON *take_member(cJSON *doc, const char *name)
{
	return cJSON_DetachItemFromObjectCaseSensitive(doc, name);
}

/* What is kept beside the entry: clashes, and the edit that is held. */
static int read_edits(cib_draft *d, cib_error *err)
{
	char *file = edits_file(d);
	cJSON *edits = NULL;
	int status = cib_json_read_file(&edits, file, err);
	if (status == CIB_NOTFOUND) {
		cib_error_clear(err);
		status = CIB_OK;
	}
	d->clashes = take_member(edits, "clashes");
	d->base = take_member(edits, "base");
	cJSON *held = d->held ? take_member(edits, "doc") : NULL;
	if (held) {
		cJSON_Delete(d->doc);
		d->doc = held;
	}
	if (!d->clashes)
		d->clashes = cJSON_CreateArray();
	cJSON_Delete(edits);
	free(file);
	return status;
}

int cib_draft_open(cib_draft *out, cib_workspace *ws, const char *path, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	*out = (cib_draft){.ws = ws, .path = cib_strdup(path), .held = !ws->member && !cib_workspace_owns(ws, path)};
	cib_network_place(&out->place, ws->net, path);
	if (!out->place.kind)
		return cib_error_set(err, CIB_NOTFOUND, "entry.unknown", "there is no entry %s", path);
	if (ws->member && !cib_workspace_owns(ws, path))
		return cib_error_set(err, CIB_REFUSED, "entry.not-yours", "%s is not in your organisation's folder", path);
	int status = cib_workspace_read(&text, ws, path, err);
	if (status == CIB_NOTFOUND) {
		cib_error_clear(err);
		status = CIB_OK;
	} else if (status == CIB_OK) {
		status = cib_json_read(&out->doc, text.data, text.len, NULL, err);
	}
	if (status == CIB_OK)
		status = read_edits(out, err);
	if (status == CIB_OK && out->held && !out->base && out->doc)
		out->base = cJSON_Duplicate(out->doc, true);
	cib_buf_free(&text);
	return status;
}

void cib_draft_close(cib_draft *d)
{
	free(d->path);
	cJSON_Delete(d->doc);
	cJSON_Delete(d->base);
	cJSON_Delete(d->clashes);
	*d = (cib_draft){0};
}

void cib_draft_version(char out[CIB_OID_HEX], const cib_draft *d)
{
	cib_buf text = CIB_BUF_INIT;
	cib_oid id;
	out[0] = '\0';
	if (!d->doc)
		return;
	cib_json_write(&text, d->doc, NULL);
	cib_store_blob_hash(&id, text.data, text.len);
	cib_oid_hex(out, &id);
	cib_buf_free(&text);
}

/* ---- changes ---- */

static bool same(const cJSON *a, const cJSON *b)
{
	return a && b ? cib_json_equal(a, b) : a == b;
}

static cJSON *copy_or_null(const cJSON *value)
{
	return value ? cJSON_Duplicate(value, true) : NULL;
}

static int put(cJSON **doc, const char *pointer, const cJSON *value, cib_error *err)
{
	if (!value && !cib_json_at(*doc, pointer))
		return CIB_OK;
	return cib_json_set_at(doc, pointer, copy_or_null(value), err);
}

/* Both changed the place: joined by the rules of the kind, or not at all. */
static bool join(cib_draft *d, const char *pointer, const cJSON *was, const cJSON *value)
{
	cJSON *base = cJSON_Duplicate(d->doc, true), *ours = cJSON_Duplicate(d->doc, true), *merged = NULL;
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_merge_options options = {.rules = cib_network_rules(d->ws->net, d->place.kind)};
	bool ok = put(&base, pointer, was, NULL) == CIB_OK && put(&ours, pointer, value, NULL) == CIB_OK;
	ok = ok && cib_merge(&merged, base, ours, d->doc, &options, &conflicts) == 0 && merged;
	if (ok) {
		cJSON_Delete(d->doc);
		d->doc = merged;
		merged = NULL;
	}
	cJSON_Delete(base);
	cJSON_Delete(ours);
	cJSON_Delete(merged);
	cib_conflicts_free(&conflicts);
	return ok;
}

static void drop_clash(cib_draft *d, const char *path)
{
	for (cJSON *c = d->clashes->child, *next; c; c = next) {
		const char *there = cib_json_string(c, "path");
		next = c->next;
		if (there && strcmp(there, path) == 0)
			cJSON_Delete(cJSON_DetachItemViaPointer(d->clashes, c));
	}
}

static void add_clash(cib_draft *d, const char *path, const cJSON *was, const cJSON *yours)
{
	cJSON *clash = cJSON_CreateObject();
	drop_clash(d, path);
	cJSON_AddStringToObject(clash, "path", path);
	if (was)
		cJSON_AddItemToObject(clash, "was", cJSON_Duplicate(was, true));
	if (yours)
		cJSON_AddItemToObject(clash, "yours", cJSON_Duplicate(yours, true));
	cJSON_AddItemToArray(d->clashes, clash);
}

static int change_one(cib_draft *d, const cJSON *change, size_t *clashed, cib_error *err)
{
	const char *path = cib_json_string(change, "path");
	const cJSON *value = cib_json_get(change, "value"), *was = cib_json_get(change, "was");
	cib_buf pointer = CIB_BUF_INIT;
	int status = CIB_OK;
	if (!path || *path != '/')
		return cib_error_set(err, CIB_USAGE, "draft.change", "a change names its field by a path that begins with /");
	bool there = cib_merge_path_to_pointer(&pointer, d->doc, cib_network_rules(d->ws->net, d->place.kind), path);
	const cJSON *now = there ? cib_json_at(d->doc, pointer.data) : NULL;
	if (there && same(now, value)) {
		drop_clash(d, path);
	} else if (there && same(now, was)) {
		drop_clash(d, path);
		status = put(&d->doc, pointer.data, value, err);
	} else if (!there || !join(d, pointer.data, was, value)) {
		add_clash(d, path, was, value);
		++*clashed;
	}
	cib_buf_free(&pointer);
	return status;
}

int cib_draft_change(cib_draft *d, const cJSON *changes, size_t *clashed, cib_error *err)
{
	cJSON *copy = cJSON_Duplicate(changes, true);
	int status = CIB_OK;
	*clashed = 0;
	cib_json_to_nfc(copy);
	for (const cJSON *c = copy ? copy->child : NULL; c && status == CIB_OK; c = c->next)
		status = change_one(d, c, clashed, err);
	cJSON_Delete(copy);
	return status;
}

int cib_draft_settle(cib_draft *d, const char *path, bool yours, cib_error *err)
{
	const cJSON *clash = d->clashes->child;
	cib_buf pointer = CIB_BUF_INIT;
	int status = CIB_OK;
	while (clash && strcmp(cib_json_string(clash, "path"), path) != 0)
		clash = clash->next;
	if (!clash)
		return cib_error_set(err, CIB_NOTFOUND, "draft.clash", "there is nothing to settle at %s", path);
	if (yours && !cib_merge_path_to_pointer(&pointer, d->doc, cib_network_rules(d->ws->net, d->place.kind), path)) {
		cib_buf_clear(&pointer);
		cib_buf_adds(&pointer, path);
	}
	if (yours)
		status = put(&d->doc, pointer.data, cib_json_get(clash, "yours"), err);
	if (status == CIB_OK)
		drop_clash(d, path);
	cib_buf_free(&pointer);
	return status;
}

/* ---- keeping ---- */

static int write_edits(const cib_draft *d, cib_error *err)
{
	char *file = edits_file(d), *slash = strrchr(file, '/');
	cib_buf text = CIB_BUF_INIT;
	cJSON *edits = cJSON_CreateObject();
	int status = CIB_OK;
	cJSON_AddItemToObject(edits, "clashes", cJSON_Duplicate(d->clashes, true));
	if (d->held && d->base)
		cJSON_AddItemToObject(edits, "base", cJSON_Duplicate(d->base, true));
	if (d->held)
		cJSON_AddItemToObject(edits, "doc", cJSON_Duplicate(d->doc, true));
	cib_json_write(&text, edits, NULL);
	if (!d->held && !d->clashes->child) {
		status = cib_file_remove(file, err);
	} else {
		*slash = '\0';
		status = cib_mkdirs(file, err);
		*slash = '/';
		if (status == CIB_OK)
			status = cib_file_write(file, text.data, text.len, err);
	}
	cJSON_Delete(edits);
	cib_buf_free(&text);
	free(file);
	return status;
}

int cib_draft_check(const cib_draft *d, const char *lang, cib_findings *findings)
{
	cib_buf text = CIB_BUF_INIT;
	cib_oid accepted;
	cib_json_write(&text, d->doc, NULL);
	cib_workspace_accepted(&accepted, d->ws);
	cib_check_options options = {.lang = lang, .tree = &d->ws->tip, .canonical = true, .before = &accepted};
	int verdict = cib_network_check(d->ws->net, d->path, text.data, text.len, &options, NULL, findings);
	cib_buf_free(&text);
	return verdict;
}

/* The clashes first: a kill between the two loses nothing, and shows at worst what was settled once more. */
int cib_draft_keep(cib_draft *d, const char *lang, cib_findings *findings, cib_error *err)
{
	int status = write_edits(d, err);
	if (status != CIB_OK)
		return status;
	if (d->held)
		return cib_draft_check(d, lang, findings);
	cib_json_to_nfc(d->doc);
	cib_workspace_note_translations(d->ws, d->path, d->doc);
	status = cib_workspace_write(d->ws, d->path, d->doc, err);
	return status == CIB_OK ? cib_draft_check(d, lang, findings) : status;
}

static int remove_edits(const cib_draft *d, cib_error *err)
{
	char *file = edits_file(d);
	int status = cib_file_remove(file, err);
	free(file);
	return status;
}

int cib_draft_publish(cib_draft *d, const char *lang, cib_findings *findings, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON *now = NULL, *merged = NULL;
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_merge_options options = {.rules = cib_network_rules(d->ws->net, d->place.kind)};
	int status = d->clashes->child ? cib_error_set(err, CIB_FINDINGS, "draft.clashes", "two versions of a field wait: choose one first") : CIB_OK;
	if (status == CIB_OK && cib_workspace_read(&text, d->ws, d->path, NULL) == CIB_OK)
		status = cib_json_read(&now, text.data, text.len, NULL, err);
	if (status == CIB_OK && now)
		cib_merge(&merged, d->base, d->doc, now, &options, &conflicts);
	for (size_t i = 0; i < conflicts.count; i++)
		add_clash(d, conflicts.items[i].path, conflicts.items[i].base, conflicts.items[i].ours);
	if (status == CIB_OK && merged) {
		cJSON_Delete(d->doc);
		d->doc = merged;
		cJSON_Delete(d->base);
		d->base = cJSON_Duplicate(now, true);
	}
	if (status == CIB_OK && conflicts.count) {
		status = write_edits(d, err);
		if (status == CIB_OK)
			status = cib_error_set(err, CIB_FINDINGS, "draft.clashes", "the entry was changed meanwhile: choose between the two versions first");
	} else if (status == CIB_OK) {
		status = cib_workspace_take(d->ws, d->path, NULL, d->doc, lang, findings, NULL, err);
		if (status == CIB_FINDINGS)
			cib_error_set(err, CIB_FINDINGS, "draft.invalid", "nothing was changed: the entry would not be valid");
	}
	if (status == CIB_OK)
		status = remove_edits(d, err);
	cib_conflicts_free(&conflicts);
	cib_buf_free(&text);
	cJSON_Delete(now);
	return status;
}

int cib_draft_discard(cib_draft *d, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cib_oid blob;
	unsigned mode;
	cJSON *saved = NULL;
	int status = remove_edits(d, err);
	if (status != CIB_OK || d->held)
		return status;
	if (cib_store_tree_get(&blob, &mode, d->ws->store, &d->ws->tip, d->path, NULL) != CIB_OK)
		return cib_workspace_remove(d->ws, d->path, err);
	status = cib_store_blob_read(&text, d->ws->store, &blob, 0, err);
	if (status == CIB_OK)
		status = cib_json_read(&saved, text.data, text.len, NULL, err);
	if (status == CIB_OK)
		status = cib_workspace_write(d->ws, d->path, saved, err);
	cJSON_Delete(saved);
	cib_buf_free(&text);
	return status;
}
