/* The strict reader: RFC 8259 and I-JSON (RFC 7493) into cJSON's tree, in one pass over the bytes.
 *
 * Two allocators, one reader: the heap (a tree to change and to free with cJSON_Delete) and an arena
 * (several times faster, read only). Objects remember nothing but their list; to find duplicates, small
 * objects compare names pairwise and large ones use a table of hashes, so no input is quadratic. */
#include "json/json.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_DEPTH = 1000, PAIRWISE = 16 };

typedef struct {
	const char *begin, *end, *at;
	cib_arena *arena; /* NULL: the heap */
	cib_error *err;
	size_t depth, max_depth, nodes, max_nodes, max_string;
	cib_buf scratch; /* of strings with escapes */
} reader;

static int read_value(reader *r, cJSON *out);

/* ---- errors: the position is found only when it is needed ---- */

static void position(const char *begin, const char *at, size_t *line, size_t *column)
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
	cib_error_set(r->err, CIB_FINDINGS, code, "%s", message);
	if (r->err)
		position(r->begin, at, &r->err->line, &r->err->column);
	return CIB_FINDINGS;
}

static int fail_hint(reader *r, const char *at, const char *code, const char *message, const char *hint)
{
	fail_at(r, at, code, message);
	cib_error_hint(r->err, "%s", hint);
	return CIB_FINDINGS;
}

/* ---- memory ---- */

static cJSON *new_node(reader *r)
{
	cJSON *n = r->arena ? cib_arena_alloc(r->arena, sizeof *n) : cJSON_malloc(sizeof *n);
	if (!n)
		abort();
	memset(n, 0, sizeof *n);
	return n;
}

