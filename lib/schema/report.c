/* The full report: the same walk as evaluate.c, but it goes on after a fault and writes down what it finds, as a tree.
 *
 * To tell one fault once: a value of the wrong type is not looked at further, a scalar has one fault at most in each
 * schema object, and what a failing subschema would have evaluated does not count as unevaluated. */
#include "schema/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 1000,
       MAX_FAULTS = 20000,
       COMPARED_BRANCHES = 40 }; /* each with each other */

typedef struct {
	cib_schema_report *report;
	cib_arena *arena;
	cib_run run; /* for questions that are only yes or no, and for the limits */
	cib_buf pointer, path;
	uint32_t depth;
} walker;

static bool visit(walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into);

/* ---- the tree ---- */

static const char *copy(walker *w, const char *s)
{
	return s ? cib_arena_strndup(w->arena, s, strlen(s)) : NULL;
}

static cib_fault *new_fault(walker *w, const cib_node *node, const char *keyword, const cJSON *in, cib_fault *parent)
{
	cib_fault *f = cib_arena_alloc(w->arena, sizeof *f);
	size_t len = w->path.len;
	if (keyword)
		cib_json_pointer_add(&w->path, keyword);
	*f = (cib_fault){.node = node, .keyword = keyword, .instance = in, .pointer = copy(w, cib_buf_str(&w->pointer)), .path = copy(w, cib_buf_str(&w->path))};
	w->path.len = len;
	if (w->path.data)
		w->path.data[len] = '\0';
	if (parent->last)
		parent->last->next = f;
	else
		parent->children = f;
	parent->last = f;
	w->report->count++;
	return f;
}

static cib_fault *fail(walker *w, const cib_node *node, const char *keyword, const cJSON *in, cib_fault *into, const char *code, const char *a, const char *b)
{
	cib_fault *f = new_fault(w, node, keyword, in, into);
	f->code = code;
	f->params[0] = a;
	f->params[1] = b;
	return f;
}

/* A unit that turned out empty is taken away again: it is always the last. */
static void drop_last(cib_fault *parent)
{
	cib_fault *before = NULL;
	for (cib_fault *f = parent->children; f != parent->last; f = f->next)
		before = f;
	parent->last = before;
	if (before)
		before->next = NULL;
	else
		parent->children = NULL;
}

/* ---- going down ---- */

typedef struct {
	size_t pointer, path;
} mark;

static void cut(cib_buf *b, size_t len)
{
	b->len = len;
	if (b->data)
		b->data[len] = '\0';
}

static mark here(const walker *w)
{
	return (mark){w->pointer.len, w->path.len};
}

static void back(walker *w, mark m)
{
	cut(&w->pointer, m.pointer);
	cut(&w->path, m.path);
}

static const char *number(walker *w, size_t n)
{
	char text[24];
	snprintf(text, sizeof text, "%zu", n);
	return copy(w, text);
}

/* Visit a subschema of `keyword` (with a token, when it has one) as a unit of its own below a fault of the keyword.
 * The instance's pointer is where the caller put it. */
static bool below(walker *w, const char *keyword, const char *token, const cib_node *sub, const cJSON *in, cib_seen *seen, cib_fault *holder)
{
	size_t len = w->path.len;
	cib_json_pointer_add(&w->path, keyword);
	if (token)
		cib_json_pointer_add(&w->path, token);
	cib_fault *unit = new_fault(w, sub, NULL, in, holder);
	bool ok = visit(w, sub, in, seen, unit);
	if (ok)
		drop_last(holder);
	cut(&w->path, len);
	return ok;
}

/* The same, when the keyword has only this one to hand on. */
static bool only_below(walker *w, const cib_node *node, const char *keyword, const char *token, const cib_node *sub, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	if (sub->flags & CIB_NODE_TRUE)
		return true;
	cib_fault *f = new_fault(w, node, keyword, in, into);
	bool ok = below(w, keyword, token, sub, in, seen, f);
	if (ok)
		drop_last(into);
	return ok;
}

