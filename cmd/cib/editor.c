/* The person's editor, and the text that stands in it: <git dir>/cib/editor/<name>.json, beside it <name>.base, what the text was
 * before (its first line names the entry's file) and, while somebody edits it, the lock <name>.busy. They are there until the text is taken in, or given up: after
 * a kill, a closed terminal or a full disk the next `cib edit` goes on with that text. */
#include "editor.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *editor(void)
{
	const char *e = getenv("VISUAL");
	if (!e || !*e)
		e = getenv("EDITOR");
	if ((!e || !*e) && isatty(STDIN_FILENO))
		e = "vi";
	return e && *e ? e : NULL;
}

static char *folder_of(const cib_workspace *ws)
{
	return cib_format("%s/cib/editor", cib_store_git_dir(ws->store));
}

/* Where an entry of the own folder stands by now, when the network gave the organisation another name since. */
static char *own_path(const cib_workspace *ws, const char *path, size_t len)
{
	const char *rest = ws->member && len > 8 && strncmp(path, "members/", 8) == 0 ? memchr(path + 8, '/', len - 8) : NULL;
	return rest ? cib_format("members/%s%.*s", ws->member, (int)(len - (size_t)(rest - path)), rest) : cib_strndup(path, len);
}

/* What was there before, from the file beside the text. */
static int read_base(const cib_workspace *ws, char **path, cib_buf *base, const char *file, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	int status = cib_file_read(&text, file, 0, err);
	const char *end = status == CIB_OK ? memchr(cib_buf_str(&text), '\n', text.len) : NULL;
	if (end) {
		*path = own_path(ws, text.data, (size_t)(end - text.data));
		cib_buf_clear(base);
		cib_buf_add(base, end + 1, text.len - (size_t)(end + 1 - text.data));
	} else if (status == CIB_OK) {
		status = cib_error_set(err, CIB_DAMAGED, "edit.base", "%s is not what cib wrote there", file);
	}
	cib_buf_free(&text);
	return status;
}

/* Is the text in the entry's file already? Then it was interrupted after that. */
static bool is_taken(cib_workspace *ws, const char *path, const cib_buf *text)
{
	cib_buf there = CIB_BUF_INIT, canonical = CIB_BUF_INIT;
	cJSON *doc = NULL;
	bool taken = cib_workspace_read(&there, ws, path, NULL) == CIB_OK;
	if (taken && !cib_buf_equal(&there, text)) {
		if (cib_json_read(&doc, text->data, text->len, NULL, NULL) == CIB_OK)
			cib_json_write(&canonical, doc, NULL);
		taken = cib_buf_equal(&canonical, &there);
	}
	cJSON_Delete(doc);
	cib_buf_free(&canonical);
	cib_buf_free(&there);
	return taken;
}

/* The text and the base of an edit that was interrupted: is it one that changed something? */
static bool is_left(cib_workspace *ws, char **path, cib_buf *text, cib_buf *base, const char *file, const char *base_file)
{
	*path = NULL;
	return cib_file_read(text, file, 0, NULL) == CIB_OK && read_base(ws, path, base, base_file, NULL) == CIB_OK && *path &&
	       !cib_buf_equal(text, base) && !is_taken(ws, *path, text);
}

static int write_new(const cib_editing *e, const char *path, const cib_buf *text, cib_error *err)
{
	cib_buf base = CIB_BUF_INIT;
	cib_buf_addf(&base, "%s\n", path);
	cib_buf_add(&base, text->data, text->len);
	/* A text without its base would belong to nothing. */
	int status = cib_file_write(e->base_file, base.data, base.len, err);
	if (status == CIB_OK)
		status = cib_file_write(e->file, text->data, text->len, err);
	cib_buf_free(&base);
	return status;
}

static int begin_held(cib_editing *e, const char *path, cib_buf *text, const char *folder, cib_error *err)
{
	char *busy = cib_format("%s/%s.busy", folder, e->name), *there = NULL;
	cib_buf left = CIB_BUF_INIT;
	int status = cib_lock_acquire(&e->lock, busy, 0, err);
	if (status == CIB_BUSY) {
		cib_error_set(err, CIB_BUSY, "edit.busy", "%s is open in another editor", e->name);
		cib_error_hint(err, "end that one first");
	} else if (status == CIB_OK && is_left(e->ws, &there, &left, &e->base, e->file, e->base_file) && strcmp(there, path) == 0) {
		e->again = true;
		cib_buf_clear(text);
		cib_buf_add(text, left.data, left.len);
	} else if (status == CIB_OK) {
		cib_buf_clear(&e->base);
		cib_buf_add(&e->base, text->data, text->len);
		status = write_new(e, path, text, err);
	}
	free(busy);
	free(there);
	cib_buf_free(&left);
	return status;
}

