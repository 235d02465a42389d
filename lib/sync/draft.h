/* draft - an entry while a person edits it, field by field, each change kept at once.
 *
 * What is one's own is kept as the working file, as `cib set` does: an invalid one is a draft that stays behind at a save. The
 * secretariat's edit of a member's entry would be committed with each change: it is held in <git dir>/cib/edits/<id>.json until it is
 * published. A change says what it was made from; where the entry says something else by then (another window, a sync, `cib set`),
 * the two are merged as a sync merges; what cannot be merged stands as it is, and the change is kept as a clash in that same file.
 */
#ifndef CIB_SYNC_DRAFT_H
#define CIB_SYNC_DRAFT_H

#include "sync/sync.h"

typedef struct {
	cib_workspace *ws; /* borrowed */
	char *path;
	cib_place place;
	cJSON *doc;     /* as it stands; NULL: there is none yet */
	cJSON *base;    /* of what is held: the version that it began from */
	cJSON *clashes; /* [{"path", "was", "yours"}]; was and yours are absent for nothing */
	bool held;      /* it is held until it is published */
} cib_draft;

/* The entry at `path`, or what will be one. *out is filled in any case: cib_draft_close. CIB_FINDINGS json.*: the file is no JSON. */
int cib_draft_open(cib_draft *out, cib_workspace *ws, const char *path, cib_error *err);
void cib_draft_close(cib_draft *draft);
/* The blob id, in hex, of what stands; "" for nothing. Two are equal when nothing was changed in between. */
void cib_draft_version(char out[CIB_OID_HEX], const cib_draft *draft);

/* Make changes, [{"path", "value", "was"}]: path with identities as cib_merge has them; value absent: remove; was absent: there was
 * nothing. In memory; draft->doc must not be NULL. *clashed: how many could not be made and were put to the clashes. */
int cib_draft_change(cib_draft *draft, const cJSON *changes, size_t *clashed, cib_error *err);
/* Settle a clash: with yours, or (not) with what stands. CIB_NOTFOUND. */
int cib_draft_settle(cib_draft *draft, const char *path, bool yours, cib_error *err);

/* Write it down, durably, and say what is wrong with it. CIB_OK, or CIB_FINDINGS: it is kept, and has errors. */
int cib_draft_keep(cib_draft *draft, const char *lang, cib_findings *findings, cib_error *err);
/* What is held becomes the entry, merged with what it became meanwhile. CIB_FINDINGS: it has errors, or clashes: nothing is changed. */
int cib_draft_publish(cib_draft *draft, const char *lang, cib_findings *findings, cib_error *err);
/* Back to what is saved: the file goes, or is again what the branch has. */
int cib_draft_discard(cib_draft *draft, cib_error *err);
/* Judge it as it stands. CIB_OK or CIB_FINDINGS. */
int cib_draft_check(const cib_draft *draft, const char *lang, cib_findings *findings);

#endif
