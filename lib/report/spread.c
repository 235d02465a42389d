/* Where members are at home and where they work: by section, by region, by country, on a map. */
#include "report/private.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	const char *code;
	size_t projects, home, unshared; /* unshared: projects in several countries that say no shares */
	double shares;                   /* projects by the shares that they say */
	cib_strings members;             /* that work there */
} land;

typedef struct {
	land *items;
	size_t count, cap;
	cib_tally index;
} lands;

static land *land_of(cib_report *r, lands *list, const char *code)
{
	size_t *at = cib_tally_at(&list->index, code);
	if (*at == SIZE_MAX) {
		list->items = cib_report_grow(r, list->items, &list->cap, list->count + 1, sizeof *list->items);
		list->items[list->count] = (land){.code = code};
		*at = list->count++;
	}
	return &list->items[*at];
}

static bool has_status(const cib_fact_member *m, const char *status)
{
	return m->status && strcmp(m->status, status) == 0;
}

static void gather(cib_report *r, lands *list)
{
	const cib_report_state *s = r->priv;
	for (size_t i = 0; i < s->member_count; i++)
		if (s->members[i].country && !has_status(&s->members[i], "inactive"))
			land_of(r, list, s->members[i].country)->home++;
	for (size_t i = 0; i < s->project_count; i++) {
		const cib_fact_project *p = &s->projects[i];
		for (size_t k = 0; cib_project_counts(r, i) && k < p->countries.count; k++) {
			const cib_fact_code *c = &p->countries.items[k];
			land *l = land_of(r, list, c->code);
			l->projects++;
			if (c->percent >= 0 || (p->countries.count == 1 && p->regions.count == 0))
				l->shares += c->percent >= 0 ? c->percent / 100 : 1;
			else
				l->unshared++;
			for (size_t m = 0; m < p->members.count; m++)
				cib_strings_add(r, &l->members, p->members.items[m]);
		}
	}
}

static void write_sections(cib_report *r)
{
	const cib_report_state *s = r->priv;
	const cib_codelist *list = cib_network_codelist(s->options.net, "uclg-sections");
	cib_report_table *t = cib_table(r, "sections", "spread.sections");
	size_t empty = 0, largest = 0, all = 0;
	const char *name = NULL;
	cib_column(r, t, "section", CIB_REPORT_CODE);
	cib_column(r, t, "active", CIB_REPORT_COUNT);
	cib_column(r, t, "observers", CIB_REPORT_COUNT);
	cib_column(r, t, "inactive", CIB_REPORT_COUNT);
	cib_column(r, t, "countries", CIB_REPORT_COUNT);
	cib_figure(r, t, CIB_FIGURE_BARS, "spread.sections-figure", 0, 1, 2);
	for (size_t i = 0; list && i <= cib_codelist_count(list); i++) {
		const cib_code *code = i < cib_codelist_count(list) ? cib_codelist_at(list, i) : NULL;
		size_t n[3] = {0};
		cib_strings countries = {0};
		for (size_t k = 0; k < s->member_count; k++) {
			const cib_fact_member *m = &s->members[k];
			if (code ? !m->section || strcmp(m->section, code->code) != 0 : m->section && cib_codelist_get(list, m->section))
				continue;
			n[has_status(m, "active") ? 0 : has_status(m, "observer") ? 1
			                                                          : 2]++;
			if (!has_status(m, "inactive"))
				cib_strings_add(r, &countries, m->country);
		}
		if (!code && !n[0] && !n[1] && !n[2])
			continue;
		cib_row(r, t)->flagged = code && n[0] == 0;
		cib_put_code(r, t, code ? code->code : "", code ? cib_code_name(code, r->lang, true) : cib_say(r, "not-given"), NULL);
		for (size_t k = 0; k < 3; k++)
			cib_put_number(r, t, (double)n[k]);
		cib_put_number(r, t, (double)countries.count);
		empty += code && n[0] == 0;
		all += n[0];
		if (code && n[0] > largest) {
			largest = n[0];
			name = cib_code_name(code, r->lang, true);
		}
	}
	if (name && all) {
		cib_buf number = CIB_BUF_INIT;
		cib_number_percent(&number, r->lang, 100.0 * (double)largest / (double)all);
		cib_block(r, CIB_BLOCK_TEXT, cib_fill(r, "spread.even", name, number.data), NULL);
		cib_buf_free(&number);
	}
	if (empty)
		cib_block(r, CIB_BLOCK_ALERT, cib_plural(r, "spread.empty", empty), NULL);
}

