/* A schema and an instance. Yes or no, the report and its forms must agree, in every language; every finding lies in the instance,
 * and has a place in its text. */
#include "schema_maker.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static void check_findings(cib_schema_report *report, const cJSON *instance, const cib_buf *text, const char *lang, bool valid)
{
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_schema_report_findings(report, text->data, text->len, lang, &findings);
	must((findings.count == 0) == valid);
	for (size_t i = 0; i < findings.count; i++) {
		const cib_finding *f = &findings.items[i];
		must(f->message && *f->message && f->code && f->keyword && *f->keyword && f->line && f->column);
		must(cib_utf8_valid(f->message, strlen(f->message)) && cib_json_at(instance, f->pointer) != NULL);
	}
	cib_findings_free(&findings);
}

static void check_form(cib_schema_report *report, cib_schema_form form, bool valid)
{
	cib_buf out = CIB_BUF_INIT;
	cJSON *doc = NULL;
	cib_schema_report_write(report, form, "es", &out);
	must(cib_json_read(&doc, out.data, out.len, &(cib_json_limits){.depth = 5000}, NULL) == CIB_OK);
	must(cJSON_IsTrue(cib_json_get(doc, "valid")) == valid);
	cJSON_Delete(doc);
	cib_buf_free(&out);
}

static void judge(const cJSON *schema_doc, const cJSON *instance, const cib_buf *text)
{
	static const char *const languages[] = {"en", "fr", "es"};
	cib_schema *schema = NULL;
	cib_schema_options options = {.base_uri = "http://cib.example/base", .assert_format = true, .max_nodes = 5000, .max_steps = 200000};
	if (cib_schema_compile(&schema, schema_doc, &options, NULL) != CIB_OK)
		return;
	int status = cib_schema_judge(schema, instance, NULL);
	bool valid = status == CIB_OK;
	must(valid || status == CIB_FINDINGS || status == CIB_REFUSED);
	must(cib_schema_accepts(schema, instance) == valid);
	cib_schema_report *report;
	must((cib_schema_report_new(&report, schema, instance) == CIB_OK) == valid);
	for (size_t i = 0; i < 3; i++)
		check_findings(report, instance, text, languages[i], valid);
	check_form(report, CIB_SCHEMA_FLAG, valid);
	check_form(report, CIB_SCHEMA_BASIC, valid);
	check_form(report, CIB_SCHEMA_DETAILED, valid);
	cib_schema_report_free(report);
	cib_schema_free(schema);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cib_buf schema = CIB_BUF_INIT, instance = CIB_BUF_INIT;
	cJSON *schema_doc = NULL, *instance_doc = NULL;
	if (size == 0)
		return 0;
	if (data[0] & 1) { /* two texts, a line each */
		const uint8_t *end = memchr(data, '\n', size);
		if (!end)
			return 0;
		cib_buf_add(&schema, data + 1, (size_t)(end - data - 1));
		cib_buf_add(&instance, end + 1, size - (size_t)(end + 1 - data));
	} else {
		size_t half = (size - 1) / 4;
		make_instance(&(maker){data + 1, half, &instance}, 4);
		make_schema(&(maker){data + 1 + half, size - 1 - half, &schema}, 5);
	}
	if (cib_json_read(&schema_doc, cib_buf_str(&schema), schema.len, NULL, NULL) == CIB_OK && cib_json_read(&instance_doc, cib_buf_str(&instance), instance.len, NULL, NULL) == CIB_OK)
		judge(schema_doc, instance_doc, &instance);
	cJSON_Delete(schema_doc);
	cJSON_Delete(instance_doc);
	cib_buf_free(&schema);
	cib_buf_free(&instance);
	return 0;
}
