/* A table from object ids to numbers. */
#ifndef CIB_STORE_OID_MAP_H
#define CIB_STORE_OID_MAP_H

#include "store/store.h"

typedef struct {
	struct oid_slot *slots;
	size_t count, size; /* size: a power of two */
} oid_map;

#define OID_MAP_NONE ((size_t)-1)
size_t oid_map_get(const oid_map *map, const cib_oid *oid);       /* OID_MAP_NONE when it is not there */
bool oid_map_put(oid_map *map, const cib_oid *oid, size_t value); /* false: it was there, and stays */
void oid_map_free(oid_map *map);

#endif
