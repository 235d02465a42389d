/* sync - a person's copy of the network: the working folder, save, sync, conflicts.
 *
 * A workspace is a Git repository with a working tree that holds the person's own files: for staff
 * members/<member>/, for the secretariat network/; and for both, as plain files, the rules (network.json,
 * access.json, schema/, codelists/). All other entries are in the repository only and are read from there, so that
 * the cost of everything here follows one's own folder, not the network. cib keeps no Git index:
 * <git dir>/cib/ holds config.json, and stat.json (size, time and blob of each own file as last
 * seen; only a cache, rebuilt when missing or unsound).
 *
 *   refs/heads/members/<member>   what is saved here (secretariat: refs/heads/main); HEAD names it
 *   refs/cib/central/main         main as last seen
 *   refs/cib/central/own          the own branch on the server as last seen (staff only)
 *   refs/cib/rescue/<time>        whatever was displaced
 */
#ifndef CIB_SYNC_H
#define CIB_SYNC_H

#include "network/network.h"

typedef struct {
	cib_store *store;
	char *root;   /* absolute path of the working folder */
	char *url;    /* of the central repository */
	char *user;   /* as the server knows this person */
	char *member; /* NULL for the secretariat */
	char *branch; /* the own branch: refs/heads/members/<member>, or refs/heads/main */
	cib_network *net; /* the rules at the tip of the own branch; reloaded by cib_workspace_reload */
	cib_oid tip;      /* of the own branch */
} cib_workspace;

typedef struct {
	cib_remote_options remote;
	int lock_wait_ms; /* 0: 3,000 */
	const char *lang;
} cib_sync_options;

/* Clone: fetch main (and the own branch when the server has it), write the working folder. `dir` must not exist or be empty.
 * member NULL: taken from access.json; CIB_USAGE when the user is not in access.json. Nothing is left behind on failure. */
int cib_workspace_join(cib_workspace **out, const char *url, const char *dir, const char *user, const char *member,
                       const cib_sync_options *options, cib_error *err);
/* Open the workspace that contains `dir` (searches upward). CIB_NOTFOUND with the hint to run join. */
int cib_workspace_open(cib_workspace **out, const char *dir, cib_error *err);
int cib_workspace_reload(cib_workspace *ws, cib_error *err); /* after the tip moved */
void cib_workspace_free(cib_workspace *ws);

/* ---- the working folder ---- */
typedef enum { CIB_CHANGE_ADDED, CIB_CHANGE_MODIFIED, CIB_CHANGE_REMOVED } cib_change_kind;
typedef struct {
	cib_change_kind kind;
	char *path;       /* in the network, e.g. members/m-andal/projects/p-....json */
	bool draft;       /* it has errors: it stays here until they are mended */
	cib_findings findings;
} cib_work_change;
typedef struct {
	cib_work_change *items;
	size_t count, cap;
} cib_work_changes;
/* What differs between the own files and the tip, each checked. Cost: one stat per own file, reading only what changed. */
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
/* Write an entry's canonical, NFC text durably as working file (own paths only; the secretariat may write any path:
 * then it is committed directly). The document is not validated: an invalid one is a draft. */
int cib_workspace_write(cib_workspace *ws, const char *path, const cJSON *doc, cib_error *err);
int cib_workspace_remove(cib_workspace *ws, const char *path, cib_error *err);

/* ---- save and sync ---- */
typedef struct {
	size_t saved;    /* entries that this save committed */
	size_t drafts;   /* entries left behind because they have errors */
	size_t sent;     /* entries that reached the central repository with this sync */
	size_t received; /* entries of others that came in */
	size_t merged;   /* entries in which both sides' edits were joined */
	size_t conflicts; /* new conflict records */
	size_t retries;  /* a colleague was faster */
	uint64_t bytes_in, bytes_out;
	cib_work_changes left; /* the drafts, each with its findings */
	cib_buf notes;   /* what a person should be told, a line each: merged fields, new conflicts in words, rescued refs */
} cib_sync_report;
void cib_sync_report_clear(cib_sync_report *report);

/* Commit every own change that is valid (canonicalised first); CIB_OK also when there is nothing to do. message may be NULL. */
int cib_save(cib_workspace *ws, const char *message, const cib_sync_options *options, cib_sync_report *report, cib_error *err);
/* save, fetch, merge with the own branch and with main, check, commit, write the working folder, push, retry (5 times)
 * when a colleague was faster. CIB_OFFLINE: all is saved and waits. CIB_REFUSED: the server's words in err. */
int cib_sync(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err);

/* Merge two commits entry by entry into a tree (no commit is made). base zero: none. Paths outside `own_prefix`
 * ("members/x/", NULL: none is special) are taken from theirs where ours did not change them against base.
 * Conflict records are written into the tree. Adds to report->merged, conflicts, notes. `who_ours`, `who_theirs`: roles in words.
 * review calls it too, to accept an entry onto a main that changed meanwhile. */
int cib_merge_commits(cib_oid *tree, cib_network *net, cib_store *store, const cib_oid *base, const cib_oid *ours, const cib_oid *theirs,
                      const char *who_ours, const char *who_theirs, cib_sync_report *report, cib_error *err);

/* ---- conflicts ---- */
typedef enum { CIB_RESOLVE_OURS, CIB_RESOLVE_THEIRS, CIB_RESOLVE_VALUE } cib_resolution; /* ours: the value that was set aside; theirs: the central one, which stands in the entry */
typedef struct {
	char *entry_path, *id, *item, *path, *pointer, *kind; /* id: of the entry; item: key in the record; path: identity path of the field */
	char *who, *when; /* role and date of the edit that was set aside */
	cJSON *base, *ours, *theirs; /* NULL: absent */
} cib_open_conflict;
typedef struct {
	cib_open_conflict *items;
	size_t count, cap;
} cib_open_conflicts;
/* All open conflicts of the own member (from the working folder). */
int cib_conflicts_list(cib_open_conflicts *out, cib_workspace *ws, cib_error *err);
void cib_open_conflicts_free(cib_open_conflicts *list);
/* Settle one: the value goes into the entry's working file, the item out of the record (the record is removed with its
 * last item). `value` only for CIB_RESOLVE_VALUE (borrowed). */
int cib_conflict_resolve(cib_workspace *ws, const cib_open_conflict *conflict, cib_resolution how, const cJSON *value, cib_error *err);

#endif
