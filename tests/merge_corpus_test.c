/* The merge against what people made of it: three versions of a file from a public history, and the file that was
 * committed. The collection lies outside this repository; without it the test says so and skips. */
#include "merge/merge.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* Read and judged one by one in docs/merge.md; more is a step back. */
enum { MOST_CONFLICTS = 20,
       MOST_REFUSED = 1,
       MOST_DIFFERENT = 12 };

typedef struct {
	size_t merges, conflicts, refused, equal, different, unreadable;
} counts;

static cJSON *read_version(cib_buf *text, const char *folder, const char *name)
{
	char path[600];
	cJSON *doc = NULL;
	cib_error err = CIB_ERROR_INIT;
	snprintf(path, sizeof path, "%s/%s.json", folder, name);
	cib_buf_clear(text);
	assert_int_equal(cib_file_read(text, path, 0, &err), CIB_OK);
	return cib_json_read(&doc, cib_buf_str(text), text->len, NULL, &err) == CIB_OK ? doc : NULL;
}

static bool same_text(const cib_buf *a, const cib_buf *b)
{
	return a->len == b->len && memcmp(cib_buf_str(a), cib_buf_str(b), a->len) == 0;
}

static void check_result(counts *n, const cJSON *merged, const cJSON *result, const char *name)
{
	bool equal = merged && result && cib_json_equal(merged, result);
	if (!result) { /* what was committed is itself not strict JSON */
		n->unreadable++;
		return;
	}
	n->equal += equal;
	n->different += !equal;
	if (!equal)
		print_message("%s: clean, and not what was committed\n", name);
}

static void merge_one(counts *n, const char *folder, const char *name)
{
	static const char *const names[] = {"base", "ours", "theirs", "result"};
	cib_buf texts[4] = {CIB_BUF_INIT, CIB_BUF_INIT, CIB_BUF_INIT, CIB_BUF_INIT};
	cJSON *docs[4], *merged = NULL;
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	for (size_t i = 0; i < 4; i++)
		docs[i] = read_version(&texts[i], folder, names[i]);
	n->merges++;
	if (same_text(&texts[0], &texts[1]) && docs[2]) {
		check_result(n, docs[2], docs[3], name); /* what nobody changed needs no reading */
	} else if (!docs[0] || !docs[1] || !docs[2]) {
		n->refused++;
		print_message("%s: refused, a version is not strict JSON\n", name);
	} else if (cib_merge(&merged, docs[0], docs[1], docs[2], NULL, &conflicts) > 0) {
		n->conflicts++;
		print_message("%s: %zu conflicts, the first at %s\n", name, conflicts.count, conflicts.items[0].pointer);
	} else {
		check_result(n, merged, docs[3], name);
	}
	cib_conflicts_free(&conflicts);
	cJSON_Delete(merged);
	for (size_t i = 0; i < 4; i++) {
		cJSON_Delete(docs[i]);
		cib_buf_free(&texts[i]);
	}
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void real_merges_come_out_as_people_made_them(void **state)
{
	(void)state;
	static const char root[] = CIB_SHARED_DIR "/data/merges";
	struct dirent **list;
	counts n = {0};
	int found = scandir(root, &list, NULL, by_name);
	if (found < 0) {
		print_message("skipped: there is no collection of merges at %s\n", root);
		skip();
	}
	for (int i = 0; i < found; i++) {
		char folder[512];
		snprintf(folder, sizeof folder, "%s/%s", root, list[i]->d_name);
		if (list[i]->d_name[0] != '.')
			merge_one(&n, folder, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	print_message("%zu merges: %zu conflicts, %zu refused, %zu clean; of these %zu as committed, %zu different, %zu where what was committed is not strict JSON\n",
	              n.merges, n.conflicts, n.refused, n.equal + n.different + n.unreadable, n.equal, n.different, n.unreadable);
	assert_true(n.merges > 0);
	assert_true(n.conflicts <= MOST_CONFLICTS);
	assert_true(n.refused <= MOST_REFUSED);
	assert_true(n.different <= MOST_DIFFERENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_merges_come_out_as_people_made_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