static bool child_below(walker *w, const cib_node *node, const char *keyword, const char *token, const cib_node *sub, const cJSON *child, size_t index, cib_fault *into)
{
	mark m = here(w);
	if (index == SIZE_MAX)
		cib_json_pointer_add(&w->pointer, child->string);
	else
		cib_json_pointer_add_index(&w->pointer, index);
	bool ok = only_below(w, node, keyword, token, sub, child, NULL, into);
	back(w, m);
	return ok;
}

/* ---- scalars ---- */

static const char *type_of(const cJSON *v)
{
	return cJSON_IsObject(v) ? "object" : cJSON_IsArray(v) ? "array"
	                              : cJSON_IsString(v)      ? "string"
	                              : cJSON_IsNumber(v)      ? "number"
	                              : cJSON_IsNull(v)        ? "null"
	                                                       : "boolean";
}

static void type_fault(walker *w, const cib_node *node, const cJSON *in, cib_fault *into)
{
	const cJSON *type = cib_json_get(node->source, "type");
	cib_buf wanted = CIB_BUF_INIT;
	for (const cJSON *t = cJSON_IsArray(type) ? type->child : type; t; t = cJSON_IsArray(type) ? t->next : NULL)
		cib_buf_addf(&wanted, "%s%s", wanted.len ? "|" : "", t->valuestring);
	bool fraction = cJSON_IsNumber(in) && node->types & CIB_TYPE_INTEGER; /* a number, but an integer is wanted */
	cib_fault *f = fail(w, node, "type", in, into, fraction ? "schema.integer" : "schema.type", type_of(in), copy(w, cib_buf_str(&wanted)));
	f->params[2] = cib_report_value(w->arena, in);
	cib_buf_free(&wanted);
}

static void constant_fault(walker *w, const cib_node *node, const cJSON *in, cib_fault *into)
{
	const cib_constant *k = node->constant;
	const char *found = cib_report_value(w->arena, in);
	bool single = k->single && !(k->list && cib_constant_ok(&(cib_constant){.single = k->single}, in));
	if (single)
		fail(w, node, "const", in, into, "schema.const", found, cib_report_value(w->arena, k->single));
	else
		fail(w, node, "enum", in, into, "schema.enum", found, cib_report_values(w->arena, k->list));
}

static bool number_visit(walker *w, const cib_node *node, const cJSON *in, cib_fault *into)
{
	const cib_number_rules *n = node->number;
	bool older = node->scope->dialect.draft == CIB_DRAFT_4;
	const struct {
		const cJSON *limit;
		const char *keyword, *code;
		bool bad;
	} limits[] = {
		{n->minimum, "minimum", "schema.minimum", n->minimum && cib_compare_numbers(in, n->minimum) < 0},
		{n->maximum, "maximum", "schema.maximum", n->maximum && cib_compare_numbers(in, n->maximum) > 0},
		{n->exclusive_minimum, older ? "minimum" : "exclusiveMinimum", "schema.exclusiveMinimum", n->exclusive_minimum && cib_compare_numbers(in, n->exclusive_minimum) <= 0},
		{n->exclusive_maximum, older ? "maximum" : "exclusiveMaximum", "schema.exclusiveMaximum", n->exclusive_maximum && cib_compare_numbers(in, n->exclusive_maximum) >= 0},
	};
	char scratch[40];
	uint64_t cost = 0;
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		if (limits[i].bad) {
			fail(w, node, limits[i].keyword, in, into, limits[i].code, cib_report_value(w->arena, in), cib_report_value(w->arena, limits[i].limit));
			return false;
		}
	if (!n->multiple_of || cib_decimal_is_multiple(cib_json_number_text(in, scratch), &n->divisor, &cost))
		return true;
	fail(w, node, "multipleOf", in, into, "schema.multipleOf", cib_report_value(w->arena, in), cib_report_value(w->arena, n->multiple_of));
	return false;
}

