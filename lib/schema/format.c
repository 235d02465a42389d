/* Formats: what a text must look like to be a date, an address, a URI, ... */
#include "schema/private.h"

#include <stdlib.h>
#include <string.h>

static bool digits(const char *s, size_t n, int *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		*out = *out * 10 + (s[i] - '0');
	}
	return true;
}

static bool date(const char *s, size_t n)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int y, m, d;
	if (n != 10 || !digits(s, 4, &y) || s[4] != '-' || !digits(s + 5, 2, &m) || s[7] != '-' || !digits(s + 8, 2, &d) || m < 1 || m > 12 || d < 1)
		return false;
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
	return d <= days[m - 1] + (m == 2 && leap);
}

static bool time_of_day(const char *s)
{
	int h, m, sec, oh = 0, om = 0;
	if (strlen(s) < 9 || !digits(s, 2, &h) || s[2] != ':' || !digits(s + 3, 2, &m) || s[5] != ':' || !digits(s + 6, 2, &sec) || h > 23 || m > 59 || sec > 60)
		return false;
	s += 8;
	if (*s == '.') {
		size_t n = strspn(s + 1, "0123456789");
		if (n == 0)
			return false;
		s += 1 + n;
	}
	int sign = *s == '-' ? -1 : 1;
	if (*s == 'Z' || *s == 'z')
		s++;
	else if ((*s == '+' || *s == '-') && strlen(s) == 6 && digits(s + 1, 2, &oh) && s[3] == ':' && digits(s + 4, 2, &om) && oh <= 23 && om <= 59)
		s += 6;
	else
		return false;
	int utc = ((h * 60 + m - sign * (oh * 60 + om)) % 1440 + 1440) % 1440;
	return !*s && (sec < 60 || utc == 1439);
}

static bool email(const char *s)
{
	const char *at = strrchr(s, '@');
	if (!at || at == s || !at[1] || s[0] == '.' || at[-1] == '.')
		return false;
	for (const char *c = s; c < at; c++)
		if ((unsigned char)*c <= ' ' || strchr("()<>[]:;,\\\"@", *c) || (*c == '.' && c[1] == '.'))
			return false;
	for (const char *label = at + 1;;) {
		size_t n = strcspn(label, ".");
		if (n == 0 || n > 63 || label[0] == '-' || label[n - 1] == '-')
			return false;
		for (size_t i = 0; i < n; i++)
			if (!(((label[i] | 32) >= 'a' && (label[i] | 32) <= 'z') || (label[i] >= '0' && label[i] <= '9') || label[i] == '-'))
				return false;
		if (!label[n])
			return true;
		label += n + 1;
	}
}

static bool uri(const char *s, bool absolute)
{
	size_t n = strcspn(s, ":/?#");
	bool scheme = s[n] == ':' && n > 0 && ((s[0] | 32) >= 'a' && (s[0] | 32) <= 'z');
	if (absolute && !scheme)
		return false;
	for (const char *c = s; *c; c++) {
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7F || strchr("\"<>\\^`{|}", *c))
			return false;
		if (*c == '%' && strspn(c + 1, "0123456789abcdefABCDEF") < 2)
			return false;
	}
	return true;
}

static bool uuid(const char *s)
{
	for (size_t i = 0; i < 36; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? s[i] != '-' : !s[i] || !strchr("0123456789abcdefABCDEF", s[i]))
			return false;
	return !s[36];
}

bool cib_format_ok(const char *format, const char *text)
{
	if (strcmp(format, "date") == 0)
		return date(text, strlen(text));
	if (strcmp(format, "time") == 0)
		return time_of_day(text);
	if (strcmp(format, "date-time") == 0)
		return strlen(text) > 11 && date(text, 10) && (text[10] | 32) == 't' && time_of_day(text + 11);
	if (strcmp(format, "email") == 0)
		return email(text);
	if (strcmp(format, "uri") == 0 || strcmp(format, "uri-reference") == 0)
		return uri(text, strcmp(format, "uri") == 0);
	if (strcmp(format, "uuid") == 0)
		return uuid(text);
	return true;
}
