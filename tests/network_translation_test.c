/* Translations that age: noted by a hash of the source text, through edits, moves and merges, and never by a clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "network/translation.h"
#include "support/network.h"

static cJSON *json(const char *text)
{
	cJSON *doc = NULL;
	cib_error err = CIB_ERROR_INIT;
	if (cib_json_read(&doc, text, strlen(text), NULL, &err) != CIB_OK)
		fail_msg("%s: %s", text, err.message);
	return doc;
}

static void add(const char *pointer, const char *lang, const char *source, void *payload)
{
	cib_buf *out = payload;
	(void)lang;
	(void)source;
	cib_buf_addf(out, "%s%s", out->len ? " " : "", pointer);
}

static void expect_stale(fixture *f, const cJSON *doc, const char *want)
{
	cib_buf got = CIB_BUF_INIT;
	cib_translations_stale(f->net, cib_network_kind(f->net, "project"), doc, add, &got);
	if (strcmp(cib_buf_str(&got), want) != 0)
		fail_msg("stale: '%s', not '%s'", cib_buf_str(&got), want);
	cib_buf_free(&got);
}

/* `doc` with a text set at a pointer, and the notes taken as `set` and `save` do. */
static cJSON *edit(fixture *f, const cJSON *doc, const char *pointer, const char *text)
{
	cJSON *after = cJSON_Duplicate(doc, true);
	assert_int_equal(cib_json_set_at(&after, pointer, text ? cJSON_CreateString(text) : NULL, NULL), CIB_OK);
	cib_translations_note(f->net, cib_network_kind(f->net, "project"), doc, after);
	return after;
}

#define START "{\"sourceLanguage\":\"en\",\"title\":{\"en\":\"Water\",\"fr\":\"Eau\",\"es\":\"Agua\"}," \
	      "\"partners\":[{\"id\":\"o-1\",\"name\":{\"en\":\"City\",\"fr\":\"Ville\"}},{\"id\":\"o-2\",\"name\":{\"fr\":\"Commune\"}}]}"

static void a_text_that_changes_in_its_source_makes_the_others_stale(void **state)
{
	fixture *f = *state;
	cJSON *a = json(START), *b = edit(f, a, "/title/en", "Clean water"), *c = edit(f, b, "/title/fr", "Eau propre");
	expect_stale(f, a, "");
	expect_stale(f, b, "/title/fr /title/es");
	expect_stale(f, c, "/title/es");
	cJSON *d = edit(f, c, "/title/en", "Very clean water"); /* the new translation is of the text before */
	expect_stale(f, d, "/title/fr /title/es");
	cJSON *e = edit(f, d, "/title/en", "Clean water"); /* back to what the French was made from */
	expect_stale(f, e, "/title/es");
	cJSON *g = edit(f, e, "/title/en", "Water");
	expect_stale(f, g, "/title/fr");
	cJSON *list[] = {a, b, c, d, e, g};
	for (size_t i = 0; i < 6; i++)
		cJSON_Delete(list[i]);
}

static void a_translation_that_is_written_together_with_its_source_is_fresh(void **state)
{
	fixture *f = *state;
	cJSON *a = json(START), *b = json(START);
	cib_json_set_at(&b, "/title/en", cJSON_CreateString("Clean water"), NULL);
	cib_json_set_at(&b, "/title/fr", cJSON_CreateString("Eau propre"), NULL);
	cib_translations_note(f->net, cib_network_kind(f->net, "project"), a, b);
	expect_stale(f, b, "/title/es");
	cJSON_Delete(a);
	cJSON_Delete(b);
}

