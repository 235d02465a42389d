/* The merge of two commits, entry by entry, from one pruned walk of three trees: cost follows the change.
 *
 * The rows of the walk are collected first, because some need each other: an entry that one side moved (a member's
 * folder was renamed) is a removal here and an addition there, and a conflict needs the record that the two sides'
 * records were merged into. Then each row is settled: one side's version, or the merge of both by field. */
#include "sync/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct row row;
struct row {
	char *path; /* where the result goes */
	cib_place place;
	cib_tree_entry base, ours, theirs; /* their path: where each side has it */
	char *old_path;                    /* where it was when it goes along with its renamed folder */
	char from_member[101];             /* ours was added in a folder that theirs renamed: its old name, else "" */
	bool done;                         /* settled by another row: */
	row *moved_to;                     /* by this one */
};

typedef struct {
	cib_store *store;
	const cib_commit_merge *how;
	bool virtual; /* a merge of merge bases: values, not records */
	row *rows;
	size_t row_count, row_cap;
	cib_tree_entry *edits; /* against the tree of theirs */
	size_t count, cap;
	cib_sync_report *report;
	cib_error *err;
	cib_touched touched[2]; /* by ours, by theirs */
	int failed;             /* the first look-up that could not be made: what is unknown is neither absent nor a conflict */
} merger;

static cib_tree_entry *edit_of(merger *m, const char *path)
{
	for (size_t i = m->count; i-- > 0;)
		if (strcmp(m->edits[i].path, path) == 0)
			return &m->edits[i];
	return NULL;
}

/* The last word on a path stands. */
static void put_edit(merger *m, const char *path, unsigned mode, const cib_oid *oid)
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

static void add_edit(merger *m, const char *path, unsigned mode, const cib_oid *oid)
{
	m->edits = cib_grow(m->edits, &m->cap, m->count + 1, sizeof *m->edits);
	m->edits[m->count++] = (cib_tree_entry){.path = cib_strdup(path), .mode = mode, .oid = oid ? *oid : (cib_oid){{0}}};
}

static int put_doc(merger *m, const char *path, const cJSON *doc)
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
static bool read_version(merger *m, cJSON **out, const cib_oid *blob)
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
static cJSON *current_record(merger *m, const char *where)
{
	cib_oid blob;
	unsigned mode = 0;
	cJSON *doc = NULL;
	const cib_tree_entry *e = edit_of(m, where);
	if (e && e->mode)
		read_version(m, &doc, &e->oid);
	else if (!e && cib_store_tree_get(&blob, &mode, m->store, m->how->theirs, where, NULL) == CIB_OK)
		read_version(m, &doc, &blob);
	return doc;
}

static int record(merger *m, const row *r, const cib_conflicts *conflicts)
{
	cib_edit_by ours, theirs;
	char *where = cib_record_path(&r->place, r->path);
	if (!where) { /* no JSON: there is nothing to show side by side, and both versions are in the history */
		cib_note(m->report, N_("%s: both sides changed it; the central version stands, the other is in the history"), r->path);
		return CIB_OK;
	}
	cib_edit_by_history(&ours, m->store, m->how->ours, r->ours.path);
	cib_edit_by_history(&theirs, m->store, m->how->theirs, r->theirs.path);
	cJSON *doc = current_record(m, where);
	const char *name = strrchr(where, '/') + 1;
	char *id = cib_format("%.*s", (int)(strlen(name) - 5), name);
	cib_record_add(&doc, id, r->path, conflicts, &ours, &theirs);
	for (size_t i = 0; i < conflicts->count; i++) {
		cib_buf words = CIB_BUF_INIT;
		cib_conflict_words(&words, m->how->net, &r->place, &conflicts->items[i], &theirs, m->how->lang);
		cib_note(m->report, N_("%s. Both values are kept; settle it with: cib resolve %s"), words.data, id);
		cib_buf_free(&words);
	}
	m->report->conflicts += conflicts->count;
	int status = put_doc(m, where, doc);
	cJSON_Delete(doc);
	free(where);
	free(id);
	return status;
}

