/* What is pushed while a main came by bundle that the server does not have yet.
 *
 * The secretariat gave a stick before it synced; the member merged it, and whatever the member writes from then on builds
 * on commits that only the secretariat may send. So that nobody waits for anybody, one commit, the bridge, brings the own
 * folder as it is onto those of the own commits that do not build on it:
 *
 *     server's main  o-----------------o (not there yet)
 *                     \                 \
 *     own tip          o---o P-----------o---o
 *                           \                 .
 *     pushed                 `-------- bridge (the folder of the tip)
 *
 * Once the server has the bridge, the own branch goes on from it, so that what is set back here afterwards is newer than what was
 * sent. (Not before: what the server refuses must not stay in what is sent next.) The tip itself is pushed as soon as the server's
 * main has caught up.
 *
 * A bridge holds what that main brought to the own folder without holding the main. Who has both would take the one's values for edits of the
 * other, so the bridge names the mains that it goes past, and a merge takes these for its ancestors, as far as that folder goes:
 *
 *     Past: <the commit's id, in letters> */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

#define BRIDGE  "refs/cib/bridge"
#define SUBJECT "Send what is new here\n"
#define PAST    "\nPast: "

enum { PAST_MAX = 16 };

typedef struct {
	cib_workspace *ws;
	cib_oid known[2]; /* what the server has: main, the own branch */
	size_t known_count;
	cib_oid *clean; /* own commits that may be sent, none of which holds another */
	size_t count, cap;
	cib_oid *fit; /* every own commit that may be sent */
	size_t fit_count, fit_cap;
	const cib_oid *given; /* the mains that came by hand */
	size_t given_count;
	cib_error *err;
} finder;

static bool is_in(const cib_oid *list, size_t count, const cib_oid *oid)
{
	for (size_t i = count; i-- > 0;)
		if (cib_oid_equal(&list[i], oid))
			return true;
	return false;
}

static bool may_go(const finder *f, const cib_oid *oid)
{
	for (size_t i = 0; i < f->known_count; i++)
		if (cib_store_is_ancestor(f->ws->store, oid, &f->known[i]))
			return true;
	return is_in(f->fit, f->fit_count, oid);
}

/* Parents come before children. */
static int look_at(const cib_oid *oid, void *payload)
{
	finder *f = payload;
	cib_commit c;
	int status = cib_store_commit_read(&c, f->ws->store, oid, f->err);
	bool fits = status == CIB_OK && c.parent_count > 0;
	for (size_t i = 0; fits && i < c.parent_count; i++)
		fits = may_go(f, &c.parents[i]);
	if (fits) {
		size_t kept = 0;
		for (size_t i = 0; i < f->count; i++)
			if (!cib_store_is_ancestor(f->ws->store, &f->clean[i], oid))
				f->clean[kept++] = f->clean[i];
		f->clean = cib_grow(f->clean, &f->cap, kept + 1, sizeof *f->clean);
		f->clean[kept] = *oid;
		f->count = kept + 1;
		f->fit = cib_grow(f->fit, &f->fit_cap, f->fit_count + 1, sizeof *f->fit);
		f->fit[f->fit_count++] = *oid;
	}
	cib_commit_clear(&c);
	return status;
}

static void base_of(cib_oid *out, const finder *f, const cib_oid *commit)
{
	cib_oid *bases = NULL;
	size_t count = 0;
	*out = (cib_oid){{0}};
	if (cib_store_merge_bases(&bases, &count, f->ws->store, commit, &f->known[0], NULL) == CIB_OK && count)
		*out = bases[0];
	free(bases);
}

/* Outside the own folder the bridge is as the newest main that it builds on: the parent that has it comes first. */
static void newest_first(finder *f)
{
	cib_oid best, other;
	base_of(&best, f, &f->clean[0]);
	for (size_t i = 1; i < f->count; i++) {
		base_of(&other, f, &f->clean[i]);
		if (!cib_oid_is_zero(&other) && cib_store_is_ancestor(f->ws->store, &best, &other)) {
			cib_oid swap = f->clean[0];
			f->clean[0] = f->clean[i];
			f->clean[i] = swap;
			best = other;
		}
	}
}

static char *make_message(const finder *f)
{
	cib_buf b = CIB_BUF_INIT;
	cib_buf_adds(&b, SUBJECT);
	for (size_t i = 0; i < f->given_count && i < PAST_MAX; i++) {
		char letters[CIB_OID_HEX];
		cib_oid_letters(letters, &f->given[i]);
		cib_buf_addf(&b, PAST "%s", letters);
	}
	cib_buf_addc(&b, '\n');
	return cib_buf_take(&b);
}

static int build(cib_oid *out, finder *f, cib_error *err)
{
	cib_workspace *ws = f->ws;
	cib_oid mine = {{0}}, tree;
	cib_commit first = {0};
	unsigned mode;
	newest_first(f);
	char *folder = cib_format("members/%s", ws->member), *message = make_message(f);
	cib_store_tree_get(&mine, &mode, ws->store, &ws->tip, folder, NULL);
	cib_tree_entry edit = {folder, cib_oid_is_zero(&mine) ? 0 : 0040000, mine};
	int status = cib_store_tree_edit(&tree, ws->store, &f->clean[0], &edit, 1, err);
	if (status == CIB_OK)
		status = cib_store_commit_read(&first, ws->store, &f->clean[0], err);
	if (status == CIB_OK && f->count == 1 && cib_oid_equal(&first.tree, &tree))
		*out = f->clean[0];
	else if (status == CIB_OK)
		status = cib_commit_own(out, ws, &tree, f->clean, f->count, message, err);
	cib_commit_clear(&first);
	free(message);
	free(folder);
	return status;
}

