/* What the files of this room share. */
#ifndef CIB_SCHEMA_PRIVATE_H
#define CIB_SCHEMA_PRIVATE_H

#include "schema/schema.h"

/* A place that `$ref` can reach: a resource ("http://x/y"), or an anchor in one ("http://x/y#name"). */
typedef struct {
	char *uri;
	char *base; /* of the resource that holds it */
	const cJSON *node;
	bool dynamic; /* a $dynamicAnchor */
} cib_target;

typedef struct {
	cib_target *items;
	size_t count, cap;
} cib_targets;

struct cib_schema_registry {
	cib_targets targets;
};

void cib_targets_collect(cib_targets *out, const cJSON *schema, const char *base);
void cib_targets_free(cib_targets *targets);
const cib_target *cib_targets_find(const cib_targets *targets, const char *uri);

/* Resolve a reference against a base (RFC 3986 section 5.2); the caller's string. */
char *cib_uri_resolve(const char *base, const char *ref);

/* Does the text have the format? true for formats that are not known. */
bool cib_format_ok(const char *format, const char *text);

/* Regular expressions of the ECMA-262 u dialect. */
typedef struct cib_regex cib_regex;
int cib_regex_compile(cib_regex **out, const char *pattern, cib_error *err);
/* 1 matches, 0 does not, -1 too costly. */
int cib_regex_match(const cib_regex *regex, const char *text);
void cib_regex_free(cib_regex *regex);

/* The message of a code in a language; {0} and {1} are replaced. Appends. */
void cib_schema_message(cib_buf *out, const char *lang, const char *code, const char *a, const char *b);

#endif
