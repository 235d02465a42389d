/* What was not sent yet, made anew as one commit: where the server would not take the commits as they are (not signed, with
 * something in them that is not allowed and that a later one has undone, or with a message or a date that it refuses), their outcome still goes out.
 *
 *        A---B---C    own, not sent (B unsigned)             A, B, C stay below refs/cib/rescue/
 *       /       /
 *   ---o---o---m      what the server has           ---o---o---m---N    N has the tree of C
 *
 * An own entry that the rules do not allow (the secretariat made them stricter meanwhile) goes back in N to what A was made from, and stays in the
 * folder as it is, a draft: it does not hold up the rest.
 *
 * Nothing that anybody else has is touched: the parents of the new commit are the newest ones of others that C holds. Main takes of a member's
 * commits the entries alone: a server that lost that member's branch does not have them, and the secretariat may not send them. */
#include "guard/guard.h"
#include "sync/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARENTS = 8, /* the guard takes no more */
       MESSAGE = 4000,
       ROUNDS = 16 }; /* of looking for what is not allowed: the guard stops after some, and one entry refers to another */

typedef struct {
	cib_workspace *ws;
	const char *email; /* of own commits: what stands behind the "@" */
	cib_oid *own;      /* not sent, and made here or by colleagues */
	size_t count, cap;
	cib_oid *edge; /* commits of others, or of the server's, that they build on */
	size_t edge_count, edge_cap;
	cJSON *access;                 /* as main at the server has it */
	bool for_signature, unsigned_; /* unsigned_: one of them, or signed by a key that is not good */
	cib_oid tree;                  /* of the new commit: the tip's, or without what is kept back */
	size_t kept_back;
	cib_buf accepted, message; /* what the commits said: of acceptances, which merges look for (accepted.c); and the rest */
	cib_buf lines;             /* what the acceptances say of each file, oldest first */
	cib_error *err;
} resend;

static bool in_list(const cib_oid *list, size_t count, const cib_oid *oid)
{
	for (size_t i = 0; i < count; i++)
		if (cib_oid_equal(&list[i], oid))
			return true;
	return false;
}

/* By the keys that the server knows, or by those that will be there with this very push. */
static bool is_signed(const resend *r, const cib_oid *oid)
{
	cib_signed state = CIB_SIGNED_NOT;
	if (cib_network_verify(&state, r->ws->store, cib_network_access_json(r->ws->net), oid, NULL) != CIB_OK)
		return false;
	if (state == CIB_SIGNED_WRONG || state == CIB_SIGNED_NO_KEY)
		return r->access && cib_network_verify(&state, r->ws->store, r->access, oid, NULL) == CIB_OK && state == CIB_SIGNED_GOOD;
	return state == CIB_SIGNED_GOOD;
}

static int note_commit(const cib_oid *oid, void *payload)
{
	resend *r = payload;
	cib_commit c;
	int status = cib_store_commit_read(&c, r->ws->store, oid, r->err);
	if (status != CIB_OK)
		return status;
	const char *at = strchr(c.committer_email, '@');
	if (at && strcmp(at + 1, r->email) == 0) {
		r->own = cib_grow(r->own, &r->cap, r->count + 1, sizeof *r->own);
		r->own[r->count++] = *oid;
		if (r->for_signature && !r->unsigned_)
			r->unsigned_ = !is_signed(r, oid);
		size_t len = strcspn(c.message, "\n");
		bool accepts = cib_is_acceptance(&c);
		cib_buf *to = accepts ? &r->accepted : &r->message;
		if ((accepts || c.parent_count == 1) && to->len + len < MESSAGE / 2)
			cib_buf_addf(to, "- %.*s\n", (int)len, c.message);
		for (const char *line = accepts ? cib_accepted_next(&len, c.message) : NULL; line; line = cib_accepted_next(&len, line + len))
			cib_buf_add(&r->lines, line, len);
	}
	cib_commit_clear(&c);
	return CIB_OK;
}

/* The own commits between what the server has and the tip, and what they build on. */
static int gather(resend *r, const cib_oid *known, size_t known_count)
{
	int status = cib_store_commits(r->ws->store, &r->ws->tip, 1, known, known_count, true, note_commit, r, r->err);
	for (size_t i = 0; status == CIB_OK && i < r->count; i++) {
		cib_commit c;
		status = cib_store_commit_read(&c, r->ws->store, &r->own[i], r->err);
		for (size_t k = 0; status == CIB_OK && k < c.parent_count; k++)
			if (!in_list(r->own, r->count, &c.parents[k]) && !in_list(r->edge, r->edge_count, &c.parents[k])) {
				r->edge = cib_grow(r->edge, &r->edge_cap, r->edge_count + 1, sizeof *r->edge);
				r->edge[r->edge_count++] = c.parents[k];
			}
		if (status == CIB_OK)
			cib_commit_clear(&c);
	}
	return status;
}

