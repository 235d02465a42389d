/* What edits and walks cost in repositories of 1,000, 20,000 and 100,000 entries: it must follow
 * the change. The repository is opened anew for every round, as each run of the command does.
 * Entries lie as in a network: members/M/projects/ID.json, 100 to 400 of them for each member.
 *
 * Prints lines `figure NAME VALUE UNIT target TARGET`; times are medians of eleven rounds. */
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 11,
       CHANGES = 100 };

static void must(int status, const cib_error *err)
{
	if (status == CIB_OK)
		return;
	fprintf(stderr, "%s: %s\n", err->code, err->message);
	exit(1);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double median(double *times)
{
	qsort(times, ROUNDS, sizeof *times, by_value);
	return times[ROUNDS / 2];
}

/* `count` entries, from `first` by `step`, with ids of no blob: no walk reads one. */
static cib_oid put(cib_store *store, const cib_oid *tree, size_t members, size_t first, size_t step, size_t count)
{
	cib_error err = CIB_ERROR_INIT;
	cib_oid out;
	cib_tree_entry *edits = cib_alloc(count * sizeof *edits);
	for (size_t i = 0; i < count; i++) {
		size_t n = first + i * step;
		edits[i].path = cib_format("members/m%04zu/projects/p-%06zu.json", n % members, n);
		edits[i].mode = 0100644;
		cib_random(edits[i].oid.id, 20);
	}
	must(cib_store_tree_edit(&out, store, tree, edits, count, &err), &err);
	for (size_t i = 0; i < count; i++)
		free((char *)edits[i].path);
	free(edits);
	return out;
}

static int count2(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	(void)path, (void)a, (void)b;
	++*(size_t *)payload;
	return 0;
}

static int count3(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, const cib_tree_entry *c, void *payload)
{
	(void)path, (void)a, (void)b, (void)c;
	++*(size_t *)payload;
	return 0;
}

static void bench(size_t entries, size_t members)
{
	char dir[] = "/tmp/cib-bench-XXXXXX";
	cib_error err = CIB_ERROR_INIT;
	cib_store *store;
	cib_oid none = {{0}}, base, ours, theirs, one, parent;
	double edit[ROUNDS], walk2[ROUNDS], walk3[ROUNDS], one2[ROUNDS];
	if (!mkdtemp(dir))
		exit(1);
	must(cib_store_init(&store, dir, true, "refs/heads/main", &err), &err);
	base = put(store, &none, members, 0, 1, entries);
	ours = put(store, &base, members, 1, entries / CHANGES - 1, CHANGES); /* a step that reaches all members */
	theirs = put(store, &base, members, 2, entries / CHANGES - 1, CHANGES);
	one = put(store, &base, members, 5, 1, 1);
	must(cib_store_commit_write(&parent, store, &base, NULL, 0, "a", "a@example.org", "First\n", &err), &err);
	must(cib_store_ref_set(store, "refs/heads/main", &parent, NULL, &err), &err);
	for (int i = 0; i < ROUNDS; i++) {
		size_t n = 0;
		cib_store_free(store);
		must(cib_store_open(&store, dir, &err), &err);
		double start = now();
		must(cib_store_diff2(store, &base, &one, count2, &n, &err), &err);
		one2[i] = now() - start;
		cib_store_free(store);
		must(cib_store_open(&store, dir, &err), &err);
		start = now();
		must(cib_store_diff2(store, &base, &ours, count2, &n, &err), &err);
		walk2[i] = now() - start;
		cib_store_free(store);
		must(cib_store_open(&store, dir, &err), &err);
		start = now();
		must(cib_store_diff3(store, &base, &ours, &theirs, "", count3, &n, &err), &err);
		walk3[i] = now() - start;
		if (n != 1 + CHANGES + 2 * CHANGES)
			fprintf(stderr, "counted %zu changes\n", n);
		cib_store_free(store);
		must(cib_store_open(&store, dir, &err), &err);
		char text[64];
		cib_oid tree, next;
		cib_tree_entry e = {.path = "members/m0003/projects/p-000003.json", .mode = 0100644};
		int len = snprintf(text, sizeof text, "{\"title\": \"round %d\"}\n", i);
		start = now();
		must(cib_store_blob_write(&e.oid, store, text, (size_t)len, &err), &err);
		must(cib_store_tree_edit(&tree, store, &parent, &e, 1, &err), &err);
		must(cib_store_commit_write(&next, store, &tree, &parent, 1, "a", "a@example.org", "Next\n", &err), &err);
		must(cib_store_ref_set(store, "refs/heads/main", &next, &parent, &err), &err);
		edit[i] = now() - start;
		parent = next;
	}
	printf("figure store.edit-and-commit.%zu %.2f ms target 10\n", entries, median(edit));
	printf("figure store.diff2.1-change.%zu %.2f ms target 2\n", entries, median(one2));
	printf("figure store.diff2.100-changes.%zu %.2f ms target 10\n", entries, median(walk2));
	printf("figure store.diff3.100-and-100-changes.%zu %.2f ms target 20\n", entries, median(walk3));
	cib_store_free(store);
	char *command = cib_format("rm -rf '%s'", dir);
	if (system(command) != 0)
		fprintf(stderr, "%s is left behind\n", dir);
	free(command);
}

int main(void)
{
	bench(1000, 10);
	bench(20000, 100);
	bench(100000, 250);
	return 0;
}
