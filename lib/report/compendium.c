/* The compendium of a year: every project that runs in it, one line each, by member and by country. Budgets are added within a
 * currency alone. */
#include "report/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	const char *currency;
	char sum[64];
	size_t projects;
	bool inexact; /* an amount was too long to be added */
} total;

typedef struct {
	total *items;
	size_t count, cap;
} totals;

static total *total_of(cib_report *r, totals *list, const char *currency)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].currency, currency) == 0)
			return &list->items[i];
	list->items = cib_report_grow(r, list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count] = (total){.currency = currency};
	return &list->items[list->count++];
}

/* A revised budget stands for the original one of the same period. */
static bool is_superseded(const cib_fact_project *p, const cib_fact_money *m)
{
	for (size_t i = 0; !m->revised && i < p->budget_count; i++) {
		const cib_fact_money *o = &p->budget[i];
		if (o->revised && strcmp(o->currency, m->currency) == 0 && ((!o->start && !m->start) || (o->start && m->start && strcmp(o->start, m->start) == 0)))
			return true;
	}
	return false;
}

static void put_budget(cib_report *r, cib_report_table *t, const cib_fact_project *p, totals *all)
{
	totals own = {0};
	for (size_t i = 0; i < p->budget_count; i++) {
		const cib_fact_money *m = &p->budget[i];
		if (is_superseded(p, m))
			continue;
		total *mine = total_of(r, &own, m->currency), *whole = total_of(r, all, m->currency);
		mine->inexact = mine->inexact || !cib_amount_add(mine->sum, m->amount);
		whole->inexact = whole->inexact || !cib_amount_add(whole->sum, m->amount);
	}
	cib_put_list(r, t);
	for (size_t i = 0; i < own.count; i++) {
		total_of(r, all, own.items[i].currency)->projects++;
		if (!own.items[i].inexact)
			cib_add_item(r, t, cib_report_intern(r, own.items[i].sum), NULL, own.items[i].currency);
	}
}

static const char *sort_name(const cib_report *r, const char *member)
{
	const cib_fact_member *m = cib_report_member(r, member);
	return m && m->name.text ? m->name.text : member;
}

static int by_member(const void *a, const void *b, void *payload)
{
	const cib_report *r = payload;
	const cib_fact_project *x = &r->priv->projects[*(const size_t *)a], *y = &r->priv->projects[*(const size_t *)b];
	int order = strcmp(sort_name(r, x->owner), sort_name(r, y->owner));
	order = order ? order : strcmp(x->title.text ? x->title.text : "", y->title.text ? y->title.text : "");
	return order ? order : strcmp(x->id, y->id);
}

static void write_projects(cib_report *r, const size_t *list, size_t n, totals *all)
{
	cib_report_table *t = cib_table(r, "projects", "compendium.projects");
	cib_column(r, t, "project", CIB_REPORT_CODE);
	cib_column(r, t, "member", CIB_REPORT_CODE);
	cib_column(r, t, "countries", CIB_REPORT_CODE);
	cib_column(r, t, "themes", CIB_REPORT_CODE);
	cib_column(r, t, "partners", CIB_REPORT_WORDS);
	cib_column(r, t, "status", CIB_REPORT_CODE);
	cib_column(r, t, "from", CIB_REPORT_DATE);
	cib_column(r, t, "until", CIB_REPORT_DATE);
	cib_column(r, t, "budget", CIB_REPORT_MONEY);
	for (size_t i = 0; i < n; i++) {
		const cib_fact_project *p = &r->priv->projects[list[i]];
		cib_row(r, t);
		cib_put_code(r, t, p->id, p->title.text, p->title.lang);
		cib_put_member(r, t, p->owner);
		cib_put_list(r, t);
		for (size_t k = 0; k < p->countries.count; k++)
			cib_add_listed(r, t, "Country", p->countries.items[k].code);
		cib_put_list(r, t);
		for (size_t k = 0; k < p->themes.count; k++)
			cib_add_listed(r, t, "themes", p->themes.items[k]);
		cib_put_list(r, t);
		for (size_t k = 0; k < p->partner_count; k++)
			cib_add_item(r, t, p->partners[k].text, p->partners[k].lang, NULL);
		cib_put_listed(r, t, "ActivityStatus", p->status);
		cib_put_date(r, t, p->start);
		cib_put_date(r, t, p->end);
		put_budget(r, t, p, all);
	}
}

