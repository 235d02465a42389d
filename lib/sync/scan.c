/* What differs between the own files and the tip. One lstat tells an untouched file (stat_cache.h); only what was touched is
 * read, and only what differs from the tip is checked. */
#include "network/rulebook.h"
#include "sync/private.h"
#include "sync/stat_cache.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { DEPTH_MAX = 8 }; /* folders in folders: the network's layout has three */

typedef struct {
	char *path;
	cib_oid blob;
	bool own; /* its absence is a removal */
	bool seen;
} tip_file;

typedef struct {
	cib_workspace *ws;
	cib_work_changes *out;
	cib_oid accepted;
	const char *lang;
	cib_error *err;
	cib_stat_cache *cache;
	tip_file *tip; /* the files of the tip below the folders that are looked at, by path */
	size_t count, cap;
} scan;

void cib_work_changes_free(cib_work_changes *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		free(changes->items[i].path);
		cib_findings_free(&changes->items[i].findings);
	}
	free(changes->items);
	*changes = (cib_work_changes){0};
}

bool cib_work_is_leftover(const char *name)
{
	size_t n = strlen(name);
	return name[0] == '.' || name[n - 1] == '~' || strstr(name, ".cib-tmp-") || strcmp(name, "Thumbs.db") == 0 || strcmp(name, "desktop.ini") == 0 ||
	       (n > 4 && (strcmp(name + n - 4, ".swp") == 0 || strcmp(name + n - 4, ".tmp") == 0));
}

int cib_work_by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static cib_work_change *add_change(cib_work_changes *out, cib_change_kind kind, const char *path)
{
	out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
	cib_work_change *c = &out->items[out->count++];
	*c = (cib_work_change){.kind = kind, .path = cib_strdup(path)};
	return c;
}

static int cannot_look(scan *s, const char *path)
{
	int e = errno;
	cib_error_set(s->err, CIB_IO, "file.io", "cannot read %s: %s", path, cib_strerror(e));
	cib_error_hint(s->err, "nothing was changed; check the disk and who owns the folder");
	return CIB_IO;
}

/* Check the document as it will be saved: canonical and NFC. */
static void check_change(scan *s, cib_work_change *c, const char *text, size_t len)
{
	cib_check_options options = {s->lang, &s->ws->tip, false, &s->accepted};
	cib_place place;
	cib_network_place(&place, s->ws->net, c->path);
	if (place.area == CIB_AREA_RULES)
		cib_network_check_rule_file(s->ws->net, c->path, text, len, (int64_t)time(NULL), s->lang, &c->findings);
	else
		cib_network_check(s->ws->net, c->path, text, len, &options, NULL, &c->findings);
	c->draft = c->findings.errors > 0;
}

/* ---- the tip's files ---- */

static int by_path(const void *a, const void *b)
{
	return strcmp(((const tip_file *)a)->path, ((const tip_file *)b)->path);
}

static int add_tip_file(const cib_tree_entry *entry, void *payload)
{
	scan *s = payload;
	s->tip = cib_grow(s->tip, &s->cap, s->count + 1, sizeof *s->tip);
	s->tip[s->count++] = (tip_file){cib_strdup(entry->path), entry->oid, false, false};
	return 0;
}

static int list_tip(scan *s, const char *const *folders, const char *const *files)
{
	int status = CIB_OK;
	for (size_t i = 0; status == CIB_OK && folders[i]; i++) {
		status = cib_store_tree_each(s->ws->store, &s->ws->tip, folders[i], true, add_tip_file, s, s->err);
		for (size_t k = 0; i == 0 && k < s->count; k++)
			s->tip[k].own = true;
	}
	for (; status == CIB_OK && *files; files++) {
		cib_tree_entry e = {.path = *files};
		status = cib_store_tree_get(&e.oid, &e.mode, s->ws->store, &s->ws->tip, *files, s->err);
		if (status == CIB_OK)
			add_tip_file(&e, s);
	}
	if (s->count)
		qsort(s->tip, s->count, sizeof *s->tip, by_path);
	return status;
}

/* ---- the working files ---- */

