/* The full report: the same walk as evaluate.c, but it goes on after a fault and writes down what it finds, as a tree.
 * Here are the operations that hand a value on to other schemas, and the walk; report_values.c has the values.
 *
 * To tell one fault once: a value of the wrong type is not looked at further, a scalar has one fault at most in each
 * schema object, and what a failing subschema would have evaluated does not count as unevaluated. */
#include "schema/report_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 1000,
       MAX_FAULTS = 20000,
       COMPARED_BRANCHES = 40 }; /* each with each other */

/* ---- operations ---- */

/* A branch whose marks count when it succeeds. */
static bool branch(cib_walker *w, const char *keyword, size_t i, const cib_node *sub, const cJSON *in, cib_seen *seen, cib_fault *holder)
{
	char token[24];
	snprintf(token, sizeof token, "%zu", i);
	if (!seen)
		return cib_walk_below(w, keyword, token, sub, in, NULL, holder);
	cib_seen own;
	cib_seen_init(&own, in);
	bool ok = cib_walk_below(w, keyword, token, sub, in, &own, holder);
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
static void many_fault(cib_walker *w, const cib_op *op, const bool *held, size_t matched, cib_fault *f)
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
	f->params[0] = told ? cib_walk_copy(w, cib_buf_str(&names)) : cib_walk_number(w, matched);
	f->params[1] = told ? NULL : cib_walk_copy(w, cib_buf_str(&which));
	cib_buf_free(&names);
	cib_buf_free(&which);
}

