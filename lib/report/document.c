/* Building a report: blocks, tables, cells; and the few calls that the world outside makes. */
#include "report/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- words ---- */

const char *cib_say(const cib_report *r, const char *key)
{
	return cib_report_message(r->lang, key);
}

static void fill(cib_buf *out, const char *words, size_t len, const char *const values[4])
{
	for (size_t i = 0; i < len; i++) {
		if (i + 2 < len && words[i] == '{' && words[i + 1] >= '0' && words[i + 1] <= '3' && words[i + 2] == '}') {
			const char *value = values[words[i + 1] - '0'];
			cib_buf_adds(out, value ? value : "");
			i += 2;
		} else {
			cib_buf_addc(out, words[i]);
		}
	}
}

void cib_fill_to(cib_buf *out, const cib_report *r, const char *key, const char *a, const char *b)
{
	const char *words = cib_say(r, key);
	fill(out, words, strlen(words), (const char *const[4]){a, b, NULL, NULL});
}

static const char *filled(cib_report *r, const char *words, size_t len, const char *a, const char *b)
{
	cib_buf out = CIB_BUF_INIT;
	fill(&out, words, len, (const char *const[4]){a, b, NULL, NULL});
	const char *kept = cib_arena_strndup(&r->priv->arena, cib_buf_str(&out), out.len);
	cib_buf_free(&out);
	return kept;
}

const char *cib_fill(cib_report *r, const char *key, const char *a, const char *b)
{
	const char *words = cib_say(r, key);
	return filled(r, words, strlen(words), a, b);
}

/* The form of a message ("one|many") for a number. */
static const char *form_of(const cib_report *r, const char *key, size_t n, size_t *len)
{
	const char *words = cib_say(r, key), *many = strchr(words, '|');
	bool one = n == 1 || (n == 0 && strcmp(r->lang, "fr") == 0);
	const char *chosen = many && !one ? many + 1 : words;
	*len = many && one ? (size_t)(many - words) : strlen(chosen);
	return chosen;
}

const char *cib_plural(cib_report *r, const char *key, size_t n)
{
	cib_buf number = CIB_BUF_INIT;
	size_t len;
	cib_number_count(&number, r->lang, (double)n);
	const char *form = form_of(r, key, n, &len), *text = filled(r, form, len, number.data, NULL);
	cib_buf_free(&number);
	return text;
}

/* ---- blocks ----
 *
 * All that a report says is its own, interned: what a builder hands over may stand in a codelist or an entry of the network, which can be gone
 * before the report is. */

/* A language that has to be named: not the report's. */
static const char *foreign(cib_report *r, const char *lang)
{
	return lang && strcmp(lang, r->lang) != 0 ? cib_report_intern(r, lang) : NULL;
}

void cib_block(cib_report *r, cib_block_kind kind, const char *text, const char *lang)
{
	r->blocks = cib_report_grow(r, r->blocks, &r->block_cap, r->block_count + 1, sizeof *r->blocks);
	r->blocks[r->block_count++] = (cib_report_block){kind, cib_report_intern(r, text), foreign(r, lang), NULL};
}

void cib_heading(cib_report *r, const char *text)
{
	cib_block(r, CIB_BLOCK_HEADING, text, NULL);
}

cib_report_table *cib_table(cib_report *r, const char *id, const char *title_key)
{
	cib_report_table *t = cib_report_new(r, sizeof *t);
	t->id = cib_report_intern(r, id);
	t->title = cib_say(r, title_key);
	t->empty = cib_say(r, "none");
	cib_block(r, CIB_BLOCK_TABLE, NULL, NULL);
	r->blocks[r->block_count - 1].table = t;
	return t;
}

void cib_column_named(cib_report *r, cib_report_table *t, const char *key, const char *title, cib_report_type type)
{
	t->columns = cib_report_grow(r, t->columns, &t->column_cap, t->column_count + 1, sizeof *t->columns);
	t->columns[t->column_count++] = (cib_report_column){cib_report_intern(r, key), cib_report_intern(r, title), type};
}

