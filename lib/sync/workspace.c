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
	free(ws);
}

int cib_workspace_reload(cib_workspace *ws, cib_error *err)
{
	cib_network *net = NULL;
	int status = cib_store_ref_get(&ws->tip, ws->store, ws->branch, err);
	if (status == CIB_OK)
		status = cib_network_load(&net, ws->store, &ws->tip, err);
	if (status != CIB_OK)
		return status;
	cib_network_free(ws->net);
	ws->net = net;
	return CIB_OK;
}

static char *config_path(const char *git_dir)
{
	return cib_format("%s/cib/config.json", git_dir);
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
		if (!ws->url || !ws->user || !ws->branch)
			status = cib_error_set(err, CIB_DAMAGED, "workspace.config", "the configuration of this copy is not complete");
	}
	cJSON_Delete(c);
	return status;
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
	*out = ws;
	return CIB_OK;
}

/* ---- joining ---- */

static bool is_usable(const char *dir)
{
	DIR *d = opendir(dir);
	bool empty = true;
	if (!d)
		return errno == ENOENT;
	for (const struct dirent *e; empty && (e = readdir(d));)
		empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
	closedir(d);
	return empty;
}

static void remove_tree(const char *path)
{
	DIR *d = opendir(path);
	if (!d)
		return;
	for (const struct dirent *e; (e = readdir(d));) {
		struct stat st;
		char *inner = cib_format("%s/%s", path, e->d_name);
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && lstat(inner, &st) == 0) {
			if (S_ISDIR(st.st_mode))
				remove_tree(inner);
			else
				unlink(inner);
		}
		free(inner);
	}
	closedir(d);
	rmdir(path);
}

static int choose_member(cib_workspace *ws, const char *member, cib_error *err)
{
	cib_network *net = NULL;
	cib_oid main_tip;
	int status = cib_store_ref_get(&main_tip, ws->store, CENTRAL_MAIN, err);
	if (status == CIB_NOTFOUND) {
		status = cib_error_set(err, CIB_NOTFOUND, "join.empty", "there is no network at that address");
		cib_error_hint(err, "ask the secretariat for the address");
	}
	if (status == CIB_OK)
		status = cib_network_load(&net, ws->store, &main_tip, err);
	if (status != CIB_OK)
		return status;
	cib_access a = cib_network_access(net, ws->user, (int64_t)time(NULL));
	bool none = strcmp(cib_network_review_policy(net), "none") == 0;
	if (a.role == CIB_ROLE_SECRETARIAT) {
		ws->branch = cib_strdup("refs/heads/main");
	} else if (a.role == CIB_ROLE_STAFF && (!member || strcmp(member, a.member) == 0)) {
		ws->member = cib_strdup(a.member);
		ws->branch = none ? cib_strdup("refs/heads/main") : cib_format("refs/heads/members/%s", a.member);
	} else {
		status = cib_error_set(err, CIB_USAGE, "join.user", "the network does not know the user %s%s%s", ws->user, member ? " as staff of " : "", member ? member : "");
		cib_error_hint(err, "ask the secretariat to run: cib access add %s --role staff --member MEMBER", ws->user);
	}
	cib_network_free(net);
	return status;
}

int cib_workspace_join(cib_workspace **out, const char *url, const char *dir, const char *user, const char *member,
                       const cib_sync_options *options, cib_error *err)
{
	*out = NULL;
	if (!is_usable(dir)) {
		int status = cib_error_set(err, CIB_USAGE, "join.not-empty", "the folder %s is there already and not empty", dir);
		cib_error_hint(err, "name another: cib join %s DIR", url);
		return status;
	}
	bool existed = access(dir, F_OK) == 0;
	cib_workspace *ws = cib_alloc(sizeof *ws);
	struct stat st;
	bool local = !strstr(url, "://") && stat(url, &st) == 0; /* a path is kept absolute: it is used from other folders */
	char *real = local ? realpath(url, NULL) : NULL;
	cib_oid none = {{0}}, tip;
	ws->url = real ? real : cib_strdup(url);
	ws->user = cib_strdup(user);
	int status = cib_store_init(&ws->store, dir, false, "refs/heads/main", err);
	cib_refspec first = {"refs/heads/main", CENTRAL_MAIN};
	if (status == CIB_OK)
		status = cib_store_fetch(ws->store, ws->url, &first, 1, &options->remote, err);
	if (status == CIB_OK)
		status = choose_member(ws, member, err);
	if (status == CIB_OK && ws->member && strcmp(ws->branch, "refs/heads/main") != 0) {
		cib_refspec own = {ws->branch, CENTRAL_OWN};
		status = cib_store_fetch(ws->store, ws->url, &own, 1, &options->remote, err);
	}
	if (status == CIB_OK && cib_store_ref_get(&tip, ws->store, CENTRAL_OWN, NULL) != CIB_OK)
		status = cib_store_ref_get(&tip, ws->store, CENTRAL_MAIN, err);
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, ws->branch, &tip, NULL, err);
	if (status == CIB_OK) {
		char *head = cib_format("%s/HEAD", cib_store_git_dir(ws->store)), *text = cib_format("ref: %s\n", ws->branch);
		status = cib_file_write(head, text, strlen(text), err);
		free(head);
		free(text);
	}
	ws->root = realpath(dir, NULL);
	if (status == CIB_OK)
		status = cib_workspace_reload(ws, err);
	if (status == CIB_OK)
		status = cib_checkout(ws, &none, NULL, err);
	if (status == CIB_OK)
		status = write_config(ws, err);
	if (status != CIB_OK) {
		cib_workspace_free(ws);
		remove_tree(dir);
		if (existed)
			mkdir(dir, 0777);
		return status;
	}
	*out = ws;
	return CIB_OK;
}

int cib_commit_own(cib_oid *out, cib_workspace *ws, const cib_oid *tree, const cib_oid *parents, size_t count, const char *message, cib_error *err)
{
	char *name = cib_format("%s %s", ws->member ? ws->member : "secretariat", ws->user);
	char *email = cib_format("%s@%s.cib.invalid", ws->user, ws->member ? ws->member : "secretariat");
	int status = cib_store_commit_write(out, ws->store, tree, parents, count, name, email, message, err);
	free(name);
	free(email);
	return status;
}
