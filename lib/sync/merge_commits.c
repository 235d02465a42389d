/* The merge of two commits, entry by entry, from one pruned walk of three trees. */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
	cib_network *net;
	cib_store *store;
	const cib_oid *base, *ours, *theirs;
	const char *who_ours, *who_theirs;
	cib_tree_entry *edits; /* against the tree of theirs */
	size_t count, cap;
	cib_sync_report *report;
	cib_error *err;
} merger;

static void add_edit(merger *m, const char *path, unsigned mode, const cib_oid *oid)
{
	m->edits = cib_grow(m->edits, &m->cap, m->count + 1, sizeof *m->edits);
	m->edits[m->count++] = (cib_tree_entry){.path = cib_strdup(path), .mode = mode, .oid = oid ? *oid : (cib_oid){{0}}};
}

static int write_doc(cib_oid *out, cib_store *store, const cJSON *doc, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cib_json_write(&text, doc, NULL);
	int status = cib_store_blob_write(out, store, text.data, text.len, err);
	cib_buf_free(&text);
	return status;
}

static void shown(cib_buf *out, const cJSON *v)
{
	if (!v)
		cib_buf_adds(out, "nothing");
	else
		cib_json_write(out, v, &(cib_json_style){.compact = true});
	if (out->len > 100) {
		out->len = 97;
		while (out->len && ((unsigned char)out->data[out->len] & 0xC0u) == 0x80u)
			out->len--;
		cib_buf_adds(out, "...");
	}
}

/* The key of a conflict in its record: of the field, so that the same conflict found twice is one item. */
static void item_id(cib_buf *out, const char *path)
{
	cib_oid hash;
	char hex[CIB_OID_HEX];
	cib_store_blob_hash(&hash, path, strlen(path));
	cib_oid_hex(hex, &hash);
	cib_buf_addf(out, "c-%.12s", hex);
}

static void add_item(cJSON *items, const cib_conflict *c, const char *who)
{
	static const char *const kinds[] = {"value", "delete", "order", "entry"};
	char today[16] = "";
	time_t now = time(NULL);
	struct tm tm;
	cib_buf id = CIB_BUF_INIT;
	cJSON *item = cJSON_CreateObject();
	if (gmtime_r(&now, &tm))
		strftime(today, sizeof today, "%Y-%m-%d", &tm);
	item_id(&id, c->path);
	cJSON_AddStringToObject(item, "id", id.data);
	cJSON_AddStringToObject(item, "path", c->path);
	cJSON_AddStringToObject(item, "pointer", c->pointer);
	cJSON_AddStringToObject(item, "conflict", kinds[c->kind]);
	if (c->base)
		cJSON_AddItemToObject(item, "base", cJSON_Duplicate(c->base, true));
	if (c->ours)
		cJSON_AddItemToObject(item, "ours", cJSON_Duplicate(c->ours, true));
	if (c->theirs)
		cJSON_AddItemToObject(item, "theirs", cJSON_Duplicate(c->theirs, true));
	cJSON_AddStringToObject(item, "keptFrom", "central");
	cJSON_AddStringToObject(item, "role", who);
	cJSON_AddStringToObject(item, "date", today);
	for (cJSON *i = items->child; i; i = i->next) { /* the newest value that was set aside stands for the field */
		const char *other = cib_json_string(i, "id");
		if (other && strcmp(other, id.data) == 0) {
			cJSON_ReplaceItemViaPointer(items, i, item);
			item = NULL;
			break;
		}
	}
	if (item)
		cJSON_AddItemToArray(items, item);
	cib_buf_free(&id);
}

/* Put conflicts into the record of their entry, in the member's folder. */
static int record(merger *m, const char *path, const cib_conflicts *conflicts)
{
	cib_place place;
	cib_oid blob = {{0}};
	unsigned mode;
	cJSON *doc = NULL;
	cib_network_place(&place, m->net, path);
	if (place.area != CIB_AREA_MEMBER) { /* the secretariat's own files have no record: both versions stay in history */
		cib_note(m->report, "%s: both sides changed it; the central version stands, yours is in the history", path);
		return CIB_OK;
	}
	char *where = cib_format("members/%s/conflicts/%s.json", place.member, place.id);
	if (cib_store_tree_get(&blob, &mode, m->store, m->theirs, where, NULL) == CIB_OK)
		cib_read_entry(&doc, m->store, &blob, NULL);
	for (size_t i = 0; i < m->count && !doc; i++) /* merged from both sides just now */
		if (strcmp(m->edits[i].path, where) == 0 && m->edits[i].mode)
			cib_read_entry(&doc, m->store, &m->edits[i].oid, NULL);
	if (!doc) {
		doc = cJSON_CreateObject();
		cJSON_AddStringToObject(doc, "kind", "conflict");
		cJSON_AddStringToObject(doc, "schema", "conflict/1");
		cJSON_AddStringToObject(doc, "id", place.id);
		cJSON_AddStringToObject(doc, "entry", path);
		cJSON_AddItemToObject(doc, "items", cJSON_CreateArray());
	}
	for (size_t i = 0; i < conflicts->count; i++) {
		const cib_conflict *c = &conflicts->items[i];
		cib_buf ours = CIB_BUF_INIT, theirs = CIB_BUF_INIT;
		add_item(cib_json_get(doc, "items"), c, m->who_ours);
		shown(&ours, c->ours);
		shown(&theirs, c->theirs);
		cib_note(m->report, "%s %s: %s set %s, the central value is %s. Settle it with: cib resolve %s", place.id, *c->path ? c->path : "(the whole entry)",
		         m->who_ours, ours.data, theirs.data, place.id);
		cib_buf_free(&ours);
		cib_buf_free(&theirs);
		m->report->conflicts++;
	}
	int status = write_doc(&blob, m->store, doc, m->err);
	if (status == CIB_OK)
		add_edit(m, where, 0100644, &blob);
	free(where);
	cJSON_Delete(doc);
	return status;
}

