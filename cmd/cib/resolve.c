/* cib resolve: settle conflicts, at the terminal or by flags. */
#include "editor.h"
#include "network/codelist.h"

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

/* ---- showing one ---- */

/* `code`: what the code list of the field calls it; NULL: nothing. */
static char *words_of(const cJSON *value, const char *code)
{
	cib_buf b = CIB_BUF_INIT;
	if (!value)
		cib_buf_adds(&b, _("(nothing)"));
	else if (cJSON_IsString(value))
		cib_buf_adds(&b, value->valuestring);
	else
		cib_json_write(&b, value, NULL);
	if (code)
		cib_buf_addf(&b, " (%s)", code);
	return cib_buf_take(&b);
}

static char *by(const char *heading, const char *member, const char *day)
{
	return *member ? cib_format(_("%s: staff of %s, %s"), heading, member, day) : cib_format(_("%s: the secretariat, %s"), heading, day);
}

/* What happened, in a sentence. */
static const char *story(const cib_open_conflict *c)
{
	if (strcmp(c->kind, "entry") == 0)
		return _("Each side's edit is right by itself; the two together break a rule. Choose one version, or edit.");
	if (strcmp(c->kind, "order") == 0)
		return _("Both put the items into another order.");
	if (!c->ours || !c->theirs)
		return c->ours ? _("The other side removed what was changed here.") : _("The other side changed what was removed here.");
	return strcmp(c->nature, "parallel") == 0 ? _("Both filled in the field, differently: both may be right.") : _("Both changed the same value: only one can stand.");
}

static const char *code_name(cib_workspace *ws, const cib_open_conflict *c, const cJSON *value)
{
	cib_place place;
	cib_network_place(&place, ws->net, c->entry_path);
	return place.kind && cJSON_IsString(value) ? cib_field_code_name(ws->net, place.kind, NULL, c->pointer, value->valuestring, cib_term_lang()) : NULL;
}

void cib_print_conflict_field(FILE *stream, cib_workspace *ws, const cib_open_conflict *c)
{
	cib_place place;
	cib_network_place(&place, ws->net, c->entry_path);
	char *title = cib_field_title(ws->net, place.kind, c->pointer, cib_term_lang());
	cib_print_clean(stream, *title ? title : _("the whole entry"));
	if (*c->path && strcmp(title, c->path) != 0) {
		fputs("  [", stream);
		cib_print_clean(stream, c->path);
		fputc(']', stream);
	}
	fputc('\n', stream);
	free(title);
}

/* Are there more conflicts about its field? Then its own name tells them apart. */
static bool shares_field(const cib_open_conflicts *list, const cib_open_conflict *c)
{
	for (size_t i = 0; i < list->count; i++)
		if (&list->items[i] != c && strcmp(list->items[i].entry_path, c->entry_path) == 0 && strcmp(list->items[i].path, c->path) == 0)
			return true;
	return false;
}

static void print_heading(cib_workspace *ws, const cib_open_conflicts *list, const cib_open_conflict *c)
{
	printf("%s", c->id);
	cib_print_title(stdout, ws, c->entry_path);
	fputs("  ", stdout);
	cib_print_conflict_field(stdout, ws, c);
	if (shares_field(list, c))
		printf(_("  One of several about this field: --field %s\n"), c->item);
}

/* Somebody edited the field after the conflict arose: then that is what stands. */
static void print_change_since(cib_workspace *ws, const cib_open_conflict *c)
{
	cJSON *now = cib_conflict_current(ws, c);
	const cJSON *stood = cib_conflict_ours_stands(c) ? c->ours : c->theirs;
	if (now && stood && *c->path && strcmp(c->kind, "order") != 0 && !cib_json_equal(now, stood)) {
		fputs(_("  Edited since then; what stands now is: "), stdout);
		cib_print_value(stdout, now);
		fputc('\n', stdout);
	}
	cJSON_Delete(now);
}

static void print_one(cib_workspace *ws, const cib_open_conflicts *list, const cib_open_conflict *c)
{
	char *base = words_of(c->base, code_name(ws, c, c->base)), *ours = words_of(c->ours, code_name(ws, c, c->ours)), *theirs = words_of(c->theirs, code_name(ws, c, c->theirs));
	bool ours_stands = cib_conflict_ours_stands(c);
	char *mine = by(ours_stands ? _("Stands (ours)") : _("Set aside (ours)"), c->ours_by, c->ours_on);
	char *central = by(ours_stands ? _("Set aside (theirs)") : _("Stands (theirs)"), c->theirs_by, c->theirs_on);
	const cib_column columns[] = {
		{_("Before"), base, NULL},
		{central, theirs, c->base && c->theirs ? base : NULL},
		{mine, ours, c->base && c->ours ? base : NULL},
	};
	print_heading(ws, list, c);
	printf("  %s\n", story(c));
	print_change_since(ws, c);
	cib_print_columns(stdout, columns, 3, 0, cib_term_width(stdout), cib_term_colour(stdout));
	fputc('\n', stdout);
	free(base);
	free(ours);
	free(theirs);
	free(mine);
	free(central);
}

