/* Templates of new entries, made from their schema: what is required, with titles and help as comments. */
#include "template.h"

#include <stdlib.h>
#include <string.h>

void cib_template_envelope(cJSON *doc, const cib_schema *schema, const cib_kind *kind, const char *id, const char *member, const char *lang)
{
	const cJSON *version = cib_json_get(cib_schema_field(schema, "/schema"), "const");
	cib_json_set(doc, "kind", cJSON_CreateString(kind->name));
	cib_json_set(doc, "id", cJSON_CreateString(id));
	if (cJSON_IsString(version))
		cib_json_set(doc, "schema", cJSON_CreateString(version->valuestring));
	if (member && cib_schema_field(schema, "/owner"))
		cib_json_set(doc, "owner", cJSON_CreateString(member));
	if (cib_schema_field(schema, "/sourceLanguage") && !cib_json_get(doc, "sourceLanguage")) {
		const cJSON *title = cib_json_get(doc, "title"); /* the language that the title is written in */
		const char *given = title && !cib_json_get(title, lang) && title->child ? title->child->string : lang;
		cib_json_set(doc, "sourceLanguage", cJSON_CreateString(given));
	}
}

static bool is_language_map(const cJSON *field)
{
	const char *merge = cib_json_string(field, "x-merge");
	return cib_json_get(field, "patternProperties") && !cib_json_get(field, "properties") && (!merge || strcmp(merge, "map") == 0 || strcmp(merge, "text") == 0);
}

/* An empty value of the right shape. */
static cJSON *skeleton(const cib_schema *schema, cib_buf *pointer, const char *text_lang, int depth)
{
	const cJSON *field = cib_schema_field(schema, pointer->data);
	const cJSON *fixed = cib_json_get(field, "const"), *choice = cib_json_get(field, "enum");
	const char *type = cib_json_string(field, "type");
	if (fixed)
		return cJSON_Duplicate(fixed, true);
	if (choice)
		return cJSON_Duplicate(choice->child, true);
	if (is_language_map(field)) {
		cJSON *map = cJSON_CreateObject();
		cJSON_AddStringToObject(map, text_lang, "");
		return map;
	}
	size_t len = pointer->len;
	if (type && strcmp(type, "object") == 0) {
		cJSON *object = cJSON_CreateObject();
		const cJSON *required = cib_json_get(field, "required");
		for (const cJSON *r = required ? required->child : NULL; r && depth < 8; r = r->next) {
			cib_json_pointer_add(pointer, r->valuestring);
			cib_json_set(object, r->valuestring, skeleton(schema, pointer, text_lang, depth + 1));
			pointer->len = len;
			pointer->data[len] = '\0';
		}
		return object;
	}
	if (type && strcmp(type, "array") == 0) {
		cJSON *array = cJSON_CreateArray();
		if (cib_json_get(field, "minItems") && depth < 8) {
			cib_json_pointer_add_index(pointer, 0);
			cJSON_AddItemToArray(array, skeleton(schema, pointer, text_lang, depth + 1));
			pointer->len = len;
			pointer->data[len] = '\0';
		}
		return array;
	}
	if (type && strcmp(type, "boolean") == 0)
		return cJSON_CreateFalse();
	return cJSON_CreateString("");
}

static void add_comment(cib_buf *out, const char *indent, const cJSON *field, const char *name, const char *lang)
{
	const char *title = cib_text_in(cib_json_get(field, "x-cib-title"), lang, "en");
	const char *help = cib_text_in(cib_json_get(field, "x-cib-description"), lang, "en");
	cib_buf_addf(out, "%s// %s%s%s\n", indent, title ? title : name, help ? ": " : "", help ? help : "");
}

void cib_template_make(cib_buf *out, const cJSON *doc, const cib_schema *schema, const cib_kind *kind, const char *lang, const char *text_lang)
{
	cJSON *full = cJSON_Duplicate(doc, true);
	cib_buf pointer = CIB_BUF_INIT, json = CIB_BUF_INIT;
	const cJSON *required = cib_json_get(kind->schema, "required");
	for (const cJSON *r = required ? required->child : NULL; r; r = r->next)
		if (!cib_json_get(full, r->valuestring)) {
			cib_buf_clear(&pointer);
			cib_json_pointer_add(&pointer, r->valuestring);
			cib_json_set(full, r->valuestring, skeleton(schema, &pointer, text_lang, 0));
		}
	cib_json_write(&json, full, &(cib_json_style){.keep_order = true});
	cib_buf_clear(out);
	cib_buf_addf(out, "// %s. Lines that begin with // are comments and are dropped.\n", cib_kind_title(kind, lang));
	for (const char *line = json.data; *line;) {
		size_t n = strcspn(line, "\n") + 1;
		if (strncmp(line, "  \"", 3) == 0) {
			char *name = cib_strndup(line + 3, strcspn(line + 3, "\""));
			cib_buf_clear(&pointer);
			cib_json_pointer_add(&pointer, name);
			add_comment(out, "  ", cib_schema_field(schema, pointer.data), name, lang);
			free(name);
		}
		cib_buf_add(out, line, n);
		line += n;
	}
	const cJSON *properties = cib_json_get(kind->schema, "properties");
	cib_buf_adds(out, "// More fields, if you have them:\n");
	for (const cJSON *p = properties ? properties->child : NULL; p; p = p->next)
		if (!cib_json_get(full, p->string)) {
			cib_buf_clear(&pointer);
			cib_json_pointer_add(&pointer, p->string);
			cib_buf_addf(out, "//   \"%s\"", p->string);
			add_comment(out, " ", cib_schema_field(schema, pointer.data), p->string, lang);
		}
	cJSON_Delete(full);
	cib_buf_free(&pointer);
	cib_buf_free(&json);
}

void cib_template_strip(cib_buf *text)
{
	cib_buf out = CIB_BUF_INIT;
	const char *end = text->data + text->len;
	for (const char *line = text->data; line < end;) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t n = stop ? (size_t)(stop - line) + 1 : (size_t)(end - line);
		size_t space = strspn(line, " \t");
		if (strncmp(line + space, "//", 2) != 0)
			cib_buf_add(&out, line, n);
		line += n;
	}
	cib_buf_free(text);
	*text = out;
	cib_buf_reserve(text, 0);
}
