/* Project entries as IATI activities, version 2.03.
 *
 * The writer works on a copy of the entry and takes out of it what it writes; what is left at the end has no place in
 * IATI, and each of it becomes a note. Order and requirements of the elements: activity XSD 2.03; docs/exchange.md. */
#include "base/gettext.h"
#include "exchange/day.h"
#include "exchange/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	cib_buf *out;
	cJSON *rest; /* what is not written yet */
	const cib_iati_source *source;
	const char *file; /* for the notes */
	cib_findings *notes;
} writing;

/* ---- XML ---- */

static void attribute(writing *w, const char *name, const char *value)
{
	cib_buf_addf(w->out, " %s=\"", name);
	cib_buf_add_xml(w->out, value, true);
	cib_buf_addc(w->out, '"');
}

static void indent(writing *w, int level)
{
	for (int i = 0; i < level; i++)
		cib_buf_adds(w->out, "  ");
}

static void open_tag(writing *w, int level, const char *name)
{
	indent(w, level);
	cib_buf_addf(w->out, "<%s", name);
}

static void close_tag(writing *w, int level, const char *name)
{
	indent(w, level);
	cib_buf_addf(w->out, "</%s>\n", name);
}

/* ---- taking ---- */

static void note(writing *w, const char *pointer, const char *why)
{
	cib_findings_add(w->notes, &(cib_finding){.severity = CIB_ADVICE, .file = (char *)(uintptr_t)w->file, .pointer = (char *)(uintptr_t)pointer, .keyword = (char *)(uintptr_t) "iati", .code = (char *)(uintptr_t) "iati.not-written", .message = (char *)(uintptr_t)cib_gettext(why)});
}

static void note_item(writing *w, const char *list, const cJSON *item, const char *why)
{
	const char *id = cib_json_string(item, "id");
	char *pointer = cib_format("/%s%s%s", list, id ? "/" : "", id ? id : "");
	note(w, pointer, why);
	free(pointer);
}

/* The string member of an object as an attribute, and out of the object; false when there is none. */
static bool take(writing *w, cJSON *from, const char *member, const char *name)
{
	const char *v = cib_json_string(from, member);
	if (!v)
		return false;
	attribute(w, name, v);
	cib_json_remove(from, member);
	return true;
}

static void narrative(writing *w, int level, const char *lang, const char *text)
{
	open_tag(w, level, "narrative");
	attribute(w, "xml:lang", lang);
	cib_buf_addc(w->out, '>');
	cib_buf_add_xml(w->out, text, false);
	cib_buf_adds(w->out, "</narrative>\n");
}

/* A language map as narratives, the source language first. */
static void narratives(writing *w, int level, const cJSON *map, const char *source)
{
	const char *first = source ? cib_json_string(map, source) : NULL;
	if (first)
		narrative(w, level, source, first);
	for (const cJSON *c = map ? map->child : NULL; c; c = c->next)
		if (cJSON_IsString(c) && !(first && strcmp(c->string, source) == 0))
			narrative(w, level, c->string, c->valuestring);
}

static const char *source_language(const writing *w)
{
	return w->source->lang;
}

/* <name ATTRIBUTES><narrative/>...</name>: the attributes are written already; takes the map out of `from`. */
static void close_with_texts(writing *w, int level, const char *name, cJSON *from, const char *member)
{
	const cJSON *map = from ? cib_json_get(from, member) : NULL;
	if (!map || !map->child) {
		cib_buf_adds(w->out, "/>\n");
		return;
	}
	cib_buf_adds(w->out, ">\n");
	narratives(w, level + 1, map, source_language(w));
	close_tag(w, level, name);
	cib_json_remove(from, member);
}

/* ---- identifiers and organisations ---- */

/* The organisation identifier of a member: "SCHEME-VALUE"; NULL when it has none. The caller's. */
static char *organisation_id(const cJSON *member)
{
	const cJSON *ids = member ? cib_json_get(member, "orgIds") : NULL, *first = ids ? ids->child : NULL;
	const char *scheme = first ? cib_json_string(first, "scheme") : NULL, *value = first ? cib_json_string(first, "value") : NULL;
	return scheme && value ? cib_format("%s-%s", scheme, value) : NULL;
}

static const char *organisation_type(const cJSON *member)
{
	static const char *const types[][2] = {{"city", "11"}, {"region", "11"}, {"lga-national", "22"}, {"lga-regional", "22"}, {"lga-agency", "15"}, {"network", "21"}};
	const char *type = member ? cib_json_string(member, "memberType") : NULL;
	for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i][0], type) == 0)
			return types[i][1];
	return "90"; /* other */
}