static bool string_visit(walker *w, const cib_node *node, const cJSON *in, cib_fault *into)
{
	const cib_string_rules *s = node->string;
	const char *text = in->valuestring, *found = NULL;
	size_t length = cib_utf8_length(text, strlen(text));
	if (length < s->min || length > s->max) {
		bool few = length < s->min;
		const char *code = few ? length == 0 ? "schema.empty" : "schema.minLength" : "schema.maxLength";
		fail(w, node, few ? "minLength" : "maxLength", in, into, code, number(w, length), number(w, few ? s->min : s->max));
		return false;
	}
	if (s->regex && !cib_pattern_ok(&w->run, node, s->regex, text, in)) {
		found = cib_report_value(w->arena, in);
		fail(w, node, "pattern", in, into, "schema.pattern-mismatch", found, copy(w, s->pattern));
		return false;
	}
	if (s->check && !s->check(text, strlen(text))) {
		found = cib_report_value(w->arena, in);
		fail(w, node, "format", in, into, "schema.format", found, copy(w, s->format));
		return false;
	}
	return true;
}

/* ---- arrays ---- */

static bool contains_visit(walker *w, const cib_node *node, const cJSON *in, size_t matched, cib_fault *into)
{
	const cib_array_rules *a = node->array;
	if (!a->contains || (matched >= a->min_contains && matched <= a->max_contains))
		return true;
	const char *what = cib_report_condition(w->arena, a->contains);
	if (matched > a->max_contains)
		fail(w, node, "maxContains", in, into, "schema.maxContains", number(w, matched), number(w, a->max_contains))->params[2] = what;
	else if (a->has_min_contains)
		fail(w, node, "minContains", in, into, what ? "schema.minContains-that" : "schema.minContains", number(w, matched), number(w, a->min_contains))->params[2] = what;
	else
		fail(w, node, "contains", in, into, what ? "schema.contains-that" : "schema.contains", what, NULL);
	return false;
}

static bool array_visit(walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	const cib_array_rules *a = node->array;
	size_t n = 0, matched = 0, i = 0, j = 0;
	bool ok = true;
	for (const cJSON *c = in->child; c; c = c->next, n++) {
		bool first = n < a->prefix_count;
		const cib_node *sub = first ? a->prefix[n] : a->items;
		char token[24];
		snprintf(token, sizeof token, "%zu", n);
		if (sub)
			ok = child_below(w, node, first ? a->prefix_keyword : a->items_keyword, first ? token : NULL, sub, c, n, into) && ok;
		bool has = a->contains && cib_evaluate(&w->run, a->contains, c, NULL);
		matched += has;
		if (seen && (sub || (has && a->contains_evaluates)))
			cib_seen_set(seen, n);
	}
	if (n < a->min || n > a->max) {
		bool few = n < a->min;
		fail(w, node, few ? "minItems" : "maxItems", in, into, few ? "schema.minItems" : "schema.maxItems", number(w, n), number(w, few ? a->min : a->max));
		ok = false;
	}
	ok = contains_visit(w, node, in, matched, into) && ok;
	if (a->unique && !cib_items_unique(&w->run, in, &i, &j)) {
		const cJSON *twice = in->child;
		for (size_t k = 0; k < i; k++)
			twice = twice->next;
		fail(w, node, "uniqueItems", in, into, "schema.uniqueItems", number(w, i + 1), number(w, j + 1))->params[2] = cib_report_value(w->arena, twice);
		ok = false;
	}
	return ok;
}

/* ---- objects ---- */

static void unknown_member(walker *w, const cib_node *node, const char *keyword, const cJSON *in, const cJSON *c, cib_fault *into)
{
	cib_fault *f = fail(w, node, keyword, in, into, "schema.property", copy(w, c->string), NULL);
	f->member = f->params[0];
}

/* A property that no `properties` names: false says so of the object, a schema is a schema like any other. */
static bool rest_below(walker *w, const cib_node *node, const char *keyword, const cib_node *rest, const cJSON *in, const cJSON *c, size_t index, cib_fault *into)
{
	const cib_node *end = rest->alias ? rest->alias : rest;
	if (cJSON_IsObject(in) && end->flags & CIB_NODE_FALSE) {
		unknown_member(w, node, keyword, in, c, into);
		return false;
	}
	return child_below(w, node, keyword, NULL, rest, c, cJSON_IsObject(in) ? SIZE_MAX : index, into);
}

