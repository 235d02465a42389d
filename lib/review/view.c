/* An opened item in words. A change of the documents is a pointer and two values; here it gets the titles of its schema, its
 * codes get their names, items of lists are called by what identifies them, and sets of values say only what went and came. */
#include "review/private.h"

#include "network/wording.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	cib_wording was, is; /* of the version before, and of the one after */
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

/* ---- titles ---- */

/* Titles of all steps; `whole_item`: the last step of a list is left to the text below. */
static char *full_title(const cib_wording *w, const char *pointer, bool whole_item)
{
	cib_buf title = CIB_BUF_INIT;
	char *at = cib_strdup(pointer);
	for (char *p = at; *p;) {
		char *end = p + 1 + strcspn(p + 1, "/"), keep = *end;
		char *parent = cib_strndup(at, (size_t)(p - at));
		bool of_list = cJSON_IsArray(cib_json_at(w->doc, parent)), language = false;
		free(parent);
		*end = '\0';
		if (!(whole_item && of_list && !keep)) {
			char *step = of_list ? cib_wording_item(w, at, cib_json_at(w->doc, at)) : cib_wording_title(w, at, &language);
			cib_buf_addf(&title, language && title.len ? "%s(%s)" : "%s%s", !title.len ? "" : language ? " "
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

/* ---- lists ---- */

/* What the items of a list are called, a line each. */
static char *labels_of(const cib_wording *w, const char *at, const cJSON *list, const cJSON *without)
{
	cib_buf out = CIB_BUF_INIT;
	size_t index = 0;
	for (const cJSON *c = list ? list->child : NULL; c; c = c->next, index++) {
		bool elsewhere = false;
		for (const cJSON *o = without ? without->child : NULL; o && !elsewhere; o = o->next)
			elsewhere = cib_json_identical(o, c);
		if (elsewhere)
			continue;
		char *pointer = cib_format("%s/%zu", at, index), *label = cib_wording_item(w, pointer, c);
		for (char *l = label; *l; l++)
			*l = *l == '\n' ? ' ' : *l;
		cib_buf_addf(&out, "%s%s", out.len ? "\n" : "", label);
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
	if (!last || !v->is.schema || !cJSON_IsString(value))
		return NULL;
	char *parent = cib_strndup(c->pointer, (size_t)(last - c->pointer));
	const char *merge = cib_json_string(cib_schema_field(v->is.schema, parent), "x-merge");
	if (merge && strcmp(merge, "set") == 0 && cJSON_IsArray(cib_json_at(v->was.doc, parent)) && cJSON_IsArray(cib_json_at(v->is.doc, parent)))
		return parent;
	free(parent);
	return NULL;
}

static void add_set(const viewer *v, char *pointer)
{
	const cJSON *was = cib_json_at(v->was.doc, pointer), *is = cib_json_at(v->is.doc, pointer);
	const cib_review_view *out = v->out;
	if (out->count && strcmp(out->items[out->count - 1].pointer, pointer) == 0)
		return; /* its changes stand one behind the other */
	char *before = labels_of(&v->was, pointer, was, is), *after = labels_of(&v->is, pointer, is, was);
	if (before || after)
		add_field(v, pointer, full_title(&v->is, pointer, false), before, after, true);
}

static bool is_inside(const cJSON *value)
{
	return value && value->child;
}

static void add_change(const viewer *v, const cib_json_change *c)
{
	const cib_wording *w = c->after ? &v->is : &v->was;
	char *set = set_of(v, c);
	bool both = c->before && c->after, parts = is_inside(c->before) || is_inside(c->after);
	if (set) {
		add_set(v, set);
	} else if (both && cJSON_IsArray(c->before) && cJSON_IsArray(c->after)) {
		add_field(v, c->pointer, full_title(w, c->pointer, false), labels_of(&v->was, c->pointer, c->before, NULL), labels_of(&v->is, c->pointer, c->after, NULL), false); /* their order */
	} else {
		char *before = c->before ? cib_wording_value(&v->was, c->pointer, c->before) : NULL;
		char *after = c->after ? cib_wording_value(&v->is, c->pointer, c->after) : NULL;
		add_field(v, c->pointer, full_title(w, c->pointer, parts && !both), before, after, parts);
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
			if (rank_of(changes->items[i].pointer) == rank && !is_for_machines(changes->items[i].pointer, v->was.doc && v->is.doc))
				add_change(v, &changes->items[i]);
}

void cib_view_versions(cib_review_view *out, cib_network *net, const cib_kind *kind, const cJSON *before, const cJSON *after, const char *lang)
{
	static const cJSON nothing = {.type = cJSON_Object};
	cib_json_changes changes = {0};
	*out = (cib_review_view){0};
	cib_json_diff(&changes, before ? before : &nothing, after ? after : &nothing, NULL);
	add_changes(&(viewer){cib_wording_for(net, kind, before, lang), cib_wording_for(net, kind, after, lang), out}, &changes);
	cib_json_changes_free(&changes);
}

void cib_review_view_make(cib_review_view *out, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *detail,
                          bool only_new, const char *lang)
{
	const cib_kind *kind = cib_network_kind(ws->net, item->kind);
	bool news = only_new && detail->seen;
	const cib_json_changes *changes = news ? &detail->news : &detail->changes;
	viewer v = {cib_wording_for(ws->net, kind, news ? detail->seen : detail->before, lang), cib_wording_for(ws->net, kind, detail->after, lang), out};
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
