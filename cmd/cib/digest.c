/* cib digest: what happened since a day, for the side that asks: text, JSON, or a page, ready to be mailed. A sync ends with
 * a short one. */
#include "cmd.h"
#include "digest.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char usage[] = "digest [--since DAY] [--format text|html|json]";

/* What is told under which heading, and in which order. */
typedef struct {
	cib_happened_kind kind;
	const char *staff, *secretariat; /* NULL: not told to that side */
} section;
static const section sections[] = {
	{CIB_HAPPENED_RETURNED, N_("Came back with comments"), N_("Returned entries")},
	{CIB_HAPPENED_DECLINED, N_("Declined entries"), N_("Declined entries")},
	{CIB_HAPPENED_COMMENTED, N_("Said by the secretariat"), N_("Said")},
	{CIB_HAPPENED_ACCEPTED, N_("Accepted entries"), N_("Accepted entries")},
	{CIB_HAPPENED_CORRECTED, N_("Changed by the secretariat"), N_("Changed by the secretariat")},
	{CIB_HAPPENED_ARRIVED, NULL, N_("Arrived and waiting")},
};
enum { SECTIONS = sizeof sections / sizeof *sections };

typedef struct {
	cib_workspace *ws;
	const cib_happenings *list;
	FILE *stream;
	bool html;
	size_t most; /* lines below a heading */
} digest;

static const char *heading(const digest *d, const section *s)
{
	return d->ws->member ? s->staff : s->secretariat;
}

static bool is_told(const digest *d, const cib_happening *h)
{
	return !d->ws->member || strcmp(d->ws->member, h->member) == 0;
}

/* Is it a remark that came with a decision? It is told there. */
static bool belongs_above(const cib_happenings *list, size_t i)
{
	const cib_happening *h = &list->items[i];
	while (h->kind == CIB_HAPPENED_COMMENTED && !h->by_member && i-- > 0 && strcmp(list->items[i].path, h->path) == 0 && list->items[i].when == h->when)
		if (list->items[i].kind == CIB_HAPPENED_RETURNED || list->items[i].kind == CIB_HAPPENED_DECLINED)
			return true;
	return false;
}

/* ---- one line ---- */

static void put(const digest *d, const char *text)
{
	if (d->html)
		cib_html_text(d->stream, text);
	else
		cib_print_clean(d->stream, text);
}

static cJSON *document(cib_workspace *ws, const cib_happening *h)
{
	cJSON *doc = NULL;
	cib_buf text = CIB_BUF_INIT;
	const cib_oid *blob = cib_oid_is_zero(&h->blob) ? &h->before : &h->blob;
	if (!cib_oid_is_zero(blob) && cib_store_blob_read(&text, ws->store, blob, 0, NULL) == CIB_OK)
		cib_json_read(&doc, text.data, text.len, NULL, NULL);
	cib_buf_free(&text);
	return doc;
}

/* "Status: " before a remark about that field; the caller's. */
static char *field_of(cib_workspace *ws, const cib_happening *h)
{
	const cib_kind *kind = cib_network_kind(ws->net, h->entry_kind);
	cib_buf pointer = CIB_BUF_INIT;
	cJSON *doc = *h->field ? document(ws, h) : NULL;
	bool placed = doc && kind && cib_merge_path_to_pointer(&pointer, doc, cib_network_rules(ws->net, kind), h->field);
	char *title = *h->field ? cib_field_title(ws->net, kind, placed ? pointer.data : h->field, cib_term_lang()) : cib_strdup("");
	char *out = cib_format("%s%s", title, *title ? ": " : "");
	free(title);
	cib_buf_free(&pointer);
	cJSON_Delete(doc);
	return out;
}

static void put_remark(const digest *d, const cib_happening *h)
{
	char *field = field_of(d->ws, h), *line = cib_format("%s%s", field, h->text);
	if (d->html) {
		fputs("<p class=\"said\" dir=\"auto\">", d->stream);
		put(d, line);
		fputs("</p>\n", d->stream);
	} else {
		cib_print_columns(d->stream, &(cib_column){NULL, line, NULL}, 1, 6, cib_term_width(d->stream), false);
	}
	free(field);
	free(line);
}

