/* cib codes: find a code in the network's codelists. */
#include "cmd.h"
#include "network/codelist.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "codes [LIST [WORD...]] [--lang LANG] [--withdrawn] [--json]";

typedef struct {
	const char *lang;
	bool withdrawn, json;
	const cib_words *words; /* words->items[0] is the list */
} request;

static void print_lists(const request *r, const cib_codelist **lists, size_t count)
{
	const char **cells = cib_alloc((count + 1) * 4 * sizeof *cells);
	for (size_t i = 0; i < count; i++) {
		if (r->json) {
			cJSON *row = cJSON_CreateObject();
			cJSON_AddNumberToObject(row, "v", 1);
			cJSON_AddStringToObject(row, "list", cib_codelist_name(lists[i]));
			cJSON_AddStringToObject(row, "version", cib_codelist_version(lists[i]));
			cJSON_AddStringToObject(row, "title", cib_codelist_title(lists[i], r->lang));
			cJSON_AddNumberToObject(row, "codes", (double)cib_codelist_count(lists[i]));
			cib_print_json(stdout, row);
			cJSON_Delete(row);
		}
		cells[i * 4] = cib_codelist_name(lists[i]);
		cells[i * 4 + 1] = cib_format("%zu", cib_codelist_count(lists[i]));
		cells[i * 4 + 2] = cib_codelist_version(lists[i]);
		cells[i * 4 + 3] = cib_codelist_title(lists[i], r->lang);
	}
	if (!r->json)
		cib_print_table(stdout, (const char *const[]){_("List"), _("Codes"), _("Version"), _("Of")}, cells, 4, count);
	for (size_t i = 0; i < count; i++)
		free((char *)(uintptr_t)cells[i * 4 + 1]);
	free(cells);
}

static void print_code_json(const cib_codelist *list, const cib_code *c, const char *lang)
{
	cJSON *row = cJSON_Duplicate(c->json, true);
	cib_json_set(row, "v", cJSON_CreateNumber(1));
	cib_json_set(row, "list", cJSON_CreateString(cib_codelist_name(list)));
	cib_json_set(row, "label", cJSON_CreateString(cib_code_name(c, lang, false)));
	cib_print_json(stdout, row);
	cJSON_Delete(row);
}

static void print_code(const cib_codelist *list, const cib_code *c, const char *lang)
{
	printf("%-8s  ", c->code);
	cib_print_clean(stdout, cib_code_name(c, lang, false));
	if (c->withdrawn) {
		const cib_code *next = c->successor ? cib_codelist_get(list, c->successor) : NULL;
		printf(next ? _("  (withdrawn; use %s)") : _("  (withdrawn)"), next ? next->code : "");
	}
	fputc('\n', stdout);
}

static int print_codes(const request *r, const cib_codelist *list)
{
	size_t shown = 0;
	for (size_t i = 0; i < cib_codelist_count(list); i++) {
		const cib_code *c = cib_codelist_at(list, i);
		bool exact = r->words->count > 1 && strcmp(c->code, r->words->items[1]) == 0;
		if ((c->withdrawn && !r->withdrawn && !exact) || !cib_code_matches(c, r->words->items + 1, r->words->count - 1))
			continue;
		shown++;
		if (r->json)
			print_code_json(list, c, r->lang);
		else
			print_code(list, c, r->lang);
	}
	if (shown)
		return 0;
	const cib_code *near = r->words->count > 1 ? cib_codelist_nearest(list, r->words->items[1]) : NULL;
	if (near)
		fprintf(stderr, _("cib: no code of %s has these words; did you mean %s (%s)?\n"), cib_codelist_name(list), near->code, cib_code_name(near, r->lang, false));
	else
		fprintf(stderr, _("cib: no code of %s has these words\n"), cib_codelist_name(list));
	return CIB_FINDINGS;
}

static int unknown_list(const char *name, const cib_codelist **lists, size_t count)
{
	const char **names = cib_alloc((count + 1) * sizeof *names);
	for (size_t i = 0; i < count; i++)
		names[i] = cib_codelist_name(lists[i]);
	const char *near = cib_nearest(name, names, count);
	int code = near ? cib_usage("there is no list '%s'. Did you mean: cib codes %s", name, near)
	                : cib_usage("there is no list '%s'. All lists: cib codes", name);
	free(names);
	return code;
}

int cib_cmd_codes(int argc, char **argv)
{
	cib_words rest = {0};
	request r = {.lang = NULL, .words = &rest};
	const cib_opt opts[] = {
		{"lang", 'l', CIB_OPT_TEXT, &r.lang, "LANG", N_("names in this language (the language of the terminal)")},
		{"withdrawn", 0, CIB_OPT_FLAG, &r.withdrawn, NULL, N_("withdrawn codes, too")},
		{"json", 0, CIB_OPT_FLAG, &r.json, NULL, N_("one JSON object a line")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	if (!r.lang)
		r.lang = cib_term_lang();
	cib_error err = CIB_ERROR_INIT;
	const cib_codelist **lists = NULL, *list = NULL;
	size_t count = 0;
	if (rest.count)
		list = cib_network_codelist(ws->net, rest.items[0]);
	if (list)
		code = print_codes(&r, list);
	else if (cib_network_codelists(&lists, &count, ws->net, &err) != CIB_OK)
		code = cib_fail(&err);
	else if (rest.count)
		code = unknown_list(rest.items[0], lists, count);
	else
		print_lists(&r, lists, count);
	free((void *)(uintptr_t)lists);
	free((void *)(uintptr_t)rest.items);
	cib_workspace_free(ws);
	return code;
}
