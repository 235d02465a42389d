/* Regular expressions of ECMA-262 with the u flag (15th edition, section 22.2), as `pattern` and the format "regex" want them.
 *
 *     text -> regex_parse.c: a tree, or what is wrong with the text
 *          -> regex_table.c: a table, one step a byte, where the pattern is regular and not large: most are
 *          else regex_pcre.c: a pattern of PCRE2, where the dialects can say the same
 *          and regex_program.c: a program for the own matcher
 *     match -> the table; else PCRE2's JIT for what it can run in bounded time; else regex_run.c
 *
 * Two engines besides the table, because PCRE2's limits do not bound its time (a*a*[bc] on 64 KB runs for minutes within any match limit:
 * repeats of single characters are not counted), because its lookbehind is of fixed length, and because its back
 * references keep what an earlier round of a loop captured. The own matcher counts every step and is the authority;
 * PCRE2 is three to ten times as fast on the short texts that make up nearly all of the work. */
#ifndef CIB_SCHEMA_REGEX_H
#define CIB_SCHEMA_REGEX_H

#include "base/base.h"

typedef struct cib_regex cib_regex;

/* CIB_FINDINGS with code "schema.pattern" and the place in the pattern when it is no regular expression of the dialect. */
int cib_regex_compile(cib_regex **out, const char *pattern, size_t len, cib_error *err);
/* The same without the result: is it one? */
int cib_regex_valid(const char *pattern, size_t len, cib_error *err);
/* Does it match anywhere in the text (UTF-8; U+0000 may stand as C0 80)? 1 yes, 0 no, -1 too costly: more steps than 50,000
 * and eight for each byte. The verdict is the same on every machine. Threads may share a compiled expression. */
int cib_regex_match(const cib_regex *regex, const char *text, size_t len);
void cib_regex_free(cib_regex *regex);

#endif