static void put_entry(const digest *d, const cib_happening *h)
{
	char day[11];
	cib_day_of(day, h->when);
	const char *change = h->kind == CIB_HAPPENED_COMMENTED ? "" : cib_oid_is_zero(&h->blob)                                                                     ? _("withdrawn, ")
	                                                      : cib_oid_is_zero(&h->before) && h->kind != CIB_HAPPENED_RETURNED && h->kind != CIB_HAPPENED_DECLINED ? _("new, ")
	                                                                                                                                                            : "";
	bool whose = !d->ws->member && *h->member;
	char *about = cib_format("%s%s%s%s%s%s", whose ? h->member : "", whose ? ", " : "", change, day, *h->user ? _(", by ") : "", h->user);
	if (d->html) {
		fprintf(d->stream, "<li><span dir=\"auto\">");
		put(d, *h->title ? h->title : h->id);
		fputs("</span> <small>", d->stream);
		put(d, h->id);
		fputs(", ", d->stream);
		put(d, about);
		fputs("</small>\n", d->stream);
	} else {
		char *line = cib_format("%s  %s%s(%s)", h->id, h->title, *h->title ? " " : "", about);
		cib_print_columns(d->stream, &(cib_column){NULL, line, NULL}, 1, 2, cib_term_width(d->stream), false);
		free(line);
	}
	free(about);
}

/* An entry with the remarks that belong to it. */
static void put_happening(const digest *d, size_t i)
{
	const cib_happening *h = &d->list->items[i];
	put_entry(d, h);
	if (h->text)
		put_remark(d, h);
	for (size_t k = i + 1; k < d->list->count && strcmp(d->list->items[k].path, h->path) == 0 && belongs_above(d->list, k); k++)
		put_remark(d, &d->list->items[k]);
	if (d->html)
		fputs("</li>\n", d->stream);
}

/* ---- sections ---- */

static size_t put_section(const digest *d, const section *s)
{
	size_t n = 0, shown = 0;
	for (size_t i = 0; i < d->list->count; i++)
		n += d->list->items[i].kind == s->kind && is_told(d, &d->list->items[i]) && !belongs_above(d->list, i);
	if (!n || !heading(d, s))
		return 0;
	fprintf(d->stream, d->html ? "<h2>%s: %zu</h2>\n<ul>\n" : "%s: %zu\n", _(heading(d, s)), n);
	for (size_t i = 0; i < d->list->count && shown < d->most; i++)
		if (d->list->items[i].kind == s->kind && is_told(d, &d->list->items[i]) && !belongs_above(d->list, i)) {
			put_happening(d, i);
			shown++;
		}
	if (shown < n) {
		fputs(d->html ? "<li>" : "  ", d->stream);
		fprintf(d->stream, _("and %zu more"), n - shown);
		fputs(d->html ? "</li>\n" : "\n", d->stream);
	}
	fputs(d->html ? "</ul>\n" : "", d->stream);
	return n;
}

/* What became of other members' entries, in one line. */
static size_t put_others(const digest *d)
{
	size_t n = 0;
	for (size_t i = 0; i < d->list->count; i++)
		n += d->list->items[i].kind == CIB_HAPPENED_ACCEPTED && !is_told(d, &d->list->items[i]);
	if (n) {
		fputs(d->html ? "<p>" : "", d->stream);
		fprintf(d->stream, cib_ngettext("Of other members %zu entry was accepted.", "Of other members %zu entries were accepted.", n), n);
		fputs(d->html ? "</p>\n" : "\n", d->stream);
	}
	return n;
}

static size_t put_all(const digest *d)
{
	size_t n = 0;
	for (size_t i = 0; i < SECTIONS; i++)
		n += put_section(d, &sections[i]);
	return n + put_others(d);
}

void cib_print_digest(FILE *stream, cib_workspace *ws, const cib_happenings *list, size_t most)
{
	put_all(&(digest){ws, list, stream, false, most});
}

/* ---- what waits now ---- */

