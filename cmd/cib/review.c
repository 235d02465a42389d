/* cib review: what waits for the secretariat, field by field, and its decisions. */
#include "cmd.h"
#include "review/review.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "review [MEMBER] [--json]\n"
                            "       cib review show MEMBER [ID]\n"
                            "       cib review accept MEMBER [ID...] [-m TEXT]\n"
                            "       cib review return MEMBER ID -m COMMENT [--field POINTER]\n"
                            "       cib review decline MEMBER ID -m REASON";

static cJSON *read_blob(cib_workspace *ws, const cib_oid *blob)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	if (!cib_oid_is_zero(blob) && cib_store_blob_read(&text, ws->store, blob, 0, NULL) == CIB_OK)
		cib_json_read(&doc, text.data, text.len, NULL, NULL);
	cib_buf_free(&text);
	return doc;
}

static const char *change_word(const cib_review_item *item)
{
	return cib_oid_is_zero(&item->on_main) ? "new" : cib_oid_is_zero(&item->proposed) ? "withdrawn" : "changed";
}

static const char *state_word(cib_review_state state)
{
	return state == CIB_REVIEW_PENDING ? "pending" : state == CIB_REVIEW_RETURNED ? "returned" : "declined";
}

/* ---- the queue ---- */

static int print_queue(cib_workspace *ws, const cib_review_queue *q, bool json)
{
	static const char *const header[] = {"MEMBER", "ID", "KIND", "CHANGE", "STATE", "TITLE"};
	const char **cells = cib_alloc((q->count + 1) * 6 * sizeof *cells);
	cJSON **docs = cib_alloc((q->count + 1) * sizeof *docs);
	size_t pending = 0;
	for (size_t i = 0; i < q->count; i++) {
		const cib_review_item *item = &q->items[i];
		docs[i] = read_blob(ws, cib_oid_is_zero(&item->proposed) ? &item->on_main : &item->proposed);
		const char *row[] = {item->member, item->id, item->kind, change_word(item), state_word(item->state), cib_entry_title(docs[i], cib_term_lang())};
		memcpy(&cells[i * 6], row, sizeof row);
		pending += item->state == CIB_REVIEW_PENDING;
		if (json) {
			cJSON *line = cJSON_CreateObject();
			static const char *const names[] = {"member", "id", "kind", "change", "state", "title"};
			cJSON_AddNumberToObject(line, "v", 1);
			for (size_t k = 0; k < 6; k++)
				cJSON_AddStringToObject(line, names[k], row[k]);
			cib_print_json(stdout, line);
			cJSON_Delete(line);
		}
	}
	if (!json && q->count)
		cib_print_table(stdout, header, cells, 6, q->count);
	if (!json)
		fprintf(stderr, "%zu waiting for review, %zu with the member again\n", pending, q->count - pending);
	for (size_t i = 0; i < q->count; i++)
		cJSON_Delete(docs[i]);
	free((void *)(uintptr_t)cells);
	free(docs);
	return 0;
}

/* ---- one entry, field by field ---- */

static void print_item(cib_workspace *ws, const cib_review_item *item)
{
	cJSON *before = read_blob(ws, &item->on_main), *after = read_blob(ws, &item->proposed), *empty = cJSON_CreateObject();
	const cib_kind *kind = cib_network_kind(ws->net, item->kind);
	const cib_schema *schema = kind ? cib_network_schema(ws->net, kind, NULL) : NULL;
	cib_json_changes changes = {0};
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_buf text = CIB_BUF_INIT;
	printf("%s  %s, %s, %s\n  ", item->id, item->kind, change_word(item), state_word(item->state));
	cib_print_clean(stdout, cib_entry_title(after ? after : before, cib_term_lang()));
	fputc('\n', stdout);
	cib_json_diff(&changes, before ? before : empty, after ? after : empty, NULL);
	for (size_t i = 0; i < changes.count; i++) {
		const cib_json_change *c = &changes.items[i];
		const char *title = schema ? cib_schema_title(schema, c->pointer, cib_term_lang()) : NULL;
		printf("  %s", c->pointer);
		if (title) {
			fputs("  ", stdout);
			cib_print_clean(stdout, title);
		}
		fputc('\n', stdout);
		if (c->before) {
			fputs("    - ", stdout);
			cib_print_value(stdout, c->before);
			fputc('\n', stdout);
		}
		if (c->after) {
			fputs("    + ", stdout);
			cib_print_value(stdout, c->after);
			fputc('\n', stdout);
		}
	}
	if (after && cib_store_blob_read(&text, ws->store, &item->proposed, 0, NULL) == CIB_OK) {
		cib_check_options options = {cib_term_lang(), &ws->tip, true};
		cib_network_check(ws->net, item->path, text.data, text.len, &options, NULL, &findings);
		for (size_t i = 0; i < findings.count; i++)
			cib_print_finding(stdout, &findings.items[i]);
	}
	fputc('\n', stdout);
	cib_json_changes_free(&changes);
	cib_findings_free(&findings);
	cib_buf_free(&text);
	cJSON_Delete(before);
	cJSON_Delete(after);
	cJSON_Delete(empty);
}

