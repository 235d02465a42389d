/* References: read, compare-and-set, delete, list. */
#include "store/private.h"

#include <stdlib.h>

/* What moves goes by what was asked before. */
int cib_store_in_doubt(const cib_store *store, cib_error *err)
{
	if (store->doubt.status != CIB_OK && err)
		*err = store->doubt;
	return store->doubt.status;
}

static int check_name(const char *ref, cib_error *err)
{
	int valid = 0;
	if (git_reference_name_is_valid(&valid, ref) == 0 && valid)
		return CIB_OK;
	return cib_error_set(err, CIB_USAGE, "store.ref-name", "\"%s\" is no name of a reference", ref);
}

int cib_store_ref_get(cib_oid *out, cib_store *store, const char *ref, cib_error *err)
{
	memset(out, 0, sizeof *out);
	int status = check_name(ref, err);
	if (status != CIB_OK)
		return status;
	git_oid id;
	int rc = git_reference_name_to_id(&id, store->repo, ref);
	if (rc == GIT_ENOTFOUND)
		return cib_error_set(err, CIB_NOTFOUND, "store.no-ref", "there is no reference %s", ref);
	if (rc)
		return cib_store_git_error(err, rc, "store.ref", N_("cannot read %s"), ref);
	from_git(out, &id);
	return CIB_OK;
}

int cib_store_rev(cib_oid *out, cib_store *store, const char *rev, cib_error *err)
{
	git_object *named = NULL, *commit = NULL;
	int rc = git_revparse_single(&named, store->repo, rev);
	memset(out, 0, sizeof *out);
	if (rc == 0)
		rc = git_object_peel(&commit, named, GIT_OBJECT_COMMIT);
	if (rc == 0)
		from_git(out, git_object_id(commit));
	git_object_free(named);
	git_object_free(commit);
	if (rc)
		return cib_error_set(err, CIB_NOTFOUND, "store.no-rev", "there is no commit '%s' in this repository", rev);
	return CIB_OK;
}

int cib_store_ref_set(cib_store *store, const char *ref, const cib_oid *to, const cib_oid *expected, cib_error *err)
{
	int status = check_name(ref, err);
	if (status == CIB_OK)
		status = cib_store_in_doubt(store, err);
	if (status != CIB_OK)
		return status;
	git_oid id, old;
	git_reference *made = NULL;
	to_git(&id, to);
	int rc;
	if (!expected) {
		rc = git_reference_create(&made, store->repo, ref, &id, 1, "cib");
	} else if (cib_oid_is_zero(expected)) {
		rc = git_reference_create(&made, store->repo, ref, &id, 0, "cib");
	} else {
		to_git(&old, expected);
		rc = git_reference_create_matching(&made, store->repo, ref, &id, 1, &old, "cib");
	}
	git_reference_free(made);
	if (rc == GIT_EEXISTS || rc == GIT_EMODIFIED || rc == GIT_ELOCKED || (rc == GIT_ENOTFOUND && expected))
		return cib_error_set(err, CIB_BUSY, "store.ref-moved", "%s was changed by another program meanwhile", ref);
	if (rc)
		return cib_store_git_error(err, rc, "store.ref", N_("cannot set %s"), ref);
	return CIB_OK;
}

int cib_store_ref_delete(cib_store *store, const char *ref, cib_error *err)
{
	int status = check_name(ref, err);
	if (status == CIB_OK)
		status = cib_store_in_doubt(store, err);
	if (status != CIB_OK)
		return status;
	int rc = git_reference_remove(store->repo, ref);
	if (rc && rc != GIT_ENOTFOUND)
		return cib_store_git_error(err, rc, "store.ref", N_("cannot delete %s"), ref);
	return CIB_OK;
}

int cib_store_ref_each(cib_store *store, const char *prefix, cib_ref_cb cb, void *payload, cib_error *err)
{
	char *glob = cib_format("%s*", prefix);
	git_reference_iterator *it = NULL;
	git_reference *ref = NULL;
	int status = CIB_OK, rc = git_reference_iterator_glob_new(&it, store->repo, glob);
	while (rc == 0 && status == CIB_OK && (rc = git_reference_next(&ref, it)) == 0) {
		git_oid id;
		const char *name = git_reference_name(ref);
		if (strncmp(name, prefix, strlen(prefix)) == 0 && git_reference_name_to_id(&id, store->repo, name) == 0) {
			cib_oid oid;
			from_git(&oid, &id);
			status = cb(name, &oid, payload);
		}
		git_reference_free(ref);
	}
	if (rc && rc != GIT_ITEROVER)
		status = cib_store_git_error(err, rc, "store.ref", N_("cannot list the references below %s"), prefix);
	git_reference_iterator_free(it);
	free(glob);
	return status;
}
