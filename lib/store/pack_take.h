/* Taking a pack in: put together by libgit2 in a folder of its own, read once more, and then moved to the others. */
#ifndef CIB_STORE_PACK_TAKE_H
#define CIB_STORE_PACK_TAKE_H

#include "store/private.h"

#include "late/git2.h"

typedef struct {
	cib_store *store;
	git_indexer *indexer;
	git_indexer_progress stats;
	char *dir;
} pack_taking;

/* What they return is libgit2's: 0, or the error that git_error_last() says. The caller holds the repository's lock, and calls
 * pack_take_end in any case. */
int pack_take_begin(pack_taking *x, cib_store *store);
int pack_take_add(pack_taking *x, const void *data, size_t len);
/* rc: of what came before. 0: all of it is in the repository, in a pack of that name (*name, heap, which may be NULL to ask for
 * nothing; NULL in it: the repository had that pack). Else there is nothing of it. */
int pack_take_end(pack_taking *x, int rc, char **name);

void pack_take_clean(const char *git_dir);                     /* what a kill left */
void pack_take_drop(const cib_store *store, const char *name); /* remove a pack that was taken in */

#endif
