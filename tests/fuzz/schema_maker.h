/* Schemas and instances as JSON text, each byte of the fuzzer's data a choice: so that most of what is tried is a schema, and
 * every keyword meets every other. When the data is used up, the smallest choice is taken. */
#ifndef CIB_SCHEMA_MAKER_H
#define CIB_SCHEMA_MAKER_H

#include "schema/schema.h"

#include <string.h>

typedef struct {
	const uint8_t *data;
	size_t left;
	cib_buf *out;
} maker;

static inline size_t pick(maker *m, size_t n)
{
	if (m->left == 0)
		return 0;
	m->left--;
	return *m->data++ % n;
}

#define PICK_OF(m, list) (list)[pick(m, sizeof(list) / sizeof *(list))]

static inline void make_name(maker *m)
{
	static const char *const names[] = {"a", "b", "c", "", "a/b", "a~b", "\xC3\xA9", "$ref", "aa", "x-1"};
	const char *name = PICK_OF(m, names);
	cib_json_write_string(m->out, name, strlen(name));
}

static inline void make_scalar(maker *m)
{
	static const char *const values[] = {"null", "true", "false", "0", "1", "-1", "1.0", "1.5", "0.07", "1e2", "-0", "1e400", "1e-400", "12345678901234567890123", "9007199254740993", "\"\"", "\"a\"", "\"ab\"", "\"\xC3\xA9\"", "\"\xF0\x9F\x92\xA9\"",
	                                     "\"2024-02-29\"", "\"P1D\"", "\"a@b\"", "\"http://a/b\"", "\"1.2.3.4\"", "\"::1\"", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac\""};
	cib_buf_adds(m->out, PICK_OF(m, values));
}

static inline void make_instance(maker *m, int depth)
{
	size_t kind = depth > 0 ? pick(m, 4) : 0, n = kind > 1 ? pick(m, 5) : 0;
	bool used[10] = {false};
	if (kind <= 1) {
		make_scalar(m);
		return;
	}
	cib_buf_addc(m->out, kind == 2 ? '[' : '{');
	for (size_t i = 0, told = 0; i < n; i++) {
		if (kind == 3) {
			static const char *const names[] = {"\"a\"", "\"b\"", "\"c\"", "\"\"", "\"a/b\"", "\"a~b\"", "\"\xC3\xA9\"", "\"$ref\"", "\"aa\"", "\"x-1\""};
			size_t name = pick(m, 10);
			if (used[name])
				continue;
			used[name] = true;
			cib_buf_addf(m->out, "%s%s:", told++ ? "," : "", names[name]);
		} else if (i) {
			cib_buf_addc(m->out, ',');
		}
		make_instance(m, depth - 1);
	}
	cib_buf_addc(m->out, kind == 2 ? ']' : '}');
}

static inline void make_schema(maker *m, int depth);

static inline void make_list(maker *m, int depth, void (*item)(maker *, int))
{
	cib_buf_addc(m->out, '[');
	for (size_t n = 1 + pick(m, 3), i = 0; i < n; i++) {
		if (i)
			cib_buf_addc(m->out, ',');
		item(m, depth);
	}
	cib_buf_addc(m->out, ']');
}

static inline void make_map(maker *m, int depth, const char *const *names, size_t count, void (*item)(maker *, int))
{
	size_t first = pick(m, count), n = pick(m, 4);
	cib_buf_addc(m->out, '{');
	for (size_t i = 0; i < n && i < count; i++) {
		const char *name = names[(first + i) % count];
		cib_buf_adds(m->out, i ? "," : "");
		cib_json_write_string(m->out, name, strlen(name));
		cib_buf_addc(m->out, ':');
		item(m, depth);
	}
	cib_buf_addc(m->out, '}');
}

static inline void make_names(maker *m, int depth)
{
	static const char *const lists[] = {"[]", "[\"a\"]", "[\"b\",\"c\"]", "[\"\"]", "[\"a\",\"aa\",\"a/b\"]"};
	(void)depth;
	cib_buf_adds(m->out, PICK_OF(m, lists));
}

