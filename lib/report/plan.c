/* How the annual plan goes: objectives, priorities, activities, what came of them and what is late. */
#include "report/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const states[] = {"done", "in-progress", "planned", "postponed", "dropped"};
enum { STATES = sizeof states / sizeof *states };

typedef struct {
	size_t priorities, activities, n[STATES];
} progress;

void cib_take_plan(cib_report *r, const cib_report_entry *e)
{
	const cJSON *year = cib_json_get(e->doc, "year");
	int of = cJSON_IsNumber(year) ? (int)year->valuedouble : 0;
	if (r->priv->options.year ? of != r->priv->options.year : r->priv->plan && r->priv->plan->year > of)
		return;
	cJSON_Delete(r->priv->plan_doc); /* one plan is kept whole, with all its texts */
	r->priv->plan_doc = cJSON_Duplicate(e->doc, true);
	r->priv->plan = cib_report_new(r, sizeof *r->priv->plan);
	*r->priv->plan = (cib_fact_plan){e->id, of, r->priv->plan_doc};
}

const cJSON *cib_plan_find(const cJSON *list, const char *id)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, list)
	{
		const char *mine = cib_json_string(item, "id");
		if (mine && id && strcmp(mine, id) == 0)
			return item;
	}
	return NULL;
}

static double order_of(const cJSON *item)
{
	const cJSON *order = cib_json_get(item, "order");
	return cJSON_IsNumber(order) ? order->valuedouble : 1e9;
}

static int by_order(const void *a, const void *b)
{
	const cJSON *x = *(const cJSON *const *)a, *y = *(const cJSON *const *)b;
	double ox = order_of(x), oy = order_of(y);
	const char *ix = cib_json_string(x, "id"), *iy = cib_json_string(y, "id");
	return ox < oy ? -1 : ox > oy ? 1
	                              : strcmp(ix ? ix : "", iy ? iy : "");
}

const cJSON **cib_plan_ordered(cib_report *r, const cJSON *list, size_t *count)
{
	const cJSON *item, **out = cib_report_new(r, ((size_t)cJSON_GetArraySize(list) + 1) * sizeof *out);
	*count = 0;
	cJSON_ArrayForEach(item, list) out[(*count)++] = item;
	if (*count)
		qsort(out, *count, sizeof *out, by_order);
	return out;
}

static size_t state_of(const cJSON *activity)
{
	const char *status = cib_json_string(activity, "status");
	for (size_t i = 0; status && i < STATES; i++)
		if (strcmp(status, states[i]) == 0)
			return i;
	return 2;
}

static void add_priority(progress *p, const cJSON *priority)
{
	const cJSON *activity;
	p->priorities++;
	cJSON_ArrayForEach(activity, cib_json_get(priority, "activities"))
	{
		p->activities++;
		p->n[state_of(activity)]++;
	}
}

/* Its day is over and nothing says that it is done, dropped or moved. A month is over with its last day. */
static bool is_late(const cib_report *r, const cJSON *activity)
{
	const char *due = cib_json_string(activity, "due"), *today = r->priv->options.today;
	size_t state = state_of(activity);
	return due && today && (state == 1 || state == 2) && strncmp(due, today, strlen(due)) < 0;
}

static void add_state_columns(cib_report *r, cib_report_table *t)
{
	cib_column(r, t, "activities", CIB_REPORT_COUNT);
	for (size_t i = 0; i < STATES; i++)
		cib_column_named(r, t, states[i], cib_report_name_of(r, "activity-progress", states[i]), CIB_REPORT_COUNT);
}

static void put_progress(cib_report *r, cib_report_table *t, const progress *p)
{
	cib_put_number(r, t, (double)p->activities);
	for (size_t i = 0; i < STATES; i++)
		cib_put_number(r, t, (double)p->n[i]);
}

static bool serves(const cJSON *priority, const char *objective)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, cib_json_get(priority, "objectives")) if (cJSON_IsString(item) && objective && strcmp(item->valuestring, objective) == 0) return true;
	return false;
}

