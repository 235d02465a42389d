/* The merge of arrays: sets of scalars, lists of objects with an identity, and sequences. */
#include "merge/private.h"

#include <stdlib.h>
#include <string.h>

/* ---- identified items: the keys of each side, in order ---- */

typedef struct {
	char **keys;
	const cJSON **items;
	size_t count;
} side_list;

static size_t length(const cJSON *array)
{
	size_t n = 0;
	for (const cJSON *c = array ? array->child : NULL; c; c = c->next)
		n++;
	return n;
}

static char *key_text(const cJSON *item, const char *key)
{
	if (key)
		return cib_strdup(cib_json_string(item, key));
	cib_buf b = CIB_BUF_INIT; /* a scalar is its own identity, with its type */
	cib_json_write(&b, item, &(cib_json_style){.compact = true});
	return cib_buf_take(&b);
}

static size_t find(const side_list *l, const char *key)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->keys[i], key) == 0)
			return i;
	return SIZE_MAX;
}

static side_list make_list(const cJSON *array, const char *key)
{
	size_t n = length(array);
	side_list l = {cib_alloc((n + 1) * sizeof *l.keys), cib_alloc((n + 1) * sizeof *l.items), 0};
	for (const cJSON *c = array ? array->child : NULL; c; c = c->next) {
		char *k = key_text(c, key);
		if (find(&l, k) != SIZE_MAX) { /* the same value twice in a set counts once */
			free(k);
			continue;
		}
		l.keys[l.count] = k;
		l.items[l.count++] = c;
	}
	return l;
}

static void free_list(side_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->keys[i]);
	free(l->keys);
	free((void *)(uintptr_t)l->items);
}

/* Do the items that both lists have stand in the same order? */
static bool same_order(const side_list *a, const side_list *b)
{
	size_t last = 0;
	bool any = false;
	for (size_t i = 0; i < a->count; i++) {
		size_t j = find(b, a->keys[i]);
		if (j == SIZE_MAX)
			continue;
		if (any && j < last)
			return false;
		last = j;
		any = true;
	}
	return true;
}

/* All keys: the first list's order, the second's additions each behind the one that it follows there. */
static char **join_keys(const side_list *first, const side_list *second, size_t *count)
{
	char **keys = cib_alloc((first->count + second->count + 1) * sizeof *keys);
	size_t n = first->count;
	memcpy(keys, first->keys, n * sizeof *keys);
	for (size_t i = 0; i < second->count; i++) {
		size_t at = 0;
		if (find(first, second->keys[i]) != SIZE_MAX)
			continue;
		for (size_t j = i; j-- > 0 && !at;)
			for (size_t k = 0; k < n; k++)
				if (strcmp(keys[k], second->keys[j]) == 0)
					at = k + 1;
		if (i > 0 && find(first, second->keys[i - 1]) != SIZE_MAX) /* both added here: the first list's additions stay in front */
			while (at < n && find(second, keys[at]) == SIZE_MAX)
				at++;
		memmove(keys + at + 1, keys + at, (n - at) * sizeof *keys);
		keys[at] = second->keys[i];
		n++;
	}
	*count = n;
	return keys;
}

static const cJSON *item_of(const side_list *l, const char *key)
{
	size_t i = find(l, key);
	return i == SIZE_MAX ? NULL : l->items[i];
}

static cJSON *merge_identified(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node, const char *key, bool ordered)
{
	side_list b = make_list(base, key), o = make_list(ours, key), t = make_list(theirs, key);
	bool ours_moved = !same_order(&b, &o), theirs_moved = !same_order(&b, &t);
	bool first_ours = ours_moved && !theirs_moved ? true : theirs_moved && !ours_moved ? false : m->keep == CIB_KEEP_OURS;
	bool collide = ordered && ours_moved && theirs_moved && !same_order(&o, &t);
	cJSON *out = cJSON_CreateArray();
	size_t count, len = m->path.len;
	char **keys = join_keys(first_ours ? &o : &t, first_ours ? &t : &o, &count);
	if (collide)
		cJSON_Delete(cib_merge_conflict(m, CIB_CONFLICT_ORDER, base, ours, theirs));
	for (size_t i = 0; i < count; i++) {
		const cJSON *x = item_of(&b, keys[i]), *y = item_of(&o, keys[i]), *z = item_of(&t, keys[i]);
		cJSON *v;
		if (key) {
			cib_json_pointer_add(&m->path, keys[i]);
			v = cib_merge_value(m, x, y, z, cib_rules_items(m->rules, node));
			m->path.len = len;
			m->path.data[len] = '\0';
		} else {
			bool in = x ? y && z : y || z;
			v = in ? cJSON_Duplicate(y ? y : z, true) : NULL;
		}
		if (v)
			cJSON_AddItemToArray(out, v);
	}
	free(keys);
	free_list(&b);
	free_list(&o);
	free_list(&t);
	return out;
}

/* ---- sequences ---- */

typedef struct {
	const cJSON **items[3];
	size_t counts[3];
} sequence;

static bool same_item(int side_a, size_t a, int side_b, size_t b, void *payload)
{
	const sequence *s = payload;
	return cib_json_equal(s->items[side_a][a], s->items[side_b][b]);
}

static void load(sequence *s, int side, const cJSON *array)
{
	s->items[side] = cib_alloc((length(array) + 1) * sizeof(cJSON *));
	for (const cJSON *c = array ? array->child : NULL; c; c = c->next)
		s->items[side][s->counts[side]++] = c;
}

static void add_run(cJSON *out, const cJSON *const *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cJSON_AddItemToArray(out, cJSON_Duplicate(items[i], true));
}

