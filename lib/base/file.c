/* Files: the one durable write, reading, locks. */
#include "base/private.h"

#include "base/gettext.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int cib_file_failed(cib_error *err, const char *what, const char *path)
{
	int e = errno;
	int status = e == ENOENT || e == ENOTDIR ? CIB_NOTFOUND : CIB_IO;
	cib_error_set(err, status, status == CIB_NOTFOUND ? "file.missing" : "file.io", "cannot %s %s: %s", cib_gettext(what), path, cib_strerror(e));
	if (err)
		snprintf(err->file, sizeof err->file, "%s", path);
	if (e == ENOSPC || e == EDQUOT)
		cib_error_hint(err, "free some space and try again; nothing that was saved is lost");
	else if (e == EACCES || e == EROFS)
		cib_error_hint(err, "check who owns the folder and whether the disk is writable");
	return status;
}

int cib_file_read(cib_buf *out, const char *path, size_t max, cib_error *err)
{
	int status = CIB_OK;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return cib_file_failed(err, N_("read"), path);
	cib_buf_clear(out);
	struct stat st;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		status = cib_file_failed(err, N_("read"), path);
		goto done;
	}
	if (S_ISREG(st.st_mode) && st.st_size > 0)
		cib_buf_reserve(out, (size_t)st.st_size);
	for (;;) {
		if (out->cap - out->len < 2)
			cib_buf_reserve(out, out->len + 4096);
		ssize_t n = read(fd, out->data + out->len, out->cap - out->len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			status = cib_file_failed(err, N_("read"), path);
			break;
		}
		if (n == 0)
			break;
		out->len += (size_t)n;
		if (max && out->len > max) {
			status = cib_error_set(err, CIB_FINDINGS, "file.too-large", "%s is larger than %zu bytes", path, max);
			if (err)
				snprintf(err->file, sizeof err->file, "%s", path);
			break;
		}
	}
done:
	close(fd);
	cib_buf_reserve(out, 0);
	out->data[out->len] = '\0';
	return status;
}

static char *parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? cib_strndup(path, slash == path ? 1 : (size_t)(slash - path)) : cib_strdup(".");
}

int cib_file_sync_parent(const char *path, cib_error *err)
{
	char *dir = parent_of(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status = CIB_OK;
	if (fd < 0 || fsync(fd) != 0)
		status = cib_file_failed(err, N_("sync the folder of"), path);
	if (fd >= 0)
		close(fd);
	free(dir);
	return status;
}

int cib_file_write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

#define TEMPORARY ".cib-tmp-"

/* `mode`: of a program, whatever the umask is; 0: of any file. */
static int write_file(const char *path, const void *data, size_t len, mode_t mode, cib_error *err)
{
	char *tmp = cib_format("%s" TEMPORARY "%ld", path, (long)getpid());
	int status = CIB_OK;
	int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0) {
		status = cib_file_failed(err, N_("write"), path);
		goto done;
	}
	int failed = cib_file_write_all(fd, data, len) != 0 || (mode && fchmod(fd, mode) != 0) || fsync(fd) != 0;
	int saved = errno;
	if (close(fd) != 0 && !failed) {
		failed = 1;
		saved = errno;
	}
	if (!failed && rename(tmp, path) != 0) {
		failed = 1;
		saved = errno;
	}
	if (failed) {
		unlink(tmp);
		errno = saved;
		status = cib_file_failed(err, N_("write"), path);
		goto done;
	}
	status = cib_file_sync_parent(path, err);
done:
	free(tmp);
	return status;
}

int cib_file_write(const char *path, const void *data, size_t len, cib_error *err)
{
	return write_file(path, data, len, 0, err);
}

