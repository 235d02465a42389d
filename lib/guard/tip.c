/* Where a branch ends up: what it may differ in, and whether the entries that the push changed are valid. */
#include "guard/private.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	char *id, *path;
} new_id;

/* The check of the entries of one tip. */
typedef struct {
	judge *j;
	cib_network *net; /* the rules they are checked by */
	const cib_oid *tip, *main;
	const char *own; /* entries elsewhere are passed over; NULL: all are checked */
	cib_buf text;
	new_id *ids; /* entries that were not there before */
	size_t id_count, id_cap;
} checker;

static int check_entry(checker *c, const cib_tree_entry *e)
{
	judge *j = c->j;
	size_t first = j->findings->count;
	cib_place place;
	cib_network_place(&place, j->net, e->path);
	int status = cib_store_blob_read(&c->text, j->store, &e->oid, cib_network_limits_at(j->net, &place).json_bytes, j->err);
	if (status != CIB_OK)
		return refuse_store(j, status, c->tip, e->path);
	cib_check_options options = {.lang = j->lang, .tree = c->tip, .canonical = true, .before = c->main};
	cib_network_check(c->net, e->path, cib_buf_str(&c->text), c->text.len, &options, NULL, j->findings);
	for (size_t i = first; i < j->findings->count; i++) {
		cib_finding *f = &j->findings->items[i];
		if (f->code && !f->hint && strcmp(f->code, "network.not-canonical") == 0)
			f->hint = cib_strdup(_("write it canonically: cib fmt -w FILE"));
	}
	name_commit(j, first, c->tip);
	return enough(j);
}

static int check_removal(checker *c, const char *path)
{
	judge *j = c->j;
	size_t first = j->findings->count;
	cib_check_options options = {.lang = j->lang, .before = c->main};
	cib_network_check_removal(c->net, path, &options, j->findings);
	name_commit(j, first, c->tip);
	return enough(j);
}

static int judge_changed(checker *c, const char *path, const cib_tree_entry *before, const cib_tree_entry *after)
{
	if (after->mode == 0)
		return is_secretariat(c->j) ? CIB_OK : check_removal(c, path);
	if (before->mode == after->mode && cib_oid_equal(&before->oid, &after->oid))
		return CIB_OK;
	cib_place place;
	cib_network_place(&place, c->net, after->path);
	if (place.area == CIB_AREA_RULES || place.area == CIB_AREA_OTHER)
		return CIB_OK;
	if (before->mode == 0 && (place.area == CIB_AREA_MEMBER || place.area == CIB_AREA_NETWORK)) {
		c->ids = cib_grow(c->ids, &c->id_cap, c->id_count + 1, sizeof *c->ids);
		c->ids[c->id_count++] = (new_id){cib_strdup(place.id), cib_strdup(after->path)};
	}
	return check_entry(c, after);
}

static int on_member_change(const char *path, const cib_tree_entry *before, const cib_tree_entry *after, const cib_tree_entry *main,
                            void *payload)
{
	/* What main has was judged when it came there: by older rules perhaps, but not by this pusher's doing. */
	if (after->mode == main->mode && cib_oid_equal(&after->oid, &main->oid))
		return CIB_OK;
	return judge_changed(payload, path, before, after);
}

static int on_main_change(const char *path, const cib_tree_entry *before, const cib_tree_entry *after, void *payload)
{
	const checker *c = payload;
	if (c->own && strncmp(path, c->own, strlen(c->own)) != 0)
		return CIB_OK;
	return judge_changed(payload, path, before, after);
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const new_id *)a)->id, ((const new_id *)b)->id);
}

/* An id names one entry in the whole network, for ever: a new one must not exist elsewhere. */
static int judge_ids(checker *c)
{
	judge *j = c->j;
	cib_buf path = CIB_BUF_INIT;
	int status = CIB_OK;
	if (c->id_count)
		qsort(c->ids, c->id_count, sizeof *c->ids, by_id);
	for (size_t i = 0; status == CIB_OK && i < c->id_count; i++) {
		const new_id *n = &c->ids[i];
		cib_oid blob;
		unsigned mode;
		const char *other = NULL;
		if (i && strcmp(c->ids[i - 1].id, n->id) == 0)
			other = c->ids[i - 1].path;
		else if (cib_network_find(&path, NULL, &blob, c->net, c->main, n->id, NULL) == CIB_OK && strcmp(path.data, n->path) != 0 &&
		         cib_store_tree_get(&blob, &mode, j->store, c->tip, path.data, NULL) == CIB_OK)
			other = path.data; /* still there: not an entry that was moved */
		if (other)
			status = refuse(j, "guard.id-reused", c->tip, n->path, N_("make a new entry: cib new gives it an id of its own"),
			                N_("the id %s already belongs to another entry: %s"), n->id, other);
	}
	cib_buf_free(&path);
	return status;
}

