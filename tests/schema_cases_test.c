/* Cases of our own, read off the specification: tests/data/schema/<subject>.json, each a schema with the instances that it takes
 * and those that it refuses, or a schema that is none. "with" holds the documents that it may refer to, by their URI. */
#include "schema/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static cJSON *read_cases(const char *subject)
{
	char *path = cib_format(CIB_SOURCE_DIR "/tests/data/schema/%s.json", subject);
	cib_buf text = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	cJSON *doc = NULL;
	assert_int_equal(cib_file_read(&text, path, 0, NULL), CIB_OK);
	if (cib_json_read(&doc, text.data, text.len, &(cib_json_limits){.nul = true}, &err) != CIB_OK)
		fail_msg("%s:%zu: %s", path, err.line, err.message);
	cib_buf_free(&text);
	free(path);
	return doc;
}

/* How many of the instances are judged otherwise than `want`. Yes or no, report and findings must agree. */
static size_t wrong_of(const cib_schema *schema, const cJSON *instances, bool want, const char *about)
{
	size_t wrong = 0, n = 0;
	for (const cJSON *in = instances ? instances->child : NULL; in; in = in->next, n++) {
		cib_findings findings = CIB_FINDINGS_INIT;
		bool quick = cib_schema_accepts(schema, in), full = cib_schema_validate(schema, in, NULL, 0, NULL, &findings) == CIB_OK, told = findings.count > 0;
		if (quick != want || full != want || told == want) {
			print_error("%s: %s %zu: %s, %s, %s\n", about, want ? "good" : "bad", n, quick ? "accepted" : "refused", full ? "valid" : "not valid", told ? findings.items[0].message : "nothing told");
			wrong++;
		}
		cib_findings_free(&findings);
	}
	return wrong;
}

static size_t run_case(const cJSON *c)
{
	const char *about = cib_json_string(c, "about");
	const cJSON *with = cib_json_get(c, "with");
	cib_schema_registry *registry = cib_schema_registry_new();
	cib_schema *schema = NULL;
	cib_error err = CIB_ERROR_INIT;
	size_t wrong = 0;
	for (const cJSON *d = with ? with->child : NULL; d; d = d->next)
		assert_int_equal(cib_schema_registry_add(registry, d->string, d, NULL), CIB_OK);
	cib_schema_options options = {.registry = registry, .assert_format = cJSON_IsTrue(cib_json_get(c, "formats"))};
	int status = cib_schema_compile(&schema, cib_json_get(c, "schema"), &options, &err);
	bool refused = cJSON_IsTrue(cib_json_get(c, "refused"));
	if ((status != CIB_OK) != refused && ++wrong)
		print_error("%s: %s\n", about, refused ? "the schema was taken" : err.message);
	if (refused && status != CIB_OK && (!err.code[0] || !err.message[0]) && ++wrong)
		print_error("%s: refused without a reason\n", about);
	if (schema)
		wrong += wrong_of(schema, cib_json_get(c, "good"), true, about) + wrong_of(schema, cib_json_get(c, "bad"), false, about);
	cib_schema_free(schema);
	cib_schema_registry_free(registry);
	return wrong;
}

static void run_subject(const char *subject)
{
	cJSON *cases = read_cases(subject);
	size_t wrong = 0, count = 0;
	for (const cJSON *c = cases->child; c; c = c->next, count++)
		wrong += run_case(c);
	cJSON_Delete(cases);
	assert_true(count > 10);
	assert_int_equal(wrong, 0);
}

static void references_lead_where_the_specification_says(void **state)
{
	(void)state;
	run_subject("references");
}

static void dynamic_references_follow_the_way_of_the_evaluation(void **state)
{
	(void)state;
	run_subject("dynamic");
}

static void only_what_no_keyword_evaluated_is_unevaluated(void **state)
{
	(void)state;
	run_subject("unevaluated");
}

static void every_keyword_judges_values_exactly(void **state)
{
	(void)state;
	run_subject("values");
}

static void vocabularies_and_meta_schemas_rule_which_schemas_there_are(void **state)
{
	(void)state;
	run_subject("vocabularies");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_lead_where_the_specification_says),
		cmocka_unit_test(dynamic_references_follow_the_way_of_the_evaluation),
		cmocka_unit_test(only_what_no_keyword_evaluated_is_unevaluated),
		cmocka_unit_test(every_keyword_judges_values_exactly),
		cmocka_unit_test(vocabularies_and_meta_schemas_rule_which_schemas_there_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
