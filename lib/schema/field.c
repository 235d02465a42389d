/* What a schema says of a field of the instance: titles and annotations, through $ref, allOf and the rest. */
#include "schema/report.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_STEPS = 64 };

typedef struct {
	const char *token;
	size_t index; /* SIZE_MAX: the token is no index */
	int steps;
	bool weak; /* also look into branches that may not apply */
} search;

static const cib_node *child_of(search *s, const cib_node *node);

static const cib_node *child_in_ops(search *s, const cib_node *node)
{
	const cib_node *found = NULL;
	for (uint32_t i = 0; i < node->op_count && !found; i++) {
		const cib_op *op = &node->ops[i];
		bool sure = op->kind == CIB_OP_REF || op->kind == CIB_OP_DYNAMIC_REF || op->kind == CIB_OP_ALL;
		uint32_t first = op->kind == CIB_OP_IF ? 1 : 0, n = op->kind == CIB_OP_IF ? 3 : op->kind == CIB_OP_NOT ? 0
		                                                                                                       : op->count;
		for (uint32_t k = first; k < n && !found && (sure || s->weak); k++)
			found = op->branches[k] ? child_of(s, op->branches[k]) : NULL;
	}
	return found;
}

static const cib_node *child_of(search *s, const cib_node *node)
{
	const cib_node *found = NULL;
	if (s->steps++ > MAX_STEPS)
		return NULL;
	node = node->alias ? node->alias : node;
	const cib_object_rules *o = node->object;
	const cib_slot *slot = o && o->names.count ? cib_names_find(&o->names, s->token, strlen(s->token)) : NULL;
	if (slot)
		found = slot->node;
	for (uint32_t i = 0; o && i < o->pattern_count && !found; i++)
		if (cib_regex_match(o->patterns[i].regex, s->token, strlen(s->token)) == 1)
			found = o->patterns[i].node;
	if (!found)
		found = child_in_ops(s, node);
	if (!found && o && o->additional && !(o->additional->flags & CIB_NODE_FALSE))
		found = o->additional;
	const cib_array_rules *a = node->array;
	if (!found && a && s->index != SIZE_MAX)
		found = s->index < a->prefix_count ? a->prefix[s->index] : a->items;
	return found;
}

static const cib_node *walk(const cib_schema *schema, const char *pointer)
{
	const cib_node *node = schema->root;
	cib_buf token = CIB_BUF_INIT;
	while (node && *pointer) {
		if (!cib_json_pointer_next(&pointer, &token)) {
			node = NULL;
			break;
		}
		search s = {.token = cib_buf_str(&token), .index = SIZE_MAX};
		size_t len = strlen(s.token);
		if (len > 0 && len < 10 && strspn(s.token, "0123456789") == len)
			s.index = strtoul(s.token, NULL, 10);
		const cib_node *child = child_of(&s, node);
		s.steps = 0;
		s.weak = true;
		node = child ? child : child_of(&s, node);
	}
	cib_buf_free(&token);
	return node;
}

/* The description stands where the reference leads, unless it is given beside it. */
static const cib_node *described(const cib_node *node)
{
	for (int i = 0; node && i < MAX_STEPS; i++) {
		const cib_op *op = node->op_count ? &node->ops[0] : NULL;
		if (!op || op->kind != CIB_OP_REF || cib_json_get(node->source, "type") || cib_json_get(node->source, "x-cib-title") || cib_json_get(node->source, "title"))
			break;
		node = op->branches[0];
	}
	return node;
}

const cJSON *cib_schema_field(const cib_schema *schema, const char *pointer)
{
	const cib_node *node = described(walk(schema, pointer));
	return node ? node->source : NULL;
}

const char *cib_schema_title(const cib_schema *schema, const char *pointer, const char *lang)
{
	const cJSON *field = *pointer ? cib_schema_field(schema, pointer) : NULL;
	return field ? cib_schema_title_of(field, lang) : NULL;
}
