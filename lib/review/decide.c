/* Decisions: accept onto main, return or decline with a comment. Each is one commit on main. */
#include "review/owners.h"
#include "review/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int write_doc(cib_oid *blob, cib_store *store, const cJSON *doc, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cib_json_write(&text, doc, NULL);
	int status = cib_store_blob_write(blob, store, text.data, text.len, err);
	cib_buf_free(&text);
	return status;
}

typedef struct {
	cib_tree_entry *items;
	size_t count, cap;
	cib_buf lines, more; /* of the message: what was accepted of each file; more: where main's version tells as much */
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
	cib_buf_free(&list->lines);
	cib_buf_free(&list->more);
}

/* The file goes to main as `taken`, and the message says of which version. */
static int add_accepted(edit_list *list, cib_workspace *ws, const cib_review_item *item, const cib_oid *taken, const cib_oid *tip, const cib_meeting *met, cib_error *err)
{
	cib_buf line = CIB_BUF_INIT;
	bool alone;
	int status = cib_accepted_write(&line, &alone, ws->store, item->path, &item->proposed, tip, met, err);
	if (status == CIB_OK) {
		add_edit(list, item->path, taken);
		cib_buf_adds(alone && cib_oid_equal(taken, &item->proposed) ? &list->more : &list->lines, cib_buf_str(&line));
	}
	cib_buf_free(&line);
	return status;
}

/* What is said in one place of a member's folder about an entry goes to main, beside what came up there meanwhile. */
static int add_record(edit_list *list, cib_workspace *ws, const char *member, const char *folder, const char *id, const cib_oid *tip, const cib_meeting *met, cib_error *err)
{
	cib_oid taken;
	cib_place place;
	unsigned mode;
	char *path = cib_format("members/%s/%s/%s.json", member, folder, id);
	cib_network_place(&place, ws->net, path);
	cib_review_item record = {.member = (char *)(uintptr_t)member, .id = (char *)(uintptr_t)id, .path = path, .kind = (char *)(uintptr_t)(place.kind ? place.kind->name : "")};
	int status = CIB_OK;
	cib_store_tree_get(&record.proposed, &mode, ws->store, tip, path, NULL);
	cib_store_tree_get(&record.on_main, &mode, ws->store, &ws->tip, path, NULL);
	if (!cib_oid_equal(&record.proposed, &record.on_main)) {
		status = cib_review_take(&taken, ws, &record, &ws->tip, tip, met, err);
		if (status == CIB_OK && !cib_oid_equal(&taken, &record.on_main))
			status = add_accepted(list, ws, &record, &taken, tip, met, err);
	}
	free(path);
	return status;
}

/* Conflicts and comments go where their entry goes. */
static int add_records(edit_list *list, cib_workspace *ws, const cib_review_item *item, const cib_oid *tip, const cib_meeting *met, cib_error *err)
{
	int status = add_record(list, ws, item->member, "conflicts", item->id, tip, met, err);
	return status == CIB_OK ? add_record(list, ws, item->member, "comments", item->id, tip, met, err) : status;
}

