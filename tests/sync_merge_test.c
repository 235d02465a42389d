/* The merge of commits, on real repositories: histories that networks really get. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sync/sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char conflict_schema[] =
	"{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"x-cib-kind\":\"conflict\",\"type\":\"object\",\"required\":[\"items\"],"
	"\"properties\":{\"items\":{\"type\":\"array\",\"minItems\":1,\"x-merge\":\"keyed:id\"}}}";

/* Folders before and after "conflicts" in order: records must not depend on it. */
#define KIND_SCHEMA(kind, folder, prefix)                                                                                                 \
	"{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"x-cib-kind\":\"" kind "\",\"x-cib-folder\":\"" folder "\","      \
	"\"x-cib-prefix\":\"" prefix "\",\"x-cib-writer\":\"member\",\"type\":\"object\",\"properties\":{\"tags\":{\"x-merge\":\"set\"}," \
	"\"shares\":{\"x-merge\":\"keyed:code\"}},\"x-cib-rules\":[{\"rule\":\"sum\",\"of\":[\"/shares\"],\"field\":\"percentage\",\"equals\":\"100\"}]}"

#define P        "members/m-a/projects/p-0123456789.json"
#define A        "members/m-a/actions/a-0123456789.json"
#define P_RECORD "members/m-a/conflicts/p-0123456789.json"
#define A_RECORD "members/m-a/conflicts/a-0123456789.json"

typedef struct {
	char dir[64];
	cib_store *store;
	cib_network *net;
	cib_oid root; /* a commit with the rules alone */
	cib_sync_report report;
	int clock;
	bool mains; /* it is two of them that are merged */
	char *says; /* what the next acceptance has in its message behind the first line */
} fixture;

static fixture f;

static void blob_of(cib_oid *out, const char *text)
{ /* in canonical form, as it would be saved */
	cJSON *doc = NULL;
	cib_buf canonical = CIB_BUF_INIT;
	assert_int_equal(cib_json_read(&doc, text, strlen(text), NULL, NULL), CIB_OK);
	cib_json_write(&canonical, doc, NULL);
	assert_int_equal(cib_store_blob_write(out, f.store, canonical.data, canonical.len, NULL), CIB_OK);
	cib_buf_free(&canonical);
	cJSON_Delete(doc);
}

/* The next acceptance says that it took the first of these versions of P, which goes on from the others; the last is where the two sides met. */
static void says(const char *version, ...)
{
	cib_buf b = CIB_BUF_INIT;
	va_list ap;
	va_start(ap, version);
	cib_buf_adds(&b, "\nAccepted: "
	                 "m-a/projects/p-0123456789.json");
	for (const char *next; version; version = next) {
		cib_oid oid;
		char letters[CIB_OID_HEX];
		next = va_arg(ap, const char *);
		blob_of(&oid, version);
		cib_oid_letters(letters, &oid);
		cib_buf_addf(&b, "%s %.12s", next ? "" : " on", letters);
	}
	va_end(ap);
	cib_buf_addc(&b, '\n');
	free(f.says);
	f.says = cib_buf_take(&b);
}

/* A commit on `first` (and `second`), with pairs of path and text (NULL: removed) up to a NULL path. */
static cib_oid commit_as(const char *email, const cib_oid *first, const cib_oid *second, ...)
{
	cib_tree_entry edits[16];
	size_t n = 0;
	cib_oid out, tree, parents[2];
	cib_error err = CIB_ERROR_INIT;
	va_list ap;
	va_start(ap, second);
	for (const char *path; (path = va_arg(ap, const char *));) {
		const char *text = va_arg(ap, const char *);
		edits[n] = (cib_tree_entry){.path = path, .mode = text ? 0100644 : 0};
		if (text)
			blob_of(&edits[n].oid, text);
		n++;
	}
	va_end(ap);
	assert_int_equal(cib_store_tree_edit(&tree, f.store, first, edits, n, &err), CIB_OK);
	parents[0] = *first;
	parents[1] = second ? *second : *first;
	bool accepts = strstr(email, "@secretariat.");
	char *message = cib_format("%s%s", accepts ? "Accept p-0123456789 of m-a\n" : "t\n", accepts && f.says ? f.says : "");
	assert_int_equal(cib_store_commit_write(&out, f.store, &tree, parents, cib_oid_is_zero(first) ? 0 : second ? 2
	                                                                                                           : 1,
	                                        "t", email, message, &err),
	                 CIB_OK);
	free(message);
	if (accepts) {
		free(f.says);
		f.says = NULL;
	}
	return out;
}
#define COMMIT(first, ...) commit_as("a-1@m-a.cib.invalid", first, NULL, __VA_ARGS__, (char *)NULL)
#define ACCEPT(first, ...) commit_as("s@secretariat.cib.invalid", first, NULL, __VA_ARGS__, (char *)NULL)