static void write_objectives(cib_report *r, const cib_fact_plan *plan)
{
	const char *source = cib_json_string(plan->doc, "sourceLanguage");
	const cJSON *priority, *priorities = cib_json_get(plan->doc, "priorities");
	size_t n;
	const cJSON **objectives = cib_plan_ordered(r, cib_json_get(plan->doc, "objectives"), &n);
	cib_report_table *t = cib_table(r, "objectives", "plan.objectives");
	cib_column(r, t, "objective", CIB_REPORT_CODE);
	cib_column(r, t, "priorities", CIB_REPORT_COUNT);
	add_state_columns(r, t);
	cib_figure(r, t, CIB_FIGURE_BARS, "plan.figure", 0, 3, STATES);
	for (size_t i = 0; i < n; i++) {
		progress p = {0};
		const char *id = cib_report_intern(r, cib_json_string(objectives[i], "id"));
		cib_fact_text text = cib_report_pick(r, cib_json_get(objectives[i], "text"), source);
		cJSON_ArrayForEach(priority, priorities) if (serves(priority, id)) add_priority(&p, priority);
		cib_row(r, t)->flagged = p.activities == 0;
		cib_put_code(r, t, id, text.text, text.lang);
		cib_put_number(r, t, (double)p.priorities);
		put_progress(r, t, &p);
	}
	progress all = {0};
	cJSON_ArrayForEach(priority, priorities) add_priority(&all, priority);
	cib_row(r, t)->total = true;
	cib_put_words(r, t, cib_say(r, "plan.total-once"));
	cib_put_number(r, t, (double)all.priorities);
	put_progress(r, t, &all);
}

static void write_priorities(cib_report *r, const cib_fact_plan *plan)
{
	const char *source = cib_json_string(plan->doc, "sourceLanguage");
	const cJSON *objective;
	size_t n;
	const cJSON **priorities = cib_plan_ordered(r, cib_json_get(plan->doc, "priorities"), &n);
	cib_report_table *t = cib_table(r, "priorities", "plan.priorities");
	cib_column(r, t, "priority", CIB_REPORT_CODE);
	add_state_columns(r, t);
	cib_column(r, t, "objectives", CIB_REPORT_WORDS);
	cib_figure(r, t, CIB_FIGURE_BARS, "plan.priorities-figure", 0, 2, STATES);
	for (size_t i = 0; i < n; i++) {
		progress p = {0};
		cib_fact_text title = cib_report_pick(r, cib_json_get(priorities[i], "title"), source);
		add_priority(&p, priorities[i]);
		cib_row(r, t);
		cib_put_code(r, t, cib_report_intern(r, cib_json_string(priorities[i], "id")), title.text, title.lang);
		put_progress(r, t, &p);
		cib_put_list(r, t);
		cJSON_ArrayForEach(objective, cib_json_get(priorities[i], "objectives"))
		{
			cib_fact_text text = cib_report_pick(r, cib_json_get(cib_plan_find(cib_json_get(plan->doc, "objectives"), cJSON_IsString(objective) ? objective->valuestring : NULL), "text"), source);
			cib_add_item(r, t, text.text, text.lang, NULL);
		}
	}
}

static void put_members(cib_report *r, cib_report_table *t, const cJSON *ids)
{
	const cJSON *item;
	cib_put_list(r, t);
	cJSON_ArrayForEach(item, ids) if (cJSON_IsString(item)) cib_add_member(r, t, cib_report_intern(r, item->valuestring));
}

static void put_outputs(cib_report *r, cib_report_table *t, const cJSON *ids)
{
	const cJSON *item;
	cib_put_list(r, t);
	cJSON_ArrayForEach(item, ids)
	{
		const char *id = cJSON_IsString(item) ? cib_report_intern(r, item->valuestring) : NULL;
		cib_fact_text title = cib_report_title_of(r, id);
		cib_add_item(r, t, title.text, title.lang, id);
	}
}

