/* What the files of this room share.
 *
 *     schema text -> json room -> tree (cJSON) -> index.c: who is called what ($id, $anchor)
 *                                              -> compile.c, keywords.c: a program of nodes
 *                                              -> link.c: aliases, loops
 *     program + instance -> evaluate.c: yes or no, stops at the first fault
 *                        -> report.c: a tree of faults -> explain.c: one line a fault
 *                                                      -> output.c: the specification's JSON forms
 */
#ifndef CIB_SCHEMA_PRIVATE_H
#define CIB_SCHEMA_PRIVATE_H

#include "schema/format.h"
#include "schema/regex.h"
#include "schema/schema.h"

/* ---- names and numbers ---- */

/* Resolve a reference against a base (RFC 3986 section 5.2); the caller's string. */
char *cib_uri_resolve(const char *base, const char *ref);

/* A map from byte strings or addresses to pointers. Keys are borrowed. */
typedef struct {
	struct cib_map_slot *slots;
	size_t cap, count;
} cib_map;
void *cib_map_get(const cib_map *map, const void *key, size_t len);       /* len 0: the address is the key */
bool cib_map_put(cib_map *map, const void *key, size_t len, void *value); /* false: was there, unchanged */
void cib_map_set(cib_map *map, const void *key, size_t len, void *value); /* also over an old value */
void cib_map_free(cib_map *map);

/* Is a decimal an integer; is `text` a multiple of the divisor (both exact at any size)? `cost`
 * is raised by the work that it took. */
bool cib_decimal_is_integer(const char *text);
typedef struct {
	const char *digits; /* significant digits, no zeros at either end; arena */
	size_t len;
	long long exp;  /* the divisor is digits x 10^exp */
	uint64_t small; /* the digits as a number when they fit into 63 bits, else 0 */
} cib_divisor;
void cib_divisor_init(cib_divisor *out, const char *text, cib_arena *arena);
bool cib_decimal_is_multiple(const char *text, const cib_divisor *divisor, uint64_t *cost);
/* A non-negative integer as a count; saturates at SIZE_MAX. false when it is none. */
bool cib_decimal_count(const char *text, size_t *out);

/* ---- the index: resources and anchors ---- */

typedef struct cib_dialect cib_dialect;
typedef struct cib_node cib_node;

/* A schema document or an embedded one with its own $id. */
typedef struct cib_resource {
	const char *uri; /* absolute, no fragment; "" for a document without a name */
	const cJSON *root, *document;
	const cib_dialect *dialect;
	const char *meta;           /* $schema when it names no known draft, else NULL */
	struct cib_anchor *dynamic; /* list of its dynamic anchors */
} cib_resource;

typedef struct cib_anchor {
	const char *name; /* "" for $recursiveAnchor */
	const cJSON *node;
	cib_resource *resource;
	bool dynamic;
	struct cib_anchor *next;
} cib_anchor;

typedef struct {
	cib_arena arena;
	cib_map resources; /* uri -> cib_resource */
	cib_map anchors;   /* uri#name -> cib_anchor */
	cib_map roots;     /* cJSON -> cib_resource: where a resource begins */
} cib_index;

/* Enter a document under `uri` and all that has a name in it. `dialect` is for documents that do not say ($schema).
 * CIB_FINDINGS: a name stands twice. */
int cib_index_add(cib_index *index, const char *uri, const cJSON *doc, const cib_dialect *dialect, cib_resource **out, cib_error *err);
cib_resource *cib_index_find(const cib_index *index, const char *uri); /* without a fragment */
/* The anchor of a resource, dynamic or not. */
cib_anchor *cib_index_anchor(const cib_index *index, const char *uri, const char *name);
void cib_index_free(cib_index *index);

struct cib_schema_registry {
	cib_index index;
};

/* A meta-schema of 2020-12 by its URI, read into the arena; NULL when it is none. */
const cJSON *cib_metaschema_read(const char *uri, cib_arena *arena);

/* ---- dialects and keywords (keywords.c) ---- */

typedef enum { CIB_DRAFT_4,
	       CIB_DRAFT_6,
	       CIB_DRAFT_7,
	       CIB_DRAFT_2019,
	       CIB_DRAFT_2020 } cib_draft;

enum { /* vocabularies, as bits */
       CIB_VOCAB_CORE = 1,
       CIB_VOCAB_APPLICATOR = 2,
       CIB_VOCAB_UNEVALUATED = 4,
       CIB_VOCAB_VALIDATION = 8,
       CIB_VOCAB_META_DATA = 16,
       CIB_VOCAB_FORMAT_ANNOTATION = 32,
       CIB_VOCAB_FORMAT_ASSERTION = 64,
       CIB_VOCAB_CONTENT = 128,
       CIB_VOCAB_ALL = 255
};

