/* The files that `cib check` is given: names of files, and folders to go through. */
#include "check.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int visible(const struct dirent *e)
{
	size_t len = strlen(e->d_name);
	return e->d_name[0] != '.' && (e->d_type != DT_REG || (len > 5 && strcmp(e->d_name + len - 5, ".json") == 0));
}

static int each_in_folder(const char *path, cib_file_cb cb, void *payload)
{
	struct dirent **names = NULL;
	size_t len = strlen(path);
	int n = scandir(path, &names, visible, by_name), code = 0;
	for (int i = 0; i < n; i++) {
		if (code == 0) {
			char *inner = cib_format("%s%s%s", path, len && path[len - 1] == '/' ? "" : "/", names[i]->d_name);
			code = names[i]->d_type == DT_REG ? cb(inner, payload) : cib_each_file(inner, false, cb, payload);
			free(inner);
		}
		free(names[i]);
	}
	free(names);
	return code;
}

int cib_each_file(const char *path, bool named, cib_file_cb cb, void *payload)
{
	struct stat st;
	size_t len = strlen(path);
	if ((named ? stat(path, &st) : lstat(path, &st)) != 0) {
		cib_error err = CIB_ERROR_INIT;
		cib_error_set(&err, CIB_NOTFOUND, "file.missing", "there is no file or folder %s", path);
		return cib_fail(&err);
	}
	if (S_ISDIR(st.st_mode))
		return each_in_folder(path, cb, payload);
	return named || (len > 5 && strcmp(path + len - 5, ".json") == 0) ? cb(path, payload) : 0;
}
