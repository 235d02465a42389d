/* One file of the index of fingerprints. Everything read from it is checked against its bounds: a file that a disk spoilt gives
 * wrong proposals at worst, which the repository then does not confirm. */
#include "review/generation.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[8] = "cibdup1\n";
enum { HEAD = 32 };

static uint64_t number_at(const unsigned char *p)
{
	uint64_t n;
	memcpy(&n, p, sizeof n);
	return n;
}

void cib_generation_open(generation *out, const char *file)
{
	struct stat st;
	*out = (generation){0};
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	void *map = fstat(fd, &st) == 0 && st.st_size >= HEAD ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
	close(fd);
	if (map == MAP_FAILED)
		return;
	const unsigned char *p = map;
	size_t size = (size_t)st.st_size;
	uint64_t records = number_at(p + 8), keys = number_at(p + 16);
	if (memcmp(p, magic, 8) != 0 || records % 8 || records > size - HEAD || keys > size / sizeof(gen_key) || HEAD + records + keys * sizeof(gen_key) != size) {
		munmap(map, size);
		return;
	}
	*out = (generation){p, size, p + HEAD, (size_t)records, (const gen_key *)(const void *)(p + HEAD + records), (size_t)keys, (size_t)number_at(p + 24)};
}

void cib_generation_close(generation *g)
{
	if (g->map)
		munmap((void *)(uintptr_t)g->map, g->size);
	*g = (generation){0};
}

size_t cib_generation_read(gen_record *out, const generation *g, size_t place)
{
	uint32_t whole;
	uint16_t path;
	size_t fixed = sizeof whole + sizeof path + sizeof(cib_oid);
	if (place > g->records_len || g->records_len - place < fixed)
		return 0;
	const unsigned char *p = g->records + place;
	memcpy(&whole, p, sizeof whole);
	memcpy(&path, p + sizeof whole, sizeof path);
	if (whole > g->records_len - place || path >= sizeof out->path || fixed + path > whole)
		return 0;
	p += sizeof whole + sizeof path;
	memcpy(out->path, p, path);
	out->path[path] = '\0';
	memcpy(&out->blob, p + path, sizeof out->blob);
	return cib_fp_unpack(&out->print, p + path + sizeof out->blob, whole - fixed - path) ? place + whole : 0;
}

const gen_key *cib_generation_find(size_t *count, const generation *g, uint64_t key)
{
	size_t low = 0, high = g->key_count;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (g->keys[mid].key < key)
			low = mid + 1;
		else
			high = mid;
	}
	size_t end = low;
	while (end < g->key_count && g->keys[end].key == key)
		end++;
	*count = end - low;
	return g->keys + low;
}

void cib_generation_add(cib_buf *records, const gen_record *record)
{
	static const char zeros[8] = "";
	uint16_t path = (uint16_t)strlen(record->path);
	uint32_t whole = 0;
	size_t start = records->len;
	cib_buf_add(records, &whole, sizeof whole);
	cib_buf_add(records, &path, sizeof path);
	cib_buf_add(records, record->path, path);
	cib_buf_add(records, &record->blob, sizeof record->blob);
	cib_fp_pack(records, &record->print);
	cib_buf_add(records, zeros, (8 - (records->len - start) % 8) % 8);
	whole = (uint32_t)(records->len - start);
	memcpy(records->data + start, &whole, sizeof whole);
}

static int order_keys(const void *a, const void *b)
{
	const gen_key *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

int cib_generation_write(const char *file, const cib_buf *records, cib_error *err)
{
	uint64_t *keys = cib_alloc(FP_KEYS * sizeof *keys);
	generation g = {.records = (const unsigned char *)cib_buf_str(records), .records_len = records->len};
	gen_key *table = NULL;
	size_t count = 0, cap = 0, records_count = 0, exact;
	gen_record *r = cib_alloc(sizeof *r);
	for (size_t at = 0, next; at < g.records_len && (next = cib_generation_read(r, &g, at)); at = next, records_count++) {
		size_t n = cib_fp_keys(keys, &r->print, &exact);
		table = cib_grow(table, &cap, count + n, sizeof *table);
		for (size_t i = 0; i < n; i++)
			table[count++] = (gen_key){keys[i], at};
	}
	if (count)
		qsort(table, count, sizeof *table, order_keys);
	cib_buf text = CIB_BUF_INIT;
	const uint64_t counts[3] = {records->len, count, records_count};
	cib_buf_reserve(&text, HEAD + records->len + count * sizeof *table);
	cib_buf_add(&text, magic, sizeof magic);
	cib_buf_add(&text, counts, sizeof counts);
	cib_buf_add(&text, records->data, records->len);
	cib_buf_add(&text, table, count * sizeof *table);
	int status = cib_file_write(file, text.data, text.len, err);
	cib_buf_free(&text);
	free(table);
	free(keys);
	free(r);
	return status;
}
