/* A query: what a person typed becomes an FTS5 expression in which every word is quoted, so that nothing in it has power.
 *
 * Ranking all of 100,000 hits of a common word would cost more than it tells. So at most twice CANDIDATES are weighed: first
 * those that have all the words in the title, then the others, the newest first. */
#include "search/private.h"

#include <stdlib.h>
#include <string.h>

enum { TERMS = 24,
       TERM_BYTES = 200,
       CANDIDATES = 600,
       DEFAULT_LIMIT = 20 };

/* ---- parts of a query */

static bool has_word(const char *s)
{
	const char *begin, *end;
	return cib_search_next_word(&s, &begin, &end);
}

static void add_term(cib_search_terms *out, const char *begin, size_t len, bool prefix, bool without)
{
	if (out->count >= TERMS)
		return;
	char *raw = cib_strndup(begin, len < TERM_BYTES ? len : TERM_BYTES);
	cib_buf folded = CIB_BUF_INIT;
	if (!cib_utf8_valid(raw, strlen(raw))) /* also where the limit cut a character in two */
		for (char *c = raw; *c; c++)
			if ((unsigned char)*c >= 0x80)
				*c = ' ';
	cib_search_fold(&folded, raw);
	free(raw);
	if (!has_word(cib_buf_str(&folded))) {
		cib_buf_free(&folded);
		return;
	}
	out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
	out->items[out->count++] = (cib_search_term){cib_buf_take(&folded), prefix, without};
}

void cib_search_parse(cib_search_terms *out, const char *words, bool widened)
{
	for (const char *s = words ? words : ""; *s;) {
		s += strspn(s, " \t\r\n\f\v");
		bool without = *s == '-' && s[1] && !strchr(" \t\r\n", s[1]);
		s += without;
		bool phrase = *s == '"';
		s += phrase;
		size_t len = phrase ? strcspn(s, "\"") : strcspn(s, " \t\r\n\f\v");
		bool star = !phrase && len && s[len - 1] == '*';
		star = star || (phrase && s[len] == '"' && s[len + 1] == '*');
		if (len)
			add_term(out, s, len, star || (widened && !phrase && !without), without);
		s += len;
		if (phrase && *s == '"')
			s += 1 + (s[1] == '*');
	}
}

void cib_search_terms_free(cib_search_terms *terms)
{
	for (size_t i = 0; i < terms->count; i++)
		free(terms->items[i].text);
	free(terms->items);
	*terms = (cib_search_terms){0};
}

/* ---- the expression */

static void add_term_to(cib_buf *out, cib_search *s, const cib_search_term *t, int how, bool *cut)
{
	size_t before = out->len;
	bool some = false;
	if (t->prefix && !(how & (CIB_SEARCH_WHOLE | CIB_SEARCH_OVER)))
		cib_search_add_beginnings(out, s, t, &some);
	if (some && t->without) /* what must not be there is not there in any of its forms */
		out->len = before;
	else
		*cut = *cut || some;
	if (out->len > before)
		return;
	cib_search_quote(out, t->text, strlen(t->text));
	cib_buf_adds(out, t->prefix ? " *" : "");
}

static void add_facets(cib_buf *out, const cib_search_query *q)
{
	const struct {
		char what;
		const char *value;
	} facets[] = {{'k', q->kind}, {'m', q->member}, {'c', q->country}, {'s', q->sdg}, {'t', q->theme}, {'y', q->year}};
	for (size_t i = 0; i < sizeof facets / sizeof *facets; i++) {
		if (!facets[i].value || !*facets[i].value)
			continue;
		cib_buf_addf(out, "%s\"", out->len ? " AND " : "");
		cib_search_facet(out, facets[i].what, facets[i].value);
		cib_buf_addc(out, '"');
	}
}

/* No word of a query can be a facet, so that columns need not be named, which would make FTS5 read where each word stands. */
void cib_search_express(cib_search_expression *out, cib_search *s, const cib_search_terms *terms, const cib_search_query *q, int how)
{
	cib_buf yes = CIB_BUF_INIT, no = CIB_BUF_INIT;
	for (size_t i = 0; i < terms->count; i++) {
		cib_buf *to = terms->items[i].without ? &no : &yes;
		if (to->len)
			cib_buf_adds(to, terms->items[i].without ? " OR " : " AND ");
		add_term_to(to, s, &terms->items[i], how, &out->cut);
	}
	bool titles = (how & CIB_SEARCH_IN_TITLES) && !no.len; /* what is not wanted is looked for in all of an entry */
	out->table = titles || (!yes.len && !no.len) ? "titles" : "words";
	add_facets(&out->text, q);
	if (yes.len)
		cib_buf_addf(&out->text, "%s%s(%s)", out->text.len ? " AND " : "", (how & CIB_SEARCH_IN_TITLES) && !titles ? "title : " : "", yes.data);
	if (out->text.len && no.len) {
		char *before = cib_buf_take(&out->text);
		cib_buf_addf(&out->text, "(%s) NOT (%s)", before, no.data);
		free(before);
	}
	cib_buf_free(&yes);
	cib_buf_free(&no);
}

