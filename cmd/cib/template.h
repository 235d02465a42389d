/* Templates of new entries, made from their schema. */
#ifndef CIB_TEMPLATE_H
#define CIB_TEMPLATE_H

#include "network/network.h"

/* Put kind, schema, id, owner and sourceLanguage in where the schema has such fields. */
void cib_template_envelope(cJSON *doc, const cib_schema *schema, const cib_kind *kind, const char *id, const char *member, const char *lang);
/* The entry with every required field, and a comment line (beginning with //) over each; the optional ones as comments. */
void cib_template_make(cib_buf *out, const cJSON *doc, const cib_schema *schema, const cib_kind *kind, const char *lang, const char *text_lang);
/* Remove the comment lines. */
void cib_template_strip(cib_buf *text);

#endif