static int set_up(void **state)
{
	cib_oid none = {{0}};
	cib_error err = CIB_ERROR_INIT;
	(void)state;
	f = (fixture){.dir = "/tmp/cib-merge-XXXXXX"};
	assert_non_null(mkdtemp(f.dir));
	char *path = cib_format("%s/central.git", f.dir);
	assert_int_equal(cib_store_init(&f.store, path, true, "refs/heads/main", &err), CIB_OK);
	free(path);
	f.root = COMMIT(&none, "network.json", "{\"languages\":[\"en\"]}", "access.json", "{\"users\":{}}", "schema/conflict.schema.json", conflict_schema,
	                "schema/project.schema.json", KIND_SCHEMA("project", "projects", "p"), "schema/action.schema.json", KIND_SCHEMA("action", "actions", "a"));
	assert_int_equal(cib_network_load(&f.net, f.store, &f.root, &err), CIB_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	char *command = cib_format("rm -rf '%s'", f.dir);
	cib_sync_report_clear(&f.report);
	free(f.says);
	cib_network_free(f.net);
	cib_store_free(f.store);
	assert_int_equal(system(command), 0);
	free(command);
	return 0;
}

/* Merge two commits as sync does; the result is a merge commit. */
static cib_oid merge(const cib_oid *ours, const cib_oid *theirs)
{
	cib_oid *bases = NULL, tree, out, parents[2] = {*ours, *theirs};
	size_t count = 0;
	cib_error err = CIB_ERROR_INIT;
	cib_sync_report_clear(&f.report);
	assert_int_equal(cib_store_merge_bases(&bases, &count, f.store, ours, theirs, &err), CIB_OK);
	assert_int_equal(cib_merge_commits(&tree, f.store, &(cib_commit_merge){.net = f.net, .bases = bases, .base_count = count, .ours = ours, .theirs = theirs, .lang = "en", .mains = f.mains}, &f.report, &err), CIB_OK);
	assert_int_equal(cib_store_commit_write(&out, f.store, &tree, parents, 2, "t", "a-1@m-a.cib.invalid", "join\n", &err), CIB_OK);
	free(bases);
	return out;
}

static char *text_at(const cib_oid *commit, const char *path)
{
	cib_oid blob;
	unsigned mode;
	cib_buf text = CIB_BUF_INIT, compact = CIB_BUF_INIT;
	cJSON *doc = NULL;
	if (cib_store_tree_get(&blob, &mode, f.store, commit, path, NULL) != CIB_OK)
		return cib_strdup("(none)");
	assert_int_equal(cib_store_blob_read(&text, f.store, &blob, 0, NULL), CIB_OK);
	assert_int_equal(cib_json_read(&doc, text.data, text.len, NULL, NULL), CIB_OK);
	cib_json_write(&compact, doc, &(cib_json_style){.compact = true});
	cJSON_Delete(doc);
	cib_buf_free(&text);
	return cib_buf_take(&compact);
}

static void expect(const cib_oid *commit, const char *path, const char *text)
{
	char *found = text_at(commit, path);
	assert_string_equal(found, text);
	free(found);
}

static void expect_in(const cib_oid *commit, const char *path, const char *part)
{
	char *found = text_at(commit, path);
	if (!strstr(found, part))
		print_message("%s is not in %s\n", part, found);
	assert_non_null(strstr(found, part));
	free(found);
}

#define PROJECT(rest) "{\"id\":\"p-0123456789\",\"owner\":\"m-a\"" rest "}"

/* ---- one entry ---- */

static void edits_of_different_fields_are_joined(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1,\"s\":1"));
	cib_oid ours = COMMIT(&base, P, PROJECT(",\"n\":2,\"s\":1")), theirs = COMMIT(&base, P, PROJECT(",\"n\":1,\"s\":2"));
	cib_oid m = merge(&ours, &theirs);
	expect(&m, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\",\"s\":2}");
	assert_int_equal(f.report.merged, 1);
	assert_int_equal(f.report.conflicts, 0);
	expect(&m, P_RECORD, "(none)");
}

