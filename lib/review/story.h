/* story - the history of one entry as people tell it: who wrote it, what changed, what was said, what was decided. */
#ifndef CIB_STORY_H
#define CIB_STORY_H

#include "review/review.h"

typedef enum {
	CIB_STORY_CREATED,
	CIB_STORY_CHANGED,
	CIB_STORY_REMOVED,
	CIB_STORY_ACCEPTED, /* onto main */
	CIB_STORY_RETURNED,
	CIB_STORY_DECLINED,
	CIB_STORY_COMMENTED
} cib_story_kind;

typedef struct {
	cib_story_kind kind;
	int64_t when;     /* seconds since 1970, UTC: of the commit */
	char member[101]; /* whose staff; "": the secretariat */
	char user[101];
	cib_oid commit;
	cJSON *before, *after; /* of CREATED, CHANGED, REMOVED: the documents; NULL: absent or unreadable */
	char *field, *text;    /* of RETURNED, DECLINED, COMMENTED: identity path and words of one remark; NULL: none */
	size_t order;          /* keeps what happened in one second in its order */
} cib_story_event;

typedef struct {
	cib_story_event *items;
	size_t count, cap;
} cib_story;

/* The story of the entry at `path`, oldest first, from main and from the member's branch as far as they are here.
 * Cost: the commits of main once, those of the branch that touch the entry. */
int cib_story_load(cib_story *out, cib_workspace *ws, const char *path, cib_error *err);
void cib_story_clear(cib_story *story);

#endif
