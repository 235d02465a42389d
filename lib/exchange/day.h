/* Days of the calendar, for dates that are a year or a month. */
#ifndef CIB_EXCHANGE_DAY_H
#define CIB_EXCHANGE_DAY_H

#include <stdbool.h>
#include <stdlib.h>

/* The last day of the month of a date YYYY-MM or YYYY-MM-DD. */
static inline int cib_last_day(const char *date)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = atoi(date), month = atoi(date + 5);
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month < 1 || month > 12 ? 31 : month == 2 && leap ? 29
	                                                         : days[month - 1];
}

#endif
