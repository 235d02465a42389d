/* A sitting of the reviewer: a list of steps, each on exactly one version of an entry. What stands is what the steps add
 * up to; undoing drops the last one. The list is written after each step, and there is one sitting at a time in a copy.
 *
 *   <git dir>/cib/review.json: [{"member", "id", "path", "blob", "step": "accept|return|decline|none|comment", "pointer", "text"}] */
#include "review/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cib_review_session {
	cib_workspace *ws;
	cJSON *steps;
	char *file;
	cib_lock *lock;
};

static const char *const step_words[] = {"none", "accept", "return", "decline"};

int cib_review_session_open(cib_review_session **out, cib_workspace *ws, cib_error *err)
{
	cib_review_session *s = cib_alloc(sizeof *s);
	s->ws = ws;
	s->file = cib_format("%s/cib/review.json", cib_store_git_dir(ws->store));
	char *lock = cib_format("%s/cib/review.lock", cib_store_git_dir(ws->store));
	int status = cib_lock_acquire(&s->lock, lock, 0, err);
	free(lock);
	if (status == CIB_BUSY)
		cib_error_hint(err, "another cib review --interactive is open in this copy: go on there, or leave it with q");
	if (status != CIB_OK) {
		cib_review_session_free(s);
		return status;
	}
	status = cib_json_read_file(&s->steps, s->file, err);
	if (status == CIB_NOTFOUND || (status == CIB_OK && !cJSON_IsArray(s->steps))) {
		cib_error_clear(err);
		cJSON_Delete(s->steps);
		s->steps = cJSON_CreateArray();
		status = CIB_OK;
	}
	if (status == CIB_OK)
		*out = s;
	else
		cib_review_session_free(s);
	return status;
}

void cib_review_session_free(cib_review_session *session)
{
	if (!session)
		return;
	cJSON_Delete(session->steps);
	cib_lock_release(session->lock);
	free(session->file);
	free(session);
}

static int keep(const cib_review_session *s, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	int status;
	if (s->steps->child) {
		cib_json_write(&text, s->steps, NULL);
		status = cib_file_write(s->file, text.data, text.len, err);
	} else {
		status = cib_file_remove(s->file, err);
	}
	cib_buf_free(&text);
	return status;
}

static bool is_about(const cJSON *step, const cib_review_item *item)
{
	char hex[CIB_OID_HEX];
	const char *member = cib_json_string(step, "member"), *id = cib_json_string(step, "id"), *blob = cib_json_string(step, "blob");
	cib_oid_hex(hex, &item->proposed);
	return member && id && blob && strcmp(id, item->id) == 0 && strcmp(member, item->member) == 0 && strcmp(blob, hex) == 0;
}

/* The decision in a step; -1 for a comment. */
static int step_of(const cJSON *step)
{
	const char *word = cib_json_string(step, "step");
	for (int i = 0; word && i < 4; i++)
		if (strcmp(word, step_words[i]) == 0)
			return i;
	return -1;
}

cib_sitting cib_review_session_state(const cib_review_session *s, const cib_review_item *item)
{
	cib_sitting state = CIB_SITTING_NONE;
	for (const cJSON *step = s->steps->child; step; step = step->next)
		if (is_about(step, item) && step_of(step) >= 0)
			state = (cib_sitting)step_of(step);
	return state;
}

static bool same_version(const cJSON *a, const cJSON *b)
{
	static const char *const names[] = {"member", "id", "blob"};
	for (size_t i = 0; i < 3; i++) {
		const char *x = cib_json_string(a, names[i]), *y = cib_json_string(b, names[i]);
		if (!x || !y || strcmp(x, y) != 0)
			return false;
	}
	return true;
}

/* Is this the last decision about its version? */
static bool stands(const cJSON *step)
{
	for (const cJSON *later = step->next; later; later = later->next)
		if (step_of(later) >= 0 && same_version(later, step))
			return false;
	return true;
}

size_t cib_review_session_count(const cib_review_session *s, cib_sitting what)
{
	size_t n = 0;
	for (const cJSON *step = s->steps->child; step; step = step->next)
		n += step_of(step) > 0 && (what == CIB_SITTING_NONE || step_of(step) == (int)what) && stands(step);
	return n;
}

size_t cib_review_session_comments(cib_review_comment **list, const cib_review_session *s, const cib_review_item *item)
{
	size_t n = 0;
	*list = cib_alloc(((size_t)cJSON_GetArraySize(s->steps) + 1) * sizeof **list);
	for (const cJSON *step = s->steps->child; step; step = step->next)
		if (is_about(step, item) && step_of(step) < 0 && cib_json_string(step, "text"))
			(*list)[n++] = (cib_review_comment){cib_json_get(step, "pointer")->valuestring, cib_json_get(step, "text")->valuestring};
	return n;
}

