/* What the files of this room share. */
#ifndef CIB_SEARCH_PRIVATE_H
#define CIB_SEARCH_PRIVATE_H

#include "base/gettext.h"
#include "network/codelist.h"
#include "search/search.h"
#include "late/sqlite3.h"

/* What puts an entry into one of the two databases, "main" and "over"; prepared when first used. */
typedef struct {
	sqlite3_stmt *entry, *words, *titles, *word; /* word: of main alone */
} cib_search_putting;

struct cib_search {
	cib_network *net;
	char *file; /* NULL: in memory */
	sqlite3 *db;
	cib_search_putting put;
	sqlite3_stmt *drop_entry;
	cib_oid tip;   /* the commit that the index holds; zero: none */
	size_t dead;   /* rows of the words whose entry is gone or has a newer row */
	char **hidden; /* paths that the overlay hides */
	size_t hidden_count, hidden_cap;
	bool overlay;                   /* there is an overlay */
	bool attached;                  /* its tables are there */
	struct cib_search_table *table; /* of browse.c; NULL: not read since the index changed */
};
typedef struct cib_search_table cib_search_table;

/* ---- cache.c */
int cib_search_fail(cib_search *s, const char *what, cib_error *err);
int cib_search_exec(cib_search *s, const char *sql, cib_error *err);
int cib_search_make_overlay(cib_search *s, cib_error *err); /* its tables, when there is none yet */
bool cib_search_read_meta(cib_search *s);                   /* what the index says of itself by now; false when it is none, of another version or damaged */
bool cib_search_damaged(cib_search *s);                     /* is that what the last error says? */

/* ---- words.c: the words of an entry, folded */
typedef struct {
	cib_buf title, text, names, facets;
	cib_buf titles; /* for the list: "lang\tTitle" lines, the source language first */
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
	bool without;
} cib_search_term;
typedef struct {
	cib_search_term *items;
	size_t count, cap;
} cib_search_terms;
void cib_search_parse(cib_search_terms *out, const char *words, bool widened);
void cib_search_terms_free(cib_search_terms *terms);
/* An FTS5 expression of a query, and where it is to be asked. */
typedef struct {
	cib_buf text;      /* empty: nothing is asked */
	const char *table; /* "words" or "titles" */
	bool cut;          /* a beginning has more words than stand here */
} cib_search_expression;
enum { CIB_SEARCH_IN_TITLES = 1, /* all words must be in the title */
       CIB_SEARCH_WHOLE = 2,     /* beginnings as FTS5 takes them: slow, and complete */
       CIB_SEARCH_OVER = 4 };    /* for the overlay */
void cib_search_express(cib_search_expression *out, cib_search *s, const cib_search_terms *terms, const cib_search_query *q, int how);
bool cib_search_has_words(const char *words); /* is there a word that is wanted? */
/* Every row that has the words, unranked. */
typedef void (*cib_search_row_cb)(int64_t row, bool overlay, void *payload);
int cib_search_each_row(cib_search *s, const char *words, bool widened, cib_search_row_cb cb, void *payload, cib_error *err);
bool cib_search_is_hidden(const cib_search *s, const char *path);
int cib_search_rank_register(cib_search *s, cib_error *err); /* rank.c */

/* ---- counts.c */
char *cib_search_facet_value(const char *facet);                              /* cib_search_facet, back; countries in capitals. The caller's. */
const char *cib_search_list_of(cib_search_facet_of facet, const char *value); /* the codelist of its values; NULL: none */

/* ---- prefix.c */
void cib_search_quote(cib_buf *out, const char *text, size_t len);
/* Append the words that begin as `term` (a prefix) does, as an expression; `cut` when there are more than it names. Nothing when there
 * is none. */
void cib_search_add_beginnings(cib_buf *out, cib_search *s, const cib_search_term *term, bool *cut);

/* ---- insert.c */
int cib_search_insert(cib_search *s, bool overlay, const char *path, const cJSON *doc, cib_error *err);
void cib_search_putting_free(cib_search_putting *put);

#endif
