/* cib check --schema: any JSON by any schema. Files go through in batches, by several threads when there are many files;
 * what is found comes out in the order of the files all the same. */
#include "check.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 64,
       MOST_JOBS = 8 };

/* ---- one file ---- */

/* What a thread keeps from file to file. */
typedef struct {
	const cib_schema *schema;
	const cib_checking *checking;
	const char *lang;
	cib_arena arena;
	cib_buf text;
} worker;

static void add_findings(const worker *w, const char *path, const cJSON *doc, const cib_error *unread, cib_findings *findings)
{
	size_t first = findings->count;
	if (!doc)
		cib_findings_add_error(findings, "json", unread);
	else
		cib_schema_validate(w->schema, doc, w->text.data, w->text.len, w->lang, findings);
	for (size_t i = first; i < findings->count; i++) {
		free(findings->items[i].file);
		findings->items[i].file = cib_strdup(path);
	}
}

/* In a form of the specification: a line for each file, also for those that are valid. */
static void add_line(const worker *w, const char *path, const cJSON *doc, const cib_error *unread, cib_buf *lines)
{
	cib_buf form = CIB_BUF_INIT;
	if (doc) {
		cib_schema_report *report;
		cib_schema_report_new(&report, w->schema, doc);
		cib_schema_report_write(report, w->checking->form, w->lang, &form);
		cib_schema_report_free(report);
	} else {
		cib_buf_adds(&form, "{\"valid\":false,\"keywordLocation\":\"\",\"instanceLocation\":\"\",\"error\":");
		cib_json_write_string(&form, unread->message, strlen(unread->message));
		cib_buf_addc(&form, '}');
	}
	cib_buf_adds(lines, "{\"file\":");
	cib_json_write_string(lines, path, strlen(path));
	cib_buf_addf(lines, ",%s\n", form.data + 1);
	cib_buf_free(&form);
}

/* One file, whose text was read; false when something is wrong with it. */
static bool check_text(worker *w, const char *path, cib_findings *findings, cib_buf *lines)
{
	const cJSON *doc = NULL;
	cib_error err = CIB_ERROR_INIT;
	cib_arena_reset(&w->arena);
	if (cib_json_read_arena(&doc, &w->arena, w->text.data, w->text.len, NULL, &err) != CIB_OK)
		doc = NULL;
	bool ok = doc && cib_schema_accepts(w->schema, doc);
	if (w->checking->forms)
		add_line(w, path, doc, &err, lines);
	else if (!ok)
		add_findings(w, path, doc, &err, findings);
	return ok;
}

static void worker_free(worker *w)
{
	cib_arena_free(&w->arena);
	cib_buf_free(&w->text);
}

/* ---- batches ---- */

typedef enum { FILLING,
	       READY,
	       TAKEN,
	       DONE } batch_state;

typedef struct {
	size_t file; /* of the batch */
	cib_error err;
} unread_file;

typedef struct {
	batch_state state;
	size_t count;
	char *paths[BATCH];
	cib_findings findings;
	cib_buf lines; /* the forms of the specification, instead */
	unread_file *unread;
	bool wrong[BATCH];
	size_t unread_count, unread_cap;
} batch;

static void run_batch(worker *w, batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		cib_error err = CIB_ERROR_INIT;
		if (cib_file_read(&w->text, b->paths[i], 0, &err) == CIB_OK) {
			b->wrong[i] = !check_text(w, b->paths[i], &b->findings, &b->lines);
		} else {
			b->unread = cib_grow(b->unread, &b->unread_cap, b->unread_count + 1, sizeof *b->unread);
			b->unread[b->unread_count++] = (unread_file){i, err};
		}
	}
}

