/* A figure with its title, its legend and what is to be said of it: in a page, where the table follows, or as a file of its own. */
#include "report/private.h"

#include <stdlib.h>
#include <string.h>

/* ---- the legend: a mark and a word each */

/* The mark of a part, in 14 by 14 units at x, y. */
static void add_mark(cib_buf *out, const cib_report_table *t, size_t k, size_t x, size_t y)
{
	bool last = k + 1 == t->figure.count;
	if (t->figure.kind == CIB_FIGURE_MAP && k == 1)
		cib_buf_addf(out, "<rect x=\"%zu\" y=\"%zu\" width=\"8\" height=\"8\" transform=\"rotate(45 %zu %zu)\" class=\"home\"/>", x + 3, y + 3, x + 7, y + 7);
	else if (t->figure.kind == CIB_FIGURE_MAP || (t->figure.kind == CIB_FIGURE_DOTS && last))
		cib_buf_addf(out, "<circle cx=\"%zu\" cy=\"%zu\" r=\"6.5\" class=\"s0\"/>", x + 7, y + 7);
	else if (t->figure.kind == CIB_FIGURE_DOTS)
		cib_buf_addf(out, "<circle cx=\"%zu\" cy=\"%zu\" r=\"5\" class=\"hollow\"/>", x + 7, y + 7);
	else
		cib_buf_addf(out, "<rect x=\"%zu\" y=\"%zu\" width=\"14\" height=\"14\" class=\"s%zu\"/>", x, y, k % CIB_FIGURE_SERIES);
}

static bool has_legend(const cib_report_table *t)
{
	return t->figure.kind == CIB_FIGURE_MAP || (t->figure.kind != CIB_FIGURE_MATRIX && t->figure.count > 1);
}

/* What is to be said below: NULL when nothing is. */
static const char *note_of(const cib_report *r, const cib_report_table *t)
{
	size_t rows = 0;
	for (size_t i = 0; i < t->row_count; i++)
		rows += !t->rows[i].total;
	if (t->figure.kind == CIB_FIGURE_MAP)
		return cib_say(r, "map.note");
	return rows > CIB_FIGURE_ROWS && t->figure.kind != CIB_FIGURE_MATRIX ? cib_say(r, "figure.first-rows") : NULL;
}

bool cib_report_has_figure(const cib_report *r, const cib_report_table *t)
{
	cib_picture picture;
	cib_report_draw(&picture, r, t);
	cib_buf_free(&picture.body);
	return picture.height > 0;
}

/* ---- in a page */

static void write_legend(cib_buf *out, const cib_report_table *t)
{
	cib_buf_adds(out, "<ul class=\"legend\">");
	for (size_t k = 0; k < t->figure.count; k++) {
		cib_buf_adds(out, "<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\">");
		add_mark(out, t, k, 0, 0);
		cib_buf_adds(out, "</svg>");
		cib_buf_add_markup(out, t->columns[t->figure.first + k].title);
		cib_buf_adds(out, "</li>");
	}
	cib_buf_adds(out, "</ul>\n");
}

static void write_size(cib_buf *out, const cib_picture *p)
{
	if (p->scaled)
		cib_buf_addf(out, "width=\"100%%\" viewBox=\"0 0 %zu %zu\"", p->width, p->height);
	else if (p->width)
		cib_buf_addf(out, "width=\"%zu\" height=\"%zu\" font-size=\"13\"", p->width, p->height);
	else
		cib_buf_addf(out, "class=\"bars\" width=\"100%%\" height=\"%zu\" font-size=\"14\"", p->height);
}

void cib_report_write_figure(cib_buf *out, const cib_report *r, const cib_report_table *t)
{
	cib_picture p;
	cib_report_draw(&p, r, t);
	const char *note = note_of(r, t);
	if (p.height) {
		if (p.width && !p.scaled) /* wider than a telephone: it is moved in its frame */
			cib_buf_addf(out, "<div class=\"wrap\" role=\"region\" tabindex=\"0\" aria-labelledby=\"%s-t\">\n", t->id);
		cib_buf_adds(out, "<figure>\n<figcaption>");
		cib_buf_add_markup(out, t->figure.title);
		cib_buf_addf(out, "</figcaption>\n<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"%s-t %s-d\" ", t->id, t->id);
		write_size(out, &p);
		cib_buf_addf(out, ">\n<title id=\"%s-t\">", t->id);
		cib_buf_add_markup(out, t->figure.title);
		cib_buf_addf(out, "</title><desc id=\"%s-d\">", t->id);
		cib_buf_add_markup(out, cib_say(r, "figure.same-as-table"));
		cib_buf_addf(out, "</desc>\n%s</svg>\n", cib_buf_str(&p.body));
		if (has_legend(t))
			write_legend(out, t);
		if (note) {
			cib_buf_adds(out, "<p class=\"note\">");
			cib_buf_add_markup(out, note);
			cib_buf_adds(out, "</p>\n");
		}
		cib_buf_adds(out, p.width && !p.scaled ? "</figure>\n</div>\n" : "</figure>\n");
	}
	cib_buf_free(&p.body);
}

