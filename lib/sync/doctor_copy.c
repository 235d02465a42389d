/* The copy itself: its configuration, references, objects, rules, entries, and the work that is not shared yet. */
#include "sync/doctor_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_S 86400

static const char anew[] = N_("join anew beside it (cib join URL --user USER) and copy your own folder over; then cib sync");

static void check_opens(patient *p)
{
	if (!p->store)
		health(p, "repository", CIB_HEALTH_DAMAGE, anew, N_("the repository cannot be opened: %s"), p->opening.message);
	else if (!p->ws)
		health(p, "repository", p->opening.status == CIB_BUSY ? CIB_HEALTH_WARNING : CIB_HEALTH_DAMAGE, anew, N_("the copy cannot be opened: %s"), p->opening.message);
	else
		health(p, "repository", CIB_HEALTH_OK, NULL, "%s", p->root);
}

static void check_identity(patient *p)
{
	const cib_workspace *ws = p->ws;
	cib_access a = cib_network_access(ws->net, ws->user, (int64_t)time(NULL));
	if (a.role == CIB_ROLE_NONE)
		health(p, "identity", CIB_HEALTH_ERROR, N_("ask the secretariat: cib access add USER --role staff --member MEMBER"), N_("the network gives %s no access (any more)"), ws->user);
	else if (ws->member ? a.role != CIB_ROLE_STAFF || strcmp(a.member, ws->member) != 0 : a.role != CIB_ROLE_SECRETARIAT)
		health(p, "identity", CIB_HEALTH_ERROR, N_("ask the secretariat what it wrote: cib access"), N_("this copy belongs to %s, but the network knows %s as %s"), ws->member ? ws->member : "the secretariat",
		       ws->user, a.role == CIB_ROLE_STAFF ? a.member : a.role == CIB_ROLE_READER ? "a reader"
		                                                                                 : "the secretariat");
	else
		health(p, "identity", CIB_HEALTH_OK, NULL, "%s, %s", ws->user, ws->member ? ws->member : "secretariat");
}

/* ---- references and objects ---- */

typedef struct {
	patient *p;
	size_t count, broken;
	char *first;
} ref_walk;

static int look_at_ref(const char *ref, const cib_oid *oid, void *payload)
{
	ref_walk *w = payload;
	cib_obj_type type = CIB_OBJ_NONE;
	w->count++;
	if ((cib_store_object(&type, NULL, w->p->store, oid, NULL) != CIB_OK || type != CIB_OBJ_COMMIT) && w->broken++ == 0)
		w->first = cib_strdup(ref);
	return 0;
}

static void check_refs(patient *p)
{
	ref_walk w = {.p = p};
	cib_error err = CIB_ERROR_INIT;
	cib_buf head = CIB_BUF_INIT;
	char *file = cib_format("%s/HEAD", p->git);
	int status = cib_store_ref_each(p->store, "refs/", look_at_ref, &w, &err);
	if (status != CIB_OK || w.broken)
		health(p, "references", CIB_HEALTH_DAMAGE, anew, N_("%zu of %zu references lead nowhere: %s"), w.broken, w.count, w.first ? w.first : err.message);
	else if (p->ws && cib_file_read(&head, file, 4096, NULL) == CIB_OK && !(strncmp(cib_buf_str(&head), "ref: ", 5) == 0 && strncmp(head.data + 5, p->ws->branch, strlen(p->ws->branch)) == 0)) {
		char *fix = cib_format("git symbolic-ref HEAD %s", p->ws->branch);
		health(p, "references", CIB_HEALTH_WARNING, fix, N_("HEAD does not name %s: somebody switched branches with git"), p->ws->branch);
		free(fix);
	} else
		health(p, "references", CIB_HEALTH_OK, NULL, N_("%zu references, all lead to commits"), w.count);
	cib_buf_free(&head);
	free(file);
	free(w.first);
}

typedef struct {
	size_t count;
	char *first;
} damage;

static int note_damage(const cib_oid *oid, const char *why, void *payload)
{
	damage *d = payload;
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, oid);
	if (d->count++ == 0)
		d->first = cib_format("%.12s: %s", hex, why);
	return d->count >= 100;
}

static void check_objects(patient *p)
{
	damage d = {0};
	size_t objects = 0;
	cib_error err = CIB_ERROR_INIT;
	cib_store_verify(&objects, p->store, note_damage, &d, &err);
	if (d.count)
		health(p, "objects", CIB_HEALTH_DAMAGE, anew, N_("%zu objects are damaged or missing, for example %s"), d.count, d.first);
	else
		health(p, "objects", CIB_HEALTH_OK, NULL, N_("%zu objects, all are what they are called"), objects);
	free(d.first);
}

