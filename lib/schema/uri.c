/* URI references (RFC 3986), and the places of a schema document that they name. */
#include "schema/private.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	const char *s;
	size_t n;
	bool has;
} part;

typedef struct {
	part scheme, authority, path, query, fragment;
} uri;

static uri split(const char *s)
{
	uri u = {0};
	size_t n = strcspn(s, ":/?#");
	if (s[n] == ':' && n > 0) {
		u.scheme = (part){s, n, true};
		s += n + 1;
	}
	if (s[0] == '/' && s[1] == '/') {
		n = strcspn(s + 2, "/?#");
		u.authority = (part){s + 2, n, true};
		s += 2 + n;
	}
	n = strcspn(s, "?#");
	u.path = (part){s, n, true};
	s += n;
	if (*s == '?') {
		n = strcspn(s + 1, "#");
		u.query = (part){s + 1, n, true};
		s += 1 + n;
	}
	if (*s == '#')
		u.fragment = (part){s + 1, strlen(s + 1), true};
	return u;
}

/* Section 5.2.4. */
static void remove_dots(char *path)
{
	char *out = path, *in = path;
	while (*in) {
		if (strncmp(in, "../", 3) == 0)
			in += 3;
		else if (strncmp(in, "./", 2) == 0)
			in += 2;
		else if (strncmp(in, "/./", 3) == 0)
			in += 2;
		else if (strcmp(in, "/.") == 0) {
			in[1] = '\0';
		} else if (strncmp(in, "/../", 4) == 0 || strcmp(in, "/..") == 0) {
			bool last = !in[3];
			in += last ? 2 : 3;
			if (last)
				*in = '/';
			while (out > path && *--out != '/')
				;
		} else if (strcmp(in, ".") == 0 || strcmp(in, "..") == 0)
			break;
		else
			do
				*out++ = *in++;
			while (*in && *in != '/');
	}
	*out = '\0';
}

static void add(cib_buf *b, const char *before, part p, const char *after)
{
	if (!p.has)
		return;
	cib_buf_adds(b, before);
	cib_buf_add(b, p.s, p.n);
	cib_buf_adds(b, after);
}

char *cib_uri_resolve(const char *base, const char *ref)
{
	uri r = split(ref), b = split(base ? base : ""), t = r;
	cib_buf path = CIB_BUF_INIT, out = CIB_BUF_INIT;
	cib_buf_add(&path, r.path.s, r.path.n);
	if (!r.scheme.has) {
		t.scheme = b.scheme;
		if (!r.authority.has) {
			t.authority = b.authority;
			if (r.path.n == 0) {
				cib_buf_clear(&path);
				cib_buf_add(&path, b.path.s, b.path.n);
				if (!r.query.has)
					t.query = b.query;
			} else if (r.path.s[0] != '/') {
				size_t n = b.path.n;
				while (n > 0 && b.path.s[n - 1] != '/')
					n--;
				cib_buf_clear(&path);
				if (b.authority.has && b.path.n == 0)
					cib_buf_addc(&path, '/');
				cib_buf_add(&path, b.path.s, n);
				cib_buf_add(&path, r.path.s, r.path.n);
			}
		}
	}
	cib_buf_reserve(&path, 0);
	path.data[path.len] = '\0';
	if (!t.scheme.has || path.data[0] == '/')
		remove_dots(path.data);
	add(&out, "", t.scheme, ":");
	add(&out, "//", t.authority, "");
	cib_buf_adds(&out, path.data);
	add(&out, "?", t.query, "");
	add(&out, "#", t.fragment, "");
	cib_buf_free(&path);
	return cib_buf_take(&out);
}

/* ---- the places of a document ---- */

static void put(cib_targets *list, char *name, const char *base, const cJSON *node, bool dynamic)
{
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count++] = (cib_target){name, cib_strdup(base), node, dynamic};
}

/* How the value of a keyword holds schemas. */
static int holds(const char *keyword)
{
	static const char *const one[] = {"additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties"};
	static const char *const list[] = {"allOf", "anyOf", "oneOf", "prefixItems"};
	static const char *const map[] = {"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"};
	for (size_t i = 0; i < sizeof one / sizeof *one; i++)
		if (strcmp(keyword, one[i]) == 0)
			return 1;
	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		if (strcmp(keyword, list[i]) == 0)
			return 2;
	for (size_t i = 0; i < sizeof map / sizeof *map; i++)
		if (strcmp(keyword, map[i]) == 0)
			return 2;
	return 0;
}

static void collect(cib_targets *out, const cJSON *schema, const char *base, int depth)
{
	if (!cJSON_IsObject(schema) || depth > 400)
		return;
	const char *id = cib_json_string(schema, "$id"), *anchor = cib_json_string(schema, "$anchor"), *dynamic = cib_json_string(schema, "$dynamicAnchor");
	char *own = NULL;
	if (id) {
		own = cib_uri_resolve(base, id);
		own[strcspn(own, "#")] = '\0';
		put(out, cib_strdup(own), own, schema, false);
		base = own;
	}
	if (anchor)
		put(out, cib_format("%s#%s", base, anchor), base, schema, false);
	if (dynamic)
		put(out, cib_format("%s#%s", base, dynamic), base, schema, true);
	for (const cJSON *k = schema->child; k; k = k->next) {
		int how = holds(k->string);
		if (how == 1)
			collect(out, k, base, depth + 1);
		else if (how == 2)
			for (const cJSON *c = k->child; c; c = c->next)
				collect(out, c, base, depth + 1);
	}
	free(own);
}

void cib_targets_collect(cib_targets *out, const cJSON *schema, const char *base)
{
	char *plain = cib_strndup(base, strcspn(base, "#"));
	put(out, cib_strdup(plain), plain, schema, false);
	collect(out, schema, plain, 0);
	free(plain);
}

void cib_targets_free(cib_targets *targets)
{
	for (size_t i = 0; i < targets->count; i++) {
		free(targets->items[i].uri);
		free(targets->items[i].base);
	}
	free(targets->items);
	*targets = (cib_targets){0};
}

const cib_target *cib_targets_find(const cib_targets *targets, const char *name)
{
	for (size_t i = targets->count; i-- > 0;)
		if (strcmp(targets->items[i].uri, name) == 0)
			return &targets->items[i];
	return NULL;
}
