/* Taking a pack in (pack_take.h).
 *
 * libgit2 does not look whether it could write the sum behind a thin pack that it completed (1.5, git_indexer_commit): on a disk that was full
 * just then, the pack stood among the others and nobody could read it. So it is read once more where nobody looks for it. */
#include "store/pack_take.h"
#include "store/sha1.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SUM = 20 }; /* bytes behind the objects */

static char *folder_of(const char *git_dir)
{
	return cib_format("%s/cib/unpacked", git_dir);
}

static char *pack_file(const char *dir, const char *name, const char *ending)
{
	return cib_format("%s/pack-%s.%s", dir, name, ending);
}

static int failed(const char *fmt, const char *path) /* with the path and the reason in it */
{
	char *text = cib_format(cib_gettext(fmt), path, cib_strerror(errno));
	git_error_set_str(GIT_ERROR_OS, text);
	free(text);
	return -1;
}

void pack_take_clean(const char *git_dir)
{
	char *dir = folder_of(git_dir);
	DIR *d = opendir(dir);
	for (const struct dirent *e; d && (e = readdir(d));)
		unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
	rmdir(dir);
	free(dir);
}

int pack_take_begin(pack_taking *x, cib_store *store)
{
	git_indexer_options options;
	cib_error err = CIB_ERROR_INIT;
	*x = (pack_taking){.store = store, .dir = folder_of(store->git_dir)};
	pack_take_clean(store->git_dir);
	if (cib_mkdirs(x->dir, &err) != CIB_OK) {
		git_error_set_str(GIT_ERROR_OS, err.message);
		return -1;
	}
	git_indexer_options_init(&options, GIT_INDEXER_OPTIONS_VERSION);
	return git_indexer_new(&x->indexer, x->dir, 0444, store->odb, &options);
}

int pack_take_add(pack_taking *x, const void *data, size_t len)
{
	return git_indexer_append(x->indexer, data, len, &x->stats);
}

/* Does the file end with the sum of what stands before it? */
static int look_at(const char *path)
{
	unsigned char part[65536], sum[SUM], tail[SUM];
	size_t held = 0;
	sha1_state all;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failed(N_("cannot read %s: %s"), path);
	sha1_begin(&all);
	while ((n = read(fd, part + held, sizeof part - held)) > 0 || (n < 0 && errno == EINTR)) {
		held += n > 0 ? (size_t)n : 0;
		if (held > SUM) {
			sha1_add(&all, part, held - SUM);
			memmove(part, part + held - SUM, SUM);
			held = SUM;
		}
	}
	close(fd);
	if (n < 0)
		return failed(N_("cannot read %s: %s"), path);
	memcpy(tail, part, SUM);
	sha1_end(sum, &all);
	if (held == SUM && memcmp(sum, tail, SUM) == 0)
		return 0;
	errno = ENOSPC; /* what kept it from being written whole was not told */
	return failed(N_("cannot write %s: %s"), path);
}

static bool move_file(const char *from, const char *to, const char *name, const char *ending)
{
	char *a = pack_file(from, name, ending), *b = pack_file(to, name, ending);
	bool moved = rename(a, b) == 0;
	free(a);
	free(b);
	return moved;
}

/* To the others; the index last, for without it there is no pack. */
static int move_pack(char **taken, const pack_taking *x, const char *name)
{
	char *to = cib_format("%s/objects/pack", x->store->git_dir), *idx = pack_file(to, name, "idx");
	int rc = 0;
	if (access(idx, F_OK) != 0) {
		int dir = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0 || !move_file(x->dir, to, name, "pack") || !move_file(x->dir, to, name, "idx") || fsync(dir) != 0)
			rc = failed(N_("cannot put the pack into %s: %s"), to);
		else if (taken)
			*taken = cib_strdup(name);
		if (dir >= 0)
			close(dir);
	}
	free(to);
	free(idx);
	return rc;
}

int pack_take_end(pack_taking *x, int rc, char **name)
{
	if (name)
		*name = NULL;
	if (rc == 0)
		rc = git_indexer_commit(x->indexer, &x->stats);
	if (rc == 0) {
		char *path = pack_file(x->dir, git_indexer_name(x->indexer), "pack");
		rc = look_at(path);
		free(path);
	}
	if (rc == 0)
		rc = move_pack(name, x, git_indexer_name(x->indexer));
	if (rc == 0)
		rc = git_odb_refresh(x->store->odb);
	git_indexer_free(x->indexer);
	pack_take_clean(x->store->git_dir);
	free(x->dir);
	return rc;
}

void pack_take_drop(const cib_store *store, const char *name)
{
	static const char *const endings[] = {"idx", "pack"};
	char *dir = cib_format("%s/objects/pack", store->git_dir);
	for (size_t i = 0; name && i < 2; i++) {
		char *path = pack_file(dir, name, endings[i]);
		unlink(path);
		free(path);
	}
	free(dir);
}
