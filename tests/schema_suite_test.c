/* The official suite, as far as it is given: every required, optional and format case of draft 2020-12. */
#include "schema/schema.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#define SUITE CIB_SHARED_DIR "/data/json-schema-suite/"

typedef struct {
	cib_schema_registry *registry;
	cJSON **docs;
	size_t count, cap;
} remotes;

static void add_remotes(remotes *r, const char *dir, const char *uri)
{
	DIR *d = opendir(dir);
	for (struct dirent *e; d && (e = readdir(d));) {
		if (e->d_name[0] == '.')
			continue;
		char *path = cib_format("%s/%s", dir, e->d_name), *name = cib_format("%s/%s", uri, e->d_name);
		struct stat st;
		cJSON *doc = NULL;
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
			add_remotes(r, path, name);
		} else if (cib_json_read_file(&doc, path, NULL) == CIB_OK) {
			r->docs = cib_grow(r->docs, &r->cap, r->count + 1, sizeof *r->docs);
			r->docs[r->count++] = doc;
			assert_int_equal(cib_schema_registry_add(r->registry, name, doc, NULL), CIB_OK);
		}
		free(path);
		free(name);
	}
	if (d)
		closedir(d);
}

/* Yes or no, the report, and findings (there are some exactly when the instance is not valid) must all say the same. */
static bool verdict_is(const cib_schema *schema, const cJSON *data, bool want)
{
	cib_findings findings = CIB_FINDINGS_INIT;
	bool quick = cib_schema_accepts(schema, data);
	bool full = cib_schema_validate(schema, data, NULL, 0, NULL, &findings) == CIB_OK;
	bool told = findings.count > 0;
	cib_findings_free(&findings);
	return quick == want && full == want && told != want;
}

/* The suite has U+0000 in strings. */
static cJSON *read_groups(const char *path)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	assert_int_equal(cib_file_read(&text, path, 0, NULL), CIB_OK);
	assert_int_equal(cib_json_read(&doc, text.data, text.len, &(cib_json_limits){.nul = true}, NULL), CIB_OK);
	cib_buf_free(&text);
	return doc;
}

static void run_folder(const remotes *r, const char *folder, bool formats)
{
	char *dir = cib_format(SUITE "tests/draft2020-12%s", folder);
	size_t passed = 0, all = 0;
	DIR *d = opendir(dir);
	for (struct dirent *e; d && (e = readdir(d));) {
		char *path = cib_format("%s/%s", dir, e->d_name);
		cJSON *groups = strstr(e->d_name, ".json") ? read_groups(path) : NULL;
		for (const cJSON *g = groups ? groups->child : NULL; g; g = g->next) {
			cib_schema *schema = NULL;
			cib_error err = CIB_ERROR_INIT;
			cib_schema_options options = {.registry = r->registry, .assert_format = formats};
			if (cib_schema_compile(&schema, cib_json_get(g, "schema"), &options, &err) != CIB_OK)
				print_message("%s: %s: %s\n", e->d_name, cib_json_string(g, "description"), err.message);
			for (const cJSON *t = cib_json_get(g, "tests")->child; t; t = t->next) {
				bool ok = schema && verdict_is(schema, cib_json_get(t, "data"), cJSON_IsTrue(cib_json_get(t, "valid")));
				all++;
				passed += ok;
				if (!ok)
					print_message("%s: %s: %s\n", e->d_name, cib_json_string(g, "description"), cib_json_string(t, "description"));
			}
			cib_schema_free(schema);
		}
		cJSON_Delete(groups);
		free(path);
	}
	if (d)
		closedir(d);
	print_message("suite%s: %zu of %zu\n", *folder ? folder : "/required", passed, all);
	free(dir);
	assert_true(all > 0);
	assert_int_equal(passed, all);
}

static void with_remotes(const char *folder, bool formats)
{
	struct stat st;
	if (stat(SUITE "tests", &st) != 0) {
		print_message("SKIP: no suite in ../shared/data\n");
		skip();
	}
	remotes r = {.registry = cib_schema_registry_new()};
	add_remotes(&r, SUITE "remotes", "http://localhost:1234");
	run_folder(&r, folder, formats);
	cib_schema_registry_free(r.registry);
	for (size_t i = 0; i < r.count; i++)
		cJSON_Delete(r.docs[i]);
	free(r.docs);
}

static void every_required_case_passes(void **state)
{
	(void)state;
	with_remotes("", false);
}

static void every_optional_case_passes(void **state)
{
	(void)state;
	with_remotes("/optional", false);
}

static void every_format_case_passes_when_formats_are_asserted(void **state)
{
	(void)state;
	with_remotes("/optional/format", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_required_case_passes),
		cmocka_unit_test(every_optional_case_passes),
		cmocka_unit_test(every_format_case_passes_when_formats_are_asserted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
