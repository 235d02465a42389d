/* review - what waits for the secretariat, and its decisions. Uses sync's workspace, network, merge and store.
 *
 * States are derived from the repository, never stored twice:
 *   pending    the member branch's version differs from main's and is not in main's history of it
 *   returned   reviews/<member>/<id>.json on main names exactly that blob with "changes-requested"
 *   declined   the same with "declined"
 *   accepted   main has it
 * Decisions are commits on the secretariat's main; the next sync sends them. */
#ifndef CIB_REVIEW_H
#define CIB_REVIEW_H

#include "sync/sync.h"

typedef enum { CIB_REVIEW_PENDING, CIB_REVIEW_RETURNED, CIB_REVIEW_DECLINED } cib_review_state;

typedef struct {
	cib_review_state state;
	char *member, *id, *path, *kind; /* kind: its name */
	cib_oid on_main, proposed; /* blobs; zero: absent (a new entry; a withdrawn one) */
} cib_review_item;

typedef struct {
	cib_review_item *items;
	size_t count, cap;
} cib_review_queue;

#define CIB_REVIEW_QUEUE_INIT {0}
void cib_review_queue_free(cib_review_queue *queue);

/* Bring the members' branches in (refs/cib/central/members/<member>). CIB_OFFLINE. */
int cib_review_fetch(cib_workspace *ws, const cib_sync_options *options, cib_error *err);
/* What differs between main and the branch `tip` of `member`, with its state. Cost follows the difference. */
int cib_review_compare(cib_review_queue *out, cib_workspace *ws, const char *member, const cib_oid *main_tip, const cib_oid *tip, cib_error *err);
/* The same for every member whose branch is known here (member NULL), or one. */
int cib_review_list(cib_review_queue *out, cib_workspace *ws, const char *member, cib_error *err);

/* The review record of an entry on a commit; NULL in *out when there is none. The caller's. */
int cib_review_record(cJSON **out, cib_store *store, const cib_oid *commit, const char *member, const char *id, cib_error *err);

/* Accept these items of one member: one commit on main, a merge commit when `whole` (everything the branch holds).
 * An entry that changed on main meanwhile is merged by field; when that needs a person, CIB_FINDINGS names it and
 * nothing is done. */
int cib_review_accept(cib_workspace *ws, const cib_review_item *items, size_t count, bool whole, const char *message, cib_error *err);
/* Return (or decline) one item with a comment on the entry (pointer "") or on a field. */
int cib_review_return(cib_workspace *ws, const cib_review_item *item, bool decline, const char *pointer, const char *comment, cib_error *err);

#endif