static void what_does_not_fit_is_recorded_with_who_and_when(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1"), A, "{\"id\":\"a-0123456789\",\"n\":1}");
	cib_oid ours = COMMIT(&base, P, PROJECT(",\"n\":2"), A, "{\"id\":\"a-0123456789\",\"n\":2}");
	cib_oid theirs = commit_as("s@secretariat.cib.invalid", &base, NULL, P, PROJECT(",\"n\":3"), A, "{\"id\":\"a-0123456789\",\"n\":3}", (char *)NULL);
	cib_oid m = merge(&ours, &theirs);
	expect(&m, P, "{\"id\":\"p-0123456789\",\"n\":3,\"owner\":\"m-a\"}");
	assert_int_equal(f.report.conflicts, 2);
	expect_in(&m, P_RECORD, "\"base\":1");
	expect_in(&m, P_RECORD, "\"ours\":2");
	expect_in(&m, P_RECORD, "\"theirs\":3");
	expect_in(&m, P_RECORD, "\"nature\":\"opposite\"");
	expect_in(&m, P_RECORD, "\"member\":\"m-a\",\"role\":\"staff\"");
	expect_in(&m, P_RECORD, "\"role\":\"secretariat\"");
	expect_in(&m, P_RECORD, "\"entry\":\"" P "\"");
	expect_in(&m, A_RECORD, "\"ours\":2");
	assert_non_null(strstr(f.report.notes.data, "by the secretariat"));
}

static void a_removal_against_an_edit_keeps_the_edit_and_asks(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1"));
	cib_oid removed = COMMIT(&base, P, (char *)NULL), edited = COMMIT(&base, P, PROJECT(",\"n\":2"));
	cib_oid m = merge(&removed, &edited);
	expect_in(&m, P, "\"n\":2");
	expect_in(&m, P_RECORD, "\"conflict\":\"delete\"");
	m = merge(&edited, &removed);
	expect_in(&m, P, "\"n\":2");
	expect_in(&m, P_RECORD, "\"conflict\":\"delete\"");
}

static void two_right_edits_that_make_a_wrong_whole_are_a_conflict_on_the_entry(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"shares\":[{\"code\":\"x\",\"percentage\":\"60\"},{\"code\":\"y\",\"percentage\":\"40\"}]"));
	cib_oid ours = COMMIT(&base, P, PROJECT(",\"shares\":[{\"code\":\"x\",\"percentage\":\"40\"},{\"code\":\"y\",\"percentage\":\"40\"},{\"code\":\"z\",\"percentage\":\"20\"}]"));
	cib_oid theirs = COMMIT(&base, P, PROJECT(",\"shares\":[{\"code\":\"x\",\"percentage\":\"60\"},{\"code\":\"y\",\"percentage\":\"20\"},{\"code\":\"z\",\"percentage\":\"20\"}]"));
	cib_oid m = merge(&ours, &theirs);
	char *standing = text_at(&theirs, P);
	expect(&m, P, standing);
	free(standing);
	expect_in(&m, P_RECORD, "\"conflict\":\"entry\"");
	expect_in(&m, P_RECORD, "\"nature\":\"parallel\"");
	expect_in(&m, P_RECORD, "\"ours\":{\"id\":\"p-0123456789\"");
	assert_int_equal(f.report.conflicts, 1);
}

static void a_file_that_is_no_json_loses_nothing(void **state)
{
	(void)state;
	cib_oid blob, tree, theirs;
	cib_error err = CIB_ERROR_INIT;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1")), ours = COMMIT(&base, P, PROJECT(",\"n\":2"));
	assert_int_equal(cib_store_blob_write(&blob, f.store, "not json", 8, &err), CIB_OK);
	assert_int_equal(cib_store_tree_edit(&tree, f.store, &base, &(cib_tree_entry){P, 0100644, blob}, 1, &err), CIB_OK);
	assert_int_equal(cib_store_commit_write(&theirs, f.store, &tree, &base, 1, "t", "t@m-a.cib.invalid", "t\n", &err), CIB_OK);
	cib_oid m = merge(&ours, &theirs);
	expect_in(&m, P_RECORD, "\"ours\":{\"id\":\"p-0123456789\",\"n\":2");
}

/* ---- histories ---- */

static void a_version_that_the_other_side_has_been_through_is_no_news(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1"), A, "{\"n\":1}");
	cib_oid sent = COMMIT(&base, P, PROJECT(",\"n\":2"), A, "{\"n\":2}"); /* the member's branch */
	cib_oid main_tip = COMMIT(&base, P, PROJECT(",\"n\":2"));             /* one entry of it is accepted */
	cib_oid again = COMMIT(&sent, P, PROJECT(",\"n\":3"));                /* the member goes on */
	cib_oid m = merge(&again, &main_tip);
	expect_in(&m, P, "\"n\":3");
	assert_int_equal(f.report.conflicts, 0);
	m = merge(&main_tip, &again);
	expect_in(&m, P, "\"n\":3");
	assert_int_equal(f.report.conflicts, 0);
}