/* Keep of the edge what the server's main holds. True: there was something else. */
static bool keep_of_main(resend *r, const cib_oid *main_there)
{
	size_t kept = 0, had = r->edge_count;
	for (size_t i = 0; i < had; i++)
		if (cib_store_is_ancestor(r->ws->store, &r->edge[i], main_there))
			r->edge[kept++] = r->edge[i];
	r->edge_count = kept;
	return kept < had;
}

/* The first parent is the own branch's, or main's: the one that the server has there. */
static void put_first(resend *r, const cib_oid *there)
{
	for (size_t i = 1; there && i < r->edge_count; i++)
		if (cib_store_is_ancestor(r->ws->store, there, &r->edge[i]) && !cib_store_is_ancestor(r->ws->store, there, &r->edge[0])) {
			cib_oid swap = r->edge[0];
			r->edge[0] = r->edge[i];
			r->edge[i] = swap;
		}
}

/* Would the server take it, by what is known here? */
static bool is_taken(const resend *r, const cib_oid *there, const cib_oid *commit, cib_findings *why)
{
	cib_ref_update update = {r->ws->branch, {{0}}, *commit};
	cib_guard_range options = {.user = r->ws->user};
	cib_oid own;
	cib_findings_free(why);
	if (cib_store_ref_get(&own, r->ws->store, CENTRAL_OWN, NULL) == CIB_OK || cib_on_main(r->ws))
		update.before = *there;
	cib_oid main_tip = update.before;
	if (cib_store_ref_get(&main_tip, r->ws->store, CENTRAL_MAIN, NULL) != CIB_OK)
		return false;
	options.main = &main_tip;
	bool taken = cib_guard_judge_range(r->ws->store, &update, &options, why, NULL) == CIB_OK;
	return taken;
}

/* What lies at a path in a commit; zero: nothing. */
static bool look(cib_oid *out, const resend *r, const cib_oid *commit, const char *path)
{
	unsigned mode;
	int status = cib_store_tree_get(out, &mode, r->ws->store, commit, path, NULL);
	if (status == CIB_NOTFOUND)
		*out = (cib_oid){{0}};
	return status == CIB_OK || status == CIB_NOTFOUND;
}

/* What lies at a path in what the new commit builds on, where that is plain: all have the same, or of two one alone changed it. */
static bool was_there(cib_oid *out, const resend *r, const char *path)
{
	bool plain = look(out, r, &r->edge[0], path);
	for (size_t i = 1; plain && i < r->edge_count; i++) {
		cib_oid here, before = {{0}}, *bases = NULL;
		size_t count = 0;
		plain = look(&here, r, &r->edge[i], path);
		if (!plain || cib_oid_equal(&here, out))
			continue;
		plain = r->edge_count == 2 && cib_store_merge_bases(&bases, &count, r->ws->store, &r->edge[0], &r->edge[1], NULL) == CIB_OK && count == 1 &&
		        look(&before, r, &bases[0], path);
		free(bases);
		if (plain && cib_oid_equal(&before, out))
			*out = here;
		else
			plain = plain && cib_oid_equal(&before, &here);
	}
	return plain;
}

/* Has the new commit anything in the own folder that no other has? */
static bool has_news(const resend *r)
{
	char *folder = cib_format("members/%s", r->ws->member);
	cib_oid here = {{0}}, there;
	unsigned mode;
	bool news = cib_store_tree_get(&here, &mode, r->ws->store, &r->tree, folder, NULL) == CIB_OK;
	for (size_t i = 0; news && i < r->edge_count; i++)
		news = cib_store_tree_get(&there, &mode, r->ws->store, &r->edge[i], folder, NULL) != CIB_OK || !cib_oid_equal(&there, &here);
	free(folder);
	return news;
}

/* Take the entries that are refused out of the new commit; false: they are not all entries of one's own, or nothing else is left. */
static bool keep_back(resend *r, const cib_findings *why)
{
	bool able = r->ws->member && why->errors, more = false;
	for (size_t i = 0; able && i < why->count; i++) {
		const char *path = why->items[i].file ? strchr(why->items[i].file, ':') : NULL; /* behind the commit */
		cib_tree_entry edit = {.path = path ? path + 1 : ""};
		cib_oid now;
		cib_place place;
		if (why->items[i].severity != CIB_ERROR)
			continue;
		cib_network_place(&place, r->ws->net, edit.path);
		able = place.area == CIB_AREA_MEMBER && place.kind && strcmp(place.member, r->ws->member) == 0 && was_there(&edit.oid, r, edit.path) &&
		       look(&now, r, &r->tree, edit.path);
		if (!able || cib_oid_equal(&now, &edit.oid))
			continue; /* another finding took it out */
		edit.mode = cib_oid_is_zero(&edit.oid) ? 0 : 0100644;
		able = cib_store_tree_edit(&r->tree, r->ws->store, &r->tree, &edit, 1, NULL) == CIB_OK;
		r->kept_back += able;
		more = true;
	}
	return able && more && has_news(r);
}

