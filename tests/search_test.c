/* Search: words in any language, phrases, beginnings, filters, what changed since, hostile queries, a damaged cache. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "search/browse.h"
#include "search/search.h"
#include "support/network.h"

typedef struct {
	const char *path, *text; /* text NULL: removed */
} entry;

/* Put entries on top of the commit of the fixture. */
static void commit(fixture *f, const entry *entries, size_t count)
{
	cib_oid tree;
	cib_tree_entry edits[16] = {0};
	for (size_t i = 0; i < count; i++) {
		edits[i] = (cib_tree_entry){.path = entries[i].path, .mode = entries[i].text ? 0100644 : 0};
		if (entries[i].text)
			assert_int_equal(cib_store_blob_write(&edits[i].oid, f->store, entries[i].text, strlen(entries[i].text), NULL), CIB_OK);
	}
	assert_int_equal(cib_store_tree_edit(&tree, f->store, &f->commit, edits, count, NULL), CIB_OK);
	assert_int_equal(cib_store_commit_write(&f->commit, f->store, &tree, &f->commit, 1, "t", "t@example.invalid", "t\n", NULL), CIB_OK);
}

#define WATER  "members/m-andal/projects/p-0000000001.json"
#define SCHOOL "members/m-andal/practices/g-0000000001.json"
#define BUDGET "members/m-b/projects/p-0000000002.json"
#define ARABIC "members/m-b/projects/p-0000000003.json"
#define EVENT  "network/events/e-0000000001.json"

static const entry some[] = {
	{WATER, "{\"id\":\"p-0000000001\",\"kind\":\"project\",\"title\":{\"en\":\"Clean water for six towns\",\"fr\":\"De l'eau propre pour six villes\"},"
                "\"description\":{\"general\":{\"en\":\"Pumps and pipes, repaired by those who use them.\"}},\"recipientCountries\":[{\"code\":\"TN\"}],"
                "\"themes\":[\"water-sanitation\"],\"sdg\":[{\"code\":\"6.1\"}],\"dates\":{\"plannedStart\":\"2021-05\",\"plannedEnd\":\"2023\"}}"},
	{SCHOOL, "{\"id\":\"g-0000000001\",\"kind\":\"practice\",\"title\":{\"fr\":\"\u00c9cole et \u0153uvre communautaire\"},"
                 "\"summary\":{\"fr\":\"Une \u00e9cole qui recycle l'eau. Six villes.\"},\"country\":\"SN\",\"themes\":[\"waste\"]}"},
	{BUDGET, "{\"id\":\"p-0000000002\",\"kind\":\"project\",\"title\":{\"es\":\"Presupuestos participativos en se\u00f1or\u00edos\"},"
                 "\"description\":{\"general\":{\"es\":\"Seis municipios deciden sobre el agua.\"}},\"sdg\":[{\"code\":\"16\"}],\"dates\":{\"plannedStart\":\"2024\"}}"},
	{ARABIC, "{\"id\":\"p-0000000003\",\"kind\":\"project\",\"title\":{\"ar\":\"\u0627\u0644\u0645\u064a\u0632\u0627\u0646\u064a\u0629 \u0627\u0644\u062a\u0634\u0627\u0631\u0643\u064a\u0651\u0629\"},"
                 "\"description\":{\"general\":{\"ar\":\"\u0645\u064a\u0627\u0647 \u0646\u0638\u064a\u0641\u0629 \u0644\u0644\u0628\u0644\u062f\u064a\u0627\u062a\"}}}"},
	{EVENT, "{\"id\":\"e-0000000001\",\"kind\":\"event\",\"title\":{\"en\":\"Meeting on water\"},\"start\":\"2024-02-19T09:30\"}"},
};
enum { SOME = sizeof some / sizeof *some };

static cib_search *opened(fixture *f, const char *file)
{
	cib_search *s = NULL;
	cib_error err = CIB_ERROR_INIT;
	if (cib_search_open(&s, f->net, file, &err) != CIB_OK || cib_search_update(s, &f->commit, NULL, NULL, NULL, &err) != CIB_OK)
		fail_msg("%s", err.message);
	return s;
}

/* "p-...1 g-...1": the ids of what is found, the best first. */
static void found(char out[512], cib_search *s, const cib_search_query *q)
{
	cib_search_hits hits;
	cib_error err = CIB_ERROR_INIT;
	*out = '\0';
	if (cib_search_run(&hits, s, q, &err) != CIB_OK)
		fail_msg("'%s': %s", q->words ? q->words : "", err.message);
	for (size_t i = 0; i < hits.count; i++) {
		const char *name = strrchr(hits.items[i].path, '/') + 1;
		snprintf(out + strlen(out), 512 - strlen(out), "%s%.12s", i ? " " : "", name);
	}
	cib_search_hits_free(&hits);
}

