/* What the parts of a sheet share. */
#ifndef CIB_EXCHANGE_SHEET_PRIVATE_H
#define CIB_EXCHANGE_SHEET_PRIVATE_H

#include "base/gettext.h"
#include "exchange/sheet.h"

typedef enum { CIB_CELL_TEXT,
	       CIB_CELL_DECIMAL, /* a number, or a text that must be one */
	       CIB_CELL_DATE,
	       CIB_CELL_BOOLEAN,
	       CIB_CELL_SET,  /* texts: "a; b" */
	       CIB_CELL_CODES /* keyed items with at most one more field: "a=60; b=40" */
} cib_cell_type;

typedef struct {
	char *name;    /* the pointer without its first slash */
	char *pointer; /* in the entry, or in the item */
	cib_cell_type type;
	bool number;       /* stands in the entry as a number, not as text */
	char *key, *value; /* of CODES: names of the members; value may be NULL */
} cib_column_type;

/* What a field is, by the subschema that describes it; false: it has no column of its own (a list of items, an object). */
bool cib_column_of(cib_column_type *column, const cJSON *schema);

/* A value as a cell spells it; "" when it is NULL. */
void cib_cell_write(cib_buf *out, const cib_column_type *column, const cJSON *value, const cib_sheet_style *style);
/* The value of a cell that is not empty; NULL with the reason in *why and maybe *hint when it cannot be read. `before` is what stood
 * there: what a list's items have beyond the cell stays. */
cJSON *cib_cell_read(const cib_column_type *column, const char *cell, const cJSON *before, const cib_sheet_style *style, char **why, const char **hint);
/* Do two cells of a column say the same? */
bool cib_cell_same(const cib_column_type *column, const char *a, const char *b);

#endif
