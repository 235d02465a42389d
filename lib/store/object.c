/* Object ids, object headers and blobs. */
#include "store/gather.h"

#include <stdlib.h>

void cib_oid_hex(char out[CIB_OID_HEX], const cib_oid *oid)
{
	static const char digits[] = "0123456789abcdef";
	for (int i = 0; i < 20; i++) {
		out[2 * i] = digits[oid->id[i] >> 4];
		out[2 * i + 1] = digits[oid->id[i] & 15];
	}
	out[40] = '\0';
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
	                                                             : -1;
}

bool cib_oid_parse(cib_oid *out, const char *hex)
{
	if (strlen(hex) != 40)
		return false;
	for (int i = 0; i < 20; i++) {
		int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		out->id[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

void cib_oid_letters(char out[CIB_OID_HEX], const cib_oid *oid)
{
	for (size_t i = 0; i < 20; i++) {
		out[2 * i] = (char)('a' + (oid->id[i] >> 4));
		out[2 * i + 1] = (char)('a' + (oid->id[i] & 15));
	}
	out[40] = '\0';
}

bool cib_oid_from_letters(cib_oid *out, const char *text, size_t count)
{
	*out = (cib_oid){{0}};
	for (size_t i = 0; i < count; i++) {
		if (text[i] < 'a' || text[i] > 'p')
			return false;
		out->id[i / 2] |= (unsigned char)((text[i] - 'a') << (i % 2 ? 0 : 4));
	}
	return true;
}

bool cib_oid_equal(const cib_oid *a, const cib_oid *b)
{
	return memcmp(a->id, b->id, 20) == 0;
}

static int missing(cib_error *err, int rc, const cib_oid *oid)
{
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, oid);
	if (rc == GIT_ENOTFOUND)
		return cib_error_set(err, CIB_NOTFOUND, "store.no-object", "the repository has no object %s", hex);
	int status = cib_store_git_error(err, rc, "store.object", N_("cannot read object %s"), hex);
	return status;
}

int cib_store_object(cib_obj_type *type, size_t *size, cib_store *store, const cib_oid *oid, cib_error *err)
{
	git_oid id;
	to_git(&id, oid);
	size_t len = 0;
	git_object_t kind = GIT_OBJECT_INVALID;
	int rc = git_odb_read_header(&len, &kind, store->odb, &id);
	if (rc)
		return missing(err, rc, oid);
	if (type)
		*type = kind >= GIT_OBJECT_COMMIT && kind <= GIT_OBJECT_TAG ? (cib_obj_type)kind : CIB_OBJ_NONE;
	if (size)
		*size = len;
	return CIB_OK;
}

int cib_store_blob_read(cib_buf *out, cib_store *store, const cib_oid *oid, size_t max, cib_error *err)
{
	cib_buf_clear(out);
	size_t size = 0;
	int status = max ? cib_store_object(NULL, &size, store, oid, err) : CIB_OK; /* before a large one takes the memory */
	if (status != CIB_OK)
		return status;
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, oid);
	if (max && size > max)
		return cib_error_set(err, CIB_FINDINGS, "store.too-large", "the file has %zu bytes; at most %zu are allowed", size, max);
	git_oid id;
	git_odb_object *object = NULL;
	to_git(&id, oid);
	int rc = git_odb_read(&object, store->odb, &id);
	if (rc)
		return missing(err, rc, oid);
	if (git_odb_object_type(object) == GIT_OBJECT_BLOB)
		cib_buf_add(out, git_odb_object_data(object), git_odb_object_size(object));
	else
		status = cib_error_set(err, CIB_FINDINGS, "store.not-blob", "object %s is not a file", hex);
	git_odb_object_free(object);
	return status;
}

int cib_store_write_failed(cib_error *err, int rc, const cib_store *store)
{
	int status = cib_store_git_error(err, rc, "store.write", N_("cannot write to the repository"));
	cib_error_hint(err, "check the free space and who owns %s; nothing that was saved is lost", store->git_dir);
	return status == CIB_DAMAGED || status == CIB_INTERNAL || status == CIB_NOTFOUND ? CIB_IO : status;
}

int cib_store_object_write(cib_oid *out, cib_store *store, git_object_t type, const void *data, size_t len, cib_error *err)
{
	if (store->gathered.on) {
		cib_store_gather_keep(out, &store->gathered, type, data, len);
		return CIB_OK;
	}
	git_oid id;
	int rc = git_odb_write(&id, store->odb, data, len, type);
	if (rc)
		return cib_store_write_failed(err, rc, store);
	from_git(out, &id);
	return CIB_OK;
}

int cib_store_blob_write(cib_oid *out, cib_store *store, const void *data, size_t len, cib_error *err)
{
	return cib_store_object_write(out, store, GIT_OBJECT_BLOB, data, len, err);
}

void cib_store_blob_hash(cib_oid *out, const void *data, size_t len)
{
	cib_store_setup();
	git_oid id;
	git_odb_hash(&id, data, len, GIT_OBJECT_BLOB);
	from_git(out, &id);
}