bool cib_search_has_words(const char *words)
{
	cib_search_terms terms = {0};
	bool wanted = false;
	cib_search_parse(&terms, words, false);
	for (size_t i = 0; i < terms.count; i++)
		wanted = wanted || !terms.items[i].without;
	cib_search_terms_free(&terms);
	return wanted;
}

/* All rows of one database. */
static int each_row(cib_search *s, bool overlay, const cib_search_expression *e, cib_search_row_cb cb, void *payload, cib_error *err)
{
	char *sql = cib_format("SELECT rowid FROM %s.%s WHERE %s MATCH ?", overlay ? "over" : "main", e->table, e->table);
	sqlite3_stmt *st = NULL;
	int step = SQLITE_ERROR;
	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) == SQLITE_OK) {
		sqlite3_bind_text(st, 1, e->text.data, -1, SQLITE_STATIC);
		while ((step = sqlite3_step(st)) == SQLITE_ROW)
			cb(sqlite3_column_int64(st, 0), overlay, payload);
	}
	int status = step == SQLITE_DONE ? CIB_OK : cib_search_fail(s, N_("cannot search"), err);
	if (status != CIB_OK && cib_search_damaged(s))
		status = CIB_DAMAGED;
	sqlite3_finalize(st);
	free(sql);
	return status;
}

int cib_search_each_row(cib_search *s, const char *words, bool widened, cib_search_row_cb cb, void *payload, cib_error *err)
{
	cib_search_terms terms = {0};
	const cib_search_query none = {0};
	int status = CIB_OK;
	cib_search_parse(&terms, words, widened);
	for (int over = 0; over <= s->overlay && status == CIB_OK; over++) {
		cib_search_expression e = {0};
		cib_search_express(&e, s, &terms, &none, over ? CIB_SEARCH_OVER : 0);
		if (e.cut) {
			cib_buf_free(&e.text);
			e = (cib_search_expression){0};
			cib_search_express(&e, s, &terms, &none, CIB_SEARCH_WHOLE);
		}
		if (e.text.len)
			status = each_row(s, over, &e, cb, payload, err);
		cib_buf_free(&e.text);
	}
	cib_search_terms_free(&terms);
	return status;
}

/* ---- candidates */

typedef struct {
	int64_t row;
	double score;
	bool overlay;
	char *path;
} candidate;

typedef struct {
	candidate *items;
	size_t count, cap;
	bool more;
} candidates;

bool cib_search_is_hidden(const cib_search *s, const char *path)
{
	for (size_t i = 0; i < s->hidden_count; i++)
		if (strcmp(s->hidden[i], path) == 0)
			return true;
	return false;
}

static int weigh(candidates *out, cib_search *s, bool overlay, const cib_search_expression *expression, size_t limit, double bonus, cib_error *err)
{
	static const char form[] = "SELECT w.rowid, cib_rank_%s(w.%s), e.path FROM %s.%s AS w CROSS JOIN %s.entry AS e ON e.id = w.rowid WHERE w.%s MATCH ? ORDER BY w.rowid DESC LIMIT %zu";
	const char *db = overlay ? "over" : "main", *table = expression->table;
	char *sql = cib_format(form, table, table, db, table, db, table, limit + 1);
	sqlite3_stmt *st = NULL;
	size_t n = 0;
	int step = SQLITE_ERROR;
	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) == SQLITE_OK) {
		sqlite3_bind_text(st, 1, expression->text.data, -1, SQLITE_STATIC);
		for (; (step = sqlite3_step(st)) == SQLITE_ROW && n < limit; n++) {
			const char *path = (const char *)sqlite3_column_text(st, 2);
			if (!path || (!overlay && cib_search_is_hidden(s, path)))
				continue;
			out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
			out->items[out->count++] = (candidate){sqlite3_column_int64(st, 0), sqlite3_column_double(st, 1) + bonus, overlay, cib_strdup(path)};
		}
	}
	out->more = out->more || step == SQLITE_ROW;
	int status = step == SQLITE_ROW || step == SQLITE_DONE ? CIB_OK : cib_search_fail(s, N_("cannot search"), err);
	if (status != CIB_OK && cib_search_damaged(s))
		status = CIB_DAMAGED;
	sqlite3_finalize(st);
	free(sql);
	return status;
}

