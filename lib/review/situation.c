/* How a copy stands (see situation.h). */
#include "review/situation.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static int count_path(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	(void)path;
	(void)a;
	(void)b;
	++*(size_t *)payload;
	return 0;
}

int cib_situation_load(cib_situation *s, cib_workspace *ws, const char *lang, size_t dated, cib_error *err)
{
	cib_oid central_main, central_own;
	int status = cib_workspace_changes(&s->changes, ws, lang, err);
	if (status == CIB_OK)
		status = cib_conflicts_list(&s->conflicts, ws, err);
	if (status != CIB_OK)
		return status;
	status = cib_standings_load(&s->standings, ws, &s->changes, err);
	if (status == CIB_OK)
		status = cib_refusals_load(&s->refusals, ws, err);
	if (status == CIB_OK)
		status = cib_nudges_load(&s->nudges, ws, (int64_t)time(NULL), dated, err);
	if (status != CIB_OK)
		return status;
	s->seen_central = cib_store_ref_get(&central_main, ws->store, "refs/cib/central/main", NULL) == CIB_OK;
	if (!s->seen_central)
		return CIB_OK;
	if (!ws->member) {
		cib_store_diff2(ws->store, &central_main, &ws->tip, count_path, &s->unsent, NULL);
		return cib_review_list(&s->queue, ws, NULL, err);
	}
	bool own = cib_store_ref_get(&central_own, ws->store, "refs/cib/central/own", NULL) == CIB_OK;
	if (cib_network_review_policy(ws->net)[0] == 'n')
		own = false;
	if (!own || !cib_store_is_ancestor(ws->store, &ws->tip, &central_own)) {
		char *prefix = cib_format("members/%s", ws->member);
		cib_oid none = {{0}}, mine = none, theirs = none;
		unsigned mode;
		const cib_oid *from = own ? &central_own : &central_main;
		cib_store_tree_get(&mine, &mode, ws->store, &ws->tip, prefix, NULL);
		cib_store_tree_get(&theirs, &mode, ws->store, from, prefix, NULL);
		cib_store_diff2(ws->store, &theirs, &mine, count_path, &s->unsent, NULL);
		free(prefix);
	}
	status = cib_workspace_main(&central_main, ws, err); /* by whichever way it came */
	return status == CIB_OK ? cib_review_compare(&s->queue, ws, ws->member, &central_main, &ws->tip, err) : status;
}

void cib_situation_clear(cib_situation *s)
{
	cib_work_changes_free(&s->changes);
	cib_open_conflicts_free(&s->conflicts);
	cib_review_queue_free(&s->queue);
	cib_standings_free(&s->standings);
	cib_refusals_free(&s->refusals);
	cib_nudges_clear(&s->nudges);
}

size_t cib_situation_count(const cib_situation *s, cib_review_state state)
{
	size_t n = 0;
	for (size_t i = 0; i < s->queue.count; i++)
		n += s->queue.items[i].state == state;
	return n;
}

cib_next_step cib_situation_next(const cib_situation *s, const cib_workspace *ws)
{
	if (s->refusals.count) /* it holds up the rest */
		return s->refusals.items[0].path ? CIB_NEXT_REFUSED_ENTRY : CIB_NEXT_REFUSED;
	for (size_t i = 0; i < s->changes.count; i++)
		if (s->changes.items[i].draft)
			return CIB_NEXT_MEND;
	if (s->conflicts.count)
		return CIB_NEXT_RESOLVE;
	if (s->changes.count || s->unsent)
		return CIB_NEXT_SHARE;
	if (ws->member && cib_situation_count(s, CIB_REVIEW_RETURNED))
		return CIB_NEXT_RETURNED;
	if (!ws->member && cib_situation_count(s, CIB_REVIEW_PENDING))
		return CIB_NEXT_REVIEW;
	return CIB_NEXT_NOTHING;
}

bool cib_review_unanswered(cib_workspace *ws, const cib_review_item *item)
{
	cib_dialogue d = {0};
	bool waits = item->state == CIB_REVIEW_PENDING && cib_dialogue_load(&d, ws, item->member, item->id, NULL) == CIB_OK && d.count &&
	             d.items[d.count - 1].by_secretariat == (ws->member != NULL);
	cib_dialogue_clear(&d);
	return waits;
}
