/* Self-assessments over time: each subject against its own earlier answers, and the network's averages where at least five members
 * stand behind them. Single assessments are shown to those who made them, to the secretariat, and to all where they are not kept to
 * the secretariat. Only final ones count. */
#include "report/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIMENSIONS = 32,
       DATES = 6,
       BEHIND = 5 };

typedef struct {
	const char *id;
	cJSON *doc; /* an own copy */
	size_t dimension_count;
	const cJSON **dimensions;
	double least, most;
} instrument;

typedef struct {
	const char *id, *owner, *subject, *instrument, *version, *date;
	bool shown;
	cJSON *answers; /* an own copy until they are weighed */
	const instrument *by;
	double scores[DIMENSIONS]; /* below 0: none */
	double overall;
} assessment;

typedef struct {
	instrument *instruments;
	size_t instrument_count, instrument_cap;
	assessment *items;
	size_t count, cap, drafts, kept;
} series;

static series *own(cib_report *r)
{
	if (!r->priv->own)
		r->priv->own = cib_report_new(r, sizeof(series));
	return r->priv->own;
}

static bool is_for_reader(const cib_report *r, const cib_report_entry *e)
{
	const cib_report_options *o = &r->priv->options;
	const char *visibility = cib_json_string(e->doc, "visibility");
	if (o->only_public)
		return visibility && strcmp(visibility, "public") == 0;
	if (o->reader && (!*o->reader || strcmp(o->reader, e->owner) == 0))
		return true;
	return visibility && strcmp(visibility, "secretariat") != 0;
}

void cib_take_assessment(cib_report *r, const cib_report_entry *e)
{
	series *s = own(r);
	const cJSON *d = e->doc;
	if (strcmp(e->place->kind->name, "instrument") == 0) {
		s->instruments = cib_report_grow(r, s->instruments, &s->instrument_cap, s->instrument_count + 1, sizeof *s->instruments);
		s->instruments[s->instrument_count++] = (instrument){.id = e->id, .doc = cJSON_Duplicate(d, true)};
		return;
	}
	const char *status = cib_json_string(d, "status");
	if (!status || strcmp(status, "final") != 0) {
		s->drafts++;
		return;
	}
	const char *date = cib_json_string(d, "date");
	if (r->priv->options.year && cib_year_of(date) > r->priv->options.year) /* as things stood in that year */
		return;
	bool shown = is_for_reader(r, e);
	s->kept += !shown;
	s->items = cib_report_grow(r, s->items, &s->cap, s->count + 1, sizeof *s->items);
	s->items[s->count++] = (assessment){
		.id = e->id,
		.owner = e->owner,
		.subject = cib_report_intern(r, cib_json_string(cib_json_get(d, "subject"), "id")),
		.instrument = cib_report_intern(r, cib_json_string(d, "instrument")),
		.version = cib_report_intern(r, cib_json_string(d, "instrumentVersion")),
		.date = cib_report_intern(r, date ? date : ""),
		.shown = shown,
		.answers = cJSON_Duplicate(cib_json_get(d, "answers"), true),
	};
}

/* ---- weighing */

static void prepare(cib_report *r, instrument *i)
{
	const cJSON *step;
	i->dimensions = cib_plan_ordered(r, cib_json_get(i->doc, "dimensions"), &i->dimension_count);
	i->dimension_count = i->dimension_count > DIMENSIONS ? DIMENSIONS : i->dimension_count;
	bool first = true;
	cJSON_ArrayForEach(step, cib_json_get(i->doc, "scale"))
	{
		const cJSON *score = cib_json_get(step, "score");
		double v = cJSON_IsNumber(score) ? score->valuedouble : 0;
		i->least = first || v < i->least ? v : i->least;
		i->most = first || v > i->most ? v : i->most;
		first = false;
	}
}

static double weight_of(const cJSON *question)
{
	const char *weight = cib_json_string(question, "weight");
	return weight ? strtod(weight, NULL) : 1;
}

/* The weighted mean of the answers that have a score. */
static double mean_of(const assessment *a, const char *dimension)
{
	double sum = 0, weights = 0;
	const cJSON *q;
	cJSON_ArrayForEach(q, cib_json_get(a->by->doc, "questions"))
	{
		const char *of = cib_json_string(q, "dimension"), *id = cib_json_string(q, "id");
		const cJSON *answer = id ? cib_json_get(a->answers, id) : NULL, *score = answer ? cib_json_get(answer, "score") : NULL;
		if (!of || (dimension && strcmp(of, dimension) != 0) || !cJSON_IsNumber(score) || cJSON_IsTrue(cib_json_get(answer, "notApplicable")))
			continue;
		sum += score->valuedouble * weight_of(q);
		weights += weight_of(q);
	}
	return weights > 0 ? sum / weights : -1;
}

