/* A new network in a temporary folder, as `cib init` makes it, for the tests of kinds, codes, rules and search. */
#ifndef CIB_TEST_NETWORK_H
#define CIB_TEST_NETWORK_H

#include "network/codelist.h"
#include "network/create.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
	char dir[64];
	cib_store *store;
	cib_network *net;
	cib_oid commit;
} fixture;

static int set_up_network(void **state)
{
	fixture *f = cib_alloc(sizeof *f);
	strcpy(f->dir, "/tmp/cib-test-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	char *path = cib_format("%s/central.git", f->dir);
	const char *languages[] = {"en", "fr", "es"}, *members[] = {"m-andal:andal-1"};
	cib_network_options options = {.title = "T", .languages = languages, .language_count = 3, .secretariat = "sec", .members = members, .member_count = 1, .program = "/usr/bin/cib"};
	cib_error err = CIB_ERROR_INIT;
	assert_int_equal(cib_network_create(path, &options, &err), CIB_OK);
	assert_int_equal(cib_store_open(&f->store, path, &err), CIB_OK);
	assert_int_equal(cib_store_ref_get(&f->commit, f->store, "refs/heads/main", &err), CIB_OK);
	assert_int_equal(cib_network_load(&f->net, f->store, &f->commit, &err), CIB_OK);
	free(path);
	*state = f;
	return 0;
}

static int tear_down_network(void **state)
{
	fixture *f = *state;
	char *command = cib_format("rm -rf '%s'", f->dir);
	cib_network_free(f->net);
	cib_store_free(f->store);
	assert_int_equal(system(command), 0);
	free(command);
	free(f);
	return 0;
}

#endif
