/* exchange - what comes from and goes to other systems. Uses network's documents and libxml2. */
#ifndef CIB_EXCHANGE_H
#define CIB_EXCHANGE_H

#include "json/json.h"

/* One activity of an IATI file as a project document. */
typedef struct {
	cJSON *doc;             /* the fields that the activity gives, without id, owner and kind; the callback may take it (set NULL) */
	const char *identifier; /* iati-identifier, "" when there is none */
	size_t line;            /* of the activity in the file */
	const cib_findings *notes; /* what was not taken, a line each: pointer is the element, line the place, message why */
} cib_iati_activity;

typedef int (*cib_iati_cb)(cib_iati_activity *activity, void *payload); /* non-zero stops and is returned */

/* Read an IATI activity file (2.01 to 2.03): no network, no DTD, no external entities. Nothing is dropped without a note.
 * CIB_OK; CIB_FINDINGS for what is no IATI activity file, with file and line. */
int cib_iati_read(const char *path, cib_iati_cb cb, void *payload, cib_error *err);

/* Put the imported fields into an entry; fields that IATI does not give stay as they are. */
void cib_iati_update(cJSON *entry, const cJSON *imported);
/* The IATI identifier of a project entry, or NULL. Borrowed. */
const char *cib_iati_identifier(const cJSON *entry);

#endif
