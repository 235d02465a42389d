/* A sitting of the reviewer: a list of steps, each on exactly one version of an entry. What stands is what the steps add
 * up to; undoing drops the last one. Each step is a line of a file, and there is one sitting at a time in a copy.
 *
 *   <git dir>/cib/review.jsonl: {"member", "id", "path", "blob", "step": "accept|return|decline|comment", "pointer", "text"} */
#include "review/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const step_words[] = {"none", "accept", "return", "decline"};

/* ---- which step is the last decision about a version: asked for every row of a queue */

struct cib_decided {
	const cJSON **slots; /* open addressing, by the version */
	size_t size, count;  /* size: a power of two; 0: to be made anew */
};

static size_t hash_text(size_t h, const char *text)
{
	for (; text && *text; text++)
		h = (h ^ (unsigned char)*text) * 1099511628211u;
	return (h ^ 0xff) * 1099511628211u;
}

static size_t hash_version(const char *member, const char *id, const char *blob)
{
	return hash_text(hash_text(hash_text(1469598103934665603u, member), id), blob);
}

static size_t hash_step(const cJSON *step)
{
	return hash_version(cib_json_string(step, "member"), cib_json_string(step, "id"), cib_json_string(step, "blob"));
}

static void put_decision(struct cib_decided *d, const cJSON *step)
{
	if (cib_step_decision(step) < 0)
		return;
	size_t at = hash_step(step) & (d->size - 1);
	while (d->slots[at] && !cib_step_same_version(d->slots[at], step))
		at = (at + 1) & (d->size - 1);
	d->count += !d->slots[at];
	d->slots[at] = step;
}

static void make_index(const cib_review_session *s)
{
	struct cib_decided *d = s->decided;
	free(d->slots);
	*d = (struct cib_decided){.size = 64};
	while (d->size < 4 * (size_t)cJSON_GetArraySize(s->steps))
		d->size *= 2;
	d->slots = cib_alloc(d->size * sizeof *d->slots);
	for (const cJSON *step = s->steps->child; step; step = step->next)
		put_decision(d, step);
}

static const struct cib_decided *index_of(const cib_review_session *s)
{
	if (!s->decided->size)
		make_index(s);
	return s->decided;
}

static void index_step(cib_review_session *s, const cJSON *step)
{
	if (s->decided->size && (s->decided->count + 1) * 2 < s->decided->size)
		put_decision(s->decided, step);
	else
		cib_session_changed(s);
}

void cib_session_changed(cib_review_session *s)
{
	s->decided->size = 0;
}

const cJSON *cib_session_decision(const cib_review_session *s, const cJSON *step)
{
	const struct cib_decided *d = index_of(s);
	size_t at = hash_step(step) & (d->size - 1);
	while (d->slots[at] && !cib_step_same_version(d->slots[at], step))
		at = (at + 1) & (d->size - 1);
	return d->slots[at];
}

/* ---- its file ---- */

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
	s->decided = cib_alloc(sizeof *s->decided);
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
	free(session->decided->slots);
	free(session->decided);
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
	const struct cib_decided *d = index_of(s);
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, &item->proposed);
	size_t at = hash_version(item->member, item->id, hex) & (d->size - 1);
	while (d->slots[at] && !cib_step_is_about(d->slots[at], item))
		at = (at + 1) & (d->size - 1);
	return d->slots[at] ? (cib_sitting)cib_step_decision(d->slots[at]) : CIB_SITTING_NONE;
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

size_t cib_review_session_count(const cib_review_session *s, cib_sitting what)
{
	size_t n = 0;
	const struct cib_decided *d = index_of(s);
	for (size_t i = 0; i < d->size; i++)
		n += d->slots[i] && cib_step_decision(d->slots[i]) > 0 && (what == CIB_SITTING_NONE || cib_step_decision(d->slots[i]) == (int)what);
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
	index_step(s, step);
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
	cib_session_changed(s);
	const char *about = cib_json_string(last, "id");
	snprintf(id, 101, "%s", about ? about : "");
	cJSON_Delete(last);
	return settle(s, err);
}
