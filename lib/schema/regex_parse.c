/* The grammar of regular expressions: ECMA-262, section 22.2.1, with the parameters UnicodeMode and NamedCaptureGroups. */
#include "schema/regex_private.h"

#include <stdlib.h>
#include <utf8proc.h>

typedef struct {
	const char *name;
	size_t len;
	unsigned group;
} group_name;

typedef struct {
	cib_rx_tree *tree;
	const char *begin, *p, *end;
	cib_error *err;
	int depth;
	unsigned largest_reference;
	cib_rx_node *named_references; /* a list by `child` */
	group_name *names;
	size_t name_count, name_cap;
} parser;

static const char syntax_characters[] = "^$\\.*+?()[]{}|";

static bool fail(parser *ps, const char *at, const char *why)
{
	size_t place = cib_utf8_length(ps->begin, (size_t)(at - ps->begin)) + 1;
	size_t shown = (size_t)(ps->end - ps->begin);
	if (shown > 200)
		for (shown = 200; shown && (ps->begin[shown] & 0xC0) == 0x80;)
			shown--;
	cib_error_set(ps->err, CIB_FINDINGS, "schema.pattern", "\"%.*s\" is not a regular expression of ECMA-262: %s, at its character %zu",
	              (int)shown, ps->begin, why, place);
	return false;
}

static cib_rx_node *new_node(parser *ps, cib_rx_kind kind)
{
	cib_rx_node *n = cib_arena_alloc(&ps->tree->arena, sizeof *n);
	memset(n, 0, sizeof *n);
	n->kind = kind;
	return n;
}

static bool take(parser *ps, const char *text)
{
	size_t n = strlen(text);
	if ((size_t)(ps->end - ps->p) < n || memcmp(ps->p, text, n) != 0)
		return false;
	ps->p += n;
	return true;
}

static bool at(const parser *ps, char c)
{
	return ps->p < ps->end && *ps->p == c;
}

static cib_rx_set *new_set(parser *ps, size_t *index)
{
	cib_rx_tree *t = ps->tree;
	t->sets = cib_grow(t->sets, &t->set_cap, t->set_count + 1, sizeof *t->sets);
	*index = t->set_count++;
	memset(&t->sets[*index], 0, sizeof *t->sets);
	return &t->sets[*index];
}

/* ---- escapes ---- */

