/* For a terminal: tables as wide as it is, cells wrapped, bars; a table that has too many columns for it is written row by row. */
#include "report/private.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 24,
       LEAST_WIDTH = 8,
       MOST_WORD = 16 };

typedef struct {
	cib_buf *out;
	const cib_report *r;
	size_t width;
	bool colour;
} page;

/* ---- characters ---- */

static uint32_t next_point(const char **p)
{
	const unsigned char *s = (const unsigned char *)*p;
	size_t more = *s < 0x80 ? 0 : *s < 0xE0 ? 1
	                      : *s < 0xF0       ? 2
	                                        : 3;
	uint32_t c = more == 0 ? *s : *s & (0x3Fu >> more);
	for (size_t i = 1; i <= more && s[i]; i++)
		c = c << 6 | (s[i] & 0x3Fu);
	for (size_t i = 0; i <= more && **p; i++)
		(*p)++;
	return c;
}

static size_t cells_of(uint32_t c)
{
	if ((c >= 0x300 && c <= 0x36F) || (c >= 0x64B && c <= 0x65F) || (c >= 0x200B && c <= 0x200F) || (c >= 0x2066 && c <= 0x2069))
		return 0;
	return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
	                       (c >= 0xFF00 && c <= 0xFF60) || (c >= 0x1F300 && c <= 0x1FAFF)
	               ? 2
	               : 1;
}

static size_t width_of(const char *s, size_t len)
{
	size_t n = 0;
	for (const char *p = s; p < s + len;)
		n += cells_of(next_point(&p));
	return n;
}

/* How many bytes of `s` go into a line of `width`; *skip: the blank behind them. */
static size_t line_of(const char *s, size_t width, size_t *skip)
{
	size_t used = 0, last = 0;
	const char *p = s;
	*skip = 0;
	while (*p) {
		const char *before = p;
		uint32_t c = next_point(&p);
		if (c == '\n') {
			*skip = 1;
			return (size_t)(before - s);
		}
		if (c == ' ')
			last = (size_t)(before - s);
		used += cells_of(c);
		if (used > width) {
			if (c == ' ' || last > 0) {
				*skip = 1;
				return c == ' ' ? (size_t)(before - s) : last;
			}
			return before > s ? (size_t)(before - s) : (size_t)(p - s);
		}
	}
	return (size_t)(p - s);
}

static void blanks(cib_buf *out, size_t n)
{
	while (n-- > 0)
		cib_buf_addc(out, ' ');
}

static void trim(cib_buf *out)
{
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
}

static void write_wrapped(page *p, const char *text, const char *lead)
{
	cib_buf clean = CIB_BUF_INIT;
	cib_buf_add_clean(&clean, text, strlen(text));
	size_t indent = width_of(lead, strlen(lead)), skip = 0;
	for (const char *s = cib_buf_str(&clean); *s;) {
		size_t n = line_of(s, p->width > indent + 10 ? p->width - indent : 10, &skip);
		if (s == clean.data)
			cib_buf_adds(p->out, lead);
		else
			blanks(p->out, indent);
		cib_buf_add(p->out, s, n);
		cib_buf_addc(p->out, '\n');
		s += n + skip;
	}
	cib_buf_free(&clean);
}

static void write_bold(page *p, const char *text)
{
	if (p->colour)
		cib_buf_adds(p->out, "\033[1m");
	cib_buf_add_clean(p->out, text, strlen(text));
	if (p->colour)
		cib_buf_adds(p->out, "\033[0m");
	cib_buf_addc(p->out, '\n');
}

/* ---- tables ---- */

static bool is_number(cib_report_type type)
{
	return type == CIB_REPORT_COUNT || type == CIB_REPORT_DECIMAL || type == CIB_REPORT_PERCENT;
}

static char *cell_text(const page *p, const cib_report_table *t, size_t row, size_t column)
{
	cib_buf words = CIB_BUF_INIT, clean = CIB_BUF_INIT;
	const cib_report_cell *cell = &t->rows[row].cells[column];
	cib_cell_words(&words, p->r, &t->columns[column], cell);
	cib_buf_add_clean(&clean, words.len ? words.data : cell->given ? ""
	                                                               : "\xE2\x80\x93",
	                  words.len ? words.len : cell->given ? 0
	                                                      : 3);
	for (char *c = clean.data; c && *c; c++)
		*c = *c == '\n' || *c == '\t' ? ' ' : *c;
	if (column == 0 && t->rows[row].flagged) {
		char *marked = cib_format("! %s", cib_buf_str(&clean));
		cib_buf_clear(&clean);
		cib_buf_adds(&clean, marked);
		free(marked);
	}
	cib_buf_free(&words);
	return clean.data ? cib_buf_take(&clean) : cib_strdup("");
}

static size_t longest_word(const char *text)
{
	size_t longest = 0;
	while (*text) {
		size_t n = strcspn(text, " "), w = width_of(text, n);
		longest = w > longest ? w : longest;
		text += n + (text[n] == ' ');
	}
	return longest;
}

