/* A change of the rules themselves: only with proof that the network still works under the new ones.
 *
 * The rules of the new tip must load; every schema must compile; the settings must be known; somebody must still be the
 * secretariat; and when a schema changed, every entry on main that it speaks of must be valid, when a codelist or the
 * weight of rules did, every entry. That walk is the one that may be long. */
#include "guard/private.h"
#include "network/codelist.h"
#include "network/rulebook.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	judge *j;
	const cib_oid *tip;
	bool any, access, schemas, settings, codelists;
	bool *kinds; /* of the new network, by index: changed */
	cib_network *net;
} changes;

static int note_rule(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	changes *c = payload;
	(void)a;
	if (strcmp(path, "access.json") == 0)
		c->any = c->access = true;
	else if (strcmp(path, "network.json") == 0)
		c->any = c->settings = true;
	else if (strncmp(path, "codelists/", 10) == 0)
		c->any = c->codelists = true;
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
		status = refuse(j, "guard.schema", tip, path, N_("try it first: cib check --schema FILE"), N_("the schema cannot be used: %s%s%s"),
		                err.pointer, err.pointer[0] ? ": " : "", err.message);
		free(path);
	}
	return status;
}

/* A rule file that speaks for itself: what is found there names the commit. */
static int judge_documents(judge *j, const changes *c, const cib_oid *tip)
{
	size_t first = j->findings->count;
	int64_t now = j->now;
	cib_commit commit;
	if (!now && cib_store_commit_read(&commit, j->store, tip, NULL) == CIB_OK) { /* no push: as it was when it was made */
		now = commit.committer_time;
		cib_commit_clear(&commit);
	}
	if (c->access)
		cib_network_check_access(cib_network_access_json(c->net), now, j->findings);
	if (c->settings)
		cib_network_check_settings(c->net, cib_network_json(c->net), j->findings);
	name_commit(j, first, tip);
	if (c->settings && !cib_network_keeps_purged(cib_network_json(j->net), cib_network_json(c->net)))
		return refuse(j, "guard.purged-list", tip, "network.json", N_("put \"purged\" back as it is on main"), N_("what was purged would be allowed again"));
	if (cib_network_signatures(c->net) == CIB_SIGNATURES_REQUIRED && !cib_network_can_sign(cib_network_access_json(c->net), now))
		return refuse(j, "guard.locked-out", tip, "access.json", N_("give a secretariat user a key without an end first: cib key add USER FILE"),
		              N_("signatures would be required, and nobody of the secretariat could sign: the network would be locked"));
	return enough(j);
}

/* A list that cannot be read would let every code pass. */
static int judge_codelist(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	static const char folder[] = "codelists/", tail[] = ".json";
	const changes *c = payload;
	size_t len = strlen(path), n = sizeof folder - 1, m = sizeof tail - 1;
	(void)a;
	if (b->mode == 0 || strncmp(path, folder, n) != 0 || len <= n + m || strcmp(path + len - m, tail) != 0)
		return CIB_OK;
	char *name = cib_strndup(path + n, len - n - m);
	const cib_codelist *list = cib_network_codelist(c->net, name);
	free(name);
	if (list && cib_codelist_count(list) > 0)
		return CIB_OK;
	return refuse(c->j, "guard.codelist", c->tip, path, N_("put it back as it is on main, or give it codes: {\"codes\": [{\"code\": ...}]}"),
	              N_("the codelist has no codes that can be read"));
}

/* Do the settings differ in something that decides whether an entry is valid? */
static bool weigh_otherwise(const cib_network *before, const cib_network *after)
{
	static const char *const members[] = {"rules", "limits", "privacy"};
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const cJSON *a = cib_json_get(cib_network_json(before), members[i]), *b = cib_json_get(cib_network_json(after), members[i]);
		if (a && b ? !cib_json_identical(a, b) : a != b)
			return true;
	}
	return false;
}

/* ---- the proof ---- */

