/* TCP for libgit2's http transport: connect, read and write with a limit on silence. */
#include "store/private.h"
#include "store/tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <git2/sys/stream.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* libgit2 gives a stream no way to learn its operation's options; one thread runs one operation. */
static _Thread_local int timeout_s = 60;

void cib_tcp_set_timeout(int seconds)
{
	timeout_s = seconds;
}

typedef struct {
	git_stream parent;
	char *host, *port;
	int fd;
} tcp;

static int fail(const char *what, const char *why)
{
	char *text = cib_format("%s: %s", what, why);
	git_error_set_str(GIT_ERROR_NET, text);
	free(text);
	return -1;
}

static int wait_for(int fd, short events, const char *what)
{
	struct pollfd p = {.fd = fd, .events = events};
	int n;
	do {
		n = poll(&p, 1, timeout_s * 1000);
	} while (n < 0 && errno == EINTR);
	return n > 0 ? 0 : fail(what, n == 0 ? "the server does not answer (timeout)" : strerror(errno));
}

static int try_address(const struct addrinfo *a, const char *what)
{
	int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol), error = 0;
	socklen_t size = sizeof error;
	if (fd < 0) {
		fail(what, strerror(errno));
		return -1;
	}
	if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
		return fd;
	if (errno != EINPROGRESS)
		fail(what, strerror(errno));
	else if (wait_for(fd, POLLOUT, what) == 0) {
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0)
			return fd;
		fail(what, strerror(error));
	}
	close(fd);
	return -1;
}

static int tcp_connect(git_stream *stream)
{
	tcp *t = (tcp *)stream;
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_family = AF_UNSPEC}, *list = NULL;
	char *what = cib_format("cannot connect to %s", t->host);
	int rc = getaddrinfo(t->host, t->port, &hints, &list);
	if (rc)
		fail(what, gai_strerror(rc));
	for (struct addrinfo *a = list; a && t->fd < 0; a = a->ai_next)
		t->fd = try_address(a, what);
	if (list)
		freeaddrinfo(list);
	free(what);
	return t->fd < 0 ? -1 : 0;
}

static ssize_t tcp_read(git_stream *stream, void *data, size_t len)
{
	tcp *t = (tcp *)stream;
	for (;;) {
		ssize_t n = recv(t->fd, data, len, 0);
		if (n >= 0)
			return n;
		if (errno == EAGAIN || errno == EWOULDBLOCK) {
			if (wait_for(t->fd, POLLIN, "cannot receive"))
				return -1;
		} else if (errno != EINTR) {
			return fail("cannot receive", strerror(errno));
		}
	}
}

static ssize_t tcp_write(git_stream *stream, const char *data, size_t len, int flags)
{
	tcp *t = (tcp *)stream;
	(void)flags;
	size_t done = 0;
	while (done < len) {
		ssize_t n = send(t->fd, data + done, len - done, MSG_NOSIGNAL);
		if (n >= 0) {
			done += (size_t)n;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			if (wait_for(t->fd, POLLOUT, "cannot send"))
				return -1;
		} else if (errno != EINTR) {
			return fail("cannot send", strerror(errno));
		}
	}
	return (ssize_t)len;
}

static int tcp_close(git_stream *stream)
{
	tcp *t = (tcp *)stream;
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	return 0;
}

static void tcp_free(git_stream *stream)
{
	tcp *t = (tcp *)stream;
	tcp_close(stream);
	free(t->host);
	free(t->port);
	free(t);
}

static int tcp_new(git_stream **out, const char *host, const char *port)
{
	tcp *t = cib_alloc(sizeof *t);
	t->parent.version = GIT_STREAM_VERSION;
	t->parent.connect = tcp_connect;
	t->parent.read = tcp_read;
	t->parent.write = tcp_write;
	t->parent.close = tcp_close;
	t->parent.free = tcp_free;
	t->host = cib_strdup(host);
	t->port = cib_strdup(port);
	t->fd = -1;
	*out = &t->parent;
	return 0;
}

void cib_tcp_register(void)
{
	git_stream_registration registration = {.version = GIT_STREAM_VERSION, .init = tcp_new};
	git_stream_register(GIT_STREAM_STANDARD, &registration);
}
