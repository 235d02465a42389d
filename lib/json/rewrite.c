/* Rewriting: a document in the layout of a text that it came from. What the text has already is copied byte for byte; only
 * what is new is written, in the text's manner. So a change of one field is a change of one line in anybody's file.
 *
 * Objects: the members that stay keep their order and the white space before them. Lists: equal items are matched, and
 * the items between two matches one by one. A value that the text does not have is copied from `other` where it stands
 * there, so that the second author's spelling stays too. */
#include "json/layout.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_AHEAD = 64 };

typedef struct {
	cib_buf *out;
	const cib_layout *layout;
	bool alike; /* the other text is laid out in the same manner: pieces of several lines fit too */
} rewriter;

/* A value on its way out: where it stands in the text, and in the other one; NULL: nowhere. */
typedef struct {
	const cJSON *value;
	const cib_span *like, *other;
} item;

/* `indent`: the white space that begins the line on which the value's parent ends. */
static void write_item(rewriter *w, const item *it, const char *indent);

static char *deeper(const rewriter *w, const char *indent)
{
	return cib_format("%s%s", indent, w->layout->unit);
}

/* ---- what is new ---- */

static void write_text(rewriter *w, const char *s)
{
	size_t from = w->out->len;
	cib_json_write_string(w->out, s, strlen(s));
	if (!w->layout->ascii)
		return;
	cib_buf plain = CIB_BUF_INIT;
	cib_buf_add(&plain, w->out->data + from, w->out->len - from);
	w->out->len = from;
	for (const unsigned char *p = (const unsigned char *)plain.data; *p;) {
		unsigned c = *p, n = c < 0x80 ? 1 : c < 0xE0 ? 2
		                            : c < 0xF0       ? 3
		                                             : 4;
		c = n == 1 ? c : c & (0xFFu >> (n + 1));
		for (unsigned i = 1; i < n; i++)
			c = c << 6 | (p[i] & 0x3Fu);
		if (n == 1)
			cib_buf_addc(w->out, (char)c);
		else if (c < 0x10000)
			cib_buf_addf(w->out, "\\u%04x", c);
		else
			cib_buf_addf(w->out, "\\u%04x\\u%04x", 0xD800u + ((c - 0x10000u) >> 10), 0xDC00u + ((c - 0x10000u) & 0x3FFu));
		p += n;
	}
	cib_buf_free(&plain);
}

static void write_scalar(rewriter *w, const cJSON *v)
{
	char scratch[40];
	if (cJSON_IsString(v))
		write_text(w, v->valuestring);
	else if (cJSON_IsNumber(v))
		cib_buf_adds(w->out, cib_json_number_text(v, scratch));
	else
		cib_buf_adds(w->out, cJSON_IsTrue(v) ? "true" : cJSON_IsFalse(v) ? "false"
		                                                                 : "null");
}

static bool scalars_only(const cJSON *v)
{
	for (const cJSON *c = v->child; c; c = c->next)
		if (cJSON_IsObject(c) || cJSON_IsArray(c))
			return false;
	return true;
}

static void write_name(rewriter *w, const cJSON *member)
{
	write_text(w, member->string);
	cib_buf_adds(w->out, w->layout->colon);
}

static void write_fresh(rewriter *w, const cJSON *v, const char *indent)
{
	bool object = cJSON_IsObject(v);
	if (!object && !cJSON_IsArray(v)) {
		write_scalar(w, v);
		return;
	}
	bool one_line = !w->layout->newline[0] || (!object && w->layout->flat_lists && scalars_only(v));
	char *inner = deeper(w, indent);
	cib_buf_addc(w->out, object ? '{' : '[');
	for (const cJSON *c = v->child; c; c = c->next) {
		if (c != v->child)
			cib_buf_adds(w->out, one_line ? w->layout->comma : ",");
		if (!one_line)
			cib_buf_addf(w->out, "%s%s", w->layout->newline, inner);
		if (object)
			write_name(w, c);
		write_fresh(w, c, inner);
	}
	if (v->child && !one_line)
		cib_buf_addf(w->out, "%s%s", w->layout->newline, indent);
	cib_buf_addc(w->out, object ? '}' : ']');
	free(inner);
}

/* ---- containers that the text has ---- */

static const char *start_of(const cib_span *s)
{
	return s->name ? s->name : s->begin;
}

/* The white space before each child: behind the bracket, or behind the comma. */
static const char *lead_of(const cib_span *parent, const cib_span *child, size_t *len)
{
	const char *from = start_of(child);
	while (from > parent->begin + 1 && strchr(" \n\t\r", from[-1]))
		from--;
	*len = (size_t)(start_of(child) - from);
	return from;
}

