/* cib search: find entries by words, in any language. */
#include "cmd.h"
#include "network/codelist.h"
#include "search/search.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] = "search [WORD|\"PHRASE\"|BEGINNING*|-NOT]... [--kind K] [--member M] [--country C] [--sdg CODE] [--theme T] [--year Y] [--json]";

typedef struct {
	cib_workspace *ws;
	cib_search *search;
	cib_search_query query;
	cib_search_hits hits;
	bool json, rebuild, colour;
	const char *lang;
} finding;

static int show_progress(size_t done, void *payload)
{
	bool *shown = payload;
	if (!*shown && done < 2000) /* what takes no time needs no words */
		return 0;
	*shown = true;
	fprintf(stderr, "\rreading entries for the search index: %zu ", done);
	return 0;
}

static int update(finding *f, cib_error *err)
{
	bool shown = false;
	int status = f->rebuild ? cib_search_reset(f->search, err) : CIB_OK;
	f->rebuild = false;
	if (status == CIB_OK)
		status = cib_search_update(f->search, &f->ws->tip, isatty(STDERR_FILENO) ? show_progress : NULL, &shown, NULL, err);
	if (shown)
		fprintf(stderr, "\r%*s\r", 60, "");
	return status;
}

/* What is not saved yet is found, too. */
static int overlay(finding *f, cib_error *err)
{
	cib_work_changes changes = {0};
	cib_buf text = CIB_BUF_INIT;
	int status = cib_workspace_changes(&changes, f->ws, f->lang, err);
	for (size_t i = 0; i < changes.count && status == CIB_OK; i++) {
		bool there = changes.items[i].kind != CIB_CHANGE_REMOVED && cib_workspace_read(&text, f->ws, changes.items[i].path, NULL) == CIB_OK;
		status = cib_search_overlay(f->search, changes.items[i].path, there ? cib_buf_str(&text) : NULL, text.len, err);
	}
	cib_work_changes_free(&changes);
	cib_buf_free(&text);
	return status;
}

static int look(finding *f, cib_error *err)
{
	char *file = cib_format("%s/cib/search.sqlite", cib_store_git_dir(f->ws->store));
	int status = cib_search_open(&f->search, f->ws->net, file, err);
	for (int attempt = 0; status == CIB_OK && attempt < 2; attempt++) {
		status = update(f, err);
		if (status == CIB_OK)
			status = overlay(f, err);
		if (status == CIB_OK)
			status = cib_search_run(&f->hits, f->search, &f->query, err);
		if (status != CIB_DAMAGED || attempt == 1)
			break;
		status = cib_search_reset(f->search, err); /* it is only a cache: once more, from nothing */
	}
	if (status == CIB_DAMAGED)
		status = CIB_IO;
	free(file);
	return status;
}

/* ---- showing */

static void print_hit(const finding *f, const cib_place *place, const cJSON *doc)
{
	cib_search_marks marks = {f->query.words, f->colour ? "\033[1m" : "[", f->colour ? "\033[0m" : "]", f->hits.widened};
	cib_buf title = CIB_BUF_INIT;
	cib_search_mark(&title, cib_entry_title(doc, f->lang), &marks);
	printf("%s  %s, %s%s%s\n", place->id, cib_kind_title(place->kind, f->lang), *place->member ? place->member : "secretariat", title.len ? ": " : "", cib_buf_str(&title));
	cib_buf_free(&title);
}

static void print_snippet(const finding *f, const char *path, const cJSON *doc)
{
	cib_search_marks marks = {f->query.words, f->colour ? "\033[1m" : "[", f->colour ? "\033[0m" : "]", f->hits.widened};
	cib_buf snippet = CIB_BUF_INIT;
	size_t width = cib_term_width(stdout);
	cib_search_snippet(&snippet, f->search, path, doc, f->lang, width > 40 ? width - 10 : 40, &marks);
	if (snippet.len)
		printf("    %s\n", snippet.data);
	cib_buf_free(&snippet);
}

static void print_json(const finding *f, const cib_search_hit *hit, const cib_place *place, const cJSON *doc)
{
	cib_search_marks marks = {f->query.words, "[", "]", f->hits.widened};
	cib_buf snippet = CIB_BUF_INIT;
	cJSON *row = cJSON_CreateObject();
	cib_search_snippet(&snippet, f->search, hit->path, doc, f->lang, 160, &marks);
	cJSON_AddNumberToObject(row, "v", 1);
	cJSON_AddStringToObject(row, "id", place->id);
	cJSON_AddStringToObject(row, "kind", place->kind->name);
	cJSON_AddStringToObject(row, "member", place->member);
	cJSON_AddStringToObject(row, "path", hit->path);
	cJSON_AddStringToObject(row, "title", cib_entry_title(doc, f->lang));
	cJSON_AddStringToObject(row, "snippet", cib_buf_str(&snippet));
	cib_print_json(stdout, row);
	cJSON_Delete(row);
	cib_buf_free(&snippet);
}

static void print(finding *f)
{
	cib_buf text = CIB_BUF_INIT;
	for (size_t i = 0; i < f->hits.count; i++) {
		const char *path = f->hits.items[i].path;
		cJSON *doc = NULL;
		cib_place place;
		cib_network_place(&place, f->ws->net, path);
		if (place.kind && cib_workspace_read(&text, f->ws, path, NULL) == CIB_OK && cib_json_read(&doc, text.data, text.len, NULL, NULL) == CIB_OK) {
			if (f->json) {
				print_json(f, &f->hits.items[i], &place, doc);
			} else {
				print_hit(f, &place, doc);
				print_snippet(f, path, doc);
			}
		}
		cJSON_Delete(doc);
	}
	cib_buf_free(&text);
	if (f->hits.total == 0)
		fprintf(stderr, "nothing was found\n");
	else
		fprintf(stderr, "%s%zu found%s%s\n", f->hits.more ? "more than " : "", f->hits.total, f->hits.widened ? " by the beginnings of the words" : "",
		        f->hits.count < f->hits.total ? ", the best are shown" : "");
}

