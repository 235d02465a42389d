/* The check of one entry, from text to findings: the same for the editor, save, the hook and review. */
#include "network/privacy.h"
#include "network/private.h"
#include "network/translation.h"
#include "network/rulebook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void report_size(cib_findings *findings, const char *lang, const char *code, size_t found, size_t allowed)
{
	char a[24], b[24];
	snprintf(a, sizeof a, "%zu", found);
	snprintf(b, sizeof b, "%zu", allowed);
	cib_network_report(findings, CIB_ERROR, lang, code, "", a, b);
}

/* Numbers that a double cannot hold would be changed by other programs on their way. */
static void check_numbers(const cJSON *node, cib_buf *pointer, const char *lang, cib_findings *findings)
{
	if (cJSON_IsNumber(node)) {
		char scratch[40];
		const char *text = cib_json_number_text(node, scratch);
		if (!cib_json_number_is_portable(text))
			cib_network_report(findings, CIB_ERROR, lang, "network.number", cib_buf_str(pointer), text, NULL);
		return;
	}
	size_t index = 0, len = pointer->len;
	for (const cJSON *c = node->child; c; c = c->next, index++) {
		if (!(c->child || cJSON_IsNumber(c)))
			continue;
		if (cJSON_IsArray(node))
			cib_json_pointer_add_index(pointer, index);
		else
			cib_json_pointer_add(pointer, c->string);
		check_numbers(c, pointer, lang, findings);
		pointer->len = len;
		pointer->data[len] = '\0';
	}
}

static bool is_random_id(const char *id, const char *prefix)
{
	size_t n = strlen(prefix);
	if (strncmp(id, prefix, n) != 0 || id[n] != '-' || strlen(id) < n + 1 + 10)
		return false;
	for (const char *c = id + n + 1; *c; c++)
		if (!strchr("0123456789abcdefghjkmnpqrstvwxyz", *c))
			return false;
	return true;
}

static void check_identity(const cib_place *place, const cJSON *doc, const char *lang, cib_findings *findings)
{
	const char *id = cib_json_string(doc, "id"), *owner = cib_json_string(doc, "owner");
	if (id && strcmp(id, place->id) != 0)
		cib_network_report(findings, CIB_ERROR, lang, "network.id", "/id", id, place->id);
	else if (id && place->kind->prefix && place->kind->folder && !is_random_id(id, place->kind->prefix))
		cib_network_report(findings, CIB_ERROR, lang, "network.prefix", "/id", place->kind->prefix, NULL);
	if (place->area != CIB_AREA_MEMBER)
		return;
	if (owner && strcmp(owner, place->member) != 0)
		cib_network_report(findings, CIB_ERROR, lang, "network.owner", "/owner", owner, place->member);
	if (!place->kind->prefix && strcmp(place->id, place->member) != 0) /* a member's own profile */
		cib_network_report(findings, CIB_ERROR, lang, "network.id", "/id", place->id, place->member);
}

typedef struct {
	const char *lang;
	cib_findings *findings;
} item_check;

static void report_item(const char *pointer, const char *value, void *payload)
{
	item_check *c = payload;
	cib_network_report(c->findings, CIB_ERROR, c->lang, "network.item-id", pointer, value, NULL);
}

static void check_form(const cJSON *doc, const char *text, size_t len, const char *lang, cib_findings *findings)
{
	char *pointer = NULL;
	if (!cib_json_is_nfc(doc, &pointer))
		cib_network_report(findings, CIB_ERROR, lang, "network.not-nfc", pointer ? pointer : "", NULL, NULL);
	else if (!cib_json_is_canonical(doc, text, len))
		cib_network_report(findings, CIB_ERROR, lang, "network.not-canonical", "", NULL, NULL);
	free(pointer);
	cib_buf at = CIB_BUF_INIT;
	check_numbers(doc, &at, lang, findings);
	cib_buf_free(&at);
}

typedef struct {
	cib_network *net;
	const char *lang;
	cib_findings *findings;
} stale_run;

static void report_stale(const char *pointer, const char *lang, const char *source, void *payload)
{
	stale_run *run = payload;
	cib_network_report(run->findings, CIB_ADVICE, run->lang, "text.stale", pointer, cib_network_code_name(run->net, "languages", lang, run->lang),
	                   cib_network_code_name(run->net, "languages", source, run->lang));
}

static void check_document(cib_network *net, const char *path, const cib_place *place, const cJSON *doc, const char *text, size_t len,
                           const cib_check_options *options, cib_findings *findings)
{
	cib_error err = CIB_ERROR_INIT;
	size_t before = findings->errors;
	const cib_schema *schema = cib_network_schema(net, place->kind, &err);
	if (!schema) {
		cib_network_report(findings, CIB_ERROR, options->lang, "network.schema", "", err.message, NULL);
		return;
	}
	cib_schema_validate(schema, doc, text, len, options->lang, findings);
	check_identity(place, doc, options->lang, findings);
	item_check items = {options->lang, findings};
	cib_merge_each_repeated(doc, cib_network_rules(net, place->kind), "id", report_item, &items);
	bool sound = findings->errors == before;
	if (sound)
		cib_codes_check(net, place->kind, doc, options->lang, findings);
	stale_run stale = {net, options->lang, findings};
	if (sound)
		cib_translations_stale(net, place->kind, doc, report_stale, &stale);
	if (sound)
		cib_network_check_rules(net, place->kind, path, doc, options, findings);
	cib_privacy_check(net, place, doc, options, findings);
	if (options->canonical)
		check_form(doc, text, len, options->lang, findings);
}

int cib_network_check(cib_network *net, const char *path, const char *text, size_t len, const cib_check_options *options,
                      cJSON **out, cib_findings *findings)
{
	size_t first = findings->count, errors = findings->errors;
	cJSON *doc = NULL;
	cib_place place;
	cib_network_place(&place, net, path);
	cib_limits at = cib_network_limits_at(net, &place);
	cib_json_limits limits = {.depth = at.json_depth, .nodes = at.json_nodes, .string_bytes = at.json_string};
	cib_error err = CIB_ERROR_INIT;
	if (len > at.json_bytes)
		report_size(findings, options->lang, "network.too-large", len, at.json_bytes);
	else if (cib_json_read(&doc, text, len, &limits, &err) != CIB_OK)
		cib_findings_add_error(findings, "json", &err);
	else if (!place.kind)
		cib_network_report(findings, CIB_ERROR, options->lang, "network.unknown-kind", "", NULL, NULL);
	else
		check_document(net, path, &place, doc, text, len, options, findings);
	for (size_t i = first; i < findings->count; i++) {
		cib_finding *f = &findings->items[i];
		free(f->file);
		f->file = cib_strdup(path);
		if (!f->line && f->pointer)
			cib_json_locate(text, len, f->pointer, false, &f->line, &f->column);
		if (!f->title && f->pointer && *f->pointer && doc && place.kind) {
			const cib_schema *schema = cib_network_schema(net, place.kind, NULL);
			f->title = schema ? cib_strdup(cib_schema_title(schema, f->pointer, options->lang)) : NULL;
		}
	}
	cib_network_weigh(net, findings, first);
	if (out)
		*out = doc;
	else
		cJSON_Delete(doc);
	return findings->errors > errors ? CIB_FINDINGS : CIB_OK;
}
