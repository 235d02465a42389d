/* What there is to say of an opened item beside its fields: how it stands, what check found, what it may be the same as, what
 * both sides said. Each goes with the field that it is about. */
#include "base/gettext.h"
#include "review/private.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	cib_review_view *view;
	cib_network *net;
	const cib_kind *kind;
	const char *lang;
} noter;

const char *cib_note_word(cib_note_kind kind)
{
	static const char *const words[] = {N_("error"), N_("warning"), N_("advice"), N_("state"), N_("duplicate"), N_("remark")};
	return words[kind];
}

const cib_view_note *cib_review_view_note(const cib_review_view *view, size_t at, size_t *i)
{
	while (*i < view->note_count) {
		const cib_view_note *note = &view->notes[(*i)++];
		if (note->field == at)
			return note;
	}
	return NULL;
}

/* Takes the text. A field that the view does not show is called by its title. */
static cib_view_note *add_note(const noter *n, cib_note_kind kind, const char *place, char *text)
{
	cib_review_view *v = n->view;
	size_t field = cib_review_view_at(v, place);
	char *title = field == SIZE_MAX && place && *place ? cib_field_title(n->net, n->kind, place, n->lang) : cib_strdup("");
	v->notes = cib_grow(v->notes, &v->note_cap, v->note_count + 1, sizeof *v->notes);
	v->notes[v->note_count] = (cib_view_note){kind, field, title, text, NULL, NULL};
	return &v->notes[v->note_count++];
}

static void note_state(const noter *n, const cib_review_detail *d)
{
	if (d->conflicts)
		add_note(n, CIB_NOTE_STATE, NULL, cib_format(cib_ngettext("%zu open conflict: the member has still to decide", "%zu open conflicts: the member has still to decide", d->conflicts), d->conflicts));
	if (d->awaited)
		add_note(n, CIB_NOTE_STATE, "/owners", cib_format(_("belongs to %s, too, who has not agreed to this version"), d->awaited));
	if (d->joined)
		add_note(n, CIB_NOTE_STATE, NULL, cib_strdup(_("main changed meanwhile: accepting joins both; what you see is the result")));
	if (d->clashes)
		add_note(n, CIB_NOTE_STATE, NULL, cib_strdup(_("main changed meanwhile, and both do not fit together: return it, the member settles it after its next sync")));
}

/* The field that tells of it; where that did not change, the entry. */
static void note_duplicates(const noter *n, const cib_review_detail *d)
{
	for (size_t i = 0; i < d->duplicates.count; i++) {
		const cib_duplicate *x = &d->duplicates.items[i];
		const char *place = x->same_identifier ? "/identifiers" : cib_review_view_at(n->view, "/title") != SIZE_MAX ? "/title"
		                                                                                                            : "/name";
		cib_view_note *note = add_note(n, CIB_NOTE_DUPLICATE, place, cib_strdup(x->title));
		note->duplicate = x;
		note->title[0] = '\0';
	}
}

static void note_remarks(const noter *n, const cib_review_detail *d)
{
	const cib_merge_rules *rules = n->kind ? cib_network_rules(n->net, n->kind) : NULL;
	const cJSON *doc = d->after ? d->after : d->before;
	cib_buf pointer = CIB_BUF_INIT;
	for (size_t i = 0; i < d->dialogue.count; i++) {
		const cib_remark *r = &d->dialogue.items[i];
		const char *place = doc && *r->path && cib_merge_path_to_pointer(&pointer, doc, rules, r->path) ? pointer.data : r->path;
		add_note(n, CIB_NOTE_SAID, place, cib_strdup(r->text))->remark = r;
	}
	cib_buf_free(&pointer);
}

void cib_review_notes_make(cib_review_view *view, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *detail, const char *lang)
{
	noter n = {view, ws->net, cib_network_kind(ws->net, item->kind), lang};
	for (int severity = CIB_ERROR; severity <= CIB_ADVICE; severity++)
		for (size_t i = 0; i < detail->findings.count; i++) {
			const cib_finding *f = &detail->findings.items[i];
			if ((int)f->severity == severity)
				add_note(&n, (cib_note_kind)severity, f->pointer, cib_strdup(f->message ? f->message : ""));
		}
	note_state(&n, detail);
	note_duplicates(&n, detail);
	note_remarks(&n, detail);
}
