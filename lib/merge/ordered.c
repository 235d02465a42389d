/* The merge of lists whose items have no identity but their place: a diff3 of the items.
 *
 * An item that one side moved is out at its old place and in at its new one, so the move is kept; what the other side
 * made of it meanwhile goes along. No item comes out more often than its writers put it in: two moves of one item to
 * different places are a conflict. */
#include "merge/lists.h"

#include <stdlib.h>
#include <string.h>

enum { BASE,
       OURS,
       THEIRS,
       LONGEST_TUPLE = 4 };

typedef struct {
	const cJSON **items[3];
	cib_ids ids[3];
	cib_classes classes;
	unsigned known;         /* how many classes the three sides have */
	size_t *counts[3];      /* by class: how often a side has it */
	const cJSON **followed; /* by class: what the other side made of an item that one side moved */
	cib_piece *pieces;
	size_t count;
	bool *moved; /* by piece: its items went elsewhere, with the other side's edits */
} ordered;

/* ---- the three sides ---- */

static void load_side(ordered *l, int side, const cJSON *array)
{
	size_t n = 0;
	for (const cJSON *c = array ? array->child : NULL; c; c = c->next)
		n++;
	l->items[side] = cib_alloc((n + 1) * sizeof(cJSON *));
	l->ids[side].ids = cib_alloc((n + 1) * sizeof(unsigned));
	for (const cJSON *c = array ? array->child : NULL; c; c = c->next) {
		l->items[side][l->ids[side].n] = c;
		l->ids[side].ids[l->ids[side].n++] = cib_class_of_value(&l->classes, c);
	}
}

/* Did `mover` take each item of the piece elsewhere, while the other side edited them in their place? */
static bool went_elsewhere(const ordered *l, const cib_piece *p, int mover, int editor)
{
	if (p->n[BASE] == 0 || p->n[mover] != 0 || p->n[editor] != p->n[BASE])
		return false;
	for (size_t i = 0; i < p->n[BASE]; i++) {
		unsigned id = l->ids[BASE].ids[p->at[BASE] + i];
		if (l->counts[BASE][id] != 1 || l->counts[mover][id] != 1 || l->counts[editor][id] != 0)
			return false;
	}
	return true;
}

static void find_followed(ordered *l)
{
	for (size_t k = 0; k < l->count; k++) {
		const cib_piece *p = &l->pieces[k];
		int editor = went_elsewhere(l, p, OURS, THEIRS) ? THEIRS : went_elsewhere(l, p, THEIRS, OURS) ? OURS
		                                                                                              : BASE;
		l->moved[k] = editor != BASE;
		for (size_t i = 0; i < p->n[BASE] && l->moved[k]; i++)
			l->followed[l->ids[BASE].ids[p->at[BASE] + i]] = l->items[editor][p->at[editor] + i];
	}
}

/* false: there is no base, or the lists are too different to compare. */
static bool load(ordered *l, const cJSON *const arrays[3])
{
	for (int i = 0; i < 3; i++)
		load_side(l, i, arrays[i]);
	l->known = l->classes.count;
	for (int i = 0; i < 3; i++) {
		l->counts[i] = cib_alloc((l->known + 1) * sizeof(size_t));
		for (size_t k = 0; k < l->ids[i].n; k++)
			l->counts[i][l->ids[i].ids[k]]++;
	}
	l->followed = cib_alloc((l->known + 1) * sizeof *l->followed);
	if (!arrays[BASE] || !cib_diff3(&l->pieces, &l->count, l->ids))
		return false;
	l->moved = cib_alloc(l->count + 1);
	find_followed(l);
	return true;
}

static void unload(ordered *l)
{
	for (int i = 0; i < 3; i++) {
		free((void *)(uintptr_t)l->items[i]);
		free(l->ids[i].ids);
		free(l->counts[i]);
	}
	free((void *)(uintptr_t)l->followed);
	free(l->pieces);
	free(l->moved);
	cib_classes_free(&l->classes);
}

/* ---- pieces ---- */

static void add_run(cJSON *out, const ordered *l, int side, const cib_piece *p)
{
	for (size_t i = 0; i < p->n[side]; i++) {
		const cJSON *edited = l->followed[l->ids[side].ids[p->at[side] + i]];
		cJSON_AddItemToArray(out, cJSON_Duplicate(edited ? edited : l->items[side][p->at[side] + i], true));
	}
}

