/* The network: layout, ids, access, and the check of entries, over a small network made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "network/create.h"
#include "network/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char project_schema[] =
	"{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"x-cib-kind\":\"project\",\"x-cib-folder\":\"projects\",\"x-cib-prefix\":\"p\","
	"\"x-cib-writer\":\"member\",\"type\":\"object\",\"required\":[\"id\",\"kind\",\"owner\",\"title\"],"
	"\"properties\":{\"id\":{\"type\":\"string\"},\"kind\":{\"const\":\"project\"},\"owner\":{\"type\":\"string\"},"
	"\"title\":{\"type\":\"object\",\"x-cib-title\":{\"en\":\"Title\",\"fr\":\"Titre\"}},\"lead\":{\"type\":\"string\"},\"next\":{\"type\":\"string\"},"
	"\"start\":{\"type\":\"string\"},\"end\":{\"type\":\"string\"},\"shares\":{\"type\":\"array\"},\"regions\":{\"type\":\"array\"},\"amount\":{},"
	"\"results\":{\"type\":\"array\",\"x-merge\":\"keyed:id\",\"items\":{\"properties\":{\"targets\":{\"type\":\"array\",\"x-merge\":\"keyed:id\"}}}},"
	"\"identifiers\":{\"type\":\"array\",\"x-merge\":\"keyed:type\"}},"
	"\"additionalProperties\":false,"
	"\"x-cib-rules\":[{\"rule\":\"order\",\"first\":\"/start\",\"second\":\"/end\"},"
	"{\"rule\":\"sum\",\"of\":[\"/shares\",\"/regions\"],\"field\":\"percentage\",\"equals\":\"100\"},"
	"{\"rule\":\"words\",\"field\":\"/title\",\"max\":5},"
	"{\"rule\":\"reference\",\"field\":\"/lead\",\"kind\":\"member\"},{\"rule\":\"reference\",\"field\":\"/next\",\"kind\":\"project\"}]}";

typedef struct {
	char dir[64];
	cib_store *store;
	cib_network *net;
	cib_oid commit;
} fixture;

static void put(fixture *f, const char *path, const char *text)
{
	cib_oid tree, blob;
	assert_int_equal(cib_store_blob_write(&blob, f->store, text, strlen(text), NULL), CIB_OK);
	cib_tree_entry edit = {path, 0100644, blob};
	assert_int_equal(cib_store_tree_edit(&tree, f->store, &f->commit, &edit, 1, NULL), CIB_OK);
	assert_int_equal(cib_store_commit_write(&f->commit, f->store, &tree, NULL, 0, "t", "t@example.invalid", "t\n", NULL), CIB_OK);
}

static int set_up(void **state)
{
	fixture *f = cib_alloc(sizeof *f);
	strcpy(f->dir, "/tmp/cib-network-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	char *path = cib_format("%s/central.git", f->dir);
	cib_error err = CIB_ERROR_INIT;
	assert_int_equal(cib_store_init(&f->store, path, true, "refs/heads/main", &err), CIB_OK);
	free(path);
	put(f, "network.json", "{\"languages\":[\"fr\",\"en\"]}");
	put(f, "access.json",
	    "{\"users\":{\"sec\":{\"role\":\"secretariat\"},\"a1\":{\"role\":\"staff\",\"member\":\"m-a\"},"
	    "\"old\":{\"role\":\"staff\",\"member\":\"m-a\",\"until\":\"2020-12-31\"},\"odd\":{\"role\":\"staff\",\"member\":\"../x\"}}}");
	put(f, "schema/project.schema.json", project_schema);
	put(f, "members/m-a/projects/p-0123456789.json", "{}");
	put(f, "members/m-b/projects/p-abcdefghjk.json", "{}");
	assert_int_equal(cib_network_load(&f->net, f->store, &f->commit, &err), CIB_OK);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	fixture *f = *state;
	char *command = cib_format("rm -rf '%s'", f->dir);
	cib_network_free(f->net);
	cib_store_free(f->store);
	assert_int_equal(system(command), 0);
	free(command);
	free(f);
	return 0;
}

/* A network moves to a commit with the same rules, and to no other. */
static void what_was_read_serves_while_the_rules_stay(void **state)
{
	fixture *f = *state;
	const cib_oid first = f->commit, none = {{1}};
	const cib_kind *kind = cib_network_kind(f->net, "project");
	put(f, "members/m-a/projects/p-0123456780.json", "{}");
	assert_true(cib_network_move(f->net, &f->commit));
	assert_memory_equal(cib_network_commit(f->net), &f->commit, sizeof f->commit);
	assert_ptr_equal(cib_network_kind(f->net, "project"), kind);
	assert_true(cib_network_move(f->net, &first));
	static const char *const rules[] = {"network.json", "access.json", "schema/other.schema.json", "codelists/c.json"};
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		f->commit = first;
		put(f, rules[i], "{\"users\":{}}");
		assert_false(cib_network_move(f->net, &f->commit));
		assert_memory_equal(cib_network_commit(f->net), &first, sizeof first);
	}
	assert_false(cib_network_move(f->net, &none));
}