static void expect(cib_search *s, cib_search_query q, const char *want)
{
	char got[512];
	found(got, s, &q);
	if (strcmp(got, want) != 0)
		fail_msg("'%s' found '%s', not '%s'", q.words ? q.words : "(filters)", got, want);
}

static void words_are_found_in_any_language_without_accents_and_articles(void **state)
{
	fixture *f = *state;
	commit(f, some, SOME);
	cib_search *s = opened(f, NULL);
	expect(s, (cib_search_query){.words = "pumps"}, "p-0000000001");
	expect(s, (cib_search_query){.words = "PUMPS pipes"}, "p-0000000001");
	expect(s, (cib_search_query){.words = "ecole"}, "g-0000000001");
	expect(s, (cib_search_query){.words = "oeuvre"}, "g-0000000001");
	expect(s, (cib_search_query){.words = "senorios"}, "p-0000000002");
	expect(s, (cib_search_query){.words = "l'eau"}, "p-0000000001 g-0000000001");                         /* the title counts more */
	expect(s, (cib_search_query){.words = "\u0645\u064a\u0632\u0627\u0646\u064a\u0629"}, "p-0000000003"); /* without the article */
	expect(s, (cib_search_query){.words = "\u0627\u0644\u0645\u064a\u0632\u0627\u0646\u064a\u0647"}, "p-0000000003");
	expect(s, (cib_search_query){.words = "\u062a\u0634\u0627\u0631\u0643\u064a\u0629"}, "p-0000000003"); /* without the shadda */
	expect(s, (cib_search_query){.words = "Tunisie"}, "p-0000000001");                                    /* the name of its code */
	expect(s, (cib_search_query){.words = "p-0000000002"}, "p-0000000002");
	expect(s, (cib_search_query){.words = "nothing"}, "");
	cib_search_free(s);
}

/* One entry a script, each with the query that must find it alone, and what is marked. */
static void scripts_have_their_own_ways(void **state)
{
	fixture *f = *state;
	static const struct {
		const char *title, *query, *marked;
	} cases[] = {
		{"六个城镇的供水项目", "供水", "六个城镇的[供水]项目"},
		{"水をみんなで直す町", "みんなで", "水を[みんなで]直す町"},
		{"ระบบน้ำของหกเมือง", "น้ำ", "ระบบ[น้ำ]ของหกเมือง"},
		{"깨끗한 물을 위한 마을", "물*", "깨끗한 [물을] 위한 마을"},
		{"Чистая вода для шести городов", "ВОДА", "Чистая [вода] для шести городов"},
		{"Καθαρό νερό για έξι πόλεις", "πολεις", "Καθαρό νερό για έξι [πόλεις]"},
		{"والميزانيات للبلديات الصغيرة", "بلديات", "والميزانيات [للبلديات] الصغيرة"},
		{"بالمشاركة والتعلم", "التعلم", "بالمشاركة [والتعلم]"},
		{"شهرداری‌های کوچک", "كوچك", "شهرداری‌های [کوچک]"},
		{"Sådan deler vi løsninger i Łódź", "losninger lodz", "Sådan deler vi [løsninger] i [Łódź]"},
		{"Işık ve ISI", "isik", "[Işık] ve ISI"},
		{"Straße und Maße", "strasse", "[Straße] und Maße"},
		{"छह नगरों के लिए स्वच्छ जल", "जल", "छह नगरों के लिए स्वच्छ [जल]"},
	};
	enum { COUNT = sizeof cases / sizeof *cases };
	cib_oid before = f->commit;
	for (size_t i = 0; i < COUNT; i++) {
		char path[64], *text = cib_format("{\"title\":{\"xx\":\"%s\"}}", cases[i].title);
		snprintf(path, sizeof path, "members/m-d/projects/p-2%09zu.json", i);
		commit(f, &(entry){path, text}, 1);
		free(text);
	}
	cib_search *s = opened(f, NULL);
	for (size_t i = 0; i < COUNT; i++) {
		char want[32];
		cib_buf title = CIB_BUF_INIT;
		snprintf(want, sizeof want, "p-2%09zu", i);
		expect(s, (cib_search_query){.words = cases[i].query, .member = "m-d"}, want);
		cib_search_mark(&title, cases[i].title, &(cib_search_marks){cases[i].query, "[", "]", false, false});
		assert_string_equal(cib_buf_str(&title), cases[i].marked);
		cib_buf_free(&title);
	}
	expect(s, (cib_search_query){.words = "水供", .member = "m-d"}, ""); /* in this order it stands nowhere */
	cib_search_free(s);
	f->commit = before;
}

