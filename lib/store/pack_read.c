/* Incoming packs.
 *
 * A scanner goes along with the bytes: it knows after which byte the last whole object ended, and it refuses what would
 * swell up (an object that says it is larger than any entry or attachment may be) before anybody unpacks it. The bytes
 * themselves go into a file. When all are there libgit2 indexes it; when the connection was cut, the beginning of a
 * pack up to the last whole object becomes a pack of its own by another number in its head and another sum at its
 * end: deltas stand on what came before them, or on what is here. */
#include "store/pack_read.h"
#include "store/delta.h"
#include "store/pack_take.h"
#include "store/sha1.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { IN_MEMORY = 64 << 10,
       HEAD = 12,              /* bytes before the first object */
       SUM = 20,               /* and behind the last */
       OBJECT_MOST = 64 << 20, /* bytes of one object, unpacked */
       OBJECTS_MOST = 20000000,
       UNPACKED_FREE = 1 << 30, /* bytes that all objects together may have, */
       UNPACKED_RATE = 300 };   /* and for each byte of the pack so many more: large folders as deltas come to a hundred */

enum { PACK_OFS_DELTA = 6,
       PACK_REF_DELTA = 7 };

typedef struct {
	enum { AT_HEAD,
	       AT_TYPE,
	       AT_SIZE,
	       AT_DISTANCE,
	       AT_BASE,
	       AT_DATA,
	       AT_SUM } state;
	z_stream z;
	unsigned char head[HEAD], first[24]; /* first: of a delta, which says how large the result is */
	size_t have, total, done;
	unsigned type, shift;
	uint64_t size, inflated, unpacked;
	uint64_t at, boundary; /* bytes so far; after the last whole object */
} scanner;

struct pack_in {
	cib_store *store;
	scanner scan;
	cib_buf memory;
	char *path;
	int fd; /* -1: all is in memory */
	bool refused;
};

/* ---- the scanner ---- */

static const char *object_begins(scanner *s)
{
	if (s->size > OBJECT_MOST)
		return _("an object in it is too large");
	s->have = 0;
	s->inflated = 0;
	inflateReset(&s->z);
	s->state = AT_DATA;
	return NULL;
}

static const char *object_ends(scanner *s)
{
	uint64_t result = 0;
	if (s->inflated != s->size)
		return _("an object in it has another size than it says");
	if (s->type >= PACK_OFS_DELTA && (!delta_result_size(&result, s->first, s->have) || result > OBJECT_MOST))
		return _("an object in it is too large");
	s->unpacked += s->type >= PACK_OFS_DELTA ? result : s->size;
	if (s->unpacked > UNPACKED_FREE + UNPACKED_RATE * s->at)
		return _("it swells to more than any network needs");
	s->done++;
	s->boundary = s->at;
	s->state = s->done == s->total ? AT_SUM : AT_TYPE;
	s->have = 0;
	return NULL;
}

static const char *scan_data(scanner *s, const unsigned char **p, const unsigned char *end)
{
	unsigned char out[16384];
	s->z.next_in = (Bytef *)(uintptr_t)*p;
	s->z.avail_in = (uInt)(end - *p);
	for (;;) {
		s->z.next_out = out;
		s->z.avail_out = sizeof out;
		int rc = inflate(&s->z, Z_SYNC_FLUSH);
		size_t n = sizeof out - s->z.avail_out, keep = sizeof s->first - s->have < n ? sizeof s->first - s->have : n;
		memcpy(s->first + s->have, out, keep); /* cppcheck-suppress uninitvar ; inflate wrote it */
		s->have += keep;
		s->inflated += n;
		if (s->inflated > s->size)
			return _("an object in it has another size than it says");
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
			return _("it is damaged");
		if (rc == Z_STREAM_END || (s->z.avail_in == 0 && s->z.avail_out)) {
			s->at += (uint64_t)(s->z.next_in - *p);
			*p = s->z.next_in;
			return rc == Z_STREAM_END ? object_ends(s) : NULL;
		}
	}
}

