/* Validation: one walk over schema and instance together.
 *
 * A branch that fails hands up what it found; anyOf and oneOf keep only the branch that came closest, so
 * that one fault is one finding. What a schema object evaluated (for unevaluated*) is a byte per child of
 * the instance, kept only when the schema uses those keywords at all. */
#include "schema/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 500, MAX_STEPS = 50 * 1000 * 1000, MAX_ANCHORS = 64 };

typedef struct {
	const cJSON *pattern;
	cib_regex *regex;
} pattern_slot;

struct cib_schema {
	const cJSON *root;
	char *base;
	bool formats, unevaluated;
	cib_targets own;
	const cib_schema_registry *registry;
	pattern_slot *patterns; /* open addressing by the node's address */
	size_t slots, used;
};

/* The resources that evaluation went through, innermost first: the dynamic scope. */
typedef struct scope {
	const char *base;
	const struct scope *outer;
} scope;

typedef struct {
	const cib_schema *schema;
	cib_findings *findings; /* NULL: only yes or no */
	const char *lang;
	cib_buf pointer;
	int depth;
	long steps;
} run;

static bool evaluate(run *r, const cJSON *schema, const scope *sc, const cJSON *in, unsigned char *seen);

/* ---- findings ---- */

static void report(run *r, const char *keyword, const char *code, const char *a, const char *b, const char *hint)
{
	if (!r->findings)
		return;
	cib_buf message = CIB_BUF_INIT;
	cib_schema_message(&message, r->lang, code, a, b);
	cib_findings_add(r->findings, &(cib_finding){.pointer = (char *)(uintptr_t)cib_buf_str(&r->pointer), .keyword = (char *)(uintptr_t)keyword,
	                                             .code = (char *)(uintptr_t)code, .message = message.data, .hint = (char *)(uintptr_t)hint});
	cib_buf_free(&message);
}

static void show(cib_buf *out, const cJSON *value)
{
	cib_json_write(out, value, &(cib_json_style){.compact = true});
	if (out->len > 80) {
		out->len = 77;
		while (out->len > 0 && ((unsigned char)out->data[out->len] & 0xC0u) == 0x80u)
			out->len--;
		cib_buf_adds(out, "...");
	}
}

static const char *type_name(const cJSON *v)
{
	return cJSON_IsObject(v) ? "object" : cJSON_IsArray(v) ? "array" : cJSON_IsString(v) ? "string" : cJSON_IsNumber(v) ? "number" : cJSON_IsNull(v) ? "null" : "boolean";
}

static size_t push(run *r, const cJSON *parent, const cJSON *child, size_t index)
{
	size_t len = r->pointer.len;
	if (!r->findings)
		return len;
	if (cJSON_IsObject(parent))
		cib_json_pointer_add(&r->pointer, child->string);
	else
		cib_json_pointer_add_index(&r->pointer, index);
	return len;
}

static void pop(run *r, size_t len)
{
	r->pointer.len = len;
	if (r->pointer.data)
		r->pointer.data[len] = '\0';
}

/* ---- references ---- */

static const cib_target *find_target(const cib_schema *s, const char *uri)
{
	const cib_target *t = cib_targets_find(&s->own, uri);
	return t || !s->registry ? t : cib_targets_find(&s->registry->targets, uri);
}

/* The node that `ref` names from `base`; *out_base is the base of its resource (borrowed). NULL when there is none. */
static const cJSON *follow(const cib_schema *s, const char *base, const char *ref, const char **out_base)
{
	char *uri = cib_uri_resolve(base, ref), *hash = strchr(uri, '#');
	const cib_target *t = NULL;
	const cJSON *node = NULL;
	if (hash && hash[1] && hash[1] != '/') {
		t = find_target(s, uri);
		node = t ? t->node : NULL;
	} else {
		if (hash)
			*hash = '\0';
		t = find_target(s, uri);
		node = t ? t->node : NULL;
		*out_base = t ? t->base : NULL;
		if (node && hash && hash[1]) {
			cib_buf pointer = CIB_BUF_INIT, token = CIB_BUF_INIT;
			for (const char *p = hash + 1; *p; p++) { /* percent-encoding */
				int hi = *p == '%' && p[1] ? (int)strtol((char[]){p[1], p[2], 0}, NULL, 16) : 0;
				cib_buf_addc(&pointer, hi > 0 ? (char)hi : *p);
				p += hi > 0 ? 2 : 0;
			}
			const char *rest = pointer.data;
			while (node && *rest && cib_json_pointer_next(&rest, &token)) {
				node = cJSON_IsArray(node) ? cJSON_GetArrayItem(node, atoi(token.data)) : cib_json_get(node, token.data);
				const char *id = *rest ? cib_json_string(node, "$id") : NULL;
				if (id) {
					char *inner = cib_uri_resolve(*out_base, id);
					inner[strcspn(inner, "#")] = '\0';
					const cib_target *it = find_target(s, inner);
					*out_base = it ? it->base : *out_base;
					free(inner);
				}
			}
			cib_buf_free(&pointer);
			cib_buf_free(&token);
		}
		free(uri);
		return node;
	}
	*out_base = t ? t->base : NULL;
	free(uri);
	return node;
}