/* The merge in either direction. */
static void expect_both_ways(const cib_oid *a, const cib_oid *b, const char *path, const char *text)
{
	cib_oid m = merge(a, b);
	expect(&m, path, text);
	assert_int_equal(f.report.conflicts, 0);
	m = merge(b, a);
	expect(&m, path, text);
	assert_int_equal(f.report.conflicts, 0);
}

static void who_went_back_to_what_it_was_is_not_overruled(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1"), A, "{\"n\":1}");
	cib_oid sent = COMMIT(&base, P, PROJECT(",\"n\":2"), A, "{\"n\":2}"), back = COMMIT(&sent, P, PROJECT(",\"n\":1"));
	cib_oid accepted = ACCEPT(&base, P, PROJECT(",\"n\":2"));
	expect_both_ways(&back, &accepted, P, "{\"id\":\"p-0123456789\",\"n\":1,\"owner\":\"m-a\"}");
	expect_both_ways(&back, &accepted, A, "{\"n\":2}");

	sent = COMMIT(&base, P, NULL);
	back = COMMIT(&sent, P, PROJECT(",\"n\":1"));
	accepted = ACCEPT(&base, P, NULL);
	expect_both_ways(&back, &accepted, P, "{\"id\":\"p-0123456789\",\"n\":1,\"owner\":\"m-a\"}");

	sent = COMMIT(&f.root, P, PROJECT(",\"n\":1"), A, "{\"n\":1}"); /* a new entry, taken back */
	back = COMMIT(&sent, P, NULL);
	accepted = ACCEPT(&f.root, P, PROJECT(",\"n\":1"));
	expect_both_ways(&back, &accepted, P, "(none)");
}

static void what_was_accepted_by_itself_is_what_both_go_on_from(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1"));
	cib_oid sent = COMMIT(&base, P, PROJECT(",\"n\":2")), back = COMMIT(&sent, P, PROJECT(",\"n\":1"));
	cib_oid accepted = ACCEPT(&base, P, PROJECT(",\"n\":2"));
	cib_oid edited = COMMIT(&accepted, P, PROJECT(",\"n\":2,\"t\":1")); /* and main went on with it */
	expect_both_ways(&back, &edited, P, "{\"id\":\"p-0123456789\",\"n\":1,\"owner\":\"m-a\",\"t\":1}");
	cib_oid on = COMMIT(&sent, P, PROJECT(",\"n\":3"));
	expect_both_ways(&on, &edited, P, "{\"id\":\"p-0123456789\",\"n\":3,\"owner\":\"m-a\",\"t\":1}");

	cib_oid before = COMMIT(&base, P, PROJECT(",\"n\":1,\"t\":1")); /* it was joined with what main had */
	says(PROJECT(",\"n\":2"), PROJECT(",\"n\":1"), NULL);
	cib_oid joined = ACCEPT(&before, P, PROJECT(",\"n\":2,\"t\":1"));
	expect_both_ways(&back, &joined, P, "{\"id\":\"p-0123456789\",\"n\":1,\"owner\":\"m-a\",\"t\":1}");

	cib_oid again = ACCEPT(&accepted, P, PROJECT(",\"n\":3")); /* one after the other */
	cib_oid twice = COMMIT(&on, P, PROJECT(",\"n\":2"));
	expect_both_ways(&twice, &again, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\"}");
	cib_oid undone = COMMIT(&again, P, PROJECT(",\"n\":2")); /* main has the last word on what it accepted */
	expect_both_ways(&on, &undone, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\"}");

	cib_oid other = ACCEPT(&base, P, PROJECT(",\"n\":3")); /* by another of the secretariat, which the member has seen: */
	cib_oid met = commit_as("a-1@m-a.cib.invalid", &on, &other, P, PROJECT(",\"n\":3"), (char *)NULL), down = COMMIT(&met, P, PROJECT(",\"n\":2"));
	cib_oid both = commit_as("s@secretariat.cib.invalid", &again, &other, P, PROJECT(",\"n\":3"), (char *)NULL);
	expect_both_ways(&down, &both, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\"}"); /* older acceptances are past */

	cib_oid colleague = commit_as("a-2@m-a.cib.invalid", &on, &again, P, PROJECT(",\"n\":3"), (char *)NULL); /* the newest is what both had: the older are past */
	expect_both_ways(&twice, &colleague, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\"}");

	cib_oid late = ACCEPT(&base, P, PROJECT(",\"n\":2")); /* the older one last, from a stick: whoever joins the two goes on from the newer */
	cib_oid whole = commit_as("s@secretariat.cib.invalid", &base, &on, P, PROJECT(",\"n\":3"), (char *)NULL);
	both = commit_as("s@secretariat.cib.invalid", &late, &whole, P, PROJECT(",\"n\":3"), (char *)NULL);
	cib_oid m = merge(&twice, &both);
	expect_in(&m, P_RECORD, "\"n\":2"); /* main had it, too: a person is asked */

	cib_oid gone = COMMIT(&sent, P, NULL), again_there = COMMIT(&gone, P, PROJECT(",\"n\":2")); /* the same where the newer one is a removal */
	whole = commit_as("s@secretariat.cib.invalid", &base, &gone, P, NULL, (char *)NULL);
	both = commit_as("s@secretariat.cib.invalid", &late, &whole, P, NULL, (char *)NULL);
	expect_both_ways(&again_there, &both, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\"}");
}

