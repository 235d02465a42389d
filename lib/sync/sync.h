/* sync - a person's copy of the network: the working folder, save, sync, conflicts.
 *
 * A workspace is a Git repository with a working tree that holds the person's own files: for staff
 * members/<member>/, for the secretariat network/; and for both, as plain files, the rules (network.json,
 * access.json, schema/, codelists/). All other entries are in the repository only and are read from there, so that
 * the cost of everything here follows one's own folder, not the network. cib keeps no Git index:
 * <git dir>/cib/ holds config.json, and stat (size, times and blob of each own file as last read: only a cache,
 * see stat_cache.h), and checked and findings (what was found in them, a cache too: check.c).
 *
 *   refs/heads/members/<member>   what is saved here (secretariat: refs/heads/main); HEAD names it
 *   refs/cib/central/main         main as last seen
 *   refs/cib/central/own          the own branch on the server as last seen (staff only)
 *   refs/cib/central/members/<m>  (secretariat) a member's branch as last seen and judged
 *   refs/cib/given/...            what bundles brought and the server is not known to have, see given.c
 *   refs/cib/peer/<m>             what was last given to a member, or to the "secretariat", by bundle
 *   refs/cib/rescue/<time>-<12 hex>  whatever was displaced
 */
#ifndef CIB_SYNC_H
#define CIB_SYNC_H

#include "network/network.h"

typedef struct {
	cib_store *store;
	char *root;       /* absolute path of the working folder */
	char *url;        /* of the central repository */
	char *user;       /* as the server knows this person */
	char *member;     /* NULL for the secretariat */
	char *branch;     /* the own branch: refs/heads/members/<member>, or refs/heads/main */
	cib_network *net; /* the rules at the tip of the own branch; reloaded by cib_workspace_reload */
	cib_oid tip;      /* of the own branch */
	char *key;        /* file of the SSH key that signs commits here (config.json); NULL: none does */
	/* Called before the passphrase of the key is asked for, at the terminal; NULL, as it is opened: nobody may be asked. */
	void (*asking)(const char *key);
	cib_lock *hold; /* see cib_workspace_hold */
	unsigned holds;
	char *not_signed; /* why the last commit was made without a signature; NULL: it was made with one, or there is no key */
} cib_workspace;

typedef struct {
	cib_remote_options remote;
	int lock_wait_ms; /* 0: 3,000 */
	const char *lang;
	bool accept_purge; /* come over to a history that the server says was purged, though no signature proves it */
	bool only_mine;    /* fetch and send the own branch alone, where the link is dear */
} cib_sync_options;

/* Clone: fetch main (and the own branch when the server has it), write the working folder. `dir` must not exist or be empty.
 * member NULL: taken from access.json; CIB_USAGE when the user is not in access.json. Nothing is left behind on failure, but where a cut or
 * a person ended it in its midst: then `dir` may be the folder of that attempt, and only what is missing is fetched. */
int cib_workspace_join(cib_workspace **out, const char *url, const char *dir, const char *user, const char *member,
                       const cib_sync_options *options, cib_error *err);
/* Open the workspace that contains `dir` (searches upward). CIB_NOTFOUND with the hint to run join. */
int cib_workspace_open(cib_workspace **out, const char *dir, cib_error *err);
int cib_workspace_reload(cib_workspace *ws, cib_error *err); /* after the tip moved */
void cib_workspace_free(cib_workspace *ws);
/* Sign commits by this key from now on (NULL: by none); kept in config.json. */
int cib_workspace_use_key(cib_workspace *ws, const char *key, cib_error *err);
/* A commit of this person. Where a key is set it is signed, without asking anybody; where that fails it is made unsigned
 * (what is edited is kept in any case), and the next sync signs before it sends. The reference is moved by the caller. */
int cib_commit_own(cib_oid *out, cib_workspace *ws, const cib_oid *tree, const cib_oid *parents, size_t count, const char *message, cib_error *err);
/* What the network has accepted as far as it is known here: main as last seen, else the own tip. */
void cib_workspace_accepted(cib_oid *out, const cib_workspace *ws);

