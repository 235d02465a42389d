/* One push, judged: who, which references, then every commit, then every tip.
 *
 * The order is from cheap and plain to costly, and each stage relies on the ones before: the tips are only looked into
 * when every commit under them is sound. Whatever fails on the way is for the caller a refusal. */
#include "guard/private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void judge_as(judge *j, const char *member)
{
	free(j->domain);
	free(j->own);
	free(j->branch);
	j->own = member ? cib_format("members/%s/", member) : NULL;
	j->branch = member ? cib_format("refs/heads/members/%s", member) : NULL;
	j->domain = cib_format("%s.cib.invalid", member ? member : "secretariat");
	j->access = (cib_access){.role = member ? CIB_ROLE_STAFF : CIB_ROLE_SECRETARIAT, .member = member};
}

static int judge_user(judge *j, const cib_guard_options *o)
{
	if (!o->user || !*o->user)
		return refuse(j, "guard.no-user", NULL, NULL, N_("the server must set CIB_USER (or GL_USER, GL_USERNAME, REMOTE_USER, GITEA_PUSHER_NAME)"),
		              N_("nobody is known to be pushing"));
	j->access = cib_network_access(j->net, o->user, j->now);
	cib_buf user = CIB_BUF_INIT;
	int status = CIB_OK;
	cib_buf_add_clean(&user, o->user, strlen(o->user));
	if (j->access.role == CIB_ROLE_NONE)
		status = refuse(j, "guard.unknown-user", NULL, NULL, N_("ask the secretariat: cib access add"),
		                N_("%s has no access to this network (or only at other dates)"), user.data);
	else if (j->access.role == CIB_ROLE_READER)
		status = refuse(j, "guard.reader", NULL, NULL, N_("ask the secretariat: cib access add"), N_("%s may read, not write"), user.data);
	cib_buf_free(&user);
	if (j->access.role == CIB_ROLE_SECRETARIAT || j->access.role == CIB_ROLE_STAFF)
		judge_as(j, j->access.role == CIB_ROLE_STAFF ? j->access.member : NULL);
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

/* Does it build on what was purged? */
static bool is_purged(const judge *j, const cib_oid *tip)
{
	size_t count = 0;
	const cib_oid *first = cib_network_purged_commits(j->net, &count);
	cib_obj_type type;
	bool purged = false;
	for (size_t i = 0; i < count && !purged; i++)
		purged = cib_store_object(&type, NULL, j->store, &first[i], NULL) == CIB_OK && cib_store_is_ancestor(j->store, &first[i], tip);
	return purged;
}

static int judge_ref(judge *j, const cib_ref_update *u)
{
	cib_obj_type type = CIB_OBJ_NONE;
	if (!j->incoming && !may_move(j, u->ref)) {
		char *hint = cib_format(_("push to your branch: git push origin HEAD:%s"), is_secretariat(j) ? "main" : j->branch + 11);
		int status = refuse(j, "guard.ref", NULL, u->ref, hint, N_("you may not change this reference; yours is %s"),
		                    is_secretariat(j) ? "refs/heads/main" : j->branch);
		free(hint);
		return status;
	}
	if (cib_oid_is_zero(&u->after))
		return refuse(j, "guard.deletion", NULL, u->ref, N_("nothing that was shared is deleted; remove entries by a commit"), N_("branches cannot be deleted"));
	int status = cib_store_object(&type, NULL, j->store, &u->after, j->err);
	if (status != CIB_OK)
		return status;
	if (type != CIB_OBJ_COMMIT)
		return refuse(j, "guard.not-commit", &u->after, u->ref, NULL, N_("a branch must point to a commit"));
	cib_commit commit; /* a malformed one has no ancestors to ask for */
	status = cib_store_commit_read(&commit, j->store, &u->after, j->err);
	cib_commit_clear(&commit);
	if (status != CIB_OK)
		return refuse_store(j, status, &u->after, NULL);
	bool goes_on = cib_oid_is_zero(&u->before) || cib_store_is_ancestor(j->store, &u->before, &u->after);
	if (!goes_on && is_purged(j, &u->after))
		return refuse_purged(j, &u->after);
	if (!goes_on)
		return refuse(j, "guard.rewrite", &u->after, u->ref, N_("bring in what is there first: cib sync, or git pull"),
		              N_("the push would take back commits that are already shared"));
	if (is_main(u) && !j->incoming && !cib_oid_equal(&u->before, &j->main))
		return refuse(j, "guard.moved", &u->after, u->ref, N_("bring in what is there first: cib sync, or git pull"), N_("main has moved meanwhile"));
	return CIB_OK;
}

static int judge_refs(judge *j, const cib_ref_update *updates, size_t count)
{
	int status = CIB_OK;
	for (size_t i = 0; status == CIB_OK && i < count; i++) {
		bool twice = false;
		for (size_t k = 0; k < i && i < 100; k++)
			twice = twice || strcmp(updates[k].ref, updates[i].ref) == 0;
		status = twice ? refuse(j, "guard.ref-twice", NULL, updates[i].ref, NULL, N_("the reference is named twice")) : judge_ref(j, &updates[i]);
	}
	return status;
}

static int judge_push(judge *j, const cib_ref_update *updates, size_t count, const cib_guard_options *o)
{
	int status = judge_user(j, o);
	if (status == CIB_OK && !refused(j) && o->bytes > j->limits->pack_bytes)
		status = refuse(j, "guard.pack-size", NULL, NULL, N_("push in parts: git push ... COMMIT:BRANCH with an older commit first"),
		                N_("the push brings %llu bytes; at most %zu are allowed"), (unsigned long long)o->bytes, j->limits->pack_bytes);
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

/* The branches one after the other, main first: what it brings is known to the ones after it. */
static int judge_incoming(judge *j, const cib_ref_update *updates, size_t count)
{
	static const char members[] = "refs/heads/members/";
	int status = CIB_OK;
	for (size_t turn = 0; turn < 2; turn++)
		for (size_t i = 0; i < count && status == CIB_OK && !refused(j); i++) {
			const cib_ref_update *u = &updates[i];
			if (is_main(u) != (turn == 0))
				continue;
			j->of = is_main(u) ? NULL : u->ref + sizeof members - 1;
			if (j->of && (strncmp(u->ref, members, sizeof members - 1) != 0 || !cib_name_ok(j->of, strlen(j->of)))) {
				status = refuse(j, "guard.ref", NULL, u->ref, NULL, N_("a network has no such branch"));
				continue;
			}
			j->paths = 0;
			judge_as(j, j->of);
			status = judge_ref(j, u);
			if (status == CIB_OK && !refused(j))
				status = judge_commits(j, &u->after, 1);
			judge_as(j, j->of);
			if (status == CIB_OK && !refused(j))
				status = j->of ? judge_member_tip(j, u) : judge_main_tip(j, u);
			if (status == CIB_OK && !j->of)
				j->main = u->after;
		}
	return status;
}

/* Load the rules of j->main, judge, and say what the result is. */
static int judge_by_rules(judge *j, const cib_ref_update *updates, size_t count, const cib_guard_options *o)
{
	cib_network *after = NULL;
	int status = cib_network_load(&j->net, j->store, &j->main, j->err);
	if (status != CIB_OK) {
		/* No rules: nothing is allowed, and it is nobody's data that is at fault. */
		cib_error_hint(j->err, "tell the secretariat: the central repository's main and its rules cannot be read");
		return status == CIB_FINDINGS || status == CIB_REFUSED ? CIB_DAMAGED : status;
	}
	j->limits = cib_network_limits(j->net);
	j->lang = o->lang ? o->lang : cib_network_lang(j->net);
	if (j->all)
		status = judge_rules(&after, j, &updates[0]);
	else
		status = j->incoming ? judge_incoming(j, updates, count) : judge_push(j, updates, count, o);
	cib_network_free(after);
	if (status == STOP && !refused(j)) /* cannot be: somebody stopped without saying why */
		status = cib_error_set(j->err, CIB_INTERNAL, "guard.stopped", "the guard stopped without a reason");
	else if (status == STOP || (status == CIB_OK && refused(j)))
		status = CIB_REFUSED;
	free(j->domain);
	free(j->own);
	free(j->branch);
	cib_network_free(j->net);
	return status;
}

int cib_guard_judge_incoming(cib_store *store, const cib_ref_update *updates, size_t count, const cib_guard_incoming *options,
                             cib_findings *findings, cib_error *err)
{
	cib_error own = CIB_ERROR_INIT;
	judge j = {.store = store, .main = *options->main, .mains = options->mains, .main_count = options->main_count, .incoming = true, .findings = findings, .before = findings->errors, .err = err ? err : &own};
	return judge_by_rules(&j, updates, count, &(cib_guard_options){.lang = options->lang});
}

int cib_guard_judge_range(cib_store *store, const cib_ref_update *update, const cib_guard_range *options, cib_findings *findings,
                          cib_error *err)
{
	cib_error own = CIB_ERROR_INIT;
	const cib_oid known[] = {*options->main, update->before};
	judge j = {.store = store, .main = *options->main, .incoming = !options->user, .findings = findings, .before = findings->errors, .err = err ? err : &own};
	j.now = options->now ? options->now : (int64_t)time(NULL);
	j.known = known;
	j.known_count = cib_oid_is_zero(&known[1]) ? 1 : 2;
	return judge_by_rules(&j, update, 1, &(cib_guard_options){.user = options->user, .lang = options->lang});
}

int cib_guard_prove_rules(cib_store *store, const cib_oid *before, const cib_oid *after, const char *lang, size_t *proved,
                          cib_findings *findings, cib_error *err)
{
	cib_error own = CIB_ERROR_INIT;
	const cib_ref_update update = {"refs/heads/main", *before, *after};
	judge j = {.store = store, .main = *before, .all = true, .findings = findings, .before = findings->errors, .err = err ? err : &own};
	j.now = (int64_t)time(NULL);
	int status = judge_by_rules(&j, &update, 1, &(cib_guard_options){.lang = lang});
	if (proved)
		*proved = j.proved;
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
	if (status != CIB_OK)
		cib_error_hint(j.err, "tell the secretariat: the central repository's main and its rules cannot be read");
	return status == CIB_OK ? judge_by_rules(&j, updates, count, options) : status;
}
