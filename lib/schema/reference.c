/* References: from the text of a $ref to the node that it names (JSON Schema core, sections 8.2 and 9.2). Everything
 * comes from the document, the caller's registry or the built-in meta-schemas; nothing is fetched. */
#include "schema/compile.h"

#include <stdlib.h>
#include <string.h>

static cib_resource *find_resource(cib_compiler *c, const char *uri)
{
	cib_schema *s = c->schema;
	cib_resource *r = cib_index_find(&s->index, uri);
	if (!r && s->registry)
		r = cib_index_find(&s->registry->index, uri);
	if (!r) {
		const cJSON *meta = cib_metaschema_read(uri, &s->index.arena);
		if (meta)
			cib_index_add(&s->index, uri, meta, &cib_dialects[CIB_DRAFT_2020], &r, NULL);
	}
	return r;
}

static cib_anchor *find_anchor(const cib_compiler *c, const cib_resource *resource, const char *name)
{
	const cib_schema *s = c->schema;
	cib_anchor *a = cib_index_anchor(&s->index, resource->uri, name);
	if (!a && s->registry)
		a = cib_index_anchor(&s->registry->index, resource->uri, name);
	return a && a->resource->root == resource->root ? a : NULL;
}

const cib_resource *cib_compile_resource_at(const cib_compiler *c, const cJSON *node)
{
	const cib_schema *s = c->schema;
	const cib_resource *r = cib_map_get(&s->index.roots, node, 0);
	return !r && s->registry ? cib_map_get(&s->registry->index.roots, node, 0) : r;
}

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
	                                                                           : -1;
}

static void decode_percent(char *s)
{
	char *out = s;
	for (; *s; s++) {
		int high = *s == '%' ? hex(s[1]) : -1, low = high >= 0 ? hex(s[2]) : -1;
		bool coded = low >= 0 && high + low > 0;
		*out++ = (char)(coded ? high * 16 + low : *s);
		s += coded ? 2 : 0;
	}
	*out = '\0';
}

static const cJSON *child_at(const cJSON *node, const char *token)
{
	if (!cJSON_IsArray(node))
		return cib_json_get(node, token);
	size_t len = strlen(token), index = 0;
	if (len == 0 || len > 9 || strspn(token, "0123456789") != len || (len > 1 && token[0] == '0'))
		return NULL;
	index = strtoul(token, NULL, 10);
	const cJSON *item = node->child;
	while (item && index-- > 0)
		item = item->next;
	return item;
}

/* Go down a JSON pointer; *resource follows where it enters embedded resources. */
static const cJSON *go_down(const cib_compiler *c, const char *pointer, const cib_resource **resource)
{
	const cJSON *node = (*resource)->root;
	cib_buf token = CIB_BUF_INIT;
	while (node && *pointer) {
		node = cib_json_pointer_next(&pointer, &token) ? child_at(node, cib_buf_str(&token)) : NULL;
		const cib_resource *inner = node ? cib_compile_resource_at(c, node) : NULL;
		if (inner)
			*resource = inner;
	}
	cib_buf_free(&token);
	return node;
}

static cib_node *broken(cib_compiler *c, const cib_node *node, const char *keyword, const char *ref, const char *why, const char *hint)
{
	int status = cib_error_set(c->err, CIB_FINDINGS, "schema.ref", "the reference \"%.300s\" leads nowhere: %s", ref, why);
	if (hint)
		cib_error_hint(c->err, "%s", hint);
	if (c->err)
		c->err->pointer[0] = '\0';
	cib_compile_fail(c, node, keyword, status);
	return NULL;
}

