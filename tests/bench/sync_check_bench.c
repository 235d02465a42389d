/* cib check in a network, the first time and again with nothing changed, beside an lstat of the same files. $CIB is the program. */
#include "made_network.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENTRIES = 20000,
       ROUNDS = 7 };

static void must_run(const char *command)
{
	if (system(command) != 0) {
		fprintf(stderr, "failed: %s\n", command);
		exit(1);
	}
}

/* All entries as files of the first member. */
static void write_entries(const char *folder)
{
	cib_buf text = CIB_BUF_INIT;
	for (size_t i = 0; i < ENTRIES; i++) {
		char *path = cib_format("%s/p-%010zu.json", folder, i);
		FILE *f = fopen(path, "w");
		made_entry(&text, i * MADE_MEMBERS, 0); /* each is m-0's */
		char *old = cib_format("p-%010zu", i * MADE_MEMBERS), *id = strstr(text.data, old), number[16];
		snprintf(number, sizeof number, "%010zu", i);
		memcpy(id + 2, number, 10);
		if (!f || fwrite(text.data, 1, text.len, f) != text.len || fclose(f) != 0)
			exit(1);
		free(path);
		free(old);
	}
	cib_buf_free(&text);
}

static double lstat_all(const char *folder)
{
	double best = 0;
	for (int round = 0; round < ROUNDS; round++) {
		double start = made_now();
		DIR *d = opendir(folder);
		struct stat st;
		for (struct dirent *e; d && (e = readdir(d));) {
			char path[300];
			snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
			if (lstat(path, &st) != 0)
				exit(1);
		}
		if (d)
			closedir(d);
		double spent = made_now() - start;
		best = round == 0 || spent < best ? spent : best;
	}
	return best;
}

static double best_of(const char *command, int rounds)
{
	double best = 0;
	for (int i = 0; i < rounds; i++) {
		double start = made_now();
		must_run(command);
		double spent = made_now() - start;
		best = i == 0 || spent < best ? spent : best;
	}
	return best;
}

int main(void)
{
	char dir[] = "/tmp/cib-bench-XXXXXX";
	const char *cib = getenv("CIB");
	if (!cib || !mkdtemp(dir))
		return CIB_USAGE;
	char *make = cib_format("cd '%s' && export HOME='%s' && '%s' init n.git --title Bench --secretariat sec --member m-0:user-0 >log 2>&1 && '%s' join n.git copy --user user-0 >>log 2>&1 && mkdir -p copy/members/m-0/projects",
	                        dir, dir, cib, cib);
	char *folder = cib_format("%s/copy/members/m-0/projects", dir), *check = cib_format("cd '%s/copy' && '%s' check >/dev/null 2>&1", dir, cib);
	char *none = cib_format("cd '%s' && '%s' --version >/dev/null", dir, cib), *clean = cib_format("rm -rf '%s'", dir);
	must_run(make);
	write_entries(folder);
	sleep(5); /* what was just written is never remembered */
	double first = best_of(check, 1), again = best_of(check, ROUNDS), peer = lstat_all(folder), start = best_of(none, ROUNDS);
	printf("# %d own entries; the start of the shell and of the program takes %.1f ms of each figure\n", ENTRIES, start);
	printf("figure check.first %.1f ms target -\n", first);
	printf("figure check.again %.1f ms target -\n", again);
	printf("figure check.lstat %.1f ms target -\n", peer);
	printf("figure check.again-to-lstat %.2f ratio target 3\n", again / peer);
	must_run(clean);
	free(make);
	free(folder);
	free(check);
	free(none);
	free(clean);
	return 0;
}
