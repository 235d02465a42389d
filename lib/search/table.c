/* The table of all entries in memory (see table.h). */
#include "search/table.h"

#include <stdlib.h>
#include <string.h>

/* ---- facets as numbers ---- */

static size_t hash(const char *word, size_t len)
{
	uint64_t h = 0xcbf29ce484222325u;
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)word[i]) * 0x100000001b3u;
	return (size_t)(h ^ (h >> 29));
}

/* The slot of a facet, or the free one where it would stand. */
static size_t slot_of(const cib_search_table *t, const char *word, size_t len)
{
	size_t at = hash(word, len) & (t->slot_count - 1);
	for (; t->slots[at]; at = (at + 1) & (t->slot_count - 1)) {
		const char *here = t->facets[t->slots[at] - 1].word;
		if (strncmp(here, word, len) == 0 && !here[len])
			break;
	}
	return at;
}

static void grow_slots(cib_search_table *t)
{
	free(t->slots);
	t->slot_count = t->slot_count ? t->slot_count * 2 : 1024;
	t->slots = cib_alloc(t->slot_count * sizeof *t->slots);
	for (size_t i = 0; i < t->facet_count; i++)
		t->slots[slot_of(t, t->facets[i].word, strlen(t->facets[i].word))] = (uint32_t)i + 1;
}

static uint32_t number_of(cib_search_table *t, const char *word, size_t len)
{
	if (t->facet_count * 2 >= t->slot_count)
		grow_slots(t);
	size_t at = slot_of(t, word, len);
	if (!t->slots[at]) {
		const char *kept = cib_arena_strndup(&t->arena, word, len);
		char *value = cib_search_facet_value(kept);
		t->facets = cib_grow(t->facets, &t->facet_cap, t->facet_count + 1, sizeof *t->facets);
		t->facets[t->facet_count++] = (cib_table_facet){kept, cib_arena_strndup(&t->arena, value, strlen(value))};
		t->slots[at] = (uint32_t)t->facet_count;
		free(value);
	}
	return t->slots[at] - 1;
}

size_t cib_search_table_facet(const cib_search_table *t, char what, const char *value)
{
	cib_buf word = CIB_BUF_INIT;
	cib_search_facet(&word, what, value);
	const char *plain = word.data + strspn(word.data, " ");
	size_t at = t->slot_count ? slot_of(t, plain, strlen(plain)) : 0;
	cib_buf_free(&word);
	return t->slot_count && t->slots[at] ? t->slots[at] - 1 : SIZE_MAX;
}

/* " k_project m_m_2dandal c_tn": each once. */
static void add_facets(cib_search_table *t, cib_table_row *row, const char *facets)
{
	row->facets = (uint32_t)t->number_count;
	for (const char *word = facets + strspn(facets, " "); *word;) {
		size_t len = strcspn(word, " ");
		uint32_t number = number_of(t, word, len);
		bool known = false;
		for (uint32_t i = 0; i < row->facet_count && !known; i++)
			known = t->numbers[row->facets + i] == number;
		if (!known) {
			t->numbers = cib_grow(t->numbers, &t->number_cap, t->number_count + 1, sizeof *t->numbers);
			t->numbers[t->number_count++] = number;
			row->facet_count++;
		}
		word += len;
		word += strspn(word, " ");
	}
}

/* ---- reading the index ---- */

static int read_rows(cib_search_table *t, cib_search *s, bool overlay, cib_error *err)
{
	cib_arena *arena = overlay ? &t->over : &t->arena;
	sqlite3_stmt *st = NULL;
	int step = SQLITE_ERROR;
	if (sqlite3_prepare_v2(s->db, overlay ? "SELECT id, path, titles, facets FROM over.entry ORDER BY id" : "SELECT id, path, titles, facets FROM main.entry ORDER BY id", -1, &st, NULL) == SQLITE_OK)
		while ((step = sqlite3_step(st)) == SQLITE_ROW) {
			const char *texts[3];
			for (int i = 0; i < 3; i++) {
				texts[i] = (const char *)sqlite3_column_text(st, i + 1);
				texts[i] = texts[i] ? texts[i] : "";
			}
			t->rows = cib_grow(t->rows, &t->cap, t->count + 1, sizeof *t->rows);
			cib_table_row *row = &t->rows[t->count++];
			*row = (cib_table_row){.id = sqlite3_column_int64(st, 0), .path = cib_arena_strndup(arena, texts[0], strlen(texts[0])), .titles = cib_arena_strndup(arena, texts[1], strlen(texts[1]))};
			add_facets(t, row, texts[2]);
		}
	int status = step == SQLITE_DONE ? CIB_OK : cib_search_fail(s, N_("cannot read the search index"), err);
	if (status != CIB_OK && cib_search_damaged(s))
		status = CIB_DAMAGED;
	sqlite3_finalize(st);
	return status;
}

