/* The layout: from paths to places and back, ids, finding and listing entries. */
#include "network/private.h"
#include "network/translation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Copy the component that begins at s into out; returns what follows its slash, NULL at the end of the path. */
static const char *component(char out[101], const char *s)
{
	size_t len = strcspn(s, "/");
	size_t n = len < 100 ? len : 100;
	memcpy(out, s, n);
	out[n] = '\0';
	return s[len] ? s + len + 1 : NULL;
}

static bool take_id(cib_place *out, const char *name)
{
	size_t len = strlen(name);
	if (len <= 5 || len > 105 || strcmp(name + len - 5, ".json") != 0 || strchr(name, '/') || !cib_name_ok(name, len))
		return false;
	memcpy(out->id, name, len - 5);
	out->id[len - 5] = '\0';
	return true;
}

bool cib_kind_written_by(const cib_kind *kind, bool member)
{
	return kind->writer == CIB_WRITER_BOTH || (kind->writer == CIB_WRITER_MEMBER) == member;
}

static const cib_kind *kind_of_folder(const cib_network *net, const char *folder, cib_writer writer)
{
	for (size_t i = 0; i < net->kind_count; i++) {
		const cib_kind *k = &net->kinds[i].kind;
		if (k->folder && cib_kind_written_by(k, writer == CIB_WRITER_MEMBER) && strcmp(k->folder, folder) == 0)
			return k;
	}
	return NULL;
}

static bool place_member(cib_place *out, const cib_network *net, const char *rest)
{
	char folder[101];
	rest = component(out->member, rest);
	if (!rest || !(rest = component(folder, rest)) || !take_id(out, rest))
		return false;
	const char *record = strcmp(folder, "conflicts") == 0 ? "conflict" : strcmp(folder, "comments") == 0 ? "comment"
	                                                                                                     : NULL;
	if (record) {
		out->area = CIB_AREA_RECORD;
		out->kind = cib_network_kind(net, record);
	} else {
		out->area = CIB_AREA_MEMBER;
		out->kind = kind_of_folder(net, folder, CIB_WRITER_MEMBER);
	}
	return true;
}

bool cib_is_rule_path(const char *path)
{
	return strcmp(path, "network.json") == 0 || strcmp(path, "access.json") == 0 || strncmp(path, "schema/", 7) == 0 ||
	       strncmp(path, "codelists/", 10) == 0;
}

void cib_network_place(cib_place *out, const cib_network *net, const char *path)
{
	*out = (cib_place){.area = CIB_AREA_OTHER};
	char folder[101];
	if (cib_is_rule_path(path)) {
		out->area = CIB_AREA_RULES;
	} else if (strncmp(path, "members/", 8) == 0) {
		if (!place_member(out, net, path + 8))
			out->area = CIB_AREA_OTHER;
	} else if (strncmp(path, "network/", 8) == 0) {
		const char *rest = component(folder, path + 8);
		if (rest && take_id(out, rest)) {
			bool conflict = strcmp(folder, "conflicts") == 0;
			out->area = conflict ? CIB_AREA_RECORD : CIB_AREA_NETWORK;
			out->kind = conflict ? cib_network_kind(net, "conflict") : kind_of_folder(net, folder, CIB_WRITER_SECRETARIAT);
		}
	} else if (strncmp(path, "reviews/", 8) == 0) {
		const char *rest = component(out->member, path + 8);
		if (rest && take_id(out, rest)) {
			out->area = CIB_AREA_REVIEW;
			out->kind = cib_network_kind(net, strcmp(out->id, "seen") == 0 ? "receipt" : "review");
		}
	}
}

void cib_network_path(cib_buf *out, const cib_kind *kind, const char *member, const char *id)
{
	cib_buf_clear(out);
	if (!member || kind->writer == CIB_WRITER_SECRETARIAT)
		cib_buf_addf(out, "network/%s/%s.json", kind->folder, id);
	else
		cib_buf_addf(out, "members/%s/%s/%s.json", member ? member : "", kind->folder, id);
}

void cib_network_new_id(char out[32], const cib_kind *kind)
{
	static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz"; /* Crockford base32, lower case */
	unsigned char bytes[10];
	cib_random(bytes, sizeof bytes);
	int n = snprintf(out, 20, "%.16s-", kind->prefix ? kind->prefix : "x");
	for (size_t i = 0; i < sizeof bytes; i++)
		out[n++] = alphabet[bytes[i] & 31u];
	out[n] = '\0';
}

/* ---- finding one ---- */

typedef struct {
	cib_network *net;
	const cib_oid *tree;
	const cib_kind *kind;
	const char *id;
	cib_buf *path;
	cib_oid *blob;
	bool found;
} finder;

static bool look(finder *f, const char *member)
{
	unsigned mode;
	cib_network_path(f->path, f->kind, member, f->id);
	return cib_store_tree_get(f->blob, &mode, f->net->store, f->tree, f->path->data, NULL) == CIB_OK;
}

static int look_in_member(const cib_tree_entry *entry, void *payload)
{
	finder *f = payload;
	f->found = look(f, strrchr(entry->path, '/') + 1);
	return f->found;
}

static bool may_have_id(const cib_kind *kind, const char *id)
{
	if (!kind->folder)
		return false;
	if (!kind->prefix)
		return true;
	size_t n = strlen(kind->prefix);
	return strncmp(id, kind->prefix, n) == 0 && id[n] == '-';
}

