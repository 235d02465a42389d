/* cib schema diff: what a change of schemas, codelists or settings would break, before it is pushed. The working folder's
 * rules (and files that are named) are put on top of what is saved here, and proved as the central repository would. */
#include "cmd.h"
#include "explain.h"
#include "guard/guard.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "schema diff [--json] [--all] [FILE...]";
enum { MOST_SHOWN = 20 };

typedef struct {
	cib_workspace *ws;
	cib_tree_entry *edits; /* the rule files as they would be */
	size_t count, cap;
} rules;

static void add(rules *r, const char *path, unsigned mode, const cib_oid *blob)
{
	r->edits = cib_grow(r->edits, &r->cap, r->count + 1, sizeof *r->edits);
	r->edits[r->count++] = (cib_tree_entry){cib_strdup(path), mode, *blob};
}

/* A rule file from the disk, in the form that save gives it. */
static int add_file(rules *r, const char *path, const char *file, cib_error *err)
{
	cib_buf out = CIB_BUF_INIT;
	cJSON *doc = NULL;
	cib_oid blob;
	int status = cib_json_read_file(&doc, file, err);
	if (status == CIB_OK) {
		cib_json_to_nfc(doc);
		cib_json_write(&out, doc, NULL);
		status = cib_store_blob_write(&blob, r->ws->store, out.data, out.len, err);
	}
	if (status == CIB_OK)
		add(r, path, 0100644, &blob);
	cib_buf_free(&out);
	cJSON_Delete(doc);
	return status;
}

/* What differs in the working folder. */
static int add_working(rules *r, cib_error *err)
{
	cib_work_changes changes = {0};
	int status = cib_workspace_changes(&changes, r->ws, cib_term_lang(), err);
	for (size_t i = 0; status == CIB_OK && i < changes.count; i++) {
		const cib_work_change *c = &changes.items[i];
		cib_place place;
		cib_network_place(&place, r->ws->net, c->path);
		if (place.area != CIB_AREA_RULES)
			continue;
		char *file = cib_format("%s/%s", r->ws->root, c->path);
		if (c->kind == CIB_CHANGE_REMOVED)
			add(r, c->path, 0, &(cib_oid){{0}});
		else
			status = add_file(r, c->path, file, err);
		free(file);
	}
	cib_work_changes_free(&changes);
	return status;
}

static int add_named(rules *r, const char *file, cib_error *err)
{
	static const char tail[] = ".schema.json";
	const char *name = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	size_t len = strlen(name), n = sizeof tail - 1;
	bool schema = len > n && strcmp(name + len - n, tail) == 0;
	bool setting = strcmp(name, "network.json") == 0 || strcmp(name, "access.json") == 0;
	char *path = cib_format("%s%s", schema ? "schema/" : setting ? ""
	                                                             : "codelists/",
	                        name);
	int status = add_file(r, path, file, err);
	free(path);
	return status;
}

/* The rule files that differ between the two, field by field. */
typedef struct {
	cib_store *store;
	size_t files;
	bool quiet;
} showing;

static cJSON *read_doc(cib_store *store, const cib_tree_entry *e)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	if (e->mode && cib_store_blob_read(&text, store, &e->oid, 0, NULL) == CIB_OK)
		cib_json_read(&doc, text.data, text.len, NULL, NULL);
	cib_buf_free(&text);
	return doc;
}

static int show_file(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	showing *s = payload;
	if (strncmp(path, "schema/", 7) != 0 && strncmp(path, "codelists/", 10) != 0 && strchr(path, '/'))
		return 0;
	s->files++;
	if (s->quiet)
		return 0;
	cJSON *before = read_doc(s->store, a), *after = read_doc(s->store, b);
	printf("%s%s\n", path, !a->mode ? _(" (new)") : !b->mode ? _(" (removed)")
	                                                         : "");
	if (before && after)
		cib_explain_changes(stdout, "  ", "", before, after);
	cJSON_Delete(before);
	cJSON_Delete(after);
	return 0;
}

