/* Conflict records: what could not be merged, as data that travels with the repository. One record for an entry,
 * one item for a field (schema/conflict.schema.json):
 *
 *   members/<member>/conflicts/<entry's id>.json     network/conflicts/<id>.json for the secretariat's files
 *   items: id (of the field and the two values: found twice, by whom ever, it is one item), path, pointer, conflict, nature,
 *          base, ours, theirs, oursBy, theirsBy
 *
 * A field about which people were of three minds has two items until somebody decides. `theirs` is the value that stands in the entry,
 * `ours` the one that was set aside. */
#include "network/codelist.h"
#include "sync/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

char *cib_record_path(const cib_place *place, const char *entry)
{
	if (place->area == CIB_AREA_MEMBER)
		return cib_format("members/%s/conflicts/%s.json", place->member, place->id);
	/* network/plans/a-1.json, access.json, schema/project.schema.json: the file's name tells them apart */
	const char *name = strrchr(entry, '/');
	name = name ? name + 1 : entry;
	size_t n = strlen(name);
	if (n <= 5 || strcmp(name + n - 5, ".json") != 0)
		return NULL;
	return cib_format("network/conflicts/%s", name);
}

static void write_day(char out[16], int64_t when)
{
	time_t t = (time_t)when;
	struct tm tm;
	out[0] = '\0';
	if (gmtime_r(&t, &tm))
		strftime(out, 16, "%Y-%m-%d", &tm);
}

static char *text_of(const cJSON *value)
{
	cib_buf text = CIB_BUF_INIT;
	if (value)
		cib_json_write(&text, value, &(cib_json_style){.compact = true});
	return cib_buf_take(&text);
}

/* The key of a conflict in its record: the same from both sides. */
static void add_item_id(cJSON *item, const cib_conflict *c)
{
	cib_oid hash;
	cib_buf text = CIB_BUF_INIT;
	char hex[CIB_OID_HEX], id[16], *ours = text_of(c->ours), *theirs = text_of(c->theirs);
	bool turned = strcmp(ours, theirs) > 0;
	cib_buf_addf(&text, "%s\n%s\n%s", c->path, turned ? theirs : ours, turned ? ours : theirs);
	cib_store_blob_hash(&hash, text.data, text.len);
	cib_oid_hex(hex, &hash);
	snprintf(id, sizeof id, "c-%.12s", hex);
	cJSON_AddStringToObject(item, "id", id);
	cib_buf_free(&text);
	free(ours);
	free(theirs);
}

static void add_by(cJSON *item, const char *name, const cib_edit_by *by)
{
	cJSON *o = cJSON_AddObjectToObject(item, name);
	char day[16];
	write_day(day, by->when);
	cJSON_AddStringToObject(o, "date", day);
	if (*by->member)
		cJSON_AddStringToObject(o, "member", by->member);
	cJSON_AddStringToObject(o, "role", *by->member ? "staff" : "secretariat");
}

/* Parallel edits can both be right (both filled what was empty; each is right and the whole is not); opposite ones
 * replaced the same thing by different things, or one removed what the other changed. */
static const char *nature_of(const cib_conflict *c)
{
	return c->kind == CIB_CONFLICT_ENTRY || (!c->base && c->ours && c->theirs) ? "parallel" : "opposite";
}

static cJSON *make_item(const cib_conflict *c, const cib_edit_by *ours, const cib_edit_by *theirs)
{
	static const char *const kinds[] = {"value", "delete", "order", "entry"};
	cJSON *item = cJSON_CreateObject();
	const struct {
		const char *name;
		const cJSON *value;
	} sides[] = {{"base", c->base}, {"ours", c->ours}, {"theirs", c->theirs}};
	add_item_id(item, c);
	cJSON_AddStringToObject(item, "path", c->path);
	cJSON_AddStringToObject(item, "pointer", c->pointer ? c->pointer : "");
	cJSON_AddStringToObject(item, "conflict", kinds[c->kind]);
	cJSON_AddStringToObject(item, "nature", nature_of(c));
	for (size_t i = 0; i < 3; i++)
		if (sides[i].value)
			cJSON_AddItemToObject(item, sides[i].name, cJSON_Duplicate(sides[i].value, true));
	add_by(item, "oursBy", ours);
	add_by(item, "theirsBy", theirs);
	return item;
}

static cJSON *new_record(const char *id, const char *entry)
{
	cJSON *doc = cJSON_CreateObject();
	cJSON_AddStringToObject(doc, "kind", "conflict");
	cJSON_AddStringToObject(doc, "schema", "conflict/1");
	cJSON_AddStringToObject(doc, "id", id);
	cJSON_AddStringToObject(doc, "entry", entry);
	cJSON_AddItemToObject(doc, "items", cJSON_CreateArray());
	return doc;
}

static bool same_value(const cJSON *a, const cJSON *b)
{
	return a && b ? cib_json_equal(a, b) : a == b;
}

