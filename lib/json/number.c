/* Numbers as decimals: their text, exact comparison at any size, and what a double keeps. */
#include "json/private.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double LARGEST = 1.7976931348623157e308;

/* strtod and printf follow the locale's decimal point; JSON does not. localeconv() is only asked for
 * texts that the reader's quick way does not cover. */
double cib_json__double(const char *text)
{
	const char *local = localeconv()->decimal_point, *point;
	if (strcmp(local, ".") == 0 || !(point = strchr(text, '.')))
		return strtod(text, NULL);
	char *copy = cib_format("%.*s%s%s", (int)(point - text), text, local, point + 1);
	double d = strtod(copy, NULL);
	free(copy);
	return d;
}

static void with_point(char *text)
{
	const char *local = localeconv()->decimal_point;
	char *found = strcmp(local, ".") == 0 ? NULL : strstr(text, local);
	if (!found)
		return;
	size_t len = strlen(local);
	*found = '.';
	memmove(found + 1, found + len, strlen(found + len) + 1);
}

void cib_json__print_double(char out[40], double value)
{
	if (value > -1e21 && value < 1e21) { /* whole numbers are written as such, without an exponent */
		snprintf(out, 40, "%.0f", value);
		if (strtod(out, NULL) == value)
			return;
	}
	/* 15 digits always come back, and %g drops their zeros; near zero doubles hold fewer. */
	for (int digits = value > -1e-300 && value < 1e-300 ? 1 : 15; digits <= 17; digits++) {
		snprintf(out, 40, "%.*g", digits, value);
		if (strtod(out, NULL) == value)
			break;
	}
	with_point(out);
}

const char *cib_json_number_text(const cJSON *number, char scratch[40])
{
	if (number->valuestring)
		return number->valuestring;
	double d = number->valuedouble;
	if (d != d || d > LARGEST || d < -LARGEST)
		return "null"; /* a number that JSON cannot write; only a caller's mistake makes one */
	cib_json__print_double(scratch, d);
	return scratch;
}

/* A number taken apart: sign, significant digits without zeros at either end, and the power of ten of
 * the first digit (0.d1d2... x 10^exp). Exponents saturate: 1e999999999999 needs no memory. */
typedef struct {
	bool negative;
	const char *text;  /* where the digits lie, maybe with a point among them */
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
	char written[40];
	decimal x = take_apart(text);
	if (x.digits == 0)
		return text[0] != '-'; /* -0: other programs make 0 of it */
	double d = cib_json__double(text);
	if (d > LARGEST || d < -LARGEST)
		return false;
	cib_json__print_double(written, d); /* what others would write back */
	return cib_json_number_compare(text, written) == 0;
}
