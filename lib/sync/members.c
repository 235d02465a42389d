/* The members' branches come to the secretariat, and a co-owner's to the other owners. What the server has stands below
 * refs/cib/incoming/members/ until the guard has judged it, as it judges a push; then it is
 * refs/cib/central/members/<member>, which review reads. A branch that the guard refuses is named and stays as it was
 * seen last, and the others go on. */
#include "guard/guard.h"
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>

#define BRANCHES "refs/cib/central/members/"
#define INCOMING "refs/cib/incoming/members/"

typedef struct {
	cib_refspec *items;
	size_t count, cap;
} specs;

static void want_branch(specs *s, const char *member)
{
	char *to = cib_format(INCOMING "%s", member);
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->items[i].to, to) == 0) {
			free(to);
			return;
		}
	s->items = cib_grow(s->items, &s->cap, s->count + 1, sizeof *s->items);
	s->items[s->count++] = (cib_refspec){cib_format("refs/heads/members/%s", member), to};
}

static int add_spec(const char *ref, const cib_oid *oid, void *payload)
{
	static const char prefix[] = "refs/heads/members/";
	specs *s = payload;
	(void)oid;
	if (strncmp(ref, prefix, sizeof prefix - 1) != 0 || !cib_name_ok(ref + sizeof prefix - 1, strlen(ref) - (sizeof prefix - 1)))
		return 0;
	want_branch(s, ref + sizeof prefix - 1);
	return 0;
}

/* A branch that is known here and was removed at the server: fetching it again forgets it. */
static int add_known(const char *ref, const cib_oid *oid, void *payload)
{
	(void)oid;
	want_branch(payload, ref + strlen(BRANCHES));
	return 0;
}

/* ---- judging ---- */

static const cib_finding *first_error(const cib_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].severity == CIB_ERROR)
			return &findings->items[i];
	return NULL;
}

/* Is it only that entries are not valid? Rules change; what was sent before was right then. */
static bool is_about_entries(const cib_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const cib_finding *f = &findings->items[i];
		if (f->severity == CIB_ERROR && (!f->code || strncmp(f->code, "guard.", 6) == 0))
			return false;
	}
	return true;
}

static int judge_by(cib_workspace *ws, const cib_ref_update *update, const cib_oid *main_tip, const char *lang, cib_findings *findings, cib_error *err)
{
	cib_oid *mains = NULL;
	size_t count = 0;
	int status = cib_known_mains(&mains, &count, ws, err);
	if (status == CIB_OK)
		status = cib_guard_judge_incoming(ws->store, update, 1, &(cib_guard_incoming){.main = main_tip, .lang = lang, .mains = mains, .main_count = count}, findings, err);
	free(mains);
	return status;
}

/* By the rules of main as they are; and where entries do not fit those, by the rules that the branch was made under: then
 * it is for review to say what is to be changed. */
static int judge_branch(cib_workspace *ws, const cib_ref_update *update, const char *lang, cib_findings *findings, cib_error *err)
{
	cib_oid main_tip, *bases = NULL;
	size_t count = 0;
	int status = cib_store_ref_get(&main_tip, ws->store, CENTRAL_MAIN, err);
	if (status == CIB_OK)
		status = judge_by(ws, update, &main_tip, lang, findings, err);
	if (status == CIB_REFUSED && is_about_entries(findings) && cib_store_merge_bases(&bases, &count, ws->store, &update->after, &main_tip, NULL) == CIB_OK &&
	    count && !cib_oid_equal(&bases[0], &main_tip)) {
		cib_findings then = CIB_FINDINGS_INIT;
		cib_error why = CIB_ERROR_INIT;
		if (judge_by(ws, update, &bases[0], lang, &then, &why) == CIB_OK)
			status = CIB_OK;
		cib_findings_free(&then);
	}
	free(bases);
	return status;
}

/* A server that lost its power, or was restored, may lack what it had before. Until the member's next sync brings it back, this may be the last
 * copy of it. */
static void tell_of_loss(const char *member, cib_sync_report *report)
{
	cib_note(report, N_("%s: the server no longer has all that was seen in this member's branch; it is kept here"), member);
}

bool cib_share_history(cib_oid *shared, cib_store *store, const cib_oid *a, const cib_oid *b)
{
	cib_oid *bases = NULL;
	size_t count = 0;
	bool found = cib_store_merge_bases(&bases, &count, store, a, b, NULL) == CIB_OK && count > 0;
	if (found)
		*shared = bases[0];
	free(bases);
	return found;
}

/* The branch is not there any more. What was accepted of it is in main. */
static int forget_branch(cib_workspace *ws, const char *central, const cib_oid *seen, const char *member, cib_sync_report *report, cib_error *err)
{
	int status = CIB_OK;
	if (!cib_store_is_ancestor(ws->store, seen, &ws->tip)) {
		tell_of_loss(member, report);
		status = cib_keep_rescue(ws, seen, err);
	}
	return status == CIB_OK ? cib_store_ref_delete(ws->store, central, err) : status;
}

/* A branch that was fetched and judged becomes the one that is known here. Where it does not go on from what was seen, what was is looked at beside it,
 * as what came by hand is, until the member brings it back. */
static int go_on_with(cib_workspace *ws, const char *central, const cib_oid *seen, const cib_oid *now, const char *member, cib_sync_report *report, cib_error *err)
{
	int status = CIB_OK;
	if (!cib_oid_is_zero(seen) && !cib_store_is_ancestor(ws->store, seen, now) && !cib_store_is_ancestor(ws->store, seen, &ws->tip)) {
		char *prefix = cib_given_members(member);
		tell_of_loss(member, report);
		status = cib_given_add(ws, prefix, seen, err);
		free(prefix);
	}
	return status == CIB_OK ? cib_store_ref_set(ws->store, central, now, NULL, err) : status;
}

