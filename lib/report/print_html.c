/* One page of HTML that needs nothing else: no script, nothing from outside, figures as SVG with their table beside them. */
#include "report/private.h"

#include <stdlib.h>
#include <string.h>

static const char style[] =
	":root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d0d7de;--band:#f6f8fa;--flag:#9a4a00;--flagbg:#fff4e5;"
	"--s0:#0b4f79;--s1:#3f8fbf;--s2:#a9cbe0;--s3:#e0c48a;--s4:#b9b9b9;--s5:#7a5195;--land:#e3e7eb;--sea:#fff}\n"
	"@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa5b1;--paper:#12161b;--line:#3a424c;--band:#1a2027;--flag:#ffb454;--flagbg:#2e2412;"
	"--s0:#7cc4f2;--s1:#3f86b3;--s2:#2b5571;--s3:#8a7441;--s4:#5c6670;--s5:#b794d6;--land:#2a323b;--sea:#12161b}}\n"
	"*{box-sizing:border-box}body{font:16px/1.5 system-ui,-apple-system,'Segoe UI','Noto Sans','Noto Sans Arabic',sans-serif;margin:0 auto;max-width:72rem;padding:1.5rem 1rem 4rem;color:var(--ink);"
	"background:var(--paper);overflow-wrap:break-word}\n"
	"h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0 .4rem}h2{font-size:1.3rem;margin:2.6rem 0 .4rem;padding-top:.6rem;border-top:2px solid var(--line)}"
	"h3{font-size:1.05rem;margin:1.8rem 0 .5rem}h4{font-size:1rem;margin:1.4rem 0 .2rem}p{margin:.4rem 0;max-width:48rem}\n"
	".over,.asof,.note{color:var(--soft)}.over{margin:0;font-weight:600}.asof,.note{font-size:.9rem}.asof code{font-size:.95em}"
	".alert{border-inline-start:4px solid var(--flag);background:var(--flagbg);padding:.4rem .8rem}\n"
	"nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;margin:.8rem 0 0;padding:0}nav a{display:inline-block;padding:.2rem 0;min-height:24px}"
	"a{color:var(--s0)}a:focus-visible,.wrap:focus-visible{outline:3px solid var(--s1);outline-offset:2px}\n"
	".wrap{overflow-x:auto;margin:.3rem 0 1rem}table{border-collapse:collapse;width:100%;font-size:.93rem}"
	"th,td{text-align:start;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}"
	"thead th{border-bottom:2px solid var(--line);font-size:.85rem;color:var(--soft);vertical-align:bottom}tbody th{font-weight:500}"
	"td,th{min-width:3.6rem}td.none{color:var(--soft)}.w{min-width:5.6rem;max-width:26rem}.narrow{max-width:44rem}.n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap;min-width:0}thead .n{white-space:normal}"
	"tr.total th,tr.total td{font-weight:700;background:var(--band)}tr.flagged th:first-child{box-shadow:inset 4px 0 0 var(--flag);padding-inline-start:.8rem}"
	".flag{color:var(--flag)}td ul{margin:0;padding:0;list-style:none}td li+li{margin-top:.15rem}abbr{text-decoration:none}\n"
	"figure{margin:.4rem 0 1rem}figcaption{color:var(--soft);font-size:.9rem;margin-bottom:.3rem}svg{display:block;max-width:100%}svg text{fill:var(--ink);font-family:inherit;unicode-bidi:plaintext}"
	"svg .soft{fill:var(--soft)}.s0{fill:var(--s0)}.s1{fill:var(--s1)}.s2{fill:var(--s2)}.s3{fill:var(--s3)}.s4{fill:var(--s4)}.s5{fill:var(--s5)}"
	".s0,.s1,.s2,.s3,.s4,.s5{stroke:var(--paper);stroke-width:1}.track{stroke:var(--line);stroke-width:2}.hollow{fill:var(--paper);stroke:var(--s1);stroke-width:2.5}"
	".land{fill:var(--land)}.grid{fill:none;stroke:var(--line);stroke-width:.5}.home{fill:none;stroke:var(--flag);stroke-width:2.5}.at{fill:var(--paper)}.bars{max-width:44rem}\n"
	".legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:.2rem 0;padding:0;font-size:.88rem}.legend svg{display:inline-block;vertical-align:-2px;margin-inline-end:.35rem}\n"
	".d{white-space:nowrap}\n"
	"@media (max-width:40rem){body{padding:1rem .8rem 3rem}h1{font-size:1.4rem}th,td{padding:.35rem .45rem}.w{min-width:7.5rem}"
	".cards,.cards tbody,.cards tr,.cards th,.cards td{display:block;width:auto;max-width:none;min-width:0}.cards thead{display:none}.cards tr{border-bottom:1px solid var(--line);padding:.5rem 0}"
	".cards th,.cards td{border:0;padding:.1rem .45rem;text-align:start}.cards td::before{content:attr(data-label);display:block;font-size:.8rem;color:var(--soft)}"
	".cards th{font-weight:700}.cards .n,.cards .d{display:inline-block;margin-inline-end:1rem}.cards td.none{display:none}.cards tr.flagged{box-shadow:inset 4px 0 0 var(--flag)}.cards tr.flagged th:first-child{box-shadow:none}}\n"
	"@media print{body{max-width:none;padding:0;font-size:10pt}nav{display:none}.wrap{overflow:visible}figure,tr{break-inside:avoid}h2,h3,h4{break-after:avoid}thead{display:table-header-group}}\n";

