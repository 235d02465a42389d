/* Values: numbers as decimals, equality, the writer, pointers and places, changes, normalisation; and
 * the property that reading and writing changes no value, on made and on realistic documents. */
#include "json/json.h"

#include <fts.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static cJSON *parse(const char *text)
{
	cJSON *doc;
	cib_error err = CIB_ERROR_INIT;
	if (cib_json_read(&doc, text, strlen(text), NULL, &err) != CIB_OK)
		fail_msg("%s: %s", text, err.message);
	return doc;
}

static void numbers_compare_as_exact_decimals(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		int order;
	} cases[] = {
		{"1.0", "1", 0},
		{"10e-1", "1", 0},
		{"100", "1e2", 0},
		{"0.001", "1E-3", 0},
		{"-0", "0", 0},
		{"0.0e5", "-0.00", 0},
		{"12.50", "1250e-2", 0},
		{"1", "2", -1},
		{"-1", "1", -1},
		{"-2", "-1", -1},
		{"0", "0.1", -1},
		{"-0.1", "0", -1},
		{"9", "10", -1},
		{"0.9", "0.10", 1},
		{"99", "100", -1},
		{"9007199254740993", "9007199254740992", 1},
		{"0.1", "0.1000000000000000055511151231257827", -1},
		{"1e400", "1e401", -1},
		{"1e400", "1e400", 0},
		{"-1e400", "1e-400", -1},
		{"1e999999999", "1e1000000000", -1},
		{"10e999999999", "1e1000000000", 0},
		{"1e-999999999", "0", 1},
		{"1.01", "1.010", 0},
		{"101", "1.01e2", 0},
		{"1.01", "1.1", -1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int c = cib_json_number_compare(cases[i].a, cases[i].b), back = cib_json_number_compare(cases[i].b, cases[i].a);
		if ((c > 0) - (c < 0) != cases[i].order || (back > 0) - (back < 0) != -cases[i].order)
			fail_msg("%s and %s: %d, %d", cases[i].a, cases[i].b, c, back);
	}
}

