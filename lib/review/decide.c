/* Decisions: accept onto main, return or decline with a comment. Each is one commit on main. */
#include "review/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Commit `edits` on top of main (second parent when not zero) and move main there. */
static int commit_on_main(cib_workspace *ws, cib_tree_entry *edits, size_t count, const cib_oid *second, const char *message, cib_error *err)
{
	cib_oid tree, commit, parents[2] = {ws->tip, second ? *second : (cib_oid){{0}}};
	char *email = cib_format("%s@secretariat.cib.invalid", ws->user);
	char *name = cib_format("secretariat %s", ws->user);
	int status = cib_store_tree_edit(&tree, ws->store, &ws->tip, edits, count, err);
	if (status == CIB_OK)
		status = cib_store_commit_write(&commit, ws->store, &tree, parents, second ? 2 : 1, name, email, message, err);
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, ws->branch, &commit, &ws->tip, err);
	if (status == CIB_OK)
		status = cib_workspace_reload(ws, err);
	free(email);
	free(name);
	return status;
}

static int read_doc(cJSON **out, cib_store *store, const cib_oid *blob, cib_error *err)
{
	*out = NULL;
	if (cib_oid_is_zero(blob))
		return CIB_OK;
	cib_buf text = CIB_BUF_INIT;
	int status = cib_store_blob_read(&text, store, blob, 1u << 20, err);
	if (status == CIB_OK)
		status = cib_json_read(out, text.data, text.len, NULL, err);
	cib_buf_free(&text);
	return status;
}

static int write_doc(cib_oid *blob, cib_store *store, const cJSON *doc, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cib_json_write(&text, doc, NULL);
	int status = cib_store_blob_write(blob, store, text.data, text.len, err);
	cib_buf_free(&text);
	return status;
}

static int needs_person(const cib_review_item *item, cib_error *err)
{
	int status = cib_error_set(err, CIB_FINDINGS, "review.both-changed", "%s was changed on main and by %s in ways that do not fit together",
	                           item->id, item->member);
	cib_error_hint(err, "return it: cib review return %s %s -m \"please sync and settle the conflict\"", item->member, item->id);
	return status;
}

/* The blob that main gets: the proposed one, or a merge by field when main changed since `base`. */
static int blob_to_take(cib_oid *out, cib_workspace *ws, const cib_review_item *item, const cib_oid *base_commit, const cib_oid *tip, cib_error *err)
{
	cib_oid base = {{0}};
	unsigned mode;
	bool had = false;
	*out = item->proposed;
	if (!cib_oid_is_zero(base_commit))
		cib_store_tree_get(&base, &mode, ws->store, base_commit, item->path, NULL);
	if (cib_oid_equal(&base, &item->on_main))
		return CIB_OK;
	if (!cib_oid_is_zero(&item->on_main) &&
	    cib_store_path_had(&had, ws->store, tip, base_commit, item->path, &item->on_main, NULL) == CIB_OK && had)
		return CIB_OK; /* the member has seen main's version and went on from it */
	cJSON *b = NULL, *ours = NULL, *theirs = NULL, *merged = NULL;
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	int status = read_doc(&b, ws->store, &base, err);
	if (status == CIB_OK)
		status = read_doc(&ours, ws->store, &item->on_main, err);
	if (status == CIB_OK)
		status = read_doc(&theirs, ws->store, &item->proposed, err);
	if (status == CIB_OK) {
		const cib_kind *kind = cib_network_kind(ws->net, item->kind);
		cib_merge_options options = {kind ? cib_network_rules(ws->net, kind) : NULL, CIB_KEEP_OURS};
		cib_findings findings = CIB_FINDINGS_INIT;
		cib_buf text = CIB_BUF_INIT;
		if (cib_merge(&merged, b, ours, theirs, &options, &conflicts) > 0)
			status = needs_person(item, err);
		else if (!merged)
			*out = (cib_oid){{0}};
		else {
			cib_json_write(&text, merged, NULL);
			cib_check_options check = {.canonical = true};
			if (cib_network_check(ws->net, item->path, text.data, text.len, &check, NULL, &findings) != CIB_OK)
				status = needs_person(item, err);
			else
				status = cib_store_blob_write(out, ws->store, text.data, text.len, err);
		}
		cib_findings_free(&findings);
		cib_buf_free(&text);
	}
	cib_conflicts_free(&conflicts);
	cJSON_Delete(b);
	cJSON_Delete(ours);
	cJSON_Delete(theirs);
	cJSON_Delete(merged);
	return status;
}

