/* Forms: an entry with what its form needs to know, and its changes, each kept at once. The editing itself: sync/draft.h; what a
 * form is: network/form.h. */
#include "base/gettext.h"
#include "app/private.h"

#include "network/form.h"
#include "network/template.h"
#include "sync/draft.h"

#include <stdlib.h>
#include <string.h>

/* ---- what an answer says of a document ---- */

static cJSON *entry_of(const char *id, void *payload)
{
	cib_workspace *ws = payload;
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cib_place place;
	cJSON *doc = NULL;
	if (cib_workspace_find(&path, &place, ws, id, NULL) == CIB_OK && cib_workspace_read(&text, ws, path.data, NULL) == CIB_OK)
		cib_json_read(&doc, text.data, text.len, NULL, NULL);
	cib_buf_free(&path);
	cib_buf_free(&text);
	return doc;
}

static cib_form_for form_for(const cib_app_request *req, const cib_kind *kind)
{
	return (cib_form_for){req->ws->net, kind, req->lang, req->ws->member != NULL};
}

static void add_findings(cJSON *answer, const cib_draft *draft, const char *lang)
{
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_draft_check(draft, lang, &findings);
	cJSON_AddItemToObject(answer, "findings", cib_app_findings_json(&findings));
	cib_findings_free(&findings);
}

static void add_state(cJSON *answer, const cib_app_request *req, const cib_draft *draft)
{
	cib_form_for who = form_for(req, draft->place.kind);
	char version[CIB_OID_HEX];
	cib_draft_version(version, draft);
	cJSON_AddStringToObject(answer, "version", version);
	cJSON *clashes = cJSON_Duplicate(draft->clashes, true);
	cib_app_to_script(clashes);
	cJSON_AddItemToObject(answer, "clashes", clashes);
	cJSON_AddItemToObject(answer, "among", cib_form_among(&who, draft->doc, entry_of, req->ws));
}

static void add_doc(cJSON *answer, const cib_app_request *req, const cib_draft *draft)
{
	cib_form_for who = form_for(req, draft->place.kind);
	cJSON *doc = cJSON_Duplicate(draft->doc, true);
	cib_app_to_script(doc);
	cJSON_AddItemToObject(answer, "doc", doc);
	cJSON_AddItemToObject(answer, "names", cib_form_names(&who, draft->doc, entry_of, req->ws));
}

/* ---- opening ---- */

/* What a new entry of the kind begins with. CIB_USAGE: this person makes none. */
static int begin(cJSON **out, const cib_app_request *req, const cib_kind *kind, const char *id, cib_error *err)
{
	cib_workspace *ws = req->ws;
	const cib_schema *schema = kind && kind->folder ? cib_network_schema(ws->net, kind, err) : NULL;
	if (!kind || !kind->folder)
		return cib_error_set(err, CIB_NOTFOUND, "entry.kind", "there is no such kind of entry");
	if (!cib_kind_written_by(kind, ws->member != NULL) || (!kind->prefix && !ws->member))
		return cib_error_set(err, CIB_USAGE, "entry.writer", ws->member ? N_("entries of the kind %s are written by the secretariat") : N_("entries of the kind %s are written by members"), kind->name);
	if (!schema)
		return err->status;
	const cJSON *languages = cib_json_get(cib_network_json(ws->net), "languages");
	const char *lang = cib_network_lang(ws->net); /* the reader's, where the network works in it */
	for (const cJSON *l = languages ? languages->child : NULL; l; l = l->next)
		if (cJSON_IsString(l) && strcmp(l->valuestring, req->lang) == 0)
			lang = l->valuestring;
	cib_template t = {ws->net, &ws->tip, schema, kind, req->lang, lang, ws->member};
	*out = cJSON_CreateObject();
	cib_template_begin(*out, &t, id);
	return CIB_OK;
}

/* Is it an id that cib_network_new_id could have made? */
static bool is_new_id(const cib_kind *kind, const char *id)
{
	size_t n = kind->prefix ? strlen(kind->prefix) : 0;
	return kind->prefix && cib_name_ok(id, strlen(id)) && strncmp(id, kind->prefix, n) == 0 && id[n] == '-' && strlen(id + n + 1) == 10;
}

