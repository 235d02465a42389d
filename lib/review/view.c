/* An opened item in words. A change of the documents is a pointer and two values; here it gets the titles of its schema, its
 * codes get their names, items of lists are called by what identifies them, and sets of values say only what went and came. */
#include "review/private.h"

#include "network/codelist.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_LENGTH = 60 }; /* characters of a code's name */

typedef struct {
	cib_network *net;
	const cib_kind *kind;
	const cib_schema *schema; /* NULL: of a kind that the network does not know */
	const cJSON *before, *after;
	const char *lang;
	cib_review_view *out;
} viewer;

void cib_review_view_clear(cib_review_view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		free(view->items[i].pointer);
		free(view->items[i].title);
		free(view->items[i].before);
		free(view->items[i].after);
	}
	for (size_t i = 0; i < view->note_count; i++) {
		free(view->notes[i].title);
		free(view->notes[i].text);
	}
	free(view->items);
	free(view->notes);
	*view = (cib_review_view){0};
}

/* ---- values ---- */

/* A name of at most NAME_LENGTH characters, cut between words. */
static void add_name(cib_buf *b, const char *name)
{
	size_t fits = 0, at = 0, space = 0;
	for (; name[at] && fits < NAME_LENGTH; fits++) {
		space = name[at] == ' ' ? at : space;
		do
			at++;
		while (((unsigned char)name[at] & 0xC0u) == 0x80u);
	}
	if (!name[at]) {
		cib_buf_adds(b, name);
		return;
	}
	cib_buf_addf(b, "%.*s...", (int)(space ? space : at), name);
}

/* A code that is a word itself ("gender-equality") and needs not stand beside its name. */
static bool is_word(const char *code)
{
	size_t n = strspn(code, "abcdefghijklmnopqrstuvwxyz-");
	return n > 3 && !code[n];
}

char *cib_value_in_words(cib_network *net, const cib_kind *kind, const cJSON *doc, const char *pointer, const cJSON *value, const char *lang)
{
	cib_buf b = CIB_BUF_INIT;
	if (cJSON_IsString(value)) {
		const char *name = kind ? cib_field_code_name(net, kind, doc, pointer, value->valuestring, lang) : NULL;
		if (!name || !is_word(value->valuestring))
			cib_buf_addf(&b, "%s%s", value->valuestring, name ? " " : "");
		if (name)
			add_name(&b, name);
	} else if (value) {
		cib_json_write(&b, value, &(cib_json_style){.compact = true});
	}
	return b.data ? cib_buf_take(&b) : cib_strdup("");
}

static char *words(const viewer *v, const cJSON *doc, const char *pointer, const cJSON *value)
{
	return cib_value_in_words(v->net, v->kind, doc, pointer, value, v->lang);
}

/* What an item of a list is called: its code, its title or name, another thing that tells it from the others; NULL: nothing. */
static char *item_label(const viewer *v, const cJSON *doc, const char *pointer, const cJSON *item)
{
	static const char *const names[] = {"code", "member", "ref", "id"};
	const char *title = cJSON_IsObject(item) ? cib_entry_title(item, v->lang) : "";
	if (cJSON_IsString(item) || cJSON_IsNumber(item))
		return words(v, doc, pointer, item);
	for (size_t i = 0; i < 4; i++) {
		const cJSON *value = cib_json_get(item, names[i]);
		if (i == 1 && *title)
			return cib_strdup(title);
		if (cJSON_IsString(value)) {
			char *at = cib_format("%s/%s", pointer, names[i]), *label = words(v, doc, at, value);
			free(at);
			return label;
		}
	}
	return NULL;
}

/* ---- titles ---- */

/* The title of one step of a pointer: of the schema, of the item, of the code that it is, or the step itself. */
static char *step_title(const viewer *v, const cJSON *doc, const char *pointer, const char *token, bool of_list)
{
	const char *title = !of_list && v->schema ? cib_schema_title(v->schema, pointer, v->lang) : NULL;
	char *label = of_list ? item_label(v, doc, pointer, cib_json_at(doc, pointer)) : NULL;
	if (title)
		return cib_strdup(title);
	if (label || of_list)
		return label ? label : cib_format("%d", atoi(token) + 1);
	const char *name = v->kind ? cib_field_code_name(v->net, v->kind, doc, pointer, token, v->lang) : NULL;
	return name ? cib_format("%s %s", token, name) : cib_strdup(token);
}

