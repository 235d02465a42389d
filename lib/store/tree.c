/* Trees as they are: parsing the raw objects, looking one path up.
 *
 * An entry is "MODE NAME\0" and 20 bytes of id. What Git itself would never write (modes with
 * leading zeros, folders of an odd mode, names that are empty, "." or ".." or hold a slash, wrong
 * order, the same name twice) is a fault of the data: store.bad-tree. Odd modes of files are not:
 * the caller judges them. */
#include "store/private.h"

#include <stdlib.h>

static const cib_oid empty_tree = {{0x4b, 0x82, 0x5d, 0xc6, 0x42, 0xcb, 0x6e, 0xb9, 0xa0, 0x60,
                                    0xe5, 0x4b, 0xf8, 0xd6, 0x92, 0x88, 0xfb, 0xee, 0x49, 0x04}};

static int read_object(git_odb_object **out, cib_store *store, const cib_oid *oid, cib_error *err)
{
	git_oid id;
	to_git(&id, oid);
	int rc = git_odb_read(out, store->odb, &id);
	if (rc == 0)
		return CIB_OK;
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, oid);
	if (rc == GIT_ENOTFOUND) {
		cib_error_set(err, CIB_DAMAGED, "store.missing-object", "the repository lacks object %s", hex);
		return CIB_DAMAGED;
	}
	return cib_store_git_error(err, rc, "store.object", N_("cannot read object %s"), hex);
}

int cib_store_peel(cib_oid *out, cib_store *store, const cib_oid *id, cib_error *err)
{
	*out = *id;
	if (cib_oid_is_zero(id))
		return CIB_OK;
	if (cib_oid_equal(id, &empty_tree)) {
		memset(out, 0, sizeof *out);
		return CIB_OK;
	}
	if (cib_memo_tree(out, store, id))
		return CIB_OK;
	git_odb_object *object;
	int status = read_object(&object, store, id, err);
	if (status != CIB_OK)
		return status;
	git_object_t type = git_odb_object_type(object);
	const char *text = git_odb_object_data(object);
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, id);
	if (type == GIT_OBJECT_COMMIT) {
		char tree[CIB_OID_HEX] = "";
		if (git_odb_object_size(object) > 45 && memcmp(text, "tree ", 5) == 0 && text[45] == '\n')
			memcpy(tree, text + 5, 40);
		if (!cib_oid_parse(out, tree) || cib_oid_is_zero(out))
			status = cib_error_set(err, CIB_FINDINGS, "store.bad-commit", "commit %s names no tree", hex);
		else if (cib_oid_equal(out, &empty_tree))
			memset(out, 0, sizeof *out);
		if (status == CIB_OK)
			cib_memo_keep_tree(store, id, out);
	} else if (type != GIT_OBJECT_TREE) {
		status = cib_error_set(err, CIB_FINDINGS, "store.not-tree", "object %s is neither a folder nor a commit", hex);
	}
	git_odb_object_free(object);
	return status;
}

int raw_tree_open(raw_tree *out, cib_store *store, const cib_oid *tree, cib_error *err)
{
	*out = (raw_tree){0};
	if (cib_oid_is_zero(tree) || cib_oid_equal(tree, &empty_tree))
		return CIB_OK;
	int status = read_object(&out->object, store, tree, err);
	if (status != CIB_OK)
		return status;
	if (git_odb_object_type(out->object) != GIT_OBJECT_TREE) {
		char hex[CIB_OID_HEX];
		cib_oid_hex(hex, tree);
		raw_tree_close(out);
		return cib_error_set(err, CIB_FINDINGS, "store.bad-tree", "object %s is not the folder it is said to be", hex);
	}
	out->at = git_odb_object_data(out->object);
	out->end = out->at + git_odb_object_size(out->object);
	return CIB_OK;
}

void raw_tree_close(raw_tree *tree)
{
	git_odb_object_free(tree->object);
	*tree = (raw_tree){0};
}

static int bad_tree(cib_error *err, const char *why)
{
	return cib_error_set(err, CIB_FINDINGS, "store.bad-tree", "a folder is malformed: %s", why);
}

