/* Who works where with whom, and where two members work on one subject in one country at one time without knowing of each other:
 * the need from which the network was founded. */
#include "report/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED = 8 };

/* One project in one country and one group of sectors. */
typedef struct {
	const char *country, *sector;
	size_t project;
	int from, until; /* YYYYMMDD; an open side lies before or after everything */
} work;

/* One member in one country. */
typedef struct {
	const char *country, *member;
	size_t projects, partnerships;
	cib_strings sectors, themes;
	const char *start, *end;
	bool flagged;
} presence;

typedef struct {
	const char *member, *country;
} tie; /* a partnership */

typedef struct {
	tie *ties;
	size_t tie_count, tie_cap;
	work *works;
	size_t work_count, work_cap;
	presence *presences;
	size_t presence_count, presence_cap;
	cib_tally at; /* "country member" to its presence */
	size_t nowhere, undated;
} where;

static where *own(cib_report *r)
{
	if (!r->priv->own)
		r->priv->own = cib_report_new(r, sizeof(where));
	return r->priv->own;
}

void cib_take_where(cib_report *r, const cib_report_entry *e)
{
	if (strcmp(e->place->kind->name, "project") == 0) {
		cib_report_take_project(r, e);
		return;
	}
	where *w = own(r);
	cib_strings members = {0}, countries = {0};
	const char *status = cib_json_string(e->doc, "status");
	const cJSON *party;
	if (!status || strcmp(status, "active") != 0)
		return;
	cib_strings_add(r, &members, e->owner);
	cib_strings_add(r, &countries, cib_report_intern(r, cib_json_string(e->doc, "country")));
	cJSON_ArrayForEach(party, cib_json_get(e->doc, "parties"))
	{
		const char *member = cib_json_string(party, "member");
		if (member)
			cib_strings_add(r, &members, cib_report_intern(r, member));
		else
			cib_strings_add(r, &countries, cib_report_intern(r, cib_json_string(party, "country")));
	}
	for (size_t i = 0; i < members.count; i++)
		for (size_t k = 0; k < countries.count; k++) {
			w->ties = cib_report_grow(r, w->ties, &w->tie_cap, w->tie_count + 1, sizeof *w->ties);
			w->ties[w->tie_count++] = (tie){members.items[i], countries.items[k]};
		}
}

/* ---- gathering ---- */

static int day_number(const char *date, bool last)
{
	int y = 0, m = 0, d = 0;
	if (!date)
		return last ? 99999999 : 0;
	sscanf(date, "%4d-%2d-%2d", &y, &m, &d);
	return y * 10000 + (m ? m : last ? 12
	                                 : 1) *
	                           100 +
	       (d ? d : last ? 31
	                     : 1);
}

static presence *present(cib_report *r, where *w, const char *country, const char *member)
{
	char *both = cib_format("%s %s", country, member);
	size_t *at = cib_tally_at(&w->at, cib_report_intern(r, both));
	free(both);
	if (*at == SIZE_MAX) {
		w->presences = cib_report_grow(r, w->presences, &w->presence_cap, w->presence_count + 1, sizeof *w->presences);
		w->presences[w->presence_count] = (presence){.country = country, .member = member};
		*at = w->presence_count++;
	}
	return &w->presences[*at];
}

static const char *group_of(cib_report *r, const char *sector)
{
	return cib_report_intern(r, (char[4]){sector[0], sector[1], sector[2], '\0'});
}

static void add_presence(cib_report *r, where *w, const cib_fact_project *p, const char *country)
{
	for (size_t m = 0; m < p->members.count; m++) {
		presence *x = present(r, w, country, p->members.items[m]);
		x->projects++;
		for (size_t i = 0; i < p->sectors.count; i++)
			cib_strings_add(r, &x->sectors, group_of(r, p->sectors.items[i].code));
		for (size_t i = 0; i < p->themes.count; i++)
			cib_strings_add(r, &x->themes, p->themes.items[i]);
		if (p->start && (!x->start || strcmp(p->start, x->start) < 0))
			x->start = p->start;
		if (p->end && (!x->end || strcmp(p->end, x->end) > 0))
			x->end = p->end;
	}
}

