/* Changes: what turns one document into another, field by field, in RFC 6902's terms. */
#include "json/private.h"

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
	size_t len = d->pointer.len, n, m, i = 0, j = 0;
	const cJSON **x = cib_json__sorted(a, &n), **y = cib_json__sorted(b, &m);
	while (i < n || j < m) {
		int order = i == n ? 1 : j == m ? -1 : strcmp(x[i]->string, y[j]->string);
		cib_json_pointer_add(&d->pointer, order <= 0 ? x[i]->string : y[j]->string);
		if (order == 0)
			compare(d, x[i++], y[j++]);
		else if (order < 0)
			note(d, CIB_REMOVE, x[i++], NULL);
		else
			note(d, CIB_ADD, NULL, y[j++]);
		leave(d, len);
	}
	free((void *)(uintptr_t)x);
	free((void *)(uintptr_t)y);
}

/* ---- lists of objects that have an identity ---- */

typedef struct {
	const char *key;
	const cJSON *item;
} keyed;

static int by_key(const void *a, const void *b)
{
	return strcmp(((const keyed *)a)->key, ((const keyed *)b)->key);
}

/* The items sorted by their string member `key`; NULL when one has none or two have the same. */
static keyed *keyed_by(const cJSON *array, const char *key, size_t *count)
{
	size_t n = 0;
	for (const cJSON *c = array->child; c; c = c->next, n++)
		if (!cib_json_string(c, key))
			return NULL;
	keyed *list = cib_alloc((n + 1) * sizeof *list);
	*count = 0;
	for (const cJSON *c = array->child; c; c = c->next)
		list[(*count)++] = (keyed){cib_json_string(c, key), c};
	qsort(list, n, sizeof *list, by_key);
	for (size_t i = 1; i < n; i++)
		if (strcmp(list[i - 1].key, list[i].key) == 0) {
			free(list);
			return NULL;
		}
	return list;
}

static const cJSON *item_with(const keyed *list, size_t count, const char *value)
{
	keyed wanted = {value, NULL};
	const keyed *found = count ? bsearch(&wanted, list, count, sizeof *list, by_key) : NULL;
	return found ? found->item : NULL;
}

static bool compare_keyed(differ *d, const cJSON *a, const cJSON *b, const char *key)
{
	size_t len = d->pointer.len, i = 0, n = 0, m = 0, noted = d->out->count;
	keyed *left = keyed_by(a, key, &n), *right = left ? keyed_by(b, key, &m) : NULL;
	bool done = left && right;
	for (const cJSON *x = done ? a->child : NULL; x; x = x->next, i++)
		if (!item_with(right, m, cib_json_string(x, key))) {
			cib_json_pointer_add_index(&d->pointer, i); /* its place before */
			note(d, CIB_REMOVE, x, NULL);
			leave(d, len);
		}
	i = 0;
	for (const cJSON *y = done ? b->child : NULL; y; y = y->next, i++) {
		const cJSON *x = item_with(left, n, cib_json_string(y, key));
		cib_json_pointer_add_index(&d->pointer, i); /* its place after */
		if (x)
			compare(d, x, y);
		else
			note(d, CIB_ADD, NULL, y);
		leave(d, len);
	}
	free(left);
	free(right);
	if (done && d->out->count == noted && !cib_json_identical(a, b))
		note(d, CIB_REPLACE, a, b); /* the same items in another order */
	return done;
}

static void compare_arrays(differ *d, const cJSON *a, const cJSON *b)
{
	const char *keys[] = {d->hint, "id", "code"};
	for (size_t k = 0; k < 3; k++)
		if (keys[k] && (a->child || b->child) && compare_keyed(d, a, b, keys[k]))
			return;
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
	if (!a || !b) {
		if (a || b)
			note(d, a ? CIB_REMOVE : CIB_ADD, a, b);
	} else if (cJSON_IsObject(a) && cJSON_IsObject(b))
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
