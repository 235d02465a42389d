/* Schemas and documents from strangers, made to hurt: each ends with a verdict, or with a limit that says so, never with a crash
 * and never without end (a test that hangs is killed). */
#include "schema/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static bool in_full(void)
{
	return getenv("CIB_TEST_LONG") != NULL;
}

/* `count` times an item, %zu in it its number. */
static void repeat(cib_buf *out, const char *item, const char *between, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *at = strstr(item, "%zu");
		cib_buf_adds(out, i ? between : "");
		cib_buf_add(out, item, at ? (size_t)(at - item) : strlen(item));
		if (at)
			cib_buf_addf(out, "%zu%s", i, at + 3);
	}
}

static cJSON *read_text(const cib_buf *text)
{
	cJSON *doc = NULL;
	cib_error err = CIB_ERROR_INIT;
	if (cib_json_read(&doc, text->data, text->len, NULL, &err) != CIB_OK)
		fail_msg("%s: %.200s", err.message, text->data);
	return doc;
}

static cJSON *json(const char *text)
{
	cib_buf b = CIB_BUF_INIT;
	cib_buf_adds(&b, text);
	cJSON *doc = read_text(&b);
	cib_buf_free(&b);
	return doc;
}

typedef enum { VALID = CIB_OK,
	       INVALID = CIB_FINDINGS,
	       NO_VERDICT = CIB_REFUSED,
	       NO_SCHEMA } outcome;

/* What becomes of an instance; the code of what is told first must be `code` (NULL: not looked at). Takes both documents. */
static void becomes(outcome want, const char *code, cJSON *schema_doc, cJSON *instance)
{
	cib_schema *schema = NULL;
	cib_error err = CIB_ERROR_INIT;
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_schema_options options = {.assert_format = true, .max_steps = 2000000};
	if (cib_schema_compile(&schema, schema_doc, &options, &err) != CIB_OK) {
		if (want != NO_SCHEMA)
			fail_msg("the schema was refused: %s", err.message);
	} else {
		outcome got = (outcome)cib_schema_judge(schema, instance, &err);
		cib_schema_validate(schema, instance, NULL, 0, "en", &findings);
		if (got != want)
			fail_msg("outcome %d, not %d: %s", got, want, findings.count ? findings.items[0].message : err.message);
		assert_int_equal(findings.count > 0, want != VALID);
		if (findings.count && code)
			assert_string_equal(findings.items[0].code, code);
		cib_schema_report *report; /* the forms hold too */
		cib_buf form = CIB_BUF_INIT;
		cib_schema_report_new(&report, schema, instance);
		cib_schema_report_write(report, CIB_SCHEMA_BASIC, "fr", &form);
		cib_schema_report_write(report, CIB_SCHEMA_DETAILED, "es", &form);
		cib_schema_report_free(report);
		cib_buf_free(&form);
	}
	if (want == NO_SCHEMA) {
		assert_null(schema);
		assert_int_equal(err.status, CIB_FINDINGS);
		assert_true(*err.message != '\0');
		if (code)
			assert_string_equal(err.code, code);
	}
	cib_findings_free(&findings);
	cib_schema_free(schema);
	cJSON_Delete(schema_doc);
	cJSON_Delete(instance);
}

static void a_reference_that_goes_round_is_refused_or_noticed(void **state)
{
	(void)state;
	becomes(NO_SCHEMA, "schema.ref-loop", json("{\"$ref\":\"#\"}"), json("1"));
	becomes(NO_SCHEMA, "schema.ref-loop", json("{\"allOf\":[{\"$ref\":\"#/$defs/a\"}],\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"allOf\":[{\"type\":\"string\"},{\"$ref\":\"#/$defs/a\"}]}}}"), json("1"));
	becomes(NO_VERDICT, "schema.loop", json("{\"anyOf\":[false,{\"$ref\":\"#\"}]}"), json("1"));
	becomes(NO_VERDICT, "schema.loop", json("{\"not\":{\"$ref\":\"#\"}}"), json("1"));
	becomes(NO_VERDICT, "schema.loop", json("{\"if\":{\"$ref\":\"#\"}}"), json("1"));
	becomes(NO_VERDICT, "schema.loop", json("{\"dependentSchemas\":{\"a\":{\"$ref\":\"#\"}}}"), json("{\"a\":1}"));
	becomes(VALID, NULL, json("{\"dependentSchemas\":{\"a\":{\"$ref\":\"#\"}}}"), json("{\"b\":1}"));
	becomes(NO_VERDICT, "schema.loop", json("{\"$dynamicRef\":\"#n\",\"$dynamicAnchor\":\"n\"}"), json("1"));
	becomes(NO_VERDICT, "schema.loop", json("{\"$id\":\"http://cib.example/a\",\"$dynamicAnchor\":\"n\",\"$ref\":\"b\",\"$defs\":{\"b\":{\"$id\":\"b\",\"$dynamicAnchor\":\"n\",\"anyOf\":[{\"$dynamicRef\":\"#n\"}]}}}"), json("1"));
}