static void what_two_of_the_secretariat_accepted_apart_is_asked(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1"));
	cib_oid older = ACCEPT(&base, P, PROJECT(",\"n\":1,\"s\":1")), newer = ACCEPT(&base, P, PROJECT(",\"n\":2")); /* the member had taken s out */
	cib_oid corrected = COMMIT(&older, P, PROJECT(",\"n\":1,\"s\":1,\"t\":1"));
	const cib_oid *first[] = {&older, &corrected};
	for (int i = 0; i < 2; i++) {
		cib_oid m = merge(first[i], &newer);
		expect(&m, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\"}");
		expect_in(&m, P_RECORD, "\"conflict\":\"entry\"");
		assert_int_equal(f.report.conflicts, 1);
	}
	cib_oid both = ACCEPT(&older, P, PROJECT(",\"n\":2")); /* who knew of both goes on from it */
	expect_both_ways(&both, &corrected, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\",\"t\":1}");
	cib_oid edited = COMMIT(&base, P, PROJECT(",\"n\":1,\"t\":1")); /* and what was not accepted is joined */
	expect_both_ways(&edited, &newer, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\",\"t\":1}");
	cib_oid with_history = commit_as("s@secretariat.cib.invalid", &base, &edited, P, PROJECT(",\"n\":1,\"t\":1"), (char *)NULL);
	expect_both_ways(&with_history, &newer, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\",\"t\":1}");
	f.mains = true; /* of two mains it is the same, if one took the older version with its history */
	cib_oid m = merge(&newer, &with_history);
	expect_in(&m, P_RECORD, "\"conflict\":\"entry\"");
}

static void what_an_acceptance_goes_on_from_tells_which_is_newer(void **state)
{
	(void)state;
	const char *const b = PROJECT(",\"n\":1"), *const old = PROJECT(",\"n\":1,\"s\":1"), *const new = PROJECT(",\"n\":2");
	cib_oid base = COMMIT(&f.root, P, b);
	says(old, b, NULL);
	cib_oid older = ACCEPT(&base, P, old);
	says(new, old, b, NULL); /* the member had taken s out */
	cib_oid newer = ACCEPT(&base, P, new), corrected = COMMIT(&older, P, PROJECT(",\"n\":1,\"s\":1,\"t\":1"));
	f.mains = true;
	expect_both_ways(&older, &newer, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\"}");
	expect_both_ways(&corrected, &newer, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\",\"t\":1}");
	says(old, new, old, b, NULL); /* set back meanwhile: the longer way is the newer one */
	cib_oid newest = ACCEPT(&base, P, old);
	expect_both_ways(&newest, &newer, P, "{\"id\":\"p-0123456789\",\"n\":1,\"owner\":\"m-a\",\"s\":1}");
	f.mains = false;

	cib_oid mine = COMMIT(&base, P, old); /* a colleague went on from it, and that was accepted: */
	expect_both_ways(&mine, &newer, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\"}");
	cib_oid on = COMMIT(&mine, P, PROJECT(",\"n\":1,\"s\":1,\"t\":1"));
	expect_both_ways(&on, &newer, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\",\"t\":1}");
}

static void what_was_accepted_of_an_older_version_than_both_have_is_past(void **state)
{
	(void)state;
	const char *const b = PROJECT(",\"n\":1"), *const old = PROJECT(",\"n\":2"), *const new = PROJECT(",\"n\":3");
	cib_oid base = COMMIT(&f.root, P, b), sent = COMMIT(&base, P, old), on = COMMIT(&sent, P, new), back = COMMIT(&on, P, old);
	says(old, b, NULL);
	cib_oid late = ACCEPT(&base, P, old); /* from a stick, by one who did not know that another took the newer with its history */
	cib_oid both = commit_as("s@secretariat.cib.invalid", &late, &on, P, new, (char *)NULL);
	cib_oid m = merge(&back, &both); /* main went there, too, and back: a person is asked */
	expect_in(&m, P_RECORD, "\"n\":2");
	says(new, old, b, NULL);
	cib_oid joined = ACCEPT(&late, P, PROJECT(",\"n\":3,\"t\":1")); /* with what main had */
	cib_oid colleague = commit_as("a-2@m-a.cib.invalid", &on, &joined, P, PROJECT(",\"n\":3,\"t\":1"), (char *)NULL);
	expect_both_ways(&back, &colleague, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\",\"t\":1}");
}

