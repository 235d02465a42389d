/* cib list: entries as a table or as JSON lines. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "list [--kind KIND] [--member MEMBER] [--where /field=value]... [--mine] [--json]";

typedef struct {
	cib_workspace *ws;
	const char *lang;
	const cib_words *where;
	bool json;
	const char **cells;
	size_t count, cap;
} listing;

/* /status=2 : that value (as text); /themes=waste : one of the items; /modality= : absent */
bool cib_entry_matches(const cJSON *doc, const char *condition)
{
	const char *equals = strchr(condition, '=');
	char *pointer = cib_strndup(condition, equals ? (size_t)(equals - condition) : strlen(condition)), scratch[40];
	const cJSON *value = cib_json_at(doc, pointer);
	bool yes = false;
	free(pointer);
	if (!equals)
		return value != NULL;
	if (!equals[1])
		return value == NULL;
	for (const cJSON *v = cJSON_IsArray(value) ? value->child : value; v && !yes; v = cJSON_IsArray(value) ? v->next : NULL) {
		const char *code = cib_json_string(v, "code"); /* keyed lists of codes match by code */
		const char *text = cJSON_IsString(v) ? v->valuestring : cJSON_IsNumber(v) ? cib_json_number_text(v, scratch)
		                                                : code                    ? code
		                                                                          : "";
		yes = strcmp(text, equals + 1) == 0 || (cJSON_IsBool(v) && strcmp(equals + 1, cJSON_IsTrue(v) ? "true" : "false") == 0);
	}
	return yes;
}

static int add(const char *path, const cib_place *place, const char *text, size_t len, void *payload)
{
	listing *l = payload;
	cJSON *doc = NULL;
	bool readable = cib_json_read(&doc, text, len, NULL, NULL) == CIB_OK, shown = true;
	for (size_t i = 0; i < l->where->count && shown; i++)
		shown = readable && cib_entry_matches(doc, l->where->items[i]);
	const char *title = readable ? cib_entry_title(doc, l->lang) : _("(not readable)");
	if (shown && l->json) {
		cJSON *row = cJSON_CreateObject();
		cJSON_AddNumberToObject(row, "v", 1);
		cJSON_AddStringToObject(row, "id", place->id);
		cJSON_AddStringToObject(row, "kind", place->kind->name);
		cJSON_AddStringToObject(row, "member", place->member);
		cJSON_AddStringToObject(row, "path", path);
		cJSON_AddStringToObject(row, "title", title);
		cib_print_json(stdout, row);
		cJSON_Delete(row);
	} else if (shown) {
		l->cells = cib_grow((void *)(uintptr_t)l->cells, &l->cap, l->count + 4, sizeof *l->cells);
		l->cells[l->count++] = cib_strdup(place->id);
		l->cells[l->count++] = cib_strdup(place->kind->name);
		l->cells[l->count++] = cib_strdup(*place->member ? place->member : _("secretariat"));
		l->cells[l->count++] = cib_strdup(title);
	}
	cJSON_Delete(doc);
	return 0;
}

int cib_cmd_list(int argc, char **argv)
{
	const char *kind_name = NULL, *member = NULL;
	bool json = false, mine = false;
	cib_words where = {0};
	const cib_opt opts[] = {
		{"kind", 'k', CIB_OPT_TEXT, &kind_name, "KIND", N_("only this kind: project, practice, member, ...")},
		{"member", 'm', CIB_OPT_TEXT, &member, "MEMBER", N_("only this member's entries")},
		{"mine", 0, CIB_OPT_FLAG, &mine, NULL, N_("only your own organisation's entries")},
		{"where", 'w', CIB_OPT_LIST, &where, "/FIELD=VALUE", N_("only entries with that value; may be given again")},
		{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("one JSON object a line")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, NULL);
	if (code)
		return code - 1;
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	const cib_kind *kind = kind_name ? cib_network_kind(ws->net, kind_name) : NULL;
	listing l = {.ws = ws, .lang = cib_term_lang(), .where = &where, .json = json};
	cib_error err = CIB_ERROR_INIT;
	if (kind_name && !kind) {
		code = cib_unknown_kind(ws, kind_name);
	} else if (cib_workspace_each(ws, mine && ws->member ? ws->member : member, kind, add, &l, &err) != CIB_OK) {
		code = cib_fail(&err);
	} else if (!json) {
		const char *const header[] = {_("ID"), _("KIND"), _("MEMBER"), _("TITLE")};
		if (l.count)
			cib_print_table(stdout, header, l.cells, 4, l.count / 4);
		fprintf(stderr, cib_ngettext("%zu entry\n", "%zu entries\n", l.count / 4), l.count / 4);
	}
	for (size_t i = 0; i < l.count; i++)
		free((void *)(uintptr_t)l.cells[i]);
	free((void *)(uintptr_t)l.cells);
	free((void *)(uintptr_t)where.items);
	cib_workspace_free(ws);
	return code;
}
