/* Save: commit every own change that is valid, in canonical form. */
#include "network/privacy.h"
#include "sync/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bring a working file into canonical form, and its blob into the store. A file that changed under our hands since it was checked is
 * left alone (*taken: false): the next save sees it. */
static int take_file(bool *taken, cib_oid *blob, cib_workspace *ws, const cib_work_change *change, cib_error *err)
{
	const char *path = change->path;
	cib_oid here = {{0}};
	cib_buf text = CIB_BUF_INIT, now = CIB_BUF_INIT, out = CIB_BUF_INIT;
	cJSON *doc = NULL;
	int status = cib_workspace_hold(ws, err);
	if (status != CIB_OK)
		return status;
	char *file = cib_work_file(ws, path);
	status = cib_file_read(&text, file, 0, err);
	if (status == CIB_OK)
		cib_store_blob_hash(&here, text.data, text.len);
	*taken = status == CIB_OK && cib_oid_equal(&here, &change->checked);
	if (status == CIB_NOTFOUND) {
		cib_error_clear(err);
		status = CIB_OK;
	}
	if (*taken)
		status = cib_json_read(&doc, text.data, text.len, NULL, err);
	if (*taken && status == CIB_OK) {
		cib_json_to_nfc(doc);
		cib_workspace_note_translations(ws, path, doc);
		cib_json_write(&out, doc, NULL);
		status = cib_store_blob_write(blob, ws->store, out.data, out.len, err);
	}
	if (*taken && status == CIB_OK && !cib_buf_equal(&out, &text) && cib_file_read(&now, file, 0, NULL) == CIB_OK && cib_buf_equal(&now, &text))
		status = cib_file_write(file, out.data, out.len, err);
	cib_workspace_release(ws);
	cib_buf_free(&text);
	cib_buf_free(&now);
	cib_buf_free(&out);
	cJSON_Delete(doc);
	free(file);
	return status;
}

static char *make_message(const cib_work_changes *changes)
{
	static const char *const words[] = {"Add", "Change", "Remove"};
	cib_buf b = CIB_BUF_INIT;
	size_t n = 0, shown = 0;
	for (size_t i = 0; i < changes->count; i++) {
		const cib_work_change *c = &changes->items[i];
		const char *name = strrchr(c->path, '/');
		if (c->draft)
			continue;
		n++;
		if (shown == 3)
			continue;
		name = name ? name + 1 : c->path;
		cib_buf_addf(&b, "%s%s %.*s", shown++ ? ", " : "", words[c->kind], (int)strcspn(name, "."), name);
	}
	if (n > shown)
		cib_buf_addf(&b, " and %zu more", n - shown);
	cib_buf_addc(&b, '\n');
	return cib_buf_take(&b);
}

int cib_save_locked(cib_workspace *ws, const char *message, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	cib_work_changes changes = {0};
	cib_tree_entry *edits = NULL;
	size_t count = 0;
	cib_oid tree, commit;
	cib_work_changes_free(&report->left);
	report->drafts = 0;
	int status = cib_drafts_join(ws, report, err);
	if (status == CIB_OK)
		status = cib_workspace_changes(&changes, ws, options->lang, err);
	edits = cib_alloc((changes.count + 1) * sizeof *edits);
	for (size_t i = 0; i < changes.count && status == CIB_OK; i++) {
		cib_work_change *c = &changes.items[i];
		if (c->draft)
			continue;
		bool taken = true;
		edits[count] = (cib_tree_entry){.path = c->path, .mode = c->kind == CIB_CHANGE_REMOVED ? 0 : 0100644};
		if (c->kind != CIB_CHANGE_REMOVED)
			status = take_file(&taken, &edits[count].oid, ws, c, err);
		count += taken;
	}
	if (status == CIB_OK && count)
		status = cib_store_tree_edit(&tree, ws->store, &ws->tip, edits, count, err);
	if (status == CIB_OK && count) {
		cib_oid before = {{0}};
		cib_commit tip = {0};
		status = cib_store_commit_read(&tip, ws->store, &ws->tip, err);
		before = tip.tree;
		cib_commit_clear(&tip);
		if (status == CIB_OK && !cib_oid_equal(&before, &tree)) { /* only the form changed: nothing to keep */
			char *text = message ? cib_format("%s\n", message) : make_message(&changes);
			status = cib_commit_own(&commit, ws, &tree, &ws->tip, 1, text, err);
			free(text);
			if (status == CIB_OK)
				status = cib_store_ref_set(ws->store, ws->branch, &commit, &ws->tip, err);
			if (status == CIB_OK)
				status = cib_workspace_reload(ws, err);
			if (status == CIB_OK)
				report->saved += count;
			if (status == CIB_OK && ws->not_signed)
				cib_note(report, N_("Saved without a signature: %s. The next sync signs it."), ws->not_signed);
		}
	}
	for (size_t i = 0; i < changes.count && status == CIB_OK; i++) { /* hand the drafts over */
		if (!changes.items[i].draft)
			continue;
		report->left.items = cib_grow(report->left.items, &report->left.cap, report->left.count + 1, sizeof *report->left.items);
		report->left.items[report->left.count++] = changes.items[i];
		changes.items[i].path = NULL;
		changes.items[i].findings = (cib_findings)CIB_FINDINGS_INIT;
		report->drafts++;
	}
	free(edits);
	cib_work_changes_free(&changes);
	return status;
}

/* A message with personal data, one that is too long or no plain text would make the commit one that no server takes. */
static int judge_message(const cib_workspace *ws, const char *message, const char *lang, cib_error *err)
{
	cib_findings findings = CIB_FINDINGS_INIT;
	size_t most = cib_network_limits(ws->net)->message_bytes;
	int status = CIB_OK;
	if (message && (!cib_is_clean(message) || strlen(message) >= most)) {
		status = cib_error_set(err, CIB_USAGE, "save.message", "nothing was saved: the message is to be plain UTF-8 text of less than %zu bytes", most);
		cib_error_hint(err, "say it without; your files are as they were");
		return status;
	}
	if (message)
		cib_privacy_check_text(ws->net, ws->member, message, NULL, lang, &findings);
	if (findings.errors) {
		status = cib_error_set(err, CIB_FINDINGS, "save.message", "nothing was saved: in the message there is %s", findings.items[0].message);
		cib_error_hint(err, "say it without; your files are as they were");
	}
	cib_findings_free(&findings);
	return status;
}

int cib_save(cib_workspace *ws, const char *message, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	cib_lock *lock = NULL;
	int status = cib_store_lock(&lock, ws->store, options->lock_wait_ms ? options->lock_wait_ms : 3000, err);
	if (status == CIB_OK)
		status = cib_workspace_reload(ws, err);
	if (status == CIB_OK)
		status = judge_message(ws, message, options->lang, err);
	if (status == CIB_OK)
		status = cib_journal_finish(ws, report, err);
	if (status == CIB_OK)
		status = cib_save_locked(ws, message, options, report, err);
	cib_lock_release(lock);
	return status;
}