/* Its writer is dead, or (on a disk that several machines share) has been at it for ten minutes. */
static bool is_abandoned(int dir, const char *name)
{
	const char *at = strstr(name, TEMPORARY);
	struct stat st;
	long pid = at ? strtol(at + strlen(TEMPORARY), NULL, 10) : 0;
	if (pid <= 0 || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
		return false;
	return (kill((pid_t)pid, 0) != 0 && errno == ESRCH) || st.st_mtim.tv_sec + 600 < time(NULL);
}

void cib_file_clean(const char *path)
{
	DIR *dir = opendir(path);
	if (!dir)
		return;
	for (const struct dirent *e; (e = readdir(dir));)
		if (is_abandoned(dirfd(dir), e->d_name))
			unlinkat(dirfd(dir), e->d_name, 0);
	closedir(dir);
}

int cib_file_write_program(const char *path, const void *data, size_t len, cib_error *err)
{
	return write_file(path, data, len, 0755, err);
}

int cib_file_give_out(const char *path, const void *data, size_t len, cib_error *err)
{
	char *folder = parent_of(path);
	cib_file_clean(folder);
	free(folder);
	return cib_file_write(path, data, len, err);
}

int cib_file_remove(const char *path, cib_error *err)
{
	if (unlink(path) != 0)
		return errno == ENOENT || errno == ENOTDIR ? CIB_OK : cib_file_failed(err, N_("remove"), path);
	return cib_file_sync_parent(path, err);
}

int cib_mkdirs(const char *path, cib_error *err)
{
	char *p = cib_strdup(path);
	int status = CIB_OK;
	for (char *c = p + 1; status == CIB_OK; c++) {
		if (*c && *c != '/')
			continue;
		char kept = *c;
		*c = '\0';
		if (mkdir(p, 0777) == 0)
			status = cib_file_sync_parent(p, err);
		else if (errno != EEXIST)
			status = cib_file_failed(err, N_("make the folder"), p);
		*c = kept;
		if (!kept)
			break;
	}
	struct stat st;
	if (status == CIB_OK && (stat(p, &st) != 0 || !S_ISDIR(st.st_mode))) {
		errno = ENOTDIR;
		status = cib_file_failed(err, N_("make the folder"), p);
	}
	free(p);
	return status;
}

bool cib_holds_only(const char *dir, const char *const *names)
{
	DIR *d = opendir(dir);
	bool only = true;
	if (!d)
		return errno == ENOENT;
	for (const struct dirent *e; only && (e = readdir(d));) {
		only = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
		for (const char *const *n = names; !only && *n; n++)
			only = strcmp(e->d_name, *n) == 0;
	}
	closedir(d);
	return only;
}

void cib_remove_tree(const char *path)
{
	DIR *d = opendir(path);
	if (!d)
		return;
	for (const struct dirent *e; (e = readdir(d));) {
		struct stat st;
		char *inner = cib_format("%s/%s", path, e->d_name);
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && lstat(inner, &st) == 0) {
			if (S_ISDIR(st.st_mode))
				cib_remove_tree(inner);
			else
				unlink(inner);
		}
		free(inner);
	}
	closedir(d);
	rmdir(path);
}

struct cib_lock {
	int fd;
};

static void name_holder(int fd, char *out, size_t size)
{
	ssize_t n = pread(fd, out, size - 1, 0);
	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
}

int cib_lock_acquire(cib_lock **out, const char *path, int wait_ms, cib_error *err)
{
	*out = NULL;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return cib_file_failed(err, N_("lock"), path);
	for (int waited = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited += 20) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			int status = cib_file_failed(err, N_("lock"), path);
			close(fd);
			return status;
		}
		if (waited >= wait_ms) {
			char holder[32];
			name_holder(fd, holder, sizeof holder);
			close(fd);
			int status = cib_error_set(err, CIB_BUSY, "lock.busy", "another cib is at work in this repository (process %s)",
			                           holder[0] ? holder : "unknown");
			cib_error_hint(err, "wait until it is done and try again");
			return status;
		}
		nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL);
	}
	char text[32];
	int n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) == 0)
		(void)!pwrite(fd, text, (size_t)n, 0); /* only for the message of others: the lock is the flock */
	*out = cib_alloc(sizeof **out);
	(*out)->fd = fd;
	return CIB_OK;
}

void cib_lock_release(cib_lock *lock)
{
	if (!lock)
		return;
	close(lock->fd);
	free(lock);
}
