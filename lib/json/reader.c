/* The strict reader: RFC 8259 and I-JSON (RFC 7493) into cJSON's tree, in one pass over the bytes.
 *
 * Two allocators, one reader: the heap (a tree to change and to free with cJSON_Delete) and an arena
 * (several times faster, read only). Objects remember nothing but their list; to find duplicates, small
 * objects compare names pairwise and large ones are sorted when they end, so no input is quadratic
 * (a table of hashes would be, for names that were chosen to collide). Names in ascending order, as the
 * canonical form has them, cost one comparison each. */
#include "json/private.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	DEFAULT_DEPTH = 1000,
	LARGEST_DEPTH = 5000, /* what the stack carries, with the sanitizers too */
	PAIRWISE = 16,
};

typedef struct {
	const char *begin, *end, *at;
	cib_arena *arena; /* NULL: the heap */
	cib_error *err;
	size_t depth, max_depth, nodes, max_nodes, max_string;
	bool nul;
	cib_buf scratch; /* of strings with escapes */
} reader;

static int read_value(reader *r, cJSON *out);

/* ---- errors: the position is found only when it is needed ---- */

void cib_json__position(const char *begin, const char *at, size_t *line, size_t *column)
{
	*line = 1;
	*column = 1;
	for (const char *p = begin; p < at; p++) {
		if (*p == '\n') {
			++*line;
			*column = 1;
		} else if (((unsigned char)*p & 0xC0u) != 0x80u) {
			++*column;
		}
	}
}

static int fail_at(reader *r, const char *at, const char *code, const char *message)
{
	cib_error_set(r->err, CIB_FINDINGS, code, "%s", cib_gettext(message));
	if (r->err)
		cib_json__position(r->begin, at, &r->err->line, &r->err->column);
	return CIB_FINDINGS;
}

static int fail_hint(reader *r, const char *at, const char *code, const char *message, const char *hint)
{
	fail_at(r, at, code, message);
	cib_error_hint(r->err, "%s", cib_gettext(hint));
	return CIB_FINDINGS;
}

/* ---- memory ---- */

static cJSON *new_node(reader *r)
{
	cJSON *n = r->arena ? cib_arena_alloc(r->arena, sizeof *n) : cib_realloc(NULL, sizeof *n);
	memset(n, 0, sizeof *n);
	return n;
}

