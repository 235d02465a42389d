/* The compiler: from a schema document to a program. Work is a list of nodes, not recursion, so neither the depth of a
 * document nor a chain of references costs stack. Every subschema of the document is compiled, visited or not, so
 * that a broken reference is an error here and not on the day when an instance comes by. */
#include "schema/compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_NODES = 250 * 1000,
       DEFAULT_STEPS = 50 * 1000 * 1000 };

void cib_node_pointer(const cib_node *node, cib_buf *out)
{
	const cib_node *chain[64];
	size_t n = 0;
	for (const cib_node *p = node; p && n < 64; p = p->parent)
		chain[n++] = p;
	while (n-- > 0) {
		const cib_node *p = chain[n]; /* cppcheck-suppress uninitvar ; filled up to n */
		if (p->keyword)
			cib_json_pointer_add(out, p->keyword);
		if (p->index_used)
			cib_json_pointer_add_index(out, p->index);
		else if (p->token && p->keyword)
			cib_json_pointer_add(out, p->token);
		else if (p->token)
			cib_buf_adds(out, p->token);
	}
	cib_buf_reserve(out, 1);
	out->data[out->len] = '\0';
}

void cib_node_location(const cib_node *node, cib_buf *out)
{
	const cib_resource *r = node->scope ? node->scope->resource : NULL;
	const cib_node *root = node;
	while (root->parent && r && root->source != r->root)
		root = root->parent;
	cib_buf whole = CIB_BUF_INIT, above = CIB_BUF_INIT;
	cib_node_pointer(node, &whole);
	if (root->parent)
		cib_node_pointer(root, &above);
	cib_buf_adds(out, r ? r->uri : "");
	cib_buf_addc(out, '#');
	cib_buf_adds(out, whole.data + (above.len <= whole.len ? above.len : 0));
	cib_buf_free(&whole);
	cib_buf_free(&above);
}

void cib_compile_fail(cib_compiler *c, const cib_node *node, const char *keyword, int status)
{
	if (status == CIB_OK || c->status != CIB_OK)
		return;
	c->status = status;
	if (!c->err)
		return;
	cib_buf p = CIB_BUF_INIT;
	cib_node_pointer(node, &p);
	if (keyword)
		cib_json_pointer_add(&p, keyword);
	cib_buf_adds(&p, c->err->pointer);
	snprintf(c->err->pointer, sizeof c->err->pointer, "%s", p.data);
	const cib_resource *r = node->scope ? node->scope->resource : NULL;
	if (r && r->document != c->schema->document && *r->uri) /* a fault in another document than the one that was given */
		snprintf(c->err->file, sizeof c->err->file, "%s", r->uri);
	cib_buf_free(&p);
}

static void set_place(cib_node *node, const cib_place_in *place)
{
	node->parent = place->parent;
	node->keyword = place->keyword;
	node->token = place->token;
	node->index = place->index;
	node->index_used = place->index_used;
}

cib_node *cib_compile_node(cib_compiler *c, const cJSON *source, const cib_scope *scope, const cib_place_in *place)
{
	cib_schema *s = c->schema;
	cib_node *node = cib_map_get(&s->nodes, source, 0);
	if (node) { /* met before, by a reference: now we know where it stands */
		if (!node->parent && place->parent && node != s->root)
			set_place(node, place);
		return node;
	}
	if (c->count >= s->max_nodes) {
		if (c->status == CIB_OK)
			c->status = cib_error_set(c->err, CIB_FINDINGS, "schema.too-large", "the schema has more than %u subschemas", s->max_nodes);
		return s->root;
	}
	const cib_resource *own = cib_compile_resource_at(c, source); /* an $id of its own */
	if (own && own != scope->resource) {
		scope = cib_compile_scope(c, own); /* compiles its dynamic anchors, maybe this one */
		if (cib_map_get(&s->nodes, source, 0))
			return cib_compile_node(c, source, scope, place);
	}
	node = cib_arena_alloc(&s->arena, sizeof *node);
	*node = (cib_node){.types = CIB_TYPE_ANY, .source = source, .scope = scope};
	set_place(node, place);
	if (cJSON_IsBool(source))
		node->flags = cJSON_IsTrue(source) ? CIB_NODE_TRUE : CIB_NODE_FALSE;
	cib_map_set(&s->nodes, source, 0, node);
	c->nodes = cib_grow(c->nodes, &c->cap, c->count + 1, sizeof(cib_node *));
	c->nodes[c->count++] = node;
	return node;
}

