/* CSV (RFC 4180) as spreadsheet programs write and read it. */
#ifndef CIB_EXCHANGE_CSV_H
#define CIB_EXCHANGE_CSV_H

#include "base/base.h"

/* Append a cell, quoted where it must be. A text that a spreadsheet program would take for a formula gets an apostrophe in
 * front; cib_csv_plain takes it off again. plain_number: the cell is a number and stays one, whatever it begins with. */
void cib_csv_add(cib_buf *out, const char *text, char separator, bool plain_number);
/* The text behind the apostrophe that cib_csv_add put in front; in place. */
void cib_csv_plain(char *cell);

typedef struct {
	char **cells;
	size_t count, cap;
	size_t line; /* where the row begins, from 1 */
} cib_csv_row;

typedef struct {
	const char *at, *end;
	size_t line;
	char separator;
} cib_csv_reader;

/* Behind a byte order mark and a line "sep=;". The separator is what stands behind the first name of the header line:
 * comma, semicolon or tab; CIB_FINDINGS when it is none of them. `text` is borrowed. */
int cib_csv_open(cib_csv_reader *reader, const char *text, size_t len, cib_error *err);
/* The next row; cells are UTF-8. CIB_OK, CIB_NOTFOUND at the end, CIB_FINDINGS with the line for an open quote. */
int cib_csv_next(cib_csv_row *row, cib_csv_reader *reader, cib_error *err);
void cib_csv_row_free(cib_csv_row *row);

#endif
