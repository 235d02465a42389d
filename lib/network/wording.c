/* What stands in an entry, in the words of its reader. See wording.h. */
#include "network/wording.h"

#include "network/private.h"
#include "network/translation.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_LENGTH = 60 }; /* characters of a code's name beside its code */

cib_wording cib_wording_for(cib_network *net, const cib_kind *kind, const cJSON *doc, const char *lang)
{
	return (cib_wording){net, kind, kind ? cib_network_schema(net, kind, NULL) : NULL, doc, lang};
}

static const char *last_of(const char *pointer)
{
	const char *slash = strrchr(pointer, '/');
	return slash ? slash + 1 : "";
}

static char *parent_of(const char *pointer)
{
	const char *slash = strrchr(pointer, '/');
	return cib_strndup(pointer, slash ? (size_t)(slash - pointer) : 0);
}

static bool is_text_map(const cib_wording *w, const char *pointer)
{
	return w->schema && *pointer && cib_field_is_text(cib_schema_field(w->schema, pointer));
}

/* ---- what it is the id of ---- */

/* An entry by its id, as the network's commit has it; the caller's. NULL: there is none. */
static cJSON *entry_of(const cib_wording *w, const char *id, const cib_kind **kind)
{
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cib_place place = {0};
	cib_oid blob;
	cJSON *doc = NULL;
	if (cib_network_find(&path, &place, &blob, w->net, cib_network_commit(w->net), id, NULL) == CIB_OK &&
	    cib_store_blob_read(&text, w->net->store, &blob, cib_network_limits(w->net)->json_bytes, NULL) == CIB_OK)
		cib_json_read(&doc, text.data, text.len, NULL, NULL);
	*kind = place.kind;
	cib_buf_free(&path);
	cib_buf_free(&text);
	return doc;
}

static char *title_of_entry(const cib_wording *w, const char *id)
{
	const cib_kind *kind;
	cJSON *doc = entry_of(w, id, &kind);
	const char *title = doc ? cib_entry_title(doc, w->lang) : "";
	char *out = !doc ? NULL : *title ? cib_strdup(title)
	                                 : cib_format("%s %s", kind ? cib_kind_title(kind, w->lang) : "", id);
	cJSON_Delete(doc);
	return out;
}

typedef struct {
	const cJSON *where;
	const char *text, *lang, *label;
} choosing;

static void choose(const char *pointer, const cJSON *value, void *payload)
{
	choosing *c = payload;
	if (c->label || !cJSON_IsString(value) || strcmp(value->valuestring, c->text) != 0)
		return;
	char *parent = parent_of(pointer);
	c->label = cib_label_of(cib_json_at(c->where, parent), c->lang);
	free(parent);
}

/* The label of the item of a list, here or in another entry, that a rule says the text is the id of. */
static char *label_among(const cib_wording *w, const cJSON *rule, const char *text)
{
	const char *other = cib_json_string(rule, "entry"), *among = cib_json_string(rule, "among");
	const cJSON *id = other && w->doc ? cib_json_at(w->doc, other) : NULL;
	const cib_kind *kind;
	cJSON *there = cJSON_IsString(id) ? entry_of(w, id->valuestring, &kind) : NULL;
	choosing c = {other ? there : w->doc, text, w->lang, NULL};
	if (c.where && among)
		cib_reach(c.where, among, choose, &c);
	char *label = cib_strdup(c.label);
	cJSON_Delete(there);
	return label;
}

/* The rule of the type that concerns a value at the pointer, or the names of the members there (keys). */
static const cJSON *rule_at(const cib_wording *w, const char *type, const char *pointer)
{
	const cJSON *rules = w->kind ? cib_json_get(w->kind->schema, "x-cib-rules") : NULL, *found = NULL;
	char *parent = parent_of(pointer);
	for (const cJSON *r = rules ? rules->child : NULL; r && !found; r = r->next) {
		const char *name = cib_json_string(r, "rule"), *field = cib_json_string(r, "field");
		bool keys = cJSON_IsTrue(cib_json_get(r, "keys"));
		if (name && field && strcmp(name, type) == 0 && cib_pattern_fits(field, keys ? parent : pointer))
			found = r;
	}
	free(parent);
	return found;
}

