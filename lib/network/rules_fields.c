/* Rules that look at one document: shares that add up, dates in order, limits of words, what another value makes
 * superfluous or needed. */
#include "network/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/* The shares of one group: all items, or those with one value of the member "by". */
typedef struct {
	const cib_rule_run *run;
	const char *field, *group;
	bool all; /* whatever the group */
	int64_t sum;
	size_t items, with;
	char first[512];
} summing;

/* Which group is the item in? A vocabulary ("by"), or the length of a code ("byLength": 3 and 5 digits are two lists). */
static void group_of(char out[64], const cJSON *rule, const cJSON *item)
{
	const char *by = cib_json_string(rule, "by"), *by_length = cib_json_string(rule, "byLength"), *normal = cib_json_string(rule, "byDefault");
	const char *value = by ? cib_json_string(item, by) : NULL, *code = by_length ? cib_json_string(item, by_length) : NULL;
	if (by_length)
		snprintf(out, 64, "%zu", code ? strlen(code) : 0);
	else
		snprintf(out, 64, "%s", value ? value : normal ? normal
		                                               : "");
}

static void add_share(const char *pointer, const cJSON *value, void *payload)
{
	summing *s = payload;
	const char *text = cib_json_string(value, s->field);
	char group[64];
	int64_t v;
	group_of(group, s->run->rule, value);
	if (!s->all && strcmp(group, s->group) != 0)
		return;
	s->items++;
	if (!text || !millionths(text, &v))
		return;
	s->sum += v;
	if (s->with++ == 0)
		snprintf(s->first, sizeof s->first, "%s", pointer);
}

static void each_item(const cib_rule_run *run, cib_reach_cb cb, void *payload)
{
	const cJSON *of = cib_json_get(run->rule, "of");
	for (const cJSON *p = of ? of->child : NULL; p; p = p->next)
		if (cJSON_IsString(p)) {
			char *pattern = cib_format("%s/*", p->valuestring);
			cib_reach(run->doc, pattern, cb, payload);
			free(pattern);
		}
}

enum { GROUPS = 8 };
typedef struct {
	const cJSON *rule;
	char names[GROUPS][64];
	size_t count;
} groups;

static void note_group(const char *pointer, const cJSON *value, void *payload)
{
	(void)pointer;
	groups *g = payload;
	char name[64];
	group_of(name, g->rule, value);
	for (size_t i = 0; i < g->count; i++)
		if (strcmp(g->names[i], name) == 0)
			return;
	if (g->count < GROUPS)
		memcpy(g->names[g->count++], name, sizeof name);
}

/* A sum in millionths as decimal text without needless zeros. */
static void print_sum(char out[48], int64_t sum)
{
	snprintf(out, 48, "%lld.%06lld", (long long)(sum / 1000000), (long long)(sum % 1000000));
	for (size_t n = strlen(out); out[n - 1] == '0' || out[n - 1] == '.'; n--) {
		bool dot = out[n - 1] == '.';
		out[n - 1] = '\0';
		if (dot)
			break;
	}
}

static void add_up(summing *s, const cib_rule_run *run, const char *group)
{
	*s = (summing){.run = run, .field = cib_json_string(run->rule, "field"), .group = group, .all = !group};
	each_item(run, add_share, s);
}

static bool is_whole(const summing *s, int64_t want)
{
	int64_t off = s->sum > want ? s->sum - want : want - s->sum;
	return s->with == 0 || off <= (int64_t)s->items * 10000; /* thirds: 33.33 three times; a hundredth an item */
}

static void judge_group(cib_rule_run *run, const char *group, int64_t want)
{
	summing s;
	char text[48];
	add_up(&s, run, group);
	if (is_whole(&s, want))
		return;
	print_sum(text, s.sum);
	*strrchr(s.first, '/') = '\0';
	cib_rule_found(run, "rule.sum", s.first, text, cib_json_string(run->rule, "equals"));
}

void cib_rule_sum(cib_rule_run *run)
{
	const char *equals = cib_json_string(run->rule, "equals");
	int64_t want = 0;
	groups g = {.rule = run->rule};
	if (!cib_json_string(run->rule, "field") || !equals || !millionths(equals, &want))
		return;
	each_item(run, note_group, &g);
	summing all;
	add_up(&all, run, NULL);
	if (cib_json_string(run->rule, "by") && is_whole(&all, want)) /* parts of one whole, named by two vocabularies */
		return;
	for (size_t i = 0; i < g.count; i++)
		judge_group(run, g.names[i], want);
}

/* ---- order: two dates of any precision (YYYY, YYYY-MM, YYYY-MM-DD, with time), compared as far as both go. With "*" in
 * the pointers: in each item alike. */

