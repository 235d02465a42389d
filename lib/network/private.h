/* What the files of this room share. */
#ifndef CIB_NETWORK_PRIVATE_H
#define CIB_NETWORK_PRIVATE_H

#include "base/gettext.h"
#include "network/codelist.h"
#include "network/network.h"

#include <pthread.h>

typedef struct cib_code_fields cib_code_fields;

/* A kind with what is made from it on first use. */
typedef struct {
	cib_kind kind;
	cJSON *doc; /* the schema document; kind.schema points to it */
	cib_schema *compiled;
	cib_merge_rules *rules;
	cib_code_fields *codes;
} kind_slot;

typedef struct {
	cib_oid *items; /* in order */
	size_t count, cap;
} purged_ids;

enum { RULE_PLACES = 4 };

struct cib_network {
	cib_store *store; /* borrowed */
	cib_oid commit;
	cib_oid rules[RULE_PLACES]; /* what lies at the places of the rules in `commit` */
	cJSON *json, *access;
	kind_slot *kinds;
	size_t kind_count, kind_cap;
	cib_schema_registry *registry; /* every schema of the network, so that they may $ref each other */
	cib_limits limits;
	purged_ids purged_blobs, purged_commits;
	cib_codelist *codelists; /* those that were asked for */
	pthread_mutex_t codelists_lock;
};

/* Add a finding with a message of the catalogue (messages.c): {0} and {1} are replaced by a and b. */
void cib_network_report(cib_findings *findings, cib_severity severity, const char *lang, const char *code, const char *pointer,
                        const char *a, const char *b);
/* A message of the catalogue alone; the caller's. */
char *cib_network_message(const char *lang, const char *code, const char *a, const char *b);

/* Call back for every value that a pattern reaches: a JSON pointer in which "*" stands for every item of an array or
 * member of an object. */
typedef void (*cib_reach_cb)(const char *pointer, const cJSON *value, void *payload);
void cib_reach(const cJSON *doc, const char *pattern, cib_reach_cb cb, void *payload);
bool cib_pattern_fits(const char *pattern, const char *pointer); /* does it reach that place? */

/* Does the pattern of a schema (a regular expression) let all of `good` through and none of `bad`? Each a list that NULL ends. */
bool cib_pattern_takes(const char *pattern, const char *const *good, const char *const *bad);
/* What an object is called: the first of its texts, in `lang`; NULL: it has none. Borrowed. */
const char *cib_label_of(const cJSON *item, const char *lang);

/* ---- codes.c, codelist.c */
cib_code_fields *cib_code_fields_new(const cJSON *schema);
void cib_code_fields_free(cib_code_fields *fields);
const cib_code_fields *cib_network_code_fields(cib_network *net, const cib_kind *kind);
void cib_codes_check(cib_network *net, const cib_kind *kind, const cJSON *doc, const char *lang, cib_findings *findings);
void cib_codelists_free(cib_network *net);

void cib_network_load_purged(cib_network *net); /* purged.c */

size_t cib_network_limit_lowest(const char *name); /* of network.json "limits"; 0: there is no such limit */

#endif
