/* Figures as SVG. Each is drawn from the cells of its table, has a title and a description, and says nothing by colour alone: the
 * legend stands in the order of the parts and the numbers stand beside them. Bars and dots are as wide as the page with letters
 * of one size; the map is scaled as a whole. */
#include "report/private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SERIES = 6, ROWS_SHOWN = 60, LABEL = 46 };

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

static void begin(cib_buf *out, const cib_report *r, const cib_report_table *t, const char *attributes)
{
	cib_buf_adds(out, "<figure>\n<figcaption>");
	cib_buf_add_markup(out, t->figure.title);
	cib_buf_addf(out, "</figcaption>\n<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"%s-t %s-d\" %s>\n<title id=\"%s-t\">", t->id, t->id, attributes, t->id);
	cib_buf_add_markup(out, t->figure.title);
	cib_buf_addf(out, "</title><desc id=\"%s-d\">", t->id);
	cib_buf_add_markup(out, cib_say(r, "figure.same-as-table"));
	cib_buf_adds(out, "</desc>\n");
}

static void end(cib_buf *out, const cib_report *r, const cib_report_table *t, size_t series)
{
	cib_buf_adds(out, "</svg>\n");
	if (series > 1) {
		cib_buf_adds(out, "<ul class=\"legend\">");
		for (size_t k = 0; k < series; k++) {
			bool hollow = t->figure.kind == CIB_FIGURE_DOTS && k + 1 < series;
			cib_buf_addf(out, "<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\">");
			if (t->figure.kind == CIB_FIGURE_DOTS)
				cib_buf_addf(out, "<circle cx=\"7\" cy=\"7\" r=\"%s\" class=\"%s\"/>", hollow ? "5" : "6.5", hollow ? "hollow" : "s0");
			else
				cib_buf_addf(out, "<rect width=\"14\" height=\"14\" class=\"s%zu\"/>", k % SERIES);
			cib_buf_adds(out, "</svg>");
			cib_buf_add_markup(out, t->columns[t->figure.first + k].title);
			cib_buf_adds(out, "</li>");
		}
		cib_buf_adds(out, "</ul>\n");
	}
	size_t rows = 0;
	for (size_t i = 0; i < t->row_count; i++)
		rows += !t->rows[i].total;
	if (rows > ROWS_SHOWN && t->figure.kind != CIB_FIGURE_MAP && t->figure.kind != CIB_FIGURE_MATRIX) {
		cib_buf_adds(out, "<p class=\"note\">");
		cib_buf_add_markup(out, cib_say(r, "figure.first-rows"));
		cib_buf_adds(out, "</p>\n");
	}
	cib_buf_adds(out, "</figure>\n");
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

static void bars(cib_buf *out, const cib_report *r, const cib_report_table *t)
{
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
	char attributes[96];
	snprintf(attributes, sizeof attributes, "class=\"bars\" width=\"100%%\" height=\"%zu\" font-size=\"14\"", n * 40 + 4);
	begin(out, r, t, attributes);
	for (size_t i = 0; i < n; i++) {
		char place[48];
		double from = 0;
		snprintf(place, sizeof place, " x=\"0\" y=\"%zu\"", i * 40 + 15);
		label(out, r, t, rows[i], t->figure.label, LABEL - 2 * t->figure.count, place);
		cib_buf_addf(out, "<text x=\"100%%\" y=\"%zu\" text-anchor=\"end\" class=\"soft\">", i * 40 + 15);
		for (size_t k = 0; k < t->figure.count; k++) {
			cib_buf_adds(out, k ? " \xC2\xB7 " : "");
			number(out, r, t, rows[i], k);
		}
		cib_buf_adds(out, "</text>");
		for (size_t k = 0; k < t->figure.count; k++) {
			double v = value_at(t, rows[i], k) * 100 / most;
			if (v > 0)
				cib_buf_addf(out, "<rect x=\"%.2f%%\" y=\"%zu\" width=\"%.2f%%\" height=\"13\" class=\"s%zu\"/>", from, i * 40 + 21, v, k % SERIES);
			from += v;
		}
		cib_buf_adds(out, "\n");
	}
	end(out, r, t, t->figure.count);
}

static void dots(cib_buf *out, const cib_report *r, const cib_report_table *t)
{
	size_t rows[ROWS_SHOWN], n = shown_rows(t, rows);
	double least = t->figure.least, most = t->figure.most;
	char attributes[96];
	snprintf(attributes, sizeof attributes, "class=\"bars\" width=\"100%%\" height=\"%zu\" font-size=\"14\"", n * 44 + 4);
	begin(out, r, t, attributes);
	for (size_t i = 0; i < n; i++) {
		char place[48];
		snprintf(place, sizeof place, " x=\"0\" y=\"%zu\"", i * 44 + 15);
		label(out, r, t, rows[i], t->figure.label, LABEL - 4 * t->figure.count, place);
		cib_buf_addf(out, "<text x=\"100%%\" y=\"%zu\" text-anchor=\"end\" class=\"soft\">", i * 44 + 15);
		for (size_t k = 0; k < t->figure.count; k++) {
			cib_buf_adds(out, k ? " \xE2\x86\x92 " : "");
			number(out, r, t, rows[i], k);
		}
		cib_buf_addf(out, "</text><line x1=\"2%%\" x2=\"98%%\" y1=\"%zu\" y2=\"%zu\" class=\"track\"/>", i * 44 + 29, i * 44 + 29);
		for (size_t k = 0; k < t->figure.count; k++)
			if (t->rows[rows[i]].cells[t->figure.first + k].given)
				cib_buf_addf(out, "<circle cx=\"%.2f%%\" cy=\"%zu\" r=\"%s\" class=\"%s\"/>", 2 + 96 * (value_at(t, rows[i], k) - least) / (most - least), i * 44 + 29,
				             k + 1 < t->figure.count ? "5" : "6.5", k + 1 < t->figure.count ? "hollow" : "s0");
		cib_buf_adds(out, "\n");
	}
	end(out, r, t, t->figure.count);
}

/* ---- a matrix: what meets what ---- */

enum { ACROSS = 48, STEP = 26, LEFT = 210 };

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

static void matrix(cib_buf *out, const cib_report *r, const cib_report_table *t)
{
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
	char attributes[96], place[64];
	snprintf(attributes, sizeof attributes, "width=\"%zu\" height=\"%zu\" font-size=\"13\"", width, height);
	cib_buf_addf(out, "<div class=\"wrap\" role=\"region\" tabindex=\"0\" aria-labelledby=\"%s\">\n", t->id);
	begin(out, r, t, attributes);
	out->data[out->len - 1] = '\n';
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
	end(out, r, t, 1);
	cib_buf_adds(out, "</div>\n");
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

static void map(cib_buf *out, const cib_report *r, const cib_report_table *t)
{
	double most = 1;
	for (size_t i = 0; i < t->row_count; i++)
		most = !t->rows[i].total && value_at(t, i, 0) > most ? value_at(t, i, 0) : most;
	begin(out, r, t, "width=\"100%\" viewBox=\"0 0 1000 430\"");
	graticule(out);
	cib_buf_adds(out, "<path class=\"land\" d=\"");
	for (size_t i = 0; cib_report_land[i]; i++)
		cib_buf_addf(out, "%s\n", cib_report_land[i]);
	cib_buf_adds(out, "\"/>\n");
	for (size_t i = 0; i < t->row_count; i++)
		if (!t->rows[i].total)
			map_dot(out, t, i, most);
	cib_buf_adds(out, "</svg>\n<ul class=\"legend\"><li><svg width=\"14\" height=\"14\" aria-hidden=\"true\"><circle cx=\"7\" cy=\"7\" r=\"6.5\" class=\"s0\"/></svg>");
	cib_buf_add_markup(out, t->columns[t->figure.first].title);
	cib_buf_adds(out, "</li>");
	if (t->figure.count > 1) {
		cib_buf_adds(out, "<li><svg width=\"16\" height=\"16\" aria-hidden=\"true\"><rect x=\"4\" y=\"4\" width=\"8\" height=\"8\" transform=\"rotate(45 8 8)\" class=\"home\"/></svg>");
		cib_buf_add_markup(out, t->columns[t->figure.first + 1].title);
		cib_buf_adds(out, "</li>");
	}
	cib_buf_adds(out, "</ul>\n<p class=\"note\">");
	cib_buf_add_markup(out, cib_say(r, "map.note"));
	cib_buf_adds(out, "</p>\n</figure>\n");
}

void cib_report_svg(cib_buf *out, const cib_report *r, const cib_report_table *t)
{
	switch (t->figure.kind) {
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
		map(out, r, t);
		break;
	default:
		break;
	}
}
