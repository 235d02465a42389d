/* The merge of lists whose items have an identity: sets of scalars, and lists of objects with a key.
 *
 * The items of all three sides get classes (by key, or by value), so that a list is a row of numbers and an item is
 * found in constant time. */
#include "merge/private.h"
#include "merge/lists.h"

#include <stdlib.h>
#include <string.h>

/* One side: its items in order, and where each class stands in it. */
typedef struct {
	cib_ids order;
	const cJSON **items; /* by class; NULL: the side has no such item */
	size_t *place;       /* by class: index in `order` */
} side;

typedef struct {
	side sides[3];     /* base, ours, theirs */
	const char **keys; /* by class */
	cib_classes classes;
	cib_buf *texts; /* the keys of scalars */
	bool numbers;   /* all items are numbers: they sort as such */
	cib_list_kind kind;
} identified;

enum { BASE,
       OURS,
       THEIRS };

static size_t length(const cJSON *array)
{
	size_t n = 0;
	for (const cJSON *c = array ? array->child : NULL; c; c = c->next)
		n++;
	return n;
}

static void load(identified *l, const cJSON *const arrays[3], const char *key)
{
	size_t total = length(arrays[0]) + length(arrays[1]) + length(arrays[2]) + 1;
	l->keys = cib_alloc(total * sizeof *l->keys);
	l->texts = cib_alloc(total * sizeof *l->texts);
	l->numbers = !key;
	for (int i = 0; i < 3; i++) {
		side *s = &l->sides[i];
		s->order.ids = cib_alloc(total * sizeof *s->order.ids);
		s->items = cib_alloc(total * sizeof *s->items);
		s->place = cib_alloc(total * sizeof *s->place);
		for (const cJSON *c = arrays[i] ? arrays[i]->child : NULL; c; c = c->next) {
			const char *name = key ? cib_item_key(c, key) : NULL;
			unsigned known = l->classes.count, id = key ? cib_class_of_text(&l->classes, name, strlen(name)) : cib_class_of_value(&l->classes, c);
			l->numbers &= cJSON_IsNumber(c);
			if (id == known && !key) {
				cib_json_write(&l->texts[id], c, &(cib_json_style){.compact = true});
				name = cib_buf_str(&l->texts[id]);
			}
			if (id == known)
				l->keys[id] = name;
			if (s->items[id])
				continue; /* the same value twice in a set counts once */
			s->items[id] = c;
			s->place[id] = s->order.n;
			s->order.ids[s->order.n++] = id;
		}
	}
}

static void unload(identified *l)
{
	for (int i = 0; i < 3; i++) {
		free(l->sides[i].order.ids);
		free((void *)(uintptr_t)l->sides[i].items);
		free(l->sides[i].place);
	}
	for (unsigned i = 0; i < l->classes.count; i++)
		cib_buf_free(&l->texts[i]);
	free(l->texts);
	free((void *)(uintptr_t)l->keys);
	cib_classes_free(&l->classes);
}

/* Do the items that both lists have stand in the same order? */
static bool same_order(const side *a, const side *b)
{
	size_t last = 0;
	for (size_t i = 0; i < a->order.n; i++) {
		unsigned id = a->order.ids[i];
		if (!b->items[id])
			continue;
		if (b->place[id] < last)
			return false;
		last = b->place[id];
	}
	return true;
}

static bool adds_to(const side *s, const side *base)
{
	for (size_t i = 0; i < s->order.n; i++)
		if (!base->items[s->order.ids[i]])
			return true;
	return false;
}

/* ---- the order of the result ---- */

/* A chain of classes: next[id + 1]; the head is next[0]. */
typedef struct {
	size_t *next;
	bool *in;
} chain;

static void link_behind(chain *c, size_t at, unsigned id)
{
	c->next[id + 1] = c->next[at];
	c->next[at] = (size_t)id + 1;
	c->in[id] = true;
}

/* All classes: the first list's order, the second's additions each behind the one that it follows there, and behind what
 * the first list put in at the same place. Returns how many. */
