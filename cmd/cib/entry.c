/* What verbs that write entries share: opening the workspace, assignments, taking an entry in. */
#include "cmd.h"
#include "review/review.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int cib_open(cib_workspace **ws)
{
	const char *dir = getenv("CIB_DIR");
	cib_error err = CIB_ERROR_INIT;
	if (cib_workspace_open(ws, dir && *dir ? dir : ".", &err) != CIB_OK)
		return cib_fail(&err) + 1;
	if (isatty(STDERR_FILENO))
		(*ws)->asking = cib_asking;
	return 0;
}

/* Does the schema want a string (or say nothing) at this place? */
static bool wants_string(const cib_schema *schema, const char *pointer)
{
	const cJSON *field = schema ? cib_schema_field(schema, pointer) : NULL;
	const cJSON *type = cib_json_get(field, "type");
	if (cJSON_IsString(type))
		return strcmp(type->valuestring, "string") == 0;
	const cJSON *values = cib_json_get(field, "enum");
	return (values && cJSON_IsString(values->child)) || cJSON_IsString(cib_json_get(field, "const")) || cib_json_get(field, "pattern");
}

int cib_assign(cJSON **doc, const cib_schema *schema, const cib_merge_rules *rules, const char *assignment, cib_error *err)
{
	const char *equals = strchr(assignment, '=');
	if (assignment[0] != '/' || !equals) {
		int status = cib_error_set(err, CIB_USAGE, "set.form", "'%s' is not of the form /field=value", assignment);
		cib_error_hint(err, "for example: /title/en=\"Water for six towns\", or /themes:='[\"waste\"]' for JSON");
		return status;
	}
	bool json = equals > assignment && equals[-1] == ':';
	char *path = cib_strndup(assignment, (size_t)(equals - assignment) - json);
	const char *text = equals + 1;
	cib_buf pointer = CIB_BUF_INIT;
	cJSON *value = NULL;
	int status = CIB_OK;
	if (!cib_merge_path_to_pointer(&pointer, *doc, rules, path)) {
		cib_buf_clear(&pointer);
		cib_buf_adds(&pointer, path);
	}
	if (json) {
		status = cib_json_read(&value, text, strlen(text), NULL, err);
	} else if (wants_string(schema, pointer.data) || cib_json_read(&value, text, strlen(text), NULL, NULL) != CIB_OK) {
		if (!cib_utf8_valid(text, strlen(text)))
			status = cib_error_set(err, CIB_USAGE, "set.utf8", "the value of %s is not UTF-8", path);
		else
			value = cJSON_CreateString(text);
	}
	if (status == CIB_OK)
		status = cib_json_set_at(doc, pointer.data, value, err);
	cib_buf_free(&pointer);
	free(path);
	return status;
}

int cib_take_entry(cib_workspace *ws, const char *path, const cib_buf *base, const cJSON *doc)
{
	cib_error err = CIB_ERROR_INIT;
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_sync_report report = {0};
	cib_place place;
	cib_network_place(&place, ws->net, path);
	int status = cib_workspace_take(ws, path, base, doc, cib_term_lang(), &findings, &report, &err), code = status == CIB_OK ? 0 : CIB_FINDINGS;
	cib_print_clean(stderr, cib_buf_str(&report.notes));
	cib_sync_report_clear(&report);
	if (status != CIB_OK && status != CIB_FINDINGS)
		code = cib_fail(&err);
	else if (status != CIB_OK && !ws->member)
		fprintf(stderr, _("Nothing was changed: %s would not be valid.\n"), place.id);
	else if (status == CIB_OK)
		fprintf(stderr, _("%s is written.\n"), place.id);
	else
		fprintf(stderr, _("%s is kept as a draft: it stays here until this is mended (cib edit %s).\n"), place.id, place.id);
	for (size_t i = 0; i < findings.count; i++)
		cib_print_finding(stderr, &findings.items[i]);
	cib_findings_free(&findings);
	return code;
}

int cib_unknown_kind(const cib_workspace *ws, const char *name)
{
	cib_error err = CIB_ERROR_INIT;
	cib_network_kind_unknown(ws->net, name, &err);
	return cib_fail(&err);
}
