/* Pieces of messages: values, lists of values, simple conditions, known names. In no language. */
#include "schema/report.h"

#include <stdlib.h>
#include <string.h>

enum { VALUE_BYTES = 80,
       LIST_BYTES = 400,
       MAX_NAMES = 400,
       MAX_NODES = 200 };

static void cut_to(cib_buf *b, size_t from, size_t most)
{
	if (b->len - from <= most)
		return;
	size_t len = from + most - 3;
	while (len > from && ((unsigned char)b->data[len] & 0xC0u) == 0x80u)
		len--;
	b->len = len;
	b->data[len] = '\0';
	cib_buf_adds(b, "...");
}

/* Only as much of a large value as is shown. */
static void add_value(cib_buf *b, const cJSON *v)
{
	size_t from = b->len;
	if (cJSON_IsString(v) && strlen(v->valuestring) > VALUE_BYTES * 2) {
		cib_buf_addc(b, '"');
		cib_buf_add(b, v->valuestring, VALUE_BYTES * 2);
	} else if ((cJSON_IsObject(v) || cJSON_IsArray(v)) && cib_count_children(v) > VALUE_BYTES / 2) {
		cib_buf_adds(b, cJSON_IsObject(v) ? "{...}" : "[...]");
	} else {
		cib_json_write(b, v, &(cib_json_style){.compact = true});
	}
	cut_to(b, from, VALUE_BYTES);
}

static const char *take(cib_arena *arena, cib_buf *b)
{
	const char *s = cib_arena_strndup(arena, cib_buf_str(b), b->len);
	cib_buf_free(b);
	return s;
}

const char *cib_report_value(cib_arena *arena, const cJSON *value)
{
	cib_buf b = CIB_BUF_INIT;
	add_value(&b, value);
	return take(arena, &b);
}

const char *cib_report_values(cib_arena *arena, const cJSON *list)
{
	cib_buf b = CIB_BUF_INIT;
	for (const cJSON *v = list->child; v; v = v->next) {
		if (b.len > LIST_BYTES) {
			cib_buf_adds(&b, ", ...");
			break;
		}
		if (b.len)
			cib_buf_adds(&b, ", ");
		add_value(&b, v);
	}
	return take(arena, &b);
}

static bool add_condition(cib_buf *b, const cJSON *schema)
{
	const cJSON *properties = cib_json_get(schema, "properties"), *required = cib_json_get(schema, "required");
	bool any = false;
	for (const cJSON *p = properties ? properties->child : NULL; p && b->len < VALUE_BYTES; p = p->next) {
		const cJSON *only = cib_json_get(p, "const"), *list = cib_json_get(p, "enum");
		if (!only && !list)
			continue;
		cib_buf_addf(b, "%s%s = ", b->len ? ", " : "", p->string);
		if (only)
			add_value(b, only);
		for (const cJSON *v = list && !only ? list->child : NULL; v && b->len < VALUE_BYTES; v = v->next) {
			add_value(b, v);
			cib_buf_adds(b, v->next ? " | " : "");
		}
		any = true;
	}
	for (const cJSON *q = required && !any ? required->child : NULL; q && b->len < VALUE_BYTES; q = q->next) {
		cib_buf_addf(b, "%s\"%s\"", b->len ? ", " : "", cJSON_IsString(q) ? q->valuestring : "");
		any = true;
	}
	return any;
}

const char *cib_report_condition(cib_arena *arena, const cib_node *node)
{
	cib_buf b = CIB_BUF_INIT;
	node = node->alias ? node->alias : node;
	const cJSON *only = cib_json_get(node->source, "const");
	if (only)
		add_value(&b, only);
	else if (!add_condition(&b, node->source)) {
		cib_buf_free(&b);
		return NULL;
	}
	return take(arena, &b);
}

typedef struct {
	const char **names;
	size_t count, cap, visited;
} collector;

static void collect(collector *c, const cib_node *node, int depth)
{
	if (!node || depth > 12 || c->visited++ > MAX_NODES)
		return;
	node = node->alias ? node->alias : node;
	const cJSON *properties = node->object ? node->object->properties : NULL;
	for (const cJSON *p = properties ? properties->child : NULL; p && c->count < MAX_NAMES; p = p->next) {
		c->names = cib_grow(c->names, &c->cap, c->count + 1, sizeof(char *));
		c->names[c->count++] = p->string;
	}
	for (uint32_t i = 0; i < node->op_count; i++) {
		const cib_op *op = &node->ops[i];
		uint32_t n = op->kind == CIB_OP_IF ? 3 : op->kind == CIB_OP_NOT ? 0
		                                                                : op->count;
		for (uint32_t k = 0; k < n; k++)
			collect(c, op->branches[k], depth + 1);
	}
	for (uint32_t i = 0; node->object && i < node->object->dependency_count; i++)
		collect(c, node->object->dependencies[i].node, depth + 1);
}

const char **cib_known_names(const cib_node *node, size_t *count)
{
	collector c = {0};
	collect(&c, node, 0);
	*count = c.count;
	return c.names;
}
