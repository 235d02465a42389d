/* The beginning of a word as the words that begin so: FTS5 would read where each of them stands in every entry, and sort it, before it gives
 * the first; an OR of words gives the first at once. */
#include "search/private.h"

#include <stdlib.h>
#include <string.h>

enum { BEGINNINGS = 256 };

void cib_search_quote(cib_buf *out, const char *text, size_t len)
{
	cib_buf_addc(out, '"');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"')
			cib_buf_addc(out, '"');
		cib_buf_addc(out, text[i]);
	}
	cib_buf_addc(out, '"');
}

/* Where the last word of a folded text begins. */
static const char *last_word(const char *text, size_t *len)
{
	const char *at = text, *begin, *end, *last = text + strlen(text);
	*len = 0;
	while (cib_search_next_word(&at, &begin, &end)) {
		last = begin;
		*len = (size_t)(end - begin);
	}
	return last;
}

void cib_search_add_beginnings(cib_buf *out, cib_search *s, const cib_search_term *term, bool *cut)
{
	size_t len, n = 0;
	const char *last = last_word(term->text, &len);
	char *from = cib_strndup(last, len), *to = cib_format("%s\xF4\x8F\xBF\xBF", from);
	sqlite3_stmt *st = NULL;
	cib_buf phrase = CIB_BUF_INIT, all = CIB_BUF_INIT;
	if (len && sqlite3_prepare_v2(s->db, "SELECT word FROM main.word WHERE word >= ?1 AND word < ?2 LIMIT ?3", -1, &st, NULL) == SQLITE_OK) {
		sqlite3_bind_text(st, 1, from, -1, SQLITE_STATIC);
		sqlite3_bind_text(st, 2, to, -1, SQLITE_STATIC);
		sqlite3_bind_int64(st, 3, BEGINNINGS + 1);
		for (; sqlite3_step(st) == SQLITE_ROW && n <= BEGINNINGS; n++) {
			const char *word = (const char *)sqlite3_column_text(st, 0);
			if (n == BEGINNINGS || !word)
				continue;
			cib_buf_clear(&phrase);
			cib_buf_add(&phrase, term->text, (size_t)(last - term->text));
			cib_buf_adds(&phrase, word);
			cib_buf_adds(&all, n ? " OR " : "(");
			cib_search_quote(&all, phrase.data, phrase.len);
		}
	}
	if (all.len)
		cib_buf_addf(out, "%s)", all.data);
	*cut = *cut || n > BEGINNINGS;
	sqlite3_finalize(st);
	cib_buf_free(&phrase);
	cib_buf_free(&all);
	free(from);
	free(to);
}
