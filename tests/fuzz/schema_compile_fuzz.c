/* Any text as a schema: compiled or refused with a reason and a place, within its limits; one that is taken judges a few instances. */
#include "schema_maker.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const cib_schema *schema, const cJSON *instance)
{
	cib_findings findings = CIB_FINDINGS_INIT;
	bool ok = cib_schema_accepts(schema, instance);
	if ((cib_schema_validate(schema, instance, NULL, 0, "fr", &findings) == CIB_OK) != ok || (findings.count == 0) != ok)
		abort();
	cib_findings_free(&findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char instances[] = "[null, true, 1, 1.5, \"a\", [], [1, \"a\", [1]], {}, {\"a\": {\"a\": 1}, \"b\": [1, 1], \"\": \"2024-02-29\"}]";
	cib_buf made = CIB_BUF_INIT;
	bool raw = size > 0 && data[0] & 1;
	if (size == 0)
		return 0;
	if (!raw)
		make_schema(&(maker){data + 1, size - 1, &made}, 5);
	const char *text = raw ? (const char *)data + 1 : cib_buf_str(&made);
	size_t len = raw ? size - 1 : made.len;
	cJSON *doc = NULL, *list = NULL;
	if (cib_json_read(&doc, text, len, NULL, NULL) != CIB_OK && !raw)
		abort(); /* the maker writes JSON */
	cib_schema *schema = NULL;
	cib_error err = CIB_ERROR_INIT;
	cib_schema_options options = {.base_uri = "http://cib.example/base", .assert_format = true, .max_nodes = 5000, .max_steps = 50000};
	if (doc && cib_schema_compile(&schema, doc, &options, &err) == CIB_OK) {
		cib_json_read(&list, instances, strlen(instances), NULL, NULL);
		for (const cJSON *in = list->child; in; in = in->next)
			judge(schema, in);
		judge(schema, doc);
		cib_schema_title(schema, "/a/b/0", "fr");
	} else if (doc && (err.status != CIB_FINDINGS || !err.code[0] || !err.message[0])) {
		abort();
	}
	cib_schema_free(schema);
	cJSON_Delete(doc);
	cJSON_Delete(list);
	cib_buf_free(&made);
	return 0;
}
