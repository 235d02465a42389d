/* Making a new network: rules, schemas and codelists into the first main, and the hook. */
#include "network/create.h"
#include "base/gettext.h"
#include "network/embedded.h"
#include "network/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
	cib_tree_entry *items;
	size_t count, cap;
} files;

static int add_file(files *list, cib_store *store, char *path, const void *data, size_t len, cib_error *err)
{
	cib_tree_entry entry = {.path = path, .mode = 0100644};
	int status = cib_store_blob_write(&entry.oid, store, data, len, err);
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count++] = entry;
	return status;
}

static int add_json(files *list, cib_store *store, const char *path, cJSON *doc, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cib_json_to_nfc(doc);
	cib_json_write(&text, doc, NULL);
	int status = add_file(list, store, cib_strdup(path), text.data, text.len, err);
	cib_buf_free(&text);
	cJSON_Delete(doc);
	return status;
}

static int bad_name(cib_error *err, bool user, const char *name)
{
	int status = cib_error_set(err, CIB_USAGE, "name.grammar", user ? N_("the user '%s' is not a name that works everywhere") : N_("the member '%s' is not a name that works everywhere"), name);
	cib_error_hint(err, "use lower-case letters, digits, '-', '_' and '.', for example m-andal");
	return status;
}

static void add_user(cJSON *users, const char *user, const char *role, const char *member)
{
	cJSON *row = cJSON_AddObjectToObject(users, user);
	cJSON_AddStringToObject(row, "role", role);
	if (member)
		cJSON_AddStringToObject(row, "member", member);
}

/* "m-andal:andal-1,andal-2" */
static int add_member(cJSON *users, const char *text, cib_error *err)
{
	size_t len = strcspn(text, ":");
	char *member = cib_strndup(text, len);
	int status = CIB_OK;
	if (!cib_name_ok(member, len))
		status = bad_name(err, false, member);
	else if (!text[len])
		status = cib_error_set(err, CIB_USAGE, "member.no-users", "the member %s has no users: write %s:USER,USER", member, member);
	for (const char *u = text + len + 1; status == CIB_OK && text[len]; u++) {
		size_t n = strcspn(u, ",");
		char *user = cib_strndup(u, n);
		if (!cib_name_ok(user, n))
			status = bad_name(err, true, user);
		else if (cib_json_get(users, user))
			status = cib_error_set(err, CIB_USAGE, "user.twice", "the user %s is named twice", user);
		else
			add_user(users, user, "staff", member);
		free(user);
		u += n;
		if (!*u)
			break;
	}
	free(member);
	return status;
}

/* A member of the example has its profile at example/members/<member>/profile/<member>.json. */
static void add_example_users(cJSON *users)
{
	static const char top[] = "example/members/m-", profile[] = "/profile/";
	for (const cib_embedded_file *f = cib_embedded_files; f->path; f++) {
		const char *name = f->path + sizeof top - 1, *end = strncmp(f->path, top, sizeof top - 1) == 0 ? strstr(name, profile) : NULL;
		if (!end)
			continue;
		char *user = cib_format("%.*s-1", (int)(end - name), name), *member = cib_format("m-%.*s", (int)(end - name), name);
		if (!cib_json_get(users, user))
			add_user(users, user, "staff", member);
		free(user);
		free(member);
	}
}

static int make_access(cJSON **out, const cib_network_options *o, cib_error *err)
{
	cJSON *access = cJSON_CreateObject(), *users = cJSON_AddObjectToObject(access, "users");
	int status = CIB_OK;
	*out = access;
	if (!cib_name_ok(o->secretariat, strlen(o->secretariat)))
		return bad_name(err, true, o->secretariat);
	add_user(users, o->secretariat, "secretariat", NULL);
	for (size_t i = 0; i < o->member_count && status == CIB_OK; i++)
		status = add_member(users, o->members[i], err);
	if (o->example)
		add_example_users(users);
	return status;
}

