/* Patterns: JSON pointers in which "*" stands for every item of an array or member of an object. */
#include "network/private.h"

#include <stdlib.h>
#include <string.h>

static void reach(const cJSON *node, const char *pattern, cib_buf *pointer, cib_reach_cb cb, void *payload)
{
	if (!node)
		return;
	if (!*pattern) {
		cb(cib_buf_str(pointer), node, payload);
		return;
	}
	cib_buf token = CIB_BUF_INIT;
	size_t len = pointer->len;
	if (cib_json_pointer_next(&pattern, &token)) {
		if (strcmp(token.data, "*") != 0) {
			cib_json_pointer_add(pointer, token.data);
			const cJSON *child = cib_json_get(node, token.data);
			if (!child && cJSON_IsArray(node))
				child = cJSON_GetArrayItem(node, atoi(token.data));
			reach(child, pattern, pointer, cb, payload);
		} else {
			size_t i = 0;
			for (const cJSON *c = node->child; c; c = c->next, i++) {
				if (cJSON_IsArray(node))
					cib_json_pointer_add_index(pointer, i);
				else
					cib_json_pointer_add(pointer, c->string);
				reach(c, pattern, pointer, cb, payload);
				pointer->len = len;
			}
		}
	}
	pointer->len = len;
	if (pointer->data)
		pointer->data[len] = '\0';
	cib_buf_free(&token);
}

void cib_reach(const cJSON *doc, const char *pattern, cib_reach_cb cb, void *payload)
{
	cib_buf pointer = CIB_BUF_INIT;
	reach(doc, pattern, &pointer, cb, payload);
	cib_buf_free(&pointer);
}