static void a_chain_of_references_of_any_length_ends(void **state)
{
	(void)state;
	enum { LINKS = 50000 };
	cib_buf text = CIB_BUF_INIT;
	cib_buf_adds(&text, "{\"$ref\":\"#/$defs/0\",\"$defs\":{");
	for (size_t i = 0; i < LINKS; i++)
		cib_buf_addf(&text, "\"%zu\":{\"$ref\":\"#l%zu\",\"$anchor\":\"k%zu\"},", i, i + 1, i);
	for (size_t i = 0; i < LINKS; i++)
		cib_buf_addf(&text, "\"x%zu\":{\"$anchor\":\"l%zu\",\"allOf\":[true],\"$ref\":\"#k%zu\"},", i + 1, i + 1, i + 1 < LINKS ? i + 1 : 0);
	cib_buf_adds(&text, "\"end\":true}}");
	becomes(NO_SCHEMA, NULL, read_text(&text), json("1")); /* the last leads back to the first */
	cib_buf_clear(&text);
	cib_buf_adds(&text, "{\"$ref\":\"#k0\",\"$defs\":{");
	for (size_t i = 0; i < LINKS; i++)
		cib_buf_addf(&text, "\"%zu\":{\"$ref\":\"#k%zu\",\"$anchor\":\"k%zu\"},", i, i + 1, i);
	cib_buf_addf(&text, "\"end\":{\"type\":\"string\",\"$anchor\":\"k%d\"}}}", LINKS);
	cJSON *doc = read_text(&text);
	becomes(VALID, NULL, cJSON_Duplicate(doc, true), json("\"a\""));
	becomes(INVALID, "schema.unexplained", doc, json("1")); /* told, though not by which of the thousands */
	cib_buf_free(&text);
}

/* { below { below ... : as deep as the reader goes. */
static cJSON *nested(const char *open, const char *middle, const char *close, size_t depth)
{
	cib_buf text = CIB_BUF_INIT;
	repeat(&text, open, "", depth);
	cib_buf_adds(&text, middle);
	repeat(&text, close, "", depth);
	cJSON *doc = read_text(&text);
	cib_buf_free(&text);
	return doc;
}

static void depth_costs_no_stack_that_is_not_there(void **state)
{
	(void)state;
	enum { DEEP = 990 };
	becomes(VALID, NULL, nested("{\"not\":", "false", "}", DEEP + 1), json("1"));
	becomes(INVALID, "schema.not", nested("{\"not\":", "false", "}", DEEP), json("1"));
	becomes(INVALID, "schema.type", nested("{\"items\":", "{\"type\":\"null\"}", "}", DEEP), nested("[", "1", "]", DEEP));
	becomes(INVALID, NULL, nested("{\"anyOf\":[", "false", "]}", DEEP / 2), json("1"));
	becomes(VALID, NULL, json("{\"items\":{\"$ref\":\"#\"},\"properties\":{\"a\":{\"$ref\":\"#\"}}}"), nested("[{\"a\":", "1", "}]", DEEP / 2));
	becomes(INVALID, "schema.unexplained", json("{\"items\":{\"$ref\":\"#\"},\"type\":[\"array\",\"null\"]}"), nested("[", "1", "]", DEEP));
	becomes(INVALID, "schema.type", json("{\"items\":{\"$ref\":\"#\"},\"type\":[\"array\",\"null\"]}"), nested("[", "1", "]", DEEP / 2 - 5));
	becomes(VALID, NULL, json("{\"uniqueItems\":true,\"enum\":[1]}"), json("1"));
	cJSON *deep = nested("[", "1", "]", DEEP), *same = cJSON_CreateObject();
	cJSON_AddItemToObject(same, "const", cJSON_Duplicate(deep, true));
	becomes(VALID, NULL, same, deep);
	/* each level twice as deep in the schema as in the document: the limit is on the evaluation */
	becomes(VALID, NULL, json("{\"items\":{\"allOf\":[{\"allOf\":[{\"allOf\":[{\"anyOf\":[{\"oneOf\":[{\"$ref\":\"#\"}]}]}]}]}]}}"), nested("[", "1", "]", 700));
	becomes(NO_VERDICT, "schema.too-deep", json("{\"items\":{\"allOf\":[{\"allOf\":[{\"allOf\":[{\"anyOf\":[{\"oneOf\":[{\"$ref\":\"#\"}]}]}]}]}]}}"), nested("[", "1", "]", 990));
}

