/* duplicates - entries that may be about one thing, across members: found by identifier, or by title, country and period;
 * shown to both sides, linked by `related`, never merged.
 *
 * Finding reads an index of fingerprints that follows main and the members' branches: its cost follows what changed, and
 * a search reads only what shares a key. The index is a cache (<git dir>/cib/duplicates-*) and only proposes: whether an
 * entry still stands as it was read is looked up in the repository. */
#ifndef CIB_REVIEW_DUPLICATES_H
#define CIB_REVIEW_DUPLICATES_H

#include "sync/sync.h"

typedef struct {
	char *path, *id, *member, *title; /* the other entry */
	int score;                        /* 1 to 100 */
	bool same_identifier;             /* else: similar title, and country and period do not speak against it */
	bool linked;                      /* one of the two names the other in `related` */
} cib_duplicate;

typedef struct {
	cib_duplicate *items;
	size_t count, cap;
	size_t open; /* how many are not linked */
} cib_duplicate_list;
void cib_duplicate_list_clear(cib_duplicate_list *list);

typedef struct cib_duplicates cib_duplicates;
/* Open the index and bring it up to date. Cost: what changed on main and the branches since the last time. */
int cib_duplicates_open(cib_duplicates **out, cib_workspace *ws, cib_error *err);
void cib_duplicates_free(cib_duplicates *index);
/* Is it up to date? false: another program held the repository, and what was there had to do. */
bool cib_duplicates_fresh(const cib_duplicates *index);
size_t cib_duplicates_count(const cib_duplicates *index); /* fingerprints in it */
/* Paths of the entries that this opening found new or changed; NULL behind the last. There is one at CIB_DUPLICATES_NEWS when
 * there were more (the first opening finds all). */
enum { CIB_DUPLICATES_NEWS = 1000 };
const char *cib_duplicates_news(const cib_duplicates *index, size_t i);

/* What may be the same as `doc`, an entry at `path` (which is left out), the likeliest first. Two entries that say of each
 * other that they are distinct are left out, too. */
int cib_duplicates_find(cib_duplicate_list *out, cib_duplicates *index, const char *path, const cJSON *doc, const char *lang, cib_error *err);

/* Say in `doc` that it is also `other_id` (an item of /related), or that it is not (x-distinct). false: it says so already. */
bool cib_duplicates_link(cJSON *doc, const char *other_id);
bool cib_duplicates_part(cJSON *doc, const char *other_id);

#endif
