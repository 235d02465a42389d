/* fleet - every member of the network as this copy knows it. Nobody phones home: what a member has synced is read from what
 * its branch holds. A sync brings main into the branch and sends it, so whoever lacks a change of main that was made in
 * March has not synced since March. */
#ifndef CIB_REVIEW_FLEET_H
#define CIB_REVIEW_FLEET_H

#include "review/review.h"

enum { CIB_QUIET_DAYS = 90 }; /* of somebody who has not synced for so long it is said */

typedef struct {
	char *member, *name;      /* name: of its profile, in the reader's language; "" when it has none */
	bool staff;               /* somebody may write for it now */
	size_t entries;           /* on main */
	size_t waiting, returned; /* on its branch, as the queue has them */
	int64_t worked;           /* its newest commit that is known here, seconds since 1970; 0: none */
	bool branch;              /* something of its branch came in */
	size_t missing;           /* changes of main that its branch lacks */
	int64_t behind;           /* when the oldest of them was made; 0: it has them all, or `synced` is not known */
	bool quiet;               /* it has staff, and has not synced for CIB_QUIET_DAYS */
} cib_fleet_member;

typedef struct {
	cib_fleet_member *items; /* by member */
	size_t count, cap;
	bool synced; /* branches, missing, behind and quiet are known: in the secretariat's copy, where members have branches */
} cib_fleet;

/* Cost: the history once, and for each member what its branch lacks. */
int cib_fleet_load(cib_fleet *out, cib_workspace *ws, int64_t now, const char *lang, cib_error *err);
/* How many members are quiet, and no more: one question to the history for each member. 0 where that is not known. */
int cib_fleet_quiet(size_t *out, cib_workspace *ws, int64_t now, cib_error *err);
void cib_fleet_clear(cib_fleet *fleet);

#endif
