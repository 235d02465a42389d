/* The compiled form: a program of nodes in one arena, a node for each schema object, references resolved.
 *
 *     node ── types ── constant ── number / string / array / object rules ── operations (allOf, $ref, if, ...) ── unevaluated
 *             cheap .................................................................................... costly
 *
 * Evaluation goes through a node from left to right and looks only at the rules of the instance's type. Nothing
 * of the schema's text is looked at again, but for messages. */
#ifndef CIB_SCHEMA_PROGRAM_H
#define CIB_SCHEMA_PROGRAM_H

#include "schema/private.h"

/* Types are cJSON's bits (boolean is two of them); one more for integers. */
enum { CIB_TYPE_INTEGER = 1 << 7,
       CIB_TYPE_ANY = 0x7F };

/* ---- names: a hash table from property names to what the schema says of them ---- */

typedef struct {
	const char *name; /* NULL: free */
	size_t len;
	cib_node *node; /* of `properties`; NULL for a name that is only required */
	bool required;
} cib_slot;

typedef struct {
	cib_slot *slots;
	uint64_t seed;
	uint32_t mask, count;
	uint8_t shift;
	bool full; /* hash every byte: the quick hash would collide */
} cib_names;

void cib_names_build(cib_names *names, const cib_slot *items, size_t count, cib_arena *arena);

/* Quick hash: length, first, middle and last byte. */
static inline uint64_t cib_names_quick(const char *s, size_t len, uint64_t seed)
{
	if (len == 0)
		return 0;
	uint64_t h = (uint64_t)(unsigned char)s[0] | (uint64_t)(unsigned char)s[len / 2] << 8 | (uint64_t)(unsigned char)s[len - 1] << 16 | (uint64_t)len << 24;
	return h * seed;
}

uint64_t cib_names_slow(const char *s, size_t len, uint64_t seed);

static inline const cib_slot *cib_names_find(const cib_names *names, const char *s, size_t len)
{
	uint64_t h = names->full ? cib_names_slow(s, len, names->seed) : cib_names_quick(s, len, names->seed);
	for (uint32_t i = (uint32_t)(h >> names->shift) & names->mask;; i = (i + 1) & names->mask) {
		const cib_slot *slot = &names->slots[i];
		if (!slot->name)
			return NULL;
		if (slot->len == len && __builtin_memcmp(slot->name, s, len) == 0)
			return slot;
	}
}

/* ---- rules by type ---- */

typedef struct {
	const cJSON *single; /* const, or an enum of one */
	const cJSON *list;   /* enum */
	cib_names strings;   /* the strings of a list */
	bool has_others;     /* a list with other things than strings */
	const char *keyword;
} cib_constant;

typedef struct {
	const cJSON *minimum, *maximum, *exclusive_minimum, *exclusive_maximum; /* NULL: none */
	const cJSON *multiple_of;
	cib_divisor divisor;
} cib_number_rules;

typedef struct {
	size_t min, max;
	const cib_regex *regex;
	const char *pattern;
	const char *format; /* only when it is asserted, and known */
	cib_format_check check;
} cib_string_rules;

typedef struct {
	size_t min, max, min_contains, max_contains;
	cib_node **prefix;
	size_t prefix_count;
	cib_node *items, *contains;
	bool unique, has_min_contains, contains_evaluates;
	const char *prefix_keyword, *items_keyword;
} cib_array_rules;

typedef struct {
	const char *pattern;
	const cib_regex *regex;
	cib_node *node;
} cib_pattern_rule;

typedef struct {
	const char *name;
	const cJSON *required; /* list of names, or NULL */
	cib_node *node;        /* dependentSchemas */
	const char *keyword;
} cib_dependency;

typedef struct {
	size_t min, max;
	cib_names names;
	const cJSON *properties, *required; /* the keywords' values */
	uint32_t required_count;
	uint32_t pattern_count, dependency_count;
	cib_pattern_rule *patterns;
	cib_dependency *dependencies;
	cib_node *additional, *property_names;
} cib_object_rules;

/* ---- operations in place ---- */

typedef enum { CIB_OP_REF,
	       CIB_OP_DYNAMIC_REF,
	       CIB_OP_ALL,
	       CIB_OP_ANY,
	       CIB_OP_ONE,
	       CIB_OP_NOT,
	       CIB_OP_IF } cib_op_kind;

typedef struct {
	cib_op_kind kind;
	uint32_t count;
	cib_node **branches; /* REF, NOT: one; IF: if, then, else (NULL: none) */
	const char *keyword;
	const cJSON *value;
	uint32_t anchor; /* DYNAMIC_REF: which name */
} cib_op;

/* ---- nodes ---- */

enum {
	CIB_NODE_TRUE = 1,
	CIB_NODE_FALSE = 2,
	CIB_NODE_LOOP = 4, /* lies on a circle of operations in place */
	CIB_NODE_DONE = 8, /* compiled */
};

/* A resource as the program sees it. */
typedef struct cib_scope {
	const cib_resource *resource;
	cib_dialect dialect;
	struct cib_dynamic {
		uint32_t name;
		cib_node *node;
	} * dynamic;
	uint32_t dynamic_count;
} cib_scope;

