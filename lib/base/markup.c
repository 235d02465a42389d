/* Text as XML 1.0 (section 2.2) and HTML hold it. */
#include "base/base.h"

#include <string.h>

static const char *reference(char c, bool attribute)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\r':
		return "&#13;";
	case '\n':
		return attribute ? "&#10;" : NULL;
	case '\t':
		return attribute ? "&#9;" : NULL;
	default:
		return (unsigned char)c < 0x20 ? "\xEF\xBF\xBD" : NULL;
	}
}

void cib_buf_add_xml(cib_buf *b, const char *s, bool attribute)
{
	for (; *s; s++) {
		const char *as = reference(*s, attribute);
		bool none = strncmp(s, "\xEF\xBF\xBE", 3) == 0 || strncmp(s, "\xEF\xBF\xBF", 3) == 0; /* U+FFFE, U+FFFF */
		if (as || none)
			cib_buf_adds(b, as ? as : "\xEF\xBF\xBD");
		else
			cib_buf_addc(b, *s);
		s += none ? 2 : 0;
	}
}

void cib_buf_add_markup(cib_buf *b, const char *s)
{
	cib_buf clean = CIB_BUF_INIT;
	cib_buf_add_clean(&clean, s, strlen(s));
	cib_buf_add_xml(b, cib_buf_str(&clean), false);
	cib_buf_free(&clean);
}
