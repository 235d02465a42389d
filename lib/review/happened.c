/* What happened in a span: main is walked by its first parents, and each step says by what it changed what it was. */
#include "review/happened.h"

#include "review/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
	cib_workspace *ws;
	cib_happenings *out;
	const cib_happened_span *span;
	cib_commit commit; /* the step that is read */
	cib_oid *range;    /* what main has beyond span->from, children before parents */
	size_t range_count, range_cap, range_next;
	char *member; /* whose branch was asked for last, */
	bool has_branch;
	cib_oid branch; /* and where it stands */
	cib_error *err;
} reader;

const char *cib_happened_word(cib_happened_kind kind)
{
	static const char *const words[] = {"accepted", "corrected", "returned", "declined", "commented", "arrived"};
	return words[kind];
}

void cib_happening_clear(cib_happening *h)
{
	char *const texts[] = {h->member, h->id, h->path, h->entry_kind, h->user, h->title, h->field, h->text};
	for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
		free(texts[k]);
}

void cib_happenings_clear(cib_happenings *list)
{
	for (size_t i = 0; i < list->count; i++)
		cib_happening_clear(&list->items[i]);
	free(list->items);
	*list = (cib_happenings){0};
}

int64_t cib_since_of(const char *text, int64_t now)
{
	int y, m, d, n = 0;
	char unit = 0;
	struct tm tm = {0};
	if (sscanf(text, "%4d-%2d-%2d%n", &y, &m, &d, &n) == 3 && !text[n] && n == 10 && cib_day_ok(text)) {
		tm.tm_year = y - 1900;
		tm.tm_mon = m - 1;
		tm.tm_mday = d;
		return (int64_t)timegm(&tm);
	}
	if (sscanf(text, "%5d%c%n", &d, &unit, &n) == 2 && !text[n] && unit == 'd' && d > 0)
		return (now / 86400 - d) * 86400;
	return -1;
}

/* ---- one happening ---- */

static cib_happening *add(reader *r, cib_happened_kind kind, const char *member, const char *id, const char *entry_kind, const char *path)
{
	cib_happenings *out = r->out;
	out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
	cib_happening *h = &out->items[out->count++];
	const char *email = r->commit.author_email ? r->commit.author_email : "";
	*h = (cib_happening){.kind = kind, .when = r->commit.committer_time, .member = cib_strdup(member), .id = cib_strdup(id), .path = cib_strdup(path), .entry_kind = cib_strdup(entry_kind), .user = cib_strndup(email, strcspn(email, "@"))};
	return h;
}

const char *cib_happening_title(cib_happening *h, cib_workspace *ws, const char *lang)
{
	if (h->title)
		return h->title;
	cJSON *doc = cib_review_doc(ws, cib_oid_is_zero(&h->blob) ? &h->before : &h->blob);
	h->title = cib_strdup(cib_entry_title(doc, lang));
	cJSON_Delete(doc);
	return h->title;
}

static void name_it(reader *r, cib_happening *h)
{
	cib_happening_title(h, r->ws, r->span->lang);
}

/* Where the branch of a member stands; NULL: there is none here. */
static const cib_oid *branch_of(reader *r, const char *member)
{
	if (!r->member || strcmp(r->member, member) != 0) {
		free(r->member);
		r->member = cib_strdup(member);
		r->has_branch = cib_member_tip(&r->branch, r->ws, member, NULL) == CIB_OK;
	}
	return r->has_branch ? &r->branch : NULL;
}

/* ---- what a step of main did ---- */

typedef struct {
	cib_store *store;
	const cib_oid *blob;
	bool found;
} looking;

/* The branch has the secretariat's corrections, too: it merges main. */
static int look_for(const cib_oid *commit, const cib_oid *blob, void *payload)
{
	looking *l = payload;
	cib_commit c;
	if (!cib_oid_equal(blob, l->blob) || cib_store_commit_read(&c, l->store, commit, NULL) != CIB_OK)
		return 0;
	l->found = !strstr(c.author_email, "@secretariat.cib.invalid");
	cib_commit_clear(&c);
	return l->found;
}

