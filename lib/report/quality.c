/* How good the data is: what the checks find, texts that are missing or older than their source, what the reports would need,
 * entries that nobody touched for long, projects that are over and say nothing of a result. */
#include "network/freshness.h"
#include "network/translation.h"
#include "report/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LANGUAGES = 32 };

typedef struct {
	const char *code, *severity;
	size_t findings, entries;
} finding;

typedef struct {
	const char *member;
	size_t entries, errors, warnings, stale, old, overdue;
} holder;

typedef struct {
	const char *lang;
	size_t texts, missing, stale;
} language;

typedef struct {
	const char *kind, *field, *title;
	size_t missing, of;
} wanted;

typedef struct {
	const char *path, *id, *owner, *ended; /* ended: its last day, when it is over and says nothing of a result */
	cib_fact_text title;
	bool old, overdue;
} touched;

typedef struct {
	finding *findings;
	size_t finding_count, finding_cap;
	cib_tally finding_index;
	holder *holders;
	size_t holder_count, holder_cap;
	cib_tally holder_index;
	language languages[LANGUAGES];
	size_t language_count, asked; /* the first `asked` are the network's own */
	wanted *wanted;
	size_t wanted_count, wanted_cap;
	cib_tally wanted_index, paths;
	touched *entries;
	size_t entry_count, entry_cap;
} quality;

static quality *own(cib_report *r)
{
	if (r->priv->own)
		return r->priv->own;
	quality *q = r->priv->own = cib_report_new(r, sizeof(quality));
	const cJSON *lang;
	cJSON_ArrayForEach(lang, cib_json_get(cib_network_json(r->priv->options.net), "languages")) if (cJSON_IsString(lang) && q->language_count < LANGUAGES)
		q->languages[q->language_count++]
			.lang = cib_report_intern(r, lang->valuestring);
	q->asked = q->language_count;
	return q;
}

static holder *holder_of(cib_report *r, quality *q, const char *member)
{
	size_t *at = cib_tally_at(&q->holder_index, member);
	if (*at == SIZE_MAX) {
		q->holders = cib_report_grow(r, q->holders, &q->holder_cap, q->holder_count + 1, sizeof *q->holders);
		q->holders[q->holder_count] = (holder){.member = member};
		*at = q->holder_count++;
	}
	return &q->holders[*at];
}

/* ---- one entry */

static void take_findings(cib_report *r, quality *q, holder *h, const cib_report_entry *e)
{
	static const char *const words[] = {"severity.error", "severity.warning", "severity.advice"};
	const cib_report_options *o = &r->priv->options;
	cib_findings found = CIB_FINDINGS_INIT;
	cib_strings seen = {0};
	cib_check_options options = {.lang = r->lang, .tree = o->ws ? &o->ws->tip : o->commit};
	cib_network_check(o->net, e->path, e->text, e->len, &options, NULL, &found);
	for (size_t i = 0; i < found.count; i++) {
		const char *code = cib_report_intern(r, found.items[i].code ? found.items[i].code : "");
		size_t *at = cib_tally_at(&q->finding_index, code);
		if (*at == SIZE_MAX) {
			q->findings = cib_report_grow(r, q->findings, &q->finding_cap, q->finding_count + 1, sizeof *q->findings);
			q->findings[q->finding_count] = (finding){.code = code, .severity = words[found.items[i].severity]};
			*at = q->finding_count++;
		}
		q->findings[*at].findings++;
		q->findings[*at].entries += !cib_strings_has(&seen, code);
		cib_strings_add(r, &seen, code);
		h->errors += found.items[i].severity == CIB_ERROR;
		h->warnings += found.items[i].severity == CIB_WARNING;
	}
	cib_findings_free(&found);
}

static void count_stale(const char *pointer, const char *lang, const char *source, void *payload)
{
	cib_report *r = payload;
	quality *q = own(r);
	size_t i = 0;
	(void)pointer;
	(void)source;
	while (i < q->language_count && strcmp(q->languages[i].lang, lang) != 0)
		i++;
	if (i == q->language_count && i < LANGUAGES)
		q->languages[q->language_count++].lang = cib_report_intern(r, lang);
	if (i < q->language_count)
		q->languages[i].stale++;
}

static void take_translations(cib_report *r, quality *q, holder *h, const cib_report_entry *e)
{
	cib_network *net = r->priv->options.net;
	h->stale += cib_translations_stale(net, e->place->kind, e->doc, count_stale, r);
	for (size_t i = 0; i < q->asked; i++) {
		size_t of = 0;
		q->languages[i].missing += cib_translations_missing(net, e->place->kind, e->doc, q->languages[i].lang, &of);
		q->languages[i].texts += of;
	}
}

static bool is_empty(const cJSON *value)
{
	return !value || cJSON_IsNull(value) || ((cJSON_IsArray(value) || cJSON_IsObject(value)) && !value->child) || (cJSON_IsString(value) && !*value->valuestring);
}