bool cib_wording_is_reference(const cib_wording *w, const char *pointer)
{
	return rule_at(w, "reference", pointer) != NULL;
}

char *cib_wording_name(const cib_wording *w, const char *pointer, const char *text)
{
	const char *code = w->kind ? cib_field_code_name(w->net, w->kind, w->doc, pointer, text, w->lang) : NULL;
	const cJSON *among = code ? NULL : rule_at(w, "among", pointer);
	if (code)
		return cib_strdup(code);
	if (among)
		return label_among(w, among, text);
	return cib_wording_is_reference(w, pointer) ? title_of_entry(w, text) : NULL;
}

/* ---- days and numbers ---- */

static bool is_decimal(const char *text)
{
	size_t n = *text == '-', whole = strspn(text + n, "0123456789"), point = text[n + whole] == '.';
	size_t rest = strspn(text + n + whole + point, "0123456789");
	return whole && whole <= 15 && (!point || rest) && !text[n + whole + point + rest];
}

/* Is a text that has the look of a day or a number one by its schema, and not by chance? */
static bool takes(const cJSON *field, const char *const *good, const char *const *bad)
{
	const char *pattern = cib_json_string(field, "pattern");
	return pattern && cib_pattern_takes(pattern, good, bad);
}

static char *written_text(const cib_wording *w, const char *pointer, const char *text)
{
	static const char *const days[] = {"2024-05-17", NULL}, *const months[] = {"2024", "2024-05", NULL}, *const no_days[] = {"x", "1", "2024-13", "2024-05-32", NULL};
	static const char *const numbers[] = {"1", "12.5", NULL}, *const words[] = {"x", "1x", "en", "1.2.3", NULL};
	static const char *const shares[] = {"0", "100", NULL}, *const beyond[] = {"-1", "101", NULL};
	const cJSON *field = w->schema ? cib_schema_field(w->schema, pointer) : NULL;
	const char *format = cib_json_string(field, "format");
	cib_buf out = CIB_BUF_INIT;
	if (cib_buf_add_day(&out, w->lang, text)) {
		if (!w->schema || (format && strcmp(format, "date") == 0) || takes(field, days, no_days) || takes(field, months, no_days))
			return cib_buf_take(&out);
		cib_buf_clear(&out);
	}
	if (is_decimal(text) && field && takes(field, numbers, words)) {
		cib_buf_add_number(&out, w->lang, text);
		if (takes(field, shares, beyond))
			cib_buf_add_percent_sign(&out, w->lang);
	}
	char *taken = out.len ? cib_buf_take(&out) : NULL;
	cib_buf_free(&out);
	return taken;
}

char *cib_wording_written(const cib_wording *w, const char *pointer, const cJSON *value)
{
	cib_buf out = CIB_BUF_INIT;
	char scratch[40];
	if (cJSON_IsString(value))
		return written_text(w, pointer, value->valuestring);
	const char *text = cJSON_IsNumber(value) ? cib_json_number_text(value, scratch) : "";
	if (!is_decimal(text) || (strlen(text) == 4 && !strpbrk(text, "-."))) /* a year, or what reads as well without a sign in it */
		return NULL;
	cib_buf_add_number(&out, w->lang, text);
	return cib_buf_take(&out);
}

/* ---- one value ---- */

/* A name of at most NAME_LENGTH characters, cut between words. */
static void add_name(cib_buf *b, const char *name)
{
	size_t fits = 0, at = 0, space = 0;
	for (; name[at] && fits < NAME_LENGTH; fits++) {
		space = name[at] == ' ' ? at : space;
		do
			at++;
		while (((unsigned char)name[at] & 0xC0u) == 0x80u);
	}
	if (!name[at]) {
		cib_buf_adds(b, name);
		return;
	}
	cib_buf_addf(b, "%.*s...", (int)(space ? space : at), name);
}

/* A code with a digit is what people cite ("15128", "11.3"); another one says nothing that its name does not say. */
static bool is_cited(const char *code)
{
	return strpbrk(code, "0123456789") != NULL;
}

