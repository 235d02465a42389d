/* The index of schema documents: which resource or anchor has which URI (JSON Schema core, sections 8.2 and 9).
 * Only places where a keyword holds schemas are looked at: an "$id" in an enum or in an unknown keyword is no name.
 * No recursion: the depth of a document costs no stack. */
#include "schema/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	const cJSON *node;
	cib_resource *resource;
} place;

typedef struct {
	cib_index *index;
	const cJSON *document;
	place *items; /* still to be looked at */
	size_t count, cap;
	cib_error *err;
} walk;

static const char *keep(cib_index *index, const char *s)
{
	return cib_arena_strndup(&index->arena, s, strlen(s));
}

static void later(walk *w, const cJSON *node, cib_resource *resource)
{
	if (!cJSON_IsObject(node))
		return;
	w->items = cib_grow(w->items, &w->cap, w->count + 1, sizeof *w->items);
	w->items[w->count++] = (place){node, resource};
}

static cib_resource *new_resource(walk *w, const char *uri, const cJSON *root, const cib_dialect *dialect)
{
	cib_resource *r = cib_arena_alloc(&w->index->arena, sizeof *r);
	const char *schema = cib_json_string(root, "$schema");
	const cib_dialect *own = schema ? cib_dialect_find(schema) : dialect;
	*r = (cib_resource){keep(w->index, uri), root, w->document, own ? own : &cib_dialects[CIB_DRAFT_2020], own ? NULL : schema, NULL};
	cib_map_set(&w->index->roots, root, 0, r);
	return r;
}

static int add_anchor(walk *w, cib_resource *resource, const cJSON *node, const char *name, bool dynamic)
{
	cib_anchor *a = cib_arena_alloc(&w->index->arena, sizeof *a);
	*a = (cib_anchor){keep(w->index, name), node, resource, dynamic, NULL};
	if (dynamic) {
		a->next = resource->dynamic;
		resource->dynamic = a;
	}
	char *uri = cib_format("%s#%s", resource->uri, name);
	const char *key = keep(w->index, uri);
	free(uri);
	cib_anchor *old = cib_map_get(&w->index->anchors, key, strlen(key) + 1);
	if (old && old->resource->document == w->document && old->node != node)
		return cib_error_set(w->err, CIB_FINDINGS, "schema.duplicate-id", "the anchor \"%.100s\" stands twice in one schema", name);
	if (!old)
		cib_map_set(&w->index->anchors, key, strlen(key) + 1, a);
	else if (old->node == node)
		old->dynamic = old->dynamic || dynamic;
	return CIB_OK;
}

/* An identifier below the root begins a resource of its own. */
static int enter_id(walk *w, place *p)
{
	const cib_dialect *dialect = p->resource->dialect;
	const char *id = cib_json_string(p->node, cib_id_keyword(dialect));
	if (!id || (dialect->draft <= CIB_DRAFT_7 && cib_json_get(p->node, "$ref")))
		return CIB_OK;
	if (id[0] == '#') /* before $anchor, "$id": "#name" was one */
		return dialect->draft <= CIB_DRAFT_7 && id[1] ? add_anchor(w, p->resource, p->node, id + 1, false) : CIB_OK;
	char *uri = cib_uri_resolve(p->resource->uri, id);
	uri[strcspn(uri, "#")] = '\0';
	cib_resource *old = cib_index_find(w->index, uri);
	int status = CIB_OK;
	if (old && old->document == w->document && old->root != p->node)
		status = cib_error_set(w->err, CIB_FINDINGS, "schema.duplicate-id", "two schemas have the same identifier %.300s", uri);
	if (p->resource->root == p->node)
		p->resource->uri = keep(w->index, uri);
	else
		p->resource = new_resource(w, uri, p->node, dialect);
	if (!old)
		cib_map_set(&w->index->resources, p->resource->uri, strlen(p->resource->uri) + 1, p->resource);
	free(uri);
	return status;
}

