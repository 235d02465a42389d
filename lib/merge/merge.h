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

#define CIB_CONFLICTS_INIT {0}
void cib_conflicts_free(cib_conflicts *list);

/* Which side's value stays where both cannot: THEIRS is what the central repository has. */
typedef enum { CIB_KEEP_THEIRS = 0, CIB_KEEP_OURS = 1 } cib_merge_keep;

typedef struct {
	const cib_merge_rules *rules; /* NULL: identity and order are inferred */
	cib_merge_keep keep;
} cib_merge_options;

/* Merge. base NULL: both sides added the document. ours or theirs NULL: that side deleted it.
 * *out (NULL when the result is "deleted") is the caller's; conflicts are appended.
 * Member order of the result follows ours, then theirs. Never fails but for memory; returns the
 * number of conflicts added. Source: DESIGN, "Merge"; docs/merge.md. */
size_t cib_merge(cJSON **out, const cJSON *base, const cJSON *ours, const cJSON *theirs,
                 const cib_merge_options *options, cib_conflicts *conflicts);

/* Resolve an identity path (/partners/o-2/role) in a document to a plain RFC 6901 pointer.
 * false when there is no such place (the parent must exist; the last token may be new). */
bool cib_merge_path_to_pointer(cib_buf *pointer, const cJSON *doc, const cib_merge_rules *rules, const char *path);

#endif
