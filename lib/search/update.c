/* Bringing the index to a commit: two trees are walked at once, what is equal is skipped, what differs is read. */
#include "search/table.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	cib_search *s;
	cib_search_progress progress;
	void *payload;
	cib_search_report *report;
	cib_error *err;
	cib_buf text;
	cib_arena arena;
} updating;

static bool is_entry(const cib_search *s, const char *path)
{
	cib_place place;
	cib_network_place(&place, s->net, path);
	return place.kind && (place.area == CIB_AREA_MEMBER || place.area == CIB_AREA_NETWORK);
}

static int take_out(cib_search *s, const char *path, cib_error *err)
{
	if (!s->drop_entry)
		sqlite3_prepare_v3(s->db, "DELETE FROM entry WHERE path = ?", -1, SQLITE_PREPARE_PERSISTENT, &s->drop_entry, NULL);
	sqlite3_bind_text(s->drop_entry, 1, path, -1, SQLITE_STATIC);
	int step = s->drop_entry ? sqlite3_step(s->drop_entry) : SQLITE_ERROR;
	sqlite3_reset(s->drop_entry);
	if (step != SQLITE_DONE)
		return cib_search_fail(s, N_("cannot write the search index"), err);
	s->dead += (size_t)sqlite3_changes(s->db);
	return CIB_OK;
}

static int on_change(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	updating *u = payload;
	int status = CIB_OK;
	if (!is_entry(u->s, path))
		return CIB_OK;
	if (a->mode)
		status = take_out(u->s, path, u->err);
	if (status == CIB_OK && b->mode) {
		const cJSON *doc = NULL;
		cib_arena_reset(&u->arena);
		status = cib_store_blob_read(&u->text, cib_network_store(u->s->net), &b->oid, cib_network_limits(u->s->net)->json_bytes, u->err);
		if (status == CIB_OK && cib_json_read_arena(&doc, &u->arena, u->text.data, u->text.len, NULL, NULL) == CIB_OK)
			status = cib_search_insert(u->s, false, path, doc, u->err);
	}
	if (++u->report->changed % 500 == 0 && u->progress && status == CIB_OK && u->progress(u->report->changed, u->payload))
		status = cib_error_set(u->err, CIB_CANCELLED, "search.cancelled", "the search index was not brought up to date");
	return status;
}

static int write_meta(cib_search *s, const cib_oid *tip, cib_error *err)
{
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, tip);
	char *sql = cib_format("INSERT OR REPLACE INTO meta VALUES ('tip', '%s'), ('dead', '%zu')", hex, s->dead);
	int status = cib_search_exec(s, sql, err);
	free(sql);
	return status;
}

static int walk(cib_search *s, const cib_oid *tip, cib_search_progress progress, void *payload, cib_search_report *report, cib_error *err)
{
	updating u = {.s = s, .progress = progress, .payload = payload, .report = report, .err = err};
	int status = cib_search_exec(s, "BEGIN IMMEDIATE", err);
	if (status != CIB_OK)
		return status;
	cib_search_table_free(s);
	if (!cib_search_read_meta(s)) /* another program may have brought it further meanwhile */
		status = CIB_DAMAGED;
	cib_oid from = s->tip;
	size_t dead = s->dead;
	if (status == CIB_OK && !cib_oid_equal(&from, tip))
		status = cib_store_diff2(cib_network_store(s->net), &from, tip, on_change, &u, err);
	if (status == CIB_OK)
		status = write_meta(s, tip, err);
	if (status == CIB_OK)
		status = cib_search_exec(s, "COMMIT", err);
	if (status == CIB_OK) {
		s->tip = *tip;
	} else {
		bool damaged = status == CIB_DAMAGED || cib_search_damaged(s);
		cib_search_exec(s, "ROLLBACK", NULL);
		s->dead = dead;
		if (damaged)
			status = CIB_DAMAGED;
	}
	cib_buf_free(&u.text);
	cib_arena_free(&u.arena);
	return status;
}

/* Is the commit that the index was made from still there? */
static bool has_start(const cib_search *s)
{
	cib_obj_type type;
	size_t size;
	return cib_oid_is_zero(&s->tip) || cib_store_object(&type, &size, cib_network_store(s->net), &s->tip, NULL) == CIB_OK;
}

/* Did the kinds or the names of codes change since? Both are in the words of every entry. */
static bool has_other_rules(const cib_search *s, const cib_oid *tip)
{
	static const char *const folders[] = {"schema", "codelists"};
	for (size_t i = 0; i < 2 && !cib_oid_is_zero(&s->tip); i++) {
		cib_oid was = {{0}}, is = {{0}};
		unsigned mode;
		cib_store_tree_get(&was, &mode, cib_network_store(s->net), &s->tip, folders[i], NULL);
		cib_store_tree_get(&is, &mode, cib_network_store(s->net), tip, folders[i], NULL);
		if (!cib_oid_equal(&was, &is))
			return true;
	}
	return false;
}

static bool is_worn(cib_search *s)
{
	sqlite3_stmt *st = NULL;
	size_t live = 0;
	if (s->dead < 2000)
		return false;
	if (sqlite3_prepare_v2(s->db, "SELECT count(*) FROM entry", -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
		live = (size_t)sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return s->dead > live / 2;
}

int cib_search_update(cib_search *s, const cib_oid *tip, cib_search_progress progress, void *payload, cib_search_report *report, cib_error *err)
{
	cib_search_report own = {0};
	int status = CIB_OK;
	report = report ? report : &own;
	*report = (cib_search_report){0};
	if (cib_oid_equal(&s->tip, tip))
		return CIB_OK;
	if (!has_start(s) || has_other_rules(s, tip) || is_worn(s))
		status = cib_search_reset(s, err);
	report->rebuilt = cib_oid_is_zero(&s->tip);
	if (status == CIB_OK)
		status = walk(s, tip, progress, payload, report, err);
	if (status == CIB_DAMAGED) { /* it is only a cache: once more, from nothing */
		*report = (cib_search_report){.rebuilt = true};
		status = cib_search_reset(s, err);
		if (status == CIB_OK)
			status = walk(s, tip, progress, payload, report, err);
		if (status == CIB_DAMAGED)
			status = CIB_IO;
	}
	return status;
}

int cib_search_overlay(cib_search *s, const char *path, const char *text, size_t len, cib_error *err)
{
	cJSON *doc = NULL;
	int status = CIB_OK;
	if (!is_entry(s, path))
		return CIB_OK;
	s->hidden = cib_grow(s->hidden, &s->hidden_cap, s->hidden_count + 1, sizeof *s->hidden);
	s->hidden[s->hidden_count++] = cib_strdup(path);
	if (!s->overlay)
		status = cib_search_make_overlay(s, err);
	s->overlay = status == CIB_OK;
	if (s->table)
		s->table->over_loaded = false;
	if (s->overlay && text && cib_json_read(&doc, text, len, NULL, NULL) == CIB_OK)
		status = cib_search_insert(s, true, path, doc, err);
	cJSON_Delete(doc);
	return status;
}
