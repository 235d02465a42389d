/* The queue as a list to choose from. What was looked at stands in <git dir>/cib/looked.json: {"<member>/<id>": "<blob>"}; a
 * convenience: without it everything is new once more. */
#include "review/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const withs[] = {"errors", "warnings", "conflicts", "duplicates", NULL};
static const char *const sorts[] = {"member", "kind", "age", "size", NULL};

static bool known(const char *word, const char *const *list)
{
	for (; word && *list; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return !word;
}

const char *cib_review_filter_unknown(const cib_review_filter *filter)
{
	static const char *const states[] = {"pending", "returned", "declined", NULL};
	if (!known(filter->state, states))
		return filter->state;
	if (!known(filter->with, withs))
		return filter->with;
	return known(filter->sort, sorts) ? NULL : filter->sort;
}

/* ---- counts ---- */

static void count_row(cib_review_tally *tally, const cib_review_row *row)
{
	bool pending = row->item->state == CIB_REVIEW_PENDING;
	tally->pending += pending;
	tally->back += !pending;
	tally->clean += pending && row->clean;
	tally->fresh += row->look != CIB_LOOKED;
	if (pending && row->submitted && (!tally->oldest || row->submitted < tally->oldest))
		tally->oldest = row->submitted;
}

size_t cib_review_tallies(cib_review_tally **out, cib_review_tally *all, const cib_review_overview *overview)
{
	size_t n = 0;
	cib_review_tally *list = *out = cib_alloc((overview->count + 1) * sizeof *list), sum = {0};
	for (size_t i = 0; i < overview->count; i++) {
		const cib_review_row *row = &overview->rows[i];
		size_t at = 0;
		while (at < n && strcmp(list[at].member, row->item->member) != 0)
			at++;
		if (at == n)
			list[n++].member = row->item->member;
		count_row(&list[at], row);
		count_row(&sum, row);
	}
	if (all)
		*all = sum;
	return n;
}

/* ---- the last look ---- */

static cJSON *load_looked(const cib_workspace *ws)
{
	cJSON *map = NULL;
	char *file = cib_format("%s/cib/looked.json", cib_store_git_dir(ws->store));
	if (cib_json_read_file(&map, file, NULL) != CIB_OK || !cJSON_IsObject(map)) {
		cJSON_Delete(map);
		map = NULL;
	}
	free(file);
	return map;
}

static void look_key(char out[256], const cib_review_item *item)
{
	snprintf(out, 256, "%s/%s", item->member, item->id);
}

/* What stands in `looked` under a key. They stand there in the order in which they are asked for, so that the next is looked for
 * behind the last. */
static const char *look_at(const cJSON *looked, const cJSON **cursor, const char *key)
{
	const cJSON *from = *cursor && (*cursor)->next ? (*cursor)->next : looked ? looked->child
	                                                                          : NULL,
		    *at = from;
	while (at && strcmp(at->string, key) != 0) {
		at = at->next ? at->next : looked->child;
		at = at == from ? NULL : at;
	}
	*cursor = at ? at : *cursor;
	return cJSON_IsString(at) ? at->valuestring : NULL;
}

static cib_look look_of(const cJSON *looked, const cJSON **cursor, const cib_review_item *item)
{
	char key[256], hex[CIB_OID_HEX];
	look_key(key, item);
	cib_oid_hex(hex, &item->proposed);
	const char *blob = look_at(looked, cursor, key);
	return !looked ? CIB_LOOKED : !blob            ? CIB_LOOK_NEW
	                      : strcmp(blob, hex) != 0 ? CIB_LOOK_NEW_VERSION
	                                               : CIB_LOOKED;
}

/* How each item of the queue looks; the caller's. */
static cib_look *count_looks(cib_review_overview *o, const cib_workspace *ws)
{
	cJSON *looked = load_looked(ws);
	cib_look *looks = cib_alloc((o->queue.count + 1) * sizeof *looks);
	const cJSON *cursor = NULL;
	size_t there = 0;
	for (size_t i = 0; i < o->queue.count; i++) {
		looks[i] = look_of(looked, &cursor, &o->queue.items[i]);
		o->fresh += looks[i] == CIB_LOOK_NEW;
		o->newer += looks[i] == CIB_LOOK_NEW_VERSION;
		there += looked && looks[i] != CIB_LOOK_NEW;
	}
	o->gone = looked ? (size_t)cJSON_GetArraySize(looked) - there : 0;
	cJSON_Delete(looked);
	return looks;
}

void cib_review_overview_looked(const cib_review_overview *overview, const cib_workspace *ws)
{
	cJSON *old = load_looked(ws), *map = cJSON_CreateObject();
	cib_buf text = CIB_BUF_INIT;
	char *file = cib_format("%s/cib/looked.json", cib_store_git_dir(ws->store)), key[256], hex[CIB_OID_HEX];
	bool *shown = cib_alloc(overview->queue.count + 1);
	const cJSON *cursor = NULL;
	for (size_t i = 0; i < overview->count; i++)
		shown[overview->rows[i].item - overview->queue.items] = true;
	for (size_t i = 0; i < overview->queue.count; i++) {
		const cib_review_item *item = &overview->queue.items[i];
		look_key(key, item);
		cib_oid_hex(hex, &item->proposed);
		const char *blob = shown[i] ? hex : look_at(old, &cursor, key);
		if (blob && !cib_json_get(map, key))
			cJSON_AddStringToObject(map, key, blob);
	}
	free(shown);
	cib_json_write(&text, map, NULL);
	cib_file_write(file, text.data, text.len, NULL);
	cJSON_Delete(old);
	cJSON_Delete(map);
	cib_buf_free(&text);
	free(file);
}

/* ---- rows ---- */

static int fill_row(cib_review_row *row, cib_workspace *ws, cib_duplicates *index, const cib_review_item *item, const char *lang, cib_error *err)
{
	cib_review_detail d;
	int status = cib_review_detail_load(&d, ws, item, index, lang, err);
	if (status == CIB_OK) {
		*row = (cib_review_row){.item = item,
		                        .title = cib_strdup(cib_review_title(&d, lang)),
		                        .author = cib_strdup(d.author),
		                        .size = d.changes.count,
		                        .errors = d.findings.errors,
		                        .conflicts = d.conflicts,
		                        .duplicates = d.duplicates.open,
		                        .clashes = d.clashes,
		                        .awaited = d.awaited != NULL,
		                        .answered = d.seen != NULL,
		                        .clean = cib_review_is_clean(&d),
		                        .submitted = d.submitted};
		for (size_t i = 0; i < d.findings.count; i++)
			row->warnings += d.findings.items[i].severity == CIB_WARNING;
	}
	cib_review_detail_clear(&d);
	return status;
}

static bool may_pass(const cib_review_filter *f, const cib_review_item *item, cib_look look)
{
	return (!f->member || strcmp(f->member, item->member) == 0) && (!f->kind || strcmp(f->kind, item->kind) == 0) &&
	       (!f->state || strcmp(f->state, cib_review_state_word(item->state)) == 0) && (!f->only_new || look != CIB_LOOKED);
}

static bool passes(const cib_review_filter *f, const cib_review_row *row)
{
	if ((f->clean && !row->clean) || (f->older_days && (!row->submitted || (int64_t)time(NULL) - row->submitted < (int64_t)f->older_days * 86400)))
		return false;
	if (!f->with)
		return true;
	return f->with[0] == 'e'   ? row->errors > 0
	       : f->with[0] == 'w' ? row->warnings > 0
	       : f->with[0] == 'c' ? row->conflicts > 0 || row->clashes
	                           : row->duplicates > 0;
}

static int order(const cib_review_row *a, const cib_review_row *b, char by)
{
	int n = by == 'k'   ? strcmp(a->item->kind, b->item->kind)
	        : by == 'a' ? (a->submitted > b->submitted) - (a->submitted < b->submitted)
	        : by == 's' ? (a->size > b->size) - (a->size < b->size)
	                    : 0;
	if (n == 0)
		n = strcmp(a->item->member, b->item->member);
	return n ? n : strcmp(a->item->id, b->item->id);
}

static int order_member(const void *a, const void *b) { return order(a, b, 'm'); }
static int order_kind(const void *a, const void *b) { return order(a, b, 'k'); }
static int order_age(const void *a, const void *b) { return order(a, b, 'a'); }
static int order_size(const void *a, const void *b) { return order(a, b, 's'); }

static void sort_rows(cib_review_overview *o, const char *by)
{
	char c = by ? by[0] : 'm';
	if (o->count)
		qsort(o->rows, o->count, sizeof *o->rows, c == 'k' ? order_kind : c == 'a' ? order_age
		                                                          : c == 's'       ? order_size
		                                                                           : order_member);
}

/* Of the rows, as they are in the order of the queue, those that pass. */
static void choose(cib_review_overview *o, const cib_review_filter *filter, const cib_look *looks)
{
	size_t kept = 0;
	for (size_t i = 0; i < o->count; i++) {
		cib_review_row row = o->rows[i];
		row.look = looks[row.item - o->queue.items];
		if (may_pass(filter, row.item, row.look) && passes(filter, &row)) {
			o->rows[kept++] = row;
		} else if (!o->borrows) {
			free(row.title);
			free(row.author);
		}
	}
	o->count = kept;
	sort_rows(o, filter->sort);
}

int cib_review_overview_load(cib_review_overview *out, cib_workspace *ws, const cib_review_filter *filter, const char *lang, cib_error *err)
{
	*out = (cib_review_overview){0};
	int status = cib_review_list(&out->queue, ws, NULL, err);
	out->rows = cib_alloc((out->queue.count + 1) * sizeof *out->rows);
	cib_look *looks = count_looks(out, ws);
	cib_duplicates *index = NULL;
	if (out->queue.count)
		cib_duplicates_open(&index, ws, NULL); /* without it, the rest is worth showing */
	for (size_t i = 0; i < out->queue.count && status == CIB_OK; i++)
		if (may_pass(filter, &out->queue.items[i], looks[i]))
			status = fill_row(&out->rows[out->count++], ws, index, &out->queue.items[i], lang, err);
	out->passing = out->queue.count && (!index || !cib_duplicates_fresh(index));
	cib_duplicates_free(index);
	if (status == CIB_OK)
		choose(out, filter, looks);
	free(looks);
	return status;
}

void cib_review_overview_choose(cib_review_overview *out, const cib_review_overview *whole, const cib_workspace *ws, const cib_review_filter *filter)
{
	*out = (cib_review_overview){.queue = whole->queue, .count = whole->count, .borrows = true};
	out->rows = cib_alloc((whole->count + 1) * sizeof *out->rows);
	memcpy(out->rows, whole->rows, whole->count * sizeof *out->rows);
	cib_look *looks = count_looks(out, ws);
	choose(out, filter, looks);
	free(looks);
}

void cib_review_overview_clear(cib_review_overview *overview)
{
	for (size_t i = 0; i < overview->count && !overview->borrows; i++) {
		free(overview->rows[i].title);
		free(overview->rows[i].author);
	}
	free(overview->rows);
	if (!overview->borrows)
		cib_review_queue_free(&overview->queue);
	*overview = (cib_review_overview){0};
}
