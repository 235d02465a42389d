/* Coming in, who one is here, and closing: /api/start, /api/me, /api/quit. */
#include "app/private.h"

#include <string.h>
#include <unistd.h>

/* {"token": of the start page} -> the cookie. Once. */
static int start(cib_app_request *req)
{
	cib_app *app = req->app;
	const char *token = cib_json_string(req->body, "token");
	if (!token || !*app->start || !cib_app_same_secret(token, app->start))
		return cib_app_refuse(req, 403, "app.start", "this start page was used already; open the app with: cib app");
	memset(app->start, 0, sizeof app->start);
	unlink(app->start_page);
	req->cookie = cib_format("cib-%d=%s; Path=/; HttpOnly; SameSite=Strict", app->port, app->session);
	return cib_app_json(req, cJSON_CreateObject());
}

typedef struct {
	cib_app_request *req;
	cJSON *map;
} naming;

static int add_member(const char *path, const cib_place *place, const cib_oid *blob, void *payload)
{
	naming *n = payload;
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	(void)path;
	if (cib_store_blob_read(&text, n->req->ws->store, blob, 0, NULL) == CIB_OK)
		cib_json_read(&doc, text.data, text.len, NULL, NULL);
	const char *title = doc ? cib_entry_title(doc, n->req->lang) : "";
	cJSON_AddStringToObject(n->map, place->member, *title ? title : place->member);
	cJSON_Delete(doc);
	cib_buf_free(&text);
	return 0;
}

cJSON *cib_app_member_names(cib_app_request *req)
{
	const cib_kind *profile = cib_network_kind(req->ws->net, "member");
	cib_oid main;
	naming n = {req, cJSON_CreateObject()};
	if (profile && cib_workspace_main(&main, req->ws, NULL) == CIB_OK)
		cib_network_each(req->ws->net, &main, NULL, profile, add_member, &n, NULL);
	return n.map;
}

static int me(cib_app_request *req)
{
	cJSON *doc = cJSON_CreateObject();
	const cib_workspace *ws = req->ws;
	const cJSON *network = cib_network_json(ws->net), *languages = cib_json_get(network, "languages");
	const char *title = cib_text_in(cib_json_get(network, "title"), req->lang, cib_network_lang(ws->net));
	cJSON_AddStringToObject(doc, "user", ws->user);
	cJSON_AddStringToObject(doc, "role", ws->member ? "staff" : "secretariat");
	cJSON_AddStringToObject(doc, "member", ws->member ? ws->member : "");
	cJSON_AddStringToObject(doc, "token", req->app->token);
	cJSON_AddStringToObject(doc, "lang", req->lang);
	cJSON *net = cJSON_AddObjectToObject(doc, "network");
	cJSON_AddStringToObject(net, "title", title ? title : "");
	cJSON_AddItemToObject(net, "languages", cJSON_IsArray(languages) ? cJSON_Duplicate(languages, true) : cJSON_CreateArray());
	cJSON_AddStringToObject(net, "review", cib_network_review_policy(ws->net));
	cJSON *kinds = cJSON_AddArrayToObject(doc, "kinds");
	for (size_t i = 0; i < cib_network_kind_count(ws->net); i++) {
		const cib_kind *k = cib_network_kind_at(ws->net, i);
		if (!k->folder)
			continue;
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "name", k->name);
		cJSON_AddStringToObject(row, "title", cib_kind_title(k, req->lang));
		const char *about = cib_text_in(cib_json_get(k->schema, "x-cib-description"), req->lang, "en");
		cJSON_AddStringToObject(row, "description", about ? about : "");
		cJSON_AddBoolToObject(row, "writable", cib_kind_written_by(k, ws->member != NULL));
		cJSON_AddItemToArray(kinds, row);
	}
	cJSON_AddItemToObject(doc, "members", cib_app_member_names(req));
	cJSON_AddItemToObject(doc, "settings", cib_app_settings(req->app));
	cJSON_AddStringToObject(doc, "version", CIB_VERSION);
	return cib_app_json(req, doc);
}

static int quit(cib_app_request *req)
{
	req->last = true;
	return cib_app_json(req, cJSON_CreateObject());
}

const cib_app_route cib_app_session_routes[] = {
	{"POST", "/api/start", start, true},
	{"GET", "/api/me", me, false},
	{"POST", "/api/quit", quit, false},
	{0},
};
