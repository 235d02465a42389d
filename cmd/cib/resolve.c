/* cib resolve: settle conflicts, at the terminal or by flags. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] = "resolve [ID] [--field PATH] [--ours | --theirs | --value VALUE] [--all] [--json]";

typedef struct {
	const char *id, *field;
	bool all, json;
	bool decided;
	cib_resolution how;
	const char *value;
} wish;

static void print_one(const cib_open_conflict *c)
{
	printf("%s  ", c->id);
	cib_print_clean(stdout, *c->path ? c->path : "the whole entry");
	printf("\n  before:          ");
	cib_print_value(stdout, c->base);
	printf("\n  central (theirs): ");
	cib_print_value(stdout, c->theirs);
	printf("\n  set aside (ours): ");
	cib_print_value(stdout, c->ours);
	if (c->who && *c->who) {
		printf("\n  by ");
		cib_print_clean(stdout, c->who);
		printf(", %s", c->when ? c->when : "");
	}
	fputc('\n', stdout);
}

static void print_one_json(const cib_open_conflict *c)
{
	cJSON *row = cJSON_CreateObject();
	cJSON_AddNumberToObject(row, "v", 1);
	cJSON_AddStringToObject(row, "id", c->id);
	cJSON_AddStringToObject(row, "field", c->path);
	cJSON_AddStringToObject(row, "pointer", c->pointer ? c->pointer : "");
	cJSON_AddStringToObject(row, "conflict", c->kind ? c->kind : "");
	const struct {
		const char *name;
		const cJSON *value;
	} sides[] = {{"base", c->base}, {"ours", c->ours}, {"theirs", c->theirs}};
	for (size_t i = 0; i < 3; i++)
		if (sides[i].value)
			cJSON_AddItemToObject(row, sides[i].name, cJSON_Duplicate(sides[i].value, true));
	cib_print_json(stdout, row);
	cJSON_Delete(row);
}

static bool wanted(const wish *w, const cib_open_conflict *c)
{
	return (!w->id || strcmp(w->id, c->id) == 0) && (!w->field || strcmp(w->field, c->path) == 0 || (c->pointer && strcmp(w->field, c->pointer) == 0));
}

/* The value in words: a string where either side is one, else JSON. */
static cJSON *value_of(const char *text, const cib_open_conflict *c)
{
	cJSON *value = NULL;
	if (!cJSON_IsString(c->ours) && !cJSON_IsString(c->theirs))
		cib_json_read(&value, text, strlen(text), NULL, NULL);
	return value ? value : cJSON_CreateString(text);
}

static int settle(cib_workspace *ws, const cib_open_conflict *c, cib_resolution how, const char *text)
{
	cib_error err = CIB_ERROR_INIT;
	cJSON *value = how == CIB_RESOLVE_VALUE ? value_of(text, c) : NULL;
	int status = cib_conflict_resolve(ws, c, how, value, &err);
	cJSON_Delete(value);
	if (status != CIB_OK)
		return cib_fail(&err);
	fprintf(stderr, "%s %s: settled.\n", c->id, c->path);
	return 0;
}

/* One conflict at the terminal. 1: go on, 0: settled, else an exit code + 1. */
static int ask(cib_workspace *ws, const cib_open_conflict *c)
{
	char line[4096];
	print_one(c);
	for (;;) {
		fputs("[o]urs, [t]heirs, [v]alue, [s]kip, [q]uit? ", stderr);
		if (!fgets(line, sizeof line, stdin) || line[0] == 'q')
			return -1;
		if (line[0] == 's')
			return 0;
		if (line[0] == 'o' || line[0] == 't')
			return settle(ws, c, line[0] == 'o' ? CIB_RESOLVE_OURS : CIB_RESOLVE_THEIRS, NULL);
		if (line[0] == 'v') {
			fputs("Value: ", stderr);
			if (!fgets(line, sizeof line, stdin))
				return -1;
			line[strcspn(line, "\r\n")] = '\0';
			return settle(ws, c, CIB_RESOLVE_VALUE, line);
		}
	}
}

static int run(cib_workspace *ws, const wish *w)
{
	cib_open_conflicts list = {0};
	cib_error err = CIB_ERROR_INIT;
	size_t found = 0, left = 0;
	int code = 0;
	bool talk = !w->decided && !w->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	if (cib_conflicts_list(&list, ws, &err) != CIB_OK)
		return cib_fail(&err);
	for (size_t i = 0; i < list.count; i++)
		found += wanted(w, &list.items[i]);
	if (w->decided && found > 1 && !w->all && !(w->id && w->field))
		code = cib_usage("%zu conflicts are meant; name one with ID and --field, or say --all", found);
	for (size_t i = 0; i < list.count && code == 0; i++) {
		const cib_open_conflict *c = &list.items[i];
		if (!wanted(w, c))
			continue;
		if (w->decided)
			code = settle(ws, c, w->how, w->value);
		else if (talk)
			code = ask(ws, c);
		else if (w->json)
			print_one_json(c);
		else
			print_one(c);
		left += !w->decided && !talk;
	}
	if (code < 0)
		code = 0;
	if (found == 0 && !w->json)
		fprintf(stderr, list.count ? "No open conflict is meant by that.\n" : "There are no open conflicts.\n");
	else if (left && !w->json)
		fprintf(stderr, "Settle one: cib resolve ID --field PATH --ours | --theirs | --value VALUE\n");
	else if (w->decided && code == 0)
		fprintf(stderr, "Next: cib sync\n");
	cib_open_conflicts_free(&list);
	return code ? code : left ? CIB_FINDINGS : w->decided && found == 0 ? CIB_USAGE : 0;
}

int cib_cmd_resolve(int argc, char **argv)
{
	bool ours = false, theirs = false;
	wish w = {0};
	cib_words rest = {0};
	const cib_opt opts[] = {
		{"field", 'f', CIB_OPT_TEXT, &w.field, "PATH", "only this field, as cib resolve lists it"},
		{"ours", 0, CIB_OPT_FLAG, &ours, NULL, "take the value that was set aside"},
		{"theirs", 0, CIB_OPT_FLAG, &theirs, NULL, "keep the central value"},
		{"value", 0, CIB_OPT_TEXT, &w.value, "VALUE", "take another value"},
		{"all", 0, CIB_OPT_FLAG, &w.all, NULL, "all that are meant, not only one"},
		{"json", 0, CIB_OPT_FLAG, &w.json, NULL, "list them as JSON lines"},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	if (rest.count > 1 || ours + theirs + (w.value != NULL) > 1)
		return cib_usage("one id at most, and one of --ours, --theirs, --value\nusage: cib %s", usage);
	w.id = rest.count ? rest.items[0] : NULL;
	w.decided = ours || theirs || w.value;
	w.how = ours ? CIB_RESOLVE_OURS : theirs ? CIB_RESOLVE_THEIRS : CIB_RESOLVE_VALUE;
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	code = run(ws, &w);
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	return code;
}