static const cJSON *member_named(const writing *w, const char *id)
{
	return id && w->source->member ? w->source->member(id, w->source->payload) : NULL;
}

/* Who publishes: as asked for, or the member that owns the entry. */
static char *reporter_id(const writing *w, const cJSON *entry)
{
	const char *owner = cib_json_string(entry, "owner");
	return w->source->reporter ? cib_strdup(w->source->reporter) : organisation_id(member_named(w, owner));
}

static void write_identifier(writing *w, const char *identifier)
{
	open_tag(w, 2, "iati-identifier");
	cib_buf_addc(w->out, '>');
	cib_buf_add_xml(w->out, identifier, false);
	cib_buf_adds(w->out, "</iati-identifier>\n");
}

static void write_reporter(writing *w, const cJSON *entry, const char *ref)
{
	const cJSON *member = member_named(w, cib_json_string(entry, "owner")), *name = member ? cib_json_get(member, "name") : NULL;
	open_tag(w, 2, "reporting-org");
	attribute(w, "ref", ref);
	attribute(w, "type", organisation_type(member));
	cib_buf_adds(w->out, ">\n");
	if (name && name->child)
		narratives(w, 3, name, source_language(w));
	else
		narrative(w, 3, source_language(w), ref);
	close_tag(w, 2, "reporting-org");
}

static void write_other_identifiers(writing *w)
{
	cJSON *list = cib_json_get(w->rest, "identifiers");
	for (cJSON *i = list ? list->child : NULL; i; i = i->next) {
		const char *type = cib_json_string(i, "type");
		if (!type || strcmp(type, "iati") == 0)
			continue;
		open_tag(w, 2, "other-identifier");
		take(w, i, "value", "ref");
		take(w, i, "type", "type");
		if (cib_json_get(i, "owner")) {
			cib_buf_adds(w->out, "><owner-org");
			take(w, i, "owner", "ref");
			cib_buf_adds(w->out, "/></other-identifier>\n");
		} else {
			cib_buf_adds(w->out, "/>\n");
		}
	}
	cib_json_remove(w->rest, "identifiers");
}

static void write_partner(writing *w, cJSON *item)
{
	const char *member_id = cib_json_string(item, "member");
	const cJSON *member = member_named(w, member_id);
	char *id = organisation_id(member);
	bool names = cib_json_get(item, "name") != NULL;
	open_tag(w, 2, "participating-org");
	if (!take(w, item, "orgId", "ref") && id)
		attribute(w, "ref", id);
	if (!take(w, item, "orgType", "type") && member)
		attribute(w, "type", organisation_type(member));
	take(w, item, "role", "role");
	if (names || !member) {
		close_with_texts(w, 2, "participating-org", item, "name");
	} else {
		cib_buf_adds(w->out, ">\n");
		narratives(w, 3, cib_json_get(member, "name"), source_language(w));
		close_tag(w, 2, "participating-org");
	}
	free(id);
}

/* ---- simple elements ---- */

static void write_code(writing *w, const char *member, const char *element)
{
	if (!cib_json_string(w->rest, member))
		return;
	open_tag(w, 2, element);
	take(w, w->rest, member, "code");
	cib_buf_adds(w->out, "/>\n");
}

static void write_text_element(writing *w, const char *element, const char *type, cJSON *from, const char *member)
{
	const cJSON *map = from ? cib_json_get(from, member) : NULL;
	if (!map || !map->child)
		return;
	open_tag(w, 2, element);
	if (type)
		attribute(w, "type", type);
	close_with_texts(w, 2, element, from, member);
}

/* A date as a day: the first or last one of a year or month. */
static void whole_date(char out[11], const char *date, bool last)
{
	if (strlen(date) == 4)
		snprintf(out, 11, "%.4s-%s", date, last ? "12-31" : "01-01");
	else if (strlen(date) == 7)
		snprintf(out, 11, "%.7s-%02d", date, last ? cib_last_day(date) : 1);
	else
		snprintf(out, 11, "%.10s", date);
}

static void write_dates(writing *w)
{
	static const char *const names[] = {"plannedStart", "actualStart", "plannedEnd", "actualEnd"};
	cJSON *dates = cib_json_get(w->rest, "dates");
	for (int i = 0; i < 4 && dates; i++) {
		const char *date = cib_json_string(dates, names[i]);
		char day[11], type[2] = {(char)('1' + i), '\0'};
		if (!date)
			continue;
		whole_date(day, date, i >= 2);
		if (strcmp(day, date) != 0) {
			char *pointer = cib_format("/dates/%s", names[i]), *why = cib_format(_("IATI wants a day: %s is written as %s"), date, day);
			note(w, pointer, why);
			free(pointer);
			free(why);
		}
		open_tag(w, 2, "activity-date");
		attribute(w, "type", type);
		attribute(w, "iso-date", day);
		cib_buf_adds(w->out, "/>\n");
		cib_json_remove(dates, names[i]);
	}
}

