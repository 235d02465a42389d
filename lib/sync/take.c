/* Taking an edited entry in: what `cib set`, `new`, `edit` and a form do with what a person made of it. Two terminals, the app and
 * a sync may write the same file: each holds the workspace between reading and writing, and joins what another wrote first. */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

enum { PATIENCE_MS = 10000 };

int cib_workspace_hold(cib_workspace *ws, cib_error *err)
{
	if (ws->holds == 0) {
		char *path = cib_format("%s/cib/hold", cib_store_git_dir(ws->store));
		int status = cib_lock_acquire(&ws->hold, path, PATIENCE_MS, err);
		free(path);
		if (status != CIB_OK)
			return status;
	}
	ws->holds++;
	return CIB_OK;
}

void cib_workspace_release(cib_workspace *ws)
{
	if (--ws->holds > 0)
		return;
	cib_lock_release(ws->hold);
	ws->hold = NULL;
}

void cib_workspace_here(char **path, cJSON *doc, cib_workspace *ws)
{
	char *old = ws->member ? cib_format("members/%s/", ws->member) : NULL, *was = cib_strdup(ws->member);
	const char *owner = cib_json_string(doc, "owner");
	if (old)
		cib_workspace_follow(ws);
	if (old && strcmp(was, ws->member) != 0 && strncmp(*path, old, strlen(old)) == 0) {
		char *now = cib_format("members/%s/%s", ws->member, *path + strlen(old));
		free(*path);
		*path = now;
		if (owner && strcmp(owner, was) == 0)
			cib_json_set(doc, "owner", cJSON_CreateString(ws->member));
	}
	free(old);
	free(was);
}

bool cib_workspace_owns(const cib_workspace *ws, const char *path)
{
	return cib_work_is_own(ws, path);
}

/* What was edited was removed meanwhile: once it is saved, a person is asked about that, and it is no new entry. */
static int remember_base(cib_workspace *ws, const char *path, const cib_buf *base, cib_error *err)
{
	cib_oid blob;
	int status = cib_store_blob_write(&blob, ws->store, base->data, base->len, err);
	return status == CIB_OK ? cib_draft_base_keep(ws, path, &blob, err) : status;
}

/* *out: `doc` with what was written to the file since it was `base`; NULL: nothing was. */
static int join(cJSON **out, cib_workspace *ws, const char *path, const cib_buf *base, const cJSON *doc, cib_sync_report *report, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON *was = NULL, *now = NULL;
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_place place;
	int status = CIB_OK;
	cib_network_place(&place, ws->net, path);
	if (!base || !cib_work_is_own(ws, path))
		goto done; /* what the secretariat commits at once is not made on another commit than it was read from */
	status = cib_workspace_read(&text, ws, path, err);
	if (status == CIB_NOTFOUND) {
		cib_error_clear(err);
		status = remember_base(ws, path, base, err);
		goto done;
	}
	if (status != CIB_OK || cib_buf_equal(&text, base))
		goto done;
	if (cib_json_read(&was, base->data, base->len, NULL, NULL) != CIB_OK || cib_json_read(&now, text.data, text.len, NULL, NULL) != CIB_OK) {
		status = cib_error_set(err, CIB_BUSY, "entry.changed", "%s was changed by another program meanwhile, and the two cannot be joined", place.id);
		cib_error_hint(err, "look at it and try again: cib edit %s", place.id);
		goto done;
	}
	cib_merge_options options = {place.kind ? cib_network_rules(ws->net, place.kind) : NULL, CIB_KEEP_THEIRS};
	cib_merge(out, was, doc, now, &options, &conflicts);
	if (conflicts.count)
		status = cib_record_edit(ws, path, &place, &conflicts, &ws->tip, err);
	if (status == CIB_OK && conflicts.count && report)
		report->conflicts += conflicts.count;
	if (status == CIB_OK)
		cib_note(report, conflicts.count ? N_("%s: another program changed it meanwhile; the edits were joined, and what did not fit is kept: cib resolve") : N_("%s: another program changed it meanwhile; the edits were joined"), place.id);
done:
	cib_conflicts_free(&conflicts);
	cJSON_Delete(was);
	cJSON_Delete(now);
	cib_buf_free(&text);
	return status;
}

/* The workspace is held. */
static int write_checked(cib_workspace *ws, const char *path, const cJSON *doc, const char *lang, cib_findings *findings, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cib_oid accepted;
	cJSON *copy = cJSON_Duplicate(doc, true);
	cib_json_to_nfc(copy);
	cib_workspace_note_translations(ws, path, copy);
	cib_json_write(&text, copy, NULL);
	cib_workspace_accepted(&accepted, ws);
	cib_check_options options = {.lang = lang, .tree = &ws->tip, .canonical = true, .before = &accepted};
	int verdict = cib_network_check(ws->net, path, text.data, text.len, &options, NULL, findings);
	int status = verdict == CIB_OK || ws->member ? cib_workspace_write(ws, path, copy, err) : CIB_OK;
	cJSON_Delete(copy);
	cib_buf_free(&text);
	return status == CIB_OK ? verdict : status;
}

int cib_workspace_take(cib_workspace *ws, const char *path, const cib_buf *base, const cJSON *doc, const char *lang, cib_findings *findings, cib_sync_report *report, cib_error *err)
{
	cJSON *joined = NULL, *mine = cJSON_Duplicate(doc, true);
	char *here = cib_strdup(path);
	int status = cib_workspace_hold(ws, err);
	if (status == CIB_OK) {
		cib_workspace_here(&here, mine, ws);
		status = join(&joined, ws, here, base, mine, report, err);
		if (status == CIB_OK)
			status = write_checked(ws, here, joined ? joined : mine, lang, findings, err);
		cib_workspace_release(ws);
	}
	cJSON_Delete(mine);
	cJSON_Delete(joined);
	free(here);
	return status;
}
