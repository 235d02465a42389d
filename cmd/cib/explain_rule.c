/* cib explain: what a rule asks for, why, how this network weighs it, and what to do about it. */
#include "cmd.h"
#include "network/rulebook.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "explain [CODE...] [--json]";

static void print_rule(const cib_rule_info *rule, const char *code, const cib_network *net, bool json)
{
	const char *usual = cib_severity_words[rule->severity], *here = net ? cib_severity_words[cib_network_severity(net, code)] : usual;
	if (json) {
		cJSON *row = cJSON_CreateObject();
		cJSON_AddNumberToObject(row, "v", 1);
		cJSON_AddStringToObject(row, "code", code);
		cJSON_AddStringToObject(row, "severity", here);
		cJSON_AddBoolToObject(row, "fixed", rule->fixed);
		cJSON_AddStringToObject(row, "text", _(rule->text));
		cJSON_AddStringToObject(row, "next", _(rule->next));
		cib_print_json(stdout, row);
		cJSON_Delete(row);
		return;
	}
	if (rule->fixed)
		printf(_("%s (%s in every network)\n"), code, _(here));
	else if (strcmp(usual, here) != 0)
		printf(_("%s (%s in this network, elsewhere %s)\n"), code, _(here), _(usual));
	else
		printf(_("%s (%s, unless network.json says otherwise)\n"), code, _(here));
	printf(_("  %s\n  What to do: %s\n"), _(rule->text), _(rule->next));
}

static int unknown(const char *code)
{
	const char *names[256];
	size_t n = 0;
	for (const cib_rule_info *r; n < 256 && (r = cib_rulebook_at(n)); n++)
		names[n] = r->code;
	const char *near = cib_nearest(code, names, n);
	if (near)
		return cib_usage("there is no rule '%s'. Did you mean: cib explain %s", code, near);
	return cib_usage("there is no rule '%s'; all rules: cib explain", code);
}

int cib_cmd_explain(int argc, char **argv)
{
	bool json = false;
	cib_words codes = {0};
	const cib_opt opts[] = {{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("one JSON object a rule")}, {0}};
	int code = cib_opt_parse(argc, argv, usage, opts, &codes);
	if (code)
		return code - 1;
	const char *dir = getenv("CIB_DIR");
	cib_workspace *ws = NULL; /* none is no fault: then the rules are told as they are everywhere */
	cib_workspace_open(&ws, dir && *dir ? dir : ".", NULL);
	const cib_network *net = ws ? ws->net : NULL;
	for (size_t i = 0; codes.count == 0 && cib_rulebook_at(i); i++)
		print_rule(cib_rulebook_at(i), cib_rulebook_at(i)->code, net, json);
	for (size_t i = 0; code == 0 && i < codes.count; i++) {
		const cib_rule_info *rule = cib_rulebook_find(codes.items[i]);
		const cJSON *own = rule || !net ? NULL : cib_network_own_rule(net, codes.items[i]);
		const char *words = own ? cib_text_in(cib_json_get(own, "x-cib-message"), cib_term_lang(), "en") : NULL;
		if (own)
			print_rule(&(cib_rule_info){NULL, CIB_ERROR, false, words ? words : N_("A rule across fields of this network's schemas."), N_("mend the fields that are named")}, codes.items[i], net, json);
		else if (rule)
			print_rule(rule, codes.items[i], net, json);
		else
			code = unknown(codes.items[i]);
	}
	cib_workspace_free(ws);
	free((void *)(uintptr_t)codes.items);
	return code;
}
