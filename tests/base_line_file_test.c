/* A file of lines: what is read back after it was cut off anywhere, and what comes after. */
#include "base/base.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/cib-lines-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof path, "%s/steps", dir);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

/* Keeps what it is given, with '|' behind each; a line "stop" is refused. */
static bool keep(const char *line, size_t len, void *payload)
{
	cib_buf *all = payload;
	if (len == 4 && memcmp(line, "stop", 4) == 0)
		return false;
	cib_buf_add(all, line, len);
	cib_buf_addc(all, '|');
	return true;
}

static cib_line_file *open_lines(const char *expected)
{
	cib_line_file *l = NULL;
	cib_buf all = CIB_BUF_INIT;
	assert_int_equal(cib_line_file_open(&l, path, keep, &all, NULL), CIB_OK);
	assert_string_equal(cib_buf_str(&all), expected);
	cib_buf_free(&all);
	return l;
}

static void file_is(const char *expected)
{
	cib_buf text = CIB_BUF_INIT;
	assert_int_equal(cib_file_read(&text, path, 0, NULL), CIB_OK);
	assert_string_equal(cib_buf_str(&text), expected);
	cib_buf_free(&text);
}

static void what_is_added_and_dropped_is_read_back(void **state)
{
	(void)state;
	unlink(path);
	cib_line_file *l = open_lines("");
	assert_int_equal(access(path, F_OK), -1); /* opening leaves nothing */
	assert_int_equal(cib_line_file_add(l, "one", NULL), CIB_OK);
	assert_int_equal(cib_line_file_add(l, "two", NULL), CIB_OK);
	file_is("one\ntwo\n"); /* a kill from here on takes nothing */
	assert_int_equal(cib_line_file_drop(l, NULL), CIB_OK);
	assert_int_equal(cib_line_file_add(l, "three", NULL), CIB_OK);
	assert_int_equal(cib_line_file_flush(l, NULL), CIB_OK);
	assert_int_equal(cib_line_file_count(l), 2);
	cib_line_file_free(l);
	l = open_lines("one|three|");
	assert_int_equal(cib_line_file_drop(l, NULL), CIB_OK);
	assert_int_equal(cib_line_file_drop(l, NULL), CIB_OK);
	assert_int_equal(cib_line_file_drop(l, NULL), CIB_OK); /* nothing is left to drop */
	cib_line_file_free(l);
	cib_line_file_free(open_lines(""));
}

static void a_file_that_is_cut_off_anywhere_is_a_beginning_and_goes_on(void **state)
{
	(void)state;
	static const char whole[] = "a\nbb\n\ncccc\n";
	static const char *const read_back[] = {"", "", "a|", "a|", "a|", "a|bb|", "a|bb||", "a|bb||", "a|bb||", "a|bb||", "a|bb||", "a|bb||cccc|"};
	for (size_t cut = 0; cut < sizeof whole; cut++) {
		assert_int_equal(cib_file_write(path, whole, cut, NULL), CIB_OK);
		cib_line_file *l = open_lines(read_back[cut]);
		assert_int_equal(cib_line_file_add(l, "next", NULL), CIB_OK);
		cib_line_file_free(l);
		char expected[64];
		snprintf(expected, sizeof expected, "%snext|", read_back[cut]);
		cib_line_file_free(open_lines(expected));
	}
}

static void a_line_that_is_not_understood_ends_the_file(void **state)
{
	(void)state;
	assert_int_equal(cib_file_write(path, "a\nstop\nb\n", 9, NULL), CIB_OK);
	cib_line_file *l = open_lines("a|");
	file_is("a\nstop\nb\n"); /* reading changes nothing */
	assert_int_equal(cib_line_file_add(l, "c", NULL), CIB_OK);
	file_is("a\nc\n");
	cib_line_file_free(l);
}

static void other_lines_take_the_place_of_all(void **state)
{
	(void)state;
	unlink(path);
	cib_line_file *l = open_lines("");
	cib_buf text = CIB_BUF_INIT;
	assert_int_equal(cib_line_file_add(l, "old", NULL), CIB_OK);
	cib_buf_adds(&text, "x\ny\n");
	assert_int_equal(cib_line_file_replace(l, &text, NULL), CIB_OK);
	assert_int_equal(cib_line_file_drop(l, NULL), CIB_OK);
	assert_int_equal(cib_line_file_add(l, "z", NULL), CIB_OK);
	file_is("x\nz\n");
	cib_buf_clear(&text);
	assert_int_equal(cib_line_file_replace(l, &text, NULL), CIB_OK);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(cib_line_file_add(l, "again", NULL), CIB_OK);
	file_is("again\n");
	cib_line_file_free(l);
	cib_buf_free(&text);
}

static void a_write_that_fails_is_said_and_keeps_what_was_there(void **state)
{
	(void)state;
	struct rlimit before, small = {12, 12};
	cib_error err = CIB_ERROR_INIT;
	unlink(path);
	cib_line_file *l = open_lines("");
	assert_int_equal(cib_line_file_add(l, "one", NULL), CIB_OK);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small.rlim_max = before.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(cib_line_file_add(l, "a line for which there is no room", &err), CIB_IO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	file_is("one\n");
	assert_int_equal(cib_line_file_count(l), 1);
	assert_int_equal(cib_line_file_add(l, "two", NULL), CIB_OK);
	file_is("one\ntwo\n");
	cib_line_file_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_added_and_dropped_is_read_back),
		cmocka_unit_test(a_file_that_is_cut_off_anywhere_is_a_beginning_and_goes_on),
		cmocka_unit_test(a_line_that_is_not_understood_ends_the_file),
		cmocka_unit_test(other_lines_take_the_place_of_all),
		cmocka_unit_test(a_write_that_fails_is_said_and_keeps_what_was_there),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