struct cib_node {
	uint8_t flags, types;
	uint16_t op_count;
	cib_node *alias; /* what this is but another name for: go there */
	const cib_constant *constant;
	const cib_number_rules *number;
	const cib_string_rules *string;
	const cib_array_rules *array;
	const cib_object_rules *object;
	const cib_op *ops;
	cib_node *unevaluated_items, *unevaluated_properties;
	const cib_scope *scope;
	/* where it stands, for messages */
	const cJSON *source;
	const cib_node *parent;
	const char *keyword, *token; /* below the parent: "properties", "name"; token NULL: none */
	size_t index;                /* of a list, when index_used */
	bool index_used;
};

struct cib_schema {
	cib_arena arena;
	cib_index index; /* of the document, and of the built-in meta-schemas that it uses */
	const cib_schema_registry *registry;
	cib_node *root;
	const cJSON *document;
	bool assert_format, dynamic; /* dynamic: it has dynamic references */
	uint64_t max_steps;
	uint32_t max_nodes, node_count, anchor_count;
	cib_map nodes;        /* cJSON -> cib_node */
	cib_map scopes;       /* cib_resource -> cib_scope */
	cib_map anchor_names; /* name -> number + 1 */
	cib_regex **regexes;  /* to free */
	size_t regex_count, regex_cap;
	cib_map regex_map; /* pattern text -> cib_regex */
};

/* link.c: resolve aliases, mark loops. CIB_FINDINGS: a schema that refers to itself without progress. */
int cib_program_link(cib_schema *schema, cib_node **nodes, size_t count, cib_error *err);

/* The pointer of a node in its document, into err->pointer and the like. */
void cib_node_pointer(const cib_node *node, cib_buf *out);
/* The URI of its resource, and its pointer from there. */
void cib_node_location(const cib_node *node, cib_buf *out);

/* ---- evaluation ---- */

typedef enum { CIB_RUN_GOES,
	       CIB_STOP_STEPS,
	       CIB_STOP_DEPTH,
	       CIB_STOP_PATTERN,
	       CIB_STOP_LOOP } cib_stop;

/* Which children of an instance were evaluated: a bit each. */
typedef struct {
	uint64_t *bits;
	size_t words;
	uint64_t first; /* room for 64: bits points here for most instances */
} cib_seen;

typedef struct cib_active {
	const cib_node *node;
	const cJSON *instance;
	const struct cib_active *outer;
} cib_active;

typedef struct {
	const cib_schema *schema;
	uint64_t steps; /* left */
	uint32_t depth;
	cib_stop stop;             /* why there is no verdict */
	const cib_node *stop_node; /* and where */
	const cJSON *stop_instance;
	const cib_active *active;   /* loop nodes in progress */
	const cib_node **outermost; /* by anchor: the outermost dynamic anchor in scope */
	const cib_scope *scope;
	cJSON name; /* the property name that is looked at, as an instance */
} cib_run;

bool cib_evaluate(cib_run *run, const cib_node *node, const cJSON *instance, cib_seen *seen);
void cib_run_init(cib_run *run, const cib_schema *schema);
void cib_run_end(cib_run *run);

void cib_seen_init(cib_seen *seen, const cJSON *instance);
void cib_seen_free(cib_seen *seen);
void cib_seen_join(cib_seen *into, const cib_seen *from);
static inline void cib_seen_set(cib_seen *seen, size_t i) { seen->bits[i / 64] |= (uint64_t)1 << i % 64; }
static inline bool cib_seen_has(const cib_seen *seen, size_t i) { return seen->bits[i / 64] >> i % 64 & 1; }

/* Enter a resource: its dynamic anchors count from now on; returns what to give back to cib_scope_leave. */
const cib_scope *cib_scope_enter(cib_run *run, const cib_node *node, uint64_t *added);
void cib_scope_leave(cib_run *run, const cib_scope *before, const cib_scope *entered, uint64_t added);
const cib_node *cib_dynamic_target(const cib_run *run, const cib_op *op);

/* Take from the budget; false, and the run is stopped, when there is not so much. */
bool cib_spend(cib_run *run, uint64_t cost, const cib_node *node, const cJSON *instance);
const char *cib_stop_code(cib_stop why);
bool cib_stop_at(cib_run *run, cib_stop why, const cib_node *node, const cJSON *instance); /* false */

/* Single rules, shared with the report. */
bool cib_type_ok(const cib_node *node, const cJSON *instance);
bool cib_constant_ok(const cib_constant *constant, const cJSON *instance);
bool cib_pattern_ok(cib_run *run, const cib_node *node, const cib_regex *regex, const char *text, const cJSON *instance);
/* Two equal items, or NULL. */
bool cib_items_unique(cib_run *run, const cJSON *array, size_t *first, size_t *second);
const cJSON *cib_member(cib_run *run, const cJSON *object, const char *name);
size_t cib_count_children(const cJSON *node);
/* <0, 0, >0; exact, quick when doubles tell them apart. */
int cib_compare_numbers(const cJSON *a, const cJSON *b);

#endif
