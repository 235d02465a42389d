/* What the files of this room share. */
#ifndef CIB_MERGE_PRIVATE_H
#define CIB_MERGE_PRIVATE_H

#include "merge/merge.h"

/* A value that one side moved elsewhere while the other side changed it, or moved it too (moves.c). */
typedef struct {
	const cJSON *base;  /* where it stood */
	const cJSON *to;    /* the mover's node at its new place; NULL: its parts moved one by one */
	const cJSON *other; /* the other side's version of it, NULL when it removed it */
	const cJSON *gone;  /* the other side renamed it: its node there, which goes along to `to` */
	const char *name;   /* the new name that it has there; NULL: its own */
	int mover;          /* 1 ours, 2 theirs */
	bool arrived;       /* the merge came by `to` */
	bool entered;       /* it is there now */
} cib_move;
typedef struct {
	cib_move *items;
	size_t count, cap;
} cib_moves;

/* A merge under way. `path` is the identity path of the value being merged, `pointer` its place in the result. */
typedef struct {
	const cib_merge_rules *rules;
	cib_merge_keep keep;
	cib_conflicts *conflicts;
	cib_merge_notes *notes; /* NULL: nobody asks */
	cib_moves moves;
	cib_buf path, pointer;
	bool trying; /* a list is being tried in one of several ways */
} cib_merging;

/* One value. Absent values are NULL, in and out; the result is new. `node`: its schema, or NULL. */
cJSON *cib_merge_value(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node);
/* Of values that are equal on both sides, the one as it was written last: a side that wrote it anew (1.0 for 1) is followed. */
const cJSON *cib_merge_spelling(const cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs);
/* Note a conflict at the present path; returns a copy of the side that stays. */
cJSON *cib_merge_conflict(cib_merging *m, cib_conflict_kind kind, const cJSON *base, const cJSON *ours, const cJSON *theirs);
/* The same where only a part of two values is torn: `with_ours` and `with_theirs` are the wholes that either side's part
 * makes, and one of them stands. Takes both. */
cJSON *cib_merge_conflict_of_parts(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, cJSON *with_ours, cJSON *with_theirs);
void cib_merge_remark(cib_merging *m, cib_merge_verdict verdict, const cJSON *base, const cJSON *ours, const cJSON *theirs);
/* Forget what was noted since there were that many: another way is tried. */
void cib_merge_rewind(cib_merging *m, size_t conflicts, size_t notes);
/* The way to a part of the value being merged, and back. `key`: what identifies an item, NULL: its place. */
typedef struct {
	size_t path, pointer;
} cib_way;
cib_way cib_enter_member(cib_merging *m, const char *name);
cib_way cib_enter_item(cib_merging *m, const char *key, size_t index);
void cib_way_back(cib_merging *m, cib_way way);

/* Three arrays that both sides changed (base may be NULL). */
cJSON *cib_merge_arrays(cib_merging *m, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *node);
/* Prose by sentences: the merged text (heap), or NULL when both edits touch one sentence. */
char *cib_merge_prose(const char *base, const char *ours, const char *theirs);
bool cib_is_prose(const char *text); /* several sentences of several words */
/* Does one side's edit of a text hold all of the other's? 1: ours does, 2: theirs, 0: neither. */
int cib_merge_inclusion(const char *base, const char *ours, const char *theirs);

/* Which values that one side removed and the other changed stand elsewhere on the removing side. */
void cib_find_moves(cib_moves *out, const cJSON *base, const cJSON *ours, const cJSON *theirs);
const cib_move *cib_move_from(const cib_merging *m, const cJSON *base); /* NULL: it was not moved */
cib_move *cib_move_to(const cib_merging *m, const cJSON *side);
bool cib_move_absorbed(const cib_merging *m, const cJSON *side); /* it is joined elsewhere */

/* ---- classes: equal things have equal numbers, so that lists are compared as lists of numbers ---- */
typedef struct {
	struct cib_class *slots;
	size_t cap;
	unsigned count;
} cib_classes;
unsigned cib_class_of_value(cib_classes *c, const cJSON *v); /* equality of cib_json_equal */
unsigned cib_class_of_text(cib_classes *c, const char *s, size_t len);
void cib_classes_free(cib_classes *c);

/* ---- diff3 ---- */
typedef struct {
	unsigned *ids; /* the class of each item */
	size_t n;
} cib_ids;
typedef struct {
	size_t at[3], n[3]; /* first item of the piece and how many, in base, ours, theirs */
	bool stable;        /* the same on all three */
} cib_piece;
/* The pieces of base, ours and theirs, in order; the caller's (free). false: the lists are too different to compare. */
bool cib_diff3(cib_piece **out, size_t *count, const cib_ids lists[3]);
/* Are the runs of a piece on two sides (0 base, 1 ours, 2 theirs) the same? */
bool cib_piece_same(const cib_piece *p, const cib_ids lists[3], int a, int b);

/* Annotations. */
const char *cib_rules_of(const cib_merge_rules *rules, const cJSON *node);
const cJSON *cib_rules_member(const cib_merge_rules *rules, const cJSON *node, const char *name);
const cJSON *cib_rules_items(const cib_merge_rules *rules, const cJSON *node);
const cJSON *cib_rules_groups(const cib_merge_rules *rules, const cJSON *node);
const cJSON *cib_rules_root(const cib_merge_rules *rules);
/* The property that tells the items of all given arrays apart: declared, else inferred; NULL when there is none. Borrowed. */
const char *cib_key_of(const char *rule, const cJSON *const *arrays, size_t count);
/* The identity that an item has by that property: a string, or a number's text; NULL: none. Borrowed. */
const char *cib_item_key(const cJSON *item, const char *key);
/* Does the property tell all items of the array apart? */
bool cib_key_tells_apart(const cJSON *array, const char *key);

/* Members looked up in the order in which they stand: constant time where two objects have one order. */
typedef struct {
	const cJSON *object, *next;
} cib_members;
const cJSON *cib_members_get(cib_members *of, const char *name);

#endif