static char *new_string(reader *r, const char *s, size_t len)
{
	char *p = r->arena ? cib_arena_alloc(r->arena, len + 1) : cib_realloc(NULL, len + 1);
	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

/* ---- white space and what people write by mistake ---- */

static void skip_space(reader *r)
{
	const char *p = r->at;
	while (p < r->end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	r->at = p;
}

static bool begins(const reader *r, const char *p, const char *word)
{
	size_t len = strlen(word);
	return (size_t)(r->end - p) >= len && memcmp(p, word, len) == 0;
}

/* What people write instead of JSON, and what to do about it. */
static void hint_at(reader *r, const char *p, const char *wanted)
{
	static const struct {
		const char *begins, *hint;
	} habits[] = {
		{"'", N_("strings and names stand in double quotes")},
		{"/", N_("JSON has no comments; take it out")},
		{"#", N_("JSON has no comments; take it out")},
		{"NaN", N_("JSON has no NaN or Infinity; leave the field out")},
		{"Inf", N_("JSON has no NaN or Infinity; leave the field out")},
		{"None", N_("write null")},
		{"nil", N_("write null")},
		{"undefined", N_("write null, or leave the field out")},
		{"True", N_("true, false and null are written in small letters")},
		{"TRUE", N_("true, false and null are written in small letters")},
		{"False", N_("true, false and null are written in small letters")},
		{"FALSE", N_("true, false and null are written in small letters")},
		{"Null", N_("true, false and null are written in small letters")},
		{"NULL", N_("true, false and null are written in small letters")},
		{"+", N_("numbers have no plus sign")},
		{".", N_("a number begins with a digit: 0.5")},
		{"=", N_("a name and its value are parted by a colon")},
		{";", N_("values are parted by commas")},
		{"\xE2\x80\x9C", N_("these are typographic quotes; use \"")},
		{"\xE2\x80\x9D", N_("these are typographic quotes; use \"")},
		{"\xC2\xA0", N_("this is a no-break space; use an ordinary one")},
		{"\xEF\xBB\xBF", N_("this is a byte order mark; take it out")},
	};
	for (size_t i = 0; i < sizeof habits / sizeof habits[0]; i++)
		if (begins(r, p, habits[i].begins)) {
			cib_error_hint(r->err, "%s", _(habits[i].hint));
			return;
		}
	bool name = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || *p == '_';
	if (*p == '}' || *p == ']' || *p == ',')
		cib_error_hint(r->err, "is there a comma too many before it?");
	else if (name && strstr(wanted, "name"))
		cib_error_hint(r->err, "names stand in double quotes");
	else if (name || *p == '"')
		cib_error_hint(r->err, strchr(wanted, ',') || strstr(wanted, "comma") ? N_("is a comma missing before it?") : N_("text stands in double quotes"));
}

static int unexpected(reader *r, const char *wanted)
{
	const char *p = r->at;
	char message[240], shown[8];
	if (p >= r->end) {
		snprintf(message, sizeof message, _("the text ends where %s is expected"), _(wanted));
		return fail_at(r, p, "json.end", message);
	}
	unsigned char c = (unsigned char)*p;
	if (c < 0x20 || c == 0x7F)
		snprintf(message, sizeof message, _("found the control character U+%04X where %s is expected"), c, _(wanted));
	else {
		size_t n = c < 0x80 ? 1 : c >= 0xF0 ? 4
		                  : c >= 0xE0       ? 3
		                                    : 2;
		bool ok = n <= (size_t)(r->end - p) && cib_utf8_valid(p, n);
		memcpy(shown, p, ok ? n : 0);
		shown[ok ? n : 0] = '\0';
		if (!ok)
			return fail_at(r, p, "json.invalid-utf8", N_("these bytes are not valid UTF-8"));
		snprintf(message, sizeof message, _("found '%s' where %s is expected"), shown, _(wanted));
	}
	fail_at(r, p, "json.unexpected", message);
	hint_at(r, p, wanted);
	return CIB_FINDINGS;
}

/* ---- strings ---- */

static int hex4(const char *p, const char *end, unsigned *out)
{
	unsigned v = 0;
	if (end - p < 4)
		return 0;
	for (int i = 0; i < 4; i++) {
		unsigned char c = (unsigned char)p[i];
		unsigned d = c >= '0' && c <= '9' ? c - 48u : (c | 32u) >= 'a' && (c | 32u) <= 'f' ? (c | 32u) - 'a' + 10u
		                                                                                   : 99u;
		if (d == 99)
			return 0;
		v = v << 4 | d;
	}
	*out = v;
	return 1;
}

static void add_utf8(cib_buf *b, unsigned cp)
{
	char u[4];
	size_t n;
	if (cp < 0x80) {
		u[0] = (char)cp;
		n = 1;
	} else if (cp < 0x800) {
		u[0] = (char)(0xC0u | cp >> 6);
		u[1] = (char)(0x80u | (cp & 63u));
		n = 2;
	} else if (cp < 0x10000) {
		u[0] = (char)(0xE0u | cp >> 12);
		u[1] = (char)(0x80u | (cp >> 6 & 63u));
		u[2] = (char)(0x80u | (cp & 63u));
		n = 3;
	} else {
		u[0] = (char)(0xF0u | cp >> 18);
		u[1] = (char)(0x80u | (cp >> 12 & 63u));
		u[2] = (char)(0x80u | (cp >> 6 & 63u));
		u[3] = (char)(0x80u | (cp & 63u));
		n = 4;
	}
	cib_buf_add(b, u, n);
}

static int read_escape(reader *r)
{
	const char *p = r->at + 1;
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	if (p >= r->end)
		return fail_at(r, p, "json.end", N_("the text ends within a string"));
	const char *found = *p ? strchr(from, *p) : NULL;
	if (found) {
		cib_buf_addc(&r->scratch, to[found - from]);
		r->at = p + 1;
		return CIB_OK;
	}
	unsigned high, low;
	if (*p != 'u')
		return fail_hint(r, r->at, "json.escape", N_("there is no such escape"), N_("a backslash itself is written \\\\"));
	if (!hex4(p + 1, r->end, &high))
		return fail_at(r, r->at, "json.escape", N_("\\u is followed by four hexadecimal digits"));
	r->at = p + 5;
	if (high == 0) {
		if (!r->nul)
			return fail_at(r, p - 1, "json.nul", N_("the character U+0000 is not allowed in strings"));
		cib_buf_add(&r->scratch, "\xC0\x80", 2);
		return CIB_OK;
	}
	if (high >= 0xDC00 && high <= 0xDFFF)
		return fail_at(r, p - 1, "json.lone-surrogate", N_("this is the second half of a surrogate pair without its first"));
	if (high >= 0xD800 && high <= 0xDBFF) {
		if (r->end - r->at < 6 || r->at[0] != '\\' || r->at[1] != 'u' || !hex4(r->at + 2, r->end, &low) || low < 0xDC00 || low > 0xDFFF)
			return fail_at(r, p - 1, "json.lone-surrogate", N_("this is the first half of a surrogate pair without its second"));
		r->at += 6;
		high = 0x10000u + ((high - 0xD800u) << 10) + (low - 0xDC00u);
	}
	add_utf8(&r->scratch, high);
	return CIB_OK;
}

/* Length of the valid UTF-8 sequence at p (its first byte is >= 0x80), 0 when invalid. */
static size_t utf8_step(const char *s, const char *end)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t left = (size_t)(end - s);
	if (p[0] < 0xC2 || p[0] > 0xF4)
		return 0;
	if (p[0] < 0xE0)
		return left >= 2 && (p[1] & 0xC0u) == 0x80u ? 2 : 0;
	if (p[0] < 0xF0) {
		if (left < 3 || (p[1] & 0xC0u) != 0x80u || (p[2] & 0xC0u) != 0x80u)
			return 0;
		if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F))
			return 0;
		return 3;
	}
	if (left < 4 || (p[1] & 0xC0u) != 0x80u || (p[2] & 0xC0u) != 0x80u || (p[3] & 0xC0u) != 0x80u)
		return 0;
	return (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F) ? 0 : 4;
}

