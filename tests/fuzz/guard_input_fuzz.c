/* Fuzz target of the hook's input: what is read is what was there, byte for byte when it is written again; and the guard, asked about it in a
 * network that has none of these objects, refuses or fails, and never says yes. */
#include "guard/guard.h"
#include "network/create.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char dir[] = "/tmp/cib-fuzz-XXXXXX";
static cib_store *store;

static void clean_up(void)
{
	char *command = cib_format("rm -rf '%s'", dir);
	cib_store_free(store);
	(void)!system(command);
	free(command);
}

static void set_up(void)
{
	const char *languages[] = {"en"}, *members[] = {"m-a:a-1"};
	cib_network_options options = {.title = "T", .languages = languages, .language_count = 1, .secretariat = "sec", .members = members, .member_count = 1, .program = "/usr/bin/cib"};
	char *path = mkdtemp(dir) ? cib_format("%s/central.git", dir) : NULL;
	if (!path || cib_network_create(path, &options, NULL) != CIB_OK || cib_store_open(&store, path, NULL) != CIB_OK)
		abort();
	free(path);
	atexit(clean_up);
}

static void write_again(cib_buf *out, const cib_ref_updates *list)
{
	for (size_t i = 0; i < list->count; i++) {
		char before[CIB_OID_HEX], after[CIB_OID_HEX];
		cib_oid_hex(before, &list->items[i].before);
		cib_oid_hex(after, &list->items[i].after);
		cib_buf_addf(out, "%s %s %s\n", before, after, list->items[i].ref);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cib_ref_updates list;
	cib_buf again = CIB_BUF_INIT;
	if (!store)
		set_up();
	if (!cib_guard_read_updates(&list, (const char *)data, size))
		return 0;
	write_again(&again, &list);
	if (again.len != size || memcmp(again.data, data, size) != 0)
		abort();
	static const char *const users[] = {"a-1", "sec", NULL};
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_error err = CIB_ERROR_INIT;
	int status = cib_guard_judge(store, list.items, list.count, &(cib_guard_options){.user = users[size % 3]}, &findings, &err);
	if (status == CIB_OK || (status == CIB_REFUSED && !findings.errors))
		abort();
	cib_findings_free(&findings);
	cib_buf_free(&again);
	cib_ref_updates_free(&list);
	return 0;
}
