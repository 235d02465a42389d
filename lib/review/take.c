/* What main gets when an item is accepted: the proposed version, or where main changed meanwhile both, joined by field. */
#include "review/private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

int cib_review_read(cJSON **out, cib_store *store, const cib_oid *blob, cib_error *err)
{
	*out = NULL;
	if (cib_oid_is_zero(blob))
		return CIB_OK;
	cib_buf text = CIB_BUF_INIT;
	int status = cib_store_blob_read(&text, store, blob, 0, err);
	if (status == CIB_OK)
		status = cib_json_read(out, text.data, text.len, NULL, err);
	cib_buf_free(&text);
	return status;
}

cJSON *cib_review_doc(cib_workspace *ws, const cib_oid *blob)
{
	cJSON *doc;
	cib_review_read(&doc, ws->store, blob, NULL);
	return doc;
}

static int needs_person(const cib_review_item *item, cib_error *err)
{
	int status = cib_error_set(err, CIB_FINDINGS, "review.both-changed", "%s was changed on main and by %s in ways that do not fit together",
	                           item->id, item->member);
	cib_error_hint(err, "return it: cib review return %s %s -m \"please sync and settle the conflict\"", item->member, item->id);
	return status;
}

/* An id names one entry in the whole network. What main has elsewhere by now (it was handed over, or its member has another name) is not taken
 * beside it: no server takes that, and nothing else that is sent with it. */
static int judge_id(cib_workspace *ws, const cib_review_item *item, const cib_oid *main_tip, cib_error *err)
{
	cib_buf path = CIB_BUF_INIT;
	cib_oid blob;
	int status = CIB_OK;
	if (cib_oid_is_zero(&item->on_main) && !cib_oid_is_zero(&item->proposed) && cib_network_find(&path, NULL, &blob, ws->net, main_tip, item->id, NULL) == CIB_OK &&
	    strcmp(path.data, item->path) != 0) {
		status = cib_error_set(err, CIB_FINDINGS, "review.id-taken", "the id %s already belongs to another entry: %s", item->id, path.data);
		cib_error_hint(err, "decline it: cib review decline %s %s -m \"it is %s now\"", item->member, item->id, path.data);
	}
	cib_buf_free(&path);
	return status;
}

/* Did the member's folder leave main since its branch went on from there? */
static bool is_moved_away(cib_workspace *ws, const char *member, const cib_oid *main_tip, const cib_meeting *met)
{
	cib_oid folder;
	unsigned mode;
	char *path = cib_format("members/%s", member);
	bool moved = met->count && cib_store_tree_get(&folder, &mode, ws->store, &met->had, path, NULL) == CIB_OK &&
	             cib_store_tree_get(&folder, &mode, ws->store, main_tip, path, NULL) == CIB_NOTFOUND;
	free(path);
	return moved;
}

/* What is new of a member whose people are now another's (it has another name, or joined another) comes in that one's folder with their next
 * sync. Taken under the old name it would hold the id, and the server would refuse whatever they send. */
static int judge_member(cib_workspace *ws, const cib_review_item *item, const cib_oid *main_tip, const cib_oid *tip, const cib_meeting *met, cib_error *err)
{
	char author[101] = "";
	if (!cib_oid_is_zero(&item->on_main) || cib_oid_is_zero(&item->proposed) || cib_network_has_people(ws->net, item->member))
		return CIB_OK;
	cib_review_written(author, ws, item, tip);
	const char *now = cib_network_access(ws->net, author, (int64_t)time(NULL)).member;
	if (!now && !is_moved_away(ws, item->member, main_tip, met))
		return CIB_OK;
	int status = cib_error_set(err, CIB_FINDINGS, "review.member-moved", "nobody is of %s any more: the next sync of its people brings %s in the folder that they have now", item->member, item->id);
	cib_error_hint(err, "wait for it, or for a new stick of theirs");
	return status;
}

