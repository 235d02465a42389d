/* A seed that is being played: what its parts share. */
#ifndef SIM_PLAY_H
#define SIM_PLAY_H

#include "scene.h"

enum { EACH_BYTE = 2048, /* after which a link breaks */
       STICKS = 80,
       STEPS = 26 };

struct play {
	char *root, *work, *scene;
	unsigned long seed;
	cib_workspace *ws[PEOPLE];
	char last[PEOPLE][128]; /* the entry that a person wrote last */
	int sticks, written_by[STICKS];
	bool failed, linked;
	struct pipe_link *link;
	bool cut_at[EACH_BYTE];
	unsigned long steps, syncs, kills, sync_kills, cuts, set_back, bundles, written, drafts, accepted;
	cib_buf story; /* what happened, for a seed that failed */
};

extern struct play sim;

void tell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *dir_of(int who); /* of the copy; heap */
cib_workspace *copy_of(int who);
void close_copy(int who);

/* ---- what a person does to entries (edits.c) ---- */
void know_entries(int who); /* those that were there before anything happened */
void make_entry(int who);
void edit_entry(int who);                 /* and makes, removes, sets back and brings again */
bool is_draft(int who, const char *path); /* was it left unfinished on purpose? */
void finish_drafts(int who);
void correct_entry(int who); /* the secretariat writes into an entry of a member, on main */
void settle_conflict(int who);
void say_something(int who); /* about an entry of one's own */

/* ---- what the secretariat does (reviewing.c) ---- */
void review_something(int who);

/* ---- what must be there (check.c) ---- */
void check_sent(int who);
void check_own(int who);
void check_commit(cib_store *store, const cib_oid *tip, const char *member, const char *where);
/* An entry as the oracle looks at it: of a blob, or at a path in a commit. NULL: there is none. */
cJSON *entry_of(cib_store *store, const cib_oid *blob);
cJSON *entry_at(cib_store *store, const cib_oid *commit, const char *path);
void check_main(int who); /* what one of the secretariat accepted stands on his main, or what was accepted later */
void check_central(void);
void check_copies(void);

#endif
