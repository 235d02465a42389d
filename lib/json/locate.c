/* Where a pointer's value stands in the text: a scan that skips what it does not enter. It expects a text
 * that was read before, and stays within its bounds on any other. */
#include "json/private.h"

#include <string.h>

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
	if (p >= end)
		return end;
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
	if (!object && (*p != '[' || !cib_json__index(token, &want)))
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
	cib_json__position(text, at < end ? at : end, line, column);
}
