/* cib review stats: waiting times and decisions by member, and what is wrong most often. */
#include "review.h"
#include "review/stats.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 9,
       SHOWN = 10 };

static void fill(char cells[COLUMNS][40], const cib_member_stats *m, const char *name)
{
	size_t decided = m->accepted + m->returned + m->declined, back = m->returned + m->declined;
	snprintf(cells[0], 40, "%.36s", name);
	snprintf(cells[1], 40, "%zu", m->accepted);
	snprintf(cells[2], 40, "%zu", m->returned);
	snprintf(cells[3], 40, "%zu", m->declined);
	if (decided)
		snprintf(cells[4], 40, "%zu %%", (back * 100 + decided / 2) / decided);
	cib_review_span_words(cells[5], m->median_wait);
	cib_review_span_words(cells[6], m->longest_wait);
	snprintf(cells[7], 40, "%zu", m->waiting);
	cib_review_span_words(cells[8], m->oldest);
}

static void print_members(const cib_review_stats *s)
{
	const char *const header[] = {_("MEMBER"), _("ACCEPTED"), _("RETURNED"), _("DECLINED"), _("BACK"), _("WAIT (MEDIAN)"), _("LONGEST"), _("WAITING"), _("OLDEST")};
	size_t n = s->member_count + (s->member_count > 1);
	char(*cells)[COLUMNS][40] = cib_alloc((n + 1) * sizeof *cells);
	const char **texts = cib_alloc((n + 1) * COLUMNS * sizeof *texts);
	for (size_t i = 0; i < n; i++)
		fill(cells[i], i < s->member_count ? &s->members[i] : &s->all, i < s->member_count ? s->members[i].member : _("all"));
	for (size_t i = 0; i < n * COLUMNS; i++)
		texts[i] = cells[i / COLUMNS][i % COLUMNS];
	cib_print_table(stdout, header, texts, COLUMNS, n);
	free(cells);
	free(texts);
}

/* At most SHOWN rows; `rule`: codes and an example, else titles of fields. */
static void print_causes(const char *heading, const cib_cause *list, size_t count, bool rule)
{
	if (!count)
		return;
	printf("\n%s\n", heading);
	for (size_t i = 0; i < count && i < SHOWN; i++) {
		char *line = rule && list[i].sent_back ? cib_format(_("%s, %zu of them sent back, e.g. %s"), list[i].code, list[i].sent_back, list[i].about)
		             : rule                    ? cib_format(_("%s, e.g. %s"), list[i].code, list[i].about)
		                                       : cib_format("%s", *list[i].code ? list[i].code : _("(the entry as a whole)"));
		char *text = cib_format("%5zu  %s", list[i].entries, line);
		cib_print_clean(stdout, text);
		putchar('\n');
		free(text);
		free(line);
	}
	if (count > SHOWN)
		printf(_("       and %zu more: --json has all\n"), count - SHOWN);
}

static void add_member(cJSON *row, const cib_member_stats *m)
{
	const struct {
		const char *name;
		double value;
	} counts[] = {{"accepted", (double)m->accepted}, {"returned", (double)m->returned}, {"declined", (double)m->declined}, {"waiting", (double)m->waiting}, {"medianWait", (double)m->median_wait}, {"longestWait", (double)m->longest_wait}, {"oldestWaits", (double)m->oldest}};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (counts[i].value >= 0)
			cJSON_AddNumberToObject(row, counts[i].name, counts[i].value);
}

static void add_causes(cJSON *doc, const char *name, const cib_cause *list, size_t count, bool rule)
{
	cJSON *rows = cJSON_AddArrayToObject(doc, name);
	for (size_t i = 0; i < count; i++) {
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, rule ? "code" : "field", list[i].code);
		cJSON_AddNumberToObject(row, rule ? "entries" : "comments", (double)list[i].entries);
		if (rule) {
			cJSON_AddNumberToObject(row, "sentBack", (double)list[i].sent_back);
			cJSON_AddStringToObject(row, "example", list[i].about);
		}
		cJSON_AddItemToArray(rows, row);
	}
}

static void print_json(const cib_review_stats *s)
{
	cJSON *doc = cJSON_CreateObject(), *members;
	cJSON_AddNumberToObject(doc, "v", 1);
	add_member(cJSON_AddObjectToObject(doc, "all"), &s->all);
	members = cJSON_AddArrayToObject(doc, "members");
	for (size_t i = 0; i < s->member_count; i++) {
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "member", s->members[i].member);
		add_member(row, &s->members[i]);
		cJSON_AddItemToArray(members, row);
	}
	add_causes(doc, "checks", s->checks, s->check_count, true);
	add_causes(doc, "fields", s->fields, s->field_count, false);
	cib_print_json(stdout, doc);
	cJSON_Delete(doc);
}

int review_print_stats(cib_workspace *ws, int64_t since, const char *member, bool json)
{
	cib_review_stats s;
	cib_error err = CIB_ERROR_INIT;
	int code = cib_review_stats_load(&s, ws, since, member, cib_term_lang(), &err) == CIB_OK ? 0 : cib_fail(&err);
	if (code == 0 && json)
		print_json(&s);
	else if (code == 0 && s.member_count == 0)
		fputs(_("Nothing was decided, and nothing waits.\n"), stderr);
	else if (code == 0) {
		print_members(&s);
		print_causes(_("What check finds most, of the decided and the waiting versions (cib explain RULE)"), s.checks, s.check_count, true);
		print_causes(_("What reviewers comment most"), s.fields, s.field_count, false);
	}
	cib_review_stats_clear(&s);
	return code;
}
