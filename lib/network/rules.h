/* What the rules across fields share: rules.c runs them, rules_fields.c and rules_entries.c judge. */
#ifndef CIB_NETWORK_RULES_H
#define CIB_NETWORK_RULES_H

#include "network/private.h"

/* What a rule needs while it runs. */
typedef struct {
	cib_network *net;
	const cib_kind *kind;
	const char *path; /* of the entry; NULL when only the document is known */
	const cJSON *doc, *rule;
	const cib_check_options *options;
	cib_findings *findings;
	cib_severity severity;
	const char *code;
} cib_rule_run;

/* Report: the rule's own words (x-cib-message) and those of the catalogue. */
void cib_rule_found(cib_rule_run *run, const char *standard, const char *pointer, const char *a, const char *b);

/* Rules that look at one document (rules_fields.c). */
void cib_rule_sum(cib_rule_run *run);
void cib_rule_order(cib_rule_run *run);
void cib_rule_past(cib_rule_run *run);
void cib_rule_words(cib_rule_run *run);
void cib_rule_implied(cib_rule_run *run);
void cib_rule_required_unless(cib_rule_run *run);
/* Rules that look at other entries, or at the version before (rules_entries.c). */
void cib_rule_reference(cib_rule_run *run);
void cib_rule_among(cib_rule_run *run);
void cib_rule_frozen(cib_rule_run *run);
void cib_rule_unique(cib_rule_run *run);

#endif
