/* Any documents, and any edits of them, made from a row of choices: a seeded generator's, or a fuzzer's bytes. The
 * vocabulary is small, so that equal values, keys and names meet often. */
#ifndef CIB_WILD_DOCUMENTS_H
#define CIB_WILD_DOCUMENTS_H

#include "json/json.h"

/* The next choice, 0 .. n - 1. */
typedef unsigned (*wild_pick)(unsigned n);

static cJSON *wild_scalar(wild_pick pick)
{
	static const char *const numbers[] = {"0", "1", "1.0", "2", "10", "-0", "12345678901234567890", "1e2"};
	static const char *const words[] = {"", "a", "b", "c", "red", "1", "2", "a/b", "~0", "v1.0 of the thing", "v1.1 of the thing", "v1.1 of this thing",
	                                    "The pump is old. It serves six towns.", "The pump is new. It serves six towns.", "The pump is old. It serves six cities. Soon more.",
	                                    "http://example.org/data", "http://example.org/map"};
	switch (pick(6)) {
	case 0:
		return cJSON_CreateBool(pick(2) == 1);
	case 1:
		return cJSON_CreateNull();
	case 2:
	case 3:
		return cib_json_new_number(numbers[pick(8)]);
	default:
		return cJSON_CreateString(words[pick(17)]);
	}
}

static const char *wild_name(wild_pick pick)
{
	static const char *const names[] = {"id", "name", "a", "b", "c", "d", "e", "f", "x/y"};
	return names[pick(9)];
}

static cJSON *wild_value(wild_pick pick, int depth)
{
	unsigned what = depth > 0 ? pick(4) : 0;
	if (what < 2)
		return wild_scalar(pick);
	cJSON *v = what == 2 ? cJSON_CreateObject() : cJSON_CreateArray();
	for (unsigned n = pick(5); n; n--)
		if (what == 2)
			cib_json_set(v, wild_name(pick), wild_value(pick, depth - 1));
		else
			cJSON_AddItemToArray(v, wild_value(pick, depth - 1));
	return v;
}

/* A list of objects with an identity, as real lists are. */
static cJSON *wild_list(wild_pick pick)
{
	cJSON *list = cJSON_CreateArray();
	unsigned first = pick(3), key = pick(3);
	for (unsigned i = 0, n = pick(5); i < n; i++) {
		char id[] = {(char)('1' + first + i), '\0'};
		cJSON *item = cJSON_CreateObject();
		cJSON_AddItemToObject(item, key == 1 ? "name" : "id", key == 2 ? cib_json_new_number(id) : cJSON_CreateString(id));
		cib_json_set(item, wild_name(pick), wild_value(pick, 2));
		cJSON_AddItemToArray(list, item);
	}
	return list;
}

static inline cJSON *wild_document(wild_pick pick)
{
	cJSON *doc;
	if (pick(8) == 0)
		return wild_value(pick, 3);
	doc = cJSON_CreateObject();
	for (unsigned n = pick(6); n; n--)
		cib_json_set(doc, wild_name(pick), pick(3) ? wild_value(pick, 3) : wild_list(pick));
	return doc;
}

/* Some container of the document, or NULL. */
static inline cJSON *wild_container(wild_pick pick, cJSON *doc)
{
	cJSON *at = cJSON_IsObject(doc) || cJSON_IsArray(doc) ? doc : NULL;
	while (at && pick(3)) {
		int n = cJSON_GetArraySize(at);
		cJSON *child = n ? cJSON_GetArrayItem(at, (int)pick((unsigned)n)) : NULL;
		if (!cJSON_IsObject(child) && !cJSON_IsArray(child))
			break;
		at = child;
	}
	return at;
}

/* Put an item in at a place (cJSON_InsertItemInArray of Debian 12 refuses every place but the first and the end). */
static void wild_insert(cJSON *array, unsigned at, cJSON *item)
{
	unsigned after = (unsigned)cJSON_GetArraySize(array) - at;
	cJSON_AddItemToArray(array, item);
	for (; after; after--)
		cJSON_AddItemToArray(array, cJSON_DetachItemFromArray(array, (int)at));
}

static inline void wild_put(wild_pick pick, cJSON *container, cJSON *value)
{
	if (cJSON_IsObject(container))
		cib_json_set(container, wild_name(pick), value);
	else
		wild_insert(container, pick((unsigned)cJSON_GetArraySize(container) + 1), value);
}

static inline void wild_edit(wild_pick pick, cJSON **doc)
{
	cJSON *at = wild_container(pick, *doc);
	unsigned n = at ? (unsigned)cJSON_GetArraySize(at) : 0, what = pick(5);
	if (!at) {
		cJSON_Delete(*doc);
		*doc = wild_value(pick, 2);
	} else if (what == 0 || n == 0) {
		wild_put(pick, at, wild_value(pick, 2));
	} else if (what == 1) {
		cJSON_Delete(cJSON_DetachItemFromArray(at, (int)pick(n)));
	} else if (what == 2) { /* to another place, perhaps under another name */
		cJSON *moved = cJSON_DetachItemFromArray(at, (int)pick(n));
		cJSON *to = pick(2) ? at : wild_container(pick, *doc);
		if (moved->string && cJSON_IsArray(to)) {
			cJSON *bare = cJSON_Duplicate(moved, true);
			free(bare->string);
			bare->string = NULL;
			cJSON_Delete(moved);
			moved = bare;
		}
		wild_put(pick, to, moved);
	} else {
		cJSON *child = cJSON_GetArrayItem(at, (int)pick(n));
		cJSON *value = wild_value(pick, 2);
		if (child->string)
			cib_json_set(at, child->string, value);
		else
			cJSON_ReplaceItemViaPointer(at, child, value);
	}
}

static inline cJSON *wild_edited(wild_pick pick, const cJSON *base)
{
	cJSON *doc = cJSON_Duplicate(base, true);
	for (unsigned n = 1 + pick(4); n; n--)
		wild_edit(pick, &doc);
	return doc;
}

#endif