static int make_commit(cib_oid *out, const resend *r, const char *messages, bool must_sign)
{
	const char *lines = cib_buf_str(&r->lines);
	size_t room = cib_network_limits(r->ws->net)->message_bytes / 2;
	while (strlen(lines) > room) /* the newest say most */
		lines += 1 + strcspn(lines + 1, "\n");
	char *message = cib_format("Send what was not sent yet\n\n%s%s%s%s", cib_buf_str(&r->accepted), messages, lines, *lines ? "\n" : "");
	int status = cib_commit_as(out, r->ws, &r->tree, r->edge, r->edge_count, message, must_sign, r->err);
	free(message);
	return status;
}

/* What one of the messages says may be what is refused. */
static int build(bool *done, resend *r, const cib_oid *there, bool must_sign)
{
	cib_workspace *ws = r->ws;
	cib_findings why = CIB_FINDINGS_INIT;
	cib_oid commit, old = ws->tip;
	r->tree = ws->tip;
	int status = make_commit(&commit, r, cib_buf_str(&r->message), must_sign);
	bool fits = must_sign || (status == CIB_OK && is_taken(r, there, &commit, &why));
	for (int i = 0; status == CIB_OK && !fits && i < ROUNDS && (i == 0 || keep_back(r, &why)); i++) {
		status = make_commit(&commit, r, "", must_sign);
		fits = status == CIB_OK && is_taken(r, there, &commit, &why);
	}
	cib_findings_free(&why);
	if (status == CIB_OK && !fits)
		return CIB_OK;
	if (status == CIB_OK)
		status = cib_keep_rescue(ws, &old, r->err);
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, ws->branch, &commit, &old, r->err);
	if (status == CIB_OK)
		status = cib_workspace_reload(ws, r->err);
	*done = status == CIB_OK;
	return status;
}

/* Is there anything that one new commit would be without? Of a single one only what it is itself: its message, its date. */
static bool is_needed(const resend *r, const cib_oid *there, bool alone)
{
	cib_findings why = CIB_FINDINGS_INIT;
	if (r->for_signature)
		return r->unsigned_;
	bool needed = alone || r->count > 1 || r->edge_count > 1 || !is_taken(r, there, &r->ws->tip, &why);
	cib_findings_free(&why);
	return needed;
}

static int make_anew(bool *done, bool *alone, size_t *kept_back, cib_workspace *ws, const cib_oid *known, size_t known_count, bool for_signature, cib_error *err)
{
	char *domain = cib_format("%s.cib.invalid", ws->member ? ws->member : "secretariat");
	resend r = {.ws = ws, .email = domain, .for_signature = for_signature, .err = err};
	if (for_signature)
		cib_network_access_at(&r.access, ws->store, &known[known_count - 1], NULL);
	int status = gather(&r, known, known_count);
	*alone = status == CIB_OK && !for_signature && !ws->member && keep_of_main(&r, &known[known_count - 1]);
	*done = false;
	r.edge_count = cib_store_independent(r.edge, r.edge_count, ws->store);
	put_first(&r, known_count ? &known[0] : NULL);
	if (status == CIB_OK && r.count && r.edge_count >= 1 && r.edge_count <= PARENTS && is_needed(&r, &known[0], *alone))
		status = build(done, &r, &known[0], for_signature);
	*kept_back = *done ? r.kept_back : 0;
	free(domain);
	cJSON_Delete(r.access);
	free(r.own);
	free(r.edge);
	cib_buf_free(&r.message);
	cib_buf_free(&r.accepted);
	cib_buf_free(&r.lines);
	return status;
}

int cib_sign_unsent(cib_workspace *ws, const cib_oid *known, size_t known_count, cib_sync_report *report, cib_error *err)
{
	bool done = false, alone;
	size_t kept_back;
	if (cib_network_signatures(ws->net) != CIB_SIGNATURES_REQUIRED)
		return CIB_OK;
	int status = make_anew(&done, &alone, &kept_back, ws, known, known_count, true, err);
	if (status == CIB_REFUSED) {
		cib_error why = *err;
		cib_error_set(err, CIB_REFUSED, "sync.unsigned", "nothing was sent: this network asks for signed commits, and %s", why.message);
		cib_error_hint(err, "%s", why.hint);
	} else if (done) {
		cib_note(report, N_("What was saved without a signature was signed."));
	}
	return status;
}

int cib_resend_as_one(const char **note, size_t *kept_back, cib_workspace *ws, const cib_oid *known, size_t known_count, cib_error *err)
{
	bool done = false, alone = false;
	int status = make_anew(&done, &alone, kept_back, ws, known, known_count, false, err);
	*note = !done ? NULL : *kept_back ? N_("What the network's rules do not allow stays here as a draft; the rest went without it.")
	               : alone            ? N_("The server lost a member's branch; what was accepted of it went to main without its history.")
	                                  : N_("An earlier version would have been refused; the newest one went without it.");
	return status;
}
