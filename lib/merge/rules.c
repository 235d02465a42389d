/* The annotations of a schema as the merge sees them, and the identity of list items where no schema speaks. */
#include "merge/private.h"

#include <stdlib.h>
#include <string.h>

struct cib_merge_rules {
	const cJSON *root;
};

cib_merge_rules *cib_merge_rules_new(const cJSON *schema)
{
	cib_merge_rules *r = cib_alloc(sizeof *r);
	r->root = schema;
	return r;
}

void cib_merge_rules_free(cib_merge_rules *rules)
{
	free(rules);
}

const cJSON *cib_rules_root(const cib_merge_rules *rules)
{
	return rules ? rules->root : NULL;
}

typedef const cJSON *(*finder)(const cJSON *node, const char *name);

/* Find something on a schema node, through local references and allOf. */
static const cJSON *search(const cib_merge_rules *rules, const cJSON *node, finder find, const char *name, int depth)
{
	if (!cJSON_IsObject(node) || depth > 16)
		return NULL;
	const cJSON *found = find(node, name);
	const char *ref = cib_json_string(node, "$ref");
	if (!found && ref && ref[0] == '#')
		found = search(rules, cib_json_at(rules->root, ref + 1), find, name, depth + 1);
	const cJSON *all = cib_json_get(node, "allOf");
	for (const cJSON *a = all ? all->child : NULL; a && !found; a = a->next)
		found = search(rules, a, find, name, depth + 1);
	return found;
}

static const cJSON *keyword(const cJSON *node, const char *name)
{
	return cib_json_get(node, name);
}

/* patternProperties are tried without their patterns: the first that describes something is meant for the names that
 * `properties` does not list, which is how maps are written. */
static const cJSON *member(const cJSON *node, const char *name)
{
	const cJSON *found = cib_json_get(cib_json_get(node, "properties"), name);
	const cJSON *patterns = cib_json_get(node, "patternProperties");
	for (const cJSON *p = patterns ? patterns->child : NULL; p && !found; p = p->next)
		found = cJSON_IsObject(p) ? p : NULL;
	const cJSON *rest = cib_json_get(node, "additionalProperties");
	return found ? found : cJSON_IsObject(rest) ? rest
	                                            : NULL;
}

const char *cib_rules_of(const cib_merge_rules *rules, const cJSON *node)
{
	const cJSON *rule = rules ? search(rules, node, keyword, "x-merge", 0) : NULL;
	return cJSON_IsString(rule) ? rule->valuestring : NULL;
}

const cJSON *cib_rules_groups(const cib_merge_rules *rules, const cJSON *node)
{
	return rules ? search(rules, node, keyword, "x-merge-groups", 0) : NULL;
}

const cJSON *cib_rules_member(const cib_merge_rules *rules, const cJSON *node, const char *name)
{
	return rules ? search(rules, node, member, name, 0) : NULL;
}

const cJSON *cib_rules_items(const cib_merge_rules *rules, const cJSON *node)
{
	return rules ? search(rules, node, keyword, "items", 0) : NULL;
}

/* ---- identity ---- */

const char *cib_item_key(const cJSON *item, const char *key)
{
	const cJSON *v = cib_json_get(item, key);
	return cJSON_IsString(v) || cJSON_IsNumber(v) ? v->valuestring : NULL;
}

bool cib_key_tells_apart(const cJSON *array, const char *key)
{
	cib_classes classes = {0};
	bool ok = true;
	for (const cJSON *c = array ? array->child : NULL; c && ok; c = c->next) {
		const char *k = cib_item_key(c, key);
		unsigned known = classes.count;
		ok = k && cib_class_of_text(&classes, k, strlen(k)) == known;
	}
	cib_classes_free(&classes);
	return ok;
}

static bool usable(const char *key, const cJSON *const *arrays, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!cib_key_tells_apart(arrays[i], key))
			return false;
	return true;
}

static bool all_strings(const char *key, const cJSON *const *arrays, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (const cJSON *c = arrays[i] ? arrays[i]->child : NULL; c; c = c->next)
			if (!cib_json_string(c, key))
				return false;
	return true;
}

/* How many items of the other arrays have a counterpart in the first: what changes often is no identity. */
static size_t counterparts(const char *key, const cJSON *const *arrays, size_t count)
{
	cib_classes classes = {0};
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		unsigned first = classes.count;
		for (const cJSON *c = arrays[i] ? arrays[i]->child : NULL; c; c = c->next) {
			const char *k = cib_item_key(c, key);
			n += i > 0 && cib_class_of_text(&classes, k, strlen(k)) < first;
			if (i == 0)
				cib_class_of_text(&classes, k, strlen(k));
		}
	}
	cib_classes_free(&classes);
	return n;
}

/* A number is an identity only where its name says so: an amount may be unique by chance. */
static const char *infer_key(const cJSON *const *arrays, size_t count)
{
	static const char *const usual[] = {"id", "@id", "_id", "key", "code", "name", "uuid", "slug", "url", "path"};
	const cJSON *first = NULL;
	const char *best = NULL;
	size_t most = 0;
	for (size_t i = 0; i < count && !first; i++)
		first = arrays[i] ? arrays[i]->child : NULL;
	if (!cJSON_IsObject(first))
		return NULL;
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (usable(usual[i], arrays, count))
			return usual[i];
	for (const cJSON *p = first->child; p; p = p->next) {
		size_t n = all_strings(p->string, arrays, count) && usable(p->string, arrays, count) ? 1 + counterparts(p->string, arrays, count) : 0;
		bool tie = n && n == most && !(arrays[0] && arrays[0]->child); /* no base, whose order would be everybody's */
		if (n > most || (tie && strcmp(p->string, best) < 0)) {
			best = p->string;
			most = n;
		}
	}
	return best;
}

