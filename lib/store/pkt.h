/* pkt-lines: four hex digits of length (with themselves), then the data; 0000 flush, 0001 delimiter, 0002 end of response.
 * Git's protocol in both directions and both versions is made of them. */
#ifndef CIB_STORE_PKT_H
#define CIB_STORE_PKT_H

#include "store/private.h"

#include "late/git2.h"

enum { PKT_DATA,
       PKT_FLUSH,
       PKT_DELIMITER,
       PKT_RESPONSE_END,
       PKT_EOF, /* the conversation ended between two packets */
       PKT_ERROR = -1 };

typedef struct {
	git_smart_subtransport_stream *stream;
	char buffer[65536];
	size_t at, len;
	cib_buf *record; /* gets every byte that is read; NULL: nobody wants them */
	uint64_t bytes;
	int status; /* libgit2's, when PKT_ERROR was returned */
	cib_buf line;
} pkt_reader;

/* The next packet: its data stays until the next call; a final newline is taken off when `text`. PKT_ERROR: `status` and
 * libgit2's error say why. */
int pkt_read(pkt_reader *in, bool text, const char **data, size_t *len);
void pkt_add(cib_buf *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void pkt_add_flush(cib_buf *out);
void pkt_add_delimiter(cib_buf *out);

#endif
