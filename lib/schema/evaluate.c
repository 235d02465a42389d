/* Evaluation, yes or no: one walk over instance and program together, over at the first fault.
 *
 * Every step costs one from a budget, depth is limited, patterns have limits of their own: when one of them is at its
 * end there is no verdict, and none can be made of it by `not` or `anyOf`: the run is stopped (cib_stop_at).
 * What was evaluated (for unevaluated*) is a bit for each child of the instance and is only kept below a schema
 * that asks for it. */
#include "schema/program.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 5000 };

__attribute__((cold, noinline)) bool cib_stop_at(cib_run *run, cib_stop why, const cib_node *node, const cJSON *instance)
{
	if (!run->stop) {
		run->stop = why;
		run->stop_node = node;
		run->stop_instance = instance;
	}
	return false;
}

bool cib_spend(cib_run *run, uint64_t cost, const cib_node *node, const cJSON *in)
{
	if (run->steps < cost) {
		run->steps = 0;
		return cib_stop_at(run, CIB_STOP_STEPS, node, in);
	}
	run->steps -= cost;
	return true;
}

/* ---- single rules ---- */

size_t cib_count_children(const cJSON *node)
{
	size_t n = 0;
	for (const cJSON *c = node ? node->child : NULL; c; c = c->next)
		n++;
	return n;
}

int cib_compare_numbers(const cJSON *a, const cJSON *b)
{
	char p[40], q[40];
	if (a->valuedouble < b->valuedouble)
		return -1; /* rounding keeps the order */
	if (a->valuedouble > b->valuedouble)
		return 1;
	return cib_json_number_compare(cib_json_number_text(a, p), cib_json_number_text(b, q));
}

bool cib_type_ok(const cib_node *node, const cJSON *in)
{
	char scratch[40];
	if (node->types & in->type & CIB_TYPE_ANY)
		return true;
	return (node->types & CIB_TYPE_INTEGER) && (in->type & cJSON_Number) && cib_decimal_is_integer(cib_json_number_text(in, scratch));
}

bool cib_constant_ok(const cib_constant *k, const cJSON *in)
{
	if (k->single) {
		if ((in->type & 0xFF) != (k->single->type & 0xFF))
			return false;
		if (cJSON_IsString(in) ? strcmp(in->valuestring, k->single->valuestring) != 0 : !cib_json_equal(in, k->single))
			return false;
		if (!k->list)
			return true;
	}
	if (cJSON_IsString(in))
		return k->strings.count && cib_names_find(&k->strings, in->valuestring, strlen(in->valuestring));
	for (const cJSON *v = k->has_others ? k->list->child : NULL; v; v = v->next)
		if ((v->type & 0xFF) == (in->type & 0xFF) && cib_json_equal(v, in))
			return true;
	return false;
}

bool cib_pattern_ok(cib_run *run, const cib_node *node, const cib_regex *regex, const char *text, const cJSON *in)
{
	int m = cib_regex_match(regex, text, strlen(text));
	return m < 0 ? cib_stop_at(run, CIB_STOP_PATTERN, node, in) : m == 1;
}

const cJSON *cib_member(cib_run *run, const cJSON *object, const char *name)
{
	uint64_t looked = 0;
	const cJSON *c = object->child;
	for (; c && strcmp(c->string, name) != 0; c = c->next)
		looked++;
	cib_spend(run, looked / 8, run->schema->root, object);
	return c;
}

/* ---- what was evaluated ---- */

void cib_seen_init(cib_seen *seen, const cJSON *in)
{
	size_t n = cib_count_children(in);
	seen->words = n / 64 + 1;
	seen->first = 0;
	seen->bits = seen->words == 1 ? &seen->first : cib_alloc(seen->words * sizeof *seen->bits);
}

void cib_seen_free(cib_seen *seen)
{
	if (seen->bits != &seen->first)
		free(seen->bits);
}

void cib_seen_join(cib_seen *into, const cib_seen *from)
{
	for (size_t i = 0; i < into->words; i++)
		into->bits[i] |= from->bits[i];
}

static void seen_all(cib_seen *seen)
{
	memset(seen->bits, 0xFF, seen->words * sizeof *seen->bits);
}

/* A branch whose marks only count when it succeeds. */
static __attribute__((noinline)) bool branch_marked(cib_run *run, const cib_node *node, const cJSON *in, cib_seen *seen)
{
	cib_seen own;
	cib_seen_init(&own, in);
	bool ok = cib_evaluate(run, node, in, &own);
	if (ok)
		cib_seen_join(seen, &own);
	cib_seen_free(&own);
	return ok;
}

