/* From the tree of faults to lines for people: one fault, one line. Of anyOf and oneOf the branch that comes closest
 * is told, or what the branches have in common; what only follows from another fault is left out. */
#include "schema/report.h"

#include <stdlib.h>
#include <string.h>

enum { COMPARED = 500 }; /* lines, or names: beyond that nobody reads, and all pairs are too many */

typedef struct {
	cib_schema_report *report;
	cib_arena *arena;
} explainer;

/* What a line inherits from above. */
typedef struct {
	const cib_fault *holder; /* the keyword fault around a unit */
	const cib_node *condition;
	const char *condition_pointer;
	bool negated;
} context;

static void flatten(explainer *e, const cib_fault *f, context c, cib_lines *out);

static cib_line *add_line(cib_lines *out, const cib_line *line)
{
	out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
	out->items[out->count] = *line;
	return &out->items[out->count++];
}

static bool is(const cib_line *line, const char *code)
{
	return strcmp(line->code, code) == 0;
}

static bool is_value(const cib_line *line)
{
	return is(line, "schema.const") || is(line, "schema.enum");
}

static bool is_type(const cib_line *line)
{
	return is(line, "schema.type") || is(line, "schema.integer");
}

static cib_line line_of(const cib_fault *f, context c)
{
	return (cib_line){.fault = f, .keyword = f->keyword ? f->keyword : c.holder ? c.holder->keyword
	                                                                            : "false",
	                  .pointer = f->pointer,
	                  .code = f->code,
	                  .params = {f->params[0], f->params[1], f->params[2]},
	                  .member = f->member,
	                  .condition = c.condition,
	                  .condition_pointer = c.condition_pointer,
	                  .negated = c.negated,
	                  .about = f->about};
}

/* ---- choices ---- */

typedef struct {
	cib_lines lines;
	bool type_fails; /* not even the type fits */
	long distance;
} alternative;

static long distance_of(const cib_line *line, const char *at)
{
	bool here = strcmp(line->pointer, at) == 0;
	if (is_type(line) && here)
		return 1000;
	if (is_value(line) && !here) /* most likely what tells the branches apart */
		return 100;
	if (is(line, "schema.required") || is(line, "schema.property") || is(line, "schema.choice"))
		return here ? 10 : 4; /* further down: the form was met, what is in it is not complete */
	return 1;
}

static void measure(explainer *e, const cib_fault *branch, const cib_fault *choice, context c, alternative *out)
{
	*out = (alternative){0};
	c.holder = choice;
	flatten(e, branch, c, &out->lines);
	for (size_t i = 0; i < out->lines.count; i++) {
		const cib_line *line = &out->lines.items[i];
		out->distance += distance_of(line, choice->pointer);
		out->type_fails = out->type_fails || (is_type(line) && strcmp(line->pointer, choice->pointer) == 0) || is(line, "schema.false");
	}
}

static const char *join(explainer *e, cib_buf *b)
{
	const char *s = cib_arena_strndup(e->arena, cib_buf_str(b), b->len);
	cib_buf_free(b);
	return s;
}

/* Append the items of a list parted by `separator` that are not in it yet. */
static void add_new(cib_buf *b, const char *items, char separator)
{
	while (items && *items) {
		size_t n = strcspn(items, (char[]){separator, 0});
		bool there = false;
		for (const char *p = cib_buf_str(b); *p && !there;) {
			size_t m = strcspn(p, (char[]){separator, 0});
			there = m == n && strncmp(p, items, n) == 0;
			p += m + (p[m] == separator);
		}
		if (!there) {
			if (b->len)
				cib_buf_addc(b, separator);
			cib_buf_add(b, items, n);
		}
		items += n + (items[n] == separator);
	}
}

/* No branch takes this type: name all types that one would. */
static bool tell_types(explainer *e, const cib_fault *choice, context c, const alternative *list, size_t n, cib_lines *out)
{
	cib_buf wanted = CIB_BUF_INIT;
	const cib_line *first = NULL;
	for (size_t i = 0; i < n; i++)
		if (!list[i].type_fails)
			return false;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < list[i].lines.count; k++)
			if (is_type(&list[i].lines.items[k])) {
				first = first ? first : &list[i].lines.items[k];
				add_new(&wanted, list[i].lines.items[k].params[1], '|');
			}
	}
	if (!first) {
		cib_buf_free(&wanted);
		return false;
	}
	cib_line line = line_of(choice, c);
	line.fault = first->fault;
	line.code = first->code;
	memcpy(line.params, first->params, sizeof line.params);
	line.params[1] = join(e, &wanted);
	if (strchr(line.params[1], '|'))
		line.code = "schema.type";
	add_line(out, &line);
	return true;
}

