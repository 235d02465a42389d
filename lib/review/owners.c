/* Entries that several members own together (`owners`): the member whose folder they are in proposes a version, the others
 * agree to exactly that version. An agreement is a remark in members/<co-owner>/comments/<id>.json with "agrees": the blob; it
 * travels like every comment of the staff. */
#include "review/owners.h"

#include "review/private.h"

#include <stdlib.h>
#include <string.h>

static bool says_so(const cJSON *doc, const char *hex)
{
	const cJSON *items = cib_json_get(doc, "items");
	for (const cJSON *c = items ? items->child : NULL; c; c = c->next) {
		const char *version = cib_json_string(c, "agrees");
		if (version && strcmp(version, hex) == 0)
			return true;
	}
	return false;
}

static bool agrees(cib_workspace *ws, const cib_oid *tip, const char *path, const char *hex)
{
	cib_oid blob;
	unsigned mode;
	cJSON *doc = cib_store_tree_get(&blob, &mode, ws->store, tip, path, NULL) == CIB_OK ? cib_review_doc(ws, &blob) : NULL;
	bool found = says_so(doc, hex);
	cJSON_Delete(doc);
	return found;
}

/* In the own working folder, saved or not. */
static bool agrees_here(cib_workspace *ws, const char *path, const char *hex)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	if (cib_workspace_read(&text, ws, path, NULL) == CIB_OK)
		cib_json_read(&doc, text.data, text.len, NULL, NULL);
	bool found = says_so(doc, hex);
	cJSON_Delete(doc);
	cib_buf_free(&text);
	return found;
}

bool cib_owner_agreed(cib_workspace *ws, const char *owner, const cib_review_item *item)
{
	char *path = cib_format("members/%s/comments/%s.json", owner, item->id), hex[CIB_OID_HEX];
	cib_oid tip;
	cib_oid_hex(hex, &item->proposed);
	bool found = ws->member && strcmp(ws->member, owner) == 0 ? agrees_here(ws, path, hex)
	                                                          : agrees(ws, &ws->tip, path, hex) || (cib_member_tip(&tip, ws, owner, NULL) == CIB_OK && agrees(ws, &tip, path, hex));
	free(path);
	return found;
}

bool cib_is_owner(const cJSON *doc, const char *member)
{
	const cJSON *owners = cib_json_get(doc, "owners");
	for (const cJSON *c = owners ? owners->child : NULL; c; c = c->next)
		if (cJSON_IsString(c) && strcmp(c->valuestring, member) == 0)
			return true;
	return false;
}

/* The first owner, by one of the two versions, who has not agreed. A member who is to be taken off the list agrees to that, too. */
char *cib_owner_awaited(cib_workspace *ws, const cib_review_item *item)
{
	const cib_oid *blobs[] = {&item->proposed, &item->on_main};
	char *awaited = NULL;
	for (size_t i = 0; i < 2 && !awaited; i++) {
		cJSON *doc = cib_review_doc(ws, blobs[i]);
		const cJSON *owners = cib_json_get(doc, "owners");
		for (const cJSON *c = owners ? owners->child : NULL; c && !awaited; c = c->next)
			if (cJSON_IsString(c) && strcmp(c->valuestring, item->member) != 0 && cib_name_ok(c->valuestring, strlen(c->valuestring)) &&
			    !cib_owner_agreed(ws, c->valuestring, item))
				awaited = cib_strdup(c->valuestring);
		cJSON_Delete(doc);
	}
	return awaited;
}

/* ---- the co-owner's side ---- */

int cib_shared_list(cib_review_queue *out, cib_workspace *ws, const char *member, cib_error *err)
{
	cib_oid main_tip, tip;
	cib_review_queue all = CIB_REVIEW_QUEUE_INIT;
	int status = cib_store_ref_get(&main_tip, ws->store, "refs/cib/central/main", err);
	if (status == CIB_OK && cib_member_tip(&tip, ws, member, NULL) != CIB_OK)
		return CIB_OK; /* it sent nothing */
	if (status == CIB_OK)
		status = cib_review_compare(&all, ws, member, &main_tip, &tip, err);
	for (size_t i = 0; i < all.count; i++) {
		cJSON *doc = cib_review_doc(ws, &all.items[i].proposed), *old = cib_review_doc(ws, &all.items[i].on_main);
		if (cib_is_owner(doc, ws->member) || cib_is_owner(old, ws->member)) {
			out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
			out->items[out->count++] = all.items[i];
			all.items[i] = (cib_review_item){0}; /* moved */
		}
		cJSON_Delete(doc);
		cJSON_Delete(old);
	}
	cib_review_queue_free(&all);
	return status;
}

static int agree(cib_workspace *ws, const cib_review_item *item, const char *text, cib_error *err)
{
	char *path = cib_format("members/%s/comments/%s.json", ws->member, item->id), hex[CIB_OID_HEX];
	cib_buf old = CIB_BUF_INIT;
	cJSON *doc = NULL, *remark = cib_remark_new(ws, "", NULL, text);
	cib_oid_hex(hex, &item->proposed);
	cJSON_AddStringToObject(remark, "agrees", hex);
	int status = cib_workspace_read(&old, ws, path, err);
	if (status == CIB_OK)
		status = cib_json_read(&doc, old.data, old.len, NULL, err);
	if (status == CIB_NOTFOUND) {
		cib_error_clear(err);
		status = CIB_OK;
	}
	if (status == CIB_OK) {
		cib_remark_append(&doc, item->id, item->path, remark);
		status = cib_workspace_write(ws, path, doc, err);
	} else {
		cJSON_Delete(remark);
	}
	cJSON_Delete(doc);
	cib_buf_free(&old);
	free(path);
	return status;
}

int cib_owner_agree(cib_workspace *ws, const cib_review_item *item, const char *text, cib_error *err)
{
	int status = cib_workspace_hold(ws, err);
	if (status != CIB_OK)
		return status;
	status = agree(ws, item, text, err);
	cib_workspace_release(ws);
	return status;
}
