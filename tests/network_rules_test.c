/* The rules across fields and entries, each as the kinds declare it: a table of changes to the kinds' own examples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/network.h"

/* Put the examples of all kinds into one tree, so that they may refer to each other. */
static void add_examples(fixture *f, cib_oid *tree)
{
	cib_tree_entry edits[32];
	size_t n = 0;
	for (size_t i = 0; i < cib_network_kind_count(f->net); i++) {
		const cib_kind *k = cib_network_kind_at(f->net, i);
		const cJSON *examples = cib_json_get(k->schema, "examples");
		for (const cJSON *e = examples ? examples->child : NULL; e && n < 32; e = e->next, n++) {
			cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
			cib_network_path(&path, k, k->prefix ? cib_json_string(e, "owner") : "m-andal", cib_json_string(e, "id"));
			cib_json_write(&text, e, NULL);
			edits[n] = (cib_tree_entry){.path = cib_buf_take(&path), .mode = 0100644};
			assert_int_equal(cib_store_blob_write(&edits[n].oid, f->store, text.data, text.len, NULL), CIB_OK);
			cib_buf_free(&text);
		}
	}
	assert_int_equal(cib_store_tree_edit(tree, f->store, &f->commit, edits, n, NULL), CIB_OK);
	while (n--)
		free((char *)(uintptr_t)edits[n].path);
}

typedef struct {
	const char *kind;
	const char *changes[4][2]; /* pointer and JSON (NULL: removed) */
	const char *code;          /* of the finding; NULL: none of the rules finds anything */
	cib_severity severity;
	const char *at;   /* pointer of the finding */
	const char *says; /* a part of its message */
} rule_case;

static cJSON *changed(const rule_case *c, const cib_kind *k)
{
	cJSON *doc = cJSON_Duplicate(cib_json_get(k->schema, "examples")->child, true);
	for (size_t i = 0; i < 4 && c->changes[i][0]; i++) {
		cJSON *value = NULL;
		if (c->changes[i][1])
			assert_int_equal(cib_json_read(&value, c->changes[i][1], strlen(c->changes[i][1]), NULL, NULL), CIB_OK);
		if (cib_json_set_at(&doc, c->changes[i][0], value, NULL) != CIB_OK)
			fail_msg("%s: cannot set %s", c->kind, c->changes[i][0]);
	}
	return doc;
}

static void check_rule(fixture *f, const cib_oid *tree, const rule_case *c)
{
	const cib_kind *k = cib_network_kind(f->net, c->kind);
	cJSON *doc = changed(c, k);
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cib_findings findings = CIB_FINDINGS_INIT;
	const cib_finding *found = NULL;
	cib_network_path(&path, k, cib_json_string(doc, "owner"), cib_json_string(doc, "id"));
	cib_json_write(&text, doc, NULL);
	cib_check_options options = {.lang = "en", .tree = tree, .canonical = true, .before = tree};
	cib_network_check(f->net, path.data, text.data, text.len, &options, NULL, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		const cib_finding *x = &findings.items[i];
		if (x->code && strncmp(x->code, "rule.", 5) == 0 && strcmp(x->code, "rule.recommended") != 0)
			found = found ? found : x;
		else if (x->severity == CIB_ERROR)
			fail_msg("%s %s: the test's own entry is wrong: %s %s", c->kind, c->changes[0][0] ? c->changes[0][0] : "", x->pointer, x->message);
	}
	const char *about = c->changes[0][0] ? c->changes[0][0] : "";
	if (!c->code && found)
		fail_msg("%s %s: %s: %s", c->kind, about, found->pointer, found->message);
	if (c->code && (!found || strcmp(found->code, c->code) != 0))
		fail_msg("%s %s: %s was not found (but %s)", c->kind, about, c->code, found ? found->code : "nothing");
	if (c->code && (found->severity != c->severity || strcmp(found->pointer, c->at) != 0 || !strstr(found->message, c->says)))
		fail_msg("%s %s: found %s at '%s': %s", c->kind, about, found->code, found->pointer, found->message);
	cib_findings_free(&findings);
	cib_buf_free(&path);
	cib_buf_free(&text);
	cJSON_Delete(doc);
}

static void check_cases(void **state, const rule_case *cases, size_t count)
{
	cib_oid tree;
	add_examples(*state, &tree);
	for (size_t i = 0; i < count; i++)
		check_rule(*state, &tree, &cases[i]);
}
#define CHECK(state, cases) check_cases(state, cases, sizeof(cases) / sizeof *(cases))

