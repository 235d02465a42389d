/* Is the review fair? Decisions of a span by member with their waiting times, and the causes of trouble. */
#include "review/stats.h"

#include "review/private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
	cib_workspace *ws;
	cib_review_stats *out;
	const char *lang;
	int64_t now;
} counter;

static void clear_member(cib_member_stats *m)
{
	free(m->member);
	free(m->waits);
}

static void clear_causes(cib_cause *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(list[i].code);
		free(list[i].about);
	}
	free(list);
}

void cib_review_stats_clear(cib_review_stats *stats)
{
	for (size_t i = 0; i < stats->member_count; i++)
		clear_member(&stats->members[i]);
	free(stats->members);
	clear_member(&stats->all);
	clear_causes(stats->checks, stats->check_count);
	clear_causes(stats->fields, stats->field_count);
	*stats = (cib_review_stats){0};
}

/* ---- members ---- */

static cib_member_stats *of_member(counter *c, const char *member)
{
	cib_review_stats *s = c->out;
	for (size_t i = 0; i < s->member_count; i++)
		if (strcmp(s->members[i].member, member) == 0)
			return &s->members[i];
	s->members = cib_grow(s->members, &s->member_cap, s->member_count + 1, sizeof *s->members);
	s->members[s->member_count] = (cib_member_stats){.member = cib_strdup(member), .median_wait = -1, .longest_wait = -1, .oldest = -1};
	return &s->members[s->member_count++];
}

static void add_wait(cib_member_stats *m, int64_t seconds)
{
	m->waits = cib_grow(m->waits, &m->wait_cap, m->wait_count + 1, sizeof *m->waits);
	m->waits[m->wait_count++] = seconds > 0 ? seconds : 0;
}

static int by_length(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void sum_up(cib_member_stats *m)
{
	if (!m->wait_count)
		return;
	qsort(m->waits, m->wait_count, sizeof *m->waits, by_length);
	m->median_wait = m->waits[(m->wait_count - 1) / 2];
	m->longest_wait = m->waits[m->wait_count - 1];
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const cib_member_stats *)a)->member, ((const cib_member_stats *)b)->member);
}

/* ---- when a version was written ---- */

typedef struct {
	counter *c;
	const cib_oid *blob;
	int64_t before, exact, newest; /* 0: not found */
} writing;

/* The first commit with this version; where it was joined with main's, the newest before the decision. */
static int note_time(const cib_oid *commit, const cib_oid *blob, void *payload)
{
	writing *w = payload;
	cib_commit c;
	bool is = cib_oid_equal(blob, w->blob);
	if (w->exact && !is)
		return 1;
	if (cib_store_commit_read(&c, w->c->ws->store, commit, NULL) != CIB_OK)
		return 1;
	bool by_member = !strstr(c.author_email, "@secretariat.cib.invalid");
	if (is && by_member)
		w->exact = c.author_time;
	if (!w->newest && by_member && c.author_time <= w->before)
		w->newest = c.author_time;
	cib_commit_clear(&c);
	return 0;
}

static int64_t written(counter *c, const cib_happening *h)
{
	cib_oid tip;
	writing w = {c, &h->blob, h->when, 0, 0};
	if (cib_member_tip(&tip, c->ws, h->member, NULL) == CIB_OK)
		cib_store_path_history(c->ws->store, &tip, h->path, note_time, &w, NULL);
	if (!w.exact && !w.newest) /* the branch is gone: what main took along */
		cib_store_path_history(c->ws->store, &c->ws->tip, h->path, note_time, &w, NULL);
	return w.exact ? w.exact : w.newest;
}

/* ---- causes ---- */

static cib_cause *of_cause(cib_cause **list, size_t *count, size_t *cap, const char *code, const char *about)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp((*list)[i].code, code) == 0)
			return &(*list)[i];
	*list = cib_grow(*list, cap, *count + 1, sizeof **list);
	(*list)[*count] = (cib_cause){.code = cib_strdup(code), .about = cib_strdup(about)};
	return &(*list)[(*count)++];
}

static int by_frequency(const void *a, const void *b)
{
	const cib_cause *x = a, *y = b;
	if (x->entries != y->entries)
		return x->entries > y->entries ? -1 : 1;
	return strcmp(x->code, y->code);
}

static bool is_first(const cib_findings *f, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (f->items[i].code && f->items[at].code && strcmp(f->items[i].code, f->items[at].code) == 0)
			return false;
	return true;
}

