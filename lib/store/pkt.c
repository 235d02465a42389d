/* Reading and writing pkt-lines. */
#include "store/pkt.h"

#include <stdio.h>

static int fill(pkt_reader *in, char *out, size_t want, size_t *got)
{
	for (*got = 0; *got < want;) {
		if (in->at == in->len) {
			in->at = in->len = 0;
			in->status = in->stream->read(in->stream, in->buffer, sizeof in->buffer, &in->len);
			if (in->status)
				return -1;
			if (in->len == 0)
				return 0;
			in->bytes += in->len;
			if (in->record)
				cib_buf_add(in->record, in->buffer, in->len);
		}
		size_t n = in->len - in->at < want - *got ? in->len - in->at : want - *got;
		memcpy(out + *got, in->buffer + in->at, n);
		in->at += n;
		*got += n;
	}
	return 0;
}

static int fault(pkt_reader *in, const char *what)
{
	git_error_set_str(GIT_ERROR_NET, what);
	in->status = -1;
	return PKT_ERROR;
}

static int cut_off(pkt_reader *in)
{
	return fault(in, N_("the connection ended in the middle of a message"));
}

static int hex4(const char *s)
{
	int n = 0;
	for (int i = 0; i < 4; i++) {
		const char *digits = "0123456789abcdef", *d = s[i] ? strchr(digits, s[i] | 0x20) : NULL;
		if (!d)
			return -1;
		n = n * 16 + (int)(d - digits);
	}
	return n;
}

int pkt_read(pkt_reader *in, bool text, const char **data, size_t *len)
{
	char head[4];
	size_t got;
	*data = "";
	*len = 0;
	if (fill(in, head, 4, &got))
		return PKT_ERROR;
	if (got == 0)
		return PKT_EOF;
	int size = got == 4 ? hex4(head) : -1;
	if (got < 4)
		return cut_off(in);
	if (size < 0 || size == 3)
		return fault(in, N_("the other side does not speak Git's protocol"));
	if (size < 4)
		return PKT_FLUSH + size;
	size_t want = (size_t)size - 4;
	cib_buf_clear(&in->line);
	cib_buf_reserve(&in->line, want + 1);
	int failed = fill(in, in->line.data, want, &got);
	in->line.len = got;
	if (failed)
		return PKT_ERROR;
	if (got < want)
		return cut_off(in);
	if (text && want && in->line.data[want - 1] == '\n')
		want--;
	in->line.data[want] = '\0';
	in->line.len = want;
	*data = in->line.data;
	*len = want;
	return PKT_DATA;
}

void pkt_add(cib_buf *out, const char *fmt, ...)
{
	size_t start = out->len;
	char head[8];
	va_list ap;
	cib_buf_adds(out, "0000");
	va_start(ap, fmt);
	cib_buf_vaddf(out, fmt, ap);
	va_end(ap);
	snprintf(head, sizeof head, "%04zx", (out->len - start) & 0xffff);
	memcpy(out->data + start, head, 4);
}

void pkt_add_flush(cib_buf *out)
{
	cib_buf_adds(out, "0000");
}

void pkt_add_delimiter(cib_buf *out)
{
	cib_buf_adds(out, "0001");
}
