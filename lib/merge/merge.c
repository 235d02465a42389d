/* The merge of values and objects: what one side left alone comes from the other; where both changed something,
 * look inside; what cannot be settled becomes a conflict. */
#include "merge/private.h"

#include <stdlib.h>
#include <string.h>

static bool same(const cJSON *a, const cJSON *b)
{
	return a == b || (a && b && cib_json_equal(a, b));
}

static bool identical(const cJSON *a, const cJSON *b)
{
	return a == b || (a && b && cib_json_identical(a, b));
}

static cib_way here(const cib_merging *m)
{
	return (cib_way){m->path.len, m->pointer.len};
}

cib_way cib_enter_member(cib_merging *m, const char *name)
{
	cib_way way = here(m);
	cib_json_pointer_add(&m->path, name);
	cib_json_pointer_add(&m->pointer, name);
	return way;
}

cib_way cib_enter_item(cib_merging *m, const char *key, size_t index)
{
	cib_way way = here(m);
	if (key)
		cib_json_pointer_add(&m->path, key);
	else
		cib_json_pointer_add_index(&m->path, index);
	cib_json_pointer_add_index(&m->pointer, index);
	return way;
}

void cib_way_back(cib_merging *m, cib_way way)
{
	m->path.len = way.path;
	m->path.data[way.path] = '\0';
	m->pointer.len = way.pointer;
	m->pointer.data[way.pointer] = '\0';
}

const cJSON *cib_members_get(cib_members *of, const char *name)
{
	const cJSON *found = of->next && strcmp(of->next->string, name) == 0 ? of->next : cib_json_get(of->object, name);
	if (found)
		of->next = found->next;
	return found;
}

static cib_members members_of(const cJSON *object)
{
	return (cib_members){object, object ? object->child : NULL};
}

/* ---- what is noted ---- */

static cJSON *plain_copy(const cJSON *v)
{
	return v ? cJSON_Duplicate(v, true) : NULL;
}

cJSON *cib_merge_conflict(cib_merging *m, cib_conflict_kind kind, const cJSON *base, const cJSON *ours, const cJSON *theirs)
{
	cib_conflicts *list = m->conflicts;
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count++] = (cib_conflict){
		.kind = kind, .pointer = cib_strdup(cib_buf_str(&m->pointer)), .path = cib_strdup(cib_buf_str(&m->path)), .base = plain_copy(base), .ours = plain_copy(ours), .theirs = plain_copy(theirs)};
	cib_merge_remark(m, CIB_MERGE_CONFLICT, base, ours, theirs);
	if (m->keep == CIB_KEEP_NEITHER)
		return NULL;
	if (kind == CIB_CONFLICT_DELETE)
		return plain_copy(ours ? ours : theirs); /* the edit stays */
	return plain_copy(m->keep == CIB_KEEP_THEIRS ? theirs : ours);
}

cJSON *cib_merge_conflict_of_parts(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, cJSON *with_ours, cJSON *with_theirs)
{
	size_t notes = m->notes ? m->notes->count : 0;
	cJSON *stands = cib_merge_conflict(m, CIB_CONFLICT_VALUE, base, with_ours, with_theirs);
	if (m->notes) { /* notes borrow from the documents */
		m->notes->items[notes].ours = ours;
		m->notes->items[notes].theirs = theirs;
	}
	cJSON_Delete(with_ours);
	cJSON_Delete(with_theirs);
	return stands;
}

void cib_merge_remark(cib_merging *m, cib_merge_verdict verdict, const cJSON *base, const cJSON *ours, const cJSON *theirs)
{
	cib_merge_notes *list = m->notes;
	if (!list)
		return;
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count++] = (cib_merge_note){verdict, cib_strdup(cib_buf_str(&m->path)), base, ours, theirs};
}

static void free_conflict(cib_conflict *c)
{
	free(c->pointer);
	free(c->path);
	cJSON_Delete(c->base);
	cJSON_Delete(c->ours);
	cJSON_Delete(c->theirs);
}

void cib_merge_rewind(cib_merging *m, size_t conflicts, size_t notes)
{
	while (m->conflicts->count > conflicts)
		free_conflict(&m->conflicts->items[--m->conflicts->count]);
	while (m->notes && m->notes->count > notes)
		free(m->notes->items[--m->notes->count].path);
}

/* ---- copies, which look for values that the other side's edits follow ---- */

static cJSON *take(cib_merging *m, const cJSON *v);

