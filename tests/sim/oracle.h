/* What must be there, as far as the library acknowledged it. */
#ifndef SIM_ORACLE_H
#define SIM_ORACLE_H

#include "base/base.h"
#include "json/json.h"

/* Forget all, before a seed. */
void oracle_begin(void);
void oracle_end(void);

/* ---- words: each edit writes one that no other writes ---- */

cJSON *oracle_new_word(int *number);
void oracle_word_written(int number, const char *member);
/* Somebody saw these words and took them away. */
void oracle_replaced(const char *text);
void oracle_value_replaced(const cJSON *value);
/* The first word of a member from `from` on that nobody replaced and that `text` does not hold; -1: none. */
int oracle_missing_word(const char *text, const char *member, int from);

/* ---- entries: what one person alone wrote is what he wrote last, or removed, or set back ---- */

enum { ORACLE_MANY = -1,
       ORACLE_NOBODY = -2 };
#define ORACLE_NOT_WRITTEN "x-cib-translated" /* saving adds to an entry which translations are behind; the oracle does not look at it */

enum { ORACLE_REVIEWERS = 2 };

typedef struct {
	char path[128];
	int writer;                 /* ORACLE_MANY: several have written it, or settled a conflict about it; ORACLE_NOBODY: it was there before */
	const cJSON *now, *earlier; /* now: NULL: removed. earlier: what it was before, or NULL */
	cJSON **versions;           /* all that was written, in order; NULL: removed */
	size_t count, cap;
	int accepted[ORACLE_REVIEWERS]; /* the version that each of the secretariat accepted last; -1: none */
} oracle_entry;

/* Somebody wrote an entry; doc NULL: removed it. */
void oracle_wrote(int who, const char *path, const cJSON *doc);
void oracle_settled(const char *path);
/* The entry as it stands on a reviewer's main once he has accepted it. False: nobody wrote that. */
bool oracle_accepted(int reviewer, const char *path, const cJSON *doc);
/* The latest version that is like `doc`; -1: none. */
int oracle_version(const oracle_entry *e, const cJSON *doc);
/* The entry at a path, or NULL. */
const oracle_entry *oracle_find(const char *path);
/* All entries; the number of them goes to *count. */
const oracle_entry *oracle_entries(int *count);

#endif
