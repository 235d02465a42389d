/* Connections that take too long. One that is silent, or sends a byte now and then, would stay for ever, and enough of them would leave
 * no place for the person (slowloris). So each step of a connection has its time: the head of a request, its body and the answer; what takes
 * longer is cut off. Time counts only while the thread that answers is free: who waits for it behind another's long report is not slow. A long
 * answer may take as many times as it needs, as long as the other side takes some of it each time: a browser reads a long report no faster
 * than it draws. */
#include "app/private.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { STEP_MS = 10000,
       STEP_BYTES = 64 * 1024 }; /* that count as some */

typedef struct held held;
struct held {
	held *next, *before;
	int fd;
	int64_t since;  /* when its step began, on the clock of free_ms */
	uint64_t taken; /* bytes that the other side had taken then */
};

struct cib_app_watch {
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t wake;
	held *all;
	int64_t busy;       /* ms for which the thread that answers was not free, in all */
	int64_t busy_since; /* it is not free now, since then; 0: it is */
	bool ending;
};

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A clock that stands while the thread that answers is not free. */
static int64_t free_ms(const cib_app_watch *w)
{
	return (w->busy_since ? w->busy_since : now_ms()) - w->busy;
}

void cib_app_watch_busy(cib_app *app, bool busy)
{
	cib_app_watch *w = app->watch;
	pthread_mutex_lock(&w->lock);
	if (busy) {
		w->busy_since = now_ms();
	} else {
		w->busy += now_ms() - w->busy_since;
		w->busy_since = 0;
	}
	pthread_mutex_unlock(&w->lock);
}

static uint64_t bytes_taken(int fd)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof info;
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 ? info.tcpi_bytes_acked : 0;
}

/* A step that took its time: another one when the answer goes on, else the end. */
static void judge(const cib_app_watch *w, held *l)
{
	uint64_t taken = bytes_taken(l->fd);
	if (taken - l->taken >= STEP_BYTES) {
		l->since = free_ms(w);
		l->taken = taken;
	} else {
		shutdown(l->fd, SHUT_RDWR); /* its owner sees the end, and closes it */
	}
}

static void *watch(void *payload)
{
	cib_app_watch *w = payload;
	pthread_mutex_lock(&w->lock);
	while (!w->ending) {
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += 1;
		if (w->all)
			pthread_cond_timedwait(&w->wake, &w->lock, &until);
		else
			pthread_cond_wait(&w->wake, &w->lock);
		for (held *l = w->all; l; l = l->next)
			if (free_ms(w) - l->since > STEP_MS)
				judge(w, l);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

void cib_app_watch_new(cib_app *app)
{
	cib_app_watch *w = app->watch = cib_alloc(sizeof *w);
	pthread_condattr_t attr;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&w->thread, NULL, watch, w) != 0)
		abort();
}

void cib_app_watch_free(cib_app *app)
{
	cib_app_watch *w = app->watch;
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->ending = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
	app->watch = NULL;
}

void cib_app_watch_connection(void *cls, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode code)
{
	cib_app_watch *w = ((cib_app *)cls)->watch;
	held *l = *context;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		l = cib_alloc(sizeof *l);
		*l = (held){.fd = info ? info->connect_fd : -1};
		*context = l;
		pthread_mutex_lock(&w->lock);
		l->since = free_ms(w);
		l->next = w->all;
		if (l->next)
			l->next->before = l;
		w->all = l;
		pthread_cond_signal(&w->wake);
		pthread_mutex_unlock(&w->lock);
	} else if (l) {
		pthread_mutex_lock(&w->lock);
		if (l->next)
			l->next->before = l->before;
		if (l->before)
			l->before->next = l->next;
		else
			w->all = l->next;
		pthread_mutex_unlock(&w->lock);
		free(l);
		*context = NULL;
	}
}

void cib_app_watch_step(cib_app *app, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	held *l = info ? info->socket_context : NULL;
	if (!l)
		return;
	pthread_mutex_lock(&app->watch->lock);
	l->since = free_ms(app->watch);
	l->taken = bytes_taken(l->fd);
	pthread_mutex_unlock(&app->watch->lock);
}