/* ---- rules and entries ---- */

static void check_rules(patient *p)
{
	size_t n = cib_network_kind_count(p->ws->net), broken = 0;
	cib_error err = CIB_ERROR_INIT, first = CIB_ERROR_INIT;
	const char *name = "";
	for (size_t i = 0; i < n; i++)
		if (!cib_network_schema(p->ws->net, cib_network_kind_at(p->ws->net, i), &err) && broken++ == 0) {
			first = err;
			name = cib_network_kind_at(p->ws->net, i)->name;
		}
	if (broken)
		health(p, "rules", CIB_HEALTH_ERROR, N_("ask the secretariat to mend schema/"), N_("%zu of %zu schemas cannot be used: %s: %s"), broken, n, name, first.message);
	else
		health(p, "rules", CIB_HEALTH_OK, NULL, N_("%zu kinds of entries"), n);
}

static void check_entries(patient *p)
{
	cib_work_changes changes = {0};
	cib_error err = CIB_ERROR_INIT;
	size_t drafts = 0;
	if (cib_workspace_changes(&changes, p->ws, p->options->sync.lang, &err) != CIB_OK) {
		health(p, "entries", CIB_HEALTH_ERROR, err.hint[0] ? err.hint : N_("check the disk"), N_("the own folder cannot be read: %s"), err.message);
	} else {
		for (size_t i = 0; i < changes.count; i++)
			drafts += changes.items[i].draft;
		if (drafts)
			health(p, "entries", CIB_HEALTH_WARNING, N_("cib check says what; cib edit ID"), drafts == 1 ? N_("%zu entry has errors and stays here as a draft") : N_("%zu entries have errors and stay here as drafts"), drafts);
		else
			health(p, "entries", CIB_HEALTH_OK, NULL, N_("what is changed here is valid"));
	}
	cib_work_changes_free(&changes);
}

/* ---- work that is not shared ---- */

static int count_path(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	(void)path, (void)a, (void)b;
	++*(size_t *)payload;
	return 0;
}

static void check_work(patient *p)
{
	cib_workspace *ws = p->ws;
	cib_oid central, mine = {{0}}, theirs = {{0}};
	cib_work_changes changes = {0};
	size_t unsent = 0;
	unsigned mode;
	bool known = (ws->member && cib_store_ref_get(&central, ws->store, CENTRAL_OWN, NULL) == CIB_OK) || cib_store_ref_get(&central, ws->store, CENTRAL_MAIN, NULL) == CIB_OK;
	char *folder = ws->member ? cib_format("members/%s", ws->member) : cib_strdup("network");
	cib_workspace_changes(&changes, ws, p->options->sync.lang, NULL);
	if (known) {
		cib_store_tree_get(&mine, &mode, ws->store, &ws->tip, folder, NULL);
		cib_store_tree_get(&theirs, &mode, ws->store, &central, folder, NULL);
		cib_store_diff2(ws->store, &theirs, &mine, count_path, &unsent, NULL);
	}
	if (unsent || changes.count)
		health(p, "work", CIB_HEALTH_ADVICE, N_("cib sync, or without a link: cib bundle create FILE"), N_("%zu saved and %zu unsaved changes are only here"), unsent, changes.count);
	else
		health(p, "work", CIB_HEALTH_OK, NULL, N_("the server has all of it"));
	cib_work_changes_free(&changes);
	free(folder);
	cib_refusals refusals;
	if (cib_refusals_load(&refusals, ws, NULL) == CIB_OK && refusals.count)
		health(p, "refused", CIB_HEALTH_WARNING, N_("cib status says what and why"), N_("the server refused the last push: %s"), refusals.items[0].message);
	else
		health(p, "refused", CIB_HEALTH_OK, NULL, N_("the server refused nothing"));
	cib_refusals_free(&refusals);
	cib_open_conflicts conflicts = {0};
	if (cib_conflicts_list(&conflicts, ws, NULL) == CIB_OK && conflicts.count)
		health(p, "conflicts", CIB_HEALTH_ADVICE, N_("cib resolve"), conflicts.count == 1 ? N_("%zu conflict waits for a decision") : N_("%zu conflicts wait for a decision"), conflicts.count);
	else
		health(p, "conflicts", CIB_HEALTH_OK, NULL, N_("none is open"));
	cib_open_conflicts_free(&conflicts);
}

