/* The form of a kind, from its schema. See form.h. */
#include "network/form.h"
#include "network/private.h"
#include "network/translation.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH = 12,
       FEW_CODES = 25,    /* a list as short as this is a choice */
       LONG_TEXT = 400 }; /* characters from which a text has room for several lines */

typedef struct {
	const cib_form_for *who;
	const cJSON *root;
	cib_buf pattern; /* of the field that is described: a pointer with "*" */
} former;

/* ---- the schema, through $ref and allOf ---- */

static const cJSON *referred(const former *f, const cJSON *schema)
{
	const char *ref = cib_json_string(schema, "$ref");
	return ref && ref[0] == '#' ? cib_json_at(f->root, ref + 1) : NULL;
}

static const cJSON *keyword_in(const former *f, const cJSON *schema, const char *name, int depth)
{
	const cJSON *found = cib_json_get(schema, name), *all = cib_json_get(schema, "allOf");
	if (!found && depth < DEPTH && referred(f, schema))
		found = keyword_in(f, referred(f, schema), name, depth + 1);
	for (const cJSON *a = all ? all->child : NULL; a && !found && depth < DEPTH; a = a->next)
		found = keyword_in(f, a, name, depth + 1);
	return found;
}

static const cJSON *keyword(const former *f, const cJSON *schema, const char *name)
{
	return keyword_in(f, schema, name, 0);
}

static const char *string_of(const former *f, const cJSON *schema, const char *name)
{
	const cJSON *value = keyword(f, schema, name);
	return cJSON_IsString(value) ? value->valuestring : NULL;
}

/* The schema's type; of several the first that is not null. NULL: it says none. */
static const char *type_of(const former *f, const cJSON *schema)
{
	const cJSON *type = keyword(f, schema, "type");
	for (const cJSON *t = cJSON_IsArray(type) ? type->child : NULL; t; t = t->next)
		if (cJSON_IsString(t) && strcmp(t->valuestring, "null") != 0)
			return t->valuestring;
	return cJSON_IsString(type) ? type->valuestring : NULL;
}

static bool is_type(const char *type, const char *name)
{
	return type && strcmp(type, name) == 0;
}

static bool holds(const cJSON *list, const char *text)
{
	for (const cJSON *l = list ? list->child : NULL; l; l = l->next)
		if (cJSON_IsString(l) && strcmp(l->valuestring, text) == 0)
			return true;
	return false;
}

/* What the values of an object have in common that are no named members; NULL: there are none. */
static const cJSON *value_schema(const former *f, const cJSON *schema)
{
	const cJSON *by_pattern = keyword(f, schema, "patternProperties"), *others = keyword(f, schema, "additionalProperties");
	for (const cJSON *p = by_pattern ? by_pattern->child : NULL; p; p = p->next)
		if (strncmp(p->string, "^x-", 3) != 0 && cJSON_IsObject(p))
			return p;
	return cJSON_IsObject(others) && others->child ? others : NULL;
}

/* ---- rules ---- */

/* The rule of a type whose field is the one that is described. */
static const cJSON *rule_of(const former *f, const char *type, bool keys)
{
	const cJSON *rules = cib_json_get(f->root, "x-cib-rules");
	for (const cJSON *r = rules ? rules->child : NULL; r; r = r->next) {
		const char *name = cib_json_string(r, "rule"), *field = cib_json_string(r, "field");
		if (name && field && strcmp(name, type) == 0 && strcmp(field, f->pattern.data) == 0 && cJSON_IsTrue(cib_json_get(r, "keys")) == keys)
			return r;
	}
	return NULL;
}

/* ---- texts and values ---- */

static void add_text(cJSON *out, const char *name, const char *text)
{
	if (text)
		cJSON_AddStringToObject(out, name, text);
}

static void add_copy(cJSON *out, const char *name, const cJSON *value)
{
	if (value)
		cJSON_AddItemToObject(out, name, cJSON_Duplicate(value, true));
}

/* Text that the schema has in languages, else its plain keyword. */
static const char *told(const former *f, const cJSON *schema, const char *in_languages, const char *plain)
{
	const char *text = cib_text_in(keyword(f, schema, in_languages), f->who->lang, "en");
	return text ? text : string_of(f, schema, plain);
}

