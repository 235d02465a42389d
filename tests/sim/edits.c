/* What people do to their entries, by dice. */
#include "review/review.h"
#include "dice.h"
#include "oracle.h"
#include "play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANY_ENTRIES = 400 };

typedef struct {
	char paths[MANY_ENTRIES][128];
	int count;
} own_paths;

static int note_path(const char *path, const cib_place *place, const char *text, size_t len, void *payload)
{
	own_paths *list = payload;
	(void)text;
	(void)len;
	if (place->area == CIB_AREA_MEMBER && strcmp(place->kind->name, "project") == 0 && list->count < MANY_ENTRIES)
		snprintf(list->paths[list->count++], sizeof *list->paths, "%s", path);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void add_partner(cJSON *doc, cJSON *word)
{
	cJSON *item = cJSON_CreateObject(), *name = cJSON_CreateObject();
	char id[32];
	snprintf(id, sizeof id, "o-w%.*s", (int)strcspn(word->valuestring + 1, "."), word->valuestring + 1);
	cJSON_AddStringToObject(item, "id", id);
	cJSON_AddItemToObject(name, "en", word);
	cJSON_AddItemToObject(item, "name", name);
	cJSON_AddStringToObject(item, "role", "4");
	cJSON_AddItemToArray(cib_json_get(doc, "partners"), item);
}

static void put_text(cJSON *doc, const char *field, const char *language, cJSON *word)
{
	cJSON *map = cib_json_get(doc, field), *old = cib_json_get(map, language);
	oracle_value_replaced(old);
	cib_json_set(map, language, word);
}

static void write_entry(int who, const char *path, const cJSON *doc)
{
	cib_error err = CIB_ERROR_INIT;
	if (cib_workspace_write(copy_of(who), path, doc, &err) != CIB_OK)
		fail("writing %s: %s", path, err.message);
	oracle_wrote(who, path, doc);
	snprintf(sim.last[who], sizeof sim.last[who], "%s", path);
	sim.written++;
}

/* What a person's copy has before anything happened. */
void know_entries(int who)
{
	own_paths list = {.count = 0};
	cib_error err = CIB_ERROR_INIT;
	cib_workspace_each(copy_of(who), people[who].member, NULL, note_path, &list, &err);
	for (int i = 0; i < list.count; i++) {
		cib_buf text = CIB_BUF_INIT;
		cJSON *doc = NULL;
		must(cib_workspace_read(&text, copy_of(who), list.paths[i], &err), list.paths[i], &err);
		must(cib_json_read(&doc, text.data, text.len, NULL, &err), list.paths[i], &err);
		oracle_wrote(ORACLE_NOBODY, list.paths[i], doc);
		cJSON_Delete(doc);
		cib_buf_free(&text);
	}
}

void make_entry(int who)
{
	char id[32];
	int word;
	cib_network_new_id(id, &(cib_kind){.prefix = "p"});
	cJSON *doc = scene_project(id, people[who].member);
	put_text(doc, "title", "en", oracle_new_word(&word));
	char *path = cib_format("members/%s/projects/%s.json", people[who].member, id);
	tell("%s makes %s with w%d.", people[who].user, id, word);
	write_entry(who, path, doc);
	oracle_word_written(word, people[who].member);
	free(path);
	cJSON_Delete(doc);
}

/* Often the entry that was written last: that is the one which is on its way or is accepted meanwhile. */
static const char *choose(const own_paths *list, int who)
{
	int last = -1;
	for (int i = 0; i < list->count; i++)
		if (strcmp(list->paths[i], sim.last[who]) == 0)
			last = i;
	int other = below(list->count);
	return list->paths[last >= 0 && below(2) ? last : other];
}

static void remove_entry(int who, const char *path, const char *text)
{
	cib_error err = CIB_ERROR_INIT;
	tell("%s removes %s", people[who].user, path);
	oracle_replaced(text);
	if (cib_workspace_remove(copy_of(who), path, &err) != CIB_OK)
		fail("removing %s: %s", path, err.message);
	oracle_wrote(who, path, NULL);
	snprintf(sim.last[who], sizeof sim.last[who], "%s", path);
}

/* The entry as it was before its last edit, which may have been its removal. False: it was never anything else. */
static bool set_back(int who, const char *path)
{
	const oracle_entry *e = oracle_find(path);
	if (!e || e->writer != who || !e->earlier)
		return false;
	cJSON *doc = cJSON_Duplicate(e->earlier, true);
	tell("%s %s %s", people[who].user, e->now ? "sets back" : "brings back", path);
	oracle_value_replaced(e->now);
	write_entry(who, path, doc);
	cJSON_Delete(doc);
	return true;
}

/* A date that the schema refuses makes an entry a draft: it stays in the folder, and is not sent. */
static cJSON *start_of(const cJSON *doc)
{
	return cib_json_get(cib_json_get(doc, "dates"), "plannedStart");
}

static void set_start(cJSON *doc, bool draft)
{
	cJSON *dates = cib_json_get(doc, "dates");
	if (dates)
		cib_json_set(dates, "plannedStart", cJSON_CreateString(draft ? "soon" : "2024-01"));
}

static bool read_draft(cJSON **doc, int who, const char *path)
{
	cib_buf text = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	*doc = NULL;
	must(cib_workspace_read(&text, copy_of(who), path, &err), path, &err);
	must(cib_json_read(doc, text.data, text.len, NULL, &err), path, &err);
	cib_buf_free(&text);
	const cJSON *start = start_of(*doc);
	return start && strcmp(start->valuestring, "soon") == 0;
}

bool is_draft(int who, const char *path)
{
	cJSON *doc;
	bool draft = read_draft(&doc, who, path);
	cJSON_Delete(doc);
	return draft;
}

void finish_drafts(int who)
{
	own_paths list = {.count = 0};
	cib_error err = CIB_ERROR_INIT;
	cib_workspace_each(copy_of(who), people[who].member, NULL, note_path, &list, &err);
	qsort(list.paths, (size_t)list.count, sizeof *list.paths, by_name);
	for (int i = 0; i < list.count; i++) {
		cJSON *doc;
		if (read_draft(&doc, who, list.paths[i])) {
			tell("%s finishes the draft %s", people[who].user, list.paths[i]);
			set_start(doc, false);
			write_entry(who, list.paths[i], doc);
		}
		cJSON_Delete(doc);
	}
}

static void write_word(int who, const char *path, const char *text, size_t len, int what)
{
	cib_error err = CIB_ERROR_INIT;
	cJSON *doc = NULL;
	int word;
	must(cib_json_read(&doc, text, len, NULL, &err), path, &err);
	cJSON *value = oracle_new_word(&word);
	if (what < 4)
		put_text(doc, "title", "en", value);
	else if (what < 6)
		put_text(doc, "title", "fr", value);
	else
		add_partner(doc, value);
	const cJSON *start = start_of(doc);
	if (people[who].member)
		set_start(doc, below(start && strcmp(start->valuestring, "soon") == 0 ? 2 : 5) == 0);
	sim.drafts += start_of(doc) && strcmp(start_of(doc)->valuestring, "soon") == 0;
	tell("%s writes w%d. into %s (%d, %s)", people[who].user, word, path, what, start_of(doc) ? start_of(doc)->valuestring : "");
	write_entry(who, path, doc);
	oracle_word_written(word, side_of(who));
	cJSON_Delete(doc);
}

void correct_entry(int who)
{
	own_paths list = {.count = 0};
	cib_buf text = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	cib_workspace_each(copy_of(who), people[below(SECRETARIAT)].member, NULL, note_path, &list, &err);
	if (!list.count)
		return;
	qsort(list.paths, (size_t)list.count, sizeof *list.paths, by_name);
	const char *path = list.paths[below(list.count)];
	must(cib_workspace_read(&text, copy_of(who), path, &err), path, &err);
	if (below(8) == 0)
		remove_entry(who, path, cib_buf_str(&text));
	else
		write_word(who, path, text.data, text.len, 1 + below(7));
	cib_buf_free(&text);
}

void edit_entry(int who)
{
	own_paths list = {.count = 0};
	cib_buf text = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	cib_workspace_each(copy_of(who), people[who].member, NULL, note_path, &list, &err);
	qsort(list.paths, (size_t)list.count, sizeof *list.paths, by_name);
	int what = below(10);
	if (what == 9 && set_back(who, sim.last[who]))
		return;
	if (list.count < 3) {
		make_entry(who);
		return;
	}
	const char *path = choose(&list, who);
	if (what >= 8 && set_back(who, path))
		return;
	must(cib_workspace_read(&text, copy_of(who), path, &err), path, &err);
	if (what == 0)
		remove_entry(who, path, cib_buf_str(&text));
	else
		write_word(who, path, text.data, text.len, what);
	cib_buf_free(&text);
}

void say_something(int who)
{
	own_paths list = {.count = 0};
	cib_error err = CIB_ERROR_INIT;
	int word;
	char *made = NULL;
	cib_workspace_each(copy_of(who), people[who].member, NULL, note_path, &list, &err);
	if (!list.count)
		return;
	qsort(list.paths, (size_t)list.count, sizeof *list.paths, by_name);
	const char *path = choose(&list, who);
	cJSON *text = oracle_new_word(&word);
	tell("%s says w%d. about %s", people[who].user, word, path);
	if (cib_dialogue_add(&made, copy_of(who), path, "", NULL, text->valuestring, &err) == CIB_OK)
		oracle_word_written(word, people[who].member);
	else
		fail("saying something: %s", err.message);
	free(made);
	cJSON_Delete(text);
}

void settle_conflict(int who)
{
	cib_open_conflicts list = {0};
	cib_error err = CIB_ERROR_INIT;
	if (cib_conflicts_list(&list, copy_of(who), &err) == CIB_OK && list.count) {
		const cib_open_conflict *c = &list.items[below((int)list.count)];
		if (cJSON_IsString(c->ours) && cJSON_IsString(c->theirs)) { /* the decision about an edit and a removal stays open */
			cib_resolution how = below(2) ? CIB_RESOLVE_OURS : CIB_RESOLVE_THEIRS;
			tell("%s settles %s %s for %s", people[who].user, c->id, c->pointer, how == CIB_RESOLVE_OURS ? "ours" : "theirs");
			cJSON *now = cib_conflict_current(copy_of(who), c);
			if (how == CIB_RESOLVE_OURS)
				oracle_value_replaced(now);
			else
				oracle_value_replaced(c->ours);
			cJSON_Delete(now);
			if (cib_conflict_resolve(copy_of(who), c, how, NULL, &err) != CIB_OK && strcmp(err.code, "conflict.no-entry") != 0)
				fail("settling: %s", err.message);
			oracle_settled(c->entry_path);
		}
	}
	cib_open_conflicts_free(&list);
}
