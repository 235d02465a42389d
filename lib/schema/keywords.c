/* The keywords of each draft as one table: what they do, what their value looks like, to which vocabulary they belong.
 * The check of a value says the same as the meta-schema of the draft, in better words and in less time. */
#include "schema/private.h"

#include <stdio.h>
#include <string.h>

#define D4   CIB_DRAFT_4
#define D6   CIB_DRAFT_6
#define D7   CIB_DRAFT_7
#define D19  CIB_DRAFT_2019
#define D20  CIB_DRAFT_2020
#define CORE CIB_VOCAB_CORE
#define APPL CIB_VOCAB_APPLICATOR
#define UNEV CIB_VOCAB_UNEVALUATED
#define VALI CIB_VOCAB_VALIDATION
#define META CIB_VOCAB_META_DATA
#define FORM (CIB_VOCAB_FORMAT_ANNOTATION | CIB_VOCAB_FORMAT_ASSERTION)
#define CONT CIB_VOCAB_CONTENT

/* Sorted by name (strcmp); one name may stand twice, with other drafts. */
static const cib_keyword keywords[] = {
	{"$anchor", CIB_KW_NONE, CIB_FORM_ANCHOR, CORE, D19, D20},
	{"$comment", CIB_KW_NONE, CIB_FORM_STRING, CORE, D7, D20},
	{"$defs", CIB_KW_NONE, CIB_FORM_SCHEMA_MAP, CORE, D19, D20},
	{"$dynamicAnchor", CIB_KW_NONE, CIB_FORM_ANCHOR, CORE, D20, D20},
	{"$dynamicRef", CIB_KW_DYNAMIC_REF, CIB_FORM_URI, CORE, D20, D20},
	{"$id", CIB_KW_NONE, CIB_FORM_URI, CORE, D6, D7},
	{"$id", CIB_KW_NONE, CIB_FORM_ID, CORE, D19, D20},
	{"$recursiveAnchor", CIB_KW_NONE, CIB_FORM_BOOL, CORE, D19, D19},
	{"$recursiveRef", CIB_KW_RECURSIVE_REF, CIB_FORM_URI, CORE, D19, D19},
	{"$ref", CIB_KW_REF, CIB_FORM_URI, CORE, D4, D20},
	{"$schema", CIB_KW_NONE, CIB_FORM_URI, CORE, D4, D20},
	{"$vocabulary", CIB_KW_NONE, CIB_FORM_BOOL_MAP, CORE, D19, D20},
	{"additionalItems", CIB_KW_ADDITIONAL_ITEMS, CIB_FORM_SCHEMA, APPL, D4, D19},
	{"additionalProperties", CIB_KW_ADDITIONAL_PROPERTIES, CIB_FORM_SCHEMA, APPL, D4, D20},
	{"allOf", CIB_KW_ALL_OF, CIB_FORM_SCHEMAS, APPL, D4, D20},
	{"anyOf", CIB_KW_ANY_OF, CIB_FORM_SCHEMAS, APPL, D4, D20},
	{"const", CIB_KW_CONST, CIB_FORM_ANY, VALI, D6, D20},
	{"contains", CIB_KW_CONTAINS, CIB_FORM_SCHEMA, APPL, D6, D20},
	{"contentEncoding", CIB_KW_NONE, CIB_FORM_STRING, CONT, D7, D20},
	{"contentMediaType", CIB_KW_NONE, CIB_FORM_STRING, CONT, D7, D20},
	{"contentSchema", CIB_KW_NONE, CIB_FORM_SCHEMA, CONT, D19, D20},
	{"definitions", CIB_KW_NONE, CIB_FORM_SCHEMA_MAP, CORE, D4, D20},
	{"dependencies", CIB_KW_DEPENDENCIES, CIB_FORM_DEPENDENCIES, APPL, D4, D20},
	{"dependentRequired", CIB_KW_DEPENDENT_REQUIRED, CIB_FORM_NAMES_MAP, VALI, D19, D20},
	{"dependentSchemas", CIB_KW_DEPENDENT_SCHEMAS, CIB_FORM_SCHEMA_MAP, APPL, D19, D20},
	{"deprecated", CIB_KW_NONE, CIB_FORM_BOOL, META, D19, D20},
	{"description", CIB_KW_NONE, CIB_FORM_STRING, META, D4, D20},
	{"else", CIB_KW_ELSE, CIB_FORM_SCHEMA, APPL, D7, D20},
	{"enum", CIB_KW_ENUM, CIB_FORM_ARRAY, VALI, D4, D20},
	{"examples", CIB_KW_NONE, CIB_FORM_ARRAY, META, D6, D20},
	{"exclusiveMaximum", CIB_KW_EXCLUSIVE_MAXIMUM, CIB_FORM_BOOL, VALI, D4, D4},
	{"exclusiveMaximum", CIB_KW_EXCLUSIVE_MAXIMUM, CIB_FORM_NUMBER, VALI, D6, D20},
	{"exclusiveMinimum", CIB_KW_EXCLUSIVE_MINIMUM, CIB_FORM_BOOL, VALI, D4, D4},
	{"exclusiveMinimum", CIB_KW_EXCLUSIVE_MINIMUM, CIB_FORM_NUMBER, VALI, D6, D20},
	{"format", CIB_KW_FORMAT, CIB_FORM_STRING, FORM, D4, D20},
	{"id", CIB_KW_NONE, CIB_FORM_URI, CORE, D4, D4},
	{"if", CIB_KW_IF, CIB_FORM_SCHEMA, APPL, D7, D20},
	{"items", CIB_KW_ITEMS, CIB_FORM_SCHEMA_OR_LIST, APPL, D4, D19},
	{"items", CIB_KW_ITEMS, CIB_FORM_SCHEMA, APPL, D20, D20},
	{"maxContains", CIB_KW_MAX_CONTAINS, CIB_FORM_COUNT, VALI, D19, D20},
	{"maxItems", CIB_KW_MAX_ITEMS, CIB_FORM_COUNT, VALI, D4, D20},
	{"maxLength", CIB_KW_MAX_LENGTH, CIB_FORM_COUNT, VALI, D4, D20},
	{"maxProperties", CIB_KW_MAX_PROPERTIES, CIB_FORM_COUNT, VALI, D4, D20},
	{"maximum", CIB_KW_MAXIMUM, CIB_FORM_NUMBER, VALI, D4, D20},
	{"minContains", CIB_KW_MIN_CONTAINS, CIB_FORM_COUNT, VALI, D19, D20},
	{"minItems", CIB_KW_MIN_ITEMS, CIB_FORM_COUNT, VALI, D4, D20},
	{"minLength", CIB_KW_MIN_LENGTH, CIB_FORM_COUNT, VALI, D4, D20},
	{"minProperties", CIB_KW_MIN_PROPERTIES, CIB_FORM_COUNT, VALI, D4, D20},
	{"minimum", CIB_KW_MINIMUM, CIB_FORM_NUMBER, VALI, D4, D20},
	{"multipleOf", CIB_KW_MULTIPLE_OF, CIB_FORM_POSITIVE, VALI, D4, D20},
	{"not", CIB_KW_NOT, CIB_FORM_SCHEMA, APPL, D4, D20},
	{"oneOf", CIB_KW_ONE_OF, CIB_FORM_SCHEMAS, APPL, D4, D20},
	{"pattern", CIB_KW_PATTERN, CIB_FORM_PATTERN, VALI, D4, D20},
	{"patternProperties", CIB_KW_PATTERN_PROPERTIES, CIB_FORM_PATTERN_MAP, APPL, D4, D20},
	{"prefixItems", CIB_KW_PREFIX_ITEMS, CIB_FORM_SCHEMAS, APPL, D20, D20},
	{"properties", CIB_KW_PROPERTIES, CIB_FORM_SCHEMA_MAP, APPL, D4, D20},
	{"propertyNames", CIB_KW_PROPERTY_NAMES, CIB_FORM_SCHEMA, APPL, D6, D20},
	{"readOnly", CIB_KW_NONE, CIB_FORM_BOOL, META, D7, D20},
	{"required", CIB_KW_REQUIRED, CIB_FORM_NAMES, VALI, D4, D20},
	{"then", CIB_KW_THEN, CIB_FORM_SCHEMA, APPL, D7, D20},
	{"title", CIB_KW_NONE, CIB_FORM_STRING, META, D4, D20},
	{"type", CIB_KW_TYPE, CIB_FORM_TYPE, VALI, D4, D20},
	{"unevaluatedItems", CIB_KW_UNEVALUATED_ITEMS, CIB_FORM_SCHEMA, UNEV, D19, D20},
	{"unevaluatedProperties", CIB_KW_UNEVALUATED_PROPERTIES, CIB_FORM_SCHEMA, UNEV, D19, D20},
	{"uniqueItems", CIB_KW_UNIQUE_ITEMS, CIB_FORM_BOOL, VALI, D4, D20},
	{"writeOnly", CIB_KW_NONE, CIB_FORM_BOOL, META, D7, D20},
};