/* 1 for the bytes that a string may hold as they are and that need no second look. */
static const unsigned char plain[256] = {
	[0x20] = 1,
	[0x21] = 1,          /* not 0x22, the quote */
	[0x23 ... 0x5B] = 1, /* not 0x5C, the backslash */
	[0x5D ... 0x7F] = 1,
};

static int read_string(reader *r, char **out, size_t *out_len)
{
	const char *open = r->at, *start = ++r->at;
	bool escaped = false;
	for (;;) {
		const char *p = r->at;
		while (p < r->end && plain[(unsigned char)*p])
			p++;
		r->at = p;
		if (p >= r->end)
			return fail_hint(r, open, "json.end", N_("this string has no closing quote"), N_("close it with \""));
		unsigned char c = (unsigned char)*p;
		if (c == '"')
			break;
		if (c == '\\') {
			if (!escaped)
				cib_buf_clear(&r->scratch);
			cib_buf_add(&r->scratch, start, (size_t)(p - start));
			escaped = true;
			int status = read_escape(r);
			if (status != CIB_OK)
				return status;
			start = r->at;
		} else if (c < 0x20) {
			return c ? fail_hint(r, p, "json.control-character", c == '\n' ? N_("a line break within a string") : N_("a control character within a string"),
			                     N_("write it as an escape, \\n or \\t"))
			         : fail_at(r, p, "json.nul", N_("a NUL byte within a string"));
		} else {
			size_t n = utf8_step(p, r->end);
			if (!n)
				return fail_hint(r, p, "json.invalid-utf8", N_("these bytes are not valid UTF-8"), N_("save the file as UTF-8"));
			r->at = p + n;
		}
	}
	if (escaped) {
		cib_buf_add(&r->scratch, start, (size_t)(r->at - start));
		*out_len = r->scratch.len;
		start = r->scratch.data;
	} else {
		*out_len = (size_t)(r->at - start);
	}
	r->at++;
	if (r->max_string && *out_len > r->max_string)
		return fail_at(r, open, "json.string-length", N_("this string is longer than allowed"));
	*out = new_string(r, start, *out_len);
	return CIB_OK;
}

