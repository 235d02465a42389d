/* Templates of new entries, made from their schema. See template.h. */
#include "network/template.h"
#include "network/codelist.h"
#include "network/translation.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH = 8,
       FEW_CODES = 12 }; /* a list as short as this is shown whole */

void cib_template_envelope(cJSON *doc, const cib_template *t, const char *id)
{
	const cJSON *version = cib_json_get(cib_schema_field(t->schema, "/schema"), "const");
	cib_json_set(doc, "kind", cJSON_CreateString(t->kind->name));
	cib_json_set(doc, "id", cJSON_CreateString(id));
	if (cJSON_IsString(version))
		cib_json_set(doc, "schema", cJSON_CreateString(version->valuestring));
	if (t->member && cib_schema_field(t->schema, "/owner"))
		cib_json_set(doc, "owner", cJSON_CreateString(t->member));
	if (cib_schema_field(t->schema, "/sourceLanguage") && !cib_json_get(doc, "sourceLanguage")) {
		const cJSON *title = cib_json_get(doc, "title"); /* the language that the title is written in */
		const char *given = title && !cib_json_get(title, t->text_lang) && title->child ? title->child->string : t->text_lang;
		cib_json_set(doc, "sourceLanguage", cJSON_CreateString(given));
	}
}

/* ---- values */

static const cJSON *example_at(const cib_template *t, const char *pointer)
{
	const cJSON *examples = cib_json_get(t->kind->schema, "examples");
	return examples && examples->child ? cib_json_at(examples->child, pointer) : NULL;
}

static cJSON *skeleton(const cib_template *t, cib_buf *pointer, int depth);

static cJSON *skeleton_object(const cib_template *t, const cJSON *field, cib_buf *pointer, int depth)
{
	cJSON *object = cJSON_CreateObject();
	const cJSON *required = cib_json_get(field, "required");
	size_t len = pointer->len;
	for (const cJSON *r = required ? required->child : NULL; r && depth < DEPTH; r = r->next) {
		cib_json_pointer_add(pointer, r->valuestring);
		cib_json_set(object, r->valuestring, skeleton(t, pointer, depth + 1));
		pointer->len = len;
		pointer->data[len] = '\0';
	}
	return object;
}

/* As many items as are required, each with an id as the kind's example has it. */
static cJSON *skeleton_array(const cib_template *t, const cJSON *field, cib_buf *pointer, int depth)
{
	cJSON *array = cJSON_CreateArray();
	const cJSON *least = cib_json_get(field, "minItems");
	size_t len = pointer->len, wanted = cJSON_IsNumber(least) && least->valuedouble > 0 ? (size_t)least->valuedouble : 0;
	for (size_t i = 0; i < wanted && i < DEPTH && depth < DEPTH; i++) {
		cib_json_pointer_add_index(pointer, i);
		cJSON *item = skeleton(t, pointer, depth + 1);
		const char *id = cib_json_string(example_at(t, pointer->data), "id");
		char *other = cib_format("i-%zu", i + 1);
		if (cJSON_IsObject(item) && cib_json_get(item, "id"))
			cib_json_set(item, "id", cJSON_CreateString(id ? id : other));
		cJSON_AddItemToArray(array, item);
		pointer->len = len;
		pointer->data[len] = '\0';
		free(other);
	}
	return array;
}

/* An empty value of the right shape. */
static cJSON *skeleton(const cib_template *t, cib_buf *pointer, int depth)
{
	const cJSON *field = cib_schema_field(t->schema, pointer->data), *types = cib_json_get(field, "type");
	const cJSON *fixed = cib_json_get(field, "const"), *choice = cib_json_get(field, "enum");
	const char *type = cJSON_IsArray(types) && types->child ? types->child->valuestring : cib_json_string(field, "type");
	if (fixed)
		return cJSON_Duplicate(fixed, true);
	if (choice)
		return cJSON_Duplicate(choice->child, true);
	if (cib_field_is_text(field)) {
		cJSON *map = cJSON_CreateObject();
		cJSON_AddStringToObject(map, t->text_lang, "");
		return map;
	}
	if (type && strcmp(type, "object") == 0)
		return skeleton_object(t, field, pointer, depth);
	if (type && strcmp(type, "array") == 0)
		return skeleton_array(t, field, pointer, depth);
	if (type && strcmp(type, "boolean") == 0)
		return cJSON_CreateFalse();
	if (type && (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0))
		return cJSON_CreateNull();
	return cJSON_CreateString("");
}

/* ---- what the kind proposes */