static bool choice_visit(cib_walker *w, const cib_node *node, const cib_op *op, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	size_t matched = 0;
	cib_fault *f = cib_walk_fault(w, node, op->keyword, in, into);
	bool *held = cib_alloc((op->count + 1) * sizeof *held);
	for (uint32_t i = 0; i < op->count && !w->run.stop; i++) {
		held[i] = branch(w, op->keyword, i, op->branches[i], in, seen, f);
		matched += held[i];
	}
	bool ok = op->kind == CIB_OP_ANY ? matched > 0 : matched == 1;
	if (ok) {
		cib_walk_drop(into);
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

static bool all_visit(cib_walker *w, const cib_node *node, const cib_op *op, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	bool ok = true;
	cib_fault *f = cib_walk_fault(w, node, op->keyword, in, into);
	for (uint32_t i = 0; i < op->count; i++) {
		char token[24];
		snprintf(token, sizeof token, "%u", i);
		ok = cib_walk_below(w, op->keyword, token, op->branches[i], in, seen, f) && ok;
	}
	if (ok)
		cib_walk_drop(into);
	return ok;
}

static bool if_visit(cib_walker *w, const cib_node *node, const cib_op *op, const cJSON *in, cib_seen *seen, cib_fault *into)
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
	bool ok = cib_walk_only(w, node, yes ? "then" : "else", NULL, then, in, seen, into);
	if (!ok && into->last->children) {
		into->last->children->condition = op->branches[0];
		into->last->children->negated = !yes;
	}
	return ok;
}

static bool op_visit(cib_walker *w, const cib_node *node, const cib_op *op, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	switch (op->kind) {
	case CIB_OP_REF:
		return cib_walk_only(w, node, op->keyword, NULL, op->branches[0], in, seen, into);
	case CIB_OP_DYNAMIC_REF:
		return cib_walk_only(w, node, op->keyword, NULL, cib_dynamic_target(&w->run, op), in, seen, into);
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
		cib_walk_fail(w, node, "not", in, into, what ? "schema.not-that" : "schema.not", what, NULL);
		return false;
	}
	return true;
}

static bool rest_visit(cib_walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	bool object = cJSON_IsObject(in), ok = true;
	const cib_node *rest = object ? node->unevaluated_properties : node->unevaluated_items;
	size_t i = 0;
	for (const cJSON *c = in->child; rest && c; c = c->next, i++) {
		if (!cib_seen_has(seen, i))
			ok = cib_walk_rest(w, node, object ? "unevaluatedProperties" : "unevaluatedItems", rest, in, c, i, into) && ok;
		cib_seen_set(seen, i);
	}
	return ok;
}

static bool rules_visit(cib_walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	bool ok = true;
	if (!cib_type_ok(node, in)) {
		cib_walk_type_fault(w, node, in, into);
		return false;
	}
	if (node->constant && !cib_constant_ok(node->constant, in)) {
		cib_walk_constant_fault(w, node, in, into);
		return false;
	}
	if (cJSON_IsObject(in) && node->object)
		ok = cib_walk_object(w, node, in, seen, into);
	else if (cJSON_IsArray(in) && node->array)
		ok = cib_walk_array(w, node, in, seen, into);
	else if (cJSON_IsString(in) && node->string)
		ok = cib_walk_string(w, node, in, into);
	else if (cJSON_IsNumber(in) && node->number)
		ok = cib_walk_number_value(w, node, in, into);
	bool container = cJSON_IsObject(in) || cJSON_IsArray(in);
	for (uint32_t i = 0; i < node->op_count && (ok || container) && !w->run.stop; i++)
		ok = op_visit(w, node, &node->ops[i], in, seen, into) && ok;
	return ok;
}

static bool marked_visit(cib_walker *w, const cib_node *node, const cJSON *in, cib_seen *outer, cib_fault *into)
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

static bool visit_in_scope(cib_walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	if ((cJSON_IsObject(in) && node->unevaluated_properties) || (cJSON_IsArray(in) && node->unevaluated_items))
		return marked_visit(w, node, in, seen, into);
	return rules_visit(w, node, in, seen, into);
}

bool cib_walk_visit(cib_walker *w, const cib_node *node, const cJSON *in, cib_seen *seen, cib_fault *into)
{
	if (node->flags & CIB_NODE_TRUE)
		return true;
	if (node->flags & CIB_NODE_FALSE) {
		into->code = "schema.false";
		into->params[0] = in->string ? cib_walk_copy(w, in->string) : NULL;
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
		cib_walk_cut(out, len);
	}
	return false;
}

static void stop_fault(cib_walker *w)
{
	static const char *const keywords[] = {[CIB_STOP_STEPS] = "$schema", [CIB_STOP_DEPTH] = "$ref", [CIB_STOP_PATTERN] = "pattern", [CIB_STOP_LOOP] = "$ref"};
	const cib_node *node = w->run.stop_node ? w->run.stop_node : w->report->schema->root;
	w->report->root.children = w->report->root.last = NULL;
	cib_walk_cut(&w->pointer, 0);
	cib_walk_cut(&w->path, 0);
	if (w->run.stop_instance && !find_pointer(w->report->instance, w->run.stop_instance, &w->pointer, 0))
		cib_walk_cut(&w->pointer, 0);
	cib_node_pointer(node, &w->path);
	bool names = w->run.stop == CIB_STOP_PATTERN && !node->string;
	cib_walk_fail(w, node, names ? "patternProperties" : keywords[w->run.stop], w->report->instance, &w->report->root, cib_stop_code(w->run.stop), NULL, NULL);
}

int cib_schema_report_new(cib_schema_report **out, const cib_schema *schema, const cJSON *instance)
{
	cib_schema_report *r = cib_alloc(sizeof *r);
	r->schema = schema;
	r->instance = instance;
	r->root = (cib_fault){.node = schema->root, .instance = instance, .pointer = "", .path = ""};
	*out = r;
	cib_walker w = {.report = r, .arena = &r->arena};
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
		ok = cib_walk_visit(&w, schema->root, instance, NULL, &r->root);
	}
	if (w.run.stop)
		stop_fault(&w);
	else if (ok) /* the two walks disagree: never say nothing */
		cib_walk_fail(&w, schema->root, "$schema", instance, &r->root, "schema.unexplained", NULL, NULL);
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
