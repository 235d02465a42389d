/* One schema object, keyword by keyword, into the rules of its node. */
#include "schema/compile.h"

#include <stdlib.h>
#include <string.h>

enum { KEYWORDS = CIB_KW_UNIQUE_ITEMS + 1 };

/* A schema object taken apart: the value of each keyword that its dialect has. */
typedef struct {
	cib_compiler *c;
	cib_node *node;
	const cJSON *kw[KEYWORDS];
	cib_op ops[8 + 2];
	uint16_t op_count;
} object;

#define NEW(o, type) new_rules(o, sizeof(type))

static void *new_rules(object *o, size_t size)
{
	void *p = cib_arena_alloc(&o->c->schema->arena, size);
	memset(p, 0, size);
	return p;
}

static bool has(const object *o, cib_kw first, cib_kw second)
{
	return o->kw[first] || o->kw[second];
}

static cib_node *sub(object *o, cib_kw kw)
{
	const cJSON *v = o->kw[kw];
	return v ? cib_compile_node(o->c, v, o->node->scope, &(cib_place_in){.parent = o->node, .keyword = v->string}) : NULL;
}

static cib_node *member(object *o, const char *keyword, const cJSON *v)
{
	return cib_compile_node(o->c, v, o->node->scope, &(cib_place_in){.parent = o->node, .keyword = keyword, .token = v->string});
}

static cib_node **list(object *o, const cJSON *v, size_t *count)
{
	size_t i = 0;
	*count = cib_count_children(v);
	cib_node **nodes = cib_arena_alloc(&o->c->schema->arena, (*count + 1) * sizeof(cib_node *));
	for (const cJSON *child = v->child; child; child = child->next, i++)
		nodes[i] = cib_compile_node(o->c, child, o->node->scope, &(cib_place_in){.parent = o->node, .keyword = v->string, .index = i, .index_used = true});
	return nodes;
}

static size_t count_of(const object *o, cib_kw kw, size_t absent)
{
	char scratch[40];
	size_t n = absent;
	if (o->kw[kw])
		cib_decimal_count(cib_json_number_text(o->kw[kw], scratch), &n);
	return n;
}

static const cib_regex *regex(object *o, const char *keyword, const char *pattern)
{
	cib_schema *s = o->c->schema;
	cib_regex *r = cib_map_get(&s->regex_map, pattern, strlen(pattern) + 1);
	if (r)
		return r;
	int status = cib_regex_compile(&r, pattern, strlen(pattern), o->c->err);
	if (status != CIB_OK) {
		cib_compile_fail(o->c, o->node, keyword, status);
		return NULL;
	}
	cib_map_set(&s->regex_map, pattern, strlen(pattern) + 1, r);
	s->regexes = cib_grow(s->regexes, &s->regex_cap, s->regex_count + 1, sizeof(cib_regex *));
	s->regexes[s->regex_count++] = r;
	return r;
}

/* ---- types, enum, const ---- */

static uint8_t type_bit(const char *name)
{
	switch (name[0]) {
	case 'a':
		return cJSON_Array;
	case 'b':
		return cJSON_True | cJSON_False;
	case 'i':
		return CIB_TYPE_INTEGER;
	case 'o':
		return cJSON_Object;
	case 's':
		return cJSON_String;
	default:
		return name[2] == 'l' ? cJSON_NULL : cJSON_Number;
	}
}

static void add_types(object *o)
{
	const cJSON *v = o->kw[CIB_KW_TYPE];
	if (!v)
		return;
	o->node->types = cJSON_IsString(v) ? type_bit(v->valuestring) : 0;
	for (const cJSON *t = cJSON_IsArray(v) ? v->child : NULL; t; t = t->next)
		o->node->types |= type_bit(t->valuestring);
}

static void add_constant(object *o)
{
	const cJSON *only = o->kw[CIB_KW_CONST], *values = o->kw[CIB_KW_ENUM];
	if (!only && !values)
		return;
	cib_constant *k = NEW(o, cib_constant);
	k->single = only;
	k->list = values;
	k->keyword = only ? "const" : "enum";
	if (values) {
		size_t n = 0;
		cib_slot *slots = cib_alloc((cib_count_children(values) + 1) * sizeof *slots);
		cib_map seen = {0};
		for (const cJSON *v = values->child; v; v = v->next) {
			if (!cJSON_IsString(v))
				k->has_others = true;
			else if (cib_map_put(&seen, v->valuestring, strlen(v->valuestring) + 1, &seen))
				slots[n++] = (cib_slot){.name = v->valuestring, .len = strlen(v->valuestring)};
		}
		cib_names_build(&k->strings, slots, n, &o->c->schema->arena);
		cib_map_free(&seen);
		free(slots);
	}
	o->node->constant = k;
}

