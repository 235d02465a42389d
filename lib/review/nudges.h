/* nudges - what nothing is wrong with and somebody should look at all the same: own entries that nobody touched for long,
 * such as are over without saying what came of it, and for the secretariat members who have not synced. */
#ifndef CIB_REVIEW_NUDGES_H
#define CIB_REVIEW_NUDGES_H

#include "review/review.h"

typedef struct {
	char *path, *id;
	bool untouched;        /* for the months that its kind names (x-cib-fresh) */
	char *ended, *missing; /* over since that day ("" not known), and this field (a pointer) is not there; NULL */
	char *touched;         /* the day of its last change, as far as it was looked for; NULL */
} cib_nudge;

typedef struct {
	cib_nudge *items; /* by path */
	size_t count, cap;
	size_t quiet; /* members: cib_fleet_quiet */
} cib_nudges;

/* Of the own saved entries: a member's, or the secretariat's in network/. For the first `dated` that are untouched the day of
 * their last change is looked for in the history. Cost: one read of each own entry of a kind that can be over; none as long as
 * the tip, the members' branches and the day are the same: <git dir>/cib/nudges.json, a cache. */
int cib_nudges_load(cib_nudges *out, cib_workspace *ws, int64_t now, size_t dated, cib_error *err);
void cib_nudges_clear(cib_nudges *nudges);

#endif
