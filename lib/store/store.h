/* store - the Git repository: the only room that touches libgit2.
 *
 * It knows objects, trees, commits, references and transports; it knows nothing of networks, kinds
 * or members. Every write is durable (GIT_OPT_ENABLE_FSYNC_GITDIR) before a function returns CIB_OK. */
#ifndef CIB_STORE_H
#define CIB_STORE_H

#include "base/base.h"

typedef struct {
	unsigned char id[20];
} cib_oid; /* SHA-1 object id; all zero: none */
#define CIB_OID_HEX 41
void cib_oid_hex(char out[CIB_OID_HEX], const cib_oid *oid);
bool cib_oid_parse(cib_oid *out, const char *hex); /* exactly 40 lower-case hex digits */
/* The same in the letters a to p for 0 to f: in a message a row of digits may look like somebody's number. */
void cib_oid_letters(char out[CIB_OID_HEX], const cib_oid *oid);
/* As many of them (40 at most) as are asked for; the rest of *out is zero. */
bool cib_oid_from_letters(cib_oid *out, const char *text, size_t count);
static inline bool cib_oid_is_zero(const cib_oid *o)
{
	for (int i = 0; i < 20; i++)
		if (o->id[i])
			return false;
	return true;
}
bool cib_oid_equal(const cib_oid *a, const cib_oid *b);

/* ---- repositories ---- */
typedef struct cib_store cib_store;
/* A new repository: bare (a central one, with fsckObjects, core.fsync=all, denyNonFastForwards,
 * denyDeletes and the like in its config) or with a working tree. HEAD names `head_ref`. */
int cib_store_init(cib_store **out, const char *path, bool bare, const char *head_ref, cib_error *err);
/* Give a bare repository that there is the same configuration. */
int cib_store_make_central(cib_store *store, cib_error *err);
/* Open the repository at `path` (a working tree, its .git, or a bare one); no upward search. */
int cib_store_open(cib_store **out, const char *path, cib_error *err);
/* Open as a hook does: from GIT_DIR and the quarantine variables of the environment. */
int cib_store_open_env(cib_store **out, cib_error *err);
/* Is this a shallow clone, whose history breaks off? */
bool cib_store_is_shallow(cib_store *store);
/* Bytes of the objects that a push brought, as they lie in Git's quarantine (GIT_QUARANTINE_PATH); 0 outside a hook. */
uint64_t cib_store_quarantine_bytes(void);
void cib_store_free(cib_store *store);
const char *cib_store_git_dir(const cib_store *store);  /* absolute, no trailing slash; borrowed */
const char *cib_store_work_dir(const cib_store *store); /* NULL when bare */
/* The lock of this repository (<git dir>/cib.lock): one writer at a time. The holder removes stale
 * *.lock files and temporary objects that a killed process left. */
int cib_store_lock(cib_lock **out, cib_store *store, int wait_ms, cib_error *err);

/* ---- references ---- */
int cib_store_ref_get(cib_oid *out, cib_store *store, const char *ref, cib_error *err); /* CIB_NOTFOUND */
/* Set ref to `to`. `expected`: NULL: whatever was there; zero: must not exist; else must be that: CIB_BUSY when not. */
int cib_store_ref_set(cib_store *store, const char *ref, const cib_oid *to, const cib_oid *expected, cib_error *err);
/* The commit that a person names as to git: an id or its beginning, a branch, a tag, HEAD~2. CIB_NOTFOUND. */
int cib_store_rev(cib_oid *out, cib_store *store, const char *rev, cib_error *err);
int cib_store_ref_delete(cib_store *store, const char *ref, cib_error *err);
typedef int (*cib_ref_cb)(const char *ref, const cib_oid *oid, void *payload); /* non-zero stops */
int cib_store_ref_each(cib_store *store, const char *prefix, cib_ref_cb cb, void *payload, cib_error *err);

