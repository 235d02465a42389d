/* One item of the queue as text and as JSON: each changed field with its title, before and after, and what was found and said there. */
#include "review.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *review_change_word(const cib_review_item *item)
{
	return cib_oid_is_zero(&item->on_main) ? "new" : cib_oid_is_zero(&item->proposed) ? "withdrawn"
	                                                                                  : "changed";
}

const char *review_state_word(cib_review_state state)
{
	return state == CIB_REVIEW_PENDING ? "pending" : state == CIB_REVIEW_RETURNED ? "returned"
	                                                                              : "declined";
}

void review_duration(char out[16], int64_t s)
{
	if (s < 0)
		out[0] = '\0';
	else if (s < 7200)
		snprintf(out, 16, "%d min", (int)(s / 60));
	else if (s < 48 * 3600)
		snprintf(out, 16, "%d h", (int)(s / 3600));
	else
		snprintf(out, 16, "%d days", (int)(s / 86400 < 99999 ? s / 86400 : 99999));
}

void review_age(char out[16], int64_t when)
{
	review_duration(out, when > 0 ? (int64_t)time(NULL) - when : -1);
}

/* ---- text ---- */

static void style(const review_print *p, const char *code)
{
	if (p->colour)
		fprintf(p->stream, "\033[%sm", code);
}

/* Letters of Hebrew, Arabic and their neighbours: beside an arrow a terminal that turns them round would swap the sides. */
static bool runs_left(const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if ((*c >= 0xD6 && *c <= 0xDF) || (*c == 0xE0 && (c[1] == 0xA0 || c[1] == 0xA1 || c[1] == 0xA2 || c[1] == 0xA3)) ||
		    (*c == 0xEF && (c[1] == 0xAD || c[1] == 0xAE || c[1] == 0xAF || c[1] == 0xB9 || c[1] == 0xBA || c[1] == 0xBB)))
			return true;
	return false;
}

/* Lines that went ('-') or came ('+'), wrapped. */
static void print_signed(const review_print *p, char sign, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n"), depth = strspn(text, " ");
		depth = depth < n ? depth : 0;
		char *line = cib_format("%c %.*s", sign, (int)(n - depth), text + depth);
		style(p, sign == '+' ? "32" : "31");
		cib_print_columns(p->stream, &(cib_column){NULL, line, NULL}, 1, 4 + depth, p->width, p->colour);
		style(p, "0");
		free(line);
		text += n + (text[n] == '\n');
	}
}

static void print_short(const review_print *p, const cib_view_field *f)
{
	fputs("    ", p->stream);
	style(p, "31");
	cib_print_clean(p->stream, f->before);
	style(p, "0");
	fputs("  ->  ", p->stream);
	style(p, "32");
	cib_print_clean(p->stream, f->after);
	style(p, "0");
	fputc('\n', p->stream);
}

static void print_field(const review_print *p, const cib_view_field *f)
{
	size_t long_before = f->before ? cib_text_width(f->before, strlen(f->before)) : 0, long_after = f->after ? cib_text_width(f->after, strlen(f->after)) : 0;
	bool both = f->before && f->after && !f->parts && !strchr(f->before, '\n') && !strchr(f->after, '\n');
	bool left = both && (runs_left(f->before) || runs_left(f->after));
	if (both && !left && long_before + long_after + 9 < p->width && long_before + long_after < 90) {
		print_short(p, f);
	} else if (f->before && f->after && !f->parts && !(left && long_before < p->width / 2 && long_after < p->width / 2)) {
		const cib_column columns[] = {{"Before", f->before, f->after}, {"After", f->after, f->before}};
		cib_print_columns(p->stream, columns, 2, 4, p->width, p->colour);
	} else {
		print_signed(p, '-', f->before ? f->before : "");
		print_signed(p, '+', f->after ? f->after : "");
	}
}

/* A remark, with the title of its field when that is not shown here. */
static void print_remark(const review_print *p, const cib_review_item *item, const cib_remark *r, const char *title)
{
	cib_buf line = CIB_BUF_INIT;
	cib_buf_addf(&line, "%s, %s: %s%s%s", r->by_secretariat ? "secretariat" : item->member, r->date, title, *title ? ": " : "", r->text);
	style(p, "36");
	cib_print_columns(p->stream, &(cib_column){NULL, line.data, NULL}, 1, 4 + 2 * (r->depth < 10 ? r->depth : 10), p->width, p->colour);
	style(p, "0");
	cib_buf_free(&line);
}

