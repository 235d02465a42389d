/* The catalogue is complete: every code that the room can use has its text, in every language, with the same parameters. And what
 * is told is kind: names, codes, conditions, titles in the reader's language. */
#include "schema/private.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Which parameters a text has, as bits; 1 << 8 for a brace that is none. */
static unsigned parameters(const char *text)
{
	unsigned bits = 0;
	for (const char *p = strchr(text, '{'); p; p = strchr(p + 1, '{')) {
		if (strncmp(p, "{...}", 5) == 0)
			continue;
		bool good = p[1] >= '0' && p[1] <= '2' && (p[2] == '}' || ((p[2] == 't' || p[2] == 'o') && p[3] == '}'));
		bits |= good ? 1u << (p[1] - '0') : 1u << 8;
	}
	return bits;
}

static void every_message_is_there_in_every_language_with_the_same_parameters(void **state)
{
	(void)state;
	size_t count = 0;
	for (const cib_schema_text *t; (t = cib_schema_text_at(count)); count++) {
		const char *const texts[] = {t->en, t->fr, t->es};
		for (size_t i = 0; i < 3; i++)
			if (!texts[i] || !*texts[i] || !cib_utf8_valid(texts[i], strlen(texts[i])) || parameters(texts[i]) != parameters(t->en) || parameters(texts[i]) >= 1u << 8)
				fail_msg("%s in language %zu: %s", t->code, i, texts[i] ? texts[i] : "(none)");
		if (strncmp(t->code, "schema.", 7) == 0 && (strcmp(t->en, t->fr) == 0 || strcmp(t->en, t->es) == 0))
			fail_msg("%s is not translated", t->code);
		for (size_t k = 0; k < count; k++)
			if (strcmp(t->code, cib_schema_text_at(k)->code) == 0)
				fail_msg("%s stands twice", t->code);
	}
	assert_true(count > 50);
}

/* Every literal "schema.x" or "hint.x" in the files that tell faults, cut at what is no part of a code. */
static size_t check_literals(const char *file)
{
	char *path = cib_format(CIB_SOURCE_DIR "/lib/schema/%s", file);
	cib_buf text = CIB_BUF_INIT;
	size_t found = 0;
	assert_int_equal(cib_file_read(&text, path, 0, NULL), CIB_OK);
	for (const char *p = text.data; (p = strchr(p, '"')); p++) {
		size_t n = 1;
		while (isalnum((unsigned char)p[n]) || strchr(".-", p[n] ? p[n] : ' '))
			n++;
		bool code = p[n] == '"' && (strncmp(p, "\"schema.", 8) == 0 || strncmp(p, "\"hint.", 6) == 0);
		char *name = cib_strndup(p + 1, n - 1);
		bool prefix = strcmp(name, "schema.contains") == 0; /* compared by its beginning too */
		if (code && strcmp(name + strlen(name) - 2, ".h") != 0) {
			found++;
			if (!cib_schema_message_exists(name) && !prefix)
				fail_msg("%s uses %s, which the catalogue has not", file, name);
		}
		free(name);
	}
	cib_buf_free(&text);
	free(path);
	return found;
}

static void every_code_in_the_sources_is_in_the_catalogue(void **state)
{
	(void)state;
	static const char *const files[] = {"report.c", "explain.c", "output.c", "evaluate.c"};
	size_t found = 0;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		found += check_literals(files[i]);
	assert_true(found > 60);
}

/* ---- what is told ---- */

typedef struct {
	const char *schema, *instance, *lang, *pointer, *message, *hint; /* of the only finding; hint NULL: not looked at */
} telling;

