/* Changes: what turns one document into another, field by field, in RFC 6902's terms.
 *
 * Lists are compared by the identity of their items where these have one; else equal items are matched in their order
 * (the longest common row of them), and what lies between two matches is compared one by one when as many were put in as
 * taken out. So an item put in at the head is one change, and not a change of all that follow it. */
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
		int order = i == n ? 1 : j == m ? -1
		                                : strcmp(x[i]->string, y[j]->string);
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
	return strcmp(((const keyed *)a)->key, ((const keyed *)b)->key); /* NOLINT(clang-analyzer-core.NonNullParamChecker): only items with a key are listed */
}

static const char *key_of(const cJSON *item, const char *key)
{
	const cJSON *v = cib_json_get(item, key);
	return cJSON_IsString(v) || cJSON_IsNumber(v) ? v->valuestring : NULL;
}

/* The items sorted by their member `key`, a string or a number; NULL when one has none or two have the same. */
static keyed *keyed_by(const cJSON *array, const char *key, size_t *count)
{
	size_t n = 0;
	for (const cJSON *c = array->child; c; c = c->next, n++)
		if (!key_of(c, key))
			return NULL;
	keyed *list = cib_alloc((n + 1) * sizeof *list);
	*count = 0;
	for (const cJSON *c = array->child; c; c = c->next)
		list[(*count)++] = (keyed){key_of(c, key), c};
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

/* Do the items that both lists have stand in the same order? */
static bool same_order(const cJSON *a, const cJSON *b, const keyed *left, size_t n, const keyed *right, size_t m, const char *key)
{
	const cJSON *x = a->child, *y = b->child;
	for (;; x = x->next, y = y->next) {
		while (x && !item_with(right, m, key_of(x, key)))
			x = x->next;
		while (y && !item_with(left, n, key_of(y, key)))
			y = y->next;
		if (!x || !y)
			return true;
		if (strcmp(key_of(x, key), key_of(y, key)) != 0)
			return false;
	}
}

static bool compare_keyed(differ *d, const cJSON *a, const cJSON *b, const char *key)
{
	size_t len = d->pointer.len, i = 0, n = 0, m = 0;
	keyed *left = keyed_by(a, key, &n), *right = left ? keyed_by(b, key, &m) : NULL;
	bool done = left && right;
	if (done && !same_order(a, b, left, n, right, m, key))
		note(d, CIB_REPLACE, a, b); /* the order is a matter of the list */
	for (const cJSON *x = done ? a->child : NULL; x; x = x->next, i++)
		if (!item_with(right, m, key_of(x, key))) {
			cib_json_pointer_add_index(&d->pointer, i); /* its place before */
			note(d, CIB_REMOVE, x, NULL);
			leave(d, len);
		}
	i = 0;
	for (const cJSON *y = done ? b->child : NULL; y; y = y->next, i++) {
		const cJSON *x = item_with(left, n, key_of(y, key));
		cib_json_pointer_add_index(&d->pointer, i); /* its place after */
		if (x)
			compare(d, x, y);
		else
			note(d, CIB_ADD, NULL, y);
		leave(d, len);
	}
	free(left);
	free(right);
	return done;
}

/* ---- lists by place ---- */

enum { MOST_CELLS = 250 * 1000 };

typedef struct {
	const cJSON **items;
	size_t n;
} row;

static row row_of(const cJSON *array)
{
	row r = {NULL, 0};
	for (const cJSON *c = array->child; c; c = c->next)
		r.n++;
	r.items = cib_alloc((r.n + 1) * sizeof *r.items);
	r.n = 0;
	for (const cJSON *c = array->child; c; c = c->next)
		r.items[r.n++] = c;
	return r;
}

static bool has_inside(const cJSON *v)
{
	return cJSON_IsObject(v) || cJSON_IsArray(v);
}

/* The items [i, iend) of one list against [j, jend) of the other, between two that are the same. Of unlike numbers of them,
 * only scalars stand for each other. */
static void compare_between(differ *d, const row *a, size_t i, size_t iend, const row *b, size_t j, size_t jend)
{
	size_t len = d->pointer.len;
	bool as_many = iend - i == jend - j;
	for (; i < iend && j < jend && (as_many || (!has_inside(a->items[i]) && !has_inside(b->items[j]))); i++, j++) {
		cib_json_pointer_add_index(&d->pointer, j);
		compare(d, a->items[i], b->items[j]);
		leave(d, len);
	}
	for (; i < iend; i++) {
		cib_json_pointer_add_index(&d->pointer, i);
		note(d, CIB_REMOVE, a->items[i], NULL);
		leave(d, len);
	}
	for (; j < jend; j++) {
		cib_json_pointer_add_index(&d->pointer, j);
		note(d, CIB_ADD, NULL, b->items[j]);
		leave(d, len);
	}
}

/* longest[i * (m + 1) + j]: how many items of a from i on and of b from j on can be matched. */
static void compare_matching(differ *d, const row *a, size_t i, size_t n, const row *b, size_t j, size_t m)
{
	size_t width = m - j + 1, from_i = i, from_j = j, first_i = i, first_j = j;
	unsigned *longest = cib_alloc((n - i + 1) * width * sizeof *longest);
	unsigned char *same = cib_alloc((n - i + 1) * width);
	for (size_t x = n; x-- > from_i;)
		for (size_t y = m; y-- > from_j;) {
			unsigned *at = &longest[(x - from_i) * width + (y - from_j)];
			bool is = cib_json_identical(a->items[x], b->items[y]);
			same[(x - from_i) * width + (y - from_j)] = is;
			*at = is ? at[width + 1] + 1 : at[width] > at[1] ? at[width]
			                                                 : at[1];
		}
	while (i < n && j < m) {
		size_t at = (i - from_i) * width + (j - from_j);
		if (same[at]) {
			compare_between(d, a, first_i, i, b, first_j, j);
			first_i = ++i;
			first_j = ++j;
		} else if (longest[at + width] >= longest[at + 1])
			i++;
		else
			j++;
	}
	compare_between(d, a, first_i, n, b, first_j, m);
	free(longest);
	free(same);
}

static void compare_by_place(differ *d, const cJSON *a, const cJSON *b)
{
	row x = row_of(a), y = row_of(b);
	size_t head = 0, n = x.n, m = y.n;
	while (head < n && head < m && cib_json_identical(x.items[head], y.items[head]))
		head++;
	while (n > head && m > head && cib_json_identical(x.items[n - 1], y.items[m - 1])) {
		n--;
		m--;
	}
	if (n - head == m - head || (n - head + 1) * (m - head + 1) > MOST_CELLS)
		compare_between(d, &x, head, n, &y, head, m);
	else
		compare_matching(d, &x, head, n, &y, head, m);
	free((void *)(uintptr_t)x.items);
	free((void *)(uintptr_t)y.items);
}

static void compare_arrays(differ *d, const cJSON *a, const cJSON *b)
{
	const char *keys[] = {d->hint, "id", "code", "key", "name"};
	for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
		if (keys[k] && a->child && b->child && compare_keyed(d, a, b, keys[k]))
			return;
	compare_by_place(d, a, b);
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
