/* The kinds and codelists that a new network begins with: every field has its words in three languages, every example is
 * valid, codes are checked and named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/network.h"

static void the_network_has_all_its_kinds(void **state)
{
	fixture *f = *state;
	static const char *const names[] = {"member", "project", "practice", "partnership", "assessment", "instrument", "resource", "event", "plan", "response",
	                                    "review", "conflict", "comment"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!cib_network_kind(f->net, names[i]))
			fail_msg("there is no kind %s", names[i]);
}

/* ---- words */

static size_t count_fields;

static void must_have_words(const char *kind, const char *field, const cJSON *schema)
{
	static const char *const annotations[] = {"x-cib-title", "x-cib-description"}, *const languages[] = {"en", "fr", "es"};
	count_fields++;
	for (size_t a = 0; a < 2; a++)
		for (size_t l = 0; l < 3; l++) {
			const char *text = cib_json_string(cib_json_get(schema, annotations[a]), languages[l]);
			if (!text || !*text)
				fail_msg("%s: the field %s has no %s in %s", kind, field, annotations[a], languages[l]);
		}
	const char *title = cib_json_string(schema, "title"), *description = cib_json_string(schema, "description");
	if (!title || !description)
		fail_msg("%s: the field %s has no plain title or description", kind, field);
}

static void walk_fields(const char *kind, const char *path, const cJSON *schema)
{
	static const char *const holders[] = {"properties", "items", "patternProperties"};
	for (size_t h = 0; h < 3; h++) {
		const cJSON *below = cib_json_get(schema, holders[h]);
		if (h == 1) {
			if (below)
				walk_fields(kind, path, below);
			continue;
		}
		for (const cJSON *p = below ? below->child : NULL; p; p = p->next) {
			char *inner = cib_format("%s/%s", path, p->string);
			if (h == 0)
				must_have_words(kind, inner, p);
			walk_fields(kind, inner, p);
			free(inner);
		}
	}
}

static void every_field_of_every_kind_has_its_words_in_three_languages(void **state)
{
	fixture *f = *state;
	for (size_t i = 0; i < cib_network_kind_count(f->net); i++) {
		const cib_kind *k = cib_network_kind_at(f->net, i);
		must_have_words(k->name, "(itself)", k->schema);
		walk_fields(k->name, "", k->schema);
	}
	assert_true(count_fields > 300);
}

/* Lists of objects without x-merge would be joined by position. */
static void walk_merge(const char *kind, const char *path, const cJSON *schema)
{
	const char *type = cib_json_string(schema, "type");
	if (type && strcmp(type, "array") == 0 && !cib_json_string(schema, "x-merge"))
		fail_msg("%s: the list %s does not say how it is merged", kind, path);
	const cJSON *below = cib_json_get(schema, "properties");
	for (const cJSON *p = below ? below->child : NULL; p; p = p->next) {
		char *inner = cib_format("%s/%s", path, p->string);
		walk_merge(kind, inner, p);
		free(inner);
	}
	if (cib_json_get(schema, "items"))
		walk_merge(kind, path, cib_json_get(schema, "items"));
}

static void every_list_says_how_it_is_merged(void **state)
{
	fixture *f = *state;
	for (size_t i = 0; i < cib_network_kind_count(f->net); i++)
		walk_merge(cib_network_kind_at(f->net, i)->name, "", cib_network_kind_at(f->net, i)->schema);
}

/* ---- examples */

static void check_example(fixture *f, const cib_kind *k, const cJSON *example)
{
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cib_findings findings = CIB_FINDINGS_INIT;
	const char *owner = cib_json_string(example, "owner");
	cib_network_path(&path, k, k->prefix ? owner : "m-andal", cib_json_string(example, "id"));
	cib_json_write(&text, example, NULL);
	int status = cib_network_check(f->net, path.data, text.data, text.len, &(cib_check_options){.lang = "en", .canonical = true}, NULL, &findings);
	for (size_t i = 0; i < findings.count; i++)
		if (findings.items[i].severity != CIB_ADVICE)
			fail_msg("%s: %s: %s", path.data, findings.items[i].pointer, findings.items[i].message);
	assert_int_equal(status, CIB_OK);
	cib_findings_free(&findings);
	cib_buf_free(&path);
	cib_buf_free(&text);
}

