/* What stands in a figure. Each is drawn from the cells of its table and says nothing by colour alone: the legend stands in the order
 * of the parts and the numbers stand beside them. Bars and dots are as wide as there is room, with letters of one size; the map
 * is scaled as a whole. figure.c puts it into a page or a file. */
#include "report/private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SERIES = CIB_FIGURE_SERIES,
       ROWS_SHOWN = CIB_FIGURE_ROWS,
       LABEL = 60 };

static double value_at(const cib_report_table *t, size_t row, size_t k)
{
	const cib_report_cell *cell = &t->rows[row].cells[t->figure.first + k];
	return cell->given && cell->value > 0 ? cell->value : 0;
}

static void number(cib_buf *out, const cib_report *r, const cib_report_table *t, size_t row, size_t k)
{
	const cib_report_cell *cell = &t->rows[row].cells[t->figure.first + k];
	if (cell->given)
		cib_cell_words(out, r, &t->columns[t->figure.first + k], cell);
	else
		cib_buf_adds(out, "\xE2\x80\x93");
}

/* At most `most` characters of a label, with its language. */
static void label(cib_buf *out, const cib_report *r, const cib_report_table *t, size_t row, size_t column, size_t most, const char *place)
{
	const cib_report_cell *cell = &t->rows[row].cells[column];
	cib_buf words = CIB_BUF_INIT;
	cib_cell_words(&words, r, &t->columns[column], cell);
	const char *s = cib_buf_str(&words), *p = s;
	size_t n = 0;
	for (; *p && n < most; n++)
		do
			p++;
		while (((unsigned char)*p & 0xC0u) == 0x80u);
	cib_buf_addf(out, "<text%s", place);
	if (cell->count && cell->items[0].lang && strcmp(cell->items[0].lang, r->lang) != 0) {
		cib_buf_adds(out, " lang=\"");
		cib_buf_add_markup(out, cell->items[0].lang);
		cib_buf_addc(out, '"');
	}
	cib_buf_addc(out, '>');
	char *cut = *p ? cib_format("%.*s\xE2\x80\xA6", (int)(p - s), s) : cib_strdup(s);
	cib_buf_add_markup(out, cut);
	cib_buf_adds(out, "</text>");
	free(cut);
	cib_buf_free(&words);
}

/* ---- bars and dots: the label above, the bar below, so that a telephone has room for both ---- */

static size_t shown_rows(const cib_report_table *t, size_t rows[ROWS_SHOWN])
{
	size_t n = 0;
	for (size_t i = 0; i < t->row_count && n < ROWS_SHOWN; i++)
		if (!t->rows[i].total)
			rows[n++] = i;
	return n;
}

/* The label and, at the end of the line, the numbers, to which it gives way whatever the width: the label stands in a view that
 * is as wide as the picture and lies to the left of it by what the numbers need, so that it ends where they begin. */
static void line_above(cib_buf *out, const cib_report *r, const cib_report_table *t, size_t row, size_t y, const char *between)
{
	enum { LETTER = 8 }; /* px, of a digit and what parts them */
	char place[48];
	cib_buf numbers = CIB_BUF_INIT;
	size_t letters = 1;
	for (size_t k = 0; k < t->figure.count; k++) {
		cib_buf_adds(&numbers, k ? between : "");
		number(&numbers, r, t, row, k);
	}
	for (const char *p = cib_buf_str(&numbers); *p; p++)
		letters += ((unsigned char)*p & 0xC0u) != 0x80u;
	cib_buf_addf(out, "<svg x=\"-%zu\" width=\"100%%\">", letters * LETTER);
	snprintf(place, sizeof place, " x=\"%zu\" y=\"%zu\"", letters * LETTER, y);
	label(out, r, t, row, t->figure.label, LABEL, place);
	cib_buf_addf(out, "</svg><text x=\"100%%\" y=\"%zu\" text-anchor=\"end\" class=\"soft\">%s</text>", y, cib_buf_str(&numbers));
	cib_buf_free(&numbers);
}

