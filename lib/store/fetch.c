/* Fetch, in version 2 of the protocol where the server speaks it, else in version 0.
 *
 * The references move when everything they need is here, and not before. What is here is told by what the references
 * reach, never by an object being there: a connection that was cut leaves objects without those that they need. They
 * are kept (pack_read.c), and the next fetch asks only for what is missing, object by object: a server that speaks
 * version 2 gives any, an older one when it is set up to (`cib init` does so). What a folder holds is known when the folder
 * is here; so those that are missing come first, without the files in them, where the server filters (`cib init` again). */
#include "store/closure.h"
#include "store/pack_read.h"
#include "store/remote.h"

#include <stdlib.h>

enum { ROUNDS = 8,         /* of asking for what is missing */
       WANTS_MOST = 40000, /* in one request: 2 MB */
       ANCESTORS = 8,      /* that are offered when the server does not know the newest */
       SIDEBAND_DATA = 1,
       SIDEBAND_WORDS,
       SIDEBAND_FATAL };

typedef struct {
	remote_op *op;
	cib_store *store;
	cib_oid *ids; /* per reference asked for; zero: the server lacks it */
	oid_list wants;
	oid_list tips; /* those of ids that are not here whole */
	oid_list haves;
	bool folders; /* this time commits and folders alone, no files */
	bool again;   /* over a new connection */
	cib_error *err;
	int local; /* what failed on our side: a status of ours */
} fetching;

/* ---- what we have ---- */

static void add_have(fetching *f, const cib_oid *oid)
{
	for (size_t i = 0; i < f->haves.count; i++)
		if (cib_oid_equal(&f->haves.items[i], oid))
			return;
	oid_list_add(&f->haves, oid);
}

/* What a server is likely to know: what it had when last seen. */
static void list_haves(fetching *f)
{
	oid_list tips = {0};
	f->haves.count = 0;
	cib_store_ref_tips(&tips, f->store, "refs/cib/central/", NULL);
	if (!tips.count)
		cib_store_ref_tips(&tips, f->store, "refs/", NULL);
	for (size_t i = 0; i < tips.count && i < 64; i++)
		add_have(f, &tips.items[i]);
	oid_list_free(&tips);
}

/* And some of their ancestors, at growing distances, for a server that has lost the newest. */
static void add_ancestors(fetching *f)
{
	size_t newest = f->haves.count;
	for (size_t i = 0; i < newest && i < 8; i++) {
		cib_oid at = f->haves.items[i];
		for (size_t step = 1, n = 0; n < ANCESTORS; n++, step *= 2) {
			cib_commit c = {0};
			bool more = true;
			for (size_t k = 0; more && k < step; k++) {
				more = cib_store_commit_read(&c, f->store, &at, NULL) == CIB_OK && c.parent_count;
				if (more)
					at = c.parents[0];
				cib_commit_clear(&c);
			}
			if (!more)
				break;
			add_have(f, &at);
		}
	}
}

/* ---- the conversation ---- */

static void add_oids(cib_buf *out, const char *word, const oid_list *list, const char *behind_first)
{
	char hex[CIB_OID_HEX];
	for (size_t i = 0; i < list->count && i < WANTS_MOST; i++) {
		cib_oid_hex(hex, &list->items[i]);
		pkt_add(out, "%s %s%s\n", word, hex, i == 0 ? behind_first : "");
	}
}

static void say_v2(cib_buf *out, const fetching *f, bool done)
{
	pkt_add(out, "command=fetch");
	pkt_add_delimiter(out);
	pkt_add(out, "thin-pack");
	pkt_add(out, "ofs-delta");
	pkt_add(out, "no-progress"); /* we count ourselves, and the link is dear */
	add_oids(out, "want", &f->wants, "");
	add_oids(out, "have", &f->haves, "");
	if (f->folders)
		pkt_add(out, "filter blob:none\n");
	if (done)
		pkt_add(out, "done\n");
	pkt_add_flush(out);
}

static void say_v0(cib_buf *out, const fetching *f)
{
	char *abilities = cib_format(" %s%s%s%s%s", wire_can(f->op->wire, "side-band-64k") ? " side-band-64k" : "",
	                             wire_can(f->op->wire, "thin-pack") ? " thin-pack" : "", wire_can(f->op->wire, "ofs-delta") ? " ofs-delta" : "",
	                             wire_can(f->op->wire, "no-progress") ? " no-progress" : "", f->folders ? " filter" : "");
	add_oids(out, "want", &f->wants, abilities);
	if (f->folders)
		pkt_add(out, "filter blob:none\n");
	pkt_add_flush(out);
	add_oids(out, "have", &f->haves, "");
	pkt_add(out, "done\n");
	free(abilities);
}

static int take(fetching *f, pack_in *pack, const char *data, size_t len, uint64_t bytes)
{
	remote_op *op = f->op;
	if (bytes > remote_op_most(op)) {
		op->too_large = true;
		return GIT_EUSER;
	}
	f->local = pack_in_add(pack, data, len, f->err);
	if (f->local != CIB_OK)
		return GIT_EUSER;
	pack_in_counts(pack, &op->progress.objects, &op->progress.objects_total);
	op->progress.bytes_in = bytes;
	return remote_op_tell(op, N_("receiving"));
}

