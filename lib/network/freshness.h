/* Freshness: entries that nobody touched for long, and such as are over and do not say what came of it.
 *
 * The kind says what that means, in its schema:
 *
 *     "x-cib-fresh": {
 *       "months": 12,                                     an entry is looked at again after a year,
 *       "over": {"/status": ["4", "5"]},                  unless it says that it is over
 *       "ends": ["/dates/actualEnd", "/dates/plannedEnd"],  after this day (the first that is there counts), or when over,
 *       "then": "/results",                               this is expected to be there,
 *       "unless": {"/status": ["5"]}                      but not of what was cancelled
 *     }
 *
 * Touched is what differs from the version of that time in the same history: a commit on the way (its first parents) says
 * when that was. One whose clock was wrong, older than what it was made on, is passed over. Whoever looked and found
 * nothing to change says so with `cib set ID --confirmed`, which notes the day in the entry (x-cib-confirmed). */
#ifndef CIB_NETWORK_FRESHNESS_H
#define CIB_NETWORK_FRESHNESS_H

#include "network/network.h"

/* All borrowed for the call. */
typedef struct {
	const char *path;
	const cib_place *place;
	const cJSON *doc;
	bool untouched;      /* for the months of its kind */
	const char *ended;   /* over, and `missing` is not there: its last day, "" when it says only that it is over; else NULL */
	const char *missing; /* pointer of what is expected; NULL when ended is */
} cib_old_entry;
typedef int (*cib_old_entry_cb)(const cib_old_entry *entry, void *payload); /* non-zero stops and is returned */

/* Every such entry of the commit `tip` below `folder` ("members/m-andal"; "": all of the network) at the time `now`. Cost: one
 * look at each entry of a kind that asks for it, one read of those that may be over, and the commits since then. */
int cib_freshness_each(cib_network *net, const cib_oid *tip, const char *folder, int64_t now, cib_old_entry_cb cb, void *payload, cib_error *err);

/* The version of a time: the newest commit of the first parents of `tip` that was made by then. CIB_NOTFOUND: none was. */
int cib_freshness_then(cib_oid *out, cib_store *store, const cib_oid *tip, int64_t then, cib_error *err);

/* Note in an entry that it was looked at on the day of `now`, and holds as it is: that touches it. */
void cib_freshness_confirm(cJSON *doc, int64_t now);

#endif
