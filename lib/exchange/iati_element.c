/* The elements of an IATI activity, one reader each, and the table that finds it. Source: IATI activity standard 2.03. */
#include "exchange/iati_private.h"

#include <stdlib.h>
#include <string.h>

static void read_identifier(cib_iati_reading *a, const xmlNode *n)
{
	char *text = cib_xml_content(n);
	cJSON *item = cJSON_CreateObject();
	if (text) {
		cJSON_AddStringToObject(item, "type", "iati");
		cJSON_AddStringToObject(item, "value", text);
		cJSON_AddItemToArray(cib_iati_list(a, "identifiers"), item);
	} else {
		cJSON_Delete(item);
		cib_iati_note(a, n, NULL, N_("the identifier is empty"));
	}
	free(text);
}

static void read_other_identifier(cib_iati_reading *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject(), *list = cib_iati_list(a, "identifiers");
	bool value = cib_iati_take(item, "value", n, "ref"), type = cib_iati_take(item, "type", n, "type");
	for (const xmlNode *c = n->children; c; c = c->next)
		if (cib_xml_named(c, "owner-org")) {
			cib_iati_take(item, "owner", c, "ref");
			for (const xmlNode *d = c->children; d; d = d->next)
				if (cib_xml_named(d, "narrative"))
					cib_iati_note(a, d, NULL, N_("the issuer's name has no place in a project entry"));
		}
	bool twice = false;
	for (const cJSON *i = list->child; i && type; i = i->next)
		twice |= strcmp(cib_json_string(i, "type"), cib_json_string(item, "type")) == 0;
	if (value && type && !twice) {
		cJSON_AddItemToArray(list, item);
	} else {
		cib_iati_note(a, n, "ref", twice ? N_("an identifier of this type was taken already") : N_("the identifier has no type or no value"));
		cJSON_Delete(item);
	}
	cib_iati_note_others(a, n, (const char *const[]){"ref", "type", NULL});
}

static void read_title(cib_iati_reading *a, const xmlNode *n)
{
	cJSON *map = cib_iati_texts(a, n);
	if (map)
		cib_json_set(a->doc, "title", map);
	else
		cib_iati_note(a, n, NULL, N_("the title is empty"));
}

static void read_description(cib_iati_reading *a, const xmlNode *n)
{
	char *type = cib_xml_attribute(n, "type");
	const char *name = !type || strcmp(type, "1") == 0 ? "general" : strcmp(type, "2") == 0 ? "objectives"
	                                                         : strcmp(type, "3") == 0       ? "targetGroups"
	                                                                                        : "other";
	cJSON *map = cib_iati_object(cib_iati_object(a->doc, "description"), name);
	for (const xmlNode *c = n->children; c; c = c->next)
		if (cib_xml_named(c, "narrative"))
			cib_iati_add_text(a, map, c, n);
	if (!map->child)
		cib_json_remove(cib_json_get(a->doc, "description"), name);
	cib_iati_note_others(a, n, (const char *const[]){"type", NULL});
	free(type);
}

static void read_partner(cib_iati_reading *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject(), *name = cib_iati_texts(a, n);
	bool ref = cib_iati_take(item, "orgId", n, "ref"), role = cib_iati_take(item, "role", n, "role");
	cib_iati_take(item, "orgType", n, "type");
	if (name)
		cib_json_set(item, "name", name);
	if (role && (ref || name)) {
		cib_iati_number_item(cib_iati_list(a, "partners"), item, "o");
	} else {
		cib_iati_note(a, n, NULL, N_("the organisation has neither name nor reference, or no role"));
		cJSON_Delete(item);
	}
	cib_iati_note_others(a, n, (const char *const[]){"ref", "role", "type", NULL});
}

/* The organisation that reports is the accountable partner if no other is. */
static void read_reporter(cib_iati_reading *a, const xmlNode *n)
{
	for (const xmlNode *c = n->children; c; c = c->next)
		if (cib_xml_named(c, "narrative"))
			cib_iati_note(a, c, NULL, N_("the reporting organisation is not part of the project; the member that imports it owns the entry"));
	cib_iati_note_others(a, n, NULL);
}

