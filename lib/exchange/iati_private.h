/* What the parts of the IATI import share. */
#ifndef CIB_EXCHANGE_IATI_PRIVATE_H
#define CIB_EXCHANGE_IATI_PRIVATE_H

#include "base/gettext.h"
#include "exchange/exchange.h"
#include "late/xml2.h"

/* One activity while it is read. */
typedef struct {
	cJSON *doc;
	cib_findings notes;
	const char *path; /* of the file */
	char *lang;       /* of the activity's texts, where an element does not say */
	char *currency;   /* default-currency */
} cib_iati_reading;

bool cib_xml_named(const xmlNode *n, const char *name);
char *cib_xml_attribute(const xmlNode *n, const char *name); /* NULL when absent or empty; the caller's */
char *cib_xml_language(const xmlNode *n);                    /* its own xml:lang; NULL when absent or empty; the caller's */
/* The text of an element with white space at the ends removed; NULL when nothing is left. The caller's. */
char *cib_xml_content(const xmlNode *n);

/* Note what is not taken of an element, or of its attribute `what`, and why. */
void cib_iati_note(cib_iati_reading *a, const xmlNode *n, const char *what, const char *why);
/* Note every attribute that is not among the given ones (a list that ends with NULL). */
void cib_iati_note_others(cib_iati_reading *a, const xmlNode *n, const char *const *taken);
/* The narratives of an element as a language map; NULL when there are none. The caller's. */
cJSON *cib_iati_texts(cib_iati_reading *a, const xmlNode *n);
/* Add an element's text to a language map, in its language, its parent's or the activity's. parent: may be NULL. */
void cib_iati_add_text(cib_iati_reading *a, cJSON *map, const xmlNode *n, const xmlNode *parent);
cJSON *cib_iati_list(cib_iati_reading *a, const char *name); /* a list of the entry, made when missing */
/* Put an attribute into an object under a name; true when it was there. */
bool cib_iati_take(cJSON *to, const char *name, const xmlNode *n, const char *attr);
/* Append an item with the id PREFIX-NUMBER. */
void cib_iati_number_item(cJSON *list, cJSON *item, const char *prefix);

cJSON *cib_iati_object(cJSON *parent, const char *name); /* an object in another, made when missing */

/* Read an element of an activity into the document; false when there is no reader for it (iati_element.c). */
bool cib_iati_read_element(cib_iati_reading *a, const xmlNode *n);
void cib_iati_read_result(cib_iati_reading *a, const xmlNode *n); /* iati_result.c */

#endif