static void phrases_beginnings_and_what_must_not_be_there(void **state)
{
	fixture *f = *state;
	cib_search *s = opened(f, NULL);
	expect(s, (cib_search_query){.words = "\"six towns\""}, "p-0000000001");
	expect(s, (cib_search_query){.words = "\"towns six\""}, "");
	expect(s, (cib_search_query){.words = "munic*"}, "p-0000000002");
	expect(s, (cib_search_query){.words = "\"clean wat\"*"}, "p-0000000001");
	expect(s, (cib_search_query){.words = "water"}, "p-0000000001 e-0000000001"); /* its theme says so, too */
	expect(s, (cib_search_query){.words = "water -pumps"}, "e-0000000001");
	expect(s, (cib_search_query){.words = "water -\"six towns\""}, "e-0000000001");
	cib_search_hits hits;
	assert_int_equal(cib_search_run(&hits, s, &(cib_search_query){.words = "participat"}, NULL), CIB_OK);
	assert_true(hits.widened); /* nothing has the word itself */
	assert_int_equal(hits.count, 1);
	cib_search_hits_free(&hits);
	cib_search_free(s);
}

static void filters_by_kind_member_country_goal_theme_and_year(void **state)
{
	fixture *f = *state;
	cib_search *s = opened(f, NULL);
	expect(s, (cib_search_query){.kind = "practice"}, "g-0000000001");
	expect(s, (cib_search_query){.words = "water", .kind = "event"}, "e-0000000001");
	expect(s, (cib_search_query){.words = "agua", .member = "m-b"}, "p-0000000002");
	expect(s, (cib_search_query){.words = "deciden", .member = "m-andal"}, "");
	expect(s, (cib_search_query){.member = "secretariat"}, "e-0000000001");
	expect(s, (cib_search_query){.country = "TN"}, "p-0000000001");
	expect(s, (cib_search_query){.sdg = "6"}, "p-0000000001"); /* by its target */
	expect(s, (cib_search_query){.sdg = "6.1"}, "p-0000000001");
	expect(s, (cib_search_query){.sdg = "6.2"}, "");
	expect(s, (cib_search_query){.theme = "waste"}, "g-0000000001");
	expect(s, (cib_search_query){.year = "2022"}, "p-0000000001"); /* from 2021 to 2023 */
	expect(s, (cib_search_query){.year = "2024", .kind = "project"}, "p-0000000002");
	expect(s, (cib_search_query){.kind = "project", .limit = 1, .sdg = "16"}, "p-0000000002");
	cib_search_free(s);
}

static void the_index_follows_what_changed(void **state)
{
	fixture *f = *state;
	char *file = cib_format("%s/search.sqlite", f->dir);
	cib_search_free(opened(f, file));
	commit(f, (entry[]){{WATER, "{\"title\":{\"en\":\"Wells\"}}"}, {SCHOOL, NULL}, {"members/m-b/projects/p-0000000009.json", "{\"title\":{\"en\":\"New\"}}"}}, 3);
	cib_search *s = NULL;
	cib_search_report report;
	assert_int_equal(cib_search_open(&s, f->net, file, NULL), CIB_OK);
	assert_int_equal(cib_search_update(s, &f->commit, NULL, NULL, &report, NULL), CIB_OK);
	assert_false(report.rebuilt);
	assert_int_equal(report.changed, 3);
	expect(s, (cib_search_query){.words = "wells"}, "p-0000000001");
	expect(s, (cib_search_query){.words = "pumps"}, "");
	expect(s, (cib_search_query){.words = "ecole"}, "");
	expect(s, (cib_search_query){.words = "new"}, "p-0000000009");
	assert_int_equal(cib_search_update(s, &f->commit, NULL, NULL, &report, NULL), CIB_OK);
	assert_int_equal(report.changed, 0);
	cib_search_free(s);
	commit(f, some, SOME);
	commit(f, (entry[]){{"members/m-b/projects/p-0000000009.json", NULL}}, 1);
	free(file);
}

