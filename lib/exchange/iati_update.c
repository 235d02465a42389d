/* An entry brought up to date with its activity as read anew.
 *
 * What the activity says stands; what it does not say stays: other languages of a text, further fields of an item (which
 * member a partner is), items that were added here. Lists of shares are one statement and stand as a whole. */
#include "exchange/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void update(cJSON *old, const cJSON *new);

static bool of_objects(const cJSON *list)
{
	for (const cJSON *i = list->child; i; i = i->next)
		if (!cJSON_IsObject(i))
			return false;
	return list->child != NULL;
}

static bool has_shares(const cJSON *list)
{
	for (const cJSON *i = list->child; i; i = i->next)
		if (cib_json_get(i, "percentage"))
			return true;
	return false;
}

/* Is all that `new` says, but its id, in `old`? */
static bool says_the_same(const cJSON *old, const cJSON *new)
{
	for (const cJSON *c = new->child; c; c = c->next) {
		const cJSON *o = cib_json_get(old, c->string);
		if (strcmp(c->string, "id") != 0 && !(o && cib_json_equal(o, c)))
			return false;
	}
	return true;
}

static const char *key_of(const cJSON *item)
{
	const char *code = cib_json_string(item, "code"), *type = cib_json_string(item, "type");
	return code ? code : cib_json_string(item, "value") ? type
	                                                    : NULL; /* codes; identifiers by their type */
}

/* Is `old` what `new` is about? First by what they say, then by their id: those of imports count from 1. */
static bool about_the_same(const cJSON *old, const cJSON *new, bool by_id)
{
	const char *key = by_id ? cib_json_string(new, "id") : key_of(new), *old_key = by_id ? cib_json_string(old, "id") : key_of(old);
	if (key || by_id)
		return key && old_key && strcmp(key, old_key) == 0;
	return says_the_same(old, new);
}

/* Give each new item the old one that it is about, if there is one: old_of[i] for the i-th. */
static void pair(cJSON **old_of, const cJSON *old, const cJSON *new, bool by_id)
{
	size_t i = 0, count = (size_t)cJSON_GetArraySize(new);
	for (const cJSON *n = new->child; n; n = n->next, i++) {
		for (cJSON *o = old->child; o && !old_of[i]; o = o->next) {
			bool taken = false;
			for (size_t k = 0; k < count && !taken; k++)
				taken = old_of[k] == o;
			if (!taken && about_the_same(o, n, by_id))
				old_of[i] = o;
		}
	}
}

static bool id_in(const cJSON *list, const char *id)
{
	for (const cJSON *i = list->child; i; i = i->next) {
		const char *other = cib_json_string(i, "id");
		if (other && strcmp(other, id) == 0)
			return true;
	}
	return false;
}

/* An item that is new here must not have the id of another. */
static void give_free_id(cJSON *item, const cJSON *list)
{
	const char *id = cib_json_string(item, "id");
	if (!id || !id_in(list, id))
		return;
	char prefix = *id, free_id[32];
	size_t n = (size_t)cJSON_GetArraySize(list);
	do
		snprintf(free_id, sizeof free_id, "%c-%zu", prefix, ++n);
	while (id_in(list, free_id));
	cib_json_set(item, "id", cJSON_CreateString(free_id));
}

static void update_list(cJSON *old, const cJSON *new)
{
	cJSON **old_of = cib_alloc(((size_t)cJSON_GetArraySize(new) + 1) * sizeof *old_of), *added = cJSON_CreateArray();
	size_t i = 0;
	pair(old_of, old, new, false);
	pair(old_of, old, new, true);
	for (const cJSON *n = new->child; n; n = n->next, i++) {
		if (!old_of[i])
			cJSON_AddItemToArray(added, cJSON_Duplicate(n, true));
		else if (!says_the_same(old_of[i], n))
			update(old_of[i], n);
	}
	while (added->child) {
		cJSON *item = cJSON_DetachItemFromArray(added, 0);
		give_free_id(item, old);
		cJSON_AddItemToArray(old, item);
	}
	cJSON_Delete(added);
	free(old_of);
}

static void update(cJSON *old, const cJSON *new)
{
	for (const cJSON *c = new->child; c; c = c->next) {
		cJSON *o = cib_json_get(old, c->string);
		if (strcmp(c->string, "id") == 0 && o)
			continue; /* an item keeps its own */
		if (o && cJSON_IsObject(o) && cJSON_IsObject(c))
			update(o, c);
		else if (o && cJSON_IsArray(o) && cJSON_IsArray(c) && of_objects(o) && of_objects(c) && !has_shares(c) && !has_shares(o))
			update_list(o, c);
		else if (!o || !cib_json_equal(o, c))
			cib_json_set(old, c->string, cJSON_Duplicate(c, true));
	}
}

void cib_iati_update(cJSON *entry, const cJSON *imported)
{
	update(entry, imported);
}
