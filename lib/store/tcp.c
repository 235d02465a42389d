/* TCP for libgit2's http transport: connect, read and write with a limit on silence. */
#include "store/remote.h"
#include "store/tcp.h"

#include <errno.h>
#include <fcntl.h>
#include "late/git2.h"
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* libgit2 gives a stream no way to learn its operation's options; one thread runs one operation. */
static const cib_tcp_manner usual = {.timeout_s = 60};
static _Thread_local const cib_tcp_manner *manner = &usual;

void cib_tcp_behave(const cib_tcp_manner *how)
{
	manner = how ? how : &usual;
}

/* Host and port of an address without its scheme and user; `end`: where they end. */
static void split_host(char **host, char **port, const char *at, const char *end, const char *usual_port)
{
	size_t len = *at == '[' ? strcspn(at, "]") + 1 : strcspn(at, ":/?#");
	bool bracket = *at == '[';
	len = len > (size_t)(end - at) ? (size_t)(end - at) : len;
	*host = bracket && len > 2 ? cib_strndup(at + 1, len - 2) : cib_strndup(at, len);
	*port = at + len < end && at[len] == ':' ? cib_strndup(at + len + 1, (size_t)(end - at) - len - 1) : cib_strdup(usual_port);
}

static char *base64(const char *s, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	cib_buf out = CIB_BUF_INIT;
	for (size_t i = 0; i < len; i += 3) {
		unsigned n = (unsigned)(unsigned char)s[i] << 16 | (i + 1 < len ? (unsigned)(unsigned char)s[i + 1] << 8 : 0) | (i + 2 < len ? (unsigned char)s[i + 2] : 0);
		cib_buf_addf(&out, "%c%c%c%c", digits[n >> 18], digits[n >> 12 & 63], i + 1 < len ? digits[n >> 6 & 63] : '=', i + 2 < len ? digits[n & 63] : '=');
	}
	return cib_buf_take(&out);
}

void cib_tcp_proxy(cib_tcp_manner *m, const char *proxy, const char *url)
{
	const char *at = proxy + 7, *end = at + strcspn(at, "/?#"), *user = at;
	const char *there = strstr(url, "://") + 3, *there_end = there + strcspn(there, "/?#"), *sign;
	if ((sign = memrchr(at, '@', (size_t)(end - at))))
		at = sign + 1;
	split_host(&m->proxy_host, &m->proxy_port, at, end, "3128");
	if (at > user) {
		char *login = remote_url_decoded(user, (size_t)(at - user) - 1);
		m->proxy_login = base64(login, strlen(login));
		free(login);
	}
	if ((sign = memrchr(there, '@', (size_t)(there_end - there))))
		there = sign + 1;
	m->proxy_base = cib_format("http://%.*s", (int)(there_end - there), there);
}

void cib_tcp_manner_clear(cib_tcp_manner *m)
{
	if (manner == m)
		manner = &usual;
	free(m->proxy_host);
	free(m->proxy_port);
	free(m->proxy_base);
	free(m->proxy_login);
	*m = usual;
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
	while ((n = poll(&p, 1, manner->timeout_s * 1000)) < 0 && errno == EINTR)
		if (manner->stop && manner->stop(manner->payload))
			return fail(what, "stopped");
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
	const char *host = manner->proxy_host ? manner->proxy_host : t->host, *port = manner->proxy_host ? manner->proxy_port : t->port;
	char *what = cib_format("cannot connect to %s%s", manner->proxy_host ? "the proxy " : "", host);
	int rc = getaddrinfo(host, port, &hints, &list);
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

static int send_all(const tcp *t, const char *data, size_t len)
{
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
	return 0;
}

/* libgit2 1.5 knows proxies for https only. For plain http the request's first line names the whole address; libgit2 writes the
 * head of a request in one piece, and no body of ours begins like one (pkt-lines and chunks begin with digits). */
static int send_to_proxy(const tcp *t, const char *data, size_t len)
{
	size_t method = len > 5 && memcmp(data, "GET /", 5) == 0 ? 4 : len > 6 && memcmp(data, "POST /", 6) == 0 ? 5
	                                                                                                         : 0;
	const char *line = method ? memchr(data, '\n', len) : NULL;
	if (!line)
		return send_all(t, data, len);
	cib_buf out = CIB_BUF_INIT;
	cib_buf_add(&out, data, method);
	cib_buf_adds(&out, manner->proxy_base);
	cib_buf_add(&out, data + method, (size_t)(line + 1 - data) - method);
	if (manner->proxy_login)
		cib_buf_addf(&out, "Proxy-Authorization: Basic %s\r\n", manner->proxy_login);
	cib_buf_add(&out, line + 1, len - (size_t)(line + 1 - data));
	int rc = send_all(t, out.data, out.len);
	cib_buf_free(&out);
	return rc;
}

static ssize_t tcp_write(git_stream *stream, const char *data, size_t len, int flags)
{
	(void)flags;
	int rc = manner->proxy_host ? send_to_proxy((tcp *)stream, data, len) : send_all((tcp *)stream, data, len);
	return rc ? -1 : (ssize_t)len;
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
