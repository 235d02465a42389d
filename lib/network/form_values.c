/* What a form needs to know of the values of a document: which ones rules allow, and what they are called. See form.h. */
#include "network/form.h"
#include "network/private.h"

#include <stdlib.h>
#include <string.h>

/* ---- among: the questions of an instrument, the objectives of this plan */

typedef struct {
	const cJSON *where; /* the document that has the values */
	cJSON *list;
	const char *lang;
} gathering;

const char *cib_label_of(const cJSON *item, const char *lang)
{
	static const char *const names[] = {"text", "label", "title", "name"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *text = cib_text_in(cib_json_get(item, names[i]), lang, "en");
		if (text)
			return text;
	}
	return NULL;
}

static void gather(const char *pointer, const cJSON *value, void *payload)
{
	gathering *g = payload;
	const char *slash = strrchr(pointer, '/');
	char *parent = cib_strndup(pointer, slash ? (size_t)(slash - pointer) : 0);
	char scratch[40];
	const char *label = cib_label_of(cib_json_at(g->where, parent), g->lang);
	const char *plain = cJSON_IsString(value) ? value->valuestring : cJSON_IsNumber(value) ? cib_json_number_text(value, scratch)
	                                                                                       : NULL;
	if (plain) {
		cJSON *row = cJSON_CreateObject();
		cJSON_AddItemToObject(row, "value", cJSON_Duplicate(value, true));
		cJSON_AddStringToObject(row, "name", label ? label : plain);
		cJSON_AddItemToArray(g->list, row);
	}
	free(parent);
}

cJSON *cib_form_among(const cib_form_for *who, const cJSON *doc, cib_form_entry_cb entry, void *payload)
{
	cJSON *out = cJSON_CreateObject();
	const cJSON *rules = cib_json_get(who->kind->schema, "x-cib-rules");
	for (const cJSON *r = rules ? rules->child : NULL; r; r = r->next) {
		const char *type = cib_json_string(r, "rule"), *field = cib_json_string(r, "field"), *among = cib_json_string(r, "among"), *other = cib_json_string(r, "entry");
		if (!type || strcmp(type, "among") != 0 || !field || !among)
			continue;
		const cJSON *id = other ? cib_json_at(doc, other) : NULL;
		cJSON *there = cJSON_IsString(id) && *id->valuestring ? entry(id->valuestring, payload) : NULL;
		gathering g = {other ? there : doc, cJSON_CreateArray(), who->lang};
		if (g.where)
			cib_reach(g.where, among, gather, &g);
		cib_json_set(out, field, g.list);
		cJSON_Delete(there);
	}
	return out;
}

/* ---- names */

typedef struct {
	cJSON *codes, *entries;
	const cib_form_for *who;
	cib_form_entry_cb entry;
	void *payload;
} naming;

static void name_code(const cib_codelist *list, const cib_code *code, const char *given, const char *pointer, void *payload)
{
	naming *n = payload;
	(void)pointer;
	if (!code)
		return;
	cJSON *names = cib_json_get(n->codes, cib_codelist_name(list));
	if (!names)
		names = cJSON_AddObjectToObject(n->codes, cib_codelist_name(list));
	cib_json_set(names, given, cJSON_CreateString(cib_code_name(code, n->who->lang, false)));
}

static void name_entry(const char *pointer, const cJSON *value, void *payload)
{
	naming *n = payload;
	(void)pointer;
	if (!cJSON_IsString(value) || cib_json_get(n->entries, value->valuestring))
		return;
	cJSON *other = n->entry(value->valuestring, n->payload);
	if (other)
		cib_json_set(n->entries, value->valuestring, cJSON_CreateString(cib_entry_title(other, n->who->lang)));
	cJSON_Delete(other);
}

cJSON *cib_form_names(const cib_form_for *who, const cJSON *doc, cib_form_entry_cb entry, void *payload)
{
	cJSON *out = cJSON_CreateObject();
	naming n = {cJSON_AddObjectToObject(out, "codes"), cJSON_AddObjectToObject(out, "entries"), who, entry, payload};
	const cJSON *rules = cib_json_get(who->kind->schema, "x-cib-rules");
	cib_entry_codes(who->net, who->kind, doc, name_code, &n);
	for (const cJSON *r = rules ? rules->child : NULL; r; r = r->next) {
		const char *type = cib_json_string(r, "rule"), *field = cib_json_string(r, "field");
		if (type && field && strcmp(type, "reference") == 0)
			cib_reach(doc, field, name_entry, &n);
	}
	return out;
}
