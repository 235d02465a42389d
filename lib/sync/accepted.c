/* What the secretariat accepted of a branch by itself. That is a commit on main with the entries alone, so that main's history does not hold
 * what it took them from:
 *
 *     member   b---v---w          w goes on from v, and so does A: of this entry v is the base of the two, not b
 *             /     .
 *     main   b---m---A---n        A: v accepted, joined with what main had of its own in m
 *
 * With b for the base, a value that w set back to what b has would pass for untouched. */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

bool cib_is_acceptance(const cib_commit *commit)
{
	const char *at = commit->message;
	if (!strstr(commit->author_email, "@secretariat.cib.invalid"))
		return false;
	while (at && strncmp(at, "Accept ", 7) != 0 && strncmp(at, "- Accept ", 9) != 0) /* as it was made, or made anew (resend.c) */
		at = (at = strchr(at, '\n')) ? at + 1 : NULL;
	return at != NULL;
}

typedef struct {
	cib_oid commit, before, after;
} made;

typedef struct {
	made *items;
	size_t count, cap;
} mades;

static int note_made(const cib_oid *commit, const cib_oid *before, const cib_oid *after, void *payload)
{
	mades *list = payload;
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count++] = (made){*commit, *before, *after};
	return 0;
}

/* Is what main got the version, joined with what main had? */
static bool is_joined(const cib_acceptance *how, const made *step, const cib_oid *version)
{
	cJSON *base = NULL, *had = NULL, *took = NULL, *joined = NULL;
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_place place;
	cib_buf text = CIB_BUF_INIT;
	cib_oid hash = {{0}};
	cib_network_place(&place, how->net, how->path);
	bool record = place.area == CIB_AREA_RECORD; /* what the member has stands */
	cib_merge_options options = {place.kind ? cib_network_rules(how->net, place.kind) : NULL, record ? CIB_KEEP_THEIRS : CIB_KEEP_OURS};
	if (cib_read_entry(&base, how->store, how->base, NULL) == CIB_OK && cib_read_entry(&had, how->store, &step->before, NULL) == CIB_OK &&
	    cib_read_entry(&took, how->store, version, NULL) == CIB_OK && (cib_merge(&joined, base, had, took, &options, &conflicts) == 0 || record) && joined) {
		cib_json_write(&text, joined, NULL);
		cib_store_blob_hash(&hash, text.data, text.len);
	}
	cJSON_Delete(base);
	cJSON_Delete(had);
	cJSON_Delete(took);
	cJSON_Delete(joined);
	cib_conflicts_free(&conflicts);
	cib_buf_free(&text);
	return cib_oid_equal(&hash, &step->after);
}

static bool is_taken(const cib_acceptance *how, const made *step, const cib_oid *version)
{
	if (cib_oid_equal(&step->after, version))
		return true;
	if (cib_oid_is_zero(version) || cib_oid_is_zero(&step->before) || cib_oid_is_zero(&step->after) || cib_oid_equal(&step->before, how->base))
		return false;
	return is_joined(how, step, version);
}

static int is_acceptance(bool *yes, const cib_acceptance *how, const made *step, cib_error *err)
{
	cib_commit c;
	int status = cib_store_commit_read(&c, how->store, &step->commit, err);
	if (status != CIB_OK)
		return status;
	*yes = cib_is_acceptance(&c);
	cib_commit_clear(&c);
	return CIB_OK;
}

/* Main has again what both sides had, and not from there: it came by a line that never passed the acceptance, and went on from it (two of
 * the secretariat accepted an older version and a newer one). */
static int is_overtaken(bool *yes, const cib_acceptance *how, const mades *taken, size_t which, cib_error *err)
{
	const made *step = &taken->items[which];
	cib_oid now = {{0}}; /* of what is not there */
	unsigned mode;
	int status = cib_store_tree_get(&now, &mode, how->store, how->taker, how->path, err);
	if (status != CIB_OK && status != CIB_NOTFOUND)
		return status;
	cib_error_clear(err);
	*yes = cib_oid_equal(&now, how->base) && !cib_oid_equal(&step->after, &now);
	for (size_t i = 0; *yes && i < which; i++)
		*yes = !cib_oid_equal(&taken->items[i].after, &now) || !cib_store_is_ancestor(how->store, &step->commit, &taken->items[i].commit);
	return CIB_OK;
}

int cib_accepted_version(bool *found, cib_oid *version, const cib_acceptance *how, cib_error *err)
{
	mades written = {0}, taken = {0};
	*found = false;
	int status = cib_store_path_made(how->store, how->writer, how->writer_bases, how->base_count, how->path, note_made, &written, err);
	if (status == CIB_OK && written.count)
		status = cib_store_path_made(how->store, how->taker, how->taker_bases, how->base_count, how->path, note_made, &taken, err);
	for (size_t i = 0; status == CIB_OK && !*found && i < taken.count; i++) { /* the newest: those before it are past */
		bool accepts = false, overtaken = false;
		status = is_acceptance(&accepts, how, &taken.items[i], err);
		if (status == CIB_OK && accepts)
			status = is_overtaken(&overtaken, how, &taken, i, err);
		if (status == CIB_OK && accepts && !overtaken && cib_oid_equal(&taken.items[i].after, how->base)) { /* what the writer made since goes on from it */
			*version = *how->base;
			*found = true;
		}
		for (size_t k = 0; status == CIB_OK && accepts && !overtaken && !*found && k < written.count; k++) {
			*version = written.items[k].after;
			*found = is_taken(how, &taken.items[i], version);
		}
	}
	free(written.items);
	free(taken.items);
	return status;
}

/* Was a version of it taken in on a side: by itself, or with the member's history? */
static int look_taken(bool *by_itself, bool *at_all, const cib_acceptance *how, const cib_oid *tip, const cib_oid *bases, cib_error *err)
{
	mades list = {0};
	*by_itself = *at_all = false;
	int status = cib_store_path_made(how->store, tip, bases, how->base_count, how->path, note_made, &list, err);
	for (size_t i = 0; status == CIB_OK && i < list.count; i++) {
		cib_commit c;
		status = cib_store_commit_read(&c, how->store, &list.items[i].commit, err);
		if (status != CIB_OK)
			break;
		bool accepts = cib_is_acceptance(&c);
		*by_itself = *by_itself || accepts;
		*at_all = *at_all || accepts || !strstr(c.author_email, "@secretariat.cib.invalid");
		cib_commit_clear(&c);
	}
	free(list.items);
	return status;
}

int cib_accepted_apart(bool *yes, const cib_acceptance *how, bool mains, cib_error *err)
{
	bool itself[2], at_all[2];
	*yes = false;
	int status = look_taken(&itself[0], &at_all[0], how, how->writer, how->writer_bases, err);
	if (status == CIB_OK && at_all[0])
		status = look_taken(&itself[1], &at_all[1], how, how->taker, how->taker_bases, err);
	if (status == CIB_OK && at_all[0])
		*yes = (itself[0] && itself[1]) || (mains && ((itself[0] && at_all[1]) || (at_all[0] && itself[1])));
	return status;
}
