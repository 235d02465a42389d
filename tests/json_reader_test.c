/* The strict reader: what it refuses and how it says so, limits, large and deep documents, damage. */
#include "json/json.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

static const struct {
	const char *text, *code;
	size_t line, column;
	const char *message, *hint; /* a part of it; NULL: none is asked for */
} refused[] = {
	{"", "json.end", 1, 1, "a value", NULL},
	{" \n ", "json.end", 2, 2, "a value", NULL},
	{"{\"a\":1,}", "json.unexpected", 1, 8, "'}' where a name", "comma too many"},
	{"[1,]", "json.unexpected", 1, 4, "']' where a value", "comma too many"},
	{"[1,,2]", "json.unexpected", 1, 4, "','", "comma too many"},
	{"[1 2]", "json.unexpected", 1, 4, "a comma or ]", NULL},
	{"{\"a\" 1}", "json.unexpected", 1, 6, "a colon", NULL},
	{"{\"a\":1 \"b\":2}", "json.unexpected", 1, 8, "a comma or }", "comma missing"},
	{"{'a':1}", "json.unexpected", 1, 2, "a name", "double quotes"},
	{"{a:1}", "json.unexpected", 1, 2, "a name", "names stand in double quotes"},
	{"{\"a\":b}", "json.unexpected", 1, 6, "a value", "double quotes"},
	{"// no\n{}", "json.unexpected", 1, 1, "'/'", "comments"},
	{"[NaN]", "json.unexpected", 1, 2, "'N'", "NaN"},
	{"[-Infinity]", "json.unexpected", 1, 3, "'I'", "Infinity"},
	{"[True]", "json.unexpected", 1, 2, "'T'", "small letters"},
	{"[None]", "json.unexpected", 1, 2, "'N'", "null"},
	{"[+1]", "json.unexpected", 1, 2, "'+'", "plus sign"},
	{"[.5]", "json.unexpected", 1, 2, "'.'", "0.5"},
	{"[1.]", "json.number", 1, 4, "decimal point", NULL},
	{"[1e]", "json.number", 1, 4, "exponent", NULL},
	{"[-]", "json.number", 1, 3, "minus", NULL},
	{"[011]", "json.number", 1, 2, "leading zeros", "\"011\""},
	{"{\"a\":1,\n \"b\":2,\n \"a\":3}", "json.duplicate-key", 3, 2, "at 1:2 and at 3:2", "one of the two"},
	{"{\"a\":1,\"\\u0061\":2}", "json.duplicate-key", 1, 8, "at 1:2 and at 1:8", NULL},
	{"{\"\xC3\xA9\":{\"z\":1,\"a\":[{}],\"z\":2}}", "json.duplicate-key", 1, 22, "at 1:7 and at 1:22", NULL},
	{"\xEF\xBB\xBF{}", "json.bom", 1, 1, "byte order mark", "UTF-8"},
	{"\xFF\xFE{", "json.invalid-utf8", 1, 1, "UTF-16", NULL},
	{"[\"\xE9t\xE9\"]", "json.invalid-utf8", 1, 3, "UTF-8", "UTF-8"},
	{"[\"\xC0\x80\"]", "json.invalid-utf8", 1, 3, NULL, NULL},
	{"[\"\xED\xA0\x80\"]", "json.invalid-utf8", 1, 3, NULL, NULL},
	{"[\"\xF4\x90\x80\x80\"]", "json.invalid-utf8", 1, 3, NULL, NULL},
	{"[\"\xC3\xA9\", \"\\ud83d\"]", "json.lone-surrogate", 1, 8, "first half", NULL},
	{"[\"\\ude00\"]", "json.lone-surrogate", 1, 3, "second half", NULL},
	{"[\"a\\u0000b\"]", "json.nul", 1, 4, "U+0000", NULL},
	{"[\"a\nb\"]", "json.control-character", 1, 4, "line break", "\\n"},
	{"[\"\\x41\"]", "json.escape", 1, 3, NULL, "backslash"},
	{"[\"\\u00g0\"]", "json.escape", 1, 3, "four hexadecimal", NULL},
	{"[\"abc", "json.end", 1, 2, "closing quote", NULL},
	{"[1", "json.end", 1, 3, "a comma or ]", NULL},
	{"{} {}", "json.trailing", 1, 4, NULL, NULL},
	{"tru", "json.unexpected", 1, 1, NULL, NULL},
	{"{\"a\":\xE2\x80\x9Cx\xE2\x80\x9D}", "json.unexpected", 1, 6, NULL, "typographic"},
};