static void read_status(cib_iati_reading *a, const xmlNode *n)
{
	if (!cib_iati_take(a->doc, "status", n, "code"))
		cib_iati_note(a, n, NULL, N_("the status has no code"));
	cib_iati_note_others(a, n, (const char *const[]){"code", NULL});
}

static void read_scope(cib_iati_reading *a, const xmlNode *n)
{
	if (!cib_iati_take(a->doc, "scope", n, "code"))
		cib_iati_note(a, n, NULL, N_("the scope has no code"));
	cib_iati_note_others(a, n, (const char *const[]){"code", NULL});
}

static void read_collaboration(cib_iati_reading *a, const xmlNode *n)
{
	if (!cib_iati_take(a->doc, "collaborationType", n, "code"))
		cib_iati_note(a, n, NULL, N_("the type of collaboration has no code"));
	cib_iati_note_others(a, n, (const char *const[]){"code", NULL});
}

static void read_date(cib_iati_reading *a, const xmlNode *n)
{
	static const char *const names[] = {"plannedStart", "actualStart", "plannedEnd", "actualEnd"};
	char *type = cib_xml_attribute(n, "type"), *date = cib_xml_attribute(n, "iso-date");
	if (type && !type[1] && *type >= '1' && *type <= '4' && date) {
		date[strcspn(date, "TZ+")] = '\0';
		cib_json_set(cib_iati_object(a->doc, "dates"), names[*type - '1'], cJSON_CreateString(date));
	} else {
		cib_iati_note(a, n, "iso-date", N_("the date has no type or no day"));
	}
	cib_iati_note_others(a, n, (const char *const[]){"type", "iso-date", NULL});
	free(type);
	free(date);
}

/* A keyed list of codes with percentages; a code that comes twice is noted. */
static void add_code(cib_iati_reading *a, const char *list_name, cJSON *item, const xmlNode *n)
{
	const char *code = cib_json_string(item, "code");
	cJSON *list = cib_iati_list(a, list_name);
	for (const cJSON *i = list->child; i && code; i = i->next)
		if (strcmp(cib_json_string(i, "code"), code) == 0)
			code = NULL;
	if (code) {
		cJSON_AddItemToArray(list, item);
		return;
	}
	cib_iati_note(a, n, "code", N_("there is no code, or it was taken already"));
	cJSON_Delete(item);
	if (!list->child)
		cib_json_remove(a->doc, list_name);
}

static void read_country(cib_iati_reading *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject();
	cib_iati_take(item, "code", n, "code");
	cib_iati_take(item, "percentage", n, "percentage");
	add_code(a, "recipientCountries", item, n);
	cib_iati_note_others(a, n, (const char *const[]){"code", "percentage", NULL});
}

/* A region without a share beside countries that make 100 would break the sum: it only repeats where the country lies. */
static void read_region(cib_iati_reading *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject();
	cib_iati_take(item, "code", n, "code");
	cib_iati_take(item, "percentage", n, "percentage");
	cib_iati_take(item, "vocabulary", n, "vocabulary");
	add_code(a, "recipientRegions", item, n);
	cib_iati_note_others(a, n, (const char *const[]){"code", "percentage", "vocabulary", NULL});
}

static void read_sector(cib_iati_reading *a, const xmlNode *n)
{
	char *vocabulary = cib_xml_attribute(n, "vocabulary");
	if (vocabulary && strcmp(vocabulary, "1") != 0 && strcmp(vocabulary, "2") != 0 && strcmp(vocabulary, "DAC") != 0) {
		cib_iati_note(a, n, "code", N_("sectors of other vocabularies than OECD-DAC have no place in a project entry"));
	} else {
		cJSON *item = cJSON_CreateObject();
		cib_iati_take(item, "code", n, "code");
		cib_iati_take(item, "percentage", n, "percentage");
		add_code(a, "sectors", item, n);
		cib_iati_note_others(a, n, (const char *const[]){"code", "percentage", "vocabulary", NULL});
	}
	free(vocabulary);
}

