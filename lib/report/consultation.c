/* What members answered when they were asked about the plan: what matters to them, what they offer, what they miss, and who has not
 * answered. Answers that are drafts do not count. */
#include "report/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCORES = 5 };

typedef struct {
	const char *priority, *member;
	int score;
	cib_fact_text why;
} vote;
typedef struct {
	const char *priority, *type, *member, *when, *status;
	cib_fact_text text;
} offer;
typedef struct {
	const char *theme, *member;
	cib_fact_text text;
} wish;
typedef struct {
	const char *plan, *round, *member;
	size_t votes, offers, wishes; /* where the next response begins in the lists */
	bool talk, draft;
} answer;
typedef struct {
	vote *votes;
	size_t vote_count, vote_cap;
	offer *offers;
	size_t offer_count, offer_cap;
	wish *wishes;
	size_t wish_count, wish_cap;
	answer *answers;
	size_t answer_count, answer_cap;
} consultation;

static consultation *own(cib_report *r)
{
	if (!r->priv->own)
		r->priv->own = cib_report_new(r, sizeof(consultation));
	return r->priv->own;
}

static void take_votes(cib_report *r, consultation *c, const cib_report_entry *e, const char *source)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, cib_json_get(e->doc, "importance"))
	{
		const cJSON *score = cib_json_get(item, "score");
		if (!cJSON_IsNumber(score) || score->valuedouble < 1 || score->valuedouble > SCORES)
			continue;
		c->votes = cib_report_grow(r, c->votes, &c->vote_cap, c->vote_count + 1, sizeof *c->votes);
		c->votes[c->vote_count++] = (vote){cib_report_intern(r, item->string), e->owner, (int)score->valuedouble, cib_report_pick(r, cib_json_get(item, "why"), source)};
	}
}

static void take_offers(cib_report *r, consultation *c, const cib_report_entry *e, const char *source)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, cib_json_get(e->doc, "contributions"))
	{
		c->offers = cib_report_grow(r, c->offers, &c->offer_cap, c->offer_count + 1, sizeof *c->offers);
		c->offers[c->offer_count++] = (offer){cib_report_intern(r, cib_json_string(item, "priority")), cib_report_intern(r, cib_json_string(item, "type")), e->owner,
		                                      cib_report_intern(r, cib_json_string(item, "when")), cib_report_intern(r, cib_json_string(item, "status")),
		                                      cib_report_pick(r, cib_json_get(item, "text"), source)};
	}
	cJSON_ArrayForEach(item, cib_json_get(e->doc, "missing"))
	{
		c->wishes = cib_report_grow(r, c->wishes, &c->wish_cap, c->wish_count + 1, sizeof *c->wishes);
		c->wishes[c->wish_count++] = (wish){cib_report_intern(r, cib_json_string(item, "theme")), e->owner, cib_report_pick(r, cib_json_get(item, "text"), source)};
	}
}

void cib_take_consultation(cib_report *r, const cib_report_entry *e)
{
	if (strcmp(e->place->kind->name, "plan") == 0) {
		if (cJSON_GetArraySize(cib_json_get(e->doc, "rounds")) > 0)
			cib_take_plan(r, e);
		return;
	}
	consultation *c = own(r);
	const char *source = cib_json_string(e->doc, "sourceLanguage"), *status = cib_json_string(e->doc, "status");
	bool draft = !status || strcmp(status, "submitted") != 0;
	if (!draft) {
		take_votes(r, c, e, source);
		take_offers(r, c, e, source);
	}
	c->answers = cib_report_grow(r, c->answers, &c->answer_cap, c->answer_count + 1, sizeof *c->answers);
	c->answers[c->answer_count++] = (answer){cib_report_intern(r, cib_json_string(e->doc, "plan")), cib_report_intern(r, cib_json_string(e->doc, "round")), e->owner,
	                                         c->vote_count, c->offer_count, c->wish_count, cJSON_IsTrue(cib_json_get(e->doc, "bilateralFollowUp")), draft};
}

