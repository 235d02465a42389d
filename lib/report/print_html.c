/* One page of HTML that needs nothing else: no script, nothing from outside, figures as SVG with their table beside them. */
#include "report/private.h"

#include <stdlib.h>
#include <string.h>

void cib_html_attribute_lang(cib_buf *out, const cib_report *r, const char *lang)
{
	if (!lang || strcmp(lang, r->lang) == 0)
		return;
	cib_buf_adds(out, " lang=\"");
	cib_buf_add_markup(out, lang);
	cib_buf_adds(out, "\" dir=\"auto\"");
}

/* ---- tables ---- */

static void write_item(cib_buf *out, const cib_report *r, cib_report_type type, const cib_report_item *item, const char *tag)
{
	bool foreign = item->lang && strcmp(item->lang, r->lang) != 0;
	if (tag || foreign) {
		cib_buf_addf(out, "<%s", tag ? tag : "span");
		cib_html_attribute_lang(out, r, item->lang);
		cib_buf_addc(out, '>');
	}
	if (type == CIB_REPORT_MONEY) {
		cib_number_amount(out, r->lang, item->text);
		cib_buf_adds(out, "\xC2\xA0");
		cib_buf_add_markup(out, item->code);
	} else {
		cib_buf_add_markup(out, item->text);
	}
	if (tag || foreign)
		cib_buf_addf(out, "</%s>", tag ? tag : "span");
}

/* On a telephone a row becomes a card, with the titles of the columns in it, where there are many columns of words. The roles say that
 * it stays a table. */
static bool has_cards(const cib_report_table *t)
{
	size_t words = 0;
	for (size_t c = 0; c < t->column_count; c++)
		words += !cib_is_number(t->columns[c].type);
	return t->column_count > 3 && words > 1;
}

static void write_cell(cib_buf *out, const cib_report *r, const cib_report_table *t, const cib_report_row *row, size_t c, bool cards)
{
	const cib_report_cell *cell = &row->cells[c];
	cib_report_type type = t->columns[c].type;
	bool number = cib_is_number(type), wide = type == CIB_REPORT_WORDS || type == CIB_REPORT_CODE, right = number || type == CIB_REPORT_MONEY;
	cib_buf_adds(out, c == 0 ? "<th scope=\"row\"" : "<td");
	if (cards) {
		cib_buf_addf(out, " role=\"%s\" data-label=\"", c == 0 ? "rowheader" : "cell");
		cib_buf_add_markup(out, t->columns[c].title);
		cib_buf_addc(out, '"');
	}
	cib_buf_addf(out, " class=\"%s%s\">", right ? "n" : wide ? "w"
	                                                         : "d",
	             cell->given ? "" : " none");
	if (c == 0 && row->flagged)
		cib_buf_adds(out, "<span class=\"flag\" aria-hidden=\"true\">\xE2\x96\xB2</span> ");
	if (!cell->given) {
		cib_buf_adds(out, "<abbr title=\"");
		cib_buf_add_markup(out, cib_say(r, "not-given"));
		cib_buf_adds(out, "\">\xE2\x80\x93</abbr>");
	} else if (number) {
		cib_cell_words(out, r, &t->columns[c], cell);
	} else if (cell->count == 1) {
		write_item(out, r, type, &cell->items[0], NULL);
	} else {
		cib_buf_adds(out, "<ul>");
		for (size_t i = 0; i < cell->count; i++)
			write_item(out, r, type, &cell->items[i], "li");
		cib_buf_adds(out, "</ul>");
	}
	cib_buf_adds(out, c == 0 ? "</th>" : "</td>");
}

static void write_row(cib_buf *out, const cib_report *r, const cib_report_table *t, const cib_report_row *row, bool cards)
{
	cib_buf_addf(out, "<tr%s%s>", cards ? " role=\"row\"" : "", row->total ? " class=\"total\"" : row->flagged ? " class=\"flagged\""
	                                                                                                           : "");
	for (size_t c = 0; c < t->column_count; c++)
		write_cell(out, r, t, row, c, cards);
	cib_buf_adds(out, "</tr>\n");
}

/* What a page with thousands of rows leaves out. */
static void write_left_out(cib_buf *out, const cib_report *r, const cib_report_table *t, size_t shown)
{
	cib_buf some = CIB_BUF_INIT, all = CIB_BUF_INIT, words = CIB_BUF_INIT;
	cib_number_count(&some, r->lang, (double)shown);
	cib_number_count(&all, r->lang, (double)t->row_count);
	cib_buf_addf(out, "<p class=\"note cut\" data-table=\"%s\" data-rows=\"%zu\">", t->id, t->row_count);
	cib_fill_to(&words, r, "note.first-rows", some.data, all.data);
	cib_buf_add_markup(out, words.data);
	cib_buf_adds(out, "</p>\n");
	cib_buf_free(&some);
	cib_buf_free(&all);
	cib_buf_free(&words);
}

