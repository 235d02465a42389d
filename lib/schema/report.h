/* The tree of faults: what the report walk builds, and explain.c and output.c read. */
#ifndef CIB_SCHEMA_REPORT_H
#define CIB_SCHEMA_REPORT_H

#include "schema/program.h"

/* A keyword that failed, or (keyword NULL) a subschema that did: units and keywords alternate on the way down.
 *
 *     unit of the root ── required
 *                      ├─ properties ── unit of /properties/a ── type
 *                      └─ anyOf ──┬── unit of /anyOf/0 ── ...
 *                                 └── unit of /anyOf/1 ── ...
 */
typedef struct cib_fault {
	const cib_node *node;
	const char *keyword;
	const cJSON *instance;
	const char *pointer;       /* into the instance */
	const char *path;          /* keyword location: through references, as evaluation went */
	const char *code;          /* of the message; NULL for units and for keywords that only hand on */
	const char *params[3];     /* in no language */
	const char *member;        /* the property that it is about, when pointer is the object that holds it */
	const cJSON *about;        /* the schema of that property, for its title */
	const cib_node *condition; /* unit of a then or else: the `if`; */
	bool negated;              /*   else: it did not hold */
	bool choice;               /* anyOf, oneOf: the children are alternatives */
	struct cib_fault *children, *last, *next;
} cib_fault;

struct cib_schema_report {
	const cib_schema *schema;
	const cJSON *instance;
	cib_arena arena;
	cib_fault root; /* the unit of the schema's root */
	size_t count;   /* faults in the tree */
	bool valid;
};

/* Values and names as they are shown in messages; short. */
const char *cib_report_value(cib_arena *arena, const cJSON *value);
const char *cib_report_values(cib_arena *arena, const cJSON *list);
/* What a subschema asks for, in the form `"status" is "active"`; NULL when it is not that simple. */
const char *cib_report_condition(cib_arena *arena, const cib_node *node);

/* A fault as it is told: after choices are made and repetitions dropped. */
typedef struct {
	const cib_fault *fault;
	const char *keyword, *pointer, *code, *params[3], *member;
	const char *hint, *hint_param;
	const cib_node *condition; /* the `if` that made the rule apply, and the value that it looked at */
	const char *condition_pointer;
	bool negated;
	const cJSON *about;
} cib_line;

typedef struct {
	cib_line *items;
	size_t count, cap;
} cib_lines;

/* The lines of a report, the most telling first; free items with free(). */
void cib_explain(cib_schema_report *report, cib_lines *out);
/* The title of a schema object in a language: x-cib-title {lang: text}, else title; NULL. */
const char *cib_schema_title_of(const cJSON *schema, const char *lang);
/* Names of all properties that the schema knows for the object, through $ref, allOf, ...; free() the list. */
const char **cib_known_names(const cib_node *node, size_t *count);

#endif
