/* The stat cache: which files were not touched since they were read. See stat_cache.h for the file. */
#include "sync/stat_cache.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define HEADER    "cib-stat 1 "
#define SECOND_NS 1000000000LL
#define MARGIN_NS (2 * SECOND_NS) /* the coarsest clock of a file system in use: FAT's */

typedef struct {
	char *path; /* in the cache's arena */
	cib_oid blob;
	int64_t size, inode, mtime, ctime;
	bool kept; /* confirmed or read anew in this run: it goes into the next file */
} row;

struct cib_stat_cache {
	char *file;
	char key[CIB_OID_HEX + 1]; /* with a blank before it; "" without one */
	cib_arena arena;
	row *rows; /* as loaded, by path */
	size_t count;
	row *fresh; /* put in this run */
	size_t fresh_count, fresh_cap, kept;
	int64_t opened;  /* when this run began: what was touched later may change again unseen */
	int64_t written; /* when the file was written, by its own words and by the file system's, whichever is earlier */
};

static int64_t nanoseconds(const struct timespec *t)
{
	return (int64_t)t->tv_sec * SECOND_NS + t->tv_nsec;
}

static row row_of(const struct stat *st)
{
	return (row){.size = (int64_t)st->st_size, .inode = (int64_t)st->st_ino, .mtime = nanoseconds(&st->st_mtim), .ctime = nanoseconds(&st->st_ctim)};
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const row *)a)->path, ((const row *)b)->path);
}

/* ---- reading ---- */

static bool take_number(int64_t *out, char **at)
{
	char *end;
	*out = strtoll(*at, &end, 10);
	if (end == *at || *end != ' ')
		return false;
	*at = end + 1;
	return true;
}

static bool parse_row(row *out, char *line)
{
	char *at = line + 41;
	if (strlen(line) < 43 || line[40] != ' ')
		return false;
	line[40] = '\0';
	*out = (row){0};
	bool ok = cib_oid_parse(&out->blob, line) && take_number(&out->size, &at) && take_number(&out->inode, &at) && take_number(&out->mtime, &at) &&
	          take_number(&out->ctime, &at) && *at;
	out->path = at;
	return ok;
}

/* The text without its last line, when that holds the text's checksum; else nothing. */
static size_t checked_length(const cib_buf *text)
{
	enum { END = 4 + 40 + 1 }; /* "end <checksum>\n" */
	cib_oid sum, found;
	char hex[CIB_OID_HEX];
	if (text->len < END || strlen(text->data) != text->len || memcmp(text->data + text->len - END, "end ", 4) != 0)
		return 0;
	snprintf(hex, sizeof hex, "%s", text->data + text->len - END + 4);
	cib_store_blob_hash(&sum, text->data, text->len - END);
	return cib_oid_parse(&found, hex) && cib_oid_equal(&sum, &found) ? text->len - END : 0;
}

static void load(cib_stat_cache *c)
{
	cib_buf text = CIB_BUF_INIT;
	struct stat st;
	size_t cap = 0, len;
	if (lstat(c->file, &st) != 0 || cib_file_read(&text, c->file, 0, NULL) != CIB_OK || (len = checked_length(&text)) == 0)
		goto done;
	text.data[len] = '\0';
	char *line = cib_arena_strndup(&c->arena, text.data, len), *at = line + strlen(HEADER), *end = at;
	bool sound = strncmp(line, HEADER, strlen(HEADER)) == 0;
	c->written = sound ? strtoll(at, &end, 10) : 0;
	sound = sound && strncmp(end, c->key, strlen(c->key)) == 0;
	end += sound ? strlen(c->key) : 0;
	sound = sound && *end == '\n';
	if (sound && nanoseconds(&st.st_mtim) < c->written)
		c->written = nanoseconds(&st.st_mtim);
	for (line = sound ? end + 1 : NULL; sound && *line; line = end + 1) {
		end = strchr(line, '\n');
		if (!end)
			break;
		*end = '\0';
		c->rows = cib_grow(c->rows, &cap, c->count + 1, sizeof *c->rows);
		sound = parse_row(&c->rows[c->count], line) && (!c->count || by_path(&c->rows[c->count - 1], &c->rows[c->count]) < 0);
		c->count++;
	}
	if (!sound)
		c->count = 0;
done:
	cib_buf_free(&text);
}

