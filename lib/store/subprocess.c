/* A smart sub-transport for libgit2 that runs a process: the system's ssh, or git itself for a
 * path (libgit2's own local transport runs no hooks).
 *
 * The process talks on one socket pair (its standard input and output); its standard error is
 * collected for the message. All waiting is in poll with the operation's limit on silence, and
 * what arrives while we write is kept, so that neither side can block the other. */
#include "store/remote.h"

#include <errno.h>
#include <fcntl.h>
#include "late/git2.h"
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define KEEP_STDERR 8192

typedef struct {
	git_smart_subtransport parent;
	remote_op *op;
	struct stream *stream;
} process;

typedef struct stream {
	git_smart_subtransport_stream parent;
	process *owner;
	remote_op *op;
	pid_t pid;
	int fd, err_fd;
	cib_buf early; /* read while writing */
	size_t early_at;
} stream;

static int net_error(const char *what)
{
	git_error_set_str(GIT_ERROR_NET, what);
	return -1;
}

/* ---- starting ---- */

/* 'path' for the shell at the other end. */
static char *quoted(const char *s)
{
	cib_buf out = CIB_BUF_INIT;
	cib_buf_addc(&out, '\'');
	for (; *s; s++) {
		if (*s == '\'' || *s == '!')
			cib_buf_addf(&out, "'\\%c'", *s);
		else
			cib_buf_addc(&out, *s);
	}
	cib_buf_addc(&out, '\'');
	return cib_buf_take(&out);
}

typedef struct {
	char *items[20];
	size_t count;
} words;

static void add(words *w, const char *s)
{
	w->items[w->count++] = cib_strdup(s);
}

/* Is the program of this command line called ssh? */
static bool is_openssh(const char *command)
{
	size_t len = strcspn(command, " ");
	return len >= 3 && memcmp(command + len - 3, "ssh", 3) == 0 && (len == 3 || command[len - 4] == '/');
}

static void make_command(words *w, const remote_op *op, const char *service)
{
	if (op->url.kind == URL_LOCAL) {
		add(w, "git");
		add(w, service + 4); /* without "git-" */
		add(w, op->url.path);
		return;
	}
	const char *program = getenv("CIB_SSH"), *command = getenv("GIT_SSH_COMMAND"), *gits = getenv("GIT_SSH");
	bool speaks_options = true;
	if (program && *program) {
		add(w, program);
	} else if (!(command && *command) && gits && *gits) {
		add(w, gits);
		speaks_options = is_openssh(gits);
	} else if (command && *command) {
		add(w, "sh");
		add(w, "-c");
		w->items[w->count++] = cib_format("%s \"$@\"", command);
		add(w, "ssh");
		speaks_options = is_openssh(command);
	} else {
		add(w, "ssh");
		if (!isatty(STDERR_FILENO)) { /* nobody to ask */
			add(w, "-o");
			add(w, "BatchMode=yes");
		}
		add(w, "-o");
		w->items[w->count++] = cib_format("ConnectTimeout=%d", remote_op_timeout(op));
	}
	if (op->url.port) {
		add(w, "-p");
		add(w, op->url.port);
	}
	if (speaks_options) { /* a server that accepts it speaks version 2 of the protocol */
		add(w, "-o");
		add(w, "SendEnv=GIT_PROTOCOL");
	}
	add(w, op->url.host);
	char *path = quoted(op->url.path);
	w->items[w->count++] = cib_format("%s %s", service, path);
	free(path);
}

char **remote_environment(char *first, char *last)
{
	static const char *const without[] = {"GIT_DIR=", "GIT_WORK_TREE=", "GIT_INDEX_FILE=", "GIT_OBJECT_DIRECTORY=",
	                                      "GIT_ALTERNATE_OBJECT_DIRECTORIES=", "GIT_QUARANTINE_PATH=", "GIT_PREFIX=",
	                                      "GIT_COMMON_DIR=", "GIT_NAMESPACE=", "GIT_PROTOCOL=", "GIT_CONFIG_PARAMETERS="};
	size_t n = 0, kept = 0;
	while (environ[n])
		n++;
	char **out = cib_alloc((n + 3) * sizeof *out);
	if (first)
		out[kept++] = first;
	for (size_t i = 0; i < n; i++) {
		bool drop = false;
		for (size_t k = 0; k < sizeof without / sizeof *without; k++)
			drop = drop || strncmp(environ[i], without[k], strlen(without[k])) == 0;
		if (!drop)
			out[kept++] = environ[i];
	}
	out[kept] = last;
	return out;
}