static void read_marker(cib_iati_reading *a, const xmlNode *n)
{
	char *code = cib_xml_attribute(n, "code"), *significance = cib_xml_attribute(n, "significance"), *vocabulary = cib_xml_attribute(n, "vocabulary");
	if (vocabulary && strcmp(vocabulary, "1") != 0)
		cib_iati_note(a, n, "code", N_("markers of other vocabularies than OECD-DAC have no place in a project entry"));
	else if (code && significance)
		cib_json_set(cib_iati_object(a->doc, "markers"), code, cJSON_CreateString(significance));
	else
		cib_iati_note(a, n, "code", N_("the marker has no significance: it was not screened"));
	cib_iati_note_others(a, n, (const char *const[]){"code", "significance", "vocabulary", NULL});
	for (const xmlNode *c = n->children; c; c = c->next)
		if (cib_xml_named(c, "narrative"))
			cib_iati_note(a, c, NULL, N_("the marker's name comes from the codelist"));
	free(code);
	free(significance);
	free(vocabulary);
}

static void read_tag(cib_iati_reading *a, const xmlNode *n)
{
	char *vocabulary = cib_xml_attribute(n, "vocabulary");
	if (vocabulary && (strcmp(vocabulary, "2") == 0 || strcmp(vocabulary, "3") == 0)) {
		cJSON *item = cJSON_CreateObject();
		cib_iati_take(item, "code", n, "code");
		add_code(a, "sdg", item, n);
	} else {
		cib_iati_note(a, n, "code", N_("tags of other vocabularies than the SDGs have no place in a project entry"));
	}
	free(vocabulary);
}

static void read_budget(cib_iati_reading *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject();
	bool amount = false;
	cib_iati_take(item, "type", n, "type");
	cib_iati_take(item, "status", n, "status");
	for (const xmlNode *c = n->children; c; c = c->next) {
		if (cib_xml_named(c, "period-start"))
			cib_iati_take(item, "periodStart", c, "iso-date");
		else if (cib_xml_named(c, "period-end"))
			cib_iati_take(item, "periodEnd", c, "iso-date");
		else if (cib_xml_named(c, "value")) {
			char *v = cib_xml_content(c);
			amount = v != NULL;
			if (v)
				cib_json_set(item, "amount", cJSON_CreateString(v));
			if (!cib_iati_take(item, "currency", c, "currency") && a->currency)
				cib_json_set(item, "currency", cJSON_CreateString(a->currency));
			cib_iati_take(item, "valueDate", c, "value-date");
			free(v);
		}
	}
	if (amount) {
		cib_iati_number_item(cib_iati_list(a, "budget"), item, "b");
	} else {
		cib_iati_note(a, n, NULL, N_("the budget has no value"));
		cJSON_Delete(item);
	}
	cib_iati_note_others(a, n, (const char *const[]){"type", "status", NULL});
}

/* Takes `lang`. */
static void add_language(cJSON *item, char *lang)
{
	cJSON *list = cib_json_get(item, "lang");
	if (!list)
		cib_json_set(item, "lang", list = cJSON_CreateArray());
	cJSON_AddItemToArray(list, cJSON_CreateString(lang));
	free(lang);
}

static void read_document(cib_iati_reading *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject(), *title = NULL;
	char *lang = NULL;
	bool url = cib_iati_take(item, "url", n, "url");
	cib_iati_take(item, "format", n, "format");
	for (const xmlNode *c = n->children; c; c = c->next) {
		if (cib_xml_named(c, "title") && (title = cib_iati_texts(a, c)))
			cib_json_set(item, "title", title);
		else if (cib_xml_named(c, "category") && !cib_json_get(item, "category"))
			cib_iati_take(item, "category", c, "code");
		else if (cib_xml_named(c, "language") && (lang = cib_xml_attribute(c, "code")))
			add_language(item, lang);
		else if (c->type == XML_ELEMENT_NODE)
			cib_iati_note(a, c, NULL, N_("this part of a document link has no place in a project entry"));
	}
	if (url) {
		cib_iati_number_item(cib_iati_list(a, "documents"), item, "d");
	} else {
		cib_iati_note(a, n, NULL, N_("the document link has no address"));
		cJSON_Delete(item);
	}
	cib_iati_note_others(a, n, (const char *const[]){"url", "format", NULL});
}

