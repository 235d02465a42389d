/* cib check --range A..B: the commits that B has and A has not, judged by the function that judges a push, in any clone.
 *
 * Who pushed is whom --user names: in CI the platform knows it. Without a user each commit is judged by whom it claims to
 * be from, which is enough to find mistakes and too little to keep anybody out. */
#include "check.h"
#include "guard/guard.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
	cib_store *store;
	cib_oid a, main;
	cib_ref_update update;
	char *ref;
	size_t commits;
} range;

static int no_commit(range *r, cib_error *err, const char *rev)
{
	if (cib_store_is_shallow(r->store))
		cib_error_hint(err, "this clone is shallow: bring in its history with git fetch --unshallow");
	else
		cib_error_hint(err, "bring it in first, for example with git fetch origin; is '%s' written as git knows it?", rev);
	return err->status;
}

/* "A..B"; A of zeros, as hooks name a branch that is new, and an empty A are main; an empty B is HEAD. */
static int find_ends(range *r, const cib_range_options *o, cib_error *err)
{
	const char *dots = strstr(o->range, "..");
	if (!dots || dots[2] == '.' || strstr(dots + 2, "..")) {
		cib_error_set(err, CIB_USAGE, "range.form", "a range is A..B, two commits with two dots between them, not '%s'", o->range);
		cib_error_hint(err, "for example: cib check --range origin/main..HEAD");
		return CIB_USAGE;
	}
	char *a = cib_strndup(o->range, (size_t)(dots - o->range));
	const char *b = dots[2] ? dots + 2 : "HEAD";
	bool nothing = strspn(a, "0") == strlen(a);
	int status = nothing ? CIB_OK : cib_store_rev(&r->a, r->store, a, err);
	if (status != CIB_OK)
		status = no_commit(r, err, a);
	else if ((status = cib_store_rev(&r->update.after, r->store, b, err)) != CIB_OK)
		status = no_commit(r, err, b);
	free(a);
	return status;
}

static int find_main(range *r, const cib_range_options *o, cib_error *err)
{
	static const char *const names[] = {"refs/remotes/origin/main", "refs/heads/main"};
	int status = CIB_NOTFOUND;
	if (o->main)
		status = cib_store_rev(&r->main, r->store, o->main, err);
	for (size_t i = 0; !o->main && status == CIB_NOTFOUND && i < 2; i++)
		status = cib_store_ref_get(&r->main, r->store, names[i], err);
	if (status == CIB_NOTFOUND && !o->main && !cib_oid_is_zero(&r->a)) {
		r->main = r->a;
		cib_error_clear(err);
		return CIB_OK;
	}
	if (status != CIB_OK)
		cib_error_hint(err, "the rules are read from main: git fetch origin main:refs/remotes/origin/main, or name it with --main");
	return status;
}

/* Where the commits go: as said, as the user may, or as the last commit claims. */
static int find_branch(range *r, const cib_range_options *o, cib_error *err)
{
	cib_network *net = NULL;
	cib_commit last = {0};
	char *member = NULL;
	int status = CIB_OK;
	if (o->branch) {
		r->ref = strncmp(o->branch, "refs/", 5) == 0 ? cib_strdup(o->branch) : cib_format("refs/heads/%s", o->branch);
		return CIB_OK;
	}
	if (o->user) {
		status = cib_network_load(&net, r->store, &r->main, err);
		if (status == CIB_OK)
			member = cib_strdup(cib_network_access(net, o->user, (int64_t)time(NULL)).member);
	} else if ((status = cib_store_commit_read(&last, r->store, &r->update.after, err)) == CIB_OK) {
		static const char tail[] = ".cib.invalid";
		const char *at = strchr(last.committer_email, '@');
		size_t len = at ? strlen(at + 1) : 0, n = sizeof tail - 1;
		if (len > n && strcmp(at + 1 + len - n, tail) == 0 && strcmp(at + 1, "secretariat.cib.invalid") != 0)
			member = cib_strndup(at + 1, len - n);
	}
	r->ref = member ? cib_format("refs/heads/members/%s", member) : cib_strdup("refs/heads/main");
	free(member);
	cib_commit_clear(&last);
	cib_network_free(net);
	return status;
}