/* The newest main that is known here: the server's as last seen, or a bundle's that goes on from it; for the secretariat
 * its own. */
int cib_workspace_main(cib_oid *out, cib_workspace *ws, cib_error *err);

/* ---- the working folder ---- */
typedef enum { CIB_CHANGE_ADDED,
	       CIB_CHANGE_MODIFIED,
	       CIB_CHANGE_REMOVED } cib_change_kind;
typedef struct {
	cib_change_kind kind;
	char *path;      /* in the network, e.g. members/m-andal/projects/p-....json */
	bool draft;      /* it has errors: it stays here until they are mended */
	cib_oid checked; /* the text that was judged */
	cib_findings findings;
} cib_work_change;
typedef struct {
	cib_work_change *items;
	size_t count, cap;
} cib_work_changes;
/* What differs between the own files and the tip, each checked. Cost: one lstat per own file, reading only what was
 * touched since it was last read. CIB_IO when the folder cannot be read: a file that cannot be seen is not a removed one. */
int cib_workspace_changes(cib_work_changes *out, cib_workspace *ws, const char *lang, cib_error *err);
void cib_work_changes_free(cib_work_changes *changes);

/* The current text of an entry: the working file when it is one's own and there, else the tip's blob. `path` must hold
 * a network path. CIB_NOTFOUND. */
int cib_workspace_read(cib_buf *text, cib_workspace *ws, const char *path, cib_error *err);
/* Find an entry by id, also one that is only a file in the working folder. `id` may be a unique beginning of one. */
int cib_workspace_find(cib_buf *path, cib_place *place, cib_workspace *ws, const char *id, cib_error *err);
/* Every entry as it is now: the tip's, overlaid with the working files. Filters as cib_network_each. `text` is the entry's. */
typedef int (*cib_work_entry_cb)(const char *path, const cib_place *place, const char *text, size_t len, void *payload);
int cib_workspace_each(cib_workspace *ws, const char *member, const cib_kind *kind, cib_work_entry_cb cb, void *payload, cib_error *err);
/* Check every entry as it is now: one's own, or of the whole network (all). `cb` gets what was found in each, nothing
 * for most; a return other than 0 ends it. An own file that nobody touched since it was last checked costs one lstat:
 * <git dir>/cib/checked and findings remember what was found as long as the tip (which holds rules and whatever is referred
 * to), the program, the language and the day stay the same. Both may be deleted at any time. */
typedef int (*cib_work_check_cb)(const char *path, const cib_findings *findings, void *payload);
int cib_workspace_check(cib_workspace *ws, bool all, const char *lang, cib_work_check_cb cb, void *payload, cib_error *err);
/* Write an entry's canonical, NFC text durably as working file (own paths only; the secretariat may write any path:
 * then it is committed directly). The document is not validated: an invalid one is a draft. */
int cib_workspace_write(cib_workspace *ws, const char *path, const cJSON *doc, cib_error *err);
/* Keep other programs from writing the working files while one is read, changed and written again: for milliseconds, never
 * while a person or a server is waited for. Calls nest; each that succeeded is released, the last by cib_workspace_free at the latest. CIB_BUSY when another holds it for long. */
int cib_workspace_hold(cib_workspace *ws, cib_error *err);
void cib_workspace_release(cib_workspace *ws);
/* Is the path in the folder that this person writes, so that a change of it is kept as a working file? */
bool cib_workspace_owns(const cib_workspace *ws, const char *path);
/* Note in a document that is about to be written which of its translations are older than their source since the tip. */
void cib_workspace_note_translations(cib_workspace *ws, const char *path, cJSON *doc);
int cib_workspace_remove(cib_workspace *ws, const char *path, cib_error *err);

