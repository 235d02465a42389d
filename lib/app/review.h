/* review - what the routes of the review share: those that show (review.c, review_item.c) and those that decide (review_act.c). */
#ifndef CIB_APP_REVIEW_H
#define CIB_APP_REVIEW_H

#include "app/private.h"
#include "review/review.h"

/* 0 in the secretariat's copy; else a refusal stands in req. */
int cib_app_review_here(cib_app_request *req);
/* "none", "accept", "return", "decline"; false: none of them. */
bool cib_app_sitting_of(cib_sitting *out, const char *word);
const char *cib_app_sitting_word(cib_sitting what);
/* NULL, and why under "busy" in doc, when it is open elsewhere: what there is is shown all the same. */
cib_review_session *cib_app_sitting_open(cJSON *doc, cib_workspace *ws);
/* "sitting": {"accept", "return", "decline"}; s may be NULL. */
void cib_app_sitting_counts(cJSON *doc, const cib_review_session *s);
/* "member", "id", "version", "kind", "kindTitle", "change", "state" */
void cib_app_review_add(cJSON *row, cib_app_request *req, const cib_review_item *item);

#endif