static void every_kind_has_an_example_that_is_valid(void **state)
{
	fixture *f = *state;
	for (size_t i = 0; i < cib_network_kind_count(f->net); i++) {
		const cib_kind *k = cib_network_kind_at(f->net, i);
		const cJSON *examples = cib_json_get(k->schema, "examples");
		if (k->folder && (!examples || !examples->child))
			fail_msg("%s has no example", k->name);
		for (const cJSON *e = examples ? examples->child : NULL; e; e = e->next)
			check_example(f, k, e);
	}
}

/* ---- codelists */

static void walk_lists(fixture *f, const char *kind, const cJSON *schema)
{
	const cJSON *lists = cib_json_get(schema, "x-cib-codelist"), *all = cJSON_IsObject(lists) ? cib_json_get(lists, "lists") : lists;
	if (cJSON_IsString(lists) && !cib_network_codelist(f->net, lists->valuestring))
		fail_msg("%s refers to the list %s, which is not there", kind, lists->valuestring);
	for (const cJSON *l = all && !cJSON_IsString(lists) ? all->child : NULL; l; l = l->next)
		if (!cib_network_codelist(f->net, l->valuestring))
			fail_msg("%s refers to the list %s, which is not there", kind, l->valuestring);
	for (const cJSON *c = schema->child; c; c = c->next)
		if (cJSON_IsObject(c) || cJSON_IsArray(c))
			walk_lists(f, kind, c);
}

static void every_list_that_a_schema_names_is_there(void **state)
{
	fixture *f = *state;
	for (size_t i = 0; i < cib_network_kind_count(f->net); i++)
		walk_lists(f, cib_network_kind_at(f->net, i)->name, cib_network_kind_at(f->net, i)->schema);
}

static void an_enum_and_its_list_have_the_same_codes(fixture *f, const char *kind, const cJSON *schema)
{
	const cJSON *choice = cib_json_get(schema, "enum"), *name = cib_json_get(schema, "x-cib-codelist");
	if (cJSON_IsArray(choice) && cJSON_IsString(name)) {
		const cib_codelist *list = cib_network_codelist(f->net, name->valuestring);
		for (const cJSON *v = choice->child; v; v = v->next)
			if (cJSON_IsString(v) && !cib_codelist_get(list, v->valuestring))
				fail_msg("%s: %s is not in the list %s", kind, v->valuestring, name->valuestring);
	}
	for (const cJSON *c = schema->child; c; c = c->next)
		if (cJSON_IsObject(c) || cJSON_IsArray(c))
			an_enum_and_its_list_have_the_same_codes(f, kind, c);
}

static void every_choice_of_a_schema_has_a_name_in_its_list(void **state)
{
	fixture *f = *state;
	for (size_t i = 0; i < cib_network_kind_count(f->net); i++)
		an_enum_and_its_list_have_the_same_codes(f, cib_network_kind_at(f->net, i)->name, cib_network_kind_at(f->net, i)->schema);
}

static void every_list_has_titles_a_version_a_source_and_names(void **state)
{
	fixture *f = *state;
	const cib_codelist **lists;
	size_t count, codes = 0, withdrawn = 0;
	assert_int_equal(cib_network_codelists(&lists, &count, f->net, NULL), CIB_OK);
	for (size_t i = 0; i < count; i++) {
		assert_true(*cib_codelist_version(lists[i]) != '\0');
		assert_string_not_equal(cib_codelist_title(lists[i], "es"), cib_codelist_name(lists[i]));
		assert_true(cib_codelist_count(lists[i]) > 0);
		for (size_t k = 0; k < cib_codelist_count(lists[i]); k++) {
			const cib_code *c = cib_codelist_at(lists[i], k);
			codes++;
			withdrawn += c->withdrawn;
			assert_ptr_equal(cib_codelist_get(lists[i], c->code), c); /* no code twice */
			if (strcmp(cib_code_name(c, "en", false), c->code) == 0 && !cib_json_get(c->json, "name"))
				fail_msg("%s: %s has no name", cib_codelist_name(lists[i]), c->code);
			if (c->successor && !cib_codelist_get(lists[i], c->successor))
				fail_msg("%s: the successor of %s is not in the list", cib_codelist_name(lists[i]), c->code);
		}
	}
	assert_true(count > 60 && codes > 2000 && withdrawn > 60);
	free((void *)(uintptr_t)lists);
}

