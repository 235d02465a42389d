/* Rules that look at other entries of the network, or at the version of the entry before. */
#include "network/rules.h"

#include <stdlib.h>
#include <string.h>

/* ---- reference: an id that another entry has. A dangling one is a warning: its target may have been removed elsewhere
 * meanwhile, which is nobody's fault here. */

static bool member_exists(const cib_rule_run *run, const char *id)
{
	cib_oid blob;
	unsigned mode;
	char *path = cib_format("members/%s", id);
	bool there = cib_name_ok(id, strlen(id)) && cib_store_tree_get(&blob, &mode, run->net->store, run->options->tree, path, NULL) == CIB_OK;
	there = there || cib_network_has_people(run->net, id);
	free(path);
	return there;
}

static bool is_excepted(const cJSON *rule, const char *value)
{
	const cJSON *except = cib_json_get(rule, "except");
	for (const cJSON *e = except ? except->child : NULL; e; e = e->next)
		if (cJSON_IsString(e) && strcmp(e->valuestring, value) == 0)
			return true;
	return false;
}

static void judge_reference(const char *pointer, const cJSON *value, void *payload)
{
	cib_rule_run *run = payload;
	const char *kind = cib_json_string(run->rule, "kind");
	if (!cJSON_IsString(value) || is_excepted(run->rule, value->valuestring))
		return;
	cib_buf path = CIB_BUF_INIT;
	cib_oid blob;
	cib_place place;
	bool there;
	if (kind && strcmp(kind, "member") == 0) { /* members exist by their folder, or by having staff */
		there = member_exists(run, value->valuestring);
	} else {
		there = cib_network_find(&path, &place, &blob, run->net, run->options->tree, value->valuestring, NULL) == CIB_OK;
		there = there && (!kind || !*kind || (place.kind && strcmp(place.kind->name, kind) == 0));
	}
	cib_buf_free(&path);
	if (!there) {
		run->severity = CIB_WARNING;
		cib_rule_found(run, "rule.reference", pointer, value->valuestring, NULL);
	}
}

void cib_rule_reference(cib_rule_run *run)
{
	const char *field = cib_json_string(run->rule, "field");
	if (field && run->options->tree)
		cib_reach(run->doc, field, judge_reference, run);
}

/* ---- among: a value (or the names of an object) that must be one of those in a list, here or in another entry: the
 * questions of an instrument, the priorities of a plan. */

typedef struct {
	cib_rule_run *run;
	const cJSON *where; /* the document with the list */
	const cJSON *value;
	bool known;
} choosing;

static void compare(const char *pointer, const cJSON *value, void *payload)
{
	(void)pointer;
	choosing *c = payload;
	c->known = c->known || cib_json_equal(value, c->value);
}

static void judge_among(choosing *c, const char *pointer, const cJSON *value)
{
	char scratch[40];
	c->value = value;
	c->known = cJSON_IsNull(value);
	cib_reach(c->where, cib_json_string(c->run->rule, "among"), compare, c);
	if (!c->known)
		cib_rule_found(c->run, "rule.among", pointer, cJSON_IsNumber(value) ? cib_json_number_text(value, scratch) : cJSON_IsString(value) ? value->valuestring
		                                                                                                                                   : "?",
		               NULL);
}

static void judge_choice(const char *pointer, const cJSON *value, void *payload)
{
	choosing *c = payload;
	if (!cJSON_IsTrue(cib_json_get(c->run->rule, "keys"))) {
		judge_among(c, pointer, value);
		return;
	}
	for (const cJSON *m = cJSON_IsObject(value) ? value->child : NULL; m; m = m->next) {
		cJSON *name = cJSON_CreateString(m->string);
		cib_buf at = CIB_BUF_INIT;
		cib_buf_adds(&at, pointer);
		cib_json_pointer_add(&at, m->string);
		judge_among(c, at.data, name);
		cib_buf_free(&at);
		cJSON_Delete(name);
	}
}

static int read_entry(cJSON **out, const cib_rule_run *run, const cib_oid *blob)
{
	cib_buf text = CIB_BUF_INIT;
	int status = cib_store_blob_read(&text, run->net->store, blob, run->net->limits.json_bytes, NULL);
	if (status == CIB_OK)
		status = cib_json_read(out, text.data, text.len, NULL, NULL);
	cib_buf_free(&text);
	return status;
}

