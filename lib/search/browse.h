/* browse - the network as a list to scroll through: all entries, or those that a query finds, in an order, with how many more
 * each filter would leave (facets). Made for a hundred thousand entries and a person who types: what the index says of each
 * entry is kept in memory, so that a page of the list costs a walk over it and no read of an entry. */
#ifndef CIB_SEARCH_BROWSE_H
#define CIB_SEARCH_BROWSE_H

#include "search/search.h"

typedef enum { CIB_BROWSE_BEST, /* what fits the words best first, then the others by title; without words: by title */
	       CIB_BROWSE_TITLE } cib_browse_order;

typedef struct {
	const char *path, *title; /* in the reader's language where there is one; borrowed, until the index is next asked or updated */
} cib_browse_row;

typedef struct {
	char what;         /* 'k' kind, 'm' member (or secretariat), 'c' country, 's' goal or target, 't' theme, 'y' year */
	const char *value; /* as in cib_search_query; borrowed */
	size_t count;      /* entries that the query finds with this value, whatever value of `what` is chosen by now */
} cib_browse_facet;

typedef struct {
	size_t total;
	cib_browse_row *rows; /* `count` of the list from `from` on, fewer at its end */
	size_t count;
	cib_browse_facet *facets; /* by `what`, the most frequent first */
	size_t facet_count;
	bool widened; /* as in cib_search_hits */
} cib_browse;

/* query: as in cib_search_run; its limit is not looked at. CIB_DAMAGED: the cache is broken. */
int cib_search_browse(cib_browse *out, cib_search *search, const cib_search_query *query, cib_browse_order order, const char *lang,
                      size_t from, size_t count, cib_error *err);
void cib_browse_clear(cib_browse *page);

#endif