const char *cib_key_of(const char *rule, const cJSON *const *arrays, size_t count)
{
	if (rule && strncmp(rule, "keyed:", 6) == 0)
		return usable(rule + 6, arrays, count) ? rule + 6 : NULL;
	return rule ? NULL : infer_key(arrays, count);
}

/* ---- identity paths ---- */

static const cJSON *item_with(const cJSON *array, const char *key, const char *value, size_t *index)
{
	*index = 0;
	for (const cJSON *c = array->child; c && key; c = c->next, ++*index) {
		const char *k = cib_item_key(c, key);
		if (k && strcmp(k, value) == 0)
			return c;
	}
	return NULL;
}

/* The item that a token names: by the list's key, by any key that the merge may have inferred, by its position. */
static const cJSON *step_array(const cib_merge_rules *rules, const cJSON *array, const cJSON *node, const char *token, size_t *index)
{
	const char *rule = cib_rules_of(rules, node), *key = cib_key_of(rule, &array, 1);
	const cJSON *found = item_with(array, key, token, index);
	for (const cJSON *p = !rule && cJSON_IsObject(array->child) ? array->child->child : NULL; p && !found; p = p->next)
		found = cJSON_IsString(p) && usable(p->string, &array, 1) ? item_with(array, p->string, token, index) : NULL;
	if (found)
		return found;
	char *end;
	unsigned long n = strtoul(token, &end, 10);
	*index = n;
	return *token >= '0' && *token <= '9' && !*end && n < 1000000 ? cJSON_GetArrayItem(array, (int)n) : NULL;
}

bool cib_merge_path_to_pointer(cib_buf *pointer, const cJSON *doc, const cib_merge_rules *rules, const char *path)
{
	cib_buf token = CIB_BUF_INIT;
	const cJSON *at = doc, *node = cib_rules_root(rules);
	bool ok = true;
	cib_buf_clear(pointer);
	cib_buf_reserve(pointer, 16);
	pointer->data[0] = '\0';
	while (ok && *path) {
		ok = at && cib_json_pointer_next(&path, &token);
		if (!ok)
			break;
		if (cJSON_IsArray(at)) {
			size_t index;
			const cJSON *item = step_array(rules, at, node, token.data, &index);
			node = cib_rules_items(rules, node);
			ok = item != NULL;
			at = item;
			cib_json_pointer_add_index(pointer, index);
		} else {
			cib_json_pointer_add(pointer, token.data);
			node = cib_rules_member(rules, node, token.data);
			at = cib_json_get(at, token.data);
			ok = at || !*path; /* the last name may be new */
		}
	}
	cib_buf_free(&token);
	return ok;
}

/* ---- keys that come twice ---- */

typedef struct {
	const cib_merge_rules *rules;
	const char *key;
	cib_merge_repeated_cb cb;
	void *payload;
	cib_buf pointer;
} repeats;

static void find_repeated(repeats *r, const cJSON *value, const cJSON *node);

static void find_in_items(repeats *r, const cJSON *array, const cJSON *node)
{
	const char *rule = cib_rules_of(r->rules, node);
	const cJSON *items = cib_rules_items(r->rules, node);
	bool keyed = rule && strncmp(rule, "keyed:", 6) == 0 && strcmp(rule + 6, r->key) == 0;
	size_t len = r->pointer.len, index = 0;
	cib_classes known = {0};
	for (const cJSON *item = array->child; item; item = item->next, index++) {
		const char *value = keyed ? cib_item_key(item, r->key) : NULL;
		unsigned count = known.count;
		cib_json_pointer_add_index(&r->pointer, index);
		find_repeated(r, item, items);
		if (value && cib_class_of_text(&known, value, strlen(value)) < count) {
			cib_json_pointer_add(&r->pointer, r->key);
			r->cb(r->pointer.data, value, r->payload);
		}
		r->pointer.len = len;
		r->pointer.data[len] = '\0';
	}
	cib_classes_free(&known);
}

static void find_repeated(repeats *r, const cJSON *value, const cJSON *node)
{
	if (cJSON_IsArray(value)) {
		find_in_items(r, value, node);
		return;
	}
	size_t len = r->pointer.len;
	for (const cJSON *member = value->child; member; member = member->next) {
		if (!member->child)
			continue;
		cib_json_pointer_add(&r->pointer, member->string);
		find_repeated(r, member, cib_rules_member(r->rules, node, member->string));
		r->pointer.len = len;
		r->pointer.data[len] = '\0';
	}
}

void cib_merge_each_repeated(const cJSON *doc, const cib_merge_rules *rules, const char *key, cib_merge_repeated_cb cb, void *payload)
{
	repeats r = {.rules = rules, .key = key, .cb = cb, .payload = payload};
	find_repeated(&r, doc, cib_rules_root(rules));
	cib_buf_free(&r.pointer);
}
