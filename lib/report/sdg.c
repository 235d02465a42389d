/* Which goals and targets the network works on, and which it does not: entries are counted, money never is. An entry that names two
 * targets of a goal counts once for the goal. */
#include "report/private.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	const char *code;
	size_t projects, primary, practices, partnerships;
	cib_strings members;
} goal;

typedef struct {
	goal *items;
	size_t count, cap;
	cib_tally index;
} goals;

/* What else names goals than projects. */
typedef struct {
	const char *owner;
	bool practice;
	cib_fact_codes sdg;
} other;

typedef struct {
	other *others;
	size_t count, cap;
	goals goals, targets;
} coverage;

static coverage *own(cib_report *r)
{
	if (!r->priv->own)
		r->priv->own = cib_report_new(r, sizeof(coverage));
	return r->priv->own;
}

void cib_take_sdg(cib_report *r, const cib_report_entry *e)
{
	if (strcmp(e->place->kind->name, "project") == 0) {
		cib_report_take_project(r, e);
		return;
	}
	coverage *c = own(r);
	c->others = cib_report_grow(r, c->others, &c->cap, c->count + 1, sizeof *c->others);
	other *o = &c->others[c->count++];
	*o = (other){.owner = e->owner, .practice = strcmp(e->place->kind->name, "practice") == 0};
	cib_report_codes(r, &o->sdg, cib_json_get(e->doc, "sdg"));
}

static goal *goal_of(cib_report *r, goals *list, const char *code)
{
	size_t *at = cib_tally_at(&list->index, code);
	if (*at == SIZE_MAX) {
		list->items = cib_report_grow(r, list->items, &list->cap, list->count + 1, sizeof *list->items);
		list->items[list->count] = (goal){.code = code};
		*at = list->count++;
	}
	return &list->items[*at];
}

typedef enum { PROJECT,
	       PRACTICE,
	       PARTNERSHIP } naming;

static void name_one(cib_report *r, goal *g, naming what, bool primary, const cib_strings *members)
{
	g->projects += what == PROJECT;
	g->primary += what == PROJECT && primary;
	g->practices += what == PRACTICE;
	g->partnerships += what == PARTNERSHIP;
	for (size_t i = 0; i < members->count; i++)
		cib_strings_add(r, &g->members, members->items[i]);
}

static void name_all(cib_report *r, coverage *c, naming what, const cib_fact_codes *sdg, const cib_strings *members)
{
	cib_strings seen = {0};
	for (size_t i = 0; i < sdg->count; i++) {
		char number[4];
		cib_sdg_goal(number, sdg->items[i].code);
		const char *of = cib_report_intern(r, number);
		if (strchr(sdg->items[i].code, '.'))
			name_one(r, goal_of(r, &c->targets, sdg->items[i].code), what, sdg->items[i].primary, members);
		if (cib_strings_has(&seen, of))
			continue;
		bool primary = false;
		for (size_t k = i; k < sdg->count; k++) {
			cib_sdg_goal(number, sdg->items[k].code);
			primary = primary || (strcmp(number, of) == 0 && sdg->items[k].primary);
		}
		cib_strings_add(r, &seen, of);
		name_one(r, goal_of(r, &c->goals, of), what, primary, members);
	}
}

static void put_counts(cib_report *r, cib_report_table *t, const goal *g)
{
	cib_put_number(r, t, g ? (double)g->projects : 0);
	cib_put_number(r, t, g ? (double)g->primary : 0);
	cib_put_number(r, t, g ? (double)g->practices : 0);
	cib_put_number(r, t, g ? (double)g->partnerships : 0);
	cib_put_number(r, t, g ? (double)g->members.count : 0);
}

static void add_columns(cib_report *r, cib_report_table *t, const char *first)
{
	cib_column(r, t, first, CIB_REPORT_CODE);
	cib_column(r, t, "projects", CIB_REPORT_COUNT);
	cib_column(r, t, "primary", CIB_REPORT_COUNT);
	cib_column(r, t, "practices", CIB_REPORT_COUNT);
	cib_column(r, t, "partnerships", CIB_REPORT_COUNT);
	cib_column(r, t, "members", CIB_REPORT_COUNT);
}

static const goal *find(const goals *list, const char *code)
{
	size_t at = cib_tally_get(&list->index, code);
	return at == SIZE_MAX ? NULL : &list->items[at];
}

static void put_numbered(cib_report *r, cib_report_table *t, const cib_code *code)
{
	char *name = cib_format("%s \xC2\xB7 %s", code->code, cib_code_name(code, r->lang, true));
	cib_put_code(r, t, code->code, cib_report_intern(r, name), NULL);
	free(name);
}

