/* Which function answers: the tables of all files, and how a path is matched. */
#include "app/private.h"

#include <stdlib.h>
#include <string.h>

static const cib_app_route *const tables[] = {
	cib_app_session_routes,
	cib_app_settings_routes,
	cib_app_job_routes,
	cib_app_sync_routes,
	cib_app_home_routes,
	cib_app_entries_routes,
	cib_app_entry_routes,
	cib_app_remark_routes,
	cib_app_review_routes,
	cib_app_review_item_routes,
	cib_app_review_act_routes,
	cib_app_report_routes,
	cib_app_form_routes,
	cib_app_codes_routes,
	cib_app_conflict_routes,
};

/* libmicrohttpd has decoded the path: a part is taken as it stands, and an empty one is none. */
static bool match(cib_app_request *req, const char *pattern, const char *path)
{
	size_t n = 0;
	while (*pattern && *path) {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		size_t len = strcspn(path, "/");
		if (!len || n == CIB_APP_PARAMS)
			return false;
		free(req->params[n]);
		req->params[n++] = cib_strndup(path, len);
		path += len;
		pattern = strchr(pattern, '}') + 1;
	}
	return !*pattern && !*path;
}

const cib_app_route *cib_app_find_route(cib_app_request *req, const char *method, const char *path, bool *known)
{
	if (strcmp(method, "HEAD") == 0)
		method = "GET";
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (const cib_app_route *r = tables[i]; r->path; r++)
			if (match(req, r->path, path)) {
				*known = true;
				if (strcmp(r->method, method) == 0)
					return r;
			}
	return NULL;
}
