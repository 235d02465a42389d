/* The working folder of a copy: what differs from the tip, and a cache of file times that cannot be fooled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "network/create.h"
#include "sync/stat_cache.h"
#include "sync/sync.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FILES = 300,
       TEXT_MAX = 4096 };

static char dir[64];
static cib_workspace *ws;
static char *stat_file;

static char *file_of(size_t i)
{
	return cib_format("%s/copy/members/m-a/projects/p-%010zu.json", dir, i);
}

/* Canonical, of one size whatever the letter. */
static void text_of(char out[TEXT_MAX], size_t i, char letter)
{
	int n = snprintf(out, TEXT_MAX, "{\n  \"id\": \"p-%010zu\",\n  \"note\": \"", i);
	memset(out + n, letter, 3000);
	snprintf(out + n + 3000, TEXT_MAX - 3000 - (size_t)n, "\"\n}\n");
}

/* In place: the inode stays, and what a program that keeps times would do to the modification time. */
static void edit_in_place(const char *file, const char *text, bool keep_time)
{
	struct stat st;
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0 && fstat(fd, &st) == 0);
	assert_int_equal(pwrite(fd, text, strlen(text), 0), (ssize_t)strlen(text));
	if (keep_time)
		assert_int_equal(futimens(fd, (struct timespec[]){st.st_atim, st.st_mtim}), 0);
	close(fd);
}

static size_t changed(char *path, size_t size)
{
	cib_work_changes changes = {0};
	cib_error err = CIB_ERROR_INIT;
	assert_int_equal(cib_workspace_changes(&changes, ws, "en", &err), CIB_OK);
	size_t n = changes.count;
	if (path)
		snprintf(path, size, "%s", n ? changes.items[0].path : "");
	cib_work_changes_free(&changes);
	return n;
}

static long long bytes_read(void)
{
	char line[64] = "";
	FILE *f = fopen("/proc/self/io", "r");
	if (!f)
		return -1;
	bool got = fgets(line, sizeof line, f) != NULL;
	fclose(f);
	return got && strncmp(line, "rchar: ", 7) == 0 ? atoll(line + 7) : -1;
}

static void wait_until_old(void)
{
	nanosleep(&(struct timespec){.tv_sec = 2, .tv_nsec = 100000000}, NULL);
}

static int set_up(void **state)
{
	static const char *const languages[] = {"en"}, *const members[] = {"m-a:a-1"};
	cib_error err = CIB_ERROR_INIT;
	cib_store *store = NULL;
	cib_oid tip, tree, commit;
	cib_tree_entry edits[FILES];
	char text[TEXT_MAX];
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/cib-sync-XXXXXX");
	assert_non_null(mkdtemp(dir));
	char *central = cib_format("%s/central.git", dir), *copy = cib_format("%s/copy", dir);
	assert_int_equal(cib_network_create(central, &(cib_network_options){.title = "Test", .languages = languages, .language_count = 1, .secretariat = "sec-1", .members = members, .member_count = 1, .program = "/bin/true"}, &err), CIB_OK);
	assert_int_equal(cib_store_open(&store, central, &err), CIB_OK);
	assert_int_equal(cib_store_ref_get(&tip, store, "refs/heads/main", &err), CIB_OK);
	for (size_t i = 0; i < FILES; i++) {
		text_of(text, i, 'a');
		edits[i] = (cib_tree_entry){.path = cib_format("members/m-a/projects/p-%010zu.json", i), .mode = 0100644};
		assert_int_equal(cib_store_blob_write(&edits[i].oid, store, text, strlen(text), &err), CIB_OK);
	}
	assert_int_equal(cib_store_tree_edit(&tree, store, &tip, edits, FILES, &err), CIB_OK);
	assert_int_equal(cib_store_commit_write(&commit, store, &tree, &tip, 1, "t", "a-1@m-a.cib.invalid", "t\n", &err), CIB_OK);
	assert_int_equal(cib_store_ref_set(store, "refs/heads/members/m-a", &commit, NULL, &err), CIB_OK);
	cib_store_free(store);
	for (size_t i = 0; i < FILES; i++)
		free((char *)(uintptr_t)edits[i].path);
	assert_int_equal(cib_workspace_join(&ws, central, copy, "a-1", NULL, &(cib_sync_options){.lang = "en"}, &err), CIB_OK);
	stat_file = cib_format("%s/copy/.git/cib/stat", dir);
	free(central);
	free(copy);
	wait_until_old();
	return 0;
}

