/* cib import csv: an edited sheet comes back. Each row is an edit of the version that was exported, and merges by field with
 * what the entry is by now. */
#include "import.h"

#include <stdlib.h>
#include <string.h>

/* An entry that rows of the sheet are about. */
typedef struct {
	char *id, *path;
	cJSON *base, *edited, *now; /* base: as exported; NULL now: a new entry */
	size_t line, changed;
	bool broken; /* a row of it cannot be taken: none is */
} touched;

typedef struct {
	cib_workspace *ws;
	const cib_kind *kind;
	cib_sheet *sheet;
	const char *file;
	const cib_import_options *options;
	touched *entries;
	size_t count, cap;
	cib_findings findings;
	size_t rows, added, changed, unchanged, merged, conflicts, left;
} importing;

static void find_at(importing *im, size_t line, const char *code, const char *message, const char *hint)
{
	cib_findings_add(&im->findings, &(cib_finding){.severity = CIB_ERROR, .file = (char *)(uintptr_t)im->file, .line = line, .column = 1, .pointer = (char *)(uintptr_t) "", .keyword = (char *)(uintptr_t) "sheet", .code = (char *)(uintptr_t)code, .message = (char *)(uintptr_t)message, .hint = (char *)(uintptr_t)hint});
}

/* ---- the entry of a row ---- */

static cJSON *new_document(importing *im, cib_buf *path)
{
	char id[32], *schema = cib_format("%s/1", im->kind->name);
	cJSON *doc = cJSON_CreateObject();
	cib_network_new_id(id, im->kind);
	cib_json_set(doc, "kind", cJSON_CreateString(im->kind->name));
	cib_json_set(doc, "schema", cJSON_CreateString(schema));
	cib_json_set(doc, "id", cJSON_CreateString(id));
	if (im->ws->member)
		cib_json_set(doc, "owner", cJSON_CreateString(im->ws->member));
	cib_network_path(path, im->kind, im->ws->member, id);
	free(schema);
	return doc;
}

static cJSON *read_version(importing *im, const char *hex)
{
	cib_oid oid;
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	if (cib_oid_parse(&oid, hex) && cib_store_blob_read(&text, im->ws->store, &oid, 0, NULL) == CIB_OK)
		cib_json_read(&doc, cib_buf_str(&text), text.len, NULL, NULL);
	cib_buf_free(&text);
	return doc;
}

static int open_existing(importing *im, touched *t, const char *id, const char *version)
{
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cib_place place;
	cib_error err = CIB_ERROR_INIT;
	int status = cib_workspace_find(&path, &place, im->ws, id, &err);
	if (status == CIB_OK && strcmp(place.id, id) != 0)
		status = cib_error_set(&err, CIB_NOTFOUND, "sheet.entry", "there is no entry %s", id);
	if (status == CIB_OK && place.kind != im->kind)
		status = cib_error_set(&err, CIB_NOTFOUND, "sheet.entry", "%s is of the kind %s, the sheet of %s", id, place.kind ? place.kind->name : "?", im->kind->name);
	if (status == CIB_OK)
		status = cib_workspace_read(&text, im->ws, path.data, &err);
	if (status == CIB_OK)
		status = cib_json_read(&t->now, text.data, text.len, NULL, &err);
	if (status == CIB_OK) {
		t->path = cib_buf_take(&path);
		t->base = read_version(im, version);
		if (!t->base) { /* whatever the row says differently may be old or new: nobody can tell */
			t->base = cJSON_Duplicate(t->now, true);
			t->broken = true;
		}
		t->edited = cJSON_Duplicate(t->base, true);
	} else {
		find_at(im, t->line, "sheet.entry", err.message, _("leave the cell 'id' empty for a new entry"));
	}
	cib_buf_free(&path);
	cib_buf_free(&text);
	return status;
}

