/* Which entries a report is made of when only a part is asked for. */
#include "report/private.h"

#include <string.h>

typedef struct {
	const cib_report_filter *only;
	bool country, sdg, theme; /* found */
} looking;

static bool is(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static void look_at_code(const cib_codelist *list, const cib_code *code, const char *given, const char *pointer, void *payload)
{
	looking *l = payload;
	const char *name = cib_codelist_name(list);
	(void)code;
	(void)pointer;
	if (strcmp(name, "Country") == 0)
		l->country = l->country || is(given, l->only->country);
	if (strcmp(name, "themes") == 0)
		l->theme = l->theme || is(given, l->only->theme);
	if (strncmp(name, "UNSDG-", 6) == 0) {
		char goal[4];
		cib_sdg_goal(goal, given);
		l->sdg = l->sdg || is(given, l->only->sdg) || is(goal, l->only->sdg);
	}
}

/* As owner, among the owners, or as an item of a list (partners, parties). */
static bool takes_part(const cib_place *place, const cJSON *doc, const char *member)
{
	const cJSON *item;
	if (strcmp(place->member, member) == 0)
		return true;
	for (const cJSON *list = doc->child; list; list = list->next) {
		if (!cJSON_IsArray(list))
			continue;
		cJSON_ArrayForEach(item, list) if (is(cJSON_IsString(item) && is(list->string, "owners") ? item->valuestring : cib_json_string(item, "member"), member)) return true;
	}
	return false;
}

bool cib_report_is_about(const cib_report *r, const cib_place *place, const cJSON *doc)
{
	const cib_report_filter *only = &r->priv->options.only;
	looking l = {.only = only};
	if (only->member && !takes_part(place, doc, only->member))
		return false;
	if (only->country || only->sdg || only->theme)
		cib_entry_codes(r->priv->options.net, place->kind, doc, look_at_code, &l);
	return (!only->country || l.country) && (!only->sdg || l.sdg) && (!only->theme || l.theme);
}