static int add_step(cib_review_session *s, const cib_review_item *item, const char *word, const char *pointer, const char *text, cib_error *err)
{
	char hex[CIB_OID_HEX];
	cJSON *step = cJSON_CreateObject();
	cib_oid_hex(hex, &item->proposed);
	cJSON_AddStringToObject(step, "member", item->member);
	cJSON_AddStringToObject(step, "id", item->id);
	cJSON_AddStringToObject(step, "path", item->path);
	cJSON_AddStringToObject(step, "blob", hex);
	cJSON_AddStringToObject(step, "step", word);
	if (text) {
		cJSON_AddStringToObject(step, "pointer", pointer);
		cJSON_AddStringToObject(step, "text", text);
	}
	cJSON_AddItemToArray(s->steps, step);
	return keep(s, err);
}

int cib_review_session_decide(cib_review_session *s, const cib_review_item *item, cib_sitting what, cib_error *err)
{
	return add_step(s, item, step_words[what], NULL, NULL, err);
}

int cib_review_session_comment(cib_review_session *s, const cib_review_item *item, const char *pointer, const char *text, cib_error *err)
{
	return add_step(s, item, "comment", pointer, text, err);
}

int cib_review_session_accept_clean(size_t *taken, size_t *left, cib_review_session *s, const cib_review_queue *queue, const char *member,
                                    cib_duplicates *index, const char *lang, cib_error *err)
{
	int status = CIB_OK;
	*taken = *left = 0;
	for (size_t i = 0; i < queue->count && status == CIB_OK; i++) {
		const cib_review_item *item = &queue->items[i];
		cib_review_detail d;
		if (strcmp(item->member, member) != 0 || item->state != CIB_REVIEW_PENDING || cib_review_session_state(s, item) != CIB_SITTING_NONE)
			continue;
		status = cib_review_detail_load(&d, s->ws, item, index, lang, err);
		bool clean = status == CIB_OK && cib_review_is_clean(&d);
		cib_review_detail_clear(&d);
		if (clean)
			status = cib_review_session_decide(s, item, CIB_SITTING_ACCEPT, err);
		*taken += clean;
		*left += !clean;
	}
	return status;
}

size_t cib_review_session_next(const cib_review_session *s, const cib_review_queue *queue, size_t from)
{
	for (size_t i = 1; i <= queue->count; i++) {
		size_t at = (from + i) % queue->count;
		if (queue->items[at].state == CIB_REVIEW_PENDING && cib_review_session_state(s, &queue->items[at]) == CIB_SITTING_NONE)
			return at;
	}
	return SIZE_MAX;
}

int cib_review_session_undo(cib_review_session *s, char id[101], cib_error *err)
{
	int n = cJSON_GetArraySize(s->steps);
	if (n == 0)
		return cib_error_set(err, CIB_NOTFOUND, "review.nothing-to-undo", "there is nothing to undo");
	cJSON *last = cJSON_DetachItemFromArray(s->steps, n - 1);
	const char *about = cib_json_string(last, "id");
	snprintf(id, 101, "%s", about ? about : "");
	cJSON_Delete(last);
	return keep(s, err);
}

/* ---- carrying out ---- */

static void drop_steps(cib_review_session *s, const cib_decision *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (cJSON *step = s->steps->child, *next; step; step = next) {
			next = step->next;
			if (is_about(step, list[i].item))
				cJSON_Delete(cJSON_DetachItemViaPointer(s->steps, step));
		}
}

static void count_done(cib_review_outcome *out, const cib_decision *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		*(list[i].kind == CIB_DECIDE_ACCEPT ? &out->accepted : list[i].kind == CIB_DECIDE_RETURN ? &out->returned
		                                                                                         : &out->declined) += 1;
}

/* One member's decisions: all at once, and when that fails one by one, so that one entry does not hold up the rest. */
static int carry_out(cib_review_outcome *out, cib_review_session *s, const cib_decision *list, size_t count, cib_error *err)
{
	int status = cib_review_decide(s->ws, list, count, NULL, err);
	if (status == CIB_OK) {
		count_done(out, list, count);
		drop_steps(s, list, count);
		return keep(s, err);
	}
	if (status != CIB_FINDINGS && status != CIB_REFUSED)
		return status;
	if (count == 1) {
		cib_buf_addf(&out->notes, "%s\n", err->message);
		cib_error_clear(err);
		return CIB_OK;
	}
	cib_error_clear(err);
	status = CIB_OK;
	for (size_t i = 0; i < count && status == CIB_OK; i++)
		status = carry_out(out, s, &list[i], 1, err);
	return status;
}

