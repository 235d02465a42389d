/* IATI import: own small files, and the real ones where they are at hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "exchange/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *write_temp(const char *text)
{
	char *path = cib_strdup("/tmp/cib-iati-XXXXXX");
	int fd = mkstemp(path);
	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	return path;
}

typedef struct {
	size_t activities, notes;
	cJSON *first;
	cib_findings *kept;
} taken;

static int take(cib_iati_activity *a, void *payload)
{
	taken *t = payload;
	if (t->activities++ == 0) {
		t->first = a->doc;
		a->doc = NULL;
	}
	t->notes += a->notes->count;
	for (size_t i = 0; t->kept && i < a->notes->count; i++)
		cib_findings_add(t->kept, &a->notes->items[i]);
	return 0;
}

static int read_text(const char *text, taken *t, cib_error *err)
{
	char *path = write_temp(text);
	int status = cib_iati_read(path, take, t, err);
	unlink(path);
	free(path);
	return status;
}

static const char sample[] =
	"<iati-activities version=\"2.03\"><iati-activity xml:lang=\"fr\" default-currency=\"EUR\">"
	"<iati-identifier>XI-EX-1</iati-identifier>"
	"<title><narrative>Eau</narrative><narrative xml:lang=\"en\">Water</narrative></title>"
	"<description type=\"2\"><narrative>But</narrative></description>"
	"<participating-org role=\"4\" ref=\"XI-EX\"/><participating-org role=\"1\"/>"
	"<activity-status code=\"2\"/><activity-date type=\"1\" iso-date=\"2024-01-01\"/><activity-date type=\"9\" iso-date=\"2024-01-01\"/>"
	"<recipient-country code=\"TN\" percentage=\"100\"/><recipient-region code=\"189\"/>"
	"<sector code=\"14050\" vocabulary=\"1\"/><sector code=\"X\" vocabulary=\"99\"/>"
	"<policy-marker code=\"1\" significance=\"2\"/><policy-marker code=\"2\" significance=\"\"/>"
	"<budget><period-start iso-date=\"2024-01-01\"/><value>10</value></budget>"
	"<transaction><value>5</value></transaction></iati-activity></iati-activities>";

static void an_activity_becomes_a_project_document(void **state)
{
	(void)state;
	taken t = {0};
	cib_error err = CIB_ERROR_INIT;
	assert_int_equal(read_text(sample, &t, &err), CIB_OK);
	assert_int_equal(t.activities, 1);
	const struct {
		const char *pointer, *value;
	} rows[] = {
		{"/identifiers/0/value", "XI-EX-1"},
		{"/title/fr", "Eau"},
		{"/title/en", "Water"},
		{"/description/objectives/fr", "But"},
		{"/partners/0/orgId", "XI-EX"},
		{"/status", "2"},
		{"/dates/plannedStart", "2024-01-01"},
		{"/recipientCountries/0/percentage", "100"},
		{"/sectors/0/code", "14050"},
		{"/markers/1", "2"},
		{"/budget/0/currency", "EUR"},
		{"/sourceLanguage", "fr"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const cJSON *v = cib_json_at(t.first, rows[i].pointer);
		if (!cJSON_IsString(v))
			fail_msg("nothing at %s", rows[i].pointer);
		assert_string_equal(v->valuestring, rows[i].value);
	}
	assert_null(cib_json_at(t.first, "/partners/1"));
	assert_null(cib_json_at(t.first, "/markers/2"));
	assert_string_equal(cib_iati_identifier(t.first), "XI-EX-1");
	cJSON_Delete(t.first);
}

static void nothing_is_dropped_without_a_note(void **state)
{
	(void)state;
	cib_findings notes = CIB_FINDINGS_INIT;
	taken t = {.kept = &notes};
	assert_int_equal(read_text(sample, &t, NULL), CIB_OK);
	static const char *const dropped[] = {"participating-org", "activity-date/@iso-date", "recipient-region/@code", "sector/@code", "policy-marker/@code", "transaction"};
	for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++) {
		bool found = false;
		for (size_t k = 0; k < notes.count; k++)
			found |= strcmp(notes.items[k].pointer, dropped[i]) == 0;
		if (!found)
			fail_msg("no note for %s", dropped[i]);
	}
	assert_int_equal(notes.count, sizeof dropped / sizeof *dropped);
	cib_findings_free(&notes);
	cJSON_Delete(t.first);
}

static void what_is_no_iati_file_is_refused_with_its_reason(void **state)
{
	(void)state;
	const struct {
		const char *text, *code; /* code NULL: whichever guard is first */
	} rows[] = {
		{"", "iati.xml"},
		{"<iati-activities", "iati.xml"},
		{"<html/>", "iati.root"},
		{"<iati-activities version=\"1.05\"/>", "iati.version"},
		{"<iati-activities/>", "iati.version"},
		{"<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><iati-activities version=\"2.03\">&e;</iati-activities>", NULL},
		{"<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>"
	         "<iati-activities version=\"2.03\">&c;</iati-activities>",
	         NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		taken t = {0};
		cib_error err = CIB_ERROR_INIT;
		assert_int_equal(read_text(rows[i].text, &t, &err), CIB_FINDINGS);
		if (rows[i].code)
			assert_string_equal(err.code, rows[i].code);
		assert_int_equal(t.activities, 0);
	}
}

static void the_real_files_are_read_whole(void **state)
{
	(void)state;
	const struct {
		const char *file;
		size_t activities;
	} rows[] = {{"MAEC_IATI_INDONESIA.xml", 83}, {"DFID_AL_8_activities_2.01.xml", 8}};
	for (size_t i = 0; i < 2; i++) {
		char *path = cib_format("%s/domain/iati-activities/%s", CIB_SHARED_DIR, rows[i].file);
		if (access(path, R_OK) != 0) {
			printf("SKIP: %s is not here\n", rows[i].file);
			free(path);
			skip();
		}
		taken t = {0};
		cib_error err = CIB_ERROR_INIT;
		assert_int_equal(cib_iati_read(path, take, &t, &err), CIB_OK);
		assert_int_equal(t.activities, rows[i].activities);
		assert_non_null(cib_json_at(t.first, "/title"));
		cJSON_Delete(t.first);
		free(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_activity_becomes_a_project_document),
		cmocka_unit_test(nothing_is_dropped_without_a_note),
		cmocka_unit_test(what_is_no_iati_file_is_refused_with_its_reason),
		cmocka_unit_test(the_real_files_are_read_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