static cib_stat_cache *open_cache(const cib_store *store, const char *name, const cib_oid *key)
{
	cib_stat_cache *c = cib_alloc(sizeof *c);
	struct timespec now;
	clock_gettime(CLOCK_REALTIME_COARSE, &now); /* the clock that the kernel stamps files with */
	c->opened = nanoseconds(&now);
	c->file = cib_format("%s/cib/%s", cib_store_git_dir(store), name);
	if (key) {
		c->key[0] = ' ';
		cib_oid_hex(c->key + 1, key);
	}
	load(c);
	return c;
}

cib_stat_cache *cib_stat_cache_open(const cib_store *store)
{
	return open_cache(store, "stat", NULL);
}

cib_stat_cache *cib_stat_cache_open_keyed(const cib_store *store, const char *name, const cib_oid *key)
{
	return open_cache(store, name, key);
}

bool cib_stat_cache_get(cib_oid *blob, cib_stat_cache *c, const char *path, const struct stat *st)
{
	row now = row_of(st);
	now.path = (char *)(uintptr_t)path;
	row *old = c->count ? bsearch(&now, c->rows, c->count, sizeof *c->rows, by_path) : NULL;
	if (!old || old->size != now.size || old->inode != now.inode || old->mtime != now.mtime || old->ctime != now.ctime || now.mtime >= c->written ||
	    now.ctime >= c->written)
		return false;
	*blob = old->blob;
	c->kept += !old->kept;
	old->kept = true;
	return true;
}

void cib_stat_cache_put(cib_stat_cache *c, const char *path, const struct stat *st, const cib_oid *blob)
{
	row new = row_of(st);
	if (new.mtime + MARGIN_NS >= c->opened || new.ctime + MARGIN_NS >= c->opened || strchr(path, '\n'))
		return;
	new.path = cib_arena_strndup(&c->arena, path, strlen(path));
	new.blob = *blob;
	c->fresh = cib_grow(c->fresh, &c->fresh_cap, c->fresh_count + 1, sizeof *c->fresh);
	c->fresh[c->fresh_count++] = new;
}

/* ---- writing ---- */

void cib_cache_write(const char *file, const cib_buf *text)
{
	char *tmp = cib_format("%s.cib-tmp-%ld", file, (long)getpid());
	int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd >= 0) {
		bool ok = write(fd, text->data, text->len) == (ssize_t)text->len;
		if (close(fd) != 0 || !ok || rename(tmp, file) != 0)
			unlink(tmp);
	}
	free(tmp);
}

static void write_rows(cib_stat_cache *c)
{
	cib_buf text = CIB_BUF_INIT;
	cib_oid sum;
	char hex[CIB_OID_HEX];
	size_t n = 0;
	row *all = cib_alloc((c->kept + c->fresh_count + 1) * sizeof *all);
	for (size_t i = 0; i < c->count; i++)
		if (c->rows[i].kept)
			all[n++] = c->rows[i];
	for (size_t i = 0; i < c->fresh_count; i++)
		all[n++] = c->fresh[i];
	qsort(all, n, sizeof *all, by_path);
	cib_buf_addf(&text, HEADER "%lld%s\n", (long long)c->opened, c->key);
	for (size_t i = 0; i < n; i++) {
		cib_oid_hex(hex, &all[i].blob);
		cib_buf_addf(&text, "%s %lld %lld %lld %lld %s\n", hex, (long long)all[i].size, (long long)all[i].inode, (long long)all[i].mtime,
		             (long long)all[i].ctime, all[i].path);
	}
	cib_store_blob_hash(&sum, text.data, text.len);
	cib_oid_hex(hex, &sum);
	cib_buf_addf(&text, "end %s\n", hex);
	cib_cache_write(c->file, &text);
	cib_buf_free(&text);
	free(all);
}

void cib_stat_cache_close(cib_stat_cache *c, bool write)
{
	if (write && (c->fresh_count || c->kept != c->count))
		write_rows(c);
	cib_arena_free(&c->arena);
	free(c->rows);
	free(c->fresh);
	free(c->file);
	free(c);
}
