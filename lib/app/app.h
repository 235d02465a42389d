/* app - the network in the browser of the person at this computer: a web server on loopback, its routes and its pages.
 *
 * It holds no rule that the command line lacks: a route reads the request, calls the rooms below and writes JSON; a page
 * (lib/app/web/) shows it. docs/app.md says how to add a route, a page, a word.
 *
 * Threads: libmicrohttpd's own thread answers all requests, one after the other; a second, the worker, does what takes long
 * or travels (sync), in a workspace of its own. They meet in the job alone (job.c) and, as two processes would, at the
 * locks of the copy. */
#ifndef CIB_APP_H
#define CIB_APP_H

#include "sync/sync.h"

typedef struct cib_app cib_app;

typedef struct {
	const char *lang;            /* "en", "fr" or "es": until the person chooses another; NULL: "en" */
	int port;                    /* 0: any that is free */
	cib_remote_options remote;   /* how to reach the central repository; its progress callback is the app's own */
	void (*quit)(void *payload); /* called on the request thread when the person closes the app in the browser; may be NULL */
	void *payload;
} cib_app_options;

/* Serve the copy that contains `dir` on 127.0.0.1, from now on, in threads of its own. CIB_NOTFOUND: there is no copy;
 * CIB_USAGE library.missing: libmicrohttpd is not there; CIB_IO: the port is taken, or the start page cannot be written. */
int cib_app_open(cib_app **out, const char *dir, const cib_app_options *options, cib_error *err);
int cib_app_port(const cib_app *app);
/* A file (mode 0600) that the browser is to open: it leads to the app with a token that works once, and goes away then. */
const char *cib_app_start_page(const cib_app *app);
/* End: a job that runs is asked to stop and waited for, the start page goes away. NULL is fine. */
void cib_app_free(cib_app *app);

#endif
