/* The words of the pages in a language: /api/words. English texts are the keys (as gettext's msgid); a text that depends on a
 * number has its forms as a list. */
#include "app/private.h"

#include <stdlib.h>

static int words(cib_app_request *req)
{
	char *name = cib_format("words.%s.json", req->lang);
	const cib_app_asset *a = cib_app_asset_get(name);
	cJSON *doc = cJSON_CreateObject(), *texts = NULL;
	cib_error err = CIB_ERROR_INIT;
	int status = a ? cib_json_read(&texts, a->data, (size_t)(a->end - a->data), NULL, &err) : CIB_OK;
	free(name);
	if (status != CIB_OK) {
		cJSON_Delete(doc);
		return cib_app_fail(req, &err);
	}
	cJSON_AddStringToObject(doc, "lang", req->lang);
	cJSON_AddItemToObject(doc, "words", texts ? texts : cJSON_CreateObject());
	return cib_app_json(req, doc);
}

const cib_app_route cib_app_words_routes[] = {
	{"GET", "/api/words", words, true},
	{0},
};
