/* What the files of the guard share: the judge of one push and how it says what is wrong.
 *
 * Functions of this room return CIB_OK to go on, STOP when enough is known (something was refused and there is no
 * point, or no safe way, to look further), or the status of a failure of the guard itself. */
#ifndef CIB_GUARD_PRIVATE_H
#define CIB_GUARD_PRIVATE_H

#include "base/gettext.h"
#include "guard/guard.h"

#define STOP          (1 << 20) /* no status has this value: it passes through the store's walks */
#define ENOUGH        50        /* errors after which nobody reads on */
#define MOST_PARENTS  8         /* of a commit; cib makes merges of two */
#define MOST_INCOMING 10000000  /* changed paths of what was fetched: years of a large network, and no bomb */
#define COMMIT_HEADER 8192      /* bytes of a commit besides its message: people, parents, a signature */

typedef struct {
	cib_store *store;
	cib_network *net; /* the rules: main before the push */
	const cib_limits *limits;
	const char *lang;
	int64_t now;
	cib_access access;
	char *domain; /* of the e-mail addresses in this pusher's commits */
	char *own;    /* "members/<member>/" of staff; NULL for the secretariat */
	char *branch; /* "refs/heads/members/<member>" of staff; NULL for the secretariat */
	cib_oid main;
	const cib_oid *mains; /* incoming: others beside it */
	size_t main_count;
	bool incoming;        /* no push: each commit is judged by whom it claims to be from */
	char claim[101];      /* incoming: the member that the commit being judged claims to be from */
	const char *of;       /* incoming: the member whose branch it is; NULL: main */
	const cib_oid *known; /* a range: what was judged before, instead of what references hold */
	size_t known_count;
	const cib_oid *fresh; /* the commits that are judged in this run */
	size_t fresh_count;
	size_t paths; /* changes judged so far */
	cib_findings *findings;
	size_t before; /* errors in findings when the judge began */
	bool all;      /* nobody waits: find everything, and name paths alone */
	size_t proved; /* entries of main that were proved by new rules */
	cib_error *err;
} judge;

static inline bool refused(const judge *j) { return j->findings->errors > j->before; }
/* How many pushes may lie in what comes in at once: months of a member's, years of main. A bomb is far beyond both. */
static inline int many(const judge *j) { return !j->incoming ? 1 : j->of ? 10
	                                                                 : 100; }
static inline bool is_secretariat(const judge *j) { return j->access.role == CIB_ROLE_SECRETARIAT; }

/* report.c: add an error about a path of a commit (either may be NULL). CIB_OK, or STOP when there are enough. */
int refuse(judge *j, const char *code, const cib_oid *commit, const char *path, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
/* A commit of a history that was purged. */
int refuse_purged(judge *j, const cib_oid *commit);
/* CIB_OK, or STOP when there are so many errors that nobody reads on. */
int enough(const judge *j);
/* What the store said of objects that somebody made by hand is a refusal; anything else that failed stays a failure. */
int refuse_store(judge *j, int status, const cib_oid *commit, const char *path);
/* Put "<12 hex>:" before the file of every finding from `first` on. */
void name_commit(judge *j, size_t first, const cib_oid *commit);

/* guard.c: from now on judge as for this member's staff, or (NULL) the secretariat. */
void judge_as(judge *j, const char *member);

/* commits.c: every commit that `tips` bring. */
int judge_commits(judge *j, const cib_oid *tips, size_t count);
/* signatures.c */
int judge_signature(judge *j, const cib_oid *oid, const cib_commit *commit);
/* header.c: what is wrong with the header of a commit object; NULL when nothing is. */
const char *header_fault(const char *commit, size_t len);
/* paths.c: everything that a commit does itself: what differs from all its parents. */
int judge_paths(judge *j, const cib_oid *oid, const cib_commit *commit);
/* tip.c: where the branch ends up. */
int judge_member_tip(judge *j, const cib_ref_update *update);
int judge_main_tip(judge *j, const cib_ref_update *update);
/* rules.c: the rules at the new main, loaded and proved; *out is the caller's. */
int judge_rules(cib_network **out, judge *j, const cib_ref_update *update);

#endif