static void the_index_is_made_again_when_codes_or_kinds_change(void **state)
{
	fixture *f = *state;
	char *file = cib_format("%s/rules.sqlite", f->dir);
	cib_oid before = f->commit;
	static const char *const paths[] = {"codelists/moods.json", "schema/visit.schema.json"};
	cib_search *s = opened(f, file);
	for (size_t i = 0; i < 2; i++) {
		cib_search_report report;
		commit(f, &(entry){paths[i], "{}"}, 1);
		assert_int_equal(cib_search_update(s, &f->commit, NULL, NULL, &report, NULL), CIB_OK);
		assert_true(report.rebuilt);
		expect(s, (cib_search_query){.words = "pumps"}, "p-0000000001");
		commit(f, &(entry){"network.json", i ? "{ }" : "{}"}, 1); /* a setting is in no entry's words */
		assert_int_equal(cib_search_update(s, &f->commit, NULL, NULL, &report, NULL), CIB_OK);
		assert_false(report.rebuilt);
	}
	cib_search_free(s);
	f->commit = before;
	free(file);
}

static void working_files_are_laid_over_it_for_this_time(void **state)
{
	fixture *f = *state;
	char *file = cib_format("%s/search.sqlite", f->dir);
	cib_search *s = opened(f, file);
	static const char draft[] = "{\"title\":{\"en\":\"Wells\"},\"description\":{\"general\":{\"en\":\"Deep ones.\"}}}";
	assert_int_equal(cib_search_overlay(s, WATER, draft, sizeof draft - 1, NULL), CIB_OK);
	assert_int_equal(cib_search_overlay(s, BUDGET, NULL, 0, NULL), CIB_OK);
	assert_int_equal(cib_search_overlay(s, SCHOOL, "{ no JSON", 9, NULL), CIB_OK);
	expect(s, (cib_search_query){.words = "deep"}, "p-0000000001");
	expect(s, (cib_search_query){.words = "pumps"}, "");
	expect(s, (cib_search_query){.words = "agua"}, "");
	cib_search_free(s);
	s = opened(f, file);
	expect(s, (cib_search_query){.words = "pumps"}, "p-0000000001");
	expect(s, (cib_search_query){.words = "deep"}, "");
	cib_search_free(s);
	free(file);
}

static void nothing_in_a_query_has_power(void **state)
{
	fixture *f = *state;
	cib_search *s = opened(f, NULL);
	static const char *const queries[] = {"\"", "\"\"", "\"\"\"", "*", "**", "-", "--", "-*", "\"*", "NEAR(", "water)", "(water", "title:water", "title : water", "facets:k_project",
	                                      "k_project", "{title text}", "^water", "water AND", "OR", "NOT", "water NOT", "+", "water+", "'; DROP TABLE words; --", "\\", "%", "_", "\x01",
	                                      "\xff\xfe", "wat\xc3", "\xed\xa0\x80", "\u202e", "a\"b\"c", "\"unterminated", "- -", "-\"", "\u0640\u0640", "\U0001f4a7"};
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		cib_search_hits hits;
		cib_error err = CIB_ERROR_INIT;
		if (cib_search_run(&hits, s, &(cib_search_query){.words = queries[i]}, &err) != CIB_OK)
			fail_msg("query %zu: %s", i, err.message);
		cib_search_hits_free(&hits);
		cib_search_query hostile = {.words = "water", .kind = queries[i], .member = queries[i], .country = queries[i], .sdg = queries[i], .theme = queries[i], .year = queries[i]};
		if (cib_search_run(&hits, s, &hostile, &err) != CIB_OK)
			fail_msg("filter %zu: %s", i, err.message);
		assert_int_equal(hits.count, 0);
		cib_search_hits_free(&hits);
	}
	char *long_query = cib_alloc(200001);
	memset(long_query, 'a', 200000);
	for (size_t i = 0; i < 200000; i += 5)
		long_query[i] = ' ';
	expect(s, (cib_search_query){.words = long_query}, "");
	free(long_query);
	expect(s, (cib_search_query){.words = "k_project"}, ""); /* facets are not words */
	cib_search_free(s);
}

