/* sheet - entries of one kind as a table that people edit in a spreadsheet program and bring back.
 *
 * A sheet of a kind has a row for each entry and a column for each field that is no list of items with fields of their own; such
 * a list ("partners") has a sheet of its own, a row for each item. A column is named "Title (French) [title/fr]": for people, and in
 * brackets the pointer without its first slash. Each row names the version (blob) of its entry, so that an edited sheet is an edit of
 * that version, which merges with what others did since. docs/exchange.md. */
#ifndef CIB_EXCHANGE_SHEET_H
#define CIB_EXCHANGE_SHEET_H

#include "exchange/csv.h"
#include "merge/merge.h"
#include "network/network.h"

/* How values are spelt. Asked for, never guessed. */
typedef struct {
	char separator;    /* of cells: ',' ';' or '\t' */
	char decimal;      /* of numbers: '.' or ',' */
	const char *dates; /* "iso" (2024-12-31), "dmy" (31.12.2024) or "mdy" (12/31/2024) */
	bool bom;          /* a byte order mark first: some programs need it to read UTF-8 */
	const char *lang;  /* of the titles */
} cib_sheet_style;

/* CIB_USAGE with what there is to choose from. */
int cib_sheet_style_ok(const cib_sheet_style *style, cib_error *err);

typedef struct cib_sheet cib_sheet;
/* A sheet of a kind, or (list) of one of its lists. Borrows the network. CIB_USAGE when there is no such list. */
int cib_sheet_new(cib_sheet **out, cib_network *net, const cib_kind *kind, const char *list, const cib_sheet_style *style, cib_error *err);
void cib_sheet_free(cib_sheet *sheet);
/* The lists that have a sheet of their own, by name; NULL behind the last. Borrowed from the schema; free(*) the array. */
const char **cib_sheet_lists(const cib_kind *kind);

/* ---- out ---- */
/* Learn from an entry which columns there are (languages, markers, ...); for every entry before the first row. */
void cib_sheet_learn(cib_sheet *sheet, const cJSON *doc);
/* A column more, by its pointer without the first slash. CIB_USAGE when the kind has no such field. */
int cib_sheet_add_column(cib_sheet *sheet, const char *name, cib_error *err);
void cib_sheet_write_header(cib_buf *out, const cib_sheet *sheet);
/* The row of an entry, or the rows of its items. Returns their number. `version` is the entry's blob. */
size_t cib_sheet_write(cib_buf *out, const cib_sheet *sheet, const cJSON *doc, const char *version);

/* ---- in ---- */
/* Take the columns from the header line. CIB_FINDINGS for a column that there is not, or that comes twice. */
int cib_sheet_read_header(cib_sheet *sheet, const cib_csv_row *row, cib_error *err);
/* Cells that every sheet has; "" when empty. Borrowed from the row. */
const char *cib_sheet_id(const cib_sheet *sheet, const cib_csv_row *row);
const char *cib_sheet_version(const cib_sheet *sheet, const cib_csv_row *row);
/* Put what the row changes against `base` (the version that it names; for a new entry a document without the fields) into
 * `edited`, a copy of base or what other rows made of it. Values that cannot be read are findings with file, line, column
 * (number of the cell) and pointer, and change nothing. Returns the number of changed cells. */
size_t cib_sheet_apply(cJSON **edited, const cib_sheet *sheet, const cJSON *base, const cib_csv_row *row, const char *file, cib_findings *findings);

#endif
