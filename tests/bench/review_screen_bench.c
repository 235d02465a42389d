/* A morning at the screen: 100 one-field changes of 40 members, reviewed through cib review --interactive by keys that tmux
 * presses, in networks of growing size. The time runs from the first key to the end of the program: 100 decisions, drawn one
 * by one, and their commits. Skipped without tmux. */
#include "made_network.h"
#include "review/review.h"

#include <unistd.h>

enum { SUBMITTERS = 40,
       CHANGES = 100 };

typedef struct {
	char *dir, *socket;
	const char *program;
} scene;

/* One field of `count` entries of a member, as its branch. */
static void submit(cib_store *store, const cib_oid *main_tip, size_t member, size_t count)
{
	cib_error err = CIB_ERROR_INIT;
	char *ref = cib_format("refs/heads/members/m-%zu", member), *email = cib_format("user-%zu@m-%zu.cib.invalid", member, member);
	cib_oid tip = made_commit(store, main_tip, member, MADE_MEMBERS, count, 1, email);
	made_must(cib_store_ref_set(store, ref, &tip, NULL, &err), &err, "branch");
	free(ref);
	free(email);
}

static int run(const char *command, bool must)
{
	int status = system(command);
	if (status != 0 && must) {
		fprintf(stderr, "failed: %s\n", command);
		exit(1);
	}
	return status;
}

static void tmux(const scene *s, const char *words, bool must)
{
	char *command = cib_format("tmux -L %s -f /dev/null %s >/dev/null 2>&1", s->socket, words);
	run(command, must);
	free(command);
}

/* Wait until the screen shows `text`, or the program has ended (text NULL). */
static void wait_for(const scene *s, const char *text)
{
	char *command = text ? cib_format("tmux -L %s capture-pane -p -t s 2>/dev/null | grep -q '%s'", s->socket, text) : cib_format("test -e %s/ended", s->dir);
	double start = made_now();
	while (run(command, false) != 0) {
		if (made_now() - start > 120000) {
			fprintf(stderr, "the screen does not show '%s'\n", text ? text : "its end");
			exit(1);
		}
		usleep(2000);
	}
	free(command);
}

/* Press the keys: `count` times `key`, then f. Milliseconds to the first screen, and from the first key to the end. */
static void sit(const scene *s, const char *key, size_t count, double *opened, double *decided)
{
	cib_buf words = CIB_BUF_INIT;
	char *start = cib_format("new-session -d -s s -x 100 -y 40 'cd %s/sec-1; CIB_USER=sec-1 CIB_LANG=en %s review --interactive 2>%s/said; touch %s/ended'", s->dir, s->program, s->dir, s->dir);
	double begin = made_now();
	tmux(s, start, true);
	wait_for(s, "Review 1 of 100");
	*opened = made_now() - begin;
	cib_buf_adds(&words, "send-keys -t s -l ");
	for (size_t i = 0; i < count; i++)
		cib_buf_adds(&words, key);
	cib_buf_adds(&words, "f");
	begin = made_now();
	tmux(s, words.data, true);
	wait_for(s, NULL);
	*decided = made_now() - begin;
	tmux(s, "kill-server", false);
	cib_buf_free(&words);
	free(start);
	char *check = cib_format("grep -q 'Accepted 100, returned 0, declined 0' %s/said", s->dir);
	run(check, true);
	free(check);
}

static void measure(size_t entries, const char *key, size_t presses, const char *name)
{
	char dir[] = "/tmp/cib-bench-XXXXXX";
	cib_error err = CIB_ERROR_INIT;
	cib_oid main_tip;
	cib_workspace *ws = NULL;
	cib_sync_options options = {.lang = "en"};
	if (!mkdtemp(dir))
		exit(1);
	const char *program = getenv("CIB");
	char *path = cib_format("%s/central.git", dir), *copy = cib_format("%s/sec-1", dir), *clean = cib_format("rm -rf '%s'", dir);
	scene s = {dir, cib_format("cib-bench-%ld", (long)getpid()), program ? program : "cib"};
	cib_store *store = made_network(path, entries, &main_tip);
	for (size_t m = 0; m < SUBMITTERS; m++)
		submit(store, &main_tip, m, CHANGES / SUBMITTERS + (m < CHANGES % SUBMITTERS));
	made_must(cib_workspace_join(&ws, path, copy, "sec-1", NULL, &options, &err), &err, "join");
	made_must(cib_members_fetch(ws, &options, &(cib_sync_report){0}, &err), &err, "fetch");
	cib_workspace_free(ws);
	char *warm = cib_format("cd %s && CIB_USER=sec-1 %s review --counts >/dev/null 2>&1", copy, s.program); /* the index of duplicates, which a sync makes */
	run(warm, true);
	double opened, decided;
	sit(&s, key, presses, &opened, &decided);
	printf("figure review_screen_%s_opened_of_%zu %.0f ms target 1000\n", name, entries, opened);
	printf("figure review_screen_%s_keys_of_%zu %zu keys target 110\n", name, entries, presses + 1);
	printf("figure review_screen_%s_100_decisions_and_commits_of_%zu %.0f ms target 1000\n", name, entries, decided);
	fflush(stdout);
	cib_store_free(store);
	run(clean, true);
	free(path);
	free(copy);
	free(clean);
	free(warm);
	free(s.socket);
}

int main(void)
{
	static const size_t sizes[] = {1000, 20000, 100000};
	if (system("command -v tmux >/dev/null") != 0) {
		fprintf(stderr, "SKIP: review_screen: there is no tmux here\n");
		return 0;
	}
	for (size_t i = 0; i < 3; i++)
		measure(sizes[i], "a", CHANGES, "one_by_one");
	measure(20000, "A", SUBMITTERS, "clean_of_a_member");
	return 0;
}
