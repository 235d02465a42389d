/* Objects that are written together. A loose object costs two fsyncs, and a morning's decisions are some hundreds of them; gathered,
 * they wait in memory, where this store reads them like all others, and go to the disk as one pack, which costs four. Few of them are
 * written loose after all: packs that nobody puts together would be many by and by. The promise is the same: until the end nothing
 * refers to them, and behind it all are on the disk. */
#include "store/gather.h"

#include "store/pack_write.h"

#include <stdlib.h>

enum { GATHER_PRIORITY = 300, /* before packs and loose objects */
       FEW = 24 };            /* so many are written loose */

typedef struct {
	git_odb_backend parent;
	gathered *objects;
} gather_backend;

static const gathered_object *find(const gathered *g, const git_oid *id)
{
	cib_oid oid;
	from_git(&oid, id);
	size_t at = g->count ? oid_map_get(&g->known, &oid) : OID_MAP_NONE;
	return at == OID_MAP_NONE ? NULL : &g->items[at];
}

/* ---- reading, for libgit2 ---- */

static int gather_read_header(size_t *size, git_object_t *type, git_odb_backend *backend, const git_oid *oid)
{
	const gathered_object *o = find(((gather_backend *)backend)->objects, oid);
	if (!o)
		return GIT_ENOTFOUND;
	*size = o->len;
	*type = o->type;
	return 0;
}

static int gather_read(void **data, size_t *size, git_object_t *type, git_odb_backend *backend, const git_oid *oid)
{
	const gathered_object *o = find(((gather_backend *)backend)->objects, oid);
	char *out = o ? git_odb_backend_data_alloc(backend, o->len + 1) : NULL;
	if (!out)
		return o ? GIT_ERROR : GIT_ENOTFOUND;
	memcpy(out, o->data, o->len);
	out[o->len] = '\0';
	*data = out;
	*size = o->len;
	*type = o->type;
	return 0;
}

static int gather_exists(git_odb_backend *backend, const git_oid *oid)
{
	return find(((gather_backend *)backend)->objects, oid) != NULL;
}

static void gather_free(git_odb_backend *backend)
{
	free(backend);
}

int cib_store_gather_add(git_odb *odb, gathered *objects)
{
	gather_backend *b = cib_alloc(sizeof *b);
	git_odb_init_backend(&b->parent, GIT_ODB_BACKEND_VERSION);
	b->parent.read = gather_read;
	b->parent.read_header = gather_read_header;
	b->parent.exists = gather_exists;
	b->parent.free = gather_free;
	b->objects = objects;
	int rc = git_odb_add_backend(odb, &b->parent, GATHER_PRIORITY);
	if (rc)
		gather_free(&b->parent);
	return rc;
}

/* ---- writing ---- */

void cib_store_gather_keep(cib_oid *out, gathered *g, git_object_t type, const void *data, size_t len)
{
	git_oid id;
	git_odb_hash(&id, data, len, type);
	from_git(out, &id);
	if (!oid_map_put(&g->known, out, g->count))
		return;
	g->items = cib_grow(g->items, &g->cap, g->count + 1, sizeof *g->items);
	g->items[g->count++] = (gathered_object){type, cib_alloc(len + 1), len};
	if (len)
		memcpy(g->items[g->count - 1].data, data, len);
}

void cib_store_gather_begin(cib_store *store)
{
	store->gathered.on = true;
}

void cib_store_gather_drop(cib_store *store)
{
	gathered *g = &store->gathered;
	for (size_t i = 0; i < g->count; i++)
		free(g->items[i].data);
	free(g->items);
	oid_map_free(&g->known);
	*g = (gathered){0};
}

static int write_loose(cib_store *store, const gathered *g)
{
	git_oid id;
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < g->count; i++)
		rc = git_odb_write(&id, store->odb, g->items[i].data, g->items[i].len, g->items[i].type);
	return rc;
}

static int write_pack(cib_store *store, const gathered *g)
{
	cib_buf pack = CIB_BUF_INIT, small = CIB_BUF_INIT;
	pack_begin(&pack, g->count);
	for (size_t i = 0; i < g->count; i++) {
		cib_store_deflate(&small, g->items[i].data, g->items[i].len);
		pack_add_head(&pack, (unsigned)g->items[i].type, g->items[i].len);
		cib_buf_add(&pack, small.data, small.len);
	}
	pack_end(&pack);
	git_odb_writepack *in = NULL;
	git_indexer_progress stats = {0};
	int rc = git_odb_write_pack(&in, store->odb, NULL, NULL);
	if (rc == 0)
		rc = in->append(in, pack.data, pack.len, &stats);
	if (rc == 0)
		rc = in->commit(in, &stats);
	if (in)
		in->free(in);
	cib_buf_free(&pack);
	cib_buf_free(&small);
	return rc;
}

int cib_store_gather_end(cib_store *store, cib_error *err)
{
	gathered g = store->gathered;
	store->gathered = (gathered){0}; /* what is written now must not be found in memory */
	int rc = g.count <= FEW ? write_loose(store, &g) : write_pack(store, &g), status = CIB_OK;
	if (rc)
		status = cib_store_write_failed(err, rc, store);
	else
		git_odb_refresh(store->odb); /* who looks for one of them refreshes, too */
	store->gathered = g;
	cib_store_gather_drop(store);
	return status;
}
