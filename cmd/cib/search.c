/* cib search: find entries by words, in any language. */
#include "cmd.h"
#include "search/search.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] = "search [WORD|\"PHRASE\"|BEGINNING*|-NOT]... [--kind K] [--member M] [--country C] [--sdg CODE] [--theme T] [--year Y] [--counts] [--json]";

static int show_progress(size_t done, void *payload)
{
	bool *shown = payload;
	if (!*shown && done < 2000) /* what takes no time needs no words */
		return 0;
	*shown = true;
	putc('\r', stderr);
	fprintf(stderr, _("reading entries for the search index: %zu "), done);
	return 0;
}

static void print_json(const cib_search_found *f)
{
	cJSON *row = cJSON_CreateObject();
	cJSON_AddNumberToObject(row, "v", 1);
	cJSON_AddStringToObject(row, "id", f->id);
	cJSON_AddStringToObject(row, "kind", f->kind->name);
	cJSON_AddStringToObject(row, "member", f->member);
	cJSON_AddStringToObject(row, "path", f->path);
	cJSON_AddStringToObject(row, "title", f->title);
	cJSON_AddStringToObject(row, "snippet", f->snippet);
	cib_print_json(stdout, row);
	cJSON_Delete(row);
}

static void print_text(const cib_search_found *f, const char *lang)
{
	printf("%s  %s, %s%s%s\n", f->id, cib_kind_title(f->kind, lang), *f->member ? f->member : "secretariat", *f->marked ? ": " : "", f->marked);
	if (*f->snippet)
		printf("    %s\n", f->snippet);
}

static void print_counts(const cib_search_counts *counts, cib_network *net, const char *lang)
{
	enum { SHOWN = 12 };
	for (size_t f = 0; f < CIB_SEARCH_FACETS; f++) {
		printf("%s%s:", f ? "" : "\n", cib_search_facet_names[f]);
		for (size_t i = 0; i < counts->of[f].count && i < SHOWN; i++) {
			const cib_search_count *c = &counts->of[f].items[i];
			char *name = cib_search_value_name(net, (cib_search_facet_of)f, c->value, lang);
			printf("%s %s", i ? "," : "", c->value);
			if (strcmp(name, c->value) != 0)
				printf(" (%s)", name);
			printf(" %zu", c->count);
			free(name);
		}
		printf("%s\n", counts->of[f].count > SHOWN ? ", ..." : "");
	}
}

static void print_counts_json(const cib_search_counts *counts, cib_network *net, const char *lang)
{
	cJSON *all = cJSON_CreateObject(), *facets = cJSON_CreateObject();
	cJSON_AddNumberToObject(all, "v", 1);
	cJSON_AddNumberToObject(all, "total", (double)counts->total);
	cJSON_AddItemToObject(all, "counts", facets);
	for (size_t f = 0; f < CIB_SEARCH_FACETS; f++) {
		cJSON *list = cJSON_AddArrayToObject(facets, cib_search_facet_names[f]);
		for (size_t i = 0; i < counts->of[f].count; i++) {
			char *name = cib_search_value_name(net, (cib_search_facet_of)f, counts->of[f].items[i].value, lang);
			cJSON *item = cJSON_CreateObject();
			cJSON_AddStringToObject(item, "value", counts->of[f].items[i].value);
			cJSON_AddStringToObject(item, "name", name);
			cJSON_AddNumberToObject(item, "count", (double)counts->of[f].items[i].count);
			cJSON_AddItemToArray(list, item);
			free(name);
		}
	}
	cib_print_json(stdout, all);
	cJSON_Delete(all);
}

/* "more than 1200 found by the beginnings of the words, the best are shown" */
static void print_found(const cib_search_page *page)
{
	char *found = cib_format(page->more ? cib_ngettext("more than %zu found", "more than %zu found", page->total) : cib_ngettext("%zu found", "%zu found", page->total), page->total);
	bool best = page->count < page->total;
	if (page->widened)
		fprintf(stderr, best ? _("%s by the beginnings of the words, the best are shown\n") : _("%s by the beginnings of the words\n"), found);
	else
		fprintf(stderr, best ? _("%s, the best are shown\n") : "%s\n", found);
	free(found);
}