/* ---- numbers ---- */

static int read_number(reader *r, cJSON *out)
{
	const char *start = r->at, *p = start, *end = r->end;
	bool simple = true;
	if (*p == '-')
		p++;
	if (p >= end || *p < '0' || *p > '9') {
		r->at = p;
		return p < end && *p == 'I' ? unexpected(r, N_("a digit")) : fail_at(r, p, "json.number", N_("a digit is expected after the minus sign"));
	}
	if (*p == '0' && p + 1 < end && p[1] >= '0' && p[1] <= '9')
		return fail_hint(r, start, "json.number", N_("numbers have no leading zeros"), N_("a code such as 011 is a string: write \"011\""));
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	size_t digits = (size_t)(p - start);
	if (p < end && *p == '.') {
		simple = false;
		if (++p >= end || *p < '0' || *p > '9')
			return fail_at(r, p, "json.number", N_("a digit is expected after the decimal point"));
		while (p < end && *p >= '0' && *p <= '9')
			p++;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		simple = false;
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		if (p >= end || *p < '0' || *p > '9')
			return fail_at(r, p, "json.number", N_("a digit is expected in the exponent"));
		while (p < end && *p >= '0' && *p <= '9')
			p++;
	}
	out->type = cJSON_Number;
	out->valuestring = new_string(r, start, (size_t)(p - start));
	if (simple && digits <= 15) {
		long long v = 0;
		for (const char *d = start + (*start == '-'); d < p; d++)
			v = v * 10 + (*d - '0');
		out->valuedouble = *start == '-' ? -(double)v : (double)v;
	} else {
		out->valuedouble = cib_json__double(out->valuestring);
	}
	out->valueint = out->valuedouble >= INT_MAX ? INT_MAX : out->valuedouble <= INT_MIN ? INT_MIN
	                                                                                    : (int)out->valuedouble;
	r->at = p;
	return CIB_OK;
}

/* ---- objects and arrays ---- */

/* Where do the two stand? Only now is it worth looking: read this object again, name by name. */
static int duplicate(reader *r, const char *object_start, const char *name)
{
	size_t line[2] = {0}, column[2] = {0};
	int seen = 0;
	const char *second = object_start;
	cib_arena arena = CIB_ARENA_INIT;
	reader again = {.begin = r->begin, .end = r->end, .at = object_start + 1, .arena = &arena, .max_depth = r->max_depth, .nul = r->nul};
	while (seen < 2) {
		cJSON value = {0};
		char *other;
		size_t len;
		skip_space(&again);
		const char *here = again.at;
		if (here >= r->end || *here != '"' || read_string(&again, &other, &len) != CIB_OK)
			break;
		if (strcmp(other, name) == 0) {
			cib_json__position(r->begin, here, &line[seen], &column[seen]);
			second = here;
			if (++seen == 2)
				break;
		}
		skip_space(&again);
		again.at++; /* the colon */
		skip_space(&again);
		if (read_value(&again, &value) != CIB_OK)
			break;
		skip_space(&again);
		again.at++; /* the comma */
	}
	cib_buf_free(&again.scratch);
	cib_arena_free(&arena);
	cib_error_set(r->err, CIB_FINDINGS, "json.duplicate-key", "the name \"%.60s\" stands twice in this object: at %zu:%zu and at %zu:%zu",
	              name, line[0], column[0], line[1], column[1]);
	if (r->err)
		cib_json__position(r->begin, second, &r->err->line, &r->err->column);
	cib_error_hint(r->err, "keep one of the two");
	return CIB_FINDINGS;
}