/* What no side changed, but perhaps wrote anew. */
static void add_stable(const cib_merging *m, cJSON *out, const ordered *l, const cib_piece *p)
{
	for (size_t i = 0; i < p->n[BASE]; i++)
		cJSON_AddItemToArray(out, cJSON_Duplicate(cib_merge_spelling(m, l->items[BASE][p->at[BASE] + i], l->items[OURS][p->at[OURS] + i], l->items[THEIRS][p->at[THEIRS] + i]), true));
}

/* Numbers and arrays put in at one place by both sides are more likely one measurement taken twice than two things. */
static bool may_stand_together(const ordered *l, int side, const cib_piece *p)
{
	for (size_t i = 0; i < p->n[side]; i++) {
		const cJSON *c = l->items[side][p->at[side] + i];
		if (!cJSON_IsObject(c) && !cJSON_IsString(c))
			return false;
	}
	return true;
}

/* One item that both sides changed. NULL: it needs a person. */
static cJSON *join_item(cib_merging *m, const cJSON *b, const cJSON *o, const cJSON *t, const cJSON *items, size_t index)
{
	size_t conflicts = m->conflicts->count, notes = m->notes ? m->notes->count : 0;
	bool inside = cJSON_IsObject(b) && cJSON_IsObject(o) && cJSON_IsObject(t);
	if (!inside && !cib_json_equal(b, o) && !cib_json_equal(b, t) && !cib_json_equal(o, t))
		return NULL;
	cib_way way = cib_enter_item(m, NULL, index);
	cJSON *v = cib_merge_value(m, b, o, t, items);
	cib_way_back(m, way);
	if (m->conflicts->count > conflicts) { /* positions are no identity: the conflict is the list's */
		cib_merge_rewind(m, conflicts, notes);
		cJSON_Delete(v);
		return NULL;
	}
	return v;
}

/* Items that both sides changed, as many on each: item by item. `torn` as below. */
static bool join_items(cib_merging *m, cJSON *out, const ordered *l, const cib_piece *p, const cJSON *items, int torn)
{
	size_t index = (size_t)cJSON_GetArraySize(out);
	for (size_t i = 0; i < p->n[BASE]; i++) {
		const cJSON *b = l->items[BASE][p->at[BASE] + i], *o = l->items[OURS][p->at[OURS] + i], *t = l->items[THEIRS][p->at[THEIRS] + i];
		cJSON *v = join_item(m, b, o, t, items, index + i);
		if (!v && !torn)
			return false;
		cJSON_AddItemToArray(out, v ? v : cJSON_Duplicate(torn == OURS ? o : t, true));
	}
	return true;
}

/* A piece that both sides changed. false: it needs a person. */
static bool join_piece(cib_merging *m, cJSON *out, const ordered *l, const cib_piece *p, const cJSON *items, int torn)
{
	if (p->n[BASE] == 0) { /* both put something in here: both stay */
		if (!may_stand_together(l, OURS, p) || !may_stand_together(l, THEIRS, p))
			return false;
		add_run(out, l, OURS, p);
		add_run(out, l, THEIRS, p);
		return true;
	}
	return p->n[BASE] == p->n[OURS] && p->n[BASE] == p->n[THEIRS] && join_items(m, out, l, p, items, torn);
}

/* The merged list; where a piece needs a person, `torn` says whose stands in it, or (0) there is no result. */
static cJSON *join_pieces(cib_merging *m, const ordered *l, const cJSON *items, int torn)
{
	cJSON *out = cJSON_CreateArray();
	for (size_t i = 0; i < l->count; i++) {
		const cib_piece *p = &l->pieces[i];
		if (l->moved[i])
			continue;
		if (p->stable) {
			add_stable(m, out, l, p);
		} else if (cib_piece_same(p, l->ids, OURS, THEIRS)) {
			add_run(out, l, m->keep == CIB_KEEP_OURS ? OURS : THEIRS, p);
		} else if (cib_piece_same(p, l->ids, BASE, THEIRS)) {
			add_run(out, l, OURS, p);
		} else if (cib_piece_same(p, l->ids, BASE, OURS)) {
			add_run(out, l, THEIRS, p);
		} else if (!join_piece(m, out, l, p, items, torn)) {
			if (!torn) {
				cJSON_Delete(out);
				return NULL;
			}
			add_run(out, l, torn, p);
		}
	}
	return out;
}

