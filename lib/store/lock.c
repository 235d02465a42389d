/* The repository's lock, and what a killed process left behind.
 *
 * Our lock is a flock, so it dies with its holder. libgit2 and git lock single references with
 * files named *.lock, which do not: one left by a kill blocks every later write. Whoever holds our
 * lock knows that no other cib is writing; a plain git might be, but holds a reference's lock for
 * milliseconds. So such a file is stale when it is a second old; a younger one is waited for.
 * index.lock may be held as long as an editor is open, and cib never needs the index: only one that
 * is ten minutes old is removed. Temporary objects and packs harm nothing but space: ten minutes. */
#include "store/pack_take.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define REF_LOCK_AGE_MS 1000
#define LONG_AGE_MS     (10 * 60 * 1000)

static int64_t age_ms(const struct stat *st)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	int64_t age = (now.tv_sec - st->st_mtim.tv_sec) * 1000 + (now.tv_nsec - st->st_mtim.tv_nsec) / 1000000;
	return age < 0 ? INT64_MAX : age; /* a clock that was set back: nobody wrote this just now */
}

/* Remove the file when it is old enough; wait for it to become so, or to vanish, when `wait`. */
static void remove_stale(int dir, const char *name, int64_t limit_ms, bool wait)
{
	struct stat st;
	while (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode)) {
		if (age_ms(&st) >= limit_ms) {
			unlinkat(dir, name, 0);
			return;
		}
		if (!wait)
			return;
		nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
	}
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n > m && strcmp(s + n - m, end) == 0;
}

static void clean_refs(int parent, const char *name, int depth)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (struct dirent *e; (e = readdir(dir));) {
		if (e->d_name[0] == '.')
			continue;
		if (ends_with(e->d_name, ".lock"))
			remove_stale(fd, e->d_name, REF_LOCK_AGE_MS, true);
		else if (depth < CIB_TREE_DEPTH && e->d_type != DT_REG)
			clean_refs(fd, e->d_name, depth + 1);
	}
	closedir(dir);
}

static void clean_temporary(int parent, const char *name, const char *const *prefixes)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (struct dirent *e; (e = readdir(dir));)
		for (const char *const *p = prefixes; *p; p++)
			if (strncmp(e->d_name, *p, strlen(*p)) == 0)
				remove_stale(fd, e->d_name, LONG_AGE_MS, false);
	closedir(dir);
}

int cib_store_lock(cib_lock **out, cib_store *store, int wait_ms, cib_error *err)
{
	char *path = cib_format("%s/cib.lock", store->git_dir);
	int status = cib_lock_acquire(out, path, wait_ms, err);
	free(path);
	if (status != CIB_OK)
		return status;
	cib_error_clear(&store->doubt);
	int dir = open(store->git_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return CIB_OK; /* nothing to clean, and the lock is held */
	static const char *const files[] = {"HEAD.lock", "packed-refs.lock", "config.lock"};
	static const char *const temporary[] = {"tmp_", "pack_git2_", NULL};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		remove_stale(dir, files[i], REF_LOCK_AGE_MS, true);
	remove_stale(dir, "index.lock", LONG_AGE_MS, false);
	clean_refs(dir, "refs", 0);
	char *own = cib_format("%s/cib", store->git_dir);
	cib_file_clean(store->git_dir);
	cib_file_clean(own);
	free(own);
	clean_temporary(dir, "objects", temporary);
	clean_temporary(dir, "objects/pack", temporary);
	pack_take_clean(store->git_dir);
	close(dir);
	return CIB_OK;
}