/* Does an earlier member have the last one's name? Only asked of objects that are small. */
static bool stands_before(const cJSON *object, const cJSON *last)
{
	for (const cJSON *c = object->child; c != last; c = c->next)
		if (c->string[0] == last->string[0] && strcmp(c->string, last->string) == 0)
			return true;
	return false;
}

/* A name that stands twice in an object of any size, or NULL. */
static const char *find_duplicate(const cJSON *object)
{
	size_t n;
	const char *found = NULL;
	const cJSON **list = cib_json__sorted(object, &n);
	for (size_t i = 1; i < n && !found; i++)
		if (strcmp(list[i - 1]->string, list[i]->string) == 0)
			found = list[i]->string;
	free((void *)(uintptr_t)list);
	return found;
}

static void append(cJSON *parent, cJSON *node)
{
	if (!parent->child) {
		parent->child = node;
		node->prev = node;
	} else {
		cJSON *last = parent->child->prev;
		last->next = node;
		node->prev = last;
		parent->child->prev = node;
	}
}

static int read_object(reader *r, cJSON *out)
{
	const char *start = r->at++;
	size_t count = 0;
	bool ascending = true; /* then no name can stand twice */
	int status = CIB_OK;
	out->type = cJSON_Object;
	skip_space(r);
	if (r->at < r->end && *r->at == '}') {
		r->at++;
		return CIB_OK;
	}
	for (;;) {
		if (r->at >= r->end || *r->at != '"') {
			status = unexpected(r, N_("a name in double quotes"));
			break;
		}
		char *name = NULL;
		size_t len;
		if ((status = read_string(r, &name, &len)) != CIB_OK)
			break;
		cJSON *node = new_node(r);
		node->string = name;
		append(out, node);
		if (count > 0)
			ascending = ascending && strcmp(node->prev->string, name) < 0;
		if (++count <= PAIRWISE && !ascending && stands_before(out, node)) {
			status = duplicate(r, start, name);
			break;
		}
		skip_space(r);
		if (r->at >= r->end || *r->at != ':') {
			status = unexpected(r, N_("a colon"));
			break;
		}
		r->at++;
		skip_space(r);
		if ((status = read_value(r, node)) != CIB_OK)
			break;
		skip_space(r);
		if (r->at < r->end && *r->at == ',') {
			r->at++;
			skip_space(r);
			continue;
		}
		if (r->at >= r->end || *r->at != '}') {
			status = unexpected(r, N_("a comma or }"));
			break;
		}
		r->at++;
		const char *twice = ascending || count <= PAIRWISE ? NULL : find_duplicate(out);
		if (twice)
			status = duplicate(r, start, twice);
		break;
	}
	return status;
}

static int read_array(reader *r, cJSON *out)
{
	r->at++;
	out->type = cJSON_Array;
	skip_space(r);
	if (r->at < r->end && *r->at == ']') {
		r->at++;
		return CIB_OK;
	}
	for (;;) {
		cJSON *node = new_node(r);
		append(out, node);
		int status = read_value(r, node);
		if (status != CIB_OK)
			return status;
		skip_space(r);
		if (r->at < r->end && *r->at == ',') {
			r->at++;
			skip_space(r);
			continue;
		}
		if (r->at < r->end && *r->at == ']') {
			r->at++;
			return CIB_OK;
		}
		return unexpected(r, N_("a comma or ]"));
	}
}

static int read_word(reader *r, cJSON *out, const char *word, size_t len, int type)
{
	if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
		return unexpected(r, N_("a value"));
	r->at += len;
	out->type = type;
	out->valueint = type == cJSON_True;
	return CIB_OK;
}

