/* The cells of a sheet: values as people spell them in a spreadsheet program, and back. */
#include "base/gettext.h"
#include "exchange/sheet_private.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- which kind of cell ---- */

/* A text that must be a number: its pattern has digits and a point, and no letters. */
static bool is_decimal_pattern(const char *pattern)
{
	if (!pattern || !strstr(pattern, "[0-9]") || !strstr(pattern, "\\."))
		return false;
	for (const char *s = pattern; *s; s++)
		if (isalpha((unsigned char)*s))
			return false;
	return true;
}

static bool is_date(const cJSON *schema)
{
	const char *format = cib_json_string(schema, "format"), *pattern = cib_json_string(schema, "pattern");
	return (format && strcmp(format, "date") == 0) || (pattern && strncmp(pattern, "^[0-9]{4}(-", 11) == 0);
}

static bool is_type(const cJSON *schema, const char *type)
{
	const char *t = cib_json_string(schema, "type");
	return t && strcmp(t, type) == 0;
}

static bool is_scalar(const cJSON *schema)
{
	return schema && !is_type(schema, "object") && !is_type(schema, "array");
}

/* A keyed list whose items have their key and at most one more field, a plain one. */
static bool codes_of(cib_column_type *column, const cJSON *schema, const char *key)
{
	const cJSON *properties = cib_json_get(cib_json_get(schema, "items"), "properties");
	const cJSON *other = NULL;
	size_t others = 0;
	for (const cJSON *p = properties ? properties->child : NULL; p; p = p->next)
		if (strcmp(p->string, key) != 0) {
			other = p;
			others++;
		}
	if (!properties || strcmp(key, "id") == 0 || others > 1 || (other && !is_scalar(other)))
		return false;
	column->type = CIB_CELL_CODES;
	column->key = cib_strdup(key);
	column->value = other ? cib_strdup(other->string) : NULL;
	return true;
}

bool cib_column_of(cib_column_type *column, const cJSON *schema)
{
	const char *merge = cib_json_string(schema, "x-merge");
	if (is_type(schema, "array")) {
		if (merge && strncmp(merge, "keyed:", 6) == 0)
			return codes_of(column, schema, merge + 6);
		column->type = CIB_CELL_SET;
		return is_scalar(cib_json_get(schema, "items"));
	}
	column->number = is_type(schema, "number") || is_type(schema, "integer");
	column->type = is_type(schema, "boolean")                                                 ? CIB_CELL_BOOLEAN
	               : column->number || is_decimal_pattern(cib_json_string(schema, "pattern")) ? CIB_CELL_DECIMAL
	               : is_date(schema)                                                          ? CIB_CELL_DATE
	                                                                                          : CIB_CELL_TEXT;
	return !is_type(schema, "object");
}

/* ---- writing ---- */

static void write_date(cib_buf *out, const char *date, const cib_sheet_style *style)
{
	bool dmy = strcmp(style->dates, "dmy") == 0;
	if (strcmp(style->dates, "iso") == 0 || strlen(date) < 7)
		cib_buf_adds(out, date);
	else if (strlen(date) == 7)
		cib_buf_addf(out, dmy ? "%.2s.%.4s" : "%.2s/%.4s", date + 5, date);
	else if (dmy)
		cib_buf_addf(out, "%.2s.%.2s.%.4s", date + 8, date + 5, date);
	else
		cib_buf_addf(out, "%.2s/%.2s/%.4s", date + 5, date + 8, date);
}

static void write_decimal(cib_buf *out, const char *number, const cib_sheet_style *style)
{
	for (; *number; number++)
		cib_buf_addc(out, *number == '.' ? style->decimal : *number);
}

static void write_scalar(cib_buf *out, const cib_column_type *column, const cJSON *value, const cib_sheet_style *style)
{
	char scratch[40];
	const char *text = cJSON_IsString(value) ? value->valuestring : cJSON_IsNumber(value) ? cib_json_number_text(value, scratch)
	                                                        : cJSON_IsBool(value)         ? (cJSON_IsTrue(value) ? "true" : "false")
	                                                                                      : "";
	if (column->type == CIB_CELL_DATE)
		write_date(out, text, style);
	else if (column->type == CIB_CELL_DECIMAL)
		write_decimal(out, text, style);
	else
		cib_buf_adds(out, text);
}

