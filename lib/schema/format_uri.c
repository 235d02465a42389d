/* uri, uri-reference, iri and iri-reference: the grammar of RFC 3986 appendix A, and RFC 3987 section 2.2 above it.
 *
 * A reference is cut at its delimiters, as appendix B of RFC 3986 does, and each part is read by its own rule. */
#include "schema/format.h"

/* Which characters a part may hold besides unreserved ones, percent triplets and sub-delims. */
enum { COLON = 1,
       AT = 2,
       SLASH = 4,
       QUESTION = 8,
       PRIVATE = 16 };

static const struct {
	uint32_t first, last;
} ucschars[] = {{0xA0, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFEF}};

/* From plane 1 on each plane but its last two; plane 14 without its first half. */
bool cib_is_ucschar(uint32_t c)
{
	if (c >= 0x10000)
		return c <= 0xEFFFD && (c & 0xFFFF) <= 0xFFFD && (c < 0xE0000 || c >= 0xE1000);
	for (size_t i = 0; i < sizeof ucschars / sizeof *ucschars; i++)
		if (c >= ucschars[i].first && c <= ucschars[i].last)
			return true;
	return false;
}

bool cib_is_iprivate(uint32_t c)
{
	return (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xF0000 && c <= 0xFFFFD) || (c >= 0x100000 && c <= 0x10FFFD);
}

/* RFC 3987 section 4.1: an IRI has no formatting characters of direction. */
static bool is_bidi_format(uint32_t c)
{
	return c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E);
}

static bool plain(char c, unsigned also)
{
	switch (c) {
	case ':':
		return also & COLON;
	case '@':
		return also & AT;
	case '/':
		return also & SLASH;
	case '?':
		return also & QUESTION;
	default:
		return cib_is_alnum(c) || (c && strchr("-._~!$&'()*+,;=", c));
	}
}

static bool chars(const char *p, const char *end, unsigned also, bool iri)
{
	while (p < end) {
		if ((unsigned char)*p < 0x80) {
			if (*p == '%' ? !cib_is_pct(p, end) : !plain(*p, also))
				return false;
			p += *p == '%' ? 3 : 1;
		} else {
			uint32_t c = cib_next_char(&p, end);
			if (!iri || c == CIB_NO_CHAR || is_bidi_format(c) || !(cib_is_ucschar(c) || (also & PRIVATE && cib_is_iprivate(c))))
				return false;
		}
	}
	return true;
}

/* What stands between the brackets: IPv6address or IPvFuture. */
static bool ip_literal(const char *s, const char *end)
{
	if (s == end || (*s != 'v' && *s != 'V'))
		return cib_ipv6_ok(s, (size_t)(end - s), CIB_IPV6_PLAIN);
	const char *hex = ++s;
	while (s < end && cib_is_hex(*s))
		s++;
	if (s == hex || s == end || *s++ != '.' || s == end)
		return false;
	for (; s < end; s++)
		if (!plain(*s, COLON))
			return false;
	return true;
}

/* [userinfo "@"] host [":" port] */
static bool authority(const char *s, const char *end, bool iri)
{
	const char *at = memchr(s, '@', (size_t)(end - s));
	if (at) {
		if (!chars(s, at, COLON, iri))
			return false;
		s = at + 1;
	}
	const char *port = s;
	if (s < end && *s == '[') {
		const char *close = memchr(s, ']', (size_t)(end - s));
		if (!close || !ip_literal(s + 1, close))
			return false;
		port = close + 1;
	} else {
		while (port < end && *port != ':')
			port++;
		if (!chars(s, port, 0, iri))
			return false;
	}
	if (port == end)
		return true;
	if (*port++ != ':')
		return false;
	while (port < end && cib_is_digit(*port))
		port++;
	return port == end;
}

static const char *find_any(const char *p, const char *end, const char *set)
{
	while (p < end && !(*p && strchr(set, *p)))
		p++;
	return p;
}

static bool scheme(const char *s, const char *end)
{
	if (s == end || !cib_is_alpha(*s))
		return false;
	for (; s < end; s++)
		if (!cib_is_alnum(*s) && *s != '+' && *s != '-' && *s != '.')
			return false;
	return true;
}

static bool reference(const char *text, size_t len, bool absolute, bool iri)
{
	const char *p = text, *end = text + len, *stop = find_any(p, end, ":/?#");
	bool has_scheme = stop < end && *stop == ':';
	if (has_scheme) { /* a colon in the first segment of a relative path is not allowed: then this is no scheme */
		if (!scheme(p, stop))
			return false;
		p = stop + 1;
	} else if (absolute) {
		return false;
	}
	if (end - p >= 2 && p[0] == '/' && p[1] == '/') {
		stop = find_any(p + 2, end, "/?#");
		if (!authority(p + 2, stop, iri))
			return false;
		p = stop;
	}
	stop = find_any(p, end, "?#");
	if (!chars(p, stop, COLON | AT | SLASH, iri))
		return false;
	p = stop;
	if (p < end && *p == '?') {
		stop = find_any(p, end, "#");
		if (!chars(p + 1, stop, COLON | AT | SLASH | QUESTION | PRIVATE, iri))
			return false;
		p = stop;
	}
	return p == end || chars(p + 1, end, COLON | AT | SLASH | QUESTION, iri);
}

bool cib_format_uri(const char *text, size_t len)
{
	return reference(text, len, true, false);
}

bool cib_format_uri_reference(const char *text, size_t len)
{
	return reference(text, len, false, false);
}

bool cib_format_iri(const char *text, size_t len)
{
	return reference(text, len, true, true);
}

bool cib_format_iri_reference(const char *text, size_t len)
{
	return reference(text, len, false, true);
}
