/* cib show: one entry, field by field with the titles of its schema, and what was said about it. */
#include "cmd.h"
#include "network/reading.h"
#include "review/review.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "show ID [--lang LANG] [--json]";

static void print_reading(const cib_reading *reading)
{
	for (size_t i = 0; i < reading->count; i++) {
		const cib_reading_item *item = &reading->items[i];
		printf("%*s", (int)(2 + 2 * item->depth), "");
		cib_print_clean(stdout, item->title ? item->title : "-");
		if (!item->text) {
			fputs(item->title ? ":\n" : "\n", stdout);
			continue;
		}
		fputs(item->title ? ": " : " ", stdout);
		cib_print_clean(stdout, item->text);
		if (item->name) {
			fputs(" (", stdout);
			cib_print_clean(stdout, item->name);
			fputc(')', stdout);
		}
		fputs(item->stale ? _(" (older than its source)\n") : "\n", stdout);
	}
}

/* As reviews/ has it, in the words of the queue. */
static const char *decision_word(const char *decision)
{
	static const char *const known[] = {N_("accepted"), N_("changes-requested"), N_("declined")};
	for (size_t i = 0; decision && i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i], decision) == 0)
			return known[i];
	return "-";
}

static void print_comments(cib_workspace *ws, const cib_place *place, const cJSON *doc)
{
	cJSON *record = NULL;
	if (!*place->member || cib_review_record(&record, ws->store, &ws->tip, place->member, place->id, NULL) != CIB_OK)
		return;
	if (record)
		printf(_("\nReview: %s, %s\n"), _(decision_word(cib_json_string(record, "decision"))), cib_json_string(record, "date"));
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
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
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
		printf("%s (%s, %s)\n", place.id, cib_kind_title(place.kind, lang), path.data);
		cib_reading reading = {0};
		cib_reading_make(&reading, ws->net, place.kind, doc, lang);
		print_reading(&reading);
		cib_reading_clear(&reading);
		print_comments(ws, &place, doc);
	}
	cJSON_Delete(doc);
	cib_buf_free(&path);
	cib_buf_free(&text);
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	return code;
}
