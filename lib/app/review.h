/* review - what the routes of the review share: those that show (review.c, review_item.c) and those that decide (review_act.c). */
#ifndef CIB_APP_REVIEW_H
#define CIB_APP_REVIEW_H

#include "app/private.h"
#include "review/happened.h"
#include "review/review.h"

/* 0 in the secretariat's copy; else a refusal stands in req. */
int cib_app_review_here(cib_app_request *req);
/* What waits, and all that the list says of it, kept from request to request (kept.c). NULL: err says why. */
const cib_review_queue *cib_app_queue(cib_app_request *req, cib_error *err);
const cib_review_overview *cib_app_overview(cib_app_request *req, cib_error *err);
/* What happened in the last days, without the titles of decisions (cib_happening_title); kept. NULL: err says why. */
cib_happenings *cib_app_happenings(cib_app_request *req, size_t days, const char *member, bool arrivals, cib_error *err);
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