static void codes_have_names_in_the_language_that_is_asked_for(void **state)
{
	fixture *f = *state;
	assert_string_equal(cib_network_code_name(f->net, "Country", "TN", "fr"), "Tunisie");
	assert_string_equal(cib_network_code_name(f->net, "Country", "ES", "es"), "España");
	assert_string_equal(cib_network_code_name(f->net, "themes", "waste", "es"), "Residuos");
	assert_string_equal(cib_network_code_name(f->net, "Currency", "TND", "fr"), "dinar tunisien");
	assert_string_equal(cib_network_code_name(f->net, "languages", "fr-CA", "en"), "French");
	assert_string_equal(cib_network_code_name(f->net, "Country", "QQ", "en"), "QQ");
	assert_string_equal(cib_network_code_name(f->net, "NoSuchList", "QQ", "en"), "QQ");
	assert_string_equal(cib_network_code_name(f->net, "../access", "QQ", "en"), "QQ");
	assert_string_equal(cib_code_name(cib_codelist_get(cib_network_codelist(f->net, "UNSDG-Goals"), "5"), "fr", true), "Égalité entre les sexes");
}

static void the_field_tells_the_list_of_its_code(void **state)
{
	fixture *f = *state;
	const cib_kind *k = cib_network_kind(f->net, "project");
	const cJSON *doc = cib_json_get(k->schema, "examples")->child;
	assert_string_equal(cib_field_code_name(f->net, k, doc, "/status", "2", "en"), "Implementation");
	assert_string_equal(cib_field_code_name(f->net, k, doc, "/sectors/1/code", "15170", "en"), "Women's rights organisations and movements, and government institutions");
	assert_string_equal(cib_field_code_name(f->net, k, doc, "/markers/1", "1", "en"), "Gender Equality");
	assert_string_equal(cib_field_code_name(f->net, k, doc, "/themes/0", "gender-equality", "es"), "Igualdad de género");
	assert_null(cib_field_code_name(f->net, k, doc, "/title/fr", "2", "en"));
}

typedef struct {
	const char *pointer, *json; /* the change to the example */
	cib_severity severity;
	const char *code, *at, *message, *hint; /* what is found; NULL: nothing */
} code_case;

static void check_case(fixture *f, const code_case *c)
{
	const cib_kind *k = cib_network_kind(f->net, "project");
	cJSON *doc = cJSON_Duplicate(cib_json_get(k->schema, "examples")->child, true), *value;
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cib_findings findings = CIB_FINDINGS_INIT;
	assert_int_equal(cib_json_read(&value, c->json, strlen(c->json), NULL, NULL), CIB_OK);
	assert_int_equal(cib_json_set_at(&doc, c->pointer, value, NULL), CIB_OK);
	cib_network_path(&path, k, "m-andal", "p-7q2m9xk4ta");
	cib_json_write(&text, doc, NULL);
	cib_network_check(f->net, path.data, text.data, text.len, &(cib_check_options){.lang = "en"}, NULL, &findings);
	const cib_finding *found = NULL;
	for (size_t i = 0; i < findings.count && !found; i++)
		if (findings.items[i].code && strncmp(findings.items[i].code, "code.", 5) == 0)
			found = &findings.items[i];
	if (!c->code && found)
		fail_msg("%s %s: %s", c->pointer, c->json, found->message);
	if (c->code) {
		if (!found)
			fail_msg("%s %s: nothing was found", c->pointer, c->json);
		assert_string_equal(found->code, c->code);
		assert_int_equal(found->severity, c->severity);
		assert_string_equal(found->pointer, c->at);
		assert_non_null(strstr(found->message, c->message));
		assert_non_null(found->hint);
		assert_non_null(strstr(found->hint, c->hint));
	}
	cib_findings_free(&findings);
	cib_buf_free(&path);
	cib_buf_free(&text);
	cJSON_Delete(doc);
}

