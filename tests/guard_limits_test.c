/* Every limit of a push at one below, at, and one above: taken, taken, refused by its name. Commits are built here from
 * objects, as somebody with plain Git could build them; the judge is the one of the hook. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "guard/guard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char note_schema[] =
	"{\"type\":\"object\",\"x-cib-kind\":\"note\",\"x-cib-folder\":\"notes\",\"x-cib-prefix\":\"nt\",\"x-cib-writer\":\"member\","
	"\"required\":[\"id\",\"owner\"],\"properties\":{\"id\":{\"type\":\"string\"},\"owner\":{\"type\":\"string\"},\"a\":{}}}";

typedef struct {
	char dir[64];
	cib_store *store;
	cib_oid main;
} fixture;

static const char a1[] = "a-1@m-a.cib.invalid", sec[] = "sec@secretariat.cib.invalid";

static cib_tree_entry file(fixture *f, const char *path, const char *text, size_t len)
{
	cib_tree_entry e = {.path = path, .mode = 0100644};
	assert_int_equal(cib_store_blob_write(&e.oid, f->store, text, len, NULL), CIB_OK);
	return e;
}

static cib_oid commit(fixture *f, const cib_oid *parent, const cib_tree_entry *edits, size_t count, const char *email, const char *message)
{
	cib_oid tree, out, none = {{0}};
	assert_int_equal(cib_store_tree_edit(&tree, f->store, parent ? parent : &none, edits, count, NULL), CIB_OK);
	assert_int_equal(cib_store_commit_write(&out, f->store, &tree, parent, parent ? 1 : 0, "t", email, message, NULL), CIB_OK);
	return out;
}

/* Main, with the settings of network.json. */
static void start(fixture *f, const char *settings)
{
	static const char access[] = "{\"users\":{\"a-1\":{\"member\":\"m-a\",\"role\":\"staff\"},\"sec\":{\"role\":\"secretariat\"}}}";
	cib_tree_entry edits[] = {file(f, "network.json", settings, strlen(settings)), file(f, "access.json", access, strlen(access)),
	                          file(f, "schema/note.schema.json", note_schema, strlen(note_schema))};
	f->main = commit(f, NULL, edits, 3, sec, "m\n");
	assert_int_equal(cib_store_ref_set(f->store, "refs/heads/main", &f->main, NULL, NULL), CIB_OK);
}

