/* What the files of the compiler share. */
#ifndef CIB_SCHEMA_COMPILE_H
#define CIB_SCHEMA_COMPILE_H

#include "schema/program.h"

typedef struct {
	cib_schema *schema;
	cib_node **nodes; /* all, in the order in which they are compiled */
	size_t count, cap, next;
	cib_error *err;
	int status; /* the first failure; nothing more is done then */
} cib_compiler;

/* Where a schema stands, from its parent's point of view. */
typedef struct {
	const cib_node *parent;
	const char *keyword, *token;
	size_t index;
	bool index_used;
} cib_place_in;

/* The node of a schema; it is compiled when its turn comes. */
cib_node *cib_compile_node(cib_compiler *c, const cJSON *source, const cib_scope *scope, const cib_place_in *place);
/* What `ref` names from `node`, NULL after a failure; *anchor (may be NULL) gets the dynamic anchor that it names, or NULL. */
cib_node *cib_compile_reference(cib_compiler *c, const cib_node *node, const char *keyword, const char *ref, const cib_anchor **anchor);
/* The resource that begins at a node, NULL when none does. */
const cib_resource *cib_compile_resource_at(const cib_compiler *c, const cJSON *node);
const cib_scope *cib_compile_scope(cib_compiler *c, const cib_resource *resource);
uint32_t cib_compile_anchor_number(cib_compiler *c, const char *name);
/* One schema object. */
void cib_compile_object(cib_compiler *c, cib_node *node);
/* Note a failure at a keyword of a node. */
void cib_compile_fail(cib_compiler *c, const cib_node *node, const char *keyword, int status);

#endif
