/* What was not sent yet, made anew as one commit: where the server would not take the commits as they are (not signed, with
 * something in them that is not allowed and that a later one has undone, or with a message or a date that it refuses), their outcome still goes out.
 *
 *        A---B---C    own, not sent (B unsigned)             A, B, C stay below refs/cib/rescue/
 *       /       /
 *   ---o---o---m      what the server has           ---o---o---m---N    N has the tree of C
 *
 * Nothing that anybody else has is touched: the parents of the new commit are the newest ones of others that C holds. Main takes of a member's
 * commits the entries alone: a server that lost that member's branch does not have them, and the secretariat may not send them. */
#include "guard/guard.h"
#include "sync/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARENTS = 8, /* the guard takes no more */
       MESSAGE = 4000 };

typedef struct {
	cib_workspace *ws;
	const char *email; /* of own commits: what stands behind the "@" */
	cib_oid *own;      /* not sent, and made here or by colleagues */
	size_t count, cap;
	cib_oid *edge; /* commits of others, or of the server's, that they build on */
	size_t edge_count, edge_cap;
	cJSON *access;                 /* as main at the server has it */
	bool for_signature, unsigned_; /* unsigned_: one of them, or signed by a key that is not good */
	cib_buf accepted, message;     /* what the commits said: of acceptances, which merges look for (accepted.c); and the rest */
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
static bool is_taken(const resend *r, const cib_oid *there, const cib_oid *commit)
{
	cib_ref_update update = {r->ws->branch, {{0}}, *commit};
	cib_guard_range options = {.user = r->ws->user};
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_oid own;
	if (cib_store_ref_get(&own, r->ws->store, CENTRAL_OWN, NULL) == CIB_OK || !r->ws->member)
		update.before = *there;
	cib_oid main_tip = update.before;
	if (cib_store_ref_get(&main_tip, r->ws->store, CENTRAL_MAIN, NULL) != CIB_OK)
		return false;
	options.main = &main_tip;
	bool taken = cib_guard_judge_range(r->ws->store, &update, &options, &findings, NULL) == CIB_OK;
	cib_findings_free(&findings);
	return taken;
}

static int make_commit(cib_oid *out, const resend *r, const char *messages, bool must_sign)
{
	char *message = cib_format("Send what was not sent yet\n\n%s%s", cib_buf_str(&r->accepted), messages);
	int status = cib_commit_as(out, r->ws, &r->ws->tip, r->edge, r->edge_count, message, must_sign, r->err);
	free(message);
	return status;
}

/* What one of the messages says may be what is refused. */
static int build(bool *done, resend *r, const cib_oid *there, bool must_sign)
{
	cib_workspace *ws = r->ws;
	cib_oid commit, old = ws->tip;
	int status = make_commit(&commit, r, cib_buf_str(&r->message), must_sign);
	bool fits = must_sign || (status == CIB_OK && is_taken(r, there, &commit));
	if (status == CIB_OK && !fits) {
		status = make_commit(&commit, r, "", must_sign);
		fits = status == CIB_OK && is_taken(r, there, &commit);
	}
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
	if (r->for_signature)
		return r->unsigned_;
	return alone || r->count > 1 || r->edge_count > 1 || !is_taken(r, there, &r->ws->tip);
}

static int make_anew(bool *done, bool *alone, cib_workspace *ws, const cib_oid *known, size_t known_count, bool for_signature, cib_error *err)
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
	free(domain);
	cJSON_Delete(r.access);
	free(r.own);
	free(r.edge);
	cib_buf_free(&r.message);
	cib_buf_free(&r.accepted);
	return status;
}

int cib_sign_unsent(cib_workspace *ws, const cib_oid *known, size_t known_count, cib_sync_report *report, cib_error *err)
{
	bool done = false, alone;
	if (cib_network_signatures(ws->net) != CIB_SIGNATURES_REQUIRED)
		return CIB_OK;
	int status = make_anew(&done, &alone, ws, known, known_count, true, err);
	if (status == CIB_REFUSED) {
		cib_error why = *err;
		cib_error_set(err, CIB_REFUSED, "sync.unsigned", "nothing was sent: this network asks for signed commits, and %s", why.message);
		cib_error_hint(err, "%s", why.hint);
	} else if (done) {
		cib_note(report, N_("What was saved without a signature was signed."));
	}
	return status;
}

int cib_resend_as_one(const char **note, cib_workspace *ws, const cib_oid *known, size_t known_count, cib_error *err)
{
	bool done = false, alone = false;
	int status = make_anew(&done, &alone, ws, known, known_count, false, err);
	*note = !done ? NULL : alone ? N_("The server lost a member's branch; what was accepted of it went to main without its history.")
	                             : N_("An earlier version would have been refused; the newest one went without it.");
	return status;
}
