/* cib import: entries from IATI files, or from a sheet that cib export made. */
#include "import.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "import iati FILE [--quiet] [--json] | csv FILE [--decimal ,] [--dates dmy|mdy] [--ours] [--dry-run]";

static int run(const cib_words *rest, const cib_import_options *options)
{
	bool iati = rest->count == 2 && strcmp(rest->items[0], "iati") == 0, csv = rest->count == 2 && strcmp(rest->items[0], "csv") == 0;
	cib_workspace *ws = NULL;
	if (!iati && !csv)
		return cib_usage("what to import?\nusage: cib %s", usage);
	int code = cib_open(&ws);
	if (code)
		return code - 1;
	code = iati ? cib_import_iati(ws, rest->items[1], options) : cib_import_csv(ws, rest->items[1], options);
	cib_workspace_free(ws);
	return code;
}

int cib_cmd_import(int argc, char **argv)
{
	cib_import_options o = {.decimal = ".", .dates = "iso"};
	cib_words rest = {0};
	const cib_opt opts[] = {
		{"quiet", 'q', CIB_OPT_FLAG, &o.quiet, NULL, N_("only the counts, and what drafts lack")},
		{"json", 0, CIB_OPT_FLAG, &o.json, NULL, N_("what is not taken as JSON lines")},
		{"decimal", 0, CIB_OPT_TEXT, &o.decimal, "SIGN", N_("csv: the decimal sign of its numbers: . (default) or ,")},
		{"dates", 0, CIB_OPT_TEXT, &o.dates, "FORM", N_("csv: iso (2024-12-31, default), dmy (31.12.2024) or mdy (12/31/2024)")},
		{"ours", 0, CIB_OPT_FLAG, &o.ours, NULL, N_("csv: where somebody changed the same field since the export, take the sheet's value")},
		{"dry-run", 'n', CIB_OPT_FLAG, &o.dry_run, NULL, N_("csv: say what would change, and change nothing")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	code = run(&rest, &o);
	free((void *)(uintptr_t)rest.items);
	return code;
}
