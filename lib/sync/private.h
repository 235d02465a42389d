/* What the files of this room share. */
#ifndef CIB_SYNC_PRIVATE_H
#define CIB_SYNC_PRIVATE_H

#include "base/gettext.h"
#include "sync/sync.h"

#include <dirent.h>
#include <sys/stat.h>

#define CENTRAL_MAIN "refs/cib/central/main"
#define CENTRAL_OWN  "refs/cib/central/own"

/* Is a network path among the files that stand in this person's working folder? (own: not only to read) */
bool cib_work_is_own(const cib_workspace *ws, const char *path);
bool cib_work_is_shown(const cib_workspace *ws, const char *path);
/* What editors and file managers leave behind, and cib's own temporary files. */
bool cib_work_is_leftover(const char *name);
int cib_work_by_name(const struct dirent **a, const struct dirent **b); /* for scandir: the same order everywhere */
/* Bring the working folder from commit `before` to ws->tip. A file that was edited meanwhile is merged, never overwritten. */
int cib_checkout(cib_workspace *ws, const cib_oid *before, cib_sync_report *report, cib_error *err);
/* As cib_workspace_each; `known` (may be NULL) sees a working file's lstat first: true, and it is not read. */
typedef bool (*cib_work_known_cb)(const char *path, const struct stat *st, void *payload);
int cib_work_each(cib_workspace *ws, const char *member, const cib_kind *kind, cib_work_known_cb known, cib_work_entry_cb cb, void *payload, cib_error *err);
char *cib_work_file(const cib_workspace *ws, const char *path); /* absolute; the caller's */
int cib_read_entry(cJSON **out, cib_store *store, const cib_oid *blob, cib_error *err);
/* As cib_commit_own; must_sign: CIB_REFUSED when it cannot be signed. A person at a terminal may be asked then. */
int cib_commit_as(cib_oid *out, cib_workspace *ws, const cib_oid *tree, const cib_oid *parents, size_t count, const char *message, bool must_sign, cib_error *err);
/* Another program's sync may have gone along to the organisation's new name: what is read and written from then on is there. */
void cib_workspace_follow(cib_workspace *ws);
int cib_keep_rescue(cib_workspace *ws, const cib_oid *oid, cib_error *err); /* keep a commit below refs/cib/rescue/ */

/* Did the server begin a new epoch (a purge), so that it does not go on from what was seen? Then come over, or CIB_REFUSED
 * sync.purged when that is not believed. Nothing when it goes on, or was rewritten without saying so (epoch.c). */
int cib_epoch_enter(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err);
/* CIB_REFUSED sync.purged where a commit that came by hand is of a new epoch that this copy has not entered: merged with what is here, it would be of
 * both, and no server takes that. */
int cib_epoch_expect(cib_workspace *ws, const cib_oid *commit, cib_error *err);
bool cib_is_purged(cib_store *store, const cib_network *rules, const cib_oid *commit); /* does it build on what these rules call purged? */

/* ---- what was not sent yet, made anew (resend.c); known: what the server has, the own branch first, main last ---- */
/* Where the network requires signatures: sign what was saved without. CIB_REFUSED when that cannot be done now. */
int cib_sign_unsent(cib_workspace *ws, const cib_oid *known, size_t known_count, cib_sync_report *report, cib_error *err);
/* All of it as one commit, if the server is to take that by the rules that are known here. *note: what to say once it was sent; NULL: nothing
 * was made anew. *kept_back: so many own entries are not in it, for the rules do not allow them; they stay in the folder as they are. */
int cib_resend_as_one(const char **note, size_t *kept_back, cib_workspace *ws, const cib_oid *known, size_t known_count, cib_error *err);
/* Where more files are not sent yet than a push may change: they are made anew as commits that each keep to that (parts.c), of which the last is the tip
 * then. free(*parts); *count 0: they are not. */
int cib_parts_make(cib_oid **parts, size_t *count, cib_workspace *ws, const cib_oid *main_there, const cib_oid *own_there, cib_error *err);
/* Where more commits are not sent yet than a push may hold: those of the branch that go out before the tip (line.c), oldest first. free(*cuts). */
int cib_line_cuts(cib_oid **cuts, size_t *count, cib_workspace *ws, const cib_oid *known, size_t known_count, cib_error *err);
int cib_save_locked(cib_workspace *ws, const char *message, const cib_sync_options *options, cib_sync_report *report, cib_error *err);
/* Join the edit in a working file (`ours`, written on `base`) with the tip's version: the working file gets the merge,
 * what does not fit goes into the entry's record beside it. base NULL: there was none; theirs NULL: it was removed. */
