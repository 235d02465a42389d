/* A smart sub-transport around another: it opens the conversation, hears what the server offers, and keeps it for fetch.c
 * and push.c, which go on by wire_say. libgit2 itself is told a server without references, and so has nothing to do. */
#include "store/wire.h"
#include "store/remote.h"

#include <stdlib.h>

enum { MOST_REFS = 100000,
       MOST_BYTES = 32 << 20, /* of what a server may say before we ask for something */
       PIECE = 16 << 10 };    /* bytes between two looks at progress and cancelling */

typedef struct {
	git_smart_subtransport_stream parent, *inner;
	wire *owner;
	size_t told; /* bytes of `greeting` that libgit2 has read */
} greeter;

/* A server with no references and no abilities, in version 0 */
static const char greeting[] = "0000";
static const char http_greeting[] = "001e# service=git-upload-pack\n00000000";

static int refuse_words(const char *what)
{
	git_error_set_str(GIT_ERROR_NET, what);
	return -1;
}

/* ---- what the server offers ---- */

bool wire_can(const wire *w, const char *capability)
{
	size_t len = strlen(capability);
	for (const char *at = w->capabilities; at && (at = strstr(at, capability)); at++)
		if (at > w->capabilities && at[-1] == ' ' && at[len] == ' ')
			return true;
	return false;
}

const cib_oid *wire_ref_find(const wire *w, const char *name)
{
	for (size_t i = 0; i < w->ref_count; i++)
		if (strcmp(w->refs[i].name, name) == 0)
			return &w->refs[i].oid;
	return NULL;
}

static int add_ref(wire *w, const char *line, size_t len)
{
	char hex[CIB_OID_HEX] = "";
	cib_oid oid;
	memcpy(hex, line, len < 40 ? len : 40);
	if (len < 42 || line[40] != ' ' || !cib_oid_parse(&oid, hex))
		return refuse_words("the other side does not speak Git's protocol");
	size_t name = strcspn(line + 41, " ") + 41; /* version 2 puts attributes behind it */
	if (w->ref_count == MOST_REFS)
		return refuse_words("the server names too many references");
	w->refs = cib_grow(w->refs, &w->ref_cap, w->ref_count + 1, sizeof *w->refs);
	w->refs[w->ref_count++] = (wire_ref){cib_strndup(line + 41, name - 41), oid};
	return 0;
}

/* Packets up to the next flush; `line` gets each. */
static int each_line(wire *w, pkt_reader *in, int (*line)(wire *w, const char *text, size_t len))
{
	const char *data;
	size_t len;
	int kind;
	while ((kind = pkt_read(in, true, &data, &len)) == PKT_DATA) {
		if (in->bytes > MOST_BYTES)
			return refuse_words("the server names too many references");
		if (len > 4 && memcmp(data, "ERR ", 4) == 0) {
			remote_op_hear(w->op, data + 4, len - 4, true);
			return refuse_words(data + 4);
		}
		if (line(w, data, len))
			return -1;
	}
	if (kind == PKT_EOF)
		return refuse_words(N_("the other side ended the conversation"));
	return kind == PKT_ERROR ? in->status : 0;
}

static int on_ref_v0(wire *w, const char *text, size_t len)
{
	if (len > 8 && memcmp(text, "shallow ", 8) == 0)
		return 0;
	size_t plain = strlen(text);
	if (plain < len && !w->capabilities)
		w->capabilities = cib_format(" %s ", text + plain + 1);
	return len > 40 && strcmp(text + 40, " capabilities^{}") == 0 ? 0 : add_ref(w, text, plain);
}

static int on_capability_v2(wire *w, const char *text, size_t len)
{
	char *all = cib_format("%s%.*s ", w->capabilities ? w->capabilities : " ", (int)len, text);
	free(w->capabilities);
	w->capabilities = all;
	return 0;
}

static int ask_refs_v2(wire *w)
{
	cib_buf what = CIB_BUF_INIT;
	pkt_reader in; /* 64 KiB */
	pkt_add(&what, "command=ls-refs\n");
	pkt_add_delimiter(&what);
	for (size_t i = 0; i < w->op->prefix_count; i++)
		pkt_add(&what, "ref-prefix %s\n", w->op->prefixes[i]);
	pkt_add_flush(&what);
	int rc = wire_say(&in, w, GIT_SERVICE_UPLOADPACK, &what);
	if (rc == 0)
		rc = each_line(w, &in, add_ref);
	wire_heard(&in, w);
	w->asked = false;
	cib_buf_free(&what);
	return rc;
}

static int greet(wire *w, git_smart_subtransport_stream *stream)
{
	const char *data;
	size_t len;
	pkt_reader *in = cib_alloc(sizeof *in);
	in->stream = stream;
	int kind = pkt_read(in, true, &data, &len), rc = 0;
	if (kind == PKT_DATA && strncmp(data, "# service=", 10) == 0) {
		kind = pkt_read(in, true, &data, &len);
		if (kind == PKT_FLUSH)
			kind = pkt_read(in, true, &data, &len);
	}
	if (kind == PKT_DATA && strcmp(data, "version 2") == 0) {
		w->version = 2;
		rc = each_line(w, in, on_capability_v2);
	} else if (kind == PKT_DATA) {
		if (len > 4 && memcmp(data, "ERR ", 4) == 0) {
			remote_op_hear(w->op, data + 4, len - 4, true);
			rc = refuse_words(data + 4);
		}
		if (rc == 0 && strcmp(data, "version 1") != 0)
			rc = on_ref_v0(w, data, len);
		if (rc == 0)
			rc = each_line(w, in, on_ref_v0);
	} else if (kind != PKT_FLUSH) {
		rc = kind == PKT_EOF ? refuse_words(N_("the other side ended the conversation")) : in->status;
	}
	if (!w->capabilities)
		w->capabilities = cib_strdup(" ");
	cib_buf_free(&in->line);
	free(in);
	return rc;
}

