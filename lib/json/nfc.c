/* Unicode normalisation form C, by utf8proc. */
#include "json/json.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static bool ascii(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

/* The normal form of s when it differs, else NULL; the caller's, by free(). */
static char *normal(const char *s)
{
	if (ascii(s))
		return NULL;
	char *n = (char *)utf8proc_NFC((const utf8proc_uint8_t *)s);
	if (n && strcmp(n, s) == 0) {
		free(n);
		return NULL;
	}
	return n;
}

static bool find_other(const cJSON *node, cib_buf *pointer)
{
	char *n = cJSON_IsString(node) ? normal(node->valuestring) : NULL;
	if (n) {
		free(n);
		return true;
	}
	size_t len = pointer->len, index = 0;
	for (const cJSON *c = node->child; c; c = c->next, index++) {
		if (c->string)
			cib_json_pointer_add(pointer, c->string);
		else
			cib_json_pointer_add_index(pointer, index);
		n = c->string ? normal(c->string) : NULL;
		free(n);
		if (n || find_other(c, pointer))
			return true;
		pointer->len = len;
		pointer->data[len] = '\0';
	}
	return false;
}

bool cib_json_is_nfc(const cJSON *doc, char **pointer)
{
	cib_buf at = CIB_BUF_INIT;
	bool other = find_other(doc, &at);
	if (pointer)
		*pointer = other ? cib_buf_take(&at) : NULL;
	cib_buf_free(&at);
	return !other;
}

static void take(char **field, char *n)
{
	if (!n)
		return;
	char *copy = cJSON_malloc(strlen(n) + 1);
	strcpy(copy, n);
	cJSON_free(*field);
	*field = copy;
	free(n);
}

void cib_json_to_nfc(cJSON *doc)
{
	if (cJSON_IsString(doc))
		take(&doc->valuestring, normal(doc->valuestring));
	for (cJSON *c = doc->child; c; c = c->next) {
		if (c->string)
			take(&c->string, normal(c->string));
		cib_json_to_nfc(c);
	}
}