static void checker_free(checker *c)
{
	for (size_t i = 0; i < c->id_count; i++) {
		free(c->ids[i].id);
		free(c->ids[i].path);
	}
	free(c->ids);
	cib_buf_free(&c->text);
}

/* ---- what a branch may differ in ---- */

typedef struct {
	const char *own;
	char *foreign; /* the first path outside */
} fence;

static int find_foreign(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	fence *f = payload;
	(void)a;
	(void)b;
	if (strncmp(path, f->own, strlen(f->own)) == 0)
		return 0;
	f->foreign = cib_strdup(path);
	return STOP;
}

/* The first path outside the own folder in which two commits differ (heap), or NULL. */
static int first_foreign(char **out, judge *j, const cib_oid *a, const cib_oid *b)
{
	fence f = {j->own, NULL};
	int status = cib_store_diff2(j->store, a, b, find_foreign, &f, j->err);
	*out = f.foreign;
	return status == STOP && f.foreign ? CIB_OK : refuse_store(j, status, b, NULL);
}

typedef struct {
	cib_oid main, base; /* the main that the branch goes on from, and where it does */
	size_t bases;       /* seen */
	char *foreign;      /* the first path outside, while none was good */
	bool good;
} footing;

static int look_from(footing *f, judge *j, const cib_oid *tip, const cib_oid *main)
{
	cib_oid *bases = NULL;
	size_t count = 0;
	int status = cib_store_merge_bases(&bases, &count, j->store, tip, main, j->err);
	for (size_t i = 0; status == CIB_OK && !f->good && i < count; i++) {
		char *path = NULL;
		status = first_foreign(&path, j, &bases[i], tip);
		f->good = status == CIB_OK && !path;
		if (f->good || f->bases++ == 0) {
			f->main = *main;
			f->base = bases[i];
		}
		if (f->foreign)
			free(path);
		else
			f->foreign = path;
	}
	free(bases);
	return status;
}

/* There is a merge base B of tip and main such that all that differs between B and the tip is the member's own. */
static int judge_fence(footing *f, judge *j, const cib_oid *tip)
{
	int status = look_from(f, j, tip, &j->main);
	for (size_t i = 0; status == CIB_OK && !f->good && i < j->main_count; i++)
		status = look_from(f, j, tip, &j->mains[i]);
	if (status == CIB_OK && f->bases == 0 && !f->good)
		status = refuse(j, "guard.unrelated", tip, NULL, N_("start from the network's main: cib join, then cib sync"),
		                N_("the branch has nothing in common with main"));
	else if (status == CIB_OK && !f->good && !refused(j))
		status = refuse(j, "guard.foreign-path", tip, f->foreign, N_("merge main as it is: git merge main, or cib sync"),
		                N_("the branch differs from main outside %s"), j->own);
	free(f->foreign);
	return status;
}

int judge_member_tip(judge *j, const cib_ref_update *update)
{
	footing f = {.good = false};
	char *prefix = cib_format("members/%s", j->access.member);
	int status = judge_fence(&f, j, &update->after);
	if (status == CIB_OK && !refused(j)) {
		checker c = {.j = j, .net = j->net, .tip = &update->after, .main = &f.main, .own = j->own};
		const cib_oid *from = cib_oid_is_zero(&update->before) ? &f.base : &update->before;
		status = cib_store_diff3(j->store, from, &update->after, &f.main, prefix, on_member_change, &c, j->err);
		if (status != STOP)
			status = refuse_store(j, status, &update->after, NULL);
		if (status == CIB_OK)
			status = judge_ids(&c);
		checker_free(&c);
	}
	free(prefix);
	return status;
}

int judge_main_tip(judge *j, const cib_ref_update *update)
{
	cib_network *rules = NULL;
	int status = CIB_OK;
	if (is_secretariat(j)) {
		status = judge_rules(&rules, j, update);
	} else {
		char *foreign = NULL;
		status = first_foreign(&foreign, j, &update->before, &update->after);
		if (status == CIB_OK && foreign)
			status = refuse(j, "guard.foreign-path", &update->after, foreign, N_("merge main as it is: git merge main, or cib sync"),
			                N_("the push changes main outside %s"), j->own);
		free(foreign);
	}
	if (status == CIB_OK && !refused(j)) {
		checker c = {.j = j, .net = rules ? rules : j->net, .tip = &update->after, .main = &j->main, .own = j->own};
		status = cib_store_diff2(j->store, &update->before, &update->after, on_main_change, &c, j->err);
		if (status != STOP)
			status = refuse_store(j, status, &update->after, NULL);
		if (status == CIB_OK)
			status = judge_ids(&c);
		checker_free(&c);
	}
	cib_network_free(rules);
	return status;
}
