/* Numbers as decimals: their text, exact comparison at any size, and what a double keeps. */
#include "json/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *cib_json_number_text(const cJSON *number, char scratch[40])
{
	if (number->valuestring)
		return number->valuestring;
	double d = number->valuedouble;
	if (d != d || d > 1.7976931348623157e308 || d < -1.7976931348623157e308)
		return "null"; /* a number that JSON cannot write; only a caller's mistake makes one */
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(scratch, 40, "%.*g", digits, d);
		if (strtod(scratch, NULL) == d)
			break;
	}
	return scratch;
}

/* A number taken apart: sign, significant digits without zeros at either end, and the power of ten of
 * the first digit (0.d1d2... x 10^exp). Exponents saturate: 1e999999999999 needs no memory. */
typedef struct {
	bool negative;
	const char *text; /* where the digits lie, maybe with a point among them */
	size_t begin, end; /* first and one past the last significant character */
	long long exp;
	size_t digits; /* 0: the number is zero */
} decimal;

static decimal take_apart(const char *s)
{
	decimal d = {0};
	if (*s == '-') {
		d.negative = true;
		s++;
	}
	d.text = s;
	size_t n = strcspn(s, "eE");
	size_t point = strcspn(s, ".eE");
	long long exp = 0;
	if (s[n]) {
		const char *e = s + n + 1;
		bool minus = *e == '-';
		e += *e == '-' || *e == '+';
		for (; *e; e++)
			if (exp < 1000000000000000000LL / 10)
				exp = exp * 10 + (*e - '0');
		exp = minus ? -exp : exp;
	}
	for (d.begin = 0; d.begin < n && (s[d.begin] == '0' || s[d.begin] == '.'); d.begin++)
		;
	for (d.end = n; d.end > d.begin && (s[d.end - 1] == '0' || s[d.end - 1] == '.'); d.end--)
		;
	if (d.begin == d.end) {
		d.negative = false;
		return d;
	}
	d.digits = d.end - d.begin - (point > d.begin && point < d.end);
	d.exp = exp + (d.begin < point ? (long long)(point - d.begin) : -(long long)(d.begin - point - 1));
	return d;
}

/* The digits one after the other, over the point; '0' behind the last. */
static char next_digit(const decimal *d, size_t *at)
{
	if (*at < d->end && d->text[*at] == '.')
		++*at;
	return *at < d->end ? d->text[(*at)++] : '0';
}

int cib_json_number_compare(const char *a, const char *b)
{
	decimal x = take_apart(a), y = take_apart(b);
	if (x.digits == 0 || y.digits == 0) {
		if (x.digits == y.digits)
			return 0;
		return x.digits == 0 ? (y.negative ? 1 : -1) : (x.negative ? -1 : 1);
	}
	if (x.negative != y.negative)
		return x.negative ? -1 : 1;
	int sign = x.negative ? -1 : 1;
	if (x.exp != y.exp)
		return x.exp < y.exp ? -sign : sign;
	size_t i = x.begin, j = y.begin;
	for (size_t k = 0; k < x.digits || k < y.digits; k++) {
		char p = next_digit(&x, &i), q = next_digit(&y, &j);
		if (p != q)
			return p < q ? -sign : sign;
	}
	return 0;
}

bool cib_json_number_is_portable(const char *text)
{
	char *end, written[40];
	double d = strtod(text, &end);
	if (*end || d != d || d > 1.7976931348623157e308 || d < -1.7976931348623157e308)
		return false;
	decimal x = take_apart(text);
	if (x.digits == 0)
		return text[0] != '-'; /* -0: other programs make 0 of it */
	snprintf(written, sizeof written, "%.17g", d);
	for (int digits = 1; digits < 17; digits++) { /* the shortest text that means this double is what others print */
		char shorter[40];
		snprintf(shorter, sizeof shorter, "%.*g", digits, d);
		if (strtod(shorter, NULL) == d) {
			memcpy(written, shorter, sizeof shorter);
			break;
		}
	}
	return cib_json_number_compare(text, written) == 0;
}
