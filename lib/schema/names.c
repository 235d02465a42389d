/* The table of names of a schema object. Property names are few and known when the schema is compiled, so a hash of
 * four bytes is searched that tells them apart; where there is none (or somebody wants there to be none) every
 * byte is hashed with a random seed. */
#include "schema/program.h"

#include <string.h>

enum { TRIES = 24,
       LONGEST = 2 };

uint64_t cib_names_slow(const char *s, size_t len, uint64_t seed)
{
	uint64_t h = seed ^ len;
	for (; len >= 8; len -= 8, s += 8) {
		uint64_t word;
		memcpy(&word, s, 8);
		h = (h ^ word) * 0x9E3779B97F4A7C15u;
		h ^= h >> 32;
	}
	uint64_t rest = 0;
	memcpy(&rest, s, len);
	h = (h ^ rest) * 0xD6E8FEB86659FD93u;
	return h ^ h >> 29 ^ h << 35;
}

/* The longest way to any of the names. */
static size_t fill(cib_names *names, const cib_slot *items, size_t count)
{
	size_t longest = 0;
	memset(names->slots, 0, (names->mask + 1) * sizeof *names->slots);
	for (size_t n = 0; n < count; n++) {
		const char *s = items[n].name;
		uint64_t h = names->full ? cib_names_slow(s, items[n].len, names->seed) : cib_names_quick(s, items[n].len, names->seed);
		size_t steps = 0;
		uint32_t i = (uint32_t)(h >> names->shift) & names->mask;
		for (; names->slots[i].name; i = (i + 1) & names->mask)
			steps++;
		names->slots[i] = items[n];
		longest = steps > longest ? steps : longest;
	}
	return longest;
}

void cib_names_build(cib_names *names, const cib_slot *items, size_t count, cib_arena *arena)
{
	uint8_t bits = 2;
	while (((size_t)1 << bits) < count * 2)
		bits++;
	*names = (cib_names){.mask = ((uint32_t)1 << bits) - 1, .count = (uint32_t)count, .shift = (uint8_t)(64 - bits), .seed = 0x9E3779B97F4A7C15u};
	names->slots = cib_arena_alloc(arena, (names->mask + 1) * sizeof *names->slots);
	uint64_t best = names->seed;
	size_t shortest = SIZE_MAX;
	for (int i = 0; i < TRIES && shortest > 0 && count <= 1000; i++) {
		size_t longest = fill(names, items, count);
		if (longest < shortest) {
			shortest = longest;
			best = names->seed;
		}
		names->seed = names->seed * 6364136223846793005u + 1442695040888963407u;
	}
	names->seed = best;
	if (shortest > LONGEST) {
		names->full = true;
		cib_random(&names->seed, sizeof names->seed);
	}
	fill(names, items, count);
}
