/* One fault in a good entry: fourteen kinds of them, eight variants of each (tests/data/schema/faults.json). The first finding must
 * name the right place and the keyword that failed, and be the only one: what merely follows from the fault is not told. Each
 * variant is tried with the members of all objects in several orders, and told in every language. */
#include "schema/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { ORDERS = 4,
       KINDS = 14,
       VARIANTS = 8 };

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* The same document with its members in another order. */
static void shuffle(cJSON *doc, uint32_t *state)
{
	for (cJSON *c = doc->child; c; c = c->next)
		shuffle(c, state);
	for (int n = cJSON_IsObject(doc) ? cJSON_GetArraySize(doc) : 0; n > 1; n--) {
		cJSON *some = cJSON_GetArrayItem(doc, (int)(next_random(state) % (uint32_t)n));
		cJSON_AddItemToArray(doc, cJSON_DetachItemViaPointer(doc, some)); /* keeps its name */
	}
}

static cJSON *holder_of(cJSON *doc, const char *pointer, cib_buf *name)
{
	char *above = cib_strndup(pointer, (size_t)(strrchr(pointer, '/') - pointer));
	const char *last = strrchr(pointer, '/');
	assert_true(cib_json_pointer_next(&last, name));
	cJSON *holder = (cJSON *)(uintptr_t)cib_json_at(doc, above);
	assert_non_null(holder);
	free(above);
	return holder;
}

static void make_fault(cJSON **doc, const cJSON *variant)
{
	const char *set = cib_json_string(variant, "set"), *take = cib_json_string(variant, "take"), *name = cib_json_string(variant, "rename");
	const char *at = set ? set : take ? take
	                                  : name;
	cib_buf token = CIB_BUF_INIT;
	cJSON *holder = holder_of(*doc, at, &token), *to = cJSON_Duplicate(cib_json_get(variant, "to"), true);
	if (set && cJSON_IsArray(holder) && strcmp(token.data, "-") == 0) {
		cJSON_AddItemToArray(holder, to);
	} else if (set) {
		assert_int_equal(cib_json_set_at(doc, set, to, NULL), CIB_OK);
	} else {
		const cJSON *old = cib_json_get(holder, token.data);
		if (name)
			cib_json_set(holder, cib_json_string(variant, "to"), old ? cJSON_Duplicate(old, true) : cJSON_CreateNumber(1));
		cib_json_remove(holder, token.data);
		cJSON_Delete(to);
	}
	cib_buf_free(&token);
}

/* Is the fault told as it should be, in this order and language? */
static bool told_right(const cib_schema *schema, const cJSON *entry, const cJSON *variant, uint32_t order, const char *lang)
{
	cJSON *doc = cJSON_Duplicate(entry, true);
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_buf text = CIB_BUF_INIT;
	const char *at = cib_json_string(variant, "at"), *keyword = cib_json_string(variant, "keyword");
	make_fault(&doc, variant);
	if (order)
		shuffle(doc, &order);
	cib_json_write(&text, doc, &(cib_json_style){.keep_order = true});
	int status = cib_schema_validate(schema, doc, text.data, text.len, lang, &findings);
	const cib_finding *f = findings.count ? &findings.items[0] : NULL;
	bool right = status == CIB_FINDINGS && f && strcmp(f->pointer, at) == 0 && strcmp(f->keyword, keyword) == 0 && findings.count == 1 && f->line && f->column && *f->message && f->schema_pointer;
	if (!right) {
		print_error("%s should fail at \"%s\"; told:\n", keyword, at);
		for (size_t i = 0; i < findings.count; i++)
			print_error("    \"%s\" %s %s\n", findings.items[i].pointer, findings.items[i].keyword, findings.items[i].message);
	}
	cib_buf_free(&text);
	cib_findings_free(&findings);
	cJSON_Delete(doc);
	return right;
}

static cJSON *read_faults(cib_schema **schema)
{
	cJSON *all = NULL;
	cib_schema_options options = {.assert_format = true};
	assert_int_equal(cib_json_read_file(&all, CIB_SOURCE_DIR "/tests/data/schema/faults.json", NULL), CIB_OK);
	assert_int_equal(cib_schema_compile(schema, cib_json_get(all, "schema"), &options, NULL), CIB_OK);
	return all;
}

static void the_first_finding_names_the_place_and_the_keyword_of_every_single_fault(void **state)
{
	(void)state;
	static const char *const languages[] = {"en", "fr", "es"};
	cib_schema *schema = NULL;
	cJSON *all = read_faults(&schema);
	const cJSON *entry = cib_json_get(all, "entry");
	size_t kinds = 0, right = 0;
	assert_true(cib_schema_accepts(schema, entry));
	for (const cJSON *kind = cib_json_get(all, "kinds")->child; kind; kind = kind->next, kinds++) {
		const cJSON *variants = cib_json_get(kind, "variants");
		assert_int_equal(cJSON_GetArraySize(variants), VARIANTS);
		for (const cJSON *v = variants->child; v; v = v->next) {
			bool good = true;
			for (uint32_t order = 0; order < ORDERS && good; order++)
				good = told_right(schema, entry, v, order, languages[order % 3]);
			right += good;
			if (!good)
				print_error("  (%s)\n", cib_json_string(kind, "kind"));
		}
	}
	print_message("single faults: %zu of %d\n", right, KINDS * VARIANTS);
	assert_int_equal(kinds, KINDS);
	assert_int_equal(right, KINDS * VARIANTS);
	cib_schema_free(schema);
	cJSON_Delete(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_finding_names_the_place_and_the_keyword_of_every_single_fault),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
