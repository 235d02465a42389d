/* What is read of entries: one pass, each document in an arena that is emptied after it; what reports keep is copied small. */
#include "report/private.h"

#include <stdlib.h>
#include <string.h>

/* ---- memory ---- */

void *cib_report_new(cib_report *r, size_t size)
{
	return memset(cib_arena_alloc(&r->priv->arena, size), 0, size);
}

void *cib_report_grow(cib_report *r, void *items, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return items;
	size_t more = *cap ? *cap * 2 : 4;
	more = more < need ? need : more;
	void *grown = cib_report_new(r, more * size);
	if (*cap)
		memcpy(grown, items, *cap * size);
	*cap = more;
	return grown;
}

const char *cib_report_intern(cib_report *r, const char *s)
{
	if (!s)
		return NULL;
	cib_tally *names = &r->priv->names;
	size_t found = cib_tally_get(names, s);
	if (found != SIZE_MAX)
		return (const char *)found; /* the map's values are the addresses of its keys */
	const char *kept = cib_arena_strndup(&r->priv->arena, s, strlen(s));
	*cib_tally_at(names, kept) = (size_t)(uintptr_t)kept;
	return kept;
}

bool cib_strings_has(const cib_strings *list, const char *s)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], s) == 0)
			return true;
	return false;
}

void cib_strings_add(cib_report *r, cib_strings *list, const char *s)
{
	if (!s || !*s || cib_strings_has(list, s))
		return;
	list->items = cib_report_grow(r, (void *)(uintptr_t)list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count++] = s;
}

/* ---- values of a document ---- */

cib_fact_text cib_report_pick(cib_report *r, const cJSON *map, const char *source)
{
	const cJSON *found = NULL, *item;
	const char *wanted[] = {r->priv->lang, source};
	for (size_t i = 0; i < 2 && !found; i++)
		found = wanted[i] ? cib_json_get(map, wanted[i]) : NULL;
	if (!found)
		cJSON_ArrayForEach(item, map) if (!found && cJSON_IsString(item)) found = item;
	if (!found || !cJSON_IsString(found))
		return (cib_fact_text){NULL, NULL};
	return (cib_fact_text){cib_report_intern(r, found->valuestring), cib_report_intern(r, found->string)};
}

void cib_report_strings(cib_report *r, cib_strings *out, const cJSON *array)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, array) if (cJSON_IsString(item)) cib_strings_add(r, out, cib_report_intern(r, item->valuestring));
}

void cib_report_codes(cib_report *r, cib_fact_codes *out, const cJSON *array)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, array)
	{
		const char *code = cib_json_string(item, "code"), *percent = cib_json_string(item, "percentage"), *relevance = cib_json_string(item, "relevance");
		if (!code)
			continue;
		out->items = cib_report_grow(r, out->items, &out->cap, out->count + 1, sizeof *out->items);
		out->items[out->count++] = (cib_fact_code){cib_report_intern(r, code), percent ? strtod(percent, NULL) : -1, relevance && strcmp(relevance, "primary") == 0};
	}
}

int cib_year_of(const char *date)
{
	return date && strlen(date) >= 4 ? atoi((char[]){date[0], date[1], date[2], date[3], '\0'}) : 0;
}

/* ---- members ---- */

static void take_member(cib_report *r, const cib_report_entry *e)
{
	cib_report_state *s = r->priv;
	const cJSON *d = e->doc;
	s->members = cib_report_grow(r, s->members, &s->member_cap, s->member_count + 1, sizeof *s->members);
	cib_fact_member *m = &s->members[s->member_count];
	*m = (cib_fact_member){
		.id = e->id,
		.country = cib_report_intern(r, cib_json_string(d, "country")),
		.section = cib_report_intern(r, cib_json_string(d, "uclgSection")),
		.status = cib_report_intern(r, cib_json_string(d, "status")),
		.type = cib_report_intern(r, cib_json_string(d, "memberType")),
		.acronym = cib_report_intern(r, cib_json_string(d, "acronym")),
		.name = cib_report_pick(r, cib_json_get(d, "name"), cib_json_string(d, "sourceLanguage")),
	};
	cib_report_strings(r, &m->languages, cib_json_get(d, "languages"));
	cib_report_strings(r, &m->themes, cib_json_get(d, "themes"));
	cib_report_strings(r, &m->offers, cib_json_get(d, "offers"));
	cib_report_strings(r, &m->seeks, cib_json_get(d, "seeks"));
	*cib_tally_at(&s->member_index, m->id) = s->member_count++;
}