/* A resource that names a meta-schema of its own is checked against it; the form of the keywords of the known drafts is checked as they are compiled. */
static int check_meta(cib_compiler *c, const cib_schema_options *options)
{
	const cJSON *doc = c->schema->document;
	const cib_resource *root = cib_map_get(&c->schema->index.roots, doc, 0);
	if (!root || !root->meta)
		return CIB_OK;
	cJSON ref = {.type = cJSON_String, .string = (char *)(uintptr_t) "$ref"}, wrapper = {.type = cJSON_Object, .child = &ref};
	char *uri = cib_uri_resolve(root->uri, root->meta);
	ref.valuestring = uri;
	cib_schema_options inner = options ? *options : (cib_schema_options){0};
	inner.base_uri = NULL;
	inner.assert_format = false;
	cib_schema *meta = NULL;
	cib_findings findings = CIB_FINDINGS_INIT;
	int status = cib_schema_compile(&meta, &wrapper, &inner, c->err);
	if (status == CIB_OK && cib_schema_validate(meta, doc, NULL, 0, NULL, &findings) != CIB_OK) {
		status = cib_error_set(c->err, CIB_FINDINGS, "schema.meta-schema", "the schema does not follow its meta-schema %.200s: %s", uri, findings.items[0].message);
		if (c->err && findings.items[0].pointer)
			snprintf(c->err->pointer, sizeof c->err->pointer, "%s", findings.items[0].pointer);
	}
	cib_findings_free(&findings);
	cib_schema_free(meta);
	free(uri);
	return status;
}

int cib_schema_compile(cib_schema **out, const cJSON *schema, const cib_schema_options *options, cib_error *err)
{
	*out = NULL;
	if (!cJSON_IsObject(schema) && !cJSON_IsBool(schema))
		return cib_error_set(err, CIB_FINDINGS, "schema.form", "a schema is an object, true or false");
	cib_schema *s = cib_alloc(sizeof *s);
	cib_compiler c = {.schema = s, .err = err};
	cib_resource *root = NULL;
	s->document = schema;
	s->registry = options ? options->registry : NULL;
	s->assert_format = options && options->assert_format;
	s->max_nodes = options && options->max_nodes ? options->max_nodes : DEFAULT_NODES;
	s->max_steps = options && options->max_steps ? options->max_steps : DEFAULT_STEPS;
	c.status = cib_index_add(&s->index, options && options->base_uri ? options->base_uri : "", schema, &cib_dialects[CIB_DRAFT_2020], &root, err);
	if (c.status == CIB_OK)
		s->root = cib_compile_node(&c, schema, cib_compile_scope(&c, root), &(cib_place_in){0});
	for (; c.next < c.count && c.status == CIB_OK; c.next++) {
		cib_node *node = c.nodes[c.next];
		if (!(node->flags & (CIB_NODE_TRUE | CIB_NODE_FALSE)))
			cib_compile_object(&c, node);
		node->flags |= CIB_NODE_DONE;
	}
	s->node_count = (uint32_t)c.count;
	if (c.status == CIB_OK)
		c.status = cib_program_link(s, c.nodes, c.count, err);
	if (c.status == CIB_OK)
		c.status = check_meta(&c, options);
	free(c.nodes);
	cib_map_free(&s->scopes);
	cib_map_free(&s->anchor_names);
	cib_map_free(&s->regex_map);
	if (c.status != CIB_OK) {
		cib_schema_free(s);
		return c.status;
	}
	*out = s;
	return CIB_OK;
}

void cib_schema_free(cib_schema *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->regex_count; i++)
		cib_regex_free(s->regexes[i]);
	free(s->regexes);
	cib_map_free(&s->nodes);
	cib_map_free(&s->scopes);
	cib_map_free(&s->anchor_names);
	cib_map_free(&s->regex_map);
	cib_index_free(&s->index);
	cib_arena_free(&s->arena);
	free(s);
}