static const char *scan_byte(scanner *s, unsigned char c)
{
	s->at++;
	switch (s->state) {
	case AT_HEAD:
		s->head[s->have++] = c;
		if (s->have < HEAD)
			return NULL;
		s->total = (size_t)s->head[8] << 24 | (size_t)s->head[9] << 16 | (size_t)s->head[10] << 8 | s->head[11];
		if (memcmp(s->head, "PACK\0\0\0\2", 8) != 0)
			return _("it is no pack");
		if (s->total > OBJECTS_MOST)
			return _("it has too many objects");
		s->have = 0;
		s->boundary = HEAD;
		s->state = s->total ? AT_TYPE : AT_SUM;
		return NULL;
	case AT_TYPE:
	case AT_SIZE:
		if (s->state == AT_TYPE) {
			s->type = c >> 4 & 7;
			s->size = c & 15;
			s->shift = 4;
		} else {
			s->size |= (uint64_t)(c & 127) << s->shift;
			s->shift += 7;
		}
		s->state = AT_SIZE;
		if (c & 128)
			return s->shift > 39 ? _("an object in it is too large") : NULL;
		if (s->type == 0 || s->type == 5)
			return _("it is damaged");
		s->have = 0;
		if (s->type < PACK_OFS_DELTA)
			return object_begins(s);
		s->state = s->type == PACK_OFS_DELTA ? AT_DISTANCE : AT_BASE;
		return NULL;
	case AT_DISTANCE:
		return c & 128 ? NULL : object_begins(s);
	case AT_BASE:
		return ++s->have == SUM ? object_begins(s) : NULL;
	case AT_SUM:
		return ++s->have > SUM ? _("there is more than it says") : NULL;
	case AT_DATA:
		break;
	}
	return NULL;
}

static const char *scan(scanner *s, const void *data, size_t len)
{
	const unsigned char *p = data, *end = p + len;
	const char *bad = NULL;
	while (!bad && p < end)
		bad = s->state == AT_DATA ? scan_data(s, &p, end) : scan_byte(s, *p++);
	return bad;
}

/* ---- taking in ---- */

pack_in *pack_in_new(cib_store *store)
{
	pack_in *in = cib_alloc(sizeof *in);
	in->store = store;
	in->fd = -1;
	in->path = cib_format("%s/cib/incoming.pack", store->git_dir);
	cib_store_inflate_begin(&in->scan.z);
	return in;
}

