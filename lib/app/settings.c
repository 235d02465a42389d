/* What the person set for the app, in <git dir>/cib/app.json: {"lang": "fr", "keys": false}. A browser keeps such things by the address, and
 * the app has another port each time: one that is always the same could be taken by another user's program while the app is closed, and
 * what that leaves in the browser would still be there when the app is back. */
#include "app/private.h"

#include <stdlib.h>
#include <string.h>

static char *file_of(const cib_app *app)
{
	return cib_format("%s/cib/app.json", cib_store_git_dir(app->ws->store));
}

static bool is_lang(const cJSON *value)
{
	return cJSON_IsString(value) && (strcmp(value->valuestring, "en") == 0 || strcmp(value->valuestring, "fr") == 0 || strcmp(value->valuestring, "es") == 0);
}

static bool is_flag(const cJSON *value)
{
	return cJSON_IsBool(value);
}

static const struct {
	const char *name;
	bool (*fits)(const cJSON *value);
} known[] = {{"lang", is_lang}, {"keys", is_flag}};

/* Put into doc what is known of `from`, and fits. */
static void take(cJSON *doc, const cJSON *from)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const cJSON *value = cib_json_get(from, known[i].name);
		if (known[i].fits(value))
			cib_json_set(doc, known[i].name, cJSON_Duplicate(value, true));
	}
}

cJSON *cib_app_settings(const cib_app *app)
{
	cJSON *doc = cJSON_CreateObject(), *kept = NULL;
	char *file = file_of(app);
	if (cib_json_read_file(&kept, file, NULL) == CIB_OK)
		take(doc, kept);
	cJSON_Delete(kept);
	free(file);
	return doc;
}

/* {"lang", "keys"}: those that are named -> {"settings"} */
static int set(cib_app_request *req)
{
	cJSON *settings = cib_app_settings(req->app), *doc = cJSON_CreateObject();
	cib_buf text = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	char *file = file_of(req->app);
	take(settings, req->body);
	cib_json_write(&text, settings, NULL);
	int status = cib_file_write(file, text.data, text.len, &err);
	cJSON_AddItemToObject(doc, "settings", settings);
	cib_buf_free(&text);
	free(file);
	if (status == CIB_OK)
		return cib_app_json(req, doc);
	cJSON_Delete(doc);
	return cib_app_fail(req, &err);
}

const cib_app_route cib_app_settings_routes[] = {
	{"POST", "/api/settings", set, false},
	{0},
};