/* A save compares with the tip, which knows nothing of what was set in between. */
static void what_was_noted_between_two_saves_stands(void **state)
{
	fixture *f = *state;
	const cib_kind *k = cib_network_kind(f->net, "project");
	cJSON *first = json(START), *tip = edit(f, first, "/title/en", "Clean water"), *set = edit(f, tip, "/title/fr", "Eau propre");
	cib_json_set_at(&set, "/title/en", cJSON_CreateString("Very clean water"), NULL); /* by hand */
	cib_translations_note(f->net, k, tip, set);
	expect_stale(f, set, "/title/fr /title/es");
	cJSON *b = edit(f, first, "/title/en", "Clean water"), *by_hand = cJSON_Duplicate(b, true), *c = edit(f, b, "/title/fr", "Eau propre");
	cib_translations_note(f->net, k, first, c); /* both by `set`, then saved */
	expect_stale(f, c, "/title/es");
	cib_json_set_at(&by_hand, "/title/fr", cJSON_CreateString("Eau propre"), NULL); /* the source by `set`, the translation by hand */
	cib_translations_note(f->net, k, first, by_hand);
	expect_stale(f, by_hand, "/title/es");
	cJSON *list[] = {first, tip, set, b, by_hand, c};
	for (size_t i = 0; i < 6; i++)
		cJSON_Delete(list[i]);
}

static void a_changed_translation_alone_notes_nothing(void **state)
{
	fixture *f = *state;
	cJSON *a = json(START), *b = edit(f, a, "/title/fr", "De l'eau"), *c = edit(f, b, "/title/pt", "\u00c1gua");
	assert_null(cib_json_get(b, "x-cib-translated"));
	assert_null(cib_json_get(c, "x-cib-translated"));
	assert_false(cib_translations_note(f->net, cib_network_kind(f->net, "project"), NULL, c));
	cJSON_Delete(a);
	cJSON_Delete(b);
	cJSON_Delete(c);
}

static void items_of_lists_are_known_by_their_identity(void **state)
{
	fixture *f = *state;
	cJSON *a = json(START), *b = edit(f, a, "/partners/0/name/en", "Big city");
	expect_stale(f, b, "/partners/0/name/fr");
	cJSON *partners = cib_json_get(b, "partners"), *first = cJSON_DetachItemFromArray(partners, 0);
	cJSON_AddItemToArray(partners, first);
	expect_stale(f, b, "/partners/1/name/fr");
	cJSON_Delete(a);
	cJSON_Delete(b);
}

static void a_translation_that_goes_takes_its_note_along(void **state)
{
	fixture *f = *state;
	cJSON *a = json(START), *b = edit(f, a, "/title/en", "Clean water"), *c = edit(f, b, "/title/fr", NULL), *d = edit(f, c, "/title/es", NULL);
	expect_stale(f, c, "/title/es");
	assert_null(cib_json_get(d, "x-cib-translated"));
	cJSON_Delete(a);
	cJSON_Delete(b);
	cJSON_Delete(c);
	cJSON_Delete(d);
}

static void a_person_says_that_a_translation_still_fits(void **state)
{
	fixture *f = *state;
	const cib_kind *k = cib_network_kind(f->net, "project");
	cJSON *a = json(START), *b = edit(f, a, "/title/en", "Water!");
	assert_int_equal(cib_translations_confirm(f->net, k, b, "/title/fr", NULL), CIB_OK);
	expect_stale(f, b, "/title/es");
	assert_int_equal(cib_translations_confirm(f->net, k, b, "/title/en", NULL), CIB_NOTFOUND);
	assert_int_equal(cib_translations_confirm(f->net, k, b, "/title/xx", NULL), CIB_NOTFOUND);
	assert_int_equal(cib_translations_confirm(f->net, k, b, "", NULL), CIB_NOTFOUND);
	cJSON_Delete(a);
	cJSON_Delete(b);
}

