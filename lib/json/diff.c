/* Changes: what turns one document into another, field by field, in RFC 6902's terms. */
#include "json/json.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	cib_json_changes *out;
	cib_buf pointer;
	const char *hint;
} differ;

static void note(differ *d, cib_json_op op, const cJSON *before, const cJSON *after)
{
	d->out->items = cib_grow(d->out->items, &d->out->cap, d->out->count + 1, sizeof *d->out->items);
	d->out->items[d->out->count++] = (cib_json_change){op, cib_strdup(cib_buf_str(&d->pointer)), before, after};
}

static void leave(differ *d, size_t len)
{
	d->pointer.len = len;
	d->pointer.data[len] = '\0';
}

static void compare(differ *d, const cJSON *a, const cJSON *b);

static void compare_objects(differ *d, const cJSON *a, const cJSON *b)
{
	size_t len = d->pointer.len;
	for (const cJSON *x = a->child; x; x = x->next) {
		const cJSON *y = cib_json_get(b, x->string);
		cib_json_pointer_add(&d->pointer, x->string);
		if (y)
			compare(d, x, y);
		else
			note(d, CIB_REMOVE, x, NULL);
		leave(d, len);
	}
	for (const cJSON *y = b->child; y; y = y->next)
		if (!cib_json_get(a, y->string)) {
			cib_json_pointer_add(&d->pointer, y->string);
			note(d, CIB_ADD, NULL, y);
			leave(d, len);
		}
}

/* Does every item have a string `key`, no two the same? */
static bool keyed_by(const cJSON *array, const char *key)
{
	if (!array->child)
		return true;
	for (const cJSON *c = array->child; c; c = c->next) {
		const char *k = cib_json_string(c, key);
		if (!k)
			return false;
		for (const cJSON *e = array->child; e != c; e = e->next)
			if (strcmp(cib_json_string(e, key), k) == 0)
				return false;
	}
	return true;
}

static const cJSON *item_with(const cJSON *array, const char *key, const char *value)
{
	for (const cJSON *c = array->child; c; c = c->next)
		if (strcmp(cib_json_string(c, key), value) == 0)
			return c;
	return NULL;
}

static void compare_keyed(differ *d, const cJSON *a, const cJSON *b, const char *key)
{
	size_t len = d->pointer.len, i = 0;
	for (const cJSON *x = a->child; x; x = x->next, i++)
		if (!item_with(b, key, cib_json_string(x, key))) {
			cib_json_pointer_add_index(&d->pointer, i); /* its place before */
			note(d, CIB_REMOVE, x, NULL);
			leave(d, len);
		}
	i = 0;
	for (const cJSON *y = b->child; y; y = y->next, i++) {
		const cJSON *x = item_with(a, key, cib_json_string(y, key));
		cib_json_pointer_add_index(&d->pointer, i);
		if (x)
			compare(d, x, y);
		else
			note(d, CIB_ADD, NULL, y);
		leave(d, len);
	}
}

static void compare_arrays(differ *d, const cJSON *a, const cJSON *b)
{
	const char *keys[] = {d->hint, "id", "code"};
	for (size_t k = 0; k < 3; k++)
		if (keys[k] && (a->child || b->child) && keyed_by(a, keys[k]) && keyed_by(b, keys[k])) {
			compare_keyed(d, a, b, keys[k]);
			return;
		}
	size_t len = d->pointer.len, i = 0;
	const cJSON *x = a->child, *y = b->child;
	for (; x || y; i++) {
		cib_json_pointer_add_index(&d->pointer, i);
		if (x && y)
			compare(d, x, y);
		else
			note(d, x ? CIB_REMOVE : CIB_ADD, x, y);
		leave(d, len);
		x = x ? x->next : NULL;
		y = y ? y->next : NULL;
	}
}

static void compare(differ *d, const cJSON *a, const cJSON *b)
{
	if (cJSON_IsObject(a) && cJSON_IsObject(b))
		compare_objects(d, a, b);
	else if (cJSON_IsArray(a) && cJSON_IsArray(b))
		compare_arrays(d, a, b);
	else if (!cib_json_identical(a, b))
		note(d, CIB_REPLACE, a, b);
}

void cib_json_diff(cib_json_changes *out, const cJSON *a, const cJSON *b, const char *key_hint)
{
	differ d = {.out = out, .hint = key_hint};
	cib_buf_reserve(&d.pointer, 64);
	d.pointer.data[0] = '\0';
	compare(&d, a, b);
	cib_buf_free(&d.pointer);
}

void cib_json_changes_free(cib_json_changes *changes)
{
	for (size_t i = 0; i < changes->count; i++)
		free(changes->items[i].pointer);
	free(changes->items);
	*changes = (cib_json_changes){0};
}