static inline bool branch(cib_run *run, const cib_node *node, const cJSON *in, cib_seen *seen)
{
	return seen ? branch_marked(run, node, in, seen) : cib_evaluate(run, node, in, NULL);
}

/* ---- by type ---- */

static bool number_ok(cib_run *run, const cib_node *node, const cJSON *in)
{
	const cib_number_rules *n = node->number;
	char scratch[40];
	if ((n->minimum && cib_compare_numbers(in, n->minimum) < 0) || (n->maximum && cib_compare_numbers(in, n->maximum) > 0) ||
	    (n->exclusive_minimum && cib_compare_numbers(in, n->exclusive_minimum) <= 0) ||
	    (n->exclusive_maximum && cib_compare_numbers(in, n->exclusive_maximum) >= 0))
		return false;
	if (!n->multiple_of)
		return true;
	uint64_t cost = 0;
	bool ok = cib_decimal_is_multiple(cib_json_number_text(in, scratch), &n->divisor, &cost);
	return cib_spend(run, cost, node, in) && ok;
}

static bool string_ok(cib_run *run, const cib_node *node, const cJSON *in)
{
	const cib_string_rules *s = node->string;
	const char *text = in->valuestring;
	if (s->min > 0 || s->max != SIZE_MAX) {
		size_t bytes = strlen(text), length = bytes;
		if (bytes < s->min)
			return false;
		if (bytes > s->max || bytes < s->min * 4)
			length = cib_utf8_length(text, bytes);
		if (length < s->min || length > s->max)
			return false;
	}
	if (s->regex && !cib_pattern_ok(run, node, s->regex, text, in))
		return false;
	return !s->check || s->check(text, strlen(text));
}

static bool array_ok(cib_run *run, const cib_node *node, const cJSON *in, cib_seen *seen)
{
	const cib_array_rules *a = node->array;
	size_t n = 0, matched = 0;
	for (const cJSON *c = in->child; c; c = c->next, n++) {
		const cib_node *sub = n < a->prefix_count ? a->prefix[n] : a->items;
		if (n >= a->max || (sub && !cib_evaluate(run, sub, c, NULL)))
			return false;
		bool marks = sub != NULL;
		if (a->contains && (matched < a->min_contains || a->max_contains != SIZE_MAX || seen)) {
			bool has = cib_evaluate(run, a->contains, c, NULL);
			if (run->stop)
				return false;
			matched += has;
			marks = marks || (has && a->contains_evaluates);
		}
		if (seen && marks)
			cib_seen_set(seen, n);
	}
	if (n < a->min || n > a->max || (a->contains && (matched < a->min_contains || matched > a->max_contains)))
		return false;
	return !a->unique || cib_items_unique(run, in, NULL, NULL);
}

static __attribute__((noinline)) bool dependencies_ok(cib_run *run, const cib_object_rules *o, const cJSON *in, cib_seen *seen)
{
	for (uint32_t i = 0; i < o->dependency_count; i++) {
		const cib_dependency *d = &o->dependencies[i];
		if (!cib_member(run, in, d->name))
			continue;
		for (const cJSON *q = d->required ? d->required->child : NULL; q; q = q->next)
			if (!cib_member(run, in, q->valuestring))
				return false;
		if (d->node && !cib_evaluate(run, d->node, in, seen))
			return false;
	}
	return true;
}

static bool patterns_ok(cib_run *run, const cib_node *node, const cJSON *c, bool *known)
{
	const cib_object_rules *o = node->object;
	for (uint32_t i = 0; i < o->pattern_count; i++) {
		if (cib_pattern_ok(run, node, o->patterns[i].regex, c->string, c)) {
			*known = true;
			if (!cib_evaluate(run, o->patterns[i].node, c, NULL))
				return false;
		} else if (run->stop) {
			return false;
		}
	}
	return cib_spend(run, o->pattern_count, node, c);
}

/* A name is a string; there are none within a string, so one node for it is enough. */
static bool name_ok(cib_run *run, const cib_node *names, const cJSON *c)
{
	run->name.valuestring = c->string;
	bool ok = cib_evaluate(run, names, &run->name, NULL);
	if (run->stop_instance == &run->name)
		run->stop_instance = c;
	return ok;
}