static size_t show_findings(const cib_findings *findings, bool json, bool all)
{
	size_t entries = 0, shown = 0;
	const char *last = "";
	for (size_t i = 0; i < findings->count; i++) {
		const cib_finding *f = &findings->items[i];
		if (f->severity != CIB_ERROR)
			continue;
		entries += !f->file || strcmp(f->file, last) != 0;
		last = f->file ? f->file : "";
		if (json)
			cib_print_finding_json(stdout, f);
		else if (all || shown++ < MOST_SHOWN)
			cib_print_finding(stdout, f);
	}
	if (!json && !all && shown > MOST_SHOWN)
		printf(_("and %zu more; all: cib schema diff --all\n"), shown - MOST_SHOWN);
	return entries;
}

static int run(rules *r, bool json, bool all, cib_error *err)
{
	cib_oid before, after;
	cib_findings findings = CIB_FINDINGS_INIT;
	showing s = {.store = r->ws->store, .quiet = json};
	size_t proved = 0;
	int status = cib_store_ref_get(&before, r->ws->store, "refs/cib/central/main", err);
	if (status == CIB_OK)
		status = cib_store_tree_edit(&after, r->ws->store, &r->ws->tip, r->edits, r->count, err);
	if (status == CIB_OK)
		status = cib_store_diff2(r->ws->store, &before, &after, show_file, &s, err);
	if (status == CIB_OK)
		status = cib_guard_prove_rules(r->ws->store, &before, &after, cib_term_lang(), &proved, &findings, err);
	if (status == CIB_OK || (status == CIB_REFUSED && findings.errors)) {
		size_t broken = show_findings(&findings, json, all);
		if (json)
			printf("{\"v\":1,\"files\":%zu,\"proved\":%zu,\"broken\":%zu}\n", s.files, proved, broken);
		else if (s.files == 0)
			fputs(_("No schema, codelist or setting differs from main.\n"), stderr);
		else if (broken)
			fprintf(stderr, cib_ngettext("This would be refused: %zu file would be invalid (%zu were looked at). Change them in the same push, or the rules so that they stay valid.\n", "This would be refused: %zu files would be invalid (%zu were looked at). Change them in the same push, or the rules so that they stay valid.\n", broken),
			        broken, proved);
		else
			fprintf(stderr, cib_ngettext("Nothing would break (%zu entry was looked at). Next: cib sync\n", "Nothing would break (%zu entries were looked at). Next: cib sync\n", proved), proved);
		status = broken ? CIB_FINDINGS : CIB_OK;
	}
	cib_findings_free(&findings);
	return status;
}

int cib_cmd_schema(int argc, char **argv)
{
	bool json = false, all = false;
	cib_words words = {0};
	const cib_opt opts[] = {{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("one finding a line, and a last line with the counts")},
	                        {"all", 0, CIB_OPT_FLAG, &all, NULL, N_("every entry, not only the first twenty")},
	                        {0}};
	int code = cib_opt_parse(argc, argv, usage, opts, &words);
	if (code)
		return code - 1;
	rules r = {0};
	cib_error err = CIB_ERROR_INIT;
	if (words.count == 0 || strcmp(words.items[0], "diff") != 0) {
		code = cib_usage("usage: cib %s", usage);
	} else if ((code = cib_open(&r.ws))) {
		code--;
	} else {
		int status = CIB_OK;
		for (size_t i = 1; status == CIB_OK && i < words.count; i++)
			status = add_named(&r, words.items[i], &err);
		if (status == CIB_OK && words.count == 1)
			status = add_working(&r, &err);
		if (status == CIB_OK)
			status = run(&r, json, all, &err);
		code = status == CIB_OK || (status == CIB_FINDINGS && !err.message[0]) ? status : cib_fail(&err);
	}
	for (size_t i = 0; i < r.count; i++)
		free((char *)(uintptr_t)r.edits[i].path);
	free(r.edits);
	cib_workspace_free(r.ws);
	free((void *)(uintptr_t)words.items);
	return code;
}