int cib_bridge(const char **from, cib_workspace *ws, const cib_oid *main_tip, const cib_oid *own, cib_error *err)
{
	finder f = {.ws = ws, .known = {*main_tip}, .known_count = 1, .err = err};
	cib_oid *given = NULL, bridge;
	size_t count = 0;
	*from = ws->branch;
	if (!ws->member)
		return CIB_OK;
	int status = cib_given_list(&given, &count, ws, GIVEN_MAIN, err);
	if (status != CIB_OK || count == 0)
		return status;
	if (own)
		f.known[f.known_count++] = *own;
	given = cib_realloc(given, (count + 2) * sizeof *given);
	f.given = given;
	f.given_count = count;
	for (size_t i = 0; i < f.known_count; i++)
		given[count + i] = f.known[i];
	f.clean = cib_grow(f.clean, &f.cap, 1, sizeof *f.clean);
	f.clean[f.count++] = f.known[f.known_count - 1];
	status = cib_store_commits(ws->store, &ws->tip, 1, given, count + f.known_count, true, look_at, &f, err);
	if (status == CIB_OK)
		status = build(&bridge, &f, err);
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, BRIDGE, &bridge, NULL, err);
	*from = status == CIB_OK && cib_oid_equal(&bridge, &f.known[f.known_count - 1]) ? NULL : BRIDGE;
	free(f.clean);
	free(f.fit);
	free(given);
	return status;
}

int cib_bridge_join(cib_workspace *ws, const cib_oid *sent, cib_error *err)
{
	cib_commit c = {0};
	cib_oid joined, parents[2] = {ws->tip, *sent};
	if (cib_store_is_ancestor(ws->store, sent, &ws->tip))
		return CIB_OK;
	int status = cib_store_commit_read(&c, ws->store, &ws->tip, err);
	if (status == CIB_OK)
		status = cib_commit_own(&joined, ws, &c.tree, parents, 2, "Go on from what was sent\n", err);
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, ws->branch, &joined, &ws->tip, err);
	cib_commit_clear(&c);
	return status == CIB_OK ? cib_workspace_reload(ws, err) : status;
}

/* ---- where histories meet ---- */

typedef struct {
	cib_store *store;
	cib_oid *items;
	size_t count, cap;
	cib_error *err;
} oids;

static void add(oids *list, const cib_oid *oid)
{
	if (is_in(list->items, list->count, oid))
		return;
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count++] = *oid;
}

/* The mains that a bridge names, as far as they are here. */
static int note_past(const cib_oid *commit, void *payload)
{
	oids *list = payload;
	cib_commit c;
	int status = cib_store_commit_read(&c, list->store, commit, list->err);
	if (status != CIB_OK)
		return status;
	const char *at = strncmp(c.message, SUBJECT, sizeof SUBJECT - 1) == 0 ? strstr(c.message, PAST) : NULL;
	for (size_t n = 0; at && n < PAST_MAX; n++, at = strstr(at, PAST)) {
		cib_oid oid;
		cib_obj_type type = CIB_OBJ_NONE;
		at += sizeof PAST - 1;
		if (cib_oid_from_letters(&oid, at, CIB_OID_HEX - 1) && cib_store_object(&type, NULL, list->store, &oid, NULL) == CIB_OK && type == CIB_OBJ_COMMIT)
			add(list, &oid);
	}
	cib_commit_clear(&c);
	return CIB_OK;
}

static int add_bases(oids *bases, const cib_oid *a, const cib_oid *b)
{
	cib_oid *found = NULL;
	size_t count = 0;
	int status = cib_store_merge_bases(&found, &count, bases->store, a, b, bases->err);
	for (size_t i = 0; status == CIB_OK && i < count; i++)
		add(bases, &found[i]);
	free(found);
	return status;
}

int cib_bridge_bases(cib_oid **out, size_t *count, cib_store *store, const cib_oid *a, const cib_oid *b, const cib_oid *bases, size_t base_count, bool both, cib_error *err)
{
	oids all = {.store = store, .err = err}, past[2] = {{.store = store, .err = err}, {.store = store, .err = err}};
	const cib_oid *tips[2] = {a, b};
	int status = CIB_OK;
	for (size_t i = 0; i < base_count; i++)
		add(&all, &bases[i]);
	for (size_t side = both ? 0 : 1; status == CIB_OK && side < 2; side++)
		status = cib_store_commits(store, tips[side], 1, bases, base_count, false, note_past, &past[side], err);
	for (size_t side = 0; side < 2; side++)
		for (size_t i = 0; status == CIB_OK && i < past[side].count; i++) {
			status = add_bases(&all, &past[side].items[i], tips[!side]);
			if (is_in(past[!side].items, past[!side].count, &past[side].items[i]))
				add(&all, &past[side].items[i]);
		}
	bool more = status == CIB_OK && all.count > base_count;
	if (more)
		all.count = cib_store_independent(all.items, all.count, store);
	free(past[0].items);
	free(past[1].items);
	*out = all.items;
	*count = more ? all.count : 0;
	return status;
}