static void bars(cib_picture *pic, const cib_report *r, const cib_report_table *t)
{
	cib_buf *out = &pic->body;
	size_t rows[ROWS_SHOWN], n = shown_rows(t, rows);
	double most = t->figure.most;
	for (size_t i = 0; i < n && t->figure.most <= 0; i++) {
		double sum = 0;
		for (size_t k = 0; k < t->figure.count; k++)
			sum += value_at(t, rows[i], k);
		most = sum > most ? sum : most;
	}
	if (most <= 0)
		return;
	pic->height = n * 40 + 4;
	for (size_t i = 0; i < n; i++) {
		double from = 0;
		line_above(out, r, t, rows[i], i * 40 + 15, " \xC2\xB7 ");
		for (size_t k = 0; k < t->figure.count; k++) {
			double v = value_at(t, rows[i], k) * 100 / most;
			if (v > 0)
				cib_buf_addf(out, "<rect x=\"%.2f%%\" y=\"%zu\" width=\"%.2f%%\" height=\"13\" class=\"s%zu\"/>", from, i * 40 + 21, v, k % SERIES);
			from += v;
		}
		cib_buf_adds(out, "\n");
	}
}

static void dots(cib_picture *pic, const cib_report *r, const cib_report_table *t)
{
	cib_buf *out = &pic->body;
	size_t rows[ROWS_SHOWN], n = shown_rows(t, rows);
	double least = t->figure.least, most = t->figure.most;
	pic->height = n * 44 + 4;
	for (size_t i = 0; i < n; i++) {
		line_above(out, r, t, rows[i], i * 44 + 15, " \xE2\x86\x92 ");
		cib_buf_addf(out, "<line x1=\"2%%\" x2=\"98%%\" y1=\"%zu\" y2=\"%zu\" class=\"track\"/>", i * 44 + 29, i * 44 + 29);
		for (size_t k = 0; k < t->figure.count; k++)
			if (t->rows[rows[i]].cells[t->figure.first + k].given)
				cib_buf_addf(out, "<circle cx=\"%.2f%%\" cy=\"%zu\" r=\"%s\" class=\"%s\"/>", 2 + 96 * (value_at(t, rows[i], k) - least) / (most - least), i * 44 + 29,
				             k + 1 < t->figure.count ? "5" : "6.5", k + 1 < t->figure.count ? "hollow" : "s0");
		cib_buf_adds(out, "\n");
	}
}

/* ---- a matrix: what meets what ---- */

enum { ACROSS = 48,
       STEP = 26,
       LEFT = 210 };

typedef struct {
	const char *names[ROWS_SHOWN];
	size_t rows[ROWS_SHOWN]; /* the first row of the table that has the name */
	size_t count;
} axis;

static size_t on_axis(axis *a, const char *name, size_t row, size_t most)
{
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->names[i], name) == 0)
			return i;
	if (a->count >= most)
		return SIZE_MAX;
	a->names[a->count] = name;
	a->rows[a->count] = row;
	return a->count++;
}

static const char *code_of(const cib_report_table *t, size_t row, size_t column)
{
	const cib_report_cell *cell = &t->rows[row].cells[column];
	return cell->count ? cell->items[0].code ? cell->items[0].code : cell->items[0].text : NULL;
}

