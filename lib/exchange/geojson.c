#include "exchange/geojson.h"
#include "network/network.h"

#include <stdlib.h>
#include <string.h>

void cib_geojson_begin(cib_buf *out)
{
	cib_buf_adds(out, "{\"type\": \"FeatureCollection\", \"features\": [");
}

void cib_geojson_end(cib_buf *out)
{
	cib_buf_adds(out, "\n]}\n");
}

/* A coordinate as a JSON number, or NULL: JSON has no leading zeros. */
static cJSON *coordinate(const cJSON *location, const char *name)
{
	const cJSON *v = cib_json_get(location, name);
	char scratch[40];
	const char *text = cJSON_IsString(v) ? v->valuestring : cJSON_IsNumber(v) ? cib_json_number_text(v, scratch)
	                                                                          : NULL;
	if (!text || !*text)
		return NULL;
	bool negative = *text == '-';
	text += negative;
	while (*text == '0' && text[1] >= '0' && text[1] <= '9')
		text++;
	char *number = cib_format("%s%s", negative ? "-" : "", text);
	cJSON *out = cib_json_new_number(number);
	free(number);
	return out;
}

static void copy(cJSON *to, const char *name, const cJSON *from, const char *member)
{
	const char *v = cib_json_string(from, member);
	if (v)
		cib_json_set(to, name, cJSON_CreateString(v));
}

static cJSON *properties_of(const cJSON *entry, const cJSON *location, const char *lang)
{
	static const char *const of_entry[] = {"id", "kind", "owner", "status", "modality", "visibility"};
	cJSON *p = cJSON_CreateObject();
	for (size_t i = 0; i < sizeof of_entry / sizeof *of_entry; i++)
		copy(p, of_entry[i], entry, of_entry[i]);
	cib_json_set(p, "title", cJSON_CreateString(cib_entry_title(entry, lang)));
	const cJSON *names = cib_json_get(location, "name");
	const char *name = cib_text_in(names ? names : cib_json_get(location, "place"), lang, cib_json_string(entry, "sourceLanguage"));
	if (name)
		cib_json_set(p, "name", cJSON_CreateString(name));
	copy(p, "country", location, "country");
	copy(p, "precision", location, "precision");
	return p;
}

/* The places of an entry: its locations, or the seat of a member. */
static void each_place(const cJSON *entry, void (*cb)(const cJSON *, void *), void *payload)
{
	const cJSON *list = cib_json_get(entry, "locations"), *seat = cib_json_get(entry, "hq"), *one = cib_json_get(entry, "location");
	for (const cJSON *l = cJSON_IsArray(list) ? list->child : NULL; l; l = l->next)
		cb(l, payload);
	if (cJSON_IsObject(seat))
		cb(seat, payload);
	if (cJSON_IsObject(one))
		cb(one, payload);
}

typedef struct {
	cib_buf *out;
	const cJSON *entry;
	const char *lang;
	bool first;
	size_t count;
} writing;

static void write_point(const cJSON *location, void *payload)
{
	writing *w = payload;
	cJSON *lon = coordinate(location, "lon"), *lat = coordinate(location, "lat");
	if (!lon || !lat) {
		cJSON_Delete(lon);
		cJSON_Delete(lat);
		return;
	}
	cJSON *feature = cJSON_CreateObject(), *geometry = cJSON_CreateObject(), *pair = cJSON_CreateArray();
	cJSON_AddItemToArray(pair, lon); /* longitude first: RFC 7946, 3.1.1 */
	cJSON_AddItemToArray(pair, lat);
	cJSON_AddStringToObject(geometry, "type", "Point");
	cJSON_AddItemToObject(geometry, "coordinates", pair);
	cJSON_AddStringToObject(feature, "type", "Feature");
	cJSON_AddItemToObject(feature, "geometry", geometry);
	cJSON_AddItemToObject(feature, "properties", properties_of(w->entry, location, w->lang));
	cib_buf_adds(w->out, w->first && w->count == 0 ? "\n" : ",\n");
	cib_json_write(w->out, feature, &(cib_json_style){.keep_order = true, .compact = true});
	w->count++;
	cJSON_Delete(feature);
}

size_t cib_geojson_write(cib_buf *out, const cJSON *entry, const char *lang, bool first)
{
	writing w = {out, entry, lang, first, 0};
	each_place(entry, write_point, &w);
	return w.count;
}
