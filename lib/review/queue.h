/* queue - what differs between main and the members' branches, and the list to choose from. */
#ifndef CIB_REVIEW_QUEUE_H
#define CIB_REVIEW_QUEUE_H

#include "sync/sync.h"

/* Derived from the repository, never stored:
 *   pending    the member branch's version differs from main's and is not in main's history of it
 *   returned   reviews/<member>/<id>.json on main names exactly that blob with "changes-requested"
 *   declined   the same with "declined"
 * What is accepted, main has: it is not in the queue. */
typedef enum { CIB_REVIEW_PENDING,
	       CIB_REVIEW_RETURNED,
	       CIB_REVIEW_DECLINED } cib_review_state;

typedef struct {
	cib_review_state state;
	char *member, *id, *path, *kind; /* kind: its name */
	cib_oid on_main, proposed;       /* blobs; zero: absent (a new entry; a withdrawn one) */
} cib_review_item;

const char *cib_review_state_word(cib_review_state state);       /* "pending", "returned", "declined" */
const char *cib_review_change_word(const cib_review_item *item); /* "new", "changed", "withdrawn" */
/* "40 min", "5 h", "3 days"; "" when negative: unknown. */
void cib_review_span_words(char out[16], int64_t seconds);

typedef struct {
	cib_review_item *items; /* by member, then by path */
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
/* The item of an entry; NULL: it is not in the queue. `version`: only when exactly that blob is proposed (what a page showed);
 * NULL: whichever. Borrowed. */
const cib_review_item *cib_review_find(const cib_review_queue *queue, const char *member, const char *id, const cib_oid *version);

/* The review record of an entry on a commit; NULL in *out when there is none. The caller's. */
int cib_review_record(cJSON **out, cib_store *store, const cib_oid *commit, const char *member, const char *id, cib_error *err);

/* ---- the list (overview.c) ---- */
typedef enum { CIB_LOOKED,           /* seen before */
	       CIB_LOOK_NEW,         /* was not there at the last look */
	       CIB_LOOK_NEW_VERSION, /* was there in another version */
} cib_look;

typedef struct {
	const cib_review_item *item; /* of the overview's queue */
	char *title, *author;        /* in the reader's language; "" unknown */
	cib_look look;
	size_t size; /* fields that acceptance changes */
	size_t errors, warnings, conflicts;
	size_t duplicates; /* entries elsewhere that may be the same, and are not linked */
	bool clashes;      /* main changed meanwhile, in ways that do not fit */
	bool awaited;      /* another owner has still to agree */
	bool answered;     /* a newer version of one that was sent back */
	bool clean;        /* nothing speaks against it */
	int64_t submitted; /* seconds since 1970; 0 unknown */
} cib_review_row;

typedef struct {
	const char *member, *kind; /* NULL: all */
	const char *state;         /* "pending", "returned", "declined"; NULL: all */
	const char *with;          /* "errors", "warnings", "conflicts", "duplicates"; NULL: whatever */
	const char *sort;          /* "member" (NULL), "kind", "age" (the oldest first), "size" (the smallest first) */
	bool only_new, clean;
	int older_days; /* 0: any age */
} cib_review_filter;

typedef struct {
	cib_review_queue queue;
	cib_review_row *rows; /* those that pass the filter, in order */
	size_t count;
	size_t fresh, newer, gone; /* since the last look, in the whole queue */
	bool passing;              /* the index of duplicates could not be brought up to date: the next time there may be more */
	bool borrows;              /* the queue, and the texts of the rows, are another overview's */
} cib_review_overview;

/* NULL when the words in the filter are known, else the one that is not. */
const char *cib_review_filter_unknown(const cib_review_filter *filter);
/* Cost: the queue's own entries. */
int cib_review_overview_load(cib_review_overview *out, cib_workspace *ws, const cib_review_filter *filter, const char *lang, cib_error *err);
/* The same from an overview that was loaded without a filter, which has to outlive *out, with the looks as they are by now. Cost: the
 * rows, and no entry is read. Of the repository `whole` knows what stood there when it was loaded. */
void cib_review_overview_choose(cib_review_overview *out, const cib_review_overview *whole, const cib_workspace *ws, const cib_review_filter *filter);
void cib_review_overview_clear(cib_review_overview *overview);
/* The rows were looked at now: kept in <git dir>/cib/looked.json, for the next time. */
void cib_review_overview_looked(const cib_review_overview *overview, const cib_workspace *ws);

/* The rows counted, by member. */
typedef struct {
	const char *member;                 /* borrowed; NULL: of all together */
	size_t pending, back, clean, fresh; /* back: with the member again; clean: of the pending ones; fresh: since the last look */
	int64_t oldest;                     /* when the oldest pending one was written, seconds since 1970; 0: none, or unknown */
} cib_review_tally;
/* One for each member that has a row, in the rows' order; returns how many. *out is the caller's (free). `all`: may be NULL. */
size_t cib_review_tallies(cib_review_tally **out, cib_review_tally *all, const cib_review_overview *overview);

#endif