/* What goes before an item: its own white space where it keeps its place in the row, else that of a neighbour. */
static void write_lead(rewriter *w, const cib_span *parent, const cib_span *self, bool first, const char *inner)
{
	const cib_span *model = parent->child;
	size_t len;
	if (!first && self && self != parent->child)
		model = self;
	else if (!first && parent->child)
		model = parent->child->next;
	const char *lead = model ? lead_of(parent, model, &len) : NULL;
	if (lead)
		cib_buf_add(w->out, lead, len);
	else if (parent->child && !memchr(parent->begin, '\n', (size_t)(parent->child->begin - parent->begin)))
		cib_buf_adds(w->out, w->layout->comma + 1); /* one item on one line: the next one beside it */
	else if (w->layout->newline[0])
		cib_buf_addf(w->out, "%s%s", w->layout->newline, inner);
}

/* The indentation of a container's children, as they have it, else one level more. */
static char *inner_indent(const rewriter *w, const cib_span *like, const char *indent)
{
	size_t len;
	const char *lead = like->child ? lead_of(like, like->child, &len) : NULL;
	const char *line = lead ? memchr(lead, '\n', len) : NULL;
	if (!line)
		return deeper(w, indent);
	while (memchr(line + 1, '\n', len - (size_t)(line + 1 - lead)))
		line = memchr(line + 1, '\n', len - (size_t)(line + 1 - lead));
	return cib_strndup(line + 1, len - (size_t)(line + 1 - lead));
}

static void write_tail(rewriter *w, const cib_span *like, const char *indent)
{
	const cib_span *last = like->child;
	while (last && last->next)
		last = last->next;
	if (last)
		cib_buf_add(w->out, last->end, (size_t)(like->end - last->end));
	else
		cib_buf_addf(w->out, "%s%s%c", w->layout->newline, w->layout->newline[0] ? indent : "", like->end[-1]);
}

static void write_items(rewriter *w, const item *items, size_t n, const cib_span *like, const char *indent)
{
	bool object = cJSON_IsObject(like->node);
	char *inner = inner_indent(w, like, indent);
	cib_buf_addc(w->out, object ? '{' : '[');
	for (size_t i = 0; i < n; i++) {
		const cib_span *self = items[i].like;
		if (i > 0)
			cib_buf_addc(w->out, ',');
		write_lead(w, like, self, i == 0, inner);
		if (self && object)
			cib_buf_add(w->out, self->name, (size_t)(self->begin - self->name));
		else if (object)
			write_name(w, items[i].value);
		write_item(w, &items[i], inner);
	}
	if (n == 0)
		cib_buf_addc(w->out, object ? '}' : ']');
	else
		write_tail(w, like, indent);
	free(inner);
}

/* ---- objects: which members, in which order ---- */

static const cib_span *span_named(const cib_span *object, const char *name)
{
	if (!object || !cJSON_IsObject(object->node))
		return NULL;
	for (const cib_span *c = object->child; c; c = c->next)
		if (strcmp(c->node->string, name) == 0)
			return c;
	return NULL;
}

/* A name on the way out, by where the text has it; new ones follow the member that they follow in the document. */
typedef struct {
	item it;
	size_t place, turn; /* place in the text, and the order within one place */
} placed;

static int by_place(const void *a, const void *b)
{
	const placed *x = a, *y = b;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return x->turn < y->turn ? -1 : x->turn > y->turn;
}

/* The members by name, each with its number in the text: for objects with thousands of them. */
typedef struct {
	const char *name;
	const cib_span *span;
	size_t number;
} numbered;

static int by_name(const void *a, const void *b)
{
	return strcmp(((const numbered *)a)->name, ((const numbered *)b)->name);
}

static numbered *number_members(const cib_span *object, size_t *n)
{
	numbered *list = NULL;
	size_t cap = 0;
	*n = 0;
	for (const cib_span *c = object->child; c; c = c->next, ++*n) {
		list = cib_grow(list, &cap, *n + 1, sizeof *list);
		list[*n] = (numbered){c->node->string, c, *n + 1};
	}
	if (*n)
		qsort(list, *n, sizeof *list, by_name);
	return list;
}

