/* Freshness: which version was there at a time, what is untouched since, and what is over without a result. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "network/freshness.h"
#include "support/network.h"

#define DAY    86400
#define NOW    ((int64_t)4102444800) /* 2100-01-01 */
#define FOLDER "members/m-andal"

/* A commit as git makes it, on a day so many days before NOW. */
static cib_oid commit_at(fixture *f, const cib_oid *parent, int days_ago, const char *path, const char *text)
{
	cib_oid tree, commit;
	char hex[CIB_OID_HEX], parent_hex[CIB_OID_HEX], out[64] = "";
	cib_tree_entry edit = {.path = path, .mode = text ? 0100644 : 0};
	if (text)
		assert_int_equal(cib_store_blob_write(&edit.oid, f->store, text, strlen(text), NULL), CIB_OK);
	assert_int_equal(cib_store_tree_edit(&tree, f->store, parent, &edit, 1, NULL), CIB_OK);
	cib_oid_hex(hex, &tree);
	cib_oid_hex(parent_hex, parent);
	char *command = cib_format("GIT_AUTHOR_DATE='@%lld +0000' GIT_COMMITTER_DATE='@%lld +0000' git -C '%s/central.git' -c user.name=s -c user.email=s@x.invalid commit-tree -p %s -m x %s",
	                           (long long)(NOW - days_ago * (int64_t)DAY), (long long)(NOW - days_ago * (int64_t)DAY), f->dir, parent_hex, hex);
	FILE *p = popen(command, "r");
	assert_non_null(fgets(out, sizeof out, p));
	pclose(p);
	free(command);
	out[40] = '\0';
	assert_true(cib_oid_parse(&commit, out));
	return commit;
}

typedef struct {
	char text[2000];
} told;

static int tell(const cib_old_entry *e, void *payload)
{
	told *t = payload;
	snprintf(t->text + strlen(t->text), sizeof t->text - strlen(t->text), "%s%s%s%s%s\n", e->place->id, e->untouched ? " untouched" : "", e->ended ? " ended " : "",
	         e->ended ? e->ended : "", e->missing ? e->missing : "");
	return 0;
}

static void expect(fixture *f, const cib_oid *tip, int64_t now, const char *folder, const char *want)
{
	told t = {""};
	cib_error err = CIB_ERROR_INIT;
	if (cib_freshness_each(f->net, tip, folder, now, tell, &t, &err) != CIB_OK)
		fail_msg("%s", err.message);
	if (strcmp(t.text, want) != 0)
		fail_msg("told:\n%swanted:\n%s", t.text, want);
}

#define PROJECT(n) FOLDER "/projects/p-000000000" n ".json"

static void what_did_not_change_for_a_year_is_untouched(void **state)
{
	fixture *f = *state;
	/* NOW lies far ahead, so that the network, made today, is the oldest of all. */
	cib_oid first = commit_at(f, &f->commit, 800, PROJECT("1"), "{\"status\":\"2\"}");
	cib_oid second = commit_at(f, &first, 500, PROJECT("2"), "{\"status\":\"2\"}");
	cib_oid third = commit_at(f, &second, 300, PROJECT("3"), "{\"status\":\"2\"}");
	cib_oid fourth = commit_at(f, &third, 200, PROJECT("2"), "{\"status\":\"1\"}");
	expect(f, &fourth, NOW, FOLDER, "p-0000000001 untouched\n");
	expect(f, &fourth, NOW, "", "p-0000000001 untouched\n");
	expect(f, &fourth, NOW, "members/m-other", "");
	expect(f, &fourth, NOW + 100 * DAY, FOLDER, "p-0000000001 untouched\np-0000000003 untouched\n");
	expect(f, &second, NOW, FOLDER, "p-0000000001 untouched\np-0000000002 untouched\n");
	/* A response is not kept fresh, whatever its age. */
	cib_oid answered = commit_at(f, &first, 700, FOLDER "/responses/r-0000000001.json", "{\"status\":\"draft\"}");
	expect(f, &answered, NOW, FOLDER, "p-0000000001 untouched\n");
	/* What is over needs no look any more. */
	cib_oid closed = commit_at(f, &first, 600, PROJECT("4"), "{\"status\":\"4\",\"results\":[]}");
	expect(f, &closed, NOW, FOLDER, "p-0000000001 untouched\n");
}

static void a_commit_with_a_wrong_clock_is_passed_over(void **state)
{
	fixture *f = *state;
	cib_oid first = commit_at(f, &f->commit, 800, PROJECT("1"), "{\"status\":\"2\"}");
	cib_oid recent = commit_at(f, &first, 10, PROJECT("2"), "{\"status\":\"2\"}");
	cib_oid skewed = commit_at(f, &recent, 9000, PROJECT("3"), "{\"status\":\"2\"}");
	cib_oid then;
	assert_int_equal(cib_freshness_then(&then, f->store, &skewed, NOW - 365 * (int64_t)DAY, NULL), CIB_OK);
	assert_true(cib_oid_equal(&then, &first));
	expect(f, &skewed, NOW, FOLDER, "p-0000000001 untouched\n");
	assert_int_equal(cib_freshness_then(&then, f->store, &f->commit, 0, NULL), CIB_NOTFOUND);
}

static void what_is_over_says_what_came_of_it(void **state)
{
	static const struct {
		const char *project, *want;
	} cases[] = {
		{"{\"status\":\"2\",\"dates\":{\"plannedEnd\":\"2099-12\"}}", "p-0000000001 ended 2099-12/results\n"},
		{"{\"status\":\"2\",\"dates\":{\"plannedEnd\":\"2100-01\"}}", ""}, /* the month is not over */
		{"{\"status\":\"2\",\"dates\":{\"plannedEnd\":\"2100\"}}", ""},
		{"{\"status\":\"2\",\"dates\":{\"plannedEnd\":\"2100-01-01\"}}", ""}, /* today */
		{"{\"status\":\"2\",\"dates\":{\"plannedEnd\":\"2099-12-31\"}}", "p-0000000001 ended 2099-12-31/results\n"},
		{"{\"status\":\"2\",\"dates\":{\"plannedEnd\":\"2098\",\"actualEnd\":\"2101\"}}", ""}, /* the actual end counts first */
		{"{\"status\":\"2\",\"dates\":{\"plannedEnd\":\"2098\"},\"results\":[{\"id\":\"r-1\"}]}", ""},
		{"{\"status\":\"4\"}", "p-0000000001 ended /results\n"},        /* closed, whenever */
		{"{\"status\":\"5\",\"dates\":{\"plannedEnd\":\"2098\"}}", ""}, /* cancelled */
		{"{ no JSON", ""},
		{"{\"status\":2,\"dates\":7}", ""},
	};
	fixture *f = *state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cib_oid tip = commit_at(f, &f->commit, 10, PROJECT("1"), cases[i].project);
		expect(f, &tip, NOW, FOLDER, cases[i].want);
	}
}

static void a_confirmation_touches_an_entry(void **state)
{
	(void)state;
	cJSON *doc = cJSON_CreateObject();
	cib_freshness_confirm(doc, NOW);
	assert_string_equal(cib_json_string(doc, "x-cib-confirmed"), "2100-01-01");
	cJSON_Delete(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_did_not_change_for_a_year_is_untouched),
		cmocka_unit_test(a_commit_with_a_wrong_clock_is_passed_over),
		cmocka_unit_test(what_is_over_says_what_came_of_it),
		cmocka_unit_test(a_confirmation_touches_an_entry),
	};
	return cmocka_run_group_tests_name("network freshness", tests, set_up_network, tear_down_network);
}
