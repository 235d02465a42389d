/* Templates of new entries, made from their schema.
 *
 * A template has every required field, and what the kind proposes besides (x-cib-template: members with values; blanks are
 * "", $member is the own member, $lang the language one writes in). What is left blank of that is dropped again. */
#ifndef CIB_NETWORK_TEMPLATE_H
#define CIB_NETWORK_TEMPLATE_H

#include "network/network.h"

typedef struct {
	cib_network *net;
	const cib_oid *tree; /* where entries that the new one refers to are looked up */
	const cib_schema *schema;
	const cib_kind *kind;
	const char *lang;      /* of titles and help */
	const char *text_lang; /* of the texts that will be written */
	const char *member;    /* NULL: the secretariat */
} cib_template;

/* Put kind, schema, id, owner and sourceLanguage in where the schema has such fields. */
void cib_template_envelope(cJSON *doc, const cib_template *t, const char *id);
/* The same, and what the kind proposes besides, as far as it is not blank: what a form begins with. */
void cib_template_begin(cJSON *doc, const cib_template *t, const char *id);
/* The entry with its fields, over each a comment line (beginning with //): title, help, its codes; the optional ones as comments.
 * Where the entry answers another one that it names (the questions of an instrument), each question has its place. */
void cib_template_make(cib_buf *out, const cJSON *doc, const cib_template *t);
/* Remove the comment lines; and of the document what was proposed and left blank. */
void cib_template_strip(cib_buf *text);
void cib_template_drop_blanks(cJSON *doc, const cib_kind *kind);

#endif
