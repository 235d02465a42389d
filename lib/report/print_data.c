/* For programs and sheets: JSON and CSV; and Markdown. Numbers are plain there, with a point. */
#include "report/private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* At most four decimals, none that say nothing. */
static void plain_number(cib_buf *out, double value)
{
	size_t start = out->len;
	cib_buf_addf(out, "%.4f", fabs(value) < 0.00005 ? 0 : value);
	while (out->data[out->len - 1] == '0')
		out->data[--out->len] = '\0';
	if (out->data[out->len - 1] == '.')
		out->data[--out->len] = '\0';
	if (out->len == start)
		cib_buf_addc(out, '0');
}

/* ---- JSON ---- */

static void json_string(cib_buf *out, const char *s)
{
	if (s)
		cib_json_write_string(out, s, strlen(s));
	else
		cib_buf_adds(out, "null");
}

static void json_pair(cib_buf *out, const char *before, const char *name, const char *value)
{
	cib_buf_adds(out, before);
	json_string(out, name);
	cib_buf_addc(out, ':');
	json_string(out, value);
}

static void json_items(cib_buf *out, const cib_report *r, cib_report_type type, const cib_report_cell *cell)
{
	cib_buf_addc(out, '[');
	for (size_t i = 0; i < cell->count; i++) {
		const cib_report_item *item = &cell->items[i];
		cib_buf_adds(out, i ? "," : "");
		if (type == CIB_REPORT_DATE) {
			json_string(out, item->text);
		} else if (type == CIB_REPORT_MONEY) {
			json_pair(out, "{", "amount", item->text);
			json_pair(out, ",", "currency", item->code);
			cib_buf_addc(out, '}');
		} else {
			json_pair(out, "{", "text", item->text);
			json_pair(out, ",", "lang", item->lang ? item->lang : r->lang);
			if (type == CIB_REPORT_CODE)
				json_pair(out, ",", "code", item->code);
			cib_buf_addc(out, '}');
		}
	}
	cib_buf_addc(out, ']');
}

static void json_table(cib_buf *out, const cib_report *r, const cib_report_table *t)
{
	static const char *const types[] = {"text", "code", "count", "decimal", "percent", "date", "money"};
	json_pair(out, "{", "type", "table");
	json_pair(out, ",", "id", t->id);
	json_pair(out, ",", "title", t->title);
	cib_buf_adds(out, ",\"columns\":[");
	for (size_t c = 0; c < t->column_count; c++) {
		json_pair(out, c ? ",{" : "{", "key", t->columns[c].key);
		json_pair(out, ",", "title", t->columns[c].title);
		json_pair(out, ",", "type", types[t->columns[c].type]);
		cib_buf_addc(out, '}');
	}
	cib_buf_adds(out, "],\"rows\":[");
	for (size_t i = 0; i < t->row_count; i++) {
		cib_buf_adds(out, i ? ",\n{" : "\n{");
		cib_buf_addf(out, "\"flagged\":%s,\"total\":%s,\"cells\":{", t->rows[i].flagged ? "true" : "false", t->rows[i].total ? "true" : "false");
		for (size_t c = 0; c < t->column_count; c++) {
			const cib_report_cell *cell = &t->rows[i].cells[c];
			cib_buf_adds(out, c ? "," : "");
			json_string(out, t->columns[c].key);
			cib_buf_addc(out, ':');
			if (!cib_is_number(t->columns[c].type))
				json_items(out, r, t->columns[c].type, cell);
			else if (cell->given)
				plain_number(out, cell->value);
			else
				cib_buf_adds(out, "null");
		}
		cib_buf_adds(out, "}}");
	}
	cib_buf_adds(out, "]}");
}