/* The draft that a request is about; `kind`: it may be a new one. */
static int open_draft(cib_draft *out, const cib_app_request *req, const char *id, const cib_kind *kind, cib_error *err)
{
	cib_buf path = CIB_BUF_INIT;
	cib_place place;
	*out = (cib_draft){0};
	int status = cib_workspace_find(&path, &place, req->ws, id, err);
	if (status == CIB_OK && strcmp(place.id, id) != 0) /* only a beginning of an id */
		status = cib_error_set(err, CIB_NOTFOUND, "entry.unknown", "there is no entry %s", id);
	bool fresh = status == CIB_NOTFOUND && kind && (is_new_id(kind, id) || (!kind->prefix && req->ws->member && strcmp(id, req->ws->member) == 0));
	if (fresh) {
		cib_error_clear(err);
		cib_network_path(&path, kind, req->ws->member, id);
		status = CIB_OK;
	}
	if (status == CIB_OK)
		status = cib_draft_open(out, req->ws, path.data, err);
	if (status == CIB_OK && !out->doc)
		status = begin(&out->doc, req, kind, id, err);
	cib_buf_free(&path);
	return status;
}

static int fail_draft(cib_app_request *req, cib_draft *draft, const cib_error *err)
{
	cib_draft_close(draft);
	return cib_app_fail(req, err);
}

static int answer_whole(cib_app_request *req, cib_draft *draft, bool fresh)
{
	cib_form_for who = form_for(req, draft->place.kind);
	cib_oid blob;
	unsigned mode;
	char saved[CIB_OID_HEX] = "";
	cJSON *answer = cJSON_CreateObject();
	if (cib_store_tree_get(&blob, &mode, req->ws->store, &req->ws->tip, draft->path, NULL) == CIB_OK)
		cib_oid_hex(saved, &blob);
	cJSON_AddStringToObject(answer, "id", draft->place.id);
	cJSON_AddStringToObject(answer, "kind", draft->place.kind->name);
	cJSON_AddStringToObject(answer, "title", cib_entry_title(draft->doc, req->lang));
	cJSON_AddBoolToObject(answer, "fresh", fresh);
	cJSON_AddStringToObject(answer, "saved", saved);
	cJSON_AddBoolToObject(answer, "held", draft->held);
	add_state(answer, req, draft);
	add_doc(answer, req, draft);
	cJSON_AddItemToObject(answer, "form", cib_form_make(&who));
	add_findings(answer, draft, req->lang);
	cib_draft_close(draft);
	return cib_app_json(req, answer);
}

/* The file is no JSON: then its text is what there is to show. */
static int answer_text(cib_app_request *req, cib_draft *draft, const cib_error *wrong)
{
	cib_buf text = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	if (cib_workspace_read(&text, req->ws, draft->path, &err) != CIB_OK)
		return fail_draft(req, draft, &err);
	cJSON *answer = cJSON_CreateObject();
	cJSON_AddStringToObject(answer, "id", draft->place.id);
	cJSON_AddStringToObject(answer, "text", cib_buf_str(&text));
	cJSON_AddItemToObject(answer, "error", cib_app_error_json(wrong));
	cib_buf_free(&text);
	cib_draft_close(draft);
	return cib_app_json(req, answer);
}

static int get_draft(cib_app_request *req)
{
	cib_error err = CIB_ERROR_INIT;
	cib_draft draft;
	if (open_draft(&draft, req, req->params[0], NULL, &err) == CIB_OK)
		return answer_whole(req, &draft, false);
	return strncmp(err.code, "json.", 5) == 0 && draft.path ? answer_text(req, &draft, &err) : fail_draft(req, &draft, &err);
}

/* A new one: nothing is written before its first change. */
static int get_new(cib_app_request *req)
{
	cib_error err = CIB_ERROR_INIT;
	cib_draft draft = {0};
	char id[128] = "";
	const cib_kind *kind = cib_network_kind(req->ws->net, req->params[0]);
	if (kind && kind->prefix)
		cib_network_new_id(id, kind);
	else if (kind && req->ws->member)
		snprintf(id, sizeof id, "%s", req->ws->member);
	cJSON *doc = NULL;
	if (begin(&doc, req, kind, id, &err) != CIB_OK) {
		cJSON_Delete(doc);
		return cib_app_fail(req, &err);
	}
	cJSON_Delete(doc);
	cib_buf path = CIB_BUF_INIT;
	cib_place place;
	bool fresh = cib_workspace_find(&path, &place, req->ws, id, NULL) != CIB_OK; /* a profile may be there */
	cib_buf_free(&path);
	if (open_draft(&draft, req, id, kind, &err) != CIB_OK)
		return fail_draft(req, &draft, &err);
	return answer_whole(req, &draft, fresh);
}

