/* Codelists: reading, looking up, naming. A list is kept as its document, with a table of its codes in the order of the
 * file and one sorted by code. */
#include "network/codelist.h"
#include "network/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct cib_codelist {
	char *file; /* "activitystatus": what it is looked up by */
	cib_arena arena;
	const cJSON *doc;  /* NULL: there is no such list, or it is broken */
	const char *up_to; /* codes are known by what stands before this; NULL: by the whole */
	cib_code *codes;
	const cib_code **sorted;
	size_t count;
	cib_codelist *next;
};

static int by_code(const void *a, const void *b)
{
	return strcmp((*(const cib_code *const *)a)->code, (*(const cib_code *const *)b)->code);
}

static void index_codes(cib_codelist *list)
{
	const cJSON *codes = cib_json_get(list->doc, "codes");
	size_t n = (size_t)cJSON_GetArraySize(codes);
	list->codes = cib_alloc((n + 1) * sizeof *list->codes);
	list->sorted = cib_alloc((n + 1) * sizeof *list->sorted);
	for (const cJSON *c = codes ? codes->child : NULL; c; c = c->next) {
		const char *code = cib_json_string(c, "code"), *status = cib_json_string(c, "status");
		if (code)
			list->codes[list->count++] = (cib_code){.code = code, .category = cib_json_string(c, "category"), .withdrawn = status && strcmp(status, "withdrawn") == 0, .successor = cib_json_string(c, "successor"), .json = c};
	}
	for (size_t i = 0; i < list->count; i++)
		list->sorted[i] = &list->codes[i];
	qsort(list->sorted, list->count, sizeof *list->sorted, by_code);
}

static cib_codelist *read_list(cib_network *net, const char *file)
{
	cib_codelist *list = cib_alloc(sizeof *list);
	cib_buf text = CIB_BUF_INIT;
	cib_oid blob;
	unsigned mode;
	char *path = cib_format("codelists/%s.json", file);
	list->file = cib_strdup(file);
	if (cib_store_tree_get(&blob, &mode, net->store, &net->commit, path, NULL) == CIB_OK &&
	    cib_store_blob_read(&text, net->store, &blob, net->limits.json_bytes, NULL) == CIB_OK &&
	    cib_json_read_arena(&list->doc, &list->arena, text.data, text.len, NULL, NULL) == CIB_OK) {
		list->up_to = cib_json_string(list->doc, "upTo");
		index_codes(list);
	} else {
		list->doc = NULL;
	}
	free(path);
	cib_buf_free(&text);
	return list;
}

static const cib_codelist *list_of_file(cib_network *net, const char *file)
{
	pthread_mutex_lock(&net->codelists_lock);
	cib_codelist *list = net->codelists;
	while (list && strcmp(list->file, file) != 0)
		list = list->next;
	if (!list) {
		list = read_list(net, file);
		list->next = net->codelists;
		net->codelists = list;
	}
	pthread_mutex_unlock(&net->codelists_lock);
	return list->doc ? list : NULL;
}

const cib_codelist *cib_network_codelist(cib_network *net, const char *name)
{
	char file[101];
	size_t n = 0;
	for (; name[n] && n < sizeof file - 1; n++)
		file[n] = (char)tolower((unsigned char)name[n]);
	file[n] = '\0';
	return cib_name_ok(file, n) ? list_of_file(net, file) : NULL;
}

typedef struct {
	cib_network *net;
	const cib_codelist **items;
	size_t count, cap;
} collector;

static int collect(const cib_tree_entry *entry, void *payload)
{
	collector *c = payload;
	const char *name = strrchr(entry->path, '/') + 1;
	size_t len = strlen(name);
	if (len <= 5 || strcmp(name + len - 5, ".json") != 0)
		return 0;
	char *file = cib_strndup(name, len - 5);
	const cib_codelist *list = list_of_file(c->net, file);
	free(file);
	if (list) {
		c->items = cib_grow((void *)(uintptr_t)c->items, &c->cap, c->count + 1, sizeof *c->items);
		c->items[c->count++] = list;
	}
	return 0;
}

int cib_network_codelists(const cib_codelist ***out, size_t *count, cib_network *net, cib_error *err)
{
	collector c = {.net = net};
	int status = cib_store_tree_each(net->store, &net->commit, "codelists", false, collect, &c, err);
	*out = c.items;
	*count = c.count;
	return status;
}

void cib_codelists_free(cib_network *net)
{
	for (cib_codelist *list = net->codelists, *next; list; list = next) {
		next = list->next;
		free(list->file);
		free(list->codes);
		free((void *)(uintptr_t)list->sorted);
		cib_arena_free(&list->arena);
		free(list);
	}
	net->codelists = NULL;
}

const char *cib_codelist_name(const cib_codelist *list)
{
	const char *name = cib_json_string(list->doc, "codelist");
	return name ? name : list->file;
}