static int fatal(remote_op *op, const char *data, size_t len)
{
	remote_op_hear(op, data, len, true);
	git_error_set_str(GIT_ERROR_NET, op->words.len ? op->words.data : N_("the server broke off"));
	return -1;
}

static int receive(fetching *f, pkt_reader *in, pack_in *pack, bool banded)
{
	const char *data;
	size_t len;
	uint64_t before = f->op->progress.bytes_in;
	int kind = PKT_EOF, rc = 0;
	while (rc == 0 && banded && (kind = pkt_read(in, false, &data, &len)) == PKT_DATA) {
		if (len && data[0] == SIDEBAND_DATA)
			rc = take(f, pack, data + 1, len - 1, before + in->bytes);
		else if (len && data[0] == SIDEBAND_WORDS)
			remote_op_hear(f->op, data + 1, len - 1, false);
		else if (len && data[0] == SIDEBAND_FATAL)
			rc = fatal(f->op, data + 1, len - 1);
	}
	if (rc == 0 && kind == PKT_ERROR) {
		rc = in->status;
		if (in->line.len && in->line.data[0] == SIDEBAND_DATA) /* up to 64 kB, half of it on average: it is kept with the rest */
			pack_in_add(pack, in->line.data + 1, in->line.len - 1, NULL);
	}
	while (rc == 0 && !banded) { /* everything to the end is the pack */
		if (in->at == in->len) {
			in->at = in->len = 0;
			rc = in->stream->read(in->stream, in->buffer, sizeof in->buffer, &in->len);
			in->bytes += in->len;
			if (rc || in->len == 0)
				break;
		}
		rc = take(f, pack, in->buffer + in->at, in->len - in->at, before + in->bytes);
		in->at = in->len;
	}
	return rc;
}

/* Up to the pack: 0 and *found, or 0 and another round is needed. */
static int hear_v2(fetching *f, pkt_reader *in, bool *found)
{
	const char *data;
	size_t len;
	int kind;
	*found = false;
	while ((kind = pkt_read(in, true, &data, &len)) == PKT_DATA || kind == PKT_DELIMITER) {
		if (kind == PKT_DATA && len > 4 && memcmp(data, "ERR ", 4) == 0)
			return fatal(f->op, data + 4, len - 4);
		if (kind == PKT_DATA && strcmp(data, "packfile") == 0) {
			*found = true;
			return 0;
		}
	}
	if (kind == PKT_EOF)
		git_error_set_str(GIT_ERROR_NET, N_("the other side ended the conversation"));
	return kind == PKT_FLUSH ? 0 : kind == PKT_ERROR ? in->status
	                                                 : -1;
}

static int hear_v0(fetching *f, pkt_reader *in)
{
	const char *data;
	size_t len;
	int kind = pkt_read(in, true, &data, &len);
	if (kind == PKT_DATA && len > 4 && memcmp(data, "ERR ", 4) == 0)
		return fatal(f->op, data + 4, len - 4);
	if (kind == PKT_DATA && (strncmp(data, "ACK ", 4) == 0 || strcmp(data, "NAK") == 0))
		return 0;
	if (kind != PKT_ERROR)
		git_error_set_str(GIT_ERROR_NET, N_("the other side ended the conversation"));
	return kind == PKT_ERROR ? in->status : -1;
}

/* One pack with what is wanted. */
static int converse(fetching *f)
{
	wire *w = f->op->wire;
	bool old = w->version != 2, found = old, banded = !old || wire_can(w, "side-band-64k");
	bool done = !f->haves.count;
	cib_buf what = CIB_BUF_INIT;
	pkt_reader *in = cib_alloc(sizeof *in);
	pack_in *pack = pack_in_new(f->store);
	int rc = 0;
	if (old)
		add_ancestors(f);
	do {
		wire_heard(in, w);
		cib_buf_clear(&what);
		if (old)
			say_v0(&what, f);
		else
			say_v2(&what, f, done);
		f->op->progress.phase = N_("counting");
		rc = wire_say(in, w, GIT_SERVICE_UPLOADPACK, &what);
		if (rc == 0)
			rc = old ? hear_v0(f, in) : hear_v2(f, in, &found);
		if (rc == 0 && !found && done) {
			git_error_set_str(GIT_ERROR_NET, N_("the server sends nothing"));
			rc = -1;
		}
		if (rc == 0 && !found) { /* it does not know enough of what we have: all that we can offer, and then as it is */
			add_ancestors(f);
			done = true;
		}
	} while (rc == 0 && !found);
	if (rc == 0)
		rc = receive(f, in, pack, banded);
	f->op->progress.bytes_in += in->bytes;
	wire_heard(in, w);
	if (rc == 0) {
		f->local = pack_in_finish(pack, f->err);
		rc = f->local == CIB_OK ? 0 : GIT_EUSER;
	}
	pack_in_free(pack);
	cib_buf_free(&what);
	free(in);
	return rc;
}

