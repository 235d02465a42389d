/* A sheet: its columns, its rows, and what an edited row changes. */
#include "exchange/sheet_private.h"
#include "network/translation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIXED = 4 }; /* id, owner, item, version: in front and, the version, at the end */
static const char *const fixed_names[FIXED] = {"id", "owner", "item", "version"};
enum { ID,
       OWNER,
       ITEM,
       VERSION };

struct cib_sheet {
	cib_network *net;
	const cib_kind *kind;
	const cib_schema *schema;
	cib_sheet_style style;
	char *lang;
	char *list, *item_key; /* of a list's sheet; else NULL */
	cJSON *seen;           /* which members the entries (or items) have */
	bool complete;         /* the columns are those of `columns`; else they follow from what was seen */
	cib_column_type *columns;
	size_t count, cap;
	size_t *cell_of;     /* after reading a header: which cell of a row a column is */
	size_t fixed[FIXED]; /* the cells of id, ..., SIZE_MAX: there is none */
	size_t width;        /* cells in the header */
};

int cib_sheet_style_ok(const cib_sheet_style *style, cib_error *err)
{
	static const char *const forms[] = {"iso", "dmy", "mdy"};
	bool known = false;
	for (size_t i = 0; i < 3; i++)
		known |= strcmp(style->dates, forms[i]) == 0;
	if (!known)
		return cib_error_set(err, CIB_USAGE, "sheet.style", "dates are iso, dmy or mdy, not '%s'", style->dates);
	if (style->decimal != '.' && style->decimal != ',')
		return cib_error_set(err, CIB_USAGE, "sheet.style", "the decimal sign is . or ,");
	if (!style->separator || !strchr(",;\t", style->separator))
		return cib_error_set(err, CIB_USAGE, "sheet.style", "cells are separated by a comma, a semicolon or 'tab'");
	return CIB_OK;
}

/* ---- making ---- */

static const cJSON *property(const cib_kind *kind, const char *name)
{
	return cib_json_get(cib_json_get(kind->schema, "properties"), name);
}

/* A list of items with fields of their own: its key, or NULL. */
static const char *item_key(const cJSON *schema)
{
	const char *merge = cib_json_string(schema, "x-merge");
	cib_column_type column = {0};
	bool own = merge && strncmp(merge, "keyed:", 6) == 0 && !cib_column_of(&column, schema);
	free(column.key);
	free(column.value);
	return own ? merge + 6 : NULL;
}

const char **cib_sheet_lists(const cib_kind *kind)
{
	const char **names = NULL;
	size_t count = 0, cap = 0;
	for (const cJSON *p = cib_json_get(kind->schema, "properties")->child; p; p = p->next)
		if (item_key(p)) {
			names = cib_grow((void *)(uintptr_t)names, &cap, count + 2, sizeof *names);
			names[count++] = p->string;
		}
	if (!names)
		names = cib_alloc(sizeof *names);
	names[count] = NULL;
	return names;
}

static int no_such_list(const cib_kind *kind, const char *list, cib_error *err)
{
	const char **lists = cib_sheet_lists(kind);
	cib_buf all = CIB_BUF_INIT;
	for (size_t i = 0; lists[i]; i++)
		cib_buf_addf(&all, "%s%s", i ? ", " : "", lists[i]);
	int status = cib_error_set(err, CIB_USAGE, "sheet.list", "the kind %s has no list '%s' with a sheet of its own", kind->name, list);
	if (all.len)
		cib_error_hint(err, "there are: %s", all.data);
	else
		cib_error_hint(err, "it has none");
	cib_buf_free(&all);
	free((void *)(uintptr_t)lists);
	return status;
}

