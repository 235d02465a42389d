#include "exchange/csv.h"

#include <stdlib.h>
#include <string.h>

/* What makes a spreadsheet program compute. */
static bool begins_formula(const char *s)
{
	return *s && strchr("=+-@\t\r\n|", *s) != NULL;
}

static bool guarded(const char *s)
{
	s += strspn(s, "'");
	return begins_formula(s);
}

void cib_csv_add(cib_buf *out, const char *text, char separator, bool plain_number)
{
	char quoted[] = {'"', '\n', '\r', separator, '\0'};
	bool guard = !plain_number && guarded(text), quote = strpbrk(text, quoted) != NULL || *text == ' ';
	if (quote)
		cib_buf_addc(out, '"');
	if (guard)
		cib_buf_addc(out, '\'');
	for (const char *s = text; *s; s++) {
		if (*s == '"')
			cib_buf_addc(out, '"');
		cib_buf_addc(out, *s);
	}
	if (quote)
		cib_buf_addc(out, '"');
}

void cib_csv_plain(char *cell)
{
	if (*cell == '\'' && guarded(cell))
		memmove(cell, cell + 1, strlen(cell));
}

/* ---- reading ---- */

static bool starts(const cib_csv_reader *r, const char *with)
{
	size_t len = strlen(with);
	return (size_t)(r->end - r->at) >= len && memcmp(r->at, with, len) == 0;
}

int cib_csv_open(cib_csv_reader *reader, const char *text, size_t len, cib_error *err)
{
	*reader = (cib_csv_reader){text, text + len, 1, ','};
	if (starts(reader, "\xef\xbb\xbf"))
		reader->at += 3;
	if (!cib_utf8_valid(reader->at, (size_t)(reader->end - reader->at))) {
		int status = cib_error_set(err, CIB_FINDINGS, "csv.encoding", "the sheet is not in UTF-8");
		cib_error_hint(err, "save it again as 'CSV UTF-8'");
		return status;
	}
	if (starts(reader, "sep=") && reader->end - reader->at > 5) {
		const char *end = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
		reader->at = end ? end + 1 : reader->end;
		reader->line++;
	}
	const char *name = reader->at;
	while (name < reader->end && !strchr(",;\t\r\n", *name))
		name++;
	if (name == reader->end || *name == '\r' || *name == '\n') {
		int status = cib_error_set(err, CIB_FINDINGS, "csv.header", "the first line names no columns: this is no sheet that cib exported");
		cib_error_hint(err, "make one: cib export csv --kind KIND --output FILE");
		return status;
	}
	reader->separator = *name;
	return CIB_OK;
}

static void add_cell(cib_csv_row *row, cib_buf *cell)
{
	row->cells = cib_grow(row->cells, &row->cap, row->count + 1, sizeof *row->cells);
	row->cells[row->count++] = cib_strdup(cib_buf_str(cell));
	cib_buf_clear(cell);
}

/* What stands between quotes; r->at is behind the first. false when the last is missing. */
static bool read_quoted(cib_buf *cell, cib_csv_reader *r)
{
	for (; r->at < r->end; r->at++) {
		if (*r->at == '"') {
			if (r->at + 1 == r->end || r->at[1] != '"') {
				r->at++;
				return true;
			}
			r->at++;
		}
		r->line += *r->at == '\n';
		if (*r->at == '\r' && r->at + 1 < r->end && r->at[1] == '\n')
			continue; /* line ends within a cell are LF in an entry */
		cib_buf_addc(cell, *r->at);
	}
	return false;
}

void cib_csv_row_free(cib_csv_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		free(row->cells[i]);
	free(row->cells);
	*row = (cib_csv_row){0};
}

int cib_csv_next(cib_csv_row *row, cib_csv_reader *r, cib_error *err)
{
	cib_buf cell = CIB_BUF_INIT;
	int status = CIB_OK;
	cib_csv_row_free(row);
	if (r->at == r->end)
		return CIB_NOTFOUND;
	row->line = r->line;
	for (bool more = true; more && status == CIB_OK;) {
		if (r->at < r->end && *r->at == '"' && cell.len == 0) {
			r->at++;
			if (!read_quoted(&cell, r)) {
				status = cib_error_set(err, CIB_FINDINGS, "csv.quote", "a quotation mark is opened and not closed");
				if (err)
					err->line = row->line;
			}
		} else if (r->at == r->end || *r->at == '\n') {
			more = false;
		} else if (*r->at == r->separator) {
			add_cell(row, &cell);
			r->at++;
		} else if (*r->at == '\r' && r->at + 1 < r->end && r->at[1] == '\n') {
			r->at++;
		} else {
			cib_buf_addc(&cell, *r->at++);
		}
	}
	if (status == CIB_OK)
		add_cell(row, &cell);
	if (r->at < r->end && *r->at == '\n') {
		r->at++;
		r->line++;
	}
	cib_buf_free(&cell);
	return status;
}
