/* Reports over networks of growing size, each from nothing, as the command makes them: who works where, the coverage of the goals, the
 * compendium as a page, data quality; beside `git cat-file --batch`, which only reads the same entries. */
#include "made_network.h"
#include "report/report.h"

#include <unistd.h>

typedef struct {
	cib_network *net;
	cib_oid tip;
} bench;

static double make(const bench *b, const char *name, cib_report_format format, size_t *bytes)
{
	double runs[3];
	cib_error err = CIB_ERROR_INIT;
	cib_report_options options = {.net = b->net, .commit = &b->tip, .lang = "en", .today = "2026-01-01", .reader = ""};
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		cib_report *report = NULL;
		cib_buf out = CIB_BUF_INIT;
		double start = made_now();
		made_must(cib_report_make(&report, name, &options, &err), &err, name);
		cib_report_print(&out, report, format, NULL);
		runs[i] = made_now() - start;
		*bytes = out.len;
		cib_buf_free(&out);
		cib_report_free(report);
	}
	return made_median(runs, sizeof runs / sizeof *runs);
}

static void measure(size_t entries)
{
	static const struct {
		const char *name;
		cib_report_format format;
	} rows[] = {
		{"who-works-where", CIB_REPORT_TEXT},
		{"sdg", CIB_REPORT_JSON},
		{"markers", CIB_REPORT_CSV},
		{"spread", CIB_REPORT_HTML},
		{"compendium", CIB_REPORT_HTML},
		{"quality", CIB_REPORT_TEXT},
	};
	char dir[] = "/tmp/cib-bench-XXXXXX";
	cib_error err = CIB_ERROR_INIT;
	bench b = {0};
	if (!mkdtemp(dir))
		exit(1);
	char *path = cib_format("%s/central.git", dir);
	cib_store *store = made_network(path, entries, &b.tip);
	made_must(cib_network_load(&b.net, store, &b.tip, &err), &err, "network");
	char *cat = cib_format("git -C '%s' ls-tree -r main members | cut -c13-52 | git -C '%s' cat-file --batch >/dev/null", path, path);
	double read = made_time(cat, 3);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t bytes = 0;
		double ms = make(&b, rows[i].name, rows[i].format, &bytes);
		bool checks = strcmp(rows[i].name, "quality") == 0;
		printf("figure report_%s_of_%zu %.1f ms target %.0f\n", rows[i].name, entries, ms, 50 + (double)entries * (checks ? 0.4 : 0.1));
		printf("figure report_%s_against_git_cat_file_of_%zu %.2f ratio target %d\n", rows[i].name, entries, ms / read, checks ? 6 : 2);
		fflush(stdout);
	}
	char *clean = cib_format("rm -rf '%s'", dir);
	(void)!system(clean);
	cib_network_free(b.net);
	cib_store_free(store);
	free(path);
	free(cat);
	free(clean);
}

int main(void)
{
	static const size_t sizes[] = {1000, 20000, 100000};
	size_t largest = getenv("CIB_BENCH_SMALL") ? 2 : 3;
	for (size_t i = 0; i < largest; i++)
		measure(sizes[i]);
	return 0;
}
