/* Freshness: what is old, by the annotation x-cib-fresh of each kind. See freshness.h.
 *
 * "Untouched" is found from the far end: not the last change of each entry is looked for, but what differs between the
 * network of a year ago and that of today. The rest is untouched. So no entry's history is walked. */
#include "network/freshness.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t months_before(int64_t now, int months)
{
	time_t at = (time_t)now;
	struct tm day;
	gmtime_r(&at, &day);
	day.tm_mon -= months;
	return (int64_t)timegm(&day);
}

static int time_and_parent(int64_t *when, cib_oid *parent, cib_store *store, const cib_oid *oid, cib_error *err)
{
	cib_commit c;
	int status = cib_store_commit_read(&c, store, oid, err);
	if (status != CIB_OK)
		return status;
	*when = c.committer_time;
	*parent = c.parent_count ? c.parents[0] : (cib_oid){{0}};
	cib_commit_clear(&c);
	return CIB_OK;
}

int cib_freshness_then(cib_oid *out, cib_store *store, const cib_oid *tip, int64_t then, cib_error *err)
{
	int64_t when = 0;
	cib_oid at = *tip, next = {{0}}, after = {{0}};
	int status = time_and_parent(&when, &next, store, &at, err);
	while (status == CIB_OK) {
		int64_t before = when;
		if (!cib_oid_is_zero(&next))
			status = time_and_parent(&before, &after, store, &next, err);
		if (status == CIB_OK && when <= then && before <= then) {
			*out = at;
			return CIB_OK;
		}
		if (status == CIB_OK && cib_oid_is_zero(&next))
			status = CIB_NOTFOUND;
		at = next;
		next = after;
		after = (cib_oid){{0}};
		when = before;
	}
	return status;
}

/* ---- what was touched since a time */

typedef struct {
	int months;
	bool known;   /* there was a network then */
	char **paths; /* sorted: of files that differ from then */
	size_t count, cap;
} touched;

