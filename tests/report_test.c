/* The reports' own arithmetic: numbers by language, exact sums, places on the map. */
#include "report/private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void numbers_follow_the_language(void **state)
{
	static const struct {
		const char *lang;
		double value;
		int decimals;
		const char *want;
	} rows[] = {
		{"en", 0, 0, "0"},
		{"en", 999, 0, "999"},
		{"en", 1234567, 0, "1,234,567"},
		{"en", 1234.25, 1, "1,234.2"},
		{"fr", 1234.5, 1, "1\u202F234,5"},
		{"es", 1234, 0, "1234"},
		{"es", 12345.5, 1, "12\u202F345,5"},
		{"en", -1234, 0, "\u22121,234"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cib_buf out = CIB_BUF_INIT;
		cib_number_decimal(&out, rows[i].lang, rows[i].value, rows[i].decimals);
		assert_string_equal(cib_buf_str(&out), rows[i].want);
		cib_buf_free(&out);
	}
}

static void amounts_add_exactly(void **state)
{
	static const struct {
		const char *amounts[4], *want;
	} rows[] = {
		{{"0.1", "0.2"}, "0.30"},
		{{"100", "200"}, "300"},
		{{"182500.00", "-0.01"}, "182499.99"},
		{{"-5", "2.5"}, "-2.50"},
		{{"99999999999999999999.99", "0.01"}, "100000000000000000000"},
		{{"0.00001", "0.00001"}, "0.00002"},
		{{"-1", "1"}, "0"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char sum[64] = "";
		for (size_t k = 0; rows[i].amounts[k]; k++)
			assert_true(cib_amount_add(sum, rows[i].amounts[k]));
		assert_string_equal(sum, rows[i].want);
	}
	char sum[64] = "1";
	assert_false(cib_amount_add(sum, "0.000001"));
	assert_false(cib_amount_add(sum, "1234567890123456789012345678901234567890"));
	assert_string_equal(sum, "1");
}

static void a_tally_holds_what_was_put(void **state)
{
	(void)state;
	cib_tally t = {0};
	char *keys[1000];
	assert_int_equal(cib_tally_get(&t, "a"), SIZE_MAX);
	for (size_t i = 0; i < 1000; i++) {
		keys[i] = cib_format("key-%zu", i);
		size_t *at = cib_tally_at(&t, keys[i]);
		assert_int_equal(*at, SIZE_MAX);
		*at = i;
	}
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(cib_tally_get(&t, keys[i]), i);
	assert_int_equal(t.count, 1000);
	cib_tally_free(&t);
	for (size_t i = 0; i < 1000; i++)
		free(keys[i]);
}

static void places_lie_where_they_should(void **state)
{
	double x, y, kenya_x, kenya_y;
	(void)state;
	assert_true(cib_geo_place(&kenya_x, &kenya_y, "KE"));
	assert_true(kenya_y > 235 && kenya_y < 250); /* on the equator */
	assert_true(cib_geo_place(&x, &y, "NO"));
	assert_true(y < kenya_y && x < kenya_x);
	assert_true(cib_geo_place(&x, &y, "BR"));
	assert_true(x < 500 && y > kenya_y);
	assert_false(cib_geo_place(&x, &y, "ZZ"));
	for (size_t i = 0; i < cib_report_point_count; i++) {
		assert_true(cib_geo_place(&x, &y, cib_report_points[i].code)); /* sorted, so that each is found */
		assert_true(x >= 0 && x <= 1000 && y >= 0 && y <= 490);
	}
}

static void every_report_has_words_in_every_language(void **state)
{
	static const char *const langs[] = {"en", "fr", "es"};
	(void)state;
	for (size_t i = 0; i < cib_report_count(); i++)
		for (size_t l = 0; l < 3; l++) {
			char *summary = cib_report_summary(i, langs[l]), *title = cib_format("title.%s", cib_report_name(i));
			assert_null(strstr(summary, "summary."));
			assert_string_not_equal(cib_report_message(langs[l], title), title);
			free(summary);
			free(title);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_follow_the_language),
		cmocka_unit_test(amounts_add_exactly),
		cmocka_unit_test(a_tally_holds_what_was_put),
		cmocka_unit_test(places_lie_where_they_should),
		cmocka_unit_test(every_report_has_words_in_every_language),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