static size_t write_activities(cib_report *r, const cib_fact_plan *plan)
{
	const char *source = cib_json_string(plan->doc, "sourceLanguage");
	size_t n, m, late = 0;
	const cJSON **priorities = cib_plan_ordered(r, cib_json_get(plan->doc, "priorities"), &n);
	cib_report_table *t = cib_table(r, "activities", "plan.activities");
	cib_column(r, t, "activity", CIB_REPORT_CODE);
	cib_column(r, t, "priority", CIB_REPORT_CODE);
	cib_column(r, t, "status", CIB_REPORT_CODE);
	cib_column(r, t, "due", CIB_REPORT_DATE);
	cib_column(r, t, "timing", CIB_REPORT_WORDS);
	cib_column(r, t, "lead", CIB_REPORT_CODE);
	cib_column(r, t, "supporters", CIB_REPORT_CODE);
	cib_column(r, t, "outputs", CIB_REPORT_CODE);
	cib_column(r, t, "progress", CIB_REPORT_WORDS);
	for (size_t i = 0; i < n; i++) {
		cib_fact_text of = cib_report_pick(r, cib_json_get(priorities[i], "title"), source);
		const cJSON **activities = cib_plan_ordered(r, cib_json_get(priorities[i], "activities"), &m);
		for (size_t k = 0; k < m; k++) {
			const cJSON *a = activities[k];
			cib_fact_text title = cib_report_pick(r, cib_json_get(a, "title"), source);
			const char *due_status = cib_json_string(a, "dueStatus"), *lead = cib_json_string(a, "lead");
			bool is = is_late(r, a);
			late += is;
			cib_row(r, t)->flagged = is;
			cib_put_code(r, t, cib_report_intern(r, cib_json_string(a, "id")), title.text, title.lang);
			cib_put_code(r, t, cib_report_intern(r, cib_json_string(priorities[i], "id")), of.text, of.lang);
			cib_put_listed(r, t, "activity-progress", states[state_of(a)]);
			cib_put_date(r, t, cib_report_intern(r, cib_json_string(a, "due")));
			cib_put_words(r, t, is ? cib_say(r, "plan.late") : due_status && strcmp(due_status, "tbc") == 0 ? cib_say(r, "plan.tbc")
			                                                                                                : NULL);
			cib_put_member(r, t, cib_report_intern(r, lead));
			put_members(r, t, cib_json_get(a, "supporters"));
			put_outputs(r, t, cib_json_get(a, "outputs"));
			cib_put_text(r, t, cib_report_pick(r, cib_json_get(a, "progress"), source));
		}
	}
	return late;
}

int cib_build_plan(cib_report *r, cib_error *err)
{
	const cib_fact_plan *plan = r->priv->plan;
	(void)err;
	if (!plan) {
		cib_block(r, CIB_BLOCK_TEXT, cib_say(r, "plan.none"), NULL);
		return CIB_OK;
	}
	cib_fact_text title = cib_report_pick(r, cib_json_get(plan->doc, "title"), cib_json_string(plan->doc, "sourceLanguage"));
	const char *status = cib_json_string(plan->doc, "status");
	r->year = plan->year;
	cib_block(r, CIB_BLOCK_SUBHEADING, title.text ? title.text : plan->id, title.lang);
	if (status)
		cib_block(r, CIB_BLOCK_TEXT, cib_fill(r, "plan.status", cib_report_name_of(r, "plan-status", status), NULL), NULL);
	write_objectives(r, plan);
	write_priorities(r, plan);
	size_t at = r->block_count;
	cib_block(r, CIB_BLOCK_NOTE, cib_say(r, "plan.nothing-late"), NULL);
	size_t late = write_activities(r, plan);
	if (late) {
		r->blocks[at].kind = CIB_BLOCK_ALERT;
		r->blocks[at].text = cib_plural(r, "plan.late-count", late);
	}
	return CIB_OK;
}
