/* cib bundle: sync by stick or e-mail. What one side made is a file, a standard Git bundle; the other side takes it. */
#include "brought.h"
#include "cmd.h"
#include "review/review.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "bundle create FILE [--for WHOM] [--since given|COMMIT] [--whole]\n"
			    "       cib bundle apply FILE... [--json]\n"
			    "       cib bundle show FILE [--json]";

typedef struct {
	const char *peer, *since;
	bool whole, json;
} choices;

static void print_errors(const cib_findings *findings)
{
	for (size_t i = 0; i < findings->count && i < 20; i++)
		if (findings->items[i].severity == CIB_ERROR)
			cib_print_finding(stderr, &findings->items[i]);
}

static int create(cib_workspace *ws, const char *path, const choices *c)
{
	cib_sync_options options;
	cib_sync_defaults(&options);
	bool given = c->since && strcmp(c->since, "given") == 0;
	cib_bundle_options how = {.peer = c->peer, .whole = c->whole, .since_given = given, .since = given ? NULL : c->since};
	cib_sync_report report = {0};
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_error err = CIB_ERROR_INIT;
	size_t bytes = 0;
	int code = 0;
	if (c->whole && c->since)
		return cib_usage("--whole and --since do not go together");
	if (cib_bundle_create(&bytes, ws, path, &how, &options, &report, &findings, &err) != CIB_OK) {
		print_errors(&findings);
		code = cib_fail(&err);
	} else {
		cib_buf shown = CIB_BUF_INIT;
		cib_buf_add_clean(&shown, path, strlen(path));
		fprintf(stderr, cib_ngettext("Wrote %s, %zu byte. The other side takes it with: cib bundle apply FILE\n", "Wrote %s, %zu bytes. The other side takes it with: cib bundle apply FILE\n", bytes),
		        cib_buf_str(&shown), bytes);
		cib_buf_free(&shown);
	}
	if (report.saved)
		fprintf(stderr, cib_ngettext("Saved %zu entry first.\n", "Saved %zu entries first.\n", report.saved), report.saved);
	cib_print_drafts(&report);
	if (!code && report.drafts)
		code = CIB_FINDINGS;
	cib_findings_free(&findings);
	cib_sync_report_clear(&report);
	return code;
}

static void print_applied(cib_workspace *ws, const cib_sync_report *r, const cib_oid *main_before, bool json)
{
	cib_brought brought;
	cib_brought_load(&brought, ws, main_before);
	if (json)
		printf("{\"v\":1,\"received\":%zu,\"merged\":%zu,\"conflicts\":%zu,\"drafts\":%zu,\"waiting\":%zu}\n", r->received, r->merged, r->conflicts, r->drafts, cib_count_pending(ws));
	cib_print_report(r, &brought, NULL);
	cib_print_brought(ws, &brought);
	cib_brought_clear(&brought);
}

static int apply(cib_workspace *ws, const char *path, const choices *c)
{
	cib_sync_options options;
	cib_sync_defaults(&options);
	cib_sync_report report = {0};
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_error err = CIB_ERROR_INIT;
	cib_oid main_before;
	bool known = cib_workspace_main(&main_before, ws, NULL) == CIB_OK;
	int code = 0;
	if (cib_bundle_apply(ws, path, &options, &report, &findings, &err) != CIB_OK) {
		print_errors(&findings);
		code = cib_fail(&err);
	} else {
		print_applied(ws, &report, known ? &main_before : NULL, c->json);
		code = report.drafts || report.conflicts ? CIB_FINDINGS : 0;
	}
	cib_findings_free(&findings);
	cib_sync_report_clear(&report);
	return code;
}

/* ---- show ---- */

static cJSON *row_of(const cib_bundle_ref *r, const char *key, cib_workspace *ws)
{
	char hex[CIB_OID_HEX];
	cJSON *row = cJSON_CreateObject();
	cib_oid_hex(hex, &r->oid);
	cJSON_AddStringToObject(row, "commit", hex);
	cJSON_AddStringToObject(row, key, r->name);
	cJSON_AddBoolToObject(row, "here", cib_store_object(NULL, NULL, ws->store, &r->oid, NULL) == CIB_OK);
	return row;
}