typedef struct {
	cib_tree_entry *items;
	size_t count, cap;
} edit_list;

static void add_edit(edit_list *list, const char *path, const cib_oid *blob)
{
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count++] = (cib_tree_entry){cib_strdup(path), cib_oid_is_zero(blob) ? 0 : 0100644, *blob};
}

static void free_edits(edit_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free((char *)(uintptr_t)list->items[i].path);
	free(list->items);
}

/* A conflict record goes where its entry goes. */
static void add_conflict_record(edit_list *list, cib_workspace *ws, const cib_review_item *item, const cib_oid *tip)
{
	cib_oid there = {{0}}, here = {{0}};
	unsigned mode;
	char *path = cib_format("members/%s/conflicts/%s.json", item->member, item->id);
	cib_store_tree_get(&there, &mode, ws->store, tip, path, NULL);
	cib_store_tree_get(&here, &mode, ws->store, &ws->tip, path, NULL);
	if (!cib_oid_equal(&there, &here))
		add_edit(list, path, &there);
	free(path);
}

/* A dialogue about the entry ends with its acceptance; the record keeps what was said. */
static int close_record(edit_list *list, cib_workspace *ws, const cib_review_item *item, const cib_oid *taken, cib_error *err)
{
	cJSON *record = NULL;
	int status = cib_review_record(&record, ws->store, &ws->tip, item->member, item->id, err);
	if (status == CIB_OK && record) {
		char hex[CIB_OID_HEX];
		cib_oid blob;
		cib_oid_hex(hex, taken);
		cib_json_set(record, "decision", cJSON_CreateString("accepted"));
		cJSON *target = cib_json_get(record, "target");
		if (target)
			cib_json_set(target, "blob", cJSON_CreateString(hex));
		status = write_doc(&blob, ws->store, record, err);
		char *path = cib_format("reviews/%s/%s.json", item->member, item->id);
		if (status == CIB_OK)
			add_edit(list, path, &blob);
		free(path);
	}
	cJSON_Delete(record);
	return status;
}

static int member_tip(cib_oid *tip, cib_workspace *ws, const char *member, cib_error *err)
{
	char *ref = cib_format("refs/cib/central/members/%s", member);
	int status = cib_store_ref_get(tip, ws->store, ref, err);
	free(ref);
	return status;
}

int cib_review_accept(cib_workspace *ws, const cib_review_item *items, size_t count, bool whole, const char *message, cib_error *err)
{
	if (count == 0)
		return CIB_OK;
	cib_oid tip, *bases = NULL, none = {{0}};
	size_t base_count = 0;
	edit_list edits = {0};
	cib_lock *lock = NULL;
	int status = cib_store_lock(&lock, ws->store, 3000, err);
	if (status == CIB_OK)
		status = member_tip(&tip, ws, items[0].member, err);
	if (status == CIB_OK)
		status = cib_store_merge_bases(&bases, &base_count, ws->store, &ws->tip, &tip, err);
	for (size_t i = 0; i < count && status == CIB_OK; i++) {
		cib_oid taken;
		status = blob_to_take(&taken, ws, &items[i], base_count ? &bases[0] : &none, &tip, err);
		if (status != CIB_OK)
			break;
		add_edit(&edits, items[i].path, &taken);
		add_conflict_record(&edits, ws, &items[i], &tip);
		status = close_record(&edits, ws, &items[i], &taken, err);
	}
	if (status == CIB_OK) {
		char *text = message ? cib_strdup(message)
		                     : cib_format("Accept %s of %s\n", count == 1 ? items[0].id : "entries", items[0].member);
		status = commit_on_main(ws, edits.items, edits.count, whole ? &tip : NULL, text, err);
		free(text);
	}
	cib_lock_release(lock);
	free_edits(&edits);
	free(bases);
	return status;
}

