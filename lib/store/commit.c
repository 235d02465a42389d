/* Commits: reading, making, and questions about ancestry. */
#include "store/private.h"

#include <stdlib.h>
#include <time.h>

static int lookup(git_commit **out, cib_store *store, const cib_oid *oid, cib_error *err)
{
	git_oid id;
	to_git(&id, oid);
	int rc = git_commit_lookup(out, store->repo, &id);
	if (rc == 0)
		return CIB_OK;
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, oid);
	cib_obj_type type;
	if (rc == GIT_ENOTFOUND && cib_store_object(&type, NULL, store, oid, NULL) == CIB_NOTFOUND)
		return cib_error_set(err, CIB_NOTFOUND, "store.no-object", "the repository has no commit %s", hex);
	int status = cib_store_git_error(err, rc, "store.bad-commit", N_("%s is no well-formed commit"), hex);
	if (err && status != CIB_IO)
		err->status = CIB_FINDINGS;
	return status == CIB_IO ? status : CIB_FINDINGS;
}

int cib_store_commit_read(cib_commit *out, cib_store *store, const cib_oid *oid, cib_error *err)
{
	*out = (cib_commit){0};
	git_commit *commit = NULL;
	int status = lookup(&commit, store, oid, err);
	if (status != CIB_OK)
		return status;
	from_git(&out->tree, git_commit_tree_id(commit));
	out->parent_count = git_commit_parentcount(commit);
	out->parents = cib_alloc((out->parent_count + 1) * sizeof *out->parents);
	for (size_t i = 0; i < out->parent_count; i++)
		from_git(&out->parents[i], git_commit_parent_id(commit, (unsigned)i));
	const git_signature *author = git_commit_author(commit), *committer = git_commit_committer(commit);
	out->author_name = cib_strdup(author && author->name ? author->name : "");
	out->author_email = cib_strdup(author && author->email ? author->email : "");
	out->committer_name = cib_strdup(committer && committer->name ? committer->name : "");
	out->committer_email = cib_strdup(committer && committer->email ? committer->email : "");
	out->author_time = author ? author->when.time : 0;
	out->committer_time = committer ? committer->when.time : 0;
	const char *message = git_commit_message_raw(commit);
	out->message = cib_strdup(message ? message : "");
	git_commit_free(commit);
	status = cib_store_object(&(cib_obj_type){0}, &out->raw_size, store, oid, err);
	if (status != CIB_OK) /* libgit2 still had it in memory, but it was purged meanwhile */
		cib_commit_clear(out);
	return status;
}

int cib_store_commit_raw(cib_buf *out, cib_store *store, const cib_oid *oid, size_t max, cib_error *err)
{
	git_odb_object *object = NULL;
	git_oid id;
	size_t size = 0;
	cib_buf_clear(out);
	int status = cib_store_object(&(cib_obj_type){0}, &size, store, oid, err);
	if (status != CIB_OK)
		return status;
	if (size > max)
		return cib_error_set(err, CIB_FINDINGS, "store.too-large", "the commit object has %zu bytes; at most %zu are allowed", size, max);
	to_git(&id, oid);
	int rc = git_odb_read(&object, store->odb, &id);
	if (rc)
		return cib_store_git_error(err, rc, "store.object", N_("cannot read a commit"));
	if (git_odb_object_type(object) == GIT_OBJECT_COMMIT)
		cib_buf_add(out, git_odb_object_data(object), git_odb_object_size(object));
	else
		status = cib_error_set(err, CIB_FINDINGS, "store.bad-commit", "the object is no commit");
	git_odb_object_free(object);
	return status;
}

void cib_commit_clear(cib_commit *commit)
{
	free(commit->parents);
	free(commit->author_name);
	free(commit->author_email);
	free(commit->committer_name);
	free(commit->committer_email);
	free(commit->message);
	*commit = (cib_commit){0};
}

/* A name as the header of a commit can hold it. */
static void add_plain(cib_buf *text, const char *s, const char *otherwise)
{
	size_t start = text->len;
	for (; *s; s++)
		if (*s != '<' && *s != '>' && *s != '\n' && *s != '\r')
			cib_buf_addc(text, *s);
	if (text->len == start)
		cib_buf_adds(text, otherwise);
}

static void add_person(cib_buf *text, const char *role, const char *name, const char *email, int64_t now)
{
	cib_buf_addf(text, "%s ", role);
	add_plain(text, name, "unknown");
	cib_buf_adds(text, " <");
	add_plain(text, email, "");
	cib_buf_addf(text, "> %lld +0000\n", (long long)now);
}

