/* The conversation with a server, whatever carries it: http(s) by libgit2, ssh or git as a process.
 *
 * libgit2 connects (and so sees to credentials, certificates and proxies); what is said afterwards is said by us, because
 * libgit2 1.5 sends no thin packs and does not know version 2 of the protocol. */
#ifndef CIB_STORE_WIRE_H
#define CIB_STORE_WIRE_H

#include "store/pkt.h"

typedef struct {
	char *name;
	cib_oid oid;
} wire_ref;

/* What the server said when the conversation began. */
typedef struct {
	git_smart_subtransport parent, *inner;
	struct remote_op *op;
	git_smart_subtransport_stream *stream; /* of a process: one for the whole conversation */
	bool asked;                            /* for more than the list of references */
	bool each_anew;                        /* http: a request and its answer are a stream of their own */
	int version;                           /* of the protocol: 0 (or 1), 2 */
	char *capabilities;                    /* separated by spaces, with one before and after; never NULL */
	wire_ref *refs;
	size_t ref_count, ref_cap;
} wire;

/* The callback of git_remote_callbacks.transport; `payload`: a remote_op, whose `wire` it sets. */
int wire_transport(git_transport **out, git_remote *owner, void *payload);
bool wire_can(const wire *w, const char *capability);          /* exactly this word */
const cib_oid *wire_ref_find(const wire *w, const char *name); /* NULL when the server lacks it */

/* Say one thing (a request) and begin to read the answer; libgit2's status. The stream of `in` belongs to the wire or is
 * freed by wire_heard. `service`: GIT_SERVICE_UPLOADPACK or _RECEIVEPACK. */
int wire_say(pkt_reader *in, wire *w, git_smart_service_t service, const cib_buf *what);
void wire_heard(pkt_reader *in, const wire *w);

#endif