static int start(stream *s, const char *service)
{
	int sock[2], errs[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sock) != 0)
		return net_error(N_("no more sockets"));
	if (pipe2(errs, O_CLOEXEC) != 0) {
		close(sock[0]);
		close(sock[1]);
		return net_error(N_("no more pipes"));
	}
	words w = {0};
	make_command(&w, s->op, service);
	bool named = s->op->url.kind != URL_LOCAL || !s->op->options->user || getenv("CIB_USER");
	char *who = named ? NULL : cib_format("CIB_USER=%s", s->op->options->user);
	char version[] = "GIT_PROTOCOL=version=2"; /* a push knows only the older one */
	char **env = remote_environment(strcmp(service, "git-upload-pack") == 0 ? version : NULL, who);
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, sock[1], 0);
	posix_spawn_file_actions_adddup2(&actions, sock[1], 1);
	posix_spawn_file_actions_adddup2(&actions, errs[1], 2);
	posix_spawnattr_t attributes;
	sigset_t signals;
	posix_spawnattr_init(&attributes);
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(&attributes, &signals);
	sigaddset(&signals, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &signals);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	int rc = posix_spawnp(&s->pid, w.items[0], &actions, &attributes, w.items, env);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	close(sock[1]);
	close(errs[1]);
	s->fd = sock[0];
	s->err_fd = errs[0];
	fcntl(s->fd, F_SETFL, O_NONBLOCK);
	fcntl(s->err_fd, F_SETFL, O_NONBLOCK);
	if (rc) {
		s->pid = 0;
		s->op->child_status = 127;
		cib_buf_addf(&s->op->child_words, "%s: %s", w.items[0], strerror(rc));
		net_error(N_("the program could not be started"));
	}
	while (w.count)
		free(w.items[--w.count]);
	free(env);
	free(who);
	return rc ? -1 : 0;
}

/* ---- talking ---- */

