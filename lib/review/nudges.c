/* What should be looked at. See nudges.h. */
#include "review/nudges.h"
#include "network/freshness.h"
#include "review/fleet.h"

#include <stdlib.h>
#include <string.h>

void cib_nudges_clear(cib_nudges *nudges)
{
	for (size_t i = 0; i < nudges->count; i++) {
		free(nudges->items[i].path);
		free(nudges->items[i].id);
		free(nudges->items[i].ended);
		free(nudges->items[i].missing);
		free(nudges->items[i].touched);
	}
	free(nudges->items);
	*nudges = (cib_nudges){0};
}

static int add(const cib_old_entry *entry, void *payload)
{
	cib_nudges *n = payload;
	n->items = cib_grow(n->items, &n->cap, n->count + 1, sizeof *n->items);
	n->items[n->count++] = (cib_nudge){
		.path = cib_strdup(entry->path),
		.id = cib_strdup(entry->place->id),
		.untouched = entry->untouched,
		.ended = cib_strdup(entry->ended),
		.missing = cib_strdup(entry->missing),
	};
	return 0;
}

typedef struct {
	cib_store *store;
	cib_nudge *nudge;
	cib_error *err;
} dating;

enum { ENOUGH = 1 << 20 }; /* a stop that no status has */

static int note_day(const cib_oid *commit, const cib_oid *blob, void *payload)
{
	dating *d = payload;
	char day[11];
	cib_commit c;
	(void)blob;
	int status = cib_store_commit_read(&c, d->store, commit, d->err);
	if (status != CIB_OK)
		return status;
	cib_day_of(day, c.committer_time);
	d->nudge->touched = cib_strdup(day);
	cib_commit_clear(&c);
	return ENOUGH;
}

static int look(cib_nudges *out, cib_workspace *ws, int64_t now, size_t dated, cib_error *err)
{
	char *folder = ws->member ? cib_format("members/%s", ws->member) : cib_strdup("network");
	int status = cib_freshness_each(ws->net, &ws->tip, folder, now, add, out, err);
	for (size_t i = 0; i < out->count && dated && status == CIB_OK; i++) {
		dating d = {ws->store, &out->items[i], err};
		if (!out->items[i].untouched)
			continue;
		dated--;
		status = cib_store_path_history(ws->store, &ws->tip, out->items[i].path, note_day, &d, err);
		if (status == ENOUGH)
			status = CIB_OK;
	}
	if (status == CIB_OK && !ws->member)
		status = cib_fleet_quiet(&out->quiet, ws, now, err);
	free(folder);
	return status;
}

/* ---- what was found is kept as long as the tip, the members' branches, the program and the day stay the same: a cache, which
 * may be deleted at any time */

static int add_ref(const char *ref, const cib_oid *oid, void *payload)
{
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, oid);
	cib_buf_addf(payload, "%s %s\n", ref, hex);
	return 0;
}

static void make_key(char out[CIB_OID_HEX], cib_workspace *ws, int64_t now, size_t dated)
{
	cib_buf all = CIB_BUF_INIT;
	cib_oid hash;
	char day[11];
	cib_day_of(day, now);
	cib_buf_addf(&all, "%s %s %zu\n", CIB_VERSION, day, dated);
	add_ref("tip", &ws->tip, &all);
	if (!ws->member)
		cib_store_ref_each(ws->store, "refs/cib/", add_ref, &all, NULL);
	cib_store_blob_hash(&hash, all.data, all.len);
	cib_oid_hex(out, &hash);
	cib_buf_free(&all);
}

static bool remembered(cib_nudges *out, const char *file, const char *key)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	const char *of = NULL;
	if (cib_file_read(&text, file, 0, NULL) == CIB_OK && cib_json_read(&doc, text.data, text.len, NULL, NULL) == CIB_OK)
		of = cib_json_string(doc, "of");
	bool same = of && strcmp(of, key) == 0;
	const cJSON *items = cib_json_get(doc, "items"), *quiet = cib_json_get(doc, "quiet");
	for (const cJSON *i = same && items ? items->child : NULL; i; i = i->next) {
		const char *path = cib_json_string(i, "path"), *id = cib_json_string(i, "id");
		if (!path || !id)
			continue;
		out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
		out->items[out->count++] = (cib_nudge){
			.path = cib_strdup(path),
			.id = cib_strdup(id),
			.untouched = cJSON_IsTrue(cib_json_get(i, "untouched")),
			.ended = cib_strdup(cib_json_string(i, "ended")),
			.missing = cib_strdup(cib_json_string(i, "missing")),
			.touched = cib_strdup(cib_json_string(i, "touched")),
		};
	}
	if (same && cJSON_IsNumber(quiet))
		out->quiet = (size_t)quiet->valuedouble;
	cJSON_Delete(doc);
	cib_buf_free(&text);
	return same;
}

static void add_text(cJSON *row, const char *name, const char *text)
{
	if (text)
		cib_json_set(row, name, cJSON_CreateString(text));
}

static void remember(const cib_nudges *nudges, const char *file, const char *key)
{
	cJSON *doc = cJSON_CreateObject(), *items = cJSON_CreateArray();
	cib_buf text = CIB_BUF_INIT;
	for (size_t i = 0; i < nudges->count; i++) {
		const cib_nudge *n = &nudges->items[i];
		cJSON *row = cJSON_CreateObject();
		add_text(row, "path", n->path);
		add_text(row, "id", n->id);
		add_text(row, "ended", n->ended);
		add_text(row, "missing", n->missing);
		add_text(row, "touched", n->touched);
		cib_json_set(row, "untouched", cJSON_CreateBool(n->untouched));
		cJSON_AddItemToArray(items, row);
	}
	add_text(doc, "of", key);
	cib_json_set(doc, "items", items);
	cib_json_set(doc, "quiet", cJSON_CreateNumber((double)nudges->quiet));
	cib_json_write(&text, doc, NULL);
	cib_file_write(file, text.data, text.len, NULL); /* where it cannot be kept, it is looked for again */
	cib_buf_free(&text);
	cJSON_Delete(doc);
}

int cib_nudges_load(cib_nudges *out, cib_workspace *ws, int64_t now, size_t dated, cib_error *err)
{
	char *file = cib_format("%s/cib/nudges.json", cib_store_git_dir(ws->store)), key[CIB_OID_HEX];
	int status = CIB_OK;
	make_key(key, ws, now, dated);
	if (!remembered(out, file, key)) {
		status = look(out, ws, now, dated, err);
		if (status == CIB_OK)
			remember(out, file, key);
	}
	free(file);
	return status;
}
