/* A history with a commit that cannot be read. */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/folder.h"

static const cib_oid none;

/* Which of two commits goes on from the other cannot be told: nothing moves on the strength of that. */
static void what_cannot_be_told_moves_no_reference(void **state)
{
	(void)state;
	cib_store *store;
	cib_oid commits[3], tree, now;
	cib_lock *lock = NULL;
	char hex[CIB_OID_HEX], *path = cib_format("%s/doubt", dir);
	OK(cib_store_init(&store, path, true, "refs/heads/main", &err));
	OK(cib_store_tree_edit(&tree, store, &none, NULL, 0, &err));
	for (int i = 0; i < 3; i++)
		OK(cib_store_commit_write(&commits[i], store, &tree, &commits[i - (i > 0)], i > 0, "t", "t@example.invalid", (char[]){(char)('a' + i), '\n', '\0'}, &err));
	OK(cib_store_ref_set(store, "refs/heads/main", &commits[0], NULL, &err));
	cib_store_free(store);
	cib_oid_hex(hex, &commits[1]);
	free(shell("f=doubt/objects/%.2s/%s && chmod u+w $f && printf broken >$f", hex, hex + 2));
	OK(cib_store_open(&store, path, &err));
	free(path);
	assert_false(cib_store_is_ancestor(store, &commits[0], &commits[2]));
	assert_int_not_equal(cib_store_ref_set(store, "refs/heads/main", &commits[2], NULL, &err), CIB_OK);
	assert_string_equal(err.code, "store.history");
	assert_int_not_equal(cib_store_ref_delete(store, "refs/heads/main", &err), CIB_OK);
	OK(cib_store_ref_get(&now, store, "refs/heads/main", &err));
	assert_memory_equal(&now, &commits[0], sizeof now);
	OK(cib_store_lock(&lock, store, 0, &err)); /* whoever begins anew asks anew */
	OK(cib_store_ref_set(store, "refs/heads/main", &commits[2], NULL, &err));
	cib_lock_release(lock);
	cib_store_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_cannot_be_told_moves_no_reference, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
