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
	cib_ref_update *items;
	size_t count, cap;
	char *text; /* that the names lie in */
} cib_ref_updates;
/* The input of a pre-receive hook, lines of "OLD NEW REF", to the byte as Git writes it (githooks(5)); false for anything else, and then
 * `out` is empty. Whether the names may be used, cib_guard_judge says. */
bool cib_guard_read_updates(cib_ref_updates *out, const char *text, size_t len);
void cib_ref_updates_free(cib_ref_updates *updates);

typedef struct {
	const char *user; /* who pushes; NULL: nobody is known, and everything is refused */
	int64_t now;      /* seconds since 1970; 0: the clock */
	const char *lang; /* of the messages; NULL: the network's first language */
	uint64_t bytes;   /* that the push brought (cib_store_quarantine_bytes); 0: not known */
} cib_guard_options;

/* Judge a whole push: every reference update, every new commit, all that changed. The rules (schemas,
 * access, limits) are those of main as it stands before the push. CIB_OK; CIB_REFUSED with what is wrong in `findings`
 * (file is "<12 hex of the commit>:<path>"); any other status is a failure of the guard itself,
 * which the caller must treat as refused (fail closed). */
int cib_guard_judge(cib_store *store, const cib_ref_update *updates, size_t count, const cib_guard_options *options,
                    cib_findings *findings, cib_error *err);

/* Judge commits that came in without a push: by fetch, or in a bundle. Nobody is known to have made them, so a branch is
 * judged by its name (refs/heads/main: the secretariat's; refs/heads/members/<m>: the staff's of m) and each commit by
 * whom it claims to be from, with the rules of `main`; what any reference below refs/heads/, refs/cib/central/ or
 * refs/cib/given/ holds was judged before. Not judged: dates (the clock is this computer's) and who has access now
 * (former staff's work stays). A member's branch that builds on a main that is not known here is CIB_REFUSED with
 * CIB_UNKNOWN_MAIN. */
#define CIB_UNKNOWN_MAIN "guard.unknown-main"
typedef struct {
	const cib_oid *main;  /* the newest main that is trusted here: its rules judge */
	const char *lang;     /* as above */
	const cib_oid *mains; /* others that are known here beside it, of sticks: a branch may build on any of them */
	size_t main_count;
} cib_guard_incoming;
int cib_guard_judge_incoming(cib_store *store, const cib_ref_update *updates, size_t count, const cib_guard_incoming *options,
                             cib_findings *findings, cib_error *err);

/* Judge the commits of a range in any clone, as CI does before or after the fact: what `update->before` and main hold is
 * taken as judged, whatever references the clone has; the rest is judged by the rules of `main`, for
 * refs/heads/main those before the range. With a user exactly as a push of that user; without one (NULL) as incoming. */
typedef struct {
	const char *user;
	const cib_oid *main;
	int64_t now;
	const char *lang;
} cib_guard_range;
int cib_guard_judge_range(cib_store *store, const cib_ref_update *update, const cib_guard_range *options, cib_findings *findings,
                          cib_error *err);

/* Would the rules at `after` (a commit or a tree: schemas, codelists, network.json, access.json and the entries) be taken in
 * the place of those at `before`? What the guard asks of the secretariat's push, with every fault and not only the
 * first; file is the path alone. *proved (may be NULL): how many entries the new rules speak of. CIB_OK, CIB_REFUSED. */
int cib_guard_prove_rules(cib_store *store, const cib_oid *before, const cib_oid *after, const char *lang, size_t *proved,
                          cib_findings *findings, cib_error *err);

/* The user of the environment: CIB_USER, GL_USER, GL_USERNAME, REMOTE_USER, GITEA_PUSHER_NAME; NULL when none. */
const char *cib_guard_user(void);

#endif
