/* wording - what stands in an entry, in the words of its reader: codes by their names, ids by what they are the ids of, languages,
 * days and numbers as the language writes them, lists and objects part by part. What a review shows, on a terminal and on a page. */
#ifndef CIB_NETWORK_WORDING_H
#define CIB_NETWORK_WORDING_H

#include "network/network.h"

/* Whose values, for whom. All borrowed. */
typedef struct {
	cib_network *net;
	const cib_kind *kind;     /* NULL: the network does not know it */
	const cib_schema *schema; /* of the kind; NULL: none, or it is broken */
	const cJSON *doc;         /* the entry that the pointers lead into; NULL: not known */
	const char *lang;
} cib_wording;
cib_wording cib_wording_for(cib_network *net, const cib_kind *kind, const cJSON *doc, const char *lang);

/* What the text that stands at `pointer`, or the member of an object that is called so, is the code or the id of: the name of the code, the
 * title of the entry (as the network's commit has it) or of the item of a list. NULL: of nothing that is known. The caller's. */
char *cib_wording_name(const cib_wording *w, const char *pointer, const char *text);
/* Is it the id of another entry? */
bool cib_wording_is_reference(const cib_wording *w, const char *pointer);
/* A day, a number or a share, by its schema, as the language writes it. NULL: it is none. The caller's. */
char *cib_wording_written(const cib_wording *w, const char *pointer, const cJSON *value);
/* Any value; a code that is no word itself stands before its name. Of a list or an object a line each part, what is in a part two
 * spaces further in. The caller's. */
char *cib_wording_value(const cib_wording *w, const char *pointer, const cJSON *value);
/* What an item of a list is called: its code, its title, the first thing that tells it from the others, else its number from 1. The caller's. */
char *cib_wording_item(const cib_wording *w, const char *pointer, const cJSON *item);
/* The title of the field at `pointer`, by the schema; of a member that a code or an id names, what that is called; of a text in a
 * language, the language. *language (may be NULL): it is such a text. The caller's. */
char *cib_wording_title(const cib_wording *w, const char *pointer, bool *language);

#endif
