/* cib save: keep a version of what is changed and valid. */
#include "cmd.h"

#include <stdlib.h>

static const char usage[] = "save [-m MESSAGE]";

void cib_print_drafts(const cib_sync_report *report)
{
	for (size_t i = 0; i < report->left.count; i++) {
		const cib_work_change *c = &report->left.items[i];
		fputs(_("Stays here as a draft: "), stderr);
		cib_print_clean(stderr, c->path);
		fputc('\n', stderr);
		for (size_t k = 0; k < c->findings.count; k++)
			if (c->findings.items[k].severity == CIB_ERROR)
				cib_print_finding(stderr, &c->findings.items[k]);
	}
}

int cib_cmd_save(int argc, char **argv)
{
	const char *message = NULL;
	const cib_opt opts[] = {{"message", 'm', CIB_OPT_TEXT, &message, "TEXT", N_("what this version is about")}, {0}};
	int code = cib_opt_parse(argc, argv, usage, opts, NULL);
	if (code)
		return code - 1;
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	cib_sync_options options;
	cib_sync_defaults(&options);
	cib_sync_report report = {0};
	cib_error err = CIB_ERROR_INIT;
	if (cib_save(ws, message, &options, &report, &err) != CIB_OK) {
		code = cib_fail(&err);
	} else {
		if (report.saved)
			fprintf(stderr, cib_ngettext("Saved %zu entry. Next: cib sync\n", "Saved %zu entries. Next: cib sync\n", report.saved), report.saved);
		else
			fputs(_("Nothing new to save.\n"), stderr);
		cib_print_clean(stderr, cib_buf_str(&report.notes));
		cib_print_drafts(&report);
		code = report.drafts ? CIB_FINDINGS : 0;
	}
	cib_sync_report_clear(&report);
	cib_workspace_free(ws);
	return code;
}