static bool names_visit(walker *w, const cib_node *node, const cJSON *in, const cJSON *c, cib_fault *into)
{
	cJSON *name = cib_arena_alloc(w->arena, sizeof *name);
	*name = (cJSON){.type = cJSON_String, .valuestring = c->string};
	if (cib_evaluate(&w->run, node->object->property_names, name, NULL))
		return true;
	cib_fault *f = fail(w, node, "propertyNames", in, into, "schema.name", copy(w, c->string), NULL);
	f->member = f->params[0];
	below(w, "propertyNames", NULL, node->object->property_names, name, NULL, f);
	return false;
}

static bool members_visit(walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into, size_t *count)
{
	const cib_object_rules *o = node->object;
	bool ok = true;
	size_t n = 0;
	for (const cJSON *c = in->child; c; c = c->next, n++) {
		bool known = false;
		const cib_slot *slot = o->names.count ? cib_names_find(&o->names, c->string, strlen(c->string)) : NULL;
		if (slot && slot->node) {
			known = true;
			ok = child_below(w, node, "properties", c->string, slot->node, c, SIZE_MAX, into) && ok;
		}
		for (uint32_t i = 0; i < o->pattern_count; i++) {
			if (!cib_pattern_ok(&w->run, node, o->patterns[i].regex, c->string, c))
				continue;
			known = true;
			ok = child_below(w, node, "patternProperties", o->patterns[i].pattern, o->patterns[i].node, c, SIZE_MAX, into) && ok;
		}
		if (!cib_spend(&w->run, o->pattern_count, node, c))
			return false;
		if (!known && o->additional) {
			ok = rest_below(w, node, "additionalProperties", o->additional, in, c, n, into) && ok;
			known = true;
		}
		if (o->property_names)
			ok = names_visit(w, node, in, c, into) && ok;
		if (seen && known)
			cib_seen_set(seen, n);
	}
	*count = n;
	return ok;
}

static bool required_visit(walker *w, const cib_node *node, const cJSON *list, const char *keyword, const char *because, const cJSON *in, cib_fault *into)
{
	bool ok = true;
	for (const cJSON *q = list ? list->child : NULL; q; q = q->next) {
		if (cib_member(&w->run, in, q->valuestring))
			continue;
		cib_fault *f = fail(w, node, keyword, in, into, because ? "schema.dependentRequired" : "schema.required", copy(w, q->valuestring), because);
		f->member = f->params[0];
		const cib_slot *slot = node->object->names.count ? cib_names_find(&node->object->names, q->valuestring, strlen(q->valuestring)) : NULL;
		f->about = slot && slot->node ? slot->node->source : NULL;
		ok = false;
	}
	return ok;
}

static bool object_visit(walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	const cib_object_rules *o = node->object;
	size_t n = 0;
	bool ok = required_visit(w, node, o->required, "required", NULL, in, into);
	ok = members_visit(w, node, in, seen, into, &n) && ok;
	if (n < o->min || n > o->max) {
		bool few = n < o->min;
		fail(w, node, few ? "minProperties" : "maxProperties", in, into, few ? "schema.minProperties" : "schema.maxProperties", number(w, n), number(w, few ? o->min : o->max));
		ok = false;
	}
	for (uint32_t i = 0; i < o->dependency_count; i++) {
		const cib_dependency *d = &o->dependencies[i];
		if (!cib_member(&w->run, in, d->name))
			continue;
		if (d->required)
			ok = required_visit(w, node, d->required, d->keyword, d->name, in, into) && ok;
		else
			ok = only_below(w, node, d->keyword, d->name, d->node, in, seen, into) && ok;
	}
	return ok;
}

/* ---- operations ---- */

/* A branch whose marks count when it succeeds. */
static bool branch(walker *w, const char *keyword, size_t i, const cib_node *sub, const cJSON *in, cib_seen *seen, cib_fault *holder)
{
	char token[24];
	snprintf(token, sizeof token, "%zu", i);
	if (!seen)
		return below(w, keyword, token, sub, in, NULL, holder);
	cib_seen own;
	cib_seen_init(&own, in);
	bool ok = below(w, keyword, token, sub, in, &own, holder);
	if (ok)
		cib_seen_join(seen, &own);
	cib_seen_free(&own);
	return ok;
}

