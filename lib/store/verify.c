/* Is everything here that the references reach, and is it what its name says? Reading an object compares its content with
 * its id. What no reference reaches is passed over: a fetch that was cut may have left it, and nobody relies on it. */
#include "store/closure.h"
#include "store/oid_map.h"

#include <stdlib.h>

typedef struct {
	cib_store *store;
	oid_map seen;
	size_t objects;
	cib_damage_cb cb;
	void *payload;
	cib_error *err;
} verifier;

static int damaged(verifier *v, const cib_oid *oid, const char *why)
{
	return v->cb(oid, why, v->payload);
}

/* False: it was looked at before. */
static bool first_time(verifier *v, const cib_oid *oid)
{
	bool new = oid_map_put(&v->seen, oid, 0);
	v->objects += new;
	return new;
}

static int verify_blob(verifier *v, const cib_oid *oid)
{
	git_odb_object *object = NULL;
	git_oid id;
	if (!first_time(v, oid))
		return CIB_OK;
	to_git(&id, oid);
	int rc = git_odb_read(&object, v->store->odb, &id);
	const git_error *e = git_error_last();
	int status = rc ? damaged(v, oid, rc == GIT_ENOTFOUND ? _("it is missing") : e && e->message ? e->message
	                                                                                             : _("it cannot be read"))
	                : CIB_OK;
	git_odb_object_free(object);
	return status;
}

static int verify_tree(verifier *v, const cib_oid *oid, int depth)
{
	raw_tree tree;
	raw_entry entry;
	cib_error err = CIB_ERROR_INIT;
	if (!first_time(v, oid))
		return CIB_OK;
	if (depth > CIB_TREE_DEPTH || raw_tree_open(&tree, v->store, oid, &err) != CIB_OK)
		return damaged(v, oid, err.message[0] ? err.message : _("folders lie too deep"));
	int status = CIB_OK, next = CIB_OK;
	while (status == CIB_OK && (next = raw_tree_next(&tree, &entry, &err)) == CIB_OK)
		status = is_tree(entry.mode) ? verify_tree(v, &entry.oid, depth + 1) : verify_blob(v, &entry.oid);
	if (status == CIB_OK && next != CIB_NOTFOUND)
		status = damaged(v, oid, err.message);
	raw_tree_close(&tree);
	return status;
}

/* Iterative: histories are long. */
static int verify_history(verifier *v, const cib_oid *tip)
{
	oid_list todo = {0};
	int status = CIB_OK;
	oid_list_add(&todo, tip);
	while (status == CIB_OK && todo.count) {
		cib_oid oid = todo.items[--todo.count];
		cib_commit c = {0};
		cib_error err = CIB_ERROR_INIT;
		if (!first_time(v, &oid))
			continue;
		if (cib_store_commit_read(&c, v->store, &oid, &err) != CIB_OK) {
			status = damaged(v, &oid, err.message);
		} else {
			status = verify_tree(v, &c.tree, 0);
			for (size_t i = 0; i < c.parent_count; i++)
				oid_list_add(&todo, &c.parents[i]);
		}
		cib_commit_clear(&c);
	}
	oid_list_free(&todo);
	return status;
}

int cib_store_verify(size_t *objects, cib_store *store, cib_damage_cb cb, void *payload, cib_error *err)
{
	verifier v = {.store = store, .cb = cb, .payload = payload, .err = err};
	oid_list tips = {0};
	int status = cib_store_ref_tips(&tips, store, "refs/", err);
	for (size_t i = 0; status == CIB_OK && i < tips.count; i++)
		status = verify_history(&v, &tips.items[i]);
	oid_map_free(&v.seen);
	oid_list_free(&tips);
	*objects = v.objects;
	return status;
}
