/* The merge of values and objects: what one side left alone comes from the other; where both changed something,
 * look inside; what cannot be settled becomes a conflict. */
#include "merge/private.h"

#include <stdlib.h>
#include <string.h>

static cJSON *copy(const cJSON *v)
{
	return v ? cJSON_Duplicate(v, true) : NULL;
}

static bool same(const cJSON *a, const cJSON *b)
{
	return a == b || (a && b && cib_json_equal(a, b));
}

cJSON *cib_merge_conflict(cib_merging *m, cib_conflict_kind kind, const cJSON *base, const cJSON *ours, const cJSON *theirs)
{
	cib_conflicts *list = m->conflicts;
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count++] = (cib_conflict){
		.kind = kind, .path = cib_strdup(cib_buf_str(&m->path)), .base = copy(base), .ours = copy(ours), .theirs = copy(theirs)};
	if (kind == CIB_CONFLICT_DELETE)
		return copy(ours ? ours : theirs); /* the edit stays */
	return copy(m->keep == CIB_KEEP_THEIRS ? theirs : ours);
}

/* ---- objects ---- */

/* Did both sides change something in a group of members, and not to the same? */
static bool group_collides(const cJSON *group, const cJSON *base, const cJSON *ours, const cJSON *theirs)
{
	bool by_ours = false, by_theirs = false, differ = false;
	for (const cJSON *n = group->child; n; n = n->next) {
		if (!cJSON_IsString(n))
			continue;
		const cJSON *b = cib_json_get(base, n->valuestring), *o = cib_json_get(ours, n->valuestring), *t = cib_json_get(theirs, n->valuestring);
		by_ours |= !same(b, o);
		by_theirs |= !same(b, t);
		differ |= !same(o, t);
	}
	return by_ours && by_theirs && differ;
}

static cJSON *merge_objects(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node)
{
	const cJSON *groups = cib_rules_groups(m->rules, node);
	for (const cJSON *g = groups ? groups->child : NULL; g; g = g->next)
		if (group_collides(g, base, ours, theirs))
			return cib_merge_conflict(m, CIB_CONFLICT_VALUE, base, ours, theirs);
	cJSON *out = cJSON_CreateObject();
	size_t len = m->path.len;
	for (int side = 0; side < 2; side++)
		for (const cJSON *c = side ? theirs->child : ours->child; c; c = c->next) {
			const cJSON *o = side ? cib_json_get(ours, c->string) : c, *t = side ? c : cib_json_get(theirs, c->string);
			if (side && o)
				continue;
			cib_json_pointer_add(&m->path, c->string);
			cJSON *v = cib_merge_value(m, cib_json_get(base, c->string), o, t, cib_rules_member(m->rules, node, c->string));
			if (v)
				cJSON_AddItemToObject(out, c->string, v);
			m->path.len = len;
			m->path.data[len] = '\0';
		}
	return out;
}

/* ---- values ---- */

static cJSON *merge_changed(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node)
{
	const char *rule = cib_rules_of(m->rules, node);
	bool atomic = rule && (strcmp(rule, "atomic") == 0 || strcmp(rule, "scalar") == 0);
	if (!ours || !theirs)
		return cib_merge_conflict(m, CIB_CONFLICT_DELETE, base, ours, theirs);
	if (cJSON_IsObject(ours) && cJSON_IsObject(theirs) && !atomic)
		return merge_objects(m, cJSON_IsObject(base) ? base : NULL, ours, theirs, node);
	if (cJSON_IsArray(ours) && cJSON_IsArray(theirs) && !atomic)
		return cib_merge_arrays(m, cJSON_IsArray(base) ? base : NULL, ours, theirs, node);
	if (cJSON_IsString(ours) && cJSON_IsString(theirs) && cJSON_IsString(base) && rule && strcmp(rule, "text") == 0) {
		char *text = cib_merge_prose(base->valuestring, ours->valuestring, theirs->valuestring);
		cJSON *v = text ? cJSON_CreateString(text) : NULL;
		free(text);
		if (v)
			return v;
	}
	return cib_merge_conflict(m, CIB_CONFLICT_VALUE, base, ours, theirs);
}

cJSON *cib_merge_value(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node)
{
	/* First to the letter, so that a number that one side wrote anew (1.0 for 1) keeps its new text; then by value. */
	if (ours == theirs || (ours && theirs && cib_json_identical(ours, theirs)))
		return copy(ours);
	if (base && ours && cib_json_identical(base, ours))
		return copy(theirs);
	if (base && theirs && cib_json_identical(base, theirs))
		return copy(ours);
	if (!base && (!ours || !theirs))
		return copy(ours ? ours : theirs);
	if (same(ours, theirs))
		return copy(m->keep == CIB_KEEP_THEIRS ? theirs : ours);
	if (same(base, ours))
		return copy(theirs);
	if (same(base, theirs))
		return copy(ours);
	return merge_changed(m, base, ours, theirs, node);
}

/* ---- the public side ---- */

void cib_conflicts_free(cib_conflicts *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].pointer);
		free(list->items[i].path);
		cJSON_Delete(list->items[i].base);
		cJSON_Delete(list->items[i].ours);
		cJSON_Delete(list->items[i].theirs);
	}
	free(list->items);
	*list = (cib_conflicts)CIB_CONFLICTS_INIT;
}

size_t cib_merge(cJSON **out, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cib_merge_options *options, cib_conflicts *conflicts)
{
	cib_merging m = {.rules = options ? options->rules : NULL, .keep = options ? options->keep : CIB_KEEP_THEIRS, .conflicts = conflicts};
	size_t first = conflicts->count;
	cib_buf_reserve(&m.path, 64);
	m.path.data[0] = '\0';
	*out = cib_merge_value(&m, base, ours, theirs, cib_rules_root(m.rules));
	for (size_t i = first; i < conflicts->count; i++) { /* positions are known only now */
		cib_buf pointer = CIB_BUF_INIT;
		cib_merge_path_to_pointer(&pointer, *out, m.rules, conflicts->items[i].path);
		conflicts->items[i].pointer = cib_buf_take(&pointer);
	}
	cib_buf_free(&m.path);
	return conflicts->count - first;
}