static void a_portable_number_is_what_other_programs_would_write_back(void **state)
{
	(void)state;
	static const char *const yes[] = {"0", "1", "-1.5", "0.1", "1e2", "9007199254740991", "1.7976931348623157e308", "0.30000000000000004", "5e-324", "1.5e-323"};
	static const char *const no[] = {"-0", "9007199254740993", "1e400", "1e-400", "0.1000000000000000000001", "123456789012345678901234567890"};
	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
		if (!cib_json_number_is_portable(yes[i]))
			fail_msg("%s", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
		if (cib_json_number_is_portable(no[i]))
			fail_msg("%s", no[i]);
}

static void a_number_without_text_is_written_short_and_comes_back(void **state)
{
	(void)state;
	static const struct {
		double value;
		const char *text;
	} cases[] = {{0, "0"}, {1, "1"}, {-5, "-5"}, {1e15, "1000000000000000"}, {0.1, "0.1"}, {1.0 / 3, "0.3333333333333333"}, {1e20, "100000000000000000000"}, {1e300, "1e+300"}, {9007199254740991.0, "9007199254740991"}, {5e-324, "5e-324"}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char scratch[40];
		cJSON n = {.type = cJSON_Number, .valuedouble = cases[i].value};
		assert_string_equal(cib_json_number_text(&n, scratch), cases[i].text);
	}
}

static void equality_is_by_value_and_identity_by_what_is_written(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		bool equal, identical;
	} cases[] = {
		{"{\"a\":1,\"b\":[2]}", "{\"b\":[2],\"a\":1}", true, true},
		{"[1.0]", "[1]", true, false},
		{"-0", "0", true, false},
		{"[1,2]", "[2,1]", false, false},
		{"{\"a\":1}", "{\"A\":1}", false, false},
		{"{\"a\":1}", "{\"a\":1,\"b\":1}", false, false},
		{"true", "false", false, false},
		{"\"1\"", "1", false, false},
		{"null", "null", true, true},
		{"[]", "{}", false, false},
		{"{\"a\":{\"x\":1,\"y\":2}}", "{\"a\":{\"y\":2,\"x\":1}}", true, true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		cJSON *a = parse(cases[i].a), *b = parse(cases[i].b);
		if (cib_json_equal(a, b) != cases[i].equal || cib_json_identical(a, b) != cases[i].identical)
			fail_msg("%s and %s", cases[i].a, cases[i].b);
		cJSON_Delete(a);
		cJSON_Delete(b);
	}
}

static void every_style_writes_what_it_says(void **state)
{
	(void)state;
	cJSON *doc = parse("{\"b\":[],\"a\":{\"y\":1.50,\"x\":\"\\u001f\\n\\\"\\\\\\/\\u00e9\\u007f\"},\"\\uD83D\\uDE00\":[1,{}],\"\\uFFFD\":null}");
	static const struct {
		cib_json_style style;
		const char *text;
	} cases[] = {
		{{0}, "{\n  \"a\": {\n    \"x\": \"\\u001f\\n\\\"\\\\/\xC3\xA9\x7F\",\n    \"y\": 1.50\n  },\n  \"b\": [],\n  \"\xEF\xBF\xBD\": null,\n  \"\xF0\x9F\x98\x80\": [\n    1,\n    {}\n  ]\n}\n"},
		{{.compact = true}, "{\"a\":{\"x\":\"\\u001f\\n\\\"\\\\/\xC3\xA9\x7F\",\"y\":1.50},\"b\":[],\"\xEF\xBF\xBD\":null,\"\xF0\x9F\x98\x80\":[1,{}]}"},
		{{.keep_order = true, .indent = -1}, "{\n\t\"b\": [],\n\t\"a\": {\n\t\t\"y\": 1.50,\n\t\t\"x\": \"\\u001f\\n\\\"\\\\/\xC3\xA9\x7F\"\n\t},\n\t\"\xF0\x9F\x98\x80\": [\n\t\t1,\n\t\t{}\n\t],\n\t\"\xEF\xBF\xBD\": null\n}\n"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		cib_buf out = CIB_BUF_INIT;
		cib_json_write(&out, doc, &cases[i].style);
		assert_string_equal(out.data, cases[i].text);
		assert_int_equal(cib_json_is_canonical(doc, out.data, out.len), i == 0);
		cib_buf_free(&out);
	}
	cJSON_Delete(doc);
}

static void pointers_read_set_add_and_remove(void **state)
{
	(void)state;
	static const struct {
		const char *pointer, *value; /* value NULL: remove */
		int status;
		const char *after; /* of {"a":[1,2],"m~n/o":{"":3}}; NULL: unchanged */
	} cases[] = {
		{"/a/0", "9", CIB_OK, "{\"a\":[9,2],\"m~n/o\":{\"\":3}}"},
		{"/a/-", "9", CIB_OK, "{\"a\":[1,2,9],\"m~n/o\":{\"\":3}}"},
		{"/a/2", "9", CIB_OK, "{\"a\":[1,2,9],\"m~n/o\":{\"\":3}}"},
		{"/a/3", "9", CIB_NOTFOUND, NULL},
		{"/a/01", "9", CIB_USAGE, NULL},
		{"/a/1", NULL, CIB_OK, "{\"a\":[1],\"m~n/o\":{\"\":3}}"},
		{"/m~0n~1o/", "4", CIB_OK, "{\"a\":[1,2],\"m~n/o\":{\"\":4}}"},
		{"/m~0n~1o", NULL, CIB_OK, "{\"a\":[1,2]}"},
		{"/x/y", "1", CIB_OK, "{\"a\":[1,2],\"m~n/o\":{\"\":3},\"x\":{\"y\":1}}"},
		{"/x", NULL, CIB_NOTFOUND, NULL},
		{"/a/0/b", "1", CIB_USAGE, NULL},
		{"a", "1", CIB_USAGE, NULL},
		{"/m~2", "1", CIB_USAGE, NULL},
		{"", "[]", CIB_OK, "[]"},
	};
	static const char before[] = "{\"a\":[1,2],\"m~n/o\":{\"\":3}}";
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		cJSON *doc = parse(before), *after = parse(cases[i].after ? cases[i].after : before);
		int status = cib_json_set_at(&doc, cases[i].pointer, cases[i].value ? parse(cases[i].value) : NULL, NULL);
		if (status != cases[i].status || !cib_json_identical(doc, after))
			fail_msg("%s: %d", cases[i].pointer, status);
		cJSON_Delete(doc);
		cJSON_Delete(after);
	}
	cJSON *doc = parse(before);
	assert_ptr_equal(cib_json_at(doc, ""), doc);
	assert_int_equal(cib_json_at(doc, "/m~0n~1o/")->valueint, 3);
	assert_null(cib_json_at(doc, "/a/2"));
	assert_null(cib_json_at(doc, "a"));
	cJSON_Delete(doc);
}

static void a_pointer_is_located_in_the_text(void **state)
{
	(void)state;
	static const char text[] = "{\n  \"\xC3\xA9\": \"x\", \"a\": [\n    {\"k\": \"},]\"}, 2\n  ],\n  \"\\u0062\": {\"c\": -1}\n}";
	static const struct {
		const char *pointer;
		bool of_name;
		size_t line, column;
	} cases[] = {{"", false, 1, 1}, {"/\xC3\xA9", false, 2, 8}, {"/\xC3\xA9", true, 2, 3}, {"/a", false, 2, 18}, {"/a/0/k", false, 3, 11}, {"/a/0/k", true, 3, 6}, {"/a/1", false, 3, 19}, {"/b/c", false, 5, 19}, {"/b", true, 5, 3}, {"/b/none", false, 5, 13}, {"/a/7", false, 2, 18}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t line, column;
		cib_json_locate(text, sizeof text - 1, cases[i].pointer, cases[i].of_name, &line, &column);
		if (line != cases[i].line || column != cases[i].column)
			fail_msg("%s: %zu:%zu", cases[i].pointer, line, column);
	}
}

static void changes_name_the_fields_in_order(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b, *changes;
	} cases[] = {
		{"{\"b\":1,\"a\":1}", "{\"c\":1,\"a\":2}", "=/a -/b +/c "},
		{"[1,2,3]", "[1,5]", "=/1 -/2 "},
		{"{\"a\":1}", "{\"a\":1}", ""},
		{"1", "[1]", "= "},
		{"[1.0]", "[1]", "=/0 "},
		{"[{\"id\":\"x\",\"v\":1},{\"id\":\"y\"}]", "[{\"id\":\"z\"},{\"id\":\"x\",\"v\":2}]", "-/1 +/0 =/1/v "},
		{"{\"l\":[{\"id\":\"x\"},{\"id\":\"y\"}]}", "{\"l\":[{\"id\":\"y\"},{\"id\":\"x\"}]}", "=/l "},
		{"[{\"id\":1},{\"id\":2}]", "[{\"id\":2,\"v\":1},{\"id\":1}]", "= +/0/v "},
		{"[1,2,3]", "[0,1,2,3]", "+/0 "},
		{"[1,2,3,4]", "[1,9,3]", "=/1 -/3 "},
		{"[{\"v\":1},{\"v\":2}]", "[{\"v\":0},{\"v\":1},{\"v\":2,\"w\":1}]", "+/0 +/2/w "},
		{"[{\"v\":1}]", "[{\"v\":2},{\"v\":3}]", "-/0 +/0 +/1 "},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		cJSON *a = parse(cases[i].a), *b = parse(cases[i].b);
		cib_json_changes changes = {0};
		cib_buf said = CIB_BUF_INIT;
		cib_json_diff(&changes, a, b, NULL);
		for (size_t k = 0; k < changes.count; k++)
			cib_buf_addf(&said, "%c%s ", "+-="[changes.items[k].op], changes.items[k].pointer);
		assert_string_equal(cib_buf_str(&said), cases[i].changes);
		cib_buf_free(&said);
		cib_json_changes_free(&changes);
		cJSON_Delete(a);
		cJSON_Delete(b);
	}
}