static void every_path_has_its_place(void **state)
{
	fixture *f = *state;
	const struct {
		const char *path;
		cib_area area;
		const char *kind, *id;
	} rows[] = {
		{"network.json", CIB_AREA_RULES, NULL, ""},
		{"schema/project.schema.json", CIB_AREA_RULES, NULL, ""},
		{"members/m-a/projects/p-0123456789.json", CIB_AREA_MEMBER, "project", "p-0123456789"},
		{"members/m-a/conflicts/p-0123456789.json", CIB_AREA_RECORD, NULL, "p-0123456789"},
		{"members/m-a/elsewhere/p-0123456789.json", CIB_AREA_MEMBER, NULL, "p-0123456789"},
		{"members/m-a/projects/deeper/p-0123456789.json", CIB_AREA_OTHER, NULL, NULL},
		{"members/m-a/projects/P-0123456789.json", CIB_AREA_OTHER, NULL, NULL},
		{"members/m-a/projects/aux.json", CIB_AREA_OTHER, NULL, NULL},
		{"members/m-a", CIB_AREA_OTHER, NULL, NULL},
		{"reviews/m-a/p-0123456789.json", CIB_AREA_REVIEW, NULL, "p-0123456789"},
		{"README.md", CIB_AREA_OTHER, NULL, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cib_place place;
		cib_network_place(&place, f->net, rows[i].path);
		assert_int_equal(place.area, rows[i].area);
		if (rows[i].kind)
			assert_string_equal(place.kind->name, rows[i].kind);
		else
			assert_null(place.kind);
		if (rows[i].id)
			assert_string_equal(place.id, rows[i].id);
	}
}

static void an_entry_is_found_by_its_id_alone(void **state)
{
	fixture *f = *state;
	cib_buf path = CIB_BUF_INIT;
	cib_place place;
	cib_oid blob;
	cib_error err = CIB_ERROR_INIT;
	assert_int_equal(cib_network_find(&path, &place, &blob, f->net, &f->commit, "p-abcdefghjk", &err), CIB_OK);
	assert_string_equal(path.data, "members/m-b/projects/p-abcdefghjk.json");
	assert_string_equal(place.member, "m-b");
	assert_int_equal(cib_network_find(&path, &place, &blob, f->net, &f->commit, "p-0000000000", &err), CIB_NOTFOUND);
	assert_int_equal(cib_network_find(&path, &place, &blob, f->net, &f->commit, "../../etc", &err), CIB_NOTFOUND);
	cib_buf_free(&path);
}

static int count(const char *path, const cib_place *place, const cib_oid *blob, void *payload)
{
	(void)path;
	(void)place;
	(void)blob;
	++*(int *)payload;
	return 0;
}

static void entries_are_listed_by_member_and_kind(void **state)
{
	fixture *f = *state;
	const cib_kind *project = cib_network_kind(f->net, "project");
	int all = 0, one = 0, kind = 0;
	assert_int_equal(cib_network_each(f->net, &f->commit, NULL, NULL, count, &all, NULL), CIB_OK);
	assert_int_equal(cib_network_each(f->net, &f->commit, "m-a", NULL, count, &one, NULL), CIB_OK);
	assert_int_equal(cib_network_each(f->net, &f->commit, NULL, project, count, &kind, NULL), CIB_OK);
	assert_int_equal(all, 2);
	assert_int_equal(one, 1);
	assert_int_equal(kind, 2);
}

static void access_follows_roles_and_dates(void **state)
{
	fixture *f = *state;
	const int64_t in_2024 = 1710000000;
	assert_int_equal(cib_network_access(f->net, "sec", in_2024).role, CIB_ROLE_SECRETARIAT);
	assert_string_equal(cib_network_access(f->net, "a1", in_2024).member, "m-a");
	assert_int_equal(cib_network_access(f->net, "old", in_2024).role, CIB_ROLE_NONE);
	assert_int_equal(cib_network_access(f->net, "old", 1600000000).role, CIB_ROLE_STAFF);
	assert_int_equal(cib_network_access(f->net, "odd", in_2024).role, CIB_ROLE_NONE);
	assert_int_equal(cib_network_access(f->net, "nobody", in_2024).role, CIB_ROLE_NONE);
	assert_int_equal(cib_network_access(f->net, NULL, in_2024).role, CIB_ROLE_NONE);
}

static void ids_are_random_and_in_the_grammar(void **state)
{
	fixture *f = *state;
	char a[32], b[32];
	cib_network_new_id(a, cib_network_kind(f->net, "project"));
	cib_network_new_id(b, cib_network_kind(f->net, "project"));
	assert_int_equal(strlen(a), 12);
	assert_true(strncmp(a, "p-", 2) == 0 && cib_name_ok(a, strlen(a)));
	assert_string_not_equal(a, b);
}

static void a_check_names_what_is_wrong_and_where(void **state)
{
	fixture *f = *state;
	static const char path[] = "members/m-a/projects/p-0123456789.json";
#define ENTRY(rest) "{\"id\":\"p-0123456789\",\"kind\":\"project\",\"owner\":\"m-a\",\"title\":{\"en\":\"A\"}" rest "}"
	const struct {
		const char *path, *text, *code; /* code NULL: valid */
	} rows[] = {
		{path, ENTRY(""), NULL},
		{path, ENTRY(",\"owner\":\"m-a\""), "json.duplicate-key"},
		{path, ENTRY(",\"sahres\":[]"), "*"},
		{path, "{\"id\":\"p-0000000000\",\"kind\":\"project\",\"owner\":\"m-a\",\"title\":{}}", "network.id"},
		{path, "{\"id\":\"p-0123456789\",\"kind\":\"project\",\"owner\":\"m-b\",\"title\":{}}", "network.owner"},
		{"members/m-a/projects/project-1.json", "{\"id\":\"project-1\",\"kind\":\"project\",\"owner\":\"m-a\",\"title\":{}}", "network.prefix"},
		{"members/m-a/other/p-0123456789.json", ENTRY(""), "network.unknown-kind"},
		{path, ENTRY(",\"start\":\"2024-05\",\"end\":\"2024\""), NULL},
		{path, ENTRY(",\"start\":\"2024-05\",\"end\":\"2024-04-30\""), "rule.order"},
		{path, ENTRY(",\"shares\":[{\"percentage\":\"60\"},{\"percentage\":\"40\"}]"), NULL},
		{path, ENTRY(",\"shares\":[{\"percentage\":\"33.33\"},{\"percentage\":\"33.33\"},{\"percentage\":\"33.33\"}]"), NULL},
		{path, ENTRY(",\"shares\":[{\"percentage\":\"60\"},{\"percentage\":\"40\"}],\"regions\":[{\"percentage\":\"20\"}]"), "rule.sum"},
		{path, ENTRY(",\"shares\":[{}]"), NULL},
		{path, "{\"id\":\"p-0123456789\",\"kind\":\"project\",\"owner\":\"m-a\",\"title\":{\"en\":\"one two three four five six\"}}", "rule.words"},
		{path, ENTRY(",\"results\":[{\"id\":\"r-1\"},{\"id\":\"r-2\"},{\"id\":\"r-1\"}]"), "network.item-id"},
		{path, ENTRY(",\"results\":[{\"id\":\"r-1\",\"targets\":[{\"id\":\"a\"},{\"id\":\"a\"}]}]"), "network.item-id"},
		{path, ENTRY(",\"results\":[{\"id\":\"r-1\",\"targets\":[{\"id\":\"a\"}]},{\"id\":\"r-2\",\"targets\":[{\"id\":\"a\"}]}]"), NULL},
		{path, ENTRY(",\"identifiers\":[{\"type\":\"A1\",\"ref\":\"1\"},{\"type\":\"A1\",\"ref\":\"2\"}]"), NULL},
		{path, ENTRY(",\"lead\":\"m-nobody\""), "rule.reference"},
		{path, ENTRY(",\"lead\":\"m-b\",\"next\":\"p-abcdefghjk\""), NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cib_findings findings = CIB_FINDINGS_INIT;
		cib_check_options options = {.lang = "en", .tree = &f->commit};
		int status = cib_network_check(f->net, rows[i].path, rows[i].text, strlen(rows[i].text), &options, NULL, &findings);
		if (!rows[i].code && findings.count)
			fail_msg("row %zu: unexpected %s: %s", i, findings.items[0].code, findings.items[0].message);
		if (rows[i].code) {
			if (!findings.count)
				fail_msg("row %zu: nothing found, expected %s", i, rows[i].code);
			if (strcmp(rows[i].code, "*") != 0)
				assert_string_equal(findings.items[0].code, rows[i].code);
			assert_string_equal(findings.items[0].file, rows[i].path);
			assert_true(findings.items[0].line >= 1);
		}
		assert_int_equal(status, findings.errors ? CIB_FINDINGS : CIB_OK);
		cib_findings_free(&findings);
	}
}

static void what_travels_is_canonical_nfc_and_exact_in_numbers(void **state)
{
	fixture *f = *state;
	static const char path[] = "members/m-a/projects/p-0123456789.json";
	const struct {
		const char *fields, *code;
	} rows[] = {
		{"", NULL},
		{"\"amount\": 0.1,", NULL},
		{"\"amount\": 9007199254740993,", "network.number"},
		{"\"amount\": 1e999,", "network.number"},
		{"\"amount\": -0,", "network.number"},
		{"\"amount\": \"e\xCC\x81\",", "network.not-nfc"},
		{"\"amount\" : 1,", "network.not-canonical"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text = cib_format("{\n%s%s%s  \"id\": \"p-0123456789\",\n  \"kind\": \"project\",\n  \"owner\": \"m-a\",\n  \"title\": {}\n}\n",
		                        *rows[i].fields ? "  " : "", rows[i].fields, *rows[i].fields ? "\n" : "");
		cib_findings findings = CIB_FINDINGS_INIT;
		cib_check_options options = {.lang = "en", .canonical = true};
		cib_network_check(f->net, path, text, strlen(text), &options, NULL, &findings);
		if (rows[i].code) {
			assert_int_equal(findings.count, 1);
			assert_string_equal(findings.items[0].code, rows[i].code);
		} else {
			assert_int_equal(findings.count, 0);
		}
		cib_findings_free(&findings);
		free(text);
	}
}

static void a_new_network_loads_with_its_kinds_and_refuses_odd_names(void **state)
{
	fixture *f = *state;
	char *path = cib_format("%s/new.git", f->dir), *other = cib_format("%s/other.git", f->dir);
	const char *languages[] = {"es"}, *members[] = {"m-andal:andal-1,andal-2"}, *odd[] = {"M Andal:x"};
	cib_network_options options = {.title = "Red", .languages = languages, .language_count = 1, .secretariat = "sec-1", .members = members, .member_count = 1, .program = "/usr/bin/cib"};
	cib_error err = CIB_ERROR_INIT;
	cib_store *store = NULL;
	cib_network *net = NULL;
	cib_oid main_tip;
	assert_int_equal(cib_network_create(path, &options, &err), CIB_OK);
	assert_int_equal(cib_store_open(&store, path, &err), CIB_OK);
	assert_int_equal(cib_store_ref_get(&main_tip, store, "refs/heads/main", &err), CIB_OK);
	assert_int_equal(cib_network_load(&net, store, &main_tip, &err), CIB_OK);
	assert_string_equal(cib_network_lang(net), "es");
	assert_string_equal(cib_network_access(net, "andal-2", 1710000000).member, "m-andal");
	for (size_t i = 0; i < cib_network_kind_count(net); i++) {
		if (!cib_network_schema(net, cib_network_kind_at(net, i), &err))
			fail_msg("%s: %s %s", cib_network_kind_at(net, i)->name, err.message, err.pointer);
	}
	assert_int_equal(cib_network_create(path, &options, &err), CIB_USAGE); /* it is there already */
	options.members = odd;
	assert_int_equal(cib_network_create(other, &options, &err), CIB_USAGE);
	cib_network_free(net);
	cib_store_free(store);
	free(path);
	free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_read_serves_while_the_rules_stay, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_path_has_its_place, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_entry_is_found_by_its_id_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(entries_are_listed_by_member_and_kind, set_up, tear_down),
		cmocka_unit_test_setup_teardown(access_follows_roles_and_dates, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ids_are_random_and_in_the_grammar, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_check_names_what_is_wrong_and_where, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_travels_is_canonical_nfc_and_exact_in_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_new_network_loads_with_its_kinds_and_refuses_odd_names, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