static void tell(const telling *t)
{
	cJSON *schema_doc = NULL, *doc = NULL;
	cib_schema *schema = NULL;
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_error err = CIB_ERROR_INIT;
	cib_schema_options options = {.assert_format = true};
	if (cib_json_read(&schema_doc, t->schema, strlen(t->schema), NULL, &err) != CIB_OK || cib_schema_compile(&schema, schema_doc, &options, &err) != CIB_OK)
		fail_msg("%s: %s", t->schema, err.message);
	assert_int_equal(cib_json_read(&doc, t->instance, strlen(t->instance), NULL, NULL), CIB_OK);
	assert_int_equal(cib_schema_validate(schema, doc, t->instance, strlen(t->instance), t->lang, &findings), CIB_FINDINGS);
	const cib_finding *f = &findings.items[0];
	if (findings.count != 1 || strcmp(f->pointer, t->pointer) != 0 || strcmp(f->message, t->message) != 0 || (t->hint && strcmp(f->hint ? f->hint : "", t->hint) != 0)) {
		for (size_t i = 0; i < findings.count; i++)
			print_error("told: %s: %s [%s]\n", findings.items[i].pointer, findings.items[i].message, findings.items[i].hint ? findings.items[i].hint : "");
		fail_msg("%s by %s: %s: %s [%s]", t->instance, t->schema, t->pointer, t->message, t->hint ? t->hint : "");
	}
	cib_findings_free(&findings);
	cib_schema_free(schema);
	cJSON_Delete(schema_doc);
	cJSON_Delete(doc);
}

#define PERSON "{\"properties\":{\"given\":{\"type\":\"string\"},\"family\":{\"type\":\"string\"}},\"required\":[\"family\"],\"additionalProperties\":false}"
#define SHAPES "{\"oneOf\":[{\"properties\":{\"kind\":{\"const\":\"circle\"},\"radius\":{\"type\":\"number\"}},\"required\":[\"kind\",\"radius\"]},{\"properties\":{\"kind\":{\"const\":\"square\"},\"side\":{\"type\":\"number\"}},\"required\":[\"kind\",\"side\"]}]}"
#define EITHER "{\"anyOf\":[{\"required\":[\"email\"]},{\"required\":[\"phone\"]}]}"
#define ONLY   "{\"oneOf\":[{\"required\":[\"org\"]},{\"required\":[\"person\"]}]}"
#define PAUSED "{\"if\":{\"properties\":{\"status\":{\"const\":\"paused\"}},\"required\":[\"status\"]},\"then\":{\"required\":[\"reason\"]},\"else\":{\"required\":[\"end\"]}}"
#define TITLED "{\"properties\":{\"amount\":{\"type\":\"string\",\"pattern\":\"^[0-9]+$\",\"title\":\"Amount\",\"x-cib-title\":{\"en\":\"Amount\",\"fr\":\"Montant\"},\"x-cib-description\":{\"en\":\"Digits only.\",\"fr\":\"Des chiffres seulement.\"}}},\"required\":[\"amount\"]}"
#define TWINS  "{\"properties\":{\"side1\":true},\"then\":{\"required\":[\"side2\"]},\"if\":true}"
#define STATES "{\"enum\":[\"active\",\"closed\",\"planned\"]}"

