/* From the tree to PCRE2's dialect, and how much work PCRE2 could make of it.
 *
 * Groups do not capture there: what needs captures (back references) goes to the own matcher. */
#include "schema/regex_private.h"

enum { PCRE_MAX_REPEAT = 65535 };

static void add_char(cib_buf *out, uint32_t c)
{
	if (c < 0x80 && cib_is_alnum((char)c))
		cib_buf_addc(out, (char)c);
	else
		cib_buf_addf(out, "\\x{%x}", c);
}

static void add_range(cib_buf *out, uint32_t first, uint32_t last)
{
	add_char(out, first);
	if (last > first) {
		cib_buf_addc(out, '-');
		add_char(out, last);
	}
}

/* Surrogates are no characters of a text, and PCRE2 refuses them. */
static bool add_set(cib_buf *out, const cib_rx_set *set)
{
	cib_buf items = CIB_BUF_INIT;
	bool exact = true;
	for (size_t i = 0; i < set->range_count; i++) {
		uint32_t first = set->ranges[i].first, last = set->ranges[i].last;
		if (first < 0xD800)
			add_range(&items, first, last < 0xD800 ? last : 0xD7FF);
		if (last > 0xDFFF)
			add_range(&items, first > 0xDFFF ? first : 0xE000, last);
	}
	for (size_t i = 0; i < set->property_count; i++) {
		exact = exact && *set->properties[i].text;
		cib_buf_addf(&items, "\\%c{%s}", set->properties[i].negated ? 'P' : 'p', set->properties[i].text);
	}
	if (items.len)
		cib_buf_addf(out, set->negated ? "[^%s]" : "[%s]", items.data);
	else
		cib_buf_adds(out, set->negated ? "(?s:.)" : "(?!)");
	cib_buf_free(&items);
	return exact;
}

static bool add_node(cib_buf *out, const cib_rx_tree *tree, const cib_rx_node *n);

/* A list of nodes, one after the other or with bars between them. */
static bool add_list(cib_buf *out, const cib_rx_tree *tree, const cib_rx_node *n, const char *between)
{
	for (; n; n = n->next) {
		if (!add_node(out, tree, n))
			return false;
		if (n->next)
			cib_buf_adds(out, between);
	}
	return true;
}

static bool add_group(cib_buf *out, const cib_rx_tree *tree, const cib_rx_node *n, const char *open)
{
	cib_buf_adds(out, open);
	bool ok = add_node(out, tree, n);
	cib_buf_addc(out, ')');
	return ok;
}

static bool add_repeat(cib_buf *out, const cib_rx_tree *tree, const cib_rx_node *n)
{
	bool single = n->child->kind == CIB_RX_CHAR || n->child->kind == CIB_RX_SET;
	if (n->max == 0) /* not written down: with x{0} PCRE2 10.42 misjudges how long a match is at least */
		return true;
	if (n->min > PCRE_MAX_REPEAT || (n->max != CIB_RX_UNBOUNDED && n->max > PCRE_MAX_REPEAT))
		return false;
	if (!(single ? add_node(out, tree, n->child) : add_group(out, tree, n->child, "(?:")))
		return false;
	if (n->max == CIB_RX_UNBOUNDED && n->min < 2)
		cib_buf_addc(out, n->min ? '+' : '*');
	else if (n->max == CIB_RX_UNBOUNDED)
		cib_buf_addf(out, "{%u,}", n->min);
	else
		cib_buf_addf(out, "{%u,%u}", n->min, n->max);
	if (n->lazy)
		cib_buf_addc(out, '?');
	return true;
}

