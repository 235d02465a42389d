/* The queue: what differs between main and the members' branches, and in which state it is. */
#include "base/gettext.h"
#include "review/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cib_review_queue_free(cib_review_queue *queue)
{
	for (size_t i = 0; i < queue->count; i++) {
		free(queue->items[i].member);
		free(queue->items[i].id);
		free(queue->items[i].path);
		free(queue->items[i].kind);
	}
	free(queue->items);
	*queue = (cib_review_queue)CIB_REVIEW_QUEUE_INIT;
}

const char *cib_review_state_word(cib_review_state state)
{
	static const char *const words[] = {N_("pending"), N_("returned"), N_("declined")};
	return words[state];
}

const char *cib_review_change_word(const cib_review_item *item)
{
	return cib_oid_is_zero(&item->on_main) ? N_("new") : cib_oid_is_zero(&item->proposed) ? N_("withdrawn")
	                                                                                      : N_("changed");
}

void cib_review_span_words(char out[16], int64_t seconds)
{
	if (seconds < 0)
		out[0] = '\0';
	else if (seconds < 7200)
		snprintf(out, 16, "%d min", (int)(seconds / 60));
	else if (seconds < 48 * 3600)
		snprintf(out, 16, "%d h", (int)(seconds / 3600));
	else
		snprintf(out, 16, _("%d days"), (int)(seconds / 86400 < 99999 ? seconds / 86400 : 99999));
}

const cib_review_item *cib_review_find(const cib_review_queue *queue, const char *member, const char *id, const cib_oid *version)
{
	for (size_t i = 0; i < queue->count; i++) {
		const cib_review_item *item = &queue->items[i];
		if (strcmp(item->id, id) == 0 && strcmp(item->member, member) == 0 && (!version || cib_oid_equal(version, &item->proposed)))
			return item;
	}
	return NULL;
}

/* ---- comparing ---- */

int cib_review_record(cJSON **out, cib_store *store, const cib_oid *commit, const char *member, const char *id, cib_error *err)
{
	*out = NULL;
	cib_oid blob;
	unsigned mode;
	cib_buf text = CIB_BUF_INIT;
	char *path = cib_format("reviews/%s/%s.json", member, id);
	int status = cib_store_tree_get(&blob, &mode, store, commit, path, err);
	free(path);
	if (status == CIB_NOTFOUND)
		return CIB_OK;
	if (status == CIB_OK)
		status = cib_store_blob_read(&text, store, &blob, 0, err);
	if (status == CIB_OK)
		status = cib_json_read(out, text.data, text.len, NULL, err);
	cib_buf_free(&text);
	return status;
}

typedef struct {
	cib_workspace *ws;
	cib_review_queue *queue;
	const char *member;
	const cib_oid *main_tip, *tip;
	const cib_meeting *met;
	cib_error *err;
} comparer;

static cib_review_state state_of(comparer *c, const char *id, const cib_oid *proposed)
{
	cJSON *record = NULL;
	cib_review_state state = CIB_REVIEW_PENDING;
	if (cib_review_record(&record, c->ws->store, c->main_tip, c->member, id, NULL) == CIB_OK && record) {
		const char *blob = cib_json_string(cib_json_get(record, "target"), "blob");
		const char *decision = cib_json_string(record, "decision");
		char hex[CIB_OID_HEX];
		cib_oid_hex(hex, proposed);
		if (blob && decision && strcmp(blob, hex) == 0)
			state = strcmp(decision, "changes-requested") == 0 ? CIB_REVIEW_RETURNED
			        : strcmp(decision, "declined") == 0        ? CIB_REVIEW_DECLINED
			                                                   : CIB_REVIEW_PENDING;
	}
	cJSON_Delete(record);
	return state;
}

/* Both sides changed it, and main holds all of the member's changes: it was accepted joined with main's. */
static bool is_joined(comparer *c, const cib_review_item *item, const cib_oid *base)
{
	cib_oid taken;
	return !cib_oid_equal(base, &item->on_main) && cib_review_take(&taken, c->ws, item, c->main_tip, c->tip, c->met, NULL) == CIB_OK && cib_oid_equal(&taken, &item->on_main);
}

/* Has the member nothing new: no version of its own, or one that main went through? What main took over by itself tells more than where
 * the two met: who set back what was accepted has what stood there, and it is news. */
static bool is_known(comparer *c, const char *path, const cib_oid *base, const cib_oid *proposed)
{
	cib_oid accepted;
	bool wrote = false;
	if (cib_review_accepted(&accepted, c->ws, path, c->main_tip, c->tip, base, c->met))
		return cib_oid_equal(&accepted, proposed);
	if (cib_oid_equal(base, proposed))
		return true;
	return !cib_oid_is_zero(proposed) && cib_store_path_wrote(&wrote, c->ws->store, c->main_tip, c->met->bases, c->met->count, path, proposed, NULL) == CIB_OK && wrote;
}

static int compare_path(const char *path, const cib_tree_entry *base, const cib_tree_entry *on_main, const cib_tree_entry *proposed, void *payload)
{
	comparer *c = payload;
	cib_place place;
	cib_network_place(&place, c->ws->net, path);
	if (place.area != CIB_AREA_MEMBER || !place.kind || strcmp(place.member, c->member) != 0)
		return 0;
	if (cib_oid_equal(&on_main->oid, &proposed->oid) || is_known(c, path, &base->oid, &proposed->oid))
		return 0;
	cib_review_item item = {.member = (char *)(uintptr_t)c->member, .id = place.id, .path = (char *)(uintptr_t)path, .kind = (char *)(uintptr_t)place.kind->name, .on_main = on_main->oid, .proposed = proposed->oid};
	if (is_joined(c, &item, &base->oid))
		return 0;
	c->queue->items = cib_grow(c->queue->items, &c->queue->cap, c->queue->count + 1, sizeof *c->queue->items);
	c->queue->items[c->queue->count++] = (cib_review_item){
		.state = state_of(c, place.id, &proposed->oid),
		.member = cib_strdup(c->member),
		.id = cib_strdup(place.id),
		.path = cib_strdup(path),
		.kind = cib_strdup(place.kind->name),
		.on_main = on_main->oid,
		.proposed = proposed->oid,
	};
	return 0;
}

int cib_review_compare(cib_review_queue *out, cib_workspace *ws, const char *member, const cib_oid *main_tip, const cib_oid *tip, cib_error *err)
{
	cib_meeting met;
	int status = cib_meeting_find(&met, ws->store, ws->net, main_tip, tip, member, false, err);
	comparer c = {ws, out, member, main_tip, tip, &met, err};
	char *prefix = cib_format("members/%s", member);
	if (status == CIB_OK)
		status = cib_store_diff3(ws->store, &met.had, main_tip, tip, prefix, compare_path, &c, err);
	free(prefix);
	cib_meeting_clear(&met);
	return status;
}

int cib_review_list(cib_review_queue *out, cib_workspace *ws, const char *member, cib_error *err)
{
	cib_oid main_tip, tip;
	char **members = NULL;
	size_t count = 0;
	int status = cib_store_ref_get(&main_tip, ws->store, "refs/heads/main", err);
	if (status == CIB_OK)
		status = cib_members_seen(&members, &count, ws, err);
	for (size_t i = 0; i < count; i++) {
		if (status == CIB_OK && (!member || strcmp(member, members[i]) == 0)) {
			status = cib_member_tip(&tip, ws, members[i], err);
			if (status == CIB_OK)
				status = cib_review_compare(out, ws, members[i], &main_tip, &tip, err);
		}
		free(members[i]);
	}
	free(members);
	return status;
}
