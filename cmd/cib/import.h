/* What cib import reads, one file each. */
#ifndef CIB_CMD_IMPORT_H
#define CIB_CMD_IMPORT_H

#include "cmd.h"
#include "exchange/exchange.h"
#include "exchange/sheet.h"

typedef struct {
	bool quiet, json;
	const char *decimal, *dates; /* csv: as in cib_sheet_style */
	bool ours, dry_run;
} cib_import_options;

int cib_import_iati(cib_workspace *ws, const char *file, const cib_import_options *options);
int cib_import_csv(cib_workspace *ws, const char *file, const cib_import_options *options);

#endif