static cJSON *arrive(cib_merging *m, cib_move *move)
{
	bool ours = move->mover == 1;
	move->arrived = move->entered = true;
	cib_merge_remark(m, CIB_MERGE_MOVED, move->base, ours ? move->to : move->other, ours ? move->other : move->to);
	cJSON *v = move->gone ? plain_copy(move->to) : cib_merge_value(m, move->base, ours ? move->to : move->other, ours ? move->other : move->to, NULL);
	move->entered = false;
	return v;
}

static cJSON *take_inside(cib_merging *m, const cJSON *v)
{
	bool object = cJSON_IsObject(v);
	cJSON *out = object ? cJSON_CreateObject() : cJSON_CreateArray();
	size_t index = 0;
	for (const cJSON *c = v->child; c; c = c->next) {
		const cib_move *move = cib_move_to(m, c);
		const char *name = move && move->name ? move->name : c->string;
		if (cib_move_absorbed(m, c))
			continue;
		cib_way way = object ? cib_enter_member(m, name) : cib_enter_item(m, NULL, index);
		cJSON *made = take(m, c);
		if (made && object)
			cJSON_AddItemToObject(out, name, made);
		else if (made)
			cJSON_AddItemToArray(out, made);
		index += made != NULL;
		cib_way_back(m, way);
	}
	return out;
}

/* One side's value, as it is but for what moved into it. NULL gives NULL. */
static cJSON *take(cib_merging *m, const cJSON *v)
{
	if (!v || m->moves.count == 0)
		return plain_copy(v);
	cib_move *move = cib_move_to(m, v);
	if (move && !move->entered)
		return arrive(m, move);
	return v->child ? take_inside(m, v) : plain_copy(v);
}

static cJSON *take_noting(cib_merging *m, cib_merge_verdict verdict, const cJSON *v, const cJSON *base, const cJSON *ours, const cJSON *theirs)
{
	cib_merge_remark(m, verdict, base, ours, theirs);
	return take(m, v);
}

/* ---- objects ---- */

static void insert_behind(cJSON *object, cJSON *before, const char *name, cJSON *item)
{
	cJSON_AddItemToObject(object, name, item); /* at the end: the list's head knows its tail */
	cJSON *last = item->prev;
	if (last == before || object->child == item)
		return;
	last->next = NULL;
	object->child->prev = last;
	cJSON *behind = before ? before->next : object->child;
	item->next = behind;
	if (before) {
		before->next = item;
		item->prev = before;
		behind->prev = item;
	} else {
		item->prev = last; /* the head's prev is the tail */
		behind->prev = item;
		object->child = item;
	}
}

static bool sorted(const cJSON *object)
{
	for (const cJSON *c = object->child; c && c->next; c = c->next)
		if (strcmp(c->string, c->next->string) > 0)
			return false;
	return object->child && object->child->next;
}

/* Where a member that their side alone has goes: behind the member that it follows there, and behind what our side put
 * in at that place; by its name where both sides keep their members sorted. */
static cJSON *place_for(cJSON *out, cJSON *follows, const char *name, const cJSON *theirs, bool by_name)
{
	cJSON *at = follows, *next = at ? at->next : out->child;
	if (by_name) {
		for (at = NULL, next = out->child; next && strcmp(next->string, name) < 0; at = next, next = next->next)
			;
		return at;
	}
	for (; next && !cib_json_get(theirs, next->string); next = next->next)
		at = next;
	return at;
}

static bool in_a_group(const cJSON *groups, const char *name)
{
	for (const cJSON *g = groups ? groups->child : NULL; g; g = g->next)
		for (const cJSON *n = g->child; n; n = n->next)
			if (cJSON_IsString(n) && strcmp(n->valuestring, name) == 0)
				return true;
	return false;
}

static cJSON *merge_member(cib_merging *m, const char *name, const cJSON *b, const cJSON *o, const cJSON *t, const cJSON *node)
{
	if (m->moves.count && (cib_move_absorbed(m, o) || cib_move_absorbed(m, t)))
		return NULL;
	cib_way way = cib_enter_member(m, name);
	cJSON *v = cib_merge_value(m, b, o, t, m->rules ? cib_rules_member(m->rules, node, name) : NULL);
	cib_way_back(m, way);
	return v;
}

