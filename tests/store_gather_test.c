/* Objects that are written together: read here before anybody else sees them, whole for git afterwards, gone when they are dropped. */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/folder.h"

/* How many objects and packs lie on the disk. */
static size_t count_files(const char *what)
{
	char *command = cib_format("find '%s'/objects -type f -%s | wc -l", dir, what);
	FILE *f = popen(command, "r");
	size_t n = 0;
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%zu", &n), 1);
	pclose(f);
	free(command);
	return n;
}

/* `count` files in a commit of their own. */
static cib_oid write_commit(cib_store *store, size_t count)
{
	cib_tree_entry *edits = cib_alloc(count * sizeof *edits);
	cib_oid none = {{0}}, tree, commit;
	for (size_t i = 0; i < count; i++) {
		char *text = cib_format("number %zu of %zu\n", i, count);
		edits[i] = (cib_tree_entry){.path = cib_format("folder/f%zu", i), .mode = 0100644};
		assert_int_equal(cib_store_blob_write(&edits[i].oid, store, text, strlen(text), NULL), CIB_OK);
		free(text);
	}
	assert_int_equal(cib_store_tree_edit(&tree, store, &none, edits, count, NULL), CIB_OK);
	assert_int_equal(cib_store_commit_write(&commit, store, &tree, NULL, 0, "a", "a@b.cib.invalid", "m\n", NULL), CIB_OK);
	for (size_t i = 0; i < count; i++)
		free((char *)(uintptr_t)edits[i].path);
	free(edits);
	return commit;
}

static void gathered_objects_are_seen_here_at_once_and_by_others_at_the_end(void **state)
{
	(void)state;
	static const struct {
		size_t files, packs;
	} cases[] = {{3, 0}, {300, 1}}; /* few are written loose */
	cib_store *store = NULL, *other = NULL;
	assert_int_equal(cib_store_init(&store, dir, true, "refs/heads/main", NULL), CIB_OK);
	for (size_t i = 0; i < 2; i++) {
		size_t before = count_files("links 1");
		cib_store_gather_begin(store);
		cib_oid commit = write_commit(store, cases[i].files), blob;
		unsigned mode;
		cib_commit read;
		assert_int_equal(cib_store_tree_get(&blob, &mode, store, &commit, "folder/f2", NULL), CIB_OK);
		assert_int_equal(cib_store_commit_read(&read, store, &commit, NULL), CIB_OK);
		cib_commit_clear(&read);
		assert_int_equal(count_files("links 1"), before);
		assert_int_equal(cib_store_gather_end(store, NULL), CIB_OK);
		assert_int_equal(count_files("name '*.pack'"), cases[i].packs);
		assert_int_equal(cib_store_open(&other, dir, NULL), CIB_OK);
		assert_int_equal(cib_store_ref_set(other, "refs/heads/main", &commit, NULL, NULL), CIB_OK);
		size_t objects = 0;
		assert_int_equal(cib_store_verify(&objects, other, NULL, NULL, NULL), CIB_OK);
		assert_int_equal(objects, cases[i].files + 3);
		cib_store_free(other);
	}
	cib_store_free(store);
}

static void what_was_dropped_is_written_when_it_comes_again(void **state)
{
	(void)state;
	cib_store *store = NULL;
	assert_int_equal(cib_store_init(&store, dir, true, "refs/heads/main", NULL), CIB_OK);
	cib_store_gather_begin(store);
	cib_oid dropped = write_commit(store, 40);
	cib_store_gather_drop(store);
	assert_int_equal(count_files("name '*.pack'"), 0);
	cib_obj_type type;
	assert_int_equal(cib_store_object(&type, NULL, store, &dropped, NULL), CIB_NOTFOUND);
	cib_store_gather_begin(store);
	cib_oid again = write_commit(store, 40);
	assert_int_equal(cib_store_gather_end(store, NULL), CIB_OK);
	assert_int_equal(cib_store_ref_set(store, "refs/heads/main", &again, NULL, NULL), CIB_OK);
	cib_store_free(store);
	size_t objects = 0;
	assert_int_equal(cib_store_open(&store, dir, NULL), CIB_OK);
	assert_int_equal(cib_store_verify(&objects, store, NULL, NULL, NULL), CIB_OK);
	assert_int_equal(objects, 43);
	cib_store_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(gathered_objects_are_seen_here_at_once_and_by_others_at_the_end, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_dropped_is_written_when_it_comes_again, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
