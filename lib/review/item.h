/* item - one item of the queue, opened: the documents and all that speaks for and against it (detail.c), and what a person
 * reads of it, field by field (view.c, notes.c). The command, its screen, the page to mail around and any other surface show
 * the same view. */
#ifndef CIB_REVIEW_ITEM_H
#define CIB_REVIEW_ITEM_H

#include "review/dialogue.h"
#include "review/duplicates.h"
#include "review/queue.h"

typedef struct {
	cJSON *before, *after;         /* main's version, and what acceptance makes of it; NULL: absent */
	cib_oid taken;                 /* the blob of `after` */
	bool joined;                   /* main changed meanwhile: `after` is both, joined by field */
	bool clashes;                  /* they do not fit together: `after` is the proposed version, and accepting needs a person */
	cJSON *seen;                   /* the version that was returned or declined last, when this is a newer one; else NULL */
	cib_json_changes changes;      /* from before (or {}) to after; borrow the documents */
	cib_json_changes news;         /* from seen to after: what is new since the last look */
	cib_findings findings;         /* of the proposed version */
	cib_duplicate_list duplicates; /* what may be the same elsewhere */
	size_t conflicts;              /* open conflicts of the entry on the member's branch */
	int64_t submitted;             /* seconds since 1970: when the proposed version was written; 0 unknown */
	char author[101];              /* the user who wrote it; "" unknown */
	char *awaited;                 /* a member who owns the entry, too, and has not agreed to this version; NULL: none */
	cJSON *record;                 /* reviews/<member>/<id>.json, or NULL */
	cib_dialogue dialogue;         /* what both sides said about it */
} cib_review_detail;

/* Open an item. `index`: where to look for duplicates, NULL: do not look. Cost: its own blobs, the history of its path down
 * to main's version, and the fingerprints that share a rare word. */
int cib_review_detail_load(cib_review_detail *out, cib_workspace *ws, const cib_review_item *item, cib_duplicates *index, const char *lang, cib_error *err);
void cib_review_detail_clear(cib_review_detail *detail);
/* Nothing speaks against it: no error, no warning, no open conflict, no clash with main, no duplicate that is not
 * linked, no owner who has still to agree. */
bool cib_review_is_clean(const cib_review_detail *detail);
/* What the entry is called, in the reader's language; "" nothing. Borrowed. */
const char *cib_review_title(const cib_review_detail *detail, const char *lang);
/* Is there such a field in the version, or in main's (it may have been removed)? What a comment can be about. */
bool cib_review_has_field(const cib_review_detail *detail, const char *pointer);
/* An entry by its id, as cib_workspace_find; also what was withdrawn here and stands on main, and for the secretariat what only a
 * member's branch has. CIB_NOTFOUND. */
int cib_review_find_entry(cib_buf *path, cib_place *place, cib_workspace *ws, const char *id, cib_error *err);
/* An entry as it stands: for staff as cib_workspace_read, for the secretariat on its member's branch, else on main. */
int cib_review_text(cib_buf *text, cib_workspace *ws, const char *path, cib_error *err);

/* ---- the item in words ---- */
typedef struct {
	char *pointer;        /* where it stands in the version after; of what was removed, before; of a set of values: the set */
	char *title;          /* with what it is part of: "Sectors / 15150 Democratic participation / Share" */
	char *before, *after; /* UTF-8 as it was written, not made harmless for a terminal; NULL: absent */
	bool parts;           /* they are lists or objects: a line each part, those of a part two spaces further in; with both
	                       * sides: before was taken out, after put in, and the rest of the list stands. Of a text on both
	                       * sides, which words differ: cib_each_piece of base.h */
} cib_view_field;

typedef enum { CIB_NOTE_ERROR, /* what check found */
	       CIB_NOTE_WARNING,
	       CIB_NOTE_ADVICE,
	       CIB_NOTE_STATE,     /* how the entry stands to main, to the member and to other owners */
	       CIB_NOTE_DUPLICATE, /* it may be the same as another, or is linked with it */
	       CIB_NOTE_SAID,      /* a remark of one of the two sides */
} cib_note_kind;
typedef struct {
	cib_note_kind kind;
	size_t field;                   /* the number of the field that it belongs to; SIZE_MAX: the entry, or a field that the view does not show */
	char *title;                    /* of a field that the view does not show; "" */
	char *text;                     /* of a duplicate: what the other entry is called */
	const cib_duplicate *duplicate; /* of the detail; NULL: not that kind of note */
	const cib_remark *remark;       /* the same */
} cib_view_note;

typedef struct {
	cib_view_field *items;
	size_t count, cap;
	cib_view_note *notes; /* by kind in the order above, remarks as the dialogue has them */
	size_t note_count, note_cap;
} cib_review_view;

/* The fields of an opened item, and what is to be said of each; `only_new`: what changed since the version that was looked at
 * last, where there was one. What only machines need of a new or a withdrawn entry (id, kind, owner, schema) is left out. The
 * view borrows the detail. */
void cib_review_view_make(cib_review_view *out, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *detail,
                          bool only_new, const char *lang);
/* The same of two versions of an entry (NULL: absent), without notes. */
void cib_view_versions(cib_review_view *out, cib_network *net, const cib_kind *kind, const cJSON *before, const cJSON *after, const char *lang);
void cib_review_view_clear(cib_review_view *view);
const char *cib_note_word(cib_note_kind kind); /* "error", "warning", "advice", "state", "duplicate", "remark" */
/* The next note about the field `at` (SIZE_MAX: the entry), from notes[*i] on, and *i behind it; NULL: no more. */
const cib_view_note *cib_review_view_note(const cib_review_view *view, size_t at, size_t *i);
/* Which field of the view a place in the entry belongs to: the field at or above it, else the first below it. SIZE_MAX: none. */
size_t cib_review_view_at(const cib_review_view *view, const char *pointer);

/* All of it for programs, as cib review --json prints it: {"v": 1, "member", "id", "kind", "change", "state", "blob", "title", "author",
 * "submitted", "conflicts", "clean", "awaits", "joined", "clashes", "changes": [{"op", "path", "title", "before", "value"}], "news": (the
 * same, since the last look), "findings": [{"severity", "pointer", "message"}], "duplicates": [{"id", "member", "title", "score", "by",
 * "linked"}], "comments": [{"id", "by", "author", "date", "path", "text", "replyTo"}]}. The caller's. */
cJSON *cib_review_item_json(cib_workspace *ws, const cib_review_item *item, const cib_review_detail *detail, const char *lang);

#endif
