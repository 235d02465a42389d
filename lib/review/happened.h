/* happened - what the secretariat decided and said in a span of time, read from main's history, and what members sent in it.
 * Nothing is stored for it: decisions are commits on main, arrivals are what the receipts there did not know yet. */
#ifndef CIB_REVIEW_HAPPENED_H
#define CIB_REVIEW_HAPPENED_H

#include "review/review.h"

typedef enum {
	CIB_HAPPENED_ACCEPTED,
	CIB_HAPPENED_CORRECTED, /* the secretariat wrote it itself */
	CIB_HAPPENED_RETURNED,
	CIB_HAPPENED_DECLINED,
	CIB_HAPPENED_COMMENTED, /* said something and decided nothing */
	CIB_HAPPENED_ARRIVED,   /* the secretariat has it, and it waits */
} cib_happened_kind;
const char *cib_happened_word(cib_happened_kind kind); /* "accepted", ... */

typedef struct {
	cib_happened_kind kind;
	int64_t when;                          /* seconds since 1970; of ARRIVED: when it was written */
	char *member, *id, *path, *entry_kind; /* member "": an entry of the secretariat */
	char *user;                            /* who did it; "" unknown */
	char *title;                           /* of the entry, in the reader's language; "" none; NULL: not read */
	cib_oid before, blob;                  /* versions; zero: absent (before: it is new; blob: it was withdrawn) */
	char *field, *text;                    /* of a remark: the field's identity path ("" the entry), and the words; else NULL */
	bool by_member;                        /* COMMENTED: the member's staff said it */
} cib_happening;

typedef struct {
	cib_happening *items; /* the newest first; the remarks of a decision follow it */
	size_t count, cap;
} cib_happenings;
void cib_happenings_clear(cib_happenings *list);
void cib_happening_clear(cib_happening *happening);

typedef struct {
	const cib_oid *from; /* a commit of main: what came after it; NULL: by `since` */
	int64_t since;       /* seconds since 1970 */
	const char *member;  /* only this member's entries; NULL: all */
	const char *lang;
	bool untitled; /* titles of decisions are not read: where there are more than are shown */
	bool arrivals; /* also what arrived and waits, and what members said (the secretariat's copy has it) */
} cib_happened_span;
/* Cost: the commits of main in the span and what each changed. */
int cib_happenings_load(cib_happenings *out, cib_workspace *ws, const cib_happened_span *span, cib_error *err);

/* Its title, read when it was not yet; the happening's. */
const char *cib_happening_title(cib_happening *happening, cib_workspace *ws, const char *lang);

/* "2026-03-02" or "14d" (days before `now`) as the time at which that day began, UTC; -1: neither. */
int64_t cib_since_of(const char *text, int64_t now);

#endif