/* What the schema recommends: not required, but reports use it. */
static void take_wanted(cib_report *r, quality *q, const cib_report_entry *e)
{
	const cJSON *name;
	cJSON_ArrayForEach(name, cib_json_get(e->place->kind->schema, "x-cib-recommended"))
	{
		if (!cJSON_IsString(name))
			continue;
		char *key = cib_format("%s/%s", e->place->kind->name, name->valuestring);
		size_t *at = cib_tally_at(&q->wanted_index, cib_report_intern(r, key));
		if (*at == SIZE_MAX) {
			char *title = cib_field_title(r->priv->options.net, e->place->kind, key + strlen(e->place->kind->name), r->lang);
			q->wanted = cib_report_grow(r, q->wanted, &q->wanted_cap, q->wanted_count + 1, sizeof *q->wanted);
			q->wanted[q->wanted_count] = (wanted){cib_report_intern(r, e->place->kind->name), cib_report_intern(r, name->valuestring), cib_report_intern(r, title), 0, 0};
			*at = q->wanted_count++;
			free(title);
		}
		free(key);
		q->wanted[*at].of++;
		q->wanted[*at].missing += is_empty(cib_json_get(e->doc, name->valuestring));
	}
}

void cib_take_quality(cib_report *r, const cib_report_entry *e)
{
	quality *q = own(r);
	const char *owner = *e->owner ? e->owner : "secretariat";
	holder *h = holder_of(r, q, owner);
	const cJSON *title = cib_json_get(e->doc, "title");
	h->entries++;
	take_findings(r, q, h, e);
	take_translations(r, q, h, e);
	take_wanted(r, q, e);
	q->entries = cib_report_grow(r, q->entries, &q->entry_cap, q->entry_count + 1, sizeof *q->entries);
	touched *t = &q->entries[q->entry_count];
	*t = (touched){.path = cib_report_intern(r, e->path), .id = e->id, .owner = owner, .title = cib_report_pick(r, title ? title : cib_json_get(e->doc, "name"), cib_json_string(e->doc, "sourceLanguage"))};
	*cib_tally_at(&q->paths, t->path) = q->entry_count++;
}

/* ---- what is old, and what is over and says nothing of a result: by the kinds' own measure (network/freshness.h) */

static int note_old(const cib_old_entry *e, void *payload)
{
	cib_report *r = payload;
	quality *q = own(r);
	size_t at = cib_tally_get(&q->paths, e->path);
	if (at == SIZE_MAX) /* left out of this report */
		return 0;
	holder *h = holder_of(r, q, q->entries[at].owner);
	q->entries[at].old = e->untouched;
	q->entries[at].overdue = e->ended != NULL;
	q->entries[at].ended = e->ended && *e->ended ? cib_report_intern(r, e->ended) : NULL;
	h->old += e->untouched;
	h->overdue += e->ended != NULL;
	return 0;
}

/* Noon of a day, in seconds since 1970. */
static int64_t time_of(const char *day)
{
	struct tm t = {.tm_hour = 12};
	if (sscanf(day, "%4d-%2d-%2d", &t.tm_year, &t.tm_mon, &t.tm_mday) != 3)
		return 0;
	t.tm_year -= 1900;
	t.tm_mon -= 1;
	return timegm(&t);
}

/* ---- writing */

static void write_holders(cib_report *r, const quality *q)
{
	cib_report_table *t = cib_table(r, "members", "quality.members");
	cib_column(r, t, "member", CIB_REPORT_CODE);
	cib_column(r, t, "entries", CIB_REPORT_COUNT);
	cib_column(r, t, "errors", CIB_REPORT_COUNT);
	cib_column(r, t, "warnings", CIB_REPORT_COUNT);
	cib_column(r, t, "stale", CIB_REPORT_COUNT);
	cib_column(r, t, "untouched", CIB_REPORT_COUNT);
	cib_column(r, t, "overdue", CIB_REPORT_COUNT);
	cib_figure(r, t, CIB_FIGURE_BARS, "quality.figure", 0, 2, 5);
	for (size_t i = 0; i < q->holder_count; i++) {
		const holder *h = &q->holders[i];
		cib_row(r, t)->flagged = h->errors > 0;
		cib_put_member(r, t, h->member);
		cib_put_number(r, t, (double)h->entries);
		cib_put_number(r, t, (double)h->errors);
		cib_put_number(r, t, (double)h->warnings);
		cib_put_number(r, t, (double)h->stale);
		cib_put_number(r, t, (double)h->old);
		cib_put_number(r, t, (double)h->overdue);
	}
	cib_sort_by_values(t, 2, 5);
}

static void write_findings(cib_report *r, const quality *q)
{
	cib_report_table *t = cib_table(r, "findings", "quality.findings");
	t->empty = cib_say(r, "quality.no-finding");
	cib_column(r, t, "rule", CIB_REPORT_WORDS);
	cib_column(r, t, "severity", CIB_REPORT_WORDS);
	cib_column(r, t, "findings", CIB_REPORT_COUNT);
	cib_column(r, t, "entries", CIB_REPORT_COUNT);
	for (size_t i = 0; i < q->finding_count; i++) {
		cib_row(r, t)->flagged = strcmp(q->findings[i].severity, "severity.error") == 0;
		cib_put_words(r, t, q->findings[i].code);
		cib_put_words(r, t, cib_say(r, q->findings[i].severity));
		cib_put_number(r, t, (double)q->findings[i].findings);
		cib_put_number(r, t, (double)q->findings[i].entries);
	}
	cib_sort_by_values(t, 2, 1);
	if (q->finding_count)
		cib_block(r, CIB_BLOCK_NOTE, cib_say(r, "quality.explain"), NULL);
}