/* ---- objects ---- */
typedef enum { CIB_OBJ_NONE = 0,
	       CIB_OBJ_COMMIT = 1,
	       CIB_OBJ_TREE = 2,
	       CIB_OBJ_BLOB = 3,
	       CIB_OBJ_TAG = 4 } cib_obj_type;
/* Type and size from the header, without inflating. CIB_NOTFOUND. */
int cib_store_object(cib_obj_type *type, size_t *size, cib_store *store, const cib_oid *oid, cib_error *err);
int cib_store_blob_read(cib_buf *out, cib_store *store, const cib_oid *oid, size_t max, cib_error *err); /* clears out first */
int cib_store_blob_write(cib_oid *out, cib_store *store, const void *data, size_t len, cib_error *err);
void cib_store_blob_hash(cib_oid *out, const void *data, size_t len); /* the id, without writing */

/* Keep what is written from here on in memory, to write it together: some hundred objects cost a few fsyncs then. Until _end only this
 * store sees them; _end has written them durably, or failed and written nothing that is missed: move a reference to them behind it. _drop
 * forgets them. Not nested. */
void cib_store_gather_begin(cib_store *store);
int cib_store_gather_end(cib_store *store, cib_error *err);
void cib_store_gather_drop(cib_store *store);

/* Read all that the references reach, compare it with its ids, and call back for each object that is damaged or missing
 * (`why` in words; non-zero stops). *objects: how many were read. */
typedef int (*cib_damage_cb)(const cib_oid *oid, const char *why, void *payload);
int cib_store_verify(size_t *objects, cib_store *store, cib_damage_cb cb, void *payload, cib_error *err);

/* ---- trees; `tree` may be the id of a tree or of a commit everywhere; zero is the empty tree ---- */
typedef struct {
	const char *path; /* full path, borrowed for the call */
	unsigned mode;    /* as in Git: 0100644, 0040000, ...; 0: absent */
	cib_oid oid;
} cib_tree_entry;
/* Look one path up: CIB_NOTFOUND when absent. */
int cib_store_tree_get(cib_oid *oid, unsigned *mode, cib_store *store, const cib_oid *tree, const char *path, cib_error *err);
typedef int (*cib_tree_cb)(const cib_tree_entry *entry, void *payload); /* non-zero stops and is returned */
/* The entries right below `path` ("" for the root); with `deep`, all files below it instead. Missing path: nothing. */
int cib_store_tree_each(cib_store *store, const cib_oid *tree, const char *path, bool deep, cib_tree_cb cb, void *payload, cib_error *err);
/* A new tree: `tree` with edits applied (mode 0 removes; mode 0040000 puts a whole subtree). Cost follows the edits.
 * Folders that become empty vanish. */
int cib_store_tree_edit(cib_oid *out, cib_store *store, const cib_oid *tree, const cib_tree_entry *edits, size_t count, cib_error *err);

/* Walk two or three trees at once and skip what is equal: cost follows the change.
 * Calls back for every file (blob, link, gitlink: not for folders, but see below) that differs; a
 * side that lacks it has mode 0. A file against a folder gives the file's removal and the folder's files. */
typedef int (*cib_diff2_cb)(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload);
int cib_store_diff2(cib_store *store, const cib_oid *a, const cib_oid *b, cib_diff2_cb cb, void *payload, cib_error *err);
/* Files where not all three are equal; `prefix` ("" or "members/x") limits the walk. */
typedef int (*cib_diff3_cb)(const char *path, const cib_tree_entry *base, const cib_tree_entry *ours, const cib_tree_entry *theirs, void *payload);
int cib_store_diff3(cib_store *store, const cib_oid *base, const cib_oid *ours, const cib_oid *theirs, const char *prefix, cib_diff3_cb cb, void *payload, cib_error *err);

