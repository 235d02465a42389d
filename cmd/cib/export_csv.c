/* cib export csv: entries of a kind, or the items of one of its lists, as a sheet. */
#include "export.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	cib_workspace *ws;
	cib_sheet *sheet;
	cib_buf out;
	size_t entries, rows;
	cib_error err;
} exporting;

static int learn(const char *path, const cJSON *doc, const char *text, size_t len, void *payload)
{
	exporting *e = payload;
	(void)path, (void)text, (void)len;
	cib_sheet_learn(e->sheet, doc);
	return 0;
}

/* The version is kept in the repository, also of an entry that is not saved yet: the sheet will come back as an edit of it. */
static int write_row(const char *path, const cJSON *doc, const char *text, size_t len, void *payload)
{
	exporting *e = payload;
	cib_oid version;
	char hex[CIB_OID_HEX];
	(void)path;
	if (cib_store_blob_write(&version, e->ws->store, text, len, &e->err) != CIB_OK)
		return cib_fail(&e->err);
	cib_oid_hex(hex, &version);
	e->rows += cib_sheet_write(&e->out, e->sheet, doc, hex);
	e->entries++;
	return 0;
}

static int write_sheet(exporting *e, const cib_export_options *o, const cib_kind *kind)
{
	int code = o->columns.count ? 0 : cib_export_each(e->ws, o, kind, learn, e);
	for (size_t i = 0; i < o->columns.count && !code; i++)
		if (cib_sheet_add_column(e->sheet, o->columns.items[i] + (o->columns.items[i][0] == '/'), &e->err) != CIB_OK)
			code = cib_fail(&e->err), code = code == CIB_FINDINGS ? CIB_USAGE : code;
	if (code)
		return code;
	cib_sheet_write_header(&e->out, e->sheet);
	code = cib_export_each(e->ws, o, kind, write_row, e);
	return code ? code : cib_export_write(o, &e->out);
}

static void say_lists(const cib_kind *kind)
{
	const char **lists = cib_sheet_lists(kind);
	if (lists[0])
		fputs(_("Lists with a sheet of their own (--list):"), stderr);
	for (size_t i = 0; lists[i]; i++)
		fprintf(stderr, " %s", lists[i]);
	if (lists[0])
		fputc('\n', stderr);
	free((void *)(uintptr_t)lists);
}

int cib_export_csv(cib_workspace *ws, const cib_export_options *o)
{
	exporting e = {.ws = ws};
	char separator = strcmp(o->separator, "tab") == 0 ? '\t' : strlen(o->separator) == 1 ? o->separator[0]
	                                                                                     : '\0';
	cib_sheet_style style = {separator, strlen(o->decimal) == 1 ? o->decimal[0] : '\0', o->dates, o->bom, o->lang};
	const cib_kind *kind = o->kind ? cib_network_kind(ws->net, o->kind) : NULL;
	if (!kind)
		return cib_usage("a sheet holds one kind of entries: say which, e.g. --kind project");
	if (cib_sheet_style_ok(&style, &e.err) != CIB_OK || cib_sheet_new(&e.sheet, ws->net, kind, o->list, &style, &e.err) != CIB_OK)
		return cib_fail(&e.err);
	int code = write_sheet(&e, o, kind);
	if (!code) {
		char *rows = cib_format(cib_ngettext("%zu row", "%zu rows", e.rows), e.rows);
		fprintf(stderr, cib_ngettext("%s of %zu entry", "%s of %zu entries", e.entries), rows, e.entries);
		fprintf(stderr, "%s%s\n", o->output ? ": " : "", o->output ? o->output : "");
		free(rows);
		if (!o->list && !o->columns.count)
			say_lists(kind);
		if (o->output)
			fprintf(stderr, _("When it is edited: cib import csv %s%s%s%s%s\n"), o->output, *o->decimal == ',' ? " --decimal ," : "", strcmp(o->dates, "iso") == 0 ? "" : " --dates ",
			        strcmp(o->dates, "iso") == 0 ? "" : o->dates, "");
	}
	cib_buf_free(&e.out);
	cib_sheet_free(e.sheet);
	return code;
}