static bool object_ok(cib_run *run, const cib_node *node, const cJSON *in, cib_seen *seen)
{
	const cib_object_rules *o = node->object;
	uint32_t required = 0;
	size_t n = 0;
	for (const cJSON *c = in->child; c; c = c->next, n++) {
		bool known = false;
		if (o->names.count) {
			const cib_slot *slot = cib_names_find(&o->names, c->string, strlen(c->string));
			if (slot) {
				required += slot->required;
				known = slot->node != NULL;
				if (known && !cib_evaluate(run, slot->node, c, NULL))
					return false;
			}
		}
		if (o->pattern_count && !patterns_ok(run, node, c, &known))
			return false;
		if (!known && o->additional) {
			if (!cib_evaluate(run, o->additional, c, NULL))
				return false;
			known = true;
		}
		if (o->property_names && !name_ok(run, o->property_names, c))
			return false;
		if (seen && known)
			cib_seen_set(seen, n);
	}
	if (required < o->required_count || n < o->min || n > o->max)
		return false;
	return !o->dependency_count || dependencies_ok(run, o, in, seen);
}

/* ---- operations ---- */

const cib_node *cib_dynamic_target(const cib_run *run, const cib_op *op)
{
	const cib_node *outermost = run->outermost ? run->outermost[op->anchor] : NULL;
	return outermost ? outermost : op->branches[0];
}

static bool op_ok(cib_run *run, const cib_op *op, const cJSON *in, cib_seen *seen)
{
	size_t matched = 0;
	switch (op->kind) {
	case CIB_OP_REF:
		return cib_evaluate(run, op->branches[0], in, seen);
	case CIB_OP_DYNAMIC_REF:
		return cib_evaluate(run, cib_dynamic_target(run, op), in, seen);
	case CIB_OP_ALL:
		for (uint32_t i = 0; i < op->count; i++)
			if (!cib_evaluate(run, op->branches[i], in, seen))
				return false;
		return true;
	case CIB_OP_ANY:
		for (uint32_t i = 0; i < op->count; i++) {
			matched += branch(run, op->branches[i], in, seen);
			if (run->stop || (matched && !seen))
				break;
		}
		return matched > 0;
	case CIB_OP_ONE:
		for (uint32_t i = 0; i < op->count && matched < 2 && !run->stop; i++)
			matched += branch(run, op->branches[i], in, seen);
		return matched == 1;
	case CIB_OP_NOT:
		return !cib_evaluate(run, op->branches[0], in, NULL);
	case CIB_OP_IF: {
		bool yes = branch(run, op->branches[0], in, seen);
		const cib_node *then = run->stop ? NULL : op->branches[yes ? 1 : 2];
		return !then || cib_evaluate(run, then, in, seen);
	}
	}
	return false;
}

static bool rest_ok(cib_run *run, const cib_node *node, const cJSON *in, cib_seen *seen)
{
	const cib_node *rest = in->type & cJSON_Object ? node->unevaluated_properties : node->unevaluated_items;
	size_t i = 0;
	if (!rest)
		return true;
	for (const cJSON *c = in->child; c; c = c->next, i++)
		if (!cib_seen_has(seen, i) && !cib_evaluate(run, rest, c, NULL))
			return false;
	seen_all(seen);
	return true;
}

static inline bool in_place_ok(cib_run *run, const cib_node *node, const cJSON *in, cib_seen *seen)
{
	switch (in->type & 0xFF) {
	case cJSON_Object:
		if (node->object && !object_ok(run, node, in, seen))
			return false;
		break;
	case cJSON_Array:
		if (node->array && !array_ok(run, node, in, seen))
			return false;
		break;
	case cJSON_String:
		if (node->string && !string_ok(run, node, in))
			return false;
		break;
	case cJSON_Number:
		if (node->number && !number_ok(run, node, in))
			return false;
		break;
	default:
		break;
	}
	for (uint32_t i = 0; i < node->op_count; i++)
		if (!op_ok(run, &node->ops[i], in, seen) || run->stop)
			return false;
	return true;
}

static __attribute__((noinline)) bool unevaluated_ok(cib_run *run, const cib_node *node, const cJSON *in, cib_seen *outer)
{
	cib_seen own;
	cib_seen_init(&own, in);
	bool ok = in_place_ok(run, node, in, &own) && rest_ok(run, node, in, &own);
	if (ok && outer)
		cib_seen_join(outer, &own);
	cib_seen_free(&own);
	return ok;
}

static bool node_ok(cib_run *run, const cib_node *node, const cJSON *in, cib_seen *seen)
{
	if (!(node->types & in->type & CIB_TYPE_ANY) && !cib_type_ok(node, in))
		return false;
	if (node->constant && !cib_constant_ok(node->constant, in))
		return false;
	if ((in->type & cJSON_Object && node->unevaluated_properties) || (in->type & cJSON_Array && node->unevaluated_items))
		return unevaluated_ok(run, node, in, seen);
	return in_place_ok(run, node, in, seen);
}

