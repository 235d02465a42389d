/* doctor - is this copy in order, and if not, what to do. Twenty-odd checks, from the disk to the server, none of which
 * relies on another having passed. */
#ifndef CIB_SYNC_DOCTOR_H
#define CIB_SYNC_DOCTOR_H

#include "sync/sync.h"

typedef enum {
	CIB_HEALTH_OK,
	CIB_HEALTH_ADVICE,  /* worth knowing; nothing is wrong */
	CIB_HEALTH_WARNING, /* works, and should be mended */
	CIB_HEALTH_ERROR,   /* does not work */
	CIB_HEALTH_DAMAGE,  /* the repository is damaged */
	CIB_HEALTH_SKIPPED, /* could not be looked at here */
} cib_health;
const char *cib_health_word(cib_health health);

typedef struct {
	const char *name; /* stable: "identity", "disk", ... */
	cib_health health;
	char *message; /* what was found */
	char *fix;     /* what to do; NULL when there is nothing to */
} cib_check_result;
typedef struct {
	char *ref;
	cib_oid commit;
	int64_t when; /* seconds since 1970; 0: unknown */
} cib_rescue;
typedef struct {
	cib_check_result *items;
	size_t count, cap;
	cib_rescue *rescues; /* what was displaced and is kept */
	size_t rescue_count, rescue_cap;
} cib_diagnosis;

typedef struct {
	bool offline; /* ask no server */
	bool mend;    /* do what is safe: clear what was left behind, finish what was interrupted, forget rescues older than 90 days */
	cib_sync_options sync;
} cib_doctor_options;
enum { CIB_RESCUE_DAYS = 90 };

/* Never fails: what stands in the way is a result. CIB_NOTFOUND when `dir` is in no copy. */
int cib_doctor(cib_diagnosis *out, const char *dir, const cib_doctor_options *options, cib_error *err);
void cib_diagnosis_free(cib_diagnosis *diagnosis);

#endif
