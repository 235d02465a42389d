/* Faults as they are found, and the way down to a subschema and a child. */
#include "schema/report_walk.h"

#include <stdio.h>
#include <string.h>

/* ---- faults ---- */

const char *cib_walk_copy(cib_walker *w, const char *s)
{
	return s ? cib_arena_strndup(w->arena, s, strlen(s)) : NULL;
}

cib_fault *cib_walk_fault(cib_walker *w, const cib_node *node, const char *keyword, const cJSON *in, cib_fault *parent)
{
	cib_fault *f = cib_arena_alloc(w->arena, sizeof *f);
	size_t len = w->path.len;
	if (keyword)
		cib_json_pointer_add(&w->path, keyword);
	*f = (cib_fault){.node = node, .keyword = keyword, .instance = in, .pointer = cib_walk_copy(w, cib_buf_str(&w->pointer)), .path = cib_walk_copy(w, cib_buf_str(&w->path))};
	cib_walk_cut(&w->path, len);
	if (parent->last)
		parent->last->next = f;
	else
		parent->children = f;
	parent->last = f;
	w->report->count++;
	return f;
}

cib_fault *cib_walk_fail(cib_walker *w, const cib_node *node, const char *keyword, const cJSON *in, cib_fault *into, const char *code, const char *a, const char *b)
{
	cib_fault *f = cib_walk_fault(w, node, keyword, in, into);
	f->code = code;
	f->params[0] = a;
	f->params[1] = b;
	return f;
}

/* A unit that turned out empty is taken away again: it is always the last. */
void cib_walk_drop(cib_fault *parent)
{
	cib_fault *before = NULL;
	for (cib_fault *f = parent->children; f != parent->last; f = f->next)
		before = f;
	parent->last = before;
	if (before)
		before->next = NULL;
	else
		parent->children = NULL;
}

/* ---- going down ---- */

void cib_walk_cut(cib_buf *b, size_t len)
{
	b->len = len;
	if (b->data)
		b->data[len] = '\0';
}

cib_mark cib_walk_here(const cib_walker *w)
{
	return (cib_mark){w->pointer.len, w->path.len};
}

void cib_walk_back(cib_walker *w, cib_mark m)
{
	cib_walk_cut(&w->pointer, m.pointer);
	cib_walk_cut(&w->path, m.path);
}

const char *cib_walk_number(cib_walker *w, size_t n)
{
	char text[24];
	snprintf(text, sizeof text, "%zu", n);
	return cib_walk_copy(w, text);
}

bool cib_walk_below(cib_walker *w, const char *keyword, const char *token, const cib_node *sub, const cJSON *in, cib_seen *seen, cib_fault *holder)
{
	size_t len = w->path.len;
	cib_json_pointer_add(&w->path, keyword);
	if (token)
		cib_json_pointer_add(&w->path, token);
	cib_fault *unit = cib_walk_fault(w, sub, NULL, in, holder);
	bool ok = cib_walk_visit(w, sub, in, seen, unit);
	if (ok)
		cib_walk_drop(holder);
	cib_walk_cut(&w->path, len);
	return ok;
}

bool cib_walk_only(cib_walker *w, const cib_node *node, const char *keyword, const char *token, const cib_node *sub, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	if (sub->flags & CIB_NODE_TRUE)
		return true;
	cib_fault *f = cib_walk_fault(w, node, keyword, in, into);
	bool ok = cib_walk_below(w, keyword, token, sub, in, seen, f);
	if (ok)
		cib_walk_drop(into);
	return ok;
}

bool cib_walk_child(cib_walker *w, const cib_node *node, const char *keyword, const char *token, const cib_node *sub, const cJSON *child, size_t index, cib_fault *into)
{
	cib_mark m = cib_walk_here(w);
	if (index == SIZE_MAX)
		cib_json_pointer_add(&w->pointer, child->string);
	else
		cib_json_pointer_add_index(&w->pointer, index);
	bool ok = cib_walk_only(w, node, keyword, token, sub, child, NULL, into);
	cib_walk_back(w, m);
	return ok;
}
