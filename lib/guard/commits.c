/* Every new commit: its header, its message, whom it claims to be from, and what it changes. */
#include "guard/private.h"
#include "network/privacy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	cib_oid *items;
	size_t count, cap, most;
} oids;

static void add(oids *list, const cib_oid *oid)
{
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count++] = *oid;
}

static int add_ref(const char *ref, const cib_oid *oid, void *payload)
{
	(void)ref;
	add(payload, oid);
	return 0;
}

static int add_commit(const cib_oid *oid, void *payload)
{
	oids *list = payload;
	add(list, oid);
	return list->count > list->most ? STOP : 0;
}

static bool has_domain(const char *email, const char *domain)
{
	const char *at = strchr(email, '@');
	return at && at > email && strcmp(at + 1, domain) == 0;
}

static bool claims_other(const char *email)
{
	static const char tail[] = ".cib.invalid";
	size_t len = strlen(email), n = sizeof tail - 1;
	return len > n && strcasecmp(email + len - n, tail) == 0;
}

static int judge_person(judge *j, const cib_oid *oid, bool author, const char *email)
{
	if (has_domain(email, j->domain) && cib_is_clean(email) && strpbrk(email, "\n\t <>") == NULL)
		return CIB_OK;
	char *hint = cib_format(_("commit with cib save, or with git -c user.name=... -c user.email=YOU@%s commit"), j->domain);
	int status;
	if (claims_other(email))
		status = refuse(j, "guard.forged-author", oid, NULL, hint,
		                author ? N_("the author claims to belong to another organisation: the address must end with @%s") : N_("the committer claims to belong to another organisation: the address must end with @%s"),
		                j->domain);
	else
		status = refuse(j, "guard.foreign-address", oid, NULL, hint,
		                author ? N_("the author's address is no address of this network: it must end with @%s (personal addresses would be published with the history)")
		                       : N_("the committer's address is no address of this network: it must end with @%s (personal addresses would be published with the history)"),
		                j->domain);
	free(hint);
	return status;
}

/* Incoming: the commit is judged as the work of whom its committer says it is. A member's branch holds that member's
 * own work; whatever else is in it and not known here is of a main that is newer than the one known here. */
static int take_claim(judge *j, const cib_oid *oid, const cib_commit *c)
{
	static const char tail[] = ".cib.invalid";
	const char *at = strchr(c->committer_email, '@');
	size_t len = at ? strlen(at + 1) : 0, n = sizeof tail - 1;
	char name[101] = "";
	if (len > n && len - n <= 100 && strcmp(at + 1 + len - n, tail) == 0)
		memcpy(name, at + 1, len - n);
	if (!cib_name_ok(name, strlen(name)))
		return judge_person(j, oid, false, c->committer_email);
	if (j->of && strcmp(name, j->of) != 0)
		return refuse(j, CIB_UNKNOWN_MAIN, oid, NULL, N_("bring main up to date first: cib sync, or cib bundle apply with the secretariat's bundle"),
		              N_("the branch of %s builds on a main that is not known here"), j->of);
	snprintf(j->claim, sizeof j->claim, "%s", name);
	judge_as(j, strcmp(name, "secretariat") == 0 ? NULL : j->claim);
	return CIB_OK;
}

static int judge_message_privacy(judge *j, const cib_oid *oid, const char *message)
{
	size_t first = j->findings->count;
	cib_privacy_check_text(j->net, j->access.member, message, NULL, j->lang, j->findings);
	name_commit(j, first, oid);
	return enough(j);
}

static int judge_header(judge *j, const cib_oid *oid, const cib_commit *c)
{
	static const char amend[] = N_("make the commit anew: git commit --amend, or git rebase");
	const cib_limits *l = j->limits;
	size_t len = strlen(c->message);
	int status = CIB_OK;
	if (len > l->message_bytes)
		status = refuse(j, "guard.message-size", oid, NULL, amend, N_("the commit message has %zu bytes; at most %zu are allowed"), len,
		                l->message_bytes);
	else if (c->raw_size > l->message_bytes + COMMIT_HEADER)
		status = refuse(j, "guard.commit-size", oid, NULL, amend, N_("the commit object has %zu bytes; at most %zu are allowed"),
		                c->raw_size, l->message_bytes + COMMIT_HEADER);
	else if (!cib_is_clean(c->message))
		status = refuse(j, "guard.message-text", oid, NULL, amend,
		                N_("the commit message is not plain UTF-8 text: it holds control characters, bidirectional overrides or broken bytes"));
	if (status == CIB_OK)
		status = judge_message_privacy(j, oid, c->message);
	if (status == CIB_OK && (!cib_is_clean(c->author_name) || strpbrk(c->author_name, "\n\t")))
		status = refuse(j, "guard.author-name", oid, NULL, amend, N_("the author's name is not plain UTF-8 text"));
	if (status == CIB_OK && (!cib_is_clean(c->committer_name) || strpbrk(c->committer_name, "\n\t")))
		status = refuse(j, "guard.author-name", oid, NULL, amend, N_("the committer's name is not plain UTF-8 text"));
	if (status == CIB_OK)
		status = judge_person(j, oid, true, c->author_email);
	if (status == CIB_OK && strcmp(c->author_email, c->committer_email) != 0)
		status = judge_person(j, oid, false, c->committer_email);
	if (status == CIB_OK && !j->incoming && (c->author_time > j->now + l->future_seconds || c->committer_time > j->now + l->future_seconds))
		status = refuse(j, "guard.future", oid, NULL, N_("set this computer's clock, then make the commit anew"),
		                N_("the commit's date lies in the future"));
	return status;
}

