/* cib merge-file: merge three versions of a JSON file; also a git merge driver (docs/merge.md). */
#include "explain.h"

#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static const char usage[] = "merge-file [--schema SCHEMA] [--write] [--explain] BASE OURS THEIRS";

enum { BASE,
       OURS,
       THEIRS };

typedef struct {
	const char *paths[3], *name; /* name: what the file is called in messages */
	cib_buf texts[3];
	bool marks[3]; /* did it begin with a byte order mark? */
	cJSON *docs[3];
	const char *schema_path;
	cJSON *schema;
	cib_merge_keep keep;
	bool write, explain;
} task;

/* An empty file is an absent version, as git gives for a file that both sides added. */
static int read_version(task *t, int i, cib_error *err)
{
	int status = CIB_OK;
	if (t->texts[i].len > 0)
		status = cib_json_read(&t->docs[i], t->texts[i].data, t->texts[i].len, NULL, err);
	if (status != CIB_OK)
		snprintf(err->file, sizeof err->file, "%s", t->paths[i]);
	return status;
}

/* A byte order mark is no JSON, but editors write it, and the file is to stay what it is for its other readers. */
static void take_mark(task *t, int i)
{
	static const char mark[] = "\xEF\xBB\xBF";
	cib_buf *text = &t->texts[i];
	t->marks[i] = text->len >= 3 && memcmp(text->data, mark, 3) == 0;
	if (!t->marks[i])
		return;
	memmove(text->data, text->data + 3, text->len - 3 + 1);
	text->len -= 3;
}

static void put_mark(const task *t, cib_buf *out)
{
	bool same = t->texts[BASE].len == 0 || t->marks[BASE] == t->marks[THEIRS];
	if (same ? t->marks[OURS] : t->marks[THEIRS])
		cib_buf_adds(out, "\xEF\xBB\xBF");
}

static bool same_text(const cib_buf *a, const cib_buf *b)
{
	return a->len == b->len && memcmp(cib_buf_str(a), cib_buf_str(b), a->len) == 0;
}

/* The side whose bytes are the result because the other changed none; -1 when both changed something. */
static int untouched(const task *t)
{
	if (same_text(&t->texts[BASE], &t->texts[THEIRS]) || same_text(&t->texts[OURS], &t->texts[THEIRS]))
		return OURS;
	return same_text(&t->texts[BASE], &t->texts[OURS]) ? THEIRS : -1;
}

static void print_conflict(const task *t, const cib_conflict *c)
{
	static const char *const words[] = {N_("both sides changed it"), N_("one side removed it, the other changed it"), N_("both sides reordered it"), N_("the merged whole is not valid")};
	const char *at = *c->pointer ? c->pointer : _("the whole document");
	char *line = t->name ? cib_format(_("conflict in %s at %s: %s\n"), t->name, at, _(words[c->kind])) : cib_format(_("conflict at %s: %s\n"), at, _(words[c->kind]));
	cib_print_clean(stderr, line);
	free(line);
	cib_explain_version(stderr, _("  base:   "), NULL, c->base);
	cib_explain_version(stderr, _("  ours:   "), c->base, c->ours);
	cib_explain_version(stderr, _("  theirs: "), c->base, c->theirs);
}

/* Is all that a side changed in its values, and none of the white space and order of the rest? */
static bool keeps_layout(const task *t, int side)
{
	cib_buf again = CIB_BUF_INIT;
	const cib_buf *base = &t->texts[BASE], *text = &t->texts[side];
	cib_json_rewrite(&again, t->docs[side], base->data, base->len, text->data, text->len);
	bool keeps = same_text(&again, text);
	cib_buf_free(&again);
	return keeps;
}

/* Whose layout the result has: a side that laid the file out anew is followed, ours before theirs. */
static int layout_side(const task *t)
{
	if (!t->docs[BASE] || !t->docs[OURS] || !t->docs[THEIRS])
		return t->docs[OURS] ? OURS : THEIRS;
	if (!t->docs[OURS]->child && t->docs[THEIRS]->child) /* {} shows no layout */
		return THEIRS;
	return keeps_layout(t, OURS) && !keeps_layout(t, THEIRS) ? THEIRS : OURS;
}

/* The merged text. Returns the number of conflicts. */
static size_t merge(const task *t, cib_buf *out)
{
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_merge_notes notes = {0};
	cib_merge_rules *rules = t->schema ? cib_merge_rules_new(t->schema) : NULL;
	cib_merge_options options = {.rules = rules, .keep = t->keep};
	cJSON *merged = NULL;
	size_t count = cib_merge_noting(&merged, t->docs[BASE], t->docs[OURS], t->docs[THEIRS], &options, &conflicts, t->explain ? &notes : NULL);
	int layout = layout_side(t);
	const cib_buf *like = &t->texts[layout], *other = &t->texts[layout == OURS ? THEIRS : OURS];
	if (merged)
		cib_json_rewrite(out, merged, like->data, like->len, other->data, other->len);
	for (size_t i = 0; i < notes.count; i++)
		cib_explain_note(stderr, &notes.items[i], t->keep);
	for (size_t i = 0; i < conflicts.count; i++)
		print_conflict(t, &conflicts.items[i]);
	cib_merge_notes_free(&notes);
	cib_conflicts_free(&conflicts);
	cib_merge_rules_free(rules);
	cJSON_Delete(merged);
	return count;
}