static void shares_add_up_by_vocabulary(void **state)
{
	static const rule_case cases[] = {
		{"project", {{"/recipientCountries", "[{\"code\":\"TN\",\"percentage\":\"60\"},{\"code\":\"MA\",\"percentage\":\"40\"}]"}}, .code = NULL},
		{"project", {{"/recipientCountries", "[{\"code\":\"TN\",\"percentage\":\"60\"},{\"code\":\"MA\",\"percentage\":\"60\"}]"}}, "rule.sum", CIB_ERROR, "/recipientCountries", "120"},
		{"project", {{"/recipientCountries", "[{\"code\":\"TN\",\"percentage\":\"60\"}]"}, {"/recipientRegions", "[{\"code\":\"298\",\"percentage\":\"40\"}]"}}, .code = NULL},
		/* another vocabulary is another hundred */
		{"project", {{"/recipientCountries", "[{\"code\":\"TN\",\"percentage\":\"100\"}]"}, {"/recipientRegions", "[{\"code\":\"015\",\"vocabulary\":\"2\",\"percentage\":\"100\"}]"}}, .code = NULL},
		/* or the rest of the same */
		{"project", {{"/recipientCountries", "[{\"code\":\"TN\",\"percentage\":\"60\"}]"}, {"/recipientRegions", "[{\"code\":\"015\",\"vocabulary\":\"2\",\"percentage\":\"40\"}]"}}, .code = NULL},
		{"project", {{"/recipientCountries", "[{\"code\":\"TN\",\"percentage\":\"100\"}]"}, {"/recipientRegions", "[{\"code\":\"298\",\"percentage\":\"100\"}]"}}, "rule.sum", CIB_ERROR, "/recipientCountries", "200"},
		{"project", {{"/recipientRegions", "[{\"code\":\"015\",\"vocabulary\":\"2\",\"percentage\":\"99\"}]"}}, "rule.sum", CIB_ERROR, "/recipientRegions", "99"},
		{"project", {{"/sectors", "[{\"code\":\"15128\",\"percentage\":\"33.33\"},{\"code\":\"15170\",\"percentage\":\"33.33\"},{\"code\":\"14050\",\"percentage\":\"33.33\"}]"}}, .code = NULL},
		{"project", {{"/sectors", "[{\"code\":\"15128\",\"percentage\":\"33.3\"},{\"code\":\"15170\",\"percentage\":\"33.3\"}]"}}, "rule.sum", CIB_ERROR, "/sectors", "66.6"},
		/* codes of three digits are another list */
		{"project", {{"/sectors", "[{\"code\":\"15128\",\"percentage\":\"100\"},{\"code\":\"151\",\"percentage\":\"100\"}]"}}, .code = NULL},
		{"project", {{"/sectors", "[{\"code\":\"15128\"}]"}}, .code = NULL},
	};
	CHECK(state, cases);
}

static void the_end_does_not_come_before_the_start(void **state)
{
	static const rule_case cases[] = {
		{"project", {{"/dates/plannedEnd", "\"2023-08\""}}, "rule.order", CIB_ERROR, "/dates/plannedEnd", "2023-08"},
		{"project", {{"/dates/plannedEnd", "\"2023\""}}, .code = NULL}, /* as far as both go */
		{"project", {{"/budget/0/periodEnd", "\"2023-12-31\""}}, "rule.order", CIB_ERROR, "/budget/0/periodEnd", "2023-12-31"},
		{"practice", {{"/period", "{\"start\":\"2024\",\"end\":\"2023\"}"}}, "rule.order", CIB_ERROR, "/period/end", "2023"},
		{"partnership", {{"/until", "\"2015-12\""}}, "rule.order", CIB_ERROR, "/until", "2015-12"},
		{"event", {{"/dateStatus", "\"confirmed\""}, {"/start", "\"2024-02-23T09:30\""}, {"/end", "\"2024-02-19\""}, {"/timezone", "\"Europe/Madrid\""}}, "rule.order", CIB_ERROR, "/end", "2024-02-19"},
	};
	CHECK(state, cases);
}

static void what_happened_is_not_in_the_future(void **state)
{
	static const rule_case cases[] = {
		{"project", {{"/dates/actualStart", "\"2999-01\""}}, "rule.past", CIB_WARNING, "/dates/actualStart", "2999-01"},
		{"project", {{"/dates/actualEnd", "\"2999\""}, {"/dates/plannedEnd", NULL}}, "rule.past", CIB_WARNING, "/dates/actualEnd", "2999"},
		{"project", {{"/dates/plannedEnd", "\"2999\""}}, .code = NULL},
	};
	CHECK(state, cases);
}

