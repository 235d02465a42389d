/* exchange - what comes from and goes to other systems: IATI, sheets (CSV), GeoJSON. */
#ifndef CIB_EXCHANGE_H
#define CIB_EXCHANGE_H

#include "json/json.h"

/* One activity of an IATI file as a project document. */
typedef struct {
	cJSON *doc;                /* the fields that the activity gives, without id, owner and kind; the callback may take it (set NULL) */
	const char *identifier;    /* iati-identifier, "" when there is none */
	size_t line;               /* of the activity in the file */
	const cib_findings *notes; /* what was not taken, a line each: pointer is the element, line the place, message why */
} cib_iati_activity;

typedef int (*cib_iati_cb)(cib_iati_activity *activity, void *payload); /* non-zero stops and is returned */

/* Read an IATI activity file (2.01 to 2.03): no network, no DTD, no external entities. Nothing is dropped without a note.
 * CIB_OK; CIB_FINDINGS for what is no IATI activity file, with file and line. */
int cib_iati_read(const char *path, cib_iati_cb cb, void *payload, cib_error *err);

/* Bring an entry up to date with its activity: what the activity says stands, what it does not say stays (further fields,
 * languages, items that were added here); lists with percentages are taken as a whole. */
void cib_iati_update(cJSON *entry, const cJSON *imported);
/* The IATI identifier of a project entry, or NULL. Borrowed. */
const char *cib_iati_identifier(const cJSON *entry);

/* ---- IATI out (version 2.03) ---- */
typedef struct {
	const char *reporter;                                  /* organisation identifier of who publishes; NULL: the owning member's first orgIds */
	const char *lang;                                      /* of texts whose entry does not say (sourceLanguage) */
	const cJSON *(*member)(const char *id, void *payload); /* a member's entry, borrowed; NULL when unknown */
	void *payload;
} cib_iati_source;
void cib_iati_write_begin(cib_buf *out);
void cib_iati_write_end(cib_buf *out);
/* Append a project entry (valid by its schema) as an activity that is valid by the activity XSD. What has no place there
 * becomes a note: file as given, pointer with the ids of items, message why. false when the whole entry cannot be one; the
 * note says why, and nothing is written. */
bool cib_iati_write(cib_buf *out, const cJSON *entry, const char *file, const cib_iati_source *source, cib_findings *notes);

#endif
