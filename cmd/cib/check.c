/* cib check: find what is wrong, with the entries of a network or with any JSON by any schema. */
#include "cmd.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] = "check [--schema SCHEMA [--schemas DIR]] [--format text|json] [--all] [FILE|DIR...]";

typedef struct {
	bool json;
	size_t files, bad;
	cib_findings findings;
	int code; /* worst so far */
} checking;

static void flush(checking *c)
{
	for (size_t i = 0; i < c->findings.count; i++) {
		if (c->json)
			cib_print_finding_json(stdout, &c->findings.items[i]);
		else
			cib_print_finding(stdout, &c->findings.items[i]);
	}
	c->files++;
	c->bad += c->findings.errors > 0;
	if (c->findings.errors > 0 && c->code == 0)
		c->code = CIB_FINDINGS;
	cib_findings_truncate(&c->findings, 0);
}

static int finish(checking *c)
{
	if (!c->json)
		fprintf(stderr, "%zu file%s checked, %zu with errors\n", c->files, c->files == 1 ? "" : "s", c->bad);
	cib_findings_free(&c->findings);
	return c->code;
}

/* ---- files and folders ---- */

typedef int (*file_cb)(const char *path, void *payload); /* an exit code; 0 goes on */

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* A file as it is; of a folder every *.json below it, in order of names; hidden ones are passed over. */
static int each_file(const char *path, bool named, file_cb cb, void *payload)
{
	struct stat st;
	size_t len = strlen(path);
	if (!named && len > 5 && strcmp(path + len - 5, ".json") == 0 && (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode)))
		return cb(path, payload);
	if ((named ? stat(path, &st) : lstat(path, &st)) != 0) {
		cib_error err = CIB_ERROR_INIT;
		cib_error_set(&err, CIB_NOTFOUND, "file.missing", "there is no file or folder %s", path);
		return cib_fail(&err);
	}
	if (!S_ISDIR(st.st_mode))
		return named ? cb(path, payload) : 0;
	struct dirent **names = NULL;
	int n = scandir(path, &names, NULL, by_name), code = 0;
	for (int i = 0; i < n; i++) {
		if (code == 0 && names[i]->d_name[0] != '.' && (names[i]->d_type != DT_REG || strstr(names[i]->d_name, ".json"))) {
			char *inner = cib_format("%s%s%s", path, len && path[len - 1] == '/' ? "" : "/", names[i]->d_name);
			code = each_file(inner, false, cb, payload);
			free(inner);
		}
		free(names[i]);
	}
	free(names);
	return code;
}

/* ---- any JSON by any schema ---- */

typedef struct {
	checking *c;
	const cib_schema *schema;
	const char *lang;
	cib_arena arena; /* of the document being read: reset for each file */
	cib_buf text;
} schema_check;

static int check_file(const char *path, void *payload)
{
	schema_check *s = payload;
	const cJSON *doc = NULL;
	cib_error err = CIB_ERROR_INIT;
	int status = cib_file_read(&s->text, path, 0, &err);
	if (status != CIB_OK) {
		int code = cib_fail(&err);
		s->c->code = code > s->c->code ? code : s->c->code;
		return 0;
	}
	cib_arena_reset(&s->arena);
	if (cib_json_read_arena(&doc, &s->arena, s->text.data, s->text.len, NULL, &err) != CIB_OK) {
		snprintf(err.file, sizeof err.file, "%s", path);
		cib_findings_add_error(&s->c->findings, "json", &err);
	} else if (!cib_schema_accepts(s->schema, doc)) {
		cib_schema_validate(s->schema, doc, s->text.data, s->text.len, s->lang, &s->c->findings);
		for (size_t i = 0; i < s->c->findings.count; i++) {
			free(s->c->findings.items[i].file);
			s->c->findings.items[i].file = cib_strdup(path);
		}
	}
	flush(s->c);
	return 0;
}

typedef struct {
	cib_schema_registry *registry;
	cJSON **docs;
	size_t count, cap;
} schema_set;

static int register_file(const char *path, void *payload)
{
	schema_set *set = payload;
	cib_error err = CIB_ERROR_INIT;
	cJSON *doc = NULL;
	int status = cib_json_read_file(&doc, path, &err);
	if (status == CIB_OK) {
		set->docs = cib_grow(set->docs, &set->cap, set->count + 1, sizeof *set->docs);
		set->docs[set->count++] = doc;
		const char *id = cib_json_string(doc, "$id");
		char *real = id ? NULL : realpath(path, NULL), *uri = id ? cib_strdup(id) : cib_format("file://%s", real ? real : path);
		status = cib_schema_registry_add(set->registry, uri, doc, &err);
		free(real);
		free(uri);
	}
	return status == CIB_OK ? 0 : cib_fail(&err);
}

