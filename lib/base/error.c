/* Errors: filling the fixed buffers of a cib_error without ever failing. */
#include "base/base.h"
#include "base/gettext.h"

#include <stdio.h>
#include <string.h>

int cib_status_exit_code(int status)
{
	if (status == CIB_NOTFOUND)
		return CIB_USAGE;
	return status > CIB_INTERNAL ? CIB_INTERNAL : status;
}

/* A text that was cut must not end inside a code point. */
static void trim_partial(char *s, size_t size)
{
	size_t len = strlen(s);
	if (len + 1 < size)
		return;
	size_t i = len;
	while (i > 0 && ((unsigned char)s[i - 1] & 0xC0u) == 0x80u)
		i--;
	if (i > 0 && (unsigned char)s[i - 1] >= 0xC0u) {
		unsigned char lead = (unsigned char)s[i - 1];
		size_t want = lead >= 0xF0u ? 4 : lead >= 0xE0u ? 3
		                                                : 2;
		if (len - (i - 1) < want)
			s[i - 1] = '\0';
	}
}

int cib_error_set(cib_error *err, int status, const char *code, const char *fmt, ...)
{
	if (!err)
		return status;
	memset(err, 0, sizeof *err);
	err->status = status;
	snprintf(err->code, sizeof err->code, "%s", code);
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(err->message, sizeof err->message, cib_gettext(fmt), ap);
	va_end(ap);
	trim_partial(err->message, sizeof err->message);
	return status;
}

void cib_error_hint(cib_error *err, const char *fmt, ...)
{
	if (!err)
		return;
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(err->hint, sizeof err->hint, cib_gettext(fmt), ap);
	va_end(ap);
	trim_partial(err->hint, sizeof err->hint);
}

void cib_error_clear(cib_error *err)
{
	if (err)
		memset(err, 0, sizeof *err);
}