int cib_sheet_new(cib_sheet **out, cib_network *net, const cib_kind *kind, const char *list, const cib_sheet_style *style, cib_error *err)
{
	const char *key = list ? item_key(property(kind, list)) : NULL;
	*out = NULL;
	if (list && !key)
		return no_such_list(kind, list, err);
	const cib_schema *schema = cib_network_schema(net, kind, err);
	if (!schema)
		return err ? err->status : CIB_FINDINGS;
	cib_sheet *s = cib_alloc(sizeof *s);
	s->net = net;
	s->kind = kind;
	s->schema = schema;
	s->style = *style;
	s->lang = cib_strdup(style->lang ? style->lang : "en");
	s->style.lang = s->lang;
	s->list = cib_strdup(list);
	s->item_key = cib_strdup(key);
	s->seen = cJSON_CreateObject();
	*out = s;
	return CIB_OK;
}

static void forget_columns(cib_sheet *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->columns[i].name);
		free(s->columns[i].pointer);
		free(s->columns[i].key);
		free(s->columns[i].value);
	}
	s->count = 0;
}

void cib_sheet_free(cib_sheet *s)
{
	if (!s)
		return;
	forget_columns(s);
	free(s->columns);
	free(s->cell_of);
	free(s->lang);
	free(s->list);
	free(s->item_key);
	cJSON_Delete(s->seen);
	free(s);
}

/* ---- columns ---- */

/* The subschema of a field of the sheet; NULL when there is none. */
static const cJSON *field(const cib_sheet *s, const char *pointer)
{
	char *full = s->list ? cib_format("/%s/0%s", s->list, pointer) : cib_strdup(pointer);
	const cJSON *f = cib_schema_field(s->schema, full);
	free(full);
	return cJSON_IsObject(f) ? f : NULL;
}

static bool is_fixed(const cib_sheet *s, const char *pointer)
{
	static const char *const own[] = {"/id", "/owner", "/kind", "/schema"};
	if (s->list)
		return strcmp(pointer + 1, s->item_key) == 0;
	for (size_t i = 0; i < 4; i++)
		if (strcmp(pointer, own[i]) == 0)
			return true;
	return false;
}

static void add_column(cib_sheet *s, cib_column_type column, const char *pointer)
{
	s->columns = cib_grow(s->columns, &s->cap, s->count + 1, sizeof *s->columns);
	column.pointer = cib_strdup(pointer);
	column.name = cib_strdup(pointer + 1);
	s->columns[s->count++] = column;
}

static void add_columns(cib_sheet *s, const char *pointer, const cJSON *schema, const cJSON *seen);

/* Where there is no entry yet to learn from, a text has the network's languages. */
static void add_languages(cib_sheet *s, const char *pointer, const cJSON *f)
{
	const cJSON *languages = cib_json_get(cib_network_json(s->net), "languages");
	cJSON *text = cJSON_CreateObject();
	for (const cJSON *l = languages ? languages->child : NULL; l; l = l->next)
		if (cJSON_IsString(l))
			cib_json_set(text, l->valuestring, cJSON_CreateString(""));
	add_columns(s, pointer, f, text);
	cJSON_Delete(text);
}

static void add_member(cib_sheet *s, const char *pointer, const char *name, const cJSON *seen)
{
	cib_buf inner = CIB_BUF_INIT;
	cib_buf_adds(&inner, pointer);
	cib_json_pointer_add(&inner, name);
	const cJSON *f = field(s, inner.data);
	cib_column_type column = {0};
	const char *type = f ? cib_json_string(f, "type") : NULL;
	bool object = type ? strcmp(type, "object") == 0 : cJSON_IsObject(seen);
	if (is_fixed(s, inner.data))
		;
	else if (!s->seen->child && f && cib_field_is_text(f))
		add_languages(s, inner.data, f);
	else if (object)
		add_columns(s, inner.data, f, seen);
	else if (f ? cib_column_of(&column, f) : seen && !seen->child)
		add_column(s, column, inner.data);
	cib_buf_free(&inner);
}