static void drain_errors(stream *s)
{
	char text[1024];
	ssize_t n;
	while (s->err_fd >= 0 && (n = read(s->err_fd, text, sizeof text)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return; /* EAGAIN: nothing now */
		size_t room = KEEP_STDERR - s->op->child_words.len;
		cib_buf_add(&s->op->child_words, text, (size_t)n < room ? (size_t)n : room);
	}
	if (s->err_fd >= 0)
		close(s->err_fd);
	s->err_fd = -1;
}

/* Wait until the socket is ready; keeps the process's standard error moving. */
static int wait_for(stream *s, short events, short *ready)
{
	for (;;) {
		struct pollfd p[2] = {{.fd = s->fd, .events = events}, {.fd = s->err_fd, .events = POLLIN}};
		int n = poll(p, 2, remote_op_timeout(s->op) * 1000);
		if (n < 0 && errno == EINTR) {
			if (remote_op_tell(s->op, s->op->progress.phase))
				return net_error("stopped");
			continue;
		}
		if (n <= 0) {
			s->op->silent = true;
			return net_error(N_("the other side does not answer (timeout)"));
		}
		if (p[1].revents)
			drain_errors(s);
		if (p[0].revents) {
			*ready = p[0].revents;
			return 0;
		}
	}
}

static int stream_read(git_smart_subtransport_stream *parent, char *buffer, size_t size, size_t *got)
{
	stream *s = (stream *)parent;
	*got = 0;
	if (s->early_at < s->early.len) {
		size_t n = s->early.len - s->early_at;
		*got = n < size ? n : size;
		memcpy(buffer, s->early.data + s->early_at, *got);
		s->early_at += *got;
		return 0;
	}
	for (;;) {
		ssize_t n = recv(s->fd, buffer, size, 0);
		if (n >= 0) {
			*got = (size_t)n;
			return 0;
		}
		if (errno == ECONNRESET)
			return 0;
		short ready;
		if (errno == EAGAIN ? wait_for(s, POLLIN, &ready) : errno == EINTR ? 0
		                                                                   : net_error(strerror(errno)))
			return -1;
	}
}

static int stream_write(git_smart_subtransport_stream *parent, const char *buffer, size_t len)
{
	stream *s = (stream *)parent;
	while (len) {
		ssize_t n = send(s->fd, buffer, len, MSG_NOSIGNAL);
		if (n >= 0) {
			buffer += n;
			len -= (size_t)n;
			continue;
		}
		if (errno == EINTR)
			continue;
		short ready;
		if (errno != EAGAIN)
			return net_error(N_("the other side closed the connection"));
		if (wait_for(s, POLLOUT | POLLIN, &ready))
			return -1;
		if (ready & POLLIN) {
			char text[4096];
			n = recv(s->fd, text, sizeof text, 0);
			if (n > 0)
				cib_buf_add(&s->early, text, (size_t)n);
			else if (n == 0 && !(ready & POLLOUT))
				return net_error(N_("the other side closed the connection"));
		}
	}
	return 0;
}

/* ---- ending ---- */

/* The process ends by itself once its input ends; one that does not is ended. */
static void finish(stream *s)
{
	if (s->fd >= 0) {
		shutdown(s->fd, SHUT_WR);
		close(s->fd);
		s->fd = -1;
	}
	int status = 0;
	for (int waited = 0, pause = 1; s->pid > 0; waited += pause) {
		pid_t done = waitpid(s->pid, &status, WNOHANG);
		drain_errors(s);
		if (done != 0) {
			s->op->child_status = done > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
			break;
		}
		if (waited == 5000 || waited == 6000 || s->op->cancelled || s->op->silent)
			kill(s->pid, waited >= 6000 ? SIGKILL : SIGTERM);
		if (waited > 7000)
			break;
		pause = waited < 10 ? 1 : 10;
		nanosleep(&(struct timespec){.tv_nsec = pause * 1000 * 1000}, NULL);
	}
	s->pid = 0;
	drain_errors(s);
	if (s->err_fd >= 0)
		close(s->err_fd);
	s->err_fd = -1;
}

static void stream_free(git_smart_subtransport_stream *parent)
{
	stream *s = (stream *)parent;
	finish(s);
	if (s->owner)
		s->owner->stream = NULL;
	cib_buf_free(&s->early);
	free(s);
}

static int process_action(git_smart_subtransport_stream **out, git_smart_subtransport *parent, const char *url, git_smart_service_t service)
{
	process *p = (process *)parent;
	(void)url;                                                                     /* the operation knows it, parsed */
	if (service == GIT_SERVICE_UPLOADPACK || service == GIT_SERVICE_RECEIVEPACK) { /* the talk that began with _LS */
		if (!p->stream)
			return net_error(N_("the connection was not opened"));
		*out = &p->stream->parent;
		return 0;
	}
	stream *s = cib_alloc(sizeof *s);
	s->parent.subtransport = parent;
	s->parent.read = stream_read;
	s->parent.write = stream_write;
	s->parent.free = stream_free;
	s->owner = p;
	s->op = p->op;
	s->fd = s->err_fd = -1;
	p->stream = s;
	if (start(s, service == GIT_SERVICE_UPLOADPACK_LS ? "git-upload-pack" : "git-receive-pack")) {
		stream_free(&s->parent);
		return -1;
	}
	*out = &s->parent;
	return 0;
}

static int process_close(git_smart_subtransport *parent)
{
	(void)parent; /* the stream's free does it */
	return 0;
}

static void process_free(git_smart_subtransport *parent)
{
	process *p = (process *)parent;
	if (p->stream)
		p->stream->owner = NULL;
	free(p);
}

int remote_process_new(git_smart_subtransport **out, git_transport *owner, remote_op *op)
{
	(void)owner;
	process *p = cib_alloc(sizeof *p);
	p->parent.action = process_action;
	p->parent.close = process_close;
	p->parent.free = process_free;
	p->op = op;
	*out = &p->parent;
	return 0;
}
