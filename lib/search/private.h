/* What the files of this room share. */
#ifndef CIB_SEARCH_PRIVATE_H
#define CIB_SEARCH_PRIVATE_H

#include "network/codelist.h"
#include "search/search.h"
#include "late/sqlite3.h"

struct cib_search {
	cib_network *net;
	char *file; /* NULL: in memory */
	sqlite3 *db;
	sqlite3_stmt *put_entry, *put_words, *drop_entry;
	cib_oid tip;   /* the commit that the index holds; zero: none */
	size_t dead;   /* rows of the words whose entry is gone or has a newer row */
	char **hidden; /* paths that the overlay hides */
	size_t hidden_count, hidden_cap;
	bool overlay; /* there is an overlay */
};

/* ---- cache.c */
int cib_search_fail(cib_search *s, const char *what, cib_error *err);
int cib_search_exec(cib_search *s, const char *sql, cib_error *err);
bool cib_search_damaged(cib_search *s); /* is that what the last error says? */

/* ---- words.c: the words of an entry, folded */
typedef struct {
	cib_buf title, text, names, facets;
} cib_search_words;
void cib_search_words_of(cib_search_words *out, cib_network *net, const cib_place *place, const cJSON *doc);
void cib_search_words_free(cib_search_words *w);
/* Append `s` as it is indexed and looked for. */
void cib_search_fold(cib_buf *out, const char *s);
/* A facet as one word: cib_search_facet(out, 'k', "project"). */
void cib_search_facet(cib_buf *out, char what, const char *value);
/* The next word of a text: letters, digits, marks. false at the end. */
bool cib_search_next_word(const char **at, const char **begin, const char **end);

/* ---- query.c: a query in its parts */
typedef struct {
	char *text;  /* folded; more than one word: a phrase */
	bool prefix; /* of its last word */
	bool not ;
} cib_search_term;
typedef struct {
	cib_search_term *items;
	size_t count, cap;
} cib_search_terms;
void cib_search_parse(cib_search_terms *out, const char *words, bool widened);
void cib_search_terms_free(cib_search_terms *terms);
int cib_search_rank_register(cib_search *s, cib_error *err); /* rank.c */

/* ---- update.c */
int cib_search_insert(cib_search *s, bool overlay, const char *path, const cJSON *doc, cib_error *err);

#endif