/* ---- filters */

/* A filter by a code: what was meant by a word that is no code? */
static int check_code(const cib_workspace *ws, const char *option, const char *list_name, const char *value)
{
	const cib_codelist *list = value ? cib_network_codelist(ws->net, list_name) : NULL;
	if (!list || cib_codelist_get(list, value))
		return 0;
	const cib_code *near = cib_codelist_nearest(list, value);
	if (near)
		return cib_usage("there is no %s '%s'; did you mean %s (%s)?", option, value, near->code, cib_code_name(near, cib_term_lang(), false));
	return cib_usage("there is no %s '%s'; see: cib codes %s", option, value, cib_codelist_name(list));
}

static int check_filters(const finding *f)
{
	const char *names[64], *near;
	size_t n = 0;
	for (size_t i = 0; i < cib_network_kind_count(f->ws->net) && n < 64; i++)
		if (cib_network_kind_at(f->ws->net, i)->folder)
			names[n++] = cib_network_kind_at(f->ws->net, i)->name;
	if (f->query.kind && !cib_network_kind(f->ws->net, f->query.kind)) {
		near = cib_nearest(f->query.kind, names, n);
		return cib_usage("there is no kind '%s'%s%s", f->query.kind, near ? "; did you mean " : "", near ? near : "");
	}
	int code = check_code(f->ws, "country", "Country", f->query.country);
	if (!code)
		code = check_code(f->ws, "theme", "themes", f->query.theme);
	if (!code && f->query.sdg)
		code = check_code(f->ws, strchr(f->query.sdg, '.') ? "target" : "goal", strchr(f->query.sdg, '.') ? "UNSDG-Targets" : "UNSDG-Goals", f->query.sdg);
	return code;
}

/* "-word" is no option: it is taken out of the arguments and stands behind them. Returns how many are left. */
static int take_nots(int argc, char **argv, cib_words *nots)
{
	int left = 1;
	for (int i = 1; i < argc; i++)
		if (argv[i][0] == '-' && argv[i][1] && argv[i][1] != '-' && argv[i][2])
			cib_words_add(nots, argv[i]);
		else
			argv[left++] = argv[i];
	return left;
}

int cib_cmd_search(int argc, char **argv)
{
	finding f = {0};
	cib_words rest = {0}, nots = {0};
	cib_buf words = CIB_BUF_INIT;
	const char *limit = NULL;
	const cib_opt opts[] = {
		{"kind", 'k', CIB_OPT_TEXT, &f.query.kind, "KIND", N_("only entries of this kind")},
		{"member", 'm', CIB_OPT_TEXT, &f.query.member, "MEMBER", N_("only this member's; secretariat for the secretariat's")},
		{"country", 'c', CIB_OPT_TEXT, &f.query.country, "CODE", N_("only where this country is named (ISO 3166)")},
		{"sdg", 0, CIB_OPT_TEXT, &f.query.sdg, "CODE", N_("only with this goal (5) or target (5.c)")},
		{"theme", 't', CIB_OPT_TEXT, &f.query.theme, "THEME", N_("only with this theme")},
		{"year", 'y', CIB_OPT_TEXT, &f.query.year, "YEAR", N_("only what has to do with this year")},
		{"limit", 'n', CIB_OPT_TEXT, &limit, "N", N_("show at most N (20)")},
		{"lang", 'l', CIB_OPT_TEXT, &f.lang, "LANG", N_("show texts in this language where there is one")},
		{"rebuild", 0, CIB_OPT_FLAG, &f.rebuild, NULL, N_("make the search index again first")},
		{"json", 0, CIB_OPT_FLAG, &f.json, NULL, N_("one JSON object a line")},
		{0},
	};
	argc = take_nots(argc, argv, &nots);
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	for (size_t i = 0; i < rest.count; i++) /* a word with spaces was a phrase in the shell, too */
		cib_buf_addf(&words, strpbrk(rest.items[i], " \t") && !strchr(rest.items[i], '"') && rest.count > 1 ? "%s\"%s\"" : "%s%s", i ? " " : "", rest.items[i]);
	for (size_t i = 0; i < nots.count; i++)
		cib_buf_addf(&words, "%s%s", words.len ? " " : "", nots.items[i]);
	f.query.words = cib_buf_str(&words);
	f.query.limit = limit ? strtoul(limit, NULL, 10) : 20;
	f.colour = cib_term_colour(stdout);
	f.lang = f.lang ? f.lang : cib_term_lang();
	bool filtered = f.query.kind || f.query.member || f.query.country || f.query.sdg || f.query.theme || f.query.year;
	if (!words.len && !filtered)
		code = cib_usage("what is to be found?\nusage: cib %s", usage);
	else if (f.query.limit == 0 || f.query.limit > 10000)
		code = cib_usage("--limit is a number from 1 to 10000, not '%s'", limit);
	else if ((code = cib_open(&f.ws)))
		code--;
	else
		code = check_filters(&f);
	cib_error err = CIB_ERROR_INIT;
	if (f.ws && !code) {
		if (look(&f, &err) == CIB_OK)
			print(&f);
		else
			code = cib_fail(&err);
	}
	cib_search_hits_free(&f.hits);
	cib_search_free(f.search);
	cib_workspace_free(f.ws);
	cib_buf_free(&words);
	free((void *)(uintptr_t)rest.items);
	free((void *)(uintptr_t)nots.items);
	return code;
}