int raw_tree_next(raw_tree *tree, raw_entry *out, cib_error *err)
{
	const char *p = tree->at, *end = tree->end;
	if (p == end)
		return CIB_NOTFOUND;
	out->start = p;
	unsigned mode = 0;
	if (*p == '0')
		return bad_tree(err, _("a mode begins with a zero"));
	for (; p < end && *p >= '0' && *p <= '7' && mode < 01000000; p++)
		mode = mode << 3 | (unsigned)(*p - '0');
	if (p == out->start || p == end || *p != ' ')
		return bad_tree(err, _("a mode is not an octal number"));
	p++;
	const char *nul = memchr(p, '\0', (size_t)(end - p));
	if (!nul || end - nul < 21)
		return bad_tree(err, _("an entry is cut off"));
	size_t len = (size_t)(nul - p);
	if (len == 0 || memchr(p, '/', len))
		return bad_tree(err, len ? _("a name holds a slash") : _("a name is empty"));
	if (p[0] == '.' && (len == 1 || (len == 2 && p[1] == '.')))
		return bad_tree(err, _("a name is \".\" or \"..\""));
	if ((mode & 0170000) == MODE_TREE && mode != MODE_TREE)
		return bad_tree(err, _("a folder has an odd mode"));
	out->name = p;
	out->name_len = len;
	out->mode = mode;
	memcpy(out->oid.id, nul + 1, 20);
	if (cib_oid_is_zero(&out->oid)) /* which elsewhere in this room is the empty folder */
		return bad_tree(err, _("an entry names no object"));
	tree->at = out->end = nul + 21;
	return CIB_OK;
}

int raw_name_cmp(const char *a, size_t alen, bool atree, const char *b, size_t blen, bool btree)
{
	size_t n = alen < blen ? alen : blen;
	int c = memcmp(a, b, n); /* NOLINT(clang-analyzer-core.NonNullParamChecker): an entry that was read has a name */
	if (c)
		return c;
	unsigned char ca = n < alen ? (unsigned char)a[n] : atree ? '/'
	                                                          : 0;
	unsigned char cb = n < blen ? (unsigned char)b[n] : btree ? '/'
	                                                          : 0;
	return ca - cb;
}

int raw_tree_find(raw_tree *tree, const char *name, size_t len, raw_entry *out, cib_error *err)
{
	int status;
	*out = (raw_entry){0};
	while ((status = raw_tree_next(tree, out, err)) == CIB_OK) {
		if (out->name_len == len && memcmp(out->name, name, len) == 0) /* NOLINT(clang-analyzer-core.NonNullParamChecker): it was read */
			return CIB_OK;
		if (raw_name_cmp(out->name, out->name_len, is_tree(out->mode), name, len, true) > 0)
			return CIB_NOTFOUND;
	}
	return status;
}

int cib_store_tree_get(cib_oid *oid, unsigned *mode, cib_store *store, const cib_oid *tree, const char *path, cib_error *err)
{
	cib_oid at;
	memset(oid, 0, sizeof *oid);
	*mode = 0;
	int status = cib_store_peel(&at, store, tree, err);
	if (status != CIB_OK)
		return status;
	unsigned at_mode = MODE_TREE;
	for (const char *p = path; *p;) {
		const char *slash = strchrnul(p, '/');
		size_t len = (size_t)(slash - p);
		raw_tree raw;
		raw_entry entry;
		status = is_tree(at_mode) ? raw_tree_open(&raw, store, &at, err) : CIB_NOTFOUND;
		if (status == CIB_OK) {
			status = raw_tree_find(&raw, p, len, &entry, err);
			if (status == CIB_OK) {
				at = entry.oid;
				at_mode = entry.mode;
			}
			raw_tree_close(&raw);
		}
		if (status == CIB_NOTFOUND)
			return cib_error_set(err, CIB_NOTFOUND, "store.no-path", "there is no %s", path);
		if (status != CIB_OK)
			return status;
		p = *slash ? slash + 1 : slash;
	}
	*oid = at;
	*mode = at_mode;
	return CIB_OK;
}
