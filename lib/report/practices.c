/* The catalogue of the practices that are published. */
#include "report/private.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	const char *id, *owner, *country, *level, *licence, *effort;
	cib_fact_text title, summary, lessons;
	cib_strings themes, languages;
	cib_fact_codes sdg;
} practice;

typedef struct {
	practice *items;
	size_t count, cap, unpublished;
} catalogue;

static catalogue *own(cib_report *r)
{
	if (!r->priv->own)
		r->priv->own = cib_report_new(r, sizeof(catalogue));
	return r->priv->own;
}

void cib_take_practice(cib_report *r, const cib_report_entry *e)
{
	catalogue *c = own(r);
	const cJSON *d = e->doc, *item;
	const char *publication = cib_json_string(d, "publication"), *source = cib_json_string(d, "sourceLanguage");
	if (!publication || strcmp(publication, "published") != 0) {
		c->unpublished++;
		return;
	}
	c->items = cib_report_grow(r, c->items, &c->cap, c->count + 1, sizeof *c->items);
	practice *p = &c->items[c->count++];
	*p = (practice){
		.id = e->id,
		.owner = e->owner,
		.country = cib_report_intern(r, cib_json_string(d, "country")),
		.level = cib_report_intern(r, cib_json_string(d, "level")),
		.licence = cib_report_intern(r, cib_json_string(d, "licence")),
		.effort = cib_report_intern(r, cib_json_string(cib_json_get(d, "transferability"), "effort")),
		.title = cib_report_pick(r, cib_json_get(d, "title"), source),
		.summary = cib_report_pick(r, cib_json_get(d, "summary"), source),
		.lessons = cib_report_pick(r, cib_json_get(d, "lessons"), source),
	};
	cib_report_strings(r, &p->themes, cib_json_get(d, "themes"));
	cib_report_codes(r, &p->sdg, cib_json_get(d, "sdg"));
	cJSON_ArrayForEach(item, cib_json_get(d, "summary")) cib_strings_add(r, &p->languages, cib_report_intern(r, item->string));
}

static int by_title(const void *a, const void *b)
{
	const practice *x = a, *y = b;
	int order = strcmp(x->title.text ? x->title.text : "", y->title.text ? y->title.text : "");
	return order ? order : strcmp(x->id, y->id);
}

typedef void (*codes_of)(cib_report *r, const practice *p, cib_strings *out);

static void themes_of(cib_report *r, const practice *p, cib_strings *out)
{
	for (size_t i = 0; i < p->themes.count; i++)
		cib_strings_add(r, out, p->themes.items[i]);
}

static void goals_of(cib_report *r, const practice *p, cib_strings *out)
{
	for (size_t i = 0; i < p->sdg.count; i++) {
		char goal[4];
		cib_sdg_goal(goal, p->sdg.items[i].code);
		cib_strings_add(r, out, cib_report_intern(r, goal));
	}
}

static void country_of(cib_report *r, const practice *p, cib_strings *out)
{
	cib_strings_add(r, out, p->country);
}

static void languages_of(cib_report *r, const practice *p, cib_strings *out)
{
	for (size_t i = 0; i < p->languages.count; i++)
		cib_strings_add(r, out, p->languages.items[i]);
}

/* How many practices there are for each code. */
static void write_counts(cib_report *r, const catalogue *c, const char *id, const char *title, const char *column, const char *list, codes_of of, bool figure)
{
	cib_strings codes = {0};
	cib_tally index = {0};
	size_t *counts = NULL, cap = 0;
	for (size_t i = 0; i < c->count; i++) {
		cib_strings mine = {0};
		of(r, &c->items[i], &mine);
		for (size_t k = 0; k < mine.count; k++) {
			size_t *at = cib_tally_at(&index, mine.items[k]);
			if (*at == SIZE_MAX) {
				*at = codes.count;
				cib_strings_add(r, &codes, mine.items[k]);
				counts = cib_report_grow(r, counts, &cap, codes.count, sizeof *counts);
				counts[*at] = 0;
			}
			counts[*at]++;
		}
	}
	cib_tally_free(&index);
	cib_report_table *t = cib_table(r, id, title);
	cib_column(r, t, column, CIB_REPORT_CODE);
	cib_column(r, t, "practices", CIB_REPORT_COUNT);
	for (size_t i = 0; i < codes.count; i++) {
		cib_row(r, t);
		cib_put_listed(r, t, list, codes.items[i]);
		cib_put_number(r, t, (double)counts[i]);
	}
	cib_sort_by_values(t, 1, 1);
	if (figure)
		cib_figure(r, t, CIB_FIGURE_BARS, "practices.figure", 0, 1, 1);
}

