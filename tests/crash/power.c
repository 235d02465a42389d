/* The power fails, five hundred times: a member's copy lies on an ext4 of its own, which is shut down without its journal
 * before the N-th call that changes something, and mounted again.
 *
 *   power FIRST COUNT [SECONDS]    plays the rounds FIRST, FIRST + 1, ...; stops after SECONDS
 *
 * A round begins with fresh disks and goes on with them through all its cuts. Before each one a colleague may have sent
 * something; then a plan of edits and one of: save, sync, a bundle taken in. What each step reported as done is told through
 * a pipe, so that no file is needed. After the cut
 *
 *   - each working file is what the last finished step left, or what the interrupted one was about to write, in full;
 *   - the commit has the entries of one finished save, or those of the interrupted one: all old or all new; a colleague's too;
 *   - the server has what it acknowledged to anybody;
 *   - the rest of the plan (sometimes cut once more) ends as if nothing had happened, and leaves nothing behind.
 *
 * The disk does not help: no flush by rename (noauto_da_alloc), no commit of the journal by the clock, and what the server
 * flushes is on another disk (power.sh cuts both at once). N goes through all calls of a plan, over the rounds. Run it in a mount namespace of its own. */
#include "sync/sync.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <linux/loop.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "network/create.h"

/* tests/support/faults.c, linked in */
void cib_fault_cut_at(unsigned long n, int disk);
unsigned long cib_fault_calls(void);

enum { OWN = 6,    /* entries that this person edits */
       THEIRS = 3, /* entries of the same member that a colleague edits */
       ENTRIES = OWN + THEIRS,
       STEPS = 8,
       CUTS = 25, /* a round */
       SKIPPED = 77 };

typedef struct {
	enum { WRITE,
	       REMOVE,
	       SAVE,
	       SYNC,
	       APPLY } what;
	int entry, word;
} step;

/* Which word each entry has, 0: there is none. Those of the colleague are in `commit` and, as they arrive, in `file`. */
typedef struct {
	int file[ENTRIES], commit[ENTRIES], server[ENTRIES];
} state;

/* What is cut: a plan, and how many of eight cuts it gets. */
static struct kind {
	const char *name;
	int share;
	unsigned long calls; /* as counted in the first round */
} kinds[] = {{"save", 5, 0}, {"sync", 2, 0}, {"bundle apply", 1, 0}};
enum { KINDS = sizeof kinds / sizeof *kinds,
       SHARES = 8 };
#define SAVING   (&kinds[0])
#define SYNCING  (&kinds[1])
#define APPLYING (&kinds[2])

static struct {
	const char *program, *self;
	char *root, *scene, *disks[2], *images[2], *copy, *central, *colleague, *stick;
	char *paths[ENTRIES], *draft;
	unsigned long round, cut, n;
	struct kind *kind;
	uint64_t dice;
	step plan[STEPS];
	int planned, word;
	state now;                            /* before the plan */
	int theirs[THEIRS], on_stick[THEIRS]; /* what the colleague has, and what they wrote on the stick */
	bool failed;
	unsigned long cuts, doubles;
} run;

static const cib_sync_options options = {.lang = "en"};

static uint64_t roll(void) /* xorshift64* */
{
	run.dice ^= run.dice >> 12;
	run.dice ^= run.dice << 25;
	run.dice ^= run.dice >> 27;
	return run.dice * 0x2545f4914f6cdd1du;
}

static int below(int n) { return (int)((roll() >> 16) % (unsigned)n); }

ssize_t getrandom(void *out, size_t len, unsigned flags) /* what cib_random asks: a round plays the same again */
{
	(void)flags;
	for (size_t i = 0; i < len; i++)
		((unsigned char *)out)[i] = (unsigned char)(roll() >> 16);
	return (ssize_t)len;
}

/* ---- telling ---- */