static bool add_node(cib_buf *out, const cib_rx_tree *tree, const cib_rx_node *n)
{
	switch (n->kind) {
	case CIB_RX_EMPTY:
		return true;
	case CIB_RX_CHAR:
		if (n->c >= 0xD800 && n->c <= 0xDFFF)
			cib_buf_adds(out, "(?!)");
		else
			add_char(out, n->c);
		return true;
	case CIB_RX_SET:
		return add_set(out, &tree->sets[n->set]);
	case CIB_RX_SEQUENCE:
		return add_list(out, tree, n->child, "");
	case CIB_RX_CHOICE:
		cib_buf_adds(out, "(?:");
		if (!add_list(out, tree, n->child, "|"))
			return false;
		cib_buf_addc(out, ')');
		return true;
	case CIB_RX_GROUP:
		return add_group(out, tree, n->child, "(?:");
	case CIB_RX_REPEAT:
		return add_repeat(out, tree, n);
	case CIB_RX_BACK_REFERENCE:
		return false;
	case CIB_RX_BEGIN:
		cib_buf_adds(out, "\\A");
		return true;
	case CIB_RX_END:
		cib_buf_adds(out, "\\z");
		return true;
	case CIB_RX_WORD_BOUNDARY:
		cib_buf_adds(out, "\\b");
		return true;
	case CIB_RX_NO_WORD_BOUNDARY:
		cib_buf_adds(out, "\\B");
		return true;
	case CIB_RX_LOOK:
		return add_group(out, tree, n->child, n->behind ? n->negative ? "(?<!" : "(?<=" : n->negative ? "(?!"
		                                                                                              : "(?=");
	}
	return false;
}

bool cib_rx_to_pcre(cib_buf *out, const cib_rx_tree *tree)
{
	return add_node(out, tree, tree->root);
}

bool cib_rx_is_anchored(const cib_rx_node *n)
{
	if (n->kind == CIB_RX_CHOICE) {
		for (n = n->child; n && cib_rx_is_anchored(n); n = n->next)
			;
		return !n;
	}
	return n->kind == CIB_RX_BEGIN || ((n->kind == CIB_RX_SEQUENCE || n->kind == CIB_RX_GROUP) && cib_rx_is_anchored(n->child));
}

/* ---- how much work ---- */

/* What a match can cost: PCRE2 counts rounds of groups and choices against its limit, but not the characters that
 * a repeat of one takes or gives back: these multiply, by the text's length each when they have no bound. */
typedef struct {
	double factor;
	unsigned power; /* of the text's length */
	bool counted;   /* there are groups that are repeated, or choices */
} work;

static void add_work(work *w, const cib_rx_node *n, unsigned copies)
{
	if (n->kind == CIB_RX_REPEAT) {
		bool single = n->child->kind == CIB_RX_CHAR || n->child->kind == CIB_RX_SET;
		if (single && n->max == CIB_RX_UNBOUNDED)
			w->power += copies;
		for (unsigned i = 0; single && n->max != CIB_RX_UNBOUNDED && i < copies; i++)
			w->factor *= (double)(n->max - n->min) + 1;
		if (!single) {
			unsigned rounds = n->max == CIB_RX_UNBOUNDED ? n->min : n->max;
			w->counted = true;
			copies *= rounds < 1 ? 1 : rounds < 8 ? rounds
			                                      : 8;
			add_work(w, n->child, copies < 64 ? copies : 64);
		}
		return;
	}
	w->counted = w->counted || n->kind == CIB_RX_CHOICE;
	for (const cib_rx_node *item = n->child; item; item = item->next)
		add_work(w, item, copies);
}

size_t cib_rx_pcre_length(const cib_rx_tree *tree, uint32_t limit)
{
	static const double most = 8e6; /* steps of the JIT's code: a few milliseconds */
	work w = {.factor = 1};
	add_work(&w, tree->root, 1);
	if (w.power == 0)
		w.power = 1;
	if (!cib_rx_is_anchored(tree->root))
		w.power++;
	double each = w.factor * (w.counted ? limit : 1);
	for (size_t length = 1;; length *= 2) {
		double all = each;
		for (unsigned i = 0; i < w.power && all <= most; i++)
			all *= (double)length * 2;
		if (all > most)
			return length > 1 ? length : 0;
	}
}
