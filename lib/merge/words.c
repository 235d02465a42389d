/* Texts by words: does one side's edit hold all of the other's? Then the larger one stands and nothing is lost: nobody has
 * to choose between ".../OpenData/MapServer/4" and ".../OpenData/FeatureServer/4" when both wrote "OpenData" and "4"
 * and one of them "FeatureServer" besides. The result is always one of the two texts, never a mixture.
 *
 * Tokens are words and single other characters. Digits with points, colons or hyphens between them are one token:
 * the parts of a version, a date or an address mean nothing alone. */
#include "merge/private.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 100 * 1000 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

static size_t token(const char *p)
{
	const char *q = p;
	while (is_digit(*q) || is_word(*q) || (q > p && *q && strchr(".:-", *q) && is_digit(q[-1]) && is_digit(q[1])))
		q++;
	return q > p ? (size_t)(q - p) : 1;
}

static cib_ids tokens(cib_classes *classes, const char *text)
{
	cib_ids ids = {cib_alloc((strlen(text) + 1) * sizeof *ids.ids), 0};
	for (const char *p = text; *p;) {
		size_t n = token(p);
		ids.ids[ids.n++] = cib_class_of_text(classes, p, n);
		p += n;
	}
	return ids;
}

static void add_run(cib_ids *out, const cib_ids *from, size_t at, size_t n)
{
	memcpy(out->ids + out->n, from->ids + at, n * sizeof *out->ids);
	out->n += n;
}

static bool same(const cib_ids *a, const cib_ids *b)
{
	return a->n == b->n && memcmp(a->ids, b->ids, a->n * sizeof *a->ids) == 0;
}

int cib_merge_inclusion(const char *base, const char *ours, const char *theirs)
{
	size_t longest = strlen(ours) + strlen(theirs);
	if (longest > MOST_BYTES || strlen(base) > MOST_BYTES)
		return 0;
	cib_classes classes = {0};
	cib_ids lists[3] = {tokens(&classes, base), tokens(&classes, ours), tokens(&classes, theirs)};
	cib_ids both = {cib_alloc((lists[1].n + lists[2].n + 1) * sizeof(unsigned)), 0};
	cib_piece *pieces = NULL;
	size_t count = 0;
	bool kept = false; /* something of base must be left, or there is nothing to compare by */
	bool ok = cib_diff3(&pieces, &count, lists);
	for (size_t i = 0; i < count && ok; i++) {
		const cib_piece *p = &pieces[i];
		int from = p->stable || cib_piece_same(p, lists, 0, 2) || cib_piece_same(p, lists, 1, 2) ? 1 : cib_piece_same(p, lists, 0, 1) ? 2
		                                                                                                                              : 0;
		kept |= p->stable;
		ok = from != 0;
		if (ok)
			add_run(&both, &lists[from], p->at[from], p->n[from]);
	}
	int larger = !ok || !kept ? 0 : same(&both, &lists[1]) ? 1
	                        : same(&both, &lists[2])       ? 2
	                                                       : 0;
	free(pieces);
	free(both.ids);
	for (int i = 0; i < 3; i++)
		free(lists[i].ids);
	cib_classes_free(&classes);
	return larger;
}
