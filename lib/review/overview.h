/* overview - the queue as a list to choose from: each item with what a reviewer sorts and picks by, and what changed since
 * the last look. */
#ifndef CIB_REVIEW_OVERVIEW_H
#define CIB_REVIEW_OVERVIEW_H

#include "review/review.h"

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
} cib_review_overview;

/* NULL when the words in the filter are known, else the one that is not. */
const char *cib_review_filter_unknown(const cib_review_filter *filter);
/* Cost: the queue's own entries. */
int cib_review_overview_load(cib_review_overview *out, cib_workspace *ws, const cib_review_filter *filter, const char *lang, cib_error *err);
void cib_review_overview_clear(cib_review_overview *overview);
/* The rows were looked at now: kept in <git dir>/cib/looked.json, for the next time. */
void cib_review_overview_looked(const cib_review_overview *overview, const cib_workspace *ws);

#endif