/* One conflict about the whole entry: the central version stays. */
static int record_whole(merger *m, const row *r, const cJSON *base, const cJSON *ours, const cJSON *theirs)
{
	cib_conflict c = {CIB_CONFLICT_ENTRY, cib_strdup(""), cib_strdup(""), base ? cJSON_Duplicate(base, true) : NULL,
	                  ours ? cJSON_Duplicate(ours, true) : NULL, theirs ? cJSON_Duplicate(theirs, true) : NULL};
	cib_conflicts list = {&c, 1, 1};
	int status = CIB_OK;
	if (!m->virtual)
		status = record(m, r, &list);
	free(c.pointer);
	free(c.path);
	cJSON_Delete(c.base);
	cJSON_Delete(c.ours);
	cJSON_Delete(c.theirs);
	return status;
}

/* ---- one entry ---- */

/* Is the merged document right as a whole? Two right edits can make a wrong sum. */
static bool is_valid(merger *m, const row *r, const cib_buf *text)
{
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_check_options check = {.canonical = true, .before = m->how->theirs};
	bool ok = m->virtual || !r->place.kind || cib_network_check(m->how->net, r->path, text->data, text->len, &check, NULL, &findings) == CIB_OK;
	cib_findings_free(&findings);
	return ok;
}

static bool is_empty_record(const row *r, const cJSON *doc)
{
	const cJSON *items = cib_json_get(doc, "items");
	return r->place.area == CIB_AREA_RECORD && !(items && items->child);
}

static int take_merged(merger *m, const row *r, const cJSON *merged, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cib_conflicts *conflicts)
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
static void follow_member(cJSON *doc, const row *r)
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

static int join(merger *m, const row *r)
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

static const cib_oid *bases_of(const merger *m, bool theirs)
{
	return theirs && m->how->their_bases ? m->how->their_bases : m->how->bases;
}

/* Did a side make this version since the bases (mode 0: remove the path), and go on from it? Then it is no news to that side. */
static bool wrote(merger *m, bool theirs, const cib_tree_entry *version)
{
	const cib_oid none = {{0}};
	bool yes = false;
	if (m->virtual)
		return false;
	int status = cib_store_path_wrote(&yes, m->store, theirs ? m->how->theirs : m->how->ours, bases_of(m, theirs), m->how->base_count, version->path,
	                                  version->mode ? &version->oid : &none, m->err);
	if (status != CIB_OK)
		m->failed = status;
	return status == CIB_OK && yes;
}

/* Did a side change anything in the folder of the path? */
static bool touched(merger *m, bool theirs, const char *path)
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
static bool went_back(merger *m, bool theirs, const cib_tree_entry *version)
{
	return !m->virtual && touched(m, theirs, version->path) && wrote(m, theirs, version);
}

/* Two people made the same version, and one of them went back from it: a person decides. */
static int record_return(merger *m, const row *r)
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
static int settle_one(merger *m, const row *r, bool theirs_old)
{
	const cib_tree_entry *made = theirs_old ? &r->ours : &r->theirs;
	bool returned = made->mode && r->base.mode && r->place.area != CIB_AREA_RECORD && went_back(m, theirs_old, made);
	if (m->failed != CIB_OK)
		return m->failed;
	if (returned)
		return record_return(m, r);
	if (theirs_old)
		add_edit(m, r->path, r->ours.mode, &r->ours.oid);
	return CIB_OK;
}