/* ---- save and sync ---- */
typedef struct {
	size_t saved;     /* entries that this save committed */
	size_t drafts;    /* entries left behind because they have errors */
	size_t sent;      /* entries that reached the central repository with this sync */
	size_t sent_more; /* and files that are none: decisions, rules, conflicts that were settled; not receipts */
	size_t received;  /* entries of others that came in */
	size_t merged;    /* entries in which both sides' edits were joined */
	size_t conflicts; /* new conflict records */
	size_t retries;   /* a colleague was faster */
	uint64_t bytes_in, bytes_out;
	cib_work_changes left; /* the drafts, each with its findings */
	cib_buf notes;         /* what a person should be told, a line each: merged fields, new conflicts in words, rescued refs */
} cib_sync_report;
void cib_sync_report_clear(cib_sync_report *report);

/* The path (heap) of an own entry by now, and its owner in `doc` (NULL: none): another program's sync may have gone along to the organisation's new name
 * since it was read. */
void cib_workspace_here(char **path, cJSON *doc, cib_workspace *ws);
/* Take an edited entry in: note its translations, check it, write it. CIB_OK, or CIB_FINDINGS: it has errors; then it is kept as a
 * draft, but the secretariat's change of an entry is committed at once, and only what is valid: nothing is written. `findings` may
 * hold warnings in either case. `base`: the text that was edited (NULL: there was none, or the caller holds the workspace since it read it); where another program
 * wrote the file since, the two edits are joined by field, a field that both changed becomes a conflict, and `report` (may be NULL) says so. CIB_BUSY: they
 * cannot be joined, and nothing was written. */
int cib_workspace_take(cib_workspace *ws, const char *path, const cib_buf *base, const cJSON *doc, const char *lang, cib_findings *findings, cib_sync_report *report, cib_error *err);

/* Commit every own change that is valid (canonicalised first); CIB_OK also when there is nothing to do. message may be NULL. */
int cib_save(cib_workspace *ws, const char *message, const cib_sync_options *options, cib_sync_report *report, cib_error *err);
/* save, fetch, merge with the own branch and with main, check, commit, write the working folder, push, retry (5 times)
 * when a colleague was faster. CIB_OFFLINE: all is saved and waits. CIB_REFUSED: the server's words in err. */
int cib_sync(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err);

/* What a sync would cost, before anything travels. Nothing is saved, merged or sent; to learn how many objects would come, the
 * server is asked and the answer broken off at its beginning (what came of it is kept for the sync). */
typedef struct {
	size_t entries, drafts;      /* that would be sent; that would stay */
	uint64_t bytes_out;          /* of the pack; for what is not saved yet an estimate */
	bool news_main, news_own;    /* main, or the own branch, moved at the server */
	size_t objects_in, branches; /* branches: of members, for the secretariat */
	uint64_t bytes_in;           /* an estimate by the objects' number */
	double seconds;              /* at the last measured rate; below 0: none was measured yet */
	double rate_in, rate_out;    /* bytes a second; 0: not measured */
} cib_sync_cost;
int cib_sync_estimate(cib_sync_cost *out, cib_workspace *ws, const cib_sync_options *options, cib_error *err);

typedef struct {
	cib_network *net;     /* the rules that judge the result */
	const cib_oid *bases; /* merge bases; several where branches were merged crosswise */
	size_t base_count;    /* 0: unrelated histories */
	const cib_oid *ours, *theirs;
	const char *lang;           /* of the notes */
	const cib_oid *their_bases; /* what the bases are in their history, where that was made anew; NULL: the same */
	const cib_oid *had;         /* what the bases had (cib_meeting); NULL: to be found */
	const char *home;           /* the member to whose folder alone ours may bring anything along; NULL: to any */
	/* A member has of others what one main has; only the secretariat joins mains. */
	const char *own; /* ours is of this member: what is neither in its folder nor in the one of `home` is not merged; NULL: all is */
	bool as_ours;    /* that is as ours has it; else as theirs */
	bool mains;      /* of two of the secretariat */
} cib_commit_merge;
/* Merge two commits entry by entry into a tree (no commit is made): what one side alone changed is taken, what both
 * changed is merged by field, an entry that one side made already and left is no news (also where it went back to the base's), an edit follows an entry
 * whose folder the other side renamed (into nobody else's: there it is an edit of what is gone here). Conflicts go into records in the tree, theirs stands. Adds to report->merged,
 * conflicts and notes. */