static void fail(const char *fmt, ...)
{
	static const char *const names[] = {"write", "remove", "save", "sync", "apply"};
	va_list ap;
	va_start(ap, fmt);
	printf("not ok - round %lu, cut %lu, before call %lu of %s: ", run.round, run.cut, run.n, run.kind->name);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n    again: CIB=%s unshare -m --propagation private %s %lu 1\n    the plan:", run.program, run.self, run.round);
	for (int i = 0; i < run.planned; i++)
		printf(run.plan[i].what > REMOVE ? " %s" : " %s %d", names[run.plan[i].what], run.plan[i].entry);
	printf("\n");
	run.failed = true;
}

static void must(int status, const char *what, const cib_error *err)
{
	if (status == CIB_OK)
		return;
	fprintf(stderr, "power: %s: %s\n", what, err->message);
	exit(2);
}

static int shell(const char *fmt, ...)
{
	cib_buf b = CIB_BUF_INIT;
	va_list ap;
	va_start(ap, fmt);
	cib_buf_vaddf(&b, fmt, ap);
	va_end(ap);
	int code = system(cib_buf_str(&b));
	cib_buf_free(&b);
	return code;
}

static void must_shell(int code, const char *what)
{
	if (code == 0)
		return;
	fprintf(stderr, "power: %s failed\n", what);
	exit(2);
}

/* ---- disks ---- */

static void skip(const char *what)
{
	printf("SKIP: %s: %s\n", what, strerror(errno));
	exit(SKIPPED);
}

static bool unmount_disk(int i)
{
	for (int tries = 0; tries < 2000; tries++) {
		if (umount2(run.disks[i], UMOUNT_NOFOLLOW) == 0)
			return true;
		if (errno != EBUSY)
			break;
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
	}
	fprintf(stderr, "power: %s cannot be unmounted: %s\n", run.disks[i], strerror(errno));
	return false;
}

/* Each time by a loop device of its own, which goes with the mount: one that stayed open would keep in its cache what the disk
 * never got. */
static bool mount_disk(int i)
{
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC), image = open(run.images[i], O_RDWR | O_CLOEXEC), done = -1;
	struct loop_config how = {.fd = (unsigned)image, .info.lo_flags = LO_FLAGS_AUTOCLEAR};
	for (int tries = 0; control >= 0 && image >= 0 && done != 0 && tries < 50; tries++) { /* somebody else may be faster */
		char *device = cib_format("/dev/loop%d", ioctl(control, LOOP_CTL_GET_FREE));
		int loop = open(device, O_RDWR | O_CLOEXEC);
		if (loop >= 0 && ioctl(loop, LOOP_CONFIGURE, &how) == 0)
			done = mount(device, run.disks[i], "ext4", MS_NOATIME, "noauto_da_alloc,noinit_itable,commit=3600");
		int saved = errno;
		if (loop >= 0)
			close(loop);
		free(device);
		errno = saved;
	}
	if (control >= 0)
		close(control);
	if (image >= 0)
		close(image);
	return done == 0;
}

static void new_disks(bool empty)
{
	for (int i = 0; i < 2; i++) {
		if (empty)
			must_shell(shell("truncate -s 32M '%s' && mkfs.ext4 -q -E lazy_itable_init=1 '%s'", run.images[i], run.images[i]), "mkfs.ext4");
		else
			must_shell(shell("cp --sparse=always '%s.new' '%s'", run.images[i], run.images[i]), "cp");
		if (!mount_disk(i))
			skip("no ext4 on a loop device can be mounted here");
	}
}

/* ---- locks that were left, and what must not be left ---- */

static bool is_lock(const char *path)
{
	size_t len = strlen(path);
	const char *name = strrchr(path, '/') + 1;
	return len > 5 && strcmp(path + len - 5, ".lock") == 0 && strcmp(name, "cib.lock") != 0 && strcmp(name, "duplicates.lock") != 0;
}

/* A second passes, after which cib takes a reference's lock for left. */
static int age_lock(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)at;
	struct timespec times[2] = {st->st_mtim, st->st_mtim};
	times[0].tv_sec = times[1].tv_sec -= 5;
	return type == FTW_F && is_lock(path) ? utimensat(AT_FDCWD, path, times, 0) : 0;
}