static void judge_order(cib_rule_run *run, const char *a, const char *b)
{
	const cJSON *first = cib_json_at(run->doc, a), *second = cib_json_at(run->doc, b);
	if (!cJSON_IsString(first) || !cJSON_IsString(second))
		return;
	size_t n = strlen(first->valuestring), m = strlen(second->valuestring);
	if (strncmp(first->valuestring, second->valuestring, n < m ? n : m) > 0)
		cib_rule_found(run, "rule.order", b, second->valuestring, first->valuestring);
}

static void judge_order_below(const char *pointer, const cJSON *value, void *payload)
{
	(void)value;
	cib_rule_run *run = payload;
	const char *first = strstr(cib_json_string(run->rule, "first"), "/*/"), *second = strstr(cib_json_string(run->rule, "second"), "/*/");
	if (!first || !second)
		return;
	char *a = cib_format("%s%s", pointer, first + 2), *b = cib_format("%s%s", pointer, second + 2);
	judge_order(run, a, b);
	free(a);
	free(b);
}

void cib_rule_order(cib_rule_run *run)
{
	const char *a = cib_json_string(run->rule, "first"), *b = cib_json_string(run->rule, "second");
	const char *star = a ? strstr(a, "/*/") : NULL;
	if (a && b && star) {
		char *items = cib_strndup(a, (size_t)(star - a) + 2);
		cib_reach(run->doc, items, judge_order_below, run);
		free(items);
	} else if (a && b) {
		judge_order(run, a, b);
	}
}

/* ---- past: a date that says what was, as far as it goes */

static void judge_past(const char *pointer, const cJSON *value, void *payload)
{
	cib_rule_run *run = payload;
	char today[11];
	cib_day_of(today, (int64_t)time(NULL));
	if (cJSON_IsString(value) && strncmp(value->valuestring, today, strlen(value->valuestring)) > 0)
		cib_rule_found(run, "rule.past", pointer, value->valuestring, today);
}

void cib_rule_past(cib_rule_run *run)
{
	const char *field = cib_json_string(run->rule, "field");
	if (field)
		cib_reach(run->doc, field, judge_past, run);
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
	cib_rule_run *run = payload;
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
	cib_rule_found(run, "rule.words", pointer, a, b);
}

void cib_rule_words(cib_rule_run *run)
{
	const char *field = cib_json_string(run->rule, "field");
	if (field)
		cib_reach(run->doc, field, judge_words, run);
}

/* ---- implied: a code "5" beside "5.c" says nothing more */

typedef struct {
	cib_rule_run *run;
	const char *code, *pointer;
	char by[32];
} implying;

static void look_for_part(const char *pointer, const cJSON *value, void *payload)
{
	(void)pointer;
	implying *i = payload;
	size_t n = strlen(i->code);
	if (!*i->by && cJSON_IsString(value) && strncmp(value->valuestring, i->code, n) == 0 && value->valuestring[n] == '.')
		snprintf(i->by, sizeof i->by, "%s", value->valuestring);
}

static void judge_implied(const char *pointer, const cJSON *value, void *payload)
{
	cib_rule_run *run = payload;
	if (!cJSON_IsString(value) || strchr(value->valuestring, '.'))
		return;
	implying i = {.run = run, .code = value->valuestring};
	cib_reach(run->doc, cib_json_string(run->rule, "field"), look_for_part, &i);
	if (*i.by)
		cib_rule_found(run, "rule.implied", pointer, value->valuestring, i.by);
}

void cib_rule_implied(cib_rule_run *run)
{
	const char *field = cib_json_string(run->rule, "field");
	if (field)
		cib_reach(run->doc, field, judge_implied, run);
}

/* ---- required-unless: a value may be missing when another says so */

static void judge_required(const char *pointer, const cJSON *value, void *payload)
{
	cib_rule_run *run = payload;
	const char *needs = cib_json_string(run->rule, "needs");
	const cJSON *unless = cib_json_get(run->rule, "unless");
	if (!needs || cib_json_at(value, needs))
		return;
	for (const cJSON *u = unless ? unless->child : NULL; u; u = u->next) {
		const cJSON *there = cib_json_at(value, u->string);
		if (there && cib_json_equal(there, u))
			return;
	}
	cib_rule_found(run, "rule.required", pointer, needs[0] == '/' ? needs + 1 : needs, NULL);
}

void cib_rule_required_unless(cib_rule_run *run)
{
	const char *field = cib_json_string(run->rule, "field");
	cib_reach(run->doc, field ? field : "", judge_required, run);
}