/* Older drafts have no vocabularies: everything is there. format is an annotation unless the caller asserts it. */
const cib_dialect cib_dialects[CIB_DRAFT_2020 + 1] = {
	{D4, CIB_VOCAB_ALL & ~CIB_VOCAB_FORMAT_ASSERTION},
	{D6, CIB_VOCAB_ALL & ~CIB_VOCAB_FORMAT_ASSERTION},
	{D7, CIB_VOCAB_ALL & ~CIB_VOCAB_FORMAT_ASSERTION},
	{D19, CIB_VOCAB_ALL & ~CIB_VOCAB_FORMAT_ASSERTION},
	{D20, CIB_VOCAB_ALL & ~CIB_VOCAB_FORMAT_ASSERTION},
};

const cib_dialect *cib_dialect_find(const char *uri)
{
	static const struct {
		const char *uri;
		cib_draft draft;
	} drafts[] = {
		{"https://json-schema.org/draft/2020-12/schema", D20},
		{"https://json-schema.org/draft/2019-09/schema", D19},
		{"http://json-schema.org/draft-07/schema", D7},
		{"http://json-schema.org/draft-06/schema", D6},
		{"http://json-schema.org/draft-04/schema", D4},
	};
	size_t len = strlen(uri);
	if (len && uri[len - 1] == '#')
		len--;
	for (size_t i = 0; i < sizeof drafts / sizeof *drafts; i++)
		if (strlen(drafts[i].uri) == len && memcmp(drafts[i].uri, uri, len) == 0)
			return &cib_dialects[drafts[i].draft];
	return NULL;
}