static bool is_required(const cJSON *schema, const char *name)
{
	const cJSON *required = cib_json_get(schema, "required");
	for (const cJSON *r = required ? required->child : NULL; r; r = r->next)
		if (cJSON_IsString(r) && strcmp(r->valuestring, name) == 0)
			return true;
	return false;
}

/* Required fields first, in the schema's order, then its others, then what only the entries have. */
static void add_columns(cib_sheet *s, const char *pointer, const cJSON *schema, const cJSON *seen)
{
	const cJSON *properties = cib_json_get(schema, "properties"), *required = cib_json_get(schema, "required");
	for (const cJSON *r = required ? required->child : NULL; r; r = r->next)
		if (cJSON_IsString(r))
			add_member(s, pointer, r->valuestring, cib_json_get(seen, r->valuestring));
	for (const cJSON *p = properties ? properties->child : NULL; p; p = p->next)
		if (!is_required(schema, p->string))
			add_member(s, pointer, p->string, cib_json_get(seen, p->string));
	for (const cJSON *m = seen ? seen->child : NULL; m; m = m->next)
		if (!is_required(schema, m->string) && !cib_json_get(properties, m->string))
			add_member(s, pointer, m->string, m);
}

/* Columns that were not chosen follow from the schema and from what was seen. */
static void complete_columns(cib_sheet *s)
{
	if (s->complete)
		return;
	const cJSON *schema = s->list ? cib_json_get(property(s->kind, s->list), "items") : s->kind->schema;
	add_columns(s, "", schema, s->seen);
	s->complete = true;
}

/* Note which members a document has; leaves by an empty text. */
static void see(cJSON *seen, const cJSON *doc)
{
	for (const cJSON *c = doc->child; c; c = c->next) {
		cJSON *old = cib_json_get(seen, c->string);
		if (cJSON_IsObject(c)) {
			if (!cJSON_IsObject(old))
				cib_json_set(seen, c->string, old = cJSON_CreateObject());
			see(old, c);
		} else if (!old && !cJSON_IsArray(c)) {
			cib_json_set(seen, c->string, cJSON_CreateString(""));
		}
	}
}

void cib_sheet_learn(cib_sheet *s, const cJSON *doc)
{
	if (!s->list) {
		see(s->seen, doc);
		return;
	}
	const cJSON *list = cib_json_get(doc, s->list);
	for (const cJSON *i = list ? list->child : NULL; i; i = i->next)
		see(s->seen, i);
}

static int no_such_column(const cib_sheet *s, const char *name, cib_error *err)
{
	const cJSON *schema = s->list ? cib_json_get(property(s->kind, s->list), "items") : s->kind->schema, *properties = cib_json_get(schema, "properties");
	const char *names[200], *near = NULL;
	size_t n = 0, first = strcspn(name, "/");
	char *top = cib_strndup(name, first);
	for (const cJSON *p = properties ? properties->child : NULL; p && n < 200; p = p->next)
		names[n++] = p->string;
	near = cib_nearest(top, names, n);
	int status = cib_error_set(err, CIB_FINDINGS, "sheet.column", "there is no field '%s' that a column could be", name);
	if (near && strcmp(near, top) != 0)
		cib_error_hint(err, "did you mean %s%s?", near, name + first);
	else
		cib_error_hint(err, "name a field as in the sheet that cib exported, e.g. title/en; a list of items has a sheet of its own");
	free(top);
	return status;
}

int cib_sheet_add_column(cib_sheet *s, const char *name, cib_error *err)
{
	char *pointer = cib_format("/%s", name);
	cib_column_type column = {0};
	const cJSON *f = field(s, pointer);
	bool extra = !f && (strncmp(name, "x-", 2) == 0 || strstr(name, "/x-"));
	int status = !is_fixed(s, pointer) && (extra || (f && cib_column_of(&column, f))) ? CIB_OK : no_such_column(s, name, err);
	if (status == CIB_OK)
		add_column(s, column, pointer);
	s->complete |= status == CIB_OK;
	free(pointer);
	return status;
}

