/* cib.h - the public header of libcib: everything that the command `cib` does, for other programs.
 *
 * The library is made of rooms, lower ones first; each header is the manual of its room. A program that needs one room
 * only may include that header alone ("schema/schema.h" validates JSON by JSON Schema 2020-12 and needs nothing of Git).
 *
 *   base      errors, findings, buffers, arenas, durable files, locks
 *   json      strict reader, canonical writer, pointers (RFC 6901), equality, changes (RFC 6902)
 *   schema    JSON Schema 2020-12: compile, validate, explain
 *   merge     three-way merge of JSON documents
 *   store     the Git repository: objects, trees, commits, references, transports
 *   network   what a network is: layout, kinds, access, limits, the check of an entry
 *   guard     the rules of a push
 *   sync      a person's copy: the working folder, save, sync, conflicts
 *   review    the queue of the secretariat and its decisions
 *   search    finding entries by words
 *   report    what the network knows, put together for people
 *   exchange  to and from other systems
 *   app       the network in the browser, served on loopback
 *
 * Conventions. What can fail returns a cib_status and fills the cib_error that the caller passes (NULL is allowed);
 * results are out-parameters and come first. Faults of the data are no errors: they are collected in cib_findings.
 * What comes back by pointer-to-pointer is the caller's, and its header names the function that frees it; what a getter
 * returns belongs to what it was got from. There is no global state; an object belongs to one thread at a time,
 * but a compiled cib_schema serves several. Allocation never returns NULL: without memory the process ends with
 * exit code 70, which is safe at any point, since every change on disk is durable and atomic.
 *
 *     cc program.c $(pkg-config --cflags --libs cib)
 */
#ifndef CIB_H
#define CIB_H

#ifdef __cplusplus
extern "C" {
#endif

#include "app/app.h"
#include "base/base.h"
#include "exchange/csv.h"
#include "exchange/exchange.h"
#include "exchange/geojson.h"
#include "exchange/sheet.h"
#include "guard/guard.h"
#include "guard/purge.h"
#include "json/json.h"
#include "merge/merge.h"
#include "network/codelist.h"
#include "network/create.h"
#include "network/form.h"
#include "network/freshness.h"
#include "network/network.h"
#include "network/privacy.h"
#include "network/reading.h"
#include "network/template.h"
#include "network/translation.h"
#include "report/report.h"
#include "review/duplicates.h"
#include "review/fleet.h"
#include "review/nudges.h"
#include "review/happened.h"
#include "review/policy.h"
#include "review/review.h"
#include "review/situation.h"
#include "review/stats.h"
#include "review/story.h"
#include "schema/schema.h"
#include "search/browse.h"
#include "search/search.h"
#include "store/store.h"
#include "sync/draft.h"
#include "sync/sync.h"

#ifdef __cplusplus
}
#endif

#endif
