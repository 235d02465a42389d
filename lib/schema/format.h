/* Formats: what a text must look like to be a date, an address, a URI, ... (JSON Schema 2020-12, validation, section 7.3)
 *
 * Each check is a pure function of the text and its length in bytes. It never reads beyond the length and never fails:
 * text that is no UTF-8 has no format. A reader that wants to keep U+0000 in C strings may write it as C0 80. */
#ifndef CIB_SCHEMA_FORMAT_H
#define CIB_SCHEMA_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef bool (*cib_format_check)(const char *text, size_t len);

/* The check of a format by its name in the `format` keyword; NULL for a name that is not known. Resolve once, when a
 * schema is compiled. */
cib_format_check cib_format_find(const char *name);
/* Does the text have the format? true for formats that are not known. */
bool cib_format_ok(const char *name, const char *text, size_t len);

/* ---- the checks, by file ---- */
/* format_date.c: RFC 3339 section 5.6 and appendix A */
bool cib_format_date(const char *text, size_t len);
bool cib_format_time(const char *text, size_t len);
bool cib_format_date_time(const char *text, size_t len);
bool cib_format_duration(const char *text, size_t len);
/* format_ip.c: RFC 2673 section 3.2, RFC 4291 section 2.2 */
bool cib_format_ipv4(const char *text, size_t len);
bool cib_format_ipv6(const char *text, size_t len);
/* format_host.c: RFC 1123 section 2.1, RFC 5890 to 5893 */
bool cib_format_hostname(const char *text, size_t len);
bool cib_format_idn_hostname(const char *text, size_t len);
/* format_mail.c: RFC 5321 section 4.1.2, RFC 6531 section 3.3 */
bool cib_format_email(const char *text, size_t len);
bool cib_format_idn_email(const char *text, size_t len);
/* format_uri.c: RFC 3986, RFC 3987 */
bool cib_format_uri(const char *text, size_t len);
bool cib_format_uri_reference(const char *text, size_t len);
bool cib_format_iri(const char *text, size_t len);
bool cib_format_iri_reference(const char *text, size_t len);
/* format_template.c: RFC 6570 */
bool cib_format_uri_template(const char *text, size_t len);
/* format_misc.c: RFC 6901, relative JSON pointers, RFC 4122, ECMA-262 */
bool cib_format_json_pointer(const char *text, size_t len);
bool cib_format_relative_json_pointer(const char *text, size_t len);
bool cib_format_uuid(const char *text, size_t len);
bool cib_format_regex(const char *text, size_t len);

/* ---- what they share ---- */

/* How an IPv6 address may be written: the grammars differ in small things. */
typedef enum {
	CIB_IPV6_PLAIN, /* RFC 4291 and RFC 3986: "::" stands for at least one group */
	CIB_IPV6_MAIL   /* RFC 5321: for at least two, and numbers of an IPv4 tail may have leading zeros */
} cib_ipv6_grammar;
bool cib_ipv6_ok(const char *text, size_t len, cib_ipv6_grammar grammar);
/* Four decimal numbers up to 255; `zeros`: they may have leading zeros, up to three digits. */
bool cib_ipv4_ok(const char *text, size_t len, bool zeros);
/* Is this, when normalised to NFC, a U-label of RFC 5890 (without the rule for bidirectional domains)? */
bool cib_u_label_ok(const char *label, size_t len);
/* ucschar and iprivate of RFC 3987 section 2.2. */
bool cib_is_ucschar(uint32_t c);
bool cib_is_iprivate(uint32_t c);

static inline bool cib_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool cib_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool cib_is_alnum(char c)
{
	return cib_is_alpha(c) || cib_is_digit(c);
}

static inline bool cib_is_hex(char c)
{
	return cib_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* A percent sign and two hexadecimal digits at p? */
static inline bool cib_is_pct(const char *p, const char *end)
{
	return end - p >= 3 && p[0] == '%' && cib_is_hex(p[1]) && cib_is_hex(p[2]);
}

#define CIB_NO_CHAR UINT32_MAX

/* Take the next code point (p < end). CIB_NO_CHAR, and *p one byte on, where there is no UTF-8. */
static inline uint32_t cib_next_char(const char **p, const char *end)
{
	const unsigned char *s = (const unsigned char *)*p;
	size_t left = (size_t)(end - *p), n = s[0] < 0x80 ? 1 : s[0] < 0xC0 ? 0
	                                                : s[0] < 0xE0       ? 2
	                                                : s[0] < 0xF0       ? 3
	                                                : s[0] < 0xF8       ? 4
	                                                                    : 0;
	uint32_t c = n == 1 ? s[0] : n ? s[0] & (0xFFu >> (n + 1))
	                               : CIB_NO_CHAR;
	for (size_t i = 1; i < n; i++) {
		if (i >= left || (s[i] & 0xC0) != 0x80) {
			n = 0;
			break;
		}
		c = c << 6 | (s[i] & 0x3F);
	}
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	if (n == 0 || ((c < least[n] || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) && !(n == 2 && c == 0))) {
		++*p;
		return CIB_NO_CHAR;
	}
	*p += n;
	return c;
}

#endif