/* Widths that fit; false when the columns are too many for the line. */
static bool fit(const page *p, const cib_report_table *t, char *const *cells, size_t widths[COLUMNS])
{
	size_t least[COLUMNS] = {0}, sum = 0, least_sum = 0;
	for (size_t c = 0; c < t->column_count; c++) {
		widths[c] = width_of(t->columns[c].title, strlen(t->columns[c].title));
		least[c] = longest_word(t->columns[c].title);
		least[c] = !is_number(t->columns[c].type) && least[c] < LEAST_WIDTH ? LEAST_WIDTH : least[c];
		for (size_t i = 0; i < t->row_count; i++) {
			const char *text = cells[i * t->column_count + c];
			size_t w = width_of(text, strlen(text));
			widths[c] = w > widths[c] ? w : widths[c];
			if (!is_number(t->columns[c].type)) /* words stay whole as long as they are not very long */
				w = longest_word(text), w = w > MOST_WORD ? MOST_WORD : w;
			least[c] = w > least[c] ? w : least[c];
		}
		if (is_number(t->columns[c].type))
			widths[c] = least[c];
		least[c] = least[c] > widths[c] ? widths[c] : least[c];
		sum += widths[c] + 2;
		least_sum += least[c] + 2;
	}
	if (least_sum > p->width + 2)
		return false;
	while (sum > p->width + 2) { /* the widest gives way */
		size_t widest = t->column_count;
		for (size_t c = 0; c < t->column_count; c++)
			if (widths[c] > least[c] && (widest == t->column_count || widths[c] > widths[widest]))
				widest = c;
		if (widest == t->column_count)
			return false;
		widths[widest]--;
		sum--;
	}
	return true;
}

static void write_row(page *p, const cib_report_table *t, const char *const *texts, const size_t widths[COLUMNS], bool bold)
{
	const char *rest[COLUMNS];
	bool more = true;
	for (size_t c = 0; c < t->column_count; c++)
		rest[c] = texts[c];
	while (more) {
		more = false;
		if (bold && p->colour)
			cib_buf_adds(p->out, "\033[1m");
		for (size_t c = 0; c < t->column_count; c++) {
			size_t skip, n = line_of(rest[c], widths[c], &skip), w = width_of(rest[c], n);
			bool right = is_number(t->columns[c].type);
			blanks(p->out, right ? widths[c] - (w < widths[c] ? w : widths[c]) : 0);
			cib_buf_add(p->out, rest[c], n);
			blanks(p->out, (right || w > widths[c] ? 0 : widths[c] - w) + 2);
			rest[c] += n + skip;
			more = more || *rest[c];
		}
		trim(p->out);
		if (bold && p->colour)
			cib_buf_adds(p->out, "\033[0m");
		cib_buf_addc(p->out, '\n');
	}
}

/* A row as a paragraph, where the line is too short for a table. */
static void write_records(page *p, const cib_report_table *t, char *const *cells)
{
	cib_buf line = CIB_BUF_INIT;
	for (size_t i = 0; i < t->row_count; i++) {
		write_wrapped(p, cells[i * t->column_count], "* ");
		cib_buf_clear(&line);
		for (size_t c = 1; c < t->column_count; c++)
			if (t->rows[i].cells[c].given)
				cib_buf_addf(&line, "%s%s: %s", line.len ? " \xC2\xB7 " : "", t->columns[c].title, cells[i * t->column_count + c]);
		write_wrapped(p, cib_buf_str(&line), "    ");
	}
	cib_buf_free(&line);
}

/* ---- figures: a bar for each row ---- */

static const char *const eighths[] = {"", "\xE2\x96\x8F", "\xE2\x96\x8E", "\xE2\x96\x8D", "\xE2\x96\x8C", "\xE2\x96\x8B", "\xE2\x96\x8A", "\xE2\x96\x89"};
static const char *const fills[] = {"\xE2\x96\x88", "\xE2\x96\x93", "\xE2\x96\x92", "\xE2\x96\x91", "\xC2\xB7", "-"};
enum { FILLS = sizeof fills / sizeof *fills };

static double value_at(const cib_report_table *t, size_t row, size_t k)
{
	const cib_report_cell *cell = &t->rows[row].cells[t->figure.first + k];
	return cell->given && cell->value > 0 ? cell->value : 0;
}

static double row_sum(const cib_report_table *t, size_t row)
{
	double sum = 0;
	for (size_t k = 0; k < t->figure.count; k++)
		sum += value_at(t, row, k);
	return sum;
}

static void write_bar(page *p, const cib_report_table *t, size_t row, double unit)
{
	double done = 0;
	size_t drawn = 0;
	for (size_t k = 0; k < t->figure.count; k++) {
		done += value_at(t, row, k);
		double until = done * unit;
		for (; (double)drawn + 1 <= until + 1e-9; drawn++)
			cib_buf_adds(p->out, fills[k % FILLS]);
		if (t->figure.count == 1)
			cib_buf_adds(p->out, eighths[(size_t)((until - (double)drawn) * 8) % 8]);
	}
}