/* Did this step take along a branch whose newest commit is of that member's staff? */
static bool took_branch(reader *r, const char *member)
{
	cib_commit c;
	if (r->commit.parent_count < 2 || cib_store_commit_read(&c, r->ws->store, &r->commit.parents[1], NULL) != CIB_OK)
		return false;
	const char *at = strchr(c.author_email, '@');
	size_t n = strlen(member);
	bool is = at && strncmp(at + 1, member, n) == 0 && at[1 + n] == '.';
	cib_commit_clear(&c);
	return is;
}

/* Did the version come from the member? Its branch may be gone: then the step says so. */
static bool came_from_member(reader *r, const char *member, const char *path, const cib_oid *blob)
{
	looking l = {r->ws->store, blob, false};
	if (took_branch(r, member) || cib_is_acceptance(&r->commit))
		return true;
	const cib_oid *tip = branch_of(r, member);
	if (tip)
		cib_store_path_history(r->ws->store, tip, path, look_for, &l, NULL);
	return l.found;
}

static void tell_entry(reader *r, const cib_place *place, const char *path, const cib_oid *before, const cib_oid *after)
{
	bool accepted = *place->member && came_from_member(r, place->member, path, after);
	cib_happening *h = add(r, accepted ? CIB_HAPPENED_ACCEPTED : CIB_HAPPENED_CORRECTED, place->member, place->id, place->kind->name, path);
	h->before = *before;
	h->blob = *after;
	if (!r->span->untitled)
		name_it(r, h);
}

static bool is_in(const cJSON *list, const char *id)
{
	for (const cJSON *c = list ? list->child : NULL; c && id; c = c->next)
		if (cib_json_string(c, "id") && strcmp(cib_json_string(c, "id"), id) == 0)
			return true;
	return false;
}

/* Remarks that `now` has and `was` has not. */
static void tell_remarks(reader *r, const cib_happening *about, const cJSON *now, const cJSON *was, bool by_member)
{
	const cib_happening whose = *about; /* the list may move */
	for (const cJSON *c = now ? now->child : NULL; c; c = c->next) {
		const char *path = cib_json_string(c, "path"), *text = cib_json_string(c, "text"), *author = cib_json_string(c, "author");
		if (!text || is_in(was, cib_json_string(c, "id")))
			continue;
		cib_happening *h = add(r, CIB_HAPPENED_COMMENTED, whose.member, whose.id, whose.entry_kind, whose.path);
		h->title = cib_strdup(whose.title ? whose.title : "");
		h->before = whose.before;
		h->blob = whose.blob;
		h->field = cib_strdup(path ? path : "");
		h->text = cib_strdup(text);
		h->by_member = by_member;
		const char *day = cib_json_string(c, "date");
		int64_t noon = h->when || !day ? -1 : cib_since_of(day, 0); /* of a step of main its time is known */
		h->when = noon >= 0 ? noon + 43200 : h->when;
		if (author) {
			free(h->user);
			h->user = cib_strdup(author);
		}
	}
}

/* The path of an entry, from its kind. */
static char *entry_path(reader *r, const char *kind_name, const char *member, const char *id)
{
	const cib_kind *kind = cib_network_kind(r->ws->net, kind_name);
	cib_buf path = CIB_BUF_INIT;
	if (kind)
		cib_network_path(&path, kind, member, id);
	return path.data ? cib_buf_take(&path) : cib_strdup("");
}

