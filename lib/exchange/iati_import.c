/* IATI activity files, read into project documents.
 *
 * Each element of an activity has a reader in one table; what no reader took, an element, an attribute or an
 * unusable value, becomes a note. Source: IATI activity standard 2.03, activity XSD; docs/formats.md. */
#include "exchange/iati_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- XML ---- */

char *cib_xml_attribute(const xmlNode *n, const char *name)
{
	xmlChar *v = xmlGetNoNsProp(n, (const xmlChar *)name);
	char *s = v && *v ? cib_strdup((const char *)v) : NULL;
	xmlFree(v);
	return s;
}

static char *language(const xmlNode *n)
{
	xmlChar *v = xmlGetNsProp(n, (const xmlChar *)"lang", XML_XML_NAMESPACE);
	char *s = v && *v ? cib_strdup((const char *)v) : NULL;
	xmlFree(v);
	return s;
}

/* The text of an element with white space at the ends removed; NULL when nothing is left. */
char *cib_xml_content(const xmlNode *n)
{
	xmlChar *v = xmlNodeGetContent(n);
	const char *s = v ? (const char *)v : "";
	s += strspn(s, " \t\r\n");
	size_t len = strlen(s);
	while (len > 0 && strchr(" \t\r\n", s[len - 1]))
		len--;
	char *out = len ? cib_strndup(s, len) : NULL;
	xmlFree(v);
	return out;
}