static void add_works(cib_report *r, where *w, size_t project, const char *country)
{
	const cib_fact_project *p = &r->priv->projects[project];
	cib_strings groups = {0};
	for (size_t i = 0; i < p->sectors.count; i++)
		cib_strings_add(r, &groups, group_of(r, p->sectors.items[i].code));
	for (size_t i = 0; i < groups.count; i++) {
		w->works = cib_report_grow(r, w->works, &w->work_cap, w->work_count + 1, sizeof *w->works);
		w->works[w->work_count++] = (work){country, groups.items[i], project, day_number(p->start, false), day_number(p->end, true)};
	}
}

static size_t gather(cib_report *r, where *w)
{
	size_t counted = 0;
	for (size_t i = 0; i < r->priv->project_count; i++) {
		const cib_fact_project *p = &r->priv->projects[i];
		if (!cib_project_counts(r, i))
			continue;
		counted++;
		w->undated += !p->start && !p->end;
		w->nowhere += p->countries.count == 0;
		for (size_t k = 0; k < p->countries.count; k++) {
			add_presence(r, w, p, p->countries.items[k].code);
			if (p->start || p->end) /* without any date nothing is known to be at the same time */
				add_works(r, w, i, p->countries.items[k].code);
		}
	}
	for (size_t i = 0; i < w->tie_count; i++)
		present(r, w, w->ties[i].country, w->ties[i].member)->partnerships++;
	return counted;
}

/* ---- overlaps ---- */

static int by_place(const void *a, const void *b)
{
	const work *x = a, *y = b;
	int order = strcmp(x->country, y->country);
	order = order ? order : strcmp(x->sector, y->sector);
	order = order ? order : (x->from > y->from) - (x->from < y->from);
	return order ? order : (x->project > y->project) - (x->project < y->project);
}

/* Does a member own the one and own or take part in the other? */
static bool one_is_in(const cib_fact_project *owned, const cib_fact_project *other)
{
	for (size_t i = 0; i < owned->owner_count; i++)
		for (size_t k = 0; k < other->members.count; k++)
			if (owned->members.items[i] == other->members.items[k]) /* interned */
				return true;
	return false;
}

/* Do those who own two projects know of each other? Where one owns or takes part in the other's, or one names the other as related. That both
 * have a partner in common says nothing: that two fund the same town unawares is what the network was founded for. */
static bool know(const cib_fact_project *a, const cib_fact_project *b)
{
	return one_is_in(a, b) || one_is_in(b, a) || cib_strings_has(&a->related, b->id) || cib_strings_has(&b->related, a->id);
}

/* Which works run at the same time as one that their owners do not know of? They come in the order of their beginnings. Each is compared with those
 * that it meets in time until the first that is not known, which comes soon where there are many. */
static size_t find_overlaps(const cib_report *r, const work *works, size_t n, bool *in)
{
	const cib_fact_project *projects = r->priv->projects;
	size_t found = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n && works[k].from <= works[i].until && !in[i]; k++)
			if (k != i && works[k].until >= works[i].from && !know(&projects[works[i].project], &projects[works[k].project]))
				in[i] = in[k] = true;
	for (size_t i = 0; i < n; i++)
		found += in[i];
	return found;
}

static bool all_know(const cib_report *r, const work *works, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			if (!know(&r->priv->projects[works[i].project], &r->priv->projects[works[k].project]))
				return false;
	return true;
}

static void write_overlap(cib_report *r, where *w, cib_report_table *t, const work *works, size_t n, const bool *in, bool overlap, bool together)
{
	cib_strings members = {0};
	size_t projects = 0;
	const char *start = NULL, *end = NULL;
	bool open = false;
	cib_report_row *row = cib_row(r, t);
	row->flagged = overlap;
	cib_put_listed(r, t, "Country", works[0].country);
	cib_put_listed(r, t, "SectorCategory", works[0].sector);
	cib_put_words(r, t, cib_say(r, overlap ? "overlap.unlinked" : together ? "overlap.together"
	                                                                       : "overlap.after"));
	for (size_t i = 0; i < n; i++) {
		const cib_fact_project *p = &r->priv->projects[works[i].project];
		if (overlap && !in[i])
			continue;
		projects++;
		for (size_t k = 0; k < p->members.count; k++)
			cib_strings_add(r, &members, p->members.items[k]);
		start = p->start && (!start || strcmp(p->start, start) < 0) ? p->start : start;
		end = p->end && (!end || strcmp(p->end, end) > 0) ? p->end : end;
		open = open || !p->end;
	}
	cib_put_list(r, t);
	for (size_t k = 0; k < members.count; k++) {
		cib_add_member(r, t, members.items[k]);
		if (overlap)
			present(r, w, works[0].country, members.items[k])->flagged = true;
	}
	cib_put_number(r, t, (double)projects);
	cib_put_list(r, t);
	for (size_t i = 0, shown = 0; i < n; i++) {
		const cib_fact_project *p = &r->priv->projects[works[i].project];
		if ((!overlap || in[i]) && shown++ < LISTED)
			cib_add_item(r, t, p->title.text, p->title.lang, p->id);
	}
	cib_put_date(r, t, start);
	cib_put_date(r, t, open ? NULL : end);
}