int cib_report_read_members(cib_report *r, cib_error *err)
{
	return cib_report_each(r, "member", take_member, err);
}

const cib_fact_member *cib_report_member(const cib_report *r, const char *id)
{
	size_t i = cib_tally_get(&r->priv->member_index, id);
	return i == SIZE_MAX ? NULL : &r->priv->members[i];
}

/* ---- projects ---- */

static void take_partners(cib_report *r, cib_fact_project *p, const cJSON *partners, const char *source)
{
	const cJSON *item;
	p->partners = cib_report_new(r, (size_t)cJSON_GetArraySize(partners) * sizeof *p->partners + 1);
	cJSON_ArrayForEach(item, partners)
	{
		const char *id = cib_report_intern(r, cib_json_string(item, "member"));
		const cib_fact_member *m = id ? cib_report_member(r, id) : NULL;
		if (id && strcmp(id, p->owner) == 0)
			continue;
		cib_strings_add(r, &p->members, id);
		cib_strings_add(r, &p->partner_countries, cib_report_intern(r, cib_json_string(item, "country")));
		cib_fact_text name = m ? m->name : cib_report_pick(r, cib_json_get(item, "name"), source);
		if (name.text || id)
			p->partners[p->partner_count++] = name.text ? name : (cib_fact_text){id, NULL};
	}
}

static void take_budget(cib_report *r, cib_fact_project *p, const cJSON *budget)
{
	const cJSON *item;
	p->budget = cib_report_new(r, (size_t)cJSON_GetArraySize(budget) * sizeof *p->budget + 1);
	cJSON_ArrayForEach(item, budget)
	{
		const char *amount = cib_json_string(item, "amount"), *currency = cib_json_string(item, "currency"), *type = cib_json_string(item, "type");
		if (amount && currency)
			p->budget[p->budget_count++] = (cib_fact_money){cib_report_intern(r, amount), cib_report_intern(r, currency), cib_report_intern(r, cib_json_string(item, "periodStart")),
			                                                type && strcmp(type, "2") == 0};
	}
}

static void take_markers(char markers[16], const cJSON *map)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, map)
	{
		int n = atoi(item->string);
		if (n > 0 && n < 16 && cJSON_IsString(item) && item->valuestring[0] >= '0' && item->valuestring[0] <= '4' && !item->valuestring[1])
			markers[n] = item->valuestring[0];
	}
}

static void take_links(cib_report *r, cib_fact_project *p, const cJSON *d)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, cib_json_get(d, "related"))
	{
		const char *type = cib_json_string(item, "type"), *id = cib_report_intern(r, cib_json_string(item, "project"));
		cib_strings_add(r, &p->related, id);
		if (type && strcmp(type, "5") == 0) /* another organisation's report of the same activity */
			cib_strings_add(r, &p->same_as, id);
	}
	cJSON_ArrayForEach(item, cib_json_get(d, "identifiers"))
	{
		const char *type = cib_json_string(item, "type"), *value = cib_json_string(item, "value");
		if (type && value && strlen(value) >= 4) {
			char *both = cib_format("%s %s", type, value);
			cib_strings_add(r, &p->identifiers, cib_report_intern(r, both));
			free(both);
		}
	}
}

