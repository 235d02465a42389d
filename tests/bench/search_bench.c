/* Searching: a query in networks of growing size, an update after a sync of 100 entries, making the index; beside `git grep`,
 * which reads every entry. Each query opens the index anew, as the command does. */
#include "made_network.h"
#include "search/browse.h"
#include "search/search.h"

#include <sys/stat.h>
#include <unistd.h>

typedef struct {
	cib_network *net;
	cib_oid tip;
	char *file;
	size_t entries;
} bench;

static double ask(const bench *b, const cib_search_query *query, size_t want)
{
	double runs[21];
	cib_error err = CIB_ERROR_INIT;
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		cib_search *s = NULL;
		cib_search_hits hits;
		double start = made_now();
		made_must(cib_search_open(&s, b->net, b->file, &err), &err, "open");
		made_must(cib_search_update(s, &b->tip, NULL, NULL, NULL, &err), &err, "update");
		made_must(cib_search_run(&hits, s, query, &err), &err, "search");
		runs[i] = made_now() - start;
		if (hits.total < want) {
			fprintf(stderr, "'%s' found %zu\n", query->words ? query->words : "", hits.total);
			exit(1);
		}
		cib_search_hits_free(&hits);
		cib_search_free(s);
	}
	return made_median(runs, sizeof runs / sizeof *runs);
}

static double update(bench *b, cib_store *store, size_t changed)
{
	cib_error err = CIB_ERROR_INIT;
	cib_search *s = NULL;
	cib_search_report report;
	b->tip = made_commit(store, &b->tip, 0, b->entries / changed, changed, 1, "user-0@m-0.cib.invalid");
	double start = made_now();
	made_must(cib_search_open(&s, b->net, b->file, &err), &err, "open");
	made_must(cib_search_update(s, &b->tip, NULL, NULL, &report, &err), &err, "update");
	double took = made_now() - start;
	cib_search_free(s);
	if (report.changed != changed || report.rebuilt) {
		fprintf(stderr, "the update read %zu entries\n", report.changed);
		exit(1);
	}
	return took;
}

/* The command as a person starts it, in a copy of the network: a search, and the status of a member, which looks through its entries for what is old. */
static void measure_command(const bench *b, const char *dir, const char *path, const char *rare)
{
	const char *cib = getenv("CIB");
	if (!cib) {
		fprintf(stderr, "without CIB, the path of the program, the command is not measured\n");
		return;
	}
	char *join = cib_format("cd '%s' && CIB_USER=user-7 '%s' join '%s' copy --user user-7 >/dev/null 2>&1", dir, cib, path);
	char *search = cib_format("cd '%s/copy' && CIB_USER=user-7 '%s' search %s >/dev/null 2>&1", dir, cib, rare);
	char *status = cib_format("cd '%s/copy' && CIB_USER=user-7 '%s' status >/dev/null", dir, cib);
	double start = made_now();
	if (system(join) != 0 || system(search) != 0) {
		fprintf(stderr, "cib join or cib search failed\n");
		exit(1);
	}
	printf("figure search_command_join_and_first_of_%zu %.0f ms target %zu\n", b->entries, made_now() - start, 5000 + b->entries);
	printf("figure search_command_of_%zu %.1f ms target 60\n", b->entries, made_time(search, 15));
	printf("figure status_command_of_%zu_own_of_%zu %.1f ms target 100\n", b->entries / MADE_MEMBERS, b->entries, made_time(status, 9));
	free(join);
	free(search);
	free(status);
}

static double browse(cib_search *s, const cib_search_query *query, size_t from)
{
	cib_browse page;
	cib_error err = CIB_ERROR_INIT;
	double start = made_now();
	made_must(cib_search_browse(&page, s, query, CIB_BROWSE_BEST, "en", from, 100, &err), &err, "browse");
	double took = made_now() - start;
	if (page.count != 100) {
		fprintf(stderr, "the page has %zu rows\n", page.count);
		exit(1);
	}
	cib_browse_clear(&page);
	return took;
}