/* Did the secretariat accept a version of one side by itself, on the other side? Then that is what both go on from. `path`: where it stood then. */
static bool find_accepted(merger *m, const row *r, const char *path, cib_tree_entry *version)
{
	const cib_oid *tips[2] = {m->how->ours, m->how->theirs};
	bool found = false;
	if (m->virtual || (r->place.area != CIB_AREA_MEMBER && r->place.area != CIB_AREA_RECORD) || !touched(m, false, path) || !touched(m, true, path))
		return false;
	*version = (cib_tree_entry){.path = path};
	for (int theirs = 0; m->failed == CIB_OK && !found && theirs < 2; theirs++) {
		cib_acceptance how = {m->store, m->how->net, path, &r->base.oid, tips[theirs], tips[!theirs], bases_of(m, theirs), bases_of(m, !theirs), m->how->base_count};
		m->failed = cib_accepted_version(&found, &version->oid, &how, m->err);
	}
	version->mode = found && !cib_oid_is_zero(&version->oid) ? 0100644 : 0;
	return found && m->failed == CIB_OK;
}

/* An entry whose folder was renamed, or that was made in one that was. */
static int settle_moved(merger *m, row *r)
{
	cib_tree_entry accepted;
	if (r->base.mode && find_accepted(m, r, r->base.path, &accepted) && accepted.mode)
		r->base = accepted;
	return m->failed == CIB_OK ? join(m, r) : m->failed;
}

static int settle_from_accepted(merger *m, row *r, const cib_tree_entry *version)
{
	r->base = *version;
	if (same(&r->base, &r->ours))
		return CIB_OK;
	if (!same(&r->base, &r->theirs))
		return join(m, r);
	add_edit(m, r->path, r->ours.mode, &r->ours.oid);
	return CIB_OK;
}

static int settle(merger *m, row *r)
{
	cib_tree_entry accepted;
	bool moved = strcmp(r->ours.path, r->path) != 0 || strcmp(r->theirs.path, r->path) != 0;
	if (moved)
		return settle_moved(m, r);
	if (same(&r->ours, &r->theirs))
		return CIB_OK;
	bool ours_old = same(&r->base, &r->ours), theirs_old = same(&r->base, &r->theirs);
	bool is_accepted = find_accepted(m, r, r->path, &accepted);
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
		return join(m, r);
	if (past_theirs) /* what ours went on from is no news */
		add_edit(m, r->path, r->ours.mode, &r->ours.oid);
	return CIB_OK;
}

/* ---- rows ---- */

static int add_row(const char *path, const cib_tree_entry *base, const cib_tree_entry *ours, const cib_tree_entry *theirs, void *payload)
{
	merger *m = payload;
	if (same(ours, theirs) && ours->mode) /* nothing to settle, and no part of a move */
		return CIB_OK;
	m->rows = cib_grow(m->rows, &m->row_cap, m->row_count + 1, sizeof *m->rows);
	row *r = &m->rows[m->row_count++];
	*r = (row){.path = cib_strdup(path), .base = *base, .ours = *ours, .theirs = *theirs};
	r->base.path = r->ours.path = r->theirs.path = r->path;
	cib_network_place(&r->place, m->how->net, path);
	return CIB_OK;
}

/* Records first: a conflict found later is added to what the two sides' records were merged into. */
static int by_turn(const void *a, const void *b)
{
	const row *x = a, *y = b;
	bool record_x = x->place.area == CIB_AREA_RECORD, record_y = y->place.area == CIB_AREA_RECORD;
	return record_x != record_y ? (record_x ? -1 : 1) : strcmp(x->path, y->path);
}

/* What stays the same when a member's folder is renamed: folder and id; a member's own profile has its name for one. */
static const char *moving_name(const row *r)
{
	const char *rest = strncmp(r->path, "members/", 8) == 0 ? strchr(r->path + 8, '/') : NULL;
	if (!rest)
		return NULL;
	return r->place.kind && !r->place.kind->prefix && r->place.area == CIB_AREA_MEMBER ? "/" : rest;
}

static int by_moving_name(const void *a, const void *b)
{
	return strcmp(moving_name(*(row *const *)a), moving_name(*(row *const *)b));
}

/* Does what ours did in a folder go along to where theirs has it now? What is handed over to another member is not one's own any more. */
static bool goes_along(const merger *m, const row *to)
{
	return !m->how->home || strcmp(to->place.member, m->how->home) == 0;
}