/* ---- scopes and loops ---- */

const cib_scope *cib_scope_enter(cib_run *run, const cib_node *node, uint64_t *added)
{
	const cib_scope *before = run->scope, *scope = node->scope;
	*added = 0;
	run->scope = scope;
	for (uint32_t i = 0; i < scope->dynamic_count; i++) {
		uint32_t name = scope->dynamic[i].name;
		if (!run->outermost[name]) {
			run->outermost[name] = scope->dynamic[i].node;
			*added |= (uint64_t)1 << i;
		}
	}
	return before;
}

void cib_scope_leave(cib_run *run, const cib_scope *before, const cib_scope *entered, uint64_t added)
{
	for (uint32_t i = 0; added; i++, added >>= 1)
		if (added & 1)
			run->outermost[entered->dynamic[i].name] = NULL;
	run->scope = before;
}

static __attribute__((noinline)) bool watched_ok(cib_run *run, const cib_node *node, const cJSON *in, cib_seen *seen)
{
	for (const cib_active *a = run->active; a && a->instance == in; a = a->outer)
		if (a->node == node)
			return cib_stop_at(run, CIB_STOP_LOOP, node, in);
	cib_active here = {node, in, run->active};
	run->active = &here;
	bool ok = node_ok(run, node, in, seen);
	run->active = here.outer;
	return ok;
}

static __attribute__((noinline)) bool scoped_ok(cib_run *run, const cib_node *node, const cJSON *in, cib_seen *seen)
{
	uint64_t added;
	const cib_scope *before = cib_scope_enter(run, node, &added);
	bool ok = node->flags & CIB_NODE_LOOP ? watched_ok(run, node, in, seen) : node_ok(run, node, in, seen);
	cib_scope_leave(run, before, node->scope, added);
	return ok;
}

bool cib_evaluate(cib_run *run, const cib_node *node, const cJSON *in, cib_seen *seen)
{
	if (node->alias)
		node = node->alias;
	if (node->flags & (CIB_NODE_TRUE | CIB_NODE_FALSE))
		return node->flags & CIB_NODE_TRUE;
	if (run->steps == 0)
		return cib_stop_at(run, CIB_STOP_STEPS, node, in);
	run->steps--;
	if (++run->depth > MAX_DEPTH) {
		run->depth--;
		return cib_stop_at(run, CIB_STOP_DEPTH, node, in);
	}
	bool ok;
	if (run->outermost && node->scope != run->scope)
		ok = scoped_ok(run, node, in, seen);
	else if (node->flags & CIB_NODE_LOOP)
		ok = watched_ok(run, node, in, seen);
	else
		ok = node_ok(run, node, in, seen);
	run->depth--;
	return ok && !run->stop;
}

void cib_run_init(cib_run *run, const cib_schema *schema)
{
	*run = (cib_run){.schema = schema, .steps = schema->max_steps, .name = {.type = cJSON_String}};
	if (schema->dynamic)
		run->outermost = cib_alloc((schema->anchor_count + 1) * sizeof(cib_node *));
}

void cib_run_end(cib_run *run)
{
	free(run->outermost);
}

/* The code of the message that tells why there is no verdict. */
const char *cib_stop_code(cib_stop why)
{
	switch (why) {
	case CIB_STOP_PATTERN:
		return "schema.pattern-too-costly";
	case CIB_STOP_DEPTH:
		return "schema.too-deep";
	case CIB_STOP_LOOP:
		return "schema.loop";
	default:
		return "schema.too-costly";
	}
}

int cib_schema_judge(const cib_schema *schema, const cJSON *instance, cib_error *err)
{
	cib_run run;
	cib_run_init(&run, schema);
	bool ok = cib_evaluate(&run, schema->root, instance, NULL);
	cib_run_end(&run);
	if (!run.stop)
		return ok ? CIB_OK : CIB_FINDINGS;
	cib_buf message = CIB_BUF_INIT;
	const char *code = cib_stop_code(run.stop);
	cib_schema_message(&message, NULL, code, (const char *const[3]){NULL, NULL, NULL});
	cib_error_set(err, CIB_REFUSED, code, "%s", message.data);
	cib_buf_free(&message);
	return CIB_REFUSED;
}

bool cib_schema_accepts(const cib_schema *schema, const cJSON *instance)
{
	return cib_schema_judge(schema, instance, NULL) == CIB_OK;
}
