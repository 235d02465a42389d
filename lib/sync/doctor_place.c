/* What the copy stands on: the disk, whose files they are, the clock, and what interrupted programs left behind. */
#include "sync/doctor_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum { SCARCE_MB = 100,
       NONE_MB = 5,
       DEPTH = 12,
       LONG_S = 600 };

static void check_disk(patient *p)
{
	struct statvfs v;
	if (statvfs(p->git, &v) != 0) {
		health(p, "disk", CIB_HEALTH_ERROR, N_("check that the disk is connected"), N_("the disk of %s cannot be read: %s"), p->root, cib_strerror(errno));
		return;
	}
	unsigned long long mb = (unsigned long long)v.f_bavail * v.f_frsize >> 20;
	if (v.f_flag & ST_RDONLY)
		health(p, "disk", CIB_HEALTH_ERROR, N_("mount it for writing: a disk that became read-only often is a disk that fails"), N_("the disk is read-only"));
	else if (mb < NONE_MB || (v.f_files && v.f_favail < 10))
		health(p, "disk", CIB_HEALTH_ERROR, N_("make room: nothing can be saved"), N_("the disk is full (%llu MB free)"), mb);
	else
		health(p, "disk", mb < SCARCE_MB ? CIB_HEALTH_WARNING : CIB_HEALTH_OK, mb < SCARCE_MB ? N_("make room") : NULL, N_("%llu MB are free"), mb);
}

/* ---- whose files, and can they be written; what lies between them ---- */

typedef struct {
	patient *p;
	size_t foreign, closed, locks, leftovers, odd;
	char *first_foreign, *first_closed, *first_lock, *first_odd;
} walk;

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n > m && strcmp(s + n - m, end) == 0;
}

static void note(size_t *count, char **first, const char *path)
{
	if ((*count)++ == 0)
		*first = cib_strdup(path);
}

/* Old enough that nobody is at it. */
static bool is_old(const struct stat *st, int seconds)
{
	return time(NULL) - st->st_mtim.tv_sec >= seconds;
}

static void look_at(walk *w, const char *path, const char *name, bool in_git)
{
	struct stat st;
	if (lstat(path, &st) != 0)
		return;
	if (st.st_uid != geteuid())
		note(&w->foreign, &w->first_foreign, path);
	if (S_ISDIR(st.st_mode) && access(path, R_OK | W_OK | X_OK) != 0)
		note(&w->closed, &w->first_closed, path);
	if (S_ISREG(st.st_mode) && access(path, R_OK) != 0)
		note(&w->closed, &w->first_closed, path);
	bool ours = strstr(path, "/.git/cib/") || strcmp(name, "cib.lock") == 0; /* those are taken by flock: the file stays */
	if (in_git && !ours && ends_with(name, ".lock") && is_old(&st, strcmp(name, "index.lock") == 0 ? LONG_S : 2))
		note(&w->locks, &w->first_lock, path);
	bool temporary = strstr(name, ".cib-tmp-") || (in_git && (strncmp(name, "tmp_", 4) == 0 || strncmp(name, "pack_git2_", 10) == 0));
	w->leftovers += temporary && is_old(&st, LONG_S);
	if (!in_git && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		note(&w->odd, &w->first_odd, path);
}

static void walk_folder(walk *w, const char *path, bool in_git, int depth)
{
	DIR *d = opendir(path);
	if (!d) {
		note(&w->closed, &w->first_closed, path);
		return;
	}
	for (const struct dirent *e; (e = readdir(d));) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		char *inner = cib_format("%s/%s", path, e->d_name);
		struct stat st;
		look_at(w, inner, e->d_name, in_git);
		if (depth < DEPTH && lstat(inner, &st) == 0 && S_ISDIR(st.st_mode))
			walk_folder(w, inner, in_git || strcmp(e->d_name, ".git") == 0, depth + 1);
		free(inner);
	}
	closedir(d);
}

static void check_files(patient *p)
{
	walk w = {.p = p};
	walk_folder(&w, p->root, false, 0);
	if (w.foreign) {
		char *fix = cib_format(_("give them back: sudo chown -R %u '%s'"), (unsigned)geteuid(), p->root);
		health(p, "ownership", CIB_HEALTH_WARNING, fix, N_("%zu files belong to another user, for example %s"), w.foreign, w.first_foreign);
		free(fix);
	} else {
		health(p, "ownership", CIB_HEALTH_OK, NULL, N_("all files belong to this user"));
	}
	if (w.closed) {
		char *fix = cib_format("chmod -R u+rwX '%s'", p->root);
		health(p, "permissions", CIB_HEALTH_ERROR, fix, N_("%zu files or folders cannot be used, for example %s"), w.closed, w.first_closed);
		free(fix);
	} else {
		health(p, "permissions", CIB_HEALTH_OK, NULL, N_("all can be read and written"));
	}
	if (w.locks)
		health(p, "locks", CIB_HEALTH_WARNING, N_("cib doctor --fix, or the next save or sync, removes them"), N_("%zu locks were left behind, for example %s"), w.locks, w.first_lock);
	else
		health(p, "locks", CIB_HEALTH_OK, NULL, N_("no lock was left behind"));
	health(p, "leftovers", w.leftovers ? CIB_HEALTH_ADVICE : CIB_HEALTH_OK, w.leftovers ? N_("cib doctor --fix, or the next save or sync, removes them") : NULL,
	       w.leftovers ? N_("%zu temporary files were left behind") : N_("no temporary file was left behind"), w.leftovers);
	if (w.odd)
		health(p, "folder", CIB_HEALTH_WARNING, N_("replace links by the files themselves"), N_("%zu things in the folder are neither files nor folders, for example %s"), w.odd, w.first_odd);
	else
		health(p, "folder", CIB_HEALTH_OK, NULL, N_("there are only files and folders"));
	free(w.first_foreign);
	free(w.first_closed);
	free(w.first_lock);
	free(w.first_odd);
}

/* ---- another cib, and what an interrupted one has not finished ---- */

static void check_busy(patient *p)
{
	char *path = cib_format("%s/cib.lock", p->git);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		char holder[32] = "";
		ssize_t n = pread(fd, holder, sizeof holder - 1, 0);
		holder[n > 0 ? n : 0] = '\0';
		holder[strcspn(holder, "\n")] = '\0';
		health(p, "busy", CIB_HEALTH_ADVICE, N_("wait until it is done"), N_("another cib is at work in this copy (process %s)"), holder);
	} else {
		health(p, "busy", CIB_HEALTH_OK, NULL, N_("no other cib is at work here"));
	}
	if (fd >= 0)
		close(fd);
	free(path);
	path = cib_format("%s/cib/journal", p->git);
	if (access(path, F_OK) == 0)
		health(p, "interrupted", CIB_HEALTH_ADVICE, N_("the next command goes on where it stopped"), N_("a sync was interrupted while it wrote the folder"));
	else
		health(p, "interrupted", CIB_HEALTH_OK, NULL, N_("nothing was interrupted"));
	free(path);
	static const char *const foreign[] = {"MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD", "BISECT_LOG"};
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		path = cib_format("%s/%s", p->git, foreign[i]);
		if (access(path, F_OK) == 0)
			health(p, "git", CIB_HEALTH_WARNING, N_("finish it or break it off with git: git status says how"), N_("a merge or rebase of plain git is under way (%s)"), foreign[i]);
		free(path);
	}
}

void doctor_place(patient *p)
{
	check_disk(p);
	check_files(p);
	check_busy(p);
}
