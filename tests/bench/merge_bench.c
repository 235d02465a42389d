/* One entry of 3 KB merged three ways: read, merge, write, in one process; beside git merge-file as a process of its own. */
#include "made_network.h"
#include "merge/merge.h"

#include <unistd.h>

enum { ROUNDS = 20000 };

static char *edited(const cib_buf *base, const char *from, const char *to)
{
	const char *at = strstr(base->data, from);
	return at ? cib_format("%.*s%s%s", (int)(at - base->data), base->data, to, at + strlen(from)) : NULL;
}

static void put(const char *dir, const char *name, const char *text)
{
	cib_error err = CIB_ERROR_INIT;
	char *path = cib_format("%s/%s", dir, name);
	made_must(cib_file_write(path, text, strlen(text), &err), &err, name);
	free(path);
}

int main(void)
{
	char dir[] = "/tmp/cib-bench-XXXXXX";
	const char *program = getenv("CIB");
	cib_buf base = CIB_BUF_INIT, out = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	made_entry(&base, 7, 0);
	char *ours = edited(&base, "\"status\": \"2\"", "\"status\": \"3\""), *theirs = edited(&base, "\"plannedStart\": \"2024-01\"", "\"plannedStart\": \"2024-02\"");
	const char *texts[] = {base.data, ours, theirs};
	if (!program || !mkdtemp(dir) || !ours || !theirs)
		return 1;
	double start = made_now();
	for (int i = 0; i < ROUNDS; i++) {
		cJSON *docs[3] = {NULL}, *merged = NULL;
		cib_conflicts conflicts = CIB_CONFLICTS_INIT;
		for (int k = 0; k < 3; k++)
			made_must(cib_json_read(&docs[k], texts[k], strlen(texts[k]), NULL, &err), &err, "read");
		if (cib_merge(&merged, docs[0], docs[1], docs[2], NULL, &conflicts))
			return 1;
		cib_buf_clear(&out);
		cib_json_write(&out, merged, NULL);
		for (int k = 0; k < 3; k++)
			cJSON_Delete(docs[k]);
		cJSON_Delete(merged);
		cib_conflicts_free(&conflicts);
	}
	double us = (made_now() - start) * 1e3 / ROUNDS;
	if (!strstr(out.data, "\"status\": \"3\"") || !strstr(out.data, "2024-02"))
		return 1;
	printf("figure merge_read_merge_write %.1f us target 60\n", us);
	put(dir, "base", base.data);
	put(dir, "ours", ours);
	put(dir, "theirs", theirs);
	char *mine = cib_format("cd '%s' && for i in 1 2 3 4 5 6 7 8 9 10; do '%s' merge-file base ours theirs >/dev/null; done", dir, program);
	char *gits = cib_format("cd '%s' && for i in 1 2 3 4 5 6 7 8 9 10; do git merge-file -p ours base theirs >/dev/null; done", dir);
	char *clean = cib_format("rm -rf '%s'", dir);
	double a = made_time(mine, 7), b = made_time(gits, 7);
	printf("figure merge_file_process %.2f ms target 10\n", a / 10);
	printf("figure merge_file_to_git_merge_file %.2f ratio target 3\n", a / b);
	(void)!system(clean);
	free(mine);
	free(gits);
	free(clean);
	free(ours);
	free(theirs);
	cib_buf_free(&base);
	cib_buf_free(&out);
	return 0;
}
