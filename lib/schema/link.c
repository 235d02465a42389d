/* After compiling: which nodes are but other names, and where evaluation could go in circles.
 *
 * A circle of $ref and allOf alone never ends, for no instance: that is an error. A circle that also goes through anyOf, if,
 * ... or a dynamic reference may end; one node of each such circle is marked, and evaluation watches those. */
#include "schema/program.h"

#include <stdlib.h>
#include <string.h>

enum { WHITE,
       GREY,
       BLACK };

typedef struct {
	cib_node *node;
	uint32_t op, branch; /* the next edge to follow */
} frame;

typedef struct {
	cib_schema *schema;
	cib_node **nodes;
	size_t count;
	cib_map colours; /* node -> colour + 1 */
	frame *stack;
	size_t depth, cap;
	bool always; /* only edges that are taken for every instance */
} linker;

static bool is_alias(const cib_schema *s, const cib_node *n)
{
	if (n->op_count != 1 || n->ops[0].kind != CIB_OP_REF || n->types != CIB_TYPE_ANY || n->constant || n->number || n->string || n->array ||
	    n->object || n->unevaluated_items || n->unevaluated_properties)
		return false;
	/* going through a resource with dynamic anchors must not be forgotten */
	return !s->dynamic || n->scope->dynamic_count == 0 || n->scope == n->ops[0].branches[0]->scope;
}

/* The next node in place behind a frame, NULL at the end. Edges: the branches of the operations, then dependentSchemas. */
static cib_node *next_edge(const linker *l, frame *f)
{
	for (; f->op < f->node->op_count; f->op++, f->branch = 0) {
		const cib_op *op = &f->node->ops[f->op];
		if (l->always && op->kind != CIB_OP_REF && op->kind != CIB_OP_ALL)
			continue;
		uint32_t n = op->kind == CIB_OP_IF ? 3 : op->count;
		while (f->branch < n) {
			cib_node *next = op->branches[f->branch++];
			if (next)
				return next;
		}
	}
	const cib_object_rules *r = f->node->object;
	while (!l->always && r && f->branch < r->dependency_count) {
		cib_node *next = r->dependencies[f->branch++].node;
		if (next)
			return next;
	}
	return NULL;
}

static uintptr_t colour(const linker *l, const cib_node *n)
{
	uintptr_t c = (uintptr_t)cib_map_get(&l->colours, n, 0);
	return c ? c - 1 : WHITE;
}

static void paint(linker *l, const cib_node *n, uintptr_t c)
{
	cib_map_set(&l->colours, n, 0, (void *)(c + 1));
}

static void push(linker *l, cib_node *node)
{
	paint(l, node, GREY);
	l->stack = cib_grow(l->stack, &l->cap, l->depth + 1, sizeof *l->stack);
	l->stack[l->depth++] = (frame){.node = node};
}

/* Depth first from a node; the node that closes a circle, or NULL. Marks such nodes, when all edges are followed. */
static cib_node *search(linker *l, cib_node *start)
{
	if (colour(l, start) != WHITE)
		return NULL;
	push(l, start);
	while (l->depth > 0) {
		frame *f = &l->stack[l->depth - 1];
		cib_node *next = next_edge(l, f);
		if (!next) {
			paint(l, f->node, BLACK);
			l->depth--;
		} else if (colour(l, next) == GREY) {
			if (l->always)
				return next;
			next->flags |= CIB_NODE_LOOP;
		} else if (colour(l, next) == WHITE) {
			push(l, next);
		}
	}
	return NULL;
}

static int loop_error(const cib_node *node, cib_error *err)
{
	cib_buf p = CIB_BUF_INIT;
	cib_node_pointer(node, &p);
	int status = cib_error_set(err, CIB_FINDINGS, "schema.ref-loop", "this schema refers to itself and would never come to an end");
	if (err) {
		strncat(err->pointer, p.data, sizeof err->pointer - 1);
		cib_error_hint(err, "a recursive reference must stand below properties, items or the like");
	}
	cib_buf_free(&p);
	return status;
}

int cib_program_link(cib_schema *schema, cib_node **nodes, size_t count, cib_error *err)
{
	linker l = {.schema = schema, .nodes = nodes, .count = count, .always = true};
	int status = CIB_OK;
	bool circles = false; /* can there be one? only when a reference leads back to a node that came before */
	for (size_t i = 0; i < count && status == CIB_OK; i++) {
		cib_node *found = nodes[i]->op_count ? search(&l, nodes[i]) : NULL;
		if (found)
			status = loop_error(found, err);
		for (size_t k = 0; k < nodes[i]->op_count; k++)
			circles = circles || nodes[i]->ops[k].kind == CIB_OP_REF || nodes[i]->ops[k].kind == CIB_OP_DYNAMIC_REF;
	}
	if (status == CIB_OK && circles) {
		cib_map_free(&l.colours);
		l.always = false;
		l.depth = 0;
		for (size_t i = 0; i < count; i++)
			if (nodes[i]->op_count || nodes[i]->object)
				search(&l, nodes[i]);
	}
	/* A dynamic reference can lead to any of its anchors: watch where it stands. */
	for (size_t i = 0; i < count && status == CIB_OK; i++)
		for (size_t k = 0; k < nodes[i]->op_count; k++)
			if (nodes[i]->ops[k].kind == CIB_OP_DYNAMIC_REF)
				nodes[i]->flags |= CIB_NODE_LOOP;
	for (size_t i = 0; i < count && status == CIB_OK; i++)
		if (is_alias(schema, nodes[i]) && !(nodes[i]->flags & CIB_NODE_LOOP))
			nodes[i]->alias = nodes[i]->ops[0].branches[0];
	for (size_t i = 0; i < count && status == CIB_OK; i++) { /* there are no circles of aliases: see above */
		cib_node *end = nodes[i], *next;
		while (end->alias)
			end = end->alias;
		for (cib_node *n = nodes[i]; n->alias && n->alias != end; n = next) { /* the whole way, so that it is gone only once */
			next = n->alias;
			n->alias = end;
		}
	}
	cib_map_free(&l.colours);
	free(l.stack);
	return status;
}