static cJSON *merge_members(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node, const cJSON *groups)
{
	cJSON *out = cJSON_CreateObject(), *follows = NULL;
	cib_members b = members_of(base), t = members_of(theirs), o = members_of(ours), made = {out, NULL};
	for (const cJSON *c = ours->child; c; c = c->next) {
		const cJSON *their = cib_members_get(&t, c->string);
		cJSON *v = in_a_group(groups, c->string) ? NULL : merge_member(m, c->string, cib_members_get(&b, c->string), c, their, node);
		if (v)
			cJSON_AddItemToObject(out, c->string, v);
	}
	bool by_name = sorted(ours) && sorted(theirs);
	made.next = out->child;
	for (const cJSON *c = theirs->child; c; c = c->next) {
		if (cib_members_get(&o, c->string)) {
			cJSON *here = (cJSON *)(uintptr_t)cib_members_get(&made, c->string);
			follows = here ? here : follows;
			continue;
		}
		cJSON *v = in_a_group(groups, c->string) ? NULL : merge_member(m, c->string, cib_members_get(&b, c->string), NULL, c, node);
		if (!v)
			continue;
		insert_behind(out, place_for(out, follows, c->string, theirs, by_name), c->string, v);
		follows = v;
	}
	return out;
}

/* Members that are never mixed from two sides: who changed something among them? */
static void group_changes(const cJSON *group, const cJSON *base, const cJSON *ours, const cJSON *theirs, bool *by_ours, bool *by_theirs, bool *differ)
{
	*by_ours = *by_theirs = *differ = false;
	for (const cJSON *n = group->child; n; n = n->next) {
		if (!cJSON_IsString(n))
			continue;
		const cJSON *b = cib_json_get(base, n->valuestring), *o = cib_json_get(ours, n->valuestring), *t = cib_json_get(theirs, n->valuestring);
		*by_ours |= !identical(b, o);
		*by_theirs |= !identical(b, t);
		*differ |= !same(o, t);
	}
}

static void put_group(cJSON *out, const cJSON *group, const cJSON *side)
{
	for (const cJSON *n = group->child; n; n = n->next) {
		const cJSON *v = cJSON_IsString(n) ? cib_json_get(side, n->valuestring) : NULL;
		if (v && !cib_json_get(out, v->string))
			cJSON_AddItemToObject(out, v->string, plain_copy(v));
	}
}

/* A group that both sides changed: the rest of the object is merged, and the conflict is between the whole that our
 * group makes of it and the whole that theirs makes. */
static void group_conflict(cib_merging *m, cJSON *out, const cJSON *group, const cJSON *base, const cJSON *ours, const cJSON *theirs)
{
	cJSON *with_ours = plain_copy(out), *with_theirs = plain_copy(out);
	put_group(with_ours, group, ours);
	put_group(with_theirs, group, theirs);
	cJSON_Delete(cib_merge_conflict_of_parts(m, base, ours, theirs, with_ours, with_theirs));
	if (m->keep != CIB_KEEP_NEITHER)
		put_group(out, group, m->keep == CIB_KEEP_THEIRS ? theirs : ours);
}

static cJSON *merge_objects(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node)
{
	const cJSON *groups = m->rules ? cib_rules_groups(m->rules, node) : NULL;
	cJSON *out = merge_members(m, base, ours, theirs, node, groups);
	for (int torn = 0; torn < 2; torn++) /* first what is settled, so that it is part of both wholes */
		for (const cJSON *g = groups ? groups->child : NULL; g; g = g->next) {
			bool by_ours, by_theirs, differ;
			group_changes(g, base, ours, theirs, &by_ours, &by_theirs, &differ);
			bool conflict = by_ours && by_theirs && differ;
			if (conflict && torn)
				group_conflict(m, out, g, base, ours, theirs);
			else if (!conflict && !torn)
				put_group(out, g, by_ours ? ours : theirs);
		}
	return out;
}

/* ---- values ---- */

static cJSON *merge_strings(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const char *rule)
{
	const char *b = base->valuestring, *o = ours->valuestring, *t = theirs->valuestring;
	bool prose = rule ? strcmp(rule, "text") == 0 : cib_is_prose(b);
	char *text = prose ? cib_merge_prose(b, o, t) : NULL;
	if (text) {
		cJSON *v = cJSON_CreateString(text);
		cib_merge_remark(m, CIB_MERGE_PROSE, base, ours, theirs);
		free(text);
		return v;
	}
	int larger = cib_merge_inclusion(b, o, t);
	if (!larger)
		return NULL;
	cib_merge_remark(m, CIB_MERGE_INCLUDES, base, ours, theirs);
	return plain_copy(larger == 1 ? ours : theirs);
}

