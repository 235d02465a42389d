/* search - finding entries by words, in any language. Uses sync, network and SQLite's FTS5.
 *
 * The index is a disposable cache, <git dir>/cib/search.sqlite: it may be deleted at any time, a damaged one is made again.
 * It knows the commit that it was made from; an update walks from there to the new tip and touches what changed. Words are
 * folded before they go in: no case, no accents, no Arabic article, so that "ecole" finds "École". */
#ifndef CIB_SEARCH_H
#define CIB_SEARCH_H

#include "sync/sync.h"

typedef struct cib_search cib_search;

/* `file`: the cache; NULL, or where it cannot be written: in memory, for this time only. Borrows the network. */
int cib_search_open(cib_search **out, cib_network *net, const char *file, cib_error *err);
void cib_search_free(cib_search *search);
/* From now on another view of the same repository, such as one that was loaded anew; the old one may go. */
void cib_search_set_network(cib_search *search, cib_network *net);

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
void cib_search_overlay_clear(cib_search *search);
/* Forget everything, overlay too: the next update starts from nothing. What to do when a search says CIB_DAMAGED. */
int cib_search_reset(cib_search *search, cib_error *err);

/* What is looked for. All of the words must be there: `water school`, `"clean water"` as a phrase, `munic*` by its
 * beginning, `-budget` not. Without words: all that the filters let through. Any string is a query; nothing in it has power. */
typedef struct {
	const char *words; /* may be NULL */
	/* NULL: all. sdg: a goal (also by its targets) or a target; year: any time of the entry falls in it */
	const char *kind, *member, *country, *sdg, *theme, *year;
	size_t limit;  /* 0: 20 */
	size_t offset; /* the first of them are left out: for the second page */
} cib_search_query;
/* Are the filters kinds, codes and years that there are? CIB_USAGE says which is none, and what may have been meant. */
int cib_search_query_ok(cib_network *net, const cib_search_query *query, cib_error *err);

typedef struct {
	char *path;
	double score; /* higher is better; only to be compared within one result */
	int64_t row;  /* in the index, or with `overlay` in what is laid over it: for browse.h */
	bool overlay;
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

/* ---- how many of what is found have which value: what a page offers to narrow or change a search by ---- */
typedef enum { CIB_SEARCH_KINDS,
	       CIB_SEARCH_MEMBERS,
	       CIB_SEARCH_COUNTRIES,
	       CIB_SEARCH_SDGS, /* goals and targets */
	       CIB_SEARCH_THEMES,
	       CIB_SEARCH_YEARS,
	       CIB_SEARCH_FACETS } cib_search_facet_of;
extern const char *const cib_search_facet_names[CIB_SEARCH_FACETS]; /* "kind", "member", ...: as the filters are called */
typedef struct {
	char *value; /* as the filter takes it: "project", "TN", "6.1", "2024" */
	size_t count;
} cib_search_count;
typedef struct {
	struct {
		cib_search_count *items; /* the most frequent first; years and goals in their order */
		size_t count, cap;
	} of[CIB_SEARCH_FACETS];
	size_t total; /* entries that are found: all of them, not only those that were weighed */
} cib_search_counts;
/* What is counted for a facet are the entries that the words and all *other* filters let through, so that the values beside the chosen one
 * are seen, too. Cost: a look at each entry that is found, once, and once more for each filter. */
int cib_search_count_values(cib_search_counts *out, cib_search *search, const cib_search_query *query, cib_error *err);
void cib_search_counts_free(cib_search_counts *counts);
/* What people call a value: the title of a kind, the name of a code, the value itself where it has none (members, years). The caller's. */
char *cib_search_value_name(cib_network *net, cib_search_facet_of facet, const char *value, const char *lang);

/* A text with the words of a query marked. `widened`: as in the hits. */
typedef struct {
	const char *words, *open, *close; /* "[" and "]", or the codes of a terminal */
	bool widened;
	bool markup; /* as HTML: the text is escaped, open and close are put in as they are ("<mark>", "</mark>") */
} cib_search_marks;
/* All of `text`, marked. */
void cib_search_mark(cib_buf *out, const char *text, const cib_search_marks *marks);
/* The place of an entry that shows best why it was found: up to `width` characters. Prefers texts in `lang`. Empty when the
 * title says it all. */
void cib_search_snippet(cib_buf *out, cib_search *search, const char *path, const cJSON *doc, const char *lang, size_t width,
                        const cib_search_marks *marks);

/* ---- all of it: a page of what is found in a copy of the network, with what is not saved yet ---- */
typedef struct {
	const char *lang;         /* of titles, texts and names; NULL: en */
	const char *open, *close; /* around the words that were looked for; NULL: "[" and "]" */
	bool markup;              /* as in the marks */
	size_t width;             /* of the snippets, in characters; 0: 160 */
	bool counts;              /* count the values, too */
	bool rebuild;             /* make the index again first */
	cib_search_progress progress;
	void *payload;
} cib_search_show;
typedef struct {
	char *id, *member, *path; /* member "": the secretariat's */
	const cib_kind *kind;     /* borrowed from the network */
	char *title;              /* as it is */
	char *marked, *snippet;   /* the title with its marks; the text that shows why, "" when the title says it all */
	double score;
} cib_search_found;
typedef struct {
	cib_search_found *items;
	size_t count, cap;
	size_t total; /* as in the hits; with counts: all */
	bool more, widened;
	cib_search_counts counts; /* empty unless asked for */
} cib_search_page;
/* Brings the index in the copy's Git folder up to date, lays over it what is not saved, and searches. A damaged index is made again. CIB_USAGE for
 * a filter that is none. */
int cib_search_find(cib_search_page *out, cib_workspace *ws, const cib_search_query *query, const cib_search_show *show, cib_error *err);
void cib_search_page_free(cib_search_page *page);

#endif