static void add_by(cJSON *row, const char *name, const char *member, const char *day)
{
	cJSON *o = cJSON_AddObjectToObject(row, name);
	cJSON_AddStringToObject(o, "role", *member ? "staff" : "secretariat");
	if (*member)
		cJSON_AddStringToObject(o, "member", member);
	cJSON_AddStringToObject(o, "date", day);
}

static void print_one_json(const cib_open_conflict *c)
{
	cJSON *row = cJSON_CreateObject();
	cJSON_AddNumberToObject(row, "v", 1);
	cJSON_AddStringToObject(row, "id", c->id);
	cJSON_AddStringToObject(row, "entry", c->entry_path);
	cJSON_AddStringToObject(row, "item", c->item);
	cJSON_AddStringToObject(row, "field", c->path);
	cJSON_AddStringToObject(row, "pointer", c->pointer);
	cJSON_AddStringToObject(row, "conflict", c->kind);
	cJSON_AddStringToObject(row, "nature", c->nature);
	const struct {
		const char *name;
		const cJSON *value;
	} sides[] = {{"base", c->base}, {"ours", c->ours}, {"theirs", c->theirs}};
	for (size_t i = 0; i < 3; i++)
		if (sides[i].value)
			cJSON_AddItemToObject(row, sides[i].name, cJSON_Duplicate(sides[i].value, true));
	add_by(row, "oursBy", c->ours_by, c->ours_on);
	add_by(row, "theirsBy", c->theirs_by, c->theirs_on);
	cib_print_json(stdout, row);
	cJSON_Delete(row);
}

/* ---- settling ---- */

static bool wanted(const wish *w, const cib_open_conflict *c)
{
	return (!w->id || strcmp(w->id, c->id) == 0) && (!w->field || strcmp(w->field, c->path) == 0 || strcmp(w->field, c->pointer) == 0 || strcmp(w->field, c->item) == 0);
}

static bool has_inside(const cJSON *v)
{
	return cJSON_IsObject(v) || cJSON_IsArray(v);
}

/* The value in words: a string where either side is one, else JSON. NULL: it should be JSON, and err says why it is not. */
static cJSON *value_of(const char *text, const cib_open_conflict *c, cib_error *err)
{
	cJSON *value = NULL;
	if (cJSON_IsString(c->ours) || cJSON_IsString(c->theirs))
		return cJSON_CreateString(text);
	if (cib_json_read(&value, text, strlen(text), NULL, err) == CIB_OK || has_inside(c->ours) || has_inside(c->theirs))
		return value;
	return cJSON_CreateString(text);
}

/* 0, or an exit code. */
static int settle(cib_workspace *ws, const cib_open_conflict *c, cib_resolution how, const char *text)
{
	cib_error err = CIB_ERROR_INIT;
	cJSON *value = NULL;
	if (how == CIB_RESOLVE_VALUE && !cib_utf8_valid(text, strlen(text)))
		return cib_usage("the value is not UTF-8");
	if (how == CIB_RESOLVE_VALUE && !(value = value_of(text, c, &err)))
		return cib_fail(&err);
	int status = cib_conflict_resolve(ws, c, how, value, &err);
	cJSON_Delete(value);
	if (status != CIB_OK)
		return cib_fail(&err);
	fprintf(stderr, _("%s %s: settled.\n"), c->id, *c->path ? c->path : _("(the whole entry)"));
	return 0;
}

