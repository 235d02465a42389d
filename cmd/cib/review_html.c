/* The queue as one page of HTML that needs nothing else: to mail to whom the entries concern. Text of entries is data:
 * escaped everywhere. */
#include "review.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	FILE *stream;
	const char *mark; /* del or ins */
	bool open;        /* a run of words that differ */
} marking;

static void set_mark(marking *m, bool open)
{
	if (open != m->open)
		fprintf(m->stream, open ? "<%s>" : "</%s>", m->mark);
	m->open = open;
}

static void print_piece(const char *piece, size_t len, bool differs, void *payload)
{
	marking *m = payload;
	char *text = cib_strndup(piece, len);
	if (len)
		set_mark(m, differs);
	cib_html_text(m->stream, text);
	free(text);
}

/* One side of a field: of a text that stands on both, the words that differ are marked, else all of it. */
static void print_value(FILE *stream, const char *text, const char *against, const char *heading, const char *mark)
{
	fprintf(stream, "<td dir=\"auto\" data-side=\"%s\">", text ? heading : "");
	if (text && against) {
		marking m = {stream, mark, false};
		cib_each_piece(text, against, print_piece, &m);
		set_mark(&m, false);
	} else if (text) {
		fprintf(stream, "<%s>", mark);
		cib_html_text(stream, text);
		fprintf(stream, "</%s>", mark);
	}
	fputs("</td>", stream);
}

static void print_note(FILE *stream, const char *style, const char *word, const char *text)
{
	fprintf(stream, "<p class=\"%s\" dir=\"auto\"><b>", style);
	cib_html_text(stream, word);
	fputs(":</b> ", stream);
	cib_html_text(stream, text);
	fputs("</p>\n", stream);
}

/* What check, the search for duplicates and both sides say of the field `at` of the view; SIZE_MAX: of the entry. */
static size_t print_notes(FILE *stream, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d, const cib_review_view *view, size_t at, bool count_only)
{
	static const char *const severities[] = {"Error", "Warning", "Advice"};
	const cib_kind *kind = cib_network_kind(ws->net, item->kind);
	const cib_merge_rules *rules = kind ? cib_network_rules(ws->net, kind) : NULL;
	const cJSON *doc = d->after ? d->after : d->before;
	cib_buf pointer = CIB_BUF_INIT;
	size_t n = 0;
	for (size_t i = 0; i < d->findings.count; i++)
		if (cib_review_view_at(view, d->findings.items[i].pointer) == at && ++n && !count_only)
			print_note(stream, "found", severities[d->findings.items[i].severity], d->findings.items[i].message ? d->findings.items[i].message : "");
	for (size_t i = 0; i < d->duplicates.count; i++) {
		const cib_duplicate *x = &d->duplicates.items[i];
		if (review_duplicate_at(view, x) != at || !++n || count_only)
			continue;
		char *word = cib_format("%s %s of %s", x->linked ? "Linked with" : "May be the same as", x->id, x->member);
		print_note(stream, "found", word, x->title);
		free(word);
	}
	for (size_t i = 0; i < d->dialogue.count; i++) {
		const cib_remark *r = &d->dialogue.items[i];
		const char *place = doc && *r->path && cib_merge_path_to_pointer(&pointer, doc, rules, r->path) ? pointer.data : r->path;
		if (cib_review_view_at(view, place) != at || !++n || count_only)
			continue;
		char *title = at == SIZE_MAX && *place ? cib_field_title(ws->net, kind, place, cib_term_lang()) : cib_strdup("");
		char *word = cib_format("%s, %s%s%s", r->by_secretariat ? "Secretariat" : item->member, r->date, *title ? ", " : "", title);
		print_note(stream, r->depth ? "said answer" : "said", word, r->text);
		free(title);
		free(word);
	}
	cib_buf_free(&pointer);
	return n;
}

