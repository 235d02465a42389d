/* Bundles: sync by stick or e-mail. What a bundle brings goes the way of what a fetch brings: judged, taken, merged. */
#include "guard/guard.h"
#include "sync/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAIN    "refs/heads/main"
#define MEMBERS "refs/heads/members/"

typedef struct {
	cib_oid *items;
	size_t count, cap;
} oids;

static void add(oids *list, const cib_oid *oid)
{
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count++] = *oid;
}

static void add_given(oids *list, cib_workspace *ws, const char *prefix)
{
	cib_oid *tips = NULL;
	size_t count = 0;
	if (cib_given_list(&tips, &count, ws, prefix, NULL) == CIB_OK)
		for (size_t i = 0; i < count; i++)
			add(list, &tips[i]);
	free(tips);
}

static void add_ref(oids *list, cib_workspace *ws, const char *ref)
{
	cib_oid oid;
	if (cib_store_ref_get(&oid, ws->store, ref, NULL) == CIB_OK)
		add(list, &oid);
}

static int locked(cib_lock **lock, cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	int status = cib_store_lock(lock, ws->store, options->lock_wait_ms ? options->lock_wait_ms : 3000, err);
	if (status == CIB_OK)
		status = cib_workspace_reload(ws, err);
	if (status == CIB_OK)
		status = cib_journal_finish(ws, report, err);
	if (status == CIB_OK)
		status = cib_save_locked(ws, NULL, options, report, err);
	return status;
}

/* ---- giving ---- */

static const char *peer_of(const cib_workspace *ws, const cib_bundle_options *how)
{
	return how->peer ? how->peer : ws->member ? "secretariat"
	                                          : NULL;
}

/* What the other side has for certain: everybody who has a part in the network has the main that came from the
 * secretariat; the secretariat has what it wrote that it saw; a member has what its own branch holds. Who trusts that
 * the last stick arrived says so. */
static int find_known(oids *known, cib_workspace *ws, const cib_bundle_options *how, cib_error *err)
{
	const char *peer = peer_of(ws, how);
	cib_oid since;
	if (how->since) {
		cib_obj_type type = CIB_OBJ_NONE;
		if (!cib_oid_parse(&since, how->since) || cib_store_object(&type, NULL, ws->store, &since, NULL) != CIB_OK || type != CIB_OBJ_COMMIT)
			return cib_error_set(err, CIB_USAGE, "bundle.since", "there is no commit %s here", how->since);
		add(known, &since);
		return CIB_OK;
	}
	if (how->whole)
		return CIB_OK;
	if (ws->member) {
		add_ref(known, ws, CENTRAL_MAIN);
		add_given(known, ws, GIVEN_MAIN);
	}
	if (!ws->member ? peer != NULL : strcmp(peer, "secretariat") == 0) {
		cib_oid *tips = NULL;
		size_t count = 0;
		int status = ws->member ? cib_seen_tips(&tips, &count, ws, err) : cib_member_tips(&tips, &count, ws, peer, err);
		for (size_t i = 0; i < count; i++)
			add(known, &tips[i]);
		free(tips);
		if (status != CIB_OK)
			return status;
	}
	if (how->since_given && peer) {
		char *ref = cib_format("refs/cib/peer/%s", peer);
		add_ref(known, ws, ref);
		free(ref);
	}
	return CIB_OK;
}

static int check_peer(const cib_workspace *ws, const cib_bundle_options *how, cib_error *err)
{
	if (!how->peer || strcmp(how->peer, "secretariat") == 0 || (ws->member && strcmp(how->peer, ws->member) == 0) ||
	    (!ws->member && cib_name_ok(how->peer, strlen(how->peer))))
		return CIB_OK;
	int status = cib_error_set(err, CIB_USAGE, "bundle.peer", "a bundle of %s is for the secretariat or for colleagues, not for %s", ws->member ? ws->member : "the secretariat", how->peer);
	if (ws->member)
		cib_error_hint(err, "leave --for away, or give a name: secretariat, %s", ws->member);
	else
		cib_error_hint(err, "leave --for away, or give a name: secretariat");
	return status;
}

