/* brought - what a sync or a bundle brought, in words, and how each own entry stands after it. */
#ifndef CIB_CMD_BROUGHT_H
#define CIB_CMD_BROUGHT_H

#include "digest.h"
#include "review/review.h"

typedef struct {
	cib_standings standings;
	cib_happenings news; /* since the main of before; the own decisions are no news */
} cib_brought;

/* `main_before`: NULL where nothing can be told of news. */
void cib_brought_load(cib_brought *out, cib_workspace *ws, const cib_oid *main_before);
void cib_brought_clear(cib_brought *brought);

/* The counts; `nothing` (may be NULL) where there is none. To stderr. */
void cib_print_report(const cib_sync_report *report, const cib_brought *brought, const char *nothing);
/* How many entries wait for review; 0 for staff. */
size_t cib_count_pending(cib_workspace *ws);
/* What became of entries; for staff how each stands that is not accepted, for the secretariat its queue. To stderr. */
void cib_print_brought(cib_workspace *ws, const cib_brought *brought);

#endif
