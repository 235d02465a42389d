/* Listening to a fetch or a push: what the server says, how much travels, and how fast. The rate of the last transfer that
 * was large enough to tell one stands in <git dir>/cib/rate.json; it says beforehand how long the next will take. */
#include "sync/private.h"

#include <stdlib.h>
#include <time.h>

enum { TELLING_BYTES = 8192 }; /* below, a transfer measures the way to the server and not the link's width */

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int on_progress(const cib_progress *p, void *payload)
{
	cib_listener *l = payload;
	l->most = *p;
	if (l->stop_at_count && p->objects_total && p->phase && p->phase[0] == 'r')
		return 1;
	return l->outer->progress ? l->outer->progress(p, l->outer->payload) : 0;
}

static int on_credentials(char **user, char **password, const char *url, void *payload)
{
	const cib_remote_options *o = ((cib_listener *)payload)->outer;
	return o->credentials(user, password, url, o->payload);
}

static void on_line(const char *line, void *payload)
{
	cib_listener *l = payload;
	cib_refusals_hear(&l->heard, line);
	if (l->outer->remote_line)
		l->outer->remote_line(line, l->outer->payload);
}

cib_sync_options cib_known_to(const cib_workspace *ws, const cib_sync_options *options)
{
	cib_sync_options out = *options;
	out.remote.user = out.remote.user ? out.remote.user : ws->user;
	return out;
}

void cib_listen(cib_listener *l, const cib_remote_options *outer)
{
	*l = (cib_listener){.outer = outer, .options = *outer, .began = now_ms()};
	l->options.payload = l;
	l->options.progress = on_progress;
	l->options.remote_line = on_line;
	if (outer->credentials)
		l->options.credentials = on_credentials;
}

static char *file_name(const cib_workspace *ws)
{
	return cib_format("%s/cib/rate.json", cib_store_git_dir(ws->store));
}

static double number(const cJSON *doc, const char *name)
{
	const cJSON *n = cib_json_get(doc, name);
	return cJSON_IsNumber(n) && n->valuedouble > 0 ? n->valuedouble : 0;
}

void cib_rate_load(cib_rate *out, const cib_workspace *ws)
{
	cJSON *doc = NULL;
	char *file = file_name(ws);
	cib_json_read_file(&doc, file, NULL);
	*out = (cib_rate){number(doc, "in"), number(doc, "out")};
	cJSON_Delete(doc);
	free(file);
}

static void keep_rate(cib_workspace *ws, const cib_progress *p, int64_t ms)
{
	cib_rate rate;
	cib_buf text = CIB_BUF_INIT;
	cib_rate_load(&rate, ws);
	if (p->bytes_in >= TELLING_BYTES)
		rate.in = (double)p->bytes_in * 1000 / (double)ms;
	if (p->bytes_out >= TELLING_BYTES)
		rate.out = (double)p->bytes_out * 1000 / (double)ms;
	cJSON *doc = cJSON_CreateObject();
	cJSON_AddNumberToObject(doc, "in", (double)(int64_t)rate.in);
	cJSON_AddNumberToObject(doc, "out", (double)(int64_t)rate.out);
	cib_json_write(&text, doc, NULL);
	char *file = file_name(ws), *dir = cib_format("%s/cib", cib_store_git_dir(ws->store));
	cib_mkdirs(dir, NULL);
	cib_file_write(file, text.data, text.len, NULL); /* without it a sync is as good */
	free(file);
	free(dir);
	cJSON_Delete(doc);
	cib_buf_free(&text);
}

void cib_listen_end(cib_listener *l, cib_workspace *ws, cib_sync_report *report)
{
	int64_t ms = now_ms() - l->began;
	if (report) {
		report->bytes_in += l->most.bytes_in;
		report->bytes_out += l->most.bytes_out;
	}
	if (!l->stop_at_count && ws->store && (l->most.bytes_in >= TELLING_BYTES || l->most.bytes_out >= TELLING_BYTES))
		keep_rate(ws, &l->most, ms > 0 ? ms : 1);
	cib_refusals_free(&l->heard);
}