/* Does the newer item say all that the older one does? A value that was set aside stays until somebody decides about it. */
static bool covers(const cJSON *item, const cJSON *old)
{
	const char *path = cib_json_string(item, "path"), *old_path = cib_json_string(old, "path");
	const cJSON *aside = cib_json_get(old, "ours");
	return path && old_path && strcmp(path, old_path) == 0 && (same_value(aside, cib_json_get(item, "ours")) || same_value(aside, cib_json_get(item, "theirs")));
}

void cib_record_add(cJSON **doc, const char *id, const char *entry, const cib_conflicts *conflicts, const cib_edit_by *ours, const cib_edit_by *theirs)
{
	if (!cJSON_IsArray(cib_json_get(*doc, "items"))) {
		cJSON_Delete(*doc);
		*doc = new_record(id, entry);
	}
	cJSON *items = cib_json_get(*doc, "items");
	for (size_t i = 0; i < conflicts->count; i++) {
		cJSON *item = make_item(&conflicts->items[i], ours, theirs);
		for (cJSON *old = items->child, *next; old; old = next) {
			next = old->next;
			if (covers(item, old))
				cJSON_Delete(cJSON_DetachItemViaPointer(items, old));
		}
		cJSON_AddItemToArray(items, item);
	}
}

/* ---- who made an edit ---- */

void cib_edit_by_email(cib_edit_by *out, const char *email)
{
	const char *at = email ? strchr(email, '@') : NULL, *dot = at ? strchr(at, '.') : NULL;
	*out->member = '\0';
	if (dot && strcmp(dot, ".cib.invalid") == 0 && strncmp(at + 1, "secretariat.", 12) != 0)
		snprintf(out->member, sizeof out->member, "%.*s", (int)(dot - at - 1), at + 1);
}

typedef struct {
	cib_store *store;
	cib_edit_by *out;
	cib_error *err;
	bool found;
	int status;
} last_edit;

static int take_first(const cib_oid *commit, const cib_oid *blob, void *payload)
{
	last_edit *l = payload;
	cib_commit c;
	(void)blob;
	l->found = true;
	l->status = cib_store_commit_read(&c, l->store, commit, l->err);
	if (l->status == CIB_OK) {
		l->out->when = c.author_time;
		cib_edit_by_email(l->out, c.author_email);
		cib_commit_clear(&c);
	}
	return 1;
}

int cib_edit_by_history(cib_edit_by *out, cib_store *store, const cib_oid *tip, const char *path, cib_error *err)
{
	last_edit l = {.store = store, .out = out, .err = err};
	*out = (cib_edit_by){.when = (int64_t)time(NULL)};
	int status = cib_store_path_history(store, tip, path, take_first, &l, err);
	return l.found ? l.status : status;
}

/* ---- in words ---- */

static void add_value(cib_buf *out, const cJSON *v, const char *code)
{
	size_t start = out->len;
	if (!v) {
		cib_buf_adds(out, "nothing");
		return;
	}
	cib_json_write(out, v, &(cib_json_style){.compact = true});
	if (out->len - start > 80) {
		out->len = start + 77;
		while (out->len > start && ((unsigned char)out->data[out->len] & 0xC0u) == 0x80u)
			out->len--;
		cib_buf_adds(out, "...");
	}
	if (code)
		cib_buf_addf(out, " (%s)", code);
}

void cib_conflict_words(cib_buf *out, cib_network *net, const cib_place *place, const char *id, const cib_conflict *c, const cib_edit_by *theirs, const char *lang)
{
	const char *pointer = c->pointer ? c->pointer : c->path;
	const cJSON *values[2] = {c->ours, c->theirs};
	const char *codes[2] = {NULL, NULL};
	char *title = cib_field_title(net, place->kind, pointer, lang);
	for (int i = 0; i < 2 && place->kind; i++)
		codes[i] = cJSON_IsString(values[i]) ? cib_field_code_name(net, place->kind, NULL, pointer, values[i]->valuestring, lang) : NULL;
	char day[16];
	write_day(day, theirs->when);
	cib_buf_addf(out, "%s, %s: ", id, *title ? title : _("the whole entry"));
	free(title);
	cib_buf here = CIB_BUF_INIT, there = CIB_BUF_INIT;
	if (c->ours)
		add_value(&here, c->ours, codes[0]);
	if (c->theirs)
		add_value(&there, c->theirs, codes[1]);
	if (c->kind == CIB_CONFLICT_ENTRY)
		cib_buf_adds(out, _("each side's edit is right by itself, the two together are not"));
	else if (c->ours && c->theirs)
		cib_buf_addf(out, _("here it was set to %s, there to %s"), cib_buf_str(&here), cib_buf_str(&there));
	else if (c->ours)
		cib_buf_addf(out, _("here it was set to %s, there it was removed"), cib_buf_str(&here));
	else
		cib_buf_addf(out, _("here it was removed, there to %s"), cib_buf_str(&there));
	cib_buf_free(&here);
	cib_buf_free(&there);
	if (*theirs->member)
		cib_buf_addf(out, _(" (by staff of %s, %s)"), theirs->member, day);
	else
		cib_buf_addf(out, _(" (by the secretariat, %s)"), day);
}