void cib_html_attribute_lang(cib_buf *out, const cib_report *r, const char *lang)
{
	if (!lang || strcmp(lang, r->lang) == 0)
		return;
	cib_buf_adds(out, " lang=\"");
	cib_buf_add_markup(out, lang);
	cib_buf_adds(out, "\" dir=\"auto\"");
}

/* ---- tables ---- */

static bool is_number(cib_report_type type)
{
	return type == CIB_REPORT_COUNT || type == CIB_REPORT_DECIMAL || type == CIB_REPORT_PERCENT;
}

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
		words += !is_number(t->columns[c].type);
	return t->column_count > 3 && words > 1;
}

static void write_cell(cib_buf *out, const cib_report *r, const cib_report_table *t, const cib_report_row *row, size_t c, bool cards)
{
	const cib_report_cell *cell = &row->cells[c];
	cib_report_type type = t->columns[c].type;
	bool number = is_number(type), wide = type == CIB_REPORT_WORDS || type == CIB_REPORT_CODE, right = number || type == CIB_REPORT_MONEY;
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

static void write_table(cib_buf *out, const cib_report *r, const cib_report_table *t)
{
	cib_buf_addf(out, "<section>\n<h3 id=\"%s\">", t->id);
	cib_buf_add_markup(out, t->title);
	cib_buf_adds(out, "</h3>\n");
	if (t->row_count == 0) {
		cib_buf_adds(out, "<p class=\"note\">");
		cib_buf_add_markup(out, t->empty);
		cib_buf_adds(out, "</p>\n</section>\n");
		return;
	}
	bool cards = has_cards(t);
	cib_report_svg(out, r, t);
	cib_buf_addf(out, "<div class=\"wrap%s\" role=\"region\" aria-labelledby=\"%s\" tabindex=\"0\">\n<table aria-labelledby=\"%s\"%s>\n<thead%s><tr%s>", t->column_count <= 3 ? " narrow" : "", t->id, t->id,
	             cards ? " class=\"cards\" role=\"table\"" : "", cards ? " role=\"rowgroup\"" : "", cards ? " role=\"row\"" : "");
	for (size_t c = 0; c < t->column_count; c++) {
		cib_buf_addf(out, "<th scope=\"col\"%s%s>", cards ? " role=\"columnheader\"" : "", is_number(t->columns[c].type) || t->columns[c].type == CIB_REPORT_MONEY ? " class=\"n\"" : "");
		cib_buf_add_markup(out, t->columns[c].title);
		cib_buf_adds(out, "</th>");
	}
	cib_buf_addf(out, "</tr></thead>\n<tbody%s>\n", cards ? " role=\"rowgroup\"" : "");
	for (size_t i = 0; i < t->row_count; i++) {
		const cib_report_row *row = &t->rows[i];
		cib_buf_addf(out, "<tr%s%s>", cards ? " role=\"row\"" : "", row->total ? " class=\"total\"" : row->flagged ? " class=\"flagged\""
		                                                                            : "");
		for (size_t c = 0; c < t->column_count; c++)
			write_cell(out, r, t, row, c, cards);
		cib_buf_adds(out, "</tr>\n");
	}
	cib_buf_adds(out, "</tbody>\n</table>\n</div>\n</section>\n");
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

static void write_head(cib_buf *out, const cib_report *r)
{
	char *as_of = cib_report_as_of(r);
	cib_buf_addf(out,
	             "<!doctype html>\n<html lang=\"%s\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" "
	             "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
	             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"cib %s\">\n<title>",
	             r->lang, CIB_VERSION);
	cib_buf_add_markup(out, r->title);
	cib_buf_adds(out, "</title>\n<style>\n");
	cib_buf_adds(out, style);
	cib_buf_adds(out, "</style>\n</head>\n<body>\n<header>\n");
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
	cib_buf_adds(out, "</header>\n<main>\n");
	free(as_of);
}

static void write_block(cib_buf *out, const cib_report *r, const cib_report_block *b)
{
	static const char *const tags[] = {"h2", "h4", "p", "p", "p"}, *const classes[] = {"", "", "", " class=\"note\"", " class=\"alert\""};
	if (b->table) {
		write_table(out, r, b->table);
		return;
	}
	cib_buf_addf(out, "<%s%s", tags[b->kind], classes[b->kind]);
	cib_html_attribute_lang(out, r, b->lang);
	cib_buf_addc(out, '>');
	cib_buf_add_markup(out, b->text);
	cib_buf_addf(out, "</%s>\n", tags[b->kind]);
}

void cib_report_print_html(cib_buf *out, const cib_report *r)
{
	write_head(out, r);
	for (size_t i = 0; i < r->block_count; i++)
		write_block(out, r, &r->blocks[i]);
	cib_buf_adds(out, "</main>\n</body>\n</html>\n");
}