bool cib_xml_named(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

/* ---- notes ---- */

void cib_iati_note(cib_iati_reading *a, const xmlNode *n, const char *what, const char *why)
{
	cib_buf where = CIB_BUF_INIT, message = CIB_BUF_INIT;
	cib_buf_addf(&where, "%s%s%s", (const char *)n->name, what ? "/@" : "", what ? what : "");
	char *value = what ? cib_xml_attribute(n, what) : cib_xml_content(n);
	cib_buf_adds(&message, cib_gettext(why));
	if (value) {
		size_t len = strlen(value);
		cib_buf_adds(&message, ": ");
		cib_buf_add_clean(&message, value, len > 60 ? 57 : len);
		cib_buf_adds(&message, len > 60 ? "..." : "");
	}
	cib_findings_add(&a->notes, &(cib_finding){.severity = CIB_ADVICE, .file = (char *)(uintptr_t)a->path, .line = (size_t)xmlGetLineNo(n), .column = 1, .pointer = where.data, .keyword = (char *)(uintptr_t) "iati", .code = (char *)(uintptr_t) "iati.not-taken", .message = message.data});
	free(value);
	cib_buf_free(&where);
	cib_buf_free(&message);
}

/* Note every attribute that is not among the given ones (a list that ends with NULL). */
void cib_iati_note_others(cib_iati_reading *a, const xmlNode *n, const char *const *taken)
{
	for (const xmlAttr *at = n->properties; at; at = at->next) {
		const char *name = (const char *)at->name;
		bool known = strcmp(name, "lang") == 0;
		for (size_t i = 0; taken && taken[i] && !known; i++)
			known = strcmp(name, taken[i]) == 0;
		if (!known)
			cib_iati_note(a, n, name, N_("this attribute has no place in a project entry"));
	}
}

/* ---- building ---- */

cJSON *cib_iati_list(cib_iati_reading *a, const char *name)
{
	cJSON *l = cib_json_get(a->doc, name);
	if (!l) {
		l = cJSON_CreateArray();
		cib_json_set(a->doc, name, l);
	}
	return l;
}

static cJSON *object_of(cJSON *parent, const char *name)
{
	cJSON *o = cib_json_get(parent, name);
	if (!o) {
		o = cJSON_CreateObject();
		cib_json_set(parent, name, o);
	}
	return o;
}

/* Put an attribute into an object under a name; true when it was there. */
bool cib_iati_take(cJSON *to, const char *name, const xmlNode *n, const char *attr)
{
	char *v = cib_xml_attribute(n, attr);
	if (v)
		cib_json_set(to, name, cJSON_CreateString(v));
	free(v);
	return v != NULL;
}

void cib_iati_number_item(cJSON *list, cJSON *item, const char *prefix)
{
	char id[32];
	snprintf(id, sizeof id, "%s-%d", prefix, cJSON_GetArraySize(list) + 1);
	cib_json_set(item, "id", cJSON_CreateString(id));
	cJSON_AddItemToArray(list, item);
}

static void add_text(cib_iati_reading *a, cJSON *map, const xmlNode *n, const xmlNode *parent)
{
	char *text = cib_xml_content(n), *lang = language(n);
	if (!lang && parent)
		lang = language(parent);
	const char *key = lang ? lang : a->lang;
	const char *old = cib_json_string(map, key);
	if (!text) {
		cib_iati_note(a, n, NULL, N_("the text is empty"));
	} else if (old) { /* several paragraphs in one language */
		char *joined = cib_format("%s\n\n%s", old, text);
		cib_json_set(map, key, cJSON_CreateString(joined));
		free(joined);
	} else {
		cib_json_set(map, key, cJSON_CreateString(text));
	}
	free(text);
	free(lang);
}

/* The narratives of an element as a language map; NULL when there are none. */
cJSON *cib_iati_texts(cib_iati_reading *a, const xmlNode *n)
{
	cJSON *map = cJSON_CreateObject();
	for (const xmlNode *c = n->children; c; c = c->next)
		if (cib_xml_named(c, "narrative"))
			add_text(a, map, c, n);
	if (map->child)
		return map;
	cJSON_Delete(map);
	return NULL;
}

/* ---- readers, one an element ---- */

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
	cJSON *map = object_of(object_of(a->doc, "description"), name);
	for (const xmlNode *c = n->children; c; c = c->next)
		if (cib_xml_named(c, "narrative"))
			add_text(a, map, c, n);
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
		cib_json_set(object_of(a->doc, "dates"), names[*type - '1'], cJSON_CreateString(date));
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
		cib_json_set(object_of(a->doc, "markers"), code, cJSON_CreateString(significance));
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

/* Regions without a share beside countries with shares only say where the countries lie; as an entry they would claim a share. */
static void drop_idle_regions(cib_iati_reading *a, const xmlNode *n)
{
	const cJSON *countries = cib_json_get(a->doc, "recipientCountries"), *regions = cib_json_get(a->doc, "recipientRegions");
	bool shares = false, idle = regions != NULL;
	for (const cJSON *c = countries ? countries->child : NULL; c; c = c->next)
		shares |= cib_json_get(c, "percentage") != NULL;
	for (const cJSON *r = regions ? regions->child : NULL; r; r = r->next)
		idle &= !cib_json_get(r, "percentage");
	if (!shares || !idle)
		return;
	for (const xmlNode *c = n->children; c; c = c->next)
		if (cib_xml_named(c, "recipient-region"))
			cib_iati_note(a, c, "code", N_("a region without a share beside countries with shares is not taken"));
	cib_json_remove(a->doc, "recipientRegions");
}

static void set_source_language(cib_iati_reading *a)
{
	const cJSON *title = cib_json_get(a->doc, "title");
	const char *lang = title && !cib_json_get(title, a->lang) && title->child ? title->child->string : a->lang;
	cib_json_set(a->doc, "sourceLanguage", cJSON_CreateString(lang));
}

static void read_activity(cib_iati_reading *a, const xmlNode *n)
{
	for (const xmlNode *c = n->children; c; c = c->next) {
		bool known = false;
		if (c->type != XML_ELEMENT_NODE)
			continue;
		for (size_t i = 0; i < sizeof readers / sizeof *readers && !known; i++)
			if (cib_xml_named(c, readers[i].element)) {
				readers[i].read(a, c);
				known = true;
			}
		if (!known)
			cib_iati_note(a, c, NULL, N_("this element has no place in a project entry"));
	}
	cib_iati_note_others(a, n, (const char *const[]){"default-currency", NULL});
	drop_idle_regions(a, n);
	set_source_language(a);
}

/* ---- the file ---- */

static int xml_error(cib_error *err, const char *path, const char *code, const char *message, int line)
{
	int status = cib_error_set(err, CIB_FINDINGS, code, "%s", cib_gettext(message));
	if (err) {
		snprintf(err->file, sizeof err->file, "%s", path);
		err->message[strcspn(err->message, "\n")] = '\0';
		err->line = line > 0 ? (size_t)line : 1;
		err->column = 1;
	}
	return status;
}

static int each_activity(const char *path, const xmlNode *root, cib_iati_cb cb, void *payload)
{
	int status = CIB_OK;
	char *file_lang = language(root);
	for (const xmlNode *n = root->children; n && status == CIB_OK; n = n->next) {
		if (!cib_xml_named(n, "iati-activity"))
			continue;
		cib_iati_reading a = {.doc = cJSON_CreateObject(), .path = path};
		char *lang = language(n);
		a.lang = lang ? lang : cib_strdup(file_lang ? file_lang : "en");
		a.currency = cib_xml_attribute(n, "default-currency");
		read_activity(&a, n);
		cib_json_to_nfc(a.doc);
		const char *id = cib_iati_identifier(a.doc);
		cib_iati_activity out = {a.doc, id ? id : "", (size_t)xmlGetLineNo(n), &a.notes};
		status = cb(&out, payload);
		cJSON_Delete(out.doc);
		cib_findings_free(&a.notes);
		free(a.lang);
		free(a.currency);
	}
	free(file_lang);
	return status;
}

static void silent(void *context, const char *message, ...)
{
	(void)context;
	(void)message;
}

int cib_iati_read(const char *path, cib_iati_cb cb, void *payload, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	int status = cib_late_open(&cib_xml2_library, err);
	if (status == CIB_OK)
		status = cib_file_read(&text, path, 256u << 20, err);
	if (status != CIB_OK) {
		cib_buf_free(&text);
		return status;
	}
	xmlSetGenericErrorFunc(NULL, silent);
	xmlParserCtxt *parser = xmlNewParserCtxt();
	xmlDoc *doc = xmlCtxtReadMemory(parser, text.data, (int)text.len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOWARNING | XML_PARSE_NOERROR);
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	xmlChar *version = root ? xmlGetNoNsProp(root, (const xmlChar *)"version") : NULL;
	if (!doc) {
		const xmlError *e = xmlCtxtGetLastError(parser);
		status = xml_error(err, path, "iati.xml", e && e->message ? e->message : N_("this is not XML"), e ? e->line : 1);
	} else if (doc->intSubset) {
		status = xml_error(err, path, "iati.dtd", N_("a document type declaration is not allowed"), 1);
	} else if (!root || strcmp((const char *)root->name, "iati-activities") != 0) {
		status = xml_error(err, path, "iati.root", N_("this is no IATI activity file: its first element is not iati-activities"), 1);
	} else if (!version || strncmp((const char *)version, "2.", 2) != 0) {
		char *message = cib_format(_("this is IATI version %s; versions 2.01 to 2.03 are read"), version ? (const char *)version : _("(not given)"));
		status = xml_error(err, path, "iati.version", message, 1);
		free(message);
	} else {
		status = each_activity(path, root, cb, payload);
	}
	xmlFree(version);
	xmlFreeDoc(doc);
	xmlFreeParserCtxt(parser);
	cib_buf_free(&text);
	return status;
}

const char *cib_iati_identifier(const cJSON *entry)
{
	const cJSON *list = cib_json_get(entry, "identifiers");
	for (const cJSON *i = list ? list->child : NULL; i; i = i->next) {
		const char *type = cib_json_string(i, "type");
		if (type && strcmp(type, "iati") == 0)
			return cib_json_string(i, "value");
	}
	return NULL;
}