static void a_million_branches_are_too_many(void **state)
{
	(void)state;
	static const char *const forms[] = {"{\"anyOf\":[", "{\"oneOf\":[", "{\"allOf\":[", "{\"prefixItems\":["};
	for (size_t i = 0; i < (in_full() ? sizeof forms / sizeof *forms : 1); i++) {
		cib_buf text = CIB_BUF_INIT;
		cib_buf_adds(&text, forms[i]);
		repeat(&text, "{}", ",", 1000000);
		cib_buf_adds(&text, "]}");
		becomes(NO_SCHEMA, "schema.too-large", read_text(&text), json("1"));
		cib_buf_free(&text);
	}
}

/* Below the limit, with something to tell of each. */
static void many_branches_are_judged_and_told_in_few_words(void **state)
{
	(void)state;
	static const struct {
		const char *item, *instance;
		outcome any, one;
	} cases[] = {
		{"{\"required\":[\"x%zu\"]}", "{}", INVALID, INVALID},
		{"{\"required\":[\"a\",\"x%zu\"]}", "{\"a\":1}", INVALID, INVALID},
		{"{\"const\":%zu}", "\"a\"", INVALID, INVALID},
		{"{\"properties\":{\"k\":{\"const\":\"k%zu\"}},\"additionalProperties\":false}", "{\"k\":\"k\",\"z\":1}", INVALID, INVALID},
		{"{\"required\":[\"a\"],\"title\":\"t%zu\"}", "{\"a\":1}", VALID, INVALID},
		{"{\"type\":\"string\",\"pattern\":\"^%zu$\"}", "\"a\"", INVALID, INVALID},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (int one = 0; one < 2; one++) {
			cib_buf text = CIB_BUF_INIT;
			cib_buf_adds(&text, one ? "{\"oneOf\":[" : "{\"anyOf\":[");
			repeat(&text, cases[i].item, ",", in_full() ? 20000 : 2500);
			cib_buf_adds(&text, "]}");
			becomes(one ? cases[i].one : cases[i].any, NULL, read_text(&text), json(cases[i].instance));
			cib_buf_free(&text);
		}
}

/* Thirty levels, each of which asks for the next one twice: 2^30 ways. */
static void ways_that_double_are_cut(void **state)
{
	(void)state;
	static const char *const forms[] = {"allOf", "anyOf", "oneOf"};
	for (size_t f = 0; f < 3; f++)
		for (int ends = 0; ends < 2; ends++) {
			cib_buf text = CIB_BUF_INIT;
			cib_buf_adds(&text, "{\"$ref\":\"#/$defs/0\",\"$defs\":{");
			for (size_t i = 0; i < 30; i++)
				cib_buf_addf(&text, "\"%zu\":{\"%s\":[{\"$ref\":\"#/$defs/%zu\",\"x\":1},{\"minimum\":0,\"$ref\":\"#/$defs/%zu\"}]},", i, forms[f], i + 1, i + 1);
			cib_buf_addf(&text, "\"30\":{\"type\":\"%s\"}}}", ends ? "number" : "string");
			bool quick = (f == 0 && !ends) || (f == 1 && ends); /* the first way decides */
			becomes(quick ? ends ? VALID : INVALID : NO_VERDICT, quick ? NULL : "schema.too-costly", read_text(&text), json("1"));
			cib_buf_free(&text);
		}
}

static void patterns_that_run_away_are_stopped(void **state)
{
	(void)state;
	cib_buf text = CIB_BUF_INIT;
	cib_buf_addc(&text, '"');
	repeat(&text, "a", "", 65536);
	cib_buf_adds(&text, "!\"");
	becomes(INVALID, "schema.pattern-mismatch", json("{\"pattern\":\"^(a+)+$\"}"), read_text(&text));
	becomes(NO_VERDICT, "schema.pattern-too-costly", json("{\"pattern\":\"^(.*)*\\\\1c$\"}"), read_text(&text));
	becomes(NO_VERDICT, "schema.pattern-too-costly", json("{\"not\":{\"pattern\":\"^(.*)*\\\\1c$\"}}"), read_text(&text)); /* no verdict cannot be turned round */
	becomes(NO_VERDICT, "schema.pattern-too-costly", json("{\"anyOf\":[{\"pattern\":\"^(.*)*\\\\1c$\"},true]}"), read_text(&text));
	becomes(INVALID, "schema.pattern-mismatch", json("{\"pattern\":\"(((a{1000}){1000}){1000}){1000}\"}"), json("\"aaa\""));
	becomes(NO_SCHEMA, "schema.pattern", json("{\"patternProperties\":{\"(\":true}}"), json("1"));
	cib_buf_free(&text);
}

static void many_patterns_times_many_names_are_cut(void **state)
{
	(void)state;
	cib_buf schema = CIB_BUF_INIT, instance = CIB_BUF_INIT;
	cib_buf_adds(&schema, "{\"patternProperties\":{");
	repeat(&schema, "\"a.*%zu$\":true", ",", 3000);
	cib_buf_adds(&schema, "}}");
	cib_buf_addc(&instance, '{');
	repeat(&instance, "\"aaaaaaaaaaaaaaaaaaaa%zu\":1", ",", 3000);
	cib_buf_addc(&instance, '}');
	becomes(NO_VERDICT, "schema.too-costly", read_text(&schema), read_text(&instance));
	cib_buf_free(&schema);
	cib_buf_free(&instance);
}

static void giant_bounds_are_just_numbers(void **state)
{
	(void)state;
	cib_buf digits = CIB_BUF_INIT, schema = CIB_BUF_INIT;
	becomes(INVALID, "schema.minLength", json("{\"minLength\":1e400}"), json("\"a\""));
	becomes(VALID, NULL, json("{\"maxLength\":1e400,\"maxItems\":1e99999,\"maxProperties\":99999999999999999999999999}"), json("\"a\""));
	becomes(INVALID, "schema.minItems", json("{\"minItems\":99999999999999999999}"), json("[1]"));
	becomes(INVALID, "schema.contains", json("{\"contains\":{\"type\":\"string\"},\"maxContains\":1e400}"), json("[1]"));
	becomes(INVALID, "schema.minimum", json("{\"minimum\":1e999999999}"), json("1e999999998"));
	becomes(VALID, NULL, json("{\"minimum\":-1e999999999,\"exclusiveMaximum\":1e999999999}"), json("1e999999998"));
	becomes(INVALID, "schema.multipleOf", json("{\"multipleOf\":7}"), json("1e999999"));
	becomes(VALID, NULL, json("{\"multipleOf\":1e-999999999}"), json("1e999999999"));
	becomes(VALID, NULL, json("{\"type\":\"integer\"}"), json("1e999999999"));
	becomes(INVALID, "schema.integer", json("{\"type\":\"integer\"}"), json("1e-999999999"));
	repeat(&digits, "7", "", 50000);
	becomes(VALID, NULL, json("{\"multipleOf\":7}"), read_text(&digits));
	cib_buf_addf(&schema, "{\"multipleOf\":%s}", digits.data);
	becomes(NO_SCHEMA, "schema.too-large", read_text(&schema), json("1"));
	cib_buf_clear(&schema);
	cib_buf_addf(&schema, "{\"maximum\":%s,\"const\":%s}", digits.data, digits.data);
	becomes(VALID, NULL, read_text(&schema), read_text(&digits));
	cib_buf_free(&digits);
	cib_buf_free(&schema);
}

static void long_lists_and_large_objects_are_judged_in_due_time(void **state)
{
	(void)state;
	cib_buf list = CIB_BUF_INIT, object = CIB_BUF_INIT, schema = CIB_BUF_INIT;
	cib_buf_addc(&list, '[');
	repeat(&list, "{\"a\":[%zu],\"b\":\"x\"}", ",", 50000);
	cib_buf_adds(&list, "]");
	becomes(VALID, NULL, json("{\"uniqueItems\":true}"), read_text(&list));
	cib_buf_clear(&list);
	cib_buf_addc(&list, '[');
	repeat(&list, "1%zue400", ",", 50000); /* no double tells these apart */
	cib_buf_adds(&list, "]");
	becomes(NO_VERDICT, "schema.too-costly", json("{\"uniqueItems\":true}"), read_text(&list));
	cib_buf_addc(&object, '{');
	repeat(&object, "\"n%zu\":1", ",", 50000);
	cib_buf_addc(&object, '}');
	becomes(INVALID, "schema.property", json("{\"additionalProperties\":false}"), read_text(&object));
	becomes(INVALID, "schema.property", json("{\"unevaluatedProperties\":false,\"anyOf\":[{\"properties\":{\"n1\":true}},true]}"), read_text(&object));
	becomes(INVALID, "schema.name", json("{\"propertyNames\":{\"maxLength\":1}}"), read_text(&object));
	cib_buf_adds(&schema, "{\"required\":[");
	repeat(&schema, "\"m%zu\"", ",", 20000);
	cib_buf_adds(&schema, "],\"properties\":{");
	repeat(&schema, "\"n%zu\":{\"type\":\"string\"}", ",", 20000);
	cib_buf_adds(&schema, "},\"enum\":[");
	repeat(&schema, "\"v%zu\"", ",", 20000);
	cib_buf_adds(&schema, "]}");
	becomes(INVALID, NULL, read_text(&schema), read_text(&object));
	becomes(INVALID, "schema.enum", read_text(&schema), json("\"v20001\""));
	cib_buf_free(&list);
	cib_buf_free(&object);
	cib_buf_free(&schema);
}

static void names_that_would_collide_are_told_apart(void **state)
{
	(void)state;
	cib_buf schema = CIB_BUF_INIT, object = CIB_BUF_INIT; /* first, middle, last byte and length are the same for all */
	cib_buf_adds(&schema, "{\"additionalProperties\":false,\"properties\":{");
	for (size_t i = 0; i < 20000; i++)
		cib_buf_addf(&schema, "%s\"a%05zuxm%05zuz\":{\"const\":%zu}", i ? "," : "", i, i, i);
	cib_buf_adds(&schema, "}}");
	cib_buf_addc(&object, '{');
	for (size_t i = 0; i < 20000; i++)
		cib_buf_addf(&object, "%s\"a%05zuxm%05zuz\":%zu", i ? "," : "", i, i, i);
	cib_buf_addc(&object, '}');
	becomes(VALID, NULL, read_text(&schema), read_text(&object));
	becomes(INVALID, "schema.const", read_text(&schema), json("{\"a00001xm00001z\":2}"));
	becomes(INVALID, "schema.property", read_text(&schema), json("{\"a00001xm00002z\":1}"));
	cib_buf_free(&schema);
	cib_buf_free(&object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reference_that_goes_round_is_refused_or_noticed),
		cmocka_unit_test(a_chain_of_references_of_any_length_ends),
		cmocka_unit_test(depth_costs_no_stack_that_is_not_there),
		cmocka_unit_test(a_million_branches_are_too_many),
		cmocka_unit_test(many_branches_are_judged_and_told_in_few_words),
		cmocka_unit_test(ways_that_double_are_cut),
		cmocka_unit_test(patterns_that_run_away_are_stopped),
		cmocka_unit_test(many_patterns_times_many_names_are_cut),
		cmocka_unit_test(giant_bounds_are_just_numbers),
		cmocka_unit_test(long_lists_and_large_objects_are_judged_in_due_time),
		cmocka_unit_test(names_that_would_collide_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
