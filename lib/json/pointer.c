/* JSON pointers (RFC 6901): reading, setting as RFC 6902 does. */
#include "json/private.h"

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

bool cib_json__index(const char *token, size_t *out)
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
	return cJSON_IsArray(node) && cib_json__index(token, &index) ? item_at(node, index) : NULL;
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
	if (!cJSON_IsArray(parent) || (!append && !cib_json__index(token, &index))) {
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