static const cJSON *follow_dynamic(const cib_schema *s, const scope *sc, const char *ref, const char **out_base)
{
	char *uri = cib_uri_resolve(sc->base, ref), *hash = strchr(uri, '#');
	const cib_target *t = hash && hash[1] && hash[1] != '/' ? find_target(s, uri) : NULL;
	const cJSON *node = NULL;
	if (t && t->dynamic) {
		node = t->node;
		*out_base = t->base;
		for (const scope *o = sc; o; o = o->outer) { /* the outermost wins */
			char *there = cib_format("%s%s", o->base, hash);
			const cib_target *d = find_target(s, there);
			free(there);
			if (d && d->dynamic) {
				node = d->node;
				*out_base = d->base;
			}
		}
	}
	free(uri);
	return node ? node : follow(s, sc->base, ref, out_base);
}

static bool apply_ref(run *r, const scope *sc, const cJSON *ref, bool dynamic, const cJSON *in, unsigned char *seen)
{
	const char *base = NULL;
	const cJSON *node = dynamic ? follow_dynamic(r->schema, sc, ref->valuestring, &base) : follow(r->schema, sc->base, ref->valuestring, &base);
	if (!node) {
		report(r, "$ref", "schema.ref", ref->valuestring, NULL, NULL);
		return false;
	}
	scope inner = {base ? base : sc->base, sc};
	return evaluate(r, node, &inner, in, seen);
}

/* ---- patterns ---- */

static const cib_regex *regex_of(const cib_schema *s, const cJSON *node)
{
	if (!s->slots)
		return NULL;
	size_t i = ((uintptr_t)node >> 4) & (s->slots - 1);
	for (; s->patterns[i].pattern; i = (i + 1) & (s->slots - 1))
		if (s->patterns[i].pattern == node)
			return s->patterns[i].regex;
	return NULL;
}

static void keep_regex(cib_schema *s, const cJSON *node, cib_regex *regex)
{
	if (s->used * 2 >= s->slots) {
		size_t n = s->slots ? s->slots * 2 : 64;
		pattern_slot *old = s->patterns;
		size_t count = s->slots;
		s->patterns = cib_alloc(n * sizeof *s->patterns);
		s->slots = n;
		s->used = 0;
		for (size_t i = 0; i < count; i++)
			if (old[i].pattern)
				keep_regex(s, old[i].pattern, old[i].regex);
		free(old);
	}
	size_t i = ((uintptr_t)node >> 4) & (s->slots - 1);
	while (s->patterns[i].pattern)
		i = (i + 1) & (s->slots - 1);
	s->patterns[i] = (pattern_slot){node, regex};
	s->used++;
}

static int match(run *r, const cJSON *pattern_node, const char *text)
{
	const cib_regex *regex = regex_of(r->schema, pattern_node);
	return regex ? cib_regex_match(regex, text) : 1;
}

/* ---- assertions ---- */

static bool is_type(const cJSON *v, const char *type)
{
	char scratch[40];
	if (strcmp(type, "integer") == 0 && cJSON_IsNumber(v)) {
		const char *t = cib_json_number_text(v, scratch), *e = strpbrk(t, "eE"), *point = strchr(t, '.');
		if (!e)
			return !point || strspn(point + 1, "0") == strlen(point + 1);
		long long exp = strtoll(e + 1, NULL, 10), fraction = 0, zeros = 0;
		const char *last = e;
		while (last > t && (last[-1] == '0' || last[-1] == '.')) { /* trailing zeros of the mantissa */
			if (last[-1] == '.')
				point = NULL;
			else
				zeros++;
			last--;
		}
		if (last == t || (last == t + 1 && *t == '-'))
			return true; /* zero */
		point = strchr(t, '.');
		if (point && point < last)
			return exp >= (long long)(last - point - 1);
		fraction = zeros - (point ? (long long)(e - point - 1) : 0);
		return exp + fraction >= 0;
	}
	return strcmp(type, type_name(v)) == 0;
}

static bool check_type(run *r, const cJSON *k, const cJSON *in)
{
	cib_buf wanted = CIB_BUF_INIT;
	bool ok = false;
	for (const cJSON *t = cJSON_IsArray(k) ? k->child : k; t && !ok; t = cJSON_IsArray(k) ? t->next : NULL) {
		ok = cJSON_IsString(t) && is_type(in, t->valuestring);
		if (cJSON_IsString(t))
			cib_buf_addf(&wanted, "%s%s", wanted.len ? ", " : "", t->valuestring);
	}
	if (!ok)
		report(r, "type", "schema.type", type_name(in), cib_buf_str(&wanted), NULL);
	cib_buf_free(&wanted);
	return ok;
}

