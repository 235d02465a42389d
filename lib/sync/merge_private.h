/* Within the merge of two commits (merge_commits.c). */
#ifndef CIB_SYNC_MERGE_PRIVATE_H
#define CIB_SYNC_MERGE_PRIVATE_H

#include "sync/private.h"

typedef struct cib_merge_row cib_merge_row;
struct cib_merge_row {
	char *path; /* where the result goes */
	cib_place place;
	cib_tree_entry base, ours, theirs; /* their path: where each side has it */
	char *old_path;                    /* where it was when it goes along with its renamed folder */
	char from_member[101];             /* ours was added in a folder that theirs renamed: its old name, else "" */
	bool done;                         /* settled by another row: */
	cib_merge_row *moved_to;           /* by this one */
};

typedef struct {
	cib_store *store;
	const cib_commit_merge *how;
	bool virtual; /* a merge of merge bases: values, not records */
	bool past;    /* the sides are commits, whose history since the bases tells what is no news */
	cib_merge_row *rows;
	size_t row_count, row_cap;
	cib_tree_entry *edits; /* against the tree of theirs */
	size_t count, cap;
	cib_sync_report *report;
	cib_error *err;
	cib_touched touched[2]; /* by ours, by theirs */
	int failed;             /* the first look-up that could not be made: what is unknown is neither absent nor a conflict */
} cib_merger;

/* Pair what one side moved (merge_moves.c): the row of the old place is done, that of the new one gets the other side's version. */
void cib_merge_find_moves(cib_merger *m);
/* Merge two merge bases into a tree: values alone, without records, and nothing where they disagree. base: what these had together;
 * bases: where they meet (NULL: `a` is a tree, which has no history). */
int cib_merge_before(cib_oid *tree, cib_store *store, cib_network *net, const cib_oid *a, const cib_oid *b, const cib_oid *base, const cib_oid *bases, size_t count,
                     cib_error *err);
/* What several merge bases had together (meeting.c): a commit or a tree. */
int cib_meeting_had(cib_oid *tree, cib_store *store, cib_network *net, const cib_oid *bases, size_t count, cib_error *err);

#endif
