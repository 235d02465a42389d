/* A map from text to a number: open addressing, for counting by code, member or goal. */
#include "report/private.h"

#include <stdlib.h>
#include <string.h>

static size_t hash_of(const char *key)
{
	uint64_t h = 1469598103934665603u; /* FNV-1a */
	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 1099511628211u;
	return (size_t)(h ^ (h >> 29));
}

static size_t slot_of(const cib_tally *map, const char *key)
{
	size_t i = hash_of(key) & (map->cap - 1);
	while (map->keys[i] && strcmp(map->keys[i], key) != 0)
		i = (i + 1) & (map->cap - 1);
	return i;
}

static void grow(cib_tally *map)
{
	cib_tally old = *map;
	map->cap = old.cap ? old.cap * 2 : 64;
	map->keys = cib_alloc(map->cap * sizeof *map->keys);
	map->values = cib_alloc(map->cap * sizeof *map->values);
	for (size_t i = 0; i < old.cap; i++)
		if (old.keys[i]) {
			size_t at = slot_of(map, old.keys[i]);
			map->keys[at] = old.keys[i];
			map->values[at] = old.values[i];
		}
	free((void *)(uintptr_t)old.keys);
	free(old.values);
}

size_t *cib_tally_at(cib_tally *map, const char *key)
{
	if (map->count * 2 >= map->cap)
		grow(map);
	size_t i = slot_of(map, key);
	if (!map->keys[i]) {
		map->keys[i] = key;
		map->values[i] = SIZE_MAX;
		map->count++;
	}
	return &map->values[i];
}

size_t cib_tally_get(const cib_tally *map, const char *key)
{
	if (!map->cap || !key)
		return SIZE_MAX;
	size_t i = slot_of(map, key);
	return map->keys[i] ? map->values[i] : SIZE_MAX;
}

void cib_tally_free(cib_tally *map)
{
	free((void *)(uintptr_t)map->keys);
	free(map->values);
	*map = (cib_tally){0};
}