/* A review record: a decision on a version, remarks, or both. */
static void tell_record(reader *r, const cib_place *place, const cib_oid *before, const cib_oid *after)
{
	cJSON *now = cib_review_doc(r->ws, after), *was = cib_review_doc(r->ws, before);
	const cJSON *target = cib_json_get(now, "target"), *old = cib_json_get(was, "target");
	const char *decision = cib_json_string(now, "decision"), *blob = cib_json_string(target, "blob"), *kind = cib_json_string(target, "kind");
	const char *said = cib_json_string(was, "decision"), *on = cib_json_string(old, "blob");
	bool new_decision = decision && blob && !(said && on && strcmp(said, decision) == 0 && strcmp(on, blob) == 0);
	bool declined = decision && strcmp(decision, "declined") == 0;
	char *path = entry_path(r, kind ? kind : "", place->member, place->id);
	cib_happening about = {.member = (char *)(uintptr_t)place->member, .id = (char *)(uintptr_t)place->id, .entry_kind = (char *)(uintptr_t)(kind ? kind : ""), .path = path, .title = NULL};
	char *title = NULL;
	if (new_decision && (declined || strcmp(decision, "changes-requested") == 0)) {
		cib_happening *h = add(r, declined ? CIB_HAPPENED_DECLINED : CIB_HAPPENED_RETURNED, place->member, place->id, about.entry_kind, path);
		if (!cib_oid_parse(&h->blob, blob))
			h->blob = (cib_oid){{0}};
		if (cib_json_string(now, "reviewer")) {
			free(h->user);
			h->user = cib_strdup(cib_json_string(now, "reviewer"));
		}
		name_it(r, h);
		about.blob = h->blob;
		title = cib_strdup(h->title);
	} else if (cib_oid_parse(&about.blob, blob ? blob : "")) {
		name_it(r, &about);
		title = about.title;
	}
	about.title = title;
	tell_remarks(r, &about, cib_json_get(now, "comments"), cib_json_get(was, "comments"), false);
	free(title);
	free(path);
	cJSON_Delete(now);
	cJSON_Delete(was);
}

static int tell_path(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	reader *r = payload;
	cib_place place;
	cib_network_place(&place, r->ws->net, path);
	if (r->span->member && strcmp(r->span->member, place.member) != 0)
		return 0;
	if ((place.area == CIB_AREA_MEMBER || place.area == CIB_AREA_NETWORK) && place.kind)
		tell_entry(r, &place, path, &a->oid, &b->oid);
	else if (place.area == CIB_AREA_REVIEW && strcmp(place.id, "seen") != 0)
		tell_record(r, &place, &a->oid, &b->oid);
	return 0;
}

static int note_commit(const cib_oid *commit, void *payload)
{
	reader *r = payload;
	r->range = cib_grow(r->range, &r->range_cap, r->range_count + 1, sizeof *r->range);
	r->range[r->range_count++] = *commit;
	return 0;
}

/* Two reviewers' mains were joined: the first parents may pass `from` by. The steps come in the order of the range. */
static bool is_beyond(reader *r, const cib_oid *at)
{
	while (r->range_next < r->range_count && !cib_oid_equal(&r->range[r->range_next], at))
		r->range_next++;
	return r->range_next < r->range_count;
}

/* One step; *at becomes the step before. false: this step is before the span. */
static bool tell_step(reader *r, cib_oid *at, int *status)
{
	if (r->span->from && !is_beyond(r, at))
		return false;
	*status = cib_store_commit_read(&r->commit, r->ws->store, at, r->err);
	if (*status != CIB_OK)
		return false;
	bool within = (r->span->from || r->commit.committer_time >= r->span->since) && r->commit.parent_count > 0;
	if (within) {
		*status = cib_store_diff2(r->ws->store, &r->commit.parents[0], at, tell_path, r, r->err);
		*at = r->commit.parents[0];
	}
	cib_commit_clear(&r->commit);
	r->commit = (cib_commit){0};
	return within && *status == CIB_OK;
}

/* ---- what arrived ---- */

static cib_oid blob_at(reader *r, const cib_oid *commit, const char *path)
{
	cib_oid blob = {{0}};
	unsigned mode;
	if (cib_oid_is_zero(commit) || cib_store_tree_get(&blob, &mode, r->ws->store, commit, path, NULL) != CIB_OK)
		blob = (cib_oid){{0}};
	return blob;
}

