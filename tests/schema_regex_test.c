/* Regular expressions: the dialect (a table of probes, each the verdict of ECMA-262 section 22.2 with the u flag), the two
 * engines beside each other, and patterns made to be slow. */
#include "schema/regex_private.h"
#include "support/regex_probes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

/* By the engine that the room chooses. */
static int verdict(const char *pattern, const char *text, size_t len)
{
	cib_regex *regex;
	cib_error err = CIB_ERROR_INIT;
	int status = cib_regex_compile(&regex, pattern, strlen(pattern), &err);
	assert_int_equal(cib_regex_valid(pattern, strlen(pattern), NULL), status);
	if (status != CIB_OK) {
		assert_string_equal(err.code, "schema.pattern");
		assert_non_null(strstr(err.message, "at its character "));
		return REFUSED;
	}
	int matches = cib_regex_match(regex, text, len);
	cib_regex_free(regex);
	return matches;
}

/* By the own matcher alone. */
static int own_verdict(const char *pattern, const char *text, size_t len)
{
	cib_rx_tree tree;
	cib_rx_program program;
	if (cib_rx_parse(&tree, pattern, strlen(pattern), NULL) != CIB_OK)
		return REFUSED;
	cib_rx_program_build(&program, &tree);
	cib_rx_tree_free(&tree);
	int matches = cib_rx_run(&program, text, len, 1000000);
	cib_rx_program_free(&program);
	return matches;
}

static void every_probe_of_the_dialect_gets_its_verdict(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (size_t i = 0; i < sizeof regex_probes / sizeof *regex_probes; i++) {
		int room = verdict(regex_probes[i].pattern, regex_probes[i].text, regex_probes[i].len), own = own_verdict(regex_probes[i].pattern, regex_probes[i].text, regex_probes[i].len);
		if ((room != regex_probes[i].verdict || own != regex_probes[i].verdict) && ++wrong)
			print_error("/%s/u on \"%s\": %d, by the own matcher %d, should be %d\n", regex_probes[i].pattern, regex_probes[i].text, room, own, regex_probes[i].verdict);
	}
	assert_int_equal(wrong, 0);
}

/* C0 80 is how a reader can keep U+0000 in a C string. */
static void a_nul_is_a_character(void **state)
{
	(void)state;
	assert_int_equal(verdict("^a.b$", "a\xC0\x80"
	                                  "b",
	                         4),
	                 YES);
	assert_int_equal(verdict("^a\\0b$", "a\xC0\x80"
	                                    "b",
	                         4),
	                 YES);
	assert_int_equal(verdict("^a\xC0\x80"
	                         "b$",
	                         "a\0b", 3),
	                 YES);
	assert_int_equal(verdict("^[^\\0]*$", "a\xC0\x80"
	                                      "b",
	                         4),
	                 NO);
	assert_int_equal(verdict("^a$", "a\0", 2), NO);
}

static void an_error_says_what_and_where(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *what, *where;
	} cases[] = {
		{"a(b", "not closed", "character 2"},
		{"ab)", "not opened", "character 3"},
		{"\xC3\xA9\\a", "no such escape", "character 2"},
		{"^[a-z", "no closing bracket", "character 2"},
		{"a{3,2}", "larger number", "character 2"},
		{"\\p{Grek}", "no such property", "character 1"},
		{"(?i)a", "no such group", "character 1"},
		{"x**", "nothing to repeat", "character 3"},
		{"a]", "needs a backslash", "character 2"},
		{"(a)\\2", "not there", "character 6"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cib_error err = CIB_ERROR_INIT;
		assert_int_equal(cib_regex_valid(cases[i].pattern, strlen(cases[i].pattern), &err), CIB_FINDINGS);
		assert_non_null(strstr(err.message, cases[i].pattern));
		if (!strstr(err.message, cases[i].what) || !strstr(err.message, cases[i].where))
			fail_msg("%s", err.message);
	}
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

#ifdef __SANITIZE_ADDRESS__
enum { SLOWER = 10 };
#else
enum { SLOWER = 1 };
#endif

/* 64 KB of one letter, and one that spoils the match: no pattern takes more than 5 ms, at any length of the text. The table
 * has a verdict for all that is regular; the own matcher alone gives up on those too. */
static void a_pattern_that_costs_too_much_is_stopped(void **state)
{
	(void)state;
	static const struct {
		const char *pattern;
		int verdict; /* on 64 KB */
	} cases[] = {
		{"^(a+)+$", NO},
		{"(a+)+$", NO},
		{"^(?:a|aa)*$", NO},
		{"^(?:a|a)*$", NO},
		{"a*a*[cd]", NO},
		{"^a*a*a*a*[cd]$", NO},
		{"^(.*)*\\1c$", COSTLY},
		{"(?=(a+)+$)", COSTLY},
		{"(?<=c(?:a*)*)b", COSTLY},
		{"^(?:a?){40}a{40}[cd]$", NO},
		{"(?:a{0,50}){0,50}[cd]", COSTLY},
		{"^(?:(?:a*)*)*$", NO},
		{"^(?:a*b?)*c$", NO},
		{"(x+x+)+y", NO},
		{"^a*b$", YES},
		{"^(?:a|b)*$", YES},
		{"^[^b]*b$", YES},
		{"ab$", YES},
		{"^(?:[a-z]+-?)+$", YES},
		{"^.{0,100000}$", YES},
		{"c", NO},
	};
	enum { LENGTH = 65536 };
	char *text = malloc(LENGTH + 1);
	memset(text, 'a', LENGTH);
	text[LENGTH] = 'b';
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cib_regex *regex;
		assert_int_equal(cib_regex_compile(&regex, cases[i].pattern, strlen(cases[i].pattern), NULL), CIB_OK);
		double begin = now();
		int own = own_verdict(cases[i].pattern, text, LENGTH + 1);
		assert_true(own == cases[i].verdict || own == COSTLY);
		if (now() - begin > 100 * SLOWER) /* a million steps */
			fail_msg("/%s/u by the own matcher: %.1f ms", cases[i].pattern, now() - begin);
		for (size_t n = 1; n <= LENGTH; n *= 2) {
			double best = 1e9;
			int matches = NO;
			for (int round = 0; round < 50 && best > 5 * SLOWER; round++) {
				double start = now();
				matches = cib_regex_match(regex, text + LENGTH - n, n + 1);
				double spent = now() - start;
				best = spent < best ? spent : best;
			}
			if (best > 5 * SLOWER)
				fail_msg("/%s/u on %zu bytes: %.1f ms", cases[i].pattern, n, best);
			if (n == LENGTH && matches != cases[i].verdict)
				fail_msg("/%s/u: %d", cases[i].pattern, matches);
		}
		cib_regex_free(regex);
	}
	free(text);
}