/* What check says of a version, each rule once. */
static void count_checks(counter *c, const char *path, const cib_oid *blob, bool sent_back)
{
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_buf text = CIB_BUF_INIT;
	cib_check_options options = {.lang = c->lang, .tree = &c->ws->tip};
	cib_review_stats *s = c->out;
	if (!cib_oid_is_zero(blob) && cib_store_blob_read(&text, c->ws->store, blob, 0, NULL) == CIB_OK)
		cib_network_check(c->ws->net, path, text.data, text.len, &options, NULL, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		const cib_finding *f = &findings.items[i];
		if (!f->code || !is_first(&findings, i))
			continue;
		cib_cause *cause = of_cause(&s->checks, &s->check_count, &s->check_cap, f->code, f->message ? f->message : "");
		cause->entries++;
		cause->sent_back += sent_back;
	}
	cib_findings_free(&findings);
	cib_buf_free(&text);
}

/* ---- the whole ---- */

static void count_decision(counter *c, const cib_happening *h)
{
	cib_member_stats *m = of_member(c, h->member), *const both[] = {m, &c->out->all};
	int64_t when = written(c, h);
	for (size_t i = 0; i < 2; i++) {
		*(h->kind == CIB_HAPPENED_ACCEPTED ? &both[i]->accepted : h->kind == CIB_HAPPENED_RETURNED ? &both[i]->returned
		                                                                                           : &both[i]->declined) += 1;
		if (when)
			add_wait(both[i], h->when - when);
	}
	count_checks(c, h->path, &h->blob, h->kind != CIB_HAPPENED_ACCEPTED);
}

static void count_remark(counter *c, const cib_happening *h)
{
	const cib_kind *kind = cib_network_kind(c->ws->net, h->entry_kind);
	cJSON *doc = cib_review_doc(c->ws, &h->blob);
	cib_buf pointer = CIB_BUF_INIT;
	bool placed = doc && kind && *h->field && cib_merge_path_to_pointer(&pointer, doc, cib_network_rules(c->ws->net, kind), h->field);
	char *title = *h->field ? cib_field_title(c->ws->net, kind, placed ? pointer.data : h->field, c->lang) : cib_strdup("");
	of_cause(&c->out->fields, &c->out->field_count, &c->out->field_cap, title, title)->entries++;
	free(title);
	cib_buf_free(&pointer);
	cJSON_Delete(doc);
}

static int count_waiting(counter *c, const char *member, cib_error *err)
{
	cib_review_queue queue = CIB_REVIEW_QUEUE_INIT;
	int status = cib_review_list(&queue, c->ws, member, err);
	for (size_t i = 0; i < queue.count && status == CIB_OK; i++) {
		const cib_review_item *item = &queue.items[i];
		cib_member_stats *m = of_member(c, item->member), *const both[] = {m, &c->out->all};
		if (item->state != CIB_REVIEW_PENDING)
			continue;
		cib_happening h = {.member = item->member, .path = item->path, .blob = item->proposed, .when = c->now};
		int64_t age = c->now - written(c, &h);
		for (size_t k = 0; k < 2; k++) {
			both[k]->waiting++;
			if (age > both[k]->oldest && age < c->now)
				both[k]->oldest = age;
		}
		count_checks(c, item->path, &item->proposed, false);
	}
	cib_review_queue_free(&queue);
	return status;
}

int cib_review_stats_load(cib_review_stats *out, cib_workspace *ws, int64_t since, const char *member, const char *lang, cib_error *err)
{
	*out = (cib_review_stats){.all = {.member = cib_strdup(""), .median_wait = -1, .longest_wait = -1, .oldest = -1}};
	counter c = {ws, out, lang, (int64_t)time(NULL)};
	cib_happenings list;
	cib_happened_span span = {.since = since, .member = member, .lang = lang};
	int status = cib_happenings_load(&list, ws, &span, err);
	for (size_t i = 0; i < list.count && status == CIB_OK; i++)
		if (list.items[i].kind == CIB_HAPPENED_COMMENTED)
			count_remark(&c, &list.items[i]);
		else if (list.items[i].kind != CIB_HAPPENED_CORRECTED)
			count_decision(&c, &list.items[i]);
	if (status == CIB_OK)
		status = count_waiting(&c, member, err);
	for (size_t i = 0; i < out->member_count; i++)
		sum_up(&out->members[i]);
	sum_up(&out->all);
	if (out->member_count)
		qsort(out->members, out->member_count, sizeof *out->members, by_name);
	if (out->check_count)
		qsort(out->checks, out->check_count, sizeof *out->checks, by_frequency);
	if (out->field_count)
		qsort(out->fields, out->field_count, sizeof *out->fields, by_frequency);
	cib_happenings_clear(&list);
	return status;
}
