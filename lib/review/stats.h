/* stats - is the review fair? How long each member waits, how much comes back, and what is wrong most often. Read from main's
 * history and the queue; nothing is stored for it. */
#ifndef CIB_REVIEW_STATS_H
#define CIB_REVIEW_STATS_H

#include "review/happened.h"

typedef struct {
	char *member;
	size_t accepted, returned, declined; /* decisions in the span */
	size_t waiting;                      /* entries that wait now */
	/* From when a version was written until it was decided, seconds; -1: nothing was decided. */
	int64_t median_wait, longest_wait;
	int64_t oldest; /* seconds that the oldest which waits has waited; -1: none waits */
	int64_t *waits; /* each decision's, sorted */
	size_t wait_count, wait_cap;
} cib_member_stats;

typedef struct {
	char *code;       /* of a rule: cib explain CODE; or the title of a field that was commented, "" the entry as a whole */
	char *about;      /* an example of the rule's message, in the reader's language */
	size_t entries;   /* versions in which it was found, or remarks about the field */
	size_t sent_back; /* of them returned or declined */
} cib_cause;

typedef struct {
	cib_member_stats *members; /* by name */
	size_t member_count, member_cap;
	cib_member_stats all; /* member "" */
	cib_cause *checks;    /* of the decided and the waiting versions, by today's rules; the most frequent first */
	size_t check_count, check_cap;
	cib_cause *fields; /* what reviewers commented, the most frequent first */
	size_t field_count, field_cap;
} cib_review_stats;

/* since: seconds since 1970; 0: from the beginning. member NULL: all. Cost: main's commits in the span, and a check of each
 * version that was decided in it. */
int cib_review_stats_load(cib_review_stats *out, cib_workspace *ws, int64_t since, const char *member, const char *lang, cib_error *err);
void cib_review_stats_clear(cib_review_stats *stats);

#endif
