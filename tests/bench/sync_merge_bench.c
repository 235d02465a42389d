/* The merge step of sync: 100 entries changed on each side, or one, in networks of growing size, beside git's own merges. */
#include "made_network.h"
#include "sync/sync.h"

#include <unistd.h>

/* What the two sides change: entries in all members' folders. */
typedef struct {
	const char *name;
	size_t ours, theirs; /* the first entry of each; the same: both change the same ones, in different fields */
	size_t count;
} change;

static const change changes[] = {
	{"100_and_100", 0, 200, 100},
	{"the_same_100", 0, 0, 100},
	{"1_and_1", 0, 1, 1},
};

typedef struct {
	char dir[64];
	char *path;
	cib_store *store;
	cib_oid base;
	size_t entries;
} bench;

static cib_oid side(bench *b, const char *name, size_t first, const change *c, int version)
{
	cib_error err = CIB_ERROR_INIT;
	char *ref = cib_format("refs/heads/%s", name);
	cib_oid commit = made_commit(b->store, &b->base, first, 1, c->count, version, "a@m-0.cib.invalid");
	made_must(cib_store_ref_set(b->store, ref, &commit, NULL, &err), &err, name);
	free(ref);
	return commit;
}

static double merge_step(bench *b, cib_oid *tree, const cib_oid *ours, const cib_oid *theirs)
{
	double runs[7];
	for (size_t i = 0; i < 7; i++) {
		cib_sync_report report = {0};
		cib_network *net = NULL;
		cib_error err = CIB_ERROR_INIT;
		double start = made_now();
		made_must(cib_network_load(&net, b->store, theirs, &err), &err, "network");
		made_must(cib_merge_commits(tree, b->store, &(cib_commit_merge){.net = net, .bases = &b->base, .base_count = 1, .ours = ours, .theirs = theirs, .lang = "en"}, &report, &err), &err, "merge");
		runs[i] = made_now() - start;
		cib_sync_report_clear(&report);
		cib_network_free(net);
	}
	return made_median(runs, 7);
}

static double git_merge_tree(const bench *b, const cib_oid *tree)
{
	char *command = cib_format("git -C '%s' merge-tree --write-tree ours theirs >'%s/tree'", b->path, b->dir), *file = cib_format("%s/tree", b->dir);
	char hex[CIB_OID_HEX], first[64] = "";
	double ms = made_time(command, 5);
	FILE *f = fopen(file, "r");
	cib_oid_hex(hex, tree);
	if (!f || !fgets(first, sizeof first, f) || strncmp(first, hex, 40) != 0)
		fprintf(stderr, "git's merged tree is another one: %s and %s\n", hex, first);
	if (f)
		fclose(f);
	free(command);
	free(file);
	return ms;
}

/* With its working tree, as a person runs it. */
static double git_merge(const bench *b, const cib_oid *ours, const cib_oid *theirs)
{
	char x[CIB_OID_HEX], y[CIB_OID_HEX];
	cib_oid_hex(x, ours);
	cib_oid_hex(y, theirs);
	char *clone = cib_format("git clone -q -b ours '%s' '%s/work' 2>/dev/null && git -C '%s/work' fetch -q origin theirs", b->path, b->dir, b->dir);
	char *merge = cib_format("cd '%s/work' && git reset -q --hard %s && git -c user.name=b -c user.email=b@b.invalid merge -q -m m %s >/dev/null", b->dir, x, y);
	char *reset = cib_format("cd '%s/work' && git reset -q --hard %s", b->dir, x), *clean = cib_format("rm -rf '%s/work'", b->dir);
	(void)!system(clone);
	double ms = made_time(merge, 3) - made_time(reset, 3);
	(void)!system(clean);
	free(clone);
	free(merge);
	free(reset);
	free(clean);
	return ms;
}

static void measure(bench *b, const change *c)
{
	cib_oid ours = side(b, "ours", c->ours, c, 1), theirs = side(b, "theirs", c->theirs, c, 2), tree;
	char *pack = cib_format("git -C '%s' repack -adq", b->path);
	(void)!system(pack);
	free(pack);
	double ms = merge_step(b, &tree, &ours, &theirs), peer = git_merge_tree(b, &tree);
	printf("figure merge_%s_of_%zu %.2f ms target 100\n", c->name, b->entries, ms);
	printf("figure merge_%s_to_git_merge_tree_of_%zu %.2f ratio target 10\n", c->name, b->entries, ms / peer);
	if (c->count > 1)
		printf("figure git_merge_to_merge_%s_of_%zu %.1f ratio target 5\n", c->name, b->entries, git_merge(b, &ours, &theirs) / ms);
	fflush(stdout);
}

int main(void)
{
	static const size_t sizes[] = {1000, 20000, 100000};
	for (size_t i = 0; i < 3; i++) {
		bench b = {.dir = "/tmp/cib-bench-XXXXXX", .entries = sizes[i]};
		if (!mkdtemp(b.dir))
			return 1;
		b.path = cib_format("%s/central.git", b.dir);
		b.store = made_network(b.path, sizes[i], &b.base);
		for (size_t k = 0; k < sizeof changes / sizeof *changes; k++)
			measure(&b, &changes[k]);
		char *clean = cib_format("rm -rf '%s'", b.dir);
		(void)!system(clean);
		cib_store_free(b.store);
		free(b.path);
		free(clean);
	}
	return 0;
}
