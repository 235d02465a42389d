/* cib purge: take personal data out of the history of a central repository (on the server). */
#include "cmd.h"
#include "guard/purge.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "purge REPOSITORY {--text-from FILE | --blob ID...} --reason TEXT --user USER [--key FILE] [--drop] [--dry-run]";

/* The text, without the newline at its end, so that it need not stand in a command line; "-": standard input. */
static int read_text(cib_buf *out, const char *file, cib_error *err)
{
	int status = cib_file_read(out, strcmp(file, "-") == 0 ? "/dev/stdin" : file, 65536, err);
	while (status == CIB_OK && out->len && (out->data[out->len - 1] == '\n' || out->data[out->len - 1] == '\r'))
		out->data[--out->len] = '\0';
	if (status == CIB_OK && out->len < 4)
		status = cib_error_set(err, CIB_USAGE, "purge.text", "the text has fewer than four characters: too much would hold it");
	return status;
}

/* "Taken out: 2 versions, 9 commits made anew, 3 branches moved. Epoch 1." */
static void print_counts(const cib_purge_report *r, bool dry_run)
{
	char *versions = cib_format(cib_ngettext("%zu version", "%zu versions", r->versions), r->versions);
	char *commits = cib_format(cib_ngettext("%zu commit made anew", "%zu commits made anew", r->commits), r->commits);
	char *branches = cib_format(cib_ngettext("%zu branch moved", "%zu branches moved", r->branches), r->branches);
	fprintf(stderr, dry_run ? _("Would be taken out: %s, %s, %s. Epoch %zu.\n") : _("Taken out: %s, %s, %s. Epoch %zu.\n"), versions, commits, branches, r->epoch);
	free(versions);
	free(commits);
	free(branches);
}

static int run(const char *path, cib_purge_options *o, cib_error *err)
{
	cib_store *store = NULL;
	cib_purge_report report = {0};
	int status = cib_store_open(&store, path, err);
	if (status == CIB_OK && cib_store_work_dir(store))
		status = cib_error_set(err, CIB_USAGE, "purge.bare", "%s is no central repository", path);
	if (status == CIB_OK)
		status = cib_purge(store, o, &report, err);
	for (size_t i = 0; i < report.found.count; i++) {
		cib_print_clean(stdout, report.found.items[i].file);
		printf(": %s\n", report.found.items[i].message);
	}
	int code = status == CIB_OK ? 0 : cib_fail(err);
	if (status == CIB_OK)
		print_counts(&report, o->dry_run);
	if (status == CIB_OK && !o->dry_run)
		fputs(_("Next: tell everybody to run cib sync --accept-purge; purge backups and mirrors, too (docs/operations.md).\n"), stderr);
	cib_purge_report_clear(&report);
	cib_store_free(store);
	return code;
}

int cib_cmd_purge(int argc, char **argv)
{
	const char *from = NULL;
	cib_purge_options o = {.asking = cib_asking};
	cib_words ids = {0}, rest = {0};
	const cib_opt opts[] = {
		{"text-from", 0, CIB_OPT_TEXT, &from, "FILE", N_("take out every version that holds the text in this file (-: standard input)")},
		{"blob", 0, CIB_OPT_LIST, &ids, "ID", N_("take out the version with this id (git rev-parse BRANCH:PATH); may be given again")},
		{"reason", 0, CIB_OPT_TEXT, &o.reason, "TEXT", N_("why, for everybody to read; without the data")},
		{"user", 'u', CIB_OPT_TEXT, &o.user, "USER", N_("of the secretariat, in whose name")},
		{"key", 0, CIB_OPT_TEXT, &o.key, "FILE", N_("the SSH key that signs it")},
		{"drop", 0, CIB_OPT_FLAG, &o.drop, NULL, N_("where a branch still has it as it is now, remove the file there")},
		{"dry-run", 'n', CIB_OPT_FLAG, &o.dry_run, NULL, N_("say what would be done")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	cib_error err = CIB_ERROR_INIT;
	cib_buf text = CIB_BUF_INIT;
	cib_oid *blobs = cib_alloc((ids.count + 1) * sizeof *blobs);
	for (size_t i = 0; i < ids.count && code == 0; i++)
		if (!cib_oid_parse(&blobs[i], ids.items[i]))
			code = cib_usage("--blob is an id of 40 hexadecimal digits, not '%s'", ids.items[i]);
	if (code == 0 && (rest.count != 1 || !o.reason || !o.user || (!from && !ids.count)))
		code = cib_usage("that is not complete\nusage: cib %s", usage);
	if (code == 0 && from && read_text(&text, from, &err) != CIB_OK)
		code = cib_fail(&err);
	o.text = text.len ? text.data : NULL;
	o.text_len = text.len;
	o.blobs = blobs;
	o.blob_count = ids.count;
	if (code == 0)
		code = run(rest.items[0], &o, &err);
	free(blobs);
	cib_buf_free(&text);
	free((void *)(uintptr_t)ids.items);
	free((void *)(uintptr_t)rest.items);
	return code;
}