/* ---- saying something ---- */

static int send_all(wire *w, git_smart_subtransport_stream *stream, const cib_buf *what, bool at_once)
{
	size_t piece = at_once ? what->len : PIECE;
	for (size_t at = 0; at < what->len; at += piece) {
		size_t n = what->len - at < piece ? what->len - at : piece;
		if (stream->write(stream, what->data + at, n))
			return -1;
		w->op->progress.bytes_out += n;
		if (remote_op_tell(w->op, w->op->progress.phase))
			return GIT_EUSER;
	}
	return 0;
}

int wire_say(pkt_reader *in, wire *w, git_smart_service_t service, const cib_buf *what)
{
	in->stream = w->stream;
	in->at = in->len = 0;
	in->bytes = 0;
	in->record = NULL;
	in->line = (cib_buf)CIB_BUF_INIT;
	w->asked = true;
	if (w->each_anew) {
		int rc = w->inner->action(&in->stream, w->inner, w->op->address, service);
		if (rc) {
			in->stream = NULL;
			return rc;
		}
	}
	/* libgit2's http needs a fetch's request in one piece: it counts its bytes for the header. */
	return send_all(w, in->stream, what, w->each_anew && service == GIT_SERVICE_UPLOADPACK);
}

void wire_heard(pkt_reader *in, const wire *w)
{
	cib_buf_free(&in->line);
	if (w->each_anew && in->stream)
		in->stream->free(in->stream);
	in->stream = NULL;
}

/* ---- what libgit2 sees ---- */

static int greeter_read(git_smart_subtransport_stream *stream, char *buffer, size_t size, size_t *got)
{
	greeter *g = (greeter *)stream;
	const char *text = g->owner->each_anew ? http_greeting : greeting;
	size_t left = strlen(text) - g->told;
	*got = left < size ? left : size;
	memcpy(buffer, text + g->told, *got);
	g->told += *got;
	return 0;
}

static int greeter_write(git_smart_subtransport_stream *stream, const char *buffer, size_t len)
{
	greeter *g = (greeter *)stream;
	return g->inner ? g->inner->write(g->inner, buffer, len) : 0;
}

static void greeter_free(git_smart_subtransport_stream *stream)
{
	greeter *g = (greeter *)stream;
	if (g->inner) {
		if (!g->owner->asked) /* a server that waits for a question is told that there is none */
			g->inner->write(g->inner, "0000", 4);
		g->owner->stream = NULL;
		g->inner->free(g->inner);
	}
	free(g);
}

static int wire_action(git_smart_subtransport_stream **out, git_smart_subtransport *parent, const char *url, git_smart_service_t service)
{
	wire *w = (wire *)parent;
	git_smart_subtransport_stream *stream = NULL;
	if (service != GIT_SERVICE_UPLOADPACK_LS && service != GIT_SERVICE_RECEIVEPACK_LS)
		return refuse_words("libgit2 is not to speak here");
	int rc = w->inner->action(&stream, w->inner, url, service);
	if (rc)
		return rc;
	w->stream = w->each_anew ? NULL : stream;
	rc = greet(w, stream);
	if (w->each_anew)
		stream->free(stream);
	if (rc == 0 && w->version == 2)
		rc = ask_refs_v2(w);
	if (rc) {
		if (!w->each_anew)
			stream->free(stream);
		w->stream = NULL;
		return rc;
	}
	greeter *g = cib_alloc(sizeof *g);
	g->parent.subtransport = parent;
	g->parent.read = greeter_read;
	g->parent.write = greeter_write;
	g->parent.free = greeter_free;
	g->inner = w->stream;
	g->owner = w;
	*out = &g->parent;
	return 0;
}

static int wire_close(git_smart_subtransport *parent)
{
	wire *w = (wire *)parent;
	return w->inner->close(w->inner);
}

static void wire_free(git_smart_subtransport *parent)
{
	wire *w = (wire *)parent;
	w->inner->free(w->inner);
	if (w->op->wire == w)
		w->op->wire = NULL;
	for (size_t i = 0; i < w->ref_count; i++)
		free(w->refs[i].name);
	free(w->refs);
	free(w->capabilities);
	free(w);
}

static int wire_new(git_smart_subtransport **out, git_transport *owner, void *param)
{
	remote_op *op = param;
	wire *w = cib_alloc(sizeof *w);
	w->op = op;
	w->each_anew = op->url.kind == URL_HTTP;
	int rc = w->each_anew ? git_smart_subtransport_http(&w->inner, owner, NULL) : remote_process_new(&w->inner, owner, op);
	if (rc) {
		free(w);
		return rc;
	}
	w->parent.action = wire_action;
	w->parent.close = wire_close;
	w->parent.free = wire_free;
	op->wire = w;
	*out = &w->parent;
	return 0;
}

int wire_transport(git_transport **out, git_remote *owner, void *payload)
{
	remote_op *op = payload;
	git_smart_subtransport_definition definition = {.callback = wire_new, .rpc = op->url.kind == URL_HTTP, .param = op};
	return git_transport_smart(out, owner, &definition);
}
