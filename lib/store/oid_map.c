/* Open addressing; an id is random already, so its first bytes are its hash. */
#include "store/oid_map.h"

#include <stdlib.h>
#include <string.h>

typedef struct oid_slot {
	cib_oid oid;
	size_t value; /* + 1; 0: free */
} oid_slot;

static oid_slot *find(const oid_map *map, const cib_oid *oid)
{
	size_t at;
	memcpy(&at, oid->id, sizeof at);
	for (;; at++) {
		oid_slot *s = &map->slots[at & (map->size - 1)];
		if (!s->value || cib_oid_equal(&s->oid, oid))
			return s;
	}
}

size_t oid_map_get(const oid_map *map, const cib_oid *oid)
{
	return map->size ? find(map, oid)->value - 1 : OID_MAP_NONE;
}

static void make_room(oid_map *map)
{
	oid_map bigger = {.size = map->size ? map->size * 2 : 256, .count = map->count};
	bigger.slots = cib_alloc(bigger.size * sizeof *bigger.slots);
	for (size_t i = 0; i < map->size; i++)
		if (map->slots[i].value)
			*find(&bigger, &map->slots[i].oid) = map->slots[i];
	free(map->slots);
	*map = bigger;
}

bool oid_map_put(oid_map *map, const cib_oid *oid, size_t value)
{
	if (map->count * 2 >= map->size)
		make_room(map);
	oid_slot *s = find(map, oid);
	if (s->value)
		return false;
	*s = (oid_slot){*oid, value + 1};
	map->count++;
	return true;
}

void oid_map_free(oid_map *map)
{
	free(map->slots);
	*map = (oid_map){0};
}
