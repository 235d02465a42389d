/* The history of an entry as a story. Three sources, put into the order of their commits:
 *
 *   versions    commits of the member's branch and of main in which the entry's file changed
 *   acceptances steps of main (first parents) that brought a version which was written elsewhere
 *   remarks     versions of the review record and of the member's comments: what each added */
#include "review/story.h"

#include "review/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	cib_workspace *ws;
	cib_story *story;
	const char *path; /* of the file whose history is walked */
	const char *list; /* the member that holds the remarks; NULL: the entry itself */
	cib_oid *seen;    /* commits told already */
	size_t seen_count, seen_cap;
	cib_error *err;
} teller;

static cib_oid blob_at(cib_workspace *ws, const cib_oid *commit, const char *path)
{
	cib_oid blob = {{0}};
	unsigned mode;
	if (cib_store_tree_get(&blob, &mode, ws->store, commit, path, NULL) != CIB_OK)
		blob = (cib_oid){{0}};
	return blob;
}

static cib_story_event *add_event(cib_story *story, cib_story_kind kind, const cib_oid *id, const cib_commit *c)
{
	story->items = cib_grow(story->items, &story->cap, story->count + 1, sizeof *story->items);
	cib_story_event *e = &story->items[story->count];
	const char *at = strchr(c->author_email, '@'), *end = at ? strstr(at, ".cib.invalid") : NULL;
	*e = (cib_story_event){.kind = kind, .when = c->committer_time, .commit = *id, .order = story->count};
	snprintf(e->user, sizeof e->user, "%.*s", (int)strcspn(c->author_email, "@"), c->author_email);
	if (end && strncmp(at + 1, "secretariat.", 12) != 0)
		snprintf(e->member, sizeof e->member, "%.*s", (int)(end - at - 1), at + 1);
	story->count++;
	return e;
}

static bool told(teller *t, const cib_oid *commit)
{
	for (size_t i = 0; i < t->seen_count; i++)
		if (cib_oid_equal(&t->seen[i], commit))
			return true;
	t->seen = cib_grow(t->seen, &t->seen_cap, t->seen_count + 1, sizeof *t->seen);
	t->seen[t->seen_count++] = *commit;
	return false;
}

/* ---- versions ---- */

static int tell_version(const cib_oid *commit, const cib_oid *blob, void *payload)
{
	teller *t = payload;
	cib_commit c;
	if (told(t, commit))
		return 0;
	int status = cib_store_commit_read(&c, t->ws->store, commit, t->err);
	if (status != CIB_OK)
		return status;
	cib_oid before = c.parent_count ? blob_at(t->ws, &c.parents[0], t->path) : (cib_oid){{0}};
	cib_story_kind kind = cib_oid_is_zero(blob) ? CIB_STORY_REMOVED : cib_oid_is_zero(&before) ? CIB_STORY_CREATED
	                                                                                           : CIB_STORY_CHANGED;
	cib_story_event *e = add_event(t->story, kind, commit, &c);
	e->before = cib_review_doc(t->ws, &before);
	e->after = cib_review_doc(t->ws, blob);
	cib_commit_clear(&c);
	return 0;
}

/* ---- versions that nobody wrote ---- */

/* What the rules of merging make of two versions, as sync and acceptance do. The caller's. */
static cJSON *join(teller *t, const cib_oid *ours, const cib_oid *theirs, const cJSON *mine, const cJSON *other)
{
	cib_place place;
	cib_oid *bases = NULL, blob = {{0}};
	size_t count = 0;
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cJSON *merged = NULL;
	cib_network_place(&place, t->ws->net, t->path);
	if (cib_store_merge_bases(&bases, &count, t->ws->store, ours, theirs, NULL) == CIB_OK && count)
		blob = blob_at(t->ws, &bases[0], t->path);
	cJSON *base = cib_review_doc(t->ws, &blob);
	cib_merge_options options = {place.kind ? cib_network_rules(t->ws->net, place.kind) : NULL, CIB_KEEP_THEIRS};
	cib_merge(&merged, base, mine, other, &options, &conflicts);
	cib_conflicts_free(&conflicts);
	cJSON_Delete(base);
	free(bases);
	return merged;
}

static bool is_version(const cib_story_event *e)
{
	return e->kind <= CIB_STORY_REMOVED;
}