static size_t write_group(cib_report *r, where *w, cib_report_table *t, work *works, size_t n)
{
	cib_strings members = {0};
	for (size_t i = 0; i < n && members.count < 2; i++) {
		const cib_fact_project *p = &r->priv->projects[works[i].project];
		for (size_t k = 0; k < p->members.count; k++)
			cib_strings_add(r, &members, p->members.items[k]);
	}
	if (members.count < 2)
		return 0;
	bool *in = cib_alloc(n * sizeof *in);
	size_t found = find_overlaps(r, works, n, in);
	if (found || n > 1) /* one project of several members is no news */
		write_overlap(r, w, t, works, n, in, found > 0, !found && all_know(r, works, n));
	free(in);
	return found > 0;
}

static int overlaps_first(const void *a, const void *b)
{
	const cib_report_row *x = a, *y = b;
	if (x->flagged != y->flagged)
		return x->flagged ? -1 : 1;
	if (x->cells[3].count != y->cells[3].count)
		return x->cells[3].count > y->cells[3].count ? -1 : 1;
	int order = strcmp(x->cells[0].items[0].text, y->cells[0].items[0].text);
	return order ? order : strcmp(x->cells[1].items[0].code, y->cells[1].items[0].code);
}

static void write_overlaps(cib_report *r, where *w)
{
	size_t found = 0, before = r->block_count;
	cib_block(r, CIB_BLOCK_TEXT, "", NULL); /* the count goes before its table */
	cib_report_table *t = cib_table(r, "overlaps", "where.overlaps");
	t->empty = cib_say(r, "where.no-overlap");
	cib_column(r, t, "country", CIB_REPORT_CODE);
	cib_column(r, t, "sector", CIB_REPORT_CODE);
	cib_column(r, t, "finding", CIB_REPORT_WORDS);
	cib_column(r, t, "members", CIB_REPORT_CODE);
	cib_column(r, t, "projects", CIB_REPORT_COUNT);
	cib_column(r, t, "which", CIB_REPORT_CODE);
	cib_column(r, t, "from", CIB_REPORT_DATE);
	cib_column(r, t, "until", CIB_REPORT_DATE);
	if (w->work_count)
		qsort(w->works, w->work_count, sizeof *w->works, by_place);
	for (size_t i = 0, n; i < w->work_count; i += n) {
		for (n = 1; i + n < w->work_count && w->works[i + n].country == w->works[i].country && w->works[i + n].sector == w->works[i].sector; n++)
			;
		found += write_group(r, w, t, &w->works[i], n);
	}
	if (t->row_count)
		qsort(t->rows, t->row_count, sizeof *t->rows, overlaps_first);
	r->blocks[before].kind = found ? CIB_BLOCK_ALERT : CIB_BLOCK_TEXT;
	r->blocks[before].text = found ? cib_plural(r, "where.found", found) : cib_say(r, "where.found-none");
}

/* ---- who is where ---- */

static int by_country(const void *a, const void *b)
{
	const cib_report_row *x = a, *y = b;
	int order = strcmp(x->cells[0].items[0].text, y->cells[0].items[0].text);
	if (order == 0 && x->cells[2].value != y->cells[2].value)
		return x->cells[2].value > y->cells[2].value ? -1 : 1;
	return order ? order : strcmp(x->cells[1].items[0].code, y->cells[1].items[0].code);
}

