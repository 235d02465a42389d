/* IATI activity files, read into project documents.
 *
 * Each element of an activity has a reader in one table; what no reader took, an element, an attribute or an
 * unusable value, becomes a note. Source: IATI activity standard 2.03, activity XSD; docs/formats.md. */
#include "exchange/exchange.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	cJSON *doc;
	cib_findings notes;
	const char *path; /* of the file */
	char *lang;       /* of the activity's texts, where an element does not say */
	char *currency;   /* default-currency */
} activity;

/* ---- XML ---- */

static char *attribute(const xmlNode *n, const char *name)
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
static char *content(const xmlNode *n)
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

static bool named(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

/* ---- notes ---- */

static void note(activity *a, const xmlNode *n, const char *what, const char *why)
{
	cib_buf where = CIB_BUF_INIT, message = CIB_BUF_INIT;
	cib_buf_addf(&where, "%s%s%s", (const char *)n->name, what ? "/@" : "", what ? what : "");
	char *value = what ? attribute(n, what) : content(n);
	cib_buf_adds(&message, why);
	if (value) {
		size_t len = strlen(value);
		cib_buf_adds(&message, ": ");
		cib_buf_add_clean(&message, value, len > 60 ? 57 : len);
		cib_buf_adds(&message, len > 60 ? "..." : "");
	}
	cib_findings_add(&a->notes, &(cib_finding){.severity = CIB_ADVICE, .file = (char *)(uintptr_t)a->path, .line = (size_t)xmlGetLineNo(n), .column = 1,
	                                           .pointer = where.data, .keyword = (char *)(uintptr_t) "iati", .code = (char *)(uintptr_t) "iati.not-taken", .message = message.data});
	free(value);
	cib_buf_free(&where);
	cib_buf_free(&message);
}

/* Note every attribute that is not among the given ones (a list that ends with NULL). */
static void note_others(activity *a, const xmlNode *n, const char *const *taken)
{
	for (const xmlAttr *at = n->properties; at; at = at->next) {
		const char *name = (const char *)at->name;
		bool known = strcmp(name, "lang") == 0;
		for (size_t i = 0; taken && taken[i] && !known; i++)
			known = strcmp(name, taken[i]) == 0;
		if (!known)
			note(a, n, name, "this attribute has no place in a project entry");
	}
}

/* ---- building ---- */

static cJSON *list_of(activity *a, const char *name)
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
static bool take(cJSON *to, const char *name, const xmlNode *n, const char *attr)
{
	char *v = attribute(n, attr);
	if (v)
		cib_json_set(to, name, cJSON_CreateString(v));
	free(v);
	return v != NULL;
}

static void number_item(cJSON *list, cJSON *item, const char *prefix)
{
	char id[32];
	snprintf(id, sizeof id, "%s-%d", prefix, cJSON_GetArraySize(list) + 1);
	cib_json_set(item, "id", cJSON_CreateString(id));
	cJSON_AddItemToArray(list, item);
}

static void add_text(activity *a, cJSON *map, const xmlNode *n, const xmlNode *parent)
{
	char *text = content(n), *lang = language(n);
	if (!lang && parent)
		lang = language(parent);
	const char *key = lang ? lang : a->lang;
	const char *old = cib_json_string(map, key);
	if (!text) {
		note(a, n, NULL, "the text is empty");
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
static cJSON *texts(activity *a, const xmlNode *n)
{
	cJSON *map = cJSON_CreateObject();
	for (const xmlNode *c = n->children; c; c = c->next)
		if (named(c, "narrative"))
			add_text(a, map, c, n);
	if (map->child)
		return map;
	cJSON_Delete(map);
	return NULL;
}

/* ---- readers, one an element ---- */

static void read_identifier(activity *a, const xmlNode *n)
{
	char *text = content(n);
	cJSON *item = cJSON_CreateObject();
	if (text) {
		cJSON_AddStringToObject(item, "type", "iati");
		cJSON_AddStringToObject(item, "value", text);
		cJSON_AddItemToArray(list_of(a, "identifiers"), item);
	} else {
		cJSON_Delete(item);
		note(a, n, NULL, "the identifier is empty");
	}
	free(text);
}

static void read_other_identifier(activity *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject(), *list = list_of(a, "identifiers");
	bool value = take(item, "value", n, "ref"), type = take(item, "type", n, "type");
	for (const xmlNode *c = n->children; c; c = c->next)
		if (named(c, "owner-org")) {
			take(item, "owner", c, "ref");
			for (const xmlNode *d = c->children; d; d = d->next)
				if (named(d, "narrative"))
					note(a, d, NULL, "the issuer's name has no place in a project entry");
		}
	bool twice = false;
	for (const cJSON *i = list->child; i && type; i = i->next)
		twice |= strcmp(cib_json_string(i, "type"), cib_json_string(item, "type")) == 0;
	if (value && type && !twice) {
		cJSON_AddItemToArray(list, item);
	} else {
		note(a, n, "ref", twice ? "an identifier of this type was taken already" : "the identifier has no type or no value");
		cJSON_Delete(item);
	}
	note_others(a, n, (const char *const[]){"ref", "type", NULL});
}

static void read_title(activity *a, const xmlNode *n)
{
	cJSON *map = texts(a, n);
	if (map)
		cib_json_set(a->doc, "title", map);
	else
		note(a, n, NULL, "the title is empty");
}

static void read_description(activity *a, const xmlNode *n)
{
	char *type = attribute(n, "type");
	const char *name = !type || strcmp(type, "1") == 0 ? "general" : strcmp(type, "2") == 0 ? "objectives" : strcmp(type, "3") == 0 ? "targetGroups" : "other";
	cJSON *map = object_of(object_of(a->doc, "description"), name);
	for (const xmlNode *c = n->children; c; c = c->next)
		if (named(c, "narrative"))
			add_text(a, map, c, n);
	if (!map->child)
		cib_json_remove(cib_json_get(a->doc, "description"), name);
	note_others(a, n, (const char *const[]){"type", NULL});
	free(type);
}

static void read_partner(activity *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject(), *name = texts(a, n);
	bool ref = take(item, "orgId", n, "ref"), role = take(item, "role", n, "role");
	take(item, "orgType", n, "type");
	if (name)
		cib_json_set(item, "name", name);
	if (role && (ref || name)) {
		number_item(list_of(a, "partners"), item, "o");
	} else {
		note(a, n, NULL, "the organisation has neither name nor reference, or no role");
		cJSON_Delete(item);
	}
	note_others(a, n, (const char *const[]){"ref", "role", "type", NULL});
}

/* The organisation that reports is the accountable partner if no other is. */
static void read_reporter(activity *a, const xmlNode *n)
{
	for (const xmlNode *c = n->children; c; c = c->next)
		if (named(c, "narrative"))
			note(a, c, NULL, "the reporting organisation is not part of the project; the member that imports it owns the entry");
	note_others(a, n, NULL);
}

static void read_status(activity *a, const xmlNode *n)
{
	if (!take(a->doc, "status", n, "code"))
		note(a, n, NULL, "the status has no code");
	note_others(a, n, (const char *const[]){"code", NULL});
}

static void read_scope(activity *a, const xmlNode *n)
{
	if (!take(a->doc, "scope", n, "code"))
		note(a, n, NULL, "the scope has no code");
	note_others(a, n, (const char *const[]){"code", NULL});
}

static void read_collaboration(activity *a, const xmlNode *n)
{
	if (!take(a->doc, "collaborationType", n, "code"))
		note(a, n, NULL, "the type of collaboration has no code");
	note_others(a, n, (const char *const[]){"code", NULL});
}

static void read_date(activity *a, const xmlNode *n)
{
	static const char *const names[] = {"plannedStart", "actualStart", "plannedEnd", "actualEnd"};
	char *type = attribute(n, "type"), *date = attribute(n, "iso-date");
	if (type && !type[1] && *type >= '1' && *type <= '4' && date) {
		date[strcspn(date, "TZ+")] = '\0';
		cib_json_set(object_of(a->doc, "dates"), names[*type - '1'], cJSON_CreateString(date));
	} else {
		note(a, n, "iso-date", "the date has no type or no day");
	}
	note_others(a, n, (const char *const[]){"type", "iso-date", NULL});
	free(type);
	free(date);
}

/* A keyed list of codes with percentages; a code that comes twice is noted. */
static void add_code(activity *a, const char *list_name, cJSON *item, const xmlNode *n)
{
	const char *code = cib_json_string(item, "code");
	cJSON *list = list_of(a, list_name);
	for (const cJSON *i = list->child; i && code; i = i->next)
		if (strcmp(cib_json_string(i, "code"), code) == 0)
			code = NULL;
	if (code) {
		cJSON_AddItemToArray(list, item);
		return;
	}
	note(a, n, "code", "there is no code, or it was taken already");
	cJSON_Delete(item);
	if (!list->child)
		cib_json_remove(a->doc, list_name);
}

static void read_country(activity *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject();
	take(item, "code", n, "code");
	take(item, "percentage", n, "percentage");
	add_code(a, "recipientCountries", item, n);
	note_others(a, n, (const char *const[]){"code", "percentage", NULL});
}

/* A region without a share beside countries that make 100 would break the sum: it only repeats where the country lies. */
static void read_region(activity *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject();
	take(item, "code", n, "code");
	take(item, "percentage", n, "percentage");
	take(item, "vocabulary", n, "vocabulary");
	add_code(a, "recipientRegions", item, n);
	note_others(a, n, (const char *const[]){"code", "percentage", "vocabulary", NULL});
}

static void read_sector(activity *a, const xmlNode *n)
{
	char *vocabulary = attribute(n, "vocabulary");
	if (vocabulary && strcmp(vocabulary, "1") != 0 && strcmp(vocabulary, "2") != 0 && strcmp(vocabulary, "DAC") != 0) {
		note(a, n, "code", "sectors of other vocabularies than OECD-DAC have no place in a project entry");
	} else {
		cJSON *item = cJSON_CreateObject();
		take(item, "code", n, "code");
		take(item, "percentage", n, "percentage");
		add_code(a, "sectors", item, n);
		note_others(a, n, (const char *const[]){"code", "percentage", "vocabulary", NULL});
	}
	free(vocabulary);
}

static void read_marker(activity *a, const xmlNode *n)
{
	char *code = attribute(n, "code"), *significance = attribute(n, "significance"), *vocabulary = attribute(n, "vocabulary");
	if (vocabulary && strcmp(vocabulary, "1") != 0)
		note(a, n, "code", "markers of other vocabularies than OECD-DAC have no place in a project entry");
	else if (code && significance)
		cib_json_set(object_of(a->doc, "markers"), code, cJSON_CreateString(significance));
	else
		note(a, n, "code", "the marker has no significance: it was not screened");
	note_others(a, n, (const char *const[]){"code", "significance", "vocabulary", NULL});
	for (const xmlNode *c = n->children; c; c = c->next)
		if (named(c, "narrative"))
			note(a, c, NULL, "the marker's name comes from the codelist");
	free(code);
	free(significance);
	free(vocabulary);
}

static void read_tag(activity *a, const xmlNode *n)
{
	char *vocabulary = attribute(n, "vocabulary");
	if (vocabulary && (strcmp(vocabulary, "2") == 0 || strcmp(vocabulary, "3") == 0)) {
		cJSON *item = cJSON_CreateObject();
		take(item, "code", n, "code");
		add_code(a, "sdg", item, n);
	} else {
		note(a, n, "code", "tags of other vocabularies than the SDGs have no place in a project entry");
	}
	free(vocabulary);
}

static void read_budget(activity *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject();
	bool amount = false;
	take(item, "type", n, "type");
	take(item, "status", n, "status");
	for (const xmlNode *c = n->children; c; c = c->next) {
		if (named(c, "period-start"))
			take(item, "periodStart", c, "iso-date");
		else if (named(c, "period-end"))
			take(item, "periodEnd", c, "iso-date");
		else if (named(c, "value")) {
			char *v = content(c);
			amount = v != NULL;
			if (v)
				cib_json_set(item, "amount", cJSON_CreateString(v));
			if (!take(item, "currency", c, "currency") && a->currency)
				cib_json_set(item, "currency", cJSON_CreateString(a->currency));
			take(item, "valueDate", c, "value-date");
			free(v);
		}
	}
	if (amount) {
		number_item(list_of(a, "budget"), item, "b");
	} else {
		note(a, n, NULL, "the budget has no value");
		cJSON_Delete(item);
	}
	note_others(a, n, (const char *const[]){"type", "status", NULL});
}

static void read_document(activity *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject(), *title = NULL;
	bool url = take(item, "url", n, "url");
	take(item, "format", n, "format");
	for (const xmlNode *c = n->children; c; c = c->next) {
		if (named(c, "title") && (title = texts(a, c)))
			cib_json_set(item, "title", title);
		else if (named(c, "category") && !cib_json_get(item, "category"))
			take(item, "category", c, "code");
		else if (c->type == XML_ELEMENT_NODE)
			note(a, c, NULL, "this part of a document link has no place in a project entry");
	}
	if (url) {
		number_item(list_of(a, "documents"), item, "d");
	} else {
		note(a, n, NULL, "the document link has no address");
		cJSON_Delete(item);
	}
	note_others(a, n, (const char *const[]){"url", "format", NULL});
}

static void read_related(activity *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject();
	bool ref = take(item, "ref", n, "ref"), type = take(item, "type", n, "type");
	if (ref && type) {
		number_item(list_of(a, "related"), item, "n");
	} else {
		note(a, n, NULL, "the related activity has no reference or no type");
		cJSON_Delete(item);
	}
	note_others(a, n, (const char *const[]){"ref", "type", NULL});
}

static void read_location(activity *a, const xmlNode *n)
{
	cJSON *item = cJSON_CreateObject(), *name = NULL;
	for (const xmlNode *c = n->children; c; c = c->next) {
		if (named(c, "name") && (name = texts(a, c))) {
			cib_json_set(item, "name", name);
		} else if (named(c, "point")) {
			char *pos = content(c), lat[40], lon[40];
			if (pos && sscanf(pos, "%39s %39s", lat, lon) == 2) {
				cib_json_set(item, "lat", cJSON_CreateString(lat));
				cib_json_set(item, "lon", cJSON_CreateString(lon));
			} else {
				note(a, c, NULL, "the point is no pair of numbers");
			}
			free(pos);
		} else if (c->type == XML_ELEMENT_NODE) {
			note(a, c, NULL, "this part of a location has no place in a project entry");
		}
	}
	if (item->child) {
		number_item(list_of(a, "locations"), item, "l");
	} else {
		cJSON_Delete(item);
		note(a, n, NULL, "the location has neither name nor point");
	}
	note_others(a, n, NULL);
}

static void read_contact(activity *a, const xmlNode *n)
{
	for (const xmlNode *c = n->children; c; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			note(a, c, NULL, "contacts are not taken: the entry names the member's own mailbox");
	note_others(a, n, NULL);
}

static const struct {
	const char *element;
	void (*read)(activity *a, const xmlNode *n);
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
	{"contact-info", read_contact},
};

/* Regions without a share beside countries with shares only say where the countries lie; as an entry they would claim a share. */
static void drop_idle_regions(activity *a, const xmlNode *n)
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
		if (named(c, "recipient-region"))
			note(a, c, "code", "a region without a share beside countries with shares is not taken");
	cib_json_remove(a->doc, "recipientRegions");
}

static void set_source_language(activity *a)
{
	const cJSON *title = cib_json_get(a->doc, "title");
	const char *lang = title && !cib_json_get(title, a->lang) && title->child ? title->child->string : a->lang;
	cib_json_set(a->doc, "sourceLanguage", cJSON_CreateString(lang));
}

static void read_activity(activity *a, const xmlNode *n)
{
	for (const xmlNode *c = n->children; c; c = c->next) {
		bool known = false;
		if (c->type != XML_ELEMENT_NODE)
			continue;
		for (size_t i = 0; i < sizeof readers / sizeof *readers && !known; i++)
			if (named(c, readers[i].element)) {
				readers[i].read(a, c);
				known = true;
			}
		if (!known)
			note(a, c, NULL, "this element has no place in a project entry");
	}
	note_others(a, n, (const char *const[]){"default-currency", NULL});
	drop_idle_regions(a, n);
	set_source_language(a);
}

/* ---- the file ---- */

static int xml_error(cib_error *err, const char *path, const char *code, const char *message, int line)
{
	int status = cib_error_set(err, CIB_FINDINGS, code, "%s", message);
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
		if (!named(n, "iati-activity"))
			continue;
		activity a = {.doc = cJSON_CreateObject(), .path = path};
		char *lang = language(n);
		a.lang = lang ? lang : cib_strdup(file_lang ? file_lang : "en");
		a.currency = attribute(n, "default-currency");
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
	int status = cib_file_read(&text, path, 256u << 20, err);
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
		status = xml_error(err, path, "iati.xml", e && e->message ? e->message : "this is not XML", e ? e->line : 1);
	} else if (doc->intSubset) {
		status = xml_error(err, path, "iati.dtd", "a document type declaration is not allowed", 1);
	} else if (!root || strcmp((const char *)root->name, "iati-activities") != 0) {
		status = xml_error(err, path, "iati.root", "this is no IATI activity file: its first element is not iati-activities", 1);
	} else if (!version || strncmp((const char *)version, "2.", 2) != 0) {
		char *message = cib_format("this is IATI version %s; versions 2.01 to 2.03 are read", version ? (const char *)version : "(not given)");
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

void cib_iati_update(cJSON *entry, const cJSON *imported)
{
	for (const cJSON *c = imported->child; c; c = c->next)
		cib_json_set(entry, c->string, cJSON_Duplicate(c, true));
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
