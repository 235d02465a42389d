/* Which kind of list an array is.
 *
 * The schema says it, or it is inferred: objects that a property tells apart on all three sides have an identity;
 * strings that stand once each are their own; everything else is ordered (ordered.c). What was inferred is
 * tried: when one reading leaves conflicts and another leaves none, the other was the right one. */
#include "merge/lists.h"

#include <string.h>

enum { BASE,
       OURS,
       THEIRS };

static bool all_scalars(const cJSON *array)
{
	for (const cJSON *c = array ? array->child : NULL; c; c = c->next)
		if (cJSON_IsObject(c) || cJSON_IsArray(c))
			return false;
	return true;
}

/* Strings, or whole numbers, each once. */
static bool unique(const cJSON *array, bool numbers)
{
	cib_classes classes = {0};
	bool ok = true;
	for (const cJSON *c = array ? array->child : NULL; c && ok; c = c->next) {
		unsigned known = classes.count;
		ok = (numbers ? cJSON_IsNumber(c) && c->valuestring && !strpbrk(c->valuestring, ".eE") : cJSON_IsString(c)) &&
		     cib_class_of_value(&classes, c) == known;
	}
	cib_classes_free(&classes);
	return ok;
}

/* Are all items of the one in the other, in their order? */
static bool is_part_of(const cJSON *small, const cJSON *large)
{
	const cJSON *s = small->child;
	for (const cJSON *l = large->child; l && s; l = l->next)
		if (cib_json_equal(s, l))
			s = s->next;
	return !s;
}

/* Numbers are a set when each side only added some or only took some out (ports, years): what is replaced in its place may be
 * the part of a measure. */
static bool grows_or_shrinks(const cJSON *const arrays[3])
{
	for (int i = OURS; i <= THEIRS; i++)
		if (!is_part_of(arrays[BASE], arrays[i]) && !is_part_of(arrays[i], arrays[BASE]))
			return false;
	return true;
}

static bool is_inferred_set(const cJSON *const arrays[3])
{
	bool numbers = arrays[BASE] && cJSON_IsNumber(arrays[BASE]->child);
	if (!arrays[BASE])
		return false;
	for (int i = 0; i < 3; i++)
		if (!unique(arrays[i], numbers))
			return false;
	return !numbers || grows_or_shrinks(arrays);
}

/* Items that a key tells apart. When that leaves conflicts, the list is tried as a sequence (an item whose name was changed
 * is then one item changed), which must leave the key what it is. */
static cJSON *merge_inferred_keyed(cib_merging *m, const cJSON *const arrays[3], const cJSON *node, const char *key)
{
	size_t conflicts = m->conflicts->count, notes = m->notes ? m->notes->count : 0;
	if (m->trying) /* one list at a time: trying within tries would cost more with every level */
		return cib_merge_identified(m, arrays, node, key, CIB_LIST_INFERRED);
	m->trying = true;
	cJSON *out = cib_merge_identified(m, arrays, node, key, CIB_LIST_INFERRED);
	bool clean = out && m->conflicts->count == conflicts;
	if (!clean) {
		cJSON_Delete(out);
		cib_merge_rewind(m, conflicts, notes);
		out = cib_merge_ordered(m, arrays, m->rules ? cib_rules_items(m->rules, node) : NULL);
		clean = out && cib_key_tells_apart(out, key);
	}
	m->trying = false;
	if (clean)
		return out;
	cJSON_Delete(out);
	cib_merge_rewind(m, conflicts, notes);
	return cib_merge_identified(m, arrays, node, key, CIB_LIST_INFERRED);
}

static cJSON *merge_inferred(cib_merging *m, const cJSON *const arrays[3], const cJSON *node)
{
	const char *key = cib_key_of(NULL, arrays, 3);
	if (key)
		return merge_inferred_keyed(m, arrays, node, key);
	cJSON *out = is_inferred_set(arrays) ? cib_merge_identified(m, arrays, node, NULL, CIB_LIST_INFERRED) : NULL;
	return out ? out : cib_merge_ordered(m, arrays, m->rules ? cib_rules_items(m->rules, node) : NULL);
}

static cJSON *merge_declared(cib_merging *m, const cJSON *const arrays[3], const cJSON *node, const char *rule)
{
	if (strcmp(rule, "set") == 0 && all_scalars(arrays[BASE]) && all_scalars(arrays[OURS]) && all_scalars(arrays[THEIRS]))
		return cib_merge_identified(m, arrays, node, NULL, CIB_LIST_SET);
	const char *key = cib_key_of(rule, arrays, 3);
	if (key)
		return cib_merge_identified(m, arrays, node, key, CIB_LIST_KEYED);
	return cib_merge_ordered(m, arrays, m->rules ? cib_rules_items(m->rules, node) : NULL);
}

cJSON *cib_merge_arrays(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node)
{
	const char *rule = cib_rules_of(m->rules, node);
	const cJSON *arrays[] = {base, ours, theirs};
	cJSON *out = rule ? merge_declared(m, arrays, node, rule) : merge_inferred(m, arrays, node);
	return out ? out : cib_merge_ordered_conflict(m, arrays, m->rules ? cib_rules_items(m->rules, node) : NULL);
}