static const cib_review_item *find_item(const cib_review_queue *q, const char *id)
{
	for (size_t i = 0; i < q->count; i++)
		if (strcmp(q->items[i].id, id) == 0)
			return &q->items[i];
	return NULL;
}

/* ---- decisions ---- */

static int accept(cib_workspace *ws, const char *member, const cib_review_queue *q, const cib_words *ids, const char *message)
{
	cib_review_item *items = cib_alloc((q->count + 1) * sizeof *items);
	size_t count = 0;
	cib_error err = CIB_ERROR_INIT;
	int code = 0;
	bool whole = ids->count == 0;
	for (size_t i = 0; i < q->count && whole; i++) {
		if (q->items[i].state == CIB_REVIEW_PENDING)
			items[count++] = q->items[i];
		else
			whole = false; /* something is with the member again: take the rest one by one */
	}
	if (ids->count == 0 && !whole) {
		count = 0;
		for (size_t i = 0; i < q->count; i++)
			if (q->items[i].state == CIB_REVIEW_PENDING)
				items[count++] = q->items[i];
	}
	for (size_t i = 0; i < ids->count && code == 0; i++) {
		const cib_review_item *item = find_item(q, ids->items[i]);
		if (item)
			items[count++] = *item;
		else
			code = cib_usage("%s of %s does not wait for review", ids->items[i], member);
	}
	if (code == 0 && count == 0) {
		fprintf(stderr, "Nothing of %s waits for review.\n", member);
	} else if (code == 0 && cib_review_accept(ws, items, count, whole && count == q->count, message, &err) != CIB_OK) {
		code = cib_fail(&err);
	} else if (code == 0) {
		fprintf(stderr, "Accepted %zu of %s. Next: cib sync\n", count, member);
	}
	free(items);
	return code;
}

static int give_back(cib_workspace *ws, const char *member, const cib_review_queue *q, const cib_words *ids, bool decline, const char *field, const char *comment)
{
	cib_error err = CIB_ERROR_INIT;
	if (ids->count != 1 || !comment)
		return cib_usage("one id and a comment (-m) are needed\nusage: cib %s", usage);
	const cib_review_item *item = find_item(q, ids->items[0]);
	if (!item)
		return cib_usage("%s of %s does not wait for review", ids->items[0], member);
	if (!cib_utf8_valid(comment, strlen(comment)))
		return cib_usage("the comment is not UTF-8");
	if (field) {
		cJSON *doc = read_blob(ws, &item->proposed);
		bool there = doc && cib_json_at(doc, field);
		cJSON_Delete(doc);
		if (!there)
			return cib_usage("%s has no field %s; its fields: cib review show %s %s", item->id, field, member, item->id);
	}
	if (cib_review_return(ws, item, decline, field ? field : "", comment, &err) != CIB_OK)
		return cib_fail(&err);
	fprintf(stderr, "%s %s. Next: cib sync\n", decline ? "Declined" : "Returned", ids->items[0]);
	return 0;
}

static int run(cib_workspace *ws, const cib_words *rest, bool json, const char *message, const char *field)
{
	static const char *const actions[] = {"show", "accept", "return", "decline"};
	size_t action = 0;
	while (action < 4 && (rest->count == 0 || strcmp(rest->items[0], actions[action]) != 0))
		action++;
	bool queue_only = action == 4;
	size_t first = queue_only ? 0 : 1;
	const char *member = rest->count > first ? rest->items[first] : NULL;
	cib_words ids = {rest->count > first + 1 ? rest->items + first + 1 : NULL, rest->count > first + 1 ? rest->count - first - 1 : 0, 0};
	if ((!queue_only && !member) || (queue_only && ids.count))
		return cib_usage("which member?\nusage: cib %s", usage);
	cib_review_queue q = CIB_REVIEW_QUEUE_INIT;
	cib_error err = CIB_ERROR_INIT;
	int code = 0;
	if (cib_review_list(&q, ws, member, &err) != CIB_OK)
		code = cib_fail(&err);
	else if (queue_only)
		code = print_queue(ws, &q, json);
	else if (action == 0) {
		for (size_t i = 0; i < q.count; i++)
			if (ids.count == 0 || strcmp(ids.items[0], q.items[i].id) == 0)
				print_item(ws, &q.items[i]);
	} else if (action == 1)
		code = accept(ws, member, &q, &ids, message);
	else
		code = give_back(ws, member, &q, &ids, action == 3, field, message);
	cib_review_queue_free(&q);
	return code;
}

int cib_cmd_review(int argc, char **argv)
{
	bool json = false;
	const char *message = NULL, *field = NULL;
	cib_words rest = {0};
	const cib_opt opts[] = {
		{"message", 'm', CIB_OPT_TEXT, &message, "TEXT", "what to tell the member"},
		{"field", 'f', CIB_OPT_TEXT, &field, "POINTER", "the field that the comment is about, e.g. /title/en"},
		{"json", 0, CIB_OPT_FLAG, &json, NULL, "the queue as JSON lines"},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	if (ws->member)
		code = cib_usage("review is the secretariat's; see how your own entries stand with: cib status");
	else
		code = run(ws, &rest, json, message, field);
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	return code;
}