static void print_batch(cib_checking *c, batch *b)
{
	fwrite(cib_buf_str(&b->lines), 1, b->lines.len, stdout);
	cib_buf_clear(&b->lines);
	size_t at = 0, unread = 0;
	for (size_t i = 0; i < b->count; i++) { /* the findings stand in the order of the files */
		const cib_finding *first = b->findings.items + at;
		size_t n = 0;
		if (unread < b->unread_count && b->unread[unread].file == i) {
			int code = cib_fail(&b->unread[unread++].err);
			c->code = code > c->code ? code : c->code;
		} else {
			while (at + n < b->findings.count && strcmp(first[n].file, b->paths[i]) == 0)
				n++;
			cib_check_take(c, b->paths[i], first, n, b->wrong[i]);
			at += n;
		}
		free(b->paths[i]);
	}
	cib_findings_truncate(&b->findings, 0);
	b->count = b->unread_count = 0;
	b->state = FILLING;
}

/* A ring: the main thread fills batches and prints those that are done, both in order; threads run them. */
typedef struct {
	cib_checking *c;
	worker own; /* of the main thread */
	batch *ring;
	size_t size, fill, print, take; /* counted on; the place is the rest by size */
	int jobs, started;
	bool over;
	pthread_t threads[MOST_JOBS];
	pthread_mutex_t lock;
	pthread_cond_t ready, done;
} pool;

static void *run_thread(void *payload)
{
	pool *p = payload;
	worker w = {.schema = p->own.schema, .checking = p->c, .lang = p->own.lang};
	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (p->take == p->fill && !p->over)
			pthread_cond_wait(&p->ready, &p->lock);
		if (p->take == p->fill)
			break;
		batch *b = &p->ring[p->take++ % p->size];
		b->state = TAKEN;
		pthread_mutex_unlock(&p->lock);
		run_batch(&w, b);
		pthread_mutex_lock(&p->lock);
		b->state = DONE;
		pthread_cond_signal(&p->done);
	}
	pthread_mutex_unlock(&p->lock);
	worker_free(&w);
	return NULL;
}

/* With the lock held: print all that is done and comes next; wait until `left` at most are under way. */
static void print_done(pool *p, size_t left)
{
	while (p->print < p->fill) {
		batch *b = &p->ring[p->print % p->size];
		if (b->state != DONE && p->fill - p->print <= left)
			return;
		while (b->state != DONE)
			pthread_cond_wait(&p->done, &p->lock);
		pthread_mutex_unlock(&p->lock);
		print_batch(p->c, b);
		pthread_mutex_lock(&p->lock);
		p->print++;
	}
}

static void start_threads(pool *p)
{
	for (; p->started < p->jobs; p->started++)
		if (pthread_create(&p->threads[p->started], NULL, run_thread, p) != 0)
			break;
	if (p->started == 0)
		p->jobs = 1;
}

/* The batch is full, or the last. */
static void hand_over(pool *p, bool last)
{
	batch *b = &p->ring[p->fill % p->size];
	if (p->jobs > 1 && !p->started && !last)
		start_threads(p);
	if (!p->started) { /* one thread, or so few files that more are not worth while */
		run_batch(&p->own, b);
		print_batch(p->c, b);
		return;
	}
	pthread_mutex_lock(&p->lock);
	b->state = READY;
	p->fill++;
	pthread_cond_signal(&p->ready);
	print_done(p, last ? 0 : p->size - 1);
	pthread_mutex_unlock(&p->lock);
}

static int add_file(const char *path, void *payload)
{
	pool *p = payload;
	batch *b = &p->ring[p->fill % p->size];
	b->paths[b->count++] = cib_strdup(path);
	if (b->count == BATCH)
		hand_over(p, false);
	return 0;
}