/* Two people apart: whatever the order, a translation of the old text is stale in the joined entry. */
static void it_holds_through_merges(void **state)
{
	fixture *f = *state;
	const cib_merge_options options = {cib_network_rules(f->net, cib_network_kind(f->net, "project")), CIB_KEEP_THEIRS};
	static const struct {
		const char *before[2], *ours[2], *theirs[2]; /* edits: pointer and text */
		const char *stale;
	} cases[] = {
		/* one changes the source, the other the translation */
		{{NULL, NULL}, {"/title/en", "Clean water"}, {"/title/fr", "De l'eau"}, "/title/fr /title/es"},
		/* one brings the translation up to the source, the other changes the source once more */
		{{"/title/en", "Clean water"}, {"/title/fr", "Eau propre"}, {"/title/en", "Cleaner water"}, "/title/fr /title/es"},
		/* one brings one translation up to date, the other the other */
		{{"/title/en", "Clean water"}, {"/title/fr", "Eau propre"}, {"/title/es", "Agua limpia"}, ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (int swap = 0; swap < 2; swap++) {
			cJSON *start = json(START), *base = cases[i].before[0] ? edit(f, start, cases[i].before[0], cases[i].before[1]) : cJSON_Duplicate(start, true);
			cJSON *ours = edit(f, base, cases[i].ours[0], cases[i].ours[1]), *theirs = edit(f, base, cases[i].theirs[0], cases[i].theirs[1]), *merged = NULL;
			cib_conflicts conflicts = CIB_CONFLICTS_INIT;
			assert_int_equal(cib_merge(&merged, base, swap ? theirs : ours, swap ? ours : theirs, &options, &conflicts), 0);
			expect_stale(f, merged, cases[i].stale);
			cib_conflicts_free(&conflicts);
			cJSON *all[] = {start, base, ours, theirs, merged};
			for (size_t k = 0; k < 5; k++)
				cJSON_Delete(all[k]);
		}
}

static void the_check_advises_and_missing_ones_are_counted(void **state)
{
	fixture *f = *state;
	const cib_kind *k = cib_network_kind(f->net, "project");
	cJSON *a = cJSON_Duplicate(cib_json_get(k->schema, "examples")->child, true), *b = edit(f, a, "/title/fr", "Un autre titre");
	cib_buf text = CIB_BUF_INIT;
	cib_findings findings = CIB_FINDINGS_INIT;
	size_t of, advised = 0;
	cib_json_write(&text, b, NULL);
	assert_int_equal(cib_network_check(f->net, "members/m-andal/projects/p-7q2m9xk4ta.json", text.data, text.len, &(cib_check_options){.lang = "en", .canonical = true}, NULL, &findings), CIB_OK);
	for (size_t i = 0; i < findings.count; i++)
		if (strcmp(findings.items[i].code, "text.stale") == 0) {
			advised++;
			assert_string_equal(findings.items[i].pointer, "/title/en");
			assert_int_equal(findings.items[i].severity, CIB_ADVICE);
		}
	assert_int_equal(advised, 1);
	assert_int_equal(cib_translations_missing(f->net, k, b, "en", &of), 2); /* the description, a partner's name */
	assert_int_equal(of, 3);
	cib_findings_free(&findings);
	cib_buf_free(&text);
	cJSON_Delete(a);
	cJSON_Delete(b);
}

static void texts_are_told_from_other_maps_by_the_schema(void **state)
{
	fixture *f = *state;
	static const struct {
		const char *kind, *pointer;
		bool text;
	} cases[] = {
		{"project", "/title", true},
		{"project", "/description", false},
		{"project", "/description/general", true},
		{"project", "/markers", false},
		{"assessment", "/answers", false},
		{"assessment", "/answers/q.1/evidence", true},
		{"response", "/importance", false},
		{"plan", "/priorities/0/activities/0/title", true},
		{"resource", "/links/0", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const cib_schema *schema = cib_network_schema(f->net, cib_network_kind(f->net, cases[i].kind), NULL);
		if (cib_field_is_text(cib_schema_field(schema, cases[i].pointer)) != cases[i].text)
			fail_msg("%s %s", cases[i].kind, cases[i].pointer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_that_changes_in_its_source_makes_the_others_stale),
		cmocka_unit_test(a_translation_that_is_written_together_with_its_source_is_fresh),
		cmocka_unit_test(what_was_noted_between_two_saves_stands),
		cmocka_unit_test(a_changed_translation_alone_notes_nothing),
		cmocka_unit_test(items_of_lists_are_known_by_their_identity),
		cmocka_unit_test(a_translation_that_goes_takes_its_note_along),
		cmocka_unit_test(a_person_says_that_a_translation_still_fits),
		cmocka_unit_test(it_holds_through_merges),
		cmocka_unit_test(the_check_advises_and_missing_ones_are_counted),
		cmocka_unit_test(texts_are_told_from_other_maps_by_the_schema),
	};
	return cmocka_run_group_tests_name("network translations", tests, set_up_network, tear_down_network);
}