/* The value of the kind's example at the pattern: of the first item, or member. */
static const cJSON *example_of(const former *f)
{
	const cJSON *examples = cib_json_get(f->root, "examples"), *at = examples ? examples->child : NULL;
	const char *rest = f->pattern.data;
	cib_buf token = CIB_BUF_INIT;
	while (at && cib_json_pointer_next(&rest, &token))
		at = strcmp(token.data, "*") == 0 ? at->child : cib_json_get(at, token.data);
	cib_buf_free(&token);
	return at;
}

static void add_example(const former *f, cJSON *out, const cJSON *schema)
{
	const cJSON *own = keyword(f, schema, "examples"), *value = own && own->child ? own->child : example_of(f);
	if (cJSON_IsObject(value) && cib_field_is_text(schema)) {
		const cJSON *text = cib_json_get(value, f->who->lang);
		value = text ? text : value->child;
	}
	if (cJSON_IsString(value) || cJSON_IsNumber(value))
		add_copy(out, "example", value);
}

/* ---- strings ---- */

bool cib_pattern_takes(const char *pattern, const char *const *good, const char *const *bad)
{
	cJSON *schema = cJSON_CreateObject();
	cib_schema *compiled = NULL;
	cJSON_AddStringToObject(schema, "pattern", pattern);
	bool yes = cib_schema_compile(&compiled, schema, NULL, NULL) == CIB_OK;
	for (int turn = 0; turn < 2; turn++)
		for (const char *const *text = turn ? bad : good; *text && yes; text++) {
			cJSON *value = cJSON_CreateString(*text);
			yes = cib_schema_accepts(compiled, value) != (turn == 1);
			cJSON_Delete(value);
		}
	cib_schema_free(compiled);
	cJSON_Delete(schema);
	return yes;
}

/* A date, by its format or by what its pattern takes. */
static bool add_date(cJSON *out, const char *pattern, const char *format)
{
	static const char *const none[] = {NULL}, *const other[] = {"x", "1", "12", "en", "2024-13", "2024-05-32", NULL};
	static const char *const samples[][2] = {{"2024", NULL}, {"2024-05", NULL}, {"2024-05-17", NULL}, {"2024-05-17T09:30", NULL}};
	static const char *const names[] = {"year", "month", "day", "minute"};
	bool by_format = format && strcmp(format, "date") == 0;
	if (!by_format && (!pattern || !cib_pattern_takes(pattern, samples[2], other)))
		return false;
	cJSON *precision = cJSON_AddArrayToObject(out, "precision");
	for (size_t i = 0; i < 4; i++)
		if (by_format ? i == 2 : cib_pattern_takes(pattern, samples[i], none))
			cJSON_AddItemToArray(precision, cJSON_CreateString(names[i]));
	cJSON_AddStringToObject(out, "widget", "date");
	return true;
}

static void add_string(const former *f, cJSON *out, const cJSON *schema)
{
	static const char *const numbers[] = {"1", "12.5", NULL}, *const words[] = {"x", "1x", "en", "1.2.3", NULL};
	static const char *const shares[] = {"0", "100", NULL}, *const beyond[] = {"-1", "101", NULL};
	const char *pattern = string_of(f, schema, "pattern"), *format = string_of(f, schema, "format");
	const cJSON *longest = keyword(f, schema, "maxLength");
	if (add_date(out, pattern, format))
		return;
	cJSON_AddStringToObject(out, "widget", "text");
	add_copy(out, "maxLength", longest);
	add_text(out, "format", format);
	if (pattern && cib_pattern_takes(pattern, numbers, words))
		cJSON_AddTrueToObject(out, "decimal");
	if (pattern && cib_pattern_takes(pattern, shares, beyond))
		cJSON_AddTrueToObject(out, "percent");
	if (!pattern && !format && cJSON_IsNumber(longest) && longest->valuedouble >= LONG_TEXT)
		cJSON_AddTrueToObject(out, "long");
}

