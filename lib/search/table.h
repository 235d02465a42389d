/* What the index says of each entry, in memory: for browse.c. The rows of the index stand first, by their number, those of the
 * overlay behind them. */
#ifndef CIB_SEARCH_TABLE_H
#define CIB_SEARCH_TABLE_H

#include "search/private.h"

typedef struct {
	int64_t id;
	const char *path, *titles;    /* titles: "lang\tTitle" lines, the source language first */
	const char *title, *key;      /* in the table's language, and folded for sorting */
	uint32_t facets, facet_count; /* in the table's list of numbers */
	bool hidden;                  /* by the overlay */
} cib_table_row;

typedef struct {
	const char *word;  /* as the index has it: "k_project" */
	const char *value; /* as a query has it: "project"; word[0] says of what */
} cib_table_facet;

struct cib_search_table {
	cib_table_row *rows;
	size_t count, cap, base; /* base: how many are the index's */
	uint32_t *numbers;       /* of facets, row by row */
	size_t number_count, number_cap, base_numbers;
	cib_table_facet *facets;
	size_t facet_count, facet_cap;
	uint32_t *slots; /* open addressing: facet number + 1; 0: free */
	size_t slot_count;
	uint32_t *order; /* the index's rows by title */
	char lang[16];   /* of title, key and order; "": none yet */
	cib_arena arena, keys, over;
	bool over_loaded;
};

/* The table at the index's tip with the overlay, its titles in `lang`. Borrowed from the search. */
int cib_search_table_get(cib_search_table **out, cib_search *s, const char *lang, cib_error *err);
void cib_search_table_free(cib_search *s);
/* The number of a facet; SIZE_MAX: no entry has it. */
/* The order of two rows, by their numbers (uint32_t), for qsort_r with the rows: by title, those without one last. */
int cib_search_by_title(const void *a, const void *b, void *rows);
size_t cib_search_table_facet(const cib_search_table *t, char what, const char *value);

#endif