static void weigh(series *s, assessment *a)
{
	for (size_t i = 0; i < s->instrument_count; i++)
		if (a->instrument == s->instruments[i].id)
			a->by = &s->instruments[i];
	a->overall = a->by ? mean_of(a, NULL) : -1;
	for (size_t k = 0; a->by && k < a->by->dimension_count; k++)
		a->scores[k] = mean_of(a, cib_json_string(a->by->dimensions[k], "id"));
	cJSON_Delete(a->answers);
	a->answers = NULL;
}

static int in_time(const void *a, const void *b)
{
	const assessment *x = a, *y = b;
	int order = strcmp(x->subject ? x->subject : "", y->subject ? y->subject : "");
	order = order ? order : strcmp(x->instrument ? x->instrument : "", y->instrument ? y->instrument : "");
	order = order ? order : strcmp(x->version ? x->version : "", y->version ? y->version : "");
	order = order ? order : strcmp(x->owner, y->owner);
	order = order ? order : strcmp(x->date, y->date);
	return order ? order : strcmp(x->id, y->id);
}

static bool is_one_series(const assessment *a, const assessment *b)
{
	return a->subject == b->subject && a->instrument == b->instrument && a->version == b->version && a->owner == b->owner;
}

/* ---- writing */

static void put_score(cib_report *r, cib_report_table *t, double score)
{
	if (score < 0)
		cib_put_none(r, t);
	else
		cib_put_number(r, t, score);
}

static cib_fact_text dimension_title(cib_report *r, const instrument *by, size_t k)
{
	return cib_report_pick(r, cib_json_get(by->dimensions[k], "title"), cib_json_string(by->doc, "sourceLanguage"));
}

static void write_overview(cib_report *r, const series *s)
{
	cib_report_table *t = cib_table(r, "overview", "assessments.overview");
	t->empty = cib_say(r, "assessments.none-shown");
	cib_column(r, t, "subject", CIB_REPORT_CODE);
	cib_column(r, t, "member", CIB_REPORT_CODE);
	cib_column(r, t, "first", CIB_REPORT_DECIMAL);
	cib_column(r, t, "latest", CIB_REPORT_DECIMAL);
	cib_column(r, t, "change", CIB_REPORT_DECIMAL);
	cib_column(r, t, "times", CIB_REPORT_COUNT);
	cib_column(r, t, "last-date", CIB_REPORT_DATE);
	for (size_t i = 0, n; i < s->count; i += n) {
		const assessment *a = &s->items[i], *b;
		for (n = 1; i + n < s->count && is_one_series(a, &s->items[i + n]); n++)
			;
		b = &s->items[i + n - 1];
		if (!a->shown || !a->by)
			continue;
		cib_fact_text title = cib_report_title_of(r, a->subject);
		cib_row(r, t);
		cib_put_code(r, t, a->subject, title.text, title.lang);
		cib_put_member(r, t, a->owner);
		put_score(r, t, a->overall);
		put_score(r, t, b->overall);
		if (n > 1 && a->overall >= 0 && b->overall >= 0)
			cib_put_number(r, t, b->overall - a->overall);
		else
			cib_put_none(r, t);
		cib_put_number(r, t, (double)n);
		cib_put_date(r, t, b->date);
		t->figure.least = a->by->least;
		t->figure.most = a->by->most;
	}
	if (t->row_count) {
		double least = t->figure.least, most = t->figure.most;
		cib_figure(r, t, CIB_FIGURE_DOTS, "assessments.overview-figure", 0, 2, 2);
		t->figure.least = least;
		t->figure.most = most;
	}
}

