/* Objects that wait in memory to be written together. */
#ifndef CIB_STORE_GATHER_H
#define CIB_STORE_GATHER_H

#include "store/private.h"

/* Let the object database read them; they are the store's, and outlive it. A status of libgit2. */
int cib_store_gather_add(git_odb *odb, gathered *objects);
void cib_store_gather_keep(cib_oid *out, gathered *objects, git_object_t type, const void *data, size_t len);

#endif