int cib_join_edit(cib_workspace *ws, const char *path, const cJSON *base, const cJSON *ours, const cJSON *theirs, cib_sync_report *report, cib_error *err);
/* Write config.json and HEAD, after member or branch changed. */
int cib_workspace_keep_config(const cib_workspace *ws, cib_error *err);
int cib_workspace_write_head(const cib_workspace *ws, cib_error *err);
/* Did access.json give this user another member? Then branch, folder and unsaved files go along (follow.c). `before`: the
 * tip before the merge that brought it. */
int cib_follow_member(bool *moved, cib_workspace *ws, const cib_oid *before, cib_sync_report *report, cib_error *err);

/* The folder's way to the new name; also to go on after an interruption. */
int cib_follow_finish(cib_workspace *ws, const char *old, const cib_oid *before, cib_sync_report *report, cib_error *err);

/* Merge a commit that came in into the own tip and bring the folder along; nothing when it is in there already (sync.c). */
int cib_merge_in(cib_workspace *ws, const cib_oid *theirs, const cib_sync_options *options, cib_sync_report *report, cib_error *err);

/* ---- a central repository that does what it should not (watch.c) ---- */
/* CIB_REFUSED sync.unsound when what changed from `before` (zero: nothing) to `after` has names, modes or a number of files
 * that no network has. `what`: of the server, for the message. */
int cib_watch_names(cib_workspace *ws, const cib_oid *before, const cib_oid *after, const char *what, cib_error *err);
/* Tell which of the own entries the merge of `theirs` into `before` changed, where somebody else had changed them. */
void cib_watch_folder(cib_workspace *ws, const cib_oid *before, const cib_oid *theirs, const char *where, cib_sync_report *report);
/* Tell when main has not moved for a month though work that was sent since waits. */
void cib_watch_frozen(cib_workspace *ws, cib_sync_report *report);

bool cib_on_main(const cib_workspace *ws);                   /* of the secretariat, or in a network without review: what is saved goes to main itself */
bool cib_is_in_folder(const char *path, const char *member); /* of that member */
/* The member in whose folder one writes by these rules: the own one, or what it is called by now; NULL: the secretariat (work.c). */
const char *cib_home(const cib_workspace *ws, const cib_network *net);

/* One of the newest commits that both hold; false: there is none (members.c). */
bool cib_share_history(cib_oid *shared, cib_store *store, const cib_oid *a, const cib_oid *b);

/* ---- what came by hand (given.c) ---- */
#define GIVEN_MAIN "refs/cib/given/main/"
#define GIVEN_OWN  "refs/cib/given/own/"
char *cib_given_members(const char *member);                                                              /* the prefix of a member's; the caller's */
int cib_given_list(cib_oid **tips, size_t *count, cib_workspace *ws, const char *prefix, cib_error *err); /* free(*tips) */
/* The mains that somebody here may have built on: the server's as last seen, which the secretariat's own lacks when a sync broke off, and those
 * of sticks. free(*tips) */
int cib_known_mains(cib_oid **tips, size_t *count, cib_workspace *ws, cib_error *err);
int cib_given_add(cib_workspace *ws, const char *prefix, const cib_oid *tip, cib_error *err);
/* Forget the tips below the prefix that `tip` holds. */
int cib_given_drop(cib_workspace *ws, const char *prefix, const cib_oid *tip, cib_error *err);
/* Forget what the server is known to have by now, and join where a member's tips went apart. */
int cib_given_tidy(cib_workspace *ws, const cib_sync_options *options, cib_error *err);
/* Which side of a member's merge has what others have from the newest main: fills in `own` and `as_ours`. (Two of the secretariat may have given
 * mains that do not know each other. Which of these counts as the newest is the same in every copy that has both.) */
int cib_given_around(cib_commit_merge *how, cib_workspace *ws, cib_error *err);
/* Merge all of it into the own branch. */
int cib_merge_given(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err);

/* Which reference is to be pushed: the own branch, or a bridge past a given main that the server does not have (bridge.c);
 * NULL: the server has all that can be sent. `own`: the own branch there, or NULL. */
int cib_bridge(const char **from, cib_workspace *ws, const cib_oid *main_tip, const cib_oid *own, cib_error *err);
/* The server has it: the own branch goes on from it. Nothing to do where that was pushed itself. */
int cib_bridge_join(cib_workspace *ws, const cib_oid *sent, cib_error *err);
/* The merge bases of two commits that meet at `bases`, if a bridge in the history of b (both: or of a) held the mains that it goes past. free(*out);
 * 0: no bridge tells anything new. */
int cib_bridge_bases(cib_oid **out, size_t *count, cib_store *store, const cib_oid *a, const cib_oid *b, const cib_oid *bases, size_t base_count, bool both, cib_error *err);

