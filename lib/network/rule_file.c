/* A rule file by itself: would a network that holds it still load? A copy whose tip does not load can do nothing any more, not even mend it. */
#include "network/private.h"
#include "network/rulebook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* The other schemas of the network, for what this one refers to. */
static int register_others(cib_schema_registry *registry, const cib_network *net, const char *path, const char *id, cib_error *err)
{
	int status = CIB_OK;
	for (size_t i = 0; status == CIB_OK && i < cib_network_kind_count(net); i++) {
		const cib_kind *kind = cib_network_kind_at(net, i);
		const char *uri = cib_json_string(kind->schema, "$id");
		char *file = cib_format("%s.schema.json", kind->name);
		if (strcmp(file, name_of(path)) != 0 && !(uri && id && strcmp(uri, id) == 0))
			status = cib_schema_registry_add(registry, uri ? uri : file, kind->schema, err);
		free(file);
	}
	return status;
}

/* A reference to a schema that is not there yet may be to one that comes with it: the server sees both. */
static bool may_come(const cib_error *err)
{
	return strcmp(err->code, "schema.ref") == 0 && !strstr(err->message, "\"#");
}

static void check_schema(const cib_network *net, const char *path, const cJSON *doc, const char *lang, cib_findings *findings)
{
	cib_error err = CIB_ERROR_INIT;
	cib_schema *schema = NULL;
	cib_schema_registry *registry = cib_schema_registry_new();
	const char *id = cib_json_string(doc, "$id");
	cib_schema_options options = {.registry = registry, .assert_format = true};
	int status = register_others(registry, net, path, id, &err);
	if (status == CIB_OK)
		status = cib_schema_registry_add(registry, id ? id : name_of(path), doc, &err);
	if (status == CIB_OK && cib_schema_compile(&schema, doc, &options, &err) != CIB_OK && !may_come(&err))
		status = CIB_FINDINGS;
	if (status != CIB_OK)
		cib_network_report(findings, CIB_ERROR, lang, "network.schema", err.pointer, err.message, NULL);
	cib_schema_free(schema);
	cib_schema_registry_free(registry);
}

int cib_network_check_rule_file(const cib_network *net, const char *path, const char *text, size_t len, int64_t now, const char *lang, cib_findings *findings)
{
	size_t errors = findings->errors, first = findings->count;
	cib_place place;
	cib_error err = CIB_ERROR_INIT;
	cJSON *doc = NULL;
	cib_network_place(&place, net, path);
	cib_limits limits = cib_network_limits_at(net, &place);
	bool is_schema = strncmp(path, "schema/", 7) == 0;
	size_t most = is_schema ? limits.schema_bytes : limits.json_bytes;
	if (len > most) {
		char found[24], allowed[24];
		snprintf(found, sizeof found, "%zu", len);
		snprintf(allowed, sizeof allowed, "%zu", most);
		cib_network_report(findings, CIB_ERROR, lang, "network.too-large", "", found, allowed);
	} else if (cib_json_read(&doc, text, len, NULL, &err) != CIB_OK) {
		cib_findings_add_error(findings, "json", &err);
	} else if (is_schema) {
		check_schema(net, path, doc, lang, findings);
	} else if (strcmp(path, "network.json") == 0) {
		cib_network_check_settings(net, doc, findings);
	} else if (strcmp(path, "access.json") == 0) {
		cib_network_check_access(doc, now, findings);
	}
	for (size_t i = first; i < findings->count; i++) {
		free(findings->items[i].file);
		findings->items[i].file = cib_strdup(path);
	}
	cJSON_Delete(doc);
	return findings->errors > errors ? CIB_FINDINGS : CIB_OK;
}
