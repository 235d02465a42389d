/* Unicode normalisation form C, by utf8proc. */
#include "json/json.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* The normal form of s when it differs, else NULL; the caller's, by free(). */
static char *normal(const char *s)
{
	const char *p = s;
	while (*p && (unsigned char)*p < 0xCC) /* all below U+0300 is normal as it stands: Latin text ends here */
		p++;
	if (!*p)
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
		bool other = n != NULL;
		free(n);
		if (other || find_other(c, pointer))
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
	cJSON_free(*field);
	*field = n; /* malloc, as cJSON_Delete expects */
}

void cib_json_to_nfc(cJSON *doc)
{
	char *n = cJSON_IsString(doc) ? normal(doc->valuestring) : NULL;
	if (n)
		take(&doc->valuestring, n);
	for (cJSON *c = doc->child; c; c = c->next) {
		n = c->string ? normal(c->string) : NULL;
		if (n && cib_json_get(doc, n)) { /* two names would become one: leave it, is_nfc tells of it */
			free(n);
		} else if (n) {
			if (c->type & cJSON_StringIsConst)
				c->string = NULL;
			c->type &= ~cJSON_StringIsConst;
			take(&c->string, n);
		}
		cib_json_to_nfc(c);
	}
}
