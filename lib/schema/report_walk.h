/* What the parts of the full report share: a walk through schema and instance that writes down what it finds. */
#ifndef CIB_SCHEMA_REPORT_WALK_H
#define CIB_SCHEMA_REPORT_WALK_H

#include "schema/report.h"

typedef struct {
	cib_schema_report *report;
	cib_arena *arena;
	cib_run run; /* for questions that are only yes or no, and for the limits */
	cib_buf pointer, path;
	uint32_t depth;
} cib_walker;

/* Does a value satisfy a schema object? What does not is added below `into`; `seen` (may be NULL) gets what was evaluated. */
bool cib_walk_visit(cib_walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into);

/* ---- faults (report_walk.c); texts are the arena's ---- */
const char *cib_walk_copy(cib_walker *w, const char *s); /* NULL stays NULL */
const char *cib_walk_number(cib_walker *w, size_t n);
/* A fault, the last below its parent. keyword NULL: a unit that holds those of one subschema. */
cib_fault *cib_walk_fault(cib_walker *w, const cib_node *node, const char *keyword, const cJSON *in, cib_fault *parent);
cib_fault *cib_walk_fail(cib_walker *w, const cib_node *node, const char *keyword, const cJSON *in, cib_fault *into, const char *code, const char *a, const char *b);
void cib_walk_drop(cib_fault *parent); /* the last one again, when nothing came of it */

/* ---- going down (report_walk.c) ---- */
typedef struct {
	size_t pointer, path;
} cib_mark;
cib_mark cib_walk_here(const cib_walker *w);
void cib_walk_back(cib_walker *w, cib_mark m);
void cib_walk_cut(cib_buf *b, size_t len);
/* Visit a subschema of `keyword` (with a token, or NULL) as a unit of its own below a fault of the keyword.
 * The instance's pointer is where the caller put it. */
bool cib_walk_below(cib_walker *w, const char *keyword, const char *token, const cib_node *sub, const cJSON *in, cib_seen *seen, cib_fault *holder);
/* The same, when the keyword has only this one to hand on. */
bool cib_walk_only(cib_walker *w, const cib_node *node, const char *keyword, const char *token, const cib_node *sub, const cJSON *in, cib_seen *seen, cib_fault *into);
/* The same for a child of the instance; index SIZE_MAX: a member, by its name. */
bool cib_walk_child(cib_walker *w, const cib_node *node, const char *keyword, const char *token, const cib_node *sub, const cJSON *child, size_t index, cib_fault *into);

/* ---- one value (report_values.c) ---- */
void cib_walk_type_fault(cib_walker *w, const cib_node *node, const cJSON *in, cib_fault *into);
void cib_walk_constant_fault(cib_walker *w, const cib_node *node, const cJSON *in, cib_fault *into);
bool cib_walk_number_value(cib_walker *w, const cib_node *node, const cJSON *in, cib_fault *into);
bool cib_walk_string(cib_walker *w, const cib_node *node, const cJSON *in, cib_fault *into);
bool cib_walk_array(cib_walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into);
bool cib_walk_object(cib_walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into);
/* A child that no other keyword of the object or array named: `false` says so of its parent, a schema is one like any other. */
bool cib_walk_rest(cib_walker *w, const cib_node *node, const char *keyword, const cib_node *rest, const cJSON *in, const cJSON *c, size_t index, cib_fault *into);

#endif
