/* Purging; the header tells how. */
#include "guard/purge.h"

#include "base/gettext.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAIN "refs/heads/main"

typedef struct {
	cib_store *store;
	const cib_purge_options *o;
	cib_purge_report *report;
	cib_network *net;
	cib_oid *blobs; /* versions to take out */
	size_t count, cap;
	cib_buf text;
	const char *ref; /* the branch that is looked at */
	cib_error *err;
} purge;

static bool wanted(const purge *p, const cib_oid *blob)
{
	for (size_t i = 0; i < p->count; i++)
		if (cib_oid_equal(&p->blobs[i], blob))
			return true;
	return false;
}

static void tell(purge *p, const char *code, const char *ref, const char *path, const char *message)
{
	char *file = ref ? cib_format("%s:%s", ref + strlen("refs/heads/"), path) : cib_strdup(path);
	cib_findings_add(&p->report->found, &(cib_finding){.severity = ref ? CIB_ERROR : CIB_ADVICE, .file = file, .keyword = (char *)(uintptr_t) "network", .code = (char *)(uintptr_t)code, .message = (char *)(uintptr_t)message});
	free(file);
}

/* Does this version hold the text, or was it named? */
static int look_at(const cib_tree_entry *e, void *payload)
{
	purge *p = payload;
	bool named = false;
	for (size_t i = 0; i < p->o->blob_count; i++)
		named = named || cib_oid_equal(&p->o->blobs[i], &e->oid);
	if (!named && (!p->o->text || cib_is_rule_path(e->path)))
		return CIB_OK;
	if (!named) {
		int status = cib_store_blob_read(&p->text, p->store, &e->oid, 0, p->err);
		if (status != CIB_OK)
			return status;
		named = p->text.len && memmem(p->text.data, p->text.len, p->o->text, p->o->text_len);
	}
	if (named && cib_is_rule_path(e->path))
		return cib_error_set(p->err, CIB_REFUSED, "purge.rule", "%s is of the network's rules, without which its history cannot be read", e->path);
	if (named && !wanted(p, &e->oid)) {
		p->blobs = cib_grow(p->blobs, &p->cap, p->count + 1, sizeof *p->blobs);
		p->blobs[p->count++] = e->oid;
		tell(p, "purge.version", NULL, e->path, _("this version goes"));
	}
	return CIB_OK;
}

/* In a member's branch what is not its own is main's as it was merged: it goes with that merge. */
static int look_at_now(const cib_tree_entry *e, void *payload)
{
	static const char members[] = "refs/heads/members/";
	purge *p = payload;
	const char *member = strncmp(p->ref, members, sizeof members - 1) == 0 ? p->ref + sizeof members - 1 : NULL;
	size_t n = member ? strlen(member) : 0;
	if (member && !(strncmp(e->path, "members/", 8) == 0 && strncmp(e->path + 8, member, n) == 0 && e->path[8 + n] == '/'))
		return CIB_OK;
	if (wanted(p, &e->oid))
		tell(p, "purge.branch", p->ref, e->path, _("the branch has it still"));
	return CIB_OK;
}

static int look_at_branch(const char *ref, const cib_oid *tip, void *payload)
{
	purge *p = payload;
	p->ref = ref;
	return cib_store_tree_each(p->store, tip, "", true, look_at_now, p, p->err);
}

static int find(purge *p)
{
	size_t known = 0;
	const cib_oid *before = cib_network_purged_blobs(p->net, &known); /* an interrupted purge goes on */
	int status = cib_store_each_version(p->store, look_at, p, p->err);
	if (status == CIB_OK && p->count == 0 && !known)
		status = cib_error_set(p->err, CIB_NOTFOUND, "purge.nothing", "no version of any file holds it");
	p->report->versions = p->count;
	for (size_t i = 0; status == CIB_OK && i < known; i++)
		if (!wanted(p, &before[i])) {
			p->blobs = cib_grow(p->blobs, &p->cap, p->count + 1, sizeof *p->blobs);
			p->blobs[p->count++] = before[i];
		}
	if (status == CIB_OK)
		status = cib_store_ref_each(p->store, "refs/heads/", look_at_branch, p, p->err);
	if (status == CIB_OK && p->report->found.errors && !p->o->drop) {
		status = cib_error_set(p->err, CIB_FINDINGS, "purge.now", cib_ngettext("it stands in %zu file as it is by now", "it stands in %zu files as they are by now", p->report->found.errors), p->report->found.errors);
		cib_error_hint(p->err, "take it out of the entry first (cib set, cib sync, and accept it), or let the files go: --drop");
	}
	return status;
}

/* ---- main's commit of the new epoch ---- */

static void add_hex(cJSON *list, const cib_oid *oids, size_t count)
{
	char hex[CIB_OID_HEX];
	for (size_t i = 0; i < count; i++) {
		cib_oid_hex(hex, &oids[i]);
		cJSON_AddItemToArray(list, cJSON_CreateString(hex));
	}
}

