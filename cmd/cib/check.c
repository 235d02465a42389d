/* cib check: find what is wrong, with the entries of a network or with any JSON by any schema. */
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"check [--schema SCHEMA [--schemas DIR]] [--format FORMAT | --output FORM] [--jobs N] [--all] [--advice] [FILE|DIR... | --range A..B [--user USER]]";

void cib_check_take(cib_checking *c, const char *name, const cib_finding *findings, size_t count, bool wrong)
{
	for (size_t i = 0; i < count; i++) {
		bool held = c->brief && findings[i].severity == CIB_ADVICE;
		wrong = wrong || findings[i].severity == CIB_ERROR;
		c->advice += held;
		if (c->brief && !held)
			cib_printer_add(c->printer, name, &findings[i], 1);
	}
	if (!c->brief)
		cib_printer_add(c->printer, name, findings, count);
	c->files++;
	c->bad += wrong;
	if (wrong && c->code == 0)
		c->code = CIB_FINDINGS;
}

int cib_check_finish(cib_checking *c)
{
	if (!c->quiet && !c->forms)
		fprintf(stderr, cib_ngettext("%zu file checked, %zu with errors\n", "%zu files checked, %zu with errors\n", c->files), c->files, c->bad);
	if (!c->quiet && c->advice)
		fprintf(stderr, cib_ngettext("%zu piece of advice: see them with --advice, or name one file\n", "%zu pieces of advice: see them with --advice, or name one file\n", c->advice), c->advice);
	return c->code;
}

/* ---- entries of the network ---- */

/* A copy made by cib join, or any other clone: there the rules are those of HEAD, and the text must be canonical, since
 * nothing will write it so before it is pushed. */
typedef struct {
	cib_checking *c;
	cib_workspace *ws; /* NULL: another clone */
	cib_store *store;
	cib_network *net;
	const char *root;
	cib_oid tree;
} entry_check;

static int take_entry(const char *path, const cib_findings *findings, void *payload)
{
	cib_check_take(payload, path, findings->items, findings->count, false);
	return 0;
}

static void check_text(entry_check *e, const char *path, const cib_buf *text)
{
	cib_oid accepted = e->tree;
	cib_findings findings = CIB_FINDINGS_INIT;
	if (e->ws)
		cib_workspace_accepted(&accepted, e->ws);
	cib_check_options options = {.lang = cib_term_lang(), .tree = &e->tree, .canonical = !e->ws, .before = &accepted};
	cib_network_check(e->net, path, text->data, text->len, &options, NULL, &findings);
	take_entry(path, &findings, e->c);
	cib_findings_free(&findings);
}

static int check_work_file(const char *path, void *payload)
{
	entry_check *e = payload;
	char *real = realpath(path, NULL);
	size_t root = strlen(e->root);
	cib_error err = CIB_ERROR_INIT;
	cib_buf text = CIB_BUF_INIT;
	int code = 0;
	if (!real || strncmp(real, e->root, root) != 0 || real[root] != '/')
		code = cib_usage("%s is no file of this network; for other JSON use --schema SCHEMA", path);
	else if (cib_file_read(&text, real, 0, &err) != CIB_OK)
		code = cib_fail(&err);
	else
		check_text(e, real + root + 1, &text);
	cib_buf_free(&text);
	free(real);
	return code;
}

static int open_clone(entry_check *e, cib_error *err)
{
	cib_error none = *err;
	int status = cib_store_open_env(&e->store, err);
	if (status == CIB_OK && cib_store_work_dir(e->store))
		status = cib_store_rev(&e->tree, e->store, "HEAD", err);
	if (status == CIB_OK)
		status = cib_network_load(&e->net, e->store, &e->tree, err);
	if (status != CIB_OK || !cib_store_work_dir(e->store)) {
		if (!e->store || status == CIB_NOTFOUND)
			*err = none; /* no clone of a network: said as everywhere */
		return err->status;
	}
	e->root = cib_store_work_dir(e->store);
	return CIB_OK;
}

static int open_network(entry_check *e, cib_error *err)
{
	const char *dir = getenv("CIB_DIR");
	int status = cib_workspace_open(&e->ws, dir && *dir ? dir : ".", err);
	if (status == CIB_NOTFOUND)
		return open_clone(e, err);
	if (status != CIB_OK)
		return status;
	e->net = e->ws->net;
	e->root = e->ws->root;
	e->tree = e->ws->tip;
	return CIB_OK;
}

/* Without names: of a copy the own entries or all, of another clone whatever lies in its folders. */
static int check_all(entry_check *e, bool all)
{
	static const char *const folders[] = {"members", "network", "reviews"};
	cib_error err = CIB_ERROR_INIT;
	int code = 0;
	if (e->ws)
		return cib_workspace_check(e->ws, all, cib_term_lang(), take_entry, e->c, &err) == CIB_OK ? 0 : cib_fail(&err);
	for (size_t i = 0; i < sizeof folders / sizeof *folders && code == 0; i++) {
		char *path = cib_format("%s/%s", e->root, folders[i]);
		code = access(path, F_OK) == 0 ? cib_each_file(path, true, check_work_file, e) : 0;
		free(path);
	}
	return code;
}