static void a_fault_is_named_with_its_place_and_what_to_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		cJSON *doc;
		cib_error err = CIB_ERROR_INIT;
		int status = cib_json_read(&doc, refused[i].text, strlen(refused[i].text), NULL, &err);
		bool good = status == CIB_FINDINGS && !doc && strcmp(err.code, refused[i].code) == 0 && err.line == refused[i].line && err.column == refused[i].column &&
		            *err.message && (!refused[i].message || strstr(err.message, refused[i].message)) && (!refused[i].hint || strstr(err.hint, refused[i].hint));
		if (!good)
			print_error("%s -> %d %s %zu:%zu: %s (%s)\n", refused[i].text, status, err.code, err.line, err.column, err.message, err.hint);
		assert_true(good);
	}
}

static void what_is_read_keeps_its_value(void **state)
{
	(void)state;
	static const char text[] = " {\"a\":[1,-0,1.50,1e400,123456789012345678901234567890],\"s\":\"\\u00e9\\ud83d\\ude00\\/\\t\",\"\":null,\"t\":true,\"f\":false} ";
	cJSON *doc;
	assert_int_equal(cib_json_read(&doc, text, strlen(text), NULL, NULL), CIB_OK);
	assert_string_equal(cib_json_string(doc, "s"), "\xC3\xA9\xF0\x9F\x98\x80/\t");
	assert_true(cJSON_IsNull(cib_json_get(doc, "")) && cJSON_IsTrue(cib_json_get(doc, "t")) && cJSON_IsFalse(cib_json_get(doc, "f")));
	assert_null(cib_json_get(doc, "S"));
	const char *texts[] = {"1", "-0", "1.50", "1e400", "123456789012345678901234567890"};
	char scratch[40];
	int i = 0;
	const cJSON *n;
	cJSON_ArrayForEach(n, cib_json_get(doc, "a")) assert_string_equal(cib_json_number_text(n, scratch), texts[i++]);
	assert_int_equal(i, 5);
	assert_int_equal(cib_json_at(doc, "/a/4")->valueint, 2147483647);
	assert_true(cib_json_at(doc, "/a/2")->valuedouble == 1.5);
	cJSON_Delete(doc);
}

static void numbers_do_not_follow_the_locale(void **state)
{
	(void)state;
	static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR.utf8"};
	const char *set = NULL;
	for (size_t i = 0; i < 4 && !set; i++)
		set = setlocale(LC_NUMERIC, names[i]);
	if (!set) {
		print_message("SKIP: no locale with a decimal comma is installed\n");
		skip();
	}
	cJSON *doc;
	char scratch[40];
	assert_int_equal(cib_json_read(&doc, "2.5e3", 5, NULL, NULL), CIB_OK);
	cJSON made = {.type = cJSON_Number, .valuedouble = 0.1};
	bool right = doc->valuedouble == 2500 && strcmp(cib_json_number_text(&made, scratch), "0.1") == 0 && cib_json_number_is_portable("0.1");
	setlocale(LC_NUMERIC, "C");
	cJSON_Delete(doc);
	assert_true(right);
}

/* `n` times `open`, then `n` times `close`. */
static char *nested(size_t n, const char *open, const char *close)
{
	cib_buf b = CIB_BUF_INIT;
	for (size_t i = 0; i < n; i++)
		cib_buf_adds(&b, open);
	cib_buf_adds(&b, "1");
	for (size_t i = 0; i < n; i++)
		cib_buf_adds(&b, close);
	return cib_buf_take(&b);
}