static void an_unknown_code_is_an_error_and_a_withdrawn_one_a_warning_with_its_successor(void **state)
{
	static const code_case cases[] = {
		{"/sectors", "[{\"code\":\"15128\"}]", CIB_ERROR, NULL, NULL, NULL, NULL},
		{"/sectors", "[{\"code\":\"151\"}]", CIB_ERROR, NULL, NULL, NULL, NULL}, /* a group is a sector, too */
		{"/sectors", "[{\"code\":\"15164\"}]", CIB_WARNING, "code.withdrawn", "/sectors/0/code", "15164", "use 15170"},
		{"/sectors", "[{\"code\":\"99999\"}]", CIB_ERROR, "code.unknown", "/sectors/0/code", "no code 99999", "cib codes Sector"},
		{"/themes", "[\"gender-equality\",\"wastes\"]", CIB_ERROR, "code.unknown", "/themes/1", "wastes", "did you mean waste"},
		{"/modality", "\"city-to-cities\"", CIB_ERROR, "code.unknown", "/modality", "city-to-cities", "did you mean city-to-city"},
		{"/sdg", "[{\"code\":\"5.9\"}]", CIB_ERROR, "code.unknown", "/sdg/0/code", "5.9", ""},
		{"/sdg", "[{\"code\":\"17\"},{\"code\":\"11.b\"}]", CIB_ERROR, NULL, NULL, NULL, NULL},
		{"/recipientRegions", "[{\"code\":\"298\"}]", CIB_ERROR, NULL, NULL, NULL, NULL},
		{"/recipientRegions", "[{\"code\":\"015\",\"vocabulary\":\"2\"}]", CIB_ERROR, NULL, NULL, NULL, NULL},
		{"/recipientRegions", "[{\"code\":\"015\"}]", CIB_ERROR, "code.unknown", "/recipientRegions/0/code", "015", ""},
		{"/recipientRegions", "[{\"code\":\"x\",\"vocabulary\":\"99\"}]", CIB_ERROR, NULL, NULL, NULL, NULL}, /* the reporter's own */
		{"/sourceLanguage", "\"fr-CA\"", CIB_ERROR, NULL, NULL, NULL, NULL},
		{"/sourceLanguage", "\"qqq\"", CIB_WARNING, "code.unknown", "/sourceLanguage", "qqq", ""}, /* the list is not complete */
		{"/budget/0/currency", "\"LTL\"", CIB_WARNING, "code.withdrawn", "/budget/0/currency", "LTL", "use EUR"},
		{"/recipientCountries", "[{\"code\":\"UK\"}]", CIB_ERROR, "code.unknown", "/recipientCountries/0/code", "UK", "did you mean"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check_case(*state, &cases[i]);
}

static void a_target_gives_its_goal(void **state)
{
	(void)state;
	static const char *const cases[][2] = {{"5.c", "5"}, {"11.b", "11"}, {"17", "17"}, {"1.1", "1"}, {"", ""}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char goal[4];
		cib_sdg_goal(goal, cases[i][0]);
		assert_string_equal(goal, cases[i][1]);
	}
}

static void kinds_that_both_write_lie_in_the_folder_of_their_writer(void **state)
{
	fixture *f = *state;
	const cib_kind *k = cib_network_kind(f->net, "resource");
	cib_place place;
	cib_buf path = CIB_BUF_INIT;
	assert_true(cib_kind_written_by(k, true) && cib_kind_written_by(k, false));
	cib_network_path(&path, k, "m-andal", "x-0123456789");
	assert_string_equal(path.data, "members/m-andal/resources/x-0123456789.json");
	cib_network_place(&place, f->net, path.data);
	assert_ptr_equal(place.kind, k);
	cib_network_path(&path, k, NULL, "x-0123456789");
	assert_string_equal(path.data, "network/resources/x-0123456789.json");
	cib_network_place(&place, f->net, path.data);
	assert_ptr_equal(place.kind, k);
	cib_buf_free(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_network_has_all_its_kinds),
		cmocka_unit_test(every_field_of_every_kind_has_its_words_in_three_languages),
		cmocka_unit_test(every_list_says_how_it_is_merged),
		cmocka_unit_test(every_kind_has_an_example_that_is_valid),
		cmocka_unit_test(every_list_that_a_schema_names_is_there),
		cmocka_unit_test(every_choice_of_a_schema_has_a_name_in_its_list),
		cmocka_unit_test(every_list_has_titles_a_version_a_source_and_names),
		cmocka_unit_test(codes_have_names_in_the_language_that_is_asked_for),
		cmocka_unit_test(the_field_tells_the_list_of_its_code),
		cmocka_unit_test(an_unknown_code_is_an_error_and_a_withdrawn_one_a_warning_with_its_successor),
		cmocka_unit_test(a_target_gives_its_goal),
		cmocka_unit_test(kinds_that_both_write_lie_in_the_folder_of_their_writer),
	};
	return cmocka_run_group_tests_name("network kinds", tests, set_up_network, tear_down_network);
}