const char *cib_codelist_version(const cib_codelist *list)
{
	const char *version = cib_json_string(list->doc, "version");
	return version ? version : "";
}

const char *cib_codelist_title(const cib_codelist *list, const char *lang)
{
	const char *title = cib_text_in(cib_json_get(list->doc, "title"), lang, "en");
	return title ? title : cib_codelist_name(list);
}

bool cib_codelist_complete(const cib_codelist *list)
{
	return !cJSON_IsFalse(cib_json_get(list->doc, "complete"));
}

size_t cib_codelist_count(const cib_codelist *list)
{
	return list->count;
}

const cib_code *cib_codelist_at(const cib_codelist *list, size_t i)
{
	return i < list->count ? &list->codes[i] : NULL;
}

const cib_code *cib_codelist_get(const cib_codelist *list, const char *code)
{
	char beginning[101];
	size_t len = list->up_to && *list->up_to ? strcspn(code, list->up_to) : strlen(code);
	if (code[len] && len < sizeof beginning) {
		memcpy(beginning, code, len);
		beginning[len] = '\0';
		code = beginning;
	}
	const cib_code key = {.code = code}, *wanted = &key;
	const cib_code **found = list->count ? bsearch(&wanted, list->sorted, list->count, sizeof *list->sorted, by_code) : NULL;
	return found ? *found : NULL;
}

const cib_code *cib_codelist_nearest(const cib_codelist *list, const char *text)
{
	size_t n = 0;
	for (size_t i = 0; i < list->count; i++)
		n += 1 + (size_t)cJSON_GetArraySize(cib_json_get(list->codes[i].json, "name"));
	const char **words = cib_alloc((n + 1) * sizeof *words);
	const cib_code **owners = cib_alloc((n + 1) * sizeof *owners), *best = NULL;
	n = 0;
	for (size_t i = 0; i < list->count; i++) {
		const cib_code *c = &list->codes[i];
		if (c->withdrawn)
			continue;
		words[n] = c->code;
		owners[n++] = c;
		const cJSON *names = cib_json_get(c->json, "name");
		for (const cJSON *name = names ? names->child : NULL; name; name = name->next)
			if (cJSON_IsString(name)) {
				words[n] = name->valuestring;
				owners[n++] = c;
			}
	}
	const char *near = cib_nearest(text, words, n);
	for (size_t i = 0; near && i < n && !best; i++)
		if (words[i] == near)
			best = owners[i];
	free(words);
	free((void *)(uintptr_t)owners);
	return best;
}

int cib_network_code_ok(cib_network *net, const char *list_name, const char *code, cib_error *err)
{
	const cib_codelist *list = cib_network_codelist(net, list_name);
	if (!list || cib_codelist_get(list, code))
		return CIB_OK;
	const cib_code *near = cib_codelist_nearest(list, code);
	int status = cib_error_set(err, CIB_USAGE, "codelist.unknown", "there is no code '%s' in the list %s", code, cib_codelist_name(list));
	if (near)
		cib_error_hint(err, "did you mean %s (%s)?", near->code, cib_code_name(near, cib_spoken(), false));
	else
		cib_error_hint(err, "see: cib codes %s", cib_codelist_name(list));
	return status;
}

const char *cib_code_name(const cib_code *code, const char *lang, bool brief)
{
	const cJSON *names = brief ? cib_json_get(code->json, "short") : NULL;
	const char *name = cib_text_in(names ? names : cib_json_get(code->json, "name"), lang, "en");
	return name ? name : code->code;
}

const char *cib_network_code_name(cib_network *net, const char *list, const char *code, const char *lang)
{
	const cib_codelist *l = cib_network_codelist(net, list);
	const cib_code *c = l ? cib_codelist_get(l, code) : NULL;
	return c ? cib_code_name(c, lang, false) : code;
}

void cib_sdg_goal(char out[4], const char *code)
{
	size_t n = strcspn(code, ".");
	n = n < 3 ? n : 3;
	memcpy(out, code, n);
	out[n] = '\0';
}

bool cib_code_matches(const cib_code *code, const char *const *words, size_t count)
{
	cib_buf all = CIB_BUF_INIT;
	bool yes = true;
	cib_buf_adds(&all, code->code);
	for (int brief = 0; brief < 2; brief++) {
		const cJSON *names = cib_json_get(code->json, brief ? "short" : "name");
		for (const cJSON *n = names ? names->child : NULL; n; n = n->next)
			if (cJSON_IsString(n))
				cib_buf_addf(&all, "\n%s", n->valuestring);
	}
	for (size_t i = 0; i < count && yes; i++)
		yes = strncmp(code->code, words[i], strlen(words[i])) == 0 || cib_text_has(all.data, words[i]);
	cib_buf_free(&all);
	return yes;
}
