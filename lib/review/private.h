/* What the files of this room share. */
#ifndef CIB_REVIEW_PRIVATE_H
#define CIB_REVIEW_PRIVATE_H

#include "review/review.h"

/* The document of a blob, the caller's; NULL for the zero id. */
int cib_review_read(cJSON **out, cib_store *store, const cib_oid *blob, cib_error *err);
cJSON *cib_review_doc(cib_workspace *ws, const cib_oid *blob); /* the same; NULL also when it cannot be read */
/* The blob that main gets when the item is accepted: the proposed one, or a merge by field (written to the store) when main
 * changed since the two met. CIB_FINDINGS review.both-changed when that needs a person. */
int cib_review_take(cib_oid *out, cib_workspace *ws, const cib_review_item *item, const cib_oid *main_tip, const cib_oid *tip, const cib_meeting *met, cib_error *err);
/* Which version did main take over by itself since they met, so that both go on from it (cib_accepted_find)? false: none. `base`: the blob where they met. */
bool cib_review_accepted(cib_oid *version, cib_workspace *ws, const char *path, const cib_oid *main_tip, const cib_oid *tip, const cib_oid *base, const cib_meeting *met);
/* Did `user` write any of the changes between main's version of the item and the proposed one? */
/* When the proposed version was written, and by which user, from the history of `tip`, the member's branch; 0 and "": unknown. */
int64_t cib_review_written(char author[101], cib_workspace *ws, const cib_review_item *item, const cib_oid *tip);
bool cib_review_wrote(cib_workspace *ws, const cib_review_item *item, const cib_oid *tip, const char *user);

/* Decisions that reach the disk together: commits one behind the other, of which the workspace's tip is the last; main moves at the
 * end, past all of them or not at all. Holds the repository's lock, and begins with main as it is by then. */
typedef struct {
	cib_workspace *ws;
	cib_lock *lock;
	cib_oid before; /* main, where it began */
} cib_review_chain;
int cib_review_chain_begin(cib_review_chain *chain, cib_workspace *ws, cib_error *err);
/* One commit more: decisions on one member's items, as cib_review_decide. When it fails, the chain is as it was. */
int cib_review_chain_add(cib_review_chain *chain, const cib_decision *list, size_t count, const char *message, cib_error *err);
/* status: CIB_OK: carry them out, else forget them and return it. */
int cib_review_chain_end(cib_review_chain *chain, int status, cib_error *err);

/* The notes of a view whose fields stand. */
void cib_review_notes_make(cib_review_view *view, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *detail, const char *lang);

/* A remark of this user, new; and it put behind the others of the staff's file (made when *doc is NULL). Takes the remark. */
cJSON *cib_remark_new(const cib_workspace *ws, const char *path, const char *reply_to, const char *text);
void cib_remark_append(cJSON **doc, const char *id, const char *entry, cJSON *remark);

#endif
