/* A network played by dice: two laptops of one member, another member, two people of the secretariat, a central repository, and bundles on
 * sticks that arrive late, twice, in any order, or never. Some steps are killed in the middle. At the end everybody syncs,
 * and what was acknowledged must be there. Every third seed has a link to the server (a sync takes as long as
 * everything else in a seed); the others live and end by sticks alone. The link (pipe.c) breaks again and again: 2,000 seeds
 * try each byte from 0 to 2,047, and 200 later ones.
 *
 *   simulation FIRST COUNT [SECONDS]    plays the seeds FIRST, FIRST + 1, ...; stops after SECONDS
 *                                       (CIB_STORY=1: and tells also of those that went well)
 *
 * The oracle: each edit writes a word that no other edit writes. Once the library said that it is written, the word must be
 * at the end at the server (by sticks alone: with the secretariat and on every laptop of the member), in an entry or in a conflict record, or somebody who saw it wrote another in its
 * place, removed its entry, or settled a conflict against it. An entry that one person alone wrote is after each step in his folder what he wrote last,
 * and at the end everywhere: also what he set back, removed, or brought again. After each sync that went well the server has exactly what the
 * copy has saved; at the end all copies of a member are equal, and another round brings nothing new.
 *
 * Ids are made by the dice, too, so that a seed plays the same again. Who waits for a lock that a killed program left behind
 * waits by a clock of its own, which costs nothing. */
#include "review/review.h"
#include "dice.h"
#include "oracle.h"
#include "pipe.h"
#include "play.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void cib_fault_kill_at(unsigned long n); /* tests/support/faults.c, linked in */

struct play sim;
static const cib_sync_options options = {.lang = "en"};

void tell(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	cib_buf_vaddf(&sim.story, fmt, ap);
	va_end(ap);
	cib_buf_addc(&sim.story, '\n');
}

void fail(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	cib_buf_adds(&sim.story, "FAULT: ");
	cib_buf_vaddf(&sim.story, fmt, ap);
	va_end(ap);
	cib_buf_addc(&sim.story, '\n');
	sim.failed = true;
}

char *dir_of(int who)
{
	return cib_format("%s/%s", sim.work, people[who].user);
}

void close_copy(int who)
{
	cib_workspace_free(sim.ws[who]);
	sim.ws[who] = NULL;
}

cib_workspace *copy_of(int who)
{
	cib_error err = CIB_ERROR_INIT;
	char *dir = dir_of(who);
	if (!sim.ws[who])
		must(cib_workspace_open(&sim.ws[who], dir, &err), dir, &err);
	free(dir);
	return sim.ws[who];
}

/* ---- steps that may be killed ---- */

typedef int (*step)(int who, int argument, cib_error *err);

static void check_drafts(int who, const cib_sync_report *report)
{
	for (size_t i = 0; i < report->left.count; i++)
		if (!is_draft(who, report->left.items[i].path))
			fail("%s: %s is a draft: %s", people[who].user, report->left.items[i].path, report->left.items[i].findings.items[0].message);
}

static int step_save(int who, int argument, cib_error *err)
{
	cib_sync_report report = {0};
	(void)argument;
	int status = cib_save(copy_of(who), NULL, &options, &report, err);
	check_drafts(who, &report);
	cib_sync_report_clear(&report);
	return status;
}

static int step_sync(int who, int only_mine, cib_error *err)
{
	cib_sync_report report = {0};
	cib_sync_options how = options;
	how.only_mine = only_mine;
	int status = cib_sync(copy_of(who), &how, &report, err);
	check_drafts(who, &report);
	cib_sync_report_clear(&report);
	return status;
}

static char *stick(int n)
{
	return cib_format("%s/stick-%d", sim.work, n);
}

static int step_create(int who, int since_given, cib_error *err)
{
	cib_sync_report report = {0};
	cib_findings findings = CIB_FINDINGS_INIT;
	char *path = stick(sim.sticks);
	cib_bundle_options how = {.since_given = since_given, .peer = people[who].member ? NULL : since_given ? "m-a"
	                                                                                                      : NULL};
	int status = cib_bundle_create(NULL, copy_of(who), path, &how, &options, &report, &findings, err);
	cib_findings_free(&findings);
	cib_sync_report_clear(&report);
	free(path);
	return status;
}

