/* What the files of the store share. Not for other rooms: only the store sees git2.h. */
#ifndef CIB_STORE_PRIVATE_H
#define CIB_STORE_PRIVATE_H

#include "base/gettext.h"
#include "store/oid_map.h"

#include "late/git2.h"
#include <string.h>
#include <zlib.h>

typedef struct {
	git_object_t type;
	char *data;
	size_t len;
} gathered_object;

typedef struct {
	bool on; /* between cib_store_gather_begin and _end */
	gathered_object *items;
	size_t count, cap;
	oid_map known; /* their places */
} gathered;

typedef struct {
	cib_oid commit, tree;
	size_t first, count; /* in `before` */
} cib_step;

/* A name that a step has otherwise than the first of its parents. */
typedef struct {
	uint64_t name; /* its hash */
	size_t step;
} cib_step_change;

/* What a folder looked like in the commits of tip down to, not including, the ancestors of until. */
typedef struct {
	cib_oid tip, until;
	char *folder;   /* NULL: free */
	cib_oid *trees; /* each version once; zero: it was not there */
	size_t count;
	bool has_steps;
	cib_step *steps; /* the commits that have another version than the first of their parents, newest first */
	size_t step_count, step_cap;
	cib_oid *before; /* what their parents had */
	size_t before_count, before_cap;
	cib_step_change *changes;                     /* by name, then by step */
	size_t change_count, change_cap, change_step; /* change_step: the one that is being looked at */
} cib_past;

enum { CIB_MEMO_PEELED = 256,
       CIB_MEMO_PASTS = 4 };
typedef struct {
	struct peeled {
		cib_oid commit, tree;
	} peeled[CIB_MEMO_PEELED];
	struct bases {
		cib_oid a, b, *list; /* list NULL: free */
		size_t count;
	} bases;
	cib_past pasts[CIB_MEMO_PASTS];
	size_t next_past;
} memo;

struct cib_store {
	git_repository *repo;
	git_odb *odb;
	char *git_dir, *work_dir;
	gathered gathered;
	memo memo;
	cib_error doubt; /* a question about the history that a failing disk left open: until the next lock no reference moves */
};

#define CIB_TREE_DEPTH 64 /* folders within folders: more is a bomb, not a network */
#define MODE_TREE      0040000u

/* Start libgit2 once, with this program's options; every public entry point that needs it calls it. */
void cib_store_setup(void);
void cib_store_setup_memory(void);                                  /* before libgit2 starts */
void cib_store_inflate_begin(z_stream *z);                          /* cannot fail; next_in and avail_in may be set already */
void cib_store_deflate(cib_buf *out, const void *data, size_t len); /* clears out first; cannot fail */
/* Say what libgit2 reports as one of our statuses; `what` is the sentence's start. */
bool cib_store_is_out_of_memory(void); /* is that why libgit2 failed? */
int cib_store_git_error(cib_error *err, int rc, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static inline void to_git(git_oid *out, const cib_oid *in) { memcpy(out->id, in->id, 20); }
static inline void from_git(cib_oid *out, const git_oid *in) { memcpy(out->id, in->id, 20); }

/* Read the loose objects of an object folder by ourselves (loose.c); a status of libgit2. */
int cib_store_loose_add(git_odb *odb, const char *dir);

int cib_store_in_doubt(const cib_store *store, cib_error *err);             /* CIB_OK, or why nothing may move (refs.c) */
int cib_store_write_failed(cib_error *err, int rc, const cib_store *store); /* say so, and what to do */
int cib_store_object_write(cib_oid *out, cib_store *store, git_object_t type, const void *data, size_t len, cib_error *err);
/* The tree of a tree or commit id; zero for the empty tree. */
int cib_store_peel(cib_oid *out, cib_store *store, const cib_oid *id, cib_error *err);

/* ---- memo.c: answers about objects, kept */
bool cib_memo_tree(cib_oid *out, cib_store *store, const cib_oid *commit);
void cib_memo_keep_tree(cib_store *store, const cib_oid *commit, const cib_oid *tree);
bool cib_memo_bases(cib_oid **out, size_t *count, const cib_store *store, const cib_oid *a, const cib_oid *b);
void cib_memo_keep_bases(cib_store *store, const cib_oid *a, const cib_oid *b, const cib_oid *list, size_t count);
/* The past of the folder of `path`, with its steps where they are asked for; *out is the store's, until the next question. */
int cib_memo_past(const cib_past **out, cib_store *store, const cib_oid *tip, const cib_oid *until, const char *path, bool steps, cib_error *err);
/* The steps that may have made a version of the name, newest first: their places in `steps` stand in the *count changes from the one returned. */
const cib_step_change *cib_past_changes(size_t *count, const cib_past *past, const char *name);
void cib_memo_clear(cib_store *store);

/* ---- raw trees: libgit2's own parser normalises modes, and a guard must see what is there ---- */
typedef struct {
	const char *name; /* ends at a NUL inside the raw object */
	size_t name_len;
	unsigned mode;
	cib_oid oid;
	const char *start, *end; /* the entry's bytes */
} raw_entry;

typedef struct {
	git_odb_object *object; /* NULL: the empty tree */
	const char *at, *end;
} raw_tree;

int raw_tree_open(raw_tree *out, cib_store *store, const cib_oid *tree, cib_error *err);
void raw_tree_close(raw_tree *tree);
/* CIB_OK and an entry, CIB_NOTFOUND at the end (err untouched), CIB_FINDINGS store.bad-tree. */
int raw_tree_next(raw_tree *tree, raw_entry *out, cib_error *err);
int raw_tree_find(raw_tree *tree, const char *name, size_t len, raw_entry *out, cib_error *err);
static inline bool is_tree(unsigned mode) { return mode == MODE_TREE; }
/* The order of entries in a tree: as bytes, a folder's name ending in '/'. */
int raw_name_cmp(const char *a, size_t alen, bool atree, const char *b, size_t blen, bool btree);

#endif