/* ---- lists ---- */

/* <element code="" percentage="" vocabulary=""/> of each item. */
static void write_codes(writing *w, const char *list_name, const char *element, const char *vocabulary)
{
	const cJSON *list = cib_json_get(w->rest, list_name);
	for (cJSON *i = list ? list->child : NULL; i; i = i->next) {
		const char *code = cib_json_string(i, "code");
		open_tag(w, 2, element);
		if (vocabulary)
			attribute(w, "vocabulary", strcmp(element, "sector") == 0 && strlen(code) == 3 ? "2" : vocabulary);
		else
			take(w, i, "vocabulary", "vocabulary");
		take(w, i, "code", "code");
		take(w, i, "percentage", "percentage");
		cib_buf_adds(w->out, "/>\n");
	}
}

static void write_goals(writing *w)
{
	const cJSON *list = cib_json_get(w->rest, "sdg");
	for (cJSON *i = list ? list->child : NULL; i; i = i->next) {
		const char *code = cib_json_string(i, "code");
		open_tag(w, 2, "tag");
		attribute(w, "vocabulary", strchr(code, '.') ? "3" : "2"); /* targets; goals */
		take(w, i, "code", "code");
		cib_buf_adds(w->out, "/>\n");
	}
}

static void write_markers(writing *w)
{
	cJSON *markers = cib_json_get(w->rest, "markers");
	for (const cJSON *m = markers ? markers->child : NULL; m; m = m->next) {
		open_tag(w, 2, "policy-marker");
		attribute(w, "vocabulary", "1");
		attribute(w, "code", m->string);
		attribute(w, "significance", m->valuestring);
		cib_buf_adds(w->out, "/>\n");
	}
	cib_json_remove(w->rest, "markers");
}

static void write_location(writing *w, cJSON *item)
{
	const char *lat = cib_json_string(item, "lat"), *lon = cib_json_string(item, "lon"), *precision = cib_json_string(item, "precision");
	cib_buf_adds(w->out, "    <location>\n");
	if (cib_json_get(item, "name")) {
		open_tag(w, 3, "name");
		close_with_texts(w, 3, "name", item, "name");
	}
	if (cib_json_get(item, "country")) {
		open_tag(w, 3, "administrative");
		attribute(w, "vocabulary", "A4");
		take(w, item, "country", "code");
		cib_buf_adds(w->out, " level=\"0\"/>\n");
	}
	if (lat && lon) {
		cib_buf_adds(w->out, "      <point srsName=\"http://www.opengis.net/def/crs/EPSG/0/4326\"><pos>");
		cib_buf_add_xml(w->out, lat, false);
		cib_buf_addc(w->out, ' ');
		cib_buf_add_xml(w->out, lon, false);
		cib_buf_adds(w->out, "</pos></point>\n");
		cib_json_remove(item, "lat");
		cib_json_remove(item, "lon");
	}
	if (precision) {
		bool exact = strcmp(precision, "exact") == 0;
		cib_buf_addf(w->out, "      <exactness code=\"%d\"/>\n", exact ? 1 : 2);
		if (exact)
			cib_json_remove(item, "precision"); /* the others are only "approximate" there */
	}
	cib_buf_adds(w->out, "    </location>\n");
}

static void write_day(writing *w, int level, const char *element, const char *day)
{
	open_tag(w, level, element);
	attribute(w, "iso-date", day);
	cib_buf_adds(w->out, "/>\n");
}

static void write_budget(writing *w, cJSON *item)
{
	const char *start = cib_json_string(item, "periodStart"), *end = cib_json_string(item, "periodEnd"), *value_date = cib_json_string(item, "valueDate");
	if (!start || !end) {
		note_item(w, "budget", item, N_("IATI wants the first and the last day of a budget's period"));
		while (item->child)
			cJSON_Delete(cJSON_DetachItemViaPointer(item, item->child));
		return;
	}
	open_tag(w, 2, "budget");
	take(w, item, "type", "type");
	take(w, item, "status", "status");
	cib_buf_adds(w->out, ">\n");
	write_day(w, 3, "period-start", start);
	write_day(w, 3, "period-end", end);
	open_tag(w, 3, "value");
	attribute(w, "currency", cib_json_string(item, "currency"));
	attribute(w, "value-date", value_date ? value_date : start);
	cib_buf_addc(w->out, '>');
	cib_buf_add_xml(w->out, cib_json_string(item, "amount"), false);
	cib_buf_adds(w->out, "</value>\n");
	close_tag(w, 2, "budget");
	if (!value_date)
		note_item(w, "budget", item, N_("IATI wants a value date: the first day of the period is written"));
	static const char *const written[] = {"periodStart", "periodEnd", "valueDate", "amount", "currency"};
	for (size_t i = 0; i < 5; i++)
		cib_json_remove(item, written[i]);
}

