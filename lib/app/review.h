/* review - what the routes of the review share: those that show (review.c) and those that decide (review_act.c). */
#ifndef CIB_APP_REVIEW_H
#define CIB_APP_REVIEW_H

#include "app/private.h"
#include "review/review.h"

/* 0 in the secretariat's copy; else a refusal stands in req. */
int cib_app_review_here(cib_app_request *req);
/* "none", "accept", "return", "decline"; false: none of them. */
bool cib_app_sitting_of(cib_sitting *out, const char *word);

#endif