static int check_by_schema(checking *c, const char *schema_path, const char *schemas, const cib_words *files)
{
	cib_error err = CIB_ERROR_INIT;
	cJSON *doc = NULL;
	schema_set set = {.registry = cib_schema_registry_new()};
	schema_check s = {.c = c, .lang = cib_term_lang()};
	cib_schema *schema = NULL;
	char *real = realpath(schema_path, NULL), *base = cib_format("file://%s", real ? real : schema_path);
	int code = schemas ? each_file(schemas, true, register_file, &set) : 0;
	cib_schema_options options = {.registry = set.registry, .base_uri = base, .assert_format = true};
	if (code == 0 && cib_json_read_file(&doc, schema_path, &err) != CIB_OK) {
		code = cib_fail(&err) < CIB_USAGE ? CIB_USAGE : cib_status_exit_code(err.status);
	} else if (code == 0 && cib_schema_compile(&schema, doc, &options, &err) != CIB_OK) {
		if (!err.file[0])
			snprintf(err.file, sizeof err.file, "%s", schema_path);
		cib_fail(&err);
		code = CIB_USAGE; /* no verdict on the data is possible */
	}
	s.schema = schema;
	for (size_t i = 0; i < files->count && code == 0; i++)
		code = each_file(files->items[i], true, check_file, &s);
	cib_schema_free(schema);
	cib_schema_registry_free(set.registry);
	for (size_t i = 0; i < set.count; i++)
		cJSON_Delete(set.docs[i]);
	free(set.docs);
	cJSON_Delete(doc);
	cib_arena_free(&s.arena);
	cib_buf_free(&s.text);
	free(real);
	free(base);
	if (code > c->code)
		c->code = code;
	return finish(c);
}

/* ---- entries of the network ---- */

typedef struct {
	checking *c;
	cib_workspace *ws;
} entry_check;

static int check_entry(const char *path, const cib_place *place, const char *text, size_t len, void *payload)
{
	entry_check *e = payload;
	(void)place;
	cib_check_options options = {cib_term_lang(), &e->ws->tip, false};
	cib_network_check(e->ws->net, path, text, len, &options, NULL, &e->c->findings);
	flush(e->c);
	return 0;
}

static int check_work_file(const char *path, void *payload)
{
	entry_check *e = payload;
	char *real = realpath(path, NULL);
	size_t root = strlen(e->ws->root);
	cib_error err = CIB_ERROR_INIT;
	cib_buf text = CIB_BUF_INIT;
	int code = 0;
	if (!real || strncmp(real, e->ws->root, root) != 0 || real[root] != '/')
		code = cib_usage("%s is no file of this network; for other JSON use --schema SCHEMA", path);
	else if (cib_file_read(&text, real, 0, &err) != CIB_OK)
		code = cib_fail(&err);
	else
		check_entry(real + root + 1, NULL, text.data, text.len, e);
	cib_buf_free(&text);
	free(real);
	return code;
}

static int check_network(checking *c, const cib_words *files, bool all)
{
	entry_check e = {.c = c};
	cib_error err = CIB_ERROR_INIT;
	int code = cib_open(&e.ws);
	if (code)
		return code - 1;
	for (size_t i = 0; i < files->count && code == 0; i++)
		code = each_file(files->items[i], true, check_work_file, &e);
	if (files->count == 0 && cib_workspace_each(e.ws, all ? NULL : e.ws->member, NULL, check_entry, &e, &err) != CIB_OK)
		code = cib_fail(&err);
	cib_workspace_free(e.ws);
	if (code > c->code)
		c->code = code;
	return finish(c);
}

int cib_cmd_check(int argc, char **argv)
{
	const char *schema = NULL, *schemas = NULL, *format = "text";
	bool all = false;
	cib_words files = {0};
	const cib_opt opts[] = {
		{"schema", 0, CIB_OPT_TEXT, &schema, "SCHEMA", "check any JSON by this JSON Schema; needs no network"},
		{"schemas", 0, CIB_OPT_TEXT, &schemas, "DIR", "schemas that SCHEMA may refer to"},
		{"format", 0, CIB_OPT_TEXT, &format, "FORMAT", "text, or json: one finding a line"},
		{"all", 0, CIB_OPT_FLAG, &all, NULL, "every entry of the network, not only your own"},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &files);
	if (code)
		return code - 1;
	checking c = {.json = strcmp(format, "json") == 0};
	if (!c.json && strcmp(format, "text") != 0)
		code = cib_usage("--format is text or json, not '%s'", format);
	else if (schema && files.count == 0)
		code = cib_usage("which files?\nusage: cib %s", usage);
	else if (schemas && !schema)
		code = cib_usage("--schemas goes with --schema");
	else
		code = schema ? check_by_schema(&c, schema, schemas, &files) : check_network(&c, &files, all);
	free((void *)(uintptr_t)files.items);
	return code;
}
