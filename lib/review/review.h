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

#include "review/duplicates.h"

typedef enum { CIB_REVIEW_PENDING,
	       CIB_REVIEW_RETURNED,
	       CIB_REVIEW_DECLINED } cib_review_state;

typedef struct {
	cib_review_state state;
	char *member, *id, *path, *kind; /* kind: its name */
	cib_oid on_main, proposed;       /* blobs; zero: absent (a new entry; a withdrawn one) */
} cib_review_item;

typedef struct {
	cib_review_item *items;
	size_t count, cap;
} cib_review_queue;

#define CIB_REVIEW_QUEUE_INIT \
	{                     \
		0             \
	}
void cib_review_queue_free(cib_review_queue *queue);

/* What differs between main and the branch `tip` of `member`, with its state. Cost follows the difference. */
int cib_review_compare(cib_review_queue *out, cib_workspace *ws, const char *member, const cib_oid *main_tip, const cib_oid *tip, cib_error *err);
/* The same for every member whose branch is known here (member NULL), or one. */
int cib_review_list(cib_review_queue *out, cib_workspace *ws, const char *member, cib_error *err);

/* ---- how each of one's own entries stands (standing.c) ---- */
typedef enum {
	CIB_STANDS_HERE,     /* only on this computer */
	CIB_STANDS_REFUSED,  /* only here: the server refused exactly this version; why: cib_refusals_load */
	CIB_STANDS_SENT,     /* the server answered that it has it */
	CIB_STANDS_SEEN,     /* the secretariat wrote that it has it */
	CIB_STANDS_RETURNED, /* back with comments */
	CIB_STANDS_DECLINED,
	CIB_STANDS_ACCEPTED, /* main has it */
} cib_stands;
const char *cib_stands_word(cib_stands stands); /* "only-here", "refused", "sent", "seen", "returned", "declined", "accepted" */
typedef struct {
	cib_stands stands;
	bool draft, removed; /* it has errors; it is taken away */
	char *path, *id;
} cib_standing;
typedef struct cib_standings {
	cib_standing *items; /* by path */
	size_t count, cap;
} cib_standings;
/* Every own entry. `changes`: of the working folder, as cib_workspace_changes gives them. */
int cib_standings_load(cib_standings *out, cib_workspace *ws, const cib_work_changes *changes, cib_error *err);
size_t cib_standings_count(const cib_standings *list, cib_stands stands);
void cib_standings_free(cib_standings *list);

/* The review record of an entry on a commit; NULL in *out when there is none. The caller's. */
int cib_review_record(cJSON **out, cib_store *store, const cib_oid *commit, const char *member, const char *id, cib_error *err);

/* An entry as it stands: for staff as cib_workspace_read, for the secretariat on its member's branch, else on main. */
int cib_review_text(cib_buf *text, cib_workspace *ws, const char *path, cib_error *err);

/* ---- the dialogue about an entry: threads on fields, from both sides ----
 * The secretariat's comments stand in reviews/<member>/<id>.json on main, the staff's in members/<member>/comments/<id>.json;
 * they are one list for a reader. */
typedef struct {
	char *id, *path;                       /* path: the field's identity path, "" the entry */
	char *text, *author, *date, *reply_to; /* reply_to: NULL when it begins a thread */
	bool by_secretariat;
	size_t depth; /* 0: begins a thread */
} cib_remark;
typedef struct {
	cib_remark *items;
	size_t count, cap;
} cib_dialogue;
/* All remarks, answers below what they answer, threads by date. Staff: with what is only in the working folder. */
int cib_dialogue_load(cib_dialogue *out, cib_workspace *ws, const char *member, const char *id, cib_error *err);
void cib_dialogue_clear(cib_dialogue *dialogue);
/* Say something about an entry or (pointer not "") a field of it, as an answer when reply_to is not NULL. Staff: a working
 * file, sent by the next sync; the secretariat: a commit on main. *made (heap) is the remark's id. */
int cib_dialogue_add(char **made, cib_workspace *ws, const char *entry_path, const char *pointer, const char *reply_to, const char *text, cib_error *err);

