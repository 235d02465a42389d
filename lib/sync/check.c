/* The check of all entries as they are now. A file that was not touched since it was last checked is not read again: the cache of
 * file times (stat_cache.h) says so, under a key of all that a verdict depends on besides the file itself. What was found
 * then is kept beside it, in <git dir>/cib/findings, each set of findings once and by its hash: most files have none, and
 * many have the same. */
#include "sync/private.h"
#include "sync/stat_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_SETS = 10000 }; /* beyond that files with findings are checked anew */

typedef struct {
	cib_oid id; /* of the text */
	char *text;
	size_t len;
	cib_findings findings; /* without their file */
	bool used;
} finding_set;

typedef struct {
	char *file;
	finding_set *sets;
	size_t count, cap;
	uint32_t *slots; /* hash table: index + 1 */
	size_t mask;
	bool changed;
} set_store;

typedef struct {
	cib_workspace *ws;
	cib_oid accepted;
	cib_check_options options;
	cib_stat_cache *cache;
	set_store sets;
	struct stat st; /* of the working file that comes next */
	bool is_file;
	cib_findings findings;
	cib_work_check_cb cb;
	void *payload;
	int stopped; /* by the callback */
} checking;

/* ---- findings as text ---- */

static const char *const fields[] = {"pointer", "keyword", "schemaPointer", "code", "title", "message", "hint"};
enum { FIELDS = sizeof fields / sizeof *fields };

static char **field_of(cib_finding *f, size_t i)
{
	char **const all[FIELDS] = {&f->pointer, &f->keyword, &f->schema_pointer, &f->code, &f->title, &f->message, &f->hint};
	return all[i];
}

static void write_set(cib_buf *out, const cib_findings *findings)
{
	cib_buf_addc(out, '[');
	for (size_t i = 0; i < findings->count; i++) {
		cib_finding f = findings->items[i];
		cib_buf_addf(out, "%s{\"severity\":%d,\"line\":%zu,\"column\":%zu", i ? "," : "", (int)f.severity, f.line, f.column);
		for (size_t k = 0; k < FIELDS; k++) {
			const char *value = *field_of(&f, k);
			if (!value)
				continue;
			cib_buf_addf(out, ",\"%s\":", fields[k]);
			cib_json_write_string(out, value, strlen(value));
		}
		cib_buf_addc(out, '}');
	}
	cib_buf_addc(out, ']');
}

static size_t number(const cJSON *object, const char *name)
{
	const cJSON *n = cib_json_get(object, name);
	return cJSON_IsNumber(n) && n->valuedouble > 0 && n->valuedouble < 1e9 ? (size_t)n->valuedouble : 0;
}

static bool read_set(cib_findings *out, const char *text, size_t len)
{
	cJSON *doc = NULL;
	if (cib_json_read(&doc, text, len, NULL, NULL) != CIB_OK)
		return false;
	for (const cJSON *c = doc->child; c; c = c->next) {
		cib_finding f = {.severity = (cib_severity)number(c, "severity"), .line = number(c, "line"), .column = number(c, "column")};
		for (size_t k = 0; k < FIELDS; k++)
			*field_of(&f, k) = (char *)(uintptr_t)cib_json_string(c, fields[k]);
		cib_findings_add(out, &f);
	}
	cJSON_Delete(doc);
	return true;
}

/* ---- the sets ---- */

static uint32_t *slot_of(const set_store *s, const cib_oid *id)
{
	uint64_t h;
	memcpy(&h, id->id, sizeof h);
	size_t i = (size_t)h & s->mask;
	while (s->slots[i] && !cib_oid_equal(&s->sets[s->slots[i] - 1].id, id))
		i = (i + 1) & s->mask;
	return &s->slots[i];
}

static finding_set *add_set(set_store *s, const cib_oid *id, const char *text, size_t len)
{
	uint32_t *slot = slot_of(s, id);
	if (*slot)
		return &s->sets[*slot - 1];
	if (s->count >= MOST_SETS)
		return NULL;
	s->sets = cib_grow(s->sets, &s->cap, s->count + 1, sizeof *s->sets);
	s->sets[s->count] = (finding_set){.id = *id, .text = cib_strndup(text, len), .len = len};
	*slot = (uint32_t)++s->count;
	return &s->sets[s->count - 1];
}

/* A line each: the hash, a blank, the text. Lines that are not what their hash says are left out. */
static void load_sets(set_store *s, const cib_store *store)
{
	cib_buf text = CIB_BUF_INIT;
	s->file = cib_format("%s/cib/findings", cib_store_git_dir(store));
	s->mask = 32767;
	s->slots = cib_alloc((s->mask + 1) * sizeof *s->slots);
	if (cib_file_read(&text, s->file, 0, NULL) == CIB_OK)
		for (char *line = text.data, *end; (end = strchr(line, '\n')); line = end + 1) {
			cib_oid id, found;
			*end = '\0';
			if (end - line < 42 || line[40] != ' ')
				continue;
			line[40] = '\0';
			cib_store_blob_hash(&found, line + 41, (size_t)(end - line) - 41);
			if (cib_oid_parse(&id, line) && cib_oid_equal(&id, &found))
				add_set(s, &id, line + 41, (size_t)(end - line) - 41);
		}
	cib_buf_free(&text);
}

