/* Small regular patterns as a table over the bytes of UTF-8: one look-up a byte, no backtracking, nothing a text could do
 * about it. Most patterns of schemas are of that kind.
 *
 *     tree -> automaton of byte ranges (Thompson) -> table (subset construction, over classes of bytes)
 *
 * ^ holds only in the first state; whether a state accepts depends on $, so it has two answers: now, and at the end. Text
 * that is found anywhere counts, so a state that accepts now ends the search. U+0000 is C0 80, as the reader keeps it. */
#include "schema/regex_private.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_PLACES = 1500,
       MAX_STATES = 400,
       MAX_WORK = 200000,
       NOWHERE = 0xFFFF };

typedef enum { BYTES,
	       SPLIT,
	       AT_BEGIN,
	       AT_END,
	       ACCEPT } place_kind;

typedef struct {
	uint8_t kind, low, high;
	uint16_t next, other;
} place;

typedef struct {
	place *places;
	size_t count, cap;
	const cib_rx_set *sets;
	size_t work;
	bool too_large;
} automaton;

struct cib_rx_table {
	uint8_t classes[256];
	size_t class_count, state_count;
	uint16_t *table; /* [state][class] -> state, NOWHERE */
	uint8_t *accept; /* 1 at the end of the text, 2 now */
};

/* ---- the automaton, built from its end ---- */

static uint16_t add(automaton *a, place p)
{
	if (a->count >= MAX_PLACES) {
		a->too_large = true;
		return 0;
	}
	a->places = cib_grow(a->places, &a->cap, a->count + 1, sizeof *a->places);
	a->places[a->count] = p;
	return (uint16_t)a->count++;
}

static uint16_t add_split(automaton *a, uint16_t x, uint16_t y)
{
	return add(a, (place){.kind = SPLIT, .next = x, .other = y});
}

