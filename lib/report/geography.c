/* Where a country lies on the picture: Equal Earth projection, which shows areas in their true relation. */
#include "report/private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void equal_earth(double *x, double *y, double lat, double lon)
{
	static const double a1 = 1.340264, a2 = -0.081106, a3 = 0.000893, a4 = 0.003796;
	static const double degree = 3.14159265358979323846 / 180;
	double p = asin(sqrt(3) / 2 * sin(lat * degree)), p2 = p * p, p6 = p2 * p2 * p2;
	*x = 2 * sqrt(3) * lon * degree * cos(p) / (3 * (9 * a4 * p6 * p2 + 7 * a3 * p6 + 3 * a2 * p2 + a1));
	*y = p * (a1 + a2 * p2 + p6 * (a3 + a4 * p2));
}

static int compare(const void *code, const void *point)
{
	return strcmp(code, ((const cib_report_point *)point)->code);
}

const char *const *cib_report_map_land(void)
{
	return cib_report_land;
}

bool cib_report_map_middle(double *lat, double *lon, const char *country)
{
	const cib_report_point *p = bsearch(country, cib_report_points, cib_report_point_count, sizeof *p, compare);
	if (!p)
		return false;
	*lat = p->lat;
	*lon = p->lon;
	return true;
}

bool cib_geo_place(double *x, double *y, const char *country)
{
	double edge, top, unused, lat, lon;
	if (!cib_report_map_middle(&lat, &lon, country))
		return false;
	equal_earth(&edge, &unused, 0, 180);
	equal_earth(&unused, &top, 90, 0);
	equal_earth(x, y, lat, lon);
	*x = (*x / edge + 1) * 500;
	*y = (top - *y) * 500 / edge;
	return true;
}