/* One conflict about the whole entry. */
static int record_whole(merger *m, const char *path, const cJSON *base, const cJSON *ours, const cJSON *theirs)
{
	cib_conflict c = {CIB_CONFLICT_ENTRY, cib_strdup(""), cib_strdup(""), base ? cJSON_Duplicate(base, true) : NULL, ours ? cJSON_Duplicate(ours, true) : NULL,
	                  theirs ? cJSON_Duplicate(theirs, true) : NULL};
	cib_conflicts list = {&c, 1, 1};
	int status = record(m, path, &list);
	free(c.pointer);
	free(c.path);
	cJSON_Delete(c.base);
	cJSON_Delete(c.ours);
	cJSON_Delete(c.theirs);
	return status;
}

/* Has the other side been through this version since the base? Then this side has nothing new. */
static bool had(merger *m, const cib_oid *tip, const char *path, const cib_oid *blob)
{
	bool yes = false;
	return !cib_oid_is_zero(blob) && cib_store_path_had(&yes, m->store, tip, m->base, path, blob, NULL) == CIB_OK && yes;
}

static int join(merger *m, const char *path, const cib_tree_entry *b, const cib_tree_entry *o, const cib_tree_entry *t)
{
	cJSON *base = NULL, *ours = NULL, *theirs = NULL, *merged = NULL;
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_buf text = CIB_BUF_INIT;
	cib_place place;
	cib_oid blob;
	cib_network_place(&place, m->net, path);
	int status = CIB_OK;
	bool readable = cib_read_entry(&base, m->store, &b->oid, NULL) == CIB_OK && cib_read_entry(&ours, m->store, &o->oid, NULL) == CIB_OK &&
	                cib_read_entry(&theirs, m->store, &t->oid, NULL) == CIB_OK;
	if (!readable) {
		status = record_whole(m, path, base, ours, theirs);
		goto done;
	}
	cib_merge_options options = {place.kind ? cib_network_rules(m->net, place.kind) : NULL, CIB_KEEP_THEIRS};
	cib_merge(&merged, base, ours, theirs, &options, &conflicts);
	if (merged) {
		cib_check_options check = {.canonical = true};
		cib_json_write(&text, merged, NULL);
		if (place.kind && cib_network_check(m->net, path, text.data, text.len, &check, NULL, &findings) != CIB_OK) {
			status = record_whole(m, path, base, ours, theirs); /* each side was right, the whole is not */
			goto done;
		}
		status = cib_store_blob_write(&blob, m->store, text.data, text.len, m->err);
		if (status == CIB_OK && !(t->mode && cib_oid_equal(&blob, &t->oid)))
			add_edit(m, path, 0100644, &blob);
	} else if (t->mode) {
		add_edit(m, path, 0, NULL);
	}
	if (status == CIB_OK && conflicts.count)
		status = record(m, path, &conflicts);
	if (status == CIB_OK && !conflicts.count && place.area != CIB_AREA_CONFLICT) {
		m->report->merged++;
		cib_note(m->report, "%s: the edits of both sides were joined", *place.id ? place.id : path);
	}
done:
	cib_conflicts_free(&conflicts);
	cib_findings_free(&findings);
	cib_buf_free(&text);
	cJSON_Delete(base);
	cJSON_Delete(ours);
	cJSON_Delete(theirs);
	cJSON_Delete(merged);
	return status;
}

static bool same(const cib_tree_entry *x, const cib_tree_entry *y)
{
	return x->mode == y->mode && cib_oid_equal(&x->oid, &y->oid);
}

static int merge_path(const char *path, const cib_tree_entry *b, const cib_tree_entry *o, const cib_tree_entry *t, void *payload)
{
	merger *m = payload;
	if (same(o, t) || same(b, o)) /* nothing of ours */
		return CIB_OK;
	if (same(b, t)) {
		add_edit(m, path, o->mode, &o->oid);
		return CIB_OK;
	}
	if (had(m, m->theirs, path, &o->oid))
		return CIB_OK;
	if (had(m, m->ours, path, &t->oid)) {
		add_edit(m, path, o->mode, &o->oid);
		return CIB_OK;
	}
	return join(m, path, b, o, t);
}

int cib_merge_commits(cib_oid *tree, cib_network *net, cib_store *store, const cib_oid *base, const cib_oid *ours, const cib_oid *theirs,
                      const char *who_ours, const char *who_theirs, cib_sync_report *report, cib_error *err)
{
	merger m = {.net = net, .store = store, .base = base, .ours = ours, .theirs = theirs, .who_ours = who_ours, .who_theirs = who_theirs, .report = report, .err = err};
	int status = cib_store_diff3(store, base, ours, theirs, "", merge_path, &m, err);
	if (status == CIB_OK)
		status = cib_store_tree_edit(tree, store, theirs, m.edits, m.count, err);
	for (size_t i = 0; i < m.count; i++)
		free((char *)(uintptr_t)m.edits[i].path);
	free(m.edits);
	return status;
}