/* A copy with $member and $lang filled in; members whose value is unknown ($member of the secretariat) are left out. */
static cJSON *filled_in(const cib_template *t, const cJSON *value)
{
	if (cJSON_IsString(value) && strcmp(value->valuestring, "$member") == 0)
		return t->member ? cJSON_CreateString(t->member) : NULL;
	if (cJSON_IsString(value) && strcmp(value->valuestring, "$lang") == 0)
		return cJSON_CreateString(t->text_lang);
	if (!cJSON_IsObject(value) && !cJSON_IsArray(value))
		return cJSON_Duplicate(value, true);
	cJSON *copy = cJSON_IsArray(value) ? cJSON_CreateArray() : cJSON_CreateObject();
	for (const cJSON *c = value->child; c; c = c->next) {
		cJSON *inner = filled_in(t, c);
		if (inner && cJSON_IsArray(value))
			cJSON_AddItemToArray(copy, inner);
		else if (inner)
			cib_json_set(copy, strcmp(c->string, "$lang") == 0 ? t->text_lang : c->string, inner);
	}
	return copy;
}

static bool is_blank(const cJSON *value)
{
	return cJSON_IsNull(value) || (cJSON_IsString(value) && !*value->valuestring) || ((cJSON_IsObject(value) || cJSON_IsArray(value)) && !value->child);
}

static void drop_blank_parts(cJSON *node)
{
	for (cJSON *c = node->child, *next; c; c = next) {
		next = c->next;
		drop_blank_parts(c);
		if (is_blank(c))
			cJSON_Delete(cJSON_DetachItemViaPointer(node, c));
	}
}

static bool is_required(const cJSON *schema, const char *name)
{
	const cJSON *required = cib_json_get(schema, "required");
	for (const cJSON *r = required ? required->child : NULL; r; r = r->next)
		if (cJSON_IsString(r) && strcmp(r->valuestring, name) == 0)
			return true;
	return false;
}

/* Has the member a place for each question of another entry? */
static bool holds_answers(const cJSON *schema, const char *name)
{
	const cJSON *rules = cib_json_get(schema, "x-cib-rules");
	for (const cJSON *rule = rules ? rules->child : NULL; rule; rule = rule->next) {
		const char *field = cib_json_string(rule, "field");
		if (cJSON_IsTrue(cib_json_get(rule, "keys")) && field && field[0] == '/' && strcmp(field + 1, name) == 0)
			return true;
	}
	return false;
}

void cib_template_drop_blanks(cJSON *doc, const cib_kind *kind)
{
	const cJSON *proposed = cib_json_get(kind->schema, "x-cib-template");
	for (cJSON *c = doc->child, *next; c; c = next) {
		next = c->next;
		bool required = is_required(kind->schema, c->string);
		if (!required || cib_json_get(proposed, c->string) || holds_answers(kind->schema, c->string))
			drop_blank_parts(c);
		if (!required && is_blank(c))
			cJSON_Delete(cJSON_DetachItemViaPointer(doc, c));
	}
}

void cib_template_begin(cJSON *doc, const cib_template *t, const char *id)
{
	const cJSON *proposed = cib_json_get(t->kind->schema, "x-cib-template");
	for (const cJSON *p = proposed ? proposed->child : NULL; p; p = p->next) {
		cJSON *value = cib_json_get(doc, p->string) ? NULL : filled_in(t, p);
		if (value)
			drop_blank_parts(value);
		if (value && !is_blank(value))
			cib_json_set(doc, p->string, value);
		else
			cJSON_Delete(value);
	}
	cib_template_envelope(doc, t, id);
}

/* ---- comments */

typedef struct {
	const cib_template *t;
	cib_buf *out;
	cJSON *notes; /* {pointer: text}: what another entry says about a place of this one */
} writer;

static void indent_by(cib_buf *out, int depth)
{
	for (int i = 0; i < depth; i++)
		cib_buf_adds(out, "  ");
}

/* The list of a field's codes: the first where there are several. */
static const char *list_of(const cJSON *field)
{
	const cJSON *list = cib_json_get(field, "x-cib-codelist");
	if (!list && cib_json_get(field, "items"))
		list = cib_json_get(cib_json_get(field, "items"), "x-cib-codelist");
	const cJSON *lists = cib_json_get(list, "lists");
	if (cJSON_IsObject(list))
		list = lists;
	if (list && list->child)
		list = list->child;
	return cJSON_IsString(list) ? list->valuestring : NULL;
}

/* "active: Active, dormant: Dormant", or how to find the code in a long list. */
static void add_codes(writer *w, const cJSON *field, int depth)
{
	const char *name = list_of(field);
	const cib_codelist *list = name ? cib_network_codelist(w->t->net, name) : NULL;
	if (!list)
		return;
	indent_by(w->out, depth);
	size_t shown = 0;
	if (cib_codelist_count(list) > FEW_CODES) {
		cib_buf_addf(w->out, "//   cib codes %s\n", name);
		return;
	}
	cib_buf_adds(w->out, "//   ");
	for (size_t i = 0; i < cib_codelist_count(list); i++) {
		const cib_code *c = cib_codelist_at(list, i);
		if (!c->withdrawn)
			cib_buf_addf(w->out, "%s%s: %s", shown++ ? ", " : "", c->code, cib_code_name(c, w->t->lang, true));
	}
	cib_buf_addc(w->out, '\n');
}

