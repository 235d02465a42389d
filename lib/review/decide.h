/* decide - decisions, and a sitting: decisions that can be undone until they are carried out. */
#ifndef CIB_REVIEW_DECIDE_H
#define CIB_REVIEW_DECIDE_H

#include "review/item.h"

typedef enum { CIB_DECIDE_ACCEPT,
	       CIB_DECIDE_RETURN,
	       CIB_DECIDE_DECLINE } cib_decision_kind;
typedef struct {
	char *pointer; /* "": the entry as a whole */
	char *text;
} cib_review_comment;
typedef struct {
	const cib_review_item *item;
	cib_decision_kind kind;
	const cib_review_comment *comments; /* a returned or declined item has at least one */
	size_t comment_count;
	bool by_policy; /* the network wants no reviewer for it: it may be one's own */
} cib_decision;
/* Carry out decisions on items of one member: one commit on main, and a merge commit when they accept all that the
 * branch holds. Covers exactly the versions in the items. An entry that changed on main meanwhile is merged by field; when
 * that needs a person CIB_FINDINGS names it and nothing is done. CIB_REFUSED review.own-change: who wrote a change does
 * not accept it, where the secretariat has two users (network.json "acceptOwn": true allows it). CIB_REFUSED review.owners:
 * a member who owns it, too, has not agreed to this version. */
int cib_review_decide(cib_workspace *ws, const cib_decision *list, size_t count, const char *message, cib_error *err);

/* ---- a sitting ----
 * Kept in <git dir>/cib/review.jsonl step by step, so that neither a closed lid nor a cut loses one. There is one at a time in
 * a copy, else CIB_BUSY. What serves requests opens it for each: all of it stands in the file. */
typedef struct cib_review_session cib_review_session;
typedef enum { CIB_SITTING_NONE,
	       CIB_SITTING_ACCEPT,
	       CIB_SITTING_RETURN,
	       CIB_SITTING_DECLINE } cib_sitting;
int cib_review_session_open(cib_review_session **out, cib_workspace *ws, cib_error *err);
void cib_review_session_free(cib_review_session *session);
/* A step is on the disk when its function returns. Hurried, it is so only after cib_review_session_flush; until then a kill takes
 * nothing, a power cut may: for one who waits for a person only after several steps. */
void cib_review_session_hurry(cib_review_session *session);
int cib_review_session_flush(cib_review_session *session, cib_error *err);
/* What was decided about exactly this version of the item. */
cib_sitting cib_review_session_state(const cib_review_session *session, const cib_review_item *item);
size_t cib_review_session_count(const cib_review_session *session, cib_sitting what); /* CIB_SITTING_NONE: all decisions */
/* Comments on the item so far: *list is the caller's (free), its strings are borrowed. */
size_t cib_review_session_comments(cib_review_comment **list, const cib_review_session *session, const cib_review_item *item);
int cib_review_session_decide(cib_review_session *session, const cib_review_item *item, cib_sitting what, cib_error *err);
int cib_review_session_comment(cib_review_session *session, const cib_review_item *item, const char *pointer, const char *text, cib_error *err);
/* Accept those of the member in the queue that wait, have no decision and have nothing that speaks against them. *taken of
 * them, *left are to be looked at one by one. */
int cib_review_session_accept_clean(size_t *taken, size_t *left, cib_review_session *session, const cib_review_queue *queue, const char *member,
                                    cib_duplicates *index, const char *lang, cib_error *err);
/* The number of the first item behind `from` (round to it) that waits and has no decision; SIZE_MAX: all have one. */
size_t cib_review_session_next(const cib_review_session *session, const cib_review_queue *queue, size_t from);
/* Take the last step back; the id it was about goes to id (101 bytes). CIB_NOTFOUND when there is none. */
int cib_review_session_undo(cib_review_session *session, char id[101], cib_error *err);
typedef struct {
	size_t accepted, returned, declined;
	size_t before; /* carried out by a run that was cut off */
	size_t stale;  /* a newer version came meanwhile: back in the queue */
	cib_buf notes; /* what could not be carried out and why, a line each */
} cib_review_outcome;
/* Carry everything out, of all members: a commit each, and main moves past all of them at once. What cannot be done stays in the
 * sitting and is named in the notes. May be called again after it was cut off at any point: nothing is done twice. */
int cib_review_session_finish(cib_review_outcome *out, cib_review_session *session, cib_error *err);

#endif