/* Titles of all steps; `whole_item`: the last step of a list is left to the text below. */
static char *full_title(const viewer *v, const cJSON *doc, const char *pointer, bool whole_item)
{
	cib_buf title = CIB_BUF_INIT;
	char *at = cib_strdup(pointer);
	for (char *p = at; *p;) {
		char *end = p + 1 + strcspn(p + 1, "/"), keep = *end;
		char *parent = cib_strndup(at, (size_t)(p - at));
		bool of_list = cJSON_IsArray(cib_json_at(doc, parent));
		free(parent);
		*end = '\0';
		if (!(whole_item && of_list && !keep)) {
			char *step = step_title(v, doc, at, p + 1, of_list);
			bool language = !of_list && v->schema && !cib_schema_title(v->schema, at, v->lang) && strlen(p + 1) <= 8 && strcmp(step, p + 1) == 0;
			cib_buf_addf(&title, language ? "%s(%s)" : "%s%s", !title.len ? "" : language ? " "
			                                                                              : " / ",
			             step);
			free(step);
		}
		*end = keep;
		p = end;
	}
	free(at);
	return title.data ? cib_buf_take(&title) : cib_strdup("");
}

/* ---- parts ---- */

static void add_line(cib_buf *out, int depth, const char *text)
{
	if (out->len)
		cib_buf_addc(out, '\n');
	for (int i = 0; i < depth; i++)
		cib_buf_adds(out, "  ");
	for (const char *p = text; *p; p++)
		cib_buf_addc(out, *p == '\n' ? ' ' : *p); /* a line is a part */
}

static void add_parts(const viewer *v, cib_buf *out, const cJSON *doc, cib_buf *pointer, const cJSON *value, int depth)
{
	size_t len = pointer->len, index = 0;
	bool list = cJSON_IsArray(value);
	for (const cJSON *c = value->child; c; c = c->next, index++) {
		if (list)
			cib_json_pointer_add_index(pointer, index);
		else
			cib_json_pointer_add(pointer, c->string);
		char *title = list ? (c->child ? item_label(v, doc, pointer->data, c) : NULL) : step_title(v, doc, pointer->data, c->string, false);
		char *text = c->child ? NULL : words(v, doc, pointer->data, c);
		char *line = text && title ? cib_format("%s: %s", title, text) : cib_format("%s%s", text ? text : title ? title
		                                                                                                        : "",
		                                                                            c->child ? ":" : "");
		add_line(out, depth, line);
		if (c->child)
			add_parts(v, out, doc, pointer, c, depth + 1);
		free(title);
		free(text);
		free(line);
		pointer->len = len;
		pointer->data[len] = '\0';
	}
}

static char *parts_of(const viewer *v, const cJSON *doc, const char *at, const cJSON *value)
{
	cib_buf out = CIB_BUF_INIT, pointer = CIB_BUF_INIT;
	cib_buf_reserve(&pointer, strlen(at) + 64);
	pointer.data[0] = '\0';
	cib_buf_adds(&pointer, at);
	add_parts(v, &out, doc, &pointer, value, 0);
	cib_buf_free(&pointer);
	return out.data ? cib_buf_take(&out) : cib_strdup("");
}

/* What the items of a list are called, a line each. */
static char *labels_of(const viewer *v, const cJSON *doc, const char *at, const cJSON *list, const cJSON *without)
{
	cib_buf out = CIB_BUF_INIT;
	size_t index = 0;
	for (const cJSON *c = list ? list->child : NULL; c; c = c->next, index++) {
		bool elsewhere = false;
		for (const cJSON *o = without ? without->child : NULL; o && !elsewhere; o = o->next)
			elsewhere = cib_json_identical(o, c);
		if (elsewhere)
			continue;
		char *pointer = cib_format("%s/%zu", at, index), *label = item_label(v, doc, pointer, c);
		add_line(&out, 0, label ? label : pointer);
		free(pointer);
		free(label);
	}
	return out.data ? cib_buf_take(&out) : NULL;
}

/* ---- fields ---- */

static void add_field(const viewer *v, const char *pointer, char *title, char *before, char *after, bool parts)
{
	cib_review_view *out = v->out;
	out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
	out->items[out->count++] = (cib_view_field){cib_strdup(pointer), title, before, after, parts};
}

/* The set that a change is in: its pointer without the last step; NULL when it is in none. The caller's. */
static char *set_of(const viewer *v, const cib_json_change *c)
{
	const cJSON *value = c->after ? c->after : c->before;
	const char *last = strrchr(c->pointer, '/');
	if (!last || !v->schema || !cJSON_IsString(value))
		return NULL;
	char *parent = cib_strndup(c->pointer, (size_t)(last - c->pointer));
	const char *merge = cib_json_string(cib_schema_field(v->schema, parent), "x-merge");
	if (merge && strcmp(merge, "set") == 0 && cJSON_IsArray(cib_json_at(v->before, parent)) && cJSON_IsArray(cib_json_at(v->after, parent)))
		return parent;
	free(parent);
	return NULL;
}