/* Does an item stand in the result more often than both sides together put it in? */
static bool repeats(ordered *l, const cJSON *out)
{
	size_t *counts = cib_alloc((l->known + 1) * sizeof *counts);
	bool found = false;
	for (const cJSON *c = out->child; c && !found; c = c->next) {
		unsigned id = cib_class_of_value(&l->classes, c);
		if (id >= l->known)
			continue; /* an item that was joined */
		size_t base = l->counts[BASE][id], ours = l->counts[OURS][id], theirs = l->counts[THEIRS][id];
		found = ++counts[id] > base + (ours > base ? ours - base : 0) + (theirs > base ? theirs - base : 0);
	}
	free(counts);
	return found;
}

/* ---- the merge ---- */

/* A few numbers are one thing: a coordinate, a colour, a box. */
static bool is_tuple(const cJSON *const arrays[3])
{
	for (int i = 0; i < 3; i++) {
		size_t n = 0;
		for (const cJSON *c = arrays[i] ? arrays[i]->child : NULL; c; c = c->next, n++)
			if (!cJSON_IsNumber(c) || n >= LONGEST_TUPLE)
				return false;
	}
	return arrays[BASE] != NULL;
}

static bool is_part_of(const cib_ids *small, const cib_ids *large)
{
	size_t i = 0;
	for (size_t k = 0; k < large->n && i < small->n; k++)
		i += large->ids[k] == small->ids[i];
	return i == small->n;
}

/* Both sides added the list: nothing says which difference is meant, but when one holds all of the other's in its order. */
static cJSON *join_added(const ordered *l, const cJSON *const arrays[3])
{
	if (is_part_of(&l->ids[OURS], &l->ids[THEIRS]))
		return cJSON_Duplicate(arrays[THEIRS], true);
	return is_part_of(&l->ids[THEIRS], &l->ids[OURS]) ? cJSON_Duplicate(arrays[OURS], true) : NULL;
}

cJSON *cib_merge_ordered(cib_merging *m, const cJSON *const arrays[3], const cJSON *items)
{
	ordered l = {0};
	cJSON *out = NULL;
	size_t notes = m->notes ? m->notes->count : 0;
	if (is_tuple(arrays))
		return NULL;
	if (load(&l, arrays))
		out = join_pieces(m, &l, items, 0);
	else if (!arrays[BASE])
		out = join_added(&l, arrays);
	if (out && arrays[BASE] && repeats(&l, out)) {
		cJSON_Delete(out);
		out = NULL;
	}
	unload(&l);
	if (out)
		cib_merge_remark(m, CIB_MERGE_LIST, arrays[0], arrays[1], arrays[2]);
	else
		cib_merge_rewind(m, m->conflicts->count, notes);
	return out;
}

cJSON *cib_merge_ordered_conflict(cib_merging *m, const cJSON *const arrays[3], const cJSON *items)
{
	ordered l = {0};
	cJSON *wholes[3] = {NULL, NULL, NULL};
	size_t notes = m->notes ? m->notes->count : 0;
	bool comparable = !is_tuple(arrays) && load(&l, arrays);
	for (int side = OURS; side <= THEIRS && comparable; side++) {
		wholes[side] = join_pieces(m, &l, items, side);
		comparable = !repeats(&l, wholes[side]);
	}
	for (int side = OURS; side <= THEIRS && !comparable; side++) {
		cJSON_Delete(wholes[side]);
		wholes[side] = cJSON_Duplicate(arrays[side], true);
	}
	cib_merge_rewind(m, m->conflicts->count, notes); /* the list is noted as a whole */
	unload(&l);
	if (cib_json_equal(wholes[OURS], wholes[THEIRS])) { /* what went elsewhere met its like there */
		cib_merge_remark(m, CIB_MERGE_LIST, arrays[0], arrays[1], arrays[2]);
		cJSON_Delete(wholes[OURS]);
		return wholes[THEIRS];
	}
	return cib_merge_conflict_of_parts(m, arrays[BASE], arrays[OURS], arrays[THEIRS], wholes[OURS], wholes[THEIRS]);
}
