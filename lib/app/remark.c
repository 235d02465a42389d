/* To say something about an entry or a field, and to answer, without deciding anything: `cib comment`. It goes with the next sync. */
#include "app/private.h"

#include "review/review.h"

#include <stdlib.h>

/* {"text", "pointer": of a field, "replyTo": the remark that it answers} -> {"id"} */
static int add(cib_app_request *req)
{
	const char *text = cib_json_string(req->body, "text"), *pointer = cib_json_string(req->body, "pointer"), *reply = cib_json_string(req->body, "replyTo");
	cib_error err = CIB_ERROR_INIT;
	cib_buf path = CIB_BUF_INIT;
	cib_place place;
	char *made = NULL;
	int status = cib_review_find_entry(&path, &place, req->ws, req->params[0], &err);
	if (status == CIB_OK)
		status = cib_dialogue_add(&made, req->ws, cib_buf_str(&path), pointer ? pointer : "", reply, text ? text : "", &err);
	cib_buf_free(&path);
	if (status != CIB_OK)
		return cib_app_fail(req, &err);
	cJSON *doc = cJSON_CreateObject();
	cJSON_AddStringToObject(doc, "id", made);
	free(made);
	return cib_app_json(req, doc);
}

const cib_app_route cib_app_remark_routes[] = {
	{"POST", "/api/entries/{id}/remarks", add, false},
	{0},
};
