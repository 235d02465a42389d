/* Growing byte strings. */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cib_buf_reserve(cib_buf *b, size_t more)
{
	if (b->len + more + 1 > b->cap || !b->data)
		b->data = cib_grow(b->data, &b->cap, b->len + more + 1, 1);
}

void cib_buf_add(cib_buf *b, const void *data, size_t len)
{
	cib_buf_reserve(b, len);
	if (len)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void cib_buf_addc(cib_buf *b, char c)
{
	cib_buf_add(b, &c, 1);
}

void cib_buf_adds(cib_buf *b, const char *s)
{
	cib_buf_add(b, s, strlen(s));
}

void cib_buf_vaddf(cib_buf *b, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	cib_buf_reserve(b, 64);
	int n = vsnprintf(b->data + b->len, b->cap - b->len, fmt, ap);
	if (n > 0) {
		if ((size_t)n >= b->cap - b->len) {
			cib_buf_reserve(b, (size_t)n);
			vsnprintf(b->data + b->len, b->cap - b->len, fmt, again);
		}
		b->len += (size_t)n;
	}
	va_end(again);
}

void cib_buf_addf(cib_buf *b, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	cib_buf_vaddf(b, fmt, ap);
	va_end(ap);
}

const char *cib_buf_str(const cib_buf *b)
{
	return b->data ? b->data : "";
}

bool cib_buf_equal(const cib_buf *a, const cib_buf *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

char *cib_buf_take(cib_buf *b)
{
	cib_buf_reserve(b, 0);
	char *s = b->data;
	s[b->len] = '\0';
	*b = (cib_buf)CIB_BUF_INIT;
	return s;
}

void cib_buf_clear(cib_buf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

void cib_buf_free(cib_buf *b)
{
	free(b->data);
	*b = (cib_buf)CIB_BUF_INIT;
}
