/* What the files of this room share. */
#ifndef CIB_NETWORK_PRIVATE_H
#define CIB_NETWORK_PRIVATE_H

#include "network/network.h"

/* A kind with what is made from it on first use. */
typedef struct {
	cib_kind kind;
	cJSON *doc; /* the schema document; kind.schema points to it */
	cib_schema *compiled;
	cib_merge_rules *rules;
} kind_slot;

struct cib_network {
	cib_store *store; /* borrowed */
	cib_oid commit;
	cJSON *json, *access;
	kind_slot *kinds;
	size_t kind_count, kind_cap;
	cib_schema_registry *registry; /* every schema of the network, so that they may $ref each other */
	cib_limits limits;
};

/* Add a finding with a message of the catalogue (messages.c): {0} and {1} are replaced by a and b. */
void cib_network_report(cib_findings *findings, cib_severity severity, const char *lang, const char *code, const char *pointer,
                        const char *a, const char *b);

#endif