static int step_apply(int who, int n, cib_error *err)
{
	cib_sync_report report = {0};
	cib_findings findings = CIB_FINDINGS_INIT;
	char *path = stick(n);
	int status = cib_bundle_apply(copy_of(who), path, &options, &report, &findings, err);
	if (findings.errors)
		fail("%s took stick %d to be wrong: %s", people[who].user, n, findings.items[0].message);
	cib_findings_free(&findings);
	cib_sync_report_clear(&report);
	free(path);
	return status;
}

/* A step that is killed before its call `at` that changes something. */
static void play_and_kill(step what, int who, int argument, int at)
{
	cib_error err = CIB_ERROR_INIT;
	close_copy(who);
	pid_t pid = fork();
	if (pid == 0) {
		cib_workspace *ws = copy_of(who);
		(void)ws;
		cib_fault_kill_at((unsigned long)at);
		int status = what(who, argument, &err);
		_exit(status == CIB_OK && !sim.failed ? 0 : 1);
	}
	int status = 0;
	waitpid(pid, &status, 0);
	sim.kills += WIFSIGNALED(status);
	sim.sync_kills += WIFSIGNALED(status) && what == step_sync;
	tell("  killed before call %d%s", at, WIFSIGNALED(status) ? "" : " (which it did not reach)");
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
		fail("it ended by signal %d", WTERMSIG(status));
}

/* One step; one of six is killed. CIB_CANCELLED: it was. */
static int play(step what, int who, int argument, int calls, cib_error *err)
{
	if (below(6) != 0)
		return what(who, argument, err);
	play_and_kill(what, who, argument, 1 + below(calls));
	return CIB_CANCELLED;
}

/* ---- the link ---- */

