/* What a sync or a bundle brought (see brought.h). */
#include "brought.h"
#include "cmd.h"

#include <string.h>

/* What became of staff's entries; of the secretariat what members sent and said, and what a colleague decided. */
static void load_news(cib_happenings *list, cib_workspace *ws, const cib_oid *main_before)
{
	cib_happened_span span = {.from = main_before, .lang = cib_term_lang(), .arrivals = true};
	size_t n = 0;
	if (cib_happenings_load(list, ws, &span, NULL) != CIB_OK)
		return;
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].user, ws->user) != 0 || list->items[i].kind == CIB_HAPPENED_ARRIVED)
			list->items[n++] = list->items[i];
		else
			cib_happening_clear(&list->items[i]);
	list->count = n;
}

void cib_brought_load(cib_brought *out, cib_workspace *ws, const cib_oid *main_before)
{
	cib_work_changes changes = {0};
	*out = (cib_brought){0};
	if (cib_workspace_changes(&changes, ws, cib_term_lang(), NULL) == CIB_OK)
		cib_standings_load(&out->standings, ws, &changes, NULL);
	cib_work_changes_free(&changes);
	if (main_before)
		load_news(&out->news, ws, main_before);
}

void cib_brought_clear(cib_brought *brought)
{
	cib_happenings_clear(&brought->news);
	cib_standings_free(&brought->standings);
}

static size_t came_back(const cib_brought *b)
{
	return cib_standings_count(&b->standings, CIB_STANDS_RETURNED) + cib_standings_count(&b->standings, CIB_STANDS_DECLINED);
}

void cib_print_report(const cib_sync_report *r, const cib_brought *b, const char *nothing)
{
	cib_print_clean(stderr, cib_buf_str(&r->notes));
	if (nothing && r->saved + r->sent + r->sent_more + r->received + r->merged + r->conflicts + came_back(b) + b->news.count == 0)
		fputs(nothing, stderr);
	if (r->sent)
		fprintf(stderr, cib_ngettext("Sent %zu entry.\n", "Sent %zu entries.\n", r->sent), r->sent);
	else if (r->sent_more)
		fputs(_("Sent decisions, rules or conflicts, and no entry.\n"), stderr);
	if (r->received)
		fprintf(stderr, cib_ngettext("Received %zu entry.\n", "Received %zu entries.\n", r->received), r->received);
	if (r->merged)
		fprintf(stderr, cib_ngettext("Joined both sides' edits in %zu entry.\n", "Joined both sides' edits in %zu entries.\n", r->merged), r->merged);
	if (r->conflicts)
		fprintf(stderr, cib_ngettext("%zu new conflict: nothing is lost, both values are kept. Next: cib resolve\n", "%zu new conflicts: nothing is lost, both values are kept. Next: cib resolve\n", r->conflicts), r->conflicts);
	cib_print_drafts(r);
}

size_t cib_count_pending(cib_workspace *ws)
{
	cib_review_queue queue = CIB_REVIEW_QUEUE_INIT;
	size_t n = 0;
	if (!ws->member && cib_review_list(&queue, ws, NULL, NULL) == CIB_OK)
		for (size_t i = 0; i < queue.count; i++)
			n += queue.items[i].state == CIB_REVIEW_PENDING;
	cib_review_queue_free(&queue);
	return n;
}

void cib_print_brought(cib_workspace *ws, const cib_brought *b)
{
	size_t pending = cib_count_pending(ws);
	cib_print_digest(stderr, ws, &b->news, 5);
	if (ws->member) {
		cib_print_standings(stderr, ws, &b->standings, false);
		if (cib_standings_count(&b->standings, CIB_STANDS_REFUSED))
			fprintf(stderr, _("Next: %s\n"), _("change what the server refused: cib edit ID, then cib sync"));
		if (came_back(b))
			fputs(_("Next: cib status shows what the secretariat said\n"), stderr);
	} else if (pending) {
		fprintf(stderr, cib_ngettext("%zu entry waits for review. Next: cib review\n", "%zu entries wait for review. Next: cib review\n", pending), pending);
	}
}
