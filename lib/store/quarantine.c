/* How much a push brought: Git keeps its objects in a quarantine of their own until the hook has said yes. */
#include "store/private.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

static uint64_t bytes_below(const char *dir, int depth)
{
	uint64_t sum = 0;
	DIR *d = opendir(dir);
	if (!d)
		return 0;
	for (const struct dirent *e; (e = readdir(d));) {
		struct stat st;
		char *path = cib_format("%s/%s", dir, e->d_name);
		if (e->d_name[0] != '.' && lstat(path, &st) == 0) {
			if (S_ISDIR(st.st_mode) && depth > 0)
				sum += bytes_below(path, depth - 1);
			else if (S_ISREG(st.st_mode))
				sum += (uint64_t)st.st_size;
		}
		free(path);
	}
	closedir(d);
	return sum;
}

uint64_t cib_store_quarantine_bytes(void)
{
	const char *dir = getenv("GIT_QUARANTINE_PATH");
	return dir && *dir ? bytes_below(dir, 1) : 0;
}