static cJSON *make_rules(const cib_network_options *o)
{
	cJSON *rules = cJSON_CreateObject(), *titles, *languages;
	char id[32];
	cib_network_new_id(id, &(cib_kind){.prefix = "n"});
	cJSON_AddNumberToObject(rules, "cib", 1);
	cJSON_AddStringToObject(rules, "id", id);
	titles = cJSON_AddObjectToObject(rules, "title");
	languages = cJSON_AddArrayToObject(rules, "languages");
	for (size_t i = 0; i < o->language_count; i++)
		cJSON_AddItemToArray(languages, cJSON_CreateString(o->languages[i]));
	cJSON_AddStringToObject(titles, o->languages[0], o->title);
	cJSON_AddStringToObject(rules, "review", o->review ? o->review : "required");
	return rules;
}

static int add_embedded(files *list, cib_store *store, bool example, cib_error *err)
{
	int status = CIB_OK;
	for (const cib_embedded_file *f = cib_embedded_files; f->path && status == CIB_OK; f++) {
		bool schema = strstr(f->path, ".schema.json") && !strchr(f->path, '/');
		if (schema)
			status = add_file(list, store, cib_format("schema/%s", f->path), f->begin, (size_t)(f->end - f->begin), err);
		else if (example && strncmp(f->path, "example/", 8) == 0)
			status = add_file(list, store, cib_strdup(f->path + 8), f->begin, (size_t)(f->end - f->begin), err);
		else if (strncmp(f->path, "codelists/", 10) == 0)
			status = add_file(list, store, cib_strdup(f->path), f->begin, (size_t)(f->end - f->begin), err);
	}
	return status;
}

static int write_hook(cib_store *store, const char *program, cib_error *err)
{
	char *dir = cib_format("%s/hooks", cib_store_git_dir(store)), *path = cib_format("%s/pre-receive", dir);
	char *text = cib_format("#!/bin/sh\n"
	                        "# Every push is judged by cib. Where cib is missing nothing is accepted.\n"
	                        "cib='%s'\n"
	                        "[ -x \"$cib\" ] || cib=cib\n"
	                        "\"$cib\" hook pre-receive\n"
	                        "code=$?\n"
	                        "case $code in 0) exit 0 ;; 1) exit 1 ;; esac\n"
	                        "# It did not end by itself: killed, out of memory, out of time, missing. It could not log that either.\n"
	                        "echo \"refused: the guard failed: it ended with code $code\" >&2\n"
	                        "echo \"    nothing was taken; push again, or tell the secretariat\" >&2\n"
	                        "mkdir -p \"${GIT_DIR:-.}/cib\" && echo \"$(date -u +%%Y-%%m-%%dT%%H:%%M:%%SZ) failed code $code\" >>\"${GIT_DIR:-.}/cib/guard.log\"\n"
	                        "exit 1\n",
	                        program);
	int status = strchr(program, '\'') ? cib_error_set(err, CIB_USAGE, "init.program", "the path of cib holds a quote: %s", program) : CIB_OK;
	if (status == CIB_OK)
		status = cib_mkdirs(dir, err);
	if (status == CIB_OK)
		cib_file_clean(dir);
	if (status == CIB_OK) /* one that could not be run for a moment would let every push pass in that moment */
		status = cib_file_write_program(path, text, strlen(text), err);
	free(dir);
	free(path);
	free(text);
	return status;
}

/* ---- the folder ---- */

/* <DIR>/cib/making is written first and goes last: what it stands beside, without a main, was never a network. */
static char *mark_of(const char *path)
{
	return cib_format("%s/cib/making", path);
}

static void release(const char *path)
{
	char *mark = mark_of(path);
	cib_file_remove(mark, NULL); /* main is there: it says nothing any more */
	free(mark);
}

/* A run was ended when main was there already: the network is whole, and only what the run held locked is cleared away. */
static void finish(const char *path)
{
	cib_store *store = NULL;
	cib_lock *lock = NULL;
	if (cib_store_open(&store, path, NULL) == CIB_OK && cib_store_lock(&lock, store, 0, NULL) == CIB_OK)
		cib_lock_release(lock);
	cib_store_free(store);
	release(path);
}

