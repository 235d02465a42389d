/* geojson - entries with coordinates as a feature collection. Source: RFC 7946. */
#ifndef CIB_EXCHANGE_GEOJSON_H
#define CIB_EXCHANGE_GEOJSON_H

#include "json/json.h"

/* {"type": "FeatureCollection", "features": [...]}: begin, any number of entries, end. */
void cib_geojson_begin(cib_buf *out);
/* A point for each location of the entry that has coordinates; properties: id, kind, owner, title, and of the location
 * name, country, precision. `first`: nothing was written before. Returns the number of points. */
size_t cib_geojson_write(cib_buf *out, const cJSON *entry, const char *lang, bool first);
void cib_geojson_end(cib_buf *out);

#endif
