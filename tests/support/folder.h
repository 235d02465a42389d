/* A folder for each test, gone after it, and commands that are run in it. cmocka.h comes first. */
#ifndef CIB_TEST_FOLDER_H
#define CIB_TEST_FOLDER_H

#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>

#define UNUSED __attribute__((unused)) /* not every test needs all of it */

static char dir[64];
UNUSED static cib_error err;

UNUSED static int setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/cib-test-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

UNUSED static int teardown(void **state)
{
	(void)state;
	char *command = cib_format("rm -rf '%s'", dir);
	int rc = system(command);
	free(command);
	return rc;
}

UNUSED static bool have_git(void)
{
	if (system("git --version >/dev/null 2>&1") == 0)
		return true;
	print_message("SKIP: git is not installed\n");
	return false;
}

/* Run a command in the folder of the test: its exit code, and (out not NULL) what it prints. */
__attribute__((format(printf, 2, 0))) UNUSED static int run_args(cib_buf *out, const char *fmt, va_list ap)
{
	cib_buf command = CIB_BUF_INIT;
	cib_buf_addf(&command, "cd '%s' && ", dir);
	cib_buf_vaddf(&command, fmt, ap);
	FILE *f = popen(command.data, "r");
	assert_non_null(f);
	char text[4096];
	size_t n;
	while ((n = fread(text, 1, sizeof text, f)) > 0)
		if (out)
			cib_buf_add(out, text, n);
	int rc = pclose(f);
	cib_buf_free(&command);
	return rc < 0 ? rc : rc >> 8;
}

__attribute__((format(printf, 2, 3))) UNUSED static int run(cib_buf *out, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int rc = run_args(out, fmt, ap);
	va_end(ap);
	return rc;
}

/* One that must go well; its output without the last newline, the caller's. */
__attribute__((format(printf, 1, 2))) UNUSED static char *shell(const char *fmt, ...)
{
	va_list ap;
	cib_buf out = CIB_BUF_INIT;
	va_start(ap, fmt);
	int rc = run_args(&out, fmt, ap);
	va_end(ap);
	if (rc)
		print_message("failed: %s\n%s\n", fmt, cib_buf_str(&out));
	assert_int_equal(rc, 0);
	if (out.len && out.data[out.len - 1] == '\n')
		out.data[--out.len] = '\0';
	return out.data ? out.data : cib_strdup("");
}

UNUSED static void sh(const char *command)
{
	free(shell("%s", command));
}

#define OK(call)                                                                    \
	do {                                                                        \
		int s_ = (call);                                                    \
		if (s_)                                                             \
			print_message("%s: %s %s\n", #call, err.code, err.message); \
		assert_int_equal(s_, CIB_OK);                                       \
	} while (0)

#endif