/* ---- commits ---- */
typedef struct {
	cib_oid tree;
	cib_oid *parents;
	size_t parent_count;
	char *author_name, *author_email, *committer_name, *committer_email, *message;
	int64_t author_time, committer_time; /* seconds since 1970, UTC */
	size_t raw_size;                     /* bytes of the commit object */
} cib_commit;
int cib_store_commit_read(cib_commit *out, cib_store *store, const cib_oid *oid, cib_error *err);
void cib_commit_clear(cib_commit *commit);
/* The bytes of a commit object, at most `max` (CIB_FINDINGS beyond). */
int cib_store_commit_raw(cib_buf *out, cib_store *store, const cib_oid *oid, size_t max, cib_error *err);
/* Make a commit object (time: now). The reference is moved by cib_store_ref_set. */
int cib_store_commit_write(cib_oid *out, cib_store *store, const cib_oid *tree, const cib_oid *parents, size_t parent_count,
                           const char *name, const char *email, const char *message, cib_error *err);
/* The same, signed by an SSH key. CIB_REFUSED sign.*: it could not be signed, and there is no commit. */
typedef struct {
	const char *key; /* a file: the private key, or the public one of a key that an agent holds */
	/* Called before ssh-keygen asks the person for the passphrase of `key`, at the terminal; NULL: nobody may be asked. */
	void (*asking)(const char *key);
} cib_signer;
int cib_store_commit_write_signed(cib_oid *out, cib_store *store, const cib_oid *tree, const cib_oid *parents, size_t parent_count,
                                  const char *name, const char *email, const char *message, const cib_signer *by, cib_error *err);
/* The signature of a commit, and what was signed. CIB_NOTFOUND when there is none. */
int cib_store_commit_signature(cib_buf *signature, cib_buf *payload, cib_store *store, const cib_oid *oid, cib_error *err);
/* ssh-keygen -Y sign and verify, in the namespace "git". `signers`: lines as of ssh-keygen's allowed signers file.
 * verify: CIB_FINDINGS when the signature is not by a key of `user` there. */
int cib_ssh_sign(cib_buf *signature, const cib_signer *by, const void *data, size_t len, cib_error *err);
int cib_ssh_verify(const char *user, const char *signers, const cib_buf *signature, const cib_buf *payload, cib_error *err);
int cib_store_merge_bases(cib_oid **out, size_t *count, cib_store *store, const cib_oid *a, const cib_oid *b, cib_error *err); /* free(*out); 0 when unrelated */
bool cib_store_is_ancestor(cib_store *store, const cib_oid *ancestor, const cib_oid *descendant);                              /* also when equal; where a disk fails: false, and no reference moves and nothing is pushed until the next cib_store_lock */
/* Leave of `commits`, no two of which are equal, what no other of them holds, in their order; returns how many. As git merge-base --independent. */
size_t cib_store_independent(cib_oid *commits, size_t count, cib_store *store);
/* Commits reachable from `include` and not from any of `exclude`, parents before children when oldest_first. */
typedef int (*cib_commit_cb)(const cib_oid *oid, void *payload);
int cib_store_commits(cib_store *store, const cib_oid *include, size_t include_count, const cib_oid *exclude, size_t exclude_count,
                      bool oldest_first, cib_commit_cb cb, void *payload, cib_error *err);
/* Did `path` ever have the blob `blob` in the commits of tip (inclusive) down to, not including, the ancestors of
 * `until` (zero: to the root)? Follows every parent. Cost: the range once, for all paths of a folder that are asked for next. */
int cib_store_path_had(bool *out, cib_store *store, const cib_oid *tip, const cib_oid *until, const char *path, const cib_oid *blob, cib_error *err);
/* The versions (zero: nothing) that were made of a path in the commits of tip that none of the bases holds, newest first: those that none of their
 * commit's parents has, so that what stood there before and was only carried along does not count. before: the first parent's. A return
 * other than 0 ends it and is returned; the callback asks nothing of this kind itself. */
typedef int (*cib_made_cb)(const cib_oid *commit, const cib_oid *before, const cib_oid *after, void *payload);
int cib_store_path_made(cib_store *store, const cib_oid *tip, const cib_oid *bases, size_t count, const char *path, cib_made_cb cb, void *payload,
                        cib_error *err);
