/* cib merge-file: merge three versions of a JSON file; also a git merge driver (docs/merge.md). */
#include "cmd.h"
#include "merge/merge.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "merge-file [--schema SCHEMA] [--write] [--explain] BASE OURS THEIRS";

/* How a text is laid out, so that the result looks like its neighbours. */
static cib_json_style style_of(const cJSON *doc, const cib_buf *text, bool *newline)
{
	cib_json_style style = {0};
	*newline = text->len > 0 && text->data[text->len - 1] == '\n';
	if (cib_json_is_canonical(doc, text->data, text->len))
		return style;
	style.keep_order = true;
	const char *line = strchr(text->data, '\n');
	if (!line || !line[1])
		style.compact = true;
	else if (line[1] == '\t')
		style.indent = -1;
	else
		style.indent = (int)strspn(line + 1, " ");
	return style;
}

/* A side: its text and document; an empty file is an absent one, as git gives for a file that both sides added. */
static int read_side(cib_buf *text, cJSON **doc, const char *path, cib_error *err)
{
	int status = cib_file_read(text, path, 0, err);
	if (status == CIB_OK && text->len > 0)
		status = cib_json_read(doc, text->data, text->len, NULL, err);
	if (err && !err->file[0])
		snprintf(err->file, sizeof err->file, "%s", path);
	return status;
}

static void print_conflict(const cib_conflict *c)
{
	static const char *const words[] = {"both sides changed it", "one side removed it, the other changed it", "both sides reordered it", "the merged whole is not valid"};
	fprintf(stderr, "conflict at %s: %s\n  base:   ", *c->pointer ? c->pointer : "the whole document", words[c->kind]);
	cib_print_value(stderr, c->base);
	fputs("\n  ours:   ", stderr);
	cib_print_value(stderr, c->ours);
	fputs("\n  theirs: ", stderr);
	cib_print_value(stderr, c->theirs);
	fputc('\n', stderr);
}

/* What each side changed, and what became of it. */
static void explain(const cJSON *base, const cJSON *side, const char *name, const cJSON *merged)
{
	static const char *const words[] = {"added", "removed", "changed"};
	cJSON *empty = cJSON_CreateObject();
	cib_json_changes changes = {0};
	cib_json_diff(&changes, base ? base : empty, side ? side : empty, NULL);
	for (size_t i = 0; i < changes.count; i++) {
		const cib_json_change *c = &changes.items[i];
		const cJSON *now = merged ? cib_json_at(merged, c->pointer) : NULL;
		bool taken = c->after ? now && cib_json_equal(now, c->after) : !now;
		fprintf(stderr, "%s %s %s: %s\n", name, words[c->op], c->pointer, taken ? "taken" : "joined or set aside");
	}
	cib_json_changes_free(&changes);
	cJSON_Delete(empty);
}

int cib_cmd_merge_file(int argc, char **argv)
{
	const char *schema_path = NULL;
	bool write = false, tell = false;
	cib_words files = {0};
	const cib_opt opts[] = {
		{"schema", 0, CIB_OPT_TEXT, &schema_path, "SCHEMA", "a JSON Schema whose x-merge annotations guide the merge"},
		{"write", 'w', CIB_OPT_FLAG, &write, NULL, "write the result to OURS, as a git merge driver does"},
		{"explain", 0, CIB_OPT_FLAG, &tell, NULL, "say what each side changed and what was done with it"},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &files);
	if (code)
		return code - 1;
	if (files.count != 3)
		return cib_usage("three files are needed\nusage: cib %s", usage);
	cib_error err = CIB_ERROR_INIT;
	cib_buf texts[3] = {CIB_BUF_INIT, CIB_BUF_INIT, CIB_BUF_INIT}, out = CIB_BUF_INIT;
	cJSON *docs[3] = {NULL, NULL, NULL}, *schema = NULL, *merged = NULL;
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	int status = schema_path ? cib_json_read_file(&schema, schema_path, &err) : CIB_OK;
	for (size_t i = 0; i < 3 && status == CIB_OK; i++)
		status = read_side(&texts[i], &docs[i], files.items[i], &err);
	if (status != CIB_OK) {
		code = cib_fail(&err);
		goto done;
	}
	cib_merge_rules *rules = schema ? cib_merge_rules_new(schema) : NULL;
	cib_merge_options options = {rules, CIB_KEEP_THEIRS};
	cib_merge(&merged, docs[0], docs[1], docs[2], &options, &conflicts);
	cib_merge_rules_free(rules);
	if (merged) {
		bool newline;
		size_t like = docs[1] ? 1 : 2;
		cib_json_style style = style_of(docs[like], &texts[like], &newline);
		cib_json_write(&out, merged, &style);
		while (out.len && out.data[out.len - 1] == '\n')
			out.len--;
		if (newline)
			cib_buf_addc(&out, '\n');
	}
	if (tell) {
		explain(docs[0], docs[1], "ours", merged);
		explain(docs[0], docs[2], "theirs", merged);
	}
	for (size_t i = 0; i < conflicts.count; i++)
		print_conflict(&conflicts.items[i]);
	code = conflicts.count ? CIB_FINDINGS : 0;
	if (!write)
		fwrite(cib_buf_str(&out), 1, out.len, stdout);
	else if (cib_file_write(files.items[1], cib_buf_str(&out), out.len, &err) != CIB_OK)
		code = cib_fail(&err);
done:
	for (size_t i = 0; i < 3; i++) {
		cib_buf_free(&texts[i]);
		cJSON_Delete(docs[i]);
	}
	cib_buf_free(&out);
	cib_conflicts_free(&conflicts);
	cJSON_Delete(schema);
	cJSON_Delete(merged);
	free((void *)(uintptr_t)files.items);
	return code;
}