/* One side removed a path and has the same entry at another: its other side's edit goes along. */
static void pair_move(const merger *m, row *from, row *to)
{
	bool by_theirs = from->base.mode && !from->theirs.mode && !to->base.mode && !to->ours.mode && to->theirs.mode && goes_along(m, to);
	bool by_ours = from->base.mode && !from->ours.mode && !to->base.mode && !to->theirs.mode && to->ours.mode;
	bool by_both = from->base.mode && !from->ours.mode && !from->theirs.mode && !to->base.mode && to->ours.mode && to->theirs.mode;
	if (from->done || to->done || !(by_theirs || by_ours || by_both))
		return;
	to->base = from->base;
	if (by_theirs)
		to->ours = from->ours;
	else if (by_ours)
		to->theirs = from->theirs;
	from->done = true;
	from->moved_to = to;
}

/* What ours added in a folder that theirs renamed goes along: `moved` shows one entry that theirs took from `old`. */
static void take_additions_along(merger *m, const char *old, const row *moved)
{
	cib_oid oid;
	unsigned mode;
	char *folder = cib_format("members/%s", old);
	size_t n = strlen(folder);
	if (cib_store_tree_get(&oid, &mode, m->store, m->how->theirs, folder, NULL) == CIB_NOTFOUND)
		for (size_t i = 0; i < m->row_count; i++) {
			row *r = &m->rows[i];
			if (r->done || r->base.mode || r->theirs.mode || strncmp(r->path, folder, n) != 0 || r->path[n] != '/')
				continue;
			char *there = cib_format("members/%s%s", moved->place.member, r->path + n);
			snprintf(r->from_member, sizeof r->from_member, "%s", old);
			r->old_path = r->path; /* ours.path goes on pointing to it */
			r->path = there;
			cib_network_place(&r->place, m->how->net, there);
		}
	free(folder);
}

/* Once for each renamed folder. */
static void follow_folders(merger *m)
{
	const char *handled = "";
	for (size_t i = 0; i < m->row_count; i++) {
		row *from = &m->rows[i];
		if (!from->moved_to || from->theirs.mode || strcmp(from->place.member, from->moved_to->place.member) == 0 || strcmp(from->place.member, handled) == 0)
			continue;
		handled = from->place.member; /* rows stand in the order of their paths */
		take_additions_along(m, handled, from->moved_to);
	}
}

static void find_moves(merger *m)
{
	row **list = cib_alloc((m->row_count + 1) * sizeof *list);
	size_t n = 0;
	for (size_t i = 0; i < m->row_count; i++)
		if (moving_name(&m->rows[i]))
			list[n++] = &m->rows[i];
	qsort(list, n, sizeof *list, by_moving_name);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && by_moving_name(&list[i], &list[end]) == 0; end++)
			;
		for (size_t a = i; a < end && end - i <= 16; a++)
			for (size_t b = i; b < end; b++)
				pair_move(m, list[a], list[b]);
	}
	free(list);
	follow_folders(m);
}

/* The old place of a move: ours is gone from the result, theirs' is where it was only when ours moved it. */
static void leave_old_place(merger *m, const row *from)
{
	if (from->theirs.mode)
		add_edit(m, from->path, 0, NULL);
}

