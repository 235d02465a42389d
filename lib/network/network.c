/* Loading a network from a commit: rules, kinds, access, limits. */
#include "network/private.h"

#include <stdlib.h>
#include <string.h>

static const cib_limits default_limits = {
	.pack_bytes = 32u << 20,
	.json_bytes = 1u << 20,
	.attachment_bytes = 10u << 20,
	.paths = 5000,
	.commits = 1000,
	.tree_depth = 8,
	.path_bytes = 200,
	.component_bytes = 100,
	.json_depth = 32,
	.json_nodes = 20000,
	.json_string = 64u << 10,
	.message_bytes = 8u << 10,
	.schema_bytes = 256u << 10,
	.future_seconds = 24 * 3600,
};

/* The limits that network.json may set, in the order of the docs. Below `lowest` no push would be taken any more, also none that raises it again. */
static const struct {
	const char *name;
	size_t offset, lowest;
} limit_rows[] = {
	{"packBytes", offsetof(cib_limits, pack_bytes), 64u << 10},
	{"jsonBytes", offsetof(cib_limits, json_bytes), 1},
	{"attachmentBytes", offsetof(cib_limits, attachment_bytes), 1},
	{"paths", offsetof(cib_limits, paths), 1},
	{"commits", offsetof(cib_limits, commits), 1},
	{"treeDepth", offsetof(cib_limits, tree_depth), 1},
	{"jsonDepth", offsetof(cib_limits, json_depth), 1},
	{"jsonNodes", offsetof(cib_limits, json_nodes), 1},
	{"stringBytes", offsetof(cib_limits, json_string), 1},
	{"messageBytes", offsetof(cib_limits, message_bytes), 256},
	{"schemaBytes", offsetof(cib_limits, schema_bytes), 1},
};
enum { RECORD_TIMES = 4,
       RECORD_DEPTH = 4,
       LIMITS = sizeof limit_rows / sizeof *limit_rows };

size_t cib_network_limit_lowest(const char *name)
{
	for (size_t i = 0; i < LIMITS; i++)
		if (strcmp(limit_rows[i].name, name) == 0)
			return limit_rows[i].lowest;
	return 0;
}

static void load_limits(cib_network *net)
{
	net->limits = default_limits;
	const cJSON *given = cib_json_get(net->json, "limits");
	for (size_t i = 0; i < LIMITS; i++) {
		const cJSON *v = cib_json_get(given, limit_rows[i].name);
		if (cJSON_IsNumber(v) && v->valuedouble >= 1 && v->valuedouble <= 1e9)
			*(size_t *)(void *)((char *)&net->limits + limit_rows[i].offset) = (size_t)v->valuedouble;
	}
}

/* Read one rule file of the commit as JSON; CIB_NOTFOUND when it is not there. */
static int load_json(cJSON **out, cib_network *net, const char *path, size_t max, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cib_oid oid;
	unsigned mode;
	int status = cib_store_tree_get(&oid, &mode, net->store, &net->commit, path, err);
	if (status == CIB_OK)
		status = cib_store_blob_read(&text, net->store, &oid, max, err);
	if (status == CIB_OK) {
		status = cib_json_read(out, text.data, text.len, NULL, err);
		if (status != CIB_OK && err)
			memcpy(err->file, path, strlen(path) < sizeof err->file ? strlen(path) + 1 : 0);
	}
	cib_buf_free(&text);
	return status;
}

typedef struct {
	cib_network *net;
	cib_error *err;
} kind_loader;

static cib_writer writer_of(const char *name)
{
	if (name && strcmp(name, "secretariat") == 0)
		return CIB_WRITER_SECRETARIAT;
	return name && strcmp(name, "both") == 0 ? CIB_WRITER_BOTH : CIB_WRITER_MEMBER;
}