void cib_report_print_json(cib_buf *out, const cib_report *r, const cib_report_style *style)
{
	static const char *const kinds[] = {"heading", "subheading", "text", "note", "alert", "table"};
	cib_buf_adds(out, "{\"v\":1");
	json_pair(out, ",", "report", r->name);
	json_pair(out, ",", "title", r->title);
	json_pair(out, ",", "network", r->network);
	json_pair(out, ",", "lang", r->lang);
	if (r->year)
		cib_buf_addf(out, ",\"year\":%d", r->year);
	else
		cib_buf_adds(out, ",\"year\":null");
	json_pair(out, ",\"asOf\":{", "state", r->state);
	json_pair(out, ",", "commit", r->commit);
	json_pair(out, ",", "date", r->date);
	cib_buf_addf(out, "},\"entries\":%zu,\"blocks\":[", r->entries);
	for (size_t i = 0, n = 0; i < r->block_count; i++) {
		const cib_report_block *b = &r->blocks[i];
		if (!cib_block_wanted(b, style))
			continue;
		cib_buf_adds(out, n++ ? ",\n" : "\n");
		if (b->table) {
			json_table(out, r, b->table);
			continue;
		}
		json_pair(out, "{", "type", kinds[b->kind]);
		json_pair(out, ",", "text", b->text);
		json_pair(out, ",", "lang", b->lang ? b->lang : r->lang);
		cib_buf_addc(out, '}');
	}
	cib_buf_adds(out, "]}\n");
}

/* ---- CSV (RFC 4180) ---- */

/* A cell that a spreadsheet would run as a formula gets an apostrophe before it. */
static void csv_text(cib_buf *out, const char *text, size_t len)
{
	cib_buf clean = CIB_BUF_INIT;
	cib_buf_add_clean(&clean, text, len);
	const char *s = cib_buf_str(&clean), *first = s + strspn(s, " \t\r\n");
	bool risky = (*first && strchr("=+-@", *first)) || strncmp(first, "\xEF\xBC", 2) == 0; /* full-width forms, too */
	bool quoted = risky || strpbrk(s, ",\"\r\n\t;") || *s == ' ' || *s == '\t';
	if (quoted)
		cib_buf_addc(out, '"');
	if (risky)
		cib_buf_addc(out, '\'');
	for (; *s; s++)
		cib_buf_adds(out, *s == '"' ? "\"\"" : (char[2]){*s, '\0'});
	if (quoted)
		cib_buf_addc(out, '"');
	cib_buf_free(&clean);
}

static bool has_codes(cib_report_type type)
{
	return type == CIB_REPORT_CODE || type == CIB_REPORT_MONEY;
}

static void csv_items(cib_buf *out, const cib_report_cell *cell, bool codes)
{
	cib_buf joined = CIB_BUF_INIT;
	for (size_t i = 0; i < cell->count; i++)
		cib_buf_addf(&joined, "%s%s", i ? "; " : "", codes ? cell->items[i].code : cell->items[i].text);
	csv_text(out, cib_buf_str(&joined), joined.len);
	cib_buf_free(&joined);
}

static void csv_money(cib_buf *out, const cib_report_cell *cell, bool codes)
{
	if (codes || cell->count > 1)
		csv_items(out, cell, codes);
	else if (cell->count == 1) /* a number, also when it is below 0 */
		cib_buf_adds(out, cell->items[0].text);
}

static void csv_table(cib_buf *out, const cib_report_table *t)
{
	for (size_t c = 0; c < t->column_count; c++) {
		cib_buf_adds(out, c ? "," : "");
		csv_text(out, t->columns[c].title, strlen(t->columns[c].title));
		if (has_codes(t->columns[c].type))
			cib_buf_addf(out, ",%s.code", t->columns[c].key);
	}
	cib_buf_adds(out, "\r\n");
	for (size_t i = 0; i < t->row_count; i++) {
		for (size_t c = 0; c < t->column_count; c++) {
			const cib_report_cell *cell = &t->rows[i].cells[c];
			cib_report_type type = t->columns[c].type;
			cib_buf_adds(out, c ? "," : "");
			if (cib_is_number(type) && cell->given)
				plain_number(out, cell->value);
			else if (type == CIB_REPORT_MONEY)
				csv_money(out, cell, false);
			else
				csv_items(out, cell, false);
			if (has_codes(type)) {
				cib_buf_addc(out, ',');
				csv_items(out, cell, true);
			}
		}
		cib_buf_adds(out, "\r\n");
	}
}