/* ---- by type ---- */

static void add_number(object *o)
{
	if (!has(o, CIB_KW_MINIMUM, CIB_KW_MAXIMUM) && !has(o, CIB_KW_EXCLUSIVE_MINIMUM, CIB_KW_EXCLUSIVE_MAXIMUM) && !o->kw[CIB_KW_MULTIPLE_OF])
		return;
	cib_number_rules *n = NEW(o, cib_number_rules);
	n->minimum = o->kw[CIB_KW_MINIMUM];
	n->maximum = o->kw[CIB_KW_MAXIMUM];
	n->exclusive_minimum = o->kw[CIB_KW_EXCLUSIVE_MINIMUM];
	n->exclusive_maximum = o->kw[CIB_KW_EXCLUSIVE_MAXIMUM];
	if (o->node->scope->dialect.draft == CIB_DRAFT_4) { /* there they are switches */
		const cJSON *low = cJSON_IsTrue(n->exclusive_minimum) ? n->minimum : NULL, *high = cJSON_IsTrue(n->exclusive_maximum) ? n->maximum : NULL;
		n->exclusive_minimum = low;
		n->exclusive_maximum = high;
	}
	n->multiple_of = o->kw[CIB_KW_MULTIPLE_OF];
	if (n->multiple_of) {
		char scratch[40];
		cib_divisor_init(&n->divisor, cib_json_number_text(n->multiple_of, scratch), &o->c->schema->arena);
		if (n->divisor.len > 1000)
			cib_compile_fail(o->c, o->node, "multipleOf", cib_error_set(o->c->err, CIB_FINDINGS, "schema.too-large", "\"multipleOf\" has more than 1,000 digits"));
	}
	o->node->number = n;
}

static void add_string(object *o)
{
	const cib_dialect *d = &o->node->scope->dialect;
	const cJSON *format = o->kw[CIB_KW_FORMAT], *pattern = o->kw[CIB_KW_PATTERN];
	if (!o->c->schema->assert_format && !(d->vocabularies & CIB_VOCAB_FORMAT_ASSERTION))
		format = NULL;
	cib_format_check check = format ? cib_format_find(format->valuestring) : NULL;
	if (!has(o, CIB_KW_MIN_LENGTH, CIB_KW_MAX_LENGTH) && !pattern && !check)
		return;
	cib_string_rules *s = NEW(o, cib_string_rules);
	s->min = count_of(o, CIB_KW_MIN_LENGTH, 0);
	s->max = count_of(o, CIB_KW_MAX_LENGTH, SIZE_MAX);
	s->format = check ? format->valuestring : NULL;
	s->check = check;
	if (pattern) {
		s->pattern = pattern->valuestring;
		s->regex = regex(o, "pattern", s->pattern);
	}
	o->node->string = s;
}

static void add_array(object *o)
{
	const cJSON *prefix = o->kw[CIB_KW_PREFIX_ITEMS], *items = o->kw[CIB_KW_ITEMS];
	if (!has(o, CIB_KW_MIN_ITEMS, CIB_KW_MAX_ITEMS) && !has(o, CIB_KW_ITEMS, CIB_KW_PREFIX_ITEMS) && !has(o, CIB_KW_CONTAINS, CIB_KW_UNIQUE_ITEMS))
		return;
	cib_array_rules *a = NEW(o, cib_array_rules);
	a->min = count_of(o, CIB_KW_MIN_ITEMS, 0);
	a->max = count_of(o, CIB_KW_MAX_ITEMS, SIZE_MAX);
	a->unique = cJSON_IsTrue(o->kw[CIB_KW_UNIQUE_ITEMS]);
	a->prefix_keyword = "prefixItems";
	a->items_keyword = "items";
	if (cJSON_IsArray(items)) { /* before 2020-12 */
		prefix = items;
		a->prefix_keyword = "items";
		a->items_keyword = "additionalItems";
		a->items = sub(o, CIB_KW_ADDITIONAL_ITEMS);
	} else {
		a->items = sub(o, CIB_KW_ITEMS);
		if (o->kw[CIB_KW_ADDITIONAL_ITEMS]) /* has no effect, but is a schema */
			sub(o, CIB_KW_ADDITIONAL_ITEMS);
	}
	if (prefix)
		a->prefix = list(o, prefix, &a->prefix_count);
	a->contains = sub(o, CIB_KW_CONTAINS);
	a->contains_evaluates = o->node->scope->dialect.draft == CIB_DRAFT_2020;
	a->has_min_contains = o->kw[CIB_KW_MIN_CONTAINS] != NULL;
	a->min_contains = count_of(o, CIB_KW_MIN_CONTAINS, 1);
	a->max_contains = count_of(o, CIB_KW_MAX_CONTAINS, SIZE_MAX);
	o->node->array = a;
}