static bool check_enum(run *r, const cJSON *k, const cJSON *in)
{
	const char *words[64];
	size_t n = 0;
	for (const cJSON *v = k->child; v; v = v->next) {
		if (cib_json_equal(v, in))
			return true;
		if (cJSON_IsString(v) && n < 64)
			words[n++] = v->valuestring;
	}
	if (!r->findings)
		return false;
	cib_buf found = CIB_BUF_INIT, allowed = CIB_BUF_INIT, hint = CIB_BUF_INIT;
	show(&found, in);
	for (const cJSON *v = k->child; v && allowed.len < 200; v = v->next) {
		cib_buf_adds(&allowed, allowed.len ? ", " : "");
		show(&allowed, v);
	}
	const char *near = cJSON_IsString(in) ? cib_nearest(in->valuestring, words, n) : NULL;
	if (near)
		cib_schema_message(&hint, r->lang, "hint.did-you-mean", near, NULL);
	report(r, "enum", "schema.enum", found.data, cib_buf_str(&allowed), hint.data);
	cib_buf_free(&found);
	cib_buf_free(&allowed);
	cib_buf_free(&hint);
	return false;
}

static bool check_const(run *r, const cJSON *k, const cJSON *in)
{
	if (cib_json_equal(k, in))
		return true;
	cib_buf found = CIB_BUF_INIT, wanted = CIB_BUF_INIT;
	show(&found, in);
	show(&wanted, k);
	report(r, "const", "schema.const", found.data, wanted.data, NULL);
	cib_buf_free(&found);
	cib_buf_free(&wanted);
	return false;
}

/* Is a a multiple of b? Exact: the digits of a, scaled, modulo the digits of b, up to 18 digits of b. */
static bool is_multiple(const char *a, const char *b)
{
	char digits_a[2][512] = {{0}};
	long long scale[2] = {0, 0};
	const char *texts[2] = {a, b};
	for (int i = 0; i < 2; i++) {
		size_t n = 0;
		bool point = false;
		const char *t = texts[i] + (*texts[i] == '-');
		for (; *t && *t != 'e' && *t != 'E'; t++) {
			if (*t == '.') {
				point = true;
				continue;
			}
			if (n + 1 < sizeof digits_a[0])
				digits_a[i][n++] = *t;
			scale[i] -= point;
		}
		if (*t)
			scale[i] += strtoll(t + 1, NULL, 10);
		while (n > 1 && digits_a[i][n - 1] == '0') {
			digits_a[i][--n] = '\0';
			scale[i]++;
		}
	}
	size_t zeros = strspn(digits_a[1], "0"), la = strlen(digits_a[0]);
	if (strspn(digits_a[0], "0") == la)
		return true;
	const char *db = digits_a[1] + zeros;
	long long shift = scale[0] - scale[1];
	if (shift < -400 || strlen(db) > 18)
		return false;
	unsigned long long m = strtoull(db, NULL, 10);
	if (m == 0)
		return false;
	if (shift < 0) { /* b has the coarser unit: scale b up */
		for (; shift < 0; shift++) {
			if (m > 1000000000000000000ULL / 10)
				return false; /* b grew beyond a's digits or the range that is exact here */
			m *= 10;
		}
	}
	unsigned __int128 rest = 0;
	for (size_t i = 0; i < la; i++)
		rest = (rest * 10 + (unsigned)(digits_a[0][i] - '0')) % m;
	for (long long i = 0; i < shift && rest && i < 2000; i++)
		rest = rest * 10 % m;
	return rest == 0;
}

static bool check_number(run *r, const char *name, const cJSON *k, const cJSON *in)
{
	char p[40], q[40];
	const char *value = cib_json_number_text(in, p), *limit = cib_json_number_text(k, q);
	if (strcmp(name, "multipleOf") == 0) {
		if (is_multiple(value, limit))
			return true;
	} else {
		int order = cib_json_number_compare(value, limit);
		bool upper = name[0] == 'm' ? name[1] == 'a' : name[10] == 'a', strict = name[0] == 'e';
		if (upper ? order < 0 || (!strict && order == 0) : order > 0 || (!strict && order == 0))
			return true;
	}
	char *code = cib_format("schema.%s", name);
	report(r, name, code, value, limit, NULL);
	free(code);
	return false;
}

static bool check_count(run *r, const char *name, const cJSON *k, size_t count)
{
	bool upper = name[1] == 'a';
	if (upper ? (double)count <= k->valuedouble : (double)count >= k->valuedouble)
		return true;
	char found[24], q[40], *code = cib_format("schema.%s", name);
	snprintf(found, sizeof found, "%zu", count);
	report(r, name, code, found, cib_json_number_text(k, q), NULL);
	free(code);
	return false;
}