/* What the other owners said about it goes to main with it. */
static int add_agreements(edit_list *list, cib_workspace *ws, const cib_review_item *item, cib_error *err)
{
	cJSON *doc = cib_review_doc(ws, &item->proposed);
	const cJSON *owners = cib_json_get(doc, "owners");
	int status = CIB_OK;
	for (const cJSON *c = owners ? owners->child : NULL; c && status == CIB_OK; c = c->next) {
		cib_oid tip;
		cib_meeting met = {0};
		if (!cJSON_IsString(c) || strcmp(c->valuestring, item->member) == 0 || cib_member_tip(&tip, ws, c->valuestring, NULL) != CIB_OK)
			continue;
		status = cib_meeting_find(&met, ws->store, ws->net, &ws->tip, &tip, c->valuestring, false, err);
		if (status == CIB_OK)
			status = add_record(list, ws, c->valuestring, "comments", item->id, &tip, &met, err);
		cib_meeting_clear(&met);
	}
	cJSON_Delete(doc);
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

/* The field of a comment by identity, so that it stays with an item that moves. */
static char *identity_path(cib_workspace *ws, const cib_review_item *item, const char *pointer)
{
	const cib_kind *kind = cib_network_kind(ws->net, item->kind);
	cib_buf path = CIB_BUF_INIT;
	cJSON *doc = NULL;
	bool ok = cib_review_read(&doc, ws->store, cib_oid_is_zero(&item->proposed) ? &item->on_main : &item->proposed, NULL) == CIB_OK && doc &&
	          cib_merge_pointer_to_path(&path, doc, kind ? cib_network_rules(ws->net, kind) : NULL, pointer);
	cJSON_Delete(doc);
	char *out = ok ? cib_strdup(cib_buf_str(&path)) : cib_strdup(pointer);
	cib_buf_free(&path);
	return out;
}

static void add_comment(cJSON *record, cib_workspace *ws, const cib_review_item *item, const char *today, const cib_review_comment *comment)
{
	char *path = identity_path(ws, item, comment->pointer);
	char id[32];
	cJSON *comments = cib_json_get(record, "comments"), *c = cJSON_CreateObject();
	cib_network_new_id(id, &(cib_kind){.prefix = "k"});
	cJSON_AddStringToObject(c, "id", id);
	cJSON_AddStringToObject(c, "path", path);
	free(path);
	cJSON_AddStringToObject(c, "text", comment->text);
	cJSON_AddStringToObject(c, "author", ws->user);
	cJSON_AddStringToObject(c, "date", today);
	cJSON_AddBoolToObject(c, "resolved", false);
	if (!cJSON_IsArray(comments)) {
		comments = cJSON_CreateArray();
		cib_json_set(record, "comments", comments);
	}
	cJSON_AddItemToArray(comments, c);
}

static void fill_record(cJSON *r, cib_workspace *ws, const cib_decision *d)
{
	static const char *const words[] = {"accepted", "changes-requested", "declined"};
	char hex[CIB_OID_HEX], today[16] = "";
	time_t now = time(NULL);
	struct tm tm;
	if (gmtime_r(&now, &tm))
		strftime(today, sizeof today, "%Y-%m-%d", &tm);
	cib_oid_hex(hex, &d->item->proposed);
	cJSON *target = cJSON_CreateObject();
	cJSON_AddStringToObject(target, "member", d->item->member);
	cJSON_AddStringToObject(target, "kind", d->item->kind);
	cJSON_AddStringToObject(target, "id", d->item->id);
	cJSON_AddStringToObject(target, "blob", hex);
	cib_json_set(r, "target", target);
	cib_json_set(r, "decision", cJSON_CreateString(words[d->kind]));
	cib_json_set(r, "reviewer", cJSON_CreateString(ws->user));
	cib_json_set(r, "date", cJSON_CreateString(today));
	for (size_t i = 0; i < d->comment_count; i++)
		add_comment(r, ws, d->item, today, &d->comments[i]);
}

/* The entry's record, with this decision in it. */
static int write_record(edit_list *list, cib_workspace *ws, const cib_decision *d, cib_error *err)
{
	cJSON *record = NULL;
	cib_oid blob;
	if (d->kind != CIB_DECIDE_ACCEPT && !d->comment_count)
		return cib_error_set(err, CIB_USAGE, "review.no-comment", "%s goes back to the member: say why", d->item->id);
	int status = cib_review_record(&record, ws->store, &ws->tip, d->item->member, d->item->id, err);
	if (status == CIB_OK && !record && d->kind == CIB_DECIDE_ACCEPT && !d->comment_count)
		return CIB_OK; /* nothing was ever said about it */
	if (status == CIB_OK) {
		if (!record)
			record = new_record(d->item);
		fill_record(record, ws, d);
		cib_json_to_nfc(record);
		status = write_doc(&blob, ws->store, record, err);
	}
	if (status == CIB_OK) {
		char *path = cib_format("reviews/%s/%s.json", d->item->member, d->item->id);
		add_edit(list, path, &blob);
		free(path);
	}
	cJSON_Delete(record);
	return status;
}

/* ---- who may accept ---- */

static bool two_reviewers(const cib_workspace *ws)
{
	size_t n = 0;
	const cJSON *users = cib_json_get(cib_network_access_json(ws->net), "users");
	for (const cJSON *u = users ? users->child : NULL; u; u = u->next)
		n += cib_network_access(ws->net, u->string, (int64_t)time(NULL)).role == CIB_ROLE_SECRETARIAT;
	return n > 1;
}

static int judge_author(cib_workspace *ws, const cib_review_item *item, const cib_oid *tip, cib_error *err)
{
	if (cJSON_IsTrue(cib_json_get(cib_network_json(ws->net), "acceptOwn")) || !two_reviewers(ws))
		return CIB_OK;
	if (!cib_review_wrote(ws, item, tip, ws->user))
		return CIB_OK;
	int status = cib_error_set(err, CIB_REFUSED, "review.own-change", "%s holds a change of your own: another of the secretariat accepts it", item->id);
	cib_error_hint(err, "ask a colleague, or set \"acceptOwn\": true in network.json");
	return status;
}

static int judge_owners(cib_workspace *ws, const cib_review_item *item, cib_error *err)
{
	char *awaited = cib_owner_awaited(ws, item);
	if (!awaited)
		return CIB_OK;
	int status = cib_error_set(err, CIB_REFUSED, "review.owners", "%s belongs to %s, too, who has not agreed to this version", item->id, awaited);
	cib_error_hint(err, "its staff agrees with: cib agree %s %s, then cib sync", item->member, item->id);
	free(awaited);
	return status;
}

/* ---- carrying out ---- */

/* As many as there is room for. */
static void add_lines(cib_buf *message, const cib_buf *lines, size_t room)
{
	const char *at = cib_buf_str(lines);
	for (size_t len; *at && message->len + (len = strcspn(at, "\n") + 1) <= room; at += len)
		cib_buf_add(message, at, len);
}

static char *make_message(const cib_workspace *ws, const cib_decision *list, size_t count, const char *first, const edit_list *edits)
{
	static const char *const words[] = {"Accept", "Return", "Decline"};
	cib_buf b = CIB_BUF_INIT, what = CIB_BUF_INIT;
	size_t limit = cib_network_limits(ws->net)->message_bytes;
	for (size_t kind = 0; kind < 3; kind++) {
		const char *id = NULL;
		size_t n = 0;
		for (size_t i = 0; i < count; i++)
			if (list[i].kind == (cib_decision_kind)kind && n++ == 0)
				id = list[i].item->id;
		if (n == 1)
			cib_buf_addf(&what, "%s%s %s", what.len ? ", " : "", words[kind], id);
		else if (n)
			cib_buf_addf(&what, "%s%s %zu entries", what.len ? ", " : "", words[kind], n);
	}
	if (first)
		cib_buf_addf(&b, "%s\n\n", first);
	cib_buf_addf(&b, "%s of %s\n", cib_buf_str(&what), list[0].item->member);
	if (edits->lines.len || edits->more.len)
		cib_buf_addc(&b, '\n');
	add_lines(&b, &edits->lines, limit / 4 * 3);
	add_lines(&b, &edits->more, limit / 4 * 3);
	cib_buf_free(&what);
	return cib_buf_take(&b);
}

/* Is the version that was looked at still what the branch has? A sync that broke off may have brought a newer one. */
static bool is_current(cib_workspace *ws, const cib_review_item *item, const cib_oid *tip)
{
	cib_oid blob = {{0}};
	unsigned mode;
	if (cib_store_tree_get(&blob, &mode, ws->store, tip, item->path, NULL) != CIB_OK)
		blob = (cib_oid){{0}};
	return cib_oid_equal(&blob, &item->proposed);
}

typedef struct {
	const edit_list *edits;
	const char *folder;
	bool all;
} comparison;

static int expect_edit(const char *path, const cib_tree_entry *here, const cib_tree_entry *there, void *payload)
{
	comparison *c = payload;
	size_t n = strlen(c->folder);
	(void)here;
	(void)there;
	for (size_t i = 0; i < c->edits->count; i++)
		if (strncmp(c->edits->items[i].path, c->folder, n) == 0 && strcmp(c->edits->items[i].path + n, path) == 0)
			return 0;
	c->all = false;
	return 1;
}

/* Does main, with this tree, hold everything that the branch holds? Then it takes the branch's history along. What was left out of it (a remark on
 * an entry that did not change, an entry that was set back meanwhile) would be gone for the member, too, by the next sync: for git, who holds a
 * commit and not its content has removed it. Where both sides changed an entry, main has it joined. */
static bool is_whole(cib_workspace *ws, const edit_list *edits, const char *member, const cib_oid *tree, const cib_oid *tip)
{
	cib_oid here = {{0}}, there = {{0}};
	unsigned mode;
	char *folder = cib_format("members/%s/", member), *path = cib_format("members/%s", member);
	comparison c = {edits, folder, true};
	cib_store_tree_get(&here, &mode, ws->store, tree, path, NULL);
	cib_store_tree_get(&there, &mode, ws->store, tip, path, NULL);
	int status = cib_store_diff2(ws->store, &here, &there, expect_edit, &c, NULL);
	free(folder);
	free(path);
	return status == CIB_OK && c.all;
}

/* Commit the edits on top of main as the chain has it. tip: of the branch, when all that is proposed of it was accepted; or NULL. */
static int commit_edits(cib_workspace *ws, const edit_list *edits, const char *member, const cib_oid *tip, const char *message, cib_error *err)
{
	cib_oid tree, commit, parents[2] = {ws->tip};
	int status = cib_store_tree_edit(&tree, ws->store, &ws->tip, edits->items, edits->count, err);
	bool whole = status == CIB_OK && tip && is_whole(ws, edits, member, &tree, tip);
	if (whole)
		parents[1] = *tip;
	if (status == CIB_OK)
		status = cib_commit_own(&commit, ws, &tree, parents, whole ? 2 : 1, message, err);
	if (status == CIB_OK)
		ws->tip = commit;
	return status;
}

int cib_review_chain_begin(cib_review_chain *chain, cib_workspace *ws, cib_error *err)
{
	*chain = (cib_review_chain){.ws = ws};
	int status = cib_store_lock(&chain->lock, ws->store, 3000, err);
	if (status == CIB_OK)
		status = cib_workspace_reload(ws, err);
	if (status != CIB_OK) {
		cib_lock_release(chain->lock);
		return status;
	}
	chain->before = ws->tip;
	cib_store_gather_begin(ws->store);
	return CIB_OK;
}

int cib_review_chain_add(cib_review_chain *chain, const cib_decision *list, size_t count, const char *message, cib_error *err)
{
	cib_workspace *ws = chain->ws;
	cib_oid tip;
	cib_meeting met = {0};
	edit_list edits = {0};
	if (count == 0)
		return CIB_OK;
	int status = cib_member_tip(&tip, ws, list[0].item->member, err);
	if (status == CIB_OK)
		status = cib_meeting_find(&met, ws->store, ws->net, &ws->tip, &tip, list[0].item->member, false, err);
	/* What only a bundle brought is not on the server: its commits are the member's to send, main takes the entries alone. */
	bool may_hold = status == CIB_OK && cib_member_at_central(ws, list[0].item->member, &tip);
	for (size_t i = 0; i < count && status == CIB_OK; i++) {
		const cib_review_item *item = list[i].item;
		cib_oid taken;
		may_hold = may_hold && list[i].kind == CIB_DECIDE_ACCEPT && is_current(ws, item, &tip);
		if (list[i].kind == CIB_DECIDE_ACCEPT) {
			status = list[i].by_policy ? CIB_OK : judge_author(ws, item, &tip, err);
			if (status == CIB_OK)
				status = judge_owners(ws, item, err);
			if (status == CIB_OK)
				status = cib_review_take(&taken, ws, item, &ws->tip, &tip, &met, err);
			if (status != CIB_OK)
				break;
			status = add_accepted(&edits, ws, item, &taken, &tip, &met, err);
			if (status == CIB_OK)
				status = add_records(&edits, ws, item, &tip, &met, err);
			if (status == CIB_OK)
				status = add_agreements(&edits, ws, item, err);
		}
		if (status == CIB_OK)
			status = write_record(&edits, ws, &list[i], err);
	}
	if (status == CIB_OK) {
		char *text = make_message(ws, list, count, message, &edits);
		status = commit_edits(ws, &edits, list[0].item->member, may_hold ? &tip : NULL, text, err);
		free(text);
	}
	free_edits(&edits);
	cib_meeting_clear(&met);
	return status;
}

int cib_review_chain_end(cib_review_chain *chain, int status, cib_error *err)
{
	cib_workspace *ws = chain->ws;
	if (status == CIB_OK)
		status = cib_store_gather_end(ws->store, err);
	else
		cib_store_gather_drop(ws->store);
	bool moves = !cib_oid_equal(&ws->tip, &chain->before);
	if (status == CIB_OK && moves)
		status = cib_store_ref_set(ws->store, ws->branch, &ws->tip, &chain->before, err);
	if (status == CIB_OK && moves)
		status = cib_workspace_reload(ws, err);
	else
		ws->tip = chain->before;
	cib_lock_release(chain->lock);
	return status;
}

int cib_review_decide(cib_workspace *ws, const cib_decision *list, size_t count, const char *message, cib_error *err)
{
	cib_review_chain chain;
	if (count == 0)
		return CIB_OK;
	cib_oid known = ws->tip; /* the items were read from it */
	int status = cib_review_chain_begin(&chain, ws, err);
	if (status != CIB_OK)
		return status;
	status = cib_oid_equal(&known, &ws->tip) ? cib_review_chain_add(&chain, list, count, message, err)
	                                         : cib_error_set(err, CIB_BUSY, "store.ref-moved", "main was changed by another program meanwhile");
	return cib_review_chain_end(&chain, status, err);
}
