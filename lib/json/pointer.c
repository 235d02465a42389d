/* JSON pointers (RFC 6901): reading, setting as RFC 6902 does, and finding their place in the text. */
#include "json/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cib_json_pointer_add(cib_buf *pointer, const char *token)
{
	cib_buf_addc(pointer, '/');
	for (; *token; token++) {
		if (*token == '~')
			cib_buf_add(pointer, "~0", 2);
		else if (*token == '/')
			cib_buf_add(pointer, "~1", 2);
		else
			cib_buf_addc(pointer, *token);
	}
}

void cib_json_pointer_add_index(cib_buf *pointer, size_t index)
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "/%zu", index);
	cib_buf_add(pointer, digits, (size_t)n);
}

bool cib_json_pointer_next(const char **pointer, cib_buf *out)
{
	const char *p = *pointer;
	cib_buf_clear(out);
	cib_buf_reserve(out, 0);
	out->data[0] = '\0';
	if (*p != '/')
		return false;
	for (p++; *p && *p != '/'; p++) {
		if (*p != '~') {
			cib_buf_addc(out, *p);
			continue;
		}
		p++;
		if (*p != '0' && *p != '1')
			return false;
		cib_buf_addc(out, *p == '0' ? '~' : '/');
	}
	*pointer = p;
	return true;
}

static bool index_of(const char *token, size_t *out)
{
	size_t v = 0;
	if (!*token || (token[0] == '0' && token[1]) || strlen(token) > 9)
		return false;
	for (; *token; token++) {
		if (*token < '0' || *token > '9')
			return false;
		v = v * 10 + (size_t)(*token - '0');
	}
	*out = v;
	return true;
}

static cJSON *item_at(const cJSON *array, size_t index)
{
	cJSON *c = array->child;
	while (c && index-- > 0)
		c = c->next;
	return c;
}

static cJSON *step(const cJSON *node, const char *token)
{
	size_t index;
	if (cJSON_IsObject(node))
		return cib_json_get(node, token);
	return cJSON_IsArray(node) && index_of(token, &index) ? item_at(node, index) : NULL;
}

cJSON *cib_json_at(const cJSON *doc, const char *pointer)
{
	cib_buf token = CIB_BUF_INIT;
	const cJSON *node = doc;
	while (node && *pointer)
		node = cib_json_pointer_next(&pointer, &token) ? step(node, token.data) : NULL;
	cib_buf_free(&token);
	return (cJSON *)(uintptr_t)node;
}

static void detach(cJSON *parent, cJSON *node)
{
	cJSON_Delete(cJSON_DetachItemViaPointer(parent, node));
}

static int set_in(cJSON *parent, const char *token, cJSON *value, const char *pointer, cib_error *err)
{
	size_t index = 0;
	if (cJSON_IsObject(parent)) {
		if (!value && !cib_json_get(parent, token))
			return cib_error_set(err, CIB_NOTFOUND, "pointer.missing", "there is nothing at %s", pointer);
		if (value)
			cib_json_set(parent, token, value);
		else
			cib_json_remove(parent, token);
		return CIB_OK;
	}
	cJSON *old = NULL;
	bool append = strcmp(token, "-") == 0;
	if (!cJSON_IsArray(parent) || (!append && !index_of(token, &index))) {
		cJSON_Delete(value);
		return cib_error_set(err, CIB_USAGE, "pointer.type", "%s does not lead to a member of an object or an item of a list", pointer);
	}
	old = append ? NULL : item_at(parent, index);
	if (!old && (!value || (!append && index != (size_t)cJSON_GetArraySize(parent)))) {
		cJSON_Delete(value);
		return cib_error_set(err, CIB_NOTFOUND, "pointer.missing", "there is no item at %s", pointer);
	}
	if (!value)
		detach(parent, old);
	else if (old)
		cJSON_ReplaceItemViaPointer(parent, old, value);
	else
		cJSON_AddItemToArray(parent, value);
	return CIB_OK;
}

