/* Jobs: what takes long or travels, one at a time, on a thread and in a workspace of its own. The page asks how far it is.
 *
 *   POST /api/sync            -> {"job": {...}}          starts it, or joins the one that runs
 *   GET  /api/jobs/{id}       -> {"job": {...}}          state: running, done, failed, stopped
 *   POST /api/jobs/{id}/stop                             what is under way ends at the next piece of data
 */
#include "app/private.h"
#include "base/gettext.h"

#include <stdlib.h>
#include <string.h>

typedef enum { RUNNING,
	       DONE,
	       FAILED,
	       STOPPED } job_state;

struct cib_app_job {
	cib_app *app;
	unsigned id; /* 0: none yet */
	char name[32], lang[3];
	cib_app_work work;
	cJSON *arguments;
	job_state state;
	cib_progress progress;
	cJSON *result; /* when it has ended */
	cib_error err;
	atomic_bool stop;
};

struct cib_app_worker {
	pthread_t thread;
	pthread_mutex_t lock; /* of all below, but for job.stop; the running work takes it for its progress only */
	pthread_cond_t wake;
	cib_app_job job; /* the last one */
	bool waiting;    /* it is there and not begun */
	bool ending;
};

static void run(cib_app_worker *w)
{
	cib_app_job *job = &w->job;
	cib_workspace *ws = NULL;
	cib_error err = CIB_ERROR_INIT;
	cJSON *result = cJSON_CreateObject();
	cib_speak_here(job->lang);
	int status = cib_workspace_open(&ws, job->app->dir, &err);
	if (status == CIB_OK)
		status = job->work(job, ws, job->arguments, result, &err);
	cib_workspace_free(ws);
	atomic_store(&job->app->reopen, true);
	pthread_mutex_lock(&w->lock);
	job->result = result;
	job->err = err;
	job->err.status = status;
	job->state = status == CIB_OK ? DONE : status == CIB_CANCELLED ? STOPPED
	                                                               : FAILED;
	pthread_mutex_unlock(&w->lock);
}

