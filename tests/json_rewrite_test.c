/* Rewriting: a changed document in the layout of the text that it came from. */
#include "json/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static cJSON *read_text(const char *text)
{
	cJSON *doc = NULL;
	cib_error err = CIB_ERROR_INIT;
	if (cib_json_read(&doc, text, strlen(text), NULL, &err) != CIB_OK)
		fail_msg("%s: %s", text, err.message);
	return doc;
}

static char *rewrite(const cJSON *doc, const char *text, const char *other)
{
	cib_buf out = CIB_BUF_INIT;
	cib_json_rewrite(&out, doc, text, strlen(text), other, other ? strlen(other) : 0);
	return cib_buf_take(&out);
}

static const struct {
	const char *name, *text, *doc, *expected, *other;
} examples[] = {
	{"tabs, no final newline", "{\n\t\"b\": 1,\n\t\"a\": 2\n}", "{\"b\":1,\"a\":3}", "{\n\t\"b\": 1,\n\t\"a\": 3\n}", NULL},
	{"four spaces, a new member behind the one that it follows", "{\n    \"b\": 1,\n    \"a\": 2\n}\n", "{\"b\":1,\"n\":{\"x\":1},\"a\":2}",
         "{\n    \"b\": 1,\n    \"n\": {\n        \"x\": 1\n    },\n    \"a\": 2\n}\n", NULL},
	{"the first member goes", "{\n  \"b\": 1,\n  \"a\": 2\n}\n", "{\"a\":2}", "{\n  \"a\": 2\n}\n", NULL},
	{"the last member goes", "{\n  \"b\": 1,\n  \"a\": 2\n}\n", "{\"b\":1}", "{\n  \"b\": 1\n}\n", NULL},
	{"all members go", "{\n  \"b\": {\n    \"x\": 1\n  }\n}\n", "{\"b\":{}}", "{\n  \"b\": {}\n}\n", NULL},
	{"into an empty object", "{\n  \"b\": {},\n  \"a\": 0\n}\n", "{\"b\":{\"x\":1},\"a\":0}", "{\n  \"b\": {\n    \"x\": 1\n  },\n  \"a\": 0\n}\n", NULL},
	{"one line", "{\"b\":1,\"a\":2}", "{\"b\":1,\"a\":3,\"c\":[1,2]}", "{\"b\":1,\"a\":3,\"c\":[1,2]}", NULL},
	{"one line with spaces", "{ \"b\": 1, \"a\": 2 }", "{\"a\":2,\"c\":[1,2]}", "{ \"a\": 2, \"c\": [1, 2] }", NULL},
	{"lists on one line stay there", "{\n  \"l\": [1, 2, 3],\n  \"m\": 1\n}\n", "{\"l\":[1,2,4,3],\"m\":1,\"k\":[5,6]}", "{\n  \"l\": [1, 2, 4, 3],\n  \"m\": 1,\n  \"k\": [5, 6]\n}\n", NULL},
	{"lists in lines stay there", "{\n  \"l\": [\n    1,\n    2\n  ]\n}\n", "{\"l\":[1,9,2]}", "{\n  \"l\": [\n    1,\n    9,\n    2\n  ]\n}\n", NULL},
	{"one item in a line", "[[1], [2]]\n", "[[1,5],[2]]", "[[1, 5], [2]]\n", NULL},
	{"objects on a line each", "[\n  { \"id\": 1, \"v\": 2 },\n  { \"id\": 2, \"v\": 2 }\n]\n", "[{\"id\":1,\"v\":3},{\"id\":3,\"v\":1},{\"id\":2,\"v\":2}]",
         "[\n  { \"id\": 1, \"v\": 3 },\n  {\n    \"id\": 3,\n    \"v\": 1\n  },\n  { \"id\": 2, \"v\": 2 }\n]\n", NULL},
	{"CR LF", "{\r\n  \"z\": 1,\r\n  \"a\": 2\r\n}\r\n", "{\"z\":1,\"m\":[{}],\"a\":2}", "{\r\n  \"z\": 1,\r\n  \"m\": [\r\n    {}\r\n  ],\r\n  \"a\": 2\r\n}\r\n", NULL},
	{"white space as it stands", "\n {\"z\" :  1 ,\n\n\n   \"a\":2 }  \n\n", "{\"z\":1,\"a\":3}", "\n {\"z\" :  1,\n\n\n   \"a\":3 }  \n\n", NULL},
	{"numbers and escapes as they are written", "{\"z\":1.50e+0,\"y\":\"\\u00e9\\/\",\"a\":1}", "{\"z\":1.50e+0,\"y\":\"\\u00e9\\/\",\"a\":2}", "{\"z\":1.50e+0,\"y\":\"\\u00e9\\/\",\"a\":2}", NULL},
	{"a text in ASCII stays in ASCII", "{\"z\":\"\\u00e9\",\"a\":\"\"}", "{\"z\":\"\\u00e9\",\"a\":\"\xC3\xBC\xF0\x9F\x98\x80\"}", "{\"z\":\"\\u00e9\",\"a\":\"\\u00fc\\ud83d\\ude00\"}", NULL},
	{"the other author's spelling", "{\n  \"z\": 1,\n  \"a\": 1\n}\n", "{\"z\":1,\"a\":2.50,\"n\":{\"l\":[1,2]}}", "{\n  \"z\": 1,\n  \"a\": 2.50,\n  \"n\": { \"l\": [1,2] }\n}\n",
         "{\n  \"z\": 1,\n  \"a\": 2.50,\n  \"n\": { \"l\": [1,2] }\n}\n"},
	{"canonical stays canonical", "{\n  \"a\": 1,\n  \"z\": 1\n}\n", "{\"z\":1,\"n\":[1],\"a\":2}", "{\n  \"a\": 2,\n  \"n\": [\n    1\n  ],\n  \"z\": 1\n}\n", NULL},
	{"another kind of value", "[1]", "{\"a\":1}", "{\"a\":1}", NULL},
	{"a scalar", " 1 \n", "2", " 2 \n", NULL},
};