static int by_row(const void *a, const void *b)
{
	const candidate *x = a, *y = b;
	if (x->overlay != y->overlay)
		return x->overlay ? 1 : -1;
	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->score < y->score) - (x->score > y->score);
}

static int by_score(const void *a, const void *b)
{
	const candidate *x = a, *y = b;
	if (x->score > y->score || x->score < y->score)
		return x->score > y->score ? -1 : 1;
	return (x->row < y->row) - (x->row > y->row); /* the newest first */
}

/* One of each, the best first. */
static void order(candidates *list)
{
	size_t n = 0;
	if (list->count)
		qsort(list->items, list->count, sizeof *list->items, by_row);
	for (size_t i = 0; i < list->count; i++)
		if (!n || list->items[n - 1].row != list->items[i].row || list->items[n - 1].overlay != list->items[i].overlay)
			list->items[n++] = list->items[i];
		else
			free(list->items[i].path);
	list->count = n;
	if (n)
		qsort(list->items, n, sizeof *list->items, by_score);
}

/* The paths go to the result. */
static void take(cib_search_hits *out, const candidates *list, size_t from, size_t limit)
{
	for (size_t i = 0; i < list->count; i++)
		if (i >= from && out->count < limit) {
			out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
			out->items[out->count++] = (cib_search_hit){list->items[i].path, list->items[i].score, list->items[i].row, list->items[i].overlay};
		} else {
			free(list->items[i].path);
		}
	out->total = list->count;
	out->more = list->more;
}

static int weigh_all(candidates *list, cib_search *s, const cib_search_terms *terms, const cib_search_query *q, int how, bool *cut, cib_error *err)
{
	size_t last = q->offset + (q->limit ? q->limit : DEFAULT_LIMIT), most = last > CANDIDATES ? last : CANDIDATES;
	int status = CIB_OK;
	for (int pass = terms->count ? 0 : 1; pass < 2 && status == CIB_OK; pass++)
		for (int over = 0; over <= s->overlay && status == CIB_OK; over++) {
			cib_search_expression e = {0};
			cib_search_express(&e, s, terms, q, how | (pass == 0 ? CIB_SEARCH_IN_TITLES : 0) | (over ? CIB_SEARCH_OVER : 0));
			if (pass == 1 && !over)
				list->more = false; /* the second pass sees those of the first, too */
			if (e.text.len)
				status = weigh(list, s, over, &e, most, pass == 0 ? 1 : 0, err);
			*cut = *cut || e.cut;
			cib_buf_free(&e.text);
		}
	if (status == CIB_OK)
		order(list);
	return status;
}

static void drop(candidates *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].path);
	free(list->items);
	*list = (candidates){0};
}

static int look(cib_search_hits *out, cib_search *s, const cib_search_query *q, bool widened, cib_error *err)
{
	cib_search_terms terms = {0};
	candidates list = {0};
	bool cut = false;
	cib_search_parse(&terms, q->words, widened);
	int status = weigh_all(&list, s, &terms, q, 0, &cut, err);
	if (status == CIB_OK && cut && !list.more) { /* few have the words that were named: all of them, then */
		drop(&list);
		status = weigh_all(&list, s, &terms, q, CIB_SEARCH_WHOLE, &cut, err);
	}
	if (status == CIB_OK) {
		take(out, &list, q->offset, q->limit ? q->limit : DEFAULT_LIMIT);
		list.count = 0;
	}
	drop(&list);
	cib_search_terms_free(&terms);
	return status;
}

int cib_search_run(cib_search_hits *out, cib_search *s, const cib_search_query *q, cib_error *err)
{
	*out = (cib_search_hits){0};
	int status = look(out, s, q, false, err);
	if (status == CIB_OK && out->total == 0 && q->words && *q->words) { /* nothing has the words themselves: their beginnings */
		out->widened = true;
		status = look(out, s, q, true, err);
	}
	if (status != CIB_OK)
		cib_search_hits_free(out);
	return status;
}

void cib_search_hits_free(cib_search_hits *hits)
{
	for (size_t i = 0; i < hits->count; i++)
		free(hits->items[i].path);
	free(hits->items);
	*hits = (cib_search_hits){0};
}