static void a_date_may_be_missing_when_it_is_to_be_confirmed(void **state)
{
	static const rule_case cases[] = {
		{"plan", {{"/priorities/0/activities/0/dueStatus", NULL}}, "rule.required", CIB_WARNING, "/priorities/0/activities/0", "due"},
		{"plan", {{"/priorities/0/activities/0/dueStatus", "\"tbc\""}}, .code = NULL},
		{"plan", {{"/priorities/0/activities/0/dueStatus", NULL}, {"/priorities/0/activities/0/due", "\"2024-05\""}}, .code = NULL},
	};
	CHECK(state, cases);
}

/* These two stand in the schemas themselves. */
static void the_schema_asks_for_dates_and_limits_significance(void **state)
{
	static const struct {
		const char *kind, *pointer, *json;
		bool valid;
	} cases[] = {
		{"event", "/dateStatus", "\"confirmed\"", false},
		{"event", "/dateStatus", "\"tbc\"", true},
		{"project", "/dateStatus", "\"tbc\"", true},
		{"project", "/dates", NULL, false},
		{"project", "/markers", "{\"8\":\"3\"}", true},
		{"project", "/markers", "{\"1\":\"3\"}", false},
		{"project", "/markers", "{\"1\":\"0\"}", true},
		{"project", "/markers", NULL, true}, /* absent: not screened */
		{"partnership", "/parties/1", NULL, false},
		{"partnership", "/status", "\"sought\"", true},
	};
	fixture *f = *state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const cib_kind *k = cib_network_kind(f->net, cases[i].kind);
		cJSON *doc = cJSON_Duplicate(cib_json_get(k->schema, "examples")->child, true), *value = NULL;
		if (cases[i].json)
			assert_int_equal(cib_json_read(&value, cases[i].json, strlen(cases[i].json), NULL, NULL), CIB_OK);
		assert_int_equal(cib_json_set_at(&doc, cases[i].pointer, value, NULL), CIB_OK);
		if (cib_schema_accepts(cib_network_schema(f->net, k, NULL), doc) != cases[i].valid)
			fail_msg("%s %s: %s", cases[i].kind, cases[i].pointer, cases[i].valid ? "is valid" : "is not valid");
		cJSON_Delete(doc);
	}
}

static void a_target_implies_its_goal(void **state)
{
	static const rule_case cases[] = {
		{"project", {{"/sdg", "[{\"code\":\"5\"},{\"code\":\"5.5\"}]"}}, "rule.implied", CIB_ADVICE, "/sdg/0/code", "5.5 says 5 already"},
		{"project", {{"/sdg", "[{\"code\":\"1\"},{\"code\":\"11.b\"}]"}}, .code = NULL},
		{"resource", {{"/sdg", "[{\"code\":\"11.b\"},{\"code\":\"11\"}]"}}, "rule.implied", CIB_ADVICE, "/sdg/1/code", "11.b says 11"},
	};
	CHECK(state, cases);
}

static void texts_have_a_limit_of_words(void **state)
{
	char long_text[4000] = "{\"ar\":\"";
	for (int i = 0; i < 251; i++)
		strcat(long_text, "\u0645\u0627\u0621 ");
	strcat(long_text, "\"}");
	const rule_case cases[] = {
		{"practice", {{"/summary", long_text}}, "rule.words", CIB_ERROR, "/summary/ar", "251"},
		{"practice", {{"/summary", "{\"en\":\"short\"}"}}, .code = NULL},
		{"practice", {{"/results", long_text}}, "rule.words", CIB_ADVICE, "/results/ar", "251"},
	};
	CHECK(state, cases);
}