static void text_is_normalised_and_two_names_never_become_one(void **state)
{
	(void)state;
	cJSON *doc = parse("{\"ok\":\"\xC3\xA9\",\"l\":[0,\"e\\u0301\"],\"o\\u0308\":1,\"u\\u0308\":1,\"\\u00fc\":2}");
	char *pointer = NULL;
	assert_false(cib_json_is_nfc(doc, &pointer));
	assert_string_equal(pointer, "/l/1");
	free(pointer);
	cib_json_to_nfc(doc);
	assert_string_equal(cib_json_at(doc, "/l/1")->valuestring, "\xC3\xA9");
	assert_non_null(cib_json_get(doc, "\xC3\xB6"));
	assert_int_equal(cib_json_get(doc, "\xC3\xBC")->valueint, 2);
	assert_non_null(cib_json_get(doc, "u\xCC\x88"));
	cib_json_remove(doc, "u\xCC\x88");
	assert_true(cib_json_is_nfc(doc, NULL));
	cJSON_Delete(doc);
}

/* ---- reading and writing change no value ---- */

static bool comes_back(const char *text, size_t len)
{
	cJSON *doc, *again = NULL;
	const cJSON *read_only;
	cib_arena arena = CIB_ARENA_INIT;
	cib_buf first = CIB_BUF_INIT, second = CIB_BUF_INIT;
	if (cib_json_read(&doc, text, len, NULL, NULL) != CIB_OK)
		return false;
	bool good = cib_json_read_arena(&read_only, &arena, text, len, NULL, NULL) == CIB_OK && cib_json_identical(doc, read_only);
	cib_json_write(&first, read_only, NULL);
	good = good && cib_json_read(&again, first.data, first.len, NULL, NULL) == CIB_OK && cib_json_identical(doc, again);
	if (again)
		cib_json_write(&second, again, NULL);
	good = good && first.len == second.len && memcmp(first.data, second.data, first.len) == 0;
	cJSON_Delete(doc);
	cJSON_Delete(again);
	cib_arena_free(&arena);
	cib_buf_free(&first);
	cib_buf_free(&second);
	return good;
}