/* What readers of commits do not show: bytes behind a NUL, lines that they do not know. */
static int judge_raw(judge *j, const cib_oid *oid)
{
	cib_buf raw = CIB_BUF_INIT;
	int status = cib_store_commit_raw(&raw, j->store, oid, j->limits->message_bytes + COMMIT_HEADER, j->err);
	if (status == CIB_OK && memchr(cib_buf_str(&raw), 0, raw.len))
		status = refuse(j, "guard.message-text", oid, NULL, N_("make the commit anew"), N_("the commit holds a NUL byte, behind which text can hide"));
	const char *fault = status == CIB_OK && !refused(j) ? header_fault(cib_buf_str(&raw), raw.len) : NULL;
	if (fault)
		status = refuse(j, "guard.malformed", oid, NULL, N_("make the commit anew with cib or git"), N_("the commit is malformed: %s"), fault);
	cib_buf_free(&raw);
	return status == CIB_FINDINGS ? refuse_store(j, status, oid, NULL) : status;
}

static int judge_commit(judge *j, const cib_oid *oid)
{
	cib_commit c;
	int status = cib_store_commit_read(&c, j->store, oid, j->err);
	if (status != CIB_OK)
		return refuse_store(j, status, oid, NULL);
	if (c.parent_count == 0)
		status = refuse(j, "guard.new-root", oid, NULL, N_("start from the network's main: cib join, then cib sync"),
		                N_("the commit begins a history of its own"));
	else if (c.parent_count > MOST_PARENTS)
		status = refuse(j, "guard.parents", oid, NULL, N_("merge one branch at a time"), N_("the commit has %zu parents; at most %d are allowed"),
		                c.parent_count, MOST_PARENTS);
	else {
		status = j->incoming ? take_claim(j, oid, &c) : CIB_OK;
		if (status == CIB_OK && !refused(j))
			status = judge_header(j, oid, &c);
		if (status == CIB_OK && !refused(j))
			status = judge_raw(j, oid);
		if (status == CIB_OK && !refused(j))
			status = judge_signature(j, oid, &c);
	}
	if (status == CIB_OK && c.parent_count > 0 && c.parent_count <= MOST_PARENTS)
		status = judge_paths(j, oid, &c);
	cib_commit_clear(&c);
	return status;
}

int judge_commits(judge *j, const cib_oid *tips, size_t count)
{
	static const char *const judged[] = {"refs/heads/", "refs/cib/central/", "refs/cib/given/"};
	oids known = {0}, fresh = {.most = j->limits->commits * (size_t)many(j)};
	int status = CIB_OK;
	for (size_t i = 0; i < j->known_count; i++)
		add(&known, &j->known[i]);
	for (size_t i = 0; !j->known && status == CIB_OK && i < (j->incoming ? 3u : 1u); i++)
		status = cib_store_ref_each(j->store, judged[i], add_ref, &known, j->err);
	if (j->incoming) /* what the branch before this one brought is judged, too */
		add(&known, &j->main);
	if (status == CIB_OK)
		status = cib_store_commits(j->store, tips, count, known.items, known.count, false, add_commit, &fresh, j->err);
	if (status == STOP) {
		refuse(j, "guard.too-many-commits", NULL, NULL, N_("push in parts: git push ... COMMIT:BRANCH with an older commit first"),
		       N_("the push has more than %zu commits"), fresh.most);
	} else if (status != CIB_OK) {
		status = refuse_store(j, status, NULL, NULL);
	}
	j->fresh = fresh.items;
	j->fresh_count = fresh.count;
	for (size_t i = fresh.count; status == CIB_OK && i-- > 0;)
		if (cib_network_purged_commit(j->net, &fresh.items[i])) {
			refuse_purged(j, &fresh.items[i]);
			status = STOP;
		}
	/* Parents before children, so that what a merge takes over was judged before. */
	for (size_t i = fresh.count; status == CIB_OK && i-- > 0;)
		status = judge_commit(j, &fresh.items[i]);
	j->fresh = NULL;
	j->fresh_count = 0;
	free(known.items);
	free(fresh.items);
	return status;
}