/* ---- in which folders a side of a merge changed something (touched.c) ---- */
typedef struct {
	char **folders; /* sorted */
	size_t count, cap;
	bool known; /* it was gathered */
} cib_touched;
/* Of the commits of tip that the bases do not hold; merges do not count. */
int cib_touched_gather(cib_touched *out, cib_store *store, const cib_oid *tip, const cib_oid *bases, size_t base_count, cib_error *err);
bool cib_touched_has(const cib_touched *touched, const char *path);
void cib_touched_clear(cib_touched *touched);

/* ---- receipts (receipts.c) ---- */
/* Write on main how far the members' branches have been seen, where that is news; under the lock. */
int cib_receipts_write(cib_workspace *ws, cib_error *err);

/* Add what could not be joined to the entry's record, as a working file; an entry that has none: CIB_OK (checkout.c). */
int cib_record_edit(cib_workspace *ws, const char *path, const cib_place *place, const cib_conflicts *conflicts, const cib_oid *theirs_tip, cib_error *err);

/* ---- refusals (refusal.c) ---- */
void cib_refusals_hear(cib_refusals *list, const char *line); /* a line that the server said */
bool cib_refusals_of_failure(const cib_refusals *list);       /* did the guard break off, so that it judged nothing? */
int cib_refusals_keep(cib_workspace *ws, const cib_refusals *heard, const cib_oid *pushed, const cib_error *why, cib_error *err);
int cib_refusals_settle(cib_workspace *ws, cib_error *err);

/* ---- listening to a fetch or a push (listen.c) ---- */
/* Options that count what travels and hear what the server says, and pass both on. */
typedef struct {
	const cib_remote_options *outer;
	cib_remote_options options;
	cib_refusals heard;
	cib_progress most;  /* as far as it came */
	int64_t began;      /* milliseconds */
	bool stop_at_count; /* break off as soon as it is known how many objects will come */
} cib_listener;
/* The same options, with the user whom the server knows. */
cib_sync_options cib_known_to(const cib_workspace *ws, const cib_sync_options *options);
void cib_listen(cib_listener *listener, const cib_remote_options *outer);
/* Add to the report, and keep the rate where enough travelled to tell it. */
void cib_listen_end(cib_listener *listener, cib_workspace *ws, cib_sync_report *report);
/* The rate of the last transfer that was large enough, bytes a second; 0: none was. */
typedef struct {
	double in, out;
} cib_rate;
void cib_rate_load(cib_rate *out, const cib_workspace *ws);

/* ---- what an interrupted command left to do (journal.c) ---- */
int cib_journal_checkout(const cib_workspace *ws, const cib_oid *before, const cib_oid *after, cib_error *err);
int cib_journal_follow(const cib_workspace *ws, const char *member, const cib_oid *before, cib_error *err);
int cib_journal_done(const cib_workspace *ws, cib_error *err);
bool cib_journal_open(const cib_workspace *ws);
/* Go the way to its end; under the lock, with the tip just loaded. */
int cib_journal_finish(cib_workspace *ws, cib_sync_report *report, cib_error *err);

/* ---- drafts that cannot be joined yet (draft_base.c) ---- */
int cib_draft_base_keep(const cib_workspace *ws, const char *path, const cib_oid *base, cib_error *err);
int cib_draft_base_get(bool *found, cib_oid *base, const cib_workspace *ws, const char *path, cib_error *err);
/* Was the draft taken back, so that the working file is as the tip has it? Then what is written next begins there. */
int cib_draft_leave(const cib_workspace *ws, const char *path, cib_error *err);
/* Join those that can be by now. */
int cib_drafts_join(cib_workspace *ws, cib_sync_report *report, cib_error *err);

/* ---- conflict records (record.c) ---- */
/* Who made an edit, and when (seconds since 1970); member "": the secretariat. */
typedef struct {
	char member[101];
	int64_t when;
} cib_edit_by;
void cib_edit_by_email(cib_edit_by *out, const char *email);
/* The last edit of a path in the history of `tip`. */
int cib_edit_by_history(cib_edit_by *out, cib_store *store, const cib_oid *tip, const char *path, cib_error *err);
/* Where the record of an entry lies; the caller's. NULL when the file is none that has one (not JSON). */
char *cib_record_path(const cib_place *place, const char *entry);
/* Put conflicts into a record (*doc NULL: a new one). */
void cib_record_add(cJSON **doc, const char *id, const char *entry, const cib_conflicts *conflicts, const cib_edit_by *ours, const cib_edit_by *theirs);
/* A conflict in a sentence, with the field's title in `lang`. */
void cib_conflict_words(cib_buf *out, cib_network *net, const cib_place *place, const char *id, const cib_conflict *c, const cib_edit_by *theirs, const char *lang);

void cib_note(cib_sync_report *report, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