static void what_does_not_exist_is_a_warning(void **state)
{
	static const rule_case cases[] = {
		{"project", {{"/partners/0/member", "\"m-gone\""}}, "rule.reference", CIB_WARNING, "/partners/0/member", "m-gone"},
		{"project", {{"/practices", "[\"g-3v8ncz5h1e\"]"}}, .code = NULL},
		{"project", {{"/practices", "[\"g-0000000000\"]"}}, "rule.reference", CIB_WARNING, "/practices/0", "g-0000000000"},
		{"project", {{"/practices", "[\"c-5m1t8d2q7w\"]"}}, "rule.reference", CIB_WARNING, "/practices/0", "c-5m1t8d2q7w"}, /* of another kind */
		{"practice", {{"/resourcesLinked", "[\"x-7k2q9d4xma\"]"}, {"/project", "\"p-7q2m9xk4ta\""}}, .code = NULL},
		{"event", {{"/organisers", "[\"m-andal\",\"secretariat\"]"}}, .code = NULL},
		{"event", {{"/organisers", "[\"uclg\"]"}}, "rule.reference", CIB_WARNING, "/organisers/0", "uclg"},
		{"response", {{"/plan", "\"n-0000000000\""}}, "rule.reference", CIB_WARNING, "/plan", "n-0000000000"},
		{"plan", {{"/priorities/0/activities/0/outputs", "[\"x-7k2q9d4xma\",\"e-4m8w1z6kpd\"]"}}, .code = NULL},
		{"plan", {{"/priorities/0/activities/0/outputs", "[\"x-0000000000\"]"}}, "rule.reference", CIB_WARNING, "/priorities/0/activities/0/outputs/0", "x-0000000000"},
	};
	CHECK(state, cases);
}

static void answers_and_choices_fit_what_was_asked(void **state)
{
	static const rule_case cases[] = {
		{"assessment", {{"/id", "\"a-0000000001\""}, {"/answers", "{\"learning.1\":{\"score\":5}}"}}, .code = NULL},
		{"assessment", {{"/id", "\"a-0000000001\""}, {"/answers", "{\"learning.7\":{\"score\":5}}"}}, "rule.among", CIB_WARNING, "/answers/learning.7", "learning.7"},
		{"assessment", {{"/id", "\"a-0000000001\""}, {"/answers", "{\"learning.1\":{\"score\":3}}"}}, "rule.among", CIB_ERROR, "/answers/learning.1/score", "3"},
		{"response", {{"/importance", "{\"p9\":{\"score\":5}}"}}, "rule.among", CIB_WARNING, "/importance/p9", "p9"},
		{"response", {{"/contributions/0/priority", "\"p9\""}}, "rule.among", CIB_WARNING, "/contributions/0/priority", "p9"},
		{"response", {{"/round", "\"2030\""}}, "rule.among", CIB_WARNING, "/round", "2030"},
		{"plan", {{"/priorities/0/objectives", "[\"o1\",\"o9\"]"}}, "rule.among", CIB_ERROR, "/priorities/0/objectives/1", "o9"},
		{"instrument", {{"/questions/0/dimension", "\"finance\""}}, "rule.among", CIB_ERROR, "/questions/0/dimension", "finance"},
	};
	CHECK(state, cases);
}

static void a_final_assessment_does_not_change(void **state)
{
	static const rule_case cases[] = {
		{"assessment", {{"/note", "{\"en\":\"More.\"}"}}, "rule.frozen", CIB_ERROR, "/note", "final"},
		{"assessment", {{"/status", "\"draft\""}}, "rule.frozen", CIB_ERROR, "/status", "final"},
		{"assessment", {{NULL, NULL}}, .code = NULL}, /* as it is it stays */
	};
	CHECK(state, cases);
}

static void a_member_answers_a_round_once(void **state)
{
	static const rule_case cases[] = {
		{"response", {{"/id", "\"r-0000000001\""}}, "rule.unique", CIB_WARNING, "", "r-1c5q8z3t7m"},
		{"response", {{"/id", "\"r-0000000001\""}, {"/owner", "\"m-other\""}}, .code = NULL},
		{"response", {{NULL, NULL}}, .code = NULL},
	};
	CHECK(state, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_add_up_by_vocabulary),
		cmocka_unit_test(the_end_does_not_come_before_the_start),
		cmocka_unit_test(what_happened_is_not_in_the_future),
		cmocka_unit_test(a_date_may_be_missing_when_it_is_to_be_confirmed),
		cmocka_unit_test(the_schema_asks_for_dates_and_limits_significance),
		cmocka_unit_test(a_target_implies_its_goal),
		cmocka_unit_test(texts_have_a_limit_of_words),
		cmocka_unit_test(what_does_not_exist_is_a_warning),
		cmocka_unit_test(answers_and_choices_fit_what_was_asked),
		cmocka_unit_test(a_final_assessment_does_not_change),
		cmocka_unit_test(a_member_answers_a_round_once),
	};
	return cmocka_run_group_tests_name("network rules", tests, set_up_network, tear_down_network);
}
