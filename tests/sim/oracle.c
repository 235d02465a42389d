#include "oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 600,
       ENTRIES = 400 };

static struct {
	bool written, replaced;
	const char *member;
} words[WORDS];
static int word_count;
static oracle_entry entries[ENTRIES];
static int entry_count;

void oracle_end(void)
{
	for (int i = 0; i < entry_count; i++) {
		for (size_t k = 0; k < entries[i].count; k++)
			cJSON_Delete(entries[i].versions[k]);
		free(entries[i].versions);
	}
	entry_count = word_count = 0;
}

void oracle_begin(void)
{
	oracle_end();
	memset(words, 0, sizeof words);
}

static void too_small(const char *what)
{
	fprintf(stderr, "simulation: too few %s for this seed\n", what);
	exit(2);
}

cJSON *oracle_new_word(int *number)
{
	char text[16];
	if (word_count == WORDS)
		too_small("words");
	*number = word_count++;
	snprintf(text, sizeof text, "w%d.", *number);
	return cJSON_CreateString(text);
}

void oracle_word_written(int number, const char *member)
{
	words[number].written = true;
	words[number].member = member;
}

void oracle_replaced(const char *text)
{
	for (const char *at = text; at && (at = strstr(at, "\"w")); at++) {
		char *end;
		long n = strtol(at + 2, &end, 10);
		if (end > at + 2 && *end == '.' && n >= 0 && n < WORDS)
			words[n].replaced = true;
	}
}

void oracle_value_replaced(const cJSON *value)
{
	cib_buf text = CIB_BUF_INIT;
	if (value)
		cib_json_write(&text, value, NULL);
	oracle_replaced(cib_buf_str(&text));
	cib_buf_free(&text);
}

int oracle_missing_word(const char *text, const char *member, int from)
{
	for (int i = from; i < word_count; i++) {
		char word[16];
		snprintf(word, sizeof word, "\"w%d.\"", i);
		if (words[i].written && !words[i].replaced && strcmp(words[i].member, member) == 0 && !strstr(text, word))
			return i;
	}
	return -1;
}

static oracle_entry *find(const char *path)
{
	for (int i = 0; i < entry_count; i++)
		if (strcmp(entries[i].path, path) == 0)
			return &entries[i];
	return NULL;
}

void oracle_wrote(int who, const char *path, const cJSON *doc)
{
	oracle_entry *e = find(path);
	if (!e) {
		if (entry_count == ENTRIES)
			too_small("entries");
		e = &entries[entry_count++];
		*e = (oracle_entry){.writer = who, .accepted = {-1, -1}};
		snprintf(e->path, sizeof e->path, "%s", path);
	}
	if (e->writer == ORACLE_NOBODY)
		e->writer = who;
	if (e->writer != who)
		e->writer = ORACLE_MANY;
	cJSON *copy = doc ? cJSON_Duplicate(doc, true) : NULL;
	cib_json_remove(copy, ORACLE_NOT_WRITTEN);
	e->versions = cib_grow(e->versions, &e->cap, e->count + 1, sizeof *e->versions);
	e->versions[e->count++] = copy;
	e->earlier = e->now ? e->now : e->earlier;
	e->now = copy;
	if (who == ORACLE_NOBODY)
		e->accepted[0] = e->accepted[1] = 0;
}

static bool is_like(const cJSON *version, const cJSON *doc)
{
	return version && doc ? cib_json_equal(version, doc) : !version && !doc;
}

int oracle_version(const oracle_entry *e, const cJSON *doc)
{
	for (size_t i = e->count; i-- > 0;)
		if (is_like(e->versions[i], doc))
			return (int)i;
	return -1;
}

/* Of versions that are alike the first one: the reviewer may not have seen the later one. */
bool oracle_accepted(int reviewer, const char *path, const cJSON *doc)
{
	oracle_entry *e = find(path);
	int last = e ? e->accepted[reviewer] : 0;
	for (size_t i = last < 0 ? 0 : (size_t)last; e && i < e->count; i++)
		if (is_like(e->versions[i], doc)) {
			e->accepted[reviewer] = (int)i;
			return true;
		}
	return false;
}

void oracle_settled(const char *path)
{
	oracle_entry *e = find(path);
	if (e)
		e->writer = ORACLE_MANY;
}

const oracle_entry *oracle_find(const char *path)
{
	return find(path);
}

const oracle_entry *oracle_entries(int *count)
{
	*count = entry_count;
	return entries;
}