static void add_set(const viewer *v, char *pointer)
{
	const cJSON *was = cib_json_at(v->before, pointer), *is = cib_json_at(v->after, pointer);
	const cib_review_view *out = v->out;
	if (out->count && strcmp(out->items[out->count - 1].pointer, pointer) == 0)
		return; /* its changes stand one behind the other */
	char *before = labels_of(v, v->before, pointer, was, is), *after = labels_of(v, v->after, pointer, is, was);
	if (before || after)
		add_field(v, pointer, full_title(v, v->after, pointer, false), before, after, true);
}

static bool is_inside(const cJSON *value)
{
	return value && value->child;
}

static void add_change(const viewer *v, const cib_json_change *c)
{
	const cJSON *doc = c->after ? v->after : v->before;
	char *set = set_of(v, c);
	bool both = c->before && c->after, parts = is_inside(c->before) || is_inside(c->after);
	if (set) {
		add_set(v, set);
	} else if (both && cJSON_IsArray(c->before) && cJSON_IsArray(c->after)) {
		add_field(v, c->pointer, full_title(v, doc, c->pointer, false), labels_of(v, v->before, c->pointer, c->before, NULL), labels_of(v, v->after, c->pointer, c->after, NULL), false); /* their order */
	} else {
		char *before = !c->before ? NULL : is_inside(c->before) ? parts_of(v, v->before, c->pointer, c->before)
		                                                        : words(v, v->before, c->pointer, c->before);
		char *after = !c->after ? NULL : is_inside(c->after) ? parts_of(v, v->after, c->pointer, c->after)
		                                                     : words(v, v->after, c->pointer, c->after);
		add_field(v, c->pointer, full_title(v, doc, c->pointer, parts && !both), before, after, parts);
	}
	free(set);
}

static bool is_at_or_below(const char *pointer, const char *field)
{
	size_t n = strlen(field);
	return strncmp(pointer, field, n) == 0 && (pointer[n] == '\0' || pointer[n] == '/');
}

/* `always`: also of an entry that stands on both sides. */
static bool is_for_machines(const char *pointer, bool always)
{
	static const char *const names[] = {"/x-cib-translated", "/id", "/kind", "/owner", "/schema"};
	for (size_t i = 0; i < (always ? 1 : 5); i++)
		if (is_at_or_below(pointer, names[i]))
			return true;
	return false;
}

/* What an entry is called and what it is about come first: 0, 1; then the rest: 2. */
static int rank_of(const char *pointer)
{
	return is_at_or_below(pointer, "/title") || is_at_or_below(pointer, "/name")            ? 0
	       : is_at_or_below(pointer, "/description") || is_at_or_below(pointer, "/summary") ? 1
	                                                                                        : 2;
}

static void add_changes(const viewer *v, const cib_json_changes *changes)
{
	for (int rank = 0; rank < 3; rank++)
		for (size_t i = 0; i < changes->count; i++)
			if (rank_of(changes->items[i].pointer) == rank && !is_for_machines(changes->items[i].pointer, v->before && v->after))
				add_change(v, &changes->items[i]);
}

void cib_view_versions(cib_review_view *out, cib_network *net, const cib_kind *kind, const cJSON *before, const cJSON *after, const char *lang)
{
	static const cJSON nothing = {.type = cJSON_Object};
	cib_json_changes changes = {0};
	*out = (cib_review_view){0};
	cib_json_diff(&changes, before ? before : &nothing, after ? after : &nothing, NULL);
	add_changes(&(viewer){net, kind, kind ? cib_network_schema(net, kind, NULL) : NULL, before, after, lang, out}, &changes);
	cib_json_changes_free(&changes);
}

void cib_review_view_make(cib_review_view *out, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *detail,
                          bool only_new, const char *lang)
{
	const cib_kind *kind = cib_network_kind(ws->net, item->kind);
	bool news = only_new && detail->seen;
	const cib_json_changes *changes = news ? &detail->news : &detail->changes;
	viewer v = {ws->net, kind, kind ? cib_network_schema(ws->net, kind, NULL) : NULL, news ? detail->seen : detail->before, detail->after, lang, out};
	*out = (cib_review_view){0};
	add_changes(&v, changes);
	cib_review_notes_make(out, ws, item, detail, lang);
}

/* ---- places ---- */

size_t cib_review_view_at(const cib_review_view *view, const char *pointer)
{
	for (size_t i = 0; pointer && *pointer && i < view->count; i++)
		if (is_at_or_below(pointer, view->items[i].pointer))
			return i;
	for (size_t i = 0; pointer && *pointer && i < view->count; i++)
		if (is_at_or_below(view->items[i].pointer, pointer))
			return i;
	return SIZE_MAX;
}
