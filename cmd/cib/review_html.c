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

/* What is to be said of the field `at` of the view, or of the entry. */
static void print_notes(FILE *stream, const cib_review_item *item, const cib_review_view *view, size_t at)
{
	static const char *const severities[] = {N_("Error"), N_("Warning"), N_("Advice"), N_("Note")};
	const cib_view_note *n;
	for (size_t i = 0; (n = cib_review_view_note(view, at, &i));) {
		char *word = n->remark      ? cib_format("%s, %s", n->remark->by_secretariat ? _("Secretariat") : item->member, n->remark->date)
		             : n->duplicate ? cib_format(n->duplicate->linked ? _("Linked with %s of %s") : _("May be the same as %s of %s"), n->duplicate->id, n->duplicate->member)
		                            : cib_strdup(_(severities[n->kind]));
		char *whole = *n->title ? cib_format("%s, %s", word, n->title) : cib_strdup(word);
		print_note(stream, !n->remark ? "found" : n->remark->depth ? "said answer"
		                                                           : "said",
		           whole, n->text);
		free(word);
		free(whole);
	}
}

static bool has_notes(const cib_review_view *view, size_t at)
{
	size_t i = 0;
	return cib_review_view_note(view, at, &i);
}

static void print_about(FILE *stream, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d)
{
	const cib_kind *kind = cib_network_kind(ws->net, item->kind);
	const char *lang = cib_term_lang(), *title = cib_review_title(d, lang);
	char age[16];
	review_age(age, d->submitted);
	fprintf(stream, "<section>\n<h2 dir=\"auto\" id=\"%s\">", item->id);
	cib_html_text(stream, *title ? title : item->id);
	fprintf(stream, "</h2>\n<p class=\"about\">%s, ", item->id);
	char *whose = cib_format(_("%s of %s"), kind && cib_kind_title(kind, lang) ? cib_kind_title(kind, lang) : item->kind, item->member);
	cib_html_text(stream, whose);
	free(whose);
	fprintf(stream, *age ? _(": %s, %s, age %s") : ": %s, %s", _(cib_review_change_word(item)), _(cib_review_state_word(item->state)), age);
	fputs("</p>\n", stream);
}

static void print_item(FILE *stream, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d)
{
	cib_review_view view;
	cib_review_view_make(&view, ws, item, d, false, cib_term_lang());
	print_about(stream, ws, item, d);
	print_notes(stream, item, &view, SIZE_MAX);
	fprintf(stream, "<table>\n<thead><tr><th>%s</th><th>%s</th><th>%s</th></tr></thead>\n<tbody>\n", _("Field"), _("Before"), _("After"));
	for (size_t i = 0; i < view.count; i++) {
		const cib_view_field *f = &view.items[i];
		fputs("<tr><th scope=\"row\">", stream);
		cib_html_text(stream, f->title);
		fputs("</th>", stream);
		print_value(stream, f->before, f->parts ? NULL : f->after, _("Before"), "del");
		print_value(stream, f->after, f->parts ? NULL : f->before, _("After"), "ins");
		fputs("</tr>\n", stream);
		if (has_notes(&view, i)) {
			fputs("<tr class=\"notes\"><td></td><td colspan=\"2\">", stream);
			print_notes(stream, item, &view, i);
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
		fprintf(stream, "</bdi></a>, %s</li>\n", _(cib_review_change_word(&items[i])));
		cJSON_Delete(doc);
		cib_buf_free(&text);
	}
	fputs("</ul></nav>\n", stream);
}

int review_print_html(FILE *stream, cib_workspace *ws, cib_duplicates *index, const cib_review_item *items, size_t count)
{
	cib_html_begin(stream, _("Review"));
	fputs("<h1>", stream);
	fprintf(stream, cib_ngettext("Review: %zu entry", "Review: %zu entries", count), count);
	fputs("</h1>\n", stream);
	if (count > 1)
		print_contents(stream, ws, items, count);
	for (size_t i = 0; i < count; i++) {
		cib_review_detail detail;
		cib_error err = CIB_ERROR_INIT;
		int status = cib_review_detail_load(&detail, ws, &items[i], index, cib_term_lang(), &err);
		if (status == CIB_OK)
			print_item(stream, ws, &items[i], &detail);
		cib_review_detail_clear(&detail);
		if (status != CIB_OK)
			return cib_fail(&err);
	}
	cib_html_end(stream);
	return 0;
}