static void add_words(const former *f, cJSON *out)
{
	const cJSON *rule = rule_of(f, "words", false);
	if (!rule)
		return;
	const char *severity = cib_json_string(rule, "severity");
	cJSON *words = cJSON_AddObjectToObject(out, "words");
	add_copy(words, "max", cib_json_get(rule, "max"));
	cJSON_AddStringToObject(words, "severity", severity ? severity : "error");
	cib_json_set(out, "long", cJSON_CreateTrue());
}

/* ---- choices ---- */

static void add_option(cJSON *options, const cJSON *value, const char *name)
{
	cJSON *row = cJSON_CreateObject();
	add_copy(row, "value", value);
	cJSON_AddStringToObject(row, "name", name);
	cJSON_AddItemToArray(options, row);
}

/* The values of an enum, by the names of its list of codes. */
static void add_enum(const former *f, cJSON *out, const cJSON *schema, const cJSON *values)
{
	const char *list = string_of(f, schema, "x-cib-codelist");
	const cJSON *reserved = f->who->member ? cib_json_get(keyword(f, schema, "x-cib-writer-values"), "secretariat") : NULL;
	cJSON_AddStringToObject(out, "widget", "choice");
	cJSON *options = cJSON_AddArrayToObject(out, "options");
	for (const cJSON *v = values->child; v; v = v->next) {
		char scratch[40];
		const char *text = cJSON_IsString(v) ? v->valuestring : cJSON_IsNumber(v) ? cib_json_number_text(v, scratch)
		                                                : cJSON_IsTrue(v)         ? "true"
		                                                : cJSON_IsFalse(v)        ? "false"
		                                                                          : "null";
		add_option(options, v, list ? cib_network_code_name(f->who->net, list, text, f->who->lang) : text);
		if (cJSON_IsString(v) && holds(reserved, v->valuestring))
			cJSON_AddTrueToObject(cJSON_GetArrayItem(options, cJSON_GetArraySize(options) - 1), "reserved");
	}
}

/* A field of codes: a choice where the list is short and all there is. */
static void add_code(const former *f, cJSON *out, const cJSON *lists)
{
	const cib_codelist *only = cJSON_IsString(lists) ? cib_network_codelist(f->who->net, lists->valuestring) : NULL;
	if (only && cib_codelist_complete(only) && cib_codelist_count(only) <= FEW_CODES) {
		cJSON_AddStringToObject(out, "widget", "choice");
		cJSON *options = cJSON_AddArrayToObject(out, "options");
		for (size_t i = 0; i < cib_codelist_count(only); i++) {
			const cib_code *c = cib_codelist_at(only, i);
			cJSON *value = cJSON_CreateString(c->code);
			if (!c->withdrawn)
				add_option(options, value, cib_code_name(c, f->who->lang, false));
			cJSON_Delete(value);
		}
		return;
	}
	cJSON_AddStringToObject(out, "widget", "code");
	if (cJSON_IsObject(lists)) {
		add_copy(out, "by", lists);
		return;
	}
	cJSON *names = cJSON_AddArrayToObject(out, "lists");
	if (cJSON_IsString(lists))
		cJSON_AddItemToArray(names, cJSON_CreateString(lists->valuestring));
	for (const cJSON *l = cJSON_IsArray(lists) ? lists->child : NULL; l; l = l->next)
		cJSON_AddItemToArray(names, cJSON_Duplicate(l, false));
}

static void add_among(const former *f, cJSON *out)
{
	cJSON_AddStringToObject(out, "widget", "among");
	cJSON_AddStringToObject(out, "pattern", f->pattern.data);
}

/* ---- objects, lists, maps ---- */

static cJSON *describe(former *f, const char *token, const char *name, const cJSON *schema, int depth);

