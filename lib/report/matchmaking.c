/* Who offers what others seek: by capability, themes and languages; and partnerships that are sought. */
#include "report/private.h"

#include <stdlib.h>
#include <string.h>

enum { BEST = 5 };

typedef struct {
	const char *id, *owner, *form, *country;
	cib_fact_text title;
	cib_strings themes;
} search;

typedef struct {
	search *items;
	size_t count, cap;
} searches;

static searches *own(cib_report *r)
{
	if (!r->priv->own)
		r->priv->own = cib_report_new(r, sizeof(searches));
	return r->priv->own;
}

void cib_take_search(cib_report *r, const cib_report_entry *e)
{
	searches *s = own(r);
	const char *status = cib_json_string(e->doc, "status");
	if (!status || strcmp(status, "sought") != 0)
		return;
	s->items = cib_report_grow(r, s->items, &s->cap, s->count + 1, sizeof *s->items);
	search *x = &s->items[s->count++];
	*x = (search){e->id, e->owner, cib_report_intern(r, cib_json_string(e->doc, "form")), cib_report_intern(r, cib_json_string(e->doc, "country")), cib_report_pick(r, cib_json_get(e->doc, "title"), cib_json_string(e->doc, "sourceLanguage")), {0}};
	cib_report_strings(r, &x->themes, cib_json_get(e->doc, "themes"));
}

static bool takes_part(const cib_fact_member *m)
{
	return !m->status || strcmp(m->status, "inactive") != 0;
}

/* "fr-CA" and "fr" are one language here. */
static bool same_language(const char *a, const char *b)
{
	size_t n = strcspn(a, "-");
	return n == strcspn(b, "-") && strncmp(a, b, n) == 0;
}

static size_t shared_languages(cib_report *r, cib_strings *out, const cib_fact_member *a, const cib_fact_member *b)
{
	for (size_t i = 0; i < a->languages.count; i++)
		for (size_t k = 0; k < b->languages.count; k++)
			if (same_language(a->languages.items[i], b->languages.items[k]))
				cib_strings_add(r, out, a->languages.items[i]);
	return out->count;
}

static void shared(cib_report *r, cib_strings *out, const cib_strings *a, const cib_strings *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (cib_strings_has(b, a->items[i]))
			cib_strings_add(r, out, a->items[i]);
}

static void write_capabilities(cib_report *r)
{
	const cib_report_state *s = r->priv;
	const cib_codelist *list = cib_network_codelist(s->options.net, "capabilities");
	size_t unmet = 0;
	cib_report_table *t = cib_table(r, "capabilities", "match.capabilities");
	cib_column(r, t, "capability", CIB_REPORT_CODE);
	cib_column(r, t, "offer", CIB_REPORT_COUNT);
	cib_column(r, t, "seek", CIB_REPORT_COUNT);
	cib_column(r, t, "finding", CIB_REPORT_WORDS);
	cib_figure(r, t, CIB_FIGURE_BARS, "match.figure", 0, 1, 2);
	for (size_t i = 0; list && i < cib_codelist_count(list); i++) {
		const char *code = cib_codelist_at(list, i)->code;
		size_t offers = 0, seeks = 0;
		for (size_t k = 0; k < s->member_count; k++)
			if (takes_part(&s->members[k])) {
				offers += cib_strings_has(&s->members[k].offers, code);
				seeks += cib_strings_has(&s->members[k].seeks, code);
			}
		bool is_unmet = seeks && !offers;
		unmet += is_unmet;
		cib_row(r, t)->flagged = is_unmet;
		cib_put_listed(r, t, "capabilities", code);
		cib_put_number(r, t, (double)offers);
		cib_put_number(r, t, (double)seeks);
		cib_put_words(r, t, is_unmet ? cib_say(r, "match.unmet") : offers && !seeks ? cib_say(r, "match.unused")
		                                                                            : NULL);
	}
	if (unmet)
		cib_block(r, CIB_BLOCK_ALERT, cib_plural(r, "match.unmet-count", unmet), NULL);
}

typedef struct {
	const cib_fact_member *who;
	cib_strings themes, languages;
	bool section;
} match;

static int best_first(const void *a, const void *b)
{
	const match *x = a, *y = b;
	if (x->themes.count != y->themes.count)
		return x->themes.count > y->themes.count ? -1 : 1;
	if ((x->languages.count > 0) != (y->languages.count > 0))
		return x->languages.count > 0 ? -1 : 1;
	return strcmp(x->who->id, y->who->id);
}

