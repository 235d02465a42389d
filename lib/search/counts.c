/* Counting the values of what is found. Each row has its facets as words beside its path; they are tallied in a table by hash. */
#include "search/private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const cib_search_facet_names[CIB_SEARCH_FACETS] = {"kind", "member", "country", "sdg", "theme", "year"};
static const char letters[] = "kmcsty";

/* ---- a table of words and how often each was met */

typedef struct {
	char *word;
	size_t count;
} met;
typedef struct {
	met *slots;
	size_t size, used; /* size: a power of two */
	size_t total;
} tally;

static uint64_t hash_of(const char *word, size_t len)
{
	uint64_t h = 14695981039346656037u;
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)word[i]) * 1099511628211u;
	return h;
}

static met *slot_of(const tally *t, const char *word, size_t len)
{
	for (size_t i = hash_of(word, len) & (t->size - 1);; i = (i + 1) & (t->size - 1)) {
		met *m = &t->slots[i];
		if (!m->word || (strncmp(m->word, word, len) == 0 && !m->word[len]))
			return m;
	}
}

static void enlarge(tally *t)
{
	tally more = {.slots = cib_alloc((t->size ? t->size * 2 : 256) * sizeof *more.slots), .size = t->size ? t->size * 2 : 256, .used = t->used, .total = t->total};
	for (size_t i = 0; i < t->size; i++)
		if (t->slots[i].word)
			*slot_of(&more, t->slots[i].word, strlen(t->slots[i].word)) = t->slots[i];
	free(t->slots);
	*t = more;
}

static void meet(tally *t, const char *word, size_t len)
{
	if (t->used * 2 >= t->size)
		enlarge(t);
	met *m = slot_of(t, word, len);
	if (!m->word) {
		m->word = cib_strndup(word, len);
		t->used++;
	}
	m->count++;
}

/* An entry that names a country, or a goal by two of its targets, twice counts once. */
static bool was_before(const char *facets, const char *word, size_t len)
{
	for (const char *w = facets; w < word; w += strcspn(w, " ")) {
		w += strspn(w, " ");
		if (w < word && strncmp(w, word, len) == 0 && w[len] == ' ')
			return true;
	}
	return false;
}

static void meet_all(tally *t, const char *facets)
{
	t->total++;
	for (const char *w = facets; *w;) {
		w += strspn(w, " ");
		size_t len = strcspn(w, " ");
		if (len && !was_before(facets, w, len))
			meet(t, w, len);
		w += len;
	}
}

static void tally_free(tally *t)
{
	for (size_t i = 0; i < t->size; i++)
		free(t->slots[i].word);
	free(t->slots);
}

/* ---- reading what is found */

static int read_all(tally *t, cib_search *s, bool overlay, const cib_search_expression *e, cib_error *err)
{
	const char *db = overlay ? "over" : "main";
	char *sql = e->text.len ? cib_format("SELECT e.facets, e.path FROM %s.%s AS w CROSS JOIN %s.entry AS e ON e.id = w.rowid WHERE w.%s MATCH ?", db, e->table, db, e->table)
	                        : cib_format("SELECT facets, path FROM %s.entry", db);
	sqlite3_stmt *st = NULL;
	int step = SQLITE_ERROR;
	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) == SQLITE_OK) {
		if (e->text.len)
			sqlite3_bind_text(st, 1, e->text.data, -1, SQLITE_STATIC);
		while ((step = sqlite3_step(st)) == SQLITE_ROW) {
			const char *facets = (const char *)sqlite3_column_text(st, 0);
			if (facets && (overlay || !s->hidden_count || !cib_search_is_hidden(s, (const char *)sqlite3_column_text(st, 1))))
				meet_all(t, facets);
		}
	}
	int status = step == SQLITE_DONE ? CIB_OK : cib_search_fail(s, N_("cannot count"), err);
	if (status != CIB_OK && cib_search_damaged(s))
		status = CIB_DAMAGED;
	sqlite3_finalize(st);
	free(sql);
	return status;
}

static int read_both(tally *t, cib_search *s, const cib_search_query *q, bool widened, cib_error *err)
{
	cib_search_terms terms = {0};
	int status = CIB_OK;
	cib_search_parse(&terms, q->words, widened);
	for (int over = 0; over <= s->overlay && status == CIB_OK; over++) {
		cib_search_expression e = {0};
		cib_search_express(&e, s, &terms, q, over ? CIB_SEARCH_OVER : 0);
		if (e.cut) {
			cib_buf_free(&e.text);
			e = (cib_search_expression){0};
			cib_search_express(&e, s, &terms, q, CIB_SEARCH_WHOLE);
		}
		status = read_all(t, s, over, &e, err);
		cib_buf_free(&e.text);
	}
	cib_search_terms_free(&terms);
	return status;
}

/* ---- values */