/* The entry of a row; NULL when it cannot be had (a finding says why). */
static touched *entry_of(importing *im, const char *id, const char *version, size_t line)
{
	for (size_t i = 0; *id && i < im->count; i++)
		if (strcmp(im->entries[i].id, id) == 0)
			return im->entries[i].now ? &im->entries[i] : NULL;
	im->entries = cib_grow(im->entries, &im->cap, im->count + 1, sizeof *im->entries);
	touched *t = &im->entries[im->count++];
	*t = (touched){.id = cib_strdup(id), .line = line};
	if (*id)
		return open_existing(im, t, id, version) == CIB_OK ? t : NULL;
	cib_buf path = CIB_BUF_INIT;
	t->base = new_document(im, &path);
	t->edited = cJSON_Duplicate(t->base, true);
	t->path = cib_buf_take(&path);
	return t;
}

static bool is_blank(const cib_csv_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (*row->cells[i])
			return false;
	return true;
}

static void take_row(importing *im, const cib_csv_row *row)
{
	const char *id = cib_sheet_id(im->sheet, row);
	size_t before = im->findings.count;
	if (is_blank(row))
		return;
	im->rows++;
	touched *t = entry_of(im, id, cib_sheet_version(im->sheet, row), row->line);
	if (!t)
		return;
	bool unknown = t->broken && before == im->findings.count && !t->changed;
	size_t changed = cib_sheet_apply(&t->edited, im->sheet, t->base, row, im->file, &im->findings);
	t->changed += changed;
	if (changed && unknown)
		find_at(im, row->line, "sheet.version", _("the version that this row was made from is not known here, and the row differs from the entry"), _("export the sheet anew and make the change there"));
	t->broken |= im->findings.count > before;
}

/* ---- settling ---- */

static void print_conflict(const importing *im, const touched *t, const cib_conflict *c)
{
	char *title = cib_field_title(im->ws->net, im->kind, c->pointer, cib_term_lang());
	printf(_("%s:%zu: %s, %s: the sheet has "), im->file, t->line, t->id, title);
	cib_print_value(stdout, c->ours);
	fputs(_(", the entry has by now "), stdout);
	cib_print_value(stdout, c->theirs);
	fputs(im->options->ours ? _("; the sheet's is taken\n") : _("; the entry's stays (--ours takes the sheet's)\n"), stdout);
	free(title);
}

static int write_entry(importing *im, const touched *t, const cJSON *doc)
{
	cib_buf base = CIB_BUF_INIT;
	if (im->options->dry_run)
		return 0;
	if (t->now)
		cib_json_write(&base, t->now, NULL);
	int code = cib_take_entry(im->ws, t->path, t->now ? &base : NULL, doc);
	cib_buf_free(&base);
	return code == CIB_FINDINGS ? 0 : code; /* a draft is kept, and was named */
}

static bool is_own(const importing *im, const touched *t)
{
	cib_place place;
	cib_network_place(&place, im->ws->net, t->path);
	return !im->ws->member || strcmp(place.member, im->ws->member) == 0;
}

static int settle(importing *im, touched *t)
{
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_merge_options how = {cib_network_rules(im->ws->net, im->kind), im->options->ours ? CIB_KEEP_OURS : CIB_KEEP_THEIRS};
	cJSON *merged = NULL;
	int code = 0;
	if (t->broken && t->changed + im->findings.count > 0 && t->path) {
		im->left += t->changed > 0 || t->broken;
	} else if (!t->path || t->changed == 0) {
		im->unchanged += t->path != NULL;
	} else if (!is_own(im, t)) {
		find_at(im, t->line, "sheet.owner", _("the row changes an entry of another organisation"), _("ask its owner: cib comment ID"));
		im->left++;
	} else if (!t->now) {
		im->added++;
		code = write_entry(im, t, t->edited);
	} else {
		cib_merge(&merged, t->base, t->edited, t->now, &how, &conflicts);
		for (size_t i = 0; i < conflicts.count; i++)
			print_conflict(im, t, &conflicts.items[i]);
		im->conflicts += conflicts.count;
		if (cib_json_equal(merged, t->now)) {
			im->unchanged++;
		} else {
			im->changed++;
			im->merged += !cib_json_equal(t->base, t->now);
			code = write_entry(im, t, merged);
		}
	}
	cib_conflicts_free(&conflicts);
	cJSON_Delete(merged);
	return code;
}

/* ---- the file ---- */

