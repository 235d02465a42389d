/* standing - how each of one's own entries stands: what staff see of the review. */
#ifndef CIB_REVIEW_STANDING_H
#define CIB_REVIEW_STANDING_H

#include "sync/sync.h"

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
	bool draft, removed, changed; /* it has errors; it is taken away; it is not saved */
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

#endif
