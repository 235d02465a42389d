/* Cells and rows of sheets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "exchange/csv.h"
#include "exchange/sheet_private.h"

#include <stdlib.h>
#include <string.h>

static void a_cell_comes_back_as_it_went(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "a", "a,b", "a;b", "say \"a\"", "two\nlines", "=1+1", "'=1+1", "''=1", "'quoted'", "-", "@x", "+49", " lead", "\ttab", "|x", "a\"", "\xd9\x85"};
	static const char separators[] = ",;\t";
	for (const char *s = separators; *s; s++) {
		cib_buf out = CIB_BUF_INIT;
		cib_csv_reader reader;
		cib_csv_row row = {0};
		cib_buf_addf(&out, "name%cend\r\n", *s);
		size_t n = sizeof texts / sizeof *texts;
		for (size_t i = 0; i < n; i++) {
			cib_csv_add(&out, texts[i], *s, false);
			cib_buf_adds(&out, i + 1 < n ? (char[]){*s, '\0'} : "\r\n");
		}
		assert_int_equal(cib_csv_open(&reader, out.data, out.len, NULL), CIB_OK);
		assert_int_equal(reader.separator, *s);
		assert_int_equal(cib_csv_next(&row, &reader, NULL), CIB_OK);
		assert_int_equal(cib_csv_next(&row, &reader, NULL), CIB_OK);
		assert_int_equal(row.line, 2);
		assert_int_equal(row.count, n);
		for (size_t i = 0; i < n; i++) {
			if (texts[i][0] && strchr("=+-@|\t", texts[i][0]))
				assert_int_equal(row.cells[i][0], '\''); /* no program computes it */
			cib_csv_plain(row.cells[i]);
			assert_string_equal(row.cells[i], texts[i]);
		}
		assert_int_equal(cib_csv_next(&row, &reader, NULL), CIB_NOTFOUND);
		cib_csv_row_free(&row);
		cib_buf_free(&out);
	}
}

