/* A change of the rules themselves: only with proof that the network still works under the new ones.
 *
 * The rules of the new tip must load; every schema must compile; somebody must still be the secretariat; and when a
 * schema changed, every entry on main that it speaks of must be valid. That walk is the one that may be long. */
#include "guard/private.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	bool any, access, schemas;
	bool *kinds; /* of the new network, by index: changed */
	cib_network *net;
} changes;

static int note_rule(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	changes *c = payload;
	(void)a;
	if (strcmp(path, "access.json") == 0)
		c->any = c->access = true;
	else if (strcmp(path, "network.json") == 0 || strncmp(path, "codelists/", 10) == 0)
		c->any = true;
	else if (strncmp(path, "schema/", 7) == 0)
		c->any = c->schemas = true;
	if (!c->kinds || strncmp(path, "schema/", 7) != 0 || b->mode == 0)
		return CIB_OK;
	for (size_t i = 0; i < cib_network_kind_count(c->net); i++) {
		const char *name = cib_network_kind_at(c->net, i)->name, *file = path + 7;
		size_t len = strlen(name);
		c->kinds[i] = c->kinds[i] || (strncmp(file, name, len) == 0 && strcmp(file + len, ".schema.json") == 0);
	}
	return CIB_OK;
}

/* Does a schema refer to others, so that their change is its change? */
static bool refers_out(const cJSON *node)
{
	for (const cJSON *c = node->child; c; c = c->next) {
		if (c->string && cJSON_IsString(c) && (strcmp(c->string, "$ref") == 0 || strcmp(c->string, "$dynamicRef") == 0) &&
		    c->valuestring[0] != '#')
			return true;
		if (c->child && refers_out(c))
			return true;
	}
	return false;
}

static int judge_schemas(judge *j, cib_network *net, const cib_oid *tip)
{
	int status = CIB_OK;
	for (size_t i = 0; status == CIB_OK && i < cib_network_kind_count(net); i++) {
		const cib_kind *kind = cib_network_kind_at(net, i);
		cib_error err = CIB_ERROR_INIT;
		if (cib_network_schema(net, kind, &err))
			continue;
		char *path = cib_format("schema/%s.schema.json", kind->name);
		status = refuse(j, "guard.schema", tip, path, "try it first: cib check --schema FILE", "the schema cannot be used: %s%s%s",
		                err.pointer, err.pointer[0] ? ": " : "", err.message);
		free(path);
	}
	return status;
}

static int judge_access(judge *j, cib_network *net, const cib_oid *tip)
{
	cib_buf path = CIB_BUF_INIT;
	cib_oid oid;
	unsigned mode;
	cJSON *doc = NULL;
	int status = cib_store_tree_get(&oid, &mode, j->store, tip, "access.json", j->err);
	if (status == CIB_OK)
		status = cib_store_blob_read(&path, j->store, &oid, j->limits->json_bytes, j->err);
	if (status == CIB_OK)
		status = cib_json_read(&doc, cib_buf_str(&path), path.len, NULL, j->err);
	cib_buf_free(&path);
	if (status != CIB_OK)
		return refuse_store(j, status, tip, "access.json");
	bool alive = false;
	const cJSON *users = cib_json_get(doc, "users");
	for (const cJSON *u = users ? users->child : NULL; u && status == CIB_OK; u = u->next) {
		const char *role = cib_json_string(u, "role"), *member = cib_json_string(u, "member"), *name = u->string ? u->string : "";
		bool known = role && (strcmp(role, "secretariat") == 0 || strcmp(role, "reader") == 0 || strcmp(role, "staff") == 0);
		alive = alive || cib_network_access(net, name, j->now).role == CIB_ROLE_SECRETARIAT;
		if (!known)
			status = refuse(j, "guard.access", tip, "access.json", NULL, "/users/%s: the role must be secretariat, staff or reader", name);
		else if (strcmp(role, "staff") == 0 && (!member || !cib_name_ok(member, strlen(member)) || strcmp(member, "secretariat") == 0))
			status = refuse(j, "guard.access", tip, "access.json", NULL, "/users/%s: the member of staff must be a name as m-andal", name);
	}
	if (status == CIB_OK && !alive)
		status = refuse(j, "guard.locked-out", tip, "access.json", "keep at least one user with the role secretariat",
		                "nobody would be the secretariat any more: the network would be locked");
	cJSON_Delete(doc);
	return status;
}

