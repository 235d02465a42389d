/* The kinds of lists: with an identity (lists.c), and by place alone (ordered.c). */
#ifndef CIB_MERGE_LISTS_H
#define CIB_MERGE_LISTS_H

#include "merge/private.h"

/* In a declared list the order of merging must not show; an inferred list keeps additions where their writers put them. */
typedef enum { CIB_LIST_SET,
	       CIB_LIST_KEYED,
	       CIB_LIST_INFERRED } cib_list_kind;

/* Base (may be NULL), ours and theirs; `key`: the property that identifies items, NULL: scalars identify themselves.
 * NULL: an inferred list that does not behave like one (nothing is noted then). */
cJSON *cib_merge_identified(cib_merging *m, const cJSON *const arrays[3], const cJSON *node, const char *key, cib_list_kind kind);

/* By place. NULL: it needs a person (nothing is noted then). */
cJSON *cib_merge_ordered(cib_merging *m, const cJSON *const arrays[3], const cJSON *items);
/* Note the conflict of a list that needs one: only what is torn does, all else that either side changed stands. */
cJSON *cib_merge_ordered_conflict(cib_merging *m, const cJSON *const arrays[3], const cJSON *items);

#endif
