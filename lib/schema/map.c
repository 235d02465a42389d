/* A hash map from byte strings, or from addresses, to pointers: open addressing, a random seed for each map,
 * so that nobody can choose names that collide. */
#include "schema/private.h"

#include <stdlib.h>
#include <string.h>

struct cib_map_slot {
	const void *key;
	size_t len;
	void *value;
	uint64_t hash;
};

static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	h *= 0xD6E8FEB86659FD93u;
	h ^= h >> 29;
	return h;
}

static uint64_t hash_of(const cib_map *map, const void *key, size_t len)
{
	uint64_t h = (uint64_t)(uintptr_t)map->slots; /* where the table lies is not known from outside */
	if (len == 0)
		return mix(h ^ (uint64_t)(uintptr_t)key * 0x9E3779B97F4A7C15u);
	const char *s = key;
	for (; len >= 8; len -= 8, s += 8) {
		uint64_t word;
		memcpy(&word, s, 8);
		h = mix(h ^ word) * 0x9E3779B97F4A7C15u;
	}
	uint64_t rest = len;
	memcpy(&rest, s, len);
	return mix(h ^ rest * 0x9E3779B97F4A7C15u);
}

static struct cib_map_slot *find(const cib_map *map, uint64_t hash, const void *key, size_t len)
{
	for (size_t i = hash & (map->cap - 1);; i = (i + 1) & (map->cap - 1)) {
		struct cib_map_slot *s = &map->slots[i];
		if (!s->key || (s->hash == hash && s->len == len && (s->key == key || (len && memcmp(s->key, key, len) == 0))))
			return s;
	}
}

void *cib_map_get(const cib_map *map, const void *key, size_t len)
{
	return map->cap ? find(map, hash_of(map, key, len), key, len)->value : NULL;
}

static void grow(cib_map *map)
{
	struct cib_map_slot *old = map->slots;
	size_t n = map->cap;
	map->cap = n ? n * 2 : 32;
	map->slots = cib_alloc(map->cap * sizeof *map->slots);
	for (size_t i = 0; i < n; i++) {
		if (!old[i].key)
			continue;
		old[i].hash = hash_of(map, old[i].key, old[i].len);
		*find(map, old[i].hash, old[i].key, old[i].len) = old[i];
	}
	free(old);
}

static struct cib_map_slot *slot_for(cib_map *map, const void *key, size_t len)
{
	if ((map->count + 1) * 2 > map->cap)
		grow(map);
	uint64_t hash = hash_of(map, key, len);
	struct cib_map_slot *s = find(map, hash, key, len);
	if (!s->key) {
		*s = (struct cib_map_slot){.key = key, .len = len, .hash = hash};
		map->count++;
	}
	return s;
}

bool cib_map_put(cib_map *map, const void *key, size_t len, void *value)
{
	struct cib_map_slot *s = slot_for(map, key, len);
	if (s->value)
		return false;
	s->value = value;
	return true;
}

void cib_map_set(cib_map *map, const void *key, size_t len, void *value)
{
	slot_for(map, key, len)->value = value;
}

void cib_map_free(cib_map *map)
{
	free(map->slots);
	*map = (cib_map){0};
}
