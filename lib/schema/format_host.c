/* hostname and idn-hostname: names of letters, digits and hyphens (RFC 952, RFC 1123 section 2.1), and internationalised
 * ones (IDNA 2008: RFC 5890 to 5893).
 *
 * libidn2 checks a label by RFC 5891 and 5892; the rule for domains with right-to-left labels (RFC 5893), which is one of
 * all labels together, stands here. */
#include "schema/format.h"

#include "late/idn2.h"
#include <stdlib.h>
#include <utf8proc.h>

enum { MAX_LABEL = 63,
       MAX_NAME = 253,
       MAX_LABELS = 127,
       MAX_U_LABEL = 4 * MAX_LABEL };

/* One label in both its forms. */
typedef struct {
	char ascii[MAX_LABEL + 1];
	char unicode[MAX_U_LABEL + 1];
} label_forms;

static bool ldh_label(const char *s, size_t n)
{
	if (n == 0 || n > MAX_LABEL || s[0] == '-' || s[n - 1] == '-')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!cib_is_alnum(s[i]) && s[i] != '-')
			return false;
	return true;
}

static bool has_ace_prefix(const char *s, size_t n)
{
	return n >= 4 && (s[0] | 0x20) == 'x' && (s[1] | 0x20) == 'n' && s[2] == '-' && s[3] == '-';
}

static bool keep(char *out, size_t size, char *text)
{
	size_t n = text ? strlen(text) : size;
	if (n < size)
		memcpy(out, text, n + 1);
	idn2_free(text);
	return n < size;
}

/* An A-label must be what its U-label is written as (RFC 5891 section 5.4). */
static bool read_a_label(label_forms *out, const char *s, size_t n)
{
	uint8_t *again = NULL;
	char *decoded = NULL;
	cib_late_need(&cib_idn2_library);
	for (size_t i = 0; i < n; i++)
		out->ascii[i] = (char)(s[i] >= 'A' && s[i] <= 'Z' ? s[i] | 0x20 : s[i]);
	out->ascii[n] = '\0';
	if (idn2_register_u8(NULL, (const uint8_t *)out->ascii, &again, 0) != IDN2_OK)
		return false;
	idn2_free(again);
	return idn2_to_unicode_8z8z(out->ascii, &decoded, 0) == IDN2_OK && keep(out->unicode, sizeof out->unicode, decoded);
}

static bool read_u_label(label_forms *out, const char *s, size_t n, int flags)
{
	uint8_t *ascii = NULL;
	if (n > MAX_U_LABEL || memchr(s, '\0', n))
		return false;
	cib_late_need(&cib_idn2_library);
	memcpy(out->unicode, s, n);
	out->unicode[n] = '\0';
	return idn2_register_u8((const uint8_t *)out->unicode, NULL, &ascii, flags) == IDN2_OK && keep(out->ascii, sizeof out->ascii, (char *)ascii);
}

static bool read_label(label_forms *out, const char *s, size_t n)
{
	if (n == 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] >= 0x80)
			return read_u_label(out, s, n, 0);
	if (!ldh_label(s, n))
		return false;
	if (has_ace_prefix(s, n))
		return read_a_label(out, s, n);
	memcpy(out->ascii, s, n);
	out->ascii[n] = '\0';
	memcpy(out->unicode, out->ascii, n + 1);
	return true;
}

bool cib_u_label_ok(const char *label, size_t len)
{
	label_forms forms;
	return read_u_label(&forms, label, len, IDN2_NFC_INPUT);
}

static utf8proc_bidi_class_t bidi_class(uint32_t c)
{
	return (utf8proc_bidi_class_t)utf8proc_get_property((utf8proc_int32_t)c)->bidi_class;
}

static bool right_to_left(const char *label)
{
	for (const char *p = label, *end = p + strlen(p); p < end;) {
		utf8proc_bidi_class_t class = bidi_class(cib_next_char(&p, end));
		if (class == UTF8PROC_BIDI_CLASS_R || class == UTF8PROC_BIDI_CLASS_AL || class == UTF8PROC_BIDI_CLASS_AN)
			return true;
	}
	return false;
}

