/* Push, as git send-pack does it: what to move, then one thin pack, then the server's word on each reference. */
#include "store/closure.h"
#include "store/pack_write.h"
#include "store/remote.h"

#include <stdlib.h>

enum { SIDEBAND_DATA = 1,
       SIDEBAND_WORDS,
       SIDEBAND_FATAL };

/* ---- what the server says of it ---- */

static const char *const behind_words[] = {"non-fast-forward", "fetch first", "failed to update ref", "cannot lock ref",
                                           "failed to lock", "stale info", "already exists", "reference has changed",
                                           "incorrect old value"};

static void note_refusal(remote_op *op, const char *ref, const char *reason)
{
	bool behind = false;
	for (size_t i = 0; i < sizeof behind_words / sizeof *behind_words; i++)
		behind = behind || strstr(reason, behind_words[i]);
	if (op->push_status == CIB_OK || (op->behind && !behind)) { /* a refusal outweighs a race */
		free(op->push_ref);
		free(op->push_reason);
		op->push_ref = cib_strdup(ref);
		op->push_reason = cib_strdup(reason);
		op->behind = behind;
	}
	op->push_status = CIB_REFUSED;
}

typedef struct {
	git_smart_subtransport_stream parent;
	pkt_reader *outer; /* the side band */
	remote_op *op;
	cib_buf data; /* of band 1, not yet read */
	size_t at;
	bool ended;
} band;

/* Band 1 read as a stream of its own: the report is pkt-lines within pkt-lines. */
static int band_read(git_smart_subtransport_stream *stream, char *buffer, size_t size, size_t *got)
{
	band *b = (band *)stream;
	*got = 0;
	while (b->at == b->data.len && !b->ended) {
		const char *data;
		size_t len;
		int kind = pkt_read(b->outer, false, &data, &len);
		if (kind == PKT_ERROR)
			return b->outer->status;
		b->ended = kind != PKT_DATA;
		if (kind != PKT_DATA || len == 0)
			continue;
		if (data[0] == SIDEBAND_DATA) {
			cib_buf_clear(&b->data);
			cib_buf_add(&b->data, data + 1, len - 1);
			b->at = 0;
		} else {
			remote_op_hear(b->op, data + 1, len - 1, false);
		}
		if (data[0] == SIDEBAND_FATAL) {
			git_error_set_str(GIT_ERROR_NET, N_("the server broke off"));
			return -1;
		}
	}
	size_t left = b->data.len - b->at;
	*got = left < size ? left : size;
	memcpy(buffer, cib_buf_str(&b->data) + b->at, *got);
	b->at += *got;
	return 0;
}

typedef struct {
	cib_oid before, after;
	const char *ref;
	bool answered;
} move;

typedef struct {
	move *items;
	size_t count;
} moves;

static int report_line(remote_op *op, moves *list, const char *line)
{
	if (strncmp(line, "unpack ", 7) == 0) {
		if (strcmp(line + 7, "ok") == 0)
			return 0;
		git_error_set_str(GIT_ERROR_NET, "unpacking the sent packfile failed");
		return -1;
	}
	bool ok = strncmp(line, "ok ", 3) == 0;
	if (!ok && strncmp(line, "ng ", 3) != 0)
		return 0; /* options of a reference, or news of later versions */
	size_t len = strcspn(line + 3, " ");
	for (size_t i = 0; i < list->count; i++) {
		move *m = &list->items[i];
		if (strncmp(m->ref, line + 3, len) != 0 || m->ref[len])
			continue;
		m->answered = true;
		if (!ok)
			note_refusal(op, m->ref, line[3 + len] ? line + 4 + len : N_("no reason given"));
	}
	return 0;
}

static int read_report(remote_op *op, pkt_reader *in, moves *list)
{
	const char *line;
	size_t len;
	int kind, rc = 0;
	while ((kind = pkt_read(in, true, &line, &len)) == PKT_DATA) {
		int bad = report_line(op, list, line);
		rc = rc ? rc : bad;
	}
	if (kind == PKT_ERROR && rc == 0)
		rc = in->status;
	for (size_t i = 0; rc == 0 && i < list->count; i++)
		if (!list->items[i].answered && op->push_status == CIB_OK) {
			git_error_set_str(GIT_ERROR_NET, N_("the server did not say whether it took what was sent"));
			rc = -1;
		}
	return rc;
}

static int hear_report(remote_op *op, pkt_reader *in, moves *list, bool banded)
{
	if (!banded)
		return read_report(op, in, list);
	band b = {.parent = {.read = band_read}, .outer = in, .op = op};
	pkt_reader *inner = cib_alloc(sizeof *inner);
	inner->stream = &b.parent;
	int rc = read_report(op, inner, list);
	while (!b.ended && rc == 0) { /* the server's last words come behind the report */
		size_t got;
		char more[256];
		b.at = b.data.len;
		if (band_read(&b.parent, more, sizeof more, &got))
			break;
	}
	cib_buf_free(&inner->line);
	cib_buf_free(&b.data);
	free(inner);
	return rc;
}

/* ---- what moves ---- */

static int behind(cib_error *err)
{
	cib_error_set(err, CIB_REFUSED, "push.behind", "somebody was faster: the branch has changed on the server");
	cib_error_hint(err, "fetch, merge and push again");
	return CIB_REFUSED;
}