/* ---- one item, opened ---- */
typedef struct {
	cJSON *before, *after;         /* main's version, and what acceptance makes of it; NULL: absent */
	cib_oid taken;                 /* the blob of `after` */
	bool joined;                   /* main changed meanwhile: `after` is both, joined by field */
	bool clashes;                  /* they do not fit together: `after` is the proposed version, and accepting needs a person */
	cJSON *seen;                   /* the version that was returned or declined last, when this is a newer one; else NULL */
	cib_json_changes changes;      /* from before (or {}) to after; borrow the documents */
	cib_json_changes news;         /* from seen to after: what is new since the last look */
	cib_findings findings;         /* of the proposed version */
	cib_duplicate_list duplicates; /* by cib_review_detail_duplicates */
	size_t conflicts;              /* open conflicts of the entry on the member's branch */
	int64_t submitted;             /* seconds since 1970: when the proposed version was written; 0 unknown */
	char author[101];              /* the user who wrote it; "" unknown */
	char *awaited;                 /* a member who owns the entry, too, and has not agreed to this version; NULL: none */
	cJSON *record;                 /* reviews/<member>/<id>.json, or NULL */
	cib_dialogue dialogue;         /* what both sides said about it */
} cib_review_detail;
/* Open an item. Cost: its own blobs and the history of its path down to main's version. */
int cib_review_detail_load(cib_review_detail *out, cib_workspace *ws, const cib_review_item *item, const char *lang, cib_error *err);
/* Also what may be the same elsewhere; index NULL: nothing. */
void cib_review_detail_duplicates(cib_review_detail *detail, cib_duplicates *index, const cib_review_item *item, const char *lang);
void cib_review_detail_clear(cib_review_detail *detail);
/* Nothing speaks against it: no error, no warning, no open conflict, no clash with main, no duplicate that is not
 * linked, no owner who has still to agree. */
bool cib_review_is_clean(const cib_review_detail *detail);

/* ---- decisions ---- */
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

/* ---- a sitting: decisions that can be undone until they are carried out ----
 * Kept in <git dir>/cib/review.json after each step, so that neither a closed lid nor a cut loses one. */
typedef struct cib_review_session cib_review_session; /* one at a time in a copy: else CIB_BUSY */
typedef enum { CIB_SITTING_NONE,
	       CIB_SITTING_ACCEPT,
	       CIB_SITTING_RETURN,
	       CIB_SITTING_DECLINE } cib_sitting;
int cib_review_session_open(cib_review_session **out, cib_workspace *ws, cib_error *err);
void cib_review_session_free(cib_review_session *session);
/* What was decided about exactly this version of the item. */
cib_sitting cib_review_session_state(const cib_review_session *session, const cib_review_item *item);
size_t cib_review_session_count(const cib_review_session *session, cib_sitting what);
/* Comments on the item so far: *list is the caller's (free), its strings are borrowed. */
size_t cib_review_session_comments(cib_review_comment **list, const cib_review_session *session, const cib_review_item *item);
int cib_review_session_decide(cib_review_session *session, const cib_review_item *item, cib_sitting what, cib_error *err);
int cib_review_session_comment(cib_review_session *session, const cib_review_item *item, const char *pointer, const char *text, cib_error *err);
/* Take the last step back; the id it was about goes to id (101 bytes). CIB_NOTFOUND when there is none. */
int cib_review_session_undo(cib_review_session *session, char id[101], cib_error *err);
typedef struct {
	size_t accepted, returned, declined;
	size_t before; /* carried out by a run that was cut off */
	size_t stale;  /* a newer version came meanwhile: back in the queue */
	cib_buf notes; /* what could not be carried out and why, a line each */
} cib_review_outcome;
/* Carry everything out, of all members, one by one. What cannot be done stays in the sitting and is named in the notes. May be
 * called again after it was cut off at any point: nothing is done twice. */
int cib_review_session_finish(cib_review_outcome *out, cib_review_session *session, cib_error *err);

#endif