static int look_for_rests(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)at;
	if (type == FTW_F && (strstr(path, ".cib-tmp-") || is_lock(path)))
		fail("left behind: %s", path);
	return 0;
}

static void walk(const char *dir, __nftw_func_t each) { nftw(dir, each, 16, FTW_PHYS); }

/* ---- entries ---- */

static void entry_text(cib_buf *out, int entry, int word)
{
	cJSON *doc = NULL;
	cib_error err = CIB_ERROR_INIT;
	cib_buf json = CIB_BUF_INIT;
	const char *slash = strrchr(run.paths[entry], '/') + 1;
	cib_buf_addf(&json,
	             "{\"kind\":\"project\",\"schema\":\"project/1\",\"id\":\"%.*s\",\"owner\":\"m-a\",\"sourceLanguage\":\"en\",\"title\":{\"en\":\"w%d.\"},\"description\":{\"general\":{\"en\":\"w%d.\"}},"
	             "\"status\":\"2\",\"partners\":[{\"id\":\"o-1\",\"name\":{\"en\":\"City\"},\"role\":\"4\"}],\"dates\":{\"plannedStart\":\"2024-01\"},\"sectors\":[{\"code\":\"15128\"}]}",
	             (int)strcspn(slash, "."), slash, word, word);
	must(cib_json_read(&doc, json.data, json.len, NULL, &err), "an entry", &err);
	cib_json_write(out, doc, NULL);
	cJSON_Delete(doc);
	cib_buf_free(&json);
}

/* Is this the whole text of that version? As an editor may leave it, it begins with an empty line. */
static bool is_version(const cib_buf *text, int entry, int word, bool by_hand)
{
	cib_buf want = CIB_BUF_INIT;
	entry_text(&want, entry, word);
	size_t skipped = by_hand && text->len && text->data[0] == '\n';
	bool same = text->len - skipped == want.len && memcmp(text->data + skipped, want.data, want.len) == 0;
	cib_buf_free(&want);
	return same;
}

static int write_entry(cib_workspace *ws, int entry, int word, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	entry_text(&text, entry, word);
	int status = cib_json_read(&doc, text.data, text.len, NULL, err);
	if (status == CIB_OK)
		status = cib_workspace_write(ws, run.paths[entry], doc, err);
	cJSON_Delete(doc);
	cib_buf_free(&text);
	return status;
}

static void write_by_hand(int entry, int word)
{
	cib_buf text = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	char *path = cib_format("%s/%s", run.copy, run.paths[entry]);
	cib_buf_addc(&text, '\n');
	entry_text(&text, entry, word);
	must(cib_file_write(path, text.data, text.len, &err), path, &err);
	run.now.file[entry] = word;
	free(path);
	cib_buf_free(&text);
}

/* ---- steps, and what they lead to ---- */

static int do_step(cib_workspace *ws, const step *s, cib_error *err)
{
	cib_sync_report report = {0};
	cib_findings findings = CIB_FINDINGS_INIT;
	int status = CIB_OK;
	switch (s->what) {
	case WRITE:
		return write_entry(ws, s->entry, s->word, err);
	case REMOVE:
		return cib_workspace_remove(ws, run.paths[s->entry], err);
	case SAVE:
		status = cib_save(ws, NULL, &options, &report, err);
		break;
	case SYNC:
		status = cib_sync(ws, &options, &report, err);
		break;
	case APPLY:
		status = cib_bundle_apply(ws, run.stick, &options, &report, &findings, err);
	}
	cib_findings_free(&findings);
	cib_sync_report_clear(&report);
	return status;
}

/* The state after so many steps of the plan. */
static state after(int steps)
{
	state s = run.now;
	for (int i = 0; i < steps && i < run.planned; i++) {
		const step *p = &run.plan[i];
		if (p->what == WRITE)
			s.file[p->entry] = p->word;
		else if (p->what == REMOVE)
			s.file[p->entry] = 0;
		if (p->what < SAVE)
			continue;
		for (int k = 0; k < THEIRS && p->what != SAVE; k++) { /* words grow: the greater one is the newer */
			int came = p->what == SYNC ? s.server[OWN + k] : run.on_stick[k];
			if (came > s.file[OWN + k])
				s.file[OWN + k] = came;
		}
		memcpy(s.commit, s.file, sizeof s.commit);
		if (p->what == SYNC)
			memcpy(s.server, s.commit, sizeof s.server);
	}
	return s;
}

