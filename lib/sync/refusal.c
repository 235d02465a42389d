/* What the server refused stays known until it is settled: <git dir>/cib/refused.json, the reasons of the last push that
 * was refused, each about a version of an entry or (no path) about the push as a whole. A reason is settled when the
 * entry is another than the refused one, or when a push went through. */
#include "sync/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void cib_refusals_free(cib_refusals *list)
{
	for (size_t i = 0; i < list->count; i++) {
		cib_refusal *r = &list->items[i];
		char *const texts[] = {r->path, r->pointer, r->message, r->hint, r->date};
		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
			free(texts[k]);
	}
	free(list->items);
	*list = (cib_refusals){0};
}

static cib_refusal *add(cib_refusals *list)
{
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	return memset(&list->items[list->count++], 0, sizeof *list->items);
}

static char *file_name(const cib_workspace *ws)
{
	return cib_format("%s/cib/refused.json", cib_store_git_dir(ws->store));
}

/* ---- what the server says ---- */

/* Skip "<digits>:"; NULL when there is none. */
static const char *skip_number(const char *s)
{
	const char *p = s;
	while (isdigit((unsigned char)*p))
		p++;
	return p > s && *p == ':' ? p + 1 : NULL;
}

/* "<12 hex>:<path>:[<line>:<column>:] [<pointer> ][(<title>) ]<message>", as the hook writes it; other words are the message. */
static void parse_reason(cib_refusal *r, const char *text)
{
	const char *p = text, *rest, *end;
	size_t hex = strspn(p, "0123456789abcdef");
	if (hex == 12 && p[12] == ':') {
		p += 13;
		end = strchr(p, ':');
		if (end && end > p && memchr(p, '/', (size_t)(end - p)) && !memchr(p, ' ', (size_t)(end - p))) {
			r->path = cib_strndup(p, (size_t)(end - p));
			p = end + 1;
			rest = skip_number(p);
			rest = rest ? skip_number(rest) : NULL;
			p = rest ? rest : p;
		}
	}
	p += *p == ' ';
	if (*p == '/' && r->path) {
		size_t len = strcspn(p, " ");
		r->pointer = cib_strndup(p, len);
		p += len + (p[len] == ' ');
	}
	r->message = cib_strdup(p);
}

void cib_refusals_hear(cib_refusals *list, const char *line)
{
	static const char refused[] = "refused: ", closing[] = "nothing of this push was taken";
	if (strncmp(line, refused, sizeof refused - 1) == 0 && strncmp(line + sizeof refused - 1, closing, sizeof closing - 1) != 0) {
		parse_reason(add(list), line + sizeof refused - 1);
	} else if (list->count && strncmp(line, "    ", 4) == 0 && !list->items[list->count - 1].hint) {
		list->items[list->count - 1].hint = cib_strdup(line + 4);
	}
}

bool cib_refusals_of_failure(const cib_refusals *list)
{
	static const char failed[] = N_("the guard failed: %s"); /* as cmd/cib/hook.c and the hook itself say it */
	const char *const words[] = {failed, cib_gettext(failed)};
	for (size_t i = 0; i < list->count; i++)
		for (size_t k = 0; k < 2; k++)
			if (strncmp(list->items[i].message, words[k], strcspn(words[k], "%")) == 0)
				return true;
	return false;
}

/* ---- keeping ---- */

static void add_text(cJSON *row, const char *name, const char *text)
{
	if (text)
		cJSON_AddStringToObject(row, name, text);
}

static cJSON *row_of(cib_workspace *ws, const cib_refusal *r, const cib_oid *pushed, const char *date)
{
	cJSON *row = cJSON_CreateObject();
	cib_oid blob = {{0}};
	unsigned mode;
	char hex[CIB_OID_HEX];
	if (r->path)
		cib_store_tree_get(&blob, &mode, ws->store, pushed, r->path, NULL);
	cib_oid_hex(hex, &blob);
	add_text(row, "path", r->path);
	add_text(row, "pointer", r->pointer);
	add_text(row, "message", r->message);
	add_text(row, "hint", r->hint);
	add_text(row, "blob", r->path ? hex : NULL);
	add_text(row, "date", date);
	return row;
}

int cib_refusals_keep(cib_workspace *ws, const cib_refusals *heard, const cib_oid *pushed, const cib_error *why, cib_error *err)
{
	char *file = file_name(ws);
	char date[16] = "";
	time_t now = time(NULL);
	struct tm tm;
	cib_buf text = CIB_BUF_INIT;
	if (gmtime_r(&now, &tm))
		strftime(date, sizeof date, "%Y-%m-%d", &tm);
	cJSON *doc = cJSON_CreateArray();
	for (size_t i = 0; i < heard->count; i++)
		cJSON_AddItemToArray(doc, row_of(ws, &heard->items[i], pushed, date));
	if (!heard->count) /* a server that has rules of its own and another way of saying so */
		cJSON_AddItemToArray(doc, row_of(ws, &(cib_refusal){.message = (char *)(uintptr_t)why->message}, pushed, date));
	cib_json_write(&text, doc, NULL);
	int status = cib_file_write(file, text.data, text.len, err);
	cJSON_Delete(doc);
	cib_buf_free(&text);
	free(file);
	return status;
}

int cib_refusals_settle(cib_workspace *ws, cib_error *err)
{
	char *file = file_name(ws);
	int status = cib_file_remove(file, err);
	free(file);
	return status;
}

static bool is_settled(cib_workspace *ws, const cib_refusal *r, const char *blob)
{
	cib_oid now = {{0}}, then;
	unsigned mode;
	if (!r->path)
		return false;
	cib_store_tree_get(&now, &mode, ws->store, &ws->tip, r->path, NULL);
	return !blob || !cib_oid_parse(&then, blob) || !cib_oid_equal(&now, &then);
}

int cib_refusals_load(cib_refusals *out, cib_workspace *ws, cib_error *err)
{
	cJSON *doc = NULL;
	char *file = file_name(ws);
	*out = (cib_refusals){0};
	int status = cib_json_read_file(&doc, file, err);
	free(file);
	if (status == CIB_NOTFOUND)
		cib_error_clear(err);
	for (const cJSON *row = cJSON_IsArray(doc) ? doc->child : NULL; row; row = row->next) {
		cib_refusal r = {(char *)(uintptr_t)cib_json_string(row, "path"), NULL, NULL, NULL, NULL};
		if (!cib_json_string(row, "message") || is_settled(ws, &r, cib_json_string(row, "blob")))
			continue;
		*add(out) = (cib_refusal){
			.path = cib_strdup(cib_json_string(row, "path")),
			.pointer = cib_strdup(cib_json_string(row, "pointer")),
			.message = cib_strdup(cib_json_string(row, "message")),
			.hint = cib_strdup(cib_json_string(row, "hint")),
			.date = cib_strdup(cib_json_string(row, "date")),
		};
	}
	cJSON_Delete(doc);
	return status == CIB_NOTFOUND ? CIB_OK : status;
}