static int merge_trees(cib_oid *tree, merger *m, const cib_oid *base)
{
	int status = cib_store_diff3(m->store, base, m->how->ours, m->how->theirs, "", add_row, m, m->err);
	if (status == CIB_OK) {
		qsort(m->rows, m->row_count, sizeof *m->rows, by_turn);
		for (size_t i = 0; i < m->row_count; i++) /* the paths moved with the sort, the pointers did not */
			m->rows[i].base.path = m->rows[i].ours.path = m->rows[i].theirs.path = m->rows[i].path;
		find_moves(m);
	}
	for (size_t i = 0; i < m->row_count && status == CIB_OK; i++)
		if (m->rows[i].done)
			leave_old_place(m, &m->rows[i]);
		else
			status = settle(m, &m->rows[i]);
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

/* ---- several merge bases ---- */

enum { BASE_DEPTH = 8 };

/* One tree for several merge bases (branches that were merged crosswise): they are merged themselves, and where they
 * disagree the tree has nothing, so that neither side's value passes for unchanged. */
static int virtual_base(cib_oid *tree, cib_store *store, const cib_commit_merge *how, const cib_oid *bases, size_t count, int depth, cib_error *err)
{
	cib_sync_report ignored = {0};
	*tree = count ? bases[0] : (cib_oid){{0}};
	int status = CIB_OK;
	for (size_t i = 1; i < count && depth < BASE_DEPTH && status == CIB_OK; i++) {
		cib_oid *inner = NULL, base = {{0}}, joined;
		size_t inner_count = 0;
		cib_commit_merge both = {.net = how->net, .ours = tree, .theirs = &bases[i], .lang = how->lang};
		merger m = {.store = store, .how = &both, .virtual = true, .report = &ignored, .err = err};
		status = cib_store_merge_bases(&inner, &inner_count, store, &bases[0], &bases[i], err);
		if (status == CIB_OK)
			status = virtual_base(&base, store, how, inner, inner_count, depth + 1, err);
		if (status == CIB_OK)
			status = merge_trees(&joined, &m, &base);
		if (status == CIB_OK)
			*tree = joined;
		free(inner);
	}
	cib_sync_report_clear(&ignored);
	return status;
}

/* In the member's folder what the bases have that a bridge tells of. */
static int look_past(cib_meeting *met, cib_store *store, const cib_commit_merge *how, cib_oid *bases, size_t count, const char *member, cib_error *err)
{
	cib_oid had, oid = {{0}};
	unsigned mode;
	char *folder = cib_format("members/%s", member);
	int status = virtual_base(&had, store, how, bases, count, 0, err);
	if (status == CIB_OK && cib_store_tree_get(&oid, &mode, store, &had, folder, NULL) != CIB_OK)
		oid = (cib_oid){{0}};
	cib_tree_entry edit = {folder, cib_oid_is_zero(&oid) ? 0 : 0040000, oid};
	if (status == CIB_OK)
		status = cib_store_tree_edit(&met->had, store, &met->had, &edit, 1, err);
	free(folder);
	free(met->bases);
	met->bases = bases;
	met->count = count;
	return status;
}

int cib_meeting_find(cib_meeting *out, cib_store *store, cib_network *net, const cib_oid *a, const cib_oid *b, const char *member, bool both, cib_error *err)
{
	cib_commit_merge how = {.net = net};
	cib_oid *past = NULL;
	size_t count = 0;
	*out = (cib_meeting){0};
	int status = cib_store_merge_bases(&out->bases, &out->count, store, a, b, err);
	if (status == CIB_OK)
		status = virtual_base(&out->had, store, &how, out->bases, out->count, 0, err);
	if (status == CIB_OK && out->count && member)
		status = cib_bridge_bases(&past, &count, store, a, b, out->bases, out->count, both, err);
	if (status == CIB_OK && count)
		return look_past(out, store, &how, past, count, member, err);
	free(past);
	return status;
}

void cib_meeting_clear(cib_meeting *meeting)
{
	free(meeting->bases);
	*meeting = (cib_meeting){0};
}

int cib_merge_commits(cib_oid *tree, cib_store *store, const cib_commit_merge *how, cib_sync_report *report, cib_error *err)
{
	merger m = {.store = store, .how = how, .report = report, .err = err};
	cib_oid base;
	int status = CIB_OK;
	if (how->had)
		base = *how->had;
	else
		status = virtual_base(&base, store, how, how->bases, how->base_count, 0, err);
	return status == CIB_OK ? merge_trees(tree, &m, &base) : status;
}