static const cib_line *value_line_at(const alternative *a, const char *pointer)
{
	for (size_t i = 0; i < a->lines.count; i++)
		if (is_value(&a->lines.items[i]) && (!pointer || strcmp(a->lines.items[i].pointer, pointer) == 0))
			return &a->lines.items[i];
	return NULL;
}

/* Every branch wants another value in the same place: name all of them. */
static bool tell_values(explainer *e, const cib_fault *choice, context c, const alternative *list, size_t n, cib_lines *out)
{
	const cib_line *first = NULL;
	cJSON *all = cJSON_CreateArray();
	bool every = true;
	for (size_t i = 0; i < n && every; i++) {
		if (list[i].type_fails)
			continue;
		const cib_line *line = value_line_at(&list[i], first ? first->pointer : NULL);
		every = line != NULL;
		if (!line)
			break;
		first = first ? first : line;
		const cib_constant *k = line->fault->node->constant;
		if (k->single)
			cJSON_AddItemReferenceToArray(all, (cJSON *)(uintptr_t)k->single);
		for (const cJSON *v = k->list ? k->list->child : NULL; v; v = v->next)
			cJSON_AddItemReferenceToArray(all, (cJSON *)(uintptr_t)v);
	}
	if (every && first) {
		cib_line line = *first;
		bool here = strcmp(first->pointer, choice->pointer) == 0;
		line.keyword = here ? choice->keyword : first->keyword;
		line.code = "schema.enum";
		line.params[0] = cib_report_value(e->arena, first->fault->instance);
		line.params[1] = cib_report_values(e->arena, all);
		line.condition = c.condition;
		line.condition_pointer = c.condition_pointer;
		line.negated = c.negated;
		add_line(out, &line);
	}
	cJSON_Delete(all);
	return every && first;
}

enum { NAMED_BRANCHES = 40 }; /* more names than that help nobody */

/* All that is wrong with every branch is that something is missing: "one of these is missing". */
static bool tell_missing(explainer *e, const cib_fault *choice, context c, const alternative *list, size_t n, cib_lines *out)
{
	cib_buf names = CIB_BUF_INIT;
	if (n > NAMED_BRANCHES)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (list[i].type_fails)
			continue;
		for (size_t k = 0; k < list[i].lines.count; k++) {
			const cib_line *line = &list[i].lines.items[k];
			if (!is(line, "schema.required") || strcmp(line->pointer, choice->pointer) != 0) {
				cib_buf_free(&names);
				return false;
			}
			add_new(&names, line->params[0], '|');
		}
	}
	cib_line line = line_of(choice, c);
	line.params[0] = join(e, &names);
	line.code = strchr(line.params[0], '|') ? "schema.choice" : "schema.required";
	add_line(out, &line);
	return true;
}

static void choose(explainer *e, const cib_fault *choice, context c, cib_lines *out)
{
	size_t n = 0, best = 0;
	for (const cib_fault *b = choice->children; b; b = b->next)
		n++;
	alternative *list = cib_alloc((n + 1) * sizeof *list);
	n = 0;
	for (const cib_fault *b = choice->children; b; b = b->next, n++) {
		measure(e, b, choice, c, &list[n]);
		if (list[n].lines.count && list[n].distance < list[best].distance)
			best = n;
	}
	bool told = n > 0 && (tell_types(e, choice, c, list, n, out) || tell_values(e, choice, c, list, n, out) || tell_missing(e, choice, c, list, n, out));
	if (!told && n > 0 && list[best].lines.count) {
		for (size_t i = 0; i < list[best].lines.count; i++)
			add_line(out, &list[best].lines.items[i]);
	} else if (!told) {
		cib_line line = line_of(choice, c);
		add_line(out, &line);
	}
	for (size_t i = 0; i < n; i++)
		free(list[i].lines.items);
	free(list);
}

/* ---- the tree, flat ---- */

static void flatten(explainer *e, const cib_fault *f, context c, cib_lines *out)
{
	if (f->condition) {
		c.condition = f->condition;
		c.condition_pointer = f->pointer;
		c.negated = f->negated;
	}
	if (f->choice) {
		choose(e, f, c, out);
		return;
	}
	if (f->code) {
		cib_line line = line_of(f, c);
		add_line(out, &line);
		return;
	}
	if (f->keyword)
		c.holder = f;
	for (const cib_fault *child = f->children; child; child = child->next)
		flatten(e, child, c, out);
}

/* ---- hints ---- */