void cib_column(cib_report *r, cib_report_table *t, const char *key, cib_report_type type)
{
	char message[64];
	snprintf(message, sizeof message, "col.%s", key);
	cib_column_named(r, t, key, cib_say(r, message), type);
}

cib_report_row *cib_row(cib_report *r, cib_report_table *t)
{
	t->rows = cib_report_grow(r, t->rows, &t->row_cap, t->row_count + 1, sizeof *t->rows);
	cib_report_row *row = &t->rows[t->row_count++];
	row->cells = cib_report_new(r, t->column_count * sizeof *row->cells);
	t->filled = 0;
	return row;
}

/* ---- cells ---- */

static cib_report_cell *next_cell(cib_report_table *t)
{
	return &t->rows[t->row_count - 1].cells[t->filled++];
}

void cib_put_none(cib_report *r, cib_report_table *t)
{
	(void)r;
	next_cell(t);
}

void cib_put_number(cib_report *r, cib_report_table *t, double value)
{
	(void)r;
	cib_report_cell *cell = next_cell(t);
	cell->given = true;
	cell->value = value;
}

void cib_put_list(cib_report *r, cib_report_table *t)
{
	cib_put_none(r, t);
}

void cib_add_item(cib_report *r, cib_report_table *t, const char *text, const char *lang, const char *code)
{
	cib_report_cell *cell = &t->rows[t->row_count - 1].cells[t->filled - 1];
	if (!text && !code)
		return;
	cell->given = true;
	cell->items = cib_report_grow(r, cell->items, &cell->cap, cell->count + 1, sizeof *cell->items);
	cell->items[cell->count++] = (cib_report_item){cib_report_intern(r, text ? text : code), foreign(r, lang), cib_report_intern(r, code)};
}

void cib_put_words(cib_report *r, cib_report_table *t, const char *words)
{
	cib_put_none(r, t);
	cib_add_item(r, t, words, NULL, NULL);
}

void cib_put_text(cib_report *r, cib_report_table *t, cib_fact_text text)
{
	cib_put_none(r, t);
	cib_add_item(r, t, text.text, text.lang, NULL);
}

void cib_put_code(cib_report *r, cib_report_table *t, const char *code, const char *name, const char *lang)
{
	cib_put_none(r, t);
	cib_add_item(r, t, name, lang, code);
}

void cib_put_date(cib_report *r, cib_report_table *t, const char *date)
{
	cib_put_none(r, t);
	cib_add_item(r, t, date, NULL, NULL);
}

void cib_add_member(cib_report *r, cib_report_table *t, const char *id)
{
	const cib_fact_member *m = id ? cib_report_member(r, id) : NULL;
	cib_add_item(r, t, m ? m->name.text : id && strcmp(id, "secretariat") == 0 ? cib_say(r, "secretariat")
	                                                                           : NULL,
	             m ? m->name.lang : NULL, id);
}

void cib_put_member(cib_report *r, cib_report_table *t, const char *id)
{
	cib_put_none(r, t);
	cib_add_member(r, t, id && !*id ? "secretariat" : id);
}

const char *cib_report_name_of(const cib_report *r, const char *list, const char *code)
{
	const cib_codelist *l = cib_network_codelist(r->priv->options.net, list);
	const cib_code *c = l ? cib_codelist_get(l, code) : NULL;
	return c ? cib_code_name(c, r->lang, true) : code;
}

void cib_add_listed(cib_report *r, cib_report_table *t, const char *list, const char *code)
{
	if (code)
		cib_add_item(r, t, cib_report_name_of(r, list, code), NULL, code);
}

void cib_put_listed(cib_report *r, cib_report_table *t, const char *list, const char *code)
{
	cib_put_none(r, t);
	cib_add_listed(r, t, list, code);
}

void cib_figure(cib_report *r, cib_report_table *t, cib_figure_kind kind, const char *title_key, size_t label, size_t first, size_t count)
{
	t->figure = (cib_report_figure){.kind = kind, .title = cib_say(r, title_key), .label = label, .first = first, .count = count};
}

