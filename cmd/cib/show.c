/* cib show: one entry, field by field with the titles of its schema, and what was said about it. */
#include "cmd.h"
#include "network/codelist.h"
#include "network/translation.h"
#include "review/review.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "show ID [--lang LANG] [--json]";

typedef struct {
	cib_network *net;
	const cib_kind *kind;
	const cJSON *doc;
	const cib_schema *schema;
	const char *lang; /* of titles and names of codes */
	cib_buf stale; /* pointers of texts that are older than their source, each between line ends */
} shown;

/* " (Name)" when text stands in a field of a codelist. */
static void print_code_name(const shown *s, const char *pointer, const char *code)
{
	const char *name = cib_field_code_name(s->net, s->kind, s->doc, pointer, code, s->lang);
	if (!name || strcmp(name, code) == 0)
		return;
	fputs(" (", stdout);
	cib_print_clean(stdout, name);
	fputc(')', stdout);
}

static void note_stale(const char *pointer, const char *lang, const char *source, void *payload)
{
	(void)lang;
	(void)source;
	cib_buf_addf(payload, "\n%s\n", pointer);
}

static void print_stale(const shown *s, const char *pointer)
{
	char *line = cib_format("\n%s\n", pointer);
	if (strstr(cib_buf_str(&s->stale), line))
		fputs(" (older than its source)", stdout);
	free(line);
}

static void print_fields(const cJSON *node, const shown *s, cib_buf *pointer, int indent)
{
	size_t len = pointer->len, index = 0;
	for (const cJSON *c = node->child; c; c = c->next, index++) {
		if (cJSON_IsArray(node))
			cib_json_pointer_add_index(pointer, index);
		else
			cib_json_pointer_add(pointer, c->string);
		const char *title = cJSON_IsArray(node) ? "-" : s->schema ? cib_schema_title(s->schema, pointer->data, s->lang)
		                                                          : NULL;
		const char *key = cJSON_IsArray(node) ? NULL : cib_field_code_name(s->net, s->kind, s->doc, pointer->data, c->string, s->lang);
		printf("%*s", indent, "");
		cib_print_clean(stdout, key && !title ? key : title ? title
		                                                    : c->string);
		if (c->child) {
			fputs(cJSON_IsArray(node) ? "\n" : ":\n", stdout);
			print_fields(c, s, pointer, indent + 2);
		} else {
			fputs(cJSON_IsArray(node) ? " " : ": ", stdout);
			cib_print_value(stdout, c);
			if (cJSON_IsString(c))
				print_code_name(s, pointer->data, c->valuestring);
			print_stale(s, pointer->data);
			fputc('\n', stdout);
		}
		pointer->len = len;
		pointer->data[len] = '\0';
	}
}

static void print_comments(cib_workspace *ws, const cib_place *place, const cJSON *doc)
{
	cJSON *record = NULL;
	if (!*place->member || cib_review_record(&record, ws->store, &ws->tip, place->member, place->id, NULL) != CIB_OK)
		return;
	if (record)
		printf("\nReview: %s, %s\n", cib_json_string(record, "decision"), cib_json_string(record, "date"));
	cib_print_dialogue(stdout, ws, place, doc, 2);
	cJSON_Delete(record);
}

int cib_cmd_show(int argc, char **argv)
{
	bool json = false;
	const char *lang = NULL;
	cib_words rest = {0};
	const cib_opt opts[] = {
		{"lang", 'l', CIB_OPT_TEXT, &lang, "LANG", N_("titles and names of codes in this language (the language of the terminal)")},
		{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("the entry as it is stored")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	if (!lang)
		lang = cib_term_lang();
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
		printf("%s (%s, %s)\n", place.id, cib_kind_title(place.kind, lang), path.data);
		shown s = {ws->net, place.kind, doc, cib_network_schema(ws->net, place.kind, NULL), lang, CIB_BUF_INIT};
		cib_translations_stale(ws->net, place.kind, doc, note_stale, &s.stale);
		print_fields(doc, &s, &pointer, 2);
		cib_buf_free(&s.stale);
		print_comments(ws, &place, doc);
	}
	cJSON_Delete(doc);
	cib_buf_free(&path);
	cib_buf_free(&text);
	cib_buf_free(&pointer);
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	return code;
}