void cib_report_take_project(cib_report *r, const cib_report_entry *e)
{
	cib_report_state *s = r->priv;
	const cJSON *d = e->doc, *dates = cib_json_get(d, "dates");
	const char *source = cib_json_string(d, "sourceLanguage"), *start = cib_json_string(dates, "actualStart"), *end = cib_json_string(dates, "actualEnd");
	const char *date_status = cib_json_string(d, "dateStatus");
	s->projects = cib_report_grow(r, s->projects, &s->project_cap, s->project_count + 1, sizeof *s->projects);
	cib_fact_project *p = &s->projects[s->project_count];
	*p = (cib_fact_project){
		.id = e->id,
		.owner = e->owner,
		.status = cib_report_intern(r, cib_json_string(d, "status")),
		.modality = cib_report_intern(r, cib_json_string(d, "modality")),
		.start = cib_report_intern(r, start ? start : cib_json_string(dates, "plannedStart")),
		.end = cib_report_intern(r, end ? end : cib_json_string(dates, "plannedEnd")),
		.tbc = date_status && strcmp(date_status, "tbc") == 0,
		.title = cib_report_pick(r, cib_json_get(d, "title"), source),
		.same = s->project_count,
	};
	s->project_count++;
	cib_strings_add(r, &p->members, p->owner);
	cib_report_strings(r, &p->members, cib_json_get(d, "owners"));
	p->owner_count = p->members.count;
	take_partners(r, p, cib_json_get(d, "partners"), source);
	cib_report_strings(r, &p->themes, cib_json_get(d, "themes"));
	cib_report_codes(r, &p->countries, cib_json_get(d, "recipientCountries"));
	cib_report_codes(r, &p->regions, cib_json_get(d, "recipientRegions"));
	cib_report_codes(r, &p->sectors, cib_json_get(d, "sectors"));
	cib_report_codes(r, &p->sdg, cib_json_get(d, "sdg"));
	take_markers(p->markers, cib_json_get(d, "markers"));
	take_budget(r, p, cib_json_get(d, "budget"));
	take_links(r, p, d);
}

bool cib_project_in_year(const cib_fact_project *p, int year)
{
	int from = cib_year_of(p->start), to = cib_year_of(p->end);
	return !year || ((!from || from <= year) && (!to || to >= year));
}

bool cib_project_counts(const cib_report *r, size_t i)
{
	const cib_fact_project *p = &r->priv->projects[i];
	return p->same == i && !(p->status && strcmp(p->status, "5") == 0) && cib_project_in_year(p, r->year);
}

void cib_note_folded(cib_report *r, size_t folded)
{
	if (folded)
		cib_block(r, CIB_BLOCK_NOTE, cib_plural(r, "note.folded", folded), NULL);
}

cib_fact_text cib_report_title_of(cib_report *r, const char *id)
{
	const cib_report_options *o = &r->priv->options;
	cib_fact_text title = {NULL, NULL};
	const cib_fact_member *m = id ? cib_report_member(r, id) : NULL;
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cib_place place;
	cib_oid blob;
	cJSON *doc = NULL;
	if (m)
		return m->name;
	bool found = id && (o->ws ? cib_workspace_find(&path, &place, o->ws, id, NULL) == CIB_OK && cib_workspace_read(&text, o->ws, path.data, NULL) == CIB_OK
	                          : cib_network_find(&path, &place, &blob, o->net, o->commit, id, NULL) == CIB_OK &&
	                                    cib_store_blob_read(&text, cib_network_store(o->net), &blob, 0, NULL) == CIB_OK);
	if (found && cib_json_read(&doc, cib_buf_str(&text), text.len, NULL, NULL) == CIB_OK)
		title = cib_report_pick(r, cib_json_get(doc, "title"), cib_json_string(doc, "sourceLanguage"));
	cJSON_Delete(doc);
	cib_buf_free(&path);
	cib_buf_free(&text);
	return title;
}

/* ---- one project in two entries ---- */

static size_t first_of(const cib_fact_project *projects, size_t i)
{
	while (projects[i].same != i)
		i = projects[i].same;
	return i;
}

static void join(cib_fact_project *projects, size_t a, size_t b)
{
	a = first_of(projects, a);
	b = first_of(projects, b);
	if (a != b)
		projects[a > b ? a : b].same = a < b ? a : b;
}

/* The members of another's report of the same: its owners become owners, too. */
static void add_members(cib_report *r, cib_fact_project *p, const cib_fact_project *other)
{
	cib_strings all = {0};
	for (size_t i = 0; i < p->owner_count; i++)
		cib_strings_add(r, &all, p->members.items[i]);
	for (size_t i = 0; i < other->owner_count; i++)
		cib_strings_add(r, &all, other->members.items[i]);
	p->owner_count = all.count;
	for (size_t i = 0; i < p->members.count; i++)
		cib_strings_add(r, &all, p->members.items[i]);
	for (size_t i = 0; i < other->members.count; i++)
		cib_strings_add(r, &all, other->members.items[i]);
	p->members = all;
}