static void depth_ends_in_an_error_and_not_in_a_crash(void **state)
{
	(void)state;
	static const struct {
		size_t depth, limit;
		int status;
	} cases[] = {{1000, 0, CIB_OK}, {1001, 0, CIB_FINDINGS}, {100000, 0, CIB_FINDINGS}, {100000, 1000000, CIB_FINDINGS}, {10, 9, CIB_FINDINGS}, {9, 9, CIB_OK}, {5000, 5000, CIB_OK}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (int objects = 0; objects < 2; objects++) {
			char *text = nested(cases[i].depth, objects ? "{\"a\":" : "[", objects ? "}" : "]");
			cib_json_limits limits = {.depth = cases[i].limit};
			cib_error err = CIB_ERROR_INIT;
			cJSON *doc;
			assert_int_equal(cib_json_read(&doc, text, strlen(text), &limits, &err), cases[i].status);
			if (cases[i].status != CIB_OK)
				assert_string_equal(err.code, "json.depth");
			cJSON_Delete(doc);
			free(text);
		}
}

static void limits_of_values_and_strings_hold(void **state)
{
	(void)state;
	cJSON *doc;
	cib_error err = CIB_ERROR_INIT;
	assert_int_equal(cib_json_read(&doc, "[1,2,3]", 7, &(cib_json_limits){.nodes = 3}, &err), CIB_FINDINGS);
	assert_string_equal(err.code, "json.nodes");
	assert_int_equal(cib_json_read(&doc, "[1,2,3]", 7, &(cib_json_limits){.nodes = 4}, NULL), CIB_OK);
	cJSON_Delete(doc);
	assert_int_equal(cib_json_read(&doc, "\"abcd\"", 6, &(cib_json_limits){.string_bytes = 3}, &err), CIB_FINDINGS);
	assert_string_equal(err.code, "json.string-length");
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void a_hundred_thousand_members_are_no_burden_and_a_duplicate_among_them_is_found(void **state)
{
	(void)state;
	cib_buf b = CIB_BUF_INIT;
	cib_buf_adds(&b, "{\n");
	for (unsigned i = 0; i < 100000; i++)
		cib_buf_addf(&b, "\"k%u\":%u,\n", i * 7919u % 100000u, i);
	size_t len = b.len;
	cib_buf_adds(&b, "\"last\":0}");
	cib_arena arena = CIB_ARENA_INIT;
	const cJSON *doc;
	double start = seconds();
	assert_int_equal(cib_json_read_arena(&doc, &arena, b.data, b.len, NULL, NULL), CIB_OK);
	assert_true(seconds() - start < 3);
	b.len = len;
	cib_buf_adds(&b, "\"k7919\":0}");
	cib_error err = CIB_ERROR_INIT;
	start = seconds();
	assert_int_equal(cib_json_read_arena(&doc, &arena, b.data, b.len, NULL, &err), CIB_FINDINGS);
	assert_true(seconds() - start < 6);
	assert_string_equal(err.code, "json.duplicate-key");
	assert_int_equal(err.line, 100002);
	assert_non_null(strstr(err.message, "at 3:1 and at 100002:1"));
	cib_arena_free(&arena);
	cib_buf_free(&b);
}

/* Every prefix and every changed byte of a document that has everything: read or refused, never worse;
 * what is read comes back from the writer as it was. (The sanitizers watch.) */
static void damaged_text_is_refused_or_read_and_never_crashes(void **state)
{
	(void)state;
	static const char text[] = "{\"a\":[1,-2.5e+10,true,false,null,{}],\"b\\u00e9\\ud83d\\ude00\":\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\\n\\\\\",\"c\":{\"d\":[[],[0]]}}\n";
	size_t len = sizeof text - 1;
	unsigned read = 0, refusals = 0;
	for (size_t at = 0; at <= len; at++)
		for (int flip = -1; flip < 256; flip++) {
			/* an allocation of exactly this size, so that one byte too far is seen */
			size_t n = flip < 0 ? at : len;
			char *copy = malloc(n ? n : 1);
			memcpy(copy, text, n);
			if (flip >= 0 && at < len)
				copy[at] = (char)flip;
			cJSON *doc;
			cib_error err = CIB_ERROR_INIT;
			if (cib_json_read(&doc, copy, n, NULL, &err) == CIB_OK) {
				read++;
				cib_buf out = CIB_BUF_INIT;
				cJSON *again;
				cib_json_write(&out, doc, NULL);
				assert_int_equal(cib_json_read(&again, out.data, out.len, NULL, NULL), CIB_OK);
				assert_true(cib_json_identical(doc, again) && cib_json_is_canonical(again, out.data, out.len));
				cJSON_Delete(again);
				cib_buf_free(&out);
			} else {
				refusals++;
				assert_true(err.line > 0 && err.column > 0 && *err.message);
			}
			size_t line, column;
			cib_json_locate(copy, n, "/c/d/1/0", true, &line, &column);
			assert_true(line > 0 && column > 0);
			cJSON_Delete(doc);
			free(copy);
		}
	print_message("%u read, %u refused\n", read, refusals);
	assert_true(read > 100 && refusals > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_is_named_with_its_place_and_what_to_do),
		cmocka_unit_test(what_is_read_keeps_its_value),
		cmocka_unit_test(numbers_do_not_follow_the_locale),
		cmocka_unit_test(depth_ends_in_an_error_and_not_in_a_crash),
		cmocka_unit_test(limits_of_values_and_strings_hold),
		cmocka_unit_test(a_hundred_thousand_members_are_no_burden_and_a_duplicate_among_them_is_found),
		cmocka_unit_test(damaged_text_is_refused_or_read_and_never_crashes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
