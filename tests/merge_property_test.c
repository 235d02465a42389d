/* What holds for every merge, over seeded random triples of documents, with and without a schema. CIB_TEST_LONG=1 tries
 * 1,200,000 of them; CIB_SEED=N plays one again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/merge_invariants.h"
#include "support/wild_documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

static unsigned pick(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

/* ---- documents ---- */

static cJSON *scalar(void)
{
	static const char *const words[] = {"red", "green", "blue", "one", "two", "three"};
	switch (pick(4)) {
	case 0:
		return cJSON_CreateNumber(pick(5));
	case 1:
		return cJSON_CreateBool(pick(2) == 1);
	case 2:
		return cJSON_CreateNull();
	default:
		return cJSON_CreateString(words[pick(6)]);
	}
}

static cJSON *value(int depth);

static cJSON *object(int depth)
{
	cJSON *o = cJSON_CreateObject();
	char name[2] = "a";
	for (; name[0] <= 'f'; name[0]++)
		if (pick(2))
			cJSON_AddItemToObject(o, name, value(depth - 1));
	return o;
}

static cJSON *strings(unsigned n)
{
	cJSON *a = cJSON_CreateArray();
	char word[8];
	unsigned first = pick(4);
	for (unsigned i = 0; i < n; i++) {
		snprintf(word, sizeof word, "s%u", first + i);
		cJSON_AddItemToArray(a, cJSON_CreateString(word));
	}
	return a;
}

static cJSON *items(unsigned n)
{
	cJSON *a = cJSON_CreateArray();
	char id[8];
	unsigned first = pick(3);
	for (unsigned i = 0; i < n; i++) {
		cJSON *o = cJSON_CreateObject();
		snprintf(id, sizeof id, "i%u", first + i);
		cJSON_AddStringToObject(o, "id", id);
		if (pick(2))
			cJSON_AddItemToObject(o, "e", scalar());
		if (pick(2))
			cJSON_AddItemToObject(o, "d", strings(pick(3)));
		cJSON_AddItemToArray(a, o);
	}
	return a;
}

static cJSON *value(int depth)
{
	if (depth <= 0)
		return scalar();
	switch (pick(6)) {
	case 0:
		return object(depth);
	case 1:
		return strings(pick(5));
	case 2:
		return items(pick(5));
	default:
		return scalar();
	}
}

/* The shape that the schema speaks of. */
static cJSON *entry(void)
{
	cJSON *o = cJSON_CreateObject();
	cJSON *map = cJSON_AddObjectToObject(o, "a");
	cJSON_AddStringToObject(map, "en", pick(2) ? "red" : "green");
	if (pick(2))
		cJSON_AddStringToObject(map, "fr", pick(2) ? "rouge" : "vert");
	cJSON_AddItemToObject(o, "b", strings(pick(5)));
	cJSON_AddItemToObject(o, "c", items(pick(5)));
	cJSON_AddItemToObject(o, "d", strings(pick(5)));
	cJSON_AddItemToObject(o, "e", object(1));
	return o;
}

static void edit_array(cJSON *a, bool entry_items)
{
	int n = cJSON_GetArraySize(a);
	bool of_items = n ? cJSON_IsObject(a->child) : entry_items;
	static unsigned added; /* no two of them are the same */
	char word[16];
	unsigned what = pick(3);
	if (n && what == 0) {
		cJSON_DeleteItemFromArray(a, (int)pick((unsigned)n));
	} else if (n && what == 1 && of_items) {
		cJSON *o = cJSON_GetArrayItem(a, (int)pick((unsigned)n));
		cib_json_set(o, "e", scalar());
	} else {
		unsigned at = pick((unsigned)n + 1);
		cJSON *new = of_items ? cJSON_CreateObject() : NULL;
		snprintf(word, sizeof word, "%c%u", of_items ? 'j' : 't', added++ % 100000);
		if (new)
			cJSON_AddStringToObject(new, "id", word);
		else
			new = cJSON_CreateString(word);
		wild_insert(a, at, new);
	}
}

/* `n` random edits; the containers keep their types, as in entries. */
static cJSON *edited(const cJSON *base, unsigned n, bool entry_items)
{
	cJSON *doc = cJSON_Duplicate(base, true);
	for (; n; n--) {
		cJSON *at = doc;
		char name[2] = {(char)('a' + pick(6)), '\0'};
		cJSON *child = cib_json_get(at, name);
		if (cJSON_IsObject(child) && pick(3)) {
			at = child;
			name[0] = (char)('a' + pick(6));
			child = cib_json_get(at, name);
		}
		if (cJSON_IsArray(child))
			edit_array(child, entry_items && at == doc && name[0] == 'c');
		else if (child && pick(3) == 0 && !cJSON_IsObject(child))
			cJSON_DeleteItemFromObjectCaseSensitive(at, name);
		else if (!cJSON_IsObject(child))
			cib_json_set(at, name, scalar());
	}
	return doc;
}

/* ---- what must hold ---- */

static void show(const char *what, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *out, unsigned long seed)
{
	const cJSON *docs[] = {base, ours, theirs, out};
	static const char *const names[] = {"base  ", "ours  ", "theirs", "result"};
	print_message("%s; again with CIB_SEED=%lu\n", what, seed);
	for (int i = 0; i < 4; i++) {
		char *text = text_of(docs[i]);
		print_message("  %s %s\n", names[i], text);
		free(text);
	}
}

