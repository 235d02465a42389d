/* The layout of a text: spans of values, found by a second scan beside the document, and the manner of its white space,
 * read from the first places that show it. */
#include "json/layout.h"

#include <string.h>

static const char *skip_space(const char *p)
{
	while (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r')
		p++;
	return p;
}

static const char *skip_string(const char *p)
{
	for (p++; *p != '"'; p++)
		p += *p == '\\';
	return p + 1;
}

static const char *skip_scalar(const char *p)
{
	if (*p == '"')
		return skip_string(p);
	return p + strcspn(p, ",]} \n\t\r");
}

/* The text was read, so it is well formed and every node has its place in it. */
static cib_span *scan(cib_arena *arena, const cJSON *node, const char *p)
{
	cib_span *s = cib_arena_alloc(arena, sizeof *s), **tail = &s->child;
	*s = (cib_span){.node = node, .begin = p};
	if (!cJSON_IsObject(node) && !cJSON_IsArray(node)) {
		s->end = skip_scalar(p);
		return s;
	}
	p = skip_space(p + 1);
	for (const cJSON *c = node->child; c; c = c->next) {
		const char *name = NULL;
		if (cJSON_IsObject(node)) {
			name = p;
			p = skip_space(skip_space(skip_string(p)) + 1);
		}
		*tail = scan(arena, c, p);
		(*tail)->name = name;
		p = skip_space((*tail)->end);
		tail = &(*tail)->next;
		if (c->next)
			p = skip_space(p + 1);
	}
	s->end = p + 1;
	return s;
}

/* ---- the manner ---- */

static bool flat(const cib_span *s)
{
	return !memchr(s->begin, '\n', (size_t)(s->end - s->begin));
}

static void copy_part(char *out, size_t size, const char *from, const char *to)
{
	size_t n = (size_t)(to - from) < size - 1 ? (size_t)(to - from) : size - 1;
	memcpy(out, from, n);
	out[n] = '\0';
}

static void look_at(cib_layout *l, const cib_span *s, int *lists)
{
	const cib_span *c = s->child;
	bool scalars = true;
	if (c && c->name && !l->colon[0]) {
		const char *after = skip_string(c->name);
		copy_part(l->colon, sizeof l->colon, after, c->begin);
	}
	if (c && c->next && flat(s) && !l->comma[0])
		strcpy(l->comma, *(c->next->name ? c->next->name : c->next->begin) == *(c->end + 1) ? "," : ", ");
	for (; c; c = c->next) {
		scalars = scalars && !cJSON_IsObject(c->node) && !cJSON_IsArray(c->node);
		look_at(l, c, lists);
	}
	if (s->child && scalars && cJSON_IsArray(s->node))
		*lists += flat(s) ? 1 : -1;
}

/* The indentation of the root's first child; what lies deeper is taken to follow it. */
static void find_unit(cib_layout *l, const cib_laid_out *laid)
{
	const cib_span *c = laid->root->child;
	const char *line = c ? memchr(laid->root->begin, '\n', (size_t)((c->name ? c->name : c->begin) - laid->root->begin)) : NULL;
	const char *any = memchr(laid->text, '\n', (size_t)(laid->end - laid->text));
	if (any && skip_space(any) < laid->end)
		strcpy(l->newline, any > laid->text && any[-1] == '\r' ? "\r\n" : "\n");
	if (!line) {
		strcpy(l->unit, l->newline[0] ? "  " : "");
		return;
	}
	copy_part(l->unit, sizeof l->unit, line + 1, line + 1 + strspn(line + 1, " \t"));
}

static bool is_ascii(const cib_laid_out *laid)
{
	bool escapes = false;
	for (const char *p = laid->text; p < laid->end; p++) {
		if (*p & 0x80)
			return false;
		escapes |= *p == '\\' && p[1] == 'u' && (p[2] != '0' || p[3] != '0' || p[4] >= '8');
		p += *p == '\\' && p + 1 < laid->end;
	}
	return escapes;
}

bool cib_json__lay_out(cib_laid_out *out, const char *text, size_t len)
{
	int lists = 0;
	*out = (cib_laid_out){0};
	if (cib_json_read(&out->doc, text, len, NULL, NULL) != CIB_OK)
		return false;
	out->text = cib_arena_strndup(&out->arena, text, len); /* with a NUL behind it, at which every scan ends */
	out->end = out->text + len;
	out->root = scan(&out->arena, out->doc, skip_space(out->text));
	cib_layout *l = &out->layout;
	look_at(l, out->root, &lists);
	find_unit(l, out);
	if (!l->colon[0] || strpbrk(l->colon, "\r\n"))
		strcpy(l->colon, l->newline[0] ? ": " : ":");
	if (!l->comma[0])
		strcpy(l->comma, strcmp(l->colon, ":") == 0 ? "," : ", ");
	l->flat_lists = lists > 0;
	l->ascii = is_ascii(out);
	return true;
}

void cib_json__layout_free(cib_laid_out *laid)
{
	cJSON_Delete(laid->doc);
	cib_arena_free(&laid->arena);
}
