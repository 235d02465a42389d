/* JSON pointers, UUIDs, and regular expressions. */
#include "schema/format.h"
#include "schema/regex.h"

/* RFC 6901 section 3: "" or tokens that each begin with a slash; a tilde only as ~0 and ~1. */
bool cib_format_json_pointer(const char *text, size_t len)
{
	if (len && text[0] != '/')
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] == '~' && (i + 1 == len || (text[i + 1] != '0' && text[i + 1] != '1')))
			return false;
	return true;
}

/* Without leading zeros; at least `least`. */
static bool integer(const char *text, size_t len, size_t *at, char least)
{
	size_t first = *at;
	while (*at < len && cib_is_digit(text[*at]))
		++*at;
	return *at > first && (text[first] >= '1' || (least == '0' && *at == first + 1));
}

/* draft-bhutton-relative-json-pointer-00, section 3: levels up, perhaps a step among the siblings, and then a pointer or "#". */
bool cib_format_relative_json_pointer(const char *text, size_t len)
{
	size_t at = 0;
	if (!integer(text, len, &at, '0'))
		return false;
	if (at < len && (text[at] == '+' || text[at] == '-')) {
		at++;
		if (!integer(text, len, &at, '1'))
			return false;
	}
	if (at + 1 == len && text[at] == '#')
		return true;
	return cib_format_json_pointer(text + at, len - at);
}

/* RFC 4122 section 3; any version and variant. */
bool cib_format_uuid(const char *text, size_t len)
{
	if (len != 36)
		return false;
	for (size_t i = 0; i < len; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-' : !cib_is_hex(text[i]))
			return false;
	return true;
}

/* ECMA-262 with the u flag. */
bool cib_format_regex(const char *text, size_t len)
{
	return cib_regex_valid(text, len, NULL) == CIB_OK;
}