static size_t encode(uint32_t c, uint8_t out[4])
{
	if (c < 0x80) {
		out[0] = (uint8_t)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3
	                                       : 4;
	for (size_t i = n; i-- > 1; c >>= 6)
		out[i] = (uint8_t)(0x80 | (c & 0x3F));
	out[0] = (uint8_t)(c | (n == 2 ? 0xC0u : n == 3 ? 0xE0u
	                                                : 0xF0u));
	return n;
}

/* A range of code points as sequences of byte ranges, each before `next`; *all collects them as alternatives. */
static void add_range(automaton *a, uint32_t first, uint32_t last, uint16_t next, uint16_t *all)
{
	static const uint32_t ends[] = {0x7F, 0x7FF, 0xFFFF};
	for (size_t i = 0; i < 3; i++)
		if (first <= ends[i] && last > ends[i]) {
			add_range(a, first, ends[i], next, all);
			add_range(a, ends[i] + 1, last, next, all);
			return;
		}
	for (unsigned i = 6; i <= 18 && last > 0x7F; i += 6) {
		uint32_t low = (1u << i) - 1;
		if ((first & ~low) == (last & ~low))
			continue;
		if (first & low) {
			add_range(a, first, first | low, next, all);
			add_range(a, (first | low) + 1, last, next, all);
			return;
		}
		if ((last & low) != low) {
			add_range(a, first, (last & ~low) - 1, next, all);
			add_range(a, last & ~low, last, next, all);
			return;
		}
	}
	uint8_t from[4], to[4];
	size_t n = encode(first, from);
	encode(last, to);
	uint16_t p = next;
	while (n-- > 0)
		p = add(a, (place){.kind = BYTES, .low = from[n], .high = to[n], .next = p});
	*all = *all == NOWHERE ? p : add_split(a, p, *all);
}

static int by_first(const void *a, const void *b)
{
	const cib_rx_range *x = a, *y = b;
	return x->first < y->first ? -1 : x->first > y->first;
}

/* From `first` to `last`, where surrogates are no text and U+0000 may be C0 80. */
static void add_text_range(automaton *a, uint32_t first, uint32_t last, uint16_t next, uint16_t *all)
{
	if (first == 0) {
		uint16_t p = add(a, (place){.kind = BYTES, .low = 0x80, .high = 0x80, .next = next});
		p = add(a, (place){.kind = BYTES, .low = 0xC0, .high = 0xC0, .next = p});
		*all = *all == NOWHERE ? p : add_split(a, p, *all);
	}
	if (first < 0xD800)
		add_range(a, first, last < 0xD800 ? last : 0xD7FF, next, all);
	if (last > 0xDFFF)
		add_range(a, first > 0xDFFF ? first : 0xE000, last, next, all);
}

static uint16_t add_set(automaton *a, const cib_rx_set *set, uint16_t next)
{
	uint16_t all = NOWHERE;
	uint32_t from = 0; /* of what was not covered yet */
	if (set->property_count || set->range_count > MAX_PLACES) {
		a->too_large = true;
		return 0;
	}
	cib_rx_range *ranges = cib_alloc((set->range_count + 1) * sizeof *ranges);
	if (set->range_count)
		memcpy(ranges, set->ranges, set->range_count * sizeof *ranges);
	qsort(ranges, set->range_count, sizeof *ranges, by_first);
	for (size_t i = 0; i < set->range_count && !a->too_large; i++) {
		cib_rx_range r = ranges[i];
		if (r.last < from)
			continue;
		if (set->negated && r.first > from)
			add_text_range(a, from, r.first - 1, next, &all);
		else if (!set->negated)
			add_text_range(a, r.first > from ? r.first : from, r.last, next, &all);
		from = r.last + 1;
	}
	if (set->negated && from <= CIB_RX_LAST_CHAR)
		add_text_range(a, from, CIB_RX_LAST_CHAR, next, &all);
	free(ranges);
	return all == NOWHERE ? add(a, (place){.kind = BYTES, .low = 1, .high = 0, .next = next}) : all; /* the empty set: no byte */
}

static uint16_t build(automaton *a, const cib_rx_node *n, uint16_t next);

static uint16_t build_repeat(automaton *a, const cib_rx_node *n, uint16_t next)
{
	if (n->min > MAX_PLACES || (n->max != CIB_RX_UNBOUNDED && n->max > MAX_PLACES)) {
		a->too_large = true;
		return 0;
	}
	if (n->max == CIB_RX_UNBOUNDED) {
		uint16_t loop = add_split(a, 0, next), inner = build(a, n->child, loop);
		if (!a->too_large)
			a->places[loop].next = inner;
		next = loop;
	} else {
		uint16_t end = next;
		for (uint32_t i = n->min; i < n->max && !a->too_large; i++)
			next = add_split(a, build(a, n->child, next), end);
	}
	for (uint32_t i = 0; i < n->min && !a->too_large; i++)
		next = build(a, n->child, next);
	return next;
}

static uint16_t build_list(automaton *a, const cib_rx_node *n, uint16_t next)
{
	const cib_rx_node **list = NULL;
	size_t count = 0, cap = 0;
	for (const cib_rx_node *c = n->child; c && count <= MAX_PLACES; c = c->next) {
		list = cib_grow((void *)(uintptr_t)list, &cap, count + 1, sizeof *list);
		list[count++] = c;
	}
	a->too_large = a->too_large || count > MAX_PLACES;
	uint16_t all = n->kind == CIB_RX_CHOICE ? NOWHERE : next;
	while (count-- > 0 && !a->too_large) {
		uint16_t p = build(a, list[count], n->kind == CIB_RX_CHOICE ? next : all);
		all = n->kind == CIB_RX_CHOICE && all != NOWHERE ? add_split(a, p, all) : p;
	}
	free((void *)(uintptr_t)list);
	return all == NOWHERE ? next : all;
}

static uint16_t build(automaton *a, const cib_rx_node *n, uint16_t next)
{
	if (++a->work > MAX_WORK) /* counts of what is empty add no places */
		a->too_large = true;
	if (a->too_large || !n)
		return next;
	switch (n->kind) {
	case CIB_RX_EMPTY:
		return next;
	case CIB_RX_CHAR: {
		cib_rx_range one = {n->c, n->c};
		return add_set(a, &(cib_rx_set){.ranges = &one, .range_count = 1}, next);
	}
	case CIB_RX_SET:
		return add_set(a, &a->sets[n->set], next);
	case CIB_RX_SEQUENCE:
	case CIB_RX_CHOICE:
		return build_list(a, n, next);
	case CIB_RX_GROUP:
		return build(a, n->child, next);
	case CIB_RX_REPEAT:
		return build_repeat(a, n, next);
	case CIB_RX_BEGIN:
		return add(a, (place){.kind = AT_BEGIN, .next = next});
	case CIB_RX_END:
		return add(a, (place){.kind = AT_END, .next = next});
	default:
		a->too_large = true; /* not regular, or not known here */
		return next;
	}
}

/* ---- the table ---- */

typedef struct {
	const automaton *a;
	cib_rx_table *dfa;
	uint16_t start;
	uint16_t **sets; /* by state: the places, sorted, behind their number */
	uint8_t *mark;
	uint16_t *stack, *members;
	size_t member_count, work;
} subset;

/* All places that can be reached from `from` without a byte. */
static void close_over(subset *s, uint16_t from, bool begin, bool end)
{
	size_t depth = 0;
	s->stack[depth++] = from;
	while (depth > 0) {
		uint16_t at = s->stack[--depth];
		if (s->mark[at])
			continue;
		const place *p = &s->a->places[at];
		s->mark[at] = 1;
		s->work++;
		s->members[s->member_count++] = at;
		if (p->kind == SPLIT) {
			s->stack[depth++] = p->next;
			s->stack[depth++] = p->other;
		} else if ((p->kind == AT_BEGIN && begin) || (p->kind == AT_END && end)) {
			s->stack[depth++] = p->next;
		}
	}
}

static int by_number(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static void clear_marks(subset *s)
{
	for (size_t i = 0; i < s->member_count; i++)
		s->mark[s->members[i]] = 0;
}

/* Does the end of the text lead from here to acceptance? */
static bool accepts_at_end(subset *s, bool begin)
{
	size_t n = s->member_count;
	bool found = false;
	for (size_t i = 0; i < n; i++)
		if (s->a->places[s->members[i]].kind == AT_END)
			close_over(s, s->a->places[s->members[i]].next, begin, true);
	/* what was already there may be an AT_END met from another */
	for (size_t i = 0; i < s->member_count; i++)
		found = found || s->a->places[s->members[i]].kind == ACCEPT;
	clear_marks(s);
	s->member_count = n;
	return found;
}

/* The state of the members that were gathered; a new one when there is none. NOWHERE when there are too many. */
static uint16_t state_of(subset *s, bool begin)
{
	cib_rx_table *d = s->dfa;
	size_t n = 0;
	uint8_t accept = 0;
	for (size_t i = 0; i < s->member_count; i++) {
		uint8_t kind = s->a->places[s->members[i]].kind;
		if (kind == ACCEPT)
			accept = 2;
	}
	if (!accept && accepts_at_end(s, begin))
		accept = 1;
	clear_marks(s);
	for (size_t i = 0; i < s->member_count; i++) { /* only what reads a byte, or tells states apart, is kept */
		uint8_t kind = s->a->places[s->members[i]].kind;
		if (kind == BYTES && accept != 2)
			s->members[n++] = s->members[i];
	}
	s->member_count = 0;
	qsort(s->members, n, sizeof *s->members, by_number);
	for (size_t i = 0; i < d->state_count; i++) {
		s->work++;
		if (d->accept[i] == accept && s->sets[i][0] == n && memcmp(s->sets[i] + 1, s->members, n * sizeof(uint16_t)) == 0)
			return (uint16_t)i;
	}
	if (d->state_count >= MAX_STATES)
		return NOWHERE;
	uint16_t *set = cib_alloc((n + 1) * sizeof *set);
	set[0] = (uint16_t)n;
	memcpy(set + 1, s->members, n * sizeof *set);
	s->sets[d->state_count] = set;
	d->accept[d->state_count] = accept;
	return (uint16_t)d->state_count++;
}

static void byte_classes(const automaton *a, cib_rx_table *d)
{
	bool edge[257] = {0};
	for (size_t i = 0; i < a->count; i++)
		if (a->places[i].kind == BYTES && a->places[i].low <= a->places[i].high) {
			edge[a->places[i].low] = true;
			edge[a->places[i].high + 1] = true;
		}
	size_t class = 0;
	for (size_t b = 0; b < 256; b++) {
		class += b > 0 && edge[b];
		d->classes[b] = (uint8_t) class;
	}
	d->class_count = class + 1;
}

static bool fill(subset *s)
{
	cib_rx_table *d = s->dfa;
	close_over(s, s->start, true, false);
	if (state_of(s, true) == NOWHERE)
		return false;
	for (size_t state = 0; state < d->state_count; state++) {
		uint16_t *row = d->table + state * d->class_count;
		for (size_t b = 0, last = SIZE_MAX; b < 256; b++) {
			size_t class = d->classes[b];
			if (class == last)
				continue;
			last = class;
			const uint16_t *set = s->sets[state];
			for (size_t i = 1; i <= set[0]; i++) {
				const place *p = &s->a->places[set[i]];
				if (b >= p->low && b <= p->high)
					close_over(s, p->next, false, false);
			}
			close_over(s, s->start, false, false); /* the match may also begin here */
			s->work += set[0];
			row[class] = state_of(s, false);
			if (row[class] == NOWHERE || s->work > MAX_WORK)
				return false;
		}
	}
	return true;
}

cib_rx_table *cib_rx_table_new(const cib_rx_tree *tree)
{
	automaton a = {.sets = tree->sets};
	uint16_t end = add(&a, (place){.kind = ACCEPT});
	uint16_t start = build(&a, tree->root, end);
	cib_rx_table *d = NULL;
	if (!a.too_large) {
		subset s = {.a = &a, .start = start};
		d = cib_alloc(sizeof *d);
		byte_classes(&a, d);
		d->table = cib_alloc(MAX_STATES * d->class_count * sizeof *d->table);
		d->accept = cib_alloc(MAX_STATES);
		s.dfa = d;
		s.sets = cib_alloc(MAX_STATES * sizeof *s.sets);
		s.mark = cib_alloc(a.count);
		s.stack = cib_alloc((a.count * 2 + 2) * sizeof *s.stack);
		s.members = cib_alloc((a.count + 1) * sizeof *s.members);
		bool ok = fill(&s);
		for (size_t i = 0; i < d->state_count; i++)
			free(s.sets[i]);
		free(s.sets);
		free(s.mark);
		free(s.stack);
		free(s.members);
		if (ok) {
			d->table = cib_realloc(d->table, d->state_count * d->class_count * sizeof *d->table);
			d->accept = cib_realloc(d->accept, d->state_count);
		} else {
			cib_rx_table_free(d);
			d = NULL;
		}
	}
	free(a.places);
	return d;
}

bool cib_rx_table_match(const cib_rx_table *d, const char *text, size_t len)
{
	const uint16_t *table = d->table;
	const uint8_t *accept = d->accept;
	size_t classes = d->class_count, state = 0;
	for (const unsigned char *p = (const unsigned char *)text, *end = p + len; p < end; p++) {
		if (accept[state] == 2)
			return true;
		state = table[state * classes + d->classes[*p]];
	}
	return accept[state] != 0;
}

void cib_rx_table_free(cib_rx_table *d)
{
	if (!d)
		return;
	free(d->table);
	free(d->accept);
	free(d);
}