static void who_went_back_from_what_a_colleague_made_too_is_asked(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1"));
	cib_oid made = COMMIT(&base, P, PROJECT(",\"n\":2")), back = COMMIT(&made, P, PROJECT(",\"n\":1"));
	cib_oid too = COMMIT(&base, P, PROJECT(",\"n\":2"), A, "{\"n\":1}");
	cib_oid m = merge(&back, &too);
	expect(&m, P, "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-a\"}");
	expect_in(&m, P_RECORD, "\"conflict\":\"entry\"");
	assert_int_equal(f.report.conflicts, 1);
	m = merge(&too, &back);
	expect(&m, P, "{\"id\":\"p-0123456789\",\"n\":1,\"owner\":\"m-a\"}");
	expect_in(&m, P_RECORD, "\"n\":2");
	assert_int_equal(f.report.conflicts, 1);
}

static void a_return_from_what_is_no_json_is_asked_too(void **state)
{
	(void)state;
	cib_oid blob, tree, made[2];
	cib_error err = CIB_ERROR_INIT;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1"));
	assert_int_equal(cib_store_blob_write(&blob, f.store, "not json", 8, &err), CIB_OK);
	assert_int_equal(cib_store_tree_edit(&tree, f.store, &base, &(cib_tree_entry){P, 0100644, blob}, 1, &err), CIB_OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(cib_store_commit_write(&made[i], f.store, &tree, &base, 1, "t", i ? "a-2@m-a.cib.invalid" : "a-1@m-a.cib.invalid", "t\n", &err), CIB_OK);
	cib_oid back = COMMIT(&made[0], P, PROJECT(",\"n\":1"));
	merge(&made[1], &back);
	assert_int_equal(f.report.conflicts, 1);
}

static void what_a_side_only_carried_along_is_not_its_past(void **state)
{
	(void)state;
	cib_oid old = COMMIT(&f.root, P, PROJECT(",\"n\":1"));
	cib_oid base = COMMIT(&old, P, PROJECT(",\"n\":2")), line = COMMIT(&old, A, "{\"n\":1}");
	cib_oid joined = merge(&line, &base); /* a laptop that was away: in its commits n is 1, and none of them wrote that */
	cib_oid back = COMMIT(&base, P, PROJECT(",\"n\":1"));
	expect_both_ways(&joined, &back, P, "{\"id\":\"p-0123456789\",\"n\":1,\"owner\":\"m-a\"}");

	cib_oid edited = COMMIT(&joined, P, PROJECT(",\"n\":3"));
	cib_oid m = merge(&back, &edited);
	assert_int_equal(f.report.conflicts, 1);
	expect_in(&m, P_RECORD, "\"ours\":1");
}

static void crosswise_merges_that_agree_are_no_conflict(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1,\"s\":1"));
	cib_oid a = COMMIT(&base, P, PROJECT(",\"n\":2,\"s\":1")), b = COMMIT(&base, P, PROJECT(",\"n\":1,\"s\":2"));
	cib_oid left = commit_as("a@m-a.cib.invalid", &a, &b, P, PROJECT(",\"n\":2,\"s\":2"), (char *)NULL);
	cib_oid right = commit_as("a@m-a.cib.invalid", &b, &a, P, PROJECT(",\"n\":2,\"s\":2"), (char *)NULL);
	left = COMMIT(&left, P, PROJECT(",\"n\":5,\"s\":2"));
	right = COMMIT(&right, P, PROJECT(",\"n\":2,\"s\":6"));
	cib_oid m = merge(&left, &right); /* with either base alone, one of the edits would look like two */
	expect(&m, P, "{\"id\":\"p-0123456789\",\"n\":5,\"owner\":\"m-a\",\"s\":6}");
	assert_int_equal(f.report.conflicts, 0);
}