static bool check_unique(run *r, const cJSON *in)
{
	size_t i = 0;
	for (const cJSON *a = in->child; a; a = a->next, i++) {
		size_t j = i + 1;
		for (const cJSON *b = a->next; b; b = b->next, j++)
			if (cib_json_equal(a, b)) {
				char x[24], y[24];
				snprintf(x, sizeof x, "%zu", i);
				snprintf(y, sizeof y, "%zu", j);
				report(r, "uniqueItems", "schema.uniqueItems", x, y, NULL);
				return false;
			}
	}
	return true;
}

/* ---- applicators ---- */

static bool all_or_stop(run *r, bool so_far)
{
	return so_far || r->findings; /* with a report, go on to find the rest */
}

static size_t count_children(const cJSON *v)
{
	size_t n = 0;
	for (const cJSON *c = v->child; c; c = c->next)
		n++;
	return n;
}

/* Evaluate in place with marks of its own, kept when it holds. */
static bool branch(run *r, const cJSON *schema, const scope *sc, const cJSON *in, unsigned char *seen, size_t n)
{
	if (!seen)
		return evaluate(r, schema, sc, in, NULL);
	unsigned char *mine = cib_alloc(n + 1);
	bool ok = evaluate(r, schema, sc, in, mine);
	for (size_t i = 0; ok && i < n; i++)
		seen[i] |= mine[i];
	free(mine);
	return ok;
}

static bool quiet(run *r, const cJSON *schema, const scope *sc, const cJSON *in, unsigned char *seen, size_t n)
{
	cib_findings *kept = r->findings;
	r->findings = NULL;
	bool ok = branch(r, schema, sc, in, seen, n);
	r->findings = kept;
	return ok;
}

/* Of a branch's findings: how deep the first one lies, and fewer are better: the nearest branch. A branch that fails at the
 * very value (wrong type, wrong constant) is far. */
static long distance_of(const cib_findings *f, const char *here)
{
	long far = (long)f->count;
	size_t depth = strlen(here);
	for (size_t i = 0; i < f->count; i++) {
		const char *k = f->items[i].keyword;
		bool shallow = strlen(f->items[i].pointer) <= depth;
		far += shallow && strcmp(k, "type") == 0 ? 100 : strcmp(k, "const") == 0 || strcmp(k, "enum") == 0 ? 20 : shallow ? 3 : 1;
	}
	return far;
}

static bool any_of(run *r, const char *name, const cJSON *k, const scope *sc, const cJSON *in, unsigned char *seen, size_t n)
{
	bool one = name[0] == 'o';
	size_t matched = 0;
	for (const cJSON *b = k->child; b; b = b->next) {
		matched += quiet(r, b, sc, in, seen, n);
		if (matched && !seen && !one)
			return true;
	}
	if (one ? matched == 1 : matched > 0)
		return true;
	if (!r->findings)
		return false;
	if (matched > 1) {
		char count[24];
		snprintf(count, sizeof count, "%zu", matched);
		report(r, name, "schema.oneOf-many", count, NULL, NULL);
		return false;
	}
	cib_findings best = CIB_FINDINGS_INIT, *kept = r->findings;
	long nearest = 0;
	bool only_required = true;
	cib_buf choices = CIB_BUF_INIT;
	for (const cJSON *b = k->child; b; b = b->next) {
		cib_findings f = CIB_FINDINGS_INIT;
		r->findings = &f;
		evaluate(r, b, sc, in, NULL);
		r->findings = kept;
		const cJSON *required = cib_json_get(b, "required");
		only_required = only_required && required && required->child && cJSON_IsObject(in);
		for (const cJSON *q = required ? required->child : NULL; q && only_required; q = q->next)
			cib_buf_addf(&choices, "%s%s", choices.len ? q == required->child ? " / " : " + " : "", q->valuestring);
		for (size_t i = 0; i < f.count; i++)
			only_required = only_required && strcmp(f.items[i].keyword, "required") == 0 && strlen(f.items[i].pointer) == r->pointer.len;
		long far = distance_of(&f, cib_buf_str(&r->pointer));
		if (!best.items || far < nearest) {
			cib_findings_free(&best);
			best = f;
			nearest = far;
		} else {
			cib_findings_free(&f);
		}
	}
	if (only_required && choices.len)
		report(r, name, "schema.choice", choices.data, NULL, NULL);
	else if (best.count && nearest < 100)
		for (size_t i = 0; i < best.count; i++)
			cib_findings_add(kept, &best.items[i]);
	else
		report(r, name, "schema.anyOf", NULL, NULL, NULL);
	cib_findings_free(&best);
	cib_buf_free(&choices);
	return false;
}