static inline void make_value(maker *m, const char *keyword, int depth)
{
	static const char *const names[] = {"a", "b", "c", "", "a/b", "a~b", "\xC3\xA9", "$ref", "aa"};
	static const char *const patterns[] = {"^a", "b$", "^.$", "\\\\p{L}", "(a+)+$", "^(?=a)", "[^a]", "(a)\\\\1", ""};
	static const char *const refs[] = {"#", "#/$defs/a", "#/$defs/b", "#n", "r", "r#n", "http://cib.example/r", "#/properties/a", "#/allOf/0", "https://json-schema.org/draft/2020-12/schema", "#/$defs/a/$defs/b"};
	static const char *const types[] = {"null", "boolean", "integer", "number", "string", "array", "object"};
	static const char *const formats[] = {"date", "time", "date-time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri", "iri-reference", "uri-template", "json-pointer", "relative-json-pointer", "regex", "uuid", "colour"};
	static const char *const counts[] = {"0", "1", "2", "3.0", "99999999999999999999"};
	static const char *const numbers[] = {"0", "1", "-1", "0.01", "1e2", "1e400", "9007199254740993", "1e-8"};
	static const char *const divisors[] = {"1", "2", "0.01", "1e400", "1e-400", "12345678901234567890123"};
	switch (keyword[0]) {
	case 's':
		make_schema(m, depth - 1);
		break;
	case 'l':
		make_list(m, depth - 1, make_schema);
		break;
	case 'm':
		make_map(m, depth - 1, names, sizeof names / sizeof *names, make_schema);
		break;
	case 'p':
		make_map(m, depth - 1, patterns, 3, make_schema);
		break;
	case 'r':
		cib_buf_addf(m->out, "\"%s\"", PICK_OF(m, refs));
		break;
	case 't':
		cib_buf_addf(m->out, "\"%s\"", PICK_OF(m, types));
		break;
	case 'f':
		cib_buf_addf(m->out, "\"%s\"", PICK_OF(m, formats));
		break;
	case 'x':
		cib_buf_addf(m->out, "\"%s\"", PICK_OF(m, patterns));
		break;
	case 'c':
		cib_buf_adds(m->out, PICK_OF(m, counts));
		break;
	case 'n':
		cib_buf_adds(m->out, PICK_OF(m, numbers));
		break;
	case 'd':
		cib_buf_adds(m->out, PICK_OF(m, divisors));
		break;
	case 'N':
		make_names(m, 0);
		break;
	case 'D':
		make_map(m, depth, names, 3, make_names);
		break;
	case 'v':
		make_instance(m, 2);
		break;
	case 'e':
		make_list(m, 1, make_instance);
		break;
	case 'b':
		cib_buf_adds(m->out, pick(m, 2) ? "true" : "false");
		break;
	case 'i':
		cib_buf_adds(m->out, pick(m, 2) ? "\"r\"" : "\"http://cib.example/r\"");
		break;
	default:
		cib_buf_adds(m->out, "\"n\"");
		break;
	}
}

static inline void make_schema(maker *m, int depth)
{
	/* what the value is like, then the keyword */
	static const char *const keywords[] = {"ttype", "vconst", "eenum", "nminimum", "nmaximum", "nexclusiveMinimum", "nexclusiveMaximum", "dmultipleOf", "cminLength", "cmaxLength", "xpattern", "fformat",
	                                       "cminItems", "cmaxItems", "buniqueItems", "cminContains", "cmaxContains", "cminProperties", "cmaxProperties", "Nrequired", "DdependentRequired", "r$ref", "r$dynamicRef", "a$anchor", "a$dynamicAnchor", "i$id",
	                                       "sitems", "scontains", "sadditionalProperties", "spropertyNames", "sunevaluatedItems", "sunevaluatedProperties", "snot", "sif", "sthen", "selse", "lprefixItems", "lallOf", "lanyOf", "loneOf", "mproperties", "m$defs",
	                                       "mdependentSchemas", "ppatternProperties"};
	enum { ALL = sizeof keywords / sizeof *keywords,
	       SIMPLE = 26 };
	bool used[ALL] = {false};
	size_t n = depth > -2 ? pick(m, 6) : 0, told = 0;
	if (n == 0) {
		cib_buf_adds(m->out, pick(m, 5) == 1 ? "false" : "true");
		return;
	}
	cib_buf_addc(m->out, '{');
	while (n-- > 0) {
		size_t k = pick(m, depth > 0 ? ALL : SIMPLE);
		if (used[k])
			continue;
		used[k] = true;
		cib_buf_addf(m->out, "%s\"%s\":", told++ ? "," : "", keywords[k] + 1);
		make_value(m, keywords[k], depth);
	}
	cib_buf_addc(m->out, '}');
}

#endif
