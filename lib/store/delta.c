/* The delta encoder.
 *
 * A delta is: size of the base, size of the text (both 7 bits a byte, low first), then instructions. A byte with the high
 * bit set copies from the base: its bits 0-3 say which bytes of the offset follow, bits 4-6 which of the size (none:
 * 65,536). A byte 1 to 127 says that so many literal bytes follow.
 *
 * Every 16 bytes of the base stand in a hash table; a hash that rolls over the text finds them at any place, and a match
 * is made longer on both ends. So whatever is the same for 31 bytes is found, wherever it moved. */
#include "store/delta.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16,
       CHAIN = 32,          /* places with one hash that are tried */
       COPY_MOST = 0x10000, /* bytes that one instruction copies */
       LITERAL_MOST = 127 };

#define ROLL 0x01000193u /* odd, so that every byte counts to the end */

struct delta_index {
	const unsigned char *base;
	size_t len, mask;
	uint32_t *heads, *next; /* block number + 1; 0: none */
};

static uint32_t hash_of(const unsigned char *p)
{
	uint32_t h = 0;
	for (int i = 0; i < BLOCK; i++)
		h = h * ROLL + p[i];
	return h;
}

static size_t slot(const delta_index *x, uint32_t h)
{
	return (h ^ h >> 15) * 0x9e3779b1u >> 7 & x->mask;
}

delta_index *delta_index_new(const void *base, size_t len)
{
	delta_index *x = cib_alloc(sizeof *x);
	size_t blocks = len / BLOCK, size = 64;
	while (size < blocks)
		size *= 2;
	x->base = base;
	x->len = len;
	x->mask = size - 1;
	x->heads = cib_alloc(size * sizeof *x->heads);
	x->next = cib_alloc((blocks + 1) * sizeof *x->next);
	for (size_t b = blocks; b-- > 0;) { /* the first place of several is found first */
		size_t s = slot(x, hash_of(x->base + b * BLOCK));
		x->next[b] = x->heads[s];
		x->heads[s] = (uint32_t)(b + 1);
	}
	return x;
}

void delta_index_free(delta_index *index)
{
	if (!index)
		return;
	free(index->heads);
	free(index->next);
	free(index);
}

static void add_size(cib_buf *out, size_t n)
{
	for (; n >= 0x80; n >>= 7)
		cib_buf_addc(out, (char)(n | 0x80));
	cib_buf_addc(out, (char)n);
}

static void add_literals(cib_buf *out, const unsigned char *p, size_t n)
{
	while (n) {
		size_t part = n < LITERAL_MOST ? n : LITERAL_MOST;
		cib_buf_addc(out, (char)part);
		cib_buf_add(out, p, part);
		p += part;
		n -= part;
	}
}

static void add_copy(cib_buf *out, size_t at, size_t n)
{
	while (n) {
		size_t part = n < COPY_MOST ? n : COPY_MOST, size = part == COPY_MOST ? 0 : part;
		unsigned char bytes[8], op = 0x80;
		size_t count = 1;
		for (unsigned i = 0; i < 4; i++)
			if (at >> 8 * i & 0xff) {
				op |= (unsigned char)(1u << i);
				bytes[count++] = (unsigned char)(at >> 8 * i);
			}
		for (unsigned i = 0; i < 2; i++)
			if (size >> 8 * i & 0xff) {
				op |= (unsigned char)(0x10u << i);
				bytes[count++] = (unsigned char)(size >> 8 * i);
			}
		bytes[0] = op;
		cib_buf_add(out, bytes, count);
		at += part;
		n -= part;
	}
}

typedef struct {
	size_t at, len, before; /* in the base; how far it goes back over literals that wait */
} match;

static match best_match(const delta_index *x, uint32_t h, const unsigned char *text, size_t at, size_t len, size_t waiting)
{
	match best = {0};
	int tried = 0;
	for (uint32_t b = x->heads[slot(x, h)]; b && tried < CHAIN; b = x->next[b - 1], tried++) {
		size_t from = (size_t)(b - 1) * BLOCK, n = 0, back = 0;
		while (from + n < x->len && at + n < len && x->base[from + n] == text[at + n])
			n++;
		if (n < BLOCK)
			continue;
		while (back < waiting && back < from && x->base[from - back - 1] == text[at - back - 1])
			back++;
		if (n + back > best.len + best.before)
			best = (match){from, n, back};
	}
	return best;
}

bool delta_make(cib_buf *out, const delta_index *index, const void *data, size_t len, size_t most)
{
	const unsigned char *text = data;
	size_t start = out->len, waiting = 0, at = 0;
	uint32_t h = 0, power = 1;
	for (int i = 1; i < BLOCK; i++)
		power *= ROLL;
	add_size(out, index->len);
	add_size(out, len);
	if (len >= BLOCK)
		h = hash_of(text);
	while (at + BLOCK <= len && out->len - start + waiting <= most) {
		match m = best_match(index, h, text, at, len, waiting);
		if (m.len) {
			add_literals(out, text + at - waiting, waiting - m.before);
			add_copy(out, m.at - m.before, m.len + m.before);
			waiting = 0;
			at += m.len;
			if (at + BLOCK <= len)
				h = hash_of(text + at);
		} else {
			h = (h - text[at] * power) * ROLL + (at + BLOCK < len ? text[at + BLOCK] : 0);
			at++;
			waiting++;
		}
	}
	add_literals(out, text + at - waiting, len - at + waiting);
	if (out->len - start <= most)
		return true;
	out->len = start;
	return false;
}

bool delta_result_size(uint64_t *size, const void *delta, size_t len)
{
	const unsigned char *p = delta, *end = p + len;
	for (int i = 0; i < 2; i++) {
		unsigned shift = 0;
		*size = 0;
		do {
			if (p == end || shift > 56)
				return false;
			*size |= (uint64_t)(*p & 0x7f) << shift;
			shift += 7;
		} while (*p++ & 0x80);
	}
	return true;
}
