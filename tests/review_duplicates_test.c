/* Which entries are about one thing: words, periods, countries, and a labelled set of real activities. */
#include "exchange/exchange.h"
#include "review/fingerprint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static fp make(const char *json)
{
	cJSON *doc = NULL;
	fp f;
	assert_int_equal(cib_json_read(&doc, json, strlen(json), NULL, NULL), CIB_OK);
	cib_fp_make(&f, doc);
	cJSON_Delete(doc);
	return f;
}

static fp project(const char *title, const char *country, const char *start)
{
	char *json = cib_format("{\"title\":%s,\"recipientCountries\":[{\"code\":\"%s\"}],\"dates\":{\"plannedStart\":\"%s\"}}", title, country, start);
	fp f = make(json);
	free(json);
	return f;
}

/* ---- pairs ---- */

typedef struct {
	const char *sentence, *a_title, *a_country, *a_start, *b_title, *b_country, *b_start;
	bool same;
} pair;

static const pair pairs[] = {
	{"the same title", "{\"en\":\"Water for six towns\"}", "PE", "2024-01", "{\"en\":\"Water for six towns\"}", "PE", "2024-01", true},
	{"other accents and case", "{\"es\":\"Alumbrado público de Zúñiga\"}", "PE", "2024", "{\"es\":\"ALUMBRADO PUBLICO DE ZUNIGA\"}", "PE", "2024", true},
	{"another order of words", "{\"en\":\"Registry office of Exempleville\"}", "ML", "2023-05", "{\"en\":\"Exempleville: office for the registry\"}", "ML", "2023-09", true},
	{"another language", "{\"en\":\"Water for six towns\"}", "PE", "2024", "{\"es\":\"Agua para seis ciudades\"}", "PE", "2024", true},
	{"one of several languages", "{\"fr\":\"Des écoles pour Kita\",\"en\":\"Schools for Kita\"}", "ML", "2022", "{\"en\":\"Schools for Kita\"}", "ML", "2022", true},
	{"another country", "{\"en\":\"Water for six towns\"}", "PE", "2024-01", "{\"en\":\"Water for six towns\"}", "BO", "2024-01", false},
	{"another period", "{\"en\":\"Water for six towns\"}", "PE", "2016-01", "{\"en\":\"Water for six towns\"}", "PE", "2024-01", false},
	{"another phase", "{\"en\":\"Water for towns, phase 1\"}", "PE", "2024-01", "{\"en\":\"Water for towns, phase 2\"}", "PE", "2024-06", false},
	{"another thing", "{\"en\":\"Water for six towns\"}", "PE", "2024-01", "{\"en\":\"Street lights for six towns\"}", "PE", "2024-01", false},
	{"nothing but filling words in common", "{\"en\":\"The school of the valley\"}", "PE", "2024", "{\"en\":\"The bridge of the coast\"}", "PE", "2024", false},
};

static void test_pairs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const pair *p = &pairs[i];
		fp a = project(p->a_title, p->a_country, p->a_start), b = project(p->b_title, p->b_country, p->b_start);
		fp_match ab = cib_fp_compare(&a, &b), ba = cib_fp_compare(&b, &a);
		if ((ab.score > 0) != p->same)
			fail_msg("%s: score %d", p->sentence, ab.score);
		assert_int_equal(ab.score, ba.score);
	}
}

static void test_identifier(void **state)
{
	(void)state;
	fp a = make("{\"title\":{\"en\":\"One\"},\"identifiers\":[{\"type\":\"iati\",\"value\":\"XI-IATI-1234/5\"}]}");
	fp b = make("{\"title\":{\"en\":\"Quite another\"},\"identifiers\":[{\"type\":\"iati\",\"value\":\"xi iati 1234 5\"}]}");
	assert_true(cib_fp_compare(&a, &b).same_identifier);
}