typedef struct {
	judge *j;
	changes *changed;
	const cib_oid *tip;
	bool look_up; /* references, too: only where a dangling one is an error, as there are many */
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
	j->proved++;
	int status = cib_store_blob_read(&p->text, j->store, &e->oid, cib_network_limits_at(j->net, &place).json_bytes, j->err);
	if (status != CIB_OK)
		return refuse_store(j, status, p->tip, e->path);
	cib_check_options options = {.lang = j->lang, .tree = p->look_up ? p->tip : NULL, .canonical = true};
	cib_network_check(p->changed->net, e->path, cib_buf_str(&p->text), p->text.len, &options, NULL, j->findings);
	for (size_t i = j->findings->count; i-- > first;) /* of thousands of entries only what is wrong matters */
		if (j->findings->items[i].severity != CIB_ERROR && i + 1 == j->findings->count)
			cib_findings_truncate(j->findings, i);
	name_commit(j, first, p->tip);
	for (size_t i = first; i < j->findings->count; i++)
		if (!j->findings->items[i].hint)
			j->findings->items[i].hint = cib_strdup(_("change the entry in the same push, or the schema so that it stays valid"));
	return enough(j);
}

static int prove_all(judge *j, changes *changed, const cib_oid *tip)
{
	static const char *const areas[] = {"members", "network", "reviews"};
	prover p = {j, changed, tip, cib_network_severity(changed->net, "rule.reference") == CIB_ERROR, CIB_BUF_INIT};
	bool all = changed->codelists || (changed->settings && weigh_otherwise(j->net, changed->net));
	int status = CIB_OK;
	if (!all && !changed->schemas)
		return CIB_OK;
	for (size_t i = 0; i < cib_network_kind_count(changed->net); i++)
		changed->kinds[i] = all || changed->kinds[i] || refers_out(cib_network_kind_at(changed->net, i)->schema);
	for (size_t i = 0; status == CIB_OK && i < sizeof areas / sizeof *areas; i++)
		status = cib_store_tree_each(j->store, tip, areas[i], true, prove_entry, &p, j->err);
	cib_buf_free(&p.text);
	return status == STOP ? status : refuse_store(j, status, tip, NULL);
}

int judge_rules(cib_network **out, judge *j, const cib_ref_update *update)
{
	changes c = {.j = j, .tip = &update->after};
	*out = NULL;
	int status = cib_store_diff2(j->store, &update->before, &update->after, note_rule, &c, j->err);
	if (status != CIB_OK)
		return refuse_store(j, status, &update->after, NULL);
	if (!c.any)
		return CIB_OK;
	status = cib_network_load(out, j->store, &update->after, j->err);
	if (status == CIB_NOTFOUND || status == CIB_FINDINGS) {
		char *path = cib_strdup(j->err && j->err->file[0] ? j->err->file : NULL);
		refuse(j, "guard.rules-broken", &update->after, path, N_("put the rule files back as they are on main: git checkout main -- FILE"),
		       N_("the network cannot be loaded with these rules: %s"), j->err ? j->err->message : "");
		cib_error_clear(j->err);
		free(path);
		return STOP;
	}
	if (status != CIB_OK)
		return status;
	c.net = *out;
	status = judge_schemas(j, c.net, &update->after);
	if (status == CIB_OK)
		status = judge_documents(j, &c, &update->after);
	if (status == CIB_OK && c.codelists)
		status = cib_store_diff2(j->store, &update->before, &update->after, judge_codelist, &c, j->err);
	if (status == CIB_OK && !refused(j)) {
		c.kinds = cib_alloc((cib_network_kind_count(c.net) + 1) * sizeof *c.kinds);
		status = cib_store_diff2(j->store, &update->before, &update->after, note_rule, &c, j->err);
		if (status == CIB_OK)
			status = prove_all(j, &c, &update->after);
		free(c.kinds);
	}
	return status;
}