/* Put a signature behind the committer, each of its lines but the first indented by a blank. */
static int add_signature(cib_buf *text, const cib_signer *by, const char *message, cib_error *err)
{
	cib_buf signature = CIB_BUF_INIT, whole = CIB_BUF_INIT;
	cib_buf_add(&whole, text->data, text->len);
	cib_buf_addf(&whole, "\n%s", message);
	int status = cib_ssh_sign(&signature, by, whole.data, whole.len, err);
	const char *line = cib_buf_str(&signature);
	for (bool first = true; status == CIB_OK && *line; first = false) {
		size_t len = strcspn(line, "\n");
		cib_buf_addf(text, "%s%.*s\n", first ? "gpgsig " : " ", (int)len, line);
		line += len + (line[len] == '\n');
	}
	cib_buf_free(&signature);
	cib_buf_free(&whole);
	return status;
}

int cib_store_commit_write(cib_oid *out, cib_store *store, const cib_oid *tree, const cib_oid *parents, size_t parent_count,
                           const char *name, const char *email, const char *message, cib_error *err)
{
	return cib_store_commit_write_signed(out, store, tree, parents, parent_count, name, email, message, NULL, err);
}

int cib_store_commit_write_signed(cib_oid *out, cib_store *store, const cib_oid *tree, const cib_oid *parents, size_t parent_count,
                                  const char *name, const char *email, const char *message, const cib_signer *by, cib_error *err)
{
	cib_oid root;
	char hex[CIB_OID_HEX];
	int status = cib_store_peel(&root, store, tree, err);
	if (status == CIB_OK && cib_oid_is_zero(&root))
		status = cib_store_object_write(&root, store, GIT_OBJECT_TREE, "", 0, err);
	if (status != CIB_OK)
		return status;
	int64_t now = (int64_t)time(NULL);
	cib_buf text = CIB_BUF_INIT;
	cib_oid_hex(hex, &root);
	cib_buf_addf(&text, "tree %s\n", hex);
	for (size_t i = 0; i < parent_count; i++) {
		cib_oid_hex(hex, &parents[i]);
		cib_buf_addf(&text, "parent %s\n", hex);
	}
	add_person(&text, "author", name ? name : "", email ? email : "", now);
	add_person(&text, "committer", name ? name : "", email ? email : "", now);
	if (by && by->key)
		status = add_signature(&text, by, message ? message : "", err);
	cib_buf_addf(&text, "\n%s", message ? message : "");
	if (status == CIB_OK)
		status = cib_store_object_write(out, store, GIT_OBJECT_COMMIT, text.data, text.len, err);
	cib_buf_free(&text);
	return status;
}

/* Asked for a commit that is not here (it was purged), libgit2 says so and loses memory. */
static bool are_here(cib_store *store, const git_oid *a, const git_oid *b)
{
	return git_odb_exists(store->odb, a) && git_odb_exists(store->odb, b);
}

int cib_store_merge_bases(cib_oid **out, size_t *count, cib_store *store, const cib_oid *a, const cib_oid *b, cib_error *err)
{
	*out = NULL;
	*count = 0;
	if (cib_memo_bases(out, count, store, a, b))
		return CIB_OK;
	git_oid x, y;
	git_oidarray bases = {0};
	to_git(&x, a);
	to_git(&y, b);
	int rc = are_here(store, &x, &y) ? git_merge_bases(&bases, store->repo, &x, &y) : GIT_ENOTFOUND;
	if (rc == GIT_ENOTFOUND)
		return CIB_OK;
	if (rc)
		return cib_store_git_error(err, rc, "store.history", N_("cannot find the common ancestor"));
	*out = cib_alloc((bases.count + 1) * sizeof **out);
	*count = bases.count;
	for (size_t i = 0; i < bases.count; i++)
		from_git(&(*out)[i], &bases.ids[i]);
	git_oidarray_dispose(&bases);
	cib_memo_keep_bases(store, a, b, *out, *count);
	return CIB_OK;
}

bool cib_store_is_ancestor(cib_store *store, const cib_oid *ancestor, const cib_oid *descendant)
{
	git_oid a, d;
	to_git(&a, ancestor);
	to_git(&d, descendant);
	if (cib_oid_equal(ancestor, descendant))
		return true;
	int rc = are_here(store, &a, &d) ? git_graph_descendant_of(store->repo, &d, &a) : 0;
	if (rc < 0 && rc != GIT_ENOTFOUND)
		cib_store_git_error(&store->doubt, rc, "store.history", N_("cannot tell which commit goes on from which"));
	return rc == 1;
}

size_t cib_store_independent(cib_oid *commits, size_t count, cib_store *store)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		bool held = false;
		for (size_t k = 0; !held && k < count; k++)
			held = k != i && cib_store_is_ancestor(store, &commits[i], &commits[k]);
		if (!held)
			commits[kept++] = commits[i];
	}
	return kept;
}