size_t cib_report_fold_projects(cib_report *r)
{
	cib_report_state *s = r->priv;
	cib_tally ids = {0}, identifiers = {0};
	size_t folded = 0;
	for (size_t i = 0; i < s->project_count; i++)
		*cib_tally_at(&ids, s->projects[i].id) = i;
	for (size_t i = 0; i < s->project_count; i++) {
		const cib_fact_project *p = &s->projects[i];
		for (size_t k = 0; k < p->same_as.count; k++) {
			size_t other = cib_tally_get(&ids, p->same_as.items[k]);
			if (other != SIZE_MAX)
				join(s->projects, i, other);
		}
		for (size_t k = 0; k < p->identifiers.count; k++) {
			size_t *seen = cib_tally_at(&identifiers, p->identifiers.items[k]);
			if (*seen == SIZE_MAX)
				*seen = i;
			else
				join(s->projects, i, *seen);
		}
	}
	for (size_t i = 0; i < s->project_count; i++) {
		cib_fact_project *p = &s->projects[i];
		p->same = first_of(s->projects, i);
		if (p->same == i)
			continue;
		folded++;
		add_members(r, &s->projects[p->same], p);
	}
	cib_tally_free(&ids);
	cib_tally_free(&identifiers);
	return folded;
}

/* ---- the pass ---- */

typedef struct {
	cib_report *r;
	cib_report_take take;
	bool filtered;
	cib_arena arena;
	cib_buf text;
	cib_error *err;
} pass;

static bool is_shown(const cib_report *r, const cJSON *doc)
{
	const char *visibility = cib_json_string(doc, "visibility");
	const char *reader = r->priv->options.reader;
	if (r->priv->options.only_public)
		return visibility && strcmp(visibility, "public") == 0;
	return !visibility || strcmp(visibility, "secretariat") != 0 || (reader && !*reader);
}

static int take_one(pass *p, const char *path, const cib_place *place, const char *text, size_t len)
{
	cib_report *r = p->r;
	const cib_report_options *o = &r->priv->options;
	const cJSON *doc = NULL;
	cib_arena_reset(&p->arena);
	if (cib_json_read_arena(&doc, &p->arena, text, len, NULL, NULL) != CIB_OK) {
		r->priv->broken++;
		return 0;
	}
	if (p->filtered && !cib_report_is_about(r, place, doc))
		return 0;
	bool is_member = strcmp(place->kind->name, "member") == 0; /* names and places of members are no secret among them */
	if (!is_member && strcmp(place->kind->name, "assessment") != 0 && !is_shown(r, doc)) {
		r->priv->hidden++;
		return 0;
	}
	cib_report_entry e = {path, place, doc, cib_report_intern(r, place->id), cib_report_intern(r, place->member), text, len};
	p->take(r, &e);
	r->entries++;
	return o->progress && o->progress(r->entries, o->payload) ? CIB_CANCELLED : 0;
}

static int take_blob(const char *path, const cib_place *place, const cib_oid *blob, void *payload)
{
	pass *p = payload;
	int status = cib_store_blob_read(&p->text, cib_network_store(p->r->priv->options.net), blob, 0, p->err);
	return status == CIB_OK ? take_one(p, path, place, p->text.data, p->text.len) : status;
}

static int take_text(const char *path, const cib_place *place, const char *text, size_t len, void *payload)
{
	return take_one(payload, path, place, text, len);
}

static int read_kind(pass *p, const cib_kind *kind)
{
	const cib_report_options *o = &p->r->priv->options;
	if (o->ws)
		return cib_workspace_each(o->ws, NULL, kind, take_text, p, p->err);
	return cib_network_each(o->net, o->commit, NULL, kind, take_blob, p, p->err);
}

int cib_report_each(cib_report *r, const char *kinds, cib_report_take take, cib_error *err)
{
	const cib_report_filter *only = &r->priv->options.only;
	pass p = {.r = r, .take = take, .err = err, .filtered = take != take_member && (only->member || only->country || only->sdg || only->theme)};
	int status = 0;
	char *words = cib_strdup(kinds ? kinds : ""), *save = NULL;
	for (const char *w = strtok_r(words, " ", &save); w && status == 0; w = strtok_r(NULL, " ", &save)) {
		const cib_kind *kind = cib_network_kind(r->priv->options.net, w);
		status = kind ? read_kind(&p, kind) : 0; /* a network may do without a kind */
	}
	if (!kinds)
		status = read_kind(&p, NULL);
	if (status == CIB_CANCELLED)
		cib_error_set(err, CIB_CANCELLED, "report.cancelled", "stopped while the entries were read");
	free(words);
	cib_arena_free(&p.arena);
	cib_buf_free(&p.text);
	return status;
}