static void add_names(object *o, cib_object_rules *r)
{
	const cJSON *properties = r->properties, *required = r->required;
	size_t n = 0;
	cib_slot *slots = cib_alloc((cib_count_children(properties) + cib_count_children(required) + 1) * sizeof *slots);
	cib_map at = {0};
	for (const cJSON *p = properties ? properties->child : NULL; p; p = p->next) {
		slots[n] = (cib_slot){.name = p->string, .len = strlen(p->string), .node = member(o, "properties", p)};
		if (required)
			cib_map_set(&at, p->string, slots[n].len + 1, (void *)(uintptr_t)(n + 1));
		n++;
	}
	for (const cJSON *q = required ? required->child : NULL; q; q = q->next) {
		size_t len = strlen(q->valuestring), i = (size_t)(uintptr_t)cib_map_get(&at, q->valuestring, len + 1);
		if (!i) {
			slots[n++] = (cib_slot){.name = q->valuestring, .len = len};
			i = n;
		}
		slots[i - 1].required = true;
		r->required_count++;
	}
	cib_names_build(&r->names, slots, n, &o->c->schema->arena);
	cib_map_free(&at);
	free(slots);
}

static void add_dependencies(object *o, cib_object_rules *r)
{
	static const cib_kw all[] = {CIB_KW_DEPENDENT_REQUIRED, CIB_KW_DEPENDENT_SCHEMAS, CIB_KW_DEPENDENCIES};
	size_t n = 0;
	for (size_t i = 0; i < 3; i++)
		n += cib_count_children(o->kw[all[i]]);
	if (n == 0)
		return;
	r->dependencies = cib_arena_alloc(&o->c->schema->arena, n * sizeof *r->dependencies);
	for (size_t i = 0; i < 3; i++) {
		const cJSON *v = o->kw[all[i]];
		for (const cJSON *d = v ? v->child : NULL; d; d = d->next) {
			bool names = cJSON_IsArray(d);
			r->dependencies[r->dependency_count++] = (cib_dependency){d->string, names ? d : NULL, names ? NULL : member(o, v->string, d), v->string};
		}
	}
}

static void add_object(object *o)
{
	const cJSON *patterns = o->kw[CIB_KW_PATTERN_PROPERTIES];
	if (!has(o, CIB_KW_PROPERTIES, CIB_KW_REQUIRED) && !has(o, CIB_KW_MIN_PROPERTIES, CIB_KW_MAX_PROPERTIES) && !patterns &&
	    !has(o, CIB_KW_ADDITIONAL_PROPERTIES, CIB_KW_PROPERTY_NAMES) && !has(o, CIB_KW_DEPENDENCIES, CIB_KW_DEPENDENT_REQUIRED) && !o->kw[CIB_KW_DEPENDENT_SCHEMAS])
		return;
	cib_object_rules *r = NEW(o, cib_object_rules);
	r->min = count_of(o, CIB_KW_MIN_PROPERTIES, 0);
	r->max = count_of(o, CIB_KW_MAX_PROPERTIES, SIZE_MAX);
	r->properties = o->kw[CIB_KW_PROPERTIES];
	r->required = o->kw[CIB_KW_REQUIRED];
	add_names(o, r);
	if (patterns) {
		r->patterns = cib_arena_alloc(&o->c->schema->arena, (cib_count_children(patterns) + 1) * sizeof *r->patterns);
		for (const cJSON *p = patterns->child; p; p = p->next)
			r->patterns[r->pattern_count++] = (cib_pattern_rule){p->string, regex(o, "patternProperties", p->string), member(o, "patternProperties", p)};
	}
	r->additional = sub(o, CIB_KW_ADDITIONAL_PROPERTIES);
	r->property_names = sub(o, CIB_KW_PROPERTY_NAMES);
	add_dependencies(o, r);
	o->node->object = r;
}

/* ---- operations ---- */

static cib_op *add_op(object *o, cib_op_kind kind, const cJSON *value)
{
	cib_op *op = &o->ops[o->op_count++];
	*op = (cib_op){.kind = kind, .keyword = value->string, .value = value, .count = 1};
	return op;
}

