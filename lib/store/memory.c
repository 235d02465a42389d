/* Memory of libgit2 and zlib: their allocations end the process rather than fail, as all of ours do. Their own paths for
 * the end of memory are rarely walked, and what cannot be inflated for want of memory would look like a damaged object. */
#include "store/private.h"

#include "late/git2.h"
#include <stdlib.h>

/* The parameters are libgit2's; file and line are not told by the library as it is built. */
static void *get(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return cib_realloc(NULL, size);
}

static size_t product(size_t count, size_t size)
{
	size_t all;
	return __builtin_mul_overflow(count, size, &all) ? SIZE_MAX : all; /* which nobody has */
}

static void *get_zeroed(size_t count, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return cib_alloc(product(count, size));
}

static void *get_again(void *p, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return cib_realloc(p, size);
}

static void *get_array_again(void *p, size_t count, size_t size, const char *file, int line)
{
	return get_again(p, product(count, size), file, line);
}

static void *get_array(size_t count, size_t size, const char *file, int line)
{
	return get(product(count, size), file, line);
}

static char *copy(const char *s, const char *file, int line)
{
	(void)file;
	(void)line;
	return cib_strdup(s);
}

static char *copy_all(const char *s, size_t len, const char *file, int line)
{
	(void)file;
	(void)line;
	return cib_strndup(s, len);
}

static char *copy_most(const char *s, size_t len, const char *file, int line)
{
	return copy_all(s, strnlen(s, len), file, line);
}

void cib_store_setup_memory(void)
{
	static git_allocator own = {.gmalloc = get,
	                            .gcalloc = get_zeroed,
	                            .gstrdup = copy,
	                            .gstrndup = copy_most,
	                            .gsubstrdup = copy_all,
	                            .grealloc = get_again,
	                            .greallocarray = get_array_again,
	                            .gmallocarray = get_array,
	                            .gfree = free};
	git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &own);
}

static void *get_items(void *opaque, unsigned count, unsigned size)
{
	(void)opaque;
	return cib_realloc(NULL, product(count, size));
}

static void give_back(void *opaque, void *p)
{
	(void)opaque;
	free(p);
}

void cib_store_inflate_begin(z_stream *z)
{
	z->zalloc = get_items;
	z->zfree = give_back;
	inflateInit(z); /* fails only at the end of memory */
}

void cib_store_deflate(cib_buf *out, const void *data, size_t len)
{
	z_stream z = {.zalloc = get_items, .zfree = give_back};
	deflateInit(&z, 9);
	uLong bound = deflateBound(&z, (uLong)len);
	cib_buf_clear(out);
	cib_buf_reserve(out, bound);
	z.next_in = (Bytef *)(uintptr_t)data;
	z.avail_in = (uInt)len; /* objects of a push are below its limits, far below 4 GB */
	z.next_out = (Bytef *)out->data;
	z.avail_out = (uInt)bound;
	deflate(&z, Z_FINISH);
	out->len = (size_t)z.total_out;
	deflateEnd(&z);
}
