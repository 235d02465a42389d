/* When the network gave one's organisation another name: the copy goes along. Its branch, its folder and what was not
 * saved yet move to the new name; nothing of the old folder is left behind unseen. */
#include "sync/private.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef struct {
	cib_workspace *ws;
	const char *old;
	const cib_oid *before; /* the tip on which the old folder's files were written */
	cib_sync_report *report;
	cib_error *err;
} follow;

/* A file that is still in the old folder is an edit that was not saved: join it with the entry at its new place, or move it there. */
static int take_file_along(follow *f, const char *old_path, const char *new_path)
{
	cib_workspace *ws = f->ws;
	cib_buf text = CIB_BUF_INIT;
	cJSON *base = NULL, *ours = NULL, *theirs = NULL;
	cib_oid was = {{0}}, now = {{0}};
	unsigned mode;
	char *from = cib_work_file(ws, old_path), *to = cib_work_file(ws, new_path);
	bool begun = false;
	int status = cib_file_read(&text, from, 0, f->err);
	if (status == CIB_OK)
		status = cib_draft_base_get(&begun, &was, ws, old_path, f->err);
	if (!begun) /* what came in since it was begun is not joined with it yet */
		cib_store_tree_get(&was, &mode, ws->store, f->before, old_path, NULL);
	cib_store_tree_get(&now, &mode, ws->store, &ws->tip, new_path, NULL);
	bool readable = status == CIB_OK && cib_json_read(&ours, text.data, text.len, NULL, NULL) == CIB_OK && cib_read_entry(&base, ws->store, &was, NULL) == CIB_OK &&
	                cib_read_entry(&theirs, ws->store, &now, NULL) == CIB_OK;
	const char *owner = cib_json_string(ours, "owner");
	if (readable && owner && strcmp(owner, f->old) == 0)
		cib_json_set(ours, "owner", cJSON_CreateString(ws->member));
	if (status == CIB_OK && readable && theirs)
		status = cib_join_edit(ws, new_path, base, ours, theirs, f->report, f->err);
	else if (status == CIB_OK && readable)
		status = cib_workspace_write(ws, new_path, ours, f->err);
	else if (status == CIB_OK) {
		char *slash = strrchr(to, '/');
		*slash = '\0';
		status = cib_mkdirs(to, f->err);
		*slash = '/';
		if (status == CIB_OK)
			status = cib_file_write(to, text.data, text.len, f->err);
		if (status == CIB_OK && !cib_oid_is_zero(&was))
			status = cib_draft_base_keep(ws, new_path, &was, f->err);
	}
	if (status == CIB_OK)
		status = cib_file_remove(from, f->err);
	cJSON_Delete(base);
	cJSON_Delete(ours);
	cJSON_Delete(theirs);
	cib_buf_free(&text);
	free(from);
	free(to);
	return status;
}

static int take_folder_along(follow *f, const char *old_path, const char *new_path, int depth)
{
	struct dirent **names = NULL;
	char *folder = cib_work_file(f->ws, old_path);
	int n = depth > 8 ? -1 : scandir(folder, &names, NULL, alphasort), status = CIB_OK;
	for (int i = 0; i < n; i++) {
		struct stat st;
		char *from = cib_format("%s/%s", old_path, names[i]->d_name), *to = cib_format("%s/%s", new_path, names[i]->d_name), *file = cib_work_file(f->ws, from);
		if (status == CIB_OK && strcmp(names[i]->d_name, ".") != 0 && strcmp(names[i]->d_name, "..") != 0 && lstat(file, &st) == 0) {
			if (S_ISDIR(st.st_mode))
				status = take_folder_along(f, from, to, depth + 1);
			else if (S_ISREG(st.st_mode))
				status = take_file_along(f, from, to);
		}
		free(from);
		free(to);
		free(file);
		free(names[i]);
	}
	if (status == CIB_OK)
		rmdir(folder); /* when it is empty by now */
	free(names);
	free(folder);
	return status;
}

/* The tree of the tip, its old folder as main has it. What was saved there after the new name came in (on a stick) lies in the working folder,
 * too, and goes along with what was not saved. */
