#include "scene.h"

#include "network/create.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct scene_person people[PEOPLE] = {{"a-1", "m-a"}, {"a-2", "m-a"}, {"b-1", "m-b"}, {"sec-1", NULL}, {"sec-2", NULL}};

const char *side_of(int who)
{
	return people[who].member ? people[who].member : "secretariat";
}

void shell(const char *fmt, ...)
{
	cib_buf b = CIB_BUF_INIT;
	va_list ap;
	va_start(ap, fmt);
	cib_buf_vaddf(&b, fmt, ap);
	va_end(ap);
	if (system(cib_buf_str(&b)) != 0) {
		fprintf(stderr, "simulation: this failed: %s\n", b.data);
		exit(2);
	}
	cib_buf_free(&b);
}

void must(int status, const char *what, const cib_error *err)
{
	if (status == CIB_OK)
		return;
	fprintf(stderr, "simulation: %s: %s\n", what, err->message);
	exit(2);
}

/* Most of the time of a seed would go into reading and packing the rules of a whole network again and again. */
static void make_small(const char *central)
{
	shell("cd '%s' && export GIT_INDEX_FILE=$PWD/small GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@x.invalid GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@x.invalid && python3 '%s' && "
	      "git update-ref refs/heads/main $(git commit-tree -m 'Make the network' $(git write-tree)) && rm small && git gc -q --prune=now && git config receive.autogc false",
	      central, CIB_SIM_SMALL);
}

cJSON *scene_project(const char *id, const char *owner)
{
	static const char template[] = "{\"kind\":\"project\",\"schema\":\"project/1\",\"sourceLanguage\":\"en\",\"title\":{\"en\":\"New\"},\"description\":{\"general\":{\"en\":\"About it.\"}},\"status\":\"2\",\"partners\":[{\"id\":\"o-1\",\"name\":{\"en\":\"City of Exempleville\"},\"role\":\"4\"}],"
				       "\"dates\":{\"plannedStart\":\"2024-01\"},\"sectors\":[{\"code\":\"15128\"}]}";
	cJSON *doc = NULL;
	cib_json_read(&doc, template, strlen(template), NULL, NULL);
	cJSON_AddStringToObject(doc, "id", id);
	cJSON_AddStringToObject(doc, "owner", owner);
	return doc;
}

static void make_entries(cib_workspace *ws, const char *member)
{
	enum { ENTRIES = 3 };
	cib_error err = CIB_ERROR_INIT;
	for (int i = 0; i < ENTRIES; i++) {
		char id[32];
		cib_network_new_id(id, &(cib_kind){.prefix = "p"});
		char *path = cib_format("members/%s/projects/%s.json", member, id);
		cJSON *doc = scene_project(id, member);
		must(cib_workspace_write(ws, path, doc, &err), path, &err);
		cJSON_Delete(doc);
		free(path);
	}
}

void scene_make(const char *work, const char *program, const cib_sync_options *options)
{
	static const char *const languages[] = {"en", "fr"}, *const members[] = {"m-a:a-1,a-2", "m-b:b-1"};
	cib_error err = CIB_ERROR_INIT;
	char *central = cib_format("%s/central.git", work);
	shell("mkdir -p '%s'", work);
	must(cib_network_create(central, &(cib_network_options){.title = "Example network", .languages = languages, .language_count = 2, .secretariat = "sec-1", .members = members, .member_count = 2, .program = program}, &err), "init", &err);
	make_small(central);
	for (int i = PEOPLE; i-- > 0;) { /* the secretariat first */
		char *dir = cib_format("%s/%s", work, people[i].user);
		cib_workspace *ws = NULL;
		must(cib_workspace_join(&ws, central, dir, people[i].user, NULL, options, &err), "join", &err);
		if (i == SECOND) {
			make_entries(ws, "m-a");
			make_entries(ws, "m-b");
			shell("CIB_USER=%s git -C '%s' push -q '%s' main", people[i].user, dir, central);
		}
		cib_workspace_free(ws);
		shell("git -C '%s' gc -q && sed -i 's|\"url\": \"/|\"url\": \"ssh://link/|' '%s/.git/cib/config.json'", dir, dir); /* few files to copy for each seed */
		free(dir);
	}
	free(central);
}