static void print_about(FILE *stream, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d)
{
	const cib_kind *kind = cib_network_kind(ws->net, item->kind);
	const char *lang = cib_term_lang(), *title = cib_entry_title(d->after ? d->after : d->before, lang);
	char age[16];
	review_age(age, d->submitted);
	fprintf(stream, "<section>\n<h2 dir=\"auto\" id=\"%s\">", item->id);
	cib_html_text(stream, *title ? title : item->id);
	fprintf(stream, "</h2>\n<p class=\"about\">%s, %s of ", item->id, kind && cib_kind_title(kind, lang) ? cib_kind_title(kind, lang) : item->kind);
	cib_html_text(stream, item->member);
	fprintf(stream, ": %s, %s%s%s</p>\n", review_change_word(item), review_state_word(item->state), *age ? ", age " : "", age);
	if (d->awaited)
		print_note(stream, "found", "Another owner has to agree", d->awaited);
	if (d->clashes)
		print_note(stream, "found", "Clashes with main", "main changed meanwhile, and both do not fit together");
	if (d->conflicts)
		print_note(stream, "found", "Open conflicts", "the member has still to decide");
}

static void print_item(FILE *stream, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d)
{
	cib_review_view view;
	cib_review_view_make(&view, ws, item, d, false, cib_term_lang());
	print_about(stream, ws, item, d);
	print_notes(stream, ws, item, d, &view, SIZE_MAX, false);
	fputs("<table>\n<thead><tr><th>Field</th><th>Before</th><th>After</th></tr></thead>\n<tbody>\n", stream);
	for (size_t i = 0; i < view.count; i++) {
		const cib_view_field *f = &view.items[i];
		fputs("<tr><th scope=\"row\">", stream);
		cib_html_text(stream, f->title);
		fputs("</th>", stream);
		print_value(stream, f->before, f->parts ? NULL : f->after, "Before", "del");
		print_value(stream, f->after, f->parts ? NULL : f->before, "After", "ins");
		fputs("</tr>\n", stream);
		if (print_notes(stream, ws, item, d, &view, i, true)) {
			fputs("<tr class=\"notes\"><td></td><td colspan=\"2\">", stream);
			print_notes(stream, ws, item, d, &view, i, false);
			fputs("</td></tr>\n", stream);
		}
	}
	fputs("</tbody>\n</table>\n</section>\n", stream);
	cib_review_view_clear(&view);
}

static void print_contents(FILE *stream, cib_workspace *ws, const cib_review_item *items, size_t count)
{
	fputs("<nav><ul>\n", stream);
	for (size_t i = 0; i < count; i++) {
		cJSON *doc = NULL;
		cib_buf text = CIB_BUF_INIT;
		const cib_oid *blob = cib_oid_is_zero(&items[i].proposed) ? &items[i].on_main : &items[i].proposed;
		if (cib_store_blob_read(&text, ws->store, blob, 0, NULL) == CIB_OK)
			cib_json_read(&doc, text.data, text.len, NULL, NULL);
		const char *title = cib_entry_title(doc, cib_term_lang());
		fprintf(stream, "<li>%s: <a href=\"#%s\"><bdi>", items[i].member, items[i].id);
		cib_html_text(stream, *title ? title : items[i].id);
		fprintf(stream, "</bdi></a>, %s</li>\n", review_change_word(&items[i]));
		cJSON_Delete(doc);
		cib_buf_free(&text);
	}
	fputs("</ul></nav>\n", stream);
}

int review_print_html(FILE *stream, cib_workspace *ws, cib_duplicates *index, const cib_review_item *items, size_t count)
{
	cib_html_begin(stream, "Review");
	fprintf(stream, "<h1>Review: %zu entr%s</h1>\n", count, count == 1 ? "y" : "ies");
	if (count > 1)
		print_contents(stream, ws, items, count);
	for (size_t i = 0; i < count; i++) {
		cib_review_detail detail;
		cib_error err = CIB_ERROR_INIT;
		int status = cib_review_detail_load(&detail, ws, &items[i], cib_term_lang(), &err);
		if (status == CIB_OK)
			cib_review_detail_duplicates(&detail, index, &items[i], cib_term_lang());
		if (status == CIB_OK)
			print_item(stream, ws, &items[i], &detail);
		cib_review_detail_clear(&detail);
		if (status != CIB_OK)
			return cib_fail(&err);
	}
	cib_html_end(stream);
	return 0;
}