static unsigned roll(uint64_t *seed, unsigned below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*seed >> 33) % below;
}

static void make(cib_buf *b, uint64_t *seed, int depth)
{
	static const char *const leaves[] = {"null", "true", "false", "0", "-0", "1.50", "-12e-3", "1E+400", "9007199254740993", "\"\"", "\"\xC3\xA9\\u00e8\"", "\"\\ud83d\\ude00 \\b\\f\\/\"", "\"plain\"", "\"\\u0001\\\"\\\\\""};
	static const char *const names[] = {"a", "b", "\xC3\xA9", "\\n", "", "\xF0\x9F\x98\x80", "\xEF\xBF\xBD", "zz", "\\\"", "k"};
	unsigned kind = depth > 5 ? 0 : roll(seed, 3);
	if (kind == 0) {
		cib_buf_adds(b, leaves[roll(seed, sizeof leaves / sizeof leaves[0])]);
		return;
	}
	unsigned n = roll(seed, kind == 1 ? 30 : 5);
	cib_buf_addc(b, kind == 1 ? '{' : '[');
	for (unsigned i = 0; i < n; i++) {
		cib_buf_adds(b, i ? ", " : "\n");
		if (kind == 1)
			cib_buf_addf(b, "\"%s%u\" :", names[roll(seed, 10)], i * 7 % 30);
		make(b, seed, depth + (kind == 1 ? 3 : 1));
	}
	cib_buf_addc(b, kind == 1 ? '}' : ']');
}

static void made_documents_come_back_as_they_were(void **state)
{
	(void)state;
	uint64_t seed = 1;
	for (int i = 0; i < 3000; i++) {
		cib_buf b = CIB_BUF_INIT;
		make(&b, &seed, 0);
		if (!comes_back(b.data, b.len))
			fail_msg("document %d: %s", i, b.data);
		cib_buf_free(&b);
	}
}

static void twenty_thousand_entries_keep_every_value(void **state)
{
	(void)state;
	static const char script[] = CIB_SHARED_DIR "/data/make_corpus.py";
	char folder[] = "/tmp/cib-json-XXXXXX";
	if (access(script, R_OK) != 0 || system("python3 -c 0 >/dev/null 2>&1") != 0 || !mkdtemp(folder)) {
		print_message("SKIP: no python3, or no %s\n", script);
		skip();
	}
	char *command = cib_format("python3 '%s' 20000 '%s' >/dev/null", script, folder);
	int made = system(command);
	free(command);
	unsigned count = 0, changed = 0;
	char *roots[] = {folder, NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	for (FTSENT *e; (e = fts_read(walk));) {
		if (e->fts_info == FTS_F && e->fts_namelen == strlen("00000.json")) {
			cib_buf text = CIB_BUF_INIT;
			count++;
			changed += cib_file_read(&text, e->fts_path, 0, NULL) != CIB_OK || !comes_back(text.data, text.len);
			cib_buf_free(&text);
		}
		if (e->fts_info == FTS_F)
			unlink(e->fts_path);
		else if (e->fts_info == FTS_DP)
			rmdir(e->fts_path);
	}
	fts_close(walk);
	print_message("%u entries, %u changed\n", count, changed);
	assert_int_equal(made, 0);
	assert_true(count >= 20000);
	assert_int_equal(changed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_compare_as_exact_decimals),
		cmocka_unit_test(a_portable_number_is_what_other_programs_would_write_back),
		cmocka_unit_test(a_number_without_text_is_written_short_and_comes_back),
		cmocka_unit_test(equality_is_by_value_and_identity_by_what_is_written),
		cmocka_unit_test(every_style_writes_what_it_says),
		cmocka_unit_test(pointers_read_set_add_and_remove),
		cmocka_unit_test(a_pointer_is_located_in_the_text),
		cmocka_unit_test(changes_name_the_fields_in_order),
		cmocka_unit_test(text_is_normalised_and_two_names_never_become_one),
		cmocka_unit_test(made_documents_come_back_as_they_were),
		cmocka_unit_test(twenty_thousand_entries_keep_every_value),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
