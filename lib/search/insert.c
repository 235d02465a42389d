/* Putting the words of an entry into the index. */
#include "search/private.h"

#include <stdlib.h>
#include <string.h>

static sqlite3_stmt *prepared(cib_search *s, const char *form, const char *db)
{
	sqlite3_stmt *st = NULL;
	char *sql = cib_format(form, db);
	sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL);
	free(sql);
	return st;
}

static bool prepare(cib_search_putting *put, cib_search *s, bool overlay)
{
	const char *db = overlay ? "over" : "main";
	if (!put->entry) {
		put->entry = prepared(s, "INSERT INTO %s.entry (path, facets, titles) VALUES (?, ?, ?)", db);
		put->words = prepared(s, "INSERT INTO %s.words (rowid, title, text, names, facets) VALUES (?, ?, ?, ?, ?)", db);
		put->titles = prepared(s, "INSERT INTO %s.titles (rowid, title, facets) VALUES (?, ?, ?)", db);
		put->word = overlay ? NULL : prepared(s, "INSERT OR IGNORE INTO %s.word VALUES (?)", db);
	}
	return put->entry && put->words && put->titles && (overlay || put->word);
}

void cib_search_putting_free(cib_search_putting *put)
{
	sqlite3_stmt *all[] = {put->entry, put->words, put->titles, put->word};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		sqlite3_finalize(all[i]);
	*put = (cib_search_putting){0};
}

static bool run(sqlite3_stmt *st)
{
	bool good = sqlite3_step(st) == SQLITE_DONE;
	sqlite3_reset(st);
	return good;
}

static void bind(sqlite3_stmt *st, int i, const cib_buf *text)
{
	sqlite3_bind_text(st, i, cib_buf_str(text), (int)text->len, SQLITE_STATIC);
}

/* ---- the words for prefix.c: each once an entry, which most texts say many times */

enum { SEEN = 1024 };

static uint32_t hash_of(const char *begin, const char *end)
{
	uint32_t h = 2166136261u;
	for (const char *c = begin; c < end; c++)
		h = (h ^ (unsigned char)*c) * 16777619u;
	return h;
}

static bool put_each_word(sqlite3_stmt *st, const cib_buf *text)
{
	const char *seen[SEEN] = {0}, *at = cib_buf_str(text), *begin, *end;
	bool good = true;
	while (good && cib_search_next_word(&at, &begin, &end)) {
		const char **slot = &seen[hash_of(begin, end) % SEEN];
		size_t len = (size_t)(end - begin);
		if (*slot && strncmp(*slot, begin, len + 1) == 0) /* a blank, or the end, behind both */
			continue;
		*slot = begin;
		sqlite3_bind_text(st, 1, begin, (int)len, SQLITE_STATIC);
		good = run(st);
	}
	return good;
}

/* ---- an entry */

static bool put_row(cib_search_putting *put, const char *path, const cib_search_words *w, sqlite3 *db)
{
	sqlite3_bind_text(put->entry, 1, path, -1, SQLITE_STATIC);
	bind(put->entry, 2, &w->facets);
	bind(put->entry, 3, &w->titles);
	if (!run(put->entry))
		return false;
	int64_t row = sqlite3_last_insert_rowid(db);
	sqlite3_bind_int64(put->words, 1, row);
	bind(put->words, 2, &w->title);
	bind(put->words, 3, &w->text);
	bind(put->words, 4, &w->names);
	bind(put->words, 5, &w->facets);
	sqlite3_bind_int64(put->titles, 1, row);
	bind(put->titles, 2, &w->title);
	bind(put->titles, 3, &w->facets);
	return run(put->words) && run(put->titles);
}

int cib_search_insert(cib_search *s, bool overlay, const char *path, const cJSON *doc, cib_error *err)
{
	cib_place place;
	cib_search_words w = {0};
	cib_search_putting over = {0}, *put = overlay ? &over : &s->put;
	cib_network_place(&place, s->net, path);
	cib_search_words_of(&w, s->net, &place, doc);
	bool good = prepare(put, s, overlay) && put_row(put, path, &w, s->db);
	if (good && !overlay)
		good = put_each_word(put->word, &w.title) && put_each_word(put->word, &w.text) && put_each_word(put->word, &w.names);
	int status = good ? CIB_OK : cib_search_fail(s, N_("cannot write the search index"), err);
	cib_search_putting_free(&over);
	cib_search_words_free(&w);
	return status;
}
