/* What the files of this room share. */
#ifndef CIB_MERGE_PRIVATE_H
#define CIB_MERGE_PRIVATE_H

#include "merge/merge.h"

/* A merge under way. `path` is the identity path of the value being merged. */
typedef struct {
	const cib_merge_rules *rules;
	cib_merge_keep keep;
	cib_conflicts *conflicts;
	cib_buf path;
} cib_merging;

/* One value. Absent values are NULL, in and out; the result is new. `node`: its schema, or NULL. */
cJSON *cib_merge_value(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node);
/* Note a conflict at the present path; returns a copy of the side that stays. */
cJSON *cib_merge_conflict(cib_merging *m, cib_conflict_kind kind, const cJSON *base, const cJSON *ours, const cJSON *theirs);

/* Three arrays that both sides changed (base may be NULL). */
cJSON *cib_merge_arrays(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node);
/* Prose by sentences: the merged text (heap), or NULL when both edits touch one sentence. */
char *cib_merge_prose(const char *base, const char *ours, const char *theirs);

/* diff3 over n items that are compared by equal(); see sequence.c. */
typedef struct {
	size_t base, ours, theirs;             /* first item of the piece on each side */
	size_t base_n, ours_n, theirs_n;       /* how many */
	bool stable;                           /* the same on all three */
} cib_piece;
typedef bool (*cib_same)(int side_a, size_t a, int side_b, size_t b, void *payload); /* sides: 0 base, 1 ours, 2 theirs */
/* The pieces, in order; the caller's (free). false when the lists are too long to compare. */
bool cib_diff3(cib_piece **out, size_t *count, size_t base_n, size_t ours_n, size_t theirs_n, cib_same same, void *payload);

/* Annotations. */
const char *cib_rules_of(const cib_merge_rules *rules, const cJSON *node);
const cJSON *cib_rules_member(const cib_merge_rules *rules, const cJSON *node, const char *name);
const cJSON *cib_rules_items(const cib_merge_rules *rules, const cJSON *node);
const cJSON *cib_rules_groups(const cib_merge_rules *rules, const cJSON *node);
const cJSON *cib_rules_root(const cib_merge_rules *rules);
/* The property that tells the items of all given arrays apart: declared, else inferred; NULL when there is none. Borrowed. */
const char *cib_key_of(const char *rule, const cJSON *const *arrays, size_t count);

#endif
