/* Numbers of reports as people write them, and their exact sums. */
#include "report/private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cib_number_decimal(cib_buf *out, const char *lang, double value, int decimals)
{
	char text[64];
	snprintf(text, sizeof text, "%.*f", decimals, value);
	cib_buf_add_number(out, lang, text);
}

void cib_number_count(cib_buf *out, const char *lang, double value)
{
	cib_number_decimal(out, lang, value, 0);
}

void cib_number_percent(cib_buf *out, const char *lang, double value)
{
	cib_number_decimal(out, lang, value, value > 0 && value < 1 ? 1 : 0);
	cib_buf_add_percent_sign(out, lang);
}

void cib_number_amount(cib_buf *out, const char *lang, const char *amount)
{
	cib_buf_add_number(out, lang, amount);
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