int cib_merge_commits(cib_oid *tree, cib_store *store, const cib_commit_merge *how, cib_sync_report *report, cib_error *err);

/* Where two histories meet: their merge bases, and what these had. A bridge (bridge.c) counts, for the folder of its member, as if it held the
 * mains that it goes past. */
typedef struct {
	cib_oid *bases;
	size_t count;
	cib_oid had; /* a commit or a tree, of several bases what they have together (nothing where they disagree); zero: they do not meet */
} cib_meeting;
/* member: whose bridges there may be, in the history of b (both: or of a). */
int cib_meeting_find(cib_meeting *out, cib_store *store, cib_network *net, const cib_oid *a, const cib_oid *b, const char *member, bool both, cib_error *err);
void cib_meeting_clear(cib_meeting *meeting);

typedef struct {
	cib_store *store;
	const char *path;
	const cib_oid *base;               /* what stood there where the two meet; zero: nothing */
	const cib_oid *tips[2], *bases[2]; /* bases: where that is, in the history of either */
	size_t base_count;
	bool mains; /* of two of the secretariat */
} cib_acceptance;
typedef enum { CIB_ACCEPTED_NONE,
	       CIB_ACCEPTED_VERSION, /* there is one that both sides go on from (zero: removed), though they do not meet there */
	       CIB_ACCEPTED_APART } cib_accepted;
/* What have two sides in common of a file, of which the secretariat accepted something on one of them by itself since they met? That it did on
 * both (mains: or on one of them with the member's history), and that nothing is common, is CIB_ACCEPTED_APART: nothing says which of the two goes on
 * from the other, and what it took out again. CIB_ACCEPTED_NONE unless CIB_OK is returned. */
int cib_accepted_find(cib_accepted *out, cib_oid *version, const cib_acceptance *how, cib_error *err);
/* Add to a message's lines what says that: the version accepted of the member's branch and, newest first, those that it goes on from (*alone: there
 * are none). A message has none or such lines behind an empty one; the next of them from `message` on begins with its line break; NULL: there is none. */
int cib_accepted_write(cib_buf *lines, bool *alone, cib_store *store, const char *path, const cib_oid *version, const cib_oid *tip, const cib_meeting *met, cib_error *err);
const char *cib_accepted_next(size_t *len, const char *message);
/* Did the secretariat make the commit to accept entries? Its message says so on a line of its own. */
bool cib_is_acceptance(const cib_commit *commit);
/* Did the secretariat only join what went apart of a member's branch, to look at it? Nobody wrote anything there. */
bool cib_is_look(const cib_commit *commit);

/* ---- members' branches, as the secretariat has them: from the server, by bundle, or both ---- */
/* Bring the server's branches in; cib_sync does it for the secretariat. Each is judged as a push is: one that the guard would
 * refuse is told in the report's notes and stays as it was seen last. CIB_OFFLINE. */
int cib_members_fetch(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err);
/* The branch of one member, for another who owns a part of its work; CIB_REFUSED sync.fetched when the guard says no. */
int cib_member_fetch(cib_workspace *ws, const char *member, const cib_sync_options *options, cib_error *err);
/* Where a member stands: the server's branch or what a bundle brought beyond it, joined where they went apart. CIB_NOTFOUND. */
int cib_member_tip(cib_oid *out, cib_workspace *ws, const char *member, cib_error *err);
/* The tips as their authors made them: one, unless they went apart. free(*out). */
int cib_member_tips(cib_oid **out, size_t *count, cib_workspace *ws, const char *member, cib_error *err);
/* Has the server this commit of a member, as far as is known here? */
bool cib_member_at_central(cib_workspace *ws, const char *member, const cib_oid *tip);
/* The members of which something came in, by name; the names and the list are the caller's. */
int cib_members_seen(char ***out, size_t *count, cib_workspace *ws, cib_error *err);

