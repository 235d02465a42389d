/* What is here whole, and what is missing. A broken-off fetch leaves objects without all that they need; so that an object is
 * here says nothing, and only what a reference reaches is known to be whole. */
#ifndef CIB_STORE_CLOSURE_H
#define CIB_STORE_CLOSURE_H

#include "store/private.h"

/* Is this commit, with all that it needs, here? (It is reachable from a reference.) */
bool cib_store_complete(cib_store *store, const cib_oid *commit);

typedef struct {
	cib_oid *items;
	size_t count, cap;
} oid_list;
void oid_list_add(oid_list *list, const cib_oid *oid);
void oid_list_free(oid_list *list);
/* The ids that references name. */
int cib_store_ref_tips(oid_list *out, cib_store *store, const char *prefix, cib_error *err);

/* The objects that `tips` need and that are not here. A folder of which (nearly) everything is missing is named alone.
 * `*unknown`: commits or folders are among them, so that nobody knows yet what else of theirs is here. */
int closure_missing(oid_list *out, bool *unknown, cib_store *store, const cib_oid *tips, size_t count, cib_error *err);

#endif
