/* cib comment: say something about an entry or a field, and answer. Works offline on both sides. */
#include "cmd.h"
#include "review/review.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "comment ID [--field POINTER] [--reply COMMENT] [-m TEXT] [--json]";

void cib_print_dialogue(FILE *stream, cib_workspace *ws, const cib_place *place, const cJSON *doc, int indent)
{
	cib_dialogue d = {0};
	const cib_merge_rules *rules = place->kind ? cib_network_rules(ws->net, place->kind) : NULL;
	if (*place->member && cib_dialogue_load(&d, ws, place->member, place->id, NULL) != CIB_OK)
		d.count = 0;
	for (size_t i = 0; i < d.count; i++) {
		const cib_remark *r = &d.items[i];
		cib_buf pointer = CIB_BUF_INIT;
		fprintf(stream, "%*s%s", indent + 2 * (int)(r->depth < 10 ? r->depth : 10), "", r->depth ? "> " : "");
		if (*r->path && !r->depth) {
			char *title = cib_field_title(ws->net, place->kind, doc && cib_merge_path_to_pointer(&pointer, doc, rules, r->path) ? pointer.data : r->path, cib_term_lang());
			cib_print_clean(stream, title);
			fputs(": ", stream);
			free(title);
		}
		cib_print_clean(stream, r->text);
		fprintf(stream, "  (%s, %s, %s)\n", r->by_secretariat ? _("secretariat") : place->member, r->date, r->id);
		cib_buf_free(&pointer);
	}
	cib_dialogue_clear(&d);
}

static void print_json(cib_workspace *ws, const cib_place *place)
{
	cib_dialogue d = {0};
	if (cib_dialogue_load(&d, ws, place->member, place->id, NULL) == CIB_OK)
		for (size_t i = 0; i < d.count; i++) {
			cJSON *row = cJSON_CreateObject();
			cJSON_AddNumberToObject(row, "v", 1);
			cJSON_AddStringToObject(row, "entry", place->id);
			cJSON_AddStringToObject(row, "id", d.items[i].id);
			cJSON_AddStringToObject(row, "field", d.items[i].path);
			cJSON_AddStringToObject(row, "text", d.items[i].text);
			cJSON_AddStringToObject(row, "role", d.items[i].by_secretariat ? "secretariat" : "staff");
			cJSON_AddStringToObject(row, "author", d.items[i].author);
			cJSON_AddStringToObject(row, "date", d.items[i].date);
			if (d.items[i].reply_to)
				cJSON_AddStringToObject(row, "replyTo", d.items[i].reply_to);
			cib_print_json(stdout, row);
			cJSON_Delete(row);
		}
	cib_dialogue_clear(&d);
}

static int run(cib_workspace *ws, const char *id, const char *field, const char *reply, const char *text, bool json)
{
	cib_error err = CIB_ERROR_INIT;
	cib_buf path = CIB_BUF_INIT, entry = CIB_BUF_INIT;
	cib_place place;
	cJSON *doc = NULL;
	char *made = NULL;
	int code = 0;
	if (cib_review_find_entry(&path, &place, ws, id, &err) != CIB_OK) {
		code = cib_fail(&err);
	} else if (!text) {
		if (cib_workspace_read(&entry, ws, path.data, NULL) == CIB_OK)
			cib_json_read(&doc, entry.data, entry.len, NULL, NULL);
		if (json)
			print_json(ws, &place);
		else
			cib_print_dialogue(stdout, ws, &place, doc, 0);
	} else if (cib_dialogue_add(&made, ws, path.data, field ? field : "", reply, text, &err) != CIB_OK) {
		code = cib_fail(&err);
	} else {
		printf("%s\n", made);
		fputs(_("Your comment is kept. Next: cib sync\n"), stderr);
	}
	free(made);
	cJSON_Delete(doc);
	cib_buf_free(&path);
	cib_buf_free(&entry);
	return code;
}

int cib_cmd_comment(int argc, char **argv)
{
	const char *text = NULL, *field = NULL, *reply = NULL;
	bool json = false;
	cib_words rest = {0};
	const cib_opt opts[] = {
		{"message", 'm', CIB_OPT_TEXT, &text, "TEXT", N_("what to say; without it the dialogue is shown")},
		{"field", 'f', CIB_OPT_TEXT, &field, "POINTER", N_("the field that it is about, e.g. /title/en")},
		{"reply", 'r', CIB_OPT_TEXT, &reply, "COMMENT", N_("the comment that it answers")},
		{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("the dialogue as JSON lines")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	cib_workspace *ws = NULL;
	if (rest.count != 1 || (text && (!*text || !cib_utf8_valid(text, strlen(text)) || strlen(text) > 8000)))
		code = cib_usage("one id, and a text of at most 8,000 bytes of UTF-8\nusage: cib %s", usage);
	else if ((code = cib_open(&ws)))
		code--;
	else
		code = run(ws, rest.items[0], field, reply, text, json);
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	return code;
}