static void write_table(cib_buf *out, const cib_report *r, const cib_report_table *t, int level, size_t most)
{
	cib_buf_addf(out, "<section>\n<h%d id=\"%s\">", level, t->id);
	cib_buf_add_markup(out, t->title);
	cib_buf_addf(out, "</h%d>\n", level);
	if (t->row_count == 0) {
		cib_buf_adds(out, "<p class=\"note\">");
		cib_buf_add_markup(out, t->empty);
		cib_buf_adds(out, "</p>\n</section>\n");
		return;
	}
	bool cards = has_cards(t);
	cib_report_write_figure(out, r, t);
	cib_buf_addf(out, "<div class=\"wrap%s\" role=\"region\" aria-labelledby=\"%s\" tabindex=\"0\">\n<table aria-labelledby=\"%s\"%s>\n<thead%s><tr%s>", t->column_count <= 3 ? " narrow" : "", t->id, t->id,
	             cards ? " class=\"cards\" role=\"table\"" : "", cards ? " role=\"rowgroup\"" : "", cards ? " role=\"row\"" : "");
	for (size_t c = 0; c < t->column_count; c++) {
		cib_buf_addf(out, "<th scope=\"col\"%s%s>", cards ? " role=\"columnheader\"" : "", cib_is_number(t->columns[c].type) || t->columns[c].type == CIB_REPORT_MONEY ? " class=\"n\"" : "");
		cib_buf_add_markup(out, t->columns[c].title);
		cib_buf_adds(out, "</th>");
	}
	cib_buf_addf(out, "</tr></thead>\n<tbody%s>\n", cards ? " role=\"rowgroup\"" : "");
	size_t shown = 0;
	for (size_t i = 0; i < t->row_count; i++)
		if (!most || shown < most || t->rows[i].total) {
			write_row(out, r, t, &t->rows[i], cards);
			shown++;
		}
	cib_buf_adds(out, "</tbody>\n</table>\n</div>\n");
	if (shown < t->row_count)
		write_left_out(out, r, t, shown);
	cib_buf_adds(out, "</section>\n");
}

/* ---- the page ---- */

static void write_contents(cib_buf *out, const cib_report *r)
{
	size_t tables = 0;
	while (cib_report_table_at(r, tables))
		tables++;
	if (tables < 3)
		return;
	cib_buf_adds(out, "<nav aria-label=\"");
	cib_buf_add_markup(out, cib_say(r, "contents"));
	cib_buf_adds(out, "\"><ul>");
	for (size_t i = 0; i < tables; i++) {
		const cib_report_table *t = cib_report_table_at(r, i);
		cib_buf_addf(out, "<li><a href=\"#%s\">", t->id);
		cib_buf_add_markup(out, t->title);
		cib_buf_adds(out, "</a></li>");
	}
	cib_buf_adds(out, "</ul></nav>\n");
}

static void write_page_head(cib_buf *out, const cib_report *r)
{
	cib_buf_addf(out,
	             "<!doctype html>\n<html lang=\"%s\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" "
	             "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
	             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"cib %s\">\n<title>",
	             r->lang, CIB_VERSION);
	cib_buf_add_markup(out, r->title);
	cib_buf_addf(out, "</title>\n<style>\n%s</style>\n</head>\n<body class=\"cib-report\">\n", cib_report_css());
}

static void write_header(cib_buf *out, const cib_report *r)
{
	char *as_of = cib_report_as_of(r);
	cib_buf_adds(out, "<header>\n");
	if (r->network) {
		cib_buf_adds(out, "<p class=\"over\" dir=\"auto\">");
		cib_buf_add_markup(out, r->network);
		cib_buf_adds(out, "</p>\n");
	}
	cib_buf_adds(out, "<h1>");
	cib_buf_add_markup(out, r->title);
	cib_buf_adds(out, "</h1>\n<p class=\"asof\">");
	cib_buf_add_markup(out, as_of);
	cib_buf_adds(out, "</p>\n");
	write_contents(out, r);
	cib_buf_adds(out, "</header>\n");
	free(as_of);
}

static void write_block(cib_buf *out, const cib_report *r, const cib_report_block *b, int level, size_t most)
{
	static const char *const classes[] = {"", " class=\"sub\"", "", " class=\"note\"", " class=\"alert\""};
	const char *tag = b->kind == CIB_BLOCK_HEADING ? "h2" : b->kind != CIB_BLOCK_SUBHEADING ? "p"
	                                                : level == 2                            ? "h2"
	                                                                                        : "h3";
	if (b->table) {
		write_table(out, r, b->table, level, most);
		return;
	}
	cib_buf_addf(out, "<%s%s", tag, classes[b->kind]);
	cib_html_attribute_lang(out, r, b->lang);
	cib_buf_addc(out, '>');
	cib_buf_add_markup(out, b->text);
	cib_buf_addf(out, "</%s>\n", tag);
}

void cib_report_print_html(cib_buf *out, const cib_report *r, const cib_report_style *style, bool page)
{
	if (page)
		write_page_head(out, r);
	else
		cib_buf_addf(out, "<article class=\"cib-report\" lang=\"%s\">\n", r->lang);
	if (!style || !style->table)
		write_header(out, r);
	cib_buf_adds(out, page ? "<main>\n" : "");
	int part = 2, table = 2; /* levels of the headings of what comes: none is left out on the way down */
	for (size_t i = 0; i < r->block_count; i++) {
		const cib_report_block *b = &r->blocks[i];
		if (!cib_block_wanted(b, style))
			continue;
		write_block(out, r, b, b->table ? table : part, style ? style->rows : 0);
		if (b->kind == CIB_BLOCK_HEADING)
			part = table = 3;
		else if (b->kind == CIB_BLOCK_SUBHEADING)
			table = part + 1;
	}
	cib_buf_adds(out, page ? "</main>\n</body>\n</html>\n" : "</article>\n");
}
