/* The meta-schemas of draft 2020-12 (json-schema.org, as published), in the binary by their text; parsed when
 * a schema refers to one. */
#include "schema/private.h"

#include <string.h>

#define EMBED(name, file)                                                                                                                          \
	__asm__(".section .rodata\ncib_meta_" #name ":\n.incbin \"" CIB_SCHEMA_META "/" file "\"\ncib_meta_" #name "_end:\n.byte 0\n.previous\n"); \
	extern const char cib_meta_##name[], cib_meta_##name##_end[]

EMBED(schema, "schema.json");
EMBED(core, "core.json");
EMBED(applicator, "applicator.json");
EMBED(unevaluated, "unevaluated.json");
EMBED(validation, "validation.json");
EMBED(meta_data, "meta-data.json");
EMBED(format_annotation, "format-annotation.json");
EMBED(format_assertion, "format-assertion.json");
EMBED(content, "content.json");

static const struct {
	const char *uri, *begin, *end;
} documents[] = {
	{"schema", cib_meta_schema, cib_meta_schema_end},
	{"meta/core", cib_meta_core, cib_meta_core_end},
	{"meta/applicator", cib_meta_applicator, cib_meta_applicator_end},
	{"meta/unevaluated", cib_meta_unevaluated, cib_meta_unevaluated_end},
	{"meta/validation", cib_meta_validation, cib_meta_validation_end},
	{"meta/meta-data", cib_meta_meta_data, cib_meta_meta_data_end},
	{"meta/format-annotation", cib_meta_format_annotation, cib_meta_format_annotation_end},
	{"meta/format-assertion", cib_meta_format_assertion, cib_meta_format_assertion_end},
	{"meta/content", cib_meta_content, cib_meta_content_end},
};

const cJSON *cib_metaschema_read(const char *uri, cib_arena *arena)
{
	static const char prefix[] = "https://json-schema.org/draft/2020-12/";
	const cJSON *doc = NULL;
	if (strncmp(uri, prefix, sizeof prefix - 1) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof documents / sizeof *documents && !doc; i++)
		if (strcmp(uri + sizeof prefix - 1, documents[i].uri) == 0)
			cib_json_read_arena(&doc, arena, documents[i].begin, (size_t)(documents[i].end - documents[i].begin), NULL, NULL);
	return doc;
}
