/* review - what the files of cib review share. */
#ifndef CIB_CMD_REVIEW_H
#define CIB_CMD_REVIEW_H

#include "cmd.h"
#include "review/review.h"

void review_age(char out[16], int64_t when); /* "3 days" since then; "" when unknown */

int review_print_queue(const cib_review_overview *overview); /* the exit code */
int review_print_counts(const cib_review_overview *overview, bool json);
int review_print_stats(cib_workspace *ws, int64_t since, const char *member, bool json);

/* One item, field by field, as the view says. */
typedef struct {
	FILE *stream;
	size_t width;
	bool colour;
	bool only_new;    /* the view holds what is new since the last look */
	bool pointers;    /* the fields' pointers, too: what --field takes */
	size_t selected;  /* number of the field that is marked, from 0; SIZE_MAX: none */
	long selected_at; /* out: the line on which it stands */
} review_print;
void review_print_text(review_print *p, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *detail, const cib_review_view *view);
/* The same with a view of its own: all changes. */
void review_print_item(review_print *p, cib_workspace *ws, const cib_review_item *item, const cib_review_detail *detail);
/* One self-contained page with these items, to mail around. */
int review_print_html(FILE *stream, cib_workspace *ws, cib_duplicates *index, const cib_review_item *items, size_t count);
/* A line for each entry that may be the same. */
void cib_print_duplicates(FILE *stream, const cib_duplicate_list *list, size_t indent);

/* The full screen. Returns the exit code. */
int review_screen(cib_workspace *ws, const cib_review_queue *queue);
/* Say how a sitting was carried out. */
int review_finish(cib_review_session *session);

#endif