static void report_property(run *r, const char *keyword, const cJSON *schema, const char *name)
{
	if (!r->findings)
		return;
	const char *names[128];
	size_t n = 0;
	const cJSON *properties = cib_json_get(schema, "properties");
	for (const cJSON *p = properties ? properties->child : NULL; p && n < 128; p = p->next)
		names[n++] = p->string;
	const char *near = cib_nearest(name, names, n);
	cib_buf hint = CIB_BUF_INIT;
	if (near)
		cib_schema_message(&hint, r->lang, "hint.did-you-mean", near, NULL);
	report(r, keyword, "schema.property", name, NULL, hint.data);
	cib_buf_free(&hint);
}

static bool properties(run *r, const cJSON *schema, const scope *sc, const cJSON *in, unsigned char *seen)
{
	const cJSON *props = cib_json_get(schema, "properties"), *patterns = cib_json_get(schema, "patternProperties");
	const cJSON *rest = cib_json_get(schema, "additionalProperties"), *names = cib_json_get(schema, "propertyNames");
	bool ok = true;
	size_t i = 0;
	if (!props && !patterns && !rest && !names)
		return true;
	for (const cJSON *c = in->child; c && all_or_stop(r, ok); c = c->next, i++) {
		const cJSON *p = cib_json_get(props, c->string);
		bool known = p != NULL;
		size_t len = push(r, in, c, i);
		if (p)
			ok = evaluate(r, p, sc, c, NULL) && ok;
		for (const cJSON *q = patterns ? patterns->child : NULL; q; q = q->next) {
			if (match(r, q, c->string) != 1)
				continue;
			known = true;
			ok = evaluate(r, q, sc, c, NULL) && ok;
		}
		if (!known && rest) {
			if (cJSON_IsFalse(rest)) {
				pop(r, len);
				report_property(r, "additionalProperties", schema, c->string);
				ok = false;
			} else {
				ok = evaluate(r, rest, sc, c, NULL) && ok;
			}
			known = true;
		}
		if (names) {
			cJSON name = {.type = cJSON_String, .valuestring = c->string};
			ok = evaluate(r, names, sc, &name, NULL) && ok;
		}
		if (known && seen)
			seen[i] = 1;
		pop(r, len);
	}
	return ok;
}

static bool items(run *r, const cJSON *schema, const scope *sc, const cJSON *in, unsigned char *seen)
{
	const cJSON *prefix = cib_json_get(schema, "prefixItems"), *rest = cib_json_get(schema, "items"), *contains = cib_json_get(schema, "contains");
	const cJSON *p = prefix ? prefix->child : NULL;
	bool ok = true;
	size_t i = 0, matched = 0;
	for (const cJSON *c = in->child; c && all_or_stop(r, ok); c = c->next, i++) {
		const cJSON *s = p ? p : rest;
		size_t len = push(r, in, c, i);
		if (s)
			ok = evaluate(r, s, sc, c, NULL) && ok;
		bool has = contains && quiet(r, contains, sc, c, NULL, 0);
		matched += has;
		if (seen && (s || has))
			seen[i] = 1;
		p = p ? p->next : NULL;
		pop(r, len);
	}
	if (contains && ok) {
		const cJSON *min = cib_json_get(schema, "minContains"), *max = cib_json_get(schema, "maxContains");
		double least = cJSON_IsNumber(min) ? min->valuedouble : 1;
		if ((double)matched < least || (cJSON_IsNumber(max) && (double)matched > max->valuedouble)) {
			bool few = (double)matched < least;
			char found[24];
			snprintf(found, sizeof found, "%zu", matched);
			report(r, few ? min ? "minContains" : "contains" : "maxContains", few ? "schema.contains" : "schema.maxContains", found, NULL, NULL);
			ok = false;
		}
	}
	return ok;
}

static bool unevaluated(run *r, const cJSON *schema, const scope *sc, const cJSON *in, unsigned char *seen)
{
	bool object = cJSON_IsObject(in), ok = true;
	const char *name = object ? "unevaluatedProperties" : "unevaluatedItems";
	const cJSON *rest = cib_json_get(schema, name);
	size_t i = 0;
	if (!rest || !seen)
		return true;
	for (const cJSON *c = in->child; c; c = c->next, i++) {
		if (seen[i])
			continue;
		size_t len = push(r, in, c, i);
		if (cJSON_IsFalse(rest)) {
			char index[24];
			snprintf(index, sizeof index, "%zu", i);
			pop(r, len);
			if (object)
				report_property(r, name, schema, c->string);
			else
				report(r, name, "schema.item", index, NULL, NULL);
			ok = false;
		} else {
			ok = evaluate(r, rest, sc, c, NULL) && ok;
		}
		seen[i] = 1;
		pop(r, len);
	}
	return ok;
}

