/* SHA-1 (FIPS 180-4), for the last 20 bytes of packs. Object ids are libgit2's work. */
#ifndef CIB_STORE_SHA1_H
#define CIB_STORE_SHA1_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
	uint32_t h[5];
	uint64_t len; /* bytes so far */
	unsigned char block[64];
} sha1_state;

void sha1_begin(sha1_state *s);
void sha1_add(sha1_state *s, const void *data, size_t len);
void sha1_end(unsigned char out[20], sha1_state *s);

#endif
