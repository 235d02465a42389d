/* A sitting as its files see it. */
#ifndef CIB_REVIEW_SESSION_H
#define CIB_REVIEW_SESSION_H

#include "review/private.h"

struct cib_review_session {
	cib_workspace *ws;
	cJSON *steps; /* as the lines of the file */
	cib_line_file *lines;
	cib_lock *lock;
	bool hurried;                /* steps need not have reached the disk yet */
	struct cib_decided *decided; /* which step is the last decision about a version */
};

/* `steps` was changed other than by adding. */
void cib_session_changed(cib_review_session *s);

bool cib_step_is_about(const cJSON *step, const cib_review_item *item);
bool cib_step_same_version(const cJSON *a, const cJSON *b);
int cib_step_decision(const cJSON *step); /* a cib_sitting; -1: a comment */
/* The last decision about the version that `step` is about; NULL: there is none. */
const cJSON *cib_session_decision(const cib_review_session *s, const cJSON *step);

#endif