static void write_label(page *p, const char *text, size_t width)
{
	const char *at = text;
	size_t used = 0, whole = width_of(text, strlen(text)), room = whole > width ? width - 1 : width;
	while (*at) {
		const char *next = at;
		size_t w = cells_of(next_point(&next));
		if (used + w > room)
			break;
		used += w;
		at = next;
	}
	cib_buf_add(p->out, text, (size_t)(at - text));
	cib_buf_adds(p->out, whole > width ? "\xE2\x80\xA6" : "");
	blanks(p->out, width - used - (whole > width) + 1);
}

static void write_bars(page *p, const cib_report_table *t)
{
	double most = 0;
	size_t label = 0, limit = p->width * 2 / 5;
	for (size_t i = 0; i < t->row_count; i++) {
		double sum = row_sum(t, i);
		most = !t->rows[i].total && sum > most ? sum : most;
	}
	if (most <= 0)
		return;
	char **labels = cib_alloc(t->row_count * sizeof *labels);
	for (size_t i = 0; i < t->row_count; i++) {
		labels[i] = cell_text(p, t, i, t->figure.label);
		size_t w = width_of(labels[i], strlen(labels[i]));
		label = w > label ? w : label;
	}
	label = label > limit ? limit : label;
	write_wrapped(p, t->figure.title, "");
	double unit = (double)(p->width - label - 12) / most;
	for (size_t i = 0; i < t->row_count; i++) {
		if (!t->rows[i].total) {
			write_label(p, labels[i], label);
			write_bar(p, t, i, unit);
			cib_buf_addc(p->out, ' ');
			for (size_t k = 0; k < t->figure.count; k++) {
				cib_buf_adds(p->out, k ? "\xC2\xB7" : "");
				if (t->columns[t->figure.first].type == CIB_REPORT_COUNT)
					cib_number_count(p->out, p->r->lang, value_at(t, i, k));
				else
					cib_number_decimal(p->out, p->r->lang, value_at(t, i, k), 1);
			}
			cib_buf_addc(p->out, '\n');
		}
		free(labels[i]);
	}
	free(labels);
	cib_buf legend = CIB_BUF_INIT;
	for (size_t k = 0; t->figure.count > 1 && k < t->figure.count; k++)
		cib_buf_addf(&legend, "%s%s\xC2\xA0%s", k ? "  " : "", fills[k % FILLS], t->columns[t->figure.first + k].title);
	write_wrapped(p, cib_buf_str(&legend), "");
	cib_buf_addc(p->out, '\n');
	cib_buf_free(&legend);
}

static void write_table(page *p, const cib_report_table *t)
{
	size_t widths[COLUMNS] = {0};
	cib_buf_addc(p->out, '\n');
	write_bold(p, t->title);
	if (t->row_count == 0) {
		write_wrapped(p, t->empty, "  ");
		return;
	}
	if (t->figure.kind == CIB_FIGURE_BARS)
		write_bars(p, t);
	char **cells = cib_alloc(t->row_count * t->column_count * sizeof *cells);
	for (size_t i = 0; i < t->row_count * t->column_count; i++)
		cells[i] = cell_text(p, t, i / t->column_count, i % t->column_count);
	if (t->column_count <= COLUMNS && fit(p, t, cells, widths)) {
		const char *titles[COLUMNS];
		for (size_t c = 0; c < t->column_count; c++)
			titles[c] = t->columns[c].title;
		write_row(p, t, titles, widths, true);
		for (size_t i = 0; i < t->row_count; i++)
			write_row(p, t, (const char *const *)&cells[i * t->column_count], widths, t->rows[i].total);
	} else {
		write_records(p, t, cells);
	}
	for (size_t i = 0; i < t->row_count * t->column_count; i++)
		free(cells[i]);
	free(cells);
}

void cib_report_print_text(cib_buf *out, const cib_report *r, const cib_report_style *style)
{
	page p = {out, r, style && style->width ? style->width : 80, style && style->colour};
	p.width = p.width < 30 ? 30 : p.width;
	char *as_of = cib_report_as_of(r);
	write_bold(&p, r->title);
	write_wrapped(&p, as_of, "");
	free(as_of);
	for (size_t i = 0; i < r->block_count; i++) {
		const cib_report_block *b = &r->blocks[i];
		if (!cib_block_wanted(b, style))
			continue;
		if (b->kind == CIB_BLOCK_TABLE) {
			write_table(&p, b->table);
			continue;
		}
		cib_buf_adds(out, b->kind == CIB_BLOCK_HEADING || b->kind == CIB_BLOCK_SUBHEADING || i == 0 || r->blocks[i - 1].kind == CIB_BLOCK_TABLE ? "\n" : "");
		if (b->kind == CIB_BLOCK_HEADING || b->kind == CIB_BLOCK_SUBHEADING)
			write_bold(&p, b->text);
		else
			write_wrapped(&p, b->text, b->kind == CIB_BLOCK_ALERT ? "! " : "");
	}
}
