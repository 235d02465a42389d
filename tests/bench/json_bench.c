/* Speed of reading and writing JSON beside cJSON's own parser and printer, in one run on the same texts:
 *
 *     json_bench FOLDER...     every *.json below the folders is read into memory first, then timed
 *
 * Prints lines `figure NAME VALUE UNIT target TARGET`; times are the best of five rounds, per entry. */
#include "json/json.h"

#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
	char **text;
	size_t *len;
	size_t count, cap_text, cap_len, bytes;
} corpus;

typedef void (*work)(const char *text, size_t len, void *payload);

static void load(corpus *c, char **folders)
{
	FTS *walk = fts_open(folders, FTS_LOGICAL | FTS_NOCHDIR, NULL);
	for (FTSENT *e; walk && (e = fts_read(walk));) {
		cib_buf text = CIB_BUF_INIT;
		if (e->fts_info != FTS_F || e->fts_namelen < 5 || strcmp(e->fts_name + e->fts_namelen - 5, ".json") != 0 || cib_file_read(&text, e->fts_path, 0, NULL) != CIB_OK)
			continue;
		c->text = cib_grow(c->text, &c->cap_text, c->count + 1, sizeof *c->text);
		c->len = cib_grow(c->len, &c->cap_len, c->count + 1, sizeof *c->len);
		c->len[c->count] = text.len;
		c->bytes += text.len;
		c->text[c->count++] = cib_buf_take(&text);
	}
	if (walk)
		fts_close(walk);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Microseconds per entry, the best of five rounds. */
static double measure(const corpus *c, work f, void *payload)
{
	double best = 0;
	for (int round = 0; round < 5; round++) {
		double start = now();
		for (size_t i = 0; i < c->count; i++)
			f(c->text[i], c->len[i], payload);
		double each = (now() - start) / (double)c->count;
		best = round == 0 || each < best ? each : best;
	}
	return best;
}

static void read_arena(const char *text, size_t len, void *payload)
{
	const cJSON *doc;
	if (cib_json_read_arena(&doc, payload, text, len, NULL, NULL) != CIB_OK)
		abort();
	cib_arena_reset(payload);
}

static void read_heap(const char *text, size_t len, void *payload)
{
	(void)payload;
	cJSON *doc;
	if (cib_json_read(&doc, text, len, NULL, NULL) != CIB_OK)
		abort();
	cJSON_Delete(doc);
}

static void read_peer(const char *text, size_t len, void *payload)
{
	(void)payload;
	cJSON_Delete(cJSON_ParseWithLength(text, len));
}

static void read_write(const char *text, size_t len, void *payload)
{
	static const cib_json_style same = {0};
	cib_arena *arena = payload;
	const cJSON *doc;
	cib_buf out = CIB_BUF_INIT;
	if (cib_json_read_arena(&doc, arena, text, len, NULL, NULL) != CIB_OK)
		abort();
	cib_buf_reserve(&out, len);
	cib_json_write(&out, doc, &same);
	cib_buf_free(&out);
	cib_arena_reset(arena);
}

static void read_write_peer(const char *text, size_t len, void *payload)
{
	(void)payload;
	cJSON *doc = cJSON_ParseWithLength(text, len);
	cJSON_free(cJSON_Print(doc));
	cJSON_Delete(doc);
}

int main(int argc, char **argv)
{
	corpus c = {0};
	cib_arena arena = CIB_ARENA_INIT;
	if (argc > 1)
		load(&c, argv + 1);
	if (c.count == 0) {
		fprintf(stderr, "usage: json_bench FOLDER...\n");
		return CIB_USAGE;
	}
	printf("# %zu entries, %zu bytes each\n", c.count, c.bytes / c.count);
	double arena_us = measure(&c, read_arena, &arena), heap_us = measure(&c, read_heap, NULL), peer_us = measure(&c, read_peer, NULL);
	double write_us = measure(&c, read_write, &arena), write_peer_us = measure(&c, read_write_peer, NULL);
	printf("figure json.read.arena %.2f us/entry target 6\n", arena_us);
	printf("figure json.read.heap %.2f us/entry target 12\n", heap_us);
	printf("figure json.read.cjson %.2f us/entry target -\n", peer_us);
	printf("figure json.read.arena-to-cjson %.2f ratio target 0.5\n", arena_us / peer_us);
	printf("figure json.read.throughput %.0f MB/s target 500\n", (double)c.bytes / (double)c.count / arena_us);
	printf("figure json.canonical %.2f us/entry target 12\n", write_us);
	printf("figure json.canonical-to-cjson %.2f ratio target 0.5\n", write_us / write_peer_us);
	cib_arena_free(&arena);
	for (size_t i = 0; i < c.count; i++)
		free(c.text[i]);
	free(c.text);
	free(c.len);
	return CIB_OK;
}