/* The same, with what a merge took over from another than its first parent: all that the line of the tip went through. */
int cib_store_path_passed(cib_store *store, const cib_oid *tip, const cib_oid *bases, size_t count, const char *path, cib_made_cb cb, void *payload,
                          cib_error *err);
/* Is this one among them? */
int cib_store_path_wrote(bool *out, cib_store *store, const cib_oid *tip, const cib_oid *bases, size_t count, const char *path, const cib_oid *blob,
                         cib_error *err);
/* The versions of one path, newest first: each commit in which it differs from its parents. oid zero: removed there. */
typedef int (*cib_history_cb)(const cib_oid *commit, const cib_oid *blob, void *payload);
int cib_store_path_history(cib_store *store, const cib_oid *tip, const char *path, cib_history_cb cb, void *payload, cib_error *err);
/* The same, and also those of a side whose version was not kept, or came into the other by a commit that is no merge. */
int cib_store_path_versions(cib_store *store, const cib_oid *tip, const char *path, cib_history_cb cb, void *payload, cib_error *err);

/* ---- history without some blobs (rewrite.c) ---- */
typedef struct {
	char *ref;
	cib_oid before, after;
} cib_rewritten_ref;
typedef struct {
	cib_rewritten_ref *refs; /* every reference, also those that stay as they are */
	size_t ref_count, ref_cap;
	cib_oid *first; /* old commits in which a blob came in: who has the old history has one of them */
	size_t first_count;
	size_t commits; /* made anew */
} cib_rewritten;
/* Make every commit anew that has one of the blobs, or stands on one that had, without them (their paths are not there). Only
 * objects are written: moving the references is the caller's. Cost: every tree and commit of the history once. */
int cib_store_without(cib_rewritten *out, cib_store *store, const cib_oid *blobs, size_t count, cib_error *err);
void cib_rewritten_clear(cib_rewritten *rewritten);
/* Merge bases across that: the newest commits of tip's history that the history of `now` has, as they are or made anew without the
 * blobs. *made: what each is there. free(*old), free(*made); 0 when there is none. Nothing is written. */
int cib_store_bases_without(cib_oid **old, cib_oid **made, size_t *count, cib_store *store, const cib_oid *tip, const cib_oid *now,
                            const cib_oid *blobs, size_t blob_count, cib_error *err);
/* Every version of every file that any reference holds, once. A callback's return other than 0 ends it and is returned. */
int cib_store_each_version(cib_store *store, cib_tree_cb cb, void *payload, cib_error *err);
/* Forget the reflogs and take away every object that nothing refers to, by git itself. CIB_NOTFOUND without git. */
int cib_store_expire(cib_store *store, cib_error *err);

/* ---- transports: a local path, file://, http(s)://, ssh://, user@host:path ---- */
typedef struct {
	uint64_t bytes_in, bytes_out;
	uint64_t bytes_total; /* of what is sent; 0: not known */
	size_t objects, objects_total;
	const char *phase; /* "connecting", "counting", "receiving", "sending" */
} cib_progress;
typedef struct {
	int (*progress)(const cib_progress *p, void *payload); /* non-zero cancels: CIB_CANCELLED */
	void (*remote_line)(const char *line, void *payload);  /* what the server says, cleaned of control characters */
	/* User and password for http(s), when the server asks and neither the environment (CIB_HTTP_USER, CIB_HTTP_PASSWORD) nor
	 * git's credential helpers know them: a question to a person. *user is what is known already, or NULL; write heap
	 * strings; non-zero: none. */
	int (*credentials)(char **user, char **password, const char *url, void *payload);
	void *payload;
	const char *ca_file; /* who is trusted for https; NULL: CIB_CA_FILE, GIT_SSL_CAINFO or SSL_CERT_FILE of the environment, else the system's */
	uint64_t max_bytes;  /* stop a fetch that brings more; 0: 4 GB */
	int timeout_s;       /* of silence; 0: CIB_TIMEOUT of the environment, else 60 */
	/* Who this is to the server: the user for http(s) unless the environment or the URL names another; and for a repository in
	 * a local folder, where no server knows it, CIB_USER of the hook unless the environment has one. NULL: nobody. */
	const char *user;
	bool *filters; /* cib_store_remote_refs says here whether the server sends folders without their files, as a fetch after a cut asks; NULL: nobody wants to know */
} cib_remote_options;