static bool is_envelope(const char *pointer)
{
	static const char *const names[] = {"/kind", "/id", "/schema", "/owner"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(pointer, names[i]) == 0)
			return true;
	return false;
}

static void add_title(writer *w, const cJSON *field, const char *name)
{
	const char *title = cib_text_in(cib_json_get(field, "x-cib-title"), w->t->lang, "en"), *plain = cib_json_string(field, "title");
	const char *help = cib_text_in(cib_json_get(field, "x-cib-description"), w->t->lang, "en");
	cib_buf_addf(w->out, "%s%s%s\n", title ? title : plain ? plain
	                                                       : name,
	             help ? ": " : "", help ? help : "");
}

static void add_comment(writer *w, const char *pointer, const char *name, int depth)
{
	const cJSON *field = cib_schema_field(w->t->schema, pointer);
	const char *note = cib_json_string(w->notes, pointer);
	if (is_envelope(pointer) || (!note && !cib_json_get(field, "x-cib-title") && !cib_json_get(field, "title")))
		return;
	indent_by(w->out, depth);
	cib_buf_adds(w->out, "// ");
	if (note)
		cib_buf_addf(w->out, "%s\n", note);
	else
		add_title(w, field, name);
	add_codes(w, field, depth);
}

/* ---- writing */

static void write_node(writer *w, const cJSON *node, cib_buf *pointer, int depth);

static void write_members(writer *w, const cJSON *node, cib_buf *pointer, int depth)
{
	size_t len = pointer->len, i = 0;
	bool array = cJSON_IsArray(node);
	cib_buf_adds(w->out, array ? "[\n" : "{\n");
	for (const cJSON *c = node->child; c; c = c->next, i++) {
		if (array)
			cib_json_pointer_add_index(pointer, i);
		else
			cib_json_pointer_add(pointer, c->string);
		if (!array)
			add_comment(w, pointer->data, c->string, depth + 1);
		indent_by(w->out, depth + 1);
		if (!array)
			cib_buf_addf(w->out, "\"%s\": ", c->string);
		write_node(w, c, pointer, depth + 1);
		cib_buf_adds(w->out, c->next ? ",\n" : "\n");
		pointer->len = len;
		pointer->data[len] = '\0';
	}
	indent_by(w->out, depth);
	cib_buf_adds(w->out, array ? "]" : "}");
}

static void write_node(writer *w, const cJSON *node, cib_buf *pointer, int depth)
{
	cib_buf text = CIB_BUF_INIT;
	if (node->child) {
		write_members(w, node, pointer, depth);
		return;
	}
	cib_json_write(&text, node, NULL);
	size_t len = text.len;
	while (len && text.data[len - 1] == '\n')
		len--;
	cib_buf_add(w->out, text.data, len);
	cib_buf_free(&text);
}

static void write_more(writer *w, const cJSON *full)
{
	static const char *const more[][2] = {{"fr", "// D’autres champs, si vous en avez :\n"}, {"es", "// Más campos, si los tiene:\n"}, {"en", "// More fields, if you have them:\n"}};
	const cJSON *properties = cib_json_get(w->t->kind->schema, "properties");
	for (size_t i = 0; i < 3; i++)
		if (i == 2 || strcmp(more[i][0], w->t->lang) == 0) {
			cib_buf_adds(w->out, more[i][1]);
			break;
		}
	for (const cJSON *p = properties ? properties->child : NULL; p; p = p->next) {
		const char *by = cib_json_string(p, "x-cib-writer");
		if (cib_json_get(full, p->string) || (w->t->member && by && strcmp(by, "secretariat") == 0))
			continue;
		cib_buf_addf(w->out, "//   \"%s\"  ", p->string);
		add_title(w, p, p->string);
	}
}

/* ---- places for the answers to another entry */

/* The first number that an answer can have, of one that requires nothing: a score. */
static void add_number(cJSON *answer, const cJSON *field)
{
	const cJSON *properties = cib_json_get(field, "properties");
	for (const cJSON *p = properties ? properties->child : NULL; p && !answer->child; p = p->next) {
		const cJSON *types = cib_json_get(p, "type");
		const char *type = cJSON_IsArray(types) && types->child ? types->child->valuestring : cib_json_string(p, "type");
		if (type && (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0))
			cib_json_set(answer, p->string, cJSON_CreateNull());
	}
}

