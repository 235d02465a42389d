/* Receipts: on main, reviews/<member>/seen.json says how far the secretariat has seen the member's branch. It comes back over
 * any carrier, so a member's status can say "seen" and mean it.
 *
 * One is written only where something can be read from it that is not known without: the member's folder differs from main's
 * (else main itself is the receipt) and from the folder of the tips written before (else a member that merged a
 * receipt and sent the merge would get a receipt for that, and so on for ever). All receipts of a sync are one commit. */
#include "sync/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TIPS = 16 }; /* of the schema */

static char *receipt_path(const char *member)
{
	return cib_format("reviews/%s/seen.json", member);
}

static int read_receipt(cJSON **out, cib_workspace *ws, const cib_oid *commit, const char *member, cib_error *err)
{
	cib_oid blob = {{0}};
	unsigned mode;
	char *path = receipt_path(member);
	*out = NULL;
	int status = cib_store_tree_get(&blob, &mode, ws->store, commit, path, NULL) == CIB_OK ? cib_read_entry(out, ws->store, &blob, err) : CIB_OK;
	free(path);
	return status;
}

static bool next_tip(cib_oid *out, const cJSON **at)
{
	while (*at && !(cJSON_IsString(*at) && cib_oid_parse(out, (*at)->valuestring)))
		*at = (*at)->next;
	if (!*at)
		return false;
	*at = (*at)->next;
	return true;
}

static const cJSON *first_tip(const cJSON *receipt)
{
	const cJSON *tips = cib_json_get(receipt, "tips");
	return cJSON_IsArray(tips) ? tips->child : NULL;
}

static void folder_of(cib_oid *out, cib_workspace *ws, const cib_oid *commit, const char *member)
{
	unsigned mode;
	char *path = cib_format("members/%s", member);
	if (cib_store_tree_get(out, &mode, ws->store, commit, path, NULL) != CIB_OK)
		*out = (cib_oid){{0}};
	free(path);
}

/* Does the tip say something that neither main nor the receipt says? */
static bool is_news(cib_workspace *ws, const cJSON *receipt, const char *member, const cib_oid *tip)
{
	cib_oid folder, other, seen;
	folder_of(&folder, ws, tip, member);
	folder_of(&other, ws, &ws->tip, member);
	bool news = !cib_oid_equal(&folder, &other);
	for (const cJSON *at = first_tip(receipt); news && next_tip(&seen, &at);) {
		folder_of(&other, ws, &seen, member);
		news = !cib_oid_equal(&folder, &other) && !cib_store_is_ancestor(ws->store, tip, &seen);
	}
	return news;
}

static cJSON *make_receipt(cib_workspace *ws, const cJSON *old, const char *member, const cib_oid *tips, size_t count)
{
	char hex[CIB_OID_HEX];
	cib_oid seen;
	cJSON *doc = cJSON_CreateObject();
	cJSON_AddStringToObject(doc, "kind", "receipt");
	cJSON_AddStringToObject(doc, "schema", "receipt/1");
	cJSON_AddStringToObject(doc, "id", "seen");
	cJSON_AddStringToObject(doc, "member", member);
	cJSON *list = cJSON_AddArrayToObject(doc, "tips");
	size_t n = 0;
	for (size_t i = 0; i < count && n < MOST_TIPS; i++, n++) {
		cib_oid_hex(hex, &tips[i]);
		cJSON_AddItemToArray(list, cJSON_CreateString(hex));
	}
	for (const cJSON *at = first_tip(old); n < MOST_TIPS && next_tip(&seen, &at);) { /* what a colleague saw and is not here */
		bool held = false;
		for (size_t i = 0; i < count; i++)
			held = held || cib_store_is_ancestor(ws->store, &seen, &tips[i]);
		if (held)
			continue;
		cib_oid_hex(hex, &seen);
		cJSON_AddItemToArray(list, cJSON_CreateString(hex));
		n++;
	}
	return doc;
}

/* *edit.path (heap) is NULL when there is no news. */
static int edit_receipt(cib_tree_entry *edit, cib_workspace *ws, const char *member, cib_error *err)
{
	cib_oid *tips = NULL;
	size_t count = 0;
	bool news = false;
	cJSON *old = NULL;
	*edit = (cib_tree_entry){.mode = 0100644};
	int status = cib_member_tips(&tips, &count, ws, member, err);
	if (status == CIB_OK)
		status = read_receipt(&old, ws, &ws->tip, member, err);
	for (size_t i = 0; status == CIB_OK && i < count; i++)
		news = news || is_news(ws, old, member, &tips[i]);
	if (news) {
		cib_buf text = CIB_BUF_INIT;
		cJSON *doc = make_receipt(ws, old, member, tips, count);
		cib_json_write(&text, doc, NULL);
		status = cib_store_blob_write(&edit->oid, ws->store, text.data, text.len, err);
		edit->path = receipt_path(member);
		cJSON_Delete(doc);
		cib_buf_free(&text);
	}
	cJSON_Delete(old);
	free(tips);
	return status;
}

static int commit_receipts(cib_workspace *ws, const cib_tree_entry *edits, size_t count, cib_error *err)
{
	cib_oid tree, commit;
	char *message = count == 1 ? cib_format("Note that the work of %.*s was seen\n", (int)strcspn(edits[0].path + 8, "/"), edits[0].path + 8)
	                           : cib_format("Note that the work of %zu members was seen\n", count);
	int status = cib_store_tree_edit(&tree, ws->store, &ws->tip, edits, count, err);
	if (status == CIB_OK)
		status = cib_commit_own(&commit, ws, &tree, &ws->tip, 1, message, err);
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, ws->branch, &commit, &ws->tip, err);
	free(message);
	return status == CIB_OK ? cib_workspace_reload(ws, err) : status;
}

int cib_receipts_write(cib_workspace *ws, cib_error *err)
{
	char **members = NULL;
	size_t count = 0, n = 0;
	if (ws->member || !cib_network_kind(ws->net, "receipt")) /* a network that was made before there were receipts */
		return CIB_OK;
	int status = cib_members_seen(&members, &count, ws, err);
	cib_tree_entry *edits = cib_alloc((count + 1) * sizeof *edits);
	for (size_t i = 0; i < count; i++) {
		if (status == CIB_OK)
			status = edit_receipt(&edits[n], ws, members[i], err);
		n += edits[n].path != NULL;
		free(members[i]);
	}
	if (status == CIB_OK && n)
		status = commit_receipts(ws, edits, n, err);
	while (n)
		free((char *)(uintptr_t)edits[--n].path);
	free(edits);
	free(members);
	return status;
}

int cib_seen_tips(cib_oid **out, size_t *count, cib_workspace *ws, cib_error *err)
{
	cib_oid main_tip, seen;
	size_t cap = 0;
	cJSON *receipt = NULL;
	*out = NULL;
	*count = 0;
	int status = ws->member ? cib_workspace_main(&main_tip, ws, err) : CIB_NOTFOUND;
	if (status == CIB_OK)
		status = read_receipt(&receipt, ws, &main_tip, ws->member, err);
	for (const cJSON *at = status == CIB_OK ? first_tip(receipt) : NULL; next_tip(&seen, &at);) {
		if (cib_store_object(NULL, NULL, ws->store, &seen, NULL) != CIB_OK)
			continue;
		*out = cib_grow(*out, &cap, *count + 1, sizeof **out);
		(*out)[(*count)++] = seen;
	}
	cJSON_Delete(receipt);
	return status == CIB_NOTFOUND ? CIB_OK : status;
}