/* The best that offer a capability to a member: something in common is needed, a theme. */
static size_t find(cib_report *r, match *out, const cib_fact_member *seeker, const char *capability)
{
	const cib_report_state *s = r->priv;
	size_t n = 0;
	for (size_t i = 0; i < s->member_count; i++) {
		const cib_fact_member *m = &s->members[i];
		match x = {.who = m, .section = m->section && seeker->section && strcmp(m->section, seeker->section) == 0};
		if (m == seeker || !takes_part(m) || !cib_strings_has(&m->offers, capability))
			continue;
		shared(r, &x.themes, &seeker->themes, &m->themes);
		if (!x.themes.count)
			continue;
		shared_languages(r, &x.languages, seeker, m);
		out[n++] = x;
	}
	if (n)
		qsort(out, n, sizeof *out, best_first);
	return n > BEST ? BEST : n;
}

static void write_matches(cib_report *r)
{
	const cib_report_state *s = r->priv;
	match *found = cib_report_new(r, (s->member_count + 1) * sizeof *found);
	cib_report_table *t = cib_table(r, "matches", "match.matches");
	cib_column(r, t, "seeker", CIB_REPORT_CODE);
	cib_column(r, t, "capability", CIB_REPORT_CODE);
	cib_column(r, t, "offered-by", CIB_REPORT_CODE);
	cib_column(r, t, "shared-themes", CIB_REPORT_CODE);
	cib_column(r, t, "shared-languages", CIB_REPORT_CODE);
	cib_column(r, t, "section", CIB_REPORT_WORDS);
	for (size_t i = 0; i < s->member_count; i++) {
		const cib_fact_member *m = &s->members[i];
		for (size_t c = 0; takes_part(m) && c < m->seeks.count; c++) {
			size_t n = find(r, found, m, m->seeks.items[c]);
			for (size_t k = 0; k < n; k++) {
				cib_row(r, t);
				cib_put_member(r, t, m->id);
				cib_put_listed(r, t, "capabilities", m->seeks.items[c]);
				cib_put_member(r, t, found[k].who->id);
				cib_put_list(r, t);
				for (size_t x = 0; x < found[k].themes.count; x++)
					cib_add_listed(r, t, "themes", found[k].themes.items[x]);
				cib_put_list(r, t);
				for (size_t x = 0; x < found[k].languages.count; x++)
					cib_add_listed(r, t, "languages", found[k].languages.items[x]);
				cib_put_words(r, t, cib_say(r, found[k].section ? "match.same-section" : "match.other-section"));
			}
		}
	}
	cib_block(r, CIB_BLOCK_NOTE, cib_say(r, "match.best"), NULL);
}

static void write_sought(cib_report *r, const searches *list)
{
	const cib_report_state *s = r->priv;
	cib_report_table *t = cib_table(r, "sought", "match.sought");
	cib_column(r, t, "partnership", CIB_REPORT_CODE);
	cib_column(r, t, "member", CIB_REPORT_CODE);
	cib_column(r, t, "form", CIB_REPORT_CODE);
	cib_column(r, t, "country", CIB_REPORT_CODE);
	cib_column(r, t, "themes", CIB_REPORT_CODE);
	cib_column(r, t, "candidates", CIB_REPORT_CODE);
	for (size_t i = 0; i < list->count; i++) {
		const search *x = &list->items[i];
		size_t shown = 0;
		cib_row(r, t);
		cib_put_code(r, t, x->id, x->title.text, x->title.lang);
		cib_put_member(r, t, x->owner);
		cib_put_listed(r, t, "modalities", x->form);
		cib_put_listed(r, t, "Country", x->country);
		cib_put_list(r, t);
		for (size_t k = 0; k < x->themes.count; k++)
			cib_add_listed(r, t, "themes", x->themes.items[k]);
		cib_put_list(r, t);
		for (size_t common = x->themes.count; common > 0 && shown < BEST; common--) /* most in common first */
			for (size_t k = 0; k < s->member_count && shown < BEST; k++) {
				const cib_fact_member *m = &s->members[k];
				cib_strings themes = {0};
				shared(r, &themes, &x->themes, &m->themes);
				if (themes.count != common || !takes_part(m) || strcmp(m->id, x->owner) == 0 || (x->country && m->country && strcmp(x->country, m->country) != 0))
					continue;
				cib_add_member(r, t, m->id);
				shown++;
			}
	}
}

int cib_build_matchmaking(cib_report *r, cib_error *err)
{
	size_t silent = 0;
	(void)err;
	r->year = 0;
	for (size_t i = 0; i < r->priv->member_count; i++) {
		const cib_fact_member *m = &r->priv->members[i];
		silent += takes_part(m) && !m->offers.count && !m->seeks.count;
	}
	cib_block(r, CIB_BLOCK_TEXT, cib_say(r, "match.about"), NULL);
	write_capabilities(r);
	write_matches(r);
	write_sought(r, own(r));
	if (silent)
		cib_block(r, CIB_BLOCK_NOTE, cib_plural(r, "match.silent", silent), NULL);
	return CIB_OK;
}