static finding_set *find_set(set_store *s, const cib_oid *id)
{
	uint32_t *slot = slot_of(s, id);
	finding_set *set = *slot ? &s->sets[*slot - 1] : NULL;
	if (!set || (set->findings.count == 0 && !read_set(&set->findings, set->text, set->len)))
		return NULL;
	set->used = true;
	return set;
}

/* Best effort, before the cache that refers to it: a set that is not there only means that a file is checked anew. */
static void save_sets(set_store *s)
{
	cib_buf text = CIB_BUF_INIT;
	char hex[CIB_OID_HEX];
	for (size_t i = 0; i < s->count; i++) {
		if (!s->sets[i].used)
			continue;
		cib_oid_hex(hex, &s->sets[i].id);
		cib_buf_addf(&text, "%s ", hex);
		cib_buf_add(&text, s->sets[i].text, s->sets[i].len);
		cib_buf_addc(&text, '\n');
	}
	cib_cache_write(s->file, &text);
	cib_buf_free(&text);
}

static void free_sets(set_store *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->sets[i].text);
		cib_findings_free(&s->sets[i].findings);
	}
	free(s->sets);
	free(s->slots);
	free(s->file);
}

/* ---- the walk ---- */

/* The tip holds rules, codelists and what is referred to; main what was accepted before; another program may judge otherwise, on another day too. */
static cib_oid key_of(const cib_workspace *ws, const cib_oid *main_tip, const char *lang)
{
	struct stat program = {0};
	char tip[CIB_OID_HEX], accepted[CIB_OID_HEX];
	cib_oid key;
	cib_buf b = CIB_BUF_INIT;
	cib_oid_hex(tip, &ws->tip);
	cib_oid_hex(accepted, main_tip);
	if (stat("/proc/self/exe", &program) != 0)
		program.st_mtim.tv_sec = time(NULL); /* unknown: no run is like another */
	cib_buf_addf(&b, "%s %s %s %s %s %lld %lld %lld %lld %lld", CIB_VERSION, tip, accepted, ws->member ? ws->member : "", lang ? lang : "", (long long)(time(NULL) / 86400),
	             (long long)program.st_ino, (long long)program.st_size, (long long)program.st_mtim.tv_sec, (long long)program.st_mtim.tv_nsec);
	cib_store_blob_hash(&key, b.data, b.len);
	cib_buf_free(&b);
	return key;
}

/* Tell of a file what is kept of it; the set's findings get its name for that while. */
static void tell(checking *c, const char *path, finding_set *set)
{
	cib_findings none = CIB_FINDINGS_INIT, *findings = set ? &set->findings : &none;
	for (size_t i = 0; i < findings->count; i++)
		findings->items[i].file = (char *)(uintptr_t)path;
	int status = c->cb(path, findings, c->payload);
	for (size_t i = 0; i < findings->count; i++)
		findings->items[i].file = NULL;
	if (!c->stopped)
		c->stopped = status;
}

static bool is_known(const char *path, const struct stat *st, void *payload)
{
	checking *c = payload;
	cib_oid id;
	c->st = *st;
	c->is_file = true;
	if (c->stopped || !cib_stat_cache_get(&id, c->cache, path, st))
		return c->stopped;
	finding_set *set = cib_oid_is_zero(&id) ? NULL : find_set(&c->sets, &id);
	if (!set && !cib_oid_is_zero(&id))
		return false;
	tell(c, path, set);
	return true;
}

static void remember(checking *c, const char *path)
{
	cib_oid id = {{0}};
	cib_buf text = CIB_BUF_INIT;
	finding_set *set = NULL;
	if (c->findings.count > 0) {
		write_set(&text, &c->findings);
		cib_store_blob_hash(&id, text.data, text.len);
		set = add_set(&c->sets, &id, text.data, text.len);
		c->sets.changed = c->sets.changed || (set && !set->used);
		if (set)
			set->used = true;
	}
	if (set || c->findings.count == 0)
		cib_stat_cache_put(c->cache, path, &c->st, &id);
	cib_buf_free(&text);
}

static int check_entry(const char *path, const cib_place *place, const char *text, size_t len, void *payload)
{
	checking *c = payload;
	(void)place;
	if (c->stopped)
		return c->stopped;
	cib_network_check(c->ws->net, path, text, len, &c->options, NULL, &c->findings);
	if (c->is_file)
		remember(c, path);
	c->is_file = false;
	int status = c->cb(path, &c->findings, c->payload);
	cib_findings_truncate(&c->findings, 0);
	return status;
}

int cib_workspace_check(cib_workspace *ws, bool all, const char *lang, cib_work_check_cb cb, void *payload, cib_error *err)
{
	checking c = {.ws = ws, .cb = cb, .payload = payload};
	cib_workspace_accepted(&c.accepted, ws);
	c.options = (cib_check_options){.lang = lang, .tree = &ws->tip, .before = &c.accepted};
	cib_oid key = key_of(ws, &c.accepted, lang);
	load_sets(&c.sets, ws->store);
	c.cache = cib_stat_cache_open_keyed(ws->store, "checked", &key);
	int status = cib_work_each(ws, all ? NULL : ws->member, NULL, is_known, check_entry, &c, err);
	if (status == CIB_OK)
		status = c.stopped;
	if (c.sets.changed)
		save_sets(&c.sets);
	cib_stat_cache_close(c.cache, status == CIB_OK);
	free_sets(&c.sets);
	cib_findings_free(&c.findings);
	return status;
}
