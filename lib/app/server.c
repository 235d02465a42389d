/* The server: from libmicrohttpd's callback to a route and back.
 *
 * A request is judged by its head (door.c) before a byte of its body is taken. One polling thread answers all requests, so
 * that the routes need no locks among themselves; what takes long is a job. */
#include "app/private.h"
#include "base/gettext.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS = 256,
       HEAD_MAX = 32 << 10 }; /* bytes of a request's line and headers, and of what is read of its body at once */

/* Between libmicrohttpd's calls for one request. */
typedef struct {
	cib_app_request req;
	const cib_app_route *route; /* NULL: an asset, or a page */
	cib_buf body;
	bool begun, too_large;
	bool unclear; /* its address has a NUL: what is read of it is not what was sent */
} exchange;

static void exchange_free(exchange *x)
{
	for (size_t i = 0; i < CIB_APP_PARAMS; i++)
		free(x->req.params[i]);
	cib_buf_free(&x->req.text);
	free(x->req.refs);
	free(x->req.file_name);
	free(x->req.cookie);
	cib_buf_free(&x->body);
	free(x);
}

/* The address as it was sent, before anything is decoded. */
static void *on_address(void *cls, const char *address, struct MHD_Connection *connection)
{
	exchange *x = cib_alloc(sizeof *x);
	x->req.app = cls;
	x->req.connection = connection;
	x->unclear = strstr(address, "%00") != NULL;
	return x;
}

static void on_end(void *cls, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode how)
{
	(void)how;
	exchange *x = *state;
	const cib_app_options *options = &((cib_app *)cls)->options;
	cib_app_watch_step(cls, connection);
	if (x && x->req.last && options->quit)
		options->quit(options->payload);
	if (x)
		exchange_free(x);
	*state = NULL;
}

/* The workspace as it stands by now: other programs, and the worker, move the branch. */
static int freshen(cib_app *app, cib_error *err)
{
	cib_oid tip;
	if (atomic_exchange(&app->reopen, false)) {
		cib_workspace *ws = NULL;
		int status = cib_workspace_open(&ws, app->dir, err);
		if (status != CIB_OK) {
			atomic_store(&app->reopen, true);
			return status;
		}
		cib_workspace_free(app->ws);
		app->ws = ws;
		return CIB_OK;
	}
	if (cib_store_ref_get(&tip, app->ws->store, app->ws->branch, NULL) == CIB_OK && cib_oid_equal(&tip, &app->ws->tip))
		return CIB_OK;
	return cib_workspace_reload(app->ws, err);
}

static const char *lang_of(const exchange *x)
{
	static const char *const langs[] = {"en", "fr", "es"};
	const char *asked = MHD_lookup_connection_value(x->req.connection, MHD_HEADER_KIND, "X-Cib-Lang");
	if (!asked)
		asked = cib_app_query(&x->req, "lang");
	for (size_t i = 0; asked && i < 3; i++)
		if (strcmp(asked, langs[i]) == 0)
			return langs[i];
	return x->req.app->lang;
}

static void run_route(exchange *x)
{
	cib_error err = CIB_ERROR_INIT;
	cJSON *body = NULL;
	int status = CIB_OK;
	if (strcmp(x->route->method, "POST") == 0) {
		cib_json_limits limits = {.depth = 64, .nodes = 200000};
		status = cib_json_read(&body, cib_buf_str(&x->body), x->body.len, &limits, &err);
		if (status == CIB_OK && !cJSON_IsObject(body))
			status = cib_error_set(&err, CIB_USAGE, "app.body", "the body of a request is a JSON object");
	}
	cib_app_from_script(body);
	x->req.body = body;
	if (status == CIB_OK && !x->route->open)
		status = freshen(x->req.app, &err);
	x->req.ws = x->req.app->ws;
	if (status == CIB_OK)
		x->route->handle(&x->req);
	else
		cib_app_fail(&x->req, &err);
	if (!x->req.code)
		cib_app_refuse(&x->req, 500, "app.no-answer", "this request has no answer");
	x->req.body = NULL;
	cJSON_Delete(body);
}