struct cib_dialect {
	cib_draft draft;
	unsigned vocabularies;
};

extern const cib_dialect cib_dialects[CIB_DRAFT_2020 + 1];
const cib_dialect *cib_dialect_find(const char *schema_uri); /* NULL: not a draft that is known */
unsigned cib_vocabulary_find(const char *uri);               /* 0: unknown */

/* What the value of a keyword looks like; also says where schemas lie. */
typedef enum {
	CIB_FORM_ANY,
	CIB_FORM_SCHEMA,
	CIB_FORM_SCHEMAS, /* non-empty array */
	CIB_FORM_SCHEMA_MAP,
	CIB_FORM_PATTERN_MAP,    /* names are patterns */
	CIB_FORM_SCHEMA_OR_LIST, /* items of older drafts */
	CIB_FORM_DEPENDENCIES,   /* map of schemas or lists of names */
	CIB_FORM_STRING,
	CIB_FORM_URI,
	CIB_FORM_ID, /* a URI without a fragment */
	CIB_FORM_ANCHOR,
	CIB_FORM_PATTERN,
	CIB_FORM_NUMBER,
	CIB_FORM_POSITIVE,
	CIB_FORM_COUNT,
	CIB_FORM_BOOL,
	CIB_FORM_ARRAY,
	CIB_FORM_NAMES, /* array of unique strings */
	CIB_FORM_NAMES_MAP,
	CIB_FORM_BOOL_MAP,
	CIB_FORM_TYPE
} cib_form;

typedef enum {
	CIB_KW_NONE, /* annotation, or nothing to evaluate */
	CIB_KW_ADDITIONAL_ITEMS,
	CIB_KW_ADDITIONAL_PROPERTIES,
	CIB_KW_ALL_OF,
	CIB_KW_ANY_OF,
	CIB_KW_CONST,
	CIB_KW_CONTAINS,
	CIB_KW_DEPENDENCIES,
	CIB_KW_DEPENDENT_REQUIRED,
	CIB_KW_DEPENDENT_SCHEMAS,
	CIB_KW_DYNAMIC_REF,
	CIB_KW_ELSE,
	CIB_KW_ENUM,
	CIB_KW_EXCLUSIVE_MAXIMUM,
	CIB_KW_EXCLUSIVE_MINIMUM,
	CIB_KW_FORMAT,
	CIB_KW_IF,
	CIB_KW_ITEMS,
	CIB_KW_MAX_CONTAINS,
	CIB_KW_MAX_ITEMS,
	CIB_KW_MAX_LENGTH,
	CIB_KW_MAX_PROPERTIES,
	CIB_KW_MAXIMUM,
	CIB_KW_MIN_CONTAINS,
	CIB_KW_MIN_ITEMS,
	CIB_KW_MIN_LENGTH,
	CIB_KW_MIN_PROPERTIES,
	CIB_KW_MINIMUM,
	CIB_KW_MULTIPLE_OF,
	CIB_KW_NOT,
	CIB_KW_ONE_OF,
	CIB_KW_PATTERN,
	CIB_KW_PATTERN_PROPERTIES,
	CIB_KW_PREFIX_ITEMS,
	CIB_KW_PROPERTIES,
	CIB_KW_PROPERTY_NAMES,
	CIB_KW_RECURSIVE_REF,
	CIB_KW_REF,
	CIB_KW_REQUIRED,
	CIB_KW_THEN,
	CIB_KW_TYPE,
	CIB_KW_UNEVALUATED_ITEMS,
	CIB_KW_UNEVALUATED_PROPERTIES,
	CIB_KW_UNIQUE_ITEMS
} cib_kw;

typedef struct {
	const char *name;
	cib_kw kw;
	cib_form form;
	unsigned vocabulary;
	cib_draft from, to; /* drafts that have it */
} cib_keyword;

/* The keyword in a dialect; NULL when it has none of that name. */
const cib_keyword *cib_keyword_find(const cib_dialect *dialect, const char *name);
/* The name by which a draft's schemas name themselves: "$id", in draft 4 "id". */
const char *cib_id_keyword(const cib_dialect *dialect);
/* Is the value what the keyword takes? CIB_FINDINGS with a message otherwise; err->pointer is relative to the schema object. */
int cib_keyword_check(const cib_keyword *keyword, const cJSON *value, cib_error *err);

/* ---- messages (messages.c) ---- */

typedef struct {
	const char *code, *en, *fr, *es;
} cib_schema_text;
/* The catalogue, entry by entry; NULL behind the last. */
const cib_schema_text *cib_schema_text_at(size_t i);
bool cib_schema_message_exists(const char *code);
/* Append the message of a code in a language, with its parameters in place. */
void cib_schema_message(cib_buf *out, const char *lang, const char *code, const char *const params[3]);

#endif