void cib_cell_write(cib_buf *out, const cib_column_type *column, const cJSON *value, const cib_sheet_style *style)
{
	if (column->type != CIB_CELL_SET && column->type != CIB_CELL_CODES) {
		write_scalar(out, column, value, style);
		return;
	}
	for (const cJSON *i = value ? value->child : NULL; i; i = i->next) {
		const char *text = column->type == CIB_CELL_CODES ? cib_json_string(i, column->key) : cJSON_IsString(i) ? i->valuestring
		                                                                                                        : NULL;
		const char *more = column->value ? cib_json_string(i, column->value) : NULL;
		cib_buf_addf(out, "%s%s", i == value->child ? "" : "; ", text ? text : "");
		if (more) {
			cib_buf_addc(out, '=');
			write_decimal(out, more, style);
		}
	}
}

/* ---- reading ---- */

static char *trimmed(const char *s, size_t len)
{
	while (len > 0 && isspace((unsigned char)*s))
		s++, len--;
	while (len > 0 && isspace((unsigned char)s[len - 1]))
		len--;
	return cib_strndup(s, len);
}

/* Digits with an optional sign and one point: what JSON and the schemas call a decimal. */
static bool is_decimal(const char *s)
{
	s += *s == '-';
	size_t whole = strspn(s, "0123456789");
	const char *rest = s + whole;
	return whole > 0 && (!*rest || (*rest == '.' && rest[1] && !rest[1 + strspn(rest + 1, "0123456789")]));
}

static char *read_decimal(const char *cell, const cib_sheet_style *style, char **why, const char **hint)
{
	char *s = trimmed(cell, strlen(cell));
	bool foreign = strchr(s, style->decimal == ',' ? '.' : ',') != NULL;
	for (char *c = s; style->decimal == ',' && !foreign && *c; c++)
		if (*c == ',')
			*c = '.';
	if (!foreign && is_decimal(s))
		return s;
	*why = cib_format(style->decimal == ',' ? _("'%s' is no number with a decimal comma") : _("'%s' is no number with a decimal point"), cell);
	*hint = foreign ? (style->decimal == ',' ? _("write a comma and no thousands separator, or leave --decimal out") : _("write a point and no thousands separator, or say --decimal ,"))
	                : _("write digits only, without units");
	free(s);
	return NULL;
}

static char *read_date(const char *cell, const cib_sheet_style *style, char **why, const char **hint)
{
	unsigned a = 0, b = 0, year = 0;
	char c1 = 0, c2 = 0, end = 0;
	char *s = trimmed(cell, strlen(cell)), *out = NULL;
	size_t len = strlen(s), digits = strspn(s, "0123456789");
	bool dmy = strcmp(style->dates, "dmy") == 0, iso = strcmp(style->dates, "iso") == 0;
	if (len == 4 && digits == 4)
		out = cib_strdup(s);
	else if (iso && digits == 4 && (len == 7 || len == 10) && strspn(s, "0123456789-") == len)
		out = cib_strdup(s);
	else if (!iso && sscanf(s, "%2u%c%2u%c%4u%c", &a, &c1, &b, &c2, &year, &end) == 5 && c1 == c2 && strchr("./-", c1) && year >= 1000)
		out = cib_format("%04u-%02u-%02u", year, dmy ? b : a, dmy ? a : b);
	else if (!iso && sscanf(s, "%2u%c%4u%c", &a, &c1, &year, &end) == 3 && strchr("./-", c1) && year >= 1000)
		out = cib_format("%04u-%02u", year, a);
	free(s);
	if (out)
		return out;
	*why = cib_format(_("'%s' is no date of the form %s"), cell, iso ? "2024-12-31" : dmy ? "31.12.2024"
	                                                                                      : "12/31/2024");
	*hint = iso ? _("say --dates dmy or --dates mdy when the sheet has them that way") : _("write the year with four digits");
	return NULL;
}

