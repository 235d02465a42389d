/* Writing a thin pack: what the other side lacks, told by what it has. */
#ifndef CIB_STORE_PACK_WRITE_H
#define CIB_STORE_PACK_WRITE_H

#include "store/private.h"

typedef struct {
	const cib_oid *tips; /* commits that the other side is to get, with all that they need */
	size_t tip_count;
	const cib_oid *have; /* commits that both sides have whole */
	size_t have_count;
	bool thin;                                             /* deltas may stand on objects that only the other side has */
	bool offsets;                                          /* a base within the pack may be named by its distance */
	int (*tell)(size_t done, size_t total, void *payload); /* non-zero stops: CIB_CANCELLED */
	void *payload;
} pack_wish;

/* The parts of every pack: its beginning, what stands before an object, and its sum behind all. */
void pack_begin(cib_buf *out, size_t objects);
void pack_add_head(cib_buf *out, unsigned type, size_t size);
void pack_end(cib_buf *out);

int pack_write(cib_buf *out, size_t *objects, cib_store *store, const pack_wish *wish, cib_error *err);

#endif