/* ---- writing ---- */

static void end_row(cib_buf *out)
{
	cib_buf_adds(out, "\r\n");
}

void cib_sheet_write_header(cib_buf *out, const cib_sheet *sheet)
{
	cib_sheet *s = (cib_sheet *)(uintptr_t)sheet;
	char separator = s->style.separator;
	complete_columns(s);
	if (s->style.bom)
		cib_buf_adds(out, "\xef\xbb\xbf");
	cib_buf_addf(out, "id%cowner%c", separator, separator);
	if (s->list)
		cib_buf_addf(out, "item%c", separator);
	for (size_t i = 0; i < s->count; i++) {
		char *full = s->list ? cib_format("/%s/0%s", s->list, s->columns[i].pointer) : cib_strdup(s->columns[i].pointer);
		char *title = cib_field_title(s->net, s->kind, full, s->lang), *cell = cib_format("%s [%s]", title, s->columns[i].name);
		cib_csv_add(out, strcmp(title, full) == 0 ? s->columns[i].name : cell, separator, false);
		cib_buf_addc(out, separator);
		free(full);
		free(title);
		free(cell);
	}
	cib_buf_addf(out, "[version %s%s%s]", s->kind->name, s->list ? " " : "", s->list ? s->list : "");
	end_row(out);
}

static void write_row(cib_buf *out, const cib_sheet *s, const cJSON *doc, const cJSON *fields, const char *item, const char *version)
{
	char separator = s->style.separator;
	const char *id = cib_json_string(doc, "id"), *owner = cib_json_string(doc, "owner");
	cib_buf cell = CIB_BUF_INIT;
	cib_csv_add(out, id ? id : "", separator, false);
	cib_buf_addc(out, separator);
	cib_csv_add(out, owner ? owner : "", separator, false);
	cib_buf_addc(out, separator);
	if (s->list) {
		cib_csv_add(out, item ? item : "", separator, false);
		cib_buf_addc(out, separator);
	}
	for (size_t i = 0; i < s->count; i++) {
		cib_buf_clear(&cell);
		cib_cell_write(&cell, &s->columns[i], cib_json_at(fields, s->columns[i].pointer), &s->style);
		const char *text = cib_buf_str(&cell);
		cib_csv_add(out, text, separator, s->columns[i].type == CIB_CELL_DECIMAL && strspn(text, "-0123456789.,") == cell.len);
		cib_buf_addc(out, separator);
	}
	cib_buf_adds(out, version);
	end_row(out);
	cib_buf_free(&cell);
}

size_t cib_sheet_write(cib_buf *out, const cib_sheet *s, const cJSON *doc, const char *version)
{
	size_t rows = 0;
	if (!s->list) {
		write_row(out, s, doc, doc, NULL, version);
		return 1;
	}
	const cJSON *list = cib_json_get(doc, s->list);
	for (const cJSON *i = list ? list->child : NULL; i; i = i->next, rows++)
		write_row(out, s, doc, i, cib_json_string(i, s->item_key), version);
	return rows;
}

/* ---- reading ---- */

/* The name of a column: what stands in the last brackets, else the whole cell. The caller's. */
static char *column_name(const char *cell)
{
	const char *open = strrchr(cell, '['), *close = strrchr(cell, ']');
	size_t len = strlen(cell);
	while (len > 0 && cell[len - 1] == ' ')
		len--;
	if (open && close && close > open && (size_t)(close - cell) == len - 1)
		return cib_strndup(open + 1, (size_t)(close - open - 1));
	return cib_strndup(cell, len);
}

static int twice(const char *name, cib_error *err)
{
	return cib_error_set(err, CIB_FINDINGS, "sheet.twice", "the column '%s' is there twice", name);
}

