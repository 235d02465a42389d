/* Which reports there are, and making one. */
#include "report/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cib_report_spec specs[] = {
	{"who-works-where", "project partnership", cib_take_where, cib_build_where, true},
	{"compendium", "project", cib_report_take_project, cib_build_compendium, true},
	{"sdg", "project practice partnership", cib_take_sdg, cib_build_sdg, true},
	{"markers", "project", cib_report_take_project, cib_build_markers, true},
	{"spread", "project", cib_report_take_project, cib_build_spread, false},
	{"plan", "plan", cib_take_plan, cib_build_plan, false},
	{"consultation", "plan response", cib_take_consultation, cib_build_consultation, false},
	{"practices", "practice", cib_take_practice, cib_build_practices, true},
	{"assessments", "instrument assessment", cib_take_assessment, cib_build_assessments, false},
	{"matchmaking", "partnership", cib_take_search, cib_build_matchmaking, false},
	{"quality", NULL, cib_take_quality, cib_build_quality, false},
};
enum { SPECS = sizeof specs / sizeof *specs };

size_t cib_report_count(void)
{
	return SPECS;
}

const char *cib_report_name(size_t i)
{
	return specs[i].name;
}

const char *cib_report_title(size_t i, const char *lang)
{
	char key[64];
	snprintf(key, sizeof key, "title.%s", specs[i].name);
	return cib_report_message(lang, key);
}

bool cib_report_filters(size_t i)
{
	return specs[i].filters;
}

char *cib_report_summary(size_t i, const char *lang)
{
	char key[64];
	snprintf(key, sizeof key, "summary.%s", specs[i].name);
	return cib_strdup(cib_report_message(lang, key));
}

static const char *words_language(const char *lang)
{
	return lang && strncmp(lang, "fr", 2) == 0 ? "fr" : lang && strncmp(lang, "es", 2) == 0 ? "es"
	                                                                                        : "en";
}

static int set_state(cib_report *r, cib_error *err)
{
	const cib_report_options *o = &r->priv->options;
	const cib_oid *commit = o->ws ? &o->ws->tip : o->commit;
	cib_commit c;
	int status = cib_store_commit_read(&c, cib_network_store(o->net), commit, err);
	if (status != CIB_OK)
		return status;
	cib_oid_hex(r->commit, commit);
	cib_day_of(r->date, c.committer_time);
	cib_commit_clear(&c);
	r->state = o->ws ? "here" : "accepted";
	return CIB_OK;
}

static const cib_report_spec *find_spec(const char *name, cib_error *err)
{
	const char *names[SPECS];
	for (size_t i = 0; i < SPECS; i++) {
		names[i] = specs[i].name;
		if (strcmp(name, names[i]) == 0)
			return &specs[i];
	}
	const char *near = cib_nearest(name, names, SPECS);
	cib_error_set(err, CIB_USAGE, "report.unknown", "there is no report '%s'", name);
	if (near)
		cib_error_hint(err, "did you mean: cib report %s", near);
	else
		cib_error_hint(err, "all reports: cib report");
	return NULL;
}

static int check_filter(const cib_report_spec *spec, const cib_report_options *o, cib_error *err)
{
	const cib_report_filter *only = &o->only;
	const struct {
		const char *list, *code;
	} codes[] = {{"Country", only->country}, {"themes", only->theme}, {only->sdg && strchr(only->sdg, '.') ? "UNSDG-Targets" : "UNSDG-Goals", only->sdg}};
	bool any = only->member || only->country || only->sdg || only->theme;
	if (any && !spec->filters)
		return cib_error_set(err, CIB_USAGE, "report.filter", "the report %s is made of the whole network: it has no filters", spec->name);
	int status = CIB_OK;
	for (size_t i = 0; i < sizeof codes / sizeof *codes && status == CIB_OK; i++)
		if (codes[i].code)
			status = cib_network_code_ok(o->net, codes[i].list, codes[i].code, err);
	return status;
}

/* What the report is a part of is the first that it says. */
static void say_filter(cib_report *r)
{
	const cib_report_filter *only = &r->priv->options.only;
	const cib_fact_member *m = only->member ? cib_report_member(r, only->member) : NULL;
	const char *goals = only->sdg && strchr(only->sdg, '.') ? "UNSDG-Targets" : "UNSDG-Goals";
	const char *parts[] = {
		m && m->name.text ? m->name.text : only->member,
		only->country ? cib_report_name_of(r, "Country", only->country) : NULL,
		only->sdg ? cib_fill(r, "filter.sdg", only->sdg, cib_report_name_of(r, goals, only->sdg)) : NULL,
		only->theme ? cib_report_name_of(r, "themes", only->theme) : NULL,
	};
	cib_buf all = CIB_BUF_INIT;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i])
			cib_buf_addf(&all, "%s%s", all.len ? "; " : "", parts[i]);
	if (all.len)
		cib_block(r, CIB_BLOCK_ALERT, cib_fill(r, "note.only", all.data, NULL), NULL);
	cib_buf_free(&all);
}

static void say_left_out(cib_report *r)
{
	if (r->priv->hidden)
		cib_block(r, CIB_BLOCK_NOTE, cib_plural(r, r->priv->options.only_public ? "note.not-public" : "note.hidden", r->priv->hidden), NULL);
	if (r->priv->broken)
		cib_block(r, CIB_BLOCK_ALERT, cib_plural(r, "note.broken", r->priv->broken), NULL);
}

int cib_report_make(cib_report **out, const char *name, const cib_report_options *options, cib_error *err)
{
	*out = NULL;
	const cib_report_spec *spec = find_spec(name, err);
	if (!spec || check_filter(spec, options, err) != CIB_OK)
		return CIB_USAGE;
	cib_report *r = cib_alloc(sizeof *r);
	r->priv = cib_alloc(sizeof *r->priv);
	r->priv->options = *options;
	r->priv->lang = options->lang ? options->lang : "en";
	r->name = spec->name;
	r->lang = words_language(options->lang);
	r->year = options->year;
	r->title = cib_report_title((size_t)(spec - specs), r->lang);
	r->network = cib_report_pick(r, cib_json_get(cib_network_json(options->net), "title"), NULL).text;
	int status = set_state(r, err);
	if (status == CIB_OK)
		status = cib_report_read_members(r, err);
	if (!spec->kinds)
		r->entries = 0; /* the members come again with all others */
	if (status == CIB_OK)
		status = cib_report_each(r, spec->kinds, spec->take, err);
	if (status == CIB_OK) {
		say_filter(r);
		status = spec->build(r, err);
	}
	if (status == CIB_OK) {
		say_left_out(r);
		r->priv->options = (cib_report_options){0}; /* the caller's, who may end them before the report */
		r->priv->lang = r->lang;
		*out = r;
	} else {
		cib_report_free(r);
	}
	return status;
}

void cib_report_free(cib_report *report)
{
	if (!report)
		return;
	cib_tally_free(&report->priv->names);
	cib_tally_free(&report->priv->member_index);
	cJSON_Delete(report->priv->plan_doc);
	cib_arena_free(&report->priv->arena);
	free(report->priv);
	free(report);
}