static int io_failed(cib_error *err, const char *what, const char *path)
{
	int status = cib_error_set(err, CIB_IO, "file.io", "cannot %s %s: %s", cib_gettext(what), path, cib_strerror(errno));
	if (errno == ENOSPC || errno == EDQUOT)
		cib_error_hint(err, "free some space and try again; nothing that was saved is lost");
	return status;
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/* From memory to the file; a second process in this repository at the same time keeps its own in a file without a name. */
static int begin_file(pack_in *in, cib_error *err)
{
	char *dir = cib_format("%s/cib", in->store->git_dir);
	int status = cib_mkdirs(dir, err);
	if (status == CIB_OK) {
		in->fd = open(in->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (in->fd >= 0 && flock(in->fd, LOCK_EX | LOCK_NB) != 0) {
			close(in->fd);
			in->fd = open(dir, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
		}
		if (in->fd < 0 || ftruncate(in->fd, 0) != 0 || write_all(in->fd, in->memory.data, in->memory.len) != 0)
			status = io_failed(err, N_("write"), in->path);
	}
	cib_buf_free(&in->memory);
	free(dir);
	return status;
}

int pack_in_add(pack_in *in, const void *data, size_t len, cib_error *err)
{
	const char *bad = scan(&in->scan, data, len);
	if (bad) {
		in->refused = true;
		return cib_error_set(err, CIB_REFUSED, "remote.bad-pack", "what the server sends is not taken: %s", bad);
	}
	if (in->fd < 0 && in->memory.len + len <= IN_MEMORY) {
		cib_buf_add(&in->memory, data, len);
		return CIB_OK;
	}
	int status = in->fd < 0 ? begin_file(in, err) : CIB_OK;
	if (status == CIB_OK && write_all(in->fd, data, len) != 0)
		status = io_failed(err, N_("write"), in->path);
	return status;
}

/* Bytes `from` to `to` of a file, into the index and, when asked for, the sum. */
static int index_file(pack_taking *x, int fd, uint64_t from, uint64_t to, sha1_state *sum)
{
	char *part = cib_alloc(65536);
	int rc = 0;
	while (rc == 0 && from < to) {
		size_t want = to - from < 65536 ? (size_t)(to - from) : 65536;
		ssize_t n = pread(fd, part, want, (off_t)from);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			git_error_set_str(GIT_ERROR_OS, n < 0 ? strerror(errno) : _("a file is shorter than it was"));
			rc = -1;
			break;
		}
		if (sum)
			sha1_add(sum, part, (size_t)n);
		rc = pack_take_add(x, part, (size_t)n);
		from += (uint64_t)n;
	}
	free(part);
	return rc;
}

/* The repository has it: the file has done its service. */
static void drop_file(int fd, const char *path)
{
	struct stat a, b;
	if (fstat(fd, &a) == 0 && lstat(path, &b) == 0 && a.st_ino == b.st_ino)
		unlink(path);
	close(fd);
}

int pack_in_finish(pack_in *in, cib_error *err)
{
	const scanner *s = &in->scan;
	if (s->state != AT_SUM || s->have != SUM)
		return cib_error_set(err, CIB_OFFLINE, "remote.offline", "the connection ended before all had come");
	if (s->total == 0)
		return CIB_OK;
	pack_taking x;
	int rc = pack_take_begin(&x, in->store);
	if (rc == 0)
		rc = in->fd < 0 ? pack_take_add(&x, in->memory.data, in->memory.len) : index_file(&x, in->fd, 0, s->at, NULL);
	rc = pack_take_end(&x, rc, NULL);
	if (rc) {
		int status = cib_store_git_error(err, rc, "remote.bad-pack", N_("what the server sent cannot be taken in"));
		in->refused = status != CIB_IO && status != CIB_BUSY && !cib_store_is_out_of_memory();
		return in->refused ? (err ? err->status = CIB_REFUSED : 0, CIB_REFUSED) : status;
	}
	if (in->fd >= 0)
		drop_file(in->fd, in->path);
	in->fd = -1;
	return CIB_OK;
}

void pack_in_counts(const pack_in *in, size_t *objects, size_t *total)
{
	*objects = in->scan.done;
	*total = in->scan.total;
}

void pack_in_free(pack_in *in)
{
	if (!in)
		return;
	if (in->fd >= 0 && in->refused)
		drop_file(in->fd, in->path);
	else if (in->fd >= 0)
		close(in->fd);
	inflateEnd(&in->scan.z);
	cib_buf_free(&in->memory);
	free(in->path);
	free(in);
}

/* ---- after a cut ---- */

static int scan_file(scanner *s, int fd)
{
	char *part = cib_alloc(65536);
	const char *bad = NULL;
	ssize_t n;
	while (!bad && ((n = read(fd, part, 65536)) > 0 || (n < 0 && errno == EINTR)))
		if (n > 0)
			bad = scan(s, part, (size_t)n);
	free(part);
	return bad ? -1 : 0;
}

/* The same pack with fewer objects. */
static int index_beginning(cib_store *store, int fd, const scanner *s)
{
	pack_taking x;
	sha1_state sum;
	unsigned char head[HEAD], end[SUM];
	memcpy(head, s->head, HEAD);
	for (int i = 0; i < 4; i++)
		head[8 + i] = (unsigned char)(s->done >> (24 - 8 * i));
	sha1_begin(&sum);
	sha1_add(&sum, head, HEAD);
	int rc = pack_take_begin(&x, store);
	if (rc == 0)
		rc = pack_take_add(&x, head, HEAD);
	if (rc == 0)
		rc = index_file(&x, fd, HEAD, s->boundary, &sum);
	sha1_end(end, &sum);
	if (rc == 0)
		rc = pack_take_add(&x, end, SUM);
	return pack_take_end(&x, rc, NULL);
}

int pack_in_rescue(size_t *objects, cib_store *store, cib_error *err)
{
	char *path = cib_format("%s/cib/incoming.pack", store->git_dir);
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW), status = CIB_OK;
	*objects = 0;
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
		scanner s = {0};
		cib_store_inflate_begin(&s.z);
		int rc = scan_file(&s, fd);
		if (rc == 0 && s.done && s.state != AT_HEAD) {
			rc = index_beginning(store, fd, &s);
			*objects = rc == 0 ? s.done : 0;
		}
		inflateEnd(&s.z);
		if (rc && git_error_last() && git_error_last()->klass == GIT_ERROR_OS) /* a full disk: it may go another time */
			status = cib_store_git_error(err, rc, "remote.local", N_("cannot keep what an earlier sync received"));
		else
			unlink(path);
	}
	if (fd >= 0)
		close(fd);
	free(path);
	return status;
}
