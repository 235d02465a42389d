/* uniqueItems: are two items equal? A few are compared pairwise; many are sorted by a hash that equal values
 * share (members in any order, numbers by their value), so that a long array costs n log n. */
#include "schema/program.h"

#include <stdlib.h>
#include <string.h>

enum { PAIRWISE = 12 };

typedef struct {
	uint64_t hash;
	const cJSON *item;
	size_t index;
} hashed;

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9E3779B97F4A7C15u;
	return h ^ h >> 29;
}

static uint64_t hash_value(cib_run *run, const cJSON *v, uint64_t seed)
{
	uint64_t h = mix(seed, (uint64_t)(v->type & 0xFF)), sum = 0;
	if (run->steps)
		run->steps--;
	switch (v->type & 0xFF) {
	case cJSON_String:
		return mix(h, cib_names_slow(v->valuestring, strlen(v->valuestring), seed));
	case cJSON_Number: { /* equal decimals have the same nearest double; 0 and -0 are one */
		double d = v->valuedouble == 0 ? 0 : v->valuedouble;
		uint64_t bits;
		memcpy(&bits, &d, sizeof bits);
		return mix(h, bits);
	}
	case cJSON_Array:
		for (const cJSON *c = v->child; c; c = c->next)
			h = mix(h, hash_value(run, c, seed));
		return h;
	case cJSON_Object:
		for (const cJSON *c = v->child; c; c = c->next)
			sum += mix(cib_names_slow(c->string, strlen(c->string), seed), hash_value(run, c, seed));
		return mix(h, sum);
	default:
		return h;
	}
}

static int by_hash(const void *a, const void *b)
{
	const hashed *x = a, *y = b;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static bool found(size_t *first, size_t *second, size_t i, size_t j)
{
	if (first) {
		*first = i;
		*second = j;
	}
	return false;
}

static bool unique_sorted(cib_run *run, const cJSON *array, size_t n, size_t *first, size_t *second)
{
	hashed *list = cib_alloc(n * sizeof *list);
	size_t i = 0;
	uint64_t seed;
	bool unique = true;
	cib_random(&seed, sizeof seed);
	for (const cJSON *c = array->child; c; c = c->next, i++)
		list[i] = (hashed){hash_value(run, c, seed), c, i};
	qsort(list, n, sizeof *list, by_hash);
	for (i = 1; i < n && unique; i++)
		for (size_t j = i; j-- > 0 && list[j].hash == list[i].hash && unique && run->steps > 0; run->steps--)
			if (cib_json_equal(list[j].item, list[i].item))
				unique = found(first, second, list[j].index, list[i].index);
	if (unique && run->steps == 0) /* not all were compared */
		cib_stop_at(run, CIB_STOP_STEPS, run->schema->root, array);
	free(list);
	return unique;
}

bool cib_items_unique(cib_run *run, const cJSON *array, size_t *first, size_t *second)
{
	size_t n = cib_count_children(array), i = 0;
	if (n > PAIRWISE)
		return unique_sorted(run, array, n, first, second);
	for (const cJSON *a = array->child; a; a = a->next, i++) {
		size_t j = i + 1;
		for (const cJSON *b = a->next; b; b = b->next, j++)
			if ((a->type & 0xFF) == (b->type & 0xFF) && cib_json_equal(a, b))
				return found(first, second, i, j);
	}
	return true;
}
