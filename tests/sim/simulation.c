/* A network played by dice: two laptops of one member, another member, the secretariat, a central repository, and bundles on
 * sticks that arrive late, twice, in any order, or never. Some steps are killed in the middle. At the end everybody syncs,
 * and what was acknowledged must be there. Every third seed has a link to the server (a sync takes as long as
 * everything else in a seed); the others live and end by sticks alone. The link (pipe.c) breaks again and again: 2,000 seeds
 * try each byte from 0 to 2,047, and 200 later ones.
 *
 *   simulation FIRST COUNT [SECONDS]    plays the seeds FIRST, FIRST + 1, ...; stops after SECONDS
 *
 * The oracle: each edit writes a word that no other edit writes. Once the library said that it is written, the word must be
 * at the end at the server (by sticks alone: with the secretariat and on every laptop of the member), in an entry or in a conflict record, or somebody who saw it wrote another in its
 * place, removed its entry, or settled a conflict against it. After each sync that went well the server has exactly what the
 * copy has saved; at the end all copies of a member are equal, and another round brings nothing new.
 *
 * Ids are made by the dice, too, so that a seed plays the same again. Who waits for a lock that a killed program left behind
 * waits by a clock of its own, which costs nothing. */
#include "review/review.h"
#include "dice.h"
#include "oracle.h"
#include "pipe.h"
#include "scene.h"

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

enum { EACH_BYTE = 2048, /* after which a link breaks */
       STICKS = 80,
       STEPS = 26 };

static struct {
	char *root, *work, *scene;
	unsigned long seed;
	cib_workspace *ws[PEOPLE];
	char last[PEOPLE][128]; /* the entry that a person wrote last */
	int sticks;
	bool failed, linked;
	struct pipe_link *link;
	bool cut_at[EACH_BYTE];
	unsigned long steps, syncs, kills, sync_kills, cuts, set_back, bundles, written;
	cib_buf story; /* what happened, for a seed that failed */
} sim;

static const cib_sync_options options = {.lang = "en"};

/* ---- telling ---- */

static void tell(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	cib_buf_vaddf(&sim.story, fmt, ap);
	va_end(ap);
	cib_buf_addc(&sim.story, '\n');
}

static void fail(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	cib_buf_adds(&sim.story, "FAULT: ");
	cib_buf_vaddf(&sim.story, fmt, ap);
	va_end(ap);
	cib_buf_addc(&sim.story, '\n');
	sim.failed = true;
}

static char *dir_of(int who)
{
	return cib_format("%s/%s", sim.work, people[who].user);
}

static void close_copy(int who)
{
	cib_workspace_free(sim.ws[who]);
	sim.ws[who] = NULL;
}

static cib_workspace *copy_of(int who)
{
	cib_error err = CIB_ERROR_INIT;
	char *dir = dir_of(who);
	if (!sim.ws[who])
		must(cib_workspace_open(&sim.ws[who], dir, &err), dir, &err);
	free(dir);
	return sim.ws[who];
}

/* ---- edits ---- */

typedef struct {
	char paths[64][128];
	int count;
} own_paths;