/* ---- changing ---- */

/* Keep it, and say how it stands. `whole`: the page has not the document that is kept. */
static int keep(cib_app_request *req, cib_draft *draft, bool whole)
{
	cib_error err = CIB_ERROR_INIT;
	cib_findings findings = CIB_FINDINGS_INIT;
	int status = cib_draft_keep(draft, req->lang, &findings, &err);
	if (status != CIB_OK && status != CIB_FINDINGS) {
		cib_findings_free(&findings);
		return fail_draft(req, draft, &err);
	}
	cJSON *answer = cJSON_CreateObject();
	cJSON_AddStringToObject(answer, "title", cib_entry_title(draft->doc, req->lang));
	add_state(answer, req, draft);
	if (whole)
		add_doc(answer, req, draft);
	cJSON_AddItemToObject(answer, "findings", cib_app_findings_json(&findings));
	cib_findings_free(&findings);
	cib_draft_close(draft);
	return cib_app_json(req, answer);
}

/* {"kind" of a new one, "version" that the page has, "changes"} */
static int change_draft(cib_app_request *req)
{
	cib_error err = CIB_ERROR_INIT;
	cib_draft draft;
	const char *kind = cib_json_string(req->body, "kind"), *seen = cib_json_string(req->body, "version");
	const cJSON *changes = cib_json_get(req->body, "changes");
	char version[CIB_OID_HEX];
	size_t clashed = 0;
	if (open_draft(&draft, req, req->params[0], kind ? cib_network_kind(req->ws->net, kind) : NULL, &err) != CIB_OK)
		return fail_draft(req, &draft, &err);
	cib_draft_version(version, &draft);
	if (!cJSON_IsArray(changes))
		cib_error_set(&err, CIB_USAGE, "draft.changes", "\"changes\" is a list of changes");
	if (err.status || cib_draft_change(&draft, changes, &clashed, &err) != CIB_OK)
		return fail_draft(req, &draft, &err);
	return keep(req, &draft, clashed || !seen || strcmp(seen, version) != 0);
}

/* {"path", "yours"}: of a clash */
static int settle(cib_app_request *req)
{
	cib_error err = CIB_ERROR_INIT;
	cib_draft draft;
	const char *path = cib_json_string(req->body, "path");
	if (open_draft(&draft, req, req->params[0], NULL, &err) != CIB_OK ||
	    cib_draft_settle(&draft, path ? path : "", cJSON_IsTrue(cib_json_get(req->body, "yours")), &err) != CIB_OK)
		return fail_draft(req, &draft, &err);
	return keep(req, &draft, true);
}

static int publish(cib_app_request *req)
{
	cib_error err = CIB_ERROR_INIT;
	cib_draft draft;
	cib_findings findings = CIB_FINDINGS_INIT;
	int status = open_draft(&draft, req, req->params[0], NULL, &err);
	if (status == CIB_OK)
		status = cib_draft_publish(&draft, req->lang, &findings, &err);
	cib_findings_free(&findings);
	cib_draft_close(&draft);
	return status == CIB_OK ? cib_app_json(req, cJSON_CreateObject()) : cib_app_fail(req, &err);
}

static int discard(cib_app_request *req)
{
	cib_error err = CIB_ERROR_INIT;
	cib_draft draft;
	int status = open_draft(&draft, req, req->params[0], NULL, &err);
	if (status == CIB_OK || (strncmp(err.code, "json.", 5) == 0 && draft.path))
		status = cib_draft_discard(&draft, &err);
	cib_draft_close(&draft);
	return status == CIB_OK ? cib_app_json(req, cJSON_CreateObject()) : cib_app_fail(req, &err);
}

