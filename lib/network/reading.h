/* reading - an entry as a person reads it: its fields in order, with titles in the reader's language, codes and ids with their names,
 * translations that are older than their source marked. What `cib show` prints and a page shows. */
#ifndef CIB_NETWORK_READING_H
#define CIB_NETWORK_READING_H

#include "network/network.h"

typedef struct {
	size_t depth;   /* 0: a member of the entry; those of a field follow it, one deeper */
	char *pointer;  /* where it stands */
	char *title;    /* NULL: an item of a list */
	char *text;     /* NULL: a field with fields of its own, which follow */
	char *name;     /* of the code, the entry or the item that `text` is the code or the id of; NULL: it is none */
	char *written;  /* the day, the number or the share that `text` is, as the language writes it; NULL: it is none */
	bool reference; /* `text` is the id of another entry */
	bool stale;     /* a translation that is older than its source */
	bool in_lang;   /* a text of a language map: the last part of the pointer is its language */
} cib_reading_item;

typedef struct {
	cib_reading_item *items;
	size_t count, cap;
} cib_reading;

void cib_reading_make(cib_reading *out, cib_network *net, const cib_kind *kind, const cJSON *doc, const char *lang);
void cib_reading_clear(cib_reading *reading);

#endif