static int note_path(const char *path, const cib_place *place, const char *text, size_t len, void *payload)
{
	own_paths *list = payload;
	(void)text;
	(void)len;
	if (place->area == CIB_AREA_MEMBER && strcmp(place->kind->name, "project") == 0 && list->count < 64)
		snprintf(list->paths[list->count++], sizeof *list->paths, "%s", path);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void add_partner(cJSON *doc, cJSON *word)
{
	cJSON *item = cJSON_CreateObject(), *name = cJSON_CreateObject();
	char id[32];
	snprintf(id, sizeof id, "o-%.*s", (int)strcspn(word->valuestring + 1, "."), word->valuestring + 1);
	cJSON_AddStringToObject(item, "id", id);
	cJSON_AddItemToObject(name, "en", word);
	cJSON_AddItemToObject(item, "name", name);
	cJSON_AddStringToObject(item, "role", "4");
	cJSON_AddItemToArray(cib_json_get(doc, "partners"), item);
}

static void put_text(cJSON *doc, const char *field, const char *language, cJSON *word)
{
	cJSON *map = cib_json_get(doc, field), *old = cib_json_get(map, language);
	oracle_value_replaced(old);
	cib_json_set(map, language, word);
}

static void write_entry(int who, const char *path, const cJSON *doc)
{
	cib_error err = CIB_ERROR_INIT;
	if (cib_workspace_write(copy_of(who), path, doc, &err) != CIB_OK)
		fail("writing %s: %s", path, err.message);
	oracle_wrote(who, path, doc);
	snprintf(sim.last[who], sizeof sim.last[who], "%s", path);
	sim.written++;
}

static void make_entry(int who)
{
	static const char template[] = "{\"kind\":\"project\",\"schema\":\"project/1\",\"sourceLanguage\":\"en\",\"title\":{},\"description\":{\"general\":{\"en\":\"About it.\"}},\"status\":\"2\",\"partners\":[{\"id\":\"o-1\",\"name\":{\"en\":\"City of Exempleville\"},\"role\":\"4\"}],"
				       "\"dates\":{\"plannedStart\":\"2024-01\"},\"sectors\":[{\"code\":\"15128\"}]}";
	cJSON *doc = NULL;
	char id[32];
	int word;
	cib_json_read(&doc, template, strlen(template), NULL, NULL);
	cib_network_new_id(id, &(cib_kind){.prefix = "p"});
	cJSON_AddStringToObject(doc, "id", id);
	cJSON_AddStringToObject(doc, "owner", people[who].member);
	put_text(doc, "title", "en", oracle_new_word(&word));
	char *path = cib_format("members/%s/projects/%s.json", people[who].member, id);
	tell("%s makes %s with w%d.", people[who].user, id, word);
	write_entry(who, path, doc);
	oracle_word_written(word, people[who].member);
	free(path);
	cJSON_Delete(doc);
}

/* Often the entry that was written last: that is the one which is on its way or is accepted meanwhile. */
static const char *choose(const own_paths *list, int who)
{
	int last = -1;
	for (int i = 0; i < list->count; i++)
		if (strcmp(list->paths[i], sim.last[who]) == 0)
			last = i;
	int other = below(list->count);
	return list->paths[last >= 0 && below(2) ? last : other];
}

static void remove_entry(int who, const char *path, const char *text)
{
	cib_error err = CIB_ERROR_INIT;
	tell("%s removes %s", people[who].user, path);
	oracle_replaced(text);
	if (cib_workspace_remove(copy_of(who), path, &err) != CIB_OK)
		fail("removing %s: %s", path, err.message);
	oracle_wrote(who, path, NULL);
	snprintf(sim.last[who], sizeof sim.last[who], "%s", path);
}

/* The entry as it was before its last edit, which may have been its removal. False: it was never anything else. */
static bool set_back(int who, const char *path)
{
	const oracle_entry *e = oracle_find(path);
	if (!e || e->writer != who || !e->earlier)
		return false;
	cJSON *doc = cJSON_Duplicate(e->earlier, true);
	tell("%s %s %s", people[who].user, e->now ? "sets back" : "brings back", path);
	oracle_value_replaced(e->now);
	write_entry(who, path, doc);
	cJSON_Delete(doc);
	return true;
}

static void write_word(int who, const char *path, const char *text, size_t len, int what)
{
	cib_error err = CIB_ERROR_INIT;
	cJSON *doc = NULL;
	int word;
	must(cib_json_read(&doc, text, len, NULL, &err), path, &err);
	cJSON *value = oracle_new_word(&word);
	tell("%s writes w%d. into %s (%d)", people[who].user, word, path, what);
	if (what < 4)
		put_text(doc, "title", "en", value);
	else if (what < 6)
		put_text(doc, "title", "fr", value);
	else
		add_partner(doc, value);
	write_entry(who, path, doc);
	oracle_word_written(word, people[who].member);
	cJSON_Delete(doc);
}

static void edit_entry(int who)
{
	own_paths list = {.count = 0};
	cib_buf text = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	cib_workspace_each(copy_of(who), people[who].member, NULL, note_path, &list, &err);
	qsort(list.paths, (size_t)list.count, sizeof *list.paths, by_name);
	int what = below(10);
	if (what == 9 && set_back(who, sim.last[who]))
		return;
	if (list.count < 3) {
		make_entry(who);
		return;
	}
	const char *path = choose(&list, who);
	if (what >= 8 && set_back(who, path))
		return;
	must(cib_workspace_read(&text, copy_of(who), path, &err), path, &err);
	if (what == 0)
		remove_entry(who, path, cib_buf_str(&text));
	else
		write_word(who, path, text.data, text.len, what);
	cib_buf_free(&text);
}

static void settle_conflict(int who)
{
	cib_open_conflicts list = {0};
	cib_error err = CIB_ERROR_INIT;
	if (cib_conflicts_list(&list, copy_of(who), &err) == CIB_OK && list.count) {
		const cib_open_conflict *c = &list.items[below((int)list.count)];
		if (cJSON_IsString(c->ours) && cJSON_IsString(c->theirs)) { /* the decision about an edit and a removal stays open */
			cib_resolution how = below(2) ? CIB_RESOLVE_OURS : CIB_RESOLVE_THEIRS;
			tell("%s settles %s %s for %s", people[who].user, c->id, c->pointer, how == CIB_RESOLVE_OURS ? "ours" : "theirs");
			cJSON *now = cib_conflict_current(copy_of(who), c);
			if (how == CIB_RESOLVE_OURS)
				oracle_value_replaced(now);
			else
				oracle_value_replaced(c->ours);
			cJSON_Delete(now);
			if (cib_conflict_resolve(copy_of(who), c, how, NULL, &err) != CIB_OK)
				fail("settling: %s", err.message);
			oracle_settled(c->entry_path);
		}
	}
	cib_open_conflicts_free(&list);
}

/* ---- steps that may be killed ---- */

typedef int (*step)(int who, int argument, cib_error *err);

static void check_drafts(int who, const cib_sync_report *report)
{
	for (size_t i = 0; i < report->left.count; i++)
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
	char *path = stick(sim.sticks);
	cib_bundle_options how = {.since_given = since_given, .peer = people[who].member ? NULL : since_given ? "m-a"
	                                                                                                      : NULL};
	int status = cib_bundle_create(NULL, copy_of(who), path, &how, &options, &report, err);
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

/* The server answered that it has it: then it has. */
static void check_sent(int who)
{
	cib_store *central = NULL;
	cib_error err = CIB_ERROR_INIT;
	cib_oid there, a = {{0}}, b = {{0}};
	unsigned mode;
	char *path = cib_format("%s/central.git", sim.work), *folder = cib_format("members/%s", people[who].member);
	char *ref = cib_format("refs/heads/members/%s", people[who].member);
	must(cib_store_open(&central, path, &err), path, &err);
	if (cib_store_ref_get(&there, central, ref, NULL) != CIB_OK)
		must(cib_store_ref_get(&there, central, "refs/heads/main", &err), "main", &err);
	cib_store_tree_get(&a, &mode, central, &there, folder, NULL);
	cib_store_tree_get(&b, &mode, copy_of(who)->store, &copy_of(who)->tip, folder, NULL);
	if (!cib_oid_equal(&a, &b))
		fail("%s's sync went well, and the server has something else", people[who].user);
	cib_store_free(central);
	free(path);
	free(folder);
	free(ref);
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

static void check_entry(const oracle_entry *e, cJSON *doc, const char *where)
{
	cib_json_remove(doc, ORACLE_NOT_WRITTEN);
	if (!e->now && doc)
		fail("CAME AGAIN: %s, which was removed: %s", e->path, where);
	else if (e->now && !doc)
		fail("LOST: %s: %s", e->path, where);
	else if (e->now && !cib_json_equal(e->now, doc))
		fail("LOST: %s is not what was written last: %s", e->path, where);
}

/* What one person alone wrote stands in his folder as he wrote it, whatever was fetched, taken or killed. */
static void check_own(int who)
{
	int count;
	const oracle_entry *entries = oracle_entries(&count);
	for (int i = 0; i < count; i++) {
		const oracle_entry *e = &entries[i];
		if (e->writer != who)
			continue;
		cib_buf text = CIB_BUF_INIT;
		cib_error err = CIB_ERROR_INIT;
		cJSON *doc = NULL;
		char *file = cib_format("%s/%s/%s", sim.work, people[who].user, e->path);
		int status = cib_file_read(&text, file, 0, &err);
		if (status == CIB_OK)
			must(cib_json_read(&doc, text.data, text.len, NULL, &err), file, &err);
		check_entry(e, doc, people[who].user);
		cJSON_Delete(doc);
		cib_buf_free(&text);
		free(file);
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
		sim.sticks++;
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
	bool allowed = strcmp(err.code, "bundle.missing") == 0 || strcmp(err.code, "bundle.not-yours") == 0;
	if (status != CIB_OK && status != CIB_CANCELLED && !allowed)
		fail("bundle apply: %d %s %s", status, err.code, err.message);
}

/* Often what some member wrote last: he may think better of it meanwhile. */
static const cib_review_item *choose_item(const cib_review_queue *queue)
{
	size_t at = (size_t)below((int)queue->count);
	int who = below(SECRETARIAT);
	for (size_t i = 0; i < queue->count; i++)
		if (*queue->items[i].id && strstr(sim.last[who], queue->items[i].id))
			at = i;
	return &queue->items[at];
}

static void do_review(void)
{
	cib_review_queue queue = CIB_REVIEW_QUEUE_INIT;
	cib_error err = CIB_ERROR_INIT;
	if (cib_review_list(&queue, copy_of(SECRETARIAT), NULL, &err) == CIB_OK && queue.count) {
		const cib_review_item *item = choose_item(&queue);
		cib_decision d = {.item = item, .kind = below(4) ? CIB_DECIDE_ACCEPT : CIB_DECIDE_RETURN};
		cib_review_comment comment = {(char[]){""}, (char[]){"Which one?"}};
		d.comments = &comment;
		d.comment_count = d.kind == CIB_DECIDE_RETURN;
		int status = cib_review_decide(copy_of(SECRETARIAT), &d, 1, NULL, &err);
		tell("the secretariat %s %s: %d %s", d.comment_count ? "returns" : "accepts", item->id, status, err.message);
		if (status != CIB_OK && status != CIB_FINDINGS && status != CIB_REFUSED)
			fail("review: %d %s", status, err.message);
	}
	cib_review_queue_free(&queue);
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

/* A member sends an edit, the secretariat decides about it, and meanwhile the member has edited on, removed it or set it back. */
static void do_exchange(int who)
{
	edit_entry(who);
	carry(who, SECRETARIAT);
	do_review();
	if (below(2))
		edit_entry(who);
	carry(SECRETARIAT, who);
	edit_entry(who);
}

static void one_step(void)
{
	int who = below(PEOPLE), what = below(100);
	cib_error err = CIB_ERROR_INIT;
	sim.steps++;
	if (who != SECRETARIAT && below(16) == 0)
		do_exchange(who);
	else if (who == SECRETARIAT && what < 45)
		do_review();
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
}

/* ---- the end ---- */

static int gather_blob(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	void **p = payload;
	cib_buf text = CIB_BUF_INIT;
	(void)path;
	(void)a;
	if (cib_store_blob_read(&text, p[0], &b->oid, 0, NULL) == CIB_OK)
		cib_buf_add(p[1], text.data, text.len);
	cib_buf_free(&text);
	return 0;
}

/* And so it stands in a commit in which all have arrived. */
static void check_entries(cib_store *store, const cib_oid *tip, const char *member, const char *where)
{
	int count;
	const oracle_entry *entries = oracle_entries(&count);
	for (int i = 0; i < count; i++) {
		const oracle_entry *e = &entries[i];
		if (e->writer == ORACLE_MANY || strcmp(people[e->writer].member, member) != 0)
			continue;
		cib_oid blob;
		unsigned mode;
		cib_buf text = CIB_BUF_INIT;
		cib_error err = CIB_ERROR_INIT;
		cJSON *doc = NULL;
		if (cib_store_tree_get(&blob, &mode, store, tip, e->path, NULL) == CIB_OK) {
			must(cib_store_blob_read(&text, store, &blob, 0, &err), e->path, &err);
			must(cib_json_read(&doc, text.data, text.len, NULL, &err), e->path, &err);
		}
		check_entry(e, doc, where);
		cJSON_Delete(doc);
		cib_buf_free(&text);
	}
}

/* A commit must hold every word of a member that nobody replaced, and each entry as who alone wrote it left it. */
static void check_commit(cib_store *store, const cib_oid *tip, const char *member, const char *where)
{
	static const cib_oid none;
	cib_error err = CIB_ERROR_INIT;
	cib_buf all = CIB_BUF_INIT;
	must(cib_store_diff2(store, &none, tip, gather_blob, (void *[]){store, &all}, &err), "reading all", &err);
	for (int i = 0; (i = oracle_missing_word(cib_buf_str(&all), member, i)) >= 0; i++)
		fail("LOST: w%d. is not %s", i, where);
	cib_buf_free(&all);
	check_entries(store, tip, member, where);
}

static void check_central(void)
{
	static const char *const members[] = {"m-a", "m-b"};
	cib_store *central = NULL;
	cib_error err = CIB_ERROR_INIT;
	char *path = cib_format("%s/central.git", sim.work);
	must(cib_store_open(&central, path, &err), path, &err);
	for (int i = 0; i < 2; i++) {
		cib_oid tip;
		char *ref = cib_format("refs/heads/members/%s", members[i]);
		if (cib_store_ref_get(&tip, central, ref, NULL) == CIB_OK || cib_store_ref_get(&tip, central, "refs/heads/main", NULL) == CIB_OK)
			check_commit(central, &tip, members[i], "at the server");
		free(ref);
	}
	cib_store_free(central);
	free(path);
}

static void check_copies(void)
{
	cib_oid a = {{0}}, b = {{0}};
	unsigned mode;
	for (int i = 0; i < PEOPLE; i++)
		if (people[i].member)
			check_commit(copy_of(i)->store, &copy_of(i)->tip, people[i].member, people[i].user), check_own(i);
	cib_store_tree_get(&a, &mode, copy_of(0)->store, &copy_of(0)->tip, "members/m-a", NULL);
	cib_store_tree_get(&b, &mode, copy_of(1)->store, &copy_of(1)->tip, "members/m-a", NULL);
	if (!cib_oid_equal(&a, &b))
		fail("the two copies of m-a differ");
}

/* A whole bundle from one to others, which nobody may refuse. */
static void hand_over(int from, const int *to, size_t count)
{
	cib_sync_report report = {0};
	cib_error err = CIB_ERROR_INIT;
	char *path = stick(sim.sticks);
	int status = cib_bundle_create(NULL, copy_of(from), path, &(cib_bundle_options){.whole = true}, &options, &report, &err);
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
	static const int first[] = {1, SECRETARIAT}, second[] = {0, SECRETARIAT}, third[] = {SECRETARIAT}, all[] = {0, 1, 2};
	static const char *const members[] = {"m-a", "m-b"};
	hand_over(SECRETARIAT, all, 3);
	hand_over(0, first, 2);
	hand_over(1, second, 2);
	hand_over(2, third, 1);
	for (int i = 0; i < 2; i++) {
		cib_oid tip;
		if (cib_member_tip(&tip, copy_of(SECRETARIAT), members[i], NULL) == CIB_OK)
			check_commit(copy_of(SECRETARIAT)->store, &tip, members[i], "with the secretariat");
		else
			check_commit(copy_of(SECRETARIAT)->store, &copy_of(SECRETARIAT)->tip, members[i], "with the secretariat");
	}
	check_copies();
}

static void end_by_server(void)
{
	static const int order[] = {0, 1, 2, SECRETARIAT, 0, 1, 2, SECRETARIAT, 0, 1, 2, SECRETARIAT};
	bool settles = sim.seed % 12 == 0; /* some sync until nothing is left to say */
	cib_oid before[PEOPLE];
	do_bad_end();
	for (size_t i = 0; i < (settles ? sizeof order / sizeof *order : 6) && !sim.failed; i++)
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
		if (!play_seed(seed)) {
			failed++;
			printf("not ok - seed %lu; again: CIB=%s %s %lu 1\n%s", seed, program, argv[0], seed, cib_buf_str(&sim.story));
			if (keep)
				shell("cp -a '%s' '%s/seed-%lu'", sim.work, keep, seed);
		}
	unsigned long bytes = 0;
	for (int i = 0; i < EACH_BYTE; i++)
		bytes += sim.cut_at[i];
	printf("%s - nothing that was acknowledged is lost in %lu seeds (%lu steps, %lu edits, %lu syncs, %lu links that broke, after %lu of the first %d bytes, the server set back %lu times, %lu bundles taken, %lu kills, %lu of them in a sync)\n", failed ? "not ok" : "ok",
	       seed - first, sim.steps, sim.written, sim.syncs, sim.cuts, bytes, EACH_BYTE, sim.set_back, sim.bundles, sim.kills, sim.sync_kills);
	shell("rm -rf '%s'", sim.root);
	oracle_end();
	cib_buf_free(&sim.story);
	free(sim.work);
	free(sim.scene);
	return failed ? 1 : 0;
}
