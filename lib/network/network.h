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
/* Look at another commit of the same store from now on, which costs four look-ups: true when its rules (network.json, access.json,
 * schema/ and codelists/) are the very same, and kinds, schemas and code lists stay as they are. Else nothing is changed: load it. */
bool cib_network_move(cib_network *net, const cib_oid *commit);
void cib_network_free(cib_network *net);
const cib_oid *cib_network_commit(const cib_network *net);
cib_store *cib_network_store(const cib_network *net);         /* borrowed, as it was given */
const cJSON *cib_network_json(const cib_network *net);        /* network.json */
const cJSON *cib_network_access_json(const cib_network *net); /* access.json */
const char *cib_network_lang(const cib_network *net);         /* its first language */
/* review policy: "required" (members push to members/<member>) or "none" (members push to main) */
const char *cib_network_review_policy(const cib_network *net);

/* ---- kinds: one per schema/<kind>.schema.json ---- */
typedef enum { CIB_WRITER_MEMBER,
	       CIB_WRITER_SECRETARIAT,
	       CIB_WRITER_BOTH } cib_writer; /* both: members in members/<member>/<folder>/, the secretariat in network/<folder>/ */
typedef struct {
	const char *name;   /* "project" */
	const char *folder; /* x-cib-folder: "projects" */
	const char *prefix; /* x-cib-prefix: "p"; NULL when the id is the member's own name (x-cib-id: "member") */
	cib_writer writer;  /* x-cib-writer: "member", "secretariat" or "both" */
	const cJSON *schema;
	void *priv;
} cib_kind;
size_t cib_network_kind_count(const cib_network *net);
const cib_kind *cib_network_kind_at(const cib_network *net, size_t i);
const cib_kind *cib_network_kind(const cib_network *net, const char *name); /* NULL when unknown */
/* What to say when it is unknown: what was meant, and which kinds of entries there are. Returns CIB_USAGE. */
int cib_network_kind_unknown(const cib_network *net, const char *name, cib_error *err);
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
typedef enum { CIB_ROLE_NONE,
	       CIB_ROLE_READER,
	       CIB_ROLE_STAFF,
	       CIB_ROLE_SECRETARIAT } cib_role;
typedef struct {
	cib_role role;
	const char *member; /* NULL unless staff; borrowed */
} cib_access;
/* What may `user` do at `now` (seconds since 1970)? CIB_ROLE_NONE when unknown or out of its dates. */
cib_access cib_network_access(const cib_network *net, const char *user, int64_t now);
/* Is any user of that member, whatever the days? */
bool cib_network_has_people(const cib_network *net, const char *member);
/* Judge an access.json: roles that exist, names that can be, days of the calendar, and a secretariat from `now` on for
 * ever. CIB_OK or CIB_FINDINGS. */
int cib_network_check_access(const cJSON *access, int64_t now, cib_findings *findings);

/* ---- signatures (signers.c): network.json "signatures", and the keys of users in access.json ---- */
typedef enum { CIB_SIGNATURES_NONE,
	       CIB_SIGNATURES_OPTIONAL,
	       CIB_SIGNATURES_REQUIRED } cib_signature_policy; /* optional: what is signed is signed well */
cib_signature_policy cib_network_signatures(const cib_network *net);
bool cib_ssh_key_ok(const char *key); /* a type that is known, a blank, base64, and no comment */
/* The keys that a user of a member (NULL: the secretariat) has on the day of `when`, as lines of ssh-keygen's allowed signers
 * file, appended to out (may be NULL); how many. */
size_t cib_network_signers(cib_buf *out, const cJSON *access, const char *user, const char *member, int64_t when);
/* Has somebody of the secretariat a key, from `now` on for ever? */
bool cib_network_can_sign(const cJSON *access, int64_t now);
typedef enum { CIB_SIGNED_GOOD,
	       CIB_SIGNED_NOT,
	       CIB_SIGNED_WRONG,               /* by no key of its committer on that day */
	       CIB_SIGNED_NO_KEY } cib_signed; /* its committer had none */
int cib_network_verify(cib_signed *out, cib_store *store, const cJSON *access, const cib_oid *commit, cib_error *err);
/* access.json as it stood in a commit; the caller's. CIB_NOTFOUND. */
int cib_network_access_at(cJSON **out, cib_store *store, const cib_oid *commit, cib_error *err);

/* ---- what was purged (purged.c): network.json "purged", one item an epoch ---- */
size_t cib_network_epoch(const cib_network *net); /* 0: nothing was */
bool cib_network_purged_blob(const cib_network *net, const cib_oid *blob);
bool cib_network_purged_commit(const cib_network *net, const cib_oid *commit);
const cib_oid *cib_network_purged_blobs(const cib_network *net, size_t *count);   /* borrowed */
const cib_oid *cib_network_purged_commits(const cib_network *net, size_t *count); /* borrowed */
bool cib_network_keeps_purged(const cJSON *before, const cJSON *after);           /* two network.json: nothing was taken off the list */

