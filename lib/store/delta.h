/* Deltas as Git's packs hold them: a text told as pieces of another. */
#ifndef CIB_STORE_DELTA_H
#define CIB_STORE_DELTA_H

#include "base/base.h"

/* Where 16-byte pieces of a base are, so that several texts can be told by it. */
typedef struct delta_index delta_index;
delta_index *delta_index_new(const void *base, size_t len); /* `base` is borrowed and must stay */
void delta_index_free(delta_index *index);

/* Append the delta that makes `text` of the base; false (and `out` as it was) when it would have more than `most` bytes. */
bool delta_make(cib_buf *out, const delta_index *index, const void *text, size_t len, size_t most);
/* The size that a delta's beginning says it makes; false when `len` bytes do not tell it. */
bool delta_result_size(uint64_t *size, const void *delta, size_t len);

#endif