/* The nearest of the names, rather one that is not there yet. */
static const char *nearest_name(const cJSON *object, const char *word, const char *const *names, size_t count)
{
	const char **absent = cib_alloc((count + 1) * sizeof *absent);
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		if (!cib_json_get(object, names[i]))
			absent[n++] = names[i];
	const char *near = cib_nearest(word, absent, n);
	free((void *)(uintptr_t)absent);
	return near ? near : cib_nearest(word, names, count);
}

static void hint_name(explainer *e, cib_line *line)
{
	size_t n = 0;
	const char **names = NULL, *near = NULL;
	const cJSON *object = line->fault->instance;
	if (is(line, "schema.property")) {
		names = cib_known_names(line->fault->node, &n);
		near = nearest_name(object, line->params[0], names, n);
	} else if (line->fault->node->object && line->fault->node->object->property_names) {
		const cib_node *rule = line->fault->node->object->property_names;
		rule = rule->alias ? rule->alias : rule;
		const cJSON *allowed = rule->constant ? rule->constant->list : NULL;
		names = cib_alloc((cib_count_children(allowed) + 1) * sizeof *names);
		for (const cJSON *v = allowed ? allowed->child : NULL; v; v = v->next)
			if (cJSON_IsString(v))
				names[n++] = v->valuestring;
		near = nearest_name(object, line->params[0], names, n);
	}
	if (near) {
		line->hint = "hint.did-you-mean";
		line->hint_param = cib_arena_strndup(e->arena, near, strlen(near));
	} else if (n > 0 && n <= 12) {
		cib_buf b = CIB_BUF_INIT;
		for (size_t i = 0; i < n; i++)
			cib_buf_addf(&b, "%s%s", i ? ", " : "", names[i]);
		line->hint = "hint.known-names";
		line->hint_param = join(e, &b);
	}
	free((void *)(uintptr_t)names);
}

/* A name that the schema allows without knowing it may be the one that is missing. */
static void hint_missing(explainer *e, cib_line *line)
{
	size_t n = 0;
	const cJSON *object = line->fault->instance;
	const char **names = cib_alloc((cib_count_children(object) + 1) * sizeof *names);
	for (const cJSON *c = object->child; c && n < COMPARED; c = c->next)
		names[n++] = c->string;
	const char *near = cib_nearest(line->params[0], names, n);
	cib_buf pointer = CIB_BUF_INIT;
	cib_buf_adds(&pointer, line->pointer);
	cib_json_pointer_add(&pointer, near ? near : "");
	if (near && !cib_schema_field(e->report->schema, pointer.data)) {
		line->hint = "hint.is-there";
		line->hint_param = cib_arena_strndup(e->arena, near, strlen(near));
	}
	cib_buf_free(&pointer);
	free((void *)(uintptr_t)names);
}

static void hint_value(explainer *e, cib_line *line)
{
	const cib_constant *k = line->fault->node->constant;
	const cJSON *in = line->fault->instance;
	if (!k || !cJSON_IsString(in))
		return;
	size_t n = 0, most = cib_count_children(k->list) + 1;
	const char **words = cib_alloc(most * sizeof *words);
	for (const cJSON *v = k->list ? k->list->child : NULL; v; v = v->next)
		if (cJSON_IsString(v))
			words[n++] = v->valuestring;
	if (k->single && cJSON_IsString(k->single))
		words[n++] = k->single->valuestring;
	const char *near = is(line, "schema.enum") ? cib_nearest(in->valuestring, words, n) : NULL;
	if (near) {
		line->hint = "hint.did-you-mean";
		line->hint_param = cib_arena_strndup(e->arena, near, strlen(near));
	}
	free((void *)(uintptr_t)words);
}

static void hint_type(cib_line *line)
{
	const char *found = line->params[0] ? line->params[0] : "", *wanted = line->params[1] ? line->params[1] : "";
	const cJSON *in = line->fault->instance;
	bool number = strstr(wanted, "number") || strstr(wanted, "integer");
	if (strcmp(found, "string") == 0) {
		cJSON *v = NULL;
		bool plain = in->valuestring && cib_json_read(&v, in->valuestring, strlen(in->valuestring), NULL, NULL) == CIB_OK;
		if (plain && ((cJSON_IsNumber(v) && number) || (cJSON_IsBool(v) && strstr(wanted, "boolean")) || (cJSON_IsNull(v) && strstr(wanted, "null"))))
			line->hint = "hint.unquote";
		cJSON_Delete(v);
	} else if (strstr(wanted, "string") && strcmp(found, "object") != 0 && strcmp(found, "array") != 0) {
		line->hint = "hint.quote";
	}
	if (!line->hint && strcmp(wanted, "array") == 0)
		line->hint = "hint.list";
	if (!line->hint && strcmp(found, "array") == 0 && cib_count_children(in) == 1)
		line->hint = "hint.one";
}

