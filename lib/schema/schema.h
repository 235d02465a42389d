/* schema - JSON Schema draft 2020-12: compile once, validate many, explain. Uses json, PCRE2, libidn2; nothing else of cib.
 *
 *     cJSON *text, *doc;
 *     cib_schema *schema;
 *     cib_error err = CIB_ERROR_INIT;
 *     cib_findings findings = CIB_FINDINGS_INIT;
 *     cib_schema_options options = {.assert_format = true};
 *     if (cib_json_read_file(&text, "person.schema.json", &err) != CIB_OK ||
 *         cib_schema_compile(&schema, text, &options, &err) != CIB_OK)
 *             return complain(err.pointer, err.message, err.hint);
 *     cib_json_read_file(&doc, "ada.json", &err);
 *     if (!cib_schema_accepts(schema, doc)) {                           // 1 to 4 us for an entry of 3 KB
 *             cib_schema_validate(schema, doc, NULL, 0, "fr", &findings); // why not, in French
 *             for (size_t i = 0; i < findings.count; i++)
 *                     printf("%s: %s\n", findings.items[i].pointer, findings.items[i].message);
 *     }
 *     cib_findings_free(&findings);
 *     cib_schema_free(schema);
 *     cJSON_Delete(text); // after the schema: it borrows the document
 *     cJSON_Delete(doc);
 *
 * Threads: a compiled schema does not change and may be used by several at once. A registry may be too, once filled. A report
 * belongs to one.
 *
 * Strangers' schemas and documents are safe to give: work, depth and patterns are limited (docs/schema.md has the list), stack
 * use is bounded, and nothing is ever fetched. Where a limit is met there is no verdict: cib_schema_accepts says no, cib_schema_judge tells
 * it apart, a report says which limit.
 *
 * Documents must come from cib_json_read or the like of it: their numbers keep the text they were written with, so that
 * they are exact. A tree made by hand works, with what doubles can say.
 *
 * docs/schema.md: the profile, formats, limits, annotations. */
#ifndef CIB_SCHEMA_H
#define CIB_SCHEMA_H

#include "json/json.h"

/* ---- schemas that others refer to ---- */

/* Schemas that `$ref` may reach, by absolute URI. Nothing is ever fetched. The meta-schemas of 2020-12 are always there. */
typedef struct cib_schema_registry cib_schema_registry;
cib_schema_registry *cib_schema_registry_new(void);
/* Add a document under `uri`, and under the `$id`s and anchors within it. The document is borrowed and must outlive the
 * registry and every schema compiled with it; `uri` is copied. Added but not compiled: its own faults are found by the compilation
 * that refers to it. What was added first under a URI stays. CIB_FINDINGS schema.duplicate-id: a name stands twice in the document. */
int cib_schema_registry_add(cib_schema_registry *reg, const char *uri, const cJSON *doc, cib_error *err);
void cib_schema_registry_free(cib_schema_registry *reg); /* after the schemas; NULL is fine */

/* ---- compile ---- */

typedef struct {
	const cib_schema_registry *registry; /* may be NULL; outlives the schema */
	const char *base_uri;                /* of the schema document, when it has no $id; may be NULL */
	bool assert_format;                  /* `format` is checked, not only annotated */
	uint32_t max_nodes;                  /* subschemas in all; 0: 250,000 */
	uint64_t max_steps;                  /* of one validation, about 30 ns each; 0: 50 million */
} cib_schema_options;

typedef struct cib_schema cib_schema;
/* Compile. The document is borrowed and must outlive the result (titles, annotations, constants are read from it). `options`
 * may be NULL. About 0.2 ms for a schema of a hundred subschemas.
 *
 * CIB_FINDINGS, and *out NULL, with one of these codes; err->pointer says where in the schema, err->file which schema when it is
 * another than the one that was given:
 *   schema.form           it is no object, true or false
 *   schema.keyword        a keyword has not the form that it must have; an unknown type
 *   schema.pattern        a pattern is no regular expression of ECMA-262
 *   schema.ref            a reference leads nowhere
 *   schema.ref-loop       a reference leads back to itself, whatever the instance
 *   schema.duplicate-id   an $id or an anchor stands twice
 *   schema.meta-schema    the meta-schema that $schema names is not known, or refuses the schema
 *   schema.vocabulary     it requires a vocabulary that is not known
 *   schema.too-large      over a limit */
int cib_schema_compile(cib_schema **out, const cJSON *schema, const cib_schema_options *options, cib_error *err);
void cib_schema_free(cib_schema *schema); /* NULL is fine */

/* ---- yes or no ---- */

/* Stopping at the first fault; false where a limit leaves no verdict. */
bool cib_schema_accepts(const cib_schema *schema, const cJSON *instance);
/* The same, told apart: CIB_OK, CIB_FINDINGS (not valid; *err is left alone), or CIB_REFUSED where a limit leaves no verdict, with
 * schema.too-costly, schema.too-deep, schema.pattern-too-costly or schema.loop in *err. */
int cib_schema_judge(const cib_schema *schema, const cJSON *instance, cib_error *err);

/* ---- why not ---- */

/* The full report: appends what is wrong, the most telling first, one finding a fault (no cascades). CIB_OK or CIB_FINDINGS.
 * `lang` chooses messages and field titles (BCP 47, by its first part: en, fr, es; NULL and others are en). When `text` is given (the
 * instance's source) line and column are filled from it. In each finding: pointer, keyword, schema_pointer, code, message; title and
 * hint where there are any. `file` is left to the caller. */
int cib_schema_validate(const cib_schema *schema, const cJSON *instance, const char *text, size_t text_len,
                        const char *lang, cib_findings *findings);

/* What is wrong, as a tree: to be told in several languages or forms without validating again. */
typedef struct cib_schema_report cib_schema_report;
/* Schema and instance are borrowed and must outlive the report. CIB_OK (valid; there is a report too) or CIB_FINDINGS. */
int cib_schema_report_new(cib_schema_report **out, const cib_schema *schema, const cJSON *instance);
void cib_schema_report_free(cib_schema_report *report); /* NULL is fine */
/* As cib_schema_validate: append one finding for each fault, 500 at most. */
void cib_schema_report_findings(cib_schema_report *report, const char *text, size_t text_len, const char *lang, cib_findings *findings);
/* The output forms of the specification (core, section 12.4), appended as one line of JSON without a final newline. They hold
 * every keyword that failed, also in branches that the findings leave out. */
typedef enum { CIB_SCHEMA_FLAG,
	       CIB_SCHEMA_BASIC,
	       CIB_SCHEMA_DETAILED } cib_schema_form;
void cib_schema_report_write(cib_schema_report *report, cib_schema_form form, const char *lang, cib_buf *out);

/* ---- what a schema says of a field ---- */

/* The title of the field at `pointer` as the schema (through $ref, allOf, items, ...) gives it in `lang`: annotation
 * x-cib-title {lang: text}, else the English one, else `title`. NULL when there is none. Borrowed from the schema document. */
const char *cib_schema_title(const cib_schema *schema, const char *pointer, const char *lang);
/* The subschema that describes the field at `pointer` (x-cib-*, description, enum, ...); NULL when none. Borrowed. */
const cJSON *cib_schema_field(const cib_schema *schema, const char *pointer);

#endif
