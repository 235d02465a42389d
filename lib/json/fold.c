/* Texts made alike for searching: without case, accents and other marks, compatibility forms and Arabic lengthening; and how wide they are. */
#include "json/json.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static const char tatweel[] = "\xd9\x80"; /* U+0640 only stretches a word */

static char *fold_ascii(const char *s, size_t len)
{
	char *out = cib_strndup(s, len);
	for (char *c = out; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
	return out;
}

char *cib_text_fold(const char *s)
{
	size_t len = 0;
	while (s[len] && (unsigned char)s[len] < 0x80)
		len++;
	if (!s[len]) /* many times quicker, and most of most texts */
		return fold_ascii(s, len);
	utf8proc_uint8_t *out = NULL;
	utf8proc_option_t how = (utf8proc_option_t)(UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
	                                            UTF8PROC_IGNORE | UTF8PROC_STRIPMARK);
	if (utf8proc_map((const utf8proc_uint8_t *)s, 0, &out, how) < 0 || !out) {
		free(out);
		return cib_strdup(s);
	}
	char *to = (char *)out;
	for (const char *from = (char *)out; *from;)
		if (strncmp(from, tatweel, 2) == 0)
			from += 2;
		else
			*to++ = *from++;
	*to = '\0';
	return (char *)out;
}

size_t cib_text_width(const char *s, size_t len)
{
	size_t width = 0;
	for (size_t i = 0; i < len;) {
		utf8proc_int32_t c = (unsigned char)s[i];
		utf8proc_ssize_t n = c < 0x80 ? 1 : utf8proc_iterate((const utf8proc_uint8_t *)s + i, (utf8proc_ssize_t)(len - i), &c);
		width += c < 0x80 || n <= 0 ? 1 : (size_t)utf8proc_charwidth(c);
		i += n > 0 ? (size_t)n : 1;
	}
	return width;
}

/* Letters and digits make words; all of UTF-8 beyond ASCII counts as letters here. */
static bool in_word(char c)
{
	unsigned char u = (unsigned char)c;
	return u >= 0x80 || (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z');
}

bool cib_text_has(const char *text, const char *word)
{
	char *t = cib_text_fold(text), *w = cib_text_fold(word);
	bool found = false;
	for (const char *at = t; !found && (at = strstr(at, w)); at++)
		found = at == t || !in_word(at[-1]) || !in_word(*w);
	free(t);
	free(w);
	return found;
}
