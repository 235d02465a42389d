/* How well an entry fits: an auxiliary function of FTS5. For each word of the query and each column, how often it is there
 * (the second time counts less than the first), weighed by the column, and a little by how much else stands in the title.
 * Unlike bm25() it does not count in how many entries a word is: that would visit all of them for each query. */
#include "search/private.h"

#include <string.h>

enum { COLUMNS = 4,
       PHRASES = 24,
       POSITIONS = 40 };
static const double of_words[COLUMNS] = {8, 2, 1, 0}; /* title, text, names of codes, facets */
static const double of_titles[COLUMNS] = {8, 0};

static double rank_phrase(const Fts5ExtensionApi *api, Fts5Context *fts, int phrase)
{
	Fts5PhraseIter at;
	int hits[COLUMNS] = {0}, column = 0, offset = 0, n = 0;
	double score = 0;
	const double *weights = api->xUserData(fts);
	if (api->xPhraseFirst(fts, phrase, &at, &column, &offset) != SQLITE_OK)
		return 0;
	for (; column >= 0 && n < POSITIONS; n++) {
		if (column < COLUMNS)
			hits[column]++;
		api->xPhraseNext(fts, &at, &column, &offset);
	}
	for (int c = 0; c < COLUMNS; c++)
		score += hits[c] ? weights[c] * hits[c] / (hits[c] + 1.0) : 0;
	return score;
}

static void rank(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	int title_words = 0;
	double score = 0;
	(void)argc;
	(void)argv;
	for (int p = 0, n = api->xPhraseCount(fts); p < n && p < PHRASES; p++)
		score += rank_phrase(api, fts, p);
	if (api->xColumnSize(fts, 0, &title_words) == SQLITE_OK && title_words > 0)
		score += 1.0 / (4.0 + title_words);
	sqlite3_result_double(ctx, score);
}

int cib_search_rank_register(cib_search *s, cib_error *err)
{
	fts5_api *api = NULL;
	sqlite3_stmt *st = NULL;
	if (sqlite3_prepare_v2(s->db, "SELECT fts5(?1)", -1, &st, NULL) == SQLITE_OK) {
		sqlite3_bind_pointer(st, 1, &api, "fts5_api_ptr", NULL);
		sqlite3_step(st);
	}
	sqlite3_finalize(st);
	if (!api || api->iVersion < 2 || api->xCreateFunction(api, "cib_rank_words", (void *)(uintptr_t)of_words, rank, NULL) != SQLITE_OK ||
	    api->xCreateFunction(api, "cib_rank_titles", (void *)(uintptr_t)of_titles, rank, NULL) != SQLITE_OK)
		return cib_error_set(err, CIB_INTERNAL, "search.fts5", "this SQLite has no FTS5");
	return CIB_OK;
}
