/* An entry as a person reads it (see reading.h). */
#include "network/reading.h"

#include "network/translation.h"
#include "network/wording.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	cib_reading *out;
	cib_wording words;
	cib_buf stale; /* pointers, each between line ends */
} reader;

static void note_stale(const char *pointer, const char *lang, const char *source, void *payload)
{
	(void)lang;
	(void)source;
	cib_buf_addf(payload, "\n%s\n", pointer);
}

static bool is_stale(const reader *r, const char *pointer)
{
	char *line = cib_format("\n%s\n", pointer);
	bool stale = strstr(cib_buf_str(&r->stale), line) != NULL;
	free(line);
	return stale;
}

static char *text_of(const cJSON *value)
{
	cib_buf text = CIB_BUF_INIT;
	if (cJSON_IsString(value))
		return cib_strdup(value->valuestring);
	cib_json_write(&text, value, &(cib_json_style){.compact = true});
	return cib_buf_take(&text);
}

static bool is_text_field(const reader *r, const char *pointer)
{
	const cJSON *field = r->words.schema ? cib_schema_field(r->words.schema, pointer) : NULL;
	return field && cib_field_is_text(field);
}

static void add_members(reader *r, const cJSON *node, cib_buf *pointer, size_t depth)
{
	size_t len = pointer->len, index = 0;
	bool texts = depth && cJSON_IsObject(node) && is_text_field(r, cib_buf_str(pointer));
	for (const cJSON *c = node->child; c; c = c->next, index++) {
		if (cJSON_IsArray(node))
			cib_json_pointer_add_index(pointer, index);
		else
			cib_json_pointer_add(pointer, c->string);
		r->out->items = cib_grow(r->out->items, &r->out->cap, r->out->count + 1, sizeof *r->out->items);
		cib_reading_item *item = &r->out->items[r->out->count++];
		*item = (cib_reading_item){.depth = depth, .pointer = cib_strdup(pointer->data), .in_lang = texts && cJSON_IsString(c), .stale = is_stale(r, pointer->data)};
		item->title = cJSON_IsArray(node) ? NULL : item->in_lang ? cib_strdup(c->string)
		                                                         : cib_wording_title(&r->words, pointer->data, NULL);
		item->text = c->child ? NULL : text_of(c);
		char *name = cJSON_IsString(c) && !item->in_lang ? cib_wording_name(&r->words, pointer->data, c->valuestring) : NULL;
		item->name = name && strcmp(name, c->valuestring) != 0 ? cib_strdup(name) : NULL;
		item->written = name || item->in_lang ? NULL : cib_wording_written(&r->words, pointer->data, c);
		item->reference = item->name && cib_wording_is_reference(&r->words, pointer->data);
		free(name);
		if (c->child)
			add_members(r, c, pointer, depth + 1);
		pointer->len = len;
		pointer->data[len] = '\0';
	}
}

void cib_reading_make(cib_reading *out, cib_network *net, const cib_kind *kind, const cJSON *doc, const char *lang)
{
	reader r = {.out = out, .words = cib_wording_for(net, kind, doc, lang)};
	cib_buf pointer = CIB_BUF_INIT;
	cib_buf_reserve(&pointer, 64);
	pointer.data[0] = '\0';
	cib_translations_stale(net, kind, doc, note_stale, &r.stale);
	add_members(&r, doc, &pointer, 0);
	cib_buf_free(&pointer);
	cib_buf_free(&r.stale);
}

void cib_reading_clear(cib_reading *reading)
{
	for (size_t i = 0; i < reading->count; i++) {
		free(reading->items[i].pointer);
		free(reading->items[i].title);
		free(reading->items[i].text);
		free(reading->items[i].name);
		free(reading->items[i].written);
	}
	free(reading->items);
	*reading = (cib_reading){0};
}