static size_t join_orders(unsigned *out, const identified *l, const side *first, const side *second)
{
	unsigned n = l->classes.count;
	chain c = {cib_alloc((n + 1) * sizeof(size_t)), cib_alloc(n + 1)};
	size_t at = 0, count = 0;
	for (size_t i = 0; i < first->order.n; i++) {
		link_behind(&c, at, first->order.ids[i]);
		at = (size_t)first->order.ids[i] + 1;
	}
	at = 0;
	for (size_t i = 0; i < second->order.n; i++) {
		unsigned id = second->order.ids[i];
		if (!c.in[id]) {
			if (at == 0 || first->items[at - 1])
				while (c.next[at] && !second->items[c.next[at] - 1])
					at = c.next[at];
			link_behind(&c, at, id);
		}
		at = (size_t)id + 1;
	}
	for (at = c.next[0]; at; at = c.next[at])
		out[count++] = (unsigned)(at - 1);
	free(c.next);
	free(c.in);
	return count;
}

typedef struct {
	const char *key;
	unsigned id;
} named;

static int by_key(const void *a, const void *b)
{
	return strcmp(((const named *)a)->key, ((const named *)b)->key);
}

static int by_number(const void *a, const void *b)
{
	return cib_json_number_compare(((const named *)a)->key, ((const named *)b)->key);
}

static void sort_by_key(const identified *l, unsigned *ids, size_t n)
{
	named *list = cib_alloc((n + 1) * sizeof *list);
	for (size_t i = 0; i < n; i++)
		list[i] = (named){l->keys[ids[i]], ids[i]};
	qsort(list, n, sizeof *list, l->numbers ? by_number : by_key);
	for (size_t i = 0; i < n; i++)
		ids[i] = list[i].id;
	free(list);
}

/* All classes where both sides added some: what was there in its order (`order` has it), then the additions by their keys.
 * Where they came from, and which merge brought them together, leaves no trace: members merged in any order make
 * one tree. */
static size_t gather_orders(unsigned *out, const identified *l, const side *order)
{
	const side *base = &l->sides[BASE], *ours = &l->sides[OURS], *theirs = &l->sides[THEIRS];
	size_t n = 0, first;
	for (size_t i = 0; i < order->order.n; i++)
		if (base->items[order->order.ids[i]])
			out[n++] = order->order.ids[i];
	for (size_t i = 0; i < base->order.n; i++) /* removed by the side whose order it is, edited by the other */
		if (!order->items[base->order.ids[i]])
			out[n++] = base->order.ids[i];
	first = n;
	for (unsigned id = 0; id < l->classes.count; id++)
		if (!base->items[id] && (ours->items[id] || theirs->items[id]))
			out[n++] = id;
	sort_by_key(l, out + first, n - first);
	return n;
}

static bool is_sorted(const identified *l, const side *s)
{
	for (size_t i = 1; i < s->order.n; i++) {
		const char *a = l->keys[s->order.ids[i - 1]], *b = l->keys[s->order.ids[i]];
		if ((l->numbers ? cib_json_number_compare(a, b) : strcmp(a, b)) > 0)
			return false;
	}
	return s->order.n > 1;
}

/* Which classes come in which order; *collide: both sides reordered, differently. */
static size_t arrange(unsigned *out, const identified *l, cib_merge_keep keep, bool *collide)
{
	const side *b = &l->sides[BASE], *o = &l->sides[OURS], *t = &l->sides[THEIRS];
	bool ours_moved = !same_order(b, o), theirs_moved = !same_order(b, t), both = ours_moved && theirs_moved;
	bool set = l->kind == CIB_LIST_SET;
	*collide = !set && !same_order(o, t) && (both || b->order.n == 0);
	bool gather = l->kind != CIB_LIST_INFERRED && ((adds_to(o, b) && adds_to(t, b)) || (set && both));
	const side *order = !ours_moved && !theirs_moved ? b : ours_moved && !theirs_moved ? o
	                                                                                   : t;
	if (set && both)
		order = b;
	else if (*collide && keep == CIB_KEEP_OURS)
		order = o;
	if (gather)
		return gather_orders(out, l, order);
	bool theirs_first = theirs_moved && (!ours_moved || keep != CIB_KEEP_OURS);
	size_t n = join_orders(out, l, theirs_first ? t : o, theirs_first ? o : t);
	if (l->kind == CIB_LIST_INFERRED && is_sorted(l, o) && is_sorted(l, t))
		sort_by_key(l, out, n);
	return n;
}

