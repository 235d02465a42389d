/* Classes: equal values, or equal texts, get equal numbers. Lists of anything are then compared as lists of
 * numbers. A hash table with open addressing; the hash of an object does not depend on the order of its members,
 * that of a number is its double's, so what cib_json_equal calls equal hashes equal. */
#include "merge/private.h"

#include <stdlib.h>
#include <string.h>

struct cib_class {
	uint64_t hash;
	const void *what; /* cJSON * or text; NULL: the slot is free */
	size_t len;       /* of a text; SIZE_MAX for a value */
	unsigned id;
};

static uint64_t mix(uint64_t h)
{
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdULL;
	h ^= h >> 33;
	h *= 0xc4ceb9fe1a85ec53ULL;
	return h ^ h >> 33;
}

static uint64_t hash_text(const char *s, size_t len)
{
	uint64_t h = 0xcbf29ce484222325ULL;
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * 0x100000001b3ULL;
	return mix(h);
}

static uint64_t hash_number(const cJSON *v)
{
	double d = v->valuedouble;
	uint64_t bits = 0;
	if (d != 0) /* -0 equals 0 */
		memcpy(&bits, &d, sizeof bits);
	return mix(bits + 3);
}

static uint64_t hash_value(const cJSON *v)
{
	uint64_t h = (uint64_t)(v->type & 0xFF);
	switch (v->type & 0xFF) {
	case cJSON_String:
		return hash_text(v->valuestring, strlen(v->valuestring));
	case cJSON_Number:
		return hash_number(v);
	case cJSON_Object:
		for (const cJSON *c = v->child; c; c = c->next)
			h += mix(hash_text(c->string, strlen(c->string)) * 31 + hash_value(c));
		return mix(h);
	case cJSON_Array:
		for (const cJSON *c = v->child; c; c = c->next)
			h = mix(h * 31 + hash_value(c));
		return mix(h);
	default:
		return mix(h);
	}
}

static bool same(const struct cib_class *slot, const void *what, size_t len)
{
	if (slot->len != len)
		return false;
	return len == SIZE_MAX ? cib_json_equal(slot->what, what) : memcmp(slot->what, what, len) == 0;
}

static void enlarge(cib_classes *c)
{
	struct cib_class *old = c->slots;
	size_t n = c->cap;
	c->cap = n ? n * 2 : 64;
	c->slots = cib_alloc(c->cap * sizeof *c->slots);
	for (size_t i = 0; i < n; i++) {
		if (!old[i].what)
			continue;
		size_t at = old[i].hash & (c->cap - 1);
		while (c->slots[at].what)
			at = (at + 1) & (c->cap - 1);
		c->slots[at] = old[i];
	}
	free(old);
}

static unsigned class_of(cib_classes *c, const void *what, size_t len, uint64_t hash)
{
	if ((size_t)c->count * 2 >= c->cap)
		enlarge(c);
	size_t at = hash & (c->cap - 1);
	while (c->slots[at].what) {
		if (c->slots[at].hash == hash && same(&c->slots[at], what, len))
			return c->slots[at].id;
		at = (at + 1) & (c->cap - 1);
	}
	c->slots[at] = (struct cib_class){hash, what, len, c->count};
	return c->count++;
}

unsigned cib_class_of_value(cib_classes *c, const cJSON *v)
{
	return class_of(c, v, SIZE_MAX, hash_value(v));
}

unsigned cib_class_of_text(cib_classes *c, const char *s, size_t len)
{
	return class_of(c, s, len, hash_text(s, len));
}

void cib_classes_free(cib_classes *c)
{
	free(c->slots);
	*c = (cib_classes){0};
}