static void put_waiting(const digest *d)
{
	cib_review_queue queue = CIB_REVIEW_QUEUE_INIT;
	cib_oid main_tip;
	size_t n = 0;
	if (!d->ws->member)
		cib_review_list(&queue, d->ws, NULL, NULL);
	else if (cib_workspace_main(&main_tip, d->ws, NULL) == CIB_OK)
		cib_review_compare(&queue, d->ws, d->ws->member, &main_tip, &d->ws->tip, NULL);
	for (size_t i = 0; i < queue.count; i++)
		n += queue.items[i].state == CIB_REVIEW_PENDING;
	const char *text = d->ws->member ? _("Waiting for the secretariat now: %zu") : _("Waiting for review now: %zu");
	fputs(d->html ? "<p>" : "", d->stream);
	fprintf(d->stream, text, n); /* NOLINT: one of the two above */
	fputs(d->html ? "</p>\n" : "\n", d->stream);
	cib_review_queue_free(&queue);
}

/* ---- JSON ---- */

static void print_json(const digest *d)
{
	for (size_t i = 0; i < d->list->count; i++) {
		const cib_happening *h = &d->list->items[i];
		cJSON *row = cJSON_CreateObject();
		cJSON_AddNumberToObject(row, "v", 1);
		cJSON_AddStringToObject(row, "event", cib_happened_word(h->kind));
		cJSON_AddNumberToObject(row, "time", (double)h->when);
		cJSON_AddStringToObject(row, "member", h->member);
		cJSON_AddStringToObject(row, "id", h->id);
		cJSON_AddStringToObject(row, "kind", h->entry_kind);
		cJSON_AddStringToObject(row, "title", h->title);
		cJSON_AddStringToObject(row, "user", h->user);
		if (h->text) {
			cJSON_AddStringToObject(row, "field", h->field);
			cJSON_AddStringToObject(row, "text", h->text);
			cJSON_AddBoolToObject(row, "byMember", h->by_member);
		}
		cib_print_json(d->stream, row);
		cJSON_Delete(row);
	}
}

/* ---- the command ---- */

static void print_whole(const digest *d, int64_t since)
{
	char day[11], *title;
	cib_day_of(day, since);
	title = cib_format(_("%s, since %s"), d->ws->member ? d->ws->member : _("Secretariat"), day);
	if (d->html) {
		cib_html_begin(d->stream, title);
		fputs("<h1>", d->stream);
	}
	put(d, title);
	fputs(d->html ? "</h1>\n" : "\n", d->stream);
	if (!put_all(d))
		fprintf(d->stream, d->html ? "<p>%s</p>\n" : "%s\n", _("Nothing happened."));
	put_waiting(d);
	if (d->html)
		cib_html_end(d->stream);
	free(title);
}

static int run(cib_workspace *ws, int64_t since, const char *format)
{
	cib_happenings list;
	cib_error err = CIB_ERROR_INIT;
	cib_happened_span span = {.since = since, .lang = cib_term_lang(), .arrivals = true};
	int code = cib_happenings_load(&list, ws, &span, &err) == CIB_OK ? 0 : cib_fail(&err);
	digest d = {ws, &list, stdout, strcmp(format, "html") == 0, SIZE_MAX};
	if (code == 0 && strcmp(format, "json") == 0)
		print_json(&d);
	else if (code == 0)
		print_whole(&d, since);
	cib_happenings_clear(&list);
	return code;
}

int cib_cmd_digest(int argc, char **argv)
{
	const char *since = "7d", *format = "text";
	bool json = false;
	const cib_opt opts[] = {
		{"since", 0, CIB_OPT_TEXT, &since, "DAY", N_("the first day, as 2026-03-02, or so many days ago, as 14d (the default is 7d)")},
		{"format", 0, CIB_OPT_TEXT, &format, "FORMAT", N_("text, html (one page, to be mailed) or json")},
		{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("as JSON lines")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, NULL);
	if (code)
		return code - 1;
	int64_t begin = cib_since_of(since, (int64_t)time(NULL));
	if (begin < 0)
		return cib_usage("'%s' is no day; --since takes 2026-03-02, or 14d for 14 days ago", since);
	if (strcmp(format, "text") != 0 && strcmp(format, "html") != 0 && strcmp(format, "json") != 0)
		return cib_usage("the format is text, html or json");
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	code = run(ws, begin, json ? "json" : format);
	cib_workspace_free(ws);
	return code;
}
