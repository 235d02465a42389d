/* The index of fingerprints, and searching it.
 *
 * Two generations: the small one takes what is new and is written at each update; when it has grown to an eighth of the
 * large one, both become the large one. So an update costs what changed, and a rebuild is rare. Which commits are in the
 * index stands in <git dir>/cib/duplicates.json; without it everything is read once more. */
#include "review/duplicates.h"
#include "review/generation.h"
#include "review/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOCK_WAIT_MS = 500,   /* for the repository's lock; reading goes on without */
       SMALL = 500,          /* records that the small generation may always have */
       CANDIDATES = 20000 }; /* entries that one search compares at most */

struct cib_duplicates {
	cib_workspace *ws;
	cib_oid main_tip;
	bool fresh;
	generation gen[2]; /* small, large */
	char **news;       /* paths that this opening read */
	size_t news_count, news_cap;
};

static char *file_of(const cib_workspace *ws, const char *name)
{
	return cib_format("%s/cib/duplicates%s", cib_store_git_dir(ws->store), name);
}

static int main_of(cib_oid *out, cib_workspace *ws, cib_error *err)
{
	*out = ws->tip;
	return ws->member ? cib_store_ref_get(out, ws->store, "refs/cib/central/main", err) : CIB_OK;
}

static bool branch_of(cib_oid *out, cib_workspace *ws, const char *member)
{
	*out = ws->tip;
	return ws->member ? strcmp(member, ws->member) == 0 : cib_member_tip(out, ws, member, NULL) == CIB_OK;
}

/* ---- what is new ---- */

typedef struct {
	cib_duplicates *index;
	cib_workspace *ws;
	cJSON *tips, *now;  /* {"main": commit, "<member>": commit}: in the index, and as they are */
	const char *folder; /* what the paths of the walk begin with */
	cib_buf records;
	size_t count;
	cib_error *err;
} update;

/* An entry that is new on main and on a branch is one piece of news; of very many nobody is told one by one. */
static void note_news(cib_duplicates *d, const char *path)
{
	for (size_t i = 0; i < d->news_count && d->news_count <= CIB_DUPLICATES_NEWS; i++)
		if (strcmp(d->news[i], path) == 0)
			return;
	if (d->news_count > CIB_DUPLICATES_NEWS)
		return;
	d->news = cib_grow(d->news, &d->news_cap, d->news_count + 1, sizeof *d->news);
	d->news[d->news_count++] = cib_strdup(path);
}

static int add_entry(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	update *u = payload;
	cib_place place;
	gen_record *r = cib_alloc(sizeof *r);
	(void)a;
	snprintf(r->path, sizeof r->path, "%s%s", u->folder, path);
	cib_network_place(&place, u->ws->net, r->path);
	cJSON *doc = NULL;
	if (b->mode == 0100644 && place.area == CIB_AREA_MEMBER && place.kind && place.kind->prefix && (doc = cib_review_doc(u->ws, &b->oid))) {
		r->blob = b->oid;
		cib_fp_make(&r->print, doc);
		cib_generation_add(&u->records, r);
		u->count++;
		note_news(u->index, r->path);
	}
	cJSON_Delete(doc);
	free(r);
	return 0;
}

/* A name for a commit in the list; true when it is not the one that is in the index. */
static bool is_new(update *u, const char *name, const cib_oid *commit, cib_oid *before)
{
	char hex[CIB_OID_HEX];
	const char *old = cib_json_string(u->tips, name);
	cib_oid_hex(hex, commit);
	cJSON_AddStringToObject(u->now, name, hex);
	cib_obj_type type;
	size_t size;
	if (!old || !cib_oid_parse(before, old) || cib_store_object(&type, &size, u->ws->store, before, NULL) != CIB_OK)
		*before = (cib_oid){{0}};
	return !cib_oid_equal(before, commit);
}

static cib_oid folder_of(cib_workspace *ws, const cib_oid *commit, const char *member)
{
	cib_oid tree = {{0}};
	unsigned mode;
	char *path = cib_format("members/%s", member);
	if (cib_oid_is_zero(commit) || cib_store_tree_get(&tree, &mode, ws->store, commit, path, NULL) != CIB_OK)
		tree = (cib_oid){{0}};
	free(path);
	return tree;
}