/* The list as the app scrolls through it: its first page, which reads the index, and 100 rows with all counts from then on. */
static void measure_list(const bench *b)
{
	static const struct {
		const char *name;
		cib_search_query query;
	} rows[] = {{"page", {0}}, {"page_of_one_kind", {.kind = "project"}}, {"page_of_a_word_of_every_entry", {.words = "municipality"}}};
	cib_search *s = NULL;
	cib_error err = CIB_ERROR_INIT;
	made_must(cib_search_open(&s, b->net, b->file, &err), &err, "open");
	made_must(cib_search_update(s, &b->tip, NULL, NULL, NULL, &err), &err, "update");
	printf("figure search_list_first_page_of_%zu %.1f ms target %zu\n", b->entries, browse(s, &rows[0].query, 0), 100 + b->entries / 100);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		double runs[21];
		for (size_t k = 0; k < sizeof runs / sizeof *runs; k++)
			runs[k] = browse(s, &rows[i].query, k * (b->entries / 50));
		printf("figure search_list_%s_of_%zu %.2f ms target 50\n", rows[i].name, b->entries, made_median(runs, sizeof runs / sizeof *runs));
	}
	cib_search_free(s);
}

static void measure(size_t entries)
{
	char dir[] = "/tmp/cib-bench-XXXXXX";
	cib_error err = CIB_ERROR_INIT;
	bench b = {.entries = entries};
	if (!mkdtemp(dir))
		exit(1);
	char *path = cib_format("%s/central.git", dir);
	cib_store *store = made_network(path, entries, &b.tip);
	made_must(cib_network_load(&b.net, store, &b.tip, &err), &err, "network");
	b.file = cib_format("%s/search.sqlite", dir);

	double start = made_now();
	cib_search *s = NULL;
	made_must(cib_search_open(&s, b.net, b.file, &err), &err, "open");
	made_must(cib_search_update(s, &b.tip, NULL, NULL, NULL, &err), &err, "update");
	cib_search_free(s);
	double took = made_now() - start;
	struct stat st = {0};
	stat(b.file, &st);
	printf("figure search_make_index_of_%zu %.0f ms target %zu\n", entries, took, entries < 1000 ? 1000 : entries / 2);
	printf("figure search_index_of_%zu %.1f MB target %.0f\n", entries, (double)st.st_size / 1e6, 1 + (double)entries * 0.001);

	char rare[32], *phrase = cib_format("\"yearly report %zu\"", entries / 3);
	snprintf(rare, sizeof rare, "%zu", entries / 2);
	const struct {
		const char *name;
		cib_search_query query;
	} rows[] = {
		{"rare_word", {.words = rare}},
		{"phrase", {.words = phrase}},
		{"word_of_every_entry", {.words = "municipality"}},
		{"two_words_of_every_entry", {.words = "municipality training"}},
		{"beginning_of_a_word", {.words = "munic*"}},
		{"word_of_one_member", {.words = "municipality", .member = "m-7"}},
		{"filters_alone", {.kind = "project", .year = "2024"}},
	};
	double rare_took = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		double ms = ask(&b, &rows[i].query, 1);
		rare_took = i == 0 ? ms : rare_took;
		printf("figure search_%s_of_%zu %.2f ms target 30\n", rows[i].name, entries, ms);
	}
	measure_list(&b);
	char *grep = cib_format("git -C '%s' grep -il 'Project %s,' main -- members >/dev/null", path, rare);
	double grepped = made_time(grep, 3);
	printf("figure search_against_git_grep_of_%zu %.4f ratio target 0.1\n", entries, rare_took / grepped);
	measure_command(&b, dir, path, rare);
	printf("figure search_update_100_of_%zu %.1f ms target 100\n", entries, update(&b, store, 100));
	fflush(stdout);
	char *clean = cib_format("rm -rf '%s'", dir);
	(void)!system(clean);
	cib_network_free(b.net);
	cib_store_free(store);
	free(path);
	free(phrase);
	free(grep);
	free(clean);
	free(b.file);
}

int main(void)
{
	static const size_t sizes[] = {1000, 20000, 100000};
	size_t largest = getenv("CIB_BENCH_SMALL") ? 2 : 3;
	for (size_t i = 0; i < largest; i++)
		measure(sizes[i]);
	return 0;
}