/* Would the other side refuse it, by the rules that are known here? They take a bundle whole or not at all, and say so to whoever holds the stick. Only
 * what one wrote oneself can be mended here. */
static int judge_own(cib_workspace *ws, const cib_sync_options *options, cib_findings *findings, cib_error *err)
{
	char *branch = cib_format(MEMBERS "%s", ws->member);
	cib_ref_update update = {branch, {{0}}, ws->tip};
	cib_oid main_tip, own;
	size_t kept = 0;
	if (cib_store_ref_get(&own, ws->store, CENTRAL_OWN, NULL) == CIB_OK && cib_store_is_ancestor(ws->store, &own, &ws->tip))
		update.before = own;
	int status = cib_workspace_main(&main_tip, ws, err);
	if (status == CIB_OK)
		cib_guard_judge_range(ws->store, &update, &(cib_guard_range){.main = &main_tip, .lang = options->lang}, findings, NULL);
	for (size_t i = 0; status == CIB_OK && i < findings->count; i++) {
		cib_finding *f = &findings->items[i];
		const char *path = f->file ? strchr(f->file, ':') : NULL; /* behind the commit */
		if (f->severity != CIB_ERROR || !path || !cib_is_in_folder(path + 1, ws->member))
			continue;
		kept++;
		char *name = cib_strdup(path + 1);
		free(f->file);
		f->file = name;
	}
	free(branch);
	if (!kept) {
		cib_findings_free(findings);
		return status;
	}
	status = cib_error_set(err, CIB_REFUSED, "bundle.not-allowed", "no bundle was written: the other side would take nothing of it, for the network's rules do not allow this");
	cib_error_hint(err, "mend it, and make the bundle then: cib edit ID");
	return status;
}

int cib_bundle_create(size_t *bytes, cib_workspace *ws, const char *path, const cib_bundle_options *how, const cib_sync_options *options, cib_sync_report *report, cib_findings *findings, cib_error *err)
{
	cib_lock *lock = NULL;
	oids known = {0};
	cib_buf data = CIB_BUF_INIT;
	const char *peer = peer_of(ws, how);
	int status = check_peer(ws, how, err);
	if (status == CIB_OK)
		status = locked(&lock, ws, options, report, err);
	if (status == CIB_OK && ws->member)
		status = judge_own(ws, options, findings, err);
	if (status == CIB_OK)
		status = find_known(&known, ws, how, err);
	if (status == CIB_OK) {
		char *name = ws->member ? cib_format(MEMBERS "%s", ws->member) : cib_strdup(MAIN);
		status = cib_bundle_write(&data, ws->store, &(cib_bundle_ref){name, ws->tip}, 1, known.items, known.count, err);
		free(name);
	}
	if (status == CIB_NOTFOUND)
		cib_error_hint(err, "all of it is there already; a complete one: cib bundle create --whole FILE");
	if (status == CIB_OK)
		status = cib_file_give_out(path, data.data, data.len, err);
	if (status == CIB_OK && peer) { /* after the file: what is remembered was given */
		char *ref = cib_format("refs/cib/peer/%s", peer);
		status = cib_store_ref_set(ws->store, ref, &ws->tip, NULL, err);
		free(ref);
	}
	if (bytes)
		*bytes = data.len;
	cib_lock_release(lock);
	cib_buf_free(&data);
	free(known.items);
	return status;
}

/* ---- taking ---- */

typedef struct {
	cib_ref_update update;
	char *prefix; /* where its tip is kept */
} arrival;

typedef struct {
	arrival *items;
	size_t count, cap;
	cib_buf others; /* branches that are for somebody else */
} arrivals;

/* Where a branch of a bundle goes; NULL: it is nothing for this person. */
static char *prefix_of(const cib_workspace *ws, const char *ref)
{
	if (strcmp(ref, MAIN) == 0)
		return cib_strdup(GIVEN_MAIN);
	if (strncmp(ref, MEMBERS, sizeof MEMBERS - 1) != 0)
		return NULL;
	const char *member = ref + sizeof MEMBERS - 1;
	if (!cib_name_ok(member, strlen(member)))
		return NULL;
	if (!ws->member)
		return cib_given_members(member);
	return strcmp(ws->member, member) == 0 ? cib_strdup(GIVEN_OWN) : NULL;
}