int cib_json_set_at(cJSON **doc, const char *pointer, cJSON *value, cib_error *err)
{
	if (!*pointer) {
		cJSON_Delete(*doc);
		*doc = value;
		return CIB_OK;
	}
	cib_buf token = CIB_BUF_INIT;
	cJSON *node = *doc;
	const char *rest = pointer;
	int status = CIB_OK;
	for (;;) {
		if (!cib_json_pointer_next(&rest, &token)) {
			cJSON_Delete(value);
			status = cib_error_set(err, CIB_USAGE, "pointer.form", "%s is not a JSON pointer", pointer);
			cib_error_hint(err, "a pointer looks like /title/en");
			break;
		}
		if (!*rest) {
			status = set_in(node, token.data, value, pointer, err);
			break;
		}
		cJSON *child = step(node, token.data);
		if (!child && value && cJSON_IsObject(node)) {
			child = cJSON_CreateObject();
			cib_json_set(node, token.data, child);
		}
		if (!child) {
			cJSON_Delete(value);
			status = cib_error_set(err, CIB_NOTFOUND, "pointer.missing", "there is nothing at %s", pointer);
			break;
		}
		node = child;
	}
	cib_buf_free(&token);
	return status;
}

/* ---- the place in the text: a scanner that trusts its input, which was read before ---- */

static const char *space(const char *p, const char *end)
{
	while (p < end && strchr(" \n\t\r", *p) && *p)
		p++;
	return p;
}

static const char *skip_string(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		p += *p == '\\';
	return p < end ? p + 1 : end;
}

static const char *skip_value(const char *p, const char *end)
{
	int depth = 0;
	do {
		if (*p == '"') {
			p = skip_string(p, end);
			continue;
		}
		if (*p == '{' || *p == '[')
			depth++;
		else if (*p == '}' || *p == ']')
			depth--;
		p++;
		if (depth == 0 && p < end && (*p == ',' || *p == '}' || *p == ']'))
			break;
	} while (p < end && (depth > 0 || !strchr(",}] \n\t\r", *p)));
	return p;
}

/* Is the JSON string at p (with quotes) this name? */
static bool name_is(const char *p, const char *end, const char *name)
{
	const char *stop = skip_string(p, end);
	size_t len = strlen(name);
	if (!memchr(p, '\\', (size_t)(stop - p)))
		return (size_t)(stop - p) == len + 2 && memcmp(p + 1, name, len) == 0;
	cJSON *s = NULL;
	bool same = cib_json_read(&s, p, (size_t)(stop - p), NULL, NULL) == CIB_OK && strcmp(s->valuestring, name) == 0;
	cJSON_Delete(s);
	return same;
}

/* The value of a member or item of the object or array at p; NULL when it is not there. */
static const char *enter(const char *p, const char *end, const char *token, const char **name_at)
{
	size_t index = 0, want = 0;
	bool object = *p == '{';
	if (!object && (*p != '[' || !index_of(token, &want)))
		return NULL;
	for (p = space(p + 1, end); p < end && *p != '}' && *p != ']'; index++) {
		const char *here = p;
		bool found = object ? name_is(p, end, token) : index == want;
		if (object) {
			p = space(skip_string(p, end), end);
			p = space(p + 1, end);
		}
		if (found) {
			*name_at = here;
			return p;
		}
		p = space(skip_value(p, end), end);
		if (p < end && *p == ',')
			p = space(p + 1, end);
	}
	return NULL;
}

void cib_json_locate(const char *text, size_t len, const char *pointer, bool of_name, size_t *line, size_t *column)
{
	const char *end = text + len, *p = space(text, end), *name = p;
	cib_buf token = CIB_BUF_INIT;
	while (p < end && cib_json_pointer_next(&pointer, &token)) {
		const char *name_at = p, *inner = enter(p, end, token.data, &name_at);
		if (!inner)
			break;
		p = inner;
		name = name_at;
	}
	cib_buf_free(&token);
	const char *at = of_name ? name : p;
	*line = 1;
	*column = 1;
	for (const char *c = text; c < at && c < end; c++) {
		if (*c == '\n') {
			++*line;
			*column = 1;
		} else if (((unsigned char)*c & 0xC0u) != 0x80u) {
			++*column;
		}
	}
}