static bool is_envelope(const former *f, const char *name)
{
	static const char *const names[] = {"kind", "id", "schema", "owner"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!*f->pattern.data && strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* What the kind proposes at the place of the pattern (x-cib-template). */
static const cJSON *proposed_at(const former *f)
{
	const cJSON *at = cib_json_get(f->root, "x-cib-template");
	const char *rest = f->pattern.data;
	cib_buf token = CIB_BUF_INIT;
	while (at && cib_json_pointer_next(&rest, &token))
		at = strcmp(token.data, "*") == 0 ? at->child : cib_json_get(at, token.data);
	cib_buf_free(&token);
	return at;
}

static void add_field(former *f, cJSON *fields, const cJSON *schema, const char *level, int depth)
{
	for (const cJSON *there = fields->child; there; there = there->next)
		if (strcmp(cib_json_string(there, "name"), schema->string) == 0)
			return;
	if (is_envelope(f, schema->string) || strncmp(schema->string, "x-", 2) == 0)
		return;
	cJSON *field = describe(f, schema->string, schema->string, schema, depth + 1);
	cJSON_AddStringToObject(field, "level", level);
	cJSON_AddItemToArray(fields, field);
}

static void add_named(former *f, cJSON *fields, const cJSON *schema, const char *name, const char *level, int depth)
{
	const cJSON *field = cib_json_get(keyword(f, schema, "properties"), name), *all = cib_json_get(schema, "allOf");
	for (const cJSON *a = all ? all->child : NULL; a && !field; a = a->next)
		field = cib_json_get(keyword(f, a, "properties"), name);
	if (field)
		add_field(f, fields, field, level, depth);
}

static void add_rest(former *f, cJSON *fields, const cJSON *schema, int depth)
{
	const cJSON *properties = cib_json_get(schema, "properties"), *all = cib_json_get(schema, "allOf"), *other = referred(f, schema);
	for (const cJSON *p = properties ? properties->child : NULL; p; p = p->next)
		add_field(f, fields, p, "more", depth);
	if (other && depth < DEPTH)
		add_rest(f, fields, other, depth + 1);
	for (const cJSON *a = all ? all->child : NULL; a && depth < DEPTH; a = a->next)
		add_rest(f, fields, a, depth + 1);
}

static cJSON *field_at(const former *f, cJSON *fields, const char *pointer)
{
	size_t len = f->pattern.len;
	if (!pointer || strncmp(pointer, f->pattern.data, len) != 0 || pointer[len] != '/')
		return NULL;
	for (cJSON *field = fields->child; field; field = field->next)
		if (strcmp(cib_json_string(field, "name"), pointer + len + 1) == 0)
			return field;
	return NULL;
}

/* A schema is written in the order of the alphabet, a start comes before its end: by the rules of the type "order". */
static void put_starts_first(const former *f, cJSON *fields)
{
	const cJSON *rules = cib_json_get(f->root, "x-cib-rules");
	for (const cJSON *r = rules ? rules->child : NULL; r; r = r->next) {
		cJSON *first = field_at(f, fields, cib_json_string(r, "first")), *second = field_at(f, fields, cib_json_string(r, "second"));
		const cJSON *behind = second;
		while (behind && behind != first)
			behind = behind->next;
		if (!first || !behind)
			continue;
		cJSON *tail = cJSON_CreateArray(); /* cJSON 1.7.15 cannot insert an item that was detached */
		cJSON_AddItemToArray(tail, cJSON_DetachItemViaPointer(fields, first));
		for (cJSON *c = second, *next; c; c = next) {
			next = c->next;
			cJSON_AddItemToArray(tail, cJSON_DetachItemViaPointer(fields, c));
		}
		while (tail->child)
			cJSON_AddItemToArray(fields, cJSON_DetachItemViaPointer(tail, tail->child));
		cJSON_Delete(tail);
	}
}

static void add_fields(former *f, cJSON *out, const cJSON *schema, int depth)
{
	cJSON *fields = cJSON_AddArrayToObject(out, "fields");
	const cJSON *required = keyword(f, schema, "required"), *recommended = keyword(f, schema, "x-cib-recommended"), *proposed = proposed_at(f);
	for (const cJSON *r = required ? required->child : NULL; r; r = r->next)
		if (cJSON_IsString(r))
			add_named(f, fields, schema, r->valuestring, "required", depth);
	for (const cJSON *p = cJSON_IsObject(proposed) ? proposed->child : NULL; p; p = p->next)
		add_named(f, fields, schema, p->string, "proposed", depth);
	for (const cJSON *r = recommended ? recommended->child : NULL; r; r = r->next)
		if (cJSON_IsString(r))
			add_named(f, fields, schema, r->valuestring, "proposed", depth);
	add_rest(f, fields, schema, depth);
	put_starts_first(f, fields);
	add_copy(out, "groups", keyword(f, schema, "x-merge-groups"));
}

static void add_list(former *f, cJSON *out, const cJSON *schema, int depth)
{
	const char *merge = string_of(f, schema, "x-merge");
	const cJSON *codes = cib_json_get(schema, "x-cib-codelist");
	cJSON_AddStringToObject(out, "widget", "list");
	cJSON *item = describe(f, "*", "", keyword(f, schema, "items"), depth + 1);
	if (codes && strcmp(cib_json_string(item, "widget"), "text") == 0) {
		cJSON_DeleteItemFromObjectCaseSensitive(item, "widget");
		add_code(f, item, codes);
	}
	cJSON_AddItemToObject(out, "item", item);
	if (merge && strncmp(merge, "keyed:", 6) == 0)
		cJSON_AddStringToObject(out, "key", merge + 6);
	if ((merge && strcmp(merge, "set") == 0) || cJSON_IsTrue(keyword(f, schema, "uniqueItems")))
		cJSON_AddTrueToObject(out, "set");
	add_copy(out, "minItems", keyword(f, schema, "minItems"));
	add_copy(out, "maxItems", keyword(f, schema, "maxItems"));
}

/* An object whose names are data: markers by code, answers by question. */
static void add_map(former *f, cJSON *out, const cJSON *schema, const cJSON *value, int depth)
{
	const cJSON *codes = keyword(f, schema, "x-cib-codelist"), *named = keyword(f, schema, "properties");
	cJSON *keys = cJSON_AddObjectToObject(out, "keys"), *special = NULL;
	if (rule_of(f, "among", true))
		add_among(f, keys);
	else if (codes)
		add_code(f, keys, codes);
	else
		cJSON_AddStringToObject(keys, "widget", "text");
	cJSON_AddStringToObject(out, "widget", "map");
	cJSON_AddItemToObject(out, "item", describe(f, "*", "", value, depth + 1));
	for (const cJSON *p = named ? named->child : NULL; p; p = p->next) {
		special = special ? special : cJSON_AddObjectToObject(out, "special");
		cJSON_AddItemToObject(special, p->string, describe(f, p->string, p->string, p, depth + 1));
	}
}

/* ---- one field ---- */

static void add_number(const former *f, cJSON *out, const cJSON *schema, const char *type)
{
	cJSON_AddStringToObject(out, "widget", "number");
	if (is_type(type, "integer"))
		cJSON_AddTrueToObject(out, "integer");
	add_copy(out, "minimum", keyword(f, schema, "minimum"));
	add_copy(out, "maximum", keyword(f, schema, "maximum"));
}

static void add_reference(cJSON *out, const cJSON *rule)
{
	const char *kind = cib_json_string(rule, "kind");
	cJSON_AddStringToObject(out, "widget", "reference");
	cJSON_AddStringToObject(out, "kind", kind ? kind : "");
	add_copy(out, "except", cib_json_get(rule, "except"));
}

/* Are two of the members a point: lat and lon in decimal degrees, as all of cib calls them? */
static bool has_point(cJSON *fields)
{
	static const char *const names[] = {"lat", "lon"};
	size_t found = 0;
	for (const cJSON *c = fields ? fields->child : NULL; c; c = c->next)
		for (size_t i = 0; i < 2; i++)
			if (strcmp(cib_json_string(c, "name"), names[i]) == 0)
				found += strcmp(cib_json_string(c, "widget"), "number") == 0 || cib_json_get(c, "decimal");
	return found == 2;
}

static void add_object(former *f, cJSON *out, const cJSON *schema, int depth)
{
	const cJSON *value = value_schema(f, schema), *named = keyword(f, schema, "properties");
	if (value) {
		add_map(f, out, schema, value, depth);
	} else if (named && depth < DEPTH) {
		cJSON_AddStringToObject(out, "widget", "object");
		add_fields(f, out, schema, depth);
		if (has_point(cib_json_get(out, "fields")))
			cJSON_AddTrueToObject(out, "point");
	} else {
		cJSON_AddStringToObject(out, "widget", "json");
	}
}

static void add_widget(former *f, cJSON *out, const cJSON *schema, int depth)
{
	const char *type = type_of(f, schema);
	const cJSON *codes = keyword(f, schema, "x-cib-codelist"), *values = keyword(f, schema, "enum"), *items = keyword(f, schema, "items");
	const cJSON *reference = rule_of(f, "reference", false), *value = NULL;
	bool inside = is_type(type, "array") || is_type(type, "object");
	if (cib_field_is_text(schema)) {
		value = value_schema(f, schema);
		add_string(f, out, value);
		cib_json_set(out, "widget", cJSON_CreateString("texts"));
	} else if (!inside && rule_of(f, "among", false)) {
		add_among(f, out);
		if (is_type(type, "integer") || is_type(type, "number"))
			cJSON_AddTrueToObject(out, "integer");
	} else if (!inside && reference) {
		add_reference(out, reference);
	} else if (values && values->child) {
		add_enum(f, out, schema, values);
	} else if (is_type(type, "string") && codes) {
		add_code(f, out, codes);
	} else if (is_type(type, "string")) {
		add_string(f, out, schema);
	} else if (is_type(type, "integer") || is_type(type, "number")) {
		add_number(f, out, schema, type);
	} else if (is_type(type, "boolean")) {
		cJSON_AddStringToObject(out, "widget", "boolean");
	} else if (is_type(type, "array") && cJSON_IsObject(items) && depth < DEPTH) {
		add_list(f, out, schema, depth);
	} else if (is_type(type, "object")) {
		add_object(f, out, schema, depth);
	} else {
		cJSON_AddStringToObject(out, "widget", "json");
	}
}

static cJSON *describe(former *f, const char *token, const char *name, const cJSON *schema, int depth)
{
	cJSON *out = cJSON_CreateObject();
	size_t len = f->pattern.len;
	const char *writer = string_of(f, schema, "x-cib-writer");
	cib_json_pointer_add(&f->pattern, token);
	cJSON_AddStringToObject(out, "name", name);
	add_text(out, "title", told(f, schema, "x-cib-title", "title"));
	add_text(out, "help", told(f, schema, "x-cib-description", "description"));
	bool reserved = f->who->member && writer && strcmp(writer, "secretariat") == 0;
	if (reserved || keyword(f, schema, "const"))
		cJSON_AddTrueToObject(out, "readOnly");
	if (reserved)
		cJSON_AddTrueToObject(out, "reserved");
	add_widget(f, out, schema, depth);
	add_words(f, out);
	add_example(f, out, schema);
	f->pattern.len = len;
	f->pattern.data[len] = '\0';
	return out;
}

/* ---- the whole ---- */

static void add_sums(const former *f, cJSON *out)
{
	const cJSON *rules = cib_json_get(f->root, "x-cib-rules");
	cJSON *sums = cJSON_AddArrayToObject(out, "sums");
	for (const cJSON *r = rules ? rules->child : NULL; r; r = r->next) {
		const char *type = cib_json_string(r, "rule");
		if (!type || strcmp(type, "sum") != 0)
			continue;
		static const char *const names[] = {"of", "field", "equals", "by", "byDefault", "byLength"};
		cJSON *sum = cJSON_CreateObject();
		for (size_t i = 0; i < sizeof names / sizeof *names; i++)
			add_copy(sum, names[i], cib_json_get(r, names[i]));
		cJSON_AddItemToArray(sums, sum);
	}
}

cJSON *cib_form_make(const cib_form_for *who)
{
	former f = {.who = who, .root = who->kind->schema};
	cJSON *out = cJSON_CreateObject();
	cib_buf_reserve(&f.pattern, 64);
	f.pattern.data[0] = '\0';
	cJSON_AddStringToObject(out, "kind", who->kind->name);
	cJSON_AddStringToObject(out, "title", cib_kind_title(who->kind, who->lang));
	add_text(out, "description", told(&f, f.root, "x-cib-description", "description"));
	add_fields(&f, out, f.root, 0);
	add_sums(&f, out);
	cib_buf_free(&f.pattern);
	return out;
}