static void write_series(cib_report *r, const assessment *list, size_t n)
{
	const instrument *by = list[0].by;
	size_t from = n > DATES ? n - DATES : 0;
	char *id = cib_format("subject-%s-%s", list[0].subject, list[0].id);
	cib_report_table *t = cib_table(r, id, "assessments.series");
	cib_fact_text title = cib_report_title_of(r, list[0].subject);
	free(id);
	t->title = cib_fill(r, "assessments.series", title.text ? title.text : list[0].subject, NULL);
	cib_column(r, t, "dimension", CIB_REPORT_CODE);
	for (size_t i = from; i < n; i++)
		cib_column_named(r, t, list[i].id, list[i].date, CIB_REPORT_DECIMAL);
	for (size_t k = 0; k < by->dimension_count; k++) {
		cib_fact_text name = dimension_title(r, by, k);
		cib_row(r, t);
		cib_put_code(r, t, cib_report_intern(r, cib_json_string(by->dimensions[k], "id")), name.text, name.lang);
		for (size_t i = from; i < n; i++)
			put_score(r, t, list[i].scores[k]);
	}
	cib_figure(r, t, CIB_FIGURE_DOTS, "assessments.figure", 0, 1, n - from);
	t->figure.least = by->least;
	t->figure.most = by->most;
}

/* The average of the latest assessment of each series, of one instrument. */
static void write_network(cib_report *r, const series *s, const instrument *by)
{
	cib_strings members = {0};
	double sums[DIMENSIONS] = {0};
	size_t counts[DIMENSIONS] = {0}, behind[DIMENSIONS] = {0};
	cib_strings by_dimension[DIMENSIONS] = {{0}};
	for (size_t i = 0; i < s->count; i++) {
		const assessment *a = &s->items[i];
		if (a->by != by || (i + 1 < s->count && is_one_series(a, &s->items[i + 1])))
			continue;
		cib_strings_add(r, &members, a->owner);
		for (size_t k = 0; k < by->dimension_count; k++)
			if (a->scores[k] >= 0) {
				sums[k] += a->scores[k];
				counts[k]++;
				cib_strings_add(r, &by_dimension[k], a->owner);
				behind[k] = by_dimension[k].count;
			}
	}
	if (!members.count)
		return;
	cib_fact_text title = cib_report_pick(r, cib_json_get(by->doc, "title"), cib_json_string(by->doc, "sourceLanguage"));
	char *id = cib_format("network-%s", by->id);
	cib_report_table *t = cib_table(r, id, "assessments.network");
	free(id);
	t->title = cib_fill(r, "assessments.network", title.text ? title.text : by->id, NULL);
	t->empty = cib_say(r, "assessments.too-few");
	cib_column(r, t, "dimension", CIB_REPORT_CODE);
	cib_column(r, t, "mean", CIB_REPORT_DECIMAL);
	cib_column(r, t, "assessments", CIB_REPORT_COUNT);
	cib_column(r, t, "members", CIB_REPORT_COUNT);
	for (size_t k = 0; k < by->dimension_count; k++) {
		if (behind[k] < BEHIND)
			continue;
		cib_fact_text name = dimension_title(r, by, k);
		cib_row(r, t);
		cib_put_code(r, t, cib_report_intern(r, cib_json_string(by->dimensions[k], "id")), name.text, name.lang);
		cib_put_number(r, t, sums[k] / (double)counts[k]);
		cib_put_number(r, t, (double)counts[k]);
		cib_put_number(r, t, (double)behind[k]);
	}
	cib_figure(r, t, CIB_FIGURE_BARS, "assessments.network-figure", 0, 1, 1);
	t->figure.most = by->most;
}

int cib_build_assessments(cib_report *r, cib_error *err)
{
	series *s = own(r);
	(void)err;
	for (size_t i = 0; i < s->instrument_count; i++)
		prepare(r, &s->instruments[i]);
	for (size_t i = 0; i < s->count; i++)
		weigh(s, &s->items[i]);
	if (s->count)
		qsort(s->items, s->count, sizeof *s->items, in_time);
	cib_block(r, CIB_BLOCK_TEXT, cib_say(r, "assessments.about"), NULL);
	write_overview(r, s);
	for (size_t i = 0; i < s->instrument_count; i++)
		write_network(r, s, &s->instruments[i]);
	for (size_t i = 0, n; i < s->count; i += n) {
		for (n = 1; i + n < s->count && is_one_series(&s->items[i], &s->items[i + n]); n++)
			;
		if (s->items[i].shown && s->items[i].by)
			write_series(r, &s->items[i], n);
	}
	if (s->kept)
		cib_block(r, CIB_BLOCK_NOTE, cib_plural(r, "assessments.kept", s->kept), NULL);
	if (s->drafts)
		cib_block(r, CIB_BLOCK_NOTE, cib_plural(r, "assessments.drafts", s->drafts), NULL);
	for (size_t i = 0; i < s->instrument_count; i++)
		cJSON_Delete(s->instruments[i].doc);
	return CIB_OK;
}
