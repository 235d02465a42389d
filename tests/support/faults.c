/* A library that is loaded before a program (LD_PRELOAD) and lets one of its calls go wrong, for what strace cannot do:
 *
 *   CIB_FAULT=cut:N        before the N-th call that changes something the power fails: the file system that holds the
 *                          current folder loses whatever did not reach the disk (EXT4_IOC_SHUTDOWN), the program is killed
 *   CIB_FAULT=kill:N       it is killed there
 *   CIB_FAULT=torn:N       the N-th write writes half of its bytes, then it is killed
 *   CIB_FAULT=short:N      the N-th write writes half of its bytes and says so, which is no fault
 *   CIB_FAULT=memory:N     the N-th allocation fails; memory:N+ all from then on
 *   CIB_FAULT=count        nothing; the numbers of calls, writes and allocations go to the file CIB_FAULT_COUNT at the end
 *
 * What the program starts itself runs without all this. Calls before main are the loader's and not counted. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXT4_IOC_SHUTDOWN _IOR('X', 125, unsigned)
#define WITHOUT_JOURNAL   2u /* EXT4_GOING_FLAGS_NOLOGFLUSH */

static enum { NOTHING,
	      CUT,
	      KILL,
	      TORN,
	      SHORT,
	      MEMORY,
	      COUNT } fault;
static unsigned long at, changes, writes, allocations;
static bool from_then_on, ready;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

static void die(void)
{
	syscall(SYS_kill, getpid(), SIGKILL);
	for (;;)
		pause();
}

static int disk = -1; /* an open folder on it; -1: the one that holds the current folder */

static void cut(void)
{
	unsigned flags = WITHOUT_JOURNAL;
	int fd = disk >= 0 ? disk : (int)syscall(SYS_openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, EXT4_IOC_SHUTDOWN, &flags) != 0)
		_exit(99); /* the power did not fail: the test must not pass for that */
	die();
}

/* One more call that changes something. */
static void change(void)
{
	if (!ready)
		return;
	unsigned long n = __atomic_add_fetch(&changes, 1, __ATOMIC_RELAXED);
	if (n == at && fault == KILL)
		die();
	if (n == at && fault == CUT)
		cut();
}

/* How many bytes of a write are written. */
static size_t length(size_t len)
{
	if (!ready || len < 2)
		return len;
	unsigned long n = __atomic_add_fetch(&writes, 1, __ATOMIC_RELAXED);
	return n == at && (fault == TORN || fault == SHORT) ? len / 2 : len;
}

static ssize_t written(ssize_t got, size_t tried, size_t len)
{
	if (tried < len && fault == TORN)
		die();
	return got;
}

static bool no_memory(void)
{
	if (!ready)
		return false;
	unsigned long n = __atomic_add_fetch(&allocations, 1, __ATOMIC_RELAXED);
	if (fault != MEMORY || !(n == at || (from_then_on && n > at)))
		return false;
	errno = ENOMEM;
	return true;
}

__attribute__((constructor)) static void begin(void)
{
	static const char *const names[] = {"", "cut", "kill", "torn", "short", "memory", "count"};
	const char *what = getenv("CIB_FAULT"), *colon = what ? strchr(what, ':') : NULL;
	size_t len = what ? strcspn(what, ":") : 0;
	for (unsigned i = 1; what && i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == len && memcmp(names[i], what, len) == 0)
			fault = i;
	at = colon ? strtoul(colon + 1, NULL, 10) : 0;
	from_then_on = colon && strchr(colon, '+');
	unsetenv("LD_PRELOAD");
	unsetenv("CIB_FAULT");
	ready = fault != NOTHING;
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("CIB_FAULT_COUNT");
	char text[100];
	ready = false;
	if (fault != COUNT || !path)
		return;
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int n = snprintf(text, sizeof text, "%lu %lu %lu\n", changes, writes, allocations);
	(void)!syscall(SYS_write, fd, text, (size_t)n);
	syscall(SYS_close, fd);
}

/* For a program that has this file linked in: from now on be killed before the n-th such call, or cut the power of the
 * disk that holds this open folder; and how many such calls there were since. */
void cib_fault_kill_at(unsigned long n);
void cib_fault_cut_at(unsigned long n, int folder);
unsigned long cib_fault_calls(void);

static void set_fault(int what, unsigned long n)
{
	fault = what;
	at = n;
	changes = 0;
	ready = true;
}

void cib_fault_kill_at(unsigned long n) { set_fault(KILL, n); }

void cib_fault_cut_at(unsigned long n, int folder)
{
	disk = folder;
	set_fault(CUT, n);
}

unsigned long cib_fault_calls(void) { return changes; }

/* ---- memory ---- */

void *malloc(size_t size) { return no_memory() ? NULL : __libc_malloc(size); }
void *calloc(size_t n, size_t size) { return no_memory() ? NULL : __libc_calloc(n, size); }
void *realloc(void *p, size_t size) { return no_memory() ? NULL : __libc_realloc(p, size); }

/* ---- calls ---- */

ssize_t write(int fd, const void *data, size_t len)
{
	change();
	size_t n = length(len);
	return written(syscall(SYS_write, fd, data, n), n, len);
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t offset)
{
	change();
	size_t n = length(len);
	return written(syscall(SYS_pwrite64, fd, data, n, offset), n, len);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t offset) { return pwrite(fd, data, len, offset); }

ssize_t send(int fd, const void *data, size_t len, int flags)
{
	change();
	size_t n = length(len);
	return written(syscall(SYS_sendto, fd, data, n, flags, NULL, 0), n, len);
}

int fsync(int fd)
{
	change();
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	change();
	return (int)syscall(SYS_fdatasync, fd);
}

int ftruncate(int fd, off_t len)
{
	change();
	return (int)syscall(SYS_ftruncate, fd, len);
}

int ftruncate64(int fd, off64_t len) { return ftruncate(fd, len); }

int rename(const char *from, const char *to)
{
	change();
	return (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int link(const char *from, const char *to)
{
	change();
	return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path)
{
	change();
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int unlinkat(int dir, const char *path, int flags)
{
	change();
	return (int)syscall(SYS_unlinkat, dir, path, flags);
}

int rmdir(const char *path)
{
	change();
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

int mkdir(const char *path, mode_t mode)
{
	change();
	return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int msync(void *start, size_t len, int flags)
{
	change();
	return (int)syscall(SYS_msync, start, len, flags);
}

static int open_file(int dir, const char *path, int flags, mode_t mode)
{
	if (flags & O_CREAT)
		change();
	return (int)syscall(SYS_openat, dir, path, flags, mode);
}

#define MODE(flags, mode)                    \
	mode_t mode = 0;                     \
	if (flags & (O_CREAT | O_TMPFILE)) { \
		va_list ap;                  \
		va_start(ap, flags);         \
		mode = va_arg(ap, mode_t);   \
		va_end(ap);                  \
	}

int open(const char *path, int flags, ...)
{
	MODE(flags, mode)
	return open_file(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	MODE(flags, mode)
	return open_file(AT_FDCWD, path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
	MODE(flags, mode)
	return open_file(dir, path, flags, mode);
}

int openat64(int dir, const char *path, int flags, ...)
{
	MODE(flags, mode)
	return open_file(dir, path, flags, mode);
}
