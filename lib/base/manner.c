/* Numbers and days as each language writes them. */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char narrow[] = "\xE2\x80\xAF"; /* U+202F: no line breaks there */

typedef struct {
	const char *group, *point, *percent;
	size_t least;       /* digits from which groups are parted */
	const char *of;     /* between day, month and year */
	const char *months; /* each behind a blank */
} manner;

static const manner english = {",", ".", "%", 4, " ", " January February March April May June July August September October November December "};
static const manner french = {narrow, ",", "\xE2\x80\xAF%", 4, " ", " janvier février mars avril mai juin juillet août septembre octobre novembre décembre "};
static const manner spanish = {narrow, ",", "\xE2\x80\xAF%", 5, " de ", " enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre "};

static const manner *manner_of(const char *lang)
{
	return strcmp(lang, "fr") == 0 ? &french : strcmp(lang, "es") == 0 ? &spanish
	                                                                   : &english;
}

void cib_buf_add_number(cib_buf *b, const char *lang, const char *digits)
{
	const manner *m = manner_of(lang);
	if (*digits == '-') {
		cib_buf_adds(b, "\xE2\x88\x92"); /* the minus sign */
		digits++;
	}
	size_t whole = strcspn(digits, ".");
	for (size_t i = 0; i < whole; i++) {
		if (i > 0 && whole >= m->least && (whole - i) % 3 == 0)
			cib_buf_adds(b, m->group);
		cib_buf_addc(b, digits[i]);
	}
	if (digits[whole] == '.') {
		cib_buf_adds(b, m->point);
		cib_buf_adds(b, digits + whole + 1);
	}
}

void cib_buf_add_percent_sign(cib_buf *b, const char *lang)
{
	cib_buf_adds(b, manner_of(lang)->percent);
}

/* Do the characters of the text fit the shape ('0': a digit) to its end? */
static bool has_shape(const char *text, const char *shape)
{
	for (; *shape && *text; shape++, text++)
		if (*shape == '0' ? *text < '0' || *text > '9' : *text != *shape)
			return false;
	return *shape == *text;
}

static void add_month(cib_buf *b, const manner *m, int month)
{
	const char *at = m->months;
	for (int i = 0; i < month; i++)
		at = strchr(at, ' ') + 1;
	cib_buf_add(b, at, strcspn(at, " "));
}

bool cib_buf_add_day(cib_buf *b, const char *lang, const char *iso)
{
	const manner *m = manner_of(lang);
	bool minute = has_shape(iso, "0000-00-00T00:00"), day = minute || has_shape(iso, "0000-00-00"), month = day || has_shape(iso, "0000-00");
	int number = month ? atoi(iso + 5) : 1;
	if ((!month && !has_shape(iso, "0000")) || number < 1 || number > 12 || (day && (atoi(iso + 8) < 1 || atoi(iso + 8) > 31)))
		return false;
	if (day)
		cib_buf_addf(b, "%d%s", atoi(iso + 8), m->of);
	if (month) {
		add_month(b, m, number);
		cib_buf_adds(b, m->of);
	}
	cib_buf_add(b, iso, 4);
	if (minute)
		cib_buf_addf(b, ", %s", iso + 11);
	return true;
}