static bool hex_digits(parser *ps, int n, uint32_t *out)
{
	*out = 0;
	if (ps->end - ps->p < n)
		return false;
	for (int i = 0; i < n; i++) {
		char c = ps->p[i];
		if (!cib_is_hex(c))
			return false;
		*out = *out << 4 | (uint32_t)(cib_is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	ps->p += n;
	return true;
}

/* What follows \u: four digits, two times four for a surrogate pair, or a code point in braces. */
static bool unicode_escape(parser *ps, uint32_t *c)
{
	const char *start = ps->p;
	if (take(ps, "{")) {
		uint32_t digit;
		const char *first = ps->p;
		for (*c = 0; hex_digits(ps, 1, &digit);) {
			*c = *c << 4 | digit;
			if (*c > CIB_RX_LAST_CHAR)
				return fail(ps, start, "there are code points to 10FFFF only");
		}
		return (ps->p > first && take(ps, "}")) || fail(ps, start, "\\u{ is followed by hexadecimal digits and }");
	}
	if (!hex_digits(ps, 4, c))
		return fail(ps, start, "\\u is followed by four hexadecimal digits, or by {digits}");
	uint32_t low;
	const char *second = ps->p;
	if (*c >= 0xD800 && *c <= 0xDBFF && take(ps, "\\u") && hex_digits(ps, 4, &low) && low >= 0xDC00 && low <= 0xDFFF)
		*c = 0x10000 + ((*c - 0xD800) << 10) + (low - 0xDC00);
	else
		ps->p = second;
	return true;
}

/* CharacterEscape, behind the backslash. */
static bool character_escape(parser *ps, uint32_t *c)
{
	static const char names[] = "fnrtv", values[] = "\f\n\r\t\v";
	const char *start = ps->p, *known;
	char e = ps->p < ps->end ? *ps->p++ : '\0';
	if (e && (known = strchr(names, e))) {
		*c = (uint32_t)values[known - names];
		return true;
	}
	if (e == 'c') {
		if (ps->p == ps->end || !cib_is_alpha(*ps->p))
			return fail(ps, start - 1, "\\c is followed by a letter");
		*c = (uint32_t)(*ps->p++ & 31);
		return true;
	}
	if (e == '0') {
		*c = 0;
		return (ps->p == ps->end || !cib_is_digit(*ps->p)) || fail(ps, start - 1, "there are no octal escapes");
	}
	if (e == 'x')
		return hex_digits(ps, 2, c) || fail(ps, start - 1, "\\x is followed by two hexadecimal digits");
	if (e == 'u')
		return unicode_escape(ps, c);
	if (e && (e == '/' || strchr(syntax_characters, e))) {
		*c = (uint32_t)e;
		return true;
	}
	return fail(ps, start - 1, start == ps->end ? "it ends with a backslash" : "there is no such escape");
}

/* White space and line terminators of ECMA-262. */
static const cib_rx_range spaces[] = {{0x09, 0x0D}, {0x20, 0x20}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}};
static const cib_rx_range digits[] = {{'0', '9'}};
static const cib_rx_range words[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
static const cib_rx_range line_ends[] = {{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}};

static void add_ranges(cib_rx_set *set, const cib_rx_range *ranges, size_t n, bool complement)
{
	uint32_t from = 0;
	for (size_t i = 0; i < n; i++) {
		if (!complement)
			cib_rx_add_range(set, ranges[i].first, ranges[i].last);
		else if (ranges[i].first > from)
			cib_rx_add_range(set, from, ranges[i].first - 1);
		from = ranges[i].last + 1;
	}
	if (complement)
		cib_rx_add_range(set, from, CIB_RX_LAST_CHAR);
}

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* CharacterClassEscape, behind the backslash. *found: was it one? */
static bool class_escape(parser *ps, cib_rx_set *set, bool *found)
{
	const char *start = ps->p;
	*found = ps->p < ps->end && *ps->p && strchr("dDsSwWpP", *ps->p);
	if (!*found)
		return true;
	char e = *ps->p++;
	if ((e | 0x20) == 'd')
		add_ranges(set, digits, COUNT(digits), e == 'D');
	else if ((e | 0x20) == 's')
		add_ranges(set, spaces, COUNT(spaces), e == 'S');
	else if ((e | 0x20) == 'w')
		add_ranges(set, words, COUNT(words), e == 'W');
	else {
		const char *name = ps->p + 1, *close = at(ps, '{') ? memchr(name, '}', (size_t)(ps->end - name)) : NULL;
		if (!close || !cib_rx_add_property(set, name, (size_t)(close - name), e == 'P'))
			return fail(ps, start - 1, close ? "there is no such property of characters" : "\\p is followed by a property in braces");
		ps->p = close + 1;
	}
	return true;
}

/* ---- classes ---- */

/* ClassAtom: one character in *c, or a whole class added to the set. */
static bool class_atom(parser *ps, cib_rx_set *set, uint32_t *c, bool *whole)
{
	const char *start = ps->p;
	*whole = false;
	if (take(ps, "\\")) {
		if (take(ps, "b")) {
			*c = '\b';
			return true;
		}
		if (take(ps, "-")) {
			*c = '-';
			return true;
		}
		return class_escape(ps, set, whole) && (*whole || character_escape(ps, c));
	}
	*c = cib_next_char(&ps->p, ps->end);
	return *c != CIB_NO_CHAR || fail(ps, start, "this is not UTF-8");
}

/* Behind the opening bracket. */
static bool character_class(parser *ps, cib_rx_node **out)
{
	const char *open = ps->p - 1;
	cib_rx_node *n = new_node(ps, CIB_RX_SET);
	cib_rx_set *set = new_set(ps, &n->set);
	set->negated = take(ps, "^");
	while (!at(ps, ']')) {
		const char *start = ps->p;
		uint32_t first = 0, last = 0;
		bool first_whole, last_whole = false;
		if (ps->p == ps->end)
			return fail(ps, open, "this class has no closing bracket");
		if (!class_atom(ps, set, &first, &first_whole))
			return false;
		last = first;
		if (at(ps, '-') && ps->end - ps->p > 1 && ps->p[1] != ']') {
			ps->p++;
			if (!class_atom(ps, set, &last, &last_whole))
				return false;
			if (first_whole || last_whole)
				return fail(ps, start, "a range goes from one character to another, not to a class");
			if (first > last)
				return fail(ps, start, "this range goes backwards");
		}
		if (!first_whole)
			cib_rx_add_range(set, first, last);
	}
	ps->p++;
	*out = n;
	return true;
}

/* ---- groups ---- */

/* ID_Start and ID_Continue of Unicode (UAX 31), by general category and the few that it names besides. */
static bool identifier_char(uint32_t c, bool first)
{
	if (c < 0x80)
		return cib_is_alpha((char)c) || c == '$' || c == '_' || (!first && cib_is_digit((char)c));
	if (c == CIB_NO_CHAR || c == 0x2E2F)
		return false;
	utf8proc_category_t kind = utf8proc_category((utf8proc_int32_t)c);
	if ((kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO) || kind == UTF8PROC_CATEGORY_NL || c == 0x2118 || c == 0x212E || c == 0x309B || c == 0x309C)
		return true;
	return !first && (kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_MC || kind == UTF8PROC_CATEGORY_ND || kind == UTF8PROC_CATEGORY_PC || c == 0xB7 || c == 0x387 ||
	                  (c >= 0x1369 && c <= 0x1371) || c == 0x19DA || c == 0x200C || c == 0x200D);
}

/* RegExpIdentifierName and ">"; the name with its escapes resolved. */
static bool group_identifier(parser *ps, const char **name, size_t *len)
{
	const char *start = ps->p, *close = memchr(start, '>', (size_t)(ps->end - start));
	if (!close)
		return fail(ps, start, "a name of a group stands between < and >");
	char *out = cib_arena_alloc(&ps->tree->arena, (size_t)(close - start) + 4);
	*name = out;
	while (ps->p < close) {
		const char *here = ps->p;
		uint32_t c = cib_next_char(&ps->p, ps->end);
		if (c == '\\' && !(take(ps, "u") && unicode_escape(ps, &c)))
			return fail(ps, here, "a name of a group is an identifier");
		if (!identifier_char(c, here == start))
			return fail(ps, here, "a name of a group is an identifier");
		out += utf8proc_encode_char((utf8proc_int32_t)c, (utf8proc_uint8_t *)out);
	}
	*len = (size_t)(out - *name);
	return (*len && take(ps, ">")) || fail(ps, start, "a name of a group stands between < and >");
}

static bool name_group(parser *ps, unsigned group)
{
	const char *start = ps->p;
	group_name n = {.group = group};
	if (!group_identifier(ps, &n.name, &n.len))
		return false;
	for (size_t i = 0; i < ps->name_count; i++)
		if (n.name && ps->names[i].len == n.len && memcmp(ps->names[i].name, n.name, n.len) == 0)
			return fail(ps, start, "two groups have this name");
	ps->names = cib_grow(ps->names, &ps->name_cap, ps->name_count + 1, sizeof *ps->names);
	ps->names[ps->name_count++] = n;
	return true;
}

static bool disjunction(parser *ps, cib_rx_node **out);

static bool close_group(parser *ps, const char *open, cib_rx_node **out)
{
	return disjunction(ps, out) && (take(ps, ")") || fail(ps, open, "this parenthesis is not closed"));
}

/* Behind the opening parenthesis. *assertion: it is one, and takes no quantifier. */
static bool group(parser *ps, cib_rx_node **out, bool *assertion)
{
	const char *open = ps->p - 1;
	cib_rx_node *n;
	if (take(ps, "?:"))
		return close_group(ps, open, out);
	bool ahead = take(ps, "?="), not_ahead = !ahead && take(ps, "?!"), behind = take(ps, "?<="), not_behind = !behind && take(ps, "?<!");
	if (ahead || not_ahead || behind || not_behind) {
		*assertion = true;
		n = new_node(ps, CIB_RX_LOOK);
		n->behind = behind || not_behind;
		n->negative = not_ahead || not_behind;
	} else {
		n = new_node(ps, CIB_RX_GROUP);
		n->group = ps->tree->groups++;
		if (take(ps, "?<")) {
			if (!name_group(ps, n->group))
				return false;
		} else if (at(ps, '?')) {
			return fail(ps, open, "there is no such group; there are (?:, (?=, (?!, (?<=, (?<! and (?<name>");
		}
	}
	*out = n;
	return close_group(ps, open, &n->child);
}

/* Behind the backslash: \1 or \k<name>. *found: was it one? */
static bool back_reference(parser *ps, cib_rx_node **out, bool *found)
{
	*found = ps->p < ps->end && (*ps->p == 'k' || (*ps->p >= '1' && *ps->p <= '9'));
	if (!*found)
		return true;
	cib_rx_node *n = *out = new_node(ps, CIB_RX_BACK_REFERENCE);
	ps->tree->back_reference = true;
	if (take(ps, "k")) {
		if (!take(ps, "<"))
			return fail(ps, ps->p - 2, "\\k is followed by the name of a group: \\k<name>");
		n->child = ps->named_references;
		ps->named_references = n;
		return group_identifier(ps, &n->name, &n->name_len);
	}
	while (ps->p < ps->end && cib_is_digit(*ps->p) && n->group < CIB_RX_MAX_PATTERN)
		n->group = n->group * 10 + (unsigned)(*ps->p++ - '0');
	if (n->group > ps->largest_reference)
		ps->largest_reference = n->group;
	return true;
}

/* ---- terms ---- */

static bool atom_escape(parser *ps, cib_rx_node **out)
{
	bool found;
	size_t index;
	if (!back_reference(ps, out, &found))
		return false;
	if (found)
		return true;
	if (ps->p < ps->end && *ps->p && strchr("dDsSwWpP", *ps->p)) {
		cib_rx_set *set = new_set(ps, &index);
		*out = new_node(ps, CIB_RX_SET);
		(*out)->set = index;
		return class_escape(ps, set, &found);
	}
	*out = new_node(ps, CIB_RX_CHAR);
	return character_escape(ps, &(*out)->c);
}

/* One Assertion or Atom. */
static bool atom(parser *ps, cib_rx_node **out, bool *assertion)
{
	const char *start = ps->p;
	*assertion = true;
	if (take(ps, "^"))
		*out = new_node(ps, CIB_RX_BEGIN);
	else if (take(ps, "$"))
		*out = new_node(ps, CIB_RX_END);
	else if (take(ps, "\\b"))
		*out = new_node(ps, CIB_RX_WORD_BOUNDARY);
	else if (take(ps, "\\B"))
		*out = new_node(ps, CIB_RX_NO_WORD_BOUNDARY);
	else {
		*assertion = false;
		if (take(ps, "("))
			return group(ps, out, assertion);
		if (take(ps, "["))
			return character_class(ps, out);
		if (take(ps, "\\"))
			return atom_escape(ps, out);
		if (take(ps, ".")) {
			*out = new_node(ps, CIB_RX_SET);
			add_ranges(new_set(ps, &(*out)->set), line_ends, COUNT(line_ends), true);
			return true;
		}
		if (*ps->p && strchr(syntax_characters, *ps->p))
			return fail(ps, start, strchr("*+?{", *ps->p) ? "there is nothing to repeat" : "this character needs a backslash");
		*out = new_node(ps, CIB_RX_CHAR);
		(*out)->c = cib_next_char(&ps->p, ps->end);
		return (*out)->c != CIB_NO_CHAR || fail(ps, start, "this is not UTF-8");
	}
	return true;
}

/* A count; larger ones than any text is long are as good as unbounded. */
static bool count(parser *ps, uint32_t *out)
{
	const char *first = ps->p;
	uint64_t n = 0;
	while (ps->p < ps->end && cib_is_digit(*ps->p)) {
		n = n * 10 + (uint64_t)(*ps->p++ - '0');
		if (n >= CIB_RX_UNBOUNDED)
			n = CIB_RX_UNBOUNDED - 1;
	}
	*out = (uint32_t)n;
	return ps->p > first;
}

static bool quantifier(parser *ps, uint32_t *min, uint32_t *max, bool *found)
{
	const char *start = ps->p;
	*found = true;
	*max = CIB_RX_UNBOUNDED;
	if (take(ps, "*")) {
		*min = 0;
	} else if (take(ps, "+")) {
		*min = 1;
	} else if (take(ps, "?")) {
		*min = 0;
		*max = 1;
	} else if (take(ps, "{")) {
		if (!count(ps, min))
			return fail(ps, start, "{ is followed by a number, or needs a backslash");
		if (!take(ps, ","))
			*max = *min;
		else if (!at(ps, '}') && !count(ps, max))
			return fail(ps, start, "a repetition is written {2}, {2,} or {2,5}");
		if (!take(ps, "}"))
			return fail(ps, start, "a repetition is written {2}, {2,} or {2,5}");
		if (*min > *max)
			return fail(ps, start, "the larger number stands first");
	} else {
		*found = false;
	}
	return true;
}

static bool term(parser *ps, cib_rx_node **out)
{
	bool assertion, found;
	unsigned first_group = ps->tree->groups;
	uint32_t min, max;
	const char *start;
	if (!atom(ps, out, &assertion))
		return false;
	start = ps->p;
	if (!quantifier(ps, &min, &max, &found))
		return false;
	if (!found)
		return true;
	if (assertion)
		return fail(ps, start, "an assertion cannot be repeated");
	cib_rx_node *n = new_node(ps, CIB_RX_REPEAT);
	n->child = *out;
	n->min = min;
	n->max = max;
	n->lazy = take(ps, "?");
	n->group = first_group;
	n->last_group = ps->tree->groups;
	*out = n;
	return true;
}

static bool alternative(parser *ps, cib_rx_node **out)
{
	cib_rx_node *sequence = NULL, **last = &sequence;
	while (ps->p < ps->end && *ps->p != '|' && *ps->p != ')') {
		if (!term(ps, last))
			return false;
		last = &(*last)->next;
	}
	if (sequence && !sequence->next) {
		*out = sequence;
		return true;
	}
	*out = new_node(ps, sequence ? CIB_RX_SEQUENCE : CIB_RX_EMPTY);
	(*out)->child = sequence;
	return true;
}

static bool disjunction(parser *ps, cib_rx_node **out)
{
	if (++ps->depth > CIB_RX_MAX_DEPTH)
		return fail(ps, ps->p, "its groups are nested too deeply");
	if (!alternative(ps, out))
		return false;
	if (at(ps, '|')) {
		cib_rx_node *choice = new_node(ps, CIB_RX_CHOICE), **last = &(*out)->next;
		choice->child = *out;
		*out = choice;
		while (take(ps, "|")) {
			if (!alternative(ps, last))
				return false;
			last = &(*last)->next;
		}
	}
	ps->depth--;
	return true;
}

static bool resolve_references(parser *ps)
{
	if (ps->largest_reference >= ps->tree->groups)
		return fail(ps, ps->end, "a back reference names a group that is not there");
	for (cib_rx_node *n = ps->named_references, *next; n; n = next) {
		next = n->child;
		n->child = NULL;
		for (size_t i = 0; i < ps->name_count && !n->group; i++)
			if (ps->names[i].len == n->name_len && memcmp(ps->names[i].name, n->name, n->name_len) == 0)
				n->group = ps->names[i].group;
		if (!n->group)
			return fail(ps, ps->end, "a back reference names a group that is not there");
	}
	return true;
}

int cib_rx_parse(cib_rx_tree *out, const char *pattern, size_t len, cib_error *err)
{
	*out = (cib_rx_tree){.groups = 1};
	parser ps = {.tree = out, .begin = pattern, .p = pattern, .end = pattern + len, .err = err};
	bool ok = len <= CIB_RX_MAX_PATTERN || fail(&ps, pattern, "it is longer than 64 KB");
	ok = ok && disjunction(&ps, &out->root);
	if (ok && ps.p < ps.end)
		ok = fail(&ps, ps.p, "this parenthesis was not opened");
	ok = ok && resolve_references(&ps);
	free(ps.names);
	if (!ok)
		cib_rx_tree_free(out);
	return ok ? CIB_OK : CIB_FINDINGS;
}

void cib_rx_tree_free(cib_rx_tree *tree)
{
	cib_rx_sets_free(tree->sets, tree->set_count);
	cib_arena_free(&tree->arena);
	*tree = (cib_rx_tree){0};
}