static void add_step(int what, int entry)
{
	run.plan[run.planned++] = (step){what, entry, what == WRITE ? ++run.word : 0};
}

/* A colleague edits entries of their own, and sends them or writes them on a stick. */
static void colleague_works(void)
{
	cib_workspace *ws = NULL;
	cib_sync_report report = {0};
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_error err = CIB_ERROR_INIT;
	int first = below(THEIRS);
	must(cib_workspace_open(&ws, run.colleague, &err), run.colleague, &err);
	for (int i = first; i < first + 2; i++) {
		run.theirs[i % THEIRS] = ++run.word;
		must(write_entry(ws, OWN + i % THEIRS, run.word, &err), "an edit", &err);
	}
	if (run.kind == SYNCING) {
		must(do_step(ws, &(step){.what = SYNC}, &err), "the colleague's sync", &err);
		memcpy(run.now.server + OWN, run.theirs, sizeof run.theirs);
	} else {
		unlink(run.stick);
		must(cib_bundle_create(NULL, ws, run.stick, &(cib_bundle_options){0}, &options, &report, &findings, &err), "bundle create", &err);
		memcpy(run.on_stick, run.theirs, sizeof run.theirs);
	}
	cib_findings_free(&findings);
	cib_sync_report_clear(&report);
	cib_workspace_free(ws);
}

static void make_plan(void)
{
	int first = below(OWN);
	run.planned = 0;
	if (run.kind == SAVING) {
		if (below(2) == 0)
			write_by_hand((first + 5) % OWN, ++run.word);
		add_step(WRITE, first);
		add_step(WRITE, (first + 1) % OWN);
		add_step(REMOVE, (first + 2) % OWN);
		add_step(SAVE, 0);
		add_step(WRITE, (first + 3) % OWN);
		add_step(SAVE, 0);
		return;
	}
	if (run.kind == APPLYING || run.round == ULONG_MAX || below(2) == 0)
		colleague_works();
	add_step(WRITE, first);
	if (below(2) == 0)
		add_step(REMOVE, (first + 1) % OWN);
	if (below(2) == 0)
		add_step(SAVE, 0);
	add_step(run.kind == SYNCING ? SYNC : APPLY, 0);
}

/* ---- a cut ---- */

typedef struct {
	bool ended; /* of itself */
	unsigned long calls;
	char text[1100];
} message; /* one for each step that is done */

