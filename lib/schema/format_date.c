/* date, time, date-time and duration: RFC 3339. */
#include "schema/format.h"

enum { DAY = 24 * 60 }; /* minutes */

static bool digits(const char *s, size_t n, int *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (!cib_is_digit(s[i]))
			return false;
		*out = *out * 10 + (s[i] - '0');
	}
	return true;
}

static int days_of(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap);
}

/* full-date: *left is how many days the month still has after it, *day which day it is. */
static bool full_date(const char *s, size_t n, int *day, int *left)
{
	int y, m;
	if (n != 10 || !digits(s, 4, &y) || s[4] != '-' || !digits(s + 5, 2, &m) || s[7] != '-' || !digits(s + 8, 2, day) || m < 1 || m > 12 || *day < 1)
		return false;
	*left = days_of(y, m) - *day;
	return *left >= 0;
}

/* When a leap second is, in minutes of UTC from the local day's midnight: -1 is 23:59 of the day before. */
typedef struct {
	bool is;
	int minute;
} leap_second;

/* full-time. RFC 3339 section 5.7: a leap second is at 23:59:60 UTC only. */
static bool full_time(const char *s, size_t n, leap_second *leap)
{
	int h, m, sec, oh = 0, om = 0, sign = 1;
	if (n < 9 || !digits(s, 2, &h) || s[2] != ':' || !digits(s + 3, 2, &m) || s[5] != ':' || !digits(s + 6, 2, &sec) || h > 23 || m > 59 || sec > 60)
		return false;
	const char *p = s + 8, *end = s + n;
	if (*p == '.') {
		const char *fraction = ++p;
		while (p < end && cib_is_digit(*p))
			p++;
		if (p == fraction)
			return false;
	}
	if (end - p == 6 && (*p == '+' || *p == '-') && digits(p + 1, 2, &oh) && p[3] == ':' && digits(p + 4, 2, &om) && oh <= 23 && om <= 59)
		sign = *p == '-' ? -1 : 1;
	else if (end - p != 1 || (*p != 'Z' && *p != 'z'))
		return false;
	leap->is = sec == 60;
	leap->minute = h * 60 + m - sign * (oh * 60 + om);
	return !leap->is || (leap->minute + DAY) % DAY == DAY - 1;
}

bool cib_format_date(const char *text, size_t len)
{
	int day, left;
	return full_date(text, len, &day, &left);
}

bool cib_format_time(const char *text, size_t len)
{
	leap_second leap;
	return full_time(text, len, &leap);
}

/* Where the day is known, a leap second can only be at the end of a month, in UTC (section 5.7). */
bool cib_format_date_time(const char *text, size_t len)
{
	int day, left;
	leap_second leap;
	if (len < 11 || (text[10] != 'T' && text[10] != 't') || !full_date(text, 10, &day, &left) || !full_time(text + 11, len - 11, &leap))
		return false;
	if (!leap.is)
		return true;
	return leap.minute < 0 ? day == 1 : leap.minute < DAY ? left == 0
	                                                      : left == 1;
}

/* 1*DIGIT and one of `units`, in their order; *from moves behind the unit found. */
static bool component(const char **p, const char *end, const char *units, size_t *from)
{
	const char *s = *p;
	while (s < end && cib_is_digit(*s))
		s++;
	if (s == *p || s == end)
		return false;
	for (size_t i = *from; units[i]; i++)
		if ((*s & ~0x20) == units[i]) { /* ABNF strings ignore case: RFC 5234 section 2.3 */
			*from = i + 1;
			*p = s + 1;
			return true;
		}
	return false;
}

/* Components may be left out at both ends, but not in the middle: each names the one that may follow it. */
static bool components(const char **p, const char *end, const char *units)
{
	size_t from = 0, last;
	if (!component(p, end, units, &from))
		return false;
	while (*p < end && cib_is_digit(**p)) {
		last = from;
		if (!component(p, end, units, &from) || from != last + 1)
			return false;
	}
	return true;
}

/* RFC 3339 appendix A */
bool cib_format_duration(const char *text, size_t len)
{
	const char *p = text, *end = text + len, *weeks;
	size_t from = 0;
	if (len < 2 || (*p & ~0x20) != 'P')
		return false;
	weeks = ++p;
	if (component(&weeks, end, "W", &from))
		return weeks == end;
	bool date = cib_is_digit(*p);
	if (date && !components(&p, end, "YMD"))
		return false;
	if (p == end)
		return date;
	return (*p++ & ~0x20) == 'T' && components(&p, end, "HMS") && p == end;
}