/* Did both sides put something else in the place of the same item? Two replacements are no two additions. */
static bool replaced_twice(const identified *l)
{
	const cib_ids lists[3] = {l->sides[0].order, l->sides[1].order, l->sides[2].order};
	cib_piece *pieces = NULL;
	size_t count = 0;
	bool found = false, ok = cib_diff3(&pieces, &count, lists);
	for (size_t i = 0; i < count && ok && !found; i++) {
		const cib_piece *p = &pieces[i];
		bool gone = false, added[3] = {false, false, false};
		for (size_t k = 0; k < p->n[BASE]; k++) {
			unsigned id = lists[BASE].ids[p->at[BASE] + k];
			gone |= !l->sides[OURS].items[id] && !l->sides[THEIRS].items[id];
		}
		for (int s = OURS; s <= THEIRS; s++)
			for (size_t k = 0; k < p->n[s]; k++)
				added[s] |= !l->sides[BASE].items[lists[s].ids[p->at[s] + k]];
		found = gone && added[OURS] && added[THEIRS] && !cib_piece_same(p, lists, OURS, THEIRS);
	}
	free(pieces);
	return found || !ok;
}

/* ---- the merge ---- */

static void merge_items(cib_merging *m, cJSON *out, const identified *l, const unsigned *ids, size_t n, const cJSON *items, bool keyed)
{
	size_t index = 0;
	for (size_t i = 0; i < n; i++) {
		const cJSON *b = l->sides[BASE].items[ids[i]], *o = l->sides[OURS].items[ids[i]], *t = l->sides[THEIRS].items[ids[i]];
		cJSON *v = NULL;
		if (keyed) {
			cib_way way = cib_enter_item(m, l->keys[ids[i]], index);
			v = cib_merge_value(m, b, o, t, items);
			cib_way_back(m, way);
		} else if (b ? o && t : o || t) {
			v = cJSON_Duplicate(!o ? t : !t ? o
			                                : cib_merge_spelling(m, b, o, t),
			                    true);
		}
		if (v)
			cJSON_AddItemToArray(out, v);
		index += v != NULL;
	}
}

cJSON *cib_merge_identified(cib_merging *m, const cJSON *const arrays[3], const cJSON *node, const char *key, cib_list_kind kind)
{
	identified l = {.kind = kind};
	cJSON *out = NULL;
	bool collide;
	load(&l, arrays, key);
	unsigned *ids = cib_alloc((l.classes.count + 1) * sizeof *ids);
	size_t n = arrange(ids, &l, m->keep, &collide);
	if (kind == CIB_LIST_INFERRED && ((collide && !key) || replaced_twice(&l)))
		goto done;
	if (collide)
		cJSON_Delete(cib_merge_conflict(m, CIB_CONFLICT_ORDER, arrays[0], arrays[1], arrays[2]));
	else if (!key)
		cib_merge_remark(m, CIB_MERGE_LIST, arrays[0], arrays[1], arrays[2]);
	out = cJSON_CreateArray();
	merge_items(m, out, &l, ids, n, m->rules ? cib_rules_items(m->rules, node) : NULL, key != NULL);
done:
	free(ids);
	unload(&l);
	return out;
}

cJSON *cib_merge_in_order_of(const cJSON *list, const cJSON *model)
{
	const cJSON *both[] = {list, model};
	const char *key = cJSON_IsArray(list) && cJSON_IsArray(model) ? cib_key_of(NULL, both, 2) : NULL;
	if (!key)
		return NULL;
	cJSON *rest = cJSON_Duplicate(list, true), *out = cJSON_CreateArray();
	for (const cJSON *m = model->child; m; m = m->next)
		for (cJSON *c = rest->child; c; c = c->next)
			if (strcmp(cib_item_key(c, key), cib_item_key(m, key)) == 0) {
				cJSON_AddItemToArray(out, cJSON_DetachItemViaPointer(rest, c));
				break;
			}
	while (rest->child)
		cJSON_AddItemToArray(out, cJSON_DetachItemViaPointer(rest, rest->child));
	cJSON_Delete(rest);
	return out;
}
