/* The merge of two commits, entry by entry, from one pruned walk of three trees: cost follows the change.
 *
 * The rows of the walk are collected first, because some need each other: an entry that one side moved (a member's
 * folder was renamed) is a removal here and an addition there, and a conflict needs the record that the two sides'
 * records were merged into. Then each row is settled: one side's version, or the merge of both by field. */
#include "network/rulebook.h"
#include "sync/merge_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static cib_tree_entry *edit_of(cib_merger *m, const char *path)
{
	for (size_t i = m->count; i-- > 0;)
		if (strcmp(m->edits[i].path, path) == 0)
			return &m->edits[i];
	return NULL;
}

/* The last word on a path stands. */
static void put_edit(cib_merger *m, const char *path, unsigned mode, const cib_oid *oid)
{
	cib_tree_entry *e = edit_of(m, path);
	if (!e) {
		m->edits = cib_grow(m->edits, &m->cap, m->count + 1, sizeof *m->edits);
		e = &m->edits[m->count++];
		*e = (cib_tree_entry){.path = cib_strdup(path)};
	}
	e->mode = mode;
	e->oid = oid ? *oid : (cib_oid){{0}};
}

static void add_edit(cib_merger *m, const char *path, unsigned mode, const cib_oid *oid)
{
	m->edits = cib_grow(m->edits, &m->cap, m->count + 1, sizeof *m->edits);
	m->edits[m->count++] = (cib_tree_entry){.path = cib_strdup(path), .mode = mode, .oid = oid ? *oid : (cib_oid){{0}}};
}

static int put_doc(cib_merger *m, const char *path, const cJSON *doc)
{
	cib_buf text = CIB_BUF_INIT;
	cib_oid blob;
	cib_json_write(&text, doc, NULL);
	int status = cib_store_blob_write(&blob, m->store, text.data, text.len, m->err);
	if (status == CIB_OK)
		put_edit(m, path, 0100644, &blob);
	cib_buf_free(&text);
	return status;
}

/* false: the version is not strict JSON, or (m->failed) could not be read at all. */
static bool read_version(cib_merger *m, cJSON **out, const cib_oid *blob)
{
	cib_error err = CIB_ERROR_INIT;
	int status = cib_read_entry(out, m->store, blob, &err);
	if (status != CIB_OK && status != CIB_FINDINGS && m->failed == CIB_OK) {
		m->failed = status;
		if (m->err)
			*m->err = err;
	}
	return status == CIB_OK;
}

/* ---- conflicts ---- */

/* The record as it stands now in the result. */
static cJSON *current_record(cib_merger *m, const char *where)
{
	cib_oid blob;
	unsigned mode = 0;
	cJSON *doc = NULL;
	const cib_tree_entry *e = edit_of(m, where);
	if (e && e->mode)
		read_version(m, &doc, &e->oid);
	if (e)
		return doc;
	int status = cib_store_tree_get(&blob, &mode, m->store, m->how->theirs, where, m->err);
	if (status == CIB_OK)
		read_version(m, &doc, &blob);
	else if (status != CIB_NOTFOUND)
		m->failed = status;
	return doc;
}

static int record(cib_merger *m, const cib_merge_row *r, const cib_conflicts *conflicts)
{
	cib_edit_by ours, theirs;
	char *where = cib_record_path(&r->place, r->path);
	if (!where) { /* no JSON: there is nothing to show side by side, and both versions are in the history */
		cib_note(m->report, N_("%s: both sides changed it; the central version stands, the other is in the history"), r->path);
		return CIB_OK;
	}
	int status = cib_edit_by_history(&ours, m->store, m->how->ours, r->ours.path, m->err);
	if (status == CIB_OK)
		status = cib_edit_by_history(&theirs, m->store, m->how->theirs, r->theirs.path, m->err);
	cJSON *doc = status == CIB_OK ? current_record(m, where) : NULL;
	if (status != CIB_OK || m->failed != CIB_OK) {
		cJSON_Delete(doc);
		free(where);
		return status != CIB_OK ? status : m->failed;
	}
	const char *name = strrchr(where, '/') + 1;
	char *id = cib_format("%.*s", (int)(strlen(name) - 5), name);
	cib_record_add(&doc, id, r->path, conflicts, &ours, &theirs);
	for (size_t i = 0; i < conflicts->count; i++) {
		cib_buf words = CIB_BUF_INIT;
		cib_conflict_words(&words, m->how->net, &r->place, id, &conflicts->items[i], &theirs, m->how->lang);
		cib_note(m->report, N_("%s. Both values are kept; settle it with: cib resolve %s"), words.data, id);
		cib_buf_free(&words);
	}
	m->report->conflicts += conflicts->count;
	status = put_doc(m, where, doc);
	cJSON_Delete(doc);
	free(where);
	free(id);
	return status;
}