static int read_name(cib_sheet *s, const char *name, size_t at, cib_error *err)
{
	for (size_t f = 0; f < FIXED; f++) {
		size_t len = strlen(fixed_names[f]);
		if (strncmp(name, fixed_names[f], len) != 0 || (name[len] && !(f == VERSION && name[len] == ' ')) || (f == ITEM && !s->list))
			continue;
		if (s->fixed[f] != SIZE_MAX)
			return twice(fixed_names[f], err);
		s->fixed[f] = at;
		return CIB_OK;
	}
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->columns[i].name, name) == 0)
			return twice(name, err);
	int status = cib_sheet_add_column(s, name, err);
	if (status == CIB_OK)
		s->cell_of[s->count - 1] = at;
	return status;
}

int cib_sheet_read_header(cib_sheet *s, const cib_csv_row *row, cib_error *err)
{
	int status = CIB_OK;
	forget_columns(s);
	for (size_t f = 0; f < FIXED; f++)
		s->fixed[f] = SIZE_MAX;
	s->width = row->count;
	free(s->cell_of);
	s->cell_of = cib_alloc((row->count + 1) * sizeof *s->cell_of);
	for (size_t at = 0; at < row->count && status == CIB_OK; at++) {
		char *name = column_name(row->cells[at]);
		if (*name)
			status = read_name(s, name, at, err);
		if (status != CIB_OK && err) {
			err->line = row->line;
			err->column = at + 1;
		}
		free(name);
	}
	if (status == CIB_OK && s->fixed[ID] == SIZE_MAX)
		status = cib_error_set(err, CIB_FINDINGS, "sheet.column", "the column 'id' is missing: nothing says which entry a row is");
	return status;
}

static const char *fixed_cell(const cib_sheet *s, const cib_csv_row *row, int which)
{
	size_t at = s->fixed[which];
	return at < row->count ? row->cells[at] : "";
}

const char *cib_sheet_id(const cib_sheet *s, const cib_csv_row *row)
{
	return fixed_cell(s, row, ID);
}

const char *cib_sheet_version(const cib_sheet *s, const cib_csv_row *row)
{
	return fixed_cell(s, row, VERSION);
}

static void find(cib_findings *findings, const char *file, const cib_csv_row *row, size_t cell, const char *pointer, const char *code, const char *message, const char *hint)
{
	cib_findings_add(findings, &(cib_finding){.severity = CIB_ERROR, .file = (char *)(uintptr_t)file, .line = row->line, .column = cell + 1, .pointer = (char *)(uintptr_t)pointer, .keyword = (char *)(uintptr_t) "sheet", .code = (char *)(uintptr_t)code, .message = (char *)(uintptr_t)message, .hint = (char *)(uintptr_t)hint});
}

/* The place of an item in a list by its key; -1. */
static int item_at(const cJSON *list, const char *key, const char *value)
{
	int at = 0;
	for (const cJSON *i = list ? list->child : NULL; i; i = i->next, at++) {
		const char *other = cib_json_string(i, key);
		if (other && strcmp(other, value) == 0)
			return at;
	}
	return -1;
}

/* The item of `edited` that a row is about; a new one when there is none of that key. */
static char *item_pointer(cJSON *edited, const cib_sheet *s, const char *item)
{
	cJSON *list = cib_json_get(edited, s->list);
	char made[40];
	if (!list)
		cib_json_set(edited, s->list, list = cJSON_CreateArray());
	for (size_t n = (size_t)cJSON_GetArraySize(list) + 1; !*item; n++) {
		snprintf(made, sizeof made, "%c-%zu", s->list[0], n);
		if (item_at(list, s->item_key, made) < 0)
			item = made;
	}
	int at = item_at(list, s->item_key, item);
	if (at < 0) {
		cJSON *new = cJSON_CreateObject();
		cib_json_set(new, s->item_key, cJSON_CreateString(item));
		at = cJSON_GetArraySize(list);
		cJSON_AddItemToArray(list, new);
	}
	return cib_format("/%s/%d", s->list, at);
}

