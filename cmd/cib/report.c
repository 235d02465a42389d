/* cib report: what the network knows, put together for people. */
#include "cmd.h"
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char usage[] = "report [NAME] [--format text|csv|html|json|md|svg|fragment] [--year YEAR] [--lang LANG] [--member M] [--country C] [--sdg CODE] [--theme T] [--here] [--public] [--table TABLE] [--output FILE|FOLDER/]";

typedef struct {
	const char *format, *year, *lang, *table, *output;
	bool here, only_public;
	cib_report_filter only;
} asked;

static int list_reports(const char *lang)
{
	for (size_t i = 0; i < cib_report_count(); i++) {
		char *summary = cib_report_summary(i, lang);
		printf("  %-16s %s\n", cib_report_name(i), summary);
		free(summary);
	}
	return 0;
}

static int show_progress(size_t done, void *payload)
{
	bool *shown = payload;
	if (done % 1000 != 0 || (!*shown && done < 5000)) /* what takes no time needs no words */
		return 0;
	*shown = true;
	putc('\r', stderr);
	fprintf(stderr, _("reading entries: %zu "), done);
	return 0;
}

static int make(cib_report **out, const char *name, cib_workspace *ws, const asked *a, cib_error *err)
{
	char today[11];
	bool shown = false;
	cib_oid main;
	cib_day_of(today, time(NULL));
	int status = cib_workspace_main(&main, ws, err);
	cib_report_options options = {
		.net = ws->net,
		.commit = &main,
		.ws = a->here ? ws : NULL,
		.lang = a->lang,
		.year = a->year ? atoi(a->year) : 0,
		.today = today,
		.reader = ws->member ? ws->member : "",
		.only_public = a->only_public,
		.only = a->only,
		.progress = isatty(STDERR_FILENO) ? show_progress : NULL,
		.payload = &shown,
	};
	if (status == CIB_OK)
		status = cib_report_make(out, name, &options, err);
	if (shown)
		fprintf(stderr, "\r%*s\r", 60, "");
	return status;
}

/* ---- where it goes */

static bool is_folder(const char *path)
{
	struct stat st;
	return path[strlen(path) - 1] == '/' || (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

static int write_file(const char *path, const cib_buf *text)
{
	cib_error err = CIB_ERROR_INIT;
	if (cib_file_give_out(path, cib_buf_str(text), text->len, &err) != CIB_OK)
		return cib_fail(&err);
	fprintf(stderr, "%s\n", path);
	return 0;
}

/* Each table of a CSV, each figure as SVG into a file of its own; of another format the one file under the report's name. */
static int write_folder(const char *folder, const cib_report *report, cib_report_format format, const asked *a)
{
	cib_error err = CIB_ERROR_INIT;
	const cib_report_table *t = NULL;
	cib_buf text = CIB_BUF_INIT;
	bool parts = format == CIB_REPORT_CSV || format == CIB_REPORT_SVG;
	int code = cib_mkdirs(folder, &err) == CIB_OK ? 0 : cib_fail(&err);
	for (size_t i = 0; code == 0 && (i == 0 || parts); i++) {
		if (parts && !(t = cib_report_table_at(report, i)))
			break;
		if (t && ((a->table && strcmp(t->id, a->table) != 0) || (format == CIB_REPORT_SVG && !cib_report_has_figure(report, t))))
			continue;
		cib_report_style style = {.table = t ? t->id : a->table};
		char *name = cib_report_file_name(report, t, format);
		char *path = cib_format("%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
		cib_buf_clear(&text);
		cib_report_print(&text, report, format, &style);
		code = write_file(path, &text);
		free(path);
		free(name);
	}
	cib_buf_free(&text);
	return code;
}

static int write_report(const cib_report *report, cib_report_format format, const asked *a)
{
	if (a->output && is_folder(a->output))
		return write_folder(a->output, report, format, a);
	cib_buf text = CIB_BUF_INIT;
	cib_report_style style = {.width = a->output ? 100 : cib_term_width(stdout), .colour = !a->output && cib_term_colour(stdout), .table = a->table};
	cib_report_print(&text, report, format, &style);
	int code = 0;
	if (!text.len && format == CIB_REPORT_SVG)
		code = cib_usage("there is no figure to draw");
	else if (a->output)
		code = write_file(a->output, &text);
	else
		fwrite(cib_buf_str(&text), 1, text.len, stdout);
	cib_buf_free(&text);
	return code;
}

static int report_one(const char *name, const asked *a, cib_report_format format)
{
	cib_workspace *ws = NULL;
	cib_report *report = NULL;
	cib_error err = CIB_ERROR_INIT;
	int code = cib_open(&ws);
	if (code)
		return code - 1;
	int status = make(&report, name, ws, a, &err);
	if (status == CIB_OK && a->table)
		status = cib_report_table_named(NULL, report, a->table, &err);
	code = status == CIB_OK ? write_report(report, format, a) : cib_fail(&err);
	cib_report_free(report);
	cib_workspace_free(ws);
	return code;
}

static bool year_ok(const char *year)
{
	return !year || (strlen(year) == 4 && strspn(year, "0123456789") == 4 && atoi(year) >= 1900);
}

int cib_cmd_report(int argc, char **argv)
{
	asked a = {.format = "text", .lang = NULL};
	cib_report_format format;
	cib_words rest = {0};
	const cib_opt opts[] = {
		{"format", 'f', CIB_OPT_TEXT, &a.format, "FORMAT", N_("text (the default), csv, html, json, md, svg or fragment (a part of a page)")},
		{"year", 'y', CIB_OPT_TEXT, &a.year, "YEAR", N_("of the year; without it what is usual for the report")},
		{"lang", 'l', CIB_OPT_TEXT, &a.lang, "LANG", N_("words in en, fr or es; texts in any language where there is one")},
		{"member", 'm', CIB_OPT_TEXT, &a.only.member, "MEMBER", N_("only what this member owns or takes part in")},
		{"country", 'c', CIB_OPT_TEXT, &a.only.country, "CODE", N_("only where this country is named (ISO 3166)")},
		{"sdg", 0, CIB_OPT_TEXT, &a.only.sdg, "CODE", N_("only with this goal (5) or target (5.c)")},
		{"theme", 0, CIB_OPT_TEXT, &a.only.theme, "THEME", N_("only with this theme")},
		{"here", 0, CIB_OPT_FLAG, &a.here, NULL, N_("as things are in this copy, not as the network accepted them")},
		{"public", 0, CIB_OPT_FLAG, &a.only_public, NULL, N_("only entries that are marked as public")},
		{"table", 't', CIB_OPT_TEXT, &a.table, "TABLE", N_("this table alone; svg: its figure")},
		{"output", 'o', CIB_OPT_TEXT, &a.output, "FILE", N_("write there; csv and svg into a FOLDER/ make a file for each table")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	a.lang = a.lang ? a.lang : cib_term_lang();
	if (rest.count == 0)
		code = list_reports(a.lang);
	else if (rest.count > 1)
		code = cib_usage("one report at a time\nusage: cib %s", usage);
	else if (!cib_report_format_of(&format, a.format))
		code = cib_usage("--format is text, csv, html, json, md, svg or fragment, not '%s'", a.format);
	else if (!year_ok(a.year))
		code = cib_usage("--year is a year such as 2024, not '%s'", a.year);
	else if (a.output && !*a.output)
		code = cib_usage("--output names no file");
	else
		code = report_one(rest.items[0], &a, format);
	free((void *)(uintptr_t)rest.items);
	return code;
}