/* One conflict about the whole entry: the central version stays, of two merge bases neither. */
static int record_whole(cib_merger *m, const cib_merge_row *r, const cJSON *base, const cJSON *ours, const cJSON *theirs)
{
	cib_conflict c = {CIB_CONFLICT_ENTRY, cib_strdup(""), cib_strdup(""), base ? cJSON_Duplicate(base, true) : NULL,
	                  ours ? cJSON_Duplicate(ours, true) : NULL, theirs ? cJSON_Duplicate(theirs, true) : NULL};
	cib_conflicts list = {&c, 1, 1};
	int status = CIB_OK;
	if (m->virtual)
		add_edit(m, r->path, 0, NULL);
	else
		status = record(m, r, &list);
	free(c.pointer);
	free(c.path);
	cJSON_Delete(c.base);
	cJSON_Delete(c.ours);
	cJSON_Delete(c.theirs);
	return status;
}

/* ---- one entry ---- */

/* Is the merged document right as a whole? Two right edits can make a wrong sum, or rules that nothing can be judged by. */
static bool is_valid(cib_merger *m, const cib_merge_row *r, const cib_buf *text)
{
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_check_options check = {.canonical = true, .before = m->how->theirs};
	bool ok = m->virtual;
	if (!ok && r->place.area == CIB_AREA_RULES)
		ok = cib_network_check_rule_file(m->how->net, r->path, text->data, text->len, (int64_t)time(NULL), m->how->lang, &findings) == CIB_OK;
	else if (!ok)
		ok = !r->place.kind || cib_network_check(m->how->net, r->path, text->data, text->len, &check, NULL, &findings) == CIB_OK;
	cib_findings_free(&findings);
	return ok;
}

static bool is_empty_record(const cib_merge_row *r, const cJSON *doc)
{
	const cJSON *items = cib_json_get(doc, "items");
	return r->place.area == CIB_AREA_RECORD && !(items && items->child);
}

static int take_merged(cib_merger *m, const cib_merge_row *r, const cJSON *merged, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cib_conflicts *conflicts)
{
	cib_buf text = CIB_BUF_INIT;
	cib_oid blob;
	int status = CIB_OK;
	if (!merged || is_empty_record(r, merged)) {
		add_edit(m, r->path, 0, NULL);
	} else {
		cib_json_write(&text, merged, NULL);
		if (!is_valid(m, r, &text)) {
			status = record_whole(m, r, base, ours, theirs);
			goto done;
		}
		status = cib_store_blob_write(&blob, m->store, text.data, text.len, m->err);
		if (status == CIB_OK)
			add_edit(m, r->path, 0100644, &blob);
	}
	if (status != CIB_OK || m->virtual)
		goto done;
	/* Two people who settle one conflict differently make a new one, on the field; the records themselves have none. */
	if (conflicts->count && r->place.area != CIB_AREA_RECORD) {
		status = record(m, r, conflicts);
	} else if (r->place.area != CIB_AREA_RECORD) {
		m->report->merged++;
		cib_note(m->report, N_("%s: the edits of both sides were joined"), *r->place.id ? r->place.id : r->path);
	}
done:
	cib_buf_free(&text);
	return status;
}