/* Keep what was said about this plan in this round; the latter response of a member in one round stands for both. */
static void keep_round(consultation *c, const char *plan, const char *round)
{
	size_t v = 0, o = 0, w = 0, a = 0, fv = 0, fo = 0, fw = 0;
	for (size_t i = 0; i < c->answer_count; i++) {
		answer x = c->answers[i];
		bool in = x.plan && x.round && strcmp(x.plan, plan) == 0 && strcmp(x.round, round) == 0 && !x.draft;
		for (size_t k = i + 1; in && k < c->answer_count; k++) {
			const answer *y = &c->answers[k];
			in = !(y->member == x.member && !y->draft && y->plan == x.plan && y->round == x.round);
		}
		for (; fv < x.votes; fv++)
			if (in)
				c->votes[v++] = c->votes[fv];
		for (; fo < x.offers; fo++)
			if (in)
				c->offers[o++] = c->offers[fo];
		for (; fw < x.wishes; fw++)
			if (in)
				c->wishes[w++] = c->wishes[fw];
		if (in)
			c->answers[a++] = x;
	}
	c->vote_count = v;
	c->offer_count = o;
	c->wish_count = w;
	c->answer_count = a;
}

static void put_priority(cib_report *r, cib_report_table *t, const cib_fact_plan *plan, const char *id)
{
	const cJSON *p = cib_plan_find(cib_json_get(plan->doc, "priorities"), id);
	cib_fact_text title = cib_report_pick(r, cib_json_get(p, "title"), cib_json_string(plan->doc, "sourceLanguage"));
	cib_put_code(r, t, id, title.text, title.lang);
}

static void write_importance(cib_report *r, const consultation *c, const cib_fact_plan *plan)
{
	size_t n;
	const cJSON **priorities = cib_plan_ordered(r, cib_json_get(plan->doc, "priorities"), &n);
	cib_report_table *t = cib_table(r, "importance", "consultation.importance");
	cib_column(r, t, "priority", CIB_REPORT_CODE);
	cib_column(r, t, "mean", CIB_REPORT_DECIMAL);
	cib_column(r, t, "answers", CIB_REPORT_COUNT);
	for (int s = SCORES; s >= 1; s--)
		cib_column_named(r, t, (char[]){'s', (char)('0' + s), '\0'}, cib_report_intern(r, (char[]){(char)('0' + s), '\0'}), CIB_REPORT_COUNT);
	cib_column(r, t, "offers", CIB_REPORT_COUNT);
	cib_figure(r, t, CIB_FIGURE_BARS, "consultation.figure", 0, 1, 1);
	t->figure.most = SCORES;
	for (size_t i = 0; i < n; i++) {
		const char *id = cib_report_intern(r, cib_json_string(priorities[i], "id"));
		size_t by[SCORES + 1] = {0}, answers = 0, sum = 0, offers = 0;
		for (size_t k = 0; k < c->vote_count; k++)
			if (c->votes[k].priority == id) {
				by[c->votes[k].score]++;
				sum += (size_t)c->votes[k].score;
				answers++;
			}
		for (size_t k = 0; k < c->offer_count; k++)
			offers += c->offers[k].priority == id;
		cib_row(r, t);
		put_priority(r, t, plan, id);
		if (answers)
			cib_put_number(r, t, (double)sum / (double)answers);
		else
			cib_put_none(r, t);
		cib_put_number(r, t, (double)answers);
		for (int s = SCORES; s >= 1; s--)
			cib_put_number(r, t, (double)by[s]);
		cib_put_number(r, t, (double)offers);
	}
	cib_sort_by_values(t, 1, 1);
}

static void write_reasons(cib_report *r, const consultation *c, const cib_fact_plan *plan)
{
	cib_report_table *t = cib_table(r, "reasons", "consultation.reasons");
	cib_column(r, t, "priority", CIB_REPORT_CODE);
	cib_column(r, t, "member", CIB_REPORT_CODE);
	cib_column(r, t, "score", CIB_REPORT_COUNT);
	cib_column(r, t, "why", CIB_REPORT_WORDS);
	for (size_t i = 0; i < c->vote_count; i++) {
		if (!c->votes[i].why.text)
			continue;
		cib_row(r, t);
		put_priority(r, t, plan, c->votes[i].priority);
		cib_put_member(r, t, c->votes[i].member);
		cib_put_number(r, t, c->votes[i].score);
		cib_put_text(r, t, c->votes[i].why);
	}
	cib_sort_by_values(t, 2, 1);
}

