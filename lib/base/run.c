/* Running another program to its end: what it reads is given at once, what it says is collected. */
#include "base/base.h"
#include "base/gettext.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { KEEP = 1 << 20 }; /* bytes of its output that are kept */

typedef struct {
	int in[2], out[2], errs[2];
} pipes;

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_all(pipes *p)
{
	for (int i = 0; i < 2; i++) {
		close_fd(&p->in[i]);
		close_fd(&p->out[i]);
		close_fd(&p->errs[i]);
	}
}

/* The environment; for one that must not ask, without what would ask for it. */
static char **make_environment(bool alone)
{
	static char never[] = "SSH_ASKPASS_REQUIRE=never";
	size_t n = 0, kept = 0;
	while (environ[n])
		n++;
	char **env = cib_alloc((n + 2) * sizeof *env);
	for (size_t i = 0; i < n; i++)
		if (!alone || strncmp(environ[i], "SSH_ASKPASS", 11) != 0)
			env[kept++] = environ[i];
	if (alone)
		env[kept++] = never;
	return env;
}

static int start(pid_t *pid, pipes *p, const char *const *argv, bool alone)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t signals;
	char **env = make_environment(alone);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, p->in[0], 0);
	posix_spawn_file_actions_adddup2(&actions, p->out[1], 1);
	posix_spawn_file_actions_adddup2(&actions, p->errs[1], 2);
	posix_spawnattr_init(&attributes);
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(&attributes, &signals);
	sigaddset(&signals, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &signals);
	/* A session of its own has no terminal, so that nothing can be asked there. */
	posix_spawnattr_setflags(&attributes, (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (alone ? POSIX_SPAWN_SETSID : 0)));
	int rc = posix_spawnp(pid, argv[0], &actions, &attributes, (char *const *)(uintptr_t)argv, env);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	free(env);
	return rc;
}

static void take(int *fd, cib_buf *into)
{
	char part[4096];
	ssize_t n = read(*fd, part, sizeof part);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0)
		close_fd(fd);
	else if (into && into->len < KEEP)
		cib_buf_add(into, part, (size_t)n);
}

static void give(int *fd, const char *data, size_t len, size_t *sent)
{
	ssize_t n = *sent < len ? write(*fd, data + *sent, len - *sent) : 0;
	if (n > 0)
		*sent += (size_t)n;
	if (*sent >= len || (n < 0 && errno != EINTR && errno != EAGAIN)) /* one that does not read on has seen enough */
		close_fd(fd);
}

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Talk until it has closed its outputs; false when the time is over. */
static bool talk(pipes *p, const cib_execute_options *o, cib_buf *out, cib_buf *errs)
{
	int64_t end = o->timeout_ms ? now_ms() + o->timeout_ms : 0;
	size_t sent = 0;
	while (p->out[0] >= 0 || p->errs[0] >= 0) {
		struct pollfd fds[3] = {{.fd = p->out[0], .events = POLLIN}, {.fd = p->errs[0], .events = POLLIN}, {.fd = p->in[1], .events = POLLOUT}};
		int64_t left = end ? end - now_ms() : -1;
		int n = end && left <= 0 ? 0 : poll(fds, 3, (int)left);
		if (n == 0)
			return false;
		if (n < 0 && errno != EINTR)
			return false;
		if (n < 0)
			continue;
		if (fds[0].revents)
			take(&p->out[0], out);
		if (fds[1].revents)
			take(&p->errs[0], errs);
		if (fds[2].revents)
			give(&p->in[1], o->input, o->len, &sent);
	}
	return true;
}

int cib_execute(int *exit_code, cib_buf *out, cib_buf *errs, const char *const *argv, const cib_execute_options *options, cib_error *err)
{
	static const cib_execute_options none = {0};
	const cib_execute_options *o = options ? options : &none;
	pipes p = {{-1, -1}, {-1, -1}, {-1, -1}};
	pid_t pid = 0;
	int status = 0, result = CIB_OK, rc;
	*exit_code = -1;
	if (pipe2(p.in, O_CLOEXEC) != 0 || pipe2(p.out, O_CLOEXEC) != 0 || pipe2(p.errs, O_CLOEXEC) != 0) {
		close_all(&p);
		return cib_error_set(err, CIB_IO, "run.pipe", "cannot run %s: no more pipes", argv[0]);
	}
	rc = start(&pid, &p, argv, o->alone);
	if (rc) {
		close_all(&p);
		return cib_error_set(err, rc == ENOENT ? CIB_NOTFOUND : CIB_IO, "run.start", "cannot run %s: %s", argv[0], cib_strerror(rc));
	}
	close_fd(&p.in[0]);
	close_fd(&p.out[1]);
	close_fd(&p.errs[1]);
	fcntl(p.in[1], F_SETFL, O_NONBLOCK);
	if (!o->len)
		close_fd(&p.in[1]);
	if (!talk(&p, o, out, errs)) {
		kill(pid, SIGKILL);
		result = cib_error_set(err, CIB_IO, "run.time", "%s did not end in time", argv[0]);
	}
	close_all(&p);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (result == CIB_OK && WIFEXITED(status))
		*exit_code = WEXITSTATUS(status);
	return result;
}
