/* What the files of this room share: the request that a route sees, its answer, jobs. The manual is docs/app.md. */
#ifndef CIB_APP_PRIVATE_H
#define CIB_APP_PRIVATE_H

#include "app/app.h"
#include "app/assets.h"
#include "late/microhttpd.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { CIB_APP_BODY_MAX = 2 << 20, /* bytes of a request's body: an entry of 1 MiB and what stands around it */
       CIB_APP_PARAMS = 4,
       CIB_APP_SECRET = 65 }; /* 256 bits as hex digits, and the end */

/* ---- a request, as a route sees it (on the request thread) ---- */
typedef struct {
	cib_app *app;
	cib_workspace *ws; /* at the branch's tip */
	const char *lang;  /* "en", "fr" or "es": what the page asked for */
	const cJSON *body; /* of a POST: an object, strict JSON; NULL for GET */
	/* the route's own: what stood for {...} in its path, in order, decoded */
	char *params[CIB_APP_PARAMS];
	char *refs; /* kept.c: where every reference stands; NULL: not asked yet */
	struct MHD_Connection *connection;
	/* the answer: one of the functions below fills it */
	int code; /* of HTTP; 0: no answer yet */
	const char *type;
	cib_buf text;
	char *file_name; /* not NULL: the browser is to save it under this name */
	char *cookie;
	char etag[48]; /* "": none */
	bool gzipped;
	bool last; /* when the answer has gone, the app is to end */
} cib_app_request;

/* A value of the query (?q=...), decoded; NULL when it is not there. Borrowed. */
const char *cib_app_query(const cib_app_request *req, const char *name);
/* The same as a number from 0 to `max`; `otherwise` when it is not there or none. */
size_t cib_app_query_number(const cib_app_request *req, const char *name, size_t otherwise, size_t max);

/* ---- answers; each returns 0, so that a route may end with `return cib_app_json(...)` ---- */
int cib_app_json(cib_app_request *req, cJSON *doc); /* takes doc; "v": 1 is put in front */
/* {"error": {"status", "code", "message", "hint", "file", "line", "column", "pointer"}}; the HTTP code follows the status. */
int cib_app_fail(cib_app_request *req, const cib_error *err);
int cib_app_refuse(cib_app_request *req, int http, const char *code, const char *message);
/* Any text, taken from `text`; save_as NULL: to be shown. */
int cib_app_text(cib_app_request *req, const char *type, cib_buf *text, const char *save_as);
cJSON *cib_app_error_json(const cib_error *err);
cJSON *cib_app_findings_json(const cib_findings *findings); /* as the lines of `cib check --format json`, with title and hint */

/* The entry that stands for {id}, the first part in braces of the route. CIB_NOTFOUND. */
int cib_app_find(cib_app_request *req, cib_buf *path, cib_place *place, cib_error *err);
cJSON *cib_app_member_names(cib_app_request *req);                 /* {id: name} of all members that main has; the caller's */
cJSON *cib_app_entry_json(cib_app_request *req, const char *path); /* {"id", "path", "kind", "member", "title"} as it is here by now */

/* ---- routes: one table a file, listed in route.c ---- */
typedef struct {
	const char *method, *path; /* "GET" or "POST"; "/api/entries/{id}": a part in braces stands for any one part */
	int (*handle)(cib_app_request *req);
	bool open; /* answers without a session */
} cib_app_route;
extern const cib_app_route cib_app_session_routes[], cib_app_settings_routes[], cib_app_job_routes[], cib_app_sync_routes[],
	cib_app_home_routes[], cib_app_entries_routes[], cib_app_entry_routes[], cib_app_remark_routes[];
extern const cib_app_route cib_app_review_routes[], cib_app_review_item_routes[], cib_app_review_act_routes[], cib_app_report_routes[];
extern const cib_app_route cib_app_form_routes[], cib_app_codes_routes[], cib_app_conflict_routes[];
/* The route of a request, its params put into req; *known: the path is there for another method. */
const cib_app_route *cib_app_find_route(cib_app_request *req, const char *method, const char *path, bool *known);

/* ---- jobs: what takes long, on the worker ---- */
typedef struct cib_app_job cib_app_job;
/* The work: in a workspace of its own. `result` is an empty object to be filled for the page. */
typedef int (*cib_app_work)(cib_app_job *job, cib_workspace *ws, const cJSON *arguments, cJSON *result, cib_error *err);
/* Start it, or join the one that runs when it has the same name; answers {"job": {...}} as GET /api/jobs/{id} does, or 409
 * app.busy when another runs. arguments may be NULL; copied. */