static int note_touched(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	touched *t = payload;
	(void)a;
	if (!b->mode)
		return 0;
	t->paths = cib_grow(t->paths, &t->cap, t->count + 1, sizeof *t->paths);
	t->paths[t->count++] = cib_strdup(path);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int folder_of(cib_oid *out, cib_store *store, const cib_oid *commit, const char *folder, cib_error *err)
{
	unsigned mode;
	memset(out, 0, sizeof *out);
	if (!*folder)
		*out = *commit;
	int status = *folder ? cib_store_tree_get(out, &mode, store, commit, folder, err) : CIB_OK;
	if (status == CIB_NOTFOUND)
		cib_error_clear(err);
	return status == CIB_NOTFOUND ? CIB_OK : status;
}

static bool is_touched(const touched *t, const char *path)
{
	return t->count && bsearch(&path, t->paths, t->count, sizeof *t->paths, by_text) != NULL;
}

/* ---- the run over the entries */

enum { SPANS = 8 }; /* different months of the kinds of a network */
typedef struct {
	cib_network *net;
	const char *folder;
	int64_t now;
	char today[11];
	touched spans[SPANS];
	size_t span_count;
	cib_buf text; /* of the entry that is looked at */
	cib_arena arena;
	cib_old_entry_cb cb;
	void *payload;
	cib_error *err;
} run;

static int add_span(run *r, const cib_oid *tip, int months)
{
	cib_oid then, a, b;
	for (size_t i = 0; i < r->span_count; i++)
		if (r->spans[i].months == months)
			return CIB_OK;
	if (r->span_count == SPANS)
		return CIB_OK;
	touched *t = &r->spans[r->span_count++];
	t->months = months;
	cib_store *store = cib_network_store(r->net);
	int status = cib_freshness_then(&then, store, tip, months_before(r->now, months), r->err);
	if (status != CIB_OK)
		return status == CIB_NOTFOUND ? CIB_OK : status; /* the network is younger */
	t->known = true;
	status = folder_of(&a, store, &then, r->folder, r->err);
	if (status == CIB_OK)
		status = folder_of(&b, store, tip, r->folder, r->err);
	if (status == CIB_OK)
		status = cib_store_diff2(store, &a, &b, note_touched, t, r->err);
	if (t->count)
		qsort(t->paths, t->count, sizeof *t->paths, by_text);
	return status;
}

static int months_of(const cJSON *fresh)
{
	const cJSON *months = cib_json_get(fresh, "months");
	return cJSON_IsNumber(months) && months->valuedouble >= 1 && months->valuedouble <= 1200 ? (int)months->valuedouble : 0;
}

static bool is_untouched(const run *r, const cJSON *fresh, const char *path)
{
	int months = months_of(fresh);
	size_t skip = *r->folder ? strlen(r->folder) + 1 : 0;
	for (size_t i = 0; months && i < r->span_count; i++)
		if (r->spans[i].months == months)
			return r->spans[i].known && !is_touched(&r->spans[i], path + skip);
	return false;
}

/* {"/status": ["4", "5"]}: does one of the fields have one of its values? */
static bool has_value(const cJSON *doc, const cJSON *values)
{
	for (const cJSON *v = values ? values->child : NULL; v; v = v->next) {
		const cJSON *there = v->string ? cib_json_at(doc, v->string) : NULL;
		for (const cJSON *one = v->child; there && one; one = one->next)
			if (cib_json_equal(there, one))
				return true;
	}
	return false;
}

/* The day of its end, as far as it is known; NULL. */
static const char *end_of(const cJSON *doc, const cJSON *ends)
{
	for (const cJSON *e = ends ? ends->child : NULL; e; e = e->next) {
		const cJSON *day = cJSON_IsString(e) ? cib_json_at(doc, e->valuestring) : NULL;
		if (cJSON_IsString(day))
			return day->valuestring;
	}
	return NULL;
}

static int judge_document(run *r, const char *path, const cib_place *place, const cJSON *fresh, const cJSON *doc, bool untouched)
{
	const char *then = cib_json_string(fresh, "then"), *end = end_of(doc, cib_json_get(fresh, "ends"));
	bool over = has_value(doc, cib_json_get(fresh, "over"));
	bool past = end && strncmp(r->today, end, strlen(end)) > 0; /* a month is past when it is over */
	cib_old_entry e = {.path = path, .place = place, .doc = doc, .untouched = untouched && !over};
	if (then && (over || past) && !cib_json_at(doc, then) && !has_value(doc, cib_json_get(fresh, "unless"))) {
		e.ended = end ? end : "";
		e.missing = then;
	}
	return e.untouched || e.ended ? r->cb(&e, r->payload) : 0;
}

static int judge_file(const cib_tree_entry *entry, void *payload)
{
	run *r = payload;
	cib_place place;
	cib_network_place(&place, r->net, entry->path);
	const cJSON *fresh = place.kind ? cib_json_get(place.kind->schema, "x-cib-fresh") : NULL;
	if (!fresh || (place.area != CIB_AREA_MEMBER && place.area != CIB_AREA_NETWORK))
		return 0;
	bool untouched = is_untouched(r, fresh, entry->path);
	if (!untouched && !cib_json_get(fresh, "then"))
		return 0;
	const cJSON *doc = NULL;
	cib_arena_reset(&r->arena);
	int status = cib_store_blob_read(&r->text, cib_network_store(r->net), &entry->oid, cib_network_limits(r->net)->json_bytes, r->err);
	if (status == CIB_OK && cib_json_read_arena(&doc, &r->arena, r->text.data, r->text.len, NULL, NULL) == CIB_OK) /* what cannot be read `check` tells */
		status = judge_document(r, entry->path, &place, fresh, doc, untouched);
	return status;
}

int cib_freshness_each(cib_network *net, const cib_oid *tip, const char *folder, int64_t now, cib_old_entry_cb cb, void *payload, cib_error *err)
{
	run r = {.net = net, .folder = folder, .now = now, .cb = cb, .payload = payload, .err = err};
	int status = CIB_OK;
	cib_day_of(r.today, now);
	for (size_t i = 0; i < cib_network_kind_count(net) && status == CIB_OK; i++) {
		int months = months_of(cib_json_get(cib_network_kind_at(net, i)->schema, "x-cib-fresh"));
		if (months)
			status = add_span(&r, tip, months);
	}
	if (status == CIB_OK)
		status = cib_store_tree_each(cib_network_store(net), tip, folder, true, judge_file, &r, err);
	cib_buf_free(&r.text);
	cib_arena_free(&r.arena);
	for (size_t i = 0; i < r.span_count; i++) {
		for (size_t k = 0; k < r.spans[i].count; k++)
			free(r.spans[i].paths[k]);
		free(r.spans[i].paths);
	}
	return status;
}

void cib_freshness_confirm(cJSON *doc, int64_t now)
{
	char day[11];
	cib_day_of(day, now);
	cib_json_set(doc, "x-cib-confirmed", cJSON_CreateString(day));
}