static void write_offers(cib_report *r, const consultation *c, const cib_fact_plan *plan)
{
	cib_report_table *t = cib_table(r, "offers", "consultation.offers");
	cib_column(r, t, "priority", CIB_REPORT_CODE);
	cib_column(r, t, "contribution", CIB_REPORT_CODE);
	cib_column(r, t, "member", CIB_REPORT_CODE);
	cib_column(r, t, "text", CIB_REPORT_WORDS);
	cib_column(r, t, "when", CIB_REPORT_DATE);
	cib_column(r, t, "status", CIB_REPORT_CODE);
	for (size_t i = 0; i < c->offer_count; i++) {
		const offer *o = &c->offers[i];
		cib_row(r, t);
		put_priority(r, t, plan, o->priority);
		cib_put_listed(r, t, "contributions", o->type);
		cib_put_member(r, t, o->member);
		cib_put_text(r, t, o->text);
		cib_put_date(r, t, o->when);
		cib_put_listed(r, t, "contribution-status", o->status);
	}
	cib_sort_by_values(t, 0, 0);
	t = cib_table(r, "missing", "consultation.missing");
	cib_column(r, t, "theme", CIB_REPORT_CODE);
	cib_column(r, t, "member", CIB_REPORT_CODE);
	cib_column(r, t, "text", CIB_REPORT_WORDS);
	for (size_t i = 0; i < c->wish_count; i++) {
		cib_row(r, t);
		cib_put_listed(r, t, "themes", c->wishes[i].theme);
		cib_put_member(r, t, c->wishes[i].member);
		cib_put_text(r, t, c->wishes[i].text);
	}
	cib_sort_by_values(t, 0, 0);
}

/* Returns how many have answered, in words. */
static const char *write_members(cib_report *r, const consultation *c)
{
	cib_report_state *s = r->priv;
	size_t answered = 0, asked = 0;
	cib_report_table *t = cib_table(r, "silent", "consultation.silent");
	t->empty = cib_say(r, "consultation.all-answered");
	cib_column(r, t, "member", CIB_REPORT_CODE);
	cib_column(r, t, "section", CIB_REPORT_CODE);
	cib_column(r, t, "country", CIB_REPORT_CODE);
	for (size_t i = 0; i < s->member_count; i++) {
		const cib_fact_member *m = &s->members[i];
		bool has = false;
		for (size_t k = 0; k < c->answer_count; k++)
			has = has || c->answers[k].member == m->id;
		if (!m->status || strcmp(m->status, "active") != 0)
			continue;
		asked++;
		answered += has;
		if (has)
			continue;
		cib_row(r, t);
		cib_put_member(r, t, m->id);
		cib_put_listed(r, t, "uclg-sections", m->section);
		cib_put_listed(r, t, "Country", m->country);
	}
	cib_sort_by_values(t, 0, 0);
	t = cib_table(r, "talks", "consultation.talks");
	cib_column(r, t, "member", CIB_REPORT_CODE);
	for (size_t k = 0; k < c->answer_count; k++)
		if (c->answers[k].talk) {
			cib_row(r, t);
			cib_put_member(r, t, c->answers[k].member);
		}
	char a[24], b[24];
	snprintf(a, sizeof a, "%zu", answered);
	snprintf(b, sizeof b, "%zu", asked);
	return cib_fill(r, "consultation.answered", a, b);
}

/* The round that opened last. */
static const cJSON *latest_round(const cib_fact_plan *plan)
{
	const cJSON *round, *latest = NULL;
	cJSON_ArrayForEach(round, cib_json_get(plan->doc, "rounds"))
	{
		const char *opens = cib_json_string(round, "opens"), *best = latest ? cib_json_string(latest, "opens") : NULL;
		if (!latest || strcmp(opens ? opens : "", best ? best : "") >= 0)
			latest = round;
	}
	return latest;
}

int cib_build_consultation(cib_report *r, cib_error *err)
{
	const cib_fact_plan *plan = r->priv->plan;
	consultation *c = own(r);
	const cJSON *round = plan ? latest_round(plan) : NULL;
	const char *id = round ? cib_json_string(round, "id") : NULL;
	(void)err;
	if (!id) {
		cib_block(r, CIB_BLOCK_TEXT, cib_say(r, "consultation.none"), NULL);
		return CIB_OK;
	}
	cib_fact_text title = cib_report_pick(r, cib_json_get(plan->doc, "title"), cib_json_string(plan->doc, "sourceLanguage"));
	r->year = plan->year;
	keep_round(c, plan->id, id);
	cib_block(r, CIB_BLOCK_SUBHEADING, title.text ? title.text : plan->id, title.lang);
	cib_block(r, CIB_BLOCK_TEXT, cib_fill(r, "consultation.round", cib_report_intern(r, id), cib_json_string(round, "closes") ? cib_report_intern(r, cib_json_string(round, "closes")) : "\xE2\x80\x93"), NULL);
	size_t at = r->block_count;
	cib_block(r, CIB_BLOCK_TEXT, "", NULL); /* how many have answered is known at the end */
	write_importance(r, c, plan);
	write_offers(r, c, plan);
	write_reasons(r, c, plan);
	r->blocks[at].text = write_members(r, c);
	return CIB_OK;
}
