/* Who may come in (docs/app.md), judged by the head of a request, before any of its body is read:
 *
 *   its Host is this server's own             another name that points to loopback (DNS rebinding) gets nothing
 *   Origin, Sec-Fetch-Site are its own        another site in the same browser can neither read nor write
 *   a session cookie                          other users of this computer have none: it is given for the start token alone,
 *                                             which works once and stands in a file that only this user can read
 *   a token for writes                        a page has it from /api/me, which it cannot read from elsewhere
 *   one length, one host, no transfer coding  nothing that two readers could read in two ways
 */
#include "app/private.h"
#include "base/gettext.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool cib_app_same_secret(const char *a, const char *b)
{
	size_t n = strlen(a);
	if (n + 1 != CIB_APP_SECRET || strlen(b) != n)
		return false;
	unsigned char differs = 0; /* in a time that says nothing about where */
	for (size_t i = 0; i < n; i++)
		differs |= (unsigned char)(a[i] ^ b[i]);
	return differs == 0;
}

static void make_secret(char out[CIB_APP_SECRET])
{
	unsigned char bytes[(CIB_APP_SECRET - 1) / 2];
	cib_random(bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++) {
		out[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		out[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	out[CIB_APP_SECRET - 1] = '\0';
}

void cib_app_secrets(cib_app *app)
{
	make_secret(app->start);
	make_secret(app->session);
	make_secret(app->token);
}

/* ---- the start page ---- */

static char *start_page_name(const cib_app *app)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	struct stat st;
	if (run && *run == '/' && stat(run, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 077) == 0)
		return cib_format("%s/cib-app-%d.html", run, app->port);
	return cib_format("%s/cib/app-%d.html", cib_store_git_dir(app->ws->store), app->port);
}

int cib_app_door_open(cib_app *app, cib_error *err)
{
	app->start_page = start_page_name(app);
	snprintf(app->host, sizeof app->host, "127.0.0.1:%d", app->port);
	snprintf(app->host_name, sizeof app->host_name, "localhost:%d", app->port);
	cJSON *settings = cib_app_settings(app);
	const char *lang = cib_json_string(settings, "lang");
	char *page = cib_format("<!doctype html>\n<html lang=\"%s\">\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
	                        "<meta http-equiv=\"refresh\" content=\"0; url=http://%s/#start=%s%s%s\">\n<title>cib</title>\n",
	                        lang ? lang : app->lang, app->host, app->start, lang ? "&lang=" : "", lang ? lang : "");
	cJSON_Delete(settings);
	size_t len = strlen(page);
	unlink(app->start_page); /* of a process that was killed and had the same port */
	int fd = open(app->start_page, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600), saved = 0;
	bool done = fd >= 0 && write(fd, page, len) == (ssize_t)len;
	if (!done)
		saved = errno;
	if (fd >= 0)
		close(fd);
	free(page);
	return done ? CIB_OK : cib_error_set(err, CIB_IO, "app.start-page", "cannot write %s: %s", app->start_page, cib_strerror(saved));
}

void cib_app_door_close(cib_app *app)
{
	if (app->start_page)
		unlink(app->start_page);
	free(app->start_page);
	app->start_page = NULL;
}

/* ---- the head of a request ---- */

/* What must not stand there twice, or at all, counted. */
typedef struct {
	size_t host, length, coding, cookie, origin, site, all;
	bool nul; /* a header with a NUL in it */
} head;

static enum MHD_Result count_header(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_size, const char *value, size_t value_size)
{
	(void)kind;
	head *h = cls;
	const struct {
		const char *name;
		size_t *n;
	} counted[] = {{"Host", &h->host}, {"Content-Length", &h->length}, {"Transfer-Encoding", &h->coding}, {"Cookie", &h->cookie}, {"Origin", &h->origin}, {"Sec-Fetch-Site", &h->site}};
	h->all++;
	h->nul = h->nul || strlen(key) != key_size || (value && strlen(value) != value_size);
	for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
		*counted[i].n += strcasecmp(key, counted[i].name) == 0;
	return MHD_YES;
}

static const char *header(const cib_app_request *req, const char *name)
{
	return MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, name);
}

/* A length in plain decimal digits, not too long to be one. */
static bool length_ok(const char *text, size_t *length)
{
	size_t n = strspn(text, "0123456789");
	*length = strtoul(text, NULL, 10);
	return n && !text[n] && n < 12;
}

static bool has_cookie(const cib_app_request *req)
{
	char name[32];
	snprintf(name, sizeof name, "cib-%d", req->app->port); /* cookies know no ports */
	const char *value = MHD_lookup_connection_value(req->connection, MHD_COOKIE_KIND, name);
	return value && cib_app_same_secret(value, req->app->session);
}

/* Does the request come from a page of this server, or from the person who typed the address (read only)? */
static bool same_site(const cib_app_request *req, const char *host, const char *path, bool post)
{
	const char *origin = header(req, "Origin"), *site = header(req, "Sec-Fetch-Site"), *mode = header(req, "Sec-Fetch-Mode");
	bool own_origin = origin && strncmp(origin, "http://", 7) == 0 && strcmp(origin + 7, host) == 0;
	bool page = strncmp(path, "/api/", 5) != 0 && strncmp(path, "/web/", 5) != 0;
	if (origin && !own_origin)
		return false;
	if (post)
		return own_origin && (!site || strcmp(site, "same-origin") == 0);
	if (!site || strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0)
		return true;
	return page && mode && strcmp(mode, "navigate") == 0; /* the start page leads here; a page alone says nothing */
}

/* 1: an answer stands in req. */
static int turn_away(cib_app_request *req, int http, const char *code, const char *message)
{
	return cib_app_refuse(req, http, code, message) + 1;
}

int cib_app_door(cib_app_request *req, const char *method, const char *path, const char *version, bool *session)
{
	const cib_app *app = req->app;
	head h = {0};
	size_t length = 0;
	bool post = strcmp(method, "POST") == 0;
	MHD_get_connection_values_n(req->connection, MHD_HEADER_KIND, count_header, &h);
	const char *host = header(req, "Host"), *said = header(req, "Content-Length");
	if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
		return turn_away(req, 400, "app.version", "HTTP 1.1 is spoken here");
	if (h.host != 1 || h.length > 1 || h.coding || h.cookie > 1 || h.origin > 1 || h.site > 1 || h.nul || (said && !length_ok(said, &length)))
		return turn_away(req, 400, "app.head", "the head of the request is not clear");
	if (strcmp(host, app->host) != 0 && strcmp(host, app->host_name) != 0)
		return turn_away(req, 421, "app.host", "this server answers by its own name only");
	if (!post && strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return turn_away(req, 405, "app.method", "GET, HEAD and POST are understood here");
	if (!same_site(req, host, path, post))
		return turn_away(req, 403, "app.origin", "this request comes from another site");
	if (!post && length)
		return turn_away(req, 400, "app.head", "only a POST has a body");
	if (post && !said)
		return turn_away(req, 411, "app.length", "the length of the body must be said");
	if (post && length > CIB_APP_BODY_MAX)
		return turn_away(req, 413, "app.large", "the body is too large");
	const char *type = post ? header(req, "Content-Type") : NULL;
	if (post && (!type || strcmp(type, "application/json") != 0))
		return turn_away(req, 415, "app.type", "the body must be application/json");
	*session = has_cookie(req);
	return 0;
}

bool cib_app_door_token(const cib_app_request *req)
{
	const char *token = header(req, "X-Cib-Token");
	return token && cib_app_same_secret(token, req->app->token);
}