/* A branch that is not in the index yet: what it has beyond main. */
static int add_branch(update *u, const char *member, const cib_oid *tip, const cib_oid *main_tip)
{
	cib_oid before;
	if (!is_new(u, member, tip, &before))
		return CIB_OK;
	char *folder = cib_format("members/%s/", member);
	cib_oid old = folder_of(u->ws, cib_oid_is_zero(&before) ? main_tip : &before, member), now = folder_of(u->ws, tip, member);
	u->folder = folder;
	int status = cib_store_diff2(u->ws->store, &old, &now, add_entry, u, u->err);
	free(folder);
	return status;
}

static int add_branches(update *u, const cib_oid *main_tip)
{
	char **members = NULL;
	size_t count = 0;
	cib_oid tip;
	int status = cib_members_seen(&members, &count, u->ws, u->err);
	for (size_t i = 0; i < count; i++) {
		if (status == CIB_OK && cib_member_tip(&tip, u->ws, members[i], NULL) == CIB_OK)
			status = add_branch(u, members[i], &tip, main_tip);
		free(members[i]);
	}
	free(members);
	return status;
}

static int read_news(update *u, const cib_oid *main_tip)
{
	cib_oid before;
	int status = CIB_OK;
	u->folder = "";
	if (is_new(u, "main", main_tip, &before))
		status = cib_store_diff2(u->ws->store, &before, main_tip, add_entry, u, u->err);
	if (status == CIB_OK && u->ws->member)
		status = add_branch(u, u->ws->member, &u->ws->tip, main_tip);
	else if (status == CIB_OK)
		status = add_branches(u, main_tip);
	return status;
}

/* ---- writing ---- */

typedef struct {
	uint64_t path, place, next; /* path: its hash */
} version;