/* ---- the proof ---- */

typedef struct {
	judge *j;
	changes *changed;
	const cib_oid *tip;
	cib_buf text;
} prover;

static int prove_entry(const cib_tree_entry *e, void *payload)
{
	prover *p = payload;
	judge *j = p->j;
	cib_place place;
	cib_network_place(&place, p->changed->net, e->path);
	bool speaks = false, orphan = place.area != CIB_AREA_RULES && place.area != CIB_AREA_OTHER && !place.kind;
	for (size_t i = 0; place.kind && i < cib_network_kind_count(p->changed->net); i++)
		speaks = speaks || (p->changed->kinds[i] && cib_network_kind_at(p->changed->net, i) == place.kind);
	if (!speaks && !orphan)
		return CIB_OK;
	size_t first = j->findings->count;
	int status = cib_store_blob_read(&p->text, j->store, &e->oid, j->limits->json_bytes, j->err);
	if (status != CIB_OK)
		return refuse_store(j, status, p->tip, e->path);
	cib_check_options options = {.lang = j->lang, .tree = NULL, .canonical = true};
	cib_network_check(p->changed->net, e->path, cib_buf_str(&p->text), p->text.len, &options, NULL, j->findings);
	for (size_t i = j->findings->count; i-- > first;) /* of thousands of entries only what is wrong matters */
		if (j->findings->items[i].severity != CIB_ERROR && i + 1 == j->findings->count)
			cib_findings_truncate(j->findings, i);
	name_commit(j, first, p->tip);
	for (size_t i = first; i < j->findings->count; i++)
		if (!j->findings->items[i].hint)
			j->findings->items[i].hint = cib_strdup("change the entry in the same push, or the schema so that it stays valid");
	return j->findings->errors - j->before >= ENOUGH ? STOP : CIB_OK;
}

static int prove_all(judge *j, changes *changed, const cib_oid *tip)
{
	static const char *const areas[] = {"members", "network", "reviews"};
	prover p = {j, changed, tip, CIB_BUF_INIT};
	int status = CIB_OK;
	for (size_t i = 0; i < cib_network_kind_count(changed->net); i++)
		changed->kinds[i] = changed->kinds[i] || refers_out(cib_network_kind_at(changed->net, i)->schema);
	for (size_t i = 0; status == CIB_OK && i < sizeof areas / sizeof *areas; i++)
		status = cib_store_tree_each(j->store, tip, areas[i], true, prove_entry, &p, j->err);
	cib_buf_free(&p.text);
	return status == STOP ? status : refuse_store(j, status, tip, NULL);
}

int judge_rules(cib_network **out, judge *j, const cib_ref_update *update)
{
	changes c = {0};
	*out = NULL;
	int status = cib_store_diff2(j->store, &update->before, &update->after, note_rule, &c, j->err);
	if (status != CIB_OK)
		return refuse_store(j, status, &update->after, NULL);
	if (!c.any)
		return CIB_OK;
	status = cib_network_load(out, j->store, &update->after, j->err);
	if (status == CIB_NOTFOUND || status == CIB_FINDINGS) {
		char *path = cib_strdup(j->err && j->err->file[0] ? j->err->file : NULL);
		refuse(j, "guard.rules-broken", &update->after, path, "put the rule files back as they are on main: git checkout main -- FILE",
		       "the network cannot be loaded with these rules: %s", j->err ? j->err->message : "");
		cib_error_clear(j->err);
		free(path);
		return STOP;
	}
	if (status != CIB_OK)
		return status;
	c.net = *out;
	status = judge_schemas(j, c.net, &update->after);
	if (status == CIB_OK && c.access)
		status = judge_access(j, c.net, &update->after);
	if (status == CIB_OK && c.schemas && !refused(j)) {
		c.kinds = cib_alloc((cib_network_kind_count(c.net) + 1) * sizeof *c.kinds);
		status = cib_store_diff2(j->store, &update->before, &update->after, note_rule, &c, j->err);
		if (status == CIB_OK)
			status = prove_all(j, &c, &update->after);
		free(c.kinds);
	}
	return status;
}