/* A pattern of 64 KB, groups within groups, counts within counts: refused or compiled, in little time. */
static void a_huge_pattern_is_refused_or_compiled(void **state)
{
	(void)state;
	static const struct {
		const char *part;
		size_t times;
		bool good;
	} cases[] = {{"(", 60000, false}, {"(?:a", 60000 / 4, false}, {"a?", 30000, true}, {"[a-z]", 12000, true}, {"\\p{L}", 12000, true}, {"(a)", 20000, true}, {"a|", 30000, true}, {"a", 70000, false}, {"(?=a)", 12000, true}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cib_buf pattern = CIB_BUF_INIT;
		for (size_t n = 0; n < cases[i].times; n++)
			cib_buf_adds(&pattern, cases[i].part);
		double best = 1e9;
		for (int round = 0; round < 5 && best > 500 * SLOWER; round++) { /* a busy machine takes longer than the pattern does */
			double start = now();
			int result = verdict(pattern.data, "aaaa", 4);
			double spent = now() - start;
			best = spent < best ? spent : best;
			assert_int_equal(result != REFUSED, cases[i].good);
		}
		if (best > 500 * SLOWER)
			fail_msg("%s...: %.0f ms", cases[i].part, best);
		cib_buf_free(&pattern);
	}
	assert_int_equal(verdict("((((((a{1,1000}){1,1000}){1,1000}){1,1000}){1,1000}){1,1000}){1,1000}", "aaaa", 4), YES);
	assert_int_equal(verdict("^(?:(?:(?:){1000}){1000}){1000}b$", "b", 1), COSTLY);
}

/* Patterns made at random: where both engines say yes or no, they say the same. */
static void both_engines_agree(void **state)
{
	(void)state;
	static const char *const parts[] = {"a", "b", "[ab]", "[^a]", ".", "\\w", "\xC3\xA9", "(?:", "(", "(?=", "(?!", "(?<=", "(?<!", "|", ")", ")*", ")+?", "){2}", ")?", "*", "+", "?", "{1,2}", "^", "$", "\\b", "\\p{L}", "*?"};
	static const char *const chars[] = {"a", "b", "\xC3\xA9", "-", "\n", "\xF0\x9F\x90\xB2"};
	uint32_t seed = 1;
	size_t compared = 0;
	for (int i = 0; i < 20000; i++) {
		char pattern[200] = "", text[100] = "";
		int open = 0;
		for (int n = 0; n < 12; n++) {
			const char *part = parts[(seed = seed * 1664525 + 1013904223) >> 8 & 31 ? (seed >> 13) % (sizeof parts / sizeof *parts) : 0];
			open += *part == '(' ? 1 : *part == ')' ? -1
			                                        : 0;
			if (open < 0)
				open = 0;
			else
				strcat(pattern, part);
		}
		while (open-- > 0)
			strcat(pattern, ")");
		for (int n = 0; n < 8; n++)
			strcat(text, chars[((seed = seed * 1664525 + 1013904223) >> 16) % 6]);
		int own = own_verdict(pattern, text, strlen(text)), room = verdict(pattern, text, strlen(text));
		if (own == REFUSED || own == COSTLY || room == COSTLY)
			continue;
		compared++;
		if (own != room)
			fail_msg("/%s/u on \"%s\": own %d, room %d", pattern, text, own, room);
	}
	assert_true(compared > 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_probe_of_the_dialect_gets_its_verdict),
		cmocka_unit_test(a_nul_is_a_character),
		cmocka_unit_test(an_error_says_what_and_where),
		cmocka_unit_test(a_pattern_that_costs_too_much_is_stopped),
		cmocka_unit_test(a_huge_pattern_is_refused_or_compiled),
		cmocka_unit_test(both_engines_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