static void write_presences(cib_report *r, where *w, size_t counted)
{
	cib_report_table *t = cib_table(r, "presence", "where.presence");
	cib_column(r, t, "country", CIB_REPORT_CODE);
	cib_column(r, t, "member", CIB_REPORT_CODE);
	cib_column(r, t, "projects", CIB_REPORT_COUNT);
	cib_column(r, t, "partnerships", CIB_REPORT_COUNT);
	cib_column(r, t, "sectors", CIB_REPORT_CODE);
	cib_column(r, t, "themes", CIB_REPORT_CODE);
	cib_column(r, t, "from", CIB_REPORT_DATE);
	cib_column(r, t, "until", CIB_REPORT_DATE);
	for (size_t i = 0; i < w->presence_count; i++) {
		const presence *x = &w->presences[i];
		cib_row(r, t)->flagged = x->flagged;
		cib_put_listed(r, t, "Country", x->country);
		cib_put_member(r, t, x->member);
		cib_put_number(r, t, (double)x->projects);
		cib_put_number(r, t, (double)x->partnerships);
		cib_put_list(r, t);
		for (size_t k = 0; k < x->sectors.count; k++)
			cib_add_listed(r, t, "SectorCategory", x->sectors.items[k]);
		cib_put_list(r, t);
		for (size_t k = 0; k < x->themes.count; k++)
			cib_add_listed(r, t, "themes", x->themes.items[k]);
		cib_put_date(r, t, x->start);
		cib_put_date(r, t, x->end);
	}
	if (!t->row_count)
		return;
	qsort(t->rows, t->row_count, sizeof *t->rows, by_country);
	cib_figure(r, t, CIB_FIGURE_MATRIX, "where.figure", 1, 2, 1);
	t->figure.across = 0;
	cib_row(r, t)->total = true;
	cib_put_words(r, t, cib_say(r, "total-once"));
	cib_put_none(r, t);
	cib_put_number(r, t, (double)counted - (double)w->nowhere);
}

static void write_members(cib_report *r)
{
	cib_report_state *s = r->priv;
	cib_tally index = {0};
	typedef struct {
		const char *id;
		size_t own, partner;
		cib_strings countries;
	} line;
	line *lines = NULL;
	size_t count = 0, cap = 0;
	for (size_t i = 0; i < s->project_count; i++) {
		const cib_fact_project *p = &s->projects[i];
		for (size_t m = 0; cib_project_counts(r, i) && m < p->members.count; m++) {
			size_t *at = cib_tally_at(&index, p->members.items[m]);
			if (*at == SIZE_MAX) {
				lines = cib_report_grow(r, lines, &cap, count + 1, sizeof *lines);
				lines[count] = (line){.id = p->members.items[m]};
				*at = count++;
			}
			line *l = &lines[*at];
			*(m == 0 ? &l->own : &l->partner) += 1;
			for (size_t k = 0; k < p->countries.count; k++)
				cib_strings_add(r, &l->countries, p->countries.items[k].code);
		}
	}
	cib_tally_free(&index);
	cib_report_table *t = cib_table(r, "members", "where.members");
	cib_column(r, t, "member", CIB_REPORT_CODE);
	cib_column(r, t, "own", CIB_REPORT_COUNT);
	cib_column(r, t, "taking-part", CIB_REPORT_COUNT);
	cib_column(r, t, "countries", CIB_REPORT_COUNT);
	for (size_t i = 0; i < count; i++) {
		cib_row(r, t);
		cib_put_member(r, t, lines[i].id);
		cib_put_number(r, t, (double)lines[i].own);
		cib_put_number(r, t, (double)lines[i].partner);
		cib_put_number(r, t, (double)lines[i].countries.count);
	}
	cib_sort_by_values(t, 1, 2);
	cib_figure(r, t, CIB_FIGURE_BARS, "where.members-figure", 0, 1, 2);
}

int cib_build_where(cib_report *r, cib_error *err)
{
	(void)err;
	where *w = own(r);
	size_t folded = cib_report_fold_projects(r), counted = gather(r, w);
	cib_block(r, CIB_BLOCK_TEXT, cib_say(r, "where.about"), NULL);
	write_overlaps(r, w);
	write_presences(r, w, counted);
	write_members(r);
	cib_note_folded(r, folded);
	if (w->nowhere)
		cib_block(r, CIB_BLOCK_NOTE, cib_plural(r, "note.no-country", w->nowhere), NULL);
	if (w->undated)
		cib_block(r, CIB_BLOCK_NOTE, cib_plural(r, "note.undated", w->undated), NULL);
	cib_tally_free(&w->at);
	return CIB_OK;
}
