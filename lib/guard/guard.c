/* One push, judged: who, which references, then every commit, then every tip.
 *
 * The order is from cheap and plain to costly, and each stage relies on the ones before: the tips are only looked into
 * when every commit under them is sound. Whatever fails on the way is for the caller a refusal. */
#include "guard/private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static int judge_user(judge *j, const cib_guard_options *o)
{
	if (!o->user || !*o->user)
		return refuse(j, "guard.no-user", NULL, NULL, "the server must set CIB_USER (or GL_USER, GL_USERNAME, REMOTE_USER, GITEA_PUSHER_NAME)",
		              "nobody is known to be pushing");
	j->access = cib_network_access(j->net, o->user, j->now);
	cib_buf user = CIB_BUF_INIT;
	int status = CIB_OK;
	cib_buf_add_clean(&user, o->user, strlen(o->user));
	if (j->access.role == CIB_ROLE_NONE)
		status = refuse(j, "guard.unknown-user", NULL, NULL, "ask the secretariat: cib access add",
		                "%s has no access to this network (or only at other dates)", user.data);
	else if (j->access.role == CIB_ROLE_READER)
		status = refuse(j, "guard.reader", NULL, NULL, "ask the secretariat: cib access add", "%s may read, not write", user.data);
	cib_buf_free(&user);
	if (j->access.role == CIB_ROLE_SECRETARIAT) {
		j->domain = cib_strdup("secretariat.cib.invalid");
	} else if (j->access.role == CIB_ROLE_STAFF) {
		j->domain = cib_format("%s.cib.invalid", j->access.member);
		j->own = cib_format("members/%s/", j->access.member);
		j->branch = cib_format("refs/heads/members/%s", j->access.member);
	}
	return status;
}

static bool is_main(const cib_ref_update *u)
{
	return strcmp(u->ref, "refs/heads/main") == 0;
}

static bool may_move(const judge *j, const char *ref)
{
	bool main = strcmp(ref, "refs/heads/main") == 0;
	if (is_secretariat(j))
		return main;
	return strcmp(ref, j->branch) == 0 || (main && strcmp(cib_network_review_policy(j->net), "none") == 0);
}

static int judge_ref(judge *j, const cib_ref_update *u)
{
	cib_obj_type type = CIB_OBJ_NONE;
	if (!may_move(j, u->ref)) {
		char *hint = cib_format("push to your branch: git push origin HEAD:%s", is_secretariat(j) ? "main" : j->branch + 11);
		int status = refuse(j, "guard.ref", NULL, u->ref, hint, "you may not change this reference; yours is %s",
		                    is_secretariat(j) ? "refs/heads/main" : j->branch);
		free(hint);
		return status;
	}
	if (cib_oid_is_zero(&u->after))
		return refuse(j, "guard.deletion", NULL, u->ref, "nothing that was shared is deleted; remove entries by a commit", "branches cannot be deleted");
	int status = cib_store_object(&type, NULL, j->store, &u->after, j->err);
	if (status != CIB_OK)
		return status;
	if (type != CIB_OBJ_COMMIT)
		return refuse(j, "guard.not-commit", &u->after, u->ref, NULL, "a branch must point to a commit");
	cib_commit commit; /* a malformed one has no ancestors to ask for */
	status = cib_store_commit_read(&commit, j->store, &u->after, j->err);
	cib_commit_clear(&commit);
	if (status != CIB_OK)
		return refuse_store(j, status, &u->after, NULL);
	if (!cib_oid_is_zero(&u->before) && !cib_store_is_ancestor(j->store, &u->before, &u->after))
		return refuse(j, "guard.rewrite", &u->after, u->ref, "bring in what is there first: cib sync, or git pull",
		              "the push would take back commits that are already shared");
	if (is_main(u) && !cib_oid_equal(&u->before, &j->main))
		return refuse(j, "guard.moved", &u->after, u->ref, "bring in what is there first: cib sync, or git pull", "main has moved meanwhile");
	return CIB_OK;
}

static int judge_refs(judge *j, const cib_ref_update *updates, size_t count)
{
	int status = CIB_OK;
	for (size_t i = 0; status == CIB_OK && i < count; i++) {
		bool twice = false;
		for (size_t k = 0; k < i && i < 100; k++)
			twice = twice || strcmp(updates[k].ref, updates[i].ref) == 0;
		status = twice ? refuse(j, "guard.ref-twice", NULL, updates[i].ref, NULL, "the reference is named twice") : judge_ref(j, &updates[i]);
	}
	return status;
}

static int judge_push(judge *j, const cib_ref_update *updates, size_t count, const cib_guard_options *o)
{
	int status = judge_user(j, o);
	if (status == CIB_OK && !refused(j))
		status = judge_refs(j, updates, count);
	if (status != CIB_OK || refused(j))
		return status;
	cib_oid *tips = cib_alloc((count + 1) * sizeof *tips);
	for (size_t i = 0; i < count; i++)
		tips[i] = updates[i].after;
	status = judge_commits(j, tips, count);
	free(tips);
	for (size_t i = 0; status == CIB_OK && !refused(j) && i < count; i++)
		status = is_main(&updates[i]) ? judge_main_tip(j, &updates[i]) : judge_member_tip(j, &updates[i]);
	return status;
}

int cib_guard_judge(cib_store *store, const cib_ref_update *updates, size_t count, const cib_guard_options *options, cib_findings *findings,
                    cib_error *err)
{
	cib_error own = CIB_ERROR_INIT;
	judge j = {.store = store, .now = options->now, .findings = findings, .before = findings->errors, .err = err ? err : &own};
	if (!j.now)
		j.now = (int64_t)time(NULL);
	int status = cib_store_ref_get(&j.main, store, "refs/heads/main", j.err);
	if (status == CIB_OK)
		status = cib_network_load(&j.net, store, &j.main, j.err);
	if (status != CIB_OK) {
		/* No rules: nothing is allowed, and it is nobody's data that is at fault. */
		cib_error_hint(j.err, "tell the secretariat: the central repository's main and its rules cannot be read");
		return status == CIB_FINDINGS || status == CIB_REFUSED ? CIB_DAMAGED : status;
	}
	j.limits = cib_network_limits(j.net);
	j.lang = options->lang ? options->lang : cib_network_lang(j.net);
	status = judge_push(&j, updates, count, options);
	if (status == STOP && !refused(&j)) /* cannot be: somebody stopped without saying why */
		status = cib_error_set(j.err, CIB_INTERNAL, "guard.stopped", "the guard stopped without a reason");
	else if (status == STOP || (status == CIB_OK && refused(&j)))
		status = CIB_REFUSED;
	free(j.domain);
	free(j.own);
	free(j.branch);
	cib_network_free(j.net);
	return status;
}
