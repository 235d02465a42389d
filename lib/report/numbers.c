/* Numbers as people write them: 1,234.5 in English, 1 234,5 in French, 1234,5 and 12 345,6 in Spanish. */
#include "report/private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char narrow[] = "\xE2\x80\xAF"; /* U+202F: no line breaks there */

typedef struct {
	const char *group, *point, *percent;
	size_t least; /* digits from which groups are parted */
} manner;

static manner manner_of(const char *lang)
{
	if (strcmp(lang, "fr") == 0)
		return (manner){narrow, ",", "\xE2\x80\xAF%", 4};
	if (strcmp(lang, "es") == 0)
		return (manner){narrow, ",", "\xE2\x80\xAF%", 5};
	return (manner){",", ".", "%", 4};
}

/* `text` is digits with an optional sign and point. */
static void localised(cib_buf *out, const char *lang, const char *text)
{
	manner m = manner_of(lang);
	if (*text == '-') {
		cib_buf_adds(out, "\xE2\x88\x92"); /* the minus sign */
		text++;
	}
	size_t digits = strcspn(text, ".");
	for (size_t i = 0; i < digits; i++) {
		if (i > 0 && digits >= m.least && (digits - i) % 3 == 0)
			cib_buf_adds(out, m.group);
		cib_buf_addc(out, text[i]);
	}
	if (text[digits] == '.') {
		cib_buf_adds(out, m.point);
		cib_buf_adds(out, text + digits + 1);
	}
}

void cib_number_decimal(cib_buf *out, const char *lang, double value, int decimals)
{
	char text[64];
	snprintf(text, sizeof text, "%.*f", decimals, value);
	localised(out, lang, text);
}

void cib_number_count(cib_buf *out, const char *lang, double value)
{
	cib_number_decimal(out, lang, value, 0);
}

void cib_number_percent(cib_buf *out, const char *lang, double value)
{
	cib_number_decimal(out, lang, value, value > 0 && value < 1 ? 1 : 0);
	cib_buf_adds(out, manner_of(lang).percent);
}

void cib_number_amount(cib_buf *out, const char *lang, const char *amount)
{
	localised(out, lang, amount);
}

/* ---- exact sums: hundred-thousandths in 128 bits ---- */

enum { PLACES = 5,
       DIGITS = 30 };

static bool read_amount(__int128 *out, const char *text)
{
	bool minus = *text == '-';
	__int128 v = 0;
	size_t digits = 0, places = 0;
	for (text += minus; *text >= '0' && *text <= '9' && digits <= DIGITS; text++, digits++)
		v = v * 10 + (*text - '0');
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9' && places <= PLACES; text++, places++)
			v = v * 10 + (*text - '0');
	if (*text || digits + places > DIGITS || places > PLACES)
		return false;
	for (; places < PLACES; places++)
		v *= 10;
	*out = minus ? -v : v;
	return true;
}

bool cib_amount_add(char sum[64], const char *amount)
{
	__int128 a = 0, b = 0;
	char digits[48];
	size_t n = 0;
	if ((*sum && !read_amount(&a, sum)) || strlen(amount) > 40 || !read_amount(&b, amount))
		return false;
	a += b;
	bool minus = a < 0;
	for (unsigned __int128 v = (unsigned __int128)(minus ? -a : a); v || n <= PLACES; v /= 10)
		digits[n++] = (char)('0' + (int)(v % 10));
	char *p = sum;
	if (minus)
		*p++ = '-';
	while (n > PLACES)
		*p++ = digits[--n];
	*p++ = '.';
	while (n > 0)
		*p++ = digits[--n];
	while (p[-1] == '0') /* no cents: none are shown; some: two at least */
		p--;
	if (p[-1] == '.')
		p--;
	else if (p - strchr(sum, '.') == 2)
		*p++ = '0';
	*p = '\0';
	return true;
}