static bool required(run *r, const cJSON *list, const cJSON *in, const char *keyword, const char *because)
{
	bool ok = true;
	for (const cJSON *n = list->child; n; n = n->next) {
		if (!cJSON_IsString(n) || cib_json_get(in, n->valuestring))
			continue;
		report(r, keyword, because ? "schema.dependentRequired" : "schema.required", n->valuestring, because, NULL);
		ok = false;
	}
	return ok;
}

static bool assert_keyword(run *r, const cJSON *schema, const cJSON *k, const cJSON *in)
{
	const char *name = k->string;
	if (strcmp(name, "type") == 0)
		return check_type(r, k, in);
	if (strcmp(name, "enum") == 0)
		return check_enum(r, k, in);
	if (strcmp(name, "const") == 0)
		return check_const(r, k, in);
	if (cJSON_IsNumber(in)) {
		if (cJSON_IsNumber(k) && (strcmp(name, "minimum") == 0 || strcmp(name, "maximum") == 0 || strcmp(name, "exclusiveMinimum") == 0 ||
		                          strcmp(name, "exclusiveMaximum") == 0 || strcmp(name, "multipleOf") == 0))
			return check_number(r, name, k, in);
	} else if (cJSON_IsString(in)) {
		if (strcmp(name, "minLength") == 0 || strcmp(name, "maxLength") == 0)
			return check_count(r, name, k, cib_utf8_length(in->valuestring, strlen(in->valuestring)));
		if (strcmp(name, "pattern") == 0) {
			int m = match(r, k, in->valuestring);
			if (m != 1)
				report(r, name, m < 0 ? "schema.pattern-too-costly" : "schema.pattern-mismatch", in->valuestring, k->valuestring, NULL);
			return m == 1;
		}
		if (strcmp(name, "format") == 0 && r->schema->formats && cJSON_IsString(k) && !cib_format_ok(k->valuestring, in->valuestring)) {
			report(r, name, "schema.format", in->valuestring, k->valuestring, NULL);
			return false;
		}
	} else if (cJSON_IsArray(in)) {
		if (strcmp(name, "minItems") == 0 || strcmp(name, "maxItems") == 0)
			return check_count(r, name, k, count_children(in));
		if (strcmp(name, "uniqueItems") == 0 && cJSON_IsTrue(k))
			return check_unique(r, in);
	} else if (cJSON_IsObject(in)) {
		if (strcmp(name, "required") == 0)
			return required(r, k, in, "required", NULL);
		if (strcmp(name, "minProperties") == 0 || strcmp(name, "maxProperties") == 0)
			return check_count(r, name, k, count_children(in));
		if (strcmp(name, "dependentRequired") == 0) {
			bool ok = true;
			for (const cJSON *d = k->child; d; d = d->next)
				ok = (!cib_json_get(in, d->string) || required(r, d, in, name, d->string)) && ok;
			return ok;
		}
	}
	(void)schema;
	return true;
}

static bool apply_keyword(run *r, const cJSON *schema, const cJSON *k, const scope *sc, const cJSON *in, unsigned char *seen, size_t n)
{
	const char *name = k->string;
	if (strcmp(name, "$ref") == 0 || strcmp(name, "$dynamicRef") == 0)
		return apply_ref(r, sc, k, name[1] == 'd', in, seen);
	if (strcmp(name, "allOf") == 0) {
		bool ok = true;
		for (const cJSON *b = k->child; b && all_or_stop(r, ok); b = b->next)
			ok = branch(r, b, sc, in, seen, n) && ok;
		return ok;
	}
	if (strcmp(name, "anyOf") == 0 || strcmp(name, "oneOf") == 0)
		return any_of(r, name, k, sc, in, seen, n);
	if (strcmp(name, "not") == 0) {
		if (!quiet(r, k, sc, in, NULL, 0))
			return true;
		report(r, name, "schema.not", NULL, NULL, NULL);
		return false;
	}
	if (strcmp(name, "if") == 0) {
		const cJSON *then = cib_json_get(schema, quiet(r, k, sc, in, seen, n) ? "then" : "else");
		return !then || branch(r, then, sc, in, seen, n);
	}
	if (strcmp(name, "dependentSchemas") == 0 && cJSON_IsObject(in)) {
		bool ok = true;
		for (const cJSON *d = k->child; d; d = d->next)
			ok = (!cib_json_get(in, d->string) || branch(r, d, sc, in, seen, n)) && ok;
		return ok;
	}
	return true;
}

