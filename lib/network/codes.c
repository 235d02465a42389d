/* The codes of an entry: which fields of a kind hold codes of which list (x-cib-codelist), and their check: an unknown
 * code is an error, a withdrawn one a warning with its successor.
 *
 * The fields of a kind are found once, by a walk through its schema:
 *
 *   "x-cib-codelist": "Country"                           on a string: its value; on an array: each item;
 *                                                         on an object: the names of its members (markers)
 *   "x-cib-codelist": ["UNSDG-Targets", "UNSDG-Goals"]    in any of the lists
 *   "x-cib-codelist": {"by": "vocabulary", "default": "1", "lists": {"1": "Region", "2": "M49"}}
 *                                                         the list depends on a member beside the code */
#include "network/codelist.h"
#include "network/private.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH = 16 };

typedef struct {
	char *pattern; /* of the field: a pointer with "*" */
	const cJSON *lists;
} code_field;

struct cib_code_fields {
	code_field *items;
	size_t count, cap;
};

/* ---- finding the fields */

static void add_field(cib_code_fields *fields, const char *pattern, const cJSON *lists)
{
	fields->items = cib_grow(fields->items, &fields->cap, fields->count + 1, sizeof *fields->items);
	fields->items[fields->count++] = (code_field){cib_strdup(pattern), lists};
}

static void walk(cib_code_fields *fields, const cJSON *root, const cJSON *schema, cib_buf *pattern, int depth);

static void walk_below(cib_code_fields *fields, const cJSON *root, const cJSON *schema, cib_buf *pattern, const char *token, int depth)
{
	size_t len = pattern->len;
	cib_json_pointer_add(pattern, token);
	walk(fields, root, schema, pattern, depth + 1);
	pattern->len = len;
	pattern->data[len] = '\0';
}

static void walk(cib_code_fields *fields, const cJSON *root, const cJSON *schema, cib_buf *pattern, int depth)
{
	if (!cJSON_IsObject(schema) || depth > DEPTH)
		return;
	const cJSON *lists = cib_json_get(schema, "x-cib-codelist"), *part;
	if (lists)
		add_field(fields, cib_buf_str(pattern), lists);
	const char *ref = cib_json_string(schema, "$ref");
	if (ref && ref[0] == '#')
		walk(fields, root, cib_json_at(root, ref + 1), pattern, depth + 1);
	if ((part = cib_json_get(schema, "properties")))
		for (const cJSON *p = part->child; p; p = p->next)
			walk_below(fields, root, p, pattern, p->string, depth);
	if ((part = cib_json_get(schema, "patternProperties")))
		for (const cJSON *p = part->child; p; p = p->next)
			walk_below(fields, root, p, pattern, "*", depth);
	walk_below(fields, root, cib_json_get(schema, "additionalProperties"), pattern, "*", depth);
	walk_below(fields, root, cib_json_get(schema, "items"), pattern, "*", depth);
	static const char *const each_of[] = {"allOf", "anyOf", "oneOf"};
	for (size_t i = 0; i < 3; i++)
		if ((part = cib_json_get(schema, each_of[i])))
			for (const cJSON *p = part->child; p; p = p->next)
				walk(fields, root, p, pattern, depth + 1);
}

cib_code_fields *cib_code_fields_new(const cJSON *schema)
{
	cib_code_fields *fields = cib_alloc(sizeof *fields);
	cib_buf pattern = CIB_BUF_INIT;
	cib_buf_reserve(&pattern, 64);
	pattern.data[0] = '\0';
	walk(fields, schema, schema, &pattern, 0);
	cib_buf_free(&pattern);
	return fields;
}

void cib_code_fields_free(cib_code_fields *fields)
{
	if (!fields)
		return;
	for (size_t i = 0; i < fields->count; i++)
		free(fields->items[i].pattern);
	free(fields->items);
	free(fields);
}

/* ---- which list */