static void add_string(cib_buf *b, const cib_wording *w, const char *pointer, const cJSON *value)
{
	const char *text = value->valuestring;
	char *name = cib_wording_name(w, pointer, text), *written = name ? NULL : cib_wording_written(w, pointer, value);
	bool is_code = name && w->kind && cib_field_code_name(w->net, w->kind, w->doc, pointer, text, w->lang);
	if (is_code && is_cited(text)) {
		cib_buf_addf(b, "%s ", text);
		add_name(b, name);
	} else {
		cib_buf_adds(b, name ? name : written ? written
		                                      : text);
	}
	free(name);
	free(written);
}

static void add_plain(cib_buf *b, const cib_wording *w, const char *pointer, const cJSON *value)
{
	if (cJSON_IsString(value)) {
		add_string(b, w, pointer, value);
	} else if (cJSON_IsBool(value)) {
		cib_buf_adds(b, cJSON_IsTrue(value) ? _("yes") : _("no"));
	} else if (cJSON_IsNumber(value)) {
		char scratch[40], *written = cib_wording_written(w, pointer, value);
		cib_buf_adds(b, written ? written : cib_json_number_text(value, scratch));
		free(written);
	} else {
		cib_buf_adds(b, "\xE2\x80\x93"); /* nothing, or a list of nothing */
	}
}

/* ---- titles ---- */

char *cib_wording_title(const cib_wording *w, const char *pointer, bool *language)
{
	const char *title = w->schema ? cib_schema_title(w->schema, pointer, w->lang) : NULL, *last = last_of(pointer);
	char *parent = parent_of(pointer);
	bool is_language = !title && is_text_map(w, parent);
	free(parent);
	if (language)
		*language = is_language;
	if (title)
		return cib_strdup(title);
	if (is_language)
		return cib_strdup(cib_network_code_name(w->net, "languages", last, w->lang));
	cib_buf token = CIB_BUF_INIT;
	const char *rest = *pointer ? last - 1 : "";
	if (!cib_json_pointer_next(&rest, &token))
		return cib_strdup(pointer);
	char *name = cib_wording_name(w, pointer, token.data);
	char *out = !name ? cib_strdup(token.data) : is_cited(token.data) ? cib_format("%s %s", token.data, name)
	                                                                  : cib_strdup(name);
	cib_buf_free(&token);
	free(name);
	return out;
}

static char *member_words(const cib_wording *w, const char *pointer, const cJSON *item, const char *name)
{
	const cJSON *value = cib_json_get(item, name);
	if (!value || value->child)
		return NULL;
	char *at = cib_format("%s/%s", pointer, name), *words = cib_wording_value(w, at, value);
	free(at);
	return words;
}

char *cib_wording_item(const cib_wording *w, const char *pointer, const cJSON *item)
{
	static const char *const names[] = {"code", "member", "ref"};
	const char *title = cJSON_IsObject(item) ? cib_entry_title(item, w->lang) : "";
	char *out = NULL;
	if (item && !cJSON_IsObject(item) && !cJSON_IsArray(item))
		return cib_wording_value(w, pointer, item);
	if (!*title && cJSON_IsObject(item))
		title = cib_label_of(item, w->lang);
	for (size_t i = 0; i < sizeof names / sizeof *names && !out; i++) {
		out = member_words(w, pointer, item, names[i]);
		if (!out && i == 0 && title && *title)
			out = cib_strdup(title);
	}
	for (const cJSON *c = cJSON_IsObject(item) ? item->child : NULL; c && !out; c = c->next)
		out = strcmp(c->string, "id") == 0 ? NULL : member_words(w, pointer, item, c->string);
	return out ? out : cib_format("%d", atoi(last_of(pointer)) + 1);
}

/* ---- parts ---- */

/* Between what is named and what is said of it; French parts it by a space at which no line breaks. */
static const char *colon(const cib_wording *w)
{
	return strcmp(w->lang, "fr") == 0 ? "\xC2\xA0:" : ":";
}

static void add_line(cib_buf *out, int depth, const char *title, const char *text)
{
	if (out->len)
		cib_buf_addc(out, '\n');
	for (int i = 0; i < depth; i++)
		cib_buf_adds(out, "  ");
	char *line = cib_format("%s%s%s", title, *title && text ? " " : "", text ? text : "");
	for (const char *p = line; *p; p++)
		cib_buf_addc(out, *p == '\n' ? ' ' : *p); /* a line is a part */
	free(line);
}