/* ---- what is missing ---- */

static bool gives_any(const wire *w)
{
	return w->version == 2 || (wire_can(w, "allow-tip-sha1-in-want") && wire_can(w, "allow-reachable-sha1-in-want"));
}

static void list_wants(fetching *f, const cib_refspec *specs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const cib_oid *there = wire_ref_find(f->op->wire, specs[i].from);
		if (!there)
			continue;
		f->ids[i] = *there;
		if (!cib_store_complete(f->store, there))
			oid_list_add(&f->tips, there);
	}
}

/* Something of what the tips need came before, and the rest is asked for piece by piece. */
static bool was_begun(const fetching *f)
{
	git_oid id;
	for (size_t i = 0; i < f->tips.count; i++) {
		to_git(&id, &f->tips.items[i]);
		if (git_odb_exists(f->store->odb, &id))
			return true;
	}
	return false;
}

static int download(fetching *f)
{
	const wire *w = f->op->wire;
	bool piecemeal = gives_any(w), unknown = false;
	list_haves(f);
	for (int round = 0; round < ROUNDS && f->tips.count; round++) {
		f->wants.count = 0;
		f->local = closure_missing(&f->wants, &unknown, f->store, f->tips.items, f->tips.count, f->err);
		if (f->local != CIB_OK)
			return GIT_EUSER;
		if (!f->wants.count)
			return 0;
		if (!piecemeal) {
			if (round)
				break;
			f->wants.count = 0;
			for (size_t i = 0; i < f->tips.count; i++)
				oid_list_add(&f->wants, &f->tips.items[i]);
		}
		if (round && w->version != 2 && !w->each_anew) { /* an old server answers once */
			f->again = f->folders;
			if (f->again)
				return 0;
			break;
		}
		f->folders = unknown && piecemeal && wire_can(w, "filter") && was_begun(f);
		int rc = converse(f);
		if (rc)
			return rc;
	}
	if (!f->tips.count)
		return 0;
	f->local = cib_error_set(f->err, CIB_REFUSED, "remote.incomplete", "%s does not send all that belongs to it", f->op->text);
	cib_error_hint(f->err, "nothing was changed here; ask who runs the server to run: git fsck");
	return GIT_EUSER;
}

/* The references move after all objects are there and durable. */
static int move_refs(const fetching *f, const cib_refspec *specs, size_t count, cib_error *err)
{
	int status = CIB_OK;
	for (size_t i = 0; status == CIB_OK && i < count; i++) {
		cib_oid now;
		bool exists = cib_store_ref_get(&now, f->store, specs[i].to, NULL) == CIB_OK;
		if (cib_oid_is_zero(&f->ids[i]))
			status = exists ? cib_store_ref_delete(f->store, specs[i].to, err) : CIB_OK;
		else if (!exists || !cib_oid_equal(&now, &f->ids[i]))
			status = cib_store_ref_set(f->store, specs[i].to, &f->ids[i], NULL, err);
	}
	return status;
}

static int fetch(fetching *f, const char *url, const cib_refspec *specs, size_t count, const cib_remote_options *options, cib_error *err)
{
	size_t rescued = 0;
	int status = pack_in_rescue(&rescued, f->store, err);
	if (status != CIB_OK)
		return status;
	status = remote_op_open(f->op, url, options, err);
	if (status != CIB_OK)
		return status;
	const char **names = cib_alloc((count + 1) * sizeof *names);
	for (size_t i = 0; i < count; i++)
		names[i] = specs[i].from;
	f->op->prefixes = names;
	f->op->prefix_count = count;
	int rc = remote_op_connect(f->op, GIT_DIRECTION_FETCH);
	if (rc == 0)
		list_wants(f, specs, count);
	if (rc == 0)
		rc = download(f);
	status = remote_op_end(f->op, f->local == CIB_OK ? rc : 0, N_("fetch from"), err);
	free(names);
	return f->local == CIB_OK ? status : f->local;
}

int cib_store_fetch(cib_store *store, const char *url, const cib_refspec *specs, size_t count, const cib_remote_options *options,
                    cib_error *err)
{
	cib_error own = CIB_ERROR_INIT;
	int status = CIB_OK;
	bool again = true;
	for (int i = 0; status == CIB_OK && again && i < ROUNDS; i++) {
		remote_op op = {0};
		fetching f = {.op = &op, .store = store, .ids = cib_alloc((count + 1) * sizeof *f.ids), .err = err ? err : &own};
		status = fetch(&f, url, specs, count, options, f.err);
		again = f.again;
		if (status == CIB_OK && !again)
			status = move_refs(&f, specs, count, f.err);
		free(f.ids);
		oid_list_free(&f.wants);
		oid_list_free(&f.tips);
		oid_list_free(&f.haves);
		remote_op_close(&op);
	}
	return status;
}