static int check_files(cib_checking *c, const cib_schema *schema, const cib_words *files)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	int jobs = c->jobs ? c->jobs : processors > 0 ? (int)processors
	                                              : 1,
	    code = 0;
	pool p = {.c = c, .own = {.schema = schema, .checking = c, .lang = cib_term_lang()}, .jobs = jobs > MOST_JOBS ? MOST_JOBS : jobs};
	p.size = (size_t)p.jobs * 3;
	p.ring = cib_alloc(p.size * sizeof *p.ring);
	pthread_mutex_init(&p.lock, NULL);
	pthread_cond_init(&p.ready, NULL);
	pthread_cond_init(&p.done, NULL);
	for (size_t i = 0; i < files->count && code == 0; i++)
		code = cib_each_file(files->items[i], true, add_file, &p);
	hand_over(&p, true);
	pthread_mutex_lock(&p.lock);
	p.over = true;
	pthread_cond_broadcast(&p.ready);
	pthread_mutex_unlock(&p.lock);
	for (int i = 0; i < p.started; i++)
		pthread_join(p.threads[i], NULL);
	for (size_t i = 0; i < p.size; i++) {
		cib_findings_free(&p.ring[i].findings);
		cib_buf_free(&p.ring[i].lines);
		free(p.ring[i].unread);
	}
	pthread_mutex_destroy(&p.lock);
	pthread_cond_destroy(&p.ready);
	pthread_cond_destroy(&p.done);
	worker_free(&p.own);
	free(p.ring);
	return code;
}

/* ---- the schemas ---- */

typedef struct {
	cib_schema_registry *registry;
	cJSON **docs;
	size_t count, cap;
} schema_set;

/* Where a file is is its URI; by its $id it is known too. */
static char *file_uri(const char *path)
{
	char *real = realpath(path, NULL), *uri = cib_format("file://%s", real ? real : path);
	free(real);
	return uri;
}

static int register_file(const char *path, void *payload)
{
	schema_set *set = payload;
	cib_error err = CIB_ERROR_INIT;
	cJSON *doc = NULL;
	int status = cib_json_read_file(&doc, path, &err);
	if (status == CIB_OK) {
		char *uri = file_uri(path);
		set->docs = cib_grow(set->docs, &set->cap, set->count + 1, sizeof *set->docs);
		set->docs[set->count++] = doc;
		status = cib_schema_registry_add(set->registry, uri, doc, &err);
		if (!err.file[0])
			snprintf(err.file, sizeof err.file, "%s", path);
		free(uri);
	}
	if (status != CIB_OK)
		cib_fail(&err);
	return status == CIB_OK ? 0 : CIB_USAGE;
}

/* A fault of the schema, with its place in the file. */
static int fail_schema(cib_error *err, const char *path)
{
	cib_buf text = CIB_BUF_INIT;
	if (!err->file[0]) {
		snprintf(err->file, sizeof err->file, "%s", path);
		if (!err->line && cib_file_read(&text, path, 0, NULL) == CIB_OK)
			cib_json_locate(text.data, text.len, err->pointer, false, &err->line, &err->column);
	}
	cib_buf_free(&text);
	cib_fail(err);
	return CIB_USAGE; /* no verdict on the data is possible */
}

int cib_check_by_schema(cib_checking *c, const char *schema_path, const char *schemas, const cib_words *files)
{
	cib_error err = CIB_ERROR_INIT;
	cJSON *doc = NULL;
	schema_set set = {.registry = cib_schema_registry_new()};
	cib_schema *schema = NULL;
	char *base = file_uri(schema_path);
	int code = schemas ? cib_each_file(schemas, true, register_file, &set) : 0;
	cib_schema_options options = {.registry = set.registry, .base_uri = base, .assert_format = true};
	if (code == 0 && (cib_json_read_file(&doc, schema_path, &err) != CIB_OK || cib_schema_compile(&schema, doc, &options, &err) != CIB_OK))
		code = fail_schema(&err, schema_path);
	if (code == 0)
		code = check_files(c, schema, files);
	cib_schema_free(schema);
	cib_schema_registry_free(set.registry);
	for (size_t i = 0; i < set.count; i++)
		cJSON_Delete(set.docs[i]);
	free(set.docs);
	cJSON_Delete(doc);
	free(base);
	if (code > c->code)
		c->code = code;
	return cib_check_finish(c);
}
