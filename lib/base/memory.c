/* Memory: allocation that never returns NULL, and arenas. */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static _Noreturn void out_of_memory(void)
{
	static const char text[] = "cib: out of memory; nothing that was saved is lost\n";
	(void)!write(2, text, sizeof text - 1);
	_exit(CIB_INTERNAL);
}

void *cib_alloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);
	if (!p)
		out_of_memory();
	return p;
}

void *cib_realloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		out_of_memory();
	return p;
}

void *cib_grow(void *p, size_t *cap, size_t need, size_t itemsize)
{
	if (need <= *cap)
		return p;
	size_t n = *cap ? *cap : 8;
	while (n < need) {
		if (n > SIZE_MAX / 2)
			out_of_memory();
		n *= 2;
	}
	if (n > SIZE_MAX / itemsize)
		out_of_memory();
	*cap = n;
	return cib_realloc(p, n * itemsize);
}

char *cib_strndup(const char *s, size_t n)
{
	char *p = cib_alloc(n + 1);
	memcpy(p, s, n);
	return p;
}

char *cib_strdup(const char *s)
{
	return s ? cib_strndup(s, strlen(s)) : NULL;
}

char *cib_format(const char *fmt, ...)
{
	cib_buf b = CIB_BUF_INIT;
	va_list ap;
	va_start(ap, fmt);
	cib_buf_vaddf(&b, fmt, ap);
	va_end(ap);
	return cib_buf_take(&b);
}

void cib_random(void *out, size_t len)
{
	char *p = out;
	while (len > 0) {
		ssize_t n = getrandom(p, len, 0);
		if (n < 0)
			abort();
		p += n;
		len -= (size_t)n;
	}
}

/* ---- arenas: a list of blocks, newest first; each at least as large as the one before it. */

struct cib_arena_block {
	cib_arena_block *next;
	size_t size;
	max_align_t data[];
};

enum { FIRST_BLOCK = 16 * 1024,
       LARGEST_STEP = 1024 * 1024 };

void *cib_arena_alloc_slow(cib_arena *a, size_t size)
{
	size_t want = a->head ? a->head->size * 2 : FIRST_BLOCK;
	if (want > LARGEST_STEP)
		want = LARGEST_STEP;
	if (want < size)
		want = size;
	if (want > SIZE_MAX - sizeof(cib_arena_block))
		out_of_memory();
	cib_arena_block *b = malloc(sizeof *b + want);
	if (!b)
		out_of_memory();
	b->next = a->head;
	b->size = want;
	a->head = b;
	a->at = (char *)b->data + size;
	a->end = (char *)b->data + want;
	return b->data;
}

char *cib_arena_strndup(cib_arena *a, const char *s, size_t n)
{
	char *p = cib_arena_alloc(a, n + 1);
	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

void cib_arena_reset(cib_arena *a)
{
	if (!a->head)
		return;
	for (cib_arena_block *b = a->head->next, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	a->head->next = NULL;
	a->at = (char *)a->head->data;
	a->end = a->at + a->head->size;
}

void cib_arena_free(cib_arena *a)
{
	for (cib_arena_block *b = a->head, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	*a = (cib_arena)CIB_ARENA_INIT;
}