static void write_countries(cib_report *r, const lands *list)
{
	cib_report_table *t = cib_table(r, "countries", "spread.countries");
	size_t unshared = 0;
	cib_column(r, t, "country", CIB_REPORT_CODE);
	cib_column(r, t, "projects", CIB_REPORT_COUNT);
	cib_column(r, t, "home", CIB_REPORT_COUNT);
	cib_column(r, t, "shares", CIB_REPORT_DECIMAL);
	cib_column(r, t, "working", CIB_REPORT_COUNT);
	for (size_t i = 0; i < list->count; i++) {
		const land *l = &list->items[i];
		cib_row(r, t);
		cib_put_listed(r, t, "Country", l->code);
		cib_put_number(r, t, (double)l->projects);
		cib_put_number(r, t, (double)l->home);
		if (l->projects > l->unshared || !l->projects)
			cib_put_number(r, t, l->shares);
		else
			cib_put_none(r, t);
		cib_put_number(r, t, (double)l->members.count);
		unshared += l->unshared;
	}
	cib_sort_by_values(t, 1, 1);
	cib_figure(r, t, CIB_FIGURE_MAP, "spread.map", 0, 1, 2);
	cib_block(r, CIB_BLOCK_NOTE, cib_say(r, "spread.shares"), NULL);
	if (unshared)
		cib_block(r, CIB_BLOCK_NOTE, cib_plural(r, "spread.unshared", unshared), NULL);
}

/* By the subregion of the United Nations' M49, which the list of countries names for each. */
static void write_regions(cib_report *r, const lands *list)
{
	typedef struct {
		const char *code;
		size_t home, countries, places;
	} line;
	line *lines = NULL;
	size_t count = 0, cap = 0;
	cib_tally index = {0};
	const cib_codelist *countries = cib_network_codelist(r->priv->options.net, "Country");
	for (size_t i = 0; countries && i < list->count; i++) {
		const cib_code *code = cib_codelist_get(countries, list->items[i].code);
		if (!code || !code->category)
			continue;
		size_t *at = cib_tally_at(&index, code->category);
		if (*at == SIZE_MAX) {
			lines = cib_report_grow(r, lines, &cap, count + 1, sizeof *lines);
			lines[count] = (line){.code = code->category};
			*at = count++;
		}
		lines[*at].home += list->items[i].home;
		lines[*at].countries += list->items[i].projects > 0;
		lines[*at].places += list->items[i].projects;
	}
	cib_tally_free(&index);
	cib_report_table *t = cib_table(r, "regions", "spread.regions");
	cib_column(r, t, "region", CIB_REPORT_CODE);
	cib_column(r, t, "home", CIB_REPORT_COUNT);
	cib_column(r, t, "partner-countries", CIB_REPORT_COUNT);
	cib_column(r, t, "presences", CIB_REPORT_COUNT);
	for (size_t i = 0; i < count; i++) {
		cib_row(r, t);
		cib_put_listed(r, t, "M49", lines[i].code);
		cib_put_number(r, t, (double)lines[i].home);
		cib_put_number(r, t, (double)lines[i].countries);
		cib_put_number(r, t, (double)lines[i].places);
	}
	cib_sort_by_values(t, 1, 2);
	cib_block(r, CIB_BLOCK_NOTE, cib_say(r, "spread.presences"), NULL);
}

int cib_build_spread(cib_report *r, cib_error *err)
{
	lands list = {0};
	size_t folded = cib_report_fold_projects(r);
	(void)err;
	gather(r, &list);
	cib_block(r, CIB_BLOCK_TEXT, cib_say(r, "spread.about"), NULL);
	write_sections(r);
	write_countries(r, &list);
	write_regions(r, &list);
	cib_note_folded(r, folded);
	cib_tally_free(&list.index);
	return CIB_OK;
}