static int load_kind(const cib_tree_entry *entry, void *payload)
{
	static const char suffix[] = ".schema.json";
	kind_loader *l = payload;
	cib_network *net = l->net;
	const char *name = strrchr(entry->path, '/') + 1;
	size_t len = strlen(name), tail = sizeof suffix - 1;
	if (len <= tail || strcmp(name + len - tail, suffix) != 0)
		return 0;
	cJSON *doc = NULL;
	size_t most = net->limits.schema_bytes > default_limits.schema_bytes ? net->limits.schema_bytes : default_limits.schema_bytes;
	int status = load_json(&doc, net, entry->path, most, l->err);
	if (status != CIB_OK)
		return status;
	const char *given = cib_json_string(doc, "x-cib-kind");
	const char *writer = cib_json_string(doc, "x-cib-writer");
	net->kinds = cib_grow(net->kinds, &net->kind_cap, net->kind_count + 1, sizeof *net->kinds);
	net->kinds[net->kind_count++] = (kind_slot){
		.kind = {.name = given ? cib_strdup(given) : cib_strndup(name, len - tail),
	                 .folder = cib_strdup(cib_json_string(doc, "x-cib-folder")),
	                 .prefix = cib_strdup(cib_json_string(doc, "x-cib-prefix")),
	                 .writer = writer_of(writer),
	                 .schema = doc},
		.doc = doc,
	};
	const char *id = cib_json_string(doc, "$id");
	return cib_schema_registry_add(net->registry, id ? id : name, doc, l->err);
}

static void find_rules(cib_oid out[RULE_PLACES], cib_store *store, const cib_oid *commit)
{
	static const char *const places[RULE_PLACES] = {"network.json", "access.json", "schema", "codelists"};
	unsigned mode;
	for (size_t i = 0; i < RULE_PLACES; i++)
		if (cib_store_tree_get(&out[i], &mode, store, commit, places[i], NULL) != CIB_OK)
			out[i] = (cib_oid){{0}};
}

bool cib_network_move(cib_network *net, const cib_oid *commit)
{
	cib_oid rules[RULE_PLACES];
	find_rules(rules, net->store, commit);
	bool same = memcmp(rules, net->rules, sizeof rules) == 0;
	if (same)
		net->commit = *commit;
	return same;
}

int cib_network_load(cib_network **out, cib_store *store, const cib_oid *commit, cib_error *err)
{
	cib_network *net = cib_alloc(sizeof *net);
	net->store = store;
	net->commit = *commit;
	net->registry = cib_schema_registry_new();
	pthread_mutex_init(&net->codelists_lock, NULL);
	*out = NULL;
	int status = load_json(&net->json, net, "network.json", default_limits.json_bytes, err);
	if (status == CIB_NOTFOUND)
		cib_error_set(err, CIB_NOTFOUND, "network.none", "this is not a cib network: it has no network.json");
	if (status == CIB_OK)
		status = load_json(&net->access, net, "access.json", default_limits.json_bytes, err);
	if (status == CIB_NOTFOUND && net->json)
		status = cib_error_set(err, CIB_FINDINGS, "network.no-access", "the network has no access.json");
	if (status == CIB_OK)
		load_limits(net);
	if (status == CIB_OK)
		cib_network_load_purged(net);
	kind_loader loader = {net, err};
	if (status == CIB_OK)
		status = cib_store_tree_each(store, commit, "schema", false, load_kind, &loader, err);
	for (size_t i = 0; i < net->kind_count; i++)
		net->kinds[i].kind.priv = &net->kinds[i];
	if (status != CIB_OK) {
		cib_network_free(net);
		return status;
	}
	find_rules(net->rules, store, commit);
	*out = net;
	return CIB_OK;
}

void cib_network_free(cib_network *net)
{
	if (!net)
		return;
	for (size_t i = 0; i < net->kind_count; i++) {
		kind_slot *k = &net->kinds[i];
		cib_merge_rules_free(k->rules);
		cib_code_fields_free(k->codes);
		cib_schema_free(k->compiled);
		free((char *)(uintptr_t)k->kind.name);
		free((char *)(uintptr_t)k->kind.folder);
		free((char *)(uintptr_t)k->kind.prefix);
	}
	cib_codelists_free(net);
	pthread_mutex_destroy(&net->codelists_lock);
	cib_schema_registry_free(net->registry);
	for (size_t i = 0; i < net->kind_count; i++)
		cJSON_Delete(net->kinds[i].doc);
	free(net->kinds);
	free(net->purged_blobs.items);
	free(net->purged_commits.items);
	cJSON_Delete(net->json);
	cJSON_Delete(net->access);
	free(net);
}

const cib_oid *cib_network_commit(const cib_network *net)
{
	return &net->commit;
}

