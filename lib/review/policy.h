/* policy - which changes need a reviewer: network.json "review", an object:
 *
 *   {"default": "required", "kinds": {"practice": "none", "project": ["/budget", "/status"]}}
 *
 * "none": accepted without one, "required": not; a list of fields: required where one of them changes, and to withdraw.
 * Fields that the secretariat writes (x-cib-writer in the schema) need one always. */
#ifndef CIB_REVIEW_POLICY_H
#define CIB_REVIEW_POLICY_H

#include "review/review.h"

bool cib_review_needed(cib_workspace *ws, const cib_review_item *item, const cib_review_detail *detail);
/* The first changed field that is the secretariat's to write; NULL when there is none. Borrowed from the changes. */
const char *cib_review_secretariat_field(cib_workspace *ws, const char *kind, const cib_json_changes *changes);
/* Accept what waits and needs no reviewer, unless something is wrong with it: then a person looks. */
int cib_review_by_policy(size_t *accepted, cib_workspace *ws, cib_error *err);

#endif
