/* The commits of a range (lib/store/range.c). */
#include "store/store.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/folder.h"

static int note_in_range(const cib_oid *oid, void *payload)
{
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, oid);
	cib_buf_addf(payload, "%s ", hex);
	return 0;
}

/* A history in which libgit2 shows what a hidden commit holds: most of it was made within one second. */
static void what_a_hidden_commit_holds_is_hidden(void **state)
{
	(void)state;
	if (!have_git())
		skip();
	static const struct {
		const char *name, *parents;
		int second;
	} rows[] = {{"r", "", 2}, {"f", "-p $r", 2}, {"c", "-p $f", 3}, {"d", "-p $f", 3}, {"e", "-p $c", 3}, {"a", "-p $d -p $e", 3}, {"s", "-p $f", 4}, {"g", "-p $f", 3}, {"i", "-p $g -p $s", 4}, {"m", "-p $i", 4}, {"b", "-p $a", 4}, {"j", "-p $b -p $s", 4}, {"k", "-p $j -p $m", 4}, {"l", "-p $k", 4}, {"n", "-p $l", 4}, {"t", "-p $n", 5}, {"x", "-p $a", 5}, {"y", "-p $x", 5}};
	cib_buf script = CIB_BUF_INIT, found = CIB_BUF_INIT;
	cib_buf_adds(&script, "git init -q range && cd range && tree=$(git mktree </dev/null) && export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@x.invalid GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@x.invalid");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cib_buf_addf(&script, " && %s=$(GIT_AUTHOR_DATE='170000000%d +0000' GIT_COMMITTER_DATE='170000000%d +0000' git commit-tree -m %s %s $tree)", rows[i].name, rows[i].second, rows[i].second, rows[i].name, rows[i].parents);
	cib_buf_adds(&script, " && echo $y $f $a $m && echo $t $n $l $k $j $b");
	char *out = shell("%s", script.data), *shown = strchr(out, '\n') + 1, *at = out, *path = cib_format("%s/range", dir);
	cib_oid hidden[4], tip;
	for (int i = 0; i < 4; i++, at += 41) {
		at[40] = '\0';
		assert_true(cib_oid_parse(&hidden[i], at));
	}
	char *wanted = cib_format("%s ", shown);
	shown[40] = '\0';
	assert_true(cib_oid_parse(&tip, shown));
	cib_store *store = NULL;
	assert_int_equal(cib_store_open(&store, path, &err), CIB_OK);
	assert_int_equal(cib_store_commits(store, &tip, 1, hidden, 4, false, note_in_range, &found, &err), CIB_OK);
	assert_string_equal(cib_buf_str(&found), wanted);
	cib_store_free(store);
	cib_buf_free(&script);
	cib_buf_free(&found);
	free(out);
	free(path);
	free(wanted);
}

/* ---- random histories, beside the exact sets ---- */

enum { COMMITS = 40,
       HISTORIES = 24,
       QUESTIONS = 15 };

static uint64_t dice_state = 20260101;

static unsigned dice(unsigned sides)
{
	dice_state = dice_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice_state >> 33) % sides;
}

typedef struct {
	cib_oid ids[COMMITS];
	uint64_t held[COMMITS]; /* by each: itself and its ancestors, a bit for each commit */
} random_history;

/* Commits with one or two parents among the eight before. Clocks: all in a few seconds, or for a third of them (`wrong`) years away. */
static void make_history(random_history *h, int number, bool wrong)
{
	cib_buf stream = CIB_BUF_INIT;
	for (unsigned i = 0; i < COMMITS; i++) {
		unsigned one = i ? i - 1 - dice(i < 8 ? i : 8) : 0, two = i ? i - 1 - dice(i < 8 ? i : 8) : 0, date = 1700000000 + i / 8;
		if (wrong && dice(3) == 0)
			date = 1000000000 + dice(1000000000);
		h->held[i] = (uint64_t)1 << i;
		cib_buf_addf(&stream, "commit refs/heads/c%u\nmark :%u\ncommitter x <x@x.invalid> %u +0000\ndata 2\n%02u\n", i, i + 1, date, i);
		if (i) {
			cib_buf_addf(&stream, "from :%u\n", one + 1);
			h->held[i] |= h->held[one];
		}
		if (i && two != one && dice(2)) {
			cib_buf_addf(&stream, "merge :%u\n", two + 1);
			h->held[i] |= h->held[two];
		}
		cib_buf_adds(&stream, "\n");
	}
	char *path = cib_format("%s/stream", dir);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(stream.data, 1, stream.len, f), stream.len);
	assert_int_equal(fclose(f), 0);
	free(path);
	cib_buf_free(&stream);
	free(shell("git init -q --bare h%d && git -C h%d fast-import --quiet --export-marks=marks <stream", number, number));
	char *marks = shell("sort -t: -k2n h%d/marks | cut -d' ' -f2", number), *at = marks;
	for (int i = 0; i < COMMITS; i++, at += 41) {
		at[40] = '\0';
		assert_true(cib_oid_parse(&h->ids[i], at));
	}
	free(marks);
}

typedef struct {
	const random_history *history;
	uint64_t found;
	bool twice;
} range_of_bits;

static int note_bit(const cib_oid *oid, void *payload)
{
	range_of_bits *r = payload;
	for (int i = 0; i < COMMITS; i++)
		if (cib_oid_equal(&r->history->ids[i], oid)) {
			r->twice |= r->found >> i & 1;
			r->found |= (uint64_t)1 << i;
		}
	return 0;
}

static void ranges_are_exact_whatever_the_clocks(void **state)
{
	(void)state;
	if (!have_git())
		skip();
	for (int number = 0; number < HISTORIES; number++) {
		random_history h = {0};
		make_history(&h, number, number % 2);
		cib_store *store = NULL;
		char *path = cib_format("%s/h%d", dir, number);
		assert_int_equal(cib_store_open(&store, path, &err), CIB_OK);
		free(path);
		for (int question = 0; question < QUESTIONS; question++) {
			cib_oid hidden[4];
			unsigned tip = COMMITS - 1 - dice(8), count = 1 + dice(4);
			uint64_t wanted = h.held[tip];
			for (unsigned i = 0; i < count; i++) {
				unsigned which = dice(COMMITS);
				hidden[i] = h.ids[which];
				wanted &= ~h.held[which];
			}
			range_of_bits r = {.history = &h};
			assert_int_equal(cib_store_commits(store, &h.ids[tip], 1, hidden, count, question % 2, note_bit, &r, &err), CIB_OK);
			if (r.found != wanted || r.twice)
				fail_msg("history %d, question %d: %llx, not %llx", number, question, (unsigned long long)r.found, (unsigned long long)wanted);
		}
		cib_store_free(store);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_a_hidden_commit_holds_is_hidden, setup, teardown),
		cmocka_unit_test_setup_teardown(ranges_are_exact_whatever_the_clocks, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
