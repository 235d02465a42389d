/* The faults of one value: of its type, of scalars, of arrays and objects with what they hold. */
#include "schema/report_walk.h"

#include <stdio.h>
#include <string.h>

/* ---- scalars ---- */

static const char *type_of(const cJSON *v)
{
	return cJSON_IsObject(v) ? "object" : cJSON_IsArray(v) ? "array"
	                              : cJSON_IsString(v)      ? "string"
	                              : cJSON_IsNumber(v)      ? "number"
	                              : cJSON_IsNull(v)        ? "null"
	                                                       : "boolean";
}

void cib_walk_type_fault(cib_walker *w, const cib_node *node, const cJSON *in, cib_fault *into)
{
	const cJSON *type = cib_json_get(node->source, "type");
	cib_buf wanted = CIB_BUF_INIT;
	for (const cJSON *t = cJSON_IsArray(type) ? type->child : type; t; t = cJSON_IsArray(type) ? t->next : NULL)
		cib_buf_addf(&wanted, "%s%s", wanted.len ? "|" : "", t->valuestring);
	bool fraction = cJSON_IsNumber(in) && node->types & CIB_TYPE_INTEGER; /* a number, but an integer is wanted */
	cib_fault *f = cib_walk_fail(w, node, "type", in, into, fraction ? "schema.integer" : "schema.type", type_of(in), cib_walk_copy(w, cib_buf_str(&wanted)));
	f->params[2] = cib_report_value(w->arena, in);
	cib_buf_free(&wanted);
}

void cib_walk_constant_fault(cib_walker *w, const cib_node *node, const cJSON *in, cib_fault *into)
{
	const cib_constant *k = node->constant;
	const char *found = cib_report_value(w->arena, in);
	bool single = k->single && !(k->list && cib_constant_ok(&(cib_constant){.single = k->single}, in));
	if (single)
		cib_walk_fail(w, node, "const", in, into, "schema.const", found, cib_report_value(w->arena, k->single));
	else
		cib_walk_fail(w, node, "enum", in, into, "schema.enum", found, cib_report_values(w->arena, k->list));
}

bool cib_walk_number_value(cib_walker *w, const cib_node *node, const cJSON *in, cib_fault *into)
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
			cib_walk_fail(w, node, limits[i].keyword, in, into, limits[i].code, cib_report_value(w->arena, in), cib_report_value(w->arena, limits[i].limit));
			return false;
		}
	if (!n->multiple_of || cib_decimal_is_multiple(cib_json_number_text(in, scratch), &n->divisor, &cost))
		return true;
	cib_walk_fail(w, node, "multipleOf", in, into, "schema.multipleOf", cib_report_value(w->arena, in), cib_report_value(w->arena, n->multiple_of));
	return false;
}

bool cib_walk_string(cib_walker *w, const cib_node *node, const cJSON *in, cib_fault *into)
{
	const cib_string_rules *s = node->string;
	const char *text = in->valuestring, *found = NULL;
	size_t length = cib_utf8_length(text, strlen(text));
	if (length < s->min || length > s->max) {
		bool few = length < s->min;
		const char *code = few ? length == 0 ? "schema.empty" : "schema.minLength" : "schema.maxLength";
		cib_walk_fail(w, node, few ? "minLength" : "maxLength", in, into, code, cib_walk_number(w, length), cib_walk_number(w, few ? s->min : s->max));
		return false;
	}
	if (s->regex && !cib_pattern_ok(&w->run, node, s->regex, text, in)) {
		found = cib_report_value(w->arena, in);
		cib_walk_fail(w, node, "pattern", in, into, "schema.pattern-mismatch", found, cib_walk_copy(w, s->pattern));
		return false;
	}
	if (s->check && !s->check(text, strlen(text))) {
		found = cib_report_value(w->arena, in);
		cib_walk_fail(w, node, "format", in, into, "schema.format", found, cib_walk_copy(w, s->format));
		return false;
	}
	return true;
}

/* ---- arrays ---- */

static bool contains_visit(cib_walker *w, const cib_node *node, const cJSON *in, size_t matched, cib_fault *into)
{
	const cib_array_rules *a = node->array;
	if (!a->contains || (matched >= a->min_contains && matched <= a->max_contains))
		return true;
	const char *what = cib_report_condition(w->arena, a->contains);
	if (matched > a->max_contains)
		cib_walk_fail(w, node, "maxContains", in, into, "schema.maxContains", cib_walk_number(w, matched), cib_walk_number(w, a->max_contains))->params[2] = what;
	else if (a->has_min_contains)
		cib_walk_fail(w, node, "minContains", in, into, what ? "schema.minContains-that" : "schema.minContains", cib_walk_number(w, matched), cib_walk_number(w, a->min_contains))->params[2] = what;
	else
		cib_walk_fail(w, node, "contains", in, into, what ? "schema.contains-that" : "schema.contains", what, NULL);
	return false;
}

