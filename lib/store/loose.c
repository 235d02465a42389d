/* Loose objects, read by this file instead of by libgit2, whose reader (seen in 1.5.1) never returns from a loose
 * object whose compressed data ends early: what a full disk or a power cut leaves would hang every command.
 * It stands before libgit2's own, knows only what is loose, and says damage as damage; packs, and all
 * writing, stay libgit2's. The format is Git's: zlib("<type> SP <size in decimal> NUL <content>"). */
#include "store/private.h"

#include <errno.h>
#include <fcntl.h>
#include "late/git2.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_MAX = 32,
       LOOSE_PRIORITY = 100 }; /* behind the packs, which store.c sets at 200, before libgit2's own at 1 */

typedef struct {
	git_odb_backend parent;
	char *dir; /* an object folder: <repository>/objects, or one that the environment names */
} loose_backend;

typedef struct {
	void *map;
	size_t len;
	z_stream z;
	unsigned char head[HEAD_MAX];
	size_t head_len, got; /* bytes of the header with its NUL; bytes inflated into head */
	git_object_t type;
	size_t size;
} loose_object;

static int damaged(const git_oid *oid, const char *why)
{
	char hex[GIT_OID_HEXSZ + 1];
	char *text = cib_format(_("loose object %s is damaged: %s"), git_oid_tostr(hex, sizeof hex, oid), why);
	git_error_set_str(GIT_ERROR_ODB, text);
	free(text);
	return GIT_ERROR;
}

/* GIT_ENOTFOUND when the object is not loose here. */
static int map_file(loose_object *o, const loose_backend *b, const git_oid *oid)
{
	char hex[GIT_OID_HEXSZ + 1];
	struct stat st;
	git_oid_tostr(hex, sizeof hex, oid);
	char *path = cib_format("%s/%.2s/%s", b->dir, hex, hex + 2);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? GIT_ENOTFOUND : damaged(oid, strerror(errno));
	int rc = 0;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size <= 0)
		rc = damaged(oid, _("it is empty"));
	if (rc == 0) {
		o->len = (size_t)st.st_size;
		o->map = mmap(NULL, o->len, PROT_READ, MAP_PRIVATE, fd, 0);
		if (o->map == MAP_FAILED)
			rc = damaged(oid, strerror(errno));
	}
	close(fd);
	return rc;
}

static bool parse_head(loose_object *o)
{
	const char *text = (const char *)o->head, *end = memchr(text, '\0', o->got), *space = end ? memchr(text, ' ', o->got) : NULL;
	if (!space || space > end || space[1] == '\0' || (space[1] == '0' && space[2]))
		return false;
	o->head_len = (size_t)(end - text) + 1;
	o->size = 0;
	for (const char *p = space + 1; p < end; p++) {
		if (*p < '0' || *p > '9' || o->size > SIZE_MAX / 16)
			return false;
		o->size = o->size * 10 + (size_t)(*p - '0');
	}
	char type[HEAD_MAX] = "";
	memcpy(type, text, (size_t)(space - text));
	o->type = git_object_string2type(type);
	return git_object_typeisloose(o->type);
}

static void loose_close(loose_object *o)
{
	inflateEnd(&o->z);
	munmap(o->map, o->len);
}

static int loose_open(loose_object *o, const loose_backend *b, const git_oid *oid)
{
	memset(o, 0, sizeof *o);
	int rc = map_file(o, b, oid);
	if (rc)
		return rc;
	o->z.next_in = o->map;
	o->z.avail_in = (uInt)(o->len < UINT32_MAX ? o->len : UINT32_MAX);
	o->z.next_out = o->head;
	o->z.avail_out = sizeof o->head;
	cib_store_inflate_begin(&o->z);
	int z = inflate(&o->z, Z_SYNC_FLUSH);
	o->got = sizeof o->head - o->z.avail_out;
	if ((z != Z_OK && z != Z_STREAM_END) || !parse_head(o)) {
		loose_close(o);
		return damaged(oid, "its header cannot be read");
	}
	return 0;
}

static int loose_read_header(size_t *size, git_object_t *type, git_odb_backend *backend, const git_oid *oid)
{
	loose_object o;
	int rc = loose_open(&o, (loose_backend *)backend, oid);
	if (rc)
		return rc;
	*size = o.size;
	*type = o.type;
	loose_close(&o);
	return 0;
}

static int loose_read(void **data, size_t *size, git_object_t *type, git_odb_backend *backend, const git_oid *oid)
{
	loose_object o;
	int rc = loose_open(&o, (loose_backend *)backend, oid);
	if (rc)
		return rc;
	size_t have = o.got - o.head_len;
	unsigned char *out = have <= o.size ? git_odb_backend_data_alloc(backend, o.size + 1) : NULL;
	if (!out) {
		loose_close(&o);
		return damaged(oid, "it holds more than its header says");
	}
	memcpy(out, o.head + o.head_len, have);
	int z = Z_OK;
	size_t done = have;
	/* One byte more than the size is room for what must not come. */
	while (z == Z_OK && done <= o.size) {
		uInt room = (uInt)(o.size + 1 - done < 1u << 30 ? o.size + 1 - done : 1u << 30);
		o.z.next_out = out + done;
		o.z.avail_out = room;
		z = inflate(&o.z, Z_SYNC_FLUSH);
		done += room - o.z.avail_out;
		if (z == Z_OK && o.z.avail_in == 0 && o.z.avail_out)
			break; /* the file ends before the stream does */
	}
	loose_close(&o);
	if (z != Z_STREAM_END || done != o.size) {
		git_odb_backend_data_free(backend, out);
		return damaged(oid, done > o.size ? "it holds more than its header says" : "it ends early");
	}
	out[o.size] = '\0';
	*data = out;
	*size = o.size;
	*type = o.type;
	return 0;
}

static void loose_free(git_odb_backend *backend)
{
	free(((loose_backend *)backend)->dir);
	free(backend);
}

int cib_store_loose_add(git_odb *odb, const char *dir)
{
	loose_backend *b = cib_alloc(sizeof *b);
	git_odb_init_backend(&b->parent, GIT_ODB_BACKEND_VERSION);
	b->parent.read = loose_read;
	b->parent.read_header = loose_read_header;
	b->parent.free = loose_free;
	b->dir = cib_strdup(dir);
	int rc = git_odb_add_backend(odb, &b->parent, LOOSE_PRIORITY);
	if (rc)
		loose_free(&b->parent);
	return rc;
}