static int tear_down(void **state)
{
	char *command = cib_format("rm -rf '%s'", dir);
	(void)state;
	cib_workspace_free(ws);
	free(stat_file);
	assert_int_equal(system(command), 0);
	free(command);
	return 0;
}

static void untouched_files_are_not_read(void **state)
{
	(void)state;
	long long start = bytes_read();
	if (start < 0) {
		print_message("SKIP: no /proc/self/io here\n");
		skip();
	}
	assert_int_equal(changed(NULL, 0), 0);
	long long first = bytes_read() - start;
	assert_int_equal(changed(NULL, 0), 0);
	long long second = bytes_read() - start - first;
	assert_true(first > FILES * 3000);
	assert_true(second < first / 10);
}

static void every_kind_of_edit_is_seen(void **state)
{
	char text[TEXT_MAX], found[256];
	char *file = file_of(7), *other = file_of(8);
	struct stat before;
	(void)state;
	changed(NULL, 0);
	assert_int_equal(access(stat_file, F_OK), 0);
	text_of(text, 7, 'b');
	edit_in_place(file, text, false);
	assert_int_equal(changed(found, sizeof found), 1);
	assert_non_null(strstr(found, "p-0000000007.json"));
	text_of(text, 7, 'a');
	edit_in_place(file, text, false);
	assert_int_equal(changed(NULL, 0), 0);

	text_of(text, 8, 'b'); /* the same size, and the modification time put back */
	edit_in_place(other, text, true);
	assert_int_equal(changed(found, sizeof found), 1);
	assert_non_null(strstr(found, "p-0000000008.json"));
	text_of(text, 8, 'a');
	edit_in_place(other, text, true);
	assert_int_equal(changed(NULL, 0), 0);

	assert_int_equal(stat(file, &before), 0); /* another file of the same size and times takes its place */
	char *beside = cib_format("%s/beside", dir);
	text_of(text, 7, 'c');
	assert_int_equal(cib_file_write(beside, text, strlen(text), NULL), CIB_OK);
	assert_int_equal(utimensat(AT_FDCWD, beside, (struct timespec[]){before.st_atim, before.st_mtim}, 0), 0);
	assert_int_equal(rename(beside, file), 0);
	assert_int_equal(changed(NULL, 0), 1);
	text_of(text, 7, 'a');
	edit_in_place(file, text, true);

	assert_int_equal(rename(file, beside), 0);
	assert_int_equal(changed(found, sizeof found), 1);
	assert_non_null(strstr(found, "p-0000000007.json"));
	assert_int_equal(rename(beside, file), 0);
	assert_int_equal(changed(NULL, 0), 0);
	free(beside);
	free(file);
	free(other);
}

/* Edits of one size, one after the other and each looked for at once: many fall into one tick of the clock. */
static void edits_in_the_same_tick_are_seen(void **state)
{
	char text[TEXT_MAX];
	char *file = file_of(9);
	(void)state;
	for (int i = 0; i < 300; i++) {
		text_of(text, 9, i % 2 ? 'a' : 'b');
		edit_in_place(file, text, i % 3 == 0);
		if (i % 5 == 0) /* a cache that claims to be from tomorrow */
			utimensat(AT_FDCWD, stat_file, (struct timespec[]){{.tv_sec = time(NULL) + 86400}, {.tv_sec = time(NULL) + 86400}}, 0);
		assert_int_equal(changed(NULL, 0), i % 2 ? 0 : 1);
	}
	free(file);
}

