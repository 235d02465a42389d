/* How the own entries stand, for people and for programs: status, sync. */
#include "cmd.h"
#include "review/review.h"

#include <stdlib.h>
#include <string.h>

void cib_print_title(FILE *stream, cib_workspace *ws, const char *path)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	if (cib_workspace_read(&text, ws, path, NULL) == CIB_OK && cib_json_read(&doc, text.data, text.len, NULL, NULL) == CIB_OK) {
		fputs("  ", stream);
		cib_print_clean(stream, cib_entry_title(doc, cib_term_lang()));
	}
	fputc('\n', stream);
	cJSON_Delete(doc);
	cib_buf_free(&text);
}

static const char *const words[] = {"only here", "refused", "sent", "seen", "returned", "declined", "accepted"};

static bool has_reason(int stands)
{
	return stands == CIB_STANDS_REFUSED || stands == CIB_STANDS_RETURNED || stands == CIB_STANDS_DECLINED;
}

void cib_print_standings(FILE *stream, cib_workspace *ws, const cib_standings *list, bool reasons)
{
	enum { MOST = 20 };
	static const char *const counted[] = {"only here", "refused by the server", "sent", "seen by the secretariat", "returned", "declined", "accepted"};
	size_t shown = 0;
	for (int stands = CIB_STANDS_HERE; stands < CIB_STANDS_ACCEPTED; stands++)
		for (size_t i = 0; i < list->count && !(reasons && has_reason(stands)); i++) {
			const cib_standing *s = &list->items[i];
			if ((int)s->stands != stands || shown++ >= MOST)
				continue;
			fprintf(stream, "  %-9s %s%s", words[stands], s->id, s->removed ? " (removed)" : s->draft ? " (draft)"
			                                                                                          : "");
			cib_print_title(stream, ws, s->path);
		}
	if (shown > MOST)
		fprintf(stream, "  and %zu more: cib status --json\n", shown - MOST);
	if (!list->count)
		return;
	fputs("Your entries:", stream);
	const char *comma = "";
	for (int stands = CIB_STANDS_HERE; stands <= CIB_STANDS_ACCEPTED; stands++) {
		size_t n = cib_standings_count(list, (cib_stands)stands);
		if (!n)
			continue;
		fprintf(stream, "%s %zu %s", comma, n, counted[stands]);
		comma = ",";
	}
	fputc('\n', stream);
}

static cJSON *reasons_of(const cib_standing *s, const cib_refusals *refusals)
{
	cJSON *list = cJSON_CreateArray();
	for (size_t i = 0; i < refusals->count; i++) {
		const cib_refusal *r = &refusals->items[i];
		if (!r->path || strcmp(r->path, s->path) != 0)
			continue;
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "pointer", r->pointer ? r->pointer : "");
		cJSON_AddStringToObject(row, "message", r->message);
		if (r->hint)
			cJSON_AddStringToObject(row, "hint", r->hint);
		cJSON_AddItemToArray(list, row);
	}
	return list;
}

cJSON *cib_standings_json(const cib_standings *list, const cib_refusals *refusals)
{
	cJSON *rows = cJSON_CreateArray();
	for (size_t i = 0; i < list->count; i++) {
		const cib_standing *s = &list->items[i];
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "id", s->id);
		cJSON_AddStringToObject(row, "path", s->path);
		cJSON_AddStringToObject(row, "state", cib_stands_word(s->stands));
		cJSON_AddBoolToObject(row, "draft", s->draft);
		cJSON_AddBoolToObject(row, "removed", s->removed);
		if (refusals && s->stands == CIB_STANDS_REFUSED)
			cJSON_AddItemToObject(row, "reasons", reasons_of(s, refusals));
		cJSON_AddItemToArray(rows, row);
	}
	return rows;
}

static void print_reason(FILE *stream, const cib_refusal *r)
{
	fputs("            ", stream);
	if (r->pointer)
		fprintf(stream, "%s: ", r->pointer);
	cib_print_clean(stream, r->message);
	fputc('\n', stream);
	if (r->hint) {
		fputs("              ", stream);
		cib_print_clean(stream, r->hint);
		fputc('\n', stream);
	}
}

void cib_print_refusals(FILE *stream, cib_workspace *ws, const cib_refusals *list)
{
	if (list->count)
		fprintf(stream, "Refused by the server on %s:\n", list->items[0].date ? list->items[0].date : "an unknown day");
	for (size_t i = 0; i < list->count; i++) {
		const cib_refusal *r = &list->items[i];
		bool same = i && r->path && list->items[i - 1].path && strcmp(r->path, list->items[i - 1].path) == 0;
		if (r->path && !same) {
			cib_place place;
			cib_network_place(&place, ws->net, r->path);
			fprintf(stream, "  refused   %s", *place.id ? place.id : r->path);
			cib_print_title(stream, ws, r->path);
		}
		print_reason(stream, r);
	}
}
