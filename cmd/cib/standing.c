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

static const char *const words[] = {N_("only here"), N_("refused"), N_("sent"), N_("seen"), N_("returned"), N_("declined"), N_("accepted")};
enum { WIDTH = 9 }; /* of the longest, but for languages that need more */

static bool has_reason(int stands)
{
	return stands == CIB_STANDS_REFUSED || stands == CIB_STANDS_RETURNED || stands == CIB_STANDS_DECLINED;
}

/* How many stand so; the caller's. */
static char *counted(cib_stands stands, size_t n)
{
	switch (stands) {
	case CIB_STANDS_HERE:
		return cib_format(cib_ngettext("%zu only here", "%zu only here", n), n);
	case CIB_STANDS_REFUSED:
		return cib_format(cib_ngettext("%zu refused by the server", "%zu refused by the server", n), n);
	case CIB_STANDS_SENT:
		return cib_format(cib_ngettext("%zu sent", "%zu sent", n), n);
	case CIB_STANDS_SEEN:
		return cib_format(cib_ngettext("%zu seen by the secretariat", "%zu seen by the secretariat", n), n);
	case CIB_STANDS_RETURNED:
		return cib_format(cib_ngettext("%zu returned", "%zu returned", n), n);
	case CIB_STANDS_DECLINED:
		return cib_format(cib_ngettext("%zu declined", "%zu declined", n), n);
	case CIB_STANDS_ACCEPTED:
		break;
	}
	return cib_format(cib_ngettext("%zu accepted", "%zu accepted", n), n);
}

static void print_summary(FILE *stream, const cib_standings *list)
{
	fputs(_("Your entries:"), stream);
	const char *comma = "";
	for (int stands = CIB_STANDS_HERE; stands <= CIB_STANDS_ACCEPTED; stands++) {
		size_t n = cib_standings_count(list, (cib_stands)stands);
		if (!n)
			continue;
		char *text = counted((cib_stands)stands, n);
		fprintf(stream, "%s %s", comma, text);
		free(text);
		comma = ",";
	}
	fputc('\n', stream);
}

void cib_print_standings(FILE *stream, cib_workspace *ws, const cib_standings *list, bool reasons)
{
	enum { MOST = 20 };
	size_t shown = 0, width = WIDTH;
	if (list->count)
		print_summary(stream, list);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t wide = cib_text_width(_(words[i]), strlen(_(words[i])));
		width = wide > width ? wide : width;
	}
	for (int stands = CIB_STANDS_HERE; stands < CIB_STANDS_ACCEPTED; stands++)
		for (size_t i = 0; i < list->count && !(reasons && has_reason(stands)); i++) {
			const cib_standing *s = &list->items[i];
			if ((int)s->stands != stands || (reasons && s->changed) || shown++ >= MOST)
				continue;
			fputs("  ", stream);
			cib_print_padded(stream, _(words[stands]), width);
			fprintf(stream, " %s%s", s->id, s->removed ? _(" (removed)") : s->draft ? _(" (draft)")
			                                                                        : "");
			cib_print_title(stream, ws, s->path);
		}
	if (shown > MOST)
		fprintf(stream, _("  and %zu more: cib status --json\n"), shown - MOST);
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
		fprintf(stream, list->items[0].date ? _("Refused by the server on %s:\n") : _("Refused by the server on an unknown day:\n"), list->items[0].date);
	for (size_t i = 0; i < list->count; i++) {
		const cib_refusal *r = &list->items[i];
		bool same = i && r->path && list->items[i - 1].path && strcmp(r->path, list->items[i - 1].path) == 0;
		if (r->path && !same) {
			cib_place place;
			cib_network_place(&place, ws->net, r->path);
			fputs("  ", stream);
			cib_print_padded(stream, _("refused"), WIDTH);
			fprintf(stream, " %s", *place.id ? place.id : r->path);
			cib_print_title(stream, ws, r->path);
		}
		print_reason(stream, r);
	}
}