/* An acceptance that joined a member's version with main's: no commit but the member's holds what it brought. */
static bool is_joined(teller *t, const cib_story_event *e, const cib_oid *parent)
{
	bool joined = false;
	for (size_t k = 0; k < t->story->count && !joined; k++) {
		const cib_story_event *m = &t->story->items[k];
		if (!*m->member || !is_version(m) || !m->after)
			continue;
		cJSON *merged = join(t, parent, &m->commit, e->before, m->after);
		joined = merged && e->after && cib_json_identical(merged, e->after);
		cJSON_Delete(merged);
	}
	return joined;
}

/* Of a merge only what it changed beyond what its parents hold is its author's: what a person wrote stands in one of them. */
static bool is_merged(teller *t, cib_story_event *e, const cib_oid *parents)
{
	cib_oid blob = blob_at(t->ws, &parents[1], t->path);
	cJSON *other = cib_review_doc(t->ws, &blob), *merged = join(t, &parents[0], &parents[1], e->before, other);
	bool same = merged && e->after && cib_json_identical(merged, e->after);
	cJSON_Delete(other);
	cJSON_Delete(e->before);
	e->before = merged;
	return same;
}

/* The secretariat brought a version that a member wrote. */
static bool is_brought(const cib_story *s, const cib_story_event *e)
{
	for (size_t k = 0; k < s->count && !*e->member; k++) {
		const cib_story_event *m = &s->items[k];
		if (*m->member && is_version(m) && (e->after != NULL) == (m->after != NULL) && (!e->after || cib_json_identical(e->after, m->after)))
			return true;
	}
	return false;
}

static bool wrote_nothing(teller *t, cib_story_event *e)
{
	cib_commit c;
	if (is_brought(t->story, e))
		return true;
	if (cib_store_commit_read(&c, t->ws->store, &e->commit, NULL) != CIB_OK)
		return false;
	bool nothing = c.parent_count > 1 ? is_merged(t, e, c.parents) : c.parent_count && cib_is_acceptance(&c) && is_joined(t, e, c.parents);
	cib_commit_clear(&c);
	return nothing;
}

/* What was only brought or joined is no version of its author; an acceptance among it is told from main. */
static void drop_unwritten(teller *t)
{
	cib_story *s = t->story;
	bool *drop = cib_alloc(s->count + 1);
	size_t n = 0;
	for (size_t i = 0; i < s->count; i++)
		drop[i] = is_version(&s->items[i]) && wrote_nothing(t, &s->items[i]);
	for (size_t i = 0; i < s->count; i++) {
		if (drop[i]) {
			cJSON_Delete(s->items[i].before);
			cJSON_Delete(s->items[i].after);
		} else {
			s->items[n++] = s->items[i];
		}
	}
	s->count = n;
	free(drop);
}

/* ---- acceptances ---- */

static bool wrote_it_there(const cib_story *s, const cib_oid *commit)
{
	for (size_t i = 0; i < s->count; i++)
		if (cib_oid_equal(&s->items[i].commit, commit))
			return true;
	return false;
}

static int tell_acceptances(teller *t, const cib_oid *main_tip)
{
	cib_oid at = *main_tip, here = blob_at(t->ws, &at, t->path);
	int status = CIB_OK;
	for (bool more = true; more && status == CIB_OK;) {
		cib_commit c;
		status = cib_store_commit_read(&c, t->ws->store, &at, t->err);
		if (status != CIB_OK)
			break;
		cib_oid before = c.parent_count ? blob_at(t->ws, &c.parents[0], t->path) : (cib_oid){{0}};
		if (!cib_oid_equal(&before, &here) && !wrote_it_there(t->story, &at))
			add_event(t->story, CIB_STORY_ACCEPTED, &at, &c);
		more = c.parent_count > 0;
		if (more)
			at = c.parents[0];
		here = before;
		cib_commit_clear(&c);
	}
	return status;
}

/* ---- remarks ---- */

static bool has_remark(const cJSON *list, const char *id)
{
	for (const cJSON *c = list ? list->child : NULL; c; c = c->next)
		if (cib_json_string(c, "id") && strcmp(cib_json_string(c, "id"), id) == 0)
			return true;
	return false;
}

