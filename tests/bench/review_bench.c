/* A morning's review: 100 one-field changes of 40 members, opened, decided and carried out, in networks of growing size; beside
 * it `git commit`, which takes the same 100 changes from the branches one by one, in a clone that has only an index. */
#include "made_network.h"
#include "review/review.h"

#include <unistd.h>

enum { SUBMITTERS = 40,
       CHANGES = 100 };

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

/* Milliseconds for git to commit what the members' branches changed, a commit a change, as durably. */
static double peer(const char *dir, const char *central)
{
	char *make = cib_format("exec >/dev/null 2>&1; cd '%s' && git clone -q --shared --no-checkout '%s' peer && cd peer && git config core.fsync all && git config user.name peer && "
	                        "git config user.email peer@example.org && git read-tree HEAD && for b in $(git for-each-ref --format='%%(refname)' refs/remotes/origin/members); do "
	                        "git diff-tree -r HEAD $b | sed 's/^:[0-9]* \\([0-9]*\\) [0-9a-f]* \\([0-9a-f]*\\) [A-Z]/\\1 \\2/'; done >changes; test $(wc -l <changes) = %d",
	                        dir, central, CHANGES);
	char *commit = cib_format("exec >/dev/null 2>&1; cd '%s/peer' && while IFS= read -r change; do echo \"$change\" | git update-index --index-info && git commit -q -m Accept || exit 1; done <changes", dir);
	double took = system(make) == 0 ? made_now() : 0;
	if (took > 0)
		took = system(commit) == 0 ? made_now() - took : 0;
	if (took <= 0) {
		fprintf(stderr, "the peer failed\n");
		exit(1);
	}
	free(make);
	free(commit);
	return took;
}

static void measure(size_t entries)
{
	char dir[] = "/tmp/cib-bench-XXXXXX";
	cib_error err = CIB_ERROR_INIT;
	cib_oid main_tip;
	cib_workspace *ws = NULL;
	cib_sync_options options = {.lang = "en"};
	if (!mkdtemp(dir))
		exit(1);
	char *path = cib_format("%s/central.git", dir), *copy = cib_format("%s/sec-1", dir), *clean = cib_format("rm -rf '%s'", dir);
	cib_store *store = made_network(path, entries, &main_tip);
	for (size_t m = 0; m < SUBMITTERS; m++)
		submit(store, &main_tip, m, CHANGES / SUBMITTERS + (m < CHANGES % SUBMITTERS));
	made_must(cib_workspace_join(&ws, path, copy, "sec-1", NULL, &options, &err), &err, "join");
	made_must(cib_members_fetch(ws, &options, &(cib_sync_report){0}, &err), &err, "fetch");
	double git_takes = peer(dir, path);
	cib_review_queue queue = CIB_REVIEW_QUEUE_INIT;
	cib_review_session *session = NULL;
	cib_review_outcome out;
	double start = made_now();
	made_must(cib_review_list(&queue, ws, NULL, &err), &err, "queue");
	double listed = made_now() - start;
	made_must(cib_review_session_open(&session, ws, &err), &err, "sitting");
	cib_review_session_hurry(session); /* as the screen with keys that were typed ahead */
	for (size_t i = 0; i < queue.count; i++) {
		cib_review_detail detail;
		made_must(cib_review_detail_load(&detail, ws, &queue.items[i], NULL, "en", &err), &err, "open");
		if (detail.changes.count != 1)
			exit(1);
		cib_review_detail_clear(&detail);
		made_must(cib_review_session_decide(session, &queue.items[i], CIB_SITTING_ACCEPT, &err), &err, "decide");
	}
	double decided = made_now() - start;
	made_must(cib_review_session_finish(&out, session, &err), &err, "finish");
	double whole = made_now() - start;
	if (out.accepted != CHANGES) {
		fprintf(stderr, "accepted %zu\n%s", out.accepted, cib_buf_str(&out.notes));
		exit(1);
	}
	printf("figure review_queue_of_%zu_entries %.1f ms target 100\n", entries, listed);
	printf("figure review_100_opened_and_decided_of_%zu %.1f ms target 500\n", entries, decided - listed);
	printf("figure review_100_decisions_and_commits_of_%zu %.1f ms target 1000\n", entries, whole);
	printf("figure review_100_of_%zu_as_git_commit_takes %.2f ratio target 1\n", entries, whole / git_takes);
	fflush(stdout);
	cib_buf_free(&out.notes);
	cib_review_session_free(session);
	cib_review_queue_free(&queue);
	cib_workspace_free(ws);
	cib_store_free(store);
	(void)!system(clean);
	free(path);
	free(copy);
	free(clean);
}

/* Arguments: other numbers of entries. */
int main(int argc, char **argv)
{
	static const size_t sizes[] = {1000, 20000, 100000};
	for (size_t i = 0; argc < 2 && i < 3; i++)
		measure(sizes[i]);
	for (int i = 1; i < argc; i++)
		measure(strtoul(argv[i], NULL, 10));
	return 0;
}
