/* Text: UTF-8, cleaning for terminals, "did you mean", names. */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>

/* Decode one code point (RFC 3629). Returns its length, 0 when the bytes are not valid UTF-8. */
static size_t decode(const unsigned char *s, size_t len, uint32_t *out)
{
	unsigned char c = s[0];
	if (c < 0x80) {
		*out = c;
		return 1;
	}
	size_t n = c >= 0xF0 ? 4 : c >= 0xE0 ? 3
	                                     : 2;
	if (c < 0xC2 || c > 0xF4 || len < n)
		return 0;
	uint32_t v = c & (0xFFu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xC0u) != 0x80u)
			return 0;
		v = v << 6 | (s[i] & 0x3Fu);
	}
	if ((n == 3 && (v < 0x800 || (v >= 0xD800 && v <= 0xDFFF))) || (n == 4 && (v < 0x10000 || v > 0x10FFFF)))
		return 0;
	*out = v;
	return n;
}

bool cib_utf8_valid(const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t n = decode(p + i, len - i, &cp);
		if (!n)
			return false;
		i += n;
	}
	return true;
}

size_t cib_utf8_length(const char *s, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xC0u) != 0x80u;
	return n;
}

static bool harmful(uint32_t cp)
{
	return (cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7F && cp < 0xA0) || (cp >= 0x202A && cp <= 0x202E) ||
	       (cp >= 0x2066 && cp <= 0x2069) || cp == 0x200E || cp == 0x200F || cp == 0xFEFF;
}

void cib_buf_add_clean(cib_buf *b, const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;
	for (size_t i = 0; i < len;) {
		size_t plain = i;
		while (plain < len && ((p[plain] >= ' ' && p[plain] < 0x7F) || p[plain] == '\n' || p[plain] == '\t'))
			plain++;
		cib_buf_add(b, p + i, plain - i);
		i = plain;
		if (i == len)
			break;
		uint32_t cp = 0;
		size_t n = decode(p + i, len - i, &cp);
		if (!n)
			cib_buf_adds(b, "\xEF\xBF\xBD");
		else if (harmful(cp))
			cib_buf_addc(b, '?');
		else
			cib_buf_add(b, p + i, n);
		i += n ? n : 1;
	}
}

bool cib_is_clean(const char *s)
{
	cib_buf clean = CIB_BUF_INIT;
	cib_buf_add_clean(&clean, s, strlen(s));
	bool same = strcmp(cib_buf_str(&clean), s) == 0;
	cib_buf_free(&clean);
	return same;
}

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

/* Optimal string alignment distance in bytes (Levenshtein with swaps of neighbours), given up above `limit`. */
static size_t distance(const char *a, const char *b, size_t limit)
{
	size_t n = strlen(a), m = strlen(b);
	if (n > 64 || m > 64 || (n > m ? n - m : m - n) > limit)
		return limit + 1;
	size_t rows[3][65];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];
	for (size_t j = 0; j <= m; j++)
		last[j] = j;
	for (size_t i = 1; i <= n; i++) {
		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			bool same = lower(a[i - 1]) == lower(b[j - 1]);
			size_t d = last[j - 1] + !same;
			if (last[j] + 1 < d)
				d = last[j] + 1;
			if (now[j - 1] + 1 < d)
				d = now[j - 1] + 1;
			if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]) &&
			    before[j - 2] + 1 < d)
				d = before[j - 2] + 1;
			now[j] = d;
		}
		size_t *t = before;
		before = last;
		last = now;
		now = t;
	}
	return last[m];
}

const char *cib_nearest(const char *word, const char *const *candidates, size_t n)
{
	size_t best = (strlen(word) + 1) / 3; /* of one letter nothing is near but itself */
	const char *found = NULL;
	for (size_t i = 0; i < n; i++) {
		size_t d = distance(word, candidates[i], best);
		if (d < best || (d == best && !found)) {
			best = d;
			found = candidates[i];
		}
	}
	return found;
}

bool cib_name_ok(const char *name, size_t len)
{
	if (len == 0 || len > 100 || name[len - 1] == '.' || name[0] == '.' || name[0] == '_' || name[0] == '-')
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = name[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
			return false;
	}
	/* Windows reserves these, with or without an extension. */
	static const char *const devices[] = {"con", "prn", "aux", "nul"};
	const char *dot = memchr(name, '.', len);
	size_t stem = dot ? (size_t)(dot - name) : len;
	for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
		if (stem == 3 && memcmp(name, devices[i], 3) == 0)
			return false;
	return !(stem == 4 && (memcmp(name, "com", 3) == 0 || memcmp(name, "lpt", 3) == 0) && name[3] >= '0' && name[3] <= '9');
}