bool cib_walk_array(cib_walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into)
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
			ok = cib_walk_child(w, node, first ? a->prefix_keyword : a->items_keyword, first ? token : NULL, sub, c, n, into) && ok;
		bool has = a->contains && cib_evaluate(&w->run, a->contains, c, NULL);
		matched += has;
		if (seen && (sub || (has && a->contains_evaluates)))
			cib_seen_set(seen, n);
	}
	if (n < a->min || n > a->max) {
		bool few = n < a->min;
		cib_walk_fail(w, node, few ? "minItems" : "maxItems", in, into, few ? "schema.minItems" : "schema.maxItems", cib_walk_number(w, n), cib_walk_number(w, few ? a->min : a->max));
		ok = false;
	}
	ok = contains_visit(w, node, in, matched, into) && ok;
	if (a->unique && !cib_items_unique(&w->run, in, &i, &j)) {
		const cJSON *twice = in->child;
		for (size_t k = 0; k < i; k++)
			twice = twice->next;
		cib_walk_fail(w, node, "uniqueItems", in, into, "schema.uniqueItems", cib_walk_number(w, i + 1), cib_walk_number(w, j + 1))->params[2] = cib_report_value(w->arena, twice);
		ok = false;
	}
	return ok;
}

/* ---- objects ---- */

static void unknown_member(cib_walker *w, const cib_node *node, const char *keyword, const cJSON *in, const cJSON *c, cib_fault *into)
{
	cib_fault *f = cib_walk_fail(w, node, keyword, in, into, "schema.property", cib_walk_copy(w, c->string), NULL);
	f->member = f->params[0];
}

/* A property that no `properties` names: false says so of the object, a schema is a schema like any other. */
bool cib_walk_rest(cib_walker *w, const cib_node *node, const char *keyword, const cib_node *rest, const cJSON *in, const cJSON *c, size_t index, cib_fault *into)
{
	const cib_node *end = rest->alias ? rest->alias : rest;
	if (cJSON_IsObject(in) && end->flags & CIB_NODE_FALSE) {
		unknown_member(w, node, keyword, in, c, into);
		return false;
	}
	return cib_walk_child(w, node, keyword, NULL, rest, c, cJSON_IsObject(in) ? SIZE_MAX : index, into);
}

static bool names_visit(cib_walker *w, const cib_node *node, const cJSON *in, const cJSON *c, cib_fault *into)
{
	cJSON *name = cib_arena_alloc(w->arena, sizeof *name);
	*name = (cJSON){.type = cJSON_String, .valuestring = c->string};
	if (cib_evaluate(&w->run, node->object->property_names, name, NULL))
		return true;
	cib_fault *f = cib_walk_fail(w, node, "propertyNames", in, into, "schema.name", cib_walk_copy(w, c->string), NULL);
	f->member = f->params[0];
	cib_walk_below(w, "propertyNames", NULL, node->object->property_names, name, NULL, f);
	return false;
}

static bool members_visit(cib_walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into, size_t *count)
{
	const cib_object_rules *o = node->object;
	bool ok = true;
	size_t n = 0;
	for (const cJSON *c = in->child; c; c = c->next, n++) {
		bool known = false;
		const cib_slot *slot = o->names.count ? cib_names_find(&o->names, c->string, strlen(c->string)) : NULL;
		if (slot && slot->node) {
			known = true;
			ok = cib_walk_child(w, node, "properties", c->string, slot->node, c, SIZE_MAX, into) && ok;
		}
		for (uint32_t i = 0; i < o->pattern_count; i++) {
			if (!cib_pattern_ok(&w->run, node, o->patterns[i].regex, c->string, c))
				continue;
			known = true;
			ok = cib_walk_child(w, node, "patternProperties", o->patterns[i].pattern, o->patterns[i].node, c, SIZE_MAX, into) && ok;
		}
		if (!cib_spend(&w->run, o->pattern_count, node, c))
			return false;
		if (!known && o->additional) {
			ok = cib_walk_rest(w, node, "additionalProperties", o->additional, in, c, n, into) && ok;
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

static bool required_visit(cib_walker *w, const cib_node *node, const cJSON *list, const char *keyword, const char *because, const cJSON *in, cib_fault *into)
{
	bool ok = true;
	for (const cJSON *q = list ? list->child : NULL; q; q = q->next) {
		if (cib_member(&w->run, in, q->valuestring))
			continue;
		cib_fault *f = cib_walk_fail(w, node, keyword, in, into, because ? "schema.dependentRequired" : "schema.required", cib_walk_copy(w, q->valuestring), because);
		f->member = f->params[0];
		const cib_slot *slot = node->object->names.count ? cib_names_find(&node->object->names, q->valuestring, strlen(q->valuestring)) : NULL;
		f->about = slot && slot->node ? slot->node->source : NULL;
		ok = false;
	}
	return ok;
}

bool cib_walk_object(cib_walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	const cib_object_rules *o = node->object;
	size_t n = 0;
	bool ok = required_visit(w, node, o->required, "required", NULL, in, into);
	ok = members_visit(w, node, in, seen, into, &n) && ok;
	if (n < o->min || n > o->max) {
		bool few = n < o->min;
		cib_walk_fail(w, node, few ? "minProperties" : "maxProperties", in, into, few ? "schema.minProperties" : "schema.maxProperties", cib_walk_number(w, n), cib_walk_number(w, few ? o->min : o->max));
		ok = false;
	}
	for (uint32_t i = 0; i < o->dependency_count; i++) {
		const cib_dependency *d = &o->dependencies[i];
		if (!cib_member(&w->run, in, d->name))
			continue;
		if (d->required)
			ok = required_visit(w, node, d->required, d->keyword, d->name, in, into) && ok;
		else
			ok = cib_walk_only(w, node, d->keyword, d->name, d->node, in, seen, into) && ok;
	}
	return ok;
}