/* The object that holds the field at `pointer`. */
static const cJSON *holder(const cJSON *doc, const char *pointer)
{
	const char *slash = strrchr(pointer, '/');
	if (!slash)
		return doc;
	char *parent = cib_strndup(pointer, (size_t)(slash - pointer));
	const cJSON *node = cib_json_at(doc, parent);
	free(parent);
	return node;
}

/* The name of the i-th list that applies; NULL when there are no more. */
static const char *list_name(const cJSON *lists, size_t i, const cJSON *doc, const char *pointer)
{
	if (cJSON_IsString(lists))
		return i == 0 ? lists->valuestring : NULL;
	if (cJSON_IsArray(lists)) {
		const cJSON *item = cJSON_GetArrayItem(lists, (int)i);
		return cJSON_IsString(item) ? item->valuestring : NULL;
	}
	const char *by = i == 0 ? cib_json_string(lists, "by") : NULL, *given = by ? cib_json_string(holder(doc, pointer), by) : NULL;
	if (by && !given)
		given = cib_json_string(lists, "default");
	return given ? cib_json_string(cib_json_get(lists, "lists"), given) : NULL;
}

/* ---- the codes of an entry */

typedef void (*code_cb)(const cJSON *lists, const char *pointer, const char *code, void *payload);
typedef struct {
	const cJSON *lists;
	code_cb cb;
	void *payload;
} code_walk;

static void each_code(const char *pointer, const cJSON *value, void *payload)
{
	const code_walk *w = payload;
	bool list = cJSON_IsArray(value), map = cJSON_IsObject(value);
	if (cJSON_IsString(value))
		w->cb(w->lists, pointer, value->valuestring, w->payload);
	if (!list && !map)
		return;
	cib_buf at = CIB_BUF_INIT;
	size_t i = 0;
	cib_buf_adds(&at, pointer);
	for (const cJSON *c = value->child; c; c = c->next, i++) {
		size_t len = at.len;
		if (list)
			cib_json_pointer_add_index(&at, i);
		else
			cib_json_pointer_add(&at, c->string);
		if (map)
			w->cb(w->lists, at.data, c->string, w->payload);
		else if (cJSON_IsString(c))
			w->cb(w->lists, at.data, c->valuestring, w->payload);
		at.len = len;
		at.data[len] = '\0';
	}
	cib_buf_free(&at);
}

static void walk_codes(cib_network *net, const cib_kind *kind, const cJSON *doc, code_cb cb, void *payload)
{
	const cib_code_fields *fields = cib_network_code_fields(net, kind);
	for (size_t i = 0; i < fields->count; i++) {
		code_walk w = {fields->items[i].lists, cb, payload};
		cib_reach(doc, fields->items[i].pattern, each_code, &w);
	}
}

typedef struct {
	cib_network *net;
	const cJSON *doc;
	cib_code_cb cb;
	void *payload;
} telling;

static void tell_code(const cJSON *lists, const char *pointer, const char *code, void *payload)
{
	const telling *t = payload;
	const cib_codelist *first = NULL;
	const char *name;
	for (size_t i = 0; (name = list_name(lists, i, t->doc, pointer)); i++) {
		const cib_codelist *list = cib_network_codelist(t->net, name);
		const cib_code *found = list ? cib_codelist_get(list, code) : NULL;
		if (found) {
			t->cb(list, found, code, pointer, t->payload);
			return;
		}
		first = first ? first : list;
	}
	if (first)
		t->cb(first, NULL, code, pointer, t->payload);
}

void cib_entry_codes(cib_network *net, const cib_kind *kind, const cJSON *doc, cib_code_cb cb, void *payload)
{
	telling t = {net, doc, cb, payload};
	walk_codes(net, kind, doc, tell_code, &t);
}

/* ---- checking */

typedef struct {
	cib_network *net;
	const cJSON *doc;
	const char *lang;
	cib_findings *findings;
} code_run;