static cJSON *item_with(const cJSON *list, const char *key, const char *text)
{
	for (const cJSON *i = list ? list->child : NULL; i; i = i->next) {
		const char *other = cib_json_string(i, key);
		if (other && strcmp(other, text) == 0)
			return cJSON_Duplicate(i, true);
	}
	cJSON *item = cJSON_CreateObject();
	cib_json_set(item, key, cJSON_CreateString(text));
	return item;
}

static cJSON *read_item(const cib_column_type *column, const char *text, const cJSON *before, const cib_sheet_style *style, char **why, const char **hint)
{
	const char *equals = strchr(text, '=');
	if (column->type == CIB_CELL_SET)
		return cJSON_CreateString(text);
	char *code = trimmed(text, equals ? (size_t)(equals - text) : strlen(text));
	cJSON *item = item_with(before, column->key, code);
	if (equals && !column->value) {
		*why = cib_format(_("'%s': these codes have nothing behind them"), text);
	} else if (equals) {
		char *more = trimmed(equals + 1, strlen(equals + 1));
		bool number = strspn(more, "0123456789,.") == strlen(more);
		char *value = number ? read_decimal(more, style, why, hint) : cib_strdup(more);
		if (value)
			cib_json_set(item, column->value, cJSON_CreateString(value));
		free(more);
		free(value);
	} else if (column->value) {
		cib_json_remove(item, column->value);
	}
	free(code);
	return item;
}

static cJSON *read_list(const cib_column_type *column, const char *cell, const cJSON *before, const cib_sheet_style *style, char **why, const char **hint)
{
	cJSON *list = cJSON_CreateArray();
	for (const char *s = cell; *s && !*why; s += strcspn(s, ";"), s += *s == ';') {
		char *text = trimmed(s, strcspn(s, ";"));
		if (*text)
			cJSON_AddItemToArray(list, read_item(column, text, before, style, why, hint));
		free(text);
	}
	if (!*why)
		return list;
	cJSON_Delete(list);
	return NULL;
}

/* Long digits that a spreadsheet program made a power of ten of, as 1.23E+15. */
static bool is_rounded(const char *cell)
{
	const char *e = strpbrk(cell, "eE");
	return e && e > cell && strspn(cell, "0123456789.,") == (size_t)(e - cell) && (e[1] == '+' || e[1] == '-') && e[2] && !e[2 + strspn(e + 2, "0123456789")];
}

cJSON *cib_cell_read(const cib_column_type *column, const char *cell, const cJSON *before, const cib_sheet_style *style, char **why, const char **hint)
{
	char *text = NULL;
	if (column->type == CIB_CELL_SET || column->type == CIB_CELL_CODES)
		return read_list(column, cell, before, style, why, hint);
	if (column->type == CIB_CELL_BOOLEAN) {
		bool yes = strcasecmp(cell, "true") == 0;
		if (yes || strcasecmp(cell, "false") == 0)
			return cJSON_CreateBool(yes);
		*why = cib_format(_("'%s' is neither true nor false"), cell);
		return NULL;
	}
	if (is_rounded(cell)) {
		*why = cib_format(_("'%s': the spreadsheet program rounded a long number"), cell);
		*hint = _("give the column the format 'text' before you open the sheet");
		return NULL;
	}
	text = column->type == CIB_CELL_DECIMAL ? read_decimal(cell, style, why, hint) : column->type == CIB_CELL_DATE ? read_date(cell, style, why, hint)
	                                                                                                               : cib_strdup(cell);
	cJSON *value = !text ? NULL : column->number ? cib_json_new_number(text)
	                                             : cJSON_CreateString(text);
	free(text);
	return value;
}

bool cib_cell_same(const cib_column_type *column, const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return true;
	if (column->type == CIB_CELL_BOOLEAN)
		return strcasecmp(a, b) == 0;
	/* 182500.00 came back as 182500: the same number, and its text stays */
	return column->type == CIB_CELL_DECIMAL && is_decimal(a) && is_decimal(b) && cib_json_number_compare(a, b) == 0;
}
