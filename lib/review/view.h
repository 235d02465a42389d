/* view - an opened item in words: each changed field with its title and what stood and stands there, codes with their names,
 * in the reader's language. The command, its screen, the page to mail around and any other surface show this. */
#ifndef CIB_REVIEW_VIEW_H
#define CIB_REVIEW_VIEW_H

#include "review/review.h"

typedef struct {
	char *pointer;        /* where it stands in the version after; of what was removed, before; of a set of values: the set */
	char *title;          /* with what it is part of: "Sectors / 15150 Democratic participation / Share" */
	char *before, *after; /* UTF-8 as it was written, not made harmless for a terminal; NULL: absent */
	bool parts;           /* they are lists or objects: a line each part, those of a part two spaces further in; with both
	                       * sides: before was taken out, after put in, and the rest of the list stands */
} cib_view_field;

typedef struct {
	cib_view_field *items;
	size_t count, cap;
} cib_review_view;

/* The fields of an opened item; `only_new`: what changed since the version that was looked at last, where there was one.
 * What only machines need of a new or a withdrawn entry (id, kind, owner, schema) is left out. */
void cib_review_view_make(cib_review_view *out, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *detail,
                          bool only_new, const char *lang);
void cib_review_view_clear(cib_review_view *view);

/* Which field of the view a place in the entry belongs to, so that what is said of it is shown there: the field at or above it,
 * else the first below it. SIZE_MAX: none. */
size_t cib_review_view_at(const cib_review_view *view, const char *pointer);

/* A value of an entry of a kind as one line for a person: text as it is, a code with its name; the caller's. */
char *cib_value_in_words(cib_network *net, const cib_kind *kind, const cJSON *doc, const char *pointer, const cJSON *value, const char *lang);

#endif