static int write_epoch(cib_oid *commit, purge *p, const cib_oid *main_tip, const cib_rewritten *made)
{
	cJSON *doc = cJSON_Duplicate(cib_network_json(p->net), true), *list = cib_json_get(doc, "purged"), *item = cJSON_CreateObject();
	cib_tree_entry edit = {.path = "network.json", .mode = 0100644};
	cib_buf text = CIB_BUF_INIT;
	cib_oid tree;
	char day[11], *name = cib_format("secretariat %s", p->o->user), *email = cib_format("%s@secretariat.cib.invalid", p->o->user);
	cib_day_of(day, (int64_t)time(NULL));
	if (!cJSON_IsArray(list)) {
		list = cJSON_CreateArray();
		cib_json_set(doc, "purged", list);
	}
	cJSON_AddItemToArray(list, item);
	p->report->epoch = (size_t)cJSON_GetArraySize(list);
	cJSON_AddNumberToObject(item, "epoch", (double)p->report->epoch);
	cJSON_AddStringToObject(item, "date", day);
	cJSON_AddStringToObject(item, "by", p->o->user);
	cJSON_AddStringToObject(item, "reason", p->o->reason);
	add_hex(cJSON_AddArrayToObject(item, "blobs"), p->blobs, p->report->versions);
	add_hex(cJSON_AddArrayToObject(item, "commits"), made->first, made->first_count);
	cib_json_to_nfc(doc);
	cib_json_write(&text, doc, NULL);
	char *message = cib_format("Begin epoch %zu: purge personal data\n", p->report->epoch);
	cib_signer by = {.key = p->o->key, .asking = p->o->asking};
	int status = cib_store_blob_write(&edit.oid, p->store, text.data, text.len, p->err);
	if (status == CIB_OK)
		status = cib_store_tree_edit(&tree, p->store, main_tip, &edit, 1, p->err);
	if (status == CIB_OK)
		status = cib_store_commit_write_signed(commit, p->store, &tree, main_tip, 1, name, email, message, &by, p->err);
	free(name);
	free(email);
	free(message);
	cib_buf_free(&text);
	cJSON_Delete(doc);
	return status;
}

static int move_ref(purge *p, const cib_rewritten_ref *r)
{
	if (cib_oid_equal(&r->before, &r->after))
		return CIB_OK;
	int status = cib_store_ref_set(p->store, r->ref, &r->after, &r->before, p->err);
	p->report->branches += status == CIB_OK;
	if (status == CIB_BUSY)
		cib_error_hint(p->err, "somebody pushed meanwhile: do it again");
	return status;
}

/* main first: from then on nobody brings it back, whatever is interrupted. */
static int rewrite(purge *p)
{
	cib_rewritten made;
	int status = cib_store_without(&made, p->store, p->blobs, p->count, p->err);
	p->report->commits = made.commits;
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; status == CIB_OK && i < made.ref_count; i++) {
			cib_rewritten_ref *r = &made.refs[i];
			if ((strcmp(r->ref, MAIN) == 0) != (pass == 0))
				continue;
			if (pass == 0 && p->report->versions) {
				cib_oid main_tip = r->after;
				status = write_epoch(&r->after, p, &main_tip, &made);
			}
			if (status == CIB_OK && !p->o->dry_run)
				status = move_ref(p, r);
		}
	cib_rewritten_clear(&made);
	return status;
}

static int prove_gone(purge *p)
{
	cib_obj_type type;
	char hex[CIB_OID_HEX];
	for (size_t i = 0; i < p->count; i++)
		if (cib_store_object(&type, NULL, p->store, &p->blobs[i], NULL) == CIB_OK) {
			cib_oid_hex(hex, &p->blobs[i]);
			int status = cib_error_set(p->err, CIB_IO, "purge.left", "the version %s is still in the repository", hex);
			cib_error_hint(p->err, "see whether another repository lends its objects (objects/info/alternates), or a *.keep file holds a pack");
			return status;
		}
	return CIB_OK;
}

static int may_purge(purge *p)
{
	const cib_purge_options *o = p->o;
	int64_t now = (int64_t)time(NULL);
	if (cib_network_access(p->net, o->user, now).role != CIB_ROLE_SECRETARIAT)
		return cib_error_set(p->err, CIB_REFUSED, "purge.user", "%s is not the secretariat: nobody else purges", o->user);
	if (cib_network_signatures(p->net) == CIB_SIGNATURES_REQUIRED && !o->key) {
		int status = cib_error_set(p->err, CIB_REFUSED, "purge.key", "this network asks for signed commits, and copies believe only a signed purge");
		cib_error_hint(p->err, "name the key of %s: --key FILE", o->user);
		return status;
	}
	return CIB_OK;
}

int cib_purge(cib_store *store, const cib_purge_options *options, cib_purge_report *report, cib_error *err)
{
	cib_error own = CIB_ERROR_INIT;
	purge p = {.store = store, .o = options, .report = report, .err = err ? err : &own};
	cib_lock *lock = NULL;
	cib_oid main_tip;
	*report = (cib_purge_report){0};
	int status = cib_store_lock(&lock, store, 3000, p.err);
	if (status == CIB_OK)
		status = cib_store_ref_get(&main_tip, store, MAIN, p.err);
	if (status == CIB_OK)
		status = cib_network_load(&p.net, store, &main_tip, p.err);
	if (status == CIB_OK)
		report->epoch = cib_network_epoch(p.net);
	if (status == CIB_OK)
		status = may_purge(&p);
	if (status == CIB_OK)
		status = find(&p);
	if (status == CIB_OK)
		status = rewrite(&p);
	if (status == CIB_OK && !options->dry_run)
		status = cib_store_expire(store, p.err);
	if (status == CIB_OK && !options->dry_run)
		status = prove_gone(&p);
	cib_network_free(p.net);
	free(p.blobs);
	cib_buf_free(&p.text);
	cib_lock_release(lock);
	return status;
}

void cib_purge_report_clear(cib_purge_report *report)
{
	cib_findings_free(&report->found);
}