static void write_document(writing *w, cJSON *item)
{
	const cJSON *title = cib_json_get(item, "title"), *langs = cib_json_get(item, "lang");
	if (!title || !title->child || !cib_json_string(item, "category") || !cib_json_string(item, "format")) {
		note_item(w, "documents", item, N_("IATI wants a title, a category and a format of a document"));
		while (item->child)
			cJSON_Delete(cJSON_DetachItemViaPointer(item, item->child));
		return;
	}
	open_tag(w, 2, "document-link");
	take(w, item, "url", "url");
	take(w, item, "format", "format");
	cib_buf_adds(w->out, ">\n");
	open_tag(w, 3, "title");
	close_with_texts(w, 3, "title", item, "title");
	open_tag(w, 3, "category");
	take(w, item, "category", "code");
	cib_buf_adds(w->out, "/>\n");
	for (const cJSON *l = langs ? langs->child : NULL; l; l = l->next) {
		open_tag(w, 3, "language");
		attribute(w, "code", l->valuestring);
		cib_buf_adds(w->out, "/>\n");
	}
	cib_json_remove(item, "lang");
	close_tag(w, 2, "document-link");
}

static void write_related(writing *w, cJSON *item)
{
	if (!cib_json_string(item, "ref"))
		return; /* a project of the network: left, and noted */
	open_tag(w, 2, "related-activity");
	take(w, item, "ref", "ref");
	take(w, item, "type", "type");
	cib_buf_adds(w->out, "/>\n");
}

/* ---- results ---- */

static void write_values(writing *w, cJSON *item, const char *list_name, const char *element)
{
	const cJSON *list = cib_json_get(item, list_name);
	for (cJSON *v = list ? list->child : NULL; v; v = v->next) {
		const char *date = cib_json_string(v, "date");
		char first[11], last[11];
		if (!date)
			continue;
		whole_date(first, date, false);
		whole_date(last, date, true);
		cib_buf_adds(w->out, "        <period>\n");
		write_day(w, 5, "period-start", first);
		write_day(w, 5, "period-end", last);
		open_tag(w, 5, element);
		take(w, v, "value", "value");
		cib_buf_adds(w->out, "/>\n");
		close_tag(w, 4, "period");
		cib_json_remove(v, "date");
	}
}

static void write_baseline(writing *w, cJSON *item)
{
	cJSON *baseline = cib_json_get(item, "baseline");
	const char *date = baseline ? cib_json_string(baseline, "date") : NULL;
	if (!date)
		return; /* a baseline needs its year: what there is stays, and is noted */
	char *year = cib_strndup(date, 4);
	open_tag(w, 4, "baseline");
	attribute(w, "year", year);
	if (strlen(date) == 10)
		attribute(w, "iso-date", date);
	take(w, baseline, "value", "value");
	cib_buf_adds(w->out, "/>\n");
	if (strlen(date) != 7)
		cib_json_remove(baseline, "date");
	free(year);
}

static void write_result(writing *w, cJSON *item)
{
	const cJSON *title = cib_json_get(item, "title");
	if (!title || !title->child || !cib_json_string(item, "type") || !cib_json_string(item, "measure")) {
		note_item(w, "results", item, N_("IATI wants a title, a type and a measure of a result"));
		while (item->child)
			cJSON_Delete(cJSON_DetachItemViaPointer(item, item->child));
		return;
	}
	open_tag(w, 2, "result");
	take(w, item, "type", "type");
	cib_buf_adds(w->out, ">\n");
	cib_buf_adds(w->out, "      <title>\n");
	narratives(w, 4, title, source_language(w));
	close_tag(w, 3, "title");
	open_tag(w, 3, "indicator");
	take(w, item, "measure", "measure");
	cib_buf_adds(w->out, ">\n");
	open_tag(w, 4, "title");
	close_with_texts(w, 4, "title", item, "title");
	write_baseline(w, item);
	write_values(w, item, "targets", "target");
	write_values(w, item, "actuals", "actual");
	close_tag(w, 3, "indicator");
	close_tag(w, 2, "result");
}

