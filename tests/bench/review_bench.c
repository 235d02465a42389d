/* A morning's review: 100 one-field changes of 40 members, opened, decided and carried out, in networks of growing size. */
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
	cib_review_queue queue = CIB_REVIEW_QUEUE_INIT;
	cib_review_session *session = NULL;
	cib_review_outcome out;
	double start = made_now();
	made_must(cib_review_list(&queue, ws, NULL, &err), &err, "queue");
	double listed = made_now() - start;
	made_must(cib_review_session_open(&session, ws, &err), &err, "sitting");
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

int main(void)
{
	static const size_t sizes[] = {1000, 20000, 100000};
	for (size_t i = 0; i < 3; i++)
		measure(sizes[i]);
	return 0;
}