/* The whole entry as text {"text"}, where its file is no JSON: strict JSON only is taken, and only as long as nobody else mended the file. */
static int put_text(cib_app_request *req)
{
	cib_error err = CIB_ERROR_INIT;
	cib_draft draft;
	const char *text = cib_json_string(req->body, "text");
	cJSON *doc = NULL;
	int status = open_draft(&draft, req, req->params[0], NULL, &err);
	if (status == CIB_OK) {
		cib_draft_close(&draft);
		return cib_app_refuse(req, 409, "draft.mended", "this entry was mended elsewhere meanwhile; what you typed is not kept: open the entry again");
	}
	if (strncmp(err.code, "json.", 5) != 0 || !draft.path)
		return fail_draft(req, &draft, &err);
	cib_error_clear(&err);
	status = cib_json_read(&doc, text ? text : "", text ? strlen(text) : 0, NULL, &err);
	if (status == CIB_OK && !cJSON_IsObject(doc))
		status = cib_error_set(&err, CIB_FINDINGS, "draft.object", "an entry is a JSON object");
	if (status != CIB_OK) {
		cJSON_Delete(doc);
		return fail_draft(req, &draft, &err);
	}
	cJSON_Delete(draft.doc);
	draft.doc = doc;
	if (!draft.clashes)
		draft.clashes = cJSON_CreateArray();
	return keep(req, &draft, true);
}

/* ---- checking ---- */

/* What is not kept: {"id", "kind" of a new one, "doc"} or {"text"} alone, which is strict JSON or not. */
static int check(cib_app_request *req)
{
	cib_error err = CIB_ERROR_INIT;
	cib_draft draft;
	const char *text = cib_json_string(req->body, "text"), *id = cib_json_string(req->body, "id"), *kind = cib_json_string(req->body, "kind");
	const cJSON *doc = cib_json_get(req->body, "doc");
	cJSON *answer = cJSON_CreateObject(), *read = NULL;
	if (text) {
		bool ok = cib_json_read(&read, text, strlen(text), NULL, &err) == CIB_OK;
		cJSON_AddItemToObject(answer, ok ? "value" : "wrong", ok ? read : cib_app_error_json(&err));
		cib_app_to_script(answer);
		return cib_app_json(req, answer);
	}
	if (open_draft(&draft, req, id ? id : "", kind ? cib_network_kind(req->ws->net, kind) : NULL, &err) != CIB_OK || !cJSON_IsObject(doc)) {
		if (!err.status)
			cib_error_set(&err, CIB_USAGE, "check.doc", "\"doc\" is the entry");
		cJSON_Delete(answer);
		return fail_draft(req, &draft, &err);
	}
	cJSON_Delete(draft.doc);
	draft.doc = cJSON_Duplicate(doc, true);
	cib_json_to_nfc(draft.doc);
	add_findings(answer, &draft, req->lang);
	cib_draft_close(&draft);
	return cib_app_json(req, answer);
}

/* Between reading the entry and writing it nobody else writes it: a sync, or another terminal. */
static int held(cib_app_request *req, int (*change)(cib_app_request *req))
{
	cib_error err = CIB_ERROR_INIT;
	cib_workspace *ws = req->ws;
	if (cib_workspace_hold(ws, &err) != CIB_OK)
		return cib_app_fail(req, &err);
	int answer = change(req);
	cib_workspace_release(ws);
	return answer;
}

static int change_held(cib_app_request *req)
{
	return held(req, change_draft);
}

static int settle_held(cib_app_request *req)
{
	return held(req, settle);
}

static int publish_held(cib_app_request *req)
{
	return held(req, publish);
}

static int discard_held(cib_app_request *req)
{
	return held(req, discard);
}

static int put_text_held(cib_app_request *req)
{
	return held(req, put_text);
}

const cib_app_route cib_app_form_routes[] = {
	{"GET", "/api/new/{kind}", get_new, false},
	{"GET", "/api/drafts/{id}", get_draft, false},
	{"POST", "/api/drafts/{id}", change_held, false},
	{"POST", "/api/drafts/{id}/settle", settle_held, false},
	{"POST", "/api/drafts/{id}/publish", publish_held, false},
	{"POST", "/api/drafts/{id}/discard", discard_held, false},
	{"POST", "/api/drafts/{id}/text", put_text_held, false},
	{"POST", "/api/check", check, false},
	{0},
};
