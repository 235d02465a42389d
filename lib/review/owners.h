/* owners - entries that members own together: accepted only when each has agreed to exactly that version. */
#ifndef CIB_REVIEW_OWNERS_H
#define CIB_REVIEW_OWNERS_H

#include "review/review.h"

bool cib_is_owner(const cJSON *doc, const char *member); /* is it among `owners`? */
bool cib_owner_agreed(cib_workspace *ws, const char *owner, const cib_review_item *item);
/* A co-owner who has not agreed to the proposed version; NULL when all have. The caller's. */
char *cib_owner_awaited(cib_workspace *ws, const cib_review_item *item);

/* The side of a co-owner: what of the branch of `member` (cib_member_fetch) this member owns, too; agree to a version (a
 * working file, sent by the next sync). */
int cib_shared_list(cib_review_queue *out, cib_workspace *ws, const char *member, cib_error *err);
int cib_owner_agree(cib_workspace *ws, const cib_review_item *item, const char *text, cib_error *err);

#endif
