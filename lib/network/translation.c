/* Translations that age; the header tells how. */
#include "network/translation.h"
#include "network/private.h"

#include <stdlib.h>
#include <string.h>

static const char notes_name[] = "x-cib-translated";

/* A map of strings by language, and not a map of anything else (answers by question, markers by code). */
bool cib_field_is_text(const cJSON *field)
{
	const char *merge = cib_json_string(field, "x-merge");
	const cJSON *by_pattern = cib_json_get(field, "patternProperties"), *others = cib_json_get(field, "additionalProperties");
	if (!field || cib_json_get(field, "properties") || (merge && strcmp(merge, "map") != 0 && strcmp(merge, "text") != 0))
		return false;
	const cJSON *value = NULL;
	for (const cJSON *p = by_pattern ? by_pattern->child : NULL; p; p = p->next)
		if (strncmp(p->string, "^x-", 3) != 0)
			value = p;
	if (!value && merge)
		value = others;
	const char *type = cib_json_string(value, "type");
	return type && strcmp(type, "string") == 0;
}

/* ---- all texts of a document */

typedef void (*text_cb)(const char *pointer, const char *path, cJSON *map, void *payload);
typedef struct {
	const cib_schema *schema;
	const cib_merge_rules *rules;
	const cJSON *doc;
	cib_buf pointer, path;
	text_cb cb;
	void *payload;
} text_walk;

static void walk(text_walk *w, const cJSON *node)
{
	size_t len = w->pointer.len, index = 0;
	if (len && cJSON_IsObject(node) && cib_field_is_text(cib_schema_field(w->schema, w->pointer.data))) {
		if (cib_merge_pointer_to_path(&w->path, w->doc, w->rules, w->pointer.data))
			w->cb(w->pointer.data, w->path.data, (cJSON *)(uintptr_t)node, w->payload);
		return;
	}
	for (const cJSON *c = node->child; c; c = c->next, index++) {
		if (!c->child || (c->string && strncmp(c->string, "x-", 2) == 0))
			continue;
		if (cJSON_IsArray(node))
			cib_json_pointer_add_index(&w->pointer, index);
		else
			cib_json_pointer_add(&w->pointer, c->string);
		walk(w, c);
		w->pointer.len = len;
		w->pointer.data[len] = '\0';
	}
}

static void each_text(cib_network *net, const cib_kind *kind, const cJSON *doc, text_cb cb, void *payload)
{
	text_walk w = {.schema = cib_network_schema(net, kind, NULL), .rules = cib_network_rules(net, kind), .doc = doc, .cb = cb, .payload = payload};
	if (w.schema && doc)
		walk(&w, doc);
	cib_buf_free(&w.pointer);
	cib_buf_free(&w.path);
}

/* ---- notes */

static void hash_of(char out[13], const char *text)
{
	char hex[CIB_OID_HEX];
	cib_oid id;
	cib_store_blob_hash(&id, text, strlen(text));
	cib_oid_hex(hex, &id);
	memcpy(out, hex, 12);
	out[12] = '\0';
}

static void set_note(cJSON *doc, const char *key, const char *hash)
{
	cJSON *notes = cib_json_get(doc, notes_name);
	if (!cJSON_IsObject(notes)) {
		notes = cJSON_CreateObject();
		cib_json_set(doc, notes_name, notes);
	}
	cib_json_set(notes, key, cJSON_CreateString(hash));
}

typedef struct {
	cib_network *net;
	const cib_kind *kind;
	const cJSON *before;
	cJSON *after;
	cJSON *keys; /* of all translations there are, to drop the notes of others */
	const char *source;
	bool changed;
} noting;

/* Was this note made after `before`? Then it says by itself what the text was made from, whatever else changed since. One that is only
 * the hash of the source as it was before came with the source's change, and says nothing of a text that changed after. */
static bool is_later(const noting *n, const char *key, const char *note, const char *was)
{
	const char *then = cib_json_string(cib_json_get(n->before, notes_name), key);
	char hash[13] = "";
	if (!then && was)
		hash_of(hash, was);
	return strcmp(note, then ? then : hash) != 0;
}

static void note_one(noting *n, const char *key, const cJSON *map, const cJSON *old, const cJSON *text)
{
	const char *now = cib_json_string(map, n->source), *was = cib_json_string(old, n->source), *was_text = cib_json_string(old, text->string);
	const char *note = cib_json_string(cib_json_get(n->after, notes_name), key);
	char hash[13];
	bool source_changed = was && strcmp(was, now) != 0, text_changed = !was_text || strcmp(was_text, text->valuestring) != 0;
	if (note && text_changed && old && !is_later(n, key, note, was))
		hash_of(hash, now); /* a new translation is one of the text as it is now */
	else if (!note && source_changed && !text_changed)
		hash_of(hash, was);
	else
		return;
	if (!note || strcmp(note, hash) != 0) {
		set_note(n->after, key, hash);
		n->changed = true;
	}
}