/* ---- a file of its own: for a slide or a paper. Office programs know neither variables nor wrapping: colours as they are, lines that are cut. */

enum { MARGIN = 20,
       ROOM = 680,
       TOP = 62,
       LINE = 22,
       LETTERS = 104 };

static const char colours[] =
	"<style>text{fill:#1b1f24;unicode-bidi:plaintext}.soft{fill:#57606a}.s0{fill:#0b4f79}.s1{fill:#3f8fbf}.s2{fill:#a9cbe0}.s3{fill:#e0c48a}.s4{fill:#b9b9b9}.s5{fill:#7a5195}"
	".s0,.s1,.s2,.s3,.s4,.s5{stroke:#fff;stroke-width:1}.track{stroke:#d0d7de;stroke-width:2}.hollow{fill:#fff;stroke:#3f8fbf;stroke-width:2.5}"
	".land{fill:#e3e7eb}.grid{fill:none;stroke:#d0d7de;stroke-width:.5}.home{fill:none;stroke:#9a4a00;stroke-width:2.5}.at{fill:#fff}</style>\n";

static void write_line(cib_buf *out, const char *text, size_t x, size_t y, const char *attributes)
{
	cib_buf_addf(out, "<text x=\"%zu\" y=\"%zu\" %s>", x, y, attributes);
	cib_buf_add_markup(out, text);
	cib_buf_adds(out, "</text>\n");
}

/* `text` in lines of at most LETTERS; returns the y below. */
static size_t write_lines(cib_buf *out, const char *text, size_t y)
{
	for (const char *at = text; *at;) {
		size_t len = strlen(at), cut = len;
		if (cib_utf8_length(at, len) > LETTERS)
			for (cut = LETTERS; cut > 1 && at[cut] != ' ';)
				cut--;
		char *line = cib_strndup(at, cut);
		write_line(out, line, MARGIN, y, "font-size=\"12\" class=\"soft\"");
		free(line);
		at += cut;
		at += strspn(at, " ");
		y += 17;
	}
	return y;
}

static void write_file(cib_buf *out, const cib_report *r, const cib_report_table *t, const cib_picture *p)
{
	size_t room = p->width && !p->scaled && p->width > ROOM ? p->width : ROOM, height = p->scaled && p->width ? p->height * ROOM / p->width : p->height;
	size_t y = TOP + height + LINE;
	cib_buf rest = CIB_BUF_INIT;
	const char *note = note_of(r, t);
	char *as_of = cib_report_as_of(r);
	for (size_t k = 0; has_legend(t) && k < t->figure.count; k++, y += LINE) {
		add_mark(&rest, t, k, MARGIN, y - 12);
		write_line(&rest, t->columns[t->figure.first + k].title, MARGIN + 22, y, "font-size=\"13\"");
	}
	y = note ? write_lines(&rest, note, y) : y;
	y = write_lines(&rest, as_of, y);
	cib_buf_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:lang=\"%s\" width=\"%zu\" height=\"%zu\" viewBox=\"0 0 %zu %zu\" font-family=\"'Noto Sans','Segoe UI',Arial,sans-serif\">\n<title>", r->lang,
	             room + 2 * MARGIN, y, room + 2 * MARGIN, y);
	cib_buf_add_markup(out, t->figure.title);
	cib_buf_addf(out, "</title>\n%s<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", colours);
	write_line(out, t->figure.title, MARGIN, 28, "font-size=\"17\" font-weight=\"700\"");
	write_line(out, r->network ? r->network : r->title, MARGIN, 47, "font-size=\"12\" class=\"soft\"");
	cib_buf_addf(out, "<svg x=\"%d\" y=\"%d\" width=\"%zu\" height=\"%zu\" font-size=\"14\"", MARGIN, TOP, room, height);
	if (p->scaled)
		cib_buf_addf(out, " viewBox=\"0 0 %zu %zu\"", p->width, p->height);
	cib_buf_addf(out, ">\n%s</svg>\n%s</svg>\n", cib_buf_str(&p->body), cib_buf_str(&rest));
	cib_buf_free(&rest);
	free(as_of);
}

void cib_report_print_svg(cib_buf *out, const cib_report *r, const cib_report_style *style)
{
	bool done = false;
	for (size_t i = 0; i < r->block_count && !done; i++) {
		const cib_report_table *t = cib_block_wanted(&r->blocks[i], style) ? r->blocks[i].table : NULL;
		cib_picture p = {.height = 0};
		if (t)
			cib_report_draw(&p, r, t);
		if (p.height)
			write_file(out, r, t, &p);
		done = p.height > 0;
		cib_buf_free(&p.body);
	}
}
