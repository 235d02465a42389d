/* What the checks share. */
#ifndef CIB_SYNC_DOCTOR_PRIVATE_H
#define CIB_SYNC_DOCTOR_PRIVATE_H

#include "sync/doctor.h"
#include "sync/private.h"

typedef struct {
	cib_diagnosis *out;
	const cib_doctor_options *options;
	char *root, *git;  /* the working folder, and its .git */
	cib_store *store;  /* NULL: it cannot be opened */
	cib_workspace *ws; /* NULL: it cannot be opened */
	cib_error opening; /* why not */
} patient;

/* Add a result; fix NULL: none is needed. Texts are made clean. */
void health(patient *p, const char *name, cib_health h, const char *fix, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

void doctor_place(patient *p); /* disk, ownership, clock, locks, what was left behind */
void doctor_mend(patient *p);  /* first, when it is asked for */
void doctor_copy(patient *p);  /* configuration, references, objects, rules, entries, work, rescues */
void doctor_link(patient *p);  /* programs, address, keys, server */

#endif