/* The first name that a branch, alone among those that hold, asks for; NULL when there is none. */
static const char *own_name(const cib_op *op, const bool *held, uint32_t branch)
{
	const cJSON *required = cib_json_get(op->branches[branch]->source, "required");
	for (const cJSON *q = required ? required->child : NULL; q; q = q->next) {
		bool alone = true;
		for (uint32_t i = 0; i < op->count && alone; i++) {
			const cJSON *others = i != branch && held[i] ? cib_json_get(op->branches[i]->source, "required") : NULL;
			for (const cJSON *o = others ? others->child : NULL; o && alone; o = o->next)
				alone = strcmp(o->valuestring, q->valuestring) != 0;
		}
		if (alone)
			return q->valuestring;
	}
	return NULL;
}

/* More than one branch of oneOf holds: by the names that they ask for, when that tells them apart, else by title or number. */
static void many_fault(walker *w, const cib_op *op, const bool *held, size_t matched, cib_fault *f)
{
	cib_buf names = CIB_BUF_INIT, which = CIB_BUF_INIT;
	bool told = op->count <= COMPARED_BRANCHES;
	for (uint32_t i = 0; i < op->count; i++) {
		const char *title = held[i] ? cib_json_string(op->branches[i]->source, "title") : NULL, *name = held[i] && told ? own_name(op, held, i) : NULL;
		if (!held[i])
			continue;
		told = told && name;
		if (name)
			cib_buf_addf(&names, "%s%s", names.len ? "|" : "", name);
		if (title)
			cib_buf_addf(&which, "%s\"%s\"", which.len ? ", " : "", title);
		else
			cib_buf_addf(&which, "%s%u", which.len ? ", " : "", i + 1);
	}
	f->children = f->last = NULL;
	f->code = told ? "schema.oneOf-both" : "schema.oneOf-many";
	f->params[0] = told ? copy(w, cib_buf_str(&names)) : number(w, matched);
	f->params[1] = told ? NULL : copy(w, cib_buf_str(&which));
	cib_buf_free(&names);
	cib_buf_free(&which);
}

static bool choice_visit(walker *w, const cib_node *node, const cib_op *op, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	size_t matched = 0;
	cib_fault *f = new_fault(w, node, op->keyword, in, into);
	bool *held = cib_alloc((op->count + 1) * sizeof *held);
	for (uint32_t i = 0; i < op->count && !w->run.stop; i++) {
		held[i] = branch(w, op->keyword, i, op->branches[i], in, seen, f);
		matched += held[i];
	}
	bool ok = op->kind == CIB_OP_ANY ? matched > 0 : matched == 1;
	if (ok) {
		drop_last(into);
	} else if (matched > 1) {
		many_fault(w, op, held, matched, f);
	} else {
		f->choice = true;
		f->code = "schema.anyOf";
		if (seen) /* do not call unevaluated what a branch may know */
			memset(seen->bits, 0xFF, seen->words * sizeof *seen->bits);
	}
	free(held);
	return ok;
}

static bool all_visit(walker *w, const cib_node *node, const cib_op *op, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	bool ok = true;
	cib_fault *f = new_fault(w, node, op->keyword, in, into);
	for (uint32_t i = 0; i < op->count; i++) {
		char token[24];
		snprintf(token, sizeof token, "%u", i);
		ok = below(w, op->keyword, token, op->branches[i], in, seen, f) && ok;
	}
	if (ok)
		drop_last(into);
	return ok;
}

static bool if_visit(walker *w, const cib_node *node, const cib_op *op, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	cib_seen own = {0};
	if (seen)
		cib_seen_init(&own, in);
	bool yes = cib_evaluate(&w->run, op->branches[0], in, seen ? &own : NULL);
	if (seen && yes)
		cib_seen_join(seen, &own);
	if (seen)
		cib_seen_free(&own);
	const cib_node *then = op->branches[yes ? 1 : 2];
	if (!then || w->run.stop)
		return true;
	bool ok = only_below(w, node, yes ? "then" : "else", NULL, then, in, seen, into);
	if (!ok && into->last->children) {
		into->last->children->condition = op->branches[0];
		into->last->children->negated = !yes;
	}
	return ok;
}