static cib_story_kind kind_of(const cJSON *record)
{
	const char *decision = cib_json_string(record, "decision");
	return decision && strcmp(decision, "changes-requested") == 0 ? CIB_STORY_RETURNED
	       : decision && strcmp(decision, "declined") == 0        ? CIB_STORY_DECLINED
	                                                              : CIB_STORY_COMMENTED;
}

static int tell_remarks(const cib_oid *commit, const cib_oid *blob, void *payload)
{
	teller *t = payload;
	cib_commit c;
	if (told(t, commit))
		return 0;
	int status = cib_store_commit_read(&c, t->ws->store, commit, t->err);
	if (status != CIB_OK)
		return status;
	cJSON *now = cib_review_doc(t->ws, blob), *was = NULL;
	if (c.parent_count) {
		cib_oid before = blob_at(t->ws, &c.parents[0], t->path);
		was = cib_review_doc(t->ws, &before);
	}
	const cJSON *list = cib_json_get(now, t->list), *old = cib_json_get(was, t->list);
	for (const cJSON *r = list ? list->child : NULL; r; r = r->next) {
		const char *id = cib_json_string(r, "id"), *path = cib_json_string(r, "path"), *text = cib_json_string(r, "text");
		if (!id || has_remark(old, id) || c.parent_count > 1)
			continue;
		cib_story_event *e = add_event(t->story, kind_of(now), commit, &c);
		e->field = cib_strdup(path ? path : "");
		e->text = cib_strdup(text ? text : "");
	}
	cJSON_Delete(now);
	cJSON_Delete(was);
	cib_commit_clear(&c);
	return 0;
}

/* ---- the whole ---- */

static int by_time(const void *a, const void *b)
{
	const cib_story_event *x = a, *y = b;
	if (x->when != y->when)
		return x->when < y->when ? -1 : 1;
	if (x->kind != y->kind && (x->kind == CIB_STORY_CREATED || y->kind == CIB_STORY_CREATED))
		return x->kind == CIB_STORY_CREATED ? -1 : 1;
	return x->order > y->order ? -1 : x->order < y->order; /* the walks tell the newest first */
}

static int walk(teller *t, const char *path, const char *list, const cib_oid *tips, size_t count, cib_history_cb tell)
{
	int status = CIB_OK;
	t->path = path;
	t->list = list;
	t->seen_count = 0;
	for (size_t i = 0; i < count && status == CIB_OK; i++)
		status = (list ? cib_store_path_history : cib_store_path_versions)(t->ws->store, &tips[i], path, tell, t, t->err); /* who wrote it is on either side */
	return status;
}

int cib_story_load(cib_story *out, cib_workspace *ws, const char *path, cib_error *err)
{
	cib_place place;
	cib_oid tips[2], main_tip;
	size_t count = 1;
	teller t = {.ws = ws, .story = out, .err = err};
	cib_network_place(&place, ws->net, path);
	tips[0] = ws->tip;
	if (!ws->member && *place.member && cib_member_tip(&tips[1], ws, place.member, NULL) == CIB_OK)
		count = 2;
	int status = walk(&t, path, NULL, tips, count, tell_version);
	if (status == CIB_OK) {
		drop_unwritten(&t);
		if (!ws->member)
			main_tip = ws->tip;
		else
			status = cib_store_ref_get(&main_tip, ws->store, "refs/cib/central/main", err);
	}
	if (status == CIB_OK && place.area == CIB_AREA_MEMBER)
		status = tell_acceptances(&t, &main_tip);
	if (status == CIB_OK && place.area == CIB_AREA_MEMBER) {
		char *reviews = cib_format("reviews/%s/%s.json", place.member, place.id), *comments = cib_format("members/%s/comments/%s.json", place.member, place.id);
		status = walk(&t, reviews, "comments", tips, count, tell_remarks);
		if (status == CIB_OK)
			status = walk(&t, comments, "items", tips, count, tell_remarks);
		free(reviews);
		free(comments);
	}
	free(t.seen);
	if (out->count)
		qsort(out->items, out->count, sizeof *out->items, by_time);
	return status;
}

void cib_story_clear(cib_story *story)
{
	for (size_t i = 0; i < story->count; i++) {
		cJSON_Delete(story->items[i].before);
		cJSON_Delete(story->items[i].after);
		free(story->items[i].field);
		free(story->items[i].text);
	}
	free(story->items);
	*story = (cib_story){0};
}
