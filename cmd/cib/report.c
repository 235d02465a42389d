/* cib report: what the network knows, put together for people. */
#include "cmd.h"
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char usage[] = "report [NAME] [--format text|csv|html|json|md] [--year YEAR] [--lang LANG] [--here] [--public] [--table TABLE] [--output FILE|FOLDER/]";

typedef struct {
	const char *format, *year, *lang, *table, *output;
	bool here, only_public;
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
	fprintf(stderr, "\rreading entries: %zu ", done);
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
	if (cib_file_write(path, cib_buf_str(text), text->len, &err) != CIB_OK)
		return cib_fail(&err);
	fprintf(stderr, "%s\n", path);
	return 0;
}

/* Each table of a CSV into a file of its own; of another format the one file under the report's name. */
static int write_folder(const char *folder, const cib_report *report, cib_report_format format, const asked *a)
{
	cib_error err = CIB_ERROR_INIT;
	const cib_report_table *t = NULL;
	cib_buf text = CIB_BUF_INIT;
	int code = cib_mkdirs(folder, &err) == CIB_OK ? 0 : cib_fail(&err);
	for (size_t i = 0; code == 0 && (i == 0 || format == CIB_REPORT_CSV); i++) {
		if (format == CIB_REPORT_CSV && !(t = cib_report_table_at(report, i)))
			break;
		if (t && a->table && strcmp(t->id, a->table) != 0)
			continue;
		cib_report_style style = {.table = t ? t->id : NULL};
		char *path = cib_format("%s%s%s%s%s.%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", report->name, t ? "-" : "", t ? t->id : "", format == CIB_REPORT_TEXT ? "txt" : a->format);
		cib_buf_clear(&text);
		cib_report_print(&text, report, format, &style);
		code = write_file(path, &text);
		free(path);
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
	if (a->output)
		code = write_file(a->output, &text);
	else
		fwrite(cib_buf_str(&text), 1, text.len, stdout);
	cib_buf_free(&text);
	return code;
}

static int check_table(const cib_report *report, const char *table)
{
	const char *names[64];
	const cib_report_table *t;
	size_t n = 0;
	for (; n < 64 && (t = cib_report_table_at(report, n)); n++) {
		names[n] = t->id;
		if (strcmp(t->id, table) == 0)
			return 0;
	}
	const char *near = cib_nearest(table, names, n);
	fprintf(stderr, "cib: the report has no table '%s'.%s%s It has:", table, near ? " Did you mean " : "", near ? near : "");
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, " %s", names[i]);
	fputc('\n', stderr);
	return CIB_USAGE;
}

static int report_one(const char *name, const asked *a, cib_report_format format)
{
	cib_workspace *ws = NULL;
	cib_report *report = NULL;
	cib_error err = CIB_ERROR_INIT;
	int code = cib_open(&ws);
	if (code)
		return code - 1;
	code = make(&report, name, ws, a, &err) == CIB_OK ? 0 : cib_fail(&err);
	if (code == 0 && a->table)
		code = check_table(report, a->table);
	if (code == 0)
		code = write_report(report, format, a);
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
		{"format", 'f', CIB_OPT_TEXT, &a.format, "FORMAT", N_("text (the default), csv, html, json or md")},
		{"year", 'y', CIB_OPT_TEXT, &a.year, "YEAR", N_("of the year; without it what is usual for the report")},
		{"lang", 'l', CIB_OPT_TEXT, &a.lang, "LANG", N_("words in en, fr or es; texts in any language where there is one")},
		{"here", 0, CIB_OPT_FLAG, &a.here, NULL, N_("as things are in this copy, not as the network accepted them")},
		{"public", 0, CIB_OPT_FLAG, &a.only_public, NULL, N_("only entries that are marked as public")},
		{"table", 't', CIB_OPT_TEXT, &a.table, "TABLE", N_("csv: this table alone")},
		{"output", 'o', CIB_OPT_TEXT, &a.output, "FILE", N_("write there; csv into a FOLDER/ makes a file for each table")},
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
		code = cib_usage("--format is text, csv, html, json or md, not '%s'", a.format);
	else if (!year_ok(a.year))
		code = cib_usage("--year is a year such as 2024, not '%s'", a.year);
	else if (a.table && format != CIB_REPORT_CSV)
		code = cib_usage("--table goes with --format csv");
	else if (a.output && !*a.output)
		code = cib_usage("--output names no file");
	else
		code = report_one(rest.items[0], &a, format);
	free((void *)(uintptr_t)rest.items);
	return code;
}