int cib_network_find(cib_buf *path, cib_place *place, cib_oid *blob, cib_network *net, const cib_oid *tree, const char *id, cib_error *err)
{
	if (cib_name_ok(id, strlen(id)))
		for (size_t i = 0; i < net->kind_count; i++) {
			const cib_kind *kind = &net->kinds[i].kind;
			finder f = {net, tree, kind, id, path, blob, false};
			if (!may_have_id(kind, id))
				continue;
			if (cib_kind_written_by(kind, false))
				f.found = look(&f, NULL);
			if (!f.found && !kind->prefix)
				f.found = look(&f, id);
			else if (!f.found && cib_kind_written_by(kind, true)) {
				int status = cib_store_tree_each(net->store, tree, "members", false, look_in_member, &f, err);
				if (status != CIB_OK && !f.found)
					return status;
			}
			if (f.found) {
				if (place)
					cib_network_place(place, net, path->data);
				return CIB_OK;
			}
		}
	int status = cib_error_set(err, CIB_NOTFOUND, "entry.unknown", "there is no entry %s", id);
	cib_error_hint(err, "list what there is: cib list");
	return status;
}

/* ---- listing ---- */

typedef struct {
	cib_network *net;
	const cib_oid *tree;
	const cib_kind *kind; /* the filter */
	cib_entry_cb cb;
	void *payload;
	cib_error *err;
} lister;

static int list_file(const cib_tree_entry *entry, void *payload)
{
	lister *l = payload;
	cib_place place;
	cib_network_place(&place, l->net, entry->path);
	if (!place.kind || (place.area != CIB_AREA_MEMBER && place.area != CIB_AREA_NETWORK) || (l->kind && place.kind != l->kind))
		return 0;
	return l->cb(entry->path, &place, &entry->oid, l->payload);
}

static int list_member(const cib_tree_entry *entry, void *payload)
{
	lister *l = payload;
	if (!l->kind)
		return cib_store_tree_each(l->net->store, l->tree, entry->path, true, list_file, l, l->err);
	cib_buf folder = CIB_BUF_INIT;
	cib_buf_addf(&folder, "%s/%s", entry->path, l->kind->folder);
	int status = cib_store_tree_each(l->net->store, l->tree, folder.data, false, list_file, l, l->err);
	cib_buf_free(&folder);
	return status;
}

int cib_network_each(cib_network *net, const cib_oid *tree, const char *member, const cib_kind *kind, cib_entry_cb cb, void *payload, cib_error *err)
{
	lister l = {net, tree, kind, cb, payload, err};
	int status = CIB_OK;
	if (kind && !kind->folder)
		return CIB_OK;
	if (!kind || cib_kind_written_by(kind, true)) {
		if (member) {
			char *path = cib_format("members/%s", member);
			status = list_member(&(cib_tree_entry){.path = path}, &l);
			free(path);
		} else {
			status = cib_store_tree_each(net->store, tree, "members", false, list_member, &l, err);
		}
	}
	if (status == CIB_OK && !member && (!kind || cib_kind_written_by(kind, false)))
		status = cib_store_tree_each(net->store, tree, "network", true, list_file, &l, err);
	return status;
}

/* ---- texts ---- */

const char *cib_text_in(const cJSON *map, const char *lang, const char *source)
{
	const char *text = lang ? cib_json_string(map, lang) : NULL;
	if (!text && lang && strchr(lang, '-')) { /* fr-CA falls back to fr */
		char base[16];
		snprintf(base, sizeof base, "%.*s", (int)strcspn(lang, "-"), lang);
		text = cib_json_string(map, base);
	}
	if (!text && source)
		text = cib_json_string(map, source);
	if (!text)
		text = cib_json_string(map, "en");
	if (!text && cJSON_IsObject(map))
		for (const cJSON *c = map->child; c && !text; c = c->next)
			text = cJSON_IsString(c) ? c->valuestring : NULL;
	return text;
}

const char *cib_entry_title(const cJSON *doc, const char *lang)
{
	const cJSON *map = cib_json_get(doc, "title");
	if (!map)
		map = cib_json_get(doc, "name");
	const char *text = cJSON_IsString(map) ? map->valuestring : cib_text_in(map, lang, cib_json_string(doc, "sourceLanguage"));
	return text ? text : "";
}

char *cib_field_title(cib_network *net, const cib_kind *kind, const char *pointer, const char *lang)
{
	const cib_schema *schema = kind ? cib_network_schema(net, kind, NULL) : NULL;
	const char *title = schema && *pointer ? cib_schema_title(schema, pointer, lang) : NULL;
	if (title)
		return cib_strdup(title);
	const char *last = strrchr(pointer, '/');
	char *parent = last && schema ? cib_strndup(pointer, (size_t)(last - pointer)) : NULL;
	title = parent && *parent ? cib_schema_title(schema, parent, lang) : NULL;
	bool language = title && cib_field_is_text(cib_schema_field(schema, parent));
	char *out = title ? cib_format("%s (%s)", title, language ? cib_network_code_name(net, "languages", last + 1, lang) : last + 1) : cib_strdup(pointer);
	free(parent);
	return out;
}