/* The folder must be empty, or hold what a run that was ended left: that is removed. */
static int claim(const char *path, cib_error *err)
{
	static const char *const nothing[] = {NULL}, *const place[] = {"cib", NULL};
	char *cib = cib_format("%s/cib", path), *mark = mark_of(path), *main = cib_format("%s/refs/heads/main", path);
	int status = CIB_OK;
	cib_file_clean(cib);
	if (access(mark, F_OK) == 0 && access(main, F_OK) != 0)
		cib_remove_tree(path);
	else if (access(mark, F_OK) == 0)
		finish(path);
	if (!cib_holds_only(path, place) || !cib_holds_only(cib, nothing))
		status = cib_error_set(err, CIB_USAGE, "init.not-empty", "the folder %s is not empty", path);
	if (status != CIB_OK)
		cib_error_hint(err, access(main, F_OK) == 0 ? N_("it may be a network already: cib join joins it, cib init DIR --hook puts its guard in again") : N_("name a folder that is empty or not there yet"));
	if (status == CIB_OK)
		status = cib_mkdirs(cib, err);
	if (status == CIB_OK)
		status = cib_file_write(mark, "", 0, err);
	free(cib);
	free(mark);
	free(main);
	return status;
}

/* ---- the network ---- */

/* The first commit, with all its objects on the disk. */
static int write_first(cib_oid *commit, cib_store *store, const cib_network_options *o, cJSON *access, cib_error *err)
{
	files list = {0};
	cib_oid tree, none = {{0}};
	char *email = cib_format("%s@secretariat.cib.invalid", o->secretariat), *name = cib_format("secretariat %s", o->secretariat);
	cib_store_gather_begin(store);
	int status = add_json(&list, store, "access.json", access, err);
	if (status == CIB_OK)
		status = add_json(&list, store, "network.json", make_rules(o), err);
	if (status == CIB_OK)
		status = add_embedded(&list, store, o->example, err);
	if (status == CIB_OK)
		status = cib_store_tree_edit(&tree, store, &none, list.items, list.count, err);
	if (status == CIB_OK)
		status = cib_store_commit_write(commit, store, &tree, NULL, 0, name, email, "Make the network\n", err);
	if (status == CIB_OK)
		status = cib_store_gather_end(store, err);
	free(email);
	free(name);
	for (size_t i = 0; i < list.count; i++)
		free((char *)(uintptr_t)list.items[i].path);
	free(list.items);
	return status;
}

int cib_network_create(const char *path, const cib_network_options *o, cib_error *err)
{
	cib_store *store = NULL;
	cJSON *access = NULL;
	cib_oid commit, none = {{0}};
	int status = make_access(&access, o, err);
	if (status == CIB_OK)
		status = claim(path, err);
	if (status == CIB_OK)
		status = cib_store_init(&store, path, true, "refs/heads/main", err);
	if (status == CIB_OK) {
		status = write_first(&commit, store, o, access, err);
		access = NULL;
	}
	if (status == CIB_OK)
		status = write_hook(store, o->program, err);
	if (status == CIB_OK)
		status = cib_store_ref_set(store, "refs/heads/main", &commit, &none, err);
	if (status == CIB_OK)
		release(path);
	cJSON_Delete(access);
	cib_store_free(store);
	return status;
}

int cib_network_guard(const char *path, const char *program, cib_error *err)
{
	cib_store *store = NULL;
	cib_network *net = NULL;
	cib_lock *lock = NULL;
	cib_oid main;
	int status = cib_store_open(&store, path, err);
	if (status == CIB_OK)
		status = cib_store_lock(&lock, store, 3000, err); /* and what one that was killed left locked */
	if (status == CIB_OK)
		status = cib_store_ref_get(&main, store, "refs/heads/main", err);
	if (status == CIB_OK)
		status = cib_network_load(&net, store, &main, err);
	if (status == CIB_OK)
		status = cib_store_make_central(store, err);
	if (status == CIB_OK)
		status = write_hook(store, program, err);
	cib_lock_release(lock);
	cib_network_free(net);
	cib_store_free(store);
	return status;
}
