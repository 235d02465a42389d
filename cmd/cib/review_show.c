/* One item of the queue as text: each changed field with its title, before and after, and what was found and said there. */
#include "review.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void review_age(char out[16], int64_t when)
{
	cib_review_span_words(out, when > 0 ? (int64_t)time(NULL) - when : -1);
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
		const cib_column columns[] = {{_("Before"), f->before, f->after}, {_("After"), f->after, f->before}};
		cib_print_columns(p->stream, columns, 2, 4, p->width, p->colour);
	} else {
		print_signed(p, '-', f->before ? f->before : "");
		print_signed(p, '+', f->after ? f->after : "");
	}
}

/* What is to be said of the field `at` of the view, or of the entry. */
static void print_notes(const review_print *p, const cib_review_item *item, const cib_review_view *view, size_t at)
{
	const cib_view_note *n;
	for (size_t i = 0; (n = cib_review_view_note(view, at, &i));) {
		size_t depth = n->remark ? n->remark->depth : 0;
		char *title = cib_format("%s%s", n->title, *n->title ? ": " : "");
		char *line = n->remark                   ? cib_format("%s, %s: %s%s", n->remark->by_secretariat ? _("secretariat") : item->member, n->remark->date, title, n->text)
		             : n->duplicate              ? cib_format(_("like %s of %s"), n->duplicate->id, n->duplicate->member)
		             : n->kind == CIB_NOTE_STATE ? cib_strdup(n->text)
		                                         : cib_format("%s: %s%s", _(cib_note_word(n->kind)), title, n->text);
		if (!n->duplicate || (at != SIZE_MAX && !n->duplicate->linked)) { /* the head lists all */
			style(p, n->remark ? "36" : "33");
			cib_print_columns(p->stream, &(cib_column){NULL, line, NULL}, 1, 4 + 2 * (depth < 10 ? depth : 10), p->width, p->colour);
			style(p, "0");
		}
		free(title);
		free(line);
	}
}

static void print_head(const review_print *p, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d)
{
	const cib_kind *kind = cib_network_kind(ws->net, item->kind);
	char age[16], *title = cib_format("%s  %s", item->id, cib_review_title(d, cib_term_lang()));
	review_age(age, d->submitted);
	style(p, "1");
	cib_print_columns(p->stream, &(cib_column){NULL, title, NULL}, 1, 0, p->width, p->colour);
	style(p, "0");
	free(title);
	const char *kind_title = kind ? cib_kind_title(kind, cib_term_lang()) : NULL;
	char *about = cib_format(*age ? _("%s of %s, %s, %s; by %s, %s ago") : _("%s of %s, %s, %s"), kind_title ? kind_title : item->kind, item->member,
	                         _(cib_review_change_word(item)), _(cib_review_state_word(item->state)), d->author, age);
	cib_print_columns(p->stream, &(cib_column){NULL, about, NULL}, 1, 2, p->width, p->colour);
	free(about);
	if (d->seen)
		fputs(p->only_new ? _("  only what is new since the last look\n") : _("  changed since the last look\n"), p->stream);
	style(p, "33");
	cib_print_duplicates(p->stream, &d->duplicates, 2);
	style(p, "0");
}

void review_print_text(review_print *p, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d, const cib_review_view *view)
{
	print_head(p, ws, item, d);
	print_notes(p, item, view, SIZE_MAX);
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
		print_notes(p, item, view, i);
	}
}

void review_print_item(review_print *p, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d)
{
	cib_review_view view;
	cib_review_view_make(&view, ws, item, d, false, cib_term_lang());
	review_print_text(p, ws, item, d, &view);
	cib_review_view_clear(&view);
}