static void write_countries(cib_report *r, const size_t *list, size_t n)
{
	typedef struct {
		const char *code;
		size_t projects;
		cib_strings members;
	} line;
	line *lines = NULL;
	size_t count = 0, cap = 0;
	cib_tally index = {0};
	for (size_t i = 0; i < n; i++) {
		const cib_fact_project *p = &r->priv->projects[list[i]];
		for (size_t k = 0; k < p->countries.count; k++) {
			size_t *at = cib_tally_at(&index, p->countries.items[k].code);
			if (*at == SIZE_MAX) {
				lines = cib_report_grow(r, lines, &cap, count + 1, sizeof *lines);
				lines[count] = (line){.code = p->countries.items[k].code};
				*at = count++;
			}
			lines[*at].projects++;
			for (size_t m = 0; m < p->members.count; m++)
				cib_strings_add(r, &lines[*at].members, p->members.items[m]);
		}
	}
	cib_tally_free(&index);
	cib_report_table *t = cib_table(r, "countries", "compendium.countries");
	cib_column(r, t, "country", CIB_REPORT_CODE);
	cib_column(r, t, "projects", CIB_REPORT_COUNT);
	cib_column(r, t, "members", CIB_REPORT_CODE);
	for (size_t i = 0; i < count; i++) {
		cib_row(r, t);
		cib_put_listed(r, t, "Country", lines[i].code);
		cib_put_number(r, t, (double)lines[i].projects);
		cib_put_list(r, t);
		for (size_t m = 0; m < lines[i].members.count; m++)
			cib_add_member(r, t, lines[i].members.items[m]);
	}
	cib_sort_by_values(t, 1, 1);
	cib_figure(r, t, CIB_FIGURE_BARS, "compendium.figure", 0, 1, 1);
}

static void write_budgets(cib_report *r, const totals *all)
{
	cib_report_table *t = cib_table(r, "budgets", "compendium.budgets");
	cib_column(r, t, "currency", CIB_REPORT_CODE);
	cib_column(r, t, "projects", CIB_REPORT_COUNT);
	cib_column(r, t, "budget", CIB_REPORT_MONEY);
	for (size_t i = 0; i < all->count; i++) {
		cib_row(r, t);
		cib_put_listed(r, t, "Currency", all->items[i].currency);
		cib_put_number(r, t, (double)all->items[i].projects);
		cib_put_list(r, t);
		if (!all->items[i].inexact)
			cib_add_item(r, t, cib_report_intern(r, all->items[i].sum), NULL, all->items[i].currency);
	}
	cib_sort_by_values(t, 1, 1);
}

int cib_build_compendium(cib_report *r, cib_error *err)
{
	char year[12];
	totals all = {0};
	size_t folded = cib_report_fold_projects(r), n = 0, undated = 0, *list = cib_report_new(r, (r->priv->project_count + 1) * sizeof *list);
	(void)err;
	r->year = r->year ? r->year : cib_year_of(r->priv->options.today);
	snprintf(year, sizeof year, "%d", r->year);
	r->title = cib_fill(r, "compendium.title", year, NULL);
	for (size_t i = 0; i < r->priv->project_count; i++)
		if (cib_project_counts(r, i)) {
			list[n++] = i;
			undated += !r->priv->projects[i].start && !r->priv->projects[i].end;
		}
	qsort_r(list, n, sizeof *list, by_member, r);
	cib_block(r, CIB_BLOCK_TEXT, cib_plural(r, "compendium.count", n), NULL);
	write_projects(r, list, n, &all);
	write_countries(r, list, n);
	write_budgets(r, &all);
	cib_block(r, CIB_BLOCK_NOTE, cib_say(r, "compendium.money"), NULL);
	if (undated)
		cib_block(r, CIB_BLOCK_NOTE, cib_plural(r, "compendium.undated", undated), NULL);
	cib_note_folded(r, folded);
	return CIB_OK;
}