void cib_report_print_csv(cib_buf *out, const cib_report *r, const cib_report_style *style)
{
	const cib_report_table *t;
	for (size_t i = 0; (t = cib_report_table_at(r, i)); i++) {
		if (style && style->table && strcmp(style->table, t->id) != 0)
			continue;
		if (!style || !style->table) {
			cib_buf_adds(out, i ? "\r\n" : "");
			csv_text(out, t->title, strlen(t->title));
			cib_buf_adds(out, "\r\n");
		}
		csv_table(out, t);
	}
}

/* ---- Markdown ---- */

/* Text that stays text: what Markdown or HTML would act on is escaped; a cell stays in its line. */
static void md_text(cib_buf *out, const char *text)
{
	cib_buf clean = CIB_BUF_INIT;
	cib_buf_add_clean(&clean, text, strlen(text));
	for (const char *s = cib_buf_str(&clean); *s; s++) {
		if (*s == '\n' || *s == '\t')
			cib_buf_addc(out, ' ');
		else if (*s == '<' || *s == '>' || *s == '&')
			cib_buf_adds(out, *s == '<' ? "&lt;" : *s == '>' ? "&gt;"
			                                                 : "&amp;");
		else if (strchr("\\`*_{}[]()#+-!|~:@", *s) && (!strchr("()-:+!", *s) || s == clean.data || (*s == ':' && s[1] == '/')))
			cib_buf_addf(out, "\\%c", *s);
		else
			cib_buf_addc(out, *s);
	}
	cib_buf_free(&clean);
}

static void md_table(cib_buf *out, const cib_report *r, const cib_report_table *t)
{
	cib_buf words = CIB_BUF_INIT;
	cib_buf_adds(out, "\n### ");
	md_text(out, t->title);
	cib_buf_adds(out, "\n\n");
	if (t->row_count == 0) {
		md_text(out, t->empty);
		cib_buf_adds(out, "\n");
		return;
	}
	for (size_t c = 0; c < t->column_count; c++) {
		cib_buf_adds(out, c ? " | " : "| ");
		md_text(out, t->columns[c].title);
	}
	cib_buf_adds(out, " |\n");
	for (size_t c = 0; c < t->column_count; c++)
		cib_buf_adds(out, cib_is_number(t->columns[c].type) ? "|---:" : "|---");
	cib_buf_adds(out, "|\n");
	for (size_t i = 0; i < t->row_count; i++) {
		for (size_t c = 0; c < t->column_count; c++) {
			cib_buf_clear(&words);
			cib_cell_words(&words, r, &t->columns[c], &t->rows[i].cells[c]);
			cib_buf_adds(out, c ? " | " : "| ");
			cib_buf_adds(out, c == 0 && t->rows[i].flagged ? "⚠ " : "");
			cib_buf_adds(out, t->rows[i].total && words.len ? "**" : "");
			md_text(out, cib_buf_str(&words));
			cib_buf_adds(out, t->rows[i].total && words.len ? "**" : "");
		}
		cib_buf_adds(out, " |\n");
	}
	cib_buf_free(&words);
}

void cib_report_print_md(cib_buf *out, const cib_report *r, const cib_report_style *style)
{
	static const char *const before[] = {"\n## ", "\n#### ", "\n", "\n> ", "\n> **!** "};
	char *as_of = cib_report_as_of(r);
	cib_buf_adds(out, "# ");
	md_text(out, r->title);
	cib_buf_adds(out, "\n\n");
	md_text(out, as_of);
	cib_buf_addc(out, '\n');
	free(as_of);
	for (size_t i = 0; i < r->block_count; i++) {
		const cib_report_block *b = &r->blocks[i];
		if (!cib_block_wanted(b, style))
			continue;
		if (b->table) {
			md_table(out, r, b->table);
			continue;
		}
		cib_buf_adds(out, before[b->kind]);
		md_text(out, b->text);
		cib_buf_addc(out, '\n');
	}
}
