/* Gender, climate and the other policy markers of the DAC, in four columns: principal, significant, not targeted, and not screened, which is
 * never the same as not targeted. Markers are not added to each other: a project can have several. */
#include "report/private.h"

#include <stdlib.h>
#include <string.h>

enum { GENDER = 1,
       MITIGATION = 6,
       ADAPTATION = 7,
       MATERNAL = 9,
       MARKERS = 16 }; /* MATERNAL has another scale */
enum { PRINCIPAL,
       SIGNIFICANT,
       NOT_TARGETED,
       NOT_SCREENED,
       COLUMNS };

static size_t column_of(char value)
{
	return value == 0 ? NOT_SCREENED : value == '0' ? NOT_TARGETED
	                           : value == '1'       ? SIGNIFICANT
	                                                : PRINCIPAL;
}

static void add_columns(cib_report *r, cib_report_table *t, const char *first)
{
	cib_column(r, t, first, CIB_REPORT_CODE);
	cib_column(r, t, "principal", CIB_REPORT_COUNT);
	cib_column(r, t, "significant", CIB_REPORT_COUNT);
	cib_column(r, t, "not-targeted", CIB_REPORT_COUNT);
	cib_column(r, t, "not-screened", CIB_REPORT_COUNT);
	cib_column(r, t, "of-screened", CIB_REPORT_PERCENT);
	cib_figure(r, t, CIB_FIGURE_BARS, "markers.figure", 0, 1, COLUMNS);
}

static void put_columns(cib_report *r, cib_report_table *t, const size_t n[COLUMNS])
{
	size_t screened = n[PRINCIPAL] + n[SIGNIFICANT] + n[NOT_TARGETED];
	for (size_t k = 0; k < COLUMNS; k++)
		cib_put_number(r, t, (double)n[k]);
	if (screened)
		cib_put_number(r, t, 100.0 * (double)(n[PRINCIPAL] + n[SIGNIFICANT]) / (double)screened);
	else
		cib_put_none(r, t);
}

static void write_markers(cib_report *r, size_t counted[MARKERS][COLUMNS])
{
	static const int first[] = {GENDER, MITIGATION, ADAPTATION};
	const cib_codelist *list = cib_network_codelist(r->priv->options.net, "PolicyMarker");
	cib_report_table *t = cib_table(r, "markers", "markers.all");
	add_columns(r, t, "marker");
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; list && i < cib_codelist_count(list); i++) {
			const cib_code *code = cib_codelist_at(list, i);
			int m = atoi(code->code);
			bool leads = m == first[0] || m == first[1] || m == first[2];
			if (m <= 0 || m >= MARKERS || m == MATERNAL || code->withdrawn || leads != (pass == 0))
				continue;
			cib_row(r, t);
			cib_put_listed(r, t, "PolicyMarker", code->code);
			put_columns(r, t, counted[m]);
		}
}

static void write_by_member(cib_report *r, const char *id, const char *title_key, int marker)
{
	typedef struct {
		const char *member;
		size_t n[COLUMNS];
	} line;
	line *lines = NULL;
	size_t count = 0, cap = 0;
	cib_tally index = {0};
	for (size_t i = 0; i < r->priv->project_count; i++) {
		const cib_fact_project *p = &r->priv->projects[i];
		if (!cib_project_counts(r, i))
			continue;
		size_t *at = cib_tally_at(&index, p->owner);
		if (*at == SIZE_MAX) {
			lines = cib_report_grow(r, lines, &cap, count + 1, sizeof *lines);
			lines[count] = (line){.member = p->owner};
			*at = count++;
		}
		lines[*at].n[column_of(p->markers[marker])]++;
	}
	cib_tally_free(&index);
	cib_report_table *t = cib_table(r, id, title_key);
	add_columns(r, t, "member");
	for (size_t i = 0; i < count; i++) {
		cib_row(r, t);
		cib_put_member(r, t, lines[i].member);
		put_columns(r, t, lines[i].n);
	}
	cib_sort_by_values(t, 1, COLUMNS);
}

static void write_not_screened(cib_report *r)
{
	cib_report_table *t = cib_table(r, "to-screen", "markers.to-screen");
	t->empty = cib_say(r, "markers.all-screened");
	cib_column(r, t, "project", CIB_REPORT_CODE);
	cib_column(r, t, "member", CIB_REPORT_CODE);
	cib_column(r, t, "markers-missing", CIB_REPORT_CODE);
	for (size_t i = 0; i < r->priv->project_count; i++) {
		static const char *const codes[] = {"1", "6", "7"};
		const cib_fact_project *p = &r->priv->projects[i];
		if (!cib_project_counts(r, i) || (p->markers[GENDER] && p->markers[MITIGATION] && p->markers[ADAPTATION]))
			continue;
		cib_row(r, t);
		cib_put_code(r, t, p->id, p->title.text, p->title.lang);
		cib_put_member(r, t, p->owner);
		cib_put_list(r, t);
		for (size_t k = 0; k < 3; k++)
			if (!p->markers[atoi(codes[k])])
				cib_add_listed(r, t, "PolicyMarker", codes[k]);
	}
}

int cib_build_markers(cib_report *r, cib_error *err)
{
	size_t counted[MARKERS][COLUMNS] = {{0}}, n = 0, folded = cib_report_fold_projects(r);
	(void)err;
	for (size_t i = 0; i < r->priv->project_count; i++) {
		if (!cib_project_counts(r, i))
			continue;
		n++;
		for (int m = 1; m < MARKERS; m++)
			counted[m][column_of(r->priv->projects[i].markers[m])]++;
	}
	cib_block(r, CIB_BLOCK_TEXT, cib_say(r, "markers.about"), NULL);
	cib_block(r, CIB_BLOCK_TEXT, cib_plural(r, "count.projects", n), NULL);
	if (n) {
		write_markers(r, counted);
		write_by_member(r, "gender", "markers.gender", GENDER);
		write_by_member(r, "mitigation", "markers.mitigation", MITIGATION);
		write_by_member(r, "adaptation", "markers.adaptation", ADAPTATION);
		write_not_screened(r);
		cib_block(r, CIB_BLOCK_NOTE, cib_say(r, "markers.note"), NULL);
	}
	cib_note_folded(r, folded);
	return CIB_OK;
}