typedef enum { PLAIN,
	       BY_SCHEMA,
	       WILD,
	       WILD_BY_SCHEMA } sort;

static void make(sort of, cJSON *docs[3])
{
	bool wild = of == WILD || of == WILD_BY_SCHEMA;
	docs[0] = wild ? wild_document(pick) : of == BY_SCHEMA ? entry()
	                                                       : object(3);
	for (int i = 1; i < 3; i++)
		docs[i] = wild ? wild_edited(pick, docs[0]) : edited(docs[0], 1 + pick(4), of == BY_SCHEMA);
}

static void run(sort of)
{
	const char *one = getenv("CIB_SEED");
	unsigned long first = one ? strtoul(one, NULL, 10) : 1, count = one ? 1 : getenv("CIB_TEST_LONG") ? 300000
	                                                                                                  : 5000;
	cJSON *schema = NULL;
	assert_int_equal(cib_json_read(&schema, merge_schema_text, strlen(merge_schema_text), NULL, NULL), CIB_OK);
	cib_merge_rules *rules = of == BY_SCHEMA || of == WILD_BY_SCHEMA ? cib_merge_rules_new(schema) : NULL;
	size_t failed = 0;
	for (unsigned long seed = first; seed < first + count && failed < 5; seed++) {
		cJSON *docs[3], *out = NULL;
		state = seed * 0x9e3779b97f4a7c15u + 1;
		make(of, docs);
		const char *broken = judge(docs[0], docs[1], docs[2], rules, &out);
		if (broken) {
			show(broken, docs[0], docs[1], docs[2], out, seed);
			failed++;
		}
		for (int i = 0; i < 3; i++)
			cJSON_Delete(docs[i]);
		cJSON_Delete(out);
	}
	cib_merge_rules_free(rules);
	cJSON_Delete(schema);
	assert_int_equal(failed, 0);
	print_message("%lu triples\n", count);
}

static void invariants_hold_without_a_schema(void **state_)
{
	(void)state_;
	run(PLAIN);
}

static void invariants_hold_with_a_schema(void **state_)
{
	(void)state_;
	run(BY_SCHEMA);
}

static void invariants_hold_for_any_documents(void **state_)
{
	(void)state_;
	run(WILD);
}

static void invariants_hold_for_any_documents_with_a_schema(void **state_)
{
	(void)state_;
	run(WILD_BY_SCHEMA);
}

/* Sets, keyed lists and maps of three members, merged one after the other in each of the six orders. */
static void the_order_of_three_members_does_not_matter(void **state_)
{
	static const char *const orders[] = {"012", "021", "102", "120", "201", "210"};
	const char *one = getenv("CIB_SEED");
	unsigned long first = one ? strtoul(one, NULL, 10) : 1, count = one ? 1 : getenv("CIB_TEST_LONG") ? 200000
	                                                                                                  : 5000,
		      clean = 0;
	cJSON *schema = NULL;
	size_t failed = 0;
	(void)state_;
	assert_int_equal(cib_json_read(&schema, merge_schema_text, strlen(merge_schema_text), NULL, NULL), CIB_OK);
	cib_merge_rules *rules = cib_merge_rules_new(schema);
	for (unsigned long seed = first; seed < first + count && failed < 5; seed++) {
		state = seed * 0x9e3779b97f4a7c15u + 7;
		cJSON *base = entry(), *members[3], *results[6];
		size_t conflicts = 0, n;
		cJSON_DeleteItemFromObjectCaseSensitive(base, "d"); /* a sequence has an order */
		for (int i = 0; i < 3; i++)
			members[i] = edited(base, 1 + pick(3), true);
		for (int i = 0; i < 6; i++) {
			results[i] = cJSON_Duplicate(base, true);
			for (const char *o = orders[i]; *o; o++) {
				cJSON *next = merge(base, results[i], members[*o - '0'], rules, CIB_KEEP_THEIRS, &n);
				conflicts += n;
				cJSON_Delete(results[i]);
				results[i] = next;
			}
		}
		clean += conflicts == 0;
		for (int i = 1; i < 6 && conflicts == 0; i++)
			if (!same(results[0], results[i])) {
				print_message("order %s and %s differ; again with CIB_SEED=%lu\n", orders[0], orders[i], seed);
				show("members", members[0], members[1], members[2], results[0], seed);
				show("base and the other result", base, results[i], NULL, NULL, seed);
				failed++;
				break;
			}
		cJSON_Delete(base);
		for (int i = 0; i < 3; i++)
			cJSON_Delete(members[i]);
		for (int i = 0; i < 6; i++)
			cJSON_Delete(results[i]);
	}
	cib_merge_rules_free(rules);
	cJSON_Delete(schema);
	assert_int_equal(failed, 0);
	assert_true(one || clean > count / 10);
	print_message("%lu of %lu without a conflict\n", clean, count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(invariants_hold_without_a_schema),
		cmocka_unit_test(invariants_hold_with_a_schema),
		cmocka_unit_test(invariants_hold_for_any_documents),
		cmocka_unit_test(invariants_hold_for_any_documents_with_a_schema),
		cmocka_unit_test(the_order_of_three_members_does_not_matter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
