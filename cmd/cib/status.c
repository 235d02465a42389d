/* cib status: what is changed, waiting, returned or in conflict, and the next command. */
#include "editor.h"
#include "review.h"
#include "review/situation.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char usage[] = "status [--json]";

enum { SHOWN = 5 }; /* of each kind of nudge; more are counted */

/* What goes with an entry is told as what it is: a record that came is a conflict (of an edit that was not saved), one that goes was settled. */
static const char *change_word(const cib_work_change *c, const cib_place *place)
{
	static const char *const words[] = {N_("new"), N_("changed"), N_("removed")};
	if (c->draft)
		return _("draft");
	if (place->area != CIB_AREA_RECORD)
		return _(words[c->kind]);
	if (!strstr(c->path, "/conflicts/"))
		return _("remark");
	return c->kind == CIB_CHANGE_ADDED ? _("conflict") : _("settled");
}

static void print_changes(cib_workspace *ws, const cib_work_changes *changes)
{
	if (changes->count)
		fputs(_("Changed here, not saved:\n"), stdout);
	for (size_t i = 0; i < changes->count; i++) {
		const cib_work_change *c = &changes->items[i];
		cib_place place;
		cib_network_place(&place, ws->net, c->path);
		fputs("  ", stdout);
		cib_print_padded(stdout, change_word(c, &place), 8);
		printf(" %s", *place.id ? place.id : c->path);
		cib_print_title(stdout, ws, c->path);
		for (size_t k = 0; k < c->findings.count; k++)
			if (c->findings.items[k].severity == CIB_ERROR) {
				fputs("           ", stdout);
				cib_print_finding(stdout, &c->findings.items[k]);
			}
	}
}

static void print_returned(cib_workspace *ws, const cib_review_queue *q)
{
	for (size_t i = 0; i < q->count; i++) {
		const cib_review_item *item = &q->items[i];
		cJSON *record = NULL;
		if (item->state == CIB_REVIEW_PENDING || cib_review_record(&record, ws->store, &ws->tip, item->member, item->id, NULL) != CIB_OK || !record)
			continue;
		printf("  %s  %s", item->state == CIB_REVIEW_RETURNED ? _("returned") : _("declined"), item->id);
		cib_print_title(stdout, ws, item->path);
		cib_place place;
		cib_buf text = CIB_BUF_INIT;
		cJSON *doc = NULL;
		cib_network_place(&place, ws->net, item->path);
		if (cib_workspace_read(&text, ws, item->path, NULL) == CIB_OK)
			cib_json_read(&doc, text.data, text.len, NULL, NULL);
		cib_print_dialogue(stdout, ws, &place, doc, 12);
		cJSON_Delete(doc);
		cib_buf_free(&text);
		cJSON_Delete(record);
	}
}

/* Entries that wait, about which the other side said something that has no answer yet. */
static void print_unanswered(cib_workspace *ws, const cib_review_queue *q)
{
	for (size_t i = 0; i < q->count; i++) {
		const cib_review_item *item = &q->items[i];
		cib_place place;
		if (!cib_review_unanswered(ws, item))
			continue;
		printf(_("  commented %s"), item->id);
		cib_print_title(stdout, ws, item->path);
		cib_network_place(&place, ws->net, item->path);
		cib_print_dialogue(stdout, ws, &place, NULL, 12);
	}
}

/* Of what waits for review: entries elsewhere that may be the same. */
static void print_duplicates(cib_workspace *ws, const cib_review_queue *q)
{
	cib_duplicates *index = NULL;
	if (!ws->member || q->count == 0 || cib_duplicates_open(&index, ws, NULL) != CIB_OK)
		return;
	for (size_t i = 0; i < q->count; i++) {
		cib_buf text = CIB_BUF_INIT;
		cib_duplicate_list list = {0};
		cJSON *doc = NULL;
		if (cib_workspace_read(&text, ws, q->items[i].path, NULL) == CIB_OK && cib_json_read(&doc, text.data, text.len, NULL, NULL) == CIB_OK)
			cib_duplicates_find(&list, index, q->items[i].path, doc, cib_term_lang(), NULL);
		if (list.open) {
			printf(_("  duplicate? %s"), q->items[i].id);
			cib_print_title(stdout, ws, q->items[i].path);
			cib_print_duplicates(stdout, &list, 12);
		}
		cib_duplicate_list_clear(&list);
		cJSON_Delete(doc);
		cib_buf_free(&text);
	}
	cib_duplicates_free(index);
}