static void write_catalogue(cib_report *r, const catalogue *c)
{
	cib_report_table *t = cib_table(r, "catalogue", "practices.catalogue");
	cib_column(r, t, "practice", CIB_REPORT_CODE);
	cib_column(r, t, "member", CIB_REPORT_CODE);
	cib_column(r, t, "country", CIB_REPORT_CODE);
	cib_column(r, t, "level", CIB_REPORT_CODE);
	cib_column(r, t, "themes", CIB_REPORT_CODE);
	cib_column(r, t, "goals", CIB_REPORT_CODE);
	cib_column(r, t, "languages", CIB_REPORT_CODE);
	cib_column(r, t, "effort", CIB_REPORT_CODE);
	cib_column(r, t, "licence", CIB_REPORT_CODE);
	for (size_t i = 0; i < c->count; i++) {
		const practice *p = &c->items[i];
		cib_strings goals = {0};
		cib_row(r, t);
		cib_put_code(r, t, p->id, p->title.text, p->title.lang);
		cib_put_member(r, t, p->owner);
		cib_put_listed(r, t, "Country", p->country);
		cib_put_listed(r, t, "levels", p->level);
		cib_put_list(r, t);
		for (size_t k = 0; k < p->themes.count; k++)
			cib_add_listed(r, t, "themes", p->themes.items[k]);
		cib_put_list(r, t);
		goals_of(r, p, &goals);
		for (size_t k = 0; k < goals.count; k++)
			cib_add_listed(r, t, "UNSDG-Goals", goals.items[k]);
		cib_put_list(r, t);
		for (size_t k = 0; k < p->languages.count; k++)
			cib_add_listed(r, t, "languages", p->languages.items[k]);
		cib_put_listed(r, t, "efforts", p->effort);
		cib_put_listed(r, t, "licences", p->licence);
	}
}

static void write_cards(cib_report *r, const catalogue *c)
{
	if (c->count)
		cib_heading(r, cib_say(r, "practices.in-words"));
	for (size_t i = 0; i < c->count; i++) {
		const practice *p = &c->items[i];
		const cib_fact_member *m = cib_report_member(r, p->owner);
		cib_block(r, CIB_BLOCK_SUBHEADING, p->title.text ? p->title.text : p->id, p->title.lang);
		cib_block(r, CIB_BLOCK_NOTE, cib_fill(r, "practices.by", m && m->name.text ? m->name.text : p->owner, p->country ? cib_report_name_of(r, "Country", p->country) : ""), NULL);
		if (p->summary.text)
			cib_block(r, CIB_BLOCK_TEXT, p->summary.text, p->summary.lang);
		if (p->lessons.text) {
			cib_block(r, CIB_BLOCK_NOTE, cib_say(r, "practices.lessons"), NULL);
			cib_block(r, CIB_BLOCK_TEXT, p->lessons.text, p->lessons.lang);
		}
	}
}

int cib_build_practices(cib_report *r, cib_error *err)
{
	catalogue *c = own(r);
	(void)err;
	r->year = 0;
	if (c->count)
		qsort(c->items, c->count, sizeof *c->items, by_title);
	cib_block(r, CIB_BLOCK_TEXT, cib_plural(r, "practices.count", c->count), NULL);
	if (c->unpublished)
		cib_block(r, CIB_BLOCK_NOTE, cib_plural(r, "practices.unpublished", c->unpublished), NULL);
	write_counts(r, c, "themes", "practices.themes", "theme", "themes", themes_of, true);
	write_counts(r, c, "goals", "practices.goals", "goal", "UNSDG-Goals", goals_of, false);
	write_counts(r, c, "countries", "practices.countries", "country", "Country", country_of, false);
	write_counts(r, c, "languages", "practices.languages", "language", "languages", languages_of, false);
	write_catalogue(r, c);
	write_cards(r, c);
	return CIB_OK;
}
