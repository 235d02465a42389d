/* URI references: resolution against a base (RFC 3986 section 5.2). */
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