static bool evaluate_object(run *r, const cJSON *schema, const scope *sc, const cJSON *in, unsigned char *seen)
{
	size_t n = in->child ? count_children(in) : 0;
	unsigned char *mine = NULL;
	bool wants = r->schema->unevaluated && in->child && (cib_json_get(schema, "unevaluatedProperties") || cib_json_get(schema, "unevaluatedItems"));
	if (wants && !seen)
		seen = mine = cib_alloc(n + 1);
	else if (wants) { /* only what this schema object and its own branches saw counts */
		mine = cib_alloc(n + 1);
		unsigned char *outer = seen;
		bool ok = true;
		free(mine);
		mine = cib_alloc(n + 1);
		seen = mine;
		for (const cJSON *k = schema->child; k && all_or_stop(r, ok); k = k->next)
			ok = assert_keyword(r, schema, k, in) && apply_keyword(r, schema, k, sc, in, seen, n) && ok;
		ok = (cJSON_IsObject(in) ? properties(r, schema, sc, in, seen) : !cJSON_IsArray(in) || items(r, schema, sc, in, seen)) && ok;
		ok = ok && unevaluated(r, schema, sc, in, seen);
		for (size_t i = 0; i < n; i++)
			outer[i] |= seen[i];
		free(mine);
		return ok;
	}
	bool ok = true;
	for (const cJSON *k = schema->child; k && all_or_stop(r, ok); k = k->next) {
		bool type_ok = assert_keyword(r, schema, k, in);
		ok = type_ok && ok;
	}
	for (const cJSON *k = schema->child; k && all_or_stop(r, ok); k = k->next)
		ok = apply_keyword(r, schema, k, sc, in, seen, n) && ok;
	if (all_or_stop(r, ok))
		ok = (cJSON_IsObject(in) ? properties(r, schema, sc, in, seen) : !cJSON_IsArray(in) || items(r, schema, sc, in, seen)) && ok;
	if (ok)
		ok = unevaluated(r, schema, sc, in, seen);
	free(mine);
	return ok;
}

static bool evaluate(run *r, const cJSON *schema, const scope *sc, const cJSON *in, unsigned char *seen)
{
	if (cJSON_IsTrue(schema))
		return true;
	if (cJSON_IsFalse(schema)) {
		report(r, "false", "schema.false", NULL, NULL, NULL);
		return false;
	}
	if (!cJSON_IsObject(schema))
		return true;
	if (r->depth >= MAX_DEPTH || ++r->steps > MAX_STEPS) {
		report(r, "$ref", "schema.too-deep", NULL, NULL, NULL);
		return false;
	}
	r->depth++;
	const char *id = cib_json_string(schema, "$id");
	bool ok;
	if (id) {
		char *base = cib_uri_resolve(sc->base, id);
		base[strcspn(base, "#")] = '\0';
		scope inner = {base, sc};
		ok = evaluate_object(r, schema, &inner, in, seen);
		free(base);
	} else {
		ok = evaluate_object(r, schema, sc, in, seen);
	}
	r->depth--;
	return ok;
}

/* ---- the public side ---- */

cib_schema_registry *cib_schema_registry_new(void)
{
	return cib_alloc(sizeof(cib_schema_registry));
}

int cib_schema_registry_add(cib_schema_registry *reg, const char *uri, const cJSON *doc, cib_error *err)
{
	(void)err;
	cib_targets_collect(&reg->targets, doc, uri);
	return CIB_OK;
}

void cib_schema_registry_free(cib_schema_registry *reg)
{
	if (!reg)
		return;
	cib_targets_free(&reg->targets);
	free(reg);
}

/* Compile the patterns of a schema document and look for what validation must know beforehand. */
static int prepare(cib_schema *s, const cJSON *node, int depth, cib_error *err)
{
	int status = CIB_OK;
	if (depth > MAX_DEPTH)
		return cib_error_set(err, CIB_FINDINGS, "schema.too-deep", "the schema is nested too deeply");
	for (const cJSON *k = node->child; k && status == CIB_OK; k = k->next) {
		bool patterns = k->string && strcmp(k->string, "patternProperties") == 0;
		if (k->string && strncmp(k->string, "unevaluated", 11) == 0)
			s->unevaluated = true;
		if (k->string && strcmp(k->string, "pattern") == 0 && cJSON_IsString(k)) {
			cib_regex *regex = NULL;
			status = cib_regex_compile(&regex, k->valuestring, err);
			if (status == CIB_OK)
				keep_regex(s, k, regex);
		}
		for (const cJSON *p = patterns ? k->child : NULL; p && status == CIB_OK; p = p->next) {
			cib_regex *regex = NULL;
			status = cib_regex_compile(&regex, p->string, err);
			if (status == CIB_OK)
				keep_regex(s, p, regex);
		}
		if (status == CIB_OK && !(k->string && (strcmp(k->string, "enum") == 0 || strcmp(k->string, "const") == 0)))
			status = prepare(s, k, depth + 1, err);
	}
	return status;
}

