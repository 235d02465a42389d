/* Taking an edited entry in: what `cib set`, `new`, `edit` and a form do with what a person made of it. */
#include "sync/private.h"

bool cib_workspace_owns(const cib_workspace *ws, const char *path)
{
	return cib_work_is_own(ws, path);
}

int cib_workspace_take(cib_workspace *ws, const char *path, const cJSON *doc, const char *lang, cib_findings *findings, cib_error *err)
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
