/* The book of rules: every rule by its code, in words; which of them a network may weigh otherwise, and how it does.
 *
 * network.json says so: {"rules": {"rule.reference": "error", "rule.words": "advice"}}. What keeps the network whole
 * (forms, ids, places, rights, limits) is fixed. */
#ifndef CIB_RULEBOOK_H
#define CIB_RULEBOOK_H

#include "network/network.h"

typedef struct {
	const char *code;      /* "guard.mode"; "schema.*" stands for every code that begins so and has no row of its own */
	cib_severity severity; /* unless the network says otherwise */
	bool fixed;            /* no network may say otherwise */
	const char *text;      /* what it asks for and why, in a sentence or two */
	const char *next;      /* what to do about it */
} cib_rule_info;

const cib_rule_info *cib_rulebook_at(size_t i);           /* NULL behind the last */
const cib_rule_info *cib_rulebook_find(const char *code); /* its own row, else its family's; NULL when there is none */

/* The rule of a schema (in its x-cib-rules) that has a code of its own; NULL when none has this one. */
const cJSON *cib_network_own_rule(const cib_network *net, const char *code);

extern const char *const cib_severity_words[3]; /* "error", "warning", "advice" */

/* Give every finding from `first` on the severity that the network wants of its code. */
void cib_network_weigh(const cib_network *net, cib_findings *findings, size_t first);

/* How a network weighs a rule. */
cib_severity cib_network_severity(const cib_network *net, const char *code);

/* Judge a network.json: rules that exist and may be weighed, limits that are numbers, policies that are known. `net` has
 * the schemas, which may have rules with codes of their own. */
int cib_network_check_settings(const cib_network *net, const cJSON *settings, cib_findings *findings);

/* Judge a rule file as far as it speaks for itself (rule_file.c): what passes can be loaded. `now` as for cib_network_check_access. */
int cib_network_check_rule_file(const cib_network *net, const char *path, const char *text, size_t len, int64_t now, const char *lang, cib_findings *findings);

#endif
