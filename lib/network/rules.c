/* Rules across fields, declared in a schema as x-cib-rules (docs/formats.md), checked after the schema
 * itself and after every merge. */
#include "network/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Call back for every value that a pattern reaches: a JSON pointer in which "*" stands for every
 * item of an array or member of an object. */
typedef void (*reach_cb)(const char *pointer, const cJSON *value, void *payload);

static void reach(const cJSON *node, const char *pattern, cib_buf *pointer, reach_cb cb, void *payload)
{
	if (!node)
		return;
	if (!*pattern) {
		cb(cib_buf_str(pointer), node, payload);
		return;
	}
	cib_buf token = CIB_BUF_INIT;
	size_t len = pointer->len;
	if (cib_json_pointer_next(&pattern, &token)) {
		if (strcmp(token.data, "*") != 0) {
			cib_json_pointer_add(pointer, token.data);
			const cJSON *child = cib_json_get(node, token.data);
			if (!child && cJSON_IsArray(node))
				child = cJSON_GetArrayItem(node, atoi(token.data));
			reach(child, pattern, pointer, cb, payload);
		} else {
			size_t i = 0;
			for (const cJSON *c = node->child; c; c = c->next, i++) {
				if (cJSON_IsArray(node))
					cib_json_pointer_add_index(pointer, i);
				else
					cib_json_pointer_add(pointer, c->string);
				reach(c, pattern, pointer, cb, payload);
				pointer->len = len;
			}
		}
	}
	pointer->len = len;
	if (pointer->data)
		pointer->data[len] = '\0';
	cib_buf_free(&token);
}

static void each(const cJSON *doc, const char *pattern, reach_cb cb, void *payload)
{
	cib_buf pointer = CIB_BUF_INIT;
	reach(doc, pattern, &pointer, cb, payload);
	cib_buf_free(&pointer);
}

/* What a rule needs while it runs. */
typedef struct {
	cib_network *net;
	const cJSON *doc, *rule;
	const cib_check_options *options;
	cib_findings *findings;
	cib_severity severity;
	const char *code;
} rule_run;

static void found(rule_run *run, const char *standard, const char *pointer, const char *a, const char *b)
{
	const char *own = cib_text_in(cib_json_get(run->rule, "x-cib-message"), run->options->lang, "en");
	size_t at = run->findings->count;
	cib_network_report(run->findings, run->severity, run->options->lang, standard, pointer, a, b);
	cib_finding *f = &run->findings->items[at];
	if (own) { /* the rule's own words first, then the figures */
		char *text = cib_format("%s (%s)", own, f->message);
		free(f->message);
		f->message = text;
	}
	if (run->code) {
		free(f->code);
		f->code = cib_strdup(run->code);
	}
}

/* ---- sum: decimal strings in millionths, exact for what a share can be */

static bool millionths(const char *s, int64_t *out)
{
	int64_t v = 0;
	int digits = -1;
	if (strlen(s) > 18)
		return false;
	for (; *s; s++) {
		if (*s == '.' && digits < 0)
			digits = 0;
		else if (*s < '0' || *s > '9')
			return false;
		else if (digits < 6) {
			v = v * 10 + (*s - '0');
			digits += digits >= 0;
		}
	}
	for (digits = digits < 0 ? 0 : digits; digits < 6; digits++)
		v *= 10;
	*out = v;
	return true;
}

typedef struct {
	const char *field;
	int64_t sum;
	size_t items, with;
	char first[512];
} summing;

static void add_share(const char *pointer, const cJSON *value, void *payload)
{
	summing *s = payload;
	const char *text = cib_json_string(value, s->field);
	int64_t v;
	s->items++;
	if (!text || !millionths(text, &v))
		return;
	s->sum += v;
	if (s->with++ == 0)
		snprintf(s->first, sizeof s->first, "%s", pointer);
}

static void rule_sum(rule_run *run)
{
	const char *field = cib_json_string(run->rule, "field"), *equals = cib_json_string(run->rule, "equals");
	int64_t want = 0;
	summing s = {.field = field};
	const cJSON *of = cib_json_get(run->rule, "of");
	for (const cJSON *p = of ? of->child : NULL; p; p = p->next)
		if (cJSON_IsString(p)) {
			char *pattern = cib_format("%s/*", p->valuestring);
			each(run->doc, pattern, add_share, &s);
			free(pattern);
		}
	if (!field || !equals || !millionths(equals, &want) || s.with == 0)
		return;
	int64_t off = s.sum > want ? s.sum - want : want - s.sum;
	if (off <= (int64_t)s.items * 10000) /* thirds: 33.33 three times; a hundredth an item */
		return;
	char text[48];
	snprintf(text, sizeof text, "%lld.%06lld", (long long)(s.sum / 1000000), (long long)(s.sum % 1000000));
	for (size_t n = strlen(text); text[n - 1] == '0' || text[n - 1] == '.'; n--) {
		bool dot = text[n - 1] == '.';
		text[n - 1] = '\0';
		if (dot)
			break;
	}
	char *parent = cib_strdup(s.first);
	*strrchr(parent, '/') = '\0';
	found(run, "rule.sum", parent, text, equals);
	free(parent);
}