static void one_fault_is_one_line_that_helps(void **state)
{
	(void)state;
	static const telling tellings[] = {
		{PERSON, "{\"familly\":\"x\"}", "en", "", "there is no field \"familly\" here", "did you mean \"family\"?"},
		{PERSON, "{\"familly\":\"x\"}", "fr", "", "il n’y a pas de champ « familly » ici", "vouliez-vous dire « family » ?"},
		{PERSON, "{\"familly\":\"x\"}", "es", "", "aquí no hay ningún campo «familly»", "¿quiso decir «family»?"},
		{TITLED, "{\"ammount\":\"3\"}", "en", "", "\"amount\" (Amount) is missing", "\"ammount\" is there: is that meant?"},
		{TITLED, "{\"ammount\":\"3\"}", "fr", "", "« amount » (Montant) manque", "il y a « ammount » : est-ce cela ?"},
		{TWINS, "{\"side1\":3}", "en", "", "\"side2\" is missing", ""},
		{PERSON, "{\"family\":\"x\",\"zzz\":1}", "en", "", "there is no field \"zzz\" here", "known here: given, family"},
		{STATES, "\"Active\"", "en", "", "\"Active\" is not one of \"active\", \"closed\", \"planned\"", "did you mean \"active\"?"},
		{STATES, "\"plannned\"", "en", "", "\"plannned\" is not one of \"active\", \"closed\", \"planned\"", "did you mean \"planned\"?"},
		{SHAPES, "{\"kind\":\"circle\",\"radius\":\"3\"}", "en", "/radius", "found text, expected a number", "numbers, true, false and null stand without quotes"},
		{SHAPES, "{\"kind\":\"square\"}", "en", "", "\"side\" is missing", ""},
		{SHAPES, "{\"kind\":\"cirlce\",\"radius\":3}", "en", "/kind", "\"cirlce\" is not one of \"circle\", \"square\"", NULL},
		{EITHER, "{}", "en", "", "one of these is missing: \"email\" or \"phone\"", ""},
		{EITHER, "{}", "fr", "", "il manque l’un de ceux-ci : « email » ou « phone »", ""},
		{ONLY, "{\"org\":1,\"person\":1}", "en", "", "only one of these may be given: \"org\" or \"person\"", ""},
		{ONLY, "{\"org\":1,\"person\":1}", "es", "", "solo puede indicarse uno de estos: «org» o «person»", ""},
		{PAUSED, "{\"status\":\"paused\"}", "en", "", "\"reason\" is missing (because status = \"paused\")", ""},
		{PAUSED, "{\"status\":\"paused\"}", "fr", "", "« reason » manque (car status = \"paused\")", ""},
		{PAUSED, "{\"status\":\"open\"}", "en", "", "\"end\" is missing (as this does not hold: status = \"paused\")", ""},
		{TITLED, "{}", "fr", "", "« amount » (Montant) manque", ""},
		{TITLED, "{\"amount\":\"1,5\"}", "fr", "/amount", "\"1,5\" n’est pas écrit comme il le faut ici", "Des chiffres seulement."},
		{TITLED, "{\"amount\":\"1,5\"}", "es", "/amount", "\"1,5\" no está escrito como debe estarlo aquí", "Digits only."},
		{"{\"pattern\":\"^[0-9]+$\"}", "\"1,5\"", "en", "", "\"1,5\" does not match the pattern ^[0-9]+$", ""},
		{TITLED, "{\"amount\":15}", "en", "/amount", "found a number, expected text", "text stands in double quotes"},
		{"{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", "1", "en", "", "found a number, expected text or null", NULL},
		{"{\"properties\":{\"tags\":{\"type\":\"array\"}}}", "{\"tags\":\"a\"}", "en", "/tags", "found text, expected a list [...]", "put it into a list, even when it is the only one: [...]"},
		{"{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"properties\":{\"d\":{\"format\":\"date\"}}}}}", "{\"d\":\"30.4.2026\"}", "en", "/d", "\"30.4.2026\" is not valid for the format date", "a date is written 2026-04-30"},
		{"{\"items\":{\"$ref\":\"#/$defs/a\"},\"$defs\":{\"a\":{\"required\":[\"x\"]}}}", "[{\"x\":1},{}]", "en", "/1", "\"x\" is missing", ""},
		{"{\"contains\":{\"properties\":{\"role\":{\"const\":\"lead\"}},\"required\":[\"role\"]}}", "[{\"role\":\"x\"}]", "en", "", "at least one item with role = \"lead\" is needed", ""},
		{"{\"uniqueItems\":true}", "[1,2,1.0]", "en", "", "items 1 and 3 are the same: 1", "take one of the two away"},
		{"{\"not\":{\"required\":[\"old\"]}}", "{\"old\":1}", "en", "", "not allowed here: \"old\"", ""},
		{"{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}", "en", "", "\"b\" is missing; it is needed because \"a\" is given", ""},
		{"{\"propertyNames\":{\"enum\":[\"gender\",\"youth\"]}}", "{\"gendr\":1}", "en", "", "\"gendr\" is not allowed as a name here", "did you mean \"gender\"?"},
	};
	for (size_t i = 0; i < sizeof tellings / sizeof *tellings; i++)
		tell(&tellings[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_is_there_in_every_language_with_the_same_parameters),
		cmocka_unit_test(every_code_in_the_sources_is_in_the_catalogue),
		cmocka_unit_test(one_fault_is_one_line_that_helps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