static int scan_file(scan *s, const char *path, const char *file, const struct stat *st)
{
	cib_buf text = CIB_BUF_INIT;
	cib_oid here;
	tip_file key = {.path = (char *)(uintptr_t)path}, *there = s->count ? bsearch(&key, s->tip, s->count, sizeof *s->tip, by_path) : NULL;
	int status = CIB_OK;
	bool cached = cib_stat_cache_get(&here, s->cache, path, st);
	if (there)
		there->seen = true;
	if (cached && there && cib_oid_equal(&here, &there->blob))
		return CIB_OK;
	status = cib_file_read(&text, file, 0, s->err);
	if (status == CIB_OK) {
		cib_store_blob_hash(&here, text.data, text.len);
		if (!cached)
			cib_stat_cache_put(s->cache, path, st, &here);
		if (!there || !cib_oid_equal(&here, &there->blob)) {
			cib_work_change *c = add_change(s->out, there ? CIB_CHANGE_MODIFIED : CIB_CHANGE_ADDED, path);
			c->checked = here;
			check_change(s, c, text.data, text.len);
		}
	}
	cib_buf_free(&text);
	return status;
}

static int scan_path(scan *s, const char *path, int depth);

static int scan_folder(scan *s, const char *path, const char *folder, int depth)
{
	struct dirent **names = NULL;
	int n = scandir(folder, &names, NULL, cib_work_by_name), status = CIB_OK;
	bool clean = false;
	if (n < 0)
		return cannot_look(s, folder);
	for (int i = 0; i < n; i++) {
		if (status == CIB_OK && !cib_work_is_leftover(names[i]->d_name)) {
			char *inner = cib_format("%s/%s", path, names[i]->d_name);
			status = scan_path(s, inner, depth + 1);
			free(inner);
		}
		clean = clean || strstr(names[i]->d_name, ".cib-tmp-");
		free(names[i]);
	}
	free(names);
	if (clean)
		cib_file_clean(folder);
	return status;
}

static int scan_path(scan *s, const char *path, int depth)
{
	struct stat st;
	char *file = cib_work_file(s->ws, path);
	int status = CIB_OK;
	if (lstat(file, &st) != 0)
		status = errno == ENOENT || errno == ENOTDIR ? CIB_OK : cannot_look(s, file);
	else if (S_ISDIR(st.st_mode))
		status = depth < DEPTH_MAX ? scan_folder(s, path, file, depth) : CIB_OK;
	else if (S_ISREG(st.st_mode))
		status = scan_file(s, path, file, &st);
	free(file);
	return status;
}

/* What a member may not take away stays in the network, and the change here, as a draft. */
static void add_removed(scan *s, const char *path)
{
	cib_work_change *c = add_change(s->out, CIB_CHANGE_REMOVED, path);
	cib_check_options options = {.lang = s->lang, .before = &s->accepted};
	if (s->ws->member)
		c->draft = cib_network_check_removal(s->ws->net, path, &options, &c->findings) != CIB_OK;
}

/* Files of the tip that the walk did not meet: gone, or not a file any more. */
static int note_removed(scan *s)
{
	int status = CIB_OK;
	for (size_t i = 0; status == CIB_OK && i < s->count; i++) {
		struct stat st;
		if (s->tip[i].seen || !s->tip[i].own)
			continue;
		char *file = cib_work_file(s->ws, s->tip[i].path);
		if (lstat(file, &st) != 0) {
			if (errno == ENOENT || errno == ENOTDIR)
				add_removed(s, s->tip[i].path);
			else
				status = cannot_look(s, file);
		}
		free(file);
	}
	return status;
}

/* What a killed writer left where no walk comes by: beside the rules. */
static void clean_rules(const cib_workspace *ws)
{
	static const char *const folders[] = {".", "schema", "codelists"};
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		char *folder = cib_work_file(ws, folders[i]);
		cib_file_clean(folder);
		free(folder);
	}
}

int cib_workspace_changes(cib_work_changes *out, cib_workspace *ws, const char *lang, cib_error *err)
{
	scan s = {.ws = ws, .out = out, .lang = lang, .err = err};
	char *own = ws->member ? cib_format("members/%s", ws->member) : cib_strdup("network");
	cib_workspace_accepted(&s.accepted, ws);
	clean_rules(ws);
	const char *staff[] = {own, NULL}, *all[] = {own, "schema", "codelists", NULL};
	const char *const none[] = {NULL}, *const rules[] = {"network.json", "access.json", NULL};
	const char *const *folders = ws->member ? staff : all, *const *files = ws->member ? none : rules;
	int status = list_tip(&s, folders, files);
	s.cache = cib_stat_cache_open(ws->store);
	for (; status == CIB_OK && *folders; folders++)
		status = scan_path(&s, *folders, 0);
	for (; status == CIB_OK && *files; files++)
		status = scan_path(&s, *files, 0);
	if (status == CIB_OK)
		status = note_removed(&s);
	cib_stat_cache_close(s.cache, status == CIB_OK);
	for (size_t i = 0; i < s.count; i++)
		free(s.tip[i].path);
	free(s.tip);
	free(own);
	return status;
}