/* Does the record hold every comment of the sitting on that version? */
static bool holds_comments(const cib_review_session *s, const cJSON *step, const cJSON *record)
{
	const cJSON *said = cib_json_get(record, "comments");
	for (const cJSON *c = s->steps->child; c; c = c->next) {
		const char *text = cib_json_string(c, "text");
		bool found = !text || !same_version(c, step);
		for (const cJSON *r = said ? said->child : NULL; r && !found; r = r->next)
			found = cib_json_string(r, "text") && strcmp(cib_json_string(r, "text"), text) == 0;
		if (!found)
			return false;
	}
	return true;
}

/* Was the step carried out already, by a run that was cut off before it could drop it? */
static bool is_done(const cib_review_session *s, const cJSON *step)
{
	static const char *const decisions[] = {"", "accepted", "changes-requested", "declined"};
	const char *path = cib_json_string(step, "path"), *member = cib_json_string(step, "member"), *id = cib_json_string(step, "id");
	const char *blob = cib_json_string(step, "blob");
	cib_oid there = {{0}};
	unsigned mode;
	char hex[CIB_OID_HEX];
	cJSON *record = NULL;
	if (!path || !member || !id || !blob || step_of(step) <= 0)
		return false;
	if (cib_store_tree_get(&there, &mode, s->ws->store, &s->ws->tip, path, NULL) != CIB_OK)
		there = (cib_oid){{0}};
	cib_oid_hex(hex, &there);
	if (step_of(step) == CIB_SITTING_ACCEPT && strcmp(hex, blob) == 0)
		return true;
	cib_review_record(&record, s->ws->store, &s->ws->tip, member, id, NULL);
	const char *on = cib_json_string(cib_json_get(record, "target"), "blob"), *decision = cib_json_string(record, "decision");
	bool done = on && decision && strcmp(on, blob) == 0 && strcmp(decision, decisions[step_of(step)]) == 0 && holds_comments(s, step, record);
	cJSON_Delete(record);
	return done;
}

static bool is_proposed(const cJSON *step, const cib_review_queue *queue)
{
	for (size_t i = 0; i < queue->count; i++)
		if (is_about(step, &queue->items[i]))
			return true;
	return false;
}

/* Steps that were carried out, and those on versions that are not proposed any more. First marked, then dropped: whether a
 * decision was carried out is seen by its comments, which are steps, too. */
static void drop_stale(cib_review_outcome *out, cib_review_session *s, const cib_review_queue *queue)
{
	cJSON *keeps = cJSON_CreateArray();
	for (const cJSON *step = s->steps->child; step; step = step->next) {
		const cJSON *last = step;
		for (const cJSON *later = step; later; later = later->next)
			last = same_version(later, step) && step_of(later) >= 0 ? later : last;
		bool done = is_done(s, last), proposed = is_proposed(step, queue);
		if (proposed && !done)
			cJSON_AddItemToArray(keeps, cJSON_Duplicate(step, true));
		else if (step_of(step) > 0 && stands(step))
			*(done ? &out->before : &out->stale) += 1;
	}
	cJSON_Delete(s->steps);
	s->steps = keeps;
}

/* The decisions on the items of one member, which begin at `first`. Returns where the next member's begin. */
static size_t finish_member(cib_review_outcome *out, cib_review_session *s, const cib_review_queue *queue, size_t first, int *status, cib_error *err)
{
	cib_decision *list = cib_alloc((queue->count - first + 1) * sizeof *list);
	cib_review_comment **comments = cib_alloc((queue->count - first + 1) * sizeof *comments);
	size_t n = 0, i = first;
	for (; i < queue->count && strcmp(queue->items[i].member, queue->items[first].member) == 0; i++) {
		cib_sitting what = cib_review_session_state(s, &queue->items[i]);
		if (what == CIB_SITTING_NONE)
			continue;
		size_t said = cib_review_session_comments(&comments[n], s, &queue->items[i]);
		list[n] = (cib_decision){.item = &queue->items[i], .kind = (cib_decision_kind)(what - 1), .comments = comments[n], .comment_count = said};
		n++;
	}
	if (n)
		*status = carry_out(out, s, list, n, err);
	while (n)
		free(comments[--n]);
	free(list);
	free(comments);
	return i;
}

int cib_review_session_finish(cib_review_outcome *out, cib_review_session *s, cib_error *err)
{
	cib_review_queue queue = CIB_REVIEW_QUEUE_INIT;
	*out = (cib_review_outcome){0};
	int status = cib_workspace_reload(s->ws, err); /* a sync may have run beside the sitting */
	if (status == CIB_OK)
		status = cib_review_list(&queue, s->ws, NULL, err);
	if (status == CIB_OK)
		drop_stale(out, s, &queue);
	for (size_t i = 0; i < queue.count && status == CIB_OK;)
		i = finish_member(out, s, &queue, i, &status, err);
	if (status == CIB_OK)
		status = keep(s, err);
	cib_review_queue_free(&queue);
	return status;
}