typedef struct {
	size_t first, count;
} order_by;

static int compare_rows(const void *a, const void *b, void *payload)
{
	const cib_report_row *x = a, *y = b;
	const order_by *by = payload;
	double vx = 0, vy = 0;
	for (size_t i = by->first; i < by->first + by->count; i++) {
		vx += x->cells[i].value;
		vy += y->cells[i].value;
	}
	if (vx > vy || vx < vy)
		return vx > vy ? -1 : 1;
	if (!x->cells[0].count || !y->cells[0].count)
		return (int)(x->cells[0].count > 0) - (int)(y->cells[0].count > 0);
	int order = strcmp(x->cells[0].items[0].text, y->cells[0].items[0].text);
	const char *cx = x->cells[0].items[0].code, *cy = y->cells[0].items[0].code;
	return order || !cx || !cy ? order : strcmp(cx, cy);
}

void cib_sort_by_values(cib_report_table *t, size_t first, size_t count)
{
	if (t->row_count)
		qsort_r(t->rows, t->row_count, sizeof *t->rows, compare_rows, &(order_by){first, count});
}

/* ---- what a cell says ---- */

void cib_cell_words(cib_buf *out, const cib_report *r, const cib_report_column *column, const cib_report_cell *cell)
{
	if (!cell->given)
		return;
	if (column->type == CIB_REPORT_COUNT)
		cib_number_count(out, r->lang, cell->value);
	else if (column->type == CIB_REPORT_DECIMAL)
		cib_number_decimal(out, r->lang, cell->value, 1);
	else if (column->type == CIB_REPORT_PERCENT)
		cib_number_percent(out, r->lang, cell->value);
	for (size_t i = 0; i < cell->count; i++) {
		cib_buf_adds(out, i ? "; " : "");
		if (column->type == CIB_REPORT_MONEY) {
			cib_number_amount(out, r->lang, cell->items[i].text);
			cib_buf_addf(out, "\xC2\xA0%s", cell->items[i].code);
		} else {
			cib_buf_adds(out, cell->items[i].text);
		}
	}
}

char *cib_report_as_of(const cib_report *r)
{
	const char *state = cib_say(r, strcmp(r->state, "here") == 0 ? "state.here" : "state.accepted");
	cib_buf number = CIB_BUF_INIT, out = CIB_BUF_INIT;
	cib_number_count(&number, r->lang, (double)r->entries);
	char commit[11];
	size_t len;
	const char *form = form_of(r, "as-of", r->entries, &len);
	snprintf(commit, sizeof commit, "%.10s", r->commit);
	fill(&out, form, len, (const char *const[4]){state, r->date, commit, number.data});
	cib_buf_free(&number);
	return cib_buf_take(&out);
}

const cib_report_table *cib_report_table_at(const cib_report *report, size_t i)
{
	for (size_t k = 0; k < report->block_count; k++)
		if (report->blocks[k].table && i-- == 0)
			return report->blocks[k].table;
	return NULL;
}

int cib_report_table_named(const cib_report_table **out, const cib_report *report, const char *id, cib_error *err)
{
	const char *names[64];
	const cib_report_table *t;
	cib_buf all = CIB_BUF_INIT;
	size_t n = 0;
	for (; n < 64 && (t = cib_report_table_at(report, n)); n++) {
		names[n] = t->id;
		cib_buf_addf(&all, " %s", t->id);
		if (strcmp(t->id, id) != 0)
			continue;
		if (out)
			*out = t;
		cib_buf_free(&all);
		return CIB_OK;
	}
	const char *near = cib_nearest(id, names, n);
	int status = cib_error_set(err, CIB_USAGE, "report.table", "the report %s has no table '%s'; it has:%s", report->name, id, cib_buf_str(&all));
	if (near)
		cib_error_hint(err, "did you mean %s?", near);
	cib_buf_free(&all);
	return status;
}
