/* A sitting of the reviewer: a list of steps, each on exactly one version of an entry. What stands is what the steps add
 * up to; undoing drops the last one. Each step is a line of a file, and there is one sitting at a time in a copy.
 *
 *   <git dir>/cib/review.jsonl: {"member", "id", "path", "blob", "step": "accept|return|decline|comment", "pointer", "text"} */
#include "review/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const step_words[] = {"none", "accept", "return", "decline"};

static bool take_line(const char *line, size_t len, void *payload)
{
	cib_review_session *s = payload;
	cJSON *step = NULL;
	if (cib_json_read(&step, line, len, NULL, NULL) != CIB_OK || !cJSON_IsObject(step)) {
		cJSON_Delete(step);
		return false;
	}
	cJSON_AddItemToArray(s->steps, step);
	return true;
}

int cib_review_session_open(cib_review_session **out, cib_workspace *ws, cib_error *err)
{
	cib_review_session *s = cib_alloc(sizeof *s);
	s->ws = ws;
	s->steps = cJSON_CreateArray();
	char *file = cib_format("%s/cib/review.jsonl", cib_store_git_dir(ws->store));
	char *lock = cib_format("%s/cib/review.lock", cib_store_git_dir(ws->store));
	int status = cib_lock_acquire(&s->lock, lock, 0, err);
	if (status == CIB_BUSY)
		cib_error_hint(err, "another cib review --interactive is open in this copy: go on there, or leave it with q");
	if (status == CIB_OK)
		status = cib_line_file_open(&s->lines, file, take_line, s, err);
	free(file);
	free(lock);
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
	cib_line_file_free(session->lines);
	cJSON_Delete(session->steps);
	cib_lock_release(session->lock);
	free(session);
}

bool cib_step_is_about(const cJSON *step, const cib_review_item *item)
{
	char hex[CIB_OID_HEX];
	const char *member = cib_json_string(step, "member"), *id = cib_json_string(step, "id"), *blob = cib_json_string(step, "blob");
	cib_oid_hex(hex, &item->proposed);
	return member && id && blob && strcmp(id, item->id) == 0 && strcmp(member, item->member) == 0 && strcmp(blob, hex) == 0;
}

/* The decision in a step; -1 for a comment. */
int cib_step_decision(const cJSON *step)
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
		if (cib_step_is_about(step, item) && cib_step_decision(step) >= 0)
			state = (cib_sitting)cib_step_decision(step);
	return state;
}

bool cib_step_same_version(const cJSON *a, const cJSON *b)
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
bool cib_step_stands(const cJSON *step)
{
	for (const cJSON *later = step->next; later; later = later->next)
		if (cib_step_decision(later) >= 0 && cib_step_same_version(later, step))
			return false;
	return true;
}

size_t cib_review_session_count(const cib_review_session *s, cib_sitting what)
{
	size_t n = 0;
	for (const cJSON *step = s->steps->child; step; step = step->next)
		n += cib_step_decision(step) > 0 && (what == CIB_SITTING_NONE || cib_step_decision(step) == (int)what) && cib_step_stands(step);
	return n;
}

size_t cib_review_session_comments(cib_review_comment **list, const cib_review_session *s, const cib_review_item *item)
{
	size_t n = 0;
	*list = cib_alloc(((size_t)cJSON_GetArraySize(s->steps) + 1) * sizeof **list);
	for (const cJSON *step = s->steps->child; step; step = step->next)
		if (cib_step_is_about(step, item) && cib_step_decision(step) < 0 && cib_json_string(step, "text"))
			(*list)[n++] = (cib_review_comment){cib_json_get(step, "pointer")->valuestring, cib_json_get(step, "text")->valuestring};
	return n;
}

static int settle(cib_review_session *s, cib_error *err)
{
	return s->hurried ? CIB_OK : cib_line_file_flush(s->lines, err);
}

void cib_review_session_hurry(cib_review_session *session)
{
	session->hurried = true;
}

int cib_review_session_flush(cib_review_session *session, cib_error *err)
{
	return cib_line_file_flush(session->lines, err);
}

static int add_step(cib_review_session *s, const cib_review_item *item, const char *word, const char *pointer, const char *text, cib_error *err)
{
	char hex[CIB_OID_HEX];
	cib_buf line = CIB_BUF_INIT;
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
	cib_json_write(&line, step, &(cib_json_style){.compact = true});
	int status = cib_line_file_add(s->lines, line.data, err);
	cib_buf_free(&line);
	if (status != CIB_OK) {
		cJSON_Delete(step);
		return status;
	}
	cJSON_AddItemToArray(s->steps, step);
	return settle(s, err);
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
	bool hurried = s->hurried;
	*taken = *left = 0;
	s->hurried = true;
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
	s->hurried = hurried;
	return status == CIB_OK ? settle(s, err) : status;
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
	int status = cib_line_file_drop(s->lines, err);
	if (status != CIB_OK)
		return status;
	cJSON *last = cJSON_DetachItemFromArray(s->steps, n - 1);
	const char *about = cib_json_string(last, "id");
	snprintf(id, 101, "%s", about ? about : "");
	cJSON_Delete(last);
	return settle(s, err);
}
