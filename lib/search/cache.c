/* The cache: opening, making, forgetting.
 *
 *   meta    version of this layout, the commit that the index holds, dead rows
 *   entry   row -> path, facets, titles; a row is never used twice
 *   words   FTS5 without content: what each row says, folded (title, text, names of its codes) and its facets
 *   titles  FTS5 without content: the title and the facets once more. A word that is in every text and in few titles is found
 *           here without reading where it stands in the texts.
 *   word    every word that was ever put in: what a beginning can stand for (prefix.c)
 *
 * An entry that changes gets a new row; the old row's words stay in the index, found by nobody because the row leads to no
 * path. When those are many, everything is made again: so an update needs no old text, and costs only what is new. */
#include "search/table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char layout[] =
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
	"CREATE TABLE word (word TEXT PRIMARY KEY) WITHOUT ROWID;"
	"INSERT INTO words (words, rank) VALUES ('pgsz', 4050);"
	"INSERT INTO meta VALUES ('version', '4');"
	"COMMIT;";

int cib_search_fail(cib_search *s, const char *what, cib_error *err)
{
	int status = cib_error_set(err, CIB_IO, "search.cache", "%s: %s", cib_gettext(what), s->db ? sqlite3_errmsg(s->db) : _("out of memory"));
	cib_error_hint(err, "the index is only a cache: cib search --rebuild makes it again");
	return status;
}

int cib_search_exec(cib_search *s, const char *sql, cib_error *err)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? CIB_OK : cib_search_fail(s, N_("the search index"), err);
}

/* The tables that the index and the overlay both have. */
static int make_tables(cib_search *s, const char *before, const char *db, cib_error *err)
{
	static const char tokens[] = "content = '', tokenize = \"unicode61 remove_diacritics 0 tokenchars '_'\"";
	char *sql = cib_format("%s"
	                       "CREATE TABLE %s.entry (id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, facets TEXT NOT NULL, titles TEXT NOT NULL);"
	                       "CREATE VIRTUAL TABLE %s.words USING fts5 (title, text, names, facets, %s);"
	                       "CREATE VIRTUAL TABLE %s.titles USING fts5 (title, facets, %s);",
	                       before, db, db, tokens, db, tokens);
	int status = cib_search_exec(s, sql, err);
	free(sql);
	return status;
}

static int make_index(cib_search *s, cib_error *err)
{
	int status = make_tables(s, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN;", "main", err);
	return status == CIB_OK ? cib_search_exec(s, layout, err) : status;
}

int cib_search_make_overlay(cib_search *s, cib_error *err)
{
	int status = s->attached ? CIB_OK : make_tables(s, "ATTACH ':memory:' AS over;", "over", err);
	s->attached = status == CIB_OK;
	return status;
}

bool cib_search_damaged(cib_search *s)
{
	int code = s->db ? sqlite3_errcode(s->db) & 0xff : SQLITE_OK;
	return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR || code == SQLITE_FORMAT;
}

static void close_db(cib_search *s)
{
	cib_search_table_free(s);
	s->attached = false;
	cib_search_putting_free(&s->put);
	sqlite3_finalize(s->drop_entry);
	s->drop_entry = NULL;
	sqlite3_close(s->db);
	s->db = NULL;
	s->tip = (cib_oid){{0}};
	s->dead = 0;
}

static void forget_file(const char *file)
{
	static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
	for (size_t i = 0; i < 4; i++) {
		char *path = cib_format("%s%s", file, tails[i]);
		unlink(path);
		free(path);
	}
}

bool cib_search_read_meta(cib_search *s)
{
	sqlite3_stmt *st = NULL;
	bool version = false;
	s->tip = (cib_oid){{0}};
	s->dead = 0;
	if (sqlite3_prepare_v2(s->db, "SELECT key, value FROM meta", -1, &st, NULL) != SQLITE_OK)
		return false;
	int step;
	while ((step = sqlite3_step(st)) == SQLITE_ROW) {
		const char *key = (const char *)sqlite3_column_text(st, 0), *value = (const char *)sqlite3_column_text(st, 1);
		if (!key || !value)
			continue;
		if (strcmp(key, "version") == 0)
			version = strcmp(value, "4") == 0;
		else if (strcmp(key, "tip") == 0)
			cib_oid_parse(&s->tip, value);
		else if (strcmp(key, "dead") == 0)
			s->dead = strtoul(value, NULL, 10);
	}
	sqlite3_finalize(st);
	return version && step == SQLITE_DONE;
}

/* Open `file` and see that it is an index; with `make`, make it when it is empty. */
static bool open_db(cib_search *s, const char *file, bool make)
{
	cib_error ignored = CIB_ERROR_INIT;
	if (sqlite3_open_v2(file ? file : ":memory:", &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_PRIVATECACHE, NULL) != SQLITE_OK)
		return false;
	sqlite3_busy_timeout(s->db, 5000);
	sqlite3_exec(s->db, "PRAGMA trusted_schema = OFF; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000; PRAGMA mmap_size = 268435456", NULL, NULL, NULL);
	if (make && make_index(s, &ignored) != CIB_OK)
		return false;
	return cib_search_read_meta(s) && cib_search_rank_register(s, &ignored) == CIB_OK;
}

static int open_some(cib_search *s, cib_error *err)
{
	if (s->file && access(s->file, F_OK) == 0 && open_db(s, s->file, false))
		return CIB_OK;
	close_db(s);
	if (s->file) {
		forget_file(s->file);
		if (open_db(s, s->file, true))
			return CIB_OK;
		close_db(s);
	}
	return open_db(s, NULL, true) ? CIB_OK : cib_search_fail(s, N_("cannot make a search index"), err); /* the folder is read-only, or full */
}

int cib_search_open(cib_search **out, cib_network *net, const char *file, cib_error *err)
{
	*out = NULL;
	if (cib_late_open(&cib_sqlite3_library, err) != CIB_OK)
		return CIB_USAGE;
	cib_search *s = cib_alloc(sizeof *s);
	s->net = net;
	s->file = cib_strdup(file);
	int status = open_some(s, err);
	if (status == CIB_OK)
		*out = s;
	else
		cib_search_free(s);
	return status;
}

static void forget_hidden(cib_search *s)
{
	for (size_t i = 0; i < s->hidden_count; i++)
		free(s->hidden[i]);
	s->hidden_count = 0;
	s->overlay = false;
	if (s->table)
		s->table->over_loaded = false;
}

void cib_search_overlay_clear(cib_search *s)
{
	if (s->attached)
		cib_search_exec(s, "DELETE FROM over.entry; INSERT INTO over.words (words) VALUES ('delete-all'); INSERT INTO over.titles (titles) VALUES ('delete-all')", NULL);
	forget_hidden(s);
}

int cib_search_reset(cib_search *s, cib_error *err)
{
	close_db(s);
	if (s->file)
		forget_file(s->file);
	forget_hidden(s);
	return open_some(s, err);
}

void cib_search_set_network(cib_search *s, cib_network *net)
{
	s->net = net;
}

void cib_search_free(cib_search *s)
{
	if (!s)
		return;
	close_db(s);
	for (size_t i = 0; i < s->hidden_count; i++)
		free(s->hidden[i]);
	free(s->hidden);
	free(s->file);
	free(s);
}