/* Did a tip that main's receipt of then names have this version? */
static bool was_seen(reader *r, const cJSON *receipt, const cib_review_item *item)
{
	const cJSON *tips = cib_json_get(receipt, "tips");
	for (const cJSON *t = tips ? tips->child : NULL; t; t = t->next) {
		cib_oid tip, blob;
		if (!cJSON_IsString(t) || !cib_oid_parse(&tip, t->valuestring))
			continue;
		blob = blob_at(r, &tip, item->path);
		if (cib_oid_equal(&blob, &item->proposed))
			return true;
	}
	return false;
}

static cJSON *receipt_of(reader *r, const cib_oid *then, const char *member)
{
	char *path = cib_format("reviews/%s/seen.json", member);
	cib_oid blob = blob_at(r, then, path);
	free(path);
	return cib_review_doc(r->ws, &blob);
}

/* What the member's staff said since: remarks in its branch that the tips of then had not. */
static void tell_said(reader *r, const cJSON *receipt, const cib_review_item *item)
{
	char *path = cib_format("members/%s/comments/%s.json", item->member, item->id);
	const cJSON *tips = cib_json_get(receipt, "tips");
	const cib_oid *tip = branch_of(r, item->member);
	cib_oid then = {{0}};
	if (tip) {
		if (tips && tips->child && cJSON_IsString(tips->child) && !cib_oid_parse(&then, tips->child->valuestring))
			then = (cib_oid){{0}};
		cib_oid now = blob_at(r, tip, path), was = blob_at(r, &then, path);
		cJSON *doc = cib_review_doc(r->ws, &now), *old = cib_review_doc(r->ws, &was);
		cib_happening about = {.member = item->member, .id = item->id, .entry_kind = item->kind, .path = item->path, .before = item->on_main, .blob = item->proposed};
		if (doc)
			name_it(r, &about);
		tell_remarks(r, &about, cib_json_get(doc, "items"), cib_json_get(old, "items"), true);
		free(about.title);
		cJSON_Delete(doc);
		cJSON_Delete(old);
	}
	free(path);
}

/* `then`: main before the span. */
static int tell_arrivals(reader *r, const cib_oid *then)
{
	cib_review_queue queue = CIB_REVIEW_QUEUE_INIT;
	int status = cib_review_list(&queue, r->ws, r->span->member, r->err);
	for (size_t i = 0; i < queue.count && status == CIB_OK; i++) {
		const cib_review_item *item = &queue.items[i];
		cJSON *receipt = receipt_of(r, then, item->member);
		if (item->state == CIB_REVIEW_PENDING && !was_seen(r, receipt, item)) {
			const cib_oid *tip = branch_of(r, item->member);
			char author[101] = "";
			cib_happening *h = add(r, CIB_HAPPENED_ARRIVED, item->member, item->id, item->kind, item->path);
			h->before = item->on_main;
			h->blob = item->proposed;
			if (!r->span->untitled)
				name_it(r, h);
			if (tip)
				h->when = cib_review_written(author, r->ws, item, tip);
			free(h->user);
			h->user = cib_strdup(author);
		}
		tell_said(r, receipt, item);
		cJSON_Delete(receipt);
	}
	cib_review_queue_free(&queue);
	return status;
}

int cib_happenings_load(cib_happenings *out, cib_workspace *ws, const cib_happened_span *span, cib_error *err)
{
	reader r = {.ws = ws, .out = out, .span = span, .err = err};
	cib_oid at;
	*out = (cib_happenings){0};
	int status = cib_workspace_main(&at, ws, err);
	if (status == CIB_OK && span->from)
		status = cib_store_commits(ws->store, &at, 1, span->from, 1, false, note_commit, &r, err);
	while (status == CIB_OK && tell_step(&r, &at, &status))
		;
	if (status == CIB_OK && span->arrivals && !ws->member)
		status = tell_arrivals(&r, &at);
	free(r.member);
	free(r.range);
	return status;
}
