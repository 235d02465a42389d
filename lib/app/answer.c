/* Answers: JSON, texts, errors, and the headers that each of them has. */
#include "app/private.h"
#include "base/gettext.h"

#include <stdlib.h>
#include <string.h>

const char *cib_app_query(const cib_app_request *req, const char *name)
{
	return MHD_lookup_connection_value(req->connection, MHD_GET_ARGUMENT_KIND, name);
}

size_t cib_app_query_number(const cib_app_request *req, const char *name, size_t otherwise, size_t max)
{
	const char *text = cib_app_query(req, name);
	size_t n = text ? strspn(text, "0123456789") : 0;
	if (!n || text[n] || n > 9)
		return otherwise;
	size_t value = strtoul(text, NULL, 10);
	return value < max ? value : max;
}

int cib_app_text(cib_app_request *req, const char *type, cib_buf *text, const char *save_as)
{
	cib_buf_free(&req->text);
	req->text = *text;
	*text = (cib_buf)CIB_BUF_INIT;
	req->code = 200;
	req->type = type;
	free(req->file_name);
	req->file_name = cib_strdup(save_as);
	return 0;
}

static int send_json(cib_app_request *req, int code, cJSON *doc)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON_DeleteItemFromObjectCaseSensitive(doc, "v");
	cJSON *version = cJSON_CreateNumber(1);
	version->string = cib_strdup("v");
	cJSON_InsertItemInArray(doc, 0, version);
	cib_json_write(&text, doc, &(cib_json_style){.compact = true, .keep_order = true});
	cJSON_Delete(doc);
	cib_app_text(req, "application/json", &text, NULL);
	req->code = code;
	return 0;
}

int cib_app_json(cib_app_request *req, cJSON *doc)
{
	return send_json(req, 200, doc);
}

cJSON *cib_app_error_json(const cib_error *err)
{
	cJSON *doc = cJSON_CreateObject();
	const struct {
		const char *name, *text;
	} texts[] = {{"code", err->code}, {"message", err->message}, {"hint", err->hint}, {"file", err->file}, {"pointer", err->pointer}};
	cJSON_AddNumberToObject(doc, "status", err->status);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (*texts[i].text || i < 2)
			cJSON_AddStringToObject(doc, texts[i].name, texts[i].text);
	if (err->line) {
		cJSON_AddNumberToObject(doc, "line", (double)err->line);
		cJSON_AddNumberToObject(doc, "column", (double)err->column);
	}
	return doc;
}

/* The code of HTTP for a status of the library. */
static int http_of(int status)
{
	switch (status) {
	case CIB_USAGE:
		return 400;
	case CIB_REFUSED:
		return 403;
	case CIB_NOTFOUND:
		return 404;
	case CIB_BUSY:
		return 409;
	case CIB_FINDINGS:
		return 422;
	case CIB_OFFLINE:
		return 503;
	default:
		return 500;
	}
}

int cib_app_fail(cib_app_request *req, const cib_error *err)
{
	cJSON *doc = cJSON_CreateObject();
	cJSON_AddItemToObject(doc, "error", cib_app_error_json(err));
	return send_json(req, http_of(err->status), doc);
}

int cib_app_refuse(cib_app_request *req, int http, const char *code, const char *message)
{
	cib_error err = CIB_ERROR_INIT;
	cJSON *doc = cJSON_CreateObject();
	cib_error_set(&err, http >= 500 ? CIB_INTERNAL : CIB_USAGE, code, "%s", cib_gettext(message));
	cJSON_AddItemToObject(doc, "error", cib_app_error_json(&err));
	return send_json(req, http, doc);
}

cJSON *cib_app_findings_json(const cib_findings *findings)
{
	static const char *const severities[] = {"error", "warning", "advice"};
	cJSON *list = cJSON_CreateArray();
	for (size_t i = 0; i < findings->count; i++) {
		const cib_finding *f = &findings->items[i];
		cJSON *row = cJSON_CreateObject();
		const struct {
			const char *name, *text;
		} texts[] = {{"severity", severities[f->severity]}, {"file", f->file}, {"pointer", f->pointer ? f->pointer : ""}, {"keyword", f->keyword}, {"code", f->code}, {"title", f->title}, {"message", f->message}, {"hint", f->hint}};
		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
			if (texts[k].text)
				cJSON_AddStringToObject(row, texts[k].name, texts[k].text);
		cJSON_AddItemToArray(list, row);
	}
	return list;
}

/* ---- what goes out ---- */

static const char *const always[][2] = {
	{"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
                                    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"},
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"},
	{"Vary", "Accept-Encoding, Cookie, X-Cib-Lang"},
};

/* A file's name for Content-Disposition: only what no browser and no file system misreads. */
static char *disposition(const char *name)
{
	cib_buf b = CIB_BUF_INIT;
	cib_buf_adds(&b, "attachment; filename=\"");
	for (const char *c = name; *c; c++)
		cib_buf_addc(&b, (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || strchr("._-", *c) ? *c : '-');
	cib_buf_addc(&b, '"');
	return cib_buf_take(&b);
}

enum MHD_Result cib_app_send(cib_app_request *req)
{
	size_t len = req->text.len;
	bool api = strcmp(req->type, "application/json") == 0 || req->file_name;
	struct MHD_Response *answer = MHD_create_response_from_buffer(len, len ? cib_buf_take(&req->text) : cib_strdup(""), MHD_RESPMEM_MUST_FREE);
	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		MHD_add_response_header(answer, always[i][0], always[i][1]);
	MHD_add_response_header(answer, "Content-Type", req->type);
	MHD_add_response_header(answer, "Cache-Control", api ? "no-store" : "no-cache");
	if (*req->etag)
		MHD_add_response_header(answer, "ETag", req->etag);
	if (req->gzipped)
		MHD_add_response_header(answer, "Content-Encoding", "gzip");
	if (req->cookie)
		MHD_add_response_header(answer, "Set-Cookie", req->cookie);
	if (req->file_name) {
		char *name = disposition(req->file_name);
		MHD_add_response_header(answer, "Content-Disposition", name);
		free(name);
	}
	enum MHD_Result sent = MHD_queue_response(req->connection, (unsigned)req->code, answer);
	MHD_destroy_response(answer);
	return sent;
}