unsigned cib_vocabulary_find(const char *uri)
{
	static const char prefix[] = "https://json-schema.org/draft/20", *const names[] = {"core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "format-assertion", "content"};
	if (strncmp(uri, prefix, sizeof prefix - 1) != 0)
		return 0;
	uri += sizeof prefix - 1;
	bool older = strncmp(uri, "19-09/vocab/", 12) == 0;
	if (!older && strncmp(uri, "20-12/vocab/", 12) != 0)
		return 0;
	uri += 12;
	if (older && strcmp(uri, "format") == 0)
		return CIB_VOCAB_FORMAT_ANNOTATION;
	if (older && strcmp(uri, "applicator") == 0)
		return CIB_VOCAB_APPLICATOR | CIB_VOCAB_UNEVALUATED;
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(uri, names[i]) == 0)
			return 1u << i;
	return 0;
}

const char *cib_id_keyword(const cib_dialect *dialect)
{
	return dialect->draft == D4 ? "id" : "$id";
}

const cib_keyword *cib_keyword_find(const cib_dialect *dialect, const char *name)
{
	size_t low = 0, high = sizeof keywords / sizeof *keywords;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = strcmp(keywords[mid].name, name);
		if (order == 0) {
			const cib_keyword *k = &keywords[mid];
			if (k->to < dialect->draft && mid + 1 < sizeof keywords / sizeof *keywords && strcmp(k[1].name, name) == 0)
				k++;
			else if (k->from > dialect->draft && mid > 0 && strcmp(k[-1].name, name) == 0)
				k--;
			bool has = k->from <= dialect->draft && dialect->draft <= k->to && (k->vocabulary & dialect->vocabularies);
			return has ? k : NULL;
		}
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* ---- the form of values ---- */

static bool is_schema(const cJSON *v)
{
	return cJSON_IsObject(v) || cJSON_IsBool(v);
}

static const char *kind_of(const cJSON *v)
{
	return cJSON_IsObject(v) ? "an object" : cJSON_IsArray(v) ? "an array"
	                                 : cJSON_IsString(v)      ? "a string"
	                                 : cJSON_IsNumber(v)      ? "a number"
	                                 : cJSON_IsNull(v)        ? "null"
	                                                          : "true or false";
}

static int wrong(cib_error *err, const char *keyword, const cJSON *found, const char *wanted)
{
	return cib_error_set(err, CIB_FINDINGS, "schema.keyword", "\"%s\" must be %s, not %s", keyword, wanted, kind_of(found));
}

static int at_member(cib_error *err, const char *token, size_t index, int status)
{
	if (err && status != CIB_OK) {
		cib_buf p = CIB_BUF_INIT;
		if (token)
			cib_json_pointer_add(&p, token);
		else
			cib_json_pointer_add_index(&p, index);
		snprintf(err->pointer, sizeof err->pointer, "%s", p.data);
		cib_buf_free(&p);
	}
	return status;
}

static int check_schemas(const cib_keyword *k, const cJSON *v, cib_error *err)
{
	size_t i = 0;
	if (!cJSON_IsArray(v))
		return wrong(err, k->name, v, "an array of schemas");
	if (!v->child)
		return cib_error_set(err, CIB_FINDINGS, "schema.keyword", "\"%s\" must not be empty", k->name);
	for (const cJSON *c = v->child; c; c = c->next, i++)
		if (!is_schema(c))
			return at_member(err, NULL, i, wrong(err, k->name, c, "an array of schemas"));
	return CIB_OK;
}

static int check_names(const char *keyword, const cJSON *v, cib_error *err)
{
	size_t i = 0;
	cib_map seen = {0};
	int status = cJSON_IsArray(v) ? CIB_OK : wrong(err, keyword, v, "an array of names");
	for (const cJSON *c = status == CIB_OK ? v->child : NULL; c && status == CIB_OK; c = c->next, i++) {
		if (!cJSON_IsString(c))
			status = at_member(err, NULL, i, wrong(err, keyword, c, "an array of names"));
		else if (!cib_map_put(&seen, c->valuestring, strlen(c->valuestring) + 1, &seen))
			status = at_member(err, NULL, i, cib_error_set(err, CIB_FINDINGS, "schema.keyword", "\"%.60s\" stands twice in \"%s\"", c->valuestring, keyword));
	}
	cib_map_free(&seen);
	return status;
}

static int check_map(const cib_keyword *k, const cJSON *v, cib_error *err)
{
	if (!cJSON_IsObject(v))
		return wrong(err, k->name, v, "an object");
	for (const cJSON *c = v->child; c; c = c->next) {
		int status = CIB_OK;
		if (k->form == CIB_FORM_NAMES_MAP || (k->form == CIB_FORM_DEPENDENCIES && cJSON_IsArray(c)))
			status = check_names(k->name, c, err);
		else if (k->form == CIB_FORM_BOOL_MAP && !cJSON_IsBool(c))
			status = wrong(err, c->string, c, "true or false");
		else if (k->form != CIB_FORM_BOOL_MAP && !is_schema(c))
			status = wrong(err, c->string, c, k->form == CIB_FORM_DEPENDENCIES ? "a schema or an array of names" : "a schema");
		if (status != CIB_OK)
			return at_member(err, c->string, 0, status);
	}
	return CIB_OK;
}

static const char *const type_names[] = {"array", "boolean", "integer", "null", "number", "object", "string"};

static bool is_type(const cJSON *v)
{
	for (size_t i = 0; cJSON_IsString(v) && i < sizeof type_names / sizeof *type_names; i++)
		if (strcmp(v->valuestring, type_names[i]) == 0)
			return true;
	return false;
}

static int wrong_type(cib_error *err, const cJSON *v)
{
	if (!cJSON_IsString(v))
		return wrong(err, "type", v, "the name of a type");
	const char *near = cib_nearest(v->valuestring, type_names, sizeof type_names / sizeof *type_names);
	int status = cib_error_set(err, CIB_FINDINGS, "schema.keyword", "there is no type \"%.60s\"", v->valuestring);
	if (near)
		cib_error_hint(err, "did you mean \"%s\"?", near);
	return status;
}

static int check_type(const cJSON *v, cib_error *err)
{
	size_t i = 0;
	if (!cJSON_IsArray(v))
		return is_type(v) ? CIB_OK : wrong_type(err, v);
	if (!v->child)
		return cib_error_set(err, CIB_FINDINGS, "schema.keyword", "\"type\" must not be empty");
	for (const cJSON *c = v->child; c; c = c->next, i++) {
		if (!is_type(c))
			return at_member(err, NULL, i, wrong_type(err, c));
		for (const cJSON *d = v->child; d != c; d = d->next)
			if (strcmp(c->valuestring, d->valuestring) == 0)
				return at_member(err, NULL, i, cib_error_set(err, CIB_FINDINGS, "schema.keyword", "\"%s\" stands twice in \"type\"", c->valuestring));
	}
	return CIB_OK;
}

static bool is_anchor(const char *s)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
	size_t n = strspn(s, letters);
	while (n && s[n] && (strchr(letters, s[n]) || strchr("-.0123456789", s[n])))
		n++;
	return n && !s[n];
}

