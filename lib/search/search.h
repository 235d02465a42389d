/* search - finding entries by words, in any language. Uses network and SQLite's FTS5.
 *
 * The index is a disposable cache, <git dir>/cib/search.sqlite: it may be deleted at any time, a damaged one is made again.
 * It knows the commit that it was made from; an update walks from there to the new tip and touches what changed. Words are
 * folded before they go in: no case, no accents, no Arabic article, so that "ecole" finds "École". */
#ifndef CIB_SEARCH_H
#define CIB_SEARCH_H

#include "network/network.h"

typedef struct cib_search cib_search;

/* `file`: the cache; NULL, or where it cannot be written: in memory, for this time only. Borrows the network. */
int cib_search_open(cib_search **out, cib_network *net, const char *file, cib_error *err);
void cib_search_free(cib_search *search);

typedef struct {
	size_t changed; /* entries that were read, or taken out */
	bool rebuilt;   /* from nothing */
} cib_search_report;
/* Called now and then while many entries are read; non-zero stops: CIB_CANCELLED, and the index stays as it was. */
typedef int (*cib_search_progress)(size_t done, void *payload);
/* Bring the index to `tip`. Cost follows what changed since the last time. */
int cib_search_update(cib_search *search, const cib_oid *tip, cib_search_progress progress, void *payload, cib_search_report *report, cib_error *err);
/* A working file that differs from the tip: for this time only. `text` NULL: the entry was removed. */
int cib_search_overlay(cib_search *search, const char *path, const char *text, size_t len, cib_error *err);
/* Forget everything, overlay too: the next update starts from nothing. What to do when a search says CIB_DAMAGED. */
int cib_search_reset(cib_search *search, cib_error *err);

/* What is looked for. All of the words must be there: `water school`, `"clean water"` as a phrase, `munic*` by its
 * beginning, `-budget` not. Without words: all that the filters let through. Any string is a query; nothing in it has power. */
typedef struct {
	const char *words; /* may be NULL */
	/* NULL: all. sdg: a goal (also by its targets) or a target; year: any time of the entry falls in it */
	const char *kind, *member, *country, *sdg, *theme, *year;
	size_t limit; /* 0: 20 */
} cib_search_query;

typedef struct {
	char *path;
	double score; /* higher is better; only to be compared within one result */
} cib_search_hit;
typedef struct {
	cib_search_hit *items;
	size_t count, cap;
	size_t total; /* all that were found, as far as they were looked at */
	bool more;    /* there are more than `total` */
	bool widened; /* nothing had the words themselves: these have words that begin with them */
} cib_search_hits;
/* CIB_DAMAGED: the cache is broken. */
int cib_search_run(cib_search_hits *out, cib_search *search, const cib_search_query *query, cib_error *err);
void cib_search_hits_free(cib_search_hits *hits);

/* A text with the words of a query marked. `widened`: as in the hits. */
typedef struct {
	const char *words, *open, *close; /* "[" and "]", or the codes of a terminal */
	bool widened;
} cib_search_marks;
/* All of `text`, marked. */
void cib_search_mark(cib_buf *out, const char *text, const cib_search_marks *marks);
/* The place of an entry that shows best why it was found: up to `width` characters. Prefers texts in `lang`. Empty when the
 * title says it all. */
void cib_search_snippet(cib_buf *out, cib_search *search, const char *path, const cJSON *doc, const char *lang, size_t width,
                        const cib_search_marks *marks);

#endif