/* ---- what came back about one's own work ---- */
/* The tips of the own branch that the secretariat wrote to have seen, as far as they are here. free(*out). */
int cib_seen_tips(cib_oid **out, size_t *count, cib_workspace *ws, cib_error *err);
/* Why the server refused the last push: what is not settled yet. */
typedef struct {
	char *path;           /* of the entry; NULL: the push as a whole */
	char *pointer;        /* of the field; NULL: the entry as a whole */
	char *message, *hint; /* hint may be NULL */
	char *date;           /* of the refusal */
} cib_refusal;
typedef struct {
	cib_refusal *items;
	size_t count, cap;
} cib_refusals;
int cib_refusals_load(cib_refusals *out, cib_workspace *ws, cib_error *err);
void cib_refusals_free(cib_refusals *list);

/* ---- bundles: sync by stick or e-mail ---- */
typedef struct {
	const char *peer;  /* whom it is for: a member, or NULL: the secretariat's is for everybody, a member's for the secretariat */
	bool whole;        /* complete, for who has nothing */
	bool since_given;  /* trust that what was given before has arrived */
	const char *since; /* a commit (40 hex) that the other side has; NULL: what is known */
} cib_bundle_options;
/* Save, and write a bundle with all that the other side is not known to have. *bytes (may be NULL) is its size.
 * CIB_NOTFOUND bundle.nothing when that is nothing, CIB_REFUSED when the rules that are known here do not allow it (what, is in `findings`): no file is
 * written. */
int cib_bundle_create(size_t *bytes, cib_workspace *ws, const char *path, const cib_bundle_options *how, const cib_sync_options *options, cib_sync_report *report, cib_findings *findings, cib_error *err);
/* Save, and take what a bundle brings: main and the own branch are merged as sync does, a member's branch comes into the
 * secretariat's queue. Judged as a fetch is: CIB_REFUSED with what is wrong in `findings`, bundle.missing when what it builds
 * on is not here, bundle.not-yours when nothing in it is for this person. Nothing is taken then. Twice is once. */
int cib_bundle_apply(cib_workspace *ws, const char *path, const cib_sync_options *options, cib_sync_report *report, cib_findings *findings, cib_error *err);

/* ---- conflicts ---- */
typedef enum { CIB_RESOLVE_OURS,
	       CIB_RESOLVE_THEIRS,
	       CIB_RESOLVE_VALUE } cib_resolution; /* ours: the value that was set aside; theirs: the central one */
typedef struct {
	char *entry_path, *id, *item, *path, *pointer, *kind; /* id: of the entry; item: key in the record; path: identity path of the field */
	char *nature;                                         /* "parallel": both may be right; "opposite": only one can be */
	char *ours_by, *ours_on, *theirs_by, *theirs_on;      /* member ("" the secretariat) and date of each edit */
	cJSON *base, *ours, *theirs;                          /* NULL: absent */
} cib_open_conflict;
typedef struct {
	cib_open_conflict *items;
	size_t count, cap;
} cib_open_conflicts;
/* All open conflicts of the own member, or of the secretariat's own files (from the working folder). */
int cib_conflicts_list(cib_open_conflicts *out, cib_workspace *ws, cib_error *err);
void cib_open_conflicts_free(cib_open_conflicts *list);
/* Which value stands in the entry: theirs, but of an edit that they removed meanwhile the edit. */
bool cib_conflict_ours_stands(const cib_open_conflict *conflict);
/* What the entry has in that field by now: somebody may have edited it since. NULL: nothing, or the entry is not there. */
cJSON *cib_conflict_current(cib_workspace *ws, const cib_open_conflict *conflict);
/* Settle one: the value goes into the entry's working file, the item out of the record (the record is removed with its
 * last item). `value` only for CIB_RESOLVE_VALUE (borrowed). */
int cib_conflict_resolve(cib_workspace *ws, const cib_open_conflict *conflict, cib_resolution how, const cJSON *value, cib_error *err);

#endif
