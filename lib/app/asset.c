/* The pages: files that are in the binary, by a fixed table. /web/NAME is one of them; any other address that is no part of
 * the API is a page of the app, whose frame is index.html (main.js reads the address). */
#include "app/private.h"

#include <string.h>

static const char *type_of(const char *name)
{
	static const char *const types[][2] = {{".html", "text/html; charset=utf-8"}, {".css", "text/css; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".json", "application/json; charset=utf-8"}, {".svg", "image/svg+xml"}};
	const char *dot = strrchr(name, '.');
	for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
		if (strcmp(dot, types[i][0]) == 0)
			return types[i][1];
	return "application/octet-stream";
}

const cib_app_asset *cib_app_asset_get(const char *name)
{
	for (const cib_app_asset *a = cib_app_assets; a->name; a++)
		if (strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

static bool takes_gzip(const cib_app_request *req)
{
	const char *accepted = MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, "Accept-Encoding");
	return accepted && strstr(accepted, "gzip") && !strstr(accepted, "gzip;q=0");
}

int cib_app_serve_asset(cib_app_request *req, const char *path)
{
	const cib_app_asset *a = cib_app_asset_get(strncmp(path, "/web/", 5) == 0 ? path + 5 : "index.html");
	cib_buf text = CIB_BUF_INIT;
	cib_oid hash;
	if (!a)
		return 1;
	req->gzipped = takes_gzip(req);
	cib_store_blob_hash(&hash, a->data, (size_t)(a->end - a->data));
	req->etag[0] = '"';
	cib_oid_hex(req->etag + 1, &hash);
	strcpy(req->etag + CIB_OID_HEX, req->gzipped ? "-gz\"" : "\"");
	const char *known = MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, "If-None-Match");
	bool same = known && strcmp(known, req->etag) == 0;
	if (!same && req->gzipped)
		cib_buf_add(&text, a->gzip, (size_t)(a->gzip_end - a->gzip));
	else if (!same)
		cib_buf_add(&text, a->data, (size_t)(a->end - a->data));
	req->gzipped = req->gzipped && !same;
	cib_app_text(req, type_of(a->name), &text, NULL);
	req->code = same ? 304 : 200;
	return 0;
}
