/* email and idn-email: the Mailbox of RFC 5321 section 4.1.2, and as RFC 6531 section 3.3 extends it. */
#include "schema/format.h"

#include <strings.h>

/* RFC 6531 admits all of UTF-8 beyond ASCII in local parts. */
static bool is_atext(uint32_t c, bool idn)
{
	return c < 0x80 ? cib_is_alnum((char)c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", (int)c)) : idn && c != CIB_NO_CHAR;
}

/* Quoted-string; *p behind the closing quote. */
static bool quoted(const char **p, const char *end, bool idn)
{
	++*p;
	while (*p < end) {
		uint32_t c = cib_next_char(p, end);
		if (c == '"')
			return true;
		if (c == '\\') {
			if (*p == end || **p < ' ' || **p > '~')
				return false;
			++*p;
		} else if (c < ' ' || c == 0x7F || (c > 0x7F && (!idn || c == CIB_NO_CHAR))) {
			return false;
		}
	}
	return false;
}

/* Dot-string: atoms with single dots between them; *p at what follows. */
static bool dot_string(const char **p, const char *end, bool idn)
{
	for (;;) {
		const char *atom = *p, *next = atom;
		while (*p < end && is_atext(cib_next_char(&next, end), idn))
			*p = next;
		if (*p == atom)
			return false;
		if (*p == end || **p != '.')
			return true;
		++*p;
	}
}

/* sub-domain: Let-dig [Ldh-str], or with RFC 6531 a U-label. */
static bool sub_domain(const char *s, size_t n, bool idn)
{
	if (n == 0 || s[0] == '-' || s[n - 1] == '-')
		return false;
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)s[i] >= 0x80)
			return idn && cib_u_label_ok(s, n);
		if (!cib_is_alnum(s[i]) && s[i] != '-')
			return false;
	}
	return true;
}

static bool domain(const char *s, const char *end, bool idn)
{
	for (;;) {
		const char *stop = memchr(s, '.', (size_t)(end - s));
		if (!sub_domain(s, (size_t)((stop ? stop : end) - s), idn))
			return false;
		if (!stop)
			return true;
		s = stop + 1;
	}
}

/* What stands between the brackets: an IPv4 address, "IPv6:" and one, or another tag with content. */
static bool address_literal(const char *s, const char *end)
{
	const char *colon = memchr(s, ':', (size_t)(end - s));
	if (!colon)
		return cib_ipv4_ok(s, (size_t)(end - s), true);
	if (colon - s == 4 && strncasecmp(s, "IPv6", 4) == 0)
		return cib_ipv6_ok(colon + 1, (size_t)(end - colon - 1), CIB_IPV6_MAIL);
	if (colon == s || colon[-1] == '-' || colon + 1 == end)
		return false;
	for (const char *p = s; p < colon; p++)
		if (!cib_is_alnum(*p) && *p != '-')
			return false;
	for (const char *p = colon + 1; p < end; p++)
		if (*p < '!' || *p > '~' || (*p >= '[' && *p <= ']'))
			return false;
	return true;
}

static bool mailbox(const char *text, size_t len, bool idn)
{
	const char *p = text, *end = text + len;
	if (len == 0 || !(*p == '"' ? quoted(&p, end, idn) : dot_string(&p, end, idn)) || p == end || *p++ != '@' || p == end)
		return false;
	return *p == '[' ? end[-1] == ']' && address_literal(p + 1, end - 1) : domain(p, end, idn);
}

bool cib_format_email(const char *text, size_t len)
{
	return mailbox(text, len, false);
}

bool cib_format_idn_email(const char *text, size_t len)
{
	return mailbox(text, len, true);
}