static void add_reference(object *o, cib_kw kw)
{
	const cJSON *v = o->kw[kw];
	const cib_anchor *anchor = NULL;
	if (!v)
		return;
	cib_node *target = cib_compile_reference(o->c, o->node, v->string, v->valuestring, kw == CIB_KW_DYNAMIC_REF ? &anchor : NULL);
	if (!target)
		return;
	cib_op *op = add_op(o, CIB_OP_REF, v);
	op->branches = cib_arena_alloc(&o->c->schema->arena, sizeof(cib_node *));
	op->branches[0] = target;
	const char *name = anchor ? anchor->name : NULL;
	if (kw == CIB_KW_RECURSIVE_REF && cJSON_IsTrue(cib_json_get(target->source, "$recursiveAnchor")))
		name = "";
	if (name) {
		op->kind = CIB_OP_DYNAMIC_REF;
		op->anchor = cib_compile_anchor_number(o->c, name);
		o->c->schema->dynamic = true;
	}
}

static void add_list(object *o, cib_kw kw, cib_op_kind kind)
{
	size_t n;
	if (!o->kw[kw])
		return;
	cib_op *op = add_op(o, kind, o->kw[kw]);
	op->branches = list(o, o->kw[kw], &n);
	op->count = (uint32_t)n;
}

static void add_ops(object *o)
{
	add_reference(o, CIB_KW_REF);
	add_reference(o, CIB_KW_DYNAMIC_REF);
	add_reference(o, CIB_KW_RECURSIVE_REF);
	add_list(o, CIB_KW_ALL_OF, CIB_OP_ALL);
	add_list(o, CIB_KW_ANY_OF, CIB_OP_ANY);
	add_list(o, CIB_KW_ONE_OF, CIB_OP_ONE);
	cib_node *then = sub(o, CIB_KW_THEN), *otherwise = sub(o, CIB_KW_ELSE);
	if (o->kw[CIB_KW_IF]) {
		cib_node *test = sub(o, CIB_KW_IF);
		cib_op *op = add_op(o, CIB_OP_IF, o->kw[CIB_KW_IF]);
		op->branches = cib_arena_alloc(&o->c->schema->arena, 3 * sizeof(cib_node *));
		op->branches[0] = test;
		op->branches[1] = then;
		op->branches[2] = otherwise;
	}
	if (o->kw[CIB_KW_NOT]) {
		cib_op *op = add_op(o, CIB_OP_NOT, o->kw[CIB_KW_NOT]);
		op->branches = cib_arena_alloc(&o->c->schema->arena, sizeof(cib_node *));
		op->branches[0] = sub(o, CIB_KW_NOT);
	}
	if (o->op_count) {
		cib_op *ops = cib_arena_alloc(&o->c->schema->arena, o->op_count * sizeof *ops);
		memcpy(ops, o->ops, o->op_count * sizeof *ops);
		o->node->ops = ops;
		o->node->op_count = o->op_count;
	}
}

/* Places that hold schemas but are no part of the evaluation: definitions, contentSchema. */
static void add_unvisited(object *o, const cib_keyword *k, const cJSON *v)
{
	if (k->form == CIB_FORM_SCHEMA_MAP)
		for (const cJSON *d = v->child; d; d = d->next)
			member(o, v->string, d);
	else if (k->form == CIB_FORM_SCHEMA)
		cib_compile_node(o->c, v, o->node->scope, &(cib_place_in){.parent = o->node, .keyword = v->string});
}

void cib_compile_object(cib_compiler *c, cib_node *node)
{
	object o = {.c = c, .node = node};
	const cib_dialect *dialect = &node->scope->dialect;
	bool alone = dialect->draft <= CIB_DRAFT_7 && cib_json_string(node->source, "$ref"); /* then $ref ignores its neighbours */
	for (const cJSON *v = node->source->child; v && c->status == CIB_OK; v = v->next) {
		const cib_keyword *k = cib_keyword_find(dialect, v->string);
		if (!k)
			continue;
		if (c->err)
			c->err->pointer[0] = '\0';
		cib_compile_fail(c, node, v->string, cib_keyword_check(k, v, c->err));
		if (c->status != CIB_OK)
			return;
		if (k->kw == CIB_KW_NONE)
			add_unvisited(&o, k, v);
		else if (!alone || k->kw == CIB_KW_REF)
			o.kw[k->kw] = v;
	}
	if (c->err)
		c->err->pointer[0] = '\0';
	add_types(&o);
	add_constant(&o);
	add_number(&o);
	add_string(&o);
	add_array(&o);
	add_object(&o);
	add_ops(&o);
	node->unevaluated_items = sub(&o, CIB_KW_UNEVALUATED_ITEMS);
	node->unevaluated_properties = sub(&o, CIB_KW_UNEVALUATED_PROPERTIES);
}