static char *new_string(reader *r, const char *s, size_t len)
{
	if (r->arena)
		return cib_arena_strndup(r->arena, s, len);
	char *p = cJSON_malloc(len + 1);
	if (!p)
		abort();
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

static int unexpected(reader *r, const char *wanted)
{
	const char *p = r->at;
	char message[160], shown[8];
	if (p >= r->end) {
		snprintf(message, sizeof message, "the text ends where %s is expected", wanted);
		return fail_at(r, p, "json.end", message);
	}
	unsigned char c = (unsigned char)*p;
	if (c < 0x20 || c == 0x7F)
		snprintf(message, sizeof message, "found the control character U+%04X where %s is expected", c, wanted);
	else {
		size_t n = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
		bool ok = n <= (size_t)(r->end - p) && cib_utf8_valid(p, n);
		memcpy(shown, p, ok ? n : 0);
		shown[ok ? n : 0] = '\0';
		if (!ok)
			return fail_at(r, p, "json.invalid-utf8", "these bytes are not valid UTF-8");
		snprintf(message, sizeof message, "found '%s' where %s is expected", shown, wanted);
	}
	fail_at(r, p, "json.unexpected", message);
	if (c == '\'')
		cib_error_hint(r->err, "strings stand in double quotes");
	else if (c == '/' || c == '#')
		cib_error_hint(r->err, "JSON has no comments");
	else if ((c == 'N' && r->end - p > 2 && memcmp(p, "NaN", 3) == 0) || c == 'I')
		cib_error_hint(r->err, "JSON has no NaN or Infinity; leave the field out or write a string");
	else if (c == 'T' || c == 'F')
		cib_error_hint(r->err, "true, false and null are written in small letters");
	else if ((c == '}' || c == ']') && p > r->begin)
		cib_error_hint(r->err, "is there a comma too many before it?");
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
		unsigned d = c >= '0' && c <= '9' ? c - 48u : (c | 32u) >= 'a' && (c | 32u) <= 'f' ? (c | 32u) - 'a' + 10u : 99u;
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
		return fail_at(r, p, "json.end", "the text ends within a string");
	const char *found = *p ? strchr(from, *p) : NULL;
	if (found) {
		cib_buf_addc(&r->scratch, to[found - from]);
		r->at = p + 1;
		return CIB_OK;
	}
	unsigned high, low;
	if (*p != 'u')
		return fail_hint(r, r->at, "json.escape", "there is no such escape", "a backslash itself is written \\\\");
	if (!hex4(p + 1, r->end, &high))
		return fail_at(r, r->at, "json.escape", "\\u is followed by four hexadecimal digits");
	r->at = p + 5;
	if (high == 0)
		return fail_at(r, p - 1, "json.nul", "the character U+0000 is not allowed in strings");
	if (high >= 0xDC00 && high <= 0xDFFF)
		return fail_at(r, p - 1, "json.lone-surrogate", "this is the second half of a surrogate pair without its first");
	if (high >= 0xD800 && high <= 0xDBFF) {
		if (r->end - r->at < 6 || r->at[0] != '\\' || r->at[1] != 'u' || !hex4(r->at + 2, r->end, &low) || low < 0xDC00 || low > 0xDFFF)
			return fail_at(r, p - 1, "json.lone-surrogate", "this is the first half of a surrogate pair without its second");
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
	[0x20] = 1, [0x21] = 1, /* not 0x22, the quote */
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
			return fail_hint(r, open, "json.end", "this string has no closing quote", "close it with \"");
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
			return c ? fail_hint(r, p, "json.control-character", c == '\n' ? "a line break within a string" : "a control character within a string",
			                     "write it as an escape, \\n or \\t")
			         : fail_at(r, p, "json.nul", "a NUL byte within a string");
		} else {
			size_t n = utf8_step(p, r->end);
			if (!n)
				return fail_hint(r, p, "json.invalid-utf8", "these bytes are not valid UTF-8", "save the file as UTF-8");
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
		return fail_at(r, open, "json.string-length", "this string is longer than allowed");
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
		return p < end && *p == 'I' ? unexpected(r, "a digit") : fail_at(r, p, "json.number", "a digit is expected after the minus sign");
	}
	if (*p == '0' && p + 1 < end && p[1] >= '0' && p[1] <= '9')
		return fail_hint(r, start, "json.number", "numbers have no leading zeros", "a code such as 011 is a string: write \"011\"");
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	size_t digits = (size_t)(p - start);
	if (p < end && *p == '.') {
		simple = false;
		if (++p >= end || *p < '0' || *p > '9')
			return fail_at(r, p, "json.number", "a digit is expected after the decimal point");
		while (p < end && *p >= '0' && *p <= '9')
			p++;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		simple = false;
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		if (p >= end || *p < '0' || *p > '9')
			return fail_at(r, p, "json.number", "a digit is expected in the exponent");
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
		out->valuedouble = strtod(out->valuestring, NULL); /* the process keeps LC_NUMERIC "C" */
	}
	out->valueint = out->valuedouble >= INT_MAX ? INT_MAX : out->valuedouble <= INT_MIN ? INT_MIN : (int)out->valuedouble;
	r->at = p;
	return CIB_OK;
}

/* ---- objects and arrays ---- */

/* A set of the names of one large object, by hash; made when the object outgrows pairwise comparison. */
typedef struct {
	const cJSON **slots;
	size_t size, used;
} name_set;

static size_t hash_name(const char *s)
{
	uint64_t h = 1469598103934665603u;
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return (size_t)(h ^ h >> 29);
}

/* Insert; the node that has the name already, or NULL. */
static const cJSON *set_add(name_set *set, const cJSON *node)
{
	if (set->used * 2 >= set->size) {
		name_set bigger = {cib_alloc((set->size ? set->size * 2 : 64) * sizeof *set->slots), set->size ? set->size * 2 : 64, 0};
		for (size_t i = 0; i < set->size; i++)
			if (set->slots[i])
				set_add(&bigger, set->slots[i]);
		free((void *)(uintptr_t)set->slots);
		*set = bigger;
	}
	size_t i = hash_name(node->string) & (set->size - 1);
	for (; set->slots[i]; i = (i + 1) & (set->size - 1))
		if (strcmp(set->slots[i]->string, node->string) == 0)
			return set->slots[i];
	set->slots[i] = node;
	set->used++;
	return NULL;
}

static const cJSON *find_duplicate(const cJSON *object, const cJSON *node, size_t count, name_set *set)
{
	if (count <= PAIRWISE) {
		for (const cJSON *c = object->child; c != node; c = c->next)
			if (strcmp(c->string, node->string) == 0)
				return c;
		return NULL;
	}
	if (!set->size)
		for (const cJSON *c = object->child; c != node; c = c->next)
			set_add(set, c);
	return set_add(set, node);
}

static int duplicate(reader *r, const char *object_start, const char *at, const char *name)
{
	/* Where was the first one? Only now is it worth looking: scan this object again, without depth. */
	size_t line = 0, column = 0;
	reader again = {.begin = r->begin, .end = at, .at = object_start + 1, .max_depth = r->max_depth, .scratch = CIB_BUF_INIT};
	cib_arena arena = CIB_ARENA_INIT;
	again.arena = &arena;
	for (cJSON value; again.at < at;) {
		skip_space(&again);
		const char *here = again.at;
		char *other;
		size_t len;
		again.end = r->end;
		if (here >= at || *here != '"' || read_string(&again, &other, &len) != CIB_OK)
			break;
		if (strcmp(other, name) == 0) {
			position(r->begin, here, &line, &column);
			break;
		}
		skip_space(&again);
		again.at++; /* the colon */
		skip_space(&again);
		memset(&value, 0, sizeof value);
		if (read_value(&again, &value) != CIB_OK)
			break;
		skip_space(&again);
		again.at++; /* the comma */
	}
	cib_buf_free(&again.scratch);
	cib_arena_free(&arena);
	char *message = cib_format("the name \"%.60s\" stands twice in this object, first at %zu:%zu", name, line, column);
	fail_hint(r, at, "json.duplicate-key", message, "keep one of the two");
	free(message);
	return CIB_FINDINGS;
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
	name_set set = {0};
	size_t count = 0;
	int status = CIB_OK;
	out->type = cJSON_Object;
	skip_space(r);
	if (r->at < r->end && *r->at == '}') {
		r->at++;
		return CIB_OK;
	}
	for (;;) {
		if (r->at >= r->end || *r->at != '"') {
			status = unexpected(r, "a name in double quotes");
			break;
		}
		const char *name_at = r->at;
		char *name = NULL;
		size_t len;
		if ((status = read_string(r, &name, &len)) != CIB_OK)
			break;
		cJSON *node = new_node(r);
		node->string = name;
		append(out, node);
		if (find_duplicate(out, node, ++count, &set)) {
			status = duplicate(r, start, name_at, name);
			break;
		}
		skip_space(r);
		if (r->at >= r->end || *r->at != ':') {
			status = unexpected(r, "a colon");
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
		if (r->at < r->end && *r->at == '}')
			r->at++;
		else
			status = unexpected(r, "a comma or }");
		break;
	}
	free((void *)(uintptr_t)set.slots);
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
		return unexpected(r, "a comma or ]");
	}
}

static int read_word(reader *r, cJSON *out, const char *word, size_t len, int type)
{
	if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
		return unexpected(r, "a value");
	r->at += len;
	out->type = type;
	out->valueint = type == cJSON_True;
	return CIB_OK;
}

static int read_value(reader *r, cJSON *out)
{
	if (r->max_nodes && ++r->nodes > r->max_nodes)
		return fail_at(r, r->at, "json.nodes", "the document has more values than allowed");
	if (r->at >= r->end)
		return unexpected(r, "a value");
	size_t len;
	int status;
	switch (*r->at) {
	case '{':
	case '[':
		if (++r->depth > r->max_depth)
			return fail_at(r, r->at, "json.depth", "arrays and objects are nested too deeply");
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
		return unexpected(r, "a value");
	}
}

static int read_text(cJSON **out, reader *r, const cib_json_limits *limits)
{
	r->max_depth = limits && limits->depth ? limits->depth : DEFAULT_DEPTH;
	r->max_nodes = limits ? limits->nodes : 0;
	r->max_string = limits ? limits->string_bytes : 0;
	*out = NULL;
	size_t len = (size_t)(r->end - r->begin);
	if (len >= 3 && memcmp(r->begin, "\xEF\xBB\xBF", 3) == 0)
		return fail_hint(r, r->begin, "json.bom", "the text begins with a byte order mark", "save it as \"UTF-8\", not as \"UTF-8 with BOM\"");
	if (len >= 2 && (memcmp(r->begin, "\xFF\xFE", 2) == 0 || memcmp(r->begin, "\xFE\xFF", 2) == 0))
		return fail_hint(r, r->begin, "json.invalid-utf8", "the text is UTF-16", "save it as UTF-8");
	cJSON *root = new_node(r);
	skip_space(r);
	int status = read_value(r, root);
	if (status == CIB_OK) {
		skip_space(r);
		if (r->at < r->end)
			status = fail_at(r, r->at, *r->at ? "json.trailing" : "json.nul", "something follows the end of the document");
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