static void check_clock(patient *p)
{
	cib_oid tip;
	cib_commit c = {0};
	int64_t now = (int64_t)time(NULL);
	if (cib_workspace_main(&tip, p->ws, NULL) != CIB_OK || cib_store_commit_read(&c, p->ws->store, &tip, NULL) != CIB_OK) {
		health(p, "clock", CIB_HEALTH_SKIPPED, NULL, N_("there is nothing to compare it with"));
		return;
	}
	if (c.committer_time > now + DAY_S)
		health(p, "clock", CIB_HEALTH_ERROR, N_("set this computer's date and time: nothing depends on them but what you read, and the server refuses dates in its future"),
		       N_("it is %lld days behind the newest change of the network"), (long long)((c.committer_time - now) / DAY_S));
	else
		health(p, "clock", CIB_HEALTH_OK, NULL, N_("it does not lag behind the network"));
	cib_commit_clear(&c);
}

static int64_t time_of(cib_store *store, const char *ref, const cib_oid *oid)
{
	cib_commit c = {0};
	int64_t when = strtoll(strrchr(ref, '/') + 1, NULL, 10);
	if (when < 1000000000 && cib_store_commit_read(&c, store, oid, NULL) == CIB_OK)
		when = c.committer_time;
	cib_commit_clear(&c);
	return when;
}

static int add_rescue(const char *ref, const cib_oid *oid, void *payload)
{
	patient *p = payload;
	cib_diagnosis *d = p->out;
	d->rescues = cib_grow(d->rescues, &d->rescue_cap, d->rescue_count + 1, sizeof *d->rescues);
	d->rescues[d->rescue_count++] = (cib_rescue){cib_strdup(ref), *oid, time_of(p->store, ref, oid)};
	return 0;
}

static void check_rescues(patient *p)
{
	size_t old = 0;
	int64_t limit = (int64_t)time(NULL) - (int64_t)CIB_RESCUE_DAYS * DAY_S;
	cib_store_ref_each(p->store, "refs/cib/rescue/", add_rescue, p, NULL);
	for (size_t i = 0; i < p->out->rescue_count; i++)
		old += p->out->rescues[i].when < limit;
	if (old)
		health(p, "rescue", CIB_HEALTH_ADVICE, N_("cib doctor --fix forgets those"), N_("%zu displaced states are kept, %zu of them for more than %d days"), p->out->rescue_count, old, CIB_RESCUE_DAYS);
	else if (p->out->rescue_count)
		health(p, "rescue", CIB_HEALTH_ADVICE, N_("look into one: git log REF; they are kept for 90 days"), N_("%zu displaced states are kept"), p->out->rescue_count);
	else
		health(p, "rescue", CIB_HEALTH_OK, NULL, N_("nothing was displaced"));
}

typedef struct {
	cib_store *store;
	struct {
		char **refs;
		size_t count, cap;
		int64_t limit;
	} old;
} rescue_walk;

static int add_old(const char *ref, const cib_oid *oid, void *payload)
{
	rescue_walk *w = payload;
	if (time_of(w->store, ref, oid) < w->old.limit) {
		w->old.refs = cib_grow(w->old.refs, &w->old.cap, w->old.count + 1, sizeof *w->old.refs);
		w->old.refs[w->old.count++] = cib_strdup(ref);
	}
	return 0;
}

/* What is safe: nothing of it is anybody's work. The lock's holder clears what was left behind. */
void doctor_mend(patient *p)
{
	cib_lock *lock = NULL;
	cib_error err = CIB_ERROR_INIT;
	rescue_walk w = {p->store, {.limit = (int64_t)time(NULL) - (int64_t)CIB_RESCUE_DAYS * DAY_S}};
	int status = cib_store_lock(&lock, p->store, 3000, &err);
	if (status == CIB_OK && p->ws)
		status = cib_journal_finish(p->ws, NULL, &err);
	if (status == CIB_OK)
		status = cib_store_ref_each(p->store, "refs/cib/rescue/", add_old, &w, &err);
	for (size_t i = 0; i < w.old.count; i++) {
		if (status == CIB_OK)
			status = cib_store_ref_delete(p->store, w.old.refs[i], &err);
		free(w.old.refs[i]);
	}
	cib_lock_release(lock);
	free(w.old.refs);
	if (status != CIB_OK)
		health(p, "mended", CIB_HEALTH_WARNING, err.hint[0] ? err.hint : N_("try again"), N_("not everything could be mended: %s"), err.message);
	else
		health(p, "mended", CIB_HEALTH_OK, NULL, N_("what was left behind is cleared, what was interrupted is finished, %zu old displaced states are forgotten"), w.old.count);
}

void doctor_copy(patient *p)
{
	check_opens(p);
	if (p->store) {
		check_refs(p);
		check_objects(p);
		check_rescues(p);
	}
	if (p->ws) {
		check_identity(p);
		check_clock(p);
		check_rules(p);
		check_entries(p);
		check_work(p);
	}
}