static int enter_anchors(walk *w, const place *p)
{
	const cib_dialect *dialect = p->resource->dialect;
	const char *anchor = cib_json_string(p->node, "$anchor"), *dynamic = cib_json_string(p->node, "$dynamicAnchor");
	int status = CIB_OK;
	if (anchor && cib_keyword_find(dialect, "$anchor"))
		status = add_anchor(w, p->resource, p->node, anchor, false);
	if (dynamic && status == CIB_OK && cib_keyword_find(dialect, "$dynamicAnchor"))
		status = add_anchor(w, p->resource, p->node, dynamic, true);
	if (status == CIB_OK && p->node == p->resource->root && cJSON_IsTrue(cib_json_get(p->node, "$recursiveAnchor")) && cib_keyword_find(dialect, "$recursiveAnchor"))
		status = add_anchor(w, p->resource, p->node, "", true);
	return status;
}

static void enter_children(walk *w, const place *p)
{
	for (const cJSON *k = p->node->child; k; k = k->next) {
		const cib_keyword *keyword = cib_keyword_find(p->resource->dialect, k->string);
		switch (keyword ? keyword->form : CIB_FORM_ANY) {
		case CIB_FORM_SCHEMA:
			later(w, k, p->resource);
			break;
		case CIB_FORM_SCHEMA_OR_LIST:
			later(w, k, p->resource);
			/* fall through */
		case CIB_FORM_SCHEMAS:
			for (const cJSON *c = cJSON_IsArray(k) ? k->child : NULL; c; c = c->next)
				later(w, c, p->resource);
			break;
		case CIB_FORM_SCHEMA_MAP:
		case CIB_FORM_PATTERN_MAP:
		case CIB_FORM_DEPENDENCIES:
			for (const cJSON *c = cJSON_IsObject(k) ? k->child : NULL; c; c = c->next)
				later(w, c, p->resource);
			break;
		default:
			break;
		}
	}
}

int cib_index_add(cib_index *index, const char *uri, const cJSON *doc, const cib_dialect *dialect, cib_resource **out, cib_error *err)
{
	walk w = {.index = index, .document = doc, .err = err};
	char *plain = cib_strndup(uri, strcspn(uri, "#"));
	cib_resource *root = new_resource(&w, plain, doc, dialect);
	int status = CIB_OK;
	cib_map_set(&index->resources, root->uri, strlen(root->uri) + 1, root);
	later(&w, doc, root);
	while (w.count > 0 && status == CIB_OK) {
		place p = w.items[--w.count];
		status = enter_id(&w, &p);
		if (status == CIB_OK)
			status = enter_anchors(&w, &p);
		enter_children(&w, &p);
	}
	free(w.items);
	free(plain);
	if (out)
		*out = root;
	return status;
}

cib_resource *cib_index_find(const cib_index *index, const char *uri)
{
	return cib_map_get(&index->resources, uri, strlen(uri) + 1);
}

cib_anchor *cib_index_anchor(const cib_index *index, const char *uri, const char *name)
{
	char *key = cib_format("%s#%s", uri, name);
	cib_anchor *a = cib_map_get(&index->anchors, key, strlen(key) + 1);
	free(key);
	return a;
}

void cib_index_free(cib_index *index)
{
	cib_map_free(&index->resources);
	cib_map_free(&index->anchors);
	cib_map_free(&index->roots);
	cib_arena_free(&index->arena);
}

/* ---- the caller's registry ---- */

cib_schema_registry *cib_schema_registry_new(void)
{
	return cib_alloc(sizeof(cib_schema_registry));
}

int cib_schema_registry_add(cib_schema_registry *reg, const char *uri, const cJSON *doc, cib_error *err)
{
	return cib_index_add(&reg->index, uri, doc, &cib_dialects[CIB_DRAFT_2020], NULL, err);
}

void cib_schema_registry_free(cib_schema_registry *reg)
{
	if (!reg)
		return;
	cib_index_free(&reg->index);
	free(reg);
}
