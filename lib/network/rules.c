/* Rules across fields and entries, declared in a schema as x-cib-rules (docs/formats.md), checked after the schema itself
 * and after every merge. */
#include "network/rules.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	void (*judge)(cib_rule_run *run);
} rule_types[] = {
	{"sum", cib_rule_sum},
	{"order", cib_rule_order},
	{"past", cib_rule_past},
	{"words", cib_rule_words},
	{"implied", cib_rule_implied},
	{"required-unless", cib_rule_required_unless},
	{"reference", cib_rule_reference},
	{"among", cib_rule_among},
	{"frozen", cib_rule_frozen},
	{"unique", cib_rule_unique},
};

void cib_rule_found(cib_rule_run *run, const char *standard, const char *pointer, const char *a, const char *b)
{
	const char *own = cib_text_in(cib_json_get(run->rule, "x-cib-message"), run->options->lang, "en");
	size_t at = run->findings->count;
	cib_network_report(run->findings, run->severity, run->options->lang, standard, pointer, a, b);
	cib_finding *f = &run->findings->items[at];
	if (own) { /* the rule's own words first, then the figures */
		char *text = cib_format("%s (%s)", own, f->message);
		free(f->message);
		f->message = text;
	}
	if (run->code) {
		free(f->code);
		f->code = cib_strdup(run->code);
	}
}

static void check_recommended(cib_rule_run *run, const cJSON *list)
{
	for (const cJSON *r = list ? list->child : NULL; r; r = r->next) {
		if (!cJSON_IsString(r))
			continue;
		char *pointer = cib_format("%s%s", r->valuestring[0] == '/' ? "" : "/", r->valuestring);
		if (!cib_json_at(run->doc, pointer)) {
			char *title = cib_field_title(run->net, run->kind, pointer, run->options->lang);
			run->severity = CIB_ADVICE;
			cib_rule_found(run, "rule.recommended", "", *title == '/' ? title + 1 : title, NULL);
			free(title);
		}
		free(pointer);
	}
}

static cib_severity severity_of(const cJSON *rule)
{
	const char *severity = cib_json_string(rule, "severity");
	if (severity && strcmp(severity, "warning") == 0)
		return CIB_WARNING;
	return severity && strcmp(severity, "advice") == 0 ? CIB_ADVICE : CIB_ERROR;
}

int cib_network_check_rules(cib_network *net, const cib_kind *kind, const char *path, const cJSON *doc, const cib_check_options *options,
                            cib_findings *findings)
{
	size_t errors = findings->errors;
	const cJSON *rules = cib_json_get(kind->schema, "x-cib-rules");
	for (const cJSON *rule = rules ? rules->child : NULL; rule; rule = rule->next) {
		const char *name = cib_json_string(rule, "rule");
		cib_rule_run run = {net, kind, path, doc, rule, options, findings, severity_of(rule), cib_json_string(rule, "code")};
		for (size_t i = 0; name && i < sizeof rule_types / sizeof *rule_types; i++)
			if (strcmp(rule_types[i].name, name) == 0)
				rule_types[i].judge(&run);
	}
	cib_rule_run run = {net, kind, path, doc, kind->schema, options, findings, CIB_ADVICE, NULL};
	check_recommended(&run, cib_json_get(kind->schema, "x-cib-recommended"));
	return findings->errors > errors ? CIB_FINDINGS : CIB_OK;
}

int cib_network_check_removal(cib_network *net, const char *path, const cib_check_options *options, cib_findings *findings)
{
	size_t errors = findings->errors, first = findings->count;
	cib_place place;
	cib_network_place(&place, net, path);
	const cJSON *rules = place.kind && (place.area == CIB_AREA_MEMBER || place.area == CIB_AREA_NETWORK) ? cib_json_get(place.kind->schema, "x-cib-rules") : NULL;
	for (const cJSON *rule = rules ? rules->child : NULL; rule; rule = rule->next) {
		const char *name = cib_json_string(rule, "rule");
		cib_rule_run run = {net, place.kind, path, NULL, rule, options, findings, severity_of(rule), cib_json_string(rule, "code")};
		if (name && strcmp(name, "frozen") == 0)
			cib_rule_frozen(&run);
	}
	for (size_t i = first; i < findings->count; i++)
		if (!findings->items[i].file)
			findings->items[i].file = cib_strdup(path);
	return findings->errors > errors ? CIB_FINDINGS : CIB_OK;
}
