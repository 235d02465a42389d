/* A network of any size for measurements: 50 members, projects that are valid by the shipped schema. */
#ifndef CIB_MADE_NETWORK_H
#define CIB_MADE_NETWORK_H

#include "network/create.h"
#include "network/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MADE_MEMBERS = 50 };

static inline double made_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static inline void made_must(int status, const cib_error *err, const char *what)
{
	if (status == CIB_OK)
		return;
	fprintf(stderr, "%s: %s\n", what, err->message);
	exit(1);
}

static inline void made_path(char out[128], size_t i)
{
	snprintf(out, 128, "members/m-%zu/projects/p-%010zu.json", i % MADE_MEMBERS, i);
}

/* A project of about 3 KB; bit 0 of `version` is in its title, the others in its sector: two fields that two sides can change. */
static inline void made_entry(cib_buf *out, size_t i, int version)
{
	static const char sentence[] = "Support to the finance services of the municipality, with training, a shared budget and a yearly report. ";
	cib_buf_clear(out);
	cib_buf_adds(out, "{\n  \"dates\": {\n    \"plannedStart\": \"2024-01\"\n  },\n  \"description\": {\n    \"general\": {\n      \"en\": \"");
	for (int k = 0; k < 24; k++)
		cib_buf_adds(out, sentence);
	cib_buf_addf(out, "%zu\"\n    }\n  },\n  \"id\": \"p-%010zu\",\n  \"kind\": \"project\",\n  \"owner\": \"m-%zu\",\n", i, i, i % MADE_MEMBERS);
	cib_buf_adds(out, "  \"partners\": [\n    {\n      \"id\": \"o-1\",\n      \"name\": {\n        \"en\": \"City of Exempleville\"\n      },\n      \"role\": \"4\"\n    }\n  ],\n");
	cib_buf_addf(out,
	             "  \"schema\": \"project/1\",\n  \"sectors\": [\n    {\n      \"code\": \"%s\"\n    }\n  ],\n  \"sourceLanguage\": \"en\",\n  \"status\": \"2\",\n"
	             "  \"title\": {\n    \"en\": \"Project %zu, version %d\"\n  }\n}\n",
	             version >> 1 ? "15112" : "15128", i, version & 1);
}

/* Commit entries first, first + step, ... (count of them) with a version on top of `parent`. */
static inline cib_oid made_commit(cib_store *store, const cib_oid *parent, size_t first, size_t step, size_t count, int version, const char *email)
{
	cib_error err = CIB_ERROR_INIT;
	cib_tree_entry *edits = cib_alloc(count * sizeof *edits);
	cib_buf text = CIB_BUF_INIT;
	cib_oid tree, commit;
	char path[128];
	for (size_t k = 0; k < count; k++) {
		made_entry(&text, first + k * step, version);
		made_path(path, first + k * step);
		edits[k] = (cib_tree_entry){.path = cib_strdup(path), .mode = 0100644};
		made_must(cib_store_blob_write(&edits[k].oid, store, text.data, text.len, &err), &err, "blob");
	}
	made_must(cib_store_tree_edit(&tree, store, parent, edits, count, &err), &err, "tree");
	made_must(cib_store_commit_write(&commit, store, &tree, parent, 1, "bench", email, "bench\n", &err), &err, "commit");
	for (size_t k = 0; k < count; k++)
		free((char *)(uintptr_t)edits[k].path);
	free(edits);
	cib_buf_free(&text);
	return commit;
}

/* Entries 0 to count - 1 in one commit on main, by `git fast-import`: quick, and packed as a server would have it. */
static inline void made_import(const char *path, size_t count)
{
	char *command = cib_format("git -C '%s' fast-import --quiet", path), name[128];
	cib_buf text = CIB_BUF_INIT;
	FILE *f = popen(command, "w");
	if (!f)
		exit(1);
	fprintf(f, "commit refs/heads/main\ncommitter bench <sec-1@secretariat.cib.invalid> %lld +0000\ndata 6\nbench\n\nfrom refs/heads/main^0\n",
	        (long long)time(NULL));
	for (size_t i = 0; i < count; i++) {
		made_entry(&text, i, 0);
		made_path(name, i);
		fprintf(f, "M 100644 inline %s\ndata %zu\n%s\n", name, text.len, text.data);
	}
	if (pclose(f) != 0)
		exit(1);
	cib_buf_free(&text);
	free(command);
}

/* A central repository at `path` with `entries` entries on main; *tip is main. */
static inline cib_store *made_network(const char *path, size_t entries, cib_oid *tip)
{
	cib_error err = CIB_ERROR_INIT;
	const char *languages[] = {"en"}, *members[MADE_MEMBERS], *program = getenv("CIB");
	cib_store *store = NULL;
	cib_oid before;
	for (size_t i = 0; i < MADE_MEMBERS; i++)
		members[i] = cib_format("m-%zu:user-%zu", i, i);
	cib_network_options options = {.title = "Bench", .languages = languages, .language_count = 1, .secretariat = "sec-1", .members = members, .member_count = MADE_MEMBERS, .program = program ? program : "cib"};
	made_must(cib_network_create(path, &options, &err), &err, "init");
	made_must(cib_store_open(&store, path, &err), &err, "open");
	made_must(cib_store_ref_get(&before, store, "refs/heads/main", &err), &err, "main");
	made_import(path, entries);
	made_must(cib_store_ref_get(tip, store, "refs/heads/main", &err), &err, "main");
	for (size_t i = 0; i < MADE_MEMBERS; i++)
		free((char *)(uintptr_t)members[i]);
	return store;
}

static inline int made_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static inline double made_median(double *list, size_t n)
{
	qsort(list, n, sizeof *list, made_compare);
	return list[n / 2];
}

/* Milliseconds that a shell command takes (the median of n runs). */
static inline double made_time(const char *command, size_t n)
{
	double runs[16];
	for (size_t i = 0; i < n; i++) {
		double start = made_now();
		if (system(command) == -1)
			return -1;
		runs[i] = made_now() - start;
	}
	return made_median(runs, n);
}

#endif
