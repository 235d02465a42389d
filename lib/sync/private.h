/* What the files of this room share. */
#ifndef CIB_SYNC_PRIVATE_H
#define CIB_SYNC_PRIVATE_H

#include "sync/sync.h"

#define CENTRAL_MAIN "refs/cib/central/main"
#define CENTRAL_OWN  "refs/cib/central/own"

/* Is a network path among the files that stand in this person's working folder? (own: not only to read) */
bool cib_work_is_own(const cib_workspace *ws, const char *path);
bool cib_work_is_shown(const cib_workspace *ws, const char *path);
/* Bring the working folder from commit `before` to ws->tip. A file that was edited meanwhile is merged, never overwritten. */
int cib_checkout(cib_workspace *ws, const cib_oid *before, cib_sync_report *report, cib_error *err);
char *cib_work_file(const cib_workspace *ws, const char *path); /* absolute; the caller's */
int cib_read_entry(cJSON **out, cib_store *store, const cib_oid *blob, cib_error *err);
int cib_commit_own(cib_oid *out, cib_workspace *ws, const cib_oid *tree, const cib_oid *parents, size_t count, const char *message, cib_error *err);
int cib_save_locked(cib_workspace *ws, const char *message, const cib_sync_options *options, cib_sync_report *report, cib_error *err);
void cib_note(cib_sync_report *report, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
