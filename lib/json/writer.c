/* The writer: the canonical form, and the styles that other people's files have. */
#include "json/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	cib_buf *out;
	bool sort, compact;
	char unit[16]; /* one level of indentation */
	size_t unit_len;
} writer;

void cib_json_write_string(cib_buf *out, const char *s, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	cib_buf_addc(out, '"');
	const char *run = s, *end = s + len;
	for (const char *p = s; p < end; p++) {
		unsigned char c = (unsigned char)*p;
		if (c >= 0x20 && c != '"' && c != '\\' && c != 0xC0)
			continue;
		cib_buf_add(out, run, (size_t)(p - run));
		run = p + 1;
		if (c == 0xC0) { /* C0 80, the reader's form of U+0000 (cib_json_limits.nul); never a part of valid UTF-8 */
			cib_buf_adds(out, "\\u0000");
			run += run < end;
			p += p + 1 < end;
			continue;
		}
		const char *short_form = c == '"' ? "\\\"" : c == '\\' ? "\\\\"
		                                     : c == '\n'       ? "\\n"
		                                     : c == '\r'       ? "\\r"
		                                     : c == '\t'       ? "\\t"
		                                     : c == '\b'       ? "\\b"
		                                     : c == '\f'       ? "\\f"
		                                                       : NULL;
		if (short_form)
			cib_buf_add(out, short_form, 2);
		else
			cib_buf_add(out, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
	}
	cib_buf_add(out, run, (size_t)(end - run));
	cib_buf_addc(out, '"');
}

static void new_line(writer *w, size_t depth)
{
	if (w->compact)
		return;
	cib_buf_addc(w->out, '\n');
	for (size_t i = 0; i < depth; i++)
		cib_buf_add(w->out, w->unit, w->unit_len);
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

const cJSON **cib_json__sorted(const cJSON *object, size_t *count)
{
	size_t n = 0;
	for (const cJSON *c = object->child; c; c = c->next)
		n++;
	const cJSON **list = cib_alloc((n + 1) * sizeof *list);
	*count = n;
	n = 0;
	for (const cJSON *c = object->child; c; c = c->next)
		list[n++] = c;
	qsort((void *)(uintptr_t)list, n, sizeof *list, by_name);
	return list;
}

static void write_value(writer *w, const cJSON *v, size_t depth);

static void write_member(writer *w, const cJSON *c, size_t depth, bool first)
{
	if (!first)
		cib_buf_addc(w->out, ',');
	new_line(w, depth);
	cib_json_write_string(w->out, c->string, strlen(c->string));
	cib_buf_add(w->out, ": ", w->compact ? 1 : 2);
	write_value(w, c, depth);
}

static bool in_order(const cJSON *object)
{
	for (const cJSON *c = object->child; c && c->next; c = c->next)
		if (strcmp(c->string, c->next->string) > 0)
			return false;
	return true;
}

static void write_members(writer *w, const cJSON *object, size_t depth)
{
	if (!w->sort || in_order(object)) {
		for (const cJSON *c = object->child; c; c = c->next)
			write_member(w, c, depth, c == object->child);
		return;
	}
	size_t n;
	const cJSON **list = cib_json__sorted(object, &n);
	for (size_t i = 0; i < n; i++)
		write_member(w, list[i], depth, i == 0);
	free((void *)(uintptr_t)list);
}

static void write_value(writer *w, const cJSON *v, size_t depth)
{
	char scratch[40];
	const char *text;
	switch (v->type & 0xFF) {
	case cJSON_String:
		cib_json_write_string(w->out, v->valuestring, strlen(v->valuestring));
		return;
	case cJSON_Number:
		text = cib_json_number_text(v, scratch);
		cib_buf_adds(w->out, text);
		return;
	case cJSON_True:
		cib_buf_add(w->out, "true", 4);
		return;
	case cJSON_False:
		cib_buf_add(w->out, "false", 5);
		return;
	case cJSON_Object:
	case cJSON_Array: {
		bool object = cJSON_IsObject(v);
		cib_buf_addc(w->out, object ? '{' : '[');
		if (object)
			write_members(w, v, depth + 1);
		else
			for (const cJSON *c = v->child; c; c = c->next) {
				if (c != v->child)
					cib_buf_addc(w->out, ',');
				new_line(w, depth + 1);
				write_value(w, c, depth + 1);
			}
		if (v->child)
			new_line(w, depth);
		cib_buf_addc(w->out, object ? '}' : ']');
		return;
	}
	default:
		cib_buf_add(w->out, "null", 4);
	}
}

void cib_json_write(cib_buf *out, const cJSON *doc, const cib_json_style *style)
{
	writer w = {.out = out, .sort = !(style && style->keep_order), .compact = style && style->compact, .unit = "  ", .unit_len = 2};
	if (style && style->indent < 0) {
		w.unit[0] = '\t';
		w.unit_len = 1;
	} else if (style && style->indent > 0) {
		w.unit_len = style->indent < 16 ? (size_t)style->indent : 16;
		memset(w.unit, ' ', w.unit_len);
	}
	write_value(&w, doc, 0);
	if (!w.compact)
		cib_buf_addc(out, '\n');
}

bool cib_json_is_canonical(const cJSON *doc, const char *text, size_t len)
{
	cib_buf out = CIB_BUF_INIT;
	cib_json_write(&out, doc, NULL);
	bool same = out.len == len && memcmp(out.data, text, len) == 0;
	cib_buf_free(&out);
	return same;
}
