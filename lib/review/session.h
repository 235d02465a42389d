/* A sitting as its files see it. */
#ifndef CIB_REVIEW_SESSION_H
#define CIB_REVIEW_SESSION_H

#include "review/private.h"

struct cib_review_session {
	cib_workspace *ws;
	cJSON *steps; /* as the lines of the file */
	cib_line_file *lines;
	cib_lock *lock;
	bool hurried; /* steps need not have reached the disk yet */
};

bool cib_step_is_about(const cJSON *step, const cib_review_item *item);
bool cib_step_same_version(const cJSON *a, const cJSON *b);
int cib_step_decision(const cJSON *step); /* a cib_sitting; -1: a comment */
bool cib_step_stands(const cJSON *step);  /* is it the last decision about its version? */

#endif
