/* cib show: one entry, field by field with the titles of its schema, and what was said about it. */
#include "cmd.h"
#include "review/review.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "show ID [--json]";

static void print_fields(const cJSON *node, const cib_schema *schema, cib_buf *pointer, int indent)
{
	size_t len = pointer->len, index = 0;
	for (const cJSON *c = node->child; c; c = c->next, index++) {
		if (cJSON_IsArray(node))
			cib_json_pointer_add_index(pointer, index);
		else
			cib_json_pointer_add(pointer, c->string);
		const char *title = cJSON_IsArray(node) ? "-" : schema ? cib_schema_title(schema, pointer->data, cib_term_lang()) : NULL;
		printf("%*s", indent, "");
		cib_print_clean(stdout, title ? title : c->string);
		if (c->child) {
			fputs(cJSON_IsArray(node) ? "\n" : ":\n", stdout);
			print_fields(c, schema, pointer, indent + 2);
		} else {
			fputs(cJSON_IsArray(node) ? " " : ": ", stdout);
			cib_print_value(stdout, c);
			fputc('\n', stdout);
		}
		pointer->len = len;
		pointer->data[len] = '\0';
	}
}

static void print_comments(cib_workspace *ws, const cib_place *place)
{
	cJSON *record = NULL;
	if (!*place->member || cib_review_record(&record, ws->store, &ws->tip, place->member, place->id, NULL) != CIB_OK || !record)
		return;
	printf("\nReview: %s, %s\n", cib_json_string(record, "decision"), cib_json_string(record, "date"));
	const cJSON *comments = cib_json_get(record, "comments");
	for (const cJSON *c = comments ? comments->child : NULL; c; c = c->next) {
		const char *path = cib_json_string(c, "path"), *text = cib_json_string(c, "text");
		printf("  %s: ", path && *path ? path : "the entry");
		cib_print_clean(stdout, text ? text : "");
		fputc('\n', stdout);
	}
	cJSON_Delete(record);
}

int cib_cmd_show(int argc, char **argv)
{
	bool json = false;
	cib_words rest = {0};
	const cib_opt opts[] = {{"json", 0, CIB_OPT_FLAG, &json, NULL, "the entry as it is stored"}, {0}};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	if (rest.count != 1)
		return cib_usage("which entry?\nusage: cib %s", usage);
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	cib_error err = CIB_ERROR_INIT;
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT, pointer = CIB_BUF_INIT;
	cib_place place;
	cJSON *doc = NULL;
	int status = cib_workspace_find(&path, &place, ws, rest.items[0], &err);
	if (status == CIB_OK)
		status = cib_workspace_read(&text, ws, path.data, &err);
	if (status == CIB_OK && !json)
		status = cib_json_read(&doc, text.data, text.len, NULL, &err);
	if (status != CIB_OK) {
		code = cib_fail(&err);
	} else if (json) {
		fwrite(text.data, 1, text.len, stdout);
	} else {
		cib_buf_reserve(&pointer, 64);
		pointer.data[0] = '\0';
		printf("%s (%s, %s)\n", place.id, cib_kind_title(place.kind, cib_term_lang()), path.data);
		print_fields(doc, cib_network_schema(ws->net, place.kind, NULL), &pointer, 2);
		print_comments(ws, &place);
	}
	cJSON_Delete(doc);
	cib_buf_free(&path);
	cib_buf_free(&text);
	cib_buf_free(&pointer);
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	return code;
}