/* Of an item of a list: the id, which only tells it from the others. */
static bool is_item_id(const cJSON *of, const char *name, bool in_list)
{
	return in_list && strcmp(name, "id") == 0 && of->child && of->child->next;
}

/* Has it nothing but what it is called by? */
static bool is_all_label(const cJSON *item)
{
	static const char *const names[] = {"code", "member", "ref"};
	size_t others = 0, labels = 0;
	for (const cJSON *c = item->child; c; c = c->next) {
		bool label = false;
		for (size_t i = 0; i < sizeof names / sizeof *names; i++)
			label = label || (strcmp(c->string, names[i]) == 0 && !c->child);
		labels += label;
		others += !label && !is_item_id(item, c->string, true);
	}
	return labels == 1 && !others;
}

static void add_parts(cib_buf *out, const cib_wording *w, cib_buf *pointer, const cJSON *value, int depth, bool in_list);

/* The texts of a map by language, a line each: "Name (French): ..." */
static void add_texts(cib_buf *out, const cib_wording *w, cib_buf *pointer, const cJSON *map, const char *title, int depth)
{
	size_t len = pointer->len;
	for (const cJSON *c = map->child; c; c = c->next) {
		cib_json_pointer_add(pointer, c->string);
		char *language = cib_wording_title(w, pointer->data, NULL), *full = cib_format("%s (%s)%s", title, language, colon(w));
		add_line(out, depth, full, cJSON_IsString(c) ? c->valuestring : "");
		free(language);
		free(full);
		pointer->len = len;
		pointer->data[len] = '\0';
	}
}

static void add_part(cib_buf *out, const cib_wording *w, cib_buf *pointer, const cJSON *c, bool of_list, int depth)
{
	char *title = !of_list ? cib_wording_title(w, pointer->data, NULL) : c->child ? cib_wording_item(w, pointer->data, c)
	                                                                              : cib_strdup("");
	if (!c->child) {
		char *text = cib_wording_value(w, pointer->data, c), *head = cib_format("%s%s", title, *title ? colon(w) : "");
		add_line(out, depth, head, text);
		free(text);
		free(head);
	} else if (!of_list && is_text_map(w, pointer->data)) {
		add_texts(out, w, pointer, c, title, depth);
	} else if (of_list && cJSON_IsObject(c) && is_all_label(c)) {
		add_line(out, depth, title, NULL);
	} else {
		char *head = cib_format("%s%s", title, colon(w));
		add_line(out, depth, head, NULL);
		add_parts(out, w, pointer, c, depth + 1, of_list);
		free(head);
	}
	free(title);
}

static void add_parts(cib_buf *out, const cib_wording *w, cib_buf *pointer, const cJSON *value, int depth, bool in_list)
{
	size_t len = pointer->len, index = 0;
	bool list = cJSON_IsArray(value);
	for (const cJSON *c = value->child; c; c = c->next, index++) {
		if (!list && is_item_id(value, c->string, in_list))
			continue;
		if (list)
			cib_json_pointer_add_index(pointer, index);
		else
			cib_json_pointer_add(pointer, c->string);
		add_part(out, w, pointer, c, list, depth);
		pointer->len = len;
		pointer->data[len] = '\0';
	}
}

static bool is_in_list(const cib_wording *w, const char *pointer)
{
	char *parent = parent_of(pointer);
	bool yes = *pointer && w->doc && cJSON_IsArray(cib_json_at(w->doc, parent));
	free(parent);
	return yes;
}

char *cib_wording_value(const cib_wording *w, const char *pointer, const cJSON *value)
{
	cib_buf out = CIB_BUF_INIT, at = CIB_BUF_INIT;
	if (value && value->child) {
		cib_buf_reserve(&at, strlen(pointer) + 64);
		at.data[0] = '\0';
		cib_buf_adds(&at, pointer);
		add_parts(&out, w, &at, value, 0, is_in_list(w, pointer));
	} else if (value) {
		add_plain(&out, w, pointer, value);
	}
	cib_buf_free(&at);
	return out.data ? cib_buf_take(&out) : cib_strdup("");
}