static int set_up(void **state)
{
	fixture *f = cib_alloc(sizeof *f);
	strcpy(f->dir, "/tmp/cib-guard-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	char *path = cib_format("%s/central.git", f->dir);
	assert_int_equal(cib_store_init(&f->store, path, true, "refs/heads/main", NULL), CIB_OK);
	free(path);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	fixture *f = *state;
	char *command = cib_format("rm -rf '%s'", f->dir);
	cib_store_free(f->store);
	assert_int_equal(system(command), 0);
	free(command);
	free(f);
	return 0;
}

/* The codes of what is refused, parted by spaces; "" when the push is taken. The caller's. */
static char *judge(fixture *f, const cib_oid *tip, const char *user, const cib_guard_options *more)
{
	cib_guard_options o = more ? *more : (cib_guard_options){0};
	bool main = strcmp(user, "sec") == 0;
	cib_ref_update update = {main ? "refs/heads/main" : "refs/heads/members/m-a", main ? f->main : (cib_oid){{0}}, *tip};
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_error err = CIB_ERROR_INIT;
	cib_buf codes = CIB_BUF_INIT;
	o.user = user;
	int status = cib_guard_judge(f->store, &update, 1, &o, &findings, &err);
	if (status != CIB_OK && status != CIB_REFUSED)
		fail_msg("the guard failed: %s", err.message);
	for (size_t i = 0; i < findings.count; i++)
		if (findings.items[i].severity == CIB_ERROR)
			cib_buf_addf(&codes, "%s%s", codes.len ? " " : "", findings.items[i].code);
	assert_int_equal(status == CIB_OK, codes.len == 0);
	cib_findings_free(&findings);
	cib_buf_adds(&codes, "");
	return cib_buf_take(&codes);
}

/* One note on top of main, with that member "a" (JSON text in canonical form). */
static cib_oid note(fixture *f, const char *a, size_t len)
{
	cib_buf text = CIB_BUF_INIT;
	cib_buf_adds(&text, "{\n  \"a\": ");
	cib_buf_add(&text, a, len);
	cib_buf_adds(&text, ",\n  \"id\": \"nt-0000000000\",\n  \"owner\": \"m-a\"\n}\n");
	cib_tree_entry e = file(f, "members/m-a/notes/nt-0000000000.json", text.data, text.len);
	cib_oid out = commit(f, &f->main, &e, 1, a1, "m\n");
	cib_buf_free(&text);
	return out;
}

static void fill(cib_buf *out, char c, size_t count)
{
	cib_buf_reserve(out, count);
	while (count--)
		cib_buf_addc(out, c);
}

/* ---- what has a size: each makes a push of that size and says who pushes ---- */

typedef const char *(*maker)(fixture *f, size_t size, cib_oid *tip);

static const char *string(fixture *f, size_t size, cib_oid *tip)
{
	cib_buf b = CIB_BUF_INIT;
	cib_buf_addc(&b, '"');
	fill(&b, 'x', size);
	cib_buf_addc(&b, '"');
	*tip = note(f, b.data, b.len);
	cib_buf_free(&b);
	return "a-1";
}

static const char *json_file(fixture *f, size_t size, cib_oid *tip)
{
	/* Several strings, each below its own limit. */
	static const char around[] = "{\n  \"a\": [\n  ],\n  \"id\": \"nt-0000000000\",\n  \"owner\": \"m-a\"\n}\n";
	cib_buf b = CIB_BUF_INIT;
	size_t rest = size - (sizeof around - 1);
	cib_buf_addc(&b, '[');
	while (rest) { /* an item: a comma but for the first, a newline, 4 spaces, 2 quotes */
		size_t n = rest > 60000 ? 50000 : rest, form = b.len > 1 ? 8 : 7;
		cib_buf_adds(&b, b.len > 1 ? ",\n    \"" : "\n    \"");
		fill(&b, 'x', n - form);
		cib_buf_addc(&b, '"');
		rest -= n;
	}
	cib_buf_adds(&b, "\n  ]");
	*tip = note(f, b.data, b.len);
	cib_buf_free(&b);
	return "a-1";
}

static const char *depth(fixture *f, size_t size, cib_oid *tip)
{
	cib_buf b = CIB_BUF_INIT;
	for (size_t i = 1; i < size; i++) { /* the document itself is the first */
		cib_buf_addc(&b, '[');
		if (i + 1 < size) {
			cib_buf_addc(&b, '\n');
			fill(&b, ' ', 2 * (i + 1));
		}
	}
	for (size_t i = size - 1; i > 0; i--) {
		cib_buf_addc(&b, ']');
		if (i > 1) {
			cib_buf_addc(&b, '\n');
			fill(&b, ' ', 2 * (i - 1));
		}
	}
	*tip = note(f, b.data, b.len);
	cib_buf_free(&b);
	return "a-1";
}

static const char *nodes(fixture *f, size_t size, cib_oid *tip)
{
	cib_buf b = CIB_BUF_INIT; /* the document, id, owner and the list are four */
	cib_buf_addc(&b, '[');
	for (size_t i = 0; i < size - 4; i++)
		cib_buf_adds(&b, i ? ",\n    0" : "\n    0");
	cib_buf_adds(&b, "\n  ]");
	*tip = note(f, b.data, b.len);
	cib_buf_free(&b);
	return "a-1";
}

static const char *message(fixture *f, size_t size, cib_oid *tip)
{
	cib_buf b = CIB_BUF_INIT;
	fill(&b, 'm', size);
	*tip = commit(f, &f->main, NULL, 0, a1, b.data);
	cib_buf_free(&b);
	return "a-1";
}

static const char *component(fixture *f, size_t size, cib_oid *tip)
{
	char path[200] = "docs/";
	memset(path + 5, 'x', size);
	cib_tree_entry e = file(f, path, "x", 1);
	*tip = commit(f, &f->main, &e, 1, sec, "m\n");
	return "sec";
}

static const char *path(fixture *f, size_t size, cib_oid *tip)
{
	char text[400];
	memset(text, 'x', size);
	for (size_t i = 90; i < size - 1; i += 91)
		text[i] = '/';
	text[size] = '\0';
	cib_tree_entry e = file(f, text, "x", 1);
	*tip = commit(f, &f->main, &e, 1, sec, "m\n");
	return "sec";
}

static const char *tree_depth(fixture *f, size_t size, cib_oid *tip)
{
	cib_buf b = CIB_BUF_INIT;
	for (size_t i = 0; i < size; i++)
		cib_buf_adds(&b, i ? "/d" : "d");
	cib_tree_entry e = file(f, b.data, "x", 1);
	*tip = commit(f, &f->main, &e, 1, sec, "m\n");
	cib_buf_free(&b);
	return "sec";
}

static const char *attachment(fixture *f, size_t size, cib_oid *tip)
{
	char *bytes = cib_alloc(size);
	cib_tree_entry e = file(f, "docs/picture", bytes, size);
	free(bytes);
	*tip = commit(f, &f->main, &e, 1, sec, "m\n");
	return "sec";
}

static const char *schema_file(fixture *f, size_t size, cib_oid *tip)
{
	cib_buf b = CIB_BUF_INIT;
	cib_buf_adds(&b, "{\"type\":\"object\",\"x-cib-folder\":\"others\",\"x-cib-prefix\":\"ot\",\"description\":\"");
	fill(&b, 'x', size - b.len - 2);
	cib_buf_adds(&b, "\"}");
	cib_tree_entry e = file(f, "schema/other.schema.json", b.data, b.len);
	*tip = commit(f, &f->main, &e, 1, sec, "m\n");
	cib_buf_free(&b);
	return "sec";
}

static const char *commits(fixture *f, size_t size, cib_oid *tip)
{
	*tip = f->main;
	for (size_t i = 0; i < size; i++)
		*tip = commit(f, tip, NULL, 0, a1, "m\n");
	return "a-1";
}

static const char *paths(fixture *f, size_t size, cib_oid *tip)
{
	cib_tree_entry *edits = cib_alloc(size * sizeof *edits);
	char text[120];
	for (size_t i = 0; i < size; i++) {
		snprintf(text, sizeof text, "{\n  \"id\": \"nt-%010zu\",\n  \"owner\": \"m-a\"\n}\n", i);
		edits[i] = file(f, cib_format("members/m-a/notes/nt-%010zu.json", i), text, strlen(text));
	}
	*tip = commit(f, &f->main, edits, size, a1, "m\n");
	for (size_t i = 0; i < size; i++)
		free((char *)(uintptr_t)edits[i].path);
	free(edits);
	return "a-1";
}

static void every_limit_holds_at_one_below_at_and_one_above(void **state)
{
	static const struct {
		const char *settings;
		size_t limit;
		maker make;
		const char *code; /* must be among those that one above is refused with */
	} cases[] = {
		{"{}", 65536, string, "json.string"},
		{"{}", 1048576, json_file, "guard.file-size"},
		{"{}", 32, depth, "json.depth"},
		{"{}", 20000, nodes, "json.nodes"},
		{"{}", 8192, message, "guard.message-size"},
		{"{}", 100, component, "guard.name-length"},
		{"{}", 200, path, "guard.path-length"},
		{"{}", 8, tree_depth, "guard.depth"},
		{"{}", 10485760, attachment, "guard.file-size"},
		{"{}", 262144, schema_file, "guard.file-size"},
		{"{\"limits\":{\"commits\":20}}", 20, commits, "guard.too-many-commits"},
		{"{\"limits\":{\"paths\":20}}", 20, paths, "guard.too-many-paths"},
		{"{\"limits\":{\"stringBytes\":300}}", 300, string, "json.string"},
		{"{\"limits\":{\"jsonBytes\":4000}}", 4000, json_file, "guard.file-size"},
		{"{\"limits\":{\"jsonDepth\":5}}", 5, depth, "json.depth"},
		{"{\"limits\":{\"jsonNodes\":50}}", 50, nodes, "json.nodes"},
		{"{\"limits\":{\"messageBytes\":70}}", 70, message, "guard.message-size"},
		{"{\"limits\":{\"treeDepth\":4}}", 4, tree_depth, "guard.depth"},
		{"{\"limits\":{\"schemaBytes\":2000}}", 2000, schema_file, "guard.file-size"},
		{"{\"limits\":{\"attachmentBytes\":2000}}", 2000, attachment, "guard.file-size"},
	};
	fixture *f = *state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		start(f, cases[i].settings);
		for (size_t size = cases[i].limit - 1; size <= cases[i].limit + 1; size++) {
			cib_oid tip;
			const char *user = cases[i].make(f, size, &tip);
			char *codes = judge(f, &tip, user, NULL);
			if (size <= cases[i].limit ? *codes : !strstr(codes, cases[i].code))
				fail_msg("%s at %zu of %zu: '%s'", cases[i].code, size, cases[i].limit, codes);
			free(codes);
		}
	}
}