static bool op_visit(walker *w, const cib_node *node, const cib_op *op, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	switch (op->kind) {
	case CIB_OP_REF:
		return only_below(w, node, op->keyword, NULL, op->branches[0], in, seen, into);
	case CIB_OP_DYNAMIC_REF:
		return only_below(w, node, op->keyword, NULL, cib_dynamic_target(&w->run, op), in, seen, into);
	case CIB_OP_ALL:
		return all_visit(w, node, op, in, seen, into);
	case CIB_OP_ANY:
	case CIB_OP_ONE:
		return choice_visit(w, node, op, in, seen, into);
	case CIB_OP_IF:
		return if_visit(w, node, op, in, seen, into);
	case CIB_OP_NOT:
		if (!cib_evaluate(&w->run, op->branches[0], in, NULL))
			return true;
		const char *what = cib_report_condition(w->arena, op->branches[0]);
		fail(w, node, "not", in, into, what ? "schema.not-that" : "schema.not", what, NULL);
		return false;
	}
	return true;
}

static bool rest_visit(walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	bool object = cJSON_IsObject(in), ok = true;
	const cib_node *rest = object ? node->unevaluated_properties : node->unevaluated_items;
	size_t i = 0;
	for (const cJSON *c = in->child; rest && c; c = c->next, i++) {
		if (!cib_seen_has(seen, i))
			ok = rest_below(w, node, object ? "unevaluatedProperties" : "unevaluatedItems", rest, in, c, i, into) && ok;
		cib_seen_set(seen, i);
	}
	return ok;
}

static bool rules_visit(walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	bool ok = true;
	if (!cib_type_ok(node, in)) {
		type_fault(w, node, in, into);
		return false;
	}
	if (node->constant && !cib_constant_ok(node->constant, in)) {
		constant_fault(w, node, in, into);
		return false;
	}
	if (cJSON_IsObject(in) && node->object)
		ok = object_visit(w, node, in, seen, into);
	else if (cJSON_IsArray(in) && node->array)
		ok = array_visit(w, node, in, seen, into);
	else if (cJSON_IsString(in) && node->string)
		ok = string_visit(w, node, in, into);
	else if (cJSON_IsNumber(in) && node->number)
		ok = number_visit(w, node, in, into);
	bool container = cJSON_IsObject(in) || cJSON_IsArray(in);
	for (uint32_t i = 0; i < node->op_count && (ok || container) && !w->run.stop; i++)
		ok = op_visit(w, node, &node->ops[i], in, seen, into) && ok;
	return ok;
}

static bool marked_visit(walker *w, const cib_node *node, const cJSON *in, cib_seen *outer, cib_fault *into)
{
	cib_seen own;
	cib_seen_init(&own, in);
	bool ok = rules_visit(w, node, in, &own, into);
	ok = (w->run.stop || rest_visit(w, node, in, &own, into)) && ok;
	if (outer)
		cib_seen_join(outer, &own);
	cib_seen_free(&own);
	return ok;
}

static bool visit_in_scope(walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	if ((cJSON_IsObject(in) && node->unevaluated_properties) || (cJSON_IsArray(in) && node->unevaluated_items))
		return marked_visit(w, node, in, seen, into);
	return rules_visit(w, node, in, seen, into);
}

