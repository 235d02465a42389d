/* diff3: the pieces of three lists that are the same on all sides, and those between them.
 *
 * Longest common subsequences of base with each side, by the quadratic table; lists in entries are short, and
 * what is too long for the table is left to the caller as one conflict. Common ends are cut off first. */
#include "merge/private.h"

#include <stdlib.h>

enum { LARGEST_TABLE = 4 * 1000 * 1000 };

typedef struct {
	cib_same same;
	void *payload;
	int side;
} comparer;

static bool eq(const comparer *c, size_t base, size_t other)
{
	return c->same(0, base, c->side, other, c->payload);
}

/* match[i] = index in the other list that base item i is matched with, or SIZE_MAX. */
static bool match_lists(size_t *match, size_t n, size_t m, const comparer *c)
{
	size_t head = 0, tail = 0;
	for (size_t i = 0; i < n; i++)
		match[i] = SIZE_MAX;
	while (head < n && head < m && eq(c, head, head)) {
		match[head] = head;
		head++;
	}
	while (tail < n - head && tail < m - head && eq(c, n - 1 - tail, m - 1 - tail)) {
		match[n - 1 - tail] = m - 1 - tail;
		tail++;
	}
	size_t rows = n - head - tail, columns = m - head - tail, width = columns + 1;
	if (rows == 0 || columns == 0)
		return true;
	if (rows > LARGEST_TABLE / width)
		return false;
	unsigned *table = cib_alloc((rows + 1) * width * sizeof *table);
	for (size_t i = rows; i-- > 0;)
		for (size_t j = columns; j-- > 0;) {
			unsigned down = table[(i + 1) * width + j], right = table[i * width + j + 1];
			table[i * width + j] = eq(c, head + i, head + j) ? table[(i + 1) * width + j + 1] + 1 : down > right ? down : right;
		}
	for (size_t i = 0, j = 0; i < rows && j < columns;) {
		if (eq(c, head + i, head + j) && table[i * width + j] == table[(i + 1) * width + j + 1] + 1) {
			match[head + i] = head + j;
			i++;
			j++;
		} else if (table[(i + 1) * width + j] >= table[i * width + j + 1]) {
			i++;
		} else {
			j++;
		}
	}
	free(table);
	return true;
}

bool cib_diff3(cib_piece **out, size_t *count, size_t base_n, size_t ours_n, size_t theirs_n, cib_same same, void *payload)
{
	size_t *to_ours = cib_alloc((base_n + 1) * sizeof *to_ours), *to_theirs = cib_alloc((base_n + 1) * sizeof *to_theirs);
	comparer ours = {same, payload, 1}, theirs = {same, payload, 2};
	cib_piece *list = NULL;
	size_t n = 0, cap = 0, b = 0, o = 0, t = 0;
	bool ok = match_lists(to_ours, base_n, ours_n, &ours) && match_lists(to_theirs, base_n, theirs_n, &theirs);
	for (size_t i = 0; ok && i <= base_n; i++) {
		bool end = i == base_n, stable = !end && to_ours[i] != SIZE_MAX && to_theirs[i] != SIZE_MAX;
		if (!stable && !end)
			continue;
		size_t oi = end ? ours_n : to_ours[i], ti = end ? theirs_n : to_theirs[i];
		list = cib_grow(list, &cap, n + 2, sizeof *list);
		if (i > b || oi > o || ti > t)
			list[n++] = (cib_piece){b, o, t, i - b, oi - o, ti - t, false};
		if (!end)
			list[n++] = (cib_piece){i, oi, ti, 1, 1, 1, true};
		b = i + 1;
		o = oi + 1;
		t = ti + 1;
	}
	free(to_ours);
	free(to_theirs);
	*out = list;
	*count = n;
	return ok;
}