static int list_moves(moves *list, cib_store *store, const wire *w, const cib_refspec *specs, size_t count, cib_error *err)
{
	list->items = cib_alloc((count + 1) * sizeof *list->items);
	for (size_t i = 0; i < count; i++) {
		move m = {.ref = specs[i].to};
		const cib_oid *there = wire_ref_find(w, specs[i].to);
		int status = cib_store_ref_get(&m.after, store, specs[i].from, err);
		if (status != CIB_OK)
			return status;
		if (there && cib_oid_equal(there, &m.after))
			continue;
		if (there) {
			git_oid id;
			m.before = *there;
			to_git(&id, there);
			if (!git_odb_exists(store->odb, &id) || !cib_store_is_ancestor(store, there, &m.after))
				return behind(err);
		}
		list->items[list->count++] = m;
	}
	return CIB_OK;
}

static int tell_packing(size_t done, size_t total, void *payload)
{
	remote_op *op = payload;
	op->progress.objects = done;
	op->progress.objects_total = total;
	return remote_op_tell(op, N_("counting"));
}

static int make_pack(cib_buf *pack, remote_op *op, cib_store *store, const moves *list, cib_error *err)
{
	const wire *w = op->wire;
	cib_oid *tips = cib_alloc((list->count + 1) * sizeof *tips), *have = cib_alloc((w->ref_count + 1) * sizeof *have);
	pack_wish wish = {.tips = tips, .tip_count = list->count, .have = have, .tell = tell_packing, .payload = op};
	for (size_t i = 0; i < list->count; i++)
		tips[i] = list->items[i].after;
	for (size_t i = 0; i < w->ref_count; i++) /* also what it names ".have": commits of its other branches */
		if (cib_store_complete(store, &w->refs[i].oid))
			have[wish.have_count++] = w->refs[i].oid;
	wish.thin = !wire_can(w, "no-thin");
	wish.offsets = wire_can(w, "ofs-delta");
	size_t objects = 0;
	int status = pack_write(pack, &objects, store, &wish, err);
	op->progress.objects = op->progress.objects_total = objects;
	free(tips);
	free(have);
	return status;
}

int cib_store_push_size(uint64_t *bytes, cib_store *store, const cib_oid *tip, const cib_oid *have, size_t have_count, cib_error *err)
{
	cib_buf pack = CIB_BUF_INIT;
	oid_list whole = {0};
	size_t objects = 0;
	for (size_t i = 0; i < have_count; i++)
		if (cib_store_complete(store, &have[i]))
			oid_list_add(&whole, &have[i]);
	pack_wish wish = {.tips = tip, .tip_count = 1, .have = whole.items, .have_count = whole.count, .thin = true, .offsets = true};
	int status = pack_write(&pack, &objects, store, &wish, err);
	*bytes = objects ? pack.len : 0;
	cib_buf_free(&pack);
	oid_list_free(&whole);
	return status;
}

/* ---- the conversation ---- */

static void add_commands(cib_buf *out, const moves *list, const wire *w, bool banded)
{
	for (size_t i = 0; i < list->count; i++) {
		const move *m = &list->items[i];
		char before[CIB_OID_HEX], after[CIB_OID_HEX];
		cib_oid_hex(before, &m->before);
		cib_oid_hex(after, &m->after);
		if (i == 0)
			pkt_add(out, "%s %s %s%c report-status%s%s%s", before, after, m->ref, 0, banded ? " side-band-64k" : "",
			        wire_can(w, "quiet") ? " quiet" : "", list->count > 1 && wire_can(w, "atomic") ? " atomic" : "");
		else
			pkt_add(out, "%s %s %s", before, after, m->ref);
	}
	pkt_add_flush(out);
}

static int converse(remote_op *op, moves *list, const cib_buf *pack)
{
	bool banded = wire_can(op->wire, "side-band-64k");
	cib_buf what = CIB_BUF_INIT;
	pkt_reader *in = cib_alloc(sizeof *in);
	if (!wire_can(op->wire, "report-status")) {
		git_error_set_str(GIT_ERROR_NET, N_("the server cannot say whether it takes what is sent: it is too old"));
		free(in);
		return -1;
	}
	add_commands(&what, list, op->wire, banded);
	cib_buf_add(&what, pack->data, pack->len);
	op->progress.phase = N_("sending");
	op->progress.bytes_total = what.len;
	int rc = wire_say(in, op->wire, GIT_SERVICE_RECEIVEPACK, &what);
	bool cut = rc && rc != GIT_EUSER && in->stream;
	if (rc == 0 || cut) { /* a server that has heard enough hangs up, but says why */
		int heard = hear_report(op, in, list, banded);
		rc = cut && heard == 0 && op->push_status == CIB_OK ? rc : heard;
	}
	op->progress.bytes_in += in->bytes;
	wire_heard(in, op->wire);
	cib_buf_free(&what);
	free(in);
	return rc == 0 && op->push_status != CIB_OK ? GIT_ERROR : rc;
}

int cib_store_push(cib_store *store, const char *url, const cib_refspec *specs, size_t count, const cib_remote_options *options,
                   cib_error *err)
{
	remote_op op;
	moves list = {0};
	cib_buf pack = CIB_BUF_INIT;
	int rc = 0, local = CIB_OK, status = cib_store_in_doubt(store, err);
	if (status != CIB_OK)
		return status;
	status = remote_op_open(&op, url, options, err);
	if (status == CIB_OK) {
		rc = remote_op_connect(&op, GIT_DIRECTION_PUSH);
		if (rc == 0)
			local = list_moves(&list, store, op.wire, specs, count, err);
		if (rc == 0 && local == CIB_OK && list.count)
			local = make_pack(&pack, &op, store, &list, err);
		if (rc == 0 && local == CIB_OK && list.count)
			rc = converse(&op, &list, &pack);
		status = remote_op_end(&op, rc, N_("push to"), local == CIB_OK ? err : NULL);
		status = local == CIB_OK ? status : local;
	}
	cib_buf_free(&pack);
	free(list.items);
	remote_op_close(&op);
	return status;
}