static void crosswise_merges_go_on_from_what_was_accepted(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1"));
	cib_oid gone = COMMIT(&base, P, NULL), back = COMMIT(&gone, P, PROJECT(",\"n\":1")), last = COMMIT(&back, P, NULL);
	cib_oid accepted = ACCEPT(&base, P, NULL);
	cib_oid a = merge(&back, &accepted), b = merge(&last, &accepted); /* they meet in two commits: `back`, which goes on from `accepted`, and that */
	expect(&a, P, "{\"id\":\"p-0123456789\",\"n\":1,\"owner\":\"m-a\"}");
	expect_both_ways(&a, &b, P, "(none)");
}

static void crosswise_merges_that_were_settled_differently_are_one(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1"));
	cib_oid a = COMMIT(&base, P, PROJECT(",\"n\":2")), b = COMMIT(&base, P, PROJECT(",\"n\":3"));
	cib_oid left = commit_as("a@m-a.cib.invalid", &a, &b, P, PROJECT(",\"n\":2"), (char *)NULL);
	cib_oid right = commit_as("a@m-a.cib.invalid", &b, &a, P, PROJECT(",\"n\":3"), (char *)NULL);
	cib_oid m = merge(&left, &right); /* with base a, 3 would pass for the only change; with base b, 2 */
	expect_in(&m, P, "\"n\":3");
	assert_int_equal(f.report.conflicts, 1);
	expect_in(&m, P_RECORD, "\"ours\":2");
}

/* ---- records ---- */

static void two_people_who_settle_differently_make_a_new_conflict(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1"), A, "{\"n\":1}");
	cib_oid ours = COMMIT(&base, P, PROJECT(",\"n\":2"), A, "{\"n\":2}"), theirs = COMMIT(&base, P, PROJECT(",\"n\":3"), A, "{\"n\":3}");
	cib_oid m = merge(&ours, &theirs);
	expect_in(&m, A_RECORD, "\"ours\":2");
	cib_oid x = COMMIT(&m, P, PROJECT(",\"n\":4"), P_RECORD, (char *)NULL, A, "{\"n\":4}", A_RECORD, (char *)NULL);
	cib_oid y = COMMIT(&m, P, PROJECT(",\"n\":5"), P_RECORD, (char *)NULL, A, "{\"n\":4}", A_RECORD, (char *)NULL);
	m = merge(&x, &y);
	assert_int_equal(f.report.conflicts, 1);
	expect_in(&m, P, "\"n\":5");
	expect_in(&m, P_RECORD, "\"base\":3"); /* a new record: the settled one is gone */
	expect_in(&m, P_RECORD, "\"ours\":4");
	expect(&m, A_RECORD, "(none)");
}

static void conflicts_of_two_merges_gather_in_one_record(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, A, "{\"n\":1,\"s\":1}");
	cib_oid ours = COMMIT(&base, A, "{\"n\":2,\"s\":1}"), theirs = COMMIT(&base, A, "{\"n\":3,\"s\":1}");
	cib_oid m = merge(&ours, &theirs);
	cib_oid x = COMMIT(&m, A, "{\"n\":3,\"s\":2}"), y = COMMIT(&m, A, "{\"n\":3,\"s\":3}");
	m = merge(&x, &y);
	expect_in(&m, A_RECORD, "\"path\":\"/n\"");
	expect_in(&m, A_RECORD, "\"path\":\"/s\"");
	cib_oid settled = COMMIT(&y, A_RECORD, (char *)NULL); /* one settles the first while the other merges */
	cib_oid both = merge(&settled, &m);
	expect_in(&both, A_RECORD, "\"path\":\"/s\"");
}

/* ---- renamed folders ---- */

static void an_edit_follows_an_entry_whose_folder_was_renamed(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1"), A, "{\"id\":\"a-0123456789\",\"owner\":\"m-a\",\"n\":1}");
	cib_oid renamed = COMMIT(&base, P, (char *)NULL, A, (char *)NULL, "members/m-new/projects/p-0123456789.json",
	                         "{\"id\":\"p-0123456789\",\"owner\":\"m-new\",\"n\":1}", "members/m-new/actions/a-0123456789.json",
	                         "{\"id\":\"a-0123456789\",\"owner\":\"m-new\",\"n\":1}");
	cib_oid edited = COMMIT(&base, P, PROJECT(",\"n\":2"), "members/m-a/projects/p-abcdefghjk.json", "{\"id\":\"p-abcdefghjk\",\"owner\":\"m-a\"}");
	cib_oid m = merge(&edited, &renamed);
	assert_int_equal(f.report.conflicts, 0);
	expect(&m, "members/m-new/projects/p-0123456789.json", "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-new\"}");
	expect(&m, "members/m-new/projects/p-abcdefghjk.json", "{\"id\":\"p-abcdefghjk\",\"owner\":\"m-new\"}");
	expect(&m, "members/m-a", "(none)");
	m = merge(&renamed, &edited); /* the side that renamed merges */
	assert_int_equal(f.report.conflicts, 0);
	expect(&m, "members/m-new/projects/p-0123456789.json", "{\"id\":\"p-0123456789\",\"n\":2,\"owner\":\"m-new\"}");
	expect(&m, P, "(none)");
}

