/* Validation of a folder of entries, beside what others use, in one run:
 *
 *     schema_bench CORPUS [PEERS]
 *
 * CORPUS holds schema.json, schema-ajv.json (the same meaning, said so that ajv gets it right), entries/, and perhaps the same
 * entries as the lines of entries.jsonl, which spares blaze the opening of files; PEERS is a folder
 * with ajv.mjs and node_modules (tests/bench/schema after `npm ci`). $CIB is the program. Whole processes are timed from their
 * start to their end, each in turn with the others, the best of five; evaluation and compilation alone in this process.
 * Prints lines `figure NAME VALUE UNIT target TARGET`. */
#include "schema/schema.h"

#include <fcntl.h>
#include <fts.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { ROUNDS = 5,
       KEPT = 2000 /* documents for the figure of evaluation: they fit into memory */ };

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* ---- every *.json below a folder ---- */

typedef void (*work)(const cib_buf *text, void *payload);

static size_t each_file(const char *folder, work f, void *payload)
{
	char *folders[] = {(char *)folder, NULL};
	size_t count = 0;
	cib_buf text = CIB_BUF_INIT;
	FTS *walk = fts_open(folders, FTS_PHYSICAL | FTS_NOSTAT | FTS_NOCHDIR, NULL);
	for (FTSENT *e; walk && (e = fts_read(walk));) {
		if (e->fts_info == FTS_D || e->fts_info == FTS_DP || e->fts_namelen < 5 || strcmp(e->fts_name + e->fts_namelen - 5, ".json") != 0)
			continue;
		if (cib_file_read(&text, e->fts_path, 0, NULL) != CIB_OK)
			exit(1);
		f(&text, payload);
		count++;
	}
	if (walk)
		fts_close(walk);
	cib_buf_free(&text);
	return count;
}

static void only_read(const cib_buf *text, void *payload)
{
	*(size_t *)payload += text->len;
}

static void parse_by_cjson(const cib_buf *text, void *payload)
{
	(void)payload;
	cJSON *doc = cJSON_ParseWithLength(text->data, text->len);
	if (!doc)
		exit(1);
	cJSON_Delete(doc);
}

/* This program as its own peer: `schema_bench --read FOLDER`, `schema_bench --cjson FOLDER`. */
static int be_a_peer(const char *mode, const char *folder)
{
	size_t bytes = 0;
	if (strcmp(mode, "--read") == 0)
		return each_file(folder, only_read, &bytes) == 0;
	return each_file(folder, parse_by_cjson, NULL) == 0;
}

/* ---- whole processes ---- */

typedef struct {
	const char *name;
	char *argv[8];
	double best; /* us; 0: not run */
	double megabytes;
	bool missing;
} program;

/* Run once with its output thrown away. A program that fails has no figure. */
static void run(program *p)
{
	posix_spawn_file_actions_t files;
	struct rusage use;
	pid_t pid;
	int status = 0;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	double start = now();
	if (posix_spawnp(&pid, p->argv[0], &files, NULL, p->argv, environ) != 0 || wait4(pid, &status, 0, &use) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "schema_bench: %s could not be measured (%s)\n", p->name, p->argv[0]);
		p->missing = true;
	} else {
		double spent = now() - start;
		p->best = p->best == 0 || spent < p->best ? spent : p->best;
		p->megabytes = (double)use.ru_maxrss / 1024;
	}
	posix_spawn_file_actions_destroy(&files);
}

/* ---- in this process ---- */

typedef struct {
	const cib_schema *schema;
	cib_arena arena;
	double spent;
} evaluation;

/* The document was just read, as in every use: it is in the processor's cache, the one before is not. */
static void evaluate(const cib_buf *text, void *payload)
{
	evaluation *e = payload;
	const cJSON *doc;
	cib_arena_reset(&e->arena);
	if (cib_json_read_arena(&doc, &e->arena, text->data, text->len, NULL, NULL) != CIB_OK)
		exit(1);
	double start = now();
	if (!cib_schema_accepts(e->schema, doc))
		exit(1);
	e->spent += now() - start;
}

static void measure_room(const char *schema_path, const char *folder)
{
	cJSON *text = NULL;
	cib_schema *schema = NULL;
	cib_schema_options options = {.assert_format = true};
	evaluation e = {.arena = CIB_ARENA_INIT};
	double compile_us = 0, evaluate_us = 0;
	if (cib_json_read_file(&text, schema_path, NULL) != CIB_OK)
		exit(1);
	for (int i = 0; i < 20; i++) {
		cib_schema_free(schema);
		double start = now();
		if (cib_schema_compile(&schema, text, &options, NULL) != CIB_OK)
			exit(1);
		double spent = now() - start;
		compile_us = i == 0 || spent < compile_us ? spent : compile_us;
	}
	e.schema = schema;
	for (int round = 0; round < ROUNDS; round++) {
		e.spent = 0;
		size_t count = each_file(folder, evaluate, &e);
		double each = e.spent / (double)count;
		evaluate_us = round == 0 || each < evaluate_us ? each : evaluate_us;
	}
	printf("figure schema.evaluate %.2f us/entry target 4\n", evaluate_us);
	printf("figure schema.compile %.3f ms target 0.5\n", compile_us / 1000);
	cib_arena_free(&e.arena);
	cib_schema_free(schema);
	cJSON_Delete(text);
}

