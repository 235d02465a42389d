/* cib export: entries for other programs: IATI, sheets, GeoJSON, JSON lines. */
#include "export.h"
#include "exchange/geojson.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "export iati|csv|geojson|json [--kind KIND] [--member MEMBER | --mine] [--where /field=value]... [--output FILE] [options of the format]";

typedef struct {
	const cib_export_options *options;
	cib_export_cb cb;
	void *payload;
	size_t unreadable;
} choosing;

static int choose(const char *path, const cib_place *place, const char *text, size_t len, void *payload)
{
	choosing *c = payload;
	cJSON *doc = NULL;
	bool taken = cib_json_read(&doc, text, len, NULL, NULL) == CIB_OK;
	int code = 0;
	(void)place;
	c->unreadable += !taken;
	for (size_t i = 0; i < c->options->where.count && taken; i++)
		taken = cib_entry_matches(doc, c->options->where.items[i]);
	if (taken)
		code = c->cb(path, doc, text, len, c->payload);
	cJSON_Delete(doc);
	return code;
}

int cib_export_each(cib_workspace *ws, const cib_export_options *o, const cib_kind *kind, cib_export_cb cb, void *payload)
{
	choosing c = {o, cb, payload, 0};
	cib_error err = CIB_ERROR_INIT;
	int status = cib_workspace_each(ws, o->mine && ws->member ? ws->member : o->member, kind, choose, &c, &err);
	if (status != CIB_OK && status == err.status)
		return cib_fail(&err);
	if (c.unreadable)
		fprintf(stderr, cib_ngettext("%zu entry cannot be read and left out: cib check names them\n", "%zu entries cannot be read and left out: cib check names them\n", c.unreadable), c.unreadable);
	return status;
}

int cib_export_write(const cib_export_options *o, const cib_buf *out)
{
	cib_error err = CIB_ERROR_INIT;
	if (o->output)
		return cib_file_give_out(o->output, cib_buf_str(out), out->len, &err) == CIB_OK ? 0 : cib_fail(&err);
	return fwrite(cib_buf_str(out), 1, out->len, stdout) == out->len && fflush(stdout) == 0 ? 0 : CIB_INTERNAL;
}

/* ---- GeoJSON and JSON lines ---- */

typedef struct {
	cib_buf out;
	const char *lang;
	bool geo;
	size_t entries, points, without;
} plain;

static int add_plain(const char *path, const cJSON *doc, const char *text, size_t len, void *payload)
{
	plain *p = payload;
	(void)path, (void)text, (void)len;
	p->entries++;
	if (p->geo) {
		size_t points = cib_geojson_write(&p->out, doc, p->lang, p->points == 0);
		p->points += points;
		p->without += points == 0;
	} else {
		cib_json_write(&p->out, doc, &(cib_json_style){.keep_order = true, .compact = true});
		cib_buf_addc(&p->out, '\n');
	}
	return 0;
}

static int export_plain(cib_workspace *ws, const cib_export_options *o, const cib_kind *kind, bool geo)
{
	plain p = {.lang = o->lang, .geo = geo};
	if (geo)
		cib_geojson_begin(&p.out);
	int code = cib_export_each(ws, o, kind, add_plain, &p);
	if (geo)
		cib_geojson_end(&p.out);
	if (!code)
		code = cib_export_write(o, &p.out);
	if (!code && geo)
		fprintf(stderr, cib_ngettext("%zu points of %zu entry; %zu without coordinates\n", "%zu points of %zu entries; %zu without coordinates\n", p.entries), p.points, p.entries, p.without);
	else if (!code)
		fprintf(stderr, cib_ngettext("%zu entry\n", "%zu entries\n", p.entries), p.entries);
	cib_buf_free(&p.out);
	return code;
}

/* ---- the verb ---- */

static int run(cib_workspace *ws, const char *format, const cib_export_options *o)
{
	const cib_kind *kind = o->kind ? cib_network_kind(ws->net, o->kind) : NULL;
	static const char *const formats[] = {"iati", "csv", "geojson", "json"};
	if (o->kind && !kind)
		return cib_unknown_kind(ws, o->kind);
	if (strcmp(format, "iati") == 0)
		return cib_export_iati(ws, o);
	if (strcmp(format, "csv") == 0)
		return cib_export_csv(ws, o);
	if (strcmp(format, "geojson") == 0 || strcmp(format, "json") == 0)
		return export_plain(ws, o, kind, *format == 'g');
	const char *near = cib_nearest(format, formats, 4);
	return near ? cib_usage("there is no format '%s'. Did you mean %s?", format, near) : cib_usage("there is no format '%s'\nusage: cib %s", format, usage);
}

int cib_cmd_export(int argc, char **argv)
{
	cib_export_options o = {.separator = ",", .decimal = ".", .dates = "iso", .lang = cib_term_lang()};
	cib_words rest = {0};
	const cib_opt opts[] = {
		{"kind", 'k', CIB_OPT_TEXT, &o.kind, "KIND", N_("only this kind (csv: needed; iati: project)")},
		{"member", 'm', CIB_OPT_TEXT, &o.member, "MEMBER", N_("only this member's entries")},
		{"mine", 0, CIB_OPT_FLAG, &o.mine, NULL, N_("only your own organisation's entries")},
		{"where", 'w', CIB_OPT_LIST, &o.where, "/FIELD=VALUE", N_("only entries with that value; may be given again")},
		{"output", 'o', CIB_OPT_TEXT, &o.output, "FILE", N_("write there instead of to the terminal")},
		{"list", 0, CIB_OPT_TEXT, &o.list, "LIST", N_("csv: a row for each item of this list (partners, budget, ...)")},
		{"column", 'c', CIB_OPT_LIST, &o.columns, "FIELD", N_("csv: only this field (title/en); may be given again")},
		{"separator", 0, CIB_OPT_TEXT, &o.separator, "SIGN", N_("csv: , (default), ; or tab")},
		{"decimal", 0, CIB_OPT_TEXT, &o.decimal, "SIGN", N_("csv: the decimal sign: . (default) or ,")},
		{"dates", 0, CIB_OPT_TEXT, &o.dates, "FORM", N_("csv: iso (2024-12-31, default), dmy (31.12.2024) or mdy (12/31/2024)")},
		{"bom", 0, CIB_OPT_FLAG, &o.bom, NULL, N_("csv: a byte order mark first, for Excel")},
		{"reporting-org", 0, CIB_OPT_TEXT, &o.reporter, "ID", N_("iati: who publishes; else each entry's member")},
		{"all", 'a', CIB_OPT_FLAG, &o.all, NULL, N_("iati: also entries that are not meant for the public")},
		{"quiet", 'q', CIB_OPT_FLAG, &o.quiet, NULL, N_("iati: only the counts of what has no place there")},
		{"json", 0, CIB_OPT_FLAG, &o.json, NULL, N_("iati: what has no place there as JSON lines, to stderr")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	cib_workspace *ws = NULL;
	if (code)
		return code - 1;
	if (rest.count != 1)
		code = cib_usage("which format?\nusage: cib %s", usage);
	else if ((code = cib_open(&ws)))
		code--;
	else
		code = run(ws, rest.items[0], &o);
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	free((void *)(uintptr_t)o.where.items);
	free((void *)(uintptr_t)o.columns.items);
	return code;
}
