/* The list (see browse.h): which rows the words find, which pass the filters, in which order, and the facets' counts. */
#include "search/browse.h"

#include "search/table.h"

#include <stdlib.h>
#include <string.h>

enum { FILTERS = 6 };

/* A query against the table. */
typedef struct {
	cib_search_table *table;
	const cib_search_query *query;
	bool *found; /* by the words, row by row; NULL: all are */
	struct {
		char what;
		size_t number; /* of the facet; SIZE_MAX: no entry has it */
	} filters[FILTERS];
	size_t filter_count;
	size_t *counts; /* facet by facet */
} asking;

static void take_filters(asking *a)
{
	const cib_search_query *q = a->query;
	const struct {
		char what;
		const char *value;
	} all[FILTERS] = {{'k', q->kind}, {'m', q->member}, {'c', q->country}, {'s', q->sdg}, {'t', q->theme}, {'y', q->year}};
	for (size_t i = 0; i < FILTERS; i++)
		if (all[i].value && *all[i].value) {
			a->filters[a->filter_count].what = all[i].what;
			a->filters[a->filter_count++].number = cib_search_table_facet(a->table, all[i].what, all[i].value);
		}
}

static bool has(const cib_search_table *t, const cib_table_row *row, size_t number)
{
	for (uint32_t i = 0; i < row->facet_count; i++)
		if (t->numbers[row->facets + i] == number)
			return true;
	return false;
}

/* Does a row pass? Counts its facets: all when it passes, those of the one filter that it fails else. */
static bool judge(asking *a, size_t i)
{
	const cib_search_table *t = a->table;
	const cib_table_row *row = &t->rows[i];
	size_t failed = 0;
	char only = 0;
	if (row->hidden || (a->found && !a->found[i]))
		return false;
	for (size_t k = 0; k < a->filter_count && failed < 2; k++)
		if (!has(t, row, a->filters[k].number)) {
			failed++;
			only = a->filters[k].what;
		}
	for (uint32_t k = 0; k < row->facet_count && failed < 2; k++) {
		uint32_t number = t->numbers[row->facets + k];
		if (!failed || t->facets[number].word[0] == only)
			a->counts[number]++;
	}
	return failed == 0;
}

/* ---- order ---- */

typedef struct {
	uint32_t *items;
	size_t count;
} rows;

/* All that pass, by title: the index's rows are in order, the overlay's few are put between them. */
static void pass(rows *out, asking *a)
{
	cib_search_table *t = a->table;
	uint32_t *over = cib_alloc((t->count - t->base + 1) * sizeof *over);
	size_t over_count = 0, next = 0;
	for (size_t i = t->base; i < t->count; i++)
		if (judge(a, i))
			over[over_count++] = (uint32_t)i;
	if (over_count)
		qsort_r(over, over_count, sizeof *over, cib_search_by_title, t->rows);
	out->items = cib_alloc((t->count + 1) * sizeof *out->items);
	for (size_t i = 0; i < t->base; i++) {
		if (!judge(a, t->order[i]))
			continue;
		while (next < over_count && cib_search_by_title(&over[next], &t->order[i], t->rows) < 0)
			out->items[out->count++] = over[next++];
		out->items[out->count++] = t->order[i];
	}
	while (next < over_count)
		out->items[out->count++] = over[next++];
	free(over);
}

