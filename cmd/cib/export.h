/* What cib export writes, one file each. */
#ifndef CIB_CMD_EXPORT_H
#define CIB_CMD_EXPORT_H

#include "cmd.h"
#include "exchange/exchange.h"
#include "exchange/sheet.h"

typedef struct {
	const char *kind, *member, *output, *lang;
	bool mine, all; /* all: also what is not meant for the public */
	cib_words where;
	/* csv */
	const char *list, *separator, *decimal, *dates;
	bool bom;
	cib_words columns;
	/* iati */
	const char *reporter;
	bool quiet, json;
} cib_export_options;

/* Each chosen entry that can be read, as it is now, by its path. Returns 0 or an exit code. */
typedef int (*cib_export_cb)(const char *path, const cJSON *doc, const char *text, size_t len, void *payload);
int cib_export_each(cib_workspace *ws, const cib_export_options *options, const cib_kind *kind, cib_export_cb cb, void *payload);
/* To the file that was asked for, else to stdout. Returns 0 or an exit code. */
int cib_export_write(const cib_export_options *options, const cib_buf *out);

int cib_export_csv(cib_workspace *ws, const cib_export_options *options);
int cib_export_iati(cib_workspace *ws, const cib_export_options *options);

#endif