/* The rule that the tick can hardly be made to show: what was touched just before it was read is not remembered. */
static void what_is_young_is_not_remembered(void **state)
{
	static const struct {
		int age_s; /* of either time */
		bool content, remembered;
	} cases[] = {{0, true, false}, {1, true, false}, {2, true, false}, {10, true, true}, {0, false, false}, {1, false, false}, {10, false, true}, {-5, true, false}, {-5, false, false}};
	cib_oid blob = {{1}}, found;
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct timespec now;
		struct stat st = {.st_size = 10, .st_ino = 5};
		clock_gettime(CLOCK_REALTIME_COARSE, &now);
		st.st_mtim = st.st_ctim = (struct timespec){.tv_sec = now.tv_sec - 100, .tv_nsec = now.tv_nsec};
		*(cases[i].content ? &st.st_mtim : &st.st_ctim) = (struct timespec){.tv_sec = now.tv_sec - cases[i].age_s, .tv_nsec = now.tv_nsec};
		cib_stat_cache *cache = cib_stat_cache_open(ws->store);
		cib_stat_cache_put(cache, "members/m-a/x.json", &st, &blob);
		cib_stat_cache_close(cache, true);
		cache = cib_stat_cache_open(ws->store);
		assert_int_equal(cib_stat_cache_get(&found, cache, "members/m-a/x.json", &st), cases[i].remembered);
		st.st_ino++;
		assert_false(cib_stat_cache_get(&found, cache, "members/m-a/x.json", &st));
		cib_stat_cache_close(cache, true);
		unlink(stat_file);
	}
}

static void a_damaged_cache_is_ignored(void **state)
{
	char text[TEXT_MAX], found[256];
	char *file = file_of(11);
	cib_buf good = CIB_BUF_INIT, bad = CIB_BUF_INIT;
	(void)state;
	wait_until_old();
	changed(NULL, 0);
	text_of(text, 11, 'b'); /* what a cache that is wrong could hide */
	edit_in_place(file, text, false);
	assert_int_equal(cib_file_read(&good, stat_file, 0, NULL), CIB_OK);
	assert_true(good.len > FILES * 60);
	for (size_t i = 0; i < 250; i++) {
		size_t at = i < 60 ? i : i < 120 ? good.len - 1 - (i - 60)
		                                 : i * 7919 % good.len;
		cib_buf_clear(&bad);
		cib_buf_add(&bad, good.data, i % 2 ? at : good.len);
		if (i % 2 == 0)
			bad.data[at] = (char)(bad.data[at] ^ (1 << i % 7));
		assert_int_equal(cib_file_write(stat_file, bad.data, bad.len, NULL), CIB_OK);
		assert_int_equal(changed(found, sizeof found), 1);
		assert_non_null(strstr(found, "p-0000000011.json"));
	}
	assert_int_equal(cib_file_remove(stat_file, NULL), CIB_OK);
	assert_int_equal(mkdir(stat_file, 0777), 0);
	assert_int_equal(changed(NULL, 0), 1);
	assert_int_equal(rmdir(stat_file), 0);
	assert_int_equal(changed(NULL, 0), 1);
	assert_int_equal(access(stat_file, F_OK), 0);
	text_of(text, 11, 'a');
	edit_in_place(file, text, false);
	assert_int_equal(changed(NULL, 0), 0);
	cib_buf_free(&good);
	cib_buf_free(&bad);
	free(file);
}

/* A disk that cannot be read must not look like one on which everything was removed. */
static void what_cannot_be_seen_is_not_removed(void **state)
{
	char *folder = cib_format("%s/copy/members/m-a/projects", dir), *away = cib_format("%s/away", dir);
	cib_work_changes changes = {0};
	cib_error err = CIB_ERROR_INIT;
	(void)state;
	assert_int_equal(rename(folder, away), 0);
	assert_int_equal(symlink("projects", folder), 0); /* a link to itself: ELOOP */
	assert_int_equal(cib_workspace_changes(&changes, ws, "en", &err), CIB_IO);
	assert_int_equal(changes.count, 0);
	cib_work_changes_free(&changes);
	assert_int_equal(unlink(folder), 0);
	assert_int_equal(changed(NULL, 0), FILES);
	assert_int_equal(rename(away, folder), 0);
	assert_int_equal(changed(NULL, 0), 0);
	free(folder);
	free(away);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(untouched_files_are_not_read),
		cmocka_unit_test(every_kind_of_edit_is_seen),
		cmocka_unit_test(edits_in_the_same_tick_are_seen),
		cmocka_unit_test(what_is_young_is_not_remembered),
		cmocka_unit_test(a_damaged_cache_is_ignored),
		cmocka_unit_test(what_cannot_be_seen_is_not_removed),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