static void write_members(rewriter *w, const item *it, const char *indent)
{
	size_t known, n = 0, cap = 0, place = 0;
	numbered *members = number_members(it->like, &known);
	placed *list = NULL;
	item *items = NULL;
	for (const cJSON *c = it->value->child; c; c = c->next, n++) {
		numbered wanted = {c->string, NULL, 0};
		const numbered *found = known ? bsearch(&wanted, members, known, sizeof *members, by_name) : NULL;
		list = cib_grow(list, &cap, n + 1, sizeof *list);
		place = found ? found->number : place;
		list[n] = (placed){{c, found ? found->span : NULL, NULL}, place, found ? 0 : n + 1};
		if (!found || !cib_json_identical(c, found->span->node))
			list[n].it.other = span_named(it->other, c->string);
	}
	if (n) {
		qsort(list, n, sizeof *list, by_place);
		items = cib_alloc(n * sizeof *items);
	}
	for (size_t i = 0; i < n; i++)
		items[i] = list[i].it;
	write_items(w, items, n, it->like, indent);
	free(items);
	free(list);
	free(members);
}

/* ---- lists: which item is which ---- */

/* Match the values with a list's spans: equal ones in order, and what lies between two matches one by one. */
static void align(const cJSON *array, const cib_span *list, const cib_span **out)
{
	size_t i = 0, gap = 0;
	const cib_span *at = list && cJSON_IsArray(list->node) ? list->child : NULL;
	for (const cJSON *c = array->child; c; c = c->next, i++) {
		const cib_span *found = at;
		for (size_t k = 0; found && k < LOOK_AHEAD && !cib_json_identical(found->node, c); k++)
			found = found->next;
		out[i] = NULL;
		if (!found || !cib_json_identical(found->node, c))
			continue;
		for (; gap < i && at != found; gap++, at = at->next)
			out[gap] = at;
		out[i] = found;
		at = found->next;
		gap = i + 1;
	}
	for (; gap < i && at; gap++, at = at->next)
		out[gap] = at;
}

static void write_list(rewriter *w, const item *it, const char *indent)
{
	size_t n = 0;
	for (const cJSON *c = it->value->child; c; c = c->next)
		n++;
	const cib_span **like = cib_alloc((n + 1) * sizeof *like), **other = cib_alloc((n + 1) * sizeof *other);
	item *items = cib_alloc((n + 1) * sizeof *items);
	align(it->value, it->like, like);
	align(it->value, it->other, other);
	n = 0;
	for (const cJSON *c = it->value->child; c; c = c->next, n++)
		items[n] = (item){c, like[n], other[n]};
	write_items(w, items, n, it->like, indent);
	free(items);
	free((void *)(uintptr_t)like);
	free((void *)(uintptr_t)other);
}

/* ---- any value ---- */

static bool fits(const rewriter *w, const cib_span *s)
{
	return w->alike || !memchr(s->begin, '\n', (size_t)(s->end - s->begin));
}

static void write_item(rewriter *w, const item *it, const char *indent)
{
	const cJSON *v = it->value;
	if (it->like && cib_json_identical(v, it->like->node))
		cib_buf_add(w->out, it->like->begin, (size_t)(it->like->end - it->like->begin));
	else if (it->like && it->like->child && cJSON_IsObject(v) && cJSON_IsObject(it->like->node))
		write_members(w, it, indent);
	else if (it->like && it->like->child && cJSON_IsArray(v) && cJSON_IsArray(it->like->node))
		write_list(w, it, indent);
	else if (it->other && cib_json_identical(v, it->other->node) && fits(w, it->other))
		cib_buf_add(w->out, it->other->begin, (size_t)(it->other->end - it->other->begin));
	else
		write_fresh(w, v, indent);
}

void cib_json_rewrite(cib_buf *out, const cJSON *doc, const char *text, size_t len, const char *other, size_t other_len)
{
	cib_laid_out like, second = {0};
	bool have = cib_json__lay_out(&like, text, len), both = have && other && cib_json__lay_out(&second, other, other_len);
	if (!have || cib_json_is_canonical(like.doc, text, len)) {
		cib_json_write(out, doc, NULL);
	} else {
		rewriter w = {out, &like.layout, both && strcmp(like.layout.unit, second.layout.unit) == 0 && strcmp(like.layout.newline, second.layout.newline) == 0};
		cib_buf_add(out, like.text, (size_t)(like.root->begin - like.text));
		write_item(&w, &(item){doc, like.root, both ? second.root : NULL}, "");
		cib_buf_add(out, like.root->end, (size_t)(like.end - like.root->end));
	}
	cib_json__layout_free(&like);
	cib_json__layout_free(&second);
}