static int read_value(reader *r, cJSON *out)
{
	if (r->max_nodes && ++r->nodes > r->max_nodes)
		return fail_at(r, r->at, "json.nodes", N_("the document has more values than allowed"));
	if (r->at >= r->end)
		return unexpected(r, N_("a value"));
	size_t len;
	int status;
	switch (*r->at) {
	case '{':
	case '[':
		if (++r->depth > r->max_depth)
			return fail_at(r, r->at, "json.depth", N_("arrays and objects are nested too deeply"));
		status = *r->at == '{' ? read_object(r, out) : read_array(r, out);
		r->depth--;
		return status;
	case '"':
		status = read_string(r, &out->valuestring, &len);
		out->type = status == CIB_OK ? cJSON_String : cJSON_NULL;
		return status;
	case 't':
		return read_word(r, out, "true", 4, cJSON_True);
	case 'f':
		return read_word(r, out, "false", 5, cJSON_False);
	case 'n':
		return read_word(r, out, "null", 4, cJSON_NULL);
	case '-':
	case '0' ... '9':
		return read_number(r, out);
	default:
		return unexpected(r, N_("a value"));
	}
}

static int read_text(cJSON **out, reader *r, const cib_json_limits *limits)
{
	r->max_depth = limits && limits->depth ? limits->depth : DEFAULT_DEPTH;
	if (r->max_depth > LARGEST_DEPTH)
		r->max_depth = LARGEST_DEPTH;
	r->max_nodes = limits ? limits->nodes : 0;
	r->max_string = limits ? limits->string_bytes : 0;
	r->nul = limits && limits->nul;
	*out = NULL;
	size_t len = (size_t)(r->end - r->begin);
	if (len >= 3 && memcmp(r->begin, "\xEF\xBB\xBF", 3) == 0)
		return fail_hint(r, r->begin, "json.bom", N_("the text begins with a byte order mark"), N_("save it as \"UTF-8\", not as \"UTF-8 with BOM\""));
	if (len >= 2 && (memcmp(r->begin, "\xFF\xFE", 2) == 0 || memcmp(r->begin, "\xFE\xFF", 2) == 0))
		return fail_hint(r, r->begin, "json.invalid-utf8", N_("the text is UTF-16"), N_("save it as UTF-8"));
	cJSON *root = new_node(r);
	skip_space(r);
	int status = read_value(r, root);
	if (status == CIB_OK) {
		skip_space(r);
		if (r->at < r->end)
			status = fail_at(r, r->at, *r->at ? "json.trailing" : "json.nul",
			                 *r->at ? N_("something follows the end of the document; a file holds one value") : N_("a NUL byte follows the end of the document"));
	}
	cib_buf_free(&r->scratch);
	if (status == CIB_OK)
		*out = root;
	else if (!r->arena)
		cJSON_Delete(root);
	return status;
}

int cib_json_read(cJSON **out, const char *text, size_t len, const cib_json_limits *limits, cib_error *err)
{
	reader r = {.begin = text, .end = text + len, .at = text, .err = err};
	return read_text(out, &r, limits);
}

int cib_json_read_arena(const cJSON **out, cib_arena *arena, const char *text, size_t len, const cib_json_limits *limits, cib_error *err)
{
	reader r = {.begin = text, .end = text + len, .at = text, .arena = arena, .err = err};
	cJSON *doc;
	int status = read_text(&doc, &r, limits);
	*out = doc;
	return status;
}

int cib_json_read_file(cJSON **out, const char *path, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	*out = NULL;
	int status = cib_file_read(&text, path, 0, err);
	if (status == CIB_OK) {
		status = cib_json_read(out, text.data, text.len, NULL, err);
		if (status != CIB_OK && err)
			snprintf(err->file, sizeof err->file, "%s", path);
	}
	cib_buf_free(&text);
	return status;
}