static void open_link(const char *cib)
{
	char *path = cib_format("%s/link", sim.root), *program = cib_format("%.*s/tests/sim-pipe", (int)(strrchr(cib, '/') - cib), cib);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, sizeof *sim.link) != 0 || (sim.link = mmap(NULL, sizeof *sim.link, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)) == MAP_FAILED) {
		fprintf(stderr, "simulation: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	close(fd);
	setenv("CIB_SIM_LINK", path, 1);
	setenv("CIB_SSH", program, 1);
	free(path);
	free(program);
}

static void use_link(int who)
{
	*sim.link = (struct pipe_link){.limit = {-1, -1}, .old = sim.seed % 2};
	snprintf(sim.link->user, sizeof sim.link->user, "%s", people[who].user);
}

static void break_link(int way, long at)
{
	sim.link->limit[way] = at;
	tell("  the link breaks after %ld bytes %s", at, way == PIPE_UP ? "up" : "down");
}

static void do_sync(int who, bool may_die, int only_mine)
{
	cib_error err = CIB_ERROR_INIT;
	tell("%s syncs%s", people[who].user, only_mine ? " its own" : "");
	sim.syncs++;
	use_link(who);
	int status = may_die ? play(step_sync, who, only_mine, 120, &err) : step_sync(who, only_mine, &err);
	if (status == CIB_OK && people[who].member)
		check_sent(who);
	if (status != CIB_OK && status != CIB_CANCELLED)
		fail("%s's sync: %d %s", people[who].user, status, err.message);
}

static void do_broken_sync(int who, int only_mine, int way, long at)
{
	cib_error err = CIB_ERROR_INIT;
	tell("%s syncs%s", people[who].user, only_mine ? " its own" : "");
	sim.syncs++;
	use_link(who);
	break_link(way, at);
	int status = step_sync(who, only_mine, &err);
	tell("  %s: %d %s", sim.link->broken ? "it broke" : "it held", status, err.message);
	sim.cuts += sim.link->broken;
	if (sim.link->broken && at < EACH_BYTE)
		sim.cut_at[at] = true;
	if (status == CIB_OK && people[who].member)
		check_sent(who);
	if (status != CIB_OK && !(status == CIB_OFFLINE && sim.link->broken))
		fail("%s's sync over a bad link: %d %s", people[who].user, status, err.message);
}

/* A server that lost its power may come back without the last of what it acknowledged, or without the branch. */
static void lose_power(void)
{
	cib_store *central = NULL;
	cib_error err = CIB_ERROR_INIT;
	cib_commit c = {0};
	cib_oid tip;
	char *path = cib_format("%s/central.git", sim.work), *ref = cib_format("refs/heads/members/%s", below(2) ? "m-a" : "m-b");
	bool all = below(3) == 0;
	must(cib_store_open(&central, path, &err), path, &err);
	if (cib_store_ref_get(&tip, central, ref, NULL) == CIB_OK && cib_store_commit_read(&c, central, &tip, &err) == CIB_OK) {
		tell("the server %s %s", all ? "loses" : "sets back", ref);
		must(all || !c.parent_count ? cib_store_ref_delete(central, ref, &err) : cib_store_ref_set(central, ref, &c.parents[0], NULL, &err), ref, &err);
		sim.set_back++;
	}
	cib_commit_clear(&c);
	cib_store_free(central);
	free(path);
	free(ref);
}

/* Before the end the members' people meet a link that breaks, one byte further each time, and are killed in a sync, one call further each time. Who meets
 * a late byte has much to send. */
static void do_bad_end(void)
{
	enum { TRIES = 4,
	       LATER = 200,
	       STEP = 8,
	       BOTH_WAYS = 900, /* what a sync that has nothing to fetch hears */
	       ENTRY = 150,     /* a new entry needs more on the wire */
	       CALLS = 240 };
	unsigned long seed = sim.seed / 3;
	for (int i = 0; i < TRIES && !sim.failed; i++) {
		int who = i % SECRETARIAT;
		unsigned long n = seed * TRIES + (unsigned long)i, at = n % (EACH_BYTE + LATER);
		if (at >= EACH_BYTE)
			at = EACH_BYTE + (at - EACH_BYTE) * STEP;
		bool up = at >= BOTH_WAYS || (n + n / (EACH_BYTE + LATER)) % 2;
		edit_entry(who);
		for (unsigned long k = 0; up && k < at / ENTRY; k++)
			make_entry(who);
		do_broken_sync(who, 0, up ? PIPE_UP : PIPE_DOWN, (long)at);
		if (below(4) == 0)
			lose_power();
		if (sim.failed || i >= SECRETARIAT)
			continue;
		edit_entry(who);
		use_link(who);
		tell("%s syncs", people[who].user);
		sim.syncs++;
		play_and_kill(step_sync, who, 0, 1 + (int)((seed * SECRETARIAT + (unsigned long)who) % CALLS));
	}
}

static void do_bundle(int who)
{
	cib_error err = CIB_ERROR_INIT;
	int since_given = below(2);
	if (sim.sticks == STICKS)
		return;
	int status = play(step_create, who, since_given, 60, &err);
	tell("%s writes stick %d%s: %d", people[who].user, sim.sticks, since_given ? " since given" : "", status);
	char *path = stick(sim.sticks);
	if (access(path, R_OK) == 0)
		sim.written_by[sim.sticks++] = who;
	free(path);
	if (status != CIB_OK && status != CIB_CANCELLED && status != CIB_NOTFOUND)
		fail("bundle create: %d %s", status, err.message);
}

static void do_apply(int who, int n)
{
	cib_error err = CIB_ERROR_INIT;
	int status = play(step_apply, who, n, 80, &err);
	tell("%s takes stick %d: %d %s", people[who].user, n, status, err.code);
	sim.bundles += status == CIB_OK;
	bool allowed = strcmp(err.code, "bundle.missing") == 0 || strcmp(err.code, "bundle.unknown-main") == 0 || strcmp(err.code, "bundle.not-yours") == 0;
	if (status != CIB_OK && status != CIB_CANCELLED && !allowed)
		fail("bundle apply: %d %s %s", status, err.code, err.message);
}

/* By the server, or by a stick. */
static void carry(int from, int to)
{
	if (sim.linked) {
		do_sync(from, true, below(4) == 0);
		do_sync(to, true, 0);
		return;
	}
	int before = sim.sticks;
	do_bundle(from);
	if (sim.sticks > before)
		do_apply(to, before);
}

/* Who reviews looks at what came last. */
static void do_review(int who)
{
	int last = sim.sticks;
	while (last > 0 && !people[sim.written_by[last - 1]].member)
		last--;
	if (sim.linked && below(2))
		do_sync(who, true, 0);
	else if (last && below(2))
		do_apply(who, last - 1);
	review_something(who);
}

/* A member sends an edit, the secretariat decides about it, and meanwhile the member has edited on, removed it or set it back. */
static void do_exchange(int who)
{
	edit_entry(who);
	int reviewer = SECRETARIAT + below(2);
	carry(who, reviewer);
	review_something(reviewer);
	if (below(2))
		edit_entry(who);
	carry(reviewer, who);
	edit_entry(who);
}

/* Two of one member write into the same entry, hear of each other, and one or both decide. */
static void do_quarrel(void)
{
	int first = below(2), second = 1 - first;
	edit_entry(first);
	memcpy(sim.last[second], sim.last[first], sizeof sim.last[second]);
	edit_entry(second);
	carry(first, second);
	if (below(2))
		edit_entry(second);
	carry(second, first);
	if (below(3))
		settle_conflict(first);
	if (below(2))
		settle_conflict(second);
	if (below(2))
		edit_entry(first);
}

static void one_step(void)
{
	int who = below(PEOPLE), what = below(100);
	cib_error err = CIB_ERROR_INIT;
	sim.steps++;
	if (people[who].member && below(10) == 0)
		do_exchange(who);
	else if (people[who].member && below(16) == 0)
		do_quarrel();
	else if (!people[who].member && what < 10)
		correct_entry(who);
	else if (!people[who].member && what < 45)
		do_review(who);
	else if (what < 4)
		say_something(who);
	else if (what < 45)
		edit_entry(who);
	else if (what < 50 && people[who].member)
		settle_conflict(who);
	else if (what < 58 && play(step_save, who, 0, 60, &err) == CIB_OK)
		tell("%s saves", people[who].user);
	else if (what < 74)
		do_bundle(who);
	else if (what < (sim.linked ? 86 : 92) && sim.sticks)
		do_apply(who, below(sim.sticks));
	else if (sim.linked && what >= 94)
		lose_power();
	else if (sim.linked && below(2))
		do_sync(who, true, below(4) == 0);
	else if (sim.linked)
		do_broken_sync(who, below(4) == 0, below(2), below(EACH_BYTE));
	for (int i = 0; i < SECRETARIAT; i++)
		check_own(i);
	check_main(SECRETARIAT);
	check_main(SECOND);
}

/* ---- the end ---- */

/* A whole bundle from one to others, which nobody may refuse. */
static void hand_over(int from, const int *to, size_t count)
{
	cib_sync_report report = {0};
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_error err = CIB_ERROR_INIT;
	char *path = stick(sim.sticks);
	int status = cib_bundle_create(NULL, copy_of(from), path, &(cib_bundle_options){.whole = true}, &options, &report, &findings, &err);
	cib_findings_free(&findings);
	check_drafts(from, &report);
	tell("%s writes all to stick %d: %d", people[from].user, sim.sticks, status);
	if (status != CIB_OK && status != CIB_NOTFOUND)
		fail("bundle create: %d %s", status, err.message);
	for (size_t i = 0; status == CIB_OK && i < count; i++) {
		int taken = step_apply(to[i], sim.sticks, &err);
		tell("%s takes it: %d %s", people[to[i]].user, taken, err.code);
		if (taken != CIB_OK && strcmp(err.code, "bundle.not-yours") != 0)
			fail("a whole bundle is refused: %d %s", taken, err.message);
	}
	sim.sticks++;
	cib_sync_report_clear(&report);
	free(path);
}

static void end_by_sticks(void)
{
	static const int secretariat[] = {SECRETARIAT}, first[] = {1, SECRETARIAT}, second[] = {0, SECRETARIAT}, all[] = {0, 1, 2};
	static const char *const members[] = {"m-a", "m-b"};
	for (int i = 0; i < SECRETARIAT; i++)
		finish_drafts(i);
	hand_over(SECOND, secretariat, 1);
	hand_over(SECRETARIAT, all, 3);
	hand_over(0, first, 2);
	hand_over(1, second, 2);
	hand_over(2, secretariat, 1);
	for (int i = 0; i < 2; i++) {
		cib_oid tip;
		if (cib_member_tip(&tip, copy_of(SECRETARIAT), members[i], NULL) == CIB_OK)
			check_commit(copy_of(SECRETARIAT)->store, &tip, members[i], "with the secretariat");
		else
			check_commit(copy_of(SECRETARIAT)->store, &copy_of(SECRETARIAT)->tip, members[i], "with the secretariat");
	}
	check_commit(copy_of(SECRETARIAT)->store, &copy_of(SECRETARIAT)->tip, "secretariat", "with the secretariat");
	check_main(SECRETARIAT);
	check_copies();
}

static void end_by_server(void)
{
	static const int order[] = {SECOND, 0, 1, 2, SECRETARIAT, 0, 1, 2, SECOND, SECRETARIAT, 0, 1, 2, SECOND, SECRETARIAT};
	bool settles = sim.seed % 12 == 0; /* some sync until nothing is left to say */
	cib_oid before[PEOPLE];
	do_bad_end();
	for (int i = 0; i < SECRETARIAT; i++)
		finish_drafts(i);
	for (size_t i = 0; i < (settles ? sizeof order / sizeof *order : 7) && !sim.failed; i++)
		do_sync(order[i], false, 0);
	if (sim.failed)
		return;
	check_central();
	check_copies();
	for (int i = 0; i < PEOPLE; i++)
		before[i] = copy_of(i)->tip;
	for (int i = 0; settles && i < PEOPLE && !sim.failed; i++) {
		do_sync(i, false, 0);
		if (!sim.failed && !cib_oid_equal(&before[i], &copy_of(i)->tip))
			fail("one more round brings something new to %s", people[i].user);
	}
}

static bool play_seed(unsigned long seed)
{
	shell("rm -rf '%s' && cp -a '%s' '%s'", sim.work, sim.scene, sim.work);
	sim.seed = seed;
	dice_begin(seed);
	oracle_begin();
	memset(sim.last, 0, sizeof sim.last);
	sim.sticks = 0;
	sim.failed = false;
	sim.linked = seed % 3 == 0;
	cib_buf_clear(&sim.story);
	know_entries(0);
	know_entries(2);
	for (int i = 0; i < STEPS && !sim.failed; i++)
		one_step();
	if (!sim.failed && sim.linked)
		end_by_server();
	else if (!sim.failed)
		end_by_sticks();
	for (int i = 0; i < PEOPLE; i++)
		close_copy(i);
	if (seed % 16 == 0 && !sim.failed)
		shell("for r in '%s'/*/; do git -C \"$r\" fsck --strict --no-dangling >/dev/null 2>&1 || exit 1; done", sim.work);
	return !sim.failed;
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: simulation FIRST COUNT [SECONDS]\n");
		return 2;
	}
	const char *program = getenv("CIB"), *keep = getenv("CIB_KEEP");
	unsigned long first = strtoul(argv[1], NULL, 10), count = strtoul(argv[2], NULL, 10), seed, failed = 0;
	time_t end = argc > 3 ? time(NULL) + atol(argv[3]) : 0;
	char root[] = "/dev/shm/cib-sim-XXXXXX", other[] = "/tmp/cib-sim-XXXXXX";
	setvbuf(stdout, NULL, _IOLBF, 0);
	cib_json_setup();
	sim.root = mkdtemp(root) ? root : mkdtemp(other);
	if (!sim.root || !program || *program != '/') {
		fprintf(stderr, "simulation: CIB must be the path of the program, from the root\n");
		return 2;
	}
	sim.work = cib_format("%s/work", sim.root);
	sim.scene = cib_format("%s/scene", sim.root);
	open_link(program);
	scene_make(sim.work, program, &options);
	shell("mv '%s' '%s'", sim.work, sim.scene);
	for (seed = first; seed < first + count && failed < 5 && (!end || time(NULL) < end); seed++)
		if (play_seed(seed)) {
			if (getenv("CIB_STORY"))
				printf("seed %lu\n%s", seed, cib_buf_str(&sim.story));
		} else {
			failed++;
			printf("not ok - seed %lu; again: CIB=%s %s %lu 1\n%s", seed, program, argv[0], seed, cib_buf_str(&sim.story));
			if (keep)
				shell("cp -a '%s' '%s/seed-%lu'", sim.work, keep, seed);
		}
	unsigned long bytes = 0;
	for (int i = 0; i < EACH_BYTE; i++)
		bytes += sim.cut_at[i];
	printf("%s - nothing that was acknowledged is lost in %lu seeds (%lu steps, %lu edits, %lu of them drafts, %lu accepted, %lu syncs, %lu links that broke, after %lu of the first %d bytes, the server set back %lu times, %lu bundles taken, %lu kills, %lu of them in a sync)\n", failed ? "not ok" : "ok",
	       seed - first, sim.steps, sim.written, sim.drafts, sim.accepted, sim.syncs, sim.cuts, bytes, EACH_BYTE, sim.set_back, sim.bundles, sim.kills, sim.sync_kills);
	shell("rm -rf '%s'", sim.root);
	oracle_end();
	cib_buf_free(&sim.story);
	free(sim.work);
	free(sim.scene);
	return failed ? 1 : 0;
}