static void a_commit_may_be_dated_a_day_ahead_and_no_second_more(void **state)
{
	fixture *f = *state;
	start(f, "{}");
	cib_oid tip = commit(f, &f->main, NULL, 0, a1, "m\n");
	cib_commit c;
	assert_int_equal(cib_store_commit_read(&c, f->store, &tip, NULL), CIB_OK);
	for (int off = -1; off <= 1; off++) {
		char *codes = judge(f, &tip, "a-1", &(cib_guard_options){.now = c.committer_time - 86400 - off});
		assert_string_equal(codes, off <= 0 ? "" : "guard.future");
		free(codes);
	}
	cib_commit_clear(&c);
}

static void a_push_brings_as_many_bytes_as_the_network_allows(void **state)
{
	fixture *f = *state;
	start(f, "{\"limits\":{\"packBytes\":5000}}");
	cib_oid tip = commit(f, &f->main, NULL, 0, a1, "m\n");
	for (uint64_t bytes = 4999; bytes <= 5001; bytes++) {
		char *codes = judge(f, &tip, "a-1", &(cib_guard_options){.bytes = bytes});
		assert_string_equal(codes, bytes <= 5000 ? "" : "guard.pack-size");
		free(codes);
	}
}

/* 10^7 files in 8 objects, all names good: refused after counting to the limit, so in the time of a few thousand files. */
static void a_bomb_is_refused_by_counting(void **state)
{
	fixture *f = *state;
	start(f, "{}");
	cib_oid inner, none = {{0}};
	cib_tree_entry leaf[10];
	char names[10][8];
	for (int i = 0; i < 10; i++) {
		snprintf(names[i], sizeof names[i], "d%d", i);
		leaf[i] = file(f, names[i], "x", 1);
	}
	assert_int_equal(cib_store_tree_edit(&inner, f->store, &none, leaf, 10, NULL), CIB_OK);
	for (int level = 0; level < 6; level++) {
		for (int i = 0; i < 10; i++)
			leaf[i] = (cib_tree_entry){names[i], 0040000, inner};
		assert_int_equal(cib_store_tree_edit(&inner, f->store, &none, leaf, 10, NULL), CIB_OK);
	}
	cib_tree_entry bomb = {"docs", 0040000, inner};
	cib_oid tip = commit(f, &f->main, &bomb, 1, sec, "m\n");
	clock_t begin = clock();
	char *codes = judge(f, &tip, "sec", NULL);
	double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
	assert_string_equal(codes, "guard.too-many-paths");
	assert_true(seconds < 30); /* walked in full it would take many minutes */
	free(codes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_limit_holds_at_one_below_at_and_one_above, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_commit_may_be_dated_a_day_ahead_and_no_second_more, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_push_brings_as_many_bytes_as_the_network_allows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_bomb_is_refused_by_counting, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