/* One kind of nudge: entries that nobody touched, or that are over without a result. */
static void print_nudged(cib_workspace *ws, const cib_nudges *nudges, bool untouched)
{
	size_t n = 0;
	for (size_t i = 0; i < nudges->count; i++)
		n += untouched ? nudges->items[i].untouched : nudges->items[i].ended != NULL;
	if (!n)
		return;
	printf(untouched ? _("Untouched for long, do they still hold? %zu\n") : _("Over, and nothing says what came of it: %zu\n"), n);
	for (size_t i = 0, shown = 0; i < nudges->count && shown < SHOWN; i++) {
		const cib_nudge *nudge = &nudges->items[i];
		if (untouched ? !nudge->untouched : !nudge->ended)
			continue;
		shown++;
		printf("  %-10s %s", untouched ? nudge->touched ? nudge->touched : "" : nudge->ended, nudge->id);
		cib_print_title(stdout, ws, nudge->path);
	}
	if (n > SHOWN)
		printf(_("  and %zu more: cib status --json names them\n"), n - SHOWN);
	if (untouched)
		fputs(_("  change them, or say that they hold: cib set ID --confirmed\n"), stdout);
}

static void print_nudges(cib_workspace *ws, const cib_nudges *nudges)
{
	print_nudged(ws, nudges, false);
	print_nudged(ws, nudges, true);
	if (nudges->quiet)
		printf(_("Members who have not synced for three months: %zu (cib members --quiet)\n"), nudges->quiet);
}

static const char *next_step(const cib_situation *s, const cib_workspace *ws)
{
	static const char *const steps[] = {
		N_("change what the server refused: cib edit ID, then cib sync"),
		N_("do what the server asks for, then: cib sync"),
		N_("mend the drafts: cib edit ID; the rest goes with: cib sync"),
		N_("settle the conflicts: cib resolve"),
		N_("share your work: cib sync"),
		N_("change what came back: cib edit ID, then cib sync"),
		N_("review what waits: cib review"),
		N_("nothing to do; see what is new with: cib sync"),
	};
	return steps[cib_situation_next(s, ws)];
}

static void print_text(const cib_situation *s, cib_workspace *ws)
{
	printf(_("%s, user %s\n"), ws->member ? ws->member : _("Secretariat"), ws->user);
	print_changes(ws, &s->changes);
	if (s->unsent)
		printf(_("Saved, not yet sent: %zu\n"), s->unsent);
	size_t pending = cib_situation_count(s, CIB_REVIEW_PENDING), back = s->queue.count - pending;
	cib_print_refusals(stdout, ws, &s->refusals);
	if (pending)
		printf(ws->member ? _("Waiting for the secretariat: %zu\n") : _("Waiting for review: %zu\n"), pending);
	if (ws->member)
		cib_print_standings(stdout, ws, &s->standings, true);
	if (ws->member && back) {
		printf(_("Came back with comments: %zu\n"), back);
		print_returned(ws, &s->queue);
	}
	print_unanswered(ws, &s->queue);
	print_duplicates(ws, &s->queue);
	if (s->conflicts.count)
		printf(_("In conflict: %zu\n"), s->conflicts.count);
	for (size_t i = 0; i < s->conflicts.count; i++) {
		printf("  %s  ", s->conflicts.items[i].id);
		cib_print_conflict_field(stdout, ws, &s->conflicts.items[i]);
	}
	print_nudges(ws, &s->nudges);
	cib_edit_print_left(stdout, ws);
	printf(_("Next: %s\n"), _(next_step(s, ws)));
}