static int leave_old_folder(cib_oid *tree, cib_workspace *ws, const char *old, const cib_oid *main_tip, cib_error *err)
{
	char *folder = cib_format("members/%s", old);
	cib_tree_entry edit = {folder, 0, {{0}}};
	if (cib_store_tree_get(&edit.oid, &edit.mode, ws->store, main_tip, folder, NULL) != CIB_OK)
		edit.mode = 0;
	int status = cib_store_tree_edit(tree, ws->store, &ws->tip, &edit, 1, err);
	free(folder);
	return status;
}

/* What was saved and not sent stands in commits on the old folder, which nobody of the new name may write: the new
 * branch begins at main with one commit that holds all of it. The old commits stay under refs/cib/rescue/. */
static int begin_anew(cib_workspace *ws, const char *old, cib_oid *tip, cib_error *err)
{
	cib_oid main_tip, tree;
	int status = cib_store_ref_get(&main_tip, ws->store, CENTRAL_MAIN, err);
	*tip = ws->tip;
	if (status != CIB_OK || cib_oid_equal(&main_tip, &ws->tip))
		return status;
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, &ws->tip);
	char *rescue = cib_format("refs/cib/rescue/%lld-%.12s", (long long)time(NULL), hex); /* two within a second are two */
	status = cib_store_ref_set(ws->store, rescue, &ws->tip, NULL, err);
	if (status == CIB_OK)
		status = leave_old_folder(&tree, ws, old, &main_tip, err);
	if (status == CIB_OK)
		status = cib_commit_own(tip, ws, &tree, &main_tip, 1, "Bring along what was not sent yet\n", err);
	free(rescue);
	return status;
}

static int move_branch(cib_workspace *ws, const char *old_member, const char *member, cib_error *err)
{
	cib_oid tip, seen;
	char *branch = cib_format("refs/heads/members/%s", member), *old = ws->branch;
	free(ws->member);
	ws->member = cib_strdup(member);
	int status = begin_anew(ws, old_member, &tip, err);
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, branch, &tip, NULL, err);
	if (status == CIB_OK && cib_store_ref_get(&seen, ws->store, CENTRAL_OWN, NULL) == CIB_OK) /* of the old branch */
		status = cib_store_ref_delete(ws->store, CENTRAL_OWN, err);
	if (status != CIB_OK) {
		free(branch);
		return status;
	}
	ws->branch = branch;
	ws->tip = tip;
	free(old);
	return cib_workspace_keep_config(ws, err);
}

int cib_follow_finish(cib_workspace *ws, const char *old, const cib_oid *before, cib_sync_report *report, cib_error *err)
{
	const cib_oid nothing = {{0}};
	char *from = cib_format("members/%s", old), *to = cib_format("members/%s", ws->member);
	follow f = {ws, old, before, report, err};
	int status = cib_checkout(ws, &nothing, report, err);
	if (status == CIB_OK)
		status = take_folder_along(&f, from, to, 0);
	if (status == CIB_OK)
		cib_note(report, N_("the network now calls your organisation %s; your entries are in %s/"), ws->member, to);
	free(from);
	free(to);
	return status;
}

int cib_follow_member(bool *moved, cib_workspace *ws, const cib_oid *before, cib_sync_report *report, cib_error *err)
{
	*moved = false;
	if (!ws->member)
		return CIB_OK;
	cib_access a = cib_network_access(ws->net, ws->user, (int64_t)time(NULL));
	if (a.role != CIB_ROLE_STAFF || strcmp(a.member, ws->member) == 0)
		return CIB_OK;
	char *old = cib_strdup(ws->member), *member = cib_strdup(a.member);
	int status = cib_journal_follow(ws, old, before, err);
	if (status == CIB_OK && !cib_on_main(ws)) {
		status = move_branch(ws, old, member, err);
	} else if (status == CIB_OK) {
		free(ws->member);
		ws->member = cib_strdup(member);
		status = cib_workspace_keep_config(ws, err);
	}
	if (status == CIB_OK)
		status = cib_follow_finish(ws, old, before, report, err);
	if (status == CIB_OK)
		status = cib_journal_done(ws, err);
	*moved = status == CIB_OK;
	free(old);
	free(member);
	return status;
}