/* What both sides said about the field `at` of the view; SIZE_MAX: about the entry, and about fields that are not shown. */
static void print_remarks(const review_print *p, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d, const cib_review_view *view, size_t at)
{
	const cib_kind *kind = cib_network_kind(ws->net, item->kind);
	const cib_merge_rules *rules = kind ? cib_network_rules(ws->net, kind) : NULL;
	const cJSON *doc = d->after ? d->after : d->before;
	cib_buf pointer = CIB_BUF_INIT;
	for (size_t i = 0; i < d->dialogue.count; i++) {
		const cib_remark *r = &d->dialogue.items[i];
		const char *place = doc && *r->path && cib_merge_path_to_pointer(&pointer, doc, rules, r->path) ? pointer.data : r->path;
		if (cib_review_view_at(view, place) != at)
			continue;
		char *title = at == SIZE_MAX && *place ? cib_field_title(ws->net, kind, place, cib_term_lang()) : cib_strdup("");
		print_remark(p, item, r, title);
		free(title);
	}
	cib_buf_free(&pointer);
}

static void print_findings(const review_print *p, cib_workspace *ws, const cib_kind *kind, const cib_review_detail *d, const cib_review_view *view, size_t at)
{
	static const char *const words[] = {"error", "warning", "advice"};
	for (size_t i = 0; i < d->findings.count; i++) {
		const cib_finding *f = &d->findings.items[i];
		if (cib_review_view_at(view, f->pointer) != at)
			continue;
		bool apart = at == SIZE_MAX && f->pointer && *f->pointer;
		char *title = apart ? cib_field_title(ws->net, kind, f->pointer, cib_term_lang()) : cib_strdup("");
		char *line = cib_format("%s: %s%s%s", words[f->severity], title, apart ? ": " : "", f->message ? f->message : "");
		style(p, "33");
		cib_print_columns(p->stream, &(cib_column){NULL, line, NULL}, 1, 4, p->width, p->colour);
		style(p, "0");
		free(line);
		free(title);
	}
}

static void print_notes(const review_print *p, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d, const cib_review_view *view, size_t at)
{
	print_findings(p, ws, cib_network_kind(ws->net, item->kind), d, view, at);
	for (size_t i = 0; i < d->duplicates.count && at != SIZE_MAX; i++)
		if (!d->duplicates.items[i].linked && review_duplicate_at(view, &d->duplicates.items[i]) == at) {
			style(p, "33");
			fprintf(p->stream, "    like %s of %s\n", d->duplicates.items[i].id, d->duplicates.items[i].member);
			style(p, "0");
		}
	print_remarks(p, ws, item, d, view, at);
}

static void print_head(const review_print *p, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d)
{
	const cib_kind *kind = cib_network_kind(ws->net, item->kind);
	char age[16], *title = cib_format("%s  %s", item->id, cib_entry_title(d->after ? d->after : d->before, cib_term_lang()));
	review_age(age, d->submitted);
	style(p, "1");
	cib_print_columns(p->stream, &(cib_column){NULL, title, NULL}, 1, 0, p->width, p->colour);
	style(p, "0");
	free(title);
	const char *kind_title = kind ? cib_kind_title(kind, cib_term_lang()) : NULL;
	char *about = cib_format("%s of %s, %s, %s%s%s%s%s%s", kind_title ? kind_title : item->kind, item->member, review_change_word(item), review_state_word(item->state),
	                         *age ? "; by " : "", *age ? d->author : "", *age ? ", " : "", age, *age ? " ago" : "");
	cib_print_columns(p->stream, &(cib_column){NULL, about, NULL}, 1, 2, p->width, p->colour);
	free(about);
	if (d->conflicts)
		fprintf(p->stream, "  %zu open conflict%s: the member has still to decide\n", d->conflicts, d->conflicts == 1 ? "" : "s");
	style(p, "33");
	cib_print_duplicates(p->stream, &d->duplicates, 2);
	style(p, "0");
	if (d->awaited)
		fprintf(p->stream, "  belongs to %s, too, who has not agreed to this version\n", d->awaited);
	if (d->joined)
		fprintf(p->stream, "  main changed meanwhile: accepting joins both; what you see is the result\n");
	if (d->clashes)
		fprintf(p->stream, "  main changed meanwhile, and both do not fit together: return it, the member settles it after its next sync\n");
	if (d->seen)
		fprintf(p->stream, p->only_new ? "  only what is new since the last look\n" : "  changed since the last look\n");
}

size_t review_duplicate_at(const cib_review_view *view, const cib_duplicate *duplicate)
{
	size_t at = cib_review_view_at(view, duplicate->same_identifier ? "/identifiers" : "/title");
	return at == SIZE_MAX && !duplicate->same_identifier ? cib_review_view_at(view, "/name") : at;
}