/* A pattern that takes exponential time by backtracking, on 64 KB that nearly match. */
static void measure_hostile_pattern(void)
{
	cJSON *text = cJSON_CreateObject(), *instance;
	cib_schema *schema = NULL;
	char *letters = cib_alloc(65537);
	double best = 0;
	memset(letters, 'a', 65535);
	letters[65535] = '!';
	instance = cJSON_CreateString(letters);
	cJSON_AddStringToObject(text, "pattern", "^(a+)+$");
	if (cib_schema_compile(&schema, text, NULL, NULL) != CIB_OK)
		exit(1);
	for (int round = 0; round < ROUNDS; round++) {
		double start = now();
		if (cib_schema_judge(schema, instance, NULL) == CIB_OK)
			exit(1);
		double spent = now() - start;
		best = round == 0 || spent < best ? spent : best;
	}
	printf("figure schema.hostile-pattern %.3f ms target 5\n", best / 1000);
	cib_schema_free(schema);
	cJSON_Delete(text);
	cJSON_Delete(instance);
	free(letters);
}

static void print_ratio(const char *name, double a, const program *peer, const program *cib, const char *target)
{
	if (peer->best > 0 && cib->best > 0)
		printf("figure schema.%s %.2f ratio target %s\n", name, a, target);
}

int main(int argc, char **argv)
{
	if (argc == 3 && (strcmp(argv[1], "--read") == 0 || strcmp(argv[1], "--cjson") == 0))
		return be_a_peer(argv[1], argv[2]);
	char *cib = getenv("CIB");
	if (argc < 2 || argc > 3 || !cib) {
		fprintf(stderr, "usage: CIB=PROGRAM schema_bench CORPUS [PEERS]\n");
		return CIB_USAGE;
	}
	char *schema = cib_format("%s/schema.json", argv[1]), *ajv_schema = cib_format("%s/schema-ajv.json", argv[1]), *entries = cib_format("%s/entries", argv[1]);
	char *peers = argc > 2 ? argv[2] : "/nonexistent", *ajv = cib_format("%s/ajv.mjs", peers), *lines = cib_format("%s/entries.jsonl", argv[1]);
	char *blaze = cib_format("%s/node_modules/@sourcemeta/jsonschema/build/github-releases/jsonschema-linux-x86_64", peers);
	enum { CIB,
	       CIB_TWO,
	       CJSON,
	       READ,
	       BLAZE,
	       BLAZE_LINES,
	       AJV,
	       PROGRAMS };
	program programs[PROGRAMS] = {
		[CIB] = {.name = "cib", .argv = {cib, "check", "--jobs", "1", "--schema", schema, entries}},
		[CIB_TWO] = {.name = "cib-two-threads", .argv = {cib, "check", "--jobs", "2", "--schema", schema, entries}},
		[CJSON] = {.name = "cJSON", .argv = {"/proc/self/exe", "--cjson", entries}},
		[READ] = {.name = "read", .argv = {"/proc/self/exe", "--read", entries}},
		[BLAZE] = {.name = "blaze", .argv = {blaze, "validate", "--fast", schema, entries}, .missing = argc < 3},
		[BLAZE_LINES] = {.name = "blaze-lines", .argv = {blaze, "validate", "--fast", schema, lines}, .missing = argc < 3 || access(lines, R_OK) != 0},
		[AJV] = {.name = "ajv", .argv = {"node", ajv, ajv_schema, entries}, .missing = argc < 3},
	};
	size_t bytes = 0, count = each_file(entries, only_read, &bytes); /* and the files are in the page cache */
	if (count == 0)
		return CIB_NOTFOUND;
	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < PROGRAMS; i++)
			if (!programs[i].missing)
				run(&programs[i]);
	printf("# %zu entries, %zu bytes each\n", count, bytes / count);
	for (size_t i = 0; i < PROGRAMS; i++)
		if (programs[i].best > 0)
			printf("figure schema.%s %.2f us/entry target %s\n", i == CIB ? "check" : programs[i].name, programs[i].best / (double)count, i == CIB ? "17" : "-");
	printf("figure schema.check.two-threads %.3f s target 0.20\n", programs[CIB_TWO].best / 1e6);
	const program *own = &programs[CIB];
	print_ratio("check-to-cJSON", own->best / programs[CJSON].best, &programs[CJSON], own, "1.4");
	print_ratio("ajv-to-check", programs[AJV].best / own->best, &programs[AJV], own, "2.8");
	print_ratio("blaze-to-check", programs[BLAZE].best / own->best, &programs[BLAZE], own, "1.9");
	print_ratio("blaze-lines-to-check", programs[BLAZE_LINES].best / own->best, &programs[BLAZE_LINES], own, "1.9");
	if (own->best > 0)
		printf("figure schema.check.memory %.1f MB target 6\n", own->megabytes);
	measure_room(schema, entries);
	measure_hostile_pattern();
	free(schema);
	free(ajv_schema);
	free(entries);
	free(ajv);
	free(lines);
	free(blaze);
	return own->best > 0 ? CIB_OK : CIB_FINDINGS;
}