cib_store *cib_network_store(const cib_network *net)
{
	return net->store;
}

const cJSON *cib_network_access_json(const cib_network *net)
{
	return net->access;
}

const cJSON *cib_network_json(const cib_network *net)
{
	return net->json;
}

const char *cib_network_lang(const cib_network *net)
{
	const cJSON *languages = cib_json_get(net->json, "languages");
	const cJSON *first = languages ? languages->child : NULL;
	return cJSON_IsString(first) ? first->valuestring : "en";
}

const char *cib_network_review_policy(const cib_network *net)
{
	const char *policy = cib_json_string(net->json, "review");
	return policy && strcmp(policy, "none") == 0 ? "none" : "required";
}

const cib_limits *cib_network_limits(const cib_network *net)
{
	return &net->limits;
}

/* A record of a conflict about a whole entry holds three versions of it, three levels further down. What sets the limits is not under them: they
 * could not be raised again. */
cib_limits cib_network_limits_at(const cib_network *net, const cib_place *place)
{
	cib_limits limits = net->limits;
	if (place->area == CIB_AREA_RECORD) {
		limits.json_bytes *= RECORD_TIMES;
		limits.json_nodes *= RECORD_TIMES;
		limits.json_depth += RECORD_DEPTH;
	} else if (place->area == CIB_AREA_RULES) {
		limits.json_bytes = default_limits.json_bytes;
		limits.json_nodes = default_limits.json_nodes;
		limits.json_depth = default_limits.json_depth;
		limits.json_string = default_limits.json_string;
	}
	return limits;
}

/* ---- kinds ---- */

size_t cib_network_kind_count(const cib_network *net)
{
	return net->kind_count;
}

const cib_kind *cib_network_kind_at(const cib_network *net, size_t i)
{
	return i < net->kind_count ? &net->kinds[i].kind : NULL;
}

const cib_kind *cib_network_kind(const cib_network *net, const char *name)
{
	for (size_t i = 0; i < net->kind_count; i++)
		if (strcmp(net->kinds[i].kind.name, name) == 0)
			return &net->kinds[i].kind;
	return NULL;
}

int cib_network_kind_unknown(const cib_network *net, const char *name, cib_error *err)
{
	const char *names[64];
	size_t n = 0;
	cib_buf list = CIB_BUF_INIT;
	for (size_t i = 0; i < net->kind_count && n < 64; i++) {
		const cib_kind *k = &net->kinds[i].kind;
		if (!k->folder)
			continue;
		names[n++] = k->name;
		cib_buf_addf(&list, "%s%s", list.len ? ", " : "", k->name);
	}
	const char *near = cib_nearest(name, names, n);
	int status = cib_error_set(err, CIB_USAGE, "usage.kind", "there is no kind '%s'", name);
	if (near)
		cib_error_hint(err, "did you mean %s? The kinds are: %s", near, cib_buf_str(&list));
	else
		cib_error_hint(err, "the kinds are: %s", cib_buf_str(&list));
	cib_buf_free(&list);
	return status;
}

const cib_schema *cib_network_schema(cib_network *net, const cib_kind *kind, cib_error *err)
{
	kind_slot *slot = kind->priv;
	cib_schema_options options = {.registry = net->registry, .assert_format = true};
	if (!slot->compiled)
		cib_schema_compile(&slot->compiled, slot->doc, &options, err);
	return slot->compiled;
}

const cib_merge_rules *cib_network_rules(cib_network *net, const cib_kind *kind)
{
	(void)net;
	kind_slot *slot = kind->priv;
	if (!slot->rules)
		slot->rules = cib_merge_rules_new(slot->doc);
	return slot->rules;
}

const cib_code_fields *cib_network_code_fields(cib_network *net, const cib_kind *kind)
{
	(void)net;
	kind_slot *slot = kind->priv;
	if (!slot->codes)
		slot->codes = cib_code_fields_new(slot->doc);
	return slot->codes;
}

const char *cib_kind_title(const cib_kind *kind, const char *lang)
{
	const char *title = cib_text_in(cib_json_get(kind->schema, "x-cib-title"), lang, "en");
	if (!title)
		title = cib_json_string(kind->schema, "title");
	return title ? title : kind->name;
}