static void note_texts(const char *pointer, const char *path, cJSON *map, void *payload)
{
	noting *n = payload;
	cib_buf at = CIB_BUF_INIT;
	(void)pointer;
	const cJSON *old = n->before && cib_merge_path_to_pointer(&at, n->before, cib_network_rules(n->net, n->kind), path) ? cib_json_at(n->before, at.data) : NULL;
	for (const cJSON *text = map->child; text && cib_json_string(map, n->source); text = text->next) {
		if (!cJSON_IsString(text) || strcmp(text->string, n->source) == 0)
			continue;
		cib_buf key = CIB_BUF_INIT;
		cib_buf_adds(&key, path);
		cib_json_pointer_add(&key, text->string);
		cJSON_AddTrueToObject(n->keys, key.data);
		note_one(n, key.data, map, old, text);
		cib_buf_free(&key);
	}
	cib_buf_free(&at);
}

/* Notes on texts that are gone, and those of this very edit that came to nothing. */
static void tidy(noting *n)
{
	cJSON *notes = cib_json_get(n->after, notes_name), *next;
	for (cJSON *c = cJSON_IsObject(notes) ? notes->child : NULL; c; c = next) {
		next = c->next;
		if (cib_json_get(n->keys, c->string))
			continue;
		cib_json_remove(notes, c->string);
		n->changed = true;
	}
	if (cJSON_IsObject(notes) && !notes->child)
		cib_json_remove(n->after, notes_name);
}

bool cib_translations_note(cib_network *net, const cib_kind *kind, const cJSON *before, cJSON *after)
{
	noting n = {net, kind, before, after, NULL, cib_json_string(after, "sourceLanguage"), false};
	if (!n.source || !cJSON_IsObject(after) || (!before && !cib_json_get(after, notes_name)))
		return false;
	n.keys = cJSON_CreateObject();
	each_text(net, kind, after, note_texts, &n);
	tidy(&n);
	cJSON_Delete(n.keys);
	return n.changed;
}

/* ---- what is stale, and what is missing */

typedef struct {
	const cJSON *notes;
	const char *source;
	cib_stale_cb cb;
	void *payload;
	size_t count;
} staling;

static void find_stale(const char *pointer, const char *path, cJSON *map, void *payload)
{
	staling *s = payload;
	const char *now = cib_json_string(map, s->source);
	for (const cJSON *text = map->child; text && now; text = text->next) {
		if (strcmp(text->string, s->source) == 0)
			continue;
		cib_buf key = CIB_BUF_INIT, at = CIB_BUF_INIT;
		char hash[13];
		cib_buf_adds(&key, path);
		cib_json_pointer_add(&key, text->string);
		const char *note = cib_json_string(s->notes, key.data);
		if (note)
			hash_of(hash, now);
		if (note && strcmp(note, hash) != 0) {
			s->count++;
			cib_buf_adds(&at, pointer);
			cib_json_pointer_add(&at, text->string);
			if (s->cb)
				s->cb(at.data, text->string, s->source, s->payload);
		}
		cib_buf_free(&key);
		cib_buf_free(&at);
	}
}

size_t cib_translations_stale(cib_network *net, const cib_kind *kind, const cJSON *doc, cib_stale_cb cb, void *payload)
{
	staling s = {cib_json_get(doc, notes_name), cib_json_string(doc, "sourceLanguage"), cb, payload, 0};
	if (s.source && cJSON_IsObject(s.notes) && s.notes->child)
		each_text(net, kind, doc, find_stale, &s);
	return s.count;
}

typedef struct {
	const char *lang;
	size_t all, missing;
} counting;

static void count_missing(const char *pointer, const char *path, cJSON *map, void *payload)
{
	counting *c = payload;
	(void)pointer;
	(void)path;
	c->all++;
	c->missing += !cib_json_get(map, c->lang);
}

size_t cib_translations_missing(cib_network *net, const cib_kind *kind, const cJSON *doc, const char *lang, size_t *of)
{
	counting c = {lang, 0, 0};
	each_text(net, kind, doc, count_missing, &c);
	if (of)
		*of = c.all;
	return c.missing;
}

/* ---- by hand */

int cib_translations_confirm(cib_network *net, const cib_kind *kind, cJSON *doc, const char *pointer, cib_error *err)
{
	const char *slash = strrchr(pointer, '/'), *source = cib_json_string(doc, "sourceLanguage");
	char *parent = slash ? cib_strndup(pointer, (size_t)(slash - pointer)) : NULL;
	const cJSON *map = parent ? cib_json_at(doc, parent) : NULL;
	const char *text = slash ? cib_json_string(map, slash + 1) : NULL, *from = source ? cib_json_string(map, source) : NULL;
	cib_buf path = CIB_BUF_INIT;
	int status = CIB_OK;
	if (!text || !from || strcmp(slash + 1, source) == 0 || !cib_merge_pointer_to_path(&path, doc, cib_network_rules(net, kind), pointer)) {
		status = cib_error_set(err, CIB_NOTFOUND, "translation.none", "%s is no translation of this entry", pointer);
		cib_error_hint(err, "name a text and its language, such as /title/fr");
	} else {
		char hash[13];
		hash_of(hash, from);
		set_note(doc, path.data, hash);
	}
	cib_buf_free(&path);
	free(parent);
	return status;
}