/* A document that goes along to a renamed member's folder says so. */
static void follow_member(cJSON *doc, const cib_merge_row *r)
{
	const char *owner = cib_json_string(doc, "owner"), *entry = cib_json_string(doc, "entry");
	size_t n = strlen(r->from_member);
	if (!n)
		return;
	if (owner && strcmp(owner, r->from_member) == 0)
		cJSON_ReplaceItemInObjectCaseSensitive(doc, "owner", cJSON_CreateString(r->place.member));
	if (entry && strncmp(entry, "members/", 8) == 0 && strncmp(entry + 8, r->from_member, n) == 0 && entry[8 + n] == '/') {
		char *now = cib_format("members/%s%s", r->place.member, entry + 8 + n);
		cJSON_ReplaceItemInObjectCaseSensitive(doc, "entry", cJSON_CreateString(now));
		free(now);
	}
}

static int join(cib_merger *m, const cib_merge_row *r)
{
	cJSON *base = NULL, *ours = NULL, *theirs = NULL, *merged = NULL;
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	int status;
	bool readable = read_version(m, &base, &r->base.oid) && read_version(m, &ours, &r->ours.oid) && read_version(m, &theirs, &r->theirs.oid);
	if (m->failed != CIB_OK) {
		status = m->failed;
	} else if (readable) {
		cib_merge_options options = {r->place.kind ? cib_network_rules(m->how->net, r->place.kind) : NULL, m->virtual ? CIB_KEEP_NEITHER : CIB_KEEP_THEIRS};
		cib_merge(&merged, base, ours, theirs, &options, &conflicts);
		if (merged)
			follow_member(merged, r);
		status = take_merged(m, r, merged, base, ours, theirs, &conflicts);
	} else {
		status = record_whole(m, r, base, ours, theirs);
	}
	cib_conflicts_free(&conflicts);
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

static const cib_oid *bases_of(const cib_merger *m, bool theirs)
{
	return theirs && m->how->their_bases ? m->how->their_bases : m->how->bases;
}

/* Did a side make this version since the bases (mode 0: remove the path), and go on from it? Then it is no news to that side. */
static bool wrote(cib_merger *m, bool theirs, const cib_tree_entry *version)
{
	const cib_oid none = {{0}};
	bool yes = false;
	if (!m->past)
		return false;
	int status = cib_store_path_wrote(&yes, m->store, theirs ? m->how->theirs : m->how->ours, bases_of(m, theirs), m->how->base_count, version->path,
	                                  version->mode ? &version->oid : &none, m->err);
	if (status != CIB_OK)
		m->failed = status;
	return status == CIB_OK && yes;
}

/* Did a side change anything in the folder of the path? */
static bool touched(cib_merger *m, bool theirs, const char *path)
{
	cib_touched *t = &m->touched[theirs];
	if (!t->known) {
		int status = cib_touched_gather(t, m->store, theirs ? m->how->theirs : m->how->ours, bases_of(m, theirs), m->how->base_count, m->err);
		if (status != CIB_OK) {
			m->failed = status;
			return false;
		}
	}
	return cib_touched_has(t, path);
}

/* The same of a side that has what the base has: did it go there and back? */
static bool went_back(cib_merger *m, bool theirs, const cib_tree_entry *version)
{
	return m->past && touched(m, theirs, version->path) && wrote(m, theirs, version);
}

/* A person decides: two made the same version, and one of them went back from it, or two of the secretariat accepted different ones. */
static int ask(cib_merger *m, const cib_merge_row *r)
{
	cJSON *base = NULL, *ours = NULL, *theirs = NULL;
	read_version(m, &base, &r->base.oid);
	read_version(m, &ours, &r->ours.oid);
	read_version(m, &theirs, &r->theirs.oid);
	int status = m->failed != CIB_OK ? m->failed : record_whole(m, r, base, ours, theirs);
	cJSON_Delete(base);
	cJSON_Delete(ours);
	cJSON_Delete(theirs);
	return status;
}

/* Only one side has something else than the base. Where the other side made that, too, and went back, both have decided. */
static int settle_one(cib_merger *m, const cib_merge_row *r, bool theirs_old)
{
	const cib_tree_entry *made = theirs_old ? &r->ours : &r->theirs;
	bool returned = made->mode && r->base.mode && r->place.area != CIB_AREA_RECORD && went_back(m, theirs_old, made);
	if (m->failed != CIB_OK)
		return m->failed;
	if (returned)
		return ask(m, r);
	if (theirs_old)
		add_edit(m, r->path, r->ours.mode, &r->ours.oid);
	return CIB_OK;
}

/* Did the secretariat accept by itself, on one side, what the other went through, too? Then that is what both go on from. `path`: where it stood then.
 * *apart: no, and yet on either side something of it was accepted. */
static bool find_accepted(cib_merger *m, const cib_merge_row *r, const char *path, cib_tree_entry *version, bool *apart)
{
	cib_acceptance how = {m->store, path, &r->base.oid, {m->how->ours, m->how->theirs}, {bases_of(m, false), bases_of(m, true)}, m->how->base_count, m->how->mains};
	cib_accepted what;
	*apart = false;
	if (!m->past || (r->place.area != CIB_AREA_MEMBER && r->place.area != CIB_AREA_RECORD) || !touched(m, false, path) || !touched(m, true, path))
		return false;
	*version = (cib_tree_entry){.path = path};
	int status = cib_accepted_find(&what, &version->oid, &how, m->err);
	if (status != CIB_OK)
		m->failed = status;
	*apart = what == CIB_ACCEPTED_APART;
	version->mode = what == CIB_ACCEPTED_VERSION && !cib_oid_is_zero(&version->oid) ? 0100644 : 0;
	return what == CIB_ACCEPTED_VERSION;
}

/* An entry whose folder was renamed, or that was made in one that was. */
static int settle_moved(cib_merger *m, cib_merge_row *r)
{
	cib_tree_entry accepted;
	bool apart;
	if (r->base.mode && find_accepted(m, r, r->base.path, &accepted, &apart) && accepted.mode)
		r->base = accepted;
	return m->failed == CIB_OK ? join(m, r) : m->failed;
}

static int settle_from_accepted(cib_merger *m, cib_merge_row *r, const cib_tree_entry *version)
{
	r->base = *version;
	if (same(&r->base, &r->ours))
		return CIB_OK;
	if (!same(&r->base, &r->theirs))
		return join(m, r);
	add_edit(m, r->path, r->ours.mode, &r->ours.oid);
	return CIB_OK;
}

static int settle(cib_merger *m, cib_merge_row *r)
{
	cib_tree_entry accepted;
	bool moved = strcmp(r->ours.path, r->path) != 0 || strcmp(r->theirs.path, r->path) != 0;
	if (moved)
		return settle_moved(m, r);
	if (same(&r->ours, &r->theirs))
		return CIB_OK;
	bool ours_old = same(&r->base, &r->ours), theirs_old = same(&r->base, &r->theirs);
	bool apart, is_accepted = find_accepted(m, r, r->path, &accepted, &apart);
	if (m->failed != CIB_OK)
		return m->failed;
	if (is_accepted)
		return settle_from_accepted(m, r, &accepted);
	if (ours_old || theirs_old)
		return settle_one(m, r, theirs_old);
	bool past_theirs = wrote(m, false, &r->theirs), past_ours = wrote(m, true, &r->ours);
	if (m->failed != CIB_OK)
		return m->failed;
	if (past_theirs == past_ours)
		return apart && r->place.area == CIB_AREA_MEMBER ? ask(m, r) : join(m, r);
	if (past_theirs) /* what ours went on from is no news */
		add_edit(m, r->path, r->ours.mode, &r->ours.oid);
	return CIB_OK;
}

/* ---- rows ---- */

static int add_row(const char *path, const cib_tree_entry *base, const cib_tree_entry *ours, const cib_tree_entry *theirs, void *payload)
{
	cib_merger *m = payload;
	if (same(ours, theirs) && ours->mode) /* nothing to settle, and no part of a move */
		return CIB_OK;
	if (m->how->own && !cib_is_in_folder(path, m->how->own) && !cib_is_in_folder(path, m->how->home)) {
		if (m->how->as_ours)
			add_edit(m, path, ours->mode, &ours->oid);
		return CIB_OK;
	}
	m->rows = cib_grow(m->rows, &m->row_cap, m->row_count + 1, sizeof *m->rows);
	cib_merge_row *r = &m->rows[m->row_count++];
	*r = (cib_merge_row){.path = cib_strdup(path), .base = *base, .ours = *ours, .theirs = *theirs};
	r->base.path = r->ours.path = r->theirs.path = r->path;
	cib_network_place(&r->place, m->how->net, path);
	return CIB_OK;
}

/* Records first: a conflict found later is added to what the two sides' records were merged into. */
static int by_turn(const void *a, const void *b)
{
	const cib_merge_row *x = a, *y = b;
	bool record_x = x->place.area == CIB_AREA_RECORD, record_y = y->place.area == CIB_AREA_RECORD;
	return record_x != record_y ? (record_x ? -1 : 1) : strcmp(x->path, y->path);
}

/* The old place of a move: ours is gone from the result, theirs' is where it was only when ours moved it. */
static void leave_old_place(cib_merger *m, const cib_merge_row *from)
{
	if (from->theirs.mode)
		add_edit(m, from->path, 0, NULL);
}

static int merge_trees(cib_oid *tree, cib_merger *m, const cib_oid *base)
{
	int status = cib_store_diff3(m->store, base, m->how->ours, m->how->theirs, "", add_row, m, m->err);
	if (status == CIB_OK) {
		if (m->row_count)
			qsort(m->rows, m->row_count, sizeof *m->rows, by_turn);
		for (size_t i = 0; i < m->row_count; i++) /* the paths moved with the sort, the pointers did not */
			m->rows[i].base.path = m->rows[i].ours.path = m->rows[i].theirs.path = m->rows[i].path;
		cib_merge_find_moves(m);
	}
	for (size_t i = 0; i < m->row_count && status == CIB_OK; i++)
		if (m->rows[i].done)
			leave_old_place(m, &m->rows[i]);
		else
			status = (status = settle(m, &m->rows[i])) == CIB_OK ? m->failed : status;
	if (status == CIB_OK)
		status = cib_store_tree_edit(tree, m->store, m->how->theirs, m->edits, m->count, m->err);
	for (size_t i = 0; i < m->count; i++)
		free((char *)(uintptr_t)m->edits[i].path);
	for (size_t i = 0; i < m->row_count; i++) {
		free(m->rows[i].path);
		free(m->rows[i].old_path);
	}
	free(m->edits);
	free(m->rows);
	cib_touched_clear(&m->touched[0]);
	cib_touched_clear(&m->touched[1]);
	return status;
}

int cib_merge_before(cib_oid *tree, cib_store *store, cib_network *net, const cib_oid *a, const cib_oid *b, const cib_oid *base, const cib_oid *bases, size_t count,
                     cib_error *err)
{
	cib_sync_report ignored = {0};
	cib_commit_merge how = {.net = net, .bases = bases, .base_count = count, .ours = a, .theirs = b, .lang = "en"};
	cib_merger m = {.store = store, .how = &how, .virtual = true, .past = bases != NULL, .report = &ignored, .err = err};
	int status = merge_trees(tree, &m, base);
	cib_sync_report_clear(&ignored);
	return status;
}

int cib_merge_commits(cib_oid *tree, cib_store *store, const cib_commit_merge *how, cib_sync_report *report, cib_error *err)
{
	cib_merger m = {.store = store, .how = how, .past = true, .report = report, .err = err};
	cib_oid base;
	int status = CIB_OK;
	if (how->had)
		base = *how->had;
	else
		status = cib_meeting_had(&base, store, how->net, how->bases, how->base_count, err);
	return status == CIB_OK ? merge_trees(tree, &m, &base) : status;
}