static int order_versions(const void *a, const void *b)
{
	const version *x = a, *y = b;
	if (x->path != y->path)
		return x->path < y->path ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

static int order_places(const void *a, const void *b)
{
	const version *x = a, *y = b;
	return (x->place > y->place) - (x->place < y->place);
}

/* Keep the last two versions of each entry: main's and the branch's. */
static void compact(cib_buf *records)
{
	generation g = {.records = (const unsigned char *)cib_buf_str(records), .records_len = records->len};
	gen_record *r = cib_alloc(sizeof *r);
	version *list = NULL;
	size_t n = 0, cap = 0, kept = 0;
	for (size_t at = 0, next; at < g.records_len && (next = cib_generation_read(r, &g, at)); at = next) {
		cib_oid hash;
		list = cib_grow(list, &cap, n + 1, sizeof *list);
		cib_store_blob_hash(&hash, r->path, strlen(r->path));
		list[n] = (version){0, at, next};
		memcpy(&list[n++].path, hash.id, sizeof list->path);
	}
	if (n)
		qsort(list, n, sizeof *list, order_versions);
	for (size_t i = 0; i < n; i++)
		if (i + 2 >= n || list[i + 2].path != list[i].path)
			list[kept++] = list[i];
	if (kept)
		qsort(list, kept, sizeof *list, order_places);
	cib_buf out = CIB_BUF_INIT;
	for (size_t i = 0; i < kept; i++)
		cib_buf_add(&out, g.records + list[i].place, list[i].next - list[i].place);
	cib_buf_free(records);
	*records = out;
	free(list);
	free(r);
}

static void prepend(cib_buf *records, const generation *older)
{
	cib_buf all = CIB_BUF_INIT;
	cib_buf_add(&all, older->records, older->records_len);
	cib_buf_add(&all, records->data, records->len);
	cib_buf_free(records);
	*records = all;
}

static int write_news(cib_duplicates *d, update *u, cib_error *err)
{
	char *files[2] = {file_of(d->ws, "-small"), file_of(d->ws, "-large")}, *tips = file_of(d->ws, ".json");
	size_t into = u->count + d->gen[0].count > SMALL && u->count + d->gen[0].count > d->gen[1].count / 8 ? 1 : 0;
	cib_buf text = CIB_BUF_INIT;
	int status = CIB_OK;
	if (u->count) {
		for (size_t i = 0; i <= into; i++)
			prepend(&u->records, &d->gen[i]);
		compact(&u->records);
		status = cib_generation_write(files[into], &u->records, err);
		for (size_t i = 0; i <= into; i++)
			cib_generation_close(&d->gen[i]);
		if (status == CIB_OK && into)
			status = cib_file_remove(files[0], err);
		for (size_t i = 0; i <= into; i++)
			cib_generation_open(&d->gen[i], files[i]);
	}
	if (status == CIB_OK && !cib_json_equal(u->tips, u->now)) {
		cib_json_write(&text, u->now, NULL);
		status = cib_file_write(tips, text.data, text.len, err);
	}
	cib_buf_free(&text);
	free(files[0]);
	free(files[1]);
	free(tips);
	return status;
}

int cib_duplicates_open(cib_duplicates **out, cib_workspace *ws, cib_error *err)
{
	cib_duplicates *d = cib_alloc(sizeof *d);
	char *small = file_of(ws, "-small"), *large = file_of(ws, "-large"), *tips = file_of(ws, ".json");
	cib_lock *lock = NULL;
	update u = {.index = d, .ws = ws, .now = cJSON_CreateObject(), .err = err};
	d->ws = ws;
	*out = NULL;
	bool fresh = d->fresh = cib_store_lock(&lock, ws->store, LOCK_WAIT_MS, NULL) == CIB_OK;
	cib_generation_open(&d->gen[0], small);
	cib_generation_open(&d->gen[1], large);
	if (d->gen[0].count + d->gen[1].count == 0 || cib_json_read_file(&u.tips, tips, NULL) != CIB_OK)
		u.tips = NULL; /* the index is not there: all of it is news */
	int status = main_of(&d->main_tip, ws, err);
	if (status == CIB_OK && fresh) /* not fresh: somebody else is at work here, and what is there has to do for now */
		status = read_news(&u, &d->main_tip);
	if (status == CIB_OK && fresh)
		status = write_news(d, &u, err);
	cib_lock_release(lock);
	if (status == CIB_OK)
		*out = d;
	else
		cib_duplicates_free(d);
	cib_buf_free(&u.records);
	cJSON_Delete(u.tips);
	cJSON_Delete(u.now);
	free(small);
	free(large);
	free(tips);
	return status;
}

void cib_duplicates_free(cib_duplicates *index)
{
	if (!index)
		return;
	cib_generation_close(&index->gen[0]);
	cib_generation_close(&index->gen[1]);
	for (size_t i = 0; i < index->news_count; i++)
		free(index->news[i]);
	free(index->news);
	free(index);
}

bool cib_duplicates_fresh(const cib_duplicates *index)
{
	return index->fresh;
}

size_t cib_duplicates_count(const cib_duplicates *index)
{
	return index->gen[0].count + index->gen[1].count;
}

const char *cib_duplicates_news(const cib_duplicates *index, size_t i)
{
	return i < index->news_count ? index->news[i] : NULL;
}

/* ---- searching ---- */

typedef struct {
	const generation *gen;
	const gen_key *first;
	size_t count;
} range;

static int order_ranges(const void *a, const void *b)
{
	const range *x = a, *y = b;
	return (x->count > y->count) - (x->count < y->count);
}

typedef struct {
	const generation *gen;
	uint64_t place;
} candidate;

static int order_candidates(const void *a, const void *b)
{
	const candidate *x = a, *y = b;
	if (x->gen != y->gen)
		return x->gen < y->gen ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

/* Two titles that are alike share more than half of their words: it is enough to follow the rarest of them, and one more
 * than those that may differ. */
static size_t gather(candidate **out, const cib_duplicates *d, const fp *print)
{
	uint64_t *keys = cib_alloc(FP_KEYS * sizeof *keys);
	size_t exact, n = cib_fp_keys(keys, print, &exact), count = 0, cap = 0;
	candidate *list = NULL;
	for (size_t g = 0; g < 2; g++) {
		range *ranges = cib_alloc((n + 1) * sizeof *ranges);
		for (size_t i = 0; i < n; i++) {
			ranges[i].gen = &d->gen[g];
			ranges[i].first = cib_generation_find(&ranges[i].count, &d->gen[g], keys[i]);
		}
		if (n > exact)
			qsort(ranges + exact, n - exact, sizeof *ranges, order_ranges);
		size_t follow = exact + (n - exact) / 2 + 1;
		for (size_t i = 0; i < n && i < follow && count < CANDIDATES; i++)
			for (size_t k = 0; k < ranges[i].count && count < CANDIDATES; k++) {
				list = cib_grow(list, &cap, count + 1, sizeof *list);
				list[count++] = (candidate){ranges[i].gen, ranges[i].first[k].place};
			}
		free(ranges);
	}
	free(keys);
	if (count)
		qsort(list, count, sizeof *list, order_candidates);
	*out = list;
	return count;
}

/* Is this the version that stands: the branch's where it is known, else main's? */
static bool stands(const cib_duplicates *d, const char *path, const char *member, const cib_oid *blob)
{
	cib_oid tip = d->main_tip, now;
	unsigned mode;
	if (!branch_of(&tip, d->ws, member))
		tip = d->main_tip;
	if (cib_store_tree_get(&now, &mode, d->ws->store, &tip, path, NULL) != CIB_OK)
		return false;
	return cib_oid_equal(&now, blob);
}

static bool names(const cJSON *doc, const char *id, bool distinct)
{
	const cJSON *list = cib_json_get(doc, distinct ? "x-distinct" : "related");
	for (const cJSON *c = list ? list->child : NULL; c; c = c->next) {
		const char *other = distinct ? cJSON_GetStringValue(c) : cib_json_string(c, "project");
		if (other && strcmp(other, id) == 0)
			return true;
	}
	return false;
}

static const char *id_of(char out[101], const char *path)
{
	const char *name = strrchr(path, '/');
	name = name ? name + 1 : path;
	snprintf(out, 101, "%.*s", (int)strcspn(name, "."), name);
	return out;
}

/* The entry of a record, when it is the same and nobody said otherwise. */
static void consider(cib_duplicate_list *out, cib_duplicates *d, const char *path, const cJSON *doc, const gen_record *r, fp_match match, const char *lang)
{
	cib_place place;
	char own[101];
	cib_network_place(&place, d->ws->net, r->path);
	for (size_t i = 0; i < out->count; i++)
		if (strcmp(out->items[i].path, r->path) == 0)
			return;
	if (place.area != CIB_AREA_MEMBER || !place.kind || !stands(d, r->path, place.member, &r->blob))
		return;
	cJSON *other = cib_review_doc(d->ws, &r->blob);
	id_of(own, path);
	if (other && !names(doc, place.id, true) && !names(other, own, true)) {
		out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
		out->items[out->count++] = (cib_duplicate){.path = cib_strdup(r->path),
		                                           .id = cib_strdup(place.id),
		                                           .member = cib_strdup(place.member),
		                                           .title = cib_strdup(cib_entry_title(other, lang)),
		                                           .score = match.score,
		                                           .same_identifier = match.same_identifier,
		                                           .linked = names(doc, place.id, false) || names(other, own, false)};
		out->open += !out->items[out->count - 1].linked;
	}
	cJSON_Delete(other);
}

static int order_found(const void *a, const void *b)
{
	const cib_duplicate *x = a, *y = b;
	return x->score != y->score ? (x->score < y->score) - (x->score > y->score) : strcmp(x->path, y->path);
}

int cib_duplicates_find(cib_duplicate_list *out, cib_duplicates *index, const char *path, const cJSON *doc, const char *lang, cib_error *err)
{
	candidate *list;
	fp *print = cib_alloc(sizeof *print);
	gen_record *r = cib_alloc(sizeof *r);
	(void)err;
	cib_fp_make(print, doc);
	size_t n = gather(&list, index, print);
	for (size_t i = 0; i < n; i++) {
		if ((i && order_candidates(&list[i - 1], &list[i]) == 0) || !cib_generation_read(r, list[i].gen, list[i].place) || strcmp(r->path, path) == 0)
			continue;
		fp_match match = cib_fp_compare(print, &r->print);
		if (match.score)
			consider(out, index, path, doc, r, match, lang);
	}
	if (out->count)
		qsort(out->items, out->count, sizeof *out->items, order_found);
	free(list);
	free(print);
	free(r);
	return CIB_OK;
}

void cib_duplicate_list_clear(cib_duplicate_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].path);
		free(list->items[i].id);
		free(list->items[i].member);
		free(list->items[i].title);
	}
	free(list->items);
	*list = (cib_duplicate_list){0};
}

/* ---- saying so ---- */

static cJSON *list_in(cJSON *doc, const char *name)
{
	cJSON *list = cib_json_get(doc, name);
	if (!cJSON_IsArray(list)) {
		list = cJSON_CreateArray();
		cib_json_set(doc, name, list);
	}
	return list;
}

bool cib_duplicates_link(cJSON *doc, const char *other_id)
{
	if (names(doc, other_id, false))
		return false;
	char id[32];
	cib_network_new_id(id, &(cib_kind){.prefix = "r"});
	cJSON *item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "id", id);
	cJSON_AddStringToObject(item, "project", other_id);
	cJSON_AddStringToObject(item, "type", "5"); /* IATI: another organisation's report of the same activity */
	cJSON_AddItemToArray(list_in(doc, "related"), item);
	return true;
}

bool cib_duplicates_part(cJSON *doc, const char *other_id)
{
	if (names(doc, other_id, true))
		return false;
	cJSON_AddItemToArray(list_in(doc, "x-distinct"), cJSON_CreateString(other_id));
	return true;
}