static void write_languages(cib_report *r, const quality *q)
{
	cib_report_table *t = cib_table(r, "translations", "quality.translations");
	cib_column(r, t, "language", CIB_REPORT_CODE);
	cib_column(r, t, "texts", CIB_REPORT_COUNT);
	cib_column(r, t, "missing-texts", CIB_REPORT_COUNT);
	cib_column(r, t, "stale", CIB_REPORT_COUNT);
	cib_column(r, t, "complete", CIB_REPORT_PERCENT);
	for (size_t i = 0; i < q->language_count; i++) {
		const language *l = &q->languages[i];
		cib_row(r, t);
		cib_put_listed(r, t, "languages", l->lang);
		if (i < q->asked) {
			cib_put_number(r, t, (double)l->texts);
			cib_put_number(r, t, (double)l->missing);
		} else { /* nobody asks for this language: its texts are welcome, none is missing */
			cib_put_none(r, t);
			cib_put_none(r, t);
		}
		cib_put_number(r, t, (double)l->stale);
		if (l->texts)
			cib_put_number(r, t, 100.0 * (double)(l->texts - l->missing) / (double)l->texts);
		else
			cib_put_none(r, t);
	}
}

static void write_wanted(cib_report *r, const quality *q)
{
	cib_report_table *t = cib_table(r, "completeness", "quality.completeness");
	cib_column(r, t, "kind", CIB_REPORT_CODE);
	cib_column(r, t, "field", CIB_REPORT_CODE);
	cib_column(r, t, "complete", CIB_REPORT_PERCENT);
	cib_column(r, t, "missing-fields", CIB_REPORT_COUNT);
	cib_column(r, t, "of-entries", CIB_REPORT_COUNT);
	for (size_t i = 0; i < q->wanted_count; i++) {
		const wanted *w = &q->wanted[i];
		const cib_kind *kind = cib_network_kind(r->priv->options.net, w->kind);
		const char *title = kind ? cib_kind_title(kind, r->lang) : NULL;
		cib_row(r, t);
		cib_put_code(r, t, w->kind, title ? title : w->kind, NULL);
		cib_put_code(r, t, w->field, w->title, NULL);
		cib_put_number(r, t, 100.0 * (double)(w->of - w->missing) / (double)w->of);
		cib_put_number(r, t, (double)w->missing);
		cib_put_number(r, t, (double)w->of);
	}
	cib_sort_by_values(t, 3, 1);
}

static void write_touched(cib_report *r, const quality *q)
{
	cib_report_table *t = cib_table(r, "reminders", "quality.reminders");
	t->empty = cib_say(r, "quality.no-reminder");
	cib_column(r, t, "entry", CIB_REPORT_CODE);
	cib_column(r, t, "member", CIB_REPORT_CODE);
	cib_column(r, t, "reason", CIB_REPORT_WORDS);
	cib_column(r, t, "ended", CIB_REPORT_DATE);
	for (size_t i = 0; i < q->entry_count; i++) {
		const touched *x = &q->entries[i];
		if (!x->old && !x->overdue)
			continue;
		cib_row(r, t);
		cib_put_code(r, t, x->id, x->title.text, x->title.lang);
		cib_put_member(r, t, x->owner);
		cib_put_list(r, t);
		if (x->overdue)
			cib_add_item(r, t, cib_say(r, "quality.overdue"), NULL, NULL);
		if (x->old)
			cib_add_item(r, t, cib_say(r, "quality.old"), NULL, NULL);
		cib_put_date(r, t, x->ended);
	}
}

int cib_build_quality(cib_report *r, cib_error *err)
{
	quality *q = own(r);
	const cib_report_options *o = &r->priv->options;
	size_t stale = 0;
	int status = o->today ? cib_freshness_each(o->net, o->ws ? &o->ws->tip : o->commit, "", time_of(o->today), note_old, r, err) : CIB_OK;
	r->year = 0;
	for (size_t i = 0; i < q->holder_count; i++)
		stale += q->holders[i].stale;
	cib_block(r, CIB_BLOCK_TEXT, cib_plural(r, "quality.entries", q->entry_count), NULL);
	cib_block(r, CIB_BLOCK_TEXT, cib_plural(r, "quality.stale", stale), NULL);
	write_holders(r, q);
	write_findings(r, q);
	write_languages(r, q);
	write_wanted(r, q);
	write_touched(r, q);
	cib_tally_free(&q->finding_index);
	cib_tally_free(&q->holder_index);
	cib_tally_free(&q->wanted_index);
	cib_tally_free(&q->paths);
	return status;
}
