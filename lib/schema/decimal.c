/* Exact decimals for the numeric keywords: integers, counts, multiples, at any size. A number is its text,
 * as the json room keeps it; comparison is cib_json_number_compare. */
#include "schema/private.h"

#include <stdlib.h>
#include <string.h>

/* Significant digits (from *begin, *len characters, maybe with a point among them) and the power of ten of the last one.
 * len 0: zero. Exponents saturate. */
static long long take_apart(const char *s, const char **begin, size_t *len)
{
	s += *s == '-';
	size_t n = strcspn(s, "eE"), point = strcspn(s, ".eE"), first = 0, last = n;
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
	while (first < n && (s[first] == '0' || s[first] == '.'))
		first++;
	while (last > first && (s[last - 1] == '0' || s[last - 1] == '.'))
		last--;
	*begin = s + first;
	*len = last - first;
	if (point >= last)
		return exp + (long long)(point - last);
	return exp - (long long)(last - point - 1);
}

bool cib_decimal_is_integer(const char *text)
{
	const char *digits;
	size_t len;
	if (!text[strcspn(text, ".eE")])
		return true;
	long long exp = take_apart(text, &digits, &len);
	return len == 0 || exp >= 0;
}

bool cib_decimal_count(const char *text, size_t *out)
{
	const char *digits;
	size_t len, v = 0;
	long long exp = take_apart(text, &digits, &len);
	*out = 0;
	if (len == 0)
		return true;
	if (*text == '-' || exp < 0)
		return false;
	*out = SIZE_MAX;
	if (exp > 20 || len > 21)
		return true;
	for (size_t i = 0; i < len + (size_t)exp; i++) {
		if (i < len && digits[i] == '.')
			continue;
		size_t d = i < len ? (size_t)(digits[i] - '0') : 0;
		if (v > (SIZE_MAX - d) / 10)
			return true;
		v = v * 10 + d;
	}
	*out = v;
	return true;
}

void cib_divisor_init(cib_divisor *out, const char *text, cib_arena *arena)
{
	const char *digits;
	size_t len;
	*out = (cib_divisor){.exp = take_apart(text, &digits, &len)};
	char *copy = cib_arena_alloc(arena, len + 1);
	for (size_t i = 0; i < len; i++)
		if (digits[i] != '.')
			copy[out->len++] = digits[i];
	copy[out->len] = '\0';
	out->digits = copy;
	if (out->len <= 18)
		out->small = strtoull(copy, NULL, 10);
}

/* digits (with `zeros` zeros behind them) modulo a number of 63 bits */
static bool divides_small(const char *digits, size_t len, size_t zeros, uint64_t divisor)
{
	uint64_t rest = 0;
	if (divisor < UINT64_MAX / 20) {
		for (size_t i = 0; i < len; i++)
			if (digits[i] != '.')
				rest = (rest * 10 + (uint64_t)(digits[i] - '0')) % divisor;
		while (zeros-- > 0 && rest)
			rest = rest * 10 % divisor;
		return rest == 0;
	}
	for (size_t i = 0; i < len; i++)
		if (digits[i] != '.')
			rest = (uint64_t)(((unsigned __int128)rest * 10 + (unsigned)(digits[i] - '0')) % divisor);
	while (zeros-- > 0 && rest)
		rest = (uint64_t)((unsigned __int128)rest * 10 % divisor);
	return rest == 0;
}

/* The same with a divisor of any length: school division, `rest` and divisor as decimal digits. */
static bool divides_large(const char *digits, size_t len, size_t zeros, const cib_divisor *divisor)
{
	size_t n = divisor->len;
	unsigned char *rest = cib_alloc(n + 1); /* most significant first, one digit more than the divisor */
	for (size_t i = 0; i < len + zeros; i++) {
		if (i < len && digits[i] == '.')
			continue;
		memmove(rest, rest + 1, n);
		rest[n] = i < len ? (unsigned char)(digits[i] - '0') : 0;
		for (;;) { /* subtract while it is not less: at most nine times */
			bool less = false;
			if (rest[0] == 0) {
				size_t k = 0;
				while (k < n && rest[k + 1] == divisor->digits[k] - '0')
					k++;
				less = k < n && rest[k + 1] < divisor->digits[k] - '0';
			}
			if (less)
				break;
			int borrow = 0;
			for (size_t k = n; k-- > 0;) {
				int d = rest[k + 1] - (divisor->digits[k] - '0') - borrow;
				borrow = d < 0;
				rest[k + 1] = (unsigned char)(d + (borrow ? 10 : 0));
			}
			rest[0] = (unsigned char)(rest[0] - borrow);
		}
	}
	bool zero = true;
	for (size_t k = 0; k <= n; k++)
		zero = zero && rest[k] == 0;
	free(rest);
	return zero;
}

/* a = A x 10^i, d = D x 10^j, without zeros at the ends of A and D. With i < j there is no way, as A does not end in 0.
 * Else D must divide A x 10^(i-j); more zeros than D has bits change nothing, so a huge exponent costs no more. */
bool cib_decimal_is_multiple(const char *text, const cib_divisor *divisor, uint64_t *cost)
{
	const char *digits;
	size_t len;
	long long exp = take_apart(text, &digits, &len);
	if (len == 0)
		return true;
	if (exp < divisor->exp)
		return false;
	size_t most = divisor->len * 4, zeros = exp - divisor->exp > (long long)most ? most : (size_t)(exp - divisor->exp);
	if (divisor->small == 1)
		return true;
	if (divisor->small)
		return divides_small(digits, len, zeros, divisor->small);
	*cost += (len + zeros) / 8 * (divisor->len / 8 + 1);
	return divides_large(digits, len, zeros, divisor);
}