static cJSON *nudge_json(const cib_nudge *nudge)
{
	cJSON *row = cJSON_CreateObject();
	cJSON_AddStringToObject(row, "id", nudge->id);
	cJSON_AddStringToObject(row, "path", nudge->path);
	cJSON_AddBoolToObject(row, "untouched", nudge->untouched);
	if (nudge->touched)
		cJSON_AddStringToObject(row, "touched", nudge->touched);
	if (nudge->ended) {
		cJSON_AddStringToObject(row, "ended", nudge->ended);
		cJSON_AddStringToObject(row, "missing", nudge->missing);
	}
	return row;
}

static void print_json(const cib_situation *s, const cib_workspace *ws)
{
	static const char *const words[] = {"added", "modified", "removed"}, *const states[] = {"pending", "returned", "declined"};
	cJSON *doc = cJSON_CreateObject();
	cJSON_AddNumberToObject(doc, "v", 1);
	cJSON_AddStringToObject(doc, "user", ws->user);
	cJSON_AddStringToObject(doc, "member", ws->member ? ws->member : "");
	cJSON *changes = cJSON_AddArrayToObject(doc, "changes"), *conflicts = cJSON_AddArrayToObject(doc, "conflicts");
	cJSON *review = cJSON_AddArrayToObject(doc, "review");
	for (size_t i = 0; i < s->changes.count; i++) {
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "path", s->changes.items[i].path);
		cJSON_AddStringToObject(row, "change", words[s->changes.items[i].kind]);
		cJSON_AddBoolToObject(row, "draft", s->changes.items[i].draft);
		cJSON_AddItemToArray(changes, row);
	}
	for (size_t i = 0; i < s->conflicts.count; i++) {
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "id", s->conflicts.items[i].id);
		cJSON_AddStringToObject(row, "field", s->conflicts.items[i].path);
		cJSON_AddItemToArray(conflicts, row);
	}
	for (size_t i = 0; i < s->queue.count; i++) {
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "id", s->queue.items[i].id);
		cJSON_AddStringToObject(row, "member", s->queue.items[i].member);
		cJSON_AddStringToObject(row, "state", states[s->queue.items[i].state]);
		cJSON_AddItemToArray(review, row);
	}
	cJSON_AddItemToObject(doc, "entries", cib_standings_json(&s->standings, &s->refusals));
	cJSON *refused = cJSON_AddArrayToObject(doc, "refused");
	for (size_t i = 0; i < s->refusals.count; i++)
		if (!s->refusals.items[i].path)
			cJSON_AddItemToArray(refused, cJSON_CreateString(s->refusals.items[i].message));
	cJSON *nudges = cJSON_AddArrayToObject(doc, "nudges");
	for (size_t i = 0; i < s->nudges.count; i++)
		cJSON_AddItemToArray(nudges, nudge_json(&s->nudges.items[i]));
	if (!ws->member)
		cJSON_AddNumberToObject(doc, "quietMembers", (double)s->nudges.quiet);
	cJSON_AddNumberToObject(doc, "unsent", (double)s->unsent);
	cJSON_AddStringToObject(doc, "next", next_step(s, ws));
	cib_print_json(stdout, doc);
	cJSON_Delete(doc);
}

int cib_cmd_status(int argc, char **argv)
{
	bool json = false;
	const cib_opt opts[] = {{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("as one JSON object")}, {0}};
	int code = cib_opt_parse(argc, argv, usage, opts, NULL);
	if (code)
		return code - 1;
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	cib_situation s = {0};
	cib_error err = CIB_ERROR_INIT;
	if (cib_situation_load(&s, ws, cib_term_lang(), SHOWN, &err) != CIB_OK)
		code = cib_fail(&err);
	else if (json)
		print_json(&s, ws);
	else
		print_text(&s, ws);
	cib_situation_clear(&s);
	cib_workspace_free(ws);
	return code;
}
