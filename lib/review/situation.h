/* situation - how a copy stands: what is changed, waiting, sent back, refused, in conflict, and what to do next. What
 * `cib status` prints and the app's home shows. */
#ifndef CIB_REVIEW_SITUATION_H
#define CIB_REVIEW_SITUATION_H

#include "review/nudges.h"

typedef struct {
	cib_work_changes changes; /* of the working folder, not saved yet */
	cib_open_conflicts conflicts;
	cib_review_queue queue;  /* own entries against main, or for the secretariat everybody's */
	cib_standings standings; /* of the own entries */
	cib_refusals refusals;
	cib_nudges nudges;
	size_t unsent;     /* entries that are saved and not on the server */
	bool seen_central; /* main was fetched at least once */
} cib_situation;

/* `dated`: as in cib_nudges_load. Clear it also after a failure. */
int cib_situation_load(cib_situation *out, cib_workspace *ws, const char *lang, size_t dated, cib_error *err);
void cib_situation_clear(cib_situation *situation);
size_t cib_situation_count(const cib_situation *situation, cib_review_state state); /* items of the queue */

/* What helps most now; the first that applies. */
typedef enum {
	CIB_NEXT_REFUSED_ENTRY, /* the server refused an entry, and with it the rest */
	CIB_NEXT_REFUSED,       /* the server refused everything */
	CIB_NEXT_MEND,          /* drafts */
	CIB_NEXT_RESOLVE,       /* conflicts */
	CIB_NEXT_SHARE,         /* there is something to send */
	CIB_NEXT_RETURNED,      /* something came back */
	CIB_NEXT_REVIEW,        /* members wait */
	CIB_NEXT_NOTHING
} cib_next_step;
cib_next_step cib_situation_next(const cib_situation *situation, const cib_workspace *ws);

/* Does an item wait about which the other side said something that has no answer yet? */
bool cib_review_unanswered(cib_workspace *ws, const cib_review_item *item);

#endif
