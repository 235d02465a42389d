/* Fuzz target of bundles: the head is read or refused with words; a pack is taken whole or leaves nothing; and what was taken can be
 * dropped again. The file is memory, so that only the store's own writing costs. */
#include "store/store.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char dir[] = "/dev/shm/cib-fuzz-XXXXXX";
static cib_store *store;
static int memory;
static char *file, *packs;

static void clean_up(void)
{
	char *command = cib_format("rm -rf '%s'", dir);
	cib_store_free(store);
	(void)!system(command);
	free(command);
	free(file);
	free(packs);
}

static void set_up(void)
{
	char *path = mkdtemp(dir) ? cib_format("%s/a.git", dir) : NULL;
	cib_oid blob;
	if (!path || cib_store_init(&store, path, true, "refs/heads/main", NULL) != CIB_OK || cib_store_blob_write(&blob, store, "base\n", 5, NULL) != CIB_OK)
		abort();
	memory = memfd_create("bundle", 0);
	file = cib_format("/proc/self/fd/%d", memory);
	packs = cib_format("%s/objects/pack", path);
	free(path);
	atexit(clean_up);
}

static size_t count_packs(void)
{
	DIR *d = opendir(packs);
	size_t n = 0;
	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cib_bundle bundle;
	cib_error err = CIB_ERROR_INIT;
	if (!store)
		set_up();
	if (ftruncate(memory, 0) != 0 || pwrite(memory, data, size, 0) != (ssize_t)size)
		abort();
	int status = cib_bundle_read(&bundle, file, &err);
	if (status != CIB_OK) {
		if (status != CIB_FINDINGS || !*err.message)
			abort();
		return 0;
	}
	if (bundle.ref_count == 0 || bundle.pack_at > size)
		abort();
	cib_bundle_missing(&bundle, store);
	char *taken = NULL;
	size_t before = count_packs();
	status = cib_bundle_unpack(&taken, store, &bundle, file, &err);
	if (status != CIB_OK && (taken || count_packs() != before || !*err.message))
		abort();
	if (taken)
		cib_bundle_drop(store, taken);
	if (count_packs() != before)
		abort();
	free(taken);
	cib_bundle_clear(&bundle);
	return 0;
}
