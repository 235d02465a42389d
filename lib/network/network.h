/* network - what a network is: its layout, kinds, access, limits, and the check of an entry.
 *
 * A cib_network is a view of one commit: network.json, access.json and schema/ are read from it. Kinds
 * are compiled when first needed. It borrows the store. */
#ifndef CIB_NETWORK_H
#define CIB_NETWORK_H

#include "json/json.h"
#include "merge/merge.h"
#include "schema/schema.h"
#include "store/store.h"

typedef struct cib_network cib_network;
/* CIB_NOTFOUND when the commit has no network.json (it is no cib network), CIB_FINDINGS when a rule file is broken. */
int cib_network_load(cib_network **out, cib_store *store, const cib_oid *commit, cib_error *err);
void cib_network_free(cib_network *net);
const cib_oid *cib_network_commit(const cib_network *net);
const cJSON *cib_network_json(const cib_network *net); /* network.json */
const char *cib_network_lang(const cib_network *net);  /* its first language */
/* review policy: "required" (members push to members/<member>) or "none" (members push to main) */
const char *cib_network_review_policy(const cib_network *net);

/* ---- kinds: one per schema/<kind>.schema.json ---- */
typedef enum { CIB_WRITER_MEMBER, CIB_WRITER_SECRETARIAT } cib_writer;
typedef struct {
	const char *name;   /* "project" */
	const char *folder; /* x-cib-folder: "projects" */
	const char *prefix; /* x-cib-prefix: "p"; NULL when the id is the member's own name (x-cib-id: "member") */
	cib_writer writer;  /* x-cib-writer */
	const cJSON *schema;
	void *priv;
} cib_kind;
size_t cib_network_kind_count(const cib_network *net);
const cib_kind *cib_network_kind_at(const cib_network *net, size_t i);
const cib_kind *cib_network_kind(const cib_network *net, const char *name); /* NULL when unknown */
/* Compiled on first use, NULL with *err when the schema is broken. */
const cib_schema *cib_network_schema(cib_network *net, const cib_kind *kind, cib_error *err);
const cib_merge_rules *cib_network_rules(cib_network *net, const cib_kind *kind);
const char *cib_kind_title(const cib_kind *kind, const char *lang);

/* ---- limits (network.json "limits", else the defaults of docs/formats.md) ---- */
typedef struct {
	size_t pack_bytes, json_bytes, attachment_bytes, paths, commits, tree_depth, path_bytes, component_bytes;
	size_t json_depth, json_nodes, json_string, message_bytes, schema_bytes;
	int64_t future_seconds; /* how far a commit date may lie ahead */
} cib_limits;
const cib_limits *cib_network_limits(const cib_network *net);

/* ---- access.json: {"users": {"<user>": {"role": "staff|secretariat|reader", "member": "<member>", "from": date, "until": date}}} ---- */
typedef enum { CIB_ROLE_NONE, CIB_ROLE_READER, CIB_ROLE_STAFF, CIB_ROLE_SECRETARIAT } cib_role;
typedef struct {
	cib_role role;
	const char *member; /* NULL unless staff; borrowed */
} cib_access;
/* What may `user` do at `now` (seconds since 1970)? CIB_ROLE_NONE when unknown or out of its dates. */
cib_access cib_network_access(const cib_network *net, const char *user, int64_t now);

/* ---- layout ---- */
typedef enum {
	CIB_AREA_RULES,    /* network.json, access.json, schema/, codelists/ */
	CIB_AREA_MEMBER,   /* members/<member>/<folder>/<id>.json */
	CIB_AREA_CONFLICT, /* members/<member>/conflicts/<id>.json */
	CIB_AREA_NETWORK,  /* network/<folder>/<id>.json */
	CIB_AREA_REVIEW,   /* reviews/<member>/<id>.json */
	CIB_AREA_OTHER     /* README.md and whatever else; nobody but the secretariat */
} cib_area;
typedef struct {
	cib_area area;
	char member[101]; /* "" outside members/ and reviews/ */
	const cib_kind *kind; /* NULL when the folder belongs to no kind */
	char id[101];     /* file name without .json */
} cib_place;
/* Where does a path lie? Never fails: what fits nowhere is CIB_AREA_OTHER. */
void cib_network_place(cib_place *out, const cib_network *net, const char *path);
/* Path of an entry; member is ignored for the secretariat's kinds. */
void cib_network_path(cib_buf *out, const cib_kind *kind, const char *member, const char *id);
/* A new random id for the kind: prefix, "-", 10 characters of Crockford base32. */
void cib_network_new_id(char out[32], const cib_kind *kind);
/* Find an entry by id in a tree (or commit): its path, kind and blob. CIB_NOTFOUND. Cost: members x kinds look-ups. */
int cib_network_find(cib_buf *path, cib_place *place, cib_oid *blob, cib_network *net, const cib_oid *tree, const char *id, cib_error *err);
/* Every entry below members/ (member NULL: all members) and network/, of one kind or all (NULL). */
typedef int (*cib_entry_cb)(const char *path, const cib_place *place, const cib_oid *blob, void *payload);
int cib_network_each(cib_network *net, const cib_oid *tree, const char *member, const cib_kind *kind, cib_entry_cb cb, void *payload, cib_error *err);

/* ---- checks ---- */
typedef struct {
	const char *lang;   /* language of the messages */
	const cib_oid *tree; /* where references are looked up; NULL: references are not checked */
	bool canonical;     /* the text must be canonical, and NFC (the guard, and what is saved) */
} cib_check_options;
/* Judge one entry, conflict record or review by its place: strict JSON within limits, canonical, valid by its
 * schema, id = file name, kind = folder, owner = member folder, cross-field rules, references. Appends findings with
 * file = path, line and column. *out (may be NULL) receives the document when it could be read. CIB_OK or CIB_FINDINGS. */
int cib_network_check(cib_network *net, const char *path, const char *text, size_t len, const cib_check_options *options,
                      cJSON **out, cib_findings *findings);
/* The rules across fields alone (percentages sum to 100, start before end, ...): x-cib-rules of the schema. */
int cib_network_check_rules(cib_network *net, const cib_kind *kind, const cJSON *doc, const cib_check_options *options, cib_findings *findings);

/* Text of a language map in `lang`, else the source language, else any; NULL when there is none. Borrowed. */
const char *cib_text_in(const cJSON *language_map, const char *lang, const char *source);
/* The title of an entry in `lang`: its title or name; "" when there is none. */
const char *cib_entry_title(const cJSON *doc, const char *lang);

#endif