static void *work(void *payload)
{
	cib_app_worker *w = payload;
	pthread_mutex_lock(&w->lock);
	while (!w->ending) {
		if (!w->waiting) {
			pthread_cond_wait(&w->wake, &w->lock);
			continue;
		}
		w->waiting = false;
		pthread_mutex_unlock(&w->lock);
		run(w);
		pthread_mutex_lock(&w->lock);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

int cib_app_worker_new(cib_app *app)
{
	cib_app_worker *w = app->worker = cib_alloc(sizeof *w);
	w->job.state = DONE;
	w->job.app = app;
	atomic_init(&w->job.stop, false);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	if (pthread_create(&w->thread, NULL, work, w) != 0)
		abort();
	return CIB_OK;
}

static void clear(cib_app_job *job)
{
	cJSON_Delete(job->arguments);
	cJSON_Delete(job->result);
	job->arguments = job->result = NULL;
	job->err = (cib_error)CIB_ERROR_INIT;
	job->progress = (cib_progress){0};
}

void cib_app_worker_free(cib_app *app)
{
	cib_app_worker *w = app->worker;
	if (!w)
		return;
	atomic_store(&w->job.stop, true);
	pthread_mutex_lock(&w->lock);
	w->ending = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	clear(&w->job);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
	app->worker = NULL;
}

const cib_app_options *cib_app_job_options(const cib_app_job *job)
{
	return &job->app->options;
}

const char *cib_app_job_lang(const cib_app_job *job)
{
	return job->lang;
}

cib_app *cib_app_job_app(const cib_app_job *job)
{
	return job->app;
}

int cib_app_job_progress(const cib_progress *p, void *payload)
{
	cib_app_job *job = payload;
	pthread_mutex_lock(&job->app->worker->lock);
	job->progress = *p;
	pthread_mutex_unlock(&job->app->worker->lock);
	return atomic_load(&job->stop);
}

/* ---- what the page asks ---- */

/* {"job": {...}}; under the lock. */
static cJSON *describe(const cib_app_job *job)
{
	static const char *const states[] = {"running", "done", "failed", "stopped"};
	const struct {
		const char *name;
		uint64_t value;
	} counts[] = {{"bytesIn", job->progress.bytes_in}, {"bytesOut", job->progress.bytes_out}, {"bytesTotal", job->progress.bytes_total}, {"objects", job->progress.objects}, {"objectsTotal", job->progress.objects_total}};
	cJSON *doc = cJSON_CreateObject(), *row = cJSON_AddObjectToObject(doc, "job");
	cJSON_AddNumberToObject(row, "id", job->id);
	cJSON_AddStringToObject(row, "name", job->name);
	cJSON_AddStringToObject(row, "state", states[job->state]);
	cJSON_AddStringToObject(row, "phase", job->progress.phase ? job->progress.phase : "");
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		cJSON_AddNumberToObject(row, counts[i].name, (double)counts[i].value);
	if (job->result)
		cJSON_AddItemToObject(row, "result", cJSON_Duplicate(job->result, true));
	if (job->state != RUNNING && job->err.status != CIB_OK)
		cJSON_AddItemToObject(row, "error", cib_app_error_json(&job->err));
	return doc;
}

int cib_app_job_start(cib_app_request *req, const char *name, cib_app_work todo, const cJSON *arguments)
{
	cib_app_worker *w = req->app->worker;
	cib_app_job *job = &w->job;
	cJSON *doc = NULL;
	pthread_mutex_lock(&w->lock);
	bool running = job->state == RUNNING;
	if (!running) {
		clear(job);
		job->id++;
		job->state = RUNNING;
		job->work = todo;
		job->arguments = cJSON_Duplicate(arguments, true);
		snprintf(job->name, sizeof job->name, "%s", name);
		snprintf(job->lang, sizeof job->lang, "%s", req->lang);
		atomic_store(&job->stop, false);
		w->waiting = true;
		pthread_cond_signal(&w->wake);
	}
	if (!running || strcmp(job->name, name) == 0)
		doc = describe(job);
	pthread_mutex_unlock(&w->lock);
	return doc ? cib_app_json(req, doc) : cib_app_refuse(req, 409, "app.busy", "something else is under way; wait until it has ended");
}

void cib_app_job_add(cJSON *doc, cib_app *app, const char *name)
{
	cib_app_worker *w = app->worker;
	pthread_mutex_lock(&w->lock);
	cJSON *told = w->job.state == RUNNING && strcmp(w->job.name, name) == 0 ? describe(&w->job) : NULL;
	pthread_mutex_unlock(&w->lock);
	if (told)
		cJSON_AddItemToObject(doc, "job", cJSON_DetachItemFromObject(told, "job"));
	cJSON_Delete(told);
}

bool cib_app_job_runs(cib_app *app, const char *name)
{
	cib_app_worker *w = app->worker;
	pthread_mutex_lock(&w->lock);
	bool runs = w->job.state == RUNNING && strcmp(w->job.name, name) == 0;
	pthread_mutex_unlock(&w->lock);
	return runs;
}

static int answer(cib_app_request *req, bool stop)
{
	cib_app_worker *w = req->app->worker;
	char id[16];
	pthread_mutex_lock(&w->lock);
	snprintf(id, sizeof id, "%u", w->job.id);
	bool mine = w->job.id && strcmp(req->params[0], id) == 0;
	if (mine && stop)
		atomic_store(&w->job.stop, true);
	cJSON *doc = mine ? describe(&w->job) : NULL;
	pthread_mutex_unlock(&w->lock);
	return doc ? cib_app_json(req, doc) : cib_app_refuse(req, 404, "app.job", "this job is not known any more");
}

static int get_job(cib_app_request *req)
{
	return answer(req, false);
}

static int stop_job(cib_app_request *req)
{
	return answer(req, true);
}

const cib_app_route cib_app_job_routes[] = {
	{"GET", "/api/jobs/{id}", get_job, false},
	{"POST", "/api/jobs/{id}/stop", stop_job, false},
	{0},
};
