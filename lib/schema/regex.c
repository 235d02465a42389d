/* `pattern` in the ECMA-262 u dialect, on PCRE2: a small translator where the dialects differ, and limits. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "schema/private.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

enum { MATCH_LIMIT = 50000, MAX_PATTERN = 64 * 1024 };

struct cib_regex {
	pcre2_code *code;
	pcre2_match_context *limits;
};

/* \d \w \s mean ASCII digits and words, and Unicode white space; $ is the very end; \cX, \uXXXX and \u{X} are
 * code points; a class may be empty ([] matches nothing, [^] everything). */
static void translate(cib_buf *out, const char *p)
{
	static const char spaces[] = "\\t\\n\\x{0b}\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
	bool in_class = false;
	for (; *p; p++) {
		if (*p == '[' && !in_class) {
			if (p[1] == ']' || (p[1] == '^' && p[2] == ']')) {
				cib_buf_adds(out, p[1] == ']' ? "(?!)" : "(?s:.)");
				p += p[1] == ']' ? 1 : 2;
				continue;
			}
			in_class = true;
			cib_buf_addc(out, *p);
			if (p[1] == '^')
				cib_buf_addc(out, *++p);
		} else if (*p == '[') { /* no POSIX classes here */
			cib_buf_adds(out, "\\[");
		} else if (*p == ']' && in_class) {
			in_class = false;
			cib_buf_addc(out, *p);
		} else if (*p == '$' && !in_class) {
			cib_buf_adds(out, "\\z");
		} else if (*p == '.' && !in_class) {
			cib_buf_adds(out, "[^\\n\\r\\x{2028}\\x{2029}]");
		} else if (*p == '\\' && p[1]) {
			p++;
			if (*p == 'd')
				cib_buf_adds(out, in_class ? "0-9" : "[0-9]");
			else if (*p == 'D' && !in_class)
				cib_buf_adds(out, "[^0-9]");
			else if (*p == 'w')
				cib_buf_adds(out, in_class ? "A-Za-z0-9_" : "[A-Za-z0-9_]");
			else if (*p == 'W' && !in_class)
				cib_buf_adds(out, "[^A-Za-z0-9_]");
			else if (*p == 's')
				cib_buf_addf(out, in_class ? "%s" : "[%s]", spaces);
			else if (*p == 'S' && !in_class)
				cib_buf_addf(out, "[^%s]", spaces);
			else if (*p == 'u' && p[1] == '{') {
				cib_buf_adds(out, "\\x");
			} else if (*p == 'u' && strspn(p + 1, "0123456789abcdefABCDEF") >= 4) {
				unsigned long cp = strtoul((char[]){p[1], p[2], p[3], p[4], 0}, NULL, 16);
				p += 4;
				if (cp >= 0xD800 && cp <= 0xDBFF && p[1] == '\\' && p[2] == 'u' && strspn(p + 3, "0123456789abcdefABCDEF") >= 4) {
					unsigned long low = strtoul((char[]){p[3], p[4], p[5], p[6], 0}, NULL, 16);
					cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
					p += 6;
				}
				cib_buf_addf(out, "\\x{%lx}", cp);
			} else if (*p == 'c' && ((p[1] >= 'a' && p[1] <= 'z') || (p[1] >= 'A' && p[1] <= 'Z'))) {
				cib_buf_addf(out, "\\x{%x}", (unsigned)(*++p & 31));
			} else if (*p == '/' || *p == '-') {
				cib_buf_addf(out, "\\%c", *p);
			} else {
				cib_buf_addf(out, "\\%c", *p);
			}
		} else {
			cib_buf_addc(out, *p);
		}
	}
}

/* Escapes that ECMA-262 with u does not have. */
static bool has_foreign_escape(const char *p)
{
	for (; *p; p++)
		if (*p == '\\') {
			p++;
			if (!*p || (((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')) && !strchr("dDwWsSbBfnrtvcxukpP", *p)))
				return true;
		}
	return false;
}

int cib_regex_compile(cib_regex **out, const char *pattern, cib_error *err)
{
	*out = NULL;
	if (strlen(pattern) > MAX_PATTERN)
		return cib_error_set(err, CIB_FINDINGS, "schema.pattern", "this pattern is too long");
	if (has_foreign_escape(pattern))
		return cib_error_set(err, CIB_FINDINGS, "schema.pattern", "\"%.200s\" has an escape that regular expressions of ECMA-262 do not have", pattern);
	cib_buf text = CIB_BUF_INIT;
	int code;
	PCRE2_SIZE at;
	cib_buf_reserve(&text, 16);
	text.data[0] = '\0';
	translate(&text, pattern);
	pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)text.data, text.len, PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
	cib_buf_free(&text);
	if (!compiled) {
		char why[160] = "";
		pcre2_get_error_message(code, (PCRE2_UCHAR *)why, sizeof why);
		return cib_error_set(err, CIB_FINDINGS, "schema.pattern", "\"%.200s\" is not a regular expression: %s", pattern, why);
	}
	pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE);
	cib_regex *r = cib_alloc(sizeof *r);
	r->code = compiled;
	r->limits = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(r->limits, MATCH_LIMIT);
	*out = r;
	return CIB_OK;
}

int cib_regex_match(const cib_regex *r, const char *text)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	int n = pcre2_match(r->code, (PCRE2_SPTR)text, strlen(text), 0, PCRE2_NO_UTF_CHECK, data, r->limits);
	pcre2_match_data_free(data);
	return n >= 0 ? 1 : n == PCRE2_ERROR_NOMATCH ? 0 : -1;
}

void cib_regex_free(cib_regex *r)
{
	if (!r)
		return;
	pcre2_code_free(r->code);
	pcre2_match_context_free(r->limits);
	free(r);
}