void cib_rule_among(cib_rule_run *run)
{
	const char *field = cib_json_string(run->rule, "field"), *entry = cib_json_string(run->rule, "entry");
	choosing c = {.run = run, .where = run->doc};
	if (!field || !cib_json_string(run->rule, "among"))
		return;
	if (!entry) {
		cib_reach(run->doc, field, judge_choice, &c);
		return;
	}
	const cJSON *id = cib_json_at(run->doc, entry);
	cib_buf path = CIB_BUF_INIT;
	cJSON *other = NULL;
	cib_oid blob;
	/* When the other entry is not there, that is what `reference` says; no more can be said of this field. */
	if (run->options->tree && cJSON_IsString(id) && cib_network_find(&path, NULL, &blob, run->net, run->options->tree, id->valuestring, NULL) == CIB_OK &&
	    read_entry(&other, run, &blob) == CIB_OK) {
		c.where = other;
		cib_reach(run->doc, field, judge_choice, &c);
	}
	cJSON_Delete(other);
	cib_buf_free(&path);
}

/* ---- frozen: from a certain state on nothing changes */

/* The version before, when it is one that does not change any more; the caller's. NULL: it may. */
static cJSON *frozen_before(const cib_rule_run *run)
{
	const cJSON *when = cib_json_get(run->rule, "when");
	cib_oid blob;
	unsigned mode;
	cJSON *before = NULL;
	if (!run->path || !run->options->before || !when || cib_oid_is_zero(run->options->before) ||
	    cib_store_tree_get(&blob, &mode, run->net->store, run->options->before, run->path, NULL) != CIB_OK || read_entry(&before, run, &blob) != CIB_OK)
		return NULL;
	for (const cJSON *w = when->child; w; w = w->next) {
		const cJSON *was = cib_json_at(before, w->string);
		if (was && cib_json_equal(was, w))
			continue;
		cJSON_Delete(before);
		return NULL;
	}
	return before;
}

void cib_rule_frozen(cib_rule_run *run)
{
	cJSON *before = frozen_before(run);
	if (before && !run->doc) {
		cib_rule_found(run, "rule.frozen", "", NULL, NULL);
	} else if (before && !cib_json_equal(before, run->doc)) {
		cib_json_changes changes = {0};
		cib_json_diff(&changes, before, run->doc, NULL);
		cib_rule_found(run, "rule.frozen", changes.count ? changes.items[0].pointer : "", NULL, NULL);
		cib_json_changes_free(&changes);
	}
	cJSON_Delete(before);
}

/* ---- unique: no two entries of the kind in one folder agree in all these fields */

typedef struct {
	cib_rule_run *run;
	const char *own; /* path of the entry itself */
	char *other;
} doubling;

static int compare_entry(const cib_tree_entry *entry, void *payload)
{
	doubling *d = payload;
	cJSON *doc = NULL;
	if (strcmp(entry->path, d->own) == 0 || read_entry(&doc, d->run, &entry->oid) != CIB_OK)
		return 0;
	bool same = true;
	const cJSON *fields = cib_json_get(d->run->rule, "fields");
	for (const cJSON *f = fields ? fields->child : NULL; f && same; f = f->next) {
		const cJSON *a = cJSON_IsString(f) ? cib_json_at(d->run->doc, f->valuestring) : NULL, *b = a ? cib_json_at(doc, f->valuestring) : NULL;
		same = a && b && cib_json_equal(a, b);
	}
	if (same && !d->other)
		d->other = cib_strdup(cib_json_string(doc, "id"));
	cJSON_Delete(doc);
	return same;
}

void cib_rule_unique(cib_rule_run *run)
{
	const char *slash = run->path ? strrchr(run->path, '/') : NULL;
	if (!slash || !run->options->tree)
		return;
	char *folder = cib_strndup(run->path, (size_t)(slash - run->path));
	doubling d = {.run = run, .own = run->path};
	cib_store_tree_each(run->net->store, run->options->tree, folder, false, compare_entry, &d, NULL);
	if (d.other)
		cib_rule_found(run, "rule.unique", "", d.other, NULL);
	free(d.other);
	free(folder);
}