int cib_app_job_start(cib_app_request *req, const char *name, cib_app_work work, const cJSON *arguments);
bool cib_app_job_runs(cib_app *app, const char *name);
void cib_app_job_add(cJSON *doc, cib_app *app, const char *name); /* "job" of doc, when it runs */
const cib_app_options *cib_app_job_options(const cib_app_job *job);
const char *cib_app_job_lang(const cib_app_job *job);
cib_app *cib_app_job_app(const cib_app_job *job); /* what both threads use of it has a lock of its own */
/* For cib_remote_options and other progress callbacks, payload: the job. Non-zero when the person asked to stop. */
int cib_app_job_progress(const cib_progress *p, void *job);

/* ---- kept.c: what was worked out of the repository, for the next requests ---- */
/* What was kept under a name, language and day, while no reference moved since the work for it began; NULL: work it out, and keep
 * it. The app's, for the time of the request. */
void *cib_app_kept(cib_app_request *req, const char *name);
/* After cib_app_kept had nothing. Takes the value; a request keeps four at most. */
void cib_app_keep(cib_app_request *req, const char *name, void *value, void (*release)(void *value));

/* ---- exact.c: numbers of more digits than a script keeps ---- */
void cib_app_to_script(cJSON *doc);   /* each below `doc` as {"x-cib-number": text}: for a page that changes the values and sends them back */
void cib_app_from_script(cJSON *doc); /* and as a number again; of every request's body */

/* ---- the app itself ---- */
typedef struct cib_app_worker cib_app_worker;     /* job.c */
typedef struct cib_app_finder cib_app_finder;     /* entries.c */
typedef struct cib_app_reporter cib_app_reporter; /* report.c */
typedef struct cib_app_watch cib_app_watch;       /* watch.c */
struct cib_app {
	cib_workspace *ws; /* of the request thread */
	char *dir;
	cib_app_options options;
	char *lang;
	int listener; /* until the daemon has it; -1: none */
	struct MHD_Daemon *daemon;
	int port;
	char host[32], host_name[32]; /* "127.0.0.1:PORT", "localhost:PORT": who is asked may be called no other name */
	char *start_page;
	char start[CIB_APP_SECRET];   /* "": used */
	char session[CIB_APP_SECRET]; /* the cookie's value */
	char token[CIB_APP_SECRET];   /* that a write brings in X-Cib-Token */
	cib_app_worker *worker;
	cib_app_watch *watch;
	struct cib_app_kept *kept;  /* kept.c; NULL: nothing yet */
	cib_app_finder *finder;     /* the search index, open; NULL: it was not asked yet */
	cib_app_reporter *reporter; /* the report that was made last */
	atomic_bool reopen;         /* a job ended: what it changed may concern the workspace as a whole */
};

/* ---- door.c: who may come in ---- */
/* Judge a request by its head. 0: it may pass; else an answer stands in req. `session`: it brought the cookie. */
int cib_app_door(cib_app_request *req, const char *method, const char *path, const char *version, bool *session);
bool cib_app_door_token(const cib_app_request *req); /* X-Cib-Token is right */
void cib_app_secrets(cib_app *app);                  /* make them, before anybody can ask */
int cib_app_door_open(cib_app *app, cib_error *err); /* write the start page, once the port is known */
void cib_app_door_close(cib_app *app);
bool cib_app_same_secret(const char *a, const char *b);

/* ---- settings.c ---- */
cJSON *cib_app_settings(const cib_app *app); /* {"lang", "keys"}: those that the person set; the caller's */

const cib_app_asset *cib_app_asset_get(const char *name);        /* NULL: there is none */
int cib_app_serve_asset(cib_app_request *req, const char *path); /* 0: answered; 1: there is no such file */
enum MHD_Result cib_app_send(cib_app_request *req);              /* the answer that stands in req */

/* ---- watch.c: what takes too long is cut off */
void cib_app_watch_new(cib_app *app);
void cib_app_watch_free(cib_app *app);
void cib_app_watch_connection(void *app, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode code);
void cib_app_watch_busy(cib_app *app, bool busy);                         /* the thread that answers is at work: the time of others stands still */
void cib_app_watch_step(cib_app *app, struct MHD_Connection *connection); /* a request's head or answer is done: its time begins anew */

void cib_app_kept_free(cib_app *app);
void cib_app_finder_free(cib_app *app);
void cib_app_reporter_new(cib_app *app);
void cib_app_reporter_free(cib_app *app);
int cib_app_worker_new(cib_app *app);
void cib_app_worker_free(cib_app *app);

#endif