void review_print_text(review_print *p, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d, const cib_review_view *view)
{
	print_head(p, ws, item, d);
	print_notes(p, ws, item, d, view, SIZE_MAX);
	for (size_t i = 0; i < view->count; i++) {
		const cib_view_field *f = &view->items[i];
		if (i == p->selected)
			p->selected_at = ftell(p->stream);
		style(p, i == p->selected ? "7" : "1");
		fputs(i == p->selected ? "> " : "  ", p->stream);
		cib_print_clean(p->stream, f->title);
		style(p, "0");
		if (p->pointers) {
			style(p, "2");
			fputs("  ", p->stream);
			cib_print_clean(p->stream, f->pointer);
			style(p, "0");
		}
		fputc('\n', p->stream);
		print_field(p, f);
		print_notes(p, ws, item, d, view, i);
	}
}

void review_print_item(review_print *p, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d)
{
	cib_review_view view;
	cib_review_view_make(&view, ws, item, d, false, cib_term_lang());
	review_print_text(p, ws, item, d, &view);
	cib_review_view_clear(&view);
}

/* ---- JSON ---- */

static void add_changes(cJSON *row, const char *name, cib_workspace *ws, const cib_kind *kind, const cib_json_changes *changes)
{
	static const char *const ops[] = {"add", "remove", "replace"};
	cJSON *list = cJSON_AddArrayToObject(row, name);
	for (size_t i = 0; i < changes->count; i++) {
		const cib_json_change *c = &changes->items[i];
		char *title = cib_field_title(ws->net, kind, c->pointer, cib_term_lang());
		cJSON *o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "op", ops[c->op]);
		cJSON_AddStringToObject(o, "path", c->pointer);
		cJSON_AddStringToObject(o, "title", title);
		if (c->before)
			cJSON_AddItemToObject(o, "before", cJSON_Duplicate(c->before, true));
		if (c->after)
			cJSON_AddItemToObject(o, "value", cJSON_Duplicate(c->after, true));
		cJSON_AddItemToArray(list, o);
		free(title);
	}
}

void review_print_json(FILE *stream, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d)
{
	static const char *const severities[] = {"error", "warning", "advice"};
	const cib_kind *kind = cib_network_kind(ws->net, item->kind);
	char hex[CIB_OID_HEX];
	cJSON *row = cJSON_CreateObject();
	cib_oid_hex(hex, &item->proposed);
	cJSON_AddNumberToObject(row, "v", 1);
	cJSON_AddStringToObject(row, "member", item->member);
	cJSON_AddStringToObject(row, "id", item->id);
	cJSON_AddStringToObject(row, "kind", item->kind);
	cJSON_AddStringToObject(row, "change", review_change_word(item));
	cJSON_AddStringToObject(row, "state", review_state_word(item->state));
	cJSON_AddStringToObject(row, "blob", hex);
	cJSON_AddStringToObject(row, "title", cib_entry_title(d->after ? d->after : d->before, cib_term_lang()));
	cJSON_AddStringToObject(row, "author", d->author);
	cJSON_AddNumberToObject(row, "submitted", (double)d->submitted);
	cJSON_AddNumberToObject(row, "conflicts", (double)d->conflicts);
	cJSON_AddBoolToObject(row, "clean", cib_review_is_clean(d));
	if (d->awaited)
		cJSON_AddStringToObject(row, "awaits", d->awaited);
	cJSON_AddBoolToObject(row, "joined", d->joined);
	cJSON_AddBoolToObject(row, "clashes", d->clashes);
	add_changes(row, "changes", ws, kind, &d->changes);
	if (d->seen)
		add_changes(row, "news", ws, kind, &d->news);
	cJSON *findings = cJSON_AddArrayToObject(row, "findings"), *duplicates = cJSON_AddArrayToObject(row, "duplicates");
	for (size_t i = 0; i < d->duplicates.count; i++) {
		const cib_duplicate *x = &d->duplicates.items[i];
		cJSON *o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "id", x->id);
		cJSON_AddStringToObject(o, "member", x->member);
		cJSON_AddNumberToObject(o, "score", x->score);
		cJSON_AddStringToObject(o, "by", x->same_identifier ? "identifier" : "title");
		cJSON_AddBoolToObject(o, "linked", x->linked);
		cJSON_AddItemToArray(duplicates, o);
	}
	for (size_t i = 0; i < d->findings.count; i++) {
		cJSON *o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "severity", severities[d->findings.items[i].severity]);
		cJSON_AddStringToObject(o, "pointer", d->findings.items[i].pointer ? d->findings.items[i].pointer : "");
		cJSON_AddStringToObject(o, "message", d->findings.items[i].message ? d->findings.items[i].message : "");
		cJSON_AddItemToArray(findings, o);
	}
	const cJSON *comments = cib_json_get(d->record, "comments");
	if (comments)
		cJSON_AddItemToObject(row, "comments", cJSON_Duplicate(comments, true));
	cib_print_json(stream, row);
	cJSON_Delete(row);
}
