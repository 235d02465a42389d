/* What a form offers to choose from: the codes of a list, a point on the map of the world. Entries to refer to come from
 * /api/entries. */
#include "app/private.h"

#include "network/codelist.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

enum { OFFERED = 40,
       WORDS = 8 };

typedef struct {
	char *text;
	const char *items[WORDS];
	size_t count;
} asked;

static asked words_of(const char *query)
{
	asked a = {.text = cib_strdup(query ? query : "")};
	for (char *save = NULL, *word = strtok_r(a.text, " \t\n", &save); word && a.count < WORDS; word = strtok_r(NULL, " \t\n", &save))
		a.items[a.count++] = word;
	return a;
}

static void add_code(cJSON *out, const cib_code *c, const char *lang)
{
	cJSON *row = cJSON_CreateObject();
	cJSON_AddStringToObject(row, "code", c->code);
	cJSON_AddStringToObject(row, "name", cib_code_name(c, lang, false));
	if (c->category)
		cJSON_AddStringToObject(row, "category", c->category);
	cJSON_AddItemToArray(out, row);
}

/* ?q=: codes that begin with the words, or whose names have them; those that begin with all of it come first. */
static int codes(cib_app_request *req)
{
	const cib_codelist *list = cib_network_codelist(req->ws->net, req->params[0]);
	if (!list)
		return cib_app_refuse(req, 404, "codes.list", "there is no such list of codes");
	const char *query = cib_app_query(req, "q");
	asked a = words_of(query);
	cJSON *answer = cJSON_CreateObject(), *out = cJSON_AddArrayToObject(answer, "codes");
	size_t limit = cib_app_query_number(req, "limit", OFFERED, 500), shown = 0, found = 0, len = query ? strlen(query) : 0;
	for (int turn = 0; turn < 2; turn++)
		for (size_t i = 0; i < cib_codelist_count(list); i++) {
			const cib_code *c = cib_codelist_at(list, i);
			bool first = len && strncmp(c->code, query, len) == 0;
			if (c->withdrawn || first != (turn == 0) || !cib_code_matches(c, a.items, a.count))
				continue;
			found++;
			if (shown < limit)
				add_code(out, c, req->lang);
			shown += shown < limit;
		}
	cJSON_AddNumberToObject(answer, "found", (double)found);
	cJSON_AddStringToObject(answer, "title", cib_codelist_title(list, req->lang));
	free(a.text);
	return cib_app_json(req, answer);
}

/* The land as the reports draw it, and where the countries of the network's list are. */
static int world(cib_app_request *req)
{
	const cib_codelist *list = cib_network_codelist(req->ws->net, "Country");
	cJSON *answer = cJSON_CreateObject(), *land = cJSON_AddArrayToObject(answer, "land"), *countries = cJSON_AddArrayToObject(answer, "countries");
	cJSON_AddNumberToObject(answer, "height", CIB_REPORT_MAP_HEIGHT);
	for (const char *const *piece = cib_report_map_land(); *piece; piece++)
		cJSON_AddItemToArray(land, cJSON_CreateStringReference(*piece));
	for (size_t i = 0; list && i < cib_codelist_count(list); i++) {
		const cib_code *c = cib_codelist_at(list, i);
		double lat, lon;
		if (c->withdrawn || !cib_report_map_middle(&lat, &lon, c->code))
			continue;
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "code", c->code);
		cJSON_AddStringToObject(row, "name", cib_code_name(c, req->lang, true));
		cJSON_AddNumberToObject(row, "lat", lat);
		cJSON_AddNumberToObject(row, "lon", lon);
		cJSON_AddItemToArray(countries, row);
	}
	return cib_app_json(req, answer);
}

const cib_app_route cib_app_codes_routes[] = {
	{"GET", "/api/codes/{list}", codes, false},
	{"GET", "/api/world", world, false},
	{0},
};