typedef struct {
	char *text;        /* heap, of a branch that is refused; else NULL */
	bool unknown_main; /* it builds on a main that is not known here, or on something that is no main */
} refusal;

/* A branch that was fetched becomes the one that is known here. */
static int take_branch(cib_workspace *ws, const cib_refspec *spec, const char *lang, refusal *why, cib_sync_report *report, cib_error *err)
{
	cib_ref_update update = {.ref = spec->from};
	cib_findings findings = CIB_FINDINGS_INIT;
	const char *member = spec->to + strlen(INCOMING);
	char *central = cib_format(BRANCHES "%s", member);
	bool known = cib_store_ref_get(&update.before, ws->store, central, NULL) == CIB_OK;
	int status = CIB_OK;
	*why = (refusal){0};
	if (known && cib_is_purged(ws->store, ws->net, &update.before)) { /* main went on, and this branch was made anew */
		status = cib_store_ref_delete(ws->store, central, err);
		known = false;
		cib_store_expire(ws->store, NULL); /* the old one is to go from this disk, too */
	}
	if (!known)
		update.before = (cib_oid){{0}};
	if (status != CIB_OK) {
		free(central);
		return status;
	}
	if (cib_store_ref_get(&update.after, ws->store, spec->to, NULL) != CIB_OK) {
		status = known ? forget_branch(ws, central, &update.before, member, report, err) : CIB_OK;
	} else if (known && !cib_oid_equal(&update.before, &update.after) && cib_store_is_ancestor(ws->store, &update.after, &update.before)) {
		tell_of_loss(member, report);
	} else if (!known || !cib_oid_equal(&update.before, &update.after)) {
		cib_oid seen = update.before;
		if (known && !cib_store_is_ancestor(ws->store, &seen, &update.after)) /* it was set back and went on from there */
			cib_share_history(&update.before, ws->store, &seen, &update.after);
		status = judge_branch(ws, &update, lang, &findings, err);
		const cib_finding *f = first_error(&findings);
		if (status == CIB_OK)
			status = go_on_with(ws, central, &seen, &update.after, member, report, err);
		else if (status == CIB_REFUSED && f)
			*why = (refusal){cib_format("%s: %s", f->file ? f->file : spec->from, f->message ? f->message : ""), f->code && strcmp(f->code, CIB_UNKNOWN_MAIN) == 0};
	}
	cib_findings_free(&findings);
	free(central);
	return why->text ? CIB_OK : status;
}

static int note_main(const char *ref, const cib_oid *oid, void *payload)
{
	if (strcmp(ref, "refs/heads/main") == 0)
		*(cib_oid *)payload = *oid;
	return 0;
}

/* Has main gone on at the server since it was fetched? */
static bool main_went_on(cib_workspace *ws, const cib_sync_options *options)
{
	cib_oid there = {{0}}, here;
	return cib_store_remote_refs(ws->url, &options->remote, note_main, &there, NULL) == CIB_OK && cib_store_ref_get(&here, ws->store, CENTRAL_MAIN, NULL) == CIB_OK && !cib_oid_equal(&there, &here);
}

static int take_branches(cib_workspace *ws, const specs *s, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	int status = CIB_OK;
	for (size_t i = 0; status == CIB_OK && i < s->count; i++) {
		refusal why;
		const char *member = s->items[i].to + strlen(INCOMING);
		status = take_branch(ws, &s->items[i], options->lang, &why, report, err);
		if (why.unknown_main && main_went_on(ws, options))
			cib_note(report, N_("%s: what is new builds on a main that came to the server just now; the next sync takes it"), member);
		else if (why.text)
			cib_note(report, N_("%s: the server has something in this member's branch that the network does not allow, and nothing of it was taken: %s. The server's guard does not work: cib init DIR --hook"),
			         member, why.text);
		free(why.text);
	}
	return status;
}

static void specs_free(specs *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free((char *)(uintptr_t)s->items[i].from);
		free((char *)(uintptr_t)s->items[i].to);
	}
	free(s->items);
}

int cib_members_fetch(cib_workspace *ws, const cib_sync_options *options, cib_sync_report *report, cib_error *err)
{
	specs s = {0};
	int status = cib_store_remote_refs(ws->url, &options->remote, add_spec, &s, err);
	if (status == CIB_OK)
		status = cib_store_ref_each(ws->store, BRANCHES, add_known, &s, err);
	if (status == CIB_OK && s.count)
		status = cib_store_fetch(ws->store, ws->url, s.items, s.count, &options->remote, err);
	if (status == CIB_OK)
		status = take_branches(ws, &s, options, report, err);
	specs_free(&s);
	return status;
}

int cib_member_fetch(cib_workspace *ws, const char *member, const cib_sync_options *options, cib_error *err)
{
	specs s = {0};
	refusal why = {0};
	want_branch(&s, member);
	int status = cib_store_fetch(ws->store, ws->url, s.items, 1, &options->remote, err);
	if (status == CIB_OK)
		status = take_branch(ws, s.items, options->lang, &why, NULL, err);
	if (why.unknown_main && main_went_on(ws, options)) {
		status = cib_error_set(err, CIB_REFUSED, CIB_UNKNOWN_MAIN, "the branch of %s builds on a newer main than this copy has", member);
		cib_error_hint(err, "cib sync, then this again");
	} else if (why.text) {
		status = cib_error_set(err, CIB_REFUSED, "sync.fetched", "the server has something in the branch of %s that the network does not allow, and nothing of it was taken: %s", member, why.text);
		cib_error_hint(err, "tell the secretariat that the server's guard does not work (cib init DIR --hook)");
	}
	free(why.text);
	specs_free(&s);
	return status;
}