static void an_entry_that_stays_in_a_folder_is_not_taken_along(void **state)
{
	(void)state;
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"n\":1"), A, "{\"id\":\"a-0123456789\",\"n\":1}");
	cib_oid one_moved = COMMIT(&base, P, (char *)NULL, "members/m-b/projects/p-0123456789.json", "{\"id\":\"p-0123456789\",\"owner\":\"m-b\",\"n\":1}");
	cib_oid added = COMMIT(&base, "members/m-a/projects/p-abcdefghjk.json", "{\"id\":\"p-abcdefghjk\",\"owner\":\"m-a\"}");
	cib_oid m = merge(&added, &one_moved);
	expect(&m, "members/m-a/projects/p-abcdefghjk.json", "{\"id\":\"p-abcdefghjk\",\"owner\":\"m-a\"}");
	expect_in(&m, A, "\"n\":1");
	expect(&m, P, "(none)");
}

/* ---- order ---- */

static void the_order_of_members_does_not_matter(void **state)
{
	(void)state;
	static const char *const orders[] = {"012", "021", "102", "120", "201", "210"};
	cib_oid base = COMMIT(&f.root, P, PROJECT(",\"tags\":[\"x\"],\"title\":{\"en\":\"T\"},\"shares\":[{\"code\":\"x\",\"percentage\":\"100\"}]"));
	cib_oid tips[3];
	tips[0] = COMMIT(&base, P, PROJECT(",\"tags\":[\"x\",\"a\"],\"title\":{\"en\":\"T\",\"fr\":\"T0\"},\"shares\":[{\"code\":\"x\",\"percentage\":\"100\"}]"));
	tips[1] = COMMIT(&base, P, PROJECT(",\"tags\":[\"b\",\"x\"],\"title\":{\"en\":\"T\",\"es\":\"T1\"},\"shares\":[{\"code\":\"x\",\"percentage\":\"100\"}]"));
	tips[2] = COMMIT(&base, P, PROJECT(",\"tags\":[\"c\"],\"title\":{\"en\":\"T2\"},\"shares\":[{\"code\":\"x\",\"percentage\":\"100\",\"note\":\"n\"}]"));
	char *first = NULL;
	for (size_t i = 0; i < 6; i++) {
		cib_oid tip = base;
		for (const char *o = orders[i]; *o; o++)
			tip = merge(&tip, &tips[*o - '0']);
		char *text = text_at(&tip, P);
		if (first)
			assert_string_equal(text, first);
		else
			first = cib_strdup(text);
		assert_int_equal(f.report.conflicts, 0);
		free(text);
	}
	assert_non_null(strstr(first, "\"tags\":[\"a\",\"b\",\"c\"]"));
	free(first);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(edits_of_different_fields_are_joined),
		TEST(what_does_not_fit_is_recorded_with_who_and_when),
		TEST(a_removal_against_an_edit_keeps_the_edit_and_asks),
		TEST(two_right_edits_that_make_a_wrong_whole_are_a_conflict_on_the_entry),
		TEST(a_file_that_is_no_json_loses_nothing),
		TEST(a_version_that_the_other_side_has_been_through_is_no_news),
		TEST(who_went_back_to_what_it_was_is_not_overruled),
		TEST(what_was_accepted_by_itself_is_what_both_go_on_from),
		TEST(what_two_of_the_secretariat_accepted_apart_is_asked),
		TEST(what_an_acceptance_goes_on_from_tells_which_is_newer),
		TEST(what_was_accepted_of_an_older_version_than_both_have_is_past),
		TEST(who_went_back_from_what_a_colleague_made_too_is_asked),
		TEST(a_return_from_what_is_no_json_is_asked_too),
		TEST(what_a_side_only_carried_along_is_not_its_past),
		TEST(crosswise_merges_that_agree_are_no_conflict),
		TEST(crosswise_merges_go_on_from_what_was_accepted),
		TEST(crosswise_merges_that_were_settled_differently_are_one),
		TEST(two_people_who_settle_differently_make_a_new_conflict),
		TEST(conflicts_of_two_merges_gather_in_one_record),
		TEST(an_edit_follows_an_entry_whose_folder_was_renamed),
		TEST(an_entry_that_stays_in_a_folder_is_not_taken_along),
		TEST(the_order_of_members_does_not_matter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