static void a_damaged_cache_is_made_again(void **state)
{
	fixture *f = *state;
	char *file = cib_format("%s/damaged.sqlite", f->dir);
	static const struct {
		long at, bytes; /* overwritten; bytes 0: cut off there */
	} cases[] = {{0, 100}, {0, 0}, {16, 2}, {4000, 0}, {1, 4096}, {4096, 8192}, {8192, 40000}, {100, 60}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cib_search_free(opened(f, file));
		if (cases[i].bytes) {
			FILE *out = fopen(file, "r+b");
			fseek(out, cases[i].at, SEEK_SET);
			for (long k = 0; k < cases[i].bytes; k++)
				fputc((int)(k * 37 + 11) & 0xff, out);
			fclose(out);
		} else {
			assert_int_equal(truncate(file, cases[i].at), 0);
		}
		/* As the command does: what is damaged is forgotten and made again. */
		cib_search *s = NULL;
		cib_search_hits hits = {0};
		cib_error err = CIB_ERROR_INIT;
		assert_int_equal(cib_search_open(&s, f->net, file, &err), CIB_OK);
		int status = CIB_DAMAGED;
		for (int attempt = 0; status == CIB_DAMAGED && attempt < 2; attempt++) {
			if (attempt)
				assert_int_equal(cib_search_reset(s, &err), CIB_OK);
			status = cib_search_update(s, &f->commit, NULL, NULL, NULL, &err);
			if (status == CIB_OK)
				status = cib_search_run(&hits, s, &(cib_search_query){.words = "pumps"}, &err);
		}
		if (status != CIB_OK || hits.count != 1)
			fail_msg("case %zu: %d, %zu found: %s", i, status, hits.count, err.message);
		cib_search_hits_free(&hits);
		cib_search_free(s);
	}
	free(file);
}

static void where_it_cannot_be_written_it_is_in_memory(void **state)
{
	fixture *f = *state;
	cib_search *s = opened(f, "/no/such/folder/search.sqlite");
	expect(s, (cib_search_query){.words = "pumps"}, "p-0000000001");
	cib_search_free(s);
}

static int stop_at_once(size_t done, void *payload)
{
	(void)done;
	(void)payload;
	return 1;
}

static void an_update_that_is_stopped_leaves_the_index_as_it_was(void **state)
{
	fixture *f = *state;
	char *file = cib_format("%s/stopped.sqlite", f->dir);
	cib_search *s = opened(f, file);
	cib_oid before = f->commit;
	for (int round = 0; round < 50; round++) { /* 500 changes: the first call of the progress */
		entry more[10];
		char paths[10][64], texts[10][64];
		for (int i = 0; i < 10; i++) {
			snprintf(paths[i], sizeof paths[i], "members/m-c/projects/p-1%09d.json", round * 10 + i);
			snprintf(texts[i], sizeof texts[i], "{\"title\":{\"en\":\"Filler %d\"}}", round * 10 + i);
			more[i] = (entry){paths[i], texts[i]};
		}
		commit(f, more, 10);
	}
	assert_int_equal(cib_search_update(s, &f->commit, stop_at_once, NULL, NULL, NULL), CIB_CANCELLED);
	expect(s, (cib_search_query){.words = "filler", .limit = 1}, "");
	expect(s, (cib_search_query){.words = "pumps"}, "p-0000000001");
	assert_int_equal(cib_search_update(s, &f->commit, NULL, NULL, NULL, NULL), CIB_OK);
	expect(s, (cib_search_query){.words = "\"filler 77\""}, "p-1000000077");
	cib_search_free(s);
	f->commit = before;
	free(file);
}

static void the_matching_words_are_shown(void **state)
{
	fixture *f = *state;
	cib_search *s = opened(f, NULL);
	static const struct {
		const char *words, *path, *title, *snippet;
		size_t width;
	} cases[] = {
		{"water", WATER, "Clean [water] for six towns", "", 80},
		{"wat*", WATER, "Clean [water] for six towns", "", 80},
		{"water pumps", WATER, "Clean [water] for six towns", "[Pumps] and pipes, repaired by those who use them.", 80},
		{"recycle", SCHOOL, "École et œuvre communautaire", "Une école qui [recycle] l'eau. Six villes.", 80},
		{"pipes", WATER, "Clean water for six towns", "\u2026 and [pipes], \u2026", 20},
		{"Tunisie", WATER, "Clean water for six towns", "[Tunisie]", 80},
		{"ECOLE", SCHOOL, "[\u00c9cole] et \u0153uvre communautaire", "", 80},
		{"\u0645\u064a\u0632\u0627\u0646\u064a\u0629", ARABIC, "[\u0627\u0644\u0645\u064a\u0632\u0627\u0646\u064a\u0629] \u0627\u0644\u062a\u0634\u0627\u0631\u0643\u064a\u0651\u0629", "", 80},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cib_search_marks marks = {cases[i].words, "[", "]", false, false};
		cib_buf title = CIB_BUF_INIT, snippet = CIB_BUF_INIT;
		cJSON *doc = NULL;
		for (size_t k = 0; k < SOME; k++)
			if (strcmp(some[k].path, cases[i].path) == 0)
				assert_int_equal(cib_json_read(&doc, some[k].text, strlen(some[k].text), NULL, NULL), CIB_OK);
		cib_search_mark(&title, cib_entry_title(doc, "en"), &marks);
		cib_search_snippet(&snippet, s, cases[i].path, doc, "en", cases[i].width, &marks);
		assert_string_equal(cib_buf_str(&title), cases[i].title);
		assert_string_equal(cib_buf_str(&snippet), cases[i].snippet);
		cJSON_Delete(doc);
		cib_buf_free(&title);
		cib_buf_free(&snippet);
	}
	cib_search_free(s);
}