/* ---- titles in a language, and their order ---- */

/* From "en\tWater\nfr\tEau\n": the line of `lang`, else the first. */
static const char *title_in(cib_arena *arena, const char *titles, const char *lang)
{
	size_t n = strlen(lang);
	const char *best = titles;
	for (const char *line = titles; *line;) {
		if (strncmp(line, lang, n) == 0 && line[n] == '\t') {
			best = line;
			break;
		}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	size_t end = strcspn(best, "\n"), tab = strcspn(best, "\t");
	return tab < end ? cib_arena_strndup(arena, best + tab + 1, end - tab - 1) : "";
}

static void set_title(cib_arena *arena, cib_table_row *row, const char *lang)
{
	row->title = title_in(arena, row->titles, lang);
	char *folded = cib_text_fold(row->title);
	row->key = cib_arena_strndup(arena, folded, strlen(folded));
	free(folded);
}

int cib_search_by_title(const void *a, const void *b, void *payload)
{
	const cib_table_row *rows = payload, *x = &rows[*(const uint32_t *)a], *y = &rows[*(const uint32_t *)b];
	int order = !*x->key - !*y->key; /* what has no title comes last */
	if (!order)
		order = strcmp(x->key, y->key);
	return order ? order : strcmp(x->path, y->path);
}

static void sort_titles(cib_search_table *t, const char *lang)
{
	if (strcmp(t->lang, lang) == 0)
		return;
	cib_arena_reset(&t->keys);
	free(t->order);
	t->order = cib_alloc((t->base + 1) * sizeof *t->order);
	for (size_t i = 0; i < t->base; i++) {
		set_title(&t->keys, &t->rows[i], lang);
		t->order[i] = (uint32_t)i;
	}
	qsort_r(t->order, t->base, sizeof *t->order, cib_search_by_title, t->rows);
	cib_buf name = CIB_BUF_INIT;
	cib_buf_adds(&name, lang);
	memcpy(t->lang, name.data, name.len < sizeof t->lang ? name.len + 1 : 0);
	cib_buf_free(&name);
	t->over_loaded = false;
}

/* ---- the overlay ---- */

static int by_path(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int lay_over(cib_search_table *t, cib_search *s, const char *lang, cib_error *err)
{
	t->count = t->base;
	t->number_count = t->base_numbers;
	cib_arena_reset(&t->over);
	if (s->hidden_count)
		qsort(s->hidden, s->hidden_count, sizeof *s->hidden, by_path);
	for (size_t i = 0; i < t->base; i++)
		t->rows[i].hidden = s->hidden_count && bsearch(&t->rows[i].path, s->hidden, s->hidden_count, sizeof *s->hidden, by_path);
	int status = s->overlay ? read_rows(t, s, true, err) : CIB_OK;
	for (size_t i = t->base; i < t->count; i++)
		set_title(&t->over, &t->rows[i], lang);
	t->over_loaded = status == CIB_OK;
	return status;
}

int cib_search_table_get(cib_search_table **out, cib_search *s, const char *lang, cib_error *err)
{
	int status = CIB_OK;
	if (!s->table) {
		s->table = cib_alloc(sizeof *s->table);
		status = read_rows(s->table, s, false, err);
		s->table->base = s->table->count;
		s->table->base_numbers = s->table->number_count;
	}
	if (status == CIB_OK) {
		sort_titles(s->table, lang);
		if (!s->table->over_loaded)
			status = lay_over(s->table, s, lang, err);
	}
	if (status != CIB_OK)
		cib_search_table_free(s);
	*out = s->table;
	return status;
}

void cib_search_table_free(cib_search *s)
{
	cib_search_table *t = s->table;
	if (!t)
		return;
	free(t->rows);
	free(t->numbers);
	free(t->facets);
	free(t->slots);
	free(t->order);
	cib_arena_free(&t->arena);
	cib_arena_free(&t->keys);
	cib_arena_free(&t->over);
	free(t);
	s->table = NULL;
}
