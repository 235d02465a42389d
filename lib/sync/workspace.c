/* The workspace: joining, opening, and the configuration in <git dir>/cib/config.json. */
#include "sync/private.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void cib_workspace_free(cib_workspace *ws)
{
	if (!ws)
		return;
	cib_network_free(ws->net);
	cib_store_free(ws->store);
	free(ws->root);
	free(ws->url);
	free(ws->user);
	free(ws->member);
	free(ws->branch);
	free(ws->key);
	free(ws->not_signed);
	cib_lock_release(ws->hold);
	free(ws);
}

bool cib_on_main(const cib_workspace *ws)
{
	return strcmp(ws->branch, "refs/heads/main") == 0;
}

static char *config_path(const char *git_dir)
{
	return cib_format("%s/cib/config.json", git_dir);
}

static void replace(char **text, const char *by)
{
	if (strcmp(*text, by) == 0) /* NOLINT(clang-analyzer-core.NonNullParamChecker): a copy that is open has both */
		return;
	char *copy = cib_strdup(by);
	free(*text);
	*text = copy;
}

void cib_workspace_follow(cib_workspace *ws)
{
	cJSON *c = NULL;
	char *path = config_path(cib_store_git_dir(ws->store));
	const char *branch = cib_json_read_file(&c, path, NULL) == CIB_OK ? cib_json_string(c, "branch") : NULL, *member = cib_json_string(c, "member");
	if (branch && member && ws->member) {
		replace(&ws->branch, branch);
		replace(&ws->member, member);
	}
	cJSON_Delete(c);
	free(path);
}

int cib_workspace_reload(cib_workspace *ws, cib_error *err)
{
	cib_network *net = NULL;
	cib_workspace_follow(ws);
	int status = cib_store_ref_get(&ws->tip, ws->store, ws->branch, err);
	if (status == CIB_OK && ws->net && cib_network_move(ws->net, &ws->tip))
		return CIB_OK;
	if (status == CIB_OK)
		status = cib_network_load(&net, ws->store, &ws->tip, err);
	if (status != CIB_OK)
		return status;
	cib_network_free(ws->net);
	ws->net = net;
	return CIB_OK;
}

static int write_config(const cib_workspace *ws, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON *c = cJSON_CreateObject();
	char *path = config_path(cib_store_git_dir(ws->store)), *dir = cib_format("%s/cib", cib_store_git_dir(ws->store));
	cJSON_AddStringToObject(c, "url", ws->url);
	cJSON_AddStringToObject(c, "user", ws->user);
	if (ws->member)
		cJSON_AddStringToObject(c, "member", ws->member);
	cJSON_AddStringToObject(c, "branch", ws->branch);
	if (ws->key)
		cJSON_AddStringToObject(c, "key", ws->key);
	cib_json_write(&text, c, NULL);
	int status = cib_mkdirs(dir, err);
	if (status == CIB_OK)
		status = cib_file_write(path, text.data, text.len, err);
	cib_buf_free(&text);
	cJSON_Delete(c);
	free(path);
	free(dir);
	return status;
}

int cib_workspace_write_head(const cib_workspace *ws, cib_error *err)
{
	char *head = cib_format("%s/HEAD", cib_store_git_dir(ws->store)), *text = cib_format("ref: %s\n", ws->branch);
	int status = cib_file_write(head, text, strlen(text), err);
	free(head);
	free(text);
	return status;
}

int cib_workspace_keep_config(const cib_workspace *ws, cib_error *err)
{
	int status = write_config(ws, err);
	return status == CIB_OK ? cib_workspace_write_head(ws, err) : status;
}

static int read_config(cib_workspace *ws, cib_error *err)
{
	cJSON *c = NULL;
	char *path = config_path(cib_store_git_dir(ws->store));
	int status = cib_json_read_file(&c, path, err);
	free(path);
	if (status == CIB_OK) {
		ws->url = cib_strdup(cib_json_string(c, "url"));
		ws->user = cib_strdup(cib_json_string(c, "user"));
		ws->member = cib_strdup(cib_json_string(c, "member"));
		ws->branch = cib_strdup(cib_json_string(c, "branch"));
		ws->key = cib_strdup(cib_json_string(c, "key"));
		if (!ws->url || !ws->user || !ws->branch)
			status = cib_error_set(err, CIB_DAMAGED, "workspace.config", "the configuration of this copy is not complete");
	}
	cJSON_Delete(c);
	return status;
}

