/* ipv4 and ipv6, and the addresses within URIs and e-mail addresses. */
#include "schema/format.h"

bool cib_ipv4_ok(const char *s, size_t len, bool zeros)
{
	const char *end = s + len;
	for (int part = 0; part < 4; part++) {
		int value = 0, n = 0;
		if (part && (s == end || *s++ != '.'))
			return false;
		const char *first = s;
		for (; s < end && cib_is_digit(*s) && n < 4; n++)
			value = value * 10 + (*s++ - '0');
		if (n == 0 || n > 3 || value > 255 || (!zeros && n > 1 && *first == '0'))
			return false;
	}
	return s == end;
}

/* dotted-quad of RFC 2673 section 3.2, without leading zeros: there are programs that read 010 as octal (RFC 6943 section
 * 3.1.1), so such a text is no address that everybody understands in the same way. */
bool cib_format_ipv4(const char *text, size_t len)
{
	return cib_ipv4_ok(text, len, false);
}

/* Groups of one to four hexadecimal digits, one "::" at most, the last two groups perhaps as IPv4. */
bool cib_ipv6_ok(const char *s, size_t len, cib_ipv6_grammar grammar)
{
	const char *end = s + len;
	int groups = 0;
	bool gap = false;
	if (len >= 2 && s[0] == ':' && s[1] == ':') {
		gap = true;
		s += 2;
	}
	while (s < end) {
		const char *group = s;
		while (s < end && cib_is_hex(*s))
			s++;
		if (s < end && *s == '.') {
			if (!cib_ipv4_ok(group, (size_t)(end - group), grammar == CIB_IPV6_MAIL))
				return false;
			groups += 2;
			break;
		}
		if (s == group || s - group > 4 || ++groups > 8)
			return false;
		if (s == end)
			break;
		if (*s++ != ':' || s == end)
			return false;
		if (*s == ':') {
			if (gap)
				return false;
			gap = true;
			s++;
		}
	}
	int most = grammar == CIB_IPV6_MAIL ? 6 : 7;
	return gap ? groups <= most : groups == 8;
}

/* RFC 4291 section 2.2: without a zone, which is no part of the address. */
bool cib_format_ipv6(const char *text, size_t len)
{
	return cib_ipv6_ok(text, len, CIB_IPV6_PLAIN);
}