static void read_related(cib_iati_reading *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject();
	bool ref = cib_iati_take(item, "ref", n, "ref"), type = cib_iati_take(item, "type", n, "type");
	if (ref && type) {
		cib_iati_number_item(cib_iati_list(a, "related"), item, "n");
	} else {
		cib_iati_note(a, n, NULL, N_("the related activity has no reference or no type"));
		cJSON_Delete(item);
	}
	cib_iati_note_others(a, n, (const char *const[]){"ref", "type", NULL});
}

/* The country (vocabulary A4: ISO 3166-1), and that a point is exact. */
static bool read_location_part(cJSON *item, const xmlNode *c)
{
	bool country = cib_xml_named(c, "administrative");
	if (!country && !cib_xml_named(c, "exactness"))
		return false;
	char *code = cib_xml_attribute(c, "code"), *vocabulary = cib_xml_attribute(c, "vocabulary");
	bool taken = code && (country ? vocabulary && strcmp(vocabulary, "A4") == 0 : strcmp(code, "1") == 0);
	if (taken)
		cib_json_set(item, country ? "country" : "precision", cJSON_CreateString(country ? code : "exact"));
	free(code);
	free(vocabulary);
	return taken;
}

static void read_location(cib_iati_reading *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject(), *name = NULL;
	for (const xmlNode *c = n->children; c; c = c->next) {
		if (cib_xml_named(c, "name") && (name = cib_iati_texts(a, c))) {
			cib_json_set(item, "name", name);
		} else if (cib_xml_named(c, "point")) {
			char *pos = cib_xml_content(c), lat[40], lon[40];
			if (pos && sscanf(pos, "%39s %39s", lat, lon) == 2) {
				cib_json_set(item, "lat", cJSON_CreateString(lat));
				cib_json_set(item, "lon", cJSON_CreateString(lon));
			} else {
				cib_iati_note(a, c, NULL, N_("the point is no pair of numbers"));
			}
			free(pos);
		} else if (!read_location_part(item, c) && c->type == XML_ELEMENT_NODE) {
			cib_iati_note(a, c, NULL, N_("this part of a location has no place in a project entry"));
		}
	}
	if (item->child) {
		cib_iati_number_item(cib_iati_list(a, "locations"), item, "l");
	} else {
		cJSON_Delete(item);
		cib_iati_note(a, n, NULL, N_("the location has neither name nor point"));
	}
	cib_iati_note_others(a, n, NULL);
}

static void read_contact(cib_iati_reading *a, const xmlNode *n)
{
	for (const xmlNode *c = n->children; c; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			cib_iati_note(a, c, NULL, N_("contacts are not taken: the entry names the member's own mailbox"));
	cib_iati_note_others(a, n, NULL);
}

static const struct {
	const char *element;
	void (*read)(cib_iati_reading *a, const xmlNode *n);
} readers[] = {
	{"iati-identifier", read_identifier},
	{"other-identifier", read_other_identifier},
	{"reporting-org", read_reporter},
	{"title", read_title},
	{"description", read_description},
	{"participating-org", read_partner},
	{"activity-status", read_status},
	{"activity-scope", read_scope},
	{"activity-date", read_date},
	{"collaboration-type", read_collaboration},
	{"recipient-country", read_country},
	{"recipient-region", read_region},
	{"location", read_location},
	{"sector", read_sector},
	{"policy-marker", read_marker},
	{"tag", read_tag},
	{"budget", read_budget},
	{"document-link", read_document},
	{"related-activity", read_related},
	{"result", cib_iati_read_result},
	{"contact-info", read_contact},
};

bool cib_iati_read_element(cib_iati_reading *a, const xmlNode *n)
{
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
		if (cib_xml_named(n, readers[i].element)) {
			readers[i].read(a, n);
			return true;
		}
	return false;
}
