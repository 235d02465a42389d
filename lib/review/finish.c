/* A sitting carried out: a commit a member, one behind the other, which reach the disk together; then main moves past all of them
 * in one step, and the steps leave their file. Cut off anywhere before that step nothing has happened, behind it all. */
#include "review/session.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	cib_review_session *session;
	cib_review_outcome *out;
	cib_review_queue queue;
	bool *done; /* of each item of the queue: carried out by this run */
	cib_review_chain chain;
} run;

static void count_done(cib_review_outcome *out, const cib_decision *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		*(list[i].kind == CIB_DECIDE_ACCEPT ? &out->accepted : list[i].kind == CIB_DECIDE_RETURN ? &out->returned
		                                                                                         : &out->declined) += 1;
}

static void mark_done(run *r, const cib_decision *list, size_t count)
{
	count_done(r->out, list, count);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < r->queue.count; k++)
			r->done[k] |= &r->queue.items[k] == list[i].item;
}

/* One member's decisions: all at once, and when that fails one by one, so that one entry does not hold up the rest. */
static int carry_out(run *r, const cib_decision *list, size_t count, cib_error *err)
{
	int status = cib_review_chain_add(&r->chain, list, count, NULL, err);
	if (status == CIB_OK)
		mark_done(r, list, count);
	if (status != CIB_FINDINGS && status != CIB_REFUSED)
		return status;
	if (count == 1) {
		cib_buf_addf(&r->out->notes, "%s\n", err->message);
		cib_error_clear(err);
		return CIB_OK;
	}
	cib_error_clear(err);
	status = CIB_OK;
	for (size_t i = 0; i < count && status == CIB_OK; i++)
		status = carry_out(r, &list[i], 1, err);
	return status;
}

/* Does the record hold every comment of the sitting on that version? */
static bool holds_comments(const cib_review_session *s, const cJSON *step, const cJSON *record)
{
	const cJSON *said = cib_json_get(record, "comments");
	for (const cJSON *c = s->steps->child; c; c = c->next) {
		const char *text = cib_json_string(c, "text");
		bool found = !text || !cib_step_same_version(c, step);
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
	if (!path || !member || !id || !blob || cib_step_decision(step) <= 0)
		return false;
	if (cib_store_tree_get(&there, &mode, s->ws->store, &s->ws->tip, path, NULL) != CIB_OK)
		there = (cib_oid){{0}};
	cib_oid_hex(hex, &there);
	if (cib_step_decision(step) == CIB_SITTING_ACCEPT && strcmp(hex, blob) == 0)
		return true;
	cib_review_record(&record, s->ws->store, &s->ws->tip, member, id, NULL);
	const char *on = cib_json_string(cib_json_get(record, "target"), "blob"), *decision = cib_json_string(record, "decision");
	bool done = on && decision && strcmp(on, blob) == 0 && strcmp(decision, decisions[cib_step_decision(step)]) == 0 && holds_comments(s, step, record);
	cJSON_Delete(record);
	return done;
}

static bool is_proposed(const cJSON *step, const cib_review_queue *queue)
{
	for (size_t i = 0; i < queue->count; i++)
		if (cib_step_is_about(step, &queue->items[i]))
			return true;
	return false;
}

/* Steps that were carried out, and those on versions that are not proposed any more. First marked, then dropped: whether a
 * decision was carried out is seen by its comments, which are steps, too. */
static void drop_stale(cib_review_outcome *out, cib_review_session *s, const cib_review_queue *queue)
{
	cJSON *keeps = cJSON_CreateArray();
	for (const cJSON *step = s->steps->child; step; step = step->next) {
		const cJSON *decision = cib_session_decision(s, step), *last = decision ? decision : step;
		bool done = is_done(s, last), proposed = is_proposed(step, queue);
		if (proposed && !done)
			cJSON_AddItemToArray(keeps, cJSON_Duplicate(step, true));
		else if (cib_step_decision(step) > 0 && step == decision)
			*(done ? &out->before : &out->stale) += 1;
	}
	cJSON_Delete(s->steps);
	s->steps = keeps;
	cib_session_changed(s);
}

/* The decisions on the items of one member, which begin at `first`. Returns where the next member's begin. */
static size_t finish_member(run *r, size_t first, int *status, cib_error *err)
{
	const cib_review_queue *queue = &r->queue;
	cib_decision *list = cib_alloc((queue->count - first + 1) * sizeof *list);
	cib_review_comment **comments = cib_alloc((queue->count - first + 1) * sizeof *comments);
	size_t n = 0, i = first;
	for (; i < queue->count && strcmp(queue->items[i].member, queue->items[first].member) == 0; i++) {
		cib_sitting what = cib_review_session_state(r->session, &queue->items[i]);
		if (what == CIB_SITTING_NONE)
			continue;
		size_t said = cib_review_session_comments(&comments[n], r->session, &queue->items[i]);
		list[n] = (cib_decision){.item = &queue->items[i], .kind = (cib_decision_kind)(what - 1), .comments = comments[n], .comment_count = said};
		n++;
	}
	if (n)
		*status = carry_out(r, list, n, err);
	while (n)
		free(comments[--n]);
	free(list);
	free(comments);
	return i;
}

/* What is left of the sitting, in its file. A kill before that leaves steps that is_done finds. */
static int keep_rest(run *r, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON *rest = cJSON_CreateArray();
	for (const cJSON *step = r->session->steps->child; step; step = step->next) {
		bool done = false;
		for (size_t k = 0; k < r->queue.count && !done; k++)
			done = r->done[k] && cib_step_is_about(step, &r->queue.items[k]);
		if (done)
			continue;
		cib_json_write(&text, step, &(cib_json_style){.compact = true});
		cib_buf_addc(&text, '\n');
		cJSON_AddItemToArray(rest, cJSON_Duplicate(step, true));
	}
	cJSON_Delete(r->session->steps);
	r->session->steps = rest;
	cib_session_changed(r->session);
	int status = cib_line_file_replace(r->session->lines, &text, err);
	cib_buf_free(&text);
	return status;
}

int cib_review_session_finish(cib_review_outcome *out, cib_review_session *session, cib_error *err)
{
	run r = {.session = session, .out = out};
	cib_error own = CIB_ERROR_INIT;
	err = err ? err : &own; /* its message becomes a note */
	*out = (cib_review_outcome){0};
	int status = cib_review_session_flush(session, err);
	if (status == CIB_OK)
		status = cib_review_chain_begin(&r.chain, session->ws, err); /* with what a sync brought beside the sitting */
	if (status != CIB_OK)
		return status;
	status = cib_review_list(&r.queue, session->ws, NULL, err);
	r.done = cib_alloc(r.queue.count + 1);
	if (status == CIB_OK)
		drop_stale(out, session, &r.queue);
	for (size_t i = 0; i < r.queue.count && status == CIB_OK;)
		i = finish_member(&r, i, &status, err);
	status = cib_review_chain_end(&r.chain, status, err);
	if (status == CIB_OK)
		status = keep_rest(&r, err);
	else
		out->accepted = out->returned = out->declined = 0;
	cib_review_queue_free(&r.queue);
	free(r.done);
	return status;
}