/* A third value, in the editor: begins with the one that was set aside. */
static int settle_in_editor(cib_workspace *ws, const cib_open_conflict *c)
{
	cib_error err = CIB_ERROR_INIT;
	char *start = words_of(c->ours ? c->ours : c->theirs, NULL);
	cib_buf text = CIB_BUF_INIT;
	int code;
	cib_buf_adds(&text, start);
	cib_buf_addc(&text, '\n');
	cib_editing e;
	char *name = cib_format("conflict-%s", c->id), *part = cib_format("%c%s", CIB_EDIT_PART, c->item);
	int status = cib_edit_begin(&e, ws, part, name, &text, &err);
	if (status == CIB_OK)
		status = cib_edit_run(&e, &text, &err);
	if (status != CIB_OK) {
		code = cib_fail(&err);
	} else {
		while (text.len && (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r'))
			text.data[--text.len] = '\0';
		code = settle(ws, c, CIB_RESOLVE_VALUE, cib_buf_str(&text));
	}
	cib_edit_end(&e, status == CIB_OK && code == 0);
	free(name);
	free(part);
	free(start);
	cib_buf_free(&text);
	return code;
}

/* One conflict at the terminal. 0: go on; 1: stop. */
static int ask(cib_workspace *ws, const cib_open_conflicts *list, const cib_open_conflict *c, size_t number, size_t total)
{
	char line[64];
	fprintf(stderr, _("Conflict %zu of %zu\n"), number, total);
	print_one(ws, list, c);
	for (;;) {
		fputs(cib_conflict_ours_stands(c) ? _("Take [o]urs, which stands; [t]heirs, which was set aside; [e]dit; [s]kip; [q]uit? ")
		                                  : _("Take [t]heirs, which stands; [o]urs, which was set aside; [e]dit; [s]kip; [q]uit? "),
		      stderr);
		if (!fgets(line, sizeof line, stdin) || line[0] == 'q')
			return 1;
		if (line[0] == 's')
			return 0;
		if (line[0] == 'o' || line[0] == 't') {
			if (settle(ws, c, line[0] == 'o' ? CIB_RESOLVE_OURS : CIB_RESOLVE_THEIRS, NULL) == 0)
				return 0;
		} else if (line[0] == 'e' && settle_in_editor(ws, c) == 0) {
			return 0;
		}
	}
}

static size_t count_wanted(const wish *w, const cib_open_conflicts *list)
{
	size_t n = 0;
	for (size_t i = 0; i < list->count; i++)
		n += wanted(w, &list->items[i]);
	return n;
}

static int run(cib_workspace *ws, const wish *w)
{
	cib_open_conflicts list = {0};
	cib_error err = CIB_ERROR_INIT;
	size_t number = 0;
	int code = 0;
	bool talk = !w->decided && !w->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO), stop = false;
	if (cib_conflicts_list(&list, ws, &err) != CIB_OK)
		return cib_fail(&err);
	size_t found = count_wanted(w, &list);
	if (w->decided && found > 1 && !w->all)
		code = cib_usage("%zu conflicts are meant; name one with ID and --field, or say --all", found);
	for (size_t i = 0; i < list.count && code == 0 && !stop; i++) {
		const cib_open_conflict *c = &list.items[i];
		if (!wanted(w, c))
			continue;
		number++;
		if (w->decided)
			code = settle(ws, c, w->how, w->value);
		else if (talk)
			stop = ask(ws, &list, c, number, found) != 0;
		else if (w->json)
			print_one_json(c);
		else
			print_one(ws, &list, c);
	}
	if (code == 0 && found == 0) {
		if (!w->json)
			fputs(list.count ? _("No open conflict is meant by that.\n") : _("There are no open conflicts.\n"), stderr);
		code = w->decided ? CIB_USAGE : 0;
	} else if (code == 0 && (w->decided || talk)) {
		cib_open_conflicts_free(&list);
		size_t left = cib_conflicts_list(&list, ws, &err) == CIB_OK ? list.count : 0;
		if (left)
			fprintf(stderr, cib_ngettext("%zu conflict is left. ", "%zu conflicts are left. ", left), left);
		fputs(_("Next: cib sync\n"), stderr);
	} else if (code == 0) {
		code = CIB_FINDINGS;
		if (!w->json)
			fputs(_("Settle one: cib resolve ID --field PATH --ours | --theirs | --value VALUE\n"), stderr);
	}
	cib_open_conflicts_free(&list);
	return code;
}

int cib_cmd_resolve(int argc, char **argv)
{
	bool ours = false, theirs = false;
	wish w = {0};
	cib_words rest = {0};
	const cib_opt opts[] = {
		{"field", 'f', CIB_OPT_TEXT, &w.field, "PATH", N_("only this field, as cib resolve lists it")},
		{"ours", 0, CIB_OPT_FLAG, &ours, NULL, N_("take our value (as a rule the one that was set aside)")},
		{"theirs", 0, CIB_OPT_FLAG, &theirs, NULL, N_("take the value of the central repository (as a rule the one that stands)")},
		{"value", 0, CIB_OPT_TEXT, &w.value, "VALUE", N_("take another value")},
		{"all", 0, CIB_OPT_FLAG, &w.all, NULL, N_("all that are meant, not only one")},
		{"json", 0, CIB_OPT_FLAG, &w.json, NULL, N_("list them as JSON lines")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	if (rest.count > 1 || ours + theirs + (w.value != NULL) > 1)
		return cib_usage("one id at most, and one of --ours, --theirs, --value\nusage: cib %s", usage);
	w.id = rest.count ? rest.items[0] : NULL;
	w.decided = ours || theirs || w.value;
	w.how = ours ? CIB_RESOLVE_OURS : theirs ? CIB_RESOLVE_THEIRS
	                                         : CIB_RESOLVE_VALUE;
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	code = run(ws, &w);
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	return code;
}
