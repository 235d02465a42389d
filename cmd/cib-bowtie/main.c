/* cib-bowtie - a conformance harness for lib/schema: Bowtie's protocol (IHOP), JSON lines on stdin and stdout.
 *
 *     cib-bowtie [--assert-format]
 *
 * Commands: start, dialect, run, stop. A case that cannot be run is answered with "errored", never with an exit;
 * so is a test that a limit leaves without a verdict. */
#include "schema/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char dialect[] = "https://json-schema.org/draft/2020-12/schema";

static void answer(cJSON *reply)
{
	cib_buf out = CIB_BUF_INIT;
	cib_json_write(&out, reply, &(cib_json_style){.keep_order = true, .compact = true});
	cib_buf_addc(&out, '\n');
	fwrite(out.data, 1, out.len, stdout);
	fflush(stdout);
	cib_buf_free(&out);
	cJSON_Delete(reply);
}

static void start(void)
{
	cJSON *reply = cJSON_CreateObject(), *about = cJSON_CreateObject(), *dialects = cJSON_CreateArray();
	cib_json_set(reply, "version", cib_json_new_number("1"));
	cib_json_set(about, "language", cJSON_CreateString("c"));
	cib_json_set(about, "name", cJSON_CreateString("cib"));
	cib_json_set(about, "version", cJSON_CreateString(CIB_VERSION));
	cib_json_set(about, "homepage", cJSON_CreateString("https://example.org/cib"));
	cib_json_set(about, "issues", cJSON_CreateString("https://example.org/cib/issues"));
	cib_json_set(about, "source", cJSON_CreateString("https://example.org/cib/source"));
	cJSON_AddItemToArray(dialects, cJSON_CreateString(dialect));
	cib_json_set(about, "dialects", dialects);
	cib_json_set(reply, "implementation", about);
	answer(reply);
}

static cJSON *errored(const cib_error *err)
{
	cJSON *reply = cJSON_CreateObject(), *context = cJSON_CreateObject();
	cib_json_set(context, "code", cJSON_CreateString(err->code));
	cib_json_set(context, "message", cJSON_CreateString(err->message));
	if (err->pointer[0])
		cib_json_set(context, "pointer", cJSON_CreateString(err->pointer));
	cib_json_set(reply, "errored", cJSON_CreateTrue());
	cib_json_set(reply, "context", context);
	return reply;
}

/* Where a limit was met there is no verdict, and none is claimed. */
static cJSON *judge(const cib_schema *schema, const cJSON *instance)
{
	cib_error err = CIB_ERROR_INIT;
	int status = cib_schema_judge(schema, instance, &err);
	if (status != CIB_OK && status != CIB_FINDINGS)
		return errored(&err);
	cJSON *result = cJSON_CreateObject();
	cib_json_set(result, "valid", cJSON_CreateBool(status == CIB_OK));
	return result;
}

static void run(const cJSON *request, bool formats)
{
	const cJSON *test_case = cib_json_get(request, "case"), *documents = cib_json_get(test_case, "registry"), *tests = cib_json_get(test_case, "tests");
	const cJSON *seq = cib_json_get(request, "seq"), *text = cib_json_get(test_case, "schema");
	cib_schema_registry *registry = cib_schema_registry_new();
	cib_schema *schema = NULL;
	cib_error err = CIB_ERROR_INIT;
	int status = text && cJSON_IsArray(tests) ? CIB_OK : cib_error_set(&err, CIB_USAGE, "bowtie.case", "a case has a \"schema\" and \"tests\"");
	for (const cJSON *d = documents ? documents->child : NULL; d && status == CIB_OK; d = d->next)
		status = cib_schema_registry_add(registry, d->string, d, &err);
	cib_schema_options options = {.registry = registry, .assert_format = formats};
	if (status == CIB_OK)
		status = cib_schema_compile(&schema, text, &options, &err);
	cJSON *reply = status == CIB_OK ? cJSON_CreateObject() : errored(&err);
	if (seq)
		cib_json_set(reply, "seq", cJSON_Duplicate(seq, true));
	if (status == CIB_OK) {
		cJSON *results = cJSON_CreateArray();
		for (const cJSON *t = tests->child; t; t = t->next) {
			const cJSON *instance = cib_json_get(t, "instance");
			cib_error_set(&err, CIB_USAGE, "bowtie.test", "a test has an \"instance\"");
			cJSON_AddItemToArray(results, instance ? judge(schema, instance) : errored(&err));
		}
		cib_json_set(reply, "results", results);
	}
	answer(reply);
	cib_schema_free(schema);
	cib_schema_registry_free(registry);
}

/* A line that is no JSON, or more than the reader takes: its number is looked for in the text, so that the one who asked gets an
 * answer and the next case its turn. */
static void refuse_line(const char *line, const cib_error *err)
{
	const char *at = strstr(line, "\"seq\":");
	cJSON *reply = errored(err);
	if (at) {
		at += 6 + strspn(at + 6, ": \t");
		size_t len = strspn(at, "-0123456789");
		char *number = cib_strndup(at, len);
		if (len)
			cib_json_set(reply, "seq", cib_json_new_number(number));
		free(number);
	}
	answer(reply);
}

/* The one dialect, with or without the empty fragment. */
static bool is_dialect(const char *uri)
{
	size_t len = sizeof dialect - 1;
	return uri && strncmp(uri, dialect, len) == 0 && (!uri[len] || strcmp(uri + len, "#") == 0);
}

int main(int argc, char **argv)
{
	bool formats = argc > 1 && strcmp(argv[1], "--assert-format") == 0;
	if (argc > 2 || (argc == 2 && !formats)) {
		fputs("usage: cib-bowtie [--assert-format]\n", stderr);
		return CIB_USAGE;
	}
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	int code = 0;
	cib_json_setup();
	for (bool more = true; more && (len = getline(&line, &cap, stdin)) >= 0;) {
		cJSON *request = NULL;
		cib_error err = CIB_ERROR_INIT;
		if (cib_json_read(&request, line, (size_t)len, &(cib_json_limits){.nul = true}, &err) != CIB_OK) {
			fprintf(stderr, "cib-bowtie: %s\n", err.message);
			refuse_line(line, &err);
			continue;
		}
		const char *cmd = cib_json_string(request, "cmd");
		if (cmd && strcmp(cmd, "start") == 0) {
			const cJSON *version = cib_json_get(request, "version");
			if (version && (!cJSON_IsNumber(version) || version->valuedouble != 1)) {
				fputs("cib-bowtie: speaks version 1 of the protocol\n", stderr);
				code = CIB_USAGE;
				more = false;
			} else {
				start();
			}
		} else if (cmd && strcmp(cmd, "dialect") == 0) {
			cJSON *reply = cJSON_CreateObject();
			cib_json_set(reply, "ok", cJSON_CreateBool(is_dialect(cib_json_string(request, "dialect"))));
			answer(reply);
		} else if (cmd && strcmp(cmd, "run") == 0) {
			run(request, formats);
		} else if (cmd && strcmp(cmd, "stop") == 0) {
			more = false;
		} else {
			fprintf(stderr, "cib-bowtie: no such command: %.40s\n", cmd ? cmd : "(none)");
			code = CIB_USAGE;
			more = false;
		}
		cJSON_Delete(request);
	}
	free(line);
	return code;
}