static void print(const cib_search_page *page, cib_network *net, const cib_search_show *show, bool json)
{
	for (size_t i = 0; i < page->count; i++)
		if (json)
			print_json(&page->items[i]);
		else
			print_text(&page->items[i], show->lang);
	if (show->counts && json)
		print_counts_json(&page->counts, net, show->lang);
	else if (show->counts && page->total)
		print_counts(&page->counts, net, show->lang);
	if (page->total == 0)
		fputs(_("nothing was found\n"), stderr);
	else
		print_found(page);
}

static int find(const cib_search_query *query, cib_search_show *show, bool json)
{
	cib_workspace *ws = NULL;
	cib_search_page page = {0};
	cib_error err = CIB_ERROR_INIT;
	bool shown = false;
	int code = cib_open(&ws);
	if (code)
		return code - 1;
	if (isatty(STDERR_FILENO))
		show->progress = show_progress, show->payload = &shown;
	int status = cib_search_find(&page, ws, query, show, &err);
	if (shown)
		fprintf(stderr, "\r%*s\r", 60, "");
	if (status == CIB_OK)
		print(&page, ws->net, show, json);
	else
		code = cib_fail(&err);
	cib_search_page_free(&page);
	cib_workspace_free(ws);
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
	cib_search_query query = {0};
	cib_search_show show = {0};
	bool json = false;
	cib_words rest = {0}, nots = {0};
	cib_buf words = CIB_BUF_INIT;
	const char *limit = NULL;
	const cib_opt opts[] = {
		{"kind", 'k', CIB_OPT_TEXT, &query.kind, "KIND", N_("only entries of this kind")},
		{"member", 'm', CIB_OPT_TEXT, &query.member, "MEMBER", N_("only this member's; secretariat for the secretariat's")},
		{"country", 'c', CIB_OPT_TEXT, &query.country, "CODE", N_("only where this country is named (ISO 3166)")},
		{"sdg", 0, CIB_OPT_TEXT, &query.sdg, "CODE", N_("only with this goal (5) or target (5.c)")},
		{"theme", 't', CIB_OPT_TEXT, &query.theme, "THEME", N_("only with this theme")},
		{"year", 'y', CIB_OPT_TEXT, &query.year, "YEAR", N_("only what has to do with this year")},
		{"limit", 'n', CIB_OPT_TEXT, &limit, "N", N_("show at most N (20)")},
		{"counts", 0, CIB_OPT_FLAG, &show.counts, NULL, N_("and how many there are of each kind, member, country, goal, theme, year")},
		{"lang", 'l', CIB_OPT_TEXT, &show.lang, "LANG", N_("show texts in this language where there is one")},
		{"rebuild", 0, CIB_OPT_FLAG, &show.rebuild, NULL, N_("make the search index again first")},
		{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("one JSON object a line")},
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
	query.words = cib_buf_str(&words);
	query.limit = limit ? strtoul(limit, NULL, 10) : 20;
	bool colour = !json && cib_term_colour(stdout);
	size_t width = json ? 170 : cib_term_width(stdout);
	show.open = colour ? "\033[1m" : "[";
	show.close = colour ? "\033[0m" : "]";
	show.width = width > 50 ? width - 10 : 40;
	show.lang = show.lang ? show.lang : cib_term_lang();
	bool filtered = query.kind || query.member || query.country || query.sdg || query.theme || query.year;
	if (!words.len && !filtered && !show.counts)
		code = cib_usage("what is to be found?\nusage: cib %s", usage);
	else if (query.limit == 0 || query.limit > 10000)
		code = cib_usage("--limit is a number from 1 to 10000, not '%s'", limit);
	else
		code = find(&query, &show, json);
	cib_buf_free(&words);
	free((void *)(uintptr_t)rest.items);
	free((void *)(uintptr_t)nots.items);
	return code;
}