static void matrix(cib_picture *pic, const cib_report *r, const cib_report_table *t)
{
	cib_buf *out = &pic->body;
	axis down = {.count = 0}, across = {.count = 0};
	double most = 0;
	for (size_t i = 0; i < t->row_count; i++) {
		const char *a = code_of(t, i, t->figure.label), *b = code_of(t, i, t->figure.across);
		if (a && b && !t->rows[i].total) {
			on_axis(&down, a, i, ROWS_SHOWN);
			on_axis(&across, b, i, ACROSS);
			most = value_at(t, i, 0) > most ? value_at(t, i, 0) : most;
		}
	}
	if (most <= 0)
		return;
	size_t width = LEFT + across.count * STEP + 10, height = 34 + down.count * STEP;
	char place[64];
	pic->width = width;
	pic->height = height;
	for (size_t k = 0; k < across.count; k++) {
		cib_buf_addf(out, "<text x=\"%zu\" y=\"16\" text-anchor=\"middle\" class=\"soft\">", LEFT + k * STEP + STEP / 2);
		cib_buf_add_markup(out, across.names[k]);
		cib_buf_addf(out, "</text><line x1=\"%zu\" x2=\"%zu\" y1=\"24\" y2=\"%zu\" class=\"grid\"/>\n", LEFT + k * STEP + STEP / 2, LEFT + k * STEP + STEP / 2, height);
	}
	for (size_t k = 0; k < down.count; k++) {
		snprintf(place, sizeof place, " x=\"0\" y=\"%zu\"", 34 + k * STEP + 16);
		label(out, r, t, down.rows[k], t->figure.label, 28, place);
		cib_buf_addf(out, "<line x1=\"%d\" x2=\"%zu\" y1=\"%zu\" y2=\"%zu\" class=\"grid\"/>\n", LEFT, width, 34 + k * STEP + STEP / 2, 34 + k * STEP + STEP / 2);
	}
	for (size_t i = 0; i < t->row_count; i++) {
		const char *a = code_of(t, i, t->figure.label), *b = code_of(t, i, t->figure.across);
		double v = value_at(t, i, 0);
		if (!a || !b || v <= 0 || t->rows[i].total)
			continue;
		size_t y = on_axis(&down, a, i, 0), x = on_axis(&across, b, i, 0);
		if (x == SIZE_MAX || y == SIZE_MAX)
			continue;
		cib_buf_addf(out, "<circle cx=\"%zu\" cy=\"%zu\" r=\"%.1f\" class=\"%s\"/>", LEFT + x * STEP + STEP / 2, 34 + y * STEP + STEP / 2, 4 + 7 * sqrt(v / most), t->rows[i].flagged ? "s3" : "s0");
		if (t->rows[i].flagged)
			cib_buf_addf(out, "<circle cx=\"%zu\" cy=\"%zu\" r=\"%.1f\" class=\"home\"/>", LEFT + x * STEP + STEP / 2, 34 + y * STEP + STEP / 2, 4 + 7 * sqrt(v / most));
		cib_buf_addc(out, '\n');
	}
}

/* ---- the map ---- */

static void graticule(cib_buf *out)
{
	cib_buf_adds(out, "<path class=\"grid\" d=\"M0 243H1000M500 0V430\"/>\n");
}

static void map_dot(cib_buf *out, const cib_report_table *t, size_t row, double most)
{
	double x, y, v = value_at(t, row, 0);
	const char *code = code_of(t, row, t->figure.label);
	const cib_report_cell *home = &t->rows[row].cells[t->figure.first + 1];
	if (!code || !cib_geo_place(&x, &y, code))
		return;
	cib_buf_adds(out, "<g><title>");
	cib_buf_add_markup(out, t->rows[row].cells[t->figure.label].items[0].text);
	cib_buf_addf(out, ": %.0f</title>", v);
	if (v > 0)
		cib_buf_addf(out, "<circle cx=\"%.0f\" cy=\"%.0f\" r=\"%.1f\" class=\"s0\" fill-opacity=\".8\"/>", x, y, 5 + 11 * sqrt(v / most));
	if (t->figure.count > 1 && home->given && home->value > 0)
		cib_buf_addf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\" transform=\"rotate(45 %.0f %.0f)\" class=\"home at\"/>", x - 5, y - 5, x, y);
	cib_buf_adds(out, "</g>\n");
}

static void map(cib_picture *pic, const cib_report_table *t)
{
	cib_buf *out = &pic->body;
	double most = 1;
	for (size_t i = 0; i < t->row_count; i++)
		most = !t->rows[i].total && value_at(t, i, 0) > most ? value_at(t, i, 0) : most;
	pic->width = 1000;
	pic->height = CIB_REPORT_MAP_HEIGHT;
	pic->scaled = true;
	graticule(out);
	cib_buf_adds(out, "<path class=\"land\" d=\"");
	for (size_t i = 0; cib_report_land[i]; i++)
		cib_buf_addf(out, "%s\n", cib_report_land[i]);
	cib_buf_adds(out, "\"/>\n");
	for (size_t i = 0; i < t->row_count; i++)
		if (!t->rows[i].total)
			map_dot(out, t, i, most);
}

void cib_report_draw(cib_picture *out, const cib_report *r, const cib_report_table *t)
{
	*out = (cib_picture){.height = 0};
	switch (t->row_count ? t->figure.kind : CIB_FIGURE_NONE) {
	case CIB_FIGURE_BARS:
		bars(out, r, t);
		break;
	case CIB_FIGURE_DOTS:
		dots(out, r, t);
		break;
	case CIB_FIGURE_MATRIX:
		matrix(out, r, t);
		break;
	case CIB_FIGURE_MAP:
		map(out, t);
		break;
	default:
		break;
	}
}