static void a_sheet_may_be_as_programs_save_it(void **state)
{
	(void)state;
	static const struct {
		const char *text, *second;
	} rows[] = {
		{"\xef\xbb\xbfid;a\r\nx;\"1\r\n2\"\r\n", "1\n2"},
		{"sep=;\r\nid;a\nx;y", "y"},
		{"id\ta\rb\nx\ty\n", "y"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cib_csv_reader reader;
		cib_csv_row row = {0};
		assert_int_equal(cib_csv_open(&reader, rows[i].text, strlen(rows[i].text), NULL), CIB_OK);
		assert_int_equal(cib_csv_next(&row, &reader, NULL), CIB_OK);
		assert_string_equal(row.cells[0], "id");
		assert_int_equal(cib_csv_next(&row, &reader, NULL), CIB_OK);
		assert_string_equal(row.cells[1], rows[i].second);
		cib_csv_row_free(&row);
	}
}

static cib_column_type column(const char *schema_text)
{
	cJSON *schema = NULL;
	cib_column_type c = {0};
	assert_int_equal(cib_json_read(&schema, schema_text, strlen(schema_text), NULL, NULL), CIB_OK);
	assert_true(cib_column_of(&c, schema));
	cJSON_Delete(schema);
	return c;
}

static void values_are_spelt_as_asked(void **state)
{
	(void)state;
	static const struct {
		const char *schema, *decimal, *dates, *cell, *value; /* value: JSON; NULL: the cell cannot be read */
	} rows[] = {
		{"{\"type\":\"string\"}", ".", "iso", "a=b; c", "\"a=b; c\""},
		{"{\"type\":\"number\"}", ".", "iso", "1.50", "1.50"},
		{"{\"type\":\"number\"}", ",", "iso", "1,50", "1.50"},
		{"{\"type\":\"number\"}", ".", "iso", "1,50", NULL},
		{"{\"type\":\"number\"}", ",", "iso", "1.500,00", NULL},
		{"{\"type\":\"number\"}", ".", "iso", "12 EUR", NULL},
		{"{\"type\":\"integer\"}", ".", "iso", "1.23E+15", NULL},
		{"{\"type\":\"string\",\"pattern\":\"^-?[0-9]+(\\\\.[0-9]+)?$\"}", ",", "iso", "-0,5", "\"-0.5\""},
		{"{\"type\":\"string\",\"format\":\"date\"}", ".", "iso", "2024-02-29", "\"2024-02-29\""},
		{"{\"type\":\"string\",\"format\":\"date\"}", ".", "iso", "29.02.2024", NULL},
		{"{\"type\":\"string\",\"format\":\"date\"}", ".", "dmy", "29.02.2024", "\"2024-02-29\""},
		{"{\"type\":\"string\",\"format\":\"date\"}", ".", "dmy", "1/2/2024", "\"2024-02-01\""},
		{"{\"type\":\"string\",\"format\":\"date\"}", ".", "mdy", "1/2/2024", "\"2024-01-02\""},
		{"{\"type\":\"string\",\"format\":\"date\"}", ".", "dmy", "1.2.24", NULL},
		{"{\"type\":\"string\",\"pattern\":\"^[0-9]{4}(-x)?$\"}", ".", "dmy", "02.2024", "\"2024-02\""},
		{"{\"type\":\"string\",\"pattern\":\"^[0-9]{4}(-x)?$\"}", ".", "iso", "2024", "\"2024\""},
		{"{\"type\":\"boolean\"}", ".", "iso", "TRUE", "true"},
		{"{\"type\":\"boolean\"}", ".", "iso", "wahr", NULL},
		{"{\"type\":\"array\",\"x-merge\":\"set\",\"items\":{\"type\":\"string\"}}", ".", "iso", " a;b ;; c", "[\"a\",\"b\",\"c\"]"},
		{"{\"type\":\"array\",\"x-merge\":\"keyed:code\",\"items\":{\"type\":\"object\",\"properties\":{\"code\":{\"type\":\"string\"},\"percentage\":{\"type\":\"string\"}}}}", ",", "iso",
	         "TN=33,5; GH", "[{\"code\":\"TN\",\"percentage\":\"33.5\"},{\"code\":\"GH\"}]"},
		{"{\"type\":\"array\",\"x-merge\":\"keyed:code\",\"items\":{\"type\":\"object\",\"properties\":{\"code\":{\"type\":\"string\"}}}}", ".", "iso", "TN=1", NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cib_column_type c = column(rows[i].schema);
		cib_sheet_style style = {',', rows[i].decimal[0], rows[i].dates, false, "en"};
		char *why = NULL;
		const char *hint = NULL;
		cJSON *value = cib_cell_read(&c, rows[i].cell, NULL, &style, &why, &hint), *want = NULL;
		if (!rows[i].value) {
			if (value || !why)
				fail_msg("row %zu: '%s' was read", i, rows[i].cell);
		} else {
			cib_buf again = CIB_BUF_INIT;
			assert_int_equal(cib_json_read(&want, rows[i].value, strlen(rows[i].value), NULL, NULL), CIB_OK);
			if (!value || !cib_json_identical(value, want))
				fail_msg("row %zu: '%s': %s", i, rows[i].cell, why ? why : "another value");
			cib_cell_write(&again, &c, value, &style); /* what is written is read as the same value */
			cJSON *twice = cib_cell_read(&c, cib_buf_str(&again), NULL, &style, &why, &hint);
			assert_true(twice && cib_json_identical(twice, want));
			cJSON_Delete(twice);
			cib_buf_free(&again);
		}
		cJSON_Delete(value);
		cJSON_Delete(want);
		free(why);
		free(c.key);
		free(c.value);
	}
}

static void a_number_spelt_anew_is_no_change(void **state)
{
	(void)state;
	cib_column_type number = column("{\"type\":\"number\"}"), text = column("{\"type\":\"string\"}");
	assert_true(cib_cell_same(&number, "182500.00", "182500"));
	assert_false(cib_cell_same(&number, "182500.00", "182500.01"));
	assert_false(cib_cell_same(&text, "1.0", "1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_comes_back_as_it_went),
		cmocka_unit_test(a_sheet_may_be_as_programs_save_it),
		cmocka_unit_test(values_are_spelt_as_asked),
		cmocka_unit_test(a_number_spelt_anew_is_no_change),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