/* The tips of the same branch that were judged before. */
static void known_tips(oids *out, cib_workspace *ws, const char *ref, const char *prefix)
{
	bool is_main = strcmp(ref, MAIN) == 0;
	add_given(out, ws, prefix);
	if (is_main) {
		add_ref(out, ws, CENTRAL_MAIN);
	} else if (!ws->member) {
		char *central = cib_format("refs/cib/central/members/%s", ref + sizeof MEMBERS - 1);
		add_ref(out, ws, central);
		free(central);
	} else {
		add_ref(out, ws, CENTRAL_OWN);
	}
	if (is_main == !ws->member)
		add(out, &ws->tip);
}

/* False: it is here already. */
static bool find_before(cib_oid *before, cib_workspace *ws, const arrival *a)
{
	oids known = {0};
	bool new = true, found = false;
	known_tips(&known, ws, a->update.ref, a->prefix);
	for (size_t i = 0; new &&i < known.count; i++)
		new = !cib_store_is_ancestor(ws->store, &a->update.after, &known.items[i]);
	for (size_t i = 0; new && !found &&i < known.count; i++) {
		cib_oid *bases = NULL;
		size_t count = 0;
		if (cib_store_merge_bases(&bases, &count, ws->store, &known.items[i], &a->update.after, NULL) == CIB_OK && count) {
			*before = bases[0]; /* what the branch goes on from, whether or not it went apart since */
			found = true;
		}
		free(bases);
	}
	free(known.items);
	return new;
}

static int list_arrivals(arrivals *list, cib_workspace *ws, const cib_bundle *bundle, cib_error *err)
{
	for (size_t i = 0; i < bundle->ref_count; i++) {
		const cib_bundle_ref *r = &bundle->refs[i];
		char *prefix = prefix_of(ws, r->name);
		if (!prefix) {
			cib_buf_addf(&list->others, "%s%s", list->others.len ? ", " : "", r->name);
			continue;
		}
		list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
		list->items[list->count++] = (arrival){{.ref = r->name, .after = r->oid}, prefix};
	}
	if (list->count)
		return CIB_OK;
	int status = cib_error_set(err, CIB_REFUSED, "bundle.not-yours", "nothing in this bundle is for %s: it holds %s", ws->member ? ws->member : "the secretariat", cib_buf_str(&list->others));
	cib_error_hint(err, "a member's bundle is for the secretariat and for colleagues, the secretariat's for everybody");
	return status;
}

static int check_needs(cib_workspace *ws, const cib_bundle *bundle, cib_error *err)
{
	const cib_bundle_ref *missing = cib_bundle_missing(bundle, ws->store);
	char hex[CIB_OID_HEX];
	if (!missing)
		return CIB_OK;
	cib_oid_hex(hex, &missing->oid);
	int status = cib_error_set(err, CIB_REFUSED, "bundle.missing", *missing->name ? N_("this bundle builds on commit %.12s (%s), which is not here") : N_("this bundle builds on commit %.12s, which is not here"),
	                           hex, missing->name);
	cib_error_hint(err, "apply the bundle that was made before it first, or run cib sync, or ask for a complete one: cib bundle create --whole FILE; nothing was taken");
	return status;
}

/* What a main brought that is not known here cannot be told from what a member may not bring: first the main is asked for. */
static int say_why(cib_findings *findings, cib_error *err)
{
	bool unknown = findings->errors && findings->items[0].code && strcmp(findings->items[0].code, CIB_UNKNOWN_MAIN) == 0;
	int status;
	if (unknown) {
		status = cib_error_set(err, CIB_REFUSED, "bundle.unknown-main", "this bundle builds on a main that is not known here; nothing was taken");
		cib_error_hint(err, "run cib sync, or apply the secretariat's bundle, and then this one again; if that says the same, do not take it: it holds what a member may not change");
		cib_findings_free(findings);
	} else {
		status = cib_error_set(err, CIB_REFUSED, "bundle.refused", "the bundle holds what this network does not allow; nothing was taken");
		cib_error_hint(err, "whoever made it mends it and makes a new one: cib check, cib bundle create FILE");
	}
	return status;
}