/* What kind of address it is; host (of ssh: [USER@]HOST) and port are the caller's, NULL where there is none. CIB_USAGE. */
typedef enum { CIB_URL_HTTP,
	       CIB_URL_SSH,
	       CIB_URL_LOCAL } cib_url_kind;
int cib_store_url(cib_url_kind *kind, char **host, char **port, const char *url, cib_error *err);

typedef struct {
	const char *from;
	const char *to;
} cib_refspec; /* full reference names; fetch: remote to local, forced */
/* What the server has: every reference and its id. CIB_OFFLINE when it cannot be reached. */
int cib_store_remote_refs(const char *url, const cib_remote_options *options, cib_ref_cb cb, void *payload, cib_error *err);
/* Fetch; a reference that the server lacks is skipped (and its local copy deleted). CIB_OFFLINE, CIB_REFUSED. */
int cib_store_fetch(cib_store *store, const char *url, const cib_refspec *specs, size_t count, const cib_remote_options *options, cib_error *err);
/* Push local reference `from` to remote `to`, never forced. CIB_REFUSED with the server's words in err->message:
 * code "push.refused" (by hook or policy) or "push.behind" (not a fast-forward: somebody was faster; fetch and retry). */
int cib_store_push(cib_store *store, const char *url, const cib_refspec *specs, size_t count, const cib_remote_options *options, cib_error *err);

/* How many bytes the pack of a push would have: `tip` for who has `have` (commits that are not here are passed over). */
int cib_store_push_size(uint64_t *bytes, cib_store *store, const cib_oid *tip, const cib_oid *have, size_t have_count, cib_error *err);

/* ---- bundles: branches in one file, as `git bundle` writes and reads them ---- */
typedef struct {
	char *name; /* of the reference */
	cib_oid oid;
} cib_bundle_ref;
typedef struct {
	cib_bundle_ref *refs; /* what it holds */
	size_t ref_count, ref_cap;
	cib_bundle_ref *needs; /* commits that must be there already; name: what git wrote beside it, often "" */
	size_t need_count, need_cap;
	size_t pack_at, size; /* where the pack begins; bytes of the file */
	uint32_t objects;     /* that the pack says to hold */
} cib_bundle;
/* The references and all that they need beyond the commits of `known`, as the bytes of a bundle (version 2). Commits in
 * `known` that are not here are passed over. CIB_NOTFOUND when there is nothing beyond them. Cost follows what is in it. */
int cib_bundle_write(cib_buf *out, cib_store *store, const cib_bundle_ref *refs, size_t ref_count, const cib_oid *known, size_t known_count, cib_error *err);
/* Read the head of a bundle (version 2, or 3 with SHA-1 and no filter). CIB_FINDINGS when the file is none. */
int cib_bundle_read(cib_bundle *out, const char *path, cib_error *err);
void cib_bundle_clear(cib_bundle *bundle);
/* The first commit that is needed and not here; NULL when all are. */
const cib_bundle_ref *cib_bundle_missing(const cib_bundle *bundle, cib_store *store);
/* Bring its objects into the repository, durably. No reference moves. *taken names the pack for cib_bundle_drop: NULL when
 * every object was here already. CIB_FINDINGS for a pack that is damaged: then nothing stays. */
int cib_bundle_unpack(char **taken, cib_store *store, const cib_bundle *bundle, const char *path, cib_error *err);
/* Take the objects of a bundle out again that nothing refers to. */
void cib_bundle_drop(cib_store *store, const char *taken);

#endif