static void add_hint(explainer *e, cib_line *line)
{
	if (is(line, "schema.property") || is(line, "schema.name"))
		hint_name(e, line);
	else if (is(line, "schema.required"))
		hint_missing(e, line);
	else if (is_value(line))
		hint_value(e, line);
	else if (is(line, "schema.type"))
		hint_type(line);
	else if (is(line, "schema.uniqueItems"))
		line->hint = "hint.twice";
	else if (is(line, "schema.false"))
		line->hint = "hint.leave-out";
	else if (is(line, "schema.format")) {
		cib_buf b = CIB_BUF_INIT;
		cib_buf_addf(&b, "hint.format.%s", line->params[1]);
		if (cib_schema_message_exists(b.data))
			line->hint = cib_arena_strndup(e->arena, b.data, b.len);
		cib_buf_free(&b);
	}
}

/* ---- what only follows from another fault ---- */

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_below(const char *pointer, const char *above)
{
	size_t n = strlen(above);
	return strncmp(pointer, above, n) == 0 && pointer[n] == '/';
}

/* Is the name one of a list parted by |? */
static bool is_listed(const char *list, const char *name)
{
	size_t n = strlen(name);
	for (const char *p = list; *p;) {
		size_t m = strcspn(p, "|");
		if (m == n && strncmp(p, name, n) == 0)
			return true;
		p += m + (p[m] == '|');
	}
	return false;
}

/* Does a line apply only because of a value that is itself at fault? */
static bool condition_fails(const cib_line *line, const cib_line *cause)
{
	const cib_node *test = line->condition ? line->condition->alias ? line->condition->alias : line->condition : NULL;
	if (!test || cause->condition == line->condition || !is_below(cause->pointer, line->condition_pointer))
		return false;
	const char *name = cause->pointer + strlen(line->condition_pointer);
	cib_buf token = CIB_BUF_INIT;
	bool looked_at = cib_json_pointer_next(&name, &token) && cib_json_get(cib_json_get(test->source, "properties"), cib_buf_str(&token));
	cib_buf_free(&token);
	return looked_at;
}

static bool follows_from(const cib_line *line, const cib_line *cause)
{
	bool here = strcmp(line->pointer, cause->pointer) == 0;
	if (condition_fails(line, cause))
		return true;
	if (here && cause->hint && strcmp(cause->hint, "hint.did-you-mean") == 0 && cause->member) /* a misspelt name is also a missing one */
		if ((is(line, "schema.required") || is(line, "schema.choice") || is(line, "schema.dependentRequired")) && is_listed(line->params[0], cause->hint_param))
			return true;
	if (here && is(line, "schema.minProperties") && (is(cause, "schema.required") || is(cause, "schema.choice")))
		return true;
	if (here && (is(line, "schema.property") || is(line, "schema.choice")) && is(cause, "schema.name") && same(line->member, cause->member))
		return true;
	return strncmp(line->code, "schema.contains", 15) == 0 && (is_below(cause->pointer, line->pointer) || (here && is(cause, "schema.minItems")));
}

static bool repeats(const cib_line *line, const cib_line *earlier)
{
	if (strcmp(line->pointer, earlier->pointer) != 0 || strcmp(line->code, earlier->code) != 0)
		return false;
	return is_type(line) || (same(line->params[0], earlier->params[0]) && same(line->params[1], earlier->params[1])) ||
	       (is(line, "schema.property") && same(line->member, earlier->member));
}

static bool is_general(const cib_line *line)
{
	return strncmp(line->code, "schema.contains", 15) == 0 || is(line, "schema.anyOf") || is(line, "schema.not") || is(line, "schema.minProperties");
}

void cib_explain(cib_schema_report *report, cib_lines *out)
{
	explainer e = {report, &report->arena};
	cib_lines all = {0};
	flatten(&e, &report->root, (context){0}, &all);
	if (all.count > COMPARED)
		all.count = COMPARED;
	for (size_t i = 0; i < all.count; i++)
		add_hint(&e, &all.items[i]);
	for (int general = 0; general < 2; general++)
		for (size_t i = 0; i < all.count; i++) {
			const cib_line *line = &all.items[i];
			bool drop = is_general(line) != general;
			for (size_t k = 0; k < all.count && !drop; k++)
				drop = k != i && (follows_from(line, &all.items[k]) || (k < i && repeats(line, &all.items[k])));
			if (!drop)
				add_line(out, line);
		}
	if (out->count == 0 && all.count > 0)
		add_line(out, &all.items[0]);
	free(all.items);
}
