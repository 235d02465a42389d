/* cib set: change fields of an entry. */
#include "cmd.h"
#include "network/freshness.h"
#include "network/privacy.h"
#include "network/translation.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char usage[] = "set ID /field=value... [--unset /field]... [--translated /field/LANG]... [--confirmed] [--allow /field --reason TEXT]";

int cib_cmd_set(int argc, char **argv)
{
	cib_words rest = {0}, unset = {0}, fits = {0}, allow = {0};
	const char *reason = NULL;
	bool confirmed = false;
	const cib_opt opts[] = {
		{"unset", 0, CIB_OPT_LIST, &unset, "/FIELD", N_("remove a field; may be given again")},
		{"translated", 0, CIB_OPT_LIST, &fits, "/FIELD/LANG", N_("this translation fits its source as it is now; may be given again")},
		{"confirmed", 0, CIB_OPT_FLAG, &confirmed, NULL, N_("it was looked at today and holds as it is")},
		{"allow", 0, CIB_OPT_LIST, &allow, "/FIELD", N_("personal data that is found there may stand, for the reason given; may be given again")},
		{"reason", 0, CIB_OPT_TEXT, &reason, "TEXT", N_("with --allow: why, for everybody to read")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	if ((allow.count > 0) != (reason != NULL))
		return cib_usage("--allow FIELD and --reason TEXT go together");
	if (rest.count < 1 || rest.count + unset.count + fits.count + allow.count + confirmed < 2)
		return cib_usage("an id and at least one /field=value are needed\nusage: cib %s", usage);
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	cib_error err = CIB_ERROR_INIT;
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cib_place place;
	cJSON *doc = NULL;
	int status = cib_workspace_find(&path, &place, ws, rest.items[0], &err);
	if (status == CIB_OK)
		status = cib_workspace_read(&text, ws, path.data, &err);
	if (status == CIB_OK)
		status = cib_json_read(&doc, text.data, text.len, NULL, &err);
	const cib_schema *schema = status == CIB_OK && place.kind ? cib_network_schema(ws->net, place.kind, NULL) : NULL;
	const cib_merge_rules *rules = status == CIB_OK && place.kind ? cib_network_rules(ws->net, place.kind) : NULL;
	for (size_t i = 1; i < rest.count && status == CIB_OK; i++)
		status = cib_assign(&doc, schema, rules, rest.items[i], &err);
	for (size_t i = 0; i < unset.count && status == CIB_OK; i++)
		status = cib_json_set_at(&doc, unset.items[i], NULL, &err);
	for (size_t i = 0; i < fits.count && status == CIB_OK; i++)
		status = place.kind ? cib_translations_confirm(ws->net, place.kind, doc, fits.items[i], &err) : CIB_OK;
	for (size_t i = 0; i < allow.count && status == CIB_OK; i++)
		status = place.kind ? cib_privacy_allow(ws->net, &place, doc, allow.items[i], reason, &ws->tip, &err) : CIB_OK;
	if (status == CIB_OK && confirmed)
		cib_freshness_confirm(doc, (int64_t)time(NULL));
	code = status == CIB_OK ? cib_take_entry(ws, path.data, &text, doc) : cib_fail(&err);
	cJSON_Delete(doc);
	cib_buf_free(&path);
	cib_buf_free(&text);
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	free((void *)(uintptr_t)unset.items);
	free((void *)(uintptr_t)fits.items);
	free((void *)(uintptr_t)allow.items);
	return code;
}