static void live(int pipe, unsigned long n, int from)
{
	cib_workspace *ws = NULL;
	cib_error err = CIB_ERROR_INIT;
	message m = {0};
	int disk = open(run.disks[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cib_fault_cut_at(n, disk);
	int status = cib_workspace_open(&ws, run.copy, &err);
	for (int i = from; status == CIB_OK && i < run.planned; i++) {
		status = do_step(ws, &run.plan[i], &err);
		if (status == CIB_OK)
			syscall(SYS_write, pipe, &m, sizeof m);
	}
	m = (message){.ended = true, .calls = cib_fault_calls()};
	if (status != CIB_OK)
		snprintf(m.text, sizeof m.text, "it ended with %d: %s", status, err.message);
	syscall(SYS_write, pipe, &m, sizeof m);
	cib_fault_cut_at(1, disk);
	fsync(-1); /* which is cut */
	_exit(98);
}

/* Play the plan from a step on until the power fails; the number of steps that were reported done. */
static int cut(unsigned long n, int from)
{
	int ends[2], status = 0, done = from;
	message m = {0};
	if (pipe2(ends, O_CLOEXEC) != 0)
		skip("no pipe");
	run.n = n;
	run.cuts++;
	pid_t pid = fork();
	if (pid == 0)
		live(ends[1], n, from);
	close(ends[1]);
	while (read(ends[0], &m, sizeof m) == sizeof m && !m.ended)
		done++;
	close(ends[0]);
	waitpid(pid, &status, 0);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		; /* what it had started at the server */
	if (m.ended && m.text[0])
		fail("%s", m.text);
	if (m.ended && run.kind->calls == 0)
		run.kind->calls = m.calls;
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fail("the power did not fail: it ended with %d", status);
	if (!unmount_disk(0) || !mount_disk(0))
		fail("the disk cannot be mounted again: %s", strerror(errno));
	walk(run.copy, age_lock);
	return done;
}

/* ---- what must hold ---- */

static void check_files(const state *old, const state *new)
{
	cib_buf text = CIB_BUF_INIT;
	for (int i = 0; i < ENTRIES; i++) {
		char *path = cib_format("%s/%s", run.copy, run.paths[i]);
		int a = old->file[i], b = new->file[i];
		if (cib_file_read(&text, path, 1 << 20, NULL) != CIB_OK) {
			if (a && b)
				fail("LOST: the file of entry %d, w%d", i, a);
		} else if (!(a && is_version(&text, i, a, true)) && !(b && is_version(&text, i, b, true)))
			fail("the file of entry %d is neither w%d nor w%d: %s", i, a, b, cib_buf_str(&text));
		free(path);
	}
	if (cib_file_read(&text, run.draft, 1 << 20, NULL) != CIB_OK || !strstr(cib_buf_str(&text), "Only a title"))
		fail("LOST: the draft");
	cib_buf_free(&text);
}

/* Has the commit these versions of the entries from a to b? */
static bool has(cib_store *store, const cib_oid *tip, const int *words, int a, int b)
{
	cib_buf text = CIB_BUF_INIT;
	bool all = true;
	for (int i = a; all && i < b; i++) {
		cib_oid oid;
		unsigned mode;
		bool there = cib_store_tree_get(&oid, &mode, store, tip, run.paths[i], NULL) == CIB_OK;
		all = there == (words[i] != 0) && (!there || (cib_store_blob_read(&text, store, &oid, 0, NULL) == CIB_OK && is_version(&text, i, words[i], false)));
	}
	cib_buf_free(&text);
	return all;
}

static void check_commit(const char *where, cib_store *store, const cib_oid *tip, const int *old, const int *new)
{
	if (!has(store, tip, old, 0, OWN) && !has(store, tip, new, 0, OWN))
		fail("%s has neither the entries of the last save nor those of the interrupted one", where);
	if (!has(store, tip, old, OWN, ENTRIES) && !has(store, tip, new, OWN, ENTRIES))
		fail("%s has neither the colleague's entries of before nor those of after", where);
}

static void check_server(const state *old, const state *new)
{
	cib_store *store = NULL;
	cib_error err = CIB_ERROR_INIT;
	cib_oid tip;
	int status = cib_store_open(&store, run.central, &err);
	if (status == CIB_OK)
		status = cib_store_ref_get(&tip, store, "refs/heads/members/m-a", &err);
	if (status == CIB_OK)
		check_commit("the server", store, &tip, old->server, new->server);
	else
		fail("the server: %s", err.message);
	cib_store_free(store);
}

static void check_git(const char *dir)
{
	if (shell("git -C '%s' fsck --strict --no-dangling >'%s/fsck' 2>&1", dir, run.root) != 0)
		fail("git fsck --strict of %s", dir);
}

static void check(cib_workspace *ws, int done)
{
	state old = after(done), new = after(done + 1);
	check_files(&old, &new);
	check_commit("the copy", ws->store, &ws->tip, old.commit, new.commit);
	check_server(&old, &new);
}

static void check_changes(cib_workspace *ws)
{
	cib_work_changes changes = {0};
	cib_error err = CIB_ERROR_INIT;
	if (cib_workspace_changes(&changes, ws, "en", &err) != CIB_OK)
		fail("status: %s", err.message);
	else if (changes.count != 1 || !changes.items[0].draft)
		fail("status: %zu changes, not the draft alone", changes.count);
	cib_work_changes_free(&changes);
}

static cib_workspace *open_copy(void)
{
	cib_workspace *ws = NULL;
	cib_error err = CIB_ERROR_INIT;
	if (cib_workspace_open(&ws, run.copy, &err) != CIB_OK)
		fail("the copy cannot be opened: %s", err.message);
	return ws;
}

/* After a cut: check, go on with the plan, and check again. */
static void go_on(int done)
{
	cib_error err = CIB_ERROR_INIT;
	if (run.cut % 8 == 0)
		check_git(run.copy);
	cib_workspace *ws = open_copy();
	if (!ws)
		return;
	check(ws, done);
	if (!run.failed && done < run.planned && below(5) == 0) {
		cib_workspace_free(ws);
		run.doubles++;
		done = cut(1 + (unsigned long)below(120), done);
		ws = open_copy();
		if (!ws)
			return;
		check(ws, done);
	}
	for (int i = done; i < run.planned && !run.failed; i++)
		if (do_step(ws, &run.plan[i], &err) != CIB_OK)
			fail("the next run: %s", err.message);
	if (!run.failed) {
		check(ws, run.planned);
		check_changes(ws);
		walk(run.copy, look_for_rests);
	}
	cib_workspace_free(ws);
	run.now = after(run.planned);
}

/* ---- rounds ---- */

static char *join(const char *user, const char *dir)
{
	cib_workspace *ws = NULL;
	cib_error err = CIB_ERROR_INIT;
	must(cib_workspace_join(&ws, run.central, dir, user, NULL, &options, &err), "join", &err);
	cib_workspace_free(ws);
	return NULL;
}

static void make_scene(void)
{
	static const char *const languages[] = {"en"}, *const members[] = {"m-a:a-1,a-2"};
	static const char draft[] = "{\"id\":\"p-draft00000\",\"kind\":\"project\",\"owner\":\"m-a\",\"schema\":\"project/1\",\"sourceLanguage\":\"en\",\"title\":{\"en\":\"Only a title\"}}";
	cib_workspace *ws = NULL;
	cib_error err = CIB_ERROR_INIT;
	new_disks(true);
	must(cib_network_create(run.central, &(cib_network_options){.title = "Example network", .languages = languages, .language_count = 1, .secretariat = "sec-1", .members = members, .member_count = 1, .program = run.program}, &err), "init", &err);
	join("a-1", run.copy);
	must(cib_workspace_open(&ws, run.copy, &err), run.copy, &err);
	for (int i = 0; i < ENTRIES; i++) {
		char id[32];
		cib_network_new_id(id, &(cib_kind){.prefix = "p"});
		run.paths[i] = cib_format("members/m-a/projects/%s.json", id);
		run.now.file[i] = ++run.word;
		must(write_entry(ws, i, run.word, &err), "an entry", &err);
	}
	run.draft = cib_format("%s/members/m-a/projects/p-draft00000.json", run.copy);
	must(do_step(ws, &(step){.what = SYNC}, &err), "sync", &err);
	must(cib_file_write(run.draft, draft, strlen(draft), &err), "a draft", &err);
	memcpy(run.now.commit, run.now.file, sizeof run.now.file);
	memcpy(run.now.server, run.now.file, sizeof run.now.file);
	cib_workspace_free(ws);
	join("a-2", run.colleague);
	must_shell(shell("mv '%s' '%s'", run.colleague, run.scene), "mv");
	for (int i = 0; i < 2; i++) {
		unmount_disk(i);
		must_shell(shell("mv '%s' '%s.new'", run.images[i], run.images[i]), "mv");
	}
}

static void choose(unsigned long number) /* the kind, and before which of its calls */
{
	unsigned long place = number % SHARES, i = 0;
	for (; place >= (unsigned)kinds[i].share; i++)
		place -= (unsigned)kinds[i].share;
	run.kind = &kinds[i];
	unsigned long all = kinds[i].calls + kinds[i].calls / 20 + 2;
	run.n = 1 + (number / SHARES * (unsigned)kinds[i].share + place) * 61 % all;
}

static void begin_round(unsigned long round, const state *start)
{
	run.round = round;
	run.dice = round * 0x9e3779b97f4a7c15u;
	run.failed = false;
	run.now = *start;
	memcpy(run.theirs, start->file + OWN, sizeof run.theirs);
	new_disks(false);
	must_shell(shell("rm -rf '%s' && cp -a '%s' '%s'", run.colleague, run.scene, run.colleague), "cp");
}

/* How many calls each plan has: cut after its end. */
static void count_calls(const state *start)
{
	begin_round(ULONG_MAX, start);
	for (int i = 0; i < KINDS && !run.failed; i++) {
		run.kind = &kinds[i];
		make_plan();
		go_on(cut(ULONG_MAX, 0));
	}
	for (int i = 0; i < 2; i++)
		unmount_disk(i);
}

static bool play_round(unsigned long round, const state *start)
{
	begin_round(round, start);
	for (run.cut = 0; run.cut < CUTS && !run.failed; run.cut++) {
		alarm(120);
		choose((round - 1) * CUTS + run.cut);
		unsigned long n = run.n;
		make_plan();
		if (!run.failed)
			go_on(cut(n, 0));
	}
	if (!run.failed) {
		check_git(run.copy);
		check_git(run.central);
	}
	for (int i = 0; i < 2; i++)
		if (unmount_disk(i) && shell("e2fsck -fn '%s' >'%s/e2fsck' 2>&1", run.images[i], run.root) != 0)
			fail("e2fsck of disk %d", i), (void)!shell("tail -n 5 '%s/e2fsck'", run.root);
	return !run.failed;
}

static void name_files(void)
{
	char root[] = "/dev/shm/cib-power-XXXXXX", other[] = "/tmp/cib-power-XXXXXX";
	const char *made = mkdtemp(root) ? root : mkdtemp(other);
	if (!made)
		skip("no temporary folder");
	run.root = strdup(made);
	for (int i = 0; i < 2; i++) {
		run.disks[i] = cib_format("%s/disk-%d", made, i);
		run.images[i] = cib_format("%s/image-%d", made, i);
		mkdir(run.disks[i], 0755);
	}
	run.copy = cib_format("%s/a-1", run.disks[0]);
	run.central = cib_format("%s/central.git", run.disks[1]);
	run.colleague = cib_format("%s/a-2", made);
	run.scene = cib_format("%s/scene", made);
	run.stick = cib_format("%s/stick", made);
}

static void clean_up(void)
{
	for (int i = 0; i < 2 && run.root; i++)
		umount2(run.disks[i], MNT_DETACH);
	if (run.root)
		(void)!shell("rm -rf '%s'", run.root);
}

int main(int argc, char **argv)
{
	run.program = getenv("CIB"), run.self = argv[0];
	if (argc < 3 || !run.program || *run.program != '/') {
		fprintf(stderr, "usage: CIB=/path/of/cib power FIRST COUNT [SECONDS]\n");
		return 2;
	}
	unsigned long first = strtoul(argv[1], NULL, 10), count = strtoul(argv[2], NULL, 10), round, failed = 0;
	time_t end = argc > 3 ? time(NULL) + atol(argv[3]) : 0;
	setvbuf(stdout, NULL, _IOLBF, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	cib_json_setup();
	run.dice = 1;
	name_files();
	atexit(clean_up);
	make_scene();
	state start = run.now;
	count_calls(&start);
	if (run.failed)
		return 1;
	run.cuts = 0;
	for (round = first; round < first + count && failed < 5 && (!end || time(NULL) < end); round++)
		failed += !play_round(round, &start);
	printf("%s - nothing is lost when the power fails (%lu cuts, %lu of them while what another left was put in order; %lu calls of a save, %lu of a sync, %lu of a bundle taken in)\n",
	       failed ? "not ok" : "ok", run.cuts, run.doubles, kinds[0].calls, kinds[1].calls, kinds[2].calls);
	return failed ? 1 : 0;
}