int cib_edit_begin(cib_editing *out, cib_workspace *ws, const char *path, const char *name, cib_buf *text, cib_error *err)
{
	*out = (cib_editing){.ws = ws, .name = cib_strdup(name)};
	char *folder = folder_of(ws);
	out->file = cib_format("%s/%s.json", folder, name);
	out->base_file = cib_format("%s/%s.base", folder, name);
	int status = editor() ? cib_mkdirs(folder, err) : cib_error_set(err, CIB_USAGE, "edit.none", "there is no editor: set EDITOR, or use cib set and cib new KIND /field=value");
	if (status == CIB_OK)
		status = cib_workspace_hold(ws, err);
	if (status == CIB_OK) {
		cib_file_clean(folder);
		status = begin_held(out, path, text, folder, err);
		cib_workspace_release(ws);
	}
	free(folder);
	return status;
}

int cib_edit_run(cib_editing *e, cib_buf *text, cib_error *err)
{
	setenv("CIB_EDIT_FILE", e->file, 1);
	char *command = cib_format("%s \"$CIB_EDIT_FILE\"", editor());
	int code = system(command), status = CIB_OK;
	free(command);
	int exit_code = code != -1 && WIFEXITED(code) ? WEXITSTATUS(code) : 255;
	if (exit_code == 126 || exit_code == 127) { /* the shell's own words for it stand above */
		status = cib_error_set(err, CIB_USAGE, "edit.start", "the editor could not be started: %s", editor());
		cib_error_hint(err, "set EDITOR to a program that there is; what was being edited is kept");
	} else if (exit_code > 128) {
		status = cib_error_set(err, CIB_CANCELLED, "edit.broken", "the editor broke off; the text is kept as the editor left it");
		cib_error_hint(err, "go on with it: cib edit %s", e->name);
	} else if (code != 0) {
		e->given_up = true;
		status = cib_error_set(err, CIB_CANCELLED, "edit.editor", "the editor ended with an error; nothing was changed");
	} else {
		status = cib_file_read(text, e->file, 0, err);
	}
	return status;
}

void cib_edit_end(cib_editing *e, bool taken)
{
	if (e->lock && cib_workspace_hold(e->ws, NULL) == CIB_OK) {
		char *busy = cib_strndup(e->file, strlen(e->file) - strlen("json"));
		char *lock = cib_format("%sbusy", busy);
		if (taken || e->given_up) { /* the text first: a base alone is nothing */
			unlink(e->file);
			unlink(e->base_file);
		}
		unlink(lock);
		free(busy);
		free(lock);
		cib_workspace_release(e->ws);
	}
	cib_lock_release(e->lock);
	cib_buf_free(&e->base);
	free(e->name);
	free(e->file);
	free(e->base_file);
	*e = (cib_editing){0};
}

char *cib_edit_left(cib_workspace *ws, const char *name)
{
	char *folder = folder_of(ws), *file = cib_format("%s/%s.json", folder, name), *base_file = cib_format("%s/%s.base", folder, name), *path = NULL;
	cib_buf text = CIB_BUF_INIT, base = CIB_BUF_INIT;
	if (!is_left(ws, &path, &text, &base, file, base_file) || *path == CIB_EDIT_PART) {
		free(path);
		path = NULL;
	}
	cib_buf_free(&text);
	cib_buf_free(&base);
	free(folder);
	free(file);
	free(base_file);
	return path;
}

void cib_edit_print_left(FILE *stream, cib_workspace *ws)
{
	char *folder = folder_of(ws);
	struct dirent **names = NULL;
	int n = scandir(folder, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		size_t len = strlen(names[i]->d_name);
		if (len > 5 && strcmp(names[i]->d_name + len - 5, ".json") == 0) {
			char *name = cib_strndup(names[i]->d_name, len - 5), *busy = cib_format("%s/%s.busy", folder, name), *path = cib_edit_left(ws, name);
			cib_lock *lock = NULL;
			bool is_open = access(busy, F_OK) == 0 && cib_lock_acquire(&lock, busy, 0, NULL) != CIB_OK;
			cib_lock_release(lock);
			if (path && !is_open) {
				char *line = cib_format(_("Text that was being edited is kept; go on with it: cib edit %s\n"), name);
				cib_print_clean(stream, line);
				free(line);
			}
			free(name);
			free(busy);
			free(path);
		}
		free(names[i]);
	}
	free(names);
	free(folder);
}