/* A place for the answer to `item` of another entry, whose id is a name in `answers`; its text is noted beside it. */
static void add_answer(writer *w, cJSON *answers, const char *field, const cJSON *item, const char *id)
{
	const cJSON *text = cib_json_get(item, "text");
	const char *words = cib_text_in(text ? text : cib_json_get(item, "title"), w->t->lang, "en");
	cib_buf at = CIB_BUF_INIT;
	if (cib_json_get(answers, id))
		return;
	cib_buf_adds(&at, field);
	cib_json_pointer_add(&at, id);
	cJSON *answer = skeleton(w->t, &at, 0);
	cib_json_set(answers, id, answer);
	if (cJSON_IsObject(answer))
		add_number(answer, cib_schema_field(w->t->schema, at.data));
	if (words)
		cib_json_set(w->notes, at.data, cJSON_CreateString(words));
	cib_buf_free(&at);
}

/* The entry that the new one names at `pointer`. */
static cJSON *other_entry(const cib_template *t, const cJSON *doc, const char *pointer)
{
	const cJSON *id = cib_json_at(doc, pointer);
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cib_oid blob;
	cJSON *other = NULL;
	if (cJSON_IsString(id) && *id->valuestring && cib_network_find(&path, NULL, &blob, t->net, t->tree, id->valuestring, NULL) == CIB_OK &&
	    cib_store_blob_read(&text, cib_network_store(t->net), &blob, cib_network_limits(t->net)->json_bytes, NULL) == CIB_OK)
		cib_json_read(&other, text.data, text.len, NULL, NULL);
	cib_buf_free(&path);
	cib_buf_free(&text);
	return other;
}

/* By the rules that say whose names are answered to: {"field": "/answers", "keys": true, "among": "/questions/.../id", "entry":
 * "/instrument"}. */
static void add_questions(writer *w, cJSON *full)
{
	const cJSON *rules = cib_json_get(w->t->kind->schema, "x-cib-rules");
	for (const cJSON *rule = rules ? rules->child : NULL; rule; rule = rule->next) {
		const char *field = cib_json_string(rule, "field"), *among = cib_json_string(rule, "among"), *entry = cib_json_string(rule, "entry");
		const char *star = among ? strstr(among, "/*/") : NULL;
		cJSON *other = field && star && entry && cJSON_IsTrue(cib_json_get(rule, "keys")) ? other_entry(w->t, full, entry) : NULL;
		if (!other)
			continue;
		char *items = cib_strndup(among, (size_t)(star - among));
		const cJSON *list = cib_json_at(other, items);
		if (!cJSON_IsObject(cib_json_at(full, field)))
			cib_json_set_at(&full, field, cJSON_CreateObject(), NULL);
		cJSON *answers = cib_json_at(full, field);
		for (const cJSON *item = answers && list ? list->child : NULL; item; item = item->next) {
			const char *id = cib_json_string(item, star + 3);
			if (id)
				add_answer(w, answers, field, item, id);
		}
		free(items);
		cJSON_Delete(other);
	}
}

void cib_template_make(cib_buf *out, const cJSON *doc, const cib_template *t)
{
	cJSON *full = cJSON_Duplicate(doc, true);
	cib_buf pointer = CIB_BUF_INIT;
	writer w = {t, out, cJSON_CreateObject()};
	const cJSON *required = cib_json_get(t->kind->schema, "required"), *proposed = cib_json_get(t->kind->schema, "x-cib-template");
	for (const cJSON *r = required ? required->child : NULL; r; r = r->next)
		if (!cib_json_get(full, r->valuestring) && !cib_json_get(proposed, r->valuestring)) {
			cib_buf_clear(&pointer);
			cib_json_pointer_add(&pointer, r->valuestring);
			cib_json_set(full, r->valuestring, skeleton(t, &pointer, 0));
		}
	for (const cJSON *p = proposed ? proposed->child : NULL; p; p = p->next)
		if (!cib_json_get(full, p->string))
			cib_json_set(full, p->string, filled_in(t, p));
	add_questions(&w, full);
	cib_buf_clear(&pointer);
	cib_buf_reserve(&pointer, 1);
	pointer.data[0] = '\0';
	cib_buf_clear(out);
	static const char *const heads[][2] = {{"fr", "Les lignes qui commencent par // sont des commentaires, et disparaissent."},
	                                       {"es", "Las líneas que empiezan por // son comentarios, y desaparecen."},
	                                       {"en", "Lines that begin with // are comments and are dropped."}};
	for (size_t i = 0; i < 3; i++)
		if (i == 2 || strcmp(heads[i][0], t->lang) == 0) {
			cib_buf_addf(out, "// %s. %s\n", cib_kind_title(t->kind, t->lang), heads[i][1]);
			break;
		}
	write_node(&w, full, &pointer, 0);
	cib_buf_addc(out, '\n');
	write_more(&w, full);
	cJSON_Delete(full);
	cJSON_Delete(w.notes);
	cib_buf_free(&pointer);
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