/* Leave only what is new; judge it. */
static int judge(arrivals *list, cib_workspace *ws, const cib_sync_options *options, cib_findings *findings, cib_error *err)
{
	cib_oid main_tip, *mains = NULL;
	cib_ref_update *updates = cib_alloc((list->count + 1) * sizeof *updates);
	size_t count = 0, main_count = 0;
	int status = cib_workspace_main(&main_tip, ws, err);
	if (status == CIB_OK)
		status = cib_known_mains(&mains, &main_count, ws, err);
	for (size_t i = 0; status == CIB_OK && i < list->count; i++) {
		arrival *a = &list->items[i];
		cib_obj_type type = CIB_OBJ_NONE;
		cib_commit commit = {0};
		if (cib_store_object(&type, NULL, ws->store, &a->update.after, NULL) != CIB_OK || type != CIB_OBJ_COMMIT || cib_store_commit_read(&commit, ws->store, &a->update.after, NULL) != CIB_OK)
			status = cib_error_set(err, CIB_FINDINGS, "bundle.format", "the bundle does not hold the branch that it names: %s", a->update.ref);
		cib_commit_clear(&commit);
		if (status == CIB_OK)
			status = cib_epoch_expect(ws, &a->update.after, err);
		if (status == CIB_OK && find_before(&a->update.before, ws, a))
			updates[count++] = a->update;
		else
			a->update.after = (cib_oid){{0}};
	}
	if (status == CIB_OK && count) {
		status = cib_guard_judge_incoming(ws->store, updates, count, &(cib_guard_incoming){.main = &main_tip, .lang = options->lang, .mains = mains, .main_count = main_count}, findings, err);
		if (status == CIB_REFUSED)
			status = say_why(findings, err);
	}
	free(updates);
	free(mains);
	return status;
}

/* The references first: from here on it is taken, and whoever comes after a kill goes on. */
static int take(const arrivals *list, cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	int status = CIB_OK;
	size_t new = 0;
	for (size_t i = 0; status == CIB_OK && i < list->count; i++) {
		const arrival *a = &list->items[i];
		if (cib_oid_is_zero(&a->update.after))
			continue;
		status = cib_given_add(ws, a->prefix, &a->update.after, err);
		new ++;
	}
	if (status == CIB_OK && !new)
		cib_note(report, N_("All that this bundle holds was here already."));
	if (status == CIB_OK)
		status = cib_merge_given(ws, options, report, err);
	if (status == CIB_OK)
		status = cib_given_tidy(ws, options, err);
	return status == CIB_OK ? cib_receipts_write(ws, err) : status;
}

int cib_bundle_apply(cib_workspace *ws, const char *path, const cib_sync_options *options, cib_sync_report *report, cib_findings *findings, cib_error *err)
{
	cib_lock *lock = NULL;
	cib_bundle bundle = {0};
	arrivals list = {0};
	char *pack = NULL;
	int status = cib_bundle_read(&bundle, path, err);
	if (status == CIB_OK)
		status = list_arrivals(&list, ws, &bundle, err);
	if (status == CIB_OK)
		status = locked(&lock, ws, options, report, err);
	if (status == CIB_OK)
		status = check_needs(ws, &bundle, err);
	if (status == CIB_OK)
		status = cib_bundle_unpack(&pack, ws->store, &bundle, path, err);
	if (status == CIB_OK) {
		status = judge(&list, ws, options, findings, err);
		if (status != CIB_OK)
			cib_bundle_drop(ws->store, pack);
	}
	if (status == CIB_OK)
		status = take(&list, ws, options, report, err);
	cib_lock_release(lock);
	for (size_t i = 0; i < list.count; i++)
		free(list.items[i].prefix);
	free(list.items);
	cib_buf_free(&list.others);
	free(pack);
	cib_bundle_clear(&bundle);
	return status;
}
