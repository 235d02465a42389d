/* Libraries that are opened when they are needed: found once, and missed with a sentence that helps. */
#include "base/late.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

typedef struct {
	unsigned long (*crc32_)(unsigned long, const unsigned char *, unsigned);
	void (*no_such_function_)(void);
} table;

static void a_library_is_opened(void **state)
{
	(void)state;
	static const cib_late_symbol symbols[] = {{"crc32", offsetof(table, crc32_)}};
	table found = {0};
	cib_late zlib = {"libz.so.1", "zlib1g", symbols, 1, &found, 0};
	cib_error err = CIB_ERROR_INIT;
	assert_int_equal(cib_late_open(&zlib, &err), CIB_OK);
	assert_int_equal(found.crc32_(0, (const unsigned char *)"123456789", 9), 0xCBF43926); /* the check value of CRC-32 */
	cib_late_need(&zlib);                                                                 /* again, at no cost */
}

static void what_is_missing_is_said(void **state)
{
	(void)state;
	static const cib_late_symbol symbols[] = {{"crc32", offsetof(table, crc32_)}, {"no_such_function", offsetof(table, no_such_function_)}};
	table found = {0};
	cib_late absent = {"libno-such-library.so.7", "no-such-library7", symbols, 2, &found, 0}, older = {"libz.so.1", "zlib1g", symbols, 2, &found, 0};
	cib_error err = CIB_ERROR_INIT;
	assert_int_equal(cib_late_open(&absent, &err), CIB_USAGE);
	assert_non_null(strstr(err.message, "libno-such-library.so.7"));
	assert_non_null(strstr(err.hint, "apt install no-such-library7"));
	assert_int_equal(cib_late_open(&older, NULL), CIB_USAGE); /* a version without the function is as good as none */
	assert_int_equal(cib_late_open(&older, NULL), CIB_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_library_is_opened), cmocka_unit_test(what_is_missing_is_said)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