/* A version that is no strict JSON, and git waits for a result: let git merge the lines, as it would have without us. */
static int merge_lines(const task *t, const cib_error *why)
{
	char *const argv[] = {(char *)"git", (char *)"merge-file", (char *)(uintptr_t)t->paths[OURS], (char *)(uintptr_t)t->paths[BASE],
	                      (char *)(uintptr_t)t->paths[THEIRS], NULL};
	extern char **environ;
	pid_t child;
	int state = 0;
	cib_fail(why);
	if (posix_spawnp(&child, "git", NULL, NULL, argv, environ) != 0 || waitpid(child, &state, 0) != child || !WIFEXITED(state) || WEXITSTATUS(state) > 127) {
		fputs(_("cib: git merge-file did not run; our version is left as it was\n"), stderr);
		return CIB_FINDINGS;
	}
	fprintf(stderr, _("cib: %s was merged by lines, as git does\n"), t->name ? t->name : t->paths[OURS]);
	return WEXITSTATUS(state) ? CIB_FINDINGS : 0;
}

/* Read, merge and put out; the exit code. */
static int run(task *t)
{
	cib_error err = CIB_ERROR_INIT;
	cib_buf out = CIB_BUF_INIT;
	int status = t->schema_path ? cib_json_read_file(&t->schema, t->schema_path, &err) : CIB_OK, code = 0;
	for (int i = BASE; i <= THEIRS && status == CIB_OK; i++)
		status = cib_file_read(&t->texts[i], t->paths[i], 0, &err);
	if (status != CIB_OK)
		return cib_fail(&err);
	for (int i = BASE; i <= THEIRS; i++)
		take_mark(t, i);
	int side = t->explain ? -1 : untouched(t);
	for (int i = BASE; i <= THEIRS && status == CIB_OK; i++)
		if (side < 0 || side == i) /* what is not needed may be as it likes */
			status = read_version(t, i, &err);
	if (status != CIB_OK)
		return t->write ? merge_lines(t, &err) : cib_fail(&err);
	put_mark(t, &out);
	if (side >= 0)
		cib_buf_add(&out, cib_buf_str(&t->texts[side]), t->texts[side].len);
	else
		code = merge(t, &out) ? CIB_FINDINGS : 0;
	if (!t->write)
		fwrite(cib_buf_str(&out), 1, out.len, stdout);
	else if (cib_file_give_out(t->paths[OURS], cib_buf_str(&out), out.len, &err) != CIB_OK)
		code = cib_fail(&err);
	cib_buf_free(&out);
	return code;
}

int cib_cmd_merge_file(int argc, char **argv)
{
	const char *keep = NULL;
	task t = {0};
	cib_words files = {0};
	const cib_opt opts[] = {
		{"schema", 0, CIB_OPT_TEXT, &t.schema_path, "SCHEMA", N_("a JSON Schema whose x-merge annotations guide the merge")},
		{"write", 'w', CIB_OPT_FLAG, &t.write, NULL, N_("write the result to OURS, as a git merge driver does")},
		{"name", 0, CIB_OPT_TEXT, &t.name, "NAME", N_("what to call the file in messages (a driver's %P)")},
		{"keep", 0, CIB_OPT_TEXT, &keep, "SIDE", N_("in conflicts keep ours or theirs (default)")},
		{"explain", 0, CIB_OPT_FLAG, &t.explain, NULL, N_("say what each side changed, what stands, and why")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &files);
	if (code)
		return code - 1;
	if (files.count != 3)
		code = cib_usage("three files are needed\nusage: cib %s", usage);
	else if (keep && strcmp(keep, "ours") != 0 && strcmp(keep, "theirs") != 0)
		code = cib_usage("--keep takes ours or theirs, not '%s'", keep);
	t.keep = keep && strcmp(keep, "ours") == 0 ? CIB_KEEP_OURS : CIB_KEEP_THEIRS;
	for (size_t i = 0; i < 3 && code == 0; i++)
		t.paths[i] = files.items[i];
	if (code == 0)
		code = run(&t);
	for (int i = BASE; i <= THEIRS; i++) {
		cib_buf_free(&t.texts[i]);
		cJSON_Delete(t.docs[i]);
	}
	cJSON_Delete(t.schema);
	free((void *)(uintptr_t)files.items);
	return code;
}
