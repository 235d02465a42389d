/* Results of an IATI activity: each indicator becomes an item of the entry's results. Source: IATI activity XSD 2.03. */
#include "exchange/day.h"
#include "exchange/iati_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A period of a whole year or month is that year or month; of another one its last day counts. */
static char *period_date(cib_iati_reading *a, const xmlNode *n)
{
	char *start = NULL, *end = NULL;
	const xmlNode *first = NULL;
	for (const xmlNode *c = n->children; c; c = c->next) {
		if (cib_xml_named(c, "period-start") && !start)
			start = cib_xml_attribute(first = c, "iso-date");
		else if (cib_xml_named(c, "period-end") && !end)
			end = cib_xml_attribute(c, "iso-date");
	}
	if (start && end && strlen(start) >= 10 && strlen(end) >= 10) {
		if (strncmp(start, end, 5) == 0 && strncmp(start + 5, "01-01", 5) == 0 && strncmp(end + 5, "12-31", 5) == 0)
			end[4] = '\0';
		else if (strncmp(start, end, 8) == 0 && strncmp(start + 8, "01", 2) == 0 && cib_last_day(end) == atoi(end + 8))
			end[7] = '\0';
		else
			end[10] = '\0';
		if (end[4] && strlen(end) == 10 && strncmp(start, end, 10) != 0)
			cib_iati_note(a, first, "iso-date", N_("of a period only its last day has a place in a project entry"));
	}
	free(start);
	return end;
}

static void read_value(cib_iati_reading *a, const xmlNode *n, cJSON *item, const char *list_name, const char *prefix, const char *date)
{
	cJSON *list = cib_json_get(item, list_name), *value = cJSON_CreateObject();
	for (const xmlNode *c = n->children; c; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			cib_iati_note(a, c, NULL, N_("this part of a value has no place in a project entry"));
	cib_iati_note_others(a, n, (const char *const[]){"value", NULL});
	if (!cib_iati_take(value, "value", n, "value")) {
		cib_iati_note(a, n, NULL, N_("there is no value"));
		cJSON_Delete(value);
		return;
	}
	if (date)
		cib_json_set(value, "date", cJSON_CreateString(date));
	if (!list)
		cib_json_set(item, list_name, list = cJSON_CreateArray());
	cib_iati_number_item(list, value, prefix);
}

static void read_period(cib_iati_reading *a, const xmlNode *n, cJSON *item)
{
	char *date = period_date(a, n);
	for (const xmlNode *c = n->children; c; c = c->next) {
		if (cib_xml_named(c, "target"))
			read_value(a, c, item, "targets", "t", date);
		else if (cib_xml_named(c, "actual"))
			read_value(a, c, item, "actuals", "a", date);
		else if (c->type == XML_ELEMENT_NODE && !cib_xml_named(c, "period-start") && !cib_xml_named(c, "period-end"))
			cib_iati_note(a, c, NULL, N_("this part of a period has no place in a project entry"));
	}
	free(date);
}

static void read_baseline(cib_iati_reading *a, const xmlNode *n, cJSON *item)
{
	if (cib_json_get(item, "baseline")) {
		cib_iati_note(a, n, "value", N_("a second baseline has no place in a project entry"));
		return;
	}
	cJSON *baseline = cJSON_CreateObject();
	cib_iati_take(baseline, "value", n, "value");
	if (!cib_iati_take(baseline, "date", n, "iso-date"))
		cib_iati_take(baseline, "date", n, "year");
	for (const xmlNode *c = n->children; c; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			cib_iati_note(a, c, NULL, N_("this part of a baseline has no place in a project entry"));
	cib_iati_note_others(a, n, (const char *const[]){"value", "iso-date", "year", NULL});
	cib_json_set(item, "baseline", baseline);
}

static void read_indicator(cib_iati_reading *a, const xmlNode *n, const char *type, const xmlNode *result_title, bool only)
{
	cJSON *item = cJSON_CreateObject(), *title = NULL;
	if (type)
		cib_json_set(item, "type", cJSON_CreateString(type));
	cib_iati_take(item, "measure", n, "measure");
	for (const xmlNode *c = n->children; c; c = c->next) {
		if (cib_xml_named(c, "title"))
			title = cib_iati_texts(a, c);
		else if (cib_xml_named(c, "baseline"))
			read_baseline(a, c, item);
		else if (cib_xml_named(c, "period"))
			read_period(a, c, item);
		else if (c->type == XML_ELEMENT_NODE)
			cib_iati_note(a, c, NULL, N_("this part of an indicator has no place in a project entry"));
	}
	cJSON *above = result_title ? cib_iati_texts(a, result_title) : NULL;
	if (!title && only) {
		title = above;
		above = NULL;
	} else if (above && !(title && cib_json_equal(title, above))) {
		cib_iati_note(a, result_title, NULL, N_("the title above the indicators has no place in a project entry"));
	}
	if (title)
		cib_json_set(item, "title", title);
	cJSON_Delete(above);
	cib_iati_note_others(a, n, (const char *const[]){"measure", NULL});
	cib_iati_number_item(cib_iati_list(a, "results"), item, "r");
}

void cib_iati_read_result(cib_iati_reading *a, const xmlNode *n)
{
	char *type = cib_xml_attribute(n, "type");
	const xmlNode *title = NULL;
	size_t indicators = 0;
	for (const xmlNode *c = n->children; c; c = c->next) {
		if (cib_xml_named(c, "title"))
			title = c;
		else if (cib_xml_named(c, "indicator"))
			indicators++;
		else if (c->type == XML_ELEMENT_NODE)
			cib_iati_note(a, c, NULL, N_("this part of a result has no place in a project entry"));
	}
	for (const xmlNode *c = n->children; c; c = c->next)
		if (cib_xml_named(c, "indicator"))
			read_indicator(a, c, type, title, indicators == 1);
	if (!indicators)
		cib_iati_note(a, n, NULL, N_("a result without an indicator has no place in a project entry"));
	cib_iati_note_others(a, n, (const char *const[]){"type", NULL});
	free(type);
}
