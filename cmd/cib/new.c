/* cib new and cib edit: make an entry from flags, from a file or in the editor; change one in the editor. */
#include "editor.h"
#include "network/template.h"

#include <stdlib.h>
#include <string.h>

static const char new_usage[] = "new KIND [/field=value...] [--file FILE] [--edit]";
static const char edit_usage[] = "edit ID";

/* Did another program write or remove the file since the text was made from it? Then text that is no JSON, which cannot be joined, does not take its place. */
static bool is_as_it_was(cib_workspace *ws, const char *path, const cib_kind *new_of, const cib_buf *base)
{
	cib_buf now = CIB_BUF_INIT;
	int status = cib_workspace_read(&now, ws, path, NULL);
	bool same = status == CIB_NOTFOUND ? new_of != NULL : status == CIB_OK && cib_buf_equal(&now, base);
	cib_buf_free(&now);
	return same;
}

/* Text that is no JSON becomes the draft that it is. */
static int write_text(const cib_workspace *ws, const char *path, const char *id, const cib_buf *text, cib_error *why)
{
	char *file = cib_format("%s/%s", ws->root, path), *slash = strrchr(file, '/');
	cib_error io = CIB_ERROR_INIT;
	*slash = '\0';
	int status = cib_mkdirs(file, &io);
	*slash = '/';
	if (status == CIB_OK)
		status = cib_file_write(file, text->data, text->len, &io);
	snprintf(why->file, sizeof why->file, "%s", path);
	cib_error_hint(why, "your text is kept in that file; mend it with: cib edit %s", id);
	free(file);
	return status == CIB_OK ? cib_fail(why) : cib_fail(&io);
}

/* The error `why` is told in any case. */
static int keep_text(bool *taken, cib_workspace *ws, const char *path, const char *id, const cib_kind *new_of, const cib_editing *e, const cib_buf *text, cib_error *why)
{
	cib_error err = CIB_ERROR_INIT;
	if (cib_workspace_hold(ws, &err) != CIB_OK)
		return cib_fail(&err);
	*taken = is_as_it_was(ws, path, new_of, &e->base);
	int code = *taken ? write_text(ws, path, id, text, why) : cib_fail(why);
	*taken = *taken && code == CIB_FINDINGS;
	cib_workspace_release(ws);
	return code;
}

/* What came back from the editor. *taken: it is in the entry's file, or equals what was there. */
static int take_text(bool *taken, cib_workspace *ws, const char *path, const char *id, const cib_kind *new_of, const cib_editing *e, cib_buf *text)
{
	cib_error err = CIB_ERROR_INIT;
	cJSON *doc = NULL;
	int code = 0;
	if (cib_buf_equal(text, &e->base)) {
		fputs(_("Nothing was changed.\n"), stderr);
		*taken = true;
		return 0;
	}
	cib_template_strip(text);
	int status = cib_json_read(&doc, text->data, text->len, NULL, &err);
	char *here = cib_strdup(path);
	cib_workspace_here(&here, doc, ws);
	if (status == CIB_OK) {
		if (new_of && cJSON_IsObject(doc))
			cib_template_drop_blanks(doc, new_of);
		code = cib_take_entry(ws, here, new_of ? NULL : &e->base, doc);
		*taken = code == 0 || (code == CIB_FINDINGS && ws->member);
	} else {
		code = keep_text(taken, ws, here, id, new_of, e, text, &err);
	}
	cJSON_Delete(doc);
	free(here);
	return code;
}

/* Let the person edit `text` until it is an entry; text that is no JSON is kept as the draft it is. new_of: it is a template of
 * this kind, from which blanks are dropped; NULL: it is an entry that there was. */
static int edit_text(cib_workspace *ws, const char *path, const char *id, const cib_kind *new_of, cib_buf *text)
{
	cib_error err = CIB_ERROR_INIT;
	cib_editing e;
	bool taken = false;
	int code, status = cib_edit_begin(&e, ws, path, id, text, &err);
	if (status == CIB_OK && e.again)
		fputs(_("This is the text of an edit that was interrupted.\n"), stderr);
	if (status == CIB_OK)
		status = cib_edit_run(&e, text, &err);
	code = status == CIB_OK ? take_text(&taken, ws, path, id, new_of, &e, text) : cib_fail(&err);
	if (status == CIB_OK && !taken)
		fprintf(stderr, _("Your text is kept; go on with it: cib edit %s\n"), id);
	cib_edit_end(&e, taken);
	return code;
}

/* The language in which this person will write: the terminal's where the network works in it. */
static const char *working_lang(const cib_network *net)
{
	const cJSON *languages = cib_json_get(cib_network_json(net), "languages");
	for (const cJSON *l = languages ? languages->child : NULL; l; l = l->next)
		if (cJSON_IsString(l) && strcmp(l->valuestring, cib_term_lang()) == 0)
			return l->valuestring;
	return cib_network_lang(net);
}

