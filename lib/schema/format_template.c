/* uri-template: RFC 6570 section 2. */
#include "schema/format.h"

static bool literal(const char **p, const char *end)
{
	if (**p == '%') {
		bool ok = cib_is_pct(*p, end);
		*p += 3;
		return ok;
	}
	uint32_t c = cib_next_char(p, end);
	if (c < 0x80)
		return c > ' ' && c < 0x7F && !strchr("\"%<>\\^`{|}", (int)c);
	return c != CIB_NO_CHAR && (cib_is_ucschar(c) || cib_is_iprivate(c));
}

/* varname = varchar *( ["."] varchar ) */
static bool varname(const char **p, const char *end)
{
	const char *s = *p;
	bool dot = true; /* none may stand at the beginning */
	while (s < end) {
		if (cib_is_alnum(*s) || *s == '_') {
			s++;
			dot = false;
		} else if (cib_is_pct(s, end)) {
			s += 3;
			dot = false;
		} else if (*s == '.' && !dot) {
			s++;
			dot = true;
		} else {
			break;
		}
	}
	*p = s;
	return !dot;
}

/* ":" and a number from 1 to 9999, or "*", or nothing */
static bool modifier(const char **p, const char *end)
{
	if (*p < end && **p == '*') {
		++*p;
	} else if (*p < end && **p == ':') {
		const char *first = ++*p;
		while (*p < end && cib_is_digit(**p))
			++*p;
		return *p > first && *p - first <= 4 && *first != '0';
	}
	return true;
}

/* operator and variable-list, and the closing brace */
static bool expression(const char **p, const char *end)
{
	if (*p < end && **p && strchr("+#./;?&=,!@|", **p))
		++*p;
	for (;;) {
		if (!varname(p, end) || !modifier(p, end) || *p == end)
			return false;
		if (**p == '}') {
			++*p;
			return true;
		}
		if (*(*p)++ != ',')
			return false;
	}
}

bool cib_format_uri_template(const char *text, size_t len)
{
	for (const char *p = text, *end = text + len; p < end;) {
		bool ok;
		if (*p == '{') {
			p++;
			ok = expression(&p, end);
		} else {
			ok = literal(&p, end);
		}
		if (!ok)
			return false;
	}
	return true;
}