static int check_network(cib_checking *c, const cib_words *files, bool all)
{
	entry_check e = {.c = c};
	cib_error err = CIB_ERROR_INIT;
	int code = open_network(&e, &err) == CIB_OK ? 0 : cib_fail(&err);
	for (size_t i = 0; i < files->count && code == 0; i++)
		code = cib_each_file(files->items[i], true, check_work_file, &e);
	if (files->count == 0 && code == 0)
		code = check_all(&e, all);
	if (!e.ws)
		cib_network_free(e.net);
	cib_store_free(e.store);
	cib_workspace_free(e.ws);
	if (code > c->code)
		c->code = code;
	return cib_check_finish(c);
}

/* ---- the verb ---- */

typedef struct {
	const char *schema, *schemas, *format, *output, *jobs;
	cib_range_options range;
	bool all, advice;
	cib_words files;
} request;

static bool take_form(cib_checking *c, const char *name)
{
	static const char *const names[] = {[CIB_SCHEMA_FLAG] = "flag", [CIB_SCHEMA_BASIC] = "basic", [CIB_SCHEMA_DETAILED] = "detailed"};
	c->forms = true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0) {
			c->form = (cib_schema_form)i;
			return true;
		}
	return false;
}

static int usage_mistake(const request *r, cib_checking *c)
{
	const cib_range_options *g = &r->range;
	if (!c->printer)
		return cib_usage("--format is %s, not '%s'", _(CIB_PRINTER_FORMATS), r->format);
	if (r->schema && r->files.count == 0)
		return cib_usage("which files?\nusage: cib %s", usage);
	if (r->output && !take_form(c, r->output))
		return cib_usage("--output is flag, basic or detailed, not '%s'", r->output);
	if (r->output && (!r->schema || strcmp(r->format, "text") != 0))
		return cib_usage("--output goes with --schema, and without --format");
	if (r->jobs && c->jobs < 1)
		return cib_usage("--jobs is a number from 1 upward, not '%s'", r->jobs);
	if (r->schemas && !r->schema)
		return cib_usage("--schemas goes with --schema");
	if (g->range && (r->schema || r->all || r->files.count))
		return cib_usage("--range judges all that its commits change: it takes no files, no --schema and no --all");
	if (!g->range && (g->user || g->branch || g->main))
		return cib_usage("--user, --branch and --main go with --range A..B");
	return 0;
}

int cib_cmd_check(int argc, char **argv)
{
	request r = {.format = "text"};
	const cib_opt opts[] = {
		{"schema", 0, CIB_OPT_TEXT, &r.schema, "SCHEMA", N_("check any JSON by this JSON Schema; needs no network")},
		{"schemas", 0, CIB_OPT_TEXT, &r.schemas, "DIR", N_("schemas that SCHEMA may refer to")},
		{"format", 0, CIB_OPT_TEXT, &r.format, "FORMAT", CIB_PRINTER_FORMATS},
		{"output", 0, CIB_OPT_TEXT, &r.output, "FORM", N_("with --schema: flag, basic or detailed, the JSON of the specification, a line a file")},
		{"jobs", 'j', CIB_OPT_TEXT, &r.jobs, "N", N_("with --schema: check N files at once (default: one for each processor)")},
		{"all", 0, CIB_OPT_FLAG, &r.all, NULL, N_("every entry of the network, not only your own")},
		{"advice", 0, CIB_OPT_FLAG, &r.advice, NULL, N_("print advice, too, where many files are checked")},
		{"range", 0, CIB_OPT_TEXT, &r.range.range, "A..B", N_("judge these commits as the central repository would; in any clone")},
		{"user", 0, CIB_OPT_TEXT, &r.range.user, "USER", N_("with --range: as pushed by this user; else by whom commits claim to be from")},
		{"branch", 0, CIB_OPT_TEXT, &r.range.branch, "BRANCH", N_("with --range: where they go: main or members/MEMBER (default: by the user)")},
		{"main", 0, CIB_OPT_TEXT, &r.range.main, "COMMIT", N_("with --range: whose rules judge (default: origin/main, else main)")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &r.files);
	if (code)
		return code - 1;
	cib_checking c = {.printer = cib_printer_new(stdout, r.format, r.range.range != NULL), .quiet = strcmp(r.format, "json") == 0};
	c.jobs = r.jobs ? atoi(r.jobs) : 0;
	c.brief = !r.advice && !r.schema && r.files.count != 1 && strcmp(r.format, "text") == 0;
	code = usage_mistake(&r, &c);
	if (code == 0)
		code = r.range.range ? cib_check_range(&c, &r.range) : r.schema ? cib_check_by_schema(&c, r.schema, r.schemas, &r.files)
		                                                                : check_network(&c, &r.files, r.all);
	cib_printer_end(c.printer, code <= CIB_FINDINGS);
	free((void *)(uintptr_t)r.files.items);
	return code;
}
