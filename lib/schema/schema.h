/* schema - JSON Schema draft 2020-12: compile once, validate many, explain. Uses json, PCRE2, libidn2.
 *
 * A compiled schema is immutable and may be used by several threads, each with its own context. */
#ifndef CIB_SCHEMA_H
#define CIB_SCHEMA_H

#include "json/json.h"

/* Schemas that `$ref` may reach, by absolute URI. Nothing is ever fetched. The meta-schemas of
 * 2020-12 are always there. */
typedef struct cib_schema_registry cib_schema_registry;
cib_schema_registry *cib_schema_registry_new(void);
/* Add a document under `uri` and under the `$id`s within it. The document is borrowed and must
 * outlive the registry. */
int cib_schema_registry_add(cib_schema_registry *reg, const char *uri, const cJSON *doc, cib_error *err);
void cib_schema_registry_free(cib_schema_registry *reg);

typedef struct {
	const cib_schema_registry *registry; /* may be NULL */
	const char *base_uri;                /* of the schema document, when it has no $id; may be NULL */
	bool assert_format;                  /* `format` is checked, not only annotated */
	bool skip_meta;                      /* do not validate the schema against its meta-schema first */
} cib_schema_options;

typedef struct cib_schema cib_schema;
/* Compile. The document is borrowed and must outlive the result (titles and annotations are read
 * from it). CIB_FINDINGS when it is no valid schema, over a limit or refers to what is not there;
 * err->pointer says where in the schema. */
int cib_schema_compile(cib_schema **out, const cJSON *schema, const cib_schema_options *options, cib_error *err);
void cib_schema_free(cib_schema *schema);

/* Yes or no, stopping at the first fault. */
bool cib_schema_accepts(const cib_schema *schema, const cJSON *instance);

/* The full report: appends what is wrong, the most telling first, one finding a fault (no cascades).
 * `lang` chooses messages and field titles (BCP 47: en, fr, es; NULL is en). When `text` is given
 * (the instance's source) line and column are filled from it. CIB_OK or CIB_FINDINGS. */
int cib_schema_validate(const cib_schema *schema, const cJSON *instance, const char *text, size_t text_len,
                        const char *lang, cib_findings *findings);

/* The title of the field at `pointer` as the schema (through $ref, allOf, items, ...) gives it in
 * `lang`: annotations x-cib-title {lang: text}, else `title`. NULL when there is none. Borrowed. */
const char *cib_schema_title(const cib_schema *schema, const char *pointer, const char *lang);
/* The subschema that describes the field at `pointer` (x-cib-*, description, enum, ...); NULL when none. Borrowed. */
const cJSON *cib_schema_field(const cib_schema *schema, const char *pointer);

#endif