/* Days as text, YYYY-MM-DD: of a time, in the calendar?, and within a span (inclusive; NULL: open). */
void cib_day_of(char out[11], int64_t when);
bool cib_day_ok(const char *text);
bool cib_day_within(const char *day, const char *from, const char *until);

/* ---- layout ---- */
typedef enum {
	CIB_AREA_RULES,   /* network.json, access.json, schema/, codelists/ */
	CIB_AREA_MEMBER,  /* members/<member>/<folder>/<id>.json */
	CIB_AREA_RECORD,  /* members/<member>/{conflicts,comments}/<id>.json, network/conflicts/<id>.json: they go where their entry goes */
	CIB_AREA_NETWORK, /* network/<folder>/<id>.json */
	CIB_AREA_REVIEW,  /* reviews/<member>/<id>.json, and seen.json there: the receipt */
	CIB_AREA_OTHER    /* README.md and whatever else; nobody but the secretariat */
} cib_area;
typedef struct {
	cib_area area;
	char member[101];     /* "" outside members/ and reviews/ */
	const cib_kind *kind; /* NULL when the folder belongs to no kind */
	char id[101];         /* file name without .json */
} cib_place;
/* Where does a path lie? Never fails: what fits nowhere is CIB_AREA_OTHER. */
void cib_network_place(cib_place *out, const cib_network *net, const char *path);
/* Are entries of the kind written by members (member), by the secretariat (!member)? */
bool cib_kind_written_by(const cib_kind *kind, bool member);
bool cib_is_rule_path(const char *path); /* does it lie in CIB_AREA_RULES? */
/* Path of an entry; member is ignored for the secretariat's kinds. Of a kind that both write: in network/ when member is NULL. */
void cib_network_path(cib_buf *out, const cib_kind *kind, const char *member, const char *id);
/* A new random id for the kind: prefix, "-", 10 characters of Crockford base32. */
void cib_network_new_id(char out[32], const cib_kind *kind);
/* Find an entry by id in a tree (or commit): its path, kind and blob. CIB_NOTFOUND. Cost: members x kinds look-ups. */
int cib_network_find(cib_buf *path, cib_place *place, cib_oid *blob, cib_network *net, const cib_oid *tree, const char *id, cib_error *err);
/* Every entry below members/ (member NULL: all members) and network/, of one kind or all (NULL). */
typedef int (*cib_entry_cb)(const char *path, const cib_place *place, const cib_oid *blob, void *payload);
int cib_network_each(cib_network *net, const cib_oid *tree, const char *member, const cib_kind *kind, cib_entry_cb cb, void *payload, cib_error *err);

/* The limits of a file: records have room for more than one version of their entry. */
cib_limits cib_network_limits_at(const cib_network *net, const cib_place *place);

/* ---- checks ---- */
typedef struct {
	const char *lang;      /* language of the messages */
	const cib_oid *tree;   /* where references are looked up; NULL: references are not checked */
	bool canonical;        /* the text must be canonical, and NFC (the guard, and what is saved) */
	const cib_oid *before; /* where the version before lies under the same path (commit or tree); NULL: it is not compared */
} cib_check_options;
/* Judge one entry, conflict record or review by its place: strict JSON within limits, canonical, valid by its
 * schema, id = file name, kind = folder, owner = member folder, cross-field rules, references. Appends findings with
 * file = path, line and column. *out (may be NULL) receives the document when it could be read. CIB_OK or CIB_FINDINGS. */
int cib_network_check(cib_network *net, const char *path, const char *text, size_t len, const cib_check_options *options,
                      cJSON **out, cib_findings *findings);
/* The rules across fields alone (percentages sum to 100, start before end, ...): x-cib-rules of the schema. */
int cib_network_check_rules(cib_network *net, const cib_kind *kind, const char *path, const cJSON *doc, const cib_check_options *options,
                            cib_findings *findings); /* path NULL: not compared with other versions and entries of its folder */

/* May the entry at `path` be taken away? Not when its version in options->before is one that does not change any more (rule "frozen"). */
int cib_network_check_removal(cib_network *net, const char *path, const cib_check_options *options, cib_findings *findings);

/* Text of a language map in `lang`, else the source language, else any; NULL when there is none. Borrowed. */
const char *cib_text_in(const cJSON *language_map, const char *lang, const char *source);
/* The title of an entry in `lang`: its title or name; "" when there is none. */
const char *cib_entry_title(const cJSON *doc, const char *lang);

/* The title of a field of a kind in `lang`, for people: "Title (French)" for a text in a language, the nearest field that has
 * a title otherwise, the pointer itself when none has. The caller's. */
char *cib_field_title(cib_network *net, const cib_kind *kind, const char *pointer, const char *lang);

#endif