static bool visit(walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	if (node->flags & CIB_NODE_TRUE)
		return true;
	if (node->flags & CIB_NODE_FALSE) {
		into->code = "schema.false";
		into->params[0] = in->string ? copy(w, in->string) : NULL;
		return false;
	}
	if (w->run.stop)
		return false;
	if (w->report->count > MAX_FAULTS || w->run.steps == 0) /* enough was told: from here on yes or no */
		return cib_evaluate(&w->run, node, in, seen);
	w->run.steps--;
	if (w->depth >= MAX_DEPTH) { /* deeper than anybody reads: yes or no, told here */
		bool good = cib_evaluate(&w->run, node, in, seen);
		into->code = good || w->run.stop ? NULL : "schema.unexplained";
		return good;
	}
	w->depth++;
	uint64_t added = 0;
	const cib_scope *before = w->run.scope;
	bool entered = w->run.outermost && node->scope != before, ok;
	if (entered)
		before = cib_scope_enter(&w->run, node, &added);
	cib_active active = {node, in, w->run.active};
	bool looping = false;
	for (const cib_active *a = w->run.active; node->flags & CIB_NODE_LOOP && a && a->instance == in; a = a->outer)
		looping = looping || a->node == node;
	if (node->flags & CIB_NODE_LOOP)
		w->run.active = &active;
	ok = looping ? cib_stop_at(&w->run, CIB_STOP_LOOP, node, in) : visit_in_scope(w, node, in, seen, into);
	w->run.active = active.outer;
	if (entered)
		cib_scope_leave(&w->run, before, node->scope, added);
	w->depth--;
	return ok && !w->run.stop;
}

/* ---- the report ---- */

/* The pointer of a value, found by its address; only needed when a limit was met. */
static bool find_pointer(const cJSON *in, const cJSON *wanted, cib_buf *out, size_t depth)
{
	size_t len = out->len, i = 0;
	if (in == wanted)
		return true;
	for (const cJSON *c = depth < MAX_DEPTH ? in->child : NULL; c; c = c->next, i++) {
		if (cJSON_IsObject(in))
			cib_json_pointer_add(out, c->string);
		else
			cib_json_pointer_add_index(out, i);
		if (find_pointer(c, wanted, out, depth + 1))
			return true;
		cut(out, len);
	}
	return false;
}

static void stop_fault(walker *w)
{
	static const char *const keywords[] = {[CIB_STOP_STEPS] = "$schema", [CIB_STOP_DEPTH] = "$ref", [CIB_STOP_PATTERN] = "pattern", [CIB_STOP_LOOP] = "$ref"};
	const cib_node *node = w->run.stop_node ? w->run.stop_node : w->report->schema->root;
	w->report->root.children = w->report->root.last = NULL;
	cut(&w->pointer, 0);
	cut(&w->path, 0);
	if (w->run.stop_instance && !find_pointer(w->report->instance, w->run.stop_instance, &w->pointer, 0))
		cut(&w->pointer, 0);
	cib_node_pointer(node, &w->path);
	bool names = w->run.stop == CIB_STOP_PATTERN && !node->string;
	fail(w, node, names ? "patternProperties" : keywords[w->run.stop], w->report->instance, &w->report->root, cib_stop_code(w->run.stop), NULL, NULL);
}

int cib_schema_report_new(cib_schema_report **out, const cib_schema *schema, const cJSON *instance)
{
	cib_schema_report *r = cib_alloc(sizeof *r);
	r->schema = schema;
	r->instance = instance;
	r->root = (cib_fault){.node = schema->root, .instance = instance, .pointer = "", .path = ""};
	*out = r;
	walker w = {.report = r, .arena = &r->arena};
	cib_run_init(&w.run, schema);
	r->valid = cib_evaluate(&w.run, schema->root, instance, NULL);
	if (r->valid) {
		cib_run_end(&w.run);
		return CIB_OK;
	}
	bool ok = false;
	if (!w.run.stop) {
		cib_run_end(&w.run);
		cib_run_init(&w.run, schema);
		ok = visit(&w, schema->root, instance, NULL, &r->root);
	}
	if (w.run.stop)
		stop_fault(&w);
	else if (ok) /* the two walks disagree: never say nothing */
		fail(&w, schema->root, "$schema", instance, &r->root, "schema.unexplained", NULL, NULL);
	cib_run_end(&w.run);
	cib_buf_free(&w.pointer);
	cib_buf_free(&w.path);
	return CIB_FINDINGS;
}

void cib_schema_report_free(cib_schema_report *report)
{
	if (!report)
		return;
	cib_arena_free(&report->arena);
	free(report);
}