/* ---- an activity ---- */

static void each(writing *w, const char *list_name, void (*write)(writing *, cJSON *))
{
	const cJSON *list = cib_json_get(w->rest, list_name);
	for (cJSON *i = list ? list->child : NULL; i; i = i->next)
		write(w, i);
}

/* Note whatever is left, each value by the path that names its items. */
static void note_rest(writing *w, const cJSON *value, cib_buf *path)
{
	size_t len = path->len, n = 0;
	if (!cJSON_IsObject(value) && !cJSON_IsArray(value)) {
		note(w, cib_buf_str(path), N_("this field has no place in IATI"));
		return;
	}
	for (const cJSON *c = value->child; c; c = c->next, n++) {
		const char *key = cJSON_IsArray(value) ? cib_json_string(c, "id") : c->string;
		if (cJSON_IsObject(value) && strcmp(c->string, "id") == 0)
			continue;
		if (cJSON_IsArray(value) && !cJSON_IsObject(c)) { /* a set of codes is one field */
			note(w, cib_buf_str(path), N_("this field has no place in IATI"));
			return;
		}
		if (key)
			cib_json_pointer_add(path, key);
		else
			cib_json_pointer_add_index(path, n);
		note_rest(w, c, path);
		path->len = len;
		path->data[len] = '\0';
	}
}

static void write_elements(writing *w)
{
	cJSON *description = cib_json_get(w->rest, "description");
	static const char *const types[][2] = {{"general", "1"}, {"objectives", "2"}, {"targetGroups", "3"}, {"other", "4"}};
	write_text_element(w, "title", NULL, w->rest, "title");
	for (size_t i = 0; i < 4; i++)
		write_text_element(w, "description", types[i][1], description, types[i][0]);
	each(w, "partners", write_partner);
	write_other_identifiers(w);
	write_code(w, "status", "activity-status");
	write_dates(w);
	write_code(w, "scope", "activity-scope");
	write_codes(w, "recipientCountries", "recipient-country", NULL);
	write_codes(w, "recipientRegions", "recipient-region", NULL);
	each(w, "locations", write_location);
	write_codes(w, "sectors", "sector", "1");
	write_goals(w);
	write_markers(w);
	write_code(w, "collaborationType", "collaboration-type");
	each(w, "budget", write_budget);
	each(w, "documents", write_document);
	each(w, "related", write_related);
	each(w, "results", write_result);
}

void cib_iati_write_begin(cib_buf *out)
{
	cib_buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<iati-activities version=\"2.03\">\n");
}

void cib_iati_write_end(cib_buf *out)
{
	cib_buf_adds(out, "</iati-activities>\n");
}

bool cib_iati_write(cib_buf *out, const cJSON *entry, const char *file, const cib_iati_source *source, cib_findings *notes)
{
	cib_iati_source own = *source;
	const char *lang = cib_json_string(entry, "sourceLanguage"), *identifier = cib_iati_identifier(entry);
	if (lang)
		own.lang = lang;
	writing w = {out, NULL, &own, file, notes};
	char *reporter = reporter_id(&w, entry), *made = NULL;
	const cJSON *dates = cib_json_get(entry, "dates");
	if (!reporter || !dates || !dates->child) {
		note(&w, "", reporter ? N_("IATI wants a date, and this entry has none: it is not written") : N_("the member has no organisation identifier (orgIds): the entry is not written"));
		free(reporter);
		return false;
	}
	if (!identifier)
		identifier = made = cib_format("%s-%s", reporter, cib_json_string(entry, "id"));
	w.rest = cJSON_Duplicate(entry, true);
	open_tag(&w, 1, "iati-activity");
	attribute(&w, "xml:lang", own.lang);
	cib_buf_adds(out, ">\n");
	write_identifier(&w, identifier);
	write_reporter(&w, entry, reporter);
	write_elements(&w);
	close_tag(&w, 1, "iati-activity");
	static const char *const own_fields[] = {"id", "kind", "schema", "owner", "sourceLanguage"};
	for (size_t i = 0; i < sizeof own_fields / sizeof *own_fields; i++)
		cib_json_remove(w.rest, own_fields[i]);
	cib_buf path = CIB_BUF_INIT;
	cib_buf_adds(&path, "");
	note_rest(&w, w.rest, &path);
	cib_buf_free(&path);
	cJSON_Delete(w.rest);
	free(reporter);
	free(made);
	return true;
}