/* ---- order: two dates of any precision (YYYY, YYYY-MM, YYYY-MM-DD), compared as far as both go */

static void rule_order(rule_run *run)
{
	const char *a = cib_json_string(run->rule, "first"), *b = cib_json_string(run->rule, "second");
	const cJSON *first = a ? cib_json_at(run->doc, a) : NULL, *second = b ? cib_json_at(run->doc, b) : NULL;
	if (!cJSON_IsString(first) || !cJSON_IsString(second))
		return;
	size_t n = strlen(first->valuestring), m = strlen(second->valuestring);
	if (strncmp(first->valuestring, second->valuestring, n < m ? n : m) > 0)
		found(run, "rule.order", b, second->valuestring, first->valuestring);
}

/* ---- words: of a string or of each text of a language map */

static size_t count_words(const char *s)
{
	size_t n = 0;
	for (bool in = false; *s; s++) {
		bool space = *s == ' ' || *s == '\n' || *s == '\t' || *s == '\r';
		n += !space && !in;
		in = !space;
	}
	return n;
}

static void judge_words(const char *pointer, const cJSON *value, void *payload)
{
	rule_run *run = payload;
	const cJSON *max = cib_json_get(run->rule, "max");
	if (cJSON_IsObject(value)) {
		for (const cJSON *c = value->child; c; c = c->next) {
			char *inner = cib_format("%s/%s", pointer, c->string);
			if (cJSON_IsString(c))
				judge_words(inner, c, run);
			free(inner);
		}
		return;
	}
	size_t words = cJSON_IsString(value) ? count_words(value->valuestring) : 0;
	if (!cJSON_IsNumber(max) || words <= (size_t)max->valuedouble)
		return;
	char a[24], b[24];
	snprintf(a, sizeof a, "%zu", words);
	snprintf(b, sizeof b, "%d", (int)max->valuedouble);
	found(run, "rule.words", pointer, a, b);
}

/* ---- reference: an id that another entry has. A dangling one is a warning: its target may have been
 * removed elsewhere meanwhile, which is nobody's fault here. */

static void judge_reference(const char *pointer, const cJSON *value, void *payload)
{
	rule_run *run = payload;
	if (!cJSON_IsString(value))
		return;
	cib_buf path = CIB_BUF_INIT;
	cib_oid blob;
	bool there;
	const char *kind = cib_json_string(run->rule, "kind");
	if (kind && strcmp(kind, "member") == 0) { /* members exist by their folder, or by having staff */
		cib_buf_addf(&path, "members/%s", value->valuestring);
		there = cib_store_tree_get(&blob, &(unsigned){0}, run->net->store, run->options->tree, path.data, NULL) == CIB_OK;
		const cJSON *users = cib_json_get(run->net->access, "users");
		for (const cJSON *u = users ? users->child : NULL; u && !there; u = u->next) {
			const char *member = cib_json_string(u, "member");
			there = member && strcmp(member, value->valuestring) == 0;
		}
	} else {
		there = cib_network_find(&path, NULL, &blob, run->net, run->options->tree, value->valuestring, NULL) == CIB_OK;
	}
	cib_buf_free(&path);
	if (!there) {
		run->severity = CIB_WARNING;
		found(run, "rule.reference", pointer, value->valuestring, NULL);
	}
}

static void check_recommended(rule_run *run, const cJSON *list)
{
	for (const cJSON *r = list ? list->child : NULL; r; r = r->next) {
		if (!cJSON_IsString(r))
			continue;
		char *pointer = cib_format("%s%s", r->valuestring[0] == '/' ? "" : "/", r->valuestring);
		if (!cib_json_at(run->doc, pointer)) {
			run->severity = CIB_ADVICE;
			found(run, "rule.recommended", "", pointer + 1, NULL);
		}
		free(pointer);
	}
}

int cib_network_check_rules(cib_network *net, const cib_kind *kind, const cJSON *doc, const cib_check_options *options, cib_findings *findings)
{
	size_t errors = findings->errors;
	const cJSON *rules = cib_json_get(kind->schema, "x-cib-rules");
	for (const cJSON *rule = rules ? rules->child : NULL; rule; rule = rule->next) {
		const char *name = cib_json_string(rule, "rule"), *severity = cib_json_string(rule, "severity");
		const char *field = cib_json_string(rule, "field");
		rule_run run = {net, doc, rule, options, findings, CIB_ERROR, cib_json_string(rule, "code")};
		if (severity)
			run.severity = strcmp(severity, "warning") == 0  ? CIB_WARNING
			               : strcmp(severity, "advice") == 0 ? CIB_ADVICE
			                                                 : CIB_ERROR;
		if (name && strcmp(name, "sum") == 0)
			rule_sum(&run);
		else if (name && strcmp(name, "order") == 0)
			rule_order(&run);
		else if (name && field && strcmp(name, "words") == 0)
			each(doc, field, judge_words, &run);
		else if (name && field && strcmp(name, "reference") == 0 && options->tree)
			each(doc, field, judge_reference, &run);
	}
	rule_run run = {net, doc, kind->schema, options, findings, CIB_ADVICE, NULL};
	check_recommended(&run, cib_json_get(kind->schema, "x-cib-recommended"));
	return findings->errors > errors ? CIB_FINDINGS : CIB_OK;
}