static int count_commit(const cib_oid *oid, void *payload)
{
	(void)oid;
	++*(size_t *)payload;
	return 0;
}

static int prepare(range *r, const cib_range_options *o, cib_error *err)
{
	int status = cib_store_open_env(&r->store, err);
	if (status != CIB_OK) {
		cib_error_hint(err, "--range is for a clone of the network: run it in its folder");
		return status;
	}
	status = find_ends(r, o, err);
	if (status == CIB_OK && cib_store_is_shallow(r->store)) {
		cib_error_set(err, CIB_USAGE, "range.shallow", "this clone is shallow: its history breaks off, and a range cannot be judged in it");
		cib_error_hint(err, "git fetch --unshallow; or clone all of it (GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0)");
		return CIB_USAGE;
	}
	if (status == CIB_OK)
		status = find_main(r, o, err);
	if (status == CIB_OK)
		status = find_branch(r, o, err);
	if (status != CIB_OK)
		return status;
	bool to_main = strcmp(r->ref, "refs/heads/main") == 0;
	if (to_main && !o->main && !cib_oid_is_zero(&r->a))
		r->main = r->a; /* main as it was before, wherever it is now */
	if (cib_oid_is_zero(&r->a) || (!to_main && cib_store_is_ancestor(r->store, &r->a, &r->main)))
		r->update.before = to_main ? r->main : (cib_oid){{0}};
	else
		r->update.before = r->a;
	r->update.ref = r->ref;
	const cib_oid known[] = {r->main, r->update.before};
	return cib_store_commits(r->store, &r->update.after, 1, known, cib_oid_is_zero(&known[1]) ? 1 : 2, false, count_commit, &r->commits, err);
}

/* What was found in one file of one commit goes to the printer as one thing. */
static void print_findings(cib_checking *c, const cib_range_options *o)
{
	const cib_findings *f = &c->findings;
	for (size_t i = 0, n; i < f->count; i += n) {
		const char *file = f->items[i].file ? f->items[i].file : o->range;
		for (n = 1; i + n < f->count && f->items[i + n].file && strcmp(f->items[i + n].file, file) == 0;)
			n++;
		cib_check_take(c, file, &f->items[i], n, false);
	}
	if (f->errors == 0)
		cib_check_take(c, o->range, NULL, 0, false);
}

static void print_verdict(const range *r, const cib_range_options *o, bool good)
{
	const char *to = r->ref + 11; /* without refs/heads/ */
	size_t n = r->commits;
	if (o->user && good)
		fprintf(stderr, cib_ngettext("%s: %zu commit judged as a push to %s by %s: good\n", "%s: %zu commits judged as a push to %s by %s: good\n", n), o->range, n, to, o->user);
	else if (o->user)
		fprintf(stderr, cib_ngettext("%s: %zu commit judged as a push to %s by %s: would be refused\n", "%s: %zu commits judged as a push to %s by %s: would be refused\n", n), o->range, n, to, o->user);
	else if (good)
		fprintf(stderr, cib_ngettext("%s: %zu commit judged as a push to %s: good\n", "%s: %zu commits judged as a push to %s: good\n", n), o->range, n, to);
	else
		fprintf(stderr, cib_ngettext("%s: %zu commit judged as a push to %s: would be refused\n", "%s: %zu commits judged as a push to %s: would be refused\n", n), o->range, n, to);
}

int cib_check_range(cib_checking *c, const cib_range_options *o)
{
	range r = {0};
	cib_error err = CIB_ERROR_INIT;
	int status = prepare(&r, o, &err);
	if (status == CIB_OK) {
		cib_guard_range options = {.user = o->user, .main = &r.main, .lang = cib_term_lang()};
		status = cib_guard_judge_range(r.store, &r.update, &options, &c->findings, &err);
		print_findings(c, o);
	}
	if (status == CIB_OK || status == CIB_REFUSED) {
		if (!c->quiet)
			print_verdict(&r, o, status == CIB_OK);
	} else {
		if (status == CIB_NOTFOUND && !err.hint[0])
			cib_error_hint(&err, "is this a whole clone? One without all files (git clone --filter) cannot be judged");
		c->code = cib_fail(&err);
	}
	cib_findings_free(&c->findings);
	cib_store_free(r.store);
	free(r.ref);
	return c->code;
}
