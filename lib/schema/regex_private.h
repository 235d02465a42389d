/* What the files regex*.c share: the tree of an expression and the program made of it. */
#ifndef CIB_SCHEMA_REGEX_PRIVATE_H
#define CIB_SCHEMA_REGEX_PRIVATE_H

#include "schema/format.h"
#include "schema/regex.h"

enum { CIB_RX_LAST_CHAR = 0x10FFFF,
       CIB_RX_MAX_PATTERN = 64 * 1024,
       CIB_RX_MAX_DEPTH = 200 };
#define CIB_RX_UNBOUNDED UINT32_MAX

typedef struct {
	uint32_t first, last;
} cib_rx_range;

/* \p{...}: as PCRE2 says it, or (no text) the one that it does not know: Changes_When_NFKC_Casefolded. */
typedef struct {
	char text[40];
	bool negated;
	void *code; /* pcre2_code, for the own matcher; made when the program is */
} cib_rx_property;

/* A class of characters: all that a range or a property holds, or all others. */
typedef struct {
	bool negated;
	uint32_t ascii[4]; /* bits of U+0000 to U+007F, `negated` applied */
	cib_rx_range *ranges;
	cib_rx_property *properties;
	size_t range_count, range_cap, property_count, property_cap;
} cib_rx_set;

typedef enum {
	CIB_RX_EMPTY,
	CIB_RX_CHAR,
	CIB_RX_SET,
	CIB_RX_SEQUENCE,
	CIB_RX_CHOICE,
	CIB_RX_GROUP, /* captures */
	CIB_RX_REPEAT,
	CIB_RX_BACK_REFERENCE,
	CIB_RX_BEGIN,
	CIB_RX_END,
	CIB_RX_WORD_BOUNDARY,
	CIB_RX_NO_WORD_BOUNDARY,
	CIB_RX_LOOK
} cib_rx_kind;

typedef struct cib_rx_node {
	cib_rx_kind kind;
	struct cib_rx_node *child, *next; /* of SEQUENCE and CHOICE: a list */
	uint32_t c;                       /* CHAR */
	size_t set;                       /* SET: which */
	uint32_t min, max;                /* REPEAT */
	bool lazy;                        /* REPEAT */
	bool behind, negative;            /* LOOK */
	unsigned group, last_group;       /* GROUP, BACK_REFERENCE: the number; REPEAT: the groups in it are group to last_group - 1 */
	const char *name;                 /* BACK_REFERENCE by name, until the end of the pattern is known */
	size_t name_len;
} cib_rx_node;

typedef struct {
	cib_arena arena; /* the nodes */
	cib_rx_node *root;
	cib_rx_set *sets;
	size_t set_count, set_cap;
	unsigned groups;     /* 1 and one for each pair of capturing parentheses */
	bool back_reference; /* has one */
} cib_rx_tree;

int cib_rx_parse(cib_rx_tree *out, const char *pattern, size_t len, cib_error *err);
void cib_rx_tree_free(cib_rx_tree *tree);

/* Add what \p{name} or \p{name=value} holds; false when ECMA-262 has no such property. */
bool cib_rx_add_property(cib_rx_set *set, const char *text, size_t len, bool negated);
void cib_rx_add_range(cib_rx_set *set, uint32_t first, uint32_t last);
/* Once a set is complete, before the first cib_rx_set_has. */
void cib_rx_set_prepare(cib_rx_set *set);
bool cib_rx_set_has(const cib_rx_set *set, uint32_t c);
void cib_rx_sets_free(cib_rx_set *sets, size_t count);

/* The same in PCRE2's dialect; false when it has no exact counterpart. */
bool cib_rx_to_pcre(cib_buf *out, const cib_rx_tree *tree);
/* The longest text that PCRE2 may be given, so that it ends in a few milliseconds at worst. `limit` is its match limit. */
size_t cib_rx_pcre_length(const cib_rx_tree *tree, uint32_t limit);
bool cib_rx_is_anchored(const cib_rx_node *node);

/* ---- tables ---- */

/* NULL when the pattern is not regular (look-around, back references, properties), or too large for one. */
typedef struct cib_rx_table cib_rx_table;
cib_rx_table *cib_rx_table_new(const cib_rx_tree *tree);
bool cib_rx_table_match(const cib_rx_table *table, const char *text, size_t len);
void cib_rx_table_free(cib_rx_table *table);

/* ---- programs ---- */

typedef enum {
	CIB_OP_CHAR,  /* c */
	CIB_OP_SET,   /* a: which */
	CIB_OP_RUN,   /* a: a set, or c when it is none (NO_SET); min to max of them */
	CIB_OP_SPLIT, /* go on, and at a when that fails; lazy: the other way round */
	CIB_OP_JUMP,  /* a */
	CIB_OP_SAVE,  /* a: the register that takes the place */
	CIB_OP_BACK,  /* a: the group */
	CIB_OP_BEGIN,
	CIB_OP_END,
	CIB_OP_WORD_BOUNDARY,
	CIB_OP_NO_WORD_BOUNDARY,
	CIB_OP_LOOK,  /* what follows until ACCEPT; go on at a */
	CIB_OP_START, /* a loop with registers b and b + 1 begins */
	CIB_OP_LOOP,  /* once more, or on at a */
	CIB_OP_ENTER, /* the round begins; groups min to max - 1 become empty */
	CIB_OP_ACCEPT
} cib_rx_op;

#define CIB_RX_NO_SET UINT32_MAX

typedef struct {
	uint8_t op;
	bool back; /* reads backwards: within a lookbehind */
	bool lazy, negative;
	uint32_t c, a, b, min, max;
} cib_rx_instr;

typedef struct {
	cib_rx_instr *code;
	size_t count, cap;
	uint32_t registers; /* two for each group (the first two are not used), then two for each loop */
	cib_rx_set *sets;
	size_t set_count;
	bool anchored;
} cib_rx_program;

/* Takes the sets of the tree. */
void cib_rx_program_build(cib_rx_program *out, cib_rx_tree *tree);
void cib_rx_program_free(cib_rx_program *program);
/* 1 matches, 0 does not, -1 more than `steps` were needed. */
int cib_rx_run(const cib_rx_program *program, const char *text, size_t len, uint64_t steps);

#endif