/* Is main's version one that the member went on from? Then nothing is to be joined. */
static bool is_ahead(cib_workspace *ws, const cib_review_item *item, const cib_oid *base, const cib_meeting *met, const cib_oid *tip)
{
	bool wrote = false;
	if (cib_oid_equal(base, &item->on_main))
		return true;
	return !cib_oid_is_zero(&item->on_main) && cib_store_path_wrote(&wrote, ws->store, tip, met->bases, met->count, item->path, &item->on_main, NULL) == CIB_OK && wrote;
}

bool cib_review_accepted(cib_oid *version, cib_workspace *ws, const char *path, const cib_oid *main_tip, const cib_oid *tip, const cib_oid *base, const cib_meeting *met)
{
	cib_acceptance how = {ws->store, path, base, {tip, main_tip}, {met->bases, met->bases}, met->count, false};
	cib_accepted what;
	return cib_accepted_find(&what, version, &how, NULL) == CIB_OK && what == CIB_ACCEPTED_VERSION;
}

static int join(cib_oid *out, cib_workspace *ws, const cib_review_item *item, const cJSON *base, const cJSON *ours, const cJSON *theirs, cib_error *err)
{
	const cib_kind *kind = cib_network_kind(ws->net, item->kind);
	cib_place place;
	cib_network_place(&place, ws->net, item->path);
	bool record = place.area == CIB_AREA_RECORD; /* has no conflicts itself: what the member has stands */
	cib_merge_options options = {kind ? cib_network_rules(ws->net, kind) : NULL, record ? CIB_KEEP_THEIRS : CIB_KEEP_OURS};
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_buf text = CIB_BUF_INIT;
	cib_check_options check = {.canonical = true};
	cJSON *merged = NULL;
	int status = CIB_OK;
	bool clash = cib_merge(&merged, base, ours, theirs, &options, &conflicts) > 0;
	const cJSON *items = cib_json_get(merged, "items");
	if (record && !(items && items->child)) { /* all is settled */
		cJSON_Delete(merged);
		merged = NULL;
	}
	if (clash && !record)
		status = needs_person(item, err);
	else if (!merged)
		*out = (cib_oid){{0}};
	if (merged && status == CIB_OK) {
		cib_json_write(&text, merged, NULL);
		status = cib_network_check(ws->net, item->path, text.data, text.len, &check, NULL, &findings) != CIB_OK
		                 ? needs_person(item, err)
		                 : cib_store_blob_write(out, ws->store, text.data, text.len, err);
	}
	cib_findings_free(&findings);
	cib_buf_free(&text);
	cib_conflicts_free(&conflicts);
	cJSON_Delete(merged);
	return status;
}

int cib_review_take(cib_oid *out, cib_workspace *ws, const cib_review_item *item, const cib_oid *main_tip, const cib_oid *tip, const cib_meeting *met, cib_error *err)
{
	cib_oid base = {{0}}, accepted;
	unsigned mode;
	cib_place place;
	cib_network_place(&place, ws->net, item->path);
	*out = item->proposed;
	if (place.area == CIB_AREA_MEMBER && (judge_id(ws, item, main_tip, err) != CIB_OK || judge_member(ws, item, main_tip, tip, met, err) != CIB_OK))
		return CIB_FINDINGS;
	if (met->count && cib_store_tree_get(&base, &mode, ws->store, &met->had, item->path, NULL) != CIB_OK)
		base = (cib_oid){{0}};
	if (cib_review_accepted(&accepted, ws, item->path, main_tip, tip, &base, met)) {
		base = accepted;
		if (cib_oid_equal(&base, &item->on_main))
			return CIB_OK;
	} else if (is_ahead(ws, item, &base, met, tip)) {
		return CIB_OK;
	}
	cJSON *b = NULL, *ours = NULL, *theirs = NULL;
	int status = cib_review_read(&b, ws->store, &base, err);
	if (status == CIB_OK)
		status = cib_review_read(&ours, ws->store, &item->on_main, err);
	if (status == CIB_OK)
		status = cib_review_read(&theirs, ws->store, &item->proposed, err);
	if (status == CIB_OK)
		status = join(out, ws, item, b, ours, theirs, err);
	cJSON_Delete(b);
	cJSON_Delete(ours);
	cJSON_Delete(theirs);
	return status;
}