static cJSON *new_record(const cib_review_item *item)
{
	cJSON *r = cJSON_CreateObject();
	cJSON_AddStringToObject(r, "kind", "review");
	cJSON_AddStringToObject(r, "schema", "review/1");
	cJSON_AddStringToObject(r, "id", item->id);
	cJSON_AddItemToObject(r, "comments", cJSON_CreateArray());
	return r;
}

static void fill_record(cJSON *r, cib_workspace *ws, const cib_review_item *item, bool decline, const char *pointer, const char *comment)
{
	char hex[CIB_OID_HEX], today[16] = "", id[32];
	time_t now = time(NULL);
	struct tm tm;
	if (gmtime_r(&now, &tm))
		strftime(today, sizeof today, "%Y-%m-%d", &tm);
	cib_oid_hex(hex, &item->proposed);
	cJSON *target = cJSON_CreateObject();
	cJSON_AddStringToObject(target, "member", item->member);
	cJSON_AddStringToObject(target, "kind", item->kind);
	cJSON_AddStringToObject(target, "id", item->id);
	cJSON_AddStringToObject(target, "blob", hex);
	cib_json_set(r, "target", target);
	cib_json_set(r, "decision", cJSON_CreateString(decline ? "declined" : "changes-requested"));
	cib_json_set(r, "reviewer", cJSON_CreateString(ws->user));
	cib_json_set(r, "date", cJSON_CreateString(today));
	cib_network_new_id(id, &(cib_kind){.prefix = "k"});
	cJSON *c = cJSON_CreateObject();
	cJSON_AddStringToObject(c, "id", id);
	cJSON_AddStringToObject(c, "path", pointer);
	cJSON_AddStringToObject(c, "text", comment);
	cJSON_AddStringToObject(c, "author", ws->user);
	cJSON_AddStringToObject(c, "date", today);
	cJSON_AddBoolToObject(c, "resolved", false);
	cJSON *comments = cib_json_get(r, "comments");
	if (!cJSON_IsArray(comments)) {
		comments = cJSON_CreateArray();
		cib_json_set(r, "comments", comments);
	}
	cJSON_AddItemToArray(comments, c);
}

int cib_review_return(cib_workspace *ws, const cib_review_item *item, bool decline, const char *pointer, const char *comment, cib_error *err)
{
	cJSON *record = NULL;
	cib_oid blob;
	cib_lock *lock = NULL;
	char *path = cib_format("reviews/%s/%s.json", item->member, item->id);
	int status = cib_store_lock(&lock, ws->store, 3000, err);
	if (status == CIB_OK)
		status = cib_review_record(&record, ws->store, &ws->tip, item->member, item->id, err);
	if (status == CIB_OK) {
		if (!record)
			record = new_record(item);
		fill_record(record, ws, item, decline, pointer, comment);
		cib_json_to_nfc(record);
		status = write_doc(&blob, ws->store, record, err);
	}
	if (status == CIB_OK) {
		cib_tree_entry edit = {path, 0100644, blob};
		char *message = cib_format("%s %s of %s\n", decline ? "Decline" : "Return", item->id, item->member);
		status = commit_on_main(ws, &edit, 1, NULL, message, err);
		free(message);
	}
	cib_lock_release(lock);
	cJSON_Delete(record);
	free(path);
	return status;
}