cib_node *cib_compile_reference(cib_compiler *c, const cib_node *node, const char *keyword, const char *ref, const cib_anchor **anchor)
{
	char *uri = cib_uri_resolve(node->scope->resource->uri, ref), *fragment = strchr(uri, '#');
	const char *why = NULL, *hint = NULL;
	const cJSON *source = NULL;
	const char *pointer = "";
	if (fragment)
		*fragment++ = '\0';
	const cib_resource *resource = find_resource(c, uri), *start = resource;
	if (anchor)
		*anchor = NULL;
	if (!resource) {
		why = "no schema with that URI is known";
		hint = "nothing is fetched from the network; give the schema along (cib check: --schemas DIR)";
	} else if (fragment && *fragment && *fragment != '/') {
		decode_percent(fragment);
		const cib_anchor *a = find_anchor(c, resource, fragment);
		why = a ? NULL : "the schema has no such anchor";
		source = a ? a->node : NULL;
		if (a && anchor && a->dynamic)
			*anchor = a;
	} else {
		if (fragment)
			decode_percent(fragment);
		pointer = fragment ? fragment : "";
		source = go_down(c, pointer, &resource);
		why = source ? NULL : "the schema has nothing at that pointer";
		if (source && !cJSON_IsObject(source) && !cJSON_IsBool(source))
			why = "what stands there is no schema";
	}
	cib_node *target = NULL;
	if (why)
		broken(c, node, keyword, ref, why, hint);
	else {
		cib_place_in place = {.token = start == resource && *pointer ? cib_arena_strndup(&c->schema->arena, pointer, strlen(pointer)) : NULL};
		target = cib_compile_node(c, source, cib_compile_scope(c, resource), &place);
	}
	free(uri);
	return target;
}

/* ---- scopes: resources with their vocabularies ---- */

/* The vocabularies of a meta-schema of somebody's own, by its $vocabulary. */
static int read_vocabularies(cib_compiler *c, const cib_resource *resource, cib_dialect *out)
{
	char *uri = cib_uri_resolve(resource->uri, resource->meta);
	uri[strcspn(uri, "#")] = '\0';
	const cib_resource *meta = find_resource(c, uri);
	int status = CIB_OK;
	if (!meta) {
		status = cib_error_set(c->err, CIB_FINDINGS, "schema.meta-schema", "the meta-schema \"%.300s\" is not known", resource->meta);
		cib_error_hint(c->err, "use https://json-schema.org/draft/2020-12/schema, or give the meta-schema along (cib check: --schemas DIR)");
	} else {
		const cJSON *list = cib_json_get(meta->root, "$vocabulary");
		*out = *meta->dialect;
		if (cJSON_IsObject(list))
			out->vocabularies = CIB_VOCAB_CORE;
		for (const cJSON *v = cJSON_IsObject(list) ? list->child : NULL; v && status == CIB_OK; v = v->next) {
			unsigned bit = cib_vocabulary_find(v->string);
			out->vocabularies |= bit;
			if (!bit && cJSON_IsTrue(v))
				status = cib_error_set(c->err, CIB_FINDINGS, "schema.vocabulary", "the meta-schema %.200s requires the vocabulary %.200s, which is not known", uri, v->string);
		}
	}
	free(uri);
	return status;
}

uint32_t cib_compile_anchor_number(cib_compiler *c, const char *name)
{
	cib_schema *s = c->schema;
	size_t len = strlen(name) + 1;
	uintptr_t n = (uintptr_t)cib_map_get(&s->anchor_names, name, len);
	if (!n) {
		n = ++s->anchor_count;
		cib_map_set(&s->anchor_names, cib_arena_strndup(&s->arena, name, len), len, (void *)n);
	}
	return (uint32_t)(n - 1);
}

const cib_scope *cib_compile_scope(cib_compiler *c, const cib_resource *resource)
{
	cib_schema *s = c->schema;
	cib_scope *scope = cib_map_get(&s->scopes, resource, 0);
	if (scope)
		return scope;
	scope = cib_arena_alloc(&s->arena, sizeof *scope);
	*scope = (cib_scope){.resource = resource, .dialect = *resource->dialect};
	cib_map_set(&s->scopes, resource, 0, scope);
	if (resource->meta && c->status == CIB_OK) {
		c->status = read_vocabularies(c, resource, &scope->dialect);
		if (c->status != CIB_OK && c->err)
			strcpy(c->err->pointer, "/$schema");
	}
	for (const cib_anchor *a = resource->dynamic; a; a = a->next)
		scope->dynamic_count++;
	if (scope->dynamic_count > 64)
		c->status = cib_error_set(c->err, CIB_FINDINGS, "schema.too-large", "more than 64 dynamic anchors in one schema resource");
	scope->dynamic = cib_arena_alloc(&s->arena, (scope->dynamic_count + 1) * sizeof *scope->dynamic);
	size_t n = 0;
	for (const cib_anchor *a = resource->dynamic; a && c->status == CIB_OK; a = a->next, n++) {
		scope->dynamic[n].name = cib_compile_anchor_number(c, a->name);
		scope->dynamic[n].node = cib_compile_node(c, a->node, scope, &(cib_place_in){0});
	}
	return scope;
}
