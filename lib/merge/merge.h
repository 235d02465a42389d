/* merge - three-way merge of JSON documents. Uses json only; knows schemas by their annotations. */
#ifndef CIB_MERGE_H
#define CIB_MERGE_H

#include "json/json.h"

/* The merge annotations of one schema (`x-merge`: set | keyed:<key> | sequence | atomic | map | scalar | text),
 * found through properties, patternProperties, additionalProperties, items, prefixItems, local
 * `$ref` and allOf. The rules borrow the schema, which must outlive them. */
typedef struct cib_merge_rules cib_merge_rules;
cib_merge_rules *cib_merge_rules_new(const cJSON *schema);
void cib_merge_rules_free(cib_merge_rules *rules);

typedef enum {
	CIB_CONFLICT_VALUE,  /* both sides changed the value, differently */
	CIB_CONFLICT_DELETE, /* one side removed what the other edited; the edit stays */
	CIB_CONFLICT_ORDER,  /* both sides reordered, differently */
	CIB_CONFLICT_ENTRY   /* the merged whole is invalid (made by callers that validate) */
} cib_conflict_kind;

/* One place where two edits cannot both stand. Values are own copies, NULL for "absent". */
typedef struct {
	cib_conflict_kind kind;
	char *pointer; /* into the merged document; for items of keyed lists the pointer is by position there */
	char *path;    /* the same with identities in place of positions, e.g. /partners/o-2/role: stable under moves */
	cJSON *base, *ours, *theirs;
} cib_conflict;

typedef struct {
	cib_conflict *items;
	size_t count, cap;
} cib_conflicts;

#define CIB_CONFLICTS_INIT \
	{                  \
		0          \
	}
void cib_conflicts_free(cib_conflicts *list);

/* Which side's value stays where both cannot: THEIRS is what the central repository has. */
typedef enum {
	CIB_KEEP_THEIRS = 0,
	CIB_KEEP_OURS = 1,
	CIB_KEEP_NEITHER = 2 /* the value is absent: for the merge of merge bases, where neither may pass for the old one */
} cib_merge_keep;

/* What became of a difference, for those who ask why. */
typedef enum {
	CIB_MERGE_OURS,     /* only our side changed it */
	CIB_MERGE_THEIRS,   /* only their side changed it */
	CIB_MERGE_SAME,     /* both sides made the same change */
	CIB_MERGE_INCLUDES, /* one side's change of a text holds all of the other's: the larger stands */
	CIB_MERGE_PROSE,    /* both changed different sentences of a text: both stand */
	CIB_MERGE_LIST,     /* both added to a list, or changed different items of it: both stand */
	CIB_MERGE_MOVED,    /* one side moved or renamed it, the other changed it: the change follows */
	CIB_MERGE_CONFLICT  /* it is among the conflicts */
} cib_merge_verdict;

typedef struct {
	cib_merge_verdict verdict;
	char *path;                        /* as in cib_conflict */
	const cJSON *base, *ours, *theirs; /* borrowed from the documents; NULL for absent */
} cib_merge_note;
typedef struct {
	cib_merge_note *items;
	size_t count, cap;
} cib_merge_notes;
void cib_merge_notes_free(cib_merge_notes *notes);

typedef struct {
	const cib_merge_rules *rules; /* NULL: identity and order are inferred */
	cib_merge_keep keep;
} cib_merge_options;

/* Merge. base NULL: both sides added the document. ours or theirs NULL: that side deleted it.
 * *out (NULL when the result is "deleted") is the caller's; conflicts are appended.
 * Member order of the result follows ours, theirs' additions each behind the member that it follows there.
 * Never fails but for memory; returns the number of conflicts added. Source: docs/merge.md. */
size_t cib_merge(cJSON **out, const cJSON *base, const cJSON *ours, const cJSON *theirs,
                 const cib_merge_options *options, cib_conflicts *conflicts);

/* The same, and says of every difference what became of it, in the order of the result. */
size_t cib_merge_noting(cJSON **out, const cJSON *base, const cJSON *ours, const cJSON *theirs,
                        const cib_merge_options *options, cib_conflicts *conflicts, cib_merge_notes *notes);

/* The items of a list in the order in which `model` has them, those that it has not behind; a copy. Where nothing tells the
 * items apart: NULL. */
cJSON *cib_merge_in_order_of(const cJSON *list, const cJSON *model);

/* Resolve an identity path (/partners/o-2/role) in a document to a plain RFC 6901 pointer.
 * false when there is no such place (the parent must exist; the last token may be new). */
bool cib_merge_path_to_pointer(cib_buf *pointer, const cJSON *doc, const cib_merge_rules *rules, const char *path);
/* The other way: a pointer as identity path. false when there is no such place. */
bool cib_merge_pointer_to_path(cib_buf *path, const cJSON *doc, const cib_merge_rules *rules, const char *pointer);

/* Called with the key of an item that one before it in its list has, too: pointer and value, borrowed for the call. */
typedef void (*cib_merge_repeated_cb)(const char *pointer, const char *value, void *payload);
/* The items of all `keyed:<key>` lists of a document, of this key, that it does not tell apart: a merge would go by their places. */
void cib_merge_each_repeated(const cJSON *doc, const cib_merge_rules *rules, const char *key, cib_merge_repeated_cb cb, void *payload);

#endif