/* Behind the door: which route, may it be asked so, and how much may come? */
static int choose(exchange *x, const char *method, const char *path, bool session)
{
	bool known = false, post = strcmp(method, "POST") == 0;
	x->route = cib_app_find_route(&x->req, method, path, &known);
	if (!x->route && strncmp(path, "/api/", 5) == 0)
		return cib_app_refuse(&x->req, known ? 405 : 404, known ? "app.method" : "app.unknown", "there is nothing under this address") + 1;
	if (!x->route)
		return post ? cib_app_refuse(&x->req, 405, "app.method", "this is only to be read") + 1 : 0;
	if (!x->route->open && !session)
		return cib_app_refuse(&x->req, 401, "app.session", "open the app with: cib app") + 1;
	if (post && !x->route->open && !cib_app_door_token(&x->req))
		return cib_app_refuse(&x->req, 403, "app.token", "this request does not come from the app's page") + 1;
	return 0;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *data, size_t *size, void **state)
{
	exchange *x = *state;
	if (!x->begun) {
		bool session = false;
		x->begun = true;
		cib_app_watch_step(cls, connection);
		x->req.lang = lang_of(x);
		cib_speak_here(x->req.lang);
		if (x->unclear)
			cib_app_refuse(&x->req, 400, "app.head", "the head of the request is not clear");
		if (x->unclear || cib_app_door(&x->req, method, path, version, &session) || choose(x, method, path, session))
			return cib_app_send(&x->req);
		return MHD_YES;
	}
	if (*size) {
		x->too_large = x->too_large || x->body.len + *size > CIB_APP_BODY_MAX;
		if (!x->too_large)
			cib_buf_add(&x->body, data, *size);
		*size = 0;
		return x->too_large ? MHD_NO : MHD_YES; /* what lies about its length is cut off */
	}
	cib_speak_here(x->req.lang);
	if (x->route) {
		cib_app_watch_busy(x->req.app, true);
		run_route(x);
		cib_app_watch_busy(x->req.app, false);
	} else if (cib_app_serve_asset(&x->req, path)) {
		cib_app_refuse(&x->req, 404, "app.unknown", "there is nothing under this address");
	}
	return cib_app_send(&x->req);
}

/* On loopback alone. Who knocks now waits: what the door goes by (the port, the names, the secrets) must stand before the thread that
 * answers begins. */
static int listen_here(cib_app *app, cib_error *err)
{
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)app->options.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof here;
	int on = 1;
	app->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (app->listener >= 0 && setsockopt(app->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 && bind(app->listener, (struct sockaddr *)&here, sizeof here) == 0 &&
	    listen(app->listener, CONNECTIONS) == 0 && getsockname(app->listener, (struct sockaddr *)&here, &size) == 0) {
		app->port = ntohs(here.sin_port);
		return CIB_OK;
	}
	int status = cib_error_set(err, CIB_BUSY, "app.port", "the app cannot listen on 127.0.0.1 port %d: another program does, or this account may not", app->options.port);
	cib_error_hint(err, "without --port it takes any that is free: cib app");
	return status;
}

/* Requests are answered from now on. */
static int begin(cib_app *app, cib_error *err)
{
	app->daemon = MHD_start_daemon(MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, on_request, app,
	                               MHD_OPTION_LISTEN_SOCKET, app->listener,
	                               MHD_OPTION_NOTIFY_COMPLETED, on_end, app,
	                               MHD_OPTION_URI_LOG_CALLBACK, on_address, app,
	                               MHD_OPTION_NOTIFY_CONNECTION, cib_app_watch_connection, app,
	                               MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
	                               MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_MAX,
	                               MHD_OPTION_STRICT_FOR_CLIENT, 1,
	                               MHD_OPTION_END);
	app->listener = -1; /* the daemon's; also when it could not begin */
	return app->daemon ? CIB_OK : cib_error_set(err, CIB_IO, "app.port", "the app cannot begin to answer on port %d", app->port);
}

int cib_app_open(cib_app **out, const char *dir, const cib_app_options *options, cib_error *err)
{
	cib_app *app = cib_alloc(sizeof *app);
	int status = cib_late_open(&cib_microhttpd_library, err);
	app->listener = -1;
	app->dir = cib_strdup(dir);
	app->options = *options;
	app->lang = cib_strdup(options->lang ? options->lang : "en");
	atomic_init(&app->reopen, false);
	cib_app_reporter_new(app);
	if (status == CIB_OK)
		status = cib_workspace_open(&app->ws, dir, err);
	if (status == CIB_OK)
		status = cib_app_worker_new(app);
	cib_app_secrets(app);
	cib_app_watch_new(app);
	if (status == CIB_OK)
		status = listen_here(app, err);
	if (status == CIB_OK)
		status = cib_app_door_open(app, err);
	if (status == CIB_OK)
		status = begin(app, err);
	if (status != CIB_OK) {
		cib_app_free(app);
		return status;
	}
	*out = app;
	return CIB_OK;
}

int cib_app_port(const cib_app *app)
{
	return app->port;
}

const char *cib_app_start_page(const cib_app *app)
{
	return app->start_page;
}

void cib_app_free(cib_app *app)
{
	if (!app)
		return;
	if (app->daemon)
		MHD_stop_daemon(app->daemon);
	if (app->listener >= 0)
		close(app->listener);
	cib_app_worker_free(app);
	cib_app_kept_free(app);
	cib_app_finder_free(app);
	cib_app_reporter_free(app);
	cib_app_watch_free(app);
	cib_app_door_close(app);
	cib_workspace_free(app->ws);
	free(app->dir);
	free(app->lang);
	free(app);
}