static int check_number(const cib_keyword *k, const cJSON *v, cib_error *err)
{
	char scratch[40];
	size_t count;
	if (!cJSON_IsNumber(v))
		return wrong(err, k->name, v, "a number");
	const char *text = cib_json_number_text(v, scratch);
	if (k->form == CIB_FORM_POSITIVE && cib_json_number_compare(text, "0") <= 0)
		return cib_error_set(err, CIB_FINDINGS, "schema.keyword", "\"%s\" must be more than 0, not %.60s", k->name, text);
	if (k->form == CIB_FORM_COUNT && !cib_decimal_count(text, &count))
		return cib_error_set(err, CIB_FINDINGS, "schema.keyword", "\"%s\" must be a whole number from 0 upward, not %.60s", k->name, text);
	return CIB_OK;
}

int cib_keyword_check(const cib_keyword *k, const cJSON *v, cib_error *err)
{
	switch (k->form) {
	case CIB_FORM_ANY:
		return CIB_OK;
	case CIB_FORM_SCHEMA:
		return is_schema(v) ? CIB_OK : wrong(err, k->name, v, "a schema");
	case CIB_FORM_SCHEMAS:
		return check_schemas(k, v, err);
	case CIB_FORM_SCHEMA_OR_LIST:
		return is_schema(v) || (cJSON_IsArray(v) && !v->child) ? CIB_OK : check_schemas(k, v, err);
	case CIB_FORM_SCHEMA_MAP:
	case CIB_FORM_PATTERN_MAP:
	case CIB_FORM_DEPENDENCIES:
	case CIB_FORM_NAMES_MAP:
	case CIB_FORM_BOOL_MAP:
		return check_map(k, v, err);
	case CIB_FORM_STRING:
	case CIB_FORM_URI:
	case CIB_FORM_PATTERN:
		return cJSON_IsString(v) ? CIB_OK : wrong(err, k->name, v, "a string");
	case CIB_FORM_ID:
		if (!cJSON_IsString(v))
			return wrong(err, k->name, v, "a string");
		return !strchr(v->valuestring, '#') || strchr(v->valuestring, '#')[1] == '\0' ? CIB_OK : cib_error_set(err, CIB_FINDINGS, "schema.keyword", "\"$id\" names a whole schema and has no fragment: \"%.200s\"; a place within it gets an \"$anchor\"", v->valuestring);
	case CIB_FORM_ANCHOR:
		if (!cJSON_IsString(v))
			return wrong(err, k->name, v, "a string");
		return is_anchor(v->valuestring) ? CIB_OK : cib_error_set(err, CIB_FINDINGS, "schema.keyword", "\"%.60s\" is no name for an anchor: letters, digits, '-', '_' and '.', not beginning with a digit", v->valuestring);
	case CIB_FORM_NUMBER:
	case CIB_FORM_POSITIVE:
	case CIB_FORM_COUNT:
		return check_number(k, v, err);
	case CIB_FORM_BOOL:
		return cJSON_IsBool(v) ? CIB_OK : wrong(err, k->name, v, "true or false");
	case CIB_FORM_ARRAY:
		return cJSON_IsArray(v) ? CIB_OK : wrong(err, k->name, v, "an array");
	case CIB_FORM_NAMES:
		return check_names(k->name, v, err);
	case CIB_FORM_TYPE:
		return check_type(v, err);
	}
	return CIB_OK;
}