/* RFC 5893 section 2. The six conditions are those of the RFC, in its order. */
static bool bidi_rule(const char *label)
{
	const char *p = label, *end = p + strlen(p);
	utf8proc_bidi_class_t class = bidi_class(cib_next_char(&p, end)), last = class;
	bool rtl = class == UTF8PROC_BIDI_CLASS_R || class == UTF8PROC_BIDI_CLASS_AL, en = false, an = false;
	if (!rtl && class != UTF8PROC_BIDI_CLASS_L) /* 1 */
		return false;
	while (p < end) {
		class = bidi_class(cib_next_char(&p, end));
		switch (class) {
		case UTF8PROC_BIDI_CLASS_R:
		case UTF8PROC_BIDI_CLASS_AL:
		case UTF8PROC_BIDI_CLASS_AN: /* 2, 5 */
			if (!rtl)
				return false;
			break;
		case UTF8PROC_BIDI_CLASS_L:
			if (rtl)
				return false;
			break;
		case UTF8PROC_BIDI_CLASS_EN:
		case UTF8PROC_BIDI_CLASS_ES:
		case UTF8PROC_BIDI_CLASS_CS:
		case UTF8PROC_BIDI_CLASS_ET:
		case UTF8PROC_BIDI_CLASS_ON:
		case UTF8PROC_BIDI_CLASS_BN:
		case UTF8PROC_BIDI_CLASS_NSM:
			break;
		default:
			return false;
		}
		en = en || class == UTF8PROC_BIDI_CLASS_EN;
		an = an || class == UTF8PROC_BIDI_CLASS_AN;
		if (class != UTF8PROC_BIDI_CLASS_NSM)
			last = class;
	}
	if (!rtl) /* 6 */
		return last == UTF8PROC_BIDI_CLASS_L || last == UTF8PROC_BIDI_CLASS_EN;
	return !(en && an) && (last == UTF8PROC_BIDI_CLASS_R || last == UTF8PROC_BIDI_CLASS_AL || last == UTF8PROC_BIDI_CLASS_EN || last == UTF8PROC_BIDI_CLASS_AN); /* 3, 4 */
}

/* The full stops that separate labels: RFC 3490 section 3.1. Sets *next behind the one found. */
static const char *label_end(const char *p, const char *end, bool idn, const char **next)
{
	while (p < end) {
		const char *at = p;
		uint32_t c = cib_next_char(&p, end);
		*next = p;
		if (c == '.' || (idn && (c == 0x3002 || c == 0xFF0E || c == 0xFF61)))
			return at;
	}
	*next = NULL;
	return end;
}

static bool internationalised(const char *text, size_t len, bool idn)
{
	/* Without the labels' memory the name would have to be read twice; a name that passes has 127 labels at most. */
	size_t count = 0, total = 0;
	bool bidi = false, ok = true;
	label_forms *labels = NULL;
	for (const char *p = text, *end = text + len, *next; ok && p; p = next) {
		const char *stop = label_end(p, end, idn, &next);
		if (count % 8 == 0) {
			label_forms *more = realloc(labels, (count + 8) * sizeof *labels);
			if (!more)
				abort();
			labels = more;
		}
		ok = count < MAX_LABELS && read_label(&labels[count], p, (size_t)(stop - p));
		if (ok) {
			total += strlen(labels[count].ascii) + (count > 0);
			bidi = bidi || right_to_left(labels[count].unicode);
			ok = total <= MAX_NAME;
			count++;
		}
	}
	for (size_t i = 0; ok && bidi && i < count; i++)
		ok = bidi_rule(labels[i].unicode);
	free(labels);
	return ok;
}

/* RFC 1123 section 2.1: a host name can never have the form #.#.#.#. */
static bool dotted_decimal(const char *s, size_t len)
{
	int dots = 0;
	for (size_t i = 0; i < len; i++) {
		if (!cib_is_digit(s[i]) && s[i] != '.')
			return false;
		dots += s[i] == '.';
	}
	return dots == 3;
}

static bool hostname(const char *text, size_t len, bool *has_a_label)
{
	*has_a_label = false;
	if (len == 0 || len > MAX_NAME || dotted_decimal(text, len))
		return false;
	for (const char *label = text, *end = text + len;;) {
		const char *stop = memchr(label, '.', (size_t)(end - label));
		size_t n = (size_t)((stop ? stop : end) - label);
		if (!ldh_label(label, n))
			return false;
		*has_a_label = *has_a_label || has_ace_prefix(label, n);
		if (!stop)
			return true;
		label = stop + 1;
	}
}

bool cib_format_hostname(const char *text, size_t len)
{
	bool has_a_label;
	return hostname(text, len, &has_a_label) && (!has_a_label || internationalised(text, len, false));
}

/* Either a host name of RFC 1123 or an internationalised one (section 7.3.3 of the validation vocabulary). */
bool cib_format_idn_hostname(const char *text, size_t len)
{
	bool has_a_label;
	if (hostname(text, len, &has_a_label) && !has_a_label)
		return true;
	return !dotted_decimal(text, len) && internationalised(text, len, true);
}