static void marks_for_a_page_are_markup_and_the_text_is_not(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"Clean <water> & \"schools\"", "Clean &lt;<mark>water</mark>&gt; &amp; &quot;schools&quot;"},
		{"<mark>water</mark>", "&lt;mark&gt;<mark>water</mark>&lt;/mark&gt;"},
		{"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cib_buf out = CIB_BUF_INIT;
		cib_search_mark(&out, cases[i].text, &(cib_search_marks){"water", "<mark>", "</mark>", false, true});
		assert_string_equal(cib_buf_str(&out), cases[i].want);
		cib_buf_free(&out);
	}
}

/* "TN 1, SN 1": the values of a facet. */
static void counted(char out[512], cib_search *s, cib_search_query q, cib_search_facet_of facet, size_t want_total)
{
	cib_search_counts counts;
	*out = '\0';
	assert_int_equal(cib_search_count_values(&counts, s, &q, NULL), CIB_OK);
	assert_int_equal(counts.total, want_total);
	for (size_t i = 0; i < counts.of[facet].count; i++)
		snprintf(out + strlen(out), 512 - strlen(out), "%s%s %zu", i ? ", " : "", counts.of[facet].items[i].value, counts.of[facet].items[i].count);
	cib_search_counts_free(&counts);
}

static void values_of_what_is_found_are_counted(void **state)
{
	fixture *f = *state;
	cib_oid before = f->commit;
	commit(f, some, SOME);
	cib_search *s = opened(f, NULL);
	static const struct {
		cib_search_query query;
		cib_search_facet_of facet;
		size_t total;
		const char *want;
	} cases[] = {
		{{.words = "six"}, CIB_SEARCH_KINDS, 2, "practice 1, project 1"},
		{{.words = "six"}, CIB_SEARCH_COUNTRIES, 2, "SN 1, TN 1"},
		{{.words = "six"}, CIB_SEARCH_MEMBERS, 2, "m-andal 2"},
		{{.words = "six"}, CIB_SEARCH_SDGS, 2, "6 1, 6.1 1"},
		{{.words = "six"}, CIB_SEARCH_YEARS, 2, "2021 1, 2022 1, 2023 1"},
		{{.words = "six", .country = "TN"}, CIB_SEARCH_THEMES, 1, "water-sanitation 1"},
		{{.words = "six", .country = "TN"}, CIB_SEARCH_COUNTRIES, 1, "SN 1, TN 1"}, /* the others beside the chosen one */
		{{.kind = "project"}, CIB_SEARCH_MEMBERS, 3, "m-b 2, m-andal 1"},
		{{.words = "munic"}, CIB_SEARCH_MEMBERS, 1, "m-b 1"}, /* by its beginning */
		{{.words = "nothing"}, CIB_SEARCH_KINDS, 0, ""},
		{{.words = "water -pumps"}, CIB_SEARCH_KINDS, 1, "event 1"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char got[512];
		counted(got, s, cases[i].query, cases[i].facet, cases[i].total);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("case %zu: '%s', not '%s'", i, got, cases[i].want);
	}
	char got[512];
	static const char moved[] = "{\"title\":{\"en\":\"Six more\"},\"recipientCountries\":[{\"code\":\"PE\"}]}";
	assert_int_equal(cib_search_overlay(s, WATER, moved, strlen(moved), NULL), CIB_OK);
	counted(got, s, (cib_search_query){.words = "six"}, CIB_SEARCH_COUNTRIES, 2);
	assert_string_equal(got, "PE 1, SN 1");
	char *name = cib_search_value_name(f->net, CIB_SEARCH_COUNTRIES, "TN", "fr");
	assert_string_equal(name, "Tunisie");
	free(name);
	cib_search_free(s);
	f->commit = before;
}

/* More words begin so than the expression names, and the one that is wanted is the last of them. */
static void a_beginning_of_very_many_words_finds_them_all(void **state)
{
	fixture *f = *state;
	cib_oid before = f->commit;
	cib_buf text = CIB_BUF_INIT;
	cib_buf_adds(&text, "{\"title\":{\"en\":\"");
	for (int i = 0; i < 700; i++)
		cib_buf_addf(&text, "quark%03d ", i);
	cib_buf_adds(&text, "\"}}");
	commit(f, (entry[]){{"members/m-b/projects/p-0000000009.json", text.data}, {"members/m-b/projects/p-0000000008.json", "{\"title\":{\"en\":\"quarkzzz and water\"}}"}, {"members/m-b/projects/p-0000000007.json", "{\"title\":{\"en\":\"water\"},\"description\":{\"general\":{\"en\":\"a quark650\"}}}"}},
	       3);
	cib_search *s = opened(f, NULL);
	expect(s, (cib_search_query){.words = "quarkz*"}, "p-0000000008");
	expect(s, (cib_search_query){.words = "quark* water"}, "p-0000000008 p-0000000007");
	expect(s, (cib_search_query){.words = "\"a quark65\"*"}, "p-0000000007");
	expect(s, (cib_search_query){.words = "water -quark*", .member = "m-b"}, "");
	expect(s, (cib_search_query){.words = "quark*", .limit = 2, .offset = 2}, "p-0000000007");
	char got[512];
	counted(got, s, (cib_search_query){.words = "quark*"}, CIB_SEARCH_MEMBERS, 3);
	assert_string_equal(got, "m-b 3");
	cib_search_free(s);
	cib_buf_free(&text);
	f->commit = before;
}

/* "title, title": a part of the list. */
static void listed(char out[512], cib_search *s, cib_search_query q, const char *lang, size_t from, size_t count, size_t want_total)
{
	cib_browse page;
	cib_error err = CIB_ERROR_INIT;
	*out = '\0';
	if (cib_search_browse(&page, s, &q, CIB_BROWSE_TITLE, lang, from, count, &err) != CIB_OK)
		fail_msg("%s", err.message);
	assert_int_equal(page.total, want_total);
	for (size_t i = 0; i < page.count; i++)
		snprintf(out + strlen(out), 512 - strlen(out), "%s%s", i ? ", " : "", page.rows[i].title);
	cib_browse_clear(&page);
}

static void the_list_has_everything_by_title_a_page_at_a_time(void **state)
{
	fixture *f = *state;
	cib_oid before = f->commit;
	char got[512];
	commit(f, some, SOME);
	cib_search *s = opened(f, NULL);
	listed(got, s, (cib_search_query){0}, "fr", 0, 3, SOME);
	assert_string_equal(got, "De l'eau propre pour six villes, \u00c9cole et \u0153uvre communautaire, Meeting on water");
	listed(got, s, (cib_search_query){0}, "en", 0, 1, SOME);
	assert_string_equal(got, "Clean water for six towns");
	listed(got, s, (cib_search_query){0}, "fr", 3, 1, SOME);
	assert_string_equal(got, "Presupuestos participativos en se\u00f1or\u00edos");
	listed(got, s, (cib_search_query){0}, "fr", 5, 10, SOME);
	assert_string_equal(got, "");
	listed(got, s, (cib_search_query){.words = "water", .kind = "event"}, "en", 0, 10, 1);
	assert_string_equal(got, "Meeting on water");
	listed(got, s, (cib_search_query){.words = "wat"}, "en", 0, 10, 2); /* by the beginning */
	assert_string_equal(got, "Clean water for six towns, Meeting on water");
	/* what is laid over it takes its place, and goes again */
	static const char other[] = "{\"id\":\"e-0000000001\",\"kind\":\"event\",\"title\":{\"en\":\"A meeting\"}}";
	assert_int_equal(cib_search_overlay(s, EVENT, other, strlen(other), NULL), CIB_OK);
	assert_int_equal(cib_search_overlay(s, WATER, NULL, 0, NULL), CIB_OK);
	listed(got, s, (cib_search_query){0}, "en", 0, 2, SOME - 1);
	assert_string_equal(got, "A meeting, \u00c9cole et \u0153uvre communautaire");
	listed(got, s, (cib_search_query){.words = "water"}, "en", 0, 10, 0);
	cib_search_overlay_clear(s);
	listed(got, s, (cib_search_query){.words = "water"}, "en", 0, 10, 2);
	assert_int_equal(cib_search_overlay(s, EVENT, other, strlen(other), NULL), CIB_OK); /* a second time */
	listed(got, s, (cib_search_query){.words = "meeting"}, "en", 0, 10, 1);
	assert_string_equal(got, "A meeting");
	cib_search_overlay_clear(s);
	commit(f, &(entry){WATER, NULL}, 1);
	assert_int_equal(cib_search_update(s, &f->commit, NULL, NULL, NULL, NULL), CIB_OK);
	listed(got, s, (cib_search_query){.words = "water"}, "en", 0, 10, 1);
	assert_string_equal(got, "Meeting on water");
	cib_search_free(s);
	f->commit = before;
}

/* The list and the counts of a search are two ways to one number. */
static void the_list_counts_as_the_search_does(void **state)
{
	fixture *f = *state;
	cib_oid before = f->commit;
	commit(f, some, SOME);
	cib_search *s = opened(f, NULL);
	static const cib_search_query queries[] = {{0}, {.words = "six"}, {.words = "six", .country = "TN"}, {.kind = "project"}, {.kind = "project", .member = "m-b"}, {.sdg = "6"}, {.year = "2022"}, {.words = "munic"}, {.words = "nothing"}, {.words = "water -pumps"}, {.theme = "none"}};
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		static const char letters[] = "kmcsty";
		cib_search_counts counts;
		cib_browse page;
		size_t n = 0, same = 0;
		assert_int_equal(cib_search_count_values(&counts, s, &queries[i], NULL), CIB_OK);
		assert_int_equal(cib_search_browse(&page, s, &queries[i], CIB_BROWSE_BEST, "en", 0, 10, NULL), CIB_OK);
		assert_int_equal(page.total, counts.total);
		for (size_t k = 0; k < CIB_SEARCH_FACETS; k++)
			for (size_t v = 0; v < counts.of[k].count; v++, n++)
				for (size_t p = 0; p < page.facet_count; p++)
					same += page.facets[p].what == letters[k] && strcmp(page.facets[p].value, counts.of[k].items[v].value) == 0 && page.facets[p].count == counts.of[k].items[v].count;
		assert_int_equal(same, n);
		assert_int_equal(page.facet_count, n);
		cib_search_counts_free(&counts);
		cib_browse_clear(&page);
	}
	cib_search_free(s);
	f->commit = before;
}