static bool same_run(const sequence *s, int x, size_t at, size_t n, int y, size_t other, size_t k)
{
	bool same = n == k;
	for (size_t i = 0; i < n && same; i++)
		same = same_item(x, at + i, y, other + i, (void *)(uintptr_t)s);
	return same;
}

/* A piece that both sides changed. false: it needs a person. */
static bool join_piece(cib_merging *m, cJSON *out, const sequence *s, const cib_piece *p, const cJSON *node)
{
	if (p->base_n == 0) { /* both put something in here: both stay, the central first */
		bool theirs_first = m->keep == CIB_KEEP_THEIRS;
		add_run(out, theirs_first ? s->items[2] + p->theirs : s->items[1] + p->ours, theirs_first ? p->theirs_n : p->ours_n);
		add_run(out, theirs_first ? s->items[1] + p->ours : s->items[2] + p->theirs, theirs_first ? p->ours_n : p->theirs_n);
		return true;
	}
	if (p->base_n != p->ours_n || p->base_n != p->theirs_n)
		return false;
	for (size_t i = 0; i < p->base_n; i++) { /* the same number of items: item by item, if they have an inside */
		const cJSON *b = s->items[0][p->base + i], *o = s->items[1][p->ours + i], *t = s->items[2][p->theirs + i];
		if (!cib_json_equal(b, o) && !cib_json_equal(b, t) && !(cJSON_IsObject(b) && cJSON_IsObject(o) && cJSON_IsObject(t)))
			return false;
	}
	size_t before = m->conflicts->count, len = m->path.len;
	cJSON *made = cJSON_CreateArray();
	for (size_t i = 0; i < p->base_n; i++) {
		cib_json_pointer_add_index(&m->path, (size_t)cJSON_GetArraySize(out) + i);
		cJSON *v = cib_merge_value(m, s->items[0][p->base + i], s->items[1][p->ours + i], s->items[2][p->theirs + i], cib_rules_items(m->rules, node));
		m->path.len = len;
		m->path.data[len] = '\0';
		if (v)
			cJSON_AddItemToArray(made, v);
	}
	bool clean = m->conflicts->count == before;
	while (m->conflicts->count > before) { /* positions are no identity: the whole list is the conflict */
		cib_conflict *c = &m->conflicts->items[--m->conflicts->count];
		free(c->pointer);
		free(c->path);
		cJSON_Delete(c->base);
		cJSON_Delete(c->ours);
		cJSON_Delete(c->theirs);
	}
	for (const cJSON *c = clean ? made->child : NULL; c; c = c->next)
		cJSON_AddItemToArray(out, cJSON_Duplicate(c, true));
	cJSON_Delete(made);
	return clean;
}

static cJSON *merge_sequence(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node)
{
	sequence s = {0};
	cib_piece *pieces = NULL;
	size_t count = 0;
	cJSON *out = cJSON_CreateArray();
	load(&s, 0, base);
	load(&s, 1, ours);
	load(&s, 2, theirs);
	bool ok = cib_diff3(&pieces, &count, s.counts[0], s.counts[1], s.counts[2], same_item, &s);
	for (size_t i = 0; i < count && ok; i++) {
		const cib_piece *p = &pieces[i];
		if (p->stable || same_run(&s, 0, p->base, p->base_n, 2, p->theirs, p->theirs_n))
			add_run(out, s.items[1] + p->ours, p->ours_n);
		else if (same_run(&s, 0, p->base, p->base_n, 1, p->ours, p->ours_n) || same_run(&s, 1, p->ours, p->ours_n, 2, p->theirs, p->theirs_n))
			add_run(out, s.items[2] + p->theirs, p->theirs_n);
		else
			ok = join_piece(m, out, &s, p, node);
	}
	free(pieces);
	for (int i = 0; i < 3; i++)
		free((void *)(uintptr_t)s.items[i]);
	if (ok)
		return out;
	cJSON_Delete(out);
	return cib_merge_conflict(m, CIB_CONFLICT_VALUE, base, ours, theirs);
}

/* ---- which of the three it is ---- */

static bool unique_strings(const cJSON *array)
{
	for (const cJSON *c = array ? array->child : NULL; c; c = c->next) {
		if (!cJSON_IsString(c))
			return false;
		for (const cJSON *e = array->child; e != c; e = e->next)
			if (strcmp(e->valuestring, c->valuestring) == 0)
				return false;
	}
	return true;
}

static bool infer_set(const cJSON *base, const cJSON *ours, const cJSON *theirs)
{
	if (!unique_strings(base) || !unique_strings(ours) || !unique_strings(theirs))
		return false;
	side_list b = make_list(base, NULL), o = make_list(ours, NULL), t = make_list(theirs, NULL);
	bool set = same_order(&b, &o) && same_order(&b, &t) && same_order(&o, &t);
	free_list(&b);
	free_list(&o);
	free_list(&t);
	return set;
}

static bool all_scalars(const cJSON *array)
{
	for (const cJSON *c = array ? array->child : NULL; c; c = c->next)
		if (cJSON_IsObject(c) || cJSON_IsArray(c))
			return false;
	return true;
}

cJSON *cib_merge_arrays(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node)
{
	const char *rule = cib_rules_of(m->rules, node);
	const cJSON *arrays[] = {base, ours, theirs};
	if (rule && strcmp(rule, "set") == 0 && all_scalars(base) && all_scalars(ours) && all_scalars(theirs))
		return merge_identified(m, base, ours, theirs, node, NULL, false);
	const char *key = cib_key_of(rule, arrays, 3);
	if (key)
		return merge_identified(m, base, ours, theirs, node, key, true);
	if (!rule && infer_set(base, ours, theirs))
		return merge_identified(m, base, ours, theirs, node, NULL, true);
	return merge_sequence(m, base, ours, theirs, node);
}
