/* What a central repository should not do, seen from a copy: it holds what no network has, it stands still while work waits, or
 * it changes a member's own folder. The first is refused, the others are told; a history that was rewritten is refused in
 * sync.c. Who made a commit is what the commit says: only signatures would prove it. */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FILES_MOST = 2000000, /* that one fetch may change: a bomb of folders within folders has more */
       NOTES_MOST = 10,
       PATH_MOST = 200,
       FROZEN_DAYS = 30 };

/* ---- what may not be taken ---- */

typedef struct {
	size_t files;
	const char *what;
	cib_error *err;
} names;

static bool is_network_path(const char *path)
{
	for (const char *p = path; *p;) {
		size_t n = strcspn(p, "/");
		if (!cib_name_ok(p, n))
			return false;
		p += n + (p[n] == '/');
	}
	return strlen(path) <= PATH_MOST;
}

static int judge_name(const char *path, const cib_tree_entry *before, const cib_tree_entry *after, void *payload)
{
	names *n = payload;
	(void)before;
	const char *why = ++n->files > FILES_MOST  ? _("more files than any network has")
	                  : !after->mode           ? NULL
	                  : after->mode != 0100644 ? _("something that is no plain file")
	                  : !is_network_path(path) ? _("a name that no network has")
	                                           : NULL;
	if (!why)
		return 0;
	int status = cib_error_set(n->err, CIB_REFUSED, "sync.unsound", "the server's %s holds %s: %s", cib_gettext(n->what), why, path);
	cib_error_hint(n->err, "nothing was changed here and your work is saved; tell the secretariat what its server holds");
	return status;
}

int cib_watch_names(cib_workspace *ws, const cib_oid *before, const cib_oid *after, const char *what, cib_error *err)
{
	names n = {.what = what, .err = err};
	return cib_store_diff2(ws->store, before, after, judge_name, &n, err);
}

/* ---- the own folder ---- */

typedef struct {
	cib_workspace *ws;
	const cib_oid *theirs;
	const char *where;
	cib_sync_report *report;
	size_t notes;
} folder;

static int note_change(const char *path, const cib_tree_entry *before, const cib_tree_entry *after, void *payload)
{
	folder *f = payload;
	cib_edit_by by = {0};
	char date[16] = "";
	if (strncmp(path, "conflicts/", 10) == 0 || strncmp(path, "comments/", 9) == 0 || !before->mode)
		return 0;
	char *full = cib_format("members/%s/%s", f->ws->member, path);
	if (cib_edit_by_history(&by, f->ws->store, f->theirs, full, NULL) != CIB_OK) {
		free(full);
		return 0;
	}
	time_t when = (time_t)by.when;
	struct tm day;
	if (gmtime_r(&when, &day))
		strftime(date, sizeof date, "%Y-%m-%d", &day);
	if (strcmp(by.member, f->ws->member) != 0 && f->notes++ < NOTES_MOST) {
		const char *name = strrchr(full, '/') + 1;
		char *id = cib_strndup(name, strcspn(name, "."));
		if (*by.member)
			cib_note(f->report, after->mode ? N_("%s: staff of %s changed it on %s (%s), not your organisation; what it was stays in the history: cib log %s") : N_("%s: staff of %s removed it on %s (%s), not your organisation; what it was stays in the history: cib log %s"),
			         id, by.member, _(f->where), date, id);
		else
			cib_note(f->report, after->mode ? N_("%s: the secretariat changed it on %s (%s), not your organisation; what it was stays in the history: cib log %s") : N_("%s: the secretariat removed it on %s (%s), not your organisation; what it was stays in the history: cib log %s"),
			         id, _(f->where), date, id);
		free(id);
	}
	free(full);
	return f->notes > NOTES_MOST;
}

void cib_watch_folder(cib_workspace *ws, const cib_oid *before, const cib_oid *theirs, const char *where, cib_sync_report *report)
{
	cib_oid was = {{0}}, is = {{0}};
	unsigned mode;
	if (!ws->member || cib_oid_equal(before, &ws->tip))
		return;
	char *path = cib_format("members/%s", ws->member);
	folder f = {ws, theirs, where, report, 0};
	cib_store_tree_get(&was, &mode, ws->store, before, path, NULL);
	cib_store_tree_get(&is, &mode, ws->store, &ws->tip, path, NULL);
	cib_store_diff2(ws->store, &was, &is, note_change, &f, NULL);
	if (f.notes > NOTES_MOST)
		cib_note(report, N_("and more of your entries were changed there: cib log ID tells the story of each"));
	free(path);
}

/* ---- standing still ---- */

typedef struct {
	cib_workspace *ws;
	int64_t after, oldest; /* seconds since 1970 */
} waiting;

static int64_t time_of(cib_workspace *ws, const cib_oid *commit)
{
	cib_commit c = {0};
	int64_t when = cib_store_commit_read(&c, ws->store, commit, NULL) == CIB_OK ? c.committer_time : 0;
	cib_commit_clear(&c);
	return when;
}

static int see_commit(const cib_oid *commit, void *payload)
{
	waiting *w = payload;
	int64_t when = time_of(w->ws, commit);
	if (when > w->after && when < w->oldest)
		w->oldest = when;
	return 0;
}

void cib_watch_frozen(cib_workspace *ws, cib_sync_report *report)
{
	cib_oid main_tip, own;
	int64_t now = (int64_t)time(NULL), limit = (int64_t)FROZEN_DAYS * 86400;
	if (!ws->member || cib_store_ref_get(&main_tip, ws->store, CENTRAL_MAIN, NULL) != CIB_OK || cib_store_ref_get(&own, ws->store, CENTRAL_OWN, NULL) != CIB_OK)
		return;
	waiting w = {ws, time_of(ws, &main_tip), now};
	if (now - w.after < limit)
		return;
	cib_store_commits(ws->store, &own, 1, &main_tip, 1, true, see_commit, &w, NULL);
	if (now - w.oldest >= limit)
		cib_note(report, N_("main has stood still at the server for %d days, and work that was sent %d days ago waits: ask the secretariat whether it is at rest, or the server shows an old state"),
		         (int)((now - w.after) / 86400), (int)((now - w.oldest) / 86400));
}