/* Two programs bring one index up to date: the one that comes second finds it done. */
static void two_at_once_do_not_hurt_the_index(void **state)
{
	fixture *f = *state;
	cib_oid before = f->commit;
	char *file = cib_format("%s/two.sqlite", f->dir);
	cib_search *one = opened(f, file), *two = opened(f, file);
	char got[512];
	commit(f, some, SOME);
	assert_int_equal(cib_search_update(one, &f->commit, NULL, NULL, NULL, NULL), CIB_OK);
	assert_int_equal(cib_search_update(two, &f->commit, NULL, NULL, NULL, NULL), CIB_OK);
	listed(got, one, (cib_search_query){.words = "water"}, "en", 0, 10, 2);
	listed(got, two, (cib_search_query){.words = "water"}, "en", 0, 10, 2);
	cib_search_free(one);
	cib_search_free(two);
	free(file);
	f->commit = before;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_found_in_any_language_without_accents_and_articles),
		cmocka_unit_test(scripts_have_their_own_ways),
		cmocka_unit_test(phrases_beginnings_and_what_must_not_be_there),
		cmocka_unit_test(filters_by_kind_member_country_goal_theme_and_year),
		cmocka_unit_test(the_index_follows_what_changed),
		cmocka_unit_test(the_index_is_made_again_when_codes_or_kinds_change),
		cmocka_unit_test(working_files_are_laid_over_it_for_this_time),
		cmocka_unit_test(nothing_in_a_query_has_power),
		cmocka_unit_test(a_damaged_cache_is_made_again),
		cmocka_unit_test(where_it_cannot_be_written_it_is_in_memory),
		cmocka_unit_test(an_update_that_is_stopped_leaves_the_index_as_it_was),
		cmocka_unit_test(the_matching_words_are_shown),
		cmocka_unit_test(marks_for_a_page_are_markup_and_the_text_is_not),
		cmocka_unit_test(values_of_what_is_found_are_counted),
		cmocka_unit_test(a_beginning_of_very_many_words_finds_them_all),
		cmocka_unit_test(the_list_has_everything_by_title_a_page_at_a_time),
		cmocka_unit_test(the_list_counts_as_the_search_does),
		cmocka_unit_test(two_at_once_do_not_hurt_the_index),
	};
	return cmocka_run_group_tests_name("search", tests, set_up_network, tear_down_network);
}
