/* Values: members by exact name, equality as JSON Schema means it, and as the canonical writer sees it. */
#include "json/private.h"

#include <stdlib.h>
#include <string.h>

cJSON *cib_json_get(const cJSON *object, const char *name)
{
	if (!object || !cJSON_IsObject(object))
		return NULL;
	for (cJSON *c = object->child; c; c = c->next)
		if (strcmp(c->string, name) == 0)
			return c;
	return NULL;
}

const char *cib_json_string(const cJSON *object, const char *name)
{
	const cJSON *v = cib_json_get(object, name);
	return cJSON_IsString(v) ? v->valuestring : NULL;
}

cJSON *cib_json_new_number(const char *text)
{
	cJSON *n = cJSON_CreateNumber(cib_json__double(text));
	n->valuestring = cib_strdup(text); /* malloc, as cJSON_Delete expects */
	return n;
}

static void replace(cJSON *parent, cJSON *old, cJSON *value)
{
	if (value->string && !(value->type & cJSON_StringIsConst))
		cJSON_free(value->string);
	value->string = old->string;
	value->type = (value->type & ~cJSON_StringIsConst) | (old->type & cJSON_StringIsConst);
	old->string = NULL;
	cJSON_ReplaceItemViaPointer(parent, old, value);
}

void cib_json_set(cJSON *object, const char *name, cJSON *value)
{
	cJSON *old = cib_json_get(object, name);
	if (old == value)
		return;
	if (old)
		replace(object, old, value);
	else
		cJSON_AddItemToObject(object, name, value);
}

void cib_json_remove(cJSON *object, const char *name)
{
	cJSON *old = cib_json_get(object, name);
	if (old)
		cJSON_Delete(cJSON_DetachItemViaPointer(object, old));
}

/* ---- equality ---- */

typedef bool (*number_equal)(const cJSON *a, const cJSON *b);

static bool same_decimal(const cJSON *a, const cJSON *b)
{
	char p[40], q[40];
	return cib_json_number_compare(cib_json_number_text(a, p), cib_json_number_text(b, q)) == 0;
}

static bool same_text(const cJSON *a, const cJSON *b)
{
	char p[40], q[40];
	return strcmp(cib_json_number_text(a, p), cib_json_number_text(b, q)) == 0;
}

static bool equal(const cJSON *a, const cJSON *b, number_equal numbers);

static bool equal_objects(const cJSON *a, const cJSON *b, number_equal numbers)
{
	size_t n = 0, m = 0;
	const cJSON *x, *y;
	for (x = a->child; x; x = x->next)
		n++;
	for (y = b->child; y; y = y->next)
		m++;
	if (n != m)
		return false;
	for (x = a->child, y = b->child; x; x = x->next, y = y->next) /* the usual case: the same order */
		if (strcmp(x->string, y->string) != 0)
			break;
	if (!x) {
		for (x = a->child, y = b->child; x; x = x->next, y = y->next)
			if (!equal(x, y, numbers))
				return false;
		return true;
	}
	const cJSON **p = cib_json__sorted(a, &n), **q = cib_json__sorted(b, &m);
	bool same = true;
	for (size_t i = 0; i < n && same; i++)
		same = strcmp(p[i]->string, q[i]->string) == 0 && equal(p[i], q[i], numbers);
	free((void *)(uintptr_t)p);
	free((void *)(uintptr_t)q);
	return same;
}

static bool equal(const cJSON *a, const cJSON *b, number_equal numbers)
{
	if (a == b)
		return true;
	if (!a || !b || (a->type & 0xFF) != (b->type & 0xFF))
		return false;
	switch (a->type & 0xFF) {
	case cJSON_String:
		return strcmp(a->valuestring, b->valuestring) == 0;
	case cJSON_Number:
		return numbers(a, b);
	case cJSON_Object:
		return equal_objects(a, b, numbers);
	case cJSON_Array: {
		const cJSON *x = a->child, *y = b->child;
		for (; x && y; x = x->next, y = y->next)
			if (!equal(x, y, numbers))
				return false;
		return !x && !y;
	}
	default:
		return true;
	}
}

bool cib_json_equal(const cJSON *a, const cJSON *b)
{
	return equal(a, b, same_decimal);
}

bool cib_json_identical(const cJSON *a, const cJSON *b)
{
	return equal(a, b, same_text);
}