static size_t row_of(const cib_search_table *t, int64_t id, bool overlay)
{
	size_t low = overlay ? t->base : 0, high = overlay ? t->count : t->base;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (t->rows[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < (overlay ? t->count : t->base) && t->rows[low].id == id ? low : SIZE_MAX;
}

/* The best hits go to the front. */
static int best_first(rows *list, const asking *a, cib_search *s, cib_error *err)
{
	cib_search_hits hits;
	cib_search_query query = *a->query;
	query.limit = 600;
	int status = cib_search_run(&hits, s, &query, err);
	if (status != CIB_OK)
		return status;
	bool *first = cib_alloc(a->table->count + 1), *listed = cib_alloc(a->table->count + 1);
	uint32_t *items = cib_alloc((list->count + 1) * sizeof *items);
	size_t n = 0;
	for (size_t i = 0; i < list->count; i++)
		listed[list->items[i]] = true;
	for (size_t i = 0; i < hits.count; i++) {
		size_t row = row_of(a->table, hits.items[i].row, hits.items[i].overlay);
		if (row != SIZE_MAX && listed[row] && !first[row]) {
			first[row] = true;
			items[n++] = (uint32_t)row;
		}
	}
	for (size_t i = 0; i < list->count; i++)
		if (!first[list->items[i]])
			items[n++] = list->items[i];
	free(list->items);
	list->items = items;
	free(first);
	free(listed);
	cib_search_hits_free(&hits);
	return CIB_OK;
}

/* ---- facets ---- */

static int by_count(const void *a, const void *b)
{
	const cib_browse_facet *x = a, *y = b;
	if (x->what != y->what)
		return x->what < y->what ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->value, y->value);
}

static void take_facets(cib_browse *out, const asking *a)
{
	out->facets = cib_alloc((a->table->facet_count + 1) * sizeof *out->facets);
	for (size_t i = 0; i < a->table->facet_count; i++)
		if (a->counts[i])
			out->facets[out->facet_count++] = (cib_browse_facet){a->table->facets[i].word[0], a->table->facets[i].value, a->counts[i]};
	if (out->facet_count)
		qsort(out->facets, out->facet_count, sizeof *out->facets, by_count);
}

/* ---- the page ---- */

typedef struct {
	asking *a;
	bool any;
} marking;

static void mark(int64_t row, bool overlay, void *payload)
{
	marking *m = payload;
	size_t i = row_of(m->a->table, row, overlay);
	if (i == SIZE_MAX || m->a->table->rows[i].hidden)
		return;
	m->a->found[i] = true;
	m->any = true;
}

static int find_words(asking *a, cib_search *s, bool *widened, cib_error *err)
{
	marking m = {a, false};
	int status = CIB_OK;
	if (!cib_search_has_words(a->query->words))
		return CIB_OK;
	a->found = cib_alloc(a->table->count + 1);
	for (int attempt = 0; attempt < 2 && status == CIB_OK && !m.any; attempt++) { /* as cib_search_run: the words, else their beginnings */
		*widened = attempt == 1;
		status = cib_search_each_row(s, a->query->words, *widened, mark, &m, err);
	}
	return status;
}

int cib_search_browse(cib_browse *out, cib_search *s, const cib_search_query *query, cib_browse_order order, const char *lang,
                      size_t from, size_t count, cib_error *err)
{
	asking a = {.query = query};
	rows list = {0};
	*out = (cib_browse){0};
	int status = cib_search_table_get(&a.table, s, lang, err);
	if (status != CIB_OK)
		return status;
	status = find_words(&a, s, &out->widened, err);
	if (status == CIB_OK) {
		a.counts = cib_alloc((a.table->facet_count + 1) * sizeof *a.counts);
		take_filters(&a);
		pass(&list, &a);
		if (a.found && order == CIB_BROWSE_BEST)
			status = best_first(&list, &a, s, err);
	}
	if (status == CIB_OK) {
		out->total = list.count;
		out->rows = cib_alloc((count < list.count ? count + 1 : list.count + 1) * sizeof *out->rows);
		for (size_t i = from; i < list.count && out->count < count; i++)
			out->rows[out->count++] = (cib_browse_row){a.table->rows[list.items[i]].path, a.table->rows[list.items[i]].title};
		take_facets(out, &a);
	}
	free(list.items);
	free(a.found);
	free(a.counts);
	return status;
}

void cib_browse_clear(cib_browse *page)
{
	free(page->rows);
	free(page->facets);
	*page = (cib_browse){0};
}