static void what_did_not_change_stays_byte_for_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		cJSON *same = read_text(examples[i].text);
		char *again = rewrite(same, examples[i].text, NULL);
		assert_string_equal(again, examples[i].text);
		free(again);
		cJSON_Delete(same);
	}
}

static void what_changed_is_written_in_the_manner_of_the_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		cJSON *doc = read_text(examples[i].doc);
		char *got = rewrite(doc, examples[i].text, examples[i].other);
		if (strcmp(got, examples[i].expected) != 0)
			fail_msg("%s\n  got:  %s\n  want: %s", examples[i].name, got, examples[i].expected);
		free(got);
		cJSON_Delete(doc);
	}
}

static void any_document_in_any_layout_stays_that_document(void **state)
{
	(void)state;
	enum { N = sizeof examples / sizeof *examples };
	for (size_t i = 0; i < N; i++)
		for (size_t k = 0; k < N; k++) {
			cJSON *doc = read_text(examples[i].expected);
			char *got = rewrite(doc, examples[k].text, examples[(i + k) % N].text);
			cJSON *again = read_text(got);
			assert_true(cib_json_identical(doc, again));
			cJSON_Delete(again);
			cJSON_Delete(doc);
			free(got);
		}
}

static void a_text_that_is_no_json_is_no_model(void **state)
{
	(void)state;
	cJSON *doc = read_text("{\"a\":1}");
	char *got = rewrite(doc, "{\"a\":", "[");
	assert_string_equal(got, "{\n  \"a\": 1\n}\n");
	free(got);
	cJSON_Delete(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_did_not_change_stays_byte_for_byte),
		cmocka_unit_test(what_changed_is_written_in_the_manner_of_the_text),
		cmocka_unit_test(any_document_in_any_layout_stays_that_document),
		cmocka_unit_test(a_text_that_is_no_json_is_no_model),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