static void report_unknown(code_run *run, const char *pointer, const char *code, const cib_codelist *list, bool complete)
{
	const cib_code *near = cib_codelist_nearest(list, code);
	size_t at = run->findings->count;
	cib_network_report(run->findings, complete ? CIB_ERROR : CIB_WARNING, run->lang, "code.unknown", pointer, code,
	                   cib_codelist_title(list, run->lang));
	cib_finding *f = &run->findings->items[at];
	free(f->hint);
	if (near)
		f->hint = cib_network_message(run->lang, "code.near", near->code, cib_code_name(near, run->lang, false));
	else
		f->hint = cib_network_message(run->lang, "code.find", cib_codelist_name(list), NULL);
}

static void report_withdrawn(code_run *run, const char *pointer, const cib_codelist *list, const cib_code *code)
{
	const cib_code *next = code->successor ? cib_codelist_get(list, code->successor) : NULL;
	size_t at = run->findings->count;
	cib_network_report(run->findings, CIB_WARNING, run->lang, "code.withdrawn", pointer, code->code, cib_code_name(code, run->lang, false));
	if (next) {
		cib_finding *f = &run->findings->items[at];
		free(f->hint);
		f->hint = cib_network_message(run->lang, "code.successor", next->code, cib_code_name(next, run->lang, false));
	}
}

static void check_code(const cJSON *lists, const char *pointer, const char *code, void *payload)
{
	code_run *run = payload;
	const cib_codelist *first = NULL;
	const char *name;
	bool complete = true;
	for (size_t i = 0; (name = list_name(lists, i, run->doc, pointer)); i++) {
		const cib_codelist *list = cib_network_codelist(run->net, name);
		const cib_code *found = list ? cib_codelist_get(list, code) : NULL;
		if (found && found->withdrawn)
			report_withdrawn(run, pointer, list, found);
		if (found)
			return;
		if (!list) /* this network does not have it: nothing can be said */
			return;
		complete = complete && cib_codelist_complete(list);
		first = first ? first : list;
	}
	if (first)
		report_unknown(run, pointer, code, first, complete);
}

void cib_codes_check(cib_network *net, const cib_kind *kind, const cJSON *doc, const char *lang, cib_findings *findings)
{
	code_run run = {net, doc, lang, findings};
	walk_codes(net, kind, doc, check_code, &run);
}

/* ---- naming what stands in a field */

bool cib_pattern_fits(const char *pattern, const char *pointer)
{
	while (*pattern && *pointer) {
		size_t n = strcspn(pattern + 1, "/") + 1, m = strcspn(pointer + 1, "/") + 1;
		if (!(n == 2 && pattern[1] == '*') && (n != m || strncmp(pattern, pointer, n) != 0))
			return false;
		pattern += n;
		pointer += m;
	}
	return *pattern == *pointer;
}

const char *cib_field_code_name(cib_network *net, const cib_kind *kind, const cJSON *doc, const char *pointer, const char *code,
                                const char *lang)
{
	const cib_code_fields *fields = cib_network_code_fields(net, kind);
	const char *last = strrchr(pointer, '/');
	for (size_t i = 0; i < fields->count; i++) {
		bool itself = cib_pattern_fits(fields->items[i].pattern, pointer), member = false;
		if (!itself && last) { /* an item of a list, or the name of a member of a map */
			char *parent = cib_strndup(pointer, (size_t)(last - pointer));
			member = *parent && cib_pattern_fits(fields->items[i].pattern, parent);
			free(parent);
		}
		const char *name;
		for (size_t k = 0; (itself || member) && (name = list_name(fields->items[i].lists, k, doc, pointer)); k++) {
			const cib_codelist *list = cib_network_codelist(net, name);
			const cib_code *found = list ? cib_codelist_get(list, code) : NULL;
			if (found)
				return cib_code_name(found, lang, false);
		}
	}
	return NULL;
}