/* A command that was killed in its midst left the folder between two commits: go on first. Where that cannot be done now
 * (another cib is at it, the disk is full), reading commands go on with what there is; save and sync say so. */
static void finish_interrupted(cib_workspace *ws)
{
	cib_lock *lock = NULL;
	if (cib_journal_open(ws) && cib_store_lock(&lock, ws->store, 2000, NULL) == CIB_OK && cib_workspace_reload(ws, NULL) == CIB_OK)
		cib_journal_finish(ws, NULL, NULL);
	cib_lock_release(lock);
}

int cib_workspace_open(cib_workspace **out, const char *dir, cib_error *err)
{
	*out = NULL;
	char *root = realpath(dir, NULL);
	for (; root; *strrchr(root, '/') = '\0') {
		char *git = cib_format("%s/.git", root), *config = config_path(git);
		bool here = access(config, F_OK) == 0;
		free(git);
		free(config);
		if (here || !*root)
			break;
	}
	if (!root || !*root) {
		free(root);
		int status = cib_error_set(err, CIB_NOTFOUND, "workspace.none", "this folder is not in a copy of a network");
		cib_error_hint(err, "go to your copy, or get one: cib join URL --user USER");
		return status;
	}
	cib_workspace *ws = cib_alloc(sizeof *ws);
	ws->root = root;
	int status = cib_store_open(&ws->store, root, err);
	if (status == CIB_OK)
		status = read_config(ws, err);
	if (status == CIB_OK)
		status = cib_workspace_reload(ws, err);
	if (status != CIB_OK) {
		cib_workspace_free(ws);
		return status;
	}
	finish_interrupted(ws);
	*out = ws;
	return CIB_OK;
}

int cib_commit_as(cib_oid *out, cib_workspace *ws, const cib_oid *tree, const cib_oid *parents, size_t count, const char *message, bool must_sign, cib_error *err)
{
	cib_signer by = {.key = ws->key, .asking = must_sign ? ws->asking : NULL};
	cib_error why = CIB_ERROR_INIT;
	char *name = cib_format("%s %s", ws->member ? ws->member : "secretariat", ws->user);
	char *email = cib_format("%s@%s.cib.invalid", ws->user, ws->member ? ws->member : "secretariat");
	int status = cib_store_commit_write_signed(out, ws->store, tree, parents, count, name, email, message, &by, &why);
	free(ws->not_signed);
	ws->not_signed = NULL;
	if (must_sign && !ws->key) {
		status = cib_error_set(&why, CIB_REFUSED, "sign.no-key", "no key is set here to sign with");
		cib_error_hint(&why, "cib key use FILE, then cib sync; the secretariat adds the public one: cib key add %s FILE", ws->user);
	} else if (!must_sign && ws->key && status != CIB_OK) { /* an edit is kept in any case */
		ws->not_signed = cib_strdup(why.message);
		cib_error_clear(&why);
		status = cib_store_commit_write(out, ws->store, tree, parents, count, name, email, message, &why);
	}
	if (status != CIB_OK && err)
		*err = why;
	free(name);
	free(email);
	return status;
}

int cib_commit_own(cib_oid *out, cib_workspace *ws, const cib_oid *tree, const cib_oid *parents, size_t count, const char *message, cib_error *err)
{
	return cib_commit_as(out, ws, tree, parents, count, message, false, err);
}

int cib_keep_rescue(cib_workspace *ws, const cib_oid *oid, cib_error *err)
{
	int status = CIB_BUSY;
	for (int i = 0; i < 100 && status == CIB_BUSY; i++) { /* several in one second */
		char *ref = i ? cib_format("refs/cib/rescue/%lld.%d", (long long)time(NULL), i) : cib_format("refs/cib/rescue/%lld", (long long)time(NULL));
		status = cib_store_ref_set(ws->store, ref, oid, &(cib_oid){{0}}, err);
		free(ref);
	}
	return status;
}

int cib_workspace_use_key(cib_workspace *ws, const char *key, cib_error *err)
{
	char *copy = cib_strdup(key);
	free(ws->key);
	ws->key = copy;
	return write_config(ws, err);
}

void cib_workspace_accepted(cib_oid *out, const cib_workspace *ws)
{
	if (cib_store_ref_get(out, ws->store, CENTRAL_MAIN, NULL) != CIB_OK)
		*out = ws->tip;
}