static cJSON *merge_changed(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node)
{
	const char *rule = cib_rules_of(m->rules, node);
	bool atomic = rule && (strcmp(rule, "atomic") == 0 || strcmp(rule, "scalar") == 0);
	if (!ours || !theirs) {
		if (cib_move_from(m, base))
			return NULL; /* the edit follows it to its new place */
		return cib_merge_conflict(m, CIB_CONFLICT_DELETE, base, ours, theirs);
	}
	if (cJSON_IsObject(ours) && cJSON_IsObject(theirs) && !atomic)
		return merge_objects(m, cJSON_IsObject(base) ? base : NULL, ours, theirs, node);
	if (cJSON_IsArray(ours) && cJSON_IsArray(theirs) && !atomic)
		return cib_merge_arrays(m, cJSON_IsArray(base) ? base : NULL, ours, theirs, node);
	if (cJSON_IsString(ours) && cJSON_IsString(theirs) && cJSON_IsString(base) && !atomic) {
		cJSON *v = merge_strings(m, base, ours, theirs, rule);
		if (v)
			return v;
	}
	return cib_merge_conflict(m, CIB_CONFLICT_VALUE, base, ours, theirs);
}

const cJSON *cib_merge_spelling(const cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs)
{
	if (identical(base, ours))
		return theirs;
	return identical(base, theirs) || m->keep == CIB_KEEP_OURS ? ours : theirs;
}

cJSON *cib_merge_value(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node)
{
	/* First to the letter, so that a number that one side wrote anew (1.0 for 1) keeps its new text; then by value. */
	bool o = identical(base, ours), t = identical(base, theirs);
	if (o && t)
		return plain_copy(ours);
	if (o)
		return take_noting(m, CIB_MERGE_THEIRS, theirs, base, ours, theirs);
	if (t)
		return take_noting(m, CIB_MERGE_OURS, ours, base, ours, theirs);
	if (identical(ours, theirs))
		return take_noting(m, CIB_MERGE_SAME, ours, base, ours, theirs);
	if (same(ours, theirs))
		return take_noting(m, CIB_MERGE_SAME, m->keep == CIB_KEEP_THEIRS ? theirs : ours, base, ours, theirs);
	if (same(base, ours))
		return take_noting(m, CIB_MERGE_THEIRS, theirs, base, ours, theirs);
	if (same(base, theirs))
		return take_noting(m, CIB_MERGE_OURS, ours, base, ours, theirs);
	return merge_changed(m, base, ours, theirs, node);
}

/* ---- the public side ---- */

void cib_conflicts_free(cib_conflicts *list)
{
	for (size_t i = 0; i < list->count; i++)
		free_conflict(&list->items[i]);
	free(list->items);
	*list = (cib_conflicts)CIB_CONFLICTS_INIT;
}

void cib_merge_notes_free(cib_merge_notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		free(notes->items[i].path);
	free(notes->items);
	*notes = (cib_merge_notes){0};
}

static bool all_arrived(const cib_moves *moves)
{
	for (size_t i = 0; i < moves->count; i++)
		if (moves->items[i].to && !moves->items[i].arrived)
			return false;
	return true;
}

size_t cib_merge_noting(cJSON **out, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cib_merge_options *options, cib_conflicts *conflicts, cib_merge_notes *notes)
{
	cib_merging m = {.rules = options ? options->rules : NULL, .keep = options ? options->keep : CIB_KEEP_THEIRS, .conflicts = conflicts, .notes = notes};
	size_t first = conflicts->count, noted = notes ? notes->count : 0;
	cib_buf_reserve(&m.path, 64);
	cib_buf_reserve(&m.pointer, 64);
	cib_way_back(&m, (cib_way){0, 0});
	if (!m.rules) /* a schema names its fields: there an equal value at another place is another field */
		cib_find_moves(&m.moves, base, ours, theirs);
	*out = cib_merge_value(&m, base, ours, theirs, cib_rules_root(m.rules));
	if (!all_arrived(&m.moves)) { /* an edit would be lost: better a conflict */
		cJSON_Delete(*out);
		cib_merge_rewind(&m, first, noted);
		m.moves.count = 0;
		*out = cib_merge_value(&m, base, ours, theirs, cib_rules_root(m.rules));
	}
	free(m.moves.items);
	cib_buf_free(&m.path);
	cib_buf_free(&m.pointer);
	return conflicts->count - first;
}

size_t cib_merge(cJSON **out, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cib_merge_options *options, cib_conflicts *conflicts)
{
	return cib_merge_noting(out, base, ours, theirs, options, conflicts, NULL);
}