char *cib_search_facet_value(const char *facet)
{
	cib_buf out = CIB_BUF_INIT;
	for (const char *c = facet + 2; *c; c++) {
		if (*c == '_' && c[1] && c[2]) {
			cib_buf_addc(&out, (char)strtol((char[]){c[1], c[2], '\0'}, NULL, 16));
			c += 2;
		} else {
			cib_buf_addc(&out, facet[0] == 'c' && *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c);
		}
	}
	return cib_buf_take(&out);
}

static int by_count(const void *a, const void *b)
{
	const cib_search_count *x = a, *y = b;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->value, y->value);
}

/* 2 before 10, 5 before 5.2 before 5.a */
static int by_value(const void *a, const void *b)
{
	const cib_search_count *x = a, *y = b;
	int m = atoi(x->value), n = atoi(y->value);
	return m != n ? (m > n) - (m < n) : strverscmp(x->value, y->value);
}

static void take(cib_search_counts *out, const tally *t, size_t facet)
{
	cib_search_count *items = NULL;
	size_t n = 0, cap = 0;
	for (size_t i = 0; i < t->size; i++)
		if (t->slots[i].word && t->slots[i].word[0] == letters[facet]) {
			items = cib_grow(items, &cap, n + 1, sizeof *items);
			items[n++] = (cib_search_count){cib_search_facet_value(t->slots[i].word), t->slots[i].count};
		}
	if (n)
		qsort(items, n, sizeof *items, facet == CIB_SEARCH_SDGS || facet == CIB_SEARCH_YEARS ? by_value : by_count);
	out->of[facet].items = items;
	out->of[facet].count = n;
	out->of[facet].cap = cap;
}

static const char **filter_of(cib_search_query *q, size_t facet)
{
	const char **const all[] = {&q->kind, &q->member, &q->country, &q->sdg, &q->theme, &q->year};
	return all[facet];
}

static int count_without(cib_search_counts *out, cib_search *s, const cib_search_query *q, size_t facet, bool widened, cib_error *err)
{
	tally t = {0};
	cib_search_query other = *q;
	*filter_of(&other, facet) = NULL;
	int status = read_both(&t, s, &other, widened, err);
	if (status == CIB_OK)
		take(out, &t, facet);
	tally_free(&t);
	return status;
}

static int count_all(cib_search_counts *out, cib_search *s, const cib_search_query *q, bool widened, cib_error *err)
{
	tally t = {0};
	cib_search_query copy = *q;
	int status = read_both(&t, s, q, widened, err);
	out->total = t.total;
	for (size_t f = 0; f < CIB_SEARCH_FACETS && status == CIB_OK; f++) {
		const char *chosen = *filter_of(&copy, f);
		if (chosen && *chosen)
			status = count_without(out, s, q, f, widened, err);
		else
			take(out, &t, f);
	}
	tally_free(&t);
	return status;
}

int cib_search_count_values(cib_search_counts *out, cib_search *s, const cib_search_query *q, cib_error *err)
{
	*out = (cib_search_counts){0};
	int status = count_all(out, s, q, false, err);
	if (status == CIB_OK && out->total == 0 && q->words && *q->words) { /* as cib_search_run does */
		cib_search_counts_free(out);
		status = count_all(out, s, q, true, err);
	}
	if (status != CIB_OK)
		cib_search_counts_free(out);
	return status;
}

void cib_search_counts_free(cib_search_counts *counts)
{
	for (size_t f = 0; f < CIB_SEARCH_FACETS; f++) {
		for (size_t i = 0; i < counts->of[f].count; i++)
			free(counts->of[f].items[i].value);
		free(counts->of[f].items);
	}
	*counts = (cib_search_counts){0};
}

/* ---- names */

static const cib_code *code_like(const cib_codelist *list, const char *value)
{
	const cib_code *code = list ? cib_codelist_get(list, value) : NULL;
	for (size_t i = 0; list && !code && i < cib_codelist_count(list); i++) /* a facet has no capitals */
		if (strcasecmp(cib_codelist_at(list, i)->code, value) == 0)
			code = cib_codelist_at(list, i);
	return code;
}

const char *cib_search_list_of(cib_search_facet_of facet, const char *value)
{
	switch (facet) {
	case CIB_SEARCH_COUNTRIES:
		return "Country";
	case CIB_SEARCH_THEMES:
		return "themes";
	case CIB_SEARCH_SDGS:
		return strchr(value, '.') ? "UNSDG-Targets" : "UNSDG-Goals";
	default:
		return NULL;
	}
}

char *cib_search_value_name(cib_network *net, cib_search_facet_of facet, const char *value, const char *lang)
{
	const char *list = cib_search_list_of(facet, value);
	const cib_kind *kind = facet == CIB_SEARCH_KINDS ? cib_network_kind(net, value) : NULL;
	const cib_code *code = list ? code_like(cib_network_codelist(net, list), value) : NULL;
	return cib_strdup(kind ? cib_kind_title(kind, lang) : code ? cib_code_name(code, lang, true)
	                                                           : value);
}
