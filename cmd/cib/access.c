/* cib access: see and change who may do what. Only the secretariat's change is taken by the server. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char usage[] = "access [list [--json] | add USER --role ROLE [--member MEMBER] [--from DATE] [--until DATE] | remove USER]";

static void print_users(const cJSON *users, bool json)
{
	for (const cJSON *u = users ? users->child : NULL; u; u = u->next) {
		const char *role = cib_json_string(u, "role"), *member = cib_json_string(u, "member"), *until = cib_json_string(u, "until"), *from = cib_json_string(u, "from");
		if (json) {
			cJSON *row = cJSON_Duplicate(u, true);
			cib_json_set(row, "user", cJSON_CreateString(u->string));
			cib_json_set(row, "v", cJSON_CreateNumber(1));
			cib_print_json(stdout, row);
			cJSON_Delete(row);
		} else {
			printf("%-24s %-12s %s", u->string, role ? role : "?", member ? member : "");
			cib_print_span(from, until);
		}
	}
}

static int change(cib_workspace *ws, cJSON *access, const char *role, const char *user, cJSON *row)
{
	cJSON *users = cib_json_get(access, "users");
	cib_error err = CIB_ERROR_INIT;
	if (ws->member) {
		cJSON_Delete(row);
		return cib_usage("only the secretariat changes who may do what");
	}
	if (row) {
		cib_json_set(users, user, row);
	} else {
		if (!cib_json_get(users, user))
			return cib_usage("there is no user %s; all users: cib access list", user);
		cib_json_remove(users, user);
	}
	cib_findings findings = CIB_FINDINGS_INIT;
	if (cib_network_check_access(access, (int64_t)time(NULL), &findings) != CIB_OK) {
		for (size_t i = 0; i < findings.count; i++)
			cib_print_finding(stderr, &findings.items[i]);
		cib_findings_free(&findings);
		return cib_usage("nothing was changed");
	}
	cib_findings_free(&findings);
	if (cib_workspace_write(ws, "access.json", access, &err) != CIB_OK)
		return cib_fail(&err);
	if (role)
		fprintf(stderr, _("%s: %s. Next: cib sync\n"), user, role);
	else
		fprintf(stderr, _("%s: removed. Next: cib sync\n"), user);
	return 0;
}

int cib_cmd_access(int argc, char **argv)
{
	const char *role = NULL, *member = NULL, *from = NULL, *until = NULL;
	bool json = false;
	cib_words rest = {0};
	const cib_opt opts[] = {
		{"role", 'r', CIB_OPT_TEXT, &role, "ROLE", N_("staff, secretariat or reader")},
		{"member", 'm', CIB_OPT_TEXT, &member, "MEMBER", N_("whose staff")},
		{"from", 0, CIB_OPT_TEXT, &from, "DATE", N_("first day, YYYY-MM-DD")},
		{"until", 0, CIB_OPT_TEXT, &until, "DATE", N_("last day, YYYY-MM-DD")},
		{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("one JSON object a line")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	const char *action = rest.count ? rest.items[0] : "list", *user = rest.count > 1 ? rest.items[1] : NULL;
	bool adding = strcmp(action, "add") == 0, removing = strcmp(action, "remove") == 0;
	if ((!adding && !removing && strcmp(action, "list") != 0) || ((adding || removing) && !user) || (adding && !role))
		return cib_usage("that is not complete\nusage: cib %s", usage);
	if (adding && strcmp(role, "staff") != 0 && strcmp(role, "secretariat") != 0 && strcmp(role, "reader") != 0)
		return cib_usage("the role is staff, secretariat or reader, not '%s'", role);
	if (adding && (strcmp(role, "staff") == 0) != (member != NULL))
		return cib_usage("staff, and only staff, work for a member: --member MEMBER");
	if ((user && !cib_name_ok(user, strlen(user))) || (member && !cib_name_ok(member, strlen(member))))
		return cib_usage("names are lower-case letters, digits, '-', '_' and '.'");
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	cib_error err = CIB_ERROR_INIT;
	cib_buf text = CIB_BUF_INIT;
	cJSON *access = NULL, *row = NULL;
	bool changing = adding || removing;
	if ((changing && cib_workspace_hold(ws, &err) != CIB_OK) || cib_workspace_read(&text, ws, "access.json", &err) != CIB_OK || cib_json_read(&access, text.data, text.len, NULL, &err) != CIB_OK) {
		code = cib_fail(&err);
	} else if (!changing) {
		print_users(cib_json_get(access, "users"), json);
	} else {
		if (adding) {
			row = cJSON_CreateObject();
			cJSON_AddStringToObject(row, "role", role);
			const cJSON *keys = cib_json_get(cib_json_get(cib_json_get(access, "users"), user), "keys");
			if (keys) /* another role, the same person */
				cJSON_AddItemToObject(row, "keys", cJSON_Duplicate(keys, true));
			if (member)
				cJSON_AddStringToObject(row, "member", member);
			if (from)
				cJSON_AddStringToObject(row, "from", from);
			if (until)
				cJSON_AddStringToObject(row, "until", until);
		}
		code = change(ws, access, adding ? role : NULL, user, row);
	}
	cJSON_Delete(access);
	cib_buf_free(&text);
	cib_workspace_free(ws); /* which releases it */
	free((void *)(uintptr_t)rest.items);
	return code;
}