/* Objects that lost their last member are no objects in an entry. */
static void prune(cJSON **doc, const char *pointer)
{
	char *parent = cib_strdup(pointer), *slash;
	while ((slash = strrchr(parent, '/')) && slash != parent) {
		*slash = '\0';
		const cJSON *o = cib_json_at(*doc, parent);
		if (!cJSON_IsObject(o) || o->child)
			break;
		cib_json_set_at(doc, parent, NULL, NULL);
	}
	free(parent);
}

static bool set_cell(cJSON **edited, const cib_sheet *s, size_t i, const char *prefix, const char *cell, const cib_csv_row *row, const char *file, cib_findings *findings)
{
	char *pointer = cib_format("%s%s", prefix, s->columns[i].pointer), *why = NULL;
	const char *hint = NULL;
	const cJSON *before = cib_json_at(*edited, pointer);
	cJSON *value = *cell ? cib_cell_read(&s->columns[i], cell, before, &s->style, &why, &hint) : NULL;
	bool done = !why;
	if (why) {
		find(findings, file, row, s->cell_of[i], pointer, "sheet.value", why, hint);
	} else if (value || before) {
		cib_json_set_at(edited, pointer, value, NULL);
		if (!value)
			prune(edited, pointer);
	}
	free(why);
	free(pointer);
	return done;
}

/* Numbers as JSON has them, for comparing. */
static void normal(char *cell, const cib_column_type *column, const cib_sheet_style *style)
{
	for (; column->type == CIB_CELL_DECIMAL && style->decimal == ',' && *cell; cell++)
		if (*cell == ',')
			*cell = '.';
}

static bool is_unchanged(const cib_sheet *s, size_t i, const cJSON *base_fields, const char *cell)
{
	cib_buf base = CIB_BUF_INIT;
	char *a, *b = cib_strdup(cell);
	cib_cell_write(&base, &s->columns[i], cib_json_at(base_fields, s->columns[i].pointer), &s->style);
	a = cib_strdup(cib_buf_str(&base));
	normal(a, &s->columns[i], &s->style);
	normal(b, &s->columns[i], &s->style);
	bool same = cib_cell_same(&s->columns[i], a, b);
	cib_buf_free(&base);
	free(a);
	free(b);
	return same;
}

size_t cib_sheet_apply(cJSON **edited, const cib_sheet *s, const cJSON *base, const cib_csv_row *row, const char *file, cib_findings *findings)
{
	const char *item = s->list ? fixed_cell(s, row, ITEM) : "";
	const cJSON *list = s->list ? cib_json_get(base, s->list) : NULL, *base_fields = base;
	char *prefix = NULL;
	size_t changed = 0;
	if (row->count > s->width || (row->count < s->width && *cib_sheet_id(s, row))) {
		char *why = cib_format(_("the row has %zu cells, the header %zu"), row->count, s->width);
		find(findings, file, row, 0, "", "sheet.width", why, _("write texts that hold the separator in quotation marks"));
		free(why);
		return 0;
	}
	if (s->list) {
		int at = *item ? item_at(list, s->item_key, item) : -1;
		base_fields = at >= 0 ? cJSON_GetArrayItem(list, at) : NULL;
		changed = *item && at < 0; /* an item whose key alone says something */
		if (changed)
			prefix = item_pointer(*edited, s, item);
	}
	for (size_t i = 0; i < s->count; i++) {
		char *cell = cib_strdup(s->cell_of[i] < row->count ? row->cells[s->cell_of[i]] : "");
		cib_csv_plain(cell);
		if (!is_unchanged(s, i, base_fields, cell)) {
			if (!prefix)
				prefix = s->list ? item_pointer(*edited, s, item) : cib_strdup("");
			changed += set_cell(edited, s, i, prefix, cell, row, file, findings);
		}
		free(cell);
	}
	free(prefix);
	return changed;
}
