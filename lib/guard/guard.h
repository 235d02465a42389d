/* guard - the rules of a push. One function judges incoming commits; the hook, fetch, bundles and
 * review call it. Uses network and store. It walks only what the push changed. */
#ifndef CIB_GUARD_H
#define CIB_GUARD_H

#include "network/network.h"

typedef struct {
	const char *ref;
	cib_oid before, after; /* zero: created, deleted */
} cib_ref_update;

typedef struct {
	const char *user; /* who pushes; NULL: nobody is known, and everything is refused */
	int64_t now;      /* seconds since 1970; 0: the clock */
	const char *lang; /* of the messages; NULL: the network's first language */
} cib_guard_options;

/* Judge a whole push: every reference update, every new commit, all that changed. The rules (schemas,
 * access, limits) are those of main as it stands before the push. CIB_OK; CIB_REFUSED with what is wrong in `findings`
 * (file is "<12 hex of the commit>:<path>"); any other status is a failure of the guard itself,
 * which the caller must treat as refused (fail closed). */
int cib_guard_judge(cib_store *store, const cib_ref_update *updates, size_t count, const cib_guard_options *options,
                    cib_findings *findings, cib_error *err);

/* The user of the environment: CIB_USER, GL_USER, GL_USERNAME, REMOTE_USER, GITEA_PUSHER_NAME; NULL when none. */
const char *cib_guard_user(void);

#endif