static int make(cib_workspace *ws, const cib_kind *kind, const cib_words *assignments, const char *file, bool in_editor)
{
	cib_error err = CIB_ERROR_INIT;
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	char id[128];
	int status = CIB_OK, code = 0;
	const cib_schema *schema = cib_network_schema(ws->net, kind, &err);
	if (!schema)
		return cib_fail(&err);
	if (kind->prefix)
		cib_network_new_id(id, kind);
	else
		snprintf(id, sizeof id, "%s", ws->member ? ws->member : "");
	if (file)
		status = cib_json_read_file(&doc, strcmp(file, "-") == 0 ? "/dev/stdin" : file, &err);
	else
		doc = cJSON_CreateObject();
	for (size_t i = 0; i < assignments->count && status == CIB_OK; i++)
		status = cib_assign(&doc, schema, cib_network_rules(ws->net, kind), assignments->items[i], &err);
	if (status == CIB_OK && !cJSON_IsObject(doc))
		status = cib_error_set(&err, CIB_USAGE, "new.object", "an entry is a JSON object");
	if (status != CIB_OK) {
		cJSON_Delete(doc);
		return cib_fail(&err);
	}
	cib_template t = {ws->net, &ws->tip, schema, kind, cib_term_lang(), in_editor ? working_lang(ws->net) : cib_network_lang(ws->net), ws->member};
	cib_template_envelope(doc, &t, id);
	cib_network_path(&path, kind, ws->member, id);
	if (cib_workspace_read(&text, ws, path.data, NULL) == CIB_OK) {
		code = cib_usage("%s is there already; change it with: cib edit %s", id, id);
	} else if (in_editor) {
		cib_template_make(&text, doc, &t);
		code = edit_text(ws, path.data, id, kind, &text);
	} else {
		code = cib_take_entry(ws, path.data, NULL, doc);
	}
	if (code <= CIB_FINDINGS && cib_workspace_read(&text, ws, path.data, NULL) == CIB_OK)
		printf("%s\n", id);
	cJSON_Delete(doc);
	cib_buf_free(&path);
	cib_buf_free(&text);
	return code;
}

int cib_cmd_new(int argc, char **argv)
{
	const char *file = NULL;
	bool in_editor = false;
	cib_words rest = {0}, sets = {0};
	const cib_opt opts[] = {
		{"file", 'f', CIB_OPT_TEXT, &file, "FILE", N_("take the fields from a JSON file (- for standard input)")},
		{"set", 's', CIB_OPT_LIST, &sets, "/FIELD=VALUE", N_("the same as giving /field=value; may be given again")},
		{"edit", 'e', CIB_OPT_FLAG, &in_editor, NULL, N_("open a template in the editor (the default without fields)")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, new_usage, opts, &rest);
	if (code)
		return code - 1;
	if (rest.count == 0)
		return cib_usage("which kind of entry?\nusage: cib %s", new_usage);
	for (size_t i = 1; i < rest.count; i++)
		cib_words_add(&sets, rest.items[i]);
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	const cib_kind *kind = cib_network_kind(ws->net, rest.items[0]);
	if (!kind || !kind->folder)
		code = cib_unknown_kind(ws, rest.items[0]);
	else if (!cib_kind_written_by(kind, ws->member != NULL))
		code = cib_usage("entries of the kind %s are written by %s", kind->name, ws->member ? "the secretariat" : "members");
	else
		code = make(ws, kind, &sets, file, in_editor || (!file && sets.count == 0));
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	free((void *)(uintptr_t)sets.items);
	return code;
}

/* An edit that was interrupted: of an entry, or of one that is not there yet. */
static int edit_left(cib_workspace *ws, const char *path, const char *id)
{
	cib_buf text = CIB_BUF_INIT;
	cib_place place;
	cib_network_place(&place, ws->net, path);
	bool fresh = cib_workspace_read(&text, ws, path, NULL) != CIB_OK;
	int code = edit_text(ws, path, id, fresh ? place.kind : NULL, &text);
	cib_buf_free(&text);
	return code;
}

int cib_cmd_edit(int argc, char **argv)
{
	cib_words rest = {0};
	int code = cib_opt_parse(argc, argv, edit_usage, (const cib_opt[]){{0}}, &rest);
	if (code)
		return code - 1;
	if (rest.count != 1)
		return cib_usage("which entry?\nusage: cib %s", edit_usage);
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cib_place place;
	cib_error err = CIB_ERROR_INIT;
	const char *id = rest.items[0];
	char *left = cib_name_ok(id, strlen(id)) ? cib_edit_left(ws, id) : NULL;
	if (left)
		code = edit_left(ws, left, id);
	else if (cib_workspace_find(&path, &place, ws, id, &err) != CIB_OK || cib_workspace_read(&text, ws, path.data, &err) != CIB_OK)
		code = cib_fail(&err);
	else
		code = edit_text(ws, path.data, place.id, NULL, &text);
	free(left);
	cib_buf_free(&path);
	cib_buf_free(&text);
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	return code;
}