static void show_json(const cib_bundle *b, cib_workspace *ws)
{
	cJSON *doc = cJSON_CreateObject();
	cJSON_AddNumberToObject(doc, "v", 1);
	cJSON *branches = cJSON_AddArrayToObject(doc, "branches"), *needs = cJSON_AddArrayToObject(doc, "needs");
	for (size_t i = 0; i < b->ref_count; i++)
		cJSON_AddItemToArray(branches, row_of(&b->refs[i], "ref", ws));
	for (size_t i = 0; i < b->need_count; i++)
		cJSON_AddItemToArray(needs, row_of(&b->needs[i], "about", ws));
	cJSON_AddNumberToObject(doc, "objects", b->objects);
	cJSON_AddNumberToObject(doc, "bytes", (double)b->size);
	cJSON_AddBoolToObject(doc, "complete", b->need_count == 0);
	cib_print_json(stdout, doc);
	cJSON_Delete(doc);
}

static void print_row(const cib_bundle_ref *r, const char *word)
{
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, &r->oid);
	printf("  %.12s  ", hex);
	cib_print_padded(stdout, word, 9);
	putchar(' ');
	cib_print_clean(stdout, r->name);
	putchar('\n');
}

static const char *reader_of(const char *ref, char out[200])
{
	static const char members[] = "refs/heads/members/";
	if (strcmp(ref, "refs/heads/main") == 0)
		return _("what the secretariat accepted, for everybody");
	if (strncmp(ref, members, sizeof members - 1) != 0)
		return _("nothing that cib knows");
	snprintf(out, 200, _("work of %.100s, for the secretariat"), ref + sizeof members - 1);
	return out;
}

static int show(cib_workspace *ws, const char *path, const choices *c)
{
	cib_bundle b = {0};
	cib_error err = CIB_ERROR_INIT;
	if (cib_bundle_read(&b, path, &err) != CIB_OK)
		return cib_fail(&err);
	bool missing = cib_bundle_missing(&b, ws->store) != NULL;
	if (c->json) {
		show_json(&b, ws);
	} else {
		printf(_("%u objects, %zu bytes\nHolds:\n"), b.objects, b.size);
		for (size_t i = 0; i < b.ref_count; i++) {
			char text[200];
			bool here = cib_store_object(NULL, NULL, ws->store, &b.refs[i].oid, NULL) == CIB_OK;
			print_row(&b.refs[i], here ? _("is here") : _("new"));
			printf("                           ");
			cib_print_clean(stdout, reader_of(b.refs[i].name, text));
			putchar('\n');
		}
		fputs(b.need_count ? _("Builds on:\n") : _("It is complete: it builds on nothing.\n"), stdout);
		for (size_t i = 0; i < b.need_count; i++)
			print_row(&b.needs[i], cib_store_object(NULL, NULL, ws->store, &b.needs[i].oid, NULL) == CIB_OK ? _("is here") : _("MISSING"));
		fputs(missing ? _("Next: apply the bundle that was made before it, run cib sync, or ask for a complete one (--whole)\n") : _("Next: cib bundle apply FILE\n"), stdout);
	}
	cib_bundle_clear(&b);
	return missing ? CIB_FINDINGS : 0;
}

int cib_cmd_bundle(int argc, char **argv)
{
	choices c = {0};
	cib_words words = {0};
	const cib_opt opts[] = {
		{"for", 0, CIB_OPT_TEXT, &c.peer, "WHOM", N_("a member, or secretariat: leave out what they are known to have")},
		{"since", 0, CIB_OPT_TEXT, &c.since, "WHAT", N_("given: what the last bundle brought them; or a commit that they have")},
		{"whole", 0, CIB_OPT_FLAG, &c.whole, NULL, N_("all of it, for who has nothing")},
		{"json", 0, CIB_OPT_FLAG, &c.json, NULL, N_("as one JSON object")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &words);
	if (code) {
		free((void *)(uintptr_t)words.items);
		return code - 1;
	}
	const char *what = words.count ? words.items[0] : "";
	bool creates = strcmp(what, "create") == 0, applies = strcmp(what, "apply") == 0, shows = strcmp(what, "show") == 0;
	cib_workspace *ws = NULL;
	if ((!creates && !applies && !shows) || words.count < 2 || (!applies && words.count > 2))
		code = cib_usage("usage: cib %s", usage);
	else if ((code = cib_open(&ws)))
		code--;
	for (size_t i = 1; ws && i < words.count; i++) { /* all are tried: one that is not for here stops none */
		int one = creates ? create(ws, words.items[i], &c) : applies ? apply(ws, words.items[i], &c)
		                                                             : show(ws, words.items[i], &c);
		code = one > code ? one : code;
	}
	cib_workspace_free(ws);
	free((void *)(uintptr_t)words.items);
	return code;
}