int cib_schema_compile(cib_schema **out, const cJSON *schema, const cib_schema_options *options, cib_error *err)
{
	cib_schema *s = cib_alloc(sizeof *s);
	const char *base = options && options->base_uri ? options->base_uri : "";
	const char *id = cib_json_string(schema, "$id");
	s->root = schema;
	s->base = id ? cib_uri_resolve(base, id) : cib_strdup(base);
	s->base[strcspn(s->base, "#")] = '\0';
	s->formats = options && options->assert_format;
	s->registry = options ? options->registry : NULL;
	*out = NULL;
	int status = cJSON_IsObject(schema) || cJSON_IsBool(schema) ? CIB_OK : cib_error_set(err, CIB_FINDINGS, "schema.form", "a schema is an object, true or false");
	cib_targets_collect(&s->own, schema, base);
	if (status == CIB_OK)
		status = prepare(s, schema, 0, err);
	for (size_t i = 0; s->registry && i < s->registry->targets.count && status == CIB_OK; i++)
		if (s->registry->targets.items[i].node != schema && !strchr(s->registry->targets.items[i].uri, '#'))
			status = prepare(s, s->registry->targets.items[i].node, 0, err);
	if (status != CIB_OK) {
		cib_schema_free(s);
		return status;
	}
	*out = s;
	return CIB_OK;
}

void cib_schema_free(cib_schema *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->slots; i++)
		cib_regex_free(s->patterns[i].regex);
	free(s->patterns);
	cib_targets_free(&s->own);
	free(s->base);
	free(s);
}

bool cib_schema_accepts(const cib_schema *schema, const cJSON *instance)
{
	run r = {.schema = schema};
	scope sc = {schema->base, NULL};
	bool ok = evaluate(&r, schema->root, &sc, instance, NULL);
	cib_buf_free(&r.pointer);
	return ok;
}

int cib_schema_validate(const cib_schema *schema, const cJSON *instance, const char *text, size_t text_len, const char *lang, cib_findings *findings)
{
	size_t first = findings->count;
	run r = {.schema = schema, .findings = findings, .lang = lang};
	scope sc = {schema->base, NULL};
	bool ok = evaluate(&r, schema->root, &sc, instance, NULL);
	cib_buf_free(&r.pointer);
	for (size_t i = first; i < findings->count; i++) {
		cib_finding *f = &findings->items[i];
		if (text)
			cib_json_locate(text, text_len, f->pointer, false, &f->line, &f->column);
		if (!f->title)
			f->title = cib_strdup(cib_schema_title(schema, f->pointer, lang));
	}
	return ok ? CIB_OK : CIB_FINDINGS;
}

/* ---- annotations ---- */

/* The subschema of one step, through $ref and allOf. */
static const cJSON *child_of(const cib_schema *s, const cJSON *node, const char *token, const char **base, int depth)
{
	const cJSON *found = NULL;
	if (!node || depth > 20)
		return NULL;
	found = cib_json_get(cib_json_get(node, "properties"), token);
	const cJSON *patterns = cib_json_get(node, "patternProperties");
	for (const cJSON *p = patterns ? patterns->child : NULL; p && !found; p = p->next) {
		const cib_regex *regex = regex_of(s, p);
		found = regex && cib_regex_match(regex, token) == 1 ? p : NULL;
	}
	if (!found && cJSON_IsObject(cib_json_get(node, "additionalProperties")))
		found = cib_json_get(node, "additionalProperties");
	if (!found && *token >= '0' && *token <= '9')
		found = cib_json_get(node, "items");
	const char *ref = cib_json_string(node, "$ref");
	if (!found && ref)
		found = child_of(s, follow(s, *base, ref, base), token, base, depth + 1);
	const cJSON *all = cib_json_get(node, "allOf");
	for (const cJSON *a = all ? all->child : NULL; a && !found; a = a->next)
		found = child_of(s, a, token, base, depth + 1);
	return found;
}

static const cJSON *walk(const cib_schema *s, const char *pointer, const char **base)
{
	const cJSON *node = s->root;
	cib_buf token = CIB_BUF_INIT;
	*base = s->base;
	while (node && *pointer)
		node = cib_json_pointer_next(&pointer, &token) ? child_of(s, node, token.data, base, 0) : NULL;
	cib_buf_free(&token);
	return node;
}

const cJSON *cib_schema_field(const cib_schema *schema, const char *pointer)
{
	const char *base;
	const cJSON *node = walk(schema, pointer, &base);
	for (int i = 0; node && i < 20; i++) { /* the description stands where the reference leads */
		const char *ref = cib_json_string(node, "$ref");
		if (!ref || cib_json_get(node, "type") || cib_json_get(node, "x-cib-title"))
			break;
		node = follow(schema, base, ref, &base);
	}
	return node;
}

const char *cib_schema_title(const cib_schema *schema, const char *pointer, const char *lang)
{
	const cJSON *node = *pointer ? cib_schema_field(schema, pointer) : NULL, *titles = cib_json_get(node, "x-cib-title");
	const char *title = lang ? cib_json_string(titles, lang) : NULL;
	if (!title)
		title = cib_json_string(titles, "en");
	return title ? title : cib_json_string(node, "title");
}