/* The header says of which kind, and of which list, the sheet is: "[version project partners]". */
static int open_sheet(importing *im, const cib_csv_row *header, const cib_sheet_style *style, cib_error *err)
{
	char kind[64] = "", list[64] = "";
	for (size_t i = 0; i < header->count && !*kind; i++) {
		const char *mark = strstr(header->cells[i], "[version ");
		if (mark)
			sscanf(mark, "[version %63[^] ] %63[^]]", kind, list);
	}
	im->kind = *kind ? cib_network_kind(im->ws->net, kind) : NULL;
	if (!*kind || !im->kind) {
		int status = cib_error_set(err, CIB_FINDINGS, "sheet.header", *kind ? N_("there is no kind '%s'") : N_("no column is called '[version KIND]%s': this is no sheet that cib exported"), kind);
		cib_error_hint(err, "make one: cib export csv --kind KIND --output FILE; its header must stay");
		return status;
	}
	int status = cib_sheet_new(&im->sheet, im->ws->net, im->kind, *list ? list : NULL, style, err);
	return status == CIB_OK ? cib_sheet_read_header(im->sheet, header, err) : status;
}

static int read_rows(importing *im, const cib_buf *text, const cib_sheet_style *style, cib_error *err)
{
	cib_csv_reader reader;
	cib_csv_row row = {0};
	int status = cib_csv_open(&reader, cib_buf_str(text), text->len, err);
	if (status == CIB_OK)
		status = cib_csv_next(&row, &reader, err);
	if (status == CIB_OK)
		status = open_sheet(im, &row, style, err);
	while (status == CIB_OK && (status = cib_csv_next(&row, &reader, err)) == CIB_OK)
		take_row(im, &row);
	cib_csv_row_free(&row);
	return status == CIB_NOTFOUND && im->sheet ? CIB_OK : status;
}

static void release(importing *im)
{
	for (size_t i = 0; i < im->count; i++) {
		free(im->entries[i].id);
		free(im->entries[i].path);
		cJSON_Delete(im->entries[i].base);
		cJSON_Delete(im->entries[i].edited);
		cJSON_Delete(im->entries[i].now);
	}
	free(im->entries);
	cib_findings_free(&im->findings);
	cib_sheet_free(im->sheet);
}

int cib_import_csv(cib_workspace *ws, const char *file, const cib_import_options *options)
{
	importing im = {.ws = ws, .file = file, .options = options};
	cib_sheet_style style = {.separator = ',', .decimal = options->decimal[0], .dates = options->dates, .lang = cib_term_lang()};
	cib_buf text = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	int code = cib_sheet_style_ok(&style, &err) == CIB_OK && cib_file_read(&text, file, 256u << 20, &err) == CIB_OK && read_rows(&im, &text, &style, &err) == CIB_OK ? 0 : -1;
	if (code) {
		if (err.status == CIB_FINDINGS && !*err.file)
			snprintf(err.file, sizeof err.file, "%s", file);
		code = cib_fail(&err);
	}
	for (size_t i = 0; i < im.count && !code; i++)
		code = settle(&im, &im.entries[i]);
	for (size_t i = 0; i < im.findings.count; i++)
		options->json ? cib_print_finding_json(stdout, &im.findings.items[i]) : cib_print_finding(stdout, &im.findings.items[i]);
	if (!code) {
		char *rows = cib_format(cib_ngettext("%zu row read", "%zu rows read", im.rows), im.rows), *added = cib_format(cib_ngettext("%zu entry new", "%zu entries new", im.added), im.added);
		fprintf(stderr,
		        options->dry_run ? _("%s: %s, %zu changed (%zu of them merged with newer versions), %zu as they were; %zu not taken, %zu fields in conflict; nothing was written (--dry-run)\n")
		                         : _("%s: %s, %zu changed (%zu of them merged with newer versions), %zu as they were; %zu not taken, %zu fields in conflict\n"),
		        rows, added, im.changed, im.merged, im.unchanged, im.left, im.conflicts);
		free(rows);
		free(added);
		code = im.findings.errors || im.conflicts ? CIB_FINDINGS : 0;
	}
	release(&im);
	cib_buf_free(&text);
	return code;
}
