/* The reader against the files of nst/JSONTestSuite: y_ is accepted, n_ refused with a place and a
 * message, i_ as decided in the table below, which docs/json.md explains. */
#include "json/json.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const char suite[] = CIB_SHARED_DIR "/data/json-parsing";

static const struct {
	const char *name;
	const char *code; /* NULL: accepted */
} decided[] = {
	{"i_number_double_huge_neg_exp", NULL},
	{"i_number_huge_exp", NULL},
	{"i_number_neg_int_huge_exp", NULL},
	{"i_number_pos_double_huge_exp", NULL},
	{"i_number_real_neg_overflow", NULL},
	{"i_number_real_pos_overflow", NULL},
	{"i_number_real_underflow", NULL},
	{"i_number_too_big_neg_int", NULL},
	{"i_number_too_big_pos_int", NULL},
	{"i_number_very_big_negative_int", NULL},
	{"i_structure_500_nested_arrays", NULL},
	{"i_object_key_lone_2nd_surrogate", "json.lone-surrogate"},
	{"i_string_1st_surrogate_but_2nd_missing", "json.lone-surrogate"},
	{"i_string_1st_valid_surrogate_2nd_invalid", "json.lone-surrogate"},
	{"i_string_incomplete_surrogate_and_escape_valid", "json.lone-surrogate"},
	{"i_string_incomplete_surrogate_pair", "json.lone-surrogate"},
	{"i_string_incomplete_surrogates_escape_valid", "json.lone-surrogate"},
	{"i_string_invalid_lonely_surrogate", "json.lone-surrogate"},
	{"i_string_invalid_surrogate", "json.lone-surrogate"},
	{"i_string_inverted_surrogates_U+1D11E", "json.lone-surrogate"},
	{"i_string_lone_second_surrogate", "json.lone-surrogate"},
	{"i_string_UTF-16LE_with_BOM", "json.invalid-utf8"},
	{"i_string_UTF-8_invalid_sequence", "json.invalid-utf8"},
	{"i_string_UTF8_surrogate_U+D800", "json.invalid-utf8"},
	{"i_string_invalid_utf-8", "json.invalid-utf8"},
	{"i_string_iso_latin_1", "json.invalid-utf8"},
	{"i_string_lone_utf8_continuation_byte", "json.invalid-utf8"},
	{"i_string_not_in_unicode_range", "json.invalid-utf8"},
	{"i_string_overlong_sequence_2_bytes", "json.invalid-utf8"},
	{"i_string_overlong_sequence_6_bytes", "json.invalid-utf8"},
	{"i_string_overlong_sequence_6_bytes_null", "json.invalid-utf8"},
	{"i_string_truncated-utf-8", "json.invalid-utf8"},
	{"i_string_utf16BE_no_BOM", "json.unexpected"},
	{"i_string_utf16LE_no_BOM", "json.unexpected"},
	{"i_structure_UTF-8_BOM_empty_object", "json.bom"},
};

/* y_ files that I-JSON (RFC 7493) refuses and so do we. */
static const struct {
	const char *name, *code;
} stricter[] = {
	{"y_object_duplicated_key", "json.duplicate-key"},
	{"y_object_duplicated_key_and_value", "json.duplicate-key"},
	{"y_object_escaped_null_in_key", "json.nul"},
	{"y_string_null_escape", "json.nul"},
};

static const char *expected(const char *name, size_t stem, bool *known)
{
	*known = true;
	for (size_t i = 0; i < sizeof stricter / sizeof stricter[0]; i++)
		if (strlen(stricter[i].name) == stem && memcmp(stricter[i].name, name, stem) == 0)
			return stricter[i].code;
	if (name[0] == 'y')
		return NULL;
	if (name[0] == 'n')
		return "";
	for (size_t i = 0; i < sizeof decided / sizeof decided[0]; i++)
		if (strlen(decided[i].name) == stem && memcmp(decided[i].name, name, stem) == 0)
			return decided[i].code;
	*known = false;
	return "";
}

/* How many faults this file shows. */
static int judge(const char *name)
{
	char path[1024];
	cib_buf text = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	cJSON *doc = NULL;
	const cJSON *read_only = NULL;
	cib_arena arena = CIB_ARENA_INIT;
	bool known;
	int faults = 0;
	const char *code = expected(name, strlen(name) - strlen(".json"), &known);
	snprintf(path, sizeof path, "%s/%s", suite, name);
	assert_int_equal(cib_file_read(&text, path, 0, NULL), CIB_OK);
	int status = cib_json_read(&doc, cib_buf_str(&text), text.len, NULL, &err);
	int again = cib_json_read_arena(&read_only, &arena, cib_buf_str(&text), text.len, NULL, NULL);
	faults += again != status || (status == CIB_OK && !cib_json_identical(doc, read_only));
	faults += !known || (code == NULL) != (status == CIB_OK);
	if (code && *code)
		faults += strcmp(err.code, code) != 0;
	if (status != CIB_OK)
		faults += err.line == 0 || err.column == 0 || !*err.message || strncmp(err.code, "json.", 5) != 0 || doc;
	if (faults)
		print_error("%s: status %d, %s at %zu:%zu: %s%s\n", name, status, err.code, err.line, err.column, err.message, known ? "" : " (not decided)");
	cJSON_Delete(doc);
	cib_arena_free(&arena);
	cib_buf_free(&text);
	return faults;
}

static void every_file_of_the_suite_is_judged_as_documented(void **state)
{
	(void)state;
	DIR *folder = opendir(suite);
	if (!folder) {
		print_message("SKIP: %s is not here\n", suite);
		skip();
	}
	int faults = 0, counts[3] = {0};
	for (struct dirent *e; (e = readdir(folder));) {
		const char *dot = strrchr(e->d_name, '.');
		if (!dot || strcmp(dot, ".json") != 0 || e->d_name[1] != '_' || !strchr("yni", e->d_name[0]))
			continue;
		counts[e->d_name[0] == 'y' ? 0 : e->d_name[0] == 'n' ? 1
		                                                     : 2]++;
		faults += judge(e->d_name);
	}
	closedir(folder);
	print_message("judged: %d to accept, %d to refuse, %d to decide\n", counts[0], counts[1], counts[2]);
	assert_true(counts[0] > 50 && counts[1] > 100 && counts[2] > 10);
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_of_the_suite_is_judged_as_documented),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
