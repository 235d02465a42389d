/* generation - one file of the index of fingerprints: records one behind the other, and a table of keys, sorted, each with the
 * place of a record. Read by mmap, so that a search touches a few pages of however large a file.
 *
 *   "cibdup1\n"  u64 bytes of records  u64 keys  u64 count of records  |  records  |  {u64 key, u64 place} ...
 *   a record:    u32 bytes, u16 of the path, path, blob (20), the packed fingerprint; padded to 8 bytes */
#ifndef CIB_REVIEW_GENERATION_H
#define CIB_REVIEW_GENERATION_H

#include "review/fingerprint.h"
#include "store/store.h"

typedef struct {
	uint64_t key, place;
} gen_key;

typedef struct {
	const unsigned char *map; /* NULL: empty */
	size_t size;
	const unsigned char *records;
	size_t records_len;
	const gen_key *keys;
	size_t key_count, count;
} generation;

typedef struct {
	char path[512];
	cib_oid blob;
	fp print;
} gen_record;

/* A file that is not there, or is no index, is an empty one. */
void cib_generation_open(generation *out, const char *file);
void cib_generation_close(generation *g);
/* The record at a place; the next place, or 0 when there is none. */
size_t cib_generation_read(gen_record *out, const generation *g, size_t place);
/* The keys equal to `key`: the first, and how many. */
const gen_key *cib_generation_find(size_t *count, const generation *g, uint64_t key);
/* Append a record to a buffer; write the buffer as a file, with its keys. */
void cib_generation_add(cib_buf *records, const gen_record *record);
int cib_generation_write(const char *file, const cib_buf *records, cib_error *err);

#endif