static void write_goals(cib_report *r, const coverage *c, const cib_codelist *list, const cib_codelist *targets)
{
	cib_report_table *t = cib_table(r, "goals", "sdg.goals");
	add_columns(r, t, "goal");
	cib_column(r, t, "targets-named", CIB_REPORT_COUNT);
	cib_column(r, t, "targets-of", CIB_REPORT_COUNT);
	cib_figure(r, t, CIB_FIGURE_BARS, "sdg.figure", 0, 1, 1);
	size_t gaps = 0;
	for (size_t i = 0; i < cib_codelist_count(list); i++) {
		const cib_code *code = cib_codelist_at(list, i);
		const goal *g = find(&c->goals, code->code);
		size_t of = 0, named = 0, len = strlen(code->code);
		for (size_t k = 0; k < cib_codelist_count(targets); k++) {
			const cib_code *target = cib_codelist_at(targets, k);
			bool mine = strncmp(target->code, code->code, len) == 0 && target->code[len] == '.';
			of += mine;
			named += mine && find(&c->targets, target->code);
		}
		gaps += !g;
		cib_row(r, t)->flagged = !g;
		put_numbered(r, t, code);
		put_counts(r, t, g);
		cib_put_number(r, t, (double)named);
		cib_put_number(r, t, (double)of);
	}
	if (gaps)
		cib_block(r, CIB_BLOCK_ALERT, cib_plural(r, "sdg.gaps", gaps), NULL);
}

static void write_targets(cib_report *r, const coverage *c, const cib_codelist *targets)
{
	cib_report_table *t = cib_table(r, "targets", "sdg.targets");
	add_columns(r, t, "target");
	for (size_t i = 0; i < cib_codelist_count(targets); i++) {
		const cib_code *code = cib_codelist_at(targets, i);
		const goal *g = find(&c->targets, code->code);
		if (!g)
			continue;
		cib_row(r, t);
		put_numbered(r, t, code);
		put_counts(r, t, g);
	}
}

static void write_gaps(cib_report *r, const coverage *c, const cib_codelist *list, const cib_codelist *targets)
{
	cib_report_table *t = cib_table(r, "gaps", "sdg.gap-table");
	cib_column(r, t, "goal", CIB_REPORT_CODE);
	cib_column(r, t, "gaps", CIB_REPORT_COUNT);
	cib_column(r, t, "targets-not-named", CIB_REPORT_WORDS);
	for (size_t i = 0; i < cib_codelist_count(list); i++) {
		const cib_code *code = cib_codelist_at(list, i);
		size_t len = strlen(code->code), missing = 0;
		cib_buf codes = CIB_BUF_INIT;
		for (size_t k = 0; k < cib_codelist_count(targets); k++) {
			const cib_code *target = cib_codelist_at(targets, k);
			if (strncmp(target->code, code->code, len) == 0 && target->code[len] == '.' && !find(&c->targets, target->code))
				cib_buf_addf(&codes, "%s%s", missing++ ? ", " : "", target->code);
		}
		if (missing) {
			cib_row(r, t);
			put_numbered(r, t, code);
			cib_put_number(r, t, (double)missing);
			cib_put_words(r, t, cib_report_intern(r, cib_buf_str(&codes)));
		}
		cib_buf_free(&codes);
	}
}

int cib_build_sdg(cib_report *r, cib_error *err)
{
	coverage *c = own(r);
	cib_report_state *s = r->priv;
	const cib_codelist *list = cib_network_codelist(s->options.net, "UNSDG-Goals"), *targets = cib_network_codelist(s->options.net, "UNSDG-Targets");
	if (!list || !targets)
		return cib_error_set(err, CIB_NOTFOUND, "report.codelist", "the network has no codelist of goals and targets");
	size_t folded = cib_report_fold_projects(r), without = 0, counted = 0;
	for (size_t i = 0; i < s->project_count; i++) {
		const cib_fact_project *p = &s->projects[i];
		if (!cib_project_counts(r, i))
			continue;
		counted++;
		without += p->sdg.count == 0;
		name_all(r, c, PROJECT, &p->sdg, &p->members);
	}
	for (size_t i = 0; i < c->count; i++) {
		cib_strings members = {0};
		cib_strings_add(r, &members, c->others[i].owner);
		name_all(r, c, c->others[i].practice ? PRACTICE : PARTNERSHIP, &c->others[i].sdg, &members);
	}
	cib_block(r, CIB_BLOCK_TEXT, cib_say(r, "sdg.about"), NULL);
	cib_block(r, CIB_BLOCK_TEXT, cib_plural(r, "count.projects", counted), NULL);
	write_goals(r, c, list, targets);
	write_targets(r, c, targets);
	write_gaps(r, c, list, targets);
	if (without)
		cib_block(r, CIB_BLOCK_NOTE, cib_plural(r, "sdg.without", without), NULL);
	cib_note_folded(r, folded);
	cib_tally_free(&c->goals.index);
	cib_tally_free(&c->targets.index);
	return CIB_OK;
}
