/* diff3: the pieces of three lists that are the same on all sides, and those between them.
 *
 * Each side is matched with base by Myers' greedy algorithm (An O(ND) Difference Algorithm, 1986) after common ends are
 * cut off: its cost follows the number of differences, so a long list with a few edits is cheap. Lists with too many
 * differences are left to the caller as one conflict. */
#include "merge/private.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_DIFFERENCES = 2000 }; /* the trace takes d * d ints: 16 MB */

/* Walk the trace back: mark what was matched. `ends[d]` holds the furthest x on each diagonal after d differences. */
static void trace_back(size_t *match, size_t head, long n, long m, long d, int *const *ends)
{
	long x = n, y = m;
	for (; d > 0; d--) {
		const int *v = ends[d - 1] + d; /* diagonal k lies at v[k] */
		long k = x - y;
		bool down = k == -d || (k != d && v[k - 1] < v[k + 1]);
		long from = down ? k + 1 : k - 1, start = down ? v[from] : v[from] + 1;
		while (x > start) {
			x--;
			y--;
			match[head + (size_t)x] = head + (size_t)y;
		}
		x = v[from];
		y = x - from;
	}
	while (x > 0) {
		x--;
		match[head + (size_t)x] = head + (size_t)x;
	}
}

static bool match_middle(size_t *match, size_t head, const unsigned *a, long n, const unsigned *b, long m)
{
	long most = n + m < MOST_DIFFERENCES ? n + m : MOST_DIFFERENCES, d = 0;
	int **ends = cib_alloc(((size_t)most + 1) * sizeof *ends);
	bool found = false;
	for (; d <= most && !found; d++) { /* ends[d] has diagonals -d-1 .. d+1 at 0 .. 2d+2 */
		int *v = ends[d] = cib_alloc((size_t)(2 * d + 3) * sizeof *v);
		const int *last = d ? ends[d - 1] + d : NULL;
		for (long k = -d; k <= d && !found; k += 2) {
			long x = !d ? 0 : k == -d || (k != d && last[k - 1] < last[k + 1]) ? last[k + 1]
			                                                                   : last[k - 1] + 1;
			while (x < n && x - k < m && a[x] == b[x - k])
				x++;
			v[k + d + 1] = (int)x;
			found = x >= n && x - k >= m;
		}
	}
	d--;
	if (found)
		trace_back(match, head, n, m, d, ends);
	for (long i = 0; i <= d; i++)
		free(ends[i]);
	free(ends);
	return found;
}

/* match[i] = index in the other list that base item i is matched with, or SIZE_MAX. */
static bool match_lists(size_t *match, const cib_ids *a, const cib_ids *b)
{
	size_t head = 0, tail = 0, n = a->n, m = b->n;
	for (size_t i = 0; i < n; i++)
		match[i] = SIZE_MAX;
	while (head < n && head < m && a->ids[head] == b->ids[head]) {
		match[head] = head;
		head++;
	}
	while (tail < n - head && tail < m - head && a->ids[n - 1 - tail] == b->ids[m - 1 - tail]) {
		match[n - 1 - tail] = m - 1 - tail;
		tail++;
	}
	n -= head + tail;
	m -= head + tail;
	if (n == 0 || m == 0)
		return true;
	if (n > 10 * 1000 * 1000 || m > 10 * 1000 * 1000)
		return false;
	return match_middle(match, head, a->ids + head, (long)n, b->ids + head, (long)m);
}

/* What one side did at one place: base items [from, to) were replaced by `n` of its own; from == to: put in. */
typedef struct {
	size_t from, to, n;
} block;
typedef struct {
	block *items;
	size_t count, cap, at; /* at: the next one to be merged */
	size_t behind;         /* the side's position that belongs to base position 0, as a running difference */
} blocks;

static void find_blocks(blocks *out, const size_t *match, size_t n, size_t m)
{
	for (size_t i = 0, b = 0, s = 0; i <= n; i++) {
		if (i < n && match[i] == SIZE_MAX)
			continue;
		size_t here = i < n ? match[i] : m;
		if (i > b || here > s) {
			out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
			out->items[out->count++] = (block){b, i, here - s};
		}
		b = i + 1;
		s = here + 1;
	}
}

static const block *next_block(const blocks *side)
{
	return side->at < side->count ? &side->items[side->at] : NULL;
}

static bool before(const block *a, const block *b)
{
	return !b || (a && (a->from < b->from || (a->from == b->from && a->to <= b->to)));
}

/* Does a block touch what lies in [from, to)? Two that only lie side by side do not: an item that one side changed and
 * one that the other put in next to it are two changes. */
static bool touches(const block *x, size_t from, size_t to)
{
	if (!x)
		return false;
	return from == to || x->from == x->to ? (from == to ? x->from == from && x->to == to : x->from > from && x->from < to)
	                                      : x->from < to && x->to > from;
}

/* Take the side's blocks that touch the hunk into it, which may make it longer. */
static bool gather(blocks *side, size_t *from, size_t *to)
{
	bool any = false;
	for (const block *x = next_block(side); touches(x, *from, *to); x = next_block(side)) {
		*from = x->from < *from ? x->from : *from;
		*to = x->to > *to ? x->to : *to;
		side->behind += x->n - (x->to - x->from); /* modulo arithmetic: it may go below zero and comes back */
		side->at++;
		any = true;
	}
	return any;
}

static void add_piece(cib_piece **list, size_t *n, size_t *cap, cib_piece piece)
{
	*list = cib_grow(*list, cap, *n + 1, sizeof **list);
	(*list)[(*n)++] = piece;
}

bool cib_diff3(cib_piece **out, size_t *count, const cib_ids lists[3])
{
	size_t base_n = lists[0].n, cap = 0, at = 0;
	size_t *match = cib_alloc((base_n + 1) * sizeof *match);
	blocks sides[2] = {{0}, {0}};
	bool ok = true;
	*out = NULL;
	*count = 0;
	for (int i = 0; i < 2 && ok; i++) {
		ok = match_lists(match, &lists[0], &lists[i + 1]);
		if (ok)
			find_blocks(&sides[i], match, base_n, lists[i + 1].n);
	}
	while (ok && (next_block(&sides[0]) || next_block(&sides[1]) || at < base_n)) {
		const block *o = next_block(&sides[0]), *t = next_block(&sides[1]), *first = before(o, t) ? o : t;
		size_t from = first ? first->from : base_n, to = first ? first->to : base_n;
		size_t was[2] = {sides[0].behind, sides[1].behind};
		if (from > at)
			add_piece(out, count, &cap, (cib_piece){{at, at + was[0], at + was[1]}, {from - at, from - at, from - at}, true});
		if (!first)
			break;
		for (bool more = true; more;) {
			more = gather(&sides[0], &from, &to);
			more |= gather(&sides[1], &from, &to);
		}
		add_piece(out, count, &cap, (cib_piece){{from, from + was[0], from + was[1]}, {to - from, to - from + sides[0].behind - was[0], to - from + sides[1].behind - was[1]}, false});
		at = to;
	}
	for (int i = 0; i < 2; i++)
		free(sides[i].items);
	free(match);
	return ok;
}

bool cib_piece_same(const cib_piece *p, const cib_ids lists[3], int a, int b)
{
	return p->n[a] == p->n[b] &&
	       (p->n[a] == 0 || memcmp(lists[a].ids + p->at[a], lists[b].ids + p->at[b], p->n[a] * sizeof(unsigned)) == 0);
}