static void test_description(void **state)
{
	(void)state;
	fp a = make("{\"title\":{\"en\":\"Grants for studies\"},\"country\":\"ID\",\"description\":{\"general\":{\"en\":\"Political science and law\"}}}");
	fp b = make("{\"title\":{\"en\":\"Grants for studies\"},\"country\":\"ID\",\"description\":{\"general\":{\"en\":\"Chemistry of oceans\"}}}");
	fp c = make("{\"title\":{\"en\":\"Grants for studies\"},\"country\":\"ID\",\"description\":{\"general\":{\"fr\":\"Sciences politiques\"}}}");
	assert_int_equal(cib_fp_compare(&a, &b).score, 0);
	assert_true(cib_fp_compare(&a, &c).score > 0);
}

/* ---- the labelled set ---- */

enum { MANY = 100,
       PAIRS = 40 };

typedef struct {
	fp prints[MANY];
	char tails[MANY][8];
	size_t count;
} activities;

static int take(cib_iati_activity *a, void *payload)
{
	activities *all = payload;
	size_t len = strlen(a->identifier);
	assert_true(all->count < MANY && len >= 6);
	memcpy(all->tails[all->count], a->identifier + len - 6, 7);
	cib_json_remove(a->doc, "identifiers"); /* two members would have given it two */
	cib_fp_make(&all->prints[all->count++], a->doc);
	return 0;
}

static size_t read_labels(char labels[PAIRS][2][8])
{
	size_t n = 0;
	char line[256];
	FILE *f = fopen(CIB_SOURCE_DIR "/tests/data/duplicates/maec_indonesia.txt", "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f) && n < PAIRS)
		n += line[0] != '#' && sscanf(line, "%7s %7s", labels[n][0], labels[n][1]) == 2;
	fclose(f);
	return n;
}

static bool is_labelled(char labels[PAIRS][2][8], size_t n, const char *a, const char *b)
{
	for (size_t i = 0; i < n; i++)
		if ((strcmp(labels[i][0], a) == 0 && strcmp(labels[i][1], b) == 0) || (strcmp(labels[i][0], b) == 0 && strcmp(labels[i][1], a) == 0))
			return true;
	return false;
}

/* Every pair that compares well shares a key, or the index would not find it. */
static bool share_key(const fp *a, const fp *b)
{
	static uint64_t x[FP_KEYS], y[FP_KEYS];
	size_t exact, n = cib_fp_keys(x, a, &exact), m = cib_fp_keys(y, b, &exact);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m; k++)
			if (x[i] == y[k])
				return true;
	return false;
}

static void test_real_activities(void **state)
{
	(void)state;
	static const char path[] = CIB_SHARED_DIR "/domain/iati-activities/MAEC_IATI_INDONESIA.xml";
	static activities all;
	char labels[PAIRS][2][8];
	size_t label_count = read_labels(labels), found = 0, right = 0;
	if (access(path, R_OK) != 0) {
		print_message("SKIP: %s is not here\n", path);
		skip();
	}
	all.count = 0;
	assert_int_equal(cib_iati_read(path, take, &all, NULL), CIB_OK);
	assert_int_equal(all.count, 83);
	for (size_t i = 0; i < all.count; i++)
		for (size_t k = i + 1; k < all.count; k++) {
			fp_match match = cib_fp_compare(&all.prints[i], &all.prints[k]);
			bool labelled = is_labelled(labels, label_count, all.tails[i], all.tails[k]);
			if (match.score) {
				found++;
				right += labelled;
				assert_true(share_key(&all.prints[i], &all.prints[k]));
			}
			if ((match.score > 0) != labelled)
				print_message("%s: %s %s, score %d\n", labelled ? "missed" : "found wrongly", all.tails[i], all.tails[k], match.score);
		}
	print_message("labelled %zu, found %zu, of them right %zu: precision %.2f, recall %.2f\n", label_count, found, right, (double)right / (double)(found ? found : 1),
	              (double)right / (double)label_count);
	assert_true(label_count == 23 && right >= 22 && found - right <= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_identifier),
		cmocka_unit_test(test_description),
		cmocka_unit_test(test_real_activities),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
