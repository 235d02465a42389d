/* A pack as it comes in: looked at while it arrives, kept so that a cut costs only what was under way. */
#ifndef CIB_STORE_PACK_READ_H
#define CIB_STORE_PACK_READ_H

#include "store/private.h"

typedef struct pack_in pack_in;
/* Kept in <git dir>/cib/incoming.pack when it is larger than some kilobytes. */
pack_in *pack_in_new(cib_store *store);
/* Take the next bytes; a status of ours: CIB_REFUSED for a pack that is none or that swells up, CIB_IO. */
int pack_in_add(pack_in *in, const void *data, size_t len, cib_error *err);
/* All has come: into the repository, durably. */
int pack_in_finish(pack_in *in, cib_error *err);
void pack_in_counts(const pack_in *in, size_t *objects, size_t *total);
/* After a failure, what has come stays for pack_in_rescue; after CIB_REFUSED it is dropped. */
void pack_in_free(pack_in *in);

/* Take what an earlier, broken-off fetch left into the repository: the objects that came whole. How many, in *objects. */
int pack_in_rescue(size_t *objects, cib_store *store, cib_error *err);

#endif
